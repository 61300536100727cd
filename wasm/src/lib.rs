//! WebAssembly bindings of edgeseal-core.
