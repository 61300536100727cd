//! Every mistake in a manifest points at its line and column, and says what to do.

use edgeseal_portfolio::error::{Code, Error};
use edgeseal_portfolio::manifest::{At, ManifestFile, VersionState, set_version_state};
use edgeseal_portfolio::project::Project;

use crate::support::{MANIFEST, Workspace};

/// All errors, flattened.
fn errors(workspace: &Workspace) -> Vec<Error> {
    let error = workspace.project().err().expect("the manifest is wrong");
    match error.related_errors() {
        [] => vec![error],
        related => related.to_vec(),
    }
}

fn one(from: &str, to: &str) -> Error {
    let workspace = Workspace::new();
    workspace.edit("portfolio.yaml", from, to);
    let mut all = errors(&workspace);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Code, line, and what the marked text starts with.
#[track_caller]
fn points_at(error: &Error, code: Code, line: usize, marked: &str) {
    assert_eq!(error.code(), code, "{error:?}");
    let place = error.place().expect("a place");
    let text = place.source.inner();
    let shown = &text[place.offset..(place.offset + place.len).min(text.len())];
    assert_eq!((place.line_column().0, shown.starts_with(marked)), (line, true), "{error:?} marks {shown:?}");
}

#[test]
fn the_manifest_of_the_tests_itself_is_right() {
    Workspace::new().project().unwrap();
}

#[test]
fn malformed_yaml_points_at_the_place() {
    let error = one("provider: Platform", "provider: [Platform");
    assert_eq!(error.code(), Code::ManifestSyntax);
    assert!(error.place().is_some());
}

#[test]
fn an_unknown_field_points_at_the_field() {
    points_at(&one("  key: demo", "  kye: demo"), Code::ManifestSyntax, 3, "kye");
}

#[test]
fn each_broken_rule_points_at_its_value() {
    let cases = [
        ("version: 1", "version: 2", Code::ManifestValue, 1, "2"),
        ("key: demo", "key: Demo!", Code::ManifestValue, 3, "Demo!"),
        ("provider: Platform", "provider: ''", Code::ManifestValue, 5, ""),
        ("team: platform }", "'aws:x': platform }", Code::ManifestValue, 7, "platform"),
        ("bucket: demo-artifacts-{account}-{region}", "bucket: Demo_Artifacts", Code::ManifestValue, 9, "Demo_"),
        ("path: products/files", "path: products/none", Code::ManifestReference, 11, "products/none"),
        ("version: 1.1.0", "version: 7.7.7", Code::VersionNotFound, 15, "7.7.7"),
        ("tagOptions: [stage]", "tagOptions: [nowhere]", Code::ManifestReference, 16, "nowhere"),
        ("actions: [restart]", "actions: [reboot]", Code::ManifestReference, 17, "reboot"),
        ("path: products/table", "path: products/files", Code::ManifestDuplicate, 23, "products/files"),
        ("arn: arn:aws:iam::123456789012:role/Developers", "arn: arn:aws:iam::1:role/D", Code::ManifestValue, 29, ""),
        ("pattern: arn:aws:iam:::role/team-a", "pattern: arn:aws:iam::1:role/a", Code::ManifestValue, 30, ""),
        ("account: \"210987654321\"", "account: \"21\"", Code::ManifestValue, 32, ""),
        ("organization: o-rehearsal0", "memberAccount: \"210987654321\"", Code::ManifestValue, 34, ""),
        ("name: restart", "name: re start", Code::ManifestValue, 37, "re start"),
    ];
    for (from, to, code, line, marked) in cases {
        let workspace = Workspace::new();
        workspace.edit("portfolio.yaml", from, to);
        let all = errors(&workspace);
        points_at(&all[0], code, line, marked);
        assert!(!all[0].help_text().is_empty());
    }
}

#[test]
fn all_mistakes_are_shown_in_one_run() {
    let workspace = Workspace::new();
    workspace.edit("portfolio.yaml", "key: demo", "key: DEMO");
    workspace.edit("portfolio.yaml", "account: \"210987654321\"", "account: \"2\"");
    workspace.edit("products/table/product.yaml", "name: Table", "name: ''");
    assert_eq!(errors(&workspace).len(), 3);
}

#[test]
fn a_changed_published_version_is_refused_with_a_next_version() {
    let workspace = Workspace::new();
    let project = workspace.project().unwrap();
    project.full_lock().write(&project.lock_path).unwrap();
    workspace.edit("products/table/1.0.0/template.yaml", "PAY_PER_REQUEST", "PROVISIONED");
    let changed = workspace.project().unwrap().changed_versions();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].code(), Code::VersionChanged);
    assert!(changed[0].help_text().contains("`1.0.1`"));
}

#[test]
fn any_cut_of_a_manifest_is_refused_or_read_and_never_panics() {
    for end in 0..MANIFEST.len() {
        let workspace = Workspace::new();
        workspace.write("portfolio.yaml", &MANIFEST[..end]);
        // What counts is that it ends in an answer; a cut right after a product is a smaller manifest.
        let _ = Project::load(&workspace.path("portfolio.yaml"));
    }
}

#[test]
fn a_state_is_edited_in_place_and_comments_stay() {
    let workspace = Workspace::new();
    workspace.edit("portfolio.yaml", "state: deprecated", "state: deprecated # since May");
    let file = ManifestFile::read(&workspace.path("portfolio.yaml")).unwrap();
    let all = ["1.0.0".to_owned(), "1.1.0".to_owned()];
    let edited = set_version_state(&file, "products/files", "1.0.0", VersionState::Inactive, &all).unwrap();
    assert_eq!(edited, file.source.text().replace("state: deprecated #", "state: inactive #"));
}

#[test]
fn a_state_is_added_where_none_was_written() {
    let workspace = Workspace::new();
    let file = ManifestFile::read(&workspace.path("portfolio.yaml")).unwrap();
    let all = ["1.0.0".to_owned(), "1.1.0".to_owned()];
    let edited = set_version_state(&file, "products/files", "1.1.0", VersionState::Deprecated, &all).unwrap();
    assert!(edited.contains("      - version: 1.1.0\n        state: deprecated\n    tagOptions"));
    let edited = set_version_state(&file, "products/table", "1.0.0", VersionState::Inactive, &all[..1]).unwrap();
    assert!(
        edited.contains("- path: products/table\n    versions:\n      - version: 1.0.0\n        state: inactive\n")
    );
}

#[test]
fn a_located_value_knows_its_bytes() {
    let workspace = Workspace::new();
    let file = ManifestFile::read(&workspace.path("portfolio.yaml")).unwrap();
    let At { offset, len, value } = &file.manifest.portfolio.name;
    assert_eq!(&MANIFEST[*offset..offset + len], value);
}
