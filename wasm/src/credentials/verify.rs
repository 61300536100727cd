//! Verifying and explaining.

use super::args::seconds;
use super::views;
use crate::error::thrown;
use crate::host::{HostKey, HostVerifyingKey};
use core::net::IpAddr;
use edgeseal_core::explain::{Hints, explain};
use edgeseal_core::keys::KeyRing;
use edgeseal_core::url::Scheme;
use edgeseal_core::verify::{self, VerifyOptions, ViewerRequest};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Verifies against a ring of keys.
#[wasm_bindgen]
pub struct VerifyingCore {
    keys: KeyRing<HostKey>,
    options: VerifyOptions,
}

impl core::fmt::Debug for VerifyingCore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("VerifyingCore").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl VerifyingCore {
    /// A verifier that trusts no key yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(strict: bool, require_resource: bool, legacy_scheme_wildcard: bool) -> Self {
        Self { keys: KeyRing::new(), options: VerifyOptions { strict, require_resource, legacy_scheme_wildcard } }
    }

    /// Trusts a key whose public-key operation `host` does.
    #[wasm_bindgen(js_name = addKey)]
    pub fn add_key(&mut self, key_pair_id: &str, host: HostVerifyingKey) -> Result<(), JsValue> {
        self.keys.insert(key_pair_id, HostKey(host)).map_err(|error| thrown(&error))
    }

    /// Enables or disables a key; false when there is none with that id.
    #[wasm_bindgen(js_name = setEnabled)]
    pub fn set_enabled(&mut self, key_pair_id: &str, enabled: bool) -> bool {
        self.keys.set_enabled(key_pair_id, enabled)
    }

    /// Judges a URL, and answers with JSON.
    #[wasm_bindgen(js_name = verifyUrl)]
    pub fn verify_url(&self, url: &str, cookies: Vec<String>, ip: Option<String>, now: f64) -> Result<String, JsValue> {
        let cookies = borrowed(&cookies);
        Ok(self.judge(&url_request(url, &cookies, ip)?, now))
    }

    /// Judges a request, and answers with JSON.
    #[wasm_bindgen(js_name = verifyRequest)]
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "one flat call is cheaper than an object across the boundary")]
    pub fn verify_request(
        &self,
        scheme: Option<String>,
        host: &str,
        path: &str,
        query: &str,
        cookies: Vec<String>,
        ip: Option<String>,
        now: f64,
    ) -> String {
        let cookies = borrowed(&cookies);
        let request =
            ViewerRequest { scheme: scheme_of(scheme), host, path, query, cookies: &cookies, client_ip: address(ip) };
        self.judge(&request, now)
    }

    /// Explains a URL, and answers with JSON.
    #[wasm_bindgen(js_name = explainUrl)]
    pub fn explain_url(
        &self,
        url: &str,
        cookies: Vec<String>,
        ip: Option<String>,
        now: f64,
        hosts: Vec<String>,
    ) -> Result<String, JsValue> {
        let cookies = borrowed(&cookies);
        Ok(self.walk(&url_request(url, &cookies, ip)?, now, &hosts))
    }

    /// Explains a request, and answers with JSON.
    #[wasm_bindgen(js_name = explainRequest)]
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "one flat call is cheaper than an object across the boundary")]
    pub fn explain_request(
        &self,
        scheme: Option<String>,
        host: &str,
        path: &str,
        query: &str,
        cookies: Vec<String>,
        ip: Option<String>,
        now: f64,
        hosts: Vec<String>,
    ) -> String {
        let cookies = borrowed(&cookies);
        let request =
            ViewerRequest { scheme: scheme_of(scheme), host, path, query, cookies: &cookies, client_ip: address(ip) };
        self.walk(&request, now, &hosts)
    }

    fn judge(&self, request: &ViewerRequest<'_>, now: f64) -> String {
        views::verdict(&verify::verify(request, &self.keys, seconds(now), &self.options))
    }

    fn walk(&self, request: &ViewerRequest<'_>, now: f64, hosts: &[String]) -> String {
        let hosts = borrowed(hosts);
        let hints = Hints { hosts: &hosts };
        views::explanation(&explain(request, &self.keys, seconds(now), &self.options, &hints), seconds(now))
    }
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn url_request<'a>(url: &'a str, cookies: &'a [&'a str], ip: Option<String>) -> Result<ViewerRequest<'a>, JsValue> {
    let request = ViewerRequest::for_url(url).map_err(|error| thrown(&error))?;
    Ok(ViewerRequest { cookies, client_ip: address(ip), ..request })
}

fn scheme_of(text: Option<String>) -> Option<Scheme> {
    match text.as_deref() {
        Some("https") => Some(Scheme::Https),
        Some("http") => Some(Scheme::Http),
        _ => None,
    }
}

/// An address that cannot be read is an unknown one, which satisfies no IP condition.
fn address(text: Option<String>) -> Option<IpAddr> {
    text.and_then(|text| text.parse().ok())
}
