//! The rules of the rehearsal catalog, over HTTP.

mod faults;
mod limits;
mod objects;
mod persistence;
mod protocol;
mod publishing;
mod sharing;
mod support;
mod team;
