// Is a secret wiped where it goes?
#include <cstring>
#include <new>
#include <ostream>
#include <sstream>

#include <s3store/core/secret.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {
template <class T>
concept printable = requires(std::ostream& out, const T& t) {
  out << t;
};
static_assert(!printable<secret_string>);

/// Whether the object's own bytes hold the text: a short string lives inside.
bool holds(const unsigned char (&memory)[sizeof(secret_string)], const char* text) {
  const std::size_t n = std::strlen(text);
  for (std::size_t i = 0; i + n <= sizeof memory; ++i)
    if (std::memcmp(memory + i, text, n) == 0) return true;
  return false;
}
}  // namespace

TEST_CASE("a secret is told only when asked", "[secret]") {
  const secret_string s{"hunter2"}, copy = s;
  CHECK(s.reveal() == "hunter2");
  CHECK(copy == s);
  CHECK_FALSE(s.empty());
  CHECK(secret_string{}.empty());
}

TEST_CASE("a short secret is gone when its object is", "[secret]") {
  alignas(secret_string) unsigned char memory[sizeof(secret_string)]{};
  auto* const s = new (memory) secret_string{"hunter2"};
  CHECK(holds(memory, "hunter2"));
  SECTION("destroyed") { s->~secret_string(); }
  SECTION("cleared") {
    s->clear();
    s->~secret_string();
  }
  SECTION("moved from") {
    const secret_string other = std::move(*s);
    CHECK(other.reveal() == "hunter2");
    CHECK_FALSE(holds(memory, "hunter2"));
    s->~secret_string();
  }
  SECTION("assigned over by a shorter one") {
    *s = secret_string{"x"};
    CHECK_FALSE(holds(memory, "unter2"));
    s->~secret_string();
  }
  CHECK_FALSE(holds(memory, "hunter2"));
}

TEST_CASE("a long secret moves without a copy", "[secret]") {
  secret_string s{std::string(100, 'x')};
  const char* const at = s.reveal().data();
  const secret_string other = std::move(s);
  CHECK(other.reveal().data() == at);
  CHECK(s.empty());
}

TEST_CASE("a text that may carry secrets is built like a string, of parts of itself, too", "[secret]") {
  detail::wiped_text text;
  std::string expected;
  CHECK(std::string_view{text}.empty());
  for (int i = 0; i != 300; ++i) {  // past every size at which the memory grows
    text.append("ab").append({"", "c", "de"}).push_back('\0');
    expected.append("abcde").push_back('\0');
    REQUIRE(std::string_view{text} == expected);
  }
  for (int i = 0; i != 4; ++i) {
    const std::string_view part = std::string_view{text}.substr(1, 500);
    expected.append(expected.substr(1, 500)).append("x").append(expected.substr(1, 500));
    text.append({part, "x", part});
    REQUIRE(std::string_view{text} == expected);
    expected.append(std::string(expected));
    text.append(std::string_view{text});
    REQUIRE(std::string_view{text} == expected);
  }
  const detail::wiped_text copy = text;
  detail::wiped_text moved = std::move(text), assigned;
  assigned.append("something");
  assigned = copy;
  CHECK(std::string_view{moved} == expected);
  CHECK(std::string_view{assigned} == expected);
  assigned.pop_back();
  assigned.reserve(3 * expected.size());
  CHECK(std::string_view{assigned} == std::string_view{expected}.substr(0, expected.size() - 1));
  const char* const at = assigned.data();
  assigned.wipe();
  CHECK(assigned.size() == 0);
  CHECK(std::string_view{at, 3} == std::string_view{"\0\0\0", 3});
}
