//! `import`: adopt what something else made. Nothing is recreated: ids stay, and so does everything launched from them.

use serde_json::json;

use crate::adapters::VersionUpdate;
use crate::app::{App, Done};
use crate::desired::desired;
use crate::error::{Code, Error, Result};
use crate::session::Session;
use crate::state::{Desired, ObservedVersion, ProductSpec, VersionSpec, sha256_hex};

/// Options of `import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  portfolio import --portfolio port-abcdefghijklm --product s3-bucket=prod-abcdefghijklm")]
pub struct Args {
    /// The portfolio to adopt.
    #[arg(long, value_name = "ID")]
    pub portfolio: Option<String>,
    /// A product to adopt, as FOLDER=ID; repeat it for several.
    #[arg(long, value_name = "FOLDER=ID", value_parser = pair)]
    pub product: Vec<(String, String)>,
    /// Take versions for those of the same name when their templates cannot be read.
    #[arg(long)]
    pub trust_versions: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, id)) if !key.is_empty() && !id.is_empty() => Ok((key.to_owned(), id.to_owned())),
        _ => Err("write it as FOLDER=ID".to_owned()),
    }
}

/// Runs `import`.
///
/// # Errors
/// `version-conflict` when a template differs, or as documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    if args.portfolio.is_none() && args.product.is_empty() {
        return Err(Error::new(Code::Usage, "nothing to adopt is named").with_help("Give --portfolio or --product."));
    }
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let result = async {
        let session = connection.only()?;
        let wanted = desired(&project, &session.target)?;
        adopt(app, args, session, &wanted).await
    }
    .await;
    connection.close().await;
    let adopted = result?;
    if app.ui.json {
        app.ui.result_json(&json!({ "format": "portfolio/import/1", "adopted": adopted }))?;
    } else {
        app.ui.result(&adopted.iter().map(|what| format!("Adopted {what}.\n")).collect::<String>())?;
        app.ui.note("Next: `portfolio plan` shows what differs from the manifest.");
    }
    Ok(Done::Fine)
}

async fn adopt(app: &App, args: &Args, session: &Session, wanted: &Desired) -> Result<Vec<String>> {
    let catalog = &session.catalog;
    let mut updates = Vec::new();
    for (key, id) in &args.product {
        let spec = wanted
            .product(key)
            .ok_or_else(|| Error::new(Code::ProductNotFound, format!("the manifest has no product `{key}`")))?;
        let detail = catalog.product(id).await?.ok_or_else(|| missing("product", id))?;
        let versions = match_versions(args, session, spec, id).await?;
        updates.push((spec, id, detail.fields, versions));
    }
    let portfolio = match &args.portfolio {
        Some(id) => Some((id, catalog.portfolio(id).await?.ok_or_else(|| missing("portfolio", id))?)),
        None => None,
    };
    app.confirm(args.yes, "Tag these as managed by this manifest?", "yes")?;
    let mut adopted = Vec::new();
    if let Some((id, detail)) = portfolio {
        catalog.update_portfolio(id, &detail.fields, &wanted.tags).await?;
        adopted.push(format!("portfolio {id}"));
    }
    for (spec, id, fields, versions) in updates {
        for (version, description) in versions {
            let update = VersionUpdate { description: Some(description), state: None };
            catalog.update_version(id, &version, &update).await?;
        }
        // Last, so that a product is only ours once all its versions are known.
        catalog.update_product(id, &fields, &spec.tags).await?;
        adopted.push(format!("product {} ({id})", spec.key));
    }
    Ok(adopted)
}

fn missing(what: &str, id: &str) -> Error {
    let message = format!("there is no {what} `{id}` in this account and region");
    Error::new(Code::PortfolioNotFound, message)
}

/// Version ids and the descriptions that make their templates known.
async fn match_versions(
    args: &Args,
    session: &Session,
    spec: &ProductSpec,
    product: &str,
) -> Result<Vec<(String, String)>> {
    let mut updates = Vec::new();
    for live in session.catalog.versions(product).await? {
        let Some(listed) = spec.versions.iter().find(|listed| listed.name == live.name) else { continue };
        if live.sha256.as_deref() != Some(&listed.sha256) {
            check_template(args, session, product, &live, listed).await?;
        }
        updates.push((live.id, listed.stored_description()));
    }
    Ok(updates)
}

async fn check_template(
    args: &Args,
    session: &Session,
    product: &str,
    live: &ObservedVersion,
    listed: &VersionSpec,
) -> Result<()> {
    let url = session.catalog.version(product, &live.id).await?.and_then(|(_, url)| url);
    let stored = match url.as_deref().and_then(bucket_and_key) {
        Some((bucket, key)) => session.store.get(&bucket, &key).await.unwrap_or(None),
        None => None,
    };
    let version = format!("version `{}` of {} ({})", live.name, product, live.id);
    match stored {
        Some(stored) if sha256_hex(&stored.body) == listed.sha256 => Ok(()),
        Some(_) => Err(Error::new(Code::VersionConflict, format!("{version} has another template than the one here"))),
        None if args.trust_versions => Ok(()),
        None => {
            let message = format!("the template of {version} cannot be read, so it cannot be compared");
            Err(Error::new(Code::VersionConflict, message).with_help("Compare it by hand, then give --trust-versions."))
        }
    }
}

/// Bucket and key of an S3 URL in virtual-hosted style.
fn bucket_and_key(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://")?;
    let (host, key) = rest.split_once('/')?;
    let bucket = host.split_once(".s3.").or_else(|| host.split_once(".s3-"))?.0;
    Some((bucket.to_owned(), key.split('?').next()?.to_owned()))
}
