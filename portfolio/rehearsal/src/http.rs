//! Requests by protocol: JSON 1.1, Query, S3, and the rehearsal's own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde_json::Value;

use crate::app::{App, Call};
use crate::auth::{self, Scope};
use crate::error::ApiError;
use crate::faults::Effect;
use crate::request_log::LogEntry;
use crate::{cloud, query, s3};

const TARGET: &str = "AWS242ServiceCatalogService.";

/// How a request is answered, errors included.
enum Protocol {
    Json,
    Query,
    S3,
}

/// A request with its protocol settled.
struct Incoming {
    protocol: Protocol,
    operation: String,
    scope: Result<Scope, ApiError>,
    parts: Parts,
    body: Vec<u8>,
}

/// What to send, or that the connection is to be dropped.
pub(crate) enum Outcome {
    Answer(Response<Body>),
    Drop,
}

/// Serves one request of an AWS protocol.
pub(crate) async fn serve(app: Arc<App>, parts: Parts, body: Vec<u8>) -> Outcome {
    let request_id = uuid::Uuid::new_v4().to_string();
    let incoming = classify(parts, body);
    let effects = app.faults.lock().map(|mut f| f.strike(&incoming.operation)).unwrap_or_default();
    let mut hide = 0;
    let mut early = None;
    let mut drop_after = false;
    for effect in effects {
        match effect {
            Effect::Latency { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
            Effect::DropBefore => {
                log(&app, &incoming, &request_id, 0, "");
                return Outcome::Drop;
            }
            Effect::DropAfter => drop_after = true,
            Effect::NotFoundWindow { reads } => hide = reads,
            Effect::Throttle => early = Some(ApiError::new(400, "ThrottlingException", "Rate exceeded")),
            Effect::Internal => early = Some(ApiError::internal("An internal failure was scripted.")),
            Effect::Error { code, message, status } => early = Some(ApiError::new(status, &code, message)),
        }
    }
    let result = match early {
        Some(error) => Err(error),
        None => run(Arc::clone(&app), &incoming, &request_id, hide).await,
    };
    let (status, code) = match &result {
        Ok(answer) => (answer.status, String::new()),
        Err(error) => (error.status, error.code.clone()),
    };
    log(&app, &incoming, &request_id, if drop_after { 0 } else { status }, &code);
    if drop_after {
        return Outcome::Drop;
    }
    let answer = result.unwrap_or_else(|error| error_answer(&incoming, &error, &request_id));
    Outcome::Answer(respond(answer, &incoming, &request_id))
}

fn log(app: &App, incoming: &Incoming, request_id: &str, status: u16, code: &str) {
    let caller = incoming.scope.as_ref().ok().and_then(|s| app.caller(s).ok());
    let entry = LogEntry {
        operation: incoming.operation.clone(),
        account: caller.as_ref().map(|c| c.place.account.clone()).unwrap_or_default(),
        region: caller.map(|c| c.place.region).unwrap_or_default(),
        status,
        code: code.to_owned(),
        request_id: request_id.to_owned(),
    };
    if let Ok(mut log) = app.log.lock() {
        log.push(entry);
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

fn classify(parts: Parts, body: Vec<u8>) -> Incoming {
    let target = header(&parts.headers, "x-amz-target");
    let form = header(&parts.headers, "content-type").starts_with("application/x-www-form-urlencoded");
    let scope = auth::scope(&parts.headers, parts.uri.query().unwrap_or_default());
    let smithy = header(&parts.headers, "smithy-protocol").to_owned();
    let (protocol, operation) = if parts.uri.path().starts_with("/service/") || !smithy.is_empty() {
        (Protocol::Json, "(unsupported protocol)".to_owned())
    } else if !target.is_empty() {
        (Protocol::Json, target.strip_prefix(TARGET).unwrap_or(target).to_owned())
    } else if parts.method == Method::POST && form {
        let service = scope.as_ref().map_or("", |s| s.service.as_str());
        let action = query::fields(&body).remove("Action").unwrap_or_default();
        (Protocol::Query, format!("{service}:{action}"))
    } else {
        (Protocol::S3, s3_request(&parts, &body, &crate::store::Place::default(), 0.0).operation())
    };
    Incoming { protocol, operation, scope, parts, body }
}

fn s3_request<'a>(parts: &'a Parts, body: &'a [u8], place: &'a crate::store::Place, now: f64) -> s3::Request<'a> {
    let path = percent_encoding::percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
    let path = path.strip_prefix('/').unwrap_or(&path);
    let host = s3::host_name(header(&parts.headers, "host"));
    let (bucket, key) = match s3::bucket_of_host(&host) {
        s3::Host::Virtual(bucket) => (bucket, path.to_owned()),
        _ => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (bucket.to_owned(), key.to_owned())
        }
    };
    let query: BTreeMap<String, String> = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    s3::Request { method: &parts.method, bucket, key, query, headers: &parts.headers, body, place, now }
}

/// Runs a request off the asynchronous threads, since the store blocks.
async fn run(app: Arc<App>, incoming: &Incoming, request_id: &str, hide: u32) -> Result<s3::Answer, ApiError> {
    let scope = incoming.scope.clone()?;
    match incoming.protocol {
        Protocol::Json => json(app, incoming, &scope, hide).await,
        Protocol::Query => form(app, incoming, scope, request_id).await,
        Protocol::S3 => object(app, incoming, scope).await,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(ApiError::internal("the request's work broke off")))
}

async fn json(app: Arc<App>, incoming: &Incoming, scope: &Scope, hide: u32) -> Result<s3::Answer, ApiError> {
    let headers = &incoming.parts.headers;
    let target = header(headers, "x-amz-target");
    let smithy = header(headers, "smithy-protocol");
    if incoming.parts.uri.path().starts_with("/service/") || !smithy.is_empty() {
        return Err(ApiError::new(
            400,
            "UnsupportedProtocolException",
            format!(
                "The rehearsal catalog speaks AWS JSON 1.1 only, not {}. Use a client that sends X-Amz-Target.",
                if smithy.is_empty() { "Smithy RPC v2" } else { smithy }
            ),
        ));
    }
    if !target.starts_with(TARGET) {
        return Err(ApiError::new(
            400,
            "UnknownOperationException",
            format!("{target} is not an operation of AWS Service Catalog, whose targets start with {TARGET}"),
        ));
    }
    if scope.service != "servicecatalog" {
        return Err(ApiError::new(
            400,
            "InvalidSignatureException",
            "Credential should be scoped to correct service: 'servicecatalog'.",
        ));
    }
    if !header(headers, "content-type").starts_with("application/x-amz-json-1.1") {
        return Err(ApiError::new(
            400,
            "UnsupportedProtocolException",
            "The content type must be application/x-amz-json-1.1.",
        ));
    }
    let bad_json = || ApiError::new(400, "SerializationException", "The request body is not a JSON object.");
    let body = match serde_json::from_slice::<Value>(&incoming.body) {
        Ok(Value::Object(body)) => body,
        _ if incoming.body.is_empty() => serde_json::Map::new(),
        _ => return Err(bad_json()),
    };
    let operation = incoming.operation.clone();
    app.admit(&operation, &body)?;
    let caller = app.caller(scope)?;
    let prefetched = cloud::prefetch(&app, &operation, &body, &caller).await;
    let catalog = Arc::clone(&app);
    let (answer, jobs) = blocking(move || {
        let call = Call { operation: &operation, body: &body, caller: &caller, hide, prefetched };
        catalog.call(call)
    })
    .await?;
    app.spawn(jobs);
    Ok(s3::Answer { status: 200, headers: BTreeMap::new(), body: answer.to_string().into_bytes() })
}

async fn form(app: Arc<App>, incoming: &Incoming, scope: Scope, request_id: &str) -> Result<s3::Answer, ApiError> {
    if !matches!(scope.service.as_str(), "sts" | "iam") {
        return Err(ApiError::new(
            400,
            "InvalidAction",
            format!("The rehearsal catalog serves STS and IAM in this protocol, not {}.", scope.service),
        ));
    }
    let fields = query::fields(&incoming.body);
    let request_id = request_id.to_owned();
    let document = blocking(move || {
        let caller = app.caller(&scope)?;
        let now = app.clock.now();
        let request = query::Request { service: &scope.service, fields, caller: &caller, now };
        app.transact(|tx| request.serve(tx, &request_id))
    })
    .await?;
    Ok(s3::Answer { status: 200, headers: BTreeMap::new(), body: document.into_bytes() })
}

async fn object(app: Arc<App>, incoming: &Incoming, scope: Scope) -> Result<s3::Answer, ApiError> {
    let (parts, body) = (incoming.parts.clone(), incoming.body.clone());
    blocking(move || {
        let caller = app.caller(&scope)?;
        let now = app.clock.now();
        let request = s3_request(&parts, &body, &caller.place, now);
        app.transact(|tx| request.serve(tx))
    })
    .await
}

fn error_answer(incoming: &Incoming, error: &ApiError, request_id: &str) -> s3::Answer {
    match incoming.protocol {
        Protocol::Json => s3::Answer {
            status: error.status,
            headers: BTreeMap::from([("x-amzn-errortype".to_owned(), error.code.clone())]),
            body: error.body().to_string().into_bytes(),
        },
        Protocol::Query => s3::Answer {
            status: error.status,
            headers: BTreeMap::new(),
            body: query::error_document(error, request_id).into_bytes(),
        },
        Protocol::S3 => s3::error_answer(error, incoming.parts.uri.path(), request_id),
    }
}

fn respond(answer: s3::Answer, incoming: &Incoming, request_id: &str) -> Response<Body> {
    let (id_header, content_type) = match incoming.protocol {
        Protocol::Json => ("x-amzn-requestid", Some("application/x-amz-json-1.1")),
        Protocol::Query => ("x-amzn-requestid", Some("text/xml")),
        Protocol::S3 => ("x-amz-request-id", None),
    };
    // The answer to HEAD has the headers of the document and none of its bytes.
    let head = incoming.parts.method == Method::HEAD;
    let body = if head { Body::empty() } else { Body::from(answer.body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in &answer.headers {
        let name = axum::http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    if let Some(content_type) = content_type {
        headers.insert("content-type", HeaderValue::from_static(content_type));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(id_header, id);
    }
    response
}
