//! An upload service on AWS, configured by the outputs of the products.

mod app;
mod config;
mod page;

use app::App;
use config::{Config, Trouble};
use edgeseal_aws::{FileRecords, FileRecordsConfig, SignerConfig, UploadService, UploadServiceConfig, create_signer};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    // The crate's events tell when a key was loaded, and when a refresh failed. A service's log goes to a collector, so it
    // has no colours, whatever other crates of a build ask of the library.
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Trouble> {
    let config = Config::from_environment()?;
    let app = connect(&config).await?;
    let listener = TcpListener::bind(("127.0.0.1", config.port)).await?;
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    println!("http://{}", listener.local_addr()?);
    let told_to_stop = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    Ok(axum::serve(listener, app::router(app)).with_graceful_shutdown(told_to_stop).await?)
}

async fn connect(config: &Config) -> Result<App, Trouble> {
    let signer = create_signer(SignerConfig {
        integration_role_arn: config.integration_role_arn.clone(),
        private_key_secret_arn: config.private_key_secret_arn.clone(),
        max_age: config.key_max_age,
        ..SignerConfig::default()
    })
    .await?;
    let records = FileRecords::open(FileRecordsConfig {
        integration_role_arn: config.integration_role_arn.clone(),
        table_name: config.table_name.clone(),
        primary_key: config.primary_key.clone(),
        ..FileRecordsConfig::default()
    })
    .await?;
    let uploads = UploadService::new(UploadServiceConfig {
        records: Some(records.clone()),
        ..UploadServiceConfig::new(signer, &config.files_origin)
    })?;
    Ok(App { uploads, records, files_origin: config.files_origin.clone() })
}
