//! What every command prints, as text and as JSON, at 80 columns, with and without colour.

use insta::assert_snapshot;

use crate::support::{Workspace, bucket_template};

/// Commands that show a help of their own.
const COMMANDS: [&str; 20] = [
    "init",
    "validate",
    "plan",
    "publish",
    "status",
    "deprecate",
    "activate",
    "retire",
    "rollback",
    "prune",
    "import",
    "destroy",
    "launch-role",
    "bootstrap",
    "provision",
    "update",
    "terminate",
    "doctor",
    "rehearse",
    "completions",
];

fn published() -> Workspace {
    let workspace = Workspace::new();
    let ran = workspace.run(&["publish", "--rehearse", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    workspace
}

#[test]
fn the_help_of_every_command_fits_in_80_columns_and_shows_an_example() {
    let workspace = Workspace::new();
    for command in COMMANDS.iter().chain(&["man"]) {
        let ran = workspace.run(&[command, "--help"]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("Example:\n"), "{command} shows no example");
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
    assert_snapshot!("help", workspace.run(&["--help"]).shown());
    assert_snapshot!("help_publish", workspace.run(&["publish", "--help"]).shown());
}

#[test]
fn a_typo_is_answered_with_what_was_meant() {
    assert_snapshot!("typo", Workspace::new().run(&["publsh"]).shown());
}

#[test]
fn validate_says_what_it_read_or_where_the_mistakes_are() {
    let workspace = Workspace::new();
    assert_snapshot!("validate", workspace.run(&["validate"]).shown());
    assert_snapshot!("validate_json", workspace.run(&["validate", "--json"]).shown());
    assert_snapshot!("validate_locked", workspace.run(&["validate", "--locked"]).shown());
    assert_snapshot!("validate_write_lock", workspace.run(&["validate", "--write-lock"]).shown());
    workspace.edit("portfolio.yaml", "provider: Platform", "provider: ''");
    workspace.edit("portfolio.yaml", "tagOptions: [stage]", "tagOptions: [stages]");
    assert_snapshot!("validate_mistakes", workspace.run(&["validate"]).shown());
    assert_snapshot!("validate_mistakes_json", workspace.run(&["validate", "--json"]).shown());
}

#[test]
fn a_mistake_is_shown_in_colour_where_colour_is_wanted() {
    let workspace = Workspace::new();
    workspace.edit("portfolio.yaml", "key: demo", "kye: demo");
    assert_snapshot!("mistake_in_colour", workspace.run(&["validate", "--color", "always"]).shown());
    assert_snapshot!("mistake", workspace.run(&["validate"]).shown());
}

#[test]
fn a_template_that_breaks_a_house_rule_is_shown_at_its_line() {
    let workspace = Workspace::new();
    let template = bucket_template("").replace("    DeletionPolicy: Retain\n", "");
    workspace.write(
        "products/files/1.1.0/template.yaml",
        &template.replace("  Name:", "  DbPassword: { Type: String }\n  Name:"),
    );
    assert_snapshot!("house_rules", workspace.run(&["validate"]).shown());
}

#[test]
fn what_is_doubtful_is_a_warning_and_no_failure() {
    let workspace = Workspace::new();
    workspace.edit("portfolio.yaml", "pattern: arn:aws:iam:::role/team-a", "pattern: arn:aws:iam:::role/team-*");
    workspace.edit("portfolio.yaml", "  - path: products/table\n", "  - path: products/table\n    launch: none\n");
    let fixed = "  - path: products/files\n    launch: { roleArn: 'arn:aws:iam::123456789012:role/L' }\n";
    workspace.edit("portfolio.yaml", "  - path: products/files\n", fixed);
    assert_snapshot!("warnings", workspace.run(&["validate"]).shown());
}

#[test]
fn a_plan_shows_every_change_with_its_reason() {
    let workspace = Workspace::new();
    assert_snapshot!("plan_first", workspace.run(&["plan", "--rehearse"]).shown());
    assert_snapshot!("plan_first_colour", workspace.run(&["plan", "--rehearse", "--color", "always"]).shown());
    assert_snapshot!("plan_first_json", workspace.run(&["plan", "--rehearse", "--json"]).shown());
    assert_eq!(workspace.run(&["plan", "--rehearse", "--detailed-exitcode"]).code, 2);
}

#[test]
fn publishing_needs_a_yes_and_then_leaves_nothing_to_change() {
    let workspace = Workspace::new();
    assert_snapshot!("publish_without_yes", workspace.run(&["publish", "--rehearse"]).shown());
    assert_snapshot!("publish", workspace.run(&["publish", "--rehearse", "--yes"]).shown());
    assert_snapshot!("publish_again", workspace.run(&["publish", "--rehearse"]).shown());
    assert_snapshot!("publish_again_json", workspace.run(&["publish", "--rehearse", "--json"]).shown());
    let plan = workspace.run(&["plan", "--rehearse", "--detailed-exitcode"]);
    assert_eq!(plan.code, 0);
    assert_snapshot!("plan_empty", plan.shown());
}

#[test]
fn a_principal_that_left_the_manifest_is_named_and_not_called_what_the_manifest_says() {
    let workspace = published();
    workspace.edit("portfolio.yaml", "  - pattern: arn:aws:iam:::role/team-a\n", "");
    assert_snapshot!("plan_left", workspace.run(&["plan", "--rehearse"]).shown());
}

#[test]
fn a_change_of_the_manifest_shows_from_and_to() {
    let workspace = published();
    workspace.edit("portfolio.yaml", "state: deprecated", "state: inactive");
    workspace.edit("portfolio.yaml", "  - arn: arn:aws:iam::123456789012:role/Developers\n", "");
    workspace.edit("portfolio.yaml", "tagUpdates: allowed", "tagUpdates: not-allowed");
    let template =
        bucket_template("      LifecycleConfiguration: { Rules: [{ Status: Enabled, ExpirationInDays: 9 }] }\n");
    workspace.write("products/files/1.2.0/template.yaml", &template);
    let version = "  - name: 1.2.0\n    description: Third.\n    template: 1.2.0/template.yaml\n";
    let product = workspace.read("products/files/product.yaml") + version;
    workspace.write("products/files/product.yaml", &product);
    workspace.edit("portfolio.yaml", "      - version: 1.1.0\n", "      - version: 1.1.0\n      - version: 1.2.0\n");
    assert_snapshot!("plan_changes", workspace.run(&["plan", "--rehearse"]).shown());
    assert_snapshot!("plan_removes", workspace.run(&["plan", "--rehearse", "--remove"]).shown());
}

#[test]
fn a_saved_plan_is_published_once() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["plan", "--rehearse", "--out", "p.plan"]).code, 0);
    assert_eq!(workspace.run(&["publish", "--rehearse", "--plan", "p.plan"]).code, 0);
    assert_snapshot!("plan_moved", workspace.run(&["publish", "--rehearse", "--plan", "p.plan"]).shown());
    workspace.write("p.plan", "{}");
    assert_snapshot!("plan_invalid", workspace.run(&["publish", "--rehearse", "--plan", "p.plan"]).shown());
}

#[test]
fn status_shows_what_is_live_and_what_differs() {
    let workspace = Workspace::new();
    assert_snapshot!("status_before", workspace.run(&["status", "--rehearse"]).shown());
    let workspace = published();
    assert_snapshot!("status", workspace.run(&["status", "--rehearse"]).shown());
    assert_snapshot!("status_json", workspace.run(&["status", "--rehearse", "--json"]).shown());
    workspace.edit("portfolio.yaml", "For tests.", "For more.");
    assert_eq!(workspace.run(&["status", "--rehearse", "--detailed-exitcode"]).code, 2);
}

#[test]
fn versions_change_state_in_the_manifest_and_live() {
    let workspace = published();
    let yes = |command: &str, product: &str, version: &str| {
        workspace.run(&[command, product, version, "--rehearse", "--yes"])
    };
    assert_snapshot!("retire", yes("retire", "files", "1.0.0").shown());
    assert!(workspace.read("portfolio.yaml").contains("state: inactive"));
    assert_snapshot!("activate", yes("activate", "files", "1.0.0").shown());
    assert_snapshot!("deprecate_unknown", yes("deprecate", "files", "9.9.9").shown());
    assert_snapshot!("deprecate_unknown_product", yes("deprecate", "nothing", "1.0.0").shown());
    assert_snapshot!("rollback", workspace.run(&["rollback", "files", "--rehearse", "--yes"]).shown());
    assert_snapshot!("rollback_none", workspace.run(&["rollback", "table", "--rehearse", "--yes"]).shown());
    assert_snapshot!("status_rolled_back", workspace.run(&["status", "--rehearse"]).shown());
    assert_eq!(workspace.run(&["plan", "--rehearse", "--detailed-exitcode"]).code, 0);
}

#[test]
fn prune_deletes_what_the_manifest_no_longer_lists() {
    let workspace = published();
    workspace.edit("portfolio.yaml", "      - version: 1.0.0\n        state: deprecated\n", "");
    assert_snapshot!("prune_shared", workspace.run(&["prune", "files", "--rehearse", "--yes"]).shown());
    let pruned = workspace.run(&["prune", "files", "--rehearse", "--yes", "--even-if-shared"]);
    assert_snapshot!("prune", pruned.shown());
    assert_snapshot!("prune_again_json", workspace.run(&["prune", "--rehearse", "--even-if-shared", "--json"]).shown());
}

#[test]
fn destroy_needs_the_name_and_then_publishing_starts_anew() {
    let workspace = published();
    assert_snapshot!("destroy_unnamed", workspace.run(&["destroy", "--rehearse"]).shown());
    assert_snapshot!("destroy_misnamed", workspace.run(&["destroy", "--rehearse", "--confirm", "dome"]).shown());
    let one = workspace.run(&["destroy", "--rehearse", "--product", "table", "--confirm", "table"]);
    assert_snapshot!("destroy_product", one.shown());
    assert_eq!(workspace.run(&["publish", "--rehearse", "--yes"]).code, 0);
    assert_snapshot!("destroy", workspace.run(&["destroy", "--rehearse", "--confirm", "demo"]).shown());
    assert_eq!(workspace.run(&["publish", "--rehearse", "--yes"]).code, 0);
    assert_eq!(workspace.run(&["plan", "--rehearse", "--detailed-exitcode"]).code, 0);
}

#[test]
fn launch_roles_are_printed_explained_and_deployed() {
    let workspace = Workspace::new();
    assert_snapshot!("launch_role", workspace.run(&["launch-role", "table"]).shown());
    assert_snapshot!("launch_role_explain", workspace.run(&["launch-role", "files", "--explain"]).shown());
    assert_snapshot!("launch_role_template", workspace.run(&["launch-role", "table", "--template"]).shown());
    assert_snapshot!("launch_role_deploy", workspace.run(&["launch-role", "--deploy", "--rehearse", "--yes"]).shown());
    let again = workspace.run(&["launch-role", "--deploy", "--rehearse", "--json"]);
    assert_snapshot!("launch_role_deploy_again", again.shown());
}

#[test]
fn doctor_and_bootstrap_say_what_is_there() {
    let workspace = Workspace::new();
    assert_snapshot!("bootstrap_policy", workspace.run(&["bootstrap", "--print-policy"]).shown());
    assert_snapshot!("doctor_before", workspace.run(&["doctor", "--rehearse"]).shown());
    assert_snapshot!("doctor", published().run(&["doctor", "--rehearse", "--json"]).shown());
}

#[test]
fn init_writes_a_commented_manifest_once() {
    let workspace = Workspace::new();
    assert_snapshot!("init_exists", workspace.run(&["init"]).shown());
    std::fs::remove_file(workspace.path("portfolio.yaml")).unwrap();
    assert_snapshot!("init", workspace.run(&["init"]).shown());
    assert_snapshot!("init_manifest", workspace.read("portfolio.yaml"));
    assert_eq!(workspace.run(&["validate"]).code, 0);
}

#[test]
fn import_adopts_what_nobody_manages() {
    let workspace = published();
    assert_snapshot!("import_nothing", workspace.run(&["import", "--rehearse"]).shown());
    let missing = workspace.run(&["import", "--rehearse", "--yes", "--portfolio", "port-aaaaaaaaaaaaa"]);
    assert_snapshot!("import_missing", missing.shown());
}

#[test]
fn a_team_is_told_what_keeps_it_from_launching() {
    let workspace = Workspace::new();
    let launch = ["provision", "files", "--name", "mine", "--rehearse"];
    assert_snapshot!("provision_unpublished", workspace.run(&launch).shown());
    let workspace = published();
    assert_snapshot!("provision_missing_parameter", workspace.run(&launch).shown());
    let unknown = ["provision", "files", "--name", "mine", "--rehearse", "-p", "Nmae=x"];
    assert_snapshot!("provision_unknown_parameter", workspace.run(&unknown).shown());
    assert_snapshot!("terminate_unknown", workspace.run(&["terminate", "--name", "x", "--rehearse", "--yes"]).shown());
}

#[test]
fn a_team_launches_updates_and_terminates() {
    let workspace = published();
    let stacks = crate::stacks::start();
    let team = |arguments: &[&str]| {
        workspace.run(&[arguments, &["--rehearse", "--cloudformation-endpoint", &stacks]].concat())
    };
    let launched = team(&["provision", "files", "--name", "mine", "--example", "-t", "stage=test"]);
    assert_snapshot!("provision", launched.shown());
    assert_snapshot!("status_used", team(&["status"]).shown());
    assert_snapshot!("destroy_used", team(&["destroy", "--confirm", "demo"]).shown());
    assert_snapshot!("update", team(&["update", "files", "--name", "mine", "-p", "Name=other", "--json"]).shown());
    assert_snapshot!("terminate", team(&["terminate", "--name", "mine", "--yes"]).shown());
}

#[test]
fn the_wrong_account_and_missing_credentials_are_refused_before_any_change() {
    let workspace = Workspace::new();
    let wrong = workspace.run(&["plan", "--rehearse", "--expect-account", "999999999999"]);
    assert_snapshot!("wrong_account", wrong.shown());
    assert_snapshot!("no_region", workspace.run(&["plan"]).shown());
    let none = workspace.run(&["plan", "--region", "eu-west-1", "--attempts", "1"]);
    assert_eq!((none.code, none.stdout.as_str()), (4, ""));
    assert!(none.stderr.contains("no-credentials"), "{}", none.stderr);
}

#[test]
fn several_regions_are_published_one_after_the_other() {
    let workspace = Workspace::new();
    let both = ["--region", "eu-west-1", "--region", "us-east-1"];
    let published = workspace.run(&[&["publish", "--rehearse", "--yes"][..], &both].concat());
    assert_eq!(published.code, 0, "{}", published.stderr);
    let plan = workspace.run(&[&["plan", "--rehearse", "--detailed-exitcode"][..], &both].concat());
    assert_eq!(plan.code, 0);
    assert_snapshot!("plan_two_regions", plan.shown());
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = workspace.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.stdout.contains("publish"), "{shell}");
    }
    let page = workspace.run(&["man", "publish"]);
    assert!(page.code == 0 && page.stdout.contains(".SH SYNOPSIS"));
    assert_snapshot!("man_unknown", workspace.run(&["man", "nothing"]).shown());
}
