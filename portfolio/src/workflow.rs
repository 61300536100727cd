//! What several commands do the same way: look, compare, take the lock, look again, apply.

use std::collections::BTreeMap;

use crate::app::App;
use crate::apply::{Lease, Outcome, apply};
use crate::change::Change;
use crate::desired::desired;
use crate::diff::Options;
use crate::error::{Code, Error, Result};
use crate::observe::observe;
use crate::plan::Plan;
use crate::project::Project;
use crate::session::Session;
use crate::state::{Desired, Observed};
use crate::ui::Ui;

/// Both sides in one region, and the plan between them.
pub struct Comparison {
    /// What should be.
    pub desired: Desired,
    /// What is.
    pub observed: Observed,
    /// The difference.
    pub plan: Plan,
}

/// Looks and compares.
///
/// # Errors
/// Conflicts between the sides, or what AWS answers.
pub async fn compare(session: &Session, project: &Project, options: Options, ui: &Ui) -> Result<Comparison> {
    let mut desired = desired(project, &session.target)?;
    if !session.keeps_roles {
        desired.roles.clear();
    }
    let progress = ui.progress(0, &format!("reading {}", session.target.region));
    let observed = observe(session, &desired).await;
    progress.end();
    let observed = observed?;
    let plan = Plan::make(&desired, &observed, options)?;
    Ok(Comparison { desired, observed, plan })
}

/// How publishing in one region ended.
pub enum Published {
    /// Changes were made, or tried.
    Ran(Outcome),
    /// While this run waited, another one made the very same changes.
    ByAnother,
}

/// Takes the lock, checks that the state has not moved, and applies the changes that `choose` accepts.
///
/// # Errors
/// `bucket-missing`, `publish-locked`, `plan-moved`, or what AWS answers before the first change.
pub async fn publish_plan(
    app: &App,
    session: &Session,
    project: &Project,
    plan: &Plan,
    choose: &(dyn Fn(&Change) -> bool + Sync),
) -> Result<Published> {
    let wanted = desired(project, &session.target)?;
    ready_bucket(app, session, &wanted.bucket).await?;
    let mut lease = Lease::take(session, &wanted.bucket, &wanted.prefix, &wanted.key, false).await?;
    let result = under_lease(app, session, project, plan, choose, &mut lease).await;
    let released = lease.release().await;
    let published = result?;
    if let Err(error) = released {
        // The changes are made; the lock expires by itself.
        app.ui.warn(&error.as_warning());
    }
    Ok(published)
}

async fn under_lease(
    app: &App,
    session: &Session,
    project: &Project,
    plan: &Plan,
    choose: &(dyn Fn(&Change) -> bool + Sync),
    lease: &mut Lease,
) -> Result<Published> {
    let mut now = compare(session, project, Options { remove: plan.remove }, &app.ui).await?;
    if let Err(moved) = plan.still_holds(&now.plan) {
        if moved.code() == Code::PlanMoved && now.plan.is_empty() {
            return Ok(Published::ByAnother);
        }
        return Err(moved);
    }
    now.plan.changes.retain(choose);
    let progress = app.ui.progress(now.plan.changes.len(), "publishing");
    let listener = |change: &Change| progress.step(&change.object.to_string());
    let generation = lease.generation();
    let mut work = std::pin::pin!(apply(session, &now.desired, &now.observed, &now.plan, generation, &listener));
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            () = tokio::time::sleep(session.pace.lease / 6) => {
                if let Err(lost) = lease.keep().await {
                    app.ui.warn(&lost.as_warning());
                    session.stop.request();
                }
            }
        }
    };
    progress.end();
    Ok(Published::Ran(outcome))
}

/// The bucket for templates and the lock. A rehearsal makes its own.
///
/// # Errors
/// `bucket-missing` or `bucket-foreign`.
pub async fn ready_bucket(app: &App, session: &Session, bucket: &str) -> Result<()> {
    match session.store.bucket_is_ours(bucket, &session.target.account).await? {
        Some(true) => Ok(()),
        Some(false) => Err(Error::new(Code::BucketForeign, format!("bucket `{bucket}` belongs to another account"))),
        None if app.global.rehearse => session.store.create_bucket(bucket).await,
        None => Err(Error::new(Code::BucketMissing, format!("bucket `{bucket}` does not exist"))),
    }
}

/// Puts the hashes of published versions into the lock file. A rehearsal publishes nothing.
///
/// # Errors
/// `file-write`.
pub fn write_lock(app: &App, project: &Project) -> Result<bool> {
    let full = project.full_lock();
    if app.global.rehearse || full == project.lock {
        return Ok(false);
    }
    full.write(&project.lock_path)?;
    Ok(true)
}

/// One error for several regions: all of them are shown, and the first decides the exit code.
///
/// # Errors
/// The gathered errors, if any.
pub fn all_regions(mut failures: BTreeMap<String, Error>) -> Result<()> {
    if failures.len() <= 1 {
        return failures.pop_first().map_or(Ok(()), |(_, error)| Err(error));
    }
    let code = failures.values().next().map_or(Code::AwsRefused, Error::code);
    let regions: Vec<&str> = failures.keys().map(String::as_str).collect();
    let message = format!("failed in {}", regions.join(", "));
    let related = failures.values().cloned().collect();
    Err(Error::new(code, message).with_related(related))
}
