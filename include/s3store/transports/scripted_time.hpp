// How does a test wait an hour in no time? By a clock that stands until it is moved, and a sleeper that moves it.
#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include <s3store/core/cancel.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline v0 {

/// A clock that stands still. Copies show the same time, so a test keeps one and hands the other over. Safe from any thread.
class manual_clock {
 public:
  /// It starts at 2013-05-24T00:00:00Z, the day of the examples in S3's documentation of signatures, if no other time is named.
  explicit manual_clock(timestamp wall = timestamp{std::chrono::seconds{1369353600}})
      : shared_(share<state>(instants{steady_time{std::chrono::hours{1000}}, wall})) {}

  instants now() const noexcept {
    const std::lock_guard lock{shared_->guard};
    return shared_->now;
  }
  void advance(duration by) const {
    const std::lock_guard lock{shared_->guard};
    shared_->move_by(by);
  }
  /// Goes to that time; one that is past already changes nothing. Returns by how much it moved.
  duration advance_to(steady_time until) const {
    const std::lock_guard lock{shared_->guard};
    const duration by = (std::max)(until - shared_->now.steady, duration::zero());
    shared_->move_by(by);
    return by;
  }
  /// Sets the wall clock alone, as an administrator or a leap of NTP does.
  void set_wall(timestamp wall) const {
    const std::lock_guard lock{shared_->guard};
    shared_->now.wall = wall;
  }

 private:
  struct state {
    explicit state(instants start) : now(start) {}
    void move_by(duration by) {
      now.steady += by;
      now.wall += std::chrono::duration_cast<timestamp::duration>(by);
    }
    std::mutex guard{};
    instants now;
  };
  shared<state> shared_;
};

/// Models a sleeper: moves the clock instead of waiting, and keeps how long each wait would have been. Copies share the list.
class recording_sleeper {
 public:
  explicit recording_sleeper(manual_clock clock) : clock_(std::move(clock)), shared_(share<state>()) {}

  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    if (stop.cancelled()) return fail(error_kind::cancelled, "the caller cancelled the wait");
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
  shared<state> shared_;
};

}  // namespace s3store::inline v0
