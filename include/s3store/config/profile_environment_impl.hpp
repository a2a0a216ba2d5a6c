// Which key of a profile belongs to which variable? The definitions for profile_environment.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/config/profile_environment.hpp>

namespace s3store::inline S3STORE_ABI::config {

namespace detail {
using namespace s3store::detail;

struct shared_setting {
  std::string_view variable{};
  std::string_view key{};
  std::string_view nested{};  // of the key, if it has nested properties
};

/// Of two keys for a variable the first counts.
inline constexpr shared_setting shared_settings[] = {
    {"AWS_REGION", "region", ""},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", ""},
    {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", ""},
    {"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", ""},
    {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3_us_east_1_regional_endpoint", ""},
    {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3", "us_east_1_regional_endpoint"},
    {"AWS_S3_USE_ARN_REGION", "s3_use_arn_region", ""},
    {"AWS_S3_USE_ARN_REGION", "s3", "use_arn_region"},
    {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "s3_disable_multiregion_access_points", ""},
    {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "s3", "s3_disable_multiregion_access_points"},
    {"AWS_SIGV4A_SIGNING_REGION_SET", "sigv4a_signing_region_set", ""},
    {"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "s3_disable_express_session_auth", ""},
    {"AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation", ""},
    {"AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation", ""},
    {"AWS_MAX_ATTEMPTS", "max_attempts", ""},
    {"AWS_RETRY_MODE", "retry_mode", ""},
    {"AWS_CA_BUNDLE", "ca_bundle", ""},
    {"AWS_SDK_UA_APP_ID", "sdk_ua_app_id", ""},
    {"AWS_DEFAULTS_MODE", "defaults_mode", ""},
    {"AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints", ""},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", ""},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode", ""},
    {"AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled", ""},
    {"AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", ""},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", ""},
    {"s3.addressing_style", "s3", "addressing_style"},
    {"s3.use_dualstack_endpoint", "s3", "use_dualstack_endpoint"},
    {"s3.use_accelerate_endpoint", "s3", "use_accelerate_endpoint"},
    {"s3.payload_signing_enabled", "s3", "payload_signing_enabled"},
};
/// The services that have an address of their own, as variables and as [services] sections name them.
inline constexpr shared_setting endpoint_settings[] = {
    {"AWS_ENDPOINT_URL_S3", "s3", "endpoint_url"},     {"AWS_ENDPOINT_URL_STS", "sts", "endpoint_url"},
    {"AWS_ENDPOINT_URL_SSO", "sso", "endpoint_url"},   {"AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc", "endpoint_url"},
    {"AWS_ENDPOINT_URL_SIGNIN", "signin", "endpoint_url"},
};
}  // namespace detail

S3STORE_INLINE environment with_profile(const environment& variables, const profiles& files, const profiles::profile& p) {
  environment out = variables;
  const auto is_set = [&out](std::string_view name) { return out.get_nonempty(name).has_value(); };
  const auto take = [&](std::string_view name, const found_value& found) {
    if (found && !is_set(name)) out.set(name, found.value, found.place);
  };
  const bool has_region = is_set("AWS_REGION") || is_set("AWS_DEFAULT_REGION");
  for (const detail::shared_setting& one : detail::shared_settings)
    if (one.key != "region" || !has_region) take(one.variable, p.find(one.key, one.nested));
  if (is_set("AWS_ENDPOINT_URL")) return out;
  bool missing = false;
  if (const auto named = p.find("services")) {
    const auto section = files.services(named.value);
    missing = !section;
    if (missing) out.set(detail::missing_services, named.value, named.place);
    for (const detail::shared_setting& one : detail::endpoint_settings) take(one.variable, section.find(one.key, one.nested));
  }
  if (!missing) take("AWS_ENDPOINT_URL", p.find("endpoint_url"));
  return out;
}

S3STORE_INLINE result<environment> with_profile_in_use(const environment& variables, std::string_view chosen) {
  auto files = profiles::load(variables);
  if (!files) return result<environment>::failed_as(std::move(files));
  const auto [name, must_exist] = profile_in_use(chosen, variables);
  const auto p = files->find(name);
  if (!p && must_exist) return detail::fail(error_kind::configuration, {"there is no profile \"", name, "\" in ", files->looked_at()});
  return with_profile(variables, *files, p);
}

S3STORE_INLINE result<std::string> configured_endpoint(const environment& variables, std::string_view service) {
  auto ignored = variables.boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (!ignored) return std::move(ignored.error());
  if (ignored->value_or(false)) return std::string{};
  auto own = variables.get_nonempty(detail::concat({"AWS_ENDPOINT_URL_", service}));
  if (!own && variables.get_nonempty(detail::missing_services)) return variables.malformed(detail::missing_services, detail::accepted_services);
  if (!own) own = variables.get_nonempty("AWS_ENDPOINT_URL");
  while (own && own->ends_with('/')) own->pop_back();
  return own ? std::move(*own) : std::string{};
}

}  // namespace s3store::inline S3STORE_ABI::config
