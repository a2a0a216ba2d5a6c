"""Makes files of profiles, and tells what botocore reads from each.

    ini_files.py COUNT SEED

Each line printed has a file in hexadecimal, a blank, and "refused" or what was read. Where the library follows the other SDKs and not
botocore (the head of config/ini.hpp names these places), botocore is given the file as it would have to be written for it: without the
comment at the end of a line, without what is passed over, with one section for those that come twice, and without a [default] beside a
[profile default].
"""

import configparser
import random
import sys
import tempfile

from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError

KINDS = {"profile": "profiles", "sso-session": "sso_sessions", "services": "services"}
VALUES = ["x", "", "eu-central-1", "a=b", "b;c", "d#e", "=", "[x]", "%(a)s", "\u00e4\U0001f602", "arn:aws:iam::1:role/a+b=c,d.e@f-g", "two  words"]
COMMENTS = [" # comment", "\t; comment # more", " ;", "  #"]


def coded(text):
    return text.encode().hex() + "."


class File:
    """The lines of a file, and beside them what botocore is given in their place."""

    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.sections = {}  # header -> its properties as {lower-case key: lines}, for botocore
        self.stray = []  # what stands before the first section
        self.broken = False
        self.current = None

    def pick(self, *options):
        return self.rng.choice(options)

    def chance(self, of):
        return self.rng.random() < of

    def noise(self):
        if self.chance(0.15):
            self.lines.append(self.pick("", "  ", "\t", "# c", "; [x]", "#", "   # indented = comment"))

    def header(self):
        rng = self.rng
        name = self.pick("a", "b", "Case", "case", "x-y_z/1.2%3@4:5+", "default", "q q", "in valid", "bang!")
        kind = self.pick("profile", "profile", "sso-session", "services", "")
        if name == "default" and kind != "profile" or kind == "" and self.chance(0.5):
            kind, name = "", "default"
        if name == "q q":
            quote = self.pick('"', "'")
            inside = kind + " " + quote + name + quote if kind else quote + name + quote
            header = f'{kind} "{name}"' if kind else None  # a bare quoted name is no profile for either
        else:
            inside = (kind + self.pick(" ", "  ", "\t") + name) if kind else name
            header = f"{kind} {name}".strip()
            if " " in name or "!" in name:
                header = None
        line = "[" + self.pick("", " ", "\t") + inside + self.pick("", " ") + "]" + self.pick("", "", " # c", "; c ]", "#")
        self.lines.append(line)
        self.current = self.sections.setdefault(header, {}) if header else {}

    def prop(self):
        key = self.pick("region", "Region", "aws_access_key_id", "k", "s3", "a/b.c%d@e+f", "in valid", "bang!")
        valid = " " not in key and "!" not in key
        value = self.pick(*VALUES)
        start = key + self.pick("", " ", "\t ") + "=" + self.pick("", " ", " \t")
        comment = self.pick(*COMMENTS) if self.chance(0.2) else ""
        if value == "" and comment and not start.endswith((" ", "\t")):
            start += " "
        self.lines.append(start + value + comment)
        theirs = [key.replace("Region", "region") + " = " + value]
        if value == "":
            nested = self.chance(0.5)
            for _ in range(self.rng.randrange(4) if nested else 0):
                if self.chance(0.2):
                    more = self.pick("", "   ")
                elif self.chance(0.05):
                    more, self.broken = "  no equals sign", True
                    theirs.append(more)
                    self.lines.append(more)
                    continue
                else:
                    more = " " * self.rng.randrange(1, 4) + self.pick("addressing_style", "x", "endpoint_url", "in valid") + self.pick("=", " = ") + self.pick(*VALUES)
                self.lines.append(more)
                theirs.append(more)
        else:
            for _ in range(self.rng.choice([0, 0, 0, 1, 2])):
                more = self.pick(" more", "\t-more ; kept", "  more # kept", "   = x", "", "  # a comment", " [profile z]", "  y = z  ")
                self.lines.append(more)
                theirs.append(more)
        if valid and self.current is not None:
            self.current[key.lower()] = theirs
        elif self.current is None:
            self.stray += theirs

    def spoil(self):
        line = self.pick("[profile x", "no equals sign", "= value", "[]", "[default] x", "[profile 'x]")
        self.lines.append(line)
        self.broken = True

    def texts(self):
        ours = "".join(line + self.end() for line in self.lines)
        if self.chance(0.1):
            ours = ours.rstrip("\r\n")
        theirs = list(self.stray)
        for header, properties in self.sections.items():
            if header == "default" and "profile default" in self.sections:
                continue
            theirs.append(f"[{header}]")
            for lines in properties.values():
                theirs += lines
        if self.chance(0.05):
            ours = "\ufeff" + ours
        return ours, "\n".join(theirs) + "\n"

    def end(self):
        return self.pick("\n", "\n", "\r\n")


def read_bytes(data):
    """What botocore reads from a file; "refused", or "twice" if what it refuses, or keeps apart, is a section or key that comes twice."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            config = load_config(file.name)
        except ConfigParseError as error:
            twice = configparser.DuplicateSectionError, configparser.DuplicateOptionError
            return "twice" if isinstance(error.kwargs["error"], twice) else "refused"
    lines = []
    for kind, sections in KINDS.items():
        for name, values in config[sections].items():
            section = kind + ":" + coded(name)
            lines.append(section)
            for key, value in values.items():
                if isinstance(value, dict):
                    # Within a section, keys of nested properties keep their case here, and ours do not.
                    if len({k.lower() for k in value}) != len(value):
                        return "twice"
                    lines += [":".join([section, coded(key), coded(k.lower()), coded(v)]) for k, v in value.items()]
                else:
                    lines.append(":".join([section, coded(key), coded(value)]))
    return ",".join(sorted(lines))


def main(count, seed):
    for i in range(count):
        rng = random.Random(seed * 1_000_003 + i)
        file = File(rng)
        if file.chance(0.04):
            file.prop()
        for _ in range(rng.randrange(1, 5)):
            file.noise()
            file.header()
            for _ in range(rng.randrange(5)):
                file.noise()
                file.prop()
            if file.chance(0.06):
                file.spoil()
        ours, theirs = file.texts()
        # What botocore says of the whole file when it is broken: where that breaks does not depend on the differences.
        print(ours.encode().hex(), "refused" if file.broken else read_bytes(theirs.encode()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
