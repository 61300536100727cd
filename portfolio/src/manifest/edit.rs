//! Changes to a manifest's text that leave comments and layout alone.

use super::load::{ManifestFile, SourceFile, parse_yaml};
use super::model::{Manifest, ProductEntry, VersionState};
use crate::error::{Code, Error, Result};

/// The manifest's text with one version of one product in another state.
///
/// `all_versions` are the product's versions, needed when the manifest lists none and so means all of them.
///
/// # Errors
/// `product-not-found`, `version-not-found`, or `manifest-syntax` when the layout is too unusual to edit safely.
pub fn set_version_state(
    file: &ManifestFile,
    path: &str,
    version: &str,
    state: VersionState,
    all_versions: &[String],
) -> Result<String> {
    let missing = || Error::new(Code::ProductNotFound, format!("the manifest has no product at `{path}`"));
    let entry = file.manifest.products.iter().find(|entry| *entry.path == path).ok_or_else(missing)?;
    let text = file.source.text();
    let edited = match &entry.versions {
        Some(_) => edit_listed(text, entry, version, state)?,
        None => list_versions(text, entry, version, state, all_versions),
    };
    verify(file, &edited, path, version, state)?;
    Ok(edited)
}

fn edit_listed(text: &str, entry: &ProductEntry, version: &str, state: VersionState) -> Result<String> {
    let versions = entry.versions.as_deref().unwrap_or_default();
    let listed = versions.iter().find(|listed| *listed.version == version).ok_or_else(|| {
        Error::new(Code::VersionNotFound, format!("the manifest lists no version `{version}` of `{}`", *entry.path))
    })?;
    let mut edited = text.to_owned();
    if listed.state.offset > 0 {
        let range = listed.state.offset..listed.state.offset + listed.state.len;
        if edited.get(range.clone()).is_some() {
            edited.replace_range(range, name_of(state));
        }
    } else {
        let (indent, end) = line_of(text, listed.version.offset);
        let inside_braces = text.get(listed.version.offset..end).is_some_and(|rest| rest.contains('}'));
        if inside_braces {
            edited.insert_str(listed.version.offset + listed.version.len, &format!(", state: {}", name_of(state)));
        } else {
            edited.insert_str(end, &format!("\n{}state: {}", " ".repeat(indent), name_of(state)));
        }
    }
    Ok(edited)
}

/// Writes out the list of versions that was implied so far.
fn list_versions(text: &str, entry: &ProductEntry, version: &str, state: VersionState, all: &[String]) -> String {
    let (indent, end) = line_of(text, entry.path.offset);
    let pad = " ".repeat(indent);
    let mut lines = format!("\n{pad}versions:");
    for name in all {
        lines.push_str(&format!("\n{pad}  - version: {}", quoted(name)));
        if name == version {
            lines.push_str(&format!("\n{pad}    state: {}", name_of(state)));
        }
    }
    let mut edited = text.to_owned();
    edited.insert_str(end, &lines);
    edited
}

/// The column of the key on the line around `offset`, and the offset of the line's end.
fn line_of(text: &str, offset: usize) -> (usize, usize) {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at);
    let line = text.get(start..end).unwrap_or("");
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    (indent, end)
}

/// A text that YAML could take for a number is put in quotes.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic()) || text.matches('.').count() > 1;
    if plain { text.to_owned() } else { format!("\"{text}\"") }
}

fn name_of(state: VersionState) -> &'static str {
    match state {
        VersionState::Active => "active",
        VersionState::Deprecated => "deprecated",
        VersionState::Inactive => "inactive",
    }
}

/// Reads the edited text again, so that an unusual layout can never damage a manifest.
fn verify(file: &ManifestFile, edited: &str, path: &str, version: &str, state: VersionState) -> Result<()> {
    let source = SourceFile::from_text(&file.source.path, edited.to_owned());
    let holds = parse_yaml::<Manifest>(&source).is_ok_and(|manifest| {
        manifest.products.len() == file.manifest.products.len()
            && manifest.products.iter().filter(|entry| *entry.path == path).any(|entry| {
                let versions = entry.versions.as_deref().unwrap_or_default();
                versions.iter().any(|listed| *listed.version == version && *listed.state == state)
            })
    });
    if holds {
        return Ok(());
    }
    let message = format!("cannot edit the versions of `{path}` in {} safely", file.source.path.display());
    let help = format!("Set version `{version}` to `{}` by hand.", name_of(state));
    Err(Error::new(Code::ManifestSyntax, message).with_help(help))
}
