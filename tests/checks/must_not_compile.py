#!/usr/bin/env python3
"""Does the compiler refuse a fixture, and for the reason that the fixture names?

    must_not_compile.py FIXTURE -- COMPILER [FLAG...]

A fixture has one or more lines `// expect: text`. Each text must stand in a line of the compiler's output that is an error, or, since
GCC tells a broken concept in notes, in one that explains it.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def findings(fixture, compiler):
    expected = re.findall(r"^// expect: (.+?)\s*$", fixture.read_text(encoding="utf-8"), re.MULTILINE)
    if not expected:
        return ["it has no line `// expect: text`"]
    run = subprocess.run([*compiler, "-fsyntax-only", str(fixture)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if run.returncode == 0:
        return ["it compiles"]
    said = [line for line in run.stderr.splitlines() if re.search(r": (fatal )?(error|note): ", line)]
    missing = [text for text in expected if not any(text in line for line in said)]
    return [f"no error says '{text}'" for text in missing] + ([run.stderr] if missing else [])


def self_test(compiler):
    """Each of these fixtures is at fault, and has to be told so; the last one is good."""
    fixtures = {
        "int main() {}\n": "it has no line",
        "// expect: a sentence\nint main() {}\n": "it compiles",
        "// expect: a sentence\nint main() { return x; }\n": "no error says 'a sentence'",
        '// expect: a sentence\nstatic_assert(sizeof(int) == 0, "a sentence");\n': None,
    }
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "fixture.cpp"
        for text, complaint in fixtures.items():
            path.write_text(text, encoding="utf-8")
            found = findings(path, compiler)
            if bool(found) != bool(complaint) or (complaint and complaint not in found[0]):
                wrong.append(f"wrongly judged:\n{text}{found}")
    return wrong


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit(__doc__)
    what, compiler = sys.argv[1], sys.argv[3:]
    found = self_test(compiler) if what == "--self-test" else findings(pathlib.Path(what), compiler)
    if found:
        sys.exit(f"{what}: " + "\n".join(found))


if __name__ == "__main__":
    main()
