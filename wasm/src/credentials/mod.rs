//! Signing, verifying and explaining.

mod args;
mod compat;
mod host;
mod prepare;
mod private_key;
mod public_key;
mod sign;
mod verify;
mod views;
