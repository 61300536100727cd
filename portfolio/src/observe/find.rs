//! Finding what is ours: by tags, never by name alone.

use futures::{StreamExt, TryStreamExt, stream};

use super::{AT_ONCE, observed_portfolio};
use crate::adapters::Summary;
use crate::error::{Code, Error, Result};
use crate::session::Session;
use crate::state::{ObservedPortfolio, TAG_KEY, TAG_MANAGED, TAG_MANAGED_VALUE, Tags};

/// The portfolio with that key.
///
/// Portfolios with the expected name are looked at first; the others only when none of those is ours, since it may have
/// been renamed.
///
/// # Errors
/// `ambiguous` when several carry the key, `foreign` when one has the name but not the key.
pub async fn find_portfolio(session: &Session, key: &str, name: &str) -> Result<Option<ObservedPortfolio>> {
    let (same_name, others): (Vec<Summary>, Vec<Summary>) =
        session.catalog.portfolios().await?.into_iter().partition(|portfolio| portfolio.name == name);
    if let Some(ours) = owned(session, &same_name, key).await? {
        return Ok(Some(ours));
    }
    if let Some(renamed) = owned(session, &others, key).await? {
        return Ok(Some(renamed));
    }
    match same_name.first() {
        None => Ok(None),
        Some(foreign) => {
            let message = format!("portfolio `{name}` ({}) exists, but does not carry the key `{key}`", foreign.id);
            Err(Error::new(Code::Foreign, message))
        }
    }
}

async fn owned(session: &Session, candidates: &[Summary], key: &str) -> Result<Option<ObservedPortfolio>> {
    let reads = stream::iter(candidates.iter().map(|candidate| candidate.id.clone())).map(|id| async move {
        let detail = session.catalog.portfolio(&id).await?;
        Ok::<_, Error>(detail.map(|detail| observed_portfolio(id, detail)))
    });
    let found: Vec<Option<ObservedPortfolio>> = reads.buffered(AT_ONCE).try_collect().await?;
    let mut ours = found.into_iter().flatten().filter(|portfolio| {
        is_managed(&portfolio.tags) && portfolio.tags.get(TAG_KEY).is_some_and(|value| value == key)
    });
    match (ours.next(), ours.next()) {
        (first, None) => Ok(first),
        (None, Some(second)) => Ok(Some(second)),
        (Some(first), Some(second)) => {
            let message = format!("two portfolios carry the key `{key}`: {} and {}", first.id, second.id);
            Err(Error::new(Code::Ambiguous, message))
        }
    }
}

fn is_managed(tags: &Tags) -> bool {
    tags.get(TAG_MANAGED).is_some_and(|value| value == TAG_MANAGED_VALUE)
}

/// The key of a product of this portfolio; `None` for anybody else's product.
#[must_use]
pub fn is_owned_product(tags: &Tags, portfolio: &str) -> Option<String> {
    if !is_managed(tags) {
        return None;
    }
    let key = tags.get(TAG_KEY)?.strip_prefix(portfolio)?.strip_prefix('/')?;
    Some(key.to_owned())
}
