//! Private keys as JavaScript holds them.

use crate::error::thrown;
use edgeseal_core::{ErrorCode, keys};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;

/// A private key that has been read and checked. Its memory is wiped when it is freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PrivateKey {
    pub(crate) key: keys::PrivateKey,
}

#[wasm_bindgen]
impl PrivateKey {
    /// Reads PEM or DER, and wipes the buffer, here and in JavaScript.
    ///
    /// An encrypted key is refused with `passphrase-required` and left in the buffer, for `openPrivateKey`.
    #[wasm_bindgen(constructor)]
    pub fn new(material: &mut [u8]) -> Result<Self, JsValue> {
        let key = keys::PrivateKey::parse(material, None);
        if !matches!(&key, Err(error) if error.code() == ErrorCode::PassphraseRequired) {
            material.zeroize();
        }
        key.map(|key| Self { key }).map_err(|error| thrown(&error))
    }

    /// `RSA-2048` or `ECDSA-P256`.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn algorithm(&self) -> String {
        self.key.algorithm().as_str().to_owned()
    }

    /// The key as PKCS#8, for the host's own cryptography. The caller wipes the copy.
    #[must_use]
    pub fn pkcs8(&self) -> Vec<u8> {
        self.key.pkcs8_der().to_vec()
    }
}

/// Checks a key-pair id.
#[wasm_bindgen(js_name = checkKeyPairId)]
pub fn check_key_pair_id(id: &str) -> Result<(), JsValue> {
    keys::check_key_pair_id(id).map_err(|error| thrown(&error))
}
