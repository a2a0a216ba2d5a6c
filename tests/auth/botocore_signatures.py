"""Signs generated requests with botocore and prints one JSON document a line: what was signed, and what came of it.

The cases are the same on every run. The C++ test signs each again and expects the very same bytes.
"""
import datetime
import hashlib
import json
import os
import random
from unittest import mock

import botocore.auth
import botocore.session
import botocore.signers
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.utils import percent_encode

for name in [n for n in os.environ if n.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

HEADER_CASES, QUERY_CASES, POST_CASES = 450, 200, 60

rng = random.Random(20130524)

KEYS = [
    "a", "a/b", "a//b", "a/../b", "./x", "../x", "x/.", "/leading", "trailing/", "//", " ", "a b", "a+b", "100%", "%41", "k=v", "what?",
    "a&b", "a#b", "a~b", "a;b", "wow!", "it's", '"quoted"', "(1)", "*", "[x]", "{x}", "a|b", "a\\b", "<x>", "`", "^", "$", "@", ":", ",",
    "tab\there", "line\nbreak", "\x01\x1f\x7f", "grün", "日本語", "😀", "e\u0301", "\u00a0", "\ufeff", "..", ".", "-._~",
]
QUERY_NAMES = [
    "prefix", "delimiter", "acl", "uploads", "a", "A", "aa", "a-b", "a.b", "a_b", "a~b", "a b", "a+b", "a=b", "a&b", "ü", "Z", "0", "x-id",
    "list-type", "marker", "versionId", "response-content-type", "%", "!", "partNumber", "a/b", "é", "😀",
]
QUERY_VALUES = ["", "1", "a", "b", "A", "a b", "a+b", "a=b", "a&b&c", "/", "a/b", "100%", "ü", "日本", "~", "!'()*", "\n", "?", "#", "attachment; filename=\"x y\""]
HEADER_NAMES = [
    "Range", "If-Match", "If-None-Match", "Content-Type", "Content-MD5", "x-amz-meta-a", "X-Amz-Meta-B", "x-amz-meta-a-b", "x-amz-acl",
    "x-amz-copy-source", "X-AMZ-Storage-Class", "Cache-Control", "content-disposition", "x-amz-server-side-encryption", "Accept-Encoding",
    "x-amz-checksum-crc32", "User-Agent", "Expect", "Connection", "Transfer-Encoding", "TE", "Trailer", "X-Amzn-Trace-Id", "Keep-Alive",
    "traceparent", "Zed", "a", "x-amz-meta-a.b", "x-amz-meta-a_b",
]
HEADER_VALUES = [
    "bytes=0-9", "", " ", "a  b", "  leading", "trailing  ", "a   b   c", "tab\tin", "\tboth\t", "a \t b", '"quoted  spaces"', "a,b", "a, b",
    "text/plain; charset=utf-8", "grün  Tee", "100-continue", "x" * 300, "=?UTF-8?B?Zm9v?=", "a;b", "a:b", "1", "日本",
]
SECRETS = ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "s", "secret+with/slash=", "long" * 40]
TOKENS = [None, "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGd==", "short+token"]
REGIONS = ["us-east-1", "eu-central-1", "local", "ap-southeast-3"]
HOSTS = ["examplebucket.s3.amazonaws.com", "127.0.0.1:9000", "localhost", "[::1]:8080", "my-bucket.s3.eu-central-1.amazonaws.com"]


def some(values, least, most):
    return [rng.choice(values) for _ in range(rng.randint(least, most))]


def encode(text):
    return percent_encode(text, safe="-._~")


def moment():
    return datetime.datetime(1999, 12, 31, 23, 59, 59) + datetime.timedelta(seconds=rng.randrange(0, 2_000_000_000))


def frozen(at):
    return (
        mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: at),
        mock.patch("botocore.signers.get_current_datetime", lambda *a, **k: at, create=True),
    )


def identity():
    token = rng.choice(TOKENS)
    return Credentials(rng.choice(["AKIAIOSFODNN7EXAMPLE", "minioadmin", "k"]), rng.choice(SECRETS), token)


def request_case(kind):
    """What both kinds have in common."""
    who = identity()
    express = who.token is not None and rng.random() < 0.15
    key = rng.choice(KEYS) if rng.random() < 0.5 else "".join(some(KEYS, 1, 4))
    path = "/" + ("bucket/" if rng.random() < 0.5 else "") + percent_encode(key, safe="-._~/")
    names = some(QUERY_NAMES, 0, 5)
    if kind == "query":
        names = list(dict.fromkeys(names))  # botocore keeps one value of a name there
    pairs = [[name, rng.choice(QUERY_VALUES)] for name in names]
    if kind == "header" and pairs and rng.random() < 0.3:
        pairs[0][1] = None  # "?acl", without a '='
    query = "&".join(encode(n) if v is None else encode(n) + "=" + encode(v) for n, v in pairs)
    fields = [[rng.choice(HEADER_NAMES), rng.choice(HEADER_VALUES)] for _ in range(rng.randint(0, 6))]
    if rng.random() < 0.2:
        fields.append(["Host", "other.example.com:81"])
    return {
        "kind": kind,
        "method": rng.choice(["GET", "PUT", "HEAD", "POST", "DELETE"]),
        "key": path[1:].startswith("bucket/") and "bucket/" + key or key,
        "path": path,
        "pairs": pairs,
        "query": query,
        "host": rng.choice(HOSTS),
        "fields": fields,
        "access_key_id": who.access_key,
        "secret": who.secret_key,
        "token": who.token or "",
        "region": rng.choice(REGIONS),
        "service": "s3express" if express else "s3",
    }, who, express


def sign(case, who, auth, at):
    url = "https://" + case["host"] + case["path"] + ("?" + case["query"] if case["query"] else "")
    request = AWSRequest(method=case["method"], url=url)
    for name, value in case["fields"]:
        request.headers[name] = value
    case["time"] = int(at.replace(tzinfo=datetime.timezone.utc).timestamp())
    first, second = frozen(at)
    with first, second:
        auth.add_auth(request)
    return request


def header_case():
    case, who, express = request_case("header")
    case["payload"] = rng.choice([
        hashlib.sha256(b"").hexdigest(), hashlib.sha256(b"body").hexdigest(), "UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    ])
    if express:
        auth = botocore.auth.S3ExpressAuth(who, "s3express", case["region"], identity_cache=None)
    else:
        auth = botocore.auth.S3SigV4Auth(who, "s3", case["region"])
    auth.payload = lambda request: case["payload"]
    signed = sign(case, who, auth, moment())
    case["signed"] = sorted([n.lower(), v] for n, v in signed.headers.items())
    return case


def query_case():
    case, who, express = request_case("query")
    case["expires"] = rng.choice([1, 60, 3600, 604800])
    if express:
        auth = botocore.auth.S3ExpressQueryAuth(who, "s3express", case["region"], identity_cache=None, expires=case["expires"])
    else:
        auth = botocore.auth.S3SigV4QueryAuth(who, "s3", case["region"], expires=case["expires"])
    signed = sign(case, who, auth, moment())
    case["url"] = signed.url.split(case["host"], 1)[1]
    return case


CLIENTS = {}


def post_client(who, region):
    key = (who.access_key, who.secret_key, who.token, region)
    if key not in CLIENTS:
        session = botocore.session.Session()
        CLIENTS[key] = session.create_client(
            "s3", region_name=region, aws_access_key_id=who.access_key, aws_secret_access_key=who.secret_key,
            aws_session_token=who.token, config=Config(signature_version="s3v4"))
    return CLIENTS[key]


def post_case():
    who = Credentials("AKIAIOSFODNN7EXAMPLE", SECRETS[0], rng.choice(TOKENS[:2]))
    region = "eu-central-1"
    key = rng.choice(KEYS) + rng.choice(["", "", "${filename}"])
    names = list(dict.fromkeys(some(["acl", "Content-Type", "x-amz-meta-tag", "success_action_status", "Cache-Control"], 0, 3)))
    fields = {name: rng.choice(HEADER_VALUES + KEYS) for name in names}
    tests = []
    for name, value in fields.items():
        eq = name == "Content-Type" or rng.random() < 0.5  # S3 reads a comma in Content-Type as a list, each of which must match
        tests.append(["eq", name, value] if eq else ["starts-with", name, value[:2]])
    if rng.random() < 0.5:
        tests.append(["content-length-range", rng.choice([0, 1, 1024]), rng.choice([1024, 10 * 2**30])])
    spelt = [{t[1]: t[2]} if t[0] == "eq" else ["starts-with", "$" + t[1], t[2]] if t[0] == "starts-with" else t for t in tests]
    at = moment()
    expires = rng.choice([1, 3600, 86400])
    first, second = frozen(at)
    with first, second:
        post = post_client(who, region).generate_presigned_post("bucket", key, Fields=fields, Conditions=spelt, ExpiresIn=expires)
    return {
        "kind": "post", "bucket": "bucket", "key": key, "fields": list(fields.items()), "tests": tests, "expires": expires,
        "time": int(at.replace(tzinfo=datetime.timezone.utc).timestamp()), "access_key_id": who.access_key, "secret": who.secret_key,
        "token": who.token or "", "region": region, "service": "s3", "url": post["url"], "form": list(post["fields"].items()),
    }


for make, count in ((header_case, HEADER_CASES), (query_case, QUERY_CASES), (post_case, POST_CASES)):
    for _ in range(count):
        print(json.dumps(make()))
