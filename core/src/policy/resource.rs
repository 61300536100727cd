//! Matching a policy's `Resource` against a request, section by section.
//!
//! The sections are protocol, domain, path and query; a wildcard never reaches from one into the next.
//! Three documented exceptions: a path that ends in `*` covers every query, a domain that ends in `*`
//! with no path covers every path and query, and a leading `*` without a protocol covers both protocols.
//! Source: *Creating a policy statement for a signed URL that uses a custom policy* ("Using wildcard
//! characters"), CloudFront Developer Guide.
//!
//! AWS does not say how a `?` in a path is told from the start of the query. Here the first `?` after
//! the host starts the query, with or without the `\` that AWS asked for until 2023; later ones are wildcards.
//!
//! A path with a `..` segment never fits a wildcard in the path, unless the wildcard opens the whole host.

use super::glob;
use crate::error::{Error, ErrorCode};
use crate::url::{Part, Scheme, climbs, push_encoded};

/// A section of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// `http` or `https`
    Protocol,
    /// The host name.
    Domain,
    /// From the first `/` to the query.
    Path,
    /// After the first `?`.
    Query,
}

impl Section {
    /// The section's name in AWS's documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Domain => "domain",
            Self::Path => "path",
            Self::Query => "query string",
        }
    }
}

/// What a request asks for, with the signing parameters already taken out of its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// The scheme, where it is known. An unknown scheme fits every protocol section.
    pub scheme: Option<Scheme>,
    /// The host, in any letter case, without a default port.
    pub host: &'a str,
    /// The raw path, percent-encoded as it came.
    pub path: &'a str,
    /// The raw query without its `?`; empty when there is none.
    pub query: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Everything,
    Sections {
        protocol: Protocol,
        domain: String,
        path: String,
        query: QueryPattern,
    },
    /// No request fits.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Only(Scheme),
    Any,
    LegacyAny,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum QueryPattern {
    None,
    Any,
    Pattern(String),
}

/// A `Resource`, taken apart once and matched many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePattern {
    text: String,
    shape: Shape,
    escaped_question_mark: bool,
}

impl ResourcePattern {
    /// Takes a resource apart. A resource that CloudFront could never match fits no request.
    ///
    /// ```
    /// use edgeseal_core::policy::{ResourcePattern, Target};
    /// use edgeseal_core::url::Scheme;
    /// let pattern = ResourcePattern::new("https://d111.cloudfront.net/private/*");
    /// let target = Target { scheme: Some(Scheme::Https), host: "d111.cloudfront.net", path: "/private/a.jpg", query: "license=yes" };
    /// assert!(pattern.mismatch(&target, false).is_none());
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (shape, escaped_question_mark) = take_apart(text);
        Self { text: text.to_owned(), shape, escaped_question_mark }
    }

    /// Writes a resource for a new policy: percent-encoded like a URL, with its wildcards kept.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidResource`] when no request could ever fit, or when it uses a form AWS no longer documents.
    ///
    /// ```
    /// use edgeseal_core::policy::ResourcePattern;
    /// assert_eq!(ResourcePattern::for_signing("https://h.example/my files/*").unwrap().text(), "https://h.example/my%20files/*");
    /// assert!(ResourcePattern::for_signing("/private/*").is_err());
    /// ```
    pub fn for_signing(text: &str) -> Result<Self, Error> {
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(invalid("it has a control character or white space around it"));
        }
        if text.contains('#') {
            return Err(invalid("it has a #fragment, which clients never send"));
        }
        let mut encoded = String::with_capacity(text.len());
        let (before, query) = text.split_once('?').map_or((text, None), |(before, query)| (before, Some(query)));
        let (before, backslash) = before.strip_suffix('\\').map_or((before, false), |before| (before, query.is_some()));
        if backslash || before.contains('\\') {
            return Err(invalid("it has a backslash").with_hint("write the ? before the query without a backslash"));
        }
        push_encoded(&mut encoded, before, Part::Path);
        if let Some(query) = query {
            encoded.push('?');
            push_encoded(&mut encoded, query, Part::ResourceQuery);
        }
        let pattern = Self::new(&encoded);
        match pattern.shape {
            Shape::Nothing => Err(invalid("it does not start with https://, http://, *:// or *").with_hint(
                "write the whole URL with its host, for example https://d111111abcdef8.cloudfront.net/private/*",
            )),
            Shape::Sections { protocol: Protocol::LegacyAny, .. } => {
                Err(invalid("http* is an older spelling that AWS no longer documents").with_hint("write *:// instead"))
            }
            _ => Ok(pattern),
        }
    }

    /// The resource as it stands in the policy.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when the resource has a `*`, or a `?` beyond the one that starts its query.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.text.contains('*') || self.text.matches('?').count() > 1
    }

    /// True when the query is introduced by `\?`.
    #[must_use]
    pub const fn has_escaped_question_mark(&self) -> bool {
        self.escaped_question_mark
    }

    /// True when the scheme is spelled `http*`.
    #[must_use]
    pub const fn has_legacy_scheme(&self) -> bool {
        matches!(self.shape, Shape::Sections { protocol: Protocol::LegacyAny, .. })
    }

    /// True when the resource starts with a wildcard protocol. AWS's page on cookies asks for `http://` or `https://`.
    #[must_use]
    pub fn has_wildcard_protocol(&self) -> bool {
        self.text.starts_with('*')
    }

    /// True when the resource leaves the query no choice: whoever changes the query changes the resource.
    ///
    /// ```
    /// use edgeseal_core::policy::ResourcePattern;
    /// assert!(ResourcePattern::new("https://h.example/upload/a?es-method=PUT").pins_query());
    /// assert!(!ResourcePattern::new("https://h.example/upload/*").pins_query());
    /// ```
    #[must_use]
    pub fn pins_query(&self) -> bool {
        match &self.shape {
            Shape::Everything => false,
            Shape::Nothing => true,
            Shape::Sections { query, .. } => match query {
                QueryPattern::None => true,
                QueryPattern::Any => false,
                QueryPattern::Pattern(pattern) => !pattern.contains(['*', '?']),
            },
        }
    }

    /// The first section in which the request does not fit, or `None` when it fits.
    ///
    /// `legacy_scheme` also lets the old spelling `http*://` match both schemes.
    #[must_use]
    pub fn mismatch(&self, target: &Target<'_>, legacy_scheme: bool) -> Option<Section> {
        match &self.shape {
            Shape::Everything => None,
            Shape::Nothing => Some(Section::Protocol),
            Shape::Sections { protocol, domain, path, query } => {
                if !fits_protocol(*protocol, target.scheme, legacy_scheme) {
                    return Some(Section::Protocol);
                }
                if !glob::matches(domain, &host_without_default_port(target).to_ascii_lowercase()) {
                    return Some(Section::Domain);
                }
                if !glob::matches(path, target.path) || leaves_pattern(path, target.path) {
                    return Some(Section::Path);
                }
                let fits_query = match query {
                    QueryPattern::Any => true,
                    QueryPattern::None => target.query.is_empty(),
                    QueryPattern::Pattern(pattern) => glob::matches(pattern, target.query),
                };
                (!fits_query).then_some(Section::Query)
            }
        }
    }
}

fn take_apart(text: &str) -> (Shape, bool) {
    if text == "*" {
        return (Shape::Everything, false);
    }
    let Some((protocol, rest)) = split_protocol(text) else { return (Shape::Nothing, false) };
    let domain_end = rest.find('/').or_else(|| rest.find('?')).unwrap_or(rest.len());
    let (domain, tail) = rest.split_at(domain_end);
    let (domain, escaped_in_domain) = strip_escape(domain, tail.starts_with('?'));
    let (path, query) = tail.split_once('?').map_or((tail, None), |(path, query)| (path, Some(query)));
    let (path, escaped_in_path) = strip_escape(path, query.is_some());
    let open_domain = tail.is_empty() && domain.ends_with('*');
    let shape = if domain.is_empty() {
        Shape::Nothing
    } else {
        Shape::Sections {
            protocol,
            domain: domain.to_ascii_lowercase(),
            path: match path {
                "" if open_domain => "*".to_owned(),
                "" => "/".to_owned(),
                path => path.to_owned(),
            },
            query: match query {
                None if open_domain || path.ends_with('*') => QueryPattern::Any,
                None | Some("") => QueryPattern::None,
                Some("*") => QueryPattern::Any,
                Some(query) => QueryPattern::Pattern(query.to_owned()),
            },
        }
    };
    (shape, escaped_in_domain || escaped_in_path)
}

fn split_protocol(text: &str) -> Option<(Protocol, &str)> {
    const PREFIXES: [(&str, Protocol); 4] = [
        ("https://", Protocol::Only(Scheme::Https)),
        ("http://", Protocol::Only(Scheme::Http)),
        ("http*://", Protocol::LegacyAny),
        ("*://", Protocol::Any),
    ];
    for (prefix, protocol) in PREFIXES {
        if let (Some(start), Some(rest)) = (text.get(..prefix.len()), text.get(prefix.len()..))
            && start.eq_ignore_ascii_case(prefix)
        {
            return Some((protocol, rest));
        }
    }
    // A wildcard in the domain stands for the missing protocol; any other "xyz://" is no protocol.
    (text.starts_with('*') && !text.contains("://")).then_some((Protocol::Any, text))
}

fn strip_escape(section: &str, before_query: bool) -> (&str, bool) {
    match section.strip_suffix('\\') {
        Some(stripped) if before_query => (stripped, true),
        _ => (section, false),
    }
}

fn fits_protocol(wanted: Protocol, found: Option<Scheme>, legacy_scheme: bool) -> bool {
    match wanted {
        Protocol::Any => true,
        Protocol::LegacyAny => legacy_scheme,
        Protocol::Only(scheme) => found.is_none_or(|found| found == scheme),
    }
}

/// True when a path fits a wildcard but names something outside it: `/a/../b` fits `/a/*`.
///
/// AWS does not say whether CloudFront resolves such a path before it compares; many origins do afterwards.
fn leaves_pattern(pattern: &str, path: &str) -> bool {
    let whole_host = matches!(pattern, "*" | "/*");
    !whole_host && pattern.contains(['*', '?']) && climbs(path)
}

fn host_without_default_port<'a>(target: &Target<'a>) -> &'a str {
    target.scheme.unwrap_or(Scheme::Https).strip_default_port(target.host)
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorCode::InvalidResource, format!("the policy resource cannot be used: {why}")).with_field("resource")
}
