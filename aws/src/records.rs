//! Metadata of files, in the table of the dynamodb-metadata-table product.

use crate::access::{Access, AccessOptions};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode};
use crate::file_record::{ATTRIBUTES, FileRecord, FileState, NewFileRecord};
use crate::object_key::check_object_key;
use crate::page::{PageRequest, RecordPage, read_token, token};
use crate::table::{Item, LARGEST_NUMBER, Table};
use aws_config::SdkConfig;
use std::sync::Arc;
use std::time::Duration;

/// The longest text that an index can be keyed by and that is still of use, in bytes of UTF-8.
const LONGEST_TEXT: usize = 1024;

/// How long a pending record lives, unless the caller says otherwise.
const USUAL_PENDING_LIFETIME: Duration = Duration::from_secs(86_400);

/// How many records a page has, unless the caller says otherwise, and at most.
const USUAL_LIMIT: u16 = 50;
const LARGEST_LIMIT: u16 = 1000;

/// What [`FileRecords::open`] takes. The names of table and key have to be there.
#[derive(Debug, Clone)]
pub struct FileRecordsConfig {
    /// An output of the dynamodb-metadata-table product.
    pub table_name: String,
    /// The table's key attribute, as given to the product.
    pub primary_key: String,
    /// The role to use; the credentials at hand when `None`.
    pub integration_role_arn: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
    /// The name of the role session, as CloudTrail shows it; `edgeseal` when `None`.
    pub session_name: Option<String>,
    /// The region of the table; the environment's when `None`.
    pub region: Option<String>,
    /// Where the application's own credentials, retries and HTTP client come from; what the AWS SDK finds in the
    /// environment when `None`.
    pub sdk_config: Option<SdkConfig>,
    /// One endpoint for every AWS service, for local stand-ins.
    pub endpoint: Option<String>,
    /// How long a pending record lives; a day by default.
    pub pending_lifetime: Duration,
    /// The clock, for tests.
    pub clock: Clock,
}

impl Default for FileRecordsConfig {
    fn default() -> Self {
        Self {
            table_name: String::new(),
            primary_key: String::new(),
            integration_role_arn: None,
            external_id: None,
            session_name: None,
            region: None,
            sdk_config: None,
            endpoint: None,
            pending_lifetime: USUAL_PENDING_LIFETIME,
            clock: Clock::default(),
        }
    }
}

/// Metadata of files in the table of the dynamodb-metadata-table product, with its default attribute names and without
/// a sort key. Optional: signing needs no table. Clones share the client.
///
/// Writes are conditional: a record is never made twice, and only its owner's pending record is completed. A pending
/// record whose time is up counts as gone, whether or not DynamoDB has dropped it already. So does an item that
/// somebody else wrote and that is no record.
///
/// ```no_run
/// use edgeseal_aws::{FileRecords, FileRecordsConfig, NewFileRecord};
///
/// # async fn example() -> Result<(), edgeseal_aws::Error> {
/// let records = FileRecords::open(FileRecordsConfig {
///     table_name: "orders-files".into(),
///     primary_key: "objectKey".into(),
///     ..FileRecordsConfig::default()
/// })
/// .await?;
/// records.create(NewFileRecord { key: "a.pdf".into(), owner: "ann".into(), ..NewFileRecord::default() }).await?;
/// let done = records.complete("a.pdf", "ann", Some(1_234)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FileRecords {
    table: Arc<Table>,
    primary_key: String,
    pending_lifetime: Duration,
    clock: Clock,
}

impl FileRecords {
    /// Settles how to reach the table. Nothing is sent to AWS yet.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`].
    pub async fn open(config: FileRecordsConfig) -> Result<Self, Error> {
        check_text(&config.table_name, "table_name")?;
        check_text(&config.primary_key, "primary_key")?;
        if ATTRIBUTES.contains(&config.primary_key.as_str()) {
            return Err(Error::argument("primary_key", "cannot be the name of another attribute"));
        }
        if !(1..=LARGEST_NUMBER).contains(&config.pending_lifetime.as_secs()) {
            return Err(Error::argument("pending_lifetime", "must be at least a second"));
        }
        let access = Access::open(AccessOptions {
            sdk_config: config.sdk_config,
            role_arn: config.integration_role_arn,
            external_id: config.external_id,
            session_name: config.session_name,
            region: config.region,
            endpoint: config.endpoint,
            clock: config.clock.clone(),
        })
        .await?;
        Ok(Self {
            table: Arc::new(Table::new(access, config.table_name, config.primary_key.clone())),
            primary_key: config.primary_key,
            pending_lifetime: config.pending_lifetime,
            clock: config.clock,
        })
    }

    /// Records that an upload was allowed.
    ///
    /// # Errors
    /// [`ErrorCode::RecordExists`] when there is a record with this key; what the table refuses.
    pub async fn create(&self, file: NewFileRecord) -> Result<FileRecord, Error> {
        check_object_key(&file.key)?;
        check_short_text(&file.owner, "owner")?;
        file.content_type.as_deref().map_or(Ok(()), |value| check_text(value, "content_type"))?;
        file.filename.as_deref().map_or(Ok(()), |value| check_short_text(value, "filename"))?;
        check_number(file.bytes, "bytes")?;
        check_number(file.keep_until, "keep_until")?;
        let now = self.clock.seconds();
        // While a URL still opens the key, nobody else may get it.
        let expires_at = now.saturating_add(self.pending_lifetime.as_secs()).max(file.keep_until.unwrap_or_default());
        let record = FileRecord {
            key: file.key,
            owner: file.owner,
            state: FileState::Pending,
            created_at: now,
            completed_at: None,
            content_type: file.content_type,
            filename: file.filename,
            bytes: file.bytes,
            expires_at: Some(expires_at),
        };
        self.table.put(record.to_item(&self.primary_key), now).await?;
        Ok(record)
    }

    /// Marks an upload as complete; it then stays for good. `bytes` is the size that it has.
    ///
    /// # Errors
    /// [`ErrorCode::RecordNotPending`] when the owner has no pending record with this key.
    pub async fn complete(&self, key: &str, owner: &str, bytes: Option<u64>) -> Result<FileRecord, Error> {
        check_object_key(key)?;
        check_short_text(owner, "owner")?;
        check_number(bytes, "bytes")?;
        let now = self.clock.seconds();
        let item = self.table.complete(key, owner, now, bytes).await?;
        self.record_in(&item).ok_or_else(|| {
            // The condition held, so this is a record whose other attributes somebody else changed.
            Error::new(ErrorCode::RecordNotPending, "the item with this key is no record of a file").with_field("key")
        })
    }

    /// The record with this key, if there is one.
    ///
    /// # Errors
    /// What the table refuses.
    pub async fn get(&self, key: &str) -> Result<Option<FileRecord>, Error> {
        check_object_key(key)?;
        let now = self.clock.seconds();
        let item = self.table.get(key).await?;
        let record = item.and_then(|item| self.record_in(&item));
        Ok(record.filter(|record| record.expires_at.is_none_or(|end| end > now)))
    }

    /// An owner's records, newest first. A page may hold fewer than `limit` although there is a next one, and an entry
    /// made a moment ago may be missing: the index follows the table.
    ///
    /// # Errors
    /// [`ErrorCode::TableWithoutIndex`] when the table was made without `OwnerAttribute`.
    pub async fn list(&self, owner: &str, page: PageRequest) -> Result<RecordPage, Error> {
        let limit = page.limit.unwrap_or(USUAL_LIMIT);
        if !(1..=LARGEST_LIMIT).contains(&limit) {
            return Err(Error::argument("limit", "must be from 1 to 1000"));
        }
        check_short_text(owner, "owner")?;
        let start = page.next.map(|token| read_token(&token, owner, &self.primary_key)).transpose()?;
        let (items, last) = self.table.list(owner, self.clock.seconds(), limit, start).await?;
        let records = items.iter().filter_map(|item| self.record_in(item)).collect();
        let next = last.map(|last| token(&last, &self.primary_key)).transpose()?;
        Ok(RecordPage { records, next })
    }

    fn record_in(&self, item: &Item) -> Option<FileRecord> {
        FileRecord::from_item(item, &self.primary_key)
    }
}

fn check_text(value: &str, field: &'static str) -> Result<(), Error> {
    if value.is_empty() { Err(Error::argument(field, "must be a non-empty string")) } else { Ok(()) }
}

fn check_short_text(value: &str, field: &'static str) -> Result<(), Error> {
    check_text(value, field)?;
    if value.len() > LONGEST_TEXT {
        return Err(Error::argument(field, format_args!("is longer than {LONGEST_TEXT} bytes")));
    }
    Ok(())
}

fn check_number(value: Option<u64>, field: &'static str) -> Result<(), Error> {
    if value.is_some_and(|value| value > LARGEST_NUMBER) {
        return Err(Error::argument(field, format_args!("is larger than {LARGEST_NUMBER}")));
    }
    Ok(())
}
