//! The shared vectors of `tests/vectors`, which the JavaScript package runs from the same files.
//!
//! `tests/vectors/README.md` describes every field.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::cookies::{COOKIE_NAMES, CookieAttributes, SameSite, read_cookie_headers};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey};
use edgeseal_core::policy::{self, Ipv4Range, Policy, ResourcePattern, Target, Terms};
use edgeseal_core::sign::{Prepared, PreparedUrl, Signer};
use edgeseal_core::upload::UploadConstraints;
use edgeseal_core::url::{self, Scheme};
use edgeseal_core::verify::{VerifyOptions, ViewerRequest, verify};
use edgeseal_core::{Error, encoding, time};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use support::{NOW, key_file, shared_tests, signing_key, verifying_key};

const FILES: [&str; 10] =
    ["cookies", "encoding", "keys", "policies", "resource-match", "signing", "time", "upload", "urls", "verify"];

fn load(name: &str) -> Vec<Value> {
    let path = shared_tests().join("vectors").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(cases) = file["cases"].take() else { panic!("{name} has no cases") };
    cases
}

/// Runs every case of a file and reports all that differ, not only the first.
fn run(name: &str, judge: impl Fn(&Value) -> (Value, Value)) {
    let mut differences = String::new();
    let cases = load(name);
    for case in &cases {
        let (found, expected) = judge(case);
        if found != expected {
            writeln!(
                differences,
                "{}: {}\n  expected {expected}\n  found    {found}",
                text(case, "id"),
                text(case, "what")
            )
            .unwrap();
        }
    }
    assert!(differences.is_empty(), "{name}.json\n{differences}");
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field} in {value}"))
}

fn optional<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value[field].as_str()
}

/// The expected outcome: the value of a field, or the error code.
fn outcome(case: &Value, field: &str) -> Value {
    optional(case, "error").map_or_else(|| json!({ "ok": case[field] }), |code| json!({ "error": code }))
}

fn found(result: Result<Value, Error>) -> Value {
    match result {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "error": error.code().as_str() }),
    }
}

fn terms(case: &Value) -> Result<Terms, Error> {
    let terms = &case["terms"];
    Ok(Terms {
        expires: terms["expires"].as_u64().unwrap(),
        not_before: terms["notBefore"].as_u64(),
        ip: optional(terms, "ipAddress").map(Ipv4Range::parse).transpose()?,
        resource: optional(terms, "resource").map(ResourcePattern::for_signing).transpose()?,
    })
}

fn hash(case: &Value) -> HashAlgorithm {
    HashAlgorithm::parse(text(case, "hash")).unwrap()
}

fn scheme(value: &Value) -> Option<Scheme> {
    value["scheme"].as_str().map(|scheme| if scheme == "https" { Scheme::Https } else { Scheme::Http })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn every_file_has_unique_ids_reasons_and_sources_and_all_fifty_tricky_cases_are_there() {
    let mut numbers = BTreeSet::new();
    for name in FILES {
        let mut ids = BTreeSet::new();
        for case in load(name) {
            assert!(ids.insert(text(&case, "id").to_owned()), "{name}: {} appears twice", case["id"]);
            for field in ["what", "why", "source"] {
                assert!(!text(&case, field).is_empty(), "{name}: {} has no {field}", case["id"]);
            }
            numbers.extend(case["case"].as_u64());
        }
    }
    assert_eq!(numbers, (1..=50).collect());
}

#[test]
fn the_encoding_vectors_hold() {
    run("encoding", |case| match text(case, "op") {
        "encode" => (json!(encoding::to_cloudfront_base64(&bytes(text(case, "hex")))), case["text"].clone()),
        "decode" => {
            let decoded = encoding::from_cloudfront_base64(text(case, "text"));
            let standard = decoded.as_ref().is_some_and(|decoded| decoded.standard);
            (json!([decoded.map(|decoded| hex(&decoded.bytes)), standard]), json!([case["hex"], case["standard"]]))
        }
        "aws-sdk-js-url" => (json!(url::encode_like_aws_sdk_js(text(case, "input"))), case["output"].clone()),
        other => panic!("unknown op {other}"),
    });
}

#[test]
fn the_urls_vectors_hold() {
    run("urls", |case| match text(case, "op") {
        "canonicalise" => (found(url::canonicalise(text(case, "input")).map(Value::from)), outcome(case, "output")),
        "split" => {
            let (signing, rest) = url::split_signing_parameters(text(case, "query"));
            let values = [
                signing.expires(),
                signing.policy(),
                signing.signature(),
                signing.key_pair_id(),
                signing.hash_algorithm(),
            ];
            let parameters: Value = url::RESERVED_PARAMETERS
                .iter()
                .zip(values)
                .filter_map(|(name, value)| Some(((*name).to_owned(), Value::from(value?))))
                .collect::<serde_json::Map<_, _>>()
                .into();
            (json!([parameters, signing.duplicate, rest]), json!([case["parameters"], case["duplicate"], case["rest"]]))
        }
        other => panic!("unknown op {other}"),
    });
}

#[test]
fn the_policies_vectors_hold() {
    run("policies", |case| match text(case, "op") {
        "build" => {
            let prepared = terms(case).and_then(|terms| {
                PreparedUrl::new(text(case, "url"), &terms, None, support::KEY_PAIR_ID, HashAlgorithm::Sha1)
            });
            let text = prepared.map(|prepared| json!(String::from_utf8(prepared.policy().message().to_vec()).unwrap()));
            if let (Ok(terms), Some(kind)) = (terms(case), optional(case, "kind")) {
                assert_eq!(terms.is_canned(), kind == "canned", "{}", case["id"]);
            }
            (found(text), outcome(case, "text"))
        }
        "parse" => {
            let message = text(case, "text");
            let prepared = Prepared::from_policy_text(message, support::KEY_PAIR_ID, HashAlgorithm::Sha1);
            let parsed = policy::parse(message.as_bytes());
            assert_eq!(prepared.is_ok(), parsed.is_ok(), "{}", case["id"]);
            (found(prepared.map(|_| policy_view(&parsed.unwrap()))), outcome(case, "policy"))
        }
        "ip" => {
            (found(Ipv4Range::parse(text(case, "input")).map(|range| json!(range.to_string()))), outcome(case, "text"))
        }
        other => panic!("unknown op {other}"),
    });
}

fn policy_view(policy: &Policy) -> Value {
    json!({
        "resource": policy.resource.as_ref().map(ResourcePattern::text),
        "expires": policy.expires,
        "notBefore": policy.not_before,
        "ipAddress": policy.ip.map(|ip| ip.to_string()),
        "warnings": policy.warnings.iter().map(|warning| warning.code()).collect::<Vec<_>>(),
    })
}

#[test]
fn the_resource_match_vectors_hold() {
    run("resource-match", |case| {
        let target = &case["target"];
        let section = ResourcePattern::new(text(case, "resource")).mismatch(
            &Target {
                scheme: scheme(target),
                host: text(target, "host"),
                path: text(target, "path"),
                query: text(target, "query"),
            },
            case["legacySchemeWildcard"].as_bool().unwrap(),
        );
        (json!(section.map(policy::Section::name)), case["mismatch"].clone())
    });
}

fn upload(constraints: &Value) -> UploadConstraints {
    let field = |name: &str| optional(constraints, name).map(str::to_owned);
    UploadConstraints {
        method: field("method"),
        max_bytes: constraints["maxBytes"].as_u64(),
        content_type: field("contentType"),
        sha256: field("sha256"),
        filename: field("filename"),
    }
}

#[test]
fn the_signing_vectors_hold() {
    run("signing", |case| {
        let key = signing_key(text(case, "key"));
        let sign = || {
            let upload = case["upload"].is_object().then(|| upload(&case["upload"]));
            let prepared = PreparedUrl::new(
                text(case, "url"),
                &terms(case)?,
                upload.as_ref(),
                text(case, "keyPairId"),
                hash(case),
            )?;
            let signer = Signer::new(text(case, "keyPairId"), key, hash(case))?;
            let signature = signer.sign(prepared.policy())?;
            let frame = prepared.finish(&signature)?;
            let text = String::from_utf8(prepared.policy().message().to_vec()).unwrap();
            Ok((frame, text, encoding::to_cloudfront_base64(&signature)))
        };
        if let Some(code) = optional(case, "error") {
            return (found(sign().map(|(url, ..)| json!(url))), json!({ "error": code }));
        }
        let (signed, policy_text, signature) = sign().unwrap();
        assert_opens(case, &signed);
        match optional(case, "signedUrlFrame") {
            Some(frame) => {
                assert_opens(case, text(case, "signedByOpenssl"));
                let unsigned = signed.replacen(&signature, "{signature}", 1);
                (json!([policy_text, unsigned]), json!([case["policyText"], frame]))
            }
            None => (json!([policy_text, signed]), json!([case["policyText"], case["signedUrl"]])),
        }
    });
}

fn ring(case: &Value) -> KeyRing<edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey> {
    let mut ring = KeyRing::new();
    ring.insert(text(case, "keyPairId"), verifying_key(text(case, "publicKey"))).unwrap();
    ring
}

fn assert_opens(case: &Value, url: &str) {
    let ip = optional(&case["terms"], "ipAddress").map(|ip| ip.split('/').next().unwrap().parse().unwrap());
    let request = ViewerRequest { client_ip: ip, ..ViewerRequest::for_url(url).unwrap() };
    let verdict = verify(&request, &ring(case), NOW, &VerifyOptions { strict: true, ..VerifyOptions::default() });
    assert!(verdict.is_ok(), "{}: {verdict:?}", case["id"]);
}

#[test]
fn the_cookies_vectors_hold() {
    run("cookies", |case| match text(case, "op") {
        "sign" => sign_cookies(case),
        "set-cookie" => {
            let signer = Signer::new(text(case, "keyPairId"), signing_key(text(case, "key")), hash(case)).unwrap();
            let set = signer.sign_cookies(text(case, "resource"), &terms(case).unwrap()).unwrap();
            (found(set.to_set_cookie(&attributes(&case["attributes"])).map(Value::from)), outcome(case, "setCookie"))
        }
        "read" => {
            let headers: Vec<&str> =
                case["headers"].as_array().unwrap().iter().map(|header| header.as_str().unwrap()).collect();
            let (values, conflict) = read_cookie_headers(&headers);
            let found: serde_json::Map<_, _> = COOKIE_NAMES
                .iter()
                .zip(values)
                .filter_map(|(name, value)| Some(((*name).to_owned(), Value::from(value?))))
                .collect();
            (json!([found, conflict]), json!([case["found"], case["conflict"]]))
        }
        other => panic!("unknown op {other}"),
    });
}

fn sign_cookies(case: &Value) -> (Value, Value) {
    let resource = text(case, "resource");
    let sign = || {
        let prepared = Prepared::for_cookies(resource, &terms(case)?, text(case, "keyPairId"), hash(case))?;
        let signature =
            Signer::new(text(case, "keyPairId"), signing_key(text(case, "key")), hash(case))?.sign(&prepared)?;
        let text = String::from_utf8(prepared.message().to_vec()).unwrap();
        Ok((text, prepared.finish_cookies(&signature), encoding::to_cloudfront_base64(&signature)))
    };
    if let Some(code) = optional(case, "error") {
        return (found(sign().map(|(text, ..)| json!(text))), json!({ "error": code }));
    }
    let (policy_text, set, signature) = sign().unwrap();
    let pairs = json!(set.pairs());
    match case.get("cookiesFrame") {
        Some(frame) => {
            let pairs: Value = serde_json::from_str(&pairs.to_string().replacen(&signature, "{signature}", 1)).unwrap();
            (json!([policy_text, pairs]), json!([case["policyText"], frame]))
        }
        None => (json!([policy_text, pairs]), json!([case["policyText"], case["cookies"]])),
    }
}

fn attributes(given: &Value) -> CookieAttributes {
    let default = CookieAttributes::default();
    CookieAttributes {
        secure: given["secure"].as_bool().unwrap_or(default.secure),
        http_only: given["httpOnly"].as_bool().unwrap_or(default.http_only),
        same_site: match given.get("sameSite").map(Value::as_str) {
            None => default.same_site,
            Some(None) => None,
            Some(Some("Strict")) => Some(SameSite::Strict),
            Some(Some("Lax")) => Some(SameSite::Lax),
            Some(Some("None")) => Some(SameSite::None),
            Some(Some(other)) => panic!("no SameSite {other}"),
        },
        path: optional(given, "path").map_or(default.path, str::to_owned),
        domain: optional(given, "domain").map(str::to_owned),
        max_age: given["maxAge"].as_u64(),
    }
}

#[test]
fn the_verifying_vectors_hold() {
    run("verify", |case| {
        let mut keys = KeyRing::new();
        for key in case["keys"].as_array().unwrap() {
            keys.insert(text(key, "id"), verifying_key(text(key, "file"))).unwrap();
            keys.set_enabled(text(key, "id"), key["enabled"].as_bool().unwrap());
        }
        let given = &case["request"];
        let cookies: Vec<&str> =
            given["cookies"].as_array().unwrap().iter().map(|cookie| cookie.as_str().unwrap()).collect();
        let request = ViewerRequest {
            scheme: scheme(given),
            host: text(given, "host"),
            path: text(given, "path"),
            query: text(given, "query"),
            cookies: &cookies,
            client_ip: optional(given, "clientIp").map(|ip| ip.parse().unwrap()),
        };
        let option = |name: &str| case["options"][name].as_bool().unwrap();
        let options = VerifyOptions {
            strict: option("strict"),
            require_resource: option("requireResource"),
            legacy_scheme_wildcard: option("legacySchemeWildcard"),
        };
        let verdict = match verify(&request, &keys, case["now"].as_u64().unwrap(), &options) {
            Ok(grant) => json!({
                "allowed": true,
                "source": grant.source.as_str(),
                "kind": grant.kind.as_str(),
                "hash": grant.hash.as_str(),
                "keyPairId": grant.key_pair_id,
                "query": grant.query,
                "remaining": grant.remaining,
                "warnings": grant.policy.warnings.iter().map(|warning| warning.code()).collect::<Vec<_>>(),
            }),
            Err(denial) => json!({ "allowed": false, "reason": denial.reason.code() }),
        };
        (verdict, case["expect"].clone())
    });
}

/// Damages a key file as secret stores, editors and console fields do. The README says how.
fn transformed(pem: &str, transform: Option<&str>) -> String {
    let lines: Vec<&str> = pem.trim_end().lines().collect();
    match transform {
        None => pem.to_owned(),
        Some("crlf") => lines.join("\r\n") + "\r\n",
        Some("one-line") => lines.join(" "),
        Some("literal-newlines") => lines.join("\\n") + "\\n",
        Some("base64") => {
            encoding::to_cloudfront_base64(pem.as_bytes()).replace('-', "+").replace('_', "=").replace('~', "/")
        }
        Some("bom") => format!("\u{feff}{pem}"),
        Some("surrounded") => format!("some note\n\n{pem}\nanother note\n"),
        Some("twice") => format!("{pem}{pem}"),
        Some("truncated") => pem[..pem.len() / 2].to_owned(),
        Some("no-end") => lines[..lines.len() - 1].join("\n"),
        Some("empty") => String::new(),
        Some(other) => panic!("unknown transform {other}"),
    }
}

#[test]
fn the_keys_vectors_hold() {
    run("keys", |case| {
        let pem = String::from_utf8(key_file(text(case, "file"))).unwrap();
        let material = transformed(&pem, optional(case, "transform"));
        let algorithm = if text(case, "kind") == "private" {
            PrivateKey::parse(material.as_bytes(), optional(case, "passphrase").map(str::as_bytes))
                .map(|key| key.algorithm())
        } else {
            PublicKey::parse(material.as_bytes()).map(|key| key.algorithm())
        };
        (found(algorithm.map(|algorithm| json!(algorithm.as_str()))), outcome(case, "algorithm"))
    });
}

#[test]
fn the_times_vectors_hold() {
    run("time", |case| match text(case, "op") {
        "parse" => {
            let seconds = time::parse(text(case, "text"), case["now"].as_u64().unwrap(), "expires");
            (found(seconds.map(Value::from)), outcome(case, "seconds"))
        }
        "format" => (json!(time::format(case["seconds"].as_u64().unwrap())), case["text"].clone()),
        "words" => (json!(time::in_words(case["seconds"].as_u64().unwrap())), case["text"].clone()),
        other => panic!("unknown op {other}"),
    });
}

#[test]
fn the_uploads_vectors_hold() {
    run("upload", |case| match text(case, "op") {
        "write" => (found(upload(&case["constraints"]).to_query().map(Value::from)), outcome(case, "query")),
        "read" => {
            let constraints = UploadConstraints::from_query(text(case, "query"));
            let expected = optional(case, "error").map_or_else(
                || json!({ "ok": format!("{:?}", upload(&case["constraints"])) }),
                |code| json!({ "error": code }),
            );
            (found(constraints.map(|constraints| json!(format!("{constraints:?}")))), expected)
        }
        other => panic!("unknown op {other}"),
    });
}
