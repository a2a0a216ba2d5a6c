// How do many exchanges run at once on one thread? On one multi handle of libcurl, by whoever calls `poll`.
//
// One turn of `poll` lets libcurl move bytes, collects what is over, ends what is late or cancelled, and only then waits. The time
// that limits are held against is taken before the bytes move: an exchange whose bytes lay ready while another one's sink was slow
// has moved on by the time it is judged.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <s3store/http/transport.hpp>
#include <s3store/transports/curl_handle.hpp>
#include <s3store/transports/curl_sigpipe.hpp>

namespace s3store::inline v0 {

/// Models `http::loop`. For one thread; only `wake`, and cancelling a token, may come from others. No thread of its own.
/// Receivers, sources and sinks are called inside `poll`, and must not call the loop. Connections are kept and reused.
/// Destroying it drops what is under way, without completions.
class curl_loop {
 public:
  explicit curl_loop(curl_settings settings = {}) : settings_(std::move(settings)) {
    curl_detail::start_libcurl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>((std::min)(settings_.max_idle_connections, std::size_t{1} << 20)));
    guards_sigpipe_ = curl_detail::raises_sigpipe();
  }
  curl_loop(curl_loop&&) noexcept = default;
  curl_loop& operator=(curl_loop&&) = delete;
  ~curl_loop() {
    const curl_detail::sigpipe_block quiet{guards_sigpipe_};
    for (const auto& h : active_) curl_multi_remove_handle(multi_.get(), h->easy());
    active_.clear();
    idle_.clear();
    multi_.reset();
  }

  /// Begins an exchange. What it points to must live until its completion has come out of `poll`, which it does for failures, too.
  void start(http::exchange what, void* tag) {
    if (idle_.empty()) idle_.push_back(make_owned<curl_detail::handle>(settings_));
    finished_.reserve(finished_.size() + active_.size() + 1);  // so that nothing below throws halfway
    active_.reserve(active_.size() + 1);
    idle_.reserve(idle_.size() + active_.size() + 1);

    curl_detail::handle& h = *idle_.back();
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

  /// Ends an exchange and forgets it: nothing of it is touched any more, and `poll` will not speak of it.
  void cancel(void* tag) {
    for (std::size_t i = active_.size(); i-- != 0;)
      if (active_[i]->tag() == tag) end(*active_[i], error{});
    std::erase_if(finished_, [tag](const http::completion& over) { return over.tag == tag; });
  }

  /// Ends a `poll` early, or the next one if none is under way. From any thread.
  void wake() noexcept {
    woken_->store(true, std::memory_order_release);
    curl_multi_wakeup(multi_.get());
  }

  /// A finished exchange; nothing at `until` or after a wake. A time in the past looks once and does not wait.
  std::optional<http::completion> poll(steady_time until) {
    const curl_detail::sigpipe_block quiet{guards_sigpipe_};
    for (;;) {
      const steady_time now = std::chrono::steady_clock::now();
      if (finished_.empty()) advance(now);
      if (!finished_.empty()) {
        http::completion first = std::move(finished_.front());
        finished_.erase(finished_.begin());
        return first;
      }
      if (woken_->exchange(false, std::memory_order_acq_rel) || now >= until) return std::nullopt;
      wait(until);
    }
  }

 private:
  static error refusal(CURLMcode code) {
    return fail(error_kind::transport, {"libcurl refused to run: ", curl_multi_strerror(code)});
  }

  void advance(steady_time now) {
    int running = 0;
    if (const CURLMcode code = curl_multi_perform(multi_.get(), &running); code != CURLM_OK) return end_all(code);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto& h = curl_detail::handle::of(message->easy_handle);
      end(h, message->data.result);  // the message is gone once its handle is removed
    }
    for (std::size_t i = active_.size(); i-- != 0;)
      if (auto late = active_[i]->overdue(now)) end(*active_[i], std::move(*late));
  }

  void wait(steady_time until) {
    for (const auto& h : active_) until = (std::min)(until, h->due());
    constexpr std::int64_t longest = 3'600'000;  // an hour; it is asked again
    const std::int64_t left = whole_milliseconds(until - std::chrono::steady_clock::now());
    const int ms = static_cast<int>(left < 0 ? 0 : (std::min)(left, longest));
    if (const CURLMcode code = curl_multi_poll(multi_.get(), nullptr, 0, ms, nullptr); code != CURLM_OK)
      end_all(code);
  }

  template <class Why>
  void end(curl_detail::handle& h, Why why) {
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
  void end_all(CURLMcode code) {
    while (!active_.empty()) end(*active_.back(), refusal(code));
  }

  curl_settings settings_;
  owned<CURLM, &curl_multi_cleanup> multi_{};
  std::vector<owned<curl_detail::handle>> active_{}, idle_{};
  std::vector<http::completion> finished_{};
  owned<std::atomic<bool>> woken_{make_owned<std::atomic<bool>>(false)};
  bool guards_sigpipe_{};
};

static_assert(http::loop<curl_loop>);

}  // namespace s3store::inline v0
