//! The rules of the rehearsal catalog, over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod docs;
mod elsewhere;
mod faults;
mod hostile;
mod limits;
mod objects;
mod options;
mod persistence;
mod protocol;
mod publishing;
mod sharing;
mod support;
mod team;
