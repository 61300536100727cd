//! What is signed verifies, and what is changed does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey};
use edgeseal_core::policy::Terms;
use edgeseal_core::sign::Signer;
use edgeseal_core::verify::{VerifyOptions, ViewerRequest, verify};

const NOW: u64 = 1_767_290_000;
const LATER: u64 = 1_767_290_400;

fn signer(private: &[u8], hash: HashAlgorithm) -> Signer<RustCryptoSigningKey> {
    let key = PrivateKey::parse(private, None).unwrap();
    Signer::new("K2JCJMDEHXQW5F", RustCryptoSigningKey::new(&key, [7; 32]).unwrap(), hash).unwrap()
}

fn ring(public: &[u8]) -> KeyRing<RustCryptoVerifyingKey> {
    let mut ring = KeyRing::new();
    let key = PublicKey::parse(public).unwrap();
    ring.insert("K2JCJMDEHXQW5F", RustCryptoVerifyingKey::new(&key).unwrap()).unwrap();
    ring
}

#[test]
fn every_key_kind_and_hash_signs_urls_that_verify() {
    let pairs: [(&[u8], &[u8]); 2] = [
        (include_bytes!("../../tests/keys/rsa-pkcs1.pem"), include_bytes!("../../tests/keys/rsa-certificate.pem")),
        (include_bytes!("../../tests/keys/ec-sec1.pem"), include_bytes!("../../tests/keys/ec-public.pem")),
    ];
    for (private, public) in pairs {
        for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
            let url = signer(private, hash)
                .sign_url("https://d111.cloudfront.net/a b.jpg?x=1", &Terms::until(LATER), None)
                .unwrap();
            let request = ViewerRequest::for_url(&url).unwrap();
            let grant = verify(&request, &ring(public), NOW, &VerifyOptions::default()).unwrap();
            assert_eq!(grant.remaining, LATER - NOW);
            assert_eq!(grant.query, "x=1");
        }
    }
}
