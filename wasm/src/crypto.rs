//! RSA and ECDSA in pure Rust, as objects that fit the host's side of the crypto seam.

use crate::error::thrown;
use edgeseal_core::Error;
use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey, sha256};
use edgeseal_core::crypto::{SigningKey, VerifyingKey};
use edgeseal_core::keys::{HashAlgorithm, PrivateKey, PublicKey};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::{Zeroize, Zeroizing};

const fn algorithm(sha256: bool) -> HashAlgorithm {
    if sha256 { HashAlgorithm::Sha256 } else { HashAlgorithm::Sha1 }
}

/// A private key that stays in WebAssembly. Its memory is wiped when it is freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CryptoSigningKey {
    key: RustCryptoSigningKey,
}

#[wasm_bindgen]
impl CryptoSigningKey {
    /// Takes PKCS#8, and wipes the buffer, here and in JavaScript. `seed` must be 32 fresh random bytes; it blinds RSA.
    #[wasm_bindgen(constructor)]
    pub fn new(pkcs8: &mut [u8], seed: &[u8]) -> Result<Self, JsValue> {
        let key = PrivateKey::parse(pkcs8, None);
        pkcs8.zeroize();
        let seed: [u8; 32] = seed
            .try_into()
            .map_err(|_| JsValue::from_str(r#"{"code":"invalid-argument","message":"the seed must be 32 bytes"}"#))?;
        let key = key.and_then(|key| RustCryptoSigningKey::new(&key, seed)).map_err(|error| thrown(&error))?;
        Ok(Self { key })
    }

    /// The signature of a message: RSA PKCS#1 v1.5, or ECDSA in DER.
    pub fn sign(&self, sha256: bool, message: &[u8]) -> Result<Vec<u8>, JsValue> {
        self.key.sign(algorithm(sha256), message).map_err(|error| thrown(&error))
    }
}

/// A public key that is used in WebAssembly.
#[wasm_bindgen]
#[derive(Debug)]
pub struct CryptoVerifyingKey {
    key: RustCryptoVerifyingKey,
}

#[wasm_bindgen]
impl CryptoVerifyingKey {
    /// Reads PEM or DER, and refuses what CloudFront does not accept.
    #[wasm_bindgen(constructor)]
    pub fn new(material: &[u8]) -> Result<Self, JsValue> {
        let read = |material: &[u8]| -> Result<_, Error> { RustCryptoVerifyingKey::new(&PublicKey::parse(material)?) };
        read(material).map(|key| Self { key }).map_err(|error| thrown(&error))
    }

    /// Whether the signature fits the message.
    #[must_use]
    pub fn verify(&self, sha256: bool, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(algorithm(sha256), message, signature)
    }
}

/// Opens an encrypted private key, and answers with PKCS#8, which the caller wipes. The passphrase is wiped here and in
/// JavaScript.
#[wasm_bindgen(js_name = openPrivateKey)]
pub fn open_private_key(material: &[u8], passphrase: &mut [u8]) -> Result<Vec<u8>, JsValue> {
    let opened = PrivateKey::parse(material, Some(passphrase));
    passphrase.zeroize();
    opened.map(|key| key.pkcs8_der().to_vec()).map_err(|error| thrown(&error))
}

/// The SHA-256 of bytes, which are wiped, here and in JavaScript.
#[wasm_bindgen(js_name = sha256)]
#[must_use]
pub fn sha256_of(bytes: &mut [u8]) -> Vec<u8> {
    let digest = Zeroizing::new(sha256(bytes));
    bytes.zeroize();
    digest.to_vec()
}
