// Does every operation say of checksums what the service's model says (its trait httpChecksum)?
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/operations/all.hpp>

#include "support/python.hpp"

using namespace s3store;

namespace {

/// The headers that a request may have, by their names.
struct header_names {
  std::vector<std::string> seen{};
  void header(std::string_view name, const auto&, auto&&...) { seen.emplace_back(name); }
  void headers(auto&&...) {}
  void uri(auto&&...) {}
  void query(auto&&...) {}
  void stream(auto&&...) {}
  void text(auto&&...) {}
  void status(auto&&...) {}
  void payload(auto&&...) {}
  void root(auto&&...) {}
  void root_text(auto&&...) {}
  void element(auto&&...) {}
  void list(auto&&...) {}
  void url_element(auto&&...) {}
  void attribute(auto&&...) {}
  bool has(std::string_view name) const { return std::find(seen.begin(), seen.end(), name) != seen.end(); }
};

std::string algorithms() {
  std::vector<std::string> names;
  for (const auto& known : crypto::checksum_algorithms) names.emplace_back(known.name);
  std::sort(names.begin(), names.end());
  std::string out;
  for (const auto& name : names) out += " " + name;
  return out;
}

template <class R>
std::string described() {
  header_names of;
  R request{};
  R::describe(of, request);
  const operation_spec& spec = R::spec;
  std::string out;
  if (spec.checksum == request_checksum::required) out += " required";
  if (spec.checksum != request_checksum::none)
    out += of.has("x-amz-sdk-checksum-algorithm") ? " member x-amz-sdk-checksum-algorithm" : " member is missing";
  // HEAD has the member, too, but no bytes to check; the model has no trait for it.
  if (spec.answer_checksum && spec.method != http::method::head)
    out += (of.has("x-amz-checksum-mode") ? " mode x-amz-checksum-mode answers" : " mode is missing") + algorithms();
  return out;
}

template <class... Rs>
std::map<std::string, std::string> ours(operation_list<Rs...>) {
  return {{std::string(Rs::spec.name), described<Rs>()}...};
}

}  // namespace

TEST_CASE("operations need, take and answer the checksums that the model says", "[operations][checksums]") {
  std::map<std::string, std::string> theirs;
  const std::string out = test::run_python_script("tests/operations/http_checksum.py");
  detail::split(out, '\n', [&](std::string_view line) {
    const auto space = (std::min)(line.find(' '), line.size());
    if (!line.empty()) theirs.emplace(line.substr(0, space), line.substr(space));
  });
  REQUIRE(theirs.size() > 100);
  CHECK(theirs["ChecksumAlgorithm"] == algorithms());

  int with_checksum = 0;
  for (const auto& [name, says] : ours(all_operations{})) {
    CAPTURE(name);
    REQUIRE(theirs.contains(name));
    CHECK(says == theirs[name]);
    if (!says.empty()) ++with_checksum;
    theirs.erase(name);
  }
  theirs.erase("ChecksumAlgorithm");
  for (const auto& [name, says] : theirs) {
    CAPTURE(name);
    CHECK(says.empty());  // an operation that is not there yet
  }
  CHECK(with_checksum == 35);
}
