// Is a text from outside shown as one line, which shows no other text than its own?
#include <string>
#include <string_view>

#include <s3store/core/printable.hpp>

#include "support/catch.hpp"

using s3store::detail::printable;

TEST_CASE("control characters are escaped, and so are bytes that are not UTF-8", "[core]") {
  for (const auto& [text, shown] : {std::pair{"line\nbreak\r\n", "line\\nbreak\\r\\n"},
                                    {"a\tb", "a\\tb"},
                                    {"\x1b[2J\x1b]0;title\a", "\\x1b[2J\\x1b]0;title\\x07"},
                                    {"\x7f", "\\x7f"},
                                    {"\xc2\x9b[31m \xc2\x85", "\\u009b[31m \\u0085"},  // CSI and NEL as C1
                                    {"\x9b[31m", "\\x9b[31m"},
                                    {"\xff\xfe", "\\xff\\xfe"},
                                    {"\xc3", "\\xc3"},
                                    {"\xed\xa0\x80", "\\xed\\xa0\\x80"}})
    CHECK(printable(text) == shown);
  CHECK(printable(std::string_view{"\0x", 2}) == "\\x00x");
}

TEST_CASE("what turns the direction of a text or ends its line is escaped", "[core]") {
  for (const auto& [text, shown] : {std::pair{"\xe2\x80\xa8", "\\u2028"},
                                    {"\xe2\x80\xa9", "\\u2029"},
                                    {"gpj.\xe2\x80\xae" "exe", "gpj.\\u202eexe"},
                                    {"\xe2\x81\xa6\xe2\x81\xa9", "\\u2066\\u2069"},
                                    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\u200e\\u200f\\u061c"}})
    CHECK(printable(text) == shown);
}

TEST_CASE("all other text stays as it is", "[core]") {
  for (const std::string_view text : {"", " ~", "C:\\path", "sch\xc3\xb6n", "\xc2\xa0", "\xe6\xb1\xba\xe5\xae\x9a", "\xf0\x9f\x98\x80", "\xd7\xa9\xd7\x9c",
                                      "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"})
    CHECK(printable(text) == text);
}
