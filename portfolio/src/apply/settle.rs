//! Waiting for AWS: for objects to become ready, and for what was just made to be known everywhere.

use crate::adapters::{Ready, ShareProgress};
use crate::error::{Code, Error, Result};
use crate::session::Session;

/// Repeats a call while AWS does not yet know what it depends on, or is busy with another share.
pub(crate) async fn settled<T, F, R>(session: &Session, mut attempt: F) -> Result<T>
where
    F: FnMut() -> R,
    R: Future<Output = Result<T>>,
{
    let mut patience = session.pace.patience_for(session.pace.propagation);
    loop {
        match attempt().await {
            Err(error) if is_passing(&error) => {
                session.stop.check()?;
                if patience.pause("it").await.is_err() {
                    return Err(error);
                }
            }
            other => return other,
        }
    }
}

/// Errors that a little time cures: propagation of new objects and roles, and a share under way.
fn is_passing(error: &Error) -> bool {
    match error.aws_code() {
        Some("ResourceNotFoundException") => true,
        Some("InvalidParametersException") => error.message().contains("does not exist"),
        Some("InvalidStateException") => error.message().contains("portfolio share"),
        _ => false,
    }
}

/// Waits for a new product.
pub(super) async fn product_ready(session: &Session, product: &str) -> Result<()> {
    let mut patience = session.pace.patience();
    loop {
        let state = session.catalog.product(product).await?.map(|detail| detail.ready);
        if finished(state, &format!("product {product}"))? {
            return Ok(());
        }
        patience.pause(&format!("product {product}")).await?;
    }
}

/// Waits for a new version.
pub(super) async fn version_ready(session: &Session, product: &str, version: &str) -> Result<()> {
    let mut patience = session.pace.patience();
    loop {
        let state = session.catalog.version(product, version).await?.map(|(ready, _)| ready);
        if finished(state, &format!("version {version}"))? {
            return Ok(());
        }
        patience.pause(&format!("version {version}")).await?;
    }
}

/// Waits for a new constraint.
pub(super) async fn constraint_ready(session: &Session, constraint: &str) -> Result<()> {
    let mut patience = session.pace.patience();
    loop {
        let state = session.catalog.constraint(constraint).await?.map(|(ready, _)| ready);
        if finished(state, &format!("constraint {constraint}"))? {
            return Ok(());
        }
        patience.pause(&format!("constraint {constraint}")).await?;
    }
}

/// Waits until a product is seen in the portfolio.
pub(super) async fn association_seen(session: &Session, product: &str, portfolio: &str) -> Result<()> {
    let mut patience = session.pace.patience();
    loop {
        let portfolios = session.catalog.portfolios_of(product).await?;
        if portfolios.iter().any(|seen| seen.id == portfolio) {
            return Ok(());
        }
        patience.pause(&format!("product {product} in portfolio {portfolio}")).await?;
    }
}

/// Waits for a share with an organization node; shares with accounts have no token and are done at once.
pub(crate) async fn share_done(session: &Session, token: Option<&str>) -> Result<()> {
    let Some(token) = token else { return Ok(()) };
    let mut patience = session.pace.patience();
    loop {
        match session.catalog.share_progress(token).await? {
            ShareProgress::Done => return Ok(()),
            ShareProgress::Failed(errors) => {
                return Err(Error::new(Code::ShareFailed, format!("the share failed for {}", errors.join("; "))));
            }
            ShareProgress::Running => patience.pause("the share").await?,
        }
    }
}

/// A missing object may only be not known yet.
fn finished(state: Option<Ready>, what: &str) -> Result<bool> {
    match state {
        Some(Ready::Yes) => Ok(true),
        Some(Ready::NotYet) | None => Ok(false),
        Some(Ready::Failed) => Err(Error::new(Code::CreationFailed, format!("AWS could not create {what}"))),
    }
}
