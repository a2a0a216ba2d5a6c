"""What does botocore send for a request, and what does it read from a response? A line of JSON in, a line out.

    {"operation": ..., "request": members}       ->  {"method", "path", "query", "headers", "body" in base64}
    {"operation": ..., "response": {"status", "headers", "body" in base64}}  ->  members

Members are told as members.hpp tells them: under the names of their bindings, dates as microseconds, bytes in base64.
"""

import base64
import datetime
import email.utils
import io
import json
import os
import sys
import time
import types
import xml.etree.ElementTree

import botocore.awsrequest
import botocore.compat
import botocore.handlers
import botocore.parsers
import botocore.serialize
import botocore.session

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)


def names_of(shape, top):
    """The members of a structure: their names, shapes, and the keys that they have in JSON."""
    for member, sub in shape.members.items():
        place, wire = sub.serialization.get("location"), sub.serialization.get("name", member)
        if place:
            yield member, sub, {"uri": "uri " + wire, "header": "header " + wire.lower(), "querystring": "query " + wire,
                                "headers": "headers " + wire.lower() + "*", "statusCode": "status"}[place]
        elif top and member == shape.serialization.get("payload"):
            if sub.type_name == "structure":
                yield member, sub, "event" if sub.serialization.get("eventstream") else "xml " + sub.serialization.get("name", sub.name)
            else:
                yield member, sub, "stream" if sub.serialization.get("streaming") or sub.type_name == "blob" else "text"
        elif sub.serialization.get("xmlAttribute"):
            yield member, sub, "@" + wire
        elif sub.type_name == "list" and sub.serialization.get("flattened"):
            yield member, sub, sub.serialization.get("name", sub.member.serialization.get("name", member)) + "[]"
        elif sub.type_name == "list":
            yield member, sub, wire + "/" + sub.member.serialization.get("name", "member") + "[]"
        else:
            yield member, sub, wire


# --- requests: members become botocore's parameters


def parameters_of(shape, members, top=False):
    if top and shape.serialization.get("payload") is None:  # then the document's parts are members of the request
        root = [key for key in members if key.startswith("xml ")]
        members = dict(members, **(members[root[0]] if root else {}))
    out = {}
    for member, sub, key in names_of(shape, top):
        if key in members:
            out[member] = parameter_of(sub, members[key])
        elif sub.type_name == "list" and member in shape.required_members:
            out[member] = []  # our members do not tell an absent list from an empty one
    return out


def parameter_of(shape, value):
    kind = shape.type_name
    if kind == "structure":
        return parameters_of(shape, value)
    if kind == "list":
        return [parameter_of(shape.member, item) for item in value]
    if kind == "timestamp" and isinstance(value, int):
        return EPOCH + value * MICROSECOND
    if kind == "blob":
        return base64.b64decode(value)
    return value


def serialized(operation, members):
    parameters = parameters_of(operation.input_shape, members, top=True)
    if "CopySource" in parameters:
        bucket, key, version = parameters["CopySource"]
        parameters["CopySource"] = {"Bucket": bucket, "Key": key, "VersionId": version}
        botocore.handlers.handle_copy_source_param(parameters)
    out = botocore.serialize.create_serializer("rest-xml", include_validation=False).serialize_to_request(parameters, operation)
    body = out["body"] or b""
    body = body if isinstance(body, bytes) else body.encode()
    payload = operation.input_shape.serialization.get("payload")
    if payload is None or operation.input_shape.members[payload].type_name == "structure":
        # A bare carriage return in XML is read as a line feed. botocore has a handler for it, which it uses for two operations.
        body = body.replace(b"\r", b"&#13;")
    return {
        "method": out["method"],
        "path": out["url_path"],
        "query": [[name, str(value)] for name, value in out["query_string"].items()],
        "headers": dict(out["headers"]),
        "body": base64.b64encode(body).decode(),
    }


# --- responses: what botocore's parser makes of them becomes members


def members_of(shape, parsed, top=False):
    out = {}
    inside = out
    if top and shape.serialization.get("payload") is None and any("location" not in s.serialization for s in shape.members.values()):
        inside = out["xml *"] = {}
    for member, sub, key in names_of(shape, top):
        value = member_of(sub, parsed.get(member))
        if value is None or (sub.type_name in ("list", "map") and not value) or (key in ("stream", "text") and not value):
            continue
        if member == "Expires" and isinstance(value, int):  # a date that we leave text
            value = email.utils.formatdate(value // 10**6, usegmt=True)
        if key == "event":
            out.update(value)
        elif key.startswith("xml "):
            out["xml *"] = value
        else:
            (out if sub.serialization.get("location") or key in ("stream", "text") else inside)[key] = value
    return out


def member_of(shape, value):
    kind = shape.type_name
    if value is None or isinstance(value, dict) and kind == "map":
        return value
    if kind == "structure":
        return events_of(shape, value) if shape.serialization.get("eventstream") else members_of(shape, value)
    if kind == "list":
        return [member_of(shape.member, item) for item in value]
    if kind == "timestamp":
        return (value - EPOCH) // MICROSECOND
    if kind == "blob":
        content = value.read() if hasattr(value, "read") else value
        return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()
    return value


def events_of(shape, stream):
    """A text goes on with every event, of the others the last counts, as the response has it."""
    out = {}
    for event in stream:
        for name, parsed in event.items():
            value = {}
            for member, sub in shape.members[name].members.items():
                if member in parsed:
                    value = parsed[member].decode() if sub.type_name == "blob" else members_of(sub, parsed[member])
            out["event " + name] = out.get("event " + name, "") + value if isinstance(value, str) else value
    return out


# With encoding-type=url the service encodes what its documentation lists for each operation. botocore has handlers for three of them,
# which demand every key to be there; the one for ListObjects leaves the prefix out.
URL_ENCODED = {
    "ListObjects": (["Delimiter", "Marker", "NextMarker", "Prefix"], [("Contents", "Key"), ("CommonPrefixes", "Prefix")]),
    "ListObjectsV2": (["Delimiter", "Prefix", "StartAfter"], [("Contents", "Key"), ("CommonPrefixes", "Prefix")]),
    "ListObjectVersions": (["Delimiter", "KeyMarker", "NextKeyMarker", "Prefix"],
                           [("Versions", "Key"), ("DeleteMarkers", "Key"), ("CommonPrefixes", "Prefix")]),
    "ListMultipartUploads": (["Delimiter", "KeyMarker", "NextKeyMarker", "Prefix"], [("Uploads", "Key"), ("CommonPrefixes", "Prefix")]),
}


class XmlParser(botocore.parsers.RestXMLParser):
    """The old form of a notification has two members for its <Event>s; of several, botocore gives the single one a list of nodes."""

    def _handle_string(self, shape, node):
        return super()._handle_string(shape, node[0] if isinstance(node, list) else node)


def parsed(operation, response):
    body = base64.b64decode(response["body"])
    shape = operation.output_shape
    if shape is None:
        return {}
    if shape.event_stream_name:
        raw = types.SimpleNamespace(stream=lambda: iter([body[:7], body[7:]]), close=lambda: None)
    else:
        raw = io.BytesIO(body) if operation.has_streaming_output else body
    headers = botocore.awsrequest.HeadersDict(response["headers"])
    out = XmlParser().parse({"status_code": response["status"], "headers": headers, "body": raw,
                             "context": {"operation_name": operation.name}}, shape)
    if operation.name == "GetBucketLocation":
        botocore.handlers.parse_get_bucket_location(out, types.SimpleNamespace(raw=raw, content=body))
    if operation.name in URL_ENCODED and out.get("EncodingType") == "url":
        top, nested = URL_ENCODED[operation.name]
        for holder, names in [(out, top)] + [(item, [name]) for group, name in nested for item in out.get(group, [])]:
            holder.update({name: botocore.compat.unquote_str(holder[name]) for name in names if name in holder})
    return members_of(shape, out, top=True)


def main():
    os.environ["TZ"] = "UTC"
    time.tzset()
    model = botocore.session.get_session().get_service_model("s3")
    for line in sys.stdin:
        asked = json.loads(line)
        operation = model.operation_model(asked["operation"])
        try:
            out = serialized(operation, asked["request"]) if "request" in asked else parsed(operation, asked["response"])
        except Exception as problem:
            out = {"failed": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(out))


main()
