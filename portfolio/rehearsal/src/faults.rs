//! Faults that a test scripts: by operation, by the how-manieth call, and for how many calls.

use serde::{Deserialize, Serialize};

/// What a fault does to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The call has no effect and answers `ThrottlingException`.
    Throttle,
    /// The call has no effect and answers HTTP 500 `InternalFailure`.
    Internal,
    /// The connection is closed with no effect and no answer.
    DropBefore,
    /// The call takes effect, and then the connection is closed without an answer.
    DropAfter,
    /// The call takes effect; what it made is not found by the next requests that look.
    NotFoundWindow {
        /// How many requests do not find it.
        reads: u32,
    },
    /// The call waits before it is served.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// The call has no effect and answers this error.
    Error {
        /// The AWS error code.
        code: String,
        /// The sentence for a person.
        message: String,
        /// The HTTP status; 400 when not given.
        #[serde(default = "bad_request")]
        status: u16,
    },
}

fn bad_request() -> u16 {
    400
}

/// A scripted fault.
///
/// ```
/// use edgeseal_rehearsal::{Effect, Fault};
///
/// let fault: Fault = serde_json::from_str(
///     r#"{"operation": "CreateProduct", "nth": 2, "effect": "drop-after"}"#,
/// ).unwrap();
/// assert_eq!(fault, Fault::new("CreateProduct", Effect::DropAfter).nth(2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The operation's name, `s3:PutObject` and the like for other services, or `*`.
    pub operation: String,
    /// The first call it touches, counted from 1 since the fault was set.
    #[serde(default = "one")]
    pub nth: u32,
    /// How many calls it touches from there; 0 means all.
    #[serde(default = "one")]
    pub times: u32,
    /// What it does.
    #[serde(flatten)]
    pub effect: Effect,
}

fn one() -> u32 {
    1
}

impl Fault {
    /// A fault on the next call of an operation.
    pub fn new(operation: &str, effect: Effect) -> Self {
        Self { operation: operation.to_owned(), nth: 1, times: 1, effect }
    }

    /// Sets which call is the first it touches.
    #[must_use]
    pub fn nth(mut self, nth: u32) -> Self {
        self.nth = nth;
        self
    }

    /// Sets how many calls it touches; 0 means all.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }
}

/// The faults in force, with how many matching calls each has seen.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    set: Vec<(Fault, u32)>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push((fault, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.set.clear();
    }

    /// The faults, each with the number of matching calls so far.
    pub(crate) fn list(&self) -> &[(Fault, u32)] {
        &self.set
    }

    /// Counts a call and gives the effects that touch it.
    pub(crate) fn strike(&mut self, operation: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (fault, seen) in &mut self.set {
            if fault.operation != "*" && fault.operation != operation {
                continue;
            }
            *seen += 1;
            let last = fault.nth.saturating_add(fault.times).saturating_sub(1);
            if *seen >= fault.nth && (fault.times == 0 || *seen <= last) {
                effects.push(fault.effect.clone());
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_touches_the_calls_it_names_and_no_others() {
        let mut faults = Faults::default();
        faults.add(Fault::new("A", Effect::Throttle).nth(2).times(2));
        faults.add(Fault::new("*", Effect::Internal).nth(4).times(0));
        let hits: Vec<usize> = ["A", "B", "A", "A", "A", "B"].iter().map(|o| faults.strike(o).len()).collect();
        assert_eq!(hits, [0, 0, 1, 2, 1, 1]);
    }

    #[test]
    fn a_fault_with_an_unknown_effect_or_field_is_refused() {
        assert!(serde_json::from_str::<Fault>(r#"{"operation": "A", "effect": "explode"}"#).is_err());
        let window: Fault =
            serde_json::from_str(r#"{"operation": "A", "effect": "not-found-window", "reads": 2}"#).unwrap();
        assert_eq!(window.effect, Effect::NotFoundWindow { reads: 2 });
    }
}
