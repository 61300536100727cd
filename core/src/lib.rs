//! Sign, verify and explain Amazon CloudFront signed URLs and signed cookies.
//!
//! The crate does no I/O, reads no clock and draws no randomness: time, keys and random seeds are
//! arguments. No input makes it panic.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod compat;
pub mod cookies;
pub mod crypto;
pub mod edge;
pub mod encoding;
mod error;
pub mod explain;
mod json;
pub mod keys;
pub mod policy;
mod reason;
pub mod sign;
pub mod time;
pub mod upload;
pub mod url;
pub mod verify;

pub use error::{Error, ErrorCode};
pub use reason::{CloudFrontError, Reason};
