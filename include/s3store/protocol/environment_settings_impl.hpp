// What does each value mean? The definitions for environment_settings.hpp and for `describe`.
#pragma once

#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/default_credentials.hpp>
#include <s3store/auth/signing_scope.hpp>
#include <s3store/config/profile_environment.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/http/url.hpp>
#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/environment_settings.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {

/// Of `mode`; nothing changes for "legacy". https://docs.aws.amazon.com/sdkref/latest/guide/feature-smart-config-defaults.html
inline bool apply_defaults_mode(std::string_view mode, settings& into) {
  using std::chrono::milliseconds;
  if (equal_ignoring_case(mode, "legacy")) return true;
  if (equal_ignoring_case(mode, "in-region")) into.limits.connect = milliseconds{1100};
  else if (equal_ignoring_case(mode, "mobile")) into.limits.connect = milliseconds{30'000};
  else if (equal_ignoring_case(mode, "standard") || equal_ignoring_case(mode, "auto") || equal_ignoring_case(mode, "cross-region"))
    into.limits.connect = milliseconds{3100};
  else
    return false;
  return true;
}

S3STORE_INLINE std::string_view read_client_settings(settings_reader& read, settings& into, std::string_view own_endpoint) {
  bool ignored = false;
  read.boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", ignored);
  std::string_view endpoint = own_endpoint;
  const bool own = !own_endpoint.empty() && read.is_set(own_endpoint);
  if (!own && !ignored) {
    endpoint = read.first_set({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
    if (!read.is_set(endpoint)) read.parsed(config::detail::missing_services, config::detail::accepted_services, [](std::string) { return false; });
  }
  bool named = false;
  if (!endpoint.empty())
    read.parsed(endpoint, "a URL such as http://localhost:9000 or https://s3.example.com, without user, query and fragment",
                [&](std::string text) {
                  named = true;
                  into.endpoint = std::move(text);
                  return http::parse_url(into.endpoint).has_value();
                });
  if (named) into.sources.push_back({"endpoint", read.place_of(endpoint)});
  const auto note = [&](std::string_view member, std::string_view variable) {
    if (read.is_set(variable)) into.sources.push_back({member, read.place_of(variable)});
  };
  const auto region = read.first_set({"AWS_REGION", "AWS_DEFAULT_REGION"});
  read.parsed(region, "the name of a region, such as us-east-1", [&into](std::string text) {
    into.region = std::move(text);
    return into.endpoint.empty() ? is_region_name(into.region) : is_signing_region(into.region);
  });
  note("region", region);

  const auto flag = [&](std::string_view variable, std::string_view member, bool& value) {
    read.boolean(variable, value);
    note(member, variable);
  };
  flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack", into.use_dualstack);
  bool dualstack_of_s3 = false;
  read.boolean("s3.use_dualstack_endpoint", dualstack_of_s3);
  if (dualstack_of_s3) {
    into.use_dualstack = true;
    note("use_dualstack", "s3.use_dualstack_endpoint");
  }
  flag("AWS_USE_FIPS_ENDPOINT", "use_fips", into.use_fips);
  flag("AWS_S3_USE_ARN_REGION", "use_arn_region", into.use_arn_region);
  flag("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "disable_multiregion_access_points", into.disable_multiregion_access_points);
  read.parsed("AWS_SIGV4A_SIGNING_REGION_SET", "names of regions such as us-east-1, separated by commas, or *", [&into](std::string text) {
    into.sigv4a_region_set = std::move(text);
    return auth::check_region_set(into.sigv4a_region_set).has_value();
  });
  note("sigv4a_region_set", "AWS_SIGV4A_SIGNING_REGION_SET");
  flag("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "disable_express_session_auth", into.disable_express_session_auth);
  flag("s3.use_accelerate_endpoint", "use_accelerate", into.use_accelerate);
  const auto word = [&](std::string_view variable, std::string_view member, std::string_view accepted, auto parse) {
    read.parsed(variable, accepted, parse);
    note(member, variable);
  };
  word("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "use_global_endpoint", "regional or legacy", [&](std::string_view text) {
    into.use_global_endpoint = equal_ignoring_case(text, "legacy");
    return into.use_global_endpoint || equal_ignoring_case(text, "regional");
  });
  word("s3.addressing_style", "style", "auto, path or virtual", [&](std::string_view text) {
    into.style = text == "path" ? addressing::path : text == "virtual" ? addressing::virtual_host : addressing::automatic;
    return text == "path" || text == "virtual" || text == "auto";
  });
  word("s3.payload_signing_enabled", "signing", "true or false", [&](std::string_view text) {
    const bool always = equal_ignoring_case(text, "true");
    into.signing = always ? payload_signing::always : payload_signing::automatic;
    return always || equal_ignoring_case(text, "false");
  });

  constexpr std::string_view modes = "WHEN_SUPPORTED or WHEN_REQUIRED";
  bool when_supported = false;
  const auto mode = [&when_supported](std::string_view text) {
    when_supported = equal_ignoring_case(text, "when_supported");
    return when_supported || equal_ignoring_case(text, "when_required");
  };
  word("AWS_REQUEST_CHECKSUM_CALCULATION", "profile.checksum", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    if (!when_supported) {
      into.profile.checksum.reset();
    } else if (!into.profile.checksum) {
      into.profile.checksum = store_profile{}.checksum;
    }
    return true;
  });
  word("AWS_RESPONSE_CHECKSUM_VALIDATION", "profile.verify_downloads", modes, [&](std::string_view text) {
    if (!mode(text)) return false;
    into.profile.verify_downloads = when_supported;
    return true;
  });
  read.integer("AWS_MAX_ATTEMPTS", into.max_attempts, 1, (std::numeric_limits<int>::max)());
  note("max_attempts", "AWS_MAX_ATTEMPTS");
  word("AWS_RETRY_MODE", "adaptive_retry", "standard, adaptive or legacy", [&](std::string_view text) {
    into.adaptive_retry = equal_ignoring_case(text, "adaptive");
    return into.adaptive_retry || equal_ignoring_case(text, "standard") || equal_ignoring_case(text, "legacy");
  });
  word("AWS_DEFAULTS_MODE", "limits.connect", "legacy, standard, auto, in-region, cross-region or mobile",
       [&](std::string_view text) { return apply_defaults_mode(text, into); });
  read.text("AWS_CA_BUNDLE", into.ca_bundle);
  note("ca_bundle", "AWS_CA_BUNDLE");
  word("AWS_SDK_UA_APP_ID", "user_agent_suffix", "a name of at most 50 letters, digits and !#$%&'*+-.^_`|~", [&](std::string_view text) {
    into.user_agent_suffix.append(into.user_agent_suffix.empty() ? "app/" : " app/").append(text);
    return text.size() <= 50 && wire::is_header_name(text);
  });
  return named ? endpoint : std::string_view{};
}

}  // namespace detail

S3STORE_INLINE result<settings> settings::from_environment(const environment& variables, settings otherwise) {
  auto all = config::with_profile_in_use(variables);
  if (!all) return std::move(all.error());
  detail::settings_reader read{*all};
  detail::read_client_settings(read, otherwise);
  if (read.fault()) return *read.fault();
  return otherwise;
}
S3STORE_INLINE result<settings> settings::from_environment(const environment& variables) { return from_environment(variables, settings{}); }

S3STORE_INLINE result<settings> settings::from_profile(std::string_view name, const environment& variables, settings otherwise) {
  auto all = config::with_profile_in_use(variables, name);
  if (!all) return std::move(all.error());
  detail::settings_reader read{*all};
  detail::read_client_settings(read, otherwise);
  if (read.fault()) return *read.fault();
  if (!otherwise.credentials) otherwise.credentials = auth::default_credentials{variables, std::string(name)};
  return otherwise;
}

S3STORE_INLINE result<settings> settings::from_profile(std::string_view name, const environment& variables) {
  return from_profile(name, variables, settings{});
}

S3STORE_INLINE std::string describe(const settings& s) {
  std::string out;
  const auto line = [&](std::string_view member, std::string_view value) {
    detail::append_printable(out.append(member).append(" = "), value);
    for (auto at = s.sources.rbegin(); at != s.sources.rend(); ++at) {
      if (at->member != member) continue;
      detail::append_printable(out.append("  (from "), at->place);
      out.append(")");
      break;
    }
    out.append("\n");
  };
  const auto flag = [&](std::string_view member, bool value) { line(member, value ? "true" : "false"); };
  const auto seconds = [](duration d) {
    return detail::concat({detail::decimal(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()), " ms"});
  };
  const bool may_hold_password = s.endpoint.find('@') != std::string::npos || s.endpoint.find('?') != std::string::npos;
  const std::string_view shown = may_hold_password ? std::string_view{"not shown, since it may hold a password"} : std::string_view{s.endpoint};
  line("endpoint", s.endpoint.empty() ? std::string_view{"AWS"} : shown);
  line("region", s.region);
  line("credentials", s.credentials ? "given" : "those of the policy; by default, where AWS's tools look");
  line("style", s.style == addressing::path ? "path" : s.style == addressing::virtual_host ? "virtual_host" : "automatic");
  flag("use_accelerate", s.use_accelerate);
  flag("use_dualstack", s.use_dualstack);
  flag("use_fips", s.use_fips);
  flag("use_global_endpoint", s.use_global_endpoint);
  flag("use_arn_region", s.use_arn_region);
  flag("disable_multiregion_access_points", s.disable_multiregion_access_points);
  line("sigv4a_region_set", s.sigv4a_region_set.empty() ? std::string_view{"what the endpoint asks for"} : std::string_view{s.sigv4a_region_set});
  flag("disable_express_session_auth", s.disable_express_session_auth);
  line("limits.connect", seconds(s.limits.connect));
  line("limits.first_byte", seconds(s.limits.first_byte));
  line("limits.idle", seconds(s.limits.idle));
  line("limits.retry_waits", seconds(s.limits.retry_waits));
  line("limits.total", s.limits.total == duration::zero() ? std::string{"none"} : seconds(s.limits.total));
  line("max_attempts", s.max_attempts ? detail::decimal(*s.max_attempts) : std::string{"those of the retry policy"});
  flag("adaptive_retry", s.adaptive_retry);
  line("signing", s.signing == payload_signing::always ? "always" : s.signing == payload_signing::never ? "never" : "automatic");
  line("profile.checksum", s.profile.checksum ? crypto::name(*s.profile.checksum) : std::string_view{"none"});
  flag("profile.content_md5", s.profile.content_md5);
  flag("profile.aws_chunked", s.profile.aws_chunked);
  flag("profile.verify_downloads", s.profile.verify_downloads);
  line("expected_bucket_owner", s.expected_bucket_owner);
  line("request_payer", s.request_payer);
  line("user_agent_suffix", s.user_agent_suffix);
  line("ca_bundle", s.ca_bundle);
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
