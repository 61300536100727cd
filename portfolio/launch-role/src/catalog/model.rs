//! The shape of the data files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A service: what its actions can be limited to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The name as people write it; it starts the `Sid` of a statement.
    pub name: String,
    /// The page of the Service Authorization Reference.
    pub source: String,
    /// The kinds of resource by the name used in the data files.
    #[serde(default)]
    pub kinds: BTreeMap<String, Kind>,
    /// Actions for which the reference lists no resource type: a policy must say `*`.
    #[serde(default)]
    pub unscoped: Vec<String>,
    /// Actions that have a resource type, but are called before there is a resource; with the
    /// reason.
    #[serde(default)]
    pub unscoped_because: BTreeMap<String, String>,
    /// Actions that honour the condition key `iam:PermissionsBoundary`.
    #[serde(default)]
    pub boundary_actions: Vec<String>,
}

impl Service {
    /// Why the action is granted on `*`; `None` when it can be limited.
    #[must_use]
    pub fn unscoped_reason(&self, action: &str) -> Option<&str> {
        if self.unscoped.iter().any(|known| known == action) {
            return Some("the Service Authorization Reference lists no resource type for it");
        }
        self.unscoped_because.get(action).map(String::as_str)
    }
}

/// A kind of resource that a policy can name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The ARN format; `${Name}` stands for the name of the resource.
    pub arn: String,
    /// What can follow the ARN, such as a version; the empty text for the ARN itself.
    #[serde(default = "nothing_follows")]
    pub suffixes: Vec<String>,
    /// The name in the Service Authorization Reference, where it differs.
    pub reference: Option<String>,
    /// The actions that can be limited to it.
    pub actions: Vec<String>,
}

fn nothing_follows() -> Vec<String> {
    vec![String::new()]
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeFile {
    #[serde(rename = "type", default)]
    pub(super) types: Vec<TypeEntry>,
}

/// A resource type: the actions that its handlers call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeEntry {
    /// The type name, such as `AWS::S3::Bucket`.
    pub name: String,
    /// The documentation page that the entry was checked against.
    pub source: String,
    /// The kind (`service:kind`) that this resource is, when other resources may name it.
    pub primary: Option<String>,
    /// What `Ref` returns.
    #[serde(default, rename = "ref")]
    pub returned_by_ref: Returned,
    /// Attributes that `Fn::GetAtt` answers with the ARN.
    #[serde(default)]
    pub arn_attributes: Vec<String>,
    /// How to name the resources that the actions are limited to, by kind.
    #[serde(default)]
    pub scope: BTreeMap<String, Scope>,
    /// The property that holds the permissions boundary of a role.
    pub boundary: Option<String>,
    /// The property that refers to roles whose boundary applies here too.
    pub boundary_through: Option<String>,
    /// Called to create it, whatever its properties.
    #[serde(default)]
    pub create: Vec<String>,
    /// Called to update it, whatever its properties.
    #[serde(default)]
    pub update: Vec<String>,
    /// Called to delete it, whatever its properties.
    #[serde(default)]
    pub delete: Vec<String>,
    /// Called to read it after each of the others.
    #[serde(default)]
    pub read: Vec<String>,
    /// Called because Service Catalog tags every stack, and CloudFormation hands the tags of a
    /// stack to every resource that can carry them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Top-level properties that cost nothing beyond the above.
    #[serde(default)]
    pub plain: Vec<String>,
    /// Accept properties that are not described: custom resources take any.
    #[serde(default)]
    pub open: bool,
    /// What each further property costs.
    #[serde(default, rename = "property")]
    pub properties: Vec<Property>,
}

/// What `Ref` returns for a resource type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Returned {
    /// The name that the policy's ARN ends in.
    #[default]
    Name,
    /// The whole ARN.
    Arn,
    /// Something that no policy names.
    Other,
}

/// What a property costs when it is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The dotted path; lists and both branches of `Fn::If` are looked into.
    pub path: String,
    /// The documentation page, where it is not that of the type.
    pub source: Option<String>,
    /// Called to create.
    #[serde(default)]
    pub create: Vec<String>,
    /// Called to update.
    #[serde(default)]
    pub update: Vec<String>,
    /// Called to delete.
    #[serde(default)]
    pub delete: Vec<String>,
    /// Called to read.
    #[serde(default)]
    pub read: Vec<String>,
    /// How to name other resources than the type's own.
    #[serde(default)]
    pub scope: BTreeMap<String, Scope>,
    /// A condition on these actions.
    #[serde(default)]
    pub condition: Condition,
    /// A condition whose values are those of a property.
    pub condition_from: Option<ConditionFrom>,
}

/// A condition block: operator, key, values.
pub type Condition = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// A condition whose values come from the template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionFrom {
    /// The operator, such as `ArnLike`.
    pub operator: String,
    /// The condition key.
    pub key: String,
    /// The property whose values are allowed.
    pub property: String,
}

/// How a resource is named in the policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The property that holds the name or ARN.
    pub property: Option<String>,
    /// The property holds an ARN: when it is only known at launch, any resource of the kind.
    #[serde(default)]
    pub arn: bool,
    /// The property holds a host name: the name of the resource is what stands before this text.
    pub cut: Option<String>,
    /// A fixed name; `{stack}` stands for the stack's name.
    pub fixed: Option<String>,
    /// What the name is when the property is not set.
    pub otherwise: Option<NameRule>,
    /// The longest name the service accepts: long generated names are cut.
    pub max: Option<usize>,
    /// Generated names are in lower case.
    #[serde(default)]
    pub lowercase: bool,
    /// The property whose value stands before the name, such as a path or a group.
    pub parent: Option<String>,
    /// The parent when the property is not set.
    pub parent_default: Option<String>,
    /// What stands after the name.
    pub child: Option<String>,
    /// Why the name is what it is, where that is not plain from the rest.
    pub why: Option<String>,
}

/// How CloudFormation names a resource that the template does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameRule {
    /// Stack name, logical id and a random part.
    Stack,
    /// Logical id and a random part.
    Logical,
    /// Anything: the service makes it up, or the property holds something else.
    Any,
}
