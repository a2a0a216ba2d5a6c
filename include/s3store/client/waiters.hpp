// How does a program wait until a bucket or an object is there, or gone? By asking with HEAD, again and again, for a bounded time.
#pragma once

#include <chrono>

#include <s3store/core/result.hpp>
#include <s3store/operations/fwd.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline v0 {

/// The defaults are those of the AWS SDKs: every 5 seconds, 20 times.
struct wait_options {
  duration delay{std::chrono::seconds{5}};
  int max_attempts{20};
  call_options call{};
};

/// Mixed into basic_client. A wait succeeds, or ends with the error of a HEAD that no waiting mends, or with one of kind timeout.
template <class Client>
class waiter_members {
 public:
  /// A bucket that one may not look into (403), or that is in another region (301), exists.
  result<void> wait_until_bucket_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) {
      return head || head.error().status == 301 || head.error().status == 403;
    });
  }
  result<void> wait_until_bucket_not_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_absent(head); });
  }
  result<void> wait_until_object_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return head.has_value(); });
  }
  result<void> wait_until_object_not_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_absent(head); });
  }

 private:
  template <class Head>
  static bool is_absent(const Head& head) { return !head && head.error().kind == error_kind::not_found; }

  template <class R, class Reached>
  result<void> wait_for(const R& request, const wait_options& o, Reached reached) const {
    const Client& self = static_cast<const Client&>(*this);
    for (int attempt = 1;; ++attempt) {
      auto head = self.send(request, o.call);
      if (reached(head)) return {};
      if (!head && !is_absent(head)) return result<void>::failed_as(std::move(head));
      if (attempt >= o.max_attempts)
        return fail(error_kind::timeout, {"the state waited for was not reached in ", decimal(attempt), " attempts"});
      if (auto slept = self.sleeping().sleep_until(self.shared().now().steady + o.delay, o.call.stop); !slept) return slept;
    }
  }
};

}  // namespace s3store::inline v0
