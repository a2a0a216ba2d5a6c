// Which sockets does a multi handle have? It must be known when a process was forked: the child has all of them, too, and whatever it
// writes there, even a TLS goodbye, goes into the parent's connections.
#pragma once

#include <curl/curl.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <new>
#include <vector>

#include <s3store/core/process.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

#ifndef _WIN32

/// Opens and closes the sockets of one multi handle, whose easy handles must not outlive it.
class sockets {
 public:
  sockets() = default;
  sockets(const sockets&) = delete;
  sockets& operator=(const sockets&) = delete;

  /// Is this a child of the process that opened the sockets?
  bool inherited() const noexcept { return process_ != detail::process_id(); }

  /// For a child. Puts another socket, which goes nowhere, in the place of each. So libcurl can end its connections, and neither the
  /// parent nor the server sees anything of it. Nothing is opened any more.
  void cut_off() noexcept {
    if (open_.empty()) return;
    int nowhere = unconnected();
    for (const int s : open_) {
      if (nowhere < 0) {  // there is no descriptor left, so one must become free first
        ::close(s);
        nowhere = unconnected();
        continue;
      }
      if (s != nowhere && ::dup2(nowhere, s) == s) ::fcntl(s, F_SETFD, FD_CLOEXEC);
    }
    if (nowhere >= 0 && std::find(open_.begin(), open_.end(), nowhere) == open_.end()) ::close(nowhere);
    open_.clear();
  }

  /// Lets the easy handle use these sockets.
  CURLcode attach(CURL* easy) noexcept {
    for (const CURLcode code :
         {curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open), curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this),
          curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &on_close), curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this)})
      if (code != CURLE_OK) return code;
    return CURLE_OK;
  }

 private:
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* to) {
    return static_cast<sockets*>(self)->open(to->family, to->socktype, to->protocol);
  }
  static int on_close(void* self, curl_socket_t s) {
    std::erase(static_cast<sockets*>(self)->open_, s);
    return ::close(s);
  }

  /// Programs that this one starts do not get the socket.
  static int closed_on_exec(int family, int type, int protocol) noexcept {
#ifdef SOCK_CLOEXEC
    return ::socket(family, type | SOCK_CLOEXEC, protocol);
#else
    const int s = ::socket(family, type, protocol);
    if (s >= 0) ::fcntl(s, F_SETFD, FD_CLOEXEC);
    return s;
#endif
  }
  /// A datagram socket, because writing to it raises no SIGPIPE.
  static int unconnected() noexcept {
    const int s = closed_on_exec(AF_UNIX, SOCK_DGRAM, 0);
    if (s >= 0) ::fcntl(s, F_SETFL, O_NONBLOCK);
    return s;
  }

  curl_socket_t open(int family, int type, int protocol) noexcept try {
    if (inherited()) return CURL_SOCKET_BAD;  // the exchange is about to be ended
    open_.reserve(open_.size() + 1);
    const int s = closed_on_exec(family, type, protocol);
    if (s < 0) return CURL_SOCKET_BAD;
    open_.push_back(s);
    return s;
  } catch (const std::bad_alloc&) {
    return CURL_SOCKET_BAD;
  }

  int process_{detail::process_id()};
  std::vector<int> open_{};
};

#else

struct sockets {  // Windows has no fork
  bool inherited() const noexcept { return false; }
  void cut_off() noexcept {}
  CURLcode attach(CURL*) noexcept { return CURLE_OK; }
};

#endif

}  // namespace s3store::inline S3STORE_ABI::curl_detail
