//! The built-in object store's tables.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::ApiError;

/// A stored object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) bytes: Vec<u8>,
    pub(crate) etag: String,
    /// Content type, checksums and user metadata, as response headers.
    pub(crate) headers: BTreeMap<String, String>,
    /// The tag set, URL-encoded as the `x-amz-tagging` header has it.
    pub(crate) tags: String,
    pub(crate) modified: f64,
}

/// A bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) account: String,
    pub(crate) region: String,
}

/// A bucket by its name.
pub(crate) fn bucket(tx: &Transaction<'_>, name: &str) -> Result<Option<Bucket>, ApiError> {
    let row = tx
        .query_row("SELECT account, region FROM buckets WHERE name = ?1", [name], |r| {
            Ok(Bucket { account: r.get(0)?, region: r.get(1)? })
        })
        .optional()?;
    Ok(row)
}

/// Makes a bucket.
pub(crate) fn make_bucket(tx: &Transaction<'_>, name: &str, bucket: &Bucket, now: f64) -> Result<(), ApiError> {
    tx.execute("INSERT INTO buckets VALUES (?1, ?2, ?3, ?4)", params![name, bucket.account, bucket.region, now])?;
    Ok(())
}

/// Removes a bucket and its settings.
pub(crate) fn drop_bucket(tx: &Transaction<'_>, name: &str) -> Result<(), ApiError> {
    tx.execute("DELETE FROM buckets WHERE name = ?1", [name])?;
    tx.execute("DELETE FROM bucket_settings WHERE bucket = ?1", [name])?;
    Ok(())
}

/// A bucket's subresource, such as its versioning, as it was put.
pub(crate) fn setting(tx: &Transaction<'_>, bucket: &str, name: &str) -> Result<Option<Vec<u8>>, ApiError> {
    Ok(tx
        .query_row("SELECT body FROM bucket_settings WHERE bucket = ?1 AND name = ?2", [bucket, name], |r| r.get(0))
        .optional()?)
}

/// Puts or removes a bucket's subresource.
pub(crate) fn set_setting(tx: &Transaction<'_>, bucket: &str, name: &str, body: Option<&[u8]>) -> Result<(), ApiError> {
    match body {
        Some(body) => {
            tx.execute("INSERT OR REPLACE INTO bucket_settings VALUES (?1, ?2, ?3)", params![bucket, name, body])?
        }
        None => tx.execute("DELETE FROM bucket_settings WHERE bucket = ?1 AND name = ?2", [bucket, name])?,
    };
    Ok(())
}

/// An object by its key.
pub(crate) fn get(tx: &Transaction<'_>, bucket: &str, key: &str) -> Result<Option<Object>, ApiError> {
    let row = tx
        .query_row(
            "SELECT bytes, etag, headers, tags, modified FROM objects WHERE bucket = ?1 AND name = ?2",
            [bucket, key],
            |r| {
                let headers: String = r.get(2)?;
                Ok((r.get(0)?, r.get(1)?, headers, r.get(3)?, r.get(4)?))
            },
        )
        .optional()?;
    let Some((bytes, etag, headers, tags, modified)) = row else { return Ok(None) };
    Ok(Some(Object { bytes, etag, headers: serde_json::from_str(&headers)?, tags, modified }))
}

/// Puts an object.
pub(crate) fn put(tx: &Transaction<'_>, bucket: &str, key: &str, object: &Object) -> Result<(), ApiError> {
    tx.execute(
        "INSERT OR REPLACE INTO objects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            bucket,
            key,
            object.bytes,
            object.etag,
            serde_json::to_string(&object.headers)?,
            object.tags,
            object.modified
        ],
    )?;
    Ok(())
}

/// Removes an object.
pub(crate) fn delete(tx: &Transaction<'_>, bucket: &str, key: &str) -> Result<(), ApiError> {
    tx.execute("DELETE FROM objects WHERE bucket = ?1 AND name = ?2", [bucket, key])?;
    Ok(())
}

/// One row of a listing.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) etag: String,
    pub(crate) size: i64,
    pub(crate) modified: f64,
}

/// Keys after `after`, in order, at most `count`.
pub(crate) fn list(
    tx: &Transaction<'_>,
    bucket: &str,
    prefix: &str,
    after: &str,
    count: usize,
) -> Result<Vec<Entry>, ApiError> {
    let mut statement = tx.prepare(
        "SELECT name, etag, LENGTH(bytes), modified FROM objects
         WHERE bucket = ?1 AND name > ?2 AND SUBSTR(name, 1, LENGTH(?3)) = ?3 ORDER BY name LIMIT ?4",
    )?;
    let rows = statement.query_map(params![bucket, after, prefix, i64::try_from(count).unwrap_or(i64::MAX)], |r| {
        Ok(Entry { key: r.get(0)?, etag: r.get(1)?, size: r.get(2)?, modified: r.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
