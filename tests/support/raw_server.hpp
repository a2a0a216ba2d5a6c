// Which bytes are on the wire, and what if the server misbehaves? A server on loopback that does what a test's function says,
// byte by byte, and keeps all that it received. POSIX only.
//
//   raw_server server([](peer& p) { while (p.read_request()) p.write("HTTP/1.1 204 No Content\r\n\r\n"); });
//   … talk to server.url("/path") …
//   CHECK(server.requests().at(0) == "GET /path HTTP/1.1\r\n…");
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <s3store/core/text.hpp>

namespace testing_support {

/// One accepted connection. Its functions return short or nothing once the client is gone; none throws.
class peer {
 public:
  peer(int socket, int number, std::mutex& guard, std::vector<std::string>& log)
      : number_(number), socket_(socket), guard_(guard), log_(log) {}
  virtual ~peer() {
    if (socket_ >= 0) ::close(socket_);
  }
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  int number() const { return number_; }  ///< 0 for the first connection

  /// Head and body of the next request, exactly as they came; nothing once the client has hung up.
  std::optional<std::string> read_request() {
    const auto head = read_head();
    if (!head) return std::nullopt;
    std::string body = read_body(*head);
    const std::lock_guard lock{guard_};
    log_.push_back(*head + body);
    return log_.back();
  }
  /// The head alone, blank line included; the log gets it only through `read_request` or `log`.
  std::optional<std::string> read_head() {
    for (;;) {
      if (const auto end = pending_.find("\r\n\r\n"); end != std::string::npos) return take(end + 4);
      if (!fill()) return std::nullopt;
    }
  }
  std::string read_body(std::string_view head) {
    const auto length = header(head, "content-length");
    if (length) {
      const auto size = s3store::detail::parse_integer<std::size_t>(*length).value_or(0);
      while (pending_.size() < size && fill()) {
      }
      return take((std::min)(size, pending_.size()));
    }
    if (header(head, "transfer-encoding").value_or("") != "chunked") return {};
    std::string::size_type end{};
    while ((end = pending_.find("0\r\n\r\n")) == std::string::npos && fill()) {
    }
    return take((std::min)(end == std::string::npos ? end : end + 5, pending_.size()));
  }
  void log(std::string text) {
    const std::lock_guard lock{guard_};
    log_.push_back(std::move(text));
  }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = send_some(bytes.data(), bytes.size());
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// An answer with its length.
  bool answer(int status, std::string_view body, std::string_view more_fields = {}) {
    return write("HTTP/1.1 " + std::to_string(status) + " Because\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                 std::string(more_fields) + "\r\n" + std::string(body));
  }

  /// Hangs up with a reset, so that what is under way is lost.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket_.exchange(-1));
  }
  /// Until the client hangs up, or so long. True: it has.
  bool wait_for_hang_up(int milliseconds = -1) {
    for (;;) {
      pollfd watched{socket_, POLLIN, 0};
      if (::poll(&watched, 1, milliseconds) <= 0) return false;
      if (!fill()) return true;
    }
  }

  /// The same without reading what the client sends, so that its buffers fill up.
  bool wait_without_reading(int milliseconds = -1) {
    pollfd watched{socket_, POLLRDHUP, 0};
    return ::poll(&watched, 1, milliseconds) > 0;
  }

  static std::optional<std::string> header(std::string_view head, std::string_view name) {
    std::optional<std::string> found;
    s3store::detail::split(head, '\n', [&](std::string_view line) {
      const auto colon = line.find(':');
      if (!found && colon != std::string_view::npos && s3store::detail::equal_ignoring_case(line.substr(0, colon), name))
        found = std::string(s3store::detail::trim(line.substr(colon + 1)));
    });
    return found;
  }

  void shut_down() { ::shutdown(socket_, SHUT_RDWR); }  // from the server's destructor: wakes the thread that reads

 protected:
  virtual ssize_t receive_some(char* into, std::size_t size) { return ::recv(socket_, into, size, 0); }
  virtual ssize_t send_some(const char* from, std::size_t size) { return ::send(socket_, from, size, MSG_NOSIGNAL); }
  int socket() const { return socket_; }

 private:
  bool fill() {
    char block[64 * 1024];
    const auto n = socket_ < 0 ? -1 : receive_some(block, sizeof block);
    if (n <= 0) return false;
    pending_.append(block, static_cast<std::size_t>(n));
    return true;
  }
  std::string take(std::size_t n) {
    std::string front = pending_.substr(0, n);
    pending_.erase(0, n);
    return front;
  }

  int number_;
  std::atomic<int> socket_;
  std::mutex& guard_;
  std::vector<std::string>& log_;
  std::string pending_{};
};

/// Listens on 127.0.0.1 and a free port. Each connection has a thread of its own, in which `serve(peer&)` is called once; it
/// hangs up when that returns. `Peer` may be another kind of connection, made from what the server was given for it.
template <class Serve, class Peer = peer, class... PeerArguments>
class raw_server {
 public:
  explicit raw_server(Serve serve, PeerArguments... arguments) : serve_(std::move(serve)), arguments_(std::move(arguments)...) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("the test's server cannot listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~raw_server() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (auto& c : connections_) {
      c.from->shut_down();
      c.runs.join();
    }
  }
  raw_server(const raw_server&) = delete;
  raw_server& operator=(const raw_server&) = delete;

  int port() const { return port_; }
  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url(std::string_view path, std::string_view scheme = "http") const {
    return std::string(scheme) + "://" + authority() + std::string(path);
  }
  int connections() const { return accepted_; }
  std::vector<std::string> requests() const {
    const std::lock_guard lock{guard_};
    return log_;
  }

 private:
  struct connection {
    std::unique_ptr<Peer> from{};
    std::thread runs{};
  };

  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const int at_once = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      auto& c = connections_.emplace_back();
      c.from = std::apply([&](auto&... a) { return std::make_unique<Peer>(socket, accepted_++, guard_, log_, a...); }, arguments_);
      c.runs = std::thread([this, &p = *c.from] {
        serve_(p);
        p.shut_down();
      });
    }
  }

  Serve serve_;
  std::tuple<PeerArguments...> arguments_;
  int listener_{-1};
  int port_{};
  std::atomic<int> accepted_{0};
  mutable std::mutex guard_{};
  std::vector<std::string> log_{};
  std::list<connection> connections_{};
  std::thread acceptor_{};
};

/// A port of 127.0.0.1 on which nobody listens: bound, and so not given to another program, but closed to connections.
class closed_port {
 public:
  closed_port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("the test cannot bind a port of 127.0.0.1");
    number_ = ntohs(address.sin_port);
  }
  ~closed_port() { ::close(socket_); }
  closed_port(const closed_port&) = delete;
  closed_port& operator=(const closed_port&) = delete;
  int number() const { return number_; }

 private:
  int socket_;
  int number_{};
};

}  // namespace testing_support
