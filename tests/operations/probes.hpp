// What can a test do with an operation without naming it? Send its samples round, from client to server and back.
//
// The operations are compiled here, in a few parts, and tests use them through functions without templates.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <s3store/transports/embedded/serve.hpp>

namespace test {

/// One request or response on its way, with seed 0 all members filled.
template <class Wire>
struct journey {
  nlohmann::json from{};  ///< members as they set out (members.hpp)
  Wire wire{};            ///< what travelled
  nlohmann::json to{};    ///< members as they arrived
  std::string refused{};  ///< why it went no farther, if it did
};

/// A request as it stands in HTTP.
struct sent_request {
  std::string method{}, path{}, query{};  ///< encoded
  s3store::headers fields{};
  std::string body{};
};

struct probe {
  const s3store::operation_spec* spec{};
  std::vector<std::string> request_bindings{}, response_bindings{};
  journey<sent_request> (*request)(std::uint64_t seed){};
  journey<s3store::embedded::served_answer> (*response)(std::uint64_t seed){};
};

/// Every n-th operation, from the i-th on.
inline constexpr std::size_t parts_of_all = 4;
template <std::size_t part>
std::vector<probe> probes();
template <> std::vector<probe> probes<0>();
template <> std::vector<probe> probes<1>();
template <> std::vector<probe> probes<2>();
template <> std::vector<probe> probes<3>();

/// All operations.
inline std::vector<probe> all_probes() {
  std::vector<probe> out = probes<0>();
  for (auto* const more : {&probes<1>, &probes<2>, &probes<3>})
    for (probe& p : more()) out.push_back(std::move(p));
  return out;
}

}  // namespace test
