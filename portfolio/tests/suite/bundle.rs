//! The manifest of the bundled products.

use std::path::Path;

use crate::support::run_in;

#[test]
fn the_bundled_portfolio_is_valid_and_locked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let ran = run_in(root, &["validate", "--locked"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn init_writes_a_manifest_that_is_valid_for_the_bundled_products() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("portfolio.yaml");
    let manifest = manifest.to_str().unwrap();
    let products = root.join("products");
    let ran = run_in(folder.path(), &["init", "-f", manifest, "--products", products.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let ran = run_in(folder.path(), &["validate", "-f", manifest]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
