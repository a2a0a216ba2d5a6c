// How does one identity become another? It asks the Security Token Service for temporary credentials of a role.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/fetching.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/config/environment.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Where STS is. MinIO has one, too, at the address of its S3.
struct sts_endpoint {
  std::string url{};                ///< empty: AWS's in the region
  std::string region{"us-east-1"};  ///< that is signed for; "aws-global" is the one address that AWS had at first, and signs for us-east-1
  http::connection_rules rules{};   ///< such as a client certificate

  /// Where botocore finds it: AWS_ENDPOINT_URL_STS, else AWS_ENDPOINT_URL, else AWS's in AWS_REGION or AWS_DEFAULT_REGION; "aws-global"
  /// without a region, and for those regions that are older than their own addresses if AWS_STS_REGIONAL_ENDPOINTS is "legacy". Fails with
  /// error_kind::configuration if a variable is malformed.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
  static result<sts_endpoint> from_environment(const environment& variables = environment::process());

  std::string address() const;
  std::string signing_region() const;
};

/// Asks somebody for the token of the MFA device with that serial number; called on the thread that drives the call, once for each fetch.
using mfa_prompt = std::function<result<std::string>(const std::string& serial)>;

/// What the session is marked with, for policies that ask for it. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
struct session_tag {
  std::string key{};
  std::string value{};  ///< may be empty
};

struct role {
  std::string role_arn{};           ///< MinIO needs none: the role is then that of the keys
  std::string role_session_name{};  ///< seen in logs; empty: one with the time in it, as botocore's
  std::string external_id{};
  std::optional<std::chrono::seconds> duration{};  ///< 15 minutes to 12 hours; nullopt: STS decides, an hour for AWS's
  std::string policy{};                            ///< JSON; what the role may do at most for these credentials
  std::vector<std::string> policy_arns{};          ///< likewise
  std::vector<session_tag> tags{};                 ///< for AssumeRole; a web identity's are in its token
  std::vector<std::string> transitive_tag_keys{};  ///< of the tags that a role assumed with these credentials has, too
  std::string mfa_serial{};                        ///< the device, if the role asks for one; then `mfa_token` is needed
  mfa_prompt mfa_token{};
};

/// Credentials of a role, asked for with those of another provider. Fails with error_kind::credentials if STS refuses or gives something
/// else, with error_kind::configuration if there is an MFA device and nobody to ask for its token; and as the other provider and
/// exchanges do. A throttled or lost request is sent up to three times.
class assume_role_credentials {
 public:
  assume_role_credentials(provider of, role wanted, sts_endpoint at = {})
      : of_(std::move(of)), wanted_(std::move(wanted)), at_(std::move(at)) {}
  any_fetch fetch() const;

 private:
  provider of_;
  role wanted_;
  sts_endpoint at_;
};

/// Credentials of a role for a token of an identity provider: in a pod on EKS (IAM roles for service accounts), in CI. The token's file is
/// read at every fetch. Nothing is signed. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
class web_identity_credentials {
 public:
  /// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME, and where sts_endpoint::from_environment says; read at every fetch.
  /// There are no credentials here without the first, and it is an error_kind::configuration if it is there without the second.
  explicit web_identity_credentials(environment from = environment::process()) : from_(std::move(from)), by_variables_(true) {}
  web_identity_credentials(std::string token_file, role wanted, sts_endpoint at = {})
      : token_file_(std::move(token_file)), wanted_(std::move(wanted)), at_(std::move(at)) {}
  any_fetch fetch() const;

 private:
  environment from_{};
  bool by_variables_{};
  std::string token_file_{};
  role wanted_{};
  sts_endpoint at_{};
};

/// Credentials of MinIO for a client certificate, which `at.rules` must have; its policy is that of the certificate's common name.
/// https://docs.min.io/community/minio-object-store/developers/security-token-service/AssumeRoleWithCertificate.html
class certificate_credentials {
 public:
  /// `duration`: 15 minutes to 365 days, and no longer than the certificate is valid; nullopt: an hour.
  explicit certificate_credentials(sts_endpoint at, std::optional<std::chrono::seconds> duration = {})
      : duration_(duration), at_(std::move(at)) {}
  any_fetch fetch() const;

 private:
  std::optional<std::chrono::seconds> duration_;
  sts_endpoint at_;
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/assume_role_impl.hpp>
#endif
