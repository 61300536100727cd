//! Rule files with something wrong: what is found, where, and that a good file is left alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use edgeseal_core::edge::{CompiledPolicy, FindingCode, Place, RuleFile, Severity, check};

/// Findings as `line:column code field`.
fn findings(text: &str, keys: Option<&[&str]>) -> Vec<String> {
    let places = |place: Option<Place>| place.map_or("-".to_owned(), |place| place.to_string());
    check(text, keys)
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", places(finding.place), finding.code, finding.field).trim_end().to_owned())
        .collect()
}

const GOOD: &str = "\
version: 1
mode: standalone
rules:
  - name: upload
    path: /upload/*
    methods: [PUT]
    stripPrefix: /upload
    maxLifetime: 1h
    upload:
      maxBytes: 25MB
      contentTypes: [image/*]
    cors:
      origins: [https://app.example.com]
      credentials: true
  - name: download
    path: /download/*
    keyPairIds: [K2JCJMDEHXQW5F]
    maxLifetime: 7d
  - name: preview
    path: /preview/*
    maxLifetime: 7d
";

#[test]
fn a_good_file_has_no_finding() {
    assert_eq!(findings(GOOD, Some(&["K2JCJMDEHXQW5F"])), Vec::<String>::new());
}

#[test]
fn yaml_and_its_json_are_the_same_policy() {
    let file = RuleFile::from_yaml(GOOD).unwrap();
    let json = file.to_json();
    assert_eq!(RuleFile::from_json(&json).unwrap(), file);
    assert_eq!(RuleFile::from_yaml(&json).unwrap(), file);
    assert_eq!(CompiledPolicy::new(&RuleFile::from_json(&json).unwrap()), CompiledPolicy::new(&file));
}

#[test]
fn every_finding_points_at_its_line_and_column() {
    let cases: &[(&str, &[&str])] = &[
        ("version: 2\nmode: standalone\nrules: []\n", &["1:10 unsupported-version version", "3:1 no-rules rules"]),
        ("mode: standalone\nversion: 1\nrules:\n  - name: a\n    paths: /a\n", &["5:5 invalid-file"]),
        (
            "mode: standalone\nversion: 1\nrules:\n  - name: a\n    path: /a\n    methods: [FETCH]\n",
            &["6:15 invalid-file"],
        ),
        (
            "mode: standalone\nversion: 1\nrules:\n  - name: a\n    path: /a\n    maxLifetime: soon\n",
            &["6:18 invalid-file"],
        ),
        ("mode: [standalone\nversion: 1\n", &["2:8 invalid-file"]),
    ];
    for (text, expected) in cases {
        assert_eq!(findings(text, None), *expected, "{text}");
    }
}

/// A standalone file with one rule, whose lines begin at line 4 and column 5.
fn one_rule(lines: &str) -> String {
    let mut text =
        "version: 1\nmode: standalone\nrules:\n  - name: a\n    path: /a/*\n    maxLifetime: 1h\n".to_owned();
    for line in lines.lines() {
        text.push_str("    ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

#[test]
fn every_unusable_value_is_an_error_at_its_place() {
    for (lines, expected) in [
        ("host: https://a.example", "7:11 invalid-host rules[0].host"),
        ("methods: []", "7:5 invalid-methods rules[0].methods"),
        ("methods: [GET, GET, HEAD]", "7:5 invalid-methods rules[0].methods"),
        ("keyPairIds: [\"a b\"]", "7:18 invalid-key-pair-id rules[0].keyPairIds[0]"),
        ("stripPrefix: /b", "7:18 invalid-strip-prefix rules[0].stripPrefix"),
        ("stripPrefix: /a/", "7:18 invalid-strip-prefix rules[0].stripPrefix"),
        ("query:\n  allow: [Signature]", "8:15 invalid-query-name rules[0].query.allow[0]"),
        ("query:\n  allow: [es-method]", "8:15 invalid-query-name rules[0].query.allow[0]"),
        ("upload:\n  maxBytes: 1kB", "7:5 upload-without-method rules[0].upload"),
        ("methods: [PUT]\nupload:\n  maxBytes: 6GiB", "9:17 invalid-size rules[0].upload.maxBytes"),
        ("methods: [PUT]\nupload:\n  maxBytes: 0", "9:17 invalid-size rules[0].upload.maxBytes"),
        (
            "methods: [PUT]\nupload:\n  maxBytes: 1\n  contentTypes: [image/png, png]",
            "10:33 invalid-content-type rules[0].upload.contentTypes[1]",
        ),
        (
            "methods: [PUT]\nupload:\n  maxBytes: 1\n  extensions: [\"*.png\"]",
            "10:20 invalid-extension rules[0].upload.extensions[0]",
        ),
        ("cors:\n  origins: [https://a.example/]", "8:17 invalid-origin rules[0].cors.origins[0]"),
        ("cors:\n  origins: [\"null\"]", "8:17 invalid-origin rules[0].cors.origins[0]"),
        ("cors:\n  origins: []", "8:7 invalid-origin rules[0].cors.origins"),
        (
            "cors:\n  origins: [\"*\"]\n  credentials: true",
            "9:20 any-origin-with-credentials rules[0].cors.credentials",
        ),
        ("cors:\n  origins: [\"*\"]\n  headers: [\"*\"]", "9:17 invalid-header rules[0].cors.headers[0]"),
        ("responseHeaders:\n  Via: x", "8:12 invalid-header rules[0].responseHeaders.Via"),
        ("responseHeaders:\n  X-A: \"a\\r\\nb\"", "8:12 invalid-header rules[0].responseHeaders.X-A"),
        ("responseHeaders:\n  x-a: \"1\"\n  X-A: \"2\"", "9:12 invalid-header rules[0].responseHeaders.X-A"),
        ("require: none", "6:18 limit-without-credential rules[0].maxLifetime"),
    ] {
        let text = one_rule(lines);
        let checked = check(&text, None);
        assert!(CompiledPolicy::new(checked.file.as_ref().unwrap()).is_err(), "{text}");
        assert_eq!(findings(&text, None)[0], expected, "{text}");
        assert_eq!(checked.findings[0].severity(), Severity::Error);
    }
}

#[test]
fn names_paths_and_modes_are_checked() {
    for (text, code) in [
        ("version: 1\nmode: standalone\nrules:\n  - {name: a b, path: /a}\n", FindingCode::InvalidName),
        (
            "version: 1\nmode: standalone\nrules:\n  - {name: a, path: /a}\n  - {name: a, path: /b}\n",
            FindingCode::DuplicateName,
        ),
        ("version: 1\nmode: standalone\nwhenUnseen: allow\nrules: []\n", FindingCode::WhenUnseenInStandalone),
        (
            "version: 1\nmode: standalone\nrules:\n  - {name: a, path: /a, maxLifetime: 0s}\n",
            FindingCode::InvalidLifetime,
        ),
    ] {
        assert_eq!(check(text, None).findings[0].code, code, "{text}");
    }
    for path in ["a", "/a//b", "/../a", "/a%20b", "/a\\b", "/%2e", "/a#b", ""] {
        let text = serde_json::json!({"version": 1, "mode": "standalone", "rules": [{"name": "a", "path": path}]});
        assert_eq!(check(&text.to_string(), None).findings[0].code, FindingCode::InvalidPath, "{path}");
    }
}

#[test]
fn every_doubtful_rule_is_named_at_its_place() {
    let head = "version: 1\nmode: standalone\nrules:\n";
    for (rules, expected) in [
        (
            "  - {name: a, path: /*, maxLifetime: 1h}\n  - {name: b, path: /b/*, maxLifetime: 1h}\n",
            "5:21 unreachable-rule rules[1].path",
        ),
        (
            "  - {name: a, path: /*, methods: [GET], maxLifetime: 1h}\n  - {name: b, path: /*, methods: [HEAD], maxLifetime: 1h}\n  - {name: c, path: /c, maxLifetime: 1h}\n",
            "6:21 unreachable-rule rules[2].path",
        ),
        ("  - {name: a, path: /*, require: none}\n", "4:21 opens-everything rules[0].path"),
        (
            "  - {name: a, path: /*, methods: [PUT], maxLifetime: 1h, upload: {maxBytes: 1}}\n",
            "4:21 opens-everything rules[0].path",
        ),
        (
            "  - {name: a, path: /a/*, methods: [PUT], require: none, upload: {maxBytes: 1}}\n",
            "4:52 unsigned-upload rules[0].require",
        ),
        ("  - {name: a, path: /a/*, methods: [PUT], maxLifetime: 1h}\n", "4:5 upload-without-cap rules[0].upload"),
        ("  - {name: a, path: /a/*}\n", "4:5 unlimited-lifetime rules[0].maxLifetime"),
        (
            "  - {name: a, path: /a/*, methods: [GET, HEAD, PUT], maxLifetime: 1h, upload: {maxBytes: 1}}\n",
            "4:27 reads-and-writes rules[0].methods",
        ),
        ("  - {name: a, path: /a/*, methods: [GET], maxLifetime: 1h}\n", "4:27 method-without-rule rules[0].methods"),
        ("  - {name: a, path: /a/*, methods: [DELETE], maxLifetime: 1h}\n", "4:27 delete-allowed rules[0].methods"),
        (
            "  - {name: a, path: /a/*, maxLifetime: 1h, query: {allow: ['*']}}\n",
            "4:52 any-query-allowed rules[0].query.allow",
        ),
    ] {
        let text = format!("{head}{rules}");
        assert_eq!(findings(&text, None), [expected], "{text}");
        assert!(CompiledPolicy::new(&RuleFile::from_yaml(&text).unwrap()).is_ok(), "a warning must not stop: {text}");
    }
}

#[test]
fn signed_constraints_silence_what_they_answer() {
    let text = "version: 1\nmode: standalone\nrules:\n  - {name: a, path: /a/*, methods: [GET, HEAD, PUT], maxLifetime: 1h, upload: {requireConstraints: [method, maxBytes]}}\n";
    assert_eq!(findings(text, None), Vec::<String>::new());
}

#[test]
fn keys_schemes_and_hidden_credentials_are_checked_for_the_whole_file() {
    let limited =
        "mode: standalone\nversion: 1\nrules:\n  - {name: a, path: /a, maxLifetime: 1h, keyPairIds: [KUNKNOWN]}\n";
    assert_eq!(findings(limited, Some(&["K2JCJMDEHXQW5F"])), ["4:55 unknown-key-pair-id rules[0].keyPairIds[0]"]);
    assert_eq!(findings(limited, Some(&[])), ["1:7 no-keys mode", "4:55 unknown-key-pair-id rules[0].keyPairIds[0]"]);
    assert_eq!(findings(limited, None), Vec::<String>::new());
    let behind = limited.replace("standalone", "behind-key-group");
    assert_eq!(findings(&behind, Some(&[])), Vec::<String>::new());
    let text = "version: 1\nmode: behind-key-group\nscheme: any\nwhenUnseen: allow\nrules:\n  - {name: a, path: /a}\n";
    assert_eq!(findings(text, None), ["3:9 insecure-scheme scheme", "4:13 when-unseen-allows whenUnseen"]);
}

#[test]
fn places_hold_in_json_with_tabs_too() {
    let text = "{\n\t\"version\": 1,\n\t\"mode\": \"standalone\",\n\t\"rules\": [\n\t\t{ \"name\": \"a\", \"path\": \"/*\", \"require\": \"none\" }\n\t]\n}\n";
    assert_eq!(findings(text, None), ["5:26 opens-everything rules[0].path"]);
}

#[test]
fn a_hostile_text_is_an_error_and_no_panic() {
    let bomb = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n";
    let deep = "[".repeat(100_000);
    for text in ["", "---", "- 1", "\u{feff}", "version: 1\nversion: 1\n", bomb, &deep, "{", "\0", "!!binary x"] {
        assert!(check(text, None).file.is_none(), "{text:.40}");
    }
}

#[test]
fn every_code_is_its_own_and_has_a_fix() {
    let mut codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FindingCode::ALL.len());
    assert!(FindingCode::ALL.iter().all(|code| code.fix().ends_with('.')));
}
