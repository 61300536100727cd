//! `edgeseal-core` as a WebAssembly component: the world `edgeseal` of `wit/`, for any host that knows components.
//!
//! Thin, and with no rule of its own: it takes records apart, calls the core, and puts the answers into records. `wit/`
//! documents every item. The world imports nothing, so the component can reach nothing but its arguments.

mod bindings;
mod deciding;
mod keys;
mod same;
mod signing;
mod verdict;
mod verifying;

/// What the world's functions hang on; it has no state.
struct Component;
