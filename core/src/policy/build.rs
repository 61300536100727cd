//! Writing policies: the exact bytes that are signed.

use super::{Ipv4Range, ResourcePattern};
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::time::{self, EpochSeconds};

/// What a new signed URL or cookie permits. With an expiry alone the policy is canned, otherwise it is custom.
///
/// ```
/// use edgeseal_core::policy::Terms;
/// let terms = Terms::until(1_767_290_400);
/// assert!(terms.is_canned());
/// assert!(!Terms { not_before: Some(1_767_200_000), ..terms }.is_canned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Valid before this time.
    pub expires: EpochSeconds,
    /// Valid after this time.
    pub not_before: Option<EpochSeconds>,
    /// Valid for these viewers.
    pub ip: Option<Ipv4Range>,
    /// What it opens, when that is not the signed URL itself; may hold wildcards.
    pub resource: Option<ResourcePattern>,
}

impl Terms {
    /// Terms with an expiry and nothing else.
    #[must_use]
    pub const fn until(expires: EpochSeconds) -> Self {
        Self { expires, not_before: None, ip: None, resource: None }
    }

    /// True when a canned policy says it all.
    #[must_use]
    pub const fn is_canned(&self) -> bool {
        self.not_before.is_none() && self.ip.is_none() && self.resource.is_none()
    }

    /// Checks the times.
    pub(crate) fn check(&self) -> Result<(), Error> {
        time::check(self.expires, "expires")?;
        if let Some(start) = self.not_before {
            time::check(start, "notBefore")?;
            if start >= self.expires {
                return Err(Error::new(
                    ErrorCode::InvalidWindow,
                    "notBefore is not earlier than expires, so the policy would never be valid",
                )
                .with_field("notBefore"));
            }
        }
        Ok(())
    }

    /// The custom policy for these terms, opening `resource`.
    pub(crate) fn custom_text(&self, resource: &str) -> String {
        let mut text = statement(resource, self.expires);
        if let Some(start) = self.not_before {
            text.push_str(&format!(",\"DateGreaterThan\":{{\"AWS:EpochTime\":{start}}}"));
        }
        if let Some(ip) = self.ip {
            text.push_str(&format!(",\"IpAddress\":{{\"AWS:SourceIp\":\"{ip}\"}}"));
        }
        text.push_str("}}]}");
        text
    }
}

/// The exact text of a canned policy, which CloudFront rebuilds from the request and compares.
///
/// Source: *Creating a policy statement for a signed URL that uses a canned policy*, CloudFront Developer Guide.
///
/// ```
/// assert_eq!(
///     edgeseal_core::policy::canned_text("https://d111.cloudfront.net/a", 1_767_290_400),
///     r#"{"Statement":[{"Resource":"https://d111.cloudfront.net/a","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}"#,
/// );
/// ```
#[must_use]
pub fn canned_text(url: &str, expires: EpochSeconds) -> String {
    let mut text = statement(url, expires);
    text.push_str("}}]}");
    text
}

/// Both kinds begin alike. A percent-encoded resource needs no JSON escapes; any other must not end the string early.
fn statement(resource: &str, expires: EpochSeconds) -> String {
    let mut text = String::with_capacity(resource.len() + 96);
    text.push_str("{\"Statement\":[{\"Resource\":");
    json::push_string(&mut text, resource);
    text.push_str(",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":");
    text.push_str(&expires.to_string());
    text.push('}');
    text
}
