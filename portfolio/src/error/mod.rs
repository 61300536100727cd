//! One error type for the whole tool: a stable code, a sentence, a place in a file when there is one, and the next step.

mod codes;
mod render;

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};

pub use codes::{Code, Exit};
pub use render::{ErrorJson, render};

/// The result of anything that can fail in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// A problem with a stable code.
///
/// ```
/// use edgeseal_portfolio::error::{Code, Error};
///
/// let error = Error::new(Code::VersionNotFound, "product `bucket` has no version `9.9.9`");
/// assert_eq!(error.code().as_str(), "version-not-found");
/// assert!(error.help_text().contains("portfolio status"));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: Code,
    message: String,
    help: Option<String>,
    place: Option<Place>,
    related: Vec<Error>,
    warning: bool,
    /// The AWS error code, when an AWS call caused this.
    aws_code: Option<String>,
}

/// A stretch of text in a file that an error points at.
#[derive(Clone)]
pub struct Place {
    /// The file, by the name a person would type, and its text.
    pub source: Arc<NamedSource<String>>,
    /// Byte offset of the first character.
    pub offset: usize,
    /// Length in bytes.
    pub len: usize,
    /// What to say under the marked text.
    pub label: String,
}

impl Place {
    /// Line and column of the first character, both counted from one.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let text = self.source.inner();
        let before = text.get(..self.offset.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

impl Error {
    /// An error with the given code and sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.into(),
            help: None,
            place: None,
            related: Vec::new(),
            warning: false,
            aws_code: None,
        }))
    }

    /// Adds the next step, instead of the general one that belongs to the code.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Points at a stretch of a file.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// Adds problems that belong to this one.
    #[must_use]
    pub fn with_related(mut self, related: Vec<Self>) -> Self {
        self.0.related = related;
        self
    }

    /// Turns the error into a warning, which never fails a command.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.0.warning = true;
        self
    }

    /// Remembers the AWS error code that caused this.
    #[must_use]
    pub fn with_aws_code(mut self, code: Option<&str>) -> Self {
        self.0.aws_code = code.map(str::to_owned);
        self
    }

    /// Gathers problems into one error; a single problem stays itself.
    #[must_use]
    pub fn gather(code: Code, what: &str, mut problems: Vec<Self>) -> Self {
        if problems.len() == 1
            && let Some(only) = problems.pop()
        {
            return only;
        }
        Self::new(code, format!("{what}: {} problems", problems.len()))
            .with_help("Each problem below says what to do.")
            .with_related(problems)
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The next step.
    #[must_use]
    pub fn help_text(&self) -> &str {
        self.0.help.as_deref().unwrap_or_else(|| self.0.code.cure())
    }

    /// Where in a file, if anywhere.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The problems that belong to this one.
    #[must_use]
    pub fn related_errors(&self) -> &[Self] {
        &self.0.related
    }

    /// True for a finding that does not fail the command.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.0.warning
    }

    /// The AWS error code that caused this, if an AWS call did.
    #[must_use]
    pub fn aws_code(&self) -> Option<&str> {
        self.0.aws_code.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.0.code.as_str(), self.0.message)
    }
}

impl std::error::Error for Error {}

impl Diagnostic for Error {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.0.code.as_str()))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.0.warning { Severity::Warning } else { Severity::Error })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.help_text()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.place.as_ref().map(|place| &*place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.0.place.as_ref()?;
        let label = LabeledSpan::new(Some(place.label.clone()), place.offset, place.len);
        Some(Box::new(std::iter::once(label)))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.0.related.is_empty() {
            return None;
        }
        Some(Box::new(self.0.related.iter().map(|error| error as &dyn Diagnostic)))
    }
}
