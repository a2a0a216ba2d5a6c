"""Computes with botocore the signature of each request that arrived, from its bytes alone, and compares it with the one that it bears.

Reads a JSON document a line from standard input: {"bytes": the request in base64, "secret": ..., "host": what a proxy would write into
`Host`, or null}. Prints what is wrong, one line each, and last the number of requests that are right.
"""
import base64
import hashlib
import json
import re
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

# What a proxy or the transport may change, and what the transport adds: it need not be signed.
UNSIGNED = {"authorization", "connection", "content-length", "expect", "proxy-connection", "te", "trailer", "transfer-encoding", "user-agent"}


def fault(case):
    head, _, body = base64.b64decode(case["bytes"]).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    method, target, version = lines[0].split(" ")
    if version != "HTTP/1.1":
        return f"the version {version}"
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            return f"the line {line!r}"
        fields.append((name, value.strip(" \t")))  # RFC 9112, section 5.1: white space around a value is no part of it
    named = [n.lower() for n, _ in fields]
    if named.count("host") != 1:
        return f"Host comes {named.count('host')} times"
    if case["host"] is not None:
        fields = [(n, case["host"] if n.lower() == "host" else v) for n, v in fields]
    match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
                         r"SignedHeaders=([^,]*), Signature=([0-9a-f]{64})",
                         dict((n.lower(), v) for n, v in fields).get("authorization", ""))
    if not match:
        return "no Authorization that can be read"
    access_key, day, region, service, signed, signature = match.groups()
    names = signed.split(";")
    unsigned = set(named) - set(names) - UNSIGNED
    if unsigned:
        return f"not signed: {sorted(unsigned)}"
    if set(names) - set(named):
        return f"signed, but not there: {sorted(set(names) - set(named))}"

    host = next(v for n, v in fields if n.lower() == "host")
    request = AWSRequest(method=method, url="http://" + host + target)
    for name, value in fields:
        if name.lower() in names:
            request.headers.add_header(name, value)
    payload = request.headers["x-amz-content-sha256"]
    if re.fullmatch("[0-9a-f]{64}", payload) and payload != hashlib.sha256(body).hexdigest():
        return "the payload's hash"
    auth = botocore.auth.S3SigV4Auth(Credentials(access_key, case["secret"]), service, region)
    request.context["timestamp"] = request.headers["x-amz-date"]
    if not request.context["timestamp"].startswith(day):
        return "the day"
    text = auth.string_to_sign(request, auth.canonical_request(request))
    expected = auth.signature(text, request)
    if expected != signature:
        return "the signature, for the canonical request\n" + auth.canonical_request(request)
    return None


right = 0
for line in sys.stdin:
    case = json.loads(line)
    wrong = fault(case)
    if wrong is None:
        right += 1
    else:
        print(case.get("about", ""), wrong)
print(right)
