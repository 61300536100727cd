//! Tests of the public interface; one binary, because linking each takes longer than running it.

// Clippy takes only functions marked #[test] for tests; the helpers between them fail in the same way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod audit;
mod cli;
mod common;
mod errors;
mod iam;
mod properties;
mod scoping;
mod snapshot;
mod types;
