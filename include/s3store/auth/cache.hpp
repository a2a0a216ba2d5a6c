// When are credentials fetched again, and who waits for that? Some time before they expire one of the calls that share them fetches new
// ones, while the others go on with the old ones; shortly before they expire all wait for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Shared by the calls of a client; may be used from any thread, and on both sides of a fork. It fetches nothing itself, but tells one
/// caller at a time to do so.
class credentials_cache {
 public:
  explicit credentials_cache(const refresh_windows& when = {}) : when_(when) {}

  /// One of three: `value` alone; `task`, with or without `value`; or `awaited`.
  struct answer {
    detail::shared<const credentials> value{};  ///< may be used now
    /// Not 0: the caller must fetch, and then call `put`, `failed` or `give_up` with this number.
    std::uint64_t task{};
    /// Not 0: the number of another caller's task, whose end cancels `ended`. Whoever waits longer than `until` should ask again.
    std::uint64_t awaited{};
    cancel_token ended{};
    steady_time until{};
  };
  answer get(instants now);

  /// The fetch worked. Returns the credentials, even if they have expired already.
  detail::shared<const credentials> put(std::uint64_t task, credentials fetched, instants now);
  /// The fetch failed. Returns the old credentials if they are still valid, and the error otherwise.
  result<detail::shared<const credentials>> failed(std::uint64_t task, error why, instants now);
  /// Nothing came of the task: another caller gets it.
  void give_up(std::uint64_t task) noexcept;
  /// The error of that task, if it failed and nothing came after it; else its kind is `none`.
  error failure_of(std::uint64_t task);

  /// The server refused these credentials (ExpiredToken), so `get` does not return them again. Does nothing if they have been
  /// replaced already.
  void drop(const credentials* refused);

 private:
  struct kept {
    bool is_valid(instants now) const noexcept {
      return value && (!value->expires || now.wall < *value->expires || value->usable_after_expiry);
    }
    /// Returns whom to tell, once the lock is released.
    detail::owned<cancel_source> end(std::uint64_t which) noexcept {
      if (which != task) return nullptr;
      task = 0;
      return std::move(ended);
    }
    void forked() noexcept {  // whoever was told to fetch is in the parent
      task = 0;
      ended.reset();
    }

    std::mutex guard{};
    detail::shared<const credentials> value{};
    timestamp advised_from{}, demanded_from{};  // when to fetch others, and when to wait for them
    steady_time quiet_until{};
    std::uint64_t count{};                 // of tasks given so far
    std::uint64_t task{};                  // 0: none is under way
    steady_time task_until{};              // whoever has it is then taken for lost
    detail::owned<cancel_source> ended{};  // made by the first who waits
    std::uint64_t failed_task{};
    error failure{};
  };
  static void tell(const detail::owned<cancel_source>& waiting) {
    if (waiting) waiting->cancel();
  }

  /// Longer than a fetch takes: its holder tells how it ended, even if it is destroyed. This is for one that is never run to its end.
  static constexpr duration patience = std::chrono::minutes{5};

  refresh_windows when_;
  detail::per_process<kept> kept_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/cache_impl.hpp>
#endif
