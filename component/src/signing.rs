//! The interface `signing`.

use crate::Component;
use crate::bindings::exports::edgeseal::core::signing as wit;
use crate::same::invalid_argument;
use edgeseal_core::cookies::{CookieAttributes, SameSite};
use edgeseal_core::crypto::SigningKey as _;
use edgeseal_core::crypto::rustcrypto::RustCryptoSigningKey;
use edgeseal_core::keys::{HashAlgorithm, KeyAlgorithm, PrivateKey, check_key_pair_id};
use edgeseal_core::policy::{Ipv4Range, ResourcePattern, Terms};
use edgeseal_core::sign::{Prepared, PreparedUrl, Signer};
use edgeseal_core::upload::UploadConstraints;
use wit::{Error, HashAlgorithm as WitHash, KeyAlgorithm as WitAlgorithm, SignedCookies};
use zeroize::Zeroizing;

const SEED_BYTES: usize = 32;

/// A private key, and the id it signs under.
pub(crate) struct SignerResource {
    key_pair_id: String,
    hash: HashAlgorithm,
    algorithm: KeyAlgorithm,
    signer: Signer<RustCryptoSigningKey>,
}

impl wit::Guest for Component {
    type Signer = SignerResource;

    fn default_cookie_attributes() -> wit::CookieAttributes {
        let CookieAttributes { secure, http_only, same_site, path, domain, max_age } = CookieAttributes::default();
        let same_site = same_site.map(|same_site| match same_site {
            SameSite::Strict => wit::SameSite::Strict,
            SameSite::Lax => wit::SameSite::Lax,
            SameSite::None => wit::SameSite::None,
        });
        wit::CookieAttributes { secure, http_only, same_site, path, domain, max_age }
    }
}

impl wit::GuestSigner for SignerResource {
    fn open(
        key_pair_id: String,
        private_key: Vec<u8>,
        passphrase: Option<Vec<u8>>,
        hash: WitHash,
        seed: Vec<u8>,
    ) -> Result<wit::Signer, Error> {
        let (private_key, passphrase) = (Zeroizing::new(private_key), passphrase.map(Zeroizing::new));
        let seed = read_seed(&Zeroizing::new(seed))?;
        check_key_pair_id(&key_pair_id)?;
        let key = PrivateKey::parse(&private_key, passphrase.as_ref().map(|bytes| bytes.as_slice()))?;
        let key = RustCryptoSigningKey::new(&key, *seed)?;
        let (hash, algorithm) = (hash.into(), key.algorithm());
        let signer = Signer::new(&key_pair_id, key, hash)?;
        Ok(wit::Signer::new(Self { key_pair_id, hash, algorithm, signer }))
    }

    fn key_pair_id(&self) -> String {
        self.key_pair_id.clone()
    }

    fn algorithm(&self) -> WitAlgorithm {
        self.algorithm.into()
    }

    fn sign_url(
        &self,
        url: String,
        terms: wit::Terms,
        upload: Option<wit::UploadConstraints>,
    ) -> Result<String, Error> {
        Ok(self.signer.sign_url(&url, &read_terms(&terms)?, upload.map(read_upload).as_ref())?)
    }

    fn sign_urls(&self, urls: Vec<String>, terms: wit::Terms) -> Result<Vec<String>, Error> {
        Ok(self.signer.sign_urls(urls.iter().map(String::as_str), &read_terms(&terms)?)?)
    }

    fn sign_url_with_policy(&self, url: String, policy: String) -> Result<String, Error> {
        let prepared = PreparedUrl::with_policy(&url, &policy, &self.key_pair_id, self.hash)?;
        Ok(prepared.finish(&self.signer.sign(prepared.policy())?)?)
    }

    fn sign_cookies(
        &self,
        resource: String,
        terms: wit::Terms,
        attributes: Option<wit::CookieAttributes>,
    ) -> Result<SignedCookies, Error> {
        let prepared = Prepared::for_cookies(&resource, &read_terms(&terms)?, &self.key_pair_id, self.hash)?;
        self.finish_cookies(&prepared, attributes)
    }

    fn sign_cookies_with_policy(
        &self,
        policy: String,
        attributes: Option<wit::CookieAttributes>,
    ) -> Result<SignedCookies, Error> {
        let prepared = Prepared::from_policy_text(&policy, &self.key_pair_id, self.hash)?;
        self.finish_cookies(&prepared, attributes)
    }
}

impl SignerResource {
    fn finish_cookies(
        &self,
        prepared: &Prepared,
        attributes: Option<wit::CookieAttributes>,
    ) -> Result<SignedCookies, Error> {
        let attributes = attributes.map(read_attributes).unwrap_or_default();
        attributes.check()?;
        let set = prepared.finish_cookies(&self.signer.sign(prepared)?);
        let cookie = |(name, value): &(&str, String)| wit::Cookie { name: (*name).to_owned(), value: value.clone() };
        Ok(SignedCookies {
            cookies: set.pairs().iter().map(cookie).collect(),
            cookie_header: set.to_cookie_header(),
            set_cookie: set.to_set_cookie(&attributes)?,
        })
    }
}

/// A seed that is short or that nobody filled would leave RSA blinded by something an attacker can guess.
fn read_seed(bytes: &[u8]) -> Result<Zeroizing<[u8; SEED_BYTES]>, Error> {
    let refused =
        |message| invalid_argument("seed", message, "pass 32 fresh bytes of the host's cryptographic random generator");
    let seed: [u8; SEED_BYTES] = bytes.try_into().map_err(|_| refused("the seed must have 32 bytes"))?;
    if seed == [0; SEED_BYTES] {
        return Err(refused("the seed is all zeroes"));
    }
    Ok(Zeroizing::new(seed))
}

fn read_terms(terms: &wit::Terms) -> Result<Terms, Error> {
    Ok(Terms {
        expires: terms.expires,
        not_before: terms.not_before,
        ip: terms.ip_address.as_deref().map(Ipv4Range::parse).transpose()?,
        resource: terms.resource.as_deref().map(ResourcePattern::for_signing).transpose()?,
    })
}

fn read_upload(upload: wit::UploadConstraints) -> UploadConstraints {
    let wit::UploadConstraints { method, max_bytes, content_type, sha256, filename } = upload;
    UploadConstraints { method, max_bytes, content_type, sha256, filename }
}

fn read_attributes(attributes: wit::CookieAttributes) -> CookieAttributes {
    let wit::CookieAttributes { secure, http_only, same_site, path, domain, max_age } = attributes;
    let same_site = same_site.map(|same_site| match same_site {
        wit::SameSite::Strict => SameSite::Strict,
        wit::SameSite::Lax => SameSite::Lax,
        wit::SameSite::None => SameSite::None,
    });
    CookieAttributes { secure, http_only, same_site, path, domain, max_age }
}
