//! The seam between the rules of CloudFront and the mathematics of signatures.
//!
//! The core prepares the bytes to sign and judges everything around a signature; who does the private-
//! and public-key operation is the caller's choice: [`rustcrypto`] here, or the host's own library
//! through these two traits.

mod ecdsa;
#[cfg(feature = "rustcrypto")]
pub mod rustcrypto;

pub use ecdsa::der_from_raw_ecdsa;

use crate::error::Error;
use crate::keys::{HashAlgorithm, KeyAlgorithm};

/// The private-key operation.
pub trait SigningKey {
    /// The kind of key.
    fn algorithm(&self) -> KeyAlgorithm;

    /// Signs a message: RSA PKCS#1 v1.5, or ECDSA in ASN.1 DER.
    ///
    /// # Errors
    /// [`SigningFailed`](crate::ErrorCode::SigningFailed).
    fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error>;
}

/// The public-key operation.
pub trait VerifyingKey {
    /// True when the signature fits the message. Anything malformed is false, never a panic.
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool;
}

impl<K: VerifyingKey + ?Sized> VerifyingKey for &K {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        (**self).verify(hash, message, signature)
    }
}
