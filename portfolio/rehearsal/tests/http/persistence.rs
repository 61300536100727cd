//! State in a folder, and settings that make no sense.

use edgeseal_rehearsal::{Rehearsal, RehearsalError};
use serde_json::json;

use crate::support::Catalog;

#[test]
fn state_in_a_folder_outlives_the_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::with(|b| b.state_dir(folder.path().join("state")));
    let stocked = catalog.stocked();
    catalog.stop();
    let catalog = Catalog::with(|b| b.state_dir(folder.path().join("state")));
    let described = catalog.ok("DescribeProductAsAdmin", json!({ "Id": stocked.product }));
    assert_eq!(described["ProvisioningArtifactSummaries"][0]["Id"], stocked.version);
    assert_ne!(catalog.portfolio("new"), stocked.portfolio, "identifiers go on, they do not begin again");
    assert_eq!(catalog.s3("GET", "/artifacts/t.yaml", &[], b"").status, 200);
}

#[test]
fn two_endpoints_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let _first = Catalog::with(|b| b.state_dir(folder.path()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let second = runtime.block_on(Rehearsal::builder().state_dir(folder.path()).build());
    let error = second.err().unwrap();
    assert!(matches!(error, RehearsalError::Busy { .. }), "{error}");
}

#[test]
fn the_same_seed_gives_the_same_identifiers_and_reset_empties_the_catalog() {
    let (one, two) = (Catalog::new(), Catalog::new());
    assert_eq!(one.portfolio("P"), two.portfolio("P"));
    one.send("POST", "/_rehearsal/reset", &[], b"").unwrap();
    assert_eq!(one.ok("ListPortfolios", json!({}))["PortfolioDetails"], json!([]));
}

#[test]
fn settings_that_make_no_sense_are_told_before_anything_starts() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let account = runtime.block_on(Rehearsal::builder().account("12").build()).err().unwrap();
    assert!(matches!(account, RehearsalError::Config(_)), "{account}");
    let state = runtime.block_on(Rehearsal::builder().state_dir(file.path()).build()).err().unwrap();
    assert!(matches!(state, RehearsalError::State { .. }), "{state}");
    let taken = Catalog::new();
    let listen = runtime.block_on(Rehearsal::builder().port(taken.rehearsal().port()).build()).err().unwrap();
    assert!(matches!(listen, RehearsalError::Listen { .. }), "{listen}");
}
