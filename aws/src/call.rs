//! What AWS refuses, in this crate's terms: which call, which permission is missing, what to do.

use crate::error::{Error, ErrorCode};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use std::error::Error as StdError;
use std::fmt;

/// A call to AWS that this crate makes, with the permission it needs.
#[derive(Debug, Clone)]
pub(crate) struct AwsCall {
    /// The IAM action, such as `secretsmanager:GetSecretValue`.
    pub(crate) action: &'static str,
    /// The resource it is made on.
    pub(crate) resource: String,
    /// Code of the error when the permission is missing.
    pub(crate) denied: ErrorCode,
    /// Code of the error when the resource does not exist.
    pub(crate) missing: ErrorCode,
}

/// What is known of a failure.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The name that the service gives it; empty when no service spoke.
    pub(crate) name: String,
    pub(crate) message: String,
    pub(crate) status: Option<u16>,
    /// No credentials were found, before anything was sent.
    no_credentials: bool,
    /// What went wrong where no service spoke.
    why: &'static str,
}

/// The raw answer that an error of the SDK carries.
pub(crate) trait Answer {
    fn status(&self) -> u16;
}

impl Answer for aws_sdk_sts::config::http::HttpResponse {
    fn status(&self) -> u16 {
        self.status().as_u16()
    }
}

impl Facts {
    /// Reads an error of the SDK.
    pub(crate) fn of<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
        R: Answer + fmt::Debug + 'static,
    {
        Self {
            name: error.code().filter(|name| is_name(name)).unwrap_or_default().to_owned(),
            message: error.message().unwrap_or_default().to_owned(),
            status: error.raw_response().map(Answer::status),
            no_credentials: causes(error).any(|cause| cause.is::<CredentialsError>()),
            why: match error {
                SdkError::TimeoutError(_) => "it timed out",
                SdkError::DispatchFailure(failure) if failure.is_timeout() => "it timed out",
                SdkError::DispatchFailure(_) => "there is no connection",
                SdkError::ConstructionFailure(_) => "the request could not be made",
                _ => "the answer cannot be read",
            },
        }
    }

    fn named(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    fn is_denied(&self) -> bool {
        self.named(&["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "KMSAccessDeniedException"])
    }

    fn is_missing(&self) -> bool {
        self.named(&["ResourceNotFoundException", "NoSuchEntity"])
            || (self.named(&["InvalidRequestException"])
                && (self.message.contains("marked for deletion") || self.message.contains("marked deleted")))
    }

    /// A wrong secret key and a wrong clock have the same name; only the words tell them apart.
    fn is_skewed(&self) -> bool {
        let words = self.message.to_ascii_lowercase();
        self.named(&["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
            || words.contains("signature expired")
            || words.contains("signature not yet current")
    }

    fn is_unauthenticated(&self) -> bool {
        self.no_credentials
            || self.named(&[
                "ExpiredToken",
                "ExpiredTokenException",
                "InvalidClientTokenId",
                "InvalidSignatureException",
                "SignatureDoesNotMatch",
                "UnrecognizedClientException",
            ])
    }

    /// Services have several names for it.
    fn is_throttled(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.status == Some(429)
            || ["throttl", "throughput", "limitexceeded", "toomanyrequests", "slowdown"]
                .iter()
                .any(|part| name.contains(part))
    }
}

/// The typed error for what an AWS client answered. Messages of AWS are not repeated: they may quote request contents.
pub(crate) fn aws_error(facts: &Facts, call: &AwsCall) -> Error {
    let AwsCall { action, resource, .. } = call;
    if facts.is_denied() {
        return denied(&facts.message, call);
    }
    if facts.named(&["DecryptionFailure"]) {
        return denied("KMS", call);
    }
    if facts.is_missing() {
        return Error::new(call.missing, format!("{resource} does not exist, or not in this region"))
            .with_hint("check the name or ARN and the region; the product that makes it has it among its outputs");
    }
    if facts.is_skewed() {
        return Error::new(ErrorCode::AwsClockSkew, format!("AWS refused the time of the request for {action}"))
            .with_hint("set the machine's clock by NTP; AWS accepts five minutes of difference");
    }
    if facts.is_unauthenticated() {
        return Error::new(ErrorCode::AwsCredentials, format!("there are no usable AWS credentials for {action}"))
            .with_hint(
                "give the application a role (instance, task or function role), or set AWS_PROFILE for local work",
            );
    }
    if facts.status.is_some_and(|status| (400..500).contains(&status)) && !facts.is_throttled() {
        let name = if facts.name.is_empty() { "no name" } else { &facts.name };
        return Error::new(ErrorCode::AwsRefused, format!("AWS refused {action} on {resource} ({name})"))
            .with_hint("repeating the call will not help; check the names, ARNs and options you passed");
    }
    unavailable(call, if facts.name.is_empty() { facts.why } else { &facts.name })
}

/// AWS gave no answer, or none that helps.
pub(crate) fn unavailable(call: &AwsCall, why: &str) -> Error {
    Error::new(ErrorCode::AwsUnavailable, format!("{} failed ({why})", call.action))
        .with_hint("AWS may be throttling or unreachable; the call can be repeated")
}

/// The action that AWS itself names, where it does, since the missing right may be on the key behind the secret.
fn denied(message: &str, call: &AwsCall) -> Error {
    let action = match named_action(message) {
        Some(said) => said,
        None if message.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "KMS") => "kms:Decrypt",
        None => call.action,
    };
    let resource =
        if action.starts_with("kms:") { format!("the KMS key of {}", call.resource) } else { call.resource.clone() };
    let error = Error::new(call.denied, format!("the permission {action} on {resource} is missing"));
    if action == "sts:AssumeRole" {
        return error.with_hint(
            "the role must trust this application, and this application must be allowed to assume the role; if the role asks for an external id, pass external_id",
        );
    }
    error.with_hint(format!("allow {action} in the policy of the role that makes the call"))
}

/// `service:Action` behind the words that AWS puts in front of it.
fn named_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == ':'));
    let action = rest.get(..end.unwrap_or(rest.len()))?;
    let (service, name) = action.split_once(':')?;
    let plain = !service.is_empty() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    plain.then_some(action)
}

/// Names are the service's own; only a short one that looks like a name is ever shown.
fn is_name(text: &str) -> bool {
    text.len() <= 61
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn causes<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}
