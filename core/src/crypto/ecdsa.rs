//! ECDSA signatures from the form of WebCrypto, PKCS#11 and JWS into the form that CloudFront takes.

use crate::error::Error;
use der::Encode;
use der::asn1::UintRef;

/// Both numbers of a P-256 signature, in bytes.
const RAW_LENGTH: usize = 64;

/// Encodes a raw P-256 signature, `r` and `s` of 32 bytes each, as ASN.1 DER with the shortest integers (RFC 3279).
///
/// # Errors
/// [`SigningFailed`](crate::ErrorCode::SigningFailed) when it is not 64 bytes, or when a number is zero, which no
/// signature has.
///
/// ```
/// let mut raw = [0; 64];
/// (raw[31], raw[32]) = (1, 0x80);
/// let der = edgeseal_core::crypto::der_from_raw_ecdsa(&raw).unwrap();
/// assert_eq!(der[..5], [0x30, 38, 0x02, 1, 1]);
/// assert_eq!(der[5..9], [0x02, 33, 0, 0x80]);
/// ```
pub fn der_from_raw_ecdsa(raw: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |_| Error::signing_failed();
    if raw.len() != RAW_LENGTH {
        return Err(Error::signing_failed());
    }
    let (r, s) = raw.split_at(RAW_LENGTH / 2);
    if [r, s].iter().any(|number| number.iter().all(|byte| *byte == 0)) {
        return Err(Error::signing_failed());
    }
    let (r, s) = (UintRef::new(r).map_err(failed)?, UintRef::new(s).map_err(failed)?);
    // Two integers of at most 35 bytes each: the length of the sequence fits one byte.
    let mut body = r.to_der().map_err(failed)?;
    s.encode_to_vec(&mut body).map_err(failed)?;
    let length = u8::try_from(body.len()).map_err(|_| Error::signing_failed())?;
    let mut der = Vec::with_capacity(body.len() + 2);
    der.extend([0x30, length]);
    der.append(&mut body);
    Ok(der)
}
