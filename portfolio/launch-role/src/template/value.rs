//! Values of a template, with the intrinsic functions in one form whichever way they were written.

use std::path::Path;

use super::yaml::{Content, Node};
use crate::error::{Error, Location};

/// A value in a template, with the line it starts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The line, counted from 1.
    pub line: usize,
    /// What the value is.
    pub kind: Kind,
}

/// The kinds of value.
///
/// The short form (`!Sub`) and the long form (`Fn::Sub`) of an intrinsic function give the same
/// variant.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `null`, or nothing at all.
    Null,
    /// A string, number or boolean, as written.
    Scalar(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order of the file.
    Map(Vec<(String, Value)>),
    /// `Ref` to a parameter, resource or pseudo parameter.
    Ref(String),
    /// `Fn::GetAtt`.
    GetAtt {
        /// The logical id of the resource.
        resource: String,
        /// The attribute.
        attribute: String,
    },
    /// `Fn::Sub`.
    Sub {
        /// The text with its `${...}` placeholders.
        text: String,
        /// The values of placeholders that are given with the text.
        variables: Vec<(String, Value)>,
    },
    /// `Fn::Join`.
    Join {
        /// What is put between the parts.
        delimiter: String,
        /// The parts.
        parts: Box<Value>,
    },
    /// `Fn::If`.
    If {
        /// The condition.
        condition: String,
        /// The value when it holds.
        then: Box<Value>,
        /// The value when it does not.
        otherwise: Box<Value>,
    },
    /// `Fn::Select`.
    Select {
        /// Which item.
        index: Box<Value>,
        /// The list.
        list: Box<Value>,
    },
    /// `Fn::Split`.
    Split {
        /// Where to cut.
        delimiter: String,
        /// What to cut.
        source: Box<Value>,
    },
    /// `Fn::FindInMap`.
    FindInMap {
        /// The name of the mapping.
        map: Box<Value>,
        /// The top-level key.
        first: Box<Value>,
        /// The second-level key.
        second: Box<Value>,
    },
    /// Any other function: its result is not known before deployment.
    Other {
        /// The name, such as `Fn::ImportValue`.
        name: String,
        /// Its argument.
        argument: Box<Value>,
    },
}

impl Value {
    /// The text of a scalar.
    ///
    /// ```
    /// use edgeseal_launch_role::template::{Kind, Value};
    ///
    /// let value = Value { line: 1, kind: Kind::Scalar("edge".into()) };
    /// assert_eq!(value.as_str(), Some("edge"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Whether this is `!Ref AWS::NoValue`, which removes the property it is given to.
    #[must_use]
    pub fn is_no_value(&self) -> bool {
        matches!(&self.kind, Kind::Ref(name) if name == "AWS::NoValue")
    }

    /// Every value that a dotted path can reach, through lists and both branches of `Fn::If`.
    ///
    /// ```
    /// use edgeseal_launch_role::Template;
    ///
    /// let template = Template::parse("t.yaml", r"
    /// Resources:
    ///   Table:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties:
    ///       TableName: !If [Named, files, !Ref AWS::NoValue]
    /// ")?;
    /// let found = template.resources["Table"].properties.lookup("TableName");
    /// assert_eq!(found.values[0].as_str(), Some("files"));
    /// assert!(found.may_be_absent);
    /// # Ok::<(), edgeseal_launch_role::Error>(())
    /// ```
    #[must_use]
    pub fn lookup(&self, path: &str) -> Lookup<'_> {
        let mut found = Lookup::default();
        found.unfold(self);
        for key in path.split('.') {
            let parents = std::mem::take(&mut found.values);
            for parent in parents {
                match (parent.get(key), &parent.kind) {
                    (Some(value), _) => found.unfold(value),
                    (None, Kind::Map(_) | Kind::Scalar(_)) => found.may_be_absent = true,
                    // A value that is only known at launch can hold anything, so the property too.
                    (None, _) => found.values.push(parent),
                }
            }
        }
        found
    }
}

/// What a path reached.
#[derive(Clone, Debug, Default)]
pub struct Lookup<'a> {
    /// The values, `AWS::NoValue` and `null` left out.
    pub values: Vec<&'a Value>,
    /// Whether the property can be missing: not given in some place, or given as `AWS::NoValue`.
    pub may_be_absent: bool,
}

impl<'a> Lookup<'a> {
    /// Open lists and branches until plain values are left.
    fn unfold(&mut self, value: &'a Value) {
        match &value.kind {
            Kind::List(items) => items.iter().for_each(|item| self.unfold(item)),
            Kind::If { then, otherwise, .. } => {
                self.unfold(then);
                self.unfold(otherwise);
            }
            Kind::Null => self.may_be_absent = true,
            _ if value.is_no_value() => self.may_be_absent = true,
            _ => self.values.push(value),
        }
    }
}

/// Turn a node into a value.
pub(super) fn build(path: &Path, node: &Node) -> Result<Value, Error> {
    let line = node.line;
    if let Some(tag) = &node.tag {
        let name = match tag.as_str() {
            "Ref" | "Condition" => tag.clone(),
            other => format!("Fn::{other}"),
        };
        let argument = plain(path, node)?;
        return function(path, &name, argument, line);
    }
    if let Content::Map(entries) = &node.content
        && let [(name, argument)] = entries.as_slice()
        && (name == "Ref" || name.starts_with("Fn::"))
    {
        return function(path, name, build(path, argument)?, line);
    }
    plain(path, node)
}

/// The node without regard to its own tag.
fn plain(path: &Path, node: &Node) -> Result<Value, Error> {
    let kind = match &node.content {
        Content::Null => Kind::Null,
        Content::Scalar(text) => Kind::Scalar(text.clone()),
        Content::List(items) => Kind::List(items.iter().map(|item| build(path, item)).collect::<Result<_, _>>()?),
        Content::Map(entries) => Kind::Map(
            entries.iter().map(|(key, value)| Ok((key.clone(), build(path, value)?))).collect::<Result<_, Error>>()?,
        ),
    };
    Ok(Value { line: node.line, kind })
}

fn function(path: &Path, name: &str, argument: Value, line: usize) -> Result<Value, Error> {
    let wrong = |reason: &str| Error::Template {
        at: Location { path: path.to_owned(), line },
        field: name.to_owned(),
        reason: reason.to_owned(),
    };
    let kind = match (name, argument.kind) {
        ("Ref", Kind::Scalar(target)) => Kind::Ref(target),
        ("Ref", _) => return Err(wrong("expected a name")),
        ("Fn::GetAtt", Kind::Scalar(text)) => match text.split_once('.') {
            Some((resource, attribute)) => {
                Kind::GetAtt { resource: resource.to_owned(), attribute: attribute.to_owned() }
            }
            None => return Err(wrong("expected Resource.Attribute")),
        },
        ("Fn::GetAtt", Kind::List(items)) => match items.as_slice() {
            [Value { kind: Kind::Scalar(resource), .. }, attribute] => {
                Kind::GetAtt { resource: resource.clone(), attribute: attribute.as_str().unwrap_or("*").to_owned() }
            }
            _ => return Err(wrong("expected [Resource, Attribute]")),
        },
        ("Fn::Sub", Kind::Scalar(text)) => Kind::Sub { text, variables: Vec::new() },
        ("Fn::Sub", Kind::List(items)) => match items.as_slice() {
            [Value { kind: Kind::Scalar(text), .. }, Value { kind: Kind::Map(variables), .. }] => {
                Kind::Sub { text: text.clone(), variables: variables.clone() }
            }
            _ => return Err(wrong("expected [text, {Name: value}]")),
        },
        ("Fn::Join", Kind::List(items)) => match items.as_slice() {
            [Value { kind: Kind::Scalar(delimiter), .. }, parts] => {
                Kind::Join { delimiter: delimiter.clone(), parts: Box::new(parts.clone()) }
            }
            [Value { kind: Kind::Null, .. }, parts] => {
                Kind::Join { delimiter: String::new(), parts: Box::new(parts.clone()) }
            }
            _ => return Err(wrong("expected [delimiter, list]")),
        },
        ("Fn::If", Kind::List(items)) => match items.as_slice() {
            [Value { kind: Kind::Scalar(condition), .. }, then, otherwise] => Kind::If {
                condition: condition.clone(),
                then: Box::new(then.clone()),
                otherwise: Box::new(otherwise.clone()),
            },
            _ => return Err(wrong("expected [condition, then, else]")),
        },
        ("Fn::Select", Kind::List(items)) => match items.as_slice() {
            [index, list] => Kind::Select { index: Box::new(index.clone()), list: Box::new(list.clone()) },
            _ => return Err(wrong("expected [index, list]")),
        },
        ("Fn::Split", Kind::List(items)) => match items.as_slice() {
            [Value { kind: Kind::Scalar(delimiter), .. }, source] => {
                Kind::Split { delimiter: delimiter.clone(), source: Box::new(source.clone()) }
            }
            _ => return Err(wrong("expected [delimiter, string]")),
        },
        ("Fn::FindInMap", Kind::List(items)) => match items.as_slice() {
            [map, first, second] => Kind::FindInMap {
                map: Box::new(map.clone()),
                first: Box::new(first.clone()),
                second: Box::new(second.clone()),
            },
            _ => return Err(wrong("expected [map, key, key]")),
        },
        ("Fn::Sub" | "Fn::Join" | "Fn::If" | "Fn::Select" | "Fn::Split" | "Fn::FindInMap" | "Fn::GetAtt", _) => {
            return Err(wrong("expected a list of arguments"));
        }
        (name, kind) => Kind::Other { name: name.to_owned(), argument: Box::new(Value { line: argument.line, kind }) },
    };
    Ok(Value { line, kind })
}
