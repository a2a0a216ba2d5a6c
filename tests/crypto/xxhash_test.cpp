// Are the xxHashes right, and in the byte order that S3 wants? The values are those of the Python package xxhash, by digest().
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/xxhash.hpp>

#include "support/catch.hpp"

using s3store::detail::as_bytes;
using namespace s3store::crypto;

namespace {

std::string long_text() {
  std::string out(100'003, '\0');
  for (std::size_t i = 0; i != out.size(); ++i) out[i] = static_cast<char>(i * 131 >> 3);
  return out;
}

}  // namespace

TEST_CASE("xxhash: makes what it is asked for, and nothing else", "[crypto][xxhash]") {
  for (const auto& known : checksum_algorithms) CHECK((make_xxhash(known.algorithm) != nullptr) == is_xxhash(known.algorithm));
  struct rules {
    int more{7};
  };
  CHECK(with_xxhash<rules>{}.further() == make_xxhash);
  CHECK(with_xxhash<rules>{}.more == 7);
}

TEST_CASE("xxhash: values as their headers have them", "[crypto][xxhash]") {
  const std::string text = long_text();
  const struct {
    std::string_view text, xxhash64, xxhash3, xxhash128;
  } table[] = {
      {"", "70bbN1HY6Zk=", "LQaABTjTlMI=", "maoG0wFHmNhgAcMkRo1Jfw=="},
      {"123456789", "jLhB20DmroM=", "ctyxi2ehff8=", "MxGUd+3l3NXpcWQnaB1YYA=="},
      {"Hello world", "xQCwyRKzdtg=", "tqy52Eo4/3Q=", "c1H4mBL5c4K5HQWzHgTdfw=="},
      {text, "oIqsd7+Aqaw=", "aG/OzGaaAUo=", "Hz7hQGXtlt9ob87MZpoBSg=="},
  };
  for (const auto& [of, xxhash64, xxhash3, xxhash128] : table)
    for (const auto& [algorithm, value] : {std::pair{checksum_algorithm::xxhash64, xxhash64},
                                           {checksum_algorithm::xxhash3, xxhash3},
                                           {checksum_algorithm::xxhash128, xxhash128}}) {
      CAPTURE(std::string{name(algorithm)}, of.size());
      checksum sum{algorithm, make_xxhash};
      REQUIRE(sum.usable());
      sum.update(detail::as_bytes("something else"));
      sum.reset();
      sum.update(detail::as_bytes(of.substr(0, of.size() / 3)));
      checksum moved = std::move(sum);
      moved.update({});
      moved.update(detail::as_bytes(of.substr(of.size() / 3)));
      std::array<std::byte, checksum::max_size> bytes{};
      REQUIRE(moved.finish(bytes) == traits_of(algorithm).size);
      CHECK(s3store::detail::base64(std::span{bytes}.first(traits_of(algorithm).size)) == value);
      moved.update(detail::as_bytes(of));  // a value ends its message
      CHECK(moved.base64() == value);
    }
}
