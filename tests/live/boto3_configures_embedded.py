#!/usr/bin/env python3
"""Does the S3 at ENDPOINT keep what boto3 sets on buckets and objects, and hold to it?

    boto3_configures_embedded.py ENDPOINT [ACCESS_KEY SECRET_KEY]

Each check is a function; the first that fails ends the program with its traceback.
"""
import datetime
import json

from boto3_drives_embedded import ENDPOINT, S3, Bucket, fetch, post, refused

UTC = datetime.timezone.utc
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def comes_back(bucket, name, value, member, get=None, unset=None, delete=None, argument=None):
    """Sets a configuration, reads it, replaces nothing by something else, and removes it where that can be done."""
    put, get = getattr(S3, "put_" + name), getattr(S3, get or "get_" + name)
    if unset:
        refused(unset, get, Bucket=bucket)
    put(Bucket=bucket, **{argument or member: value})
    answer = get(Bucket=bucket)
    answer.pop("ResponseMetadata")
    assert (answer.get(member) if member in answer else answer) == value, (name, answer)
    put(Bucket=bucket, **{argument or member: value})
    if delete:
        getattr(S3, delete)(Bucket=bucket)
        if unset:
            refused(unset, get, Bucket=bucket)


def lifecycle():
    rules = [
        {"ID": "everything", "Status": "Enabled", "Filter": {"And": {"Prefix": "logs/ü", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}], "ObjectSizeGreaterThan": 500, "ObjectSizeLessThan": 64000}},
         "Expiration": {"Days": 365}, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
         "NoncurrentVersionTransitions": [{"NoncurrentDays": 10, "StorageClass": "GLACIER_IR", "NewerNoncurrentVersions": 3}], "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 5}},
        {"ID": "parts", "Status": "Disabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        {"ID": "date", "Status": "Enabled", "Prefix": "old", "Expiration": {"Date": datetime.datetime(2031, 1, 2, tzinfo=UTC)}},
        {"ID": "markers", "Status": "Enabled", "Filter": {}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
    ]
    with Bucket() as b:
        S3.put_bucket_lifecycle_configuration(Bucket=b, LifecycleConfiguration={"Rules": [{"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}]})
        given = S3.get_bucket_lifecycle_configuration(Bucket=b)["Rules"][0]["ID"]
        assert given and f'rule-id="{given}"' in S3.put_object(Bucket=b, Key="k", Body=b"x")["Expiration"]
        S3.delete_object(Bucket=b, Key="k")
        S3.delete_bucket_lifecycle(Bucket=b)
        comes_back(b, "bucket_lifecycle_configuration", {"Rules": rules}, "LifecycleConfiguration", unset="NoSuchLifecycleConfiguration", delete="delete_bucket_lifecycle")
        S3.put_bucket_lifecycle_configuration(Bucket=b, LifecycleConfiguration={"Rules": rules[1:]}, TransitionDefaultMinimumObjectSize="varies_by_storage_class")
        assert S3.get_bucket_lifecycle_configuration(Bucket=b)["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
        refused("MalformedXML", S3.put_bucket_lifecycle_configuration, Bucket=b, LifecycleConfiguration={"Rules": [dict(rules[0], Status="on")]})
        refused("InvalidArgument", S3.put_bucket_lifecycle_configuration, Bucket=b, LifecycleConfiguration={"Rules": [rules[0], rules[0]]})
        assert len(S3.get_bucket_lifecycle_configuration(Bucket=b)["Rules"]) == 3


def cors():
    rules = [{"ID": "one", "AllowedHeaders": ["*"], "AllowedMethods": ["PUT", "POST"], "AllowedOrigins": ["https://*.x.test"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 3000},
             {"AllowedMethods": ["GET", "HEAD", "DELETE"], "AllowedOrigins": ["*", "http://y.test:8080"]}]
    with Bucket() as b:
        comes_back(b, "bucket_cors", {"CORSRules": rules}, "CORSConfiguration", unset="NoSuchCORSConfiguration", delete="delete_bucket_cors")
        S3.put_bucket_cors(Bucket=b, CORSConfiguration={"CORSRules": rules})
        asks = {"Origin": "https://www.x.test", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-amz-date"}
        status, headers, _ = fetch(f"{ENDPOINT}/{b}/k", "OPTIONS", headers=asks)
        assert status == 200 and headers["Access-Control-Allow-Origin"] == "https://www.x.test" and headers["Access-Control-Max-Age"] == "3000", headers
        assert fetch(f"{ENDPOINT}/{b}/k", "OPTIONS", headers=dict(asks, Origin="https://z.test"))[0] == 403
        url = S3.generate_presigned_url("get_object", Params={"Bucket": b, "Key": "none"})
        status, headers, _ = fetch(url, headers={"Origin": "https://z.test"})
        assert status == 404 and headers["Access-Control-Allow-Origin"] == "*", headers
        refused("InvalidRequest", S3.put_bucket_cors, Bucket=b, CORSConfiguration={"CORSRules": [dict(rules[0], AllowedMethods=["PATCH"])]})


def website():
    site = {"ErrorDocument": {"Key": "error/ü.html"}, "IndexDocument": {"Suffix": "index.html"},
            "RoutingRules": [{"Condition": {"HttpErrorCodeReturnedEquals": "404", "KeyPrefixEquals": "docs/"}, "Redirect": {"HostName": "x.test", "HttpRedirectCode": "302", "Protocol": "https", "ReplaceKeyPrefixWith": "documents/"}},
                             {"Redirect": {"ReplaceKeyWith": "a & b"}}]}
    with Bucket() as b:
        comes_back(b, "bucket_website", site, "WebsiteConfiguration", unset="NoSuchWebsiteConfiguration", delete="delete_bucket_website")
        comes_back(b, "bucket_website", {"RedirectAllRequestsTo": {"HostName": "x.test", "Protocol": "http"}}, "WebsiteConfiguration", unset="NoSuchWebsiteConfiguration")


def notification():
    def one(kind, arn, **more):
        return {"Id": kind, kind: arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], **more}
    filters = {"Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".jpg"}]}}}
    everything = {"TopicConfigurations": [one("TopicArn", "arn:aws:sns:us-east-1:123456789012:t")], "QueueConfigurations": [one("QueueArn", "arn:aws:sqs:us-east-1:123456789012:q", **filters)],
                  "LambdaFunctionConfigurations": [one("LambdaFunctionArn", "arn:aws:lambda:us-east-1:123456789012:function:f")], "EventBridgeConfiguration": {}}
    with Bucket() as b:
        comes_back(b, "bucket_notification_configuration", everything, "NotificationConfiguration")
        comes_back(b, "bucket_notification_configuration", {}, "NotificationConfiguration")


def small_ones():
    with Bucket() as b, Bucket() as logs:
        tags = [{"Key": "team", "Value": "blue + green@x"}, {"Key": "ü", "Value": ""}]
        comes_back(b, "bucket_tagging", {"TagSet": tags}, "Tagging", unset="NoSuchTagSet", delete="delete_bucket_tagging")
        comes_back(b, "public_access_block", {"BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": True, "RestrictPublicBuckets": False}, "PublicAccessBlockConfiguration",
                   unset="NoSuchPublicAccessBlockConfiguration", delete="delete_public_access_block")
        assert S3.get_bucket_ownership_controls(Bucket=b)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        comes_back(b, "bucket_ownership_controls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}, "OwnershipControls", delete="delete_bucket_ownership_controls")
        refused("OwnershipControlsNotFoundError", S3.get_bucket_ownership_controls, Bucket=b)
        assert "LoggingEnabled" not in S3.get_bucket_logging(Bucket=b)
        to = {"TargetBucket": logs, "TargetPrefix": "of/", "TargetGrants": [{"Grantee": {"Type": "CanonicalUser", "ID": "abc"}, "Permission": "READ"}, {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "FULL_CONTROL"}],
              "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}}
        comes_back(b, "bucket_logging", {"LoggingEnabled": to}, "BucketLoggingStatus")
        refused("InvalidTargetBucketForLogging", S3.put_bucket_logging, Bucket=b, BucketLoggingStatus={"LoggingEnabled": dict(to, TargetBucket="none")})
        S3.put_bucket_logging(Bucket=b, BucketLoggingStatus={})
        assert "LoggingEnabled" not in S3.get_bucket_logging(Bucket=b)
        assert S3.get_bucket_request_payment(Bucket=b)["Payer"] == "BucketOwner"
        comes_back(b, "bucket_request_payment", {"Payer": "Requester"}, "RequestPaymentConfiguration")
        comes_back(b, "bucket_accelerate_configuration", {"Status": "Enabled"}, "AccelerateConfiguration")
        refused("NotImplemented", S3.get_bucket_replication, Bucket=b)


def encryption():
    with Bucket() as b:
        assert S3.get_bucket_encryption(Bucket=b)["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
        assert S3.put_object(Bucket=b, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"
        kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/1"}, "BucketKeyEnabled": True}]}
        comes_back(b, "bucket_encryption", kms, "ServerSideEncryptionConfiguration")
        S3.put_object(Bucket=b, Key="k", Body=b"x")
        head = S3.head_object(Bucket=b, Key="k")
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"], head["BucketKeyEnabled"]) == ("aws:kms", "arn:aws:kms:us-east-1:123456789012:key/1", True), head
        S3.delete_bucket_encryption(Bucket=b)
        assert S3.put_object(Bucket=b, Key="k", Body=b"x")["ServerSideEncryption"] == "AES256"
        refused("MalformedXML", S3.put_bucket_encryption, Bucket=b, ServerSideEncryptionConfiguration={"Rules": []})


def policies():
    with Bucket() as b:
        policy = json.dumps({"Version": "2012-10-17", "Id": "p", "Statement": [{"Sid": "one", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}, "Action": ["s3:GetObject", "s3:List*"],
                                                                                "Resource": [f"arn:aws:s3:::{b}", f"arn:aws:s3:::{b}/ü/*"], "Condition": {"StringLike": {"aws:Referer": ["http://x.test/*"]}, "Bool": {"aws:SecureTransport": "true"}}}]}, indent=1)
        refused("NoSuchBucketPolicy", S3.get_bucket_policy, Bucket=b)
        refused("NoSuchBucketPolicy", S3.get_bucket_policy_status, Bucket=b)
        S3.put_bucket_policy(Bucket=b, Policy=policy)
        assert S3.get_bucket_policy(Bucket=b)["Policy"] == policy
        assert S3.get_bucket_policy_status(Bucket=b)["PolicyStatus"] == {"IsPublic": False}
        refused("MalformedPolicy", S3.put_bucket_policy, Bucket=b, Policy="{")
        refused("MalformedPolicy", S3.put_bucket_policy, Bucket=b, Policy=policy.replace(b, "another"))
        S3.put_bucket_policy(Bucket=b, Policy=json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{b}/*"}}))
        assert S3.get_bucket_policy_status(Bucket=b)["PolicyStatus"] == {"IsPublic": True}
        S3.delete_bucket_policy(Bucket=b)
        refused("NoSuchBucketPolicy", S3.get_bucket_policy, Bucket=b)


def access_lists():
    def grants(answer):
        return [(g["Grantee"].get("URI") or g["Grantee"]["ID"], g["Permission"]) for g in answer["Grants"]]
    with Bucket(ObjectOwnership="BucketOwnerPreferred") as b:
        S3.put_object(Bucket=b, Key="k", Body=b"x", ACL="public-read")
        own = S3.get_bucket_acl(Bucket=b)
        me = own["Owner"]["ID"]
        assert grants(own) == [(me, "FULL_CONTROL")], own
        assert grants(S3.get_object_acl(Bucket=b, Key="k")) == [(me, "FULL_CONTROL"), (ALL_USERS, "READ")]
        refused("InvalidArgument", S3.put_object_acl, Bucket=b, Key="k", GrantRead='id="nobody"')
        S3.put_object_acl(Bucket=b, Key="k", GrantRead='id="abc"', GrantWriteACP=f'id="{me}", uri="{ALL_USERS}"')
        assert grants(S3.get_object_acl(Bucket=b, Key="k")) == [("abc", "READ"), (me, "WRITE_ACP"), (ALL_USERS, "WRITE_ACP")]
        policy = {"Owner": own["Owner"], "Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "abc", "DisplayName": "a & b"}, "Permission": "WRITE"}, {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "READ_ACP"}]}
        S3.put_bucket_acl(Bucket=b, AccessControlPolicy=policy)
        got = S3.get_bucket_acl(Bucket=b)
        assert got["Grants"] == policy["Grants"] and got["Owner"] == policy["Owner"], got
        S3.put_bucket_acl(Bucket=b, ACL="authenticated-read")
        assert len(S3.get_bucket_acl(Bucket=b)["Grants"]) == 2
        refused("MalformedACLError", S3.put_bucket_acl, Bucket=b, AccessControlPolicy={"Owner": own["Owner"], "Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "abc"}}]})
    with Bucket() as b:
        refused("AccessControlListNotSupported", S3.put_bucket_acl, Bucket=b, ACL="public-read")


def object_tags():
    with Bucket() as b:
        S3.put_bucket_versioning(Bucket=b, VersioningConfiguration={"Status": "Enabled"})
        first = S3.put_object(Bucket=b, Key="k", Body=b"x", Tagging="a=two+words&b=")["VersionId"]
        told = S3.get_object_tagging(Bucket=b, Key="k")
        assert told["TagSet"] == [{"Key": "a", "Value": "two words"}, {"Key": "b", "Value": ""}] and told["VersionId"] == first, told
        assert S3.get_object(Bucket=b, Key="k")["TagCount"] == 2
        S3.put_object(Bucket=b, Key="k", Body=b"y")
        assert S3.get_object_tagging(Bucket=b, Key="k")["TagSet"] == []
        S3.put_object_tagging(Bucket=b, Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "ü", "Value": "1 + 2 = /"}]})
        S3.copy_object(Bucket=b, Key="c", CopySource={"Bucket": b, "Key": "k", "VersionId": first})
        assert S3.get_object_tagging(Bucket=b, Key="c")["TagSet"] == [{"Key": "ü", "Value": "1 + 2 = /"}]
        S3.copy_object(Bucket=b, Key="c", CopySource={"Bucket": b, "Key": "k", "VersionId": first}, TaggingDirective="REPLACE", Tagging="r=1")
        assert S3.get_object_tagging(Bucket=b, Key="c")["TagSet"] == [{"Key": "r", "Value": "1"}]
        S3.delete_object_tagging(Bucket=b, Key="k", VersionId=first)
        assert S3.get_object_tagging(Bucket=b, Key="k", VersionId=first)["TagSet"] == []
        refused("InvalidTag", S3.put_object_tagging, Bucket=b, Key="k", Tagging={"TagSet": [{"Key": "aws:x", "Value": ""}]})
        document = "<Tagging><TagSet><Tag><Key>form</Key><Value>a b</Value></Tag></TagSet></Tagging>"
        form = S3.generate_presigned_post(b, "f", Fields={"tagging": document}, Conditions=[{"tagging": document}])
        assert post(form["url"], form["fields"], b"hello")[0] == 204
        assert S3.get_object_tagging(Bucket=b, Key="f")["TagSet"] == [{"Key": "form", "Value": "a b"}]


def object_lock():
    soon = datetime.datetime.now(UTC).replace(microsecond=0) + datetime.timedelta(days=1)
    with Bucket() as b:
        S3.put_object(Bucket=b, Key="k", Body=b"x")
        refused("ObjectLockConfigurationNotFoundError", S3.get_object_lock_configuration, Bucket=b)
        refused("InvalidRequest", S3.get_object_retention, Bucket=b, Key="k")
        refused("InvalidRequest", S3.put_object, Bucket=b, Key="k", Body=b"x", ObjectLockLegalHoldStatus="ON")
        refused("InvalidBucketState", S3.put_object_lock_configuration, Bucket=b, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    with Bucket(ObjectLockEnabledForBucket=True) as b:
        assert S3.get_bucket_versioning(Bucket=b)["Status"] == "Enabled"
        refused("InvalidBucketState", S3.put_bucket_versioning, Bucket=b, VersioningConfiguration={"Status": "Suspended"})
        assert S3.get_object_lock_configuration(Bucket=b)["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}
        rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}}
        comes_back(b, "object_lock_configuration", rule, "ObjectLockConfiguration")
        put = S3.put_object(Bucket=b, Key="k", Body=b"x")["VersionId"]
        kept = S3.get_object_retention(Bucket=b, Key="k")["Retention"]
        assert kept["Mode"] == "GOVERNANCE" and abs(kept["RetainUntilDate"] - soon - datetime.timedelta(days=1)) < datetime.timedelta(minutes=1), kept
        refused("AccessDenied", S3.delete_object, Bucket=b, Key="k", VersionId=put)
        refused("AccessDenied", S3.put_object_retention, Bucket=b, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": soon})
        S3.put_object_retention(Bucket=b, Key="k", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": soon}, BypassGovernanceRetention=True)
        assert S3.get_object_retention(Bucket=b, Key="k", VersionId=put)["Retention"] == {"Mode": "GOVERNANCE", "RetainUntilDate": soon}
        assert S3.head_object(Bucket=b, Key="k")["ObjectLockRetainUntilDate"] == soon
        S3.put_object_legal_hold(Bucket=b, Key="k", LegalHold={"Status": "ON"})
        assert S3.get_object_legal_hold(Bucket=b, Key="k")["LegalHold"] == {"Status": "ON"}
        refused("AccessDenied", S3.delete_object, Bucket=b, Key="k", VersionId=put, BypassGovernanceRetention=True)
        S3.put_object_legal_hold(Bucket=b, Key="k", LegalHold={"Status": "OFF"})
        errors = S3.delete_objects(Bucket=b, Delete={"Objects": [{"Key": "k", "VersionId": put}]})["Errors"]
        assert errors[0]["Code"] == "AccessDenied" and errors[0]["VersionId"] == put, errors
        S3.put_object_retention(Bucket=b, Key="k", Retention={}, BypassGovernanceRetention=True)
        refused("NoSuchObjectLockConfiguration", S3.get_object_retention, Bucket=b, Key="k")
        S3.delete_object(Bucket=b, Key="k", VersionId=put)


CHECKS = [lifecycle, cors, website, notification, small_ones, encryption, policies, access_lists, object_tags, object_lock]

if __name__ == "__main__":
    for check in CHECKS:
        check()
        print("passed:", check.__name__.replace("_", " "))
