//! A signer whose key lives in Secrets Manager.

use crate::access::{Access, AccessOptions};
use crate::call::{AwsCall, Facts, aws_error};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode};
use crate::key_source::{FetchSecret, Key, KeySettings, KeySource, KeyStatus, SecretSource, SecretValue};
use aws_config::SdkConfig;
use edgeseal_core::cookies::CookieSet;
use edgeseal_core::keys::HashAlgorithm;
use edgeseal_core::policy::Terms;
use edgeseal_core::upload::UploadConstraints;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

/// The age at which a key is fetched again, unless the caller says otherwise.
const USUAL_MAX_AGE: Duration = Duration::from_secs(300);

/// How long reading the secret may take, unless the caller says otherwise.
const USUAL_TIMEOUT: Duration = Duration::from_secs(10);

/// Longer than anybody means.
const LONGEST: Duration = Duration::from_secs(1_000_000);

/// What [`create_signer`] takes. Only the ARN of the secret has to be there.
#[derive(Clone)]
pub struct SignerConfig {
    /// The role that may read the key: an output of the iam-integration-role product. The credentials at hand when `None`.
    pub integration_role_arn: Option<String>,
    /// The secret with the key: an output of the key-pair or private-key-secret product.
    pub private_key_secret_arn: String,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
    /// The region of the secret; taken from its ARN when `None`.
    pub region: Option<String>,
    /// The name of the role session, as CloudTrail shows it; `edgeseal` when `None`.
    pub session_name: Option<String>,
    /// The key-pair id, when the secret holds a bare key.
    pub key_pair_id: Option<String>,
    /// SHA-256 unless you say otherwise.
    pub hash: HashAlgorithm,
    /// The age at which the key is fetched again, from a second up; five minutes by default.
    pub max_age: Duration,
    /// How long assuming the role and reading the secret may take, from a second up; ten seconds by default.
    pub timeout: Duration,
    /// Where the application's own credentials, retries and HTTP client come from; what the AWS SDK finds in the
    /// environment when `None`.
    pub sdk_config: Option<SdkConfig>,
    /// One endpoint for every AWS service, for local stand-ins.
    pub endpoint: Option<String>,
    /// Reads the secret in another way, for tests and other stores. AWS is then not asked.
    pub secret_source: Option<Arc<dyn SecretSource>>,
    /// The clock, for tests.
    pub clock: Clock,
}

impl Default for SignerConfig {
    fn default() -> Self {
        Self {
            integration_role_arn: None,
            private_key_secret_arn: String::new(),
            external_id: None,
            region: None,
            session_name: None,
            key_pair_id: None,
            hash: HashAlgorithm::default(),
            max_age: USUAL_MAX_AGE,
            timeout: USUAL_TIMEOUT,
            sdk_config: None,
            endpoint: None,
            secret_source: None,
            clock: Clock::default(),
        }
    }
}

impl fmt::Debug for SignerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerConfig")
            .field("integration_role_arn", &self.integration_role_arn)
            .field("private_key_secret_arn", &self.private_key_secret_arn)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

/// Assumes the integration role, reads the private key, and gives a signer that keeps up with rotation.
///
/// # Errors
/// [`ErrorCode::RoleDenied`], [`ErrorCode::SecretDenied`], [`ErrorCode::SecretNotFound`],
/// [`ErrorCode::SecretMalformed`], [`ErrorCode::AwsCredentials`], [`ErrorCode::AwsClockSkew`],
/// [`ErrorCode::AwsRefused`], [`ErrorCode::AwsUnavailable`], [`ErrorCode::InvalidArgument`]; and what reading the key
/// gives, such as `invalid-key` or `unsupported-key`. No error holds any of the key.
///
/// ```no_run
/// use edgeseal_aws::{SignerConfig, create_signer, valid_for};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), edgeseal_aws::Error> {
/// let signer = create_signer(SignerConfig {
///     integration_role_arn: Some("arn:aws:iam::111122223333:role/EdgesealIntegration".into()),
///     private_key_secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-key-a1B2c3".into(),
///     ..SignerConfig::default()
/// })
/// .await?;
/// let terms = valid_for(Duration::from_secs(900));
/// let url = signer.sign_url("https://files.example.com/download/a.pdf", &terms, None).await?;
/// # Ok(())
/// # }
/// ```
pub async fn create_signer(config: SignerConfig) -> Result<AwsSigner, Error> {
    let arn = check_arn(&config.private_key_secret_arn)?.to_owned();
    check_span(config.max_age, "max_age")?;
    check_span(config.timeout, "timeout")?;
    if config.key_pair_id.as_ref().is_some_and(String::is_empty) {
        return Err(Error::argument("key_pair_id", "must be a non-empty string"));
    }
    let call = AwsCall {
        action: "secretsmanager:GetSecretValue",
        resource: arn.clone(),
        denied: ErrorCode::SecretDenied,
        missing: ErrorCode::SecretNotFound,
    };
    let own_source = config.secret_source;
    let access = AccessOptions {
        sdk_config: config.sdk_config,
        role_arn: config.integration_role_arn,
        external_id: config.external_id,
        session_name: config.session_name,
        region: config.region.or_else(|| region_of(&arn)),
        endpoint: config.endpoint,
        clock: config.clock.clone(),
    };
    let source = KeySource::new(KeySettings {
        source: own_source.unwrap_or_else(|| Arc::new(SecretsManager::new(access, call.clone()))),
        call,
        key_pair_id: config.key_pair_id,
        hash: config.hash,
        max_age: config.max_age,
        timeout: config.timeout,
        clock: config.clock,
    });
    source.refresh().await?;
    Ok(AwsSigner { source })
}

/// A signer whose key lives in Secrets Manager. The methods of the core's signer, each asynchronous: a key that aged is
/// fetched again, and the private-key operation runs where it holds up no other task.
///
/// Clones share the key. The key is in memory only, is wiped when it is let go, and stands in no error, event or
/// `Debug` text.
#[derive(Clone)]
pub struct AwsSigner {
    source: Arc<KeySource>,
}

impl fmt::Debug for AwsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsSigner").field("status", &self.source.status()).finish_non_exhaustive()
    }
}

impl AwsSigner {
    /// Signs one URL. With `upload`, the constraints become part of it.
    ///
    /// # Errors
    /// As [`edgeseal_core::sign::Signer::sign_url`].
    pub async fn sign_url(
        &self,
        url: &str,
        terms: &Terms,
        upload: Option<&UploadConstraints>,
    ) -> Result<String, Error> {
        let (url, terms, upload) = (url.to_owned(), terms.clone(), upload.cloned());
        self.with_key(move |key| key.signer.sign_url(&url, &terms, upload.as_ref())).await
    }

    /// Signs many URLs. When the terms name a resource, one signature serves them all.
    ///
    /// # Errors
    /// As [`edgeseal_core::sign::Signer::sign_urls`]; the first URL that cannot be signed stops the call.
    pub async fn sign_urls<U: Into<String>>(
        &self,
        urls: impl IntoIterator<Item = U>,
        terms: &Terms,
    ) -> Result<Vec<String>, Error> {
        let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
        let terms = terms.clone();
        self.with_key(move |key| key.signer.sign_urls(urls.iter().map(String::as_str), &terms)).await
    }

    /// Signs cookies for a resource.
    ///
    /// # Errors
    /// As [`edgeseal_core::sign::Signer::sign_cookies`].
    pub async fn sign_cookies(&self, resource: &str, terms: &Terms) -> Result<CookieSet, Error> {
        let (resource, terms) = (resource.to_owned(), terms.clone());
        self.with_key(move |key| key.signer.sign_cookies(&resource, &terms)).await
    }

    /// The id of the key in use.
    ///
    /// # Errors
    /// As [`create_signer`], as long as there has been no key.
    pub async fn key_pair_id(&self) -> Result<String, Error> {
        Ok(self.source.key().await?.id.clone())
    }

    /// Fetches the key now, and fails when that fails; the last good key stays in use then.
    ///
    /// # Errors
    /// As [`create_signer`].
    pub async fn refresh(&self) -> Result<(), Error> {
        self.source.refresh().await.map(drop)
    }

    /// How the key is doing: its id, its age, and why the last refresh failed, if it did.
    #[must_use]
    pub fn status(&self) -> Option<KeyStatus> {
        self.source.status()
    }

    /// An RSA signature is much work between two points of waiting, so it is made on a thread that may be held up.
    async fn with_key<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Key) -> Result<T, edgeseal_core::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let key = self.source.key().await?;
        let done = tokio::task::spawn_blocking(move || work(&key)).await;
        Ok(done.map_err(|_| edgeseal_core::Error::signing_failed())??)
    }
}

/// A name instead of an ARN is an easy mistake. So is the secret itself, which must not get into a message.
fn check_arn(arn: &str) -> Result<&str, Error> {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let among = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || more.contains(&byte))
    };
    let fits = match parts.as_slice() {
        ["arn", partition, "secretsmanager", region, account, "secret", name] => {
            among(partition, b"-")
                && among(region, b"-0123456789")
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && (1..=600).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte))
        }
        _ => false,
    };
    if fits {
        return Ok(arn);
    }
    Err(Error::argument("private_key_secret_arn", "must be the ARN of a secret")
        .with_hint("it is the output PrivateKeySecretArn of the key-pair or private-key-secret product"))
}

fn region_of(arn: &str) -> Option<String> {
    arn.split(':').nth(3).filter(|region| !region.is_empty()).map(str::to_owned)
}

fn check_span(span: Duration, field: &'static str) -> Result<(), Error> {
    if (Duration::from_secs(1)..=LONGEST).contains(&span) {
        return Ok(());
    }
    Err(Error::argument(field, format_args!("must be from 1 to {} seconds", LONGEST.as_secs())))
}

/// The secret in Secrets Manager.
///
/// One client for the life of the signer: it keeps connections, and renews the role's credentials by itself.
struct SecretsManager {
    options: AccessOptions,
    call: AwsCall,
    connected: OnceCell<(Access, aws_sdk_secretsmanager::Client)>,
}

impl SecretsManager {
    fn new(options: AccessOptions, call: AwsCall) -> Self {
        Self { options, call, connected: OnceCell::new() }
    }

    async fn read(&self) -> Result<SecretValue, Error> {
        let connect = || async {
            let access = Access::open(self.options.clone()).await?;
            let client = aws_sdk_secretsmanager::Client::new(&access.config);
            Ok::<_, Error>((access, client))
        };
        let (access, client) = self.connected.get_or_try_init(connect).await?;
        access.assume_role().await?;
        let answer = client
            .get_secret_value()
            .secret_id(&self.call.resource)
            .send()
            .await
            .map_err(|error| aws_error(&Facts::of(&error), &self.call))?;
        Ok(SecretValue { text: answer.secret_string.map(Zeroizing::new), version: answer.version_id })
    }
}

impl SecretSource for SecretsManager {
    fn fetch(&self) -> FetchSecret<'_> {
        Box::pin(async { Ok(self.read().await?) })
    }
}
