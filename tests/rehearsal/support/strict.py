"""A boto3 client whose every answer is held to the API model of botocore, and noted.

botocore's own parser takes members it does not know in silence, so the answer's document is also walked beside the
output shape: unknown members, other types and unknown enum values are errors.
"""

import json

import boto3

# Real products report CREATED, which the model does not list.
UNLISTED = {("Status", "CREATED")}


def check(shape, value, where):
    """Raise for the first place where `value` is not what `shape` says."""
    kind = shape.type_name
    if kind == "structure":
        assert isinstance(value, dict), f"{where} is not an object"
        for key, inner in value.items():
            assert key in shape.members, f"{where} has the unknown member {key}"
            check(shape.members[key], inner, f"{where}.{key}")
    elif kind == "list":
        assert isinstance(value, list), f"{where} is not a list"
        for inner in value:
            check(shape.member, inner, f"{where}[]")
    elif kind == "map":
        assert isinstance(value, dict), f"{where} is not an object"
        for inner in value.values():
            check(shape.value, inner, f"{where}{{}}")
    elif kind == "string":
        assert isinstance(value, str), f"{where} is not text"
        known = not shape.enum or value in shape.enum or (shape.name, value) in UNLISTED
        assert known, f"{where} has the unknown value {value}"
    elif kind == "boolean":
        assert isinstance(value, bool), f"{where} is not a flag"
    elif kind in ("integer", "long"):
        assert isinstance(value, int) and not isinstance(value, bool), f"{where} is not a number"
    elif kind == "timestamp":
        assert isinstance(value, (int, float)), f"{where} is not a timestamp"
    else:
        raise AssertionError(f"{where} is of the type {kind}")


class Strict:
    """A Service Catalog client that checks and notes each answer."""

    def __init__(self, **credentials):
        self.client = boto3.client("servicecatalog", **credentials)
        self.answers = {}
        self.client.meta.events.register("before-parse.servicecatalog", self._note)

    def _note(self, operation_model, response_dict, **_):
        if response_dict["status_code"] != 200:
            return
        document = json.loads(response_dict["body"])
        if operation_model.output_shape is None:
            assert document == {}, f"{operation_model.name} answers {document}"
        else:
            check(operation_model.output_shape, document, operation_model.name)
        # The fullest answer of an operation is the one worth comparing with an example.
        known = self.answers.get(operation_model.name, {})
        if len(json.dumps(document)) >= len(json.dumps(known)):
            self.answers[operation_model.name] = document

    def __getattr__(self, name):
        return getattr(self.client, name)

    def refused(self, code, method, **arguments):
        """Call a method that must fail with an error code; answer the message."""
        try:
            getattr(self.client, method)(**arguments)
        except self.client.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == code, error
            return error.response["Error"]["Message"]
        raise AssertionError(f"{method} succeeded")
