//! `launch-role`: the computed launch roles, printed, explained or deployed.

use std::collections::BTreeMap;

use edgeseal_launch_role::{LaunchRole, explain, render};
use serde_json::json;

use crate::app::{App, Done};
use crate::change::{Change, Object};
use crate::diff::Options;
use crate::error::{Code, Error, Result};
use crate::launch::{launch_role, role_fields, role_name};
use crate::manifest::Launch;
use crate::plan::Plan;
use crate::project::{LoadedProduct, Project};
use crate::state::Target;
use crate::ui::plan_text;
use crate::workflow::{Published, compare, publish_plan};

/// Options of `launch-role`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio launch-role s3-bucket --explain")]
pub struct Args {
    /// The product's folder name; without it, every product with a computed role.
    pub product: Option<String>,
    /// Say why each action is there.
    #[arg(long, conflicts_with_all = ["template", "deploy"])]
    pub explain: bool,
    /// Print a CloudFormation template, for every account that launches.
    #[arg(long, conflicts_with = "deploy")]
    pub template: bool,
    /// Make or change the roles in this account.
    #[arg(long)]
    pub deploy: bool,
    /// Account to write into the policies; without it, a placeholder.
    #[arg(long, default_value = "123456789012", value_name = "ACCOUNT")]
    pub account: String,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// Runs `launch-role`.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let chosen = chosen(&project, args.product.as_deref())?;
    if args.deploy {
        return deploy(app, args, &project, &chosen).await;
    }
    if args.template {
        let roles = chosen
            .iter()
            .map(|loaded| Ok((loaded.product.key.clone(), launch_role(loaded)?)))
            .collect::<Result<Vec<(String, LaunchRole)>>>()?;
        let text = render(&roles)
            .map_err(|error| Error::new(Code::RoleUncovered, error.to_string()).with_help(error.hint()))?;
        app.ui.result(&text)?;
    } else if args.explain {
        for loaded in &chosen {
            let title = format!("{} {}\n", app.ui.paint().bold("Role"), role_name(&loaded.product.key));
            app.ui.result(&format!("{title}{}\n", explain(&launch_role(loaded)?)))?;
        }
    } else {
        print(app, args, &project, &chosen)?;
    }
    Ok(Done::Fine)
}

fn chosen<'a>(project: &'a Project, key: Option<&str>) -> Result<Vec<&'a LoadedProduct>> {
    match key {
        Some(key) => Ok(vec![project.product(key)?]),
        None => Ok(project.products.iter().filter(|loaded| project.launch(loaded) == Launch::Computed).collect()),
    }
}

fn print(app: &App, args: &Args, project: &Project, chosen: &[&LoadedProduct]) -> Result<()> {
    let target = Target { account: args.account.clone(), region: String::new(), partition: "aws".to_owned() };
    let mut roles = BTreeMap::new();
    for loaded in chosen {
        let fields = role_fields(project, loaded, &target)?;
        roles.insert(role_name(&loaded.product.key), json!({ "trust": fields.trust, "policy": fields.policy }));
    }
    app.ui.result_json(&json!({ "format": "portfolio/launch-role/1", "roles": roles }))
}

async fn deploy(app: &App, args: &Args, project: &Project, chosen: &[&LoadedProduct]) -> Result<Done> {
    let names: Vec<String> = chosen.iter().map(|loaded| role_name(&loaded.product.key)).collect();
    let concerned = |change: &Change| matches!(&change.object, Object::Role { name } if names.contains(name));
    let connection = app.connect(project).await?;
    let result = async {
        // Roles are global, so one region stands for all.
        let session = connection.sessions.first().ok_or_else(|| Error::new(Code::NoRegion, "no region is set"))?;
        let plan = compare(session, project, Options::default(), &app.ui).await?.plan;
        let changes: Vec<Change> = plan.changes.iter().filter(|change| concerned(change)).cloned().collect();
        if changes.is_empty() {
            return Ok(changes);
        }
        let shown = Plan {
            notes: Vec::new(),
            summary: crate::diff::Summary::of(&changes),
            changes: changes.clone(),
            ..plan.clone()
        };
        app.ui.note(plan_text(&shown, crate::ui::Paint(false), app.ui.width).trim_end());
        app.confirm(args.yes, "Make these changes?", "yes")?;
        match publish_plan(app, session, project, &plan, &concerned).await? {
            Published::Ran(outcome) => outcome.error().map_or(Ok(changes), Err),
            Published::ByAnother => Ok(Vec::new()),
        }
    }
    .await;
    connection.close().await;
    let changes = result?;
    if app.ui.json {
        app.ui.result_json(&json!({ "format": "portfolio/launch-role-deploy/1", "done": changes }))?;
    } else {
        app.ui.result(&format!("{} launch roles, {} changed.\n", names.len(), changes.len()))?;
    }
    Ok(Done::Fine)
}
