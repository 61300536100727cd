//! What the integration tests share: the fixture keys, ready signers and key rings, and a seeded random source.
#![allow(dead_code, reason = "each test file uses its own part")]

use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey};
use edgeseal_core::keys::{HashAlgorithm, KeyRing, PrivateKey, PublicKey};
use edgeseal_core::sign::Signer;
use std::path::PathBuf;

/// The key-pair id under which every test signs.
pub(crate) const KEY_PAIR_ID: &str = "K2JCJMDEHXQW5F";
/// 2026-01-01T17:53:20Z
pub(crate) const NOW: u64 = 1_767_290_000;
/// Four hundred seconds after [`NOW`].
pub(crate) const LATER: u64 = 1_767_290_400;
/// The passphrase of every encrypted fixture.
pub(crate) const PASSPHRASE: &[u8] = b"correct-horse";

/// The `tests` folder at the top of the repository.
pub(crate) fn shared_tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

/// A fixture key.
pub(crate) fn key_file(name: &str) -> Vec<u8> {
    let path = shared_tests().join("keys").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn private_key(name: &str) -> PrivateKey {
    PrivateKey::parse(&key_file(name), Some(PASSPHRASE)).unwrap()
}

pub(crate) fn signing_key(name: &str) -> RustCryptoSigningKey {
    RustCryptoSigningKey::new(&private_key(name), [7; 32]).unwrap()
}

pub(crate) fn verifying_key(name: &str) -> RustCryptoVerifyingKey {
    RustCryptoVerifyingKey::new(&PublicKey::parse(&key_file(name)).unwrap()).unwrap()
}

pub(crate) fn signer(name: &str, hash: HashAlgorithm) -> Signer<RustCryptoSigningKey> {
    Signer::new(KEY_PAIR_ID, signing_key(name), hash).unwrap()
}

/// A ring that trusts one key under [`KEY_PAIR_ID`].
pub(crate) fn ring(name: &str) -> KeyRing<RustCryptoVerifyingKey> {
    let mut ring = KeyRing::new();
    ring.insert(KEY_PAIR_ID, verifying_key(name)).unwrap();
    ring
}

/// xorshift64*: the same numbers on every machine, for loops too long for a property-test runner.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
