//! Credentials, regions and endpoints: from settings to clients that share one call log.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};

use aws_types::service_config::ServiceConfigKey;

use super::calls::CallLog;
use super::errors::{call, present};
use super::{AwsCatalog, AwsRoles, AwsStore, AwsTeam};
use crate::error::{Code, Error, Result};
use crate::state::Target;

/// How to connect.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Profile of the AWS configuration files.
    pub profile: Option<String>,
    /// One endpoint for every service; the service-specific environment variables still work without it.
    pub endpoint_url: Option<String>,
    /// Attempts for each call.
    pub attempts: u32,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// Fixed credentials, for the rehearsal catalog.
    pub static_account: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: None,
            endpoint_url: None,
            attempts: 8,
            attempt_timeout: Duration::from_secs(30),
            static_account: None,
        }
    }
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Account id.
    pub account: String,
    /// ARN of the caller.
    pub arn: String,
    /// Partition, from the ARN.
    pub partition: String,
}

/// Clients for one region.
#[derive(Clone, Debug)]
pub struct Aws {
    /// The caller.
    pub identity: Identity,
    /// The region.
    pub region: String,
    /// The endpoint of AWS Service Catalog.
    pub endpoint: String,
    /// Requests made through any of the clients.
    pub calls: CallLog,
    /// AWS Service Catalog for an admin.
    pub catalog: AwsCatalog,
    /// AWS Service Catalog for a team.
    pub team: AwsTeam,
    /// Templates and the lock.
    pub store: AwsStore,
    /// Launch roles.
    pub roles: AwsRoles,
}

impl Aws {
    /// Where this publishes to.
    #[must_use]
    pub fn target(&self) -> Target {
        Target {
            account: self.identity.account.clone(),
            region: self.region.clone(),
            partition: self.identity.partition.clone(),
        }
    }
}

/// Connects to each region; without any, to the one of the environment or profile.
///
/// # Errors
/// `no-region`, `no-credentials`, or whatever keeps STS from telling who is calling.
pub async fn connect(settings: &Settings, regions: &[String]) -> Result<Vec<Aws>> {
    let mut connected: Vec<Aws> = Vec::new();
    let wanted: Vec<Option<String>> =
        if regions.is_empty() { vec![None] } else { regions.iter().cloned().map(Some).collect() };
    for region in wanted {
        let config = load(settings, region).await;
        let Some(region) = config.region().map(ToString::to_string) else {
            return Err(Error::new(Code::NoRegion, "no region is set"));
        };
        let calls = connected.first().map(|aws| aws.calls.clone()).unwrap_or_default();
        let identity = match connected.first() {
            Some(aws) => aws.identity.clone(),
            None => identify(&config, &calls).await?,
        };
        connected.push(clients(settings, &config, identity, region, calls));
    }
    Ok(connected)
}

async fn load(settings: &Settings, region: Option<String>) -> SdkConfig {
    let retry = RetryConfig::standard()
        .with_max_attempts(settings.attempts)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(10));
    let timeout = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5).min(settings.attempt_timeout))
        .operation_attempt_timeout(settings.attempt_timeout)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).retry_config(retry).timeout_config(timeout);
    if let Ok(name) = AppName::new("edgeseal-portfolio") {
        loader = loader.app_name(name);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region));
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(account) = &settings.static_account {
        let credentials = aws_sdk_sts::config::Credentials::new(account, "rehearsal", None, None, "rehearsal");
        loader = loader.credentials_provider(credentials);
    }
    loader.load().await
}

async fn identify(config: &SdkConfig, calls: &CallLog) -> Result<Identity> {
    const NAME: &str = "sts:GetCallerIdentity";
    let builder = aws_sdk_sts::config::Builder::from(config).interceptor(calls.clone());
    let client = aws_sdk_sts::Client::from_conf(builder.build());
    let answer = call(NAME, client.get_caller_identity().send()).await?;
    let arn = present(NAME, "Arn", answer.arn)?;
    let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
    Ok(Identity { account: present(NAME, "Account", answer.account)?, arn, partition })
}

fn clients(settings: &Settings, config: &SdkConfig, identity: Identity, region: String, calls: CallLog) -> Aws {
    let catalog = aws_sdk_servicecatalog::config::Builder::from(config).interceptor(calls.clone());
    let catalog = aws_sdk_servicecatalog::Client::from_conf(catalog.build());
    let s3_endpoint = endpoint(config, "S3");
    let s3 =
        aws_sdk_s3::config::Builder::from(config).force_path_style(s3_endpoint.is_some()).interceptor(calls.clone());
    let iam = aws_sdk_iam::config::Builder::from(config).interceptor(calls.clone());
    let suffix = if identity.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    // The rehearsal catalog reads AWS's own URLs from its built-in store, whatever port it is on.
    let url_endpoint = s3_endpoint.filter(|_| settings.static_account.is_none());
    let store = AwsStore::new(
        aws_sdk_s3::Client::from_conf(s3.build()),
        url_endpoint,
        region.clone(),
        identity.partition.clone(),
    );
    Aws {
        endpoint: endpoint(config, "Service Catalog")
            .unwrap_or_else(|| format!("https://servicecatalog.{region}.{suffix}")),
        catalog: AwsCatalog::new(catalog.clone()),
        team: AwsTeam::new(catalog),
        store,
        roles: AwsRoles::new(aws_sdk_iam::Client::from_conf(iam.build()), identity.clone()),
        identity,
        region,
        calls,
    }
}

/// The endpoint in force when it is not AWS's own; the same order of precedence as in the SDK's clients.
fn endpoint(config: &SdkConfig, service: &'static str) -> Option<String> {
    if config.get_origin("endpoint_url").is_client_config() {
        return config.endpoint_url().map(str::to_owned);
    }
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    let specific = key.ok().and_then(|key| config.service_config()?.load_config(key));
    specific.or_else(|| config.endpoint_url().map(str::to_owned))
}
