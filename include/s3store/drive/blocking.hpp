// How does a machine run on the caller's thread? Step by step: every exchange and every wait blocks until it is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <s3store/core/cancel.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/transport.hpp>

namespace s3store::inline v0 {

/// Waits for real, and wakes up when the token says so.
struct thread_sleeper {
  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    struct alarm {
      std::mutex guard{};
      std::condition_variable rang{};
    } clock;
    const cancel_waiter waiter{stop, &clock, [](void* who) {
                                 auto* const a = static_cast<alarm*>(who);
                                 // Locked, so that it can't ring between the sleeper's look at the token and its wait.
                                 const std::lock_guard lock{a->guard};
                                 a->rang.notify_all();
                               }};
    std::unique_lock lock{clock.guard};
    while (!stop.cancelled() && clock.rang.wait_until(lock, until) == std::cv_status::no_timeout) {
    }
    if (stop.cancelled()) return fail(error_kind::cancelled, "the call was cancelled while it waited");
    return {};
  }
};

/// The machine with which a session fetches credentials.
template <class Session>
using fetch_of_session = decltype(std::declval<Session&>().fetch_credentials());

/// Does for machines what their steps say, on this thread. `shared` tells the time and gives the machine that fetches credentials, which
/// runs here, too.
template <class Session, http::transport T, class Sleeper>
class blocking_driver {
 public:
  blocking_driver(Session& shared, T& transport, Sleeper& sleeper) noexcept : shared_(shared), transport_(transport), sleeper_(sleeper) {}

  template <machine M>
  result<typename M::value_type> run(M& m) {
    for (;;) {
      auto next = m.next(now());
      if (auto* const s = next.as_send()) {
        m.sent(perform(std::move(s->what)));
      } else if (auto* const w = next.as_wait()) {
        pause(*w);
      } else if (auto* const end = next.as_done()) {
        return std::move(end->value);
      } else if constexpr (requires(result<typename fetch_of_session<Session>::value_type> c) { m.credentials(std::move(c)); }) {
        m.credentials(credentials());
      }
    }
  }

 private:
  // No templates, so that they are compiled once for a client, or not at all where they are linked.
  instants now() const { return shared_.now(); }
  http::outcome perform(http::exchange x) { return transport_.perform(std::move(x)); }
  void pause(const wait& w) {
    // Ended early or not: the machine looks at the clock and the token itself.
    static_cast<void>(sleeper_.sleep_until(w.until, w.stop));
  }
  auto credentials() -> result<typename fetch_of_session<Session>::value_type> {
    auto fetch = shared_.fetch_credentials();
    return run(fetch);
  }

  Session& shared_;
  T& transport_;
  Sleeper& sleeper_;
};

/// Runs `m` to its end.
template <machine M, class Session, http::transport T, class Sleeper>
result<typename M::value_type> drive(M& m, Session& shared, T& transport, Sleeper& sleeper) {
  return blocking_driver<Session, T, Sleeper>{shared, transport, sleeper}.run(m);
}

}  // namespace s3store::inline v0
