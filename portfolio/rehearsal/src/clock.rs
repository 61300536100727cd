//! Time, in seconds since the epoch, with an offset a test can move.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock that asynchronous states run on: the system's time plus an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: Mutex<f64>,
}

impl Clock {
    /// Seconds since the epoch, to the millisecond, as AWS gives timestamps.
    pub(crate) fn now(&self) -> f64 {
        let system = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64());
        let offset = self.offset.lock().map_or(0.0, |o| *o);
        ((system + offset) * 1000.0).round() / 1000.0
    }

    /// Moves the clock forward, so that a test need not wait for a state to settle.
    pub(crate) fn advance(&self, seconds: f64) {
        if let Ok(mut offset) = self.offset.lock() {
            *offset += seconds.max(0.0);
        }
    }
}
