//! `provision`, `update` and `terminate`: try a product as a team would.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::adapters::{Launch, RecordState};
use crate::app::{App, Done};
use crate::apply::{settled, token};
use crate::error::{Code, Error, Result};
use crate::observe::find_portfolio;
use crate::project::{LoadedProduct, Project};
use crate::session::Session;
use crate::state::{Desired, ObservedVersion, VersionState};

/// Options of `provision`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio provision s3-bucket --name files --example --rehearse")]
pub struct ProvisionArgs {
    /// The product's folder name.
    pub product: String,
    /// Name for what is launched.
    #[arg(long)]
    pub name: String,
    /// What to launch it with.
    #[command(flatten)]
    pub choice: Choice,
}

/// Options of `update`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio update s3-bucket --name files --version 1.1.0 --rehearse")]
pub struct UpdateArgs {
    /// The product's folder name.
    pub product: String,
    /// Name of what was launched.
    #[arg(long)]
    pub name: String,
    /// What to change it to; parameters not given keep their values.
    #[command(flatten)]
    pub choice: Choice,
}

/// Version and parameters.
#[derive(Debug, clap::Args)]
pub struct Choice {
    /// The version; without it, the newest active one.
    #[arg(long, id = "wanted_version", value_name = "VERSION")]
    pub version: Option<String>,
    /// A parameter, as NAME=VALUE; repeat it for several.
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameter: Vec<(String, String)>,
    /// A tag, as KEY=VALUE; repeat it for several. TagOptions make some compulsory.
    #[arg(short, long, value_name = "KEY=VALUE", value_parser = parameter)]
    pub tag: Vec<(String, String)>,
    /// Start from the example parameters in product.yaml.
    #[arg(long)]
    pub example: bool,
}

/// Options of `terminate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio terminate --name files --rehearse --yes")]
pub struct TerminateArgs {
    /// Name of what was launched.
    #[arg(long)]
    pub name: String,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

fn parameter(text: &str) -> std::result::Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it with an equals sign")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Runs `provision`.
///
/// # Errors
/// `provision-failed` with AWS's reasons, or as documented for each code.
pub async fn provision(app: &App, args: &ProvisionArgs) -> Result<Done> {
    launch(app, &args.product, &args.name, &args.choice, false).await
}

/// Runs `update`.
///
/// # Errors
/// As [`provision`].
pub async fn update(app: &App, args: &UpdateArgs) -> Result<Done> {
    launch(app, &args.product, &args.name, &args.choice, true).await
}

/// Runs `terminate`.
///
/// # Errors
/// As [`provision`].
pub async fn terminate(app: &App, args: &TerminateArgs) -> Result<Done> {
    let project = app.project()?;
    app.confirm(args.yes, &format!("Terminate {} and delete what it made?", args.name), "yes")?;
    let connection = app.connect(&project).await?;
    let result = async {
        let session = connection.only()?;
        if session.team.provisioned_named(&args.name).await?.is_none() {
            return Err(not_launched(&args.name));
        }
        let record = session.team.terminate(&args.name, &once("terminate", session, &args.name)).await?;
        wait(session, &record, &args.name).await
    }
    .await;
    connection.close().await;
    result?;
    report(app, "terminated", &args.name, &[])
}

async fn launch(app: &App, product: &str, name: &str, choice: &Choice, update: bool) -> Result<Done> {
    let project = app.project()?;
    let loaded = project.product(product)?;
    let connection = app.connect(&project).await?;
    let result = async { launch_in(connection.only()?, &project, loaded, name, choice, update).await }.await;
    connection.close().await;
    report(app, if update { "updated" } else { "launched" }, name, &result?)
}

async fn launch_in(
    session: &Session,
    project: &Project,
    loaded: &LoadedProduct,
    name: &str,
    choice: &Choice,
    update: bool,
) -> Result<Vec<(String, String)>> {
    let (product, version) = locate(session, project, loaded, choice).await?;
    let portfolio_name = project.file.manifest.portfolio.name.as_str();
    let path = session.team.launch_path(&product, portfolio_name).await?.ok_or_else(|| {
        let message = format!("{} may not launch products of portfolio `{portfolio_name}`", session.caller);
        Error::new(Code::AccessDenied, message).with_help("Add the caller to `principals` in the manifest and publish.")
    })?;
    let known = session.team.parameters(&product, &version.id, &path).await?;
    let parameters = parameters(loaded, &version, choice, &known, update)?;
    if update && session.team.provisioned_named(name).await?.is_none() {
        return Err(not_launched(name));
    }
    let keep: Vec<String> =
        known.into_iter().map(|(name, _)| name).filter(|name| update && !parameters.contains_key(name)).collect();
    let launch = Launch {
        token: once(if update { "update" } else { "provision" }, session, name),
        product,
        version: version.id,
        name: name.to_owned(),
        parameters,
        tags: choice.tag.iter().cloned().collect(),
    };
    let team = &session.team;
    let record = if update {
        settled(session, || team.update(&launch, &path, &keep)).await?
    } else {
        settled(session, || team.provision(&launch, &path)).await?
    };
    wait(session, &record, name).await
}

/// The product's id and the version to launch.
async fn locate(
    session: &Session,
    project: &Project,
    loaded: &LoadedProduct,
    choice: &Choice,
) -> Result<(String, ObservedVersion)> {
    let section = &project.file.manifest.portfolio;
    let key = &loaded.product.key;
    let portfolio = find_portfolio(session, &section.key, &section.name).await?;
    let portfolio = portfolio.ok_or_else(|| {
        Error::new(Code::PortfolioNotFound, format!("portfolio `{}` is not published here", *section.key))
    })?;
    let product = find_product(session, &portfolio.id, &section.key, key).await?;
    let mut versions = session.catalog.versions(&product).await?;
    versions.reverse();
    let chosen = versions.into_iter().find(|version| match &choice.version {
        Some(name) => version.name == *name,
        None => version.state == VersionState::Active,
    });
    let wanted = choice.version.as_deref().unwrap_or("active");
    let version = chosen
        .ok_or_else(|| Error::new(Code::VersionNotFound, format!("product `{key}` has no version `{wanted}` here")))?;
    if version.state == VersionState::Inactive {
        let message = format!("version `{wanted}` of `{key}` is inactive, so nobody may launch it");
        return Err(Error::new(Code::VersionNotFound, message)
            .with_help(format!("Choose another version, or run `portfolio activate {key} {wanted}`.")));
    }
    Ok((product, version))
}

async fn find_product(session: &Session, portfolio: &str, portfolio_key: &str, key: &str) -> Result<String> {
    let tag = Desired::product_tag(portfolio_key, key);
    for summary in session.catalog.products(Some(portfolio)).await? {
        let detail = session.catalog.product(&summary.id).await?;
        if detail.is_some_and(|detail| detail.tags.get(crate::state::TAG_KEY) == Some(&tag)) {
            return Ok(summary.id);
        }
    }
    Err(Error::new(Code::ProductNotFound, format!("product `{key}` is not published here")))
}

fn parameters(
    loaded: &LoadedProduct,
    version: &ObservedVersion,
    choice: &Choice,
    known: &[(String, bool)],
    update: bool,
) -> Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    if choice.example {
        let file = loaded.product.version(&version.name);
        values.extend(file.and_then(|file| file.example_parameters.clone()).unwrap_or_default());
    }
    values.extend(choice.parameter.iter().cloned());
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let help = format!("The parameters are: {}.", names.join(", "));
    if let Some(unknown) = values.keys().find(|name| !names.contains(&name.as_str())) {
        let message = format!("version {} has no parameter `{unknown}`", version.name);
        return Err(Error::new(Code::ParameterInvalid, message).with_help(help));
    }
    let missing: Vec<&str> = known
        .iter()
        .filter(|(name, has_default)| !has_default && !update && !values.contains_key(name))
        .map(|(name, _)| name.as_str())
        .collect();
    if !missing.is_empty() {
        let message = format!("version {} needs {}", version.name, missing.join(", "));
        return Err(Error::new(Code::ParameterInvalid, message).with_help(help));
    }
    Ok(values)
}

fn not_launched(name: &str) -> Error {
    Error::new(Code::ProductNotFound, format!("nothing named `{name}` has been launched"))
        .with_help("Check the name; `portfolio status` shows what uses which version.")
}

/// Each launch is wished for once: asking again later is another wish, while the SDK's retries are the same one.
fn once(what: &str, session: &Session, name: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    token(&session.target, 0, &[what, name, &now.to_string()])
}

async fn wait(session: &Session, record: &str, name: &str) -> Result<Vec<(String, String)>> {
    let mut patience = session.pace.patience();
    loop {
        match session.team.record(record).await? {
            RecordState::Succeeded(outputs) => return Ok(outputs),
            RecordState::Failed(reasons) => {
                let message = format!("{name}: record {record} failed: {}", reasons.join("; "));
                return Err(Error::new(Code::ProvisionFailed, message));
            }
            RecordState::Running => patience.pause(&format!("record {record}")).await?,
        }
        session.stop.check()?;
    }
}

fn report(app: &App, what: &str, name: &str, outputs: &[(String, String)]) -> Result<Done> {
    if app.ui.json {
        let outputs: BTreeMap<&String, &String> = outputs.iter().map(|(key, value)| (key, value)).collect();
        app.ui.result_json(&json!({ "format": "portfolio/team/1", "name": name, "did": what, "outputs": outputs }))?;
        return Ok(Done::Fine);
    }
    app.ui.result(&format!("{name} is {what}.\n"))?;
    for (key, value) in outputs {
        app.ui.result(&format!("  {key} = {value}\n"))?;
    }
    Ok(Done::Fine)
}
