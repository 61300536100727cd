//! Errors: what the endpoint answers to a client, and what stops the endpoint itself.

use std::path::PathBuf;

use serde_json::{Value, json};

/// An error answer in the form AWS gives it: a code, a message and an HTTP status.
///
/// Codes are the ones of the Service Catalog API model, plus the common errors every AWS
/// JSON service gives (`ValidationException`, `ThrottlingException`, ...).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct ApiError {
    /// The AWS error code, such as `ResourceNotFoundException`.
    pub(crate) code: String,
    /// The sentence for a person.
    pub(crate) message: String,
    /// The HTTP status of the answer.
    pub(crate) status: u16,
}

impl ApiError {
    /// An error with any code and status.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(400, "ResourceNotFoundException", message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParametersException", message)
    }

    pub(crate) fn in_use(message: impl Into<String>) -> Self {
        Self::new(400, "ResourceInUseException", message)
    }

    pub(crate) fn duplicate(message: impl Into<String>) -> Self {
        Self::new(400, "DuplicateResourceException", message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(400, "LimitExceededException", message)
    }

    pub(crate) fn state(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidStateException", message)
    }

    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(400, "OperationNotSupportedException", message)
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "InternalFailure", message)
    }

    /// The JSON 1.1 error document.
    pub(crate) fn body(&self) -> Value {
        json!({ "__type": self.code, "Message": self.message })
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("the rehearsal catalog's own store failed: {error}"))
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("the rehearsal catalog's own store holds a bad record: {error}"))
    }
}

/// Why the endpoint could not start.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The state folder cannot be made or opened.
    #[error("rehearsal-state: cannot use {path} as the state folder: {reason}; give a folder this user may write")]
    State {
        /// The folder asked for.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Another endpoint keeps its state in the folder.
    #[error("rehearsal-busy: another endpoint is using {path}; stop it, or give another folder")]
    Busy {
        /// The folder asked for.
        path: PathBuf,
    },
    /// The address cannot be listened on.
    #[error("rehearsal-listen: cannot listen on 127.0.0.1:{port}: {source}; give another port, or 0 for any free one")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// A setting has a value that makes no sense.
    #[error("rehearsal-config: {0}")]
    Config(String),
    /// The bundled API model cannot be read.
    #[error("rehearsal-model: {0}")]
    Model(String),
}
