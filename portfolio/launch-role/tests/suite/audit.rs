//! What a reviewer would look for, on every product of the repository and every type of the data files.

use std::collections::BTreeSet;

use crate::common;
use edgeseal_launch_role::catalog::Catalog;
use edgeseal_launch_role::{
    INLINE_LIMIT, LaunchRole, MANAGED_LIMIT, Options, Placement, Policy, TRUSTED_SERVICE, discover, render,
};

/// CloudFormation takes a template body of at most this many bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const TEMPLATE_BODY: usize = 51_200;

fn roles() -> Vec<(String, LaunchRole)> {
    discover(&common::products())
        .unwrap()
        .into_iter()
        .map(|product| (product.name.clone(), product.launch_role(&Options::default()).unwrap()))
        .collect()
}

#[test]
fn the_launch_roles_of_the_products_are_up_to_date() {
    let path = common::products().join("launch-roles.yaml");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(
        written == render(&roles()).unwrap(),
        "products/launch-roles.yaml is stale; run: cargo run -p edgeseal-launch-role -- generate products"
    );
    assert!(written.len() <= TEMPLATE_BODY, "{} bytes are more than CloudFormation takes", written.len());
    assert!(written.contains(TRUSTED_SERVICE));
}

#[test]
fn no_action_has_a_wildcard_but_the_two_that_lambda_at_edge_asks_for() {
    let documented = BTreeSet::from(["lambda:DisableReplication*", "lambda:EnableReplication*"]);
    for (product, role) in roles() {
        for action in role.actions().into_iter().filter(|action| action.contains(['*', '?'])) {
            assert!(documented.contains(action), "{product} grants {action}");
        }
    }
}

#[test]
fn only_actions_that_cannot_be_limited_are_granted_on_everything() {
    let catalog = Catalog::builtin().unwrap();
    for (product, role) in roles() {
        for grant in role.grants() {
            let everything = grant.resources.iter().any(|arn| arn.to_string() == "*");
            let why = catalog.unscoped_reason(&grant.action);
            assert_eq!(everything, why.is_some(), "{product} {}", grant.action);
            assert_eq!(grant.unscoped_because.is_some(), everything, "{product} {}", grant.action);
        }
    }
}

#[test]
fn dangerous_actions_carry_a_condition() {
    for (product, role) in roles() {
        for grant in role.grants() {
            let keys: Vec<&str> = grant.condition.values().flat_map(|keys| keys.keys().map(String::as_str)).collect();
            let needs = match grant.action.as_str() {
                "iam:PassRole" => "iam:PassedToService",
                "iam:CreateServiceLinkedRole" => "iam:AWSServiceName",
                "iam:CreateRole" | "iam:PutRolePolicy" | "iam:PutRolePermissionsBoundary" => "iam:PermissionsBoundary",
                "iam:AttachRolePolicy" => "iam:PolicyARN",
                action if action.starts_with("kms:") => "kms:ViaService",
                _ => continue,
            };
            assert!(keys.contains(&needs), "{product} {} without {needs}", grant.action);
        }
    }
}

#[test]
fn no_product_can_delete_objects_or_read_them_at_will() {
    for (product, role) in roles() {
        let actions = role.actions();
        for never in ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "iam:DeleteRolePermissionsBoundary"]
        {
            assert!(!actions.contains(never), "{product} grants {never}");
        }
    }
}

#[test]
fn every_grant_says_who_asked_for_it_and_where_that_is_documented() {
    for (product, role) in roles() {
        for grant in role.grants() {
            assert!(!grant.reasons.is_empty(), "{product} {}", grant.action);
            for reason in &grant.reasons {
                assert!(reason.source.starts_with("https://docs.aws.amazon.com/"), "{}", reason.source);
                assert_eq!(reason.at.is_none(), reason.resource == "ServiceCatalog", "{product} {reason}");
            }
        }
    }
}

#[test]
fn no_action_of_a_service_is_described_for_nothing() {
    let catalog = Catalog::builtin().unwrap();
    let mut used = BTreeSet::new();
    for entry in catalog.types() {
        used.extend([&entry.create, &entry.update, &entry.delete, &entry.read, &entry.tags].into_iter().flatten());
        for property in &entry.properties {
            let actions = [&property.create, &property.update, &property.delete, &property.read];
            used.extend(actions.into_iter().flatten());
        }
    }
    for (prefix, service) in catalog.services() {
        let scoped = service.kinds.values().flat_map(|kind| &kind.actions);
        for action in scoped.chain(&service.unscoped).chain(service.unscoped_because.keys()) {
            assert!(used.contains(&format!("{prefix}:{action}")), "{prefix}:{action}");
        }
    }
}

#[test]
fn sids_are_unique_and_made_of_letters_and_digits() {
    for (product, role) in roles() {
        let policy = role.policy().unwrap();
        let sids: BTreeSet<&str> = policy.statements.iter().map(|statement| statement.sid.as_str()).collect();
        assert_eq!(sids.len(), policy.statements.len(), "{product}");
        assert!(sids.iter().all(|sid| !sid.is_empty() && sid.chars().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
    }
}

#[test]
fn every_action_of_the_data_files_is_one_that_services_describe() {
    let catalog = Catalog::builtin().unwrap();
    for entry in catalog.types() {
        let property =
            entry.properties.iter().flat_map(|p| p.create.iter().chain(&p.update).chain(&p.delete).chain(&p.read));
        let own = entry.create.iter().chain(&entry.update).chain(&entry.delete).chain(&entry.read).chain(&entry.tags);
        for action in own.chain(property) {
            catalog.kinds_of(action).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        }
        for kind in entry.scope.keys().chain(entry.properties.iter().flat_map(|property| property.scope.keys())) {
            catalog.kind(kind).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        }
        for scope in entry.scope.values().filter(|scope| scope.fixed.is_some()) {
            assert!(scope.why.is_some(), "{}: a fixed scope without a reason", entry.name);
        }
    }
}

/// A role for so many tables with long names.
fn tables(count: usize) -> LaunchRole {
    let mut text = String::from("Resources:\n");
    for index in 0..count {
        let name = format!("table-{index:04}-{}", "x".repeat(100));
        text.push_str(&format!("  T{index}:\n    Type: AWS::DynamoDB::Table\n    Properties: {{TableName: {name}}}\n"));
    }
    common::role(&text)
}

#[test]
fn what_is_too_long_for_an_inline_policy_goes_into_managed_policies_that_fit() {
    assert!(matches!(tables(2).place().unwrap(), Placement::Inline(_)));
    let role = tables(100);
    assert!(role.policy().unwrap().characters().unwrap() > INLINE_LIMIT);
    let Placement::Managed(policies) = role.place().unwrap() else { panic!("too long for inline") };
    assert!(policies.len() > 1);
    assert!(policies.iter().map(Policy::characters).all(|size| size.unwrap() <= MANAGED_LIMIT));
    let arns = |policy: &Policy| -> BTreeSet<String> {
        policy.statements.iter().flat_map(|statement| &statement.resources).map(ToString::to_string).collect()
    };
    let split: BTreeSet<String> = policies.iter().flat_map(arns).collect();
    assert_eq!(split, arns(&role.policy().unwrap()), "no resource is lost");
    let text = render(&[("long".to_owned(), role)]).unwrap();
    assert!(text.contains("Type: AWS::IAM::ManagedPolicy") && text.contains("!Ref LongLaunchPolicy1"));
}

#[test]
fn what_fits_into_no_role_is_refused() {
    assert_eq!(tables(600).place().unwrap_err().code(), "too-large");
}
