//! Settings of an endpoint.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Everything that can be set before an endpoint starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that holds the state; none keeps it in memory.
    pub state_dir: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The account of a caller whose access key id is not a 12-digit number.
    pub account: String,
    /// How long products, versions and constraints stay in `CREATING`.
    pub settle: Duration,
    /// How long a portfolio share stays in `IN_PROGRESS`; another share call meanwhile is
    /// refused with `InvalidStateException`.
    pub share_delay: Duration,
    /// How long an idempotency token is remembered.
    pub token_retention: Duration,
    /// The status of a product that is ready. AWS documents `AVAILABLE`; real products
    /// report `CREATED`, which is the default here.
    pub product_ready: String,
    /// Whether a caller sees and launches products without a principal association.
    pub open_access: bool,
    /// Whether a launch role must exist at the IAM endpoint when a constraint names it.
    pub check_launch_roles: bool,
    /// The CloudFormation endpoint on which provisioning makes real stacks.
    pub cloudformation_endpoint: Option<String>,
    /// The S3 endpoint that templates are read from; none reads the built-in store.
    pub s3_endpoint: Option<String>,
    /// The IAM endpoint launch roles are looked up on; none looks at the built-in one.
    pub iam_endpoint: Option<String>,
    /// Makes identifiers repeatable; none takes a random seed for each new state.
    pub seed: Option<String>,
    /// The service's limits.
    pub quotas: Quotas,
    /// The organization that the accounts belong to.
    pub organization: Organization,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state_dir: None,
            port: 0,
            account: "000000000000".to_owned(),
            settle: Duration::ZERO,
            share_delay: Duration::ZERO,
            token_retention: Duration::from_secs(24 * 3600),
            product_ready: "CREATED".to_owned(),
            open_access: false,
            check_launch_roles: true,
            cloudformation_endpoint: None,
            s3_endpoint: None,
            iam_endpoint: None,
            seed: None,
            quotas: Quotas::default(),
            organization: Organization::default(),
        }
    }
}

/// Limits of the service, with AWS's defaults.
///
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotas {
    /// Portfolios in an account and region.
    pub portfolios: usize,
    /// Products in an account and region.
    pub products: usize,
    /// Service actions in an account and region.
    pub service_actions: usize,
    /// Products in a portfolio.
    pub products_per_portfolio: usize,
    /// Principals of a portfolio.
    pub principals_per_portfolio: usize,
    /// `IAM_PATTERN` principals of a portfolio.
    pub patterns_per_portfolio: usize,
    /// Accounts a portfolio is shared with.
    pub shares_per_portfolio: usize,
    /// Versions of a product.
    pub versions_per_product: usize,
    /// Tags of a portfolio or product.
    pub tags: usize,
    /// TagOptions of a resource.
    pub tag_options_per_resource: usize,
    /// Values of one TagOption key.
    pub values_per_tag_option: usize,
    /// Service actions of a version.
    pub actions_per_version: usize,
    /// Constraints of a product in a portfolio.
    pub constraints_per_association: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            portfolios: 100,
            products: 350,
            service_actions: 200,
            products_per_portfolio: 150,
            principals_per_portfolio: 100,
            patterns_per_portfolio: 10,
            shares_per_portfolio: 5000,
            versions_per_product: 100,
            tags: 20,
            tag_options_per_resource: 25,
            values_per_tag_option: 25,
            actions_per_version: 25,
            constraints_per_association: 100,
        }
    }
}

impl Quotas {
    /// Sets one limit by its name, as the command line gives it.
    ///
    /// # Errors
    /// The names that exist, when `name` is none of them.
    ///
    /// ```
    /// let mut quotas = edgeseal_rehearsal::Quotas::default();
    /// quotas.set("versions_per_product", 3).unwrap();
    /// assert_eq!(quotas.versions_per_product, 3);
    /// assert!(quotas.set("versions", 3).is_err());
    /// ```
    pub fn set(&mut self, name: &str, value: usize) -> Result<(), String> {
        let slot = match name {
            "portfolios" => &mut self.portfolios,
            "products" => &mut self.products,
            "service_actions" => &mut self.service_actions,
            "products_per_portfolio" => &mut self.products_per_portfolio,
            "principals_per_portfolio" => &mut self.principals_per_portfolio,
            "patterns_per_portfolio" => &mut self.patterns_per_portfolio,
            "shares_per_portfolio" => &mut self.shares_per_portfolio,
            "versions_per_product" => &mut self.versions_per_product,
            "tags" => &mut self.tags,
            "tag_options_per_resource" => &mut self.tag_options_per_resource,
            "values_per_tag_option" => &mut self.values_per_tag_option,
            "actions_per_version" => &mut self.actions_per_version,
            "constraints_per_association" => &mut self.constraints_per_association,
            _ => {
                return Err(format!(
                    "there is no quota {name}; the names are portfolios, products, service_actions, \
                     products_per_portfolio, principals_per_portfolio, patterns_per_portfolio, \
                     shares_per_portfolio, versions_per_product, tags, tag_options_per_resource, \
                     values_per_tag_option, actions_per_version, constraints_per_association"
                ));
            }
        };
        *slot = value;
        Ok(())
    }
}

/// The AWS Organizations setting that shares see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The organization's id.
    pub id: String,
    /// Accounts that may share with the organization: the management account and the
    /// delegated administrators. Empty lets every account do it.
    pub administrators: Vec<String>,
    /// Member accounts of each organizational unit.
    pub units: BTreeMap<String, Vec<String>>,
    /// Whether Organizations access is on from the start.
    pub access_enabled: bool,
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            id: "o-rehearsal0".to_owned(),
            administrators: Vec::new(),
            units: BTreeMap::new(),
            access_enabled: false,
        }
    }
}

impl Organization {
    /// Every member account, in order and once.
    pub(crate) fn accounts(&self) -> Vec<String> {
        let mut all: Vec<String> = self.units.values().flatten().cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}
