//! From a rule file to what requests are decided by.

use super::check_rule::check_file;
use super::model::{Constraint, Cors, Method, Mode, Require, Rule, RuleFile, Upload, ViewerScheme, WhenUnseen};
use super::problem::RuleError;
use crate::policy::wildcard_matches;
use crate::url::Scheme;
use crate::verify::VerifyOptions;

/// A rule file, checked and made ready. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledPolicy {
    pub(super) mode: Mode,
    pub(super) scheme: Option<Scheme>,
    pub(super) when_unseen: WhenUnseen,
    pub(super) options: VerifyOptions,
    pub(super) rules: Vec<CompiledRule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CompiledRule {
    pub(super) name: String,
    path: String,
    host: Host,
    pub(super) methods: MethodSet,
    pub(super) require: Require,
    pub(super) key_pair_ids: Vec<String>,
    /// In seconds.
    pub(super) max_lifetime: Option<u64>,
    pub(super) require_ip: bool,
    pub(super) upload: UploadCaps,
    pub(super) query: QueryRule,
    pub(super) strip_prefix: Option<String>,
    pub(super) cors: Option<CorsRule>,
    pub(super) response_headers: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Any,
    /// In lower case.
    Exact(String),
    /// In lower case, with the dot in front.
    Below(String),
}

/// A set of methods, as bits in the order of [`Method::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MethodSet(u8);

/// Caps in lower case, ready to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UploadCaps {
    pub(super) max_bytes: Option<u64>,
    pub(super) content_types: Vec<String>,
    pub(super) extensions: Vec<String>,
    pub(super) require_content_length: bool,
    pub(super) require_checksum: bool,
    pub(super) require_constraints: Vec<Constraint>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum QueryRule {
    Any,
    Only(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CorsRule {
    origins: Vec<Origin>,
    /// In lower case.
    pub(super) headers: Vec<String>,
    pub(super) header_list: String,
    pub(super) expose_list: String,
    pub(super) max_age: String,
    pub(super) credentials: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Any,
    Exact(String),
    /// What stands before and after the star.
    Below(String, String),
}

impl CompiledPolicy {
    /// Checks a rule file and makes it ready.
    ///
    /// # Errors
    /// [`RuleError`] with every finding of severity [`Error`](super::Severity::Error) that needs no key to see.
    pub fn new(file: &RuleFile) -> Result<Self, RuleError> {
        RuleError::unless_empty(check_file(file))?;
        Ok(Self {
            mode: file.mode,
            scheme: match file.scheme {
                ViewerScheme::Https => Some(Scheme::Https),
                ViewerScheme::Http => Some(Scheme::Http),
                ViewerScheme::Any => None,
            },
            when_unseen: file.when_unseen,
            options: VerifyOptions { require_resource: file.mode == Mode::Standalone, ..VerifyOptions::default() },
            rules: file.rules.iter().map(CompiledRule::new).collect(),
        })
    }

    /// Who verifies signatures.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The names of the rules, in order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.name.as_str())
    }
}

impl CompiledRule {
    fn new(rule: &Rule) -> Self {
        Self {
            name: rule.name.clone(),
            path: rule.path.clone(),
            host: Host::new(rule.host.as_deref()),
            methods: rule.methods.iter().copied().collect(),
            require: rule.require,
            key_pair_ids: rule.key_pair_ids.clone(),
            max_lifetime: rule.max_lifetime.map(|lifetime| lifetime.0),
            require_ip: rule.require_ip,
            upload: UploadCaps::new(&rule.upload.clone().unwrap_or_default()),
            query: if rule.query.allow.iter().any(|name| name == "*") {
                QueryRule::Any
            } else {
                QueryRule::Only(rule.query.allow.clone())
            },
            strip_prefix: rule.strip_prefix.clone(),
            cors: rule.cors.as_ref().map(CorsRule::new),
            response_headers: rule
                .response_headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
                .collect(),
        }
    }

    /// True when host and decoded path are this rule's.
    pub(super) fn fits(&self, host: &str, path: &str) -> bool {
        self.host.fits(host) && wildcard_matches(&self.path, path)
    }
}

impl Host {
    fn new(text: Option<&str>) -> Self {
        match text {
            None => Self::Any,
            Some(text) => match text.strip_prefix('*') {
                Some(suffix) => Self::Below(suffix.to_ascii_lowercase()),
                None => Self::Exact(text.to_ascii_lowercase()),
            },
        }
    }

    fn fits(&self, host: &str) -> bool {
        let name = host.split(':').next().unwrap_or(host);
        match self {
            Self::Any => true,
            Self::Exact(wanted) => name.eq_ignore_ascii_case(wanted),
            Self::Below(suffix) => {
                let start = name.len().checked_sub(suffix.len()).filter(|start| *start > 0);
                start
                    .and_then(|start| name.as_bytes().get(start..))
                    .is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()))
            }
        }
    }
}

impl MethodSet {
    pub(super) fn contains(self, method: Method) -> bool {
        self.0 & bit(method) != 0
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The value of an `Allow` header.
    pub(super) fn list(self) -> String {
        let names: Vec<&str> =
            Method::ALL.into_iter().filter(|method| self.contains(*method)).map(Method::as_str).collect();
        names.join(", ")
    }
}

impl FromIterator<Method> for MethodSet {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        Self(methods.into_iter().fold(0, |set, method| set | bit(method)))
    }
}

const fn bit(method: Method) -> u8 {
    1 << method as u8
}

impl UploadCaps {
    fn new(upload: &Upload) -> Self {
        let lower = |texts: &[String]| texts.iter().map(|text| text.to_ascii_lowercase()).collect();
        Self {
            max_bytes: upload.max_bytes.map(|size| size.0),
            content_types: lower(&upload.content_types),
            extensions: upload
                .extensions
                .iter()
                .map(|text| text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase())
                .collect(),
            require_content_length: upload.require_content_length,
            require_checksum: upload.require_checksum,
            require_constraints: upload.require_constraints.clone(),
        }
    }
}

impl CorsRule {
    fn new(cors: &Cors) -> Self {
        let headers: Vec<String> = cors.headers.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self {
            origins: cors.origins.iter().map(|text| Origin::new(text)).collect(),
            header_list: headers.join(", "),
            headers,
            expose_list: cors.expose_headers.join(", "),
            max_age: cors.max_age.0.to_string(),
            credentials: cors.credentials,
        }
    }

    /// The value of `Access-Control-Allow-Origin` for a request from this origin.
    pub(super) fn allowed_origin<'a>(&self, origin: &'a str) -> Option<&'a str> {
        self.origins.iter().find_map(|allowed| match allowed {
            Origin::Any => Some("*"),
            Origin::Exact(text) => (text == origin).then_some(origin),
            Origin::Below(before, after) => origin
                .strip_prefix(before.as_str())
                .and_then(|rest| rest.strip_suffix(after.as_str()))
                .filter(|name| !name.is_empty() && name.bytes().all(is_host_byte))
                .map(|_| origin),
        })
    }
}

impl Origin {
    fn new(text: &str) -> Self {
        match text.split_once('*') {
            Some(("", "")) => Self::Any,
            Some((before, after)) => Self::Below(before.to_ascii_lowercase(), after.to_ascii_lowercase()),
            None => Self::Exact(text.to_ascii_lowercase()),
        }
    }
}

const fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}
