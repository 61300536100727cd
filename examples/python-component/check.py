"""Says whether a signed URL may pass, and if not, why: `python check.py --help`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import NoReturn

from edgeseal import Component, EdgesealError
from wasmtime import WasmtimeError

BUILT = Path(__file__).resolve().parents[2] / "component" / "dist" / "edgeseal.wasm"


def key(text: str) -> dict:
    """`ID=FILE` as a trusted key."""
    key_pair_id, equals, file = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("write ID=FILE, such as K2JCJMDEHXQW5F=public.pem")
    try:
        return {"key_pair_id": key_pair_id, "public_key": Path(file).read_bytes(), "enabled": True}
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{file} cannot be read: {error.strerror}") from error


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Says whether a CloudFront signed URL may pass, and if not, why.")
    parser.add_argument("url", help="the signed URL")
    parser.add_argument("--key", type=key, action="append", default=[], metavar="ID=FILE", help="a public key to trust")
    parser.add_argument("--ip", help="the viewer's address")
    parser.add_argument("--now", type=int, default=int(time.time()), help="the time, in seconds since 1970")
    parser.add_argument("--component", default=str(BUILT), help="the component (default: the one of this checkout)")
    return parser.parse_args()


def load(path: str) -> Component:
    """The component, or the end of the program with the reason."""
    try:
        return Component(path)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}\n  In a checkout, make it with: npm run build")
    except (WasmtimeError, LookupError) as error:
        fail(f"{path} is not the component: {str(error).splitlines()[0]}")


def fail(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(2)


def main() -> int:
    given = arguments()
    component = load(given.component)
    options = {"strict": False, "require_resource": False, "legacy_scheme_wildcard": False}
    context = {"cookies": [], "client_ip": given.ip}
    with component.call("verifying", "[static]verifier.open", given.key, options) as verifier:
        call = ("[method]verifier.explain-url", verifier, given.url, context, given.now, [])
        explanation = component.call("verifying", *call)
    verdict = explanation["verdict"]["val"]
    if explanation["verdict"]["tag"] == "allowed":
        print(f"allowed for {verdict['remaining_seconds']} seconds, by key {verdict['key_pair_id']}")
        return 0
    print(f"refused: {verdict['reason']}. {verdict['message']}")
    for check in explanation["checks"]:
        print(f"  {check['outcome']:8} {check['title']}" + (f": {check['detail']}" if check["detail"] else ""))
    for cause in explanation["causes"]:
        print(f"likely cause: {cause['sentence']}\n  {cause['fix']}")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EdgesealError as error:
        print(f"error {error.code}: {error}" + (f"\n  {error.hint}" if error.hint else ""), file=sys.stderr)
        sys.exit(2)
