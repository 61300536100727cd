//! Keeping the key: one fetch for many callers, rotation without a restart, and outages that nobody notices.

use crate::support::{StoppedClock, Store, secret_text};
use edgeseal_aws::{AwsSigner, ErrorCode, SignerConfig, create_signer};
use std::time::Duration;

const MAX_AGE: i64 = 300;

async fn signer_of(store: &Store, clock: &StoppedClock) -> AwsSigner {
    create_signer(store.config(clock)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_callers_share_one_fetch() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    assert_eq!(store.fetches(), 1);
    clock.move_by(MAX_AGE);
    store.hold_up();
    let callers: Vec<_> = (0..200)
        .map(|_| {
            let signer = signer.clone();
            tokio::spawn(async move { signer.key_pair_id().await })
        })
        .collect();
    while store.fetches() < 2 {
        tokio::task::yield_now().await;
    }
    store.let_through();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "K1");
    }
    assert_eq!(store.fetches(), 2);
}

#[tokio::test]
async fn callers_that_come_while_a_fetch_is_under_way_start_no_other() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.hold_up();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let signer = signer.clone();
            tokio::spawn(async move { signer.refresh().await })
        })
        .collect();
    while store.fetches() < 2 {
        tokio::task::yield_now().await;
    }
    store.let_through();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    assert_eq!(store.fetches(), 2);
}

#[tokio::test]
async fn a_fetch_goes_on_when_its_caller_goes_away() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.put(secret_text("K2"), None);
    store.hold_up();
    let caller = tokio::spawn({
        let signer = signer.clone();
        async move { signer.refresh().await }
    });
    while store.fetches() < 2 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    store.let_through();
    while signer.status().unwrap().key_pair_id == "K1" {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.fetches(), 2);
}

#[tokio::test]
async fn a_rotated_key_is_picked_up_behind_the_callers_back() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.put(secret_text("K2"), None);
    clock.move_by(MAX_AGE - 1);
    assert_eq!(signer.key_pair_id().await.unwrap(), "K1", "a young key is not fetched again");
    assert_eq!(store.fetches(), 1);
    clock.move_by(1);
    store.hold_up();
    assert_eq!(signer.key_pair_id().await.unwrap(), "K1", "nobody waits for the refresh");
    store.let_through();
    while signer.key_pair_id().await.unwrap() == "K1" {
        tokio::task::yield_now().await;
    }
    let status = signer.status().unwrap();
    assert_eq!((status.key_pair_id.as_str(), status.age, status.last_failure), ("K2", Duration::ZERO, None));
}

#[tokio::test]
async fn after_a_long_idle_time_the_key_is_fetched_before_it_signs() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.put(secret_text("K2"), None);
    clock.move_by(4 * MAX_AGE);
    assert_eq!(signer.key_pair_id().await.unwrap(), "K2");
}

#[tokio::test]
async fn the_same_version_is_not_parsed_again_and_counts_as_fresh() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    store.put(secret_text("K1"), Some("1"));
    let signer = signer_of(&store, &clock).await;
    clock.move_by(10);
    store.put("no key at all", Some("1"));
    signer.refresh().await.unwrap();
    assert_eq!(signer.status().unwrap().age, Duration::ZERO);
    store.put("no key at all", Some("2"));
    assert_eq!(signer.refresh().await.unwrap_err().code(), ErrorCode::SecretMalformed);
}

#[tokio::test]
async fn an_outage_keeps_the_last_good_key_and_the_status_says_so() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.break_down();
    clock.move_by(MAX_AGE + 1);
    assert_eq!(signer.refresh().await.unwrap_err().code(), ErrorCode::AwsUnavailable);
    assert_eq!(signer.key_pair_id().await.unwrap(), "K1");
    let status = signer.status().unwrap();
    assert_eq!(status.age, Duration::from_secs(301));
    let failure = status.last_failure.unwrap();
    assert_eq!(failure.code(), ErrorCode::AwsUnavailable);
    assert_eq!(failure.message(), "secretsmanager:GetSecretValue failed (the store failed)");
    store.put(secret_text("K2"), None);
    signer.refresh().await.unwrap();
    assert_eq!(signer.status().unwrap().last_failure, None);
    assert_eq!(signer.key_pair_id().await.unwrap(), "K2");
}

#[tokio::test]
async fn after_a_failure_the_next_tries_wait_five_seconds_and_callers_do_not_wait_for_them() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    store.break_down();
    clock.move_by(MAX_AGE);
    signer.refresh().await.unwrap_err();
    for _ in 0..50 {
        assert_eq!(signer.key_pair_id().await.unwrap(), "K1");
    }
    clock.move_by(4);
    signer.key_pair_id().await.unwrap();
    assert_eq!(store.fetches(), 2);
    clock.move_by(86_400);
    store.hold_up();
    assert_eq!(signer.key_pair_id().await.unwrap(), "K1", "nobody waits while AWS is down");
    while store.fetches() < 3 {
        tokio::task::yield_now().await;
    }
    store.let_through();
}

#[tokio::test]
async fn a_clock_that_is_set_back_causes_a_fetch_and_no_trouble() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let signer = signer_of(&store, &clock).await;
    clock.move_by(-7_200);
    assert_eq!(signer.key_pair_id().await.unwrap(), "K1");
    while store.fetches() < 2 {
        tokio::task::yield_now().await;
    }
    signer.refresh().await.unwrap();
    assert_eq!(signer.status().unwrap().age, Duration::ZERO);
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_given_up_after_the_timeout() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    store.hold_up();
    let config = SignerConfig { timeout: Duration::from_secs(1), ..store.config(&clock) };
    let error = create_signer(config).await.unwrap_err();
    assert_eq!(error.message(), "secretsmanager:GetSecretValue failed (no answer in 1 seconds)");
}

#[test]
fn a_signer_outlives_the_runtime_that_it_was_made_in() {
    let (store, clock) = (Store::holding(secret_text("K1")), StoppedClock::new());
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let signer = first.block_on(signer_of(&store, &clock));
    store.hold_up();
    clock.move_by(MAX_AGE);
    first.block_on(signer.key_pair_id()).unwrap();
    drop(first);
    store.put(secret_text("K2"), None);
    store.let_through();
    runtime().block_on(signer.refresh()).unwrap();
    assert_eq!(signer.status().unwrap().key_pair_id, "K2");
}
