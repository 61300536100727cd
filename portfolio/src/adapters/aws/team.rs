//! Launching, updating and terminating, as a team does.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{ProvisioningParameter, RecordDetail, RecordStatus, UpdateProvisioningParameter};

use super::catalog::tags_to;
use super::errors::{call, found, present};
use crate::adapters::{Launch, Provisioned, RecordState, Team};
use crate::error::Result;

/// AWS Service Catalog for a team.
#[derive(Clone, Debug)]
pub struct AwsTeam {
    client: Client,
}

impl AwsTeam {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Team for AwsTeam {
    async fn launch_path(&self, product: &str, portfolio_name: &str) -> Result<Option<String>> {
        const CALL: &str = "servicecatalog:ListLaunchPaths";
        let Some(answer) = found(call(CALL, self.client.list_launch_paths().product_id(product).send()).await)? else {
            return Ok(None);
        };
        let mut paths = answer.launch_path_summaries.unwrap_or_default().into_iter();
        Ok(paths.find(|path| path.name.as_deref() == Some(portfolio_name)).and_then(|path| path.id))
    }

    async fn parameters(&self, product: &str, version: &str, path: &str) -> Result<Vec<(String, bool)>> {
        const CALL: &str = "servicecatalog:DescribeProvisioningParameters";
        let request = self
            .client
            .describe_provisioning_parameters()
            .product_id(product)
            .provisioning_artifact_id(version)
            .path_id(path);
        let answer = call(CALL, request.send()).await?;
        answer
            .provisioning_artifact_parameters
            .unwrap_or_default()
            .into_iter()
            .map(|parameter| {
                let has_default = parameter.default_value.is_some();
                Ok((present(CALL, "ParameterKey", parameter.parameter_key)?, has_default))
            })
            .collect()
    }

    async fn provision(&self, launch: &Launch, path: &str) -> Result<String> {
        const CALL: &str = "servicecatalog:ProvisionProduct";
        let parameters = launch.parameters.iter();
        let parameters =
            parameters.map(|(key, value)| ProvisioningParameter::builder().key(key).value(value).build()).collect();
        let request = self
            .client
            .provision_product()
            .product_id(&launch.product)
            .provisioning_artifact_id(&launch.version)
            .path_id(path)
            .provisioned_product_name(&launch.name)
            .set_provisioning_parameters(Some(parameters))
            .set_tags(Some(tags_to(&launch.tags)?))
            .provision_token(&launch.token);
        record_id(CALL, call(CALL, request.send()).await?.record_detail)
    }

    async fn update(&self, launch: &Launch, path: &str, keep: &[String]) -> Result<String> {
        const CALL: &str = "servicecatalog:UpdateProvisionedProduct";
        let given = launch.parameters.iter();
        let given = given.map(|(key, value)| UpdateProvisioningParameter::builder().key(key).value(value).build());
        let kept =
            keep.iter().map(|key| UpdateProvisioningParameter::builder().key(key).use_previous_value(true).build());
        let request = self
            .client
            .update_provisioned_product()
            .provisioned_product_name(&launch.name)
            .product_id(&launch.product)
            .provisioning_artifact_id(&launch.version)
            .path_id(path)
            .set_provisioning_parameters(Some(given.chain(kept).collect()))
            .set_tags((!launch.tags.is_empty()).then(|| tags_to(&launch.tags)).transpose()?)
            .update_token(&launch.token);
        record_id(CALL, call(CALL, request.send()).await?.record_detail)
    }

    async fn terminate(&self, name: &str, token: &str) -> Result<String> {
        const CALL: &str = "servicecatalog:TerminateProvisionedProduct";
        let request = self.client.terminate_provisioned_product().provisioned_product_name(name).terminate_token(token);
        record_id(CALL, call(CALL, request.send()).await?.record_detail)
    }

    async fn provisioned_named(&self, name: &str) -> Result<Option<Provisioned>> {
        const CALL: &str = "servicecatalog:DescribeProvisionedProduct";
        let request = self.client.describe_provisioned_product().name(name).send();
        let Some(answer) = found(call(CALL, request).await)? else { return Ok(None) };
        let detail = present(CALL, "ProvisionedProductDetail", answer.provisioned_product_detail)?;
        Ok(Some(Provisioned {
            id: present(CALL, "Id", detail.id)?,
            status: detail.status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            product: detail.product_id.unwrap_or_default(),
            version: detail.provisioning_artifact_id.unwrap_or_default(),
        }))
    }

    async fn record(&self, id: &str) -> Result<RecordState> {
        const CALL: &str = "servicecatalog:DescribeRecord";
        let answer = call(CALL, self.client.describe_record().id(id).send()).await?;
        let detail = present(CALL, "RecordDetail", answer.record_detail)?;
        Ok(match detail.status {
            Some(RecordStatus::Succeeded) => {
                let outputs = answer.record_outputs.unwrap_or_default().into_iter();
                let outputs: BTreeMap<String, String> = outputs
                    .filter_map(|output| Some((output.output_key?, output.output_value.unwrap_or_default())))
                    .collect();
                RecordState::Succeeded(outputs.into_iter().collect())
            }
            Some(RecordStatus::Failed) => {
                let errors = detail.record_errors.unwrap_or_default().into_iter();
                RecordState::Failed(errors.filter_map(|error| error.description.or(error.code)).collect())
            }
            _ => RecordState::Running,
        })
    }
}

fn record_id(operation: &str, detail: Option<RecordDetail>) -> Result<String> {
    present(operation, "RecordDetail.RecordId", detail.and_then(|detail| detail.record_id))
}
