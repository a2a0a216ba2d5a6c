// What can a call learn from a refusal, so that the same request succeeds when it is sent again? The bucket's region, that the
// credentials have expired, the server's time, and that the server wants no `Expect`. Each is learned at most once in a call, so that
// a server that keeps refusing does not cause an endless loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include <s3store/core/error.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>
#include <s3store/http/message.hpp>
#include <s3store/protocol/arn.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/session.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// What was sent, and what was answered.
struct refusal {
  const error& why;
  const http::response& head;
  http::method method{};
  std::string_view bucket{};
  std::string_view region{};  ///< that the request was sent to
  const auth::credentials* identity{};
  auth::credentials_cache* kept_in{};  ///< where `identity` is from
  timestamp now{};  ///< by the local clock
};

/// The lessons of one call. The session must outlive it.
template <class P>
class lessons {
 public:
  explicit lessons(session<P>& shared) noexcept : shared_(shared) {}
  lessons(const lessons&) = delete;
  lessons& operator=(const lessons&) = delete;
  ~lessons() { settle_time(false); }

  /// True: what was learned may help, so the request is sent again at once.
  bool learn(const refusal& r) {
    return learn_region(r) || learn_expiry(r) || learn_time(r) || learn_expectation(r);
  }

  /// Does the answer redirect without naming a region? The bucket itself can then be asked for it, once.
  bool should_ask_for_region(const refusal& r) {
    const bool elsewhere = r.head.status == 301 || r.head.status == 307 || r.why.code == "PermanentRedirect" || r.why.code == "TemporaryRedirect";
    if (!elsewhere || r.bucket.empty() || arn::is_meant(r.bucket) || asked_for_region_ || region_.done || can_be_region(r.why.region)) return false;
    return asked_for_region_ = true;
  }
  /// The answer to HeadBucket. True if it names a region that helps.
  bool told_region(std::string_view bucket, std::string_view sent_to, const http::response& head) {
    return keep_region(bucket, sent_to, head.fields.value_or_empty("x-amz-bucket-region"));
  }

  /// Called for every answer: the last lesson about the time is forgotten, unless it helped.
  void answered(const error& e) {
    if (e.kind == error_kind::none || e.status != 0) settle_time(!is_about_time(e) && e.kind != error_kind::access_denied);
  }

  /// The server does not accept `Expect: 100-continue`.
  bool no_expect() const noexcept { return expectation_.done; }

 private:
  struct lesson {
    bool done{};
    /// True the first time.
    bool take() noexcept { return !done && (done = true); }
  };

  bool learn_region(const refusal& r) {
    const std::string_view code = r.why.code;
    const bool about_region = r.head.status == 301 || r.head.status == 307 || code == "AuthorizationHeaderMalformed" ||
                              code == "PermanentRedirect" || code == "IncorrectEndpoint" || code == "IllegalLocationConstraintException" ||
                              (r.method == http::method::head && r.head.status == 400);
    return about_region && keep_region(r.bucket, r.region, r.why.region);
  }
  /// At AWS it becomes part of a host name; at other stores it is only signed.
  bool can_be_region(std::string_view region) const noexcept {
    return shared_.configuration().endpoint.empty() ? is_region_name(region) : is_signing_region(region);
  }
  bool keep_region(std::string_view bucket, std::string_view sent_to, std::string_view region) {
    if (arn::is_meant(bucket)) return false;  // it names its region itself
    if (!can_be_region(region) || region == sent_to || !region_.take()) return false;
    shared_.learn_region(bucket, region);
    return true;
  }

  bool learn_expiry(const refusal& r) {
    if ((r.why.code != "ExpiredToken" && r.why.code != "TokenRefreshRequired") || !identity_.take()) return false;
    r.kept_in->drop(r.identity);
    return true;
  }

  static bool is_about_time(const error& e) noexcept {
    return e.code == "RequestTimeTooSkewed" || e.code == "RequestExpired" || e.code == "RequestInTheFuture";
  }
  /// The answer to a HEAD has no code. So a 403 to one may be about the time if its Date is far from ours, but a Date that is off by
  /// days is more likely wrong itself.
  bool learn_time(const refusal& r) {
    const bool may_be_about_time = r.method == http::method::head && r.head.status == 403 && r.why.code.empty();
    if (!is_about_time(r.why) && !may_be_about_time) return false;
    const auto server = parse_http_date(r.head.fields.value_or_empty("Date"));
    if (!server) return false;
    const auto now = shared_.server_time(r.now);
    const auto size = *server > now ? detail::saturating_sub(*server, now) : detail::saturating_sub(now, *server);
    if (may_be_about_time && (size < tolerated_skew || size > believable_skew)) return false;
    if (!time_.take()) return false;
    before_ = shared_.clock_offset();
    offset_ = detail::saturating_sub(*server, r.now);
    shared_.set_clock_offset(offset_);
    unproven_ = true;
    return true;
  }
  void settle_time(bool helped) noexcept {
    if (unproven_ && !helped) shared_.restore_clock_offset(offset_, before_);
    unproven_ = false;
  }

  /// Only a request that may have a body is sent with an expectation.
  bool learn_expectation(const refusal& r) {
    return r.head.status == 417 && (r.method == http::method::put || r.method == http::method::post) && expectation_.take();
  }

  static constexpr timestamp::duration tolerated_skew = std::chrono::minutes{4};  // S3 itself tolerates 15
  static constexpr timestamp::duration believable_skew = std::chrono::hours{24};

  session<P>& shared_;
  lesson region_{}, identity_{}, time_{}, expectation_{};
  bool asked_for_region_{};
  bool unproven_{};  // the clock's offset was changed, and no answer has shown yet that this was right
  timestamp::duration before_{}, offset_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
