//! `rehearse`: a rehearsal catalog for other programs, until Ctrl-C.

use std::time::Duration;

use serde_json::json;

use crate::app::{App, Done, REHEARSAL_REGION};
use crate::error::Result;

/// Options of `rehearse`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  portfolio rehearse --port 4599 &
  AWS_ENDPOINT_URL=http://127.0.0.1:4599 aws servicecatalog list-portfolios")]
pub struct Args {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Account of callers whose access key id is not an account id.
    #[arg(long, default_value = "123456789012")]
    pub account: String,
    /// Let every caller launch products, principal or not.
    #[arg(long)]
    pub open_access: bool,
}

/// Runs `rehearse`.
///
/// # Errors
/// `rehearsal-failed`.
pub async fn run(app: &App, args: &Args) -> Result<Done> {
    let rehearsal = app.start_rehearsal(&args.account, args.port, args.open_access).await?;
    let endpoint = rehearsal.endpoint();
    // Without a region, other programs would ask for one first.
    let region = app.global.region.first().map_or(REHEARSAL_REGION, String::as_str);
    if app.ui.json {
        let folder = app.global.rehearsal_dir.display().to_string();
        app.ui.result_json(&json!({ "format": "portfolio/rehearse/1", "endpoint": endpoint, "stateDir": folder }))?;
    } else {
        app.ui.result(&format!(
            "export AWS_ENDPOINT_URL={endpoint}\nexport AWS_REGION={region} AWS_DEFAULT_REGION={region}\n\
             export AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY=rehearsal\n",
            args.account
        ))?;
        app.ui.note(&format!("State is in {}. Ctrl-C stops.", app.global.rehearsal_dir.display()));
    }
    while !app.stop.requested() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    rehearsal.shutdown().await;
    Ok(Done::Fine)
}
