// What does an endpoint or proxy URL consist of? A scheme (http or https), a host, and optionally a port and a path.
#pragma once

#ifndef _WIN32
#include <arpa/inet.h>
#endif

#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::http {

struct url {
  std::string scheme{};  ///< "http" or "https"
  /// In lower case. Addresses are in the form that every other program, too, writes into its `Host` header, which a signature covers:
  /// "127.0.0.1" for "127.1" and "0x7f.1", "[::1]" for "[0:0:0:0:0:0:0:1]" (RFC 5952).
  std::string host{};
  std::optional<std::uint16_t> port{};  ///< absent if none was given, or if it is the scheme's default
  std::string path{};    ///< percent-encoded; empty, or "/a/b" without a slash at the end

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

/// A number as old resolvers read it: "0x7f", "0177", "127".
inline std::optional<std::uint32_t> address_number(std::string_view text) noexcept {
  std::uint32_t base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    base = to_lower(text[1]) == 'x' ? 16 : 8;
    text.remove_prefix(base == 16 ? 2 : 1);
  }
  std::uint64_t out = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<std::uint32_t>(digit) >= base) return std::nullopt;
    out = out * base + static_cast<std::uint64_t>(digit);
    if (out > 0xffffffff) return std::nullopt;
  }
  return static_cast<std::uint32_t>(out);
}

/// The four bytes of an IPv4 address with one to four numbers, of which the last stands for all bytes that are left; nothing if it is a
/// name. https://url.spec.whatwg.org/#concept-ipv4-parser
inline std::optional<std::uint32_t> ipv4_address(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::uint32_t numbers[4]{};
  std::size_t count = 0;
  bool good = true;
  split(host, '.', [&](std::string_view part) {
    const auto number = part.empty() || count == 4 ? std::nullopt : address_number(part);
    good = good && number;
    if (good) numbers[count++] = *number;
  });
  if (!good || count == 0) return std::nullopt;
  const std::uint64_t last = numbers[count - 1];
  if (last >= std::uint64_t{1} << (8 * (5 - count))) return std::nullopt;
  std::uint32_t out = static_cast<std::uint32_t>(last);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    out |= numbers[i] << (24 - 8 * i);
  }
  return out;
}

/// `text` is without brackets; false if it is no IPv6 address.
inline bool append_ipv6_address(std::string& out, std::string_view text) {
#ifdef _WIN32
  out.append(text);
#else
  unsigned char bytes[16];
  char written[INET6_ADDRSTRLEN];
  if (::inet_pton(AF_INET6, std::string(text).c_str(), bytes) != 1) return false;
  if (!::inet_ntop(AF_INET6, bytes, written, sizeof written)) return false;
  out.append(written);
#endif
  return true;
}

/// Appends a path whose characters that no URL may have are percent-encoded (RFC 3986, section 3.3), as browsers do it.
inline void append_path(std::string& out, std::string_view path) {
  for (const char c : path) {
    if (is_alpha(c) || is_digit(c) || std::string_view{"/%-._~!$&'()*+,;=:@"}.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      append_uri_encoded(out, {&c, 1}, uri_part::query);
    }
  }
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
  const std::string_view rest = text.substr(colon + 3);
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return detail::not_a_url("it must not hold a user name or password");
  if (rest.find_first_of("?#") != std::string_view::npos) return detail::not_a_url("it must not have a query or fragment");

  const auto slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return detail::not_a_url("white space in the path");
  detail::append_path(out.path, path);

  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return detail::not_a_url("an IPv6 address without its closing bracket");
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
    for (const char c : host.substr(1, host.size() - 2))
      if (detail::hex_digit(c) < 0 && c != ':' && c != '.') return detail::not_a_url("the host is no IPv6 address");
    out.host = "[";
    if (!detail::append_ipv6_address(out.host, detail::lower_case(host.substr(1, host.size() - 2))))
      return detail::not_a_url("the host is no IPv6 address");
    out.host.push_back(']');
  } else {
    const auto at = authority.find(':');
    host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
    if (host.empty()) return detail::not_a_url("it names no host");
    for (const char c : host)
      if (!detail::host_character(c)) return detail::not_a_url("the host has a character that host names do not have");
    if (const auto address = detail::ipv4_address(host)) {
      for (int shift = 24; shift >= 0; shift -= 8) detail::append_integer(out.host.append(shift == 24 ? "" : "."), *address >> shift & 0xff);
    } else {
      out.host = detail::lower_case(host);
    }
  }
  if (!port.empty()) {
    std::uint16_t number = 0;
    if (port.front() != ':' || !detail::read_integer(port.substr(1), number) || number == 0)
      return detail::not_a_url("the port must be a number from 1 to 65535");
    if (number != (out.secure() ? 443 : 80)) out.port = number;
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::http
