// Which settings of a client do environment variables and the profile in use make? Those that all AWS SDKs and tools read. The key of a
// profile that stands in for a variable is in config/profile_environment.hpp.
// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
//
//   AWS_REGION, else AWS_DEFAULT_REGION
//   AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL            neither, if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true
//   AWS_USE_DUALSTACK_ENDPOINT, AWS_USE_FIPS_ENDPOINT     true or false
//   AWS_S3_US_EAST_1_REGIONAL_ENDPOINT                    regional, or legacy: what is for us-east-1 goes to s3.amazonaws.com
//   AWS_S3_USE_ARN_REGION, AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS, AWS_S3_DISABLE_EXPRESS_SESSION_AUTH     true or false
//   AWS_SIGV4A_SIGNING_REGION_SET                         regions, separated by commas, in which signatures of SigV4A are valid
//   AWS_REQUEST_CHECKSUM_CALCULATION                      WHEN_SUPPORTED: every upload gets the checksum of `settings::profile`
//                                                         WHEN_REQUIRED: only where S3 requires one
//   AWS_RESPONSE_CHECKSUM_VALIDATION                      WHEN_SUPPORTED: every download is verified
//                                                         WHEN_REQUIRED: only where the request asks for it (`checksum_mode`)
//   AWS_MAX_ATTEMPTS                                      attempts, from 1, the first one included
//   AWS_RETRY_MODE                                        standard, adaptive, or legacy, which means standard
//   AWS_DEFAULTS_MODE                                     legacy, standard, auto, in-region, cross-region or mobile: how long connecting may take
//   AWS_CA_BUNDLE                                         a PEM file
//   AWS_SDK_UA_APP_ID                                     a name for the User-Agent header
// And of the profile alone, under `s3 =`: addressing_style, use_accelerate_endpoint, payload_signing_enabled; and use_dualstack_endpoint,
// which, if it is true, counts even against AWS_USE_DUALSTACK_ENDPOINT, as in botocore.
//
// Stores that know no checksum in a trailer (R2, GCS, older ones) need both variables of checksums to be WHEN_REQUIRED, or a profile of
// protocol/store_profiles.hpp.
#pragma once

#include <string_view>

#include <s3store/config/environment.hpp>
#include <s3store/config/settings_reader.hpp>
#include <s3store/core/result.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// Reads the variables above into a client's settings. `own_endpoint` is a variable that comes before AWS's two; it may be empty.
/// Returns the variable that named the endpoint, if one did.
std::string_view read_client_settings(settings_reader& read, settings& into, std::string_view own_endpoint = {});

}  // namespace s3store::inline S3STORE_ABI::detail

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/environment_settings_impl.hpp>
#endif
