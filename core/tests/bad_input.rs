//! Wrong input to every public function: the exact code, message and field of the error.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::cookies::{CookieAttributes, SameSite};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey, check_key_pair_id};
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Terms, parse};
use edgeseal_core::sign::{Prepared, PreparedUrl, Signer};
use edgeseal_core::upload::UploadConstraints;
use edgeseal_core::url::canonicalise;
use edgeseal_core::verify::ViewerRequest;
use edgeseal_core::{Error, ErrorCode, Reason, time};
use std::fmt::Debug;
use support::{KEY_PAIR_ID, LATER, NOW, key_file, signer, signing_key};

/// One row: what was tried, and the code, message and field that must come of it.
type Row<'a> = (&'a str, ErrorCode, &'a str, &'a str);

fn assert_refused<T: Debug>(result: Result<T, Error>, (input, code, message, field): Row<'_>) {
    let error = result.expect_err(input);
    assert_eq!((error.code(), error.message(), error.field()), (code, message, Some(field)), "{input:?}");
    assert_eq!(error.to_string(), message);
}

#[test]
fn urls_that_cannot_be_signed() {
    let fragment = "the URL has a #fragment, which clients never send";
    let dots = "the path has a . or .. segment, which browsers and curl rewrite before they send it";
    let scheme = "the URL must start with https:// or http://";
    let control = "the URL has a control character, such as a tab or a line break";
    for row in [
        ("", ErrorCode::InvalidUrl, scheme, "url"),
        ("/images/a.jpg", ErrorCode::InvalidUrl, scheme, "url"),
        ("h.example/a", ErrorCode::InvalidUrl, scheme, "url"),
        ("ftp://h.example/a", ErrorCode::InvalidUrl, scheme, "url"),
        ("https:/h.example/a", ErrorCode::InvalidUrl, scheme, "url"),
        ("https:\\\\h.example\\a", ErrorCode::InvalidUrl, scheme, "url"),
        (" https://h.example/a", ErrorCode::InvalidUrl, scheme, "url"),
        ("https://h.example/a ", ErrorCode::InvalidUrl, "the URL begins or ends with white space", "url"),
        ("https://h.example/a\u{a0}", ErrorCode::InvalidUrl, "the URL begins or ends with white space", "url"),
        ("https://h.example/a\tb", ErrorCode::InvalidUrl, control, "url"),
        ("https://h.example/a\u{0}b", ErrorCode::InvalidUrl, control, "url"),
        ("https://h.example/a\u{85}b", ErrorCode::InvalidUrl, control, "url"),
        ("https://h.example/a#b", ErrorCode::FragmentInUrl, fragment, "url"),
        ("https://h.example#", ErrorCode::FragmentInUrl, fragment, "url"),
        ("https://me@h.example/a", ErrorCode::InvalidUrl, "the URL has a user name or password before the host", "url"),
        ("https:///a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://h..example/a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://h.example./a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://[::1]/a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://h%2eexample/a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://h.example:x/a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://h.example:99999/a", ErrorCode::InvalidUrl, "the URL has no valid host name", "url"),
        ("https://m\u{fc}nchen.example/a", ErrorCode::InvalidUrl, "the host has letters outside ASCII", "url"),
        ("https://h.example\\a", ErrorCode::InvalidUrl, "the URL has a backslash behind the host", "url"),
        ("https://h.example/../a", ErrorCode::DotSegment, dots, "url"),
        ("https://h.example/a/%2e%2E", ErrorCode::DotSegment, dots, "url"),
        ("https://h.example/a\\..\\b", ErrorCode::DotSegment, dots, "url"),
        (
            "https://h.example/a?Expires=1",
            ErrorCode::ReservedParameter,
            "the URL already has the query parameter Expires, which CloudFront keeps for itself",
            "url",
        ),
        (
            "https://h.example/a?b&Hash%2dAlgorithm",
            ErrorCode::ReservedParameter,
            "the URL already has the query parameter Hash-Algorithm, which CloudFront keeps for itself",
            "url",
        ),
    ] {
        assert_refused(canonicalise(row.0), row);
    }
    let long = format!("https://h.example/{}", "\u{e9}".repeat(2_000));
    let message = "the URL is 12018 bytes long; CloudFront accepts 8192";
    assert_refused(canonicalise(&long), (&long, ErrorCode::UrlTooLong, message, "url"));
}

#[test]
fn resources_that_no_request_fits() {
    let start = "the policy resource cannot be used: it does not start with https://, http://, *:// or *";
    let white = "the policy resource cannot be used: it has a control character or white space around it";
    for row in [
        ("", ErrorCode::InvalidResource, start, "resource"),
        ("/private/*", ErrorCode::InvalidResource, start, "resource"),
        ("h.example/*", ErrorCode::InvalidResource, start, "resource"),
        ("ftp://h.example/*", ErrorCode::InvalidResource, start, "resource"),
        ("h*://h.example/*", ErrorCode::InvalidResource, start, "resource"),
        ("*foo://h.example/*", ErrorCode::InvalidResource, start, "resource"),
        ("https://", ErrorCode::InvalidResource, start, "resource"),
        ("https:///a", ErrorCode::InvalidResource, start, "resource"),
        (" https://h.example/*", ErrorCode::InvalidResource, white, "resource"),
        ("https://h.example/*\n", ErrorCode::InvalidResource, white, "resource"),
        (
            "https://h.example/a#b",
            ErrorCode::InvalidResource,
            "the policy resource cannot be used: it has a #fragment, which clients never send",
            "resource",
        ),
        (
            "https://h.example/a\\?b=1",
            ErrorCode::InvalidResource,
            "the policy resource cannot be used: it has a backslash",
            "resource",
        ),
        (
            "http*://h.example/*",
            ErrorCode::InvalidResource,
            "the policy resource cannot be used: http* is an older spelling that AWS no longer documents",
            "resource",
        ),
    ] {
        assert_refused(ResourcePattern::for_signing(row.0), row);
    }
}

#[test]
fn addresses_that_a_policy_cannot_hold() {
    let v4 = "the IP address cannot be used: it is not an IPv4 address or an IPv4 range such as 192.0.2.0/24";
    let v6 = "the IP address cannot be used: it is an IPv6 address, and CloudFront policies hold IPv4 only";
    for input in ["", "10", "10.0.0.256", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "/32", "localhost", "10.0.0.0 "] {
        assert_refused(Ipv4Range::parse(input), (input, ErrorCode::InvalidIp, v4, "ipAddress"));
    }
    for input in ["::1", "2001:db8::/32", "::ffff:10.0.0.0", "10.0.0.0:80"] {
        assert_refused(Ipv4Range::parse(input), (input, ErrorCode::InvalidIp, v6, "ipAddress"));
    }
}

#[test]
fn times_that_cannot_be_read() {
    for input in ["", "soon", "15", "1.5h", "-1h", "2026-02-30", "2026-01-01T00:00:00", "\u{661}h"] {
        let row = (input, ErrorCode::InvalidTime, "expires is not a time that can be read", "expires");
        assert_refused(time::parse(input, NOW, "expires"), row);
    }
    assert_refused(
        time::parse("never", NOW, "notBefore"),
        ("never", ErrorCode::InvalidTime, "notBefore is not a time that can be read", "notBefore"),
    );
    for input in ["", "s", "1", "1w", "1 h", "+1h", "99999999999999999999s", "300000000000000d"] {
        assert_eq!(time::parse_duration(input), None, "{input}");
    }
}

fn prepare(terms: &Terms) -> Result<PreparedUrl, Error> {
    PreparedUrl::new("https://h.example/a", terms, None, KEY_PAIR_ID, HashAlgorithm::Sha256)
}

#[test]
fn terms_that_make_no_policy() {
    let range = "it must be from 1 to 2147483647 seconds since 1970";
    let milliseconds = "which looks like milliseconds; CloudFront counts seconds";
    let until = Terms::until(LATER);
    let resource = |text: &str| Some(ResourcePattern::new(text));
    for (terms, code, message, field) in [
        (Terms::until(0), ErrorCode::InvalidTime, format!("expires is 0; {range}"), "expires"),
        (Terms::until(2_147_483_648), ErrorCode::InvalidTime, format!("expires is 2147483648; {range}"), "expires"),
        (
            Terms::until(1_767_290_400_000),
            ErrorCode::TimeInMilliseconds,
            format!("expires is 1767290400000, {milliseconds}"),
            "expires",
        ),
        (
            Terms::until(u64::MAX),
            ErrorCode::TimeInMilliseconds,
            format!("expires is {}, {milliseconds}", u64::MAX),
            "expires",
        ),
        (
            Terms { not_before: Some(0), ..until.clone() },
            ErrorCode::InvalidTime,
            format!("notBefore is 0; {range}"),
            "notBefore",
        ),
        (
            Terms { not_before: Some(1_767_200_000_000), ..until.clone() },
            ErrorCode::TimeInMilliseconds,
            format!("notBefore is 1767200000000, {milliseconds}"),
            "notBefore",
        ),
        (
            Terms { not_before: Some(LATER), ..until.clone() },
            ErrorCode::InvalidWindow,
            "notBefore is not earlier than expires, so the policy would never be valid".to_owned(),
            "notBefore",
        ),
        (
            Terms { resource: resource("https://h.example/b"), ..until.clone() },
            ErrorCode::ResourceMismatch,
            "the resource does not cover the URL: the path differs".to_owned(),
            "resource",
        ),
        (
            Terms { resource: resource("https://h.example/a?b=*"), ..until.clone() },
            ErrorCode::ResourceMismatch,
            "the resource does not cover the URL: the query string differs".to_owned(),
            "resource",
        ),
        (
            Terms { resource: resource("http://h.example/a"), ..until.clone() },
            ErrorCode::ResourceMismatch,
            "the resource does not cover the URL: the protocol differs".to_owned(),
            "resource",
        ),
        (
            Terms { resource: resource("https://g.example/a"), ..until.clone() },
            ErrorCode::ResourceMismatch,
            "the resource does not cover the URL: the domain differs".to_owned(),
            "resource",
        ),
        (
            Terms { resource: resource("/a"), ..until },
            ErrorCode::InvalidResource,
            "the policy resource cannot be used: it does not start with https://, http://, *:// or *".to_owned(),
            "resource",
        ),
    ] {
        assert_refused(prepare(&terms), (&format!("{terms:?}"), code, &message, field));
    }
}

#[test]
fn urls_that_a_policy_would_read_as_patterns() {
    let message = "the URL has a *, which a policy reads as a wildcard";
    for terms in [Terms::until(LATER), Terms { not_before: Some(NOW), ..Terms::until(LATER) }] {
        for url in ["https://h.example/a*", "https://h.example/a?b=*"] {
            let prepared = PreparedUrl::new(url, &terms, None, KEY_PAIR_ID, HashAlgorithm::Sha1);
            assert_refused(prepared, (url, ErrorCode::InvalidResource, message, "url"));
        }
    }
}

#[test]
fn key_pair_ids_that_cloudfront_never_issues() {
    let characters = "the key-pair id has characters that CloudFront never issues";
    let long = "K".repeat(129);
    for row in [
        ("", ErrorCode::InvalidKeyPairId, "the key-pair id is empty", "keyPairId"),
        ("-----BEGIN PUBLIC KEY-----", ErrorCode::InvalidKeyPairId, "the key-pair id is a PEM key", "keyPairId"),
        ("my key", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        ("K&Expires=1", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        ("K;path=/", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        ("K\r\nSet-Cookie: a", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        ("arn:aws:cloudfront::1:key/K", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        ("K\u{e9}", ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
        (&long, ErrorCode::InvalidKeyPairId, characters, "keyPairId"),
    ] {
        let id = row.0;
        let until = Terms::until(LATER);
        assert_refused(check_key_pair_id(id), row);
        assert_refused(KeyRing::new().insert(id, ()), row);
        assert_refused(Signer::new(id, signing_key("ec-sec1.pem"), HashAlgorithm::Sha1), row);
        assert_refused(PreparedUrl::new("https://h.example/a", &until, None, id, HashAlgorithm::Sha1), row);
        assert_refused(Prepared::for_cookies("https://h.example/*", &until, id, HashAlgorithm::Sha1), row);
        assert_refused(Prepared::from_policy_text("{}", id, HashAlgorithm::Sha1), row);
    }
}

#[test]
fn hashes_that_cloudfront_does_not_take() {
    for input in ["", "sha256", "SHA-256", "SHA512", "MD5", " SHA1"] {
        let row = (input, ErrorCode::InvalidHash, "the hash algorithm must be SHA1 or SHA256", "hash");
        assert_refused(HashAlgorithm::parse(input), row);
    }
}

#[test]
fn policy_texts_that_are_no_policies() {
    let ok = r#"{"Statement":[{"Resource":"https://h.example/*","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}"#;
    for (input, message) in [
        ("", "the JSON ends too early (line 1, column 1)"),
        ("hello", "this is not the start of a JSON value (line 1, column 1)"),
        ("null", "an object is expected here, not null (line 1, column 1)"),
        ("[]", "an object is expected here, not an array (line 1, column 1)"),
        ("{}", "Statement is missing (line 1, column 1)"),
        ("{\n \"Statement\" []}", "a : is expected here (line 2, column 14)"),
        (r#"{"Statement":1}"#, "Statement must be an array with one statement, not a number (line 1, column 14)"),
        (r#"{"Statement":[]}"#, "the policy has no statement (line 1, column 14)"),
        (r#"{"Statement":[{}]}"#, "Condition is missing (line 1, column 14)"),
        (r#"{"Statement":[{"Condition":{}}]}"#, "DateLessThan is missing (line 1, column 28)"),
        (
            r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":"1"}}}]}"#,
            "AWS:EpochTime must be a whole number of seconds, not a string (line 1, column 61)",
        ),
        (
            r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1.5}}}]}"#,
            "AWS:EpochTime must be a whole number of seconds (line 1, column 61)",
        ),
        (
            r#"{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":"x"}}}]}"#,
            "the IP address cannot be used: it is not an IPv4 address or an IPv4 range such as 192.0.2.0/24 (line 1, column 92)",
        ),
        (&format!("{ok},"), "there is more text after the end of the JSON (line 1, column 109)"),
        (&ok.replace("}]}", "},1]}"), "the policy has more than one statement (line 1, column 108)"),
        (
            &ok.replace("Resource", "resource"),
            "the key `resource` is not known here; CloudFront has Resource, Condition (line 1, column 16)",
        ),
        (&ok.replace("Condition", "Resource"), "the key `Resource` appears twice (line 1, column 49)"),
    ] {
        let full = format!("the policy is not a CloudFront policy: {message}");
        let row = (input, ErrorCode::InvalidPolicy, full.as_str(), "policy");
        assert_refused(Prepared::from_policy_text(input, KEY_PAIR_ID, HashAlgorithm::Sha1), row);
        assert_refused(PreparedUrl::with_policy("https://h.example/a", input, KEY_PAIR_ID, HashAlgorithm::Sha1), row);
        assert!(parse(input.as_bytes()).is_err());
    }
    let elsewhere = PreparedUrl::with_policy("https://g.example/a", ok, KEY_PAIR_ID, HashAlgorithm::Sha1);
    let message = "the resource does not cover the URL: the domain differs";
    assert_refused(elsewhere, (ok, ErrorCode::ResourceMismatch, message, "resource"));
    assert!(parse(b"\xff").is_err());
}

#[test]
fn cookie_resources_that_aws_does_not_document() {
    let message = "the resource of a signed cookie must start with https:// or http://";
    for input in ["*", "*://h.example/*", "*h.example"] {
        let prepared = Prepared::for_cookies(input, &Terms::until(LATER), KEY_PAIR_ID, HashAlgorithm::Sha1);
        assert_refused(prepared, (input, ErrorCode::InvalidResource, message, "resource"));
    }
}

#[test]
fn cookie_attributes_that_browsers_drop() {
    let set =
        signer("ec-sec1.pem", HashAlgorithm::Sha1).sign_cookies("https://h.example/*", &Terms::until(LATER)).unwrap();
    let default = CookieAttributes::default;
    let domain = |text: &str| CookieAttributes { domain: Some(text.to_owned()), ..default() };
    let path = |text: &str| CookieAttributes { path: text.to_owned(), ..default() };
    let bad_path = "the cookie path must start with / and have no space, comma or semicolon";
    let suffix = "no cookie can be set for cloudfront.net, which is on the public suffix list";
    for (attributes, message, field) in [
        (path(""), bad_path, "path"),
        (path("images"), bad_path, "path"),
        (path("/a b"), bad_path, "path"),
        (path("/;Secure"), bad_path, "path"),
        (path("/\r\nX: y"), bad_path, "path"),
        (path("/images/*"), "a cookie path has no wildcards", "path"),
        (domain(""), "the cookie domain is not a domain name", "domain"),
        (domain("localhost"), "the cookie domain is not a domain name", "domain"),
        (domain("a..b"), "the cookie domain is not a domain name", "domain"),
        (domain("example.com."), "the cookie domain is not a domain name", "domain"),
        (domain("https://example.com"), "the cookie domain is not a domain name", "domain"),
        (domain("example.com;Secure"), "the cookie domain is not a domain name", "domain"),
        (domain("d111.CloudFront.net"), suffix, "domain"),
        (domain(".cloudfront.net"), suffix, "domain"),
        (
            CookieAttributes { same_site: Some(SameSite::None), secure: false, ..default() },
            "SameSite=None needs Secure",
            "sameSite",
        ),
        (CookieAttributes { max_age: Some(0), ..default() }, "maxAge is 0, which deletes the cookie", "maxAge"),
    ] {
        let input = format!("{attributes:?}");
        assert_refused(attributes.check(), (&input, ErrorCode::InvalidCookieAttribute, message, field));
        assert_refused(set.to_set_cookie(&attributes), (&input, ErrorCode::InvalidCookieAttribute, message, field));
    }
}

#[test]
fn upload_constraints_that_cannot_be_written() {
    let text = |value: &str| Some(value.to_owned());
    let none = UploadConstraints::default;
    let size = "maxBytes must be from 1 to 5368709120 (5 GiB, the most that one S3 PUT takes)";
    let media = "contentType must be a media type such as image/png, or image/* or */*, without parameters";
    let name = "filename must have 1 to 255 bytes and no control characters";
    for (constraints, message) in [
        (UploadConstraints { method: text("GET"), ..none() }, "the method must be PUT or POST"),
        (UploadConstraints { method: text("put"), ..none() }, "the method must be PUT or POST"),
        (UploadConstraints { max_bytes: Some(0), ..none() }, size),
        (UploadConstraints { max_bytes: Some(u64::MAX), ..none() }, size),
        (UploadConstraints { content_type: text("png"), ..none() }, media),
        (UploadConstraints { content_type: text("a/b;c"), ..none() }, media),
        (UploadConstraints { sha256: text("00"), ..none() }, "sha256 must be 64 lower-case hexadecimal digits"),
        (UploadConstraints { filename: text(""), ..none() }, name),
        (UploadConstraints { filename: text("a\u{0}"), ..none() }, name),
    ] {
        let input = format!("{constraints:?}");
        let row = (input.as_str(), ErrorCode::InvalidUploadConstraint, message, "upload");
        assert_refused(constraints.to_query(), row);
        let until = Terms::until(LATER);
        let prepared =
            PreparedUrl::new("https://h.example/a", &until, Some(&constraints), KEY_PAIR_ID, HashAlgorithm::Sha1);
        assert_refused(prepared, row);
    }
}

#[test]
fn upload_constraints_that_cannot_be_read() {
    for (input, message) in [
        ("es-max-bytes=ten", "es-max-bytes is not a number"),
        ("es-max-bytes=%2b1", "es-max-bytes is not a number"),
        ("es-max-bytes=1&es-max-bytes=1", "es-max-bytes appears twice"),
        ("es-method=PUT&es-method=PUT", "a constraint appears twice"),
        ("es-colour=red", "there is an es- parameter that is not known"),
        ("%65s-method=PUT", "there is an es- parameter that is not known"),
        ("es-filename=%ff", "a constraint is not UTF-8"),
        ("es-method=TRACE", "the method must be PUT or POST"),
    ] {
        let row = (input, ErrorCode::InvalidUploadConstraint, message, "upload");
        assert_refused(UploadConstraints::from_query(input), row);
    }
}

#[test]
fn uploads_that_a_wildcard_would_unbind() {
    let put = UploadConstraints::put();
    let terms = Terms { resource: Some(ResourcePattern::new("https://h.example/*")), ..Terms::until(LATER) };
    let prepared = PreparedUrl::new("https://h.example/a", &terms, Some(&put), KEY_PAIR_ID, HashAlgorithm::Sha1);
    let message =
        "upload constraints and a resource of its own do not mix: a wildcard would let anyone drop the constraints";
    assert_refused(prepared, ("wildcard", ErrorCode::InvalidUploadConstraint, message, "upload"));
    let url = "https://h.example/a?ES=1&es-method=PUT";
    let prepared = PreparedUrl::new(url, &Terms::until(LATER), None, KEY_PAIR_ID, HashAlgorithm::Sha1);
    let message =
        "the URL already has a query parameter that starts with es-, which Edgeseal keeps for upload constraints";
    assert_refused(prepared, (url, ErrorCode::ReservedParameter, message, "url"));
}

#[test]
fn signed_urls_that_grow_too_long() {
    let url = format!("https://h.example/{}", "a".repeat(8_000));
    let prepared = PreparedUrl::new(&url, &Terms::until(LATER), None, KEY_PAIR_ID, HashAlgorithm::Sha256).unwrap();
    let message = "the URL is 8441 bytes long; CloudFront accepts 8192";
    assert_refused(prepared.finish(&[0; 256]), ("long", ErrorCode::UrlTooLong, message, "url"));
}

#[test]
fn urls_that_no_client_can_request() {
    let message = "the URL must start with https:// or http:// and a host";
    for input in ["", "/a", "h.example/a", "ftp://h.example/a", "https://", "https:///a", "https://?a", "https://#a"] {
        assert_refused(ViewerRequest::for_url(input), (input, ErrorCode::InvalidUrl, message, "url"));
    }
}

#[test]
fn keys_in_the_wrong_place() {
    for (file, message) in [
        ("rsa-pkcs1.pem", "the PEM block is labelled RSA PRIVATE KEY, which is not what belongs here"),
        ("rsa-pkcs8.pem", "the PEM block is labelled PRIVATE KEY, which is not what belongs here"),
    ] {
        let error = PublicKey::parse(&key_file(file)).unwrap_err();
        assert_eq!(error.hint(), Some("pass the public key; a private key has no place here"));
        assert_refused(PublicKey::parse(&key_file(file)), (file, ErrorCode::InvalidKey, message, "publicKey"));
    }
    for (file, message) in [
        ("rsa-public.pem", "the PEM block is labelled PUBLIC KEY, which is not what belongs here"),
        ("rsa-certificate.pem", "the PEM block is labelled CERTIFICATE, which is not what belongs here"),
    ] {
        let error = PrivateKey::parse(&key_file(file), None).unwrap_err();
        assert_eq!(error.hint(), Some("pass the private key; this is the public half"));
        assert_refused(PrivateKey::parse(&key_file(file), None), (file, ErrorCode::InvalidKey, message, "privateKey"));
    }
}

#[test]
fn keys_that_cloudfront_does_not_accept() {
    for (file, what) in [
        ("refused-rsa-1024", "an RSA key of 1024 bits"),
        ("refused-rsa-3072", "an RSA key of 3072 bits"),
        ("refused-rsa-4096", "an RSA key of 4096 bits"),
        ("refused-p384", "an ECDSA key on P-384"),
        ("refused-ed25519", "an Ed25519 key"),
    ] {
        let message = format!("CloudFront does not accept {what}");
        let private = PrivateKey::parse(&key_file(&format!("{file}.pem")), None);
        assert_refused(private, (file, ErrorCode::UnsupportedKey, &message, "privateKey"));
        let public = PublicKey::parse(&key_file(&format!("{file}-public.pem")));
        assert_refused(public, (file, ErrorCode::UnsupportedKey, &message, "publicKey"));
    }
}

#[test]
fn every_code_and_every_reason_has_a_text_of_its_own() {
    let mut codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    let mut sentences: Vec<&str> = Reason::ALL.iter().map(|reason| reason.sentence()).collect();
    for list in [&mut codes, &mut sentences] {
        let count = list.len();
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), count);
    }
    assert!(Reason::ALL.iter().all(|reason| reason.sentence().ends_with('.') && reason.to_string() == reason.code()));
}
