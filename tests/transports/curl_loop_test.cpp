// Does a loop of libcurl hold its bounds, and do limits, tokens and turns hold for an exchange that waits for a connection?
#include <s3store/transports/curl.hpp>

#include <curl/curl.h>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <s3store/http/body.hpp>

#include "support/catch.hpp"
#include "support/child.hpp"
#include "support/raw_server.hpp"
#include "support/scratch_file.hpp"
#include "support/tls_server.hpp"

using namespace s3store;
using namespace std::chrono_literals;
using testing_support::child;
using testing_support::peer;
using testing_support::raw_server;

namespace {

steady_time soon(duration d = 30s) { return std::chrono::steady_clock::now() + d; }

curl_settings direct(std::size_t most_at_a_host = 256) {
  curl_settings s;
  s.proxy_from_environment = false;
  s.max_connections_per_host = most_at_a_host;
  return s;
}

struct text_receiver final : http::receiver {
  result<http::sink*> on_response(http::response&&) noexcept override { return &text; }
  std::string body{};
  http::string_sink text{body};
};

/// GETs that are under way, numbered from 0; the number is in the path, and the server's answer.
class gets {
 public:
  explicit gets(curl_settings s = direct()) : loop(std::make_unique<curl_loop>(std::move(s))) {}

  void* start(const std::string& origin, http::limits within = {}, cancel_token stop = {}) {
    one& x = all.emplace_back();
    x.request = {.verb = http::method::get, .url = origin + "/" + std::to_string(all.size() - 1)};
    loop->start({.out = &x.request, .in = &x.in, .within = within, .stop = std::move(stop)}, &x);
    return &x;
  }
  struct ended {
    int number{-1};
    http::outcome what{error{}};
    bool good{};
    error_kind kind() const { return what ? error_kind::none : what.error().kind; }
  };
  /// The next one that ends. Number -1: none did until then.
  ended next(steady_time until = soon()) {
    auto over = loop->poll(until);
    if (!over) return {};
    for (std::size_t i = 0; i != all.size(); ++i)
      if (&all[i] == over->tag) {
        const bool good = over->what && all[i].in.body == "/" + std::to_string(i);
        return {static_cast<int>(i), std::move(over->what), good};
      }
    return {};
  }
  int good_ones(std::size_t n) {
    int good = 0;
    for (std::size_t i = 0; i != n; ++i) good += next().good ? 1 : 0;
    return good;
  }

  struct one {
    http::request request{};
    text_receiver in{};
  };
  std::unique_ptr<curl_loop> loop;
  std::deque<one> all{};
};

void echo(peer& p) {
  while (const auto r = p.read_request())
    if (!p.answer(200, r->substr(4, r->find(' ', 4) - 4))) return;
}
/// Never answers the first connection.
void first_is_silent(peer& p) {
  if (p.number() != 0) return echo(p);
  p.read_request();
  p.wait_for_hang_up();
}
std::string target(const std::string& request) { return request.substr(4, request.find(' ', 4) - 4); }

void limit_descriptors(rlim_t most) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = most;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error("the test cannot limit its descriptors");
}
/// Takes all descriptors up to the limit but `left`.
void take_descriptors(rlim_t most, int left) {
  limit_descriptors(most);
  std::vector<int> taken;
  for (int s = ::dup(0); s >= 0; s = ::dup(0)) taken.push_back(s);
  for (int i = 0; i != left; ++i) {
    ::close(taken.back());
    taken.pop_back();
  }
}

}  // namespace

TEST_CASE("exchanges that wait for a connection begin in the order of their start", "[curl][curl_loop]") {
  raw_server server(echo);
  gets run{direct(1)};
  for (int i = 0; i != 30; ++i) run.start(server.url(""));
  for (int i = 0; i != 30; ++i) {
    const auto over = run.next();
    CHECK(over.number == i);
    CHECK(over.good);
  }
  CHECK(server.connections() == 1);
  for (int i = 0; i != 30; ++i) CHECK(target(server.requests().at(static_cast<std::size_t>(i))) == "/" + std::to_string(i));
}

TEST_CASE("no more exchanges run than connections are allowed, to a host and in all", "[curl][curl_loop]") {
  std::atomic<int> now{0}, most{0};
  const auto count = [&](peer& p) {
    while (const auto r = p.read_request()) {
      int seen = ++now;
      for (int m = most; m < seen && !most.compare_exchange_weak(m, seen);) {
      }
      p.wait_for_hang_up(2);
      --now;
      if (!p.answer(200, target(*r))) return;
    }
  };
  raw_server a(count), b(count);
  auto settings = direct(4);
  SECTION("to a host") {
    gets run{settings};
    for (int i = 0; i != 40; ++i) run.start(a.url(""));
    CHECK(run.good_ones(40) == 40);
    CHECK(a.connections() == 4);
    CHECK(most == 4);
  }
  SECTION("in all") {
    settings.max_connections = 3;
    gets run{settings};
    for (int i = 0; i != 40; ++i) run.start(i % 2 == 0 ? a.url("") : b.url(""));
    CHECK(run.good_ones(40) == 40);
    CHECK(most <= 3);
  }
  SECTION("a host at its bound does not hold up another") {
    raw_server silent([](peer& p) {
      p.read_request();
      p.wait_for_hang_up();
    });
    gets run{direct(1)};
    for (int i = 0; i != 5; ++i) run.start(silent.url(""));
    run.start(a.url(""));
    CHECK(run.next().number == 5);
  }
}

TEST_CASE("what holds for an exchange holds while it waits for a connection, too", "[curl][curl_loop]") {
  raw_server server(first_is_silent);
  gets run{direct(1)};

  SECTION("its deadline") {
    run.start(server.url(""));
    run.start(server.url(""), {.deadline = soon(40ms)});
    const auto over = run.next();
    CHECK(over.number == 1);
    CHECK(over.kind() == error_kind::deadline_exceeded);
    CHECK(server.requests().size() <= 1);
  }
  SECTION("deadlines come in their own order, whatever that of the starts") {
    run.start(server.url(""));
    for (int i = 0; i != 50; ++i) run.start(server.url(""), {.deadline = soon(std::chrono::milliseconds{20 + i * 37 % 50})});
    duration before{};
    for (int i = 0; i != 50; ++i) {
      const auto over = run.next();
      CHECK(over.kind() == error_kind::deadline_exceeded);
      const duration due = std::chrono::milliseconds{20 + (over.number - 1) * 37 % 50};
      CHECK(due >= before);
      before = due;
    }
  }
  SECTION("its token, cancelled on another thread") {
    cancel_source stop;
    run.start(server.url(""));
    run.start(server.url(""), {}, stop.token());
    std::thread other([&] { stop.cancel(); });
    const auto over = run.next();
    other.join();
    CHECK(over.number == 1);
    CHECK(over.kind() == error_kind::cancelled);
  }
  SECTION("one token of many, and one that was cancelled before") {
    cancel_source stop, earlier;
    earlier.cancel();
    run.start(server.url(""));
    run.start(server.url(""), {}, earlier.token());
    CHECK(run.next().number == 1);
    for (int i = 0; i != 1000; ++i) run.start(server.url(""), {}, stop.token());
    CHECK(run.next(soon(10ms)).number == -1);
    stop.cancel();
    int cancelled = 0;
    for (int i = 0; i != 1000; ++i) cancelled += run.next().kind() == error_kind::cancelled ? 1 : 0;
    CHECK(cancelled == 1000);
    CHECK(server.connections() <= 1);
  }
  SECTION("it can be cancelled by its tag, and is never sent") {
    gets quick{direct(1)};
    raw_server answers(echo);
    quick.start(answers.url(""));
    void* const second = quick.start(answers.url(""));
    quick.start(answers.url(""));
    quick.loop->cancel(second);
    CHECK(quick.next().number == 0);
    CHECK(quick.next().number == 2);
    CHECK(quick.next(soon(10ms)).number == -1);
    CHECK(answers.requests().size() == 2);
  }
  SECTION("a wake comes through") {
    for (int i = 0; i != 10; ++i) run.start(server.url(""));
    std::thread other([&] { run.loop->wake(); });
    CHECK(run.next((steady_time::max)()).number == -1);
    other.join();
    run.loop->wake();
    CHECK(run.next((steady_time::max)()).number == -1);
  }
  SECTION("the loop may go, and nothing is touched any more") {
    cancel_source stop;
    for (int i = 0; i != 10; ++i) run.start(server.url(""), {.deadline = soon()}, stop.token());
    run.next(soon(10ms));
    run.loop.reset();
    run.all.clear();
    stop.cancel();
    CHECK(server.requests().size() <= 1);
  }
  SECTION("other limits begin when it begins") {
    raw_server slow([](peer& p) {
      while (const auto r = p.read_request()) {
        p.wait_for_hang_up(60);
        if (!p.answer(200, target(*r))) return;
      }
    });
    for (int i = 0; i != 4; ++i) run.start(slow.url(""), {.connect = 200ms, .first_byte = 200ms, .idle = 200ms});
    CHECK(run.good_ones(4) == 4);  // the last one began after 180 ms
  }
  SECTION("and a limit that was exceeded makes room for the next") {
    run.start(server.url(""), {.first_byte = 30ms});
    run.start(server.url(""));
    CHECK(run.next().kind() == error_kind::timeout);
    const auto over = run.next();
    CHECK(over.number == 1);
    CHECK(over.good);
  }
}

TEST_CASE("cancelling a tag that many exchanges have ends all of them, and no other", "[curl][curl_loop]") {
  raw_server server(echo);
  curl_loop loop{direct(2)};
  std::deque<gets::one> all(40);
  int same = 0, other = 0;
  for (std::size_t i = 0; i != all.size(); ++i) {
    all[i].request = {.verb = http::method::get, .url = server.url("/" + std::to_string(i))};
    loop.start({&all[i].request, &all[i].in}, i % 4 == 0 ? &other : &same);
  }
  const auto first = loop.poll(soon());
  REQUIRE(first);
  const int left = first->tag == &other ? 9 : 10;
  loop.cancel(&same);
  for (int i = 0; i != left; ++i) {
    const auto over = loop.poll(soon());
    REQUIRE(over);
    CHECK(over->tag == &other);
    CHECK(over->what);
  }
  CHECK_FALSE(loop.poll(soon(10ms)));
}

TEST_CASE("connections are kept or not, as the settings say", "[curl][curl_loop]") {
  raw_server server(echo);
  auto settings = direct();
  int expected = 1;
  SECTION("kept") {}
  SECTION("not kept") {
    settings.max_idle_connections = 0;
    expected = 3;
  }
  gets run{settings};
  for (int i = 0; i != 3; ++i) {
    run.start(server.url(""));
    CHECK(run.next().good);
  }
  CHECK(server.connections() == expected);
}

TEST_CASE("2,000 exchanges succeed where a process may have few descriptors", "[curl][curl_loop]") {
  raw_server server(echo);
  std::size_t asked = 0;
  SECTION("with the bounds that a loop has by default") {}
  SECTION("with bounds that are far too high, so that there is no descriptor for some") { asked = 1000; }
  CHECK(child{[&] {
          limit_descriptors(60);
          auto settings = direct();
          settings.max_connections = asked;
          gets run{settings};
          for (int i = 0; i != 2000; ++i) run.start(server.url(""));
          for (int i = 0; i != 2000; ++i)
            if (!run.next().good) return 1;
          return 0;
        }}.wait() == 0);
  CHECK(server.connections() > 1);
  CHECK(server.connections() < 60);
}

TEST_CASE("without a descriptor for its connection, an exchange waits for another one's, and fails if there is none",
          "[curl][curl_loop]") {
  raw_server a(echo), b(echo);
  SECTION("none, and the error says so") {
    CHECK(child{[&] {
            gets run;
            take_descriptors(60, 0);
            run.start(a.url(""));
            const auto over = run.next();
            if (over.kind() != error_kind::connect) return 1;
            if (over.what.error().message !=
                "no connection to " + a.authority() + ": this process has all of the 60 descriptors that it may have (RLIMIT_NOFILE)")
              return 2;
            limit_descriptors(61);  // and the loop is as good as before
            run.start(a.url(""));
            return run.next().good ? 0 : 3;
          }}.wait() == 0);
    CHECK(a.requests().size() == 1);
  }
  SECTION("that of a connection to another host, which was only kept") {
    CHECK(child{[&] {
            gets run;
            run.start(a.url(""));
            if (!run.next().good) return 1;
            take_descriptors(60, 0);
            run.start(b.url(""));
            if (!run.next().good) return 2;
            run.start(a.url(""));
            return run.next().good ? 0 : 3;
          }}.wait() == 0);
    CHECK(a.connections() == 2);
  }
  SECTION("one of several: all succeed, in their order") {
    CHECK(child{[&] {
            gets run;
            take_descriptors(60, 1);
            for (int i = 0; i != 20; ++i) run.start(i % 2 == 0 ? a.url("") : b.url(""));
            for (int i = 0; i != 20; ++i)
              if (const auto over = run.next(); !over.good || over.number != i) return i + 1;
            return 0;
          }}.wait() == 0);
  }
  SECTION("none when the loop is made: it works once there are some again") {
    CHECK(child{[&] {
            take_descriptors(60, 0);
            gets run;
            limit_descriptors(90);
            for (int i = 0; i != 50; ++i) run.start(a.url(""));
            if (run.good_ones(50) != 50) return 1;
            run.loop->wake();
            return run.next((steady_time::max)()).number == -1 ? 0 : 2;
          }}.wait() == 0);
  }
}

TEST_CASE("exchanges that wait at a fork go on in the parent and end in the child", "[fork][curl][curl_loop]") {
  raw_server server(echo);
  gets run{direct(2)};
  for (int i = 0; i != 20; ++i) run.start(server.url(""));
  REQUIRE(run.next().good);
  child other{[&] {
    for (int i = 0; i != 19; ++i)
      if (const auto over = run.next(); !over.good && over.kind() != error_kind::cancelled) return 1;
    if (run.next(soon(1ms)).number != -1) return 2;
    run.start(server.url(""));
    return run.next().good ? 0 : 3;
  }};
  CHECK(run.good_ones(19) == 19);
  CHECK(other.wait() == 0);
  CHECK(server.requests().size() == 21);  // none was sent twice
}

namespace {

/// Just enough of HTTP/2 (RFC 9113): each request, whatever it is, is answered by 200 and "h2".
void serve_http2(peer& p) {
  const auto bytes = [&p](std::size_t n) { return p.read_body("Content-Length: " + std::to_string(n)); };
  const auto frame = [&p](char type, char flags, std::string_view stream, std::string_view payload) {
    p.write(std::string{'\0', '\0', static_cast<char>(payload.size()), type, flags}.append(stream).append(payload));
  };
  const std::string_view whole{"\0\0\0\0", 4};
  if (p.read_head().value_or("") != "PRI * HTTP/2.0\r\n\r\n" || p.read_head().value_or("") != "SM\r\n\r\n") return;
  frame(4, 0, whole, {});  // SETTINGS
  for (;;) {
    const std::string head = bytes(9);
    if (head.size() != 9) return;
    const auto at = [&head](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(head[i])); };
    bytes(at(0) << 16 | at(1) << 8 | at(2));
    if (at(3) == 4 && (at(4) & 1) == 0) frame(4, 1, whole, {});
    if (at(3) != 1) continue;  // HEADERS
    p.log("headers");
    frame(1, 4, head.substr(5), "\x88");  // `:status: 200` is number 8 of the static table
    frame(0, 1, head.substr(5), "h2");
  }
}
int choose_http2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered, unsigned int length, void*) {
  const std::string_view all{reinterpret_cast<const char*>(offered), length};
  if (all.find("\x02h2") == std::string_view::npos) return SSL_TLSEXT_ERR_NOACK;
  static constexpr unsigned char name[] = {'h', '2'};
  *out = name;
  *size = 2;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TEST_CASE("HTTP/2 is spoken if the settings allow it and the server offers it, and else not", "[curl][curl_loop]") {
  const testing_support::self_signed own;
  const testing_support::scratch_file trusted{own.pem()};
  const auto context = own.context();
  SSL_CTX_set_alpn_select_cb(context.get(), &choose_http2, nullptr);
  auto settings = direct();
  settings.ca_bundle = trusted.path;

  SECTION("allowed: exchanges share a connection") {
    if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) == 0) return;
    settings.http2 = true;
    testing_support::tls_server<void (*)(peer&)> server(serve_http2, context);
    gets run{settings};
    for (int i = 0; i != 10; ++i) run.start(server.url("", "https"));
    for (int i = 0; i != 10; ++i) {
      const auto over = run.next();
      INFO((over.what ? std::string{} : over.what.error().message));
      CHECK(over.what);
    }
    for (const auto& x : run.all) CHECK(x.in.body == "h2");
    CHECK(server.requests().size() == 10);
    CHECK(server.connections() == 1);
  }
  SECTION("not allowed") {
    testing_support::tls_server<void (*)(peer&)> server(echo, context);
    gets run{settings};
    run.start(server.url("", "https"));
    CHECK(run.next().good);
  }
}
