//! `doctor`: is everything there that publishing needs?

use serde::Serialize;
use textwrap::Options;

use crate::app::{App, Done};
use crate::desired::desired;
use crate::error::{Code, Error, Result};
use crate::observe::find_portfolio;
use crate::project::Project;
use crate::session::Session;
use crate::state::{Desired, ShareTarget};

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  portfolio doctor --rehearse")]
pub struct Args {}

#[derive(Serialize)]
struct Check {
    region: String,
    name: &'static str,
    verdict: &'static str,
    detail: String,
}

/// Portfolios and products an account may have in a region, before AWS raises the quota.
/// [AWS General Reference](https://docs.aws.amazon.com/general/latest/gr/servicecatalog.html)
const PORTFOLIOS: usize = 100;
const PRODUCTS: usize = 350;

/// Runs `doctor`.
///
/// # Errors
/// The first error found, after the report of all checks.
pub async fn run(app: &App, _args: &Args) -> Result<Done> {
    let project = app.project()?;
    let connection = app.connect(&project).await?;
    let mut examination = Examination { checks: Vec::new(), worst: None };
    for session in &connection.sessions {
        let who = format!("{} in account {}", session.caller, session.target.account);
        examination.add(session, "credentials", Ok(who));
        match desired(&project, &session.target) {
            Ok(wanted) => region(session, &project, &wanted, &mut examination).await,
            Err(error) => examination.add(session, "launch roles", Err(error)),
        }
    }
    connection.close().await;
    report(app, &examination.checks)?;
    examination.worst.map_or(Ok(Done::Fine), Err)
}

struct Examination {
    checks: Vec<Check>,
    worst: Option<Error>,
}

impl Examination {
    fn add(&mut self, session: &Session, name: &'static str, result: Result<String>) {
        let (verdict, detail) = match &result {
            Ok(detail) => ("ok", detail.clone()),
            Err(error) => ("bad", format!("{} [{}]", error.message(), error.code())),
        };
        self.checks.push(Check { region: session.target.region.clone(), name, verdict, detail });
        if let Err(error) = result {
            self.worst.get_or_insert(error);
        }
    }
}

async fn region(session: &Session, project: &Project, wanted: &Desired, examination: &mut Examination) {
    examination.add(session, "catalog", catalog(session).await);
    examination.add(session, "portfolio", portfolio(session, wanted).await);
    examination.add(session, "bucket", bucket(session, wanted).await);
    if session.keeps_roles && !wanted.roles.is_empty() {
        examination.add(session, "launch roles", roles(session, wanted).await);
    }
    let organization = wanted.shares.keys().any(|target| !matches!(target, ShareTarget::Account(_)));
    if organization {
        examination.add(session, "organizations", organizations(session).await);
    }
    examination.add(session, "quotas", quotas(session, project).await);
}

async fn catalog(session: &Session) -> Result<String> {
    let count = session.catalog.portfolios().await?.len();
    Ok(format!("{} answers, {count} portfolios", session.endpoint))
}

async fn portfolio(session: &Session, wanted: &Desired) -> Result<String> {
    let found = find_portfolio(session, &wanted.key, &wanted.fields.name).await?;
    Ok(found.map_or_else(|| "not published yet".to_owned(), |portfolio| portfolio.id))
}

async fn bucket(session: &Session, wanted: &Desired) -> Result<String> {
    let bucket = &wanted.bucket;
    match session.store.bucket_is_ours(bucket, &session.target.account).await? {
        Some(true) => Ok(bucket.clone()),
        Some(false) => Err(Error::new(Code::BucketForeign, format!("bucket `{bucket}` belongs to another account"))),
        None => Err(Error::new(Code::BucketMissing, format!("bucket `{bucket}` does not exist"))),
    }
}

async fn roles(session: &Session, wanted: &Desired) -> Result<String> {
    let names: Vec<String> = wanted.roles.keys().cloned().collect();
    let found = session.roles.read(&names).await?.len();
    Ok(format!("{found} of {} exist; publishing makes the rest", names.len()))
}

async fn organizations(session: &Session) -> Result<String> {
    if session.catalog.organizations_access().await? {
        return Ok("access is enabled".to_owned());
    }
    Err(Error::new(Code::OrganizationsOff, "AWS Organizations access is off"))
}

async fn quotas(session: &Session, project: &Project) -> Result<String> {
    let portfolios = session.catalog.portfolios().await?.len();
    let products = session.catalog.products(None).await?.len();
    let versions = project.products.iter().map(|loaded| loaded.versions.len()).max().unwrap_or(0);
    let limit = project.file.manifest.quotas.versions_per_product;
    Ok(format!(
        "{portfolios} of {PORTFOLIOS} portfolios, {products} of {PRODUCTS} products, at most {versions} of {limit} versions"
    ))
}

fn report(app: &App, checks: &[Check]) -> Result<()> {
    if app.ui.json {
        return app.ui.result_json(&serde_json::json!({ "format": "portfolio/doctor/1", "checks": checks }));
    }
    let mut region = "";
    for check in checks {
        if check.region != region {
            region = &check.region;
            app.ui.result(&(app.ui.paint().bold(&format!("Region {region}")) + "\n"))?;
        }
        let paint = app.ui.paint();
        let verdict = if check.verdict == "ok" { paint.green("ok ") } else { paint.red("bad") };
        let options = Options::new(app.ui.width.saturating_sub(6)).subsequent_indent("      ").break_words(false);
        let line = textwrap::fill(&format!("{}: {}", check.name, check.detail), options);
        app.ui.result(&format!("  {verdict} {line}\n"))?;
    }
    Ok(())
}
