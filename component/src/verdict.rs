//! Verdicts and explanations as records.

use crate::bindings::exports::edgeseal::core::verifying as wit;
use edgeseal_core::explain::{Cause, Check, Explanation, Outcome};
use edgeseal_core::policy::{Policy, ResourcePattern, Warning};
use edgeseal_core::verify::{Denial, Grant};

impl From<Result<Grant, Denial>> for wit::Verdict {
    fn from(verdict: Result<Grant, Denial>) -> Self {
        match verdict {
            Ok(grant) => Self::Allowed(grant.into()),
            Err(denial) => Self::Denied(denial.into()),
        }
    }
}

impl From<Grant> for wit::Grant {
    fn from(grant: Grant) -> Self {
        Self {
            source: grant.source.into(),
            key_pair_id: grant.key_pair_id,
            hash: grant.hash.into(),
            kind: grant.kind.into(),
            policy: (&grant.policy).into(),
            policy_text: grant.policy_text,
            query: grant.query,
            remaining_seconds: grant.remaining,
            warnings: warnings(&grant.policy),
        }
    }
}

impl From<Denial> for wit::Denial {
    fn from(denial: Denial) -> Self {
        let answer = denial.reason.cloudfront_error();
        Self {
            reason: denial.reason.code().to_owned(),
            message: denial.reason.sentence().to_owned(),
            detail: denial.detail,
            cloudfront_error: wit::CloudfrontError { code: answer.code.to_owned(), message: answer.message.to_owned() },
        }
    }
}

impl From<&Policy> for wit::Policy {
    fn from(policy: &Policy) -> Self {
        Self {
            resource: policy.resource.as_ref().map(ResourcePattern::text).map(str::to_owned),
            expires: policy.expires,
            not_before: policy.not_before,
            ip_address: policy.ip.map(|range| range.to_string()),
        }
    }
}

fn warnings(policy: &Policy) -> Vec<wit::Warning> {
    let view =
        |warning: &Warning| wit::Warning { code: warning.code().to_owned(), message: warning.sentence().to_owned() };
    policy.warnings.iter().map(view).collect()
}

impl From<Explanation> for wit::Explanation {
    fn from(explanation: Explanation) -> Self {
        let policy = explanation.policy.as_ref();
        Self {
            policy: policy.map(Into::into),
            warnings: policy.map(warnings).unwrap_or_default(),
            policy_text: explanation.policy_text,
            checks: explanation.checks.into_iter().map(Into::into).collect(),
            causes: explanation.causes.into_iter().map(Into::into).collect(),
            verdict: explanation.verdict.into(),
        }
    }
}

impl From<Check> for wit::Check {
    fn from(check: Check) -> Self {
        let outcome = match check.outcome {
            Outcome::Pass => wit::Outcome::Pass,
            Outcome::Fail => wit::Outcome::Fail,
            Outcome::Unknown => wit::Outcome::Unknown,
        };
        Self { id: check.id.to_owned(), title: check.title.to_owned(), outcome, detail: check.detail }
    }
}

impl From<Cause> for wit::Cause {
    fn from(cause: Cause) -> Self {
        Self { code: cause.code.to_owned(), sentence: cause.sentence, fix: cause.fix.to_owned() }
    }
}
