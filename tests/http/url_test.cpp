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

// The WHATWG's URL standard (host parsing) and RFC 5952 say which form that is.
TEST_CASE("an address has the one form that libcurl, browsers and proxies write into Host", "[url][sigv4]") {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"127.0.0.1", "127.0.0.1"},        {"127.1", "127.0.0.1"},           {"127.0.1", "127.0.0.1"},
      {"127.65537", "127.1.0.1"},        {"0x7f.1", "127.0.0.1"},          {"0X7F.0x0.0.0x01", "127.0.0.1"},
      {"0177.0.0.01", "127.0.0.1"},      {"2130706433", "127.0.0.1"},      {"0x7f000001", "127.0.0.1"},
      {"0", "0.0.0.0"},                  {"0x", "0.0.0.0"},                {"127.0.0.1.", "127.0.0.1"},
      {"255.255.255.255", "255.255.255.255"},                              {"4294967295", "255.255.255.255"},
      {"[::1]", "[::1]"},                {"[0:0:0:0:0:0:0:1]", "[::1]"},   {"[FE80:0000::00Ab:1]", "[fe80::ab:1]"},
      {"[2001:db8::0:1:0:0:1]", "[2001:db8::1:0:0:1]"},                    {"[1:0:2:3:4:5:6:7]", "[1:0:2:3:4:5:6:7]"},
      {"[::ffff:7f00:1]", "[::ffff:127.0.0.1]"},
      // Names stay names.
      {"1.2.3.4.5", "1.2.3.4.5"},        {"256.1.1.1", "256.1.1.1"},       {"1.256.1", "1.256.1"},
      {"4294967296", "4294967296"},      {"08.1", "08.1"},                 {"0xg.1", "0xg.1"},
      {"1..2", "1..2"},                  {"127.1.example", "127.1.example"}, {"0x7f.s3", "0x7f.s3"},
      {"a.1", "a.1"},                    {"S3.Example.", "s3.example."},   {"-1", "-1"}};
  for (const auto& [written, host] : table) {
    CAPTURE(written);
    const auto parsed = http::parse_url("http://" + std::string(written) + ":9000/p");
    REQUIRE(parsed);
    CHECK(parsed->host == host);
    CHECK(parsed->origin() == "http://" + std::string(host) + ":9000");
  }
  for (const std::string_view none : {"[1:2]", "[::1::]", "[1:2:3:4:5:6:7:8:9]", "[12345::]", "[::256.1.1.1]", "[:::]", "[127.0.0.1]"}) {
    CAPTURE(none);
    CHECK_FALSE(http::parse_url("http://" + std::string(none)));
  }
}

TEST_CASE("an endpoint's path is sent in the one form that needs no rewriting", "[url][sigv4]") {
  CHECK(http::parse_url("http://a/pr\xc3\xa4""fix/\"<x>\"/[1]")->path == "/pr%C3%A4fix/%22%3Cx%3E%22/%5B1%5D");
  CHECK(http::parse_url("http://a/%2e%2F/a-._~!$&'()*+,;=:@/..")->path == "/%2e%2F/a-._~!$&'()*+,;=:@/..");
}
