//! Signing, verifying and explaining.

mod args;
mod compat;
mod host;
mod keys;
mod rules;
mod sign;
mod verify;
mod views;
