//! The page of the example `upload-api`: it speaks to this service as it does to that one.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

const HTML: &str = include_str!("../../upload-api/public/index.html");
const STYLE: &str = include_str!("../../upload-api/public/page.css");
const SCRIPT: &str = include_str!("../../upload-api/public/page.js");

pub(crate) fn html(files_origin: &str) -> Response {
    // Scripts of this page only, and files only to and from the team's own domain.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {files_origin}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    ([(CONTENT_SECURITY_POLICY, policy)], file("text/html", HTML)).into_response()
}

pub(crate) async fn style() -> impl IntoResponse {
    file("text/css", STYLE)
}

pub(crate) async fn script() -> impl IntoResponse {
    file("text/javascript", SCRIPT)
}

fn file(kind: &str, content: &'static str) -> ([(HeaderName, String); 2], &'static str) {
    ([(CONTENT_TYPE, format!("{kind}; charset=utf-8")), (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned())], content)
}
