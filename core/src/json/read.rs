//! From text to a tree.

use std::borrow::Cow;

/// Deeper nesting than this is refused; no policy and no rule file comes near it.
pub(super) const MAX_DEPTH: usize = 32;

/// More keys than this in one object are refused: each is compared with all before it.
const MAX_MEMBERS: usize = 1_000;

/// What was wrong, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub(crate) message: String,
    pub(crate) at: usize,
}

/// A value and the byte at which it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node<'t> {
    pub(crate) at: usize,
    pub(crate) kind: Kind<'t>,
}

/// A value. Numbers stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind<'t> {
    Null,
    Bool(bool),
    Number(Cow<'t, str>),
    Text(Cow<'t, str>),
    Array(Vec<Node<'t>>),
    Object(Vec<Member<'t>>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member<'t> {
    pub(crate) key: Cow<'t, str>,
    /// The byte at which the key starts.
    pub(crate) key_at: usize,
    pub(crate) value: Node<'t>,
}

impl Kind<'_> {
    /// What it is, with its article.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads one value and nothing after it.
pub(crate) fn read(text: &str) -> Result<Node<'_>, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() { Err(reader.error("there is more text after the end of the JSON")) } else { Ok(node) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn error(&self, message: &str) -> JsonError {
        JsonError { message: message.to_owned(), at: self.at }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node<'t>, JsonError> {
        self.skip_space();
        let at = self.at;
        if depth > MAX_DEPTH {
            return Err(self.error("the JSON is nested too deeply"));
        }
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(Cow::Borrowed(self.number()?)),
            Some(_) => self.word()?,
            None => return Err(self.error("the JSON ends too early")),
        };
        Ok(Node { at, kind })
    }

    fn word(&mut self) -> Result<Kind<'t>, JsonError> {
        let words = [("true", Kind::Bool(true)), ("false", Kind::Bool(false)), ("null", Kind::Null)];
        for (word, kind) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.error("this is not the start of a JSON value"))
    }

    fn object(&mut self, depth: usize) -> Result<Kind<'t>, JsonError> {
        self.at += 1;
        let mut members: Vec<Member<'t>> = Vec::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Kind::Object(members));
        }
        loop {
            self.skip_space();
            let key_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("a key in quotes is expected here"));
            }
            let key = self.string()?;
            if members.len() == MAX_MEMBERS {
                return Err(JsonError { message: "the object has too many keys".to_owned(), at: key_at });
            }
            if members.iter().any(|known| known.key == key) {
                return Err(JsonError {
                    message: format!("the key `{}` appears twice", key.escape_debug()),
                    at: key_at,
                });
            }
            self.skip_space();
            if !self.take(b':') {
                return Err(self.error("a : is expected here"));
            }
            let value = self.value(depth + 1)?;
            members.push(Member { key, key_at, value });
            self.skip_space();
            if self.take(b'}') {
                return Ok(Kind::Object(members));
            }
            if !self.take(b',') {
                return Err(self.error("a , or } is expected here"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind<'t>, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Kind::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Kind::Array(items));
            }
            if !self.take(b',') {
                return Err(self.error("a , or ] is expected here"));
            }
        }
    }

    fn number(&mut self) -> Result<&'t str, JsonError> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.error("a number does not start with 0"));
            }
        } else {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.error("a digit is expected here")) } else { Ok(()) }
    }

    /// A string that needs no change is borrowed.
    fn string(&mut self) -> Result<Cow<'t, str>, JsonError> {
        self.at += 1;
        let mut changed: Option<String> = None;
        loop {
            let plain = self.rest().bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let Some(length) = plain else {
                self.at = self.text.len();
                return Err(self.error("the string has no closing quote"));
            };
            let run = self.rest().get(..length).unwrap_or_default();
            self.at += length;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(changed.map_or(Cow::Borrowed(run), |text| Cow::Owned(text + run)));
                }
                Some(b'\\') => {
                    let text = changed.get_or_insert_default();
                    text.push_str(run);
                    let letter = self.escape()?;
                    changed.get_or_insert_default().push(letter);
                }
                _ => return Err(self.error("a control character must be escaped")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let bad = self.error("this escape is not one of JSON's");
        self.at += 1;
        let byte = self.peek();
        self.at += 1;
        Ok(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode().ok_or(bad),
            _ => return Err(bad),
        })
    }

    /// Four digits, or a surrogate pair. A lone surrogate is no character.
    fn unicode(&mut self) -> Option<char> {
        let high = self.hex4()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        if !(self.take(b'\\') && self.take(b'u')) {
            return None;
        }
        let low = self.hex4().filter(|low| (0xdc00..0xe000).contains(low))?;
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    #[test]
    fn reads_what_rfc_8259_allows() {
        for text in [
            "null",
            "true",
            "0",
            "-0",
            "12.5e-3",
            "\"\"",
            "[]",
            "{}",
            " [1 , 2]\r\n",
            r#"{"a":{"b":[{}]}}"#,
            r#""\u00e9\ud83d\ude00\/\n""#,
            "\"\u{e9}\"",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        let Kind::Text(text) = read(r#""a\u00e9\ud83d\ude00b""#).unwrap().kind else { panic!() };
        assert_eq!(text, "a\u{e9}\u{1f600}b");
    }

    #[test]
    fn refuses_the_rest_with_its_place() {
        for (text, at) in [
            ("", 0),
            ("nul", 0),
            ("01", 1),
            ("1.", 2),
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("{\"a\" 1}", 5),
            ("[1 2]", 3),
            ("\"\\x\"", 1),
            ("\"\\ud800\"", 1),
            ("\"a\nb\"", 2),
            ("\"open", 5),
            ("{\"a\":1,\"a\":2}", 7),
            ("1 2", 2),
            ("{a:1}", 1),
        ] {
            assert_eq!(read(text).map_err(|error| error.at), Err(at), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn agrees_with_serde_json_on_what_is_json() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\u0041\"",
            "1",
            "-",
            "0.5",
            "e3",
            "true",
            "null",
            " ",
            "\"",
            "\\",
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut draw = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % limit as u64).unwrap()
        };
        for _ in 0..200_000 {
            let text: String = (0..draw(9)).map(|_| pieces[draw(pieces.len())]).collect();
            let repeated = matches!(read(&text), Err(error) if error.message.contains("appears twice"));
            let ours = read(&text).is_ok() || repeated;
            assert_eq!(ours, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{text}");
        }
    }
}
