//! Publish versioned product templates to AWS Service Catalog.
