//! Reading from AWS Service Catalog. Every list is read to its last page.

use async_trait::async_trait;
use aws_sdk_servicecatalog::types::{
    AccessLevelFilter, AccessLevelFilterKey, AccessStatus, ListTagOptionsFilters, PrincipalType,
};
use serde_json::Value;

use super::AwsCatalog;
use super::catalog::{linked_options, observed_version, product_fields, ready, tag_option, tags_from};
use super::errors::{call, found, present};
use super::shares;
use crate::adapters::{
    ConstraintRow, PortfolioDetail, ProductDetail, ProvisionedUse, Reads, Ready, ShareProgress, Summary,
};
use crate::error::{Code, Error, Result};
use crate::state::{
    ActionFields, ConstraintKind, ObservedVersion, PortfolioFields, PrincipalRef, ShareFlags, ShareTarget, TagOptionRef,
};

/// Reads every page of a list. `$next` is the token field of the answer.
macro_rules! pages {
    ($name:literal, $next:ident, $request:expr) => {{
        let mut answers = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = call($name, $request.set_page_token(token).send()).await?;
            token = answer.$next.clone().filter(|token| !token.is_empty());
            answers.push(answer);
            if token.is_none() {
                break answers;
            }
        }
    }};
}
pub(super) use pages;

/// The most that a page of most lists may hold, and that of the others.
const PAGE: i32 = 20;
pub(super) const LONG_PAGE: i32 = 100;

#[async_trait]
impl Reads for AwsCatalog {
    async fn portfolios(&self) -> Result<Vec<Summary>> {
        let answers = pages!(
            "servicecatalog:ListPortfolios",
            next_page_token,
            self.client.list_portfolios().page_size(LONG_PAGE)
        );
        let details = answers.into_iter().flat_map(|answer| answer.portfolio_details.unwrap_or_default());
        details.map(|detail| summary("servicecatalog:ListPortfolios", detail.id, detail.display_name)).collect()
    }

    async fn portfolio(&self, id: &str) -> Result<Option<PortfolioDetail>> {
        const CALL: &str = "servicecatalog:DescribePortfolio";
        let Some(answer) = found(call(CALL, self.client.describe_portfolio().id(id).send()).await)? else {
            return Ok(None);
        };
        let detail = present(CALL, "PortfolioDetail", answer.portfolio_detail)?;
        Ok(Some(PortfolioDetail {
            fields: PortfolioFields {
                name: detail.display_name.unwrap_or_default(),
                provider: detail.provider_name.unwrap_or_default(),
                description: detail.description.unwrap_or_default(),
            },
            tags: tags_from(answer.tags),
            tag_options: linked_options(answer.tag_options)?,
        }))
    }

    async fn products(&self, portfolio: Option<&str>) -> Result<Vec<Summary>> {
        const CALL: &str = "servicecatalog:SearchProductsAsAdmin";
        let answers = pages!(
            "servicecatalog:SearchProductsAsAdmin",
            next_page_token,
            self.client.search_products_as_admin().set_portfolio_id(portfolio.map(str::to_owned)).page_size(PAGE)
        );
        let views = answers.into_iter().flat_map(|answer| answer.product_view_details.unwrap_or_default());
        views
            .map(|view| {
                let summary_of = present(CALL, "ProductViewSummary", view.product_view_summary)?;
                summary(CALL, summary_of.product_id, summary_of.name)
            })
            .collect()
    }

    async fn product(&self, id: &str) -> Result<Option<ProductDetail>> {
        const CALL: &str = "servicecatalog:DescribeProductAsAdmin";
        let request = self.client.describe_product_as_admin().id(id).send();
        let Some(answer) = found(call(CALL, request).await)? else { return Ok(None) };
        let detail = present(CALL, "ProductViewDetail", answer.product_view_detail)?;
        let ready = ready(detail.status.as_ref());
        let view = present(CALL, "ProductViewSummary", detail.product_view_summary)?;
        Ok(Some(ProductDetail {
            fields: product_fields(view),
            tags: tags_from(answer.tags),
            tag_options: linked_options(answer.tag_options)?,
            ready,
        }))
    }

    /// AWS answers a token here but takes none, so the one page is all there is.
    async fn versions(&self, product: &str) -> Result<Vec<ObservedVersion>> {
        const CALL: &str = "servicecatalog:ListProvisioningArtifacts";
        let request = self.client.list_provisioning_artifacts().product_id(product).send();
        let answer = call(CALL, request).await?;
        let details = answer.provisioning_artifact_details.unwrap_or_default();
        let mut versions = details.into_iter().map(observed_version).collect::<Result<Vec<_>>>()?;
        versions.sort_by_key(|version| (version.created, numbers_in(&version.name)));
        Ok(versions)
    }

    async fn version(&self, product: &str, version: &str) -> Result<Option<(Ready, Option<String>)>> {
        const CALL: &str = "servicecatalog:DescribeProvisioningArtifact";
        let request =
            self.client.describe_provisioning_artifact().product_id(product).provisioning_artifact_id(version).send();
        let Some(answer) = found(call(CALL, request).await)? else { return Ok(None) };
        // The model calls it LoadTemplateFromURL; AWS answers TemplateUrl.
        let url =
            answer.info.and_then(|mut info| info.remove("TemplateUrl").or_else(|| info.remove("LoadTemplateFromURL")));
        Ok(Some((ready(answer.status.as_ref()), url)))
    }

    async fn portfolios_of(&self, product: &str) -> Result<Vec<Summary>> {
        const CALL: &str = "servicecatalog:ListPortfoliosForProduct";
        let answers = pages!(
            "servicecatalog:ListPortfoliosForProduct",
            next_page_token,
            self.client.list_portfolios_for_product().product_id(product).page_size(LONG_PAGE)
        );
        let details = answers.into_iter().flat_map(|answer| answer.portfolio_details.unwrap_or_default());
        details.map(|detail| summary(CALL, detail.id, detail.display_name)).collect()
    }

    async fn constraints(&self, portfolio: &str) -> Result<Vec<ConstraintRow>> {
        const CALL: &str = "servicecatalog:ListConstraintsForPortfolio";
        let answers = pages!(
            "servicecatalog:ListConstraintsForPortfolio",
            next_page_token,
            self.client.list_constraints_for_portfolio().portfolio_id(portfolio).page_size(PAGE)
        );
        let mut rows = Vec::new();
        for detail in answers.into_iter().flat_map(|answer| answer.constraint_details.unwrap_or_default()) {
            // A kind this tool does not know is not one it manages.
            let Some(kind) = detail.r#type.as_deref().and_then(ConstraintKind::parse) else { continue };
            rows.push(ConstraintRow {
                id: present(CALL, "ConstraintId", detail.constraint_id)?,
                product: present(CALL, "ProductId", detail.product_id)?,
                kind,
                description: detail.description.unwrap_or_default(),
            });
        }
        Ok(rows)
    }

    async fn constraint(&self, id: &str) -> Result<Option<(Ready, Value)>> {
        const CALL: &str = "servicecatalog:DescribeConstraint";
        let Some(answer) = found(call(CALL, self.client.describe_constraint().id(id).send()).await)? else {
            return Ok(None);
        };
        let text = present(CALL, "ConstraintParameters", answer.constraint_parameters)?;
        let parameters = serde_json::from_str(&text).map_err(|error| {
            Error::new(Code::AnswerIncomplete, format!("the parameters of constraint {id} are not JSON: {error}"))
        })?;
        Ok(Some((ready(answer.status.as_ref()), parameters)))
    }

    async fn principals(&self, portfolio: &str) -> Result<Vec<PrincipalRef>> {
        const CALL: &str = "servicecatalog:ListPrincipalsForPortfolio";
        let answers = pages!(
            "servicecatalog:ListPrincipalsForPortfolio",
            next_page_token,
            self.client.list_principals_for_portfolio().portfolio_id(portfolio).page_size(PAGE)
        );
        let principals = answers.into_iter().flat_map(|answer| answer.principals.unwrap_or_default());
        principals
            .map(|principal| {
                Ok(PrincipalRef {
                    arn: present(CALL, "PrincipalARN", principal.principal_arn)?,
                    pattern: principal.principal_type == Some(PrincipalType::IamPattern),
                })
            })
            .collect()
    }

    async fn tag_options(&self) -> Result<Vec<(TagOptionRef, String, bool)>> {
        let answers = pages!(
            "servicecatalog:ListTagOptions",
            page_token,
            self.client.list_tag_options().filters(ListTagOptionsFilters::builder().build()).page_size(PAGE)
        );
        answers.into_iter().flat_map(|answer| answer.tag_option_details.unwrap_or_default()).map(tag_option).collect()
    }

    async fn actions(&self) -> Result<Vec<Summary>> {
        const CALL: &str = "servicecatalog:ListServiceActions";
        let answers = pages!(
            "servicecatalog:ListServiceActions",
            next_page_token,
            self.client.list_service_actions().page_size(PAGE)
        );
        let actions = answers.into_iter().flat_map(|answer| answer.service_action_summaries.unwrap_or_default());
        actions.map(|action| summary(CALL, action.id, action.name)).collect()
    }

    async fn action(&self, id: &str) -> Result<Option<ActionFields>> {
        const CALL: &str = "servicecatalog:DescribeServiceAction";
        let Some(answer) = found(call(CALL, self.client.describe_service_action().id(id).send()).await)? else {
            return Ok(None);
        };
        let detail = present(CALL, "ServiceActionDetail", answer.service_action_detail)?;
        let definition = detail.definition.unwrap_or_default();
        Ok(Some(ActionFields {
            description: detail.service_action_summary.and_then(|summary| summary.description).unwrap_or_default(),
            definition: definition.into_iter().map(|(key, value)| (key.as_str().to_owned(), value)).collect(),
        }))
    }

    async fn action_links(&self, id: &str) -> Result<Vec<(String, String)>> {
        let answers = pages!(
            "servicecatalog:ListProvisioningArtifactsForServiceAction",
            next_page_token,
            self.client.list_provisioning_artifacts_for_service_action().service_action_id(id).page_size(PAGE)
        );
        let views = answers.into_iter().flat_map(|answer| answer.provisioning_artifact_views.unwrap_or_default());
        let ids =
            views.filter_map(|view| Some((view.product_view_summary?.product_id?, view.provisioning_artifact?.id?)));
        Ok(ids.collect())
    }

    async fn shares(&self, portfolio: &str) -> Result<Vec<(ShareTarget, ShareFlags)>> {
        shares::list(&self.client, portfolio).await
    }

    async fn share_progress(&self, token: &str) -> Result<ShareProgress> {
        shares::progress(&self.client, token).await
    }

    async fn organizations_access(&self) -> Result<bool> {
        const CALL: &str = "servicecatalog:GetAWSOrganizationsAccessStatus";
        let answer = call(CALL, self.client.get_aws_organizations_access_status().send()).await?;
        Ok(answer.access_status == Some(AccessStatus::Enabled))
    }

    async fn provisioned(&self) -> Result<Vec<ProvisionedUse>> {
        const CALL: &str = "servicecatalog:SearchProvisionedProducts";
        let everyone = AccessLevelFilter::builder().key(AccessLevelFilterKey::Account).value("self").build();
        let answers = pages!(
            "servicecatalog:SearchProvisionedProducts",
            next_page_token,
            self.client.search_provisioned_products().access_level_filter(everyone.clone()).page_size(LONG_PAGE)
        );
        let products = answers.into_iter().flat_map(|answer| answer.provisioned_products.unwrap_or_default());
        products
            .map(|product| {
                Ok(ProvisionedUse {
                    id: present(CALL, "Id", product.id)?,
                    name: product.name.unwrap_or_default(),
                    product: product.product_id.unwrap_or_default(),
                    version: product.provisioning_artifact_id.unwrap_or_default(),
                    status: product.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
                })
            })
            .collect()
    }
}

/// `1.10.0` comes after `1.9.0`; it decides between versions of the same moment.
fn numbers_in(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn summary(operation: &str, id: Option<String>, name: Option<String>) -> Result<Summary> {
    Ok(Summary { id: present(operation, "Id", id)?, name: name.unwrap_or_default() })
}
