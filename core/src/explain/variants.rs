//! Texts near the right one: what a signer with one well-known mistake would have signed.

use super::causes::Cause;
use super::layouts::{self, ascii_escapes, seconds_around};
use super::{Hints, KnownCause};
use crate::encoding::{percent_byte, percent_decode, push_percent};
use crate::policy::canned_text;
use crate::time::EpochSeconds;
use crate::url::{Scheme, encode_like_aws_sdk_js};
use crate::verify::{ViewerRequest, rebuild_url};

/// So many parameters, counted from the last, and so many directories are tried one by one. Each try costs a signature
/// check, and a hostile URL has thousands of them.
const MAX_TRIES: usize = 24;

/// A text that may have been signed, and the mistake that leads to it.
pub(super) struct Candidate {
    pub(super) text: Vec<u8>,
    pub(super) cause: Cause,
}

impl Candidate {
    pub(super) fn new(text: impl Into<Vec<u8>>, known: KnownCause) -> Self {
        Self { text: text.into(), cause: known.cause() }
    }
}

/// Near a canned policy: other URLs, and other ways of writing the policy.
pub(super) fn of_canned(
    scheme: Scheme,
    request: &ViewerRequest<'_>,
    query: &str,
    expires: EpochSeconds,
    hints: &Hints<'_>,
) -> Vec<Candidate> {
    let url = rebuild_url(scheme, request, query);
    let mut urls = Urls::new();
    urls.extend(other_origins(scheme, request, query, hints));
    urls.extend(other_queries(scheme, request, query));
    urls.extend(other_encodings(scheme, request, query, &url));
    urls.extend(other_paths(scheme, request, query));
    urls.extend(fragments_of_urls(request, query, &url));
    urls.extend(wildcards(scheme, request));
    // A change that changes nothing explains nothing.
    urls.retain(|(variant, _)| *variant != url);
    let mut candidates = layouts::of_canned(&url, expires);
    candidates.extend(
        seconds_around(expires).map(|other| Candidate::new(canned_text(&url, other), KnownCause::ExpiresDiffers)),
    );
    candidates.extend(ascii_only(scheme, request, query, expires));
    candidates.extend(
        urls.into_iter().map(|(url, cause)| Candidate { text: canned_text(&url, expires).into_bytes(), cause }),
    );
    candidates
}

type Urls = Vec<(String, Cause)>;

/// Parameters that others add to links: of campaigns, of shares, against caches.
const ADDED_BY_OTHERS: [&str; 15] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "utm_id",
    "fbclid",
    "gclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "_",
    "_ga",
    "ref",
];

fn other_queries(scheme: Scheme, request: &ViewerRequest<'_>, query: &str) -> Urls {
    let components: Vec<&str> = query.split('&').filter(|component| !component.is_empty()).collect();
    let with = |components: &[&str]| rebuild_url(scheme, request, &components.join("&"));
    let without = |dropped: &dyn Fn(usize, &str) -> bool| {
        let kept = components.iter().enumerate().filter(|(index, component)| !dropped(*index, component));
        with(&kept.map(|(_, component)| *component).collect::<Vec<_>>())
    };
    let name = |component: &str| component.split_once('=').map_or(component, |(name, _)| name).to_ascii_lowercase();
    let mut sorted = components.clone();
    sorted.sort_unstable();
    let reversed: Vec<&str> = components.iter().rev().copied().collect();
    let mut urls = vec![
        (with(&components), KnownCause::AppendedParameter.because("A stray & was put into the query after signing.")),
        (with(&sorted), KnownCause::ReorderedQuery.cause()),
        (with(&reversed), KnownCause::ReorderedQuery.cause()),
        (
            without(&|_, component| ADDED_BY_OTHERS.contains(&name(component).as_str())),
            KnownCause::AppendedParameter.cause(),
        ),
    ];
    for index in (0..components.len()).rev().take(MAX_TRIES) {
        urls.push((without(&|other, _| other >= index), KnownCause::AppendedParameter.cause()));
        urls.push((without(&|other, _| other == index), KnownCause::AppendedParameter.cause()));
    }
    urls
}

fn other_encodings(scheme: Scheme, request: &ViewerRequest<'_>, query: &str, url: &str) -> Urls {
    let with = |path: &str, query: &str| rebuild_url(scheme, &ViewerRequest { path, ..*request }, query);
    let decoded_path = String::from_utf8_lossy(&percent_decode(request.path)).into_owned();
    let decoded_query = String::from_utf8_lossy(&percent_decode(query)).into_owned();
    let encoded_path = encode_all(&decoded_path, b"/");
    let mut urls = vec![
        with(&decoded_path, query),
        with(&decoded_path, &decoded_query),
        with(&encoded_path, query),
        with(&encoded_path, &encode_all(&decoded_query, b"=&")),
        with(request.path, &decoded_query),
        encode_like_aws_sdk_js(url),
        with(&request.path.replace('+', "%20"), &query.replace('+', "%20")),
        with(&request.path.replace("%20", "+"), query),
        with(request.path, &query.replace("%20", "+")),
        with(&request.path.replace('+', "%2B"), query),
        with(&request.path.replace("%2B", "+"), query),
        with(&change_hex(request.path, false), &change_hex(query, false)),
        with(&change_hex(request.path, true), &change_hex(query, true)),
        with(&double(request.path), query),
        with(request.path, &query.replace("%27", "'")),
    ];
    urls.retain(|variant| variant != url);
    urls.into_iter().map(|url| (url, KnownCause::ReEncodedPath.cause())).collect()
}

/// Slashes and letter case.
fn other_paths(scheme: Scheme, request: &ViewerRequest<'_>, query: &str) -> Urls {
    let path = request.path;
    let slashes =
        [path.trim_end_matches('/').to_owned(), format!("{path}/"), format!("/{path}"), path.replace("//", "/")];
    let cases = [path.to_ascii_lowercase(), path.to_ascii_uppercase()];
    let slashes = slashes.into_iter().map(|path| (path, KnownCause::Slashes));
    slashes
        .chain(cases.into_iter().map(|path| (path, KnownCause::PathCase)))
        .filter(|(other, _)| other != path)
        .map(|(path, known)| (rebuild_url(scheme, &ViewerRequest { path: &path, ..*request }, query), known.cause()))
        .collect()
}

/// Letters outside ASCII, as a JSON writer escapes them in a policy whose URL holds them as they are.
fn ascii_only(scheme: Scheme, request: &ViewerRequest<'_>, query: &str, expires: EpochSeconds) -> Vec<Candidate> {
    let decoded = |text: &str| String::from_utf8_lossy(&percent_decode(text)).into_owned();
    let path = decoded(request.path);
    let request = ViewerRequest { path: &path, ..*request };
    let urls = [rebuild_url(scheme, &request, query), rebuild_url(scheme, &request, &decoded(query))];
    let urls = urls.into_iter().filter(|url| !url.is_ascii());
    urls.map(|url| Candidate::new(ascii_escapes(&canned_text(&url, expires)), KnownCause::ReEncodedPath)).collect()
}

fn other_origins(scheme: Scheme, request: &ViewerRequest<'_>, query: &str, hints: &Hints<'_>) -> Urls {
    let other_scheme = match scheme {
        Scheme::Http => Scheme::Https,
        Scheme::Https => Scheme::Http,
    };
    let mut urls = vec![(
        rebuild_url(other_scheme, request, query),
        KnownCause::WrongScheme.because(format!("The URL was signed for {}.", other_scheme.as_str())),
    )];
    let toggled = request.host.strip_prefix("www.").map_or_else(|| format!("www.{}", request.host), str::to_owned);
    let hosts = hints
        .hosts
        .iter()
        .take(MAX_TRIES)
        .map(|host| (*host).to_owned())
        .chain([toggled, format!("{}:443", request.host)]);
    for host in hosts.filter(|host| !host.eq_ignore_ascii_case(request.host)) {
        let sentence = format!("The URL was signed for the host {host}.");
        let url =
            format!("{}://{host}{}{}{query}", scheme.as_str(), request.path, if query.is_empty() { "" } else { "?" });
        urls.push((url, KnownCause::WrongHost.because(sentence)));
    }
    urls
}

/// A canned policy cannot hold wildcards, but some signers write them.
fn wildcards(scheme: Scheme, request: &ViewerRequest<'_>) -> Urls {
    let mut urls = Urls::new();
    let mut prefix = String::new();
    for segment in request.path.split_inclusive('/').take(MAX_TRIES) {
        prefix.push_str(segment);
        if segment.ends_with('/') {
            let url = rebuild_url(scheme, &ViewerRequest { path: &format!("{prefix}*"), ..*request }, "");
            urls.push((url, KnownCause::WildcardInCannedPolicy.cause()));
        }
    }
    urls
}

fn fragments_of_urls(request: &ViewerRequest<'_>, query: &str, url: &str) -> Urls {
    let tail = format!("{}{}{query}", request.path, if query.is_empty() { "" } else { "?" });
    let bare = || KnownCause::ResourceWithoutHost.because("A bare path was signed; CloudFront compares whole URLs.");
    vec![
        (tail.clone(), bare()),
        (tail.trim_start_matches('/').to_owned(), bare()),
        (format!("{}{tail}", request.host), bare()),
        (format!("{url}?"), KnownCause::TrailingQuestionMark.cause()),
    ]
}

/// True when a resource's path and a request's path are the same once both are decoded.
pub(super) fn same_after_decoding(resource: &str, path: &str) -> bool {
    let after_scheme = resource.split_once("://").map_or(resource, |(_, rest)| rest);
    let resource_path = after_scheme.find('/').and_then(|start| after_scheme.get(start..)).unwrap_or("/");
    let resource_path = resource_path.split_once('?').map_or(resource_path, |(path, _)| path);
    resource_path != path && decoded_plainly(resource_path) == decoded_plainly(path)
}

/// A text decoded, with a space for every plus sign: what two encodings of one text have in common.
pub(super) fn decoded_plainly(text: &str) -> String {
    String::from_utf8_lossy(&percent_decode(text)).replace('+', " ")
}

fn encode_all(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            push_percent(&mut out, byte);
        }
    }
    out
}

fn change_hex(text: &str, upper: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('%') {
        let (before, escape) = rest.split_at(start);
        out.push_str(before);
        let length = if percent_byte(escape.as_bytes()).is_some() { 3 } else { 1 };
        let (escape, after) = escape.split_at(length);
        out.push_str(&if upper { escape.to_ascii_uppercase() } else { escape.to_ascii_lowercase() });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn double(path: &str) -> String {
    path.replace('%', "%25")
}
