#!/usr/bin/env python3
"""Can a project take the library in? Builds and runs the project beside this file, in a folder that is removed afterwards.

    consume.py {find_package,add_subdirectory,fetch_content,pkg_config} --cmake ... --generator ... --compiler ... --build-dir ...
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(*command, **options):
    print("+", *command, flush=True)
    return subprocess.run(list(map(str, command)), check=True, stdin=subprocess.DEVNULL, text=True, **options)


def version():
    text = (ROOT / "include/s3store/core/version.hpp").read_text(encoding="utf-8")
    return re.search(r'version = "([^"]+)"', text)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=["find_package", "add_subdirectory", "fetch_content", "pkg_config"])
    for name in ("cmake", "generator", "compiler", "build-dir"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        prefix, build = pathlib.Path(folder) / "prefix", pathlib.Path(folder) / "build"
        if options.way in ("find_package", "pkg_config"):
            run(options.cmake, "--install", options.build_dir, "--prefix", prefix, stdout=subprocess.DEVNULL)
        if options.way == "pkg_config":
            program = pathlib.Path(folder) / "consumer"
            [found] = prefix.rglob("s3store.pc")
            told = run("pkg-config", "--cflags", "--libs", "s3store", capture_output=True,
                       env={**os.environ, "PKG_CONFIG_PATH": str(found.parent)}).stdout.split()
            run(options.compiler, "-std=c++20", HERE / "main.cpp", *told, "-o", program)
        else:
            program = build / "consumer"
            run(options.cmake, "-S", HERE, "-B", build, "-G", options.generator, f"-DCMAKE_CXX_COMPILER={options.compiler}",
                f"-DCMAKE_PREFIX_PATH={prefix}", f"-DWAY={options.way}", f"-DS3STORE_SOURCE={ROOT}", f"-DS3STORE_WANTED={version()}")
            run(options.cmake, "--build", build)
        said = run(program, capture_output=True).stdout.strip()
    if said != version():
        sys.exit(f"the program says '{said}', and not '{version()}'")


if __name__ == "__main__":
    main()
