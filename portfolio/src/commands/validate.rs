//! `validate`: everything that can be known without a network.

use serde_json::json;

use crate::app::{App, Done};
use crate::error::{Code, Error, ErrorJson, Result};
use crate::manifest::{check, manifest_schema};
use crate::project::Project;
use crate::rules::check_templates;
use crate::ui::counted;

/// Options of `validate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio validate --locked")]
pub struct Args {
    /// Fail when portfolio.lock lacks a version.
    #[arg(long, conflicts_with = "write_lock")]
    pub locked: bool,
    /// Accept new versions into portfolio.lock.
    #[arg(long)]
    pub write_lock: bool,
    /// Print the JSON Schema of the manifest instead.
    #[arg(long)]
    pub print_schema: bool,
}

/// Runs `validate`.
///
/// # Errors
/// Every problem found, gathered.
pub fn run(app: &App, args: &Args) -> Result<Done> {
    if args.print_schema {
        app.ui.result_json(&manifest_schema())?;
        return Ok(Done::Fine);
    }
    let project = Project::load(&app.global.manifest)?;
    let mut problems = project.changed_versions();
    problems.extend(check_templates(&project));
    let warnings: Vec<Error> = check(&project.file).into_iter().filter(Error::is_warning).collect();
    let full = project.full_lock();
    let missing = full != project.lock;
    if missing && args.locked {
        problems.push(Error::new(Code::LockStale, format!("{} lacks versions", project.lock_path.display())));
    }
    if !problems.is_empty() {
        let code = problems.first().map_or(Code::ManifestValue, Error::code);
        return Err(Error::gather(code, &project.file.source.path.display().to_string(), problems));
    }
    if missing && args.write_lock {
        full.write(&project.lock_path)?;
    }
    report(app, &project, &warnings, missing && !args.write_lock)
}

fn report(app: &App, project: &Project, warnings: &[Error], unlocked: bool) -> Result<Done> {
    let products = project.products.len();
    let versions: usize = project.products.iter().map(|loaded| loaded.versions.len()).sum();
    let manifest = project.file.source.path.display();
    if app.ui.json {
        let warnings: Vec<ErrorJson> = warnings.iter().map(ErrorJson::from).collect();
        app.ui.result_json(&json!({
            "format": "portfolio/validate/1",
            "manifest": manifest.to_string(),
            "products": products,
            "versions": versions,
            "lockComplete": !unlocked,
            "warnings": warnings,
        }))?;
        return Ok(Done::Fine);
    }
    for warning in warnings {
        app.ui.warn(warning);
    }
    let text = format!("{manifest}: {}, {}, no problems.", counted(products, "product"), counted(versions, "version"));
    app.ui.result(&(app.ui.paint().green(&text) + "\n"))?;
    if unlocked {
        let lock = project.lock_path.display();
        app.ui.note(&format!("{lock} lacks versions; publishing adds them, or --write-lock does now."));
    }
    Ok(Done::Fine)
}
