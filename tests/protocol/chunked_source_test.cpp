// Is aws-chunked framing what was announced, whatever the size of the reads?
#include <s3store/auth/sigv4.hpp>
#include <s3store/http/body.hpp>
#include <s3store/protocol/chunked_source.hpp>

#include "support/catch.hpp"
#include "support/lying_source.hpp"

using namespace s3store;

namespace {

std::string drained(http::source& from, std::size_t step) {
  std::string out, block(step, '\0');
  for (;;) {
    const auto n = from.read(std::as_writable_bytes(std::span{block}));
    if (!n) return "error: " + n.error().message;
    if (*n == 0) return out;
    out.append(block, 0, *n);
  }
}

std::optional<auth::chunk_signer> some_signer() {
  auth::signer with;
  headers fields;
  REQUIRE(with.sign_headers(
      {.method = "PUT", .path = "/k", .query = {}, .host = "h", .payload = auth::payload::signed_chunks_with_trailer}, fields,
      {"AKID", secret_string{"s"}}, {.region = "us-east-1"}, timestamp{std::chrono::seconds{1369353600}}));
  return with.chunks();
}

}  // namespace

TEST_CASE("the length on the wire is known before the first byte", "[chunked]") {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 65535u, 65536u, 65537u, 131072u, 300000u}) {
    const std::string body(size, 'x');
    for (const bool with_signatures : {false, true})
      for (const auto hash : {std::optional{crypto::checksum_algorithm::crc64nvme},
                              std::optional{crypto::checksum_algorithm::sha512}, std::optional<crypto::checksum_algorithm>{}}) {
        if (!hash && !with_signatures) continue;
        http::memory_source from{body};
        wire::chunked_source chunks{from, size, hash ? std::optional{crypto::checksum{*hash}} : std::nullopt};
        chunks.sign(with_signatures);
        std::string first;
        for (const std::size_t step : {100'000u, 65536u, 777u, 1u}) {
          if (step == 1 && size > 70'000) continue;
          REQUIRE(from.seek(0));
          chunks.start(with_signatures ? some_signer() : std::nullopt);
          const std::string wire = drained(chunks, step);
          CHECK(wire.size() == chunks.encoded_size());
          CHECK(chunks.size() == wire.size());
          if (first.empty()) first = wire;
          CHECK(wire == first);
          CHECK(drained(chunks, step).empty());  // the end is the end
        }
      }
  }
}

TEST_CASE("the framing of a short body", "[chunked]") {
  http::memory_source from{std::string_view{"123456789"}};
  wire::chunked_source chunks{from, 9, crypto::checksum{crypto::checksum_algorithm::crc64nvme}};
  chunks.start(std::nullopt);
  CHECK(drained(chunks, 100) == "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n");
  http::memory_source none{std::string_view{}};
  wire::chunked_source empty{none, 0, crypto::checksum{crypto::checksum_algorithm::crc32}};
  empty.start(std::nullopt);
  CHECK(drained(empty, 100) == "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
}

TEST_CASE("a body that is too short is an error", "[chunked]") {
  for (const bool with_signatures : {false, true}) {
    http::memory_source from{std::string_view{"1234"}};
    wire::chunked_source chunks{from, 5, crypto::checksum{crypto::checksum_algorithm::crc32}};
    chunks.sign(with_signatures);
    chunks.start(with_signatures ? some_signer() : std::nullopt);
    CHECK(drained(chunks, 100).find("error: the body ended 1 bytes before") == 0);
  }
}

TEST_CASE("only its owner can start it over", "[chunked]") {
  http::memory_source from{std::string_view{"123456789"}};
  wire::chunked_source chunks{from, 9, crypto::checksum{crypto::checksum_algorithm::crc32}};
  chunks.start(std::nullopt);
  CHECK(chunks.seek(0));
  CHECK_FALSE(chunks.seek(1));
  std::byte one[1];
  REQUIRE(chunks.read(one));
  CHECK_FALSE(chunks.seek(0));
  drained(chunks, 10);
  CHECK_FALSE(chunks.seek(0));
}

TEST_CASE("a source that returns more than its room is an error of the chunks", "[chunked]") {
  for (const bool with_signatures : {false, true}) {
    test::lying_source from{100};
    wire::chunked_source chunks{from, 100, crypto::checksum{crypto::checksum_algorithm::crc32}};
    chunks.sign(with_signatures);
    chunks.start(with_signatures ? some_signer() : std::nullopt);
    CHECK(drained(chunks, 1000) == "error: the body's source says that it wrote 1000100 bytes, and it had room for 100");
  }
}
