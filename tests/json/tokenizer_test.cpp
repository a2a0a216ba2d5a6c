#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/json/tokenizer.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"

namespace json = s3store::json;
using json::token_kind;

namespace {

/// Every token, one a line: its kind's letter and what was written; or the error's message.
std::string tokens_of(std::string_view text, const json::options& accept = {}) {
  constexpr std::string_view letters = "{}[]ksntf0.";
  json::tokenizer tokens{text, accept};
  std::string out;
  for (;;) {
    const auto t = tokens.next();
    if (!t) return t.error().message;
    CHECK(text.substr(t->offset, t->raw.size()) == t->raw);
    out.push_back(letters[static_cast<std::size_t>(t->kind)]);
    if (t->kind == token_kind::end) return out;
    if (t->kind >= token_kind::key) out.append(t->raw);
    out.push_back(' ');
  }
}

bool accepts(std::string_view text, const json::options& accept = {}) {
  json::tokenizer tokens{text, accept};
  for (;;) {
    const auto t = tokens.next();
    if (!t) return false;
    if (t->kind == token_kind::end) return true;
  }
}

std::string unescaped(std::string_view raw, json::lone_surrogates lone = json::lone_surrogates::refuse) {
  std::string out;
  const auto done = json::unescape(raw, out, lone);
  return done ? out : done.error().message;
}

}  // namespace

TEST_CASE("what RFC 8259 does not allow is refused", "[json]") {
  const std::string nul(1, '\0');
  const std::vector<std::string> wrong{"", " ", "\n\t", nul, "\xEF\xBB\xBF{}",
                                       "\x0B"
                                       "1",
                                       "\xC2\xA0"
                                       "1",
                                       // structure
                                       "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1}", "{]", "[:]",
                                       "[\"a\":1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\"::1}",
                                       "{\"a\":1 \"b\":2}", "{\"a\":1:2}", "{1:2}", "{a:1}", "{'a':1}", "{null:1}", "{\"a\":1]",
                                       "{\"a\"", "{\"a\":", "{\"a\":1", "1 2", "{}{}", "[]]", "{}}", "[],", "1,", "[1]x", "/**/1",
                                       "1//", "[1/**/]", "#1", "1" + nul, nul + "1", "[" + nul + "]",
                                       // words
                                       "True", "TRUE", "tru", "truex", "nul", "nulll", "fals", "none", "undefined", "NaN",
                                       "Infinity", "-Infinity", "-NaN", "nan", "inf", "a",
                                       // numbers
                                       "-", "+1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1", "1e", "1e+", "1E-", "1ee1", "1.2.3",
                                       "0x1", "1_000", "1a", "--1", "- 1", "1e1.5", "1,5", "\xEF\xBC\x91", "\xD9\xA1",
                                       // strings
                                       "\"", "\"a", "'a'", "\"a\nb\"", "\"a\tb\"", "\"\x1F\"", "\"" + nul + "\"", "\"\\\"", "\"\\",
                                       "\"\\x41\"", "\"\\u\"", "\"\\u12\"", "\"\\u123g\"", "\"\\u123", "\"\\U0041\"", "\"\\'\"",
                                       "\"\\0\"", "\"\\ \"", "\"\\\n\"", "\"\\" + nul + "\"", "\"a\"b", "\"a\"\"b\"",
                                       // UTF-8
                                       "\"\x80\"", "\"\xC3\"", "\"\xC3", "\"\xC0\xAF\"", "\"\xE0\x80\xAF\"", "\"\xED\xA0\x80\"",
                                       "\"\xF4\x90\x80\x80\"", "\"\xF0\x9F\x98\"", "\"\xFF\"", "\"\xFE\xFF\"", "{\"\xFF\":1}"};
  for (const std::string& text : wrong) {
    INFO(text);
    CHECK_FALSE(accepts(text));
  }
}

TEST_CASE("what RFC 8259 allows is accepted", "[json]") {
  const std::vector<std::string> right{"0",
                                       "-0",
                                       "1",
                                       "-1",
                                       "10",
                                       "0.0",
                                       "-0.0",
                                       "1.5",
                                       "1e5",
                                       "1E5",
                                       "1e+5",
                                       "1e-5",
                                       "0e0",
                                       "0e1",
                                       "1.5e10",
                                       "123456789012345678901234567890",
                                       "1e400",
                                       "1e-400",
                                       "0.1000000000000000055511151231257827",
                                       "\"\"",
                                       "\"a\"",
                                       "\"\x7F\"",
                                       "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                       "\"\\u0000\"",
                                       "\"\\uABcd\"",
                                       "\"\\ud83d\\ude00\"",
                                       "\"\\ud800\"",
                                       "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"",
                                       "\"\xEF\xBF\xBF\"",
                                       "\"\xE2\x80\xA8\"",
                                       "true",
                                       "false",
                                       "null",
                                       "[]",
                                       "{}",
                                       "[[]]",
                                       "[{}]",
                                       "{\"a\":{}}",
                                       "{\"\":0}",
                                       "{\"a\":1,\"a\":2}",
                                       " [ 1 , 2 ] ",
                                       "\t{\r\n\"a\" : 1 }\n",
                                       "[true,false,null]"};
  for (const std::string& text : right) {
    INFO(text);
    CHECK(accepts(text));
  }
}

TEST_CASE("an error says where it is and what was expected there, and stays", "[json]") {
  CHECK(tokens_of("{\"a\": 1,\n \"b\" 2}") == "JSON: expected ':' at line 2, column 6 (byte 14)");
  CHECK(tokens_of("") == "JSON: expected a value where the text ends, at line 1, column 1 (byte 0)");
  CHECK(tokens_of("[1,2") == "JSON: expected ',' or ']' where the text ends, at line 1, column 5 (byte 4)");
  CHECK(tokens_of("[1,]") == "JSON: expected a value at line 1, column 4 (byte 3)");
  CHECK(tokens_of("[") == "JSON: expected a value or ']' where the text ends, at line 1, column 2 (byte 1)");
  CHECK(tokens_of("{1}") == "JSON: expected a key in double quotes or '}' at line 1, column 2 (byte 1)");
  CHECK(tokens_of("{\"a\":1,}") == "JSON: expected a key in double quotes at line 1, column 8 (byte 7)");
  CHECK(tokens_of("1 2") == "JSON: expected the end of the text at line 1, column 3 (byte 2)");
  CHECK(tokens_of("\"a\nb\"") == "JSON: expected an escape in place of a control character at line 1, column 3 (byte 2)");
  CHECK(tokens_of("\"\\u12g4\"") == "JSON: expected four hexadecimal digits at line 1, column 6 (byte 5)");
  CHECK(tokens_of("\"\xFF\"") == "JSON: expected UTF-8 at line 1, column 2 (byte 1)");
  CHECK(tokens_of("-x") == "JSON: expected a digit at line 1, column 2 (byte 1)");
  CHECK(tokens_of("{\"SecretAccessKey\": \"hunter2").find("hunter2") == std::string::npos);

  json::tokenizer tokens{"[x]"};
  REQUIRE(tokens.next());
  for (int i = 0; i != 3; ++i) {
    const auto t = tokens.next();
    REQUIRE_FALSE(t);
    CHECK(t.error().kind == s3store::error_kind::malformed_response);
    CHECK(t.error().message == "JSON: expected a value or ']' at line 1, column 2 (byte 1)");
  }
}

TEST_CASE("depth is limited, and costs no stack", "[json]") {
  const std::string deep(1'000'000, '[');
  CHECK(tokens_of(deep) == "JSON: expected no deeper nesting, since this is the limit, at line 1, column 513 (byte 512)");
  CHECK(accepts(std::string(512, '[') + std::string(512, ']')));
  CHECK_FALSE(accepts(std::string(513, '[') + std::string(513, ']')));
  CHECK(accepts(deep + std::string(deep.size(), ']'), {.max_depth = deep.size()}));
  CHECK_FALSE(accepts("[]", {.max_depth = 0}));
  CHECK(accepts("1", {.max_depth = 0}));
}

TEST_CASE("tokens are what was written", "[json]") {
  CHECK(tokens_of(" {\"a\\u0041\" : [1.50, -0, 1e+05, \"\\/\"], \"b\":{} ,\"c\":[true,false,null]} ") ==
        "{ k\"a\\u0041\" [ n1.50 n-0 n1e+05 s\"\\/\" ] k\"b\" { } k\"c\" [ ttrue ffalse 0null ] } .");
  CHECK(tokens_of("1") == "n1 .");
  json::tokenizer tokens{"[ 1 ]"};
  CHECK(tokens.next()->offset == 0);
  CHECK(tokens.depth() == 1);
  CHECK(tokens.next()->offset == 2);
  CHECK(tokens.next()->offset == 4);
  CHECK(tokens.depth() == 0);
  for (int i = 0; i != 3; ++i) CHECK(tokens.next()->kind == token_kind::end);
}

TEST_CASE("numbers that are not finite pass where they are asked for", "[json]") {
  const json::options python{.allow_non_finite = true};
  CHECK(tokens_of("[NaN, Infinity,-Infinity ,-1]", python) == "[ nNaN nInfinity n-Infinity n-1 ] .");
  for (const char* wrong : {"-NaN", "nan", "Inf", "+Infinity", "NaNa", "infinity", "-Infinit", "{NaN:1}"}) {
    INFO(wrong);
    CHECK_FALSE(accepts(wrong, python));
  }
}

TEST_CASE("escapes are decoded", "[json]") {
  CHECK(unescaped("\"\\ud800\"") == "JSON: half of a surrogate pair at byte 1 of the string");
  CHECK(unescaped("\"a\\udc00\"") == "JSON: half of a surrogate pair at byte 2 of the string");
  CHECK(unescaped("\"\\ud800\\ud800\\udc00\"") == "JSON: half of a surrogate pair at byte 1 of the string");
  CHECK(unescaped("\"\\ud800x\"") == "JSON: half of a surrogate pair at byte 1 of the string");
  CHECK(unescaped("\"\\ud800\\n\"") == "JSON: half of a surrogate pair at byte 1 of the string");
  for (const char* broken : {"", "\"", "a", "a\"", "\"\\x\"", "\"\\\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\""}) {
    INFO(broken);
    std::string out;
    CHECK_FALSE(json::unescape(broken, out));
  }

  CHECK(unescaped("\"\"").empty());
  CHECK(unescaped("\"plain \xC3\xA4\"") == "plain \xC3\xA4");
  CHECK(unescaped("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") == "\"\\/\b\f\n\r\t");
  CHECK(unescaped("\"a\\u0041\\u00e4\\u20AC\\ud83d\\ude00z\"") == "aA\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
  CHECK(unescaped("\"\\uDBFF\\uDFFF\"") == "\xF4\x8F\xBF\xBF");
  CHECK(unescaped("\"\\u0000\"") == std::string(1, '\0'));
  CHECK(unescaped("\"\\ud800\"", json::lone_surrogates::keep) == "\xED\xA0\x80");
  CHECK(unescaped("\"\\ude00\\ud83d\\ud83d\\ude00\"", json::lone_surrogates::keep) == "\xED\xB8\x80\xED\xA0\xBD\xF0\x9F\x98\x80");
}

TEST_CASE("Python's json module accepts and refuses the same documents", "[json][oracle]") {
  const std::vector<std::string> seeds{
      "{\"Code\": \"Success\", \"n\": [1.5, -0, 1e+5, 12345678901234567890], \"t\": {\"a\\u00e4\\ud83d\\ude00\\n\": [true, false, "
      "null]}}",
      "[[], {}, \"\\\\ \\\" \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80\", {\"\": [NaN, Infinity, -Infinity]}, 0.0e-1 ]"};
  const std::string bytes = "{}[]:,\"\\ \n\t\r01-+.eEuNIntf/x\x1F\x80\xC3\xED\xA0\xEF";
  std::uint32_t random = 1;
  const auto pick = [&random](std::size_t below) {
    random = random * 1664525u + 1013904223u;
    return static_cast<std::size_t>(random >> 8) % below;
  };
  std::vector<std::string> documents = seeds;
  while (documents.size() != 3000) {
    std::string text = seeds[pick(seeds.size())];
    for (std::size_t edits = 1 + pick(2); edits != 0; --edits) {
      const std::size_t at = pick(text.size());
      const std::size_t how = pick(4);
      if (how == 0) text.erase(at, 1 + pick(3));
      if (how == 1) text.insert(at, 1, bytes[pick(bytes.size())]);
      if (how == 2) text[at] = bytes[pick(bytes.size())];
      if (how == 3 && pick(4) == 0) text.resize(at + 1);
    }
    documents.push_back(text);
  }
  std::string input, ours;
  std::size_t accepted = 0;
  for (const std::string& text : documents) {
    input.append(s3store::detail::hex(s3store::detail::as_bytes(text))).append("\n");
    const bool good = accepts(text, {.allow_non_finite = true});
    accepted += good;
    // What is accepted must also decode to the same strings; lone surrogates included, as Python keeps them.
    std::string strings;
    json::tokenizer tokens{text, {.allow_non_finite = true}};
    for (auto t = tokens.next(); good && t && t->kind != token_kind::end; t = tokens.next())
      if (t->kind == token_kind::string || t->kind == token_kind::key) {
        REQUIRE(json::unescape(t->raw, strings, json::lone_surrogates::keep));
        strings.push_back('|');
      }
    ours.append(good ? "yes " + s3store::detail::hex(s3store::detail::as_bytes(strings)) : "no").append("\n");
  }
  CHECK(accepted > 100);
  const std::string program =
      "import sys, json\n"
      "def strings(v):\n"
      "    if isinstance(v, str): return [v]\n"
      "    if isinstance(v, list): return [s for i in v for s in strings(i)]\n"
      "    if isinstance(v, tuple): return [v[0]] + strings(v[1])\n"
      "    return []\n"
      "for line in sys.stdin:\n"
      "    try:\n"
      "        value = json.loads(bytes.fromhex(line).decode('utf-8'), object_pairs_hook=list)\n"
      "        text = ''.join(s + '|' for s in strings(value))\n"
      "        print('yes', text.encode('utf-8', 'surrogatepass').hex())\n"
      "    except ValueError:\n"
      "        print('no')\n";
  const std::string theirs = test::run_python(program, input);
  std::vector<std::string_view> a, b;
  s3store::detail::split(ours, '\n', [&](std::string_view s) { a.push_back(s); });
  s3store::detail::split(theirs, '\n', [&](std::string_view s) { b.push_back(s); });
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i != documents.size(); ++i) {
    INFO(documents[i]);
    CHECK(a[i] == b[i]);
  }
}
