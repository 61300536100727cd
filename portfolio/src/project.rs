//! A manifest with everything it refers to: products, templates and the lock file.

use std::path::{Path, PathBuf};

use crate::error::{Code, Error, Result};
use crate::lock::Lock;
use crate::manifest::{Launch, ManifestFile, ProductEntry, VersionState, check};
use crate::product::{Guidance, Product, Template, VersionFile};

/// Everything on disk, read once.
#[derive(Clone)]
pub struct Project {
    /// The manifest.
    pub file: ManifestFile,
    /// Its products, in the manifest's order.
    pub products: Vec<LoadedProduct>,
    /// The lock file as it was read.
    pub lock: Lock,
    /// Where the lock file is.
    pub lock_path: PathBuf,
}

/// A product with the versions the manifest includes.
#[derive(Clone)]
pub struct LoadedProduct {
    /// Index of its entry in the manifest.
    pub index: usize,
    /// The product folder.
    pub product: Product,
    /// The included versions, oldest first.
    pub versions: Vec<LoadedVersion>,
}

/// A version with its template.
#[derive(Clone)]
pub struct LoadedVersion {
    /// What `product.yaml` says of it.
    pub file: VersionFile,
    /// The template.
    pub template: Template,
    /// The state to keep it in.
    pub state: VersionState,
}

impl Project {
    /// Reads the manifest and all it refers to.
    ///
    /// # Errors
    /// The first file that cannot be read at all; otherwise every problem found in any file, gathered.
    pub fn load(manifest: &Path) -> Result<Self> {
        let file = ManifestFile::read(manifest)?;
        let mut problems: Vec<Error> = check(&file).into_iter().filter(|finding| !finding.is_warning()).collect();
        let mut products: Vec<LoadedProduct> = Vec::new();
        for (index, entry) in file.manifest.products.iter().enumerate() {
            match LoadedProduct::load(&file, index, entry) {
                Ok(loaded) => products.push(loaded),
                Err(error) => problems.push(error),
            }
        }
        problems.extend(same_keys(&file, &products));
        if !problems.is_empty() {
            return Err(Error::gather(Code::ManifestValue, &file.source.path.display().to_string(), problems));
        }
        let lock_path = file.source.path.with_extension("lock");
        let lock = Lock::read(&lock_path)?;
        Ok(Self { file, products, lock, lock_path })
    }

    /// The product of that key.
    ///
    /// # Errors
    /// `product-not-found`, with the keys there are.
    pub fn product(&self, key: &str) -> Result<&LoadedProduct> {
        self.products.iter().find(|loaded| loaded.product.key == key).ok_or_else(|| {
            let known: Vec<&str> = self.products.iter().map(|loaded| loaded.product.key.as_str()).collect();
            Error::new(Code::ProductNotFound, format!("the manifest has no product `{key}`"))
                .with_help(format!("The products are: {}.", known.join(", ")))
        })
    }

    /// The manifest's entry of a product.
    #[must_use]
    pub fn entry(&self, loaded: &LoadedProduct) -> Option<&ProductEntry> {
        self.file.manifest.products.get(loaded.index)
    }

    /// How a product is launched, with the default filled in.
    #[must_use]
    pub fn launch(&self, loaded: &LoadedProduct) -> Launch {
        let entry = self.entry(loaded);
        match entry.and_then(|entry| entry.launch.as_ref()) {
            Some(launch) => launch.value.clone(),
            None if entry.is_some_and(|entry| entry.stack_set.is_some()) => Launch::None,
            None => Launch::Computed,
        }
    }

    /// Versions whose template no longer has the bytes the lock file accepted.
    #[must_use]
    pub fn changed_versions(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        for loaded in &self.products {
            for version in &loaded.versions {
                let key = &loaded.product.key;
                let locked = self.lock.hash(key, &version.file.name);
                if locked.is_some_and(|locked| locked != version.template.sha256) {
                    let name = version.file.name.as_str();
                    let message = format!(
                        "`{}` changed after version `{name}` of `{key}` was accepted into {}",
                        version.template.path.display(),
                        self.lock_path.display()
                    );
                    let place = loaded.product.source.place_of(&version.file.name, "this version");
                    problems.push(Error::new(Code::VersionChanged, message).at(place).with_help(format!(
                        "Restore the file, and put the change into a new version, such as `{}`.",
                        next_version(name)
                    )));
                }
            }
        }
        problems
    }

    /// The lock with every version of the manifest in it.
    #[must_use]
    pub fn full_lock(&self) -> Lock {
        let mut lock = self.lock.clone();
        for loaded in &self.products {
            for version in &loaded.versions {
                if lock.hash(&loaded.product.key, &version.file.name).is_none() {
                    lock.insert(&loaded.product.key, &version.file.name, &version.template.sha256);
                }
            }
        }
        lock
    }
}

impl LoadedProduct {
    fn load(file: &ManifestFile, index: usize, entry: &ProductEntry) -> Result<Self> {
        let folder = file.folder().join(entry.path.as_str());
        if !folder.is_dir() {
            let message = format!("`{}` is not a folder", folder.display());
            return Err(
                Error::new(Code::ManifestReference, message).at(file.source.place_of(&entry.path, "this product"))
            );
        }
        let product = Product::read(&folder)?;
        let mut versions = Vec::new();
        match &entry.versions {
            None => {
                for version in &product.file.versions {
                    versions.push(LoadedVersion::load(&product, version, None)?);
                }
            }
            Some(listed) => {
                for item in listed {
                    if product.version(&item.version).is_none() {
                        let message = format!("`{}` has no version `{}`", product.source.path.display(), *item.version);
                        let place = file.source.place_of(&item.version, "not in product.yaml");
                        return Err(Error::new(Code::VersionNotFound, message).at(place));
                    }
                }
                for version in &product.file.versions {
                    if let Some(item) = listed.iter().find(|item| *item.version == *version.name) {
                        versions.push(LoadedVersion::load(&product, version, Some(*item.state))?);
                    }
                }
            }
        }
        Ok(Self { index, product, versions })
    }
}

impl LoadedVersion {
    fn load(product: &Product, version: &VersionFile, state: Option<VersionState>) -> Result<Self> {
        let implied = match version.guidance {
            Guidance::Default => VersionState::Active,
            Guidance::Deprecated => VersionState::Deprecated,
        };
        let state = state.unwrap_or(implied);
        Ok(Self { file: version.clone(), template: product.template(version)?, state })
    }
}

/// Two folders of the same name would share tags, object keys and role names.
fn same_keys(file: &ManifestFile, products: &[LoadedProduct]) -> Vec<Error> {
    let mut problems = Vec::new();
    for (position, loaded) in products.iter().enumerate() {
        let Some(entry) = file.manifest.products.get(loaded.index) else { continue };
        let key = &loaded.product.key;
        if !crate::manifest::is_key(key) {
            let message = format!("folder name `{key}` cannot be a product key");
            let label = "use 1 to 48 of a-z, 0-9 and -";
            problems.push(Error::new(Code::ManifestValue, message).at(file.source.place_of(&entry.path, label)));
        }
        let earlier = products.iter().take(position);
        if earlier.clone().any(|other| other.product.key == *key) {
            let message = format!("two products have the folder name `{key}`");
            let place = file.source.place_of(&entry.path, "second product");
            problems.push(Error::new(Code::ManifestDuplicate, message).at(place));
        } else if earlier.clone().any(|other| *other.product.file.name == *loaded.product.file.name) {
            let message = format!("two products are named `{}`", *loaded.product.file.name);
            let place = loaded.product.source.place_of(&loaded.product.file.name, "second product");
            problems.push(Error::new(Code::ManifestDuplicate, message).at(place));
        }
    }
    problems
}

/// A version name for the next change: the last number goes up by one.
fn next_version(name: &str) -> String {
    let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, tail) = name.split_at(name.len() - digits);
    match tail.parse::<u64>() {
        Ok(number) => format!("{head}{}", number + 1),
        Err(_) => format!("{name}.1"),
    }
}
