//! Amazon S3 as the store.

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, PublicAccessBlockConfiguration,
    VersioningConfiguration,
};
use sha2::{Digest, Sha256};

use super::errors::{call, done, present, translate};
use crate::adapters::{PutOutcome, Store, Stored};
use crate::error::{Code, Error, Result};

/// Amazon S3.
#[derive(Clone, Debug)]
pub struct AwsStore {
    client: Client,
    /// The endpoint, when it is not AWS's own.
    endpoint: Option<String>,
    region: String,
    partition: String,
}

impl AwsStore {
    pub(super) fn new(client: Client, endpoint: Option<String>, region: String, partition: String) -> Self {
        Self { client, endpoint, region, partition }
    }

    fn write(&self, bucket: &str, key: &str, body: &[u8]) -> PutObjectFluentBuilder {
        let checksum = aws_smithy_types::base64::encode(Sha256::digest(body));
        self.client
            .put_object()
            .bucket(bucket)
            .key(key)
            .checksum_sha256(checksum)
            .content_type("application/yaml")
            .body(ByteStream::from(body.to_vec()))
    }

    /// S3 answers 412 when the condition does not hold, and 409 when another write is under way.
    async fn put(&self, request: PutObjectFluentBuilder) -> Result<PutOutcome> {
        match request.send().await {
            Ok(answer) => Ok(PutOutcome::Written(present("s3:PutObject", "ETag", answer.e_tag)?)),
            Err(SdkError::ServiceError(context)) if matches!(context.raw().status().as_u16(), 409 | 412) => {
                Ok(PutOutcome::Refused)
            }
            Err(error) => Err(translate("s3:PutObject", &error)),
        }
    }
}

/// Error codes that mean "not there".
const GONE: &[&str] = &["NoSuchKey", "NoSuchBucket", "NotFound"];

#[async_trait]
impl Store for AwsStore {
    async fn bucket_is_ours(&self, bucket: &str, account: &str) -> Result<Option<bool>> {
        let request = self.client.head_bucket().bucket(bucket).expected_bucket_owner(account).send();
        match request.await {
            Ok(_) => Ok(Some(true)),
            Err(SdkError::ServiceError(context)) if context.raw().status().as_u16() == 404 => Ok(None),
            Err(SdkError::ServiceError(context)) if context.raw().status().as_u16() == 403 => Ok(Some(false)),
            Err(error) => Err(translate("s3:ListBucket", &error)),
        }
    }

    async fn create_bucket(&self, bucket: &str) -> Result<()> {
        let mut request = self.client.create_bucket().bucket(bucket);
        if self.region != "us-east-1" {
            let place = BucketLocationConstraint::from(self.region.as_str());
            request = request
                .create_bucket_configuration(CreateBucketConfiguration::builder().location_constraint(place).build());
        }
        done(call("s3:CreateBucket", request.send()).await, &["BucketAlreadyOwnedByYou"])?;
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let request = self.client.put_public_access_block().bucket(bucket).public_access_block_configuration(block);
        call("s3:PutBucketPublicAccessBlock", request.send()).await?;
        let versioning = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let request = self.client.put_bucket_versioning().bucket(bucket).versioning_configuration(versioning);
        call("s3:PutBucketVersioning", request.send()).await?;
        match call("s3:GetBucketPolicy", self.client.get_bucket_policy().bucket(bucket).send()).await {
            Ok(_) => Ok(()),
            Err(error) if error.aws_code() == Some("NoSuchBucketPolicy") => {
                let request = self.client.put_bucket_policy().bucket(bucket).policy(tls_only(&self.partition, bucket));
                call("s3:PutBucketPolicy", request.send()).await.map(drop)
            }
            Err(error) => Err(error),
        }
    }

    async fn put_new(&self, bucket: &str, key: &str, body: &[u8]) -> Result<PutOutcome> {
        self.put(self.write(bucket, key, body).if_none_match("*")).await
    }

    async fn put_over(&self, bucket: &str, key: &str, body: &[u8], etag: &str) -> Result<PutOutcome> {
        self.put(self.write(bucket, key, body).if_match(etag)).await
    }

    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Stored>> {
        let answer = match call("s3:GetObject", self.client.get_object().bucket(bucket).key(key).send()).await {
            Ok(answer) => answer,
            Err(error) if error.aws_code().is_some_and(|code| GONE.contains(&code)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let etag = present("s3:GetObject", "ETag", answer.e_tag)?;
        let broken = |_| Error::new(Code::Unreachable, format!("the download of s3://{bucket}/{key} broke off"));
        let body = answer.body.collect().await.map_err(broken)?.to_vec();
        Ok(Some(Stored { body, etag }))
    }

    fn url(&self, bucket: &str, key: &str) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/')),
            None => {
                let suffix = if self.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
                format!("https://{bucket}.s3.{}.{suffix}/{key}", self.region)
            }
        }
    }
}

/// [Requires TLS](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html).
fn tls_only(partition: &str, bucket: &str) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [format!("arn:{partition}:s3:::{bucket}"), format!("arn:{partition}:s3:::{bucket}/*")],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } }
        }]
    })
    .to_string()
}
