"""Signs generated requests to other services than S3 with botocore: a JSON document a line. The cases are the same on every run."""

import datetime
import hashlib
import json
import os
import random
import sys
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from eks_token import eks_token  # before botocore, for which it makes a setting

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for name in [n for n in os.environ if n.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

HEADER_CASES, QUERY_CASES, TOKEN_CASES = 300, 150, 30

rng = random.Random(20110615)

SERVICES = ["sts", "execute-api", "dynamodb", "es", "lambda", "sqs", "appsync", "bedrock"]
REGIONS = ["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-3"]
SEGMENTS = ["prod", "a", "b%20c", "", "", ".", "..", "%2F", "%C3%A4", "x+y", "~", "-._", "2015-03-31", "a:b", "%25", "index$x", "(1)",
            "@connections", "a=b", "*"]
QUERY_NAMES = ["Action", "Version", "a", "A", "b-c", "q%20r", "%C3%A9", "x.y", "_"]
QUERY_VALUES = ["", "1", "GetCallerIdentity", "a%20b", "a%2Fb", "%3D", "~", "Z", "%2B"]
FIELDS = [["Content-Type", "application/x-amz-json-1.0"], ["X-Amz-Target", "DynamoDB_20120810.GetItem"], ["x-k8s-aws-id", "my-cluster"],
          ["X-Custom", " two  blanks "], ["Accept", "*/*"], ["User-Agent", "not signed"], ["x-api-key", "0123456789"]]
BODIES = [b"", b"{}", b"Action=GetCallerIdentity&Version=2011-06-15", b"\x00\xff" * 50]


def identity():
    return Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", rng.choice([None, "to/ken+=="]))


def moment():
    return datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=rng.randrange(300_000_000))


def frozen(at):
    return mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: at)


def start(kind):
    who = identity()
    at = moment()
    service, region = rng.choice(SERVICES), rng.choice(REGIONS)
    names = rng.sample(QUERY_NAMES, rng.randrange(4))
    case = {
        "kind": kind, "service": service, "region": region, "host": f"{service}.{region}.amazonaws.com",
        "path": "/" + "/".join(rng.choice(SEGMENTS) for _ in range(rng.randrange(5))),
        "query": "&".join(f"{name}={rng.choice(QUERY_VALUES)}" for name in names),
        "fields": rng.sample(FIELDS, rng.randrange(4)), "secret": who.secret_key, "token": who.token or "",
        "time": int(at.replace(tzinfo=datetime.timezone.utc).timestamp()),
    }
    return case, who, at


def request_of(case):
    url = "https://" + case["host"] + case["path"] + ("?" + case["query"] if case["query"] else "")
    request = AWSRequest(method=case["method"], url=url)
    for name, value in case["fields"]:
        request.headers[name] = value
    return request


def header_case():
    case, who, at = start("header")
    case["method"] = rng.choice(["GET", "POST", "PUT", "DELETE"])
    body = rng.choice(BODIES) if case["method"] in ("POST", "PUT") else b""
    case["payload"] = hashlib.sha256(body).hexdigest()
    if rng.random() < 0.2:  # some services want it, and then it is signed
        case["payload"] = rng.choice([case["payload"], "UNSIGNED-PAYLOAD"])
        case["fields"] = case["fields"] + [["X-Amz-Content-SHA256", case["payload"]]]
    request = request_of(case)
    request.data = body
    with frozen(at):
        botocore.auth.SigV4Auth(who, case["service"], case["region"]).add_auth(request)
    case["signed"] = sorted([n.lower(), v] for n, v in request.headers.items())
    return case


def query_case():
    case, who, at = start("query")
    case["method"] = rng.choice(["GET", "HEAD", "DELETE"])
    case["expires"] = rng.choice([1, 60, 900, 604800])
    request = request_of(case)
    with frozen(at):
        botocore.auth.SigV4QueryAuth(who, case["service"], case["region"], expires=case["expires"]).add_auth(request)
    case["url"] = request.url
    return case


def token_case():
    who = identity()
    at = moment()
    region = rng.choice(REGIONS)
    cluster = rng.choice(["my-cluster", "c", "0-9_a"])
    url, token = eks_token(cluster, region, who, at)
    return {"kind": "token", "region": region, "cluster": cluster, "secret": who.secret_key, "token": who.token or "",
            "time": int(at.replace(tzinfo=datetime.timezone.utc).timestamp()), "url": url, "kubernetes": token}


for make, count in ((header_case, HEADER_CASES), (query_case, QUERY_CASES), (token_case, TOKEN_CASES)):
    for _ in range(count):
        print(json.dumps(make()))
