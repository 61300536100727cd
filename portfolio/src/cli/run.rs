//! From arguments to an exit code.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use tracing_subscriber::EnvFilter;

use super::{Cli, Command};
use crate::app::{App, Done};
use crate::commands::{
    bootstrap, completions, destroy, doctor, import, init, launch_role, man, plan, prune, publish, rehearse, rollback,
    status, team, validate, version_state,
};
use crate::error::{Code, Error, Exit, Result};
use crate::manifest::VersionState;
use crate::session::Stop;
use crate::ui::Ui;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    log_to_stderr(cli.global.verbose);
    let ui = Ui::new(cli.global.json, cli.global.color);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.fail(&Error::new(Code::RehearsalFailed, format!("no threads to run on: {error}")));
            return ExitCode::from(Exit::General.number());
        }
    };
    let app = App { global: cli.global, ui, stop: Stop::default() };
    let result = runtime.block_on(async {
        tokio::spawn(listen_for_interrupt(app.clone()));
        dispatch(&app, cli.command).await
    });
    match result {
        Ok(Done::Fine) => ExitCode::SUCCESS,
        Ok(Done::ChangesPending) => ExitCode::from(2),
        Err(error) => {
            app.ui.fail(&error);
            ExitCode::from(error.code().exit().number())
        }
    }
}

/// Help and version are results; anything else that clap reports is a mistake in the command line.
fn refuse(error: &clap::Error) -> ExitCode {
    // A closed output is no reason to report another error.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(Exit::Config.number()),
    }
}

fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => "off",
        1 => "edgeseal_portfolio=debug",
        _ => "edgeseal_portfolio=trace,aws_smithy_runtime=debug,info",
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

/// The first Ctrl-C lets the calls in flight finish, the second ends the process.
async fn listen_for_interrupt(app: App) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    app.stop.request();
    app.ui.note("Stopping after the calls in flight. Press Ctrl-C again to stop at once.");
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(i32::from(Exit::Interrupted.number()));
    }
}

async fn dispatch(app: &App, command: Command) -> Result<Done> {
    match command {
        Command::Init(args) => init::run(app, &args),
        Command::Validate(args) => validate::run(app, &args),
        Command::Plan(args) => plan::run(app, &args).await,
        Command::Publish(args) => publish::run(app, &args).await,
        Command::Status(args) => status::run(app, &args).await,
        Command::Deprecate(args) => version_state::run(app, &args, VersionState::Deprecated).await,
        Command::Activate(args) => version_state::run(app, &args, VersionState::Active).await,
        Command::Retire(args) => version_state::run(app, &args, VersionState::Inactive).await,
        Command::Rollback(args) => rollback::run(app, &args).await,
        Command::Prune(args) => prune::run(app, &args).await,
        Command::Import(args) => import::run(app, &args).await,
        Command::Destroy(args) => destroy::run(app, &args).await,
        Command::LaunchRole(args) => launch_role::run(app, &args).await,
        Command::Bootstrap(args) => bootstrap::run(app, &args).await,
        Command::Provision(args) => team::provision(app, &args).await,
        Command::Update(args) => team::update(app, &args).await,
        Command::Terminate(args) => team::terminate(app, &args).await,
        Command::Doctor(args) => doctor::run(app, &args).await,
        Command::Rehearse(args) => rehearse::run(app, &args).await,
        Command::Completions(args) => completions::run(app, &args),
        Command::Man(args) => man::run(app, &args),
    }
}
