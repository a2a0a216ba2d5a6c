// Do bytes become hex, base64 and percent-encoding by the standards, and back only from those?
#include <s3store/core/encoding.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
std::string every_byte() {
  std::string out;
  for (int i = 0; i != 256; ++i) out.push_back(static_cast<char>(i));
  return out;
}
}  // namespace

TEST_CASE("hex", "[encoding]") {
  CHECK(hex({}).empty());
  CHECK(hex(as_bytes("\x01\xab\xff")) == "01abff");
  CHECK(from_hex("01ABfF") == "\x01\xab\xff");
  CHECK(from_hex(hex(as_bytes(every_byte()))) == every_byte());
  CHECK(from_hex("") == "");
  for (const std::string_view bad : {"0", "0g", "0x", " 1", "012"}) CHECK_FALSE(from_hex(bad));
}

TEST_CASE("base64", "[encoding]") {
  // RFC 4648, section 10.
  const std::pair<std::string_view, std::string_view> table[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : table) {
    CHECK(base64(as_bytes(bytes)) == text);
    CHECK(from_base64(text) == bytes);
  }
  for (std::size_t n = 0; n != 256; ++n) CHECK(from_base64(base64(as_bytes(every_byte().substr(n)))) == every_byte().substr(n));
  for (const std::string_view bad :
       {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm-_", "=Zg=", "Zg=v"})
    CHECK_FALSE(from_base64(bad));
}

TEST_CASE("percent-encoding keeps the unreserved, and slashes in a path", "[encoding]") {
  CHECK(uri_encode("AZaz09-._~", uri_part::query) == "AZaz09-._~");
  CHECK(uri_encode("a/b", uri_part::path) == "a/b");
  CHECK(uri_encode("a/b", uri_part::query) == "a%2Fb");
  CHECK(uri_encode(" +%!*'()", uri_part::path) == "%20%2B%25%21%2A%27%28%29");
  CHECK(uri_encode("\xC3\xA4", uri_part::path) == "%C3%A4");
  CHECK(uri_decode(uri_encode(every_byte(), uri_part::query)) == every_byte());
  CHECK(uri_decode(uri_encode(every_byte(), uri_part::path)) == every_byte());
}

TEST_CASE("percent-decoding refuses what is cut off", "[encoding]") {
  CHECK(uri_decode("a+b") == "a+b");
  CHECK(uri_decode("a+b", true) == "a b");
  CHECK(uri_decode("%2b%2B", true) == "++");
  CHECK(uri_decode("%00") == std::string(1, '\0'));
  for (const std::string_view bad : {"%", "%2", "a%", "%zz", "%2g", "%%20"}) CHECK_FALSE(uri_decode(bad));
}
