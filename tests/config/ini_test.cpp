#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
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

std::string coded(std::string_view s) { return s3store::detail::hex(s3store::detail::as_bytes(s)) + "."; }
std::string of_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return out;
}

/// The profiles, SSO sessions and services of a file, as tests/config/ini_files.py describes what botocore reads.
std::string described(const s3store::result<s3store::config::ini_document>& file) {
  if (!file) return "refused";
  std::vector<std::string> lines;
  for (const auto& s : file->sections) {
    const bool is_default = s.kind.empty() && s.name == "default";
    if ((s.kind.empty() && !is_default) || (is_default && file->find("profile", "default"))) continue;
    const std::string section = (is_default ? "profile" : s.kind) + ":" + coded(s.name);
    lines.push_back(section);
    for (const auto& p : s.properties) {
      if (p.nested.empty()) lines.push_back(section + ":" + coded(p.key) + ":" + coded(p.value.reveal()));
      for (const auto& n : p.nested)
        lines.push_back(section + ":" + coded(p.key) + ":" + coded(n.key) + ":" + coded(n.value.reveal()));
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : ",").append(line);
  return out;
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
  CHECK(refusal("[default]\nkey : value\n") == "line 2 must be " + property);
  CHECK(refusal("[default]\nkey #= value\n") == "line 2 must be " + property);
  CHECK(refusal("[in valid]\nkey\n") == "line 2 must be " + property);
  CHECK(refusal("[default]\n -continued\n") == "line 2 must be " + property);
  CHECK(refusal("[a]\nb = c\n[a]\n -continued\n") == "line 4 must be " + property);
  CHECK(refusal("[a]\ns3 =\n  b = c\n  addressing_style\n") == "line 4 must be an indented key = value");
  CHECK(refusal("[a]\ns3 =\n  = c\n[b]\n") == "line 3 must be an indented key = value");
  CHECK(refusal("[default]\naws_secret_access_key hunter2").find("hunter2") == std::string::npos);
  const std::string text = "UTF-8 without control characters, and end with LF or CRLF";
  for (const std::string& wrong : {std::string("x = \0", 5), std::string("x = \xff"), std::string("# \xc3\x28"), std::string("x = \xed\xa0\x80"),
                                  std::string("x = a\x0b"), std::string("x = a\rb"), std::string("x = a\r\r\n"), std::string("\r x = a"),
                                  std::string("\x1b[a]")}) {
    INFO(wrong);
    CHECK(refusal("[a]\r\ny = z\n" + wrong) == "line 3 must be " + text);
  }
  CHECK(refusal("[a]\nb = c\r") == "accepted");
  CHECK(refusal(std::string(1'000'000, '[')) == "line 1 must be " + header);
}

TEST_CASE("empty files have no sections", "[config]") {
  for (const char* empty : {"", "\n", "\xEF\xBB\xBF", " \t\r\n# c\n;\n"}) CHECK(parse_ini(empty).value().sections.empty());
}

TEST_CASE("sections are found by kind and name", "[config]") {
  const auto file = parse_ini(
      "\xEF\xBB\xBF[default]; adjacent\r\na = 1\r\n[profile one] # c ] d\r\na = 2\r\n[profile\ttwo]\r\n[ profile  \"two words\" "
      "]\r\na = 3\r\n"
      "[profile 'x]y']\r\na = 4\r\n[sso-session s]\r\na = 5\r\n[services s]\r\na = 6\r\n[one]\r\na = 7\r\n[profileone]\r\n"
      "a = 9\r\n[\"quoted name\"]\r\na = 10\r\n[profile some-thing:long/the_one%only.foo@bar+]\r\na = 11\r\n[\tblanks \t]\r\na = 12");
  REQUIRE(file);
  CHECK(file->sections.size() == 12);
  CHECK(file->profile("default")->get("a") == "1");
  CHECK(file->profile("one")->get("a") == "2");
  REQUIRE(file->profile("two"));
  CHECK(file->profile("two")->properties.empty());
  CHECK(file->profile("two words")->get("a") == "3");
  CHECK(file->profile("x]y")->get("a") == "4");
  CHECK(file->find("sso-session", "s")->get("a") == "5");
  CHECK(file->find("services", "s")->get("a") == "6");
  CHECK(file->find("one")->get("a") == "7");
  CHECK(file->find("profileone")->get("a") == "9");
  CHECK(file->find("quoted name")->get("a") == "10");
  CHECK(file->profile("some-thing:long/the_one%only.foo@bar+")->get("a") == "11");
  CHECK(file->find("blanks")->get("a") == "12");
  CHECK(file->find("blanks")->find("a")->line == 23);
  CHECK_FALSE(file->profile("s"));
  CHECK_FALSE(file->profile("One"));
  CHECK_FALSE(file->find("two"));
}

TEST_CASE("sections and properties with other names are passed over", "[config]") {
  const auto file = parse_ini(
      "[profile in valid]\na = 1\n  continued\n[two words]\na = 2\n[profile foo!bar]\na = 3\n[Profile one]\na = 4\n[profile \"a\" b]\n"
      "a = 5\n[default]\nin valid = 6\n  continued\na!b = 7\ns p =\n  x = y\na = 8\n");
  REQUIRE(file);
  REQUIRE(file->sections.size() == 1);
  CHECK(file->sections[0].properties.size() == 1);
  CHECK(file->profile("default")->get("a") == "8");
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
      "[a]\nplain=b\nspaced \t= \tc d \t\nequals = b=c==\nempty =\nhash = b #c\nadjacent = b;c\nonly = # c\ntouching =# c\n"
      "semicolon = b ;\ntab = b\t;c # d\npercent = %(b)s\n"
      "long = one # gone\n    two # kept\n   \n    # a comment\n  = three\nS3 =\n  # a comment\n  addressing_style = path\n\n  Payload = "
      "a=b ; c\n  empty =\nlast = x");
  REQUIRE(file);
  const auto& a = *file->find("a");
  CHECK(a.get("PLAIN") == "b");
  CHECK(a.get("spaced") == "c d");
  CHECK(a.get("equals") == "b=c==");
  CHECK(a.get("empty") == "");
  CHECK(a.get("hash") == "b");
  CHECK(a.get("adjacent") == "b;c");
  CHECK(a.get("only") == "");
  CHECK(a.get("touching") == "# c");
  CHECK(a.get("semicolon") == "b");
  CHECK(a.get("tab") == "b");
  CHECK(a.get("percent") == "%(b)s");
  CHECK(a.get("long") == "one\ntwo # kept\n\n= three");
  CHECK(a.get("s3") == "");
  CHECK(a.get("s3", "addressing_style") == "path");
  CHECK(a.get("S3", "PAYLOAD") == "a=b ; c");
  CHECK(a.get("s3", "empty") == "");
  CHECK(a.get("s3", "absent") == std::nullopt);
  CHECK(a.find("s3", "payload")->line == 22);
  CHECK(a.get("absent", "addressing_style") == std::nullopt);
  CHECK(a.get("plain", "b") == std::nullopt);
  CHECK(a.get("absent") == std::nullopt);
  CHECK(a.get("last") == "x");
}

TEST_CASE("botocore reads the same from the same files", "[config][oracle]") {
  // Each line: a file, and what botocore reads from it, as sections, keys and values in hexadecimal.
  std::istringstream lines{test::run_python_script("tests/config/ini_files.py", "3000 1")};
  std::size_t count = 0, refused = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto blank = line.find(' ');
    REQUIRE(blank != std::string::npos);
    const std::string text = of_hex(line.substr(0, blank));
    INFO("the file:\n" << text << "\n----");
    const auto file = parse_ini(text);
    if (!file) {
      ++refused;
      CHECK(file.error().message.starts_with("line "));
    }
    CHECK(described(file) == line.substr(blank + 1));
  }
  CHECK(count == 3000);
  CHECK((refused > 300 && refused < 2000));
}

TEST_CASE("files that nobody would write are read as botocore reads them, or refused by their line", "[config][oracle]") {
  // Each line: a file, what botocore reads from it, and "same" or the differences that the head of config/ini.hpp names.
  std::istringstream lines{test::run_python_script("tests/config/hostile_files.py", "4000 1")};
  std::size_t count = 0, same = 0, read = 0;
  std::string coded, theirs, differences;
  for (; lines >> coded >> theirs >> differences; ++count) {
    const std::string text = coded == "-" ? std::string{} : of_hex(coded);
    INFO("the file:\n" << text << "\n----\nin hexadecimal: " << coded << "\ndifferences: " << differences);
    const auto file = parse_ini(text);
    if (!file) {
      INFO(file.error().message);
      CHECK(file.error().kind == s3store::error_kind::configuration);
      REQUIRE(file.error().message.starts_with("line "));
      const auto line = std::stol(file.error().message.substr(5));
      CHECK((line >= 1 && line <= std::count(text.begin(), text.end(), '\n') + 1));
    }
    if (differences != "same") continue;
    ++same;
    read += file.has_value() ? 1 : 0;
    CHECK(described(file) == (theirs == "-" ? "" : theirs));
  }
  CHECK(count == 4000);
  CHECK((same > 1200 && read > 500));
}
