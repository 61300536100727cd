//! Signing in one call, with the private-key operation on the host.

use super::args::{hash, terms, upload};
use super::host::{HostPrivateKey, HostSigningKey};
use super::private_key::PrivateKey;
use super::views;
use crate::error::thrown;
use edgeseal_core::cookies::{CookieAttributes, SameSite};
use edgeseal_core::sign::{self, Prepared, PreparedUrl};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Signs with one key.
#[wasm_bindgen]
pub struct SigningCore {
    signer: sign::Signer<HostPrivateKey>,
    key_pair_id: String,
    hash: edgeseal_core::keys::HashAlgorithm,
}

impl core::fmt::Debug for SigningCore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SigningCore").field("key_pair_id", &self.key_pair_id).finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl SigningCore {
    /// A signer whose private-key operation `host` does.
    #[wasm_bindgen(constructor)]
    pub fn new(key_pair_id: &str, hash_name: &str, key: &PrivateKey, host: HostSigningKey) -> Result<Self, JsValue> {
        let key = HostPrivateKey { host, algorithm: key.key.algorithm() };
        let hash = hash(hash_name)?;
        let signer = sign::Signer::new(key_pair_id, key, hash).map_err(|error| thrown(&error))?;
        Ok(Self { signer, key_pair_id: key_pair_id.to_owned(), hash })
    }

    /// Signs one URL.
    #[wasm_bindgen(js_name = signUrl)]
    pub fn sign_url(
        &self,
        url: &str,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        resource: Option<String>,
        upload_json: Option<String>,
    ) -> Result<String, JsValue> {
        let terms = terms(expires, not_before, ip, resource)?;
        self.signer.sign_url(url, &terms, upload(upload_json)?.as_ref()).map_err(|error| thrown(&error))
    }

    /// Signs one URL with a policy text of the caller's own.
    #[wasm_bindgen(js_name = signUrlWithPolicy)]
    pub fn sign_url_with_policy(&self, url: &str, policy: &str) -> Result<String, JsValue> {
        let signed = PreparedUrl::with_policy(url, policy, &self.key_pair_id, self.hash)
            .and_then(|prepared| prepared.finish(&self.signer.sign(prepared.policy())?));
        signed.map_err(|error| thrown(&error))
    }

    /// Signs many URLs; with a resource, one signature serves them all.
    #[wasm_bindgen(js_name = signUrls)]
    pub fn sign_urls(
        &self,
        urls: Vec<String>,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        resource: Option<String>,
    ) -> Result<Vec<String>, JsValue> {
        let terms = terms(expires, not_before, ip, resource)?;
        self.signer.sign_urls(urls.iter().map(String::as_str), &terms).map_err(|error| thrown(&error))
    }

    /// Signs cookies for a resource, and answers with JSON.
    #[wasm_bindgen(js_name = signCookies)]
    pub fn sign_cookies(
        &self,
        resource: &str,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        attributes_json: &str,
    ) -> Result<String, JsValue> {
        let terms = terms(expires, not_before, ip, None)?;
        let prepared =
            Prepared::for_cookies(resource, &terms, &self.key_pair_id, self.hash).map_err(|error| thrown(&error))?;
        self.finish_cookies(&prepared, attributes_json)
    }

    /// Signs cookies with a policy text of the caller's own, and answers with JSON.
    #[wasm_bindgen(js_name = signCookiesWithPolicy)]
    pub fn sign_cookies_with_policy(&self, policy: &str, attributes_json: &str) -> Result<String, JsValue> {
        let prepared =
            Prepared::from_policy_text(policy, &self.key_pair_id, self.hash).map_err(|error| thrown(&error))?;
        self.finish_cookies(&prepared, attributes_json)
    }

    fn finish_cookies(&self, prepared: &Prepared, attributes_json: &str) -> Result<String, JsValue> {
        let attributes = attributes(attributes_json)?;
        let signature = self.signer.sign(prepared).map_err(|error| thrown(&error))?;
        cookies(prepared, &signature, &attributes)
    }
}

/// The signed cookies, as JSON.
pub(super) fn cookies(prepared: &Prepared, signature: &[u8], attributes: &CookieAttributes) -> Result<String, JsValue> {
    let cookies = prepared.finish_cookies(signature);
    let lines = cookies.to_set_cookie(attributes).map_err(|error| thrown(&error))?;
    Ok(views::cookies(&cookies, &lines))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AttributesView {
    secure: Option<bool>,
    http_only: Option<bool>,
    same_site: Option<String>,
    path: Option<String>,
    domain: Option<String>,
    max_age: Option<u64>,
}

/// The attributes of `Set-Cookie` lines from JSON, checked.
pub(super) fn attributes(json: &str) -> Result<CookieAttributes, JsValue> {
    let invalid = |message: String| {
        JsValue::from_str(
            &serde_json::json!({"code": "invalid-cookie-attribute", "message": message, "field": "cookie"}).to_string(),
        )
    };
    let view: AttributesView = serde_json::from_str(json).map_err(|error| {
        invalid(format!(
            "the cookie attributes cannot be read: {}",
            error.to_string().split(" at line ").next().unwrap_or_default()
        ))
    })?;
    let default = CookieAttributes::default();
    let same_site = match view.same_site.as_deref() {
        None => default.same_site,
        Some("Strict") => Some(SameSite::Strict),
        Some("Lax") => Some(SameSite::Lax),
        Some("None") => Some(SameSite::None),
        Some(_) => return Err(invalid("sameSite must be Strict, Lax or None".to_owned())),
    };
    let attributes = CookieAttributes {
        secure: view.secure.unwrap_or(default.secure),
        http_only: view.http_only.unwrap_or(default.http_only),
        same_site,
        path: view.path.unwrap_or(default.path),
        domain: view.domain,
        max_age: view.max_age,
    };
    attributes.check().map_err(|error| thrown(&error))?;
    Ok(attributes)
}
