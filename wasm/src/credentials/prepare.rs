//! Signing in two steps, for a private key that answers later: one of WebCrypto, for example.

use super::args::{hash, terms, upload};
use super::sign::{attributes, cookies};
use crate::error::thrown;
use edgeseal_core::cookies::CookieAttributes;
use edgeseal_core::crypto::der_from_raw_ecdsa;
use edgeseal_core::keys::{HashAlgorithm, check_key_pair_id};
use edgeseal_core::sign::{Prepared, PreparedUrl};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares what a key will sign, under the rules of `SigningCore`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PreparingCore {
    key_pair_id: String,
    hash: HashAlgorithm,
}

#[wasm_bindgen]
impl PreparingCore {
    /// For the public key that CloudFront knows by `key_pair_id`.
    #[wasm_bindgen(constructor)]
    pub fn new(key_pair_id: &str, hash_name: &str) -> Result<Self, JsValue> {
        check_key_pair_id(key_pair_id).map_err(|error| thrown(&error))?;
        Ok(Self { key_pair_id: key_pair_id.to_owned(), hash: hash(hash_name)? })
    }

    /// Prepares one URL.
    #[wasm_bindgen(js_name = prepareUrl)]
    pub fn prepare_url(
        &self,
        url: &str,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        resource: Option<String>,
        upload_json: Option<String>,
    ) -> Result<PreparedUrls, JsValue> {
        let terms = terms(expires, not_before, ip, resource)?;
        let url = PreparedUrl::new(url, &terms, upload(upload_json)?.as_ref(), &self.key_pair_id, self.hash)
            .map_err(|error| thrown(&error))?;
        Ok(PreparedUrls { urls: vec![url], shared: false })
    }

    /// Prepares one URL with a policy text of the caller's own.
    #[wasm_bindgen(js_name = prepareUrlWithPolicy)]
    pub fn prepare_url_with_policy(&self, url: &str, policy: &str) -> Result<PreparedUrls, JsValue> {
        let url =
            PreparedUrl::with_policy(url, policy, &self.key_pair_id, self.hash).map_err(|error| thrown(&error))?;
        Ok(PreparedUrls { urls: vec![url], shared: false })
    }

    /// Prepares many URLs; with a resource, one signature serves them all.
    #[wasm_bindgen(js_name = prepareUrls)]
    pub fn prepare_urls(
        &self,
        urls: Vec<String>,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        resource: Option<String>,
    ) -> Result<PreparedUrls, JsValue> {
        let terms = terms(expires, not_before, ip, resource)?;
        let prepared: Result<Vec<_>, _> =
            urls.iter().map(|url| PreparedUrl::new(url, &terms, None, &self.key_pair_id, self.hash)).collect();
        Ok(PreparedUrls { urls: prepared.map_err(|error| thrown(&error))?, shared: terms.resource.is_some() })
    }

    /// Prepares cookies for a resource.
    #[wasm_bindgen(js_name = prepareCookies)]
    pub fn prepare_cookies(
        &self,
        resource: &str,
        expires: f64,
        not_before: Option<f64>,
        ip: Option<String>,
        attributes_json: &str,
    ) -> Result<PreparedCookies, JsValue> {
        let terms = terms(expires, not_before, ip, None)?;
        let prepared =
            Prepared::for_cookies(resource, &terms, &self.key_pair_id, self.hash).map_err(|error| thrown(&error))?;
        Ok(PreparedCookies { prepared, attributes: attributes(attributes_json)? })
    }

    /// Prepares cookies with a policy text of the caller's own.
    #[wasm_bindgen(js_name = prepareCookiesWithPolicy)]
    pub fn prepare_cookies_with_policy(&self, policy: &str, attributes_json: &str) -> Result<PreparedCookies, JsValue> {
        let prepared =
            Prepared::from_policy_text(policy, &self.key_pair_id, self.hash).map_err(|error| thrown(&error))?;
        Ok(PreparedCookies { prepared, attributes: attributes(attributes_json)? })
    }
}

/// URLs that wait for their signatures.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PreparedUrls {
    urls: Vec<PreparedUrl>,
    shared: bool,
}

#[wasm_bindgen]
impl PreparedUrls {
    /// How many signatures they need: one for each, or one for all.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn signatures(&self) -> usize {
        if self.shared { self.urls.len().min(1) } else { self.urls.len() }
    }

    /// The bytes to sign for the signature with this number.
    #[must_use]
    pub fn message(&self, index: usize) -> Vec<u8> {
        self.urls.get(index).map(|url| url.policy().message().to_vec()).unwrap_or_default()
    }

    /// The URLs that the signature with this number completes.
    pub fn finish(&self, index: usize, signature: &[u8]) -> Result<Vec<String>, JsValue> {
        let of = if self.shared { self.urls.as_slice() } else { self.urls.get(index..=index).unwrap_or_default() };
        of.iter().map(|url| url.finish(signature).map_err(|error| thrown(&error))).collect()
    }
}

/// Cookies that wait for their signature.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PreparedCookies {
    prepared: Prepared,
    attributes: CookieAttributes,
}

#[wasm_bindgen]
impl PreparedCookies {
    /// The bytes to sign.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.prepared.message().to_vec()
    }

    /// The signed cookies, as JSON.
    pub fn finish(&self, signature: &[u8]) -> Result<String, JsValue> {
        cookies(&self.prepared, signature, &self.attributes)
    }
}

/// An ECDSA signature as CloudFront takes it, from the raw form of WebCrypto.
#[wasm_bindgen(js_name = derSignature)]
pub fn der_signature(raw: &[u8]) -> Result<Vec<u8>, JsValue> {
    der_from_raw_ecdsa(raw).map_err(|error| thrown(&error))
}
