// Checksums, on every server that knows them: sent in headers and trailers, of whole objects and of parts, wrong and right.
#include <memory>
#include <string>
#include <vector>

#include <s3store/transfer/upload.hpp>
#include <s3store/transports/embedded.hpp>

#include "support/checksums.hpp"
#include "support/live.hpp"

using namespace s3store;

namespace {

using knowing_client = basic_client<test::knowing_all<live::policies>>;

knowing_client connect(const live::target& t) {
  return knowing_client{t.set, {.transport = {t.perform}, .credentials = auth::static_credentials{t.access_key, t.secret_key}}};
}

/// Those of the other tests, but the embedded S3 knows xxHash.
const std::vector<live::target>& servers() {
  static const auto* const all = [] {
    auto* const out = new std::vector<live::target>{live::targets()};
    for (live::target& t : *out)
      if (t.is("embedded"))
        t.perform = [transport = std::make_shared<embedded_transport>(
                         embedded_s3{embedded_options{.further_checksums = crypto::make_xxhash}})](http::exchange x) {
          return transport->perform(std::move(x));
        };
    return out;
  }();
  return *all;
}

/// MinIO knows the algorithms of 2024, and overlooks the others.
bool knows(const live::target& t, const test::checksum_case& one) {
  return !t.is("minio") || one.algorithm <= crypto::checksum_algorithm::sha256;
}
/// S3's own code is BadDigest.
std::string_view wrong_checksum(const live::target& t) { return t.is("minio") ? "XAmzContentChecksumMismatch" : "BadDigest"; }

}  // namespace

TEST_CASE("a checksum of any algorithm is sent, checked and given back", "[live][checksums]") {
  for (const live::target& t : servers())
    DYNAMIC_SECTION(t.name) {
      const live::client plain = t.connect();
      const knowing_client c = connect(t);
      live::bucket b{plain};
      for (const auto& one : test::checksum_cases) {
        CAPTURE(one.name());
        put_object_request r{.bucket = b, .key = "k", .body = "hello", .checksum_algorithm = one.member()};
        auto stored = c.put_object(r);
        if (!stored) FAIL(stored.error().describe());
        if (!knows(t, one)) {
          CHECK(one.in(*stored).empty());
          CHECK(c.get_object({.bucket = b, .key = "k"}).meta().integrity == integrity::absent);
          continue;
        }
        CHECK(one.in(*stored) == one.value());
        auto got = c.get_object({.bucket = b, .key = "k"});
        REQUIRE(got);
        CHECK(got->body == "hello");
        CHECK(got.meta().integrity == integrity::verified);
        CHECK(one.in(*got) == one.value());

        // An xxHash is not verified by who did not opt in, and no error either.
        const auto unknowing = plain.get_object({.bucket = b, .key = "k"});
        REQUIRE(unknowing);
        CHECK(unknowing.meta().integrity == (crypto::is_xxhash(one.algorithm) ? integrity::absent : integrity::verified));

        // In a trailer, of a body that is read once.
        http::memory_source from{std::string_view{"hello"}};
        r.key = "trailer";
        r.body = http::body{from};
        stored = c.put_object(r);
        if (!stored) FAIL(stored.error().describe());
        got = c.get_object({.bucket = b, .key = "trailer"});
        REQUIRE(got);
        CHECK(got.meta().integrity == integrity::verified);
        CHECK(one.in(*got) == one.value());

        // The caller's own value, right and wrong, without anything computed here.
        put_object_request own{.bucket = b, .key = "own", .body = "hello"};
        one.in(own) = one.value();
        live::must(plain.put_object(own));
        auto head = live::must(plain.head_object({.bucket = b, .key = "own", .checksum_mode = types::checksum_mode::enabled}));
        CHECK(one.in(head) == one.value());
        own.key = "wrong";
        one.in(own) = one.wrong();
        const auto wrong = plain.put_object(own);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().code == wrong_checksum(t));
        CHECK_FALSE(plain.head_object({.bucket = b, .key = "wrong"}));
      }
    }
}

TEST_CASE("an upload in parts has a checksum of any algorithm", "[live][checksums]") {
  std::string text((5u << 20) + 1000, 'x');
  for (std::size_t i = 0; i < text.size(); i += 997) text[i] = static_cast<char>(i >> 8);
  for (const live::target& t : servers())
    DYNAMIC_SECTION(t.name) {
      const live::client plain = t.connect();
      const knowing_client c = connect(t);
      live::bucket b{plain};
      for (const auto& one : test::checksum_cases) {
        if (!knows(t, one)) continue;
        CAPTURE(one.name());
        upload_request r{.part_size = min_part_size};
        r.object = {.bucket = b, .key = "k", .body = http::body::borrow(text), .checksum_algorithm = one.member()};
        const auto sent = upload(c, r);
        if (!sent) FAIL(sent.error().describe());
        CHECK(sent->parts == 2);
        CHECK(sent->checksum.empty() != crypto::is_crc(one.algorithm));
        std::string out;
        http::string_sink into{out};
        const auto got = c.get_object({.bucket = b, .key = "k"}, into);
        if (!got) FAIL(got.error().describe());
        CHECK((out == text));
        CHECK(got.meta().integrity == (crypto::is_crc(one.algorithm) ? integrity::verified : integrity::composite));

        // A part that is not what its checksum says is not taken.
        const auto begun = live::must(c.create_multipart_upload({.bucket = b, .key = "p", .checksum_algorithm = one.member()}));
        upload_part_request part{.bucket = b, .key = "p", .body = "hello", .part_number = 1, .upload_id = begun.upload_id};
        one.in(part) = one.wrong();
        const auto wrong = plain.upload_part(part);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().code == wrong_checksum(t));
        live::must(c.abort_multipart_upload({.bucket = b, .key = "p", .upload_id = begun.upload_id}));
      }
    }
}
