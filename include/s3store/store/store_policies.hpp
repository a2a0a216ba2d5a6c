// Which policies does an object store use, and how do they get its settings? It uses a client's policies; each one that can be
// constructed from the settings is.
//
//   struct mine : s3store::store_policies { using observer = my_log; };
//   s3store::basic_object_store<mine> store{settings};
#pragma once

#include <concepts>
#include <utility>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/default_credentials.hpp>
#include <s3store/client/client.hpp>
#include <s3store/retry/policy.hpp>
#include <s3store/store/backend.hpp>
#include <s3store/store/store_settings.hpp>

namespace s3store::inline S3STORE_ABI {

/// The credentials of the settings; if there are none, those that the settings' environment variables lead to
/// (auth/default_credentials.hpp).
class store_credentials {
  using chain = auth::credentials_chain<auth::static_credentials, auth::default_credentials>;

 public:
  /// A template, so that it is compiled only where a store is made.
  template <class Settings>
    requires std::same_as<Settings, object_store_settings>
  explicit store_credentials(const Settings& from)
      : each_(auth::static_credentials{from.credentials}, auth::default_credentials{from.variables}) {}

  auto fetch() const { return each_.fetch(); }

 private:
  chain each_;
};

/// Retries like the Python module: S3_MAX_RETRIES attempts; after attempt n a wait of 2^n seconds, at least 2 and at most 10.
struct store_policies : default_policies {
  using transport = backend_transport;
  using retry = doubling_backoff;
  using credentials = store_credentials;
};

namespace detail {

template <class T>
concept of_attempts = requires(typename T::options o) {
  o.max_attempts = 1;
  T{o};
};
template <class T>
concept made_of_settings = std::constructible_from<T, const object_store_settings&> || std::default_initializable<T>;

/// A policy for these settings: constructed from the settings, or else from the number of attempts, or else by default.
template <made_of_settings T>
T policy_for([[maybe_unused]] const object_store_settings& s) {
  using curl = default_policies::transport;
  if constexpr (std::same_as<T, curl>) {
    return curl{{.ca_bundle = s.ca_bundle}};
  } else if constexpr (std::same_as<T, backend_transport>) {
    return s.transport ? s.transport : backend_transport{policy_for<curl>(s)};
  } else if constexpr (std::constructible_from<T, const object_store_settings&>) {
    return T{s};
  } else if constexpr (retry_policy<T> && of_attempts<T>) {
    typename T::options o{};
    o.max_attempts = s.max_retries;
    return T{o};
  } else if constexpr (retry_policy<T> && std::constructible_from<T, int>) {
    return T{s.max_retries};
  } else {
    return T{};
  }
}

/// True if a client with these policies can be made from settings alone.
template <class P>
concept opens_by_settings =
    made_of_settings<typename P::transport> && made_of_settings<typename P::retry> && made_of_settings<typename P::credentials> &&
    made_of_settings<typename P::clock> && made_of_settings<typename P::sleeper> && made_of_settings<typename P::checksums> &&
    made_of_settings<typename P::endpoint_rules> && made_of_settings<typename P::observer>;

}  // namespace detail

/// A client for these settings. Does no I/O; a malformed setting is the error of the first call.
template <class P>
basic_client<P> client_for(const object_store_settings& s) {
  return basic_client<P>{client_settings(s), policy_values<P>{.transport = detail::policy_for<typename P::transport>(s),
                                                              .retry = detail::policy_for<typename P::retry>(s),
                                                              .credentials = detail::policy_for<typename P::credentials>(s),
                                                              .clock = detail::policy_for<typename P::clock>(s),
                                                              .sleeper = detail::policy_for<typename P::sleeper>(s),
                                                              .checksums = detail::policy_for<typename P::checksums>(s),
                                                              .endpoint_rules = detail::policy_for<typename P::endpoint_rules>(s),
                                                              .observer = detail::policy_for<typename P::observer>(s)}};
}

}  // namespace s3store::inline S3STORE_ABI
