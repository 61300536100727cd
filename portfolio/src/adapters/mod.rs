//! The rim: what the tool needs from the outside, as traits, and AWS behind them.

pub mod aws;
mod catalog;
mod roles;
mod store;
mod team;

pub use catalog::{
    Access, Catalog, ConstraintRow, CreatedProduct, NewVersion, PortfolioDetail, ProductDetail, ProvisionedUse, Reads,
    Ready, ShareProgress, Summary, VersionUpdate, Writes,
};
pub use roles::Roles;
pub use store::{PutOutcome, Store, Stored};
pub use team::{Launch, Provisioned, RecordState, Team};
