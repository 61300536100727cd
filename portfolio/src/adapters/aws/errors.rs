//! SDK errors become errors of this tool.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::error::{Code, Error, Result};

/// Waits for a call and turns its error into one of ours.
pub(super) async fn call<T, E>(
    operation: &'static str,
    request: impl Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
) -> Result<T>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    request.await.map_err(|error| translate(operation, &error))
}

/// A read of one object: `None` when AWS knows no such object.
pub(super) fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A change that counts as done when AWS says so through one of these error codes.
pub(super) fn done<T>(result: Result<T>, also: &[&str]) -> Result<()> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.aws_code().is_some_and(|code| also.contains(&code)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// AWS's code for an object that is not there.
pub(super) const NOT_FOUND: &str = "ResourceNotFoundException";
/// AWS's code for an object that is there already.
pub(super) const DUPLICATE: &str = "DuplicateResourceException";

fn is_not_found(error: &Error) -> bool {
    error.aws_code() == Some(NOT_FOUND)
}

/// A field that AWS documents as always present.
pub(super) fn present<T>(operation: &str, field: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::new(Code::AnswerIncomplete, format!("the answer to {operation} has no {field}")))
}

/// `servicecatalog:CreatePortfolio`, from the operation as this module names it.
pub(super) fn translate<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            let request_id = context
                .raw()
                .headers()
                .get("x-amzn-requestid")
                .or_else(|| context.raw().headers().get("x-amz-request-id"));
            service(operation, context.err(), status, request_id)
        }
        SdkError::TimeoutError(_) => {
            Error::new(Code::Unreachable, format!("{operation} got no answer in time")).with_aws_code(Some("Timeout"))
        }
        SdkError::DispatchFailure(failure) => {
            let source = failure.as_connector_error().and_then(std::error::Error::source);
            let reason = source.map_or_else(|| "the request could not be sent".to_owned(), chain);
            if reason.contains("credentials") {
                return Error::new(Code::NoCredentials, format!("{operation}: {reason}"));
            }
            Error::new(Code::Unreachable, format!("{operation}: {reason}"))
        }
        SdkError::ResponseError(_) => {
            Error::new(Code::Unreachable, format!("{operation}: the answer broke off or is malformed"))
        }
        other => {
            let reason = chain(other);
            let code = if reason.contains("credentials") { Code::NoCredentials } else { Code::AwsRefused };
            Error::new(code, format!("{operation}: {reason}"))
        }
    }
}

fn service(operation: &str, error: &impl ProvideErrorMetadata, status: u16, request_id: Option<&str>) -> Error {
    let aws_code = error.code().unwrap_or("");
    let said = match (error.message(), aws_code) {
        (Some(message), "") => message.to_owned(),
        (Some(message), code) => format!("{code}: {message}"),
        (None, "") => format!("HTTP status {status}"),
        (None, code) => code.to_owned(),
    };
    let request = request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
    let message = format!("{operation} was refused: {said}{request}");
    let code = match aws_code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            return Error::new(Code::AccessDenied, message)
                .with_aws_code(Some(aws_code))
                .with_help(format!("Grant the action `{operation}` to the caller in the header."));
        }
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "InvalidAccessKeyId" => Code::NoCredentials,
        code if code.contains("Throttl") || code == "TooManyRequestsException" || code == "SlowDown" => Code::Throttled,
        _ if status >= 500 => Code::AwsFailed,
        _ => Code::AwsRefused,
    };
    let error = Error::new(code, message).with_aws_code(Some(aws_code));
    match aws_code {
        "LimitExceededException" => error.with_help("Prune old versions, or ask AWS to raise the quota."),
        "ResourceInUseException" => error.with_help("Something still uses it; `portfolio status` shows what."),
        _ => error,
    }
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let next = cause.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        source = cause.source();
    }
    text
}
