// INI and profile files: what is read, written down in the plainest form, is read as the same; every section is found by its name; and an
// error names a line that the file has. Every property stands in the line that it names.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/config/ini.hpp>

#include "property.hpp"

namespace {

using namespace s3store;
using section = config::ini_section;

bool same(const std::vector<section::property>& a, const std::vector<section::property>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.key == y.key && x.value.reveal() == y.value.reveal() && same(x.nested, y.nested);
  });
}

/// The line begins with the key, perhaps indented; the value is in the file from there on, as far as its first line goes.
void stands_in_its_line(const std::vector<section::property>& all, std::string_view text) {
  for (const section::property& p : all) {
    std::string_view rest = text;
    for (std::size_t line = 1; line < p.line; ++line) rest.remove_prefix((std::min)(rest.find('\n'), rest.size() - 1) + 1);
    if (p.line == 1 && rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    const std::string_view here = detail::trim(rest.substr(0, rest.find('\n')));
    fuzz::hold(detail::equal_ignoring_case(here.substr(0, p.key.size()), p.key), "a property stands in the line that it names");
    const std::string_view value = p.value.reveal();
    fuzz::hold(here.find(value.substr(0, value.find('\n'))) != std::string_view::npos, "and its value, too");
    for (std::string_view left = value; !left.empty(); left.remove_prefix(detail::utf8_length(left))) {
      fuzz::hold(detail::utf8_length(left) != 0, "a value is UTF-8");
      fuzz::hold(static_cast<unsigned char>(left[0]) >= 0x20 || left[0] == '\t' || left[0] == '\n', "a value has no control characters");
    }
    stands_in_its_line(p.nested, text);
  }
}

/// The header of a section. Which quotes it needs depends on the name.
std::string header_of(const section& s) {
  const std::string kind = s.kind.empty() ? "" : s.kind + " ";
  for (const std::string_view quote : {"", "\"", "'"}) {
    const std::string out = "[" + kind + std::string(quote) + s.name + std::string(quote) + "]\n";
    const auto read = config::parse_ini(out);
    if (read && read->sections.size() == 1 && read->sections[0].kind == s.kind && read->sections[0].name == s.name) return out;
  }
  fuzz::hold(false, "a section's name can be written");
  return {};
}

/// The lines after the first are indented, since they continue the value.
std::string indented(std::string_view value) {
  std::string out;
  for (const char c : value) out.append(1, c).append(c == '\n' ? "  " : "");
  return out;
}

std::string written(const config::ini_document& of) {
  std::string out;
  for (const section& s : of.sections) {
    out.append(header_of(s));
    for (const auto& p : s.properties) {
      // Without a blank, since a # behind one would begin a comment.
      out.append(p.key).append(" =").append(indented(p.value.reveal())).append("\n");
      for (const auto& n : p.nested) out.append("  ").append(n.key).append(" = ").append(n.value.reveal()).append("\n");
    }
  }
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::input{data, size}.rest();
  const auto read = config::parse_ini(text);
  if (!read) {
    const std::string& why = read.error().message;
    fuzz::hold(read.error().kind == error_kind::configuration && why.starts_with("line "), "an error names a line");
    const long line = std::strtol(why.c_str() + 5, nullptr, 10);
    fuzz::hold(line >= 1 && line <= std::count(text.begin(), text.end(), '\n') + 1, "the file has the line that an error names");
    return 0;
  }
  for (const section& s : read->sections) {
    fuzz::hold(read->find(s.kind, s.name) == &s, "a section is found by its name");
    if (s.kind == "profile") fuzz::hold(read->profile(s.name) == &s, "a profile is found by its name");
    stands_in_its_line(s.properties, text);
    for (const auto& p : s.properties) {
      fuzz::hold(s.get(p.key) == p.value.reveal(), "a property is found by its key");
      fuzz::hold(p.nested.empty() || p.value.reveal().empty(), "what has nested properties has no value");
      for (const auto& n : p.nested) fuzz::hold(s.get(p.key, n.key) == n.value.reveal(), "a nested property is found by its key");
    }
  }
  const auto again = config::parse_ini(written(*read));
  fuzz::hold(bool(again), "what was read can be written and read");
  fuzz::hold(std::equal(read->sections.begin(), read->sections.end(), again->sections.begin(), again->sections.end(),
                        [](const section& a, const section& b) {
                          return a.kind == b.kind && a.name == b.name && same(a.properties, b.properties);
                        }),
             "what was read, written and read again is the same");
  return 0;
}
