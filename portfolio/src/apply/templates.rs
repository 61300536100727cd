//! Templates on their way to AWS: stored under their hash, so that a key can never hold anything else.

use crate::adapters::PutOutcome;
use crate::error::{Code, Error, Result};
use crate::session::Session;
use crate::state::{VersionSpec, sha256_hex};

/// Stores a version's template unless it is stored already; the answer is the URL that AWS reads it by.
///
/// # Errors
/// `store-mismatch` when the key holds other bytes, or what AWS answers.
pub async fn store_template(session: &Session, bucket: &str, version: &VersionSpec) -> Result<String> {
    let key = &version.object_key;
    let mut patience = session.pace.patience();
    loop {
        if let PutOutcome::Written(_) = session.store.put_new(bucket, key, version.template.as_bytes()).await? {
            break;
        }
        match session.store.get(bucket, key).await? {
            Some(stored) if sha256_hex(&stored.body) == version.sha256 => break,
            Some(_) => {
                let message = format!("s3://{bucket}/{key} does not hold the bytes of its name");
                return Err(Error::new(Code::StoreMismatch, message));
            }
            // Another write was under way and did not come through.
            None => patience.pause(&format!("s3://{bucket}/{key}")).await?,
        }
    }
    Ok(session.store.url(bucket, key))
}
