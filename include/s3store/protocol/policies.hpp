// What can be exchanged at compile time? Each seam is a type in one bundle, and a concept that the type has to model.
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

#include <s3store/auth/providers.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/retry/policy.hpp>

namespace s3store::inline v0 {

/// Says what time it is, by both clocks, from any thread.
template <class T>
concept clock_source = requires(const T& t) {
  { t.now() } -> std::same_as<instants>;
};

/// Lets time pass for a blocking call; ends early, with an error of kind cancelled, when the token says so.
template <class T>
concept sleeper = requires(T& t, steady_time until, const cancel_token& stop) {
  { t.sleep_until(until, stop) } -> std::same_as<result<void>>;
};

template <class T>
concept endpoint_rules = requires(const T& t, const endpoint_query& q) {
  { t.resolve(q) } -> std::same_as<result<endpoint>>;
};

/// Signs requests. One is kept for each call that is under way, so it may have scratch space of its own.
template <class T>
concept request_signer = std::default_initializable<T> &&
    requires(T& t, const auth::signable& what, headers& fields, const auth::credentials& who, const auth::signing_scope& where, timestamp now) {
  { t.sign_headers(what, fields, who, where, now) } -> std::same_as<result<void>>;
  { t.sign_query(what, fields, std::chrono::seconds{}, who, where, now) } -> std::same_as<result<auth::presigned_query>>;
  { t.chunks() } -> std::same_as<auth::chunk_signer>;
};

/// Chooses the checksum that an upload gets, and says whether downloads are verified.
template <class T>
concept checksum_rules = requires(const T& t, const operation_spec& spec, const store_profile& profile) {
  { t.for_upload(spec, profile) } -> std::same_as<std::optional<crypto::checksum_algorithm>>;
  { t.verify_downloads() } -> std::convertible_to<bool>;
};

/// What the rules bring along beside the algorithms that are at home here, by a member `further()`; see crypto/xxhash.hpp.
template <checksum_rules T>
constexpr crypto::checksum_maker further_checksums(const T& rules) noexcept {
  if constexpr (requires { rules.further(); }) {
    return rules.further();
  } else {
    return nullptr;
  }
}

/// One attempt, as an observer sees it. Never a secret, and no URL: a presigned one is a secret.
struct attempt_event {
  std::string_view operation{};
  std::string_view bucket{};
  std::string_view endpoint{};     ///< scheme, host and port
  int attempt{};                   ///< from 1
  int status{};                    ///< 0 where no answer came
  error_kind kind{};               ///< none: success
  std::string_view code{};
  duration elapsed{};              ///< of this attempt
  std::optional<duration> wait{};  ///< before the next one, if there is one
};

template <class T>
concept call_observer = requires(const T& t, const attempt_event& e) { t.attempt_ended(e); };

/// Integrity by default: the profile's checksum on every upload that can have one, and a look at that of every download.
struct checksums_always {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum == request_checksum::none) return std::nullopt;
    return spec.checksum == request_checksum::required ? profile.required_checksum() : profile.checksum;
  }
  bool verify_downloads() const noexcept { return true; }
};

/// Only where S3 refuses a request without one.
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

/// All seams but the two that do I/O; the client's default adds libcurl.
struct protocol_policies {
  using retry = exponential_backoff;
  using credentials = auth::default_credentials;
  using signer = auth::signer;
  using clock = system_clock;
  using checksums = checksums_always;
  using endpoint_rules = standard_endpoint_rules;
  using observer = no_observer;
};

/// One sentence for each seam, so that a wrong policy is told by what it lacks and not by where it failed.
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

}  // namespace s3store::inline v0
