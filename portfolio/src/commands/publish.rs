//! `publish`: make the live state what the manifest says.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use super::plan::show;
use crate::app::{App, Connection, Done};
use crate::apply::Outcome;
use crate::diff::Options;
use crate::error::{Code, Error, Result};
use crate::plan::{Plan, PlanFile};
use crate::project::Project;
use crate::ui::counted;
use crate::workflow::{Published, all_regions, compare, publish_plan, write_lock};

/// Options of `publish`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio publish --rehearse --yes")]
pub struct Args {
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
    /// Publish this plan, and refuse when the live state has moved since.
    #[arg(long, value_name = "FILE", conflicts_with = "remove")]
    pub plan: Option<PathBuf>,
    /// Also take away grants, shares and constraints the manifest lacks.
    #[arg(long)]
    pub remove: bool,
}

/// Runs `publish`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let result = in_regions(app, args, &project, &connection).await;
    connection.close().await;
    result.map(|()| Done::Fine)
}

async fn in_regions(app: &App, args: &Args, project: &Project, connection: &Connection) -> Result<()> {
    let saved = args.plan.as_deref().map(PlanFile::read).transpose()?;
    let plans = match &saved {
        Some(file) => saved_plans(file, connection)?,
        None => {
            let mut plans = Vec::new();
            for session in &connection.sessions {
                plans.push(compare(session, project, Options { remove: args.remove }, &app.ui).await?.plan);
            }
            plans
        }
    };
    let pending = plans.iter().any(|plan| !plan.is_empty());
    if !app.ui.json {
        show(app, &plans)?;
    }
    if pending {
        // A saved plan has been read; publishing it is the yes.
        app.confirm(args.yes || saved.is_some(), "Publish these changes?", "yes")?;
    }
    let mut failures = BTreeMap::new();
    let mut results = Vec::new();
    for (session, plan) in connection.sessions.iter().zip(&plans) {
        let region = session.target.region.clone();
        if plan.is_empty() && saved.is_none() {
            results.push((region, Outcome::default(), false));
            continue;
        }
        match publish_plan(app, session, project, plan, &|_| true).await {
            Ok(Published::Ran(outcome)) => {
                if let Some(error) = outcome.error() {
                    failures.insert(region.clone(), error);
                }
                results.push((region, outcome, false));
            }
            Ok(Published::ByAnother) => results.push((region, Outcome::default(), true)),
            Err(error) => {
                failures.insert(region, error);
            }
        }
        if app.stop.requested() {
            break;
        }
    }
    report(app, &results, &failures)?;
    all_regions(failures)?;
    if write_lock(app, project)? {
        app.ui.note(&format!("{} holds the published versions; commit it.", project.lock_path.display()));
    }
    Ok(())
}

/// The saved plan of each region, in the sessions' order.
fn saved_plans(file: &PlanFile, connection: &Connection) -> Result<Vec<Plan>> {
    let mut plans = Vec::new();
    for session in &connection.sessions {
        let plan = file.plans.iter().find(|plan| plan.target == session.target).ok_or_else(|| {
            let target = &session.target;
            let message = format!("the plan has nothing for account {} and region {}", target.account, target.region);
            Error::new(Code::PlanInvalid, message)
        })?;
        plans.push(plan.clone());
    }
    Ok(plans)
}

type RegionResult = (String, Outcome, bool);

fn report(app: &App, results: &[RegionResult], failures: &BTreeMap<String, Error>) -> Result<()> {
    if app.ui.json {
        if !failures.is_empty() {
            return Ok(());
        }
        let regions: Vec<_> = results
            .iter()
            .map(|(region, outcome, by_another)| {
                json!({ "region": region, "done": outcome.done, "publishedByAnotherRun": by_another })
            })
            .collect();
        return app.ui.result_json(&json!({ "format": "portfolio/publish/1", "regions": regions }));
    }
    let paint = app.ui.paint();
    for (region, outcome, by_another) in results {
        if *by_another {
            app.ui.result(&format!("{region}: another run has just published this; nothing was left to do.\n"))?;
        } else if !outcome.failed.is_empty() {
            let left: Vec<String> = outcome.left.iter().map(|change| format!("  {}\n", change.object)).collect();
            app.ui.result(&format!("{region}: {} made. Not made:\n", counted(outcome.done.len(), "change")))?;
            for (change, _) in &outcome.failed {
                app.ui.result(&format!("  {} (failed)\n", change.object))?;
            }
            app.ui.result(&left.concat())?;
        } else if !outcome.done.is_empty() {
            let text = format!("{region}: published, {} made.", counted(outcome.done.len(), "change"));
            app.ui.result(&(paint.green(&text) + "\n"))?;
        }
    }
    Ok(())
}
