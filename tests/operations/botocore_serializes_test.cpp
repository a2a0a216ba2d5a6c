// Does every operation put every member where botocore puts it?
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <s3store/operations/all.hpp>
#include <s3store/protocol/encode.hpp>

#include "operations/filler.hpp"
#include "support/python.hpp"

using namespace s3store;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

struct sent {
  std::string method{}, path{}, body{};
  pairs query{}, fields{};
};

void take_query(pairs& out, std::string_view query) {
  if (query.empty()) return;
  split(query, '&', [&](std::string_view piece) {
    const auto equals = (std::min)(piece.find('='), piece.size());
    out.emplace_back(uri_decode(piece.substr(0, equals)).value(),
                     uri_decode(piece.substr((std::min)(equals + 1, piece.size()))).value());
  });
}

/// Elements, attributes and texts in order; nothing of how they were written.
std::string shape_of(pugi::xml_node at) {
  std::string out = at.type() == pugi::node_pcdata ? "'" + std::string(at.value()) + "'" : std::string(at.name());
  for (const auto attribute : at.attributes()) out += std::string(" ") + attribute.name() + "=" + attribute.value();
  if (at.first_child()) out += "(";
  for (const auto child : at.children()) out += shape_of(child) + " ";
  return at.first_child() ? out + ")" : out;
}
std::string shape_of(const std::string& xml) {
  pugi::xml_document parsed;
  if (xml.empty() || xml[0] != '<') return xml;
  REQUIRE(parsed.load_string(xml.c_str()));
  return shape_of(parsed.document_element());
}

template <class R>
sent ours() {
  R request{};
  test::filler fill;
  R::describe(fill, request);
  encoded_request e;
  encode(request, e);
  if (e.refused.kind != error_kind::none) FAIL(e.refused.describe());
  sent out;
  out.method = to_string(R::spec.method);
  out.path = e.has_bucket ? "/" + e.bucket + (e.has_key ? "/" + e.key : "") : std::string(R::spec.uri.substr(0, R::spec.uri.find('?')));
  take_query(out.query, e.query);
  for (const auto [name, value] : e.fields) out.fields.emplace_back(lower_case(name), value);
  out.body = shape_of(e.stream ? std::string(e.stream->text()) : e.document);
  return out;
}

sent theirs(const nlohmann::json& line) {
  sent out;
  out.method = line["method"];
  const std::string path = line["path"];
  const auto mark = (std::min)(path.find('?'), path.size());
  out.path = path.substr(0, mark);
  if (mark != path.size()) take_query(out.query, std::string_view{path}.substr(mark + 1));
  for (const auto& pair : line["query"])
    out.query.emplace_back(pair[0], pair[1].is_string() ? pair[1].get<std::string>() : pair[1].dump());
  for (const auto& [name, value] : line["headers"].items()) out.fields.emplace_back(lower_case(name), value);
  out.body = shape_of(line["body"].get<std::string>());
  return out;
}

void compare(sent a, sent b) {
  CHECK(a.method == b.method);
  CHECK(a.path == b.path);
  CHECK(a.body == b.body);
  for (auto* each : {&a.query, &a.fields, &b.query, &b.fields}) std::sort(each->begin(), each->end());
  CHECK(a.query == b.query);
  CHECK(a.fields == b.fields);
}

template <class List>
struct operations;
template <class... R>
struct operations<operation_list<R...>> {
  static constexpr std::size_t count = sizeof...(R);
  static std::string names() {
    std::string out;
    ((out += " " + std::string(R::spec.name)), ...);
    return out;
  }
  static void compare_all(const std::map<std::string, nlohmann::json>& lines) {
    const auto one = [&lines](std::string_view name, sent encoded) {
      INFO(name);
      const auto line = lines.find(std::string(name));
      REQUIRE(line != lines.end());
      compare(std::move(encoded), theirs(line->second));
    };
    (one(R::spec.name, ours<R>()), ...);
  }
};

using all = operations<all_operations>;

}  // namespace

TEST_CASE("a request with all its members is what botocore makes of it", "[oracle][operations]") {
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  const std::string script = std::string(source ? source : ".") + "/tests/operations/botocore_serializes.py";
  // Run from where it lies; the names are its arguments.
  const std::string out = test::run_python("import runpy, sys\nsys.argv = ['x'] + '''" + all::names() +
                                           "'''.split()\nrunpy.run_path('" + script + "', run_name='__main__')\n");
  std::map<std::string, nlohmann::json> lines;
  split(out, '\n', [&](std::string_view line) {
    if (line.empty()) return;
    auto parsed = nlohmann::json::parse(line);
    const std::string name = parsed["name"];
    lines.emplace(name, std::move(parsed));
  });
  CHECK(lines.size() == all::count);
  all::compare_all(lines);
}
