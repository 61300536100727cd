//! Reading and running the vectors of `tests/edge-vectors`.

use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey};
use edgeseal_core::edge::{CompiledPolicy, Decision, EdgeRequest, Memo, RuleFile, decide, decide_with_memo};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey};
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Terms};
use edgeseal_core::sign::{PreparedUrl, Signer};
use edgeseal_core::upload::UploadConstraints;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Credentials {
    now: u64,
    keys: BTreeMap<String, Key>,
    credentials: BTreeMap<String, Credential>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    file: String,
    private: String,
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Credential {
    #[serde(rename = "as")]
    kind: String,
    key_pair_id: String,
    url: String,
    expires: u64,
    not_before: Option<u64>,
    ip: Option<String>,
    resource: Option<String>,
    hash: Option<String>,
    /// A whole policy, signed as it stands.
    policy: Option<String>,
    upload: Option<UploadOption>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UploadOption {
    method: Option<String>,
    max_bytes: Option<u64>,
    content_type: Option<String>,
    sha256: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[allow(dead_code, reason = "says what the file is about")]
    description: String,
    policy: Value,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) signed: Option<String>,
    #[serde(default)]
    pub(crate) request: Request,
    pub(crate) now: Option<u64>,
    #[serde(default = "yes")]
    pub(crate) keys: bool,
    pub(crate) expect: Expected,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) uri: Option<String>,
    pub(crate) querystring: Option<String>,
    pub(crate) client_ip: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: "GET".into(),
            host: "files.example.com".into(),
            uri: None,
            querystring: None,
            client_ip: Some("192.0.2.7".into()),
            headers: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expected {
    Allow(Map<String, Value>),
    Deny(Map<String, Value>),
    Respond(Map<String, Value>),
}

/// A decision in the words of the vectors.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Allow(Value),
    Deny(Value),
    Respond(Value),
}

pub(crate) fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/edge-vectors")
}

fn read_key(name: &str) -> Vec<u8> {
    std::fs::read(vectors().join("../keys").join(name)).unwrap()
}

fn definitions() -> &'static Credentials {
    static DEFINITIONS: OnceLock<Credentials> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        serde_json::from_str(&std::fs::read_to_string(vectors().join("credentials.json")).unwrap()).unwrap()
    })
}

/// The time of the vectors.
pub(crate) fn now() -> u64 {
    definitions().now
}

/// The trusted keys.
pub(crate) fn ring() -> &'static KeyRing<RustCryptoVerifyingKey> {
    static RING: OnceLock<KeyRing<RustCryptoVerifyingKey>> = OnceLock::new();
    RING.get_or_init(|| {
        let mut ring = KeyRing::new();
        for (id, key) in &definitions().keys {
            let public = PublicKey::parse(&read_key(&key.file)).unwrap();
            ring.insert(id, RustCryptoVerifyingKey::new(&public).unwrap()).unwrap();
            ring.set_enabled(id, key.enabled);
        }
        ring
    })
}

/// The recorded text of every credential.
pub(crate) fn signed_texts() -> BTreeMap<String, String> {
    serde_json::from_str(&std::fs::read_to_string(vectors().join("signed.json")).unwrap()).unwrap()
}

/// Signs every credential anew.
pub(crate) fn credentials() -> BTreeMap<String, String> {
    let definitions = definitions();
    let sign = |credential: &Credential| {
        let hash = HashAlgorithm::parse(credential.hash.as_deref().unwrap_or("SHA256")).unwrap();
        let private = PrivateKey::parse(&read_key(&definitions.keys[&credential.key_pair_id].private), None).unwrap();
        let key = RustCryptoSigningKey::new(&private, [7; 32]).unwrap();
        let signer = Signer::new(&credential.key_pair_id, key, hash).unwrap();
        let terms = Terms {
            expires: credential.expires,
            not_before: credential.not_before,
            ip: credential.ip.as_deref().map(|ip| Ipv4Range::parse(ip).unwrap()),
            resource: credential.resource.as_deref().map(|text| ResourcePattern::for_signing(text).unwrap()),
        };
        let upload = credential.upload.as_ref().map(|upload| UploadConstraints {
            method: upload.method.clone(),
            max_bytes: upload.max_bytes,
            content_type: upload.content_type.clone(),
            sha256: upload.sha256.clone(),
            filename: None,
        });
        if let Some(policy) = &credential.policy {
            let prepared = PreparedUrl::with_policy(&credential.url, policy, &credential.key_pair_id, hash).unwrap();
            return prepared.finish(&signer.sign(prepared.policy()).unwrap()).unwrap();
        }
        match credential.kind.as_str() {
            "url" => signer.sign_url(&credential.url, &terms, upload.as_ref()).unwrap(),
            "cookies" => signer.sign_cookies(&credential.url, &terms).unwrap().to_cookie_header(),
            other => panic!("{other}"),
        }
    };
    definitions.credentials.iter().map(|(name, credential)| (name.clone(), sign(credential))).collect()
}

/// Every case file: its name, its policy and its cases.
pub(crate) fn cases() -> Vec<(String, CompiledPolicy, Vec<Case>)> {
    let mut files: Vec<_> = std::fs::read_dir(vectors())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("cases-"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|name| {
            let text = std::fs::read_to_string(vectors().join(&name)).unwrap();
            let file: CaseFile = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let rules = RuleFile::from_json(&file.policy.to_string()).unwrap();
            let policy = CompiledPolicy::new(&rules).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, policy, file.cases)
        })
        .collect()
}

/// Runs one case.
pub(crate) fn run(policy: &CompiledPolicy, case: &Case, memo: Option<&mut Memo>) -> Outcome {
    static TEXTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let texts = TEXTS.get_or_init(signed_texts);
    let fill = |text: &str| {
        texts.iter().fold(text.to_owned(), |text, (name, signed)| {
            let Some((_, query)) = signed.split_once('?').filter(|_| signed.starts_with("http")) else {
                return text.replace(&format!("{{{name}}}"), signed);
            };
            let start = query.find("Expires=").or_else(|| query.find("Policy=")).unwrap();
            text.replace(&format!("{{{name}}}"), query).replace(&format!("{{{name}:credential}}"), &query[start..])
        })
    };
    let url = case.signed.as_ref().map(|name| texts[name].as_str());
    let (path, query) = url.map_or(("/", ""), |url| {
        let start = url.find("://").unwrap() + 3;
        let path = &url[start + url[start..].find('/').unwrap()..];
        path.split_once('?').unwrap()
    });
    let uri = case.request.uri.clone().unwrap_or_else(|| path.to_owned());
    let querystring = case.request.querystring.as_deref().map_or_else(|| query.to_owned(), fill);
    let owned: Vec<(String, String)> =
        case.request.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
    let headers: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (&**name, &**value)).collect();
    let request = EdgeRequest {
        method: &case.request.method,
        host: &case.request.host,
        uri: &uri,
        querystring: &querystring,
        client_ip: case.request.client_ip.as_deref().map(|ip| ip.parse().unwrap()),
        headers: &headers,
    };
    let empty = KeyRing::new();
    let keys = if case.keys { ring() } else { &empty };
    let now = case.now.unwrap_or_else(now);
    outcome(match memo {
        Some(memo) => decide_with_memo(policy, &request, keys, now, memo),
        None => decide(policy, &request, keys, now),
    })
}

/// A decision as JSON; what is absent is left out.
pub(crate) fn outcome(decision: Decision<'_>) -> Outcome {
    let headers = |headers: &[(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)]| {
        headers
            .iter()
            .map(|(name, value)| (name.clone().into_owned(), Value::from(value.as_ref())))
            .collect::<Map<_, _>>()
    };
    let without_nulls = |value: Value| match value {
        Value::Object(map) => Value::Object(map.into_iter().filter(|(_, value)| !value.is_null()).collect()),
        other => other,
    };
    match decision {
        Decision::Allow(allow) => Outcome::Allow(without_nulls(serde_json::json!({
            "rule": allow.rule,
            "uri": allow.uri,
            "querystring": allow.querystring,
            "cookies": allow.cookies,
            "source": allow.grant.as_ref().map(|grant| grant.source.as_str()),
            "verifiedHere": allow.grant.as_ref().map(|grant| grant.verified_here),
            "keyPairId": allow.grant.as_ref().map(|grant| &*grant.key_pair_id),
        }))),
        Decision::Deny(deny) => Outcome::Deny(without_nulls(serde_json::json!({
            "status": deny.status,
            "reason": deny.reason.code(),
            "rule": deny.rule,
            "headers": headers(&deny.headers),
        }))),
        Decision::Respond(respond) => Outcome::Respond(serde_json::json!({
            "status": respond.status,
            "rule": respond.rule,
            "headers": headers(&respond.headers),
        })),
    }
}
