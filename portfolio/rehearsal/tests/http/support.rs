//! An endpoint for one test, and a client that signs as AWS clients do.

use std::sync::Arc;

use edgeseal_rehearsal::{Builder, Rehearsal};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The account of every test unless it says otherwise.
pub(crate) const ACCOUNT: &str = "111122223333";

/// A template that is valid and small.
pub(crate) const TEMPLATE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

/// An error code and its message.
pub(crate) type Failure = (String, String);

/// A running endpoint.
pub(crate) struct Catalog {
    runtime: Runtime,
    pub(crate) rehearsal: Option<Rehearsal>,
    agent: ureq::Agent,
    endpoint: String,
}

/// An HTTP answer.
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Catalog {
    pub(crate) fn new() -> Self {
        Self::with(|b| b)
    }

    pub(crate) fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let runtime = Runtime::new().unwrap();
        let builder = set(Rehearsal::builder().in_memory().account(ACCOUNT).seed("test"));
        let rehearsal = runtime.block_on(builder.build()).unwrap();
        let endpoint = rehearsal.endpoint();
        // One attempt per call, on its own connection, so that a fault is seen as it is.
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
        Self { runtime, rehearsal: Some(rehearsal), agent: config.into(), endpoint }
    }

    pub(crate) fn rehearsal(&self) -> &Rehearsal {
        self.rehearsal.as_ref().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint)
    }

    /// Sends a request as it is.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Raw, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self.agent.run(request.body(body).unwrap())?;
        let body = answer.body_mut().read_to_vec()?;
        Ok(Raw { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }

    /// Calls an operation as an account in a region.
    pub(crate) fn call_as(&self, key: &str, region: &str, operation: &str, body: &Value) -> Result<Value, Failure> {
        let target = format!("AWS242ServiceCatalogService.{operation}");
        let authorization = signed(key, region, "servicecatalog");
        let headers = [
            ("x-amz-target", target.as_str()),
            ("content-type", "application/x-amz-json-1.1"),
            ("authorization", authorization.as_str()),
        ];
        let raw = self
            .send("POST", "/", &headers, body.to_string().as_bytes())
            .map_err(|e| ("(connection)".to_owned(), e.to_string()))?;
        let answer = raw.json();
        if raw.status == 200 {
            return Ok(answer);
        }
        let text = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
        Err((text("__type"), text("Message")))
    }

    /// Calls an operation as the test's account.
    pub(crate) fn call(&self, operation: &str, body: Value) -> Result<Value, Failure> {
        self.call_as(ACCOUNT, "eu-west-1", operation, &body)
    }

    /// Calls an operation that must succeed.
    pub(crate) fn ok(&self, operation: &str, body: Value) -> Value {
        self.call(operation, body.clone()).unwrap_or_else(|e| panic!("{operation} {body}: {e:?}"))
    }

    /// Calls an operation that must fail, and gives its error code.
    pub(crate) fn code(&self, operation: &str, body: Value) -> String {
        match self.call(operation, body.clone()) {
            Ok(answer) => panic!("{operation} {body} succeeded: {answer}"),
            Err((code, _)) => code,
        }
    }

    /// Calls an action of IAM or STS.
    pub(crate) fn query(&self, service: &str, fields: &[(&str, &str)]) -> Raw {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let authorization = signed(ACCOUNT, "us-east-1", service);
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("authorization", authorization.as_str())];
        self.send("POST", "/", &headers, body.as_bytes()).unwrap()
    }

    /// Sends a signed S3 request.
    pub(crate) fn s3(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Raw {
        let authorization = signed(ACCOUNT, "eu-west-1", "s3");
        let mut all = vec![("authorization", authorization.as_str())];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body).unwrap()
    }

    /// Puts a template into the built-in store and gives its URL.
    pub(crate) fn template(&self, key: &str, text: &str) -> String {
        self.s3("PUT", "/artifacts", &[], b"");
        assert_eq!(self.s3("PUT", &format!("/artifacts/{key}"), &[], text.as_bytes()).status, 200);
        format!("https://artifacts.s3.eu-west-1.amazonaws.com/{key}")
    }

    pub(crate) fn portfolio(&self, name: &str) -> String {
        let answer = self.ok(
            "CreatePortfolio",
            json!({ "DisplayName": name, "ProviderName": "platform", "IdempotencyToken": token() }),
        );
        answer["PortfolioDetail"]["Id"].as_str().unwrap().to_owned()
    }

    /// Makes a product with one version: the ids of both.
    pub(crate) fn product(&self, name: &str) -> (String, String) {
        let url = self.template("t.yaml", TEMPLATE);
        let answer = self.ok("CreateProduct", product_input(name, &url));
        let id = answer["ProductViewDetail"]["ProductViewSummary"]["ProductId"].as_str().unwrap();
        (id.to_owned(), answer["ProvisioningArtifactDetail"]["Id"].as_str().unwrap().to_owned())
    }

    pub(crate) fn version(&self, product: &str, name: &str) -> Result<String, Failure> {
        let url = self.template("t.yaml", TEMPLATE);
        let answer = self.call(
            "CreateProvisioningArtifact",
            json!({
                "ProductId": product, "IdempotencyToken": token(),
                "Parameters": { "Name": name, "Info": { "LoadTemplateFromURL": url } },
            }),
        )?;
        Ok(answer["ProvisioningArtifactDetail"]["Id"].as_str().unwrap().to_owned())
    }

    /// Makes a portfolio that has a product with one version.
    pub(crate) fn stocked(&self) -> Stocked {
        let portfolio = self.portfolio("Portfolio");
        let (product, version) = self.product("Product");
        self.ok("AssociateProductWithPortfolio", json!({ "PortfolioId": portfolio, "ProductId": product }));
        Stocked { portfolio, product, version }
    }

    pub(crate) fn stop(mut self) {
        let rehearsal = self.rehearsal.take().unwrap();
        self.runtime.block_on(rehearsal.shutdown());
    }
}

/// The ids of a portfolio and of what is in it.
pub(crate) struct Stocked {
    pub(crate) portfolio: String,
    pub(crate) product: String,
    pub(crate) version: String,
}

impl Stocked {
    pub(crate) fn constraint(&self, kind: &str, parameters: &Value) -> Value {
        json!({
            "PortfolioId": self.portfolio, "ProductId": self.product, "Type": kind,
            "Parameters": parameters.to_string(), "IdempotencyToken": token(),
        })
    }
}

pub(crate) fn product_input(name: &str, url: &str) -> Value {
    json!({
        "Name": name, "Owner": "platform", "ProductType": "CLOUD_FORMATION_TEMPLATE",
        "IdempotencyToken": token(),
        "ProvisioningArtifactParameters": {
            "Name": "v1", "Type": "CLOUD_FORMATION_TEMPLATE", "Info": { "LoadTemplateFromURL": url },
        },
    })
}

/// A token that no other call has.
pub(crate) fn token() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A signature's header. The endpoint reads its scope and not its digits.
pub(crate) fn signed(key: &str, region: &str, service: &str) -> String {
    let signature = "0".repeat(64);
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature={signature}"
    )
}

/// Runs work on several threads at once.
pub(crate) fn at_once<T: Send + 'static>(
    catalog: &Arc<Catalog>,
    count: usize,
    work: impl Fn(&Catalog, usize) -> T + Send + Sync + 'static,
) -> Vec<T> {
    let work = Arc::new(work);
    let threads: Vec<_> = (0..count)
        .map(|n| {
            let (catalog, work) = (Arc::clone(catalog), Arc::clone(&work));
            std::thread::spawn(move || work(&catalog, n))
        })
        .collect();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}
