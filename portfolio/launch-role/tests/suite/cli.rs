//! The command line, run as a process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common;

fn launch_role(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_launch-role")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A directory of one test, emptied before use.
fn workspace(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A directory with one product of one version.
fn products(name: &str) -> PathBuf {
    let path = workspace(name);
    let version = path.join("table").join("1.0.0");
    std::fs::create_dir_all(&version).unwrap();
    std::fs::write(path.join("table").join("product.yaml"), "name: Table\n").unwrap();
    let template = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {TableName: files}\n";
    std::fs::write(version.join("template.yaml"), template).unwrap();
    path
}

#[test]
fn generate_writes_a_file_that_check_then_accepts() {
    let path = products("generate");
    let directory = path.to_str().unwrap();
    let written = launch_role(&["generate", directory]);
    assert!(written.status.success());
    assert_eq!(text(&written.stdout), "", "the result is the file");
    assert!(text(&written.stderr).ends_with("launch-roles.yaml with 1 role\n"));
    assert!(launch_role(&["generate", directory, "--check"]).status.success());
}

#[test]
fn check_changes_nothing_and_fails_when_the_file_is_stale() {
    let path = products("stale");
    let file = path.join("launch-roles.yaml");
    std::fs::write(&file, "old\n").unwrap();
    let output = launch_role(&["generate", path.to_str().unwrap(), "--check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error[stale]: "));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old\n");
}

#[test]
fn a_role_serves_every_version_of_its_product() {
    let path = products("versions");
    let newer = path.join("table").join("1.1.0");
    std::fs::create_dir_all(&newer).unwrap();
    let template = "Resources:\n  Queue:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: files}\n";
    std::fs::write(newer.join("template.yaml"), template).unwrap();
    let output = launch_role(&["actions", path.to_str().unwrap()]);
    let actions: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(actions["table"]["dynamodb:CreateTable"].is_array());
    assert!(actions["table"]["logs:CreateLogGroup"].is_array());
    assert_eq!(actions["table"]["logs:CreateLogGroup"][0]["phase"], "create");
}

#[test]
fn a_directory_without_products_is_refused_with_what_was_expected() {
    let path = workspace("empty");
    let output = launch_role(&["generate", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.starts_with("error[layout]: "), "{error}");
    assert!(error.contains("hint: expected <products>/<product>/<version>/template.yaml"), "{error}");
}

#[test]
fn policy_prints_a_policy_with_the_account_and_boundary_filled_in() {
    let template = common::products().join("iam-integration-role/1.0.0/template.yaml");
    let template = template.to_str().unwrap();
    let without = launch_role(&["policy", template]);
    assert_eq!(without.status.code(), Some(1));
    assert!(text(&without.stderr).starts_with("error[missing-boundary]: "));
    let boundary = "arn:aws:iam::111122223333:policy/edge";
    let output = launch_role(&["policy", template, "--account", "111122223333", "--boundary", boundary]);
    assert!(output.status.success());
    let policy: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
    assert!(text(&output.stdout).contains("arn:aws:iam::111122223333:role/SC-*"));
}

#[test]
fn an_account_of_another_form_is_refused() {
    let output = launch_role(&["policy", "template.yaml", "--account", "*"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("an account id has twelve digits"));
}

#[test]
fn every_help_page_fits_into_eighty_columns() {
    for page in [vec!["--help"], vec!["generate", "--help"], vec!["policy", "--help"], vec!["explain", "--help"]] {
        let output = launch_role(&page);
        assert!(output.status.success());
        for line in text(&output.stdout).lines() {
            assert!(line.chars().count() <= 80, "{page:?}: {line}");
        }
    }
}

#[test]
fn a_typo_is_answered_with_what_was_meant() {
    let output = launch_role(&["generat", "products"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("'generate'"));
}
