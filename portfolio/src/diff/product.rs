//! Differences of one product: its fields, versions, constraints and links.

use std::collections::BTreeSet;

use super::{Differ, field, json_field, tag_fields};
use crate::change::{Field, Object};
use crate::error::{Code, Error};
use crate::state::{
    ConstraintKind, ConstraintSpec, Observed, ObservedConstraint, ObservedProduct, ObservedVersion, ProductSpec,
    TagOptionRef, VersionSpec, VersionState,
};

impl Differ {
    pub(super) fn product(&mut self, spec: &ProductSpec, live: Option<&ObservedProduct>, observed: &Observed) {
        let object = Object::Product { product: spec.key.clone() };
        match live {
            None => self.create(object, "not there yet"),
            Some(live) => self.update(object, product_fields(spec, live)),
        }
        self.versions(spec, live);
        if !live.is_some_and(|live| live.associated) {
            self.create(Object::Association { product: spec.key.clone() }, "not in the portfolio yet");
        }
        self.constraints(spec, live.map_or(&[], |live| live.constraints.as_slice()));
        self.product_tag_options(spec, live);
        self.action_links(spec, live, observed);
    }

    fn versions(&mut self, spec: &ProductSpec, live: Option<&ObservedProduct>) {
        let live_versions = live.map_or(&[][..], |live| live.versions.as_slice());
        for version in &spec.versions {
            let mut same_name = live_versions.iter().filter(|live| live.name == version.name);
            match (same_name.next(), same_name.next()) {
                (None, _) => self.create_version(spec, version),
                (Some(live), None) => self.version(spec, version, live),
                (Some(first), Some(second)) => {
                    let message = format!(
                        "product {} has two versions named `{}`: {} and {}",
                        spec.key, version.name, first.id, second.id
                    );
                    self.out.conflicts.push(Error::new(Code::Ambiguous, message).with_help(format!(
                        "Delete one of them: `aws servicecatalog delete-provisioning-artifact --product-id {} --provisioning-artifact-id {}`.",
                        live.map_or("PRODUCT", |live| live.id.as_str()),
                        second.id
                    )));
                }
            }
        }
        for live in live_versions {
            if !spec.versions.iter().any(|version| version.name == live.name) {
                let (key, name) = (&spec.key, &live.name);
                self.out.notes.push(format!(
                    "version {key} {name} ({}) is not in the manifest; `portfolio prune {key}` takes old versions away",
                    live.id
                ));
            }
        }
    }

    fn create_version(&mut self, spec: &ProductSpec, version: &VersionSpec) {
        let object = Object::Version { product: spec.key.clone(), version: version.name.clone() };
        let reason = match version.state {
            VersionState::Active => "not there yet",
            VersionState::Deprecated => "not there yet; deprecated from the start",
            VersionState::Inactive => "not there yet; inactive from the start",
        };
        self.create(object, reason);
    }

    /// The template of a live version can never change: AWS has no call for it.
    fn version(&mut self, spec: &ProductSpec, version: &VersionSpec, live: &ObservedVersion) {
        if live.sha256.as_ref() != Some(&version.sha256) {
            let (key, name, id) = (&spec.key, &version.name, &live.id);
            let (message, help) = match &live.sha256 {
                Some(sha256) => (
                    format!(
                        "version `{name}` of {key} ({id}) is published with other content: live {}, here {}",
                        short(sha256),
                        short(&version.sha256)
                    ),
                    "Give the new content a new version name; a published version cannot change.".to_owned(),
                ),
                None => (
                    format!("it is unknown which template version `{name}` of {key} ({id}) was published from"),
                    format!("Adopt it with `portfolio import --product {key}`, which compares the templates."),
                ),
            };
            self.out.conflicts.push(Error::new(Code::VersionConflict, message).with_help(help));
            return;
        }
        let mut fields = Vec::new();
        field(&mut fields, "description", &live.description, &version.stored_description());
        field(&mut fields, "state", state_name(live.state), state_name(version.state));
        self.update(Object::Version { product: spec.key.clone(), version: version.name.clone() }, fields);
    }

    fn constraints(&mut self, spec: &ProductSpec, live: &[ObservedConstraint]) {
        let object = |constraint: &ConstraintSpec| Object::Constraint {
            product: spec.key.clone(),
            kind: constraint.kind,
            description: constraint.description.clone(),
        };
        let mut matched = BTreeSet::new();
        for wanted in &spec.constraints {
            match live.iter().find(|live| same_constraint(&live.spec, wanted) && !matched.contains(&live.id)) {
                None => self.create(object(wanted), "not there yet"),
                Some(live) => {
                    matched.insert(live.id.clone());
                    let mut fields = Vec::new();
                    field(&mut fields, "description", &live.spec.description, &wanted.description);
                    json_field(&mut fields, "parameters", &live.spec.parameters, &wanted.parameters);
                    self.update(object(wanted), fields);
                }
            }
        }
        for live in live.iter().filter(|live| !matched.contains(&live.id)) {
            self.surplus(object(&live.spec));
        }
    }

    fn product_tag_options(&mut self, spec: &ProductSpec, live: Option<&ObservedProduct>) {
        let link =
            |option: &TagOptionRef| Object::TagOptionLink { product: Some(spec.key.clone()), option: option.clone() };
        for option in &spec.tag_options {
            if !live.is_some_and(|live| live.tag_options.contains_key(option)) {
                self.create(link(option), "not on the product yet");
            }
        }
        for option in live.into_iter().flat_map(|live| live.tag_options.keys()) {
            if !spec.tag_options.contains(option) {
                self.surplus(link(option));
            }
        }
    }

    /// A service action sits on versions, so a new version needs its own link.
    fn action_links(&mut self, spec: &ProductSpec, live: Option<&ObservedProduct>, observed: &Observed) {
        for action in &spec.actions {
            for version in &spec.versions {
                let ids = live.and_then(|live| {
                    let version = live.versions.iter().find(|live| live.name == version.name)?;
                    Some((live.id.clone(), version.id.clone()))
                });
                let linked = ids
                    .is_some_and(|ids| observed.actions.get(action).is_some_and(|action| action.links.contains(&ids)));
                if !linked {
                    let object = Object::ActionLink {
                        product: spec.key.clone(),
                        version: version.name.clone(),
                        action: action.clone(),
                    };
                    self.create(object, "not on this version yet");
                }
            }
        }
    }
}

/// One product has one constraint of a kind, except for template constraints, which their description tells apart.
pub(crate) fn same_constraint(live: &ConstraintSpec, wanted: &ConstraintSpec) -> bool {
    live.kind == wanted.kind && (live.kind != ConstraintKind::Template || live.description == wanted.description)
}

fn product_fields(spec: &ProductSpec, live: &ObservedProduct) -> Vec<Field> {
    let mut fields = Vec::new();
    let (wanted, is) = (&spec.fields, &live.fields);
    for (name, from, to) in [
        ("name", &is.name, &wanted.name),
        ("owner", &is.owner, &wanted.owner),
        ("description", &is.description, &wanted.description),
        ("distributor", &is.distributor, &wanted.distributor),
        ("support description", &is.support_description, &wanted.support_description),
        ("support email", &is.support_email, &wanted.support_email),
        ("support url", &is.support_url, &wanted.support_url),
    ] {
        field(&mut fields, name, from, to);
    }
    tag_fields(&mut fields, &live.tags, &spec.tags);
    fields
}

/// A state as text.
pub(crate) fn state_name(state: VersionState) -> &'static str {
    match state {
        VersionState::Active => "active",
        VersionState::Deprecated => "deprecated",
        VersionState::Inactive => "inactive",
    }
}

/// Enough of a hash to tell two apart by eye.
pub(crate) fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
