"""Makes files of profiles that nobody would write, and tells what botocore reads from each, as it is.

    hostile_files.py COUNT SEED

Each line printed has a file in hexadecimal, what botocore makes of it ("refused", or what ini_files.py describes), and "same", or the
names of the places in it where the library differs from botocore, by the list at the head of config/ini.hpp. Files that differ are only to
be read or refused without harm.
"""

import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from ini_files import read_bytes  # noqa: E402

HEADERS = ["[default]", "[profile a]", "[profile b]", "[profile  c]", "[profile\td]", "[profile 'e f']", '[profile "g"]', "[sso-session a]",
           "[services a]", "[services a-b]", "[other]", "[a b]", "[x]", "[profile]", "[]", "[", "[profile a", "]", "[[]]", "[profile 'a]", "[ default]",
           "[profile a b]", "[default] x", "[DEFAULT]", "[profilex y]", "[profile default]", "[profile a] # c", "[default]; c", "[profile \u00e4]"]
KEYS = ["region", "s3", "k", "aws_access_key_id", "K", "a.b", "sso_region", "x/y", "in valid", "", "\u00e4", "[k", "endpoint_url", "a:b"]
VALUES = ["", "x", "eu-west-1", "a = b", "[x]", "%(k)s", "=", "\u00e4", "x # c", "x;c", "# c", "a  b", "'q'", '"', "\\", "a:b", "\u00a0", "$HOME", "~", "x" * 200]
NOISE = ["", " ", "\t", "# c", "; c", "  # c", "\t; c", "#", "key", "x y", "\x00", "\x0c", "\xff", "\u2028", "\x1b[2J", "=", "= x", ":", "\ufeff"]
PIECES = ["[", "]", "=", " ", "\t", "\n", "\r", "\r\n", "#", ";", "'", '"', "\\", ":", "\x00", "\x7f", "a", "profile", "\u00a0", "\n ", "\n  x = y"]


def line(rng):
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(HEADERS[:9] if rng.random() < 0.8 else HEADERS)
    if kind < 0.8:
        tame = rng.random() < 0.85
        key, value = rng.choice(KEYS[:8] if tame else KEYS), rng.choice(VALUES[:8] if tame else VALUES)
        return rng.choice(["", "", "", " ", "  ", "\t", "    "]) + key + rng.choice(["=", " = ", " =", "= "]) + value + rng.choice(["", "", " ", "\t"])
    return rng.choice(NOISE[:8] if rng.random() < 0.8 else NOISE)


def hostile(rng):
    lines = [line(rng) for _ in range(rng.randrange(1, 14))]
    if rng.random() < 0.8:
        lines.insert(0, rng.choice(HEADERS[:9]))
    text = "".join(one + rng.choice(["\n", "\n", "\n", "\r\n"]) for one in lines)
    if rng.random() < 0.2:
        text = text.rstrip("\r\n")
    if rng.random() < 0.4:
        for _ in range(rng.choice([1, 1, 2, 5])):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(PIECES + [""]) + text[at + rng.choice([0, 0, 1, 3, 20]):]
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.08:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + bytes([rng.randrange(256)]) + data[at:]
    return data


def differences(data):
    """The names of those that the file may have: it is enough that what is named here occurs somewhere."""
    found = set()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return found  # both refuse it
    if text.startswith("\ufeff"):
        found.add("byte order mark")
    if re.search("[\x00-\x08\x0b-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]", text.replace("\r\n", "\n")):
        found.add("white space and control characters")
    headers, keys = [], []
    for one in text.split("\n"):
        one = one.strip()
        if one == "" or one[0] in "#;":
            continue
        if one[0] == "[":
            inside, _, behind = one[1:].partition("]")
            if inside != inside.strip() or (behind and not re.fullmatch(r"[ \t]*[#;][^\]]*", behind)) or "'" in inside and "]" in one[1:-1] or '"' in inside and "]" in one[1:-1]:
                found.add("inside of brackets and behind them")
            if not re.fullmatch(r"(profile|sso-session|services)[ \t]+([\w\-/.%@:+]+|\"[^\"'\\]*\"|'[^\"'\\]*')|[\w\-/.%@:+]+", inside, re.ASCII):
                found.add("names")
            if inside == "DEFAULT":
                found.add("DEFAULT")
            name = re.split(r"[ \t]+", inside.strip(), maxsplit=1)
            headers.append((name[0], name[-1].strip("'\"")))
        key, equals, value = one.partition("=")
        if equals and not re.fullmatch(r"[\w\-/.%@:+]+", key.strip(), re.ASCII):
            found.add("names")
        if ":" in key:
            found.add("colon")
        if re.search(r"(^|[ \t])[#;]", value) or re.search(r"[ \t][#;]", key):
            found.add("comment behind a value")
    if len(set(headers)) != len(headers) or {("default", "default"), ("profile", "default")} <= set(headers):
        found.add("twice")
    return found


def main(count, seed):
    for i in range(count):
        rng = random.Random(seed * 1_000_003 + i)
        data = hostile(rng)
        theirs = read_bytes(data)
        named = differences(data)
        if theirs == "twice":
            theirs, named = "refused", named | {"twice"}
        print(data.hex() or "-", theirs or "-", "+".join(sorted(named)).replace(" ", "_") or "same")


main(int(sys.argv[1]), int(sys.argv[2]))
