//! From a project to what should be, in one account and region.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::error::Result;
use crate::launch::{role_fields, role_name};
use crate::manifest::{ActionEntry, At, Launch, Principal, ProductEntry, TagUpdates};
use crate::product::Support;
use crate::project::{LoadedProduct, Project};
use crate::state::{
    ActionFields, ConstraintKind, ConstraintSpec, Desired, PortfolioFields, PrincipalRef, ProductFields, ProductSpec,
    ShareFlags, TAG_KEY, TAG_MANAGED, TAG_MANAGED_VALUE, TagOptionRef, Tags, Target, VersionSpec,
};

/// What the project wants at a target.
///
/// # Errors
/// `role-uncovered` when a launch role cannot be computed.
pub fn desired(project: &Project, target: &Target) -> Result<Desired> {
    let manifest = &project.file.manifest;
    let section = &manifest.portfolio;
    let mut roles = BTreeMap::new();
    for loaded in &project.products {
        if project.launch(loaded) == Launch::Computed {
            roles.insert(role_name(&loaded.product.key), role_fields(project, loaded, target)?);
        }
    }
    let options = manifest.tag_options.iter();
    let all_options = |only_portfolio: bool| -> BTreeSet<TagOptionRef> {
        let chosen = options.clone().filter(|option| option.on_portfolio || !only_portfolio);
        chosen.flat_map(|option| option_refs(&option.key, &option.values)).collect()
    };
    let fill = |text: &str| text.replace("{account}", &target.account).replace("{region}", &target.region);
    Ok(Desired {
        target: target.clone(),
        key: section.key.value.clone(),
        fields: PortfolioFields {
            name: section.name.value.clone(),
            provider: section.provider.value.clone(),
            description: section.description.as_ref().map(|text| text.trim().to_owned()).unwrap_or_default(),
        },
        tags: own_tags(values(&section.tags), &section.key),
        bucket: fill(&manifest.artifacts.bucket),
        prefix: manifest.artifacts.prefix.clone(),
        products: project.products.iter().map(|loaded| product(project, loaded, target)).collect(),
        tag_options: all_options(false),
        portfolio_tag_options: all_options(true),
        principals: manifest.principals.iter().map(|at| principal(&at.value)).collect(),
        shares: manifest
            .shares
            .iter()
            .map(|share| {
                let flags = ShareFlags { tag_options: share.tag_options, principals: share.principals };
                (share.with.value.clone(), flags)
            })
            .collect(),
        actions: manifest.actions.iter().map(|action| (action.name.value.clone(), action_fields(action))).collect(),
        roles,
    })
}

fn product(project: &Project, loaded: &LoadedProduct, target: &Target) -> ProductSpec {
    let manifest = &project.file.manifest;
    let file = &loaded.product.file;
    let entry = project.entry(loaded);
    let mut tags = values(&manifest.portfolio.tags);
    tags.extend(file.tags.clone());
    tags.extend(entry.map(|entry| values(&entry.tags)).unwrap_or_default());
    let support = file.support.as_ref();
    let support = |field: fn(&Support) -> &Option<At<String>>| {
        support.and_then(|support| field(support).as_ref()).map(|at| at.value.clone()).unwrap_or_default()
    };
    let key = loaded.product.key.clone();
    let prefix = manifest.artifacts.prefix.trim_matches('/');
    let wanted: BTreeSet<&str> =
        entry.into_iter().flat_map(|entry| &entry.tag_options).map(|key| key.as_str()).collect();
    let options = manifest.tag_options.iter().filter(|option| wanted.contains(option.key.as_str()));
    ProductSpec {
        fields: ProductFields {
            name: file.name.value.clone(),
            owner: file.owner.value.clone(),
            description: file.description.trim().to_owned(),
            distributor: file.distributor.as_ref().map(|at| at.value.clone()).unwrap_or_default(),
            support_description: support(|support| &support.description),
            support_email: support(|support| &support.email),
            support_url: support(|support| &support.url),
        },
        tags: own_tags(tags, &Desired::product_tag(&manifest.portfolio.key, &key)),
        versions: loaded
            .versions
            .iter()
            .map(|version| VersionSpec {
                name: version.file.name.value.clone(),
                description: version.file.description.trim().to_owned(),
                sha256: version.template.sha256.clone(),
                state: version.state,
                object_key: format!("{prefix}/{key}/{}/{}.yaml", *version.file.name, version.template.sha256),
                template: version.template.text.clone(),
            })
            .collect(),
        constraints: constraints(entry, &project.launch(loaded), &key, !manifest.shares.is_empty(), target),
        tag_options: options.flat_map(|option| option_refs(&option.key, &option.values)).collect(),
        actions: entry.into_iter().flat_map(|entry| &entry.actions).map(|name| name.value.clone()).collect(),
        key,
    }
}

/// The launch constraint first: it decides whether the others make sense.
///
/// [Parameters of a constraint](https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html)
fn constraints(
    entry: Option<&ProductEntry>,
    launch: &Launch,
    key: &str,
    shared: bool,
    target: &Target,
) -> Vec<ConstraintSpec> {
    let mut list = Vec::new();
    let mut add = |kind, description: &str, parameters: Value| {
        list.push(ConstraintSpec { kind, description: description.to_owned(), parameters });
    };
    let launched_by = match launch {
        // A role given by its ARN exists in one account only; the receiving accounts have one of the same name.
        Launch::Computed if shared => Some(json!({ "LocalRoleName": role_name(key) })),
        Launch::Computed => {
            let arn = format!("arn:{}:iam::{}:role/{}", target.partition, target.account, role_name(key));
            Some(json!({ "RoleArn": arn }))
        }
        Launch::RoleArn(arn) => Some(json!({ "RoleArn": arn })),
        Launch::LocalRoleName(name) => Some(json!({ "LocalRoleName": name })),
        Launch::None => None,
    };
    if let Some(parameters) = launched_by {
        add(ConstraintKind::Launch, "Launch role", parameters);
    }
    let Some(entry) = entry else { return list };
    if let Some(set) = &entry.stack_set {
        let properties = json!({
            "AccountList": set.accounts, "RegionList": set.regions,
            "AdminRole": set.admin_role, "ExecutionRole": set.execution_role
        });
        add(ConstraintKind::Stackset, "Stack set", json!({ "Version": "2.0", "Properties": properties }));
    }
    for rule in &entry.template {
        add(ConstraintKind::Template, &rule.description, json!({ "Rules": rule.rules.value }));
    }
    if let Some(notification) = &entry.notification {
        add(ConstraintKind::Notification, "Notifications", json!({ "NotificationArns": notification.topics }));
    }
    if let Some(updates) = entry.tag_updates {
        let value = if updates == TagUpdates::Allowed { "ALLOWED" } else { "NOT_ALLOWED" };
        let properties = json!({ "TagUpdateOnProvisionedProduct": value });
        add(ConstraintKind::ResourceUpdate, "Tag updates", json!({ "Version": "2.0", "Properties": properties }));
    }
    list
}

fn own_tags(mut tags: Tags, key: &str) -> Tags {
    tags.insert(TAG_MANAGED.to_owned(), TAG_MANAGED_VALUE.to_owned());
    tags.insert(TAG_KEY.to_owned(), key.to_owned());
    tags
}

fn values(tags: &BTreeMap<String, At<String>>) -> Tags {
    tags.iter().map(|(key, value)| (key.clone(), value.value.clone())).collect()
}

fn option_refs(key: &At<String>, values: &[At<String>]) -> Vec<TagOptionRef> {
    values.iter().map(|value| TagOptionRef { key: key.value.clone(), value: value.value.clone() }).collect()
}

fn principal(principal: &Principal) -> PrincipalRef {
    match principal {
        Principal::Arn(arn) => PrincipalRef { arn: arn.clone(), pattern: false },
        Principal::Pattern(arn) => PrincipalRef { arn: arn.clone(), pattern: true },
    }
}

fn action_fields(action: &ActionEntry) -> ActionFields {
    let mut definition = BTreeMap::from([
        ("Name".to_owned(), action.document.value.clone()),
        ("Version".to_owned(), action.document_version.clone()),
    ]);
    if let Some(role) = &action.assume_role {
        definition.insert("AssumeRole".to_owned(), role.clone());
    }
    ActionFields { description: action.description.clone().unwrap_or_default(), definition }
}
