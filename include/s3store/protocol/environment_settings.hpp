// Which settings of a client do environment variables make? Those that all AWS SDKs and tools read.
// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
//
//   AWS_REGION, else AWS_DEFAULT_REGION
//   AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL            neither, if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true
//   AWS_REQUEST_CHECKSUM_CALCULATION                      WHEN_SUPPORTED: every upload gets the checksum of `settings::profile`
//                                                         WHEN_REQUIRED: only where S3 requires one
//   AWS_RESPONSE_CHECKSUM_VALIDATION                      WHEN_SUPPORTED: every download is verified
//                                                         WHEN_REQUIRED: only where the request asks for it (`checksum_mode`)
//   AWS_MAX_ATTEMPTS                                      attempts, from 1, the first one included
//   AWS_CA_BUNDLE                                         a PEM file
//
// Stores that know no checksum in a trailer (R2, GCS, older ones) need both variables of checksums to be WHEN_REQUIRED.
#pragma once

#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/config/environment.hpp>
#include <s3store/config/settings_reader.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/url.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {

/// Reads the variables above into a client's settings. `own_endpoint` is a variable that comes before AWS's two; it may be empty.
/// Returns the variable that named the endpoint, if one did.
inline std::string_view read_client_settings(settings_reader& read, settings& into, std::string_view own_endpoint = {}) {
  bool ignored = false;
  read.boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", ignored);
  std::string_view endpoint = own_endpoint;
  const bool own = !own_endpoint.empty() && read.is_set(own_endpoint);
  if (!own && !ignored) endpoint = read.first_set({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  bool named = false;
  if (!endpoint.empty())
    read.parsed(endpoint, "a URL such as http://localhost:9000 or https://s3.example.com, without user, query and fragment",
                [&](std::string text) {
                  named = true;
                  into.endpoint = std::move(text);
                  return http::parse_url(into.endpoint).has_value();
                });
  read.parsed(read.first_set({"AWS_REGION", "AWS_DEFAULT_REGION"}), "the name of a region, such as us-east-1", [&into](std::string text) {
    into.region = std::move(text);
    return into.endpoint.empty() ? is_region_name(into.region) : is_signing_region(into.region);
  });

  constexpr std::string_view modes = "WHEN_SUPPORTED or WHEN_REQUIRED";
  bool when_supported = false;
  const auto mode = [&when_supported](std::string_view text) {
    when_supported = detail::equal_ignoring_case(text, "when_supported");
    return when_supported || detail::equal_ignoring_case(text, "when_required");
  };
  read.parsed("AWS_REQUEST_CHECKSUM_CALCULATION", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    if (!when_supported) {
      into.profile.checksum.reset();
    } else if (!into.profile.checksum) {
      into.profile.checksum = store_profile{}.checksum;
    }
    return true;
  });
  read.parsed("AWS_RESPONSE_CHECKSUM_VALIDATION", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    into.profile.verify_downloads = when_supported;
    return true;
  });
  read.integer("AWS_MAX_ATTEMPTS", into.max_attempts, 1, (std::numeric_limits<int>::max)());
  read.text("AWS_CA_BUNDLE", into.ca_bundle);
  return named ? endpoint : std::string_view{};
}

}  // namespace detail

inline result<settings> settings::from_environment(const environment& variables, settings otherwise) {
  detail::settings_reader read{variables};
  detail::read_client_settings(read, otherwise);
  if (read.fault()) return *read.fault();
  return otherwise;
}
inline result<settings> settings::from_environment(const environment& variables) {
  return from_environment(variables, settings{});
}

}  // namespace s3store::inline S3STORE_ABI
