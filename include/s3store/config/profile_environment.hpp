// How do settings of a profile become those of a program? Each has the name of the variable that sets it, too, and counts where that is not
// set. https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
//
//   [profile x]                        # by default the one that AWS_PROFILE names
//   region = eu-central-1              # as AWS_REGION
//   services = local
//   s3 =
//     addressing_style = path          # has no variable, and is read as "s3.addressing_style"
//
//   [services local]
//   s3 =
//     endpoint_url = http://localhost:9000   # as AWS_ENDPOINT_URL_S3, but behind AWS_ENDPOINT_URL
#pragma once

#include <string>
#include <string_view>

#include <s3store/config/environment.hpp>
#include <s3store/config/profiles.hpp>
#include <s3store/core/result.hpp>

namespace s3store::inline S3STORE_ABI::config {

/// `variables`, and the settings of a profile for those that are unset or empty; each with its place, for messages. Credentials are not
/// among them.
environment with_profile(const environment& variables, const profiles& files, const profiles::profile& p);

/// The same for the profile in use (profiles.hpp). Fails if it does not exist although it was chosen, and as profiles::load does.
result<environment> with_profile_in_use(const environment& variables, std::string_view chosen = {});

namespace detail {
/// What "services" is called in such an environment, if there is no section of that name.
inline constexpr std::string_view missing_services = "services (missing)";
inline constexpr std::string_view accepted_services = "the name of a [services] section of the same file";
}  // namespace detail

/// The address that is configured for a service: "STS" for AWS_ENDPOINT_URL_STS, else AWS_ENDPOINT_URL; empty if there is none, or if
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true. Fails if that is malformed, or if the profile names a [services] section that is not there
/// where it would count: requests that are meant for another place must not go to AWS.
result<std::string> configured_endpoint(const environment& variables, std::string_view service);

}  // namespace s3store::inline S3STORE_ABI::config

#ifdef S3STORE_DEFINITIONS
#include <s3store/config/profile_environment_impl.hpp>
#endif
