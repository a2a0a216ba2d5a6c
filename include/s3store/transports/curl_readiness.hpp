// How does a loop learn which sockets are ready, and who wakes it? On Linux from epoll, whose sockets stay registered while their
// connections are kept; elsewhere from curl_multi_poll, which looks at all of them each time.
//
// Measured with libcurl 7.88 on a Linux of two cores: microseconds of CPU a GET of 4 KiB, bare handles, the least of four runs.
//
//   connections                                  100    256   1,000  4,000
//   a server that answers at once:
//     curl_multi_perform and curl_multi_poll     44.0   41.0   52.7   59.8
//     epoll, changed whenever libcurl asks       48.2   43.5   47.8   59.2
//     epoll, sockets stay registered             39.2   39.3   48.6   56.2
//   a server that answers every 60 us:
//     curl_multi_perform and curl_multi_poll     64.0   68.6   71.9  124.6
//     epoll, changed whenever libcurl asks       50.8   53.3   70.4  122.1
//     epoll, sockets stay registered             46.6   53.7   66.0  144.9
//
// After fork, both processes share what epoll has registered, and the descriptor that wakes. So a child must not change the one or write
// to the other; it may only close them.
#pragma once

#include <curl/curl.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <s3store/core/time.hpp>
#include <s3store/transports/curl_sockets.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Moves the bytes of a multi handle. For one thread; only `wake` may be called from others.
class readiness {
 public:
  /// The sockets must outlive it. `many`: there will be more than one connection; for one, epoll would be two more descriptors.
  readiness(sockets& of, [[maybe_unused]] bool many) noexcept : sockets_(of) {
#ifdef __linux__
    if (many) begin_epoll();
#endif
  }
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;
#ifdef __linux__
  ~readiness() {
    sockets_.unwatch = nullptr;
    close_epoll();
  }
#endif

  /// Which multi handle it moves from now on; null: none yet.
  void attach(CURLM* multi) noexcept {
    multi_ = multi;
#ifdef __linux__
    if (epoll_ < 0) return;
    timer_ = (steady_time::max)();
    if (!multi_) return;
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
#endif
  }
  /// Must the multi handle be replaced after it failed? What libcurl remembers of sockets is not whole after it got no memory: 7.88
  /// then divides by zero when it uses that socket again.
  bool needs_another() const noexcept {
#ifdef __linux__
    return epoll_ >= 0;
#else
    return false;
#endif
  }

  /// Waits until a socket is ready, libcurl has something to do, or `until` or a wake comes. Then lets libcurl move bytes. If it `looks`
  /// not, because exchanges were added, it does not wait and may leave sockets aside that are ready. `before` becomes the time before the
  /// first byte moved.
  CURLMcode turn(steady_time until, bool looks, steady_time& before) noexcept {
#ifdef __linux__
    if (epoll_ >= 0) return turn_with_epoll(until, looks, before);
#endif
    if (looks)
      if (const CURLMcode code = curl_multi_poll(multi_, nullptr, 0, milliseconds(until), nullptr); code != CURLM_OK) return code;
    before = std::chrono::steady_clock::now();
    int running = 0;
    return curl_multi_perform(multi_, &running);
  }

  /// Ends a `turn`, or the next one. Not for a child.
  void wake() noexcept {
#ifdef __linux__
    if (epoll_ >= 0) {
      const std::uint64_t one = 1;
      while (::write(event_, &one, sizeof one) < 0 && errno == EINTR) {
      }
      return;
    }
#endif
    curl_multi_wakeup(multi_);
  }

 private:
  static int milliseconds(steady_time until) noexcept {
    constexpr std::int64_t longest = 3'600'000;  // an hour; then the caller looks again
    const std::int64_t left = detail::whole_milliseconds(detail::saturating_sub(until, std::chrono::steady_clock::now()));
    return static_cast<int>(left < 0 ? 0 : (std::min)(left, longest));
  }

#ifdef __linux__
  void begin_epoll() noexcept {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    event_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (epoll_ < 0 || event_ < 0 || !watch(event_, EPOLL_CTL_ADD, EPOLLIN)) return close_epoll();  // there may be no descriptor left
    sockets_.unwatch = [](void* self, int s) noexcept { static_cast<readiness*>(self)->watch(s, EPOLL_CTL_DEL, 0); };
    sockets_.watcher = this;
  }
  void close_epoll() noexcept {
    if (epoll_ >= 0) ::close(epoll_);
    if (event_ >= 0) ::close(event_);
    epoll_ = event_ = -1;
  }

  CURLMcode turn_with_epoll(steady_time until, bool looks, steady_time& before) noexcept {
    int wait = looks ? milliseconds((std::min)(until, timer_)) : 0;
    if (!looks) before = std::chrono::steady_clock::now();
    // What was ready at once must get its turn before anybody asks which exchange is late; but this ends, also if sockets stay ready.
    const std::size_t rounds = looks ? 1 + sockets_.size() / events_.size() : 0;
    for (std::size_t i = 0; i != rounds; ++i) {
      const int ready = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), std::exchange(wait, 0));
      if (i == 0) before = std::chrono::steady_clock::now();
      for (int k = 0; k < ready; ++k)
        if (const CURLMcode code = act(events_[static_cast<std::size_t>(k)]); code != CURLM_OK || sockets_.inherited()) return code;
      if (ready < static_cast<int>(events_.size())) break;
    }
    if (timer_ <= before) {
      int running = 0;
      timer_ = (steady_time::max)();  // libcurl says so again if it needs another
      if (const CURLMcode code = curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running); code != CURLM_OK) return code;
    }
    return std::exchange(failed_, false) ? CURLM_INTERNAL_ERROR : CURLM_OK;
  }

  CURLMcode act(const epoll_event& e) noexcept {
    const int s = e.data.fd;
    if (s == event_) {
      std::uint64_t any = 0;
      static_cast<void>(!::read(event_, &any, sizeof any));
      return CURLM_OK;
    }
    if (sockets::watch* const known = sockets_.find(s); known && known->wanted == 0) {
      watch(s, EPOLL_CTL_DEL, 0);  // a kept connection on which something came: it is closed when libcurl wants to use it
      known->watched = 0;
      return CURLM_OK;
    }
    // As curl_multi_poll does it: an error is found by reading.
    const int in = (e.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 ? CURL_CSELECT_IN : 0;
    const int what = in | ((e.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
    int running = 0;
    return curl_multi_socket_action(multi_, s, what, &running);
  }

  bool watch(int s, int change, std::uint32_t events) noexcept {
    epoll_event e{};
    e.events = events;
    e.data.fd = s;
    return ::epoll_ctl(epoll_, change, s, &e) == 0;
  }

  static int on_socket(CURL*, curl_socket_t s, int what, void* self, void*) {
    static_cast<readiness*>(self)->want(s, what);
    return 0;  // anything else would make the multi handle useless for ever
  }
  static int on_timer(CURLM*, long ms, void* self) {
    static_cast<readiness*>(self)->timer_ =
        ms < 0 ? (steady_time::max)() : detail::saturating_add(std::chrono::steady_clock::now(), std::chrono::milliseconds{ms});
    return 0;
  }

  void want(int s, int what) noexcept {
    if (sockets_.inherited()) return;
    const unsigned in = what == CURL_POLL_IN || what == CURL_POLL_INOUT ? unsigned{EPOLLIN} : 0u;
    const unsigned out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? unsigned{EPOLLOUT} : 0u;
    const unsigned wanted = in | out;
    sockets::watch* const known = sockets_.find(s);
    if (!known) {  // one that libcurl made for itself, to wait for the look-up of a name; it may be closed once it is not wanted
      if (wanted == 0) return static_cast<void>(watch(s, EPOLL_CTL_DEL, 0));
      if (!watch(s, EPOLL_CTL_MOD, wanted) && !watch(s, EPOLL_CTL_ADD, wanted)) failed_ = true;
      return;
    }
    known->wanted = static_cast<unsigned char>(wanted);
    // If it is not wanted, that need not be said: mostly the connection is kept and soon used again.
    if (wanted == 0 || wanted == known->watched) return;
    if (watch(s, known->watched != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, wanted)) {
      known->watched = static_cast<unsigned char>(wanted);
    } else {
      failed_ = true;
    }
  }

  int epoll_{-1}, event_{-1};
  steady_time timer_{(steady_time::max)()};  // of libcurl
  bool failed_{};                            // to watch a socket
  std::array<epoll_event, 128> events_{};
#endif

  CURLM* multi_{};
  sockets& sockets_;
};

}  // namespace s3store::inline S3STORE_ABI::curl_detail
