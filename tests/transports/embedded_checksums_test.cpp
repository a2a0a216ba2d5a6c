// Does the embedded S3 take, check, keep and give back every checksum?
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "support/checksums.hpp"
#include "support/embedded.hpp"
#include "support/fips.hpp"

using namespace test;

namespace {

using all_known = knowing_all<in_process>;

/// A body becomes another one on its way.
struct altering_transport {
  embedded_transport behind;
  http::outcome perform(http::exchange x) {
    std::string bytes(4096, '\0');
    auto n = x.out->body->read(std::as_writable_bytes(std::span{bytes}));
    REQUIRE(n);
    bytes.resize(*n);
    bytes.replace(bytes.find("hello"), 5, "jello");
    http::memory_source altered{bytes};
    x.out->body = &altered;
    return behind.perform(x);
  }
};
struct altered_on_its_way : all_known {
  using transport = altering_transport;
};

/// A server and a client that know xxHash, too.
struct world_of_all {
  explicit world_of_all(std::string root = {}, bool fresh = true)
      : world({.root = std::move(root), .min_part_size = 5, .further_checksums = crypto::make_xxhash}) {
    if (fresh) world.make_bucket("b-1");
  }
  embedded_world world;
  basic_client<all_known> s3{{.endpoint = "http://s3.test"},
                             {.transport = embedded_transport{world.server},
                              .credentials = fixed_identity{{"embedded", "embedded-secret"}},
                              .clock = world.clock,
                              .sleeper = recording_sleeper{world.clock}}};
};

put_object_request put(std::string body = "hello") { return {.bucket = "b-1", .key = "k", .body = http::body{std::move(body)}}; }
head_object_request head_with_checksum() { return {.bucket = "b-1", .key = "k", .checksum_mode = types::checksum_mode::enabled}; }

}  // namespace

TEST_CASE("a checksum that is wrong, malformed or not to be had keeps an object out", "[embedded][checksums]") {
  const world_of_all w;
  const basic_client<altered_on_its_way> altering{{.endpoint = "https://s3.test"},
                                                  {.transport = {embedded_transport{w.world.server}},
                                                   .credentials = fixed_identity{{"embedded", "embedded-secret"}},
                                                   .clock = w.world.clock,
                                                   .sleeper = recording_sleeper{w.world.clock}}};
  const embedded_world without{};
  without.make_bucket("b-1");
  for (const auto& one : checksum_cases) {
    CAPTURE(one.name());
    auto wrong = put();
    one.in(wrong) = one.wrong();
    CHECK(code_of(w.s3.put_object(wrong)) == "BadDigest");
    one.in(wrong) = one.value() + "AAAA";
    CHECK(code_of(w.s3.put_object(wrong)) == "InvalidRequest");
    CHECK(code_of(w.s3.put_object(put(), {.fields = {{one.header(), ""}}})) == "InvalidRequest");
    http::memory_source from{std::string_view{"hello"}};
    for (const bool trailer : {false, true}) {
      auto altered = put();
      if (trailer) altered.body = http::body{from};
      altered.checksum_algorithm = one.member();
      CHECK(code_of(altering.put_object(altered)) == "BadDigest");
    }
    CHECK(w.world.get("b-1", "k") == "NoSuchKey");

    auto right = put();
    one.in(right) = one.value();
    CHECK(code_of(without.s3.put_object(right)) == (crypto::is_xxhash(one.algorithm) ? "NotImplemented" : ""));
    CHECK(code_of(without.s3.create_multipart_upload({.bucket = "b-1", .key = "m", .checksum_algorithm = one.member()})) ==
          (crypto::is_xxhash(one.algorithm) ? "NotImplemented" : ""));
    CHECK(code_of(without.s3.copy_object(
              {.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .checksum_algorithm = one.member()})) ==
          (crypto::is_xxhash(one.algorithm) ? "NotImplemented" : ""));
  }
  auto two = put();
  two.checksum_sha512 = checksum_cases[5].value();
  two.checksum_xxhash3 = checksum_cases[8].value();
  CHECK(code_of(w.s3.put_object(two)) == "InvalidRequest");
}

TEST_CASE("an object has the checksum that it came with, in a header or a trailer", "[embedded][checksums]") {
  const world_of_all w;
  for (const auto& one : checksum_cases)
    for (const bool trailer : {false, true}) {
      CAPTURE(one.name(), trailer);
      http::memory_source from{std::string_view{"hello"}};
      auto r = put();
      if (trailer) r.body = http::body{from};
      r.checksum_algorithm = one.member();
      auto stored = w.s3.put_object(r);
      REQUIRE(stored);
      CHECK(one.in(*stored) == one.value());
      CHECK(stored->checksum_type == types::checksum_type::full_object);

      const auto got = w.s3.get_object({.bucket = "b-1", .key = "k"});
      REQUIRE(got);
      CHECK(got.meta().integrity == integrity::verified);
      auto head = w.s3.head_object(head_with_checksum());
      REQUIRE(head);
      CHECK(one.in(*head) == one.value());
      auto plain = w.s3.head_object({.bucket = "b-1", .key = "k"});
      REQUIRE(plain);
      CHECK(one.in(*plain).empty());
      auto told = w.s3.get_object_attributes(
          {.bucket = "b-1", .key = "k", .object_attributes = {types::object_attributes::checksum}});
      REQUIRE(told);
      REQUIRE(told->checksum);
      CHECK(one.in(*told->checksum) == one.value());
      const auto listed = w.s3.list_objects_v2({.bucket = "b-1"});
      REQUIRE(listed);
      CHECK(listed->contents.at(0).checksum_algorithm == std::vector{one.member()});
    }
}

TEST_CASE("a copy has its source's checksum, or the one that is asked for", "[embedded][checksums]") {
  const world_of_all w;
  for (const auto& one : checksum_cases) {
    CAPTURE(one.name());
    auto r = put();
    r.checksum_algorithm = one.member();
    REQUIRE(w.s3.put_object(r));
    auto copied = w.s3.copy_object({.bucket = "b-1", .key = "copy", .copy_source = {"b-1", "k"}});
    REQUIRE(copied);
    CHECK(one.in(*copied->copy_object_result) == one.value());
    REQUIRE(w.s3.put_object(put()));
    copied = w.s3.copy_object(
        {.bucket = "b-1", .key = "copy", .copy_source = {"b-1", "k"}, .checksum_algorithm = one.member()});
    REQUIRE(copied);
    CHECK(one.in(*copied->copy_object_result) == one.value());
  }
}

TEST_CASE("an object in parts has a checksum of the type that its algorithm can have", "[embedded][checksums]") {
  // Of the parts "hello" and " world"; Python: h(h(b"hello").digest() + h(b" world").digest()), and zlib.crc32(b"hello world").
  const struct {
    crypto::checksum_algorithm algorithm;
    std::string_view composite;
  } table[] = {
      {crypto::checksum_algorithm::sha1, "jsvOn+i3nJqAKKUv8T48WB0YvMs=-2"},
      {crypto::checksum_algorithm::sha256, "wpQQjqgKlhF49FQdoVTheIiiSjfvtKR+G5kBEF28Vf0=-2"},
      {crypto::checksum_algorithm::sha512,
       "PL1FS3bl8a9sfjaA+qPxfeYC6s5Pn9WYnfTftjKH1skLKTADottoulF5WpLt5yV3nt7P+DEITCfzFtAEVBdopg==-2"},
      {crypto::checksum_algorithm::md5, "pWl5AkNCEo7OvIhONEISGw==-2"},
      {crypto::checksum_algorithm::xxhash64, "7pPwx2yMTTc=-2"},
      {crypto::checksum_algorithm::xxhash3, "P1Ndp5FqbkE=-2"},
      {crypto::checksum_algorithm::xxhash128, "CzMUtfv6/cAuJdgmy4AN4g==-2"},
  };
  const world_of_all w;
  const auto whole = [&](const checksum_case& one, types::checksum_type type) {
    const auto begun = w.s3.create_multipart_upload(
        {.bucket = "b-1", .key = "k", .checksum_algorithm = one.member(), .checksum_type = std::move(type)});
    REQUIRE(begun);
    CHECK(begun->checksum_algorithm == one.member());
    types::completed_multipart_upload parts;
    for (const auto& [number, body] : {std::pair{1, "hello"}, {2, " world"}}) {
      upload_part_request r{.bucket = "b-1", .key = "k", .body = body, .part_number = number, .upload_id = begun->upload_id};
      one.in(r) = one.wrong();
      CHECK(code_of(w.s3.upload_part(r)) == "BadDigest");
      one.in(r).clear();
      r.checksum_algorithm = one.member();
      auto sent = w.s3.upload_part(r);
      REQUIRE(sent);
      if (number == 1) CHECK(one.in(*sent) == one.value());
      types::completed_part part{.etag = sent->etag};
      part.part_number = number;
      one.in(part) = one.in(*sent);
      parts.parts.push_back(std::move(part));
    }
    auto wrong = parts;
    one.in(wrong.parts[0]) = one.wrong();
    CHECK(code_of(w.s3.complete_multipart_upload(
              {.bucket = "b-1", .key = "k", .upload_id = begun->upload_id, .multipart_upload = wrong})) == "InvalidPart");
    complete_multipart_upload_request claim{.bucket = "b-1", .key = "k", .upload_id = begun->upload_id, .multipart_upload = parts};
    one.in(claim) = one.wrong();
    CHECK(code_of(w.s3.complete_multipart_upload(claim)) == "BadDigest");
    one.in(claim).clear();
    auto done = w.s3.complete_multipart_upload(claim);
    REQUIRE(done);
    return std::move(*done);
  };
  for (const auto& one : checksum_cases) {
    CAPTURE(one.name());
    const bool may_be_composite = one.algorithm != crypto::checksum_algorithm::crc64nvme;
    for (const auto& [type, possible] : {std::pair{types::checksum_type{types::checksum_type::composite}, may_be_composite},
                                         {types::checksum_type{types::checksum_type::full_object}, crypto::is_crc(one.algorithm)}})
      if (!possible)
        CHECK(code_of(w.s3.create_multipart_upload(
                  {.bucket = "b-1", .key = "k", .checksum_algorithm = one.member(), .checksum_type = type})) == "InvalidRequest");
    auto done = whole(one, {});
    CHECK(done.checksum_type == (may_be_composite ? types::checksum_type::composite : types::checksum_type::full_object));
    for (const auto& [algorithm, composite] : table)
      if (algorithm == one.algorithm) CHECK(one.in(done) == composite);
    const auto got = w.s3.get_object({.bucket = "b-1", .key = "k"});
    REQUIRE(got);
    CHECK(got->body == "hello world");
    CHECK(got.meta().integrity == (may_be_composite ? integrity::composite : integrity::verified));
    if (crypto::is_crc(one.algorithm)) {
      whole(one, types::checksum_type{types::checksum_type::full_object});
      CHECK(w.s3.get_object({.bucket = "b-1", .key = "k"}).meta().integrity == integrity::verified);
    }
  }
}

TEST_CASE("checksums outlive the server", "[embedded][checksums]") {
  char folder[] = "/tmp/s3store-test-XXXXXX";
  REQUIRE(::mkdtemp(folder));
  for (const bool first : {true, false}) {
    const world_of_all w{folder, first};
    for (const auto& one : checksum_cases) {
      CAPTURE(one.name(), first);
      auto r = put();
      r.key = one.name();
      r.checksum_algorithm = one.member();
      if (first) REQUIRE(w.s3.put_object(r));
      CHECK(w.s3.get_object({.bucket = "b-1", .key = one.name()}).meta().integrity == integrity::verified);
    }
  }
  CHECK(std::system(("rm -rf " + std::string(folder)).c_str()) == 0);
}

TEST_CASE("without MD5 an ETag is another hash, and a Content-MD5 is not done", "[embedded][checksums]") {
  const fips_openssl here;
  const world_of_all w;
  const auto stored = w.s3.put_object(put());
  REQUIRE(stored);
  CHECK(stored->etag == "\"2cf24dba5fb0a30e26e83b2ac5b9e29e\"");  // sha256sum, 16 bytes of it
  CHECK(w.s3.get_object({.bucket = "b-1", .key = "k", .if_match = stored->etag}).meta().integrity == integrity::verified);
  auto r = put();
  r.content_md5 = "XUFAKrxLKna5cZ2REBfFkg==";
  CHECK(code_of(w.s3.put_object(r)) == "NotImplemented");
  REQUIRE(w.s3.delete_objects({.bucket = "b-1", .delete_ = {.objects = {{.key = "k"}}}}));

  const auto begun = w.s3.create_multipart_upload({.bucket = "b-1", .key = "k"});
  REQUIRE(begun);
  const auto part =
      w.s3.upload_part({.bucket = "b-1", .key = "k", .body = "hello", .part_number = 1, .upload_id = begun->upload_id});
  REQUIRE(part);
  CHECK(part->etag == stored->etag);
  const auto done = w.s3.complete_multipart_upload({.bucket = "b-1",
                                                    .key = "k",
                                                    .upload_id = begun->upload_id,
                                                    .multipart_upload = {{.parts = {{.etag = part->etag, .part_number = 1}}}}});
  REQUIRE(done);
  CHECK(done->etag.size() == 36);
  CHECK(w.world.get("b-1", "k") == "hello");
}
