//! A small project in a temporary folder, a rehearsal catalog to publish it to, and the built command.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clap::Parser;
use edgeseal_portfolio::adapters::aws::{Settings, connect};
use edgeseal_portfolio::app::App;
use edgeseal_portfolio::cli::Cli;
use edgeseal_portfolio::diff::Options;
use edgeseal_portfolio::error::{Code, Error, Result};
use edgeseal_portfolio::project::Project;
use edgeseal_portfolio::session::{Pace, Session, Stop};
use edgeseal_portfolio::ui::{ColourChoice, Ui};
use edgeseal_portfolio::workflow::{Comparison, Published, compare, publish_plan};
use edgeseal_rehearsal::{Organization, Rehearsal};
use tempfile::TempDir;

pub(crate) const ACCOUNT: &str = "123456789012";

pub(crate) const MANIFEST: &str = r#"version: 1
portfolio:
  key: demo
  name: Demo portfolio
  provider: Platform
  description: For tests.
  tags: { team: platform }
artifacts:
  bucket: demo-artifacts-{account}-{region}
products:
  - path: products/files
    versions:
      - version: 1.0.0
        state: deprecated
      - version: 1.1.0
    tagOptions: [stage]
    actions: [restart]
    template:
      - description: Names start with team
        rules:
          names: { Assertions: [{ Assert: { "Fn::Equals": ["a", "a"] }, AssertDescription: always }] }
    tagUpdates: allowed
  - path: products/table
tagOptions:
  - key: stage
    values: [test, production]
    onPortfolio: true
principals:
  - arn: arn:aws:iam::123456789012:role/Developers
  - pattern: arn:aws:iam:::role/team-a
shares:
  - with: { account: "210987654321" }
    tagOptions: true
  - with: { organization: o-rehearsal0 }
    principals: true
actions:
  - name: restart
    document: AWS-RestartEC2Instance
"#;

const FILES: &str = r#"name: Files
owner: Platform
description: A bucket.
distributor: Platform
support: { email: help@example.com, url: "https://example.com", description: Ask. }
tags: { kind: storage }
versions:
  - name: 1.0.0
    description: First.
    template: 1.0.0/template.yaml
    guidance: default
    exampleParameters: { Name: team-files }
  - name: 1.1.0
    description: Versioned.
    template: 1.1.0/template.yaml
    guidance: default
    exampleParameters: { Name: team-files }
"#;

const TABLE: &str = r#"name: Table
owner: Platform
description: A table.
versions:
  - name: 1.0.0
    description: First.
    template: 1.0.0/template.yaml
"#;

pub(crate) fn bucket_template(extra: &str) -> String {
    format!(
        "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Name:\n    Type: String\nResources:\n  Bucket:\n    \
         Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    Properties:\n      BucketName: !Ref Name\n{extra}"
    )
}

const TABLE_TEMPLATE: &str = "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
";

/// A project in a temporary folder.
pub(crate) struct Workspace {
    pub(crate) dir: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let workspace = Self { dir: tempfile::tempdir().unwrap() };
        workspace.write("portfolio.yaml", MANIFEST);
        workspace.write("products/files/product.yaml", FILES);
        workspace.write("products/files/1.0.0/template.yaml", &bucket_template(""));
        let versioned = bucket_template("      VersioningConfiguration: { Status: Enabled }\n");
        workspace.write("products/files/1.1.0/template.yaml", &versioned);
        workspace.write("products/table/product.yaml", TABLE);
        workspace.write("products/table/1.0.0/template.yaml", TABLE_TEMPLATE);
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces text in a file, which must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    pub(crate) fn project(&self) -> Result<Project> {
        Project::load(&self.path("portfolio.yaml"))
    }

    /// Runs the built command here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run_in(self.dir.path(), arguments)
    }
}

/// What a run of the command gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Everything a golden test compares, with what differs from run to run made equal.
    pub(crate) fn shown(&self) -> String {
        format!("exit {}\n--- stdout\n{}--- stderr\n{}", self.code, redact(&self.stdout), redact(&self.stderr))
    }
}

/// Runs the built command with credentials of the test account.
pub(crate) fn run_with_credentials(folder: &Path, arguments: &[&str]) -> Ran {
    finish(with_credentials(&mut command(folder, arguments)))
}

/// Starts the built command with credentials of the test account.
pub(crate) fn spawn_with_credentials(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = command(folder, arguments);
    with_credentials(&mut command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn with_credentials(command: &mut Command) -> &mut Command {
    command.env("AWS_ACCESS_KEY_ID", ACCOUNT).env("AWS_SECRET_ACCESS_KEY", "rehearsal")
}

pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    finish(&mut command(folder, arguments))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portfolio"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

fn finish(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Ids, ports, hashes and times become the same in every run, without a change of width.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((shown, len)) = redaction(rest, out.chars().last()) {
            out.push_str(&shown);
            rest = &rest[len..];
        } else {
            let next = rest.chars().next().unwrap();
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

fn redaction(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    let word = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).count();
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    for prefix in ["port-", "prod-", "pa-", "cons-", "act-", "tag-", "pp-", "rec-"] {
        if let Some(id) = rest.strip_prefix(prefix)
            && word(id) == 13
        {
            return Some((format!("{prefix}{}", "x".repeat(13)), prefix.len() + 13));
        }
    }
    let uuid = rest.get(..36).is_some_and(|id| {
        id.chars()
            .enumerate()
            .all(|(at, c)| if [8, 13, 18, 23].contains(&at) { c == '-' } else { c.is_ascii_hexdigit() })
    });
    if uuid {
        return Some(("00000000-0000-0000-0000-000000000000".to_owned(), 36));
    }
    if let Some(port) = rest.strip_prefix("127.0.0.1:") {
        return Some(("127.0.0.1:PORT".to_owned(), "127.0.0.1:".len() + word(port)));
    }
    let length = word(rest);
    let is_hash = rest[..length].chars().all(|c| c.is_ascii_hexdigit()) && matches!(length, 12 | 64);
    let has_letter = rest[..length].chars().any(|c| c.is_ascii_lowercase());
    (is_hash && has_letter).then(|| ("0".repeat(length), length))
}

pub(crate) async fn catalog() -> Rehearsal {
    let organization = Organization { access_enabled: true, ..Organization::default() };
    Rehearsal::builder().in_memory().account(ACCOUNT).organization(organization).build().await.unwrap()
}

pub(crate) fn quick() -> Pace {
    Pace {
        first: Duration::from_millis(2),
        longest: Duration::from_millis(10),
        timeout: Duration::from_secs(10),
        propagation: Duration::from_secs(2),
        parallel: 1,
        lease: Duration::from_millis(300),
        lock_timeout: Duration::from_secs(10),
    }
}

pub(crate) async fn session(rehearsal: &Rehearsal, attempts: u32, pace: Pace) -> Result<Session> {
    let settings = Settings {
        endpoint_url: Some(rehearsal.endpoint()),
        static_account: Some(ACCOUNT.to_owned()),
        attempts,
        attempt_timeout: Duration::from_secs(5),
        ..Settings::default()
    };
    let connected = connect(&settings, &["eu-west-1".to_owned()]).await?;
    Ok(Session::new(&connected[0], pace, Stop::default()))
}

/// An application as the command line would make it; `--rehearse` lets it make its bucket.
pub(crate) fn app(workspace: &Workspace) -> App {
    let manifest = workspace.path("portfolio.yaml");
    let cli = Cli::parse_from(["portfolio", "plan", "--rehearse", "-f", manifest.to_str().unwrap()]);
    App { global: cli.global, ui: Ui::new(false, ColourChoice::Never), stop: Stop::default() }
}

/// Looks, plans and publishes once.
pub(crate) async fn publish(workspace: &Workspace, session: &Session) -> Result<Published> {
    let (app, project) = (app(workspace), workspace.project()?);
    let plan = compare(session, &project, Options::default(), &app.ui).await?.plan;
    if plan.is_empty() {
        return Ok(Published::ByAnother);
    }
    let published = publish_plan(&app, session, &project, &plan, &|_| true).await?;
    if let Published::Ran(outcome) = &published
        && let Some(error) = outcome.error()
    {
        return Err(error);
    }
    Ok(published)
}

pub(crate) async fn look(workspace: &Workspace, session: &Session) -> Result<Comparison> {
    let app = app(workspace);
    compare(session, &workspace.project()?, Options::default(), &app.ui).await
}

/// The live state without ids, so that two catalogs can be compared, and a proof that nothing is there twice.
pub(crate) async fn settled_state(workspace: &Workspace, session: &Session) -> Result<String> {
    let comparison = look(workspace, session).await?;
    if !comparison.plan.is_empty() {
        let message = format!("not settled: {:#?}", comparison.plan.changes);
        return Err(Error::new(Code::PartlyApplied, message));
    }
    let portfolios = session.catalog.portfolios().await?.len();
    let products = session.catalog.products(None).await?.len();
    let actions = session.catalog.actions().await?.len();
    let options = session.catalog.tag_options().await?.len();
    let versions: usize = comparison.observed.products.values().map(|product| product.versions.len()).sum();
    let constraints: usize = comparison.observed.products.values().map(|product| product.constraints.len()).sum();
    let counts = [portfolios, products, actions, options, versions, constraints];
    let text = serde_json::to_string_pretty(&comparison.observed).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("\"created\"")).collect();
    Ok(format!("{counts:?}\n{}", redact(&lines.join("\n"))))
}
