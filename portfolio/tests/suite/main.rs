//! Tests that cross the modules: the built command, and publishing against a rehearsal catalog.

// A helper that cannot go on has nothing better to do than fail the test it is called from; clippy's exception for tests
// covers only functions marked as such.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod bundle;
mod codes;
mod faults;
mod golden;
mod guide;
mod manifest_errors;
mod pure_diff;
mod races;
mod stacks;
mod support;
