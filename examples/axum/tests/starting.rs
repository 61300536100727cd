//! The service as a process: what it says when it cannot start. What it does when it can is tried against the
//! products, in `tests/aws/axum.test.mjs`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Command;

const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:key-a1B2c3";

#[test]
fn a_setting_that_is_missing_or_wrong_is_named_and_nothing_is_printed_to_stdout() {
    let right =
        [("FILES_ORIGIN", "https://files.example.com"), ("PRIVATE_KEY_SECRET_ARN", SECRET), ("TABLE_NAME", "files")];
    for (name, value, words) in [
        ("FILES_ORIGIN", "", "FILES_ORIGIN is not set"),
        ("PRIVATE_KEY_SECRET_ARN", "", "PRIVATE_KEY_SECRET_ARN is not set"),
        (
            "PRIVATE_KEY_SECRET_ARN",
            "orders-key",
            "invalid-argument: private_key_secret_arn must be the ARN of a secret\n",
        ),
        ("TABLE_NAME", "", "TABLE_NAME is not set"),
        ("PORT", "many", "PORT is not a number"),
        ("KEY_MAX_AGE_SECONDS", "0", "invalid-argument: max_age must be from 1 to"),
    ] {
        let service = Command::new(env!("CARGO_BIN_EXE_edgeseal-example-axum"))
            .env_clear()
            .envs(right)
            .env(name, value)
            .output()
            .unwrap();
        let stderr = String::from_utf8(service.stderr).unwrap();
        assert_eq!((service.status.code(), service.stdout.len()), (Some(1), 0), "{name}={value}: {stderr}");
        assert!(stderr.contains(words), "{name}={value}: {stderr}");
    }
}
