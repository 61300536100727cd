//! Who is calling: account, region and service from the SigV4 credential scope.
//!
//! The rehearsal catalog looks for a signature, as AWS does, but it has no secret to check
//! one with: any secret access key is accepted.

use axum::http::HeaderMap;

use crate::error::ApiError;

/// The credential scope of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The access key id.
    pub(crate) key: String,
    /// The region of the scope.
    pub(crate) region: String,
    /// The signing name, such as `servicecatalog`.
    pub(crate) service: String,
}

/// Reads the scope of a request.
///
/// # Errors
/// `MissingAuthenticationTokenException` with no signature, `IncompleteSignatureException`
/// with one that has not the form of SigV4.
pub(crate) fn scope(headers: &HeaderMap, query: &str) -> Result<Scope, ApiError> {
    let header = headers.get("authorization").and_then(|v| v.to_str().ok());
    let credential = match header {
        Some(text) => from_header(text)?,
        None => form_urlencoded::parse(query.as_bytes())
            .find(|(k, _)| k == "X-Amz-Credential")
            .map(|(_, v)| v.into_owned())
            .ok_or_else(|| ApiError::new(403, "MissingAuthenticationTokenException", "Missing Authentication Token"))?,
    };
    parse(&credential)
}

fn from_header(text: &str) -> Result<String, ApiError> {
    let fields = text
        .strip_prefix("AWS4-HMAC-SHA256")
        .ok_or_else(|| incomplete("the Authorization header must start with AWS4-HMAC-SHA256"))?;
    let mut credential = None;
    let (mut signed, mut signature) = (false, false);
    for field in fields.split(',').map(str::trim) {
        match field.split_once('=') {
            Some(("Credential", value)) => credential = Some(value.to_owned()),
            Some(("SignedHeaders", value)) => signed = !value.is_empty(),
            Some(("Signature", value)) => {
                signature = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
            }
            _ => {}
        }
    }
    match credential {
        Some(credential) if signed && signature => Ok(credential),
        Some(_) if !signed => Err(incomplete("Authorization header requires 'SignedHeaders' parameter.")),
        Some(_) => Err(incomplete("Authorization header requires 'Signature' parameter.")),
        None => Err(incomplete("Authorization header requires 'Credential' parameter.")),
    }
}

fn parse(credential: &str) -> Result<Scope, ApiError> {
    let mut parts = credential.rsplitn(5, '/');
    let (end, service, region, date, key) = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
    match (key, date, region, service, end) {
        (Some(key), Some(date), Some(region), Some(service), Some("aws4_request"))
            if !key.is_empty() && date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) && is_region(region) =>
        {
            Ok(Scope { key: key.to_owned(), region: region.to_owned(), service: service.to_owned() })
        }
        _ => Err(incomplete("Credential must have the form KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request.")),
    }
}

fn is_region(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 32
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn incomplete(message: &str) -> ApiError {
    ApiError::new(400, "IncompleteSignatureException", message)
}

/// The partition a region belongs to.
pub(crate) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(authorization: &str) -> Result<Scope, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", authorization.parse().unwrap());
        scope(&headers, "")
    }

    #[test]
    fn the_scope_of_a_signed_request_gives_key_region_and_service() {
        let signature = "a".repeat(64);
        let got = read(&format!("AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/servicecatalog/aws4_request, SignedHeaders=host, Signature={signature}")).unwrap();
        assert_eq!(
            (got.key.as_str(), got.region.as_str(), got.service.as_str()),
            ("111122223333", "eu-west-1", "servicecatalog")
        );
    }

    #[test]
    fn an_unsigned_or_half_signed_request_is_refused() {
        assert_eq!(scope(&HeaderMap::new(), "").unwrap_err().code, "MissingAuthenticationTokenException");
        for bad in [
            "Basic eA==",
            "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/s/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=k/now/eu-west-1/s/aws4_request, SignedHeaders=host, Signature=0000000000000000000000000000000000000000000000000000000000000000",
        ] {
            assert_eq!(read(bad).unwrap_err().code, "IncompleteSignatureException", "{bad}");
        }
    }
}
