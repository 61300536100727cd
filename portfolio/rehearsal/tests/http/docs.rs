//! The documentation agrees with the code.

use std::path::Path;

use edgeseal_rehearsal::{RehearsalError, operations_table};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rehearsal.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_table_of_operations_in_the_documentation_is_the_one_of_the_code() {
    let page = page();
    let (_, after) = page.split_once("<!-- operations -->\n").unwrap();
    let (table, _) = after.split_once("<!-- /operations -->").unwrap();
    assert_eq!(table.trim(), operations_table().trim(), "paste what `edgeseal-rehearsal operations` prints");
}

#[test]
fn each_error_at_the_start_is_in_the_documentation() {
    let io = || std::io::Error::other("x");
    let errors = [
        RehearsalError::State { path: "p".into(), reason: "r".into() },
        RehearsalError::Busy { path: "p".into() },
        RehearsalError::Listen { port: 1, source: io() },
        RehearsalError::Config("c".into()),
        RehearsalError::Model("m".into()),
    ];
    let page = page();
    for error in errors {
        let text = error.to_string();
        let (code, _) = text.split_once(':').unwrap();
        assert!(page.contains(&format!("| `{code}` |")), "{code}");
    }
}
