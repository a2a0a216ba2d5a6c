// Which sockets does a multi handle have? It must be known when a process was forked: the child has all of them, too, and whatever it
// writes there, even a TLS goodbye, goes into the parent's connections.
//
// And it must be known when there is no descriptor left for another one, because then the exchange can wait until one ends.
#pragma once

#include <curl/curl.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <new>
#include <vector>

#include <s3store/core/process.hpp>

namespace s3store::inline S3STORE_ABI::curl_detail {

#ifndef _WIN32

/// How many descriptors this process may have; a large number if there is no limit.
inline std::size_t descriptor_limit() noexcept {
  constexpr std::size_t many = std::size_t{1} << 20;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return many;
  return static_cast<std::size_t>((std::min)(limit.rlim_cur, rlim_t{many}));
}

/// Opens and closes the sockets of one multi handle, whose easy handles must not outlive it.
class sockets {
 public:
  /// What `readiness` knows of a socket.
  struct watch {
    bool open{};
    unsigned char wanted{};   ///< by libcurl now
    unsigned char watched{};  ///< by the system
  };
  /// Who opens sockets: an easy handle. `failed` is the system's error if it could not have one.
  struct opener {
    sockets* of{};
    int failed{};
    bool lacked_descriptor() const noexcept { return failed == EMFILE || failed == ENFILE; }
  };

  sockets() = default;
  sockets(const sockets&) = delete;
  sockets& operator=(const sockets&) = delete;

  /// Is this a child of the process that opened the sockets?
  bool inherited() const noexcept { return process_ != detail::process_id(); }

  std::size_t size() const noexcept { return open_; }

  /// Null if it is another's.
  watch* find(int s) noexcept {
    const auto at = static_cast<std::size_t>(s);
    return s >= 0 && at < table_.size() && table_[at].open ? &table_[at] : nullptr;
  }
  /// Is called before a socket is closed that the system watches, with its number. Not called in a child.
  void (*unwatch)(void* who, int s) noexcept {};
  void* watcher{};  ///< who

  /// For a child. Puts another socket, which goes nowhere, in the place of each. So libcurl can end its connections, and neither the
  /// parent nor the server sees anything of it. Nothing is opened any more.
  void cut_off() noexcept {
    if (open_ == 0) return;
    int nowhere = unconnected();
    for (std::size_t i = 0; i != table_.size(); ++i) {
      if (!table_[i].open) continue;
      const int s = static_cast<int>(i);
      if (nowhere < 0) {  // there is no descriptor left, so one must become free first
        ::close(s);
        nowhere = unconnected();
        continue;
      }
      if (s != nowhere && ::dup2(nowhere, s) == s) ::fcntl(s, F_SETFD, FD_CLOEXEC);
    }
    if (nowhere >= 0 && !find(nowhere)) ::close(nowhere);
    table_.clear();
    open_ = 0;
  }

  /// Lets the easy handle use these sockets.
  CURLcode attach(CURL* easy, opener& by) noexcept {
    by.of = this;
    for (const CURLcode code :
         {curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open), curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &by),
          curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &on_close), curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this)})
      if (code != CURLE_OK) return code;
    return CURLE_OK;
  }

 private:
  static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* to) {
    auto& by = *static_cast<opener*>(self);
    const curl_socket_t s = by.of->open(to->family, to->socktype, to->protocol);
    by.failed = s == CURL_SOCKET_BAD ? errno : 0;
    return s;
  }
  static int on_close(void* self, curl_socket_t s) {
    auto& me = *static_cast<sockets*>(self);
    if (watch* const known = me.find(s)) {
      if (known->watched != 0 && !me.inherited()) me.unwatch(me.watcher, s);
      *known = {};
      --me.open_;
    }
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

  /// CURL_SOCKET_BAD, and `errno`, if there is none.
  curl_socket_t open(int family, int type, int protocol) noexcept try {
    errno = 0;
    if (inherited()) return CURL_SOCKET_BAD;  // the exchange is about to be ended
    const int s = closed_on_exec(family, type, protocol);
    if (s < 0) return CURL_SOCKET_BAD;
    const auto at = static_cast<std::size_t>(s);
    try {
      if (at >= table_.size()) table_.resize((std::max)(at + 1, table_.size() * 2));
    } catch (const std::bad_alloc&) {
      ::close(s);
      throw;
    }
    table_[at] = {.open = true};
    ++open_;
    return s;
  } catch (const std::bad_alloc&) {
    errno = ENOMEM;
    return CURL_SOCKET_BAD;
  }

  int process_{detail::process_id()};
  std::vector<watch> table_{};  // by number
  std::size_t open_{};
};

#else

inline std::size_t descriptor_limit() noexcept { return 1024; }  // Windows has none as low as that

struct sockets {  // Windows has no fork
  struct opener {
    int failed{};
    bool lacked_descriptor() const noexcept { return false; }
  };
  bool inherited() const noexcept { return false; }
  std::size_t size() const noexcept { return 0; }
  void cut_off() noexcept {}
  CURLcode attach(CURL*, opener&) noexcept { return CURLE_OK; }
};

#endif

}  // namespace s3store::inline S3STORE_ABI::curl_detail
