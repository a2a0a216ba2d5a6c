// What does an error say?
#include <set>
#include <string>
#include <type_traits>

#include <s3store/core/result.hpp>

#include "support/catch.hpp"

using namespace s3store;

static_assert(std::is_nothrow_copy_constructible_v<s3_error>);

TEST_CASE("each kind has a name of its own", "[error]") {
  std::set<std::string_view> names;
  int n = 0;
  for (auto k = error_kind::none;; k = static_cast<error_kind>(static_cast<int>(k) + 1), ++n) {
    names.insert(to_string(k));
    if (k == error_kind::not_implemented) break;
  }
  CHECK(names.size() == static_cast<std::size_t>(n) + 1);
  CHECK(names.count("unknown") == 0);
  CHECK(to_string(static_cast<error_kind>(200)) == "unknown");
}

TEST_CASE("an error is told in one line", "[error]") {
  CHECK(detail::fail(error_kind::connect, "refused").describe() == "no connection: refused");
  error e = detail::fail(error_kind::not_found, "The key is not there.");
  e.code = "NoSuchKey";
  e.operation = "GetObject";
  e.status = 404;
  e.bucket = "b";
  e.key = "k";
  e.endpoint = "https://h";
  e.request_id = "R";
  e.attempts = 3;
  CHECK(e.describe() ==
        "GetObject: NoSuchKey: The key is not there. (status 404, bucket b, key k, endpoint https://h, request id R, attempts 3)");
}

TEST_CASE("what is thrown has all of it", "[error]") {
  error e = detail::fail(error_kind::throttled, "slower");
  e.code = "SlowDown";
  e.status = 503;
  const s3_error thrown{e};
  const s3_error copy = thrown;
  CHECK(copy.kind() == error_kind::throttled);
  CHECK(copy.code() == "SlowDown");
  CHECK(copy.status() == 503);
  CHECK(copy.error().message == "slower");
  CHECK(std::string(copy.what()) == e.describe());
}

TEST_CASE("an error that is printed is one line without control characters, whatever the server sent", "[error]") {
  error e = detail::fail(error_kind::access_denied, "no\n2026-01-01 INFO all is well \x1b[2J\xc2\x9b\xff\xe2\x80\xae");
  e.code = "Bad\r\nCode";
  e.operation = "GetObject";
  e.bucket = "b\x1b";
  e.key = "k\n";
  e.endpoint = "https://h\t";
  e.request_id = "R\x7f";
  const std::string line =
      "GetObject: Bad\\r\\nCode: no\\n2026-01-01 INFO all is well \\x1b[2J\\u009b\\xff\\u202e (bucket b\\x1b, key k\\n, endpoint https://h\\t, "
      "request id R\\x7f)";
  CHECK(e.describe() == line);
  CHECK(s3_error{e}.what() == line);
  CHECK(s3_error{e}.error().key == "k\n");  // for a program it stays what it is
}

TEST_CASE("a text of a megabyte is not printed whole", "[error]") {
  error e = detail::fail(error_kind::access_denied, std::string(4095, 'm') + "\xc3\xa9" + std::string(1'000'000, 'm'));
  e.code = std::string(1'000'000, 'c');
  const std::string line = e.describe();
  CHECK(line == std::string(4096, 'c') + "... (995904 more bytes): " + std::string(4095, 'm') + "... (1000002 more bytes)");
  CHECK(e.message.size() == 1'004'097);
}
