//! Query strings: forms that are refused, and the parameters that a rule allows.

use super::EdgeReason;
use super::compile::QueryRule;
use super::decision::Refusal;
use super::model::Mode;
use super::path::has_broken_escape;
use crate::encoding::{PERCENT, UNSAFE, forms, percent_decode};
use crate::upload::is_constraint_name;
use crate::url::is_reserved_parameter;

/// Refuses what two readers could read differently.
///
/// Behind a key group the encoded name of a signing parameter is refused: whether CloudFront takes
/// `%45xpires` for `Expires` is not documented, and what it did not verify must not count as verified.
pub(super) fn check_form(query: &str, mode: Mode) -> Result<(), EdgeReason> {
    let seen = forms(query);
    if seen & UNSAFE != 0 {
        return Err(EdgeReason::MalformedQuery);
    }
    if seen & PERCENT == 0 {
        return Ok(());
    }
    let disguised =
        mode == Mode::BehindKeyGroup && names(query).any(|name| name.contains('%') && is_reserved_parameter(name));
    if disguised || has_broken_escape(query) { Err(EdgeReason::MalformedQuery) } else { Ok(()) }
}

/// Holds the parameters, signing parameters taken out, against the rule. Upload constraints are judged elsewhere.
pub(super) fn check_allowed(query: &str, rule: &QueryRule) -> Result<(), Refusal> {
    let QueryRule::Only(allowed) = rule else { return Ok(()) };
    let mut seen = 0_u64;
    for name in names(query).filter(|name| !name.is_empty() && !is_constraint_name(name)) {
        let position = if name.contains('%') {
            let decoded = percent_decode(name);
            allowed.iter().position(|known| known.as_bytes() == decoded)
        } else {
            allowed.iter().position(|known| known == name)
        };
        let bit = position.and_then(|index| 1_u64.checked_shl(u32::try_from(index).ok()?));
        let bit = bit.ok_or(EdgeReason::QueryNotAllowed)?;
        if seen & bit != 0 {
            return Err(EdgeReason::DuplicateQueryParameter.into());
        }
        seen |= bit;
    }
    Ok(())
}

/// The raw name of each component; a component without `=` is a name, and one without a name is empty.
pub(super) fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').map(|component| {
        component.split_once('=').map_or(component, |(name, value)| {
            // "=value" has no name to allow, yet it is not nothing.
            if name.is_empty() && !value.is_empty() { component } else { name }
        })
    })
}
