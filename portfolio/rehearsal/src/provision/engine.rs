//! Work on stacks that goes on after its request was answered.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::types::{Capability, Parameter, Stack, StackStatus, Tag};

use crate::app::App;
use crate::cloud;
use crate::error::ApiError;
use crate::provision::{Job, Output, ProvisionedProduct, Record, StackInput, Work};
use crate::store::{self, Place};

/// The largest template that CloudFormation takes in the call itself, in bytes.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const INLINE_TEMPLATE: usize = 51_200;

/// How long a stack may take before its record is given up.
const PATIENCE: Duration = Duration::from_secs(3600);

/// An error code and its description, as records list them.
type Failure = (String, String);

/// Where a stack operation ended.
enum End {
    Done(Box<Stack>),
    Gone,
    Failed(Failure),
}

/// Does one job to its end and notes the end in the store.
pub(crate) async fn run(app: Arc<App>, job: Job) {
    let Ok((product, record)) = note(&app, &job.place, &job.record_id, |_, r| {
        "IN_PROGRESS".clone_into(&mut r.status);
    }) else {
        return;
    };
    let (place, record_id) = (job.place.clone(), job.record_id.clone());
    let client = cloud::cloudformation(&app, &product.stack_account, &job.place.region).await;
    let end = match client {
        Some(client) => work(&app, &client, &product, &record, job).await,
        None => End::Failed((
            "InternalFailure".to_owned(),
            "This rehearsal catalog has no CloudFormation endpoint.".to_owned(),
        )),
    };
    // A store that broke meanwhile leaves the record in progress, to be resumed at the next start.
    let _ = finish(&app, &place, &record_id, end);
}

/// Every job that an earlier endpoint on the same state left unfinished.
pub(crate) fn unfinished(app: &App) -> Result<Vec<Job>, ApiError> {
    app.transact(|tx| {
        let mut jobs = Vec::new();
        for (place, record) in store::list_everywhere::<Record>(tx)? {
            if !record.is_done() {
                jobs.push(Job { place, record_id: record.id, work: Work::Resume });
            }
        }
        Ok(jobs)
    })
}

/// Changes a record and its provisioned product in one transaction.
fn note(
    app: &App,
    place: &Place,
    record_id: &str,
    change: impl FnOnce(&mut ProvisionedProduct, &mut Record),
) -> Result<(ProvisionedProduct, Record), ApiError> {
    app.transact(|tx| {
        let gone = || ApiError::internal("a record or its provisioned product is gone");
        let mut record = store::get::<Record>(tx, place, record_id)?.ok_or_else(gone)?;
        let mut product = store::get::<ProvisionedProduct>(tx, place, &record.provisioned_id)?.ok_or_else(gone)?;
        change(&mut product, &mut record);
        record.updated = app.clock.now();
        store::put(tx, place, &record)?;
        store::put(tx, place, &product)?;
        Ok((product, record))
    })
}

async fn work(app: &App, client: &Client, product: &ProvisionedProduct, record: &Record, job: Job) -> End {
    let (place, record_id) = (job.place.clone(), job.record_id.clone());
    match begin(app, client, product, record, job).await {
        Ok(()) => {
            // Without this note a later start cannot tell an update that ran from one that did not.
            let _ = note(app, &place, &record_id, |_, r| r.started = true);
            follow(client, product).await
        }
        // A stack that already is as asked for is a success.
        Err((_, message)) if message.contains("No updates are to be performed") => follow(client, product).await,
        Err(failure) => End::Failed(failure),
    }
}

async fn begin(
    app: &App,
    client: &Client,
    product: &ProvisionedProduct,
    record: &Record,
    mut job: Job,
) -> Result<(), Failure> {
    match std::mem::replace(&mut job.work, Work::Resume) {
        Work::Create(input) => {
            let source = Source::of(app, &job, product, &input).await?;
            create(client, product, record, input, source).await
        }
        Work::Update(input) => {
            let source = Source::of(app, &job, product, &input).await?;
            update(client, product, record, input, source).await
        }
        Work::Delete => delete(client, product, record).await,
        // Deleting again does no harm, and a stack is made for one provisioned product only.
        Work::Resume if record.kind == "TERMINATE_PROVISIONED_PRODUCT" => delete(client, product, record).await,
        Work::Resume if record.kind == "PROVISION_PRODUCT" || record.started => Ok(()),
        Work::Resume => Err((
            "Interrupted".to_owned(),
            "The rehearsal catalog stopped before it knew whether the update had begun; update again.".to_owned(),
        )),
    }
}

fn failure<E, R>(error: &SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let code = error.code().unwrap_or("InternalFailure").to_owned();
    let message = error.message().map_or_else(|| DisplayErrorContext(error).to_string(), str::to_owned);
    (code, message)
}

const CAPABILITIES: [Capability; 3] =
    [Capability::CapabilityIam, Capability::CapabilityNamedIam, Capability::CapabilityAutoExpand];

fn parameters(input: &StackInput) -> Vec<Parameter> {
    let one = |p: &crate::provision::StackParameter| {
        let builder = Parameter::builder().parameter_key(&p.key);
        match &p.value {
            Some(value) => builder.parameter_value(value).build(),
            None => builder.use_previous_value(true).build(),
        }
    };
    input.parameters.iter().map(one).collect()
}

fn tags(product: &ProvisionedProduct) -> Vec<Tag> {
    product.tags.iter().map(|t| Tag::builder().key(&t.key).value(&t.value).build()).collect()
}

/// Where CloudFormation gets the template: in the call when it fits, else at a URL.
struct Source {
    body: Option<String>,
    url: Option<String>,
}

impl Source {
    async fn of(app: &App, job: &Job, product: &ProvisionedProduct, input: &StackInput) -> Result<Self, Failure> {
        if input.template.len() <= INLINE_TEMPLATE {
            return Ok(Self { body: Some(input.template.clone()), url: None });
        }
        let hosted =
            cloud::host_template(app, &product.stack_account, &job.place.region, &product.artifact_id, &input.template);
        match hosted.await {
            Ok(Some(url)) => Ok(Self { body: None, url: Some(url) }),
            Ok(None) => Ok(Self { body: None, url: Some(input.template_url.clone()) }),
            Err(error) => Err((error.code, error.message)),
        }
    }
}

async fn create(
    client: &Client,
    product: &ProvisionedProduct,
    record: &Record,
    input: StackInput,
    source: Source,
) -> Result<(), Failure> {
    let (parameters, topics) = (parameters(&input), input.topics);
    let call = client
        .create_stack()
        .stack_name(&product.stack_name)
        .set_template_body(source.body)
        .set_template_url(source.url)
        .set_parameters(Some(parameters))
        .set_tags(Some(tags(product)))
        .set_notification_arns((!topics.is_empty()).then_some(topics))
        .set_capabilities(Some(CAPABILITIES.to_vec()))
        .set_role_arn(product.role_arn.clone())
        .client_request_token(&record.id);
    call.send().await.map(|_| ()).map_err(|e| failure(&e))
}

async fn update(
    client: &Client,
    product: &ProvisionedProduct,
    record: &Record,
    input: StackInput,
    source: Source,
) -> Result<(), Failure> {
    let (parameters, topics) = (parameters(&input), input.topics);
    let call = client
        .update_stack()
        .stack_name(&product.stack_name)
        .set_template_body(source.body)
        .set_template_url(source.url)
        .set_parameters(Some(parameters))
        .set_tags(Some(tags(product)))
        .set_notification_arns((!topics.is_empty()).then_some(topics))
        .set_capabilities(Some(CAPABILITIES.to_vec()))
        .set_role_arn(product.role_arn.clone())
        .client_request_token(&record.id);
    call.send().await.map(|_| ()).map_err(|e| failure(&e))
}

async fn delete(client: &Client, product: &ProvisionedProduct, record: &Record) -> Result<(), Failure> {
    let call = client
        .delete_stack()
        .stack_name(&product.stack_name)
        .set_role_arn(product.role_arn.clone())
        .client_request_token(&record.id);
    call.send().await.map(|_| ()).map_err(|e| failure(&e))
}

/// Waits until the stack is at rest.
async fn follow(client: &Client, product: &ProvisionedProduct) -> End {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(50);
    loop {
        match client.describe_stacks().stack_name(&product.stack_name).send().await {
            Ok(answer) => {
                let Some(stack) = answer.stacks.unwrap_or_default().pop() else { return End::Gone };
                if let Some(end) = verdict(stack) {
                    return end;
                }
            }
            Err(e) if e.message().is_some_and(|m| m.contains("does not exist")) => return End::Gone,
            Err(e) if e.as_service_error().is_some() => return End::Failed(failure(&e)),
            // An endpoint that is briefly away is asked again.
            Err(_) => {}
        }
        if tokio::time::Instant::now() > deadline {
            return End::Failed(("Timeout".to_owned(), "The stack did not come to rest in an hour.".to_owned()));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

fn verdict(stack: Stack) -> Option<End> {
    let status = stack.stack_status()?.clone();
    match status {
        StackStatus::CreateComplete | StackStatus::UpdateComplete => Some(End::Done(Box::new(stack))),
        StackStatus::DeleteComplete => Some(End::Gone),
        status if status.as_str().ends_with("_IN_PROGRESS") => None,
        status => {
            let reason = stack.stack_status_reason().unwrap_or("no reason given");
            Some(End::Failed((status.as_str().to_owned(), reason.to_owned())))
        }
    }
}

fn outputs(stack: &Stack) -> Vec<Output> {
    let mut all = vec![Output {
        key: "CloudformationStackARN".to_owned(),
        value: stack.stack_id().unwrap_or_default().to_owned(),
        description: Some("The ARN of the launched Cloudformation Stack".to_owned()),
    }];
    all.extend(stack.outputs().iter().map(|o| Output {
        key: o.output_key().unwrap_or_default().to_owned(),
        value: o.output_value().unwrap_or_default().to_owned(),
        description: o.description().map(str::to_owned),
    }));
    all
}

/// Notes how a job ended. A product whose stack is gone is gone too.
fn finish(app: &App, place: &Place, record_id: &str, end: End) -> Result<(), ApiError> {
    let (product, record) = note(app, place, record_id, |product, record| settle(product, record, end))?;
    let terminated = record.kind == "TERMINATE_PROVISIONED_PRODUCT";
    if terminated && (record.status == "SUCCEEDED" || record.ignore_errors) {
        app.transact(|tx| store::remove::<ProvisionedProduct>(tx, place, &product.id))?;
    }
    Ok(())
}

fn settle(product: &mut ProvisionedProduct, record: &mut Record, end: End) {
    let terminating = record.kind == "TERMINATE_PROVISIONED_PRODUCT";
    let end = match end {
        End::Gone if !terminating => {
            End::Failed(("ValidationError".to_owned(), format!("Stack {} does not exist.", product.stack_name)))
        }
        End::Done(_) if terminating => {
            End::Failed(("DELETE_FAILED".to_owned(), "The stack was not deleted.".to_owned()))
        }
        end => end,
    };
    match end {
        End::Gone => "SUCCEEDED".clone_into(&mut record.status),
        End::Done(stack) => {
            "SUCCEEDED".clone_into(&mut record.status);
            "AVAILABLE".clone_into(&mut product.status);
            product.last_success = Some(record.id.clone());
            record.outputs = outputs(&stack);
            product.stack_arn = stack.stack_id().map(str::to_owned);
        }
        End::Failed((code, description)) => {
            "FAILED".clone_into(&mut record.status);
            // An update that rolled back leaves a stack that works, at its former version.
            let tainted = record.kind == "UPDATE_PROVISIONED_PRODUCT" && product.last_success.is_some();
            if tainted { "TAINTED" } else { "ERROR" }.clone_into(&mut product.status);
            product.message = Some(format!("{code}: {description}"));
            record.errors.push((code, description));
        }
    }
}
