//! Checking the values of a rule file, field by field.

use super::model::{Cors, Mode, Require, Rule, RuleFile, Upload, VERSION, WhenUnseen};
use super::path;
use super::problem::{Finding, FindingCode};
use crate::keys::check_key_pair_id;
use crate::upload::{MAX_PUT_BYTES, is_constraint_name, is_media_type};
use crate::url::is_reserved_parameter;

/// Headers that Lambda@Edge refuses from a function.
///
/// Source: *Restrictions on edge functions* ("Disallowed headers" and "Read-only headers"), CloudFront Developer Guide.
const DISALLOWED: [&str; 14] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-cache",
    "x-real-ip",
];
const DISALLOWED_STARTS: [&str; 5] = ["x-accel-", "x-amz-cf-", "x-amzn-", "x-edge-", "x-forwarded-proto"];

/// Collects what is wrong with the value of a field.
struct Checker {
    findings: Vec<Finding>,
}

impl Checker {
    fn require(&mut self, holds: bool, code: FindingCode, field: impl FnOnce() -> String, message: impl Into<String>) {
        if !holds {
            self.findings.push(Finding::new(code, field(), message));
        }
    }
}

/// Everything that makes a file unusable.
pub(super) fn check_file(file: &RuleFile) -> Vec<Finding> {
    let mut checker = Checker { findings: Vec::new() };
    checker.require(
        file.version == VERSION,
        FindingCode::UnsupportedVersion,
        || "version".to_owned(),
        format!("version {} is not known", file.version),
    );
    checker.require(
        file.mode == Mode::BehindKeyGroup || file.when_unseen == WhenUnseen::Deny,
        FindingCode::WhenUnseenInStandalone,
        || "whenUnseen".to_owned(),
        "whenUnseen: allow has no meaning in standalone mode",
    );
    for (index, rule) in file.rules.iter().enumerate() {
        let earlier = file.rules.get(..index).unwrap_or_default();
        checker.require(
            !earlier.iter().any(|other| other.name == rule.name),
            FindingCode::DuplicateName,
            || format!("rules[{index}].name"),
            format!("another rule is named \"{}\"", rule.name),
        );
        checker.rule(rule, &format!("rules[{index}]"));
    }
    checker.findings
}

impl Checker {
    fn rule(&mut self, rule: &Rule, at: &str) {
        let named = (1..=64).contains(&rule.name.len())
            && rule.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        self.require(named, FindingCode::InvalidName, || format!("{at}.name"), "the name cannot be used");
        self.path(&rule.path, at);
        if let Some(host) = &rule.host {
            let name = host.strip_prefix("*.").unwrap_or(host);
            let valid = !name.is_empty()
                && name.split('.').all(|label| {
                    !label.is_empty()
                        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                });
            self.require(valid, FindingCode::InvalidHost, || format!("{at}.host"), "the host is not a host name");
        }
        let distinct = rule
            .methods
            .iter()
            .enumerate()
            .all(|(index, method)| !rule.methods.get(..index).unwrap_or_default().contains(method));
        self.require(
            distinct && !rule.methods.is_empty(),
            FindingCode::InvalidMethods,
            || format!("{at}.methods"),
            "the methods are empty or repeated",
        );
        self.credential(rule, at);
        self.query(rule, at);
        if let Some(upload) = &rule.upload {
            self.upload(upload, rule, at);
        }
        if let Some(prefix) = &rule.strip_prefix {
            let literal = rule.path.split(['*', '?']).next().unwrap_or_default();
            let valid = prefix.len() > 1
                && path::decode(prefix).as_deref() == Some(prefix)
                && !prefix.ends_with('/')
                && literal.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('/'));
            self.require(
                valid,
                FindingCode::InvalidStripPrefix,
                || format!("{at}.stripPrefix"),
                "the prefix is not a start of the rule's path that ends before a slash",
            );
        }
        if let Some(cors) = &rule.cors {
            self.cors(cors, at);
        }
        for (name, value) in &rule.response_headers {
            // Names that differ in their case alone are the same header.
            let twin = rule.response_headers.keys().any(|other| other != name && other.eq_ignore_ascii_case(name));
            let valid = is_settable(name) && !twin && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            self.require(
                valid,
                FindingCode::InvalidHeader,
                || format!("{at}.responseHeaders.{name}"),
                format!("the header {} cannot be set", name.escape_default()),
            );
        }
    }

    fn path(&mut self, pattern: &str, at: &str) {
        let as_path = pattern.replace(['*', '?'], "x");
        let valid =
            pattern.len() <= 1_024 && !pattern.contains('%') && path::decode(&as_path.replace(' ', "x")).is_some();
        self.require(valid, FindingCode::InvalidPath, || format!("{at}.path"), "the path pattern cannot be used");
    }

    fn credential(&mut self, rule: &Rule, at: &str) {
        for (index, id) in rule.key_pair_ids.iter().enumerate() {
            let message = check_key_pair_id(id).err();
            self.require(
                message.is_none(),
                FindingCode::InvalidKeyPairId,
                || format!("{at}.keyPairIds[{index}]"),
                message.as_ref().map_or("", crate::Error::message),
            );
        }
        self.require(
            rule.max_lifetime.is_none_or(|lifetime| lifetime.0 > 0),
            FindingCode::InvalidLifetime,
            || format!("{at}.maxLifetime"),
            "maxLifetime is 0, so nothing would pass",
        );
        if rule.require != Require::None {
            return;
        }
        let constrained = rule.upload.as_ref().is_some_and(|upload| !upload.require_constraints.is_empty());
        let limits = [
            (!rule.key_pair_ids.is_empty(), "keyPairIds"),
            (rule.max_lifetime.is_some(), "maxLifetime"),
            (rule.require_ip, "requireIp"),
            (constrained, "upload.requireConstraints"),
        ];
        for (set, name) in limits {
            self.require(
                !set,
                FindingCode::LimitWithoutCredential,
                || format!("{at}.{name}"),
                format!("{name} limits a credential, and the rule requires none"),
            );
        }
    }

    fn query(&mut self, rule: &Rule, at: &str) {
        for (index, name) in rule.query.allow.iter().enumerate() {
            let repeated = rule.query.allow.get(..index).unwrap_or_default().contains(name);
            let valid = !name.is_empty() && !is_reserved_parameter(name) && !is_constraint_name(name) && !repeated;
            self.require(
                valid && index < 64,
                FindingCode::InvalidQueryName,
                || format!("{at}.query.allow[{index}]"),
                "the name is empty, repeated or kept for signing, or the 65th",
            );
        }
    }

    fn upload(&mut self, upload: &Upload, rule: &Rule, at: &str) {
        self.require(
            rule.methods.iter().any(|method| method.is_upload()),
            FindingCode::UploadWithoutMethod,
            || format!("{at}.upload"),
            "the rule has upload caps and allows no upload method",
        );
        self.require(
            upload.max_bytes.is_none_or(|size| (1..=MAX_PUT_BYTES).contains(&size.0)),
            FindingCode::InvalidSize,
            || format!("{at}.upload.maxBytes"),
            "maxBytes is not from 1 to 5368709120",
        );
        for (index, text) in upload.content_types.iter().enumerate() {
            self.require(
                is_media_type(text),
                FindingCode::InvalidContentType,
                || format!("{at}.upload.contentTypes[{index}]"),
                "this is no media type",
            );
        }
        for (index, text) in upload.extensions.iter().enumerate() {
            let name = text.strip_prefix('.').unwrap_or(text);
            let valid = name.split('.').all(|part| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            });
            self.require(
                valid,
                FindingCode::InvalidExtension,
                || format!("{at}.upload.extensions[{index}]"),
                "this is no file name extension",
            );
        }
    }

    fn cors(&mut self, cors: &Cors, at: &str) {
        self.require(
            !cors.origins.is_empty(),
            FindingCode::InvalidOrigin,
            || format!("{at}.cors.origins"),
            "no origin is listed",
        );
        for (index, origin) in cors.origins.iter().enumerate() {
            self.require(
                is_origin(origin),
                FindingCode::InvalidOrigin,
                || format!("{at}.cors.origins[{index}]"),
                "this is no web origin",
            );
        }
        self.require(
            !(cors.credentials && cors.origins.iter().any(|origin| origin == "*")),
            FindingCode::AnyOriginWithCredentials,
            || format!("{at}.cors.credentials"),
            "credentials are allowed for every origin",
        );
        for (list, name) in [(&cors.headers, "headers"), (&cors.expose_headers, "exposeHeaders")] {
            for (index, header) in list.iter().enumerate() {
                self.require(
                    is_token(header) && header != "*",
                    FindingCode::InvalidHeader,
                    || format!("{at}.cors.{name}[{index}]"),
                    "this is no header name",
                );
            }
        }
    }
}

fn is_origin(text: &str) -> bool {
    if text == "*" {
        return true;
    }
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    let (name, port) = rest.split_once(':').map_or((rest, None), |(name, port)| (name, Some(port)));
    let valid_name = name
        .split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    valid_name && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0))
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn is_settable(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_token(name)
        && !DISALLOWED.contains(&lower.as_str())
        && !DISALLOWED_STARTS.iter().any(|start| lower.starts_with(start))
}
