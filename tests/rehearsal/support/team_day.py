"""A team's day: find a product, launch it, update it, look at it, and terminate it.

The first argument is the CloudFormation endpoint that the catalog makes stacks on. Prints the answers by operation and
the names of the stacks as JSON.
"""

import json
import sys
import time

import boto3

from strict import Strict

V1 = """
Parameters:
  Label: {Type: String, AllowedValues: [a, b]}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref Label}
Outputs:
  Arn: {Value: !Ref Topic, Description: The topic}
  Label: {Value: !Ref Label}
"""
V2 = V1.replace("Outputs:", "  Queue:\n    Type: AWS::SQS::Queue\nOutputs:\n  Queue: {Value: !GetAtt Queue.Arn}")
# Too large for a call to CloudFormation, so it has to go through a store.
V2 += "# " + "x" * 60_000 + "\n"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})

cloudformation = boto3.client("cloudformation", endpoint_url=sys.argv[1])
launch_iam = boto3.client("iam", endpoint_url=sys.argv[1])
s3, iam, sts = boto3.client("s3"), boto3.client("iam"), boto3.client("sts")
admin = Strict()


def publish():
    """What the platform team did the day before."""
    s3.create_bucket(Bucket="artifacts")
    for name, text in (("v1", V1), ("v2", V2)):
        s3.put_object(Bucket="artifacts", Key=f"{name}.yaml", Body=text)
    url = f"{s3.meta.endpoint_url}/artifacts"
    launch_iam.create_role(RoleName="LaunchTopic", AssumeRolePolicyDocument=TRUST)
    iam.create_role(RoleName="Developer", AssumeRolePolicyDocument=TRUST)
    portfolio = admin.create_portfolio(DisplayName="Tools", ProviderName="platform",
                                       Tags=[{"Key": "cost", "Value": "42"}])["PortfolioDetail"]["Id"]
    made = admin.create_product(
        Name="Topic", Owner="platform", ProductType="CLOUD_FORMATION_TEMPLATE",
        ProvisioningArtifactParameters={"Name": "v1", "Info": {"LoadTemplateFromURL": f"{url}/v1.yaml"}})
    product = made["ProductViewDetail"]["ProductViewSummary"]["ProductId"]
    admin.create_provisioning_artifact(
        ProductId=product, Parameters={"Name": "v2", "Info": {"LoadTemplateFromURL": f"{url}/v2.yaml"}})
    admin.associate_product_with_portfolio(ProductId=product, PortfolioId=portfolio)
    rules = {"Rules": {"Label": {"Assertions": [{"Assert": {"Fn::Contains": [["a", "b"], {"Ref": "Label"}]}}]}}}
    for kind, parameters in (("LAUNCH", {"LocalRoleName": "LaunchTopic"}), ("TEMPLATE", rules)):
        admin.create_constraint(PortfolioId=portfolio, ProductId=product, Type=kind, Parameters=json.dumps(parameters))
    admin.associate_principal_with_portfolio(
        PortfolioId=portfolio, PrincipalType="IAM", PrincipalARN="arn:aws:iam::111122223333:role/Developer")
    return product


def developer():
    """A client with a session of the developers' role."""
    session = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/Developer", RoleSessionName="dev")
    credentials = session["Credentials"]
    return Strict(aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
                  aws_session_token=credentials["SessionToken"])


def wait(client, record):
    """The record at rest."""
    for _ in range(600):
        answer = client.describe_record(Id=record["RecordDetail"]["RecordId"])
        if answer["RecordDetail"]["Status"] in ("SUCCEEDED", "FAILED"):
            return answer
        time.sleep(0.05)
    raise AssertionError("the record did not come to rest")


def stack_of(answer):
    """The stack that a record's outputs name, as CloudFormation has it."""
    outputs = {o["OutputKey"]: o["OutputValue"] for o in answer["RecordOutputs"]}
    return cloudformation.describe_stacks(StackName=outputs["CloudformationStackARN"])["Stacks"][0]


product = publish()
dev = developer()
assert [p["ProductId"] for p in dev.search_products(Filters={"FullTextSearch": ["topic"]})["ProductViewSummaries"]] == [product]
view = dev.describe_product(Id=product)
assert [v["Name"] for v in view["ProvisioningArtifacts"]] == ["v1", "v2"]
dev.describe_product_view(Id=view["ProductViewSummary"]["Id"])
paths = [p for page in dev.get_paginator("list_launch_paths").paginate(ProductId=product)
         for p in page["LaunchPathSummaries"]]
assert [c["Type"] for c in paths[0]["ConstraintSummaries"]] == ["LAUNCH", "TEMPLATE"]
asked = dev.describe_provisioning_parameters(ProductId=product, ProvisioningArtifactName="v1", PathId=paths[0]["Id"])
assert asked["ProvisioningArtifactParameters"][0]["ParameterKey"] == "Label"

launch = {"ProductName": "Topic", "ProvisioningArtifactName": "v1", "ProvisionedProductName": "mine"}
refused = dev.refused("InvalidParametersException", "provision_product", **launch,
                      ProvisioningParameters=[{"Key": "Label", "Value": "z"}])
assert "Rule Label failed" in refused, refused
assert "[Label] must have values" in dev.refused("InvalidParametersException", "provision_product", **launch)
admin.refused("ResourceNotFoundException", "provision_product", ProductId=product, ProvisioningArtifactName="v1",
              ProvisionedProductName="mine")

record = dev.provision_product(**launch, ProvisioningParameters=[{"Key": "Label", "Value": "a"}], ProvisionToken="once",
                               Tags=[{"Key": "env", "Value": "test"}])
again = dev.provision_product(**launch, ProvisioningParameters=[{"Key": "Label", "Value": "a"}], ProvisionToken="once",
                              Tags=[{"Key": "env", "Value": "test"}])
assert again["RecordDetail"]["RecordId"] == record["RecordDetail"]["RecordId"]
done = wait(dev, record)
assert done["RecordDetail"]["Status"] == "SUCCEEDED", done
pp = done["RecordDetail"]["ProvisionedProductId"]
stack = stack_of(done)
assert stack["StackName"] == f"SC-111122223333-{pp}"
assert {t["Key"]: t["Value"] for t in stack["Tags"]} == {"cost": "42", "env": "test"}, stack["Tags"]
dev.refused("DuplicateResourceException", "provision_product", **launch,
            ProvisioningParameters=[{"Key": "Label", "Value": "b"}])

updated = wait(dev, dev.update_provisioned_product(
    ProvisionedProductName="mine", ProvisioningArtifactName="v2",
    ProvisioningParameters=[{"Key": "Label", "UsePreviousValue": True}]))
assert updated["RecordDetail"]["Status"] == "SUCCEEDED", updated
outputs = {o["OutputKey"]: o["OutputValue"] for o in dev.get_provisioned_product_outputs(ProvisionedProductId=pp)["Outputs"]}
assert outputs["Label"] == "a" and ":sqs:" in outputs["Queue"], outputs
only = dev.get_provisioned_product_outputs(ProvisionedProductName="mine", OutputKeys=["Label"])["Outputs"]
assert [o["OutputKey"] for o in only] == ["Label"]

detail = dev.describe_provisioned_product(Name="mine")["ProvisionedProductDetail"]
assert detail["Status"] == "AVAILABLE" and detail["LaunchRoleArn"].endswith(":role/LaunchTopic"), detail
assert len(dev.scan_provisioned_products()["ProvisionedProducts"]) == 1
assert admin.scan_provisioned_products()["ProvisionedProducts"] == [], "made by another principal"
everyone = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}}
found = admin.search_provisioned_products(**everyone, Filters={"SearchQuery": ["name:mine"]}, SortBy="name")
assert found["TotalResultsCount"] == 1 and found["ProvisionedProducts"][0]["ProvisioningArtifactName"] == "v2", found
assert admin.search_provisioned_products(**everyone, Filters={"SearchQuery": ["status:ERROR"]})["TotalResultsCount"] == 0
admin.refused("ResourceInUseException", "delete_provisioning_artifact", ProductId=product,
              ProvisioningArtifactId=detail["ProvisioningArtifactId"])

ended = wait(dev, dev.terminate_provisioned_product(ProvisionedProductName="mine"))
assert ended["RecordDetail"]["Status"] == "SUCCEEDED", ended
dev.refused("ResourceNotFoundException", "describe_provisioned_product", Id=pp)
live = [s["StackName"] for s in cloudformation.describe_stacks()["Stacks"] if s["StackStatus"] != "DELETE_COMPLETE"]
assert stack["StackName"] not in live, live
history = dev.list_record_history(SearchFilter={"Key": "provisionedproduct", "Value": pp})["RecordDetails"]
assert [r["RecordType"] for r in history] == [
    "TERMINATE_PROVISIONED_PRODUCT", "UPDATE_PROVISIONED_PRODUCT", "PROVISION_PRODUCT"]
print(json.dumps({**admin.answers, **dev.answers}))
