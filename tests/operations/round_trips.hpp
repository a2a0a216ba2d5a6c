// Does every member arrive as it was sent? In a request from client to server, in a response from server to client, through HTTP.
//
// Nothing is exempt but what is said here:
// - A response's document is always there: an answer without the one that is due is malformed (protocol/decode.hpp).
// - A date in a header has whole seconds, unless the declaration says that it is an ISO 8601 one.
// - A body that is there and empty is a body that is not there.
// - White space around a header's value is not part of it, and an item of a list in a header has no comma.
// - Enumerations, numbers, flags and dates that are present are not empty.
// - The old form of a notification has two members for its <Event>s, and nobody can tell from which one they came.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "operations/members.hpp"
#include "operations/probes.hpp"
#include "support/catch.hpp"

namespace test {

/// Event and Events as one set.
inline void unite_events(json& at) {
  for (json& child : at)
    if (child.is_structured()) unite_events(child);
  if (!at.is_object()) return;
  std::set<std::string> all;
  if (at.contains("Event")) all.insert(at["Event"].get<std::string>());
  if (at.contains("Event[]")) all.insert(at["Event[]"].begin(), at["Event[]"].end());
  at.erase("Event");
  if (!all.empty()) at["Event[]"] = all;
}

/// The members of one operation's request or response, at both ends.
inline void check_same(const probe& p, json from, json to) {
  if (p.spec->name.ends_with("BucketNotification")) unite_events(from), unite_events(to);
  const json differences = json::diff(from, to);
  CHECK(differences.dump(-1, ' ', false, json::error_handler_t::replace) == "[]");
}

inline void check_all_bindings(const json& filled, const std::vector<std::string>& declared) {
  const auto compared = bindings_in(filled);
  CHECK(compared == std::set<std::string>(declared.begin(), declared.end()));
  CHECK(compared.size() == declared.size());
}

template <class Wire>
void check_arrival(const probe& p, const journey<Wire>& one) {
  CHECK(one.refused == "");
  check_same(p, one.from, one.to);
}

inline void check_round_trips(const std::vector<probe>& operations) {
  for (const probe& p : operations) {
    CAPTURE(p.spec->name);
    {
      INFO("request with all members");
      const auto one = p.request(0);
      check_arrival(p, one);
      check_all_bindings(one.from, p.request_bindings);
    }
    {
      INFO("response with all members");
      const auto one = p.response(0);
      check_arrival(p, one);
      check_all_bindings(one.from, p.response_bindings);
    }
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      CAPTURE(seed);
      check_arrival(p, p.request(seed));
      check_arrival(p, p.response(seed));
    }
  }
}

}  // namespace test
