//! The interface `deciding`.

use crate::Component;
use crate::bindings::exports::edgeseal::core::deciding as wit;
use crate::keys::{Ring, address, borrowed, ring};
use core::cell::RefCell;
use edgeseal_core::edge::{self, Allow, CompiledPolicy, Deny, EdgeRequest, Finding, Memo, Respond, RuleFile, Severity};
use wit::{Decision, Error, Header};

/// Rules and keys.
pub(crate) struct PolicyResource {
    policy: CompiledPolicy,
    keys: Ring,
    memo: RefCell<Memo>,
}

impl wit::Guest for Component {
    type Policy = PolicyResource;

    fn check_rules(rules: String, key_pair_ids: Option<Vec<String>>) -> Vec<wit::Finding> {
        let ids = key_pair_ids.as_deref().map(borrowed);
        match RuleFile::from_json(&rules) {
            Ok(file) => edge::lint(&file, ids.as_deref()).iter().map(finding).collect(),
            Err(error) => error.findings().iter().map(finding).collect(),
        }
    }
}

impl wit::GuestPolicy for PolicyResource {
    fn open(rules: String, keys: Vec<wit::TrustedKey>, remember: u32) -> Result<wit::Policy, Error> {
        let policy = edge::compile(&rules).map_err(edgeseal_core::Error::from)?;
        // More than the memo ever keeps is the same as all that it keeps.
        let memo = RefCell::new(Memo::new(usize::try_from(remember).unwrap_or(usize::MAX)));
        Ok(wit::Policy::new(Self { policy, keys: ring(&keys)?, memo }))
    }

    fn rule_names(&self) -> Vec<String> {
        self.policy.rule_names().map(str::to_owned).collect()
    }

    fn headers() -> Vec<String> {
        edge::HEADERS.iter().map(|name| (*name).to_owned()).collect()
    }

    fn decide(&self, request: wit::EdgeRequest, now: u64) -> Decision {
        let headers: Vec<(&str, &str)> =
            request.headers.iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
        let request = EdgeRequest {
            method: &request.method,
            host: &request.host,
            uri: &request.uri,
            querystring: &request.querystring,
            client_ip: address(request.client_ip.as_deref()),
            headers: &headers,
        };
        // Nothing calls back into the component, so the memo is never in use here; a decision does not depend on it.
        let decision = match self.memo.try_borrow_mut() {
            Ok(mut memo) => edge::decide_with_memo(&self.policy, &request, &self.keys, now, &mut memo),
            Err(_) => edge::decide(&self.policy, &request, &self.keys, now),
        };
        match decision {
            edge::Decision::Allow(allow) => Decision::Allow(allowed(allow)),
            edge::Decision::Deny(deny) => Decision::Deny(denied(deny)),
            edge::Decision::Respond(respond) => Decision::Respond(responded(respond)),
        }
    }
}

fn allowed(allow: Allow<'_>) -> wit::Allow {
    wit::Allow {
        rule: allow.rule.to_owned(),
        uri: allow.uri.map(str::to_owned),
        querystring: allow.querystring,
        cookies: allow.cookies,
        grant: allow.grant.map(|grant| wit::GrantSummary {
            source: grant.source.into(),
            key_pair_id: grant.key_pair_id.into_owned(),
            kind: grant.kind.into(),
            expires: grant.expires,
            verified_here: grant.verified_here,
        }),
    }
}

fn denied(deny: Deny<'_>) -> wit::Deny {
    let body = deny.public_body().to_owned();
    wit::Deny {
        status: deny.status,
        reason: deny.reason.code().to_owned(),
        message: deny.reason.sentence().to_owned(),
        detail: deny.detail.map(|detail| detail.into_owned()),
        rule: deny.rule.map(str::to_owned),
        body,
        headers: headers(deny.headers),
    }
}

fn responded(respond: Respond<'_>) -> wit::Respond {
    wit::Respond {
        status: respond.status,
        rule: respond.rule.to_owned(),
        body: respond.body.to_owned(),
        headers: headers(respond.headers),
    }
}

fn headers(headers: Vec<edge::Header<'_>>) -> Vec<Header> {
    let header = |(name, value): edge::Header<'_>| Header { name: name.into_owned(), value: value.into_owned() };
    headers.into_iter().map(header).collect()
}

fn finding(finding: &Finding) -> wit::Finding {
    let severity = match finding.severity() {
        Severity::Error => wit::Severity::Error,
        Severity::Warning => wit::Severity::Warning,
        Severity::Notice => wit::Severity::Notice,
    };
    // A syntax error has no field, only a place.
    let message = match finding.place {
        Some(place) => format!("{} (line {}, column {})", finding.message, place.line, place.column),
        None => finding.message.clone(),
    };
    wit::Finding {
        code: finding.code.code().to_owned(),
        severity,
        field: finding.field.clone(),
        message,
        fix: finding.fix().to_owned(),
    }
}
