//! The edge policy: rules for what a CloudFront signature cannot say, and the decision for a request.
//!
//! A signature covers the URL, the time and the viewer's address. The rules add the method, the size and
//! type of an upload, the keys and lifetimes accepted, the query parameters and the origins of pages.
//! Whatever no rule fits is refused. The whole is pure: policy, request, keys and time are arguments.
//!
//! ```
//! use edgeseal_core::edge::{self, EdgeRequest};
//! # struct Nobody;
//! # impl edgeseal_core::crypto::VerifyingKey for Nobody { fn verify(&self, _: edgeseal_core::keys::HashAlgorithm, _: &[u8], _: &[u8]) -> bool { false } }
//! # let keys = edgeseal_core::keys::KeyRing::<Nobody>::new();
//! let policy = edge::compile(r#"{
//!   "version": 1,
//!   "mode": "behind-key-group",
//!   "rules": [{
//!     "name": "upload", "path": "/upload/*", "methods": ["PUT"], "stripPrefix": "/upload",
//!     "upload": { "maxBytes": "25MB", "contentTypes": ["image/*"] }
//!   }]
//! }"#).unwrap();
//! let request = EdgeRequest {
//!     method: "PUT", host: "files.example.com", uri: "/upload/cat.png", querystring: "", client_ip: None,
//!     headers: &[("content-length", "1024"), ("content-type", "image/png")],
//! };
//! let edge::Decision::Allow(allow) = edge::decide(&policy, &request, &keys, 1_767_290_000) else { panic!() };
//! assert_eq!((allow.rule, allow.uri), ("upload", Some("/cat.png")));
//! ```

mod check_rule;
mod compile;
mod cors;
mod credential;
mod decide;
mod decision;
mod lint;
mod memo;
mod model;
mod path;
mod pattern;
#[cfg(feature = "yaml")]
mod places;
mod problem;
mod query;
mod reason;
mod request;
mod source;
mod upload;

pub use compile::CompiledPolicy;
pub use decide::{decide, decide_with_memo};
pub use decision::{Allow, Decision, Deny, GrantSummary, Header, Respond};
pub use lint::lint;
pub use memo::Memo;
pub use model::{
    ByteSize, Constraint, Cors, Lifetime, Method, Mode, Query, Require, Rule, RuleFile, Upload, VERSION, ViewerScheme,
    WhenUnseen,
};
#[cfg(feature = "yaml")]
pub use places::{Checked, Document, check, read_document};
pub use problem::{Finding, FindingCode, Place, RuleError, Severity};
pub use reason::EdgeReason;
pub use request::{EdgeRequest, HEADERS};
pub use source::compile;
