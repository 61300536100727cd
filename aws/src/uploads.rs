//! The few calls that most applications want.

use crate::clock::Clock;
use crate::error::{Error, ErrorCode};
use crate::file_record::{FileRecord, FileState, NewFileRecord};
use crate::object_key::{check_object_key, key_as_path, new_object_key};
use crate::records::FileRecords;
use crate::signer::AwsSigner;
use base64ct::{Base64, Encoding};
use edgeseal_core::policy::{Ipv4Range, Terms};
use edgeseal_core::upload::UploadConstraints;
use std::time::Duration;

/// How long a URL lives, unless the caller says otherwise.
const USUAL_LIFETIME: Duration = Duration::from_secs(900);

/// What [`UploadService::new`] takes.
#[derive(Debug, Clone)]
pub struct UploadServiceConfig {
    /// From [`create_signer`](crate::create_signer).
    pub signer: AwsSigner,
    /// The distribution's own domain: `https://files.example.com`.
    pub origin: String,
    /// Keep a record of each file.
    pub records: Option<FileRecords>,
    /// The path of the upload behaviour; `/upload` as in the products.
    pub upload_prefix: String,
    /// The path of the download behaviour; `/download` as in the products.
    pub download_prefix: String,
    /// How long an upload URL lives; 15 minutes by default.
    pub upload_lifetime: Duration,
    /// How long a download URL lives; 15 minutes by default.
    pub download_lifetime: Duration,
    /// The clock, for tests.
    pub clock: Clock,
}

impl UploadServiceConfig {
    /// The usual settings for a signer and a domain, without records.
    #[must_use]
    pub fn new(signer: AwsSigner, origin: impl Into<String>) -> Self {
        Self {
            signer,
            origin: origin.into(),
            records: None,
            upload_prefix: "/upload".to_owned(),
            download_prefix: "/download".to_owned(),
            upload_lifetime: USUAL_LIFETIME,
            download_lifetime: USUAL_LIFETIME,
            clock: Clock::default(),
        }
    }
}

/// What [`UploadService::request_upload`] takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestUpload {
    /// The object's key; made up from the file name when `None`.
    pub key: Option<String>,
    /// Whose file it is; needed with records.
    pub owner: Option<String>,
    /// The largest body, in bytes.
    pub max_bytes: u64,
    /// The exact media type of the file.
    pub content_type: String,
    /// The SHA-256 of the body, as 64 lower-case hexadecimal digits.
    pub sha256: Option<String>,
    /// The file's own name.
    pub filename: Option<String>,
    /// Bind the URL to the viewer's IPv4 address.
    pub ip_address: Option<String>,
}

/// How to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadTicket {
    /// The signed URL.
    pub url: String,
    /// The method: `PUT`.
    pub method: &'static str,
    /// The object's key.
    pub key: String,
    /// Headers that the client must send: names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The record, when records are kept.
    pub record: Option<FileRecord>,
}

/// What [`UploadService::complete_upload`] takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompleteUpload {
    /// The object's key.
    pub key: String,
    /// Whose file it is.
    pub owner: String,
    /// The size that the file has.
    pub bytes: Option<u64>,
}

/// What [`UploadService::request_download`] takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestDownload {
    /// The object's key.
    pub key: String,
    /// Who asks; needed with records, where it must be the owner.
    pub asked_by: Option<String>,
    /// Bind the URL to the viewer's IPv4 address.
    pub ip_address: Option<String>,
}

/// The few calls most applications want: ask for an upload, say that it is done, ask for a download.
///
/// ```no_run
/// use edgeseal_aws::{AwsSigner, FileRecords, RequestUpload, UploadService, UploadServiceConfig};
///
/// # async fn example(signer: AwsSigner, records: FileRecords) -> Result<(), edgeseal_aws::Error> {
/// let uploads = UploadService::new(UploadServiceConfig {
///     records: Some(records),
///     ..UploadServiceConfig::new(signer, "https://files.example.com")
/// })?;
/// let ticket = uploads
///     .request_upload(RequestUpload {
///         owner: Some("ann".into()),
///         max_bytes: 25_000_000,
///         content_type: "application/pdf".into(),
///         ..RequestUpload::default()
///     })
///     .await?;
/// println!("PUT {} with {:?}", ticket.url, ticket.headers);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct UploadService {
    settings: UploadServiceConfig,
}

impl UploadService {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`].
    pub fn new(mut settings: UploadServiceConfig) -> Result<Self, Error> {
        if settings.origin.ends_with('/') {
            settings.origin.pop();
        }
        check_origin(&settings.origin)?;
        check_prefix(&settings.upload_prefix, "upload_prefix")?;
        check_prefix(&settings.download_prefix, "download_prefix")?;
        for (lifetime, field) in
            [(settings.upload_lifetime, "upload_lifetime"), (settings.download_lifetime, "download_lifetime")]
        {
            if lifetime < Duration::from_secs(1) {
                return Err(Error::argument(field, "must be at least a second"));
            }
        }
        Ok(Self { settings })
    }

    /// Signs an upload of one file, and records it as pending.
    ///
    /// The URL is signed first and the record written last, so a failure of either leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidObjectKey`], [`ErrorCode::InvalidArgument`], [`ErrorCode::RecordExists`], and what signing
    /// and writing a record give.
    pub async fn request_upload(&self, request: RequestUpload) -> Result<UploadTicket, Error> {
        let UploadServiceConfig { signer, records, upload_prefix, upload_lifetime, .. } = &self.settings;
        let RequestUpload { key, owner, max_bytes, content_type, sha256, filename, ip_address } = request;
        let key = match key {
            Some(key) => check_object_key(&key).map(|()| key)?,
            None => new_object_key(filename.as_deref(), None)?,
        };
        check_exact_type(&content_type)?;
        let owner = match records {
            Some(_) => Some(required(owner, "owner")?),
            None => None,
        };
        let upload = UploadConstraints {
            max_bytes: Some(max_bytes),
            content_type: Some(content_type.clone()),
            sha256: sha256.clone(),
            filename: filename.clone(),
            ..UploadConstraints::put()
        };
        let terms = self.terms(*upload_lifetime, ip_address.as_deref())?;
        let url = signer.sign_url(&self.url(upload_prefix, &key), &terms, Some(&upload)).await?;
        let headers = upload_headers(&content_type, sha256.as_deref());
        let record = match (records, owner) {
            (Some(records), Some(owner)) => {
                let content_type = Some(content_type);
                let (bytes, keep_until) = (Some(max_bytes), Some(terms.expires));
                let file = NewFileRecord { key: key.clone(), owner, content_type, filename, bytes, keep_until };
                Some(records.create(file).await?)
            }
            _ => None,
        };
        Ok(UploadTicket { url, method: "PUT", key, headers, record })
    }

    /// Marks an upload as done. It believes its caller: whether the object is there is not looked at.
    ///
    /// # Errors
    /// [`ErrorCode::RecordNotPending`]; [`ErrorCode::InvalidArgument`] when no records are kept.
    pub async fn complete_upload(&self, upload: CompleteUpload) -> Result<FileRecord, Error> {
        let Some(records) = &self.settings.records else {
            return Err(Error::argument("records", "are needed by complete_upload")
                .with_hint("set records: Some(FileRecords::open(...).await?)"));
        };
        records.complete(&upload.key, &upload.owner, upload.bytes).await
    }

    /// Signs a download. With records, the one who asks must be the owner, and the upload complete.
    ///
    /// # Errors
    /// [`ErrorCode::FileNotFound`], whatever the reason, so that nobody learns what exists.
    pub async fn request_download(&self, download: RequestDownload) -> Result<String, Error> {
        let UploadServiceConfig { signer, records, download_prefix, download_lifetime, .. } = &self.settings;
        let RequestDownload { key, asked_by, ip_address } = download;
        check_object_key(&key)?;
        let terms = self.terms(*download_lifetime, ip_address.as_deref())?;
        if let Some(records) = records {
            let asked_by = required(asked_by, "asked_by")?;
            let record = records.get(&key).await?;
            let allowed = record.is_some_and(|record| record.owner == asked_by && record.state == FileState::Complete);
            if !allowed {
                return Err(Error::new(ErrorCode::FileNotFound, "there is no such file").with_field("key"));
            }
        }
        signer.sign_url(&self.url(download_prefix, &key), &terms, None).await
    }

    fn url(&self, prefix: &str, key: &str) -> String {
        format!("{}{prefix}/{}", self.settings.origin, key_as_path(key))
    }

    fn terms(&self, lifetime: Duration, ip_address: Option<&str>) -> Result<Terms, Error> {
        let expires = self.settings.clock.seconds().saturating_add(lifetime.as_secs());
        let ip = ip_address.map(Ipv4Range::parse).transpose()?;
        Ok(Terms { ip, ..Terms::until(expires) })
    }
}

fn required(value: Option<String>, field: &'static str) -> Result<String, Error> {
    value.filter(|text| !text.is_empty()).ok_or_else(|| Error::argument(field, "must be a non-empty string"))
}

/// A scheme and a host, written as a browser would write it.
fn check_origin(origin: &str) -> Result<(), Error> {
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port);
    if host.split('.').all(is_label) && port.is_none_or(is_port) {
        return Ok(());
    }
    Err(Error::argument("origin", "must be a scheme and a host in lower case, without a path")
        .with_hint("for example https://files.example.com"))
}

/// The prefix of a path becomes part of what is signed, so it holds no wildcard and nothing to decode.
fn check_prefix(prefix: &str, field: &'static str) -> Result<(), Error> {
    let is_segment = |segment: &str| {
        !matches!(segment, "" | "." | "..")
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
    };
    if prefix.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment)) {
        return Ok(());
    }
    Err(Error::argument(field, "must be a path such as /upload"))
}

fn check_exact_type(content_type: &str) -> Result<(), Error> {
    if content_type.is_empty() {
        return Err(Error::argument("content_type", "must be a non-empty string"));
    }
    if content_type.contains('*') {
        return Err(Error::argument("content_type", "must be exact, since the client has to send it"));
    }
    Ok(())
}

fn upload_headers(content_type: &str, sha256: Option<&str>) -> Vec<(&'static str, String)> {
    let mut headers = vec![("content-type", content_type.to_owned())];
    let digest = sha256.and_then(|digits| base16(digits.as_bytes()));
    headers.extend(digest.map(|bytes| ("x-amz-checksum-sha256", Base64::encode_string(&bytes))));
    headers
}

/// The bytes of hexadecimal digits, which signing has checked.
fn base16(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(value(*high)? << 4 | value(*low)?),
            _ => None,
        })
        .collect()
}
