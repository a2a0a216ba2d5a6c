// When are credentials fetched again? From five minutes before they expire, by one of the calls that share them, while the others
// go on with the old ones.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Shared by the calls of a client; may be used from any thread. It fetches nothing itself, but tells one caller to do so.
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
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    const bool fresh = valid && (!kept_->expires || now.wall < detail::saturating_sub(*kept_->expires, margin));
    answer out{valid ? kept_ : nullptr, !fresh && now.steady >= quiet_until_};
    if (out.refresh) quiet_until_ = detail::saturating_add(now.steady, patience);
    return out;
  }

  detail::shared<const credentials> put(credentials fetched) {
    auto made = detail::share<const credentials>(std::move(fetched));
    const std::lock_guard hold{mutex_};
    kept_ = made;
    quiet_until_ = {};
    return made;
  }

  /// The refresh failed. If the old credentials are still valid, no caller is told to refresh for the time of `pause`; else the
  /// next caller is told at once.
  void failed(instants now) {
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    quiet_until_ = valid ? detail::saturating_add(now.steady, pause) : steady_time{};
  }

  /// The server refused these credentials (ExpiredToken), so `get` does not return them again. Does nothing if they have been
  /// replaced already.
  void drop(const credentials* refused) {
    const std::lock_guard hold{mutex_};
    if (kept_.get() != refused) return;
    kept_.reset();
    quiet_until_ = {};
  }

 private:
  bool is_valid(instants now) const noexcept { return kept_ && (!kept_->expires || now.wall < *kept_->expires); }

  std::mutex mutex_{};
  detail::shared<const credentials> kept_{};
  steady_time quiet_until_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
