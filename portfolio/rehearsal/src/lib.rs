//! A local AWS Service Catalog endpoint to rehearse publishing against.
//!
//! It speaks AWS JSON 1.1 on loopback, so the AWS CLI and every SDK can drive it, and it keeps
//! its state in memory or in a folder. A tiny S3-compatible store and as much of STS and IAM as
//! a publisher's checks call are served on the same port.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use edgeseal_rehearsal::Rehearsal;
//!
//! let rehearsal = Rehearsal::builder().in_memory().port(0).build().await.unwrap();
//! assert!(rehearsal.endpoint().starts_with("http://127.0.0.1:"));
//! rehearsal.shutdown().await;
//! # });
//! ```

mod access;
mod admin;
mod app;
mod auth;
mod builder;
mod clock;
mod cloud;
mod config;
mod ctx;
mod error;
mod faults;
mod http;
mod ids;
mod input;
mod model;
mod operations;
mod ops;
mod page;
mod provision;
mod query;
mod request_log;
mod rules;
mod s3;
mod server;
mod store;
mod tags;
mod template;
mod template_source;
mod validate;
mod yaml;

pub use builder::{Builder, Rehearsal};
pub use config::{Config, Organization, Quotas};
pub use error::RehearsalError;
pub use faults::{Effect, Fault};
pub use operations::operations_table;
pub use request_log::LogEntry;
