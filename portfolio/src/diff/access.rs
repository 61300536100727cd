//! Differences in who may use the portfolio, and in service actions.

use super::{Differ, field};
use crate::change::Object;
use crate::error::{Code, Error};
use crate::state::{Desired, Observed};

impl Differ {
    pub(super) fn principals(&mut self, desired: &Desired, observed: &Observed) {
        for principal in &desired.principals {
            if !observed.principals.contains(principal) {
                self.create(Object::Principal { principal: principal.clone() }, "has no access yet");
            }
        }
        for principal in observed.principals.difference(&desired.principals) {
            self.surplus(Object::Principal { principal: principal.clone() });
        }
    }

    pub(super) fn shares(&mut self, desired: &Desired, observed: &Observed) {
        for (target, wanted) in &desired.shares {
            let object = Object::Share { with: target.clone() };
            let Some(live) = observed.shares.get(target) else {
                self.create(object, "not shared yet");
                continue;
            };
            let mut fields = Vec::new();
            let (from, to) = (live.tag_options.to_string(), wanted.tag_options.to_string());
            field(&mut fields, "TagOptions shared", &from, &to);
            let (from, to) = (live.principals.to_string(), wanted.principals.to_string());
            field(&mut fields, "principals shared", &from, &to);
            self.update(object, fields);
        }
        for target in observed.shares.keys().filter(|target| !desired.shares.contains_key(target)) {
            self.surplus(Object::Share { with: target.clone() });
        }
    }

    /// A service action has no tags: one of the same name that does something else is somebody else's.
    pub(super) fn actions(&mut self, desired: &Desired, observed: &Observed) {
        for (name, wanted) in &desired.actions {
            let object = Object::ServiceAction { name: name.clone() };
            let Some(live) = observed.actions.get(name) else {
                self.create(object, "not there yet");
                continue;
            };
            if live.fields.definition.get("Name") != wanted.definition.get("Name") {
                let message = format!("service action `{name}` ({}) runs another document", live.id);
                self.out
                    .conflicts
                    .push(Error::new(Code::Foreign, message).with_help("Choose another name for the service action."));
                continue;
            }
            let mut fields = Vec::new();
            field(&mut fields, "description", &live.fields.description, &wanted.description);
            let (from, to) = (format!("{:?}", live.fields.definition), format!("{:?}", wanted.definition));
            field(&mut fields, "definition", &from, &to);
            self.update(object, fields);
        }
    }
}
