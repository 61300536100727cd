//! AWS Service Catalog: the client, and conversions that several calls share.

use std::collections::HashMap;

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    ProductViewSummary, ProvisioningArtifactDetail, ProvisioningArtifactGuidance, ProvisioningArtifactProperties,
    ProvisioningArtifactType, Status, Tag, TagOptionDetail,
};

use super::errors::present;
use crate::adapters::{NewVersion, Ready};
use crate::error::Result;
use crate::state::{ObservedVersion, ProductFields, TagOptionRef, Tags, VersionState, hash_in_description};

/// AWS Service Catalog for an admin.
#[derive(Clone, Debug)]
pub struct AwsCatalog {
    pub(super) client: Client,
}

impl AwsCatalog {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }
}

/// Real products report `CREATED`, which AWS's model does not list.
pub(super) fn ready(status: Option<&Status>) -> Ready {
    match status.map(Status::as_str) {
        Some("AVAILABLE" | "CREATED") => Ready::Yes,
        Some("FAILED") => Ready::Failed,
        _ => Ready::NotYet,
    }
}

pub(super) fn tags_from(tags: Option<Vec<Tag>>) -> Tags {
    tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect()
}

pub(super) fn tags_to(tags: &Tags) -> Result<Vec<Tag>> {
    tags.iter()
        .map(|(key, value)| {
            Tag::builder().key(key).value(value).build().map_err(|error| {
                crate::error::Error::new(crate::error::Code::ManifestValue, format!("tag `{key}`: {error}"))
            })
        })
        .collect()
}

/// A TagOption with its id and whether it is active.
pub(super) fn tag_option(detail: TagOptionDetail) -> Result<(TagOptionRef, String, bool)> {
    const CALL: &str = "servicecatalog:ListTagOptions";
    let option = TagOptionRef { key: present(CALL, "Key", detail.key)?, value: present(CALL, "Value", detail.value)? };
    Ok((option, present(CALL, "Id", detail.id)?, detail.active.unwrap_or(true)))
}

pub(super) fn linked_options(details: Option<Vec<TagOptionDetail>>) -> Result<Vec<(TagOptionRef, String)>> {
    details
        .unwrap_or_default()
        .into_iter()
        .map(|detail| tag_option(detail).map(|(option, id, _)| (option, id)))
        .collect()
}

pub(super) fn product_fields(view: ProductViewSummary) -> ProductFields {
    ProductFields {
        name: view.name.unwrap_or_default(),
        owner: view.owner.unwrap_or_default(),
        description: view.short_description.unwrap_or_default(),
        distributor: view.distributor.unwrap_or_default(),
        support_description: view.support_description.unwrap_or_default(),
        support_email: view.support_email.unwrap_or_default(),
        support_url: view.support_url.unwrap_or_default(),
    }
}

pub(super) fn observed_version(detail: ProvisioningArtifactDetail) -> Result<ObservedVersion> {
    const CALL: &str = "servicecatalog:ListProvisioningArtifacts";
    let description = detail.description.unwrap_or_default();
    let deprecated = detail.guidance == Some(ProvisioningArtifactGuidance::Deprecated);
    Ok(ObservedVersion {
        id: present(CALL, "Id", detail.id)?,
        name: detail.name.unwrap_or_default(),
        sha256: hash_in_description(&description),
        description,
        state: match detail.active {
            Some(false) => VersionState::Inactive,
            _ if deprecated => VersionState::Deprecated,
            _ => VersionState::Active,
        },
        created: detail.created_time.and_then(|time| time.to_millis().ok()).unwrap_or(0),
    })
}

/// `LoadTemplateFromURL` makes AWS validate the template, since validation is not switched off.
pub(super) fn new_version(version: &NewVersion) -> ProvisioningArtifactProperties {
    let info = HashMap::from([("LoadTemplateFromURL".to_owned(), version.url.clone())]);
    ProvisioningArtifactProperties::builder()
        .name(&version.name)
        .description(&version.description)
        .set_info(Some(info))
        .r#type(ProvisioningArtifactType::CloudFormationTemplate)
        .build()
}

/// AWS refuses an empty text where it allows none at all.
pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
