//! What JavaScript gets to see, as JSON.

use edgeseal_core::cookies::CookieSet;
use edgeseal_core::policy::{Policy, ResourcePattern, Warning};
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

/// A verdict.
pub(crate) fn verdict(verdict: &Result<Grant, Denial>) -> String {
    let text = match verdict {
        Ok(grant) => serde_json::to_string(&AllowedView {
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
            serde_json::to_string(&DeniedView {
                allowed: false,
                reason: denial.reason.code(),
                message: denial.reason.sentence(),
                detail: denial.detail.as_deref(),
                cloud_front_error: CloudFrontErrorView { code: error.code, message: error.message },
            })
        }
    };
    text.unwrap_or_default()
}

/// Cookies as pairs, as a request header and as response headers.
pub(crate) fn cookies(set: &CookieSet, lines: &[String]) -> String {
    let pairs: Map<String, Value> =
        set.pairs().iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
    serde_json::json!({"cookies": pairs, "cookieHeader": set.to_cookie_header(), "setCookie": lines}).to_string()
}
