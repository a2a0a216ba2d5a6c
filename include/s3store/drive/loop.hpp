// How do many machines run at once on one thread? Each continues when its exchange has finished or its wait has ended. Until then
// the loop waits for the I/O of all of them together.
//
// To add a machine, to end one and to find the next wait that ends costs O(log n) with n machines. Memory: about 300 bytes a machine, beside
// the machine itself.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include <s3store/core/owned.hpp>
#include <s3store/drive/local_tasks.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/protocol/any_machine.hpp>

namespace s3store::inline S3STORE_ABI {

/// Runs machines, and those that they start, with a loop, on the thread that calls `run` or `turn`. Not thread-safe. The machines, the
/// session and the loop must outlive the driver.
template <class Session, http::loop L>
class loop_driver {
 public:
  loop_driver(Session& shared, L& loop) noexcept : shared_(shared), loop_(loop) {}
  loop_driver(const loop_driver&) = delete;
  loop_driver& operator=(const loop_driver&) = delete;
  /// Cancels the exchanges that are still running. Their machines are not told, and `on_done` is not called.
  ~loop_driver() {
    while (first_) {
      if (first_->state == doing::exchange) loop_.cancel(first_);
      release(*first_);
    }
  }

  /// Adds a machine and takes its first step at once. `on_done(result<value_type>)` is called once, on this thread: from `run` or
  /// `turn`, or from here if the machine is done at its first step. It may call `start`. What it throws comes out of that function.
  template <sans_io::machine M, class Done>
  void start(M& m, Done on_done) {
    advance(add(std::make_unique<root<M, Done>>(m, std::move(on_done)), nullptr));
  }

  /// Blocks until every machine is done.
  void run() {
    while (first_) turn((steady_time::max)());
  }

  /// Takes the steps that are due, then waits for one finished exchange: at most until `until`, a machine's wake-up time or a wake
  /// of the loop. Returns whether any machine is left.
  bool turn(steady_time until) {
    const steady_time now = shared_.now().steady;
    while (task* const t = next_woken()) advance(*t);
    for (std::size_t most = waits_.size(); most != 0 && !waits_.empty() && waits_.begin()->first <= now; --most) advance(*waits_.begin()->second);
    if (!first_) return false;
    if (!waits_.empty()) until = (std::min)(until, waits_.begin()->first);
    if (any_woken()) until = now;
    if (auto finished = loop_.poll(until)) {
      task& t = *static_cast<task*>(finished->tag);
      t.state = doing::nothing;
      t.asked().sent(std::move(finished->what));
      advance(t);
    }
    return first_ != nullptr;
  }

 private:
  using fetch_type = decltype(std::declval<Session&>().fetch_credentials(std::declval<const sans_io::need_credentials&>()));
  struct fetching {
    fetching(Session& s, const sans_io::need_credentials& within) : machine(s.fetch_credentials(within)) {}
    fetch_type machine;
    sans_io::machine_ref<fetch_type> ref{machine};
  };

  /// What a task waits for.
  enum class doing : std::uint8_t { nothing, exchange, wait, local_task };
  struct task;
  using wait_list = std::multimap<steady_time, task*>;

  struct task {
    task() = default;
    task(const task&) = delete;
    task& operator=(const task&) = delete;
    virtual ~task() = default;
    virtual sans_io::any_machine& machine() noexcept = 0;
    virtual void tell() {}  // the caller, who started the machine
    /// Whose steps are taken: the machine, or one that fetches credentials for it.
    sans_io::any_machine& asked() noexcept { return fetch ? static_cast<sans_io::any_machine&>(fetch->ref) : machine(); }

    loop_driver* driver{};
    task *next{}, *previous{};  // in the list of all
    task* parent{};
    doing state{};
    bool advances{}, again{};  // `advance` runs; and must look again
    std::unique_ptr<fetching> fetch{};
    std::unique_ptr<sans_io::running_task> running{};
    typename wait_list::iterator waits{};  // if state is wait or local_task
    cancel_token stop{};
    std::optional<cancel_waiter> alarm{};
    bool woken{};
    task* woken_before{};  // both under the driver's lock
  };
  template <class M, class Done>
  struct root final : task {
    root(M& m, Done f) : ref(m), on_done(std::move(f)) {}
    sans_io::any_machine& machine() noexcept override { return ref; }
    void tell() override { on_done(ref.finish()); }
    sans_io::machine_ref<M> ref;
    Done on_done;
  };
  struct child final : task {
    explicit child(sans_io::any_machine& m) : of(m) {}
    sans_io::any_machine& machine() noexcept override { return of; }
    sans_io::any_machine& of;
  };

  task& add(std::unique_ptr<task> t, task* parent) noexcept {
    t->driver = this;
    t->parent = parent;
    t->next = first_;
    if (first_) first_->previous = t.get();
    return *(first_ = t.release());
  }
  /// The task is destroyed with what is returned.
  std::unique_ptr<task> release(task& t) noexcept {
    forget_wait(t);
    (t.previous ? t.previous->next : first_) = t.next;
    if (t.next) t.next->previous = t.previous;
    return std::unique_ptr<task>{&t};
  }

  /// Lets the task take steps until it must wait for something, or is done.
  void advance(task& t) {
    if (t.state == doing::exchange) return;  // a child has ended meanwhile; the machine knows it
    if (t.advances) return static_cast<void>(t.again = true);
    if (t.state == doing::local_task && !end_local_task(t)) return;
    forget_wait(t);
    t.advances = true;
    do {
      t.again = false;
      while (t.state == doing::nothing)
        if (!step(t)) return over(t);
      if (t.again && t.state == doing::wait) forget_wait(t);
    } while (t.again && t.state == doing::nothing);
    t.advances = false;
  }
  /// Takes one step. False: the machine is done.
  bool step(task& t) {
    sans_io::step next;
    try {
      next = t.asked().next(shared_.now());
    } catch (const std::bad_alloc&) {
      return t.asked().fail(detail::out_of_memory()), true;
    }
    try {
      if (auto* const s = std::get_if<sans_io::send>(&next)) {
        t.state = doing::exchange;
        loop_.start(std::move(s->what), &t);
      } else if (auto* const w = std::get_if<sans_io::wait>(&next)) {
        wait(t, *w);
      } else if (auto* const n = std::get_if<sans_io::need_credentials>(&next)) {
        t.fetch = std::make_unique<fetching>(shared_, *n);
      } else if (auto* const l = std::get_if<sans_io::local>(&next)) {
        t.running = std::make_unique<sans_io::running_task>(*l->what);
        end_local_task(t);
      } else if (auto* const c = std::get_if<sans_io::start>(&next)) {
        advance(add(std::make_unique<child>(*c->child), &t));
      } else if (t.fetch) {
        end_fetch(t);
      } else {
        return false;
      }
    } catch (const std::bad_alloc&) {
      no_memory(t, next);
    }
    return true;
  }
  void over(task& t) {
    task* const parent = t.parent;
    const auto gone = release(t);  // first, since what is told may start or end others
    if (!parent) return gone->tell();
    parent->machine().ended(gone->machine());
    advance(*parent);
  }

  void wait(task& t, const sans_io::wait& w) {
    t.waits = waits_.emplace(w.until, &t);
    t.state = doing::wait;
    if (!w.stop.can_cancel()) return;
    t.stop = w.stop;
    t.alarm.emplace(t.stop, &t, &on_cancel);
    if (t.stop.cancelled()) wake(t);
  }
  void forget_wait(task& t) noexcept {
    if (t.state != doing::wait && t.state != doing::local_task) return;
    waits_.erase(t.waits);
    t.state = doing::nothing;
    if (!t.alarm) return;
    t.alarm.reset();  // from here on nobody wakes it
    t.stop = {};
    const std::lock_guard lock{guard_};
    if (!std::exchange(t.woken, false)) return;
    task** at = &latest_woken_;
    while (*at != &t) at = &(*at)->woken_before;
    *at = t.woken_before;
  }

  /// On any thread.
  static void on_cancel(void* who) {
    task& t = *static_cast<task*>(who);
    t.driver->wake(t);
    t.driver->loop_.wake();
  }
  void wake(task& t) noexcept {
    const std::lock_guard lock{guard_};
    if (std::exchange(t.woken, true)) return;
    t.woken_before = latest_woken_;
    latest_woken_ = &t;
  }
  task* next_woken() noexcept {
    const std::lock_guard lock{guard_};
    task* const out = latest_woken_;
    if (out) {
      latest_woken_ = out->woken_before;
      out->woken = false;
    }
    return out;
  }
  bool any_woken() noexcept {
    const std::lock_guard lock{guard_};
    return latest_woken_ != nullptr;
  }

  void end_fetch(task& t) {
    const auto ended = std::move(t.fetch);
    t.machine().credentials(ended->ref.finish());
  }
  /// False: it still runs, and is looked at again later.
  bool end_local_task(task& t) {
    forget_wait(t);
    if (!t.running->ended((steady_time::min)())) {  // only looks, and does not wait
      t.waits = waits_.emplace(detail::saturating_add(shared_.now().steady, often), &t);
      t.state = doing::local_task;
      return false;
    }
    const auto ended = std::move(t.running);
    t.asked().local_done(ended->finish());
    return true;
  }

  /// There was no memory to do the step.
  void no_memory(task& t, const sans_io::step& next) {
    if (std::holds_alternative<sans_io::send>(next)) {
      t.state = doing::nothing;
      t.asked().sent(detail::out_of_memory());
    } else if (std::holds_alternative<sans_io::need_credentials>(next)) {
      t.machine().credentials(detail::out_of_memory());
    } else if (std::holds_alternative<sans_io::local>(next)) {
      t.running.reset();
      t.asked().local_done(detail::out_of_memory());
    } else if (const auto* const c = std::get_if<sans_io::start>(&next)) {
      c->child->fail(detail::out_of_memory());
      t.machine().ended(*c->child);
    } else {
      forget_wait(t);
      t.asked().fail(detail::out_of_memory());
    }
  }

  /// How often the loop looks whether a program has ended.
  static constexpr duration often = std::chrono::milliseconds{5};

  Session& shared_;
  L& loop_;
  task* first_{};
  wait_list waits_{};
  std::mutex guard_{};
  task* latest_woken_{};  // a list, under the lock
};

}  // namespace s3store::inline S3STORE_ABI
