// Does every checksum algorithm reach the wire, and is it checked on the way back? And what is said where one is not to be had?
#include "support/checksums.hpp"
#include "support/fips.hpp"
#include "support/harness.hpp"

#include <s3store/operations/object.hpp>
#include <s3store/operations/website.hpp>

using namespace s3store;

namespace {

using all_known = test::knowing_all<test::policies>;

put_object_request put(http::body body = "hello") { return {.bucket = "b", .key = "k", .body = std::move(body)}; }
const delete_objects_request remove_k{.bucket = "b", .delete_ = {.objects = {{.key = "k"}}}};
const get_object_request get{.bucket = "b", .key = "k"};

/// No request of the world's was sent, and the error says all of that.
template <class World, class R>
void refused(World& w, const R& r, error_kind kind, std::initializer_list<std::string_view> parts) {
  const auto out = w.send(r);
  REQUIRE_FALSE(out);
  INFO(out.error().describe());
  CHECK(out.error().kind == kind);
  for (const auto part : parts) CHECK(out.error().message.find(part) != std::string::npos);
  CHECK(w.server.sent().empty());
}

/// All that the request says of checksums, but for `name`.
template <class World>
std::vector<std::string> others(const World& w, std::string_view name) {
  std::vector<std::string> out;
  const auto sent = w.sent();
  for (const auto [field, value] : sent.fields) {
    const std::string lower = detail::lower_case(field);
    if (lower == detail::lower_case(name)) continue;
    if (lower.starts_with("x-amz-checksum-") || lower == "content-md5" || lower == "x-amz-trailer") out.push_back(lower);
  }
  return out;
}

}  // namespace

TEST_CASE("an xxHash without the opt-in is refused before anything is sent, and the message says how to have it", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases) {
    if (!crypto::is_xxhash(one.algorithm)) continue;
    test::world<> w{by};
    auto r = put();
    r.checksum_algorithm = one.member();
    refused(w, r, error_kind::invalid_argument, {one.name(), "<s3store/crypto/xxhash.hpp>", "policies::checksums", "with_xxhash"});
    http::memory_source from{std::string_view{"hello"}};
    r.body = http::body{from};
    refused(w, r, error_kind::invalid_argument, {one.name()});
    auto several = remove_k;
    several.checksum_algorithm = one.member();
    refused(w, several, error_kind::invalid_argument, {one.name()});

    test::world<> set{test::driver::blocking};
    set.set.profile.checksum = one.algorithm;
    refused(set, put(), error_kind::configuration, {one.name(), "<s3store/crypto/xxhash.hpp>"});
  }
}

TEST_CASE("every algorithm that a request names is sent, in a header or a trailer", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases)
    for (const std::string_view endpoint : {"https://s3.test", "http://s3.test"}) {
      CAPTURE(one.name(), endpoint);
      test::world<all_known> w{by};
      w.set.endpoint = endpoint;
      w.server.answer(200).answer(200).answer(200, {}, "<DeleteResult/>");
      auto r = put();
      r.checksum_algorithm = one.member();
      REQUIRE(w.send(r));
      CHECK(w.header(one.header()) == one.value());
      CHECK(w.header("x-amz-sdk-checksum-algorithm") == one.name());
      CHECK(others(w, one.header()).empty());

      http::memory_source from{std::string_view{"hello"}};
      r.body = http::body{from};
      REQUIRE(w.send(r));  // the harness takes the chunks apart, and checks their length and signatures
      CHECK(w.header("x-amz-trailer", 1) == one.header());
      CHECK(w.header(one.header(), 1).empty());
      CHECK(w.sent(1).body.find("\r\n" + one.header() + ":" + one.value() + "\r\n") != std::string::npos);

      auto several = remove_k;
      several.checksum_algorithm = one.member();
      REQUIRE(w.send(several));
      crypto::checksum sum{one.algorithm, crypto::make_xxhash};
      sum.update(detail::as_bytes(w.sent(2).body));
      CHECK(w.header(one.header(), 2) == sum.base64());
    }
}

TEST_CASE("every algorithm can be the client's", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases) {
    CAPTURE(one.name());
    test::world<all_known> w{by};
    w.set.profile.checksum = one.algorithm;
    w.server.answer(200);
    REQUIRE(w.send(put()));
    CHECK(w.header(one.header()) == one.value());
    CHECK(w.header("x-amz-sdk-checksum-algorithm") == one.name());
  }
}

TEST_CASE("a value of the caller's own goes as it is, and no other beside it", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases)
    for (const std::string_view endpoint : {"https://s3.test", "http://s3.test"})
      for (const bool streamed : {false, true})
        for (const bool named : {false, true}) {
          CAPTURE(one.name(), endpoint, streamed, named);
          test::world<> w{test::driver::blocking};  // xxHashes, too, although they are not known here
          w.set.endpoint = endpoint;
          w.set.profile.content_md5 = true;
          w.server.answer(200);
          http::memory_source from{std::string_view{"hello"}};
          auto r = streamed ? put(http::body{from}) : put();
          const std::string mine = named ? one.value() : "the caller's, right or wrong";  // the harness checks what is named
          one.in(r) = mine;
          if (named) r.checksum_algorithm = one.member();
          REQUIRE(w.send(r));
          CHECK(w.header(one.header()) == mine);
          CHECK(w.header("x-amz-sdk-checksum-algorithm") == (named ? one.name() : ""));
          CHECK(others(w, one.header()).empty());
        }
  test::world<> w{by};
  w.server.answer(200, {}, "<DeleteResult/>");
  auto several = remove_k;
  REQUIRE(w.send(several, {.fields = {{"x-amz-checksum-xxhash3", "mine"}}}));
  CHECK(w.header("x-amz-checksum-xxhash3") == "mine");
  CHECK(others(w, "x-amz-checksum-xxhash3").empty());
}

TEST_CASE("every algorithm is verified on the way back", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases) {
    CAPTURE(one.name());
    test::world<all_known> w{by};
    w.server.answer(200, {{one.header(), one.value()}}, "hello");
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got.meta().integrity == integrity::verified);
    CHECK(w.header("x-amz-checksum-mode") == "ENABLED");

    test::world<all_known> altered{by};
    for (int i = 0; i != 5; ++i) altered.server.answer(200, {{one.header(), one.value()}}, "hellO");
    const auto wrong = altered.send(get);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == error_kind::integrity);
    CHECK(wrong.error().message.find(one.name()) != std::string::npos);

    test::world<all_known> composite{by};
    composite.server.answer(200, {{one.header(), one.value() + "-1"}, {"x-amz-checksum-type", "COMPOSITE"}}, "hello");
    CHECK(composite.send(get).meta().integrity == integrity::composite);
  }
}

TEST_CASE("an xxHash that nobody here can check is as good as none", "[checksums]") {
  const auto by = EACH_DRIVER;
  for (const auto& one : test::checksum_cases) {
    if (!crypto::is_xxhash(one.algorithm)) continue;
    test::world<> w{by};
    w.server.answer(200, {{one.header(), one.wrong()}}, "hello");
    const auto got = w.send(get);
    REQUIRE(got);
    CHECK(got.meta().integrity == integrity::absent);

    test::world<> both{by};
    both.server.answer(200, {{one.header(), one.wrong()}, {"x-amz-checksum-md5", "XUFAKrxLKna5cZ2REBfFkg=="}}, "hello");
    CHECK(both.send(get).meta().integrity == integrity::verified);
  }
}

TEST_CASE("a Content-MD5 in an answer says nothing of the object", "[checksums]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}}, "hello");
  CHECK(w.send(get).meta().integrity == integrity::absent);
}

TEST_CASE("where S3 requires a checksum, the profile says which", "[checksums]") {
  const auto by = EACH_DRIVER;
  test::world<> w{by};
  w.server.answer(200, {}, "<DeleteResult/>");
  SECTION("a CRC64NVME unless it says another") {
    REQUIRE(w.send(remove_k));
    CHECK(w.header("x-amz-sdk-checksum-algorithm") == "CRC64NVME");
    CHECK(others(w, "x-amz-checksum-crc64nvme").empty());
  }
  SECTION("the algorithm that it names") {
    w.set.profile.checksum = crypto::checksum_algorithm::crc32;
    REQUIRE(w.send(remove_k));
    CHECK(w.header("x-amz-sdk-checksum-algorithm") == "CRC32");
    CHECK(others(w, "x-amz-checksum-crc32").empty());
  }
  SECTION("a CRC32 where it names none") {
    w.set.profile.checksum = std::nullopt;
    REQUIRE(w.send(remove_k));
    CHECK(others(w, "x-amz-checksum-crc32").empty());
    CHECK(w.header("x-amz-checksum-crc32").size() == 8);
    w.server.answer(200);
    REQUIRE(w.send(put()));  // which needs none
    CHECK(w.header("x-amz-checksum-crc32", 1).empty());
  }
  SECTION("Content-MD5, and no other") {
    w.set.profile.content_md5 = true;
    REQUIRE(w.send(remove_k));
    CHECK(others(w, "Content-MD5").empty());
    CHECK(w.header("x-amz-sdk-checksum-algorithm").empty());
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    md5.update(detail::as_bytes(w.sent().body));
    CHECK(w.header("Content-MD5") == md5.base64());
    w.server.answer(200);
    REQUIRE(w.send(put()));
    CHECK(w.header("Content-MD5", 1).empty());
    CHECK_FALSE(w.header("x-amz-checksum-crc64nvme", 1).empty());
  }
  SECTION("Content-MD5 by rules that add nothing else") {
    struct policies : test::policies {
      using checksums = checksums_when_required;
    };
    test::world<policies> few{by};
    few.set.profile.content_md5 = true;
    few.server.answer(200).answer(200);
    REQUIRE(few.send(put_bucket_cors_request{
        .bucket = "b", .cors_configuration = {.cors_rules = {{.allowed_methods = {"GET"}, .allowed_origins = {"*"}}}}}));
    CHECK(few.header("Content-MD5").size() == 24);
    REQUIRE(few.send(put()));
    CHECK(few.header("x-amz-sdk-checksum-algorithm", 1).empty());
  }
  SECTION("but the algorithm that the request names goes before it") {
    w.set.profile.content_md5 = true;
    auto r = remove_k;
    r.checksum_algorithm = types::checksum_algorithm::sha512;
    REQUIRE(w.send(r));
    CHECK(w.header("x-amz-checksum-sha512").size() == 88);
    CHECK(others(w, "x-amz-checksum-sha512").empty());
  }
}

TEST_CASE("on a FIPS OpenSSL all works but MD5, which is a clear error", "[checksums]") {
  const auto by = EACH_DRIVER;
  const test::fips_openssl here;
  REQUIRE_FALSE(crypto::checksum{crypto::checksum_algorithm::md5}.usable());
  const std::initializer_list<std::string_view> why{"MD5", "OpenSSL", "FIPS", "CRC32"};
  for (const auto& one : test::checksum_cases) {
    CAPTURE(one.name());
    test::world<all_known> w{test::driver::blocking};
    auto r = put();
    r.checksum_algorithm = one.member();
    auto several = remove_k;
    several.checksum_algorithm = one.member();
    if (one.algorithm == crypto::checksum_algorithm::md5) {
      refused(w, r, error_kind::invalid_argument, why);
      refused(w, several, error_kind::invalid_argument, why);
    } else {
      w.server.answer(200).answer(200, {}, "<DeleteResult/>");
      REQUIRE(w.send(r));
      CHECK(w.header(one.header()) == one.value());
      REQUIRE(w.send(several));
    }
    test::world<all_known> down{test::driver::blocking};
    down.server.answer(200, {{one.header(), one.value()}}, "hello");
    CHECK(down.send(get).meta().integrity ==
          (one.algorithm == crypto::checksum_algorithm::md5 ? integrity::absent : integrity::verified));
  }
  test::world<> by_default{by};
  by_default.server.answer(200).answer(200, {}, "<DeleteResult/>");
  REQUIRE(by_default.send(put()));
  REQUIRE(by_default.send(remove_k));
  CHECK(by_default.header("x-amz-sdk-checksum-algorithm", 1) == "CRC64NVME");

  test::world<> set{by};
  set.set.profile.content_md5 = true;
  refused(set, remove_k, error_kind::configuration, why);
  set.server.answer(200);
  REQUIRE(set.send(put()));

  auto own = remove_k;  // a value needs nothing of OpenSSL
  test::world<> w{by};
  w.server.answer(200, {}, "<DeleteResult/>");
  REQUIRE(w.send(own, {.fields = {{"Content-MD5", "mine"}}}));
  CHECK(w.header("Content-MD5") == "mine");
}
