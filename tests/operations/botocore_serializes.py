"""What does botocore send for an operation whose members are all filled? One line of JSON for each operation named on the command line.

Members are filled by type and by their name on the wire, as the filler in botocore_serializes_test.cpp does.
"""
import base64
import datetime
import json
import sys

import botocore.handlers
import botocore.serialize
import botocore.session

WHEN = datetime.datetime(2013, 5, 24, 1, 2, 3, tzinfo=datetime.timezone.utc)


def fill(shape, name, place):
    kind = shape.type_name
    if name == "x-amz-request-route":
        return "route-1"
    if name.lower().endswith("server-side-encryption-customer-key"):
        return base64.b64encode(b"k" * 32).decode()
    if kind == "structure":
        return {member: fill(sub, sub.serialization.get("name", member), "element") for member, sub in shape.members.items()}
    if kind == "list":
        item = name if shape.serialization.get("flattened") or place == "header" else shape.member.serialization.get("name", "member")
        return [fill(shape.member, item, place) for _ in range(2)]
    if kind == "map":
        return {"first": "a b", "second": "+/="}
    if kind in ("integer", "long"):
        return 7
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return WHEN
    if kind == "blob":
        return b"the body"
    return ("E-" if shape.metadata.get("enum") else "v ") + name + ("" if place == "header" else " <&\u00e4+/>")


def serialized(operation):
    parameters = {}
    for member, shape in operation.input_shape.members.items():
        place = shape.serialization.get("location", "element")
        name = shape.serialization.get("name", member)
        if member == operation.input_shape.serialization.get("payload") and shape.type_name == "string":
            name = ""  # a body of text has none on the wire
        parameters[member] = fill(shape, name, place)
    if "Bucket" in parameters:
        parameters["Bucket"] = "bucket-1"
    if "Key" in parameters:
        parameters["Key"] = "a b/\u00e4+?//../%&="
    if "CopySource" in parameters:
        parameters["CopySource"] = {"Bucket": "from", "Key": "a b/\u00e4+?//../%&=", "VersionId": "v1"}
        botocore.handlers.handle_copy_source_param(parameters)
    out = botocore.serialize.create_serializer("rest-xml", include_validation=False).serialize_to_request(parameters, operation)
    query = out["query_string"]
    pairs = [[k, v] for k, vs in (query.items() if isinstance(query, dict) else query) for v in (vs if isinstance(vs, list) else [vs])]
    body = out["body"] or b""
    return {
        "name": operation.name,
        "method": out["method"],
        "path": out["url_path"],
        "query": pairs,
        "headers": {k: v for k, v in out["headers"].items()},
        "body": body.decode() if isinstance(body, bytes) else body,
    }


model = botocore.session.get_session().get_service_model("s3")
for each in sys.argv[1:]:
    print(json.dumps(serialized(model.operation_model(each))))
