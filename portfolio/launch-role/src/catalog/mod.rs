//! The data files: what each resource type costs, and what each service lets a policy name.
//!
//! `data/services.toml` says, for every action used, which kind of resource a policy can limit it
//! to (from the Service Authorization Reference). `data/types/*.toml` says which actions the create,
//! update, delete and read handlers of a resource type call, and which only when a property is set.

mod model;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use model::{Condition, ConditionFrom, Kind, NameRule, Property, Returned, Scope, Service, TypeEntry};

use crate::error::Error;

const SERVICES: &str = include_str!("../../data/services.toml");

const TYPES: &[(&str, &str)] = &[
    ("types/cloudformation.toml", include_str!("../../data/types/cloudformation.toml")),
    ("types/cloudfront.toml", include_str!("../../data/types/cloudfront.toml")),
    ("types/cloudwatch.toml", include_str!("../../data/types/cloudwatch.toml")),
    ("types/dynamodb.toml", include_str!("../../data/types/dynamodb.toml")),
    ("types/events.toml", include_str!("../../data/types/events.toml")),
    ("types/iam.toml", include_str!("../../data/types/iam.toml")),
    ("types/lambda.toml", include_str!("../../data/types/lambda.toml")),
    ("types/logs.toml", include_str!("../../data/types/logs.toml")),
    ("types/route53.toml", include_str!("../../data/types/route53.toml")),
    ("types/s3.toml", include_str!("../../data/types/s3.toml")),
    ("types/secretsmanager.toml", include_str!("../../data/types/secretsmanager.toml")),
];

/// What is known about resource types and services.
///
/// ```
/// use edgeseal_launch_role::catalog::Catalog;
///
/// let catalog = Catalog::builtin()?;
/// assert!(catalog.type_entry("AWS::S3::Bucket").is_some());
/// # Ok::<(), edgeseal_launch_role::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalog {
    services: BTreeMap<String, Service>,
    types: BTreeMap<String, TypeEntry>,
}

impl Catalog {
    /// The data that comes with this crate.
    ///
    /// # Errors
    /// [`Error::Data`] when a data file contradicts itself; the crate's tests rule that out.
    pub fn builtin() -> Result<&'static Self, Error> {
        static BUILTIN: OnceLock<Catalog> = OnceLock::new();
        match BUILTIN.get() {
            Some(catalog) => Ok(catalog),
            None => {
                let catalog = Self::read()?;
                Ok(BUILTIN.get_or_init(|| catalog))
            }
        }
    }

    fn read() -> Result<Self, Error> {
        let services = parse("services.toml", SERVICES)?;
        let mut types = BTreeMap::new();
        for (file, text) in TYPES {
            let content: model::TypeFile = parse(file, text)?;
            for entry in content.types {
                if let Some(twice) = types.insert(entry.name.clone(), entry) {
                    return Err(data(file, format!("{} is described twice", twice.name)));
                }
            }
        }
        Ok(Self { services, types })
    }

    /// What a resource type costs. Every `Custom::` type is the same to a launch role.
    #[must_use]
    pub fn type_entry(&self, type_name: &str) -> Option<&TypeEntry> {
        let name = if type_name.starts_with("Custom::") { "AWS::CloudFormation::CustomResource" } else { type_name };
        self.types.get(name)
    }

    /// All resource types, by name.
    pub fn types(&self) -> impl Iterator<Item = &TypeEntry> {
        self.types.values()
    }

    /// All services, by IAM prefix.
    pub fn services(&self) -> impl Iterator<Item = (&str, &Service)> {
        self.services.iter().map(|(name, service)| (name.as_str(), service))
    }

    /// The kind of resource named `service:kind`.
    ///
    /// # Errors
    /// [`Error::Data`] when no such kind is described.
    pub fn kind(&self, name: &str) -> Result<&Kind, Error> {
        name.split_once(':')
            .and_then(|(service, kind)| self.services.get(service)?.kinds.get(kind))
            .ok_or_else(|| data("services.toml", format!("no kind {name}")))
    }

    /// The kinds (`service:kind`) that a policy can limit an action to; empty when none.
    ///
    /// # Errors
    /// [`Error::Data`] when the action is not described.
    pub fn kinds_of(&self, action: &str) -> Result<Vec<String>, Error> {
        let unknown = || data("services.toml", format!("no action {action}"));
        let (prefix, name) = action.split_once(':').ok_or_else(unknown)?;
        let service = self.services.get(prefix).ok_or_else(unknown)?;
        let kinds: Vec<String> = service
            .kinds
            .iter()
            .filter(|(_, kind)| kind.actions.iter().any(|known| known == name))
            .map(|(kind, _)| format!("{prefix}:{kind}"))
            .collect();
        if kinds.is_empty() && service.unscoped_reason(name).is_none() {
            return Err(unknown());
        }
        Ok(kinds)
    }

    /// Why an action is granted on `*`; `None` when it can be limited to a kind of resource.
    #[must_use]
    pub fn unscoped_reason(&self, action: &str) -> Option<&str> {
        let (prefix, name) = action.split_once(':')?;
        self.services.get(prefix)?.unscoped_reason(name)
    }

    /// Whether an action can be bound to roles under a permissions boundary.
    #[must_use]
    pub fn honours_boundary(&self, action: &str) -> bool {
        action.split_once(':').is_some_and(|(prefix, name)| {
            self.services.get(prefix).is_some_and(|service| service.boundary_actions.iter().any(|known| known == name))
        })
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|error| data(file, error.to_string()))
}

fn data(file: &str, reason: String) -> Error {
    Error::Data { file: format!("data/{file}"), reason }
}
