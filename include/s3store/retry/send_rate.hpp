// How fast may a client send to a server that throttles? As fast as the server took requests when it last did, then a little faster, until
// it throttles again: the adaptive retry mode of AWS's SDKs.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
//
// Requests take a token each, of which so many come a second. The number is found as TCP CUBIC (RFC 9438) finds the size of its window:
// each throttled answer multiplies it by 0.7, and then it grows along a cubic curve that is flat where the throttling was.
#pragma once

#include <mutex>

#include <s3store/core/process.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI {

/// May be used from any thread, and on both sides of a fork. Until an answer throttles, nothing is held back.
class send_rate {
 public:
  /// Takes a token for one request; returns when it may be sent, which is `now` if there is a token left.
  steady_time take(steady_time now);
  /// An answer came.
  void answered(bool throttled, steady_time now);
  /// Requests a second; 0 if there is no limit yet.
  double limit() const;

 private:
  struct kept {
    void forked() noexcept {}  // what is known of the server is as good in the child

    std::mutex guard{};
    bool limited{};
    double rate{1};        // tokens a second
    double tokens{};       // below 0: so many requests wait already
    double filled_at{-1};  // this and all times below: seconds of the steady clock; below 0: never yet
    double measured{};     // answers a second, smoothed
    double counted{};      // answers since `counted_from`
    double counted_from{-1};
    double rate_then{};    // when an answer last throttled
    double throttled_at{};
    double back_after{};   // when the curve reaches that rate again
  };
  static void fill(kept& k, double now) noexcept;

  mutable detail::per_process<kept> kept_{};
};

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/retry/send_rate_impl.hpp>
#endif
