//! Every command of the guide is run, in its order, against a rehearsal catalog.

use std::path::{Path, PathBuf};

use crate::support::run_in;

/// Commands that connect to nothing.
const OFFLINE: [&str; 4] = ["init", "validate", "completions", "man"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn commands_of_the_guide() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(repository().join("docs/publishing.md")).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("$ portfolio "));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn the_commands_of_the_guide_work_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(repository().join("portfolio.yaml"), folder.path().join("portfolio.yaml")).unwrap();
    copy(&repository().join("products"), &folder.path().join("products"));
    let commands = commands_of_the_guide();
    assert!(commands.len() > 20);
    let stacks = crate::stacks::start();
    for command in &commands {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        if !OFFLINE.contains(&arguments[0]) {
            arguments.extend(["--rehearse", "--cloudformation-endpoint", &stacks]);
        }
        let ran = run_in(folder.path(), &arguments);
        assert_eq!(ran.code, 0, "{command:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn the_guide_uses_every_command() {
    let text = std::fs::read_to_string(repository().join("docs/publishing.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let help = run_in(folder.path(), &["--help"]).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = listed
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(text.contains(&format!("portfolio {name}")), "the guide does not show `portfolio {name}`");
    }
}
