//! The catalog behind the endpoint: it resolves the caller and runs an operation in one
//! transaction.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::auth::{self, Scope};
use crate::clock::Clock;
use crate::cloud::Prefetched;
use crate::config::Config;
use crate::ctx::{Caller, Ctx, Handle};
use crate::error::{ApiError, RehearsalError};
use crate::faults::Faults;
use crate::input::Input;
use crate::model::Model;
use crate::operations::{self, Support};
use crate::provision::{Job, engine};
use crate::query::sts;
use crate::request_log::RequestLog;
use crate::store::{self, Place};
use crate::validate;

/// Everything that requests share.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) model: Model,
    pub(crate) clock: Clock,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<RequestLog>,
    hidden: Mutex<HashMap<Handle, u32>>,
    connection: Mutex<Connection>,
    jobs: Mutex<JoinSet<()>>,
    seed: String,
}

/// An operation's call, before it runs.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a str,
    pub(crate) body: &'a Map<String, Value>,
    pub(crate) caller: &'a Caller,
    /// How many later requests do not see what this call makes.
    pub(crate) hide: u32,
    /// What was read from other endpoints.
    pub(crate) prefetched: Prefetched,
}

impl App {
    pub(crate) fn open(config: Config) -> Result<Self, RehearsalError> {
        let is_account = config.account.len() == 12 && config.account.bytes().all(|b| b.is_ascii_digit());
        if !is_account {
            return Err(RehearsalError::Config(format!("the account must have 12 digits, not {:?}", config.account)));
        }
        if !matches!(config.product_ready.as_str(), "CREATED" | "AVAILABLE") {
            return Err(RehearsalError::Config(format!(
                "a ready product is CREATED or AVAILABLE, not {:?}",
                config.product_ready
            )));
        }
        let connection = store::open(config.state_dir.as_deref())?;
        let seed = store::seed(&connection, config.seed.as_deref()).map_err(|e| RehearsalError::State {
            path: config.state_dir.clone().unwrap_or_default(),
            reason: e.to_string(),
        })?;
        Ok(Self {
            model: Model::load()?,
            clock: Clock::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            hidden: Mutex::default(),
            connection: Mutex::new(connection),
            jobs: Mutex::default(),
            seed,
            config,
        })
    }

    fn connection(&self) -> Result<MutexGuard<'_, Connection>, ApiError> {
        self.connection.lock().map_err(|_| ApiError::internal("an earlier request broke the store"))
    }

    /// Runs work in one transaction, which an error undoes.
    pub(crate) fn transact<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut connection = self.connection()?;
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Forgets everything: state, faults, log, windows.
    pub(crate) fn reset(&self) -> Result<(), ApiError> {
        store::clear(&*self.connection()?)?;
        if let Ok(mut hidden) = self.hidden.lock() {
            hidden.clear();
        }
        if let Ok(mut faults) = self.faults.lock() {
            faults.clear();
        }
        if let Ok(mut log) = self.log.lock() {
            log.clear();
        }
        Ok(())
    }

    /// Starts work on stacks in the background.
    pub(crate) fn spawn(self: &Arc<Self>, jobs: Vec<Job>) {
        let Ok(mut running) = self.jobs.lock() else { return };
        // What has ended need not be kept.
        while running.try_join_next().is_some() {}
        for job in jobs {
            running.spawn(engine::run(Arc::clone(self), job));
        }
    }

    /// Takes up the work that an earlier endpoint on the same state left.
    pub(crate) fn resume(self: &Arc<Self>) -> Result<(), ApiError> {
        self.spawn(engine::unfinished(self)?);
        Ok(())
    }

    /// Leaves the work on stacks where it is; the next endpoint on the same state resumes it.
    pub(crate) fn abandon_jobs(&self) {
        if let Ok(mut running) = self.jobs.lock() {
            running.abort_all();
        }
    }

    /// The identity behind an access key id.
    pub(crate) fn caller(&self, scope: &Scope) -> Result<Caller, ApiError> {
        let session = match scope.key.strip_prefix("ASIA") {
            Some(_) => self.transact(|tx| sts::session(tx, &scope.key))?,
            None => None,
        };
        if let Some(session) = session {
            return Ok(Caller {
                place: Place { account: session.account.clone(), region: scope.region.clone() },
                arn: session.arn(),
                user_id: format!("{}:{}", session.role_id, session.name),
                principal: session.role_arn,
            });
        }
        let numeric = scope.key.len() == 12 && scope.key.bytes().all(|b| b.is_ascii_digit());
        let account = if numeric { scope.key.clone() } else { self.config.account.clone() };
        let arn = format!("arn:{}:iam::{account}:user/rehearsal", auth::partition(&scope.region));
        Ok(Caller {
            place: Place { account, region: scope.region.clone() },
            principal: arn.clone(),
            arn,
            user_id: "AIDAREHEARSALUSER0000".to_owned(),
        })
    }

    /// Checks a call against the model, before anything is read or fetched for it.
    pub(crate) fn admit(&self, operation: &str, body: &Map<String, Value>) -> Result<(), ApiError> {
        match operations::find(operation) {
            Some(Support::Served(..)) => validate::input(&self.model, operation, body),
            Some(Support::Refused(why)) => Err(ApiError::new(
                400,
                "UnknownOperationException",
                format!("The rehearsal catalog does not serve {operation}: {why}."),
            )),
            None => Err(ApiError::new(
                400,
                "UnknownOperationException",
                format!("AWS Service Catalog has no operation {operation}."),
            )),
        }
    }

    /// Runs a call that was admitted. The jobs it leaves are to be [spawned](Self::spawn).
    pub(crate) fn call(&self, call: Call<'_>) -> Result<(Value, Vec<Job>), ApiError> {
        let Some(Support::Served(handler, _)) = operations::find(call.operation) else {
            return Err(ApiError::internal("a refused operation was called"));
        };
        let (hide, body, caller) = (call.hide, call.body, call.caller);
        let (answer, created, touched, jobs) = self.transact(|tx| {
            let ctx = Ctx {
                tx,
                caller,
                config: &self.config,
                model: &self.model,
                operation: call.operation,
                now: self.clock.now(),
                seed: &self.seed,
                hidden: &self.hidden,
                fetched: call.prefetched.template,
                role_found: call.prefetched.role_found,
                created: RefCell::default(),
                touched: RefCell::default(),
                jobs: RefCell::default(),
            };
            let outcome = match self.replay(&ctx, body)? {
                Some(answer) => Ok(answer),
                None => handler(&ctx, Input(body)).and_then(|answer| {
                    self.remember(&ctx, body, &answer)?;
                    Ok(answer)
                }),
            };
            let touched = ctx.touched.take();
            // A lookup that failed has still been a lookup of what is hidden.
            if outcome.is_err() {
                self.count_down(&touched);
            }
            let answer = outcome?;
            validate::output(&self.model, call.operation, &answer)
                .map_err(|e| ApiError::internal(format!("the answer does not fit the API model: {e}")))?;
            Ok((answer, ctx.created.take(), touched, ctx.jobs.take()))
        })?;
        self.count_down(&touched);
        self.hide(&created, hide);
        Ok((answer, jobs))
    }

    fn count_down(&self, touched: &BTreeSet<Handle>) {
        let Ok(mut hidden) = self.hidden.lock() else { return };
        for handle in touched {
            if let Some(left) = hidden.get_mut(handle) {
                *left -= 1;
                if *left == 0 {
                    hidden.remove(handle);
                }
            }
        }
    }

    fn hide(&self, created: &[Handle], reads: u32) {
        if reads == 0 {
            return;
        }
        if let Ok(mut hidden) = self.hidden.lock() {
            hidden.extend(created.iter().map(|handle| (handle.clone(), reads)));
        }
    }

    /// The stored answer of an earlier call with the same idempotency token.
    fn replay(&self, ctx: &Ctx<'_>, body: &Map<String, Value>) -> Result<Option<Value>, ApiError> {
        let Some(token) = self.token(ctx.operation, body) else { return Ok(None) };
        let oldest = ctx.now - self.config.token_retention.as_secs_f64();
        let place = ctx.place();
        let row: Option<(String, String)> = ctx
            .tx
            .query_row(
                "SELECT digest, answer FROM tokens
                 WHERE account = ?1 AND region = ?2 AND operation = ?3 AND token = ?4 AND at >= ?5",
                params![place.account, place.region, ctx.operation, token, oldest],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        match row {
            None => Ok(None),
            Some((digest, answer)) if digest == digest_of(body) => Ok(Some(serde_json::from_str(&answer)?)),
            Some(_) => {
                Err(ApiError::invalid(format!("Idempotency token {token} was already used with other parameters.")))
            }
        }
    }

    fn remember(&self, ctx: &Ctx<'_>, body: &Map<String, Value>, answer: &Value) -> Result<(), ApiError> {
        let Some(token) = self.token(ctx.operation, body) else { return Ok(()) };
        let place = ctx.place();
        ctx.tx.execute(
            "INSERT OR REPLACE INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![place.account, place.region, ctx.operation, token, digest_of(body), answer.to_string(), ctx.now],
        )?;
        Ok(())
    }

    fn token<'b>(&self, operation: &str, body: &'b Map<String, Value>) -> Option<&'b str> {
        body.get(self.model.token_member(operation)?)?.as_str()
    }
}

/// A request's fingerprint. Only the digest is kept, as parameters can be secret.
fn digest_of(body: &Map<String, Value>) -> String {
    let text = Value::Object(body.clone()).to_string();
    Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}
