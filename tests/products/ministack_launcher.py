"""Starts ministack for the product tests, with the little it lacks and a record of what it does.

Adds or corrects, where ministack differs from AWS and a product depends on it:

- the type AWS::SecretsManager::ResourcePolicy: there is an API for it, but no CloudFormation provisioner;
- the property PermissionsBoundary of AWS::IAM::Role: the provisioner drops it, while authorization honours it;
- the name of a new table or secret that is taken: the provisioner overwrites what is there;
- the condition key aws:PrincipalArn: it holds the session instead of the role.

Keeps a recording of three kinds of entry, in order:

- ``provisioner``: one per resource that CloudFormation creates, updates or deletes, with its type and the properties
  it was given, or for an update the ones that change. ministack's provisioners change the state of a service directly, so for most types this is all there is
  to see: it says that an operation was needed, not which API actions AWS would call for it.
- ``internal``: an API operation of a service module that a provisioner called as a function, where it does.
- ``http``: a signed request from outside the tests, such as those of a product's Lambda function, as the IAM action
  that ministack's authorization derives from it. With AUTH=true the action was also checked against the role.

``GET /_edgeseal/recording`` answers the entries so far and begins a new recording.

It leans on private names of ministack, so its version is pinned in tests/requirements/emulator.txt.
"""

import contextvars
import functools
import importlib
import inspect
import json
import re
import threading

from botocore.session import Session
from ministack import app as ministack_app
from ministack.core.iam_actions import extract_iam_action
from ministack.core.router import detect_service
from ministack.services.cloudformation import provisioners

RECORDING_PATH = "/_edgeseal/recording"
TESTS_USER_AGENT = "edgeseal-tests"

_entries = []
_lock = threading.Lock()
_provisioning = contextvars.ContextVar("provisioning", default=False)


def _record(**entry):
    with _lock:
        _entries.append(entry)


def _take():
    with _lock:
        taken = list(_entries)
        _entries.clear()
    return taken


# --- What the provisioners do


def _given(properties):
    return {name: value for name, value in (properties or {}).items() if value not in (None, "", [], {})}


def _create_properties(args):
    return _given(args[1])


def _update_properties(args):
    """The properties that an update changes, sets or removes."""
    old, new = _given(args[1]), _given(args[2])
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _watched(operation, resource_type, handler, properties_of):
    @functools.wraps(handler)
    def run(*args, **kwargs):
        _record(
            source="provisioner", operation=operation, type=resource_type, properties=sorted(properties_of(args))
        )
        token = _provisioning.set(True)
        try:
            return handler(*args, **kwargs)
        finally:
            _provisioning.reset(token)

    return run


def watch_provisioners():
    readers = {"create": _create_properties, "update": _update_properties, "delete": _create_properties}
    for resource_type, handlers in provisioners._RESOURCE_HANDLERS.items():
        for operation, reader in readers.items():
            if operation in handlers:
                handlers[operation] = _watched(operation, resource_type, handlers[operation], reader)
    # Custom resources are not in the table: their three functions are called by name.
    for operation, reader in readers.items():
        name = f"_custom_resource_{operation}"
        setattr(provisioners, name, _watched(operation, "Custom::", getattr(provisioners, name), reader))


# --- What the services are asked by a provisioner

_MODULES = {
    "cloudfront": ("cloudfront", "cloudfront"),
    "cloudwatch": ("cloudwatch", "cloudwatch"),
    "cloudwatch_logs": ("logs", "logs"),
    "dynamodb": ("dynamodb", "dynamodb"),
    "eventbridge": ("events", "events"),
    "iam": ("iam", "iam"),
    "lambda_svc": ("lambda", "lambda"),
    "route53": ("route53", "route53"),
    "s3": ("s3", "s3"),
    "secretsmanager": ("secretsmanager", "secretsmanager"),
}


def _camel(name):
    return "".join(part.capitalize() for part in name.strip("_").split("_"))


def watch_services():
    session = Session()
    for module_name, (botocore_name, prefix) in _MODULES.items():
        module = importlib.import_module(f"ministack.services.{module_name}")
        known = {name.lower(): name for name in session.get_service_model(botocore_name).operation_names}
        for name, function in list(vars(module).items()):
            operation = known.get(_camel(name).lower())
            if operation and inspect.isfunction(function) and not inspect.iscoroutinefunction(function):
                setattr(module, name, _noted(f"{prefix}:{operation}", function))


def _noted(action, function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        if _provisioning.get():
            _record(source="internal", action=action)
        return function(*args, **kwargs)

    return run


# --- What comes over HTTP


def _headers(scope):
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}


def _action(scope):
    headers = _headers(scope)
    if TESTS_USER_AGENT in headers.get("user-agent", "") or "authorization" not in headers:
        return None
    method, path = scope["method"], scope["path"]
    service = detect_service(method, path, headers, {})
    return extract_iam_action(service, method, path, headers, b"", {})


def recorded(app):
    """The ASGI application, with every request of a function noted."""

    async def run(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == RECORDING_PATH:
            body = json.dumps(_take()).encode()
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": body})
            return
        action = _action(scope) if scope["type"] == "http" else None
        if action is None:
            await app(scope, receive, send)
            return

        async def noting(message):
            if message["type"] == "http.response.start":
                _record(source="http", action=action, status=message["status"])
            await send(message)

        await app(scope, receive, noting)

    return run


# --- What ministack lacks


def _policy_call(operation, secret_id, policy=None):
    from ministack.services import secretsmanager

    request = {"SecretId": secret_id}
    if policy is not None:
        request["ResourcePolicy"] = policy if isinstance(policy, str) else json.dumps(policy)
    status, _headers, body = getattr(secretsmanager, operation)(request)
    if status >= 400:
        raise ValueError(f"{operation.strip('_')} failed: {body.decode() if isinstance(body, bytes) else body}")


def _resource_policy_create(logical_id, properties, stack_name):
    secret_id = properties["SecretId"]
    _policy_call("_put_resource_policy", secret_id, properties["ResourcePolicy"])
    return secret_id, {"Id": secret_id}


def _resource_policy_update(physical_id, old, new, stack_name, logical_id=None):
    if old.get("SecretId") != new["SecretId"]:
        _policy_call("_delete_resource_policy", physical_id)
    return _resource_policy_create(logical_id, new, stack_name)


def _resource_policy_delete(physical_id, properties):
    try:
        _policy_call("_delete_resource_policy", physical_id)
    except ValueError as error:
        if not re.search("ResourceNotFound", str(error)):
            raise


def _bounded(handler, properties_at):
    """A role handler that also sets the permissions boundary, which ministack's leaves out."""

    @functools.wraps(handler)
    def run(*args, **kwargs):
        from ministack.services import iam

        result = handler(*args, **kwargs)
        role = iam._roles.get(result[0])
        boundary = args[properties_at].get("PermissionsBoundary")
        if boundary:
            role["PermissionsBoundary"] = boundary
        else:
            role.pop("PermissionsBoundary", None)
        return result

    return run


def apply_permissions_boundaries():
    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
    handlers["create"] = _bounded(handlers["create"], 1)
    handlers["update"] = _bounded(handlers["update"], 2)


def _only_if_new(resource_type, property_name, existing):
    """A create handler that refuses a name that is there already, as AWS does; ministack's would overwrite it."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]["create"]

    @functools.wraps(handler)
    def run(*args, **kwargs):
        name = args[1].get(property_name)
        if name and name in existing():
            raise ValueError(f"{name} already exists (Service: {resource_type}, Status Code: 400)")
        return handler(*args, **kwargs)

    return run


def refuse_names_that_are_taken():
    from ministack.services import dynamodb, secretsmanager

    for resource_type, property_name, existing in (
        ("AWS::DynamoDB::Table", "TableName", lambda: dynamodb._tables),
        ("AWS::SecretsManager::Secret", "Name", lambda: secretsmanager._secrets),
    ):
        handlers = provisioners._RESOURCE_HANDLERS[resource_type]
        handlers["create"] = _only_if_new(resource_type, property_name, existing)


def name_roles_as_principals():
    """aws:PrincipalArn of an assumed role is the role's ARN; ministack takes the session's.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    from ministack.core import iam_evaluator
    from ministack.services import iam

    resolve = iam_evaluator._resolve_condition_key

    def role_arn(key, context):
        value = resolve(key, context)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(value):
            return value
        account, name = value.split(":")[4], value.split("/")[1]
        role = iam._roles.get(name)
        return role["Arn"] if role else f"arn:aws:iam::{account}:role/{name}"

    iam_evaluator._resolve_condition_key = role_arn


def add_missing_types():
    provisioners._RESOURCE_HANDLERS.setdefault(
        "AWS::SecretsManager::ResourcePolicy",
        {
            "create": _resource_policy_create,
            "update": _resource_policy_update,
            "delete": _resource_policy_delete,
        },
    )


if __name__ == "__main__":
    add_missing_types()
    apply_permissions_boundaries()
    refuse_names_that_are_taken()
    name_roles_as_principals()
    watch_provisioners()
    watch_services()
    ministack_app.app = recorded(ministack_app.app)
    ministack_app.main()
