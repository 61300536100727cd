//! Project Wycheproof's signature vectors, through the same path as a CloudFront key: read, then verify.
//!
//! Wycheproof has no PKCS#1 v1.5 vectors with SHA-1 for 2,048-bit keys, nor P-256 vectors with SHA-1. The padding
//! forgeries of its SHA-256 set are repeated for SHA-1 in `tests/vectors/verify.json`, with blocks made by OpenSSL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use edgeseal_core::ErrorCode;
use edgeseal_core::crypto::VerifyingKey;
use edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey;
use edgeseal_core::keys::{HashAlgorithm, PublicKey};
use std::collections::BTreeMap;
use wycheproof::TestResult;

/// How many vectors of each expected result there were, and which did not agree.
#[derive(Default)]
struct Tally {
    valid: usize,
    invalid: usize,
    /// Acceptable ones by flag: how many were accepted, how many refused.
    acceptable: BTreeMap<String, (usize, usize)>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, id: usize, result: TestResult, flags: &str, accepted: bool) {
        match result {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => {
                let count = self.acceptable.entry(flags.to_owned()).or_default();
                if accepted {
                    count.0 += 1
                } else {
                    count.1 += 1
                }
                return;
            }
        }
        if accepted != (result == TestResult::Valid) {
            self.wrong.push(format!("{name} {id} is {result:?} {flags}, and was {accepted}"));
        }
    }

    fn check(&self, at_least: usize) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let total = self.valid + self.invalid;
        println!(
            "{total} vectors agree: {} valid, {} invalid; acceptable: {:?}",
            self.valid, self.invalid, self.acceptable
        );
        assert!(total >= at_least, "only {total} vectors ran");
        assert!(self.valid > 0 && self.invalid > 0);
    }
}

fn key(der: &[u8]) -> RustCryptoVerifyingKey {
    RustCryptoVerifyingKey::new(&PublicKey::parse(der).unwrap()).unwrap()
}

#[test]
fn rsa_pkcs1_sha256_agrees_with_every_2048_bit_vector() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::Rsa2048Sha256).unwrap().test_groups {
        let key = key(&group.der);
        for test in group.tests {
            let accepted = key.verify(HashAlgorithm::Sha256, &test.msg, &test.sig);
            tally.add("RSA-2048 SHA-256", test.tc_id, test.result, &format!("{:?}", test.flags), accepted);
        }
    }
    tally.check(240);
    // A DigestInfo without its NULL is the one thing that the standards leave open; it is refused here.
    assert!(tally.acceptable.keys().all(|flags| flags == "[MissingNull]"), "{:?}", tally.acceptable);
    assert!(tally.acceptable.values().all(|(accepted, refused)| *accepted == 0 && *refused > 0));
}

#[test]
fn rsa_signatures_under_other_hashes_never_verify() {
    use wycheproof::rsa_pkcs1_verify::{TestFlag, TestName, TestSet};
    let mut refused = 0;
    for name in [TestName::Rsa2048Sha224, TestName::Rsa2048Sha384, TestName::Rsa2048Sha512, TestName::Rsa2048Sha3_256] {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = key(&group.der);
            // Those with another hash than their set says can well be good ones under ours.
            for test in group.tests.iter().filter(|test| !test.flags.contains(&TestFlag::WrongHash)) {
                for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
                    assert!(!key.verify(hash, &test.msg, &test.sig), "{name:?} {}", test.tc_id);
                    refused += 1;
                }
            }
        }
    }
    println!("{refused} signatures under other hashes refused");
    assert!(refused >= 1_800, "only {refused} ran");
}

#[test]
fn rsa_keys_of_other_sizes_are_refused_by_name() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    for name in [TestName::Rsa3072Sha256, TestName::Rsa4096Sha256, TestName::Rsa8192Sha256] {
        for group in TestSet::load(name).unwrap().test_groups {
            let error = PublicKey::parse(&group.der).unwrap_err();
            assert_eq!(error.code(), ErrorCode::UnsupportedKey);
            assert_eq!(error.message(), format!("CloudFront does not accept an RSA key of {} bits", group.key_size));
        }
    }
}

#[test]
fn ecdsa_p256_sha256_der_agrees_with_every_vector() {
    use wycheproof::ecdsa::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::EcdsaSecp256r1Sha256).unwrap().test_groups {
        let key = key(&group.der);
        for test in group.tests {
            let accepted = key.verify(HashAlgorithm::Sha256, &test.msg, &test.sig);
            tally.add("P-256 SHA-256", test.tc_id, test.result, &format!("{:?}", test.flags), accepted);
        }
    }
    tally.check(480);
    assert!(tally.acceptable.is_empty(), "{:?}", tally.acceptable);
}

#[test]
fn raw_ecdsa_signatures_without_der_never_verify() {
    use wycheproof::ecdsa::{TestName, TestSet};
    let mut refused = 0;
    for group in TestSet::load(TestName::EcdsaSecp256r1Sha256P1363).unwrap().test_groups {
        let key = key(&group.der);
        for test in group.tests {
            assert!(!key.verify(HashAlgorithm::Sha256, &test.msg, &test.sig), "{}", test.tc_id);
            refused += 1;
        }
    }
    assert!(refused >= 250, "only {refused} ran");
}

#[test]
fn ecdsa_keys_on_other_curves_are_refused_by_name() {
    use wycheproof::ecdsa::{TestName, TestSet};
    for (name, curve) in [
        (TestName::EcdsaSecp384r1Sha256, "on P-384"),
        (TestName::EcdsaSecp521r1Sha512, "on P-521"),
        (TestName::EcdsaSecp256k1Sha256, "on secp256k1"),
        (TestName::EcdsaBrainpool256r1Sha256, "on the curve with OID 1.3.36.3.3.2.8.1.1.7"),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let error = PublicKey::parse(&group.der).unwrap_err();
            assert_eq!(error.code(), ErrorCode::UnsupportedKey);
            assert_eq!(error.message(), format!("CloudFront does not accept an ECDSA key {curve}"));
        }
    }
}
