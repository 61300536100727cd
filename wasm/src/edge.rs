//! The edge decision. One text goes in and one comes out, since each crossing into WebAssembly costs
//! more than splitting a text on the other side. It goes in as bytes, since engines encode a string
//! faster than glue can copy its characters.
//!
//! The parts of a request and of a decision are separated by NUL, which no part of either can contain:
//! the TypeScript side refuses a request that has one, and `push` leaves it out of what a decision repeats
//! of a credential, which is decoded here and may hold one.

use crate::error::thrown;
use crate::host::{HostKey, HostVerifyingKey};
use edgeseal_core::edge::{self, Allow, CompiledPolicy, Decision, Deny, EdgeRequest, Memo, Respond};
use edgeseal_core::keys::KeyRing;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

const SEPARATOR: char = '\0';

/// Decides about viewer requests.
#[wasm_bindgen]
pub struct EdgeCore {
    policy: CompiledPolicy,
    keys: KeyRing<HostKey>,
    memo: Memo,
}

impl core::fmt::Debug for EdgeCore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("EdgeCore").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl EdgeCore {
    /// Compiles a rule file in JSON. `memo` is how many good signatures to remember; 0 for none.
    #[wasm_bindgen(constructor)]
    pub fn new(rules: &str, memo: usize) -> Result<Self, JsValue> {
        let policy = edge::compile(rules).map_err(|error| thrown(&error.into()))?;
        Ok(Self { policy, keys: KeyRing::new(), memo: Memo::new(memo) })
    }

    /// Trusts a key whose public-key operation the host does.
    #[wasm_bindgen(js_name = addKey)]
    pub fn add_key(&mut self, key_pair_id: &str, host: HostVerifyingKey) -> Result<(), JsValue> {
        self.memo.clear();
        self.keys.insert(key_pair_id, HostKey(host)).map_err(|error| thrown(&error))
    }

    /// Enables or disables a key; false when there is none with that id.
    #[wasm_bindgen(js_name = setEnabled)]
    pub fn set_enabled(&mut self, key_pair_id: &str, enabled: bool) -> bool {
        self.keys.set_enabled(key_pair_id, enabled)
    }

    /// Decides about a request: method, host, uri, querystring and client address, then names and values
    /// of headers in turn, all separated by NUL, in UTF-8.
    ///
    /// The answer begins with `a` (allow), `d` (deny) or `r` (respond); see the TypeScript side for the parts.
    #[must_use]
    pub fn decide(&mut self, request: &[u8], now: f64) -> String {
        // Bytes that are no text become a request without a path, which is refused.
        let mut parts = str::from_utf8(request).unwrap_or_default().split(SEPARATOR);
        let mut next = || parts.next().unwrap_or_default();
        let (method, host, uri, querystring, client_ip) = (next(), next(), next(), next(), next());
        let mut headers = Vec::with_capacity(8);
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            headers.push((name, value));
        }
        let request =
            EdgeRequest { method, host, uri, querystring, client_ip: client_ip.parse().ok(), headers: &headers };
        let decision = edge::decide_with_memo(&self.policy, &request, &self.keys, now as u64, &mut self.memo);
        let mut out = String::with_capacity(uri.len() + querystring.len() + 64);
        match &decision {
            Decision::Allow(allow) => write_allow(&mut out, allow),
            Decision::Deny(deny) => write_deny(&mut out, deny),
            Decision::Respond(respond) => write_respond(&mut out, respond),
        }
        out
    }
}

fn push(out: &mut String, part: &str) {
    out.push(SEPARATOR);
    out.extend(part.split(SEPARATOR));
}

/// `=` and the text, or nothing at all, so that an empty text is told from none.
fn push_optional(out: &mut String, part: Option<&str>) {
    out.push(SEPARATOR);
    if let Some(part) = part {
        out.push('=');
        out.extend(part.split(SEPARATOR));
    }
}

/// `a`, rule, uri?, querystring?, key-pair id?, source, then `=` and the cookies where they change.
fn write_allow(out: &mut String, allow: &Allow<'_>) {
    out.push('a');
    push(out, allow.rule);
    push_optional(out, allow.uri);
    push_optional(out, allow.querystring.as_deref());
    push_optional(out, allow.grant.as_ref().map(|grant| grant.key_pair_id.as_ref()));
    push_optional(out, allow.grant.as_ref().map(|grant| grant.source.as_str()));
    if let Some(cookies) = &allow.cookies {
        push(out, "=");
        for cookie in cookies {
            push(out, cookie);
        }
    }
}

/// `d`, status, reason, sentence, detail?, rule?, public body, then names and values of headers in turn.
fn write_deny(out: &mut String, deny: &Deny<'_>) {
    out.push('d');
    push(out, &deny.status.to_string());
    push(out, deny.reason.code());
    push(out, deny.reason.sentence());
    push_optional(out, deny.detail.as_deref());
    push_optional(out, deny.rule);
    push(out, deny.public_body());
    write_headers(out, &deny.headers);
}

/// `r`, status, rule, body, then names and values of headers in turn.
fn write_respond(out: &mut String, respond: &Respond<'_>) {
    out.push('r');
    push(out, &respond.status.to_string());
    push(out, respond.rule);
    push(out, respond.body);
    write_headers(out, &respond.headers);
}

fn write_headers(out: &mut String, headers: &[edge::Header<'_>]) {
    for (name, value) in headers {
        push(out, name);
        push(out, value);
    }
}
