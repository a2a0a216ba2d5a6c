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
  std::string url{};                     ///< empty: AWS's in the region
  std::string region{"us-east-1"};       ///< that is signed for
  http::connection_rules rules{};        ///< such as a client certificate

  std::string address() const;
};

/// Asks somebody for the token of the MFA device with that serial number; called on the thread that drives the call, once for each fetch.
using mfa_prompt = std::function<result<std::string>(const std::string& serial)>;

struct role {
  std::string role_arn{};           ///< MinIO needs none: the role is then that of the keys
  std::string role_session_name{};  ///< seen in logs; empty: one with the time in it, as botocore's
  std::string external_id{};
  std::optional<std::chrono::seconds> duration{};  ///< 15 minutes to 12 hours; nullopt: STS decides, an hour for AWS's
  std::string policy{};                            ///< JSON; what the role may do at most for these credentials
  std::vector<std::string> policy_arns{};          ///< likewise
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
  web_identity_credentials(std::string token_file, role wanted, sts_endpoint at = {})
      : token_file_(std::move(token_file)), wanted_(std::move(wanted)), at_(std::move(at)) {}
  any_fetch fetch() const;

 private:
  std::string token_file_;
  role wanted_;
  sts_endpoint at_;
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
