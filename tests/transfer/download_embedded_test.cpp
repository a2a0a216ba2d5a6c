// Downloads from the embedded S3, by the client's own functions: versions, parts, ranges, and objects of each checksum.
#include <s3store/transfer/download.hpp>
#include <s3store/transfer/upload.hpp>

#include "support/checksums.hpp"
#include "support/download_world.hpp"
#include "support/embedded.hpp"

using namespace test;

namespace {

constexpr std::uint64_t five_mib = min_part_size;

/// An object of two parts.
std::string put_in_parts(const embedded_world& w, const std::string& bytes, types::checksum_algorithm a, types::checksum_type type) {
  const auto begun = w.s3.create_multipart_upload({.bucket = "b-1", .key = "k", .checksum_algorithm = a, .checksum_type = type});
  REQUIRE(begun);
  types::completed_multipart_upload parts;
  for (std::int32_t n = 1; n <= 2; ++n) {
    const auto piece = n == 1 ? std::string_view{bytes}.substr(0, five_mib) : std::string_view{bytes}.substr(five_mib);
    upload_part_request r{.bucket = "b-1", .key = "k", .body = http::body::borrow(piece)};
    r.checksum_algorithm = a;
    r.part_number = n;
    r.upload_id = begun->upload_id;
    auto sent = w.s3.upload_part(r);
    REQUIRE(sent);
    types::completed_part one{.etag = sent->etag};
    one.part_number = n;
    const auto known = crypto::parse_checksum_algorithm(a.str());
    checksum_member(one, *known) = checksum_member(*sent, *known);
    parts.parts.push_back(std::move(one));
  }
  complete_multipart_upload_request r{.bucket = "b-1", .key = "k", .upload_id = begun->upload_id};
  r.multipart_upload = parts;
  r.checksum_type = type;
  const auto whole = w.s3.complete_multipart_upload(r);
  if (!whole) FAIL(whole.error().describe());
  return whole->etag;
}
download_request from_k(std::uint64_t part_size = 100'000) { return {.object = {.bucket = "b-1", .key = "k"}, .part_size = part_size}; }

}  // namespace

TEST_CASE("objects of each checksum are downloaded and verified", "[transfer][download]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string bytes = some_bytes(1'000'003);
  for (const auto& one : checksum_cases) {
    if (crypto::is_xxhash(one.algorithm)) continue;
    REQUIRE(w.s3.put_object({.bucket = "b-1", .key = "k", .body = http::body::borrow(bytes), .checksum_algorithm = one.member()}));
    const auto got = download_to_memory(w.s3, from_k());
    if (!got) FAIL(got.error().describe());
    CHECK((got->body == bytes));
    CHECK(got->integrity == integrity::verified);
    CHECK(got->checksum_algorithm == one.algorithm);
    CHECK(got->parts == 11);
  }
}

TEST_CASE("an object that was uploaded in parts is downloaded and verified", "[transfer][download]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string bytes = some_bytes(five_mib + 12'345);
  const scratch_folder f;
  const auto verified = [&](types::checksum_algorithm a, types::checksum_type type) {
    put_in_parts(w, bytes, a, type);
    for (const std::uint64_t size : {std::uint64_t{1} << 20, default_part_size}) {
      const auto got = download_file(w.s3, f.file("x"), from_k(size));
      if (!got) FAIL(got.error().describe());
      CHECK((content_of(f.file("x")) == bytes));
      CHECK(got->integrity == integrity::verified);
      std::string text;
      const auto in_order = download(w.s3, from_k(size), [&text](std::span<const std::byte> b) { text.append(detail::as_text(b)); });
      CHECK(in_order->integrity == integrity::verified);
      CHECK((text == bytes));
    }
  };
  verified(types::checksum_algorithm::crc64nvme, types::checksum_type::full_object);
  verified(types::checksum_algorithm::crc32, types::checksum_type::full_object);
  verified(types::checksum_algorithm::crc32c, types::checksum_type::composite);
  verified(types::checksum_algorithm::sha256, types::checksum_type::composite);

  for (const std::int32_t n : {1, 2}) {
    auto request = from_k(1'000'000);
    request.object.part_number = n;
    const auto got = download_to_memory(w.s3, request);
    if (!got) FAIL(got.error().describe());
    CHECK((got->body == (n == 1 ? bytes.substr(0, five_mib) : bytes.substr(five_mib))));
    CHECK(got->integrity == integrity::ranged);
    CHECK(got->object_size == bytes.size());
    CHECK(got->checksum.empty());
    CHECK(got->parts == (n == 1 ? 6 : 1));
  }
  auto none = from_k();
  none.object.part_number = 3;
  CHECK_FALSE(download_to_memory(w.s3, none));
}

TEST_CASE("a version of an object is downloaded, also one that is none any more", "[transfer][download]") {
  const embedded_world w;
  w.make_bucket("b-1", true);
  const std::string first = some_bytes(300'000), second = some_bytes(300'000, 2);
  const std::string old = w.put("b-1", "k", first).version_id;
  w.put("b-1", "k", second);
  const auto now = download_to_memory(w.s3, from_k());
  CHECK((now->body == second));
  auto request = from_k();
  request.object.version_id = old;
  const auto before = download_to_memory(w.s3, request);
  CHECK((before->body == first));
  CHECK(before->version_id == old);
  REQUIRE(w.s3.delete_object({.bucket = "b-1", .key = "k"}));
  const auto gone = download_to_memory(w.s3, from_k());
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == "NoSuchKey");
  CHECK((download_to_memory(w.s3, request)->body == first));
  request.object.key = "other";
  CHECK_FALSE(download_to_memory(w.s3, request));
}

TEST_CASE("the conditions of a download hold", "[transfer][download]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string etag = w.put("b-1", "k", some_bytes(300'000)).etag;
  auto request = from_k();
  request.object.if_match = "\"other\"";
  CHECK(download_to_memory(w.s3, request).error().kind == error_kind::precondition_failed);
  request.object.if_match = etag;
  CHECK(download_to_memory(w.s3, request));
  request.object.if_match.reset();
  request.object.if_none_match = etag;
  CHECK(download_to_memory(w.s3, request).error().kind == error_kind::not_modified);
  request.object.if_none_match = "\"other\"";
  CHECK(download_to_memory(w.s3, request));
  CHECK(download_to_memory(w.s3, {.object = {.bucket = "no-such", .key = "k"}}).error().code == "NoSuchBucket");
}
