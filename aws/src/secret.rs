//! The content of a private-key secret.

use crate::error::{Error, ErrorCode};
use serde_json::value::RawValue;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// What a secret holds: a key, and the id that belongs to it.
pub(crate) struct SecretKey {
    pub(crate) key_pair_id: String,
    pub(crate) private_key: Zeroizing<String>,
}

/// Reads a secret: `{keyPairId, privateKey, algorithm}` as the products write it, or a bare key in PEM.
///
/// No error repeats any of the secret.
pub(crate) fn read_secret(text: Option<&str>, key_pair_id: Option<&str>) -> Result<SecretKey, Error> {
    let text = text.filter(|text| !text.trim().is_empty()).ok_or_else(|| malformed("it is empty or binary"))?;
    let (private_key, found) =
        if text.trim_start().starts_with('{') { read_object(text)? } else { (Zeroizing::new(text.to_owned()), None) };
    // With both, the secret is right: it changes together with the key when the key is rotated.
    let key_pair_id = found.or_else(|| key_pair_id.map(str::to_owned)).ok_or_else(|| {
        malformed("it names no key-pair id")
            .with_hint("set key_pair_id, or store {\"keyPairId\": ..., \"privateKey\": ...} together")
    })?;
    Ok(SecretKey { key_pair_id, private_key })
}

fn read_object(text: &str) -> Result<(Zeroizing<String>, Option<String>), Error> {
    let fields: HashMap<String, &RawValue> =
        serde_json::from_str(text).map_err(|_| malformed("it starts like JSON and is none"))?;
    let string = |name| fields.get(name).map(|raw| serde_json::from_str::<String>(raw.get()).map(Zeroizing::new));
    let private_key = string("privateKey")
        .and_then(Result::ok)
        .filter(|key| !key.is_empty())
        .ok_or_else(|| malformed("it has no field privateKey"))?;
    match string("keyPairId") {
        None => Ok((private_key, None)),
        Some(Ok(id)) if id.is_empty() => Ok((private_key, None)),
        Some(Ok(id)) if is_id(&id) => Ok((private_key, Some(id.to_string()))),
        Some(_) => Err(malformed("its field keyPairId is not the id of a public key")),
    }
}

/// An id is short and plain; anything else may be key material in the wrong field, and must not get into a message.
fn is_id(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn malformed(why: &str) -> Error {
    Error::new(ErrorCode::SecretMalformed, format!("the private-key secret cannot be used: {why}"))
        .with_field("private_key_secret_arn")
        .with_hint("the key-pair product writes it in the right form; the docs of private-key-secret show it")
}
