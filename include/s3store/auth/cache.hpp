// When are credentials fetched again? From five minutes before they expire, by one of the calls that share them, while the others
// go on with the old ones.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Shared by the calls of a client; may be used from any thread, and on both sides of a fork. It fetches nothing itself, but tells one
/// caller to do so.
class credentials_cache {
 public:
  struct answer {
    detail::shared<const credentials> value{};  ///< null: there are no valid ones; they must be fetched first
    /// True for one caller at a time, who must fetch and then call `put` or `failed`. `value`, if any, may be used meanwhile.
    bool refresh{};
  };

  /// How long before expiry a refresh begins.
  static constexpr timestamp::duration margin = std::chrono::minutes{5};
  /// If the caller that was told to refresh takes longer than this, another one is told.
  static constexpr duration patience = std::chrono::seconds{10};
  /// How long to wait after a failed refresh, as long as the old credentials are valid.
  static constexpr duration pause = std::chrono::seconds{30};

  answer get(instants now) {
    kept& k = kept_.get();
    const std::lock_guard hold{k.guard};
    const bool valid = k.is_valid(now);
    const bool fresh = valid && (!k.value->expires || now.wall < detail::saturating_sub(*k.value->expires, margin));
    answer out{valid ? k.value : nullptr, !fresh && now.steady >= k.quiet_until};
    if (out.refresh) k.quiet_until = detail::saturating_add(now.steady, patience);
    return out;
  }

  detail::shared<const credentials> put(credentials fetched, instants now) {
    auto made = detail::share<const credentials>(std::move(fetched));
    kept& k = kept_.get();
    const std::lock_guard hold{k.guard};
    k.value = made;
    // Some that have expired already are all that their service has, so asking again at once is no use.
    const bool old = made->expires && made->usable_after_expiry && now.wall >= detail::saturating_sub(*made->expires, margin);
    k.quiet_until = old ? detail::saturating_add(now.steady, pause) : steady_time{};
    return made;
  }

  /// The refresh failed. If the old credentials are still valid, no caller is told to refresh for the time of `pause`; else the
  /// next caller is told at once.
  void failed(instants now) {
    kept& k = kept_.get();
    const std::lock_guard hold{k.guard};
    k.quiet_until = k.is_valid(now) ? detail::saturating_add(now.steady, pause) : steady_time{};
  }

  /// The server refused these credentials (ExpiredToken), so `get` does not return them again. Does nothing if they have been
  /// replaced already.
  void drop(const credentials* refused) {
    kept& k = kept_.get();
    const std::lock_guard hold{k.guard};
    if (k.value.get() != refused) return;
    k.value.reset();
    k.quiet_until = {};
  }

 private:
  struct kept {
    bool is_valid(instants now) const noexcept {
      return value && (!value->expires || now.wall < *value->expires || value->usable_after_expiry);
    }
    void forked() noexcept { quiet_until = {}; }  // whoever was told to refresh is in the parent

    std::mutex guard{};
    detail::shared<const credentials> value{};
    steady_time quiet_until{};
  };
  detail::per_process<kept> kept_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
