//! Laws of the decision that hold for whatever request comes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "shared with the vector tests, which use all of it")]
mod edge_support;

use edge_support::{now, ring, signed_texts};
use edgeseal_core::cookies::{COOKIE_NAMES, strip_cookie_header};
use edgeseal_core::edge::{
    ByteSize, CompiledPolicy, Constraint, Decision, EdgeRequest, Lifetime, Memo, Method, Mode, Query, Require, Rule,
    RuleFile, Upload, ViewerScheme, WhenUnseen, decide, decide_with_memo,
};
use edgeseal_core::url::{is_reserved_parameter, split_signing_parameters};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Owned parts of a request, built around the recorded credentials so that many of them verify.
#[derive(Debug, Clone)]
struct Parts {
    method: String,
    uri: String,
    query: String,
    headers: Vec<(String, String)>,
    ip: Option<std::net::IpAddr>,
    now: u64,
}

impl Parts {
    fn decide<'a>(&'a self, policy: &'a CompiledPolicy, headers: &'a [(&'a str, &'a str)]) -> Decision<'a> {
        decide(policy, &self.request(headers), ring(), self.now)
    }

    fn request<'a>(&'a self, headers: &'a [(&'a str, &'a str)]) -> EdgeRequest<'a> {
        EdgeRequest {
            method: &self.method,
            host: "files.example.com",
            uri: &self.uri,
            querystring: &self.query,
            client_ip: self.ip,
            headers,
        }
    }

    fn borrowed(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

fn any_headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop::sample::select(vec![
        "content-length",
        "transfer-encoding",
        "content-type",
        "origin",
        "cookie",
        "x-amz-checksum-sha256",
        "x-amz-content-sha256",
        "content-md5",
        "access-control-request-method",
        "x-amz-copy-source",
        "Content-Length",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "10",
            "5000",
            "5001",
            "99999999",
            "chunked",
            "image/png",
            "text/html",
            "PUT",
            "https://app.example.com"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,20}",
        Just(signed_texts()["cookies-download"].clone()),
        Just(signed_texts()["cookies-upload"].clone()),
    ];
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..5)
}

/// Headers as a decent client sends them, which is what lets a request reach the late checks.
fn decent_headers() -> impl Strategy<Value = Vec<(String, String)>> {
    (0_u64..12_000, prop::sample::select(vec!["image/png", "image/gif", "text/html"]), any::<bool>()).prop_map(
        |(length, kind, checksum)| {
            let mut headers =
                vec![("content-length".to_owned(), length.to_string()), ("content-type".to_owned(), kind.to_owned())];
            if checksum {
                headers.push(("content-md5".to_owned(), "kAFQmDzST7DWlj99KOF/cg==".to_owned()));
            }
            headers
        },
    )
}

fn any_parts() -> impl Strategy<Value = Parts> {
    let signed: Vec<(String, String)> = signed_texts()
        .into_values()
        .filter_map(|text| {
            let rest = text.strip_prefix("https://files.example.com")?.to_owned();
            rest.split_once('?').map(|(path, query)| (path.to_owned(), query.to_owned()))
        })
        .collect();
    let target = prop_oneof![
        4 => prop::sample::select(signed),
        1 => ("(/[a-z%.2e5cf]{0,6}){1,4}", "\\PC{0,30}"),
        1 => ("\\PC{0,20}", "([a-zA-Z%&=-]{0,8}=?&?){0,4}"),
    ];
    let method = prop::sample::select(vec!["GET", "HEAD", "PUT", "PUT", "PUT", "POST", "DELETE", "OPTIONS", "put", ""]);
    let headers = prop_oneof![2 => decent_headers(), 1 => any_headers()];
    let ip = prop::sample::select(vec![None, Some("192.0.2.7"), Some("198.51.100.1"), Some("2001:db8::1")]);
    (target, method, headers, ip, 0_u64..600).prop_map(|((uri, query), method, headers, ip, later)| Parts {
        method: method.to_owned(),
        uri,
        query,
        headers,
        ip: ip.map(|ip| ip.parse().unwrap()),
        now: now() + later,
    })
}

fn rule() -> Rule {
    Rule {
        name: "all".into(),
        path: "/*".into(),
        host: None,
        methods: vec![Method::Get, Method::Head, Method::Put, Method::Post],
        require: Require::Either,
        key_pair_ids: Vec::new(),
        max_lifetime: None,
        require_ip: false,
        upload: Some(Upload { require_content_length: false, ..Upload::default() }),
        query: Query { allow: vec!["*".into()] },
        strip_prefix: None,
        cors: None,
        response_headers: BTreeMap::new(),
    }
}

fn compile(mode: Mode, when_unseen: WhenUnseen, rule: Rule) -> CompiledPolicy {
    let file = RuleFile { schema: None, version: 1, mode, scheme: ViewerScheme::Https, when_unseen, rules: vec![rule] };
    CompiledPolicy::new(&file).unwrap()
}

type Step = fn(&mut Rule);

/// Ways to tighten a rule, in steps that each are at least as tight as the one before.
fn tightenings() -> Vec<(&'static str, Vec<Step>)> {
    fn upload(rule: &mut Rule) -> &mut Upload {
        rule.upload.as_mut().unwrap()
    }
    vec![
        (
            "path",
            vec![|rule| rule.path = "/*load/*".into(), |rule| rule.path = "/upload/*".into(), |rule| {
                rule.path = "/upload/cat.???".into()
            }],
        ),
        (
            "host",
            vec![
                |rule| rule.host = Some("*.example.com".into()),
                |rule| rule.host = Some("files.example.com".into()),
                |rule| rule.host = Some("other.example.com".into()),
            ],
        ),
        (
            "methods",
            vec![|rule| rule.methods = vec![Method::Get, Method::Put], |rule| rule.methods = vec![Method::Put]],
        ),
        ("require", vec![|rule| rule.require = Require::SignedUrl]),
        ("require, cookies", vec![|rule| rule.require = Require::SignedCookie]),
        (
            "keyPairIds",
            vec![|rule| rule.key_pair_ids = vec!["K2JCJMDEHXQW5F".into(), "K3RSAEXAMPLE01".into()], |rule| {
                rule.key_pair_ids = vec!["K3RSAEXAMPLE01".into()]
            }],
        ),
        (
            "maxLifetime",
            vec![
                |rule| rule.max_lifetime = Some(Lifetime(86_400)),
                |rule| rule.max_lifetime = Some(Lifetime(390)),
                |rule| rule.max_lifetime = Some(Lifetime(60)),
            ],
        ),
        ("requireIp", vec![|rule| rule.require_ip = true]),
        (
            "maxBytes",
            vec![
                |rule| upload(rule).max_bytes = Some(ByteSize(10_000)),
                |rule| upload(rule).max_bytes = Some(ByteSize(4_000)),
                |rule| upload(rule).max_bytes = Some(ByteSize(10)),
            ],
        ),
        (
            "contentTypes",
            vec![
                |rule| upload(rule).content_types = vec!["*/*".into()],
                |rule| upload(rule).content_types = vec!["image/*".into()],
                |rule| upload(rule).content_types = vec!["image/png".into()],
            ],
        ),
        (
            "extensions",
            vec![|rule| upload(rule).extensions = vec!["png".into(), "exe".into()], |rule| {
                upload(rule).extensions = vec!["exe".into()]
            }],
        ),
        ("requireContentLength", vec![|rule| upload(rule).require_content_length = true]),
        ("requireChecksum", vec![|rule| upload(rule).require_checksum = true]),
        (
            "requireConstraints",
            vec![|rule| upload(rule).require_constraints = vec![Constraint::Method], |rule| {
                upload(rule).require_constraints = vec![Constraint::Method, Constraint::Sha256]
            }],
        ),
        (
            "query",
            vec![
                |rule| rule.query.allow = vec!["size".into(), "v".into()],
                |rule| rule.query.allow = vec!["v".into()],
                |rule| rule.query.allow = Vec::new(),
            ],
        ),
    ]
}

const MODES: [(Mode, WhenUnseen); 3] = [
    (Mode::Standalone, WhenUnseen::Deny),
    (Mode::BehindKeyGroup, WhenUnseen::Deny),
    (Mode::BehindKeyGroup, WhenUnseen::Allow),
];

/// Policies from loose to tight, for each way of tightening and each mode. Compiled once.
fn ladders() -> &'static Vec<(&'static str, Vec<CompiledPolicy>)> {
    static LADDERS: std::sync::OnceLock<Vec<(&'static str, Vec<CompiledPolicy>)>> = std::sync::OnceLock::new();
    LADDERS.get_or_init(|| {
        let mut ladders = Vec::new();
        for (mode, when_unseen) in MODES {
            for (name, steps) in tightenings() {
                let mut loose = rule();
                let mut policies = vec![compile(mode, when_unseen, loose.clone())];
                for step in steps {
                    step(&mut loose);
                    policies.push(compile(mode, when_unseen, loose.clone()));
                }
                ladders.push((name, policies));
            }
        }
        ladders
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_101), ..ProptestConfig::default() })]

    #[test]
    fn a_tighter_rule_never_allows_what_a_looser_one_refuses(parts in any_parts()) {
        let headers = parts.borrowed();
        for (name, policies) in ladders() {
            let allowed: Vec<bool> = policies.iter().map(|policy| parts.decide(policy, &headers).is_allowed()).collect();
            prop_assert!(allowed.windows(2).all(|pair| pair[0] || !pair[1]), "{}: {:?}", name, allowed);
        }
    }

    #[test]
    fn no_request_makes_it_panic_and_every_refusal_has_a_status(parts in any_parts(), headers in any_headers()) {
        let parts = Parts { headers, ..parts };
        let headers = parts.borrowed();
        for (_, policies) in ladders() {
            match parts.decide(policies.last().unwrap(), &headers) {
                Decision::Deny(deny) => prop_assert_eq!(deny.status, deny.reason.status()),
                Decision::Respond(answer) => prop_assert_eq!(answer.status, 204),
                Decision::Allow(allow) => prop_assert_eq!(allow.rule, "all"),
            }
        }
    }

    #[test]
    fn a_memo_gives_the_decision_that_there_is_without_one(sequence in prop::collection::vec(any_parts(), 1..12)) {
        for (mode, when_unseen) in MODES {
            let policy = compile(mode, when_unseen, rule());
            let mut memo = Memo::new(4);
            for parts in sequence.iter().chain(&sequence) {
                let headers = parts.borrowed();
                let request = parts.request(&headers);
                let plain = decide(&policy, &request, ring(), parts.now);
                let remembered = decide_with_memo(&policy, &request, ring(), parts.now, &mut memo);
                prop_assert_eq!(plain, remembered);
            }
            prop_assert!(memo.len() <= memo.capacity());
        }
    }

    #[test]
    fn stripping_and_adding_back_gives_the_original(
        own in prop::collection::vec("[a-z]{0,3}(=[a-z%]{0,3})?", 0..5),
        signing in prop::sample::subsequence(vec!["Expires=1", "Policy=p_", "Signature=s~", "Key-Pair-Id=K", "Hash-Algorithm=SHA256"], 1..6),
        at in 0_usize..6,
    ) {
        // What a signer does: the signing parameters stand together, somewhere among the others.
        let at = at.min(own.len());
        let mut all: Vec<&str> = own.iter().map(String::as_str).collect();
        all.splice(at..at, signing.iter().copied());
        let query = all.join("&");
        let (found, rest) = split_signing_parameters(&query);
        prop_assert!(found.any());
        prop_assert_eq!(&rest, &own.join("&"));
        prop_assert!(rest.split('&').all(|part| !is_reserved_parameter(part.split('=').next().unwrap())));
        let mut again: Vec<&str> = if own.is_empty() { Vec::new() } else { rest.split('&').collect() };
        again.splice(at..at, signing.iter().copied());
        prop_assert_eq!(again.join("&"), query);
    }

    #[test]
    fn the_decision_hands_on_exactly_what_stripping_leaves(parts in any_parts()) {
        let policy = compile(Mode::Standalone, WhenUnseen::Deny, rule());
        let headers = parts.borrowed();
        if let Decision::Allow(allow) = parts.decide(&policy, &headers) {
            let (found, rest) = split_signing_parameters(&parts.query);
            prop_assert_eq!(allow.querystring, found.any().then_some(rest));
            prop_assert_eq!(allow.uri, None);
        }
    }

    #[test]
    fn stripped_cookies_keep_every_other_cookie_byte_for_byte(own in prop::collection::vec("[a-z]{1,3}=[a-z\"%]{0,3}", 0..4), at in 0_usize..4, name in 0_usize..5) {
        let ours = format!("{}=x", COOKIE_NAMES[name]);
        let mut all: Vec<&str> = own.iter().map(String::as_str).collect();
        all.insert(at.min(own.len()), &ours);
        prop_assert_eq!(strip_cookie_header(&all.join("; ")), Some(own.join("; ")));
        prop_assert_eq!(strip_cookie_header(&own.join("; ")), None);
    }
}

#[test]
fn the_properties_are_tried_on_requests_that_pass_and_on_every_late_refusal() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(20_260_101), ..Config::default() });
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..600 {
        let parts = any_parts().new_tree(&mut runner).unwrap().current();
        let headers = parts.borrowed();
        for (_, policies) in ladders() {
            for policy in policies {
                seen.insert(match parts.decide(policy, &headers) {
                    Decision::Allow(_) => "allow".to_owned(),
                    Decision::Deny(deny) => deny.reason.code().to_owned(),
                    Decision::Respond(_) => "respond".to_owned(),
                });
            }
        }
    }
    for wanted in [
        "allow",
        "too-large",
        "type-not-allowed",
        "type-mismatch",
        "checksum-missing",
        "key-not-allowed",
        "lifetime-too-long",
        "ip-binding-missing",
        "query-not-allowed",
        "extension-not-allowed",
        "constraint-missing",
        "method-mismatch",
        "wrong-credential",
        "expired",
    ] {
        assert!(seen.contains(wanted), "{wanted} never happened: {seen:?}");
    }
}
