//! The command `edgeseal-rehearsal`: a local AWS Service Catalog endpoint.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use edgeseal_rehearsal::{Config, Organization, Quotas, Rehearsal, RehearsalError};

/// A local AWS Service Catalog endpoint to rehearse publishing against.
///
/// It listens on 127.0.0.1 only and prints its URL. Stop it with Ctrl-C.
#[derive(Parser)]
#[command(version, max_term_width = 80, after_help = EXAMPLE)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

const EXAMPLE: &str = "\
Example:
  edgeseal-rehearsal --port 4580 --state-dir .rehearsal &
  export AWS_ENDPOINT_URL=http://127.0.0.1:4580 AWS_REGION=eu-west-1
  export AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=any
  aws servicecatalog list-portfolios

A 12-digit access key id is the caller's account; a secret is not checked.";

#[derive(Subcommand)]
enum Command {
    /// Print the table of all operations, served and refused, as Markdown
    Operations,
}

#[derive(clap::Args)]
struct Serve {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Folder to keep the state in; without it the state is in memory
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    /// Account of callers whose access key id is not 12 digits
    #[arg(long, value_name = "ACCOUNT", default_value = "000000000000")]
    account: String,
    /// Milliseconds that products, versions and constraints stay in CREATING
    #[arg(long, value_name = "MS", default_value_t = 0)]
    settle_ms: u64,
    /// Milliseconds that a portfolio share stays in IN_PROGRESS
    #[arg(long, value_name = "MS", default_value_t = 0)]
    share_delay_ms: u64,
    /// Status of a product that is ready: CREATED or AVAILABLE
    #[arg(long, value_name = "STATUS", default_value = "CREATED")]
    product_ready: String,
    /// Let every caller launch products, whatever the principals say
    #[arg(long)]
    open_access: bool,
    /// Accept launch constraints whose role does not exist
    #[arg(long)]
    no_role_check: bool,
    /// CloudFormation endpoint to make real stacks on
    #[arg(long, value_name = "URL")]
    cloudformation_endpoint: Option<String>,
    /// S3 endpoint to read templates from, instead of the built-in store
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// IAM endpoint to look launch roles up on, instead of the built-in one
    #[arg(long, value_name = "URL")]
    iam_endpoint: Option<String>,
    /// Make identifiers repeatable
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
    /// Change a quota, such as versions_per_product=10
    #[arg(long = "quota", value_name = "NAME=NUMBER")]
    quotas: Vec<String>,
    /// Id of the organization
    #[arg(long, value_name = "ID", default_value = "o-rehearsal0")]
    organization: String,
    /// Account that may share with the organization; without any, all may
    #[arg(long = "organization-admin", value_name = "ACCOUNT")]
    administrators: Vec<String>,
    /// Organizational unit and its accounts
    #[arg(long = "organization-unit", value_name = "OU=ACCOUNT,...")]
    units: Vec<String>,
    /// Start with Organizations access enabled
    #[arg(long)]
    organizations_access: bool,
}

impl Serve {
    fn config(self) -> Result<Config, RehearsalError> {
        let bad = RehearsalError::Config;
        let mut quotas = Quotas::default();
        for quota in &self.quotas {
            let (name, number) = quota.split_once('=').unwrap_or((quota, ""));
            let number = number.parse().map_err(|_| bad(format!("--quota {quota}: give it as NAME=NUMBER")))?;
            quotas.set(name, number).map_err(bad)?;
        }
        let mut organization = Organization {
            id: self.organization,
            administrators: self.administrators,
            access_enabled: self.organizations_access,
            ..Organization::default()
        };
        for unit in &self.units {
            let (id, accounts) = unit
                .split_once('=')
                .ok_or_else(|| bad(format!("--organization-unit {unit}: give it as OU=ACCOUNT,...")))?;
            let accounts = accounts.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect();
            organization.units.insert(id.to_owned(), accounts);
        }
        Ok(Config {
            state_dir: self.state_dir,
            port: self.port,
            account: self.account,
            settle: Duration::from_millis(self.settle_ms),
            share_delay: Duration::from_millis(self.share_delay_ms),
            product_ready: self.product_ready,
            open_access: self.open_access,
            check_launch_roles: !self.no_role_check,
            cloudformation_endpoint: self.cloudformation_endpoint,
            s3_endpoint: self.s3_endpoint,
            iam_endpoint: self.iam_endpoint,
            seed: self.seed,
            quotas,
            organization,
            ..Config::default()
        })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Operations) => print(&edgeseal_rehearsal::operations_table()),
        None => serve(arguments.serve).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Serve) -> Result<(), String> {
    let config = arguments.config().map_err(|e| e.to_string())?;
    let rehearsal = Rehearsal::builder().config(config).build().await.map_err(|e| e.to_string())?;
    // Whoever reads the URL may end the endpoint at once.
    let interrupted = interruption()?;
    print(&format!("{}\n", rehearsal.endpoint()))?;
    let _ = writeln!(std::io::stderr(), "rehearsal catalog listening; any secret key is accepted; stop with Ctrl-C");
    interrupted.await;
    rehearsal.shutdown().await;
    Ok(())
}

/// A closed pipe is the reader's choice and no failure.
fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.to_string()),
        _ => Ok(()),
    }
}

/// Listens for Ctrl-C and SIGTERM from now on, and waits for either when polled.
#[cfg(unix)]
fn interruption() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C when polled.
#[cfg(not(unix))]
fn interruption() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        // Without a way to hear of Ctrl-C the process is ended from outside, which is safe.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
