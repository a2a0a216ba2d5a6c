"""Requests to S3 and other services that awscrt has signed with SigV4A, in the header and in the query: a JSON document a line."""

import datetime
import json
import random
import urllib.parse

from awscrt import auth, http, io

rng = random.Random(7)
for i in range(400):
    in_query = i % 2 == 1
    service = "s3" if i < 200 else rng.choice(["execute-api", "sts", "events"])
    key = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(20))
    secret = "".join(rng.choice("abcdefghijklmnopqrstuvwxyzABCDEF0123456789/+") for _ in range(40))
    token = None if rng.random() < 0.5 else "tok/en+" + str(i) + "=="
    path = "/" + "/".join(urllib.parse.quote(rng.choice(["a", "b c", "", ".", "..", "\u00e4", "x+y", "%41"]), safe="") for _ in range(3))
    query = rng.choice(["", "?acl=", "?b=2&a=1&a=0", "?versionId=a%2Fb&x="])
    date = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=rng.randrange(30_000_000))
    headers = http.HttpHeaders([("Host", "mrap.accesspoint.s3-global.amazonaws.com"), ("x-amz-meta-a", rng.choice(["1", " spaced   out ", "b"]))])
    request = http.HttpRequest(rng.choice(["GET", "PUT", "DELETE"]), path + query, headers)
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS if in_query else auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(key, secret, token),
        region=rng.choice(["*", "us-east-1", "eu-west-1,us-*"]), service=service, date=date,
        use_double_uri_encode=service != "s3", should_normalize_uri_path=service != "s3", signed_body_value="UNSIGNED-PAYLOAD",
        signed_body_header_type=auth.AwsSignedBodyHeaderType.NONE if in_query else auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
        expiration_in_seconds=600 if in_query else None)
    auth.aws_sign_request(request, config).result()
    path, _, query = request.path.partition("?")
    print(json.dumps({"service": service, "id": key, "secret": secret, "token": token or "", "method": request.method, "path": path, "query": query,
                      "fields": list(request.headers), "time": int(date.timestamp())}))
