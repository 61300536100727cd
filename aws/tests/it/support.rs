//! A clock that stands still, a secret that can be changed, and an AWS that answers what it is told to.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use edgeseal_aws::{Clock, FetchSecret, SecretSource, SecretValue, SignerConfig};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::Semaphore;

pub(crate) const SECRET_ARN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:key-a1B2c3";
pub(crate) const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/signs";
pub(crate) const START: u64 = 1_800_000_000;

pub(crate) fn shared_tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

pub(crate) fn pem(name: &str) -> String {
    std::fs::read_to_string(shared_tests().join("keys").join(name)).unwrap()
}

/// A secret as the products write it.
pub(crate) fn secret_text(key_pair_id: &str) -> String {
    serde_json::json!({ "keyPairId": key_pair_id, "privateKey": pem("ec-sec1.pem"), "algorithm": "ECDSA-P256" })
        .to_string()
}

/// Fails when 24 characters in a row of the body of the key are in a text.
pub(crate) fn holds_no_key(text: &str) {
    for name in ["ec-sec1.pem", "rsa-pkcs8.pem"] {
        let body: String = pem(name).lines().filter(|line| !line.starts_with("-----")).collect();
        for at in 0..=body.len() - 24 {
            assert!(!text.contains(&body[at..at + 24]), "key material at {at}");
        }
    }
}

#[derive(Clone)]
pub(crate) struct StoppedClock(Arc<AtomicU64>);

impl StoppedClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START)))
    }

    pub(crate) fn move_by(&self, seconds: i64) {
        self.0.fetch_add(seconds.cast_unsigned(), Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Clock::new(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst)))
    }
}

/// A store of one secret: counts the fetches, can be changed, broken and held up.
#[derive(Clone)]
pub(crate) struct Store(Arc<StoreState>);

struct StoreState {
    answer: Mutex<Option<SecretValue>>,
    fetches: AtomicU64,
    /// A fetch needs a permit. There are as good as endless ones until the store is held up.
    gate: Semaphore,
}

impl Store {
    pub(crate) fn holding(text: impl Into<String>) -> Self {
        let state = StoreState {
            answer: Mutex::default(),
            fetches: AtomicU64::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        };
        let store = Self(Arc::new(state));
        store.put(text, None);
        store
    }

    pub(crate) fn put(&self, text: impl Into<String>, version: Option<&str>) {
        let value = SecretValue { text: Some(text.into().into()), version: version.map(str::to_owned) };
        *self.0.answer.lock().unwrap() = Some(value);
    }

    pub(crate) fn break_down(&self) {
        *self.0.answer.lock().unwrap() = None;
    }

    pub(crate) fn fetches(&self) -> u64 {
        self.0.fetches.load(Ordering::SeqCst)
    }

    pub(crate) fn hold_up(&self) {
        self.0.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn let_through(&self) {
        self.0.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    pub(crate) fn config(&self, clock: &StoppedClock) -> SignerConfig {
        SignerConfig {
            private_key_secret_arn: SECRET_ARN.to_owned(),
            secret_source: Some(Arc::new(self.clone())),
            clock: clock.clock(),
            ..SignerConfig::default()
        }
    }
}

impl SecretSource for Store {
    fn fetch(&self) -> FetchSecret<'_> {
        Box::pin(async {
            self.0.fetches.fetch_add(1, Ordering::SeqCst);
            let _permit = self.0.gate.acquire().await?;
            let answer = self.0.answer.lock().unwrap().clone();
            answer.ok_or_else(|| format!("down, and by the way: {}", pem("ec-sec1.pem")).into())
        })
    }
}

/// An answer of AWS.
#[derive(Clone)]
pub(crate) enum Reply {
    Text(u16, &'static str, String),
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: serde_json::Value) -> Self {
        Self::Text(status, "application/x-amz-json-1.1", body.to_string())
    }

    /// An error as a JSON service words it.
    pub(crate) fn json_error(status: u16, name: &str, message: &str) -> Self {
        Self::json(status, serde_json::json!({ "__type": name, "message": message }))
    }

    /// An error as a query service such as STS words it.
    pub(crate) fn query_error(status: u16, code: &str, message: &str) -> Self {
        let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
        Self::Text(status, "text/xml", format!("<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"))
    }

    pub(crate) fn secret() -> Self {
        Self::json(200, serde_json::json!({ "SecretString": secret_text("KGOOD"), "VersionId": "1" }))
    }

    /// A session of the role that ends at this time.
    pub(crate) fn session(end: &str) -> Self {
        let fields = format!(
            "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration>"
        );
        let result = format!("<AssumeRoleResult><Credentials>{fields}</Credentials></AssumeRoleResult>");
        Self::Text(200, "text/xml", format!("<AssumeRoleResponse>{result}</AssumeRoleResponse>"))
    }
}

/// Answers calls by operation, and keeps what was asked.
#[derive(Clone, Default)]
pub(crate) struct FakeAws(Arc<FakeState>);

#[derive(Default)]
struct FakeState {
    replies: Mutex<HashMap<String, Reply>>,
    asked: Mutex<Vec<(String, String)>>,
}

impl FakeAws {
    /// Starts it on a free port; it ends with the runtime of the test.
    pub(crate) async fn start() -> (Self, String) {
        let fake = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (fake, endpoint)
    }

    pub(crate) fn set(&self, operation: &str, reply: Reply) {
        self.0.replies.lock().unwrap().insert(operation.to_owned(), reply);
    }

    /// The bodies of the calls of an operation.
    pub(crate) fn asked(&self, operation: &str) -> Vec<String> {
        let asked = self.0.asked.lock().unwrap();
        asked.iter().filter(|(name, _)| name == operation).map(|(_, body)| body.clone()).collect()
    }
}

async fn answer(State(fake): State<FakeAws>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()?.rsplit('.').next());
    let action = body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let operation = target.or(action).unwrap().to_owned();
    let reply = fake.0.replies.lock().unwrap().get(&operation).cloned();
    fake.0.asked.lock().unwrap().push((operation, body));
    match reply.unwrap() {
        Reply::Text(status, kind, text) => {
            (StatusCode::from_u16(status).unwrap(), [(CONTENT_TYPE, kind)], text).into_response()
        }
        Reply::Silence => std::future::pending().await,
    }
}
