//! YAML and JSON text of a template as one JSON value, with short intrinsics made long.
//!
//! CloudFormation takes neither aliases nor merge keys, so neither does this reader:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

/// Nesting that no template needs, and that a reader's stack can hold.
const MAX_DEPTH: usize = 64;

/// Why a text is not a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (line {line}, column {column})")]
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// Reads one document.
pub(crate) fn read(text: &str) -> Result<Value, SyntaxError> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|e| SyntaxError {
            message: format!("JSON not well-formed: {e}"),
            line: e.line(),
            column: e.column(),
        });
    }
    let mut reader = Reader { parser: Parser::new_from_str(text), line: 1, column: 1 };
    loop {
        match reader.next()? {
            Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd | Event::DocumentEnd => return Err(reader.error("the template is empty")),
            event => {
                let value = reader.value(event, 0)?;
                return match reader.next()? {
                    Event::DocumentEnd => match reader.next()? {
                        Event::StreamEnd => Ok(value),
                        _ => Err(reader.error("a template is one document")),
                    },
                    _ => Err(reader.error("a template is one document")),
                };
            }
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    line: usize,
    column: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, SyntaxError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                (self.line, self.column) = (span.start.line(), span.start.col() + 1);
                Ok(event)
            }
            Some(Err(e)) => Err(SyntaxError {
                message: format!("YAML not well-formed: {}", e.info()),
                line: e.marker().line(),
                column: e.marker().col() + 1,
            }),
            None => Ok(Event::StreamEnd),
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        SyntaxError { message: message.to_owned(), line: self.line, column: self.column }
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Value, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(self.error("the template is nested too deeply"));
        }
        match event {
            Event::Alias(_) => Err(self.error("CloudFormation does not support YAML aliases")),
            Event::Scalar(text, style, _, tag) => {
                let tag = own_tag(tag.as_deref());
                let value = scalar(&text, style, tag.is_some());
                Ok(tag.map_or(value.clone(), |t| intrinsic(&t, value)))
            }
            Event::SequenceStart(_, tag) => {
                let tag = own_tag(tag.as_deref());
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        event => items.push(self.value(event, depth + 1)?),
                    }
                }
                let value = Value::Array(items);
                Ok(tag.map_or(value.clone(), |t| intrinsic(&t, value)))
            }
            Event::MappingStart(_, tag) => {
                let tag = own_tag(tag.as_deref());
                let value = Value::Object(self.mapping(depth)?);
                Ok(tag.map_or(value.clone(), |t| intrinsic(&t, value)))
            }
            _ => Err(self.error("YAML not well-formed")),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Map<String, Value>, SyntaxError> {
        let mut entries = Map::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(self.error("a key must be text")),
            };
            if key == "<<" {
                return Err(self.error("CloudFormation does not support YAML merge keys"));
            }
            let (line, column) = (self.line, self.column);
            let event = self.next()?;
            let value = self.value(event, depth + 1)?;
            if entries.insert(key.clone(), value).is_some() {
                return Err(SyntaxError { message: format!("duplicate key {key}"), line, column });
            }
        }
    }
}

/// The name of a local tag such as `!Ref`; YAML's own tags change nothing here.
fn own_tag(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|t| !t.is_yaml_core_schema()).map(|t| t.suffix.clone())
}

fn scalar(text: &str, style: ScalarStyle, tagged: bool) -> Value {
    if style != ScalarStyle::Plain || tagged {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    // A leading zero marks an account number or a code, not a quantity.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split('.').next().unwrap_or_default();
    if whole.len() > 1 && whole.starts_with('0') || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(n) = text.parse::<i64>() {
        return Some(Value::Number(n.into()));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}

/// `!Ref x` and `!Sub x` as `{"Ref": x}` and `{"Fn::Sub": x}`.
fn intrinsic(tag: &str, value: Value) -> Value {
    let name = match tag {
        "Ref" | "Condition" => tag.to_owned(),
        other => format!("Fn::{other}"),
    };
    let value = match (tag, value) {
        ("GetAtt", Value::String(text)) => match text.split_once('.') {
            Some((resource, attribute)) => Value::Array(vec![resource.into(), attribute.into()]),
            None => Value::String(text),
        },
        (_, value) => value,
    };
    Value::Object(Map::from_iter([(name, value)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_intrinsics_become_long_ones_and_versions_stay_text() {
        let got = read("AWSTemplateFormatVersion: '2010-09-09'\nDate: 2010-09-09\nA: !Ref B\nC: !GetAtt D.E.F\nG: !Sub\n  - '${x}'\n  - x: 1\nId: 012345678901\nN: 12\nF: !If [Yes, !Ref A, {B: c}]\n").unwrap();
        assert_eq!(
            got,
            json!({
                "AWSTemplateFormatVersion": "2010-09-09", "Date": "2010-09-09",
                "A": {"Ref": "B"}, "C": {"Fn::GetAtt": ["D", "E.F"]},
                "G": {"Fn::Sub": ["${x}", {"x": 1}]}, "Id": "012345678901", "N": 12,
                "F": {"Fn::If": ["Yes", {"Ref": "A"}, {"B": "c"}]}
            })
        );
    }

    #[test]
    fn what_cloudformation_does_not_take_is_refused_with_a_place() {
        for (text, want) in [
            ("", "the template is empty"),
            ("a: &x 1\nb: *x\n", "does not support YAML aliases"),
            ("a:\n  <<: 1\n", "merge keys"),
            ("a: 1\na: 2\n", "duplicate key a"),
            ("a: [1\nb: 2\n", "not well-formed"),
            ("---\na: 1\n---\nb: 1\n", "one document"),
            ("{\"a\": }", "JSON not well-formed"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(want), "{text:?} gave {error}");
        }
        let deep = format!("a: {}1{}", "[".repeat(100), "]".repeat(100));
        assert!(read(&deep).unwrap_err().message.contains("too deeply"));
    }
}
