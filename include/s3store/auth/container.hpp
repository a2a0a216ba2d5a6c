// How does a container get credentials? From a service on its host, which variables of the environment name: on ECS, and on EKS with Pod
// Identity. https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#pragma once

#include <utility>

#include <s3store/auth/fetching.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, a path at http://169.254.170.2, or else AWS_CONTAINER_CREDENTIALS_FULL_URI. The request
/// has the content of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, or else AWS_CONTAINER_AUTHORIZATION_TOKEN, as its Authorization. Variables
/// and file are read at every fetch.
///
/// Plain HTTP goes only to a loopback address, to 169.254.170.2, 169.254.170.23 and [fd00:ec2::23], which is checked on the connected
/// socket; and neither plain HTTP nor HTTPS goes through a proxy. Fails with error_kind::credentials if the service refuses or answers
/// something else, with error_kind::configuration if a variable is malformed, and as exchanges do.
class container_credentials {
 public:
  explicit container_credentials(environment from = environment::process()) : from_(std::move(from)) {}
  any_fetch fetch() const;

 private:
  environment from_;
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/container_impl.hpp>
#endif
