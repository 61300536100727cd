//! `deprecate`, `activate` and `retire`: one version's state, in the manifest and live.

use serde_json::json;

use crate::app::{App, Connection, Done};
use crate::change::{Change, Object};
use crate::diff::Options;
use crate::diff::product::state_name;
use crate::error::{Code, Error, Result};
use crate::files::write_atomically;
use crate::manifest::{ManifestFile, SourceFile, VersionState, parse_yaml, set_version_state};
use crate::plan::Plan;
use crate::project::Project;
use crate::workflow::{Published, compare, publish_plan};

/// Options of `deprecate`, `activate` and `retire`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio deprecate s3-bucket 1.0.0 --rehearse --yes")]
pub struct Args {
    /// The product's folder name.
    pub product: String,
    /// The version.
    pub version: String,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// Runs one of them.
///
/// # Errors
/// As documented for each code.
pub async fn run(app: &App, args: &Args, state: VersionState) -> Result<Done> {
    let wanted = [(args.version.clone(), state)];
    let question = format!("Make version {} of {} {}?", args.version, args.product, state_name(state));
    set(app, &args.product, &wanted, args.yes, &question).await
}

/// Sets states of versions of one product in the manifest and in every region.
///
/// # Errors
/// As documented for each code.
pub async fn set(
    app: &App,
    product: &str,
    states: &[(String, VersionState)],
    yes: bool,
    question: &str,
) -> Result<Done> {
    let before = app.project()?;
    let (text, after) = edited(&before, product, states)?;
    let connection = app.connect(&after).await?;
    let result = in_regions(app, &before, &after, text, product, states, yes, question, &connection).await;
    connection.close().await;
    result.map(|()| Done::Fine)
}

/// The manifest's text with the new states, and the project it makes.
fn edited(project: &Project, product: &str, states: &[(String, VersionState)]) -> Result<(String, Project)> {
    let loaded = project.product(product)?;
    let all: Vec<String> = loaded.product.file.versions.iter().map(|version| version.name.value.clone()).collect();
    let path = project.entry(loaded).map(|entry| entry.path.value.clone()).unwrap_or_default();
    let mut file = project.file.clone();
    for (version, state) in states {
        if !all.contains(version) {
            let message = format!("product `{product}` has no version `{version}`");
            let help = format!("The versions are: {}.", all.join(", "));
            return Err(Error::new(Code::VersionNotFound, message).with_help(help));
        }
        let text = set_version_state(&file, &path, version, *state, &all)?;
        let source = SourceFile::from_text(&file.source.path, text);
        let manifest = parse_yaml(&source)?;
        file = ManifestFile { source, manifest };
    }
    let text = file.source.text().to_owned();
    let mut after = project.clone();
    after.file = file;
    for (version, state) in states {
        let versions = after.products.iter_mut().filter(|loaded| loaded.product.key == product);
        for loaded in versions.flat_map(|loaded| &mut loaded.versions) {
            if *loaded.file.name == *version {
                loaded.state = *state;
            }
        }
    }
    Ok((text, after))
}

#[expect(clippy::too_many_arguments, reason = "two projects and what is asked of them, for every region at once")]
async fn in_regions(
    app: &App,
    before: &Project,
    after: &Project,
    text: String,
    product: &str,
    states: &[(String, VersionState)],
    yes: bool,
    question: &str,
    connection: &Connection,
) -> Result<()> {
    let concerned = |change: &Change| match &change.object {
        Object::Version { product: of, version } => {
            of == product && states.iter().any(|(name, _)| name == version) && !change.fields.is_empty()
        }
        _ => false,
    };
    let mut plans: Vec<Plan> = Vec::new();
    for session in &connection.sessions {
        let comparison = compare(session, after, Options::default(), &app.ui).await?;
        let live = comparison.observed.products.get(product);
        for (version, _) in states {
            if !live.is_some_and(|live| live.versions.iter().any(|known| known.name == *version)) {
                let region = &session.target.region;
                let message = format!("version `{version}` of `{product}` is not published in {region}");
                let help = "Publish it first; set its state in the manifest to publish it in that state.";
                return Err(Error::new(Code::VersionNotFound, message).with_help(help));
            }
        }
        plans.push(comparison.plan);
    }
    let edited = text != before.file.source.text();
    let pending = plans.iter().any(|plan| plan.changes.iter().any(concerned));
    if edited || pending {
        app.confirm(yes, question, "yes")?;
    }
    if edited {
        // First the manifest: after a failure below, publishing it finishes the job instead of undoing it.
        write_atomically(&before.file.source.path, &text)?;
        app.ui.note(&format!("{} now says so; commit it.", before.file.source.path.display()));
    }
    for (session, plan) in connection.sessions.iter().zip(&plans) {
        if !plan.changes.iter().any(concerned) {
            continue;
        }
        if let Published::Ran(outcome) = publish_plan(app, session, after, plan, &concerned).await?
            && let Some(error) = outcome.error()
        {
            return Err(error);
        }
    }
    report(app, product, states)
}

fn report(app: &App, product: &str, states: &[(String, VersionState)]) -> Result<()> {
    if app.ui.json {
        let versions: Vec<_> =
            states.iter().map(|(name, state)| json!({ "version": name, "state": state_name(*state) })).collect();
        let value = json!({ "format": "portfolio/version-state/1", "product": product, "versions": versions });
        return app.ui.result_json(&value);
    }
    for (version, state) in states {
        app.ui.result(&format!("Version {version} of {product} is {}.\n", state_name(*state)))?;
    }
    Ok(())
}
