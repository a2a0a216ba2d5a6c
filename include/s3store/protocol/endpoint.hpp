// What is an endpoint, and what does it depend on? A host, a path and what a signature names follow from the settings, the bucket and the
// operation. Rules that find it are a policy; the default ones are in endpoint_rules.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <s3store/core/partitions.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/http/url.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI {

/// The algorithm of a signature.
enum class signing_scheme : std::uint8_t {
  sigv4,
  sigv4a,           ///< for several regions at once, with an asymmetric key
  sigv4_s3express,  ///< SigV4 with the credentials of a session with the bucket (CreateSession)
};

struct endpoint {
  bool secure{true};
  std::string authority{};  ///< host and port, as the Host header has them
  std::string path{};       ///< the path before the key, without a final slash: "", "/bucket", "/prefix/bucket"
  std::string region{};     ///< the region that goes into the signature; with SigV4A a set of regions: "*"
  std::string service{};    ///< the service that goes into the signature: "s3", "s3-outposts"; empty: the operation's
  signing_scheme scheme{};
  bool accepts_sigv4a{};    ///< with `sigv4`: a SigV4A signature for the regions "*" is as good; signers that prefer it make that

  std::string origin() const { return (secure ? "https://" : "http://") + authority; }
};

/// The input of `resolve`. It refers to the settings and texts it is made of; valid only during the call.
struct endpoint_query {
  const settings& of;
  const http::url* custom{};          ///< the parsed `settings::endpoint`; null: AWS
  std::string_view bucket{};          ///< empty if the operation has none; may be an ARN, and so have ':' and '/'
  const operation_spec* operation{};  ///< null: a form for browser uploads
  std::string_view region{};          ///< the client's, or the one that a server named for this bucket

  /// The operation's, as `operation_spec` has it.
  std::string_view service() const noexcept { return operation ? operation->service : std::string_view{"s3"}; }
};

/// Can the name be one label of a host name? (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)
constexpr bool is_dns_label(std::string_view s, bool dots_allowed) noexcept {
  if (s.size() < 3 || s.size() > 63) return false;
  bool digits_only = true;
  for (std::size_t i = 0; i != s.size(); ++i) {
    const char c = s[i];
    const bool letter = c >= 'a' && c <= 'z';
    if (c == '.') {
      if (!dots_allowed || i == 0 || i + 1 == s.size() || s[i - 1] == '.' || s[i - 1] == '-' || s[i + 1] == '-') return false;
    } else if (!letter && !detail::is_digit(c) && (c != '-' || i == 0 || i + 1 == s.size())) {
      return false;
    }
    digits_only = digits_only && (detail::is_digit(c) || c == '.');
  }
  return !digits_only || s.find('.') == std::string_view::npos;  // "192.168.0.1" is an address
}

namespace detail {
/// An IPv6 address is in brackets, an IPv4 address has only digits and dots.
constexpr bool is_address(std::string_view host) noexcept {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}
}  // namespace detail

}  // namespace s3store::inline S3STORE_ABI
