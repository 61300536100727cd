//! `getSignedUrl` and `getSignedCookies` of `@aws-sdk/cloudfront-signer`.

use super::args;
use super::args::seconds;
use super::host::{HostPrivateKey, HostSigningKey};
use super::private_key::PrivateKey;
use crate::error::thrown;
use edgeseal_core::compat::{self, CompatInput, CompatPrepared};
use edgeseal_core::crypto::SigningKey;
use edgeseal_core::encoding::to_cloudfront_base64;
use edgeseal_core::keys::HashAlgorithm;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A private key ready for the compatible functions.
#[wasm_bindgen]
pub struct CompatKey {
    key: HostPrivateKey,
}

impl core::fmt::Debug for CompatKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CompatKey").finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl CompatKey {
    /// A key whose private-key operation `host` does.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(key: &PrivateKey, host: HostSigningKey) -> Self {
        Self { key: HostPrivateKey { host, algorithm: key.key.algorithm() } }
    }

    /// `getSignedUrl`.
    #[wasm_bindgen(js_name = signUrl)]
    #[expect(clippy::too_many_arguments, reason = "one flat call is cheaper than an object across the boundary")]
    pub fn sign_url(
        &self,
        key_pair_id: &str,
        hash_name: &str,
        url: Option<String>,
        policy: Option<String>,
        expires: Option<f64>,
        not_before: Option<f64>,
        ip: Option<String>,
    ) -> Result<String, JsValue> {
        let hash = args::hash(hash_name)?;
        let input = input(url.as_deref(), policy.as_deref(), expires, not_before, ip.as_deref());
        let (url, prepared) = compat::prepare_url(&input).map_err(|error| thrown(&error))?;
        let signature = self.sign(hash, &prepared)?;
        Ok(compat::finish_url(&url, &prepared, &signature, key_pair_id, hash == HashAlgorithm::Sha256))
    }

    /// `getSignedCookies`: JSON with `signature`, and `expires` or `policy`.
    #[wasm_bindgen(js_name = signCookies)]
    pub fn sign_cookies(
        &self,
        hash_name: &str,
        url: Option<String>,
        policy: Option<String>,
        expires: Option<f64>,
        not_before: Option<f64>,
        ip: Option<String>,
    ) -> Result<String, JsValue> {
        let hash = args::hash(hash_name)?;
        let input = input(url.as_deref(), policy.as_deref(), expires, not_before, ip.as_deref());
        let prepared = compat::prepare_cookies(&input).map_err(|error| thrown(&error))?;
        let signature = to_cloudfront_base64(&self.sign(hash, &prepared)?);
        let view =
            serde_json::json!({"signature": signature, "expires": prepared.expires(), "policy": prepared.policy()});
        Ok(view.to_string())
    }

    fn sign(&self, hash: HashAlgorithm, prepared: &CompatPrepared) -> Result<Vec<u8>, JsValue> {
        self.key.sign(hash, prepared.message()).map_err(|error| thrown(&error))
    }
}

fn input<'a>(
    url: Option<&'a str>,
    policy: Option<&'a str>,
    expires: Option<f64>,
    not_before: Option<f64>,
    ip: Option<&'a str>,
) -> CompatInput<'a> {
    CompatInput { url, policy, expires: expires.map(seconds), not_before: not_before.map(seconds), ip }
}
