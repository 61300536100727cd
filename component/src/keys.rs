//! The public keys that a verifier or a policy trusts.

use crate::bindings::exports::edgeseal::core::types::{Error, TrustedKey};
use core::net::IpAddr;
use edgeseal_core::crypto::rustcrypto::RustCryptoVerifyingKey;
use edgeseal_core::keys::{KeyRing, PublicKey};

/// Keys by their ids.
pub(crate) type Ring = KeyRing<RustCryptoVerifyingKey>;

/// Reads the keys; an error says which of them it is about.
pub(crate) fn ring(keys: &[TrustedKey]) -> Result<Ring, Error> {
    let mut ring = KeyRing::new();
    for (index, key) in keys.iter().enumerate() {
        insert(&mut ring, key).map_err(|error| {
            let error = Error::from(error);
            Error { field: error.field.map(|field| format!("keys[{index}].{field}")), ..error }
        })?;
    }
    Ok(ring)
}

fn insert(ring: &mut Ring, key: &TrustedKey) -> Result<(), edgeseal_core::Error> {
    let public = PublicKey::parse(&key.public_key)?;
    ring.insert(&key.key_pair_id, RustCryptoVerifyingKey::new(&public)?)?;
    ring.set_enabled(&key.key_pair_id, key.enabled);
    Ok(())
}

/// An address that cannot be read is an unknown one, which satisfies no IP condition.
pub(crate) fn address(text: Option<&str>) -> Option<IpAddr> {
    text.and_then(|text| text.parse().ok())
}

/// Texts as the core takes them.
pub(crate) fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
