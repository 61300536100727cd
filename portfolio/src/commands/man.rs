//! `man`: the manual page.

use clap::CommandFactory;

use crate::app::{App, Done};
use crate::cli::Cli;
use crate::error::{Code, Error, Result};

/// Options of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio man publish | man -l -")]
pub struct Args {
    /// The command to describe; without it, all of them at a glance.
    pub command: Option<String>,
}

/// Runs `man`.
///
/// # Errors
/// `usage` for an unknown command.
pub fn run(app: &App, args: &Args) -> Result<Done> {
    let mut root = Cli::command();
    root.build();
    let described = match &args.command {
        None => root,
        Some(name) => {
            let unknown = || Error::new(Code::Usage, format!("there is no command `{name}`"));
            root.find_subcommand(name).cloned().ok_or_else(unknown)?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(described)
        .render(&mut page)
        .map_err(|error| Error::new(Code::FileWrite, format!("the manual page cannot be written: {error}")))?;
    app.ui.result(&String::from_utf8_lossy(&page))?;
    Ok(Done::Fine)
}
