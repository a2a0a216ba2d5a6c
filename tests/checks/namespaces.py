"""Does what cannot be mixed fail at link, and what can live side by side link?

    namespaces.py --compiler COMPILER

A file that passes one of the library's types to a file of another version, or of another form (header-only, compiled), must not link. Two
versions in one program that do not meet must.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CALLER = """#include <s3store/core/error.hpp>
int kind_of(const s3store::error&);
int main() { return kind_of(s3store::error{}); }
"""
CALLED = """#include <s3store/core/error.hpp>
int kind_of(const s3store::error&);
int kind_of(const s3store::error& e) { return static_cast<int>(e.kind); }
"""
ALONE = """#include <s3store/core/error.hpp>
int other_kind();
int other_kind() { return static_cast<int>(s3store::error{}.describe().size()); }
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    compiler = shlex.split(parser.parse_args().compiler)
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ours, another = ROOT / "include", folder / "another"
        for path in (ours / "s3store" / "core").glob("*.hpp"):
            text = path.read_text(encoding="utf-8")
            to = another / "s3store" / "core" / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(re.sub(r"(#define S3STORE_ABI) v0_2", r"\1 v9_9", text), encoding="utf-8")

        def compiled(text, include, *flags):
            source = folder / f"{len(list(folder.glob('*.cpp')))}.cpp"
            source.write_text(text, encoding="utf-8")
            into = source.with_suffix(".o")
            subprocess.run([*compiler, "-std=c++20", *flags, "-I", str(include), "-c", str(source), "-o", str(into)], check=True)
            return str(into)

        def links(*objects):
            run = subprocess.run([*compiler, *objects, "-o", str(folder / "program")], capture_output=True, text=True)
            return run.returncode == 0

        caller = compiled(CALLER, ours)
        if not links(caller, compiled(CALLED, ours)):
            problems.append("the same version and form does not link")
        if links(caller, compiled(CALLED, ours, "-DS3STORE_COMPILED")):
            problems.append("header-only code links with compiled code")
        if links(caller, compiled(CALLED, another)):
            problems.append("two versions link with each other")
        if not links(caller, compiled(CALLED, ours), compiled(ALONE, another), compiled(ALONE.replace("other_kind", "third"), ours, "-DS3STORE_COMPILED")):
            problems.append("two versions that do not meet cannot be in one program")
    print("\n".join(problems) or "mixed forms and versions are refused, separate ones are not")
    sys.exit(1 if problems else 0)


main()
