// Where does a client look that is given no credentials? Where AWS's tools look, so that a program finds them wherever it runs.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
//
// Each provider may be used alone, by its name, so all of them are included here.
#pragma once

#include <string>
#include <utility>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/container.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/auth/fetching.hpp>
#include <s3store/auth/instance_metadata.hpp>
#include <s3store/auth/login.hpp>
#include <s3store/auth/process.hpp>
#include <s3store/auth/profile.hpp>
#include <s3store/auth/sso.hpp>
#include <s3store/config/environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// The first that has credentials, in botocore's order:
///   environment_credentials         not if a profile is named here
///   profile_credentials             of that profile, else the one that AWS_PROFILE names, else "default"
///   container_credentials           on ECS, and on EKS with Pod Identity
///   instance_metadata_credentials   on EC2; where nobody answers, that costs a second, and is asked again after a minute
/// One that fails ends the search with its error. If none has credentials, the error names all that was tried. Copies share what they know
/// of the instance's service.
class default_credentials {
 public:
  explicit default_credentials(environment from = environment::process(), std::string profile = {}, mfa_prompt ask = {})
      : name_(std::move(profile)), from_(std::move(from)), profile_(name_, from_, std::move(ask)), instance_(from_) {}
  any_fetch fetch() const;

 private:
  std::string name_;
  environment from_;
  profile_credentials profile_;
  instance_metadata_credentials instance_;
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/default_credentials_impl.hpp>
#endif
