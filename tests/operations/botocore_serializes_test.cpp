// Does botocore send the same for the same members? Method, path, query, headers and body, with all members and with some.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <s3store/core/encoding.hpp>
#include <s3store/core/time.hpp>

#include "operations/botocore_oracle.hpp"
#include "operations/over_http.hpp"
#include "operations/probes.hpp"
#include "support/catch.hpp"

using namespace s3store;

namespace {

constexpr std::uint64_t samples = 12;  // of each operation; the first with all members

using pairs = std::vector<std::pair<std::string, std::string>>;

struct comparable {
  std::string method{}, path{}, body{};
  pairs query{}, fields{};
};

/// One way to write a date: we write milliseconds where they do, botocore always microseconds, and in headers no fraction at all.
std::string same_date(std::string_view text, bool in_header) {
  const auto date = text.size() >= 20 && text[4] == '-' && text.ends_with('Z') ? parse_iso8601(text) : std::nullopt;
  if (!date) return std::string(text);
  return format_iso8601(in_header ? std::chrono::floor<std::chrono::seconds>(*date) : *date);
}

/// Elements, attributes and texts in order; nothing of how they were written.
std::string shape_of(pugi::xml_node at) {
  std::string out = at.type() == pugi::node_pcdata ? "'" + same_date(at.value(), false) + "'" : std::string(at.name());
  for (const auto attribute : at.attributes()) out += std::string(" ") + attribute.name() + "=" + attribute.value();
  if (at.first_child()) out += "(";
  for (const auto child : at.children()) out += shape_of(child) + " ";
  return at.first_child() ? out + ")" : out;
}
std::string shape_of(const std::string& body) {
  pugi::xml_document parsed;
  if (body.empty() || body[0] != '<' || !parsed.load_string(body.c_str(), pugi::parse_default | pugi::parse_ws_pcdata)) return body;
  return shape_of(parsed.document_element());
}

comparable ours(const test::sent_request& r) {
  comparable out{.method = r.method, .path = r.path, .body = shape_of(r.body), .query = test::parameters_of(r.query)};
  for (const auto [name, value] : r.fields) out.fields.emplace_back(detail::lower_case(name), same_date(value, true));
  return out;
}

comparable theirs(const nlohmann::json& line) {
  const std::string path = line["path"];
  const auto mark = (std::min)(path.find('?'), path.size());
  comparable out{.method = line["method"],
                 .path = path.substr(0, mark),
                 .body = shape_of(detail::from_base64(line["body"].get<std::string>()).value()),
                 .query = test::parameters_of(std::string_view{path}.substr((std::min)(mark + 1, path.size())))};
  for (const auto& pair : line["query"]) out.query.emplace_back(pair[0], pair[1]);
  for (const auto& [name, value] : line["headers"].items())
    out.fields.emplace_back(detail::lower_case(name), same_date(value.get<std::string>(), true));
  return out;
}

void compare(comparable a, comparable b) {
  CHECK(a.method == b.method);
  CHECK(a.path == b.path);
  CHECK(a.body == b.body);
  for (auto* each : {&a.query, &a.fields, &b.query, &b.fields}) std::sort(each->begin(), each->end());
  CHECK(a.query == b.query);
  CHECK(a.fields == b.fields);
}

}  // namespace

TEST_CASE("a request is what botocore makes of it", "[oracle][operations]") {
  const auto operations = test::all_probes();
  std::vector<test::sent_request> sent;
  std::vector<nlohmann::json> questions;
  for (const auto& p : operations)
    for (std::uint64_t seed = 0; seed != samples; ++seed) {
      auto one = p.request(seed);
      INFO(p.spec->name << ", seed " << seed);
      REQUIRE(one.refused == "");
      questions.push_back({{"operation", p.spec->name}, {"request", std::move(one.from)}});
      sent.push_back(std::move(one.wire));
    }
  const auto answers = test::ask_botocore(questions);
  for (std::size_t i = 0; i != sent.size(); ++i) {
    INFO(operations[i / samples].spec->name << ", seed " << i % samples);
    REQUIRE(answers[i].value("failed", "") == "");
    compare(ours(sent[i]), theirs(answers[i]));
  }
}
