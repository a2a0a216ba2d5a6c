#!/usr/bin/env python3
"""Write single_include/s3store/s3store.hpp, all headers of include/s3store in one file, to be dropped into a project, and client.hpp
beside it, which has the client and nothing else.

    amalgamate.py            write it
    amalgamate.py --check    fail where a file in the tree is not what this would write

A header that is opt-in stands beside it under its own name, and includes it.

Each header comes once, after those that it includes, with a guard, so that a file may include both of the single headers. What it includes from the system is gathered at the top, but an include that stands
under an #if stays there, as do the headers of ours that fit some machines only. The same tree always gives the same bytes.
"""
import argparse
import difflib
import pathlib
import re
import sys

from check_includes import OPT_IN

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "single_include"
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>\s*(//.*)?$")


def version():
    text = (ROOT / "include/s3store/core/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.search(rf"#define S3STORE_VERSION_{part} (\d+)", text)[1] for part in ("MAJOR", "MINOR", "PATCH"))


def is_condition(line):
    """Whether it begins or ends a condition; that the compiler is supported is none."""
    return re.match(r"\s*#\s*(if|endif)", line) and "S3STORE_UNSUPPORTED" not in line


def own_includes(name):
    """(path, inside a condition?) of each header of ours that `name` includes."""
    depth = 0
    for line in (ROOT / "include" / name).read_text(encoding="utf-8").splitlines():
        if is_condition(line):
            depth += -1 if "endif" in line.split("//")[0] else 1
        elif (found := INCLUDE.match(line)) and found[1].startswith("s3store/"):
            yield found[1], depth > 0


class Amalgamation:
    def __init__(self, top):
        self.done = set()
        self.system = set()
        self.body = []
        self.always = set()  # what is there whatever the conditions are
        waiting = [top]
        while waiting:
            name = waiting.pop()
            if name not in self.always:
                self.always.add(name)
                waiting += [target for target, conditional in own_includes(name) if not conditional]
        self.add(top)

    def add(self, name):
        """Appends the header `s3store/...`, those that it includes first."""
        if name not in self.done:
            self.body += self.lines_of(name, conditional=False) + [""]

    def lines_of(self, name, conditional):
        """The lines of a header, for a place that may stand under an #if. Then its system includes stay with it."""
        path = ROOT / "include" / name
        if not path.is_file():
            sys.exit(f"amalgamate.py: a header includes <{name}>, which is not there")
        self.done.add(name)
        out, depth = [f"// ---- {name}"], 0
        for line in path.read_text(encoding="utf-8").splitlines():
            if is_condition(line):
                depth += -1 if "endif" in line.split("//")[0] else 1
            found = INCLUDE.match(line)
            if found and found[1].startswith("s3store/"):
                if found[1] in self.always:
                    self.add(found[1])
                elif found[1] not in self.done:
                    out += self.lines_of(found[1], conditional=True)
            elif found and depth == 0 and not conditional:
                self.system.add(found[1])
            elif line.strip() != "#pragma once" and not re.match(r"#(ifndef|endif).*S3STORE_UNSUPPORTED", line):
                out.append(line)
        guard = "S3STORE_HAS_" + re.sub(r"[^A-Z0-9]", "_", name.removeprefix("s3store/").removesuffix(".hpp").upper())
        return [out[0], f"#ifndef {guard}", f"#define {guard}", *squeezed(out[1:]), "#endif"]

    def text(self):
        first = "// ---- s3store/core/version.hpp"
        at = self.body.index(first)
        end = next(i for i in range(at + 1, len(self.body)) if self.body[i].startswith("// ---- "))
        return "\n".join([
            f"// s3store {version()}, an S3 client, in one header.",
            "// SPDX-License-Identifier: MIT",
            "// Copyright (c) 2026 The s3store authors; the terms are in the file LICENSE of the project.",
            "//",
            "// Written by scripts/amalgamate.py from the headers in include/: change those, not this file.",
            "#pragma once",
            "",
            *squeezed(self.body[at:end]),
            "",
            "#ifndef S3STORE_UNSUPPORTED",
            "",
            *[f"#include <{name}>" for name in sorted(self.system)],
            "",
            *squeezed(self.body[:at] + self.body[end:]),
            "",
            "#endif  // S3STORE_UNSUPPORTED",
        ]) + "\n"


def opt_in(name):
    """A header that is opt-in, for who has everything else in one file."""
    lines = (ROOT / "include" / name).read_text(encoding="utf-8").splitlines()
    ours = [line for line in lines if (found := INCLUDE.match(line)) and found[1].startswith("s3store/")]
    out = ["#include <s3store/s3store.hpp>" if line == ours[0] else line for line in lines if line not in ours[1:]]
    return "\n".join(["// Written by scripts/amalgamate.py: change the file of that name in include/, not this one.", "//", *out]) + "\n"


def squeezed(lines):
    """Without empty lines at either end, nor two in a row."""
    out = []
    for line in lines:
        if line.strip() or (out and out[-1].strip()):
            out.append(line)
    while out and not out[-1].strip():
        out.pop()
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    whole, client = Amalgamation("s3store/s3store.hpp"), Amalgamation("s3store/client.hpp")
    files = {"s3store/s3store.hpp": whole.text(), "s3store/client.hpp": client.text()}
    files |= {f"s3store/{name}": opt_in(f"s3store/{name}") for name in sorted(OPT_IN)}
    wrong = []
    for name, text in files.items():
        path = OUT / name
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            continue
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if there != text:
            sys.stdout.writelines(list(difflib.unified_diff(there.splitlines(True), text.splitlines(True), "in the tree", "from include/"))[:60])
            wrong.append(name)
    if wrong:
        sys.exit(f"out of date in single_include: {', '.join(wrong)}: run scripts/amalgamate.py")
    print(f"single_include/{', '.join(files)}: {len(whole.done)} headers, {files['s3store/s3store.hpp'].count(chr(10))} lines")


if __name__ == "__main__":
    main()
