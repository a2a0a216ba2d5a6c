// How does a program wait until a bucket or an object exists, or is deleted? It sends HEAD requests until that is so, up to a
// maximum number of times.
#pragma once

#include <chrono>

#include <s3store/core/result.hpp>
#include <s3store/operations/fwd.hpp>
#include <s3store/protocol/settings.hpp>

namespace s3store::inline S3STORE_ABI {

/// The defaults are those of the AWS SDKs: 20 requests, 5 seconds apart. `call` holds for each request; its token also ends the
/// waits.
struct wait_options {
  duration delay{std::chrono::seconds{5}};
  int max_attempts{20};
  call_options call{};
};

/// A base class of basic_client. The functions block. They fail with timeout after `max_attempts` requests, with cancelled if the
/// token of `call` is cancelled, and at once with a request's error if that is not 404.
template <class Client>
class waiter_members {
 public:
  /// The answers 403 (no permission) and 301 (another region) also mean that the bucket exists.
  result<void> wait_until_bucket_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) {
      return head || head.error().status == 301 || head.error().status == 403;
    });
  }
  result<void> wait_until_bucket_not_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_gone(head); });
  }
  result<void> wait_until_object_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return head.has_value(); });
  }
  result<void> wait_until_object_not_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_gone(head); });
  }

 private:
  template <class Head>
  static bool is_gone(const Head& head) { return !head && head.error().kind == error_kind::not_found; }

  template <class R, class Reached>
  result<void> wait_for(const R& request, const wait_options& o, Reached reached) const {
    const Client& self = static_cast<const Client&>(*this);
    for (int attempt = 1;; ++attempt) {
      auto head = self.send(request, o.call);
      if (reached(head)) return {};
      if (!head && !is_gone(head)) return result<void>::failed_as(std::move(head));
      if (attempt >= o.max_attempts)
        return detail::fail(error_kind::timeout, {"the state waited for was not reached in ", detail::decimal(attempt), " attempts"});
      if (auto slept = self.sleeping().sleep_until(detail::saturating_add(self.shared().now().steady, o.delay), o.call.stop); !slept) return slept;
    }
  }
};

}  // namespace s3store::inline S3STORE_ABI
