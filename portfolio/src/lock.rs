//! `portfolio.lock`: the hash of every version ever accepted, so that a published version cannot change unnoticed.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};

/// The lock file. It is meant to be committed beside the manifest.
///
/// ```
/// use edgeseal_portfolio::lock::Lock;
///
/// let mut lock = Lock::default();
/// assert_eq!(lock.hash("bucket", "1.0.0"), None);
/// lock.insert("bucket", "1.0.0", "aa");
/// assert_eq!(lock.hash("bucket", "1.0.0"), Some("aa"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Format of the file; always 1.
    version: u32,
    /// Product, then version, then SHA-256 of the template.
    products: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Lock {
    fn default() -> Self {
        Self { version: 1, products: BTreeMap::new() }
    }
}

impl Lock {
    /// Reads the lock file; a missing file is an empty lock.
    ///
    /// # Errors
    /// `file-read` or `lock-invalid`.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::new(Code::FileRead, format!("cannot read `{}`: {error}", path.display()))),
        };
        let invalid = |reason: String| Error::new(Code::LockInvalid, format!("{}: {reason}", path.display()));
        let lock: Self = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if lock.version != 1 {
            return Err(invalid(format!("format version {} is not known", lock.version)));
        }
        Ok(lock)
    }

    /// Writes the lock file through a temporary file, so that a crash leaves the old one whole.
    ///
    /// # Errors
    /// `file-write`.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        crate::files::write_atomically(path, &text)
    }

    /// The accepted hash of a version.
    #[must_use]
    pub fn hash(&self, product: &str, version: &str) -> Option<&str> {
        self.products.get(product)?.get(version).map(String::as_str)
    }

    /// Accepts a version.
    pub fn insert(&mut self, product: &str, version: &str, sha256: &str) {
        self.products.entry(product.to_owned()).or_default().insert(version.to_owned(), sha256.to_owned());
    }
}
