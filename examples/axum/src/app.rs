//! The API: three calls around an upload, a list, and a link. The bytes never pass through here.

use crate::page;
use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Json, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use edgeseal_aws::core::ErrorCode::InvalidUploadConstraint;
use edgeseal_aws::{
    CompleteUpload, Error, ErrorCode, FileRecord, FileRecords, FileState, PageRequest, RequestDownload, RequestUpload,
    UploadService,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest file, in bytes.
const MAX_BYTES: u64 = 25_000_000;

/// What the calls share.
pub(crate) struct App {
    pub(crate) uploads: UploadService,
    pub(crate) records: FileRecords,
    pub(crate) files_origin: String,
}

type Shared = State<Arc<App>>;

/// All that the service answers to.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", get(|State(app): Shared| async move { page::html(&app.files_origin) }))
        .route("/page.css", get(page::style))
        .route("/page.js", get(page::script))
        .route("/api/uploads", post(request_upload))
        .route("/api/uploads/complete", post(complete_upload))
        .route("/api/files", get(list))
        .route("/api/files/url", get(download_url))
        .route("/api/files/content", get(download))
        .with_state(Arc::new(app))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    filename: Option<String>,
    content_type: String,
    bytes: u64,
}

#[derive(Serialize)]
struct Ticket {
    key: String,
    url: String,
    headers: BTreeMap<&'static str, String>,
}

async fn request_upload(
    State(app): Shared,
    headers: HeaderMap,
    body: Result<Json<Upload>, JsonRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let Json(Upload { filename, content_type, bytes }) = body?;
    if bytes > MAX_BYTES {
        let error = format!("A file may have up to {MAX_BYTES} bytes.");
        return Err(Refusal { status: StatusCode::PAYLOAD_TOO_LARGE, body: json!({ "error": error }) });
    }
    let owner = Some(user_of(&headers)?);
    let request = RequestUpload { owner, filename, content_type, max_bytes: bytes, ..RequestUpload::default() };
    let ticket = app.uploads.request_upload(request).await?;
    let headers = ticket.headers.into_iter().collect();
    Ok((StatusCode::CREATED, Json(Ticket { key: ticket.key, url: ticket.url, headers })))
}

#[derive(Deserialize)]
struct Completed {
    key: String,
}

async fn complete_upload(
    State(app): Shared,
    headers: HeaderMap,
    body: Result<Json<Completed>, JsonRejection>,
) -> Result<Json<Shown>, Refusal> {
    let Json(Completed { key }) = body?;
    let upload = CompleteUpload { key, owner: user_of(&headers)?, bytes: None };
    Ok(Json(app.uploads.complete_upload(upload).await?.into()))
}

#[derive(Deserialize)]
struct Place {
    next: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    files: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

async fn list(
    State(app): Shared,
    headers: HeaderMap,
    place: Result<Query<Place>, QueryRejection>,
) -> Result<Json<Listed>, Refusal> {
    let Query(Place { next }) = place?;
    let page = app.records.list(&user_of(&headers)?, PageRequest { next, limit: None }).await?;
    let complete = page.records.into_iter().filter(|record| record.state == FileState::Complete);
    Ok(Json(Listed { files: complete.map(Shown::from).collect(), next: page.next }))
}

#[derive(Deserialize)]
struct Wanted {
    key: String,
}

async fn download_url(
    State(app): Shared,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "url": app.link(wanted?, &headers).await? })))
}

/// The same as a redirect, for a plain link. The URL expires, so nobody may keep the answer.
async fn download(
    State(app): Shared,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let url = app.link(wanted?, &headers).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Redirect::to(&url)))
}

impl App {
    async fn link(&self, Query(Wanted { key }): Query<Wanted>, headers: &HeaderMap) -> Result<String, Refusal> {
        let asked_by = Some(user_of(headers)?);
        Ok(self.uploads.request_download(RequestDownload { key, asked_by, ip_address: None }).await?)
    }
}

/// Put your own sign-in here. A header that a load balancer sets after signing people in is one way.
fn user_of(headers: &HeaderMap) -> Result<String, Refusal> {
    let Some(value) = headers.get("x-user") else { return Ok("guest".to_owned()) };
    String::from_utf8(value.as_bytes().to_vec()).map_err(|_| Refusal {
        status: StatusCode::BAD_REQUEST,
        body: json!({ "error": "The name of the user is not UTF-8." }),
    })
}

/// What a person may see of a record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    filename: String,
    key: String,
    bytes: Option<u64>,
    content_type: Option<String>,
    completed_at: Option<u64>,
}

impl From<FileRecord> for Shown {
    fn from(record: FileRecord) -> Self {
        Self {
            filename: record.filename.unwrap_or_else(|| record.key.clone()),
            key: record.key,
            bytes: record.bytes,
            content_type: record.content_type,
            completed_at: record.completed_at,
        }
    }
}

/// An error as the caller may see it.
struct Refusal {
    status: StatusCode,
    body: Value,
}

impl From<Error> for Refusal {
    /// Errors that are the caller's are told; all others are ours, and go to the log.
    fn from(error: Error) -> Self {
        let status = match error.code() {
            ErrorCode::FileNotFound => StatusCode::NOT_FOUND,
            ErrorCode::RecordExists | ErrorCode::RecordNotPending => StatusCode::CONFLICT,
            ErrorCode::InvalidArgument | ErrorCode::InvalidObjectKey | ErrorCode::Core(InvalidUploadConstraint) => {
                StatusCode::BAD_REQUEST
            }
            code => {
                tracing::error!(%code, hint = error.hint(), "{error}");
                let body = json!({ "error": "That did not work. Please try again." });
                return Self { status: StatusCode::INTERNAL_SERVER_ERROR, body };
            }
        };
        Self { status, body: json!({ "error": error.message(), "code": error.code().as_str() }) }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self { status: rejection.status(), body: json!({ "error": "The request is not the JSON that is expected." }) }
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self { status: rejection.status(), body: json!({ "error": "The address lacks a parameter." }) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
