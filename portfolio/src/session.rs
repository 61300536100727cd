//! One region's connections, with how patient to be and whether to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::adapters::aws::{Aws, CallLog};
use crate::adapters::{Catalog, Roles, Store, Team};
use crate::error::{Code, Error, Result};
use crate::state::Target;

/// Everything a command needs of one account and region.
#[derive(Clone)]
pub struct Session {
    /// Where.
    pub target: Target,
    /// ARN of the caller.
    pub caller: String,
    /// Endpoint of AWS Service Catalog.
    pub endpoint: String,
    /// AWS Service Catalog for an admin.
    pub catalog: Arc<dyn Catalog>,
    /// AWS Service Catalog for a team.
    pub team: Arc<dyn Team>,
    /// Templates and the lock.
    pub store: Arc<dyn Store>,
    /// Launch roles.
    pub roles: Arc<dyn Roles>,
    /// Requests made so far.
    pub calls: CallLog,
    /// Whether this region looks after the launch roles, which every region shares.
    pub keeps_roles: bool,
    /// Patience.
    pub pace: Pace,
    /// Set by Ctrl-C.
    pub stop: Stop,
}

impl Session {
    /// A session on AWS connections.
    #[must_use]
    pub fn new(aws: &Aws, pace: Pace, stop: Stop) -> Self {
        Self {
            target: aws.target(),
            caller: aws.identity.arn.clone(),
            endpoint: aws.endpoint.clone(),
            catalog: Arc::new(aws.catalog.clone()),
            team: Arc::new(aws.team.clone()),
            store: Arc::new(aws.store.clone()),
            roles: Arc::new(aws.roles.clone()),
            calls: aws.calls.clone(),
            keeps_roles: true,
            pace,
            stop,
        }
    }
}

/// How long to wait for what AWS does in the background.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// First pause between two looks.
    pub first: Duration,
    /// Longest pause between two looks.
    pub longest: Duration,
    /// When to give up on an object that does not become ready.
    pub timeout: Duration,
    /// How long AWS may take to spread what was just made; a "not found" within it is tried again.
    pub propagation: Duration,
    /// How many products are worked on at the same time.
    pub parallel: usize,
    /// How long a publish lock lasts without being renewed.
    pub lease: Duration,
    /// How long to wait for another run's publish lock.
    pub lock_timeout: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(5),
            timeout: Duration::from_secs(300),
            propagation: Duration::from_secs(60),
            parallel: 4,
            lease: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(90),
        }
    }
}

/// A series of pauses that ends in an error.
pub struct Patience {
    pause: Duration,
    longest: Duration,
    deadline: Instant,
}

impl Pace {
    /// Patience for an object to become ready.
    #[must_use]
    pub fn patience(&self) -> Patience {
        self.patience_for(self.timeout)
    }

    /// Patience that ends after `limit`.
    #[must_use]
    pub fn patience_for(&self, limit: Duration) -> Patience {
        Patience { pause: self.first, longest: self.longest, deadline: Instant::now() + limit }
    }
}

impl Patience {
    /// Pauses, a little longer each time.
    ///
    /// # Errors
    /// `wait-timeout` when there is no patience left; `what` is what was waited for.
    pub async fn pause(&mut self, what: &str) -> Result<()> {
        if Instant::now() + self.pause > self.deadline {
            return Err(Error::new(Code::WaitTimeout, format!("{what} did not become ready in time")));
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(self.longest);
        Ok(())
    }
}

/// A wish to stop after the calls in flight.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Wishes to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody wishes to stop.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// # Errors
    /// `interrupted` when somebody wishes to stop.
    pub fn check(&self) -> Result<()> {
        if self.requested() { Err(Error::new(Code::Interrupted, "stopped before the next call")) } else { Ok(()) }
    }
}
