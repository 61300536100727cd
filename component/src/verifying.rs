//! The interface `verifying`.

use crate::Component;
use crate::bindings::exports::edgeseal::core::verifying as wit;
use crate::keys::{Ring, address, borrowed, ring};
use edgeseal_core::explain::{Hints, explain};
use edgeseal_core::verify::{VerifyOptions, ViewerRequest, verify};
use wit::{Context, Error, Explanation, Verdict};

/// A ring of keys, and how strictly to judge.
pub(crate) struct VerifierResource {
    keys: Ring,
    options: VerifyOptions,
}

impl wit::Guest for Component {
    type Verifier = VerifierResource;
}

impl wit::GuestVerifier for VerifierResource {
    fn open(keys: Vec<wit::TrustedKey>, options: wit::Options) -> Result<wit::Verifier, Error> {
        let wit::Options { strict, require_resource, legacy_scheme_wildcard } = options;
        let options = VerifyOptions { strict, require_resource, legacy_scheme_wildcard };
        Ok(wit::Verifier::new(Self { keys: ring(&keys)?, options }))
    }

    fn verify_url(&self, url: String, context: Context, now: u64) -> Result<Verdict, Error> {
        let cookies = borrowed(&context.cookies);
        Ok(self.judge(&with_context(ViewerRequest::for_url(&url)?, &context, &cookies), now))
    }

    fn verify_request(&self, request: wit::ViewerRequest, context: Context, now: u64) -> Verdict {
        let cookies = borrowed(&context.cookies);
        self.judge(&with_context(viewer_request(&request), &context, &cookies), now)
    }

    fn explain_url(&self, url: String, context: Context, now: u64, hosts: Vec<String>) -> Result<Explanation, Error> {
        let cookies = borrowed(&context.cookies);
        Ok(self.walk(&with_context(ViewerRequest::for_url(&url)?, &context, &cookies), now, &hosts))
    }

    fn explain_request(
        &self,
        request: wit::ViewerRequest,
        context: Context,
        now: u64,
        hosts: Vec<String>,
    ) -> Explanation {
        let cookies = borrowed(&context.cookies);
        self.walk(&with_context(viewer_request(&request), &context, &cookies), now, &hosts)
    }
}

impl VerifierResource {
    fn judge(&self, request: &ViewerRequest<'_>, now: u64) -> Verdict {
        verify(request, &self.keys, now, &self.options).into()
    }

    fn walk(&self, request: &ViewerRequest<'_>, now: u64, hosts: &[String]) -> Explanation {
        let hosts = borrowed(hosts);
        explain(request, &self.keys, now, &self.options, &Hints { hosts: &hosts }).into()
    }
}

fn viewer_request(request: &wit::ViewerRequest) -> ViewerRequest<'_> {
    ViewerRequest {
        scheme: request.scheme.map(Into::into),
        host: &request.host,
        path: &request.path,
        query: &request.query,
        cookies: &[],
        client_ip: None,
    }
}

fn with_context<'a>(request: ViewerRequest<'a>, context: &Context, cookies: &'a [&'a str]) -> ViewerRequest<'a> {
    ViewerRequest { cookies, client_ip: address(context.client_ip.as_deref()), ..request }
}
