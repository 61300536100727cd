//! The operations, one module for each kind of resource.

pub(crate) mod artifacts;
pub(crate) mod associations;
pub(crate) mod constraint_rules;
pub(crate) mod constraints;
pub(crate) mod launch;
pub(crate) mod organizations;
pub(crate) mod portfolios;
pub(crate) mod principals;
pub(crate) mod products;
pub(crate) mod search;
pub(crate) mod service_actions;
pub(crate) mod share_reads;
pub(crate) mod shares;
pub(crate) mod tag_options;
