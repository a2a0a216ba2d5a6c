// What does somebody get who has no client, only what was signed?
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "support/live.hpp"

namespace live {

/// Sends a request that the library did not build; gives the status and the body.
inline std::pair<int, std::string> raw(const target& t, http::method verb, std::string url, headers fields, std::string_view body = {}) {
  struct stranger final : http::receiver {
    s3store::result<s3store::http::sink*> on_response(http::response&& head) noexcept override {
      answer = std::move(head);
      return &into;
    }
    http::response answer{};
    std::string body{};
    http::string_sink into{body};
  } s;
  const bool has_body = verb == http::method::put || verb == http::method::post;
  http::memory_source from{body};
  http::request out{.verb = verb, .url = std::move(url), .fields = std::move(fields), .body = has_body ? &from : nullptr};
  must(t.perform({.out = &out, .in = &s}));
  return {s.answer.status, s.body};
}

}  // namespace live
