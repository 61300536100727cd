//! What people and programs see: results on standard output, everything else on standard error.

mod plan_text;
mod policy_text;
mod progress;
mod table;

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

pub use plan_text::plan_text;
pub use progress::Progress;
pub use table::Table;

use crate::error::{Error, ErrorJson, render};
use crate::session::Session;

/// Columns when the output is not a terminal.
pub const WIDTH: usize = 80;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where output goes, and how it looks.
#[derive(Clone, Debug)]
pub struct Ui {
    /// Results as JSON.
    pub json: bool,
    /// Columns of text.
    pub width: usize,
    out_colour: bool,
    err_colour: bool,
    err_terminal: bool,
}

impl Ui {
    /// Looks at the terminal and the environment.
    #[must_use]
    pub fn new(json: bool, choice: ColourChoice) -> Self {
        let environment = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let plain = environment("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = |terminal: bool| match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto => terminal && !plain,
        };
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let size = if out { terminal_width() } else { WIDTH };
        Self {
            json,
            width: size.clamp(40, 120),
            out_colour: colour(out) && !json,
            err_colour: colour(err),
            err_terminal: err && !plain && !environment("CI"),
        }
    }

    /// Painter for results.
    #[must_use]
    pub fn paint(&self) -> Paint {
        Paint(self.out_colour)
    }

    /// Writes a result. A reader that has seen enough, such as `head`, is no error.
    ///
    /// # Errors
    /// `file-write` when the output cannot be written, on a full disk for instance.
    pub fn result(&self, text: &str) -> crate::error::Result<()> {
        let mut out = std::io::stdout().lock();
        let written = match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        };
        written.map_err(|error| Error::new(crate::error::Code::FileWrite, format!("standard output: {error}")))
    }

    /// Writes a result as JSON.
    ///
    /// # Errors
    /// `file-write` when nobody reads any more.
    pub fn result_json<T: Serialize>(&self, value: &T) -> crate::error::Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(|error| {
            Error::new(crate::error::Code::FileWrite, format!("the result cannot be written: {error}"))
        })?;
        self.result(&(text + "\n"))
    }

    /// Tells how things go. A closed standard error is no reason to stop.
    pub fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Tells about a warning.
    pub fn warn(&self, warning: &Error) {
        self.note(render(warning, self.err_colour, self.width).trim_end());
    }

    /// Tells about an error: as text on standard error, or as JSON on standard output.
    pub fn fail(&self, error: &Error) {
        if self.json {
            let value = serde_json::json!({ "format": "portfolio/error/1", "error": ErrorJson::from(error) });
            let text = serde_json::to_string_pretty(&value).unwrap_or_default();
            let _ = writeln!(std::io::stdout(), "{text}");
        } else {
            self.note(render(error, self.err_colour, self.width).trim_end());
        }
    }

    /// Tells who is calling what, where.
    pub fn header(&self, session: &Session, rehearsal: bool) {
        let paint = Paint(self.err_colour);
        let target = &session.target;
        self.note(&format!("{} {} as {}", paint.dim("account "), target.account, session.caller));
        self.note(&format!("{} {}", paint.dim("region  "), target.region));
        let warning = match (rehearsal, session.endpoint.contains(".amazonaws.com")) {
            (true, _) => " (rehearsal)",
            (false, true) => "",
            (false, false) => " (not AWS)",
        };
        self.note(&format!("{} {}{warning}", paint.dim("endpoint"), session.endpoint));
    }

    /// Progress of a long piece of work, shown only on a terminal.
    #[must_use]
    pub fn progress(&self, length: usize, what: &str) -> Progress {
        Progress::new(self.err_terminal && !self.json, length, what)
    }

    /// True when a question can be asked.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|value| value.parse().ok()).unwrap_or_else(textwrap::termwidth)
}

/// `1 product`, `2 products`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint(pub bool);

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Something new or good.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// Something that changes.
    #[must_use]
    pub fn yellow(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Something that goes or is bad.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }

    /// A heading.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Something of less weight.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }
}
