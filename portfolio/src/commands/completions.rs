//! `completions`: for a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::app::{App, Done};
use crate::cli::Cli;
use crate::error::Result;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio completions bash > /etc/bash_completion.d/portfolio")]
pub struct Args {
    /// The shell.
    pub shell: Shell,
}

/// Runs `completions`.
///
/// # Errors
/// `file-write` when nobody reads any more.
pub fn run(app: &App, args: &Args) -> Result<Done> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "portfolio", &mut script);
    app.ui.result(&String::from_utf8_lossy(&script))?;
    Ok(Done::Fine)
}
