//! A record of a file, as it is known and as it is stored.

use crate::table::{Item, number, read_number, text};
use edgeseal_core::time::EpochSeconds;

/// Attributes of a record, which the table's key cannot be called.
pub(crate) const ATTRIBUTES: [&str; 8] =
    ["owner", "state", "createdAt", "completedAt", "contentType", "filename", "bytes", "expiresAt"];

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// The upload is allowed.
    Pending,
    /// The upload is done.
    Complete,
}

impl FileState {
    /// The state as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Complete => "complete",
        }
    }
}

/// What is kept of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileRecord {
    /// The object's key, and the record's.
    pub key: String,
    /// Whose file it is.
    pub owner: String,
    /// Pending until the upload is complete.
    pub state: FileState,
    /// Seconds since 1970.
    pub created_at: EpochSeconds,
    /// Seconds since 1970, once complete.
    pub completed_at: Option<EpochSeconds>,
    /// The media type.
    pub content_type: Option<String>,
    /// The file's own name.
    pub filename: Option<String>,
    /// The size in bytes that was allowed, or is, once complete.
    pub bytes: Option<u64>,
    /// Seconds since 1970 when a pending record ends, and DynamoDB may drop it.
    pub expires_at: Option<EpochSeconds>,
}

/// What [`FileRecords::create`](crate::FileRecords::create) takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewFileRecord {
    /// The object's key.
    pub key: String,
    /// Whose file it is; 1 to 1024 bytes.
    pub owner: String,
    /// The media type.
    pub content_type: Option<String>,
    /// The file's own name; 1 to 1024 bytes.
    pub filename: Option<String>,
    /// The size in bytes that is allowed.
    pub bytes: Option<u64>,
    /// It stays pending until then at least, in seconds since 1970: the end of the URL it is a record of.
    pub keep_until: Option<EpochSeconds>,
}

impl FileRecord {
    /// The record as an item of a table whose key attribute is called `primary_key`.
    pub(crate) fn to_item(&self, primary_key: &str) -> Item {
        let Self { key, owner, state, created_at, completed_at, content_type, filename, bytes, expires_at } = self;
        let fields = [
            (primary_key, Some(text(key))),
            ("owner", Some(text(owner))),
            ("state", Some(text(state.as_str()))),
            ("createdAt", Some(number(*created_at))),
            ("completedAt", completed_at.map(number)),
            ("contentType", content_type.as_deref().map(text)),
            ("filename", filename.as_deref().map(text)),
            ("bytes", bytes.map(number)),
            ("expiresAt", expires_at.map(number)),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// The record in an item, unless it is none. A number that cannot be read makes it none: an end that is passed over
    /// would keep a record for ever.
    pub(crate) fn from_item(item: &Item, primary_key: &str) -> Option<Self> {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let number = |name: &str| item.get(name).map(read_number);
        let state = match text("state")?.as_str() {
            "pending" => FileState::Pending,
            "complete" => FileState::Complete,
            _ => return None,
        };
        Some(Self {
            key: text(primary_key)?,
            owner: text("owner")?,
            state,
            created_at: number("createdAt")??,
            completed_at: optional(number("completedAt"))?,
            content_type: text("contentType"),
            filename: text("filename"),
            bytes: optional(number("bytes"))?,
            expires_at: optional(number("expiresAt"))?,
        })
    }
}

/// What may be left out, but must be readable when it is there.
fn optional(found: Option<Option<u64>>) -> Option<Option<u64>> {
    found.map_or(Some(None), |value| value.map(Some))
}
