//! Keys that live on the JavaScript side of the crypto seam.

use crate::host::HostKey;
use edgeseal_core::Error;
use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey};
use edgeseal_core::crypto::{SigningKey, VerifyingKey};
use edgeseal_core::keys::{HashAlgorithm, KeyAlgorithm};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const HOST_KEYS: &str = r"
interface HostSigningKey { sign(sha256: boolean, message: Uint8Array): Uint8Array; }
";

#[wasm_bindgen]
extern "C" {
    /// A JavaScript object with `sign(sha256, message)` that answers with the signature's bytes.
    #[wasm_bindgen(typescript_type = "HostSigningKey")]
    pub type HostSigningKey;

    #[wasm_bindgen(method, structural, catch)]
    fn sign(this: &HostSigningKey, sha256: bool, message: &[u8]) -> Result<Vec<u8>, JsValue>;
}

/// The private-key operation, here or on the host.
pub(crate) enum AnySigningKey {
    Host(HostSigningKey, KeyAlgorithm),
    Rust(RustCryptoSigningKey),
}

impl SigningKey for AnySigningKey {
    fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Host(_, algorithm) => *algorithm,
            Self::Rust(key) => key.algorithm(),
        }
    }

    fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Self::Host(key, _) => key.sign(hash == HashAlgorithm::Sha256, message).map_err(|_| Error::signing_failed()),
            Self::Rust(key) => key.sign(hash, message),
        }
    }
}

/// The public-key operation, here or on the host.
pub(crate) enum AnyVerifyingKey {
    Host(HostKey),
    Rust(RustCryptoVerifyingKey),
}

impl VerifyingKey for AnyVerifyingKey {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Host(key) => key.verify(hash, message, signature),
            Self::Rust(key) => key.verify(hash, message, signature),
        }
    }
}
