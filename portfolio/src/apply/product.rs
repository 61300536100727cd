//! The changes of one product, one after the other: AWS loses versions that are created at the same time.

use std::collections::BTreeMap;

use super::settle::{association_seen, constraint_ready, product_ready, settled, version_ready};
use super::templates::store_template;
use super::{Applier, out_of_place};
use crate::adapters::{NewVersion, VersionUpdate};
use crate::change::{Action, Change, Object};
use crate::diff::same_constraint;
use crate::error::{Code, Error, Result};
use crate::plan::Plan;
use crate::state::{ConstraintKind, ConstraintSpec, ObservedProduct, ProductSpec, VersionSpec, VersionState};

/// Ids of a product, those made in this run included.
#[derive(Default)]
struct Live {
    id: Option<String>,
    versions: BTreeMap<String, String>,
}

impl Live {
    fn id(&self, change: &Change) -> Result<&str> {
        self.id.as_deref().ok_or_else(|| out_of_place(change))
    }

    fn version(&self, name: &str, change: &Change) -> Result<&str> {
        self.versions.get(name).map(String::as_str).ok_or_else(|| out_of_place(change))
    }
}

impl Applier<'_> {
    pub(super) async fn product_group(&self, key: &str, plan: &Plan) {
        let observed = self.observed.products.get(key);
        let mut live = Live { id: observed.map(|live| live.id.clone()), versions: BTreeMap::new() };
        for version in observed.into_iter().flat_map(|live| &live.versions) {
            live.versions.insert(version.name.clone(), version.id.clone());
        }
        for change in plan.changes.iter().filter(|change| change.object.product() == Some(key)) {
            self.run(change, self.product_change(key, change, &mut live)).await;
        }
    }

    async fn product_change(&self, key: &str, change: &Change, live: &mut Live) -> Result<()> {
        let spec = self.desired.product(key).ok_or_else(|| out_of_place(change))?;
        match (&change.object, change.action) {
            (Object::Product { .. }, Action::Create) => self.create_product(spec, live).await,
            (Object::Product { .. }, _) => {
                let id = live.id(change)?;
                settled(self.session, || self.session.catalog.update_product(id, &spec.fields, &spec.tags)).await
            }
            (Object::Version { version, .. }, action) => {
                let wanted = spec.versions.iter().find(|wanted| wanted.name == *version);
                let wanted = wanted.ok_or_else(|| out_of_place(change))?;
                match action {
                    Action::Create => self.create_version(spec, wanted, change, live).await,
                    _ => self.update_version(wanted, change, live).await,
                }
            }
            (Object::Association { .. }, _) => self.associate(change, live).await,
            (Object::Constraint { kind, description, .. }, action) => {
                let observed = self.observed.products.get(key);
                self.constraint(spec, observed, *kind, description, action, change, live).await
            }
            (Object::TagOptionLink { option, .. }, action) => {
                self.link_option(option, live.id(change)?, action, change).await
            }
            (Object::ActionLink { version, action, .. }, _) => {
                let id = self.ids().actions.get(action).cloned().ok_or_else(|| out_of_place(change))?;
                let (product, version) = (live.id(change)?, live.version(version, change)?);
                settled(self.session, || self.session.catalog.link_action(&id, product, version)).await
            }
            _ => Err(out_of_place(change)),
        }
    }

    /// AWS makes a product together with its first version.
    async fn create_product(&self, spec: &ProductSpec, live: &mut Live) -> Result<()> {
        let first = spec
            .versions
            .first()
            .ok_or_else(|| Error::new(Code::ProductInvalid, format!("product `{}` has no version", spec.key)))?;
        let version = self.stored(first).await?;
        let token = self.token(&["product", &self.desired.key, &spec.key, &first.sha256, &spec.fields.name]);
        let catalog = &self.session.catalog;
        let created =
            settled(self.session, || catalog.create_product(&spec.fields, &spec.tags, &version, &token)).await?;
        product_ready(self.session, &created.product).await?;
        live.id = Some(created.product);
        live.versions.insert(first.name.clone(), created.version);
        Ok(())
    }

    async fn create_version(
        &self,
        spec: &ProductSpec,
        wanted: &VersionSpec,
        change: &Change,
        live: &mut Live,
    ) -> Result<()> {
        let product = live.id(change)?.to_owned();
        let id = match live.versions.get(&wanted.name) {
            Some(made_with_product) => made_with_product.clone(),
            None => {
                let version = self.stored(wanted).await?;
                let token = self.token(&["version", &product, &spec.key, &wanted.name, &wanted.sha256]);
                let catalog = &self.session.catalog;
                settled(self.session, || catalog.create_version(&product, &version, &token)).await?
            }
        };
        if let Err(error) = version_ready(self.session, &product, &id).await {
            if error.code() == Code::CreationFailed {
                // Nobody can have launched it, and left behind it would pass for the real one in the next run.
                self.session.catalog.delete_version(&product, &id).await?;
            }
            return Err(error);
        }
        live.versions.insert(wanted.name.clone(), id.clone());
        if wanted.state != VersionState::Active {
            let update = VersionUpdate { description: None, state: Some(wanted.state) };
            settled(self.session, || self.session.catalog.update_version(&product, &id, &update)).await?;
        }
        Ok(())
    }

    async fn stored(&self, version: &VersionSpec) -> Result<NewVersion> {
        let url = store_template(self.session, &self.desired.bucket, version).await?;
        Ok(NewVersion { name: version.name.clone(), description: version.stored_description(), url })
    }

    async fn update_version(&self, wanted: &VersionSpec, change: &Change, live: &Live) -> Result<()> {
        let changes = |name: &str| change.fields.iter().any(|field| field.name == name);
        let update = VersionUpdate {
            description: changes("description").then(|| wanted.stored_description()),
            state: changes("state").then_some(wanted.state),
        };
        let (product, version) = (live.id(change)?, live.version(&wanted.name, change)?);
        settled(self.session, || self.session.catalog.update_version(product, version, &update)).await
    }

    async fn associate(&self, change: &Change, live: &Live) -> Result<()> {
        let (product, portfolio) = (live.id(change)?, self.portfolio_id()?);
        settled(self.session, || self.session.catalog.associate_product(product, &portfolio)).await?;
        association_seen(self.session, product, &portfolio).await
    }

    #[expect(clippy::too_many_arguments, reason = "what the change names, and the two states it is looked up in")]
    async fn constraint(
        &self,
        spec: &ProductSpec,
        observed: Option<&ObservedProduct>,
        kind: ConstraintKind,
        description: &str,
        action: Action,
        change: &Change,
        live: &Live,
    ) -> Result<()> {
        let named = ConstraintSpec { kind, description: description.to_owned(), parameters: serde_json::Value::Null };
        let wanted = spec.constraints.iter().find(|wanted| same_constraint(wanted, &named));
        let there =
            observed.and_then(|live| live.constraints.iter().find(|there| same_constraint(&there.spec, &named)));
        let catalog = &self.session.catalog;
        match (action, wanted, there) {
            (Action::Create, Some(wanted), _) => {
                let (product, portfolio) = (live.id(change)?, self.portfolio_id()?);
                let parameters = wanted.parameters.to_string();
                let token =
                    self.token(&["constraint", &portfolio, product, kind.as_str(), &wanted.description, &parameters]);
                let id =
                    settled(self.session, || catalog.create_constraint(&portfolio, product, wanted, &token)).await?;
                constraint_ready(self.session, &id).await
            }
            (Action::Update, Some(wanted), Some(there)) => {
                settled(self.session, || catalog.update_constraint(&there.id, wanted)).await
            }
            (Action::Delete, _, Some(there)) => catalog.delete_constraint(&there.id).await,
            _ => Err(out_of_place(change)),
        }
    }
}
