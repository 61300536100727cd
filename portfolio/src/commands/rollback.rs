//! `rollback`: back to the version before.

use super::version_state;
use crate::app::{App, Done};
use crate::error::{Code, Error, Result};
use crate::manifest::VersionState;
use crate::project::LoadedProduct;

/// Options of `rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio rollback s3-bucket --rehearse --yes")]
pub struct Args {
    /// The product's folder name.
    pub product: String,
    /// The version to go back to; without it, the one before the newest active one.
    #[arg(long, value_name = "VERSION")]
    pub to: Option<String>,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// Runs `rollback`. What teams launched from the retired version keeps running.
///
/// # Errors
/// `nothing-to-roll-back`, or as documented for each code.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let project = app.project()?;
    let states = steps(project.product(&args.product)?, args.to.as_deref())?;
    let back = states.first().map(|(version, _)| version.clone()).unwrap_or_default();
    let question = format!("Go back to version {back} of {}, and retire what is newer?", args.product);
    version_state::set(app, &args.product, &states, args.yes, &question).await
}

/// The version to go back to becomes active; newer ones that could be launched become inactive.
fn steps(loaded: &LoadedProduct, to: Option<&str>) -> Result<Vec<(String, VersionState)>> {
    let key = &loaded.product.key;
    let versions = &loaded.versions;
    let newest = versions.iter().rposition(|version| version.state == VersionState::Active);
    let nothing = |reason: String| Error::new(Code::NothingToRollBack, reason);
    let newest = newest.ok_or_else(|| nothing(format!("no version of `{key}` is active")))?;
    let back = match to {
        Some(name) => {
            let known = versions.iter().position(|version| *version.file.name == *name);
            known
                .ok_or_else(|| Error::new(Code::VersionNotFound, format!("product `{key}` has no version `{name}`")))?
        }
        None => newest.checked_sub(1).ok_or_else(|| nothing(format!("`{key}` has no version before its newest")))?,
    };
    if back >= newest {
        return Err(nothing(format!("the newest active version of `{key}` is not newer than that")));
    }
    let mut states = Vec::new();
    for (position, version) in versions.iter().enumerate().skip(back) {
        let state = if position == back { VersionState::Active } else { VersionState::Inactive };
        if position == back || version.state != VersionState::Inactive {
            states.push((version.file.name.value.clone(), state));
        }
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::project::Project;

    fn product(states: &[(&str, &str)]) -> LoadedProduct {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("p");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("t.yaml"), "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n").unwrap();
        let versions: String =
            states.iter().map(|(name, _)| format!("  - {{name: {name}, template: t.yaml}}\n")).collect();
        std::fs::write(
            folder.join("product.yaml"),
            format!("name: P\nowner: O\ndescription: D\nversions:\n{versions}"),
        )
        .unwrap();
        let listed: String =
            states.iter().map(|(name, state)| format!("      - {{version: {name}, state: {state}}}\n")).collect();
        let manifest = format!(
            "version: 1\nportfolio: {{key: k, name: N, provider: P}}\nartifacts: {{bucket: abc}}\nproducts:\n  - path: p\n    versions:\n{listed}"
        );
        std::fs::write(dir.path().join("portfolio.yaml"), manifest).unwrap();
        Project::load(&dir.path().join("portfolio.yaml")).unwrap().products.remove(0)
    }

    #[test]
    fn a_rollback_activates_the_version_before_and_retires_what_is_newer() {
        let loaded = product(&[("1.0.0", "deprecated"), ("1.1.0", "active"), ("1.2.0", "inactive")]);
        let states = steps(&loaded, None).unwrap();
        assert_eq!(states, [("1.0.0".into(), VersionState::Active), ("1.1.0".into(), VersionState::Inactive)]);
    }

    #[test]
    fn there_is_nothing_to_roll_back_to_before_the_first_version() {
        let loaded = product(&[("1.0.0", "active")]);
        assert_eq!(steps(&loaded, None).unwrap_err().code(), Code::NothingToRollBack);
        assert_eq!(steps(&loaded, Some("1.0.0")).unwrap_err().code(), Code::NothingToRollBack);
        assert_eq!(steps(&loaded, Some("9.9.9")).unwrap_err().code(), Code::VersionNotFound);
    }
}
