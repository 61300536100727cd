//! A plan as text: what changes and why, who may do what in a section of its own, and what is left alone.

use textwrap::{Options, wrap};

use super::Paint;
use super::policy_text::policy_changes;
use crate::change::{Action, Change, Field};
use crate::plan::Plan;

/// A plan for a terminal of `width` columns.
#[must_use]
pub fn plan_text(plan: &Plan, paint: Paint, width: usize) -> String {
    let mut text = String::new();
    let (access, rest): (Vec<&Change>, Vec<&Change>) =
        plan.changes.iter().partition(|change| change.object.is_access());
    section(&mut text, "Changes", &rest, paint, width);
    section(&mut text, "Who may do what", &access, paint, width);
    if !plan.notes.is_empty() {
        heading(&mut text, "Left as it is", paint);
        for note in &plan.notes {
            paragraph(&mut text, "  ! ", note, width);
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary(plan, paint));
    text.push('\n');
    text
}

fn summary(plan: &Plan, paint: Paint) -> String {
    if plan.is_empty() && !plan.notes.is_empty() {
        return "No changes. What is left as it is, above, goes beyond the manifest.".to_owned();
    }
    if plan.is_empty() {
        return paint.green("No changes: the live state is what the manifest says.");
    }
    let counts = plan.summary;
    format!("{} to add, {} to change, {} to remove.", counts.create, counts.update, counts.delete)
}

fn heading(text: &mut String, title: &str, paint: Paint) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&paint.bold(title));
    text.push('\n');
}

fn section(text: &mut String, title: &str, changes: &[&Change], paint: Paint, width: usize) {
    if changes.is_empty() {
        return;
    }
    heading(text, title, paint);
    for change in changes {
        let sign = change.action.sign().to_string();
        let sign = match change.action {
            Action::Create => paint.green(&sign),
            Action::Update => paint.yellow(&sign),
            Action::Delete => paint.red(&sign),
        };
        let line = format!("{}: {}", change.object, change.reason);
        let mut lines = wrap(&line, Options::new(width.saturating_sub(4))).into_iter();
        text.push_str(&format!("  {sign} {}\n", lines.next().unwrap_or_default()));
        for line in lines {
            text.push_str(&format!("      {line}\n"));
        }
        for field in &change.fields {
            field_lines(text, field, paint, width);
        }
    }
}

fn field_lines(text: &mut String, field: &Field, paint: Paint, width: usize) {
    if let Some((added, removed)) = policy_changes(field) {
        for grant in added {
            paragraph(text, &format!("      {} ", paint.green("+")), &grant, width);
        }
        for grant in removed {
            paragraph(text, &format!("      {} ", paint.red("-")), &grant, width);
        }
        return;
    }
    let shown = |value: &str| if value.is_empty() { "(none)".to_owned() } else { value.replace('\n', " ") };
    let line = format!("{}: {} -> {}", field.name, shown(&field.from), shown(&field.to));
    paragraph(text, "      ", &line, width);
}

fn paragraph(text: &mut String, start: &str, line: &str, width: usize) {
    let indent = " ".repeat(start.chars().filter(|c| *c == ' ').count().max(4) + 2);
    let options = Options::new(width.saturating_sub(8)).break_words(false);
    for (index, part) in wrap(line, options).into_iter().enumerate() {
        let lead = if index == 0 { start } else { &indent };
        text.push_str(&format!("{lead}{part}\n"));
    }
}
