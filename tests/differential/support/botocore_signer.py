"""Signs with botocore's CloudFrontSigner: one JSON order on each line of stdin, one JSON answer on each line of stdout.

Usage: python botocore_signer.py PRIVATE_KEY_PKCS1_PEM
"""

import datetime
import json
import sys

import rsa
from botocore.signers import CloudFrontSigner


def moment(epoch):
    """A time as botocore wants it: it takes the offset away again when it writes the policy."""
    return datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)


def answer(signer, order):
    if order["kind"] == "canned":
        return signer.generate_presigned_url(order["url"], date_less_than=moment(order["expires"]))
    policy = signer.build_policy(
        order["resource"],
        moment(order["expires"]),
        moment(order["notBefore"]) if "notBefore" in order else None,
        order.get("ipAddress"),
    )
    return signer.generate_presigned_url(order["url"], policy=policy)


def main():
    with open(sys.argv[1], "rb") as file:
        key = rsa.PrivateKey.load_pkcs1(file.read())
    for line in sys.stdin:
        order = json.loads(line)
        signer = CloudFrontSigner(order["keyPairId"], lambda message: rsa.sign(message, key, "SHA-1"))
        print(json.dumps(answer(signer, order)), flush=True)


main()
