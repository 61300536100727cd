//! Key material: every fixture, every way in which it gets damaged, and nothing of it in any output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use edgeseal_core::crypto::rustcrypto::{RustCryptoSigningKey, RustCryptoVerifyingKey};
use edgeseal_core::crypto::{SigningKey, VerifyingKey};
use edgeseal_core::keys::{HashAlgorithm, KeyAlgorithm, PrivateKey, PublicKey};
use edgeseal_core::{Error, ErrorCode};
use support::{PASSPHRASE, key_file, private_key, shared_tests, signer, signing_key, verifying_key};

fn code(result: Result<impl std::fmt::Debug, Error>) -> ErrorCode {
    result.unwrap_err().code()
}

#[test]
fn no_fixture_is_left_out() {
    let mut seen = 0;
    for entry in std::fs::read_dir(shared_tests().join("keys")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".pem") else { continue };
        seen += 1;
        let material = key_file(&name);
        let public = stem.contains("public") || stem.contains("certificate");
        let found = if public {
            PublicKey::parse(&material).map(|key| key.algorithm())
        } else {
            PrivateKey::parse(&material, Some(PASSPHRASE)).map(|key| key.algorithm())
        };
        match found {
            Ok(KeyAlgorithm::Rsa2048) => assert!(stem.contains("rsa") && !stem.starts_with("refused"), "{name}"),
            Ok(KeyAlgorithm::EcdsaP256) => assert!(stem.starts_with("ec-"), "{name}"),
            Err(error) if stem == "rsa-encrypted-legacy" => assert_eq!(error.code(), ErrorCode::InvalidKey),
            Err(error) => {
                assert!(stem.starts_with("refused-"), "{name}: {error}");
                assert_eq!(error.code(), ErrorCode::UnsupportedKey, "{name}");
            }
        }
    }
    assert!(seen >= 23, "only {seen} fixtures");
}

#[test]
fn every_form_of_a_key_signs_what_its_public_half_verifies() {
    for (files, public) in [
        (
            &[
                "rsa-pkcs1.pem",
                "rsa-pkcs8.pem",
                "rsa-encrypted.pem",
                "rsa-encrypted-scrypt.pem",
                "rsa-encrypted-des3.pem",
            ][..],
            "rsa-public.pem",
        ),
        (&["ec-sec1.pem", "ec-pkcs8.pem", "ec-encrypted.pem"][..], "ec-public.pem"),
    ] {
        let public = verifying_key(public);
        for file in files {
            let key = signing_key(file);
            for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
                let signature = key.sign(hash, b"message").unwrap();
                assert!(public.verify(hash, b"message", &signature), "{file} {hash:?}");
                assert!(!public.verify(hash, b"another message", &signature), "{file} {hash:?}");
            }
        }
    }
}

#[test]
fn the_public_forms_of_a_key_are_the_same_key() {
    let spki = PublicKey::parse(&key_file("rsa-public.pem")).unwrap();
    assert_eq!(PublicKey::parse(&key_file("rsa-public-pkcs1.pem")).unwrap(), spki);
    assert_eq!(PublicKey::parse(&key_file("rsa-certificate.pem")).unwrap(), spki);
    assert_eq!(spki.to_pem().as_bytes(), key_file("rsa-public.pem"));
    let ec = PublicKey::parse(&key_file("ec-public.pem")).unwrap();
    assert_eq!(ec.to_pem().as_bytes(), key_file("ec-public.pem"));
    assert_ne!(ec, spki);
}

/// The DER of the first PEM block that holds a key.
fn der(name: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding};
    let text = String::from_utf8(key_file(name)).unwrap();
    let body: String = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN") || line.contains("PARAMETERS"))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END"))
        .collect();
    Base64::decode_vec(&body).unwrap()
}

#[test]
fn der_is_read_in_every_form_without_a_label_to_go_by() {
    for file in
        ["rsa-pkcs1.pem", "rsa-pkcs8.pem", "ec-sec1.pem", "ec-pkcs8.pem", "rsa-encrypted.pem", "ec-encrypted.pem"]
    {
        let key = PrivateKey::parse(&der(file), Some(PASSPHRASE)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(key.pkcs8_der(), private_key(file).pkcs8_der(), "{file}");
    }
    for file in ["rsa-public.pem", "rsa-public-pkcs1.pem", "rsa-certificate.pem", "ec-public.pem"] {
        let key = PublicKey::parse(&der(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(key, PublicKey::parse(&key_file(file)).unwrap(), "{file}");
    }
    assert_eq!(code(PrivateKey::parse(&der("rsa-encrypted.pem"), None)), ErrorCode::PassphraseRequired);
    assert_eq!(code(PrivateKey::parse(&der("refused-p384.pem"), None)), ErrorCode::UnsupportedKey);
    assert_eq!(code(PrivateKey::parse(&der("refused-ed25519.pem"), None)), ErrorCode::UnsupportedKey);
    assert_eq!(code(PublicKey::parse(&der("refused-p384-public.pem"))), ErrorCode::UnsupportedKey);
    assert_eq!(code(PublicKey::parse(&der("refused-rsa-4096-public.pem"))), ErrorCode::UnsupportedKey);
}

#[test]
fn der_with_anything_behind_it_is_refused() {
    for file in ["rsa-pkcs1.pem", "rsa-pkcs8.pem", "ec-sec1.pem", "ec-pkcs8.pem"] {
        let mut bytes = der(file);
        bytes.push(0);
        assert_eq!(code(PrivateKey::parse(&bytes, None)), ErrorCode::InvalidKey, "{file}");
    }
    let mut bytes = der("ec-public.pem");
    bytes.push(0);
    assert_eq!(code(PublicKey::parse(&bytes)), ErrorCode::InvalidKey);
}

#[test]
fn the_first_block_that_belongs_is_taken_and_others_are_passed_over() {
    let private = String::from_utf8(key_file("ec-sec1.pem")).unwrap();
    let public = String::from_utf8(key_file("rsa-public.pem")).unwrap();
    let certificate = String::from_utf8(key_file("rsa-certificate.pem")).unwrap();
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let bundle = format!("{parameters}{private}{public}{certificate}");
    assert_eq!(PrivateKey::parse(bundle.as_bytes(), None).unwrap().algorithm(), KeyAlgorithm::EcdsaP256);
    assert_eq!(PublicKey::parse(bundle.as_bytes()).unwrap().algorithm(), KeyAlgorithm::Rsa2048);
}

#[test]
fn messages_about_damaged_keys_say_what_is_wrong_and_show_nothing_of_them() {
    let pem = String::from_utf8(key_file("rsa-pkcs8.pem")).unwrap();
    let body: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let short_dashes = pem.replacen("-----\n", "----\n", 1);
    let key_as_label = format!("-----BEGIN {}-----\nAAAA\n-----END {}-----\n", body[3], body[3]);
    for (material, message) in [
        (String::new(), "the key is empty"),
        ("aGVsbG8=".to_owned(), "the key is base64 of something that is neither PEM nor DER"),
        ("K2JCJMDEHXQW5F".to_owned(), "the key is not PEM: there is no -----BEGIN line"),
        ("/etc/keys/private.pem".to_owned(), "the key is not PEM: there is no -----BEGIN line"),
        (pem[..900].to_owned(), "the PEM is cut short: its END line is missing or does not fit"),
        (pem.replace("END PRIVATE", "END PUBLIC"), "the PEM is cut short: its END line is missing or does not fit"),
        (short_dashes, "the PEM is cut short: its END line is missing or does not fit"),
        (pem.replacen(body[0], "not*base64", 1), "the PEM body is not base64"),
        (pem.replacen(body[5], "", 1), "the private key is not valid PKCS#8"),
        (key_as_label, "the PEM block has no label that is known here"),
        (
            pem.replace("PRIVATE KEY", "OPENSSH PRIVATE KEY"),
            "the PEM block is labelled OPENSSH PRIVATE KEY, which is not what belongs here",
        ),
        (
            pem.replace("PRIVATE KEY", "CERTIFICATE REQUEST"),
            "the PEM block is labelled CERTIFICATE REQUEST, which is not what belongs here",
        ),
        (pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"), "the RSA private key is not valid PKCS#1"),
        (pem.replace("PRIVATE KEY", "EC PRIVATE KEY"), "the ECDSA private key is not valid SEC1"),
        (pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "the encrypted private key is not valid PKCS#8"),
    ] {
        let error = PrivateKey::parse(material.as_bytes(), Some(PASSPHRASE)).unwrap_err();
        assert_eq!(error.message(), message);
        assert_eq!(error.code(), ErrorCode::InvalidKey, "{message}");
        assert_eq!(error.field(), Some("privateKey"));
        let everything = format!("{error} {error:?}");
        assert!(body.iter().all(|line| !everything.contains(&line[..16.min(line.len())])), "{message} shows the key");
    }
}

#[test]
fn the_body_of_a_pem_without_its_lines_is_der_in_base64() {
    let pem = String::from_utf8(key_file("rsa-pkcs8.pem")).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(PrivateKey::parse(body.as_bytes(), None).unwrap().algorithm(), KeyAlgorithm::Rsa2048);
}

#[test]
fn passphrases_are_asked_for_checked_and_never_shown() {
    for file in ["rsa-encrypted.pem", "rsa-encrypted-scrypt.pem", "rsa-encrypted-des3.pem", "ec-encrypted.pem"] {
        let material = key_file(file);
        let error = PrivateKey::parse(&material, None).unwrap_err();
        assert_eq!((error.code(), error.field()), (ErrorCode::PassphraseRequired, Some("passphrase")), "{file}");
        for wrong in [&b""[..], b"Correct-horse", b"correct-horse ", b"\xff\xfe", &[b'x'; 10_000]] {
            let error = PrivateKey::parse(&material, Some(wrong)).unwrap_err();
            assert_eq!((error.code(), error.field()), (ErrorCode::WrongPassphrase, Some("passphrase")), "{file}");
            assert!(!format!("{error:?}").contains("horse"));
        }
    }
    let legacy = PrivateKey::parse(&key_file("rsa-encrypted-legacy.pem"), Some(PASSPHRASE)).unwrap_err();
    assert_eq!(legacy.message(), "the key is encrypted in OpenSSL's old PEM form");
    assert!(legacy.hint().unwrap().starts_with("convert it with: openssl pkcs8"));
}

/// Replaces the only place where `from` stands in an encrypted key.
fn with_bytes(name: &str, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = der(name);
    let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert_eq!(places.len(), 1, "{name}");
    bytes[places[0]..places[0] + from.len()].copy_from_slice(to);
    bytes
}

#[test]
fn a_key_file_cannot_ask_for_terabytes_or_hours() {
    // N = 16384, r = 8, p = 1 become N = 2^14 with r = 127, and N = 28672 with p = 127.
    let parameters = [0x02, 0x02, 0x40, 0x00, 0x02, 0x01, 0x08, 0x02, 0x01, 0x01];
    for hostile in [
        [0x02, 0x02, 0x40, 0x00, 0x02, 0x01, 0x7f, 0x02, 0x01, 0x01],
        [0x02, 0x02, 0x40, 0x00, 0x02, 0x01, 0x08, 0x02, 0x01, 0x7f],
    ] {
        let error = PrivateKey::parse(&with_bytes("rsa-encrypted-scrypt.pem", &parameters, &hostile), Some(PASSPHRASE))
            .unwrap_err();
        assert_eq!(error.message(), "the private key is encrypted with a passphrase derivation that costs too much");
        assert_eq!(error.code(), ErrorCode::InvalidKey);
    }
    // A key of its own, whose PBKDF2 asks for two thousand million rounds.
    let hostile = with_iterations(2_000_000_000);
    let error = PrivateKey::parse(&hostile, Some(PASSPHRASE)).unwrap_err();
    assert_eq!(error.message(), "the private key is encrypted with a passphrase derivation that costs too much");
    assert_eq!(code(PrivateKey::parse(&with_iterations(2), Some(PASSPHRASE))), ErrorCode::WrongPassphrase);
}

/// An encrypted PKCS#8 of nothing, with PBKDF2 and AES-256-CBC.
fn with_iterations(count: u32) -> Vec<u8> {
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[tag, u8::try_from(content.len()).unwrap()][..], &content].concat()
    }
    const PBES2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
    const PBKDF2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
    const HMAC_SHA256: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
    const AES_256_CBC: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];
    let minimal = count.to_be_bytes();
    let minimal = &minimal[minimal.iter().position(|byte| *byte != 0).unwrap()..];
    let prf = tlv(0x30, &[&tlv(0x06, &[&HMAC_SHA256]), &tlv(0x05, &[])]);
    let kdf = tlv(0x30, &[&tlv(0x06, &[&PBKDF2]), &tlv(0x30, &[&tlv(0x04, &[&[1; 8]]), &tlv(0x02, &[minimal]), &prf])]);
    let cipher = tlv(0x30, &[&tlv(0x06, &[&AES_256_CBC]), &tlv(0x04, &[&[2; 16]])]);
    let scheme = tlv(0x30, &[&tlv(0x06, &[&PBES2]), &tlv(0x30, &[&kdf, &cipher])]);
    tlv(0x30, &[&scheme, &tlv(0x04, &[&[3; 32]])])
}

#[test]
fn rsa_exponents_that_protect_nothing_are_refused() {
    // The exponent 65537 is the last number of the key: 02 03 01 00 01.
    let spki = der("rsa-public.pem");
    let at = spki.len() - 3;
    for exponent in [[0x01, 0x00, 0x00], [0x01, 0x00, 0x02]] {
        let mut bytes = spki.clone();
        bytes[at..].copy_from_slice(&exponent);
        let error = PublicKey::parse(&bytes).unwrap_err();
        assert_eq!(error.message(), "the public exponent of the RSA key is not an odd number above 1");
    }
    // One byte for the exponent makes every length around it two shorter.
    let pkcs1 = &der("rsa-public-pkcs1.pem");
    let mut short = pkcs1[..pkcs1.len() - 4].to_vec();
    short.extend_from_slice(&[0x01, 0x01]);
    short[3] -= 2;
    let error = PublicKey::parse(&short).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidKey);
}

#[test]
fn points_that_are_not_on_the_curve_are_refused_before_they_verify_anything() {
    let mut spki = der("ec-public.pem");
    let last = spki.len() - 1;
    spki[last] ^= 1;
    let key = PublicKey::parse(&spki).unwrap();
    let error = RustCryptoVerifyingKey::new(&key).unwrap_err();
    assert_eq!((error.code(), error.message()), (ErrorCode::InvalidKey, "the public key is not a usable one"));
    let mut compressed = der("ec-public.pem");
    compressed.truncate(26 + 65 - 32);
    assert_eq!(code(PublicKey::parse(&compressed)), ErrorCode::InvalidKey);
}

#[test]
fn private_keys_whose_numbers_do_not_belong_together_are_refused() {
    for file in ["rsa-pkcs8.pem", "ec-pkcs8.pem"] {
        let mut bytes = der(file);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        let refused = match PrivateKey::parse(&bytes, None) {
            Ok(key) => RustCryptoSigningKey::new(&key, [1; 32]).map(drop),
            Err(error) => Err(error),
        };
        assert_eq!(code(refused), ErrorCode::InvalidKey, "{file}");
    }
}

#[test]
fn nothing_that_holds_a_private_key_prints_it() {
    for file in ["rsa-pkcs8.pem", "ec-pkcs8.pem"] {
        let key = private_key(file);
        let signing = signing_key(file);
        let signer = signer(file, HashAlgorithm::Sha1);
        for text in
            [format!("{key:?} {key:#?}"), format!("{signing:?} {signing:#?}"), format!("{signer:?} {signer:#?}")]
        {
            assert!(text.contains("..") && text.len() < 400, "{text}");
            let numbers = key.pkcs8_der().iter().map(u8::to_string).collect::<Vec<_>>();
            assert!(!text.contains(&numbers[40..44].join(", ")), "{file}");
            let hex: String = key.pkcs8_der()[40..48].iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.to_lowercase().contains(&hex), "{file}");
        }
    }
}

#[test]
fn keys_are_wiped_when_they_are_dropped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
    let key = private_key("rsa-pkcs8.pem");
    let copy = zeroize::Zeroizing::new(key.pkcs8_der().to_vec());
    wiped(&copy);
    // The type keeps its bytes in such a wrapper; a field without it would make this fail to compile.
    assert!(std::mem::needs_drop::<PrivateKey>());
    assert_eq!(key.pkcs8_der(), copy.as_slice());
}

#[test]
fn rsa_signatures_do_not_depend_on_the_blinding() {
    let key = private_key("rsa-pkcs8.pem");
    let one = RustCryptoSigningKey::new(&key, [1; 32]).unwrap();
    let two = RustCryptoSigningKey::new(&key, [2; 32]).unwrap();
    for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
        let signature = one.sign(hash, b"message").unwrap();
        assert_eq!(signature.len(), 256);
        assert_eq!(signature, one.sign(hash, b"message").unwrap());
        assert_eq!(signature, two.sign(hash, b"message").unwrap());
    }
}

#[test]
fn ecdsa_signatures_are_deterministic_der() {
    let one = RustCryptoSigningKey::new(&private_key("ec-pkcs8.pem"), [1; 32]).unwrap();
    for hash in [HashAlgorithm::Sha1, HashAlgorithm::Sha256] {
        let signature = one.sign(hash, b"message").unwrap();
        assert_eq!(signature, signing_key("ec-sec1.pem").sign(hash, b"message").unwrap());
        assert_eq!((signature[0], usize::from(signature[1])), (0x30, signature.len() - 2));
    }
}
