//! Requests of buckets and objects.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method};
use rusqlite::Transaction;

use crate::error::ApiError;
use crate::s3::store::{Bucket, Object};
use crate::s3::{checksum, store, xml};
use crate::store::Place;

/// One request to the store.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) place: &'a Place,
    pub(crate) now: f64,
}

/// An answer of the store.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    fn xml(body: String) -> Self {
        let headers = BTreeMap::from([("content-type".to_owned(), "application/xml".to_owned())]);
        Self { status: 200, headers, body: body.into_bytes() }
    }
}

/// Subresources of a bucket that are stored as they are put, and given back.
const SETTINGS: &[&str] = &[
    "versioning",
    "encryption",
    "publicAccessBlock",
    "ownershipControls",
    "policy",
    "lifecycle",
    "tagging",
    "logging",
];

/// Query fields that change nothing about which operation a request is.
const FIELDS: &[&str] = &[
    "list-type",
    "prefix",
    "max-keys",
    "continuation-token",
    "start-after",
    "encoding-type",
    "fetch-owner",
    "location",
    "x-id",
];

impl Request<'_> {
    /// The name of the S3 operation, for the request log and for faults.
    pub(crate) fn operation(&self) -> String {
        let verb = match self.method.as_str() {
            "PUT" => "Put",
            "GET" => "Get",
            "HEAD" => "Head",
            "DELETE" => "Delete",
            other => return format!("s3:{other}"),
        };
        let name = match (self.key.is_empty(), self.setting(), self.method.as_str()) {
            (true, Some(setting), _) => format!("{verb}Bucket:{setting}"),
            (true, None, "PUT") => "CreateBucket".to_owned(),
            (true, None, "GET") if self.bucket.is_empty() => "ListBuckets".to_owned(),
            (true, None, "GET") if self.query.contains_key("location") => "GetBucketLocation".to_owned(),
            (true, None, "GET") => "ListObjectsV2".to_owned(),
            (true, None, _) => format!("{verb}Bucket"),
            (false, _, _) if self.query.contains_key("tagging") => format!("{verb}ObjectTagging"),
            (false, _, _) => format!("{verb}Object"),
        };
        format!("s3:{name}")
    }

    fn setting(&self) -> Option<&'static str> {
        SETTINGS.iter().find(|s| self.query.contains_key(**s)).copied()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Serves the request.
    pub(crate) fn serve(&self, tx: &Transaction<'_>) -> Result<Answer, ApiError> {
        // A field that is not known may make it another operation, so it is refused.
        let tags = |name: &str| name == "tagging" && !self.key.is_empty();
        let known = |name: &str| {
            let setting = self.key.is_empty() && SETTINGS.contains(&name);
            setting || tags(name) || FIELDS.contains(&name) || name.starts_with("X-Amz-")
        };
        if let Some(name) = self.query.keys().find(|k| !known(k)) {
            return Err(not_implemented(&format!("requests with {name}")));
        }
        if self.bucket.is_empty() {
            return Err(not_implemented("ListBuckets"));
        }
        let making = self.key.is_empty() && *self.method == Method::PUT && self.setting().is_none();
        if making {
            return self.create_bucket(tx);
        }
        let bucket = store::bucket(tx, &self.bucket)?
            .ok_or_else(|| ApiError::new(404, "NoSuchBucket", "The specified bucket does not exist"))?;
        let expected = self.header("x-amz-expected-bucket-owner");
        if bucket.account != self.place.account || expected.is_some_and(|e| e != bucket.account) {
            return Err(ApiError::new(403, "AccessDenied", "Access Denied"));
        }
        if self.key.is_empty() { self.on_bucket(tx, &bucket) } else { self.on_object(tx) }
    }

    fn create_bucket(&self, tx: &Transaction<'_>) -> Result<Answer, ApiError> {
        let valid = (3..=63).contains(&self.bucket.len())
            && self.bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
            && self.bucket.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !valid {
            return Err(ApiError::new(400, "InvalidBucketName", "The specified bucket is not valid."));
        }
        match store::bucket(tx, &self.bucket)? {
            Some(old) if old.account != self.place.account => {
                return Err(ApiError::new(409, "BucketAlreadyExists", "The requested bucket name is not available."));
            }
            Some(_) if self.place.region != "us-east-1" => {
                return Err(ApiError::new(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                ));
            }
            Some(_) => {}
            None => {
                let bucket = Bucket { account: self.place.account.clone(), region: self.place.region.clone() };
                store::make_bucket(tx, &self.bucket, &bucket, self.now)?;
            }
        }
        let mut answer = Answer::status(200);
        answer.headers.insert("location".to_owned(), format!("/{}", self.bucket));
        Ok(answer)
    }

    fn on_bucket(&self, tx: &Transaction<'_>, bucket: &Bucket) -> Result<Answer, ApiError> {
        if let Some(setting) = self.setting() {
            return self.on_setting(tx, setting);
        }
        match self.method.as_str() {
            "HEAD" => {
                let mut answer = Answer::status(200);
                answer.headers.insert("x-amz-bucket-region".to_owned(), bucket.region.clone());
                Ok(answer)
            }
            "GET" if self.query.contains_key("location") => Ok(Answer::xml(xml::location(&bucket.region))),
            "GET" => self.list(tx),
            "DELETE" => {
                if !store::list(tx, &self.bucket, "", "", 1)?.is_empty() {
                    return Err(ApiError::new(409, "BucketNotEmpty", "The bucket you tried to delete is not empty"));
                }
                store::drop_bucket(tx, &self.bucket)?;
                Ok(Answer::status(204))
            }
            _ => Err(not_implemented("this bucket operation")),
        }
    }

    fn on_setting(&self, tx: &Transaction<'_>, setting: &str) -> Result<Answer, ApiError> {
        match self.method.as_str() {
            "PUT" => {
                store::set_setting(tx, &self.bucket, setting, Some(self.body))?;
                Ok(Answer::status(if setting == "policy" { 204 } else { 200 }))
            }
            "DELETE" => {
                store::set_setting(tx, &self.bucket, setting, None)?;
                Ok(Answer::status(204))
            }
            _ => match store::setting(tx, &self.bucket, setting)? {
                Some(body) if setting == "policy" => Ok(Answer { status: 200, body, ..Answer::default() }),
                Some(body) => Ok(Answer::xml(String::from_utf8_lossy(&body).into_owned())),
                None => xml::unset(setting).map(Answer::xml),
            },
        }
    }

    fn list(&self, tx: &Transaction<'_>) -> Result<Answer, ApiError> {
        if self.query.contains_key("delimiter") {
            return Err(not_implemented("listing with a delimiter"));
        }
        let text = |name: &str| self.query.get(name).map_or("", String::as_str);
        let max = text("max-keys").parse().unwrap_or(1000_usize).min(1000);
        let after =
            if text("continuation-token").is_empty() { text("start-after") } else { text("continuation-token") };
        let mut entries = store::list(tx, &self.bucket, text("prefix"), after, max + 1)?;
        let truncated = entries.len() > max;
        entries.truncate(max);
        Ok(Answer::xml(xml::listing(&self.bucket, text("prefix"), max, &entries, truncated)))
    }

    fn on_object(&self, tx: &Transaction<'_>) -> Result<Answer, ApiError> {
        let old = store::get(tx, &self.bucket, &self.key)?;
        let missing = || ApiError::new(404, "NoSuchKey", "The specified key does not exist.");
        if self.query.contains_key("tagging") {
            return self.on_tags(tx, old.ok_or_else(missing)?);
        }
        match self.method.as_str() {
            "PUT" => self.put(tx, old.as_ref()),
            "GET" | "HEAD" => self.read(old.ok_or_else(missing)?),
            "DELETE" => {
                self.check_if_match(old.as_ref())?;
                store::delete(tx, &self.bucket, &self.key)?;
                Ok(Answer::status(204))
            }
            _ => Err(not_implemented("this object operation")),
        }
    }

    /// Holds a write or delete to the entity tag it was meant for.
    fn check_if_match(&self, old: Option<&Object>) -> Result<(), ApiError> {
        match self.header("if-match") {
            Some(etag) if old.is_none_or(|o| o.etag.trim_matches('"') != etag.trim_matches('"')) => {
                Err(precondition_failed())
            }
            _ => Ok(()),
        }
    }

    fn put(&self, tx: &Transaction<'_>, old: Option<&Object>) -> Result<Answer, ApiError> {
        if self.headers.contains_key("x-amz-copy-source") {
            return Err(not_implemented("copies"));
        }
        match (self.header("if-none-match"), old) {
            (Some("*"), Some(_)) => return Err(precondition_failed()),
            (Some("*") | None, _) => {}
            (Some(_), _) => return Err(not_implemented("If-None-Match with an entity tag")),
        }
        self.check_if_match(old)?;
        let upload = checksum::open(self.headers, self.body)?;
        let mut headers = upload.checksums.clone();
        for (name, value) in self.headers {
            let kept = name.as_str().starts_with("x-amz-meta-")
                || matches!(name.as_str(), "content-type" | "cache-control" | "content-disposition");
            if let (true, Ok(value)) = (kept, value.to_str()) {
                headers.insert(name.as_str().to_owned(), value.to_owned());
            }
        }
        let etag = checksum::etag(&upload.bytes);
        let tags = self.header("x-amz-tagging").unwrap_or_default().to_owned();
        store::put(
            tx,
            &self.bucket,
            &self.key,
            &Object { bytes: upload.bytes, etag: etag.clone(), headers, tags, modified: self.now },
        )?;
        let mut answer = Answer::status(200);
        answer.headers = upload.checksums;
        answer.headers.insert("etag".to_owned(), etag);
        Ok(answer)
    }

    fn read(&self, object: Object) -> Result<Answer, ApiError> {
        let mut answer = Answer::status(200);
        let wants_checksum = self.header("x-amz-checksum-mode").is_some_and(|m| m.eq_ignore_ascii_case("enabled"));
        answer.headers = object.headers;
        if !wants_checksum {
            answer.headers.retain(|name, _| !name.starts_with("x-amz-checksum-"));
        }
        answer.headers.insert("etag".to_owned(), object.etag);
        answer.headers.insert("last-modified".to_owned(), xml::http_date(object.modified));
        if !object.tags.is_empty() {
            let count = object.tags.split('&').count();
            answer.headers.insert("x-amz-tagging-count".to_owned(), count.to_string());
        }
        if *self.method == Method::HEAD {
            answer.headers.insert("content-length".to_owned(), object.bytes.len().to_string());
        } else {
            answer.body = object.bytes;
        }
        Ok(answer)
    }

    fn on_tags(&self, tx: &Transaction<'_>, mut object: Object) -> Result<Answer, ApiError> {
        match self.method.as_str() {
            "GET" => return Ok(Answer::xml(xml::tagging(&object.tags))),
            "PUT" => object.tags = xml::read_tagging(self.body)?,
            "DELETE" => object.tags = String::new(),
            _ => return Err(not_implemented("this tag operation")),
        }
        store::put(tx, &self.bucket, &self.key, &object)?;
        Ok(Answer::status(if *self.method == Method::PUT { 200 } else { 204 }))
    }
}

fn precondition_failed() -> ApiError {
    ApiError::new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
}

fn not_implemented(what: &str) -> ApiError {
    ApiError::new(501, "NotImplemented", format!("The built-in store does not serve {what}."))
}

/// The error document of S3.
pub(crate) fn error_answer(error: &ApiError, resource: &str, request_id: &str) -> Answer {
    let mut answer = Answer::xml(xml::error(error, resource, request_id));
    answer.status = error.status;
    answer
}
