// How can a server misbehave? Here are the ways, byte by byte. Each is a function of the connection and of the answer that would be
// right, so that one misbehaviour can be tried on any call, as tests/client/hostile_server_test.cpp does.
//
//   hostile_server server{misbehaviour::framed("Content-Length: -1\r\n"), right};
//   … call it, and see what becomes of the call …
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/raw_server.hpp"

namespace testing_support {

/// What an honest server would answer to a call.
struct right_answer {
  std::string status{"200 OK"};
  std::string fields{};   ///< whole lines, without the length
  std::string body{};
  bool bodiless{};        ///< the call was a HEAD: `body` is not sent, but counted

  std::string sent() const { return bodiless ? std::string{} : body; }
  std::string length(std::ptrdiff_t more = 0) const {
    return "Content-Length: " + std::to_string(static_cast<std::ptrdiff_t>(body.size()) + more) + "\r\n";
  }
  /// The head, with the lines that say how long the body is.
  std::string head(std::string_view framing) const {
    return "HTTP/1.1 " + status + "\r\n" + fields + std::string(framing) + "\r\n";
  }
  std::string whole() const { return head(length()) + sent(); }
};

/// None of no bytes, since that would be the last one.
inline std::string chunk(std::string_view bytes) {
  if (bytes.empty()) return {};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string size;
  for (auto n = bytes.size(); n != 0; n /= 16) size.insert(size.begin(), digits[n % 16]);
  return size + "\r\n" + std::string(bytes) + "\r\n";
}

namespace misbehaviour {

/// Answers one request. False: the connection ends.
using play = std::function<bool(peer&, const right_answer&)>;

/// Does so until the client hangs up.
template <class Bytes>
bool for_ever(peer& p, Bytes next, int milliseconds_between) {
  while (p.write(next()))
    if (milliseconds_between != 0 && p.wait_for_hang_up(milliseconds_between)) break;
  return false;
}

/// Sends this and keeps the connection.
inline play sends(std::function<std::string(const right_answer&)> text) {
  return [text](peer& p, const right_answer& a) { return p.write(text(a)); };
}
/// Sends this and hangs up.
inline play sends_and_closes(std::function<std::string(const right_answer&)> text) {
  return [text](peer& p, const right_answer& a) { return p.write(text(a)) && false; };
}
/// Sends this and resets the connection.
inline play sends_and_resets(std::function<std::string(const right_answer&)> text) {
  return [text](peer& p, const right_answer& a) {
    p.write(text(a));
    p.reset();
    return false;
  };
}
/// Sends this and then nothing, but keeps the connection open.
inline play sends_and_stalls(std::function<std::string(const right_answer&)> text) {
  return [text](peer& p, const right_answer& a) {
    p.write(text(a));
    p.wait_for_hang_up();
    return false;
  };
}
/// Sends the beginning, and then the same again and again until the client hangs up, with a pause after each or without one.
inline play repeats(std::function<std::string(const right_answer&)> beginning, std::string again, int milliseconds_between = 0) {
  return [=](peer& p, const right_answer& a) {
    return p.write(beginning(a)) && for_ever(p, [&] { return std::string_view{again}; }, milliseconds_between);
  };
}

/// The right answer, but for the lines that say how long it is.
inline play framed(std::string_view framing) {
  return sends_and_closes([lines = std::string(framing)](const right_answer& a) { return a.head(lines) + a.sent(); });
}
/// The right answer, with these further lines in its head.
inline play with_fields(std::string_view more) {
  return sends([lines = std::string(more)](const right_answer& a) { return a.head(a.length() + lines) + a.sent(); });
}
/// The right answer with another status line.
inline play with_status_line(std::string_view line) {
  return sends_and_closes([first = std::string(line)](const right_answer& a) {
    const auto whole = a.whole();
    return first + whole.substr(whole.find("\r\n"));
  });
}
/// Another body of the right length and kind, under this status.
inline play answers(std::string_view status, std::string_view fields, std::string_view body) {
  return sends([other = right_answer{std::string(status), std::string(fields), std::string(body)}](const right_answer& a) {
    return other.head(other.length()) + (a.bodiless ? std::string{} : other.body);
  });
}
/// The right head for chunks, and then these bytes as its body.
inline play chunks(std::function<std::string(const right_answer&)> body,
                   std::string_view framing = "Transfer-Encoding: chunked\r\n") {
  return sends_and_closes([body, lines = std::string(framing)](const right_answer& a) {
    return a.head(lines) + (a.bodiless ? std::string{} : body(a));
  });
}

}  // namespace misbehaviour

/// Answers every request as it is told to, but what is asked for under `/bucket/honest` as it should.
class hostile_server {
 public:
  static constexpr std::string_view honest_path = "/bucket/honest", honest_body = "an honest answer";

  /// `before_the_body`: a request is answered before its body is read, which happens only if the connection goes on.
  hostile_server(misbehaviour::play does, right_answer right, bool before_the_body = false)
      : server_([does = std::move(does), right = std::move(right), before_the_body](peer& p) {
          while (auto head = p.read_head()) {
            const bool honest = head->find(honest_path) != std::string::npos;
            const bool early = before_the_body && !honest;
            const std::string body = early ? std::string{} : p.read_body(*head);
            p.log(*head + body);
            if (!(honest ? p.answer(200, honest_body) : does(p, right))) return;
            if (early) p.read_body(*head);
          }
        }) {}

  std::string url() const { return server_.url(""); }
  /// Method and target of each request, the honest ones too.
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& r : server_.requests()) out.push_back(r.substr(0, r.find(" HTTP/1.1\r\n")));
    return out;
  }
  /// The same once there are so many, since a client may have given up before the server has read what it sent.
  std::vector<std::string> asked_at_least(int n) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    while (server_.requests().size() < static_cast<std::size_t>(n) && std::chrono::steady_clock::now() < until)
      std::this_thread::yield();
    return asked();
  }

 private:
  raw_server<std::function<void(peer&)>> server_;
};

}  // namespace testing_support
