//! Names of objects: checked, or made up.

use crate::error::{Error, ErrorCode};

/// The longest key that S3 takes, in bytes of UTF-8.
///
/// Source: *Naming Amazon S3 objects*, Amazon S3 User Guide.
const LONGEST_KEY: usize = 1024;

/// The longest ending of a file name that is kept, in letters and digits.
const LONGEST_ENDING: usize = 10;

/// Checks the key of an object: no more than 1024 bytes, no leading slash, no empty, `.` or `..` segment, no backslash
/// and no control character.
///
/// # Errors
/// [`ErrorCode::InvalidObjectKey`].
///
/// ```
/// use edgeseal_aws::check_object_key;
/// assert!(check_object_key("invoices/2026/a.pdf").is_ok());
/// assert!(check_object_key("invoices/../keys").is_err());
/// ```
pub fn check_object_key(key: &str) -> Result<(), Error> {
    if key.is_empty() {
        return Err(invalid("it must be a non-empty string"));
    }
    if key.len() > LONGEST_KEY {
        return Err(invalid("it is longer than 1024 bytes"));
    }
    if key.chars().any(|letter| letter.is_control() || letter == '\\') {
        return Err(invalid("it has a backslash or a control character"));
    }
    if key.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
        return Err(invalid("it has an empty, . or .. segment, or starts or ends with a slash"));
    }
    Ok(())
}

/// Makes up a key that nobody can guess: a random name, with the ending of the file name when that is harmless.
///
/// # Errors
/// [`ErrorCode::InvalidObjectKey`] when the folder is no key.
///
/// ```
/// use edgeseal_aws::new_object_key;
/// let key = new_object_key(Some("Report 2026.PDF"), Some("invoices")).unwrap();
/// assert!(key.starts_with("invoices/") && key.ends_with(".pdf"));
/// ```
pub fn new_object_key(filename: Option<&str>, folder: Option<&str>) -> Result<String, Error> {
    let mut name = uuid::Uuid::new_v4().to_string();
    if let Some(ending) = filename.and_then(ending) {
        name.push('.');
        name.push_str(&ending);
    }
    let Some(folder) = folder else { return Ok(name) };
    check_object_key(folder)?;
    let key = format!("{folder}/{name}");
    check_object_key(&key).map(|()| key)
}

fn ending(filename: &str) -> Option<String> {
    let (_, ending) = filename.rsplit_once('.')?;
    let harmless =
        (1..=LONGEST_ENDING).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    harmless.then(|| ending.to_ascii_lowercase())
}

/// The key as the path of a URL, each segment percent-encoded once.
///
/// A star is encoded too: in the resource of a custom policy it would open other files.
pub(crate) fn key_as_path(key: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut path = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            for digit in [byte >> 4, byte & 15] {
                path.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
            }
        }
    }
    path
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorCode::InvalidObjectKey, format!("the object key cannot be used: {why}")).with_field("key")
}
