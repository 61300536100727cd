//! From a template to the actions that launching it takes.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Property, TypeEntry};
use crate::error::Error;
use crate::evaluate::{Evaluator, References};
use crate::grant::{Condition, Grant, Phase, Reason};
use crate::pattern::{Part, Pattern};
use crate::role::LaunchRole;
use crate::scope;
use crate::template::{Kind, Resource, Template, Value};

/// How a launch role is computed.
///
/// ```
/// let options = edgeseal_launch_role::Options::default();
/// assert_eq!(options.stack_name_prefix, "SC-");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What the names of stacks start with. Service Catalog names them
    /// `SC-<account>-<provisioned product>`.
    pub stack_name_prefix: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { stack_name_prefix: "SC-".to_owned() }
    }
}

impl Options {
    /// The names that stacks can have.
    pub(crate) fn stack_name(&self) -> Pattern {
        let mut name = Pattern::literal(&self.stack_name_prefix);
        name.push(Part::Any);
        name
    }

    /// The same for services that know no upper case.
    pub(crate) fn stack_name_in_lower_case(&self) -> Pattern {
        let mut name = Pattern::literal(&self.stack_name_prefix.to_lowercase());
        name.push(Part::Any);
        name
    }
}

/// Compute the smallest role that can create, update and delete a template's stack.
///
/// Conditions are not evaluated: the role serves every answer that a team can give, so a resource or
/// property counts as soon as one branch has it. Resources that are retained both on deletion and on
/// replacement cost no right to delete.
///
/// # Errors
/// [`Error::UnknownType`] and [`Error::UnknownProperty`] when the data files do not describe
/// something that the template has, [`Error::Lookup`] when CloudFormation would look something up
/// first, [`Error::MissingProperty`] when a resource cannot be named, and
/// [`Error::UnknownReference`] or [`Error::CircularReference`] when the template refers to nothing or
/// in a circle.
///
/// ```
/// use edgeseal_launch_role::{Options, Template, compute};
///
/// let template = Template::parse("template.yaml", r"
/// Resources:
///   Table:
///     Type: AWS::DynamoDB::Table
///     Properties:
///       TableName: files
///       TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
/// ")?;
/// let role = compute(&template, &Options::default())?;
/// assert!(role.actions().contains("dynamodb:UpdateTimeToLive"));
/// // Point-in-time recovery is not switched on, so it costs nothing.
/// assert!(!role.actions().contains("dynamodb:UpdateContinuousBackups"));
/// # Ok::<(), edgeseal_launch_role::Error>(())
/// ```
pub fn compute(template: &Template, options: &Options) -> Result<LaunchRole, Error> {
    let catalog = Catalog::builtin()?;
    let known = References::default();
    let computer = Computer { evaluator: Evaluator::new(template, catalog, options, &known), template, catalog };
    lookups(template)?;
    let mut role = LaunchRole::default();
    computer.service_catalog(&mut role)?;
    for (logical_id, resource) in &template.resources {
        computer.resource(logical_id, resource, &mut role)?;
    }
    Ok(role)
}

/// Refuse what CloudFormation looks up with the caller's rights before it makes any resource.
fn lookups(template: &Template) -> Result<(), Error> {
    for (name, parameter) in &template.parameters {
        let plain = ["String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"];
        if !plain.contains(&parameter.type_name.as_str()) {
            return Err(Error::Lookup {
                at: template.at(parameter.line),
                what: format!("parameter {name} of type {}", parameter.type_name),
            });
        }
    }
    let resolved = template.resources.values().find_map(|resource| dynamic_reference(&resource.properties));
    match resolved {
        Some(line) => Err(Error::Lookup { at: template.at(line), what: "a dynamic reference".into() }),
        None => Ok(()),
    }
}

/// The line of the first `{{resolve:...}}` in a value.
fn dynamic_reference(value: &Value) -> Option<usize> {
    let within = |text: &str| text.contains("{{resolve:").then_some(value.line);
    match &value.kind {
        Kind::Scalar(text) => within(text),
        Kind::Sub { text, variables } => {
            within(text).or_else(|| variables.iter().find_map(|(_, value)| dynamic_reference(value)))
        }
        Kind::List(items) => items.iter().find_map(dynamic_reference),
        Kind::Map(entries) => entries.iter().find_map(|(_, value)| dynamic_reference(value)),
        Kind::If { then, otherwise, .. } => dynamic_reference(then).or_else(|| dynamic_reference(otherwise)),
        Kind::Join { parts: inner, .. }
        | Kind::Select { list: inner, .. }
        | Kind::Split { source: inner, .. }
        | Kind::Other { argument: inner, .. } => dynamic_reference(inner),
        Kind::Null | Kind::Ref(_) | Kind::GetAtt { .. } | Kind::FindInMap { .. } => None,
    }
}

struct Computer<'a> {
    evaluator: Evaluator<'a>,
    template: &'a Template,
    catalog: &'a Catalog,
}

/// One call that a handler makes.
struct Call<'c> {
    action: &'c str,
    phase: Phase,
    entry: &'c TypeEntry,
    /// The property that costs it, with the line it is written on.
    property: Option<(&'c Property, usize)>,
    /// The reason in place of the property's path.
    because: Option<&'c str>,
}

impl Computer<'_> {
    /// What Service Catalog itself needs of every launch role.
    fn service_catalog(&self, role: &mut LaunchRole) -> Result<(), Error> {
        let entry = self.catalog.type_entry("ServiceCatalog").ok_or_else(|| Error::Data {
            file: "data/types/cloudformation.toml".into(),
            reason: "no ServiceCatalog".into(),
        })?;
        let nothing = Resource {
            type_name: entry.name.clone(),
            condition: None,
            retained: false,
            properties: Value { line: 0, kind: Kind::Map(Vec::new()) },
            line: 0,
        };
        self.calls(&entry.name, &nothing, entry, &Condition::new(), role)
    }

    fn resource(&self, logical_id: &str, resource: &Resource, role: &mut LaunchRole) -> Result<(), Error> {
        let entry = self.catalog.type_entry(&resource.type_name).ok_or_else(|| Error::UnknownType {
            at: self.template.at(resource.line),
            logical_id: logical_id.to_owned(),
            type_name: resource.type_name.clone(),
        })?;
        self.known_properties(logical_id, resource, entry)?;
        let boundary = self.boundary(resource, entry)?;
        self.calls(logical_id, resource, entry, &boundary, role)
    }

    /// Refuse a property that no data file mentions: it may cost a permission.
    fn known_properties(&self, logical_id: &str, resource: &Resource, entry: &TypeEntry) -> Result<(), Error> {
        let Kind::Map(properties) = &resource.properties.kind else { return Ok(()) };
        for (property, value) in properties {
            let described = entry.open
                || entry.plain.iter().any(|known| known == property)
                || entry.properties.iter().any(|known| known.path.split('.').next() == Some(property));
            if !described {
                return Err(Error::UnknownProperty {
                    at: self.template.at(value.line),
                    logical_id: logical_id.to_owned(),
                    type_name: resource.type_name.clone(),
                    property: property.clone(),
                });
            }
        }
        Ok(())
    }

    fn calls(
        &self,
        logical_id: &str,
        resource: &Resource,
        entry: &TypeEntry,
        boundary: &Condition,
        role: &mut LaunchRole,
    ) -> Result<(), Error> {
        let mut add = |call: &Call<'_>| -> Result<(), Error> {
            if call.phase == Phase::Delete && resource.retained {
                return Ok(());
            }
            role.add(self.grant(logical_id, resource, call, boundary)?);
            Ok(())
        };
        for phase in Phase::ALL {
            for action in actions(phase, entry) {
                add(&Call { action, phase, entry, property: None, because: None })?;
            }
        }
        for action in &entry.tags {
            let because = Some("(tags of the stack)");
            for phase in [Phase::Create, Phase::Update] {
                add(&Call { action, phase, entry, property: None, because })?;
            }
        }
        for property in &entry.properties {
            let line = match resource.properties.lookup(&property.path).values.first() {
                Some(value) => value.line,
                None if property.path.is_empty() => resource.line,
                None => continue,
            };
            for phase in Phase::ALL {
                for action in property_actions(phase, property) {
                    add(&Call { action, phase, entry, property: Some((property, line)), because: None })?;
                }
            }
        }
        Ok(())
    }

    fn grant(
        &self,
        logical_id: &str,
        resource: &Resource,
        call: &Call<'_>,
        boundary: &Condition,
    ) -> Result<Grant, Error> {
        let mut resources = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        let possible = self.catalog.kinds_of(call.action)?;
        for kind in &possible {
            let own = call.property.and_then(|(property, _)| property.scope.get(kind));
            if let Some(scope) = own.or_else(|| call.entry.scope.get(kind)) {
                let described = self.catalog.kind(kind)?;
                resources.extend(scope::arns(self.evaluator, logical_id, resource, scope, described)?);
                kinds.insert(kind.clone());
            }
        }
        if resources.is_empty() {
            if !possible.is_empty() {
                return Err(Error::Data {
                    file: format!("data/types ({})", call.entry.name),
                    reason: format!("no scope names a resource for {}", call.action),
                });
            }
            resources.insert(Pattern::any());
        }
        let property = call.property.map(|(property, _)| property);
        let mut condition =
            property.map(|property| self.condition(resource, property)).transpose()?.unwrap_or_default();
        if self.catalog.honours_boundary(call.action) {
            for (operator, keys) in boundary {
                condition.entry(operator.clone()).or_default().extend(keys.clone());
            }
        }
        let line = call.property.map_or(resource.line, |(_, line)| line);
        let path = property.map(|property| property.path.clone()).filter(|path| !path.is_empty());
        Ok(Grant {
            action: call.action.to_owned(),
            condition,
            resources,
            unscoped_because: self.catalog.unscoped_reason(call.action).filter(|_| kinds.is_empty()).map(str::to_owned),
            kinds,
            reasons: BTreeSet::from([Reason {
                resource: logical_id.to_owned(),
                type_name: resource.type_name.clone(),
                property: call.because.map(str::to_owned).or(path),
                phase: call.phase,
                at: (line > 0).then(|| self.template.at(line)),
                source: property
                    .and_then(|property| property.source.clone())
                    .unwrap_or_else(|| call.entry.source.clone()),
            }]),
        })
    }

    /// The condition that the data file puts on a property's actions.
    fn condition(&self, resource: &Resource, property: &Property) -> Result<Condition, Error> {
        let mut condition = Condition::new();
        for (operator, keys) in &property.condition {
            for (key, values) in keys {
                let values = values.iter().map(|value| Pattern::literal(value)).collect();
                condition.entry(operator.clone()).or_default().insert(key.clone(), values);
            }
        }
        if let Some(from) = &property.condition_from {
            let values = self.patterns(resource, &from.property)?;
            condition.entry(from.operator.clone()).or_default().insert(from.key.clone(), values);
        }
        Ok(condition)
    }

    /// The condition that binds roles to the boundary that the template gives them.
    fn boundary(&self, resource: &Resource, entry: &TypeEntry) -> Result<Condition, Error> {
        let mut boundaries = BTreeSet::new();
        if let Some(property) = &entry.boundary {
            boundaries.extend(self.patterns(resource, property)?);
        }
        if let Some(property) = &entry.boundary_through {
            for value in resource.properties.lookup(property).values {
                let Kind::Ref(name) = &value.kind else { return Ok(Condition::new()) };
                let role = self.template.resources.get(name);
                let bound = role.and_then(|role| {
                    let property = self.catalog.type_entry(&role.type_name)?.boundary.as_deref()?;
                    Some(self.patterns(role, property))
                });
                match bound.transpose()? {
                    Some(patterns) if !patterns.is_empty() => boundaries.extend(patterns),
                    // One role without a boundary: the condition would refuse its policies.
                    _ => return Ok(Condition::new()),
                }
            }
        }
        if boundaries.is_empty() {
            return Ok(Condition::new());
        }
        // What a team may type in is not trusted to bound itself: the administrator names it.
        let bounds = boundaries
            .iter()
            .map(|boundary| {
                if boundary.is_arn() && boundary.parameters().next().is_none() {
                    return boundary.clone();
                }
                Pattern::boundary()
            })
            .collect();
        let keys = [("iam:PermissionsBoundary".to_owned(), bounds)];
        Ok(Condition::from([("ArnLike".to_owned(), keys.into_iter().collect())]))
    }

    fn patterns(&self, resource: &Resource, property: &str) -> Result<BTreeSet<Pattern>, Error> {
        let mut patterns = BTreeSet::new();
        for value in resource.properties.lookup(property).values {
            patterns.extend(self.evaluator.value(value)?.patterns);
        }
        Ok(patterns)
    }
}

fn actions(phase: Phase, entry: &TypeEntry) -> &[String] {
    match phase {
        Phase::Create => &entry.create,
        Phase::Update => &entry.update,
        Phase::Delete => &entry.delete,
        Phase::Read => &entry.read,
    }
}

fn property_actions(phase: Phase, property: &Property) -> &[String] {
    match phase {
        Phase::Create => &property.create,
        Phase::Update => &property.update,
        Phase::Delete => &property.delete,
        Phase::Read => &property.read,
    }
}
