//! The commands, one in each module.

pub mod bootstrap;
pub mod completions;
pub mod destroy;
pub mod doctor;
pub mod import;
pub mod init;
pub mod launch_role;
pub mod man;
pub mod plan;
pub mod prune;
pub mod publish;
pub mod rehearse;
pub mod rollback;
pub mod status;
pub mod team;
pub mod validate;
pub mod version_state;
