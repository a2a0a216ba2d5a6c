"""Where does botocore send requests to? One line of JSON for each case; `url` is null where it refuses."""
import itertools
import json

import botocore.endpoint_provider
import botocore.exceptions
import botocore.session

loader = botocore.session.get_session().get_component("data_loader")
provider = botocore.endpoint_provider.EndpointProvider(
    loader.load_service_model("s3", "endpoint-rule-set-1"), loader.load_data("partitions"))

REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-5", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1",
           "us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1", "mars-north-1",
           "aws-global"]
BUCKETS = ["", "bucket", "b-1", "ab", "my.dotted.bucket", "UPPER", "under_score", "192.168.0.1", "1234", "a-", "-a", "a..b", "a" * 63, "a" * 64]
ENDPOINTS = ["https://minio.test:9000", "http://minio.test/prefix/", "http://10.0.0.1:9000", "https://[::1]:9000"]


def case(region, bucket, endpoint="", style="automatic", fips=False, dualstack=False, accelerate=False):
    asked = {"region": region, "bucket": bucket, "endpoint": endpoint, "style": style, "fips": fips, "dualstack": dualstack, "accelerate": accelerate}
    # A client of botocore's uses path style with an endpoint of one's own, unless it is told otherwise.
    parameters = {"Region": region, "UseFIPS": fips, "UseDualStack": dualstack, "Accelerate": accelerate, "UseGlobalEndpoint": False,
                  "ForcePathStyle": style == "path" or (bool(endpoint) and style == "automatic")}
    if bucket:
        parameters["Bucket"] = bucket
    if endpoint:
        parameters["Endpoint"] = endpoint
    try:
        found = provider.resolve_endpoint(**parameters)
        asked["url"] = found.url
        asked["service"] = found.properties["authSchemes"][0]["signingName"]
        asked["signing_region"] = found.properties["authSchemes"][0]["signingRegion"]
    except botocore.exceptions.EndpointProviderError as why:
        asked["url"] = None
        asked["why"] = str(why)
    print(json.dumps(asked))


for region, bucket, style, fips, dualstack, accelerate in itertools.product(
        REGIONS, BUCKETS, ["automatic", "path"], [False, True], [False, True], [False, True]):
    case(region, bucket, "", style, fips, dualstack, accelerate)
for bucket, endpoint, style in itertools.product(BUCKETS, ENDPOINTS, ["automatic", "path"]):
    case("eu-central-1", bucket, endpoint, style)
for bucket, endpoint in itertools.product(["", "bucket", "b-1", "a" * 63], ENDPOINTS[:2]):
    case("eu-central-1", bucket, endpoint, "virtual_host")
case("eu-central-1", "my.dotted.bucket", ENDPOINTS[1], "virtual_host")
for flag in ["fips", "dualstack", "accelerate"]:
    case("eu-central-1", "bucket", ENDPOINTS[0], **{flag: True})
# What a store that is not AWS's may call its region. botocore checks these only where they are used, as for a bucket in the path.
for region, bucket, endpoint, style in itertools.product(
        ["aws-global", "eu_1", "default.zone", "a-", "-a", "R" * 64], ["bucket", "UPPER"], ENDPOINTS, ["automatic", "path"]):
    case(region, bucket, endpoint, style)
for bucket, endpoint in itertools.product(["", "bucket"], ENDPOINTS[:2]):
    case("aws-global", bucket, endpoint, "virtual_host")
# Where it gives a host of S3 Express, a client that does not know that service must not go elsewhere. `url` is that host.
for bucket, style, fips, dualstack, accelerate in itertools.product(
        ["mine--use1-az4--x-s3", "mine--usw2-az1--x-s3", "point--use1-az4--xa-s3", "mine--x-s3", "my.dotted--use1-az4--x-s3",
         "point-o01234567890123456789012345678901234567890123--op-s3"],
        ["automatic", "path"], [False, True], [False, True], [False, True]):
    case("us-east-1", bucket, "", style, fips, dualstack, accelerate)
