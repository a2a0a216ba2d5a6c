// Which credentials do environment variables hold? Keys, and maybe a session token.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/provider.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION (a date) and AWS_ACCOUNT_ID, read at every fetch.
/// Fails with error_kind::credentials if only one of the keys is set, or if one of the first three is white space alone; and with
/// error_kind::configuration if the date is malformed.
class environment_credentials {
 public:
  explicit environment_credentials(environment from = environment::process()) : from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<environment_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    constexpr credential_names named{"the environment", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    const auto take = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    credentials out{take(named.access_key_id), take(named.secret_access_key), take(named.session_token)};
    if (auto whole = check_complete(out, named); !whole) return std::move(whole.error());
    if (out.anonymous()) return none_here("the environment has no AWS_ACCESS_KEY_ID");
    if (const auto expires = from_.get_nonempty("AWS_CREDENTIAL_EXPIRATION")) {
      out.expires = parse_timestamp(*expires);
      if (!out.expires) return from_.malformed("AWS_CREDENTIAL_EXPIRATION", "a date such as 2030-01-31T12:00:00Z");
    }
    out.account_id = take("AWS_ACCOUNT_ID");
    return out;
  }

 private:
  environment from_;
};

}  // namespace s3store::inline S3STORE_ABI::auth
