//! The built-in object store.

use crate::support::{Catalog, signed};

#[test]
fn an_object_is_written_once_read_back_and_tagged() {
    let catalog = Catalog::new();
    assert_eq!(catalog.s3("PUT", "/bucket/k", &[], b"x").status, 404, "no bucket yet");
    assert_eq!(catalog.s3("HEAD", "/bucket", &[], b"").status, 404);
    assert_eq!(catalog.s3("PUT", "/bucket", &[], b"").status, 200);
    assert_eq!(catalog.s3("PUT", "/bucket", &[], b"").status, 409);
    assert_eq!(catalog.s3("HEAD", "/bucket", &[], b"").headers["x-amz-bucket-region"], "eu-west-1");
    let once = [
        ("if-none-match", "*"),
        ("content-type", "text/yaml"),
        ("x-amz-meta-a", "b"),
        ("x-amz-tagging", "k=v"),
        ("x-amz-checksum-crc32", "NhCmhg=="),
    ];
    let put = catalog.s3("PUT", "/bucket/a/b%20c", &once, b"hello");
    assert_eq!((put.status, put.headers["etag"].to_str().unwrap()), (200, "\"5d41402abc4b2a76b9719d911017c592\""));
    let again = catalog.s3("PUT", "/bucket/a/b%20c", &once, b"other");
    assert_eq!(again.status, 412);
    assert!(again.text().contains("<Code>PreconditionFailed</Code>"));
    let got = catalog.s3("GET", "/bucket/a/b%20c", &[("x-amz-checksum-mode", "ENABLED")], b"");
    assert_eq!(got.body, b"hello");
    for (name, value) in [
        ("content-type", "text/yaml"),
        ("x-amz-meta-a", "b"),
        ("x-amz-checksum-crc32", "NhCmhg=="),
        ("x-amz-tagging-count", "1"),
    ] {
        assert_eq!(got.headers[name], value);
    }
    let head = catalog.s3("HEAD", "/bucket/a/b%20c", &[], b"");
    assert_eq!((head.headers["content-length"].to_str().unwrap(), head.body.len()), ("5", 0));
    assert!(!head.headers.contains_key("x-amz-checksum-crc32"));
    catalog.s3(
        "PUT",
        "/bucket/a/b%20c?tagging",
        &[],
        b"<Tagging><TagSet><Tag><Key>x</Key><Value>1 &amp; 2</Value></Tag></TagSet></Tagging>",
    );
    assert!(catalog.s3("GET", "/bucket/a/b%20c?tagging", &[], b"").text().contains("<Value>1 &amp; 2</Value>"));
    assert_eq!(catalog.s3("DELETE", "/bucket", &[], b"").status, 409);
    assert_eq!(catalog.s3("DELETE", "/bucket/a/b%20c", &[], b"").status, 204);
    assert_eq!(catalog.s3("GET", "/bucket/a/b%20c", &[], b"").status, 404);
    assert_eq!(catalog.s3("DELETE", "/bucket", &[], b"").status, 204);
}

#[test]
fn a_write_or_delete_meant_for_one_state_does_not_touch_another() {
    let catalog = Catalog::new();
    catalog.s3("PUT", "/bucket", &[], b"");
    let wrong = [("if-match", "\"00\"")];
    assert_eq!(catalog.s3("PUT", "/bucket/k", &wrong, b"x").status, 412);
    let etag = catalog.s3("PUT", "/bucket/k", &[], b"x").headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(catalog.s3("PUT", "/bucket/k", &wrong, b"y").status, 412);
    assert_eq!(catalog.s3("DELETE", "/bucket/k", &wrong, b"").status, 412);
    assert_eq!(catalog.s3("GET", "/bucket/k", &[], b"").body, b"x");
    assert_eq!(catalog.s3("PUT", "/bucket/k", &[("if-match", &etag)], b"y").status, 200);
    assert_eq!(catalog.s3("DELETE", "/bucket/k", &[("if-match", &etag)], b"").status, 412);
}

#[test]
fn bytes_that_differ_from_their_checksum_are_not_stored() {
    let catalog = Catalog::new();
    catalog.s3("PUT", "/bucket", &[], b"");
    for header in [("x-amz-checksum-sha256", "AAAA"), ("x-amz-checksum-crc32", "AAAAAA=="), ("content-md5", "AAAA")] {
        let raw = catalog.s3("PUT", "/bucket/k", &[header], b"hello");
        assert_eq!(raw.status, 400, "{header:?}");
        assert!(raw.text().contains("BadDigest"));
    }
    assert_eq!(catalog.s3("PUT", "/bucket/k", &[("x-amz-checksum-sha1", "AAAA")], b"x").status, 501);
    assert_eq!(catalog.s3("GET", "/bucket/k", &[], b"").status, 404);
}

#[test]
fn a_bucket_is_addressed_in_the_path_or_in_the_host_and_belongs_to_its_account() {
    let catalog = Catalog::new();
    catalog.s3("PUT", "/bucket", &[], b"");
    let host = [("host", "bucket.s3.localhost")];
    assert_eq!(catalog.s3("PUT", "/k", &host, b"x").status, 200);
    assert_eq!(catalog.s3("GET", "/bucket/k", &[], b"").body, b"x");
    let foreign = signed("444455556666", "eu-west-1", "s3");
    let other =
        |method: &str, path: &str| catalog.send(method, path, &[("authorization", &foreign)], b"").unwrap().status;
    assert_eq!((other("GET", "/bucket/k"), other("PUT", "/bucket")), (403, 409));
    assert_eq!(catalog.s3("GET", "/bucket/k", &[("x-amz-expected-bucket-owner", "444455556666")], b"").status, 403);
    assert_eq!(catalog.send("GET", "/bucket/k", &[], b"").unwrap().status, 403, "unsigned");
}

#[test]
fn a_listing_goes_by_prefix_and_in_pages() {
    let catalog = Catalog::new();
    catalog.s3("PUT", "/bucket", &[], b"");
    for key in ["a/1", "a/2", "a/3", "b"] {
        catalog.s3("PUT", &format!("/bucket/{key}"), &[], b"x");
    }
    let first = catalog.s3("GET", "/bucket?list-type=2&prefix=a/&max-keys=2", &[], b"").text();
    assert!(
        first.contains("<KeyCount>2</KeyCount>")
            && first.contains("<NextContinuationToken>a/2</NextContinuationToken>"),
        "{first}"
    );
    let rest = catalog.s3("GET", "/bucket?list-type=2&prefix=a/&continuation-token=a/2", &[], b"").text();
    assert!(
        rest.contains("<Key>a/3</Key>")
            && rest.contains("<IsTruncated>false</IsTruncated>")
            && !rest.contains("<Key>b</Key>"),
        "{rest}"
    );
}

#[test]
fn settings_of_a_bucket_are_given_back_and_what_is_not_served_is_refused() {
    let catalog = Catalog::new();
    catalog.s3("PUT", "/bucket", &[], b"");
    assert_eq!(catalog.s3("GET", "/bucket?encryption", &[], b"").status, 404);
    assert!(catalog.s3("GET", "/bucket?versioning", &[], b"").text().contains("VersioningConfiguration"));
    let document = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    catalog.s3("PUT", "/bucket?versioning", &[], document.as_bytes());
    assert_eq!(catalog.s3("GET", "/bucket?versioning", &[], b"").text(), document);
    assert_eq!(catalog.s3("PUT", "/bucket?policy", &[], b"{}").status, 204);
    assert_eq!(catalog.s3("DELETE", "/bucket?policy", &[], b"").status, 204);
    assert!(catalog.s3("GET", "/bucket?location", &[], b"").text().contains(">eu-west-1<"));
    assert_eq!(catalog.s3("PUT", "/bucket?cors", &[], b"<x/>").status, 501);
    assert_eq!(catalog.s3("PUT", "/other?acl", &[], b"").status, 501);
    assert_eq!(catalog.s3("HEAD", "/other", &[], b"").status, 404, "what is refused makes nothing");
    for path in ["/bucket/k?uploads", "/bucket?delete", "/bucket?list-type=2&delimiter=/", "/"] {
        let method = if path.contains("list-type") || path == "/" { "GET" } else { "POST" };
        assert_eq!(catalog.s3(method, path, &[], b"").status, 501, "{path}");
    }
    assert_eq!(catalog.s3("PUT", "/Bad_Bucket", &[], b"").status, 400);
}
