// Do uploads in parts follow S3's rules in the embedded S3?
#include <string>
#include <vector>

#include "support/embedded.hpp"

using namespace test;

namespace {

struct multipart_world : embedded_world {
  explicit multipart_world(embedded_options o = {.min_part_size = 5}) : embedded_world(std::move(o)) { make_bucket("b-1"); }

  std::string begin(const std::string& key, create_multipart_upload_request r = {}) const {
    r.bucket = "b-1";
    r.key = key;
    auto begun = s3.create_multipart_upload(r);
    REQUIRE(begun);
    return begun->upload_id;
  }
  types::completed_part part(const std::string& key, const std::string& id, std::int32_t number, const std::string& body) const {
    auto sent = s3.upload_part({.bucket = "b-1", .key = key, .body = body, .part_number = number, .upload_id = id});
    REQUIRE(sent);
    return {.etag = sent->etag, .checksum_crc64nvme = sent->checksum_crc64nvme, .part_number = number};
  }
  result<complete_multipart_upload_response> complete(const std::string& key, const std::string& id,
                                                      std::vector<types::completed_part> parts) const {
    return s3.complete_multipart_upload(
        {.bucket = "b-1", .key = key, .upload_id = id, .multipart_upload = {{.parts = std::move(parts)}}});
  }
};

}  // namespace

TEST_CASE("an upload in parts that breaks a rule is refused", "[embedded]") {
  const multipart_world w;
  CHECK(code_of(w.s3.create_multipart_upload({.bucket = "none", .key = "k"})) == "NoSuchBucket");
  CHECK(code_of(w.s3.create_multipart_upload({.bucket = "b-1", .key = "k", .checksum_type = types::checksum_type::composite})) ==
        "InvalidRequest");
  CHECK(code_of(w.s3.create_multipart_upload({.bucket = "b-1",
                                              .key = "k",
                                              .checksum_algorithm = types::checksum_algorithm::crc64nvme,
                                              .checksum_type = types::checksum_type::composite})) == "InvalidRequest");
  CHECK(code_of(w.s3.create_multipart_upload({.bucket = "b-1", .key = "k", .checksum_algorithm = types::checksum_algorithm::sha256,
                                              .checksum_type = types::checksum_type::full_object})) == "InvalidRequest");
  const std::string id = w.begin("k");
  const auto upload = [&](std::int32_t number, const std::string& key, const std::string& which) {
    return code_of(w.s3.upload_part({.bucket = "b-1", .key = key, .body = "x", .part_number = number, .upload_id = which}));
  };
  CHECK(upload(1, "k", "none") == "NoSuchUpload");
  CHECK(upload(1, "other", id) == "NoSuchUpload");
  CHECK(upload(0, "k", id) == "InvalidArgument");
  CHECK(upload(10'001, "k", id) == "InvalidArgument");
  CHECK(upload(10'000, "k", id) == "");

  const auto one = w.part("k", id, 1, "12345"), two = w.part("k", id, 2, "1234"), three = w.part("k", id, 3, "3");
  auto wrong = two;
  wrong.etag = "\"5d41402abc4b2a76b9719d911017c592\"";
  CHECK(code_of(w.complete("k", id, {})) == "InvalidRequest");
  CHECK(code_of(w.complete("k", id, {two, one})) == "InvalidPartOrder");
  CHECK(code_of(w.complete("k", id, {one, one})) == "InvalidPartOrder");
  CHECK(code_of(w.complete("k", id, {one, wrong})) == "InvalidPart");
  CHECK(code_of(w.complete("k", id, {one, {.etag = one.etag, .part_number = 4}})) == "InvalidPart");
  CHECK(code_of(w.complete("k", id, {one, two, three})) == "EntityTooSmall");
  CHECK(code_of(w.complete("k", "none", {one})) == "NoSuchUpload");
  CHECK(code_of(w.s3.complete_multipart_upload(
            {.bucket = "b-1", .key = "k", .upload_id = id, .multipart_upload = {{.parts = {one, two}}}, .mpu_object_size = 1})) ==
        "InvalidRequest");
  CHECK(code_of(w.s3.complete_multipart_upload({.bucket = "b-1",
                                                .key = "k",
                                                .upload_id = id,
                                                .multipart_upload = {{.parts = {one, two}}},
                                                .checksum_crc64nvme = "AAAAAAAAAAA="})) == "BadDigest");
  CHECK(code_of(w.s3.abort_multipart_upload({.bucket = "b-1", .key = "k", .upload_id = "none"})) == "NoSuchUpload");
  CHECK(w.get("b-1", "k") == "NoSuchKey");

  w.put("b-1", "k", "there");
  CHECK(code_of(w.s3.complete_multipart_upload(
            {.bucket = "b-1", .key = "k", .upload_id = id, .multipart_upload = {{.parts = {one, two}}}, .if_none_match = "*"})) ==
        "PreconditionFailed");
  CHECK(w.get("b-1", "k") == "there");
  CHECK(code_of(w.complete("k", id, {one, two})) == "");
  CHECK(code_of(w.complete("k", id, {one})) == "NoSuchUpload");
  CHECK(w.get("b-1", "k") == "123451234");
}

TEST_CASE("parts are at least 5 MiB unless the options say otherwise", "[embedded]") {
  const multipart_world w{embedded_options{}};
  const std::string id = w.begin("k");
  const auto small = w.part("k", id, 1, std::string((5u << 20) - 1, 'x')), last = w.part("k", id, 2, "y");
  CHECK(code_of(w.complete("k", id, {small, last})) == "EntityTooSmall");
  const auto enough = w.part("k", id, 1, std::string(5u << 20, 'x'));
  CHECK(code_of(w.complete("k", id, {enough, last})) == "");
}

TEST_CASE("parts become an object with the ETag, the attributes and the parts of its upload", "[embedded]") {
  const multipart_world w;
  const std::string id = w.begin("k", {.content_type = "text/plain", .metadata = {{"a", "1"}}});
  static_cast<void>(w.part("k", id, 1, "again"));
  const auto one = w.part("k", id, 1, "hello"), two = w.part("k", id, 7, " world");
  const auto listed = w.s3.list_parts({.bucket = "b-1", .key = "k", .upload_id = id});
  REQUIRE(listed);
  REQUIRE(listed->parts.size() == 2);
  CHECK(listed->parts[1].part_number == 7);
  CHECK(listed->parts[1].size == 6);
  const auto paged = w.s3.list_parts({.bucket = "b-1", .key = "k", .upload_id = id, .max_parts = 1});
  REQUIRE(paged);
  CHECK(paged->is_truncated == true);
  CHECK(paged->next_part_number_marker == 1);

  const auto done = w.complete("k", id, {one, two});
  REQUIRE(done);
  // Python: md5(md5("hello") + md5(" world")).
  CHECK(done->etag == "\"a56979024342128ecebc884e3442121b-2\"");
  const auto whole = w.s3.get_object({.bucket = "b-1", .key = "k"});
  REQUIRE(whole);
  CHECK(whole->body == "hello world");
  CHECK(whole.meta().integrity == integrity::verified);
  CHECK(whole->content_type == "text/plain");
  CHECK(whole->metadata == metadata{{"a", "1"}});
  const auto second = w.s3.get_object({.bucket = "b-1", .key = "k", .part_number = 2});
  REQUIRE(second);
  CHECK(second->body == " world");
  CHECK(second->parts_count == 2);
  CHECK(second->content_range == "bytes 5-10/11");
  CHECK(code_of(w.s3.get_object({.bucket = "b-1", .key = "k", .part_number = 3})) == "InvalidPartNumber");
  const auto across = w.s3.get_object({.bucket = "b-1", .key = "k", .range = "bytes=3-6"});
  REQUIRE(across);
  CHECK(across->body == "lo w");
}

TEST_CASE("checksums of parts make the object's", "[embedded]") {
  const multipart_world w;
  using algorithm = types::checksum_algorithm;
  const auto upload = [&](create_multipart_upload_request r, bool with_checksums = true) {
    const std::string id = w.begin("k", r);
    std::vector<types::completed_part> parts;
    for (const auto& [number, body] : {std::pair{1, "hello"}, {2, " world"}}) {
      auto sent = w.s3.upload_part({.bucket = "b-1",
                                    .key = "k",
                                    .body = body,
                                    .part_number = number,
                                    .upload_id = id,
                                    .checksum_algorithm = r.checksum_algorithm});
      REQUIRE(sent);
      types::completed_part p{.etag = sent->etag, .part_number = number};
      if (with_checksums) {
        p.checksum_crc32 = sent->checksum_crc32;
        p.checksum_sha256 = sent->checksum_sha256;
      }
      parts.push_back(std::move(p));
    }
    return w.complete("k", id, parts);
  };
  CHECK(code_of(upload({.checksum_algorithm = algorithm::sha256}, false)) == "InvalidRequest");
  const std::string id = w.begin("k", {.checksum_algorithm = algorithm::sha256});
  CHECK(
      code_of(w.s3.upload_part(
          {.bucket = "b-1", .key = "k", .body = "x", .part_number = 1, .upload_id = id, .checksum_algorithm = algorithm::crc32})) ==
      "InvalidRequest");

  const auto composite = upload({.checksum_algorithm = algorithm::sha256});
  REQUIRE(composite);
  // Python: base64(sha256(sha256("hello") + sha256(" world"))).
  CHECK(composite->checksum_sha256 == "wpQQjqgKlhF49FQdoVTheIiiSjfvtKR+G5kBEF28Vf0=-2");
  CHECK(composite->checksum_type == types::checksum_type::composite);
  const auto told =
      w.s3.get_object_attributes({.bucket = "b-1",
                                  .key = "k",
                                  .object_attributes = {types::object_attributes::checksum, types::object_attributes::object_parts,
                                                        types::object_attributes::etag, types::object_attributes::object_size,
                                                        types::object_attributes::storage_class}});
  REQUIRE(told);
  CHECK(told->object_size == 11);
  CHECK(told->etag == composite->etag.substr(1, composite->etag.size() - 2));
  CHECK(told->storage_class == types::storage_class::standard);
  REQUIRE(told->checksum);
  CHECK(told->checksum->checksum_sha256 == composite->checksum_sha256);
  REQUIRE(told->object_parts);
  CHECK(told->object_parts->total_parts_count == 2);
  REQUIRE(told->object_parts->parts.size() == 2);
  CHECK(told->object_parts->parts[1].size == 6);
  CHECK(told->object_parts->parts[0].checksum_sha256 == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");

  const auto full = upload({.checksum_algorithm = algorithm::crc32, .checksum_type = types::checksum_type::full_object});
  REQUIRE(full);
  CHECK(full->checksum_crc32 == "DUoRhQ==");  // Python: zlib.crc32(b"hello world")
  CHECK(full->checksum_type == types::checksum_type::full_object);
  CHECK(code_of(w.s3.get_object_attributes(
            {.bucket = "b-1", .key = "k", .object_attributes = {types::object_attributes{"Colour"}}})) == "InvalidArgument");
}

TEST_CASE("parts are copied from objects", "[embedded]") {
  const multipart_world w;
  w.put("b-1", "from", "0123456789");
  const std::string id = w.begin("k");
  const auto copy = [&](std::int32_t number, std::string range, const char* from = "from") {
    return w.s3.upload_part_copy({.bucket = "b-1",
                                  .key = "k",
                                  .copy_source = {"b-1", from},
                                  .part_number = number,
                                  .upload_id = id,
                                  .copy_source_range = std::move(range)});
  };
  CHECK(code_of(copy(1, {}, "none")) == "NoSuchKey");
  CHECK(code_of(copy(0, {})) == "InvalidArgument");
  CHECK(code_of(copy(1, "bytes=0-10")) == "InvalidArgument");
  CHECK(code_of(copy(1, "bytes=10-11")) == "InvalidArgument");
  CHECK(code_of(copy(1, "bytes=5-")) == "InvalidArgument");
  CHECK(code_of(copy(1, "5-6")) == "InvalidArgument");
  const auto whole = copy(1, {}), piece = copy(2, "bytes=3-5");
  REQUIRE(whole);
  REQUIRE(piece);
  REQUIRE(w.complete(
      "k", id,
      {{.etag = whole->copy_part_result->etag, .part_number = 1}, {.etag = piece->copy_part_result->etag, .part_number = 2}}));
  CHECK(w.get("b-1", "k") == "0123456789345");
}

TEST_CASE("uploads are listed, and gone when they are aborted", "[embedded]") {
  const multipart_world w;
  const std::string a1 = w.begin("a"), a2 = w.begin("a"), b = w.begin("b/1"), b2 = w.begin("b/2");
  CHECK(code_of(w.s3.list_multipart_uploads({.bucket = "none"})) == "NoSuchBucket");
  std::vector<std::string> ids;
  list_multipart_uploads_request r{.bucket = "b-1", .max_uploads = 1};
  for (int i = 0; i != 4; ++i) {
    const auto page = w.s3.list_multipart_uploads(r);
    REQUIRE(page);
    REQUIRE(page->uploads.size() == 1);
    ids.push_back(page->uploads[0].upload_id);
    CHECK(page->is_truncated == (i != 3));
    r.key_marker = page->next_key_marker;
    r.upload_id_marker = page->next_upload_id_marker;
  }
  CHECK(((ids[0] == a1 && ids[1] == a2) || (ids[0] == a2 && ids[1] == a1)));
  CHECK(ids[2] == b);
  CHECK(ids[3] == b2);
  const auto grouped = w.s3.list_multipart_uploads({.bucket = "b-1", .delimiter = "/"});
  REQUIRE(grouped);
  CHECK(grouped->uploads.size() == 2);
  REQUIRE(grouped->common_prefixes.size() == 1);
  CHECK(grouped->common_prefixes[0].prefix == "b/");
  CHECK(w.s3.abort_multipart_upload({.bucket = "b-1", .key = "a", .upload_id = a1}));
  CHECK(code_of(w.s3.list_parts({.bucket = "b-1", .key = "a", .upload_id = a1})) == "NoSuchUpload");
  const auto left = w.s3.list_multipart_uploads({.bucket = "b-1", .prefix = "a"});
  REQUIRE(left);
  CHECK(left->uploads.size() == 1);
  CHECK(w.s3.delete_bucket({.bucket = "b-1"}));
}

TEST_CASE("completing an upload again, with the same parts, answers as the first time did", "[embedded]") {
  const multipart_world w;
  const std::string id = w.begin("k");
  const auto one = w.part("k", id, 1, "hello"), two = w.part("k", id, 2, " world");
  const auto first = w.complete("k", id, {one, two});
  REQUIRE(first);
  w.clock.advance(std::chrono::hours{1});
  const auto again = w.complete("k", id, {one, two});
  REQUIRE(again);
  CHECK(again->etag == first->etag);
  CHECK(again->location == first->location);
  CHECK(again->checksum_crc64nvme == first->checksum_crc64nvme);
  CHECK(w.s3.complete_multipart_upload(
      {.bucket = "b-1", .key = "k", .upload_id = id, .multipart_upload = {{.parts = {one, two}}}, .if_none_match = "*"}));
  // Nothing is made anew, other parts are another request, and another object is not this one.
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->last_modified == w.clock.now().wall - std::chrono::hours{1});
  CHECK(code_of(w.complete("k", id, {one})) == "NoSuchUpload");
  CHECK(code_of(w.complete("k", id, {one, {.etag = one.etag, .part_number = 2}})) == "NoSuchUpload");
  CHECK(code_of(w.complete("other", id, {one, two})) == "NoSuchUpload");
  CHECK(code_of(w.s3.list_parts({.bucket = "b-1", .key = "k", .upload_id = id})) == "NoSuchUpload");
  w.put("b-1", "k", "new");
  CHECK(code_of(w.complete("k", id, {one, two})) == "NoSuchUpload");
  CHECK(w.get("b-1", "k") == "new");

  w.set_versioning("b-1", types::bucket_versioning_status::enabled);
  const std::string kept = w.begin("k");
  const auto only = w.part("k", kept, 1, "hello");
  const auto made = w.complete("k", kept, {only});
  REQUIRE(made);
  w.put("b-1", "k", "newer");
  CHECK(w.complete("k", kept, {only})->version_id == made->version_id);
}

TEST_CASE("GET and HEAD of a part send the part's checksum, and the attributes tell all parts", "[embedded]") {
  const multipart_world w;
  for (const auto& type : {types::checksum_type::composite, types::checksum_type::full_object}) {
    const std::string id = w.begin("k", {.checksum_algorithm = types::checksum_algorithm::crc32, .checksum_type = types::checksum_type{type}});
    std::vector<types::completed_part> parts;
    for (const auto& [number, body] : {std::pair{1, "hello"}, {2, " world"}}) {
      const auto sent = w.s3.upload_part({.bucket = "b-1",
                                          .key = "k",
                                          .body = body,
                                          .part_number = number,
                                          .upload_id = id,
                                          .checksum_algorithm = types::checksum_algorithm::crc32});
      REQUIRE(sent);
      parts.push_back({.etag = sent->etag, .checksum_crc32 = sent->checksum_crc32, .part_number = number});
    }
    REQUIRE(w.complete("k", id, parts));
    const std::string of_hello = "NhCmhg==";  // Python: zlib.crc32(b"hello")
    CHECK(parts[0].checksum_crc32 == of_hello);
    const get_object_request get{.bucket = "b-1", .key = "k", .part_number = 1, .checksum_mode = types::checksum_mode::enabled};
    const auto got = w.s3.get_object(get);
    REQUIRE(got);
    CHECK(got->checksum_crc32 == of_hello);
    CHECK(got->checksum_type == type);
    const auto head = w.s3.head_object(
        {.bucket = "b-1", .key = "k", .part_number = 2, .checksum_mode = types::checksum_mode::enabled});
    REQUIRE(head);
    CHECK(head->checksum_crc32 == parts[1].checksum_crc32);
    CHECK(head->content_length == 6);
    CHECK(w.s3.head_object({.bucket = "b-1", .key = "k", .part_number = 2})->checksum_crc32.empty());
    const auto told =
        w.s3.get_object_attributes({.bucket = "b-1", .key = "k", .object_attributes = {types::object_attributes::object_parts}});
    REQUIRE(told);
    REQUIRE(told->object_parts);
    REQUIRE(told->object_parts->parts.size() == 2);
    CHECK(told->object_parts->parts[0].checksum_crc32 == of_hello);
    CHECK(told->object_parts->parts[1].size == 6);
  }
  // Without checksums of parts, too.
  const std::string id = w.begin("plain");
  const auto sent = w.s3.upload_part({.bucket = "b-1", .key = "plain", .body = "hello", .part_number = 3, .upload_id = id});
  REQUIRE(w.complete("plain", id, {{.etag = sent->etag, .part_number = 3}}));
  const auto told = w.s3.get_object_attributes(
      {.bucket = "b-1", .key = "plain", .object_attributes = {types::object_attributes::object_parts}, .max_parts = 1});
  REQUIRE(told);
  REQUIRE(told->object_parts->parts.size() == 1);
  CHECK(told->object_parts->parts[0].part_number == 3);
  CHECK(told->object_parts->is_truncated == false);
}
