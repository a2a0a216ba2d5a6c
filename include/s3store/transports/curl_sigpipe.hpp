// How does a lost TLS connection not kill the process?
//
// Writing to a socket that the peer has closed raises SIGPIPE. libcurl prevents that for its own writes, but before 7.88 OpenSSL
// wrote to the socket directly. libcurl's remedy was to replace the process's signal handler during each call, which is not safe
// with threads, so it is off (CURLOPT_NOSIGNAL). Instead, SIGPIPE is blocked on this thread while libcurl runs, and discarded if it
// was raised.
#pragma once

#include <curl/curl.h>

#if !defined(_WIN32) && !defined(__APPLE__)
#include <cerrno>
#include <csignal>
#include <ctime>

#include <s3store/core/version.hpp>
#endif

namespace s3store::inline S3STORE_ABI::curl_detail {

#if !defined(_WIN32) && !defined(__APPLE__)

inline bool raises_sigpipe() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num < 0x075800; }

class sigpipe_block {
 public:
  explicit sigpipe_block(bool needed) noexcept {
    if (!needed) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE)) return;  // the caller has blocked it and must receive it later
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

inline bool raises_sigpipe() noexcept { return false; }  // Windows has no SIGPIPE; on macOS libcurl sets SO_NOSIGPIPE
struct sigpipe_block {
  explicit sigpipe_block(bool) noexcept {}
};

#endif

}  // namespace s3store::inline S3STORE_ABI::curl_detail
