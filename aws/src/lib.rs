//! Signing with a key that lives in AWS, records of files, and the small façade over both.
//!
//! The companion of [`edgeseal_core`] on the AWS SDK for Rust. The npm package has the same under `edgeseal/aws`, with
//! the same names, error codes and records: applications of both kinds can share one table.
//!
//! - [`create_signer`] assumes the integration role, reads the private key from Secrets Manager, and keeps up with its
//!   rotation.
//! - [`FileRecords`] keeps metadata of files in DynamoDB. Optional.
//! - [`UploadService`] is what most applications want: ask for an upload, say that it is done, ask for a download.
//!
//! Everything runs on a tokio runtime. Events go to [`tracing`], with the target `edgeseal_aws`.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod access;
mod call;
mod clock;
mod error;
mod file_record;
mod key_source;
mod object_key;
mod page;
mod records;
mod secret;
mod signer;
mod table;
mod uploads;

pub use clock::{Clock, valid_for};
pub use edgeseal_core as core;
pub use error::{Error, ErrorCode};
pub use file_record::{FileRecord, FileState, NewFileRecord};
pub use key_source::{FetchSecret, KeyStatus, SecretSource, SecretValue};
pub use object_key::{check_object_key, new_object_key};
pub use page::{PageRequest, RecordPage};
pub use records::{FileRecords, FileRecordsConfig};
pub use signer::{AwsSigner, SignerConfig, create_signer};
pub use uploads::{CompleteUpload, RequestDownload, RequestUpload, UploadService, UploadServiceConfig, UploadTicket};
