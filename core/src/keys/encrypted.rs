//! Encrypted private keys (RFC 5958), recognised always and opened with the feature `encrypted-keys`.

use super::private::FIELD;
use super::unreadable;
use crate::error::Error;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

#[cfg(feature = "encrypted-keys")]
mod opener {
    use super::{Decode, Error, FIELD, Zeroizing, unreadable};
    use crate::error::ErrorCode;
    use pkcs8::EncryptedPrivateKeyInfoRef;
    use pkcs8::pkcs5::{self, EncryptionScheme, pbes2::Kdf};

    /// The most that RFC 8018 thinks of, for keys where time is of no account.
    const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;

    /// Four times what OpenSSL itself allows by default.
    const MAX_SCRYPT_BYTES: u64 = 128 * 1024 * 1024;

    const CONVERT: &str = "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem";

    pub(crate) fn open(der: &[u8], passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let info = EncryptedPrivateKeyInfoRef::from_der(der)
            .map_err(|_| unreadable("the encrypted private key is not valid PKCS#8", FIELD))?;
        check_derivation_cost(&info.encryption_algorithm)?;
        let opened = info.decrypt(passphrase).map_err(|error| match error {
            pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { oid }) => unreadable(
                format!("the private key is encrypted with an algorithm that is not read here (OID {oid})"),
                FIELD,
            )
            .with_hint(CONVERT),
            _ => Error::new(ErrorCode::WrongPassphrase, "the passphrase does not open the private key")
                .with_field("passphrase"),
        })?;
        Ok(Zeroizing::new(opened.as_bytes().to_vec()))
    }

    /// Refuses a passphrase derivation that would take minutes or gigabytes, which a damaged or hostile file can ask for.
    fn check_derivation_cost(scheme: &EncryptionScheme) -> Result<(), Error> {
        let affordable = match scheme {
            EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
                Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MAX_PBKDF2_ITERATIONS,
                Kdf::Scrypt(scrypt) => {
                    let memory = scrypt.cost_parameter.checked_mul(u64::from(scrypt.block_size) * 128);
                    memory.is_some_and(|bytes| bytes <= MAX_SCRYPT_BYTES) && scrypt.parallelization <= 16
                }
                _ => true,
            },
            _ => true,
        };
        if affordable {
            return Ok(());
        }
        Err(unreadable("the private key is encrypted with a passphrase derivation that costs too much", FIELD)
            .with_hint(CONVERT))
    }
}

#[cfg(feature = "encrypted-keys")]
pub(super) use opener::open;

/// This build has none of the ciphers.
#[cfg(not(feature = "encrypted-keys"))]
pub(super) fn open(_der: &[u8], _passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    Err(unreadable("this build opens no encrypted private keys", FIELD)
        .with_hint("decrypt it first: openssl pkcs8 -topk8 -nocrypt"))
}

/// Whether DER has the shape of an `EncryptedPrivateKeyInfo`: an algorithm, and octets.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    let shape = |reader: &mut SliceReader<'_>| {
        reader.sequence(|inner| {
            AlgorithmIdentifierRef::decode(inner)?;
            <&OctetStringRef>::decode(inner).map(|_| ())
        })
    };
    SliceReader::new(der).and_then(|mut reader| shape(&mut reader).and_then(|()| reader.finish())).is_ok()
}
