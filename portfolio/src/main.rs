//! The `portfolio` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    edgeseal_portfolio::cli::main()
}
