// The API calls behind what CloudFormation does to a resource, to judge what a launch role must grant.
//
// ministack's provisioners change a service's state directly, so they cannot show which API actions AWS would call.
// They show for certain which resources were created, updated and deleted, and with which properties; this table says
// what those operations are called in the API of each service. It holds changes only: what CloudFormation reads before
// and after them is not documented call by call. Source: the API reference of each service, and
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

/** By type: the actions of each operation, and those that a property adds when it is set (or, on update, changes). */
const calls = {
  'AWS::CloudFront::Distribution': {
    create: ['cloudfront:CreateDistribution'],
    update: ['cloudfront:UpdateDistribution'],
    delete: ['cloudfront:UpdateDistribution', 'cloudfront:DeleteDistribution'],
    properties: { Tags: { create: ['cloudfront:TagResource'], update: ['cloudfront:TagResource'] } },
  },
  ...simple('AWS::CloudFront::OriginAccessControl', 'cloudfront', 'OriginAccessControl'),
  ...simple('AWS::CloudFront::OriginRequestPolicy', 'cloudfront', 'OriginRequestPolicy'),
  ...simple('AWS::CloudFront::ResponseHeadersPolicy', 'cloudfront', 'ResponseHeadersPolicy'),
  'AWS::CloudFront::Function': {
    create: ['cloudfront:CreateFunction'],
    update: ['cloudfront:UpdateFunction'],
    delete: ['cloudfront:DeleteFunction'],
    properties: {
      AutoPublish: { create: ['cloudfront:PublishFunction'], update: ['cloudfront:PublishFunction'] },
    },
  },
  'AWS::CloudWatch::Alarm': {
    create: ['cloudwatch:PutMetricAlarm'],
    update: ['cloudwatch:PutMetricAlarm'],
    delete: ['cloudwatch:DeleteAlarms'],
  },
  'AWS::DynamoDB::Table': {
    create: ['dynamodb:CreateTable'],
    delete: ['dynamodb:DeleteTable'],
    properties: {
      DeletionProtectionEnabled: { update: ['dynamodb:UpdateTable'] },
      GlobalSecondaryIndexes: { update: ['dynamodb:UpdateTable'] },
      PointInTimeRecoverySpecification: both('dynamodb:UpdateContinuousBackups'),
      SSESpecification: { update: ['dynamodb:UpdateTable'] },
      Tags: both('dynamodb:TagResource'),
      TimeToLiveSpecification: both('dynamodb:UpdateTimeToLive'),
    },
  },
  'AWS::Events::Rule': {
    create: ['events:PutRule'],
    update: ['events:PutRule'],
    delete: ['events:RemoveTargets', 'events:DeleteRule'],
    properties: { Targets: both('events:PutTargets') },
  },
  'AWS::IAM::Policy': {
    create: ['iam:PutRolePolicy'],
    update: ['iam:PutRolePolicy'],
    delete: ['iam:DeleteRolePolicy'],
  },
  'AWS::IAM::Role': {
    create: ['iam:CreateRole'],
    delete: ['iam:DeleteRole'],
    properties: {
      AssumeRolePolicyDocument: { update: ['iam:UpdateAssumeRolePolicy'] },
      Description: { update: ['iam:UpdateRole'] },
      MaxSessionDuration: { update: ['iam:UpdateRole'] },
      PermissionsBoundary: { update: ['iam:PutRolePermissionsBoundary'] },
      Policies: { ...both('iam:PutRolePolicy'), delete: ['iam:DeleteRolePolicy'] },
      Tags: both('iam:TagRole'),
    },
  },
  'AWS::Lambda::EventInvokeConfig': {
    create: ['lambda:PutFunctionEventInvokeConfig'],
    update: ['lambda:UpdateFunctionEventInvokeConfig'],
    delete: ['lambda:DeleteFunctionEventInvokeConfig'],
  },
  'AWS::Lambda::Function': {
    create: ['lambda:CreateFunction', 'iam:PassRole'],
    delete: ['lambda:DeleteFunction'],
    properties: {
      Code: { update: ['lambda:UpdateFunctionCode'] },
      Environment: { update: ['lambda:UpdateFunctionConfiguration'] },
      Tags: both('lambda:TagResource'),
    },
  },
  'AWS::Lambda::Permission': {
    create: ['lambda:AddPermission'],
    update: ['lambda:AddPermission', 'lambda:RemovePermission'],
    delete: ['lambda:RemovePermission'],
  },
  'AWS::Lambda::Version': {
    create: ['lambda:PublishVersion'],
    update: ['lambda:PublishVersion'],
    delete: ['lambda:DeleteFunction'],
  },
  'AWS::Logs::LogGroup': {
    create: ['logs:CreateLogGroup'],
    delete: ['logs:DeleteLogGroup'],
    properties: { RetentionInDays: both('logs:PutRetentionPolicy'), Tags: both('logs:TagResource') },
  },
  'AWS::Route53::RecordSet': {
    create: ['route53:ChangeResourceRecordSets'],
    update: ['route53:ChangeResourceRecordSets'],
    delete: ['route53:ChangeResourceRecordSets'],
  },
  'AWS::S3::Bucket': {
    create: ['s3:CreateBucket'],
    delete: ['s3:DeleteBucket'],
    properties: {
      BucketEncryption: both('s3:PutEncryptionConfiguration'),
      CorsConfiguration: both('s3:PutBucketCORS'),
      LifecycleConfiguration: both('s3:PutLifecycleConfiguration'),
      LoggingConfiguration: both('s3:PutBucketLogging'),
      NotificationConfiguration: both('s3:PutBucketNotification'),
      OwnershipControls: both('s3:PutBucketOwnershipControls'),
      PublicAccessBlockConfiguration: both('s3:PutBucketPublicAccessBlock'),
      Tags: both('s3:PutBucketTagging'),
      VersioningConfiguration: both('s3:PutBucketVersioning'),
    },
  },
  'AWS::S3::BucketPolicy': {
    create: ['s3:PutBucketPolicy'],
    update: ['s3:PutBucketPolicy'],
    delete: ['s3:DeleteBucketPolicy'],
  },
  'AWS::SecretsManager::ResourcePolicy': {
    create: ['secretsmanager:PutResourcePolicy'],
    update: ['secretsmanager:PutResourcePolicy'],
    delete: ['secretsmanager:DeleteResourcePolicy'],
  },
  'AWS::SecretsManager::Secret': {
    create: ['secretsmanager:CreateSecret'],
    update: ['secretsmanager:UpdateSecret'],
    delete: ['secretsmanager:DeleteSecret'],
    properties: { Tags: both('secretsmanager:TagResource') },
  },
  'Custom::': {
    create: ['lambda:InvokeFunction'],
    update: ['lambda:InvokeFunction'],
    delete: ['lambda:InvokeFunction'],
  },
};

function both(action) {
  return { create: [action], update: [action] };
}

function simple(type, service, noun) {
  const actions = (verb) => [`${service}:${verb}${noun}`];
  return { [type]: { create: actions('Create'), update: actions('Update'), delete: actions('Delete') } };
}

/**
 * The API actions behind one observed operation.
 * @param {{ type: string, operation: 'create' | 'update' | 'delete', properties: string[] }} step
 * @throws {Error} for a type that the table does not know, so that a new type cannot go unnoticed
 */
export function actionsOf({ type, operation, properties }) {
  const known = calls[type];
  if (!known) throw new Error(`support/api-calls.mjs does not know ${type}: add its API calls`);
  const extra = properties.flatMap((property) => known.properties?.[property]?.[operation] ?? []);
  return [...(known[operation] ?? []), ...extra];
}
