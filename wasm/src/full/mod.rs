//! Signing, verifying and explaining.

mod args;
mod compat;
mod host;
mod keys;
mod sign;
mod verify;
mod views;
