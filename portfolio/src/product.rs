//! A product folder: `product.yaml` and the templates of its versions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Code, Error, Result};
use crate::manifest::{At, SourceFile, parse_yaml};
use crate::state::sha256_hex;

/// What `product.yaml` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProductFile {
    /// Name in the console.
    pub name: At<String>,
    /// Who is answerable.
    pub owner: At<String>,
    /// What it is.
    pub description: At<String>,
    /// Who distributes it.
    #[serde(default)]
    pub distributor: Option<At<String>>,
    /// Where to get help.
    #[serde(default)]
    pub support: Option<Support>,
    /// Tags of the product.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Versions, oldest first.
    pub versions: Vec<VersionFile>,
}

/// Where people get help.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Support {
    /// Address.
    #[serde(default)]
    pub email: Option<At<String>>,
    /// Page.
    #[serde(default)]
    pub url: Option<At<String>>,
    /// Text.
    #[serde(default)]
    pub description: Option<At<String>>,
}

/// One version in `product.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VersionFile {
    /// Name.
    pub name: At<String>,
    /// What changed.
    #[serde(default)]
    pub description: String,
    /// The template, relative to `product.yaml`.
    pub template: At<String>,
    /// Deprecated versions may be updated, but no longer launched.
    #[serde(default)]
    pub guidance: Guidance,
    /// Values that provision the version.
    #[serde(default)]
    pub example_parameters: Option<BTreeMap<String, String>>,
}

/// Guidance of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guidance {
    /// May be launched.
    #[default]
    Default,
    /// May be updated only.
    Deprecated,
}

/// A product folder, read.
#[derive(Clone)]
pub struct Product {
    /// Key: the folder's name.
    pub key: String,
    /// The folder.
    pub folder: PathBuf,
    /// `product.yaml` as a file.
    pub source: SourceFile,
    /// What it says.
    pub file: ProductFile,
}

impl Product {
    /// Reads a product folder and checks the limits of AWS Service Catalog.
    ///
    /// # Errors
    /// `file-read`, `manifest-syntax`, or `product-invalid` with every rule that is broken.
    pub fn read(folder: &Path) -> Result<Self> {
        let key = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let source = SourceFile::read(&folder.join("product.yaml"))?;
        let file: ProductFile = parse_yaml(&source)?;
        let product = Self { key, folder: folder.to_owned(), source, file };
        let problems = product.problems();
        if problems.is_empty() {
            return Ok(product);
        }
        Err(Error::gather(Code::ProductInvalid, &product.source.path.display().to_string(), problems))
    }

    /// The version of that name.
    #[must_use]
    pub fn version(&self, name: &str) -> Option<&VersionFile> {
        self.file.versions.iter().find(|version| *version.name == name)
    }

    /// Reads a version's template.
    ///
    /// # Errors
    /// `product-invalid`, pointing at the line that names the file.
    pub fn template(&self, version: &VersionFile) -> Result<Template> {
        let path = self.folder.join(version.template.as_str());
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let message = format!("template `{}` cannot be read: {error}", path.display());
            Error::new(Code::ProductInvalid, message).at(self.source.place_of(&version.template, "named here"))
        })?;
        Ok(Template { sha256: sha256_hex(text.as_bytes()), path, text })
    }

    /// Limits of the [CreateProduct](https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateProduct.html) call;
    /// 100 characters for names is what the AWS CDK allows, where the API alone allows 8,191.
    fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut limit = |at: &At<String>, what: &str, max: usize| {
            let count = at.chars().count();
            if count == 0 || count > max {
                let message = format!("{what} must have 1 to {max} characters, not {count}");
                problems.push(Error::new(Code::ProductInvalid, message).at(self.source.place_of(at, "here")));
            }
        };
        limit(&self.file.name, "the name", 100);
        limit(&self.file.owner, "the owner", 50);
        limit(&self.file.description, "the description", 2000);
        if let Some(distributor) = &self.file.distributor {
            limit(distributor, "the distributor", 50);
        }
        if let Some(support) = &self.file.support {
            let fields = [(&support.email, "the support address", 254), (&support.url, "the support page", 2083)];
            for (at, what, max) in fields {
                if let Some(at) = at {
                    limit(at, what, max);
                }
            }
        }
        problems.extend(self.version_problems());
        problems
    }

    fn version_problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut seen = Vec::new();
        for version in &self.file.versions {
            let mut problem = |code, message: String, label: &str| {
                problems.push(Error::new(code, message).at(self.source.place_of(&version.name, label)));
            };
            let name = version.name.as_str();
            if name.is_empty() || name.len() > 100 || name.contains(char::is_whitespace) {
                let message = format!("version name `{name}` must have 1 to 100 characters and no spaces");
                problem(Code::ProductInvalid, message, "this name");
            }
            if seen.contains(&name) {
                problem(Code::ManifestDuplicate, format!("version `{name}` is defined twice"), "second definition");
            }
            seen.push(name);
        }
        if self.file.versions.is_empty() {
            let error = Error::new(Code::ProductInvalid, format!("product `{}` has no version", self.key));
            problems.push(error.at(self.source.place_of(&self.file.name, "this product")));
        }
        problems
    }
}

/// A template, read.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file.
    pub path: PathBuf,
    /// Its text, exactly as it will be stored.
    pub text: String,
    /// SHA-256 of the text, in hex.
    pub sha256: String,
}
