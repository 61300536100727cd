//! Properties that hold for every input, from a fixed seed.
//!
//! A failing property prints its shrunk input and the seed below; run it again to get the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::crypto::der_from_raw_ecdsa;
use edgeseal_core::encoding::{from_cloudfront_base64, to_cloudfront_base64};
use edgeseal_core::keys::HashAlgorithm;
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Terms, canned_text, parse};
use edgeseal_core::url::{canonicalise, encode_like_aws_sdk_js, split_signing_parameters};
use edgeseal_core::verify::{Grant, VerifyOptions, ViewerRequest, verify};
use edgeseal_core::{Reason, time};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};
use std::net::{IpAddr, Ipv4Addr};
use support::{KEY_PAIR_ID, NOW, ring, signer};

const SEED: u64 = 0x00ED_6E5E_A115_EED1;

/// Runs a property on `cases` inputs.
fn check<S: Strategy>(cases: u32, strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(SEED),
        ..Config::default()
    };
    if let Err(error) = TestRunner::new(config).run(&strategy, property) {
        panic!("seed {SEED:#x}: {error}");
    }
}

fn hashes() -> impl Strategy<Value = HashAlgorithm> {
    prop_oneof![Just(HashAlgorithm::Sha1), Just(HashAlgorithm::Sha256)]
}

/// URLs that can be signed, before they are canonical.
fn signable_urls() -> impl Strategy<Value = String> {
    let path = "(/[a-zA-Z0-9 _~+,;=@:!$'()é%-]{0,12}){0,4}";
    let query = "(\\?[a-z]{1,6}=[a-zA-Z0-9 _~+,;:@/?'ü%-]{0,12}(&[a-z]{1,6}(=[a-z0-9]{0,4})?|&){0,3})?";
    (prop_oneof![Just("https"), Just("http")], "[a-z0-9]{1,12}\\.(cloudfront\\.net|Example\\.com)(:8443)?", path, query)
        .prop_map(|(scheme, host, path, query)| format!("{scheme}://{host}{path}{query}"))
}

fn terms() -> impl Strategy<Value = (Terms, u64, IpAddr)> {
    let expires = NOW..2_000_000_000_u64;
    (expires, any::<Option<u16>>(), any::<Option<(u32, u8)>>(), any::<u16>()).prop_map(|(expires, back, ip, ahead)| {
        let not_before = back.map(|back| NOW - 1 - u64::from(back));
        let address = Ipv4Addr::from(ip.map_or(0, |(address, _)| address));
        let range = ip.map(|(_, bits)| Ipv4Range::parse(&format!("{address}/{}", bits % 33)).unwrap());
        let terms = Terms { expires: expires + 1, not_before, ip: range, resource: None };
        (terms, NOW + u64::from(ahead) % (expires + 1 - NOW), IpAddr::V4(address))
    })
}

fn judge(url: &str, ip: IpAddr, now: u64) -> Result<Grant, Reason> {
    let request =
        ViewerRequest { client_ip: Some(ip), ..ViewerRequest::for_url(url).map_err(|_| Reason::MalformedRequest)? };
    verify(&request, &ring("ec-public.pem"), now, &VerifyOptions::default()).map_err(|denial| denial.reason)
}

#[test]
fn what_is_signed_verifies_and_gives_the_own_query_back() {
    check(300, (signable_urls(), terms(), hashes()), |(url, (terms, now, ip), hash)| {
        let Ok(canonical) = canonicalise(&url) else { return Ok(()) };
        let signed = signer("ec-sec1.pem", hash).sign_url(&url, &terms, None).unwrap();
        let grant = judge(&signed, ip, now);
        prop_assert!(grant.is_ok(), "{signed} at {now} from {ip}: {grant:?}");
        let grant = grant.unwrap();
        prop_assert_eq!(grant.query, canonical.split_once('?').map_or("", |(_, query)| query));
        prop_assert_eq!(grant.remaining, terms.expires - now);
        prop_assert_eq!(grant.hash, hash);
        Ok(())
    });
}

#[test]
fn cookies_that_are_signed_verify() {
    check(150, (signable_urls(), terms(), hashes()), |(url, (terms, now, ip), hash)| {
        let Ok(canonical) = canonicalise(&url) else { return Ok(()) };
        let set = signer("ec-sec1.pem", hash).sign_cookies(&canonical, &terms).unwrap();
        let header = set.to_cookie_header();
        let headers = [header.as_str()];
        let request =
            ViewerRequest { cookies: &headers, client_ip: Some(ip), ..ViewerRequest::for_url(&canonical).unwrap() };
        let verdict = verify(&request, &ring("ec-public.pem"), now, &VerifyOptions::default());
        prop_assert!(verdict.is_ok(), "{canonical}: {verdict:?}");
        Ok(())
    });
}

/// Changes one byte of a URL; no change when the byte would leave ASCII.
fn flipped(url: &str, at: usize, bit: u8) -> Option<String> {
    let mut bytes = url.as_bytes().to_vec();
    let at = at % bytes.len();
    bytes[at] ^= 1 << (bit % 7);
    String::from_utf8(bytes).ok()
}

#[test]
fn a_flipped_bit_anywhere_in_a_signed_url_denies() {
    let canned = signer("rsa-pkcs1.pem", HashAlgorithm::Sha1);
    let custom = signer("ec-sec1.pem", HashAlgorithm::Sha256);
    let url = "https://d111111abcdef8.cloudfront.net/Private/file.pdf?size=large&page=2";
    let exact = Terms::until(support::LATER);
    let narrow = Terms { not_before: Some(NOW - 10), ip: Ipv4Range::parse("203.0.113.5").ok(), ..exact.clone() };
    let ip = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 5));
    for (signed, ring) in [
        (canned.sign_url(url, &exact, None).unwrap(), ring("rsa-public.pem")),
        (custom.sign_url(url, &exact, None).unwrap(), ring("ec-public.pem")),
        (custom.sign_url(url, &narrow, None).unwrap(), ring("ec-public.pem")),
    ] {
        let judge = |url: &str| {
            let request = ViewerRequest { client_ip: Some(ip), ..ViewerRequest::for_url(url).ok()? };
            verify(&request, &ring, NOW, &VerifyOptions::default()).ok()
        };
        assert!(judge(&signed).is_some());
        let mut tried = 0;
        for at in 0..signed.len() {
            for bit in 0..7 {
                let Some(other) = flipped(&signed, at, bit) else { continue };
                if means_the_same(&signed, &other) {
                    continue;
                }
                assert!(judge(&other).is_none(), "byte {at}, bit {bit}: {other}");
                tried += 1;
            }
        }
        assert!(tried > signed.len() * 6, "{tried} of {} bytes", signed.len());
    }
}

/// Letter case of scheme and host has no meaning, and some characters of the two base64 alphabets are a bit apart.
fn means_the_same(signed: &str, other: &str) -> bool {
    let host_end = "https://d111111abcdef8.cloudfront.net".len();
    let same_host = other.get(..host_end).is_some_and(|host| signed[..host_end].eq_ignore_ascii_case(host));
    let values = |url: &str| {
        let query = url.split_once('?').map_or("", |(_, query)| query).to_owned();
        let (signing, rest) = split_signing_parameters(&query);
        let decode = |text: Option<&str>| text.map(|text| from_cloudfront_base64(text).map(|decoded| decoded.bytes));
        let others =
            [signing.expires(), signing.key_pair_id(), signing.hash_algorithm()].map(|text| text.map(str::to_owned));
        (decode(signing.policy()), decode(signing.signature()), others, rest, signing.duplicate)
    };
    let path = |url: &str| url.get(host_end..).and_then(|tail| tail.split('?').next()).map(str::to_owned);
    same_host && path(signed) == path(other) && values(signed) == values(other)
}

#[test]
fn another_key_another_time_and_another_viewer_are_denied() {
    check(100, (signable_urls(), terms()), |(url, (terms, _, ip))| {
        let Ok(signed) = signer("ec-sec1.pem", HashAlgorithm::Sha256).sign_url(&url, &terms, None) else {
            return Ok(());
        };
        prop_assert_eq!(judge(&signed, ip, terms.expires).unwrap_err(), Reason::Expired);
        if let Some(start) = terms.not_before {
            prop_assert_eq!(judge(&signed, ip, start).unwrap_err(), Reason::NotYetValid);
        }
        if terms.ip.is_some() {
            prop_assert_eq!(judge(&signed, "2001:db8::1".parse().unwrap(), NOW).unwrap_err(), Reason::IpMismatch);
        }
        let request = ViewerRequest { client_ip: Some(ip), ..ViewerRequest::for_url(&signed).unwrap() };
        let other = verify(&request, &ring("other-rsa-public.pem"), NOW, &VerifyOptions::default()).unwrap_err();
        prop_assert_eq!(other.reason, Reason::BadSignature);
        Ok(())
    });
}

#[test]
fn canonical_urls_stay_as_they_are() {
    check(4_000, "https?://[a-zA-Z0-9.:-]{1,20}[/?\\\\][ -~é\u{1F600}]{0,40}", |url| {
        if let Ok(canonical) = canonicalise(&url) {
            prop_assert_eq!(canonicalise(&canonical), Ok(canonical.clone()), "{}", url);
            let wire = |byte: u8| (0x21..0x7f).contains(&byte) && !b"\"\\<>^`{|}#".contains(&byte);
            prop_assert!(canonical.bytes().all(wire), "{}", canonical);
        }
        Ok(())
    });
    check(2_000, signable_urls(), |url| {
        if let Ok(canonical) = canonicalise(&url) {
            prop_assert_eq!(canonicalise(&canonical), Ok(canonical));
        }
        Ok(())
    });
}

#[test]
fn resources_for_signing_stay_as_they_are_and_cover_what_they_name() {
    check(4_000, "(https://|http://|\\*://|\\*)[a-z.*]{1,12}(/[ -~é]{0,20})?", |text| {
        if let Ok(pattern) = ResourcePattern::for_signing(&text) {
            let again = ResourcePattern::for_signing(pattern.text());
            prop_assert_eq!(again.as_ref().map(ResourcePattern::text), Ok(pattern.text()), "{}", text);
            let policy = parse(canned_text(pattern.text(), 9).as_bytes()).unwrap();
            prop_assert_eq!(policy.resource.as_ref(), Some(&pattern));
        }
        Ok(())
    });
}

#[test]
fn taking_the_signing_parameters_out_and_putting_them_back_gives_the_query() {
    let own = "([a-z=%+.&]{0,30})";
    check(4_000, (own, "[A-Za-z0-9~_-]{0,20}"), |(own, signature)| {
        let signing = format!("Expires=1&Signature={signature}&Key-Pair-Id=K");
        let query = if own.is_empty() { signing.clone() } else { format!("{own}&{signing}") };
        let (found, rest) = split_signing_parameters(&query);
        prop_assert_eq!(&rest, &own);
        prop_assert_eq!(found.signature(), Some(signature.as_str()));
        let again = if rest.is_empty() { signing } else { format!("{rest}&{signing}") };
        prop_assert_eq!(again, query);
        prop_assert!(!split_signing_parameters(&rest).0.any());
        Ok(())
    });
}

#[test]
fn the_encoding_of_the_aws_sdk_changes_nothing_the_second_time_but_stray_percent_signs() {
    let path = "https://h\\.example(/([a-zA-Z0-9 é+,;=@:!~*'()-]|%[0-9A-F]{2}){0,10}){1,3}";
    check(4_000, (path, "(\\?[a-z]{1,4}=([a-zA-Z0-9 é+,;:@'-]|%[0-9a-f]{2}){0,10})?"), |(path, query)| {
        let once = encode_like_aws_sdk_js(&format!("{path}{query}"));
        // Escapes that are no UTF-8 are not decoded but escaped again, there as here.
        if !once.contains("%25") {
            prop_assert_eq!(encode_like_aws_sdk_js(&once), once);
        }
        Ok(())
    });
}

#[test]
fn base64_comes_back_as_it_went() {
    check(2_000, proptest::collection::vec(any::<u8>(), 0..80), |bytes| {
        let text = to_cloudfront_base64(&bytes);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte)));
        let decoded = from_cloudfront_base64(&text).unwrap();
        prop_assert!(decoded.standard);
        prop_assert_eq!(decoded.bytes, bytes);
        Ok(())
    });
}

#[test]
fn base64_is_read_as_a_general_reader_reads_it() {
    use base64ct::{Base64, Base64Unpadded, Encoding};
    check(20_000, "[A-D+/=_~-]{0,9}", |text| {
        let plain = text.replace('-', "+").replace('~', "/").replace('_', "=");
        let expected = Base64::decode_vec(&plain).or_else(|_| Base64Unpadded::decode_vec(&plain)).ok();
        prop_assert_eq!(from_cloudfront_base64(&text).map(|decoded| decoded.bytes), expected, "{}", text);
        Ok(())
    });
}

#[test]
fn times_that_are_written_can_be_read() {
    check(2_000, 0..253_402_300_800_u64, |seconds| {
        prop_assert_eq!(time::parse(&time::format(seconds), 0, "expires"), Ok(seconds));
        Ok(())
    });
}

#[test]
fn the_whole_address_space_is_split_by_a_range_as_by_its_bits() {
    check(2_000, (any::<u32>(), any::<u32>(), 0..=32_u32), |(network, viewer, bits)| {
        let range = Ipv4Range::parse(&format!("{}/{bits}", Ipv4Addr::from(network))).unwrap();
        let same = (0..bits).all(|bit| (network ^ viewer) >> (31 - bit) & 1 == 0);
        prop_assert_eq!(range.contains(Ipv4Addr::from(viewer).into()), same);
        Ok(())
    });
}

#[test]
fn a_key_pair_id_of_letters_and_digits_survives_signing() {
    check(50, "[A-Z0-9]{1,20}", |id| {
        let key = support::signing_key("ec-sec1.pem");
        let signer = edgeseal_core::sign::Signer::new(&id, key, HashAlgorithm::Sha1).unwrap();
        let url = signer.sign_url("https://h.example/a", &Terms::until(support::LATER), None).unwrap();
        let verdict = judge(&url, "203.0.113.5".parse().unwrap(), NOW);
        prop_assert_eq!(verdict.is_ok(), id == KEY_PAIR_ID);
        prop_assert!(url.contains(&id));
        Ok(())
    });
}

/// Numbers of every length, since the leading zeros are what DER leaves out and a sign bit is what it adds.
fn scalar() -> impl Strategy<Value = [u8; 32]> {
    (any::<[u8; 32]>(), 0_usize..32).prop_map(|(mut number, zeros)| {
        number[..zeros].fill(0);
        number
    })
}

#[test]
fn raw_ecdsa_signatures_become_the_der_that_another_encoder_makes() {
    check(4_000, (scalar(), scalar()), |(r, s)| {
        let raw = [r, s].concat();
        // It refuses what is no signature at all: zero, and numbers beyond the order of the curve.
        let Ok(peer) = p256::ecdsa::Signature::from_slice(&raw) else { return Ok(()) };
        let expected = peer.to_der();
        prop_assert_eq!(der_from_raw_ecdsa(&raw).unwrap(), expected.as_bytes());
        Ok(())
    });
}

#[test]
fn what_is_no_raw_ecdsa_signature_is_refused() {
    let one = |at: usize| {
        let mut raw = [0; 64];
        raw[at] = 1;
        raw
    };
    for raw in [&[1; 63][..], &[1; 65], &[], &[0; 64], &one(31), &one(32)] {
        let error = der_from_raw_ecdsa(raw).unwrap_err();
        assert_eq!(error.code(), edgeseal_core::ErrorCode::SigningFailed);
    }
}
