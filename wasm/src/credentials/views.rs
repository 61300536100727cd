//! What JavaScript gets to see, as JSON.

use edgeseal_core::cookies::CookieSet;
use edgeseal_core::explain::Explanation;
use edgeseal_core::policy::{Policy, ResourcePattern, Warning};
use edgeseal_core::time;
use edgeseal_core::verify::{Denial, Grant};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    expires: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_address: Option<String>,
}

#[derive(Serialize)]
struct WarningView {
    code: &'static str,
    message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AllowedView<'a> {
    allowed: bool,
    source: &'static str,
    key_pair_id: &'a str,
    hash: &'static str,
    policy_kind: &'static str,
    policy: PolicyView<'a>,
    policy_text: &'a str,
    query: &'a str,
    remaining_seconds: u64,
    warnings: Vec<WarningView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeniedView<'a> {
    allowed: bool,
    reason: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    cloud_front_error: CloudFrontErrorView,
}

#[derive(Serialize)]
struct CloudFrontErrorView {
    code: &'static str,
    message: &'static str,
}

fn policy(policy: &Policy) -> PolicyView<'_> {
    PolicyView {
        resource: policy.resource.as_ref().map(ResourcePattern::text),
        expires: policy.expires,
        not_before: policy.not_before,
        ip_address: policy.ip.map(|range| range.to_string()),
    }
}

fn warning(warning: &Warning) -> WarningView {
    WarningView { code: warning.code(), message: warning.sentence() }
}

#[derive(Serialize)]
#[serde(untagged)]
enum VerdictView<'a> {
    Allowed(AllowedView<'a>),
    Denied(DeniedView<'a>),
}

fn verdict_view(verdict: &Result<Grant, Denial>) -> VerdictView<'_> {
    match verdict {
        Ok(grant) => VerdictView::Allowed(AllowedView {
            allowed: true,
            source: grant.source.as_str(),
            key_pair_id: &grant.key_pair_id,
            hash: grant.hash.as_str(),
            policy_kind: grant.kind.as_str(),
            policy: policy(&grant.policy),
            policy_text: &grant.policy_text,
            query: &grant.query,
            remaining_seconds: grant.remaining,
            warnings: grant.policy.warnings.iter().map(warning).collect(),
        }),
        Err(denial) => {
            let error = denial.reason.cloudfront_error();
            VerdictView::Denied(DeniedView {
                allowed: false,
                reason: denial.reason.code(),
                message: denial.reason.sentence(),
                detail: denial.detail.as_deref(),
                cloud_front_error: CloudFrontErrorView { code: error.code, message: error.message },
            })
        }
    }
}

/// A verdict.
pub(crate) fn verdict(verdict: &Result<Grant, Denial>) -> String {
    serde_json::to_string(&verdict_view(verdict)).unwrap_or_default()
}

/// Cookies as pairs, as a request header and as response headers.
pub(crate) fn cookies(set: &CookieSet, lines: &[String]) -> String {
    let pairs: Map<String, Value> =
        set.pairs().iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
    serde_json::json!({"cookies": pairs, "cookieHeader": set.to_cookie_header(), "setCookie": lines}).to_string()
}

#[derive(Serialize)]
struct CheckView<'a> {
    id: &'static str,
    title: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
}

#[derive(Serialize)]
struct CauseView<'a> {
    code: &'static str,
    sentence: &'a str,
    fix: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplanationView<'a> {
    verdict: VerdictView<'a>,
    checks: Vec<CheckView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<TimesView>,
    warnings: Vec<WarningView>,
    causes: Vec<CauseView<'a>>,
}

/// The policy's times in words.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimesView {
    now: String,
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
}

/// An explanation.
pub(crate) fn explanation(explanation: &Explanation, now: u64) -> String {
    let checks = explanation.checks.iter().map(|check| CheckView {
        id: check.id,
        title: check.title,
        outcome: check.outcome.as_str(),
        detail: &check.detail,
    });
    let causes = explanation.causes.iter().map(|cause| CauseView {
        code: cause.code,
        sentence: &cause.sentence,
        fix: cause.fix,
    });
    let view = ExplanationView {
        verdict: verdict_view(&explanation.verdict),
        checks: checks.collect(),
        policy: explanation.policy.as_ref().map(policy),
        policy_text: explanation.policy_text.as_deref(),
        times: explanation.policy.as_ref().map(|policy| TimesView {
            now: time::format(now),
            expires: time::format(policy.expires),
            not_before: policy.not_before.map(time::format),
        }),
        warnings: explanation.policy.iter().flat_map(|policy| &policy.warnings).map(warning).collect(),
        causes: causes.collect(),
    };
    serde_json::to_string(&view).unwrap_or_default()
}
