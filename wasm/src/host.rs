//! Public keys that live on the JavaScript side of the crypto seam.

use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::keys::HashAlgorithm;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const HOST_VERIFYING_KEY: &str = r"
interface HostVerifyingKey { verify(sha256: boolean, message: Uint8Array, signature: Uint8Array): boolean; }
";

#[wasm_bindgen]
extern "C" {
    /// A JavaScript object with `verify(sha256, message, signature)` that answers with a boolean.
    #[wasm_bindgen(typescript_type = "HostVerifyingKey")]
    pub type HostVerifyingKey;

    #[wasm_bindgen(method, structural, catch)]
    fn verify(this: &HostVerifyingKey, sha256: bool, message: &[u8], signature: &[u8]) -> Result<bool, JsValue>;
}

/// The public-key operation of the host.
pub(crate) struct HostKey(pub(crate) HostVerifyingKey);

impl VerifyingKey for HostKey {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        // A host that throws has not said that the signature is good.
        self.0.verify(hash == HashAlgorithm::Sha256, message, signature).unwrap_or(false)
    }
}
