// Which parts of a client can be replaced at compile time? The types in a policies struct. Each must model the concept for its
// role.
//
//   struct mine : s3store::default_policies {
//     using retry = s3store::no_retry;
//     using clock = my_clock;
//   };
//   s3store::basic_client<mine> client{settings, {.clock = my_clock{...}}};
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include <s3store/auth/default_credentials.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/protocol/endpoint_rules.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/retry/policy.hpp>

namespace s3store::inline S3STORE_ABI {

/// Gives the current time of the steady and the wall clock. Called from any thread, also from several at once.
template <class T>
concept clock_source = requires(const T& t) {
  { t.now() } -> std::same_as<instants>;
};

/// Blocks until `until`, or returns an error of kind cancelled as soon as the token is cancelled. Called on the threads that run
/// calls, also on several at once.
template <class T>
concept sleeper = requires(T& t, steady_time until, const cancel_token& stop) {
  { t.sleep_until(until, stop) } -> std::same_as<result<void>>;
};

/// Finds the host and path of a request. Called from any thread, also from several at once.
template <class T>
concept endpoint_rules = requires(const T& t, const endpoint_query& q) {
  { t.resolve(q) } -> std::same_as<result<endpoint>>;
};

/// Signs requests. A signer is used by one call at a time, so it may have scratch space. Requests that need SigV4A are refused, unless it
/// has `static constexpr bool makes_sigv4a = true`; their scope then says so, and has a set of regions.
template <class T>
concept request_signer = std::default_initializable<T> &&
    requires(T& t, const auth::signable& what, headers& fields, const auth::credentials& who, const auth::signing_scope& where, timestamp now) {
  { t.sign_headers(what, fields, who, where, now) } -> std::same_as<result<void>>;
  { t.sign_query(what, fields, std::chrono::seconds{}, who, where, now) } -> std::same_as<result<auth::presigned_query>>;
  { t.chunks() } -> std::same_as<auth::chunk_signer>;
};

/// Chooses the checksum of an upload, and whether downloads are verified. Called from any thread, also from several at once.
template <class T>
concept checksum_rules = requires(const T& t, const operation_spec& spec, const store_profile& profile) {
  { t.for_upload(spec, profile) } -> std::same_as<std::optional<crypto::checksum_algorithm>>;
  { t.verify_downloads() } -> std::convertible_to<bool>;
};

/// Makes checksums that the library does not have built in, if the rules have a member `further()` for them; see crypto/xxhash.hpp.
template <checksum_rules T>
constexpr crypto::checksum_maker further_checksums(const T& rules) noexcept {
  if constexpr (requires { rules.further(); }) {
    return rules.further();
  } else {
    return nullptr;
  }
}

/// What an observer is told about one attempt. Contains no secrets, and so no URL: a presigned one is a secret. The texts are valid
/// only during the call of `attempt_ended`.
struct attempt_event {
  std::string_view operation{};
  std::string_view bucket{};
  std::string_view endpoint{};     ///< scheme, host and port
  int attempt{};                   ///< from 1
  int status{};                    ///< HTTP status; 0 if no answer came
  error_kind kind{};               ///< error_kind::none: success
  std::string_view code{};
  duration elapsed{};              ///< of this attempt
  std::optional<duration> wait{};  ///< before the next attempt; nullopt: there is none
};

/// `attempt_ended` is called on the thread that runs the call, so on several at once if several threads use the client.
template <class T>
concept call_observer = requires(const T& t, const attempt_event& e) { t.attempt_ended(e); };

/// The default: every upload that can have a checksum gets the profile's, and every download is verified.
struct checksums_always {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum == request_checksum::none) return std::nullopt;
    return spec.checksum == request_checksum::required ? profile.required_checksum() : profile.checksum;
  }
  bool verify_downloads() const noexcept { return true; }
};

/// Uploads get a checksum only if S3 requires one, and downloads are not verified.
struct checksums_when_required {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum != request_checksum::required) return std::nullopt;
    return profile.required_checksum();
  }
  bool verify_downloads() const noexcept { return false; }
};

struct no_observer {
  void attempt_ended(const attempt_event&) const noexcept {}
};

/// The defaults for all roles except those that do I/O or sleep, which default_policies adds (client/client.hpp).
struct protocol_policies {
  using retry = exponential_backoff;
  using credentials = auth::default_credentials;
  using signer = auth::signer;
  using clock = system_clock;
  using checksums = checksums_always;
  using endpoint_rules = standard_endpoint_rules;
  using observer = no_observer;
};

/// Makes the compiler say what a policy lacks, instead of where in the library it failed.
template <class P>
consteval bool checked_policies() {
  static_assert(retry_policy<typename P::retry>,
                "policies::retry must have next_wait(const failed_attempt&) -> std::optional<duration> and succeeded(int)");
  static_assert(auth::credentials_provider<typename P::credentials>,
                "policies::credentials must have fetch() that gives a machine whose value_type is auth::credentials");
  static_assert(request_signer<typename P::signer>,
                "policies::signer must be default-constructible and have sign_headers, sign_query and chunks like auth::signer");
  static_assert(clock_source<typename P::clock>, "policies::clock must have now() const -> instants");
  static_assert(checksum_rules<typename P::checksums>,
                "policies::checksums must have for_upload(const operation_spec&, const store_profile&) and verify_downloads()");
  static_assert(endpoint_rules<typename P::endpoint_rules>,
                "policies::endpoint_rules must have resolve(const endpoint_query&) const -> result<endpoint>");
  static_assert(call_observer<typename P::observer>, "policies::observer must have attempt_ended(const attempt_event&) const");
  return true;
}

}  // namespace s3store::inline S3STORE_ABI
