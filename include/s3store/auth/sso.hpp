// How does somebody who logged in with IAM Identity Center (`aws sso login`) get credentials? With the token that the login left in a file,
// which is refreshed while the login lasts. https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
#pragma once

#include <string>
#include <utility>

#include <s3store/auth/fetching.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

struct sso_login {
  std::string session{};     ///< the name of the [sso-session]; empty: the older form, whose token is not refreshed
  std::string start_url{};
  std::string region{};      ///< of Identity Center
  std::string account_id{};
  std::string role_name{};
  std::string cache_directory{};  ///< empty: ~/.aws/sso/cache
  std::string portal{};           ///< the service that gives credentials; empty: AWS's in the region
  std::string oidc{};             ///< the service that refreshes tokens; empty: AWS's in the region
};

/// The token's file is read at every fetch. Within its last 15 minutes it is refreshed, while its registration is valid, and the file is
/// replaced; if that fails, the old token is used as long as it is valid. Fails with error_kind::credentials if there is no valid token (the
/// message says which command logs in) or the service refuses; and as exchanges and tasks on files do.
class sso_credentials {
 public:
  explicit sso_credentials(sso_login wanted, environment from = environment::process())
      : wanted_(std::move(wanted)), from_(std::move(from)) {}
  any_fetch fetch() const;

 private:
  sso_login wanted_;
  environment from_;  // has the home directory
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/sso_impl.hpp>
#endif
