//! Tests that cross the modules: the built command, and publishing against a rehearsal catalog.

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
