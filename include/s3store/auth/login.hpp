// How does somebody who logged in with `aws login` get credentials? They are in the file that the login left, and are refreshed with a proof
// that whoever asks has the login's key. https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
#pragma once

#include <string>
#include <utility>

#include <s3store/auth/fetching.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

struct console_login {
  std::string session{};          ///< `login_session` of the profile
  std::string region{"us-east-1"};  ///< where the login is refreshed, if its file does not say so
  std::string cache_directory{};  ///< empty: AWS_LOGIN_CACHE_DIRECTORY, else ~/.aws/login/cache
  std::string endpoint{};         ///< of the service that refreshes; empty: AWS's in the region
};

/// The file is read at every fetch, since another process may have refreshed it. Within their last 5 minutes the credentials are refreshed,
/// and the file is replaced; if that fails, the old ones are used as long as they are valid. Fails with error_kind::credentials if there
/// are no valid ones (the message says which command logs in); and as exchanges and tasks on files do.
class login_credentials {
 public:
  explicit login_credentials(console_login wanted, environment from = environment::process())
      : wanted_(std::move(wanted)), from_(std::move(from)) {}
  any_fetch fetch() const;

 private:
  console_login wanted_;
  environment from_;  // has the home directory
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/login_impl.hpp>
#endif
