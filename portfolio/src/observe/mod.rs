//! What there is: from AWS into an [`Observed`] state, with as few calls as the API allows.

mod find;

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};

pub use find::{find_portfolio, is_owned_product};

use crate::adapters::{ConstraintRow, ProductDetail, Summary};
use crate::error::{Code, Error, Result};
use crate::session::Session;
use crate::state::{
    ConstraintSpec, Desired, Observed, ObservedAction, ObservedConstraint, ObservedPortfolio, ObservedProduct,
    ObservedVersion,
};

/// Reads made at the same time.
pub(crate) const AT_ONCE: usize = 10;

/// Reads everything that belongs to what is desired.
///
/// Three calls for each product (its details, its versions, its launch constraint's parameters), and a handful for the
/// portfolio.
///
/// # Errors
/// `ambiguous` or `foreign` with the ids, or what AWS answers.
pub async fn observe(session: &Session, desired: &Desired) -> Result<Observed> {
    let names: Vec<String> = desired.roles.keys().cloned().collect();
    let mut observed = Observed { roles: session.roles.read(&names).await?, ..Observed::default() };
    observed.portfolio = find_portfolio(session, &desired.key, &desired.fields.name).await?;
    read_products(session, desired, &mut observed).await?;
    if let Some(portfolio) = &observed.portfolio {
        let id = portfolio.id.clone();
        let (principals, shares) = futures::try_join!(session.catalog.principals(&id), session.catalog.shares(&id))?;
        observed.principals = principals.into_iter().collect();
        observed.shares = shares.into_iter().collect();
    }
    if !desired.tag_options.is_empty() {
        let options = session.catalog.tag_options().await?;
        observed.tag_options = options.into_iter().map(|(option, id, active)| (option, (id, active))).collect();
    }
    if !desired.actions.is_empty() {
        observed.actions = read_actions(session, desired).await?;
    }
    Ok(observed)
}

async fn read_products(session: &Session, desired: &Desired, observed: &mut Observed) -> Result<()> {
    let portfolio = observed.portfolio.as_ref();
    let mut inside = match portfolio {
        Some(portfolio) => session.catalog.products(Some(&portfolio.id)).await?,
        None => Vec::new(),
    };
    inside.sort();
    let details = describe(session, &inside).await?;
    let mut owned: Vec<(String, Summary, ProductDetail, bool)> = Vec::new();
    for (summary, detail) in details {
        match is_owned_product(&detail.tags, &desired.key) {
            Some(key) => owned.push((key, summary, detail, true)),
            None if desired.products.iter().any(|spec| spec.fields.name == summary.name) => {
                return Err(foreign_product(&summary, &desired.key));
            }
            None => {
                observed.foreign.insert(summary.id, summary.name);
            }
        }
    }
    let missing: Vec<&str> = desired
        .products
        .iter()
        .filter(|spec| !owned.iter().any(|(key, ..)| *key == spec.key))
        .map(|spec| spec.fields.name.as_str())
        .collect();
    if !missing.is_empty() {
        let outside: Vec<Summary> = session.catalog.products(None).await?;
        let outside: Vec<Summary> = outside
            .into_iter()
            .filter(|product| missing.contains(&product.name.as_str()) && !inside.contains(product))
            .collect();
        for (summary, detail) in describe(session, &outside).await? {
            match is_owned_product(&detail.tags, &desired.key) {
                Some(key) => owned.push((key, summary, detail, false)),
                None => return Err(foreign_product(&summary, &desired.key)),
            }
        }
    }
    let rows = match portfolio {
        Some(portfolio) if !owned.is_empty() => session.catalog.constraints(&portfolio.id).await?,
        _ => Vec::new(),
    };
    let reads = stream::iter(owned).map(|(key, summary, detail, associated)| {
        let rows: Vec<ConstraintRow> = rows.iter().filter(|row| row.product == summary.id).cloned().collect();
        read_product(session, key, summary, detail, associated, rows)
    });
    let products: Vec<(String, ObservedProduct)> = reads.buffered(AT_ONCE).try_collect().await?;
    for (key, product) in products {
        let id = product.id.clone();
        if let Some(other) = observed.products.insert(key.clone(), product) {
            let message = format!("two products carry the key `{}/{key}`: {} and {id}", desired.key, other.id);
            return Err(Error::new(Code::Ambiguous, message));
        }
    }
    Ok(())
}

async fn describe(session: &Session, products: &[Summary]) -> Result<Vec<(Summary, ProductDetail)>> {
    let reads = stream::iter(products.iter().cloned()).map(|summary| async move {
        let detail = session.catalog.product(&summary.id).await?;
        Ok::<_, Error>(detail.map(|detail| (summary, detail)))
    });
    let found: Vec<Option<_>> = reads.buffered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

async fn read_product(
    session: &Session,
    key: String,
    summary: Summary,
    detail: ProductDetail,
    associated: bool,
    rows: Vec<ConstraintRow>,
) -> Result<(String, ObservedProduct)> {
    let mut versions = session.catalog.versions(&summary.id).await?;
    for version in versions.iter_mut().filter(|version| version.sha256.is_none()) {
        version.sha256 = hash_of_source(session, &summary.id, version).await?;
    }
    let mut constraints = Vec::new();
    for row in rows {
        // A constraint removed between the list and this look is simply not there.
        let Some((_, parameters)) = session.catalog.constraint(&row.id).await? else { continue };
        let spec = ConstraintSpec { kind: row.kind, description: row.description, parameters };
        constraints.push(ObservedConstraint { id: row.id, spec });
    }
    constraints.sort_by(|a, b| (a.spec.kind, &a.id).cmp(&(b.spec.kind, &b.id)));
    let product = ObservedProduct {
        id: summary.id,
        associated,
        fields: detail.fields,
        tags: detail.tags,
        versions,
        constraints,
        tag_options: detail.tag_options.into_iter().collect(),
    };
    Ok((key, product))
}

/// A description that lost its hash: the template's URL carries it too.
async fn hash_of_source(session: &Session, product: &str, version: &ObservedVersion) -> Result<Option<String>> {
    let Some((_, url)) = session.catalog.version(product, &version.id).await? else { return Ok(None) };
    Ok(url.as_deref().and_then(hash_in_url))
}

/// The hash in `…/<sha256>.yaml`.
pub(crate) fn hash_in_url(url: &str) -> Option<String> {
    let name = url.split('?').next()?.rsplit('/').next()?;
    let hash = name.strip_suffix(".yaml")?;
    (hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit())).then(|| hash.to_owned())
}

async fn read_actions(session: &Session, desired: &Desired) -> Result<BTreeMap<String, ObservedAction>> {
    let mut found: BTreeMap<String, ObservedAction> = BTreeMap::new();
    for summary in session.catalog.actions().await? {
        if !desired.actions.contains_key(&summary.name) {
            continue;
        }
        let Some(fields) = session.catalog.action(&summary.id).await? else { continue };
        let links = session.catalog.action_links(&summary.id).await?.into_iter().collect();
        let action = ObservedAction { id: summary.id.clone(), fields, links };
        if let Some(other) = found.insert(summary.name.clone(), action) {
            let message = format!("two service actions are named `{}`: {} and {}", summary.name, other.id, summary.id);
            return Err(Error::new(Code::Ambiguous, message));
        }
    }
    Ok(found)
}

fn foreign_product(product: &Summary, portfolio: &str) -> Error {
    let message =
        format!("product `{}` ({}) exists, but is not managed by portfolio `{portfolio}`", product.name, product.id);
    Error::new(Code::Foreign, message)
}

/// The portfolio as part of an observed state.
pub(crate) fn observed_portfolio(id: String, detail: crate::adapters::PortfolioDetail) -> ObservedPortfolio {
    let tag_options = detail.tag_options.into_iter().collect();
    ObservedPortfolio { id, fields: detail.fields, tags: detail.tags, tag_options }
}
