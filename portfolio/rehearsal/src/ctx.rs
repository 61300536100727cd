//! What an operation works with: the caller, the store in one transaction, and the settings.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use rusqlite::Transaction;
use serde_json::Value;

use crate::auth;
use crate::config::Config;
use crate::error::ApiError;
use crate::ids;
use crate::model::Model;
use crate::provision::Job;
use crate::store::{self, Entity, Place};

/// A stored thing's kind, region and key: what a not-found window hides.
pub(crate) type Handle = (&'static str, String, String);

/// Things not yet visible, with the number of requests that still do not see them.
pub(crate) type Hidden = Mutex<HashMap<Handle, u32>>;

/// The identity a request is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) place: Place,
    /// The IAM principal: a user, or the role of an assumed-role session.
    pub(crate) principal: String,
    /// The ARN that STS reports, which for a session differs from the principal.
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

/// One operation's view of the catalog.
pub(crate) struct Ctx<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) caller: &'a Caller,
    pub(crate) config: &'a Config,
    pub(crate) model: &'a Model,
    pub(crate) operation: &'a str,
    pub(crate) now: f64,
    pub(crate) seed: &'a str,
    pub(crate) hidden: &'a Hidden,
    /// A template read from an external store before the transaction began.
    pub(crate) fetched: Option<Result<String, ApiError>>,
    /// Whether an external IAM has the launch role that a constraint names.
    pub(crate) role_found: Option<Result<bool, ApiError>>,
    pub(crate) created: RefCell<Vec<Handle>>,
    pub(crate) touched: RefCell<BTreeSet<Handle>>,
    /// Work on stacks, to be started once the transaction is in.
    pub(crate) jobs: RefCell<Vec<Job>>,
}

impl Ctx<'_> {
    /// The caller's account and region.
    pub(crate) fn place(&self) -> &Place {
        &self.caller.place
    }

    /// A place in another account of the caller's region.
    pub(crate) fn place_of(&self, account: &str) -> Place {
        Place { account: account.to_owned(), region: self.place().region.clone() }
    }

    /// A new identifier with a prefix such as `port`.
    pub(crate) fn new_id(&self, prefix: &str) -> Result<String, ApiError> {
        Ok(ids::derive(self.seed, store::next_number(self.tx)?, prefix))
    }

    /// An ARN of this region; `service` is `catalog` for what admins make.
    pub(crate) fn arn(&self, service: &str, account: &str, resource: &str) -> String {
        let region = &self.place().region;
        format!("arn:{}:{service}:{region}:{account}:{resource}", auth::partition(region))
    }

    /// Stores a new thing, which a not-found window may then hide.
    pub(crate) fn insert<E: Entity>(&self, entity: &E) -> Result<(), ApiError> {
        self.created.borrow_mut().push((E::KIND, self.place().region.clone(), entity.id()));
        self.put(entity)
    }

    /// Stores a thing in the caller's account.
    pub(crate) fn put<E: Entity>(&self, entity: &E) -> Result<(), ApiError> {
        store::put(self.tx, self.place(), entity)
    }

    /// Reads a thing of the caller's account.
    pub(crate) fn get<E: Entity>(&self, id: &str) -> Result<Option<E>, ApiError> {
        self.get_in(self.place(), id)
    }

    /// Reads a thing of any account.
    pub(crate) fn get_in<E: Entity>(&self, place: &Place, id: &str) -> Result<Option<E>, ApiError> {
        if self.is_hidden(E::KIND, id) { Ok(None) } else { store::get(self.tx, place, id) }
    }

    /// Lists things of the caller's account, of one parent or all.
    pub(crate) fn list<E: Entity>(&self, parent: Option<&str>) -> Result<Vec<E>, ApiError> {
        self.list_in(self.place(), parent)
    }

    /// Lists things of any account.
    pub(crate) fn list_in<E: Entity>(&self, place: &Place, parent: Option<&str>) -> Result<Vec<E>, ApiError> {
        let mut all: Vec<E> = store::list(self.tx, place, parent)?;
        all.retain(|e| !self.is_hidden(E::KIND, &e.id()));
        Ok(all)
    }

    /// Removes a thing of the caller's account.
    pub(crate) fn remove<E: Entity>(&self, id: &str) -> Result<bool, ApiError> {
        store::remove::<E>(self.tx, self.place(), id)
    }

    fn is_hidden(&self, kind: &'static str, id: &str) -> bool {
        let Ok(hidden) = self.hidden.lock() else { return false };
        if hidden.is_empty() {
            return false;
        }
        let handle = (kind, self.place().region.clone(), id.to_owned());
        let is = hidden.contains_key(&handle);
        if is {
            self.touched.borrow_mut().insert(handle);
        }
        is
    }
}

/// Timestamps and durations share the unit of seconds.
pub(crate) fn after(now: f64, delay: std::time::Duration) -> f64 {
    now + delay.as_secs_f64()
}

/// Adds a member to an answer when there is a value for it.
pub(crate) fn set_if(answer: &mut Value, member: &str, value: Option<impl Into<Value>>) {
    if let (Some(value), Some(object)) = (value, answer.as_object_mut()) {
        object.insert(member.to_owned(), value.into());
    }
}
