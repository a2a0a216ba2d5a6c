#include <s3store/http/url.hpp>

#include "support/catch.hpp"

using namespace s3store;

TEST_CASE("what is no endpoint URL", "[url]") {
  for (const std::string_view text : {"",
                                      "s3.example.com",
                                      "s3.example.com:9000",
                                      "//s3.example.com",
                                      "ftp://s3.example.com",
                                      "file:///etc/passwd",
                                      "http:/x",
                                      "http://",
                                      "http:///path",
                                      "http://:9000",
                                      "http://a b",
                                      "http://a\r\nHost: b",
                                      "http://a:",
                                      "http://a:0",
                                      "http://a:65536",
                                      "http://a:-1",
                                      "http://a:1x",
                                      "http://a:9000:1",
                                      "http://[::1",
                                      "http://[]",
                                      "http://[::1]x",
                                      "http://[::1]:",
                                      "http://[zz]",
                                      "http://a?x=1",
                                      "http://a/b#c",
                                      "http://a/b c",
                                      "http://a/\n",
                                      "http://\xc3\xa4.example.com"}) {
    INFO(text);
    const auto parsed = http::parse_url(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == error_kind::invalid_argument);
    CHECK(parsed.error().message.find("the endpoint URL is malformed: ") != std::string::npos);
  }
}

TEST_CASE("a malformed URL is refused and no part of it repeated: not a password, not a signature", "[url]") {
  for (const std::string_view text :
       {"http://me:hunter2@s3.example.com", "https://me:hunter2@s3.example.com:9000/a", "http://hunter2@x?y", "s3://admin:hunter2@h",
        "http//admin:hunter2@h", "http:/admin:hunter2@h", "http:admin:hunter2@h", "//admin:hunter2@h", "admin:hunter2@h", "hunter2@h",
        "https://admin:hunter2/x@h", "https://admin:x/hunter2@h", "https://admin:hunter2?x@h", "https://admin:hunter2#x@h",
        "https://admin:x?hunter2@h", "https://admin:x#hunter2@h", "https://admin:hunter2\\@h", "https://admin:hunter2 @h",
        "https://admin:hunter2%40h", "https://admin%3Ahunter2%40h", "https://admin:hunter2", "https://[admin:hunter2@h", "https://[hunter2]",
        "https://h:hunter2", "https://h:1hunter2/", "https://h/hunter2 x", "https://h/?X-Amz-Signature=hunter2",
        "https://h?X-Amz-Signature=hunter2", "https://h/k?X-Amz-Security-Token=hunter2#x", "https://h/#hunter2", "https://?hunter2",
        "ftp://h/?token=hunter2", "h/?X-Amz-Signature=hunter2", " https://admin:hunter2@h", "hunter2://h", "hunter2"}) {
    const auto parsed = http::parse_url(text);
    INFO(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == error_kind::invalid_argument);
    CHECK(parsed.error().describe().find("hunter2") == std::string::npos);
    CHECK(parsed.error().describe().find("admin") == std::string::npos);
  }
  // An `@` in the path is a path.
  CHECK(http::parse_url("http://a/b@c")->path == "/b@c");
}

TEST_CASE("the parts of an endpoint URL", "[url]") {
  const auto all = http::parse_url("HTTP://S3.Example.COM:9000/a/B//");
  REQUIRE(all);
  CHECK(all->scheme == "http");
  CHECK_FALSE(all->secure());
  CHECK(all->host == "s3.example.com");
  CHECK(all->port == 9000);
  CHECK(all->path == "/a/B");
  CHECK(all->authority() == "s3.example.com:9000");
  CHECK(all->origin() == "http://s3.example.com:9000");

  const auto bare = http::parse_url("https://s3.eu-west-1.amazonaws.com");
  REQUIRE(bare);
  CHECK(bare->secure());
  CHECK_FALSE(bare->port);
  CHECK(bare->path.empty());
  CHECK(bare->origin() == "https://s3.eu-west-1.amazonaws.com");

  CHECK(http::parse_url("http://a/")->path.empty());
  CHECK(http::parse_url("http://my_host-1.local:1")->authority() == "my_host-1.local:1");
}

TEST_CASE("the scheme's own port is not part of the authority", "[url]") {
  CHECK(http::parse_url("http://a:80")->authority() == "a");
  CHECK(http::parse_url("https://a:443")->authority() == "a");
  CHECK(http::parse_url("http://a:443")->authority() == "a:443");
  CHECK(http::parse_url("https://a:80")->authority() == "a:80");
}

TEST_CASE("IPv6 addresses keep their brackets", "[url]") {
  const auto parsed = http::parse_url("http://[FE80::1]:9000/x");
  REQUIRE(parsed);
  CHECK(parsed->host == "[fe80::1]");
  CHECK(parsed->authority() == "[fe80::1]:9000");
  CHECK(http::parse_url("https://[::ffff:127.0.0.1]")->authority() == "[::ffff:127.0.0.1]");
}
