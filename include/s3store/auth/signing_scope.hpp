// Where is a signature valid, and by which algorithm is it made?
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI::auth {

enum class signing_algorithm : std::uint8_t {
  sigv4,   ///< HMAC-SHA256 with a key that is good for a day, a region and a service
  sigv4a,  ///< ECDSA on P-256: valid in several regions at once, as Multi-Region Access Points need it
};

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view sigv4a_algorithm = "AWS4-ECDSA-P256-SHA256";

/// As requests name it.
constexpr std::string_view name(signing_algorithm a) noexcept { return a == signing_algorithm::sigv4a ? sigv4a_algorithm : algorithm; }

struct signing_scope {
  std::string region{};  ///< "eu-central-1"
  std::string service{"s3"};
  signing_algorithm algorithm{};
  /// For SigV4A: regions, separated by commas and nothing else ("us-east-1,eu-west-1"), where '*' stands for any text ("us-*", "*").
  /// Empty: `region`. SigV4 leaves it out.
  std::string region_set{};
  /// For "s3express": the credentials are not those of a session with a bucket, whose tokens have names of their own.
  bool plain_token{};

  friend bool operator==(const signing_scope&, const signing_scope&) = default;
};

/// Printable ASCII without spaces, which is signed and sent in a header field unchanged.
inline bool is_graphic(std::string_view s) noexcept {
  for (const char c : s)
    if (c <= ' ' || c > '~') return false;
  return true;
}

/// Can this be a region set: "*", "us-east-1", "us-east-1,eu-*"? Fails with error_kind::invalid_argument if it is empty, if a name in it
/// is, or if it cannot be sent in a header field unchanged.
inline result<void> check_region_set(std::string_view set) {
  bool empty_name = false;
  detail::split(set, ',', [&empty_name](std::string_view one) { empty_name = empty_name || one.empty(); });
  if (is_graphic(set) && !set.empty() && !empty_name) return {};
  return detail::fail(error_kind::invalid_argument, {"\"", set, "\" is no set of regions to sign for: ",
                                                     set.empty() || !empty_name ? "" : "one of the names in it is empty; ",
                                                     "names such as us-east-1, separated by commas, or * are needed"});
}

}  // namespace s3store::inline S3STORE_ABI::auth
