//! Making, changing and removing in AWS Service Catalog.

use async_trait::async_trait;
use aws_sdk_servicecatalog::types::{ProductType, ProvisioningArtifactGuidance};

use super::AwsCatalog;
use super::catalog::{new_version, some, tags_to};
use super::errors::{NOT_FOUND, call, done, present};
use crate::adapters::{CreatedProduct, NewVersion, VersionUpdate, Writes};
use crate::error::Result;
use crate::state::{ConstraintSpec, PortfolioFields, ProductFields, Tags, VersionState};

#[async_trait]
impl Writes for AwsCatalog {
    async fn create_portfolio(&self, fields: &PortfolioFields, tags: &Tags, token: &str) -> Result<String> {
        const CALL: &str = "servicecatalog:CreatePortfolio";
        let request = self
            .client
            .create_portfolio()
            .display_name(&fields.name)
            .provider_name(&fields.provider)
            .set_description(some(&fields.description))
            .set_tags(Some(tags_to(tags)?))
            .idempotency_token(token);
        let answer = call(CALL, request.send()).await?;
        present(CALL, "PortfolioDetail.Id", answer.portfolio_detail.and_then(|detail| detail.id))
    }

    async fn update_portfolio(&self, id: &str, fields: &PortfolioFields, tags: &Tags) -> Result<()> {
        let request = self
            .client
            .update_portfolio()
            .id(id)
            .display_name(&fields.name)
            .provider_name(&fields.provider)
            .description(&fields.description)
            .set_add_tags(Some(tags_to(tags)?));
        call("servicecatalog:UpdatePortfolio", request.send()).await.map(drop)
    }

    async fn delete_portfolio(&self, id: &str) -> Result<()> {
        let request = self.client.delete_portfolio().id(id).send();
        done(call("servicecatalog:DeletePortfolio", request).await, &[NOT_FOUND])
    }

    async fn create_product(
        &self,
        fields: &ProductFields,
        tags: &Tags,
        version: &NewVersion,
        token: &str,
    ) -> Result<CreatedProduct> {
        const CALL: &str = "servicecatalog:CreateProduct";
        let request = self
            .client
            .create_product()
            .name(&fields.name)
            .owner(&fields.owner)
            .set_description(some(&fields.description))
            .set_distributor(some(&fields.distributor))
            .set_support_description(some(&fields.support_description))
            .set_support_email(some(&fields.support_email))
            .set_support_url(some(&fields.support_url))
            .product_type(ProductType::CloudFormationTemplate)
            .set_tags(Some(tags_to(tags)?))
            .provisioning_artifact_parameters(new_version(version))
            .idempotency_token(token);
        let answer = call(CALL, request.send()).await?;
        let view = answer.product_view_detail.and_then(|detail| detail.product_view_summary);
        Ok(CreatedProduct {
            product: present(CALL, "ProductId", view.and_then(|view| view.product_id))?,
            version: present(
                CALL,
                "ProvisioningArtifactDetail.Id",
                answer.provisioning_artifact_detail.and_then(|d| d.id),
            )?,
        })
    }

    async fn update_product(&self, id: &str, fields: &ProductFields, tags: &Tags) -> Result<()> {
        let request = self
            .client
            .update_product()
            .id(id)
            .name(&fields.name)
            .owner(&fields.owner)
            .description(&fields.description)
            .distributor(&fields.distributor)
            .support_description(&fields.support_description)
            .support_email(&fields.support_email)
            .support_url(&fields.support_url)
            .set_add_tags(Some(tags_to(tags)?));
        call("servicecatalog:UpdateProduct", request.send()).await.map(drop)
    }

    async fn delete_product(&self, id: &str) -> Result<()> {
        let request = self.client.delete_product().id(id).send();
        done(call("servicecatalog:DeleteProduct", request).await, &[NOT_FOUND])
    }

    async fn create_version(&self, product: &str, version: &NewVersion, token: &str) -> Result<String> {
        const CALL: &str = "servicecatalog:CreateProvisioningArtifact";
        let request = self
            .client
            .create_provisioning_artifact()
            .product_id(product)
            .parameters(new_version(version))
            .idempotency_token(token);
        let answer = call(CALL, request.send()).await?;
        present(CALL, "ProvisioningArtifactDetail.Id", answer.provisioning_artifact_detail.and_then(|detail| detail.id))
    }

    async fn update_version(&self, product: &str, version: &str, update: &VersionUpdate) -> Result<()> {
        let mut request = self
            .client
            .update_provisioning_artifact()
            .product_id(product)
            .provisioning_artifact_id(version)
            .set_description(update.description.clone());
        // Guidance counts only while a version is active, so an inactive one keeps what it has.
        request = match update.state {
            None => request,
            Some(VersionState::Active) => request.active(true).guidance(ProvisioningArtifactGuidance::Default),
            Some(VersionState::Deprecated) => request.active(true).guidance(ProvisioningArtifactGuidance::Deprecated),
            Some(VersionState::Inactive) => request.active(false),
        };
        call("servicecatalog:UpdateProvisioningArtifact", request.send()).await.map(drop)
    }

    async fn delete_version(&self, product: &str, version: &str) -> Result<()> {
        let request =
            self.client.delete_provisioning_artifact().product_id(product).provisioning_artifact_id(version).send();
        done(call("servicecatalog:DeleteProvisioningArtifact", request).await, &[NOT_FOUND])
    }

    async fn associate_product(&self, product: &str, portfolio: &str) -> Result<()> {
        let request = self.client.associate_product_with_portfolio().product_id(product).portfolio_id(portfolio);
        call("servicecatalog:AssociateProductWithPortfolio", request.send()).await.map(drop)
    }

    async fn disassociate_product(&self, product: &str, portfolio: &str) -> Result<()> {
        let request = self.client.disassociate_product_from_portfolio().product_id(product).portfolio_id(portfolio);
        done(call("servicecatalog:DisassociateProductFromPortfolio", request.send()).await, &[NOT_FOUND])
    }

    async fn create_constraint(
        &self,
        portfolio: &str,
        product: &str,
        spec: &ConstraintSpec,
        token: &str,
    ) -> Result<String> {
        const CALL: &str = "servicecatalog:CreateConstraint";
        let request = self
            .client
            .create_constraint()
            .portfolio_id(portfolio)
            .product_id(product)
            .r#type(spec.kind.as_str())
            .parameters(spec.parameters.to_string())
            .set_description(some(&spec.description))
            .idempotency_token(token);
        let answer = call(CALL, request.send()).await?;
        present(CALL, "ConstraintId", answer.constraint_detail.and_then(|detail| detail.constraint_id))
    }

    async fn update_constraint(&self, id: &str, spec: &ConstraintSpec) -> Result<()> {
        let request = self
            .client
            .update_constraint()
            .id(id)
            .description(&spec.description)
            .parameters(spec.parameters.to_string());
        call("servicecatalog:UpdateConstraint", request.send()).await.map(drop)
    }

    async fn delete_constraint(&self, id: &str) -> Result<()> {
        let request = self.client.delete_constraint().id(id).send();
        done(call("servicecatalog:DeleteConstraint", request).await, &[NOT_FOUND])
    }
}
