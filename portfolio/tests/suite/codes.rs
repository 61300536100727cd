//! Error codes: all documented, all used, none twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use edgeseal_portfolio::error::Code;
use edgeseal_portfolio::manifest::manifest_schema;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Compares a file with what it is made from; `UPDATE_FILES=1` writes it.
fn same_as_file(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_FILES").is_some() {
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not up to date; run the tests with UPDATE_FILES=1", path.display());
}

fn codes_page() -> String {
    let mut text = "# Error codes of `portfolio`\n\n\
        Every error shows one of these codes. With `--json` it stands in `error.code`. The exit code tells the kind.\n\n\
        | Code | Exit | Cause | Cure |\n|---|---|---|---|\n"
        .to_owned();
    let mut codes: Vec<&Code> = Code::ALL.iter().collect();
    codes.sort_by_key(|code| code.as_str());
    for code in codes {
        text += &format!("| `{code}` | {} | {} | {} |\n", code.exit().number(), code.cause(), code.cure());
    }
    text
}

#[test]
fn the_page_of_error_codes_lists_every_code_with_cause_and_cure() {
    same_as_file(&repository().join("docs/portfolio-errors.md"), &codes_page());
    for code in Code::ALL {
        assert!(code.cause().len() > 20 && code.cure().len() > 20, "{code} needs a cause and a cure");
    }
}

#[test]
fn no_two_errors_share_a_code() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}

#[test]
fn every_code_is_used_somewhere() {
    let mut source = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("error/codes.rs") {
                source += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let unused: Vec<String> = Code::ALL
        .iter()
        .filter(|code| !source.contains(&format!("Code::{code:?}")))
        .map(|code| format!("{code:?}"))
        .collect();
    assert!(unused.is_empty(), "never used: {unused:?}");
}

#[test]
fn the_published_schema_is_the_one_of_the_types() {
    let text = serde_json::to_string_pretty(&manifest_schema()).unwrap() + "\n";
    same_as_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/portfolio.schema.json"), &text);
}
