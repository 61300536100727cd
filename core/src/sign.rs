//! Signing URLs and cookies, in two steps around the private-key operation.
//!
//! [`Prepared`] holds the exact bytes to sign. Whoever has the private key signs them, and the prepared
//! credential turns the signature into a URL or into cookies. [`Signer`] does both steps in one call.

use crate::cookies::CookieSet;
use crate::crypto::SigningKey;
use crate::encoding::to_cloudfront_base64;
use crate::error::{Error, ErrorCode};
use crate::keys::{HashAlgorithm, check_key_pair_id};
use crate::policy::{self, ResourcePattern, Target, Terms, canned_text};
use crate::time::EpochSeconds;
use crate::upload::{UploadConstraints, is_constraint_name};
use crate::url;
use crate::verify::UrlParts;

/// A policy that waits for its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    message: String,
    /// Set for a canned policy, which is not transmitted.
    expires: Option<EpochSeconds>,
    key_pair_id: String,
    hash: HashAlgorithm,
}

/// A canonical URL together with the policy that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedUrl {
    url: String,
    policy: Prepared,
}

impl PreparedUrl {
    /// Prepares a URL. With `upload`, the constraints become part of the signed URL.
    ///
    /// # Errors
    /// Every error of [`url::canonicalise`]; [`ErrorCode::InvalidTime`], [`ErrorCode::TimeInMilliseconds`],
    /// [`ErrorCode::InvalidWindow`]; [`ErrorCode::InvalidResource`] or [`ErrorCode::ResourceMismatch`] when
    /// the resource does not cover the URL; [`ErrorCode::InvalidUploadConstraint`];
    /// [`ErrorCode::InvalidKeyPairId`].
    ///
    /// ```
    /// use edgeseal_core::keys::HashAlgorithm;
    /// use edgeseal_core::{policy::Terms, sign::PreparedUrl};
    /// let prepared = PreparedUrl::new("https://d111.cloudfront.net/a.jpg", &Terms::until(1_767_290_400), None, "K2JCJMDEHXQW5F", HashAlgorithm::Sha256).unwrap();
    /// assert!(prepared.policy().message().starts_with(b"{\"Statement\":"));
    /// ```
    pub fn new(
        url: &str,
        terms: &Terms,
        upload: Option<&UploadConstraints>,
        key_pair_id: &str,
        hash: HashAlgorithm,
    ) -> Result<Self, Error> {
        check_key_pair_id(key_pair_id)?;
        terms.check()?;
        let url = with_constraints(url::canonicalise(url)?, upload, terms)?;
        let policy = if terms.is_canned() {
            refuse_star(&url)?;
            Prepared {
                message: canned_text(&url, terms.expires),
                expires: Some(terms.expires),
                key_pair_id: key_pair_id.to_owned(),
                hash,
            }
        } else {
            let resource = resource_for(&url, terms.resource.as_ref())?;
            Prepared { message: terms.custom_text(&resource), expires: None, key_pair_id: key_pair_id.to_owned(), hash }
        };
        Ok(Self { url, policy })
    }

    /// Prepares a URL with a policy text of the caller's own, which is signed as it stands.
    ///
    /// # Errors
    /// As [`PreparedUrl::new`], and [`ErrorCode::InvalidPolicy`] when the text is no CloudFront policy.
    pub fn with_policy(url: &str, policy_text: &str, key_pair_id: &str, hash: HashAlgorithm) -> Result<Self, Error> {
        let policy = Prepared::from_policy_text(policy_text, key_pair_id, hash)?;
        let url = url::canonicalise(url)?;
        let parsed = policy::parse(policy_text.as_bytes()).map_err(|error| invalid_policy(&error))?;
        if let Some(resource) = &parsed.resource {
            check_covers(&url, resource)?;
        }
        Ok(Self { url, policy })
    }

    /// The policy to be signed.
    #[must_use]
    pub const fn policy(&self) -> &Prepared {
        &self.policy
    }

    /// The canonical URL, before the signing parameters.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The signed URL.
    ///
    /// # Errors
    /// [`ErrorCode::UrlTooLong`].
    pub fn finish(&self, signature: &[u8]) -> Result<String, Error> {
        let signed = self.policy.append_to(&self.url, &to_cloudfront_base64(signature));
        url::check_length(&signed)?;
        Ok(signed)
    }
}

impl Prepared {
    /// Prepares cookies for a resource. One exact URL and an expiry make a canned policy; wildcards or
    /// further terms make a custom one. `terms.resource` has no part in it.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidResource`]; and as for URLs, since a canned resource must be a URL.
    pub fn for_cookies(resource: &str, terms: &Terms, key_pair_id: &str, hash: HashAlgorithm) -> Result<Self, Error> {
        check_key_pair_id(key_pair_id)?;
        terms.check()?;
        let pattern = ResourcePattern::for_signing(resource)?;
        if pattern.has_wildcard_protocol() {
            return Err(Error::new(
                ErrorCode::InvalidResource,
                "the resource of a signed cookie must start with https:// or http://",
            )
            .with_field("resource")
            .with_hint("AWS documents the wildcard protocol for signed URLs only"));
        }
        let exact = terms.not_before.is_none() && terms.ip.is_none() && !pattern.has_wildcard();
        let (message, expires) = if exact {
            (canned_text(&url::canonicalise(resource)?, terms.expires), Some(terms.expires))
        } else {
            (terms.custom_text(pattern.text()), None)
        };
        Ok(Self { message, expires, key_pair_id: key_pair_id.to_owned(), hash })
    }

    /// Prepares a policy text of the caller's own, which is signed as it stands.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPolicy`] or [`ErrorCode::InvalidKeyPairId`].
    pub fn from_policy_text(text: &str, key_pair_id: &str, hash: HashAlgorithm) -> Result<Self, Error> {
        check_key_pair_id(key_pair_id)?;
        policy::parse(text.as_bytes()).map_err(|error| invalid_policy(&error))?;
        Ok(Self { message: text.to_owned(), expires: None, key_pair_id: key_pair_id.to_owned(), hash })
    }

    /// The bytes to sign: the policy text.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    /// The hash to sign with.
    #[must_use]
    pub const fn hash(&self) -> HashAlgorithm {
        self.hash
    }

    /// The cookies that carry the signed policy.
    #[must_use]
    pub fn finish_cookies(&self, signature: &[u8]) -> CookieSet {
        CookieSet::new(
            self.expires,
            to_cloudfront_base64(self.message.as_bytes()),
            to_cloudfront_base64(signature),
            &self.key_pair_id,
            self.hash,
        )
    }

    /// Writes the signing parameters behind a canonical URL, in the order of AWS's documentation.
    fn append_to(&self, url: &str, signature: &str) -> String {
        let mut out = String::with_capacity(url.len() + self.message.len() * 4 / 3 + signature.len() + 96);
        out.push_str(url);
        out.push(if url.contains('?') { '&' } else { '?' });
        match self.expires {
            Some(expires) => out.push_str(&format!("Expires={expires}")),
            None => {
                out.push_str("Policy=");
                out.push_str(&to_cloudfront_base64(self.message.as_bytes()));
            }
        }
        out.push_str("&Signature=");
        out.push_str(signature);
        out.push_str("&Key-Pair-Id=");
        out.push_str(&self.key_pair_id);
        if self.hash == HashAlgorithm::Sha256 {
            out.push_str("&Hash-Algorithm=SHA256");
        }
        out
    }
}

/// Signs with one key.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use edgeseal_core::crypto::rustcrypto::RustCryptoSigningKey;
/// use edgeseal_core::keys::{HashAlgorithm, PrivateKey};
/// use edgeseal_core::{policy::Terms, sign::Signer};
///
/// # fn load() -> Vec<u8> { include_bytes!("../../tests/keys/ec-sec1.pem").to_vec() }
/// let key = PrivateKey::parse(&load(), None).unwrap();
/// let fresh_random_bytes = [7; 32];
/// let signer = Signer::new("K2JCJMDEHXQW5F", RustCryptoSigningKey::new(&key, fresh_random_bytes).unwrap(), HashAlgorithm::Sha256).unwrap();
/// let url = signer.sign_url("https://d111111abcdef8.cloudfront.net/a.jpg", &Terms::until(1_767_290_400), None).unwrap();
/// assert!(url.contains("&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256"));
/// # }
/// ```
#[derive(Debug)]
pub struct Signer<K> {
    key_pair_id: String,
    key: K,
    hash: HashAlgorithm,
}

impl<K: SigningKey> Signer<K> {
    /// A signer for the public key that CloudFront knows by `key_pair_id`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidKeyPairId`].
    pub fn new(key_pair_id: &str, key: K, hash: HashAlgorithm) -> Result<Self, Error> {
        check_key_pair_id(key_pair_id)?;
        Ok(Self { key_pair_id: key_pair_id.to_owned(), key, hash })
    }

    /// Signs one URL.
    ///
    /// # Errors
    /// As [`PreparedUrl::new`], and [`ErrorCode::SigningFailed`].
    pub fn sign_url(&self, url: &str, terms: &Terms, upload: Option<&UploadConstraints>) -> Result<String, Error> {
        let prepared = PreparedUrl::new(url, terms, upload, &self.key_pair_id, self.hash)?;
        prepared.finish(&self.sign(prepared.policy())?)
    }

    /// Signs many URLs. When the terms name a resource, one signature serves them all.
    ///
    /// # Errors
    /// As [`Signer::sign_url`]; the first URL that cannot be signed stops the call.
    pub fn sign_urls<'u>(&self, urls: impl IntoIterator<Item = &'u str>, terms: &Terms) -> Result<Vec<String>, Error> {
        let mut shared: Option<Vec<u8>> = None;
        urls.into_iter()
            .map(|url| {
                let prepared = PreparedUrl::new(url, terms, None, &self.key_pair_id, self.hash)?;
                let signature = match (&shared, &terms.resource) {
                    (Some(signature), Some(_)) => signature.clone(),
                    _ => self.sign(prepared.policy())?,
                };
                let signed = prepared.finish(&signature);
                shared = Some(signature);
                signed
            })
            .collect()
    }

    /// Signs cookies for a resource.
    ///
    /// # Errors
    /// As [`Prepared::for_cookies`], and [`ErrorCode::SigningFailed`].
    pub fn sign_cookies(&self, resource: &str, terms: &Terms) -> Result<CookieSet, Error> {
        let prepared = Prepared::for_cookies(resource, terms, &self.key_pair_id, self.hash)?;
        Ok(prepared.finish_cookies(&self.sign(&prepared)?))
    }

    /// The private-key operation on a prepared policy.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`].
    pub fn sign(&self, prepared: &Prepared) -> Result<Vec<u8>, Error> {
        self.key.sign(prepared.hash, prepared.message())
    }
}

/// Appends upload constraints to a canonical URL.
fn with_constraints(mut url: String, upload: Option<&UploadConstraints>, terms: &Terms) -> Result<String, Error> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').map(|component| component.split_once('=').map_or(component, |(name, _)| name));
    if names.into_iter().any(is_constraint_name) {
        return Err(Error::new(
            ErrorCode::ReservedParameter,
            "the URL already has a query parameter that starts with es-, which Edgeseal keeps for upload constraints",
        )
        .with_field("url")
        .with_hint("pass the constraints as the upload option"));
    }
    let Some(upload) = upload.filter(|upload| !upload.is_empty()) else { return Ok(url) };
    if terms.resource.is_some() {
        return Err(Error::new(
            ErrorCode::InvalidUploadConstraint,
            "upload constraints and a resource of its own do not mix: a wildcard would let anyone drop the constraints",
        )
        .with_field("upload")
        .with_hint("leave the resource out; each upload URL is signed for itself"));
    }
    let constraints = upload.to_query()?;
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(&constraints);
    url::check_length(&url)?;
    Ok(url)
}

/// The resource of a custom policy: the caller's, or the URL itself where that holds no wildcard.
fn resource_for(url: &str, resource: Option<&ResourcePattern>) -> Result<String, Error> {
    match resource {
        Some(pattern) => {
            let pattern = ResourcePattern::for_signing(pattern.text())?;
            check_covers(url, &pattern).map(|()| pattern.text().to_owned())
        }
        None => refuse_star(url).map(|()| url.to_owned()),
    }
}

/// Refuses a URL that a policy would read as a pattern.
///
/// A canned policy is no exception: its holder can send the very bytes that were signed as a custom policy,
/// where the star is a wildcard.
fn refuse_star(url: &str) -> Result<(), Error> {
    if url.contains('*') {
        return Err(Error::new(ErrorCode::InvalidResource, "the URL has a *, which a policy reads as a wildcard")
            .with_field("url")
            .with_hint("write it as %2A to mean the character, or name the resource to open"));
    }
    Ok(())
}

fn check_covers(url: &str, pattern: &ResourcePattern) -> Result<(), Error> {
    let parts = UrlParts::split(url)?;
    let target = Target { scheme: Some(parts.scheme), host: parts.host, path: parts.path, query: parts.query };
    match pattern.mismatch(&target, false) {
        None => Ok(()),
        Some(section) => Err(Error::new(
            ErrorCode::ResourceMismatch,
            format!("the resource does not cover the URL: the {} differs", section.name()),
        )
        .with_field("resource")),
    }
}

fn invalid_policy(error: &policy::PolicyError) -> Error {
    let place = if error.line > 0 { format!(" (line {}, column {})", error.line, error.column) } else { String::new() };
    Error::new(ErrorCode::InvalidPolicy, format!("the policy is not a CloudFront policy: {}{place}", error.message))
        .with_field("policy")
}
