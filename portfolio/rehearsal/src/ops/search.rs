//! Searches for products, as an admin and as a team.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access;
use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::artifacts::Artifact;
use crate::ops::associations::Association;
use crate::ops::portfolios;
use crate::ops::products::{self, Product};
use crate::page::page;
use crate::store::Place;

type Found = (Place, Product);

/// `SearchProductsAsAdmin`.
pub(crate) fn as_admin(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut found: Vec<Found> = Vec::new();
    match input.text("PortfolioId") {
        None => found.extend(ctx.list::<Product>(None)?.into_iter().map(|p| (ctx.place().clone(), p))),
        Some(id) => {
            let (owner, portfolio) = portfolios::seen(ctx, id)?;
            for link in ctx.list_in::<Association>(&ctx.place_of(&owner), Some(&portfolio.id))? {
                found.extend(products::seen(ctx, &link.product_id).ok());
            }
        }
    }
    filter(input, &mut found)?;
    sort(ctx, input, &mut found)?;
    let shown = found.iter().map(|(place, p)| p.detail(ctx, &place.account)).collect();
    page(ctx, input, ("ProductViewDetails", "NextPageToken"), shown)
}

/// `SearchProducts`: what the caller may launch.
pub(crate) fn as_team(ctx: &Ctx<'_>, input: Input<'_>) -> Result<Value, ApiError> {
    let mut found: Vec<Found> = Vec::new();
    for path in access::paths(ctx, None)? {
        if !found.iter().any(|(_, p)| p.id == path.product.id) {
            found.push((path.product_place, path.product));
        }
    }
    filter(input, &mut found)?;
    sort(ctx, input, &mut found)?;
    let counts = aggregations(&found);
    let shown = found.iter().map(|(_, p)| p.summary()).collect();
    let mut answer = page(ctx, input, ("ProductViewSummaries", "NextPageToken"), shown)?;
    crate::ctx::set_if(&mut answer, "ProductViewAggregations", Some(counts));
    Ok(answer)
}

fn aggregations(found: &[Found]) -> Value {
    let mut counts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (_, product) in found {
        *counts.entry("Owner").or_default().entry(&product.owner).or_default() += 1;
        *counts.entry("ProductType").or_default().entry(&product.kind).or_default() += 1;
    }
    let list = |values: &BTreeMap<&str, usize>| -> Value {
        values.iter().map(|(v, n)| json!({ "Value": v, "ApproximateCount": n })).collect()
    };
    counts.iter().map(|(kind, values)| ((*kind).to_owned(), list(values))).collect()
}

/// A filter's values are alternatives; different filters must all hold.
fn filter(input: Input<'_>, found: &mut Vec<Found>) -> Result<(), ApiError> {
    let Some(filters) = input.object("Filters") else { return Ok(()) };
    for key in filters.0.keys() {
        let values: Vec<String> = filters.texts(key);
        if values.is_empty() {
            return Err(ApiError::invalid(format!("The filter {key} has no values.")));
        }
        found.retain(|(_, p)| values.iter().any(|v| matches(key, v, p)));
    }
    Ok(())
}

fn matches(key: &str, value: &str, product: &Product) -> bool {
    match key {
        "Owner" => product.owner == value,
        "ProductType" => product.kind == value,
        "FullTextSearch" => {
            let texts =
                [Some(&product.name), Some(&product.owner), product.description.as_ref(), product.distributor.as_ref()];
            let all = texts.into_iter().flatten().map(|t| t.to_lowercase()).collect::<Vec<_>>().join("\n");
            value.to_lowercase().split_whitespace().all(|word| all.contains(word))
        }
        // SourceProductId names the product that a copy was made from; nothing is copied here.
        _ => false,
    }
}

fn sort(ctx: &Ctx<'_>, input: Input<'_>, found: &mut [Found]) -> Result<(), ApiError> {
    match input.text("SortBy") {
        None => return Ok(()),
        Some("Title") => found.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name)),
        Some("VersionCount") => {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for (place, product) in found.iter() {
                let count = ctx.list_in::<Artifact>(place, Some(&product.id))?.len();
                counts.insert(product.id.clone(), count);
            }
            found.sort_by_key(|(_, p)| counts.get(&p.id).copied());
        }
        Some(_) => found.sort_by(|(_, a), (_, b)| a.created.total_cmp(&b.created)),
    }
    if input.text("SortOrder") == Some("DESCENDING") {
        found.reverse();
    }
    Ok(())
}
