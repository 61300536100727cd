//! Computes launch roles: for one template, or for every product of a directory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use edgeseal_launch_role::{
    Bindings, Error, Options, Placement, Product, Template, compute, discover, explain, render,
};

/// Compute the smallest launch role for AWS Service Catalog products
#[derive(Parser)]
#[command(version, max_term_width = 80)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write launch-roles.yaml for every product of a directory
    Generate {
        /// The directory with the products
        products: PathBuf,
        /// Change nothing; fail when the file is not up to date
        #[arg(long)]
        check: bool,
    },
    /// Print the policy of one template as JSON
    Policy {
        /// The CloudFormation template
        template: PathBuf,
        /// The account the role lives in
        #[arg(long, value_parser = account)]
        account: Option<String>,
        /// The partition the role lives in
        #[arg(long, default_value = "aws", value_parser = ["aws", "aws-cn", "aws-us-gov"])]
        partition: String,
        /// The managed policy that bounds the roles the template makes
        #[arg(long, value_name = "ARN")]
        boundary: Option<String>,
    },
    /// Say which resource, property and line asks for each action of a template
    Explain {
        /// The CloudFormation template
        template: PathBuf,
    },
    /// Print the granted actions of every product as JSON, with who asked for each
    Actions {
        /// The directory with the products
        products: PathBuf,
    },
}

/// Twelve digits.
fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err("an account id has twelve digits".to_owned())
}

/// The file is there, but says something else.
const STALE: u8 = 2;

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error[{}]: {error}\n  hint: {}", error.code(), error.hint());
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<ExitCode, Error> {
    let options = Options::default();
    match command {
        Command::Generate { products, check } => generate(products, *check, &options),
        Command::Policy { template, account, partition, boundary } => {
            let role = compute(&Template::load(template)?, &options)?;
            let bindings = Bindings {
                partition: partition.clone(),
                account: account.clone(),
                boundary: boundary.clone(),
                ..Bindings::default()
            };
            let documents = match role.place()? {
                Placement::Inline(policy) => vec![policy.document(&bindings)?],
                Placement::Managed(policies) => {
                    eprintln!("too long for an inline policy: {} managed policies follow", policies.len());
                    policies.iter().map(|policy| policy.document(&bindings)).collect::<Result<_, _>>()?
                }
            };
            for document in documents {
                print(&json(&document)?)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Explain { template } => {
            print(&explain(&compute(&Template::load(template)?, &options)?))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Actions { products } => actions(products, &options),
    }
}

fn generate(directory: &Path, check: bool, options: &Options) -> Result<ExitCode, Error> {
    let roles = discover(directory)?
        .into_iter()
        .map(|product| Ok((product.name.clone(), product.launch_role(options)?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let text = render(&roles)?;
    let path = directory.join("launch-roles.yaml");
    let failed = |source| Error::Io { path: path.clone(), source };
    if check {
        if std::fs::read_to_string(&path).map_err(failed)? == text {
            return Ok(ExitCode::SUCCESS);
        }
        eprintln!("error[stale]: {} is not up to date", path.display());
        eprintln!("  hint: cargo run -p edgeseal-launch-role -- generate {}", directory.display());
        return Ok(ExitCode::from(STALE));
    }
    std::fs::write(&path, text).map_err(failed)?;
    let roles = if roles.len() == 1 { "1 role".to_owned() } else { format!("{} roles", roles.len()) };
    eprintln!("wrote {} with {roles}", path.display());
    Ok(ExitCode::SUCCESS)
}

/// `{product: {action: [reason, ...]}}`, for tests that compare with what was called.
fn actions(directory: &Path, options: &Options) -> Result<ExitCode, Error> {
    let mut products = serde_json::Map::new();
    for product in discover(directory)? {
        let Product { name, .. } = &product;
        let mut granted = serde_json::Map::new();
        for grant in product.launch_role(options)?.grants() {
            let reasons = granted.entry(grant.action.clone()).or_insert_with(|| serde_json::json!([]));
            if let Some(list) = reasons.as_array_mut() {
                list.extend(grant.reasons.iter().map(|reason| {
                    serde_json::json!({
                        "phase": reason.phase,
                        "resource": reason.resource,
                        "type": reason.type_name,
                        "property": reason.property,
                        "at": reason.at.as_ref().map(ToString::to_string),
                        "source": reason.source,
                    })
                }));
            }
        }
        products.insert(name.clone(), granted.into());
    }
    print(&json(&products)?)?;
    Ok(ExitCode::SUCCESS)
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Error::Data { file: "output".into(), reason: error.to_string() })
}

/// Write to standard output; a reader that has gone away, such as `head`, is no failure.
fn print(text: &str) -> Result<(), Error> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Io { path: "standard output".into(), source })
        }
        _ => Ok(()),
    }
}
