//! Texts near the right one: what a signer with one well-known mistake would have signed.

use super::Hints;
use super::causes::{Cause, cause};
use crate::encoding::{percent_byte, percent_decode, push_percent};
use crate::policy::canned_text;
use crate::time::EpochSeconds;
use crate::url::{Scheme, encode_like_aws_sdk_js};
use crate::verify::{ViewerRequest, rebuild_url};

/// So many parameters, counted from the last, and so many directories are tried one by one. Each try costs a signature
/// check, and a hostile URL has thousands of them.
const MAX_TRIES: usize = 24;

/// A text and the mistake that leads to it.
pub(super) struct Candidate {
    pub(super) text: String,
    pub(super) cause: Cause,
}

/// Near a custom policy: the same JSON, written another way.
pub(super) fn of_custom(text: &str) -> Vec<Candidate> {
    let changed = || {
        cause(
            "policy-changed",
            "The policy was written anew after it was signed: its white space or line breaks differ.",
            "Send the very text that was signed.",
        )
    };
    let without_spaces: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let spaced = text.replace("\":", "\": ").replace(",\"", ", \"");
    let trimmed = text.trim().to_owned();
    let with_line_break = format!("{text}\n");
    [without_spaces, spaced, trimmed, with_line_break]
        .into_iter()
        .filter(|variant| variant != text)
        .map(|text| Candidate { text, cause: changed() })
        .collect()
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
    let mut urls = Vec::new();
    urls.extend(other_queries(scheme, request, query));
    urls.extend(other_encodings(scheme, request, query, &url));
    urls.extend(other_origins(scheme, request, query, hints));
    urls.extend(wildcards(scheme, request));
    urls.extend(fragments_of_urls(request, query, &url));
    // A change that changes nothing explains nothing.
    urls.retain(|(variant, _)| *variant != url);
    let mut candidates: Vec<Candidate> =
        urls.into_iter().map(|(url, cause)| Candidate { text: canned_text(&url, expires), cause }).collect();
    candidates.extend(other_layouts(&url, expires));
    candidates
}

type Urls = Vec<(String, Cause)>;

fn other_queries(scheme: Scheme, request: &ViewerRequest<'_>, query: &str) -> Urls {
    let appended = || {
        cause(
            "appended-parameter",
            "A query parameter was added after signing.",
            "Add parameters before signing, or sign a custom policy whose resource ends with *.",
        )
    };
    let components: Vec<&str> = query.split('&').filter(|component| !component.is_empty()).collect();
    let mut urls = Urls::new();
    for kept in (0..components.len()).rev().take(MAX_TRIES) {
        let shorter = components.get(..kept).unwrap_or_default().join("&");
        urls.push((rebuild_url(scheme, request, &shorter), appended()));
    }
    for dropped in (0..components.len()).rev().take(MAX_TRIES) {
        let others: Vec<&str> = components
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != dropped)
            .map(|(_, component)| *component)
            .collect();
        urls.push((rebuild_url(scheme, request, &others.join("&")), appended()));
    }
    let mut sorted = components.clone();
    sorted.sort_unstable();
    let moved = || {
        cause(
            "reordered-query",
            "The query parameters were put into another order after signing.",
            "Keep the order in which they were signed.",
        )
    };
    urls.push((rebuild_url(scheme, request, &sorted.join("&")), moved()));
    urls.push((rebuild_url(scheme, request, &components.iter().rev().copied().collect::<Vec<_>>().join("&")), moved()));
    urls
}

fn other_encodings(scheme: Scheme, request: &ViewerRequest<'_>, query: &str, url: &str) -> Urls {
    let differs = || {
        cause(
            "re-encoded-path",
            "The URL that was signed is percent-encoded differently from the one that arrived.",
            "Sign the URL exactly as clients send it; Edgeseal's signer emits the text it signed.",
        )
    };
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
    let mut found: Urls = urls.into_iter().map(|url| (url, differs())).collect();
    let slash = || {
        cause(
            "slashes",
            "The path that was signed has other slashes.",
            "Sign the path exactly as clients send it, with the same leading and trailing slashes.",
        )
    };
    let path = request.path;
    let other_slashes =
        [path.trim_end_matches('/').to_owned(), format!("{path}/"), format!("/{path}"), path.replace("//", "/")];
    found.extend(other_slashes.iter().filter(|other| *other != path).map(|other| (with(other, query), slash())));
    found
}

fn other_origins(scheme: Scheme, request: &ViewerRequest<'_>, query: &str, hints: &Hints<'_>) -> Urls {
    let other_scheme = match scheme {
        Scheme::Http => Scheme::Https,
        Scheme::Https => Scheme::Http,
    };
    let mut urls = vec![(
        rebuild_url(other_scheme, request, query),
        cause(
            "wrong-scheme",
            format!("The URL was signed for {}.", other_scheme.as_str()),
            "Sign with the scheme that clients use.",
        ),
    )];
    let toggled = request.host.strip_prefix("www.").map_or_else(|| format!("www.{}", request.host), str::to_owned);
    let hosts = hints.hosts.iter().map(|host| (*host).to_owned()).chain([toggled, format!("{}:443", request.host)]);
    for host in hosts.filter(|host| !host.eq_ignore_ascii_case(request.host)) {
        let sentence = format!("The URL was signed for the host {host}.");
        let url =
            format!("{}://{host}{}{}{query}", scheme.as_str(), request.path, if query.is_empty() { "" } else { "?" });
        urls.push((url, cause("wrong-host", sentence, "Sign with the host name that clients use: the alternate domain name, not the distribution's own or S3's.")));
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
            urls.push((
                url,
                cause(
                    "wildcard-in-canned-policy",
                    "A canned policy was signed for a resource with a wildcard; CloudFront rebuilds it from the real URL and never finds the wildcard.",
                    "Use a custom policy (send Policy instead of Expires) for wildcards.",
                ),
            ));
        }
    }
    urls
}

fn fragments_of_urls(request: &ViewerRequest<'_>, query: &str, url: &str) -> Urls {
    let tail = format!("{}{}{query}", request.path, if query.is_empty() { "" } else { "?" });
    let bare = || {
        cause(
            "resource-without-host",
            "A bare path was signed; CloudFront compares whole URLs.",
            "Sign the whole URL, with its scheme and host.",
        )
    };
    let question_mark = || {
        cause("trailing-question-mark", "The URL was signed with a lone ? at its end.", "Sign the URL without the ?.")
    };
    vec![
        (tail.clone(), bare()),
        (tail.trim_start_matches('/').to_owned(), bare()),
        (format!("{}{tail}", request.host), bare()),
        (format!("{url}?"), question_mark()),
    ]
}

/// The right policy in another layout: CloudFront rebuilds it without white space and in one order of keys.
fn other_layouts(url: &str, expires: EpochSeconds) -> Vec<Candidate> {
    let layout = || {
        cause(
            "canned-policy-layout",
            "The canned policy was signed with other white space or another order of keys than CloudFront's.",
            "Sign the exact text without any white space: {\"Statement\":[{\"Resource\":\"...\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":...}}}]}",
        )
    };
    let compact = canned_text(url, expires);
    let spaced = format!(
        "{{\"Statement\": [{{\"Resource\": \"{url}\", \"Condition\": {{\"DateLessThan\": {{\"AWS:EpochTime\": {expires}}}}}}}]}}"
    );
    let turned = format!(
        "{{\"Statement\":[{{\"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{expires}}}}},\"Resource\":\"{url}\"}}]}}"
    );
    let turned_spaced = format!(
        "{{\"Statement\": [{{\"Condition\": {{\"DateLessThan\": {{\"AWS:EpochTime\": {expires}}}}}, \"Resource\": \"{url}\"}}]}}"
    );
    let quoted = compact.replace(&expires.to_string(), &format!("\"{expires}\""));
    let object = compact.replace(":[{", ":{").replace("}]}", "}}");
    [
        format!("{compact}\n"),
        spaced,
        turned,
        turned_spaced,
        quoted,
        object,
        compact.replace('&', "\\u0026"),
        compact.replace('/', "\\/"),
    ]
    .into_iter()
    .filter(|text| *text != compact)
    .map(|text| Candidate { text, cause: layout() })
    .collect()
}

/// True when a resource's path and a request's path are the same once both are decoded.
pub(super) fn same_after_decoding(resource: &str, path: &str) -> bool {
    let after_scheme = resource.split_once("://").map_or(resource, |(_, rest)| rest);
    let resource_path = after_scheme.find('/').and_then(|start| after_scheme.get(start..)).unwrap_or("/");
    let resource_path = resource_path.split_once('?').map_or(resource_path, |(path, _)| path);
    let plain = |text: &str| String::from_utf8_lossy(&percent_decode(text)).replace('+', " ");
    resource_path != path && plain(resource_path) == plain(path)
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
