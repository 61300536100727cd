//! The time of day: the core reads no clock, so this crate does.

use edgeseal_core::policy::Terms;
use edgeseal_core::time::EpochSeconds;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock: the system's unless a test says otherwise.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// A clock that asks a function.
    ///
    /// ```
    /// use edgeseal_aws::Clock;
    /// use std::time::{Duration, UNIX_EPOCH};
    /// let stopped = Clock::new(|| UNIX_EPOCH + Duration::from_secs(1_767_225_600));
    /// assert_eq!(stopped.seconds(), 1_767_225_600);
    /// ```
    #[must_use]
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// The time in whole seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> EpochSeconds {
        self.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Terms that end this long from now, by the system's clock.
///
/// ```
/// use edgeseal_aws::{Clock, valid_for};
/// use std::time::Duration;
/// let terms = valid_for(Duration::from_secs(900));
/// assert!(terms.expires > Clock::default().seconds());
/// ```
#[must_use]
pub fn valid_for(lifetime: Duration) -> Terms {
    Terms::until(Clock::default().seconds().saturating_add(lifetime.as_secs()))
}
