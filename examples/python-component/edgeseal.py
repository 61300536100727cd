"""Edgeseal in Python: its WebAssembly component under wasmtime, with records as dicts.

There is nothing about Edgeseal in here but the names of its interfaces. `Component.call` reads the types of a function from
the component and turns Python values into them and back:

    record              dict, with `_` for `-` in names; an optional field may be left out
    variant             dict with `tag` and `val`
    enum, string        str
    option              the value or None
    list<u8>, list      bytes, list
    resource            Resource, which is a context manager
    result              the value, or EdgesealError
"""

from __future__ import annotations

from typing import Any

from wasmtime import Engine, Store
from wasmtime.component import (
    BorrowType,
    Component as WasmComponent,
    Func,
    Linker,
    ListType,
    OptionType,
    OwnType,
    Record,
    RecordType,
    ResourceAny,
    ResultType,
    ValType,
    Variant,
    VariantType,
)

VERSION = "0.1.0"


class EdgesealError(Exception):
    """Why a call was refused: the record `error` of the interface `types`."""

    def __init__(self, record: dict[str, Any]):
        super().__init__(record["message"])
        self.code: str = record["code"]
        self.field: str | None = record["field"]
        self.hint: str | None = record["hint"]


class Resource:
    """A resource that lives in the component, such as a verifier, until it is closed."""

    def __init__(self, component: Component, handle: ResourceAny):
        self._component = component
        self.handle = handle

    def close(self) -> None:
        """Drops the resource; a signer wipes its key."""
        if self.handle is not None:
            self.handle.drop(self._component.store)
            self.handle = None

    def __enter__(self) -> Resource:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Component:
    """An instance of the component. It imports nothing, so the linker is empty."""

    def __init__(self, path: str):
        engine = Engine()
        self.store = Store(engine)
        self._instance = Linker(engine).instantiate(self.store, WasmComponent.from_file(engine, path))
        self._functions: dict[tuple[str, str], tuple[Func, list[ValType], ValType]] = {}

    def call(self, interface: str, name: str, *arguments: Any) -> Any:
        """Calls a function such as `call("verifying", "[method]verifier.verify-url", verifier, url, context, now)`."""
        function, parameters, result = self._function(interface, name)
        if len(arguments) != len(parameters):
            raise TypeError(f"{name} takes {len(parameters)} arguments, not {len(arguments)}")
        values = [_lower(kind, value) for kind, value in zip(parameters, arguments)]
        return self._lift(result, function(self.store, *values))

    def _function(self, interface: str, name: str) -> tuple[Func, list[ValType], ValType]:
        key = (interface, name)
        if key not in self._functions:
            instance = self._instance.get_export_index(self.store, f"edgeseal:core/{interface}@{VERSION}")
            index = instance and self._instance.get_export_index(self.store, name, instance)
            function = index and self._instance.get_func(self.store, index)
            if not function:
                raise LookupError(f"the component has no function {name} in {interface}@{VERSION}")
            kind = function.type(self.store)
            self._functions[key] = (function, [each for _, each in kind.params], kind.result)
        return self._functions[key]

    def _lift(self, kind: ValType, value: Any) -> Any:
        if isinstance(kind, ResultType):
            # wasmtime names the case only where the Python types of the two do not.
            if isinstance(value, Variant) and value.tag in ("ok", "err"):
                failed, value = value.tag == "err", value.payload
            else:
                failed = isinstance(value, Record)
            if failed:
                raise EdgesealError(self._lift(kind.err, value))
            return self._lift(kind.ok, value)
        if isinstance(kind, OptionType):
            return None if value is None else self._lift(kind.payload, value)
        if isinstance(kind, RecordType):
            return {_snake(name): self._lift(each, getattr(value, name)) for name, each in kind.fields}
        if isinstance(kind, VariantType):
            return {"tag": value.tag, "val": self._lift(dict(kind.cases)[value.tag], value.payload)}
        if isinstance(kind, ListType) and not isinstance(value, bytes):
            return [self._lift(kind.element, each) for each in value]
        return Resource(self, value) if isinstance(kind, OwnType) else value


def _snake(name: str) -> str:
    return name.replace("-", "_")


def _lower(kind: ValType, value: Any) -> Any:
    if isinstance(kind, OptionType):
        return None if value is None else _lower(kind.payload, value)
    if isinstance(kind, RecordType):
        fields = dict(kind.fields)
        unknown = set(value) - {_snake(name) for name in fields}
        if unknown:
            raise TypeError(f"the record has no field {', '.join(sorted(unknown))}")
        record = Record()
        for name, each in fields.items():
            if _snake(name) not in value and not isinstance(each, OptionType):
                raise TypeError(f"the record needs the field {_snake(name)}")
            setattr(record, name, _lower(each, value.get(_snake(name))))
        return record
    if isinstance(kind, ListType) and not isinstance(value, bytes):
        return [_lower(kind.element, each) for each in value]
    return value.handle if isinstance(kind, (OwnType, BorrowType)) else value
