//! Products on disk: `<products>/<product>/<version>/template.yaml`.

use std::path::{Path, PathBuf};

use semver::Version;

use crate::compute::{Options, compute};
use crate::error::Error;
use crate::role::LaunchRole;
use crate::template::Template;

/// A product and its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The name of its directory.
    pub name: String,
    /// The versions, oldest first, with the template of each.
    pub versions: Vec<(Version, PathBuf)>,
}

impl Product {
    /// The role that launches every version, and updates from any to any.
    ///
    /// # Errors
    /// As [`Template::load`] and [`compute`].
    pub fn launch_role(&self, options: &Options) -> Result<LaunchRole, Error> {
        let mut role = LaunchRole::default();
        for (_, path) in &self.versions {
            role = role.merge(compute(&Template::load(path)?, options)?);
        }
        Ok(role)
    }
}

/// Find the products in a directory, sorted by name.
///
/// A directory is a product when it has a `product.yaml`; its versions are the directories inside it
/// that are named like one (`1.0.0`) and hold a `template.yaml`.
///
/// # Errors
/// [`Error::Io`] when a directory cannot be read, [`Error::Layout`] when there is no product, or a
/// product has no version.
pub fn discover(directory: &Path) -> Result<Vec<Product>, Error> {
    let mut products = Vec::new();
    for path in directories(directory)? {
        if !path.join("product.yaml").is_file() {
            continue;
        }
        let name = file_name(&path);
        let mut versions: Vec<(Version, PathBuf)> = directories(&path)?
            .into_iter()
            .filter_map(|inner| Some((Version::parse(&file_name(&inner)).ok()?, inner.join("template.yaml"))))
            .filter(|(_, template)| template.is_file())
            .collect();
        versions.sort();
        if versions.is_empty() {
            return Err(Error::Layout { path, reason: "the product has no version with a template.yaml".into() });
        }
        products.push(Product { name, versions });
    }
    if products.is_empty() {
        let path = directory.to_owned();
        return Err(Error::Layout { path, reason: "no directory in it has a product.yaml".into() });
    }
    products.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(products)
}

fn directories(of: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Io { path: of.to_owned(), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(of).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
