// Over TLS: certificates are checked, payloads go unsigned with their checksum in a trailer, and keys of the caller's own encrypt objects.
#include <algorithm>

#include "support/live.hpp"

using namespace s3store;

namespace {

/// MinIO with a certificate that nobody else knows. Nothing, where MinIO was left out by name.
std::optional<live::target> minio_over_tls(const std::string& ca_bundle) {
  if (("," + live::variable("S3STORE_TEST_WITHOUT") + ",").find(",minio,") != std::string::npos) return std::nullopt;
  const std::string endpoint = live::variable("S3STORE_TEST_MINIO_TLS_ENDPOINT");
  if (endpoint.empty()) FAIL("S3STORE_TEST_MINIO_TLS_ENDPOINT is not set: run the tests by scripts/test.sh, or leave MinIO out by name");
  auto transport = std::make_shared<curl_transport>(curl_settings{.ca_bundle = ca_bundle});
  live::target t{.name = "minio over TLS"};
  t.set.endpoint = endpoint;
  t.access_key = live::variable("S3STORE_TEST_MINIO_TLS_ACCESS_KEY");
  t.secret_key = live::variable("S3STORE_TEST_MINIO_TLS_SECRET_KEY");
  t.perform = [transport](http::exchange x) { return transport->perform(std::move(x)); };
  return t;
}

}  // namespace

TEST_CASE("a certificate that nobody vouches for ends the call before anything is sent", "[live][tls]") {
  const auto t = minio_over_tls("");
  if (!t) return;
  const auto c = t->connect();
  const auto refused = c.head_bucket({.bucket = "any"}, {.max_attempts = 1});
  REQUIRE(!refused);
  CHECK(refused.error().kind == error_kind::tls);
  CHECK(refused.error().message.find("certificate") != std::string::npos);
}

TEST_CASE("objects go and come over TLS", "[live][tls]") {
  const auto t = minio_over_tls(live::variable("S3STORE_TEST_MINIO_TLS_CA"));
  if (!t) return;
  const auto c = t->connect();
  live::bucket b{c};
  const std::string text(3'000'000, 'x');
  std::size_t at = 0;
  http::function_source once{[&](std::span<std::byte> into) {
                               const std::size_t n = (std::min)(into.size(), text.size() - at);
                               std::copy_n(detail::as_bytes(text).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
                               at += n;
                               return n;
                             },
                             text.size()};
  live::must(c.put_object({.bucket = b, .key = "trailer", .body = once}));
  live::must(c.put_object({.bucket = b, .key = "memory", .body = "hello"}));
  const auto got = c.get_object({.bucket = b, .key = "trailer"});
  REQUIRE(got.has_value());
  CHECK((got->body == text));
  CHECK(got.meta().integrity == integrity::verified);
  CHECK(live::must(c.get_object({.bucket = b, .key = "memory"})).body == "hello");

  // and with signed payloads, for those who do not trust TLS alone
  settings signed_payloads = t->set;
  signed_payloads.signing = payload_signing::always;
  const auto careful = t->connect(signed_payloads);
  live::must(careful.put_object({.bucket = b, .key = "signed", .body = http::body::borrow(text)}));
  CHECK((live::must(c.get_object({.bucket = b, .key = "signed"})).body == text));
}

TEST_CASE("a key of the caller's own encrypts an object", "[live][tls]") {
  const auto t = minio_over_tls(live::variable("S3STORE_TEST_MINIO_TLS_CA"));
  if (!t) return;
  const auto c = t->connect();
  live::bucket b{c};
  const customer_key key{"0123456789abcdef0123456789abcdef"};
  const auto put = live::must(c.put_object({.bucket = b, .key = "sealed", .body = "secret", .sse_customer_key = key}));
  CHECK(put.sse_customer_algorithm == "AES256");
  CHECK(live::must(c.get_object({.bucket = b, .key = "sealed", .sse_customer_key = key})).body == "secret");
  CHECK(!c.get_object({.bucket = b, .key = "sealed"}));
  CHECK(!c.get_object({.bucket = b, .key = "sealed", .sse_customer_key = customer_key{"ffffffffffffffff0123456789abcdef"}}));
  const auto wrong_length = c.get_object({.bucket = b, .key = "sealed", .sse_customer_key = customer_key{"short"}});
  REQUIRE(!wrong_length);
  CHECK(wrong_length.error().kind == error_kind::invalid_argument);
  CHECK(wrong_length.error().attempts == 0);
}
