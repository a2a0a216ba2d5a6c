// How can a test of long waits be fast? With a clock that moves only when told to, and a sleeper that moves it instead of waiting.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include <s3store/core/cancel.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI {

/// A clock that moves only when told to. Copies share the time, so a test can move the clock that a client uses. May be used from
/// several threads at once.
class manual_clock {
 public:
  /// The default is 2013-05-24T00:00:00Z, the date of the examples in S3's documentation of signatures.
  explicit manual_clock(timestamp wall = timestamp{std::chrono::seconds{1369353600}})
      : shared_(std::make_shared<state>(instants{steady_time{std::chrono::hours{1000}}, wall})) {}

  instants now() const noexcept {
    const std::lock_guard lock{shared_->guard};
    return shared_->now;
  }
  void advance(duration by) const {
    const std::lock_guard lock{shared_->guard};
    shared_->move_by(by);
  }
  /// Moves the clock to `until`; does nothing if that is in the past. Returns how far it moved.
  duration advance_to(steady_time until) const {
    const std::lock_guard lock{shared_->guard};
    const duration by = (std::max)(detail::saturating_sub(until, shared_->now.steady), duration::zero());
    shared_->move_by(by);
    return by;
  }
  /// Sets only the wall clock, as an administrator or NTP may do.
  void set_wall(timestamp wall) const {
    const std::lock_guard lock{shared_->guard};
    shared_->now.wall = wall;
  }

 private:
  struct state {
    explicit state(instants start) : now(start) {}
    void move_by(duration by) {
      now.steady = detail::saturating_add(now.steady, by);
      now.wall = detail::saturating_add(now.wall, by);
    }
    std::mutex guard{};
    instants now;
  };
  std::shared_ptr<state> shared_;
};

/// Models `sleeper`: moves the clock instead of waiting, and records how long each wait would have been. Copies share the record.
/// May be used from several threads at once; but a thread that waits for another one (for credentials that the other fetches) then finds
/// at once that its time is over. Where that matters, take a sleeper that waits until `stop` is cancelled.
class recording_sleeper {
 public:
  explicit recording_sleeper(manual_clock clock) : clock_(std::move(clock)), shared_(std::make_shared<state>()) {}

  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    if (stop.cancelled()) return detail::fail(error_kind::cancelled, "the caller cancelled the wait");
    const duration waited = clock_.advance_to(until);
    const std::lock_guard lock{shared_->guard};
    shared_->waits.push_back(waited);
    return {};
  }

  std::vector<duration> waits() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->waits;
  }

 private:
  struct state {
    std::mutex guard{};
    std::vector<duration> waits{};
  };
  manual_clock clock_;
  std::shared_ptr<state> shared_;
};

}  // namespace s3store::inline S3STORE_ABI
