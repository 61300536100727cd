//! Compute the smallest launch role for a CloudFormation template.
//!
//! A launch constraint of AWS Service Catalog names the role that launches a product. It needs every
//! permission that creating, updating and deleting the product's stack takes, and should have no
//! other. This crate reads a template, looks up what each resource type and each property that is set
//! costs, limits every action to the resources that the template can name, and says why each action
//! is there.
//!
//! ```
//! use edgeseal_launch_role::{Options, Template, compute, explain};
//!
//! let template = Template::parse("bucket.yaml", r"
//! Resources:
//!   Bucket:
//!     Type: AWS::S3::Bucket
//!     Properties:
//!       BucketName: !Sub files-${AWS::AccountId}
//!       CorsConfiguration: { CorsRules: [] }
//! ")?;
//! let role = compute(&template, &Options::default())?;
//! let text = explain(&role);
//! assert!(text.contains("arn:${AWS::Partition}:s3:::files-${AWS::AccountId}"));
//! assert!(text.contains("create Bucket CorsConfiguration (bucket.yaml:7)"));
//! # Ok::<(), edgeseal_launch_role::Error>(())
//! ```
//!
//! What the decisions rest on:
//! - Names that are literal, or made with `Fn::Sub` from the account and stack name, become ARNs.
//!   Names that a team types in become a parameter of the role, `*` by default, so that an
//!   administrator can narrow them. Names that CloudFormation makes up start with the stack's name,
//!   and the stacks of Service Catalog start with `SC-`.
//! - The Region is `*`: a role is global and serves every Region that the product is offered in.
//! - Tags: Service Catalog tags every stack, and CloudFormation hands the tags of a stack to its
//!   resources, so a type that can be tagged costs its tagging actions with or without `Tags`.
//! - `iam:PassRole` is bound to the service the role is passed to, and the making of roles to the
//!   permissions boundary; the boundary is the administrator's to name and cannot be taken off.

pub mod catalog;
mod compute;
mod error;
mod evaluate;
mod explain;
mod grant;
mod pattern;
mod policy;
mod products;
mod role;
mod role_template;
mod scope;
pub mod template;

pub use compute::{Options, compute};
pub use error::{Error, Location};
pub use explain::explain;
pub use grant::{Condition, Grant, Phase, Reason};
pub use pattern::{BOUNDARY_PARAMETER, Part, Pattern};
pub use policy::{Bindings, Document, DocumentStatement, Policy, Statement};
pub use products::{Product, discover};
pub use role::{INLINE_LIMIT, LaunchRole, MANAGED_LIMIT, Placement, TRUSTED_SERVICE};
pub use role_template::{render, role_name};
pub use template::Template;
