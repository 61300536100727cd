//! A tiny S3-compatible store on the endpoint's own port, so that a publish needs nothing else.
//!
//! It serves buckets and whole objects with conditional writes, checksums and tags. It does
//! not serve multipart uploads, versions, presigned forms or access policies.

mod checksum;
mod host;
mod request;
pub(crate) mod store;
mod xml;

pub(crate) use host::{Host, bucket_of_host, host_name};
pub(crate) use request::{Answer, Request, error_answer};
pub(crate) use xml::{escape as xml_escape, iso_date};
