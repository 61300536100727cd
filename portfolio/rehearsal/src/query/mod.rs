//! The Query protocol: as much of STS and IAM as a publisher's checks call.

pub(crate) mod iam;
mod policies;
pub(crate) mod sts;

use std::collections::BTreeMap;

use rusqlite::Transaction;

use crate::ctx::Caller;
use crate::error::ApiError;
use crate::s3::xml_escape;

/// One request in the Query protocol.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a str,
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) caller: &'a Caller,
    pub(crate) now: f64,
}

/// The fields of a form-encoded body.
pub(crate) fn fields(body: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

impl Request<'_> {
    /// The action's name; empty when there is none.
    pub(crate) fn action(&self) -> &str {
        self.fields.get("Action").map_or("", String::as_str)
    }

    fn need(&self, name: &str) -> Result<&str, ApiError> {
        self.fields.get(name).map(String::as_str).filter(|v| !v.is_empty()).ok_or_else(|| {
            ApiError::new(400, "ValidationError", format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower(name)
            ))
        })
    }

    /// Serves the request with an XML document.
    pub(crate) fn serve(&self, tx: &Transaction<'_>, request_id: &str) -> Result<String, ApiError> {
        let (namespace, result) = match self.service {
            "sts" => ("https://sts.amazonaws.com/doc/2011-06-15/", sts::serve(self, tx)?),
            _ => ("https://iam.amazonaws.com/doc/2010-05-08/", iam::serve(self, tx)?),
        };
        let action = self.action();
        Ok(format!(
            "<{action}Response xmlns=\"{namespace}\"><{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
        ))
    }

    fn unknown(&self) -> ApiError {
        ApiError::new(
            400,
            "InvalidAction",
            format!("The rehearsal catalog does not serve the action {} of {}.", self.action(), self.service),
        )
    }
}

fn lower(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// One XML element with text inside.
fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", xml_escape(text))
}

/// The error document of the Query protocol.
pub(crate) fn error_document(error: &ApiError, request_id: &str) -> String {
    let side = if error.status >= 500 { "Receiver" } else { "Sender" };
    format!(
        "<ErrorResponse><Error><Type>{side}</Type>{}{}</Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        element("Code", &error.code),
        element("Message", &error.message)
    )
}
