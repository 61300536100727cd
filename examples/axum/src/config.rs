//! What the environment says, and what goes wrong at the start.

use std::env;
use std::fmt;
use std::time::Duration;

/// The settings, most of them outputs of the products.
pub(crate) struct Config {
    pub(crate) files_origin: String,
    pub(crate) integration_role_arn: Option<String>,
    pub(crate) private_key_secret_arn: String,
    pub(crate) table_name: String,
    pub(crate) primary_key: String,
    pub(crate) key_max_age: Duration,
    pub(crate) port: u16,
}

impl Config {
    pub(crate) fn from_environment() -> Result<Self, Trouble> {
        Ok(Self {
            files_origin: required("FILES_ORIGIN")?,
            integration_role_arn: optional("INTEGRATION_ROLE_ARN"),
            private_key_secret_arn: required("PRIVATE_KEY_SECRET_ARN")?,
            table_name: required("TABLE_NAME")?,
            primary_key: optional("PRIMARY_KEY").unwrap_or_else(|| "objectKey".to_owned()),
            key_max_age: Duration::from_secs(number("KEY_MAX_AGE_SECONDS", 300)?),
            port: number("PORT", 3000)?,
        })
    }
}

fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn required(name: &str) -> Result<String, Trouble> {
    optional(name).ok_or_else(|| Trouble(format!("{name} is not set; README.md says what it holds")))
}

fn number<T: std::str::FromStr>(name: &str, otherwise: T) -> Result<T, Trouble> {
    optional(name).map_or(Ok(otherwise), |value| {
        value.parse().map_err(|_| Trouble(format!("{name} is not a number that can be used")))
    })
}

/// Why the service does not run, for the person who started it.
pub(crate) struct Trouble(String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<edgeseal_aws::Error> for Trouble {
    fn from(error: edgeseal_aws::Error) -> Self {
        let hint = error.hint().map(|hint| format!("\n{hint}")).unwrap_or_default();
        Self(format!("{}: {error}{hint}", error.code()))
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
