//! Keys as JavaScript holds them.

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

/// Checks a key-pair id.
#[wasm_bindgen(js_name = checkKeyPairId)]
pub fn check_key_pair_id(id: &str) -> Result<(), JsValue> {
    keys::check_key_pair_id(id).map_err(|error| thrown(&error))
}
