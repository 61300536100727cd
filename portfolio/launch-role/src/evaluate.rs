//! What a value of a template can become at launch.
//!
//! The answer is a set of patterns: one for each branch of `Fn::If` and each allowed value of a
//! parameter. What a team types in is not known here and stays a [`Part::Parameter`]; what no one
//! can know before deployment is [`Part::Any`].

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::error::Error;
use crate::pattern::{Part, Pattern};
use crate::scope;
use crate::template::{Kind, Template, Value};

/// More alternatives than this are widened to `*`: the policy would outgrow its limit.
const MAX_ALTERNATIVES: usize = 16;

/// No name or ARN is longer; a longer text is widened to `*`, or it could double at every reference.
const MAX_LENGTH: usize = 2_048;

/// References deeper than this are a circle.
const MAX_DEPTH: usize = 32;

/// What a value can become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The values it can take.
    pub(crate) patterns: BTreeSet<Pattern>,
    /// Whether it can also be `AWS::NoValue`, which removes the property.
    pub(crate) may_be_absent: bool,
}

impl Outcome {
    fn one(pattern: Pattern) -> Self {
        Self { patterns: BTreeSet::from([pattern]), may_be_absent: false }
    }

    fn any() -> Self {
        Self::one(Pattern::any())
    }

    fn absent() -> Self {
        Self { patterns: BTreeSet::new(), may_be_absent: true }
    }

    fn or(mut self, other: Self) -> Self {
        self.patterns.extend(other.patterns);
        self.may_be_absent |= other.may_be_absent;
        self.bounded()
    }

    /// Every combination of this followed by `other`.
    fn then(&self, other: &Self) -> Self {
        let mut patterns = BTreeSet::new();
        for left in &self.patterns {
            for right in &other.patterns {
                let mut both = left.clone();
                both.extend(right);
                patterns.insert(if both.length() > MAX_LENGTH { Pattern::any() } else { both });
            }
        }
        Self { patterns, may_be_absent: self.may_be_absent }.bounded()
    }

    fn bounded(self) -> Self {
        if self.patterns.len() <= MAX_ALTERNATIVES {
            return self;
        }
        Self { may_be_absent: self.may_be_absent, ..Self::any() }
    }
}

/// Everything needed to follow references.
#[derive(Clone, Copy)]
pub(crate) struct Evaluator<'a> {
    pub(crate) template: &'a Template,
    pub(crate) catalog: &'a Catalog,
    pub(crate) options: &'a crate::Options,
    known: &'a References,
    depth: usize,
}

/// What references were found to return, by resource and attribute. Without it, resources that each
/// name the one before twice would take time that doubles with every resource.
pub(crate) type References = RefCell<BTreeMap<(String, Option<String>), BTreeSet<Pattern>>>;

impl<'a> Evaluator<'a> {
    pub(crate) fn new(
        template: &'a Template,
        catalog: &'a Catalog,
        options: &'a crate::Options,
        known: &'a References,
    ) -> Self {
        Self { template, catalog, options, known, depth: 0 }
    }

    /// Go one reference deeper.
    fn deeper(mut self, name: &str, line: usize) -> Result<Self, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::CircularReference { at: self.template.at(line), name: name.to_owned() });
        }
        Ok(self)
    }

    /// What `value` can become as a string.
    pub(crate) fn value(self, value: &Value) -> Result<Outcome, Error> {
        let line = value.line;
        Ok(match &value.kind {
            Kind::Null => Outcome::absent(),
            Kind::Scalar(text) => Outcome::one(Pattern::literal(text)),
            Kind::Ref(name) => self.reference(name, line)?,
            Kind::GetAtt { resource, attribute } => self.attribute(resource, attribute, line)?,
            Kind::Sub { text, variables } => self.substitute(text, variables, line)?,
            Kind::Join { delimiter, parts } => self.join(delimiter, parts)?,
            Kind::If { then, otherwise, .. } => self.value(then)?.or(self.value(otherwise)?),
            Kind::Select { index, list } => self.select(index, list)?,
            Kind::FindInMap { map, first, second } => self.find_in_map(map, first, second)?,
            Kind::List(_) | Kind::Map(_) | Kind::Split { .. } | Kind::Other { .. } => Outcome::any(),
        })
    }

    fn reference(self, name: &str, line: usize) -> Result<Outcome, Error> {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return Ok(match pseudo {
                "NoValue" => Outcome::absent(),
                "Partition" => Outcome::one(Pattern::from_part(Part::Partition)),
                "AccountId" => Outcome::one(Pattern::from_part(Part::Account)),
                "StackName" => Outcome::one(self.options.stack_name()),
                _ => Outcome::any(),
            });
        }
        if let Some(parameter) = self.template.parameters.get(name) {
            if parameter.type_name.contains("List") {
                return Ok(Outcome::any());
            }
            if parameter.allowed_values.is_empty() {
                return Ok(Outcome::one(Pattern::from_part(Part::Parameter(name.to_owned()))));
            }
            let patterns = parameter.allowed_values.iter().map(|text| Pattern::literal(text)).collect();
            return Ok(Outcome { patterns, may_be_absent: false }.bounded());
        }
        self.remembered(name, None, line)
    }

    fn attribute(self, resource: &str, attribute: &str, line: usize) -> Result<Outcome, Error> {
        self.remembered(resource, Some(attribute), line)
    }

    fn remembered(self, name: &str, attribute: Option<&str>, line: usize) -> Result<Outcome, Error> {
        let key = (name.to_owned(), attribute.map(str::to_owned));
        if let Some(patterns) = self.known.borrow().get(&key) {
            return Ok(Outcome { patterns: patterns.clone(), may_be_absent: false });
        }
        let deeper = self.deeper(name, line)?;
        let patterns = match attribute {
            None => scope::returned_by_ref(deeper, name, line)?,
            Some(attribute) => scope::returned_by_attribute(deeper, name, attribute, line)?,
        };
        let outcome = Outcome { patterns, may_be_absent: false }.bounded();
        self.known.borrow_mut().insert(key, outcome.patterns.clone());
        Ok(outcome)
    }

    fn substitute(self, text: &str, variables: &[(String, Value)], line: usize) -> Result<Outcome, Error> {
        let mut outcome = Outcome::one(Pattern::default());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            outcome = outcome.then(&Outcome::one(Pattern::literal(before)));
            let Some((name, tail)) = after.split_once('}') else {
                return Err(Error::Template {
                    at: self.template.at(line),
                    field: "Fn::Sub".into(),
                    reason: "a placeholder is not closed".into(),
                });
            };
            rest = tail;
            let piece = if name.starts_with('!') {
                // `${!Literal}` is CloudFormation's way to write `${Literal}`: an IAM variable.
                Outcome::any()
            } else if let Some((_, value)) = variables.iter().find(|(key, _)| key == name) {
                self.value(value)?
            } else if let Some((resource, attribute)) = name.split_once('.') {
                self.attribute(resource, attribute, line)?
            } else {
                self.reference(name, line)?
            };
            outcome = outcome.then(&piece);
        }
        Ok(outcome.then(&Outcome::one(Pattern::literal(rest))))
    }

    fn join(self, delimiter: &str, parts: &Value) -> Result<Outcome, Error> {
        let Some(items) = self.items(parts)? else { return Ok(Outcome::any()) };
        let mut outcome = Outcome::one(Pattern::default());
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                outcome = outcome.then(&Outcome::one(Pattern::literal(delimiter)));
            }
            outcome = outcome.then(item);
        }
        Ok(outcome)
    }

    fn select(self, index: &Value, list: &Value) -> Result<Outcome, Error> {
        let position = index.as_str().and_then(|text| text.parse::<usize>().ok());
        let (Some(position), Some(items)) = (position, self.items(list)?) else {
            return Ok(Outcome::any());
        };
        Ok(items.get(position).cloned().unwrap_or_else(Outcome::any))
    }

    /// The items of a list, when they can be told apart.
    fn items(self, list: &Value) -> Result<Option<Vec<Outcome>>, Error> {
        match &list.kind {
            Kind::List(items) => items.iter().map(|item| self.value(item)).collect::<Result<_, _>>().map(Some),
            Kind::Split { delimiter, source } => {
                let source = self.value(source)?;
                let mut patterns = source.patterns.iter();
                Ok(match (patterns.next().and_then(|only| only.split(delimiter)), patterns.next()) {
                    (Some(pieces), None) => Some(pieces.into_iter().map(Outcome::one).collect()),
                    _ => None,
                })
            }
            _ => Ok(None),
        }
    }

    fn find_in_map(self, map: &Value, first: &Value, second: &Value) -> Result<Outcome, Error> {
        let Some(entries) = map.as_str().and_then(|name| self.template.mappings.get(name)) else {
            return Ok(Outcome::any());
        };
        let mut outcome = Outcome::default();
        for row in chosen(entries, first) {
            for cell in chosen(row, second) {
                outcome = outcome.or(self.value(cell)?);
            }
        }
        Ok(if outcome.patterns.is_empty() { Outcome::any() } else { outcome })
    }
}

/// The entry that a literal key names, or all of them when the key is only known at launch.
fn chosen<'v>(map: &'v Value, key: &Value) -> Vec<&'v Value> {
    match (&map.kind, key.as_str()) {
        (_, Some(key)) => map.get(key).into_iter().collect(),
        (Kind::Map(entries), None) => entries.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}
