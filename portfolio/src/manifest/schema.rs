//! The JSON Schema of the manifest, generated from its types.

use schemars::generate::SchemaSettings;

use super::model::Manifest;

/// The JSON Schema (draft 2020-12) that editors use to check `portfolio.yaml`.
///
/// `portfolio/schema/portfolio.schema.json` is this value; a test keeps the two equal.
#[must_use]
pub fn manifest_schema() -> serde_json::Value {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Manifest>();
    schema.to_value()
}
