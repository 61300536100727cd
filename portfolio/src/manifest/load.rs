//! Reading YAML files so that every mistake points at its place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::NamedSource;
use serde::de::DeserializeOwned;

use super::located::{At, byte_span};
use super::model::Manifest;
use crate::error::{Code, Error, Place, Result};

/// A text file, kept so that errors can show the lines they are about.
#[derive(Clone)]
pub struct SourceFile {
    /// The path as a person would type it.
    pub path: PathBuf,
    named: Arc<NamedSource<String>>,
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// `file-read` when it cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::new(Code::FileRead, format!("cannot read `{}`: {error}", path.display())))?;
        Ok(Self::from_text(path, text))
    }

    /// A file whose text is already at hand.
    #[must_use]
    pub fn from_text(path: &Path, text: String) -> Self {
        let named = NamedSource::new(path.display().to_string(), text).with_language("YAML");
        Self { path: path.to_owned(), named: Arc::new(named) }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.named.inner()
    }

    /// A place in this file.
    #[must_use]
    pub fn place(&self, offset: usize, len: usize, label: impl Into<String>) -> Place {
        let size = self.text().len();
        let offset = offset.min(size);
        Place { source: Arc::clone(&self.named), offset, len: len.min(size - offset), label: label.into() }
    }

    /// The place of a located value.
    #[must_use]
    pub fn place_of<T>(&self, at: &At<T>, label: impl Into<String>) -> Place {
        // The parser gives a whole mapping or list the one character it starts with; the rest of its line says more.
        let rest = self.text().get(at.offset..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let len = if at.len == 1 { rest.trim_end().len().max(1) } else { at.len };
        self.place(at.offset, len, label)
    }
}

/// Parses a YAML file into a type.
///
/// # Errors
/// `manifest-syntax`, pointing at line and column.
pub fn parse_yaml<T: DeserializeOwned>(file: &SourceFile) -> Result<T> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(file.text(), options).map_err(|error| {
        let (offset, len) = error.location().map_or((0, 1), |location| byte_span(&location));
        let message = plain_message(&error);
        Error::new(Code::ManifestSyntax, format!("{}: {message}", file.path.display()))
            .at(file.place(offset, len, "here"))
    })
}

/// The parser's message without the position, which the error shows by itself.
fn plain_message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let first = text.lines().next().unwrap_or("malformed YAML");
    match first.rfind(" at line ") {
        Some(end) => first.get(..end).unwrap_or(first).trim_end_matches([':', ',']).to_owned(),
        None => first.to_owned(),
    }
}

/// A manifest together with the file it was read from.
#[derive(Clone)]
pub struct ManifestFile {
    /// The file.
    pub source: SourceFile,
    /// What it says.
    pub manifest: Manifest,
}

impl ManifestFile {
    /// Reads and parses a manifest.
    ///
    /// # Errors
    /// `file-read` or `manifest-syntax`.
    pub fn read(path: &Path) -> Result<Self> {
        let source = SourceFile::read(path).map_err(|error| {
            error.with_help("Give its path with --manifest, or write a new one with `portfolio init`.")
        })?;
        let manifest = parse_yaml(&source)?;
        Ok(Self { source, manifest })
    }

    /// The folder that paths in the manifest are relative to; empty when it is the current one.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.source.path.parent().unwrap_or_else(|| Path::new(""))
    }
}
