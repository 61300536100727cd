//! Every operation of the API: who serves it, within which limits, or why it is refused.

use serde_json::Value;

use crate::ctx::Ctx;
use crate::error::ApiError;
use crate::input::Input;
use crate::ops::{
    artifacts, associations, constraints, launch, organizations, portfolios, principals, products, search,
    service_actions, share_reads, shares, tag_options,
};

/// What serves an operation.
pub(crate) type Handler = fn(&Ctx<'_>, Input<'_>) -> Result<Value, ApiError>;

/// Whether an operation is served.
pub(crate) enum Support {
    /// Served; the text says within which limits, and is empty when there are none.
    Served(Handler, &'static str),
    /// Refused; the text says why.
    Refused(&'static str),
}

use crate::provision::{self, read, start};

use Support::{Refused, Served};

const BUDGETS: &str = "budgets belong to AWS Budgets, which is not rehearsed";
const PLANS: &str = "provisioned product plans are not rehearsed; ProvisionProduct is";
const ENGINE: &str =
    "only an external engine calls it, and types other than CloudFormation are stored but not provisioned";
const COPY: &str = "copies between accounts and regions are not rehearsed";
const RUN_ACTION: &str = "service actions are kept and associated, but SSM automations are not run";

/// All operations in the order of their names.
pub(crate) const OPERATIONS: &[(&str, Support)] = &[
    ("AcceptPortfolioShare", Served(organizations::accept, "")),
    ("AssociateBudgetWithResource", Refused(BUDGETS)),
    ("AssociatePrincipalWithPortfolio", Served(principals::associate, "the principal need not exist")),
    ("AssociateProductWithPortfolio", Served(associations::associate, "again for the same pair changes nothing")),
    ("AssociateServiceActionWithProvisioningArtifact", Served(service_actions::associate, "")),
    ("AssociateTagOptionWithResource", Served(tag_options::associate, "")),
    ("BatchAssociateServiceActionWithProvisioningArtifact", Served(service_actions::batch_associate, "")),
    ("BatchDisassociateServiceActionFromProvisioningArtifact", Served(service_actions::batch_disassociate, "")),
    ("CopyProduct", Refused(COPY)),
    ("CreateConstraint", Served(constraints::create, "all five types; the launch role must exist")),
    ("CreatePortfolio", Served(portfolios::create, "")),
    ("CreatePortfolioShare", Served(shares::create, "one share action at a time")),
    ("CreateProduct", Served(products::create, "no SourceConnection, no ImportFromPhysicalId")),
    ("CreateProvisionedProductPlan", Refused(PLANS)),
    ("CreateProvisioningArtifact", Served(artifacts::create, "no ImportFromPhysicalId")),
    ("CreateServiceAction", Served(service_actions::create, "the SSM document need not exist")),
    ("CreateTagOption", Served(tag_options::create, "")),
    ("DeleteConstraint", Served(constraints::delete, "")),
    ("DeletePortfolio", Served(portfolios::delete, "")),
    ("DeletePortfolioShare", Served(shares::delete, "")),
    ("DeleteProduct", Served(products::delete, "")),
    ("DeleteProvisionedProductPlan", Refused(PLANS)),
    ("DeleteProvisioningArtifact", Served(artifacts::delete, "refused for the last version and for one in use")),
    ("DeleteServiceAction", Served(service_actions::delete, "")),
    ("DeleteTagOption", Served(tag_options::delete, "")),
    ("DescribeConstraint", Served(constraints::describe, "")),
    ("DescribeCopyProductStatus", Refused(COPY)),
    ("DescribePortfolio", Served(portfolios::describe, "Budgets is always empty")),
    ("DescribePortfolioShareStatus", Served(share_reads::describe_status, "")),
    ("DescribePortfolioShares", Served(share_reads::describe, "")),
    ("DescribeProduct", Served(launch::describe, "only active versions, as a team sees them")),
    (
        "DescribeProductAsAdmin",
        Served(products::describe_as_admin, "SourcePortfolioId is ignored; Budgets is always empty"),
    ),
    ("DescribeProductView", Served(launch::describe_view, "")),
    ("DescribeProvisionedProduct", Served(read::describe, "CloudWatchDashboards is always empty")),
    ("DescribeProvisionedProductPlan", Refused(PLANS)),
    ("DescribeProvisioningArtifact", Served(artifacts::describe, "Verbose changes nothing")),
    ("DescribeProvisioningParameters", Served(launch::parameters, "")),
    ("DescribeRecord", Served(read::describe_record, "")),
    ("DescribeServiceAction", Served(service_actions::describe, "")),
    ("DescribeServiceActionExecutionParameters", Refused(RUN_ACTION)),
    ("DescribeTagOption", Served(tag_options::describe, "")),
    ("DisableAWSOrganizationsAccess", Served(organizations::disable, "")),
    ("DisassociateBudgetFromResource", Refused(BUDGETS)),
    ("DisassociatePrincipalFromPortfolio", Served(principals::disassociate, "")),
    ("DisassociateProductFromPortfolio", Served(associations::disassociate, "")),
    ("DisassociateServiceActionFromProvisioningArtifact", Served(service_actions::disassociate, "")),
    ("DisassociateTagOptionFromResource", Served(tag_options::disassociate, "")),
    ("EnableAWSOrganizationsAccess", Served(organizations::enable, "")),
    ("ExecuteProvisionedProductPlan", Refused(PLANS)),
    ("ExecuteProvisionedProductServiceAction", Refused(RUN_ACTION)),
    ("GetAWSOrganizationsAccessStatus", Served(organizations::status, "never UNDER_CHANGE")),
    ("GetProvisionedProductOutputs", Served(read::outputs, "")),
    ("ImportAsProvisionedProduct", Refused("stacks made elsewhere are not imported")),
    ("ListAcceptedPortfolioShares", Served(organizations::list_accepted, "")),
    ("ListBudgetsForResource", Refused(BUDGETS)),
    ("ListConstraintsForPortfolio", Served(constraints::list, "")),
    ("ListLaunchPaths", Served(launch::list_paths, "")),
    ("ListOrganizationPortfolioAccess", Served(share_reads::list_organization_access, "")),
    ("ListPortfolioAccess", Served(share_reads::list_access, "")),
    ("ListPortfolios", Served(portfolios::list, "")),
    ("ListPortfoliosForProduct", Served(portfolios::list_for_product, "")),
    ("ListPrincipalsForPortfolio", Served(principals::list, "")),
    ("ListProvisionedProductPlans", Refused(PLANS)),
    ("ListProvisioningArtifacts", Served(artifacts::list, "one page, as the operation takes no token")),
    ("ListProvisioningArtifactsForServiceAction", Served(service_actions::list_versions, "")),
    ("ListRecordHistory", Served(read::history, "")),
    ("ListResourcesForTagOption", Served(tag_options::list_resources, "")),
    ("ListServiceActions", Served(service_actions::list, "")),
    ("ListServiceActionsForProvisioningArtifact", Served(service_actions::list_for_version, "")),
    ("ListStackInstancesForProvisionedProduct", Refused("stack sets are not provisioned")),
    ("ListTagOptions", Served(tag_options::list, "")),
    ("NotifyProvisionProductEngineWorkflowResult", Refused(ENGINE)),
    ("NotifyTerminateProvisionedProductEngineWorkflowResult", Refused(ENGINE)),
    ("NotifyUpdateProvisionedProductEngineWorkflowResult", Refused(ENGINE)),
    ("ProvisionProduct", Served(start::provision, "needs a CloudFormation endpoint; no STACKSET constraint")),
    ("RejectPortfolioShare", Served(organizations::reject, "")),
    ("ScanProvisionedProducts", Served(read::scan, "")),
    ("SearchProducts", Served(search::as_team, "")),
    ("SearchProductsAsAdmin", Served(search::as_admin, "ProductSource is ignored; SourceProductId matches nothing")),
    ("SearchProvisionedProducts", Served(provision::search, "a query is key:value or text, without wildcards")),
    ("TerminateProvisionedProduct", Served(start::terminate, "no RetainPhysicalResources")),
    ("UpdateConstraint", Served(constraints::update, "")),
    ("UpdatePortfolio", Served(portfolios::update, "")),
    ("UpdatePortfolioShare", Served(shares::update, "")),
    ("UpdateProduct", Served(products::update, "no SourceConnection")),
    ("UpdateProvisionedProduct", Served(start::update, "stays with its product")),
    ("UpdateProvisionedProductProperties", Refused("owner and launch role of a provisioned product do not change")),
    ("UpdateProvisioningArtifact", Served(artifacts::update, "")),
    ("UpdateServiceAction", Served(service_actions::update, "")),
    ("UpdateTagOption", Served(tag_options::update, "")),
];

/// An operation by its name.
pub(crate) fn find(name: &str) -> Option<&'static Support> {
    OPERATIONS.iter().find(|(n, _)| *n == name).map(|(_, support)| support)
}

/// The table of all operations as Markdown, one row each.
///
/// ```
/// assert!(edgeseal_rehearsal::operations_table().contains("| `CreatePortfolio` | served |"));
/// ```
#[must_use]
pub fn operations_table() -> String {
    let mut out = String::from("| Operation | | Limits, or why not |\n| --- | --- | --- |\n");
    for (name, support) in OPERATIONS {
        let (verdict, text) = match support {
            Served(_, limits) => ("served", limits),
            Refused(why) => ("refused", why),
        };
        out.push_str(&format!("| `{name}` | {verdict} | {text} |\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn the_table_names_every_operation_of_the_model_once_and_in_order() {
        let model = Model::load().unwrap();
        let table: Vec<&str> = OPERATIONS.iter().map(|(name, _)| *name).collect();
        let wanted: Vec<&str> = model.operations.keys().map(String::as_str).collect();
        assert_eq!(table, wanted);
    }
}
