//! From YAML or JSON text to nodes that know their tag and their line.
//!
//! JSON is a subset of YAML 1.2, so one reader serves both. CloudFormation supports neither
//! aliases nor more than one document, so both are refused.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>

use std::path::Path;

use saphyr_parser::{Event, Parser, Span};

use crate::error::{Error, Location};

/// Deeper templates are refused. CloudFormation itself stops far earlier; the bound keeps every
/// recursive walk over the tree within the stack.
const MAX_DEPTH: usize = 100;

/// A node of the document.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The line it starts on, counted from 1; for the value of a key, the line of the key.
    pub(crate) line: usize,
    /// The local tag without its exclamation mark, such as `Sub`.
    pub(crate) tag: Option<String>,
    pub(crate) content: Content,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A collection that is still open, with the key that waits for its value.
struct Open {
    node: Node,
    key: Option<(String, usize)>,
}

/// Read the single document in `text`.
pub(crate) fn read(path: &Path, text: &str) -> Result<Node, Error> {
    let mut reader = Reader { path, open: Vec::new(), root: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| reader.syntax(error.marker().line(), error.info()))?;
        reader.take(event, span)?;
    }
    let line = text.lines().count().max(1);
    reader.root.take().ok_or_else(|| reader.syntax(line, "the file is empty"))
}

struct Reader<'a> {
    path: &'a Path,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Reader<'_> {
    fn syntax(&self, line: usize, reason: &str) -> Error {
        Error::Syntax { at: Location { path: self.path.to_owned(), line }, reason: reason.to_owned() }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Error> {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == saphyr_parser::ScalarStyle::Plain;
                let content = if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Content::Null
                } else {
                    Content::Scalar(text.into_owned())
                };
                self.place(Node { line, tag: local_tag(tag.as_deref()), content })
            }
            Event::SequenceStart(_, tag) => {
                self.push(Node { line, tag: local_tag(tag.as_deref()), content: Content::List(Vec::new()) })
            }
            Event::MappingStart(_, tag) => {
                self.push(Node { line, tag: local_tag(tag.as_deref()), content: Content::Map(Vec::new()) })
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.place(open.node),
                None => Ok(()),
            },
            Event::Alias(_) => Err(self.syntax(line, "CloudFormation does not support YAML aliases")),
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.syntax(line, "a template is one document, and a second one starts here"))
            }
            _ => Ok(()),
        }
    }

    fn push(&mut self, node: Node) -> Result<(), Error> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.syntax(node.line, "nested more than 100 levels deep"));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    /// Put a finished node into the collection that is open, or make it the document.
    fn place(&mut self, node: Node) -> Result<(), Error> {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut parent.node.content {
            Content::List(items) => items.push(node),
            Content::Map(entries) => match parent.key.take() {
                Some((key, line)) => entries.push((key, Node { line, ..node })),
                None => {
                    let line = node.line;
                    let Content::Scalar(key) = node.content else {
                        return Err(self.syntax(line, "a key must be a plain string"));
                    };
                    if entries.iter().any(|(known, _)| *known == key) {
                        return Err(self.syntax(line, &format!("the key {key} is given twice")));
                    }
                    parent.key = Some((key, line));
                }
            },
            Content::Null | Content::Scalar(_) => {}
        }
        Ok(())
    }
}

/// `!Sub` becomes `Sub`. The tags of YAML itself (`!!str`) carry nothing that matters here.
fn local_tag(tag: Option<&saphyr_parser::Tag>) -> Option<String> {
    tag.filter(|tag| tag.handle == "!").map(|tag| tag.suffix.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        match read(Path::new("t.yaml"), text) {
            Err(Error::Syntax { at, reason }) => format!("{}: {reason}", at.line),
            other => panic!("expected a syntax error, got {other:?}"),
        }
    }

    #[test]
    fn tags_and_lines_survive() {
        let node = read(Path::new("t.yaml"), "A: 1\nB: !Sub 'x-${C}'\n").unwrap();
        let Content::Map(entries) = node.content else { panic!("a map") };
        assert_eq!(entries[1].1.tag.as_deref(), Some("Sub"));
        assert_eq!(entries[1].1.line, 2);
    }

    #[test]
    fn json_is_read_by_the_same_reader() {
        let node = read(Path::new("t.json"), "{\n  \"A\": {\"Ref\": \"B\"},\n  \"C\": null\n}").unwrap();
        let Content::Map(entries) = node.content else { panic!("a map") };
        assert_eq!(entries.len(), 2);
        assert!(matches!(entries[1].1.content, Content::Null));
    }

    #[test]
    fn what_cloudformation_refuses_is_refused_with_its_line() {
        assert!(reason("A: &x 1\nB: *x\n").starts_with("2: CloudFormation does not support"));
        assert_eq!(reason("A: 1\nA: 2\n"), "2: the key A is given twice");
        assert!(reason("A: 1\n---\nB: 2\n").contains("a second one starts here"));
        assert!(reason("[a]: 1\n").contains("a key must be a plain string"));
        assert_eq!(reason(""), "1: the file is empty");
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let block: String = (0..4000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert!(reason(&block).contains("nested more than 100 levels deep"));
        assert!(!reason(&"[".repeat(100_000)).is_empty());
    }
}
