//! The commands and their options; each command's work is in a module of its own.

use clap::Subcommand;

use crate::commands::{
    bootstrap, completions, destroy, doctor, import, init, launch_role, man, plan, prune, publish, rehearse, rollback,
    status, team, validate, version_state,
};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented manifest for the products in a folder.
    Init(init::Args),
    /// Check the manifest, products and templates, without any network.
    Validate(validate::Args),
    /// Show what `publish` would change, and why.
    Plan(plan::Args),
    /// Make the live state what the manifest says.
    Publish(publish::Args),
    /// Show the live state, how it differs, and who uses what.
    Status(status::Args),
    /// Deprecate a version: nobody launches it any more, updates go on.
    Deprecate(version_state::Args),
    /// Make a version available again.
    Activate(version_state::Args),
    /// Retire a version: hidden, and nobody may launch or update to it.
    Retire(version_state::Args),
    /// Go back to the version before: activate it, retire the newest.
    Rollback(rollback::Args),
    /// Delete old versions that nobody uses.
    Prune(prune::Args),
    /// Adopt a portfolio and products that something else made.
    Import(import::Args),
    /// Delete the portfolio, or one product, in the right order.
    Destroy(destroy::Args),
    /// Print, explain or deploy the computed launch roles.
    LaunchRole(launch_role::Args),
    /// Make the artifacts bucket and the permissions boundary.
    Bootstrap(bootstrap::Args),
    /// Launch a product, as a team would.
    Provision(team::ProvisionArgs),
    /// Update what was launched to another version or parameters.
    Update(team::UpdateArgs),
    /// Terminate what was launched.
    Terminate(team::TerminateArgs),
    /// Check credentials, region, permissions, sharing and quotas.
    Doctor(doctor::Args),
    /// Serve a rehearsal catalog for other programs.
    Rehearse(rehearse::Args),
    /// Print completions for a shell.
    Completions(completions::Args),
    /// Print the manual page.
    Man(man::Args),
}
