//! Reading what JavaScript passes.

use crate::error::thrown;
use edgeseal_core::keys::HashAlgorithm;
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Terms};
use edgeseal_core::time::{EpochSeconds, MAX_DOCUMENTED_EPOCH};
use edgeseal_core::upload::UploadConstraints;
use edgeseal_core::{Error, time};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Whole, non-negative seconds from a JavaScript number. The TypeScript side has refused everything else.
pub(crate) fn seconds(value: f64) -> EpochSeconds {
    value as EpochSeconds
}

/// The terms of a new policy.
pub(crate) fn terms(
    expires: f64,
    not_before: Option<f64>,
    ip: Option<String>,
    resource: Option<String>,
) -> Result<Terms, JsValue> {
    read_terms(expires, not_before, ip.as_deref(), resource.as_deref()).map_err(|error| thrown(&error))
}

fn read_terms(expires: f64, not_before: Option<f64>, ip: Option<&str>, resource: Option<&str>) -> Result<Terms, Error> {
    Ok(Terms {
        expires: seconds(expires),
        not_before: not_before.map(seconds),
        ip: ip.map(Ipv4Range::parse).transpose()?,
        resource: resource.map(ResourcePattern::for_signing).transpose()?,
    })
}

/// `SHA1` or `SHA256`.
pub(crate) fn hash(text: &str) -> Result<HashAlgorithm, JsValue> {
    HashAlgorithm::parse(text).map_err(|error| thrown(&error))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UploadView {
    method: Option<String>,
    max_bytes: Option<u64>,
    content_type: Option<String>,
    sha256: Option<String>,
    filename: Option<String>,
}

/// Upload constraints from JSON.
pub(crate) fn upload(json: Option<String>) -> Result<Option<UploadConstraints>, JsValue> {
    let Some(json) = json else { return Ok(None) };
    let view: UploadView = serde_json::from_str(&json).map_err(|error| {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default();
        JsValue::from_str(&serde_json::json!({"code": "invalid-upload-constraint", "message": format!("the upload constraints cannot be read: {what}"), "field": "upload"}).to_string())
    })?;
    Ok(Some(UploadConstraints {
        method: view.method,
        max_bytes: view.max_bytes,
        content_type: view.content_type,
        sha256: view.sha256,
        filename: view.filename,
    }))
}

/// Reads a time text; see `edgeseal_core::time::parse`.
#[wasm_bindgen(js_name = parseTime)]
pub fn parse_time(text: &str, now: f64, field: &str) -> Result<f64, JsValue> {
    let field = match field {
        "notBefore" => "notBefore",
        "now" => "now",
        _ => "expires",
    };
    time::parse(text, seconds(now), field).map(|at| at as f64).map_err(|error| thrown(&error))
}

/// The last expiry that CloudFront documents, in seconds since 1970.
#[wasm_bindgen(js_name = maxDocumentedEpoch)]
#[must_use]
pub fn max_documented_epoch() -> f64 {
    MAX_DOCUMENTED_EPOCH as f64
}
