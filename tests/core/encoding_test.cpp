// Do bytes become hex, base64 and percent-encoding by the standards, and back only from those?
#include <s3store/core/encoding.hpp>
#include <s3store/protocol/encoded_request.hpp>

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
  CHECK(detail::hex({}).empty());
  CHECK(detail::hex(detail::as_bytes("\x01\xab\xff")) == "01abff");
  CHECK(detail::from_hex("01ABfF") == "\x01\xab\xff");
  CHECK(detail::from_hex(detail::hex(detail::as_bytes(every_byte()))) == every_byte());
  CHECK(detail::from_hex("") == "");
  for (const std::string_view bad : {"0", "0g", "0x", " 1", "012"}) CHECK_FALSE(detail::from_hex(bad));
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
    CHECK(detail::base64(detail::as_bytes(bytes)) == text);
    CHECK(detail::from_base64(text) == bytes);
  }
  for (std::size_t n = 0; n != 256; ++n) CHECK(detail::from_base64(detail::base64(detail::as_bytes(every_byte().substr(n)))) == every_byte().substr(n));
  for (const std::string_view bad :
       {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm-_", "=Zg=", "Zg=v"})
    CHECK_FALSE(detail::from_base64(bad));
}

TEST_CASE("percent-encoding keeps the unreserved, and slashes in a path", "[encoding]") {
  CHECK(detail::uri_encode("AZaz09-._~", detail::uri_part::query) == "AZaz09-._~");
  CHECK(detail::uri_encode("a/b", detail::uri_part::path) == "a/b");
  CHECK(detail::uri_encode("a/b", detail::uri_part::query) == "a%2Fb");
  CHECK(detail::uri_encode(" +%!*'()", detail::uri_part::path) == "%20%2B%25%21%2A%27%28%29");
  CHECK(detail::uri_encode("\xC3\xA4", detail::uri_part::path) == "%C3%A4");
  CHECK(detail::uri_decode(detail::uri_encode(every_byte(), detail::uri_part::query)) == every_byte());
  CHECK(detail::uri_decode(detail::uri_encode(every_byte(), detail::uri_part::path)) == every_byte());
}

TEST_CASE("percent-decoding refuses what is cut off", "[encoding]") {
  CHECK(detail::uri_decode("a+b") == "a+b");
  CHECK(detail::uri_decode("a+b", true) == "a b");
  CHECK(detail::uri_decode("%2b%2B", true) == "++");
  CHECK(detail::uri_decode("%00") == std::string(1, '\0'));
  for (const std::string_view bad : {"%", "%2", "a%", "%zz", "%2g", "%%20"}) CHECK_FALSE(detail::uri_decode(bad));
}

TEST_CASE("what is appended may be a part of the text it is appended to", "[encoding]") {
  for (std::size_t size = 1; size != 100; ++size) {
    const std::string before(size, '/');
    std::string text = before;
    detail::append_uri_encoded(text, text, detail::uri_part::path);
    REQUIRE(text == before + before);
    text = before;
    detail::append_hex(text, detail::as_bytes(text));
    REQUIRE(text == before + detail::hex(detail::as_bytes(before)));
    text = "a=" + before;
    wire::append_query(text, std::string_view{text}.substr(0, 1), std::string_view{text}.substr(2));
    REQUIRE(text == "a=" + before + "&a=" + detail::uri_encode(before, detail::uri_part::query));
  }
}
