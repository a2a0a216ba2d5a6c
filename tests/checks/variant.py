#!/usr/bin/env python3
"""Does the library work with this compiler and these flags? One file that names every header is compiled, and the main job is built and run.

    variant.py -- COMPILER FLAG... [-- LINK_FLAG...]
"""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NEEDS_MORE = {"s3store/crypto/xxhash.hpp"}  # a library that is no dependency


def main():
    words = sys.argv[sys.argv.index("--") + 1:]
    compiler, link = (words[: words.index("--")], words[words.index("--") + 1:]) if "--" in words else (words, [])
    base = ROOT / "include"
    headers = sorted(path.relative_to(base).as_posix() for path in base.rglob("*.hpp"))
    with tempfile.TemporaryDirectory() as folder:
        every = pathlib.Path(folder) / "every.cpp"
        every.write_text("".join(f"#include <{name}>\n" for name in headers if name not in NEEDS_MORE), encoding="utf-8")
        command = [*compiler, f"-I{base}"]
        subprocess.run([*command, "-fsyntax-only", str(every)], check=True)
        program = pathlib.Path(folder) / "main_job"
        subprocess.run([*command, str(ROOT / "tests/checks/main_job.cpp"), "-o", str(program), *link], check=True)
        subprocess.run([str(program)], check=True)
    print(f"{len(headers) - len(NEEDS_MORE)} headers compiled, the main job done")


main()
