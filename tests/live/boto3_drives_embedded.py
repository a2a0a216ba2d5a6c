#!/usr/bin/env python3
"""Does the S3 at ENDPOINT do what boto3 expects of one, and refuse what is forged?

    boto3_drives_embedded.py ENDPOINT [ACCESS_KEY SECRET_KEY]

Each check is a function; the first that fails ends the program with its traceback.
"""
import base64
import datetime
import hashlib
import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions

ENDPOINT = sys.argv[1]
ACCESS, SECRET = sys.argv[2:4] if len(sys.argv) > 3 else ("embedded", "embedded-secret")
NASTY = ["a//b", "a/../b", "./x", "t/", "/lead", "p+q", "50%", "%41", "a=b", "a?b", "a&b", "a b", " ", "ä/ö/日本", "#", "~", "a\\b", "\"'<>", "x" * 1024]
MIB = 1 << 20


def client(access=ACCESS, secret=SECRET, region="us-east-1", **config):
    config.setdefault("retries", {"max_attempts": 1})
    config.setdefault("s3", {"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=ENDPOINT, aws_access_key_id=access, aws_secret_access_key=secret, region_name=region,
                        config=botocore.config.Config(signature_version="s3v4", **config))


S3 = client()


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except botocore.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == str(code), (code, e.response)
        return e.response
    raise AssertionError(f"{code} was expected, and nothing was refused")


def fetch(url, method="GET", body=None, headers=None):
    """Status, headers and body, without any cleverness of a library."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.build_opener(NoRedirect).open(request) as r:
            return r.status, r.headers, r.read()
    except urllib.error.HTTPError as e:
        return e.code, e.headers, e.read()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def code_in(body):
    return body.split(b"<Code>")[1].split(b"</Code>")[0].decode()


class Bucket:
    def __init__(self, **options):
        self.name = "boto3-" + uuid.uuid4().hex[:12]
        self.options = options

    def __enter__(self):
        S3.create_bucket(Bucket=self.name, **self.options)
        return self.name

    def __exit__(self, *failure):
        if failure[0]:
            return
        for page in S3.get_paginator("list_object_versions").paginate(Bucket=self.name):
            for v in page.get("Versions", []) + page.get("DeleteMarkers", []):
                S3.delete_object(Bucket=self.name, Key=v["Key"], VersionId=v["VersionId"], BypassGovernanceRetention=True)
        S3.delete_bucket(Bucket=self.name)


# --- forgeries ----------------------------------------------------------------------------------------------------------------------

def wrong_keys_are_refused():
    refused("SignatureDoesNotMatch", client(secret="wrong").list_buckets)
    refused("InvalidAccessKeyId", client(access="nobody").list_buckets)
    anonymous = boto3.client("s3", endpoint_url=ENDPOINT, region_name="us-east-1", config=botocore.config.Config(signature_version=botocore.UNSIGNED))
    refused("AccessDenied", anonymous.list_buckets)


def another_region_is_taught():
    # botocore follows the region that the error names, where it knows the bucket; so the raw answer is looked at.
    request = signed("GET", ENDPOINT + "/", region="eu-west-1")
    status, headers, body = send(request)
    assert status == 400 and code_in(body) == "AuthorizationHeaderMalformed", body
    assert b"<Region>us-east-1</Region>" in body


def signed(method, url, body=b"", headers=None, region="us-east-1", when=None, secret=SECRET):
    request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body, headers=headers or {})
    signer = botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(ACCESS, secret), "s3", region)
    request.context["payload_signing_enabled"] = True
    if when is None:
        signer.add_auth(request)
        return request
    real = botocore.auth.get_current_datetime if hasattr(botocore.auth, "get_current_datetime") else None
    if real:
        botocore.auth.get_current_datetime = lambda *a, **k: when
        try:
            signer.add_auth(request)
        finally:
            botocore.auth.get_current_datetime = real
    else:
        frozen = type("frozen", (datetime.datetime,), {"utcnow": classmethod(lambda cls: when), "now": classmethod(lambda cls, tz=None: when)})
        real = botocore.auth.datetime
        module = type("datetime_module", (), {"datetime": frozen})
        botocore.auth.datetime = module if hasattr(real, "datetime") else frozen
        try:
            signer.add_auth(request)
        finally:
            botocore.auth.datetime = real
    return request


def send(request, url=None, body=None):
    data = request.data if body is None else body
    return fetch(url or request.url, request.method, data or None, dict(request.headers.items()))


def what_is_tampered_with_is_refused():
    with Bucket() as b:
        url = f"{ENDPOINT}/{b}/k"
        good = signed("PUT", url, b"hello")
        assert send(good)[0] == 200
        status, _, body = send(good, body=b"hellO")
        assert (status, code_in(body)) == (400, "XAmzContentSHA256Mismatch"), body
        status, _, body = send(good, url=f"{ENDPOINT}/{b}/other")
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        status, _, body = send(signed("GET", f"{ENDPOINT}/{b}?prefix=a"), url=f"{ENDPOINT}/{b}?prefix=b")
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        request = signed("PUT", url, b"hello")
        request.headers["x-amz-meta-added"] = "later"
        status, _, body = send(request)
        assert (status, code_in(body)) == (403, "AccessDenied"), body
        request = signed("PUT", url, b"hello", {"x-amz-meta-a": "1"})
        del request.headers["x-amz-meta-a"]
        request.headers["x-amz-meta-a"] = "2"
        status, _, body = send(request)
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        for minutes in (-16, 16):
            late = datetime.datetime.utcnow() + datetime.timedelta(minutes=minutes)
            status, _, body = send(signed("GET", url, when=late))
            assert (status, code_in(body)) == (403, "RequestTimeTooSkewed"), body
        assert S3.get_object(Bucket=b, Key="k")["Body"].read() == b"hello"


# --- what works ---------------------------------------------------------------------------------------------------------------------

def buckets_come_and_go():
    with Bucket() as b:
        assert b in [x["Name"] for x in S3.list_buckets()["Buckets"]]
        assert b in [x["Name"] for x in S3.list_buckets(Prefix=b, MaxBuckets=1)["Buckets"]]
        assert S3.head_bucket(Bucket=b)["BucketRegion"] == "us-east-1"
        assert S3.get_bucket_location(Bucket=b)["LocationConstraint"] is None
        S3.create_bucket(Bucket=b)  # in us-east-1 its owner may do so again
        S3.put_object(Bucket=b, Key="k", Body=b"x")
        refused("BucketNotEmpty", S3.delete_bucket, Bucket=b)
        S3.get_waiter("bucket_exists").wait(Bucket=b)
        S3.get_waiter("object_exists").wait(Bucket=b, Key="k")
    refused("404", S3.head_bucket, Bucket=b)
    refused("NoSuchBucket", S3.delete_bucket, Bucket=b)


def objects_round_trip():
    with Bucket() as b:
        put = S3.put_object(Bucket=b, Key="k", Body=b"hello", ContentType="text/plain", CacheControl="no-cache", Metadata={"a": "1", "B": "two words"},
                            Tagging="t=1&u=2", StorageClass="STANDARD_IA", ServerSideEncryption="aws:kms", SSEKMSKeyId="key-1")
        assert put["ETag"] == '"%s"' % hashlib.md5(b"hello").hexdigest()
        got = S3.get_object(Bucket=b, Key="k")
        assert got["Body"].read() == b"hello"
        for r in (got, S3.head_object(Bucket=b, Key="k")):
            assert r["ContentLength"] == 5 and r["ContentType"] == "text/plain" and r["CacheControl"] == "no-cache", r
            assert r["Metadata"] == {"a": "1", "b": "two words"} and r["StorageClass"] == "STANDARD_IA", r
            assert r["ServerSideEncryption"] == "aws:kms" and r["SSEKMSKeyId"] == "key-1" and r["ETag"] == put["ETag"], r
        part = S3.get_object(Bucket=b, Key="k", Range="bytes=1-3")
        assert part["Body"].read() == b"ell" and part["ContentRange"] == "bytes 1-3/5"
        assert S3.get_object(Bucket=b, Key="k", ResponseContentType="x/y; q=1")["ContentType"] == "x/y; q=1"
        refused("InvalidRange", S3.get_object, Bucket=b, Key="k", Range="bytes=5-")
        refused("304", S3.get_object, Bucket=b, Key="k", IfNoneMatch=put["ETag"])
        refused("PreconditionFailed", S3.get_object, Bucket=b, Key="k", IfMatch='"x"')
        refused("PreconditionFailed", S3.put_object, Bucket=b, Key="k", Body=b"no", IfNoneMatch="*")
        refused("304", S3.get_object, Bucket=b, Key="k", IfModifiedSince=got["LastModified"])
        refused("NoSuchKey", S3.get_object, Bucket=b, Key="none")
        refused("404", S3.head_object, Bucket=b, Key="none")
        refused("NotImplemented", S3.get_object_torrent, Bucket=b, Key="k")
        refused("AccessDenied", S3.get_object, Bucket=b, Key="k", ExpectedBucketOwner="999999999999")
        S3.put_object(Bucket=b, Key="empty", Body=b"")
        assert S3.head_object(Bucket=b, Key="empty")["ContentLength"] == 0
        told = S3.get_object_attributes(Bucket=b, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"])
        assert told["ETag"] == put["ETag"].strip('"') and told["ObjectSize"] == 5 and told["StorageClass"] == "STANDARD_IA", told
        key = b"k" * 32
        S3.put_object(Bucket=b, Key="sse", Body=b"secret", SSECustomerAlgorithm="AES256", SSECustomerKey=key)
        assert S3.get_object(Bucket=b, Key="sse", SSECustomerAlgorithm="AES256", SSECustomerKey=key)["Body"].read() == b"secret"
        refused("InvalidRequest", S3.get_object, Bucket=b, Key="sse")
        refused("AccessDenied", S3.get_object, Bucket=b, Key="sse", SSECustomerAlgorithm="AES256", SSECustomerKey=b"w" * 32)


def checksums_are_kept_and_checked():
    with Bucket() as b:
        for algorithm, value in [("CRC32", zlib.crc32(b"hello").to_bytes(4, "big")), ("SHA1", hashlib.sha1(b"hello").digest()), ("SHA256", hashlib.sha256(b"hello").digest())]:
            S3.put_object(Bucket=b, Key="k", Body=b"hello", ChecksumAlgorithm=algorithm)
            got = S3.get_object(Bucket=b, Key="k", ChecksumMode="ENABLED")
            assert got["Checksum" + algorithm] == base64.b64encode(value).decode() and got["ChecksumType"] == "FULL_OBJECT", got
            assert got["Body"].read() == b"hello"
            refused("BadDigest", S3.put_object, Bucket=b, Key="k", Body=b"other", **{"Checksum" + algorithm: base64.b64encode(value).decode()})
        md5 = base64.b64encode(hashlib.md5(b"hello").digest()).decode()
        S3.put_object(Bucket=b, Key="k", Body=b"hello", ContentMD5=md5)
        refused("BadDigest", S3.put_object, Bucket=b, Key="k", Body=b"hellO", ContentMD5=md5)
        refused("InvalidDigest", S3.put_object, Bucket=b, Key="k", Body=b"hello", ContentMD5="no")


def nasty_keys_round_trip():
    with Bucket() as b:
        for key in NASTY:
            S3.put_object(Bucket=b, Key=key, Body=key.encode())
        for key in NASTY:
            assert S3.get_object(Bucket=b, Key=key)["Body"].read() == key.encode(), key
            assert S3.head_object(Bucket=b, Key=key)["ContentLength"] == len(key.encode())
        assert [o["Key"] for o in S3.list_objects_v2(Bucket=b)["Contents"]] == sorted(NASTY, key=str.encode)
        assert [o["Key"] for o in S3.list_objects(Bucket=b)["Contents"]] == sorted(NASTY, key=str.encode)
        for key in NASTY:
            S3.copy_object(Bucket=b, Key="c" if len(key) > 1000 else "c/" + key, CopySource={"Bucket": b, "Key": key})
            S3.delete_object(Bucket=b, Key=key)
        assert S3.list_objects_v2(Bucket=b, Prefix="c/")["KeyCount"] == len(NASTY) - 1


def copies():
    with Bucket() as b:
        S3.put_object(Bucket=b, Key="k", Body=b"hello", ContentType="text/plain", Metadata={"a": "1"})
        copied = S3.copy_object(Bucket=b, Key="c", CopySource=f"{b}/k")
        assert copied["CopyObjectResult"]["ETag"] == '"%s"' % hashlib.md5(b"hello").hexdigest()
        assert S3.head_object(Bucket=b, Key="c")["Metadata"] == {"a": "1"}
        refused("InvalidRequest", S3.copy_object, Bucket=b, Key="k", CopySource=f"{b}/k")
        S3.copy_object(Bucket=b, Key="k", CopySource=f"{b}/k", MetadataDirective="REPLACE", Metadata={"b": "2"})
        assert S3.head_object(Bucket=b, Key="k")["Metadata"] == {"b": "2"}
        refused("NoSuchKey", S3.copy_object, Bucket=b, Key="c", CopySource=f"{b}/none")
        refused("PreconditionFailed", S3.copy_object, Bucket=b, Key="c", CopySource=f"{b}/k", CopySourceIfMatch='"x"')


def listings():
    with Bucket() as b:
        keys = sorted([f"d{i}/f{k}" for i in range(3) for k in range(3)] + ["top", "a b", "a b/c+d~*%()", "ü"], key=str.encode)
        for key in keys:
            S3.put_object(Bucket=b, Key=key, Body=b"x")
        for kind in ("list_objects", "list_objects_v2"):
            pages = S3.get_paginator(kind).paginate(Bucket=b, PaginationConfig={"PageSize": 2})
            assert [o["Key"] for p in pages for o in p.get("Contents", [])] == keys, kind
            pages = list(S3.get_paginator(kind).paginate(Bucket=b, Delimiter="/", PaginationConfig={"PageSize": 2}))
            assert [o["Prefix"] for p in pages for o in p.get("CommonPrefixes", [])] == ["a b/", "d0/", "d1/", "d2/"], kind
            assert [o["Key"] for p in pages for o in p.get("Contents", [])] == ["a b", "top", "ü"], kind
            assert "Delimiter" not in getattr(S3, kind)(Bucket=b, Delimiter=""), kind
        raw = S3.list_objects_v2(Bucket=b, Prefix="a b/", EncodingType="url")  # which boto3 then does not decode
        assert raw["Contents"][0]["Key"] == "a+b/c%2Bd%7E*%25%28%29" and raw["Prefix"] == "a+b/", raw
        assert S3.list_objects_v2(Bucket=b, FetchOwner=True)["Contents"][0]["Owner"]["ID"]
        assert S3.list_objects_v2(Bucket=b, StartAfter="d2/")["KeyCount"] == 5
        refused("InvalidArgument", S3.list_objects_v2, Bucket=b, ContinuationToken="no token")
        gone = S3.delete_objects(Bucket=b, Delete={"Objects": [{"Key": k} for k in keys]})
        assert len(gone["Deleted"]) == len(keys) and "Errors" not in gone


def versions():
    with Bucket() as b:
        assert "Status" not in S3.get_bucket_versioning(Bucket=b)
        S3.put_object(Bucket=b, Key="k", Body=b"zero")
        S3.put_bucket_versioning(Bucket=b, VersioningConfiguration={"Status": "Enabled"})
        assert S3.get_bucket_versioning(Bucket=b)["Status"] == "Enabled"
        one = S3.put_object(Bucket=b, Key="k", Body=b"one")["VersionId"]
        S3.put_object(Bucket=b, Key="k", Body=b"two")
        assert S3.get_object(Bucket=b, Key="k", VersionId=one)["Body"].read() == b"one"
        assert S3.get_object(Bucket=b, Key="k", VersionId="null")["Body"].read() == b"zero"
        marker = S3.delete_object(Bucket=b, Key="k")
        assert marker["DeleteMarker"]
        refused("NoSuchKey", S3.get_object, Bucket=b, Key="k")
        refused("MethodNotAllowed", S3.get_object, Bucket=b, Key="k", VersionId=marker["VersionId"])
        refused("NoSuchVersion", S3.get_object, Bucket=b, Key="k", VersionId="f" * 32)
        listed = S3.list_object_versions(Bucket=b)
        assert len(listed["Versions"]) == 3 and len(listed["DeleteMarkers"]) == 1
        pages = S3.get_paginator("list_object_versions").paginate(Bucket=b, PaginationConfig={"PageSize": 1})
        assert sum(len(p.get("Versions", [])) + len(p.get("DeleteMarkers", [])) for p in pages) == 4
        copied = S3.copy_object(Bucket=b, Key="c", CopySource={"Bucket": b, "Key": "k", "VersionId": one})
        assert copied["CopySourceVersionId"] == one
        S3.delete_object(Bucket=b, Key="k", VersionId=marker["VersionId"])
        assert S3.get_object(Bucket=b, Key="k")["Body"].read() == b"two"
        S3.put_bucket_versioning(Bucket=b, VersioningConfiguration={"Status": "Suspended"})
        assert "VersionId" not in S3.put_object(Bucket=b, Key="k", Body=b"three")  # only a GET and a HEAD name the null version
        assert S3.head_object(Bucket=b, Key="k")["VersionId"] == "null"
    with Bucket(ObjectLockEnabledForBucket=True) as b:
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        put = S3.put_object(Bucket=b, Key="k", Body=b"x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
        refused("AccessDenied", S3.delete_object, Bucket=b, Key="k", VersionId=put["VersionId"])
        assert S3.head_object(Bucket=b, Key="k")["ObjectLockMode"] == "GOVERNANCE"


def uploads_in_parts():
    with Bucket() as b:
        first, last = b"a" * (5 * MIB), b"b" * 10
        up = S3.create_multipart_upload(Bucket=b, Key="k", ContentType="text/plain", Metadata={"a": "1"})["UploadId"]
        sent = [S3.upload_part(Bucket=b, Key="k", UploadId=up, PartNumber=n, Body=body) for n, body in ((1, first), (2, last))]
        parts = [{"PartNumber": n + 1, "ETag": p["ETag"], "ChecksumCRC32": p["ChecksumCRC32"]} for n, p in enumerate(sent)]
        assert [p["Size"] for p in S3.list_parts(Bucket=b, Key="k", UploadId=up)["Parts"]] == [5 * MIB, 10]
        assert S3.list_multipart_uploads(Bucket=b)["Uploads"][0]["UploadId"] == up
        refused("InvalidPartOrder", S3.complete_multipart_upload, Bucket=b, Key="k", UploadId=up, MultipartUpload={"Parts": parts[::-1]})
        refused("InvalidPart", S3.complete_multipart_upload, Bucket=b, Key="k", UploadId=up, MultipartUpload={"Parts": [dict(parts[0], ETag='"x"')]})
        refused("NoSuchUpload", S3.upload_part, Bucket=b, Key="k", UploadId="none", PartNumber=1, Body=b"x")
        refused("InvalidArgument", S3.upload_part, Bucket=b, Key="k", UploadId=up, PartNumber=10001, Body=b"x")
        done = S3.complete_multipart_upload(Bucket=b, Key="k", UploadId=up, MultipartUpload={"Parts": parts})
        whole = hashlib.md5(hashlib.md5(first).digest() + hashlib.md5(last).digest()).hexdigest()
        assert done["ETag"] == f'"{whole}-2"', done
        assert S3.complete_multipart_upload(Bucket=b, Key="k", UploadId=up, MultipartUpload={"Parts": parts})["ETag"] == done["ETag"]
        got = S3.get_object(Bucket=b, Key="k", PartNumber=2, ChecksumMode="ENABLED")
        assert got["Body"].read() == last and got["PartsCount"] == 2 and got["ChecksumCRC32"] == sent[1]["ChecksumCRC32"]  # verified by boto3
        told = S3.get_object_attributes(Bucket=b, Key="k", ObjectAttributes=["ObjectParts"])["ObjectParts"]
        assert [(p["PartNumber"], p["Size"]) for p in told["Parts"]] == [(1, 5 * MIB), (2, 10)], told
        assert S3.head_object(Bucket=b, Key="k")["Metadata"] == {"a": "1"}

        up = S3.create_multipart_upload(Bucket=b, Key="c")["UploadId"]
        one = S3.upload_part_copy(Bucket=b, Key="c", UploadId=up, PartNumber=1, CopySource=f"{b}/k", CopySourceRange=f"bytes=0-{5 * MIB - 1}")["CopyPartResult"]
        small = S3.upload_part(Bucket=b, Key="c", UploadId=up, PartNumber=2, Body=b"small")
        three = S3.upload_part(Bucket=b, Key="c", UploadId=up, PartNumber=3, Body=b"end")
        parts = [{"PartNumber": n, "ETag": p["ETag"]} for n, p in ((1, one), (2, small), (3, three))]
        refused("EntityTooSmall", S3.complete_multipart_upload, Bucket=b, Key="c", UploadId=up, MultipartUpload={"Parts": parts})
        S3.complete_multipart_upload(Bucket=b, Key="c", UploadId=up, MultipartUpload={"Parts": parts[:2]})
        assert S3.get_object(Bucket=b, Key="c")["Body"].read() == first + b"small"
        up = S3.create_multipart_upload(Bucket=b, Key="c")["UploadId"]
        S3.abort_multipart_upload(Bucket=b, Key="c", UploadId=up)
        refused("NoSuchUpload", S3.list_parts, Bucket=b, Key="c", UploadId=up)

        # The managed transfer: threads, parts and checksums as it likes.
        big = bytes(range(256)) * (MIB // 256) * 20
        for algorithm in ("CRC32", "SHA256"):
            S3.upload_fileobj(io.BytesIO(big), b, "big", ExtraArgs={"ChecksumAlgorithm": algorithm})
            back = io.BytesIO()
            S3.download_fileobj(b, "big", back)
            assert back.getvalue() == big


def presigned_urls():
    with Bucket() as b:
        for key in NASTY:
            url = S3.generate_presigned_url("put_object", Params={"Bucket": b, "Key": key})
            assert fetch(url, "PUT", key.encode())[0] == 200, key
            url = S3.generate_presigned_url("get_object", Params={"Bucket": b, "Key": key, "ResponseContentType": "x/y"})
            status, headers, body = fetch(url)
            assert (status, headers["Content-Type"], body) == (200, "x/y", key.encode()), key
        url = S3.generate_presigned_url("get_object", Params={"Bucket": b, "Key": "a b"})
        assert fetch(url)[0] == 200
        for forged in (url.replace("a%20b", "p%2Bq"), url + "&versionId=null", url.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
                       url[:-1] + ("0" if url[-1] != "0" else "1")):
            status, _, body = fetch(forged)
            assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), (forged, body)
        status, _, body = fetch(url, "PUT", b"x")
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        typed = S3.generate_presigned_url("put_object", Params={"Bucket": b, "Key": "k", "ContentType": "text/plain"})
        status, _, body = fetch(typed, "PUT", b"x", {"Content-Type": "text/html"})
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        assert fetch(typed, "PUT", b"x", {"Content-Type": "text/plain"})[0] == 200
        expired = expired_url(b)
        status, _, body = fetch(expired)
        assert (status, code_in(body)) == (403, "AccessDenied") and b"expired" in body, body


def expired_url(bucket):
    """Signed by botocore an hour ago, for a minute."""
    request = botocore.awsrequest.AWSRequest(method="GET", url=f"{ENDPOINT}/{bucket}/a%20b")
    signer = botocore.auth.S3SigV4QueryAuth(botocore.credentials.Credentials(ACCESS, SECRET), "s3", "us-east-1", expires=60)
    when = (datetime.datetime.utcnow() - datetime.timedelta(hours=1)).strftime("%Y%m%dT%H%M%SZ")
    request.context["timestamp"] = when
    signer._modify_request_before_signing(request)
    string = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(string, request))
    return request.url


def post(target, fields, content, name="file.txt"):
    boundary = uuid.uuid4().hex
    body = b""
    for field, value in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'.encode() + content
    body += f"\r\n--{boundary}--\r\n".encode()
    return fetch(target, "POST", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def presigned_posts():
    with Bucket() as b:
        form = S3.generate_presigned_post(b, "up/${filename}", Fields={"Content-Type": "text/plain", "x-amz-meta-a": "1"},
                                          Conditions=[{"Content-Type": "text/plain"}, ["starts-with", "$x-amz-meta-a", ""], ["content-length-range", 2, 10]])
        assert post(form["url"], form["fields"], b"hello", "a b.txt")[0] == 204
        got = S3.get_object(Bucket=b, Key="up/a b.txt")
        assert got["Body"].read() == b"hello" and got["ContentType"] == "text/plain" and got["Metadata"] == {"a": "1"}, got
        for size, code in ((1, "EntityTooSmall"), (11, "EntityTooLarge")):
            status, _, body = post(form["url"], form["fields"], b"x" * size)
            assert (status, code_in(body)) == (400, code), body
        for field, value in (("key", "elsewhere/k"), ("Content-Type", "text/html"), ("x-amz-meta-other", "1")):
            status, _, body = post(form["url"], dict(form["fields"], **{field: value}), b"hello")
            assert (status, code_in(body)) == (403, "AccessDenied"), (field, body)
        status, _, body = post(form["url"], dict(form["fields"], **{"x-amz-signature": "0" * 64}), b"hello")
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        policy = json.loads(base64.b64decode(form["fields"]["policy"]))
        policy["conditions"] = policy["conditions"][:1]
        status, _, body = post(form["url"], dict(form["fields"], policy=base64.b64encode(json.dumps(policy).encode()).decode()), b"hello")
        assert (status, code_in(body)) == (403, "SignatureDoesNotMatch"), body
        status, _, body = post(f"{ENDPOINT}/{b}", {"key": "k"}, b"hello")
        assert (status, code_in(body)) == (403, "AccessDenied"), body

        form = S3.generate_presigned_post(b, "k", Fields={"success_action_status": "201"}, Conditions=[{"success_action_status": "201"}])
        status, headers, body = post(form["url"], form["fields"], b"hello")
        assert status == 201 and b"<Key>k</Key>" in body and headers["ETag"].encode() in body.replace(b"&quot;", b'"'), body
        form = S3.generate_presigned_post(b, "k", Fields={"success_action_redirect": "http://x.test/done"}, Conditions=[["starts-with", "$success_action_redirect", ""]])
        status, headers, _ = post(form["url"], form["fields"], b"hello")
        assert status == 303 and headers["Location"].startswith(f"http://x.test/done?bucket={b}&key=k&etag="), headers
        form = S3.generate_presigned_post(b, "k", ExpiresIn=-60)
        status, _, body = post(form["url"], form["fields"], b"hello")
        assert (status, code_in(body)) == (403, "AccessDenied"), body


CHECKS = [wrong_keys_are_refused, another_region_is_taught, what_is_tampered_with_is_refused, buckets_come_and_go, objects_round_trip,
          checksums_are_kept_and_checked, nasty_keys_round_trip, copies, listings, versions, uploads_in_parts, presigned_urls, presigned_posts]

if __name__ == "__main__":
    for check in CHECKS:
        check()
        print("passed:", check.__name__.replace("_", " "))
