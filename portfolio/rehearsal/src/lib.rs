//! A local AWS Service Catalog endpoint to rehearse publishing against.
