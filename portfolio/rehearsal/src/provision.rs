//! Provisioned products.

use serde::{Deserialize, Serialize};

use crate::store::Entity;

/// What a team made from a version of a product.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ProvisionedProduct {
    pub(crate) id: String,
    pub(crate) product_id: String,
    pub(crate) artifact_id: String,
}

impl Entity for ProvisionedProduct {
    const KIND: &'static str = "provisioned-product";
    fn id(&self) -> String {
        self.id.clone()
    }
}
