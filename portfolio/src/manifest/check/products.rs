//! Rules on products, their constraints, TagOptions and service actions.

use std::collections::BTreeSet;

use super::Findings;
use crate::error::Code;
use crate::manifest::{ActionEntry, Launch, Manifest, ProductEntry, TagOptionEntry};

/// AWS allows 25 values for a TagOption and 25 TagOptions for a resource.
const TAG_OPTIONS_MAX: usize = 25;

pub(super) fn check(findings: &mut Findings<'_>, manifest: &Manifest) {
    findings.unique("product", manifest.products.iter().map(|entry| (&entry.path, entry.path.value.clone())));
    let limit = manifest.quotas.products_per_portfolio;
    if let Some(first_over) = manifest.products.get(limit) {
        let message = format!("{} products; the quota is {limit} for a portfolio", manifest.products.len());
        findings.push(Code::QuotaExceeded, &first_over.path, message, "one too many");
    }
    tag_options(findings, &manifest.tag_options);
    actions(findings, &manifest.actions);
    for entry in &manifest.products {
        product(findings, manifest, entry);
    }
}

fn product(findings: &mut Findings<'_>, manifest: &Manifest, entry: &ProductEntry) {
    findings.tags(&entry.tags, manifest.portfolio.tags.len());
    versions(findings, manifest, entry);
    launch(findings, manifest, entry);
    constraints(findings, entry);
    let known: BTreeSet<&str> = manifest.tag_options.iter().map(|option| option.key.as_str()).collect();
    for key in &entry.tag_options {
        if !known.contains(key.as_str()) {
            let message = format!("TagOption `{}` is not defined under `tagOptions`", **key);
            findings.push(Code::ManifestReference, key, message, "not defined");
        }
    }
    let known: BTreeSet<&str> = manifest.actions.iter().map(|action| action.name.as_str()).collect();
    for name in &entry.actions {
        if !known.contains(name.as_str()) {
            let message = format!("service action `{}` is not defined under `actions`", **name);
            findings.push(Code::ManifestReference, name, message, "not defined");
        }
    }
}

fn versions(findings: &mut Findings<'_>, manifest: &Manifest, entry: &ProductEntry) {
    let Some(versions) = &entry.versions else { return };
    findings.unique("version", versions.iter().map(|entry| (&entry.version, entry.version.value.clone())));
    if versions.is_empty() {
        let message = format!("product `{}` lists no version", *entry.path);
        findings.value(&entry.path, message, "list at least one version, or leave `versions` out");
    }
    if let Some(first_over) = versions.get(manifest.quotas.versions_per_product) {
        let limit = manifest.quotas.versions_per_product;
        let message = format!("{} versions; the quota is {limit} for a product", versions.len());
        findings.push(Code::QuotaExceeded, &first_over.version, message, "one too many");
    }
}

/// [Launch constraints](https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html).
fn launch(findings: &mut Findings<'_>, manifest: &Manifest, entry: &ProductEntry) {
    let Some(at) = &entry.launch else { return };
    if entry.stack_set.is_some() && at.value != Launch::None {
        findings.value(
            at,
            "a product cannot have both a launch role and a stack set".to_owned(),
            "remove one of the two",
        );
    }
    match &at.value {
        Launch::RoleArn(arn) => {
            if !is_role_arn(arn) {
                findings.value(
                    at,
                    format!("`{arn}` is not the ARN of a role"),
                    "such as arn:aws:iam::123456789012:role/Launch",
                );
            }
            if !manifest.shares.is_empty() {
                findings.warn(
                    at,
                    "a launch role given by ARN does not exist in the accounts the portfolio is shared with",
                    "one fixed account",
                    "Use `localRoleName`, and make a role of that name in every account.",
                );
            }
        }
        Launch::LocalRoleName(name) if !is_role_name(name) => {
            let label = "use 1 to 64 of a-z A-Z 0-9 + = , . @ _ -, without a path";
            findings.value(at, format!("`{name}` is not a role name"), label);
        }
        Launch::None => findings.warn(
            at,
            "without a launch role, people need every permission the template uses",
            "no launch role",
            "Use `launch: computed`.",
        ),
        Launch::Computed | Launch::LocalRoleName(_) => {}
    }
}

fn constraints(findings: &mut Findings<'_>, entry: &ProductEntry) {
    findings.unique(
        "template constraint",
        entry.template.iter().map(|rule| (&rule.description, rule.description.value.clone())),
    );
    for rule in &entry.template {
        findings.length(&rule.description, "the description of a template constraint", 2000);
        if rule.rules.is_empty() {
            findings.value(&rule.rules, "a template constraint needs at least one rule".to_owned(), "no rule");
        }
    }
    if let Some(notification) = &entry.notification {
        let bad = notification.topics.iter().find(|topic| !topic.starts_with("arn:") || !topic.contains(":sns:"));
        if let Some(topic) = bad {
            findings.value(notification, format!("`{topic}` is not the ARN of an SNS topic"), "this notification");
        }
    }
    if let Some(set) = &entry.stack_set {
        if let Some(account) = set.accounts.iter().find(|account| !super::is_account(account)) {
            findings.value(set, format!("`{account}` is not an account id"), "this stack set");
        }
        if !is_role_arn(&set.admin_role) {
            findings.value(set, format!("`{}` is not the ARN of a role", set.admin_role), "this stack set");
        }
    }
}

fn tag_options(findings: &mut Findings<'_>, options: &[TagOptionEntry]) {
    findings.unique("TagOption", options.iter().map(|option| (&option.key, option.key.value.clone())));
    for option in options {
        findings.length(&option.key, "a TagOption's key", 128);
        findings.unique("value", option.values.iter().map(|value| (value, value.value.clone())));
        for value in &option.values {
            findings.length(value, "a TagOption's value", 256);
        }
        if option.values.is_empty() || option.values.len() > TAG_OPTIONS_MAX {
            let message = format!("TagOption `{}` must have 1 to {TAG_OPTIONS_MAX} values", *option.key);
            findings.push(Code::QuotaExceeded, &option.key, message, "this TagOption");
        }
    }
}

fn actions(findings: &mut Findings<'_>, actions: &[ActionEntry]) {
    findings.unique("service action", actions.iter().map(|action| (&action.name, action.name.value.clone())));
    for action in actions {
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if action.name.is_empty() || action.name.len() > 256 || !action.name.chars().all(legal) {
            let label = "use 1 to 256 of a-z A-Z 0-9 _ - .";
            findings.value(&action.name, format!("`{}` is not a service action name", *action.name), label);
        }
    }
}

fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", partition, "iam", "", account, role]
        if partition.starts_with("aws") && super::is_account(account) && role.starts_with("role/"))
}

fn is_role_name(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    (1..=64).contains(&text.len()) && text.chars().all(legal)
}
