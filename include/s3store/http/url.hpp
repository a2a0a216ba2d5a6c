// What does an endpoint or proxy URL consist of? A scheme (http or https), a host, and optionally a port and a path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::http {

struct url {
  std::string scheme{};  ///< "http" or "https"
  std::string host{};    ///< in lower case; an IPv6 address with its brackets
  std::optional<std::uint16_t> port{};  ///< absent if none was given, or if it is the scheme's default
  std::string path{};    ///< empty, or "/a/b" without a slash at the end

  bool secure() const noexcept { return scheme == "https"; }

  /// The `Host` header: host, and the port if it is not the scheme's default.
  std::string authority() const {
    std::string out = host;
    if (port) detail::append_integer(out.append(":"), *port);
    return out;
  }
  /// Scheme, host and port.
  std::string origin() const { return detail::concat({scheme, "://", authority()}); }
};

namespace detail {
using namespace s3store::detail;

/// The message does not repeat the text: in one that is malformed, a password or a signature can stand anywhere.
inline error not_a_url(std::string_view why) {
  return detail::fail(error_kind::invalid_argument, {"the endpoint URL is malformed: ", why});
}

constexpr bool host_character(char c) noexcept { return detail::is_alpha(c) || detail::is_digit(c) || c == '-' || c == '.' || c == '_'; }

}  // namespace detail

/// Parses `http[s]://host[:port][/path]`. Fails with error_kind::invalid_argument for anything else, also for user names, queries
/// and fragments; the message says what is wrong, and repeats nothing of `text`.
inline result<url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return detail::not_a_url("it must begin with http:// or https://");
  url out;
  out.scheme = detail::lower_case(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return detail::not_a_url("the scheme must be http or https");
  std::string_view rest = text.substr(colon + 3);
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return detail::not_a_url("it must not hold a user name or password");
  if (rest.find_first_of("?#") != std::string_view::npos) return detail::not_a_url("it must not have a query or fragment");

  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return detail::not_a_url("white space in the path");
  out.path = path;

  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return detail::not_a_url("an IPv6 address without its closing bracket");
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
    for (const char c : host.substr(1, host.size() - 2))
      if (detail::hex_digit(c) < 0 && c != ':' && c != '.') return detail::not_a_url("the host is no IPv6 address");
    if (host.size() < 4) return detail::not_a_url("the host is no IPv6 address");
  } else {
    const auto at = authority.find(':');
    host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
    if (host.empty()) return detail::not_a_url("it names no host");
    for (const char c : host)
      if (!detail::host_character(c)) return detail::not_a_url("the host has a character that host names do not have");
  }
  out.host = detail::lower_case(host);
  if (!port.empty()) {
    std::uint16_t number = 0;
    if (port.front() != ':' || !detail::read_integer(port.substr(1), number) || number == 0)
      return detail::not_a_url("the port must be a number from 1 to 65535");
    if (number != (out.secure() ? 443 : 80)) out.port = number;
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::http
