//! The one error type of the crate: a stable code, where it happened and what to do next.

use std::path::PathBuf;

/// Where in a template something is.
///
/// ```
/// use edgeseal_launch_role::Location;
///
/// let at = Location { path: "template.yaml".into(), line: 12 };
/// assert_eq!(at.to_string(), "template.yaml:12");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file as it was named by the caller.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

/// Why a launch role could not be computed.
///
/// Every variant has a [code](Error::code) that stays the same between releases and a
/// [hint](Error::hint) that says what to do next. A template that is not understood is always an
/// error: a permission that is silently left out surfaces months later as a failed update.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not YAML or JSON, or nests too deeply.
    #[error("{at}: not a YAML or JSON document: {reason}")]
    Syntax {
        /// Where the parser stopped.
        at: Location,
        /// What the parser said.
        reason: String,
    },
    /// The document is well-formed, but not a CloudFormation template.
    #[error("{at}: {field}: {reason}")]
    Template {
        /// Where the offending node is.
        at: Location,
        /// The path of keys to it, such as `Resources.Bucket.Type`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The template needs a macro or transform to run before its resources are known.
    #[error("{at}: {field}: a transform rewrites the template before it is deployed")]
    Transform {
        /// Where the transform is named.
        at: Location,
        /// The path of keys to it.
        field: String,
    },
    /// A resource type that the data files do not describe.
    #[error("{at}: resource {logical_id}: no permissions are known for the type {type_name}")]
    UnknownType {
        /// Where the resource starts.
        at: Location,
        /// The logical id of the resource.
        logical_id: String,
        /// The resource type that is not known.
        type_name: String,
    },
    /// A property of a known type that the data files do not describe.
    #[error("{at}: resource {logical_id}: no permissions are known for {type_name}.{property}")]
    UnknownProperty {
        /// Where the property is.
        at: Location,
        /// The logical id of the resource.
        logical_id: String,
        /// The resource type.
        type_name: String,
        /// The property that is not known.
        property: String,
    },
    /// CloudFormation looks something up with the launch role's rights: an AWS-specific or SSM
    /// parameter type, or a dynamic reference. Which rights that takes is not described.
    #[error("{at}: {what} is looked up with rights that are not known")]
    Lookup {
        /// Where it is.
        at: Location,
        /// What is looked up.
        what: String,
    },
    /// A property that decides which resource the role may touch is missing.
    #[error("{at}: resource {logical_id}: {type_name} needs the property {property}")]
    MissingProperty {
        /// Where the resource starts.
        at: Location,
        /// The logical id of the resource.
        logical_id: String,
        /// The resource type.
        type_name: String,
        /// The property that is missing.
        property: String,
    },
    /// A `Ref`, `Fn::GetAtt` or `Fn::Sub` names something that the template does not have.
    #[error("{at}: {name} is neither a parameter, a resource nor a pseudo parameter")]
    UnknownReference {
        /// Where the reference is.
        at: Location,
        /// The name that was not found.
        name: String,
    },
    /// References go round in a circle.
    #[error("{at}: {name} refers to itself through its own name")]
    CircularReference {
        /// Where the circle was noticed.
        at: Location,
        /// The resource in the circle.
        name: String,
    },
    /// A role is created under a permissions boundary, and the caller did not say which.
    #[error("the role creates IAM roles under a permissions boundary, and none was given")]
    MissingBoundary,
    /// The policy does not fit into what IAM accepts for one role.
    #[error("the policy has {characters} characters, more than {limit} fit into one role")]
    TooLarge {
        /// Its size without whitespace.
        characters: usize,
        /// The most that fits.
        limit: usize,
    },
    /// A data file of this crate contradicts itself.
    #[error("data file {file}: {reason}")]
    Data {
        /// The data file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A directory does not hold products in the expected layout.
    #[error("{}: {reason}", path.display())]
    Layout {
        /// The directory or file.
        path: PathBuf,
        /// What was expected.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl Error {
    /// A stable, machine-readable name for the kind of error.
    ///
    /// ```
    /// let error = edgeseal_launch_role::Template::parse("a.yaml", "Resources: [").unwrap_err();
    /// assert_eq!(error.code(), "syntax");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "syntax",
            Self::Template { .. } => "template",
            Self::Transform { .. } => "transform",
            Self::UnknownType { .. } => "unknown-type",
            Self::UnknownProperty { .. } => "unknown-property",
            Self::Lookup { .. } => "lookup",
            Self::MissingProperty { .. } => "missing-property",
            Self::UnknownReference { .. } => "unknown-reference",
            Self::CircularReference { .. } => "circular-reference",
            Self::MissingBoundary => "missing-boundary",
            Self::TooLarge { .. } => "too-large",
            Self::Data { .. } => "data",
            Self::Layout { .. } => "layout",
            Self::Io { .. } => "io",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Syntax { .. } => "check the file with cfn-lint".into(),
            Self::Template { .. } => "compare with the template anatomy in the CloudFormation user guide".into(),
            Self::Transform { .. } => "give the expanded template, as `aws cloudformation get-template \
                 --template-stage Processed` prints it"
                .into(),
            Self::UnknownType { type_name, .. } => format!(
                "add a [[type]] named \"{type_name}\" to portfolio/launch-role/data/types with the \
                 actions of its create, update, delete and read handlers"
            ),
            Self::UnknownProperty { type_name, property, .. } => format!(
                "in portfolio/launch-role/data/types add \"{property}\" to the plain properties of \
                 {type_name}, or add a [[type.property]] with the actions it costs"
            ),
            Self::Lookup { .. } => "use a parameter of type String and give the value itself".into(),
            Self::MissingProperty { property, .. } => {
                format!("set {property}: without it no resource can be named in the policy")
            }
            Self::UnknownReference { .. } => "check the spelling, or declare it under Parameters or Resources".into(),
            Self::CircularReference { .. } => "break the circle: a name cannot depend on itself".into(),
            Self::MissingBoundary => {
                "give the ARN of the managed policy that bounds every role the product creates".into()
            }
            Self::TooLarge { .. } => "split the product into two".into(),
            Self::Data { .. } => "correct the data file and run the crate's tests".into(),
            Self::Layout { .. } => "expected <products>/<product>/<version>/template.yaml".into(),
            Self::Io { .. } => "check that the path exists and may be accessed".into(),
        }
    }
}
