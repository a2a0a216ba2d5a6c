// Who answers the requests of a benchmark? A process of its own, so that its work is not in the client's figure, with fixed answers, so
// that it does hardly any.
//
// The answers have the header fields that MinIO sends, in its order and of its lengths. Like MinIO it gives an object's checksum to who
// asks for it by `x-amz-checksum-mode`.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/text.hpp>
#include <s3store/crypto/checksum.hpp>

namespace bench {

/// Serves one object to any path, and takes whatever is put.
class loopback_server {
 public:
  explicit loopback_server(std::string object) : object_(std::move(object)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, SOMAXCONN) != 0 || ::getsockname(listener_, address, &size) != 0) fail();
    port_ = ntohs(at.sin_port);

    int lifeline[2];
    if (::pipe(lifeline) != 0) fail();
    child_ = ::fork();
    if (child_ < 0) fail();
    if (child_ == 0) {
      ::close(lifeline[1]);
      serve(lifeline[0]);
      ::_exit(0);
    }
    ::close(lifeline[0]);
    ::close(listener_);
    lifeline_ = lifeline[1];
  }
  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;
  ~loopback_server() {
    ::close(lifeline_);
    ::waitpid(child_, nullptr, 0);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  struct connection {
    int socket{};
    std::string received{};
  };
  struct answers {
    std::string get{}, get_checked{}, head{}, head_checked{}, put{};
  };

  [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category(), "the loopback server does not start"); }

  std::string answer_head(bool to_put, bool checked) const {
    s3store::crypto::checksum sum{s3store::crypto::checksum_algorithm::crc64nvme};
    sum.update(s3store::detail::as_bytes(object_));
    std::string out = "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: ";
    out.append(to_put ? "0" : std::to_string(object_.size())).append("\r\n");
    if (!to_put) out.append("Content-Type: binary/octet-stream\r\n");
    out.append("ETag: \"21a199c53f422a380e20b162fb6ebe9c\"\r\n");
    if (!to_put) out.append("Last-Modified: Sun, 22 Nov 2026 21:39:02 GMT\r\n");
    out.append("Server: MinIO\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
    out.append("Vary: Origin\r\nVary: Accept-Encoding\r\n");
    if (checked) out.append("X-Amz-Checksum-Crc64nvme: ").append(sum.base64()).append("\r\nX-Amz-Checksum-Type: FULL_OBJECT\r\n");
    out.append("X-Amz-Id-2: 7afa72595eafd602a55d384251ad3ae43358a716bb21121de60669d7ef4b77f6\r\n");
    out.append("X-Amz-Request-Id: 18EA7BD1DAFD5E84\r\nX-Content-Type-Options: nosniff\r\n");
    out.append("X-Ratelimit-Limit: 6780\r\nX-Ratelimit-Remaining: 6780\r\nX-Xss-Protection: 1; mode=block\r\n");
    return out.append("Date: Sun, 22 Nov 2026 21:39:02 GMT\r\n\r\n");
  }

  /// Runs until the other end of `lifeline` is closed, which the system does when the benchmark dies.
  void serve(int lifeline) {
    const answers known{answer_head(false, false) + object_, answer_head(false, true) + object_, answer_head(false, false),
                        answer_head(false, true), answer_head(true, true)};
    std::vector<connection> open;
    for (;;) {
      std::vector<pollfd> watched{{lifeline, POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const connection& c : open) watched.push_back({c.socket, POLLIN, 0});
      if (::poll(watched.data(), watched.size(), -1) < 0 || watched[0].revents != 0) return;
      for (std::size_t i = open.size(); i-- != 0;)
        if (watched[i + 2].revents != 0 && !read_from(open[i], known)) {
          ::close(open[i].socket);
          open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
        }
      if (watched[1].revents == 0) continue;
      const int accepted = ::accept(listener_, nullptr, nullptr);
      const int yes = 1;
      ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      open.push_back({accepted});
    }
  }

  /// Answers what is there; false at the end of the connection.
  static bool read_from(connection& c, const answers& known) {
    char block[64 * 1024];
    const ssize_t got = ::recv(c.socket, block, sizeof block, 0);
    if (got <= 0) return false;
    c.received.append(block, static_cast<std::size_t>(got));
    for (;;) {
      const auto end = c.received.find("\r\n\r\n");
      if (end == std::string::npos) return true;
      const std::string_view head{c.received.data(), end};
      const auto length = value_of(head, "Content-Length");
      const std::size_t size = end + 4 + s3store::detail::parse_integer<std::size_t>(length).value_or(0);
      if (c.received.size() < size) return true;
      const bool checked = !value_of(head, "x-amz-checksum-mode").empty();
      const std::string& answer = head.starts_with("PUT ")    ? known.put
                                  : head.starts_with("HEAD ") ? (checked ? known.head_checked : known.head)
                                                              : (checked ? known.get_checked : known.get);
      if (::send(c.socket, answer.data(), answer.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer.size())) return false;
      c.received.erase(0, size);
    }
  }

  static std::string_view value_of(std::string_view head, std::string_view name) {
    std::string_view found;
    s3store::detail::split(head, '\n', [&](std::string_view line) {
      const auto colon = (std::min)(line.find(':'), line.size());
      if (s3store::detail::equal_ignoring_case(line.substr(0, colon), name)) found = s3store::detail::trim(line.substr((std::min)(colon + 1, line.size())));
    });
    return found;
  }

  std::string object_;
  int listener_{-1}, lifeline_{-1};
  int port_{};
  pid_t child_{};
};

}  // namespace bench
