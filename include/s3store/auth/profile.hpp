// Which credentials does a profile of ~/.aws/config and ~/.aws/credentials give? What it says decides: keys, a role, a login, or a program.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include <string>
#include <utility>

#include <s3store/auth/assume_role.hpp>
#include <s3store/auth/fetching.hpp>
#include <s3store/auth/instance_metadata.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// What a profile says is looked for in this order, which is botocore's:
///   role_arn with source_profile or credential_source   assume_role_credentials; the source may be a role itself
///   web_identity_token_file with role_arn               web_identity_credentials
///   sso_account_id, sso_role_name                       sso_credentials, with an sso_session or its keys
///   aws_access_key_id in the credentials file
///   login_session                                       login_credentials
///   credential_process                                  process_credentials
///   aws_access_key_id in the config file
///
/// The files are read at every fetch. Fails with error_kind::configuration if a file is malformed, if a profile that was asked for by name
/// is missing, or if its keys contradict each other (profiles that name each other as their source, a role without a source, a device
/// without anybody who is asked for its token); with error_kind::credentials if only one of two keys is there; and as these providers do.
class profile_credentials {
 public:
  /// `profile`: if empty, the one that AWS_DEFAULT_PROFILE or AWS_PROFILE names, else "default"; and then AWS_WEB_IDENTITY_TOKEN_FILE,
  /// AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME come before the profile's keys for them.
  explicit profile_credentials(std::string profile = {}, environment from = environment::process(), mfa_prompt ask = {})
      : profile_(std::move(profile)), from_(std::move(from)), ask_(std::move(ask)) {}
  any_fetch fetch() const;

 private:
  std::string profile_;
  environment from_;
  mfa_prompt ask_;
  instance_metadata_credentials instance_{from_};  // for credential_source; its copies share its token
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/profile_impl.hpp>
#endif
