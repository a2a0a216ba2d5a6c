// Does botocore read what the embedded S3 would write? Responses with all members and with some, parsed by botocore's own parser.
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/core/encoding.hpp>

#include "operations/botocore_oracle.hpp"
#include "operations/probes.hpp"
#include "operations/round_trips.hpp"
#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("botocore reads the members of a response", "[oracle][operations]") {
  constexpr std::uint64_t samples = 12;  // of each operation; the first with all members
  const auto operations = test::all_probes();
  std::vector<nlohmann::json> written, questions;
  for (const auto& p : operations)
    for (std::uint64_t seed = 0; seed != samples; ++seed) {
      auto one = p.response(seed);
      INFO(p.spec->name << ", seed " << seed);
      REQUIRE(one.refused == "");
      nlohmann::json response{
          {"status", one.wire.status}, {"headers", nlohmann::json::object()}, {"body", detail::base64(detail::as_bytes(one.wire.body))}};
      for (const auto [name, value] : one.wire.fields) response["headers"][std::string(name)] = std::string(value);
      questions.push_back({{"operation", p.spec->name}, {"response", std::move(response)}});
      written.push_back(std::move(one.from));
    }
  const auto answers = test::ask_botocore(questions);
  for (std::size_t i = 0; i != written.size(); ++i) {
    const auto& p = operations[i / samples];
    INFO(p.spec->name << ", seed " << i % samples);
    test::check_same(p, written[i], answers[i]);
  }
}
