//! Roles that products make, and roles that they pass on.

use crate::common;
use crate::common::role;
use edgeseal_launch_role::{Bindings, Grant, LaunchRole, Placement};

fn grants<'r>(role: &'r LaunchRole, action: &str) -> Vec<&'r Grant> {
    role.grants().filter(|grant| grant.action == action).collect()
}

/// The condition of the only grant of an action, as text.
fn condition(role: &LaunchRole, action: &str) -> String {
    let found = grants(role, action);
    assert_eq!(found.len(), 1, "{action}");
    found[0]
        .condition
        .iter()
        .flat_map(|(operator, keys)| {
            keys.iter()
                .flat_map(move |(key, values)| values.iter().map(move |value| format!("{operator} {key} {value}")))
        })
        .collect::<Vec<_>>()
        .join("; ")
}

const BOUNDED: &str = r"
Parameters:
  Boundary: {Type: String, Default: ''}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !If [HasBoundary, !Ref Boundary, !Ref AWS::NoValue]
      Policies: [{PolicyName: p}]
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']
  Policy:
    Type: AWS::IAM::Policy
    Properties: {Roles: [!Ref Role], PolicyName: q}
";

#[test]
fn roles_are_made_only_under_the_boundary_that_the_administrator_names() {
    let role = role(BOUNDED);
    let bound = "ArnLike iam:PermissionsBoundary ${PermissionsBoundaryArn}";
    for action in ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"] {
        assert_eq!(condition(&role, action), bound, "{action}");
    }
    assert!(role.needs_boundary());
}

#[test]
fn a_boundary_is_never_taken_off() {
    assert!(!role(BOUNDED).actions().contains("iam:DeleteRolePermissionsBoundary"));
}

#[test]
fn only_the_managed_policies_of_the_template_are_attached() {
    let expected = "ArnLike iam:PermissionsBoundary ${PermissionsBoundaryArn}; \
                    ArnLike iam:PolicyARN arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess";
    assert_eq!(condition(&role(BOUNDED), "iam:AttachRolePolicy"), expected);
}

#[test]
fn a_boundary_that_the_template_fixes_is_taken_as_it_is() {
    let role = role(
        "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      PermissionsBoundary: \
         !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/bound'\n",
    );
    let expected = "ArnLike iam:PermissionsBoundary arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/bound";
    assert_eq!(condition(&role, "iam:CreateRole"), expected);
    assert!(!role.needs_boundary());
}

#[test]
fn a_policy_for_a_role_without_boundary_carries_no_condition() {
    let role = role(
        r"
Resources:
  Bounded: {Type: 'AWS::IAM::Role', Properties: {PermissionsBoundary: 'arn:aws:iam::aws:policy/P'}}
  Free: {Type: 'AWS::IAM::Role'}
  Policy: {Type: 'AWS::IAM::Policy', Properties: {Roles: [!Ref Bounded, !Ref Free], PolicyName: q}}
",
    );
    assert_eq!(condition(&role, "iam:PutRolePolicy"), "");
}

#[test]
fn a_policy_cannot_be_written_without_the_boundary_it_needs() {
    let Placement::Inline(policy) = role(BOUNDED).place().unwrap() else { panic!("small") };
    assert_eq!(policy.document(&Bindings::default()).unwrap_err().code(), "missing-boundary");
    let boundary = Some("arn:aws:iam::111122223333:policy/edge".to_owned());
    let document = policy.document(&Bindings { boundary, ..Bindings::default() }).unwrap();
    assert!(serde_json::to_string(&document).unwrap().contains("policy/edge"));
}

#[test]
fn a_role_is_passed_only_to_the_service_that_runs_as_it() {
    let cases = [
        ("AWS::Lambda::Function", "{Role: 'arn:aws:iam::1:role/r'}", "lambda.amazonaws.com"),
        ("AWS::Scheduler::Schedule", "{Target: {RoleArn: 'arn:aws:iam::1:role/r'}}", "scheduler.amazonaws.com"),
        ("AWS::Events::Rule", "{Targets: [{RoleArn: 'arn:aws:iam::1:role/r'}]}", "events.amazonaws.com"),
        ("AWS::S3::Bucket", "{ReplicationConfiguration: {Role: 'arn:aws:iam::1:role/r'}}", "s3.amazonaws.com"),
    ];
    for (type_name, properties, service) in cases {
        let role = role(&common::template_of(type_name, properties));
        assert_eq!(condition(&role, "iam:PassRole"), format!("StringEquals iam:PassedToService {service}"));
        assert_eq!(common::resources(&role, "iam:PassRole"), ["arn:aws:iam::1:role/r".to_owned()].into());
    }
}

#[test]
fn keys_are_used_only_through_the_service_that_encrypts() {
    let role = role(&common::template_of(
        "AWS::DynamoDB::Table",
        "{TableName: t, SSESpecification: {KMSMasterKeyId: 'arn:aws:kms:eu-west-1:1:key/k'}}",
    ));
    assert_eq!(condition(&role, "kms:CreateGrant"), "StringLike kms:ViaService dynamodb.*.amazonaws.com*");
}

#[test]
fn service_catalog_gets_its_stacks_and_its_own_artifacts() {
    let role = role(&common::template_of("AWS::CloudFormation::WaitConditionHandle", "{}"));
    assert_eq!(
        common::resources(&role, "cloudformation:CreateStack"),
        ["arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/SC-*".to_owned()].into()
    );
    assert_eq!(condition(&role, "s3:GetObject"), "StringEquals s3:ExistingObjectTag/servicecatalog:provisioning true");
    assert_eq!(role.actions().len(), 9);
}
