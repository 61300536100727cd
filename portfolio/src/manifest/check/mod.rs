//! The rules a manifest has to keep beyond its shape. All of them are checked, so one run shows every mistake.

mod access;
mod products;

use std::collections::BTreeMap;

use super::load::{ManifestFile, SourceFile};
use super::located::At;
use super::model::{Artifacts, Manifest, PortfolioSection};
use crate::error::{Code, Error};
use crate::state::{TAG_KEY, TAG_MANAGED};

/// AWS allows 20 tags a resource; this tool adds two of its own.
const TAGS_MAX: usize = 18;

/// Everything wrong or doubtful in the manifest; warnings are marked as such.
///
/// Limits come from the
/// [AWS Service Catalog API Reference](https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreatePortfolio.html).
#[must_use]
pub fn check(file: &ManifestFile) -> Vec<Error> {
    let mut findings = Findings { source: &file.source, list: Vec::new() };
    let manifest = &file.manifest;
    if *manifest.version != 1 {
        findings.value(&manifest.version, format!("format version {} is not known", *manifest.version), "use 1");
    }
    portfolio(&mut findings, &manifest.portfolio);
    artifacts(&mut findings, &manifest.artifacts);
    place(&mut findings, manifest);
    products::check(&mut findings, manifest);
    access::check(&mut findings, manifest);
    findings.list
}

/// Problems found so far, and the file they point into.
struct Findings<'a> {
    source: &'a SourceFile,
    list: Vec<Error>,
}

impl Findings<'_> {
    fn push<T>(&mut self, code: Code, at: &At<T>, message: String, label: impl Into<String>) {
        self.list.push(Error::new(code, message).at(self.source.place_of(at, label)));
    }

    fn value<T>(&mut self, at: &At<T>, message: String, label: impl Into<String>) {
        self.push(Code::ManifestValue, at, message, label);
    }

    fn warn<T>(&mut self, at: &At<T>, message: &str, label: &str, help: &str) {
        let place = self.source.place_of(at, label);
        self.list.push(Error::new(Code::ManifestValue, message).at(place).with_help(help).as_warning());
    }

    /// A text that must have between one and `max` characters.
    fn length(&mut self, at: &At<String>, what: &str, max: usize) {
        let count = at.chars().count();
        if count == 0 {
            self.value(at, format!("{what} is empty"), "write something here");
        } else if count > max {
            self.value(at, format!("{what} has {count} characters; at most {max} are allowed"), "too long");
        }
    }

    /// Reports the second and later of equal values.
    fn unique<'b, T: Ord + 'b>(&mut self, what: &str, items: impl Iterator<Item = (&'b At<T>, String)>) {
        let mut seen: BTreeMap<&T, ()> = BTreeMap::new();
        for (at, shown) in items {
            if seen.insert(&at.value, ()).is_some() {
                self.push(
                    Code::ManifestDuplicate,
                    at,
                    format!("{what} `{shown}` is defined twice"),
                    "second definition",
                );
            }
        }
    }

    fn tags(&mut self, tags: &BTreeMap<String, At<String>>, inherited: usize) {
        for (key, value) in tags {
            if key.to_ascii_lowercase().starts_with("aws:") || key == TAG_MANAGED || key == TAG_KEY {
                self.value(value, format!("tag key `{key}` is reserved"), "choose another key");
            }
            if key.is_empty() || key.chars().count() > 128 {
                self.value(value, format!("tag key `{key}` must have 1 to 128 characters"), "this tag");
            }
            if value.chars().count() > 256 {
                self.value(value, format!("the value of tag `{key}` is longer than 256 characters"), "too long");
            }
        }
        if let Some(last) = tags.values().last()
            && tags.len() + inherited > TAGS_MAX
        {
            let message = format!("{} tags; at most {TAGS_MAX} fit beside this tool's own two", tags.len() + inherited);
            self.push(Code::QuotaExceeded, last, message, "too many tags");
        }
    }
}

fn portfolio(findings: &mut Findings<'_>, section: &PortfolioSection) {
    if !is_key(&section.key) {
        let label = "use 1 to 48 of a-z, 0-9 and -, not starting with -";
        findings.value(&section.key, format!("portfolio key `{}` is malformed", *section.key), label);
    }
    findings.length(&section.name, "the portfolio's name", 100);
    findings.length(&section.provider, "the provider's name", 50);
    if let Some(description) = &section.description {
        findings.length(description, "the portfolio's description", 2000);
    }
    findings.tags(&section.tags, 0);
}

/// Bucket names follow the
/// [Amazon S3 naming rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
fn artifacts(findings: &mut Findings<'_>, artifacts: &Artifacts) {
    let filled = artifacts.bucket.replace("{account}", "123456789012").replace("{region}", "ap-southeast-1");
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !filled.chars().all(legal) || !edge(filled.chars().next()) || !edge(filled.chars().last()) {
        let label = "use a-z, 0-9 and -; {account} and {region} are filled in";
        findings.value(&artifacts.bucket, format!("`{}` is not a bucket name", *artifacts.bucket), label);
    } else if !(3..=63).contains(&filled.len()) {
        let message = format!("bucket name `{}` must have 3 to 63 characters when filled in", *artifacts.bucket);
        findings.value(&artifacts.bucket, message, "too long or too short");
    }
}

fn place(findings: &mut Findings<'_>, manifest: &Manifest) {
    if let Some(account) = &manifest.account
        && !is_account(account)
    {
        findings.value(account, format!("`{}` is not an account id", **account), "write 12 digits in quotes");
    }
    for region in &manifest.regions {
        if !is_region(region) {
            findings.value(region, format!("`{}` is not a region name", **region), "such as eu-west-1");
        }
    }
    findings.unique("region", manifest.regions.iter().map(|region| (region, region.value.clone())));
}

/// A short name that can stand in a tag, an object key and a role name.
pub(crate) fn is_key(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=48).contains(&text.len()) && text.chars().all(legal) && !text.starts_with('-')
}

/// An AWS account id: 12 digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() >= 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
        && parts.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()))
}
