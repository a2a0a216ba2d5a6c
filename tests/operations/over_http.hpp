// What is left of a message that crosses the wire? It is written as HTTP/1.1 and taken apart again.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/protocol/encode.hpp>
#include <s3store/transports/embedded/serve.hpp>

#include "operations/probes.hpp"

namespace test {

using namespace s3store;

inline std::string with_fields(std::string first_line, const headers& fields, std::string_view body) {
  std::string out = std::move(first_line) + "\r\n";
  for (const auto [name, value] : fields) out.append(name).append(": ").append(value).append("\r\n");
  return out.append("\r\n").append(body);
}

struct taken_apart {
  std::string first_line{};
  headers fields{};
  std::string body{};
};
inline taken_apart take_apart(std::string_view message) {
  taken_apart out;
  const auto line = [&message] {
    const auto end = message.find("\r\n");
    const std::string_view one = message.substr(0, end);
    message.remove_prefix(end + 2);
    return one;
  };
  out.first_line = line();
  for (std::string_view one; !(one = line()).empty();) {
    const auto colon = one.find(':');
    out.fields.add(one.substr(0, colon), detail::trim(one.substr(colon + 1)));
  }
  out.body = message;
  return out;
}

inline sent_request over_http(const wire::encoded_request& e) {
  std::string target{e.spec->uri.substr(0, e.spec->uri.find('?'))};
  if (e.has_bucket) target = "/" + e.bucket + (e.has_key ? "/" + e.key : "");
  if (!e.query.empty()) target += "?" + e.query;
  const std::string method{http::to_string(e.spec->method)};
  auto got = take_apart(with_fields(method + " " + target + " HTTP/1.1", e.fields, e.stream ? e.stream->text() : e.document));
  sent_request out{.method = method, .fields = std::move(got.fields), .body = std::move(got.body)};
  const std::string_view line = got.first_line;
  const auto from = line.find(' ') + 1, to = line.rfind(' ');
  const std::string_view sent = line.substr(from, to - from);
  const auto mark = (std::min)(sent.find('?'), sent.size());
  out.path = sent.substr(0, mark);
  out.query = sent.substr((std::min)(mark + 1, sent.size()));
  return out;
}

inline s3store::embedded::served_answer over_http(const s3store::embedded::served_answer& a) {
  auto got = take_apart(with_fields("HTTP/1.1 " + std::to_string(a.status) + " ", a.fields, a.body));
  return {.status = detail::parse_integer<int>(std::string_view{got.first_line}.substr(9, 3)).value_or(0),
          .fields = std::move(got.fields),
          .body = std::move(got.body)};
}

/// Names and values, decoded.
inline std::vector<std::pair<std::string, std::string>> parameters_of(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  detail::split(query, '&', [&](std::string_view piece) {
    if (piece.empty()) return;
    const auto equals = (std::min)(piece.find('='), piece.size());
    out.emplace_back(detail::uri_decode(piece.substr(0, equals), true).value(),
                     detail::uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true).value());
  });
  return out;
}

inline s3store::embedded::received_request received(const sent_request& r) {
  s3store::embedded::received_request out{.verb = http::parse_method(r.method).value(),
                       .query = parameters_of(r.query),
                       .fields = r.fields,
                       .body = r.body};
  const std::string_view path = std::string_view{r.path}.substr(1);
  const auto slash = (std::min)(path.find('/'), path.size());
  out.bucket = detail::uri_decode(path.substr(0, slash)).value();
  out.key = detail::uri_decode(path.substr((std::min)(slash + 1, path.size()))).value();
  return out;
}

}  // namespace test
