// Who sends a request? The owner of an access key, which for temporary credentials has a session token and an expiry time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <s3store/core/secret.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// It has no operator<< on purpose, so that it cannot get into a log by accident.
struct credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};       ///< only temporary credentials have one
  std::optional<timestamp> expires{};  ///< nothing: they do not expire
  std::string account_id{};            ///< of AWS, where the provider tells it
  /// They may be used after `expires`, too, as long as no new ones can be got: their service says so when it cannot make new ones in
  /// time (static stability; EC2's metadata service does).
  bool usable_after_expiry{};

  /// True: requests are sent unsigned.
  bool anonymous() const noexcept { return access_key_id.empty() && secret_access_key.empty(); }
};

/// When credentials that expire are fetched again. The windows are those of AWS's SDKs, and count back from the time of expiry.
struct refresh_windows {
  duration advisory{std::chrono::minutes{15}};   ///< within it one call fetches, and the others go on with the old credentials
  duration mandatory{std::chrono::minutes{10}};  ///< within it the others wait for that
  double advisory_share{1.0 / 4};                ///< of the credentials' lifetime; the advisory window is never longer
  double mandatory_share{1.0 / 8};               ///< the mandatory window, likewise
  duration pause{std::chrono::minutes{1}};       ///< after a fetch that failed, while the old credentials are valid
};

}  // namespace s3store::inline S3STORE_ABI::auth
