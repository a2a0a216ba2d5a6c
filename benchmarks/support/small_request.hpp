// What does a small request cost beside the same bytes on bare libcurl? Both ask the same server, each on its kept connection.
#pragma once

#include <stdexcept>
#include <string>

#include <s3store/client/client.hpp>

#include "bare_curl.hpp"
#include "loopback_server.hpp"
#include "measure.hpp"

namespace bench {

/// `call(client)` gives a result, whose value says by its conversion to bool whether all came; it is what both sides do.
template <class Policies = s3store::default_policies, class Call>
finding measure_small_request(const std::string& object, Call&& call) {
  const loopback_server server{object};
  bare_curl bare{request_of<Policies>(server.url(), call)};
  const s3store::basic_client<Policies> client{{.endpoint = server.url()}};
  return measure({.pairs = 151, .calls = 100},
                 [&] {
                   if (const auto answer = call(client); !answer) throw std::runtime_error(answer.error().describe());
                 },
                 [&] { keep(bare.perform()); });
}

/// The object of 4 KiB.
inline std::string four_kib() { return std::string(4096, 'x'); }

}  // namespace bench
