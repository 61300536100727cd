//! Uploads: the caps of the rule and the constraints of the signed URL, whichever is tighter.

use super::EdgeReason;
use super::compile::{CompiledPolicy, UploadCaps};
use super::credential::{Trust, unseen};
use super::decision::Refusal;
use super::model::{Constraint, Method};
use super::query::names;
use super::request::Headers;
use crate::upload::{UploadConstraints, is_constraint_name};
use base64ct::{Base64, Encoding};

/// Reads the constraints in the query and decides whether they can be relied on.
pub(super) fn read_constraints(
    policy: &CompiledPolicy,
    caps: &UploadCaps,
    is_upload: bool,
    query: &str,
    trust: Trust,
) -> Result<UploadConstraints, Refusal> {
    let constraints = if names(query).any(is_constraint_name) {
        UploadConstraints::from_query(query)
            .map_err(|error| Refusal::because(EdgeReason::MalformedConstraint, error.message().to_owned()))?
    } else {
        UploadConstraints::default()
    };
    if trust == Trust::Unsigned && !constraints.is_empty() {
        return Err(EdgeReason::ConstraintNotSigned.into());
    }
    if !is_upload || caps.require_constraints.is_empty() {
        return Ok(constraints);
    }
    match trust {
        Trust::Signed => {}
        Trust::Unsigned => return Err(EdgeReason::ConstraintNotSigned.into()),
        Trust::Unknown => unseen(policy, "upload.requireConstraints")?,
    }
    for wanted in &caps.require_constraints {
        let (present, name) = match wanted {
            Constraint::Method => (constraints.method.is_some(), "es-method"),
            Constraint::MaxBytes => (constraints.max_bytes.is_some(), "es-max-bytes"),
            Constraint::ContentType => (constraints.content_type.is_some(), "es-content-type"),
            Constraint::Sha256 => (constraints.sha256.is_some(), "es-sha256"),
        };
        if !present {
            return Err(Refusal::because(EdgeReason::ConstraintMissing, name));
        }
    }
    Ok(constraints)
}

/// A URL that was signed for one method serves no other.
pub(super) fn check_method(constraints: &UploadConstraints, method: Method) -> Result<(), Refusal> {
    match &constraints.method {
        Some(signed) if signed != method.as_str() => {
            Err(Refusal { allow: Some(signed.clone()), ..EdgeReason::MethodMismatch.into() })
        }
        _ => Ok(()),
    }
}

/// A method that stores nothing comes without a body.
pub(super) fn check_no_body(headers: &Headers<'_>) -> Result<(), Refusal> {
    let length = headers.content_length()?.unwrap_or(0);
    if length > 0 || headers.is_chunked() { Err(EdgeReason::BodyNotAllowed.into()) } else { Ok(()) }
}

/// Holds an upload against the caps and the constraints.
pub(super) fn check_upload(
    caps: &UploadCaps,
    constraints: &UploadConstraints,
    headers: &Headers<'_>,
    decoded_path: &str,
) -> Result<(), Refusal> {
    if headers.has_copy_source() {
        return Err(EdgeReason::CopyNotAllowed.into());
    }
    check_length(caps, constraints, headers)?;
    check_type(caps, constraints, headers)?;
    if !caps.extensions.is_empty() && !has_extension(decoded_path, &caps.extensions) {
        return Err(EdgeReason::ExtensionNotAllowed.into());
    }
    check_checksum(caps, constraints, headers)
}

fn check_length(caps: &UploadCaps, constraints: &UploadConstraints, headers: &Headers<'_>) -> Result<(), Refusal> {
    let length = headers.content_length()?;
    let most = match (caps.max_bytes, constraints.max_bytes) {
        (Some(rule), Some(url)) => Some(rule.min(url)),
        (rule, url) => rule.or(url),
    };
    match (length, most) {
        (None, Some(_)) => Err(EdgeReason::LengthRequired.into()),
        (None, None) if caps.require_content_length => Err(EdgeReason::LengthRequired.into()),
        (Some(length), Some(most)) if length > most => {
            Err(Refusal::because(EdgeReason::TooLarge, format!("{length} bytes, {most} allowed")))
        }
        _ => Ok(()),
    }
}

fn check_type(caps: &UploadCaps, constraints: &UploadConstraints, headers: &Headers<'_>) -> Result<(), Refusal> {
    if caps.content_types.is_empty() && constraints.content_type.is_none() {
        return Ok(());
    }
    let found = headers.content_type().and_then(media_type);
    let fits = |wanted: &str| found.as_deref().is_some_and(|found| fits_media_type(wanted, found));
    if !caps.content_types.is_empty() && !caps.content_types.iter().any(|wanted| fits(wanted)) {
        return Err(EdgeReason::TypeNotAllowed.into());
    }
    if constraints.content_type.as_deref().is_some_and(|wanted| !fits(wanted)) {
        return Err(EdgeReason::TypeMismatch.into());
    }
    Ok(())
}

/// The media type of a `Content-Type`, without parameters, in lower case.
fn media_type(header: &str) -> Option<String> {
    let text = header.split(';').next().unwrap_or_default().trim_matches([' ', '\t']);
    (crate::upload::is_media_type(text) && !text.contains('*')).then(|| text.to_ascii_lowercase())
}

fn fits_media_type(wanted: &str, found: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some("*/") => true,
        Some(kind) => found.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind)),
        None => wanted.eq_ignore_ascii_case(found),
    }
}

/// True when the file name is more than a listed extension and ends in it. `extensions` are in lower case.
fn has_extension(path: &str, extensions: &[String]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    extensions.iter().any(|extension| {
        let start = name.len().saturating_sub(extension.len());
        start > 1
            && name.as_bytes().get(start - 1) == Some(&b'.')
            && name.as_bytes().get(start..).is_some_and(|end| end.eq_ignore_ascii_case(extension.as_bytes()))
    })
}

/// S3 compares the body with these headers, so that the edge need not read it.
fn check_checksum(caps: &UploadCaps, constraints: &UploadConstraints, headers: &Headers<'_>) -> Result<(), Refusal> {
    let base64 = headers.checksum_sha256().map(|text| sha256_from_base64(text.trim()));
    let hexadecimal = headers.content_sha256().and_then(|text| sha256_from_hex(text.trim()));
    if let Some(signed) = &constraints.sha256 {
        let signed = sha256_from_hex(signed);
        let found = [base64, headers.content_sha256().map(|text| sha256_from_hex(text.trim()))];
        if found.iter().all(Option::is_none) {
            return Err(EdgeReason::ChecksumMissing.into());
        }
        if signed.is_none() || found.iter().flatten().any(|found| *found != signed) {
            return Err(EdgeReason::ChecksumMismatch.into());
        }
        return Ok(());
    }
    let announced = base64.flatten().is_some() || hexadecimal.is_some() || headers.has_other_checksum();
    if caps.require_checksum && !announced {
        return Err(EdgeReason::ChecksumMissing.into());
    }
    Ok(())
}

fn sha256_from_base64(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    let length = Base64::decode(text, &mut hash).ok()?.len();
    (length == hash.len()).then_some(hash)
}

fn sha256_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = digits else { return None };
        let digit = |letter: u8| char::from(letter).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(hash)
}
