#!/usr/bin/env python3
"""What does including the library cost a compiler?

Prints a line for each, like s3store_benchmarks (and JSON with --json): the CPU time of compiling, at -O0, a file that does one GET and
includes only what it needs for that, the same with everything included, a file that stores and reads evidence, and a test on the embedded
S3; each header-only and as a file of a program that links s3store::compiled; beside a file that includes <nlohmann/json.hpp> and parses one
document. The median of pairs, ours and the floor in turn.

    benchmarks/compile_cost.py [--json] [--pairs N] [--compiler g++] [NAME...]
"""
import argparse
import json
import os
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

GET = """
int main() {
  s3store::client s3{{.endpoint = "http://127.0.0.1:9000"}};
  auto got = s3.get_object({.bucket = "bucket", .key = "key"});
  return got ? static_cast<int>(got->body.size()) : 1;
}
"""
FLOOR = """#include <nlohmann/json.hpp>
#include <string>
int main(int, char** argv) { return static_cast<int>(nlohmann::json::parse(std::string(argv[0])).size()); }
"""
ONE_FAMILY = "#include <s3store/client/client.hpp>\n#include <s3store/operations/object.hpp>\n" + GET
EVERYTHING = "#include <s3store/s3store.hpp>\n" + GET
EVIDENCE = """#include <s3store/evidence.hpp>
#include <nlohmann/json.hpp>
int main() {
  auto store = s3store::init_objectstore();
  store.connect();
  store_evidence_bundle(store, {.decision_id = "dec-123", .evidence_data = {{"verdict", "ALLOW"}}});
  return retrieve_evidence_bundle(store, "dec-123") ? 0 : 1;
}
"""
EMBEDDED_TEST = """#include <s3store/testing.hpp>
struct in_process : s3store::default_policies { using transport = s3store::embedded_transport; };
int main() {
  s3store::basic_client<in_process> s3{{.endpoint = "http://s3.test", .credentials = s3store::embedded_options{}.credentials.front()}};
  s3.create_bucket({.bucket = "bucket"}).value();
  s3.put_object({.bucket = "bucket", .key = "key", .body = "hello"}).value();
  return s3.get_object({.bucket = "bucket", .key = "key"})->body == "hello" ? 0 : 1;
}
"""
COMPILED = "#define S3STORE_COMPILED\n"
OURS = {
    "compile_one_family": ONE_FAMILY,
    "compile_everything": EVERYTHING,
    "compile_evidence": EVIDENCE,
    "compile_embedded_test": EMBEDDED_TEST,
}
OURS |= {name + "_compiled": COMPILED + text for name, text in OURS.items()}


def cpu_seconds(command):
    """CPU time of the command and of what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of " + ", ".join(OURS) + "; all by default")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    asked = parser.parse_args()
    for name in asked.names:
        if name not in OURS:
            parser.error(f'there is no benchmark "{name}"; there are: {", ".join(OURS)}')

    with tempfile.TemporaryDirectory() as folder:

        def command(name, text):
            source = pathlib.Path(folder, name + ".cpp")
            source.write_text(text)
            flags = ["-std=c++20", "-O0", "-I", str(ROOT / "include"), "-c", str(source), "-o", str(source.with_suffix(".o"))]
            return shlex.split(asked.compiler) + flags

        floor = command("floor", FLOOR)
        for name in asked.names or OURS:
            ours = command(name, OURS[name])
            pairs = []
            for i in range(asked.pairs + 1):  # the first fills the file cache
                order = [ours, floor] if i % 2 == 0 else [floor, ours]
                took = [cpu_seconds(c) for c in order]
                pairs.append(took if i % 2 == 0 else took[::-1])
            pairs = pairs[1:]
            ratio, one, other = (statistics.median(of) for of in ([a / b for a, b in pairs], [a for a, _ in pairs], [b for _, b in pairs]))
            if asked.json:
                print(json.dumps({"name": name, "ratio": round(ratio, 3), "ours": round(one, 3), "floor": round(other, 3), "unit": "s", "runs": len(pairs)}))
            else:
                print(f"bench {name}: ratio {ratio:.2f} (ours {one:.3g} s, floor {other:.3g} s, {len(pairs)} runs)")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
