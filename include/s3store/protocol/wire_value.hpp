// How does a single value stand on the wire? One pair of functions a type: `to_wire` appends its text, `from_wire` reads it back.
//
// Every binding of an operation, be it a header, a query parameter or an XML element, goes through this pair, so a type is on the
// wire the same everywhere. What differs by place is only the format of dates, which the binding passes along.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/optional.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline v0 {

/// User metadata: names (lower-case when read, without `x-amz-meta-`) and values, in order.
using metadata = headers;

/// An enumeration of the S3 API: text with named constants, so that tomorrow's value passes through.
///   struct storage_class : enumeration<storage_class> {
///     using enumeration::enumeration;
///     static constexpr constant standard{"STANDARD"};
///   };
template <class E>
class enumeration {
 public:
  /// One of the named values; a literal type, so that naming one costs no start-up code.
  struct constant {
    const char* text{};
    constexpr operator std::string_view() const noexcept { return text; }
  };

  enumeration() = default;
  enumeration(constant c) : text_(c.text) {}
  /// A value that this version of the library has no name for.
  explicit enumeration(std::string_view text) : text_(text) {}

  const std::string& str() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

  friend bool operator==(const enumeration& a, const enumeration& b) noexcept { return a.text_ == b.text_; }
  friend bool operator==(const enumeration& a, constant b) noexcept { return a.text_ == b.text; }

 private:
  std::string text_{};
};

/// A customer-provided encryption key (SSE-C): 32 raw bytes, base64 on the wire, wiped when it goes. The digest that S3 wants beside
/// it is added when a request leaves.
class customer_key {
 public:
  customer_key() = default;
  customer_key(secret_string raw) : raw_(std::move(raw)) {}
  customer_key(const char* raw) : raw_(raw) {}
  const secret_string& raw() const noexcept { return raw_; }
  friend bool operator==(const customer_key&, const customer_key&) = default;

 private:
  secret_string raw_{};
};

/// What is copied: an object, or one version of it. Percent-encoded on the wire like a path, version included; in a bucket given by the
/// ARN of an access point, too.
struct copy_source {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};  ///< absent: the current one

  friend bool operator==(const copy_source&, const copy_source&) = default;
};

/// Of a list that the API requires: without items, its element is written all the same.
struct even_if_empty {};

namespace wire {

template <class T>
concept open_enumeration = std::is_base_of_v<enumeration<T>, T>;

/// Types that have a text of their own on the wire, structures and lists excepted.
template <class T>
concept scalar = std::is_same_v<T, std::string> || std::is_same_v<T, bool> || std::is_integral_v<T> ||
                 std::is_same_v<T, timestamp> || std::is_same_v<T, customer_key> || std::is_same_v<T, secret_string> ||
                 std::is_same_v<T, copy_source> || open_enumeration<T>;

inline void to_wire(std::string& out, const std::string& v, timestamp_format) { out.append(v); }
inline void to_wire(std::string& out, bool v, timestamp_format) { out.append(v ? "true" : "false"); }
inline void to_wire(std::string& out, std::int32_t v, timestamp_format) { append_integer(out, v); }
inline void to_wire(std::string& out, std::int64_t v, timestamp_format) { append_integer(out, v); }
inline void to_wire(std::string& out, timestamp v, timestamp_format f) { out.append(format_timestamp(v, f)); }
inline void to_wire(std::string& out, const secret_string& v, timestamp_format) { out.append(v.reveal()); }
inline void to_wire(std::string& out, const customer_key& v, timestamp_format) { out.append(base64(as_bytes(v.raw().reveal()))); }
inline void to_wire(std::string& out, const copy_source& v, timestamp_format) {
  append_uri_encoded(out, v.bucket, uri_part::path);
  out.append(v.bucket.starts_with("arn:") ? "/object/" : "/");
  append_uri_encoded(out, v.key, uri_part::path);
  if (v.version_id) append_uri_encoded(out.append("?versionId="), *v.version_id, uri_part::query);
}
template <class E>
void to_wire(std::string& out, const enumeration<E>& v, timestamp_format) { out.append(v.str()); }

inline bool from_wire(std::string_view s, std::string& v) { return v.assign(s), true; }
inline bool from_wire(std::string_view s, bool& v) {
  v = equal_ignoring_case(s, "true");
  return v || equal_ignoring_case(s, "false");
}
template <class Int>
  requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool>)
bool from_wire(std::string_view s, Int& v) {
  return read_integer(trim(s), v);
}
inline bool from_wire(std::string_view s, timestamp& v) {
  const auto parsed = parse_timestamp(trim(s));
  if (parsed) v = *parsed;
  return parsed.has_value();
}
inline bool from_wire(std::string_view s, secret_string& v) { return v = secret_string{s}, true; }
inline bool from_wire(std::string_view s, customer_key& v) {
  auto raw = from_base64(s);
  if (raw) v = customer_key{secret_string{std::move(*raw)}};
  return raw.has_value();
}
inline bool from_wire(std::string_view s, copy_source& v) {
  constexpr std::string_view version = "?versionId=";
  if (s.starts_with('/')) s.remove_prefix(1);
  const auto mark = s.find(version);  // a key's own question mark is encoded
  if (mark != std::string_view::npos) v.version_id = uri_decode(s.substr(mark + version.size()));
  const auto path = uri_decode(s.substr(0, mark));
  if (!path || (mark != std::string_view::npos && !v.version_id)) return false;
  const std::string_view separator = path->starts_with("arn:") ? "/object/" : "/";
  const auto at = path->find(separator);
  if (at == std::string::npos || at == 0 || at + separator.size() == path->size()) return false;
  v.bucket = path->substr(0, at);
  v.key = path->substr(at + separator.size());
  return true;
}
template <class E>
bool from_wire(std::string_view s, enumeration<E>& v) { return v = enumeration<E>{s}, true; }

// --- what a member is, told from its type ------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

/// The value of a member to be written: null where an optional one is absent.
template <class T>
const T* present(const T& member) noexcept { return &member; }
template <class T>
const T* present(const std::optional<T>& member) noexcept { return member ? &*member : nullptr; }

/// An optional that has one. Made by the compiler: copying it is no function, where emplacing is ten.
template <class T>
inline constexpr std::optional<T> some{T{}};

/// The place of a member to be read into.
template <class T>
T& place(T& member) { return member; }
template <class T>
T& place(std::optional<T>& member) {
  if constexpr (std::is_trivially_copyable_v<T>) {
    if (!member) member = some<T>;
    return *member;
  } else {
    return member ? *member : member.emplace();
  }
}

}  // namespace wire
}  // namespace s3store::inline v0
