// Who is asking?
#pragma once

#include <optional>
#include <string>

#include <s3store/core/optional.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline v0::auth {

/// It has no operator<<, so that no log can hold it by accident.
struct credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};       ///< of temporary credentials; else empty
  std::optional<timestamp> expires{};  ///< nothing: they stay valid

  /// Requests are sent unsigned.
  bool anonymous() const noexcept { return access_key_id.empty() && secret_access_key.empty(); }
};

}  // namespace s3store::inline v0::auth
