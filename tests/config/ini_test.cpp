#include <algorithm>
#include <string>
#include <vector>

#include <s3store/config/ini.hpp>
#include <s3store/core/encoding.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

using s3store::config::parse_ini;

namespace {

std::string refusal(std::string_view text) {
  const auto parsed = parse_ini(text);
  if (parsed) return "accepted";
  CHECK(parsed.error().kind == s3store::error_kind::configuration);
  return parsed.error().message;
}

}  // namespace

TEST_CASE("a malformed file is refused by its line, and not quoted", "[config]") {
  const std::string header = "a section's name in brackets, as in [profile name], and behind it only a comment";
  const std::string property = "key = value, a [section], or a # comment";
  CHECK(refusal("a = b\n") == "line 1 must be a section's name, as in [default]");
  CHECK(refusal("# c\n\n  continued\n") == "line 3 must be a section's name, as in [default]");
  for (const char* wrong : {"[default", "[]", "[ ]", "[default] x", "[default]x", "[profile \"a]", "[profile 'a\n]"}) {
    INFO(wrong);
    CHECK(refusal(wrong) == "line 1 must be " + header);
  }
  CHECK(refusal("[default]\r\nkey\r\n") == "line 2 must be " + property);
  CHECK(refusal("[default]\n= value\n") == "line 2 must be " + property);
  CHECK(refusal("[default]\n -continued\n") == "line 2 must be " + property);
  CHECK(refusal("[a]\nb = c\n[a]\n -continued\n") == "line 4 must be " + property);
  CHECK(refusal("[a]\ns3 =\n  b = c\n  addressing_style\n") == "line 4 must be an indented key = value");
  CHECK(refusal("[a]\ns3 =\n  = c\n[b]\n") == "line 3 must be an indented key = value");
  CHECK(refusal("[default]\naws_secret_access_key hunter2").find("hunter2") == std::string::npos);
  CHECK(refusal(std::string("\0\0", 2)) == "line 1 must be a section's name, as in [default]");
  CHECK(refusal(std::string(1'000'000, '[')) == "line 1 must be " + header);
}

TEST_CASE("empty files have no sections", "[config]") {
  for (const char* empty : {"", "\n", "\xEF\xBB\xBF", " \t\r\n# c\n;\n"}) CHECK(parse_ini(empty).value().sections.empty());
}

TEST_CASE("sections are found by kind and name", "[config]") {
  const auto file = parse_ini(
      "\xEF\xBB\xBF[default]; adjacent\r\na = 1\r\n[profile one] # c ] d\r\na = 2\r\n[profile\ttwo]\r\n[ profile  \"two words\" "
      "]\r\na = 3\r\n"
      "[profile 'x]y']\r\na = 4\r\n[sso-session s]\r\na = 5\r\n[services s]\r\na = 6\r\n[one]\r\na = 7\r\n[profile in valid]\r\na "
      "= 8\r\n[profileone]\r\n"
      "a = 9\r\n[\"quoted name\"]\r\na = 10\r\n[plain words]\r\na = 11\r\n[Profile one]\r\na = 12");
  REQUIRE(file);
  CHECK(file->sections.size() == 13);
  CHECK(file->profile("default")->get("a") == "1");
  CHECK(file->profile("one")->get("a") == "2");
  REQUIRE(file->profile("two"));
  CHECK(file->profile("two")->properties.empty());
  CHECK(file->profile("two words")->get("a") == "3");
  CHECK(file->profile("x]y")->get("a") == "4");
  CHECK(file->find("sso-session", "s")->get("a") == "5");
  CHECK(file->find("services", "s")->get("a") == "6");
  CHECK(file->find("one")->get("a") == "7");
  CHECK(file->find("profile in valid")->get("a") == "8");
  CHECK(file->find("profileone")->get("a") == "9");
  CHECK(file->find("quoted name")->get("a") == "10");
  CHECK(file->find("plain words")->get("a") == "11");
  CHECK(file->find("Profile one")->get("a") == "12");
  CHECK_FALSE(file->profile("in valid"));
  CHECK_FALSE(file->profile("s"));
  CHECK_FALSE(file->profile("One"));
  CHECK_FALSE(file->find("two"));
}

TEST_CASE("[profile default] stands before [default], in whatever order", "[config]") {
  CHECK(parse_ini("[profile default]\na = 1\n[default]\na = 2\n")->profile("default")->get("a") == "1");
  CHECK(parse_ini("[default]\na = 2\n[profile default]\na = 1\n")->profile("default")->get("a") == "1");
}

TEST_CASE("what comes twice is merged, and the later wins", "[config]") {
  const auto file = parse_ini("[a]\nX = 1\ny = 2\ns3 =\n  p = 1\n[b]\n[a]\nx = 3\nz = 4\ns3 =\n  q = 2\n");
  REQUIRE(file);
  REQUIRE(file->sections.size() == 2);
  CHECK(file->find("a")->properties.size() == 4);
  CHECK(file->find("a")->get("x") == "3");
  CHECK(file->find("a")->get("Y") == "2");
  CHECK(file->find("a")->get("z") == "4");
  CHECK(file->find("a")->get("s3", "p") == std::nullopt);
  CHECK(file->find("a")->get("s3", "q") == "2");
}

TEST_CASE("values", "[config]") {
  const auto file = parse_ini(
      "[a]\nplain=b\nspaced \t= \tc d \t\nequals = b=c==\nempty =\ncolon: x\nhash = b #c\nadjacent = b;c\npercent = %(b)s\n"
      "long = one\n    two # kept\n   \n    # a comment\n  = three\nS3 =\n  # a comment\n  addressing_style = path\n\n  Payload = "
      "a=b ; c\n  empty =\nlast = x");
  REQUIRE(file);
  const auto& a = *file->find("a");
  CHECK(a.get("PLAIN") == "b");
  CHECK(a.get("spaced") == "c d");
  CHECK(a.get("equals") == "b=c==");
  CHECK(a.get("empty") == "");
  CHECK(a.get("colon") == "x");
  CHECK(a.get("hash") == "b #c");
  CHECK(a.get("adjacent") == "b;c");
  CHECK(a.get("percent") == "%(b)s");
  CHECK(a.get("long") == "one\ntwo # kept\n\n= three");
  CHECK(a.get("s3") == "");
  CHECK(a.get("s3", "addressing_style") == "path");
  CHECK(a.get("S3", "PAYLOAD") == "a=b ; c");
  CHECK(a.get("s3", "empty") == "");
  CHECK(a.get("s3", "absent") == std::nullopt);
  CHECK(a.get("absent", "addressing_style") == std::nullopt);
  CHECK(a.get("plain", "b") == std::nullopt);
  CHECK(a.get("absent") == std::nullopt);
  CHECK(a.get("last") == "x");
}

TEST_CASE("botocore reads the same from the same files", "[config][oracle]") {
  const std::vector<std::string> files{
      "[default]\nregion = eu-central-1\n",
      "[default]\r\nregion = eu-central-1\r\ns3 =\r\n  addressing_style = path\r\n\r\n  max_concurrent_requests=20\r\n[profile "
      "b]\r\nx = y\r\n",
      "# c\n; d\n[default] # e\n# f\nREGION=x\n  # g\noutput = json # not a comment\nz = a;b\n",
      "[profile \"two words\"]\na = 1\n[profile 'single quotes']\na = 2\n[profile plain]\na = 3\n[profile\ttab]\na = 4\n",
      "[profile in valid words]\na = 1\n[preview]\na = 2\n[profile ok]\na = 3\n",
      "[sso-session my]\nsso_region = x\nsso_start_url = https://d-1.awsapps.com/start#/\n[services s]\ns3 =\n  endpoint_url = "
      "http://x:9000\n",
      "[default]\na = b\n  c\n\td = e\n\n  f\n\n\ng = h\n", "[default]\n  indented = 1\n  also = 2\n    continued\n back = 3\n",
      "[default]\na: b\nc = d:e=f\nurl = http://x:1/\n key with blanks = v  w  \n",
      "[default]\na =\nb =\n\n\nc =\n   \n  # only a comment\n",
      "[default]\na = b\n  [profile x]\nc = d\n[profile Case]\nA = 1\n[profile case]\na = 2\n",
      "[default]\ncredential_process = /opt/bin/get \"a b\" --x='y' # z\n  --more\nrole_arn = arn:aws:iam::1:role/a+b=c,d.e@f-g\n",
      "  [default]\na = \xC3\xA4\n[default2]\nb = 1\n", "[profile a] ; c\n[profile b]#c\nx = 1\n[profile e]\n",
      // refused by both
      "a = b\n", "[default]\nno equals sign\n", "[default]\n= b\n", "[default\na = b\n", "[default]\ns3 =\n  no equals sign\n",
      "[default]\n continued\n"};
  const auto coded = [](std::string_view s) { return s3store::detail::hex(s3store::detail::as_bytes(s)) + "."; };
  std::string input, ours;
  for (const std::string& text : files) {
    input.append(coded(text)).append("\n");
    const auto file = parse_ini(text);
    std::vector<std::string> lines;
    if (!file) {
      lines.push_back("refused");
    } else {
      for (const auto& s : file->sections) {
        const bool is_default = s.kind.empty() && s.name == "default";
        if (s.kind.empty() && !is_default) continue;
        const std::string section = (is_default ? "profile" : s.kind) + " " + coded(s.name);
        lines.push_back(section);
        for (const auto& p : s.properties) {
          if (p.nested.empty()) lines.push_back(section + " " + coded(p.key) + " " + coded(p.value.reveal()));
          for (const auto& n : p.nested)
            lines.push_back(section + " " + coded(p.key) + " " + coded(n.key) + " " + coded(n.value.reveal()));
        }
      }
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) ours.append(line).append("\n");
    ours.append("end\n");
  }
  const std::string theirs = test::run_python(
      "import os, sys, tempfile\n"
      "from botocore.configloader import load_config\n"
      "from botocore.exceptions import ConfigParseError\n"
      "def coded(s): return s.encode().hex() + '.'\n"
      "kinds = {'profile': 'profiles', 'sso-session': 'sso_sessions', 'services': 'services'}\n"
      "for line in sys.stdin:\n"
      "    with tempfile.NamedTemporaryFile() as f:\n"
      "        f.write(bytes.fromhex(line.strip().rstrip('.')))\n"
      "        f.flush()\n"
      "        lines = []\n"
      "        try:\n"
      "            config = load_config(f.name)\n"
      "            for kind, sections in kinds.items():\n"
      "                for name, values in config[sections].items():\n"
      "                    section = kind + ' ' + coded(name)\n"
      "                    lines.append(section)\n"
      "                    for key, value in values.items():\n"
      "                        if isinstance(value, dict):\n"
      "                            lines += [' '.join([section, coded(key), coded(k), coded(v)]) for k, v in value.items()]\n"
      "                        else:\n"
      "                            lines.append(' '.join([section, coded(key), coded(value)]))\n"
      "        except ConfigParseError:\n"
      "            lines = ['refused']\n"
      "        for l in sorted(lines): print(l)\n"
      "        print('end')\n",
      input);
  CHECK(ours == theirs);
}
