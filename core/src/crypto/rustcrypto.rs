//! RSA and ECDSA in pure Rust, which runs wherever WebAssembly does.
//!
//! RSA private-key operations are blinded with randomness from a ChaCha20 stream that the caller seeds,
//! since the core has no randomness of its own. ECDSA nonces are deterministic (RFC 6979).

use super::{SigningKey, VerifyingKey};
use crate::error::{Error, ErrorCode};
use crate::keys::{HashAlgorithm, KeyAlgorithm, PrivateKey, PublicKey};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{DerSignature, SigningKey as EcSigningKey, VerifyingKey as EcVerifyingKey};
use pkcs8::{DecodePrivateKey, DecodePublicKey};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

enum Private {
    Rsa(Box<rsa::PrivateKey>),
    Ec(Box<EcSigningKey>),
}

/// A private key ready to sign.
pub struct RustCryptoSigningKey {
    private: Private,
    seed: Zeroizing<[u8; 32]>,
    /// Gives each signature its own part of the blinding stream.
    counter: AtomicU64,
}

impl fmt::Debug for RustCryptoSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustCryptoSigningKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

impl RustCryptoSigningKey {
    /// Prepares a key. `seed` must be 32 fresh random bytes; it blinds RSA against timing attacks and
    /// does not show in any signature.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKey`] when the numbers of the key do not belong together.
    pub fn new(key: &PrivateKey, seed: [u8; 32]) -> Result<Self, Error> {
        let broken = || {
            Error::new(ErrorCode::InvalidKey, "the numbers of the private key do not belong together")
                .with_field("privateKey")
        };
        let private = match key.algorithm() {
            KeyAlgorithm::Rsa2048 => {
                Private::Rsa(Box::new(rsa::PrivateKey::from_pkcs8_der(key.pkcs8_der()).map_err(|_| broken())?))
            }
            KeyAlgorithm::EcdsaP256 => {
                Private::Ec(Box::new(EcSigningKey::from_pkcs8_der(key.pkcs8_der()).map_err(|_| broken())?))
            }
        };
        Ok(Self { private, seed: Zeroizing::new(seed), counter: AtomicU64::new(0) })
    }

    fn blinding(&self) -> ChaCha20Rng {
        let mut rng = ChaCha20Rng::from_seed(*self.seed);
        rng.set_stream(self.counter.fetch_add(1, Ordering::Relaxed));
        rng
    }
}

impl SigningKey for RustCryptoSigningKey {
    fn algorithm(&self) -> KeyAlgorithm {
        match self.private {
            Private::Rsa(_) => KeyAlgorithm::Rsa2048,
            Private::Ec(_) => KeyAlgorithm::EcdsaP256,
        }
    }

    fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.private {
            Private::Rsa(key) => {
                let rng = &mut self.blinding();
                match hash {
                    HashAlgorithm::Sha1 => key.pkcs1v15_sign_with_rng::<Sha1, _>(rng, message),
                    HashAlgorithm::Sha256 => key.pkcs1v15_sign_with_rng::<Sha256, _>(rng, message),
                }
                .map_err(|_| Error::signing_failed())
            }
            Private::Ec(key) => {
                let signature: DerSignature = match hash {
                    HashAlgorithm::Sha1 => key.sign_prehash(&Sha1::digest(message)),
                    HashAlgorithm::Sha256 => key.sign_prehash(&Sha256::digest(message)),
                }
                .map_err(|_| Error::signing_failed())?;
                Ok(signature.as_bytes().to_vec())
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Public {
    Rsa(Box<rsa::PublicKey>),
    Ec(Box<EcVerifyingKey>),
}

/// A public key ready to verify.
#[derive(Debug, Clone)]
pub struct RustCryptoVerifyingKey {
    public: Public,
}

impl RustCryptoVerifyingKey {
    /// Prepares a key.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKey`] when the key is not a usable RSA modulus or not a point on the curve.
    pub fn new(key: &PublicKey) -> Result<Self, Error> {
        let broken = || Error::new(ErrorCode::InvalidKey, "the public key is not a usable one").with_field("publicKey");
        let public = match key.algorithm() {
            KeyAlgorithm::Rsa2048 => {
                Public::Rsa(Box::new(rsa::PublicKey::from_public_key_der(key.spki_der()).map_err(|_| broken())?))
            }
            KeyAlgorithm::EcdsaP256 => {
                Public::Ec(Box::new(EcVerifyingKey::from_public_key_der(key.spki_der()).map_err(|_| broken())?))
            }
        };
        Ok(Self { public })
    }
}

impl VerifyingKey for RustCryptoVerifyingKey {
    fn verify(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Rsa(key) => match hash {
                HashAlgorithm::Sha1 => key.pkcs1v15_verify::<Sha1>(message, signature).is_ok(),
                HashAlgorithm::Sha256 => key.pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
            },
            Public::Ec(key) => {
                let Ok(signature) = DerSignature::try_from(signature) else { return false };
                match hash {
                    HashAlgorithm::Sha1 => key.verify_prehash(&Sha1::digest(message), &signature).is_ok(),
                    HashAlgorithm::Sha256 => key.verify_prehash(&Sha256::digest(message), &signature).is_ok(),
                }
            }
        }
    }
}
