// When are credentials asked for again? Five minutes before they expire, by one of the threads that share them, while the others
// go on.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline v0::auth {

/// Shared by the calls of a client, on any threads. It fetches nothing: it says who should.
class credentials_cache {
 public:
  struct answer {
    shared<const credentials> value{};  ///< null: there are none that are still valid; fetch before you go on
    /// True for one caller at a time: fetch, and `put` what comes or say `failed`. Where there is a value it may be used meanwhile.
    bool refresh{};
  };

  static constexpr timestamp::duration margin = std::chrono::minutes{5};  ///< before expiry, in which they are still used and already renewed
  static constexpr duration patience = std::chrono::seconds{10};          ///< for the caller that was told to refresh; then another one is told
  static constexpr duration pause = std::chrono::seconds{30};             ///< after a refresh that failed, while the old ones are valid

  answer get(instants now) {
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    const bool fresh = valid && (!kept_->expires || now.wall < *kept_->expires - margin);
    answer out{valid ? kept_ : nullptr, !fresh && now.steady >= quiet_until_};
    if (out.refresh) quiet_until_ = now.steady + patience;
    return out;
  }

  shared<const credentials> put(credentials fetched) {
    auto made = share<const credentials>(std::move(fetched));
    const std::lock_guard hold{mutex_};
    kept_ = made;
    quiet_until_ = {};
    return made;
  }

  /// The refresh did not work. Valid ones are used on, for a while without asking; without any, the next caller tries at once.
  void failed(instants now) {
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    quiet_until_ = valid ? now.steady + pause : steady_time{};
  }

  /// The server refused these (ExpiredToken): they are not given out again, unless others have taken their place.
  void drop(const credentials* refused) {
    const std::lock_guard hold{mutex_};
    if (kept_.get() != refused) return;
    kept_.reset();
    quiet_until_ = {};
  }

 private:
  bool is_valid(instants now) const noexcept { return kept_ && (!kept_->expires || now.wall < *kept_->expires); }

  std::mutex mutex_{};
  shared<const credentials> kept_{};
  steady_time quiet_until_{};
};

}  // namespace s3store::inline v0::auth
