// How does a lost TLS connection not kill the process?
//
// Writing to a socket whose peer is gone raises SIGPIPE. libcurl asks the system not to, but before 7.88 OpenSSL wrote to the
// socket itself and did not. libcurl's own remedy swaps the process's signal handler on every call, which threads do to each
// other's harm, so it is off (CURLOPT_NOSIGNAL). Here the signal is blocked for this thread while libcurl runs, and taken back if
// it came.
#pragma once

#include <curl/curl.h>

#if !defined(_WIN32) && !defined(__APPLE__)
#include <cerrno>
#include <csignal>
#include <ctime>
#endif

namespace s3store::inline v0::curl_detail {

#if !defined(_WIN32) && !defined(__APPLE__)

inline bool raises_sigpipe() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num < 0x075800; }

class sigpipe_block {
 public:
  explicit sigpipe_block(bool needed) noexcept {
    if (!needed) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE)) return;  // already blocked by the caller, who is owed it
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    blocking_ = pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  ~sigpipe_block() {
    if (!blocking_) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  sigpipe_block(const sigpipe_block&) = delete;
  sigpipe_block& operator=(const sigpipe_block&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool blocking_{};
};

#else

inline bool raises_sigpipe() noexcept { return false; }  // no such signal, or libcurl sets SO_NOSIGPIPE
struct sigpipe_block {
  explicit sigpipe_block(bool) noexcept {}
};

#endif

}  // namespace s3store::inline v0::curl_detail
