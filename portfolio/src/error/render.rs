//! Errors as text for a terminal and as JSON for a program.

use miette::{GraphicalReportHandler, GraphicalTheme};
use serde::Serialize;

use super::Error;

/// An error in the shape `--json` prints it, `portfolio/error/1`.
#[derive(Debug, Serialize)]
pub struct ErrorJson {
    /// The stable code.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The sentence.
    pub message: String,
    /// The next step.
    pub help: String,
    /// The file it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column, from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The AWS error code behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_code: Option<String>,
    /// Problems that belong to this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<ErrorJson>,
}

impl From<&Error> for ErrorJson {
    fn from(error: &Error) -> Self {
        let position = error.place().map(super::Place::line_column);
        Self {
            code: error.code().as_str(),
            severity: if error.is_warning() { "warning" } else { "error" },
            message: error.message().to_owned(),
            help: error.help_text().to_owned(),
            file: error.place().map(|place| place.source.name().to_owned()),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            aws_code: error.aws_code().map(str::to_owned),
            related: error.related_errors().iter().map(Self::from).collect(),
        }
    }
}

/// The error as a terminal shows it, at most `width` columns wide.
#[must_use]
pub fn render(error: &Error, colour: bool, width: usize) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut text = String::new();
    match handler.render_report(&mut text, error) {
        Ok(()) => text,
        Err(_) => format!("{error}\n"),
    }
}
