// How is a single value written as text and read back? By two functions for each type: `to_wire` appends its text, `from_wire`
// reads it.
//
// Headers, query parameters and XML elements all use them, so a type has the same text everywhere. Only the format of dates differs
// by place; the caller passes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI {

/// User metadata: names, without `x-amz-meta-` and lower-case when read, and values, in order.
using metadata = headers;

/// The base of all enumerations; holds the value's text.
class enumeration_text {
 public:
  /// The value as S3 writes it; empty if there is none.
  const std::string& str() const noexcept { return text_; }
  const char* c_str() const noexcept { return text_.c_str(); }
  bool empty() const noexcept { return text_.empty(); }
  operator std::string_view() const noexcept { return text_; }
  void assign(std::string_view text) { text_ = text; }

 protected:
  enumeration_text() = default;
  explicit enumeration_text(std::string text) noexcept : text_(std::move(text)) {}

 private:
  std::string text_{};
};

/// An enumeration of the S3 API: text with named constants, so that values which S3 adds later can be used too. Empty means absent.
///   struct storage_class : enumeration<storage_class> {
///     using enumeration::enumeration;
///     static constexpr constant standard{"STANDARD"};
///   };
///   .storage_class = types::storage_class::standard      or      .storage_class = "STANDARD"
template <class E>
class enumeration : public enumeration_text {
 public:
  /// One of the named values.
  struct constant {
    const char* text{};
    constexpr operator std::string_view() const noexcept { return text; }
  };

  enumeration() = default;
  enumeration(constant c) : enumeration_text(c.text) {}
  enumeration(const char* text) : enumeration_text(text) {}
  enumeration(std::nullptr_t) = delete;
  enumeration(std::string text) noexcept : enumeration_text(std::move(text)) {}
  explicit enumeration(std::string_view text) : enumeration_text(std::string(text)) {}

  friend bool operator==(const enumeration& a, const enumeration& b) noexcept { return a.str() == b.str(); }
  /// Compares with a constant or any text.
  template <class Text>
    requires(std::is_convertible_v<const Text&, std::string_view> && !std::is_base_of_v<enumeration_text, Text>)
  friend bool operator==(const enumeration& a, const Text& b) noexcept {
    return a.str() == std::string_view(b);
  }
};

/// A customer-provided encryption key (SSE-C): 32 raw bytes, not base64, wiped on destruction. The client adds the algorithm and
/// the MD5 that S3 requires. A key of another length is refused with invalid_argument when the request is sent.
class customer_key {
 public:
  customer_key() = default;
  customer_key(secret_string raw) : raw_(std::move(raw)) {}
  customer_key(const char* raw) : raw_(raw) {}
  customer_key(std::nullptr_t) = delete;
  const secret_string& raw() const noexcept { return raw_; }
  friend bool operator==(const customer_key&, const customer_key&) = default;

 private:
  secret_string raw_{};
};

/// What is copied: an object, or one version of it.
///   .copy_source = "bucket/key"                  or "bucket/key?versionId=v"; as with boto3, the text must not be percent-encoded
///   .copy_source = {"bucket", "key"}             for a key that holds "?versionId="
///   .copy_source = {"bucket", "key", version}
/// The bucket may be the ARN of an access point ("arn:…:accesspoint/name/object/key" in the first form). Without bucket or key the
/// request is refused with invalid_argument.
class copy_source {
 public:
  copy_source() = default;
  copy_source(const char* text) : copy_source(std::string_view{text}) {}
  copy_source(std::nullptr_t) = delete;
  copy_source(const std::string& text) : copy_source(std::string_view{text}) {}
  copy_source(std::string_view text) {
    const parts split{text};
    set_path(split.path);
    if (split.version) version_id.emplace(*split.version);
  }
  copy_source(std::string of_bucket, std::string of_key, std::optional<std::string> of_version = std::nullopt)
      : bucket(std::move(of_bucket)), key(std::move(of_key)), version_id(std::move(of_version)) {}

  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};  ///< nullopt: the current version; an empty text is refused

  friend bool operator==(const copy_source&, const copy_source&) = default;

  /// Reads the percent-encoded form in which it travels. False if that is malformed, or has no bucket or no key.
  bool read_encoded(std::string_view text) {
    const parts split{text};
    const auto path = detail::uri_decode(split.path);
    auto of_version = split.version ? detail::uri_decode(*split.version) : std::nullopt;
    if (!path || of_version.has_value() != split.version.has_value()) return false;
    set_path(*path);
    version_id = std::move(of_version);
    return !bucket.empty() && !key.empty();
  }
  /// Between bucket and key.
  static std::string_view separator(std::string_view bucket) noexcept { return bucket.starts_with("arn:") ? "/object/" : "/"; }

 private:
  struct parts {
    explicit parts(std::string_view text) : path(text.substr(text.starts_with('/') ? 1 : 0)) {
      constexpr std::string_view mark = "?versionId=";
      const auto at = path.find(mark);
      if (at == std::string_view::npos) return;
      version = path.substr(at + mark.size());
      path = path.substr(0, at);
    }
    std::string_view path;
    std::optional<std::string_view> version{};
  };
  void set_path(std::string_view path) {
    const auto between = separator(path);
    const auto at = path.find(between);
    bucket = path.substr(0, at);
    key = at == std::string_view::npos ? std::string_view{} : path.substr(at + between.size());
  }
};

namespace wire {

/// In `describe`: the value of a query parameter if the caller set none.
struct by_default {
  const char* value{};
};

/// In `describe`: the API requires the member. An empty query parameter or header is refused; an empty XML element is written.
struct required_t {};
inline constexpr required_t required{};

/// In a response's `describe`: S3 sends the element even if it has no value.
struct even_if_empty_t {};
inline constexpr even_if_empty_t even_if_empty{};

/// In `describe`: the element's text is optional, but a request is refused if it is present and empty.
struct never_empty_t {};
inline constexpr never_empty_t never_empty{};

template <class T>
concept open_enumeration = std::is_base_of_v<enumeration_text, T>;

/// Types whose empty value means absent.
template <class T>
concept text_like = std::is_same_v<T, std::string> || open_enumeration<T>;

/// Types that are written as a single text: all except structures and lists.
template <class T>
concept scalar = std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_integral_v<T> ||
                 std::is_same_v<T, timestamp> || std::is_same_v<T, customer_key> || std::is_same_v<T, secret_string> ||
                 std::is_same_v<T, copy_source> || open_enumeration<T>;

inline void to_wire(std::string& out, const std::string& v, timestamp_format) { out.append(v); }
inline void to_wire(std::string& out, bool v, timestamp_format) { out.append(v ? "true" : "false"); }
inline void to_wire(std::string& out, std::int32_t v, timestamp_format) { detail::append_integer(out, v); }
inline void to_wire(std::string& out, std::int64_t v, timestamp_format) { detail::append_integer(out, v); }
inline void to_wire(std::string& out, timestamp v, timestamp_format f) { out.append(format_timestamp(v, f)); }
inline void to_wire(std::string& out, const secret_string& v, timestamp_format) { out.append(v.reveal()); }
inline void to_wire(std::string& out, const customer_key& v, timestamp_format) {
  std::string text = detail::base64(detail::as_bytes(v.raw().reveal()));
  const detail::wiped_at_end secret{text};
  out.append(text);
}
inline void to_wire(std::string& out, const copy_source& v, timestamp_format) {
  detail::append_uri_encoded(out, v.bucket, detail::uri_part::path);
  out.append(copy_source::separator(v.bucket));
  detail::append_uri_encoded(out, v.key, detail::uri_part::path);
  if (v.version_id) detail::append_uri_encoded(out.append("?versionId="), *v.version_id, detail::uri_part::query);
}
inline void to_wire(std::string& out, const enumeration_text& v, timestamp_format) { out.append(v.str()); }

/// Types whose text must not stay in memory.
template <class T>
inline constexpr bool is_secret = std::is_same_v<T, secret_string> || std::is_same_v<T, customer_key>;

/// The value's text, written to `scratch`; valid until that changes.
template <class T>
std::string_view text_of(std::string& scratch, const T& v, timestamp_format format = timestamp_format::iso8601) {
  scratch.clear();
  to_wire(scratch, v, format);
  return scratch;
}

inline bool from_wire(std::string_view s, std::string& v) { return v.assign(s), true; }
inline bool from_wire(std::string_view s, bool& v) {
  v = detail::equal_ignoring_case(s, "true");
  return v || detail::equal_ignoring_case(s, "false");
}
template <class Int>
  requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool>)
bool from_wire(std::string_view s, Int& v) {
  return detail::read_integer(detail::trim(s), v);
}
inline bool from_wire(std::string_view s, timestamp& v) {
  const auto parsed = parse_timestamp(detail::trim(s));
  if (parsed) v = *parsed;
  return parsed.has_value();
}
inline bool from_wire(std::string_view s, secret_string& v) { return v = secret_string{s}, true; }
inline bool from_wire(std::string_view s, customer_key& v) {
  auto raw = detail::from_base64(s);
  if (raw) v = customer_key{secret_string{std::move(*raw)}};
  return raw.has_value();
}
inline bool from_wire(std::string_view s, copy_source& v) { return v.read_encoded(s); }
inline bool from_wire(std::string_view s, enumeration_text& v) { return v.assign(s), true; }

// --- what a member's type says about it ------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

/// The value of a member to write; null if the member is absent (an optional without a value, or an empty text).
template <class T>
const T* present(const T& member) noexcept { return &member; }
inline const std::string* present(const std::string& member) noexcept { return member.empty() ? nullptr : &member; }
template <open_enumeration T>
const T* present(const T& member) noexcept { return member.empty() ? nullptr : &member; }
template <class T>
const T* present(const std::optional<T>& member) noexcept { return member ? &*member : nullptr; }

/// The object to read a member's value into. An optional member gets a value if it has none.
template <class T>
T& value_of(T& member) { return member; }
template <class T>
T& value_of(std::optional<T>& member) { return member ? *member : member.emplace(); }

}  // namespace wire
}  // namespace s3store::inline S3STORE_ABI
