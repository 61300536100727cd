//! Buckets in host names.

/// How a host name addresses S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// The bucket is in the host name.
    Virtual(String),
    /// The bucket is the first part of the path.
    Path,
    /// The host is not S3's.
    Other,
}

/// The host of an authority, without its port and in lower case.
pub(crate) fn host_name(authority: &str) -> String {
    let host = match authority.strip_prefix('[').and_then(|a| a.split_once(']')) {
        Some((v6, _)) => v6,
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.to_ascii_lowercase()
}

/// Reads the bucket out of a host name of AWS or of this machine.
pub(crate) fn bucket_of_host(host: &str) -> Host {
    if matches!(host, "127.0.0.1" | "localhost" | "::1" | "s3.localhost") {
        return Host::Path;
    }
    if let Some(bucket) = host.strip_suffix(".s3.localhost").or_else(|| host.strip_suffix(".localhost")) {
        return Host::Virtual(bucket.to_owned());
    }
    let domain = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"));
    let Some(domain) = domain else { return Host::Other };
    let is_service = |label: &str| label == "s3" || label.starts_with("s3-");
    let labels: Vec<&str> = domain.split('.').collect();
    match labels.iter().rposition(|l| is_service(l)) {
        Some(0) => Host::Path,
        Some(at) => Host::Virtual(labels.iter().take(at).copied().collect::<Vec<_>>().join(".")),
        None => Host::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_s3_are_told_from_others() {
        assert_eq!(bucket_of_host("a.b.s3.eu-west-1.amazonaws.com"), Host::Virtual("a.b".into()));
        assert_eq!(bucket_of_host("s3.dualstack.eu-west-1.amazonaws.com"), Host::Path);
        assert_eq!(bucket_of_host("servicecatalog.eu-west-1.amazonaws.com"), Host::Other);
        assert_eq!(bucket_of_host("example.com"), Host::Other);
        assert_eq!(host_name("[::1]:80"), "::1");
        assert_eq!(host_name("LocalHost:80"), "localhost");
    }
}
