//! State in SQLite: one table of typed records, one of S3 objects, one of tokens.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, RehearsalError};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
    id TEXT NOT NULL, parent TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, account, region, id));
CREATE INDEX IF NOT EXISTS by_parent ON records (kind, account, region, parent, seq);
CREATE INDEX IF NOT EXISTS by_id ON records (kind, region, id);
CREATE TABLE IF NOT EXISTS tokens (
    account TEXT NOT NULL, region TEXT NOT NULL, operation TEXT NOT NULL, token TEXT NOT NULL,
    digest TEXT NOT NULL, answer TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (account, region, operation, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, created REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bucket_settings (
    bucket TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (bucket, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL, etag TEXT NOT NULL,
    headers TEXT NOT NULL, tags TEXT NOT NULL, modified REAL NOT NULL,
    PRIMARY KEY (bucket, name)) WITHOUT ROWID;
";

/// A thing that is stored: a resource or a link between two.
pub(crate) trait Entity: Serialize + DeserializeOwned {
    /// The kind's name in the table.
    const KIND: &'static str;
    /// The key within its kind, account and region.
    fn id(&self) -> String;
    /// What it is listed by; empty for things listed as a whole.
    fn parent(&self) -> String {
        String::new()
    }
}

/// The account and region a record lives in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) region: String,
}

/// Opens the store in `dir`, or in memory.
pub(crate) fn open(dir: Option<&Path>) -> Result<Connection, RehearsalError> {
    let Some(dir) = dir else {
        let connection = Connection::open_in_memory();
        return connection
            .and_then(|c| prepare(&c).map(|()| c))
            .map_err(|e| RehearsalError::State { path: "(memory)".into(), reason: e.to_string() });
    };
    let failed = |reason: String| RehearsalError::State { path: dir.to_owned(), reason };
    std::fs::create_dir_all(dir).map_err(|e| failed(e.to_string()))?;
    open_file(&dir.join("rehearsal.sqlite3")).map_err(|e| match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy) => RehearsalError::Busy { path: dir.to_owned() },
        _ => failed(e.to_string()),
    })
}

fn open_file(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    // Two endpoints on one folder would each hand out the other's identifiers.
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(SCHEMA)
}

/// Removes everything but the identifier seed.
pub(crate) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM records; DELETE FROM tokens; DELETE FROM buckets;
         DELETE FROM bucket_settings; DELETE FROM objects;",
    )
}

/// The seed of the identifiers, kept with the state.
pub(crate) fn seed(connection: &Connection, wanted: Option<&str>) -> rusqlite::Result<String> {
    let stored: Option<String> =
        connection.query_row("SELECT value FROM meta WHERE name = 'seed'", [], |r| r.get(0)).optional()?;
    if let Some(stored) = stored {
        return Ok(stored);
    }
    let seed = wanted.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
    connection.execute("INSERT INTO meta VALUES ('seed', ?1)", [&seed])?;
    Ok(seed)
}

/// The next number for an identifier.
pub(crate) fn next_number(tx: &Transaction<'_>) -> rusqlite::Result<i64> {
    tx.query_row(
        "INSERT INTO meta VALUES ('number', '1')
         ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1
         RETURNING CAST(value AS INTEGER)",
        [],
        |r| r.get(0),
    )
}

/// Stores a record, replacing the one of the same key and keeping its place in lists.
pub(crate) fn put<E: Entity>(tx: &Transaction<'_>, place: &Place, entity: &E) -> Result<(), ApiError> {
    let body = serde_json::to_string(entity)?;
    tx.prepare_cached(
        "INSERT INTO records (kind, account, region, id, parent, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (kind, account, region, id) DO UPDATE SET parent = excluded.parent, body = excluded.body",
    )?
    .execute(params![E::KIND, place.account, place.region, entity.id(), entity.parent(), body])?;
    Ok(())
}

/// Reads a record by its key.
pub(crate) fn get<E: Entity>(tx: &Transaction<'_>, place: &Place, id: &str) -> Result<Option<E>, ApiError> {
    let body: Option<String> = tx
        .prepare_cached("SELECT body FROM records WHERE kind = ?1 AND account = ?2 AND region = ?3 AND id = ?4")?
        .query_row(params![E::KIND, place.account, place.region, id], |r| r.get(0))
        .optional()?;
    body.map(|b| serde_json::from_str(&b)).transpose().map_err(ApiError::from)
}

/// Reads a record of any account in a region, with the account.
pub(crate) fn get_anywhere<E: Entity>(
    tx: &Transaction<'_>,
    region: &str,
    id: &str,
) -> Result<Option<(String, E)>, ApiError> {
    let row: Option<(String, String)> = tx
        .prepare_cached("SELECT account, body FROM records WHERE kind = ?1 AND region = ?2 AND id = ?3")?
        .query_row(params![E::KIND, region, id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    match row {
        Some((account, body)) => Ok(Some((account, serde_json::from_str(&body)?))),
        None => Ok(None),
    }
}

/// Lists the records of a parent, or all of a kind, in the order of their making.
pub(crate) fn list<E: Entity>(tx: &Transaction<'_>, place: &Place, parent: Option<&str>) -> Result<Vec<E>, ApiError> {
    let all = "SELECT body FROM records WHERE kind = ?1 AND account = ?2 AND region = ?3 ORDER BY seq";
    let below = "SELECT body FROM records WHERE kind = ?1 AND account = ?2 AND region = ?3
                 AND parent = ?4 ORDER BY seq";
    let body = |r: &rusqlite::Row<'_>| r.get::<_, String>(0);
    let mut statement = tx.prepare_cached(if parent.is_some() { below } else { all })?;
    let rows = match parent {
        Some(parent) => statement.query_map(params![E::KIND, place.account, place.region, parent], body)?,
        None => statement.query_map(params![E::KIND, place.account, place.region], body)?,
    };
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// Lists the records of a kind in every account of a region, with their accounts.
pub(crate) fn list_anywhere<E: Entity>(tx: &Transaction<'_>, region: &str) -> Result<Vec<(String, E)>, ApiError> {
    let mut statement =
        tx.prepare_cached("SELECT account, body FROM records WHERE kind = ?1 AND region = ?2 ORDER BY seq")?;
    let rows =
        statement.query_map(params![E::KIND, region], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (account, body) = row?;
        Ok((account, serde_json::from_str(&body)?))
    })
    .collect()
}

/// Lists the records of a kind in every account and region.
pub(crate) fn list_everywhere<E: Entity>(tx: &Transaction<'_>) -> Result<Vec<(Place, E)>, ApiError> {
    let mut statement = tx.prepare("SELECT account, region, body FROM records WHERE kind = ?1 ORDER BY seq")?;
    let rows = statement.query_map([E::KIND], |r| {
        let place = Place { account: r.get(0)?, region: r.get(1)? };
        Ok((place, r.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (place, body) = row?;
        Ok((place, serde_json::from_str(&body)?))
    })
    .collect()
}

/// Removes a record; tells whether there was one.
pub(crate) fn remove<E: Entity>(tx: &Transaction<'_>, place: &Place, id: &str) -> Result<bool, ApiError> {
    let count = tx
        .prepare_cached("DELETE FROM records WHERE kind = ?1 AND account = ?2 AND region = ?3 AND id = ?4")?
        .execute(params![E::KIND, place.account, place.region, id])?;
    Ok(count > 0)
}
