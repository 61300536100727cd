//! Starting and stopping an endpoint.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::config::{Config, Organization, Quotas};
use crate::error::RehearsalError;
use crate::faults::Fault;
use crate::request_log::LogEntry;
use crate::server::Server;

/// A running endpoint.
pub struct Rehearsal {
    app: Arc<App>,
    server: Server,
}

impl Rehearsal {
    /// Settings for an endpoint; with none it keeps its state in memory on a free port.
    pub fn builder() -> Builder {
        Builder { config: Config::default() }
    }

    /// The endpoint's URL, such as `http://127.0.0.1:43210`. Give it to clients as the
    /// endpoint of Service Catalog, S3, STS and IAM.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// Scripts a fault.
    pub fn add_fault(&self, fault: Fault) {
        if let Ok(mut faults) = self.app.faults.lock() {
            faults.add(fault);
        }
    }

    /// Removes every scripted fault.
    pub fn clear_faults(&self) {
        if let Ok(mut faults) = self.app.faults.lock() {
            faults.clear();
        }
    }

    /// The requests served so far, oldest first.
    pub fn requests(&self) -> Vec<LogEntry> {
        self.app.log.lock().map(|log| log.entries()).unwrap_or_default()
    }

    /// Empties the request log.
    pub fn clear_requests(&self) {
        if let Ok(mut log) = self.app.log.lock() {
            log.clear();
        }
    }

    /// Moves the endpoint's clock forward, so that a state settles without waiting.
    pub fn advance_clock(&self, by: Duration) {
        self.app.clock.advance(by.as_secs_f64());
    }

    /// Stops listening once the requests under way are answered.
    pub async fn shutdown(self) {
        self.server.stop().await;
        self.app.abandon_jobs();
    }
}

/// Settings of an endpoint to be started.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    config: Config,
}

impl Builder {
    /// Keeps the state in memory; it is gone when the endpoint stops.
    pub fn in_memory(mut self) -> Self {
        self.config.state_dir = None;
        self
    }

    /// Keeps the state in a folder, which is made when it does not exist.
    pub fn state_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.config.state_dir = Some(path.as_ref().to_owned());
        self
    }

    /// The port on 127.0.0.1; 0 takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.config.port = port;
        self
    }

    /// The account of callers whose access key id is not a 12-digit number.
    pub fn account(mut self, account: &str) -> Self {
        account.clone_into(&mut self.config.account);
        self
    }

    /// How long products, versions and constraints stay in `CREATING`.
    pub fn settle(mut self, delay: Duration) -> Self {
        self.config.settle = delay;
        self
    }

    /// How long a portfolio share stays in `IN_PROGRESS`.
    pub fn share_delay(mut self, delay: Duration) -> Self {
        self.config.share_delay = delay;
        self
    }

    /// How long an idempotency token is remembered; 24 hours unless set.
    pub fn token_retention(mut self, time: Duration) -> Self {
        self.config.token_retention = time;
        self
    }

    /// The service's limits.
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.config.quotas = quotas;
        self
    }

    /// The organization that the accounts belong to.
    pub fn organization(mut self, organization: Organization) -> Self {
        self.config.organization = organization;
        self
    }

    /// Lets every caller see and launch products, associated as a principal or not.
    pub fn open_access(mut self, open: bool) -> Self {
        self.config.open_access = open;
        self
    }

    /// Whether the role of a launch constraint must exist; it must unless set.
    pub fn check_launch_roles(mut self, check: bool) -> Self {
        self.config.check_launch_roles = check;
        self
    }

    /// The CloudFormation endpoint on which provisioning makes real stacks. Launch roles are
    /// then looked up on the same endpoint's IAM, unless another is [set](Self::iam_endpoint).
    pub fn cloudformation_endpoint(mut self, url: &str) -> Self {
        self.config.cloudformation_endpoint = Some(url.to_owned());
        self
    }

    /// The S3 endpoint that templates are read from, instead of the built-in store.
    pub fn s3_endpoint(mut self, url: &str) -> Self {
        self.config.s3_endpoint = Some(url.to_owned());
        self
    }

    /// The IAM endpoint that launch roles are looked up on.
    pub fn iam_endpoint(mut self, url: &str) -> Self {
        self.config.iam_endpoint = Some(url.to_owned());
        self
    }

    /// Makes identifiers repeatable from one new state to another.
    pub fn seed(mut self, seed: &str) -> Self {
        self.config.seed = Some(seed.to_owned());
        self
    }

    /// Replaces every setting at once.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Starts the endpoint.
    ///
    /// # Errors
    /// When a setting makes no sense, the state folder cannot be used, or the port is taken.
    pub async fn build(self) -> Result<Rehearsal, RehearsalError> {
        let port = self.config.port;
        let app = Arc::new(App::open(self.config)?);
        let server = Server::start(Arc::clone(&app), port).await?;
        if app.config.cloudformation_endpoint.is_some() {
            app.resume().map_err(|e| RehearsalError::Config(e.to_string()))?;
        }
        Ok(Rehearsal { app, server })
    }
}
