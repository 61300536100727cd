//! `prune`: delete live versions that the manifest no longer lists and nobody uses.

use serde_json::json;

use crate::app::{App, Done};
use crate::apply::Lease;
use crate::diff::Options;
use crate::error::{Code, Error, Result};
use crate::project::Project;
use crate::session::Session;
use crate::state::{Observed, ObservedVersion};
use crate::ui::counted;
use crate::workflow::{compare, ready_bucket};

/// Options of `prune`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio prune s3-bucket --keep 3 --rehearse --yes")]
pub struct Args {
    /// The product's folder name; without it, every product.
    pub product: Option<String>,
    /// Keep this many of the newest versions the manifest does not list.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub keep: usize,
    /// Go on although other accounts may use versions that cannot be seen.
    #[arg(long)]
    pub even_if_shared: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// A version to delete.
struct Doomed {
    key: String,
    product: String,
    version: ObservedVersion,
}

/// Runs `prune`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    if let Some(key) = &args.product {
        project.product(key)?;
    }
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
    if !comparison.observed.shares.is_empty() && !args.even_if_shared {
        let message = "the portfolio is shared, and what other accounts launched cannot be seen from here";
        return Err(Error::new(Code::InUse, message).with_help("Ask the other accounts, then give --even-if-shared."));
    }
    let uses = session.catalog.provisioned().await?;
    let mut doomed = Vec::new();
    let mut kept = Vec::new();
    for spec in &comparison.desired.products {
        if args.product.as_ref().is_some_and(|key| *key != spec.key) {
            continue;
        }
        let Some(live) = comparison.observed.products.get(&spec.key) else { continue };
        let unlisted: Vec<&ObservedVersion> = live
            .versions
            .iter()
            .filter(|version| !spec.versions.iter().any(|listed| listed.name == version.name))
            .collect();
        let surplus = unlisted.len().saturating_sub(args.keep);
        for version in unlisted.into_iter().take(surplus) {
            match uses.iter().find(|one| one.version == version.id) {
                Some(user) => kept.push(format!("{} {} is used by {}", spec.key, version.name, user.name)),
                None => {
                    doomed.push(Doomed { key: spec.key.clone(), product: live.id.clone(), version: version.clone() })
                }
            }
        }
    }
    if !doomed.is_empty() {
        for one in &doomed {
            app.ui.note(&format!("- version {} {} ({})", one.key, one.version.name, one.version.id));
        }
        app.confirm(args.yes, "Delete these versions for good?", "yes")?;
        let desired = &comparison.desired;
        ready_bucket(app, session, &desired.bucket).await?;
        let lease = Lease::take(session, &desired.bucket, &desired.prefix, &desired.key, true).await?;
        let deleted = delete(session, &comparison.observed, &doomed).await;
        lease.release().await?;
        deleted?;
    }
    report(app, session, &doomed, &kept)
}

/// AWS keeps a version that still has service actions.
async fn delete(session: &Session, observed: &Observed, doomed: &[Doomed]) -> Result<()> {
    for one in doomed {
        session.stop.check()?;
        let link = (one.product.clone(), one.version.id.clone());
        for action in observed.actions.values().filter(|action| action.links.contains(&link)) {
            session.catalog.unlink_action(&action.id, &one.product, &one.version.id).await?;
        }
        session.catalog.delete_version(&one.product, &one.version.id).await?;
    }
    Ok(())
}

fn report(app: &App, session: &Session, doomed: &[Doomed], kept: &[String]) -> Result<()> {
    let names: Vec<String> = doomed.iter().map(|one| format!("{} {}", one.key, one.version.name)).collect();
    let region = &session.target.region;
    if app.ui.json {
        let value = json!({ "format": "portfolio/prune/1", "region": region, "deleted": names, "inUse": kept });
        return app.ui.result_json(&value);
    }
    for line in kept {
        app.ui.result(&format!("{region}: kept, {line}\n"))?;
    }
    app.ui.result(&format!("{region}: {} deleted.\n", counted(names.len(), "version")))
}
