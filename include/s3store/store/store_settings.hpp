// How is an object store configured? By environment variables, by a struct, or by both.
//
//   object_store_settings::from_environment().value()                                the environment of the process
//   object_store_settings{.bucket_name = "notes", .region = "eu-west-1"}             a struct
//   object_store_settings::from_environment(environment::process(), {.bucket_name = "notes"}).value()
//                                                                                    the struct is used where a variable is unset
//
//   S3_BUCKET_NAME            required
//   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN; else the profile AWS_PROFILE of the shared files in ~/.aws
//   AWS_REGION, else AWS_DEFAULT_REGION                  us-east-1
//   S3_ENDPOINT_URL, else AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL    http[s]://host[:port]    AWS
//   S3_SIGNATURE_VERSION      s3v4                       s3v4
//   S3_MAX_RETRIES            attempts, 1 to 1000        that of AWS_MAX_ATTEMPTS, else 3
//   S3_CONNECT_TIMEOUT, S3_READ_TIMEOUT    seconds       60.0; to connect, what AWS_DEFAULTS_MODE says
//   S3_USE_ACCELERATE         true, false, 1 or 0        the profile's use_accelerate_endpoint under `s3 =`, else false
//   AWS_CA_BUNDLE             a PEM file                 the system's authorities
//   all others of protocol/environment_settings.hpp, such as AWS_REQUEST_CHECKSUM_CALCULATION, AWS_USE_DUALSTACK_ENDPOINT, AWS_RETRY_MODE;
//   and for any of AWS's that is unset, the key of the profile in use
//   OBJECTSTORE_BACKEND       s3 or embedded             s3
//   OBJECTSTORE_EMBEDDED_ROOT a directory                the embedded backend keeps its objects in memory
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/config/environment.hpp>
#include <s3store/config/profile_environment.hpp>
#include <s3store/config/settings_reader.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/url.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/environment_settings.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/backend.hpp>

namespace s3store::inline S3STORE_ABI {

struct object_store_settings {
  std::string bucket_name{};
  auth::credentials credentials{};  ///< empty: read from `variables` or the profile in the shared files when first needed
  std::string region{"us-east-1"};
  std::string endpoint_url{};  ///< empty: AWS
  std::string signature_version{"s3v4"};
  int max_retries{3};  ///< attempts, the first one included
  duration connect_timeout{std::chrono::seconds{60}};
  duration read_timeout{std::chrono::seconds{60}};  ///< the longest time without a byte from the server
  bool use_accelerate{};                            ///< S3 Transfer Acceleration (AWS only)
  std::string ca_bundle{};                          ///< a PEM file; only its authorities are trusted then
  store_backend backend{};
  std::string embedded_root{};                    ///< a directory, created if missing; empty: kept in memory, as long as the store
  backend_transport transport{};                  ///< a transport of your own, used instead of the backend's
  environment variables{environment::process()};  ///< where credentials are looked for
  store_profile profile{};                        ///< which checksums the store knows
  /// Everything else that a client can be told, such as `use_dualstack` or `style`; a provider here comes before `credentials`. What
  /// this struct has a member of its own for does not count here: endpoint, region, use_accelerate, profile, ca_bundle, attempts and limits
  /// (but for limits.total).
  settings client{};

  /// Reads the variables above; where one is unset, `otherwise` is used. Fails with configuration; the message names the variable
  /// and what it accepts.
  static result<object_store_settings> from_environment(const environment& variables, object_store_settings otherwise);
  static result<object_store_settings> from_environment(const environment& variables = environment::process());

  /// Why these settings cannot be used (configuration); empty if they can.
  std::optional<error> fault() const;
};

namespace detail {

/// Such an endpoint is turned into the flag `use_accelerate`: acceleration needs the bucket's name in the host, not in the path.
inline bool is_accelerate_endpoint(std::string_view host, std::string_view bucket) {
  if (host.starts_with(bucket) && host.substr(bucket.size()).starts_with('.')) host.remove_prefix(bucket.size() + 1);
  return host == "s3-accelerate.amazonaws.com";
}

}  // namespace detail

/// The settings of the client behind a store. The time spent waiting between attempts has no limit of its own: the number of
/// attempts is limited.
inline settings client_settings(const object_store_settings& from) {
  settings out = from.client;
  out.max_attempts.reset();  // the retry policy of the store counts them
  out.endpoint = from.endpoint_url;
  out.region = from.region;
  out.use_accelerate = from.use_accelerate;
  out.profile = from.profile;
  out.ca_bundle = from.ca_bundle;
  out.limits.connect = from.connect_timeout;
  out.limits.first_byte = out.limits.idle = from.read_timeout;
  out.limits.retry_waits = duration::zero();
  return out;
}

inline result<object_store_settings> object_store_settings::from_environment(const environment& variables,
                                                                             object_store_settings otherwise) {
  object_store_settings out = std::move(otherwise);
  out.variables = variables;
  auto all = config::with_profile_in_use(variables);
  if (!all) return std::move(all.error());
  detail::settings_reader read{*all};
  read.text("S3_BUCKET_NAME", out.bucket_name);
  if (out.bucket_name.empty())
    return detail::fail(error_kind::configuration,
                "the environment variable S3_BUCKET_NAME must be set, to the name of the bucket that the object store uses");
  settings common = client_settings(out);
  const std::string_view endpoint_variable = detail::read_client_settings(read, common, "S3_ENDPOINT_URL");
  out.region = common.region;
  out.endpoint_url = common.endpoint;
  out.profile = common.profile;
  out.ca_bundle = common.ca_bundle;
  out.use_accelerate = common.use_accelerate;
  out.connect_timeout = common.limits.connect;
  out.max_retries = common.max_attempts.value_or(out.max_retries);
  read.parsed("S3_SIGNATURE_VERSION", "s3v4, the only signature that S3 still takes everywhere", [&out](std::string text) {
    out.signature_version = std::move(text);
    return out.signature_version == "s3v4";
  });
  const auto note = [&](std::string_view member, std::string_view variable) {
    if (read.is_set(variable)) common.sources.push_back({member, read.place_of(variable)});
  };
  read.integer("S3_MAX_RETRIES", out.max_retries, 1, 1000);
  note("max_attempts", "S3_MAX_RETRIES");
  read.seconds("S3_CONNECT_TIMEOUT", out.connect_timeout);
  note("limits.connect", "S3_CONNECT_TIMEOUT");
  read.seconds("S3_READ_TIMEOUT", out.read_timeout);
  note("limits.first_byte", "S3_READ_TIMEOUT");
  note("limits.idle", "S3_READ_TIMEOUT");
  read.boolean("S3_USE_ACCELERATE", out.use_accelerate);
  note("use_accelerate", "S3_USE_ACCELERATE");
  read.parsed("OBJECTSTORE_BACKEND", "s3 or embedded", [&out](const std::string& text) {
    out.backend = text == "embedded" ? store_backend::embedded : store_backend::s3;
    return text == to_string(out.backend);
  });
  read.text("OBJECTSTORE_EMBEDDED_ROOT", out.embedded_root);
  if (read.fault()) return *read.fault();
  out.client = std::move(common);

  // Credentials in the variables win over the struct's. They are not copied: they are read again when needed.
  const auto own = auth::environment_credentials{variables}.load({});
  if (own) {
    out.credentials = {};
    out.client.credentials = {};
  }
  if (!own && !auth::is_none_here(own.error())) return own.error();

  if (const auto url = http::parse_url(out.endpoint_url); url && detail::is_accelerate_endpoint(url->host, out.bucket_name)) {
    out.endpoint_url.clear();
    out.use_accelerate = true;
  }
  if (out.use_accelerate && !out.endpoint_url.empty()) {
    const bool by_profile = !read.is_set("S3_USE_ACCELERATE") && read.is_set("s3.use_accelerate_endpoint");
    return detail::fail(error_kind::configuration,
                        {read.place_of(by_profile ? "s3.use_accelerate_endpoint" : "S3_USE_ACCELERATE"), " and ",
                         read.place_of(endpoint_variable.empty() ? "S3_ENDPOINT_URL" : endpoint_variable),
                         " cannot go together: acceleration is AWS's own"});
  }
  return out;
}

inline result<object_store_settings> object_store_settings::from_environment(const environment& variables) {
  return from_environment(variables, object_store_settings{});
}

/// As for a client's settings: a line for each, with its value and where that was read, and no secrets.
inline std::string describe(const object_store_settings& s) {
  settings to_client = client_settings(s);
  to_client.max_attempts = s.max_retries;
  if (!to_client.credentials && !s.credentials.anonymous()) to_client.credentials = s.credentials;
  std::string out = "bucket_name = ";
  detail::append_printable(out, s.bucket_name);
  out.append("\nbackend = ").append(to_string(s.backend));
  detail::append_printable(out.append("\nembedded_root = "), s.embedded_root);
  out.append("\n").append(describe(to_client));
  return out;
}

inline std::optional<error> object_store_settings::fault() const {
  const auto wrong = [](std::string_view why) { return detail::fail(error_kind::configuration, {"object_store_settings: ", why}); };
  if (bucket_name.empty()) return wrong("bucket_name must be set (the environment variable S3_BUCKET_NAME)");
  if (signature_version != "s3v4")
    return wrong("signature_version must be s3v4, the only signature that S3 still takes everywhere");
  if (max_retries < 1) return wrong("max_retries counts attempts, and must be at least 1");
  if (connect_timeout <= duration::zero() || read_timeout <= duration::zero())
    return wrong("connect_timeout and read_timeout must be above 0");
  if (endpoint_url.empty() ? !is_region_name(region) : !is_signing_region(region))
    return wrong("region must be the name of a region, such as us-east-1");
  if (!endpoint_url.empty())
    if (const auto url = http::parse_url(endpoint_url); !url) return wrong(detail::concat({"endpoint_url: ", url.error().message}));
  return std::nullopt;
}

}  // namespace s3store::inline S3STORE_ABI
