#!/usr/bin/env python3
"""Do the headers keep to the layers? The arrows of the design, and the few other rules that a machine can hold.

    check_includes.py                    check include/s3store; each finding is one line FILE:LINE: what, and what to do
    check_includes.py --write-umbrella   write include/s3store/s3store.hpp from the headers that are there
    check_includes.py --self-test        show that each rule catches a header that breaks it
"""
import argparse
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_LINES = 500

# Lowest first. A layer sees itself and all tiers below its own, never its neighbours in the same tier.
TIERS = [
    ["core"],
    ["config", "json", "xml", "crypto", "http"],
    ["retry"],
    ["auth"],
    ["protocol"],
    ["operations", "drive"],
    ["client"],
    ["transfer"],
    ["store"],
    ["evidence"],
]
TIER = {layer: number for number, tier in enumerate(TIERS) for layer in tier}

# The transports stand beside the tiers: what each of them sees, and who sees them.
TRANSPORT_SEES = {
    "curl": {"core", "http"},
    "scripted": {"core", "http"},
    "embedded": {layer for layer in TIER if TIER[layer] <= TIER["operations"]} - {"drive"},
}
SEES_CURL = {"client"}
MAY_SEE_EMBEDDED = {"store": 1}  # how many headers of that layer

# Each library is behind one door: the headers whose path starts so.
THIRD_PARTY = {
    "curl/": "transports/curl",
    "openssl/": "crypto/",
    "pugixml.hpp": "xml/reader_impl.hpp",
    "nlohmann/": "evidence/",
    "xxhash.h": "crypto/xxhash.hpp",
}
# Included by whoever wants what is in them, and by no other header of ours: they need a library that is no dependency.
OPT_IN = {"crypto/xxhash.hpp"}
# The umbrellas: each may include everything, and no header includes one.
UMBRELLAS = {"s3store.hpp", "client.hpp", "testing.hpp", "store.hpp", "evidence.hpp"}
SYSTEM = re.compile(r"[a-z_0-9]+(\.h)?|(sys|netinet|arpa|linux|net|asm)/[a-z_0-9]+\.h")
BANNED_SYSTEM = {
    "regex": "it is slow to compile and to run",
    "iostream": "it has static constructors",
    "filesystem": "it is slow to compile; use the C or POSIX calls behind a small function",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
LITERAL_OR_COMMENT = re.compile(
    r'R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'  # a raw string
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9A-Za-z_])'(?:[^'\\\n]|\\.)+'"  # not the separator in 1'000
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
BARE_MIN_MAX = re.compile(r"(?<!\w)(min|max)\s*\(")


def code_of(text):
    """The text with comments and literals blanked, line for line; include lines are kept."""
    def blank(match):
        return "\n" * match.group().count("\n") if match.group().startswith(("//", "/*")) else '""' + "\n" * match.group().count("\n")

    lines = text.split("\n")
    blanked = LITERAL_OR_COMMENT.sub(blank, text).split("\n")
    return [line if INCLUDE.match(line) else without for line, without in zip(lines, blanked)]


def layer_of(path):
    """`http/url.hpp` is of http; `transports/curl_pool.hpp` and `transports/curl/pool.hpp` are both of transports/curl."""
    parts = path.split("/")
    if len(parts) == 1:
        return path
    if parts[0] == "transports":
        return "transports/" + re.split(r"[_./]", parts[1])[0]
    return parts[0]


def allowed(source, target):
    """May the header `source` include the header `target`? Both are paths below include/s3store."""
    a, b = layer_of(source), layer_of(target)
    if target in UMBRELLAS or target in OPT_IN:
        return False
    if source in UMBRELLAS:
        return True
    if source == "fwd.hpp":
        return b == "core" or target.endswith("/fwd.hpp")
    if target == "fwd.hpp" or a == b:
        return True
    if b == "transports/curl":
        return a in SEES_CURL
    if b == "transports/embedded":
        return a in MAY_SEE_EMBEDDED  # how many of them do is counted by check()
    if a.startswith("transports/"):
        return b in TRANSPORT_SEES.get(a.removeprefix("transports/"), set())
    return a in TIER and b in TIER and TIER[b] < TIER[a]


def includes(lines):
    """(line number, form, path, inside a condition?) of each include. That the compiler is supported is no condition."""
    depth = 0
    for number, line in enumerate(lines, 1):
        if "S3STORE_UNSUPPORTED" in line and not line.lstrip().startswith("#define"):
            continue
        if re.match(r"\s*#\s*if", line):
            depth += 1
        elif re.match(r"\s*#\s*endif", line):
            depth -= 1
        elif found := INCLUDE.match(line):
            yield number, found[1], found[2], depth > 0


def headers(base):
    return sorted(path.relative_to(base).as_posix() for path in base.rglob("*.hpp"))


def read(base, name):
    return (base / name).read_text(encoding="utf-8")


def own_includes(base, name):
    """(path below include/s3store, inside a condition?) of each header of ours that `name` includes."""
    for _, _, target, conditional in includes(code_of(read(base, name))):
        if target.startswith("s3store/"):
            yield target.removeprefix("s3store/"), conditional


def check_header(base, name):
    text = read(base, name)
    lines = code_of(text)
    layer = layer_of(name)
    if layer not in TIER and layer not in UMBRELLAS | {"fwd.hpp"} and layer.removeprefix("transports/") not in TRANSPORT_SEES:
        yield 1, f"'{layer}' is no layer of the design"
    if "#pragma once" not in lines:
        yield 1, "there is no #pragma once"
    if len(lines) - 1 > MAX_LINES:
        yield MAX_LINES, f"{len(lines) - 1} lines, more than {MAX_LINES}: split it by the question that it answers"

    for number, form, target, _ in includes(lines):
        if form == '"':
            yield number, f'"{target}": write <s3store/...>, which means the same header wherever it is included from'
        elif target.startswith("s3store/"):
            target = target.removeprefix("s3store/")
            if not (base / target).is_file():
                yield number, f"there is no <s3store/{target}>"
            elif not allowed(name, target):
                what = "a header that is opt-in" if target in OPT_IN else layer_of(target)
                yield number, f"{layer} must not include {what} (<s3store/{target}>)"
        elif door := next((d for prefix, d in THIRD_PARTY.items() if target.startswith(prefix)), None):
            if not name.startswith(door):
                yield number, f"<{target}> is included by {door}* only"
        elif target in BANNED_SYSTEM:
            yield number, f"<{target}> is not used here: {BANNED_SYSTEM[target]}"
        elif not SYSTEM.fullmatch(target):
            yield number, f"<{target}> is no dependency of this library"

    for number, line in enumerate(lines, 1):
        if found := BARE_MIN_MAX.search(line):
            yield number, f"bare {found[1]}(: write (std::{found[1]})(...), because <windows.h> defines it as a macro"
        if re.search(r"\bthread_local\b", line):
            yield number, "thread_local: state belongs to the client's pool"
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line or line != line.rstrip():
            yield number, "a tab, or white space at the end of the line"


def reachable(base, start):
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in seen and (base / name).is_file():
            seen.add(name)
            waiting += [target for target, _ in own_includes(base, name)]
    return seen


def definitions_of(name):
    """`xml/reader.hpp` ends with `xml/reader_impl.hpp`, which includes it in turn."""
    return name.removesuffix(".hpp") + "_impl.hpp"


def cycles(base, names):
    """Headers that include themselves through others, each told once."""
    done, path = set(), []

    def walk(name):
        if name in path:
            yield path[path.index(name):] + [name]
        elif name not in done:
            path.append(name)
            for target, _ in own_includes(base, name):
                if target in names and target != definitions_of(name):
                    yield from walk(target)
            path.pop()
            done.add(name)

    for name in names:
        yield from walk(name)


def check(base):
    names = headers(base)
    found = [f"include/s3store/{name}:{number}: {what}" for name in names for number, what in check_header(base, name)]
    found += [f"include/s3store/{loop[0]}:1: a circle of includes: {' -> '.join(loop)}" for loop in cycles(base, names)]
    for layer, most in MAY_SEE_EMBEDDED.items():
        users = [name for name in names if layer_of(name) == layer
                 and any(layer_of(target) == "transports/embedded" for target, _ in own_includes(base, name))]
        if len(users) > most:
            found.append(f"include/s3store/{users[-1]}:1: {len(users)} headers of {layer} include transports/embedded, {most} may: {', '.join(users)}")
    for name in sorted(set(names) - reachable(base, "s3store.hpp") - OPT_IN - UMBRELLAS):
        found.append(f"include/s3store/s3store.hpp:1: <s3store/{name}> is missing: run scripts/check_includes.py --write-umbrella")
    return found


def umbrella(base):
    """Everything, lowest layer first. A header below a folder's umbrella, or one that fits some machines only, comes in through its owner."""
    names = [name for name in headers(base) if name not in UMBRELLAS and name not in OPT_IN]
    owned = {target for name in names for target, conditional in own_includes(base, name)
             if (conditional and not name.endswith("_impl.hpp")) or target.count("/") > 1}
    order = ["fwd.hpp"] + [layer for tier in TIERS[:TIER["client"]] for layer in tier]
    order += ["transports/scripted", "transports/curl", "transports/embedded"] + [layer for tier in TIERS[TIER["client"]:] for layer in tier]
    out = ["// Everything. A file that needs less compiles faster with the headers that it names.",
           "//",
           "// Written by scripts/check_includes.py --write-umbrella, lowest layer first.",
           "#pragma once",
           "",
           "#include <s3store/core/version.hpp>",
           "",
           "#ifndef S3STORE_UNSUPPORTED"]
    for layer in order:
        members = [name for name in names if layer_of(name) == layer and name not in owned]
        if members:
            out += [""] + [f"#include <s3store/{name}>" for name in members]
    return "\n".join(out + ["", "#endif  // S3STORE_UNSUPPORTED"]) + "\n"


FIXTURES = {  # a header that breaks a rule, and a part of what must be said of it
    "core/a.hpp": ("#include <s3store/http/ok.hpp>", "core must not include http"),
    "http/b.hpp": ("#include <s3store/crypto/ok.hpp>", "http must not include crypto"),
    "drive/c.hpp": ("#include <s3store/operations/ok.hpp>", "drive must not include operations"),
    "retry/d.hpp": ("#include <s3store/auth/ok.hpp>", "retry must not include auth"),
    "transfer/e.hpp": ("#include <s3store/transports/curl.hpp>", "transfer must not include transports/curl"),
    "client/f.hpp": ("#include <s3store/transports/embedded.hpp>", "client must not include transports/embedded"),
    "transports/scripted.hpp": ("#include <s3store/crypto/ok.hpp>", "transports/scripted must not include crypto"),
    "transports/embedded/g.hpp": ("#include <s3store/client/ok.hpp>", "transports/embedded must not include client"),
    "store/h1.hpp": ("#include <s3store/transports/embedded.hpp>", None),
    "store/h2.hpp": ("#include <s3store/transports/embedded.hpp>", "2 headers of store include transports/embedded"),
    "auth/i.hpp": ("#include <openssl/evp.h>", "<openssl/evp.h> is included by crypto/"),
    "xml/j.hpp": ("#include <pugixml.hpp>", "<pugixml.hpp> is included by xml/reader_impl.hpp"),
    "http/k.hpp": ("#include <curl/curl.h>", "<curl/curl.h> is included by transports/curl"),
    "json/l.hpp": ("#include <nlohmann/json.hpp>", "<nlohmann/json.hpp> is included by evidence/"),
    "core/m.hpp": ("#include <regex>", "<regex> is not used here"),
    "core/n.hpp": ("#include <boost/asio.hpp>", "is no dependency"),
    "crypto/x.hpp": ("#include <xxhash.h>", "<xxhash.h> is included by crypto/xxhash.hpp"),
    "auth/x.hpp": ("#include <s3store/crypto/xxhash.hpp>", "auth must not include a header that is opt-in"),
    "core/o.hpp": ("inline int f(int a, int b) { return std::min (a, b); }", "bare min("),
    "core/p.hpp": ("inline auto g() { return std::numeric_limits<int>::max(); }", "bare max("),
    "core/q.hpp": ("// line\n" * MAX_LINES, f"more than {MAX_LINES}"),
    "core/r.hpp": ('#include "ok.hpp"', "write <s3store/...>"),
    "core/s.hpp": ("#include <s3store/core/absent.hpp>", "there is no <s3store/core/absent.hpp>"),
    "core/t1.hpp": ("#include <s3store/core/t2.hpp>", "a circle of includes"),
    "core/t2.hpp": ("#include <s3store/core/t1.hpp>", None),
    "core/u.hpp": ("#include <s3store/s3store.hpp>", "core must not include s3store.hpp"),
    "core/v.hpp": ("inline int h() { thread_local int n = 0; return n; }", "thread_local"),
    "core/w.hpp": ("//\t", "a tab, or white space"),
    "misc/x.hpp": ("", "is no layer"),
    "core/version.hpp": ("", None),
    "client.hpp": ("#include <s3store/client/ok.hpp>", None),
    "store/h3.hpp": ("#include <s3store/client.hpp>", "store must not include client.hpp"),
    "core/d.hpp": ("#ifdef S3STORE_DEFINITIONS\n#include <s3store/core/d_impl.hpp>\n#endif", None),
    "core/d_impl.hpp": ("#include <s3store/core/d.hpp>", None),
    "core/ok.hpp": ("// max(1, 2)\ninline int ok(int a) { return (std::max)(a, 1'000'0) + f(\"min(\"); }", None),
    "crypto/digest_impl.hpp": ("#include <openssl/evp.h>\n#include <s3store/core/ok.hpp>", None),
    "crypto/ok.hpp": ("#include <s3store/core/ok.hpp>", None),
    "crypto/xxhash.hpp": ("#include <xxhash.h>\n#include <s3store/crypto/ok.hpp>", None),
    "http/ok.hpp": ("#include <sys/socket.h>\n#include <s3store/core/ok.hpp>", None),
    "auth/ok.hpp": ("#include <s3store/retry/ok.hpp>\n#include <s3store/http/ok.hpp>\n#include <s3store/operations/fwd.hpp>", "auth must not include operations"),
    "retry/ok.hpp": ("#include <s3store/fwd.hpp>", None),
    "fwd.hpp": ("#include <s3store/core/ok.hpp>\n#include <s3store/operations/fwd.hpp>", None),
    "operations/fwd.hpp": ("", None),
    "operations/ok.hpp": ("", None),
    "client/ok.hpp": ("#include <s3store/transports/curl.hpp>\n#include <s3store/drive/c.hpp>", None),
    "transports/curl.hpp": ("#include <curl/curl.h>\n#include <s3store/http/ok.hpp>", None),
    "transports/embedded.hpp": ("#include <s3store/operations/ok.hpp>\n#include <s3store/auth/ok.hpp>", None),
    "evidence/ok.hpp": ("#include <nlohmann/json.hpp>\n#include <s3store/store/h1.hpp>", None),
}


def self_test():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        for name, (text, _) in FIXTURES.items():
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_text(f"#pragma once\n{text}\n", encoding="utf-8")
        if not any("<s3store/core/ok.hpp> is missing" in line for line in check(base)):
            wrong.append("a header that the umbrella lacks was not told")
        (base / "s3store.hpp").write_text(umbrella(base), encoding="utf-8")
        found = check(base)
        for name, (_, expected) in FIXTURES.items():
            of_it = [line for line in found if line.startswith(f"include/s3store/{name}:")]
            if expected is None and of_it:
                wrong.append(f"a good header was refused: {of_it[0]}")
            elif expected is not None and not any(expected in line for line in of_it):
                wrong.append(f"{name} was not refused with '{expected}', but with {of_it}")
        missing = [line for line in found if line.startswith("include/s3store/s3store.hpp") and "misc/x.hpp" not in line]
        wrong += [f"the written umbrella is incomplete: {line}" for line in missing]
        wrong += [f"the written umbrella has {name}, which is opt-in" for name in OPT_IN if name in umbrella(base)]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write-umbrella", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    base = ROOT / "include" / "s3store"
    if options.self_test:
        found = self_test()
    else:
        if options.write_umbrella:
            (base / "s3store.hpp").write_text(umbrella(base), encoding="utf-8")
        found = check(base)
    for line in found:
        print(line)
    if found:
        sys.exit(f"{len(found)} finding(s)")
    print(f"{len(FIXTURES)} fixtures, each judged rightly" if options.self_test else f"{len(headers(base))} headers, nothing found")


if __name__ == "__main__":
    main()
