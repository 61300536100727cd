//! How to reach AWS: region, endpoint, and the integration role, whose session renews itself before it ends.

use crate::call::{AwsCall, Facts, aws_error};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::config::IdentityCache;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// A session of the role is renewed when it has less than this left.
const RENEWED_BEFORE_END: Duration = Duration::from_secs(300);

/// What the caller said about reaching AWS.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccessOptions {
    pub(crate) sdk_config: Option<SdkConfig>,
    pub(crate) role_arn: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) session_name: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) clock: Clock,
}

/// The configuration for clients, and the role behind it.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) config: SdkConfig,
    role: Option<Arc<IntegrationRole>>,
}

impl Access {
    /// Settles region, endpoint and credentials. Nothing is sent to AWS yet.
    pub(crate) async fn open(options: AccessOptions) -> Result<Self, Error> {
        for (field, value) in [
            ("integration_role_arn", &options.role_arn),
            ("external_id", &options.external_id),
            ("session_name", &options.session_name),
            ("region", &options.region),
            ("endpoint", &options.endpoint),
        ] {
            if value.as_ref().is_some_and(String::is_empty) {
                return Err(Error::argument(field, "must be a non-empty string"));
            }
        }
        let own = match options.sdk_config.clone() {
            Some(config) => config,
            None => aws_config::load_defaults(BehaviorVersion::v2026_01_12()).await,
        };
        let mut builder = own.to_builder();
        if let Some(region) = &options.region {
            builder.set_region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &options.endpoint {
            builder.set_endpoint_url(Some(endpoint.clone()));
        }
        let base = builder.build();
        if base.region().is_none() {
            return Err(Error::argument("region", "is not known for the call to AWS")
                .with_hint("set region, or AWS_REGION in the environment"));
        }
        let Some(role_arn) = options.role_arn.clone() else { return Ok(Self { config: base, role: None }) };
        let role = Arc::new(IntegrationRole::new(&base, role_arn, options));
        // The role keeps its session itself; a second cache would only hold it longer.
        let config = base
            .to_builder()
            .identity_cache(IdentityCache::no_cache())
            .credentials_provider(SharedCredentialsProvider::new(RoleCredentials(Arc::clone(&role))))
            .build();
        Ok(Self { config, role: Some(role) })
    }

    /// Assumes the role by itself, so that a refusal of the role is told from one of the resource.
    pub(crate) async fn assume_role(&self) -> Result<(), Error> {
        match &self.role {
            Some(role) => role.session().await.map(drop),
            None => Ok(()),
        }
    }
}

/// The integration role, and the session that is open.
#[derive(Debug)]
struct IntegrationRole {
    client: aws_sdk_sts::Client,
    role_arn: String,
    external_id: Option<String>,
    session_name: String,
    clock: Clock,
    session: Mutex<Option<Credentials>>,
}

impl IntegrationRole {
    fn new(base: &SdkConfig, role_arn: String, options: AccessOptions) -> Self {
        Self {
            client: aws_sdk_sts::Client::new(base),
            role_arn,
            external_id: options.external_id,
            session_name: options.session_name.unwrap_or_else(|| "edgeseal".to_owned()),
            clock: options.clock,
            session: Mutex::new(None),
        }
    }

    /// The open session, or a new one. The lock makes concurrent callers share one call.
    async fn session(&self) -> Result<Credentials, Error> {
        let mut session = self.session.lock().await;
        if let Some(open) = session.as_ref().filter(|open| self.lasts(open)) {
            return Ok(open.clone());
        }
        let fresh = self.assume().await?;
        *session = Some(fresh.clone());
        Ok(fresh)
    }

    fn lasts(&self, credentials: &Credentials) -> bool {
        credentials.expiry().is_some_and(|end| self.clock.now() + RENEWED_BEFORE_END < end)
    }

    async fn assume(&self) -> Result<Credentials, Error> {
        let call = AwsCall {
            action: "sts:AssumeRole",
            resource: self.role_arn.clone(),
            denied: ErrorCode::RoleDenied,
            missing: ErrorCode::RoleDenied,
        };
        let answer = self
            .client
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(&self.session_name)
            .set_external_id(self.external_id.clone())
            .send()
            .await
            .map_err(|error| aws_error(&Facts::of(&error), &call))?;
        let given =
            answer.credentials.ok_or_else(|| crate::call::unavailable(&call, "the answer holds no credentials"))?;
        let end = SystemTime::try_from(given.expiration)
            .map_err(|_| crate::call::unavailable(&call, "the answer holds no time of expiry"))?;
        Ok(Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            Some(end),
            "edgeseal-integration-role",
        ))
    }
}

/// The role as a provider of credentials for clients.
#[derive(Debug)]
struct RoleCredentials(Arc<IntegrationRole>);

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.0.session().await.map_err(CredentialsError::provider_error) })
    }
}
