//! The endpoints beside this one: CloudFormation for stacks, S3 for templates, IAM for roles.
//!
//! An endpoint on this machine gets the account number as its access key id, by which local
//! stand-ins tell accounts apart. Any other endpoint gets the standard credential chain.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::config::Credentials;
use aws_sdk_cloudformation::error::DisplayErrorContext;
use serde_json::{Map, Value};

use crate::app::App;
use crate::auth;
use crate::ctx::Caller;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::constraint_rules::{Parameters, role_parts};
use crate::{s3, template_source};

/// Settings for clients of one endpoint, in one account and region.
async fn settings(endpoint: &str, account: &str, region: &str) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(60))
        .build();
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .timeout_config(timeouts);
    if is_local(endpoint) {
        let credentials = Credentials::new(account, "rehearsal", None, None, "rehearsal");
        loader.credentials_provider(credentials).load().await
    } else {
        loader.load().await
    }
}

fn is_local(endpoint: &str) -> bool {
    let authority = endpoint.split("//").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    let host = s3::host_name(authority);
    host == "localhost" || host == "::1" || host.starts_with("127.") || host.ends_with(".localhost")
}

/// A client for stacks; none when no endpoint was given.
pub(crate) async fn cloudformation(app: &App, account: &str, region: &str) -> Option<aws_sdk_cloudformation::Client> {
    let endpoint = app.config.cloudformation_endpoint.as_deref()?;
    Some(aws_sdk_cloudformation::Client::new(&settings(endpoint, account, region).await))
}

/// Copies a template that is too large for a call to the store beside a CloudFormation on this
/// machine, as the service keeps a copy of its own, and gives the copy's URL.
///
/// None for any other CloudFormation, which reads the URL that the version was made with: no
/// bucket is made in a real account.
pub(crate) async fn host_template(
    app: &App,
    account: &str,
    region: &str,
    artifact: &str,
    text: &str,
) -> Result<Option<String>, ApiError> {
    let Some(endpoint) = app.config.cloudformation_endpoint.as_deref().filter(|e| is_local(e)) else {
        return Ok(None);
    };
    let client = s3_client(endpoint, account, region).await;
    let (bucket, key) = (format!("rehearsal-templates-{account}-{region}"), format!("{artifact}.template"));
    let put = || client.put_object().bucket(&bucket).key(&key).body(text.as_bytes().to_vec().into()).send();
    if put().await.is_err() {
        // The bucket is made by the first template that needs it; if that fails, so does the second write.
        let _ = client.create_bucket().bucket(&bucket).send().await;
        put().await.map_err(|e| unreachable("S3", endpoint, &DisplayErrorContext(e).to_string()))?;
    }
    Ok(Some(format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/'))))
}

async fn s3_client(endpoint: &str, account: &str, region: &str) -> aws_sdk_s3::Client {
    let shared = settings(endpoint, account, region).await;
    aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(&shared).force_path_style(true).build())
}

/// What a call needs from other endpoints, read before its transaction begins.
#[derive(Default)]
pub(crate) struct Prefetched {
    pub(crate) template: Option<Result<String, ApiError>>,
    pub(crate) role_found: Option<Result<bool, ApiError>>,
}

/// Reads the template and looks up the role that a call names, where they are elsewhere.
pub(crate) async fn prefetch(app: &App, operation: &str, body: &Map<String, Value>, caller: &Caller) -> Prefetched {
    let mut got = Prefetched::default();
    if let (Some(endpoint), Some(url)) = (&app.config.s3_endpoint, template_source::url_of(operation, Input(body))) {
        got.template = Some(template(endpoint, url, caller).await);
    }
    let iam = app.config.iam_endpoint.as_ref().or(app.config.cloudformation_endpoint.as_ref());
    if let (true, Some(endpoint), "CreateConstraint" | "UpdateConstraint") =
        (app.config.check_launch_roles, iam, operation)
    {
        let text = Input(body).text("Parameters").unwrap_or_default();
        if let Ok(parameters) = Parameters::read("LAUNCH", text) {
            got.role_found = role_found(endpoint, &parameters, caller).await;
        }
    }
    got
}

async fn template(endpoint: &str, url: &str, caller: &Caller) -> Result<String, ApiError> {
    let location = template_source::locate(url)?;
    let client = s3_client(endpoint, &caller.place.account, &caller.place.region).await;
    let object = client.get_object().bucket(location.bucket).key(location.key).send().await;
    let bytes = match object {
        Ok(object) => match object.body.collect().await {
            Ok(bytes) => Some(bytes.to_vec()),
            Err(e) => return Err(unreachable("S3", endpoint, &DisplayErrorContext(e).to_string())),
        },
        Err(e) if e.as_service_error().is_some() => None,
        Err(e) => return Err(unreachable("S3", endpoint, &DisplayErrorContext(e).to_string())),
    };
    template_source::as_text(url, bytes)
}

async fn role_found(endpoint: &str, parameters: &Parameters, caller: &Caller) -> Option<Result<bool, ApiError>> {
    let account = caller.place.account.as_str();
    let (owner, name, arn) = match parameters {
        Parameters::LaunchRole(arn) => {
            let (owner, name) = role_parts(arn)?;
            (owner, name, Some(arn))
        }
        Parameters::LocalLaunchRole(name) => (account, name.as_str(), None),
        _ => return None,
    };
    // IAM has no regions; its clients sign for the first of the partition.
    let region = match auth::partition(&caller.place.region) {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    };
    let client = aws_sdk_iam::Client::new(&settings(endpoint, owner, region).await);
    Some(match client.get_role().role_name(name).send().await {
        Ok(answer) => Ok(answer.role().is_some_and(|r| arn.is_none_or(|a| r.arn() == a))),
        Err(e) if e.as_service_error().is_some_and(|e| e.is_no_such_entity_exception()) => Ok(false),
        Err(e) => Err(unreachable("IAM", endpoint, &DisplayErrorContext(e).to_string())),
    })
}

fn unreachable(service: &str, endpoint: &str, why: &str) -> ApiError {
    ApiError::new(500, "InternalFailure", format!("The {service} endpoint {endpoint} did not answer: {why}."))
}
