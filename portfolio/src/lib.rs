//! Publish versioned product templates to AWS Service Catalog.
//!
//! The way through the crate is one line: [`manifest`] and [`product`] are read into a [`project`], which becomes the
//! desired side of a [`state`]; the observed side comes from AWS; comparing the two is pure; applying the difference is
//! ordered so that a run may be killed at any call and run again.

pub mod adapters;
pub mod app;
pub mod apply;
pub mod change;
pub mod cli;
pub mod commands;
pub mod desired;
pub mod diff;
pub mod error;
pub mod files;
pub mod launch;
pub mod lock;
pub mod manifest;
pub mod observe;
pub mod plan;
pub mod product;
pub mod project;
pub mod rules;
pub mod session;
pub mod state;
pub mod ui;
pub mod workflow;
