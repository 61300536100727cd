//! Private keys, kept as PKCS#8 and wiped from memory when dropped.

use super::{
    EC_PUBLIC_KEY, KeyAlgorithm, P256, RSA_ENCRYPTION, armor, check_curve, check_rsa_numbers, encrypted, unreadable,
    unsupported, unsupported_algorithm,
};
use crate::error::{Error, ErrorCode};
use core::fmt;
use der::{AnyRef, Decode, Encode};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::AlgorithmIdentifierRef;
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

pub(super) const FIELD: &str = "privateKey";

/// A private key that CloudFront's signatures can be made with. Its memory is wiped on drop and it never prints itself.
#[derive(Clone)]
pub struct PrivateKey {
    algorithm: KeyAlgorithm,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Reads a private key: PKCS#1, PKCS#8, SEC1 or encrypted PKCS#8, as PEM or DER.
    ///
    /// PEM may have its line breaks lost or spelled `\n`, or be wrapped in base64, as secret stores and
    /// console fields leave it. An encrypted key is opened only with the feature `encrypted-keys`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKey`], [`ErrorCode::UnsupportedKey`], [`ErrorCode::PassphraseRequired`] or
    /// [`ErrorCode::WrongPassphrase`]. No error holds any of the key.
    ///
    /// ```
    /// use edgeseal_core::{ErrorCode, keys::PrivateKey};
    /// let error = PrivateKey::parse(b"-----BEGIN PRIVATE KEY-----\nMII", None).unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::InvalidKey);
    /// ```
    pub fn parse(material: &[u8], passphrase: Option<&[u8]>) -> Result<Self, Error> {
        let wanted = |label: &str| {
            matches!(label, "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY")
        };
        let block = armor::read(material, wanted, FIELD).map_err(hint_on_other_blocks)?;
        match block.label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(block.der),
            "ENCRYPTED PRIVATE KEY" => Self::from_encrypted(&block.der, passphrase),
            "RSA PRIVATE KEY" => Self::from_pkcs1(&block.der),
            "EC PRIVATE KEY" => Self::from_sec1(&block.der),
            _ => Self::from_any_der(block.der, passphrase),
        }
    }

    fn from_any_der(der: Zeroizing<Vec<u8>>, passphrase: Option<&[u8]>) -> Result<Self, Error> {
        if PrivateKeyInfoRef::from_der(&der).is_ok() {
            Self::from_pkcs8(der)
        } else if encrypted::is_encrypted(&der) {
            Self::from_encrypted(&der, passphrase)
        } else if EcPrivateKey::from_der(&der).is_ok() {
            Self::from_sec1(&der)
        } else {
            Self::from_pkcs1(&der)
        }
    }

    fn from_encrypted(der: &[u8], passphrase: Option<&[u8]>) -> Result<Self, Error> {
        if !encrypted::is_encrypted(der) {
            return Err(unreadable("the encrypted private key is not valid PKCS#8", FIELD));
        }
        let Some(passphrase) = passphrase else {
            return Err(Error::new(
                ErrorCode::PassphraseRequired,
                "the private key is encrypted and there is no passphrase",
            )
            .with_field("passphrase"));
        };
        Self::from_pkcs8(encrypted::open(der, passphrase)?)
    }

    fn from_pkcs8(pkcs8: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        let info = PrivateKeyInfoRef::from_der(&pkcs8)
            .map_err(|_| unreadable("the private key is not valid PKCS#8", FIELD))?;
        let algorithm = match info.algorithm.oid {
            RSA_ENCRYPTION => check_rsa(info.private_key.as_bytes())?,
            EC_PUBLIC_KEY => {
                let curve = info
                    .algorithm
                    .parameters_oid()
                    .map_err(|_| unsupported("an ECDSA key without a named curve", FIELD))?;
                let algorithm = check_curve(curve, FIELD)?;
                EcPrivateKey::from_der(info.private_key.as_bytes())
                    .map_err(|_| unreadable("the ECDSA private key inside is not valid", FIELD))?;
                algorithm
            }
            other => return Err(unsupported_algorithm(other, FIELD)),
        };
        Ok(Self { algorithm, pkcs8 })
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, Error> {
        check_rsa(der)?;
        wrap(AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) }, der)
    }

    fn from_sec1(der: &[u8]) -> Result<Self, Error> {
        let key =
            EcPrivateKey::from_der(der).map_err(|_| unreadable("the ECDSA private key is not valid SEC1", FIELD))?;
        if let Some(EcParameters::NamedCurve(curve)) = key.parameters {
            check_curve(curve, FIELD)?;
        }
        wrap(AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters: Some((&P256).into()) }, der)
    }

    /// The kind of key.
    #[must_use]
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The key as unencrypted DER PKCS#8, for a host that does the private-key operation. Handle with care.
    #[must_use]
    pub fn pkcs8_der(&self) -> &[u8] {
        &self.pkcs8
    }
}

fn check_rsa(der: &[u8]) -> Result<KeyAlgorithm, Error> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(der)
        .map_err(|_| unreadable("the RSA private key is not valid PKCS#1", FIELD))?;
    check_rsa_numbers(key.modulus.as_bytes(), key.public_exponent.as_bytes(), FIELD)
}

fn wrap(algorithm: AlgorithmIdentifierRef<'_>, der: &[u8]) -> Result<PrivateKey, Error> {
    let broken = || unreadable("the private key cannot be written as PKCS#8", FIELD);
    let octets = der::asn1::OctetStringRef::new(der).map_err(|_| broken())?;
    let pkcs8 = PrivateKeyInfoRef::new(algorithm, octets).to_der().map_err(|_| broken())?;
    PrivateKey::from_pkcs8(Zeroizing::new(pkcs8))
}

fn hint_on_other_blocks(error: Error) -> Error {
    if error.message().contains("OPENSSH") {
        error.with_hint("convert it with: ssh-keygen -p -m PEM -f key, or make a new key with: npx edgeseal keygen")
    } else if error.message().contains("PUBLIC KEY") || error.message().contains("CERTIFICATE") {
        error.with_hint("pass the private key; this is the public half")
    } else {
        error
    }
}
