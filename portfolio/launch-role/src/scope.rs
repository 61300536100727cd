//! Which resources a policy names for a resource of the template.

use std::collections::BTreeSet;

use crate::catalog::{Kind, NameRule, Returned, Scope};
use crate::error::Error;
use crate::evaluate::Evaluator;
use crate::pattern::{Part, Pattern};
use crate::template::{Resource, Value};

/// The longest name a stack can have.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const LONGEST_STACK_NAME: usize = 128;

/// What CloudFormation puts after the logical id: a hyphen and up to thirteen random characters.
const RANDOM_PART: usize = 14;

/// The ARNs of `kind` that `scope` gives for a resource.
pub(crate) fn arns(
    evaluator: Evaluator<'_>,
    logical_id: &str,
    resource: &Resource,
    scope: &Scope,
    kind: &Kind,
) -> Result<BTreeSet<Pattern>, Error> {
    let names = names(evaluator, logical_id, resource, scope)?;
    Ok(names.iter().flat_map(|name| with_suffixes(kind, &arn(kind, name))).collect())
}

/// The ARN of a resource with this name; a name that is an ARN already stays what it is.
fn arn(kind: &Kind, name: &Pattern) -> Pattern {
    if name.is_arn() {
        return name.clone();
    }
    let mut arn = Pattern::default();
    for (index, piece) in kind.arn.split("${Name}").enumerate() {
        if index > 0 {
            arn.extend(name);
        }
        arn.extend(&Pattern::parse(piece));
    }
    arn
}

fn with_suffixes(kind: &Kind, arn: &Pattern) -> Vec<Pattern> {
    if arn.parts().last() == Some(&Part::Any) {
        return vec![arn.clone()];
    }
    kind.suffixes
        .iter()
        .map(|suffix| {
            let mut whole = arn.clone();
            whole.extend(&Pattern::parse(suffix));
            whole
        })
        .collect()
}

/// The names (or ARNs) that `scope` gives for a resource.
fn names(
    evaluator: Evaluator<'_>,
    logical_id: &str,
    resource: &Resource,
    scope: &Scope,
) -> Result<BTreeSet<Pattern>, Error> {
    if let Some(fixed) = &scope.fixed {
        return Ok(BTreeSet::from([match fixed.as_str() {
            "{stack}" => evaluator.options.stack_name(),
            other => Pattern::parse(other),
        }]));
    }
    let missing = |property: &str| Error::MissingProperty {
        at: evaluator.template.at(resource.line),
        logical_id: logical_id.to_owned(),
        type_name: resource.type_name.clone(),
        property: property.to_owned(),
    };
    let property = scope.property.as_deref().unwrap_or_default();
    let mut given = values(evaluator, &resource.properties, property)?;
    if given.may_be_absent
        && let Some(rule) = scope.otherwise
    {
        given.patterns.insert(generated(evaluator, logical_id, scope, rule));
    }
    if given.patterns.is_empty() {
        return Err(missing(property));
    }
    let parents = parents(evaluator, resource, scope)?;
    let mut names = BTreeSet::new();
    for name in given.patterns {
        let name = cleaned(&name, scope);
        if name.is_arn() {
            names.insert(name);
            continue;
        }
        for parent in &parents {
            let mut whole = parent.clone();
            whole.extend(&name);
            if let Some(child) = &scope.child {
                whole.push(Part::Text("/".to_owned()));
                whole.extend(&Pattern::parse(child));
            }
            names.insert(whole);
        }
    }
    Ok(names)
}

/// What stands before the name: nothing, or a path that ends in a slash.
fn parents(evaluator: Evaluator<'_>, resource: &Resource, scope: &Scope) -> Result<BTreeSet<Pattern>, Error> {
    let Some(property) = &scope.parent else { return Ok(BTreeSet::from([Pattern::default()])) };
    let given = values(evaluator, &resource.properties, property)?;
    let mut parents: BTreeSet<Pattern> = given.patterns.iter().map(as_parent).collect();
    if given.may_be_absent || parents.is_empty() {
        let default = scope.parent_default.as_deref().unwrap_or_default();
        parents.insert(as_parent(&Pattern::literal(default)));
    }
    Ok(parents)
}

/// `/edge/` and `edge` both become `edge/`; `/` becomes nothing.
fn as_parent(given: &Pattern) -> Pattern {
    let Some(text) = given.as_text() else {
        // A path that is only known at launch may be empty, so it takes the slash with it.
        return Pattern::any();
    };
    match text.trim_matches('/') {
        "" => Pattern::default(),
        path => Pattern::literal(&format!("{path}/")),
    }
}

/// The value as a name: without what the data file says it holds besides.
fn cleaned(name: &Pattern, scope: &Scope) -> Pattern {
    if scope.arn && !name.is_arn() && name.parameters().next().is_some() {
        return Pattern::any();
    }
    let Some(cut) = &scope.cut else { return name.clone() };
    let mut kept = Pattern::default();
    for part in name.parts() {
        match part {
            Part::Text(text) => match text.split_once(cut.as_str()) {
                Some((before, _)) => {
                    kept.push(Part::Text(before.to_owned()));
                    return kept;
                }
                None => kept.push(part.clone()),
            },
            other => kept.push(other.clone()),
        }
    }
    kept
}

/// The name that CloudFormation makes up.
///
/// It is the stack's name, the logical id and a random part, and its head is cut when the service
/// accepts no more than [`Scope::max`] characters. Where the cut falls is not documented by AWS, so
/// the logical id is only relied on when even the longest stack name leaves room for it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html>
fn generated(evaluator: Evaluator<'_>, logical_id: &str, scope: &Scope, rule: NameRule) -> Pattern {
    let mut name = match rule {
        NameRule::Any => return Pattern::any(),
        NameRule::Logical => Pattern::default(),
        NameRule::Stack if scope.lowercase => evaluator.options.stack_name_in_lower_case(),
        NameRule::Stack => evaluator.options.stack_name(),
    };
    let longest = LONGEST_STACK_NAME + 1 + logical_id.len() + RANDOM_PART;
    if rule == NameRule::Stack && scope.max.is_some_and(|max| longest > max) {
        return name;
    }
    let hyphen = if rule == NameRule::Stack { "-" } else { "" };
    name.extend(&Pattern::literal(&format!("{hyphen}{logical_id}-")));
    name.push(Part::Any);
    name
}

/// Everything the property can be.
fn values(evaluator: Evaluator<'_>, properties: &Value, property: &str) -> Result<crate::evaluate::Outcome, Error> {
    let found = properties.lookup(property);
    let mut outcome = crate::evaluate::Outcome { may_be_absent: found.may_be_absent, ..Default::default() };
    for value in found.values {
        let one = evaluator.value(value)?;
        outcome.patterns.extend(one.patterns);
        outcome.may_be_absent |= one.may_be_absent;
    }
    Ok(outcome)
}

/// What `Ref` to a resource can return.
pub(crate) fn returned_by_ref(evaluator: Evaluator<'_>, name: &str, line: usize) -> Result<BTreeSet<Pattern>, Error> {
    let (resource, entry) = target(evaluator, name, line)?;
    let Some((entry, primary)) = entry.and_then(|entry| Some((entry, entry.primary.as_deref()?))) else {
        return Ok(BTreeSet::from([Pattern::any()]));
    };
    let Some(scope) = entry.scope.get(primary) else { return Ok(BTreeSet::from([Pattern::any()])) };
    match entry.returned_by_ref {
        Returned::Name => names(evaluator, name, resource, scope),
        Returned::Arn => named_arns(evaluator, name, resource, scope, primary),
        Returned::Other => Ok(BTreeSet::from([Pattern::any()])),
    }
}

/// What `Fn::GetAtt` can return: the ARN for the attributes that hold it, else anything.
pub(crate) fn returned_by_attribute(
    evaluator: Evaluator<'_>,
    name: &str,
    attribute: &str,
    line: usize,
) -> Result<BTreeSet<Pattern>, Error> {
    let (resource, entry) = target(evaluator, name, line)?;
    if let Some(entry) = entry
        && entry.arn_attributes.iter().any(|known| known == attribute)
        && let Some(primary) = entry.primary.as_deref()
        && let Some(scope) = entry.scope.get(primary)
    {
        return named_arns(evaluator, name, resource, scope, primary);
    }
    Ok(BTreeSet::from([Pattern::any()]))
}

fn named_arns(
    evaluator: Evaluator<'_>,
    name: &str,
    resource: &Resource,
    scope: &Scope,
    primary: &str,
) -> Result<BTreeSet<Pattern>, Error> {
    let kind = evaluator.catalog.kind(primary)?;
    Ok(names(evaluator, name, resource, scope)?.iter().map(|name| arn(kind, name)).collect())
}

fn target<'a>(
    evaluator: Evaluator<'a>,
    name: &str,
    line: usize,
) -> Result<(&'a Resource, Option<&'a crate::catalog::TypeEntry>), Error> {
    let resource = evaluator
        .template
        .resources
        .get(name)
        .ok_or_else(|| Error::UnknownReference { at: evaluator.template.at(line), name: name.to_owned() })?;
    Ok((resource, evaluator.catalog.type_entry(&resource.type_name)))
}
