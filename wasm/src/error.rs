//! Errors on their way to JavaScript.

use edgeseal_core::Error;
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct ErrorView<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

/// The error as the JSON text that the TypeScript side expects to be thrown.
pub(crate) fn thrown(error: &Error) -> JsValue {
    let view =
        ErrorView { code: error.code().as_str(), message: error.message(), field: error.field(), hint: error.hint() };
    JsValue::from_str(&serde_json::to_string(&view).unwrap_or_default())
}
