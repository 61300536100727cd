//! The launch role: its grants, and the policy documents that say them.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::error::Error;
use crate::grant::{Condition, Grant};
use crate::pattern::Pattern;
use crate::policy::{Policy, Statement, sid};

/// The service that assumes a launch role.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html>
pub const TRUSTED_SERVICE: &str = "servicecatalog.amazonaws.com";

/// The most characters, without whitespace, that all inline policies of a role may have together.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const INLINE_LIMIT: usize = 10_240;

/// The most characters, without whitespace, that one managed policy may have.
pub const MANAGED_LIMIT: usize = 6_144;

/// How many managed policies a role may have before the quota is raised.
const MANAGED_POLICIES: usize = 10;

/// What a launch role may do.
///
/// ```
/// use edgeseal_launch_role::{Bindings, Options, Placement, Template, compute};
///
/// let template = Template::parse("template.yaml", r"
/// Resources:
///   Key:
///     Type: AWS::CloudFront::PublicKey
///     Properties: { PublicKeyConfig: { Name: edge } }
/// ")?;
/// let role = compute(&template, &Options::default())?;
/// let Placement::Inline(policy) = role.place()? else { panic!("small enough for one policy") };
/// let json = serde_json::to_value(policy.document(&Bindings::default())?)?;
/// assert_eq!(json["Version"], "2012-10-17");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchRole {
    grants: BTreeMap<(String, Condition), Grant>,
}

impl LaunchRole {
    /// Add a grant, melting it with what is there for the same action and condition.
    pub(crate) fn add(&mut self, grant: Grant) {
        match self.grants.get_mut(&(grant.action.clone(), grant.condition.clone())) {
            Some(known) => {
                known.resources.extend(grant.resources);
                known.kinds.extend(grant.kinds);
                known.reasons.extend(grant.reasons);
            }
            None => {
                self.grants.insert((grant.action.clone(), grant.condition.clone()), grant);
            }
        }
    }

    /// Everything that either role may do: one role for several versions of a product, so that an
    /// update may start from one and end at the other.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        other.grants.into_values().for_each(|grant| self.add(grant));
        self
    }

    /// The grants, sorted by action.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.values()
    }

    /// The actions, sorted.
    #[must_use]
    pub fn actions(&self) -> BTreeSet<&str> {
        self.grants.values().map(|grant| grant.action.as_str()).collect()
    }

    /// The parameters of the product's template that resource names are made of.
    #[must_use]
    pub fn name_parameters(&self) -> BTreeSet<&str> {
        self.grants.values().flat_map(|grant| &grant.resources).flat_map(Pattern::parameters).collect()
    }

    /// Whether the role makes IAM roles under a boundary that the administrator must name.
    #[must_use]
    pub fn needs_boundary(&self) -> bool {
        self.grants.values().any(|grant| {
            grant.condition.values().flat_map(BTreeMap::values).flatten().any(|value| *value == Pattern::boundary())
        })
    }

    /// The statements: actions with the same service, resources and condition together, sorted.
    ///
    /// # Errors
    /// [`Error::Data`] when the data files of the crate are broken.
    pub fn policy(&self) -> Result<Policy, Error> {
        let catalog = Catalog::builtin()?;
        let mut groups: BTreeMap<(&str, BTreeSet<Pattern>, &Condition), Statement> = BTreeMap::new();
        for grant in self.grants.values() {
            let service = grant.action.split(':').next().unwrap_or_default();
            let resources = grant.resources.clone();
            let statement = groups.entry((service, resources.clone(), &grant.condition)).or_insert_with(|| Statement {
                sid: String::new(),
                actions: BTreeSet::new(),
                kinds: BTreeSet::new(),
                resources,
                condition: grant.condition.clone(),
            });
            statement.actions.insert(grant.action.clone());
            statement.kinds.extend(grant.kinds.iter().cloned());
        }
        let mut statements: Vec<Statement> = groups.into_values().collect();
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for statement in &mut statements {
            let name = sid(catalog, statement);
            let count = used.entry(name.clone()).or_insert(0);
            *count += 1;
            statement.sid = if *count == 1 { name } else { format!("{name}{count}") };
        }
        Ok(Policy { statements })
    }

    /// The policy or policies, and where they go: inline while everything fits into one inline
    /// policy, else as managed policies of at most [`MANAGED_LIMIT`] characters each.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when not even ten managed policies hold it.
    pub fn place(&self) -> Result<Placement, Error> {
        let policy = self.policy()?;
        let characters = policy.characters()?;
        if characters <= INLINE_LIMIT {
            return Ok(Placement::Inline(policy));
        }
        let mut policies: Vec<Policy> = Vec::new();
        let pieces = policy.statements.into_iter().map(Statement::pieces).collect::<Result<Vec<_>, _>>()?;
        for statement in pieces.into_iter().flatten() {
            if let Some(last) = policies.last_mut() {
                last.statements.push(statement.clone());
                if last.characters()? <= MANAGED_LIMIT {
                    continue;
                }
                last.statements.pop();
            }
            policies.push(Policy { statements: vec![statement] });
        }
        if policies.len() > MANAGED_POLICIES {
            return Err(Error::TooLarge { characters, limit: MANAGED_POLICIES * MANAGED_LIMIT });
        }
        Ok(Placement::Managed(policies))
    }
}

/// Where the policies of a role go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// One inline policy.
    Inline(Policy),
    /// Several managed policies, because one inline policy would be too long.
    Managed(Vec<Policy>),
}
