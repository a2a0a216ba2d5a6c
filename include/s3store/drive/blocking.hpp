// How does a machine run on the caller's thread? Step by step: every exchange and every wait blocks until it is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <variant>

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
    clock.rang.wait_until(lock, until, [&] { return stop.cancelled(); });
    if (stop.cancelled()) return fail(error_kind::cancelled, "the call was cancelled while it waited");
    return {};
  }
};

/// The machine with which a session fetches credentials.
template <class Session>
using fetch_of_session = decltype(std::declval<Session&>().fetch_credentials());

/// Runs `m` to its end. `shared` tells the time and gives the machine that fetches credentials, which runs here, too.
template <machine M, class Session, http::transport T, class Sleeper>
result<typename M::value_type> drive(M& m, Session& shared, T& transport, Sleeper& sleeper) {
  for (;;) {
    auto next = m.next(shared.now());
    if (auto* const s = std::get_if<send>(&next)) {
      m.sent(transport.perform(std::move(s->what)));
    } else if (auto* const w = std::get_if<wait>(&next)) {
      // Ended early or not: the machine looks at the clock and the token itself.
      static_cast<void>(sleeper.sleep_until(w->until, w->stop));
    } else if (auto* const end = std::get_if<done<typename M::value_type>>(&next)) {
      return std::move(end->value);
    } else if constexpr (requires(result<typename fetch_of_session<Session>::value_type> c) { m.credentials(std::move(c)); }) {
      auto fetch = shared.fetch_credentials();
      m.credentials(drive(fetch, shared, transport, sleeper));
    }
  }
}

}  // namespace s3store::inline v0
