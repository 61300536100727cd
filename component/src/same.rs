//! Types of the core and their likenesses in the world.

use crate::bindings::exports::edgeseal::core::types;
use edgeseal_core::keys::{HashAlgorithm, KeyAlgorithm};
use edgeseal_core::url::Scheme;
use edgeseal_core::verify::{PolicyKind, Source};
use edgeseal_core::{Error, ErrorCode};

impl From<Error> for types::Error {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().as_str().to_owned(),
            message: error.message().to_owned(),
            field: error.field().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
        }
    }
}

/// The error of an argument that only the component knows.
pub(crate) fn invalid_argument(field: &str, message: &str, hint: &str) -> types::Error {
    types::Error {
        code: ErrorCode::InvalidArgument.as_str().to_owned(),
        message: message.to_owned(),
        field: Some(field.to_owned()),
        hint: Some(hint.to_owned()),
    }
}

impl From<types::HashAlgorithm> for HashAlgorithm {
    fn from(hash: types::HashAlgorithm) -> Self {
        match hash {
            types::HashAlgorithm::Sha1 => Self::Sha1,
            types::HashAlgorithm::Sha256 => Self::Sha256,
        }
    }
}

impl From<HashAlgorithm> for types::HashAlgorithm {
    fn from(hash: HashAlgorithm) -> Self {
        match hash {
            HashAlgorithm::Sha1 => Self::Sha1,
            HashAlgorithm::Sha256 => Self::Sha256,
        }
    }
}

impl From<KeyAlgorithm> for types::KeyAlgorithm {
    fn from(algorithm: KeyAlgorithm) -> Self {
        match algorithm {
            KeyAlgorithm::Rsa2048 => Self::Rsa2048,
            KeyAlgorithm::EcdsaP256 => Self::EcdsaP256,
        }
    }
}

impl From<types::Scheme> for Scheme {
    fn from(scheme: types::Scheme) -> Self {
        match scheme {
            types::Scheme::Https => Self::Https,
            types::Scheme::Http => Self::Http,
        }
    }
}

impl From<Source> for types::CredentialSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Url => Self::Url,
            Source::Cookie => Self::Cookie,
        }
    }
}

impl From<PolicyKind> for types::PolicyKind {
    fn from(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Canned => Self::Canned,
            PolicyKind::Custom => Self::Custom,
        }
    }
}
