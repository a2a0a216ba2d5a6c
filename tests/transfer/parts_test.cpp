#include "support/catch.hpp"

#include <s3store/transfer/parts.hpp>

#include <random>

using namespace s3store;

namespace {
constexpr std::uint64_t mebibyte = 1u << 20;
std::string random_bytes(std::size_t n) {
  std::mt19937 random{static_cast<unsigned>(n)};
  std::string out(n, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}
std::string sum(crypto::checksum_algorithm a, std::string_view bytes) {
  crypto::checksum c{a};
  c.update(detail::as_bytes(bytes));
  return c.base64();
}
}  // namespace

TEST_CASE("part sizes that S3 would refuse are refused", "[transfer]") {
  for (const std::uint64_t wanted : {std::uint64_t{0}, std::uint64_t{1}, min_part_size - 1, max_part_size + 1}) {
    const auto size = part_size_for(wanted, 100);
    REQUIRE_FALSE(size);
    CHECK(size.error().kind == error_kind::invalid_argument);
  }
  CHECK(part_size_for(min_part_size, max_part_size * max_parts + 1).error().kind == error_kind::invalid_argument);
}

TEST_CASE("a part size grows where there would be too many parts", "[transfer]") {
  CHECK(*part_size_for(8 * mebibyte, std::nullopt) == 8 * mebibyte);
  CHECK(*part_size_for(8 * mebibyte, 80'000 * mebibyte) == 8 * mebibyte);
  CHECK(*part_size_for(8 * mebibyte, 80'000 * mebibyte + 1) == 9 * mebibyte);
  CHECK(*part_size_for(min_part_size, max_part_size * max_parts) == max_part_size);
}

TEST_CASE("the CRC of the whole follows from those of the parts", "[transfer]") {
  const std::string bytes = random_bytes(100'003);
  using enum crypto::checksum_algorithm;
  for (const auto a : {crc32, crc32c, crc64nvme}) {
    for (const std::size_t part : {std::size_t{1000}, std::size_t{99'999}, std::size_t{200'000}}) {
      combined_crc whole{a};
      for (std::size_t at = 0; at < bytes.size(); at += part) {
        const auto piece = std::string_view{bytes}.substr(at, part);
        REQUIRE(whole.append(sum(a, piece), piece.size()));
      }
      CHECK(whole.base64() == sum(a, bytes));
    }
    CHECK(combined_crc{a}.base64() == sum(a, ""));
    CHECK_FALSE(combined_crc{a}.append("", 1));
    CHECK_FALSE(combined_crc{a}.append("not base64", 1));
  }
}

TEST_CASE("the ETag of the whole follows from those of the parts", "[transfer]") {
  combined_etag etag;
  etag.append("\"5d41402abc4b2a76b9719d911017c592\"");  // hello
  etag.append("7d793037a0760186574b0282f2f435e7");      // world
  // Python: md5(md5(b"hello").digest() + md5(b"world").digest()).hexdigest()
  REQUIRE(etag.value());
  CHECK(*etag.value() == "\"065947336a2f2a95ba8899f3675c3be6-2\"");
  etag.append("\"an opaque one\"");
  CHECK_FALSE(etag.value());
}
