// How do many machines run at once on one thread? Each takes its steps when its exchange is over or its time has come; between them the
// loop waits for all of their I/O together.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <s3store/core/owned.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/transport.hpp>

namespace s3store::inline v0 {

/// Runs machines over a loop, on the thread that calls `run`. Machines and the session outlive the driver, which owns neither.
template <class Session, http::loop L>
class loop_driver {
 public:
  loop_driver(Session& shared, L& loop) noexcept : shared_(shared), loop_(loop) {}
  loop_driver(const loop_driver&) = delete;
  loop_driver& operator=(const loop_driver&) = delete;
  /// Exchanges that are under way are cancelled; their machines never hear of them.
  ~loop_driver() {
    for (const auto& t : tasks_)
      if (!t->finished) loop_.cancel(t.get());
  }

  /// Adds a machine; its first step is taken at once. `on_done(result<value_type>)` is called from `run` (or from here, when the machine is
  /// done at its first step), and may start others.
  template <machine M, class Done>
  void start(M& m, Done on_done) {
    tasks_.push_back(make_owned<task_of<M, Done>>(*this, m, std::move(on_done)));
    tasks_.back()->advance();  // swept later: this may be called from the end of another task, which is still standing
  }

  /// Runs until every machine is done.
  void run() {
    while (!tasks_.empty()) turn((steady_time::max)());
  }

  /// Takes the steps that are due; waits for one until `until` at the latest, or a wake of the loop. Returns whether any machine is left.
  bool turn(steady_time until) {
    const steady_time now = shared_.now().steady;
    for (std::size_t i = 0; i != tasks_.size(); ++i) {  // by index: a step may start others
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
    owned<cancel_waiter> alarm{};
    bool finished{};
  };

  template <class M, class Done>
  struct task_of final : task {
    task_of(loop_driver& d, M& m, Done f) : driver(d), of(m), on_done(std::move(f)) {}

    void advance() override {
      this->alarm.reset();
      for (;;) {
        if (fetch) {  // credentials first
          auto next = fetch->machine.next(driver.shared_.now());
          if (auto* const end = next.as_done()) {
            auto got = std::move(end->value);
            fetch.reset();
            if constexpr (needs_credentials) of.credentials(std::move(got));
            continue;
          }
          return perform(next);
        }
        auto next = of.next(driver.shared_.now());
        if (auto* const end = next.as_done()) {
          this->finished = true;
          return on_done(std::move(end->value));
        }
        if (!next.needs_credentials()) return perform(next);
        fetch = make_owned<fetching>(driver.shared_);
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
    using fetch_type = decltype(std::declval<Session&>().fetch_credentials());
    struct fetching {
      explicit fetching(Session& s) : machine(s.fetch_credentials()) {}
      fetch_type machine;
    };
    static constexpr bool needs_credentials = requires(M& m, result<typename fetch_type::value_type> c) { m.credentials(std::move(c)); };

    template <class Step>
    void perform(Step& next) {
      if (auto* const s = next.as_send()) {
        driver.loop_.start(std::move(s->what), static_cast<task*>(this));
      } else if (auto* const w = next.as_wait()) {
        this->wake_at = w->until;
        this->stop = w->stop;
        this->alarm = make_owned<cancel_waiter>(this->stop, this, [](void* self) { static_cast<task_of*>(self)->driver.loop_.wake(); });
      }
    }

    loop_driver& driver;
    M& of;
    Done on_done;
    owned<fetching> fetch{};
  };

  void sweep() {
    std::erase_if(tasks_, [](const auto& t) { return t->finished; });
  }

  Session& shared_;
  L& loop_;
  std::vector<owned<task>> tasks_{};
};

}  // namespace s3store::inline v0
