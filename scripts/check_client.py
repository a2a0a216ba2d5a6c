#!/usr/bin/env python3
"""Do the client and the requests offer what the S3 API has?

    check_client.py

Each operation of operations/fwd.hpp has one member function of the client, of its name, which takes its request and gives its response. The
members of a request stand in the order in which people write them, which C++ holds designated initialisers to: first those of LEADING that
the request has, then the others in the order in which the request describes them, but for what belongs to the head of every call.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "include" / "s3store"
LEADING = ["bucket", "key", "body", "content_type", "metadata", "prefix", "delimiter", "max_keys"]


def client_members():
    """(name, response, request) of each function of the client that stands for an operation."""
    text = "".join((ROOT / "client" / name).read_text(encoding="utf-8") for name in ("operations.hpp", "configuration_operations.hpp"))
    return re.findall(r"answer<(\w+)> (\w+)\(const (\w+)& r,\s*const call_options& o = \{\}\) const", text)


def requests():
    """(file, name, members in their order) of each request."""
    for path in sorted((ROOT / "operations").rglob("*.hpp")):
        for name, body in re.findall(r"^struct (\w+_request) \{\n((?:  [^\n]+\n)*?)\n", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield path.relative_to(ROOT), name, re.findall(r"^  \S+ (\w+)\{.*?\};", body, re.MULTILINE)


def main():
    problems = []
    declared = re.findall(r"^struct (\w+)_request;", (ROOT / "operations/fwd.hpp").read_text(encoding="utf-8"), re.MULTILINE)
    members = client_members()
    for name in declared:
        found = [m for m in members if m[1] == name]
        if found != [(f"{name}_response", name, f"{name}_request")]:
            problems.append(f"client: {name} is there {len(found)} times, or with other types: {found}")
    problems += [f"client: {m[1]} is no operation" for m in members if m[1] not in declared]

    seen = {}
    for path, name, names in requests():
        seen[name] = names
        leading = [n for n in LEADING if n in names]
        if names[: len(leading)] != leading:
            problems.append(f"{path}: {name} begins with {names[:len(leading)]}, and not with {leading}")
        if len(set(names)) != len(names):
            problems.append(f"{path}: {name} has a member twice")
    missing = {f"{name}_request" for name in declared} - set(seen)
    problems += [f"{name} was not found" for name in sorted(missing)]

    print("\n".join(problems))
    print(f"{len(declared)} operations, {len(members)} functions, {len(seen)} requests, {len(problems)} problems")
    sys.exit(1 if problems or not declared else 0)


main()
