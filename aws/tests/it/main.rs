//! One program for all tests: linking the AWS SDK once is enough.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bad_input;
mod faults;
mod key_source;
mod object_keys;
mod secrets;
mod support;
mod uploads;
