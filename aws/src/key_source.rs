//! Fetching the signing key: role, secret, parse; kept, refreshed in the background, and never lost to an outage.

use crate::call::{AwsCall, unavailable};
use crate::clock::Clock;
use crate::error::Error;
use crate::secret::read_secret;
use edgeseal_core::crypto::rustcrypto::RustCryptoSigningKey;
use edgeseal_core::keys::{HashAlgorithm, PrivateKey};
use edgeseal_core::sign::Signer;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// After a failed refresh, the next one waits this long.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// At this many times its age limit, a key is fetched again before it signs: it may have left the key group.
const TOO_OLD: u32 = 4;

/// The answer of a store of secrets.
#[derive(Clone, Default)]
pub struct SecretValue {
    /// The text: `{"keyPairId": ..., "privateKey": ...}` or a bare key in PEM. `None` when the secret holds no text.
    pub text: Option<Zeroizing<String>>,
    /// Changes whenever the text does; the key is then parsed anew. Always when it is `None`.
    pub version: Option<String>,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretValue").field("version", &self.version).finish_non_exhaustive()
    }
}

/// What [`SecretSource::fetch`] answers. An [`Error`] is passed on; any other counts as `aws-unavailable`, without its
/// words, which could hold a secret.
pub type FetchSecret<'a> =
    Pin<Box<dyn Future<Output = Result<SecretValue, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Where the secret is read: Secrets Manager unless a test or another store says otherwise.
///
/// ```
/// use edgeseal_aws::{FetchSecret, SecretSource, SecretValue};
/// struct FromEnvironment;
/// impl SecretSource for FromEnvironment {
///     fn fetch(&self) -> FetchSecret<'_> {
///         let text = std::env::var("PRIVATE_KEY").ok().map(Into::into);
///         Box::pin(async { Ok(SecretValue { text, version: None }) })
///     }
/// }
/// ```
pub trait SecretSource: Send + Sync + 'static {
    /// Reads the secret once.
    fn fetch(&self) -> FetchSecret<'_>;
}

/// How the key is doing. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The id of the key in use.
    pub key_pair_id: String,
    /// The time since the key was last fetched.
    pub age: Duration,
    /// Why the last refresh failed, when it did; the last good key is then still in use.
    pub last_failure: Option<Error>,
}

/// What a [`KeySource`] needs.
pub(crate) struct KeySettings {
    pub(crate) source: Arc<dyn SecretSource>,
    pub(crate) call: AwsCall,
    pub(crate) key_pair_id: Option<String>,
    pub(crate) hash: HashAlgorithm,
    /// The age at which a key is fetched again.
    pub(crate) max_age: Duration,
    /// How long a fetch may take.
    pub(crate) timeout: Duration,
    pub(crate) clock: Clock,
}

/// A key ready to sign, with the id that it was made for.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) signer: Signer<RustCryptoSigningKey>,
    version: Option<String>,
}

type Outcome = Result<Arc<Key>, Error>;

#[derive(Default)]
struct State {
    current: Option<(Arc<Key>, SystemTime)>,
    failure: Option<(Error, SystemTime)>,
    /// The fetch that is under way. Its sender is gone when the runtime that ran it has ended.
    flight: Option<watch::Receiver<Option<Outcome>>>,
}

/// One key, shared by all callers.
pub(crate) struct KeySource {
    settings: KeySettings,
    state: Mutex<State>,
}

/// What a caller gets.
enum Step {
    Use(Arc<Key>),
    /// Use it, and fetch behind the caller's back.
    UseAndRefresh(Arc<Key>),
    /// Wait for a fetch, and use this when it fails.
    Wait(Option<Arc<Key>>),
}

impl KeySource {
    pub(crate) fn new(settings: KeySettings) -> Arc<Self> {
        Arc::new(Self { settings, state: Mutex::default() })
    }

    /// The current key. The first call waits for it; later ones get the one that is at hand, and an aged one is fetched
    /// again behind their back. One that nobody has asked for in a long time is fetched before it is used.
    pub(crate) async fn key(self: &Arc<Self>) -> Outcome {
        match self.next_step() {
            Step::Use(key) => Ok(key),
            Step::UseAndRefresh(key) => {
                drop(self.flight());
                Ok(key)
            }
            Step::Wait(None) => self.refresh().await,
            // A failure has been logged, and this caller has a good key.
            Step::Wait(Some(key)) => Ok(self.refresh().await.unwrap_or(key)),
        }
    }

    fn next_step(&self) -> Step {
        let now = self.settings.clock.now();
        let state = self.lock();
        let Some((key, fetched_at)) = &state.current else { return Step::Wait(None) };
        let key = Arc::clone(key);
        // A clock that was set back says nothing about age.
        let age = now.duration_since(*fetched_at).ok();
        if age.is_some_and(|age| age < self.settings.max_age) {
            return Step::Use(key);
        }
        match &state.failure {
            Some((_, failed_at)) if distance(now, *failed_at) < PAUSE_AFTER_FAILURE => Step::Use(key),
            // While AWS is down, callers do not queue up behind it.
            Some(_) => Step::UseAndRefresh(key),
            None if age.is_some_and(|age| age >= self.settings.max_age * TOO_OLD) => Step::Wait(Some(key)),
            None => Step::UseAndRefresh(key),
        }
    }

    /// Fetches the key now. Concurrent callers share one fetch, which goes on when they go away.
    pub(crate) async fn refresh(self: &Arc<Self>) -> Outcome {
        let mut flight = self.flight();
        let landed = flight.wait_for(Option::is_some).await;
        match landed.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            Ok(None) | Err(_) => Err(unavailable(&self.settings.call, "the runtime was shut down")),
        }
    }

    /// The fetch that is under way, or a new one.
    fn flight(self: &Arc<Self>) -> watch::Receiver<Option<Outcome>> {
        let mut state = self.lock();
        if let Some(flight) = state.flight.as_ref().filter(|flight| flight.has_changed().is_ok()) {
            return flight.clone();
        }
        let Ok(runtime) = Handle::try_current() else {
            let error = unavailable(&self.settings.call, "the call was made outside a tokio runtime");
            return watch::channel(Some(Err(error))).1;
        };
        let (sender, receiver) = watch::channel(None);
        state.flight = Some(receiver.clone());
        let source = Arc::clone(self);
        runtime.spawn(async move {
            let outcome = source.fetch().await;
            source.land(&outcome);
            sender.send_replace(Some(outcome));
        });
        receiver
    }

    async fn fetch(&self) -> Outcome {
        let KeySettings { source, call, timeout, key_pair_id, hash, .. } = &self.settings;
        let SecretValue { text, version } = tokio::time::timeout(*timeout, source.fetch())
            .await
            .map_err(|_| unavailable(call, &format!("no answer in {} seconds", timeout.as_secs_f64())))?
            .map_err(|error| error.downcast().map_or_else(|_| unavailable(call, "the store failed"), |own| *own))?;
        let known = self.lock().current.as_ref().map(|(key, _)| Arc::clone(key));
        if let Some(known) = known.filter(|known| version.is_some() && known.version == version) {
            return Ok(known);
        }
        let secret = read_secret(text.as_ref().map(|text| text.as_str()), key_pair_id.as_deref())?;
        let private_key = PrivateKey::parse(secret.private_key.as_bytes(), None)?;
        let signing_key = RustCryptoSigningKey::new(&private_key, fresh_seed()?)?;
        let signer = Signer::new(&secret.key_pair_id, signing_key, *hash)?;
        Ok(Arc::new(Key { id: secret.key_pair_id, signer, version }))
    }

    /// Takes the outcome of a fetch over, and says what is worth a log line.
    fn land(&self, outcome: &Outcome) {
        let now = self.settings.clock.now();
        let mut state = self.lock();
        state.flight = None;
        match outcome {
            Ok(key) => {
                let before = state.current.replace((Arc::clone(key), now));
                state.failure = None;
                let rotated = before.as_ref().is_some_and(|(before, _)| before.id != key.id);
                if before.is_none() || rotated {
                    tracing::info!(target: "edgeseal_aws", key_pair_id = key.id, rotated, "key-loaded");
                }
            }
            Err(error) => {
                state.failure = Some((error.clone(), now));
                if let Some((key, fetched_at)) = &state.current {
                    let age_seconds = now.duration_since(*fetched_at).unwrap_or_default().as_secs();
                    tracing::warn!(target: "edgeseal_aws", code = %error.code(), error = %error, key_pair_id = key.id, age_seconds, "refresh-failed");
                }
            }
        }
    }

    /// How the key is doing; `None` before the first one.
    pub(crate) fn status(&self) -> Option<KeyStatus> {
        let now = self.settings.clock.now();
        let state = self.lock();
        state.current.as_ref().map(|(key, fetched_at)| KeyStatus {
            key_pair_id: key.id.clone(),
            age: now.duration_since(*fetched_at).unwrap_or_default(),
            last_failure: state.failure.as_ref().map(|(error, _)| error.clone()),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|backwards| backwards.duration())
}

/// Blinds the key's operations; the core draws no randomness of its own.
fn fresh_seed() -> Result<[u8; 32], Error> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| edgeseal_core::Error::signing_failed())?;
    Ok(seed)
}
