//! The façade without records: what is signed, what the client has to send, and what is refused before anything is.

use crate::support::{START, StoppedClock, Store, secret_text};
use edgeseal_aws::{CompleteUpload, RequestDownload, RequestUpload, UploadService, UploadServiceConfig, create_signer};
use std::time::Duration;

async fn config() -> UploadServiceConfig {
    let clock = StoppedClock::new();
    let signer = create_signer(Store::holding(secret_text("K1")).config(&clock)).await.unwrap();
    UploadServiceConfig { clock: clock.clock(), ..UploadServiceConfig::new(signer, "https://files.example.com") }
}

fn file() -> RequestUpload {
    RequestUpload { max_bytes: 1000, content_type: "application/pdf".to_owned(), ..RequestUpload::default() }
}

#[tokio::test]
async fn a_ticket_has_the_signed_constraints_and_the_headers_that_match_them() {
    let service = UploadService::new(config().await).unwrap();
    let sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    let request = RequestUpload {
        key: Some("in/a b.pdf".to_owned()),
        sha256: Some(sha256.to_owned()),
        filename: Some("Report.PDF".to_owned()),
        ..file()
    };
    let ticket = service.request_upload(request).await.unwrap();
    let front = format!(
        "https://files.example.com/upload/in/a%20b.pdf?es-method=PUT&es-max-bytes=1000&es-content-type=application/pdf&es-sha256={sha256}&es-filename=Report.PDF&Expires={}&Signature=",
        START + 900
    );
    assert!(ticket.url.starts_with(&front), "{}", ticket.url);
    assert_eq!((ticket.method, ticket.key.as_str(), &ticket.record), ("PUT", "in/a b.pdf", &None));
    let digest = "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=".to_owned();
    let headers = [("content-type", "application/pdf".to_owned()), ("x-amz-checksum-sha256", digest)];
    assert_eq!(ticket.headers, headers);
}

#[tokio::test]
async fn prefixes_and_lifetimes_are_the_ones_that_were_asked_for() {
    let service = UploadService::new(UploadServiceConfig {
        origin: "http://127.0.0.1:8080/".to_owned(),
        upload_prefix: "/in/box".to_owned(),
        download_prefix: "/out".to_owned(),
        upload_lifetime: Duration::from_secs(60),
        download_lifetime: Duration::from_secs(61),
        ..config().await
    })
    .unwrap();
    let ticket = service.request_upload(RequestUpload { filename: Some("A.PDF".into()), ..file() }).await.unwrap();
    assert!(ticket.key.ends_with(".pdf"), "{}", ticket.key);
    assert!(ticket.url.starts_with(&format!("http://127.0.0.1:8080/in/box/{}?", ticket.key)), "{}", ticket.url);
    assert!(ticket.url.contains(&format!("&Expires={}&", START + 60)), "{}", ticket.url);
    let download = RequestDownload { key: "a".to_owned(), ..RequestDownload::default() };
    let url = service.request_download(download).await.unwrap();
    assert!(url.starts_with(&format!("http://127.0.0.1:8080/out/a?Expires={}&", START + 61)), "{url}");
    let bound = RequestDownload { key: "*".to_owned(), ip_address: Some("192.0.2.7".to_owned()), asked_by: None };
    let url = service.request_download(bound).await.unwrap();
    assert!(url.starts_with("http://127.0.0.1:8080/out/%2A?Policy="), "{url}");
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_with_its_code() {
    let service = UploadService::new(config().await).unwrap();
    for (request, code) in [
        (RequestUpload { key: Some("../a".to_owned()), ..file() }, "invalid-object-key"),
        (RequestUpload { content_type: String::new(), ..file() }, "invalid-argument"),
        (RequestUpload { content_type: "image/*".to_owned(), ..file() }, "invalid-argument"),
        (RequestUpload { content_type: "no type\r\n".to_owned(), ..file() }, "invalid-upload-constraint"),
        (RequestUpload { sha256: Some("no hash".to_owned()), ..file() }, "invalid-upload-constraint"),
        (RequestUpload { max_bytes: 0, ..file() }, "invalid-upload-constraint"),
        (RequestUpload { max_bytes: u64::MAX, ..file() }, "invalid-upload-constraint"),
        (RequestUpload { filename: Some(String::new()), ..file() }, "invalid-upload-constraint"),
        (RequestUpload { ip_address: Some("::1".to_owned()), ..file() }, "invalid-ip"),
    ] {
        let error = service.request_upload(request.clone()).await.expect_err(&format!("{request:?}"));
        assert_eq!(error.code().as_str(), code, "{request:?}");
    }
    let upload = CompleteUpload { key: "a".to_owned(), owner: "ann".to_owned(), bytes: None };
    let error = service.complete_upload(upload).await.unwrap_err();
    assert_eq!((error.code().as_str(), error.field()), ("invalid-argument", Some("records")));
}

#[tokio::test]
async fn settings_that_would_open_other_files_or_another_domain_are_refused() {
    let usual = config().await;
    for origin in [
        "",
        "files.example.com",
        "https://",
        "https://files.example.com/a",
        "https://user@files.example.com",
        "https://*.example.com",
        "https://files.example.com:0",
        "https://files.example.com:080",
        "https://files.example.com:99999",
        "https://FILES.example.com",
        "https://files..example.com",
        "ftp://files.example.com",
    ] {
        let error = UploadService::new(UploadServiceConfig { origin: origin.to_owned(), ..usual.clone() });
        assert_eq!(error.expect_err(origin).field(), Some("origin"), "{origin}");
    }
    for prefix in ["", "/", "upload", "/up*", "/a/../b", "/.", "/down/", "/a//b", "/%75pload"] {
        let change = UploadServiceConfig { upload_prefix: prefix.to_owned(), ..usual.clone() };
        assert_eq!(UploadService::new(change).expect_err(prefix).field(), Some("upload_prefix"));
        let change = UploadServiceConfig { download_prefix: prefix.to_owned(), ..usual.clone() };
        assert_eq!(UploadService::new(change).expect_err(prefix).field(), Some("download_prefix"));
    }
    let change = UploadServiceConfig { upload_lifetime: Duration::from_millis(999), ..usual };
    assert_eq!(UploadService::new(change).unwrap_err().field(), Some("upload_lifetime"));
}
