//! What the macros make of `wit/`.

#![allow(unsafe_code, missing_docs, unreachable_pub, clippy::all, reason = "generated code")]

wit_bindgen::generate!({
    path: "wit",
    world: "edgeseal",
    export_macro_name: "export_component",
});

use crate::Component;

export_component!(Component with_types_in self);
