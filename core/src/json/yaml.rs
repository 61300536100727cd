//! From YAML 1.2 text to the tree that JSON is read into, so that one reader of types serves both.
//!
//! The library gives events; its own tree would recurse on deep nesting. Aliases and tags are refused: a rule
//! file has no use for them, and a reader who cannot see what a word stands for cannot review it. The words
//! `yes`, `no`, `on` and `off` are text.

use super::read::{JsonError, Kind, MAX_DEPTH, Member, Node};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use std::borrow::Cow;

/// Reads one document.
pub(crate) fn read_yaml(text: &str) -> Result<Node<'_>, JsonError> {
    let mut reader = Reader { lines: Lines::new(text), open: Vec::new(), root: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = event
            .map_err(|error| JsonError { message: error.info().to_owned(), at: reader.lines.offset(error.marker()) })?;
        reader.take(event, span)?;
    }
    reader.root.ok_or_else(|| JsonError { message: "the file is empty".to_owned(), at: 0 })
}

/// Where lines start, to turn lines and columns into bytes.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    fn offset(&self, marker: &Marker) -> usize {
        let start = self.starts.get(marker.line().saturating_sub(1)).copied().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        start + rest.char_indices().nth(marker.col()).map_or(rest.len(), |(offset, _)| offset)
    }
}

/// A list or map that is still open, with the key that waits for its value.
struct Open<'t> {
    node: Node<'t>,
    key: Option<(Cow<'t, str>, usize)>,
}

struct Reader<'t> {
    lines: Lines<'t>,
    open: Vec<Open<'t>>,
    root: Option<Node<'t>>,
}

impl<'t> Reader<'t> {
    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), JsonError> {
        let at = self.lines.offset(&span.start);
        match event {
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                Err(error(at, "tags are not read here"))
            }
            Event::Alias(_) => Err(error(at, "aliases are not read here")),
            Event::DocumentStart(_) if self.root.is_some() => Err(error(at, "a second document starts here")),
            Event::Scalar(text, style, _, None) => {
                let kind = if style == ScalarStyle::Plain { plain(text) } else { Kind::Text(text) };
                self.place(Node { at, kind })
            }
            Event::SequenceStart(_, None) => self.push(Node { at, kind: Kind::Array(Vec::new()) }),
            Event::MappingStart(_, None) => self.push(Node { at, kind: Kind::Object(Vec::new()) }),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.place(open.node),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn push(&mut self, node: Node<'t>) -> Result<(), JsonError> {
        if self.open.len() > MAX_DEPTH {
            return Err(error(node.at, "the file is nested too deeply"));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    /// Puts a finished node into what is open, or makes it the document.
    fn place(&mut self, node: Node<'t>) -> Result<(), JsonError> {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.node.kind, parent.key.take()) {
            (Kind::Array(items), _) => items.push(node),
            (Kind::Object(members), Some((key, key_at))) => {
                members.push(Member { key, key_at, value: node });
            }
            (Kind::Object(members), None) => {
                let at = node.at;
                let key = key_text(node)?;
                if members.iter().any(|known| known.key == key) {
                    return Err(error(at, format!("the key `{key}` appears twice")));
                }
                parent.key = Some((key, at));
            }
            _ => {}
        }
        Ok(())
    }
}

/// A key is a word; a number or `true` counts as one when it is a key.
fn key_text(node: Node<'_>) -> Result<Cow<'_, str>, JsonError> {
    match node.kind {
        Kind::Text(text) | Kind::Number(text) => Ok(text),
        Kind::Bool(value) => Ok(Cow::Borrowed(if value { "true" } else { "false" })),
        _ => Err(error(node.at, "a key must be a word")),
    }
}

/// A scalar without quotes, by YAML's core schema, as far as JSON knows the same values.
fn plain(text: Cow<'_, str>) -> Kind<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        word if matches!(super::read(word), Ok(Node { kind: Kind::Number(_), .. })) => Kind::Number(text),
        _ => Kind::Text(text),
    }
}

fn error(at: usize, message: impl Into<String>) -> JsonError {
    JsonError { message: message.into(), at }
}

#[cfg(test)]
mod tests {
    use super::{Kind, read_yaml};
    use crate::json::{place, read};

    #[test]
    fn json_reads_the_same_either_way() {
        for text in ["{\"a\": [1, \"x\", true, null], \"b\": {\"c\": \"1\"}}", "[]", "\"text\"", "12"] {
            let strip = |text: &str, node: Result<super::Node<'_>, super::JsonError>| {
                format!("{:?}", node.map(|node| shape(&node)).map_err(|_| text.len()))
            };
            assert_eq!(strip(text, read_yaml(text)), strip(text, read(text)), "{text}");
        }
    }

    fn shape(node: &super::Node<'_>) -> String {
        match &node.kind {
            Kind::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
            Kind::Object(members) => {
                format!(
                    "{{{}}}",
                    members
                        .iter()
                        .map(|member| format!("{}:{}", member.key, shape(&member.value)))
                        .collect::<Vec<_>>()
                        .join(",")
                )
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let text = "a: 1\nb:\n  - \u{e9}: x\n    c: [2]\n";
        let Kind::Object(members) = read_yaml(text).unwrap().kind else { panic!() };
        assert_eq!(place(text, members[0].value.at), (1, 4));
        assert_eq!(place(text, members[1].key_at), (2, 1));
        let Kind::Array(items) = &members[1].value.kind else { panic!() };
        let Kind::Object(inner) = &items[0].kind else { panic!() };
        assert_eq!(place(text, inner[0].value.at), (3, 8));
        assert_eq!(place(text, inner[1].key_at), (4, 5));
    }

    #[test]
    fn refuses_what_a_rule_file_has_no_use_for() {
        let deep = "[".repeat(200);
        for text in [
            "",
            "a: &x 1\nb: *x\n",
            "a: !!str 1\n",
            "a: 1\n---\nb: 2\n",
            "a: 1\na: 2\n",
            "? [a]\n: 1\n",
            "a: [1\n",
            deep.as_str(),
        ] {
            assert!(read_yaml(text).is_err(), "{text}");
        }
        let Kind::Object(members) = read_yaml("on: yes\nnum: 007\n").unwrap().kind else { panic!() };
        assert!(members.iter().all(|member| matches!(member.value.kind, Kind::Text(_))));
    }
}
