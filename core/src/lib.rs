//! Sign, verify and explain Amazon CloudFront signed URLs and signed cookies.
