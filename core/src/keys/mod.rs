//! Keys: reading them, and refusing by name what CloudFront does not accept.
//!
//! CloudFront takes RSA keys of 2,048 bits and ECDSA keys on P-256, and nothing else.
//! Source: *Specify signers that can create signed URLs and signed cookies*, CloudFront Developer Guide.

mod armor;
#[cfg(feature = "private-keys")]
mod encrypted;
#[cfg(feature = "private-keys")]
mod private;
mod public;
mod ring;

#[cfg(feature = "private-keys")]
pub use private::PrivateKey;
pub use public::PublicKey;
pub use ring::{KeyEntry, KeyRing};

use crate::error::{Error, ErrorCode};
use core::fmt;
use der::asn1::ObjectIdentifier;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
#[cfg(feature = "private-keys")]
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// The RSA modulus size that CloudFront accepts, in bits.
pub const RSA_BITS: usize = 2_048;

/// A kind of key that CloudFront accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// RSA with 2,048 bits; signatures are PKCS#1 v1.5, 256 bytes.
    Rsa2048,
    /// ECDSA on P-256; signatures are ASN.1 DER, 70 to 72 bytes as a rule.
    EcdsaP256,
}

impl KeyAlgorithm {
    /// The name used in configuration and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa2048 => "RSA-2048",
            Self::EcdsaP256 => "ECDSA-P256",
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The hash under a signature.
///
/// CloudFront takes SHA-1 when `Hash-Algorithm` is absent. Source: *Creating a signed URL using a custom
/// policy*, CloudFront Developer Guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HashAlgorithm {
    /// SHA-1, what CloudFront assumes.
    Sha1,
    /// SHA-256, announced to CloudFront with `Hash-Algorithm=SHA256`.
    #[default]
    Sha256,
}

impl HashAlgorithm {
    /// The value of `Hash-Algorithm`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// Reads the value of `Hash-Algorithm`. The letter case counts.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidHash`].
    ///
    /// ```
    /// use edgeseal_core::keys::HashAlgorithm;
    /// assert_eq!(HashAlgorithm::parse("SHA256").unwrap(), HashAlgorithm::Sha256);
    /// assert!(HashAlgorithm::parse("SHA512").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "SHA1" => Ok(Self::Sha1),
            "SHA256" => Ok(Self::Sha256),
            _ => {
                Err(Error::new(ErrorCode::InvalidHash, "the hash algorithm must be SHA1 or SHA256").with_field("hash"))
            }
        }
    }
}

/// Checks a key-pair id: letters and digits, such as `K2JCJMDEHXQW5F` or the older `APKA...`.
///
/// # Errors
/// [`ErrorCode::InvalidKeyPairId`].
///
/// ```
/// assert!(edgeseal_core::keys::check_key_pair_id("K2JCJMDEHXQW5F").is_ok());
/// assert!(edgeseal_core::keys::check_key_pair_id("-----BEGIN PUBLIC KEY-----").is_err());
/// ```
pub fn check_key_pair_id(id: &str) -> Result<(), Error> {
    let error = |message: &str| Error::new(ErrorCode::InvalidKeyPairId, message).with_field("keyPairId");
    if id.is_empty() {
        return Err(error("the key-pair id is empty")
            .with_hint("use the id of the CloudFront public key, for example K2JCJMDEHXQW5F"));
    }
    if id.contains("BEGIN ") {
        return Err(error("the key-pair id is a PEM key")
            .with_hint("use the id that CloudFront shows for the public key, not the key itself"));
    }
    if id.len() > 128 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Err(error("the key-pair id has characters that CloudFront never issues")
            .with_hint("use the id of the public key, not of the key group, an ARN or a name with spaces"));
    }
    Ok(())
}

fn unreadable(message: impl Into<String>, field: &'static str) -> Error {
    Error::new(ErrorCode::InvalidKey, message).with_field(field)
}

fn unsupported(what: &str, field: &'static str) -> Error {
    Error::new(ErrorCode::UnsupportedKey, format!("CloudFront does not accept {what}"))
        .with_field(field)
        .with_hint("use an RSA key of 2048 bits or an ECDSA key on P-256 (prime256v1)")
}

/// Refuses an RSA modulus of another size than CloudFront's, by name, and an exponent that protects nothing.
///
/// With the exponent 1 a signature is the padded hash itself, which anybody can write.
fn check_rsa_numbers(modulus: &[u8], exponent: &[u8], field: &'static str) -> Result<KeyAlgorithm, Error> {
    let odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    let is_one = exponent.iter().rev().skip(1).all(|byte| *byte == 0) && exponent.last() == Some(&1);
    if !odd || is_one {
        return Err(unreadable("the public exponent of the RSA key is not an odd number above 1", field));
    }
    let significant =
        modulus.iter().position(|byte| *byte != 0).and_then(|start| modulus.get(start..)).unwrap_or_default();
    let top_bits = significant.first().map_or(0, |byte| 8 - byte.leading_zeros() as usize);
    let bits = significant.len().saturating_sub(1) * 8 + top_bits;
    if bits == RSA_BITS {
        Ok(KeyAlgorithm::Rsa2048)
    } else {
        Err(unsupported(&format!("an RSA key of {bits} bits"), field))
    }
}

/// Refuses a curve other than P-256, by name where it is a common one.
fn check_curve(curve: ObjectIdentifier, field: &'static str) -> Result<KeyAlgorithm, Error> {
    let name = match curve.to_string().as_str() {
        "1.2.840.10045.3.1.7" => return Ok(KeyAlgorithm::EcdsaP256),
        "1.3.132.0.34" => "an ECDSA key on P-384".to_owned(),
        "1.3.132.0.35" => "an ECDSA key on P-521".to_owned(),
        "1.3.132.0.10" => "an ECDSA key on secp256k1".to_owned(),
        other => format!("an ECDSA key on the curve with OID {other}"),
    };
    Err(unsupported(&name, field))
}

/// Names the key kind of an algorithm that is neither RSA nor ECDSA.
fn unsupported_algorithm(oid: ObjectIdentifier, field: &'static str) -> Error {
    let name = match oid.to_string().as_str() {
        "1.3.101.112" => "an Ed25519 key".to_owned(),
        "1.3.101.113" => "an Ed448 key".to_owned(),
        "1.2.840.113549.1.1.10" => "an RSA-PSS key".to_owned(),
        "1.2.840.10040.4.1" => "a DSA key".to_owned(),
        other => format!("a key with the algorithm OID {other}"),
    };
    unsupported(&name, field)
}
