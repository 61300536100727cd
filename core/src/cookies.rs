//! Signed cookies: the set for each kind of policy, and ready `Set-Cookie` lines.

use crate::error::{Error, ErrorCode};
use crate::keys::HashAlgorithm;
use crate::time::EpochSeconds;

/// The cookie names, in the order of [`crate::url::RESERVED_PARAMETERS`]. They are case-sensitive.
///
/// Source: *Use signed cookies*, CloudFront Developer Guide.
pub const COOKIE_NAMES: [&str; 5] = [
    "CloudFront-Expires",
    "CloudFront-Policy",
    "CloudFront-Signature",
    "CloudFront-Key-Pair-Id",
    "CloudFront-Hash-Algorithm",
];

/// The cookies that carry one signed policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieSet {
    pairs: Vec<(&'static str, String)>,
}

/// When a browser sends a cookie along with a request that another site caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameSite {
    /// Never.
    Strict,
    /// On top-level navigation only.
    #[default]
    Lax,
    /// Always; needs `Secure`.
    None,
}

/// The attributes of `Set-Cookie`. The default is a host-only session cookie with `Secure`, `HttpOnly`, `SameSite=Lax` and `Path=/`.
///
/// ```
/// use edgeseal_core::cookies::CookieAttributes;
/// assert!(CookieAttributes::default().check().is_ok());
/// assert!(CookieAttributes { path: "/images/*".into(), ..Default::default() }.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieAttributes {
    /// Send over HTTPS only.
    pub secure: bool,
    /// Hide from scripts.
    pub http_only: bool,
    /// Cross-site behaviour; nothing is written for `None`.
    pub same_site: Option<SameSite>,
    /// The path prefix. A cookie path has no wildcards.
    pub path: String,
    /// The domain whose hosts get the cookie; only the answering host when `None`.
    pub domain: Option<String>,
    /// Lifetime in seconds; until the browser closes when `None`, as AWS recommends.
    pub max_age: Option<u64>,
}

impl Default for CookieAttributes {
    fn default() -> Self {
        Self {
            secure: true,
            http_only: true,
            same_site: Some(SameSite::default()),
            path: "/".to_owned(),
            domain: None,
            max_age: None,
        }
    }
}

impl CookieAttributes {
    /// Checks what a browser would silently drop.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCookieAttribute`].
    pub fn check(&self) -> Result<(), Error> {
        let error = |message: &str| Error::new(ErrorCode::InvalidCookieAttribute, message);
        let plain = |text: &str| text.bytes().all(|byte| matches!(byte, 0x21..=0x7e) && byte != b';' && byte != b',');
        if !self.path.starts_with('/') || !plain(&self.path) {
            return Err(
                error("the cookie path must start with / and have no space, comma or semicolon").with_field("path")
            );
        }
        if self.path.contains('*') {
            return Err(error("a cookie path has no wildcards")
                .with_field("path")
                .with_hint("write /images/ to cover everything below it"));
        }
        if let Some(domain) = &self.domain {
            let name = domain.strip_prefix('.').unwrap_or(domain);
            let is_label = |label: &str| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            };
            if !name.contains('.') || !name.split('.').all(is_label) {
                return Err(error("the cookie domain is not a domain name").with_field("domain"));
            }
            if name.eq_ignore_ascii_case("cloudfront.net") || name.to_ascii_lowercase().ends_with(".cloudfront.net") {
                return Err(error("no cookie can be set for cloudfront.net, which is on the public suffix list")
                    .with_field("domain")
                    .with_hint(
                        "use the distribution's own domain name, with the application on the same parent domain",
                    ));
            }
        }
        if self.same_site == Some(SameSite::None) && !self.secure {
            return Err(error("SameSite=None needs Secure").with_field("sameSite"));
        }
        if self.max_age == Some(0) {
            return Err(error("maxAge is 0, which deletes the cookie").with_field("maxAge"));
        }
        Ok(())
    }

    fn push_to(&self, line: &mut String) {
        if let Some(domain) = &self.domain {
            line.push_str("; Domain=");
            line.push_str(domain);
        }
        line.push_str("; Path=");
        line.push_str(&self.path);
        if let Some(seconds) = self.max_age {
            line.push_str(&format!("; Max-Age={seconds}"));
        }
        if self.secure {
            line.push_str("; Secure");
        }
        if self.http_only {
            line.push_str("; HttpOnly");
        }
        line.push_str(match self.same_site {
            Some(SameSite::Strict) => "; SameSite=Strict",
            Some(SameSite::Lax) => "; SameSite=Lax",
            Some(SameSite::None) => "; SameSite=None",
            None => "",
        });
    }
}

impl CookieSet {
    pub(crate) fn new(
        expires: Option<EpochSeconds>,
        policy: String,
        signature: String,
        key_pair_id: &str,
        hash: HashAlgorithm,
    ) -> Self {
        let [expires_name, policy_name, signature_name, key_name, hash_name] = COOKIE_NAMES;
        let first = expires.map_or((policy_name, policy), |at| (expires_name, at.to_string()));
        let mut pairs = vec![first, (signature_name, signature), (key_name, key_pair_id.to_owned())];
        if hash == HashAlgorithm::Sha256 {
            pairs.push((hash_name, hash.as_str().to_owned()));
        }
        Self { pairs }
    }

    /// Names and values.
    #[must_use]
    pub fn pairs(&self) -> &[(&'static str, String)] {
        &self.pairs
    }

    /// The set as one `Cookie` request header, as a client would send it.
    #[must_use]
    pub fn to_cookie_header(&self) -> String {
        self.pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// The set as `Set-Cookie` header values.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidCookieAttribute`].
    pub fn to_set_cookie(&self, attributes: &CookieAttributes) -> Result<Vec<String>, Error> {
        attributes.check()?;
        Ok(self
            .pairs
            .iter()
            .map(|(name, value)| {
                let mut line = format!("{name}={value}");
                attributes.push_to(&mut line);
                line
            })
            .collect())
    }
}

/// Takes the CloudFront cookies out of the `Cookie` headers of a request, in the order of [`COOKIE_NAMES`].
///
/// The second value is true when one of them stands there more than once with different values.
#[must_use]
pub fn read_cookie_headers<'a>(headers: &[&'a str]) -> ([Option<&'a str>; 5], bool) {
    let mut found = [None; 5];
    let mut conflict = false;
    for pair in headers.iter().flat_map(|header| header.split(';')) {
        let Some((name, value)) = pair.trim().split_once('=') else { continue };
        let Some(index) = COOKIE_NAMES.iter().position(|known| *known == name.trim_end()) else { continue };
        let value = value.trim().trim_matches('"');
        if let Some(slot) = found.get_mut(index) {
            conflict |= slot.is_some_and(|earlier| earlier != value);
            *slot = Some(value);
        }
    }
    (found, conflict)
}

/// A `Cookie` header without CloudFront's cookies, the others byte for byte; `None` when there is none to take out.
///
/// ```
/// use edgeseal_core::cookies::strip_cookie_header;
/// assert_eq!(strip_cookie_header("a=1; CloudFront-Policy=x; b=2").as_deref(), Some("a=1; b=2"));
/// assert_eq!(strip_cookie_header("a=1"), None);
/// ```
#[must_use]
pub fn strip_cookie_header(header: &str) -> Option<String> {
    let mut kept = String::with_capacity(header.len());
    let mut others = 0;
    let mut ours = 0;
    for pair in header.split(';') {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name).trim();
        if name.starts_with("CloudFront-") && COOKIE_NAMES.contains(&name) {
            ours += 1;
            continue;
        }
        if others > 0 {
            kept.push(';');
        }
        kept.push_str(pair);
        others += 1;
    }
    (ours > 0).then(|| kept.trim_start().to_owned())
}
