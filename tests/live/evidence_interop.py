#!/usr/bin/env python3
"""The other side of the evidence helpers: bundles as boto3 and Python's json write and read them.

Standard input has a job as JSON: `action`, and for all but `generate` where to: `endpoint`, `access_key`, `secret_key`, `bucket`.

    generate   print `count` bundles of `seed`, a line of JSON each, with evidence_data as text
    write      store them as the original module does
    odd        store bundles that Python writes and JSON does not vouch for
    names      store bundles and attachments under names that only the original module takes: with slashes, with metadata of reserved
               names, and under keys of the caller's
    read       read all bundles of a `prefix` and check each: its bytes, checksum, key, content type and metadata; with a `seed`, against the
               values that it was made of. Print how many there were.

It knows nothing of the library: what a bundle is, it has from the original's documentation.
"""
import concurrent.futures
import datetime
import email.header
import hashlib
import json
import math
import random
import re
import struct
import sys

HARD_FLOATS = [5e-324, 2.2250738585072009e-308, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-05, 1e-4, 0.0001234, 1e15, 1e16, 1e17, 1e21, 1e22,
               1e23, 9007199254740993.0, 9999999999999998.0, 0.1 + 0.2, 1 / 3, -0.0, 0.0, 1.0, -1.5e-7, 4.35, 123456789012345.67, 1e100, -1e-100,
               float(2**53), float(2**63), math.pi]
ALPHABET = [chr(c) for c in [*range(0x80), 0x80, 0x9f, 0xa0, 0xe9, 0x7ff, 0x800, 0x2028, 0x2029, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x1f600,
                             0xe0001, 0x10ffff]]


def bundles(count, seed):
    """The same ones for the same seed, here and in another process."""
    r = random.Random(seed)

    def text():
        return "".join(r.choice(ALPHABET) for _ in range(r.choice([0, 1, 2, 5, 20])))

    def number():
        kind = r.randrange(6)
        if kind == 0:
            return r.choice(HARD_FLOATS)
        if kind == 1:
            return r.choice([-1, 1]) * r.randrange(10 ** r.randrange(1, 61))
        if kind == 2:  # any double, subnormal ones too
            value = struct.unpack("<d", struct.pack("<Q", r.getrandbits(r.choice([52, 64]))))[0]
            return value if math.isfinite(value) else 0.5
        if kind == 3:
            return float("%de%d" % (r.randrange(1, 10 ** r.randrange(1, 17)), r.randrange(-30, 30)))
        if kind == 4:
            return r.choice([r.random(), round(r.uniform(-1e6, 1e6), r.randrange(8))])
        return r.randrange(-1000, 1000)

    def value(depth):
        kind = r.randrange(9) if depth else r.randrange(5)
        if kind < 2:
            return number()
        if kind < 4:
            return text()
        if kind == 4:
            return r.choice([None, True, False])
        if kind < 7:
            return [value(depth - 1) for _ in range(r.randrange(5))]
        return obj(depth)

    def obj(depth):
        return {text(): value(depth - 1) for _ in range(r.randrange(6))}

    for i in range(count):
        created = datetime.datetime(r.choice([1999, 2023, 2024]), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60),
                                    r.choice([0, 0, 1, 500000, r.randrange(10**6)]))
        data = obj(r.randrange(1, 6)) if i % 10 else value(4)
        yield bundle("dec-%d %s" % (i, r.choice(["", "a+b", "50%", "x&y=z?", "'\"<>", "#"])), data, created, r.choice(["decision", "dec", "audit trail"]),
                     {"environment": r.choice(["production", "test"]), "note-%d" % (i % 3): "n %d" % i})


def bundle(decision_id, data, created, kind="decision", metadata=None):
    checksum = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    return {"decision_id": decision_id, "evidence_data": data, "created_at": created.isoformat(), "evidence_type": kind, "version": "1.0",
            "checksum": checksum, "metadata": metadata or {}}


def key_of(b):
    created = datetime.datetime.fromisoformat(b["created_at"])
    return "evidence/%s/%04d/%02d/%s.json" % (b["evidence_type"], created.year, created.month, b["decision_id"])


def metadata_of(b):
    """What stands in the user metadata: header values, whose spaces at the ends are not theirs."""
    out = {k: v for k, v in b["metadata"].items() if isinstance(v, str)}
    out.update({"decision-id": b["decision_id"], "evidence-type": b["evidence_type"], "version": b["version"], "created-at": b["created_at"],
                "checksum": b["checksum"]})
    return {k.lower(): v.strip() for k, v in out.items()}


def plain(value):
    return "".join(part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in email.header.decode_header(value)) \
        if re.fullmatch(r"=\?.*\?=", value) else value


def main():
    job = json.load(sys.stdin)
    if job["action"] == "generate":
        for b in bundles(job["count"], job["seed"]):
            json.dump(dict(b, evidence_data=json.dumps(b["evidence_data"])), sys.stdout)
            print()
        return

    import boto3
    from botocore.config import Config

    s3 = boto3.client("s3", endpoint_url=job["endpoint"], aws_access_key_id=job["access_key"], aws_secret_access_key=job["secret_key"],
                      region_name="us-east-1", config=Config(s3={"addressing_style": "path"}, max_pool_connections=16))

    def store(b):
        s3.put_object(Bucket=job["bucket"], Key=key_of(b), Body=json.dumps(b, indent=2).encode(), ContentType="application/json", Metadata=metadata_of(b))

    def check(key, expected):
        got = s3.get_object(Bucket=job["bucket"], Key=key)
        body = got["Body"].read()
        b = json.loads(body)
        assert body == json.dumps(b, indent=2).encode(), f"{key}: other bytes than json.dumps writes"
        assert list(b) == ["decision_id", "evidence_data", "created_at", "evidence_type", "version", "checksum", "metadata"], f"{key}: {list(b)}"
        assert b["checksum"] == hashlib.sha256(json.dumps(b["evidence_data"], sort_keys=True).encode()).hexdigest(), f"{key}: checksum"
        assert key == key_of(b), f"{key} is not {key_of(b)}"
        assert got["ContentType"] == "application/json", f"{key}: {got['ContentType']}"
        beside = {k: plain(v).strip() for k, v in got["Metadata"].items()}
        assert beside == metadata_of(b), f"{key}: {beside} is not {metadata_of(b)}"
        if expected is not None:
            assert body == json.dumps(expected[key], indent=2).encode(), f"{key}: other bytes than expected"

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        if job["action"] == "write":
            done = list(pool.map(store, bundles(job["count"], job["seed"])))
        elif job["action"] == "odd":
            now = datetime.datetime(2024, 1, 15, 12)
            done = list(pool.map(store, [bundle("nan", {"score": float("nan")}, now), bundle("infinity", [float("inf"), -float("inf")], now),
                                         bundle("surrogate", {"\ud800": "\udc00x"}, now),
                                         bundle("aware", {}, datetime.datetime(2024, 1, 15, 12, tzinfo=datetime.timezone.utc))]))
        elif job["action"] == "names":
            zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30, seconds=15))
            now = datetime.datetime(1890, 1, 15, 12, tzinfo=zone)
            deep = 7
            for _ in range(900):
                deep = [deep]
            mine = {"version": "2.0", "created-at": "now", "decision-id": "d"}
            done = []
            for b, key in [(bundle("team/a/1", {"n": {i: i for i in range(20)}}, now), None), (bundle("2", deep, now, "legal/eu"), None),
                           (bundle("3", {}, now, metadata=mine), None),
                           (bundle("5", {}, now), "archive/five"), (bundle("6", {}, now), "evidence/decision/six.json")]:
                beside = {"decision-id": b["decision_id"], "evidence-type": b["evidence_type"], "version": b["version"], "created-at": b["created_at"],
                          "checksum": b["checksum"]}
                beside.update(b["metadata"])
                key = key or "evidence/%s/2026/11/%s.json" % (b["evidence_type"], b["decision_id"])
                s3.put_object(Bucket=job["bucket"], Key=key, Body=json.dumps(b, indent=2).encode(), ContentType="application/json", Metadata=beside)
                done.append(key)
            for decision_id, name in [("a", "x/1.png"), ("a/x", "2.png"), ("a", "3.png")]:
                s3.put_object(Bucket=job["bucket"], Key="attachments/2026/11/%s/%s" % (decision_id, name), Body=b"x",
                              ContentType="application/octet-stream", Metadata={"decision-id": decision_id, "attachment-name": name})
        else:
            expected = {key_of(b): b for b in bundles(job["count"], job["seed"])} if "seed" in job else None
            keys = [item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=job["bucket"], Prefix=job["prefix"])
                    for item in page.get("Contents", [])]
            assert expected is None or sorted(keys) == sorted(expected), "the keys are not those expected"
            done = list(pool.map(lambda key: check(key, expected), keys))
    print(len(done))


if __name__ == "__main__":
    main()
