//! The command line.

#![allow(rustdoc::invalid_html_tags, reason = "these texts are also the help, which shows no Markdown")]

mod commands;
mod run;

use std::path::PathBuf;

use clap::{ArgAction, Parser};

pub use commands::Command;
pub use run::main;

use crate::ui::ColourChoice;

/// Publish versioned product templates to AWS Service Catalog: with a plan, again and again, without surprises.
#[derive(Debug, Parser)]
#[command(name = "portfolio", version, max_term_width = 80, disable_help_subcommand = true)]
#[command(after_help = "Exit codes:
  0  done, or nothing to do        5  some changes made before a failure
  1  any other error               6  another run publishes, or the state moved
  2  changes are pending           7  refused: ambiguous, foreign, no yes
     (--detailed-exitcode only)    130  stopped by Ctrl-C
  3  command line, manifest or template is wrong
  4  credentials, account or permissions

Example:
  portfolio plan --rehearse")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The manifest.
    #[arg(short = 'f', long, global = true, default_value = "portfolio.yaml", value_name = "FILE")]
    pub manifest: PathBuf,
    /// Profile of the AWS configuration files.
    #[arg(long, global = true, env = "AWS_PROFILE", value_name = "NAME", hide_env = true)]
    pub profile: Option<String>,
    /// Region; repeat it for several. Beats the manifest's `regions`.
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Vec<String>,
    /// One endpoint for all services; AWS_ENDPOINT_URL_<SERVICE> works too.
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Refuse to run in any other account.
    #[arg(long, global = true, value_name = "ACCOUNT")]
    pub expect_account: Option<String>,
    /// Use a catalog on this machine instead of AWS; nothing else is needed.
    #[arg(long, global = true, conflicts_with_all = ["endpoint_url", "profile"])]
    pub rehearse: bool,
    /// Where the rehearsal catalog keeps its state.
    #[arg(long, global = true, default_value = ".rehearsal", value_name = "DIR")]
    pub rehearsal_dir: PathBuf,
    /// Where the rehearsal catalog makes the stacks of launched products.
    #[arg(long, global = true, value_name = "URL")]
    pub cloudformation_endpoint: Option<String>,
    /// Print the result as JSON, with a versioned format.
    #[arg(long, global = true)]
    pub json: bool,
    /// Use colour.
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: ColourChoice,
    /// Seconds to wait for an object to become ready.
    #[arg(long, global = true, default_value_t = 300, value_name = "SECONDS")]
    pub timeout: u64,
    /// Seconds to wait for another run that is publishing.
    #[arg(long, global = true, default_value_t = 90, value_name = "SECONDS")]
    pub lock_timeout: u64,
    /// Attempts for each call to AWS.
    #[arg(long, global = true, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub attempts: u32,
    /// Log requests to standard error; twice for more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}
