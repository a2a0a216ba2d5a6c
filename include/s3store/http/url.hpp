// What does an endpoint or proxy URL consist of? Only what a client of S3 may be pointed at: http or https, a host, a port, a path.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline v0::http {

struct url {
  std::string scheme{};  ///< "http" or "https"
  std::string host{};    ///< lower case; an IPv6 address with its brackets
  std::optional<std::uint16_t> port{};  ///< absent where none was given, or the scheme's own
  std::string path{};    ///< empty, or "/a/b" without a slash at the end

  bool secure() const noexcept { return scheme == "https"; }

  /// The `Host` header: the port only where it is not the scheme's own.
  std::string authority() const {
    std::string out = host;
    if (port) append_integer(out.append(":"), *port);
    return out;
  }
  /// Scheme, host and port.
  std::string origin() const { return concat({scheme, "://", authority()}); }
};

namespace detail {

inline error not_a_url(std::string_view text, std::string_view why) {
  return fail(error_kind::invalid_argument, {"\"", text, "\" is no endpoint URL: ", why});
}

constexpr bool host_character(char c) noexcept { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }

}  // namespace detail

/// Parses `http[s]://host[:port][/path]`. User names, queries and fragments are refused: an endpoint has none.
inline result<url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return detail::not_a_url(text, "it must begin with http:// or https://");
  url out;
  out.scheme = lower_case(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return detail::not_a_url(text, "the scheme must be http or https");
  std::string_view rest = text.substr(colon + 3);
  // A password must not reach an error text, so this is the first look at what follows.
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return fail(error_kind::invalid_argument, "an endpoint URL must not hold a user name or password");
  if (rest.find_first_of("?#") != std::string_view::npos) return detail::not_a_url(text, "it must not have a query or fragment");

  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return detail::not_a_url(text, "white space in the path");
  out.path = path;

  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return detail::not_a_url(text, "an IPv6 address without its closing bracket");
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
    for (const char c : host.substr(1, host.size() - 2))
      if (hex_digit(c) < 0 && c != ':' && c != '.') return detail::not_a_url(text, "the host is no IPv6 address");
    if (host.size() < 4) return detail::not_a_url(text, "the host is no IPv6 address");
  } else {
    const auto at = authority.find(':');
    host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
    if (host.empty()) return detail::not_a_url(text, "it names no host");
    for (const char c : host)
      if (!detail::host_character(c)) return detail::not_a_url(text, "the host has a character that host names do not have");
  }
  out.host = lower_case(host);
  if (!port.empty()) {
    std::uint16_t number = 0;
    if (port.front() != ':' || !read_integer(port.substr(1), number) || number == 0)
      return detail::not_a_url(text, "the port must be a number from 1 to 65535");
    if (number != (out.secure() ? 443 : 80)) out.port = number;
  }
  return out;
}

}  // namespace s3store::inline v0::http
