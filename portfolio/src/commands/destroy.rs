//! `destroy`: the portfolio, or one product of it, taken down in the order AWS accepts.

use serde_json::json;

use crate::app::{App, Done};
use crate::apply::{Lease, settled, share_done};
use crate::diff::Options;
use crate::error::{Code, Error, Result};
use crate::project::Project;
use crate::session::Session;
use crate::state::{Observed, ObservedProduct};
use crate::ui::counted;
use crate::workflow::{Comparison, compare, ready_bucket};

/// Options of `destroy`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio destroy --product s3-bucket --confirm s3-bucket --rehearse")]
pub struct Args {
    /// Only this product.
    #[arg(long, value_name = "PRODUCT")]
    pub product: Option<String>,
    /// The key of what goes, instead of typing it when asked.
    #[arg(long, value_name = "KEY")]
    pub confirm: Option<String>,
}

/// Runs `destroy`. Templates in the bucket stay.
///
/// # Errors
/// `in-use` while anything launched from it exists, or as documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let mut result = Ok(());
    for session in &connection.sessions {
        result = region(app, args, session, &project).await;
        if result.is_err() {
            break;
        }
    }
    connection.close().await;
    result.map(|()| Done::Fine)
}

async fn region(app: &App, args: &Args, session: &Session, project: &Project) -> Result<()> {
    let comparison = compare(session, project, Options::default(), &app.ui).await?;
    let Comparison { desired, observed, .. } = &comparison;
    let key = args.product.as_ref().unwrap_or(&desired.key);
    let doomed = doomed(args, observed)?;
    refuse_used(session, &doomed).await?;
    ask(app, args, key, &doomed)?;
    ready_bucket(app, session, &desired.bucket).await?;
    let lease = Lease::take(session, &desired.bucket, &desired.prefix, &desired.key, true).await?;
    let result = tear_down(session, args, observed, &doomed).await;
    lease.release().await?;
    result?;
    report(app, session, key, doomed.len())
}

fn doomed<'a>(args: &Args, observed: &'a Observed) -> Result<Vec<(&'a String, &'a ObservedProduct)>> {
    match &args.product {
        None => Ok(observed.products.iter().collect()),
        Some(key) => {
            let missing = || Error::new(Code::ProductNotFound, format!("product `{key}` is not published here"));
            observed.products.get_key_value(key).map(|found| vec![found]).ok_or_else(missing)
        }
    }
}

async fn refuse_used(session: &Session, doomed: &[(&String, &ObservedProduct)]) -> Result<()> {
    let uses = session.catalog.provisioned().await?;
    let users: Vec<String> = uses
        .iter()
        .filter(|one| doomed.iter().any(|(_, product)| product.id == one.product))
        .map(|one| format!("{} ({})", one.name, one.id))
        .collect();
    if users.is_empty() {
        return Ok(());
    }
    Err(Error::new(Code::InUse, format!("still launched: {}", users.join(", "))))
}

/// The name has to be given, not just a yes.
fn ask(app: &App, args: &Args, key: &str, doomed: &[(&String, &ObservedProduct)]) -> Result<()> {
    for (name, product) in doomed {
        let versions = counted(product.versions.len(), "version");
        app.ui.note(&format!("- product {name} ({}) with {versions}", product.id));
    }
    match &args.confirm {
        Some(given) if given == key => Ok(()),
        Some(given) => {
            let message = format!("--confirm names `{given}`, but what goes is `{key}`");
            Err(Error::new(Code::Declined, message))
        }
        None if !app.ui.can_ask() => {
            let message = "deleting needs its name, and there is no terminal to ask on";
            Err(Error::new(Code::NeedsYes, message).with_help(format!("Give --confirm {key}.")))
        }
        None => app.confirm(false, "Delete this for good?", key),
    }
}

async fn tear_down(
    session: &Session,
    args: &Args,
    observed: &Observed,
    doomed: &[(&String, &ObservedProduct)],
) -> Result<()> {
    let Some(portfolio) = &observed.portfolio else { return products(session, None, observed, doomed).await };
    let catalog = &session.catalog;
    if args.product.is_some() {
        return products(session, Some(&portfolio.id), observed, doomed).await;
    }
    for target in observed.shares.keys() {
        let token = settled(session, || catalog.delete_share(&portfolio.id, target)).await?;
        share_done(session, token.as_deref()).await?;
    }
    for principal in &observed.principals {
        catalog.disassociate_principal(&portfolio.id, principal).await?;
    }
    for id in portfolio.tag_options.values() {
        catalog.unlink_tag_option(id, &portfolio.id).await?;
    }
    products(session, Some(&portfolio.id), observed, doomed).await?;
    if !observed.foreign.is_empty() {
        let ids: Vec<&str> = observed.foreign.keys().map(String::as_str).collect();
        let message = format!("the portfolio still holds products managed elsewhere: {}", ids.join(", "));
        return Err(Error::new(Code::Foreign, message).with_help("Take them out of the portfolio, then run again."));
    }
    catalog.delete_portfolio(&portfolio.id).await?;
    for name in observed.roles.keys() {
        session.roles.delete(name).await?;
    }
    Ok(())
}

async fn products(
    session: &Session,
    portfolio: Option<&str>,
    observed: &Observed,
    doomed: &[(&String, &ObservedProduct)],
) -> Result<()> {
    let catalog = &session.catalog;
    for (_, product) in doomed {
        session.stop.check()?;
        for constraint in &product.constraints {
            catalog.delete_constraint(&constraint.id).await?;
        }
        for id in product.tag_options.values() {
            catalog.unlink_tag_option(id, &product.id).await?;
        }
        for action in observed.actions.values() {
            for (_, version) in action.links.iter().filter(|(of, _)| *of == product.id) {
                catalog.unlink_action(&action.id, &product.id, version).await?;
            }
        }
        if let Some(portfolio) = portfolio {
            catalog.disassociate_product(&product.id, portfolio).await?;
        }
        catalog.delete_product(&product.id).await?;
    }
    Ok(())
}

fn report(app: &App, session: &Session, key: &str, products: usize) -> Result<()> {
    let region = &session.target.region;
    if app.ui.json {
        let value = json!({ "format": "portfolio/destroy/1", "region": region, "deleted": key, "products": products });
        return app.ui.result_json(&value);
    }
    app.ui.result(&format!("{region}: {key} is deleted ({}).\n", counted(products, "product")))
}
