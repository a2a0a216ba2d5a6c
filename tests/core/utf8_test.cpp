#include <string>

#include <s3store/core/utf8.hpp>

#include "support/catch.hpp"

namespace detail = s3store::detail;

TEST_CASE("what is not UTF-8 has no length", "[core]") {
  for (const char* wrong :
       {"", "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x41\x80", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF0\x9F\x98\x41", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    INFO(wrong);
    CHECK(detail::utf8_length(wrong) == 0);
  }
}

TEST_CASE("every code point but the surrogates goes to UTF-8 and has its length", "[core]") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string out;
    detail::append_utf8(out, c);
    const std::size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    wrong += out.size() != length || detail::utf8_length(out + "x") != (surrogate ? 0 : length);
  }
  CHECK(wrong == 0);
}
