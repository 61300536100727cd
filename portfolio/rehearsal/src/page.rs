//! Pagination with the caps of the API model.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;

/// One page: the members of an answer, with the token for the next page when there is one.
///
/// A page size of 0 or none is the operation's largest. A token is bound to the operation
/// and to the other members of the request, as AWS's are.
///
/// # Errors
/// `InvalidParametersException` for a token that this request did not get.
pub(crate) fn page(
    ctx: &Ctx<'_>,
    input: Input<'_>,
    (list_member, token_member): (&str, &str),
    items: Vec<Value>,
) -> Result<Value, ApiError> {
    let cap = ctx.model.page_cap(ctx.operation);
    let size = match input.number("PageSize").and_then(|n| usize::try_from(n).ok()) {
        Some(0) | None => cap,
        Some(n) => n.min(cap),
    };
    let tag = fingerprint(ctx, input);
    let start = match input.text("PageToken") {
        Some(token) => offset(token, &tag)?,
        None => 0,
    };
    let total = items.len();
    let end = start.saturating_add(size).min(total);
    let page: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    let mut answer = Map::new();
    answer.insert(list_member.to_owned(), Value::Array(page));
    if end < total {
        let token = URL_SAFE_NO_PAD.encode(format!("{end}:{tag}"));
        answer.insert(token_member.to_owned(), Value::String(token));
    }
    Ok(Value::Object(answer))
}

fn offset(token: &str, tag: &str) -> Result<usize, ApiError> {
    let invalid = || ApiError::invalid("Invalid page token.");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid())?;
    let (offset, bound) = text.split_once(':').ok_or_else(invalid)?;
    if bound != tag {
        return Err(invalid());
    }
    offset.parse().map_err(|_| invalid())
}

fn fingerprint(ctx: &Ctx<'_>, input: Input<'_>) -> String {
    let mut rest = input.0.clone();
    rest.remove("PageToken");
    rest.remove("PageSize");
    let place = ctx.place();
    let text = format!("{} {} {} {}", ctx.operation, place.account, place.region, Value::Object(rest));
    Sha256::digest(text).iter().take(8).map(|b| format!("{b:02x}")).collect()
}
