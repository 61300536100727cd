#!/usr/bin/env python3
"""Derive model.json from the Service Catalog API model that botocore ships.

Usage: derive.py path/to/botocore/data/servicecatalog/2015-12-10/service-2.json.gz VERSION

The result keeps what a server needs: operations, shapes and their constraints. Prose is
dropped.
"""

import gzip
import hashlib
import json
import sys

CONSTRAINTS = ("min", "max", "pattern", "enum")


def compact(shape):
    """One shape, reduced to its type, members and constraints."""
    out = {"type": shape["type"]}
    out.update({k: shape[k] for k in CONSTRAINTS if k in shape})
    if shape["type"] == "structure":
        out["members"] = {name: m["shape"] for name, m in shape["members"].items()}
        if shape.get("required"):
            out["required"] = shape["required"]
        tokens = [n for n, m in shape["members"].items() if m.get("idempotencyToken")]
        if tokens:
            out["token"] = tokens[0]
    elif shape["type"] == "list":
        out["member"] = shape["member"]["shape"]
    elif shape["type"] == "map":
        out["key"], out["value"] = shape["key"]["shape"], shape["value"]["shape"]
    return out


def reach(shapes, name, seen):
    """Add every shape that `name` leads to."""
    if name in seen:
        return
    seen.add(name)
    shape = shapes[name]
    below = [m["shape"] for m in shape.get("members", {}).values()]
    below += [shape[k]["shape"] for k in ("member", "key", "value") if k in shape]
    for child in below:
        reach(shapes, child, seen)


def main():
    path, version = sys.argv[1], sys.argv[2]
    raw = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    model = json.loads(raw)
    operations, seen = {}, set()
    for name, op in sorted(model["operations"].items()):
        entry = {"errors": sorted(e["shape"] for e in op.get("errors", []))}
        for key, ours in (("input", "input"), ("output", "output")):
            if key in op:
                entry[ours] = op[key]["shape"]
                reach(model["shapes"], op[key]["shape"], seen)
        operations[name] = entry
    document = {
        "source": {
            "package": "botocore",
            "version": version,
            "file": "botocore/data/servicecatalog/2015-12-10/service-2.json",
            "sha256": hashlib.sha256(raw).hexdigest(),
            "licence": "Apache-2.0, see NOTICE",
        },
        "operations": operations,
        "shapes": {n: compact(model["shapes"][n]) for n in sorted(seen)},
    }
    lines = ["{", f'"source": {json.dumps(document["source"], sort_keys=True)},']
    for section in ("operations", "shapes"):
        lines.append(f'"{section}": {{')
        rows = [f"{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in document[section].items()]
        lines.append(",\n".join(rows))
        lines.append("}," if section == "operations" else "}")
    lines.append("}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
