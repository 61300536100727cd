"""A platform admin's day: publish, share, deprecate, and clear away. Prints the answers by operation as JSON."""

import json

import boto3

from strict import Strict

TEMPLATE = """
Parameters:
  Name: {Type: String, Default: topic}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref Name}
Outputs:
  Arn: {Value: !Ref Topic, Description: The topic}
"""
TEAM = "444455556666"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": {"Service": "servicecatalog.amazonaws.com"}}]})

s3, iam = boto3.client("s3"), boto3.client("iam")
admin = Strict()
team = Strict(aws_access_key_id=TEAM, aws_secret_access_key="any")


def version(name, url):
    """Parameters of a version."""
    return {"Name": name, "Description": f"version {name}", "Type": "CLOUD_FORMATION_TEMPLATE",
            "Info": {"LoadTemplateFromURL": url}}


def morning():
    """Publish: template, role, portfolio, product with two versions, constraints."""
    s3.create_bucket(Bucket="artifacts")
    s3.put_object(Bucket="artifacts", Key="topic.yaml", Body=TEMPLATE, IfNoneMatch="*", ChecksumAlgorithm="SHA256",
                  Tagging="servicecatalog:provisioning=true")
    url = f"{s3.meta.endpoint_url}/artifacts/topic.yaml"
    iam.create_role(RoleName="LaunchTopic", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="LaunchTopic", PolicyName="launch", PolicyDocument=TRUST)
    portfolio = admin.create_portfolio(DisplayName="Tools", ProviderName="platform", Description="Tools for teams",
                                       Tags=[{"Key": "owner", "Value": "platform"}])["PortfolioDetail"]["Id"]
    admin.update_portfolio(Id=portfolio, Description="Tools for all teams", AddTags=[{"Key": "stage", "Value": "1"}])
    made = admin.create_product(
        Name="Topic", Owner="platform", Description="A topic", Distributor="platform", SupportDescription="Ask us",
        SupportEmail="platform@example.com", SupportUrl="https://example.com/help",
        ProductType="CLOUD_FORMATION_TEMPLATE", Tags=[{"Key": "owner", "Value": "platform"}],
        ProvisioningArtifactParameters=version("v1", url))
    product = made["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
    first = made["ProvisioningArtifactDetail"]["Id"]
    admin.update_product(Id=product, Description="A topic to publish on")
    second = admin.create_provisioning_artifact(ProductId=product, Parameters=version("v2", url))
    second = second["ProvisioningArtifactDetail"]["Id"]
    admin.associate_product_with_portfolio(ProductId=product, PortfolioId=portfolio)
    constraint = admin.create_constraint(
        PortfolioId=portfolio, ProductId=product, Type="LAUNCH", Description="By the launch role",
        Parameters=json.dumps({"LocalRoleName": "LaunchTopic"}))["ConstraintDetail"]["ConstraintId"]
    admin.update_constraint(Id=constraint, Description="By the topic's own launch role")
    assert admin.describe_constraint(Id=constraint)["Status"] == "AVAILABLE"
    admin.refused("DuplicateResourceException", "create_constraint", PortfolioId=portfolio, ProductId=product,
                  Type="LAUNCH", Parameters=json.dumps({"LocalRoleName": "LaunchTopic"}))
    return portfolio, product, first, second, constraint


def look(portfolio, product, first):
    """Read everything back, through botocore's paginators where it has them."""
    def count(name, key, **arguments):
        pages = admin.get_paginator(name).paginate(PaginationConfig={"PageSize": 1}, **arguments)
        return len([item for page in pages for item in page[key]])

    assert count("list_portfolios", "PortfolioDetails") == 1
    assert count("search_products_as_admin", "ProductViewDetails", PortfolioId=portfolio) == 1
    assert count("list_portfolios_for_product", "PortfolioDetails", ProductId=product) == 1
    assert count("list_constraints_for_portfolio", "ConstraintDetails", PortfolioId=portfolio) == 1
    assert len(admin.list_provisioning_artifacts(ProductId=product)["ProvisioningArtifactDetails"]) == 2
    assert admin.describe_portfolio(Id=portfolio)["PortfolioDetail"]["DisplayName"] == "Tools"
    described = admin.describe_provisioning_artifact(ProductId=product, ProvisioningArtifactId=first, Verbose=True,
                                                     IncludeProvisioningArtifactParameters=True)
    assert described["Info"]["TemplateUrl"].endswith("/artifacts/topic.yaml")
    assert described["ProvisioningArtifactParameters"][0]["DefaultValue"] == "topic"
    message = admin.refused("ResourceNotFoundException", "describe_portfolio", Id="port-0000000000000")
    assert message == "Portfolio port-0000000000000 not found.", message


def midday(portfolio, product, first, second):
    """Principals, TagOptions and service actions."""
    principal = {"PortfolioId": portfolio, "PrincipalARN": "arn:aws:iam:::role/Dev*", "PrincipalType": "IAM_PATTERN"}
    admin.associate_principal_with_portfolio(**principal)
    assert admin.list_principals_for_portfolio(PortfolioId=portfolio)["Principals"]
    option = admin.create_tag_option(Key="team", Value="a")["TagOptionDetail"]["Id"]
    admin.update_tag_option(Id=option, Value="b", Active=True)
    admin.associate_tag_option_with_resource(ResourceId=product, TagOptionId=option)
    admin.describe_product_as_admin(Id=product)
    assert admin.describe_tag_option(Id=option)["TagOptionDetail"]["Value"] == "b"
    assert admin.list_tag_options(Filters={"Key": "team"})["TagOptionDetails"]
    assert admin.list_resources_for_tag_option(TagOptionId=option)["ResourceDetails"][0]["Id"] == product
    action = admin.create_service_action(
        Name="restart", Description="Restart it", DefinitionType="SSM_AUTOMATION",
        Definition={"Name": "AWS-RestartEC2Instance", "Version": "1"})["ServiceActionDetail"]
    action = action["ServiceActionSummary"]["Id"]
    admin.update_service_action(Id=action, Description="Restart the instance")
    link = {"ProductId": product, "ProvisioningArtifactId": first, "ServiceActionId": action}
    other = {**link, "ProvisioningArtifactId": second}
    admin.associate_service_action_with_provisioning_artifact(**link)
    failed = admin.batch_associate_service_action_with_provisioning_artifact(ServiceActionAssociations=[link, other])
    assert [f["ErrorCode"] for f in failed["FailedServiceActionAssociations"]] == ["DUPLICATE_RESOURCE"]
    assert admin.list_service_actions()["ServiceActionSummaries"]
    assert admin.describe_service_action(Id=action)["ServiceActionDetail"]["Definition"]["Version"] == "1"
    listed = admin.list_service_actions_for_provisioning_artifact(ProductId=product, ProvisioningArtifactId=second)
    assert listed["ServiceActionSummaries"][0]["Id"] == action
    views = admin.list_provisioning_artifacts_for_service_action(ServiceActionId=action)
    assert len(views["ProvisioningArtifactViews"]) == 2
    return principal, option, action, link, other


def afternoon(portfolio):
    """Share with an account and with the organization; the recipient accepts, and rejects."""
    account = {"PortfolioId": portfolio, "AccountId": TEAM}
    node = {"PortfolioId": portfolio, "OrganizationNode": {"Type": "ORGANIZATION", "Value": "o-rehearsal0"}}
    admin.create_portfolio_share(**account)
    team.accept_portfolio_share(PortfolioId=portfolio)
    assert team.list_accepted_portfolio_shares()["PortfolioDetails"][0]["Id"] == portfolio
    assert admin.list_portfolio_access(PortfolioId=portfolio)["AccountIds"] == [TEAM]
    assert admin.describe_portfolio_shares(PortfolioId=portfolio, Type="ACCOUNT")["PortfolioShareDetails"][0]["Accepted"]
    admin.enable_aws_organizations_access()
    assert admin.get_aws_organizations_access_status()["AccessStatus"] == "ENABLED"
    token = admin.create_portfolio_share(**node)["PortfolioShareToken"]
    assert admin.describe_portfolio_share_status(PortfolioShareToken=token)["Status"] == "COMPLETED"
    assert admin.update_portfolio_share(**node, ShareTagOptions=True)["Status"] == "COMPLETED"
    listed = admin.list_organization_portfolio_access(PortfolioId=portfolio, OrganizationNodeType="ORGANIZATION")
    assert listed["OrganizationNodes"][0]["Value"] == "o-rehearsal0"
    team.reject_portfolio_share(PortfolioId=portfolio)
    return account, node


def evening(published, extras, shares):
    """Take it all away again, in the reverse order."""
    portfolio, product, first, second, constraint = published
    principal, option, action, link, other = extras
    admin.update_provisioning_artifact(ProductId=product, ProvisioningArtifactId=first, Guidance="DEPRECATED")
    for share in shares:
        admin.delete_portfolio_share(**share)
    admin.disable_aws_organizations_access()
    admin.disassociate_service_action_from_provisioning_artifact(**link)
    gone = admin.batch_disassociate_service_action_from_provisioning_artifact(ServiceActionAssociations=[other])
    assert gone["FailedServiceActionAssociations"] == []
    admin.delete_service_action(Id=action)
    admin.disassociate_tag_option_from_resource(ResourceId=product, TagOptionId=option)
    admin.delete_tag_option(Id=option)
    admin.refused("ResourceNotFoundException", "disassociate_principal_from_portfolio", PortfolioId=portfolio,
                  PrincipalARN=principal["PrincipalARN"])
    admin.disassociate_principal_from_portfolio(**principal)
    admin.refused("ResourceInUseException", "delete_product", Id=product)
    admin.delete_constraint(Id=constraint)
    admin.disassociate_product_from_portfolio(ProductId=product, PortfolioId=portfolio)
    admin.delete_provisioning_artifact(ProductId=product, ProvisioningArtifactId=first)
    admin.refused("ResourceInUseException", "delete_provisioning_artifact", ProductId=product,
                  ProvisioningArtifactId=second)
    admin.delete_product(Id=product)
    admin.delete_portfolio(Id=portfolio)
    assert admin.list_portfolios()["PortfolioDetails"] == []


published = morning()
look(*published[:3])
extras = midday(*published[:4])
shares = afternoon(published[0])
evening(published, extras, shares)
print(json.dumps({**team.answers, **admin.answers}))
