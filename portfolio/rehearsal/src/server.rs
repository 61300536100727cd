//! The listener: connections that a fault can cut.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::app::App;
use crate::error::RehearsalError;
use crate::http::Outcome;
use crate::{admin, http};

/// The largest request: well above a template, well below this machine's memory.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A listening endpoint.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens on 127.0.0.1.
    pub(crate) async fn start(app: Arc<App>, port: u16) -> Result<Self, RehearsalError> {
        let failed = |source| RehearsalError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, app, stopped));
        Ok(Self { address, stop, task })
    }

    /// Stops listening, and waits a moment for the requests under way.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(Duration::from_secs(5), &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

async fn accept(listener: TcpListener, app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&app), stopped.clone()));
                }
                // A failed accept (for want of file descriptors, say) passes when others close.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let cut = Arc::new(Notify::new());
    let service = {
        let cut = Arc::clone(&cut);
        service_fn(move |request| respond(Arc::clone(&app), Arc::clone(&cut), request))
    };
    let serving = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    loop {
        tokio::select! {
            // The client learns of the end in its own way; there is nobody to tell here.
            _ = serving.as_mut() => return,
            // Leaving drops the stream, which closes it under a request without an answer.
            () = cut.notified() => return,
            _ = stopped.changed() => serving.as_mut().graceful_shutdown(),
        }
    }
}

async fn respond(
    app: Arc<App>,
    cut: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        let mut response = Response::new(Body::from("the request is too large or broke off\n"));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let body = body.to_bytes().to_vec();
    if parts.uri.path().starts_with("/_rehearsal/") {
        return Ok(admin::serve(&app, &parts, &body));
    }
    match http::serve(app, parts, body).await {
        Outcome::Answer(response) => Ok(response),
        Outcome::Drop => {
            cut.notify_one();
            std::future::pending().await
        }
    }
}
