//! What each resource type costs, one row a type and property.

use std::collections::BTreeSet;

use crate::common::{role, template_of};
use edgeseal_launch_role::catalog::Catalog;

/// A type, the properties it must have, and the service whose actions it is about.
struct Row {
    type_name: &'static str,
    /// The least that makes the type's resources nameable.
    least: &'static str,
    /// All actions that the least costs, without the service's prefix.
    costs: &'static str,
    /// What each further property adds, with the property's value.
    adds: &'static [(&'static str, &'static str)],
}

const ROWS: &[Row] = &[
    Row { type_name: "AWS::CloudFormation::WaitConditionHandle", least: "{}", costs: "", adds: &[] },
    Row {
        type_name: "Custom::KeyPair",
        least: "{ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:f'}",
        costs: "lambda:InvokeFunction",
        adds: &[("Anything: 1", "")],
    },
    Row {
        type_name: "AWS::CloudFormation::CustomResource",
        least: "{ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:f'}",
        costs: "lambda:InvokeFunction",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::Distribution",
        least: "{}",
        costs: "cloudfront:CreateDistribution cloudfront:DeleteDistribution cloudfront:GetDistribution \
                cloudfront:GetDistributionConfig cloudfront:ListTagsForResource cloudfront:TagResource \
                cloudfront:UntagResource cloudfront:UpdateDistribution",
        adds: &[
            ("DistributionConfig: {WebACLId: !Ref AWS::NoValue}", ""),
            ("DistributionConfig: {WebACLId: 'arn:aws:wafv2:us-east-1:1:global/webacl/a/b'}", "wafv2:GetWebACL"),
            ("DistributionConfig: {Logging: {Bucket: logs.s3.amazonaws.com}}", "s3:GetBucketAcl s3:PutBucketAcl"),
            (
                "DistributionConfig: {CacheBehaviors: [{LambdaFunctionAssociations: \
                 [{LambdaFunctionARN: 'arn:aws:lambda:us-east-1:1:function:f:1'}]}]}",
                "iam:CreateServiceLinkedRole lambda:DisableReplication* lambda:EnableReplication* lambda:GetFunction",
            ),
            (
                "DistributionConfig: {DefaultCacheBehavior: {LambdaFunctionAssociations: \
                 [{LambdaFunctionARN: 'arn:aws:lambda:us-east-1:1:function:f:1'}]}}",
                "iam:CreateServiceLinkedRole lambda:DisableReplication* lambda:EnableReplication* lambda:GetFunction",
            ),
            ("DistributionConfig: {Origins: [{VpcOriginConfig: {VpcOriginId: v}}]}", "cloudfront:GetVpcOrigin"),
        ],
    },
    Row {
        type_name: "AWS::CloudFront::OriginAccessControl",
        least: "{}",
        costs: "cloudfront:CreateOriginAccessControl cloudfront:DeleteOriginAccessControl \
                cloudfront:GetOriginAccessControl cloudfront:UpdateOriginAccessControl",
        adds: &[("OriginAccessControlConfig: {Name: a}", "")],
    },
    Row {
        type_name: "AWS::CloudFront::CachePolicy",
        least: "{}",
        costs: "cloudfront:CreateCachePolicy cloudfront:DeleteCachePolicy cloudfront:GetCachePolicy \
                cloudfront:UpdateCachePolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::OriginRequestPolicy",
        least: "{}",
        costs: "cloudfront:CreateOriginRequestPolicy cloudfront:DeleteOriginRequestPolicy \
                cloudfront:GetOriginRequestPolicy cloudfront:UpdateOriginRequestPolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::ResponseHeadersPolicy",
        least: "{}",
        costs: "cloudfront:CreateResponseHeadersPolicy cloudfront:DeleteResponseHeadersPolicy \
                cloudfront:GetResponseHeadersPolicy cloudfront:UpdateResponseHeadersPolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::Function",
        least: "{Name: strip}",
        costs: "cloudfront:CreateFunction cloudfront:DeleteFunction cloudfront:DescribeFunction \
                cloudfront:GetFunction cloudfront:UpdateFunction",
        adds: &[("AutoPublish: true", "cloudfront:PublishFunction")],
    },
    Row {
        type_name: "AWS::CloudFront::KeyValueStore",
        least: "{Name: store}",
        costs: "cloudfront:CreateKeyValueStore cloudfront:DeleteKeyValueStore cloudfront:DescribeKeyValueStore \
                cloudfront:UpdateKeyValueStore",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::KeyGroup",
        least: "{}",
        costs: "cloudfront:CreateKeyGroup cloudfront:DeleteKeyGroup cloudfront:GetKeyGroup cloudfront:UpdateKeyGroup",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudFront::PublicKey",
        least: "{}",
        costs: "cloudfront:CreatePublicKey cloudfront:DeletePublicKey cloudfront:GetPublicKey \
                cloudfront:UpdatePublicKey",
        adds: &[],
    },
    Row {
        type_name: "AWS::CloudWatch::Alarm",
        least: "{}",
        costs: "cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource \
                cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource",
        adds: &[("AlarmActions: ['arn:aws:sns:eu-west-1:1:t']", "")],
    },
    Row {
        type_name: "AWS::DynamoDB::Table",
        least: "{TableName: files}",
        costs: "dynamodb:CreateTable dynamodb:DeleteTable dynamodb:DescribeContinuousBackups \
                dynamodb:DescribeContributorInsights dynamodb:DescribeKinesisStreamingDestination \
                dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:GetResourcePolicy \
                dynamodb:ListTagsOfResource dynamodb:TagResource dynamodb:UntagResource dynamodb:UpdateTable",
        adds: &[
            ("TimeToLiveSpecification: {Enabled: true}", "dynamodb:UpdateTimeToLive"),
            ("PointInTimeRecoverySpecification: {}", "dynamodb:UpdateContinuousBackups"),
            ("ContributorInsightsSpecification: {}", "dynamodb:UpdateContributorInsights"),
            ("ResourcePolicy: {}", "dynamodb:DeleteResourcePolicy dynamodb:PutResourcePolicy"),
            ("SSESpecification: {SSEEnabled: true, SSEType: KMS}", ""),
            (
                "SSESpecification: {KMSMasterKeyId: 'arn:aws:kms:eu-west-1:1:key/k'}",
                "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:Encrypt",
            ),
        ],
    },
    Row {
        type_name: "AWS::Events::Rule",
        least: "{}",
        costs: "events:DeleteRule events:DescribeRule events:ListTagsForResource events:ListTargetsByRule \
                events:PutRule events:TagResource events:UntagResource",
        adds: &[
            ("Targets: [{Id: a}]", "events:PutTargets events:RemoveTargets"),
            (
                "Targets: [{Id: a, RoleArn: 'arn:aws:iam::1:role/r'}]",
                "events:PutTargets events:RemoveTargets iam:PassRole",
            ),
            ("RoleArn: 'arn:aws:iam::1:role/r'", "iam:PassRole"),
        ],
    },
    Row {
        type_name: "AWS::Scheduler::Schedule",
        least: "{}",
        costs: "scheduler:CreateSchedule scheduler:DeleteSchedule scheduler:GetSchedule scheduler:UpdateSchedule",
        adds: &[
            ("Target: {Arn: a}", ""),
            ("Target: {RoleArn: 'arn:aws:iam::1:role/r'}", "iam:PassRole"),
            ("KmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/k'", "kms:Decrypt kms:DescribeKey kms:GenerateDataKey"),
        ],
    },
    Row {
        type_name: "AWS::Scheduler::ScheduleGroup",
        least: "{}",
        costs: "scheduler:CreateScheduleGroup scheduler:DeleteSchedule scheduler:DeleteScheduleGroup \
                scheduler:GetScheduleGroup scheduler:ListTagsForResource scheduler:TagResource \
                scheduler:UntagResource",
        adds: &[],
    },
    Row {
        type_name: "AWS::IAM::Role",
        least: "{}",
        costs: "iam:CreateRole iam:DeleteRole iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies \
                iam:ListRoleTags iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole",
        adds: &[
            ("Description: a", "iam:UpdateRoleDescription"),
            ("Policies: [{PolicyName: p}]", "iam:DeleteRolePolicy iam:GetRolePolicy iam:PutRolePolicy"),
            ("ManagedPolicyArns: ['arn:aws:iam::aws:policy/P']", "iam:AttachRolePolicy iam:DetachRolePolicy"),
            ("PermissionsBoundary: 'arn:aws:iam::aws:policy/P'", "iam:PutRolePermissionsBoundary"),
        ],
    },
    Row {
        type_name: "AWS::IAM::Policy",
        least: "{Roles: [r]}",
        costs: "iam:DeleteRolePolicy iam:GetRolePolicy iam:PutRolePolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::IAM::RolePolicy",
        least: "{RoleName: r}",
        costs: "iam:DeleteRolePolicy iam:GetRolePolicy iam:PutRolePolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::IAM::ManagedPolicy",
        least: "{}",
        costs: "iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicy iam:DeletePolicyVersion iam:GetPolicy \
                iam:GetPolicyVersion iam:ListEntitiesForPolicy iam:ListPolicyVersions",
        adds: &[],
    },
    Row {
        type_name: "AWS::Lambda::Function",
        least: "{}",
        costs: "lambda:CreateFunction lambda:DeleteFunction lambda:GetFunction lambda:GetFunctionCodeSigningConfig \
                lambda:GetFunctionRecursionConfig lambda:GetFunctionScalingConfig \
                lambda:GetRuntimeManagementConfig lambda:ListTags lambda:TagResource lambda:UntagResource \
                lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration",
        adds: &[
            ("Role: 'arn:aws:iam::1:role/r'", "iam:PassRole"),
            ("Code: {ZipFile: 'x'}", ""),
            ("Code: {S3Bucket: b, S3Key: k}", "s3:GetObject"),
            ("Code: {S3Bucket: b, S3Key: k, S3ObjectVersion: v}", "s3:GetObject s3:GetObjectVersion"),
            ("ReservedConcurrentExecutions: 1", "lambda:DeleteFunctionConcurrency lambda:PutFunctionConcurrency"),
            ("RecursiveLoop: Terminate", "lambda:PutFunctionRecursionConfig"),
            ("RuntimeManagementConfig: {}", "lambda:PutRuntimeManagementConfig"),
            (
                "CodeSigningConfigArn: 'arn:aws:lambda:eu-west-1:1:code-signing-config:c'",
                "lambda:DeleteFunctionCodeSigningConfig lambda:GetCodeSigningConfig \
                 lambda:PutFunctionCodeSigningConfig",
            ),
            ("Layers: ['arn:aws:lambda:eu-west-1:1:layer:l:1']", "lambda:GetLayerVersion"),
            (
                "KmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/k'",
                "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey",
            ),
            (
                "VpcConfig: {SubnetIds: [s]}",
                "ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs",
            ),
        ],
    },
    Row {
        type_name: "AWS::Lambda::Permission",
        least: "{FunctionName: f}",
        costs: "lambda:AddPermission lambda:GetPolicy lambda:RemovePermission",
        adds: &[],
    },
    Row {
        type_name: "AWS::Lambda::Version",
        least: "{FunctionName: f}",
        costs: "lambda:DeleteFunction lambda:GetFunctionConfiguration lambda:GetFunctionScalingConfig \
                lambda:GetProvisionedConcurrencyConfig lambda:GetRuntimeManagementConfig \
                lambda:ListVersionsByFunction lambda:PublishVersion",
        adds: &[
            ("ProvisionedConcurrencyConfig: {}", "lambda:PutProvisionedConcurrencyConfig"),
            ("RuntimePolicy: {}", "lambda:PutRuntimeManagementConfig"),
        ],
    },
    Row {
        type_name: "AWS::Lambda::Alias",
        least: "{FunctionName: f}",
        costs: "lambda:CreateAlias lambda:DeleteAlias lambda:GetAlias lambda:GetProvisionedConcurrencyConfig \
                lambda:UpdateAlias",
        adds: &[(
            "ProvisionedConcurrencyConfig: {}",
            "lambda:DeleteProvisionedConcurrencyConfig lambda:PutProvisionedConcurrencyConfig",
        )],
    },
    Row {
        type_name: "AWS::Lambda::EventInvokeConfig",
        least: "{FunctionName: f}",
        costs: "lambda:DeleteFunctionEventInvokeConfig lambda:GetFunctionEventInvokeConfig \
                lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig",
        adds: &[],
    },
    Row {
        type_name: "AWS::Logs::LogGroup",
        least: "{}",
        costs: "logs:CreateLogGroup logs:DeleteLogGroup logs:DescribeIndexPolicies logs:DescribeLogGroups \
                logs:DescribeResourcePolicies logs:GetDataProtectionPolicy logs:ListTagsForResource \
                logs:TagResource logs:UntagResource",
        adds: &[
            ("RetentionInDays: 7", "logs:DeleteRetentionPolicy logs:PutRetentionPolicy"),
            ("KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/k'", "logs:AssociateKmsKey logs:DisassociateKmsKey"),
            ("DataProtectionPolicy: {}", "logs:DeleteDataProtectionPolicy logs:PutDataProtectionPolicy"),
        ],
    },
    Row {
        type_name: "AWS::Logs::DeliverySource",
        least: "{Name: s}",
        costs: "logs:DeleteDeliverySource logs:GetDeliverySource logs:ListTagsForResource logs:PutDeliverySource \
                logs:TagResource logs:UntagResource",
        adds: &[(
            "ResourceArn: 'arn:aws:cloudfront::1:distribution/D'",
            "cloudfront:AllowVendedLogDeliveryForResource",
        )],
    },
    Row {
        type_name: "AWS::Logs::DeliveryDestination",
        least: "{Name: d}",
        costs: "logs:DeleteDeliveryDestination logs:GetDeliveryDestination logs:GetDeliveryDestinationPolicy \
                logs:ListTagsForResource logs:PutDeliveryDestination logs:TagResource logs:UntagResource",
        adds: &[(
            "DeliveryDestinationPolicy: {}",
            "logs:DeleteDeliveryDestinationPolicy logs:PutDeliveryDestinationPolicy",
        )],
    },
    Row {
        type_name: "AWS::Logs::Delivery",
        least: "{DeliverySourceName: s, DeliveryDestinationArn: 'arn:aws:logs:eu-west-1:1:delivery-destination:d'}",
        costs: "logs:CreateDelivery logs:DeleteDelivery logs:DescribeDeliveries logs:GetDelivery \
                logs:GetDeliveryDestination logs:GetDeliverySource logs:ListTagsForResource logs:TagResource \
                logs:UntagResource logs:UpdateDeliveryConfiguration",
        adds: &[],
    },
    Row {
        type_name: "AWS::Route53::RecordSet",
        least: "{HostedZoneId: Z1}",
        costs: "route53:ChangeResourceRecordSets route53:GetChange route53:GetHostedZone \
                route53:ListResourceRecordSets",
        adds: &[("HostedZoneName: example.com.", "route53:ListHostedZones route53:ListHostedZonesByName")],
    },
    Row {
        type_name: "AWS::S3::Bucket",
        least: "{}",
        costs: "s3:CreateBucket s3:DeleteBucket s3:GetBucketTagging s3:ListBucket s3:ListTagsForResource \
                s3:PutBucketTagging s3:TagResource s3:UntagResource",
        adds: &[
            ("AccelerateConfiguration: {}", "s3:GetAccelerateConfiguration s3:PutAccelerateConfiguration"),
            ("AccessControl: Private", "s3:GetBucketAcl s3:PutBucketAcl"),
            ("AnalyticsConfigurations: [{Id: a}]", "s3:GetAnalyticsConfiguration s3:PutAnalyticsConfiguration"),
            ("BucketEncryption: {}", "s3:GetEncryptionConfiguration s3:PutEncryptionConfiguration"),
            ("CorsConfiguration: {}", "s3:GetBucketCORS s3:PutBucketCORS"),
            (
                "IntelligentTieringConfigurations: [{Id: a}]",
                "s3:GetIntelligentTieringConfiguration s3:PutIntelligentTieringConfiguration",
            ),
            ("InventoryConfigurations: [{Id: a}]", "s3:GetInventoryConfiguration s3:PutInventoryConfiguration"),
            ("LifecycleConfiguration: {}", "s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration"),
            ("LoggingConfiguration: {}", "s3:GetBucketLogging s3:PutBucketLogging"),
            ("MetricsConfigurations: [{Id: a}]", "s3:GetMetricsConfiguration s3:PutMetricsConfiguration"),
            ("NotificationConfiguration: {}", "s3:GetBucketNotification s3:PutBucketNotification"),
            ("ObjectLockConfiguration: {}", "s3:GetBucketObjectLockConfiguration s3:PutBucketObjectLockConfiguration"),
            (
                "ObjectLockEnabled: true",
                "s3:GetBucketObjectLockConfiguration s3:PutBucketObjectLockConfiguration s3:PutBucketVersioning",
            ),
            ("OwnershipControls: {}", "s3:GetBucketOwnershipControls s3:PutBucketOwnershipControls"),
            ("PublicAccessBlockConfiguration: {}", "s3:GetBucketPublicAccessBlock s3:PutBucketPublicAccessBlock"),
            (
                "ReplicationConfiguration: {Role: 'arn:aws:iam::1:role/r'}",
                "iam:PassRole s3:GetReplicationConfiguration s3:PutReplicationConfiguration",
            ),
            ("VersioningConfiguration: {}", "s3:GetBucketVersioning s3:PutBucketVersioning"),
            ("WebsiteConfiguration: {}", "s3:DeleteBucketWebsite s3:GetBucketWebsite s3:PutBucketWebsite"),
        ],
    },
    Row {
        type_name: "AWS::S3::BucketPolicy",
        least: "{Bucket: b}",
        costs: "s3:DeleteBucketPolicy s3:GetBucketPolicy s3:PutBucketPolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::SecretsManager::Secret",
        least: "{}",
        costs: "secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:DescribeSecret \
                secretsmanager:GetSecretValue secretsmanager:TagResource secretsmanager:UntagResource \
                secretsmanager:UpdateSecret",
        adds: &[
            ("GenerateSecretString: {}", "secretsmanager:GetRandomPassword"),
            ("SecretString: a", ""),
            ("KmsKeyId: 'arn:aws:kms:eu-west-1:1:key/k'", "kms:Decrypt kms:GenerateDataKey"),
            (
                "ReplicaRegions: [{Region: eu-west-1}]",
                "secretsmanager:RemoveRegionsFromReplication secretsmanager:ReplicateSecretToRegions",
            ),
        ],
    },
    Row {
        type_name: "AWS::SecretsManager::ResourcePolicy",
        least: "{SecretId: s}",
        costs: "secretsmanager:DeleteResourcePolicy secretsmanager:GetResourcePolicy \
                secretsmanager:PutResourcePolicy",
        adds: &[],
    },
    Row {
        type_name: "AWS::SecretsManager::RotationSchedule",
        least: "{SecretId: s}",
        costs: "secretsmanager:CancelRotateSecret secretsmanager:DescribeSecret secretsmanager:RotateSecret",
        adds: &[("RotationLambdaARN: 'arn:aws:lambda:eu-west-1:1:function:f'", "lambda:InvokeFunction")],
    },
];

/// The actions a template costs beyond what every launch role has.
fn cost(type_name: &str, properties: &str) -> BTreeSet<String> {
    role(&template_of(type_name, properties))
        .grants()
        .flat_map(|grant| grant.reasons.iter().map(|reason| (grant.action.clone(), reason.resource.clone())))
        .filter(|(_, resource)| resource == "Thing")
        .map(|(action, _)| action)
        .collect()
}

fn set(actions: &str) -> BTreeSet<String> {
    actions.split_whitespace().map(str::to_owned).collect()
}

/// `{A: 1}` and `B: 2` become `{A: 1, B: 2}`.
fn with(properties: &str, more: &str) -> String {
    match properties.strip_suffix('}') {
        Some("{") => format!("{{{more}}}"),
        Some(head) => format!("{head}, {more}}}"),
        None => panic!("{properties} is no mapping"),
    }
}

#[test]
fn each_type_costs_exactly_its_own_actions() {
    for row in ROWS {
        assert_eq!(cost(row.type_name, row.least), set(row.costs), "{}", row.type_name);
    }
}

#[test]
fn each_property_adds_exactly_its_own_actions() {
    for row in ROWS {
        let base = cost(row.type_name, row.least);
        for (property, adds) in row.adds {
            let more = cost(row.type_name, &with(row.least, property));
            let added: BTreeSet<String> = more.difference(&base).cloned().collect();
            assert_eq!(added, set(adds), "{} {property}", row.type_name);
            assert!(more.is_superset(&base), "{} {property} takes something away", row.type_name);
        }
    }
}

#[test]
fn every_type_and_every_costly_property_of_the_data_files_has_a_row() {
    let catalog = Catalog::builtin().unwrap();
    for entry in catalog.types().filter(|entry| entry.name != "ServiceCatalog") {
        let rows: Vec<&Row> = ROWS.iter().filter(|row| row.type_name == entry.name).collect();
        assert!(!rows.is_empty(), "{} has no row", entry.name);
        for property in &entry.properties {
            let last = property.path.rsplit('.').next().unwrap();
            let covered = rows.iter().flat_map(|row| row.adds).any(|(given, _)| given.contains(&format!("{last}:")));
            assert!(covered, "{} {} has no row", entry.name, property.path);
        }
    }
}

#[test]
fn a_property_that_a_condition_can_switch_on_costs_what_it_costs_when_on() {
    let on = "{TableName: t, TimeToLiveSpecification: !If [HasTtl, {Enabled: true}, !Ref AWS::NoValue]}";
    assert!(cost("AWS::DynamoDB::Table", on).contains("dynamodb:UpdateTimeToLive"));
    let off = "{TableName: t, TimeToLiveSpecification: !If [HasTtl, !Ref AWS::NoValue, !Ref AWS::NoValue]}";
    assert!(!cost("AWS::DynamoDB::Table", off).contains("dynamodb:UpdateTimeToLive"));
}

#[test]
fn what_is_always_retained_costs_no_right_to_delete() {
    let policies = |deletion: &str, replacement: &str| {
        role(&format!(
            "Resources:\n  Thing:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: {deletion}\n    \
             UpdateReplacePolicy: {replacement}\n"
        ))
        .actions()
        .contains("s3:DeleteBucket")
    };
    assert!(!policies("Retain", "Retain"));
    assert!(policies("Retain", "Delete"));
    assert!(policies("Delete", "Retain"));
    assert!(policies("RetainExceptOnCreate", "Retain"));
}
