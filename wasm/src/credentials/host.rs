//! Private keys that live on the JavaScript side of the crypto seam.

use edgeseal_core::Error;
use edgeseal_core::crypto::SigningKey;
use edgeseal_core::keys::{HashAlgorithm, KeyAlgorithm};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const HOST_SIGNING_KEY: &str = r"
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

/// The private-key operation of the host.
pub(crate) struct HostPrivateKey {
    pub(crate) host: HostSigningKey,
    pub(crate) algorithm: KeyAlgorithm,
}

impl SigningKey for HostPrivateKey {
    fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.host.sign(hash == HashAlgorithm::Sha256, message).map_err(|_| Error::signing_failed())
    }
}
