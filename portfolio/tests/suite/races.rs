//! Two publishers at once, plans that went stale, and objects that belong to others.

use edgeseal_portfolio::apply::Lease;
use edgeseal_portfolio::diff::Options;
use edgeseal_portfolio::error::Code;
use edgeseal_portfolio::session::Pace;
use edgeseal_portfolio::state::{PortfolioFields, Tags};
use edgeseal_portfolio::workflow::{Published, compare, publish_plan};
use std::time::Duration;

use edgeseal_portfolio::adapters::NewVersion;
use edgeseal_rehearsal::{Effect, Fault};

use crate::support::{
    Workspace, app, bucket_template, catalog, look, publish, quick, run_with_credentials, session, settled_state,
    spawn_with_credentials,
};

#[tokio::test(flavor = "multi_thread")]
async fn of_two_publishers_at_once_one_publishes_and_the_other_says_so() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let first = session(&rehearsal, 3, quick()).await.unwrap();
    let second = session(&rehearsal, 3, quick()).await.unwrap();
    let (app, project) = (app(&workspace), workspace.project().unwrap());
    let plan = compare(&first, &project, Options::default(), &app.ui).await.unwrap().plan;
    let everything = |_: &_| true;
    let (one, other) = tokio::join!(
        publish_plan(&app, &first, &project, &plan, &everything),
        publish_plan(&app, &second, &project, &plan, &everything)
    );
    let ran = [&one, &other]
        .iter()
        .filter(|result| matches!(result, Ok(Published::Ran(outcome)) if outcome.error().is_none()))
        .count();
    let told = [&one, &other].iter().filter(|result| matches!(result, Ok(Published::ByAnother))).count();
    assert_eq!((ran, told), (1, 1));
    settled_state(&workspace, &first).await.unwrap();
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_does_not_want_to_wait_is_told_who_publishes() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let holder = session(&rehearsal, 3, Pace { lease: Duration::from_secs(60), ..quick() }).await.unwrap();
    let bucket = look(&workspace, &holder).await.unwrap().desired.bucket;
    holder.store.create_bucket(&bucket).await.unwrap();
    let lease = Lease::take(&holder, &bucket, "portfolio", "demo", false).await.unwrap();
    let hasty = session(&rehearsal, 3, Pace { lock_timeout: Duration::ZERO, ..quick() }).await.unwrap();
    let error = publish(&workspace, &hasty).await.err().unwrap();
    assert_eq!(error.code(), Code::PublishLocked);
    assert!(error.message().contains(&holder.caller));
    lease.release().await.unwrap();
    publish(&workspace, &hasty).await.unwrap();
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_another_run_took_over_is_reported_as_lost() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let brief = session(&rehearsal, 3, Pace { lease: Duration::ZERO, ..quick() }).await.unwrap();
    let bucket = look(&workspace, &brief).await.unwrap().desired.bucket;
    brief.store.create_bucket(&bucket).await.unwrap();
    let expired = Lease::take(&brief, &bucket, "portfolio", "demo", false).await.unwrap();
    let taken = Lease::take(&brief, &bucket, "portfolio", "demo", false).await.unwrap();
    assert_eq!(expired.release().await.unwrap_err().code(), Code::LockLost);
    taken.release().await.unwrap();
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_refused_once_the_live_state_has_moved() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    publish(&workspace, &session).await.unwrap();
    workspace.edit("portfolio.yaml", "For tests.", "For more tests.");
    let (app, project) = (app(&workspace), workspace.project().unwrap());
    let comparison = compare(&session, &project, Options::default(), &app.ui).await.unwrap();
    let id = comparison.observed.portfolio.unwrap().id;
    let fields =
        PortfolioFields { name: "Demo portfolio".into(), provider: "Another".into(), description: String::new() };
    session.catalog.update_portfolio(&id, &fields, &Tags::new()).await.unwrap();
    let moved = publish_plan(&app, &session, &project, &comparison.plan, &|_| true).await;
    assert_eq!(moved.err().unwrap().code(), Code::PlanMoved);
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portfolio_of_the_same_name_that_is_not_ours_is_refused_with_its_id() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    let fields =
        PortfolioFields { name: "Demo portfolio".into(), provider: "Others".into(), description: String::new() };
    let id = session.catalog.create_portfolio(&fields, &Tags::new(), "t1").await.unwrap();
    let error = publish(&workspace, &session).await.err().unwrap();
    assert_eq!(error.code(), Code::Foreign);
    assert!(error.message().contains(&id));
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_portfolios_with_our_key_are_refused_with_both_ids() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    let tags = look(&workspace, &session).await.unwrap().desired.tags;
    let fields = PortfolioFields { name: "Demo portfolio".into(), provider: "P".into(), description: String::new() };
    let one = session.catalog.create_portfolio(&fields, &tags, "t1").await.unwrap();
    let two = session.catalog.create_portfolio(&fields, &tags, "t2").await.unwrap();
    let error = publish(&workspace, &session).await.err().unwrap();
    assert_eq!(error.code(), Code::Ambiguous);
    assert!(error.message().contains(&one) && error.message().contains(&two));
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_under_a_published_version_is_refused_even_without_a_lock_file() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    publish(&workspace, &session).await.unwrap();
    workspace.write("products/files/1.1.0/template.yaml", &bucket_template("      Tags: []\n"));
    let error = publish(&workspace, &session).await.err().unwrap();
    assert_eq!(error.code(), Code::VersionConflict);
    assert!(error.help_text().contains("new version"));
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_portfolio_is_found_again_by_its_key() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    publish(&workspace, &session).await.unwrap();
    workspace.edit("portfolio.yaml", "name: Demo portfolio", "name: Renamed");
    publish(&workspace, &session).await.unwrap();
    let portfolios = session.catalog.portfolios().await.unwrap();
    assert_eq!(portfolios.len(), 1);
    assert_eq!(portfolios[0].name, "Renamed");
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_says_so_and_the_next_one_goes_on() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let stopped = session(&rehearsal, 3, quick()).await.unwrap();
    rehearsal.clear_requests();
    let watch = async {
        while rehearsal.requests().len() < 40 {
            tokio::task::yield_now().await;
        }
        stopped.stop.request();
    };
    let (result, ()) = tokio::join!(publish(&workspace, &stopped), watch);
    let error = result.err().unwrap();
    assert_eq!(error.code(), Code::Interrupted);
    assert!(error.message().contains("not made"), "{error}");
    let next = session(&rehearsal, 3, quick()).await.unwrap();
    publish(&workspace, &next).await.unwrap();
    settled_state(&workspace, &next).await.unwrap();
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_made_is_adopted_with_its_ids_once_its_templates_are_the_same() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let session = session(&rehearsal, 3, quick()).await.unwrap();
    let desired = look(&workspace, &session).await.unwrap().desired;
    let spec = desired.product("table").unwrap();
    let template = &spec.versions[0].template;
    session.store.create_bucket("elsewhere").await.unwrap();
    session.store.put_new("elsewhere", "t.yaml", template.as_bytes()).await.unwrap();
    let url = session.store.url("elsewhere", "t.yaml");
    let version = NewVersion { name: "1.0.0".into(), description: "By hand".into(), url };
    let none = Tags::new();
    let portfolio = session.catalog.create_portfolio(&desired.fields, &none, "t1").await.unwrap();
    let product = session.catalog.create_product(&spec.fields, &none, &version, "t2").await.unwrap().product;
    let (endpoint, pair) = (rehearsal.endpoint(), format!("table={product}"));
    let at = ["--endpoint-url", &endpoint, "--region", "eu-west-1"];
    let import = ["import", "--yes", "--portfolio", &portfolio, "--product", &pair];
    let folder = workspace.dir.path().to_owned();
    let arguments: Vec<String> = import.iter().chain(&at).map(|text| (*text).to_owned()).collect();
    let ran = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run_with_credentials(&folder, &arguments)
    });
    let ran = ran.await.unwrap();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    publish(&workspace, &session).await.unwrap();
    let observed = look(&workspace, &session).await.unwrap().observed;
    assert_eq!(observed.portfolio.unwrap().id, portfolio);
    assert_eq!(observed.products["table"].id, product);
    assert_eq!(observed.products["table"].versions.len(), 1);
    rehearsal.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_command_with_130_and_says_what_is_not_made() {
    let workspace = Workspace::new();
    let rehearsal = catalog().await;
    let publisher = session(&rehearsal, 3, quick()).await.unwrap();
    let bucket = look(&workspace, &publisher).await.unwrap().desired.bucket;
    publisher.store.create_bucket(&bucket).await.unwrap();
    rehearsal.add_fault(Fault::new("*", Effect::Latency { ms: 10 }).times(0));
    rehearsal.clear_requests();
    let endpoint = rehearsal.endpoint();
    let arguments = ["publish", "--yes", "--endpoint-url", &endpoint, "--region", "eu-west-1"];
    let child = spawn_with_credentials(workspace.dir.path(), &arguments);
    while rehearsal.requests().iter().all(|entry| entry.operation != "CreatePortfolio") {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stdout.contains("Not made:") && stderr.contains("interrupted"), "{stdout}{stderr}");
    rehearsal.clear_faults();
    publish(&workspace, &publisher).await.unwrap();
    settled_state(&workspace, &publisher).await.unwrap();
    rehearsal.shutdown().await;
}
