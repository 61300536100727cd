"""Calls the component under wasmtime: a JSON question on each line of stdin, a JSON answer on each line of stdout."""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "examples" / "python-component"))

from edgeseal import Component, EdgesealError, Resource  # noqa: E402

resources: dict[int, Resource] = {}


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda letter: letter[1].upper(), name)


def read(value: Any) -> Any:
    """A question's value as the binding takes it."""
    if isinstance(value, list):
        return [read(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$resource" in value:
        return resources[value["$resource"]]
    return {snake(name): read(each) for name, each in value.items()}


def write(value: Any) -> Any:
    """An answer's value as JSON has it."""
    if isinstance(value, Resource):
        resources[len(resources)] = value
        return {"$resource": len(resources) - 1}
    if isinstance(value, list):
        return [write(each) for each in value]
    if isinstance(value, dict):
        return {camel(name): write(each) for name, each in value.items() if each is not None}
    return value


def answer(component: Component, question: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": write(component.call(question["interface"], question["name"], *read(question["args"])))}
    except EdgesealError as error:
        return {"refused": {"code": error.code, "message": str(error), "field": error.field, "hint": error.hint}}
    except Exception as error:  # A trap, or a type that does not fit: the test must see it and go on.
        return {"fault": f"{type(error).__name__}: {error}"}


def main() -> None:
    component = Component(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(answer(component, json.loads(line))), flush=True)


main()
