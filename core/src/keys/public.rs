//! Public keys, kept as SubjectPublicKeyInfo.

use super::{
    EC_PUBLIC_KEY, KeyAlgorithm, RSA_ENCRYPTION, armor, check_curve, check_rsa_numbers, unreadable, unsupported,
    unsupported_algorithm,
};
use crate::error::Error;
use base64ct::{Base64, Encoding as _};
use der::{Decode, Encode, asn1::BitStringRef};
use pkcs8::SubjectPublicKeyInfoRef;
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfo};

const FIELD: &str = "publicKey";

/// A public key that CloudFront accepts, as DER SubjectPublicKeyInfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
}

impl PublicKey {
    /// Reads a public key: SPKI (`PUBLIC KEY`), PKCS#1 (`RSA PUBLIC KEY`) or an X.509 certificate, as PEM or DER.
    ///
    /// # Errors
    /// [`InvalidKey`](crate::ErrorCode::InvalidKey) or [`UnsupportedKey`](crate::ErrorCode::UnsupportedKey).
    ///
    /// ```
    /// use edgeseal_core::keys::{KeyAlgorithm, PublicKey};
    /// let pem = "-----BEGIN PUBLIC KEY-----
    /// MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGNgA7a6xhwqdBtQYeVC6DyYpUUd4
    /// 2YKGFjVPDqzCwQnZyRCJzwmzd5I7wPzaHBFZEGoTl3fc9Gg7vR/UOcnMEA==
    /// -----END PUBLIC KEY-----";
    /// # let _ = KeyAlgorithm::EcdsaP256;
    /// assert!(PublicKey::parse(pem.as_bytes()).is_ok());
    /// assert!(PublicKey::parse(b"not a key").is_err());
    /// ```
    pub fn parse(material: &[u8]) -> Result<Self, Error> {
        let wanted = |label: &str| matches!(label, "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE");
        let block = armor::read(material, wanted, FIELD).map_err(|error| {
            if error.message().contains("PRIVATE KEY") {
                error.with_hint("pass the public key; a private key has no place here")
            } else {
                error
            }
        })?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki(&block.der),
            "RSA PUBLIC KEY" => Self::from_pkcs1(&block.der),
            "CERTIFICATE" => Self::from_certificate(&block.der),
            _ => Self::from_spki(&block.der)
                .or_else(|error| Self::from_pkcs1(&block.der).or(Err(error)))
                .or_else(|error| Self::from_certificate(&block.der).or(Err(error))),
        }
    }

    fn from_spki(der: &[u8]) -> Result<Self, Error> {
        let info = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| unreadable("the public key is not valid SubjectPublicKeyInfo", FIELD))?;
        let algorithm = algorithm_of(&info)?;
        Ok(Self { algorithm, spki: der.to_vec() })
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        let broken = || unreadable("the RSA public key is not valid PKCS#1", FIELD);
        pkcs1::RsaPublicKeyRef::from_der(der).map_err(|_| broken())?;
        let info = SubjectPublicKeyInfo {
            algorithm: AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(der::AnyRef::NULL) },
            subject_public_key: BitStringRef::from_bytes(der).map_err(|_| broken())?,
        };
        Self::from_spki(&info.to_der().map_err(|_| broken())?)
    }

    #[cfg(feature = "certificates")]
    fn from_certificate(der: &[u8]) -> Result<Self, Error> {
        let broken = || unreadable("the certificate is not valid X.509", FIELD);
        let certificate = x509_cert::Certificate::from_der(der).map_err(|_| broken())?;
        Self::from_spki(&certificate.tbs_certificate().subject_public_key_info().to_der().map_err(|_| broken())?)
    }

    #[cfg(not(feature = "certificates"))]
    fn from_certificate(_der: &[u8]) -> Result<Self, Error> {
        Err(unreadable("this build reads no certificates", FIELD)
            .with_hint("pass the public key itself: openssl x509 -pubkey -noout"))
    }

    /// The kind of key.
    #[must_use]
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The key as DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The key as CloudFront wants it: SPKI PEM that ends in one line break.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (index, letter) in Base64::encode_string(&self.spki).chars().enumerate() {
            if index > 0 && index % 64 == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        pem
    }
}

fn algorithm_of(info: &SubjectPublicKeyInfoRef<'_>) -> Result<KeyAlgorithm, Error> {
    let bits =
        info.subject_public_key.as_bytes().ok_or_else(|| unreadable("the public key is not whole bytes", FIELD))?;
    match info.algorithm.oid {
        RSA_ENCRYPTION => {
            let key = pkcs1::RsaPublicKeyRef::from_der(bits)
                .map_err(|_| unreadable("the RSA public key inside is not valid", FIELD))?;
            check_rsa_numbers(key.modulus.as_bytes(), key.public_exponent.as_bytes(), FIELD)
        }
        EC_PUBLIC_KEY => {
            let curve = info
                .algorithm
                .parameters_oid()
                .map_err(|_| unsupported("an ECDSA key without a named curve", FIELD))?;
            let algorithm = check_curve(curve, FIELD)?;
            match (bits.first(), bits.len()) {
                (Some(4), 65) | (Some(2 | 3), 33) => Ok(algorithm),
                _ => Err(unreadable("the ECDSA point has the wrong length", FIELD)),
            }
        }
        other => Err(unsupported_algorithm(other, FIELD)),
    }
}
