//! A hundred products of ten versions against a rehearsal catalog that takes 50 ms for each call: how many calls, how
//! long, how much memory. Run it with `cargo run --release -p edgeseal-portfolio --example scale`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser;
use edgeseal_portfolio::adapters::aws::{Aws, Settings, connect};
use edgeseal_portfolio::app::App;
use edgeseal_portfolio::cli::Cli;
use edgeseal_portfolio::diff::Options;
use edgeseal_portfolio::project::Project;
use edgeseal_portfolio::session::{Pace, Session, Stop};
use edgeseal_portfolio::ui::{ColourChoice, Ui};
use edgeseal_portfolio::workflow::{Published, compare, publish_plan};
use edgeseal_rehearsal::{Effect, Fault, Rehearsal};

type Failure = Box<dyn std::error::Error>;

/// How big a portfolio, and how slow a catalog.
#[derive(Parser)]
struct Scale {
    #[arg(long, default_value_t = 100)]
    products: usize,
    #[arg(long, default_value_t = 10)]
    versions: usize,
    #[arg(long, default_value_t = 50)]
    latency_ms: u64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let scale = Scale::parse();
    let folder = std::env::temp_dir().join(format!("portfolio-scale-{}", std::process::id()));
    write_project(&folder, &scale)?;
    let result = measure(&folder, &scale).await;
    std::fs::remove_dir_all(&folder)?;
    result
}

async fn measure(folder: &Path, scale: &Scale) -> Result<(), Failure> {
    let rehearsal = Rehearsal::builder().in_memory().account("123456789012").build().await?;
    rehearsal.add_fault(Fault::new("*", Effect::Latency { ms: scale.latency_ms }).times(0));
    let manifest = folder.join("portfolio.yaml").to_string_lossy().into_owned();
    let cli = Cli::parse_from(["portfolio", "plan", "--rehearse", "-f", &manifest]);
    let app = App { global: cli.global, ui: Ui::new(false, ColourChoice::Never), stop: Stop::default() };
    let project = Project::load(Path::new(&manifest))?;
    for what in ["first publish", "no-change plan"] {
        let settings = Settings {
            endpoint_url: Some(rehearsal.endpoint()),
            static_account: Some("123456789012".to_owned()),
            ..Settings::default()
        };
        let connected = connect(&settings, &["eu-west-1".to_owned()]).await?;
        let aws = connected.first().ok_or("no connection")?;
        let session = Session::new(aws, Pace::default(), app.stop.clone());
        let began = Instant::now();
        let plan = compare(&session, &project, Options::default(), &app.ui).await?.plan;
        if what == "first publish" {
            let Published::Ran(outcome) = publish_plan(&app, &session, &project, &plan, &|_| true).await? else {
                return Err("another run has published".into());
            };
            if let Some(error) = outcome.error() {
                return Err(Box::new(error));
            }
        } else if !plan.is_empty() {
            return Err("the second plan is not empty".into());
        }
        report(what, scale, aws, began.elapsed());
    }
    rehearsal.shutdown().await;
    Ok(())
}

fn report(what: &str, scale: &Scale, aws: &Aws, took: Duration) {
    let calls = aws.calls.counts();
    let mut services: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, count) in &calls {
        *services.entry(name.split('.').next().unwrap_or(name)).or_default() += count;
    }
    let each = |count: usize| {
        format!(
            "{:.2}",
            f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / f64::from(u32::try_from(scale.products).unwrap_or(1))
        )
    };
    println!("{what}: {} products of {} versions, {} ms a call", scale.products, scale.versions, scale.latency_ms);
    println!("  {:.1} s, {} calls, {} a product", took.as_secs_f64(), aws.calls.total(), each(aws.calls.total()));
    for (service, count) in services {
        println!("    {service}: {count}, {} a product", each(count));
    }
    println!("  peak memory, catalog included: {}", peak_memory());
}

/// The high-water mark of this process; Linux only.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |value| value.trim().to_owned())
}

fn write_project(folder: &Path, scale: &Scale) -> Result<(), Failure> {
    let mut manifest = "version: 1\nportfolio: { key: scale, name: Scale, provider: Bench }\nartifacts: { bucket: scale-{account} }\nproducts:\n"
        .replace("scale-{account}", "\"scale-{account}\"");
    for product in 0..scale.products {
        manifest += &format!("  - path: products/p{product:03}\n");
        let home = folder.join(format!("products/p{product:03}"));
        let mut file = format!("name: Product {product:03}\nowner: Bench\ndescription: One of many.\nversions:\n");
        for version in 0..scale.versions {
            file += &format!("  - {{ name: 1.{version}.0, template: 1.{version}.0/template.yaml }}\n");
            let place = home.join(format!("1.{version}.0"));
            std::fs::create_dir_all(&place)?;
            let template = format!(
                "Description: Product {product}, version {version}\nResources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    \
                 DeletionPolicy: Retain\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      \
                 AttributeDefinitions: [{{ AttributeName: id, AttributeType: S }}]\n      \
                 KeySchema: [{{ AttributeName: id, KeyType: HASH }}]\n"
            );
            std::fs::write(place.join("template.yaml"), template)?;
        }
        std::fs::write(home.join("product.yaml"), file)?;
    }
    std::fs::write(folder.join("portfolio.yaml"), manifest)?;
    Ok(())
}
