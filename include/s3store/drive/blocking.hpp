// How does a machine run on the caller's thread? A loop does what each step asks for. Every exchange and every wait blocks the
// thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <s3store/core/cancel.hpp>
#include <s3store/drive/local_tasks.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/protocol/any_machine.hpp>

namespace s3store::inline S3STORE_ABI {

/// Blocks the calling thread until `until`. Ends early with an error of kind cancelled when the token is cancelled, from any
/// thread.
struct thread_sleeper {
  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    struct alarm {
      std::mutex guard{};
      std::condition_variable rang{};
    } clock;
    const cancel_waiter waiter{stop, &clock, [](void* who) {
                                 auto* const a = static_cast<alarm*>(who);
                                 // Locked, so that no notification is lost between the sleeper's check of the token and its wait.
                                 const std::lock_guard lock{a->guard};
                                 a->rang.notify_all();
                               }};
    std::unique_lock lock{clock.guard};
    // An hour at most, since standard libraries convert the time to another clock, where "never" may overflow.
    for (auto now = std::chrono::steady_clock::now(); !stop.cancelled() && now < until; now = std::chrono::steady_clock::now())
      clock.rang.wait_until(lock, (std::min)(until, detail::saturating_add(now, std::chrono::hours{1})));
    if (stop.cancelled()) return detail::fail(error_kind::cancelled, "the call was cancelled while it waited");
    return {};
  }
};

namespace sans_io {

/// Runs machines on the calling thread, and those that they start one after another. `shared` supplies the time and the machine that fetches credentials, which also runs on
/// this thread. All three arguments must outlive the driver.
template <class Session, http::transport T, class Sleeper>
class blocking_driver {
 public:
  blocking_driver(Session& shared, T& transport, Sleeper& sleeper) noexcept : shared_(shared), transport_(transport), sleeper_(sleeper) {}

  template <machine M>
  result<typename M::value_type> run(M& m) {
    machine_ref<M> ref{m};
    run_to_end(ref);
    return ref.finish();
  }

 private:
  void run_to_end(any_machine& m) {
    for (;;) {
      auto next = m.next(now());
      if (auto* const s = std::get_if<send>(&next)) {
        m.sent(perform(std::move(s->what)));
      } else if (auto* const w = std::get_if<wait>(&next)) {
        pause(*w);
      } else if (auto* const n = std::get_if<need_credentials>(&next)) {
        m.credentials(credentials(*n));
      } else if (auto* const l = std::get_if<local>(&next)) {
        m.local_done(sans_io::perform(*l->what));
      } else if (auto* const c = std::get_if<start>(&next)) {
        run_to_end(*c->child);
        m.ended(*c->child);
      } else {
        return;
      }
    }
  }
  instants now() const { return shared_.now(); }
  http::outcome perform(http::exchange x) { return transport_.perform(std::move(x)); }
  void pause(const wait& w) {
    // The result is not needed: the machine itself checks the clock and the token.
    static_cast<void>(sleeper_.sleep_until(w.until, w.stop));
  }
  result<auth::credentials> credentials(const need_credentials& within) {
    auto fetch = shared_.fetch_credentials(within);
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

}  // namespace sans_io
}  // namespace s3store::inline S3STORE_ABI
