//! CloudFormation templates, typed as far as a launch role needs them.

mod value;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use value::{Kind, Lookup, Value};

use crate::error::{Error, Location};

/// A template: what it asks for, what it knows and what it makes.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file as it was named by the caller; every error and explanation names it.
    pub path: PathBuf,
    /// The parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// The conditions by name.
    pub conditions: BTreeMap<String, Value>,
    /// The mappings by name.
    pub mappings: BTreeMap<String, Value>,
    /// The resources by logical id.
    pub resources: BTreeMap<String, Resource>,
}

/// A parameter of a template.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// The type, such as `String` or `CommaDelimitedList`.
    pub type_name: String,
    /// The value when none is given.
    pub default: Option<String>,
    /// The only values that are accepted; empty when any value is.
    pub allowed_values: Vec<String>,
    /// The regular expression that a value must match.
    pub allowed_pattern: Option<String>,
    /// The line the parameter starts on.
    pub line: usize,
}

/// A resource of a template.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The type, such as `AWS::S3::Bucket`.
    pub type_name: String,
    /// The condition under which it exists.
    pub condition: Option<String>,
    /// Whether CloudFormation never deletes it: both `DeletionPolicy` and `UpdateReplacePolicy` say
    /// `Retain`, so that not even a rollback or a replacement does.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
    pub retained: bool,
    /// The properties; an empty mapping when there are none.
    pub properties: Value,
    /// The line the resource starts on.
    pub line: usize,
}

impl Template {
    /// Read a template from YAML or JSON text. `path` only names it.
    ///
    /// # Errors
    /// [`Error::Syntax`] when the text is neither YAML nor JSON, [`Error::Template`] when it is not
    /// a template, and [`Error::Transform`] when a macro would have to run first.
    ///
    /// ```
    /// use edgeseal_launch_role::Template;
    ///
    /// let template = Template::parse(
    ///     "template.yaml",
    ///     "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n",
    /// )?;
    /// assert_eq!(template.resources["Table"].type_name, "AWS::DynamoDB::Table");
    /// # Ok::<(), edgeseal_launch_role::Error>(())
    /// ```
    pub fn parse(path: impl AsRef<Path>, text: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let reader = Reader { path };
        reader.template(&value::build(path, &yaml::read(path, text)?)?)
    }

    /// Read a template from a file.
    ///
    /// # Errors
    /// As [`Template::parse`], and [`Error::Io`] when the file cannot be read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// The location of a line of this template.
    #[must_use]
    pub fn at(&self, line: usize) -> Location {
        Location { path: self.path.clone(), line }
    }
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn template(&self, root: &Value) -> Result<Template, Error> {
        self.entries("template", root)?;
        if let Some(transform) = root.get("Transform") {
            return Err(self.transform(transform.line, "Transform"));
        }
        let Some(resources) = root.get("Resources") else {
            return Err(self.wrong(root.line, "Resources", "a template needs at least one resource"));
        };
        Ok(Template {
            path: self.path.to_owned(),
            parameters: self.section(root, "Parameters", Self::parameter)?,
            conditions: self.section(root, "Conditions", |_, _, value| Ok(value.clone()))?,
            mappings: self.section(root, "Mappings", |_, _, value| Ok(value.clone()))?,
            resources: self
                .entries("Resources", resources)?
                .iter()
                .map(|(name, value)| Ok((name.clone(), self.resource(name, value)?)))
                .collect::<Result<_, Error>>()?,
        })
    }

    fn section<T>(
        &self,
        root: &Value,
        name: &str,
        read: impl Fn(&Self, &str, &Value) -> Result<T, Error>,
    ) -> Result<BTreeMap<String, T>, Error> {
        let Some(section) = root.get(name) else { return Ok(BTreeMap::new()) };
        self.entries(name, section)?.iter().map(|(key, value)| Ok((key.clone(), read(self, key, value)?))).collect()
    }

    fn parameter(&self, name: &str, value: &Value) -> Result<Parameter, Error> {
        let field = format!("Parameters.{name}");
        self.entries(&field, value)?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let Some(type_name) = text("Type") else {
            return Err(self.wrong(value.line, &format!("{field}.Type"), "a parameter needs a type"));
        };
        let allowed_values = match value.get("AllowedValues").map(|list| &list.kind) {
            Some(Kind::List(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        Ok(Parameter {
            type_name,
            default: text("Default"),
            allowed_values,
            allowed_pattern: text("AllowedPattern"),
            line: value.line,
        })
    }

    fn resource(&self, name: &str, value: &Value) -> Result<Resource, Error> {
        let field = format!("Resources.{name}");
        if name.starts_with("Fn::") {
            return Err(self.transform(value.line, &field));
        }
        self.entries(&field, value)?;
        let Some(type_name) = value.get("Type").and_then(Value::as_str) else {
            return Err(self.wrong(value.line, &format!("{field}.Type"), "a resource needs a type"));
        };
        let properties = match value.get("Properties") {
            Some(properties) if !matches!(properties.kind, Kind::Null) => {
                self.entries(&format!("{field}.Properties"), properties)?;
                properties.clone()
            }
            _ => Value { line: value.line, kind: Kind::Map(Vec::new()) },
        };
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(Resource {
            type_name: type_name.to_owned(),
            condition: text("Condition"),
            retained: ["DeletionPolicy", "UpdateReplacePolicy"]
                .into_iter()
                .all(|policy| text(policy).as_deref() == Some("Retain")),
            properties,
            line: value.line,
        })
    }

    fn entries<'v>(&self, field: &str, value: &'v Value) -> Result<&'v [(String, Value)], Error> {
        match &value.kind {
            Kind::Map(entries) => Ok(entries),
            Kind::Other { name, .. } if name == "Fn::Transform" => Err(self.transform(value.line, field)),
            _ => Err(self.wrong(value.line, field, "expected a mapping")),
        }
    }

    fn wrong(&self, line: usize, field: &str, reason: &str) -> Error {
        Error::Template {
            at: Location { path: self.path.to_owned(), line },
            field: field.to_owned(),
            reason: reason.to_owned(),
        }
    }

    fn transform(&self, line: usize, field: &str) -> Error {
        Error::Transform { at: Location { path: self.path.to_owned(), line }, field: field.to_owned() }
    }
}
