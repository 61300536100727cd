//! The publish lock: one object in the bucket, taken and given back with conditional writes.
//!
//! AWS Service Catalog has no lock of its own. The object also counts how often something was deleted, since AWS may
//! answer a repeated idempotency token with an object that no longer exists.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::adapters::PutOutcome;
use crate::error::{Code, Error, Result};
use crate::session::Session;

/// What the lock object says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    /// Who holds it; nobody when absent.
    holder: Option<String>,
    /// When it expires by itself, in milliseconds since the epoch.
    expires: u64,
    /// Goes up with every deletion.
    generation: u64,
}

/// A held lock.
pub struct Lease {
    session: Session,
    bucket: String,
    key: String,
    record: Record,
    etag: String,
    renewed: Instant,
}

impl Lease {
    /// Takes the lock of a portfolio, waiting for another holder as long as the session allows.
    ///
    /// `deleting` counts the generation up.
    ///
    /// # Errors
    /// `publish-locked` when another run keeps holding it, `bucket-missing` without a bucket.
    pub async fn take(session: &Session, bucket: &str, prefix: &str, portfolio: &str, deleting: bool) -> Result<Self> {
        let key = format!("{prefix}/{portfolio}/publish.lock");
        let deadline = Instant::now() + session.pace.lock_timeout;
        loop {
            let found = session.store.get(bucket, &key).await?;
            let mut record = match &found {
                Some(stored) => serde_json::from_slice(&stored.body).map_err(|_| {
                    let message = format!("s3://{bucket}/{key} is not a publish lock");
                    Error::new(Code::StoreMismatch, message)
                })?,
                None => Record::default(),
            };
            let held = record.holder.is_some() && record.expires > now();
            if !held {
                record.holder = Some(session.caller.clone());
                record.expires = now() + millis(session.pace.lease);
                record.generation += u64::from(deleting);
                let body = serde_json::to_vec(&record).unwrap_or_default();
                let outcome = match &found {
                    Some(stored) => session.store.put_over(bucket, &key, &body, &stored.etag).await?,
                    None => session.store.put_new(bucket, &key, &body).await?,
                };
                if let PutOutcome::Written(etag) = outcome {
                    let (session, bucket) = (session.clone(), bucket.to_owned());
                    return Ok(Self { session, bucket, key, record, etag, renewed: Instant::now() });
                }
            }
            session.stop.check()?;
            if Instant::now() >= deadline {
                let holder = record.holder.unwrap_or_else(|| "another run".to_owned());
                let message = format!("portfolio `{portfolio}` is being published by {holder}");
                return Err(Error::new(Code::PublishLocked, message));
            }
            tokio::time::sleep(session.pace.first).await;
        }
    }

    /// How often something was deleted so far.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.record.generation
    }

    /// Renews the lock once a third of it is over.
    ///
    /// # Errors
    /// `lock-lost` when another run has taken it.
    pub async fn keep(&mut self) -> Result<()> {
        if self.renewed.elapsed() < self.session.pace.lease / 3 {
            return Ok(());
        }
        self.record.expires = now() + millis(self.session.pace.lease);
        self.write().await
    }

    /// Gives the lock back.
    ///
    /// # Errors
    /// `lock-lost` when another run has taken it, or what AWS answers; the lock then expires by itself.
    pub async fn release(mut self) -> Result<()> {
        self.record.holder = None;
        self.write().await
    }

    async fn write(&mut self) -> Result<()> {
        let body = serde_json::to_vec(&self.record).unwrap_or_default();
        match self.session.store.put_over(&self.bucket, &self.key, &body, &self.etag).await? {
            PutOutcome::Written(etag) => {
                self.etag = etag;
                self.renewed = Instant::now();
                Ok(())
            }
            PutOutcome::Refused => self.recover(&body).await,
        }
    }

    /// A refused write may be our own, whose answer was lost.
    async fn recover(&mut self, body: &[u8]) -> Result<()> {
        let stored = self.session.store.get(&self.bucket, &self.key).await?;
        match stored {
            Some(stored) if stored.body == body => {
                self.etag = stored.etag;
                self.renewed = Instant::now();
                Ok(())
            }
            _ => Err(Error::new(Code::LockLost, "another run took the publish lock")),
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
