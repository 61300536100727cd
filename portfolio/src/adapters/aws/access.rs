//! Principals, TagOptions, service actions and shares in AWS Service Catalog.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_servicecatalog::types::{PrincipalType, ServiceActionDefinitionKey, ServiceActionDefinitionType};

use super::AwsCatalog;
use super::catalog::some;
use super::errors::{DUPLICATE, NOT_FOUND, call, done, present};
use super::shares;
use crate::adapters::Access;
use crate::error::Result;
use crate::state::{ActionFields, PrincipalRef, ShareFlags, ShareTarget, TagOptionRef};

#[async_trait]
impl Access for AwsCatalog {
    async fn associate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()> {
        let request = self
            .client
            .associate_principal_with_portfolio()
            .portfolio_id(portfolio)
            .principal_arn(&principal.arn)
            .principal_type(principal_type(principal));
        call("servicecatalog:AssociatePrincipalWithPortfolio", request.send()).await.map(drop)
    }

    /// Without its type, a pattern would be reported as not found and keep its access.
    async fn disassociate_principal(&self, portfolio: &str, principal: &PrincipalRef) -> Result<()> {
        let request = self
            .client
            .disassociate_principal_from_portfolio()
            .portfolio_id(portfolio)
            .principal_arn(&principal.arn)
            .principal_type(principal_type(principal));
        done(call("servicecatalog:DisassociatePrincipalFromPortfolio", request.send()).await, &[NOT_FOUND])
    }

    async fn create_tag_option(&self, option: &TagOptionRef) -> Result<Option<String>> {
        const CALL: &str = "servicecatalog:CreateTagOption";
        let request = self.client.create_tag_option().key(&option.key).value(&option.value).send();
        match call(CALL, request).await {
            Ok(answer) => present(CALL, "TagOptionDetail.Id", answer.tag_option_detail.and_then(|d| d.id)).map(Some),
            Err(error) if error.aws_code() == Some(DUPLICATE) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn activate_tag_option(&self, id: &str) -> Result<()> {
        let request = self.client.update_tag_option().id(id).active(true).send();
        call("servicecatalog:UpdateTagOption", request).await.map(drop)
    }

    async fn link_tag_option(&self, id: &str, resource: &str) -> Result<()> {
        let request = self.client.associate_tag_option_with_resource().tag_option_id(id).resource_id(resource).send();
        done(call("servicecatalog:AssociateTagOptionWithResource", request).await, &[DUPLICATE])
    }

    async fn unlink_tag_option(&self, id: &str, resource: &str) -> Result<()> {
        let request =
            self.client.disassociate_tag_option_from_resource().tag_option_id(id).resource_id(resource).send();
        done(call("servicecatalog:DisassociateTagOptionFromResource", request).await, &[NOT_FOUND])
    }

    async fn create_action(&self, name: &str, fields: &ActionFields, token: &str) -> Result<String> {
        const CALL: &str = "servicecatalog:CreateServiceAction";
        let request = self
            .client
            .create_service_action()
            .name(name)
            .definition_type(ServiceActionDefinitionType::SsmAutomation)
            .set_definition(Some(definition(fields)))
            .set_description(some(&fields.description))
            .idempotency_token(token);
        let answer = call(CALL, request.send()).await?;
        let summary = answer.service_action_detail.and_then(|detail| detail.service_action_summary);
        present(CALL, "ServiceActionSummary.Id", summary.and_then(|summary| summary.id))
    }

    async fn update_action(&self, id: &str, fields: &ActionFields) -> Result<()> {
        let request = self
            .client
            .update_service_action()
            .id(id)
            .set_definition(Some(definition(fields)))
            .description(&fields.description);
        call("servicecatalog:UpdateServiceAction", request.send()).await.map(drop)
    }

    async fn link_action(&self, id: &str, product: &str, version: &str) -> Result<()> {
        let request = self
            .client
            .associate_service_action_with_provisioning_artifact()
            .service_action_id(id)
            .product_id(product)
            .provisioning_artifact_id(version);
        done(call("servicecatalog:AssociateServiceActionWithProvisioningArtifact", request.send()).await, &[DUPLICATE])
    }

    async fn unlink_action(&self, id: &str, product: &str, version: &str) -> Result<()> {
        let request = self
            .client
            .disassociate_service_action_from_provisioning_artifact()
            .service_action_id(id)
            .product_id(product)
            .provisioning_artifact_id(version);
        let result = call("servicecatalog:DisassociateServiceActionFromProvisioningArtifact", request.send()).await;
        done(result, &[NOT_FOUND])
    }

    async fn create_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>> {
        shares::create(&self.client, portfolio, target, flags).await
    }

    async fn update_share(&self, portfolio: &str, target: &ShareTarget, flags: ShareFlags) -> Result<Option<String>> {
        shares::update(&self.client, portfolio, target, flags).await
    }

    async fn delete_share(&self, portfolio: &str, target: &ShareTarget) -> Result<Option<String>> {
        shares::delete(&self.client, portfolio, target).await
    }
}

fn principal_type(principal: &PrincipalRef) -> PrincipalType {
    if principal.pattern { PrincipalType::IamPattern } else { PrincipalType::Iam }
}

fn definition(fields: &ActionFields) -> HashMap<ServiceActionDefinitionKey, String> {
    let pairs = fields.definition.iter();
    pairs.map(|(key, value)| (ServiceActionDefinitionKey::from(key.as_str()), value.clone())).collect()
}
