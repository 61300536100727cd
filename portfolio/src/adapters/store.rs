//! Where templates and the publish lock are kept.

use async_trait::async_trait;

use crate::error::Result;

/// An object as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its entity tag.
    pub etag: String,
}

/// How a conditional write ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// Written; the new entity tag.
    Written(String),
    /// The condition did not hold; nothing was written.
    Refused,
}

/// A bucket with conditional writes.
#[async_trait]
pub trait Store: Send + Sync {
    /// Whether the bucket exists and belongs to the account; `None` when there is no such bucket.
    async fn bucket_is_ours(&self, bucket: &str, account: &str) -> Result<Option<bool>>;
    /// Makes the bucket, or what an earlier try left undone: private, versioned, TLS only. Amazon S3 encrypts every
    /// bucket by itself. A policy that is there already stays.
    async fn create_bucket(&self, bucket: &str) -> Result<()>;
    /// Writes an object if there is none, with a SHA-256 checksum that the store verifies.
    async fn put_new(&self, bucket: &str, key: &str, body: &[u8]) -> Result<PutOutcome>;
    /// Writes an object over the one that has this entity tag.
    async fn put_over(&self, bucket: &str, key: &str, body: &[u8], etag: &str) -> Result<PutOutcome>;
    /// Reads an object.
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Stored>>;
    /// The URL AWS Service Catalog reads an object by.
    fn url(&self, bucket: &str, key: &str) -> String;
}
