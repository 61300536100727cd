//! AWS behind the traits, through the AWS SDK for Rust.

mod access;
mod calls;
mod catalog;
mod connect;
mod errors;
mod reads;
mod roles;
mod shares;
mod store;
mod team;
mod writes;

pub use calls::CallLog;
pub use connect::{Aws, Identity, Settings, connect};
pub use roles::AwsRoles;
pub use store::AwsStore;
pub use team::AwsTeam;

pub use catalog::AwsCatalog;
