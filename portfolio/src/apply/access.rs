//! Roles, the portfolio, TagOptions, service actions, principals and shares.

use super::settle::{settled, share_done};
use super::{Applier, out_of_place};
use crate::change::{Action, Change, Object};
use crate::error::Result;
use crate::state::{ShareTarget, TagOptionRef};

impl Applier<'_> {
    /// What products are built on.
    pub(super) async fn base(&self, change: &Change) -> Result<()> {
        match (&change.object, change.action) {
            (Object::Role { name }, action) => {
                let fields = self.desired.roles.get(name).ok_or_else(|| out_of_place(change))?;
                match action {
                    Action::Create => self.session.roles.create(name, fields).await,
                    Action::Update => self.session.roles.update(name, fields).await,
                    Action::Delete => self.session.roles.delete(name).await,
                }
            }
            (Object::Portfolio { .. }, Action::Create) => self.create_portfolio().await,
            (Object::Portfolio { .. }, _) => {
                let (id, desired) = (self.portfolio_id()?, self.desired);
                self.session.catalog.update_portfolio(&id, &desired.fields, &desired.tags).await
            }
            (Object::TagOption { option }, action) => self.tag_option(option, action, change).await,
            (Object::ServiceAction { name }, action) => self.service_action(name, action, change).await,
            _ => Err(out_of_place(change)),
        }
    }

    /// Who may use the portfolio.
    pub(super) async fn access(&self, change: &Change) -> Result<()> {
        let portfolio = self.portfolio_id()?;
        let catalog = &self.session.catalog;
        match (&change.object, change.action) {
            (Object::TagOptionLink { option, .. }, action) => {
                self.link_option(option, &portfolio, action, change).await
            }
            (Object::Principal { principal }, Action::Delete) => {
                catalog.disassociate_principal(&portfolio, principal).await
            }
            (Object::Principal { principal }, _) => {
                settled(self.session, || catalog.associate_principal(&portfolio, principal)).await
            }
            (Object::Share { with }, action) => self.share(&portfolio, with, action, change).await,
            _ => Err(out_of_place(change)),
        }
    }

    async fn create_portfolio(&self) -> Result<()> {
        let desired = self.desired;
        let token = self.token(&["portfolio", &desired.key, &desired.fields.name]);
        let id = self.session.catalog.create_portfolio(&desired.fields, &desired.tags, &token).await?;
        settled(self.session, || async {
            let found = self.session.catalog.portfolio(&id).await?;
            found.map(drop).ok_or_else(|| {
                crate::error::Error::new(crate::error::Code::WaitTimeout, format!("portfolio {id} is not known yet"))
                    .with_aws_code(Some("ResourceNotFoundException"))
            })
        })
        .await?;
        self.ids().portfolio = Some(id);
        Ok(())
    }

    async fn tag_option(&self, option: &TagOptionRef, action: Action, change: &Change) -> Result<()> {
        let catalog = &self.session.catalog;
        if action == Action::Create {
            let id = match catalog.create_tag_option(option).await? {
                Some(id) => id,
                None => {
                    let all = catalog.tag_options().await?;
                    let known = all.into_iter().find(|(known, ..)| known == option);
                    known.map(|(_, id, _)| id).ok_or_else(|| out_of_place(change))?
                }
            };
            self.ids().tag_options.insert(option.clone(), id);
            return Ok(());
        }
        let id = self.option_id(option, change)?;
        catalog.activate_tag_option(&id).await
    }

    pub(super) async fn link_option(
        &self,
        option: &TagOptionRef,
        resource: &str,
        action: Action,
        change: &Change,
    ) -> Result<()> {
        let (id, catalog) = (self.option_id(option, change)?, &self.session.catalog);
        match action {
            Action::Delete => catalog.unlink_tag_option(&id, resource).await,
            _ => settled(self.session, || catalog.link_tag_option(&id, resource)).await,
        }
    }

    fn option_id(&self, option: &TagOptionRef, change: &Change) -> Result<String> {
        self.ids().tag_options.get(option).cloned().ok_or_else(|| out_of_place(change))
    }

    async fn service_action(&self, name: &str, action: Action, change: &Change) -> Result<()> {
        let fields = self.desired.actions.get(name).ok_or_else(|| out_of_place(change))?;
        let catalog = &self.session.catalog;
        if action == Action::Create {
            let definition = format!("{:?}", fields.definition);
            let token = self.token(&["action", &self.desired.key, name, &definition]);
            let id = catalog.create_action(name, fields, &token).await?;
            self.ids().actions.insert(name.to_owned(), id);
            return Ok(());
        }
        let id = self.ids().actions.get(name).cloned().ok_or_else(|| out_of_place(change))?;
        catalog.update_action(&id, fields).await
    }

    /// One share at a time, each to its end: AWS refuses a second one meanwhile.
    async fn share(&self, portfolio: &str, with: &ShareTarget, action: Action, change: &Change) -> Result<()> {
        let catalog = &self.session.catalog;
        let token = if action == Action::Delete {
            settled(self.session, || catalog.delete_share(portfolio, with)).await?
        } else {
            let flags = *self.desired.shares.get(with).ok_or_else(|| out_of_place(change))?;
            match action {
                Action::Create => settled(self.session, || catalog.create_share(portfolio, with, flags)).await?,
                _ => settled(self.session, || catalog.update_share(portfolio, with, flags)).await?,
            }
        };
        share_done(self.session, token.as_deref()).await
    }
}
