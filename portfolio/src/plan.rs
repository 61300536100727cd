//! A plan: changes with a fingerprint of the state they were computed from.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::diff::{Options, Summary, diff};
use crate::error::{Code, Error, Result};
use crate::state::{Desired, Observed, Target, fingerprint};

/// The format of plan files and of `plan --json`.
pub const FORMAT: &str = "portfolio/plan/1";

/// What would change in one account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Where.
    pub target: Target,
    /// Fingerprint of the manifest with all it refers to.
    pub desired: String,
    /// Fingerprint of the live state.
    pub observed: String,
    /// Whether surplus constraints, grants and shares are removed.
    pub remove: bool,
    /// Changes, in order.
    pub changes: Vec<Change>,
    /// What is left as it is.
    pub notes: Vec<String>,
    /// Numbers.
    pub summary: Summary,
}

/// Plans of several regions, as `--out` writes them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanFile {
    /// [`FORMAT`].
    pub format: String,
    /// One plan for each region.
    pub plans: Vec<Plan>,
}

impl Plan {
    /// Compares desired and observed.
    ///
    /// # Errors
    /// `version-conflict`, `ambiguous` or `foreign` when going on could do harm.
    pub fn make(desired: &Desired, observed: &Observed, options: Options) -> Result<Self> {
        let result = diff(desired, observed, options);
        if !result.conflicts.is_empty() {
            let code = result.conflicts.first().map_or(Code::VersionConflict, Error::code);
            return Err(Error::gather(code, "the live state conflicts with the manifest", result.conflicts));
        }
        Ok(Self {
            target: desired.target.clone(),
            desired: print_of(desired)?,
            observed: print_of(observed)?,
            remove: options.remove,
            summary: Summary::of(&result.changes),
            changes: result.changes,
            notes: result.notes,
        })
    }

    /// True when nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Refuses when this plan was made from another state than the one of `now`.
    ///
    /// # Errors
    /// `plan-invalid` for another manifest, account or region; `plan-moved` for another live state.
    pub fn still_holds(&self, now: &Self) -> Result<()> {
        let place = format!("{} {}", self.target.account, self.target.region);
        if self.target != now.target || self.desired != now.desired {
            let message = format!("the plan for {place} was made from another manifest, account or region");
            return Err(Error::new(Code::PlanInvalid, message));
        }
        if self.observed != now.observed {
            let message = format!("the live state in {place} has moved since the plan was made");
            return Err(Error::new(Code::PlanMoved, message));
        }
        Ok(())
    }
}

impl PlanFile {
    /// Plans in this format.
    #[must_use]
    pub fn new(plans: Vec<Plan>) -> Self {
        Self { format: FORMAT.to_owned(), plans }
    }

    /// Reads a plan file.
    ///
    /// # Errors
    /// `file-read` or `plan-invalid`.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::new(Code::FileRead, format!("cannot read `{shown}`: {error}")))?;
        let file: Self = serde_json::from_str(&text)
            .map_err(|error| Error::new(Code::PlanInvalid, format!("{shown} is not a plan: {error}")))?;
        if file.format != FORMAT {
            return Err(Error::new(
                Code::PlanInvalid,
                format!("{shown} has the format `{}`, not `{FORMAT}`", file.format),
            ));
        }
        Ok(file)
    }
}

fn print_of<T: Serialize>(state: &T) -> Result<String> {
    fingerprint(state).map_err(|error| Error::new(Code::PlanInvalid, format!("cannot fingerprint the state: {error}")))
}
