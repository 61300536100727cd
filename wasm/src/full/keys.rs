//! Private keys as JavaScript holds them.

use crate::error::thrown;
use edgeseal_core::keys;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A private key that has been read and checked. Its memory is wiped when it is freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PrivateKey {
    pub(crate) key: keys::PrivateKey,
}

#[wasm_bindgen]
impl PrivateKey {
    /// Reads PEM or DER. The buffers JavaScript passed are wiped inside WebAssembly after use.
    #[wasm_bindgen(constructor)]
    pub fn new(material: &mut [u8], passphrase: Option<Box<[u8]>>) -> Result<Self, JsValue> {
        let passphrase = passphrase.map(|bytes| zeroize::Zeroizing::new(bytes.into_vec()));
        let key = keys::PrivateKey::parse(material, passphrase.as_ref().map(|bytes| bytes.as_slice()));
        zeroize::Zeroize::zeroize(material);
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
