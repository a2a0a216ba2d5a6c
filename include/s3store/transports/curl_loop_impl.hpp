// What does one round of `poll` do? It ends the exchanges that are cancelled or late, begins those whose turn it is, waits, lets libcurl
// move bytes, and collects what has finished. These are the definitions for curl_loop.hpp.
//
// No round walks over all exchanges. Limits are in a heap by the time at which they may be exceeded; a token that cancels puts its exchange
// into a list; and as long as finished exchanges wait to be fetched, libcurl is not called again.
//
// Limits are checked against the time before the bytes moved. So a slow sink of one exchange does not make another one late whose
// bytes were already waiting.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include <s3store/transports/curl_handle.hpp>
#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_readiness.hpp>
#include <s3store/transports/curl_sigpipe.hpp>
#include <s3store/transports/curl_tasks.hpp>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {

S3STORE_INLINE void handle_owner::operator()(handle* p) const noexcept { delete p; }

/// A multi handle with its easy handles. The functions are documented in curl_loop.
///
/// After fork, the child must not run it: besides connections, both processes share the descriptors by which `poll` waits and is woken.
class multi {
 public:
  explicit multi(curl_settings settings)
      : settings_(std::move(settings)),
        most_((std::max)(settings_.max_connections != 0 ? settings_.max_connections : descriptor_limit() / 2, std::size_t{1})),
        queue_(settings_.max_connections_per_host) {
    start_libcurl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    ready_.emplace(sockets_, most_ > 1);
    ready_->attach(multi_.get());
    guards_sigpipe_ = raises_sigpipe();
  }
  multi(const multi&) = delete;
  multi& operator=(const multi&) = delete;

  /// The one that runs in this process: this, or in a child the one that took its place, which the first use there makes.
  multi& here() {
    multi* m = this;
    while (m->inherited()) {
      if (!m->heir_.load()) m->begin_anew();
      m = m->heir_.load();
    }
    return *m;
  }
  /// May it be destroyed? Not in a child if exchanges ran at the fork: then libcurl's part must be left alone, since its threads, which
  /// look up names, are not in the child. Closes the child's copies of the sockets.
  bool may_be_destroyed() noexcept {
    if (!inherited()) return true;
    sockets_.cut_off();
    return !polls_ && !abandoned_ && running_.empty();
  }

  multi* heir() const noexcept { return heir_.load(); }

  ~multi() {
    const sigpipe_block quiet{guards_sigpipe_};
    while (task* const t = any()) {
      if (t->runs) curl_multi_remove_handle(multi_.get(), t->runs->easy());
      destroy(*t);
    }
    idle_.clear();
    multi_.reset();
  }

  void start(http::exchange what, void* tag) {
    tags_.make_room();
    times_.make_room(tags_.size() + 1);
    auto made = detail::make_owned<task>(*this, std::move(what), tag);
    task& t = *made;
    host& at = queue_.of(host_of(t.what.out->url));
    if (t.what.stop.can_cancel()) t.alarm.emplace(t.what.stop, &t, &on_cancel);
    static_cast<void>(made.release());  // from here on nothing throws
    tags_.add(t);
    queue_.wait(t, at);
    times_.set(t, t.what.within.deadline);
    if (t.what.stop.cancelled()) note_cancelled(t);
  }

  void cancel(void* tag) noexcept {
    tags_.each(tag, [this](task& t) {
      if (t.runs) recycle(t, [](handle& h) { h.forget(); });
      destroy(t);
    });
  }

  void wake() noexcept {
    multi* m = this;
    bool known = false;
    for (;;) {
      known = m->woken_.exchange(true);
      multi* const next = m->heir_.load();  // looked up after the line above, so that either side sees what the other did
      if (!next) break;
      m = next;
    }
    if (!known && !m->inherited()) m->ready_->wake();
  }

  std::optional<http::completion> poll(steady_time until) {
    const sigpipe_block quiet{guards_sigpipe_};
    const polling now_in_poll{polls_};
    for (;;) {
      if (task* const t = finished_.front()) {
        http::completion first{t->tag, std::move(*t->outcome)};
        destroy(*t);
        return first;
      }
      const steady_time now = std::chrono::steady_clock::now();
      end_cancelled();
      const bool begun = begin(now);
      if (!finished_.empty()) continue;
      set_limits(now);
      const bool last = woken_.load() || now >= until;
      const bool looks = !begun || looked_away_;  // at the others' sockets, too: at the latest in every second round
      advance(last || begun ? now : wake_time(until, now), looks);
      looked_away_ = !looks;
      if (finished_.empty() && looks && (woken_.exchange(false) || last)) return std::nullopt;
    }
  }

 private:
  /// Is this a child of the process that made it?
  bool inherited() const noexcept { return sockets_.inherited(); }

  /// For a child: makes what takes the place of this. The exchanges that were under way end with errors; but if they ran on another
  /// thread, which is not in the child, then nobody waits for them.
  void begin_anew() {
    auto next = detail::make_owned<multi>(settings_);
    if (!polls_) {
      end_forked();
      while (task* const t = finished_.front()) {
        next->tags_.make_room();
        next->times_.make_room(next->tags_.size() + 1);
        finished_.remove(*t);
        tags_.remove(*t);
        next->tags_.add(*t);
        next->finished_.push_back(*t);
      }
    }
    multi* const heir = next.release();
    heir_.store(heir);
    if (woken_.load()) heir->woken_.store(true);
  }

  static error refusal(CURLMcode code) noexcept {
    if (code == CURLM_OUT_OF_MEMORY) return detail::out_of_memory();
    return detail::fail(error_kind::transport, {"libcurl refused to run: ", curl_multi_strerror(code)});
  }

  // --- Who runs, and who waits ---------------------------------------------------------------------------------------------------

  /// How many may run at once. After a lack of descriptors fewer, for a while.
  std::size_t most(steady_time now) const noexcept { return now < scarce_until_ ? (std::min)(scarce_, most_) : most_; }

  /// Begins those whose turn it is. Returns whether there was one.
  bool begin(steady_time now) noexcept {
    bool begun = false;
    while (running_.size() < most(now)) {
      task* const t = queue_.next();
      if (!t) break;
      begun = begin(*t, now) || begun;
    }
    return begun;
  }
  bool begin(task& t, steady_time now) noexcept {
    if (now >= t.what.within.deadline) return over(t, handle::deadline_passed(t.what)), false;
    result<void> ready{};
    try {
      if (idle_.empty()) idle_.push_back(detail::make_owned<handle>(settings_, sockets_));
      if (const std::size_t all = running_.size() + idle_.size(); idle_.capacity() < all)  // so that `recycle` has room
        idle_.reserve((std::max)(all, 2 * idle_.capacity()));
      ready = idle_.back()->prepare(t);
      if (!multi_) renew();
      if (!multi_) ready = detail::out_of_memory();
      if (ready)
        if (const CURLMcode code = curl_multi_add_handle(multi_.get(), idle_.back()->easy()); code != CURLM_OK) ready = refusal(code);
    } catch (const std::bad_alloc&) {
      ready = detail::out_of_memory();
    }
    if (!ready) {
      if (!idle_.empty()) idle_.back()->forget();
      over(t, std::move(ready.error()));
      return false;
    }
    t.runs.reset(idle_.back().release());
    idle_.pop_back();
    queue_.begin(t);
    running_.push_back(t);
    times_.set(t, t.runs->next_look(now));
    return true;
  }
  /// Of libcurl, which counts the connections that it keeps, too, and closes one of them if a new one would be too many.
  void set_limits(steady_time now) noexcept {
    const auto number = [](std::size_t n) { return static_cast<long>((std::min)(n, std::size_t{1} << 20)); };
    const std::size_t kept = (std::min)((std::max)(running_.size() + settings_.max_idle_connections, std::size_t{2}) - 1, most_);
    if (kept != kept_)
      curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, number(kept_ = kept));
    if (const std::size_t all = most(now); all != all_) curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, number(all_ = all));
  }

  /// The exchange found no descriptor. Was it put back, to be run once another has ended, or has made room by closing what it kept?
  bool waits_for_descriptor(task& t, steady_time now) noexcept {
    if (running_.size() == 1) {  // then only connections that are kept can make room, one after another
      if (sockets_.size() == 0 || sockets_.size() >= t.room) return false;
      t.room = sockets_.size();
    }
    recycle(t, [](handle& h) { h.forget(); });
    running_.remove(t);
    queue_.put_back(t);
    times_.set(t, t.what.within.deadline);
    scarce_ = (std::max)(sockets_.size(), std::size_t{1});
    scarce_until_ = detail::saturating_add(now, std::chrono::seconds{1});
    return true;
  }

  // --- A round -------------------------------------------------------------------------------------------------------------------

  steady_time wake_time(steady_time until, steady_time now) const noexcept {
    if (const task* const next = times_.first()) until = (std::min)(until, next->due);
    if (now < scarce_until_ && queue_.next()) until = (std::min)(until, scarce_until_);
    return until;
  }

  void advance(steady_time until, bool looks) noexcept {
    steady_time before{};
    const CURLMcode code = ready_->turn(until, looks, before);
    if (inherited()) return end_forked();  // a callback has forked, and this is the child
    if (code != CURLM_OK) return end_all(code);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode outcome = message->data.result;  // removing the handle makes `message` invalid
      task& t = handle::of(message->easy_handle).of_task();
      if (!t.runs->lacked_descriptor(outcome)) {
        end(t, outcome);
      } else if (const int why = t.runs->system_error(); !waits_for_descriptor(t, before)) {
        end(t, no_descriptor(why, descriptor_limit(), t.what.out->url));
      }
    }
    if (looks) end_late(before);
  }

  void end_late(steady_time now) noexcept {
    for (task* t = times_.first(); t && t->due <= now; t = times_.first()) {
      if (!t->runs) {
        over(*t, handle::deadline_passed(t->what));
      } else if (auto late = t->runs->overdue(now)) {
        end(*t, std::move(*late));
      } else {
        times_.set(*t, t->runs->next_look(now));
      }
    }
  }

  // --- The end of an exchange ----------------------------------------------------------------------------------------------------

  /// Takes its handle off it, after `f(handle)`.
  template <class F>
  void recycle(task& t, F&& f) noexcept {
    curl_multi_remove_handle(multi_.get(), t.runs->easy());
    f(*t.runs);
    idle_.push_back(detail::owned<handle>{t.runs.release()});  // `begin` made room
  }
  template <class Why>
  void end(task& t, Why why) noexcept {
    http::outcome out{error{}};
    recycle(t, [&](handle& h) { out = h.finish(std::move(why)); });
    over(t, std::move(out));
  }
  void over(task& t, http::outcome out) noexcept {
    settle(t);
    t.outcome.emplace(std::move(out));
    finished_.push_back(t);
  }
  void end_all(CURLMcode code) noexcept {
    while (task* const t = running_.front()) end(*t, refusal(code));
    if (!ready_->needs_another()) return;
    multi_.reset();
    renew();
  }
  /// There may be no memory for one; then the next exchange tries it again.
  void renew() noexcept {
    multi_.reset(curl_multi_init());
    ready_->attach(multi_.get());
    kept_ = all_ = 0;
  }
  /// The handles are left alone; see `may_be_destroyed`.
  void end_forked() noexcept {
    sockets_.cut_off();
    while (task* const t = unfinished()) {
      if (t->runs) {
        static_cast<void>(t->runs.release());
        abandoned_ = true;
      }
      over(*t, detail::fail(error_kind::cancelled, {"a fork made this process while the exchange with ", host_of(t->what.out->url),
                                                    " was under way, which goes on in the parent"}));
    }
  }

  task* unfinished() const noexcept { return running_.empty() ? queue_.any() : running_.front(); }
  task* any() const noexcept { return finished_.empty() ? unfinished() : finished_.front(); }

  /// It neither waits nor runs any more, and nobody cancels it by its token.
  void settle(task& t) noexcept {
    if (t.alarm) {
      t.alarm.reset();
      if (!inherited()) forget_cancelled(t);  // in a child, a thread of the parent's may have held the lock
    }
    times_.remove(t);
    if (t.is == task::state::running) running_.remove(t);
    queue_.leave(t);
  }
  void destroy(task& t) noexcept {
    if (t.is == task::state::finished) {
      finished_.remove(t);
    } else {
      settle(t);
    }
    tags_.remove(t);
    delete &t;
  }

  // --- Cancelling by tokens, on any thread ---------------------------------------------------------------------------------------

  static void on_cancel(void* who) {
    task& t = *static_cast<task*>(who);
    t.of->note_cancelled(t);
    t.of->ready_->wake();
  }
  void note_cancelled(task& t) noexcept {
    const std::lock_guard lock{guard_};
    if (std::exchange(t.cancelled, true)) return;
    t.next_cancelled = cancelled_;
    if (cancelled_) cancelled_->previous_cancelled = &t;
    cancelled_ = &t;
    any_cancelled_.store(true);
  }
  void forget_cancelled(task& t) noexcept {
    const std::lock_guard lock{guard_};
    if (!std::exchange(t.cancelled, false)) return;
    (t.previous_cancelled ? t.previous_cancelled->next_cancelled : cancelled_) = t.next_cancelled;
    if (t.next_cancelled) t.next_cancelled->previous_cancelled = t.previous_cancelled;
  }
  void end_cancelled() noexcept {
    if (!any_cancelled_.exchange(false)) return;
    for (;;) {
      task* t = nullptr;
      {
        const std::lock_guard lock{guard_};
        t = cancelled_;
      }
      if (!t) return;
      auto why = detail::fail(error_kind::cancelled, {"the caller cancelled the exchange with ", host_of(t->what.out->url)});
      if (t->runs) {
        end(*t, std::move(why));
      } else {
        over(*t, std::move(why));
      }
    }
  }

  struct polling {
    explicit polling(bool& flag) noexcept : is(flag) { is = true; }
    ~polling() { is = false; }
    bool& is;
  };
  struct multi_cleanup {
    void operator()(CURLM* p) const noexcept { static_cast<void>(curl_multi_cleanup(p)); }
  };

  curl_settings settings_;
  std::size_t most_;  // connections
  sockets sockets_{};
  bool polls_{};      // a thread is in `poll`
  bool looked_away_{};
  bool abandoned_{};  // in a child: handles that ran at the fork
  detail::owned<CURLM, multi_cleanup> multi_{};
  std::optional<readiness> ready_{};
  std::size_t kept_{}, all_{};  // what libcurl was told; see `set_limits`
  std::size_t scarce_{};        // how many connections there was room for, at most until then
  steady_time scarce_until_{(steady_time::min)()};

  tag_table tags_{};
  due_times times_{};
  turns queue_;
  task_list running_{}, finished_{};
  std::vector<detail::owned<handle>> idle_{};

  std::atomic<bool> woken_{false}, any_cancelled_{false};
  std::atomic<multi*> heir_{};  // only in a child, where other threads may call `wake` while it is made
  std::mutex guard_{};
  task* cancelled_{};  // a list, under the lock
  bool guards_sigpipe_{};
};

S3STORE_INLINE void multi_deleter::operator()(multi* p) const noexcept {
  if (multi* const heir = p->heir()) (*this)(heir);
  if (p->may_be_destroyed()) delete p;
}

}  // namespace curl_detail

S3STORE_INLINE curl_loop::curl_loop(curl_settings settings) : multi_(new curl_detail::multi{std::move(settings)}) {}
S3STORE_INLINE void curl_loop::start(http::exchange what, void* tag) { multi_->here().start(std::move(what), tag); }
S3STORE_INLINE void curl_loop::cancel(void* tag) { multi_->here().cancel(tag); }
S3STORE_INLINE void curl_loop::wake() noexcept { multi_->wake(); }
S3STORE_INLINE std::optional<http::completion> curl_loop::poll(steady_time until) { return multi_->here().poll(until); }

}  // namespace s3store::inline S3STORE_ABI
