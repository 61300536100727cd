//! The rehearsal's own endpoint under `/_rehearsal`: health, faults, request log, clock, reset.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::ApiError;
use crate::faults::Fault;
use crate::s3;

/// One fault, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    One(Fault),
    Many(Vec<Fault>),
}

/// Seconds in ten years.
const DECADE: f64 = 315_360_000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

/// Serves one request under `/_rehearsal`.
pub(crate) fn serve(app: &Arc<App>, parts: &Parts, body: &[u8]) -> Response<Body> {
    let (status, answer) = match route(app, parts, body) {
        Ok(answer) => (StatusCode::OK, answer),
        Err(error) => (StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST), error.body()),
    };
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    response
}

fn route(app: &Arc<App>, parts: &Parts, body: &[u8]) -> Result<Value, ApiError> {
    own_machine(parts)?;
    let lock = || ApiError::internal("an earlier request broke the endpoint's state");
    match (parts.method.as_str(), parts.uri.path()) {
        ("GET", "/_rehearsal/health") => Ok(json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "account": app.config.account,
            "cloudformation": app.config.cloudformation_endpoint,
        })),
        ("GET", "/_rehearsal/faults") => {
            let faults = app.faults.lock().map_err(|_| lock())?;
            Ok(faults.list().iter().map(|(fault, seen)| json!({ "fault": fault, "seen": seen })).collect())
        }
        ("POST", "/_rehearsal/faults") => {
            let given = match read(body)? {
                Given::One(one) => vec![one],
                Given::Many(many) => many,
            };
            let mut faults = app.faults.lock().map_err(|_| lock())?;
            let count = given.len();
            given.into_iter().for_each(|f| faults.add(f));
            Ok(json!({ "added": count }))
        }
        ("DELETE", "/_rehearsal/faults") => {
            app.faults.lock().map_err(|_| lock())?.clear();
            Ok(json!({}))
        }
        ("GET", "/_rehearsal/requests") => Ok(serde_json::to_value(app.log.lock().map_err(|_| lock())?.entries())?),
        ("DELETE", "/_rehearsal/requests") => {
            app.log.lock().map_err(|_| lock())?.clear();
            Ok(json!({}))
        }
        ("POST", "/_rehearsal/clock") => {
            let Advance { advance_seconds } = read(body)?;
            if !(0.0..=DECADE).contains(&advance_seconds) {
                return Err(ApiError::new(400, "BadRequest", "The clock moves forward, by ten years at most."));
            }
            app.clock.advance(advance_seconds);
            Ok(json!({ "now": app.clock.now() }))
        }
        ("POST", "/_rehearsal/reset") => {
            app.reset()?;
            Ok(json!({}))
        }
        (method, path) => {
            Err(ApiError::new(404, "NotFound", format!("There is no {method} {path}; see docs/rehearsal.md.")))
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|e| ApiError::new(400, "BadRequest", format!("The body is not what this path takes: {e}")))
}

/// A web page must not reach these paths through its visitor's browser.
fn own_machine(parts: &Parts) -> Result<(), ApiError> {
    let host = parts.headers.get("host").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let local = matches!(s3::host_name(host).as_str(), "127.0.0.1" | "localhost" | "::1");
    if local && !parts.headers.contains_key("origin") {
        return Ok(());
    }
    Err(ApiError::new(403, "Forbidden", "These paths are for programs on this machine."))
}
