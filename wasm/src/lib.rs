//! JavaScript bindings of `edgeseal-core`: thin, and with no rule of their own.
//!
//! What JavaScript calls often takes plain strings and numbers; what it calls rarely answers with JSON.
//! An error crosses as a JSON text with `code`, `message`, `field` and `hint`, which the TypeScript side
//! turns into an `EdgesealError`.

#![deny(missing_docs)]

#[cfg(feature = "core")]
mod credentials;
#[cfg(feature = "crypto")]
mod crypto;
#[cfg(feature = "edge")]
mod edge;
mod error;
#[cfg(any(feature = "core", feature = "edge"))]
mod host;
#[cfg(feature = "rules")]
mod rules;
