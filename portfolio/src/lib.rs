//! Publish versioned product templates to AWS Service Catalog.
//!
//! The way through the crate is one line: [`manifest`] and [`product`] are read into a [`project`], which becomes the
//! desired side of a [`state`]; the observed side comes from AWS; comparing the two is pure; applying the difference is
//! ordered so that a run may be killed at any call and run again.

pub mod error;
pub mod files;
pub mod lock;
pub mod manifest;
pub mod product;
pub mod project;
pub mod state;
