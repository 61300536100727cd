//! Writing files so that a crash never leaves half of one.

use std::path::Path;

use crate::error::{Code, Error, Result};

/// Replaces a file's content in one step.
///
/// # Errors
/// `file-write`.
pub fn write_atomically(path: &Path, text: &str) -> Result<()> {
    let fail =
        |error: std::io::Error| Error::new(Code::FileWrite, format!("cannot write `{}`: {error}", path.display()));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    std::fs::write(&temporary, text).map_err(fail)?;
    std::fs::rename(&temporary, path).map_err(|error| {
        // The rename's own error is the one to report; the leftover is removed as a courtesy.
        let _ = std::fs::remove_file(&temporary);
        fail(error)
    })
}
