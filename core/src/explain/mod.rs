//! Why a request is refused: every check with its outcome, the policy decoded, and the likely cause.
//!
//! CloudFront answers almost every refusal with the same words. [`explain()`] walks the same checks as
//! [`verify`] without stopping at the first failure, and then looks for the mistake
//! behind it by trying what would have made the signature fit. [`KnownCause`] lists the mistakes it knows.
//!
//! The work is bounded: [`MAX_SIGNATURE_CHECKS`] for one request.

mod causes;
mod checks;
mod known;
mod layouts;
mod limits;
mod policy_text;
mod probe;
mod repairs;
mod shape;
mod variants;

pub use causes::Cause;
pub use checks::{Check, Outcome};
pub use known::KnownCause;

use crate::crypto::VerifyingKey;
use crate::keys::KeyRing;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::time::EpochSeconds;
use crate::verify::{Denial, Grant, VerifyOptions, ViewerRequest, verify};
use core::cell::Cell;

/// So many signatures are checked at most to explain one request, whatever it holds and however many keys there are.
pub const MAX_SIGNATURE_CHECKS: usize = 256;

/// What [`verify`] may need of [`MAX_SIGNATURE_CHECKS`]: one check for each scheme.
const CHECKS_OF_VERIFY: usize = 2;

/// The signature checks that are left.
struct Budget(Cell<usize>);

impl Budget {
    const fn new() -> Self {
        Self(Cell::new(MAX_SIGNATURE_CHECKS - CHECKS_OF_VERIFY))
    }

    /// Takes one; false when none is left.
    fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// What the caller knows beyond the request, to find the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints<'a> {
    /// Other host names of the distribution, under which the URL may have been signed.
    pub hosts: &'a [&'a str],
}

/// Everything that can be said about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What [`verify`] says.
    pub verdict: Result<Grant, Denial>,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// The policy, where it can be read. It is not to be believed unless the signature fits.
    pub policy: Option<Policy>,
    /// The policy's text, where there is one: sent along, or rebuilt from the request.
    pub policy_text: Option<String>,
    /// What probably went wrong, likeliest first; empty when the request is allowed.
    pub causes: Vec<Cause>,
}

/// Explains a request at a time.
///
/// ```
/// use edgeseal_core::explain::{Hints, explain};
/// use edgeseal_core::keys::KeyRing;
/// use edgeseal_core::verify::{VerifyOptions, ViewerRequest};
/// # use edgeseal_core::crypto::VerifyingKey;
/// # struct Nobody;
/// # impl VerifyingKey for Nobody { fn verify(&self, _: edgeseal_core::keys::HashAlgorithm, _: &[u8], _: &[u8]) -> bool { false } }
/// let keys: KeyRing<Nobody> = KeyRing::new();
/// let request = ViewerRequest::for_url("https://d111.cloudfront.net/a?Expires=1767290400000&Signature=x&Key-Pair-Id=K1").unwrap();
/// let explanation = explain(&request, &keys, 1_767_290_000, &VerifyOptions::default(), &Hints::default());
/// assert_eq!(explanation.causes[0].code, "expires-in-milliseconds");
/// ```
pub fn explain<K: VerifyingKey>(
    request: &ViewerRequest<'_>,
    keys: &KeyRing<K>,
    now: EpochSeconds,
    options: &VerifyOptions,
    hints: &Hints<'_>,
) -> Explanation {
    let verdict = verify(request, keys, now, options);
    let budget = Budget::new();
    let walk = checks::Walk::new(request, keys, now, options, &budget);
    let causes = if verdict.is_ok() { Vec::new() } else { causes::find(&walk, hints) };
    let undocumented = verdict.as_ref().err().filter(|denial| {
        // Forms that only a strict verifier refuses: each part can be read, so no check of its own fails.
        matches!(denial.reason, Reason::NonStandardForm | Reason::AmbiguousPolicy)
    });
    Explanation {
        checks: walk.checks(undocumented),
        policy: walk.policy.clone(),
        policy_text: walk.policy_text.clone(),
        causes,
        verdict,
    }
}
