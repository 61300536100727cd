//! Public keys as JavaScript holds them.

use crate::error::thrown;
use edgeseal_core::keys;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A public key that has been read and checked.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PublicKey {
    pub(crate) key: keys::PublicKey,
}

#[wasm_bindgen]
impl PublicKey {
    /// Reads PEM or DER: SPKI, PKCS#1 or a certificate.
    #[wasm_bindgen(constructor)]
    pub fn new(material: &[u8]) -> Result<Self, JsValue> {
        keys::PublicKey::parse(material).map(|key| Self { key }).map_err(|error| thrown(&error))
    }

    /// `RSA-2048` or `ECDSA-P256`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn algorithm(&self) -> String {
        self.key.algorithm().as_str().to_owned()
    }

    /// The key as DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        self.key.spki_der().to_vec()
    }

    /// The key as the PEM that CloudFront takes.
    #[wasm_bindgen(js_name = toPem)]
    #[must_use]
    pub fn to_pem(&self) -> String {
        self.key.to_pem()
    }
}
