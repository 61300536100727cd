//! Pages of records, and the tokens that lead from one to the next.

use crate::error::Error;
use crate::file_record::FileRecord;
use crate::object_key::check_object_key;
use crate::table::{Item, LARGEST_NUMBER, number, read_number, text};
use base64ct::{Base64UrlUnpadded, Encoding};

/// Which page [`FileRecords::list`](crate::FileRecords::list) answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The most records, from 1 to 1000; 50 when `None`.
    pub limit: Option<u16>,
    /// The token of the page before.
    pub next: Option<String>,
}

/// One page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordPage {
    /// The records, newest first.
    pub records: Vec<FileRecord>,
    /// Pass it on to get the next page; `None` on the last one.
    pub next: Option<String>,
}

/// A page token names the place to go on, as the npm package writes it.
pub(crate) fn token(last: &Item, primary_key: &str) -> Result<String, Error> {
    let place = || {
        let owner = last.get("owner")?.as_s().ok()?;
        let created_at = read_number(last.get("createdAt")?)?;
        let key = last.get(primary_key)?.as_s().ok()?;
        serde_json::to_string(&(owner, created_at, key)).ok()
    };
    // A list that ended here would look complete.
    let place = place().ok_or_else(|| {
        Error::argument("next", "cannot name the item that the page ends with, since its createdAt is no whole number")
            .with_hint("somebody else wrote that item; delete it, or ask for pages of another limit")
    })?;
    Ok(Base64UrlUnpadded::encode_string(place.as_bytes()))
}

/// A token holds nothing but text, number and key, and those of this owner: it comes back from outside.
pub(crate) fn read_token(token: &str, owner: &str, primary_key: &str) -> Result<Item, Error> {
    let place = Base64UrlUnpadded::decode_vec(token)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<(String, u64, String)>(&bytes).ok())
        .filter(|(who, created_at, _)| who == owner && *created_at <= LARGEST_NUMBER);
    let (owner, created_at, key) = place.ok_or_else(|| Error::argument("next", "is not a page token of this owner"))?;
    check_object_key(&key)?;
    Ok(Item::from([
        ("owner".to_owned(), text(&owner)),
        ("createdAt".to_owned(), number(created_at)),
        (primary_key.to_owned(), text(&key)),
    ]))
}
