"""Compares the table that operation_table prints with the service's own model, as botocore carries it.

    compare_table.py OPERATION_TABLE [--without NAME]...

Fails on any operation or binding that one side has and the other has not. Operations that are still to come are named by --without; one
that is there all the same is a failure, too, so that the list cannot grow stale.
"""

import argparse
import gzip
import json
import pathlib
import subprocess
import sys

import botocore


def load_model():
    versions = pathlib.Path(botocore.__file__).parent / "data" / "s3"
    newest = sorted(versions.iterdir())[-1]
    with gzip.open(newest / "service-2.json.gz") as file:
        return json.load(file)


class Bindings:
    """What the model says of one structure, in the words of the table."""

    def __init__(self, shapes):
        self.shapes = shapes
        self.found = set()
        self.required = set()  # of a list, the element around it

    def top(self, name, response):
        shape = self.shapes[name]
        payload = shape.get("payload")
        root = "*" if response else shape.get("locationName", name)
        for member, ref in shape.get("members", {}).items():
            place, wire = ref.get("location"), ref.get("locationName", member)
            required = member in shape.get("required", [])
            if place in ("uri", "header", "querystring", "headers", "statusCode"):
                binding = {"uri": "uri " + wire, "header": "header " + wire.lower(), "querystring": "query " + wire,
                           "headers": "headers " + wire.lower() + "*", "statusCode": "status"}[place]
                self.found.add(binding)
                self.required.update([binding] if required else [])
            elif member == payload:
                self.payload(ref, response, required)
            elif payload is None:
                self.member(member, ref, root, required)
        return self.found

    def payload(self, ref, response, required):
        shape = self.shapes[ref["shape"]]
        if shape["type"] == "structure":
            self.required.update(["payload"] if required else [])
            self.value(ref["shape"], "*" if response else ref.get("locationName", ref["shape"]))
        else:
            binding = "stream" if ref.get("streaming") or shape["type"] == "blob" else "text"
            self.found.add(binding)
            if binding == "text":  # bytes that are not there are an empty body
                self.required.update([binding] if required else [])

    def member(self, name, ref, path, required):
        shape, wire = self.shapes[ref["shape"]], ref.get("locationName", name)
        if required:
            flat = shape["type"] == "list" and (shape.get("flattened") or ref.get("flattened"))
            of_item = shape["member"].get("locationName", name) if flat and "locationName" not in ref else wire
            self.required.add(f"xml {path}/{'@' if ref.get('xmlAttribute') else ''}{of_item}")
        if ref.get("xmlAttribute"):
            self.found.add(f"xml {path}/@{wire}")
        elif shape["type"] == "list":
            item = shape["member"]
            if shape.get("flattened") or ref.get("flattened"):
                self.value(item["shape"], f"{path}/{wire if 'locationName' in ref else item.get('locationName', name)}[]")
            else:
                self.value(item["shape"], f"{path}/{wire}/{item.get('locationName', 'member')}[]")
        else:
            self.value(ref["shape"], f"{path}/{wire}")

    def value(self, name, path):
        shape = self.shapes[name]
        if shape.get("eventstream"):
            self.found.update("event " + event for event in shape["members"])
        elif shape["type"] == "structure" and shape.get("members"):
            for member, ref in shape["members"].items():
                self.member(member, ref, path, member in shape.get("required", []))
        else:
            self.found.add("xml " + path)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--without", action="append", default=[])
    options = options.parse_args()

    ours = json.loads(subprocess.run([options.program], check=True, capture_output=True, text=True).stdout)
    model = load_model()
    problems, count = [], 0
    for name in sorted(set(ours) - set(model["operations"])):
        problems.append(f"{name}: the model has no such operation")
    for name, operation in model["operations"].items():
        if (name in ours) == (name in options.without):
            problems.append(f"{name}: " + ("is there, but is said to be missing" if name in ours else "is missing"))
        if name not in ours:
            continue
        if (ours[name]["method"], ours[name]["uri"]) != (operation["http"]["method"], operation["http"]["requestUri"]):
            problems.append(f"{name}: {ours[name]['method']} {ours[name]['uri']}, but the model says {operation['http']}")
        for side, key in (("request", "input"), ("response", "output")):
            of_model = Bindings(model["shapes"])
            theirs = of_model.top(operation[key]["shape"], side == "response") if key in operation else set()
            count += len(theirs)
            required = set(ours[name][side + "_required"])
            for missing in sorted(of_model.required - required):
                problems.append(f"{name} {side}: {missing} is required by the model, and not here")
            for extra in sorted(required - of_model.required):
                problems.append(f"{name} {side}: {extra} is required here, and not by the model")
            if len(ours[name][side]) != len(set(ours[name][side])):
                problems.append(f"{name} {side}: a binding stands twice")
            for missing in sorted(theirs - set(ours[name][side])):
                problems.append(f"{name} {side}: without {missing}")
            for extra in sorted(set(ours[name][side]) - theirs):
                problems.append(f"{name} {side}: {extra} is none of the model's")
    print("\n".join(problems))
    print(f"{len(ours)} of {len(model['operations'])} operations, {count} bindings compared, {len(problems)} differences")
    return 1 if problems or not ours else 0


sys.exit(main())
