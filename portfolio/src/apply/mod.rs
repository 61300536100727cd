//! Making the changes of a plan, in an order that AWS accepts, so that a run may die anywhere and be run again.

mod access;
mod lease;
mod product;
mod settle;
mod templates;
mod token;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use futures::{StreamExt, stream};
use serde::Serialize;

pub use lease::Lease;
pub(crate) use settle::{settled, share_done};
pub use templates::store_template;
pub use token::token;

use crate::change::{Action, Change, Object};
use crate::error::{Code, Error, Result};
use crate::plan::Plan;
use crate::session::Session;
use crate::state::{Desired, Observed, TagOptionRef};
use crate::ui::counted;

/// Hears of every change that is done.
pub type Listener<'a> = &'a (dyn Fn(&Change) + Sync);

/// How applying a plan ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Changes made.
    pub done: Vec<Change>,
    /// What failed, with the change it failed at.
    pub failed: Vec<(Change, Error)>,
    /// Changes not begun.
    pub left: Vec<Change>,
}

/// An outcome in the shape `--json` prints it.
#[derive(Debug, Serialize)]
pub struct OutcomeJson<'a> {
    /// Changes made.
    pub done: &'a [Change],
    /// Changes not made.
    pub left: Vec<&'a Change>,
}

impl Outcome {
    /// An outcome as JSON.
    #[must_use]
    pub fn json(&self) -> OutcomeJson<'_> {
        let failed = self.failed.iter().map(|(change, _)| change);
        OutcomeJson { done: &self.done, left: failed.chain(&self.left).collect() }
    }

    /// The error that ends the command, if any.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let (change, first) = self.failed.first()?;
        if first.code() == Code::Interrupted {
            let message = format!(
                "stopped: {} made, {} not made",
                counted(self.done.len(), "change"),
                self.left.len() + self.failed.len()
            );
            return Some(Error::new(Code::Interrupted, message));
        }
        if self.done.is_empty() {
            return Some(first.clone());
        }
        let message = format!(
            "{} made, then `{}` failed; {} not made",
            counted(self.done.len(), "change"),
            change.object,
            self.left.len() + self.failed.len()
        );
        let causes = self.failed.iter().map(|(_, error)| error.clone()).collect();
        Some(Error::new(Code::PartlyApplied, message).with_related(causes))
    }
}

/// Makes the changes of a plan.
///
/// The caller holds the [`Lease`] and has checked that the plan still holds.
pub async fn apply(
    session: &Session,
    desired: &Desired,
    observed: &Observed,
    plan: &Plan,
    generation: u64,
    listener: Listener<'_>,
) -> Outcome {
    let applier = Applier::new(session, desired, observed, generation, listener);
    if let Err(error) = applier.preflight(plan).await {
        return applier.stillborn(plan, error);
    }
    for change in plan.changes.iter().filter(|change| stage(change) == Stage::Base) {
        applier.run(change, applier.base(change)).await;
    }
    let keys = product_keys(plan);
    let groups = keys.iter().map(|key| applier.product_group(key, plan));
    stream::iter(groups).buffer_unordered(session.pace.parallel).collect::<()>().await;
    for change in plan.changes.iter().filter(|change| stage(change) == Stage::Access) {
        applier.run(change, applier.access(change)).await;
    }
    applier.finish(plan)
}

/// When a change is made: things products need, products, and then who may use them.
#[derive(PartialEq, Eq)]
enum Stage {
    Base,
    Product,
    Access,
}

fn stage(change: &Change) -> Stage {
    match &change.object {
        Object::Role { .. } | Object::Portfolio { .. } | Object::TagOption { .. } | Object::ServiceAction { .. } => {
            Stage::Base
        }
        object if object.product().is_some() => Stage::Product,
        _ => Stage::Access,
    }
}

fn product_keys(plan: &Plan) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in plan.changes.iter().filter_map(|change| change.object.product()) {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// The state of a run.
struct Applier<'a> {
    session: &'a Session,
    desired: &'a Desired,
    observed: &'a Observed,
    generation: u64,
    listener: Listener<'a>,
    ids: Mutex<Ids>,
    outcome: Mutex<Outcome>,
}

/// Ids of what exists, those made in this run included.
#[derive(Default)]
struct Ids {
    portfolio: Option<String>,
    tag_options: BTreeMap<TagOptionRef, String>,
    actions: BTreeMap<String, String>,
}

impl<'a> Applier<'a> {
    fn new(
        session: &'a Session,
        desired: &'a Desired,
        observed: &'a Observed,
        generation: u64,
        listener: Listener<'a>,
    ) -> Self {
        let mut ids = Ids { portfolio: observed.portfolio.as_ref().map(|live| live.id.clone()), ..Ids::default() };
        ids.tag_options.extend(observed.tag_options.iter().map(|(option, (id, _))| (option.clone(), id.clone())));
        let linked = observed.products.values().map(|product| &product.tag_options);
        for (option, id) in linked.chain(observed.portfolio.iter().map(|live| &live.tag_options)).flatten() {
            ids.tag_options.insert(option.clone(), id.clone());
        }
        ids.actions.extend(observed.actions.iter().map(|(name, action)| (name.clone(), action.id.clone())));
        let outcome = Mutex::new(Outcome::default());
        Self { session, desired, observed, generation, listener, ids: Mutex::new(ids), outcome }
    }

    /// Makes one change, unless another one has failed or somebody wishes to stop.
    async fn run(&self, change: &Change, work: impl Future<Output = Result<()>>) {
        if !self.outcome().failed.is_empty() {
            return;
        }
        let result = match self.session.stop.check() {
            Ok(()) => work.await,
            Err(stopped) => Err(stopped),
        };
        match result {
            Ok(()) => {
                (self.listener)(change);
                self.outcome().done.push(change.clone());
            }
            Err(error) => self.outcome().failed.push((change.clone(), error)),
        }
    }

    /// What would stop the run half-way is better known before it begins.
    async fn preflight(&self, plan: &Plan) -> Result<()> {
        let organization = plan.changes.iter().any(|change| {
            let with = match &change.object {
                Object::Share { with } if change.action == Action::Create => with,
                _ => return false,
            };
            !matches!(with, crate::state::ShareTarget::Account(_))
        });
        if organization && !self.session.catalog.organizations_access().await? {
            let message = "sharing with an organization needs AWS Organizations access, which is off";
            return Err(Error::new(Code::OrganizationsOff, message));
        }
        Ok(())
    }

    fn stillborn(self, plan: &Plan, error: Error) -> Outcome {
        let mut changes = plan.changes.iter().cloned();
        match changes.next() {
            Some(first) => Outcome { done: Vec::new(), failed: vec![(first, error)], left: changes.collect() },
            None => Outcome::default(),
        }
    }

    fn finish(self, plan: &Plan) -> Outcome {
        let mut outcome = self.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        let begun = |change: &Change| {
            outcome.done.contains(change) || outcome.failed.iter().any(|(failed, _)| failed == change)
        };
        outcome.left = plan.changes.iter().filter(|change| !begun(change)).cloned().collect();
        outcome
    }

    fn outcome(&self) -> std::sync::MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> std::sync::MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn portfolio_id(&self) -> Result<String> {
        let id = self.ids().portfolio.clone();
        id.ok_or_else(|| {
            Error::new(Code::PortfolioNotFound, format!("portfolio `{}` does not exist", self.desired.key))
        })
    }

    fn token(&self, parts: &[&str]) -> String {
        token(&self.desired.target, self.generation, parts)
    }
}

/// A change whose object the manifest or the live state does not have; only a forged plan has one.
fn out_of_place(change: &Change) -> Error {
    Error::new(Code::PlanInvalid, format!("the plan changes `{}`, which neither side has", change.object))
}
