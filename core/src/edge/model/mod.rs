//! The rule file as it is written: every field, with its default.

mod units;

pub use units::{ByteSize, Lifetime};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The only version of the format so far.
pub const VERSION: u32 = 1;

/// A rule file.
///
/// ```
/// use edgeseal_core::edge::{Mode, RuleFile};
/// let file = RuleFile::from_json(r#"{"version":1,"mode":"standalone","rules":[{"name":"files","path":"/files/*"}]}"#).unwrap();
/// assert_eq!(file.mode, Mode::Standalone);
/// assert!(RuleFile::from_json(r#"{"version":1,"mode":"standalone","rulez":[]}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleFile {
    /// The JSON Schema, for editors; not read.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version of the format: 1.
    pub version: u32,
    /// Who verifies the signature.
    pub mode: Mode,
    /// The scheme that viewers use, which a Lambda@Edge event does not tell.
    #[serde(default)]
    pub scheme: ViewerScheme,
    /// What happens behind a key group when a rule needs to see a credential that is not visible.
    #[serde(default)]
    pub when_unseen: WhenUnseen,
    /// The rules; the first that fits host, path and method decides. What no rule fits is refused.
    pub rules: Vec<Rule>,
}

/// Who verifies the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// CloudFront has: the cache behaviour has a trusted key group. The rules only tighten.
    BehindKeyGroup,
    /// The edge function does: the cache behaviour has no trusted key group.
    Standalone,
}

/// The scheme under which viewers reach the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewerScheme {
    /// HTTPS only: the behaviour redirects or refuses HTTP.
    #[default]
    Https,
    /// HTTP only.
    Http,
    /// Both: a canned policy is tried with each.
    Any,
}

/// What to do when a rule needs a credential that CloudFront keeps to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenUnseen {
    /// Refuse.
    #[default]
    Deny,
    /// Leave the check out and rely on CloudFront's own.
    Allow,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// The name in the log: letters, digits, `.`, `_` and `-`; unique.
    pub name: String,
    /// The path: `*` is any run of characters, `?` is exactly one byte; compared with the decoded path.
    pub path: String,
    /// The host: a name, or `*.` and a name. Any host when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The methods allowed.
    #[serde(default = "read_methods")]
    pub methods: Vec<Method>,
    /// The credential that a request must have.
    #[serde(default)]
    pub require: Require,
    /// The key-pair ids accepted. All trusted keys when empty.
    #[serde(default)]
    pub key_pair_ids: Vec<String>,
    /// The longest time that a credential may still be valid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_lifetime: Option<Lifetime>,
    /// The policy must name the viewer's address or a range.
    #[serde(default)]
    pub require_ip: bool,
    /// What an upload must look like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// The query parameters allowed beside the signing parameters and upload constraints.
    #[serde(default)]
    pub query: Query,
    /// The prefix to take off the path before it goes to the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip_prefix: Option<String>,
    /// Browsers on other origins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// Headers of the responses that the edge makes itself: refusals and preflight answers.
    #[serde(default)]
    pub response_headers: BTreeMap<String, String>,
}

fn read_methods() -> Vec<Method> {
    vec![Method::Get, Method::Head]
}

/// A method that CloudFront can pass on.
///
/// Source: *Cache behavior settings* ("Allowed HTTP methods"), CloudFront Developer Guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Every method, in the order of an `Allow` header.
    pub const ALL: [Self; 7] = [Self::Get, Self::Head, Self::Options, Self::Put, Self::Post, Self::Patch, Self::Delete];

    /// The method as it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads a method; the letter case counts.
    ///
    /// ```
    /// use edgeseal_core::edge::Method;
    /// assert_eq!(Method::parse("PUT"), Some(Method::Put));
    /// assert_eq!(Method::parse("put"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// True when the request carries a body to be stored: `PUT`, `POST` or `PATCH`.
    #[must_use]
    pub const fn is_upload(self) -> bool {
        matches!(self, Self::Put | Self::Post | Self::Patch)
    }
}

/// The credential that a request must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Require {
    /// A signed URL.
    SignedUrl,
    /// Signed cookies.
    SignedCookie,
    /// One of both.
    #[default]
    Either,
    /// None: open to everybody.
    None,
}

/// What an upload must look like. The tighter of the rule and the signed URL holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upload {
    /// The largest body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<ByteSize>,
    /// The media types allowed, such as `image/png` or `image/*`. All when empty.
    #[serde(default)]
    pub content_types: Vec<String>,
    /// The file name extensions allowed, such as `png` or `tar.gz`. All when empty.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// Refuse a body whose length is not announced.
    #[serde(default = "yes")]
    pub require_content_length: bool,
    /// Refuse a body without a checksum header that S3 verifies.
    #[serde(default)]
    pub require_checksum: bool,
    /// The constraints that the signed URL itself must carry.
    #[serde(default)]
    pub require_constraints: Vec<Constraint>,
}

impl Default for Upload {
    fn default() -> Self {
        Self {
            max_bytes: None,
            content_types: Vec::new(),
            extensions: Vec::new(),
            require_content_length: true,
            require_checksum: false,
            require_constraints: Vec::new(),
        }
    }
}

const fn yes() -> bool {
    true
}

/// A constraint of [`crate::upload`], by its name in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Constraint {
    /// `es-method`
    Method,
    /// `es-max-bytes`
    MaxBytes,
    /// `es-content-type`
    ContentType,
    /// `es-sha256`
    Sha256,
}

/// Query parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Query {
    /// The names allowed, each at most once in a request; `*` allows everything.
    #[serde(default)]
    pub allow: Vec<String>,
}

/// Cross-origin access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cors {
    /// The origins: `https://app.example.com`, `https://*.example.com`, or `*`.
    pub origins: Vec<String>,
    /// The request headers that pages may set.
    #[serde(default = "content_type")]
    pub headers: Vec<String>,
    /// The response headers that pages may read on responses that the edge makes.
    #[serde(default)]
    pub expose_headers: Vec<String>,
    /// How long browsers may remember a preflight answer.
    #[serde(default = "ten_minutes")]
    pub max_age: Lifetime,
    /// Let pages send cookies.
    #[serde(default)]
    pub credentials: bool,
}

const fn ten_minutes() -> Lifetime {
    Lifetime(600)
}

fn content_type() -> Vec<String> {
    vec!["content-type".to_owned()]
}
