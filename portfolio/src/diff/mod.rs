//! The difference between what should be and what is. Pure: no I/O, no clock, the same answer every time.

mod access;
pub(crate) mod product;

use serde::Serialize;
use serde_json::Value;

pub(crate) use product::same_constraint;

use crate::change::{Action, Change, Field, Object};
use crate::error::Error;
use crate::state::{Desired, Observed, RoleFields, TagOptionRef, Tags};

/// What a diff may propose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Also remove constraints, grants, shares and TagOptions that the manifest no longer names.
    /// Products and versions are never removed by a diff.
    pub remove: bool,
}

/// The difference.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// Changes, in the order they have to be made.
    pub changes: Vec<Change>,
    /// Things that are left as they are, and why.
    pub notes: Vec<String>,
    /// Reasons not to go on at all.
    pub conflicts: Vec<Error>,
}

/// Compares.
#[must_use]
pub fn diff(desired: &Desired, observed: &Observed, options: Options) -> Diff {
    let mut diff = Differ { options, out: Diff::default() };
    for (name, role) in &desired.roles {
        diff.role(name, role, observed.roles.get(name));
    }
    diff.portfolio(desired, observed);
    diff.tag_options(desired, observed);
    diff.actions(desired, observed);
    for spec in &desired.products {
        diff.product(spec, observed.products.get(&spec.key), observed);
    }
    diff.leftover_products(desired, observed);
    diff.portfolio_tag_options(desired, observed);
    diff.principals(desired, observed);
    diff.shares(desired, observed);
    diff.out
}

struct Differ {
    options: Options,
    out: Diff,
}

impl Differ {
    fn change(&mut self, action: Action, object: Object, reason: impl Into<String>, fields: Vec<Field>) {
        self.out.changes.push(Change { action, object, reason: reason.into(), fields });
    }

    fn create(&mut self, object: Object, reason: impl Into<String>) {
        self.change(Action::Create, object, reason, Vec::new());
    }

    /// An update, unless nothing changes.
    fn update(&mut self, object: Object, fields: Vec<Field>) {
        if !fields.is_empty() {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let one = matches!(names.as_slice(), [name] if !name.ends_with('s'));
            let reason = format!("{} {}", names.join(", "), if one { "differs" } else { "differ" });
            self.change(Action::Update, object, reason, fields);
        }
    }

    /// A removal if the options allow one, otherwise a note.
    fn surplus(&mut self, object: Object) {
        if self.options.remove {
            self.change(Action::Delete, object, "not in the manifest", Vec::new());
        } else {
            self.out.notes.push(format!("{object} is not in the manifest; --remove takes it away"));
        }
    }

    fn role(&mut self, name: &str, wanted: &RoleFields, live: Option<&RoleFields>) {
        let object = Object::Role { name: name.to_owned() };
        let Some(live) = live else { return self.create(object, "computed from the templates") };
        let mut fields = Vec::new();
        json_field(&mut fields, "trust", &live.trust, &wanted.trust);
        json_field(&mut fields, "policy", &live.policy, &wanted.policy);
        self.update(object, fields);
    }

    fn portfolio(&mut self, desired: &Desired, observed: &Observed) {
        let object = Object::Portfolio { key: desired.key.clone() };
        let Some(live) = &observed.portfolio else { return self.create(object, "not there yet") };
        let mut fields = Vec::new();
        field(&mut fields, "name", &live.fields.name, &desired.fields.name);
        field(&mut fields, "provider", &live.fields.provider, &desired.fields.provider);
        field(&mut fields, "description", &live.fields.description, &desired.fields.description);
        tag_fields(&mut fields, &live.tags, &desired.tags);
        self.update(object, fields);
    }

    fn tag_options(&mut self, desired: &Desired, observed: &Observed) {
        for option in &desired.tag_options {
            let object = Object::TagOption { option: option.clone() };
            match observed.tag_options.get(option) {
                None => self.create(object, "not there yet"),
                Some((_, true)) => {}
                Some((_, false)) => {
                    let fields = vec![Field { name: "active".into(), from: "false".into(), to: "true".into() }];
                    self.update(object, fields);
                }
            }
        }
    }

    fn portfolio_tag_options(&mut self, desired: &Desired, observed: &Observed) {
        let live = observed.portfolio.as_ref().map(|portfolio| &portfolio.tag_options);
        let link = |option: &TagOptionRef| Object::TagOptionLink { product: None, option: option.clone() };
        for option in &desired.portfolio_tag_options {
            if !live.is_some_and(|live| live.contains_key(option)) {
                self.create(link(option), "not on the portfolio yet");
            }
        }
        for option in live.into_iter().flat_map(|live| live.keys()) {
            if !desired.portfolio_tag_options.contains(option) {
                self.surplus(link(option));
            }
        }
    }

    fn leftover_products(&mut self, desired: &Desired, observed: &Observed) {
        for (key, live) in &observed.products {
            if desired.product(key).is_none() {
                self.out.notes.push(format!(
                    "product {key} ({}) is not in the manifest; `portfolio destroy --product {key}` takes it away",
                    live.id
                ));
            }
        }
        for (id, name) in &observed.foreign {
            self.out.notes.push(format!("product {name} ({id}) is in the portfolio but managed elsewhere; left alone"));
        }
    }
}

fn field(fields: &mut Vec<Field>, name: &str, from: &str, to: &str) {
    if from != to {
        fields.push(Field { name: name.to_owned(), from: from.to_owned(), to: to.to_owned() });
    }
}

fn json_field(fields: &mut Vec<Field>, name: &str, from: &Value, to: &Value) {
    if from != to {
        fields.push(Field { name: name.to_owned(), from: from.to_string(), to: to.to_string() });
    }
}

/// Tags that are missing or differ. Tags that others added stay.
fn tag_fields(fields: &mut Vec<Field>, live: &Tags, wanted: &Tags) {
    for (key, value) in wanted {
        let from = live.get(key).map_or("", String::as_str);
        field(fields, &format!("tag {key}"), from, value);
    }
}

/// Numbers of changes, as a plan's last line shows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Summary {
    /// Objects made.
    pub create: usize,
    /// Objects changed.
    pub update: usize,
    /// Objects removed.
    pub delete: usize,
}

impl Summary {
    /// Counts changes.
    #[must_use]
    pub fn of(changes: &[Change]) -> Self {
        let count = |action| changes.iter().filter(|change| change.action == action).count();
        Self { create: count(Action::Create), update: count(Action::Update), delete: count(Action::Delete) }
    }
}
