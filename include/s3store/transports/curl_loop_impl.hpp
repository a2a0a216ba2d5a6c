// What does one round of `poll` do? It lets libcurl move bytes, collects finished exchanges, ends those that are late or cancelled,
// and only then waits. These are the definitions for curl_loop.hpp.
//
// Limits are checked against the time before the bytes moved. So a slow sink of one exchange does not make another one late whose
// bytes were already waiting.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include <s3store/transports/curl_handle.hpp>
#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_sigpipe.hpp>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {

/// A multi handle with its easy handles. The functions are documented in curl_loop.
///
/// After fork, the child must not run it: besides connections, both processes share the descriptor by which `wake` wakes `poll`.
class multi {
 public:
  explicit multi(curl_settings settings) : settings_(std::move(settings)) {
    start_libcurl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>((std::min)(settings_.max_idle_connections, std::size_t{1} << 20)));
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
    return !polls_ && active_.empty();
  }

  multi* heir() const noexcept { return heir_.load(); }

  ~multi() {
    const sigpipe_block quiet{guards_sigpipe_};
    for (const auto& h : active_) curl_multi_remove_handle(multi_.get(), h->easy());
    active_.clear();
    idle_.clear();
    multi_.reset();
  }

  void start(http::exchange what, void* tag) {
    if (idle_.empty()) idle_.push_back(detail::make_owned<handle>(settings_, sockets_));
    finished_.reserve(finished_.size() + active_.size() + 1);  // so that no push_back below or in `end` can throw
    active_.reserve(active_.size() + 1);
    idle_.reserve(idle_.size() + active_.size() + 1);

    handle& h = *idle_.back();
    auto ready = h.prepare(std::move(what), tag, multi_.get());
    if (ready)
      if (const CURLMcode code = curl_multi_add_handle(multi_.get(), h.easy()); code != CURLM_OK) ready = refusal(code);
    if (!ready) {
      finished_.push_back({tag, h.finish(std::move(ready.error()))});
      return;
    }
    h.place = active_.size();
    active_.push_back(std::move(idle_.back()));
    idle_.pop_back();
  }

  void cancel(void* tag) {
    for (std::size_t i = active_.size(); i-- != 0;)
      if (active_[i]->tag() == tag) end(*active_[i], error{});
    std::erase_if(finished_, [tag](const http::completion& over) { return over.tag == tag; });
  }

  void wake() noexcept {
    multi* m = this;
    for (;;) {
      m->woken_.store(true);
      multi* const next = m->heir_.load();  // looked up after the line above, so that either side sees what the other did
      if (!next) break;
      m = next;
    }
    if (!m->inherited()) curl_multi_wakeup(m->multi_.get());
  }

  std::optional<http::completion> poll(steady_time until) {
    const sigpipe_block quiet{guards_sigpipe_};
    const polling now_in_poll{polls_};
    for (;;) {
      const steady_time now = std::chrono::steady_clock::now();
      if (finished_.empty()) advance(now);
      if (!finished_.empty()) {
        http::completion first = std::move(finished_.front());
        finished_.erase(finished_.begin());
        return first;
      }
      if (woken_.exchange(false) || now >= until) return std::nullopt;
      wait(until);
    }
  }

 private:
  /// Is this a child of the process that made it?
  bool inherited() const noexcept { return sockets_.inherited(); }

  /// For a child: makes what takes the place of this. The exchanges that ran end with errors; but if they ran on another thread, which
  /// is not in the child, then nobody waits for them.
  void begin_anew() {
    auto next = detail::make_owned<multi>(settings_);
    if (!polls_) {
      end_forked();
      next->finished_ = std::move(finished_);
    }
    multi* const heir = next.release();
    heir_.store(heir);
    if (woken_.load()) heir->woken_.store(true);
  }

  static error refusal(CURLMcode code) {
    return detail::fail(error_kind::transport, {"libcurl refused to run: ", curl_multi_strerror(code)});
  }

  void advance(steady_time now) {
    int running = 0;
    const CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (inherited()) return end_forked();  // a callback has forked, and this is the child
    if (code != CURLM_OK) return end_all(code);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto& h = handle::of(message->easy_handle);
      end(h, message->data.result);  // removing the handle makes `message` invalid
    }
    for (std::size_t i = active_.size(); i-- != 0;)
      if (auto late = active_[i]->overdue(now)) end(*active_[i], std::move(*late));
  }

  void wait(steady_time until) {
    for (const auto& h : active_) until = (std::min)(until, h->due());
    constexpr std::int64_t longest = 3'600'000;  // an hour in ms; then `poll` waits again
    const std::int64_t left = detail::whole_milliseconds(detail::saturating_sub(until, std::chrono::steady_clock::now()));
    const int ms = static_cast<int>(left < 0 ? 0 : (std::min)(left, longest));
    if (const CURLMcode code = curl_multi_poll(multi_.get(), nullptr, 0, ms, nullptr); code != CURLM_OK)
      end_all(code);
  }

  template <class Why>
  void end(handle& h, Why why) {
    curl_multi_remove_handle(multi_.get(), h.easy());
    finished_.push_back({h.tag(), h.finish(std::move(why))});
    const std::size_t at = h.place;
    idle_.push_back(std::move(active_[at]));
    if (at + 1 != active_.size()) {
      active_[at] = std::move(active_.back());
      active_[at]->place = at;
    }
    active_.pop_back();
  }
  /// The handles stay active, since they must be left alone; see `may_be_destroyed`.
  void end_forked() {
    sockets_.cut_off();
    if (!std::exchange(ended_, true))
      for (const auto& h : active_) finished_.push_back({h->tag(), h->finish_forked()});
  }
  void end_all(CURLMcode code) {
    while (!active_.empty()) end(*active_.back(), refusal(code));
  }

  struct polling {
    explicit polling(bool& flag) noexcept : is(flag) { is = true; }
    ~polling() { is = false; }
    bool& is;
  };
  struct handle_deleter {
    void operator()(CURLM* p) const noexcept { static_cast<void>(curl_multi_cleanup(p)); }
  };

  curl_settings settings_;
  sockets sockets_{};
  bool polls_{};  // a thread is in `poll`
  bool ended_{};  // by `end_forked`
  detail::owned<CURLM, handle_deleter> multi_{};
  std::vector<detail::owned<handle>> active_{}, idle_{};
  std::vector<http::completion> finished_{};
  std::atomic<bool> woken_{false};
  std::atomic<multi*> heir_{};  // only in a child, where other threads may call `wake` while it is made
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
