//! PEM text as it is found in the wild: pasted into one line, with `\n` spelled out, or base64 over all of it.
//!
//! Secret stores and console fields damage line breaks, so white space inside a block is of no account.

use super::unreadable;
use crate::error::Error;
use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

/// One PEM block, or bare DER, whose label is then empty.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Zeroizing<Vec<u8>>,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
const DER_SEQUENCE: u8 = 0x30;

/// Reads key material: DER, PEM, PEM with `\n` spelled out, or base64 of either. Returns the first block
/// whose label `wanted` accepts.
pub(super) fn read(material: &[u8], wanted: fn(&str) -> bool, field: &'static str) -> Result<Block, Error> {
    if material.first() == Some(&DER_SEQUENCE) && !material.is_ascii() {
        return Ok(Block { label: String::new(), der: Zeroizing::new(material.to_vec()) });
    }
    let text =
        core::str::from_utf8(material).map_err(|_| unreadable("the key is neither PEM text nor DER bytes", field))?;
    let without_returns = Zeroizing::new(text.trim().trim_start_matches('\u{feff}').replace("\\r", ""));
    let text = Zeroizing::new(without_returns.replace("\\n", "\n"));
    if text.is_empty() {
        return Err(unreadable("the key is empty", field));
    }
    if !text.contains(BEGIN) {
        return read_base64(&text, wanted, field);
    }
    let mut first_label = None;
    let mut rest = text.as_str();
    while let Some((block_label, body, after)) = next_block(rest, field)? {
        if wanted(block_label) {
            return decode(block_label, body, field);
        }
        first_label.get_or_insert(block_label);
        rest = after;
    }
    Err(unreadable(wrong_label(first_label.unwrap_or_default()), field))
}

/// Base64 over a whole PEM file or over DER, as secret stores keep it.
fn read_base64(text: &str, wanted: fn(&str) -> bool, field: &'static str) -> Result<Block, Error> {
    let packed = without_white_space(text);
    let bytes = Zeroizing::new(Base64::decode_vec(&packed).map_err(|_| {
        unreadable("the key is not PEM: there is no -----BEGIN line", field)
            .with_hint("pass the whole PEM file, its BEGIN and END lines included")
    })?);
    match bytes.first() {
        Some(&DER_SEQUENCE) => Ok(Block { label: String::new(), der: bytes }),
        Some(b'-') => read(&bytes, wanted, field),
        _ => Err(unreadable("the key is base64 of something that is neither PEM nor DER", field)),
    }
}

/// Allocates once: a buffer that grows leaves unwiped copies behind.
fn without_white_space(text: &str) -> Zeroizing<String> {
    let mut packed = Zeroizing::new(String::with_capacity(text.len()));
    text.split_ascii_whitespace().for_each(|part| packed.push_str(part));
    packed
}

/// Names the block, if its label may be shown: in a damaged PEM anything can stand there, key material included.
fn wrong_label(label: &str) -> String {
    let plain = (1..=24).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ');
    if plain {
        format!("the PEM block is labelled {label}, which is not what belongs here")
    } else {
        "the PEM block has no label that is known here".to_owned()
    }
}

fn next_block<'t>(text: &'t str, field: &'static str) -> Result<Option<(&'t str, &'t str, &'t str)>, Error> {
    let Some((_, after_begin)) = text.split_once(BEGIN) else { return Ok(None) };
    let cut_short = || unreadable("the PEM is cut short: its END line is missing or does not fit", field);
    let (label, body) = after_begin.split_once(DASHES).ok_or_else(cut_short)?;
    let (body, after) = body.split_once(&format!("-----END {label}-----")).ok_or_else(cut_short)?;
    Ok(Some((label, body, after)))
}

fn decode(label: &str, body: &str, field: &'static str) -> Result<Block, Error> {
    if body.contains("Proc-Type:") {
        return Err(unreadable("the key is encrypted in OpenSSL's old PEM form", field)
            .with_hint("convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem"));
    }
    let packed = without_white_space(body);
    let der = Base64::decode_vec(&packed).map_err(|_| unreadable("the PEM body is not base64", field))?;
    Ok(Block { label: label.to_owned(), der: Zeroizing::new(der) })
}
