//! Names and ARNs of which some parts are only known at launch.

use std::fmt;

/// The parameter of the role's template that holds the permissions boundary.
pub const BOUNDARY_PARAMETER: &str = "PermissionsBoundaryArn";

/// A piece of a name or ARN.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// Anything: written as `*`.
    Any,
    /// The partition (`aws`, `aws-cn`, ...) the role lives in.
    Partition,
    /// The account the role lives in.
    Account,
    /// The value of a parameter of the product's template. It becomes a parameter of the role, so
    /// that an administrator can narrow it to the names that teams may choose.
    Parameter(String),
    /// The ARN of the permissions boundary, which the administrator gives.
    Boundary,
}

/// A name or ARN as a sequence of parts.
///
/// ```
/// use edgeseal_launch_role::Pattern;
///
/// let arn = Pattern::parse("arn:${Partition}:s3:::reports-*");
/// assert_eq!(arn.to_string(), "arn:${AWS::Partition}:s3:::reports-*");
/// assert!(arn.is_arn());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(Vec<Part>);

impl Pattern {
    /// The pattern that matches everything.
    #[must_use]
    pub fn any() -> Self {
        Self(vec![Part::Any])
    }

    /// The permissions boundary that the administrator gives.
    #[must_use]
    pub fn boundary() -> Self {
        Self(vec![Part::Boundary])
    }

    /// One part alone.
    #[must_use]
    pub fn from_part(part: Part) -> Self {
        let mut pattern = Self::default();
        pattern.push(part);
        pattern
    }

    /// Literal text.
    ///
    /// `*`, `?` and `$` mean something in a policy and cannot occur in the names of resources, so
    /// text that holds one is widened to `*` there.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::default();
        for (index, piece) in text.split(['*', '?', '$']).enumerate() {
            if index > 0 {
                pattern.push(Part::Any);
            }
            pattern.push(Part::Text(piece.to_owned()));
        }
        pattern
    }

    /// Read an ARN format of the data files: `${Partition}` and `${Account}` stand for those of the
    /// role, `*` for anything.
    #[must_use]
    pub fn parse(format: &str) -> Self {
        let mut pattern = Self::default();
        let mut rest = format;
        while let Some(start) = rest.find(['$', '*']) {
            let (before, from) = rest.split_at(start);
            pattern.push(Part::Text(before.to_owned()));
            let known = [("*", Part::Any), ("${Partition}", Part::Partition), ("${Account}", Part::Account)];
            match known.into_iter().find(|(token, _)| from.starts_with(token)) {
                Some((token, part)) => {
                    pattern.push(part);
                    rest = from.strip_prefix(token).unwrap_or_default();
                }
                None => {
                    pattern.push(Part::Text("$".to_owned()));
                    rest = from.strip_prefix('$').unwrap_or_default();
                }
            }
        }
        pattern.push(Part::Text(rest.to_owned()));
        pattern
    }

    /// Add a part, melting it into the last one where that changes nothing.
    pub fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (Some(Part::Any), Part::Any) => {}
            (_, part) => self.0.push(part),
        }
    }

    /// Add all parts of another pattern.
    pub fn extend(&mut self, other: &Self) {
        other.0.iter().for_each(|part| self.push(part.clone()));
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The bytes of literal text in it.
    pub(crate) fn length(&self) -> usize {
        self.0.iter().map(|part| if let Part::Text(text) = part { text.len() } else { 1 }).sum()
    }

    /// The text, when every part of it is known.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is a whole ARN and not only a name.
    #[must_use]
    pub fn is_arn(&self) -> bool {
        matches!(self.0.first(), Some(Part::Text(text)) if text.starts_with("arn:"))
    }

    /// The names of the template parameters it is made of.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The same with every template parameter widened to `*`.
    #[must_use]
    pub fn without_parameters(&self) -> Self {
        let mut pattern = Self::default();
        for part in &self.0 {
            pattern.push(match part {
                Part::Parameter(_) => Part::Any,
                other => other.clone(),
            });
        }
        pattern
    }

    /// Cut at a delimiter; `None` when an unknown part could hide one.
    #[must_use]
    pub fn split(&self, delimiter: &str) -> Option<Vec<Self>> {
        let text = self.as_text()?;
        Some(text.split(delimiter).map(Self::literal).collect())
    }

    /// Write it out, with `name` deciding what stands for each part that is not text.
    pub fn render(&self, mut name: impl FnMut(&Part) -> String) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                other => name(other),
            })
            .collect()
    }
}

impl fmt::Display for Pattern {
    /// As an argument of `Fn::Sub`, template parameters by their own name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(|part| match part {
            Part::Partition => "${AWS::Partition}".to_owned(),
            Part::Account => "${AWS::AccountId}".to_owned(),
            Part::Parameter(name) => format!("${{{name}}}"),
            Part::Boundary => format!("${{{BOUNDARY_PARAMETER}}}"),
            Part::Text(_) | Part::Any => "*".to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_melt_together() {
        let mut pattern = Pattern::literal("a");
        pattern.extend(&Pattern::literal("b"));
        pattern.push(Part::Any);
        pattern.push(Part::Any);
        assert_eq!(pattern.parts(), [Part::Text("ab".into()), Part::Any]);
    }

    #[test]
    fn policy_wildcards_in_names_do_not_pass_as_text() {
        assert_eq!(Pattern::literal("a${aws:username}b?").to_string(), "a*{aws:username}b*");
    }

    #[test]
    fn arn_formats_are_read_part_by_part() {
        let arn = Pattern::parse("arn:${Partition}:iam::${Account}:role/*");
        assert_eq!(arn.to_string(), "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*");
        assert_eq!(arn.parts().len(), 6);
    }
}
