//! As much of a CloudFormation endpoint as a launch needs: stacks that are complete at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;

type Stacks = Arc<Mutex<BTreeMap<String, &'static str>>>;

/// Starts an endpoint that lives as long as the test process; the answer is its URL.
pub(crate) fn start() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
            let router = Router::new().route("/", post(serve)).with_state(Stacks::default());
            axum::serve(listener, router).await.unwrap();
        });
    });
    told.recv().unwrap()
}

async fn serve(State(stacks): State<Stacks>, body: String) -> (axum::http::StatusCode, String) {
    let value = |name: &str| {
        let pair = body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.unwrap_or_default().replace("%3A", ":").replace("%2F", "/")
    };
    let (action, given) = (value("Action"), value("StackName"));
    // A stack is named by its name or by its ARN.
    let name = given.split('/').nth(1).unwrap_or(&given).to_owned();
    let arn = format!("arn:aws:cloudformation:us-east-1:123456789012:stack/{name}/1");
    let mut stacks = stacks.lock().unwrap();
    let result = match action.as_str() {
        "CreateStack" => {
            stacks.insert(name, "CREATE_COMPLETE");
            format!("<StackId>{arn}</StackId>")
        }
        "UpdateStack" => {
            stacks.insert(name, "UPDATE_COMPLETE");
            format!("<StackId>{arn}</StackId>")
        }
        "DeleteStack" => {
            stacks.insert(name, "DELETE_COMPLETE");
            String::new()
        }
        "DescribeStacks" => match stacks.get(&name) {
            Some(status) => format!(
                "<Stacks><member><StackName>{name}</StackName><StackId>{arn}</StackId><CreationTime>2026-01-01T00:00:00Z\
                 </CreationTime><StackStatus>{status}</StackStatus><Outputs><member><OutputKey>BucketName</OutputKey>\
                 <OutputValue>team-files</OutputValue></member></Outputs></member></Stacks>"
            ),
            None => return refusal(&format!("Stack with id {given} does not exist")),
        },
        _ => return refusal(&format!("no {action} here")),
    };
    let text = format!(
        "<{action}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><{action}Result>{result}\
         </{action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
    );
    (axum::http::StatusCode::OK, text)
}

fn refusal(message: &str) -> (axum::http::StatusCode, String) {
    let text = format!(
        "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type>\
         <Code>ValidationError</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    (axum::http::StatusCode::BAD_REQUEST, text)
}
