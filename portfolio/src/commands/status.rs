//! `status`: the live state, how it differs from the manifest, and who uses what.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::adapters::ProvisionedUse;
use crate::app::{App, Done};
use crate::diff::Options;
use crate::diff::product::{short, state_name};
use crate::error::Result;
use crate::plan::Plan;
use crate::project::Project;
use crate::session::Session;
use crate::state::Observed;
use crate::ui::{Table, counted};
use crate::workflow::compare;

/// Options of `status`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio status --detailed-exitcode")]
pub struct Args {
    /// Exit with 2 when the live state differs from the manifest.
    #[arg(long)]
    pub detailed_exitcode: bool,
}

#[derive(Serialize)]
struct StatusJson {
    format: &'static str,
    regions: Vec<RegionJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionJson {
    region: String,
    portfolio: Option<String>,
    products: Vec<ProductJson>,
    principals: Vec<String>,
    shares: usize,
    pending_changes: usize,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ProductJson {
    key: String,
    id: String,
    versions: Vec<VersionJson>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionJson {
    name: String,
    id: String,
    state: &'static str,
    sha256: Option<String>,
    used_by: Vec<String>,
}

/// Runs `status`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let mut regions = Vec::new();
    let mut result = Ok(());
    for session in &connection.sessions {
        match region(app, session, &project).await {
            Ok(found) => regions.push(found),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    connection.close().await;
    result?;
    let differs = regions.iter().any(|region| region.pending_changes > 0);
    if app.ui.json {
        app.ui.result_json(&StatusJson { format: "portfolio/status/1", regions })?;
    } else {
        for region in &regions {
            app.ui.result(&text(app, region))?;
        }
    }
    Ok(if differs && args.detailed_exitcode { Done::ChangesPending } else { Done::Fine })
}

async fn region(app: &App, session: &Session, project: &Project) -> Result<RegionJson> {
    let comparison = compare(session, project, Options::default(), &app.ui).await?;
    let uses = match comparison.observed.products.is_empty() {
        true => Vec::new(),
        false => session.catalog.provisioned().await?,
    };
    Ok(describe(session, &comparison.observed, &comparison.plan, &uses))
}

fn describe(session: &Session, observed: &Observed, plan: &Plan, uses: &[ProvisionedUse]) -> RegionJson {
    let mut used: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in uses {
        used.entry(&one.version).or_default().push(format!("{} ({}, {})", one.name, one.id, one.status));
    }
    let products = observed.products.iter().map(|(key, product)| ProductJson {
        key: key.clone(),
        id: product.id.clone(),
        versions: product
            .versions
            .iter()
            .map(|version| VersionJson {
                name: version.name.clone(),
                id: version.id.clone(),
                state: state_name(version.state),
                sha256: version.sha256.clone(),
                used_by: used.get(version.id.as_str()).cloned().unwrap_or_default(),
            })
            .collect(),
    });
    RegionJson {
        region: session.target.region.clone(),
        portfolio: observed.portfolio.as_ref().map(|portfolio| portfolio.id.clone()),
        products: products.collect(),
        principals: observed.principals.iter().map(|principal| principal.arn.clone()).collect(),
        shares: observed.shares.len(),
        pending_changes: plan.changes.len(),
        notes: plan.notes.clone(),
    }
}

fn text(app: &App, region: &RegionJson) -> String {
    let paint = app.ui.paint();
    let Some(portfolio) = &region.portfolio else {
        return format!("{}: not published yet. `portfolio plan` shows what would be.\n", region.region);
    };
    let mut text = paint.bold(&format!("Portfolio {portfolio} in {}", region.region)) + "\n";
    for product in &region.products {
        text.push_str(&format!("\n{} {}\n", paint.bold(&product.key), product.id));
        let mut table = Table::default();
        for version in &product.versions {
            let hash = version.sha256.as_deref().map_or("unknown", short);
            table.row([version.name.as_str(), version.state, hash, version.id.as_str()]);
        }
        text.push_str(&table.text(2));
        for version in &product.versions {
            for user in &version.used_by {
                text.push_str(&format!("    {} is used by {user}\n", version.name));
            }
        }
    }
    let (principals, shares) = (counted(region.principals.len(), "principal"), counted(region.shares, "share"));
    text.push_str(&format!("\n{principals}, {shares}.\n"));
    for note in &region.notes {
        text.push_str(&format!("! {note}\n"));
    }
    text.push_str(&match region.pending_changes {
        0 => paint.green("The live state is what the manifest says."),
        count => paint.yellow(&format!("{}; `portfolio plan` shows more.", counted(count, "difference"))),
    });
    text.push('\n');
    text
}
