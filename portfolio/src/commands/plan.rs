//! `plan`: what `publish` would change, and why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::app::{App, Done};
use crate::diff::Options;
use crate::error::Result;
use crate::files::write_atomically;
use crate::plan::{Plan, PlanFile};
use crate::ui::plan_text;
use crate::workflow::{all_regions, compare};

/// Options of `plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio plan --out publish.plan && portfolio publish --plan publish.plan")]
pub struct Args {
    /// Keep the plan, for `publish --plan`.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Exit with 2 when changes are pending.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Also take away grants, shares and constraints the manifest lacks.
    #[arg(long)]
    pub remove: bool,
}

/// Runs `plan`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let mut plans: Vec<Plan> = Vec::new();
    let mut failures = BTreeMap::new();
    for session in &connection.sessions {
        match compare(session, &project, Options { remove: args.remove }, &app.ui).await {
            Ok(comparison) => plans.push(comparison.plan),
            Err(error) => {
                failures.insert(session.target.region.clone(), error);
            }
        }
    }
    connection.close().await;
    if failures.is_empty() || !app.ui.json {
        show(app, &plans)?;
    }
    all_regions(failures)?;
    let pending = plans.iter().any(|plan| !plan.is_empty());
    if let Some(path) = &args.out {
        let text = serde_json::to_string_pretty(&PlanFile::new(plans)).unwrap_or_default() + "\n";
        write_atomically(path, &text)?;
        app.ui.note(&format!("The plan is in {}.", path.display()));
    }
    Ok(if pending && args.detailed_exitcode { Done::ChangesPending } else { Done::Fine })
}

/// Prints plans.
///
/// # Errors
/// `file-write` when nobody reads any more.
pub fn show(app: &App, plans: &[Plan]) -> Result<()> {
    if app.ui.json {
        return app.ui.result_json(&PlanFile::new(plans.to_vec()));
    }
    for plan in plans {
        if plans.len() > 1 {
            app.ui.result(&format!("{}\n", app.ui.paint().bold(&format!("Region {}", plan.target.region))))?;
        }
        app.ui.result(&plan_text(plan, app.ui.paint(), app.ui.width))?;
    }
    Ok(())
}
