// Which checksums can an upload in parts have? All that can be had at all; on every server by live/checksums_test.cpp.
#include <s3store/transfer/upload.hpp>

#include "support/checksums.hpp"
#include "support/embedded.hpp"
#include "support/fips.hpp"

using namespace test;

namespace {

struct large {
  std::string text = std::string(min_part_size + 1, 'x');
  upload_request request(const checksum_case& one) const {
    upload_request r{.part_size = min_part_size};
    r.object = {.bucket = "b-1", .key = "k", .body = http::body::borrow(text), .checksum_algorithm = one.member()};
    return r;
  }
};

/// Refused before anything was sent: no upload was begun, nor left.
void refused(const embedded_world& w, const upload_request& r, std::initializer_list<std::string_view> parts) {
  const auto out = upload(w.s3, r);
  REQUIRE_FALSE(out);
  INFO(out.error().describe());
  CHECK(out.error().kind == error_kind::invalid_argument);
  CHECK(out.error().attempts == 0);
  for (const auto part : parts) CHECK(out.error().message.find(part) != std::string::npos);
  CHECK(w.s3.list_multipart_uploads({.bucket = "b-1"})->uploads.empty());
  CHECK(w.get("b-1", "k") == "NoSuchKey");
}

}  // namespace

TEST_CASE("an upload in parts with an xxHash needs the opt-in", "[transfer][checksums]") {
  const embedded_world w{{.further_checksums = crypto::make_xxhash}};
  w.make_bucket("b-1");
  for (const auto& one : checksum_cases)
    if (crypto::is_xxhash(one.algorithm)) refused(w, large{}.request(one), {one.name(), "<s3store/crypto/xxhash.hpp>"});
}

TEST_CASE("a value of the whole is no use for an upload in parts unless it is a CRC", "[transfer][checksums]") {
  const embedded_world w{{.further_checksums = crypto::make_xxhash}};
  w.make_bucket("b-1");
  const large body;
  for (const auto& one : checksum_cases) {
    if (crypto::is_crc(one.algorithm)) continue;
    auto r = body.request(one);
    r.object.checksum_algorithm = {};
    one.in(r.object) = one.value();
    refused(w, r, {one.header(), "in parts"});
    r.object.body = "hello";
    r.object.key = "small";
    REQUIRE(upload(w.s3, r));  // one PutObject
  }
}

TEST_CASE("an upload in parts by MD5 needs one of OpenSSL's", "[transfer][checksums]") {
  const large body;
  const checksum_case& md5 = checksum_cases[6];
  {
    const embedded_world w;
    w.make_bucket("b-1");
    const auto done = upload(w.s3, body.request(md5));
    REQUIRE(done);
    CHECK(done->parts == 2);
    CHECK(done->checksum.empty());  // one of the parts' MD5s, and no MD5 of the object
    const auto got = w.s3.get_object({.bucket = "b-1", .key = "k"});
    REQUIRE(got);
    CHECK(got.meta().integrity == integrity::composite);
    // Python: b64encode(md5(md5(b"x" * 5242880).digest() + md5(b"x").digest()).digest())
    CHECK(got->checksum_md5 == "pxzW9iB5i4xY1f6LCj8S1A==-2");
  }
  const fips_openssl here;
  const embedded_world w;
  w.make_bucket("b-1");
  refused(w, body.request(md5), {"MD5", "FIPS"});
  auto r = body.request(checksum_cases[0]);
  const auto done = upload(w.s3, r);
  if (!done) FAIL(done.error().describe());
  CHECK(w.s3.get_object({.bucket = "b-1", .key = "k"}).meta().integrity == integrity::verified);
}
