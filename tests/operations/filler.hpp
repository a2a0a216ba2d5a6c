// Which values could a member have? Hard ones of its type, told by a seed: what a careless writer or reader would change.
//
// Seed 0 fills every member, and no two texts are the same, so that one which lands in another member's place is seen. Other seeds
// leave out each optional member by a coin's toss, and make lists of up to three items and texts that may be empty or white space.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include <s3store/protocol/operation.hpp>

namespace test {

using namespace s3store;

class filler {
 public:
  explicit filler(std::uint64_t seed, std::string_view salt = {}) : state_(seed), all_(seed == 0) {
    for (const char c : salt) state_ = state_ * 31 + static_cast<unsigned char>(c);
  }

  void uri(std::string_view label, std::string& m) { m = label == "Bucket" ? bucket() : key(); }
  template <class T>
  void query(std::string_view name, T& m, auto... how) {
    member(described({.name = name, .at = place::query, .never_empty = true}, how...), m);
  }
  template <class T>
  void header(std::string_view name, T& m, auto... how) {
    const where w{.name = name,
                  .at = wire::is_list<T> ? place::header_item : place::header,
                  .format = timestamp_format::http_date,
                  .never_empty = true};
    member(described(w, how...), m);
  }
  /// Names are lower-case when read, values are ASCII when written.
  void headers(std::string_view, metadata& m) {
    for (std::size_t i = count(); i-- != 0;)
      m.add("name-" + std::to_string(i) + (some() ? ".a_b" : ""), blank() ? "" : trimmed(amid(in_metadata)));
  }
  template <class T>
  void status(T& m) { wire::value_of(m) = 200 + static_cast<int>(below(100)); }  // the others are of errors
  void stream(http::body& m) {
    if (taken()) m = bytes();
  }
  void stream(std::string& m) { m = bytes(); }
  /// Never empty: that is a body which is absent.
  template <class T>
  void text(T& m, auto... how) {
    member(described({.at = place::body, .never_empty = true}, how...), m);
  }

  template <class T>
  void event(const char* name, T& m, auto... how) {
    member(described({.name = name}, how...), m);
  }
  void host(const auto&) {}

  void root(const char*) {}
  void root(const char*, const auto& parts) { parts(*this); }
  /// An answer always has its document: one without is malformed.
  template <class T>
  void payload(const char* name, T& m, auto...) {
    if (always_payload || !wire::is_optional<T> || taken()) member({.name = name}, wire::value_of(m));
  }
  template <class T>
  void root_text(const char* name, T& m) {
    member({.name = name}, m);
  }
  template <class T>
  void attribute(const char* name, T& m, auto... how) {
    member(described({.name = name}, how...), m);
  }
  template <class T>
  void element(const char* name, T& m, auto... how) {
    member(described({.name = name}, how...), m);
  }
  template <class T>
  void url_element(const char* name, T& m, auto... how) {
    member(described({.name = name}, how...), m);
  }
  template <class T>
  void list(const char*, const char* item, std::vector<T>& m, auto...) {
    member({.name = item}, m);
  }

  bool always_payload{};  ///< of a response

 private:
  enum class place { query, header, header_item, element, body };
  struct where {
    std::string_view name{};
    place at{place::element};
    timestamp_format format{timestamp_format::iso8601};
    bool required{};     ///< never left out
    bool never_empty{};  ///< a text is not blank where it is there
  };
  /// With what the last arguments of a description's word say.
  static where described(where w, auto... how) {
    [[maybe_unused]] const auto add = [&w]<class How>(How one) {
      if constexpr (std::is_same_v<How, timestamp_format>) w.format = one;
      if constexpr (std::is_same_v<How, wire::required_t>) w.required = true;
      if constexpr (std::is_same_v<How, wire::never_empty_t>) w.never_empty = true;
    };
    (add(how), ...);
    return w;
  }
  using pieces = std::span<const std::string_view>;

  static constexpr std::array<std::string_view, 15> in_item{" ", "  ", "%", "%20", "+", "=",  "&", "<",
                                                            ">", "'",  "/", "?",   ";", "\\", "\t"};
  static constexpr std::array<std::string_view, 20> in_metadata{" ", "  ", "%", "%20", "+",  "=",  "&", "<", ">", "'",
                                                                "/", "?",  ";", "\\",  "\t", "\"", ",", ":", "#", "{}"};
  static constexpr std::array<std::string_view, 19> in_header{
      " ",  "  ", "%", "%41", "+", "=", "&amp;", "<",        ">",         "\"",
      "\t", ",",  ";", "\\",  ":", "#", "\xC3\xA4", "e\xCC\x81", "\xF0\x9F\x98\x80"};
  static constexpr std::array<std::string_view, 28> anywhere{
      " ",        "  ",        "\t",   "\n",    "\r",               "\r\n", "%",        "%20",         "+", "=",
      "&",        "&amp;",     "<",    ">",     "\"",               "'",    "/",        "?",           "#", "]]>",
      "\xC3\xA4", "e\xCC\x81", "<!--", "&#13;", "\xF0\x9F\x98\x80", "\x7f", "\xC2\x85", "\xE2\x80\xA8"};
  static constexpr std::array<std::string_view, 12> in_key{" ",    "+", "%",  "%2F",      "//",   "/../",
                                                           "/./", "?", "&=", "\xC3\xA4", "\x01", "~*'()"};

  // --- members, by type -----------------------------------------------------------------------------------------------------------

  template <class T>
  void member(where w, std::optional<T>& m) {
    if (!taken()) return;
    w.required = true;
    member(w, m.emplace());
  }
  template <class T>
  void member(where w, std::vector<T>& m) {
    m.resize(w.required && w.never_empty ? count() + 1 : count());
    w.required = true;
    for (T& each : m) member(w, each);
  }
  void member(where, bool& m) { m = some(); }
  template <class T>
    requires std::is_integral_v<T>
  void member(where, T& m) {
    using limits = std::numeric_limits<T>;
    const T values[]{0, 1, -1, (limits::min)(), (limits::max)(), static_cast<T>(below(100'000))};
    m = values[below(std::size(values))];
  }
  void member(where w, timestamp& m) {
    // From year 1000, the first that Python's strftime writes with four digits, to the last second of 9999.
    constexpr std::int64_t seconds[]{-30610224000, -1, 0, 951782400, 1369357323, 4102444799, 253402300799};
    constexpr std::int64_t fractions[]{0, 1, 123'000, 123'456, 500'000, 999'999};
    m = timestamp{std::chrono::seconds{seconds[below(std::size(seconds))]}};
    if (w.format == timestamp_format::iso8601) m += std::chrono::microseconds{fractions[below(std::size(fractions))]};
  }
  void member(where, customer_key& m) {
    std::string raw(32, '\0');
    for (char& c : raw) c = static_cast<char>(below(256));
    m = secret_string{std::move(raw)};
  }
  void member(where w, secret_string& m) {
    std::string value;
    member(w, value);
    m = secret_string{std::move(value)};
  }
  void member(where, copy_source& m) {
    m.bucket = some() ? bucket() : "arn:aws:s3:us-west-2:123456789012:accesspoint/here";
    m.key = key();
    if (taken()) m.version_id = "3-L4k.q_~" + std::to_string(++made_);
  }
  void member(where w, std::string& m) {
    if (!w.required && !taken()) return;
    if (w.name.ends_with("Expires")) {  // a date that stays text
      timestamp t;
      member({.format = timestamp_format::http_date}, t);
      m = format_http_date(t);
    } else if (w.name == "x-amz-request-route") {  // goes into a host name
      m = "route-" + std::to_string(++made_);
    } else if (!w.never_empty && blank()) {
      constexpr std::string_view blanks[]{"", " ", "\n\t "};
      m = blanks[below(std::size(blanks))];
    } else {
      m = written(w);
    }
  }
  template <class T>
    requires(!wire::scalar<T>)
  void member(where, T& m) {
    T::describe(*this, m);
  }
  template <class T>
    requires wire::open_enumeration<T>
  void member(where w, T& m) {  // seldom one that is known
    if (!w.required && !taken()) return;
    m = w.name == "EncodingType" && some() ? T{"url"} : T{written(w)};
  }

  // --- texts ----------------------------------------------------------------------------------------------------------------------

  std::string written(const where& w) {
    switch (w.at) {
      case place::header: return trimmed(amid(in_header));  // what stands around a value is not part of it
      case place::header_item: return trimmed(amid(in_item));
      default: return amid(anywhere);
    }
  }
  static std::string trimmed(const std::string& s) { return std::string(detail::trim(s)); }

  /// A word that is its own, amid pieces of others.
  std::string amid(pieces from) {
    std::string out;
    for (std::size_t n = below(4); n-- != 0;) out += from[below(from.size())];
    out += "v" + std::to_string(++made_);
    for (std::size_t n = below(4); n-- != 0;) out += from[below(from.size())];
    return out;
  }
  std::string bucket() { return "b" + std::to_string(++made_) + (some() ? ".with-dots" : "-") + "_x"; }
  std::string key() {
    const std::string_view front[]{"", "/", "./", " "}, back[]{"", "/", "//", " "};
    return std::string(front[below(4)]) + amid(in_key) + std::string(back[below(4)]);
  }
  std::string bytes() {
    std::string out = "body ";
    for (std::size_t n = below(40); n-- != 0;) out += static_cast<char>(below(256));
    return out;
  }

  // --- chance ---------------------------------------------------------------------------------------------------------------------

  std::uint64_t next() noexcept {  // SplitMix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) noexcept { return static_cast<std::size_t>(next() % limit); }
  bool some() noexcept { return below(2) == 0; }
  bool taken() noexcept { return all_ || some(); }
  bool blank() noexcept { return !all_ && below(8) == 0; }
  std::size_t count() noexcept { return all_ ? 2 : below(4); }

  std::uint64_t state_;
  bool all_;
  int made_{};
};

}  // namespace test
