//! Every call of a full publish fails in every way; a rerun must reach the same state, with nothing there twice.

use std::collections::BTreeMap;

use edgeseal_portfolio::session::Session;
use edgeseal_rehearsal::{Effect, Fault, Rehearsal};

use crate::support::{Workspace, catalog, publish, quick, session, settled_state};

const EFFECTS: [Effect; 5] =
    [Effect::Throttle, Effect::Internal, Effect::DropBefore, Effect::DropAfter, Effect::NotFoundWindow { reads: 2 }];

/// A catalog, and a session that gives up at the first failed attempt, so that no retry hides the fault.
async fn fragile() -> (Rehearsal, Session) {
    let rehearsal = catalog().await;
    let session = session_of(&rehearsal).await;
    (rehearsal, session)
}

async fn session_of(rehearsal: &Rehearsal) -> Session {
    session(rehearsal, 1, quick()).await.unwrap()
}

/// The calls of a full publish: the operation and its number among calls of that operation.
async fn calls_of_a_publish(workspace: &Workspace) -> (Vec<(String, u32)>, String) {
    let (rehearsal, session) = fragile().await;
    rehearsal.clear_requests();
    publish(workspace, &session).await.unwrap();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut calls = Vec::new();
    for entry in rehearsal.requests() {
        let count = seen.entry(entry.operation.clone()).or_default();
        *count += 1;
        calls.push((entry.operation, *count));
    }
    let state = settled_state(workspace, &session).await.unwrap();
    rehearsal.shutdown().await;
    (calls, state)
}

/// Publishes with one fault, then without, and says what came out.
async fn publish_with(workspace: &Workspace, operation: &str, nth: u32, effect: Effect) -> Result<String, String> {
    let (rehearsal, session) = fragile().await;
    rehearsal.add_fault(Fault::new(operation, effect).nth(nth));
    // Whether the first run fails depends on the fault; what counts is where the second one ends.
    let first = publish(workspace, &session).await.err();
    rehearsal.clear_faults();
    // A run of its own: a renewal of the lock that failed has told the first session to stop.
    let session = session_of(&rehearsal).await;
    let second = publish(workspace, &session).await.err();
    let state = settled_state(workspace, &session).await;
    rehearsal.shutdown().await;
    match (second, state) {
        (None, Ok(state)) => Ok(state),
        (second, state) => Err(format!("first run: {first:?}, second run: {second:?}, state: {:?}", state.err())),
    }
}

async fn matrix(effects: &[Effect]) {
    let workspace = Workspace::new();
    let (calls, expected) = calls_of_a_publish(&workspace).await;
    assert!(calls.len() > 60, "a publish makes {} calls; the matrix has lost some", calls.len());
    let mut failures = Vec::new();
    for (operation, nth) in &calls {
        for effect in effects {
            match publish_with(&workspace, operation, *nth, effect.clone()).await {
                Ok(state) if state == expected => {}
                Ok(state) => failures.push(format!("{operation} #{nth} {effect:?}: another state\n{state}")),
                Err(reason) => failures.push(format!("{operation} #{nth} {effect:?}: {reason}")),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} failed:\n{}",
        failures.len(),
        calls.len() * effects.len(),
        failures.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_is_throttled_at_any_call_is_finished_by_the_next_one() {
    matrix(&EFFECTS[0..1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_meets_an_internal_error_at_any_call_is_finished_by_the_next_one() {
    matrix(&EFFECTS[1..2]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_loses_the_connection_before_any_call_is_finished_by_the_next_one() {
    matrix(&EFFECTS[2..3]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_loses_the_answer_of_any_call_is_finished_by_the_next_one() {
    matrix(&EFFECTS[3..4]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_whose_new_objects_are_not_found_at_first_is_finished() {
    matrix(&EFFECTS[4..5]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_under_steady_throttling_gets_through_by_its_own_retries() {
    let workspace = Workspace::new();
    let (_, expected) = calls_of_a_publish(&workspace).await;
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 8, quick()).await.unwrap();
    for nth in (3..90).step_by(9) {
        rehearsal.add_fault(Fault::new("*", Effect::Throttle).nth(nth));
    }
    publish(&workspace, &session).await.unwrap();
    assert_eq!(settled_state(&workspace, &session).await.unwrap(), expected);
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_is_killed_after_any_number_of_calls_is_finished_by_the_next_one() {
    let workspace = Workspace::new();
    let (calls, expected) = calls_of_a_publish(&workspace).await;
    for killed_after in (1..calls.len()).step_by(4) {
        let (rehearsal, session) = fragile().await;
        rehearsal.clear_requests();
        tokio::select! {
            result = publish(&workspace, &session) => drop(result),
            () = async { while rehearsal.requests().len() < killed_after { tokio::task::yield_now().await; } } => {}
        }
        publish(&workspace, &session).await.unwrap();
        let state = settled_state(&workspace, &session).await.unwrap();
        assert_eq!(state, expected, "killed after {killed_after} calls");
        rehearsal.shutdown().await;
    }
}
