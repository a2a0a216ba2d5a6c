"""Where does botocore send requests to, and what does the signature name? One line of JSON for each case; `url` is null where it refuses.

Where s3store means to differ from AWS's rules, `difference` says why, and the rest of the line is what s3store promises instead: to refuse, or
to do what the rules do with other parameters. The last line tells which of the rules' ends the cases have come to.
"""
import itertools
import json
import random
import urllib.parse

import botocore.endpoint_provider
import botocore.exceptions
import botocore.session

session = botocore.session.get_session()
loader = session.get_component("data_loader")
model = session.get_service_model("s3")
OPERATIONS = {name: model.operation_model(name) for name in model.operation_names}
STATIC = {name: {p.name: p.value for p in operation.static_context_parameters} for name, operation in OPERATIONS.items()}
partitions = loader.load_data("partitions")

# Each end of the rules, an endpoint or a refusal, gets a number; those that were come to are kept.
reached = set()


def numbered(kind):
    class counted(kind):
        count = 0

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            counted.count += 1
            self.number = (kind.__name__, counted.count)

        def evaluate(self, scope_vars, rule_lib):
            try:
                found = super().evaluate(scope_vars, rule_lib)
            except botocore.exceptions.EndpointProviderError:
                reached.add(self.number)
                raise
            if found:
                reached.add(self.number)
            return found

    return counted


creator = botocore.endpoint_provider.RuleCreator
creator.endpoint, creator.error = numbered(creator.endpoint), numbered(creator.error)
provider = botocore.endpoint_provider.EndpointProvider(loader.load_service_model("s3", "endpoint-rule-set-1"), partitions)

KNOWN_REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-5", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1",
                 "us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1", "mars-north-1"]
REGIONS = KNOWN_REGIONS + ["aws-global"]
NO_LABELS = ["eu_1", "default.zone", "-a", "a-", "r" * 64]
BUCKETS = ["", "b#?&", "b /%", "bucket", "b-1", "ab", "my.dotted.bucket", "UPPER", "under_score", "192.168.0.1",
           "1234", "a-", "-a", "a..b", "a" * 63, "a" * 64]
ENDPOINTS = ["https://minio.test:9000", "http://minio.test/prefix/", "http://10.0.0.1:9000", "https://[::1]:9000"]
AWS_ENDPOINTS = ["https://bucket.vpce-1a2b.s3.us-west-2.vpce.amazonaws.com", "http://s3.eu-central-1.amazonaws.com:81/prefix/",
                 "https://s3.cn-north-1.amazonaws.com.cn", "https://own.api.aws"]
BOOLEANS = [False, True]


def is_reserved(bucket):
    return bucket.endswith(("--x-s3", "--xa-s3")) or (bucket.endswith("--op-s3") and len(bucket) >= 50)


def is_label(text):
    return 0 < len(text) <= 63 and text.replace("-", "").isalnum() and text.isascii() and text[0] != "-" and text[-1] != "-"


def where(endpoint):
    """Is it an address, and is it an endpoint that is not AWS's?"""
    host = urllib.parse.urlsplit(endpoint).hostname or ""
    suffixes = [p["outputs"][name] for p in partitions["partitions"] for name in ("dnsSuffix", "dualStackDnsSuffix")]
    return ":" in host or host.replace(".", "").isdigit(), bool(endpoint) and not any(("." + host).endswith("." + s) for s in suffixes)


def decision(asked, **changed):
    """What AWS's rules say: url, service, signing_region and schemes; or url, which is None, and why."""
    a = {**asked, **changed}
    is_arn = a["bucket"].startswith("arn:")
    # A client of botocore's uses path style with an endpoint of one's own, unless it is told otherwise or the bucket is an ARN.
    automatic = bool(a["endpoint"]) and not is_arn
    parameters = {"Region": a["region"], "UseFIPS": a["fips"], "UseDualStack": a["dualstack"], "Accelerate": a["accelerate"],
                  "UseGlobalEndpoint": a["global"], "ForcePathStyle": a["style"] == "path" or (a["style"] == "automatic" and automatic),
                  "UseArnRegion": a["arn_region"], "DisableMultiRegionAccessPoints": a["no_mrap"]}
    if a["no_sessions"]:
        parameters["DisableS3ExpressSessionAuth"] = True
    parameters.update(STATIC.get(a["operation"], {}))
    # The rules do not know of this: AWS's documentation does.
    if a["operation"] in ("CreateBucket", "DeleteBucket", "ListBuckets") and not a["fips"] and not a["endpoint"]:
        parameters["Accelerate"] = False
    if a["bucket"]:
        parameters["Bucket"] = a["bucket"]
    if a["endpoint"]:
        parameters["Endpoint"] = a["endpoint"]
    try:
        found = provider.resolve_endpoint(**parameters)
    except botocore.exceptions.EndpointProviderError as why:
        return {"url": None, "why": str(why)}
    # Where there are two, the second is SigV4 for one region, which is all that a client without SigV4A can do.
    *more, scheme = found.properties["authSchemes"]
    return {"url": found.url, "service": scheme["signingName"], "scheme": scheme["name"], "more": [m["name"] for m in more],
            "signing_region": scheme.get("signingRegion") or ",".join(scheme["signingRegionSet"])}


def promise(a):
    """What s3store promises, and why that is something else than what AWS's rules say."""
    bucket, region, endpoint = a["bucket"], a["region"], a["endpoint"]
    refused = {"url": None, "why": ""}
    is_arn = bucket.startswith("arn:")
    ip, own = where(endpoint)
    by_rules = decision(a)
    if ip and a["style"] == "virtual_host" and bucket:
        return refused, "no name goes in front of an address"
    if own and a["style"] == "virtual_host" and "." in bucket and not is_arn and endpoint.startswith("https:"):
        plain, _ = promise({**a, "endpoint": "http" + endpoint[5:]})
        if plain["url"]:
            plain["url"] = "https" + plain["url"][4:]
        return plain, "the certificate of another store may be good for names with dots"
    lists_directories = a["operation"] == "ListDirectoryBuckets"
    if own and is_reserved(bucket):
        other = decision(a, bucket=bucket[:-1] + "z")
        if other["url"]:
            other["url"] = other["url"].replace(bucket[:-1] + "z", bucket)
        if a["style"] == "virtual_host" and (not other["url"] or f"//{bucket}." not in other["url"]):
            return refused, "what cannot be a host name is not put into the path"
        return other, "other stores have no reserved names"
    if own and lists_directories:
        return decision(a, operation="ListBuckets"), "other stores have no directory buckets"
    if is_arn and by_rules["url"]:
        if ip:
            return refused, "no name goes in front of an address"
        if own and by_rules["scheme"] == "sigv4a":
            return refused, "an endpoint of one's own is not passed over"
    if region == "aws-global" and (is_reserved(bucket) or lists_directories or a["operation"] == "WriteGetObjectResponse"):
        return decision(a, region="us-east-1"), "aws-global is us-east-1"
    if bucket.endswith("--op-s3") and a["fips"] and by_rules["url"] and by_rules["service"] == "s3-outposts":
        return refused, "FIPS is not left out"
    in_host = not is_arn and (not endpoint or (".amazonaws.com" in (by_rules["url"] or "") and by_rules.get("service") == "s3-outposts"))
    if in_host and not is_label(region) and by_rules["url"]:
        return refused, "a region that is part of a host name is a label"
    if is_reserved(bucket) and endpoint and not is_label(region) and by_rules["url"]:
        return refused, "AWS's regions are labels"
    wants_host = a["style"] == "virtual_host" and bucket and not is_arn and not is_reserved(bucket)
    if wants_host and by_rules["url"] and f"//{bucket}." not in by_rules["url"]:
        return refused, "what cannot be a host name is not put into the path"
    return by_rules, None


seen = set()


def case(region, bucket, endpoint="", style="automatic", fips=False, dualstack=False, accelerate=False, operation=None, **others):
    asked = {"region": region, "bucket": bucket, "endpoint": endpoint, "style": style, "fips": fips, "dualstack": dualstack,
             "accelerate": accelerate, "global": False, "arn_region": True, "no_mrap": False, "no_sessions": False,
             "operation": operation or ("GetObject" if bucket else "ListBuckets"), **others}
    key = json.dumps(asked, sort_keys=True)
    if key in seen:
        return
    seen.add(key)
    found, difference = promise(asked)
    operation_model = OPERATIONS[asked["operation"]]
    asked["uri"] = operation_model.http["requestUri"]
    asked["of"] = "s3-object-lambda" if STATIC[asked["operation"]].get("UseObjectLambdaEndpoint") else "s3"
    print(json.dumps({**asked, **found, "difference": difference}))


# --- Usual buckets

for region, bucket, style, fips, dualstack, accelerate in itertools.product(REGIONS, BUCKETS, ["automatic", "path"], BOOLEANS, BOOLEANS, BOOLEANS):
    case(region, bucket, "", style, fips, dualstack, accelerate)
for bucket, endpoint, style in itertools.product(BUCKETS, ENDPOINTS, ["automatic", "path"]):
    case("eu-central-1", bucket, endpoint, style)
for bucket, endpoint in itertools.product(["", "bucket", "b-1", "a" * 63], ENDPOINTS):
    case("eu-central-1", bucket, endpoint, "virtual_host")
for bucket in BUCKETS:
    case("eu-central-1", bucket, style="virtual_host")
for endpoint, bucket in itertools.product(ENDPOINTS, ["my.dotted.bucket", "a..b", "mine--use1-az4--x-s3", "my.dotted--use1-az4--x-s3"]):
    case("eu-central-1", bucket, endpoint, "virtual_host")
for flag, bucket in itertools.product(["fips", "dualstack", "accelerate"],
                                      ["bucket", "mine--use1-az4--x-s3", "arn:aws:s3:eu-central-1:123456789012:accesspoint:a"]):
    case("eu-central-1", bucket, ENDPOINTS[0], **{flag: True})
# What a store that is not AWS's may call its region. botocore checks these only where they are used, as for a bucket in the path.
for region, bucket, endpoint, style in itertools.product(["aws-global", "R" * 64, *NO_LABELS], ["bucket", "UPPER"], ENDPOINTS, ["automatic", "path"]):
    case(region, bucket, endpoint, style)
for bucket, endpoint in itertools.product(["", "bucket"], ENDPOINTS[:2]):
    case("aws-global", bucket, endpoint, "virtual_host")
for region, bucket, endpoint, style, fips, dualstack, accelerate in itertools.product(
        ["us-east-1", "us-west-2", "cn-north-1", "aws-global"], ["", "bucket", "UPPER"], ["", ENDPOINTS[0], ENDPOINTS[2]],
        ["automatic", "path", "virtual_host"], BOOLEANS, BOOLEANS, BOOLEANS):
    case(region, bucket, endpoint, style, fips, dualstack, accelerate, **{"global": True})
for region, bucket in itertools.product(NO_LABELS, ["", "bucket", "UPPER"]):
    case(region, bucket)

# --- Regions: all that are known, what stands for a partition, and some that are named alike

for partition in partitions["partitions"]:
    for region in [*partition["regions"], partition["outputs"]["implicitGlobalRegion"]]:
        for bucket, fips, dualstack in itertools.product(["bucket", "mine--use1-az4--x-s3"], BOOLEANS, BOOLEANS):
            case(region, bucket, fips=fips, dualstack=dualstack)
        case(region, f"arn:{partition['id']}:s3:{region}:123456789012:accesspoint:a")
        case(region, f"arn:{partition['id']}:s3::123456789012:accesspoint:a.mrap")
    base = partition["outputs"]["implicitGlobalRegion"].rsplit("-", 2)[0]
    for region in [base, f"{base}-", f"{base}-east", f"{base}-east-", f"{base}-east-12", f"{base}-east-1a", f"{base}--1", f"{base}-ea-st-1",
                   f"{base}-e_t-1", f"x{base}-east-1", base.upper() + "-EAST-1"]:
        case(region, f"arn:{partition['id']}:s3::123456789012:accesspoint:a.mrap")
        case(region, "bucket")

# --- Operations: every one, with each kind of name

OUTPOST_END = "01234567890123456" + "abcdefghij0123456789"


def alias(hardware="o", region_prefix="use1", name="point-", outpost=OUTPOST_END):
    return f"{name}{hardware}{outpost}{region_prefix}0--op-s3"


for operation in OPERATIONS:
    if not OPERATIONS[operation].http["requestUri"].startswith("/{Bucket}"):
        for region, endpoint, fips, dualstack, accelerate in itertools.product(
                ["us-west-2", "cn-north-1", "aws-global", "default.zone", "eu_1"], ["", *ENDPOINTS[:2], *AWS_ENDPOINTS[:2]],
                BOOLEANS, BOOLEANS, BOOLEANS):
            if region not in NO_LABELS or not endpoint:
                case(region, "", endpoint, "automatic", fips, dualstack, accelerate, operation)
        continue
    for bucket in ["bucket", "mine--use1-az4--x-s3", "mine--use1-az4--xa-s3", alias(), "arn:aws:s3:us-west-2:123456789012:accesspoint:a",
                   "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint:a"]:
        for fips, dualstack, accelerate in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)]:
            case("us-west-2", bucket, "", "automatic", bool(fips), bool(dualstack), bool(accelerate), operation)
    case("us-west-2", "mine--use1-az4--x-s3", AWS_ENDPOINTS[0], operation=operation)
    case("us-west-2", "mine--use1-az4--x-s3", no_sessions=True, operation=operation)

# --- Directory buckets, and aliases on Outposts

ZONES = ["use1-az4", "apne1-az4", "abcdefgh-1abc", "abcdefgh-1abcd", "abcdefgh-1abcdefghij", "az", "use1-az", "use1-az4ab",
         "--abcdef", "u-1-----", ""]
NAMES = [f"{name}--{zone}{end}" for name, zone, end in itertools.product(["mine", "MINE", "my.dotted", "-a", "a" * 40], ZONES, ["--x-s3", "--xa-s3"])]
NAMES += ["--x-s3", "--xa-s3", "mine--x-s3", "minex-s3", "mine--use1-az4--x-s3x"]
NAMES += [alias(hardware, prefix, name) for hardware, prefix, name in itertools.product(
    "oexO", ["use1", "beta"], ["point-", "POINT-", "p.p-", "", "-"])]
NAMES += [alias(outpost="-1234567890123456" + "a" * 20), alias(outpost="1234567.901234567" + "a" * 20), alias()[1:], "a" * 43 + "--op-s3",
          "a" * 42 + "--op-s3", "point--op-s3", "--op-s3"]
for bucket, region, fips, dualstack in itertools.product(NAMES, ["us-east-1", "cn-north-1"], BOOLEANS, BOOLEANS):
    case(region, bucket, fips=fips, dualstack=dualstack)
for bucket, no_sessions in itertools.product(NAMES, BOOLEANS):
    case("us-east-1", bucket, accelerate=True, no_sessions=no_sessions)
    case("us-east-1", bucket, style="path", no_sessions=no_sessions)
    case("aws-global", bucket, no_sessions=no_sessions)
    case("eu_1", bucket, no_sessions=no_sessions)
    for endpoint, style in itertools.product([*ENDPOINTS, *AWS_ENDPOINTS], ["automatic", "path"]):
        case("us-east-1", bucket, endpoint, style, no_sessions=no_sessions)
for bucket, fips, dualstack in itertools.product(NAMES, BOOLEANS, BOOLEANS):
    case("eu-central-1", bucket, fips=fips, dualstack=dualstack, no_sessions=True)

# --- ARNs: made of parts, good and bad, from a seed

ACCOUNTS = ["123456789012"] * 6 + ["", "1_2", "a.b", "-1", "1" * 64]
SERVICES = ["s3"] * 4 + ["s3-object-lambda"] * 3 + ["s3-outposts"] * 3 + ["sqs", "", "S3"]
POINTS = ["mine"] * 4 + ["", "MINE", "a.mrap", "a..b", "under_score", "-a", "a" * 64, "mine/object"]
RESOURCES = ["accesspoint:{0}"] * 4 + ["accesspoint/{0}"] * 2 + ["accesspoint", "accesspoint:{0}:more", "accesspoint:{0}:",
                                                                           "bucket:{0}", "", ":{0}", "{0}"]
OUTPOSTS = ["outpost/{1}/accesspoint/{0}"] * 4 + ["outpost:{1}:accesspoint:{0}", "outpost/{1}/bucket/{0}", "outpost/{1}/accesspoint", "outpost/{1}",
                                                   "outpost", "outpost/{1}/accesspoint/{0}/more", "else/{1}/accesspoint/{0}", "/{1}/accesspoint/{0}"]
OUTPOST_IDS = ["op-01234567890123456"] * 4 + ["", "op_1", "op.1", "-1"]
for flags in itertools.product(BOOLEANS, BOOLEANS, BOOLEANS, BOOLEANS):
    for of in ["s3::123456789012:accesspoint:a.mrap", "s3:us-west-2:123456789012:accesspoint:a",
               "s3-object-lambda:us-west-2:123456789012:accesspoint:a",
               "s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/a"]:
        case("us-west-2", f"arn:aws:{of}", "", "automatic", *flags[:3], no_mrap=flags[3], arn_region=not flags[3])
        case("us-east-1", f"arn:aws:{of}", "", "automatic", *flags[:3], no_mrap=flags[3], arn_region=not flags[3])
ARN_ENDPOINTS = [""] * 6 + ENDPOINTS + AWS_ENDPOINTS
chance = random.Random(20060301)
library = botocore.endpoint_provider.RuleSetStandardLibrary(partitions)


def flag(one_in):
    return chance.randrange(one_in) == 0


def any_arn(region):
    service = chance.choice(SERVICES)
    partition = library.aws_partition(region)["name"]
    if flag(6):
        partition = chance.choice(["aws", "aws-cn", "aws-us-gov", "", "else"])
    of = region if flag(2) else chance.choice(["us-east-1", "us-west-2", "", "cn-north-1", "us_1", "a.b", "eu-central-1"])
    forms = OUTPOSTS if service == "s3-outposts" and not flag(6) else RESOURCES
    resource = chance.choice(forms).format(chance.choice(POINTS), chance.choice(OUTPOST_IDS))
    text = f"arn:{partition}:{service}:{of}:{chance.choice(ACCOUNTS)}:{resource}"
    return text[: chance.randrange(4, len(text))] if flag(25) else text


for _ in range(9000):
    region = chance.choice(REGIONS + ["us-west-2"] * 4 + ["eu_1"])
    endpoint = chance.choice(ARN_ENDPOINTS)
    case(region, any_arn(region), endpoint, chance.choice(["automatic"] * 6 + ["virtual_host", "path"]),
         fips=flag(6) and not endpoint, dualstack=flag(6) and not endpoint, accelerate=flag(10) and not endpoint,
         operation=chance.choice(["GetObject", "PutObject", "ListObjectsV2", "CreateBucket", "DeleteBucket", "CopyObject"]),
         arn_region=not flag(4), no_mrap=flag(4))

print(json.dumps({"reached": len(reached), "ends": creator.endpoint.count + creator.error.count,
                  "missed": sorted(str(n) for n in {("EndpointRule", i + 1) for i in range(creator.endpoint.count)}
                                   .union(("ErrorRule", i + 1) for i in range(creator.error.count)) - reached)}))
