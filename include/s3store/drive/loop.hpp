// How do many machines run at once on one thread? Each continues when its exchange has finished or its wait has ended. Until then
// the loop waits for the I/O of all of them together.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/drive/local_tasks.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/transport.hpp>

namespace s3store::inline S3STORE_ABI {

/// Runs machines with a loop, on the thread that calls `run` or `turn`. Not thread-safe. The machines, the session and the loop
/// must outlive the driver.
template <class Session, http::loop L>
class loop_driver {
 public:
  loop_driver(Session& shared, L& loop) noexcept : shared_(shared), loop_(loop) {}
  loop_driver(const loop_driver&) = delete;
  loop_driver& operator=(const loop_driver&) = delete;
  /// Cancels the exchanges that are still running. Their machines are not told, and `on_done` is not called.
  ~loop_driver() {
    for (const auto& t : tasks_)
      if (!t->finished) loop_.cancel(t.get());
  }

  /// Adds a machine and takes its first step at once. `on_done(result<value_type>)` is called once, on this thread: from `run` or
  /// `turn`, or from here if the machine is done at its first step. It may call `start`.
  template <sans_io::machine M, class Done>
  void start(M& m, Done on_done) {
    tasks_.push_back(std::make_unique<task_of<M, Done>>(*this, m, std::move(on_done)));
    tasks_.back()->advance();  // not swept here: another task's `on_done` may be calling this
  }

  /// Blocks until every machine is done.
  void run() {
    while (!tasks_.empty()) turn((steady_time::max)());
  }

  /// Takes the steps that are due, then waits for one finished exchange: at most until `until`, a machine's wake-up time or a wake
  /// of the loop. Returns whether any machine is left.
  bool turn(steady_time until) {
    const steady_time now = shared_.now().steady;
    for (std::size_t i = 0; i != tasks_.size(); ++i) {  // by index, because a step may add tasks
      task& t = *tasks_[i];
      if (t.wake_at && (*t.wake_at <= now || t.stop.cancelled())) {
        t.wake_at.reset();
        t.advance();
      }
    }
    sweep();
    if (tasks_.empty()) return false;
    for (const auto& t : tasks_)
      if (t->wake_at) until = (std::min)(until, t->stop.cancelled() ? now : *t->wake_at);
    if (auto finished = loop_.poll(until)) {
      auto* const t = static_cast<task*>(finished->tag);
      t->sent(std::move(finished->what));
      t->advance();
      sweep();
    }
    return !tasks_.empty();
  }

 private:
  struct task {
    virtual ~task() = default;
    virtual void advance() = 0;
    virtual void sent(http::outcome o) = 0;
    std::optional<steady_time> wake_at{};
    cancel_token stop{};
    std::unique_ptr<cancel_waiter> alarm{};
    bool finished{};
  };

  using fetch_type = decltype(std::declval<Session&>().fetch_credentials(std::declval<const sans_io::need_credentials&>()));

  template <class M, class Done>
  struct task_of final : task {
    task_of(loop_driver& d, M& m, Done f) : driver(d), of(m), on_done(std::move(f)) {}

    void advance() override {
      this->alarm.reset();
      for (;;) {
        if (running && !end_local_task()) return;
        auto next = fetch ? fetched() : of.next(driver.shared_.now());
        if (std::holds_alternative<sans_io::done>(next)) {
          this->finished = true;
          return on_done(of.finish());
        }
        if (const auto member = missing_member(next); !member.empty()) {
          if (fetch) {
            end_fetch(sans_io::unanswerable(member));
            continue;
          }
          this->finished = true;
          return on_done(result<typename M::value_type>{sans_io::unanswerable(member)});
        }
        if (auto* const n = std::get_if<sans_io::need_credentials>(&next)) {
          start_to_fetch(*n);
        } else if (perform(next)) {
          return;
        }
      }
    }
    /// The next step of the machine that fetches credentials, or of the machine that needs them, once they are there.
    sans_io::step fetched() {
      auto got = result<typename fetch_type::value_type>{detail::out_of_memory()};
      try {
        auto next = fetch->machine.next(driver.shared_.now());
        if (!std::holds_alternative<sans_io::done>(next)) return next;
        got = fetch->machine.finish();
      } catch (const std::bad_alloc&) {
      }
      end_fetch(std::move(got));
      return of.next(driver.shared_.now());
    }
    void end_fetch(result<typename fetch_type::value_type> got) {
      fetch.reset();
      if constexpr (needs_credentials) of.credentials(std::move(got));
    }
    /// The member that the machine whose step it is lacks for the outcome; "" if it has what it needs.
    std::string_view missing_member(const sans_io::step& next) const noexcept {
      const bool takes_credentials = !fetch && needs_credentials;
      const bool takes_output = fetch ? sans_io::does_local_tasks<fetch_type> : sans_io::does_local_tasks<M>;
      if (!takes_credentials && std::holds_alternative<sans_io::need_credentials>(next)) return "credentials";
      if (!takes_output && std::holds_alternative<sans_io::local>(next)) return "local_done";
      return {};
    }
    void start_to_fetch(const sans_io::need_credentials& within) {
      try {
        fetch = std::make_unique<fetching>(driver.shared_, within);
      } catch (const std::bad_alloc&) {
        if constexpr (needs_credentials) of.credentials(detail::out_of_memory());
      }
    }
    /// False: it still runs, and is asked again later.
    bool end_local_task() {
      if (!running->ended((steady_time::min)())) {  // only looks, and does not wait
        this->wake_at = detail::saturating_add(driver.shared_.now().steady, often);
        return false;
      }
      local_done(running->finish());
      running.reset();
      return true;
    }
    void local_done(result<sans_io::local_output> out) {
      if (fetch) {
        if constexpr (sans_io::does_local_tasks<fetch_type>) fetch->machine.local_done(std::move(out));
      } else {
        if constexpr (sans_io::does_local_tasks<M>) of.local_done(std::move(out));
      }
    }
    void sent(http::outcome o) override {
      if (fetch) {
        fetch->machine.sent(std::move(o));
      } else {
        of.sent(std::move(o));
      }
    }

   private:
    struct fetching {
      fetching(Session& s, const sans_io::need_credentials& within) : machine(s.fetch_credentials(within)) {}
      fetch_type machine;
    };
    static constexpr bool needs_credentials = requires(M& m, result<typename fetch_type::value_type> c) { m.credentials(std::move(c)); };

    /// False if it failed at once, and the machine has the next step already.
    bool perform(sans_io::step& next) {
      if (auto* const s = std::get_if<sans_io::send>(&next)) {
        try {
          driver.loop_.start(std::move(s->what), static_cast<task*>(this));
        } catch (const std::bad_alloc&) {
          return sent(detail::out_of_memory()), false;
        }
      } else if (auto* const w = std::get_if<sans_io::wait>(&next)) {
        this->wake_at = w->until;
        this->stop = w->stop;
        this->alarm = std::make_unique<cancel_waiter>(this->stop, this, [](void* self) { static_cast<task_of*>(self)->driver.loop_.wake(); });
      } else if (auto* const l = std::get_if<sans_io::local>(&next)) {
        try {
          running = detail::make_owned<sans_io::running_task>(*l->what);
        } catch (const std::bad_alloc&) {
          local_done(detail::out_of_memory());
        }
        return false;
      }
      return true;
    }

    /// How often the loop looks whether a program has ended.
    static constexpr duration often = std::chrono::milliseconds{5};

    loop_driver& driver;
    M& of;
    Done on_done;
    std::unique_ptr<fetching> fetch{};
    detail::owned<sans_io::running_task> running{};
  };

  void sweep() {
    std::erase_if(tasks_, [](const auto& t) { return t->finished; });
  }

  Session& shared_;
  L& loop_;
  std::vector<std::unique_ptr<task>> tasks_{};
};

}  // namespace s3store::inline S3STORE_ABI
