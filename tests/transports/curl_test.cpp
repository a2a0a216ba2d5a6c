#include <s3store/transports/curl_sigpipe.hpp>
#include <s3store/transports/curl.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <s3store/http/body.hpp>

#include "support/catch.hpp"
#include "support/lying_source.hpp"
#include "support/raw_server.hpp"
#include "support/scratch_file.hpp"
#include "support/tls_server.hpp"

using namespace s3store;
using namespace std::chrono_literals;
using testing_support::peer;
using testing_support::raw_server;
using testing_support::scratch_file;

namespace {

/// Keeps the answer, and checks that its head comes once and first.
struct collector final : http::receiver {
  result<http::sink*> on_response(http::response&& head) noexcept override {
    ++heads;
    first = body.empty();
    status = head.status;
    fields = std::move(head.fields);
    return into;
  }
  std::string body{};
  http::string_sink text{body};
  http::sink* into{&text};
  int heads{}, status{};
  bool first{};
  http::headers fields{};
};

/// Nothing of the environment may reach a test.
curl_settings direct() {
  curl_settings s;
  s.proxy_from_environment = false;
  return s;
}

/// The two ways to run an exchange, behind one call.
struct by_transport {
  explicit by_transport(curl_settings s = direct()) : runs(std::move(s)) {}
  http::outcome operator()(http::exchange x) { return runs.perform(std::move(x)); }
  curl_transport runs;
};
struct by_loop {
  explicit by_loop(curl_settings s = direct()) : runs(std::move(s)) {}
  http::outcome operator()(http::exchange x) {
    runs.start(std::move(x), this);
    std::optional<http::completion> over;
    while (!over) over = runs.poll((steady_time::max)());
    REQUIRE(over->tag == this);
    return std::move(over->what);
  }
  curl_loop runs;
};

http::request get(std::string url, http::headers fields = {}) {
  return {.verb = http::method::get, .url = std::move(url), .fields = std::move(fields)};
}

/// A source that gives its text once.
struct one_shot final : http::source {
  explicit one_shot(std::string_view t) : from(t) {}
  result<std::size_t> read(std::span<std::byte> into) noexcept override { return from.read(into); }
  bool seek(std::uint64_t) noexcept override { return false; }
  std::optional<std::uint64_t> size() const noexcept override { return from.size(); }
  http::memory_source from;
};

/// More than any buffer on the way takes.
struct endless final : http::source {
  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    std::memset(into.data(), 'x', into.size());
    return into.size();
  }
  bool seek(std::uint64_t) noexcept override { return true; }
  std::optional<std::uint64_t> size() const noexcept override { return std::uint64_t{1} << 40; }
};

/// Serves every request of every connection with one answer.
auto always(int status, std::string body, std::string fields = {}) {
  return [=](peer& p) {
    while (p.read_request())
      if (!p.answer(status, body, fields)) return;
  };
}

void took_less_than(duration spent, duration most) { CHECK(spent < most); }

struct stopwatch {
  steady_time began{std::chrono::steady_clock::now()};
  duration spent() const { return std::chrono::steady_clock::now() - began; }
};

std::string big(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i != size; ++i) out[i] = static_cast<char>('a' + i * 7 % 26);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("what is refused before anything is sent", "[curl]", by_transport, by_loop) {
  raw_server server(always(200, "hello"));
  TestType run;
  collector in;
  const auto kind_of = [&](http::request r) {
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    return out.error().kind;
  };
  CHECK(kind_of(get("")) == error_kind::invalid_argument);
  CHECK(kind_of(get("http://")) == error_kind::invalid_argument);
  CHECK(kind_of(get("ftp://127.0.0.1/x")) == error_kind::invalid_argument);
  CHECK(kind_of(get("file:///etc/passwd")) == error_kind::invalid_argument);
  CHECK(kind_of(get("http://user:word@" + server.authority() + "/")) == error_kind::invalid_argument);
  CHECK(kind_of(get(server.url(std::string_view{"/a\0b", 4}))) == error_kind::invalid_argument);
  CHECK(kind_of(get(server.url("/"), {{"x-amz-meta-a", "1\r\nx-amz-meta-b: 2"}})) == error_kind::invalid_argument);
  CHECK(kind_of(get(server.url("/"), {{"x-amz-meta-a", "1\n2"}})) == error_kind::invalid_argument);
  CHECK(kind_of(get(server.url("/"), {{"x-amz-meta-a", std::string_view{"1\0"
                                                                        "2",
                                                                        3}}})) == error_kind::invalid_argument);
  http::memory_source body{"x"};
  CHECK(kind_of({http::method::head, server.url("/"), {}, &body}) == error_kind::invalid_argument);
  CHECK(in.heads == 0);
  CHECK(server.requests().empty());

  auto good = get(server.url("/"));  // and the handle is as good as before
  CHECK(run({&good, &in}));
  CHECK(in.body == "hello");
}

TEMPLATE_TEST_CASE("exactly what the request names is on the wire", "[curl]", by_transport, by_loop) {
  raw_server server(always(200, ""));
  TestType run;
  const std::string host = "\r\nHost: " + server.authority() + "\r\n";
  const auto sent = [&](http::request r) {
    collector in;
    const auto out = run({&r, &in});
    REQUIRE(out);
    return server.requests().back();
  };
  http::memory_source text{"hello"}, nothing{""};

  SECTION("without fields or body") {
    CHECK(sent(get(server.url("/a"))) == "GET /a HTTP/1.1" + host + "\r\n");
    CHECK(sent({http::method::head, server.url("/a")}) == "HEAD /a HTTP/1.1" + host + "\r\n");
    CHECK(sent({http::method::delete_, server.url("/a")}) == "DELETE /a HTTP/1.1" + host + "\r\n");
    CHECK(sent({http::method::put, server.url("/a")}) == "PUT /a HTTP/1.1" + host + "Content-Length: 0\r\n\r\n");
    CHECK(sent({http::method::post, server.url("/a?uploads")}) == "POST /a?uploads HTTP/1.1" + host + "Content-Length: 0\r\n\r\n");
  }
  SECTION("with a body, whatever the method") {
    const std::string rest = host + "Content-Length: 5\r\n\r\nhello";
    CHECK(sent({http::method::put, server.url("/a"), {}, &text}) == "PUT /a HTTP/1.1" + rest);
    REQUIRE(text.seek(0));
    CHECK(sent({http::method::post, server.url("/a"), {}, &text}) == "POST /a HTTP/1.1" + rest);
    REQUIRE(text.seek(0));
    CHECK(sent({http::method::delete_, server.url("/a"), {}, &text}) == "DELETE /a HTTP/1.1" + rest);
    REQUIRE(text.seek(0));
    CHECK(sent({http::method::get, server.url("/a"), {}, &text}) == "GET /a HTTP/1.1" + rest);
    CHECK(sent({http::method::post, server.url("/a"), {}, &nothing}) == "POST /a HTTP/1.1" + host + "Content-Length: 0\r\n\r\n");
  }
  SECTION("one handle takes every method after every other") {
    using enum http::method;
    for (const auto before : {get, head, put, post, delete_})
      for (const auto after : {get, head, put, post, delete_}) {
        sent({before, server.url("/1")});
        const bool has_length = after == put || after == post;
        CHECK(sent({after, server.url("/2")}) ==
              std::string(to_string(after)) + " /2 HTTP/1.1" + host + (has_length ? "Content-Length: 0\r\n" : "") + "\r\n");
      }
    CHECK(server.connections() == 1);
  }
  SECTION("paths and queries are bytes") {
    for (const std::string path :
         {"/a/../b//c%2B", "/./x", "/a/", "/..", "/%2e%2E/x", "/a?b=c%20d&e=%2F+", "/a?x&y=", "/~-_.!*'();:@&=+$,%5B%5D"})
      CHECK(sent(get(server.url(path))) == "GET " + path + " HTTP/1.1" + host + "\r\n");
  }
  SECTION("fields, in order, empty values and the caller's own Accept, User-Agent, Host and Content-Type included") {
    CHECK(sent(get(server.url("/a"),
                   {{"x-amz-date", "20130524T000000Z"}, {"x-amz-meta-empty", ""}, {"X-Twice", "1"}, {"X-Twice", "2"}})) ==
          "GET /a HTTP/1.1" + host + "x-amz-date: 20130524T000000Z\r\nx-amz-meta-empty:\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n");
    CHECK(sent({http::method::put,
                server.url("/a"),
                {{"Accept", "*/*"}, {"User-Agent", "me"}, {"Content-Type", "text/plain"}},
                &text}) ==
          "PUT /a HTTP/1.1" + host + "Accept: */*\r\nUser-Agent: me\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(sent(get(server.url("/a"), {{"Host", "bucket.example.com"}})) == "GET /a HTTP/1.1\r\nHost: bucket.example.com\r\n\r\n");
    CHECK(sent(get(server.url("/a"))) == "GET /a HTTP/1.1" + host + "\r\n");  // nothing stays behind
  }
  SECTION("Host is what the URL has, and not what libcurl would make of it") {
    const std::string port = std::to_string(server.port());
    for (const std::string name : {"127.1", "0x7f.0.0.1", "2130706433", "LOCALHOST", "127.0.0.1"})
      CHECK(sent(get("http://" + name + ":0" + port + "/a")) == "GET /a HTTP/1.1\r\nHost: " + name + ":0" + port + "\r\n\r\n");
  }
  SECTION("values go without the white space around them, and a value of nothing else goes as an empty one") {
    CHECK(sent(get(server.url("/a"), {{"A", " "}, {"B", " \t "}, {"C", "\tx  y\t "}, {"Accept", "\t"}})) ==
          "GET /a HTTP/1.1" + host + "A:\r\nB:\r\nC: x  y\r\nAccept:\r\n\r\n");
  }
  SECTION("a body of unknown size travels in chunks") {
    bool given = false;
    http::function_source source([&](std::span<std::byte> into) -> std::size_t {
      if (std::exchange(given, true)) return 0;
      std::memcpy(into.data(), "hello", 5);
      return 5;
    });
    CHECK(sent({http::method::put, server.url("/a"), {}, &source}) ==
          "PUT /a HTTP/1.1" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  }
  SECTION("a large body carries no Expect") {
    const std::string large = big(3 << 20);
    http::memory_source source{large};
    const auto got = sent({http::method::put, server.url("/a"), {}, &source});
    CHECK(got == "PUT /a HTTP/1.1" + host + "Content-Length: 3145728\r\n\r\n" + large);
  }
}

TEMPLATE_TEST_CASE("answers reach the receiver as they are", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;
  const auto ask = [&](auto& server, http::method verb = http::method::get) {
    http::request r{verb, server.url("/")};
    return run({&r, &in});
  };

  SECTION("head, fields and body") {
    raw_server server(always(200, "hello", "ETag: \"a\"\r\nX-Amz-Meta-A:  b c \r\nx-empty:\r\n"));
    const auto out = ask(server);
    REQUIRE(out);
    CHECK(in.heads == 1);
    CHECK(in.status == 200);
    CHECK(in.first);
    CHECK(in.body == "hello");
    CHECK(in.fields == http::headers{{"content-length", "5"}, {"etag", "\"a\""}, {"x-amz-meta-a", "b c"}, {"x-empty", ""}});
    CHECK(out->received == 5);
    CHECK(out->sent == 0);
    CHECK_FALSE(out->reused_connection);
    CHECK(ask(server)->reused_connection);
    CHECK(server.connections() == 1);
  }
  SECTION("without a body: HEAD, 204, an empty one") {
    raw_server server([](peer& p) {
      while (const auto r = p.read_request())
        p.write(r->starts_with("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : "HTTP/1.1 204 No\r\n\r\n");
    });
    REQUIRE(ask(server, http::method::head));
    CHECK(in.status == 200);
    CHECK(in.fields.get("Content-Length") == "5");
    REQUIRE(ask(server, http::method::delete_));
    CHECK(in.status == 204);
    CHECK(in.heads == 2);
    CHECK(in.body.empty());
    CHECK(server.connections() == 1);
  }
  SECTION("a null sink drops the body, and the connection is used again") {
    raw_server server(always(404, big(100'000)));
    in.into = nullptr;
    REQUIRE(ask(server));
    REQUIRE(ask(server));
    CHECK(in.status == 404);
    CHECK(server.connections() == 1);
  }
  SECTION("a redirect is an answer like others") {
    raw_server elsewhere(always(200, "must not be asked"));
    raw_server server(always(307, "go", "Location: " + elsewhere.url("/") + "\r\n"));
    REQUIRE(ask(server));
    CHECK(in.status == 307);
    CHECK(in.body == "go");
    CHECK(elsewhere.connections() == 0);
  }
  SECTION("so is a demand for a password, and compressed content stays compressed") {
    raw_server server(
        always(401, "\x1f\x8b zip", "WWW-Authenticate: Basic realm=\"x\"\r\nContent-Encoding: gzip\r\nSet-Cookie: a=b\r\n"));
    REQUIRE(ask(server));
    REQUIRE(ask(server));
    CHECK(in.status == 401);
    CHECK(in.body == "\x1f\x8b zip\x1f\x8b zip");
    CHECK(server.requests().at(0) == server.requests().at(1));  // no cookie came back
  }
  SECTION("chunks are joined, and a trailer is no second head") {
    raw_server server([](peer& p) {
      while (p.read_request())
        p.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nx: y\r\n\r\n");
    });
    REQUIRE(ask(server));
    REQUIRE(ask(server));
    CHECK(in.body == "hellohello");
    CHECK(in.heads == 2);
    CHECK(server.connections() == 1);
  }
  SECTION("interim answers are not told") {
    raw_server server([](peer& p) {
      while (p.read_request())
        p.write(
            "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
            "2\r\n\r\nok");
    });
    REQUIRE(ask(server));
    CHECK(in.heads == 1);
    CHECK(in.status == 200);
    CHECK(in.fields.size() == 1);
    CHECK(in.body == "ok");
  }
  SECTION("a large body arrives whole, a sink sees no more than the buffer's size at once") {
    const std::string large = big(5'000'000);
    raw_server server(always(200, large));
    std::size_t most = 0;
    std::string got;
    http::function_sink into([&](std::span<const std::byte> bytes) {
      most = (std::max)(most, bytes.size());
      got.append(detail::as_text(bytes));
    });
    in.into = &into;
    REQUIRE(ask(server));
    CHECK(got == large);
    CHECK(most <= 64 * 1024);
  }
  SECTION("a head that never ends is refused") {
    raw_server server([](peer& p) {
      p.read_request();
      p.write("HTTP/1.1 200 OK\r\n");
      const std::string field = "x: " + std::string(8000, 'x') + "\r\n";
      while (p.write(field)) {
      }
    });
    const auto out = ask(server);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(in.heads == 0);
  }
  SECTION("so is a field that never ends") {
    raw_server server([](peer& p) {
      p.read_request();
      p.write("HTTP/1.1 200 OK\r\nx: ");
      const std::string more(8000, 'x');
      while (p.write(more)) {
      }
    });
    const auto out = ask(server);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(in.heads == 0);
  }
  SECTION("what is not HTTP/1 is refused") {
    raw_server server([](peer& p) {
      p.read_request();
      p.write("hello, this is not HTTP, and it goes on for a while\r\n\r\n");
    });
    const auto out = ask(server);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(in.heads == 0);
  }
}

TEMPLATE_TEST_CASE("a lost answer is an error that names the host and never the query", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;
  const auto ask = [&](int port) {
    auto r = get("http://127.0.0.1:" + std::to_string(port) + "/key?X-Amz-Signature=secret", {{"Authorization", "secret"}});
    auto out = run({&r, &in, {.connect = 5s}});
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
    CHECK(out.error().message.find("secret") == std::string::npos);
    return out.error().kind;
  };
  const auto playing = [](auto play) {
    return [play](peer& p) {
      p.read_request();
      play(p);
    };
  };

  SECTION("refused") {
    const testing_support::closed_port nobody;
    CHECK(ask(nobody.number()) == error_kind::connect);
  }
  SECTION("hung up without a byte") {
    raw_server server(playing([](peer&) {}));
    CHECK(ask(server.port()) == error_kind::connection_lost);
    CHECK(in.heads == 0);
  }
  SECTION("reset without a byte") {
    raw_server server(playing([](peer& p) { p.reset(); }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
  }
  SECTION("cut in the head") {
    raw_server server(playing([](peer& p) { p.write("HTTP/1.1 200 OK\r\nContent-Le"); }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
    CHECK(in.heads == 0);
  }
  SECTION("only an interim answer") {
    raw_server server(playing([](peer& p) { p.write("HTTP/1.1 100 Continue\r\n\r\n"); }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
    CHECK(in.heads == 0);
  }
  SECTION("cut in the body") {
    raw_server server(playing([](peer& p) { p.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"); }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
    CHECK(in.body == "hello");
  }
  SECTION("cut between chunks") {
    raw_server server(playing([](peer& p) { p.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"); }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
  }
  SECTION("reset in the body") {
    raw_server server(playing([](peer& p) {
      p.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + big(100'000));
      p.reset();
    }));
    CHECK(ask(server.port()) == error_kind::connection_lost);
    CHECK(in.body.size() <= 100'000);
  }
  SECTION("reset while the body is sent") {
    raw_server server([](peer& p) {
      p.read_head();
      p.reset();
    });
    const std::string large = big(8 << 20);
    http::memory_source source{large};
    http::request r{http::method::put, server.url("/"), {}, &source};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connection_lost);
  }
  SECTION("an unknown host") {
    auto r = get("http://no-such-host.invalid/");
    const auto out = run({&r, &in, {.deadline = std::chrono::steady_clock::now() + 5s}});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::resolve);
  }
}

TEMPLATE_TEST_CASE("every wait has its limit", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;
  const auto within = [&](auto& server, http::limits l, http::source* body = nullptr) {
    http::request r{body ? http::method::put : http::method::get, server.url("/"), {}, body};
    const stopwatch watch;
    auto out = run({&r, &in, l});
    took_less_than(watch.spent(), 5s);
    return out;
  };
  const auto silent = [](peer& p) {
    p.read_request();
    p.wait_for_hang_up();
  };
  const auto deadline = [] { return std::chrono::steady_clock::now() + 50ms; };

  SECTION("no first byte") {
    raw_server server(silent);
    const auto out = within(server, {.first_byte = 50ms});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::timeout);
    CHECK(out.error().message == "no answer began within 50 ms in the exchange with " + server.authority());
  }
  SECTION("no first byte after a body") {
    raw_server server(silent);
    http::memory_source body{"hello"};
    const auto out = within(server, {.first_byte = 50ms}, &body);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::timeout);
    CHECK(server.requests().at(0).ends_with("hello"));
  }
  SECTION("idle does not count before the first byte") {
    raw_server server(silent);
    const auto out = within(server, {.first_byte = 100ms, .idle = 20ms});
    REQUIRE_FALSE(out);
    CHECK(out.error().message.starts_with("no answer began within 100 ms"));
  }
  SECTION("no byte in the middle of an answer") {
    raw_server server([](peer& p) {
      p.read_request();
      p.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      p.wait_for_hang_up();
    });
    const auto out = within(server, {.first_byte = 5s, .idle = 50ms});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::timeout);
    CHECK(out.error().message == "no byte moved for 50 ms in the exchange with " + server.authority());
    CHECK(in.body == "hello");
  }
  SECTION("no byte in the middle of a body") {
    raw_server server([](peer& p) {
      p.read_head();
      p.wait_without_reading();
    });
    endless body;
    const auto out = within(server, {.first_byte = 5s, .idle = 50ms}, &body);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::timeout);
    CHECK(out.error().message.starts_with("no byte moved for 50 ms"));
  }
  SECTION("a slow answer that moves is not idle") {
    raw_server server([](peer& p) {
      p.read_request();
      p.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
      for (const char c : std::string_view{"slowly"}) {
        p.wait_for_hang_up(40);
        p.write({&c, 1});
      }
    });
    REQUIRE(within(server, {.first_byte = 200ms, .idle = 200ms}));
    CHECK(in.body == "slowly");
  }
  SECTION("the deadline, before an answer and inside one") {
    raw_server server(silent);
    auto out = within(server, {.deadline = deadline()});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::deadline_exceeded);

    raw_server drips([](peer& p) {
      p.read_request();
      p.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
      while (p.write("x") && !p.wait_for_hang_up(5)) {
      }
    });
    out = within(drips, {.first_byte = 5s, .idle = 5s, .deadline = deadline()});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::deadline_exceeded);
  }
  SECTION("a deadline that has passed already sends nothing that is answered") {
    raw_server server(silent);
    const auto out = within(server, {.deadline = std::chrono::steady_clock::now() - 1s});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::deadline_exceeded);
  }
  SECTION("the connection, its TLS handshake included") {
    raw_server server([](peer& p) { p.wait_for_hang_up(); });
    auto r = get(server.url("/", "https"));
    const stopwatch watch;
    const auto out = run({&r, &in, {.connect = 50ms}});
    took_less_than(watch.spent(), 5s);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connect);
  }
  SECTION("limits that are not reached change nothing, and do not stay") {
    raw_server server(always(200, "hello"));
    for (int i = 0; i != 2; ++i)
      REQUIRE(within(server, {.connect = 5s, .first_byte = 5s, .idle = 5s, .deadline = std::chrono::steady_clock::now() + 5s}));
    REQUIRE(within(server, {}));
    constexpr duration never = (duration::max)();  // a usual way to say "no limit"
    REQUIRE(within(server, {.connect = never, .first_byte = never, .idle = never}));
    REQUIRE(within(server, {.connect = never, .first_byte = never, .idle = never, .deadline = (steady_time::max)() - 1ns}));
    CHECK(server.connections() == 1);
    raw_server mute(silent);
    const auto out = within(mute, {.first_byte = never, .deadline = (steady_time::min)()});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::deadline_exceeded);
  }
}

TEMPLATE_TEST_CASE("a caller's failure ends the exchange and is its outcome", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;

  SECTION("a sink that fails") {
    raw_server server(always(200, big(1'000'000)));
    http::string_sink small{in.body, 1000};
    in.into = &small;
    auto r = get(server.url("/"));
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::too_large);
    CHECK(out.error().message == "the body is longer than the limit of 1000 bytes");
  }
  SECTION("a sink that throws") {
    raw_server server(always(200, "hello"));
    http::function_sink into([](std::span<const std::byte>) { throw std::runtime_error("the disk is full"); });
    in.into = &into;
    auto r = get(server.url("/"));
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::body_sink);
    CHECK_THROWS_AS(std::rethrow_exception(out.error().thrown), std::runtime_error);
  }
  SECTION("a source that throws") {
    raw_server server(always(200, ""));
    http::function_source source([](std::span<std::byte>) -> std::size_t { throw std::logic_error("no more"); }, 10);
    http::request r{http::method::put, server.url("/"), {}, &source};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::body_source);
    CHECK_THROWS_AS(std::rethrow_exception(out.error().thrown), std::logic_error);
    CHECK(in.heads == 0);
  }
  SECTION("a source that ends before its size") {
    raw_server server(always(200, ""));
    int calls = 0;
    http::function_source source([&](std::span<std::byte>) -> std::size_t { return ++calls == 1 ? 4 : 0; }, 10);
    http::request r{http::method::put, server.url("/"), {}, &source};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::body_source);
    CHECK(out.error().message == "the source ended after 4 of the 10 bytes that it promised");
    CHECK(in.heads == 0);
  }
  SECTION("a source that returns more than its room") {
    raw_server server(always(200, ""));
    for (const auto size : {std::optional<std::uint64_t>{10}, std::optional<std::uint64_t>{}}) {
      test::lying_source source{size};
      http::request r{http::method::put, server.url("/"), {}, &source};
      const auto out = run({&r, &in});
      REQUIRE_FALSE(out);
      CHECK(out.error().kind == error_kind::body_source);
      if (size) CHECK(test::tells_both_numbers(out.error(), 10));
      CHECK(in.heads == 0);
    }
  }
  SECTION("the runner is as good as before") {
    raw_server server(always(200, "hello"));
    http::function_sink into([](std::span<const std::byte>) { throw 1; });
    auto r = get(server.url("/"));
    in.into = &into;
    REQUIRE_FALSE(run({&r, &in}));
    in.into = &in.text;
    REQUIRE(run({&r, &in}));
    CHECK(in.body == "hello");
  }
}

TEMPLATE_TEST_CASE("uploads", "[curl]", by_transport, by_loop) {
  collector in;

  SECTION("a refusal that comes before the body was read is an answer") {
    raw_server server([](peer& p) {
      const auto head = p.read_head();
      p.answer(403, "no", "Connection: close\r\n");
      p.read_body(*head);
    });
    TestType run;
    endless body;
    http::request r{http::method::put, server.url("/"), {}, &body};
    const auto out = run({&r, &in});
    REQUIRE(out);
    CHECK(in.status == 403);
    CHECK(in.body == "no");
    CHECK(out->sent < body.size());
  }
  SECTION("with expect_continue a refused body is not sent at all") {
    raw_server server([](peer& p) {
      while (const auto head = p.read_head()) {
        p.log(*head);
        p.answer(403, "no");
      }
    });
    auto settings = direct();
    settings.expect_continue = true;
    TestType run{settings};
    http::memory_source body{"hello"};
    http::request r{http::method::put, server.url("/"), {}, &body};
    REQUIRE(run({&r, &in}));
    CHECK(in.status == 403);
    CHECK(server.requests().at(0) ==
          "PUT / HTTP/1.1\r\nHost: " + server.authority() + "\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  }
  SECTION("with expect_continue a welcome body follows") {
    raw_server server([](peer& p) {
      const auto head = p.read_head();
      p.write("HTTP/1.1 100 Continue\r\n\r\n");
      p.log(p.read_body(*head));
      p.answer(200, "");
    });
    auto settings = direct();
    settings.expect_continue = true;
    TestType run{settings};
    http::memory_source body{"hello"};
    http::request r{http::method::put, server.url("/"), {}, &body};
    REQUIRE(run({&r, &in}));
    CHECK(in.status == 200);
    CHECK(in.heads == 1);
    CHECK(server.requests().at(0) == "hello");
  }
  SECTION("a 417 comes once") {
    raw_server server([](peer& p) {
      while (p.read_head()) p.answer(417, "");
    });
    auto settings = direct();
    settings.expect_continue = true;
    TestType run{settings};
    http::memory_source body{"hello"};
    http::request r{http::method::put, server.url("/"), {}, &body};
    const auto out = run({&r, &in, {.deadline = std::chrono::steady_clock::now() + 5s}});
    CHECK(in.heads == 1);
    CHECK(in.status == 417);
  }
  SECTION("counts") {
    raw_server server(always(200, "four"));
    TestType run;
    const std::string large = big(1'000'000);
    http::memory_source body{large};
    http::request r{http::method::put, server.url("/"), {}, &body};
    const auto out = run({&r, &in});
    REQUIRE(out);
    CHECK(out->sent == 1'000'000);
    CHECK(out->received == 4);
  }
}

TEMPLATE_TEST_CASE("a kept connection that died is replaced where nothing can be lost", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;
  // The first connection answers once and dies when it is used again, which no client can know beforehand.
  raw_server server([](peer& p) {
    p.read_request();
    p.answer(200, "first");
    if (p.number() == 0) {
      p.read_body(p.read_head().value_or(""));
      p.reset();
      return;
    }
    while (p.read_request()) p.answer(200, "later");
  });
  auto warm_up = get(server.url("/"));
  REQUIRE(run({&warm_up, &in}));

  SECTION("a body that can be read again goes whole") {
    const std::string large = big(300'000);
    http::memory_source body{large};
    http::request r{http::method::put, server.url("/again"), {}, &body};
    const auto out = run({&r, &in});
    REQUIRE(out);
    CHECK(server.connections() == 2);
    CHECK(server.requests().back().ends_with("\r\n\r\n" + large));
    CHECK(in.heads == 2);
  }
  SECTION("one that can't is lost") {
    one_shot body{"once"};
    http::request r{http::method::put, server.url("/once"), {}, &body};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connection_lost);
    CHECK(server.requests().size() == 1);
  }
}

TEMPLATE_TEST_CASE("cancelling from another thread returns at once", "[curl]", by_transport, by_loop) {
  TestType run;
  collector in;
  cancel_source stop;

  SECTION("in the middle of an exchange") {
    raw_server server([&](peer& p) {
      p.read_request();
      stop.cancel();  // on the server's thread, while the client waits for an answer
      p.wait_for_hang_up();
    });
    auto r = get(server.url("/"));
    const stopwatch watch;
    const auto out = run({&r, &in, {}, stop.token()});
    took_less_than(watch.spent(), 2s);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
    CHECK(in.heads == 0);
  }
  SECTION("before it") {
    raw_server server(always(200, ""));
    stop.cancel();
    auto r = get(server.url("/"));
    const auto out = run({&r, &in, {}, stop.token()});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
    CHECK(in.heads == 0);
  }
}

TEMPLATE_TEST_CASE("TLS", "[curl]", by_transport, by_loop) {
  const testing_support::self_signed own, other, elsewhere{"DNS:example.com"};
  const scratch_file trusts_own{own.pem()}, trusts_other{other.pem()}, trusts_elsewhere{elsewhere.pem()};
  auto serve = always(200, "hello");
  testing_support::tls_server<decltype(serve)> server(serve, own.context());
  collector in;
  auto r = get(server.url("/a", "https"));
  auto settings = direct();

  SECTION("a certificate that nobody trusts") {
    TestType run{settings};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::tls);
    CHECK(out.error().message.find("certificate") != std::string::npos);
    CHECK(server.requests().empty());
  }
  SECTION("a bundle that has it") {
    settings.ca_bundle = trusts_own.path;
    TestType run{settings};
    REQUIRE(run({&r, &in}));
    REQUIRE(run({&r, &in}));
    CHECK(in.body == "hellohello");
    CHECK(server.connections() == 1);
  }
  SECTION("a bundle that has another") {
    settings.ca_bundle = trusts_other.path;
    TestType run{settings};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::tls);
  }
  SECTION("a trusted certificate of another host") {
    testing_support::tls_server<decltype(serve)> stranger(serve, elsewhere.context());
    settings.ca_bundle = trusts_elsewhere.path;
    TestType run{settings};
    auto wrong = get(stranger.url("/", "https"));
    const auto out = run({&wrong, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::tls);
    CHECK(stranger.requests().empty());
  }
  SECTION("a bundle that is not there") {
    settings.ca_bundle = "/nonexistent/ca.pem";
    TestType run{settings};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::configuration);
    CHECK(out.error().message.find("/nonexistent/ca.pem") != std::string::npos);
  }
  SECTION("verification switched off") {
    settings.verify_tls = false;
    TestType run{settings};
    REQUIRE(run({&r, &in}));
    CHECK(in.body == "hello");
  }
  SECTION("a server without TLS") {
    raw_server plain([](peer& p) {
      p.answer(400, "plain");
      p.wait_for_hang_up();
    });
    TestType run{settings};
    auto wrong = get(plain.url("/", "https"));
    const auto out = run({&wrong, &in, {.connect = 5s}});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::tls);
  }
  SECTION("a handshake that is hung up on is a failed connection") {
    raw_server resets([](peer& p) { p.reset(); });
    raw_server closes([](peer& p) { p.wait_for_hang_up(20); });
    TestType run{settings};
    for (const auto& url : {resets.url("/", "https"), closes.url("/", "https")}) {
      auto wrong = get(url);
      const auto out = run({&wrong, &in});
      REQUIRE_FALSE(out);
      INFO(out.error().message);
      CHECK(out.error().kind == error_kind::connect);
    }
  }
  SECTION("a reset in the middle of an upload is an error and no signal") {
    auto hang_up = [](peer& p) {
      p.read_head();
      p.reset();
    };
    testing_support::tls_server<decltype(hang_up)> rude(hang_up, own.context());
    settings.ca_bundle = trusts_own.path;
    TestType run{settings};
    endless body;
    http::request upload{http::method::put, rude.url("/", "https"), {}, &body};
    const auto out = run({&upload, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connection_lost);
  }
}

TEMPLATE_TEST_CASE("a malformed URL is not repeated, since a password may be in it", "[curl]", by_transport, by_loop) {
  TestType run{direct()};
  for (const std::string url : {"https://admin:hun/ter2@h", "https://admin:hunter2", "s3://admin:hunter2@h",
                                "https://admin:hun?ter2@h", "http://admin:hunter2@127.0.0.1:1x/", "http://h h/?X-Amz-Signature=hunter2"}) {
    collector in;
    auto r = get(url);
    const auto out = run({&r, &in, {.connect = 1ms}});
    INFO(url);
    REQUIRE_FALSE(out);
    INFO(out.error().message);
    CHECK(out.error().message.find("hun") == std::string::npos);
  }
}

TEMPLATE_TEST_CASE("a proxy", "[curl]", by_transport, by_loop) {
  raw_server proxy(always(200, "from the proxy"));
  collector in;
  auto r = get("http://s3.example.com/a//b?c", {{"Authorization", "mine"}});
  auto settings = direct();

  SECTION("named in the settings gets the whole URL") {
    settings.proxy = "http://" + proxy.authority();
    TestType run{settings};
    REQUIRE(run({&r, &in}));
    CHECK(in.body == "from the proxy");
    CHECK(proxy.requests().at(0).starts_with("GET http://s3.example.com/a//b?c HTTP/1.1\r\nHost: s3.example.com\r\n"));
  }
  SECTION("is passed by for the hosts of no_proxy") {
    raw_server server(always(200, "direct"));
    settings.proxy = "http://" + proxy.authority();
    settings.no_proxy = "127.0.0.1";
    TestType run{settings};
    auto direct_one = get(server.url("/"));
    REQUIRE(run({&direct_one, &in}));
    CHECK(in.body == "direct");
  }
  SECTION("that refuses a tunnel sees neither request nor headers, and it is a failed connection") {
    raw_server refusing([](peer& p) {
      p.log(*p.read_head());
      p.answer(403, "no");
    });
    settings.proxy = "http://" + refusing.authority();
    TestType run{settings};
    r.url = "https://s3.example.com/a";
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connect);
    CHECK(refusing.requests().at(0).starts_with("CONNECT s3.example.com:443"));
    CHECK(refusing.requests().at(0).find("mine") == std::string::npos);
    CHECK(in.heads == 0);
  }
  SECTION("whose URL is malformed is not named with its password") {
    for (const std::string url : {"s4://admin:hunter2@127.0.0.1:1", "http://admin:hun/hunter2@127.0.0.1:1", "admin:hunter2@127.0.0.1:x",
                                  "http://admin:hunter2@h h:1", "http://admin:hunter2@"}) {
      settings.proxy = url;
      TestType run{settings};
      const auto out = run({&r, &in});
      INFO(url);
      REQUIRE_FALSE(out);
      INFO(out.error().message);
      CHECK(out.error().message.find("hun") == std::string::npos);
      CHECK(out.error().message.find("admin") == std::string::npos);
    }
  }
  SECTION("that is not there") {
    const testing_support::closed_port nobody;
    settings.proxy = "http://127.0.0.1:" + std::to_string(nobody.number());
    TestType run{settings};
    const auto out = run({&r, &in});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connect);
  }
}

TEST_CASE("the environment's proxy is used or not, as the settings say", "[curl]") {
  raw_server proxy(always(200, "from the proxy"));
  raw_server server(always(200, "direct"));
  ::setenv("http_proxy", ("http://" + proxy.authority()).c_str(), 1);
  ::unsetenv("no_proxy");
  ::unsetenv("NO_PROXY");
  auto r = get(server.url("/"));
  collector through, past;
  CHECK(curl_transport{}.perform({&r, &through}));
  CHECK(curl_transport{direct()}.perform({&r, &past}));
  ::unsetenv("http_proxy");
  CHECK(through.body == "from the proxy");
  CHECK(past.body == "direct");
}

TEMPLATE_TEST_CASE("an exchange's own rules hold for it, and for no other", "[curl]", by_transport, by_loop) {
  raw_server server(always(200, "direct"));
  collector in;
  auto r = get(server.url("/", "http"));
  auto settings = direct();

  SECTION("the address is asked for, on a new connection and on a kept one") {
    static std::vector<std::string> asked;
    asked.clear();
    const http::connection_rules accepts{.may_send_to = [](std::string_view address) noexcept {
      asked.emplace_back(address);
      return true;
    }};
    const http::connection_rules refuses{.may_send_to = [](std::string_view) noexcept { return false; }};
    TestType run{settings};
    REQUIRE(run({.out = &r, .in = &in, .rules = &accepts}));
    REQUIRE(run({.out = &r, .in = &in, .rules = &accepts}));
    CHECK(asked == std::vector<std::string>{"127.0.0.1", "127.0.0.1"});
    CHECK(server.connections() == 1);
    const auto out = run({.out = &r, .in = &in, .rules = &refuses});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::connect);
    CHECK(out.error().message == server.authority() + " is at the address 127.0.0.1, to which this request must not be sent");
    CHECK(server.requests().size() == 2);
    REQUIRE(run({.out = &r, .in = &in}));
    CHECK(server.requests().size() == 3);
  }
  SECTION("no proxy is used, whatever the settings say") {
    raw_server proxy(always(200, "from the proxy"));
    settings.proxy = "http://" + proxy.authority();
    const http::connection_rules rules{.no_proxy = true};
    TestType run{settings};
    REQUIRE(run({.out = &r, .in = &in}));
    REQUIRE(run({.out = &r, .in = &in, .rules = &rules}));
    REQUIRE(run({.out = &r, .in = &in}));
    CHECK(in.body == "from the proxydirectfrom the proxy");
  }
  SECTION("nor whatever the environment says") {
    raw_server proxy(always(200, "from the proxy"));
    ::setenv("http_proxy", ("http://" + proxy.authority()).c_str(), 1);
    ::unsetenv("no_proxy");
    ::unsetenv("NO_PROXY");
    const http::connection_rules rules{.no_proxy = true};
    TestType run{curl_settings{}};
    CHECK(run({.out = &r, .in = &in, .rules = &rules}));
    CHECK(run({.out = &r, .in = &in}));
    ::unsetenv("http_proxy");
    CHECK(in.body == "directfrom the proxy");
  }
  SECTION("a client certificate that cannot be read is an error of that exchange only") {
    const testing_support::self_signed own;
    const scratch_file trusted{own.pem()};
    auto serve = always(200, "over TLS");
    testing_support::tls_server<decltype(serve)> secure(serve, own.context());
    settings.ca_bundle = trusted.path;
    auto over_tls = get(secure.url("/", "https"));
    const http::connection_rules rules{.client_certificate = "/nonexistent/client.pem"};
    TestType run{settings};
    const auto out = run({.out = &over_tls, .in = &in, .rules = &rules});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::configuration);
    REQUIRE(run({.out = &over_tls, .in = &in}));
    CHECK(in.body == "over TLS");
  }
}

TEST_CASE("many threads share one transport", "[curl]") {
  raw_server server([](peer& p) {
    while (const auto r = p.read_request()) p.answer(200, r->substr(0, r->find("\r\n")));
  });
  curl_transport shared{direct()};
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t != 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i != 50; ++i) {
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        auto r = get(server.url(path));
        collector in;
        if (shared.perform({&r, &in}) && in.body == "GET " + path + " HTTP/1.1") ++right;
      }
    });
  for (auto& t : threads) t.join();
  CHECK(right == 400);
  CHECK(server.connections() <= 8);
}

TEST_CASE("a transport keeps a connection for each host, and no more than it may", "[curl]") {
  raw_server a(always(200, "a")), b(always(200, "b"));
  auto to_a = get(a.url("/")), to_b = get(b.url("/"));
  collector in;

  SECTION("room for both") {
    curl_transport t{direct()};
    for (int i = 0; i != 3; ++i) {
      REQUIRE(t.perform({&to_a, &in}));
      REQUIRE(t.perform({&to_b, &in}));
    }
    CHECK(a.connections() == 1);
    CHECK(b.connections() == 1);
  }
  SECTION("room for one") {
    auto settings = direct();
    settings.max_idle_connections = 1;
    curl_transport t{settings};
    for (int i = 0; i != 3; ++i) {
      REQUIRE(t.perform({&to_a, &in}));
      REQUIRE(t.perform({&to_b, &in}));
    }
    CHECK(a.connections() == 3);
  }
  SECTION("moving one moves its connections") {
    curl_transport t{direct()};
    REQUIRE(t.perform({&to_a, &in}));
    curl_transport moved{std::move(t)};
    REQUIRE(moved.perform({&to_a, &in}));
    CHECK(a.connections() == 1);
  }
}

TEST_CASE("a loop runs many exchanges on one thread", "[curl]") {
  curl_loop loop{direct()};
  const auto now = [] { return std::chrono::steady_clock::now(); };

  SECTION("nothing to do: it looks once, or waits until then") {
    CHECK_FALSE(loop.poll(now() - 1s));
    const stopwatch watch;
    CHECK_FALSE(loop.poll(now() + 30ms));
    CHECK(watch.spent() >= 30ms);
    took_less_than(watch.spent(), 2s);
  }
  SECTION("a wake from before or from another thread ends one poll") {
    loop.wake();
    CHECK_FALSE(loop.poll((steady_time::max)()));
    std::thread waker([&] { loop.wake(); });
    CHECK_FALSE(loop.poll((steady_time::max)()));
    waker.join();
    const stopwatch watch;
    CHECK_FALSE(loop.poll(now() + 20ms));
    CHECK(watch.spent() >= 20ms);
  }
  SECTION("all of them finish, each with its tag") {
    raw_server server([](peer& p) {
      while (const auto r = p.read_request()) p.answer(200, r->substr(4, r->find(' ', 4) - 4));
    });
    constexpr std::size_t count = 24;  // fewer than are kept
    std::vector<http::request> requests;
    std::vector<collector> answers(count);
    for (std::size_t i = 0; i != count; ++i) {
      requests.push_back(get(server.url("/" + std::to_string(i))));
      answers[i].text = http::string_sink{answers[i].body};
      answers[i].into = &answers[i].text;
    }
    for (int round = 0; round != 2; ++round) {
      for (std::size_t i = 0; i != count; ++i) loop.start({&requests[i], &answers[i]}, &answers[i]);
      for (std::size_t i = 0; i != count; ++i) {
        const auto over = loop.poll(now() + 5s);
        REQUIRE(over);
        REQUIRE(over->what);
        const auto which = static_cast<std::size_t>(static_cast<collector*>(over->tag) - answers.data());
        const std::string path = "/" + std::to_string(which);
        CHECK(answers[which].body == (round == 0 ? path : path + path));
      }
      CHECK_FALSE(loop.poll(now()));
    }
    CHECK(server.connections() <= 24);
  }
  SECTION("cancelling one leaves the others, and does not touch it again") {
    raw_server silent([](peer& p) {
      p.read_request();
      p.wait_for_hang_up();
    });
    raw_server server(always(200, "hello"));
    auto lost = get(silent.url("/")), good = get(server.url("/"));
    auto dead = std::make_unique<collector>();
    collector alive;
    loop.start({&lost, dead.get()}, &lost);
    loop.start({&good, &alive}, &good);
    auto refused = get("ftp://127.0.0.1/");
    loop.start({&refused, dead.get()}, &refused);
    loop.cancel(&lost);
    loop.cancel(&refused);  // over already, but not told yet
    loop.cancel(&alive);    // never started
    dead.reset();
    const auto first = loop.poll(now() + 5s);
    REQUIRE(first);
    CHECK(first->tag == &good);
    CHECK_FALSE(loop.poll(now() + 10ms));
    CHECK(alive.body == "hello");
  }
  SECTION("a sink that takes long is not held against the others") {
    raw_server server(always(200, big(200'000)));
    auto r = get(server.url("/"));
    collector slow, quick;
    std::string got;
    http::function_sink into([&](std::span<const std::byte> bytes) {
      got.append(detail::as_text(bytes));
      if (got.size() == bytes.size()) {
        const stopwatch busy;
        while (busy.spent() < 400ms) {
        }
      }
    });
    slow.into = &into;
    const http::limits tight{.first_byte = 200ms, .idle = 200ms};
    loop.start({&r, &slow, tight}, &slow);
    loop.start({&r, &quick, tight}, &quick);
    for (int i = 0; i != 2; ++i) {
      const auto over = loop.poll(now() + 5s);
      REQUIRE(over);
      CHECK(over->what);
    }
    CHECK(quick.body.size() == 200'000);
  }
  SECTION("one that goes away in the middle takes its exchanges along") {
    raw_server silent([](peer& p) {
      p.read_request();
      p.wait_for_hang_up();
    });
    auto r = get(silent.url("/"));
    collector in;
    cancel_source stop;
    {
      curl_loop brief{direct()};
      brief.start({&r, &in, {}, stop.token()}, nullptr);
      CHECK_FALSE(brief.poll(now() + 20ms));
    }
    stop.cancel();
    CHECK(in.heads == 0);
  }
}

#if !defined(__APPLE__)
TEST_CASE("a SIGPIPE of this thread is swallowed where libcurl may raise one, and only then", "[curl]") {
  sigset_t pending;
  {
    const curl_detail::sigpipe_block quiet{true};
    ::pthread_kill(::pthread_self(), SIGPIPE);
    sigpending(&pending);
    CHECK(sigismember(&pending, SIGPIPE) == 1);
  }
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGPIPE) == 0);
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  CHECK(sigismember(&blocked, SIGPIPE) == 0);
}
#endif
