//! The manifest: its types, how it is read, the rules it has to keep, and careful edits to it.

mod check;
mod constraints;
mod edit;
mod load;
mod located;
mod model;
mod schema;

pub use check::check;
pub(crate) use check::is_key;
pub use constraints::{Notification, StackSet, TagUpdates, TemplateRule};
pub use edit::set_version_state;
pub use load::{ManifestFile, SourceFile, parse_yaml};
pub use located::At;
pub use model::*;
pub use schema::manifest_schema;
