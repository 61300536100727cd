//! Which resources the actions are limited to.

use std::collections::BTreeSet;

use crate::common::{resources, role, template_of};

fn set(arns: &[&str]) -> BTreeSet<String> {
    arns.iter().map(|arn| (*arn).to_owned()).collect()
}

/// The ARNs of `action` for one resource with these properties.
fn of(type_name: &str, properties: &str, action: &str) -> BTreeSet<String> {
    resources(&role(&template_of(type_name, properties)), action)
}

/// The bucket ARNs when the name is this value, in a template with parameters, mappings and a role.
fn bucket(name: &str) -> BTreeSet<String> {
    let text = format!(
        "Parameters:\n  Given: {{Type: String}}\n  Stage: {{Type: String, AllowedValues: [dev, live]}}\n  \
         Names: {{Type: CommaDelimitedList}}\n\
         Mappings:\n  Suffix:\n    eu-west-1: {{Short: euw1}}\n    us-east-1: {{Short: use1}}\n\
         Resources:\n  Thing:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {name}\n"
    );
    resources(&role(&text), "s3:CreateBucket")
}

#[test]
fn a_name_becomes_an_arn_as_far_as_it_is_known() {
    let cases: &[(&str, &[&str])] = &[
        ("files", &["files"]),
        ("!Sub files-${AWS::AccountId}", &["files-${AWS::AccountId}"]),
        ("!Sub 'files-${AWS::AccountId}-${AWS::Region}'", &["files-${AWS::AccountId}-*"]),
        ("!Sub '${AWS::StackName}-files'", &["SC-*-files"]),
        ("!Ref Given", &["${Given}"]),
        ("!Sub 'a-${Given}-b'", &["a-${Given}-b"]),
        ("!Sub ['${X}-b', {X: !Ref Stage}]", &["dev-b", "live-b"]),
        ("!Join ['-', [files, !Ref Stage]]", &["files-dev", "files-live"]),
        ("!Join ['-', !Ref Names]", &["*"]),
        ("!If [Named, !Ref Given, other]", &["${Given}", "other"]),
        ("!If [Named, !Ref Given, !Ref AWS::NoValue]", &["${Given}", "sc-*"]),
        ("!Ref AWS::NoValue", &["sc-*"]),
        ("!Select [1, !Split ['-', 'a-b-c']]", &["b"]),
        ("!Select [0, !Split ['-', !Ref Given]]", &["*"]),
        ("!Select [0, [x, y]]", &["x"]),
        ("!FindInMap [Suffix, !Ref AWS::Region, Short]", &["euw1", "use1"]),
        ("!FindInMap [Suffix, eu-west-1, Short]", &["euw1"]),
        ("!FindInMap [Elsewhere, a, b]", &["*"]),
        ("!ImportValue shared", &["*"]),
        ("{'Fn::Sub': 'long-${AWS::AccountId}'}", &["long-${AWS::AccountId}"]),
    ];
    for (name, expected) in cases {
        let expected: BTreeSet<String> =
            expected.iter().map(|name| format!("arn:${{AWS::Partition}}:s3:::{name}")).collect();
        assert_eq!(bucket(name), expected, "{name}");
    }
}

#[test]
fn generated_names_rely_on_the_logical_id_only_where_it_cannot_be_cut_off() {
    assert_eq!(
        of("AWS::DynamoDB::Table", "{}", "dynamodb:CreateTable"),
        set(&["arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/SC-*-Thing-*"])
    );
    assert_eq!(
        of("AWS::Lambda::Function", "{}", "lambda:CreateFunction"),
        set(&["arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:SC-*"])
    );
    assert_eq!(of("AWS::S3::Bucket", "{}", "s3:CreateBucket"), set(&["arn:${AWS::Partition}:s3:::sc-*"]));
    assert_eq!(
        of("AWS::SecretsManager::Secret", "{}", "secretsmanager:DeleteSecret"),
        set(&["arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:Thing-*-??????"])
    );
}

#[test]
fn a_secret_that_does_not_exist_yet_has_no_random_suffix() {
    let prefix = "arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:signing";
    assert_eq!(
        of("AWS::SecretsManager::Secret", "{Name: signing}", "secretsmanager:CreateSecret"),
        set(&[prefix, &format!("{prefix}-??????")])
    );
    assert_eq!(
        of("AWS::SecretsManager::Secret", "{Name: signing}", "secretsmanager:UpdateSecret"),
        set(&[&format!("{prefix}-??????")])
    );
}

#[test]
fn paths_and_groups_stand_before_the_name() {
    let cases = [
        ("AWS::IAM::Role", "{RoleName: r, Path: /edge/team/}", "iam:CreateRole", "role/edge/team/r"),
        ("AWS::IAM::Role", "{RoleName: r, Path: /}", "iam:CreateRole", "role/r"),
        ("AWS::IAM::Role", "{RoleName: r}", "iam:CreateRole", "role/r"),
        ("AWS::IAM::Role", "{RoleName: r, Path: !ImportValue p}", "iam:CreateRole", "role/*r"),
        ("AWS::Scheduler::Schedule", "{Name: s}", "scheduler:CreateSchedule", "schedule/default/s"),
        ("AWS::Scheduler::Schedule", "{Name: s, GroupName: g}", "scheduler:CreateSchedule", "schedule/g/s"),
        ("AWS::Scheduler::ScheduleGroup", "{Name: g}", "scheduler:DeleteSchedule", "schedule/g/*"),
        ("AWS::Events::Rule", "{Name: r}", "events:PutRule", "rule/r"),
        ("AWS::Events::Rule", "{Name: r, EventBusName: b}", "events:PutRule", "rule/b/r"),
    ];
    for (type_name, properties, action, expected) in cases {
        let found = of(type_name, properties, action);
        assert_eq!(found.len(), 1, "{properties}");
        assert!(found.iter().all(|arn| arn.ends_with(&format!(":{expected}"))), "{properties}: {found:?}");
    }
}

#[test]
fn a_reference_to_another_resource_takes_over_its_name() {
    let role = role(
        r"
Parameters:
  Table: {Type: String}
  SecretArn: {Type: String}
Resources:
  Bucket: {Type: 'AWS::S3::Bucket', Properties: {BucketName: files}}
  Policy: {Type: 'AWS::S3::BucketPolicy', Properties: {Bucket: !Ref Bucket}}
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: runs}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: worker, Role: !GetAtt Role.Arn}
  Version: {Type: 'AWS::Lambda::Version', Properties: {FunctionName: !Ref Function}}
  Custom: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Function.Arn}}
  Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: signing}}
  SecretPolicy: {Type: 'AWS::SecretsManager::ResourcePolicy', Properties: {SecretId: !Ref Secret}}
  OtherPolicy: {Type: 'AWS::SecretsManager::ResourcePolicy', Properties: {SecretId: !Ref SecretArn}}
",
    );
    let lambda = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:worker";
    let secret = "arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:";
    assert_eq!(resources(&role, "s3:PutBucketPolicy"), set(&["arn:${AWS::Partition}:s3:::files"]));
    assert_eq!(resources(&role, "iam:PassRole"), set(&["arn:${AWS::Partition}:iam::${AWS::AccountId}:role/runs"]));
    assert_eq!(resources(&role, "lambda:PublishVersion"), set(&[lambda, &format!("{lambda}:*")]));
    assert_eq!(resources(&role, "lambda:InvokeFunction"), set(&[lambda, &format!("{lambda}:*")]));
    assert_eq!(
        resources(&role, "secretsmanager:PutResourcePolicy"),
        set(&[&format!("{secret}signing-??????"), &format!("{secret}*-??????")])
    );
    assert!(role.name_parameters().is_empty(), "an ARN that is typed in is no name pattern");
}

#[test]
fn a_host_name_is_cut_down_to_the_bucket_it_names() {
    let logging = |bucket: &str| {
        let text = format!("{{DistributionConfig: {{Logging: {{Bucket: {bucket}}}}}}}");
        of("AWS::CloudFront::Distribution", &text, "s3:PutBucketAcl")
    };
    assert_eq!(logging("logs.s3.amazonaws.com"), set(&["arn:${AWS::Partition}:s3:::logs"]));
    assert_eq!(logging("!ImportValue host"), set(&["arn:${AWS::Partition}:s3:::*"]));
}

#[test]
fn what_people_type_in_becomes_a_parameter_of_the_role() {
    let text = "Parameters:\n  BucketName: {Type: String}\n\
                Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref BucketName}\n";
    assert_eq!(role(text).name_parameters().into_iter().collect::<Vec<_>>(), ["BucketName"]);
}
