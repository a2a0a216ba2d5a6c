// s3store 0.1.0, an S3 client, in one header.
// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The s3store authors; the terms are in the file LICENSE of the project.
//
// Written by scripts/amalgamate.py from the headers in include/: change those, not this file.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <climits>
#include <clocale>
#include <cmath>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <curl/curl.h>
#include <deque>
#include <exception>
#include <fcntl.h>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <optional>
#include <pugixml.hpp>
#include <span>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// ---- s3store/operations/fwd.hpp
// Which operations are there? Their names alone, so that the client can offer all of them at the price of a list.

namespace s3store::inline v0 {

// operations/bucket.hpp
struct list_buckets_request;
struct list_buckets_response;
struct create_bucket_request;
struct create_bucket_response;
struct head_bucket_request;
struct head_bucket_response;
struct get_bucket_location_request;
struct get_bucket_location_response;
struct delete_bucket_request;
struct delete_bucket_response;

// operations/object.hpp
struct put_object_request;
struct put_object_response;
struct get_object_request;
struct get_object_response;
struct head_object_request;
struct head_object_response;
struct delete_object_request;
struct delete_object_response;
struct delete_objects_request;
struct delete_objects_response;
struct copy_object_request;
struct copy_object_response;
struct get_object_attributes_request;
struct get_object_attributes_response;

// operations/listing.hpp
struct list_objects_request;
struct list_objects_response;
struct list_objects_v2_request;
struct list_objects_v2_response;
struct list_object_versions_request;
struct list_object_versions_response;

// operations/multipart.hpp
struct create_multipart_upload_request;
struct create_multipart_upload_response;
struct upload_part_request;
struct upload_part_response;
struct upload_part_copy_request;
struct upload_part_copy_response;
struct complete_multipart_upload_request;
struct complete_multipart_upload_response;
struct abort_multipart_upload_request;
struct abort_multipart_upload_response;
struct list_multipart_uploads_request;
struct list_multipart_uploads_response;
struct list_parts_request;
struct list_parts_response;

// operations/versioning.hpp
struct put_bucket_versioning_request;
struct put_bucket_versioning_response;
struct get_bucket_versioning_request;
struct get_bucket_versioning_response;

// operations/tagging.hpp
struct put_bucket_tagging_request;
struct put_bucket_tagging_response;
struct get_bucket_tagging_request;
struct get_bucket_tagging_response;
struct delete_bucket_tagging_request;
struct delete_bucket_tagging_response;
struct put_object_tagging_request;
struct put_object_tagging_response;
struct get_object_tagging_request;
struct get_object_tagging_response;
struct delete_object_tagging_request;
struct delete_object_tagging_response;

// operations/acl.hpp
struct put_bucket_acl_request;
struct put_bucket_acl_response;
struct get_bucket_acl_request;
struct get_bucket_acl_response;
struct put_object_acl_request;
struct put_object_acl_response;
struct get_object_acl_request;
struct get_object_acl_response;
struct put_bucket_ownership_controls_request;
struct put_bucket_ownership_controls_response;
struct get_bucket_ownership_controls_request;
struct get_bucket_ownership_controls_response;
struct delete_bucket_ownership_controls_request;
struct delete_bucket_ownership_controls_response;
struct put_bucket_abac_request;
struct put_bucket_abac_response;
struct get_bucket_abac_request;
struct get_bucket_abac_response;

// operations/policy.hpp
struct put_bucket_policy_request;
struct put_bucket_policy_response;
struct get_bucket_policy_request;
struct get_bucket_policy_response;
struct delete_bucket_policy_request;
struct delete_bucket_policy_response;
struct get_bucket_policy_status_request;
struct get_bucket_policy_status_response;
struct put_public_access_block_request;
struct put_public_access_block_response;
struct get_public_access_block_request;
struct get_public_access_block_response;
struct delete_public_access_block_request;
struct delete_public_access_block_response;

// operations/lifecycle.hpp
struct put_bucket_lifecycle_configuration_request;
struct put_bucket_lifecycle_configuration_response;
struct get_bucket_lifecycle_configuration_request;
struct get_bucket_lifecycle_configuration_response;
struct delete_bucket_lifecycle_request;
struct delete_bucket_lifecycle_response;
struct put_bucket_lifecycle_request;
struct put_bucket_lifecycle_response;
struct get_bucket_lifecycle_request;
struct get_bucket_lifecycle_response;

// operations/replication.hpp
struct put_bucket_replication_request;
struct put_bucket_replication_response;
struct get_bucket_replication_request;
struct get_bucket_replication_response;
struct delete_bucket_replication_request;
struct delete_bucket_replication_response;

// operations/notification.hpp
struct put_bucket_notification_configuration_request;
struct put_bucket_notification_configuration_response;
struct get_bucket_notification_configuration_request;
struct get_bucket_notification_configuration_response;
struct put_bucket_notification_request;
struct put_bucket_notification_response;
struct get_bucket_notification_request;
struct get_bucket_notification_response;

// operations/website.hpp
struct put_bucket_website_request;
struct put_bucket_website_response;
struct get_bucket_website_request;
struct get_bucket_website_response;
struct delete_bucket_website_request;
struct delete_bucket_website_response;
struct put_bucket_cors_request;
struct put_bucket_cors_response;
struct get_bucket_cors_request;
struct get_bucket_cors_response;
struct delete_bucket_cors_request;
struct delete_bucket_cors_response;

// operations/encryption.hpp
struct put_bucket_encryption_request;
struct put_bucket_encryption_response;
struct get_bucket_encryption_request;
struct get_bucket_encryption_response;
struct delete_bucket_encryption_request;
struct delete_bucket_encryption_response;
struct update_object_encryption_request;
struct update_object_encryption_response;

// operations/logging.hpp
struct put_bucket_logging_request;
struct put_bucket_logging_response;
struct get_bucket_logging_request;
struct get_bucket_logging_response;
struct put_bucket_accelerate_configuration_request;
struct put_bucket_accelerate_configuration_response;
struct get_bucket_accelerate_configuration_request;
struct get_bucket_accelerate_configuration_response;
struct put_bucket_request_payment_request;
struct put_bucket_request_payment_response;
struct get_bucket_request_payment_request;
struct get_bucket_request_payment_response;

// operations/analysis.hpp
struct put_bucket_inventory_configuration_request;
struct put_bucket_inventory_configuration_response;
struct get_bucket_inventory_configuration_request;
struct get_bucket_inventory_configuration_response;
struct delete_bucket_inventory_configuration_request;
struct delete_bucket_inventory_configuration_response;
struct list_bucket_inventory_configurations_request;
struct list_bucket_inventory_configurations_response;
struct put_bucket_analytics_configuration_request;
struct put_bucket_analytics_configuration_response;
struct get_bucket_analytics_configuration_request;
struct get_bucket_analytics_configuration_response;
struct delete_bucket_analytics_configuration_request;
struct delete_bucket_analytics_configuration_response;
struct list_bucket_analytics_configurations_request;
struct list_bucket_analytics_configurations_response;
struct put_bucket_metrics_configuration_request;
struct put_bucket_metrics_configuration_response;
struct get_bucket_metrics_configuration_request;
struct get_bucket_metrics_configuration_response;
struct delete_bucket_metrics_configuration_request;
struct delete_bucket_metrics_configuration_response;
struct list_bucket_metrics_configurations_request;
struct list_bucket_metrics_configurations_response;
struct put_bucket_intelligent_tiering_configuration_request;
struct put_bucket_intelligent_tiering_configuration_response;
struct get_bucket_intelligent_tiering_configuration_request;
struct get_bucket_intelligent_tiering_configuration_response;
struct delete_bucket_intelligent_tiering_configuration_request;
struct delete_bucket_intelligent_tiering_configuration_response;
struct list_bucket_intelligent_tiering_configurations_request;
struct list_bucket_intelligent_tiering_configurations_response;

// operations/object_lock.hpp
struct put_object_lock_configuration_request;
struct put_object_lock_configuration_response;
struct get_object_lock_configuration_request;
struct get_object_lock_configuration_response;
struct put_object_retention_request;
struct put_object_retention_response;
struct get_object_retention_request;
struct get_object_retention_response;
struct put_object_legal_hold_request;
struct put_object_legal_hold_response;
struct get_object_legal_hold_request;
struct get_object_legal_hold_response;

// operations/annotation.hpp
struct put_object_annotation_request;
struct put_object_annotation_response;
struct get_object_annotation_request;
struct get_object_annotation_response;
struct delete_object_annotation_request;
struct delete_object_annotation_response;
struct list_object_annotations_request;
struct list_object_annotations_response;

// operations/metadata.hpp
struct create_bucket_metadata_configuration_request;
struct create_bucket_metadata_configuration_response;
struct get_bucket_metadata_configuration_request;
struct get_bucket_metadata_configuration_response;
struct delete_bucket_metadata_configuration_request;
struct delete_bucket_metadata_configuration_response;
struct update_bucket_metadata_inventory_table_configuration_request;
struct update_bucket_metadata_inventory_table_configuration_response;
struct update_bucket_metadata_journal_table_configuration_request;
struct update_bucket_metadata_journal_table_configuration_response;
struct update_bucket_metadata_annotation_table_configuration_request;
struct update_bucket_metadata_annotation_table_configuration_response;
struct create_bucket_metadata_table_configuration_request;
struct create_bucket_metadata_table_configuration_response;
struct get_bucket_metadata_table_configuration_request;
struct get_bucket_metadata_table_configuration_response;
struct delete_bucket_metadata_table_configuration_request;
struct delete_bucket_metadata_table_configuration_response;

// operations/retrieval.hpp
struct restore_object_request;
struct restore_object_response;
struct get_object_torrent_request;
struct get_object_torrent_response;
struct write_get_object_response_request;
struct write_get_object_response_response;

// operations/directory.hpp
struct create_session_request;
struct create_session_response;
struct list_directory_buckets_request;
struct list_directory_buckets_response;
struct rename_object_request;
struct rename_object_response;

}  // namespace s3store::inline v0

// ---- s3store/fwd.hpp
// Which names can a header of one's own mention without including the library? Declarations alone, at the price of a list.

namespace s3store::inline v0 {

struct error;
class s3_error;
template <class T>
class result;
class headers;
class cancel_token;
class cancel_source;

struct settings;
struct call_options;
struct presigned_url;

struct default_policies;
template <class P>
class basic_client;
using client = basic_client<default_policies>;

namespace http {
struct source;
struct sink;
class body;
}  // namespace http

namespace auth {
struct credentials;
struct presigned_post;
}  // namespace auth

}  // namespace s3store::inline v0

// ---- s3store/core/cancel.hpp
// How does a caller stop a call that is under way? By a token that every wait of the library watches.
//
// (Not std::stop_token: libc++ 14 has none.) A token is cheap to copy; a default-constructed one never cancels. Waits register a
// wake-up for as long as they last, so that a cancelled call returns at once and not at its next timeout.

namespace s3store::inline v0 {

namespace detail {
struct cancel_state {
  struct waiter {
    const void* of{};  // whose wait it is; several waits may wake the same loop
    void* who{};
    void (*wake)(void*){};
  };
  std::atomic<bool> cancelled{false};
  std::mutex guard{};
  std::vector<waiter> waiters{};
};
}  // namespace detail

class cancel_token {
 public:
  cancel_token() = default;
  bool cancelled() const noexcept { return state_ && state_->cancelled.load(std::memory_order_acquire); }
  bool can_cancel() const noexcept { return state_ != nullptr; }

 private:
  friend class cancel_source;
  friend class cancel_waiter;
  explicit cancel_token(std::shared_ptr<detail::cancel_state> s) noexcept : state_(std::move(s)) {}
  std::shared_ptr<detail::cancel_state> state_{};
};

class cancel_source {
 public:
  cancel_source() : state_(std::make_shared<detail::cancel_state>()) {}
  cancel_token token() const noexcept { return cancel_token{state_}; }

  /// Cancels every call that holds a token of this source. From any thread; the second time does nothing.
  void cancel() const {
    const std::lock_guard lock{state_->guard};
    if (state_->cancelled.exchange(true, std::memory_order_acq_rel)) return;
    for (const auto& w : state_->waiters) w.wake(w.who);
  }

 private:
  std::shared_ptr<detail::cancel_state> state_;
};

/// Registers a wake-up for the time of one wait. `wake(who)` may run on another thread, and must not touch the token.
class cancel_waiter {
 public:
  cancel_waiter(const cancel_token& token, void* who, void (*wake)(void*)) : state_(token.state_.get()) {
    if (!state_) return;
    const std::lock_guard lock{state_->guard};
    state_->waiters.push_back({this, who, wake});
  }
  ~cancel_waiter() {
    if (!state_) return;
    const std::lock_guard lock{state_->guard};
    std::erase_if(state_->waiters, [this](const auto& w) { return w.of == this; });
  }
  cancel_waiter(const cancel_waiter&) = delete;
  cancel_waiter& operator=(const cancel_waiter&) = delete;

 private:
  detail::cancel_state* state_;  // kept alive by the token, which outlives the wait
};

}  // namespace s3store::inline v0

// ---- s3store/core/encoding.hpp
// How do bytes become text on the wire: hex, base64 and percent-encoding?

namespace s3store::inline v0 {

inline std::span<const std::byte> as_bytes(std::string_view s) noexcept {
  return {reinterpret_cast<const std::byte*>(s.data()), s.size()};
}
inline std::string_view as_text(std::span<const std::byte> b) noexcept {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

// --- hex -------------------------------------------------------------------------------------------------------------------------

inline void append_hex(std::string& out, std::span<const std::byte> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  const auto at = out.size();
  out.resize(at + 2 * bytes.size());
  char* p = out.data() + at;
  for (const std::byte b : bytes) {
    *p++ = digits[std::to_integer<unsigned>(b) >> 4];
    *p++ = digits[std::to_integer<unsigned>(b) & 15];
  }
}
inline std::string hex(std::span<const std::byte> bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The bytes of a hex text, either case; nothing if it has an odd length or another character.
inline std::optional<std::string> from_hex(std::string_view s) {
  if (s.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 2);
  for (std::size_t i = 0; i != s.size(); i += 2) {
    const int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

// --- base64 (RFC 4648, section 4, with padding) ----------------------------------------------------------------------------------

inline std::string base64(std::span<const std::byte> bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i;
    std::uint32_t group = std::to_integer<std::uint32_t>(bytes[i]) << 16;
    if (have > 1) group |= std::to_integer<std::uint32_t>(bytes[i + 1]) << 8;
    if (have > 2) group |= std::to_integer<std::uint32_t>(bytes[i + 2]);
    out.push_back(alphabet[group >> 18 & 63]);
    out.push_back(alphabet[group >> 12 & 63]);
    out.push_back(have > 1 ? alphabet[group >> 6 & 63] : '=');
    out.push_back(have > 2 ? alphabet[group & 63] : '=');
  }
  return out;
}

/// The bytes of a base64 text; nothing if it is not strictly base64 (padding required, no white space, no stray bits).
inline std::optional<std::string> from_base64(std::string_view s) {
  const auto digit = [](char c) -> int {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
  };
  if (s.size() % 4 != 0) return std::nullopt;
  std::string out;
  out.reserve(s.size() / 4 * 3);
  for (std::size_t i = 0; i != s.size(); i += 4) {
    const bool last = i + 4 == s.size();
    const int pads = !last ? 0 : s[i + 2] == '=' && s[i + 3] == '=' ? 2 : s[i + 3] == '=' ? 1 : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k != 4; ++k) {
      const int value = static_cast<int>(k) >= 4 - pads ? 0 : digit(s[i + k]);
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    if ((pads == 1 && (group & 0xff) != 0) || (pads == 2 && (group & 0xffff) != 0)) return std::nullopt;
    out.push_back(static_cast<char>(group >> 16 & 255));
    if (pads < 2) out.push_back(static_cast<char>(group >> 8 & 255));
    if (pads < 1) out.push_back(static_cast<char>(group & 255));
  }
  return out;
}

// --- percent-encoding (RFC 3986) --------------------------------------------------------------------------------------------------

/// What stays as it is. SigV4's UriEncode is RFC 3986's unreserved set; a path keeps its slashes.
enum class uri_part { query, path };

namespace detail {
inline constexpr auto unreserved = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();
}  // namespace detail

/// Appends `s` percent-encoded by RFC 3986, section 2: bytes, never normalised, hex digits in upper case.
inline void append_uri_encoded(std::string& out, std::string_view s, uri_part part) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (detail::unreserved[byte] || (c == '/' && part == uri_part::path)) {
      out.push_back(c);
    } else {
      const char triplet[3] = {'%', digits[byte >> 4], digits[byte & 15]};
      out.append(triplet, 3);
    }
  }
}
inline std::string uri_encode(std::string_view s, uri_part part) {
  std::string out;
  out.reserve(s.size() + 16);
  append_uri_encoded(out, s, part);
  return out;
}

/// Undoes percent-encoding. `+` becomes a space only where `plus_is_space` (S3 writes listing keys with encoding-type=url that way).
/// Nothing if a `%` is not followed by two hex digits.
inline std::optional<std::string> uri_decode(std::string_view s, bool plus_is_space = false) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i != s.size(); ++i) {
    if (s[i] == '%') {
      if (s.size() - i < 3) return std::nullopt;
      const int high = hex_digit(s[i + 1]), low = hex_digit(s[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(s[i] == '+' && plus_is_space ? ' ' : s[i]);
    }
  }
  return out;
}

}  // namespace s3store::inline v0

// ---- s3store/core/text.hpp
// How is ASCII text compared, trimmed and turned into numbers? Locale-free, because the wire is.

namespace s3store::inline v0 {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Equal without regard to ASCII case, as header names are (RFC 9110, section 5.1).
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i != a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

constexpr std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

inline std::string lower_case(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = to_lower(c);
  return out;
}

/// The whole of `s` as a decimal integer; nothing else (no sign but `-` on signed types, no spaces, no overflow).
template <class Int>
std::optional<Int> parse_integer(std::string_view s) noexcept {
  Int value{};
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (failure != std::errc{} || end != s.data() + s.size() || s.empty()) return std::nullopt;
  return value;
}

template <class Int>
void append_integer(std::string& out, Int value) {
  static_assert(std::is_integral_v<Int>);
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

/// Calls `each(std::string_view)` for every piece of `s` between separators, in order; empty pieces included.
template <class Each>
void split(std::string_view s, char separator, Each&& each) {
  for (;;) {
    const auto at = s.find(separator);
    each(s.substr(0, at));
    if (at == std::string_view::npos) return;
    s.remove_prefix(at + 1);
  }
}

}  // namespace s3store::inline v0

// ---- s3store/core/time.hpp
// Which clocks and which date formats does the wire use?
//
// S3 writes dates in three ways: HTTP dates in headers (RFC 9110, section 5.6.7), ISO 8601 in XML, and seconds since 1970 in a few
// query strings. Reading accepts all three wherever a date is due; writing picks one.

namespace s3store::inline v0 {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using duration = std::chrono::steady_clock::duration;
using steady_time = std::chrono::steady_clock::time_point;

/// The two readings a machine needs: waits and deadlines go by the steady clock, signatures and expiry by the wall clock.
struct instants {
  steady_time steady{};
  timestamp wall{};
};

enum class timestamp_format { http_date, iso8601, unix_seconds };

namespace detail {

struct civil_time {
  int year{}, hour{}, minute{}, second{};
  unsigned month{}, day{}, weekday{};  // weekday: 0 is Sunday
  std::int64_t microsecond{};
};

inline civil_time civil(timestamp t) noexcept {
  using namespace std::chrono;
  const auto days = floor<std::chrono::days>(t);
  const year_month_day date{days};
  const auto of_day = t - days;
  const auto s = duration_cast<seconds>(of_day).count();
  return {.year = static_cast<int>(date.year()),
          .hour = static_cast<int>(s / 3600),
          .minute = static_cast<int>(s / 60 % 60),
          .second = static_cast<int>(s % 60),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .weekday = weekday{days}.c_encoding(),
          .microsecond = (of_day - seconds{s}).count()};
}

inline std::optional<timestamp> from_civil(const civil_time& c) noexcept {
  using namespace std::chrono;
  const year_month_day date{year{c.year}, month{c.month}, day{c.day}};
  if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
  return timestamp{sys_days{date}} + hours{c.hour} + minutes{c.minute} + seconds{c.second} + microseconds{c.microsecond};
}

inline void append_padded(std::string& out, std::int64_t value, int width) {
  char digits[20];
  int at = 20;
  for (int i = 0; i != width; ++i, value /= 10) digits[--at] = static_cast<char>('0' + value % 10);
  out.append(digits + at, static_cast<std::size_t>(width));
}

inline constexpr std::string_view weekday_names = "SunMonTueWedThuFriSat";
inline constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Takes exactly `width` digits off the front.
inline std::optional<int> take_digits(std::string_view& s, std::size_t width) noexcept {
  if (s.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i != width; ++i) {
    if (!is_digit(s[i])) return std::nullopt;
    value = value * 10 + (s[i] - '0');
  }
  s.remove_prefix(width);
  return value;
}

inline bool take(std::string_view& s, char c) noexcept {
  if (s.empty() || s.front() != c) return false;
  s.remove_prefix(1);
  return true;
}

/// `.123456789` to microseconds; more digits than six are cut.
inline std::optional<std::int64_t> take_fraction(std::string_view& s) noexcept {
  if (!take(s, '.')) return 0;
  std::int64_t value = 0;
  int digits = 0;
  for (; !s.empty() && is_digit(s.front()); s.remove_prefix(1), ++digits)
    if (digits < 6) value = value * 10 + (s.front() - '0');
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) value *= 10;
  return value;
}

}  // namespace detail

/// `Sun, 06 Nov 1994 08:49:37 GMT`; fractions of a second are cut.
inline std::string format_http_date(timestamp t) {
  const auto c = detail::civil(t);
  std::string out;
  out.reserve(29);
  out.append(detail::weekday_names.substr(c.weekday * 3, 3)).append(", ");
  detail::append_padded(out, c.day, 2);
  out.append(" ").append(detail::month_names.substr((c.month - 1) * 3, 3)).append(" ");
  detail::append_padded(out, c.year, 4);
  for (const auto& [separator, value] : {std::pair{' ', c.hour}, {':', c.minute}, {':', c.second}}) {
    out.push_back(separator);
    detail::append_padded(out, value, 2);
  }
  return out.append(" GMT");
}

/// `2006-02-03T16:45:09Z`, with `.123Z` or `.123456Z` where there is a fraction.
inline std::string format_iso8601(timestamp t) {
  const auto c = detail::civil(t);
  std::string out;
  out.reserve(27);
  detail::append_padded(out, c.year, 4);
  for (const auto& [separator, value] : {std::pair{'-', static_cast<int>(c.month)}, {'-', static_cast<int>(c.day)}, {'T', c.hour},
                                         {':', c.minute}, {':', c.second}}) {
    out.push_back(separator);
    detail::append_padded(out, value, 2);
  }
  if (c.microsecond % 1000 != 0) {
    out.push_back('.');
    detail::append_padded(out, c.microsecond, 6);
  } else if (c.microsecond != 0) {
    out.push_back('.');
    detail::append_padded(out, c.microsecond / 1000, 3);
  }
  out.push_back('Z');
  return out;
}

/// `20130524T000000Z`, as signatures carry it; the first eight characters are the scope's date.
inline void append_amz_date(std::string& out, timestamp t) {
  const auto c = detail::civil(t);
  detail::append_padded(out, c.year, 4);
  detail::append_padded(out, c.month, 2);
  detail::append_padded(out, c.day, 2);
  out.push_back('T');
  detail::append_padded(out, c.hour, 2);
  detail::append_padded(out, c.minute, 2);
  detail::append_padded(out, c.second, 2);
  out.push_back('Z');
}
inline std::string format_amz_date(timestamp t) {
  std::string out;
  append_amz_date(out, t);
  return out;
}

inline std::string format_timestamp(timestamp t, timestamp_format format) {
  if (format == timestamp_format::http_date) return format_http_date(t);
  if (format == timestamp_format::iso8601) return format_iso8601(t);
  std::string out;
  append_integer(out, std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
  return out;
}

/// ISO 8601 with or without separators, fraction and offset (`Z`, `+01:00`); without an offset it is UTC.
inline std::optional<timestamp> parse_iso8601(std::string_view s) noexcept {
  using namespace detail;
  civil_time c;
  const auto year = take_digits(s, 4);
  const bool dashes = take(s, '-');
  const auto month = take_digits(s, 2);
  if (dashes && !take(s, '-')) return std::nullopt;
  const auto day = take_digits(s, 2);
  if (!year || !month || !day) return std::nullopt;
  c.year = *year;
  c.month = static_cast<unsigned>(*month);
  c.day = static_cast<unsigned>(*day);
  if (s.empty()) return from_civil(c);
  if (!take(s, 'T') && !take(s, 't') && !take(s, ' ')) return std::nullopt;
  const auto hour = take_digits(s, 2);
  const bool colons = take(s, ':');
  const auto minute = take_digits(s, 2);
  if (!hour || !minute) return std::nullopt;
  c.hour = *hour;
  c.minute = *minute;
  if (!colons || take(s, ':')) {
    const auto second = take_digits(s, 2);
    if (!second) return std::nullopt;
    c.second = *second;
    const auto fraction = take_fraction(s);
    if (!fraction) return std::nullopt;
    c.microsecond = *fraction;
  }
  std::chrono::minutes offset{0};
  if (!take(s, 'Z') && !take(s, 'z') && !s.empty()) {
    const int sign = s.front() == '-' ? -1 : 1;
    if (!take(s, '+') && !take(s, '-')) return std::nullopt;
    const auto hours = take_digits(s, 2);
    take(s, ':');
    const auto minutes = s.empty() ? std::optional<int>{0} : take_digits(s, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    offset = std::chrono::minutes{sign * (*hours * 60 + *minutes)};
  }
  if (!s.empty()) return std::nullopt;
  const auto local = from_civil(c);
  if (!local) return std::nullopt;
  return *local - offset;
}

namespace detail {

/// `Nov` to 11.
inline std::optional<unsigned> take_month(std::string_view& s) noexcept {
  const auto at = month_names.find(s.substr(0, 3));
  if (s.size() < 3 || at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  s.remove_prefix(3);
  return static_cast<unsigned>(at / 3 + 1);
}

/// `08:49:37`
inline bool take_time(std::string_view& s, civil_time& into) noexcept {
  const auto hour = take_digits(s, 2);
  if (!hour || !take(s, ':')) return false;
  const auto minute = take_digits(s, 2);
  if (!minute || !take(s, ':')) return false;
  const auto second = take_digits(s, 2);
  if (!second) return false;
  into.hour = *hour;
  into.minute = *minute;
  into.second = *second;
  return true;
}

}  // namespace detail

/// `Sun, 06 Nov 1994 08:49:37 GMT`, and `Sun Nov  6 08:49:37 1994`, the form of asctime, which RFC 9110 obliges one to read and a store
/// was seen to send. The third, of RFC 850, has a year of two digits, and nobody sends it.
inline std::optional<timestamp> parse_http_date(std::string_view s) noexcept {
  using namespace detail;
  civil_time c;
  const auto comma = s.find(',');
  const bool asctime = comma == std::string_view::npos;
  if (asctime && s.size() < 24) return std::nullopt;
  s.remove_prefix(asctime ? 3 : comma + 1);
  while (take(s, ' ')) {
  }
  std::optional<unsigned> month;
  if (asctime) {
    month = take_month(s);
    if (!month || !take(s, ' ')) return std::nullopt;
    take(s, ' ');
  }
  const auto day = s.size() > 1 && s[1] == ' ' ? take_digits(s, 1) : take_digits(s, 2);
  if (!day || !take(s, ' ')) return std::nullopt;
  if (asctime && (!take_time(s, c) || !take(s, ' '))) return std::nullopt;
  if (!asctime) {
    month = take_month(s);
    if (!month || !take(s, ' ')) return std::nullopt;
  }
  const auto year = take_digits(s, 4);
  if (!year) return std::nullopt;
  if (!asctime && (!take(s, ' ') || !take_time(s, c) || (s != " GMT" && s != " UTC" && s != " +0000"))) return std::nullopt;
  if (asctime && !s.empty()) return std::nullopt;
  c.year = *year;
  c.month = *month;
  c.day = static_cast<unsigned>(*day);
  return from_civil(c);
}

/// A date in any of the three forms; nothing when it is none of them.
inline std::optional<timestamp> parse_timestamp(std::string_view s) noexcept {
  if (const auto date = parse_http_date(s)) return date;
  if (s.find('T') != std::string_view::npos || s.find('-', 1) != std::string_view::npos) return parse_iso8601(s);
  const auto point = s.find('.');
  const auto seconds = parse_integer<std::int64_t>(s.substr(0, point));
  constexpr std::int64_t limit = 253402300799;  // the last second of the year 9999
  if (!seconds || *seconds > limit || *seconds < -limit) return std::nullopt;
  std::string_view rest = point == std::string_view::npos ? std::string_view{} : s.substr(point);
  const auto fraction = detail::take_fraction(rest);
  if (!fraction || !rest.empty()) return std::nullopt;
  return timestamp{std::chrono::seconds{*seconds}} + std::chrono::microseconds{*seconds < 0 ? -*fraction : *fraction};
}

/// The process's own clocks. Tests hand the library another one.
struct system_clock {
  instants now() const noexcept {
    return {std::chrono::steady_clock::now(),
            std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
  }
};

}  // namespace s3store::inline v0

// ---- s3store/core/error.hpp
// What can go wrong, and what does an error carry?
//
// An error is a value with all that is known of a failure. Whoever first sees the failure sets `kind` and `message`; the layers
// above add where it happened. It never holds a secret: no key, signature, token or presigned URL goes into it.

namespace s3store::inline v0 {

/// What kind of failure it is. The comments say what a retry may assume of the request.
enum class error_kind : std::uint8_t {
  none,
  // Ours: nothing left this process.
  invalid_argument,     ///< refused before anything was sent; the same call fails again
  configuration,        ///< a setting, environment variable or file is missing or malformed
  credentials,          ///< no provider had credentials, or one failed
  cancelled,            ///< the caller's cancel token
  deadline_exceeded,    ///< the call's total deadline has passed
  body_source,          ///< the caller's source failed or threw
  body_sink,            ///< the caller's sink failed or threw
  io,                   ///< a local file could not be read or written
  // The transport: no answer came, or only a part of one.
  resolve,              ///< host name not found; the request was not sent
  connect,              ///< no connection (refused, unreachable, no time); the request was not sent
  tls,                  ///< handshake or certificate failed; the request was not sent
  connection_lost,      ///< sent in part or whole and the answer is missing or cut: it may have taken effect
  timeout,              ///< no first byte, or no progress, in time: it may have taken effect
  transport,            ///< anything else of the transport's
  // The protocol.
  malformed_response,   ///< an answer that S3 would not give: not XML, wrong root, cut off, too large or too deep
  integrity,            ///< bytes that do not match their checksum
  // The service's answer. `code` has the details.
  bad_request,          ///< 400 and anything not named below
  access_denied,        ///< 401 and 403
  not_found,            ///< 404: NoSuchKey, NoSuchBucket, NoSuchUpload, NoSuchVersion, or a bare 404 to a HEAD
  method_not_allowed,   ///< 405, a delete marker among others
  conflict,             ///< 409
  precondition_failed,  ///< 412
  not_modified,         ///< 304
  range_not_satisfiable,///< 416
  redirect,             ///< 301, 302, 307, 308 that taught no usable region
  throttled,            ///< 429, 503 SlowDown and the like
  server,               ///< 5xx
  not_implemented,      ///< 501
};

constexpr std::string_view to_string(error_kind k) noexcept {
  switch (k) {
    case error_kind::none: return "none";
    case error_kind::invalid_argument: return "invalid argument";
    case error_kind::configuration: return "configuration";
    case error_kind::credentials: return "credentials";
    case error_kind::cancelled: return "cancelled";
    case error_kind::deadline_exceeded: return "deadline exceeded";
    case error_kind::body_source: return "body source";
    case error_kind::body_sink: return "body sink";
    case error_kind::io: return "input/output";
    case error_kind::resolve: return "host not found";
    case error_kind::connect: return "no connection";
    case error_kind::tls: return "TLS";
    case error_kind::connection_lost: return "connection lost";
    case error_kind::timeout: return "timeout";
    case error_kind::transport: return "transport";
    case error_kind::malformed_response: return "malformed response";
    case error_kind::integrity: return "integrity";
    case error_kind::bad_request: return "bad request";
    case error_kind::access_denied: return "access denied";
    case error_kind::not_found: return "not found";
    case error_kind::method_not_allowed: return "method not allowed";
    case error_kind::conflict: return "conflict";
    case error_kind::precondition_failed: return "precondition failed";
    case error_kind::not_modified: return "not modified";
    case error_kind::range_not_satisfiable: return "range not satisfiable";
    case error_kind::redirect: return "redirect";
    case error_kind::throttled: return "throttled";
    case error_kind::server: return "server";
    case error_kind::not_implemented: return "not implemented";
  }
  return "unknown";
}

struct error {
  error_kind kind{};
  std::string message{};     ///< one sentence for a person
  std::string code{};        ///< S3's error code ("NoSuchKey"), or empty where no server answered with one
  int status{};              ///< HTTP status, or 0 where no answer came
  std::string request_id{};  ///< x-amz-request-id
  std::string host_id{};     ///< x-amz-id-2
  std::string operation{};   ///< "PutObject"
  std::string bucket{};
  std::string key{};
  std::string endpoint{};    ///< scheme, host and port; never a path or a query
  std::string region{};      ///< the region that the server named, where it named one
  int attempts{};            ///< how often it was sent
  duration elapsed{};        ///< from the start of the call to its end, waits included
  std::exception_ptr thrown{};  ///< what a caller's own function threw; the client throws it again
  bool maybe_own_success{};  ///< an earlier attempt's answer was lost, and this refusal may be that attempt's own success

  /// All of it as one line, for a log.
  std::string describe() const {
    std::string out;
    if (!operation.empty()) out.append(operation).append(": ");
    out.append(code.empty() ? std::string_view{to_string(kind)} : std::string_view{code});
    if (!message.empty()) out.append(": ").append(message);
    std::string details;
    const auto detail = [&details](std::string_view name, std::string_view value) {
      if (!value.empty()) details.append(details.empty() ? "" : ", ").append(name).append(" ").append(value);
    };
    detail("status", status != 0 ? std::to_string(status) : std::string{});
    detail("bucket", bucket);
    detail("key", key);
    detail("endpoint", endpoint);
    detail("request id", request_id);
    detail("attempts", attempts > 1 ? std::to_string(attempts) : std::string{});
    if (!details.empty()) out.append(" (").append(details).append(")");
    return out;
  }
};

/// What `result::value()` and the store layer throw. Copying it copies a pointer.
class s3_error : public std::exception {
 public:
  explicit s3_error(s3store::error e) : shared_(std::make_shared<const state>(std::move(e))) {}

  const char* what() const noexcept override { return shared_->text.c_str(); }
  const s3store::error& error() const noexcept { return shared_->of; }
  error_kind kind() const noexcept { return shared_->of.kind; }
  const std::string& code() const noexcept { return shared_->of.code; }
  int status() const noexcept { return shared_->of.status; }

 private:
  struct state {
    explicit state(s3store::error e) : of(std::move(e)), text(of.describe()) {}
    s3store::error of;
    std::string text;
  };
  std::shared_ptr<const state> shared_;
};

}  // namespace s3store::inline v0

// ---- s3store/core/secret.hpp
// How is a secret kept? In a string that is wiped when it goes, and that can't be printed by accident.

namespace s3store::inline v0 {

/// Overwrites memory in a way that the compiler may not drop.
inline void wipe(void* at, std::size_t size) noexcept {
  volatile auto* p = static_cast<volatile unsigned char*>(at);
  while (size-- != 0) *p++ = 0;
}

/// A string that is wiped on destruction and assignment. It has no operator<< on purpose; `reveal()` is easy to search for.
class secret_string {
 public:
  secret_string() = default;
  secret_string(std::string text) : text_(std::move(text)) {}
  secret_string(std::string_view text) : text_(text) {}
  secret_string(const char* text) : text_(text) {}
  secret_string(const secret_string& other) = default;
  // A move of a short string copies its bytes, so the one left behind is wiped, too.
  secret_string(secret_string&& other) noexcept : text_(other.text_.size() < inline_limit ? std::string(other.text_) : std::move(other.text_)) {
    other.clear();
  }
  secret_string& operator=(secret_string other) noexcept {
    clear();
    text_.swap(other.text_);
    return *this;
  }
  ~secret_string() { clear(); }

  std::string_view reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

  void clear() noexcept {
    // Up to its capacity: an earlier, longer content may still stand behind the end.
    text_.resize(text_.capacity());
    wipe(text_.data(), text_.size());
    text_.clear();
  }

  friend bool operator==(const secret_string& a, const secret_string& b) noexcept { return a.text_ == b.text_; }

 private:
  static constexpr std::size_t inline_limit = 32;  // no library keeps longer strings inside the object
  std::string text_{};
};

}  // namespace s3store::inline v0

// ---- s3store/core/headers.hpp
// How are HTTP header fields, and user metadata, kept? In the order they came, names compared without case.
//
// All text sits in one buffer: a request or an answer with twenty fields costs two allocations, and none once the object is
// reused. Views that `get` and iteration give are valid until the next change.

namespace s3store::inline v0 {

class headers {
 public:
  struct field {
    std::string_view name{};
    std::string_view value{};
  };

  headers() = default;
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  void add(std::string_view name, std::string_view value) {
    const entry e{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                  static_cast<std::uint32_t>(value.size())};
    text_.append(name).append(value);
    entries_.push_back(e);
    seen_ |= mark_of(name);
  }

  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string_view value) {
    erase(name);
    add(name, value);
  }

  void erase(std::string_view name) noexcept {
    std::erase_if(entries_, [&](const entry& e) { return equal_ignoring_case(name_of(e), name); });
  }

  /// The first field of that name; nothing where there is none.
  std::optional<std::string_view> get(std::string_view name) const noexcept {
    if ((seen_ & mark_of(name)) == 0) return std::nullopt;
    for (const entry& e : entries_)
      if (e.name == name.size() && equal_ignoring_case(name_of(e), name)) return value_of(e);
    return std::nullopt;
  }

  /// The first field of that name, or an empty view: for fields whose absence and emptiness mean the same.
  std::string_view value_or_empty(std::string_view name) const noexcept { return get(name).value_or(std::string_view{}); }

  bool contains(std::string_view name) const noexcept { return get(name).has_value(); }

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  field operator[](std::size_t i) const noexcept { return {name_of(entries_[i]), value_of(entries_[i])}; }

  /// Makes room, where the size is known before the fields are: bytes of all names and values, and how many fields.
  void reserve(std::size_t text, std::size_t fields) {
    text_.reserve(text);
    entries_.reserve(fields);
  }

  /// Forgets the fields and keeps the memory.
  void clear() noexcept {
    text_.clear();
    entries_.clear();
    seen_ = 0;
  }

  /// The same, and the text is overwritten: for fields that held a secret.
  void wipe() noexcept {
    text_.resize(text_.capacity());
    s3store::wipe(text_.data(), text_.size());
    clear();
  }

  class iterator {
   public:
    using value_type = field;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    iterator(const headers* of, std::size_t at) noexcept : of_(of), at_(at) {}
    field operator*() const noexcept { return (*of_)[at_]; }
    iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const iterator&) const = default;

   private:
    const headers* of_{};
    std::size_t at_{};
  };

  iterator begin() const noexcept { return {this, 0}; }
  iterator end() const noexcept { return {this, entries_.size()}; }

  friend bool operator==(const headers& a, const headers& b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i != a.size(); ++i)
      if (!equal_ignoring_case(a[i].name, b[i].name) || a[i].value != b[i].value) return false;
    return true;
  }

 private:
  struct entry {  // the value follows the name at once
    std::uint32_t start{};
    std::uint32_t name{};
    std::uint32_t value{};
  };
  std::string_view name_of(const entry& e) const noexcept { return {text_.data() + e.start, e.name}; }
  std::string_view value_of(const entry& e) const noexcept { return {text_.data() + e.start + e.name, e.value}; }

  /// One of 64 bits, by the name's length and last letter.
  static constexpr std::uint64_t mark_of(std::string_view name) noexcept {
    return name.empty() ? 1 : std::uint64_t{1} << (name.size() + 5u * static_cast<unsigned char>(to_lower(name.back()))) % 64;
  }

  std::string text_{};
  std::vector<entry> entries_{};
  std::uint64_t seen_{};  // the marks of all names so far: a response asks for fifty names, of which an answer has a dozen
};

}  // namespace s3store::inline v0

// ---- s3store/core/result.hpp
// What does a call return? A value or an error, never both, never neither; and beside either, what is known of the exchange.

namespace s3store::inline v0 {

/// How the bytes of a download were checked.
enum class integrity : std::uint8_t {
  absent,     ///< the answer named no checksum we can compute, or had no body
  verified,   ///< the whole body matched its checksum
  composite,  ///< the checksum is one over parts, which a whole body can't be compared with
  ranged,     ///< a part of the object: its checksum is the whole object's
};

/// What came beside the value: the answer's head and what it took to get it.
struct response_meta {
  int status{};
  headers fields{};         ///< every response header, in order
  int attempts{};           ///< how often the request was sent
  duration elapsed{};       ///< from the start of the call to its end, waits included
  std::uint64_t sent{};     ///< body bytes of the last attempt
  std::uint64_t received{};
  s3store::integrity integrity{};

  std::string_view request_id() const noexcept { return fields.value_or_empty("x-amz-request-id"); }
  std::string_view host_id() const noexcept { return fields.value_or_empty("x-amz-id-2"); }
};

namespace detail {
struct nothing {};

/// Never destroyed: the library has no static with a destructor.
inline const response_meta& no_meta() {
  static const response_meta* const none = new response_meta{};
  return *none;
}
}  // namespace detail

/// A value of type T, or an error. `result<void>` holds success or an error.
template <class T>
class [[nodiscard]] result {
  using stored = std::conditional_t<std::is_void_v<T>, detail::nothing, T>;

 public:
  using value_type = T;

  result() requires std::is_void_v<T> : value_(std::in_place) {}
  result(stored value) requires(!std::is_void_v<T>) : value_(std::move(value)) {}
  result(s3store::error e) : error_(std::make_unique<s3store::error>(std::move(e))) {}
  /// An error from now on. (An assignment of its own, because that of results compiles an assignment of every member of the value.)
  result& operator=(s3store::error e) {
    error_ = std::make_unique<s3store::error>(std::move(e));
    value_.reset();
    return *this;
  }
  /// The error of another result, of whatever type, handed on.
  template <class U>
  static result failed_as(result<U>&& other) {
    result out{std::move(other.error())};
    out.meta_ = other.release_meta();
    return out;
  }

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; throws s3_error where there is none. From a result that goes away it is moved out, so `for (auto& x : f().value())` is safe.
  stored& value() & { return checked(), *value_; }
  const stored& value() const& { return checked(), *value_; }
  stored value() && { return checked(), std::move(*value_); }

  /// The value, which must be there.
  stored& operator*() & noexcept { return *value_; }
  const stored& operator*() const& noexcept { return *value_; }
  stored operator*() && { return std::move(*value_); }
  stored* operator->() noexcept { return &*value_; }
  const stored* operator->() const noexcept { return &*value_; }

  /// The error, which must be there.
  s3store::error& error() noexcept { return *error_; }
  const s3store::error& error() const noexcept { return *error_; }

  /// Status, headers, attempts and times of the exchange; all empty where nothing was sent.
  const response_meta& meta() const noexcept { return meta_ ? *meta_ : detail::no_meta(); }
  void attach(std::unique_ptr<response_meta> meta) noexcept { meta_ = std::move(meta); }
  std::unique_ptr<response_meta> release_meta() noexcept { return std::move(meta_); }

 private:
  void checked() const {
    if (error_) throw s3_error{*error_};
  }

  std::optional<stored> value_{};
  std::unique_ptr<s3store::error> error_{};
  std::unique_ptr<response_meta> meta_{};
};

/// An error in one line: `return fail(error_kind::io, "no such file: " + name);`
inline error fail(error_kind kind, std::string message) {
  error e;
  e.kind = kind;
  e.message = std::move(message);
  return e;
}

}  // namespace s3store::inline v0

// ---- s3store/core/utf8.hpp
// Is this UTF-8, and how does a code point become UTF-8?

namespace s3store::inline v0 {

/// The length in bytes, 1 to 4, of the code point at the front of `s`; 0 where none is well-formed (RFC 3629, section 4: no
/// overlong forms, no surrogates, nothing above U+10FFFF), and for an empty text.
constexpr std::size_t utf8_length(std::string_view s) noexcept {
  const auto byte = [s](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) return s.empty() ? 0 : 1;
  if (!follows(1)) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    return follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// Appends a code point up to U+10FFFF. A surrogate gets the three bytes that WTF-8 gives it: who must not have one asks first.
inline void append_utf8(std::string& out, char32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.append({static_cast<char>(0xC0 | c >> 6), tail(0)});
  } else if (c < 0x10000) {
    out.append({static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)});
  } else {
    out.append({static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)});
  }
}

}  // namespace s3store::inline v0

// ---- s3store/core/version.hpp
// Which version is this? Read by CMake as well: the three numbers below are the only place where the version is written.
//
// Everything lives in `s3store::inline v0`. The inline namespace is part of every mangled name, so two versions of the library
// can be linked into one program without their definitions being mixed up (the one-definition rule).

#define S3STORE_VERSION_MAJOR 0
#define S3STORE_VERSION_MINOR 1
#define S3STORE_VERSION_PATCH 0

namespace s3store::inline v0 {

inline constexpr const char* version = "0.1.0";

}  // namespace s3store::inline v0

// ---- s3store/config/environment.hpp
// Where do settings come from that the program's caller made? Environment variables, read through a value that tests replace.
//
// A variable that is set but empty counts as unset in the typed getters, as a shell has no shorter way to take one back. Messages
// name the variable and what it accepts, never its value.

namespace s3store::inline v0 {

class environment {
 public:
  /// No variables at all.
  environment() = default;
  /// Exactly these; of two of the same name the later counts.
  environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
    for (const auto& [name, value] : variables) set(name, value);
  }
  /// The process's own, read anew by every `get`.
  static environment process() noexcept {
    environment out;
    out.of_process_ = true;
    return out;
  }

  /// Puts a variable in front of what is there already; the process's own environment is not changed.
  void set(std::string_view name, std::string_view value) { fixed_.emplace_back(name, value); }

  /// The value as it is, which may be empty; nothing where the variable is unset.
  std::optional<std::string> get(std::string_view name) const {
    for (auto v = fixed_.rbegin(); v != fixed_.rend(); ++v)
      if (v->first == name) return v->second;
    if (of_process_)
      if (const char* value = std::getenv(std::string(name).c_str())) return value;
    return std::nullopt;
  }

  /// The value where it is set and not empty.
  std::optional<std::string> get_nonempty(std::string_view name) const {
    auto value = get(name);
    if (value && value->empty()) value.reset();
    return value;
  }

  /// A decimal integer from `low` to `high`, bounds included.
  template <class Int = std::int64_t>
  result<std::optional<Int>> integer(std::string_view name, Int low = (std::numeric_limits<Int>::lowest)(),
                                     Int high = (std::numeric_limits<Int>::max)()) const {
    static_assert(std::is_integral_v<Int>);
    return typed<Int>(
        name, [&] { return "an integer from " + std::to_string(low) + " to " + std::to_string(high); },
        [&](std::string_view s) -> std::optional<Int> {
          const auto n = parse_integer<Int>(s);
          return n && *n >= low && *n <= high ? n : std::nullopt;
        });
  }

  /// A number of seconds, not negative, such as 60 or 2.5.
  result<std::optional<double>> seconds(std::string_view name) const {
    return typed<double>(
        name, [] { return std::string("a number of seconds of at most 15 digits, such as 60 or 2.5"); }, parse_seconds);
  }

  /// true, false, 1 or 0, in either case.
  result<std::optional<bool>> boolean(std::string_view name) const {
    return typed<bool>(
        name, [] { return std::string("true, false, 1 or 0"); },
        [](std::string_view s) -> std::optional<bool> {
          if (s == "1" || equal_ignoring_case(s, "true")) return true;
          if (s == "0" || equal_ignoring_case(s, "false")) return false;
          return std::nullopt;
        });
  }

 private:
  template <class T, class Accepted, class Parse>
  result<std::optional<T>> typed(std::string_view name, Accepted accepted, Parse parse) const {
    const auto text = get_nonempty(name);
    if (!text) return std::optional<T>{};
    if (const std::optional<T> value = parse(trim(*text))) return value;
    return fail(error_kind::configuration,
                "the environment variable " + std::string(name) + " must be " + accepted() + ", and is something else");
  }

  /// Not strtod, which asks the locale, and not from_chars, which libc++ 14 lacks for double. Up to 15 digits are exact in a
  /// double, and so is the power of ten: their quotient is rounded once.
  static std::optional<double> parse_seconds(std::string_view s) noexcept {
    const auto point = s.find('.');
    std::uint64_t digits = 0;
    double scale = 1;
    std::size_t count = 0;
    for (std::size_t i = 0; i != s.size(); ++i) {
      if (i == point) continue;
      if (!is_digit(s[i]) || ++count > 15) return std::nullopt;
      digits = digits * 10 + static_cast<std::uint64_t>(s[i] - '0');
      if (i > point) scale *= 10;
    }
    if (count == 0) return std::nullopt;
    return static_cast<double>(digits) / scale;
  }

  std::vector<std::pair<std::string, std::string>> fixed_{};
  bool of_process_{};
};

}  // namespace s3store::inline v0

// ---- s3store/config/files.hpp
// Where are the files that settings come from, and what do they hold?

namespace s3store::inline v0 {

namespace detail {
struct close_file {
  void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};
inline constexpr std::size_t small_file = std::size_t{1} << 20;
}  // namespace detail

/// The bytes of a small file; nothing where there is none. Fails with `io` where it is there and cannot be read, or is larger than
/// accepted. The text may hold a secret: no other copy of it is left in memory.
inline result<std::optional<std::string>> read_file_if_present(const std::string& path,
                                                               std::size_t max_bytes = detail::small_file) {
  const auto broken = [&path](int code) {
    return fail(error_kind::io, "cannot read the file " + path + ": " + std::generic_category().message(code));
  };
  errno = 0;
  const std::unique_ptr<std::FILE, detail::close_file> file{std::fopen(path.c_str(), "rb")};
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
  if (!file) return broken(errno);
  std::setvbuf(file.get(), nullptr, _IONBF, 0);  // stdio's own buffer would keep a copy
  std::string text(4096, '\0');
  std::size_t size = 0;
  for (;;) {
    const std::size_t got = std::fread(text.data() + size, 1, text.size() - size, file.get());
    if (got == 0) break;
    size += got;
    if (size > max_bytes) {
      wipe(text.data(), size);
      return fail(error_kind::io, "the file " + path + " is larger than the " + std::to_string(max_bytes) + " bytes accepted");
    }
    if (size != text.size()) continue;
    std::string larger(2 * size, '\0');
    larger.replace(0, size, text);
    wipe(text.data(), size);
    text = std::move(larger);
  }
  if (std::ferror(file.get())) return broken(errno);
  text.resize(size);
  return std::optional<std::string>{std::move(text)};
}

/// The same for a file that must be there.
inline result<std::string> read_file(const std::string& path, std::size_t max_bytes = detail::small_file) {
  auto text = read_file_if_present(path, max_bytes);
  if (!text) return std::move(text.error());
  if (!*text) return fail(error_kind::io, "there is no file " + path);
  return std::move(**text);
}

/// The home directory: HOME, or USERPROFILE where that is unset, as on Windows.
inline std::optional<std::string> home_directory(const environment& env) {
  auto home = env.get_nonempty("HOME");
  return home ? home : env.get_nonempty("USERPROFILE");
}

/// A path with a leading `~` or `~/` replaced by the home directory. Unchanged where there is no such `~`, or no home.
inline std::string expand_home(std::string_view path, const environment& env) {
  const bool tilde = path == "~" || path.starts_with("~/");
  const auto home = tilde ? home_directory(env) : std::nullopt;
  return home ? *home + std::string(path.substr(1)) : std::string(path);
}

namespace detail {
inline std::optional<std::string> shared_file(const environment& env, std::string_view variable, std::string_view in_home) {
  if (const auto named = env.get_nonempty(variable)) return expand_home(*named, env);
  if (const auto home = home_directory(env)) return *home + std::string(in_home);
  return std::nullopt;
}
}  // namespace detail

/// AWS_CONFIG_FILE, or ~/.aws/config; nothing where neither is known.
inline std::optional<std::string> shared_config_path(const environment& env) {
  return detail::shared_file(env, "AWS_CONFIG_FILE", "/.aws/config");
}
/// AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/credentials; nothing where neither is known.
inline std::optional<std::string> shared_credentials_path(const environment& env) {
  return detail::shared_file(env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
}

/// AWS_PROFILE; nothing where it is unset, and the profile is "default" without anybody having asked for it by name.
inline std::optional<std::string> chosen_profile(const environment& env) { return env.get_nonempty("AWS_PROFILE"); }

}  // namespace s3store::inline v0

// ---- s3store/config/ini.hpp
// What stands in ~/.aws/config and ~/.aws/credentials? The format that all AWS tools share.
//
//   [profile build]            # a comment
//   region = eu-central-1
//   s3 =
//     addressing_style = path
//
// The rules are those of the AWS SDKs and Tools Reference Guide (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html),
// and botocore's where the guide is silent: a line that starts with # or ; is a comment, elsewhere the two are part of a value; a
// line indented deeper than its key goes on with that key's value, and where the key's own line has no value such lines are
// properties of their own. Section and key may come twice; the later value wins (botocore refuses the file, other SDKs merge).

namespace s3store::inline v0 {

/// One `[...]`. Values may be secrets and are wiped with the section; names of keys are compared without case.
class ini_section {
 public:
  struct property {
    std::string key{};  ///< in lower case
    secret_string value{};
    std::vector<property> nested{};  ///< the indented properties, where the key's own line has no value
  };

  std::string kind{};  ///< "profile", "sso-session", "services"; empty where the header is a name alone
  std::string name{};  ///< without quotes
  std::vector<property> properties{};

  /// A value; empty for a key that has nested properties, nothing where the key is absent. Valid until the section changes.
  std::optional<std::string_view> get(std::string_view key) const noexcept { return value_in(properties, key); }

  /// The value of a nested property: get("s3", "addressing_style").
  std::optional<std::string_view> get(std::string_view key, std::string_view nested) const noexcept {
    const property* const p = find_in(properties, key);
    return p ? value_in(p->nested, nested) : std::nullopt;
  }

  /// Adds a property, or replaces the one of that key.
  static property& put(std::vector<property>& into, std::string_view key) {
    std::erase_if(into, [&](const property& p) { return equal_ignoring_case(p.key, key); });
    into.push_back({lower_case(key), {}, {}});
    return into.back();
  }

 private:
  static const property* find_in(const std::vector<property>& in, std::string_view key) noexcept {
    for (const property& p : in)
      if (equal_ignoring_case(p.key, key)) return &p;
    return nullptr;
  }
  static std::optional<std::string_view> value_in(const std::vector<property>& in, std::string_view key) noexcept {
    const property* const p = find_in(in, key);
    if (!p) return std::nullopt;
    return p->value.reveal();
  }
};

/// A file's sections, in the order in which they first came.
class ini_document {
 public:
  std::vector<ini_section> sections{};

  /// The section of exactly that header, names compared with case; null where there is none.
  const ini_section* find(std::string_view kind, std::string_view name) const noexcept {
    for (const ini_section& s : sections)
      if (s.kind == kind && s.name == name) return &s;
    return nullptr;
  }
  /// `[name]`: how the credentials file names a profile.
  const ini_section* find(std::string_view name) const noexcept { return find("", name); }
  /// How the config file names one: `[profile name]`, or `[default]` where there is no `[profile default]`.
  const ini_section* profile(std::string_view name) const noexcept {
    const ini_section* const found = find("profile", name);
    return !found && name == "default" ? find("", name) : found;
  }
};

namespace detail {

class ini_parser {
 public:
  explicit ini_parser(std::string_view text) noexcept : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  result<ini_document> run() {
    split(text_, '\n', [this](std::string_view line) {
      ++line_;
      if (!problem_) read(line);
    });
    if (!problem_) end_property();
    if (problem_)
      return fail(error_kind::configuration, "line " + std::to_string(problem_line_) + " must be " + std::string(problem_));
    return std::move(out_);
  }

 private:
  void refuse(const char* accepted, std::size_t line) noexcept {
    problem_ = accepted;
    problem_line_ = line;
  }

  void read(std::string_view line) {
    const auto content = trim(line);
    if (content.empty()) {
      if (!lines_.empty()) lines_.push_back({});
      return;
    }
    if (content.front() == '#' || content.front() == ';') return;
    const std::size_t indent = line.find_first_not_of(" \t\r");
    if (!lines_.empty() && indent > indent_) return lines_.push_back({content, line_});
    end_property();
    if (problem_) return;
    indent_ = indent;
    if (content.front() == '[') return header(content);
    if (!section_) return refuse("a section's name, as in [default]", line_);
    const auto equals = content.find_first_of("=:");
    key_ = trim(content.substr(0, equals));
    if (equals == std::string_view::npos || key_.empty()) return refuse("key = value, a [section], or a # comment", line_);
    lines_.push_back({trim(content.substr(equals + 1)), line_});
  }

  /// Puts together what the lines since the last key say.
  void end_property() {
    while (!lines_.empty() && lines_.back().text.empty() && lines_.size() > 1) lines_.pop_back();
    if (lines_.empty()) return;
    auto& p = ini_section::put(out_.sections[*section_].properties, key_);
    if (lines_.front().text.empty()) {
      for (const auto& l : lines_) {
        if (l.text.empty()) continue;
        const auto equals = l.text.find('=');
        const auto key = trim(l.text.substr(0, equals));
        if (equals == std::string_view::npos || key.empty()) return refuse("an indented key = value", l.number);
        ini_section::put(p.nested, key).value = trim(l.text.substr(equals + 1));
      }
    } else {
      std::size_t size = 0;
      for (const auto& l : lines_) size += l.text.size() + 1;
      std::string value;
      value.reserve(size);  // so that no outgrown copy of a secret is left behind
      for (const auto& l : lines_) value.append(value.empty() ? "" : "\n").append(l.text);
      p.value = secret_string{std::move(value)};
    }
    lines_.clear();
  }

  /// `[name]`, `[kind name]`, `[kind "a name"]`; behind the bracket only a comment.
  void header(std::string_view line) {
    constexpr const char* accepted = "a section's name in brackets, as in [profile name], and behind it only a comment";
    std::size_t end = 1;
    for (char quote = '\0'; end != line.size() && (quote != '\0' || line[end] != ']'); ++end) {
      if (line[end] == quote) {
        quote = '\0';
      } else if (quote == '\0' && (line[end] == '"' || line[end] == '\'')) {
        quote = line[end];
      }
    }
    if (end == line.size()) return refuse(accepted, line_);
    const auto behind = trim(line.substr(end + 1));
    const auto inside = trim(line.substr(1, end - 1));
    if (inside.empty() || (!behind.empty() && behind.front() != '#' && behind.front() != ';')) return refuse(accepted, line_);
    const auto blank = inside.find_first_of(" \t");
    const auto kind = inside.substr(0, blank);
    const auto name = blank == std::string_view::npos ? std::string_view{} : one_word(trim(inside.substr(blank)));
    // An unquoted name of two words, or words that name no kind, are a name as they are: no profile, and nothing is lost.
    if (!name.empty() && (kind == "profile" || kind == "sso-session" || kind == "services")) return enter(kind, name);
    const auto whole = one_word(inside);
    enter({}, whole.empty() ? inside : whole);
  }

  /// A word, or what one pair of quotes holds; empty where it is more than that.
  static std::string_view one_word(std::string_view s) noexcept {
    if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.find(s.front(), 1) == s.size() - 1)
      return s.substr(1, s.size() - 2);
    return s.find_first_of(" \t\"'") == std::string_view::npos ? s : std::string_view{};
  }

  void enter(std::string_view kind, std::string_view name) {
    section_ = 0;
    for (const ini_section& s : out_.sections) {
      if (s.kind == kind && s.name == name) return;
      ++*section_;
    }
    ini_section& added = out_.sections.emplace_back();
    added.kind = kind;
    added.name = name;
  }

  struct numbered_line {
    std::string_view text{};
    std::size_t number{};
  };

  std::string_view text_;
  ini_document out_{};
  std::size_t line_{};
  std::optional<std::size_t> section_{};  // where in `out_`
  std::string_view key_{};
  std::vector<numbered_line> lines_{};  // of the value of `key_`; the first stands behind the key
  std::size_t indent_{};                // of the line of `key_`
  const char* problem_{};
  std::size_t problem_line_{};
};

}  // namespace detail

/// Reads such a file. Fails with `configuration`, naming the line and what is accepted there, never what stands there.
inline result<ini_document> parse_ini(std::string_view text) { return detail::ini_parser{text}.run(); }

}  // namespace s3store::inline v0

// ---- s3store/json/tokenizer.hpp
// What does a JSON text consist of? A strict, lossless reader that hands out tokens as views into the text.
//
// Strict is RFC 8259 and nothing else: UTF-8 without a byte order mark, no comments, no trailing commas, one value and only white
// space behind it. Lossless: a number keeps its digits and a string its escapes, since the canonical form and credential documents
// both need what was written, not what a double made of it. It keeps its own stack, so that depth costs a byte and not a frame.
// Messages say where and what was expected, and never quote the text: it may be a secret.

namespace s3store::inline v0::json {

enum class token_kind : std::uint8_t {
  begin_object,
  end_object,
  begin_array,
  end_array,
  key,
  string,
  number,
  true_,
  false_,
  null,
  end
};

struct token {
  token_kind kind{};
  std::string_view raw{};  ///< exactly as written; strings and keys with their quotes, empty at the end
  std::size_t offset{};    ///< in bytes from the start of the text
};

struct options {
  std::size_t max_depth{512};  ///< objects and arrays around a value
  bool allow_non_finite{};     ///< NaN, Infinity and -Infinity are numbers, as Python's json module writes them
};

/// Reads tokens until `end`, or the first error, which repeats. A key is always followed by its value.
class tokenizer {
 public:
  explicit tokenizer(std::string_view text, const options& accept = {}) noexcept : text_(text), accept_(accept) {}

  result<token> next() {
    if (expected_) return failure();
    skip_space();
    if (state_ == state::after_value) {
      if (open_.empty()) return at_ == text_.size() ? make(token_kind::end, at_) : expect("the end of the text");
      if (take(closing())) return close();
      if (!take(',')) return expect(in_object() ? "',' or '}'" : "',' or ']'");
      state_ = in_object() ? state::key : state::value;
      skip_space();
    }
    switch (state_) {
      case state::first_key:
        if (take('}')) return close();
        [[fallthrough]];
      case state::key: return key();
      case state::first_value:
        if (take(']')) return close();
        [[fallthrough]];
      default: return value();
    }
  }

  /// How many objects and arrays are open.
  std::size_t depth() const noexcept { return open_.size(); }

 private:
  enum class state : std::uint8_t { value, first_value, first_key, key, after_value };

  bool in_object() const noexcept { return open_.back() == '{'; }
  char closing() const noexcept { return in_object() ? '}' : ']'; }
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }  // NUL is accepted nowhere
  void skip_space() noexcept {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) noexcept {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) noexcept {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_digits() noexcept {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ != start;
  }

  token make(token_kind kind, std::size_t start) const noexcept { return {kind, text_.substr(start, at_ - start), start}; }

  result<token> close() {
    const auto kind = in_object() ? token_kind::end_object : token_kind::end_array;
    open_.pop_back();
    state_ = state::after_value;
    return make(kind, at_ - 1);
  }

  result<token> key() {
    const std::size_t start = at_;
    if (peek() != '"') return expect(state_ == state::first_key ? "a key in double quotes or '}'" : "a key in double quotes");
    if (!string()) return failure();
    const token name = make(token_kind::key, start);
    skip_space();
    if (!take(':')) return expect("':'");
    state_ = state::value;
    return name;
  }

  result<token> value() {
    const std::size_t start = at_;
    const char first = peek();
    if (first == '{' || first == '[') {
      if (open_.size() == accept_.max_depth) return expect("no deeper nesting, since this is the limit,");
      ++at_;
      open_.push_back(first);
      state_ = first == '{' ? state::first_key : state::first_value;
      return make(first == '{' ? token_kind::begin_object : token_kind::begin_array, start);
    }
    const char* const wanted = state_ == state::first_value ? "a value or ']'" : "a value";
    state_ = state::after_value;
    if (first == '"') return string() ? result<token>{make(token_kind::string, start)} : failure();
    if (take("true")) return make(token_kind::true_, start);
    if (take("false")) return make(token_kind::false_, start);
    if (take("null")) return make(token_kind::null, start);
    if (accept_.allow_non_finite && (take("NaN") || take("Infinity") || take("-Infinity"))) return make(token_kind::number, start);
    if (first != '-' && !is_digit(first)) return expect(wanted);
    return number() ? result<token>{make(token_kind::number, start)} : failure();
  }

  /// RFC 8259, section 6. False after noting what was expected.
  bool number() noexcept {
    take('-');
    if (!take('0') && !take_digits()) return note("a digit");
    if (take('.') && !take_digits()) return note("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!take_digits()) return note("a digit");
    }
    return true;
  }

  /// RFC 8259, section 7. False after noting what was expected.
  bool string() noexcept {
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return note("an escape in place of a control character");
      if (c == '\\') {
        ++at_;
        if (take('u')) {
          for (int i = 0; i != 4; ++i, ++at_)
            if (hex_digit(peek()) < 0) return note("four hexadecimal digits");
        } else if (peek() != '\0' && std::string_view{"\"\\/bfnrt"}.find(peek()) != std::string_view::npos) {
          ++at_;
        } else {
          return note("one of \" \\ / b f n r t u after the backslash");
        }
      } else {
        const std::size_t length = utf8_length(text_.substr(at_));
        if (length == 0) return note("UTF-8");
        at_ += length;
      }
    }
    return note("a closing double quote");
  }

  bool note(const char* expected) noexcept {
    expected_ = expected;
    return false;
  }
  result<token> expect(const char* expected) {
    note(expected);
    return failure();
  }
  error failure() const {
    const auto before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto column = at_ - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return fail(error_kind::malformed_response, "JSON: expected " + std::string(expected_) +
                                                    (at_ == text_.size() ? " where the text ends, at line " : " at line ") +
                                                    std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
                                                    std::to_string(at_) + ")");
  }

  std::string_view text_;
  options accept_;
  std::size_t at_{};
  state state_{state::value};
  std::string open_{};      // '{' and '[' of what is open
  const char* expected_{};  // set once reading has failed
};

/// What becomes of an escaped surrogate without its partner, which is no character.
enum class lone_surrogates : std::uint8_t {
  refuse,
  keep,  ///< as three bytes, which are WTF-8 and not UTF-8: Python writes such strings
};

/// Appends the text that a string or key stands for. `raw` is a token's, quotes included. Fails with malformed_response, naming the
/// byte within `raw`; `out` then holds a part of the text.
inline result<void> unescape(std::string_view raw, std::string& out, lone_surrogates lone = lone_surrogates::refuse) {
  const auto broken = [](const char* what, std::size_t at) {
    return fail(error_kind::malformed_response, "JSON: " + std::string(what) + " at byte " + std::to_string(at) + " of the string");
  };
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return broken("no string in double quotes", 0);
  const auto inside = raw.substr(0, raw.size() - 1);
  const auto unit_at = [&](std::size_t at) -> int {  // of \uXXXX, or -1
    if (inside.size() - at < 6 || inside[at] != '\\' || inside[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char c : inside.substr(at + 2, 4)) {
      const int digit = hex_digit(c);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  };
  for (std::size_t at = 1; at < inside.size();) {
    const std::size_t plain = (std::min)(inside.find('\\', at), inside.size());
    out.append(inside, at, plain - at);
    at = plain;
    if (at == inside.size()) break;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const auto letter = at + 1 < inside.size() ? letters.find(inside[at + 1]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      out.push_back(meanings[letter]);
      at += 2;
      continue;
    }
    const int unit = unit_at(at);
    if (unit < 0) return broken("no known escape", at);
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const int second = high ? unit_at(at + 6) : -1;
    const bool pair = second >= 0xDC00 && second <= 0xDFFF;
    if (lone == lone_surrogates::refuse && !pair && unit >= 0xD800 && unit <= 0xDFFF) return broken("half of a surrogate pair", at);
    append_utf8(out, static_cast<char32_t>(pair ? 0x10000 + (unit - 0xD800) * 0x400 + (second - 0xDC00) : unit));
    at += pair ? 12 : 6;
  }
  return {};
}

}  // namespace s3store::inline v0::json

// ---- s3store/json/document.hpp
// What does a flat JSON object hold? Enough to read the documents in which credentials come.

namespace s3store::inline v0::json {

using members = std::vector<std::pair<std::string, std::string>>;

/// The members of an object, in order: strings decoded, numbers and booleans as written. Members that are null, objects or arrays
/// are passed over. The whole text is checked. The values may be secrets: move those into a secret_string.
inline result<members> flat_object(std::string_view text) {
  tokenizer tokens{text};
  members out;
  std::string key;
  auto t = tokens.next();
  if (t && t->kind != token_kind::begin_object) return fail(error_kind::malformed_response, "JSON: expected an object at the top");
  for (; t; t = tokens.next()) {
    if (t->kind == token_kind::end) return out;
    if (tokens.depth() != 1) continue;
    if (t->kind == token_kind::key) {
      key.clear();
      if (auto decoded = unescape(t->raw, key); !decoded) return std::move(decoded.error());
    } else if (t->kind == token_kind::string) {
      out.emplace_back(key, std::string{});
      if (auto decoded = unescape(t->raw, out.back().second); !decoded) return std::move(decoded.error());
    } else if (t->kind == token_kind::number || t->kind == token_kind::true_ || t->kind == token_kind::false_) {
      out.emplace_back(key, t->raw);
    }
  }
  return std::move(t.error());
}

/// The value of a member; the last of several, as in Python and JavaScript. Null where there is none.
inline const std::string* find(const members& object, std::string_view name) noexcept {
  for (auto m = object.rbegin(); m != object.rend(); ++m)
    if (m->first == name) return &m->second;
  return nullptr;
}

}  // namespace s3store::inline v0::json

// ---- s3store/json/string.hpp
// How is a text written as a JSON string? In ASCII alone, as Python's json module writes it: the same bytes whoever reads them.

namespace s3store::inline v0::json {

/// Appends `s` in double quotes; what is not printable ASCII (DEL included) becomes an escape. False where `s` is not UTF-8; `out` then
/// holds a part of it. With `lone_surrogates::keep` the three bytes that `unescape` makes of a lone surrogate become its escape again.
inline bool append_ascii_string(std::string& out, std::string_view s, lone_surrogates lone = lone_surrogates::refuse) {
  const auto unit = [&out](char32_t c) {
    constexpr char digits[] = "0123456789abcdef";
    out.append("\\u");
    for (const int shift : {12, 8, 4, 0}) out.push_back(digits[c >> shift & 15]);
  };
  const auto follows = [&s](std::size_t i) { return (static_cast<unsigned char>(s[i]) & 0xC0u) == 0x80u; };
  out.push_back('"');
  while (!s.empty()) {
    std::size_t size = utf8_length(s);
    if (size == 0 && lone == lone_surrogates::keep && s.size() >= 3 && s[0] == '\xED' && follows(1) && follows(2)) size = 3;
    if (size == 0) return false;
    char32_t c = static_cast<unsigned char>(s.front()) & (size == 1 ? 0xffu : 0xffu >> (size + 1));
    for (const char next : s.substr(1, size - 1)) c = c << 6 | (static_cast<unsigned char>(next) & 0x3fu);
    s.remove_prefix(size);
    constexpr std::string_view special = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto at = c < 0x80 ? special.find(static_cast<char>(c)) : std::string_view::npos;
    if (at != std::string_view::npos) {
      out.append({'\\', letters[at]});
    } else if (c >= ' ' && c <= '~') {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x10000) {
      unit(c);
    } else {
      unit(0xd800 + ((c - 0x10000) >> 10));
      unit(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  out.push_back('"');
  return true;
}

}  // namespace s3store::inline v0::json

// ---- s3store/xml/survey.hpp
// May this text be handed to the parser? One pass over it before it is parsed in place.
//
// The parser is fast because it trusts: it allocates for whatever is nested or listed, keeps an unknown entity as text, and takes a
// NUL for the end. So a hostile or damaged answer is refused here, by counting tags and looking at references, before anything is
// allocated for it. What passes is parsed; the parser then refuses what is left (names that do not match, attributes out of shape).

namespace s3store::inline v0::xml {

/// What a document may cost. S3's largest answers have some ten thousand elements, and nest six deep.
struct limits {
  std::size_t max_bytes{std::size_t{64} << 20};
  std::size_t max_depth{64};
  std::size_t max_nodes{1'000'000};  ///< elements, attributes, CDATA sections, comments and processing instructions
};

namespace detail {

/// What the pass learns for the reader.
struct survey_result {
  bool pieces{};    ///< a comment, CDATA section or processing instruction may split a text into pieces
  bool prefixes{};  ///< an element's name may have a namespace prefix
};

class survey {
 public:
  survey(std::string_view text, const limits& within) noexcept : text_(text), within_(within) {}

  result<survey_result> run() {
    if (text_.size() > within_.max_bytes)
      return fail(error_kind::malformed_response, "XML: the document has " + std::to_string(text_.size()) + " bytes; at most " +
                                                      std::to_string(within_.max_bytes) + " are accepted");
    if (const auto nul = text_.find('\0'); nul != npos) refuse(nul, "a NUL byte");
    if (text_.starts_with("\xEF\xBB\xBF")) done_ = 3;
    ampersand_ = text_.find('&');
    while (!problem_) {
      const auto tag = text_.find('<', done_);
      check_text(tag == npos ? text_.size() : tag);
      if (tag == npos || problem_) break;
      markup(tag);
    }
    if (!problem_ && depth_ != 0) refuse(text_.size(), cut_off);
    if (!problem_ && !root_seen_) refuse(text_.size(), "no root element");
    if (problem_)
      return fail(error_kind::malformed_response, "XML: " + std::string(problem_) + " at byte " + std::to_string(problem_at_));
    return found_;
  }

 private:
  static constexpr auto npos = std::string_view::npos;
  static constexpr auto structural = [] {  // what means something inside a start tag
    std::array<bool, 256> table{};
    for (const char c : {'>', ':', '"', '\''}) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  static constexpr const char* cut_off = "the document is cut off";

  void refuse(std::size_t at, const char* what) noexcept {
    if (problem_) return;
    problem_ = what;
    problem_at_ = at;
  }

  /// The text from the last markup to `end`: references that mean something, and outside the root nothing but white space.
  void check_text(std::size_t end) noexcept {
    for (; ampersand_ < end; ampersand_ = text_.find('&', ampersand_ + 1))
      if (!is_reference(text_.substr(ampersand_))) return refuse(ampersand_, "an '&' that starts no known reference");
    if (depth_ != 0) return;
    for (std::size_t i = done_; i < end; ++i)
      if (!is_space(text_[i])) return refuse(i, "text outside the root element");
  }

  void markup(std::size_t at) noexcept {
    const auto rest = text_.substr(at);
    switch (rest.size() > 1 ? rest[1] : '\0') {
      case '/': return end_tag(at);
      case '?': return skip_piece(at, 2, "?>");
      case '!': break;
      default: return start_tag(at);
    }
    if (rest.starts_with("<!--")) return skip_piece(at, 4, "-->");
    if (!rest.starts_with("<![CDATA[")) return refuse(at, "a document type declaration, which S3 never sends,");
    if (depth_ == 0) return refuse(at, "text outside the root element");
    skip_piece(at, 9, "]]>");
  }

  void end_tag(std::size_t at) noexcept {
    if (depth_ == 0) return refuse(at, "an end tag without its start tag");
    done_ = at + 2;
    if (--depth_ != 0) return;  // what is left of it looks like text, and the parser reads it
    const auto end = text_.find('>', done_);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + 1;
  }

  void skip_piece(std::size_t at, std::size_t opening, std::string_view closing) noexcept {
    count_node(at);
    found_.pieces |= depth_ != 0;
    const auto end = text_.find(closing, at + opening);
    if (end == npos) return refuse(text_.size(), cut_off);
    done_ = end + closing.size();
    if (ampersand_ < done_) ampersand_ = text_.find('&', done_);  // it is no reference in there
  }

  void start_tag(std::size_t at) noexcept {
    count_node(at);
    if (depth_ == 0 && root_seen_) return refuse(at, "a second root element");
    root_seen_ = true;
    if (depth_ == within_.max_depth) return refuse(at, "elements nested deeper than accepted");
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (!structural[static_cast<unsigned char>(text_[i])]) continue;
      if (text_[i] == '>') {
        done_ = i + 1;
        if (text_[i - 1] != '/') ++depth_;
        return;
      }
      if (text_[i] == ':') {
        found_.prefixes = true;
        continue;
      }
      count_node(i);
      i = text_.find(text_[i], i + 1);  // a quoted value
      if (i == npos) break;
    }
    refuse(text_.size(), cut_off);
  }

  void count_node(std::size_t at) noexcept {
    if (++nodes_ > within_.max_nodes) refuse(at, "more elements and attributes than accepted");
  }

  /// The five entities of XML 1.0, section 4.6, or a number that names a code point.
  static bool is_reference(std::string_view s) noexcept {
    constexpr std::size_t longest = 12;
    const auto end = s.substr(0, longest).find(';');
    if (end == npos) return false;
    const auto name = s.substr(1, end - 1);
    if (!name.starts_with('#')) return name == "lt" || name == "gt" || name == "amp" || name == "quot" || name == "apos";
    const bool hex = name.starts_with("#x");
    const auto digits = name.substr(hex ? 2 : 1);
    std::uint32_t code{};
    const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    return failure == std::errc{} && stop == digits.data() + digits.size() && code != 0 && code <= 0x10FFFF &&
           (code < 0xD800 || code > 0xDFFF);
  }

  std::string_view text_;
  const limits& within_;
  std::size_t done_{};       // everything before it has been looked at
  std::size_t ampersand_{};  // the next one not looked at
  std::size_t depth_{};
  std::size_t nodes_{};
  bool root_seen_{};
  survey_result found_{};
  const char* problem_{};
  std::size_t problem_at_{};
};

}  // namespace detail
}  // namespace s3store::inline v0::xml

// ---- s3store/xml/reader.hpp
// What does an XML answer say? A document parsed in place, and light views of its elements.
//
// The only include of pugixml. The text is surveyed (survey.hpp), parsed in its own buffer, and, where comments, CDATA sections or
// namespace prefixes make it necessary, tidied once: afterwards an element's name is its local name and its text is one piece, so
// that looking up neither compares prefixes nor copies. White space is kept where it is all of an element's text: a key may be
// one space.

namespace s3store::inline v0::xml {

namespace detail {

inline bool same_name(const char* name, std::string_view wanted) noexcept {
  for (const char c : wanted)
    if (*name++ != c) return false;
  return *name == '\0';
}

inline std::string_view local_part(std::string_view qualified) noexcept {
  return qualified.substr(qualified.find(':') + 1);  // npos + 1 is 0
}

inline bool is_text(pugi::xml_node n) noexcept { return n.type() == pugi::node_pcdata || n.type() == pugi::node_cdata; }

/// Brings names and texts into the shape that `node` relies on. They lie in `buffer`, in the order of the document, so that what
/// is moved only ever moves towards the front, over markup that has been read.
class tidier {
 public:
  tidier(std::string& buffer, pugi::xml_node root) noexcept : buffer_(buffer), root_(root) {}

  void run() {
    for (pugi::xml_node at = root_; at;) {
      if (at.type() == pugi::node_element) {
        strip_prefix(at);
        join_texts(at);
      }
      at = next(at);
    }
  }

 private:
  /// In the order of the document, without recursion: the depth is the sender's choice.
  pugi::xml_node next(pugi::xml_node at) const noexcept {
    if (const auto child = at.first_child()) return child;
    while (at != root_) {
      if (const auto sibling = at.next_sibling()) return sibling;
      at = at.parent();
    }
    return {};
  }

  char* in_buffer(const char* view) noexcept { return buffer_.data() + (view - buffer_.data()); }

  void strip_prefix(pugi::xml_node element) noexcept {
    const std::string_view name = element.name(), local = local_part(name);
    if (local.size() != name.size()) std::memmove(in_buffer(name.data()), local.data(), local.size() + 1);
  }

  void join_texts(pugi::xml_node parent) {
    for (auto n = parent.first_child(); n; n = n.next_sibling()) {
      if (!is_text(n)) continue;
      char* end = in_buffer(n.value()) + std::strlen(n.value());
      for (auto more = n.next_sibling(); more && is_text(more); more = n.next_sibling()) {
        const std::size_t length = std::strlen(more.value());
        std::memmove(end, more.value(), length + 1);
        end += length;
        parent.remove_child(more);
      }
    }
    // White space beside elements is layout.
    for (auto n = parent.first_child(); n;) {
      const auto following = n.next_sibling();
      if (is_text(n) && (following || n.previous_sibling()) && trim(n.value()).empty()) parent.remove_child(n);
      n = following;
    }
  }

  std::string& buffer_;
  pugi::xml_node root_;
};

}  // namespace detail

class node_range;
class cursor;

/// An element, or nothing. A view: valid as long as its document. Asking nothing for its children or text gives nothing.
class node {
 public:
  node() = default;
  explicit operator bool() const noexcept { return static_cast<bool>(at_); }
  friend bool operator==(node a, node b) noexcept { return a.at_ == b.at_; }

  /// The local name, without a namespace prefix.
  std::string_view name() const noexcept { return at_.name(); }

  /// The element's text, references decoded. Of an element that mixes text and elements, which S3 has none of: the first piece.
  std::string_view text() const noexcept { return at_.child_value(); }

  /// The first child of that local name; nothing where there is none.
  node child(std::string_view name) const noexcept { return find(at_.first_child(), name); }

  /// The value of the attribute of that name: the qualified name as written ("xsi:type"), else the local name ("type").
  std::optional<std::string_view> attribute(std::string_view name) const noexcept {
    for (auto a = at_.first_attribute(); a; a = a.next_attribute())
      if (detail::same_name(a.name(), name)) return a.value();
    for (auto a = at_.first_attribute(); a; a = a.next_attribute())
      if (detail::local_part(a.name()) == name) return a.value();
    return std::nullopt;
  }

  /// `for (node c : n.children("Contents"))`: the children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept;
  /// All child elements, in order.
  node_range children() const noexcept;

 private:
  friend class document;
  friend class node_range;
  friend class cursor;
  explicit node(pugi::xml_node at) noexcept : at_(at) {}

  static node find(pugi::xml_node from, std::string_view name) noexcept {
    for (; from; from = from.next_sibling())
      if (detail::same_name(from.name(), name)) return node{from};
    return {};
  }

  pugi::xml_node at_{};
};

/// Child elements as a range for `for`. An empty name stands for all.
class node_range {
 public:
  class iterator {
   public:
    using value_type = node;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    node operator*() const noexcept { return node{at_}; }
    iterator& operator++() noexcept {
      at_ = at_.next_sibling();
      settle();
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !at_; }

   private:
    friend class node_range;
    iterator(pugi::xml_node at, std::string_view name) noexcept : at_(at), name_(name) { settle(); }
    void settle() noexcept {
      while (at_ && !(name_.empty() ? at_.type() == pugi::node_element : detail::same_name(at_.name(), name_)))
        at_ = at_.next_sibling();
    }
    pugi::xml_node at_{};
    std::string_view name_{};
  };

  iterator begin() const noexcept { return {from_, name_}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend class node;
  friend class cursor;
  node_range(pugi::xml_node from, std::string_view name) noexcept : from_(from), name_(name) {}
  pugi::xml_node from_;
  std::string_view name_;
};

inline node_range node::children(std::string_view name) const noexcept { return {at_.first_child(), name}; }
inline node_range node::children() const noexcept { return {at_.first_child(), {}}; }

/// An element whose children are about to be asked for one after the other, as a structure's members are.
///
/// It notes the first children once, so that a name that is there costs one comparison when members are asked for in the order in
/// which they stand, and a name that is not there costs comparisons of first letters and no walk: most members are optional, and
/// a page of a thousand keys asks for some thousands that are absent.
class cursor {
 public:
  cursor() = default;
  explicit cursor(node parent) noexcept : parent_(parent) {
    for (rest_ = parent.at_.first_child(); rest_ && noted_ != most; rest_ = rest_.next_sibling())
      if (const char* name = rest_.name(); *name != '\0') children_[noted_++] = {rest_, name};
  }

  node parent() const noexcept { return parent_; }

  /// The first child of that local name behind the one found last, else the first of all; nothing where there is none.
  node child(std::string_view name) noexcept {
    for (std::size_t i = 0; i != noted_; ++i) {
      const std::size_t at = next_ + i < noted_ ? next_ + i : next_ + i - noted_;
      if (!detail::same_name(children_[at].name, name)) continue;
      next_ = at + 1;
      return node{children_[at].at};
    }
    return node::find(rest_, name);
  }

  /// All children of that local name, in order. The name must outlive the loop.
  node_range children(std::string_view name) const noexcept {
    for (std::size_t i = 0; i != noted_; ++i)
      if (detail::same_name(children_[i].name, name)) return {children_[i].at, name};
    return {rest_, name};
  }

 private:
  static constexpr std::size_t most = 16;
  struct noted_child {
    pugi::xml_node at{};
    const char* name{};
  };
  node parent_{};
  std::array<noted_child, most> children_{};
  std::size_t noted_{};
  std::size_t next_{};     // behind the one found last
  pugi::xml_node rest_{};  // the first child that is not noted
};

/// A parsed document, with its text. Movable; views of it stay valid when it is moved.
class document {
 public:
  /// Parses UTF-8 text. Fails with malformed_response, naming the byte, where the text is not well-formed, is larger or deeper than
  /// accepted, or declares a document type: entities other than XML's own five do not exist here.
  static result<document> parse(std::string text, const limits& within = {}) {
    const auto surveyed = detail::survey{text, within}.run();
    if (!surveyed) return surveyed.error();
    document out{std::move(text)};
    // With pieces, white space is judged by the tidier, once they are joined.
    const unsigned keep_space = surveyed->pieces ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single;
    const auto parsed = out.state_->tree.load_buffer_inplace(
        out.state_->text.data(), out.state_->text.size(),
        pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_wconv_attribute | keep_space, pugi::encoding_utf8);
    if (!parsed)
      return fail(error_kind::malformed_response,
                  "XML: " + lower_case(parsed.description()) + " at byte " + std::to_string(parsed.offset));
    if (surveyed->pieces || surveyed->prefixes) detail::tidier{out.state_->text, out.state_->tree.document_element()}.run();
    return out;
  }

  node root() const noexcept { return node{state_->tree.document_element()}; }

 private:
  struct state {
    std::string text{};
    pugi::xml_document tree{};
  };
  explicit document(std::string text) : state_(std::make_unique<state>()) { state_->text = std::move(text); }
  std::unique_ptr<state> state_;  // not inside the object: a short string's bytes move with it, and the tree points at them
};

}  // namespace s3store::inline v0::xml

// ---- s3store/xml/writer.hpp
// How is XML written? Element by element at the end of a string, every text escaped.
//
// XML 1.0 has no way to carry most control characters, nor bytes that are not UTF-8, and a key may hold both. The writer refuses
// them: it goes on writing, but the document is `bad()` and must not be sent.

namespace s3store::inline v0::xml {

/// Appends one document to a string. Names of elements and attributes are the program's own and are not checked.
class writer {
 public:
  explicit writer(std::string& out) noexcept : out_(&out) {}

  /// Comes first, if at all.
  void declaration() { out_->append(R"(<?xml version="1.0" encoding="UTF-8"?>)").push_back('\n'); }

  void open(std::string_view name) {
    end_start_tag();
    out_->push_back('<');
    open_.push_back({out_->size(), name.size()});
    out_->append(name);
    in_start_tag_ = true;
  }
  void open(std::string_view name, std::string_view xml_namespace) {
    open(name);
    attribute("xmlns", xml_namespace);
  }

  /// Of the element just opened, before its text and children.
  void attribute(std::string_view name, std::string_view value) {
    if (!in_start_tag_) return refuse("an attribute that follows its element's content");
    out_->append(" ").append(name).append("=\"");
    escape<true>(value);
    out_->push_back('"');
  }

  void text(std::string_view value) {
    end_start_tag();
    escape<false>(value);
  }

  /// Ends the element opened last.
  void close() {
    if (open_.empty()) return refuse("an end without an open element");
    const auto [at, size] = open_.back();
    open_.pop_back();
    if (std::exchange(in_start_tag_, false)) {
      out_->append("/>");
    } else {
      out_->append("</").append(*out_, at, size).push_back('>');
    }
  }

  void element(std::string_view name, std::string_view value) {
    open(name);
    if (!value.empty()) text(value);
    close();
  }

  /// True once anything was refused; what stands in the string is then no document.
  bool bad() const noexcept { return problem_ != nullptr; }

  /// To be asked at the end. Fails with invalid_argument where something was refused or an element was left open.
  result<void> finish() const {
    const char* const problem = problem_ ? problem_ : !open_.empty() ? "an element that was left open" : nullptr;
    if (problem) return fail(error_kind::invalid_argument, "XML cannot be written with " + std::string(problem));
    return {};
  }

 private:
  struct open_element {  // where its name stands, so that no one else has to keep it
    std::size_t at{};
    std::size_t size{};
  };

  void refuse(const char* problem) noexcept {
    if (!problem_) problem_ = problem;
  }

  void end_start_tag() {
    if (std::exchange(in_start_tag_, false)) out_->push_back('>');
  }

  /// A carriage return would be read back as a line feed (XML 1.0, section 2.11), and in an attribute a line feed or tab as a space
  /// (section 3.3.3), so these go as references.
  template <bool in_attribute>
  static constexpr std::string_view reference(char c) noexcept {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      case '\r': return "&#13;";
      case '\n': return in_attribute ? "&#10;" : "";
      case '\t': return in_attribute ? "&#9;" : "";
      default: return "";
    }
  }

  template <bool in_attribute>
  void escape(std::string_view s) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < s.size();) {
      const std::size_t length = utf8_length(s.substr(i));
      if (length == 0) return refuse("bytes that are not UTF-8");
      if (length == 3 && (s.substr(i, 3) == "\xEF\xBF\xBE" || s.substr(i, 3) == "\xEF\xBF\xBF"))
        return refuse("U+FFFE or U+FFFF, which XML 1.0 has no way to carry");
      if (const auto instead = reference<in_attribute>(s[i]); !instead.empty()) {
        out_->append(s, written, i - written).append(instead);
        written = i + 1;
      } else if (static_cast<unsigned char>(s[i]) < 0x20 && s[i] != '\n' && s[i] != '\t') {
        return refuse("a control character, which XML 1.0 has no way to carry");
      }
      i += length;
    }
    out_->append(s, written);
  }

  std::string* out_;
  std::vector<open_element> open_{};
  bool in_start_tag_{};
  const char* problem_{};
};

}  // namespace s3store::inline v0::xml

// ---- s3store/crypto/checksum_algorithm.hpp
// Which checksums does S3 know, and what are they called on the wire? Names only: whoever takes one includes checksum.hpp.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

namespace s3store::inline v0::crypto {

enum class checksum_algorithm : std::uint8_t { crc32, crc32c, crc64nvme, sha1, sha256, md5 };

struct checksum_traits {
  checksum_algorithm algorithm{};
  std::string_view name{};    ///< as `x-amz-sdk-checksum-algorithm` and `ChecksumAlgorithm` have it; MD5 is none of theirs
  std::string_view header{};  ///< the header, or trailer, that carries the value in base64
  std::size_t size{};         ///< bytes in the value
};

/// All of them, in the order of the enumeration.
inline constexpr std::array<checksum_traits, 6> checksum_algorithms{{
    {checksum_algorithm::crc32, "CRC32", "x-amz-checksum-crc32", 4},
    {checksum_algorithm::crc32c, "CRC32C", "x-amz-checksum-crc32c", 4},
    {checksum_algorithm::crc64nvme, "CRC64NVME", "x-amz-checksum-crc64nvme", 8},
    {checksum_algorithm::sha1, "SHA1", "x-amz-checksum-sha1", 20},
    {checksum_algorithm::sha256, "SHA256", "x-amz-checksum-sha256", 32},
    {checksum_algorithm::md5, "MD5", "Content-MD5", 16},
}};

constexpr const checksum_traits& traits_of(checksum_algorithm a) noexcept {
  return checksum_algorithms[static_cast<std::size_t>(a)];
}
constexpr std::string_view name(checksum_algorithm a) noexcept { return traits_of(a).name; }
constexpr std::string_view header_name(checksum_algorithm a) noexcept { return traits_of(a).header; }

/// Characters in the value's base64 text.
constexpr std::size_t base64_size(checksum_algorithm a) noexcept { return (traits_of(a).size + 2) / 3 * 4; }

/// The algorithm of that name, in either case; nothing for a name that we can't compute (S3 may add some).
constexpr std::optional<checksum_algorithm> parse_checksum_algorithm(std::string_view name) noexcept {
  for (const checksum_traits& known : checksum_algorithms)
    if (equal_ignoring_case(known.name, name)) return known.algorithm;
  return std::nullopt;
}

}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/crc_tables.hpp
// What is a CRC, as arithmetic? The polynomials, their products, the tables made from them, and the portable way through the bytes.
//
// A reflected CRC of W bits is a polynomial over GF(2) of degree < W, modulo P: the top bit of the integer is the coefficient of
// x^0, the lowest bit that of x^(W-1). A byte of the message is a polynomial in the same order, so the state is added (xor) to the
// first bytes. No number here comes from a book but the three polynomials: every table and constant is a power of x modulo P.

namespace s3store::inline v0::crypto {

/// CRC-32 of IEEE 802.3, gzip and zlib (0x04C11DB7, reflected).
struct crc32_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0xEDB88320;
};
/// CRC-32C, Castagnoli's, of iSCSI (0x1EDC6F41, reflected).
struct crc32c_polynomial {
  using value_type = std::uint32_t;
  static constexpr value_type value = 0x82F63B78;
};
/// CRC-64/NVME of the NVM Express specification (0xAD93D23594C93659, reflected).
struct crc64nvme_polynomial {
  using value_type = std::uint64_t;
  static constexpr value_type value = 0x9A6C9329AC4BC9B5;
};

namespace detail {

template <class P>
using crc_value = typename P::value_type;

template <class P>
inline constexpr int crc_bits = std::numeric_limits<crc_value<P>>::digits;

/// The polynomial x^n for n < W.
template <class P>
constexpr crc_value<P> crc_monomial(int n) noexcept {
  return static_cast<crc_value<P>>(crc_value<P>{1} << (crc_bits<P> - 1 - n));
}

/// a * x mod P.
template <class P>
constexpr crc_value<P> crc_times_x(crc_value<P> a) noexcept {
  return static_cast<crc_value<P>>((a >> 1) ^ ((a & 1) != 0 ? P::value : 0));
}

/// a * b mod P.
template <class P>
constexpr crc_value<P> crc_product(crc_value<P> a, crc_value<P> b) noexcept {
  crc_value<P> sum{};
  for (int n = 0; n != crc_bits<P>; ++n, b = crc_times_x<P>(b))
    if ((a & crc_monomial<P>(n)) != 0) sum ^= b;
  return sum;
}

/// a^n mod P, by squaring.
template <class P>
constexpr crc_value<P> crc_power(crc_value<P> a, std::uint64_t n) noexcept {
  crc_value<P> product = crc_monomial<P>(0);
  for (; n != 0; n >>= 1, a = crc_product<P>(a, a))
    if ((n & 1) != 0) product = crc_product<P>(product, a);
  return product;
}

/// How fast may the bytes be taken? Each way needs more of the CPU than the one before it.
enum class crc_path : std::uint8_t {
  portable,      ///< sixteen table look-ups for sixteen bytes
  instructions,  ///< the CPU's own CRC instruction, where it knows the polynomial
  folding,       ///< carry-less products, 16 bytes at a time
  wide_folding,  ///< the same, 64 bytes at a time
};

/// Two factors that move the halves of a 128-bit lane `distance` bits ahead. A lane is a polynomial of degree < 128, its low half
/// the higher powers. The carry-less product of two reflected 64-bit integers is reflected in 127 bits, so as a lane it is one x
/// too high: they are x^(distance + 64 - 1) and x^(distance - 1) mod P, and stand in the upper bits of 64 when P has only 32.
struct crc_factors {
  std::uint64_t low{};
  std::uint64_t high{};
};

template <class P>
constexpr crc_factors crc_factors_for(std::uint64_t distance) noexcept {
  const auto power = [](std::uint64_t n) {
    return static_cast<std::uint64_t>(crc_power<P>(crc_monomial<P>(1), n)) << (64 - crc_bits<P>);
  };
  return {power(distance + 63), power(distance - 1)};
}

/// What one polynomial needs, made at its first use: making it in the compiler would cost every user more than the first use does.
template <class P>
struct crc_tables {
  crc_value<P> after[16][256]{};  ///< after[k][b]: the remainder of byte b with k zero bytes behind it
  crc_factors by_128{};
  crc_factors by_512{};
  crc_factors by_2048{};

  crc_tables() noexcept
      : by_128(crc_factors_for<P>(128)), by_512(crc_factors_for<P>(512)), by_2048(crc_factors_for<P>(2048)) {
    for (unsigned b = 0; b != 256; ++b) {
      crc_value<P> remainder = b;
      for (int bit = 0; bit != 8; ++bit) remainder = crc_times_x<P>(remainder);
      after[0][b] = remainder;
    }
    for (int k = 1; k != 16; ++k)
      for (int b = 0; b != 256; ++b) after[k][b] = step(after[k - 1][b], 0);
  }

  /// The state after one more byte.
  crc_value<P> step(crc_value<P> state, std::uint8_t byte) const noexcept {
    return static_cast<crc_value<P>>(after[0][(state ^ byte) & 0xff] ^ (state >> 8));
  }

  /// The remainder of a little-endian word of eight bytes with `zeros` zero bytes behind it.
  crc_value<P> word(std::uint64_t w, int zeros) const noexcept {
    const auto* const t = after + zeros;
    return t[7][w & 0xff] ^ t[6][w >> 8 & 0xff] ^ t[5][w >> 16 & 0xff] ^ t[4][w >> 24 & 0xff] ^  //
           t[3][w >> 32 & 0xff] ^ t[2][w >> 40 & 0xff] ^ t[1][w >> 48 & 0xff] ^ t[0][w >> 56];
  }

  static const crc_tables& get() noexcept {
    static const crc_tables tables;
    return tables;
  }
};

inline std::uint64_t load_little(const std::byte* p) noexcept {
  std::uint64_t w{};
  std::memcpy(&w, p, sizeof w);
  if constexpr (std::endian::native == std::endian::big) {
    std::uint64_t swapped{};
    for (int i = 0; i != 8; ++i, w >>= 8) swapped = swapped << 8 | (w & 0xff);
    return swapped;
  }
  return w;
}

template <class P>
crc_value<P> crc_by_table(crc_value<P> state, const std::byte* p, std::size_t n) noexcept {
  const auto& tables = crc_tables<P>::get();
  for (; n >= 16; p += 16, n -= 16) state = tables.word(load_little(p) ^ state, 8) ^ tables.word(load_little(p + 8), 0);
  if (n >= 8) {
    state = tables.word(load_little(p) ^ state, 0);
    p += 8, n -= 8;
  }
  // A word of 64 bits swallows a state of either width; a single byte leaves the rest of it standing.
  for (; n != 0; ++p, --n) state = tables.step(state, std::to_integer<std::uint8_t>(*p));
  return state;
}

}  // namespace detail
}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/crc_arm.hpp
// Which instructions does AArch64 have for a CRC? PMULL (carry-less product), and crc32x, crc32cx for both polynomials of 32 bits.
//
// Written as assembly, because GCC and Clang name the builtins and the target attributes differently and <arm_neon.h> is long.
// The directive tells the assembler only; crc_fold.hpp asks the CPU before it calls one. Some CPUs (Raspberry Pi 4) have the CRC
// instructions and no PMULL.

#if defined(__GNUC__) && defined(__AARCH64EL__)

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define S3STORE_CRC_TARGET

namespace s3store::inline v0::crypto::detail {

template <class P>
inline constexpr bool crc_has_instruction = crc_bits<P> == 32;

inline crc_path crc_cpu_path() noexcept {
#if defined(__APPLE__)
  return crc_path::folding;
#elif defined(__linux__)
  constexpr unsigned long pmull = 1UL << 4, crc32 = 1UL << 7;  // HWCAP_PMULL and HWCAP_CRC32 of the kernel's user interface
  const unsigned long has = getauxval(AT_HWCAP);
  if ((has & crc32) == 0) return crc_path::portable;
  return (has & pmull) != 0 ? crc_path::folding : crc_path::instructions;
#else
  return crc_path::portable;
#endif
}

template <class P>
__attribute__((always_inline)) inline std::uint32_t crc_instruction(std::uint32_t state, std::uint64_t word) noexcept {
  if constexpr (std::is_same_v<P, crc32c_polynomial>)
    asm(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(state) : "r"(word));
  else
    asm(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(state) : "r"(word));
  return state;
}
template <class P>
__attribute__((always_inline)) inline std::uint32_t crc_instruction(std::uint32_t state, std::uint8_t byte) noexcept {
  if constexpr (std::is_same_v<P, crc32c_polynomial>)
    asm(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(state) : "r"(byte));
  else
    asm(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(state) : "r"(byte));
  return state;
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Both halves of the lane times their factors, added.
__attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  crc_lane low, high;
  asm(".arch_extension aes\n\tpmull %0.1q, %1.1d, %2.1d" : "=w"(low) : "w"(x), "w"(factors));
  asm(".arch_extension aes\n\tpmull2 %0.1q, %1.2d, %2.2d" : "=w"(high) : "w"(x), "w"(factors));
  return low ^ high;
}

}  // namespace s3store::inline v0::crypto::detail

#endif

// ---- s3store/crypto/crc_x86.hpp
// Which instructions does x86-64 have for a CRC? PCLMULQDQ (carry-less product), VPCLMULQDQ (four of them at once, with AVX-512),
// and SSE4.2's crc32 for Castagnoli's polynomial only.
//
// Compiler builtins instead of <immintrin.h>, which is long. The attribute lets one function use what the rest of the program may
// not assume; crc_fold.hpp asks the CPU before it calls one.

#if defined(__GNUC__) && defined(__x86_64__)

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#define S3STORE_CRC_TARGET __attribute__((target("pclmul,sse4.2")))
#define S3STORE_CRC_WIDE_TARGET __attribute__((target("avx512f,vpclmulqdq")))

namespace s3store::inline v0::crypto::detail {

template <class P>
inline constexpr bool crc_has_instruction = std::is_same_v<P, crc32c_polynomial>;

inline crc_path crc_cpu_path() noexcept {
  __builtin_cpu_init();  // somebody's constructor may run before the compiler's own
  if (!__builtin_cpu_supports("sse4.2")) return crc_path::portable;
  if (!__builtin_cpu_supports("pclmul")) return crc_path::instructions;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
  return wide ? crc_path::wide_folding : crc_path::folding;
}

template <class P>
__attribute__((target("sse4.2"), always_inline)) inline std::uint32_t crc_instruction(std::uint32_t state,
                                                                                     std::uint64_t word) noexcept {
  return static_cast<std::uint32_t>(__builtin_ia32_crc32di(state, word));
}
template <class P>
__attribute__((target("sse4.2"), always_inline)) inline std::uint32_t crc_instruction(std::uint32_t state,
                                                                                     std::uint8_t byte) noexcept {
  return __builtin_ia32_crc32qi(state, byte);
}

typedef long long crc_lane __attribute__((vector_size(16)));

/// Both halves of the lane times their factors, added.
S3STORE_CRC_TARGET __attribute__((always_inline)) inline crc_lane crc_fold(crc_lane x, crc_lane factors) noexcept {
  return __builtin_ia32_pclmulqdq128(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq128(x, factors, 0x11);
}

typedef long long crc_wide_lane __attribute__((vector_size(64)));

S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline crc_wide_lane crc_wide_load(const void* p) noexcept {
  crc_wide_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

/// `x` folded onto the lane at `p`.
S3STORE_CRC_WIDE_TARGET __attribute__((always_inline)) inline void crc_wide_fold(crc_wide_lane& x, const crc_wide_lane& factors,
                                                                                const void* p) noexcept {
#if defined(__clang__)
  x = __builtin_ia32_pclmulqdq512(x, factors, 0x00) ^ __builtin_ia32_pclmulqdq512(x, factors, 0x11) ^ crc_wide_load(p);
#else
  x = __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x00) ^ __builtin_ia32_vpclmulqdq_v8di(x, factors, 0x11) ^ crc_wide_load(p);
#endif
}

/// Folds all whole blocks of 256 bytes, at least one, into 256 bytes with the same remainder. Returns how many bytes were taken.
template <class P>
S3STORE_CRC_WIDE_TARGET std::size_t crc_fold_wide(crc_value<P> state, const std::byte* p, std::size_t n,
                                                  std::byte* folded) noexcept {
  const auto [low, high] = crc_tables<P>::get().by_2048;
  const auto l = static_cast<long long>(low), h = static_cast<long long>(high);
  const crc_wide_lane by_2048{l, h, l, h, l, h, l, h};
  crc_wide_lane a = crc_wide_load(p) ^ crc_wide_lane{static_cast<long long>(state)};
  crc_wide_lane b = crc_wide_load(p + 64), c = crc_wide_load(p + 128), d = crc_wide_load(p + 192);
  std::size_t taken = 256;
  for (; n - taken >= 256; taken += 256) {
    crc_wide_fold(a, by_2048, p + taken);
    crc_wide_fold(b, by_2048, p + taken + 64);
    crc_wide_fold(c, by_2048, p + taken + 128);
    crc_wide_fold(d, by_2048, p + taken + 192);
  }
  const crc_wide_lane block[] = {a, b, c, d};
  std::memcpy(folded, block, sizeof block);
  return taken;
}

}  // namespace s3store::inline v0::crypto::detail

#endif

// ---- s3store/crypto/crc_fold.hpp
// How is a CRC taken with the CPU's instructions? One kernel for every polynomial and both architectures.
//
// Folding: a lane of 16 bytes is moved ahead by a fixed distance, which is two carry-less products with powers of x mod P, and
// added to the bytes that stand there. Four independent lanes hide the latency of the product. What is left in the end is 16 bytes
// with the same remainder as all that went before, and they are finished like any other short tail. (The wide kernel leaves 256
// such bytes to this one.)

namespace s3store::inline v0::crypto::detail {

#if defined(S3STORE_CRC_TARGET)

template <class P>
S3STORE_CRC_TARGET crc_value<P> crc_by_instruction(crc_value<P> state, const std::byte* p, std::size_t n) noexcept {
  if constexpr (!crc_has_instruction<P>) {
    return crc_by_table<P>(state, p, n);
  } else {
    for (; n >= 8; p += 8, n -= 8) state = crc_instruction<P>(state, load_little(p));
    for (; n != 0; ++p, --n) state = crc_instruction<P>(state, std::to_integer<std::uint8_t>(*p));
    return state;
  }
}

__attribute__((always_inline)) inline crc_lane crc_load(const void* p) noexcept {
  crc_lane lane;
  std::memcpy(&lane, p, sizeof lane);
  return lane;
}

template <class P>
S3STORE_CRC_TARGET crc_value<P> crc_by_folding(crc_value<P> state, const std::byte* p, std::size_t n) noexcept {
  if (n < 32) return crc_by_instruction<P>(state, p, n);
  const auto& tables = crc_tables<P>::get();
  const crc_lane by_128 = crc_load(&tables.by_128);
  crc_lane a = crc_load(p) ^ crc_lane{static_cast<long long>(state), 0};
  p += 16, n -= 16;
  if (n >= 64 + 48) {
    const crc_lane by_512 = crc_load(&tables.by_512);
    crc_lane b = crc_load(p), c = crc_load(p + 16), d = crc_load(p + 32);
    for (p += 48, n -= 48; n >= 64; p += 64, n -= 64) {
      a = crc_fold(a, by_512) ^ crc_load(p);
      b = crc_fold(b, by_512) ^ crc_load(p + 16);
      c = crc_fold(c, by_512) ^ crc_load(p + 32);
      d = crc_fold(d, by_512) ^ crc_load(p + 48);
    }
    b ^= crc_fold(a, by_128);
    c ^= crc_fold(b, by_128);
    a = crc_fold(c, by_128) ^ d;
  }
  for (; n >= 16; p += 16, n -= 16) a = crc_fold(a, by_128) ^ crc_load(p);
  std::byte folded[16];
  std::memcpy(folded, &a, sizeof folded);
  return crc_by_instruction<P>(crc_by_instruction<P>(0, folded, sizeof folded), p, n);
}

#else
inline crc_path crc_cpu_path() noexcept { return crc_path::portable; }
#endif

/// The state after n more bytes, by the fastest path that this CPU has, and no faster one than `at_most`.
template <class P>
crc_value<P> crc_advance(crc_value<P> state, const std::byte* p, std::size_t n, crc_path at_most) noexcept {
#if defined(S3STORE_CRC_TARGET)
  static const crc_path cpu = crc_cpu_path();
  const crc_path path = at_most < cpu ? at_most : cpu;
#if defined(S3STORE_CRC_WIDE_TARGET)
  if (path == crc_path::wide_folding && n >= 1024) {  // below, the extra pass over 256 bytes costs more than it saves
    std::byte folded[256];
    const std::size_t taken = crc_fold_wide<P>(state, p, n, folded);
    state = crc_by_folding<P>(0, folded, sizeof folded);
    p += taken, n -= taken;
  }
#endif
  if (path >= crc_path::folding) return crc_by_folding<P>(state, p, n);
  if (path == crc_path::instructions) return crc_by_instruction<P>(state, p, n);
#else
  static_cast<void>(at_most);
#endif
  return crc_by_table<P>(state, p, n);
}

}  // namespace s3store::inline v0::crypto::detail

#undef S3STORE_CRC_TARGET
#undef S3STORE_CRC_WIDE_TARGET

// ---- s3store/crypto/crc.hpp
// What is the CRC of a stream of bytes? CRC32, CRC32C and CRC64NVME, as S3 defines them: reflected, all ones before and after.
//
//   crypto::crc64nvme crc;
//   crc.update(bytes);                 // as often as there are bytes, in pieces of any size
//   std::uint64_t value = crc.value();
//
// The CPU's instructions are chosen at run time (crc_fold.hpp); tables stand in where it has none (crc_tables.hpp).

namespace s3store::inline v0::crypto {

template <class Polynomial>
class basic_crc {
 public:
  using value_type = typename Polynomial::value_type;

  void update(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::wide_folding); }
  /// Without any special instruction: what a CPU that has none does, and what tests compare with.
  void update_portable(std::span<const std::byte> bytes) noexcept { update(bytes, detail::crc_path::portable); }
  /// For tests: the path may be slower than the CPU's best, never faster.
  void update(std::span<const std::byte> bytes, detail::crc_path at_most) noexcept {
    state_ = detail::crc_advance<Polynomial>(state_, bytes.data(), bytes.size(), at_most);
  }

  /// The CRC of all bytes so far; more may follow.
  value_type value() const noexcept { return static_cast<value_type>(~state_); }
  void reset() noexcept { state_ = initial; }

  /// The CRC of A followed by B, from theirs and B's length in bytes: how the parts of a multipart upload make the whole object's.
  static constexpr value_type combine(value_type crc_a, value_type crc_b, std::uint64_t length_b) noexcept {
    // All ones before and after cancel out, so A's CRC moves ahead of B like any remainder: times x^8 for each byte.
    const value_type shift = detail::crc_power<Polynomial>(detail::crc_monomial<Polynomial>(8), length_b);
    return detail::crc_product<Polynomial>(crc_a, shift) ^ crc_b;
  }

 private:
  static constexpr value_type initial = static_cast<value_type>(~value_type{0});
  value_type state_{initial};
};

class crc32 final : public basic_crc<crc32_polynomial> {};
class crc32c final : public basic_crc<crc32c_polynomial> {};
class crc64nvme final : public basic_crc<crc64nvme_polynomial> {};

}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/digest.hpp
// How are bytes hashed? By OpenSSL's EVP digests, fetched once and used over and over on one context.
//
// A digest asks OpenSSL for its algorithm when it is made (a search through the providers, a microsecond), so a client keeps its
// digests and uses them again. Only EVP is used: the older SHA256_* functions go round a FIPS provider.

namespace s3store::inline v0::crypto {

enum class digest_algorithm : std::uint8_t { md5, sha1, sha256, sha512 };

using sha256_value = std::array<std::byte, 32>;

namespace detail {

struct evp_free {
  void operator()(EVP_MD* p) const noexcept { EVP_MD_free(p); }
  void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
};
using evp_algorithm = std::unique_ptr<EVP_MD, evp_free>;
using evp_context = std::unique_ptr<EVP_MD_CTX, evp_free>;

/// Null where no provider has the algorithm; OpenSSL's error queue is left as it was.
inline evp_algorithm fetch(digest_algorithm a) noexcept {
  constexpr const char* names[] = {"MD5", "SHA1", "SHA2-256", "SHA2-512"};
  ERR_set_mark();
  evp_algorithm found{EVP_MD_fetch(nullptr, names[static_cast<std::size_t>(a)], nullptr)};
  ERR_pop_to_mark();
  return found;
}

inline evp_context new_context() {
  evp_context made{EVP_MD_CTX_new()};
  if (!made) throw std::bad_alloc{};
  return made;
}

}  // namespace detail

/// One running hash. Not thread-safe; ready for the next message after `finish`.
class digest {
 public:
  static constexpr std::size_t max_size = EVP_MAX_MD_SIZE;

  explicit digest(digest_algorithm a) : algorithm_(detail::fetch(a)), context_(detail::new_context()) {
    usable_ = running_ = algorithm_ && EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1;
  }

  /// False where this OpenSSL has no such algorithm (MD5 on a FIPS build): then `finish` gives no bytes.
  bool usable() const noexcept { return usable_; }

  /// Bytes in a hash: 16, 20, 32 or 64.
  std::size_t size() const noexcept { return usable_ ? static_cast<std::size_t>(EVP_MD_get_size(algorithm_.get())) : 0; }

  void update(std::span<const std::byte> bytes) noexcept {
    usable_ = begin() && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }

  /// Writes the hash of all that came since the last finish or reset; returns its size in bytes.
  std::size_t finish(std::span<std::byte, max_size> out) noexcept {
    unsigned size = 0;
    const bool done = begin() && EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
    running_ = false;
    return done ? size : 0;
  }

  /// Forgets what came so far.
  void reset() noexcept { running_ = false; }

  /// Goes on from where `other`, of the same algorithm and updated since its last finish, stands. Many threads may do so at once
  /// from one `other` that nobody changes.
  void resume(const digest& other) noexcept {
    usable_ = running_ = other.running_ && EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) == 1;
  }

 private:
  /// Starting late saves the start where `resume` comes next. Without an algorithm OpenSSL takes the last one, in half the time.
  bool begin() noexcept {
    if (!running_) running_ = usable_ && EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1;
    return running_;
  }

  detail::evp_algorithm algorithm_{};
  detail::evp_context context_{};
  bool usable_{};
  bool running_{};
};

/// The hash of one message. For many messages keep a `digest`. Throws where OpenSSL lacks SHA-256, which no working one does.
inline sha256_value sha256(std::span<const std::byte> bytes) {
  digest d{digest_algorithm::sha256};
  std::array<std::byte, digest::max_size> out{};
  d.update(bytes);
  if (d.finish(out) != sizeof(sha256_value)) throw s3_error{fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  sha256_value value{};
  std::copy_n(out.begin(), value.size(), value.begin());
  return value;
}

/// Its 64 hex digits, as `x-amz-content-sha256` has them.
inline std::string sha256_hex(std::span<const std::byte> bytes) { return hex(sha256(bytes)); }

}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/checksum.hpp
// How is a checksum taken whose algorithm is known only at run time?
//
//   crypto::checksum sum{crypto::checksum_algorithm::crc64nvme};
//   sum.update(bytes);
//   fields.set(crypto::header_name(sum.algorithm()), sum.base64());

namespace s3store::inline v0::crypto {

/// A running checksum. Move-only, not thread-safe, and ready for the next message after `finish`, `base64` and `reset`.
class checksum {
  template <class F>
  auto visit(F f) noexcept {
    switch (algorithm_) {
      case checksum_algorithm::crc32: return f(crc32_);
      case checksum_algorithm::crc32c: return f(crc32c_);
      case checksum_algorithm::crc64nvme: return f(crc64nvme_);
      default: return f(*digest_);
    }
  }

 public:
  static constexpr std::size_t max_size = digest::max_size;

  explicit checksum(checksum_algorithm a) : algorithm_(a) {
    if (const auto d = digest_for(a)) digest_.emplace(*d);
  }

  checksum_algorithm algorithm() const noexcept { return algorithm_; }
  /// False where this OpenSSL has no such algorithm (MD5 on a FIPS build): then there is never a value.
  bool usable() const noexcept { return !digest_ || digest_->usable(); }

  void update(std::span<const std::byte> bytes) noexcept {
    visit([&](auto& h) { h.update(bytes); });
  }

  /// Writes the value, big-endian if it is a number, and returns its size in bytes; 0 if not usable.
  std::size_t finish(std::span<std::byte, max_size> out) noexcept {
    return visit([&](auto& h) { return finish(h, out); });
  }

  /// The value as its header has it; empty if not usable.
  std::string base64() {
    std::array<std::byte, max_size> value{};
    return s3store::base64({value.data(), finish(value)});
  }

  /// Forgets what came so far.
  void reset() noexcept {
    visit([](auto& h) { h.reset(); });
  }

 private:
  static constexpr std::optional<digest_algorithm> digest_for(checksum_algorithm a) noexcept {
    switch (a) {
      case checksum_algorithm::md5: return digest_algorithm::md5;
      case checksum_algorithm::sha1: return digest_algorithm::sha1;
      case checksum_algorithm::sha256: return digest_algorithm::sha256;
      default: return std::nullopt;
    }
  }

  static std::size_t finish(digest& d, std::span<std::byte, max_size> out) noexcept { return d.finish(out); }
  template <class Polynomial>
  static std::size_t finish(basic_crc<Polynomial>& crc, std::span<std::byte, max_size> out) noexcept {
    const auto value = crc.value();
    for (std::size_t i = 0; i != sizeof value; ++i) out[i] = static_cast<std::byte>(value >> 8 * (sizeof value - 1 - i) & 0xff);
    crc.reset();
    return sizeof value;
  }

  // One of these is in use. A std::variant would say so, but takes longer to compile.
  checksum_algorithm algorithm_{};
  crc32 crc32_{};
  crc32c crc32c_{};
  crc64nvme crc64nvme_{};
  std::optional<digest> digest_{};
};

}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/equal.hpp
// How are signatures compared, so that the time it takes tells nothing of where they differ?

namespace s3store::inline v0::crypto {

/// In a time that depends on the lengths alone.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace s3store::inline v0::crypto

// ---- s3store/crypto/hmac.hpp
// How is a message authenticated with a key (HMAC-SHA256, RFC 2104)?
//
// HMAC hashes twice: H(key ^ opad, H(key ^ ipad, message)). The first block of both hashes depends on the key alone, so a key that
// is used again keeps the two states behind that block, and a message costs two copies of a state and two short hashes.

namespace s3store::inline v0::crypto {

/// A key made ready. It never changes, so many threads may use one, each with a digest of its own. OpenSSL wipes the states when
/// it frees them.
class hmac_key {
 public:
  /// `key`: any number of bytes; one longer than 64 is hashed first, as RFC 2104 has it.
  explicit hmac_key(std::span<const std::byte> key) {
    std::array<std::byte, 64> block{};
    if (key.size() > block.size())
      hash(inner_, key, block);
    else
      std::copy(key.begin(), key.end(), block.begin());
    absorb(inner_, block, std::byte{0x36});
    absorb(outer_, block, std::byte{0x36 ^ 0x5c});
    wipe(block.data(), block.size());
  }

  /// False where OpenSSL lacks SHA-256.
  bool usable() const noexcept { return inner_.usable() && outer_.usable(); }

  /// `scratch` is a SHA-256 digest, of which nothing is left over.
  sha256_value sign(std::span<const std::byte> message, digest& scratch) const noexcept {
    std::array<std::byte, digest::max_size> out;
    scratch.resume(inner_);
    hash(scratch, message, out);
    scratch.resume(outer_);
    hash(scratch, std::span(out).first<sizeof(sha256_value)>(), out);
    sha256_value value{};
    std::copy_n(out.begin(), value.size(), value.begin());
    return value;
  }

 private:
  static void hash(digest& d, std::span<const std::byte> bytes, std::span<std::byte, digest::max_size> out) noexcept {
    d.update(bytes);
    d.finish(out);
  }
  static void absorb(digest& d, std::span<std::byte, 64> block, std::byte pad) noexcept {
    for (std::byte& b : block) b ^= pad;
    d.update(block);
  }

  digest inner_{digest_algorithm::sha256};
  digest outer_{digest_algorithm::sha256};
};

/// One message under a key that is not used again. Throws where OpenSSL lacks SHA-256, which no working one does.
inline sha256_value hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message) {
  const hmac_key ready{key};
  digest scratch{digest_algorithm::sha256};
  if (!ready.usable()) throw s3_error{fail(error_kind::configuration, "this OpenSSL offers no SHA-256")};
  return ready.sign(message, scratch);
}

}  // namespace s3store::inline v0::crypto

// ---- s3store/http/message.hpp
// What travels? A request with a body that is read, an answer whose body is written, and the limits of the exchange.
//
// This layer knows no S3. Views inside a request stay valid until its exchange ends.

namespace s3store::inline v0::http {

using s3store::headers;

enum class method : std::uint8_t { get, head, put, post, delete_ };

constexpr std::string_view to_string(method m) noexcept {
  switch (m) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::put: return "PUT";
    case method::post: return "POST";
    case method::delete_: return "DELETE";
  }
  return "GET";
}

constexpr std::optional<method> parse_method(std::string_view s) noexcept {
  for (const method m : {method::get, method::head, method::put, method::post, method::delete_})
    if (to_string(m) == s) return m;
  return std::nullopt;
}

/// Bytes to send. Not thread-safe; used by one exchange at a time.
struct source {
  /// Fills the front of `into` and returns how many bytes it wrote; 0 is the end. Never throws.
  virtual result<std::size_t> read(std::span<std::byte> into) noexcept = 0;
  /// Goes to that offset, so that the next read starts there. False: it can be read once only, and a failed send is not repeated.
  virtual bool seek(std::uint64_t from) noexcept = 0;
  /// How many bytes there are from the start to the end, where that is known.
  virtual std::optional<std::uint64_t> size() const noexcept = 0;

 protected:
  ~source() = default;
};

/// Where received bytes go. Not thread-safe; used by one exchange at a time.
struct sink {
  /// Takes all of the bytes or fails. Never throws.
  virtual result<void> write(std::span<const std::byte> bytes) noexcept = 0;
  /// Forgets what was written from that offset on. False: what was written stays, and a broken download goes on behind it.
  virtual bool seek(std::uint64_t from) noexcept = 0;

 protected:
  ~sink() = default;
};

struct request {
  method verb{};
  std::string url{};     ///< absolute, encoded, sent as it is
  headers fields{};      ///< all that is sent, `Host` and `Content-Length` excepted, which follow from `url` and `body`
  source* body{};        ///< null: no body. A GET, HEAD or DELETE without one sends no Content-Length
};

struct response {
  int status{};
  headers fields{};
};

/// Who is told of the answer.
struct receiver {
  /// The final head, before any body byte. Returns where the body goes; null drops it.
  virtual sink* on_response(response&& head) noexcept = 0;

 protected:
  ~receiver() = default;
};

/// How long each stage may take. Zero: no limit.
struct limits {
  duration connect{};     ///< name look-up, TCP and TLS together
  duration first_byte{};  ///< from the last byte sent to the first received
  duration idle{};        ///< without a byte in either direction, once the connection stands
  steady_time deadline{(steady_time::max)()};  ///< of the whole exchange, and hard
};

/// What a completed exchange moved.
struct transfer_stats {
  std::uint64_t sent{};      ///< body bytes
  std::uint64_t received{};  ///< body bytes
  bool reused_connection{};
};

/// Success says that the answer arrived whole. An error's kind says what a retry may assume (see core/error.hpp).
using outcome = result<transfer_stats>;

struct exchange {
  request* out{};
  receiver* in{};
  limits within{};
  cancel_token stop{};
};

}  // namespace s3store::inline v0::http

// ---- s3store/http/body.hpp
// Where do a body's bytes come from, and go to? Adapters for memory, callbacks, and the one type that a request's body has.

namespace s3store::inline v0::http {

/// Reads bytes that somebody else keeps.
class memory_source final : public source {
 public:
  memory_source() = default;
  explicit memory_source(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
  explicit memory_source(std::string_view text) noexcept : bytes_(as_bytes(text)) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    const std::size_t n = (std::min)(into.size(), bytes_.size() - at_);
    if (n != 0) std::memcpy(into.data(), bytes_.data() + at_, n);
    at_ += n;
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > bytes_.size()) return false;
    at_ = static_cast<std::size_t>(from);
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_{};
  std::size_t at_{};
};

/// Appends to a string, up to a limit in bytes.
class string_sink final : public sink {
 public:
  explicit string_sink(std::string& into, std::uint64_t limit = (std::numeric_limits<std::uint64_t>::max)()) noexcept
      : into_(&into), start_(into.size()), limit_(limit) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (into_->size() - start_ + bytes.size() > limit_)
      return fail(error_kind::body_sink, "the body is longer than the limit of " + std::to_string(limit_) + " bytes");
    try {
      into_->append(as_text(bytes));
    } catch (...) {
      return fail(error_kind::body_sink, "out of memory");
    }
    return {};
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > into_->size() - start_) return false;
    into_->resize(start_ + static_cast<std::size_t>(from));
    return true;
  }

 private:
  std::string* into_;
  std::size_t start_;
  std::uint64_t limit_;
};

namespace detail {
/// Runs a caller's function where no exception may pass. What it threw travels in the error and is thrown again on the caller's own
/// stack, once the transport (C code, with libcurl) has returned.
template <class F>
auto guarded(error_kind kind, F&& f) noexcept -> decltype(f()) {
  const auto caught = [kind](std::string why) {
    error e = fail(kind, std::move(why));
    e.thrown = std::current_exception();
    return e;
  };
  try {
    return f();
  } catch (const std::exception& e) {
    return caught(std::string("the caller's function threw: ") + e.what());
  } catch (...) {
    return caught("the caller's function threw");
  }
}
}  // namespace detail

/// A source made of a function `std::size_t(std::span<std::byte>)` that gives the next bytes, 0 at the end, and may throw.
/// It can be read once, so a failed send is not repeated, unless a `rewind` function `bool(std::uint64_t)` is given.
template <class Read, class Rewind = std::nullptr_t>
class function_source final : public source {
 public:
  explicit function_source(Read read, std::optional<std::uint64_t> size = std::nullopt, Rewind rewind = Rewind{})
      : read_(std::move(read)), rewind_(std::move(rewind)), size_(size) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    started_ = true;
    return detail::guarded(error_kind::body_source, [&]() -> result<std::size_t> { return std::size_t{read_(into)}; });
  }
  bool seek(std::uint64_t from) noexcept override {
    if (!started_ && from == 0) return true;
    if constexpr (!std::is_same_v<Rewind, std::nullptr_t>) {
      try {
        return rewind_(from);
      } catch (...) {  // a body that can't go back is not sent again: that is all there is to say
      }
    }
    return false;
  }
  std::optional<std::uint64_t> size() const noexcept override { return size_; }

 private:
  Read read_;
  Rewind rewind_;
  std::optional<std::uint64_t> size_;
  bool started_{};
};

/// A sink made of a function `void(std::span<const std::byte>)` that may throw. What it took can't be taken back.
template <class Write>
class function_sink final : public sink {
 public:
  explicit function_sink(Write write) : write_(std::move(write)) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    return detail::guarded(error_kind::body_sink, [&]() -> result<void> {
      write_(bytes);
      taken_ += bytes.size();
      return {};
    });
  }
  bool seek(std::uint64_t from) noexcept override { return from == taken_; }

 private:
  Write write_;
  std::uint64_t taken_{};
};

/// The body of a request: text that it owns, bytes that somebody else keeps (`borrow`), or a source.
///   .body = "hello"                     copied
///   .body = std::move(text)             moved
///   .body = http::body::borrow(bytes)   must outlive the call
///   .body = file                        a source, by reference: must outlive the call
class body {
 public:
  body() = default;
  body(std::string text) : text_(std::move(text)), present_(true) {}
  body(const char* text) : text_(text), present_(true) {}
  body(source& from) noexcept : source_(&from), present_(true) {}

  static body borrow(std::span<const std::byte> bytes) noexcept {
    body out;
    out.borrowed_ = bytes;
    out.is_borrowed_ = out.present_ = true;
    return out;
  }
  static body borrow(std::string_view text) noexcept { return borrow(as_bytes(text)); }

  /// False: the request has no body at all (which S3 reads as an empty one).
  bool present() const noexcept { return present_; }
  /// The caller's source, or null where the bytes are in memory.
  source* stream() const noexcept { return source_; }
  /// The bytes, where they are in memory.
  std::span<const std::byte> bytes() const noexcept { return is_borrowed_ ? borrowed_ : as_bytes(text_); }
  std::string_view text() const noexcept { return as_text(bytes()); }

 private:
  std::string text_{};
  std::span<const std::byte> borrowed_{};
  source* source_{};
  bool present_{};
  bool is_borrowed_{};
};

}  // namespace s3store::inline v0::http

// ---- s3store/http/file.hpp
// How does a file become a body, and a body a file? Read at offsets of its own, so that parts of one file can be sent at once.
//
// A source promises its size when it is opened. A file that is shorter or longer by the time it has been read is not what was
// promised, and is an error before its last byte is handed out.

#ifdef _WIN32
#include <io.h>

#include <mutex>
#else
#include <unistd.h>
#endif

namespace s3store::inline v0::http {

namespace detail {

/// Calls again what a signal has interrupted.
template <class Call>
auto retried(Call&& call) {
  for (;;)
    if (const auto done = call(); done >= 0 || errno != EINTR) return done;
}

/// A file descriptor with the few calls that differ between systems. Every failure says what was tried and names the file.
class file {
 public:
  file() = default;
  file(int descriptor, std::string path, bool owned) noexcept : path_(std::move(path)), descriptor_(descriptor), owned_(owned) {}
  file(file&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), owned_(other.owned_) {}
  file& operator=(file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~file() { static_cast<void>(close()); }

  static result<file> open(const std::string& path, int flags) {
    if (path.find('\0') != std::string::npos) return fail(error_kind::io, "a file name must not hold a NUL character");
#ifdef _WIN32
    const int descriptor = ::_open(path.c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
#else
    const int descriptor = retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); });
#endif
    file out{descriptor, path, true};
    if (descriptor < 0) return out.failed("open", errno);
    return out;
  }

  /// The size of a regular file in bytes; nothing where it is a pipe or a device.
  result<std::optional<std::uint64_t>> size() const {
#ifdef _WIN32
    struct ::_stat64 about {};
    if (::_fstat64(descriptor_, &about) != 0) return failed("stat", errno);
    const bool regular = (about.st_mode & _S_IFMT) == _S_IFREG;
#else
    struct ::stat about {};
    if (::fstat(descriptor_, &about) != 0) return failed("stat", errno);
    const bool regular = S_ISREG(about.st_mode);
#endif
    return regular ? std::optional{static_cast<std::uint64_t>(about.st_size)} : std::nullopt;
  }

  /// Does not move the file's own offset, so several sources may share the descriptor; 0 is the end of the file.
  result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const {
#ifdef _WIN32
    const std::lock_guard lock{*one_reader_};
    const bool there = ::_lseeki64(descriptor_, static_cast<__int64>(offset), SEEK_SET) >= 0;
    const auto n = there ? ::_read(descriptor_, into.data(), static_cast<unsigned>(piece(into.size()))) : -1;
#else
    const auto n = retried([&] { return ::pread(descriptor_, into.data(), piece(into.size()), static_cast<off_t>(offset)); });
#endif
    if (n < 0) return failed("read", errno);
    return static_cast<std::size_t>(n);
  }

  result<void> write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
#ifdef _WIN32
      const auto n = ::_write(descriptor_, bytes.data(), static_cast<unsigned>(piece(bytes.size())));
#else
      const auto n = retried([&] { return ::write(descriptor_, bytes.data(), piece(bytes.size())); });
#endif
      if (n < 0) return failed("write to", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Where the next write goes; nothing where the file has no such place, as a pipe.
  std::optional<std::uint64_t> position() const noexcept {
#ifdef _WIN32
    const auto at = ::_lseeki64(descriptor_, 0, SEEK_CUR);
#else
    const auto at = ::lseek(descriptor_, 0, SEEK_CUR);
#endif
    return at < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(at)};
  }

  /// Cuts the file off there and goes on writing from there.
  bool cut(std::uint64_t at) noexcept {
#ifdef _WIN32
    return ::_chsize_s(descriptor_, static_cast<__int64>(at)) == 0 &&
           ::_lseeki64(descriptor_, static_cast<__int64>(at), SEEK_SET) >= 0;
#else
    const auto to = static_cast<off_t>(at);
    return retried([&] { return ::ftruncate(descriptor_, to); }) == 0 && ::lseek(descriptor_, to, SEEK_SET) == to;
#endif
  }

  /// Some file systems report a failed write only here.
  result<void> close() {
    const int descriptor = std::exchange(descriptor_, -1);
    if (descriptor < 0 || !owned_) return {};
#ifdef _WIN32
    if (::_close(descriptor) != 0) return failed("close", errno);
#else
    if (::close(descriptor) != 0 && errno != EINTR) return failed("close", errno);
#endif
    return {};
  }

  const std::string& path() const noexcept { return path_; }

 private:
  error failed(std::string_view what, int code) const {
    return fail(error_kind::io, std::string("cannot ").append(what).append(" ").append(path_).append(": ").append(
                                    std::generic_category().message(code)));
  }
  /// One system call takes no more than an int's worth on some systems.
  static constexpr std::size_t piece(std::size_t size) noexcept { return (std::min)(size, std::size_t{1} << 30); }

  std::string path_{};
  int descriptor_{-1};
  bool owned_{};
#ifdef _WIN32
  std::unique_ptr<std::mutex> one_reader_{std::make_unique<std::mutex>()};
#endif
};

}  // namespace detail

/// A file, or a range of it, as the body of a request. Ranges of one file share its descriptor; different threads may
/// read them.
class file_source final : public source {
 public:
  /// Fails with `io` where the file cannot be read or is no regular file (a pipe has no size to promise).
  static result<file_source> open(const std::string& path) {
    auto opened = detail::file::open(path, O_RDONLY);
    if (!opened) return std::move(opened.error());
    auto size = opened->size();
    if (!size) return std::move(size.error());
    if (!*size) return fail(error_kind::io, path + " is no regular file; a pipe or device is sent with a function_source");
    return file_source{std::make_shared<const detail::file>(std::move(*opened)), **size, 0, **size};
  }
  /// `length` bytes from `offset` on, as the body of one part; fails with `io` where the file is not that long.
  static result<file_source> open(const std::string& path, std::uint64_t offset, std::uint64_t length) {
    auto whole = open(path);
    if (!whole) return whole;
    return whole->range(offset, length);
  }

  /// Another source over a part of this one, with a position of its own.
  result<file_source> range(std::uint64_t offset, std::uint64_t length) const {
    if (offset > length_ || length > length_ - offset)
      return fail(error_kind::io, file_->path() + " has " + std::to_string(length_) + " bytes, and not " + std::to_string(length) +
                                      " from " + std::to_string(offset) + " on");
    return file_source{file_, file_size_, start_ + offset, length};
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(length_ - at_));
    if (into.empty()) return std::size_t{0};
    auto n = file_->read_at(start_ + at_, into);
    if (!n) return n;
    at_ += *n;
    if (*n == 0 || at_ == length_)
      if (auto same = still_as_long(*n == 0); !same) return std::move(same.error());
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }
  std::uint64_t length() const noexcept { return length_; }
  const std::string& path() const noexcept { return file_->path(); }

 private:
  file_source(std::shared_ptr<const detail::file> f, std::uint64_t file_size, std::uint64_t start, std::uint64_t length) noexcept
      : file_(std::move(f)), file_size_(file_size), start_(start), length_(length) {}

  result<void> still_as_long(bool ended) const {
    const auto size = file_->size();
    if (!size) return size.error();
    if (!ended && *size == file_size_) return {};
    return fail(error_kind::io, file_->path() + " changed while it was read: it had " + std::to_string(file_size_) +
                                    " bytes and has " + std::to_string(size->value_or(0)));
  }

  std::shared_ptr<const detail::file> file_;
  std::uint64_t file_size_;
  std::uint64_t start_;
  std::uint64_t length_;
  std::uint64_t at_{};
};

/// A file that takes the body of an answer. Move-only; closed when it goes, but only `close` says whether all is written.
class file_sink final : public sink {
 public:
  /// Makes the file, or empties the one that is there; fails with `io`.
  static result<file_sink> create(const std::string& path) {
    auto opened = detail::file::open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) return std::move(opened.error());
    return file_sink{std::move(*opened)};
  }
  /// Writes to an open descriptor from where it stands, and leaves it open. A pipe or terminal will do.
  static file_sink to_descriptor(int descriptor) {
    return file_sink{detail::file{descriptor, "descriptor " + std::to_string(descriptor), false}};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    auto written = file_.write(bytes);
    if (written) taken_ += bytes.size();
    return written;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > taken_ || (from != taken_ && !start_)) return false;
    // A write that failed halfway has left bytes behind that were never counted, so this is done for `from == taken_`, too.
    if (start_ && !file_.cut(*start_ + from)) return false;
    taken_ = from;
    return true;
  }

  /// Closes the file and reports what the system reports only then.
  result<void> close() { return file_.close(); }
  std::uint64_t written() const noexcept { return taken_; }
  const std::string& path() const noexcept { return file_.path(); }

 private:
  explicit file_sink(detail::file f) : file_(std::move(f)), start_(file_.position()) {}

  detail::file file_;
  std::optional<std::uint64_t> start_;  // nothing where bytes can't be taken back
  std::uint64_t taken_{};
};

}  // namespace s3store::inline v0::http

// ---- s3store/http/machine.hpp
// How does a protocol ask for I/O without doing any? It is a machine that says what it needs, and is told what came of it.
//
// A driver asks `next(now)` until the machine is done, and between two questions does what the step says:
//   send              perform the exchange, then call `sent(outcome)`
//   wait              let time pass until then
//   need_credentials  get credentials, then call `credentials(result)`
//   done<T>           the end; `value` is what the call returns
// A machine is pinned: the steps that it gives point into it.

namespace s3store::inline v0 {

struct send {
  http::exchange what{};
};
struct wait {
  steady_time until{};
  cancel_token stop{};  ///< ends the wait early; the machine is then asked again, as after any wait
};
struct need_credentials {};
template <class T>
struct done {
  result<T> value;
};

template <class T>
using step = std::variant<send, wait, need_credentials, done<T>>;

template <class M>
concept machine = requires(M& m, instants now, http::outcome o) {
  typename M::value_type;
  { m.next(now) } -> std::same_as<step<typename M::value_type>>;
  m.sent(std::move(o));
};

}  // namespace s3store::inline v0

// ---- s3store/http/transport.hpp
// What must a transport be able to do, and a loop?

namespace s3store::inline v0::http {

/// Performs one exchange on the caller's thread and returns when it is over. Safe to call from many threads at once.
template <class T>
concept transport = requires(T& t, exchange x) {
  { t.perform(x) } -> std::same_as<outcome>;
};

/// An exchange that a loop has finished; `tag` is the one that it was started with.
struct completion {
  void* tag{};
  outcome what;
};

/// Performs many exchanges at once for one thread. Only `wake` may be called from another one; it ends a `poll` early.
/// `poll` gives one finished exchange, or nothing at `until` at the latest, or after a wake.
/// `cancel` ends and forgets an exchange: nothing of it is touched any more, and no completion comes. (A cancel token completes it.)
template <class L>
concept loop = requires(L& l, exchange x, void* tag, steady_time until) {
  l.start(x, tag);
  l.cancel(tag);
  l.wake();
  { l.poll(until) } -> std::same_as<std::optional<completion>>;
};

}  // namespace s3store::inline v0::http

// ---- s3store/http/url.hpp
// What does an endpoint or proxy URL consist of? Only what a client of S3 may be pointed at: http or https, a host, a port, a path.

namespace s3store::inline v0::http {

struct url {
  std::string scheme{};  ///< "http" or "https"
  std::string host{};    ///< lower case; an IPv6 address with its brackets
  std::optional<std::uint16_t> port{};  ///< absent where none was given, or the scheme's own
  std::string path{};    ///< empty, or "/a/b" without a slash at the end

  bool secure() const noexcept { return scheme == "https"; }

  /// The `Host` header: the port only where it is not the scheme's own.
  std::string authority() const {
    std::string out = host;
    if (port) append_integer(out.append(":"), *port);
    return out;
  }
  /// Scheme, host and port.
  std::string origin() const { return scheme + "://" + authority(); }
};

namespace detail {

inline error not_a_url(std::string_view text, std::string_view why) {
  return fail(error_kind::invalid_argument, "\"" + std::string(text) + "\" is no endpoint URL: " + std::string(why));
}

constexpr bool host_character(char c) noexcept { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }

}  // namespace detail

/// Parses `http[s]://host[:port][/path]`. User names, queries and fragments are refused: an endpoint has none.
inline result<url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return detail::not_a_url(text, "it must begin with http:// or https://");
  url out;
  out.scheme = lower_case(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return detail::not_a_url(text, "the scheme must be http or https");
  std::string_view rest = text.substr(colon + 3);
  // A password must not reach an error text, so this is the first look at what follows.
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return fail(error_kind::invalid_argument, "an endpoint URL must not hold a user name or password");
  if (rest.find_first_of("?#") != std::string_view::npos) return detail::not_a_url(text, "it must not have a query or fragment");

  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return detail::not_a_url(text, "white space in the path");
  out.path = path;

  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return detail::not_a_url(text, "an IPv6 address without its closing bracket");
    host = authority.substr(0, close + 1);
    port = authority.substr(close + 1);
    for (const char c : host.substr(1, host.size() - 2))
      if (hex_digit(c) < 0 && c != ':' && c != '.') return detail::not_a_url(text, "the host is no IPv6 address");
    if (host.size() < 4) return detail::not_a_url(text, "the host is no IPv6 address");
  } else {
    const auto at = authority.find(':');
    host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
    if (host.empty()) return detail::not_a_url(text, "it names no host");
    for (const char c : host)
      if (!detail::host_character(c)) return detail::not_a_url(text, "the host has a character that host names do not have");
  }
  out.host = lower_case(host);
  if (!port.empty()) {
    const auto number = port.front() == ':' ? parse_integer<std::uint16_t>(port.substr(1)) : std::nullopt;
    if (!number || *number == 0) return detail::not_a_url(text, "the port must be a number from 1 to 65535");
    if (*number != (out.secure() ? 443 : 80)) out.port = number;
  }
  return out;
}

}  // namespace s3store::inline v0::http

// ---- s3store/retry/budget.hpp
// How many retries may a client make when everything fails? A bucket of tokens, shared by all calls, keeps an outage from being
// answered with three times the load.

namespace s3store::inline v0 {

class retry_budget {
 public:
  // The figures of the AWS SDKs' standard mode.
  static constexpr int capacity = 500;
  static constexpr int retry_cost = 5;
  static constexpr int timeout_cost = 10;

  retry_budget() = default;
  retry_budget(const retry_budget& other) noexcept : tokens_(other.left()) {}

  bool take(int cost) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    do {
      if (have < cost) return false;
    } while (!tokens_.compare_exchange_weak(have, have - cost, std::memory_order_relaxed));
    return true;
  }
  /// A success fills the bucket again: by a retry's cost where it took one, by one token otherwise.
  void give_back(bool after_retry) noexcept {
    int have = tokens_.load(std::memory_order_relaxed);
    int want{};
    do {
      if (have >= capacity) return;
      want = have + (after_retry ? retry_cost : 1);
      if (want > capacity) want = capacity;
    } while (!tokens_.compare_exchange_weak(have, want, std::memory_order_relaxed));
  }
  int left() const noexcept { return tokens_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> tokens_{capacity};
};

}  // namespace s3store::inline v0

// ---- s3store/retry/classify.hpp
// Is a failure worth another attempt?

namespace s3store::inline v0 {

enum class retry_class : std::uint8_t {
  never,       ///< the same request fails again
  transient,   ///< the network's or the server's bad moment
  throttling,  ///< the server asks for less
};

/// S3's codes come first, because several share a status (a 400 RequestTimeout is worth a retry, other 400s are not). The lists follow
/// the AWS SDKs' "standard" mode: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
inline retry_class classify(const error& e) noexcept {
  for (const std::string_view code :
       {"SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "ServiceUnavailable",
        "PriorRequestNotComplete", "TransactionInProgressException", "EC2ThrottledException", "ProvisionedThroughputExceededException"})
    if (e.code == code) return retry_class::throttling;
  for (const std::string_view code : {"RequestTimeout", "RequestTimeoutException", "InternalError", "OperationAborted"})
    if (e.code == code) return retry_class::transient;

  switch (e.kind) {
    case error_kind::throttled: return retry_class::throttling;
    case error_kind::resolve:
    case error_kind::connect:
    case error_kind::connection_lost:
    case error_kind::timeout:
    case error_kind::transport:
    case error_kind::malformed_response:  // mostly a proxy's page in place of S3's answer
    case error_kind::integrity: return retry_class::transient;
    case error_kind::server:
      return e.status == 500 || e.status == 502 || e.status == 503 || e.status == 504 ? retry_class::transient : retry_class::never;
    default: return retry_class::never;
  }
}

}  // namespace s3store::inline v0

// ---- s3store/retry/policy.hpp
// When is a failed attempt repeated, and after how long? Each policy answers one question: how long to wait before the next attempt.
//
// A policy is shared by all calls of a client and asked from any thread. What makes a request impossible to repeat (a body that can't
// be rewound, the caller's deadline, the bound on all waits together) is the call's business and not asked here.

namespace s3store::inline v0 {

/// What a policy is told.
struct failed_attempt {
  int attempt{};                          ///< which one failed, from 1
  const error& failure;
  retry_class kind{};                     ///< as classify() sees it
  std::optional<duration> retry_after{};  ///< the server's own wish
  std::optional<int> max_attempts{};      ///< the caller's, for this call
};

/// `next_wait` gives the time until the next attempt, or nothing to give up; `succeeded` hears how many attempts a success took.
template <class R>
concept retry_policy = requires(R& r, const failed_attempt& f, int attempts) {
  { r.next_wait(f) } -> std::same_as<std::optional<duration>>;
  r.succeeded(attempts);
};

/// The standard policy: exponential backoff with full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/),
/// a budget of retry tokens that all calls share, and `Retry-After` where it asks for more.
class exponential_backoff {
 public:
  struct options {
    int max_attempts{3};
    duration base{std::chrono::milliseconds{100}};
    duration cap{std::chrono::seconds{20}};
    duration throttling_base{std::chrono::milliseconds{500}};
    duration retry_after_cap{std::chrono::seconds{60}};
    std::uint64_t seed{0};  ///< of the jitter; 0 takes the address and the time
  };

  exponential_backoff() : exponential_backoff(options{}) {}
  explicit exponential_backoff(options o) : options_(o), random_(o.seed != 0 ? o.seed : some_seed()) {}
  exponential_backoff(const exponential_backoff& other) noexcept
      : options_(other.options_), random_(other.random_.load(std::memory_order_relaxed) + 1), budget_(other.budget_) {}

  std::optional<duration> next_wait(const failed_attempt& f) {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(options_.max_attempts)) return std::nullopt;
    if (!budget_.take(f.failure.kind == error_kind::timeout ? retry_budget::timeout_cost : retry_budget::retry_cost)) return std::nullopt;
    const duration base = f.kind == retry_class::throttling ? options_.throttling_base : options_.base;
    duration bound = options_.cap;
    // Doubling stops at the cap, long before it could overflow.
    if (f.attempt < 32) bound = (std::min)(bound, base * (std::int64_t{1} << (f.attempt - 1)));
    const duration jittered{static_cast<duration::rep>(fraction() * static_cast<double>(bound.count()))};
    return (std::max)(jittered, (std::min)(f.retry_after.value_or(duration::zero()), options_.retry_after_cap));
  }
  void succeeded(int attempts) noexcept { budget_.give_back(attempts > 1); }

 private:
  static std::uint64_t some_seed() noexcept {
    int here{};
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) ^
           static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&here));
  }
  /// In [0, 1), by SplitMix64: jitter has to be spread, not unpredictable.
  double fraction() noexcept {
    std::uint64_t z = random_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed) + 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }

  options options_;
  std::atomic<std::uint64_t> random_;
  retry_budget budget_{};
};

/// The original Python module's policy: three attempts, and after attempt n a wait of 2^n seconds, held between 2 and 10.
class doubling_backoff {
 public:
  explicit doubling_backoff(int max_attempts = 3) noexcept : max_attempts_(max_attempts) {}

  std::optional<duration> next_wait(const failed_attempt& f) const noexcept {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(max_attempts_)) return std::nullopt;
    const int seconds = f.attempt >= 4 ? 10 : 1 << f.attempt;
    return std::chrono::seconds{(std::max)(2, (std::min)(seconds, 10))};
  }
  void succeeded(int) const noexcept {}

 private:
  int max_attempts_;
};

/// Each request is sent once.
struct no_retry {
  std::optional<duration> next_wait(const failed_attempt&) const noexcept { return std::nullopt; }
  void succeeded(int) const noexcept {}
};

static_assert(retry_policy<exponential_backoff> && retry_policy<doubling_backoff> && retry_policy<no_retry>);

}  // namespace s3store::inline v0

// ---- s3store/auth/credentials.hpp
// Who is asking?

namespace s3store::inline v0::auth {

/// It has no operator<<, so that no log can hold it by accident.
struct credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};       ///< of temporary credentials; else empty
  std::optional<timestamp> expires{};  ///< nothing: they stay valid

  /// Requests are sent unsigned.
  bool anonymous() const noexcept { return access_key_id.empty() && secret_access_key.empty(); }
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/cache.hpp
// When are credentials asked for again? Five minutes before they expire, by one of the threads that share them, while the others
// go on.

namespace s3store::inline v0::auth {

/// Shared by the calls of a client, on any threads. It fetches nothing: it says who should.
class credentials_cache {
 public:
  struct answer {
    std::shared_ptr<const credentials> value{};  ///< null: there are none that are still valid; fetch before you go on
    /// True for one caller at a time: fetch, and `put` what comes or say `failed`. Where there is a value it may be used meanwhile.
    bool refresh{};
  };

  static constexpr std::chrono::minutes margin{5};     ///< before expiry, in which they are still used and already renewed
  static constexpr std::chrono::seconds patience{10};  ///< for the caller that was told to refresh; then another one is told
  static constexpr std::chrono::seconds pause{30};     ///< after a refresh that failed, while the old ones are valid

  answer get(instants now) {
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    const bool fresh = valid && (!kept_->expires || now.wall < *kept_->expires - margin);
    answer out{valid ? kept_ : nullptr, !fresh && now.steady >= quiet_until_};
    if (out.refresh) quiet_until_ = now.steady + patience;
    return out;
  }

  std::shared_ptr<const credentials> put(credentials fetched) {
    auto made = std::make_shared<const credentials>(std::move(fetched));
    const std::lock_guard hold{mutex_};
    kept_ = made;
    quiet_until_ = {};
    return made;
  }

  /// The refresh did not work. Valid ones are used on, for a while without asking; without any, the next caller tries at once.
  void failed(instants now) {
    const std::lock_guard hold{mutex_};
    const bool valid = is_valid(now);
    quiet_until_ = valid ? now.steady + pause : steady_time{};
  }

  /// The server refused these (ExpiredToken): they are not given out again, unless others have taken their place.
  void drop(const credentials* refused) {
    const std::lock_guard hold{mutex_};
    if (kept_.get() != refused) return;
    kept_.reset();
    quiet_until_ = {};
  }

 private:
  bool is_valid(instants now) const noexcept { return kept_ && (!kept_->expires || now.wall < *kept_->expires); }

  std::mutex mutex_{};
  std::shared_ptr<const credentials> kept_{};
  steady_time quiet_until_{};
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/canonical.hpp
// Which text is signed? The canonical request: all of a request that a signature covers, spelt so that both sides get the same
// bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
//
// S3 differs from other AWS services: the path is signed as it is sent, encoded once and never normalised.

namespace s3store::inline v0::auth {

/// What stands in the place of the body's hash, and in `x-amz-content-sha256`, where the body is not hashed ahead.
namespace payload {
inline constexpr std::string_view empty =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  ///< the hash of no bytes
inline constexpr std::string_view not_signed = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view not_signed_with_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view signed_chunks_with_trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
}  // namespace payload

/// What a signature covers, the header fields excepted. Views of exactly what is sent.
struct signable {
  std::string_view method{};   ///< "GET"
  std::string_view path{};     ///< percent-encoded; empty is "/"
  std::string_view query{};    ///< percent-encoded, without its '?', in any order
  std::string_view host{};     ///< the authority; the fields' own `Host` has precedence
  std::string_view payload{};  ///< the hex SHA-256 of the body, or one of `payload::`
};

/// False for fields that a proxy or the transport may change; the list is botocore's, and Authorization itself.
constexpr bool is_signed(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 15> left_out{"authorization",
                                                      "baggage",
                                                      "connection",
                                                      "expect",
                                                      "keep-alive",
                                                      "proxy-authenticate",
                                                      "proxy-authorization",
                                                      "te",
                                                      "traceparent",
                                                      "tracestate",
                                                      "trailer",
                                                      "transfer-encoding",
                                                      "upgrade",
                                                      "user-agent",
                                                      "x-amzn-trace-id"};
  for (const std::string_view other : left_out)
    if (equal_ignoring_case(name, other)) return false;
  return true;
}

/// Writes canonical requests, and keeps its memory from one to the next.
class canonicalizer {
 public:
  /// Takes the fields for whose names `wanted(name)` is true, and the host. The views must live until `write`.
  template <class Wanted>
  void take(const headers& fields, std::string_view host, Wanted&& wanted) {
    names_.clear();
    fields_.clear();
    bool own_host = false;
    for (const auto [name, value] : fields) {
      if (!wanted(name)) continue;
      add(name, value);
      own_host = own_host || name_of(fields_.back()) == "host";
    }
    if (!own_host) add("host", host);
    // Fields of one name stay in their order.
    std::sort(fields_.begin(), fields_.end(), [this](const field& a, const field& b) {
      const auto order = name_of(a) <=> name_of(b);
      return order != 0 ? order < 0 : a.name_at < b.name_at;
    });
    signed_headers_.clear();
    each_name([this](std::string_view name, auto) {
      if (!signed_headers_.empty()) signed_headers_.push_back(';');
      signed_headers_.append(name);
    });
  }
  void take(const headers& fields, std::string_view host) { take(fields, host, is_signed); }

  /// The names taken, in lower case, sorted and joined by ';'.
  std::string_view signed_headers() const noexcept { return signed_headers_; }

  /// The canonical request of `what` and of the fields taken; the query parameter `left_out` is not part of it. Valid until the
  /// next one.
  std::string_view write(const signable& what, std::string_view left_out = {}) {
    text_.clear();
    text_.append(what.method).append("\n");
    text_.append(what.path.empty() ? std::string_view{"/"} : what.path).append("\n");
    append_query(what.query, left_out);
    text_.append("\n");
    each_name([this](std::string_view name, auto values) {
      text_.append(name).push_back(':');
      append_folded(values.front().value);
      for (const field& f : values.subspan(1)) {
        text_.push_back(',');
        append_folded(f.value);
      }
      text_.push_back('\n');
    });
    text_.append("\n").append(signed_headers_).append("\n").append(what.payload);
    return text_;
  }

 private:
  struct field {
    std::uint32_t name_at{};
    std::uint32_t name_size{};
    std::string_view value{};
  };
  struct parameter {
    std::string_view name{};
    std::string_view value{};
    auto operator<=>(const parameter&) const = default;
  };

  std::string_view name_of(const field& f) const noexcept { return {names_.data() + f.name_at, f.name_size}; }

  void add(std::string_view name, std::string_view value) {
    fields_.push_back({static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(name.size()), value});
    names_.append(name);
    for (char& c : std::span(names_).last(name.size())) c = to_lower(c);
  }

  /// Calls `each(name, fields of that name)` in order.
  template <class Each>
  void each_name(Each&& each) const {
    for (auto first = fields_.begin(); first != fields_.end();) {
      const auto name = name_of(*first);
      auto last = first + 1;
      while (last != fields_.end() && name_of(*last) == name) ++last;
      each(name, std::span<const field>(first, last));
      first = last;
    }
  }

  /// Sorted by encoded name, then by value; a name without '=' gets one.
  void append_query(std::string_view query, std::string_view left_out) {
    if (query.empty()) return;
    parameters_.clear();
    split(query, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      const auto name = piece.substr(0, equals);
      if (!piece.empty() && (left_out.empty() || name != left_out))
        parameters_.push_back({name, piece.substr((std::min)(equals + 1, piece.size()))});
    });
    std::sort(parameters_.begin(), parameters_.end());
    for (const auto& [name, value] : parameters_) text_.append(name).append("=").append(value).push_back('&');
    if (!parameters_.empty()) text_.pop_back();
  }

  /// Without white space at both ends, and with one space for each run of it inside.
  void append_folded(std::string_view value) {
    value = trim(value);
    while (!value.empty()) {
      std::size_t word = 0;
      while (word != value.size() && !is_space(value[word])) ++word;
      text_.append(value.substr(0, word));
      value = trim(value.substr(word));
      if (!value.empty()) text_.push_back(' ');
    }
  }

  std::string names_{};
  std::string signed_headers_{};
  std::string text_{};
  std::vector<field> fields_{};
  std::vector<parameter> parameters_{};
};

/// The canonical request of one request; to sign many, keep a `signer`.
inline std::string canonical_request(const signable& what, const headers& fields) {
  canonicalizer c;
  c.take(fields, what.host);
  return std::string(c.write(what));
}

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/provider.hpp
// Where do credentials come from? From providers: objects whose `fetch()` gives a machine that ends with credentials.
//
// A machine may ask for exchanges and waits like any other (http/machine.hpp), so a provider that must ask a server never blocks a
// loop. Those that only look at memory or files are done at the first question.
//
//   struct my_vault {
//     result<auth::credentials> load(timestamp now) const;                  // local: this is all
//     auto fetch() const { return auth::local_fetch<my_vault>{*this}; }
//   };

namespace s3store::inline v0::auth {

/// The machine that a provider's `fetch()` gives. It is pinned, and borrows the provider.
template <class P>
using fetch_of = decltype(std::declval<const P&>().fetch());

/// A provider can be copied, and its `const` members called from any thread.
template <class P>
concept credentials_provider = std::copy_constructible<P> && requires(const P& p) {
  p.fetch();
} && machine<fetch_of<P>> && std::same_as<typename fetch_of<P>::value_type, credentials>;

/// What a provider answers that has nothing to say, which is no failure: a chain goes on with the next one. `why` names what it
/// looked for.
inline error none_here(std::string why) {
  error e = fail(error_kind::credentials, std::move(why));
  e.code = "NoCredentials";
  return e;
}
inline bool is_none_here(const error& e) noexcept { return e.kind == error_kind::credentials && e.code == "NoCredentials"; }

/// The machine of a provider with a function `result<credentials> load(timestamp now) const`.
template <class P>
class local_fetch {
 public:
  using value_type = credentials;

  explicit local_fetch(const P& from) noexcept : from_(&from) {}
  step<credentials> next(instants now) { return done<credentials>{from_->load(now.wall)}; }
  void sent(http::outcome) noexcept {}

 private:
  const P* from_;
};

/// Those that it was given.
class static_credentials {
 public:
  explicit static_credentials(credentials given) : given_(std::move(given)) {}
  static_credentials(std::string access_key_id, secret_string secret_access_key, secret_string session_token = {})
      : given_{std::move(access_key_id), std::move(secret_access_key), std::move(session_token)} {}

  auto fetch() const noexcept { return local_fetch<static_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    if (given_.access_key_id.empty() != given_.secret_access_key.empty())
      return fail(error_kind::credentials, "the credentials given need both an access key id and a secret access key");
    if (given_.anonymous()) return none_here("no credentials were given");
    return given_;
  }

 private:
  credentials given_{};
};

/// None, on purpose: requests go unsigned.
struct anonymous_credentials {
  auto fetch() const noexcept { return local_fetch<anonymous_credentials>{*this}; }
  result<credentials> load(timestamp) const { return credentials{}; }
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/chain.hpp
// Which of several providers counts? The first that has credentials. One that fails ends the search: going on would use
// credentials that nobody meant.

namespace s3store::inline v0::auth {

/// A provider made of providers; where none of them has any, the error names everything that was tried, and is itself a
/// `none_here`, so that chains nest.
template <credentials_provider... Ps>
class credentials_chain {
  static_assert(sizeof...(Ps) != 0, "a credentials_chain needs at least one provider");

  template <class P>
  struct start {  // makes a pinned machine in place
    const P& from;
    operator fetch_of<P>() const { return from.fetch(); }
  };

 public:
  credentials_chain() requires(std::default_initializable<Ps>&&...) = default;
  explicit credentials_chain(Ps... each) : each_(std::move(each)...) {}

  class machine_type {
   public:
    using value_type = credentials;

    explicit machine_type(const credentials_chain& of) noexcept : of_(&of) {}
    machine_type(const machine_type&) = delete;
    machine_type& operator=(const machine_type&) = delete;

    step<credentials> next(instants now) {
      for (;;) {
        if (at_ == sizeof...(Ps)) return done<credentials>{none_here("no credentials: " + tried_)};
        step<credentials> answer = visit([&](auto& m) { return m.next(now); });
        auto* const end = std::get_if<done<credentials>>(&answer);
        if (!end || end->value || !is_none_here(end->value.error())) return answer;
        tried_.append(tried_.empty() ? "" : "; ").append(end->value.error().message);
        ++at_;
      }
    }

    void sent(http::outcome o) {
      visit([&](auto& m) { return m.sent(std::move(o)); });
    }

   private:
    /// Calls `f` with the current provider's machine, which starts when it is first asked.
    template <class F, std::size_t I = 0>
    auto visit(F&& f) {
      if constexpr (I + 1 != sizeof...(Ps))
        if (at_ != I) return visit<F, I + 1>(std::forward<F>(f));
      auto& m = std::get<I>(machines_);
      const auto& from = std::get<I>(of_->each_);
      if (!m) m.emplace(start<std::remove_cvref_t<decltype(from)>>{from});
      return f(*m);
    }

    const credentials_chain* of_;
    std::tuple<std::optional<fetch_of<Ps>>...> machines_{};
    std::size_t at_{};
    std::string tried_{};
  };

  auto fetch() const { return machine_type{*this}; }

 private:
  std::tuple<Ps...> each_{};
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/signing_key.hpp
// Which key signs? One derived from the secret for a day, a region and a service, so it is made once a day and kept.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

namespace s3store::inline v0::auth {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// Where a signature is valid.
struct signing_scope {
  std::string region{};  ///< "eu-central-1"
  std::string service{"s3"};

  friend bool operator==(const signing_scope&, const signing_scope&) = default;
};

/// The text that a signature signs: algorithm, time, scope and the canonical request's hash, a line each. Appended to `out`.
inline void append_string_to_sign(std::string& out, std::string_view amz_date, std::string_view scope,
                                  std::span<const std::byte> hash) {
  out.append(algorithm).append("\n").append(amz_date).append("\n").append(scope).append("\n");
  append_hex(out, hash);
}
inline std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request) {
  std::string out;
  append_string_to_sign(out, amz_date, scope, crypto::sha256(as_bytes(canonical_request)));
  return out;
}

/// Printable ASCII without spaces: what may stand inside a header field and be signed as it is.
inline bool is_graphic(std::string_view s) noexcept {
  for (const char c : s)
    if (c <= ' ' || c > '~') return false;
  return true;
}

/// A derived key, ready for use. Immutable, and a copy shares it: any number of threads may sign with one, each with its own
/// digest.
class signing_key {
 public:
  /// `date`: eight digits, "20130524". Fails where a credential is missing or could not travel in a header.
  static result<signing_key> derive(const credentials& who, const signing_scope& where, std::string_view date) {
    if (who.access_key_id.empty() || who.secret_access_key.empty())
      return fail(error_kind::credentials, "credentials to sign with need both an access key id and a secret access key");
    if (!is_graphic(who.access_key_id))
      return fail(error_kind::credentials, "an access key id must be printable ASCII without spaces");
    if (!is_graphic(where.region) || where.region.empty() || where.region.find('/') != std::string::npos)
      return fail(error_kind::invalid_argument,
                  "\"" + where.region + "\" is no region to sign for: a name such as us-east-1 is needed");

    crypto::sha256_value step{};
    const auto advance = [&step](std::span<const std::byte> key, std::string_view text) {
      step = crypto::hmac_sha256(key, as_bytes(text));
    };
    {
      std::string seed;
      seed.reserve(4 + who.secret_access_key.reveal().size());
      seed.append("AWS4").append(who.secret_access_key.reveal());
      advance(as_bytes(seed), date);
      wipe(seed.data(), seed.size());
    }
    for (const std::string_view text : {std::string_view{where.region}, std::string_view{where.service}, terminator})
      advance(step, text);
    auto made = std::make_shared<const state>(who, where, std::string(date), crypto::hmac_key{step});
    wipe(step.data(), step.size());
    return signing_key{std::move(made)};
  }

  /// True if deriving would give this key again.
  bool is_for(const credentials& who, const signing_scope& where, std::string_view date) const noexcept {
    return state_->date == date && state_->where == where && state_->access_key_id == who.access_key_id &&
           state_->secret == who.secret_access_key;
  }

  /// "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"
  std::string_view credential() const noexcept { return state_->credential; }
  /// "20130524/us-east-1/s3/aws4_request"
  std::string_view scope() const noexcept { return credential().substr(state_->access_key_id.size() + 1); }
  std::string_view service() const noexcept { return state_->where.service; }

  /// `scratch` is a SHA-256 digest of the caller's.
  crypto::sha256_value sign(std::string_view text, crypto::digest& scratch) const noexcept {
    return state_->key.sign(as_bytes(text), scratch);
  }

 private:
  static constexpr std::string_view terminator = "aws4_request";

  struct state {
    state(const credentials& who, const signing_scope& in, std::string day, crypto::hmac_key made)
        : access_key_id(who.access_key_id), secret(who.secret_access_key), where(in), date(std::move(day)), key(std::move(made)) {
      for (const std::string_view part : {std::string_view{access_key_id}, std::string_view{date}, std::string_view{where.region},
                                          std::string_view{where.service}})
        credential.append(part).push_back('/');
      credential.append(terminator);
    }
    std::string access_key_id;
    secret_string secret;
    signing_scope where;
    std::string date;
    std::string credential{};
    crypto::hmac_key key;
  };

  explicit signing_key(std::shared_ptr<const state> made) noexcept : state_(std::move(made)) {}
  std::shared_ptr<const state> state_;
};

/// The last few keys of one user, such as a signer. Not thread-safe.
class signing_key_cache {
 public:
  /// The key stays in the cache until `size` others have come after it.
  result<const signing_key*> get(const credentials& who, const signing_scope& where, std::string_view date) {
    for (const signing_key& k : keys_)
      if (k.is_for(who, where, date)) return &k;
    auto made = signing_key::derive(who, where, date);
    if (!made) return result<const signing_key*>::failed_as(std::move(made));
    if (keys_.size() < size) {
      keys_.push_back(std::move(*made));
      return &keys_.back();
    }
    next_ = (next_ + 1) % size;
    keys_[next_] = std::move(*made);
    return &keys_[next_];
  }

 private:
  static constexpr std::size_t size = 8;
  std::vector<signing_key> keys_{};
  std::size_t next_{};
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/chunk.hpp
// How are the chunks of a body signed (aws-chunked)? Each signature covers its chunk and the signature before it, so that none can
// be left out, swapped or repeated; the first one follows the signature of the headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html

namespace s3store::inline v0::auth {

/// The chain of signatures of one body. Not thread-safe.
class chunk_signer {
 public:
  /// `seed`: the signature in the request's headers; `amz_date`: their x-amz-date.
  chunk_signer(signing_key key, std::string_view amz_date, std::string_view seed)
      : key_(std::move(key)), amz_date_(amz_date), previous_(seed) {}

  /// Bytes of the chunk that is next, in pieces of any size.
  void update(std::span<const std::byte> bytes) noexcept { body_.update(bytes); }

  /// Ends the chunk; the last one is empty. 64 hex digits, valid until the next call.
  std::string_view finish() { return sign("AWS4-HMAC-SHA256-PAYLOAD", payload::empty); }

  /// The signature of the trailer, after the empty chunk. `trailer` is what is signed of it: `name:value\n` for each field but the
  /// signature's own, names in lower case.
  std::string_view finish_trailer(std::string_view trailer) {
    update(as_bytes(trailer));
    return sign("AWS4-HMAC-SHA256-TRAILER", {});
  }

  std::string_view chunk(std::span<const std::byte> bytes) {
    update(bytes);
    return finish();
  }

 private:
  /// `before_body`: the hash of the chunk's header fields, of which there are none; a trailer has no such line.
  std::string_view sign(std::string_view kind, std::string_view before_body) {
    std::array<std::byte, crypto::digest::max_size> hash;
    body_.finish(hash);
    text_.clear();
    for (const std::string_view line : {kind, std::string_view{amz_date_}, key_.scope(), std::string_view{previous_}, before_body})
      if (!line.empty()) text_.append(line).push_back('\n');
    append_hex(text_, std::span(hash).first<sizeof(crypto::sha256_value)>());
    previous_.clear();
    append_hex(previous_, key_.sign(text_, scratch_));
    return previous_;
  }

  signing_key key_;
  std::string amz_date_;
  std::string previous_;
  std::string text_{};
  crypto::digest body_{crypto::digest_algorithm::sha256};
  crypto::digest scratch_{crypto::digest_algorithm::sha256};
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/sigv4.hpp
// How is a request signed, in its headers or in its query (AWS Signature Version 4)?
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
//
// A `signer` is the scratch space of signatures: hash contexts, buffers, the keys of the day. A caller leases one, signs, and
// gives it back; after the first few signatures nothing is allocated. The order is always the same: canonical request, its hash,
// the string to sign, and that text's HMAC under the day's key.

namespace s3store::inline v0::auth {

/// The query of a presigned URL, and what must be sent beside it.
struct presigned_query {
  std::string query{};  ///< the request's own parameters, then those of the signature; without a '?'
  headers
      signed_fields{};  ///< fields that are part of the signature, `Host` excepted: whoever uses the URL must send them as they are
};

/// The field and the parameter in which a session token travels: S3 Express has its own.
struct token_names {
  std::string_view field{"x-amz-security-token"};
  std::string_view parameter{"X-Amz-Security-Token"};
};
constexpr token_names token_names_of(std::string_view service) noexcept {
  if (service == "s3express") return {"x-amz-s3session-token", "X-Amz-S3session-Token"};
  return {};
}

/// Not thread-safe: one signature at a time.
class signer {
 public:
  static constexpr std::chrono::seconds longest{604800};  ///< that a presigned URL may be valid: a week

  /// Adds x-amz-date, x-amz-content-sha256, the session token and Authorization to `fields`, in place of what an earlier attempt
  /// left there, and signs every field but those that `is_signed` leaves out. Anonymous credentials add nothing.
  /// Fails (credentials, invalid_argument) where there is no key to derive; `fields` are then without a signature.
  result<void> sign_headers(const signable& what, headers& fields, const credentials& who, const signing_scope& where,
                            timestamp now) {
    const auto token = token_names_of(where.service).field;
    for (const std::string_view name :
         {std::string_view{"authorization"}, std::string_view{"x-amz-date"}, std::string_view{"x-amz-content-sha256"}, token})
      fields.erase(name);
    if (who.anonymous()) return {};
    auto key = find_key(who, where, now);
    if (!key) return result<void>::failed_as(std::move(key));

    fields.add("x-amz-date", date_);
    fields.add("x-amz-content-sha256", what.payload);
    if (!who.session_token.empty()) fields.add(token, who.session_token.reveal());
    canonical_.take(fields, what.host);
    sign(**key, canonical_.write(what));

    text_.clear();
    text_.append(algorithm).append(" Credential=").append((*key)->credential());
    text_.append(", SignedHeaders=").append(canonical_.signed_headers());
    text_.append(", Signature=").append(signature_);
    fields.add("authorization", text_);
    return {};
  }

  /// Signs a URL. `fields` are what the one who uses it must send; `what.payload` is not looked at: the body is unsigned, unless
  /// `fields` have an x-amz-content-sha256. `expires_in`: 1 to 604800 (a week). Anonymous credentials give the query as it came.
  result<presigned_query> sign_query(const signable& what, const headers& fields, std::chrono::seconds expires_in,
                                     const credentials& who, const signing_scope& where, timestamp now) {
    presigned_query out{.query = std::string(what.query)};
    for (const auto [name, value] : fields)
      if (is_signed(name) && !equal_ignoring_case(name, "host")) out.signed_fields.add(name, value);
    if (who.anonymous()) return out;
    if (expires_in < std::chrono::seconds{1} || expires_in > longest)
      return fail(error_kind::invalid_argument,
                  "a presigned URL can be valid for 1 to 604800 seconds (a week), not for " + std::to_string(expires_in.count()));
    auto key = find_key(who, where, now);
    if (!key) return result<presigned_query>::failed_as(std::move(key));

    canonical_.take(fields, what.host);
    const auto add = [&out](std::string_view name, std::string_view value) {
      if (!out.query.empty()) out.query.push_back('&');
      append_uri_encoded(out.query.append(name).append("="), value, uri_part::query);
    };
    add("X-Amz-Algorithm", algorithm);
    add("X-Amz-Credential", (*key)->credential());
    add("X-Amz-Date", date_);
    add("X-Amz-Expires", std::to_string(expires_in.count()));
    add("X-Amz-SignedHeaders", canonical_.signed_headers());
    if (!who.session_token.empty()) add(token_names_of(where.service).parameter, who.session_token.reveal());

    signable all = what;
    all.query = out.query;
    all.payload = fields.get("x-amz-content-sha256").value_or(payload::not_signed);
    sign(**key, canonical_.write(all));
    add("X-Amz-Signature", signature_);
    return out;
  }

  /// The key for signatures made at `now`, which `amz_date()` then names.
  result<signing_key> key_for(const credentials& who, const signing_scope& where, timestamp now) {
    auto key = find_key(who, where, now);
    if (!key) return result<signing_key>::failed_as(std::move(key));
    return **key;
  }

  /// Signs the base64 text of a POST policy: 64 hex digits, valid until the next signature.
  std::string_view sign_policy(const signing_key& key, std::string_view policy) {
    set_signature(key.sign(policy, digest_));
    return signature_;
  }

  /// The signature that `who` would have given at `at` to what was received, over the fields for whose names `wanted(name)` is
  /// true and the query without the parameter `left_out`. Afterwards `signed_headers()` says which fields there were.
  template <class Wanted>
  result<std::string_view> signature_of(const signable& what, const headers& fields, Wanted&& wanted, std::string_view left_out,
                                        const credentials& who, const signing_scope& where, timestamp at) {
    auto key = find_key(who, where, at);
    if (!key) return result<std::string_view>::failed_as(std::move(key));
    canonical_.take(fields, what.host, wanted);
    sign(**key, canonical_.write(what, left_out));
    return std::string_view{signature_};
  }

  std::string_view signed_headers() const noexcept { return canonical_.signed_headers(); }

  /// Of the latest signature: its 64 hex digits, and its "20130524T000000Z".
  std::string_view signature() const noexcept { return signature_; }
  std::string_view amz_date() const noexcept { return date_; }

  /// Signs the chunks of the request whose headers were signed last.
  chunk_signer chunks() const { return chunk_signer{*key_, date_, signature_}; }

 private:
  result<const signing_key*> find_key(const credentials& who, const signing_scope& where, timestamp now) {
    date_.clear();
    append_amz_date(date_, now);
    if (!digest_.usable()) return fail(error_kind::configuration, "this OpenSSL offers no SHA-256");
    if (!is_graphic(who.session_token.reveal()))
      return fail(error_kind::credentials, "a session token must be printable ASCII without spaces");
    auto key = keys_.get(who, where, std::string_view{date_}.substr(0, 8));
    if (key) key_ = **key;
    return key;
  }

  void sign(const signing_key& key, std::string_view canonical_request) {
    std::array<std::byte, crypto::digest::max_size> hash;
    digest_.update(as_bytes(canonical_request));
    digest_.finish(hash);
    text_.clear();
    append_string_to_sign(text_, date_, key.scope(), std::span(hash).first<sizeof(crypto::sha256_value)>());
    set_signature(key.sign(text_, digest_));
  }

  void set_signature(const crypto::sha256_value& value) {
    signature_.clear();
    append_hex(signature_, value);
  }

  crypto::digest digest_{crypto::digest_algorithm::sha256};
  canonicalizer canonical_{};
  signing_key_cache keys_{};
  std::optional<signing_key> key_{};
  std::string date_{};
  std::string signature_{};
  std::string text_{};
};

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/post_policy.hpp
// How does a browser get leave to upload? With a form: a policy that says what the upload may be, and its signature.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

namespace s3store::inline v0::auth {

/// One thing that S3 checks of the form before it takes the upload. Made by the three functions.
struct post_condition {
  enum class test : std::uint8_t { eq, starts_with, content_length_range };

  test kind{};
  std::string field{};  ///< "key", "Content-Type", "x-amz-meta-tag"; empty for the length
  std::string value{};
  std::uint64_t least{};  ///< bytes, inclusive
  std::uint64_t most{};   ///< bytes, inclusive

  static post_condition eq(std::string field, std::string value) { return {test::eq, std::move(field), std::move(value)}; }
  /// An empty value lets anything pass.
  static post_condition starts_with(std::string field, std::string value) {
    return {test::starts_with, std::move(field), std::move(value)};
  }
  static post_condition content_length_range(std::uint64_t least, std::uint64_t most) {
    return {test::content_length_range, {}, {}, least, most};
  }
};

struct post_policy {
  timestamp expiration{};
  std::vector<post_condition> conditions{};
};

using form_fields = std::vector<std::pair<std::string, std::string>>;

/// Where the form is posted to, and its fields in order; the file comes after them.
struct presigned_post {
  std::string url{};
  form_fields fields{};
};

/// The policy as JSON, in ASCII; the expiration in whole seconds. Fails (invalid_argument) where a name or value is not UTF-8.
inline result<std::string> policy_document(const post_policy& policy) {
  using test = post_condition::test;
  std::string out = "{\"expiration\": \"";
  out.append(format_iso8601(std::chrono::floor<std::chrono::seconds>(policy.expiration))).append("\", \"conditions\": [");
  bool utf8 = true, first = true;
  const auto text = [&](std::string_view s) { utf8 = json::append_ascii_string(out, s) && utf8; };
  for (const post_condition& c : policy.conditions) {
    if (!std::exchange(first, false)) out.append(", ");
    if (c.kind == test::eq) {
      out.push_back('{');
      text(c.field);
      out.append(": ");
      text(c.value);
      out.push_back('}');
    } else if (c.kind == test::starts_with) {
      out.append("[\"starts-with\", ");
      text("$" + c.field);
      out.append(", ");
      text(c.value);
      out.push_back(']');
    } else {
      append_integer(out.append("[\"content-length-range\", "), c.least);
      append_integer(out.append(", "), c.most);
      out.push_back(']');
    }
  }
  if (!utf8) return fail(error_kind::invalid_argument, "a POST policy is JSON: its field names and values must be UTF-8");
  return out.append("]}");
}

/// The form for uploads to `key` of `bucket` at `url`. `${filename}` at the key's end stands for the name of the file. Conditions
/// for bucket, key and signature are added to the policy's own, and so is equality for each of `fields` of which no condition
/// speaks (S3 refuses a form with a field that the policy does not name).
/// Fails (invalid_argument, credentials) where the policy could never be met or there is no key to sign with.
inline result<presigned_post> presign_post(signer& with, std::string url, std::string_view bucket, std::string_view key,
                                           form_fields fields, post_policy policy, const credentials& who,
                                           const signing_scope& where, timestamp now) {
  if (key.empty()) return fail(error_kind::invalid_argument, "a POST policy needs a key, such as \"uploads/${filename}\"");
  if (policy.expiration <= now) return fail(error_kind::invalid_argument, "a POST policy must expire in the future");
  for (const post_condition& c : policy.conditions)
    if (c.kind == post_condition::test::content_length_range && c.least > c.most)
      return fail(error_kind::invalid_argument, "a content-length-range must not end before it starts");
  auto signs = with.key_for(who, where, now);
  if (!signs) return result<presigned_post>::failed_as(std::move(signs));

  const auto is_named = [&policy](std::string_view field) {
    return std::any_of(policy.conditions.begin(), policy.conditions.end(),
                       [&](const auto& c) { return equal_ignoring_case(c.field, field); });
  };
  for (const auto& [name, value] : fields)
    if (!is_named(name)) policy.conditions.push_back(post_condition::eq(name, value));

  constexpr std::string_view filename = "${filename}";
  policy.conditions.push_back(post_condition::eq("bucket", std::string(bucket)));
  policy.conditions.push_back(key.ends_with(filename)
                                  ? post_condition::starts_with("key", std::string(key.substr(0, key.size() - filename.size())))
                                  : post_condition::eq("key", std::string(key)));
  fields.emplace_back("key", key);
  const auto bind = [&](std::string_view name, std::string_view value) {
    fields.emplace_back(name, value);
    policy.conditions.push_back(post_condition::eq(std::string(name), std::string(value)));
  };
  bind("x-amz-algorithm", algorithm);
  bind("x-amz-credential", signs->credential());
  bind("x-amz-date", with.amz_date());
  if (!who.session_token.empty()) bind(token_names_of(where.service).field, who.session_token.reveal());

  auto document = policy_document(policy);
  if (!document) return result<presigned_post>::failed_as(std::move(document));
  const std::string encoded = base64(as_bytes(*document));
  fields.emplace_back("policy", encoded);
  fields.emplace_back("x-amz-signature", with.sign_policy(*signs, encoded));
  return presigned_post{std::move(url), std::move(fields)};
}

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/presented.hpp
// What does a received request say of its own signature? Read from the Authorization header, the query, or a form.
//
// Errors carry the code and status that S3 answers with.

namespace s3store::inline v0::auth {

/// Nothing of it is verified yet.
struct presented_signature {
  enum class place : std::uint8_t { fields, query, form };

  place from{};
  std::string access_key_id{};
  std::string date{};  ///< of the scope: "20130524"
  signing_scope scope{};
  timestamp at{};
  std::chrono::seconds expires{};  ///< of a presigned URL
  std::string signed_headers{};
  std::string signature{};
  std::string token{};
};

/// A refusal as S3 words it: its error code, its HTTP status, a sentence.
inline error refusal(std::string_view code, int status, std::string message) {
  error e = fail(status == 403 ? error_kind::access_denied : error_kind::bad_request, std::move(message));
  e.code = code;
  e.status = status;
  return e;
}

namespace detail {

/// The code for a signature that can't be read.
constexpr std::string_view malformed_code(presented_signature::place from) noexcept {
  constexpr std::string_view codes[] = {"AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "InvalidArgument"};
  return codes[static_cast<std::size_t>(from)];
}

inline error malformed(presented_signature::place from, std::string message) {
  return refusal(malformed_code(from), 400, std::move(message));
}

inline error unsupported() {
  return refusal("InvalidRequest", 400, "this authorization mechanism is not supported: use AWS4-HMAC-SHA256");
}

/// "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request", read from its end: some servers' key ids hold slashes.
inline result<void> read_credential(presented_signature& into, std::string_view text) {
  const std::string_view all = text;
  const auto last = [&text] {
    const auto slash = text.rfind('/');
    const auto piece = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
    text = text.substr(0, slash == std::string_view::npos ? 0 : slash);
    return piece;
  };
  const auto terminator = last();
  into.scope.service = last();
  into.scope.region = last();
  into.date = last();
  into.access_key_id = text;
  if (terminator != "aws4_request" || into.date.size() != 8 || into.scope.region.empty() || text.empty())
    return malformed(into.from,
                     "the credential \"" + std::string(all) + "\" is not of the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request");
  return {};
}

/// "20130524T000000Z", on the scope's day.
inline result<void> read_amz_date(presented_signature& into, std::string_view text) {
  const auto at = text.size() == 16 ? parse_iso8601(text) : std::nullopt;
  if (!at || format_amz_date(*at) != text)
    return malformed(into.from, "the date \"" + std::string(text) + "\" is not of the form 20130524T000000Z");
  if (text.substr(0, 8) != into.date) return malformed(into.from, "the date of the credential is not the date of the request");
  into.at = *at;
  return {};
}

/// What the header fields say.
inline result<presented_signature> read_fields(std::string_view authorization, const headers& fields) {
  presented_signature out;
  if (!authorization.starts_with(algorithm) || authorization.substr(algorithm.size()).find_first_of(" \t") != 0)
    return unsupported();
  std::string_view credential;
  split(authorization.substr(algorithm.size()), ',', [&](std::string_view piece) {
    piece = trim(piece);
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos) return;
    const auto name = piece.substr(0, equals), value = piece.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") out.signed_headers = value;
    if (name == "Signature") out.signature = value;
  });
  if (credential.empty() || out.signed_headers.empty() || out.signature.empty())
    return malformed(out.from, "the Authorization header must have Credential, SignedHeaders and Signature");
  if (auto read = read_credential(out, credential); !read) return result<presented_signature>::failed_as(std::move(read));

  std::string date(fields.value_or_empty("x-amz-date"));
  if (date.empty())
    if (const auto plain = parse_timestamp(fields.value_or_empty("date"))) date = format_amz_date(*plain);
  if (date.empty()) return refusal("AccessDenied", 403, "a signed request needs a valid Date or x-amz-date header");
  if (auto read = read_amz_date(out, date); !read) return result<presented_signature>::failed_as(std::move(read));
  out.token = fields.value_or_empty(token_names_of(out.scope.service).field);
  return out;
}

inline result<presented_signature> read_query(std::string_view query) {
  presented_signature out{.from = presented_signature::place::query};
  constexpr std::array<std::string_view, 7> names{"X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Date",          "X-Amz-Expires",
                                                  "X-Amz-SignedHeaders", "X-Amz-Signature",  "X-Amz-Security-Token"};
  std::array<std::optional<std::string>, names.size()> values{};
  bool broken = false;
  split(query, '&', [&](std::string_view piece) {
    const auto equals = piece.find('=');
    std::string_view name = piece.substr(0, equals);
    if (name == "X-Amz-S3session-Token") name = names.back();
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size()) return;
    broken = broken || values[at];  // twice: which one is meant?
    values[at] = uri_decode(equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1));
    broken = broken || !values[at];
  });
  for (std::size_t i = 0; i + 1 != names.size(); ++i) broken = broken || !values[i];
  if (broken)
    return malformed(
        out.from,
        "a presigned URL must have X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and "
        "X-Amz-Signature, each once");
  if (*values[0] != algorithm) return malformed(out.from, "X-Amz-Algorithm must be AWS4-HMAC-SHA256");
  if (auto read = read_credential(out, *values[1]); !read) return result<presented_signature>::failed_as(std::move(read));
  if (auto read = read_amz_date(out, *values[2]); !read) return result<presented_signature>::failed_as(std::move(read));
  const auto expires = parse_integer<std::int64_t>(*values[3]);
  if (!expires || *expires < 0 || *expires > signer::longest.count())
    return malformed(out.from, "X-Amz-Expires must be a number of seconds from 0 to 604800 (a week)");
  out.expires = std::chrono::seconds{*expires};
  out.signed_headers = std::move(*values[4]);
  out.signature = std::move(*values[5]);
  out.token = std::move(values[6]).value_or("");
  return out;
}

}  // namespace detail

/// The signature in a request's fields or query; nothing where it has none (an anonymous request). `query` is as it was sent.
/// Fails with AuthorizationHeaderMalformed, AuthorizationQueryParametersError, AccessDenied, InvalidRequest or InvalidArgument.
inline result<std::optional<presented_signature>> presented(std::string_view query, const headers& fields) {
  using given = result<std::optional<presented_signature>>;
  const auto authorization = fields.get("authorization");
  bool in_query = false, old = false;
  split(query, '&', [&](std::string_view piece) {
    const auto name = piece.substr(0, piece.find('='));
    in_query = in_query || name == "X-Amz-Algorithm" || name == "X-Amz-Signature" || name == "X-Amz-Credential";
    old = old || name == "AWSAccessKeyId";
  });
  if (authorization && in_query)
    return refusal("InvalidArgument", 400, "a request must be signed in its header or in its query, not in both");
  if (old) return detail::unsupported();
  if (!authorization && !in_query) return std::optional<presented_signature>{};
  auto read = authorization ? detail::read_fields(*authorization, fields) : detail::read_query(query);
  if (!read) return given::failed_as(std::move(read));
  return std::optional{std::move(*read)};
}

/// The form field of that name, compared without case; the first one counts.
inline std::optional<std::string_view> find_field(const form_fields& form, std::string_view name) noexcept {
  for (const auto& [field, value] : form)
    if (equal_ignoring_case(field, name)) return value;
  return std::nullopt;
}

/// The signature in a POST form; nothing where it has no policy (an anonymous upload).
inline result<std::optional<presented_signature>> presented(const form_fields& form) {
  using given = result<std::optional<presented_signature>>;
  presented_signature out{.from = presented_signature::place::form};
  if (!find_field(form, "policy")) return std::optional<presented_signature>{};
  std::array<std::string, 4> values{};
  constexpr std::array<std::string_view, 4> names{"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"};
  for (std::size_t i = 0; i != names.size(); ++i) {
    const auto value = find_field(form, names[i]);
    if (!value) return detail::malformed(out.from, "a POST form with a policy must have a field named " + std::string(names[i]));
    values[i] = *value;
  }
  if (values[0] != algorithm) return detail::malformed(out.from, "x-amz-algorithm must be AWS4-HMAC-SHA256");
  if (auto read = detail::read_credential(out, values[1]); !read) return given::failed_as(std::move(read));
  if (auto read = detail::read_amz_date(out, values[2]); !read) return given::failed_as(std::move(read));
  out.signature = std::move(values[3]);
  out.token = find_field(form, token_names_of(out.scope.service).field).value_or("");
  return std::optional{std::move(out)};
}

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/providers.hpp
// Which credentials does this machine have? Those of the environment, else those of the profile in the shared files.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html

namespace s3store::inline v0::auth {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and AWS_CREDENTIAL_EXPIRATION (a date), read at every fetch.
class environment_credentials {
 public:
  explicit environment_credentials(environment from = environment::process()) : from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<environment_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    const auto take = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    credentials out{take("AWS_ACCESS_KEY_ID"), take("AWS_SECRET_ACCESS_KEY"), take("AWS_SESSION_TOKEN")};
    if (out.anonymous()) return none_here("the environment has no AWS_ACCESS_KEY_ID");
    if (out.access_key_id.empty() || out.secret_access_key.empty())
      return fail(error_kind::credentials,
                  "the environment must have both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and has only one of them");
    if (const auto expires = from_.get_nonempty("AWS_CREDENTIAL_EXPIRATION")) {
      out.expires = parse_timestamp(*expires);
      if (!out.expires)
        return fail(error_kind::configuration, "AWS_CREDENTIAL_EXPIRATION must be a date such as 2030-01-31T12:00:00Z");
    }
    return out;
  }

 private:
  environment from_;
};

/// The static keys of a profile, from the credentials file and else the config file; read at every fetch.
class profile_credentials {
 public:
  /// `profile`: empty for the one that AWS_PROFILE names, or "default".
  explicit profile_credentials(std::string profile = {}, environment from = environment::process())
      : profile_(std::move(profile)), from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<profile_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    const auto chosen = profile_.empty() ? chosen_profile(from_) : profile_;
    const std::string name = chosen.value_or("default");
    const auto credentials_file = shared_credentials_path(from_), config_file = shared_config_path(from_);
    bool exists = false;
    std::string looked;
    for (const auto& [path, is_config] : {std::pair{credentials_file, false}, {config_file, true}}) {
      if (!path) continue;
      looked.append(looked.empty() ? "" : " or ").append(*path);
      auto file = read(*path);
      if (!file) return result<credentials>::failed_as(std::move(file));
      const ini_section* const section = is_config ? file->profile(name) : file->find(name);
      if (!section) continue;
      exists = true;
      const auto take = [section](std::string_view key) { return section->get(key).value_or(std::string_view{}); };
      credentials out{std::string(take("aws_access_key_id")), take("aws_secret_access_key"), take("aws_session_token")};
      if (out.access_key_id.empty() != out.secret_access_key.empty())
        return fail(error_kind::credentials,
                    "the profile \"" + name + "\" in " + *path +
                        " must have both aws_access_key_id and aws_secret_access_key, and has only one of them");
      if (!out.anonymous()) return out;
    }
    if (looked.empty()) return none_here("there is no home directory to look for profiles in");
    if (exists) return none_here("the profile \"" + name + "\" in " + looked + " has no aws_access_key_id");
    if (chosen) return fail(error_kind::configuration, "there is no profile \"" + name + "\" in " + looked);
    return none_here("there is no profile \"" + name + "\" in " + looked);
  }

 private:
  /// An empty document where there is no file.
  static result<ini_document> read(const std::string& path) {
    auto text = read_file_if_present(path);
    if (!text) return result<ini_document>::failed_as(std::move(text));
    if (!*text) return ini_document{};
    auto parsed = parse_ini(**text);
    wipe((*text)->data(), (*text)->size());
    if (!parsed) parsed.error().message = "cannot read " + path + ": " + parsed.error().message;
    return parsed;
  }

  std::string profile_;
  environment from_;
};

/// Where a client looks if it is told nothing.
using default_credentials = credentials_chain<environment_credentials, profile_credentials>;

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/verify.hpp
// Is a received request really from whom it says? For servers: the signature is computed again with the secret that the server
// knows.
//
// The caller reads the signature (`presented`), looks its access key id up (InvalidAccessKeyId is the caller's to say), and
// verifies. Errors carry the code and status that S3 answers with; none tells what the right signature would have been.

namespace s3store::inline v0::auth {

/// How far a request's clock may be off.
inline constexpr std::chrono::minutes allowed_skew{15};

namespace detail {

inline error signature_mismatch() {
  return refusal("SignatureDoesNotMatch", 403, "the request's signature is not the one that its access key gives it");
}

/// Scope, times, key and token: all that needs no signature.
inline result<void> check_claims(const presented_signature& p, const credentials& who, const signing_scope& expected,
                                 timestamp now) {
  if (p.scope.region != expected.region) {
    error wrong = malformed(p.from, "the region '" + p.scope.region + "' is wrong; expecting '" + expected.region + "'");
    wrong.region = expected.region;
    return wrong;
  }
  if (p.scope.service != expected.service)
    return malformed(p.from, "the service '" + p.scope.service + "' is wrong; expecting '" + expected.service + "'");
  if (p.from == presented_signature::place::fields && (p.at > now + allowed_skew || p.at < now - allowed_skew))
    return refusal("RequestTimeTooSkewed", 403, "the difference between the request's time and the server's is too large");
  if (p.from == presented_signature::place::query) {
    if (p.at > now + allowed_skew) return refusal("AccessDenied", 403, "Request is not valid yet");
    if (now > p.at + p.expires) return refusal("AccessDenied", 403, "Request has expired");
  }
  if (p.access_key_id != who.access_key_id) return refusal("InvalidAccessKeyId", 403, "the access key id is not known");
  if (!crypto::equal_in_constant_time(p.token, who.session_token.reveal()))
    return refusal("InvalidToken", 400, "the session token is not valid");
  if (who.expires && now >= *who.expires) return refusal("ExpiredToken", 400, "the session token has expired");
  return {};
}

/// Is `name` one of those in "host;range;x-amz-date"?
inline bool lists(std::string_view names, std::string_view name) noexcept {
  bool found = false;
  split(names, ';', [&](std::string_view one) { found = found || equal_ignoring_case(one, name); });
  return found;
}

}  // namespace detail

/// Succeeds where the request is signed by `who`, here and now. `what.payload` is not looked at: the hash that the request names
/// counts, and whether the body has it is for the caller to see. Afterwards `with.chunks()` verifies the chunks of a streamed body.
/// `with`: scratch space that may be used for any number of requests, one at a time.
inline result<void> verify(signer& with, const presented_signature& p, const signable& what, const headers& fields,
                           const credentials& who, const signing_scope& expected, timestamp now) {
  const bool in_query = p.from == presented_signature::place::query;
  const auto hash = fields.get("x-amz-content-sha256");
  if (!hash && !in_query) return refusal("MissingSecurityHeader", 400, "a signed request needs the header x-amz-content-sha256");
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  if (!detail::lists(p.signed_headers, "host")) return refusal("AccessDenied", 403, "the header host is not signed");
  for (const auto [name, value] : fields)
    if (equal_ignoring_case(name.substr(0, 6), "x-amz-") && !detail::lists(p.signed_headers, name))
      return refusal("AccessDenied", 403, "the header " + lower_case(name) + " is not signed");

  signable signed_part = what;
  signed_part.payload = hash.value_or(payload::not_signed);
  const auto wanted = [&p](std::string_view name) { return detail::lists(p.signed_headers, name); };
  auto right = with.signature_of(signed_part, fields, wanted, in_query ? "X-Amz-Signature" : "", who, expected, p.at);
  if (!right) return result<void>::failed_as(std::move(right));
  if (with.signed_headers() != p.signed_headers)
    return refusal("AccessDenied", 403, "a signed header is not part of the request, or they are not sorted");
  if (!crypto::equal_in_constant_time(*right, p.signature)) return detail::signature_mismatch();
  return {};
}

/// Succeeds where `signature` is the one of the chunk, or trailer, that `right` was computed of by a chunk_signer.
inline result<void> verify_chunk(std::string_view right, std::string_view signature) {
  if (!crypto::equal_in_constant_time(right, signature)) return detail::signature_mismatch();
  return {};
}

}  // namespace s3store::inline v0::auth

// ---- s3store/auth/verify_post.hpp
// May this form upload this file? Its policy must be signed, unexpired, and met by every field.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html

namespace s3store::inline v0::auth {

namespace detail {

class policy_reader {
 public:
  explicit policy_reader(std::string_view document) noexcept : tokens_(document) {}

  std::optional<post_policy> read() {
    post_policy out;
    bool dated = false, listed = false;
    if (next() != kind::begin_object) return std::nullopt;
    kind k{};
    while ((k = next()) == kind::key) {
      if (text_ == "expiration") {
        const auto at = next() == kind::string ? parse_iso8601(text_) : std::nullopt;
        if (!at) return std::nullopt;
        out.expiration = *at;
        dated = true;
      } else if (text_ == "conditions") {
        if (!read_conditions(out.conditions)) return std::nullopt;
        listed = true;
      } else {
        return std::nullopt;
      }
    }
    if (k != kind::end_object || next() != kind::end || !dated || !listed || broken_) return std::nullopt;
    return out;
  }

 private:
  using kind = json::token_kind;
  static constexpr bool is_scalar(kind k) noexcept { return k == kind::string || k == kind::number; }

  bool read_conditions(std::vector<post_condition>& into) {
    if (next() != kind::begin_array) return false;
    kind k{};
    while ((k = next()) != kind::end_array) {
      if (k == kind::begin_object ? !read_equalities(into) : k != kind::begin_array || !read_test(into)) return false;
    }
    return true;
  }

  bool read_equalities(std::vector<post_condition>& into) {
    kind k{};
    while ((k = next()) == kind::key) {
      std::string field = text_;
      if (!is_scalar(next())) return false;
      into.push_back(post_condition::eq(std::move(field), text_));
    }
    return k == kind::end_object;
  }

  bool read_test(std::vector<post_condition>& into) {
    std::string words[3];
    for (std::string& word : words) {
      if (!is_scalar(next())) return false;
      word = text_;
    }
    if (next() != kind::end_array) return false;
    const std::string_view name = words[0];
    if (equal_ignoring_case(name, "content-length-range")) {
      const auto least = parse_integer<std::uint64_t>(words[1]), most = parse_integer<std::uint64_t>(words[2]);
      if (!least || !most) return false;
      into.push_back(post_condition::content_length_range(*least, *most));
      return true;
    }
    const bool eq = equal_ignoring_case(name, "eq");
    if ((!eq && !equal_ignoring_case(name, "starts-with")) || !words[1].starts_with('$')) return false;
    words[1].erase(0, 1);
    into.push_back(eq ? post_condition::eq(words[1], words[2]) : post_condition::starts_with(words[1], words[2]));
    return true;
  }

  /// The next token; what it stands for is in `text_`. `end` where the text is broken.
  kind next() {
    const auto t = tokens_.next();
    text_.clear();
    broken_ = broken_ || !t;
    if (broken_) return kind::end;
    if (t->kind == kind::string || t->kind == kind::key)
      broken_ = !json::unescape(t->raw, text_);
    else
      text_ = t->raw;
    return broken_ ? kind::end : t->kind;
  }

  json::tokenizer tokens_;
  std::string text_{};
  bool broken_{};
};

inline bool meets(const post_condition& c, std::string_view value) {
  if (c.kind == post_condition::test::eq) return value == c.value;
  if (!equal_ignoring_case(c.field, "content-type") || value.find(',') == std::string_view::npos) return value.starts_with(c.value);
  bool all = true;  // commas make a list of this one field
  split(value, ',', [&](std::string_view one) { all = all && trim(one).starts_with(c.value); });
  return all;
}

inline error policy_violated(std::string why) {
  return refusal("AccessDenied", 403, "Invalid according to Policy: " + std::move(why));
}

}  // namespace detail

/// Reads a policy document. Fails with InvalidPolicyDocument.
inline result<post_policy> parse_policy_document(std::string_view document) {
  auto read = detail::policy_reader{document}.read();
  if (!read)
    return refusal("InvalidPolicyDocument", 400, "the policy must be a JSON object with an expiration and a list of conditions");
  return std::move(*read);
}

/// Succeeds where the form meets the policy. `${filename}` in the key must have been replaced before; `file_size` is in bytes.
/// Fails with AccessDenied, EntityTooSmall or EntityTooLarge.
inline result<void> check_policy(const post_policy& policy, const form_fields& form, std::string_view bucket,
                                 std::uint64_t file_size, timestamp now) {
  if (now >= policy.expiration) return detail::policy_violated("Policy expired.");
  for (const post_condition& c : policy.conditions) {
    if (c.kind == post_condition::test::content_length_range) {
      if (file_size < c.least) return refusal("EntityTooSmall", 400, "the file is smaller than the policy allows");
      if (file_size > c.most) return refusal("EntityTooLarge", 400, "the file is larger than the policy allows");
    } else if (!detail::meets(c, equal_ignoring_case(c.field, "bucket") ? bucket : find_field(form, c.field).value_or(""))) {
      return detail::policy_violated("Policy Condition failed: " + c.field);
    }
  }
  for (const auto& [name, value] : form) {
    const auto is = [&field = name](std::string_view other) { return equal_ignoring_case(field, other); };
    const bool named =
        std::any_of(policy.conditions.begin(), policy.conditions.end(), [&](const post_condition& c) { return is(c.field); });
    if (!named && !is("policy") && !is("x-amz-signature") && !is("file") && !equal_ignoring_case(name.substr(0, 9), "x-ignore-"))
      return detail::policy_violated("Extra input fields: " + name);
  }
  return {};
}

/// Succeeds where the form's policy is signed by `who`, here, and met. `p` is what `presented(form)` gave.
inline result<void> verify_post(signer& with, const presented_signature& p, const form_fields& form, std::string_view bucket,
                                std::uint64_t file_size, const credentials& who, const signing_scope& expected, timestamp now) {
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  auto key = with.key_for(who, expected, p.at);
  if (!key) return result<void>::failed_as(std::move(key));
  const auto encoded = find_field(form, "policy").value_or("");
  if (!crypto::equal_in_constant_time(with.sign_policy(*key, encoded), p.signature)) return detail::signature_mismatch();
  auto policy = parse_policy_document(from_base64(encoded).value_or(""));
  if (!policy) return result<void>::failed_as(std::move(policy));
  return check_policy(*policy, form, bucket, file_size, now);
}

}  // namespace s3store::inline v0::auth

// ---- s3store/protocol/wire_value.hpp
// How does a single value stand on the wire? One pair of functions a type: `to_wire` appends its text, `from_wire` reads it back.
//
// Every binding of an operation, be it a header, a query parameter or an XML element, goes through this pair, so a type is on the
// wire the same everywhere. What differs by place is only the format of dates, which the binding passes along.

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
  const auto parsed = parse_integer<Int>(trim(s));
  if (parsed) v = *parsed;
  return parsed.has_value();
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

/// The place of a member to be read into.
template <class T>
T& place(T& member) { return member; }
template <class T>
T& place(std::optional<T>& member) { return member ? *member : member.emplace(); }

}  // namespace wire
}  // namespace s3store::inline v0

// ---- s3store/protocol/operation.hpp
// What is an operation? One declaration, read in both directions.
//
// A request is an aggregate with three things beside its members: its `response` type, its `spec`, and `describe`, which says of each
// member where it travels. A visitor that is handed to `describe` decides what happens there: the client's writes a request or reads
// an answer, the embedded S3's does the opposite, and others compare, print or count. No operation has code of its own for any of it.
//
// The words that `describe` is written in, and that every visitor understands:
//   uri(label, m)              a label of the path: "Bucket", or "Key", which keeps its slashes
//   query(name, m)             a query parameter; absent when the member is, or by_default{"..."}
//   header(name, m)            a header; a list travels as one field, comma-separated
//   headers(prefix, m)         one header for each entry of a metadata member
//   status(m)                  the HTTP status of the answer
//   stream(m)                  the body, as bytes
//   text(m)                    the body, as text
//   payload(root, m)           the body, as an XML document that is this structure
//   root(name)                 the body is an XML document, whose parts are declared by what follows
//   root_text(name, m)         the body is an XML document that holds nothing but this value
//   element(name, m)           a child element; a list repeats it
//   list(name, item, m)        a child element around the items of a list
//   url_element(name, m)       a child element that is percent-encoded where the answer says encoding-type=url
//   attribute(name, m)         an XML attribute, declared before any element
// Where a date's format is not the place's own (HTTP dates in headers, ISO 8601 elsewhere), it is named as a last argument.

namespace s3store::inline v0 {

/// What happens when a request takes effect twice, because the first answer was lost.
enum class repetition : std::uint8_t {
  harmless,         ///< the same state as after the first
  creates_another,  ///< something new each time; what is left over costs, but does no harm
};

/// What S3 says of a checksum over the request's body.
enum class request_checksum : std::uint8_t { none, supported, required };

enum class answer_body : std::uint8_t {
  document,  ///< read into a bounded buffer and decoded
  stream,    ///< handed on as it comes
};

struct operation_spec {
  std::string_view name{};  ///< as in the S3 API: "PutObject"
  http::method method{};
  std::string_view uri{};   ///< "/{Bucket}/{Key+}?uploads"
  repetition repeating{repetition::harmless};
  request_checksum checksum{request_checksum::none};
  bool answer_checksum{};   ///< the answer carries the body's checksum when `x-amz-checksum-mode` asks for it
  answer_body answer{answer_body::document};
  bool error_in_success{};  ///< the answer can be a 200 whose body is an error
  int status{200};          ///< of success, as S3 answers it
};

/// The value that a query parameter has where the caller gave none.
struct by_default {
  const char* value{};
};

/// A type that can be sent: it has a `response`, a `spec`, and is described.
template <class R>
concept operation_request = requires {
  typename R::response;
  { R::spec } -> std::convertible_to<const operation_spec&>;
};

template <operation_request R>
using response_of = typename R::response;

}  // namespace s3store::inline v0

// ---- s3store/protocol/xml_binding.hpp
// How does a structure become XML, and XML a structure? The two visitors of elements, attributes and lists.
//
// They serve both sides: what the client writes the embedded S3 reads, and the other way round.

namespace s3store::inline v0::wire {

inline constexpr const char* s3_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
inline constexpr const char* xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

/// Writes the members of a structure into the element that is open.
class xml_members_writer {
 public:
  /// `encode_urls`: percent-encode what `url_element` declares (the answer says encoding-type=url).
  explicit xml_members_writer(xml::writer& out, bool encode_urls = false) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (is_list<T>) {
      for (const auto& item : m) value(name, item, format);
    } else if (const auto* v = present(m)) {
      value(name, *v, format);
    }
  }

  template <class T>
  void list(const char* name, const char* item_name, const std::vector<T>& m) {
    if (m.empty()) return;
    out_.open(name);
    for (const T& item : m) value(item_name, item, timestamp_format::iso8601);
    out_.close();
  }

  template <class T>
  void url_element(const char* name, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    out_.element(name, encode_urls_ ? std::string_view{uri_encode(*v, uri_part::query)} : std::string_view{*v});
  }

  template <class T>
  void attribute(const char* name, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    if (std::string_view{name}.starts_with("xsi:")) out_.attribute("xmlns:xsi", xsi_namespace);
    out_.attribute(name, text_of(*v, timestamp_format::iso8601));
  }

 private:
  template <class T>
  void value(const char* name, const T& v, timestamp_format format) {
    if constexpr (scalar<T>) {
      out_.element(name, text_of(v, format));
    } else {
      out_.open(name);
      T::describe(*this, v);
      out_.close();
    }
  }
  template <class T>
  std::string_view text_of(const T& v, timestamp_format format) {
    scratch_.clear();
    to_wire(scratch_, v, format);
    return scratch_;
  }

  xml::writer& out_;
  bool encode_urls_;
  std::string scratch_{};
};

/// Where the first thing that could not be read is noted. Reading goes on, so that nothing depends on the order of members.
struct reading_failure {
  std::string what{};
  void note(std::string_view where, std::string_view why) {
    if (what.empty()) what.append(where).append(" ").append(why);
  }
  bool any() const noexcept { return !what.empty(); }
};

/// Reads the members of a structure from an element. What is unknown is passed over, what is missing stays absent, and an empty
/// element is an empty string or an absent number, date or flag.
class xml_members_reader {
 public:
  xml_members_reader(xml::node at, reading_failure& failure, bool decode_urls = false) noexcept
      : at_(at), failure_(failure), decode_urls_(decode_urls) {}

  template <class T>
  void element(const char* name, T& m, timestamp_format = timestamp_format::iso8601) {
    if constexpr (is_list<T>) {
      for (xml::node n : at_.children(name)) value(name, n, m.emplace_back());
    } else if (xml::node n = at_.child(name)) {
      member(name, n, m);
    }
  }

  template <class T>
  void list(const char* name, const char* item_name, std::vector<T>& m) {
    if (xml::node n = at_.child(name))
      for (xml::node item : n.children(item_name)) value(item_name, item, m.emplace_back());
  }

  template <class T>
  void url_element(const char* name, T& m) {
    xml::node n = at_.child(name);
    if (!n) return;
    if (!decode_urls_) return static_cast<void>(place(m) = n.text());
    if (auto decoded = uri_decode(n.text(), true)) {
      place(m) = std::move(*decoded);
    } else {
      failure_.note(name, "is not percent-encoded, although the answer says so");
    }
  }

  template <class T>
  void attribute(const char* name, T& m) {
    if (const auto text = at_.parent().attribute(name))
      if (!from_wire(*text, place(m))) failure_.note(name, "has an attribute value that cannot be read");
  }

 private:
  template <class T>
  void member(const char* name, xml::node n, T& m) {
    if constexpr (is_optional<T>) {
      using inner = typename T::value_type;
      if constexpr (scalar<inner> && !std::is_same_v<inner, std::string>)
        if (n.text().empty()) return;
    }
    value(name, n, place(m));
  }
  template <class T>
  void value(const char* name, xml::node n, T& v) {
    if constexpr (scalar<T>) {
      if (!from_wire(n.text(), v)) failure_.note(name, "has a value that cannot be read");
    } else {
      xml_members_reader inside{n, failure_, decode_urls_};
      T::describe(inside, v);
    }
  }

  xml::cursor at_;  // servers write members in the order in which they are declared
  reading_failure& failure_;
  bool decode_urls_;
};

}  // namespace s3store::inline v0::wire

// ---- s3store/protocol/decode.hpp
// How does an answer become a response?

namespace s3store::inline v0 {

/// What an answer is decoded from.
struct received_answer {
  int status{};
  const headers* fields{};
  std::string* body{};     ///< a document to be read, or the bytes to be handed over; used up by decoding
  bool body_given_away{};  ///< the bytes went to the caller's sink
  bool decode_urls{};      ///< decode keys where the answer says encoding-type=url
};

namespace wire {

/// Reads header values into members; shared by answers and, in the embedded S3, requests.
template <class T>
void read_header(const headers& fields, std::string_view name, T& m, reading_failure& failure) {
  const auto text = fields.get(name);
  if (!text) return;
  if constexpr (is_list<T>) {
    split(*text, ',', [&](std::string_view item) {
      if (!from_wire(trim(item), m.emplace_back())) failure.note(name, "holds an item that cannot be read");
    });
  } else {
    if constexpr (is_optional<T>) {
      if constexpr (!std::is_same_v<typename T::value_type, std::string>)
        if (text->empty()) return;
    }
    if (!from_wire(*text, place(m))) failure.note(name, "has a value that cannot be read");
  }
}

inline void read_headers(const headers& fields, std::string_view prefix, metadata& m) {
  for (const auto [name, value] : fields)
    if (name.size() > prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      m.add(lower_case(name.substr(prefix.size())), value);
}

/// The visitor that reads an answer.
class response_reader {
 public:
  explicit response_reader(received_answer& from) noexcept : from_(from) {}

  /// A value that can't be read leaves its member absent: its text is still in the result's meta(), and a store's odd date in a header
  /// must not cost the body.
  template <class T>
  void header(std::string_view name, T& m, timestamp_format = timestamp_format::http_date) {
    reading_failure unreadable;
    read_header(*from_.fields, name, m, unreadable);
    if (!unreadable.any()) return;
    if constexpr (is_optional<T>) {
      m.reset();  // and no assignment: each type of member would have one compiled
    } else {
      m = T{};
    }
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(*from_.fields, prefix, m); }
  template <class T>
  void status(T& m) { place(m) = from_.status; }
  void stream(std::string& m) {
    if (!from_.body_given_away) m = std::move(*from_.body);
  }
  template <class T>
  void text(T& m) {
    if (!from_.body->empty()) place(m) = std::move(*from_.body);
  }

  void root(const char* name) {
    if (xml::node top = parse(name)) at_.emplace(top, failure_, url_encoded(top));
  }
  template <class T>
  void root_text(const char* name, T& m) {
    xml::node top = parse(name);
    if (top && !top.text().empty() && !from_wire(top.text(), place(m))) failure_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void payload(const char* name, T& m) {
    xml::node top = parse(name);
    if (!top) return;
    xml_members_reader members{top, failure_, url_encoded(top)};
    auto& v = place(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  template <class T>
  void element(const char* name, T& m, timestamp_format f = timestamp_format::iso8601) {
    if (at_) at_->element(name, m, f);
  }
  template <class T>
  void list(const char* name, const char* item, T& m) {
    if (at_) at_->list(name, item, m);
  }
  template <class T>
  void url_element(const char* name, T& m) {
    if (at_) at_->url_element(name, m);
  }

  const reading_failure& failure() const noexcept { return failure_; }

 private:
  /// An empty body where a document is due is no answer: read as one, it would be a bucket without objects.
  xml::node parse(const char* expected) {
    if (from_.body->empty()) return failure_.note("the answer is empty where <" + std::string(expected) + ">", "is due"), xml::node{};
    const xml::limits within{.max_bytes = from_.body->size()};  // bounded when it was received
    auto parsed = xml::document::parse(std::move(*from_.body), within);
    if (!parsed) {
      failure_.note(parsed.error().message, "");
      return {};
    }
    document_.emplace(std::move(*parsed));
    xml::node top = document_->root();
    if (top.name() == expected) return top;
    // Some stores name the root after the API's output shape ("GetObjectAttributesOutput"), MinIO writes one with a small letter.
    if (accepted_alias(top.name(), expected)) return top;
    failure_.note("the answer's root is <" + std::string(top.name()) + "> where <" + expected + ">", "is due");
    return {};
  }
  static bool accepted_alias(std::string_view name, std::string_view expected) {
    const auto stem = [](std::string_view s) {
      for (const std::string_view end : {"Response", "Output", "Result"})
        if (s.ends_with(end)) return s.substr(0, s.size() - end.size());
      return s;
    };
    return equal_ignoring_case(stem(name), stem(expected));
  }
  bool url_encoded(xml::node top) const { return from_.decode_urls && top.child("EncodingType").text() == "url"; }

  received_answer& from_;
  reading_failure failure_{};
  std::optional<xml::document> document_{};
  std::optional<xml_members_reader> at_{};
};

}  // namespace wire

/// Reads an answer. A failure is of kind malformed_response: what S3 would not say is not guessed at.
template <operation_request R>
result<response_of<R>> decode(received_answer& from) {
  result<response_of<R>> out{response_of<R>{}};
  wire::response_reader reader{from};
  response_of<R>::describe(reader, *out);
  if (reader.failure().any()) out = fail(error_kind::malformed_response, reader.failure().what);
  return out;
}

}  // namespace s3store::inline v0

// ---- s3store/protocol/download.hpp
// What happens to the bytes of an answer on their way to the caller's sink? They are counted and hashed, and a broken download is
// taken up where it broke, so that no byte is delivered twice.

namespace s3store::inline v0 {

class download final : public http::sink {
 public:
  explicit download(http::sink& into) noexcept : into_(into) {}

  /// The head of a successful answer. False: it does not continue what was delivered, and the error says why.
  result<void> begin(const http::response& head, bool verify) {
    if (resuming_) {
      const auto range = parse_content_range(head.fields.value_or_empty("Content-Range"));
      const bool continues = head.status == 206 && range && range->first == first_ + delivered_ && (!last_ || range->last == *last_);
      if (!continues || head.fields.get("ETag").value_or(etag_) != etag_)
        return fail(error_kind::connection_lost,
                    "the download broke after " + std::to_string(delivered_) + " bytes, and the server did not continue it there");
      return {};
    }
    etag_ = head.fields.value_or_empty("ETag");
    first_ = 0;
    last_.reset();
    if (head.status != 206) {
      if (const auto length = parse_integer<std::uint64_t>(head.fields.value_or_empty("Content-Length")); length && *length != 0)
        last_ = *length - 1;
    } else if (const auto range = parse_content_range(head.fields.value_or_empty("Content-Range"))) {
      first_ = range->first;
      last_ = range->last;
    } else {
      etag_.clear();  // several ranges at once: there is no telling where to go on
    }
    expected_.clear();
    hash_.reset();
    found_ = integrity::absent;
    if (verify) choose_checksum(head);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (hash_) hash_->update(bytes);
    auto written = into_.write(bytes);
    if (written) delivered_ += bytes.size();
    return written;
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// Makes ready for another attempt: from the start where the sink can take back what it has, else behind it, if that `may_resume`.
  /// False: neither is possible.
  bool restart(bool may_resume) {
    if (delivered_ == 0 || into_.seek(0)) {
      delivered_ = 0;
      resuming_ = false;
      return true;
    }
    resuming_ = may_resume && !etag_.empty();
    return resuming_;
  }

  /// The headers of an attempt that goes on behind what was delivered: the rest of the range, of the same object.
  bool resuming() const noexcept { return resuming_; }
  std::string range() const {
    return "bytes=" + std::to_string(first_ + delivered_) + "-" + (last_ ? std::to_string(*last_) : std::string{});
  }
  const std::string& etag() const noexcept { return etag_; }

  /// After the last byte: how the bytes were checked, or an error of kind integrity.
  result<integrity> finish() {
    if (!hash_) return found_;
    const std::string actual = hash_->base64();
    if (actual == expected_) return integrity::verified;
    return fail(error_kind::integrity, "the body's " + std::string(crypto::name(hash_->algorithm())) + " is " + actual +
                                           ", but the answer promised " + expected_);
  }

 private:
  struct byte_range {
    std::uint64_t first{};
    std::uint64_t last{};
  };
  /// `bytes 0-9/100` (RFC 9110, section 14.4)
  static std::optional<byte_range> parse_content_range(std::string_view s) {
    if (!s.starts_with("bytes ")) return std::nullopt;
    s = trim(s.substr(6));
    const auto dash = s.find('-');
    const auto slash = s.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
    const auto first = parse_integer<std::uint64_t>(s.substr(0, dash));
    const auto last = parse_integer<std::uint64_t>(s.substr(dash + 1, slash - dash - 1));
    if (!first || !last || *last < *first) return std::nullopt;
    return byte_range{*first, *last};
  }

  void choose_checksum(const http::response& head) {
    for (const auto& [algorithm, name, header, size] : crypto::checksum_algorithms) {
      if (algorithm == crypto::checksum_algorithm::md5) continue;  // Content-MD5 speaks of what was sent, not of the object
      const auto value = head.fields.get(header);
      if (!value) continue;
      // A composite one ends in the number of its parts: "base64-3".
      if (head.fields.value_or_empty("x-amz-checksum-type") == "COMPOSITE" || value->find('-') != std::string_view::npos) {
        found_ = integrity::composite;
      } else if (head.status == 206) {
        found_ = integrity::ranged;
      } else {
        expected_ = *value;
        hash_.emplace(algorithm);
        if (!hash_->usable()) hash_.reset();
        return;
      }
    }
    if (found_ == integrity::absent && head.status == 206) found_ = integrity::ranged;
  }

  http::sink& into_;
  std::uint64_t delivered_{};
  std::uint64_t first_{};                ///< where the answer's first byte stands in the object
  std::optional<std::uint64_t> last_{};  ///< and its last, where the head says so
  std::string etag_{};
  std::string expected_{};
  std::optional<crypto::checksum> hash_{};
  integrity found_{};
  bool resuming_{};
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/encode.hpp
// How does a request become something that can be sent?
//
// Encoding writes no URL yet: where a bucket goes, into the path or the host name, is the endpoint's matter, and a call that learns of
// another region asks for its endpoint anew without encoding again.

namespace s3store::inline v0 {

/// A request in the terms of HTTP, before endpoint and signature.
struct encoded_request {
  const operation_spec* spec{};
  std::string bucket{};
  std::string key{};         ///< percent-encoded, without a slash in front
  bool has_bucket{};
  bool has_key{};
  std::string query{};       ///< percent-encoded, without its '?'
  headers fields{};
  std::string document{};    ///< the body, where it is XML or text
  const http::body* stream{};///< the body, where it is the caller's
  error refused{};           ///< its kind is `none` when all is well

  /// Forgets the request and keeps the memory.
  void clear() noexcept {
    for (std::string* const text : {&bucket, &key, &query, &document}) text->clear();
    fields.clear();
    has_bucket = has_key = false;
    stream = nullptr;
    refused.kind = error_kind::none;
  }
  void refuse(std::string why) {
    if (refused.kind == error_kind::none) refused = fail(error_kind::invalid_argument, std::move(why));
  }
};

/// Appends a parameter to a query; the name is encoded as well.
inline void append_query(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query.push_back('&');
  append_uri_encoded(query, name, uri_part::query);
  query.push_back('=');
  append_uri_encoded(query, value, uri_part::query);
}

/// A header's value may hold no control character but tab (RFC 9110, section 5.5): a CR or LF would begin another header.
constexpr bool is_header_value(std::string_view s) noexcept {
  for (const char c : s)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return false;
  return true;
}
constexpr bool is_ascii(std::string_view s) noexcept {
  for (const char c : s)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}
/// A header's name is a token (RFC 9110, section 5.6.2).
constexpr bool is_header_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!is_alpha(c) && !is_digit(c) && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) == std::string_view::npos) return false;
  return !s.empty();
}

/// Why no request can be addressed to that bucket; empty where one can. Not AWS's naming rules, which other stores and old buckets do
/// not keep.
inline std::string bucket_name_fault(std::string_view name) {
  if (name.empty()) return "the bucket name is empty";
  if (name.size() > 255) return "the bucket name is longer than 255 bytes";
  for (const char c : name)
    if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '-' && c != '_')
      return "the bucket name \"" + std::string(name) + "\" holds a character other than letters, digits, '.', '-' and '_'";
  if (name == "." || name == "..") return "the bucket name is \"" + std::string(name) + "\"";
  return {};
}

namespace wire {

/// A required member without which the request would be another one: S3 takes a copy without a source for an empty upload.
inline bool is_missing(const std::string& m) noexcept { return m.empty(); }
inline bool is_missing(const copy_source& m) noexcept { return m.bucket.empty() || m.key.empty(); }
inline bool is_missing(const auto&) noexcept { return false; }

/// The visitor that writes a request.
class request_writer {
 public:
  explicit request_writer(encoded_request& out) : out_(out) {
    // What stands in the model's URI behind the question mark is part of the operation.
    const auto mark = out.spec->uri.find('?');
    if (mark != std::string_view::npos) out.query = out.spec->uri.substr(mark + 1);
  }

  void uri(std::string_view label, const std::string& m) {
    if (label == "Bucket") {
      if (auto fault = bucket_name_fault(m); !fault.empty()) out_.refuse(std::move(fault));
      out_.bucket = m;
      out_.has_bucket = true;
    } else {
      if (m.empty()) out_.refuse("the key is empty");
      append_uri_encoded(out_.key, m, uri_part::path);
      out_.has_key = true;
    }
  }

  template <class T>
  void query(std::string_view name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if (is_missing(m)) return out_.refuse("the query parameter " + std::string(name) + " is required, and empty");
    if (const auto* v = present(m)) add_query(name, text_of(*v, format));
  }
  template <class T>
  void query(std::string_view name, const T& m, by_default otherwise) {
    const auto* v = present(m);
    add_query(name, v ? text_of(*v, timestamp_format::iso8601) : std::string_view{otherwise.value});
  }

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    if constexpr (is_list<T>) {
      if (m.empty()) return;
      scratch_.clear();
      for (const auto& item : m) {
        if (!scratch_.empty()) scratch_.push_back(',');
        to_wire(scratch_, item, format);
      }
      add_header(name, scratch_);
    } else if (is_missing(m)) {
      out_.refuse("the header " + std::string(name) + " is required, and empty");
    } else if (const auto* v = present(m)) {
      add_header(name, text_of(*v, format));
    }
  }

  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) {
      if (!is_header_name(name)) return out_.refuse("the metadata name \"" + std::string(name) + "\" is no header name");
      if (!is_ascii(value))
        return out_.refuse("the value of the metadata \"" + std::string(name) + "\" is not ASCII; encode it before it is stored");
      scratch_.assign(prefix).append(name);
      add_header(scratch_, value);
    }
  }

  void status(const auto&) {}
  void stream(const http::body& m) {
    if (m.present()) out_.stream = &m;
  }
  template <class T>
  void text(const T& m) {
    if (const auto* v = present(m)) out_.document = *v;
  }

  template <class T>
  void payload(const char* root, const T& m) {
    const auto* v = present(m);
    if (!v) return;
    xml::writer document{out_.document};
    document.open(root, s3_namespace);
    xml_members_writer members{document};
    std::remove_cvref_t<decltype(*v)>::describe(members, *v);
    document.close();
    if (document.bad()) out_.refuse("a text in <" + std::string(root) + "> cannot stand in XML: it is not UTF-8, or holds a control character");
  }

 private:
  template <class T>
  std::string_view text_of(const T& v, timestamp_format format) {
    scratch_.clear();
    to_wire(scratch_, v, format);
    return scratch_;
  }
  void add_query(std::string_view name, std::string_view value) {
    append_query(out_.query, name, value);
  }
  void add_header(std::string_view name, std::string_view value) {
    if (!is_header_value(value))
      return out_.refuse("the value of the header " + std::string(name) + " holds a control character (CR, LF or NUL)");
    out_.fields.add(name, value);
  }

  encoded_request& out_;
  std::string scratch_{};
};

}  // namespace wire

/// Writes a request down. What it refuses stands in `refused`.
template <operation_request R>
void encode(const R& request, encoded_request& out) {
  out.spec = &R::spec;
  wire::request_writer writer{out};
  R::describe(writer, request);
}

}  // namespace s3store::inline v0

// ---- s3store/protocol/service_error.hpp
// What does an answer that is no success say?

namespace s3store::inline v0 {

/// The kind that a status stands for, where no code says more.
constexpr error_kind kind_of_status(int status) noexcept {
  switch (status) {
    case 301: case 302: case 303: case 307: case 308: return error_kind::redirect;
    case 304: return error_kind::not_modified;
    case 401: case 403: return error_kind::access_denied;
    case 404: return error_kind::not_found;
    case 405: return error_kind::method_not_allowed;
    case 409: return error_kind::conflict;
    case 412: return error_kind::precondition_failed;
    case 416: return error_kind::range_not_satisfiable;
    case 429: return error_kind::throttled;
    case 501: return error_kind::not_implemented;
    default: return status >= 500 ? error_kind::server : error_kind::bad_request;
  }
}

/// The status that S3 gives an error when it comes in time to be one: a 200 may have been sent long before.
constexpr int status_of_code(std::string_view code) noexcept {
  constexpr std::pair<std::string_view, int> known[] = {
      {"InternalError", 500}, {"ServiceUnavailable", 503}, {"AccessDenied", 403},          {"NoSuchKey", 404},        {"NoSuchUpload", 404},
      {"NoSuchBucket", 404},  {"NoSuchVersion", 404},      {"PreconditionFailed", 412},    {"OperationAborted", 409}, {"ConditionalRequestConflict", 409}};
  for (const auto& [name, status] : known)
    if (code == name) return status;
  return 400;
}

/// Reads `<Error>` out of a body; nothing where the body is no S3 error.
inline std::optional<error> parse_error_document(std::string body) {
  const auto parsed = xml::document::parse(std::move(body));
  if (!parsed || parsed->root().name() != "Error") return std::nullopt;
  const xml::node root = parsed->root();
  error e;
  e.code = root.child("Code").text();
  e.message = root.child("Message").text();
  e.request_id = root.child("RequestId").text();
  e.host_id = root.child("HostId").text();
  e.region = root.child("Region").text();
  return e;
}

/// The error in an answer. The headers fill in what the body leaves out, or has no room for: the answer to a HEAD has none.
inline error service_error(const http::response& head, std::string body) {
  const bool had_body = !body.empty();
  auto document = had_body ? parse_error_document(std::move(body)) : std::nullopt;
  error e = document ? std::move(*document) : error{};
  e.status = head.status;
  e.kind = kind_of_status(head.status < 300 ? status_of_code(e.code) : head.status);
  if (classify(e) == retry_class::throttling || (head.status == 503 && e.code.empty())) e.kind = error_kind::throttled;
  if (e.request_id.empty()) e.request_id = head.fields.value_or_empty("x-amz-request-id");
  if (e.host_id.empty()) e.host_id = head.fields.value_or_empty("x-amz-id-2");
  if (e.region.empty()) e.region = head.fields.value_or_empty("x-amz-bucket-region");
  if (e.message.empty())
    e.message = had_body && !document ? "the body is no error of S3's; did a proxy answer?" : std::string(to_string(e.kind));
  return e;
}

/// `Retry-After` in either of its forms (RFC 9110, section 10.2.3), and the milliseconds that some AWS services send.
inline std::optional<duration> retry_after(const headers& fields, timestamp now) {
  if (const auto ms = fields.get("x-amz-retry-after"))
    if (const auto n = parse_integer<std::int64_t>(trim(*ms)); n && *n >= 0 && *n < 86'400'000) return std::chrono::milliseconds{*n};
  const auto text = fields.get("Retry-After");
  if (!text) return std::nullopt;
  if (const auto seconds = parse_integer<std::int64_t>(trim(*text)); seconds && *seconds >= 0 && *seconds < 86'400)
    return std::chrono::seconds{*seconds};
  if (const auto date = parse_http_date(trim(*text)); date && *date > now && *date - now < std::chrono::hours{24})
    return std::chrono::duration_cast<duration>(*date - now);
  return std::nullopt;
}

}  // namespace s3store::inline v0

// ---- s3store/protocol/settings.hpp
// What can be set, once for a client and anew for a call?

namespace s3store::inline v0 {

/// Every wait of a call, each bounded by default. Zero means no limit.
struct call_limits {
  duration connect{std::chrono::seconds{10}};      ///< name look-up, TCP and TLS together
  duration first_byte{std::chrono::seconds{60}};   ///< from the last byte sent to the first received
  duration idle{std::chrono::seconds{30}};         ///< without a byte in either direction
  duration retry_waits{std::chrono::minutes{2}};   ///< all waits between attempts together
  duration total{};                                ///< the whole call with its retries; a hard deadline where it is set
};

/// Where the bucket's name goes.
enum class addressing : std::uint8_t {
  automatic,     ///< AWS: into the host name where it can; any other endpoint: into the path
  path,          ///< https://endpoint/bucket/key
  virtual_host,  ///< https://bucket.endpoint/key
};

enum class payload_signing : std::uint8_t {
  automatic,  ///< unsigned over TLS, which protects it already, and signed over plain HTTP
  always,
  never,
};

/// What a store that speaks S3 lacks. The default is AWS's own S3, which lacks nothing.
struct store_profile {
  crypto::checksum_algorithm checksum{crypto::checksum_algorithm::crc64nvme};  ///< of uploads, where the caller chose none
  bool aws_chunked{true};  ///< takes a checksum as a trailer behind the body
};

struct settings {
  std::string endpoint{};             ///< "https://host:port"; empty: AWS
  std::string region{"us-east-1"};
  addressing style{};
  bool use_accelerate{};              ///< S3 Transfer Acceleration (AWS only)
  bool use_dualstack{};               ///< IPv6 and IPv4 (AWS only)
  bool use_fips{};                    ///< FIPS endpoints (AWS only)
  call_limits limits{};
  payload_signing signing{};
  store_profile profile{};
  std::string expected_bucket_owner{};  ///< an account id that every request carries where its operation has none of its own
  std::string request_payer{};          ///< "requester", likewise
  std::string user_agent_suffix{};
  std::uint64_t max_document{64u << 20};  ///< of an answer that is read into memory to be decoded, in bytes
};

/// What one call does differently. Everything left out is the client's.
struct call_options {
  std::optional<call_limits> limits{};
  std::optional<int> max_attempts{};
  cancel_token stop{};
  headers fields{};  ///< further headers, signed like the others
  headers query{};   ///< further query parameters, not encoded yet
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/endpoint.hpp
// Where does a request go? The rules that make a host and a path of an endpoint, a region and a bucket.

namespace s3store::inline v0 {

struct endpoint {
  bool secure{true};
  std::string authority{};  ///< host and port, as the Host header has them
  std::string path{};       ///< what stands before the key, without a slash at the end: "", "/bucket", "/prefix/bucket"
  std::string region{};     ///< that the signature names

  std::string origin() const { return (secure ? "https://" : "http://") + authority; }
};

/// What rules are asked with.
struct endpoint_query {
  const settings& of;
  const http::url* custom{};     ///< the parsed `settings::endpoint`; null: AWS
  std::string_view bucket{};     ///< empty where the operation has none
  std::string_view region{};     ///< the client's, or the one that the server taught for this bucket
};

/// Can the name be one label of a host name? (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)
constexpr bool is_dns_label(std::string_view s, bool dots_allowed) noexcept {
  if (s.size() < 3 || s.size() > 63) return false;
  bool digits_only = true;
  for (std::size_t i = 0; i != s.size(); ++i) {
    const char c = s[i];
    const bool letter = c >= 'a' && c <= 'z';
    if (c == '.') {
      if (!dots_allowed || i == 0 || i + 1 == s.size() || s[i - 1] == '.' || s[i - 1] == '-' || s[i + 1] == '-') return false;
    } else if (!letter && !is_digit(c) && (c != '-' || i == 0 || i + 1 == s.size())) {
      return false;
    }
    digits_only = digits_only && (is_digit(c) || c == '.');
  }
  return !digits_only || s.find('.') == std::string_view::npos;  // "192.168.0.1" is an address
}

/// A region becomes part of a host name and of a signature's scope: nothing else may come with it, whether it was set or a server named it.
constexpr bool is_region_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!is_alpha(c) && !is_digit(c) && c != '-') return false;
  return !s.empty();
}

/// The default rules: those of botocore for AWS and for endpoints of one's own.
struct standard_endpoint_rules {
  static std::string_view dns_suffix(std::string_view region) noexcept {
    constexpr std::pair<std::string_view, std::string_view> partitions[] = {
        {"cn-", "amazonaws.com.cn"},     {"us-iso-", "c2s.ic.gov"},      {"us-isob-", "sc2s.sgov.gov"},
        {"us-isof-", "csp.hci.ic.gov"},  {"eu-isoe-", "cloud.adc-e.uk"}, {"eusc-", "amazonaws.eu"}};
    for (const auto& [prefix, suffix] : partitions)
      if (region.starts_with(prefix)) return suffix;
    return "amazonaws.com";
  }

  result<endpoint> resolve(const endpoint_query& q) const {
    endpoint out;
    out.region = q.region;
    if (q.region.empty()) return fail(error_kind::configuration, "no region is set");
    if (!is_region_name(q.region))
      return fail(error_kind::configuration, "the region \"" + std::string(q.region) + "\" holds a character other than letters, digits and '-'");
    const bool wants_host = q.of.style == addressing::virtual_host;

    if (q.custom && (q.of.use_accelerate || q.of.use_dualstack || q.of.use_fips))
      return fail(error_kind::configuration, "use_accelerate, use_dualstack and use_fips choose among AWS's endpoints and cannot go with one of your own");
    if (q.of.use_accelerate && q.of.use_fips)
      return fail(error_kind::configuration, "S3 Transfer Acceleration has no FIPS endpoints: use_accelerate and use_fips cannot go together");

    if (q.custom) {
      out.secure = q.custom->secure();
      out.authority = q.custom->authority();
      out.path = q.custom->path;
      if (q.bucket.empty()) return out;
      if (wants_host) {
        if (is_address(q.custom->host))
          return fail(error_kind::configuration, "virtual hosting puts the bucket's name in front of the endpoint's, which is an address: " + q.custom->host);
        if (!is_dns_label(q.bucket, true)) return cannot_be_host(q.bucket);
        out.authority.insert(0, std::string(q.bucket) + ".");
      } else {
        out.path.append("/").append(q.bucket);
      }
      return out;
    }

    if ((q.of.use_fips || (q.of.use_accelerate && !q.bucket.empty())) && q.region.starts_with("cn-"))
      return fail(error_kind::configuration, "AWS has no FIPS endpoints and no S3 Transfer Acceleration in China");

    // A dot would take the bucket out of the certificate's wildcard.
    const bool host = !q.bucket.empty() && q.of.style != addressing::path && is_dns_label(q.bucket, false);
    if (wants_host && !q.bucket.empty() && !host) return cannot_be_host(q.bucket);
    if (host) out.authority.append(q.bucket).append(".");
    if (q.of.use_accelerate && !q.bucket.empty()) {
      if (!host) return fail(error_kind::configuration, "S3 Transfer Acceleration needs a bucket whose name is a DNS label without dots");
      out.authority.append(q.of.use_dualstack ? "s3-accelerate.dualstack." : "s3-accelerate.").append(dns_suffix(q.region));
      return out;
    }
    out.authority.append(q.of.use_fips ? "s3-fips." : "s3.");
    if (q.of.use_dualstack) out.authority.append("dualstack.");
    out.authority.append(q.region).append(".").append(dns_suffix(q.region));
    if (!host && !q.bucket.empty()) out.path.append("/").append(q.bucket);
    return out;
  }

 private:
  /// An IPv6 address has brackets; no name has only digits and dots.
  static bool is_address(std::string_view host) noexcept {
    return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
  }
  static error cannot_be_host(std::string_view bucket) {
    return fail(error_kind::invalid_argument, "the bucket name \"" + std::string(bucket) + "\" cannot be part of a host name; use path addressing");
  }
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/policies.hpp
// What can be exchanged at compile time? Each seam is a type in one bundle, and a concept that the type has to model.
//
//   struct mine : s3store::default_policies {
//     using retry = s3store::no_retry;
//     using clock = my_clock;
//   };
//   s3store::basic_client<mine> client{settings, {.clock = my_clock{...}}};

namespace s3store::inline v0 {

/// Says what time it is, by both clocks, from any thread.
template <class T>
concept clock_source = requires(const T& t) {
  { t.now() } -> std::same_as<instants>;
};

/// Lets time pass for a blocking call; ends early, with an error of kind cancelled, when the token says so.
template <class T>
concept sleeper = requires(T& t, steady_time until, const cancel_token& stop) {
  { t.sleep_until(until, stop) } -> std::same_as<result<void>>;
};

template <class T>
concept endpoint_rules = requires(const T& t, const endpoint_query& q) {
  { t.resolve(q) } -> std::same_as<result<endpoint>>;
};

/// Signs requests. One is kept for each call that is under way, so it may have scratch space of its own.
template <class T>
concept request_signer = std::default_initializable<T> &&
    requires(T& t, const auth::signable& what, headers& fields, const auth::credentials& who, const auth::signing_scope& where, timestamp now) {
  { t.sign_headers(what, fields, who, where, now) } -> std::same_as<result<void>>;
  { t.sign_query(what, fields, std::chrono::seconds{}, who, where, now) } -> std::same_as<result<auth::presigned_query>>;
  { t.chunks() } -> std::same_as<auth::chunk_signer>;
};

/// Chooses the checksum that an upload gets, and says whether downloads are verified.
template <class T>
concept checksum_rules = requires(const T& t, const operation_spec& spec, const store_profile& profile) {
  { t.for_upload(spec, profile) } -> std::same_as<std::optional<crypto::checksum_algorithm>>;
  { t.verify_downloads() } -> std::convertible_to<bool>;
};

/// One attempt, as an observer sees it. Never a secret, and no URL: a presigned one is a secret.
struct attempt_event {
  std::string_view operation{};
  std::string_view bucket{};
  std::string_view endpoint{};     ///< scheme, host and port
  int attempt{};                   ///< from 1
  int status{};                    ///< 0 where no answer came
  error_kind kind{};               ///< none: success
  std::string_view code{};
  duration elapsed{};              ///< of this attempt
  std::optional<duration> wait{};  ///< before the next one, if there is one
};

template <class T>
concept call_observer = requires(const T& t, const attempt_event& e) { t.attempt_ended(e); };

/// Integrity by default: the profile's checksum on every upload that can have one, and a look at that of every download.
struct checksums_always {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum == request_checksum::none) return std::nullopt;
    return profile.checksum;
  }
  bool verify_downloads() const noexcept { return true; }
};

/// Only where S3 refuses a request without one.
struct checksums_when_required {
  std::optional<crypto::checksum_algorithm> for_upload(const operation_spec& spec, const store_profile& profile) const noexcept {
    if (spec.checksum != request_checksum::required) return std::nullopt;
    return profile.checksum;
  }
  bool verify_downloads() const noexcept { return false; }
};

struct no_observer {
  void attempt_ended(const attempt_event&) const noexcept {}
};

/// All seams but the two that do I/O; the client's default adds libcurl.
struct protocol_policies {
  using retry = exponential_backoff;
  using credentials = auth::default_credentials;
  using signer = auth::signer;
  using clock = system_clock;
  using checksums = checksums_always;
  using endpoint_rules = standard_endpoint_rules;
  using observer = no_observer;
};

/// One sentence for each seam, so that a wrong policy is told by what it lacks and not by where it failed.
template <class P>
consteval bool checked_policies() {
  static_assert(retry_policy<typename P::retry>,
                "policies::retry must have next_wait(const failed_attempt&) -> std::optional<duration> and succeeded(int)");
  static_assert(auth::credentials_provider<typename P::credentials>,
                "policies::credentials must have fetch() that gives a machine whose value_type is auth::credentials");
  static_assert(request_signer<typename P::signer>,
                "policies::signer must be default-constructible and have sign_headers, sign_query and chunks like auth::signer");
  static_assert(clock_source<typename P::clock>, "policies::clock must have now() const -> instants");
  static_assert(checksum_rules<typename P::checksums>,
                "policies::checksums must have for_upload(const operation_spec&, const store_profile&) and verify_downloads()");
  static_assert(endpoint_rules<typename P::endpoint_rules>,
                "policies::endpoint_rules must have resolve(const endpoint_query&) const -> result<endpoint>");
  static_assert(call_observer<typename P::observer>, "policies::observer must have attempt_ended(const attempt_event&) const");
  return true;
}

}  // namespace s3store::inline v0

// ---- s3store/protocol/session.hpp
// What do the calls of one client share? What was learned and what is costly to make: credentials, the regions of buckets, the offset
// to the server's clock, the retry budget, and work spaces with their buffers and hash contexts.

namespace s3store::inline v0 {

/// The instances behind the seams of a session.
template <class P>
struct session_values {
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// Pinned in memory, safe from any thread, and without I/O.
template <class P>
class session {
  static_assert(checked_policies<P>());

 public:
  /// Buffers that one call at a time uses.
  struct workspace {
    typename P::signer signer{};
    http::request wire{};
    encoded_request encoded{};
    std::string document{};
    crypto::digest sha256{crypto::digest_algorithm::sha256};
  };

  explicit session(settings s) : session(std::move(s), session_values<P>{}) {}
  session(settings s, session_values<P> values)
      : settings_(std::move(s)), values_(std::move(values)), user_agent_("s3store/" + std::string(version)) {
    if (!settings_.user_agent_suffix.empty()) user_agent_.append(" ").append(settings_.user_agent_suffix);
    if (!settings_.endpoint.empty()) {
      auto parsed = http::parse_url(settings_.endpoint);
      if (parsed) {
        custom_ = std::move(*parsed);
      } else {
        unusable_ = std::move(parsed.error());
      }
    }
    for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"user_agent_suffix", user_agent_},
                                      {"expected_bucket_owner", settings_.expected_bucket_owner},
                                      {"request_payer", settings_.request_payer}})
      if (unusable_.kind == error_kind::none && !is_header_value(value))
        unusable_ = fail(error_kind::configuration, std::string(name) + " holds a control character (CR, LF or NUL), which no header may");
    idle_.reserve(most_idle);
  }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  const settings& configuration() const noexcept { return settings_; }
  std::string_view user_agent() const noexcept { return user_agent_; }
  /// Why no call can succeed, where a setting is wrong; its kind is `none` when all is well.
  const error& unusable() const noexcept { return unusable_; }

  typename P::retry& retry() noexcept { return values_.retry; }
  const typename P::checksums& checksums() const noexcept { return values_.checksums; }
  const typename P::observer& observer() const noexcept { return values_.observer; }

  instants now() const { return values_.clock.now(); }
  /// The server's time, as far as it is known.
  timestamp server_time(timestamp wall) const noexcept { return wall + std::chrono::microseconds{clock_offset_.load(std::memory_order_relaxed)}; }
  void set_server_time(timestamp server, timestamp wall) noexcept { clock_offset_.store((server - wall).count(), std::memory_order_relaxed); }

  result<endpoint> resolve(std::string_view bucket) const {
    const std::string learned = region_of(bucket);
    return values_.endpoint_rules.resolve({.of = settings_,
                                           .custom = custom_ ? &*custom_ : nullptr,
                                           .bucket = bucket,
                                           .region = learned.empty() ? std::string_view{settings_.region} : std::string_view{learned}});
  }
  /// A server said that the bucket is in that region.
  void learn_region(std::string_view bucket, std::string_view region) {
    const std::lock_guard lock{guard_};
    for (auto& known : regions_)
      if (known.first == bucket) return static_cast<void>(known.second = region);
    regions_.emplace_back(bucket, region);
    has_regions_.store(true, std::memory_order_release);
  }

  /// Those that calls share; see auth/cache.hpp.
  auth::credentials_cache& identity() noexcept { return cache_; }
  /// Credentials for now; null: the asker should fetch some, and hand over what comes.
  std::shared_ptr<const auth::credentials> known_credentials(instants now) {
    auto known = cache_.get(now);
    return known.refresh ? nullptr : std::move(known.value);
  }
  /// What a fetch gave, even if that expires soon; where it failed, those from before if they are still valid.
  result<std::shared_ptr<const auth::credentials>> fetched(result<auth::credentials> c, instants now) {
    if (c) return cache_.put(std::move(*c));
    cache_.failed(now);
    if (auto still = cache_.get(now).value) return still;
    return std::move(c.error());
  }
  /// The machine that fetches credentials; see http/machine.hpp.
  auto fetch_credentials() const { return values_.credentials.fetch(); }

  std::unique_ptr<workspace> lease() {
    {
      const std::lock_guard lock{guard_};
      if (!idle_.empty()) {
        auto out = std::move(idle_.back());
        idle_.pop_back();
        return out;
      }
    }
    return std::make_unique<workspace>();
  }
  void give_back(std::unique_ptr<workspace> w) noexcept {
    const std::lock_guard lock{guard_};
    if (idle_.size() < most_idle) idle_.push_back(std::move(w));
  }

 private:
  static constexpr std::size_t most_idle = 64;

  std::string region_of(std::string_view bucket) const {
    if (!has_regions_.load(std::memory_order_acquire)) return {};
    const std::lock_guard lock{guard_};
    for (const auto& [name, region] : regions_)
      if (name == bucket) return region;
    return {};
  }

  settings settings_;
  session_values<P> values_;
  std::string user_agent_;
  std::optional<http::url> custom_{};
  error unusable_{};
  auth::credentials_cache cache_{};
  std::atomic<std::int64_t> clock_offset_{0};  // microseconds
  std::atomic<bool> has_regions_{false};       // spares the lock while there is nothing to look up
  mutable std::mutex guard_{};
  std::vector<std::pair<std::string, std::string>> regions_{};
  std::vector<std::unique_ptr<workspace>> idle_{};
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/chunked_source.hpp
// How does a checksum follow a body that is read only once? In a trailer, behind chunks that may each carry a signature (aws-chunked).
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
//
//   unsigned   10000\r\n<65536 bytes>\r\n … 0\r\nx-amz-checksum-crc64nvme:…\r\n\r\n
//   signed     10000;chunk-signature=<hex>\r\n<bytes>\r\n … 0;chunk-signature=<hex>\r\n<trailer>x-amz-trailer-signature:<hex>\r\n\r\n
//
// The encoded length is known before the first byte, because the body's own length is: S3 takes no body without Content-Length.

namespace s3store::inline v0 {

class chunked_source final : public http::source {
 public:
  /// `from` has exactly `length` bytes. `hash` is the trailer's checksum; without one the chunks must be signed.
  chunked_source(http::source& from, std::uint64_t length, std::optional<crypto::checksum_algorithm> hash)
      : from_(from), length_(length) {
    if (hash) hash_.emplace(*hash);
  }

  /// Starts over for another attempt. `signer` continues that attempt's own signature; none: the chunks are unsigned.
  void start(std::optional<auth::chunk_signer> signer) {
    signer_ = std::move(signer);
    if (hash_) hash_->reset();
    if (signer_ && !block_) block_ = std::make_unique_for_overwrite<std::byte[]>(chunk_size);
    left_ = length_;
    in_chunk_ = 0;
    block_at_ = block_end_ = 0;
    ended_ = false;
    pending_.clear();
    pending_at_ = 0;
  }
  void sign(bool with_signatures) noexcept { is_signed_ = with_signatures; }

  /// Bytes on the wire.
  std::uint64_t encoded_size() const noexcept {
    const auto frame = [this](std::uint64_t n) { return hex_digits(n) + (is_signed_ ? signature_name.size() + 64 : 0) + 2; };
    const std::uint64_t whole = length_ / chunk_size, rest = length_ % chunk_size;
    std::uint64_t size = whole * (frame(chunk_size) + chunk_size + 2);
    if (rest != 0) size += frame(rest) + rest + 2;
    size += frame(0);
    if (hash_) {
      size += crypto::header_name(hash_->algorithm()).size() + 1 + crypto::base64_size(hash_->algorithm()) + 2;
      if (is_signed_) size += trailer_signature_name.size() + 64 + 2;
    }
    return size + 2;
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    std::size_t done = 0;
    while (done != into.size()) {
      const auto rest = into.subspan(done);
      if (pending_at_ != pending_.size()) {
        done += copy_out(rest, as_bytes(pending_).subspan(pending_at_), pending_at_);
      } else if (block_at_ != block_end_) {
        done += copy_out(rest, {block_.get() + block_at_, block_end_ - block_at_}, block_at_);
        if (block_at_ == block_end_) set_pending("\r\n");
      } else if (in_chunk_ != 0) {
        auto got = pass_through(rest);
        if (!got) return got;
        done += *got;
      } else if (ended_) {
        break;
      } else if (auto begun = left_ != 0 ? begin_chunk() : end(); !begun) {
        return result<std::size_t>::failed_as(std::move(begun));
      }
    }
    return done;
  }
  /// Only the owner can start it over, because the chunks' signatures follow the headers'. At the start it is there already.
  bool seek(std::uint64_t from) noexcept override { return from == 0 && left_ == length_ && in_chunk_ == 0 && !ended_; }
  std::optional<std::uint64_t> size() const noexcept override { return encoded_size(); }

 private:
  static constexpr std::size_t chunk_size = 64 * 1024;
  static constexpr std::string_view signature_name = ";chunk-signature=";
  static constexpr std::string_view trailer_signature_name = "x-amz-trailer-signature:";

  static std::uint64_t hex_digits(std::uint64_t n) noexcept {
    std::uint64_t digits = 1;
    while (n >>= 4) ++digits;
    return digits;
  }
  static std::size_t copy_out(std::span<std::byte> into, std::span<const std::byte> from, std::size_t& at) noexcept {
    const std::size_t n = (std::min)(into.size(), from.size());
    std::memcpy(into.data(), from.data(), n);
    at += n;
    return n;
  }
  void set_pending(std::string_view text) {
    pending_ = text;
    pending_at_ = 0;
  }
  void frame(std::size_t size, std::string_view signature) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, size, 16).ptr;
    set_pending({digits, end});
    if (is_signed_) pending_.append(signature_name).append(signature);
    pending_.append("\r\n");
  }

  /// A signed chunk is read whole before its first byte leaves, since its signature goes ahead; an unsigned one is passed through.
  result<void> begin_chunk() {
    const std::size_t size = static_cast<std::size_t>((std::min)(left_, std::uint64_t{chunk_size}));
    if (!signer_) {
      in_chunk_ = size;
      frame(size, {});
      return {};
    }
    for (std::size_t have = 0; have != size;) {
      auto got = take({block_.get() + have, size - have});
      if (!got) return result<void>::failed_as(std::move(got));
      have += *got;
    }
    frame(size, signer_->chunk({block_.get(), size}));
    block_at_ = 0;
    block_end_ = size;
    return {};
  }
  result<std::size_t> pass_through(std::span<std::byte> into) {
    auto got = take(into.first((std::min)(into.size(), in_chunk_)));
    if (!got) return got;
    in_chunk_ -= *got;
    if (in_chunk_ == 0) set_pending("\r\n");
    return got;
  }
  /// Bytes of the body, hashed. Its end before its time is an error: the promised length is on the wire already.
  result<std::size_t> take(std::span<std::byte> into) {
    auto got = from_.read(into);
    if (!got) return got;
    if (*got == 0)
      return fail(error_kind::body_source, "the body ended " + std::to_string(left_) + " bytes before its promised length of " + std::to_string(length_));
    if (hash_) hash_->update(into.first(*got));
    left_ -= *got;
    return got;
  }
  result<void> end() {
    frame(0, signer_ ? signer_->chunk({}) : std::string_view{});
    if (hash_) {
      std::string trailer = std::string(crypto::header_name(hash_->algorithm())) + ":" + hash_->base64();
      pending_.append(trailer).append("\r\n");
      if (signer_) pending_.append(trailer_signature_name).append(signer_->finish_trailer(trailer + "\n")).append("\r\n");
    }
    pending_.append("\r\n");
    ended_ = true;
    return {};
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t left_{};
  std::optional<crypto::checksum> hash_{};
  std::optional<auth::chunk_signer> signer_{};
  std::unique_ptr<std::byte[]> block_{};  ///< the signed chunk on its way
  std::size_t block_at_{}, block_end_{};
  std::size_t in_chunk_{};                ///< bytes of an unsigned chunk still to be passed through
  std::string pending_{};                 ///< framing on its way
  std::size_t pending_at_{};
  bool is_signed_{};
  bool ended_{};
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/upload.hpp
// What is sent as the body of a request, and what vouches for it? The plan is made once a call; each attempt starts it anew.
//
//   body                       checksum            payload hash, where it is signed / unsigned
//   none, or a document        header, if due      of the bytes / UNSIGNED-PAYLOAD
//   in memory, up to 1 MiB     header              of the bytes / UNSIGNED-PAYLOAD
//   longer, or a source        trailer             of each chunk / none
// A checksum or digest of the caller's own takes the place of ours.

namespace s3store::inline v0 {

/// What the plan depends on.
struct upload_terms {
  bool sign_payload{};     ///< false: the payload goes unsigned
  bool anonymous{};
  bool aws_chunked{true};  ///< the store takes it
  std::optional<crypto::checksum_algorithm> checksum{};  ///< the one to add; none: leave the body without
};

/// A source of a length that only the caller knew: it ends there, and fails where there is less, or more.
class sized_source final : public http::source {
 public:
  sized_source(http::source& from, std::uint64_t length) noexcept : from_(from), length_(length) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(length_ - at_));
    auto got = into.empty() ? result<std::size_t>{std::size_t{0}} : from_.read(into);
    if (!got) return got;
    at_ += *got;
    if (*got == 0 && at_ != length_) return wrong("only " + std::to_string(at_));
    // Before the last byte is handed out, because then the request would be whole.
    std::byte more{};
    if (*got == 0 || at_ != length_) return got;
    if (auto rest = from_.read({&more, 1}); !rest || *rest != 0) return rest ? wrong("more") : std::move(rest);
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_ || !from_.seek(from)) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

 private:
  error wrong(std::string has) const {
    return fail(error_kind::body_source, "content_length is " + std::to_string(length_) + ", but the body has " + has + " bytes");
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t at_{};
};

class upload_body {
 public:
  static constexpr std::uint64_t in_memory_limit = 1u << 20;

  upload_body() = default;
  upload_body(const upload_body&) = delete;
  upload_body& operator=(const upload_body&) = delete;

  /// Decides, and adds the headers that follow from it to `e.fields`. `sha256` is scratch space.
  result<void> plan(encoded_request& e, const upload_terms& terms, crypto::digest& sha256) {
    if (e.stream && e.stream->stream()) {
      from_ = e.stream->stream();
    } else if (e.stream || !e.document.empty()) {
      memory_ = http::memory_source{e.stream ? e.stream->bytes() : as_bytes(e.document)};
      from_ = &memory_;
    }
    if (auto known = settle_length(e); !known) return known;
    auto hash = chosen_checksum(e, terms);
    if (!hash) return result<void>::failed_as(std::move(hash));

    const bool at_once = from_ == nullptr || (from_ == &memory_ && (!e.stream || length_ <= in_memory_limit));
    const bool sign = terms.sign_payload && !terms.anonymous;
    if (!at_once && terms.aws_chunked && (*hash || (sign && from_ != &memory_))) {
      chunk(e, *hash, sign);
    } else {
      if (*hash) {
        auto value = digest_of(crypto::checksum{**hash});
        if (!value) return result<void>::failed_as(std::move(value));
        e.fields.set(crypto::header_name(**hash), *value);
      }
      payload_ = auth::payload::not_signed;
      if (sign && from_ == nullptr) payload_ = auth::payload::empty;
      if (sign && from_ != nullptr) {
        auto value = sha256_of_body(sha256);
        if (!value) return result<void>::failed_as(std::move(value));
        payload_ = std::move(*value);
      }
    }
    return {};
  }

  /// What the signature says of the body, and `x-amz-content-sha256` with it.
  std::string_view payload() const noexcept { return payload_; }
  bool has_signed_chunks() const noexcept { return chunked_ && signed_chunks_; }
  bool has_unsigned_trailer() const noexcept { return chunked_ && !signed_chunks_; }

  /// Before an attempt is signed: to the first byte. False: the body was read and can't be read again.
  bool rewind() { return !from_ || from_->seek(0); }

  /// After an attempt is signed: what to send; null where there is no body.
  http::source* start(std::optional<auth::chunk_signer> signer) {
    if (!chunked_) return from_;
    chunked_->start(std::move(signer));
    return &*chunked_;
  }

 private:
  /// The caller's Content-Length is the length of a source that does not know its own; the transport writes the field.
  result<void> settle_length(encoded_request& e) {
    std::optional<std::uint64_t> declared;
    if (const auto text = e.fields.get("Content-Length")) declared = parse_integer<std::uint64_t>(*text);
    e.fields.erase("Content-Length");
    if (!from_) return {};
    const auto known = from_->size();
    if (known && declared && *known != *declared)
      return fail(error_kind::invalid_argument, "content_length is " + std::to_string(*declared) + ", but the body has " + std::to_string(*known) + " bytes");
    if (!known && !declared)
      return fail(error_kind::invalid_argument,
                  "the length of the body is not known, and S3 takes none without: set content_length, or upload it in parts");
    length_ = known ? *known : *declared;
    if (!known) from_ = &sized_.emplace(*from_, length_);
    return {};
  }

  result<std::optional<crypto::checksum_algorithm>> chosen_checksum(encoded_request& e, const upload_terms& terms) const {
    using chosen = std::optional<crypto::checksum_algorithm>;
    if (e.spec->checksum == request_checksum::none || (!from_ && e.spec->checksum != request_checksum::required)) return chosen{};
    for (const auto [name, value] : e.fields) {
      const bool own = name.size() > checksum_prefix.size() && equal_ignoring_case(name.substr(0, checksum_prefix.size()), checksum_prefix) &&
                       !equal_ignoring_case(name, "x-amz-checksum-type") && !equal_ignoring_case(name, "x-amz-checksum-algorithm");
      if (own || equal_ignoring_case(name, "Content-MD5")) return chosen{};
    }
    chosen algorithm = terms.checksum;
    if (const auto named = e.fields.get("x-amz-sdk-checksum-algorithm")) {
      algorithm = crypto::parse_checksum_algorithm(*named);
      if (!algorithm || algorithm == crypto::checksum_algorithm::md5)
        return fail(error_kind::invalid_argument, "the checksum algorithm \"" + std::string(*named) + "\" cannot be computed here; send its value yourself");
    } else if (algorithm == crypto::checksum_algorithm::md5) {
      // Of an old store's profile: Content-MD5, which has no name and no trailer, and is sent only where something is due.
      if (e.spec->checksum != request_checksum::required) return chosen{};
    } else if (algorithm) {
      e.fields.add("x-amz-sdk-checksum-algorithm", crypto::name(*algorithm));
    }
    return algorithm;
  }

  void chunk(encoded_request& e, std::optional<crypto::checksum_algorithm> hash, bool sign) {
    signed_chunks_ = sign;
    chunked_.emplace(*from_, length_, hash);
    chunked_->sign(sign);
    payload_ = !sign ? auth::payload::not_signed_with_trailer : hash ? auth::payload::signed_chunks_with_trailer : auth::payload::signed_chunks;
    const std::string own{e.fields.value_or_empty("Content-Encoding")};
    e.fields.set("Content-Encoding", own.empty() ? "aws-chunked" : own + ",aws-chunked");
    e.fields.set("x-amz-decoded-content-length", std::to_string(length_));
    if (hash) e.fields.set("x-amz-trailer", crypto::header_name(*hash));
  }

  /// Reads the body once for its checksum; the send reads it again.
  template <class Hash>
  result<void> hash_body(Hash&& update) {
    if (!from_) return {};
    if (!from_->seek(0)) return not_twice();
    std::byte buffer[16 * 1024];
    for (std::uint64_t left = length_; left != 0;) {
      auto got = from_->read({buffer, static_cast<std::size_t>((std::min)(left, std::uint64_t{sizeof buffer}))});
      if (!got) return result<void>::failed_as(std::move(got));
      if (*got == 0) return fail(error_kind::body_source, "the body ended before its promised length of " + std::to_string(length_) + " bytes");
      update(std::span<const std::byte>{buffer, *got});
      left -= *got;
    }
    if (!from_->seek(0)) return not_twice();
    return {};
  }
  static error not_twice() {
    return fail(error_kind::invalid_argument, "this store needs the body's checksum ahead of it, but the body can be read only once");
  }
  result<std::string> digest_of(crypto::checksum hash) {
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    return hash.base64();
  }
  result<std::string> sha256_of_body(crypto::digest& hash) {
    hash.reset();
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    std::array<std::byte, crypto::digest::max_size> out{};
    return hex(std::span<const std::byte>{out}.first(hash.finish(out)));
  }

  static constexpr std::string_view checksum_prefix = "x-amz-checksum-";

  http::memory_source memory_{};
  http::source* from_{};
  std::optional<sized_source> sized_{};
  std::uint64_t length_{};
  std::optional<chunked_source> chunked_{};
  std::string payload_{};
  bool signed_chunks_{};
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/call.hpp
// How does one operation run, from request to response? This machine is the protocol; everything else does I/O for it or is asked by it.
//
//   encode ─► resolve, rewind, sign ─► send ─► classify ─► parse
//                     ▲                            │
//                     └──────── back off ◄─────────┘
//
// The order inside an attempt matters: the endpoint before the signature, because the signature covers the host; the body's rewind
// before it, too, because a body that can't be read again must not be announced; credentials after the wait, because they may have
// expired meanwhile. `call_engine` is the same for every operation and instantiated once for a set of policies; `call` adds the two
// steps that know the operation's types.

namespace s3store::inline v0 {

/// What a presigned URL is: who has it may do the one thing it says, until it expires.
struct presigned_url {
  std::string url{};
  http::method method{};
  headers fields{};      ///< headers that must be sent as they stand here, because the signature covers them
  timestamp expires{};
};

template <class P>
class call_engine : public http::receiver {
 public:
  call_engine(const call_engine&) = delete;
  call_engine& operator=(const call_engine&) = delete;

  /// What came of the exchange that was asked for.
  void sent(http::outcome o) {
    outcome_ = std::move(o);
    phase_ = phase::answered;
  }
  /// The credentials that were asked for.
  void credentials(result<auth::credentials> c) {
    auto got = shared_.fetched(std::move(c), at_server());
    if (!got) return conclude(std::move(got.error()));
    identity_ = std::move(*got);
  }

  http::sink* on_response(http::response&& head) noexcept override {
    head_ = std::move(head);
    work_->document.clear();
    if (head_.status / 100 != 2 || spec().answer != answer_body::stream) return &buffer_.emplace(work_->document, limit_);
    auto begun = download_.begin(head_, shared_.checksums().verify_downloads());
    if (!begun) {
      conclude_later_ = std::move(begun.error());
      return nullptr;
    }
    return &download_;
  }

 protected:
  enum class action { send, wait, credentials, finished };

  call_engine(session<P>& shared, const call_options& options, http::sink* into)
      : shared_(shared),
        options_(options),
        limits_(options.limits.value_or(shared.configuration().limits)),
        limit_(shared.configuration().max_document),
        work_(shared.lease()),
        collected_(body_),
        gives_away_(into != nullptr),
        download_(into ? *into : static_cast<http::sink&>(collected_)) {
    work_->encoded.clear();
  }
  ~call_engine() {
    if (holds_secret_) {  // the work space outlives the call
      work_->encoded.fields.wipe();
      work_->wire.fields.wipe();
    }
    shared_.give_back(std::move(work_));
  }

  encoded_request& encoded() noexcept { return work_->encoded; }
  const operation_spec& spec() const noexcept { return *work_->encoded.spec; }

  action advance(instants now) {
    now_ = now;
    if (phase_ == phase::fresh) {
      started_ = now.steady;
      if (auto prepared = prepare(); !prepared) {
        conclude(std::move(prepared.error()));
      } else {
        phase_ = phase::ready;
      }
    }
    if (phase_ == phase::answered) classify_outcome();
    if (phase_ == phase::waiting && now.steady >= wait_until_) phase_ = phase::ready;
    if (phase_ == phase::waiting && options_.stop.cancelled()) conclude(fail(error_kind::cancelled, "the call was cancelled while it waited to try again"));
    if (phase_ == phase::waiting) return action::wait;
    if (phase_ == phase::ready) {
      if (options_.stop.cancelled()) {
        conclude(fail(error_kind::cancelled, "the call was cancelled before it was sent"));
      } else {
        if (!identity_) identity_ = shared_.known_credentials(at_server());
        if (!identity_) return action::credentials;
        if (auto ready = presign_for_ ? presign() : attempt(); !ready) conclude(std::move(ready.error()));
      }
    }
    return phase_ == phase::finished ? action::finished : action::send;
  }

  http::exchange exchange() noexcept {
    http::limits within{limits_.connect, limits_.first_byte, limits_.idle, (steady_time::max)()};
    if (limits_.total != duration::zero()) within.deadline = started_ + limits_.total;
    return {.out = &work_->wire, .in = this, .within = within, .stop = options_.stop};
  }
  wait pause() const { return {wait_until_, options_.stop}; }

  /// The end of the call: what the answer is decoded from, or an error.
  bool succeeded() const noexcept { return failure_.kind == error_kind::none; }
  received_answer answer() noexcept {
    return {.status = head_.status,
            .fields = &head_.fields,
            .body = spec().answer == answer_body::stream ? &body_ : &work_->document,
            .body_given_away = gives_away_};
  }
  /// Everything known of a failure that is known here.
  error completed(error e) const {
    const encoded_request& r = work_->encoded;
    e.operation = spec().name;
    e.bucket = r.bucket;
    if (r.has_key) e.key = uri_decode(r.key).value_or(std::string{});
    if (endpoint_) e.endpoint = endpoint_->origin();
    e.attempts = attempts_;
    e.elapsed = now_.steady - started_;
    return e;
  }
  error take_failure() { return completed(std::move(failure_)); }
  std::unique_ptr<response_meta> meta() {
    if (attempts_ == 0) return nullptr;
    auto out = std::make_unique<response_meta>();
    out->status = head_.status;
    out->fields = std::move(head_.fields);
    out->attempts = attempts_;
    out->elapsed = now_.steady - started_;
    if (outcome_) {
      out->sent = outcome_->sent;
      out->received = outcome_->received;
    }
    out->integrity = integrity_;
    return out;
  }

  void presign_for(std::chrono::seconds expires_in) { presign_for_ = expires_in; }
  presigned_url& presigned() noexcept { return presigned_; }

 private:
  enum class phase { fresh, ready, sending, answered, waiting, finished };

  /// Now, by the server's clock where it is known: expiry dates are the server's.
  instants at_server() const noexcept { return {now_.steady, shared_.server_time(now_.wall)}; }

  void conclude(error e) {
    failure_ = std::move(e);
    phase_ = phase::finished;
  }

  // --- once a call ---------------------------------------------------------------------------------------------------------------

  result<void> prepare() {
    if (shared_.unusable().kind != error_kind::none) return shared_.unusable();
    encoded_request& e = work_->encoded;
    const settings& s = shared_.configuration();
    for (const auto [name, value] : options_.fields) {
      if (!is_header_name(name) || !is_header_value(value)) e.refuse("the header \"" + std::string(name) + "\" of the call's options has a malformed name or value");
      e.fields.set(name, value);
    }
    for (const auto [name, value] : options_.query) append_query(e.query, name, value);
    const auto otherwise = [&e](std::string_view name, std::string_view value) {
      if (!value.empty() && !e.fields.contains(name)) e.fields.add(name, value);
    };
    if (e.has_bucket && !presign_for_) {
      otherwise("x-amz-expected-bucket-owner", s.expected_bucket_owner);
      otherwise("x-amz-request-payer", s.request_payer);
    }
    add_customer_key_digest("x-amz-server-side-encryption-customer-key");
    add_customer_key_digest("x-amz-copy-source-server-side-encryption-customer-key");
    if (e.refused.kind != error_kind::none) return std::move(e.refused);
    if (presign_for_) return {};
    otherwise("User-Agent", shared_.user_agent());
    if (spec().answer_checksum && shared_.checksums().verify_downloads()) otherwise("x-amz-checksum-mode", "ENABLED");
    return {};
  }

  /// S3 wants the MD5 of a customer's key beside the key, to know that it came whole; it is no security.
  void add_customer_key_digest(std::string_view field) {
    encoded_request& e = work_->encoded;
    const auto key = e.fields.get(field);
    if (!key) return;
    holds_secret_ = true;
    const std::string digest_field = std::string(field) + "-MD5";
    if (e.fields.contains(digest_field)) return;
    const auto raw = from_base64(*key);
    if (!raw || raw->size() != 32) return e.refuse("a customer-provided encryption key has 32 bytes");
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    md5.update(as_bytes(*raw));
    if (!md5.usable()) return e.refuse("this OpenSSL offers no MD5, which S3 needs beside a customer-provided encryption key");
    e.fields.add(digest_field, md5.base64());
    const auto algorithm = std::string(field.substr(0, field.size() - 3)) + "algorithm";
    if (!e.fields.contains(algorithm)) e.fields.add(algorithm, "AES256");
  }

  // --- once an attempt -----------------------------------------------------------------------------------------------------------

  result<void> locate() {
    auto found = shared_.resolve(work_->encoded.bucket);
    if (!found) return result<void>::failed_as(std::move(found));
    endpoint_ = std::move(*found);
    std::string& url = work_->wire.url;
    url.assign(endpoint_->secure ? "https://" : "http://").append(endpoint_->authority);
    origin_size_ = url.size();
    url.append(endpoint_->path);
    if (work_->encoded.has_key) {
      url.append("/").append(work_->encoded.key);
    } else {
      // An operation on neither bucket nor key has a path of its own ("/WriteGetObjectResponse"), or none.
      const std::string_view uri = spec().uri.substr(0, spec().uri.find('?'));
      if (!work_->encoded.has_bucket) url.append(uri);
    }
    if (url.size() == origin_size_) url.push_back('/');
    return {};
  }
  std::string_view origin() const noexcept { return std::string_view{work_->wire.url}.substr(0, origin_size_); }

  /// While the URL has no query yet.
  auth::signable signable(std::string_view payload) const noexcept {
    return {.method = http::to_string(spec().method), .path = std::string_view{work_->wire.url}.substr(origin_size_), .query = work_->encoded.query, .host = endpoint_->authority, .payload = payload};
  }
  auth::signing_scope scope() const { return {.region = endpoint_->region}; }

  void append_to_url(std::string_view query) {
    if (!query.empty()) work_->wire.url.append("?").append(query);
  }

  result<void> attempt() {
    if (auto located = locate(); !located) return located;
    if (!planned_) {
      const auto mode = shared_.configuration().signing;
      const upload_terms terms{.sign_payload = mode == payload_signing::always || (mode == payload_signing::automatic && !endpoint_->secure),
                               .anonymous = identity_->anonymous(),
                               .aws_chunked = shared_.configuration().profile.aws_chunked,
                               .checksum = shared_.checksums().for_upload(spec(), shared_.configuration().profile)};
      if (auto planned = body_to_send_.plan(work_->encoded, terms, work_->sha256); !planned) return planned;
      planned_ = true;
    }
    if (!body_to_send_.rewind()) return fail(error_kind::body_source, "the body cannot be read from its start");

    holds_secret_ = holds_secret_ || !identity_->session_token.empty();
    http::request& wire = work_->wire;
    wire.verb = spec().method;
    wire.fields = work_->encoded.fields;
    if (download_.resuming()) {
      wire.fields.set("Range", download_.range());
      wire.fields.set("If-Match", download_.etag());
    }
    if (auto signed_ = work_->signer.sign_headers(signable(body_to_send_.payload()), wire.fields, *identity_, scope(), shared_.server_time(now_.wall)); !signed_)
      return signed_;
    if (identity_->anonymous() && body_to_send_.has_unsigned_trailer()) wire.fields.set("x-amz-content-sha256", body_to_send_.payload());
    append_to_url(work_->encoded.query);
    wire.body = body_to_send_.start(body_to_send_.has_signed_chunks() ? std::optional{work_->signer.chunks()} : std::nullopt);

    ++attempts_;
    attempt_started_ = now_.steady;
    head_ = {};
    work_->document.clear();
    body_.clear();
    phase_ = phase::sending;
    return {};
  }

  /// The first send, stopped before it happens: the signature goes into the query, and nothing is added that was not asked for.
  result<void> presign() {
    if (auto located = locate(); !located) return located;
    const timestamp when = shared_.server_time(now_.wall);
    auto made = work_->signer.sign_query(signable(auth::payload::not_signed), work_->encoded.fields, *presign_for_, *identity_, scope(), when);
    if (!made) return result<void>::failed_as(std::move(made));
    append_to_url(made->query);
    presigned_ = {.url = work_->wire.url, .method = spec().method, .fields = std::move(made->signed_fields), .expires = when + *presign_for_};
    phase_ = phase::finished;
    return {};
  }

  // --- after an attempt ----------------------------------------------------------------------------------------------------------

  void classify_outcome() {
    error e = attempt_failure();
    if (e.kind == error_kind::none) {
      shared_.retry().succeeded(attempts_);
      report(e, std::nullopt);
      phase_ = phase::finished;
      return;
    }
    e.maybe_own_success = answer_was_lost_ && may_be_own_success(e);
    const auto wait = next_wait(e);
    report(e, wait);
    if (!wait) return conclude(std::move(e));
    if (spec().method != http::method::get && spec().method != http::method::head)
      answer_was_lost_ = answer_was_lost_ || may_have_taken_effect(e);
    identity_.reset();  // asked for again after the wait: they may have expired
    waited_ += *wait;
    wait_until_ = now_.steady + *wait;
    phase_ = phase::waiting;
  }

  /// The attempt's error; its kind is `none` for a success.
  error attempt_failure() {
    if (conclude_later_.kind != error_kind::none) return conclude_later_;
    const bool refused = head_.status >= 300;
    // A server that refuses an upload may close the connection under it: its answer says more than the broken pipe.
    if (!outcome_ && !refused) {
      if (spec().answer == answer_body::stream || outcome_.error().kind != error_kind::body_sink) return std::move(outcome_.error());
      return conclude_later_ = fail(error_kind::malformed_response, "the answer: " + outcome_.error().message);
    }
    if (refused || (spec().error_in_success && is_error_document(work_->document))) {
      error e = service_error(head_, std::move(work_->document));
      if (download_.resuming() && e.status == 412) e.message = "the object changed while it was downloaded";
      return e;
    }
    if (spec().error_in_success && trim(work_->document).empty())
      return fail(error_kind::malformed_response, "the answer is empty, and so does not say whether it was done");
    if (spec().answer == answer_body::stream) {
      auto checked = download_.finish();
      if (!checked) return std::move(checked.error());
      integrity_ = *checked;
    }
    return {};
  }
  static bool is_error_document(std::string_view body) {
    // Long copies are answered with white space first, to keep the connection alive.
    body = trim(body);
    if (body.starts_with("<?xml")) body = trim(body.substr((std::min)(body.find("?>"), body.size() - 2) + 2));
    return body.starts_with("<Error");
  }

  static bool may_be_own_success(const error& e) noexcept {
    return e.kind == error_kind::precondition_failed || e.kind == error_kind::not_found || e.code == "BucketAlreadyOwnedByYou";
  }
  static bool may_have_taken_effect(const error& e) noexcept {
    return e.status >= 500 || e.kind == error_kind::server || e.kind == error_kind::connection_lost || e.kind == error_kind::timeout ||
           e.kind == error_kind::transport || e.kind == error_kind::malformed_response;
  }

  /// How long until the next attempt; nothing: this was the last.
  std::optional<duration> next_wait(const error& e) {
    if (conclude_later_.kind != error_kind::none) return std::nullopt;
    const bool taught = learn(e);
    std::optional<duration> wait;
    if (taught) {
      wait = duration::zero();
    } else {
      wait = shared_.retry().next_wait({.attempt = attempts_,
                                        .failure = e,
                                        .kind = classify(e),
                                        .retry_after = retry_after(head_.fields, shared_.server_time(now_.wall)),
                                        .max_attempts = options_.max_attempts});
    }
    if (!wait) return std::nullopt;
    if (limits_.retry_waits != duration::zero() && waited_ + *wait > limits_.retry_waits) return std::nullopt;
    if (limits_.total != duration::zero() && now_.steady + *wait >= started_ + limits_.total) return std::nullopt;
    // Last, because these change what they look at.
    if (!body_to_send_.rewind() || !download_.restart(e.kind != error_kind::integrity)) return std::nullopt;
    return wait;
  }

  /// Does the failure tell what was wrong with the request, and can it be mended? Each lesson is taken once a call.
  bool learn(const error& e) {
    const bool about_region = head_.status == 301 || head_.status == 307 || e.code == "AuthorizationHeaderMalformed" ||
                              e.code == "PermanentRedirect" || e.code == "IncorrectEndpoint" || (spec().method == http::method::head && head_.status == 400);
    if (about_region && !learned_region_ && is_region_name(e.region) && e.region != endpoint_->region) {
      learned_region_ = true;
      shared_.learn_region(work_->encoded.bucket, e.region);
      return true;
    }
    if (!learned_identity_ && (e.code == "ExpiredToken" || e.code == "TokenRefreshRequired")) {
      learned_identity_ = true;
      shared_.identity().drop(identity_.get());
      return true;
    }
    if (learned_time_ || head_.status != 403) return false;
    const auto server = parse_http_date(head_.fields.value_or_empty("Date"));
    if (!server) return false;
    const auto skew = *server - shared_.server_time(now_.wall);
    if (e.code != "RequestTimeTooSkewed" && (skew < tolerated_skew && skew > -tolerated_skew)) return false;
    learned_time_ = true;
    shared_.set_server_time(*server, now_.wall);
    return true;
  }

  void report(const error& e, std::optional<duration> wait) const {
    shared_.observer().attempt_ended({.operation = spec().name,
                                      .bucket = work_->encoded.bucket,
                                      .endpoint = origin(),
                                      .attempt = attempts_,
                                      .status = head_.status,
                                      .kind = e.kind,
                                      .code = e.code,
                                      .elapsed = now_.steady - attempt_started_,
                                      .wait = wait});
  }

  static constexpr auto tolerated_skew = std::chrono::minutes{4};  // S3 itself tolerates 15

  session<P>& shared_;
  call_options options_;
  call_limits limits_;
  std::uint64_t limit_;
  std::unique_ptr<typename session<P>::workspace> work_;

  phase phase_{phase::fresh};
  instants now_{};
  steady_time started_{}, attempt_started_{}, wait_until_{};
  duration waited_{};
  int attempts_{};
  bool planned_{}, learned_region_{}, learned_identity_{}, learned_time_{}, answer_was_lost_{}, holds_secret_{};

  std::shared_ptr<const auth::credentials> identity_{};
  std::optional<endpoint> endpoint_{};
  std::size_t origin_size_{};  // how much of the URL is the endpoint's origin
  upload_body body_to_send_{};
  std::optional<std::chrono::seconds> presign_for_{};
  presigned_url presigned_{};

  http::outcome outcome_{http::transfer_stats{}};
  http::response head_{};
  std::optional<http::string_sink> buffer_{};  // documents and errors
  std::string body_{};                         // a streamed answer that no sink was given for
  http::string_sink collected_;
  bool gives_away_;
  download download_;
  integrity integrity_{};
  error conclude_later_{};
  error failure_{};
};

/// One operation under way. It borrows the request, the session and the sink, and stays where it is.
template <operation_request R, class P>
class call final : public call_engine<P> {
  using engine = call_engine<P>;
  using action = typename engine::action;

 public:
  using value_type = response_of<R>;

  /// `into` takes the body of an answer that is a stream; without one it is collected in the response.
  call(const R& request, session<P>& shared, const call_options& options, http::sink* into = nullptr)
      : engine(shared, options, into), request_(request) {
    encode(request, this->encoded());
  }

  step<value_type> next(instants now) {
    switch (this->advance(now)) {
      case action::send: return send{this->exchange()};
      case action::wait: return this->pause();
      case action::credentials: return need_credentials{};
      case action::finished: break;
    }
    result<value_type> out = this->succeeded() ? parse() : result<value_type>{this->take_failure()};
    out.attach(this->meta());
    return done<value_type>{std::move(out)};
  }

 private:
  result<value_type> parse() {
    received_answer from = this->answer();
    // Where the caller asked for the encoding, the keys are the caller's to decode.
    if constexpr (requires { request_.encoding_type; }) from.decode_urls = !request_.encoding_type;
    auto decoded = decode<R>(from);
    if (!decoded) decoded = this->completed(std::move(decoded.error()));
    return decoded;  // the only return: a response has some fifty members, and is not moved here
  }

  const R& request_;
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/presigning.hpp
// How is a URL made that lets whoever has it do one thing? By a call that is stopped before its first send.

namespace s3store::inline v0 {

/// The first send of an operation, stopped before it happens.
template <operation_request R, class P>
class presigning final : public call_engine<P> {
  using engine = call_engine<P>;
  using action = typename engine::action;

 public:
  using value_type = presigned_url;

  presigning(const R& request, session<P>& shared, const call_options& options, std::chrono::seconds expires_in)
      : engine(shared, options, nullptr) {
    encode(request, this->encoded());
    this->presign_for(expires_in);
  }

  step<value_type> next(instants now) {
    if (this->advance(now) == action::credentials) return need_credentials{};
    if (!this->succeeded()) return done<value_type>{this->take_failure()};
    return done<value_type>{std::move(this->presigned())};
  }
};

}  // namespace s3store::inline v0

// ---- s3store/protocol/serve.hpp
// How does a server read a request and write an answer? With the declarations that the client uses, in the other direction.
//
// Errors carry the code and status that S3 answers with.

namespace s3store::inline v0 {

/// A request in S3's terms: taken apart and decoded, and its signature no longer of interest.
struct received_request {
  http::method verb{};
  std::string bucket{};
  std::string key{};
  std::vector<std::pair<std::string, std::string>> query{};
  headers fields{};
  std::string body{};

  const std::string* parameter(std::string_view name) const noexcept {
    for (const auto& [parameter, value] : query)
      if (parameter == name) return &value;
    return nullptr;
  }
};

/// An answer in the terms of HTTP, with a body that fits into memory.
struct served_answer {
  int status{200};
  headers fields{};
  std::string body{};
};

namespace wire {

/// The visitor that reads a request.
class request_reader {
 public:
  explicit request_reader(received_request& from) noexcept : from_(from) {}

  void uri(std::string_view label, std::string& m) { m = label == "Bucket" ? from_.bucket : from_.key; }

  template <class T>
  void query(std::string_view name, T& m, timestamp_format = timestamp_format::iso8601) {
    const std::string* const text = from_.parameter(name);
    if (!text) return;
    if constexpr (is_optional<T> && !std::is_same_v<T, std::optional<std::string>>)
      if (text->empty()) return;
    if (!from_wire(*text, place(m))) arguments_.note(name, "has a value that cannot be read");
  }
  template <class T>
  void query(std::string_view name, T& m, by_default) {  // what the client's default asks for it also says
    query(name, m);
  }

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = timestamp_format::http_date) {
    read_header(from_.fields, name, m, arguments_);
  }
  void headers(std::string_view prefix, metadata& m) { read_headers(from_.fields, prefix, m); }
  void status(const auto&) {}
  /// Borrowed: the request outlives what is read of it.
  void stream(http::body& m) { m = http::body::borrow(from_.body); }
  template <class T>
  void text(T& m) {
    if (!from_.body.empty()) place(m) = from_.body;
  }

  template <class T>
  void payload(const char* root, T& m) {
    if (trim(from_.body).empty()) {
      if constexpr (!is_optional<T>) document_.note(root, "is missing: the request has no body");
      return;
    }
    const auto parsed = xml::document::parse(from_.body);
    if (!parsed) return document_.note(parsed.error().message, "");
    const xml::node top = parsed->root();
    if (top.name() != root) return document_.note("the root is <" + std::string(top.name()) + "> where <" + root + ">", "is due");
    xml_members_reader members{top, document_};
    auto& v = place(m);
    std::remove_cvref_t<decltype(v)>::describe(members, v);
  }

  result<void> outcome() const {
    if (document_.any()) return auth::refusal("MalformedXML", 400, document_.what);
    if (arguments_.any()) return auth::refusal("InvalidArgument", 400, arguments_.what);
    return {};
  }

 private:
  received_request& from_;
  reading_failure arguments_{};
  reading_failure document_{};
};

/// The visitor that writes an answer.
class response_writer {
 public:
  explicit response_writer(served_answer& out, bool encode_urls) noexcept : out_(out), encode_urls_(encode_urls) {}

  template <class T>
  void header(std::string_view name, const T& m, timestamp_format format = timestamp_format::http_date) {
    std::string text;
    if constexpr (is_list<T>) {
      if (m.empty()) return;
      for (const auto& item : m) {
        if (!text.empty()) text.push_back(',');
        to_wire(text, item, format);
      }
    } else {
      const auto* const v = present(m);
      if (!v) return;
      to_wire(text, *v, format);
    }
    out_.fields.set(name, text);
  }
  void headers(std::string_view prefix, const metadata& m) {
    for (const auto [name, value] : m) out_.fields.add(std::string(prefix).append(name), value);
  }
  template <class T>
  void status(const T& m) {
    if (const auto* const v = present(m)) out_.status = *v;
  }
  void stream(std::string& m) { out_.body = std::move(m); }
  template <class T>
  void text(const T& m) {
    if (const auto* const v = present(m)) out_.body = *v;
  }

  void root(const char* name) { open(name); }
  template <class T>
  void root_text(const char* name, const T& m) {
    open(name);
    const auto* const v = present(m);
    if (!v) return;
    std::string text;
    to_wire(text, *v, timestamp_format::iso8601);
    if (!text.empty()) document_->text(text);
  }
  template <class T>
  void payload(const char* name, const T& m) {
    const auto* const v = present(m);
    if (!v) return;
    open(name);
    std::remove_cvref_t<decltype(*v)>::describe(*members_, *v);
  }
  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    members_->element(name, m, format);
  }
  template <class T>
  void list(const char* name, const char* item, const T& m) {
    if (m.empty()) return document_->element(name, {});  // S3 says that there are none; boto3's users rely on it
    members_->list(name, item, m);
  }
  template <class T>
  void url_element(const char* name, const T& m) { members_->url_element(name, m); }

  result<void> finish() {
    if (!document_) return {};
    document_->close();
    if (document_->bad())
      return auth::refusal("InternalError", 500,
                           "the answer holds a character that XML has no way to carry; ask for it with encoding-type=url");
    return {};
  }

 private:
  void open(const char* name) {
    out_.fields.set("Content-Type", "application/xml");
    document_.emplace(out_.body);
    document_->declaration();
    document_->open(name, s3_namespace);
    members_.emplace(*document_, encode_urls_);
  }

  served_answer& out_;
  bool encode_urls_;
  std::optional<xml::writer> document_{};
  std::optional<xml_members_writer> members_{};
};

}  // namespace wire

/// Reads a request. What it cannot read is a MalformedXML or an InvalidArgument. The result may borrow the body.
template <operation_request R>
result<R> decode_request(received_request& from) {
  R out{};
  wire::request_reader reader{from};
  R::describe(reader, out);
  if (auto read = reader.outcome(); !read) return result<R>::failed_as(std::move(read));
  return out;
}

/// Writes the answer to an R.
template <operation_request R>
result<served_answer> encode_response(response_of<R>&& response) {
  served_answer out{.status = R::spec.status};
  bool encode_urls = false;
  if constexpr (requires { response.encoding_type; })
    encode_urls = response.encoding_type && response.encoding_type->str() == "url";
  wire::response_writer writer{out, encode_urls};
  response_of<R>::describe(writer, response);
  if (auto written = writer.finish(); !written) return result<served_answer>::failed_as(std::move(written));
  return out;
}

/// Sets those members of a response, or of a structure in XML, that a list of fields has a value for, by their names on the wire.
template <class T>
void assign_fields(T& to, const headers& from) {
  std::string none;
  received_answer source{.status = 0, .fields = &from, .body = &none, .body_given_away = true};
  wire::response_reader reader{source};
  T::describe(reader, to);
}

namespace wire {

/// Whatever is no element of one value.
struct other_words {
  template <class... T>
  void header(T&&...) {}
  template <class... T>
  void headers(T&&...) {}
  template <class... T>
  void root(T&&...) {}
  template <class... T>
  void list(T&&...) {}
  template <class... T>
  void attribute(T&&...) {}
};

/// Assigns elements by name.
struct element_assigner : other_words {
  explicit element_assigner(const s3store::headers& fields) noexcept : from(fields) {}
  const s3store::headers& from;
  template <class T>
  void element(const char* name, T& m, timestamp_format = timestamp_format::iso8601) {
    if constexpr (!is_list<T>) {
      if constexpr (scalar<std::remove_cvref_t<decltype(place(m))>>)
        if (const auto text = from.get(name)) static_cast<void>(from_wire(*text, place(m)));
    }
  }
  template <class T>
  void url_element(const char* name, T& m) { element(name, m); }
};

/// Collects elements under their names.
struct element_collector : other_words {
  explicit element_collector(s3store::headers& fields) noexcept : into(fields) {}
  s3store::headers& into;
  template <class T>
  void element(const char* name, const T& m, timestamp_format format = timestamp_format::iso8601) {
    if constexpr (!is_list<T>) {
      const auto* const v = present(m);
      if constexpr (scalar<std::remove_cvref_t<decltype(*v)>>) {
        if (!v) return;
        std::string text;
        to_wire(text, *v, format);
        into.add(name, text);
      }
    }
  }
  template <class T>
  void url_element(const char* name, const T& m) { element(name, m); }
};

}  // namespace wire

/// The same for the elements of a structure, or of a response's document.
template <class T>
void assign_elements(T& to, const headers& from) {
  wire::element_assigner v{from};
  T::describe(v, to);
}
/// The elements of a structure that have a value of their own, by name.
template <class T>
headers elements_of(const T& of) {
  headers out;
  wire::element_collector v{out};
  T::describe(v, of);
  return out;
}

}  // namespace s3store::inline v0

// ---- s3store/protocol/routing.hpp
// Which operation does a request ask for? The most specific of the declarations that fit it.
//
// S3 tells operations apart by method, by whether there is a bucket and a key, by what stands in the model's URI behind the question
// mark (`?uploads`, `?list-type=2`), and by parameters and headers that only one of them must have (`uploadId`, `x-amz-copy-source`).
// All of that is in the declarations, so a table of routes is made of nothing but a list of operations.

namespace s3store::inline v0 {

/// What a request of one operation looks like.
struct route_pattern {
  const operation_spec* spec{};
  bool has_bucket{};
  bool has_key{};
  std::vector<std::pair<std::string_view, std::string_view>> fixed{};  ///< parameters of the URI: name and value
  std::vector<std::string_view> parameters{};                          ///< that it may have
  std::vector<std::string_view> required_parameters{};
  std::vector<std::string_view> required_fields{};

  std::size_t specificity() const noexcept { return fixed.size() + required_parameters.size() + required_fields.size(); }

  bool fits(const received_request& r) const {
    const auto has = [&r](std::string_view name) { return r.parameter(name) != nullptr; };
    return spec->method == r.verb && has_bucket == !r.bucket.empty() && has_key == !r.key.empty() &&
           std::all_of(fixed.begin(), fixed.end(),
                       [&r](const auto& f) {
                         const std::string* const value = r.parameter(f.first);
                         return value && *value == f.second;
                       }) &&
           std::all_of(required_parameters.begin(), required_parameters.end(), has) &&
           std::all_of(required_fields.begin(), required_fields.end(),
                       [&r](std::string_view name) { return r.fields.contains(name); });
  }

  /// A parameter without a value that the operation does not know names a sub-resource ("?acl"): the request asks for something else.
  bool knows_all_of(const received_request& r) const {
    return std::all_of(r.query.begin(), r.query.end(), [this](const auto& p) {
      return !p.second.empty() || std::find(parameters.begin(), parameters.end(), p.first) != parameters.end();
    });
  }
};

namespace wire {

/// The visitor that makes a pattern.
class pattern_writer {
 public:
  explicit pattern_writer(route_pattern& out) noexcept : out_(out) {}

  void uri(std::string_view label, const std::string&) { (label == "Bucket" ? out_.has_bucket : out_.has_key) = true; }
  template <class T, class... More>
  void query(std::string_view name, const T&, More...) {
    out_.parameters.push_back(name);
    if constexpr (sizeof...(More) == 0 && !is_optional<T> && !is_list<T>) out_.required_parameters.push_back(name);
  }
  template <class T, class... More>
  void header(std::string_view name, const T&, More...) {
    if constexpr (!is_optional<T> && !is_list<T>) out_.required_fields.push_back(name);
  }
  void headers(std::string_view, const auto&) {}
  void status(const auto&) {}
  void stream(const auto&) {}
  void text(const auto&) {}
  void payload(const char*, const auto&) {}

 private:
  route_pattern& out_;
};

}  // namespace wire

template <operation_request R>
route_pattern pattern_of() {
  route_pattern out{.spec = &R::spec};
  const std::string_view uri = R::spec.uri;
  if (const auto mark = uri.find('?'); mark != std::string_view::npos)
    split(uri.substr(mark + 1), '&', [&out](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      out.fixed.emplace_back(piece.substr(0, equals), piece.substr((std::min)(equals + 1, piece.size())));
      out.parameters.push_back(out.fixed.back().first);
    });
  const R example{};
  wire::pattern_writer writer{out};
  R::describe(writer, example);
  return out;
}

}  // namespace s3store::inline v0

// ---- s3store/operations/types.hpp
// Which types of the S3 API do several families of operations share?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
struct bucket {
  std::optional<std::string> name{};
  std::optional<timestamp> creation_date{};
  std::optional<std::string> bucket_region{};
  std::optional<std::string> bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("CreationDate", m.creation_date);
    v.element("BucketRegion", m.bucket_region);
    v.element("BucketArn", m.bucket_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Owner.html
struct owner {
  std::optional<std::string> display_name{};
  std::optional<std::string> id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DisplayName", m.display_name);
    v.element("ID", m.id);
  }
};

struct bucket_canned_acl : enumeration<bucket_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html
struct tag {
  std::string key{};
  std::string value{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("Value", m.value);
  }
};

struct object_ownership : enumeration<object_ownership> {
  using enumeration::enumeration;
  static constexpr constant bucket_owner_preferred{"BucketOwnerPreferred"};
  static constexpr constant object_writer{"ObjectWriter"};
  static constexpr constant bucket_owner_enforced{"BucketOwnerEnforced"};
};

struct object_canned_acl : enumeration<object_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
  static constexpr constant aws_exec_read{"aws-exec-read"};
  static constexpr constant bucket_owner_read{"bucket-owner-read"};
  static constexpr constant bucket_owner_full_control{"bucket-owner-full-control"};
};

struct checksum_algorithm : enumeration<checksum_algorithm> {
  using enumeration::enumeration;
  static constexpr constant crc32{"CRC32"};
  static constexpr constant crc32c{"CRC32C"};
  static constexpr constant sha1{"SHA1"};
  static constexpr constant sha256{"SHA256"};
  static constexpr constant crc64nvme{"CRC64NVME"};
  static constexpr constant sha512{"SHA512"};
  static constexpr constant md5{"MD5"};
  static constexpr constant xxhash64{"XXHASH64"};
  static constexpr constant xxhash3{"XXHASH3"};
  static constexpr constant xxhash128{"XXHASH128"};
};

struct server_side_encryption : enumeration<server_side_encryption> {
  using enumeration::enumeration;
  static constexpr constant aes256{"AES256"};
  static constexpr constant aws_fsx{"aws:fsx"};
  static constexpr constant aws_backup{"aws:backup"};
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aws_kms_dsse{"aws:kms:dsse"};
};

struct storage_class : enumeration<storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

struct request_payer : enumeration<request_payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct object_lock_mode : enumeration<object_lock_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

struct object_lock_legal_hold_status : enumeration<object_lock_legal_hold_status> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct object_lock_event_hold : enumeration<object_lock_event_hold> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct checksum_type : enumeration<checksum_type> {
  using enumeration::enumeration;
  static constexpr constant composite{"COMPOSITE"};
  static constexpr constant full_object{"FULL_OBJECT"};
};

struct request_charged : enumeration<request_charged> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct checksum_mode : enumeration<checksum_mode> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
};

struct replication_status : enumeration<replication_status> {
  using enumeration::enumeration;
  static constexpr constant complete{"COMPLETE"};
  static constexpr constant pending{"PENDING"};
  static constexpr constant failed{"FAILED"};
  static constexpr constant replica{"REPLICA"};
  static constexpr constant completed{"COMPLETED"};
};

struct encoding_type : enumeration<encoding_type> {
  using enumeration::enumeration;
  static constexpr constant url{"url"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CommonPrefix.html
struct common_prefix {
  std::optional<std::string> prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tagging.html
struct tagging {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("TagSet", "Tag", m.tag_set);
  }
};

struct type : enumeration<type> {
  using enumeration::enumeration;
  static constexpr constant canonical_user{"CanonicalUser"};
  static constexpr constant amazon_customer_by_email{"AmazonCustomerByEmail"};
  static constexpr constant group{"Group"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grantee.html
struct grantee {
  std::optional<std::string> display_name{};
  std::optional<std::string> email_address{};
  std::optional<std::string> id{};
  types::type type{};
  std::optional<std::string> uri{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.attribute("xsi:type", m.type);
    v.element("DisplayName", m.display_name);
    v.element("EmailAddress", m.email_address);
    v.element("ID", m.id);
    v.element("URI", m.uri);
  }
};

struct permission : enumeration<permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant write{"WRITE"};
  static constexpr constant write_acp{"WRITE_ACP"};
  static constexpr constant read{"READ"};
  static constexpr constant read_acp{"READ_ACP"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grant.html
struct grant {
  std::optional<types::grantee> grantee{};
  std::optional<types::permission> permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

}  // namespace types

}  // namespace s3store::inline v0

// ---- s3store/operations/acl.hpp
// Which operations say who owns and who may use buckets and objects?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlPolicy.html
struct access_control_policy {
  std::vector<types::grant> grants{};
  std::optional<types::owner> owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("AccessControlList", "Grant", m.grants);
    v.element("Owner", m.owner);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControlsRule.html
struct ownership_controls_rule {
  types::object_ownership object_ownership{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectOwnership", m.object_ownership);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControls.html
struct ownership_controls {
  std::vector<types::ownership_controls_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules);
  }
};

struct bucket_abac_status : enumeration<bucket_abac_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbacStatus.html
struct abac_status {
  std::optional<types::bucket_abac_status> status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_bucket_acl_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's access control list: a canned one, grants in headers, or a whole document.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
struct put_bucket_acl_request {
  std::string bucket{};
  std::optional<types::access_control_policy> access_control_policy{};
  std::optional<types::bucket_canned_acl> acl{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write{};
  std::optional<std::string> grant_write_acp{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_acl_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAcl",
      .method = http::method::put,
      .uri = "/{Bucket}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_bucket_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// A bucket's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
struct get_bucket_acl_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_acl_response;
  static constexpr operation_spec spec{.name = "GetBucketAcl", .method = http::method::get, .uri = "/{Bucket}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_acl_response {
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets an object's access control list.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
struct put_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::access_control_policy> access_control_policy{};
  std::optional<types::object_canned_acl> acl{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write{};
  std::optional<std::string> grant_write_acp{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_acl_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAcl",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?acl",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-acl", m.acl);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AccessControlPolicy", m.access_control_policy);
  }
};

struct get_object_acl_response {
  std::optional<types::owner> owner{};
  std::vector<types::grant> grants{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccessControlPolicy");
    v.element("Owner", m.owner);
    v.list("AccessControlList", "Grant", m.grants);
  }
};

/// An object's owner and grants.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
struct get_object_acl_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_acl_response;
  static constexpr operation_spec spec{.name = "GetObjectAcl", .method = http::method::get, .uri = "/{Bucket}/{Key+}?acl"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says who owns what others upload, and whether access control lists count at all.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
struct put_bucket_ownership_controls_request {
  std::string bucket{};
  types::ownership_controls ownership_controls{};
  std::optional<std::string> content_md5{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};

  using response = put_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "PutBucketOwnershipControls",
      .method = http::method::put,
      .uri = "/{Bucket}?ownershipControls",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("OwnershipControls", m.ownership_controls);
  }
};

struct get_bucket_ownership_controls_response {
  std::optional<types::ownership_controls> ownership_controls{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("OwnershipControls", m.ownership_controls);
  }
};

/// A bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
struct get_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "GetBucketOwnershipControls",
      .method = http::method::get,
      .uri = "/{Bucket}?ownershipControls"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_ownership_controls_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's ownership controls.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
struct delete_bucket_ownership_controls_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_ownership_controls_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketOwnershipControls",
      .method = http::method::delete_,
      .uri = "/{Bucket}?ownershipControls",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_abac_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns attribute-based access control, by the bucket's tags, on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
struct put_bucket_abac_request {
  std::string bucket{};
  types::abac_status abac_status{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_abac_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAbac",
      .method = http::method::put,
      .uri = "/{Bucket}?abac",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AbacStatus", m.abac_status);
  }
};

struct get_bucket_abac_response {
  std::optional<types::abac_status> abac_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AbacStatus", m.abac_status);
  }
};

/// Is attribute-based access control on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAbac.html
struct get_bucket_abac_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_abac_response;
  static constexpr operation_spec spec{.name = "GetBucketAbac", .method = http::method::get, .uri = "/{Bucket}?abac"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/bucket.hpp
// Which operations make, find and delete buckets?

namespace s3store::inline v0 {

namespace types {

struct bucket_location_constraint : enumeration<bucket_location_constraint> {
  using enumeration::enumeration;
  static constexpr constant af_south_1{"af-south-1"};
  static constexpr constant ap_east_1{"ap-east-1"};
  static constexpr constant ap_east_2{"ap-east-2"};
  static constexpr constant ap_northeast_1{"ap-northeast-1"};
  static constexpr constant ap_northeast_2{"ap-northeast-2"};
  static constexpr constant ap_northeast_3{"ap-northeast-3"};
  static constexpr constant ap_south_1{"ap-south-1"};
  static constexpr constant ap_south_2{"ap-south-2"};
  static constexpr constant ap_southeast_1{"ap-southeast-1"};
  static constexpr constant ap_southeast_2{"ap-southeast-2"};
  static constexpr constant ap_southeast_3{"ap-southeast-3"};
  static constexpr constant ap_southeast_4{"ap-southeast-4"};
  static constexpr constant ap_southeast_5{"ap-southeast-5"};
  static constexpr constant ap_southeast_6{"ap-southeast-6"};
  static constexpr constant ap_southeast_7{"ap-southeast-7"};
  static constexpr constant ca_central_1{"ca-central-1"};
  static constexpr constant ca_west_1{"ca-west-1"};
  static constexpr constant cn_north_1{"cn-north-1"};
  static constexpr constant cn_northwest_1{"cn-northwest-1"};
  static constexpr constant eu{"EU"};
  static constexpr constant eu_central_1{"eu-central-1"};
  static constexpr constant eu_central_2{"eu-central-2"};
  static constexpr constant eu_north_1{"eu-north-1"};
  static constexpr constant eu_south_1{"eu-south-1"};
  static constexpr constant eu_south_2{"eu-south-2"};
  static constexpr constant eu_west_1{"eu-west-1"};
  static constexpr constant eu_west_2{"eu-west-2"};
  static constexpr constant eu_west_3{"eu-west-3"};
  static constexpr constant il_central_1{"il-central-1"};
  static constexpr constant me_central_1{"me-central-1"};
  static constexpr constant me_south_1{"me-south-1"};
  static constexpr constant mx_central_1{"mx-central-1"};
  static constexpr constant sa_east_1{"sa-east-1"};
  static constexpr constant us_east_2{"us-east-2"};
  static constexpr constant us_gov_east_1{"us-gov-east-1"};
  static constexpr constant us_gov_west_1{"us-gov-west-1"};
  static constexpr constant us_west_1{"us-west-1"};
  static constexpr constant us_west_2{"us-west-2"};
};

struct location_type : enumeration<location_type> {
  using enumeration::enumeration;
  static constexpr constant availability_zone{"AvailabilityZone"};
  static constexpr constant local_zone{"LocalZone"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LocationInfo.html
struct location_info {
  std::optional<types::location_type> type{};
  std::optional<std::string> name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
    v.element("Name", m.name);
  }
};

struct data_redundancy : enumeration<data_redundancy> {
  using enumeration::enumeration;
  static constexpr constant single_availability_zone{"SingleAvailabilityZone"};
  static constexpr constant single_local_zone{"SingleLocalZone"};
};

struct bucket_type : enumeration<bucket_type> {
  using enumeration::enumeration;
  static constexpr constant directory{"Directory"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketInfo.html
struct bucket_info {
  std::optional<types::data_redundancy> data_redundancy{};
  std::optional<types::bucket_type> type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataRedundancy", m.data_redundancy);
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
struct create_bucket_configuration {
  std::optional<types::bucket_location_constraint> location_constraint{};
  std::optional<types::location_info> location{};
  std::optional<types::bucket_info> bucket{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LocationConstraint", m.location_constraint);
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.list("Tags", "Tag", m.tags);
  }
};

struct bucket_namespace : enumeration<bucket_namespace> {
  using enumeration::enumeration;
  static constexpr constant account_regional{"account-regional"};
  static constexpr constant global{"global"};
};

}  // namespace types

struct list_buckets_response {
  std::vector<types::bucket> buckets{};
  std::optional<types::owner> owner{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("Owner", m.owner);
    v.element("ContinuationToken", m.continuation_token);
    v.element("Prefix", m.prefix);
  }
};

/// The buckets of the account, paged where `max_buckets` asks for it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
struct list_buckets_request {
  std::optional<std::int32_t> max_buckets{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> prefix{};
  std::optional<std::string> bucket_region{};

  using response = list_buckets_response;
  static constexpr operation_spec spec{.name = "ListBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("max-buckets", m.max_buckets);
    v.query("continuation-token", m.continuation_token);
    v.query("prefix", m.prefix);
    v.query("bucket-region", m.bucket_region);
  }
};

struct create_bucket_response {
  std::optional<std::string> location{};
  std::optional<std::string> bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("Location", m.location);
    v.header("x-amz-bucket-arn", m.bucket_arn);
  }
};

/// Makes a bucket. Outside us-east-1 the configuration has to name the region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
struct create_bucket_request {
  std::string bucket{};
  std::optional<types::create_bucket_configuration> create_bucket_configuration{};
  std::optional<types::bucket_canned_acl> acl{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write{};
  std::optional<std::string> grant_write_acp{};
  std::optional<bool> object_lock_enabled_for_bucket{};
  std::optional<types::object_ownership> object_ownership{};
  std::optional<types::bucket_namespace> bucket_namespace{};

  using response = create_bucket_response;
  static constexpr operation_spec spec{.name = "CreateBucket", .method = http::method::put, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-acl", m.acl);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write", m.grant_write);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-bucket-object-lock-enabled", m.object_lock_enabled_for_bucket);
    v.header("x-amz-object-ownership", m.object_ownership);
    v.header("x-amz-bucket-namespace", m.bucket_namespace);
    v.payload("CreateBucketConfiguration", m.create_bucket_configuration);
  }
};

struct head_bucket_response {
  std::optional<std::string> bucket_arn{};
  std::optional<types::location_type> bucket_location_type{};
  std::optional<std::string> bucket_location_name{};
  std::optional<std::string> bucket_region{};
  std::optional<bool> access_point_alias{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-bucket-arn", m.bucket_arn);
    v.header("x-amz-bucket-location-type", m.bucket_location_type);
    v.header("x-amz-bucket-location-name", m.bucket_location_name);
    v.header("x-amz-bucket-region", m.bucket_region);
    v.header("x-amz-access-point-alias", m.access_point_alias);
  }
};

/// Is there such a bucket, and may the caller use it? Its region comes in the answer.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
struct head_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = head_bucket_response;
  static constexpr operation_spec spec{.name = "HeadBucket", .method = http::method::head, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_location_response {
  std::optional<types::bucket_location_constraint> location_constraint{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root_text("LocationConstraint", m.location_constraint);
  }
};

/// The bucket's region; absent means us-east-1, and `EU` means eu-west-1.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
struct get_bucket_location_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_location_response;
  static constexpr operation_spec spec{.name = "GetBucketLocation", .method = http::method::get, .uri = "/{Bucket}?location"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Deletes an empty bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
struct delete_bucket_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucket",
      .method = http::method::delete_,
      .uri = "/{Bucket}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/put_object.hpp
// PutObject: how does it travel?

namespace s3store::inline v0 {

struct put_object_response {
  std::optional<std::string> expiration{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> version_id{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<std::int64_t> size{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-object-size", m.size);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Stores an object in one request, of up to 5 GiB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
struct put_object_request {
  std::string bucket{};
  std::string key{};
  http::body body{};
  std::optional<types::object_canned_acl> acl{};
  std::optional<std::string> cache_control{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> content_md5{};
  std::optional<std::string> content_type{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<std::string> expires{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write_acp{};
  std::optional<std::int64_t> write_offset_bytes{};
  s3store::metadata metadata{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<types::storage_class> storage_class{};
  std::optional<std::string> website_redirect_location{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> tagging{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<types::object_lock_event_hold> object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_response;
  static constexpr operation_spec spec{
      .name = "PutObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("Content-MD5", m.content_md5);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("Expires", m.expires);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-write-offset-bytes", m.write_offset_bytes);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/get_object.hpp
// GetObject: how does it travel?

namespace s3store::inline v0 {

struct get_object_response {
  std::string body{};
  std::optional<bool> delete_marker{};
  std::optional<std::string> accept_ranges{};
  std::optional<std::string> expiration{};
  std::optional<std::string> restore{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::int32_t> missing_meta{};
  std::optional<std::string> version_id{};
  std::optional<std::string> cache_control{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::string> content_range{};
  std::optional<std::string> content_type{};
  std::optional<std::string> expires{};
  std::optional<std::string> website_redirect_location{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  s3store::metadata metadata{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::storage_class> storage_class{};
  std::optional<types::request_charged> request_charged{};
  std::optional<types::replication_status> replication_status{};
  std::optional<std::int32_t> parts_count{};
  std::optional<std::int32_t> tag_count{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<types::object_lock_event_hold> object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("accept-ranges", m.accept_ranges);
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-restore", m.restore);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-version-id", m.version_id);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Range", m.content_range);
    v.header("Content-Type", m.content_type);
    v.header("Expires", m.expires);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.header("x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-tagging-count", m.tag_count);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

/// Reads an object, a range of it, or one of its parts.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
struct get_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_modified_since{};
  std::optional<std::string> if_none_match{};
  std::optional<timestamp> if_unmodified_since{};
  std::optional<std::string> range{};
  std::optional<std::string> response_cache_control{};
  std::optional<std::string> response_content_disposition{};
  std::optional<std::string> response_content_encoding{};
  std::optional<std::string> response_content_language{};
  std::optional<std::string> response_content_type{};
  std::optional<timestamp> response_expires{};
  std::optional<std::string> version_id{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::int32_t> part_number{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_mode> checksum_mode{};

  using response = get_object_response;
  static constexpr operation_spec spec{
      .name = "GetObject",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}",
      .answer_checksum = true,
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("response-cache-control", m.response_cache_control);
    v.query("response-content-disposition", m.response_content_disposition);
    v.query("response-content-encoding", m.response_content_encoding);
    v.query("response-content-language", m.response_content_language);
    v.query("response-content-type", m.response_content_type);
    v.query("response-expires", m.response_expires, timestamp_format::http_date);
    v.query("versionId", m.version_id);
    v.query("partNumber", m.part_number);
    v.header("If-Match", m.if_match);
    v.header("If-Modified-Since", m.if_modified_since);
    v.header("If-None-Match", m.if_none_match);
    v.header("If-Unmodified-Since", m.if_unmodified_since);
    v.header("Range", m.range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/head_object.hpp
// HeadObject: how does it travel?

namespace s3store::inline v0 {

namespace types {

struct archive_status : enumeration<archive_status> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

}  // namespace types

struct head_object_response {
  std::optional<bool> delete_marker{};
  std::optional<std::string> accept_ranges{};
  std::optional<std::string> expiration{};
  std::optional<std::string> restore{};
  std::optional<types::archive_status> archive_status{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::string> etag{};
  std::optional<std::int32_t> missing_meta{};
  std::optional<std::string> version_id{};
  std::optional<std::string> cache_control{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::string> content_type{};
  std::optional<std::string> content_range{};
  std::optional<std::string> expires{};
  std::optional<std::string> website_redirect_location{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  s3store::metadata metadata{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::storage_class> storage_class{};
  std::optional<types::request_charged> request_charged{};
  std::optional<types::replication_status> replication_status{};
  std::optional<std::int32_t> parts_count{};
  std::optional<std::int32_t> tag_count{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<types::object_lock_event_hold> object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("accept-ranges", m.accept_ranges);
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-restore", m.restore);
    v.header("x-amz-archive-status", m.archive_status);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("ETag", m.etag);
    v.header("x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-version-id", m.version_id);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Content-Range", m.content_range);
    v.header("Expires", m.expires);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.header("x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-tagging-count", m.tag_count);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.headers("x-amz-meta-", m.metadata);
  }
};

/// An object's metadata without its bytes. An error has no body, so its kind comes from the status alone.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
struct head_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_modified_since{};
  std::optional<std::string> if_none_match{};
  std::optional<timestamp> if_unmodified_since{};
  std::optional<std::string> range{};
  std::optional<std::string> response_cache_control{};
  std::optional<std::string> response_content_disposition{};
  std::optional<std::string> response_content_encoding{};
  std::optional<std::string> response_content_language{};
  std::optional<std::string> response_content_type{};
  std::optional<timestamp> response_expires{};
  std::optional<std::string> version_id{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::int32_t> part_number{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_mode> checksum_mode{};

  using response = head_object_response;
  static constexpr operation_spec spec{.name = "HeadObject", .method = http::method::head, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("response-cache-control", m.response_cache_control);
    v.query("response-content-disposition", m.response_content_disposition);
    v.query("response-content-encoding", m.response_content_encoding);
    v.query("response-content-language", m.response_content_language);
    v.query("response-content-type", m.response_content_type);
    v.query("response-expires", m.response_expires, timestamp_format::http_date);
    v.query("versionId", m.version_id);
    v.query("partNumber", m.part_number);
    v.header("If-Match", m.if_match);
    v.header("If-Modified-Since", m.if_modified_since);
    v.header("If-None-Match", m.if_none_match);
    v.header("If-Unmodified-Since", m.if_unmodified_since);
    v.header("Range", m.range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/delete_object.hpp
// DeleteObject: how does it travel?

namespace s3store::inline v0 {

struct delete_object_response {
  std::optional<bool> delete_marker{};
  std::optional<std::string> version_id{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Deletes an object or one version of it; in a versioned bucket, without a version, it lays a delete marker.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
struct delete_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> mfa{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<timestamp> if_match_last_modified_time{};
  std::optional<std::int64_t> if_match_size{};

  using response = delete_object_response;
  static constexpr operation_spec spec{
      .name = "DeleteObject",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("x-amz-if-match-last-modified-time", m.if_match_last_modified_time);
    v.header("x-amz-if-match-size", m.if_match_size);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/delete_objects.hpp
// DeleteObjects: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectIdentifier.html
struct object_identifier {
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> etag{};
  std::optional<timestamp> last_modified_time{};
  std::optional<std::int64_t> size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("ETag", m.etag);
    v.element("LastModifiedTime", m.last_modified_time, timestamp_format::http_date);
    v.element("Size", m.size);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Delete.html
struct delete_ {
  std::vector<types::object_identifier> objects{};
  std::optional<bool> quiet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Object", m.objects);
    v.element("Quiet", m.quiet);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletedObject.html
struct deleted_object {
  std::optional<std::string> key{};
  std::optional<std::string> version_id{};
  std::optional<bool> delete_marker{};
  std::optional<std::string> delete_marker_version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("DeleteMarker", m.delete_marker);
    v.element("DeleteMarkerVersionId", m.delete_marker_version_id);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Error.html
struct error {
  std::optional<std::string> key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> code{};
  std::optional<std::string> message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("Code", m.code);
    v.element("Message", m.message);
  }
};

}  // namespace types

struct delete_objects_response {
  std::vector<types::deleted_object> deleted{};
  std::optional<types::request_charged> request_charged{};
  std::vector<types::error> errors{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("DeleteResult");
    v.element("Deleted", m.deleted);
    v.element("Error", m.errors);
  }
};

/// Deletes up to 1,000 objects in one request. Success says only that the request was read: look at `errors`.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
struct delete_objects_request {
  std::string bucket{};
  types::delete_ delete_{};
  std::optional<std::string> mfa{};
  std::optional<types::request_payer> request_payer{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};

  using response = delete_objects_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjects",
      .method = http::method::post,
      .uri = "/{Bucket}?delete",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("Delete", m.delete_);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/copy_object.hpp
// CopyObject: how does it travel?

namespace s3store::inline v0 {

namespace types {

struct metadata_directive : enumeration<metadata_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct tagging_directive : enumeration<tagging_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant replace{"REPLACE"};
};

struct annotation_directive : enumeration<annotation_directive> {
  using enumeration::enumeration;
  static constexpr constant copy{"COPY"};
  static constexpr constant exclude{"EXCLUDE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObjectResult.html
struct copy_object_result {
  std::optional<std::string> etag{};
  std::optional<timestamp> last_modified{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("ChecksumType", m.checksum_type);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct copy_object_response {
  std::optional<types::copy_object_result> copy_object_result{};
  std::optional<std::string> expiration{};
  std::optional<std::string> copy_source_version_id{};
  std::optional<std::string> version_id{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.payload("CopyObjectResult", m.copy_object_result);
  }
};

/// Copies an object of up to 5 GiB inside S3. Conditions on the source and on the destination are members of their own.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
struct copy_object_request {
  std::string bucket{};
  std::string key{};
  s3store::copy_source copy_source{};
  std::optional<types::object_canned_acl> acl{};
  std::optional<std::string> cache_control{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::string> content_type{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::optional<std::string> expires{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write_acp{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  s3store::metadata metadata{};
  std::optional<types::metadata_directive> metadata_directive{};
  std::optional<types::tagging_directive> tagging_directive{};
  std::optional<types::annotation_directive> annotation_directive{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<types::storage_class> storage_class{};
  std::optional<std::string> website_redirect_location{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<std::string> copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::optional<std::string> copy_source_sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> tagging{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<types::object_lock_event_hold> object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = copy_object_response;
  static constexpr operation_spec spec{
      .name = "CopyObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .error_in_success = true};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("x-amz-copy-source", m.copy_source);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-metadata-directive", m.metadata_directive);
    v.header("x-amz-tagging-directive", m.tagging_directive);
    v.header("x-amz-object-annotation-directive", m.annotation_directive);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object/get_object_attributes.hpp
// GetObjectAttributes: how does it travel?

namespace s3store::inline v0 {

namespace types {

struct object_attributes : enumeration<object_attributes> {
  using enumeration::enumeration;
  static constexpr constant etag{"ETag"};
  static constexpr constant checksum{"Checksum"};
  static constexpr constant object_parts{"ObjectParts"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant object_size{"ObjectSize"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Checksum.html
struct checksum {
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectPart.html
struct object_part {
  std::optional<std::int32_t> part_number{};
  std::optional<std::int64_t> size{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartNumber", m.part_number);
    v.element("Size", m.size);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributesParts.html
struct get_object_attributes_parts {
  std::optional<std::int32_t> total_parts_count{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::object_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartsCount", m.total_parts_count);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct get_object_attributes_response {
  std::optional<bool> delete_marker{};
  std::optional<timestamp> last_modified{};
  std::optional<std::string> version_id{};
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> etag{};
  std::optional<types::checksum> checksum{};
  std::optional<types::get_object_attributes_parts> object_parts{};
  std::optional<types::storage_class> storage_class{};
  std::optional<std::int64_t> object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-delete-marker", m.delete_marker);
    v.header("Last-Modified", m.last_modified);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("GetObjectAttributesResponse");
    v.element("ETag", m.etag);
    v.element("Checksum", m.checksum);
    v.element("ObjectParts", m.object_parts);
    v.element("StorageClass", m.storage_class);
    v.element("ObjectSize", m.object_size);
  }
};

/// An object's checksum, size, storage class and parts, as many of them as are asked for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
struct get_object_attributes_request {
  std::string bucket{};
  std::string key{};
  std::vector<types::object_attributes> object_attributes{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_attributes_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAttributes",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?attributes"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-max-parts", m.max_parts);
    v.header("x-amz-part-number-marker", m.part_number_marker);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-attributes", m.object_attributes);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/object.hpp
// Which operations store, read, copy and delete objects?

// ---- s3store/operations/listing.hpp
// Which operations list the objects of a bucket?

namespace s3store::inline v0 {

namespace types {

struct optional_object_attributes : enumeration<optional_object_attributes> {
  using enumeration::enumeration;
  static constexpr constant restore_status{"RestoreStatus"};
};

struct object_storage_class : enumeration<object_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html
struct restore_status {
  std::optional<bool> is_restore_in_progress{};
  std::optional<timestamp> restore_expiry_date{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsRestoreInProgress", m.is_restore_in_progress);
    v.element("RestoreExpiryDate", m.restore_expiry_date);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
struct object {
  std::optional<std::string> key{};
  std::optional<timestamp> last_modified{};
  std::optional<std::string> etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::int64_t> size{};
  std::optional<types::object_storage_class> storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Key", m.key);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

struct object_version_storage_class : enumeration<object_version_storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectVersion.html
struct object_version {
  std::optional<std::string> etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::int64_t> size{};
  std::optional<types::object_version_storage_class> storage_class{};
  std::optional<std::string> key{};
  std::optional<std::string> version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};
  std::optional<types::owner> owner{};
  std::optional<types::restore_status> restore_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("Size", m.size);
    v.element("StorageClass", m.storage_class);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
    v.element("Owner", m.owner);
    v.element("RestoreStatus", m.restore_status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerEntry.html
struct delete_marker_entry {
  std::optional<types::owner> owner{};
  std::optional<std::string> key{};
  std::optional<std::string> version_id{};
  std::optional<bool> is_latest{};
  std::optional<timestamp> last_modified{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner);
    v.url_element("Key", m.key);
    v.element("VersionId", m.version_id);
    v.element("IsLatest", m.is_latest);
    v.element("LastModified", m.last_modified);
  }
};

}  // namespace types

struct list_objects_response {
  std::optional<bool> is_truncated{};
  std::optional<std::string> marker{};
  std::optional<std::string> next_marker{};
  std::vector<types::object> contents{};
  std::optional<std::string> name{};
  std::optional<std::string> prefix{};
  std::optional<std::string> delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("Marker", m.marker);
    v.url_element("NextMarker", m.next_marker);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The keys of a bucket, 1,000 at a time, by marker. ListObjectsV2 is its successor.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
struct list_objects_request {
  std::string bucket{};
  std::optional<std::string> delimiter{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<std::string> marker{};
  std::optional<std::int32_t> max_keys{};
  std::optional<std::string> prefix{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_response;
  static constexpr operation_spec spec{.name = "ListObjects", .method = http::method::get, .uri = "/{Bucket}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, by_default{"url"});
    v.query("marker", m.marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }
};

struct list_objects_v2_response {
  std::optional<bool> is_truncated{};
  std::vector<types::object> contents{};
  std::optional<std::string> name{};
  std::optional<std::string> prefix{};
  std::optional<std::string> delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<std::int32_t> key_count{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> next_continuation_token{};
  std::optional<std::string> start_after{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListBucketResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("Contents", m.contents);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
    v.element("KeyCount", m.key_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.url_element("StartAfter", m.start_after);
  }
};

/// The keys of a bucket, 1,000 at a time, in the order of their UTF-8 bytes, by continuation token.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct list_objects_v2_request {
  std::string bucket{};
  std::optional<std::string> delimiter{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<std::int32_t> max_keys{};
  std::optional<std::string> prefix{};
  std::optional<std::string> continuation_token{};
  std::optional<bool> fetch_owner{};
  std::optional<std::string> start_after{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_objects_v2_response;
  static constexpr operation_spec spec{.name = "ListObjectsV2", .method = http::method::get, .uri = "/{Bucket}?list-type=2"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, by_default{"url"});
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("continuation-token", m.continuation_token);
    v.query("fetch-owner", m.fetch_owner);
    v.query("start-after", m.start_after);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }
};

struct list_object_versions_response {
  std::optional<bool> is_truncated{};
  std::optional<std::string> key_marker{};
  std::optional<std::string> version_id_marker{};
  std::optional<std::string> next_key_marker{};
  std::optional<std::string> next_version_id_marker{};
  std::vector<types::object_version> versions{};
  std::vector<types::delete_marker_entry> delete_markers{};
  std::optional<std::string> name{};
  std::optional<std::string> prefix{};
  std::optional<std::string> delimiter{};
  std::optional<std::int32_t> max_keys{};
  std::vector<types::common_prefix> common_prefixes{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListVersionsResult");
    v.element("IsTruncated", m.is_truncated);
    v.url_element("KeyMarker", m.key_marker);
    v.element("VersionIdMarker", m.version_id_marker);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.element("NextVersionIdMarker", m.next_version_id_marker);
    v.element("Version", m.versions);
    v.element("DeleteMarker", m.delete_markers);
    v.element("Name", m.name);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("MaxKeys", m.max_keys);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The versions and delete markers of a bucket, 1,000 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
struct list_object_versions_request {
  std::string bucket{};
  std::optional<std::string> delimiter{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<std::string> key_marker{};
  std::optional<std::int32_t> max_keys{};
  std::optional<std::string> prefix{};
  std::optional<std::string> version_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::request_payer> request_payer{};
  std::vector<types::optional_object_attributes> optional_object_attributes{};

  using response = list_object_versions_response;
  static constexpr operation_spec spec{.name = "ListObjectVersions", .method = http::method::get, .uri = "/{Bucket}?versions"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-keys", m.max_keys);
    v.query("prefix", m.prefix);
    v.query("version-id-marker", m.version_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-optional-object-attributes", m.optional_object_attributes);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Initiator.html
struct initiator {
  std::optional<std::string> id{};
  std::optional<std::string> display_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("DisplayName", m.display_name);
  }
};

}  // namespace types

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/create_multipart_upload.hpp
// CreateMultipartUpload: how does it travel?

namespace s3store::inline v0 {

struct create_multipart_upload_response {
  std::optional<timestamp> abort_date{};
  std::optional<std::string> abort_rule_id{};
  std::optional<std::string> bucket{};
  std::optional<std::string> key{};
  std::optional<std::string> upload_id{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_charged> request_charged{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-version-id", m.version_id);
    v.root("InitiateMultipartUploadResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
  }
};

/// Starts an upload in parts. Until it is completed or aborted, its parts are kept and paid for.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
struct create_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_canned_acl> acl{};
  std::optional<std::string> cache_control{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::string> content_type{};
  std::optional<std::string> expires{};
  std::optional<std::string> grant_full_control{};
  std::optional<std::string> grant_read{};
  std::optional<std::string> grant_read_acp{};
  std::optional<std::string> grant_write_acp{};
  s3store::metadata metadata{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<types::storage_class> storage_class{};
  std::optional<std::string> website_redirect_location{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> tagging{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<types::object_lock_event_hold> object_lock_event_hold{};
  std::optional<std::int32_t> object_lock_event_hold_duration_days{};
  std::optional<std::int32_t> object_lock_event_hold_duration_years{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};

  using response = create_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CreateMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?uploads",
      .repeating = repetition::creates_another};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-acl", m.acl);
    v.header("Cache-Control", m.cache_control);
    v.header("Content-Disposition", m.content_disposition);
    v.header("Content-Encoding", m.content_encoding);
    v.header("Content-Language", m.content_language);
    v.header("Content-Type", m.content_type);
    v.header("Expires", m.expires);
    v.header("x-amz-grant-full-control", m.grant_full_control);
    v.header("x-amz-grant-read", m.grant_read);
    v.header("x-amz-grant-read-acp", m.grant_read_acp);
    v.header("x-amz-grant-write-acp", m.grant_write_acp);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-storage-class", m.storage_class);
    v.header("x-amz-website-redirect-location", m.website_redirect_location);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-tagging", m.tagging);
    v.header("x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-object-lock-event-hold", m.object_lock_event_hold);
    v.header("x-amz-object-lock-event-hold-duration-days", m.object_lock_event_hold_duration_days);
    v.header("x-amz-object-lock-event-hold-duration-years", m.object_lock_event_hold_duration_years);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.headers("x-amz-meta-", m.metadata);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/upload_part.hpp
// UploadPart: how does it travel?

namespace s3store::inline v0 {

struct upload_part_response {
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Sends one part (1 to 10,000) of an upload: at least 5 MiB, the last one excepted, and at most 5 GiB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
struct upload_part_request {
  std::string bucket{};
  std::string key{};
  std::int32_t part_number{};
  std::string upload_id{};
  http::body body{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = upload_part_response;
  static constexpr operation_spec spec{
      .name = "UploadPart",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("partNumber", m.part_number);
    v.query("uploadId", m.upload_id);
    v.header("Content-Length", m.content_length);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/upload_part_copy.hpp
// UploadPartCopy: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyPartResult.html
struct copy_part_result {
  std::optional<std::string> etag{};
  std::optional<timestamp> last_modified{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct upload_part_copy_response {
  std::optional<std::string> copy_source_version_id{};
  std::optional<types::copy_part_result> copy_part_result{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-copy-source-version-id", m.copy_source_version_id);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.payload("CopyPartResult", m.copy_part_result);
  }
};

/// Makes a part out of a range of an object that is already in S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
struct upload_part_copy_request {
  std::string bucket{};
  std::string key{};
  s3store::copy_source copy_source{};
  std::int32_t part_number{};
  std::string upload_id{};
  std::optional<std::string> copy_source_if_match{};
  std::optional<timestamp> copy_source_if_modified_since{};
  std::optional<std::string> copy_source_if_none_match{};
  std::optional<timestamp> copy_source_if_unmodified_since{};
  std::optional<std::string> copy_source_range{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<std::string> copy_source_sse_customer_algorithm{};
  std::optional<customer_key> copy_source_sse_customer_key{};
  std::optional<std::string> copy_source_sse_customer_key_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> expected_source_bucket_owner{};

  using response = upload_part_copy_response;
  static constexpr operation_spec spec{
      .name = "UploadPartCopy",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}",
      .error_in_success = true};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("partNumber", m.part_number);
    v.query("uploadId", m.upload_id);
    v.header("x-amz-copy-source", m.copy_source);
    v.header("x-amz-copy-source-if-match", m.copy_source_if_match);
    v.header("x-amz-copy-source-if-modified-since", m.copy_source_if_modified_since);
    v.header("x-amz-copy-source-if-none-match", m.copy_source_if_none_match);
    v.header("x-amz-copy-source-if-unmodified-since", m.copy_source_if_unmodified_since);
    v.header("x-amz-copy-source-range", m.copy_source_range);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-copy-source-server-side-encryption-customer-algorithm", m.copy_source_sse_customer_algorithm);
    v.header("x-amz-copy-source-server-side-encryption-customer-key", m.copy_source_sse_customer_key);
    v.header("x-amz-copy-source-server-side-encryption-customer-key-MD5", m.copy_source_sse_customer_key_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-source-expected-bucket-owner", m.expected_source_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/complete_multipart_upload.hpp
// CompleteMultipartUpload: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedPart.html
struct completed_part {
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<std::int32_t> part_number{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ETag", m.etag);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("PartNumber", m.part_number);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedMultipartUpload.html
struct completed_multipart_upload {
  std::vector<types::completed_part> parts{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Part", m.parts);
  }
};

}  // namespace types

struct complete_multipart_upload_response {
  std::optional<std::string> location{};
  std::optional<std::string> bucket{};
  std::optional<std::string> key{};
  std::optional<std::string> expiration{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> version_id{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-expiration", m.expiration);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-version-id", m.version_id);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("CompleteMultipartUploadResult");
    v.element("Location", m.location);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("ETag", m.etag);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// Makes one object out of the parts, given in ascending order. The answer may be a 200 that holds an error.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct complete_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<types::completed_multipart_upload> multipart_upload{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::int64_t> mpu_object_size{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};

  using response = complete_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "CompleteMultipartUpload",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}",
      .error_in_success = true};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-mp-object-size", m.mpu_object_size);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("If-Match", m.if_match);
    v.header("If-None-Match", m.if_none_match);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.payload("CompleteMultipartUpload", m.multipart_upload);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/abort_multipart_upload.hpp
// AbortMultipartUpload: how does it travel?

namespace s3store::inline v0 {

struct abort_multipart_upload_response {
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Throws the parts of an upload away.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
struct abort_multipart_upload_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<timestamp> if_match_initiated_time{};

  using response = abort_multipart_upload_response;
  static constexpr operation_spec spec{
      .name = "AbortMultipartUpload",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("uploadId", m.upload_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-if-match-initiated-time", m.if_match_initiated_time);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/list_multipart_uploads.hpp
// ListMultipartUploads: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MultipartUpload.html
struct multipart_upload {
  std::optional<std::string> upload_id{};
  std::optional<std::string> key{};
  std::optional<timestamp> initiated{};
  std::optional<types::storage_class> storage_class{};
  std::optional<types::owner> owner{};
  std::optional<types::initiator> initiator{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("UploadId", m.upload_id);
    v.url_element("Key", m.key);
    v.element("Initiated", m.initiated);
    v.element("StorageClass", m.storage_class);
    v.element("Owner", m.owner);
    v.element("Initiator", m.initiator);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
    v.element("VersionId", m.version_id);
  }
};

}  // namespace types

struct list_multipart_uploads_response {
  std::optional<std::string> bucket{};
  std::optional<std::string> key_marker{};
  std::optional<std::string> upload_id_marker{};
  std::optional<std::string> next_key_marker{};
  std::optional<std::string> prefix{};
  std::optional<std::string> delimiter{};
  std::optional<std::string> next_upload_id_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::optional<bool> is_truncated{};
  std::vector<types::multipart_upload> uploads{};
  std::vector<types::common_prefix> common_prefixes{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListMultipartUploadsResult");
    v.element("Bucket", m.bucket);
    v.url_element("KeyMarker", m.key_marker);
    v.element("UploadIdMarker", m.upload_id_marker);
    v.url_element("NextKeyMarker", m.next_key_marker);
    v.url_element("Prefix", m.prefix);
    v.url_element("Delimiter", m.delimiter);
    v.element("NextUploadIdMarker", m.next_upload_id_marker);
    v.element("MaxUploads", m.max_uploads);
    v.element("IsTruncated", m.is_truncated);
    v.element("Upload", m.uploads);
    v.element("CommonPrefixes", m.common_prefixes);
    v.element("EncodingType", m.encoding_type);
  }
};

/// The uploads of a bucket that were started and neither completed nor aborted.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
struct list_multipart_uploads_request {
  std::string bucket{};
  std::optional<std::string> delimiter{};
  std::optional<types::encoding_type> encoding_type{};
  std::optional<std::string> key_marker{};
  std::optional<std::int32_t> max_uploads{};
  std::optional<std::string> prefix{};
  std::optional<std::string> upload_id_marker{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::request_payer> request_payer{};

  using response = list_multipart_uploads_response;
  static constexpr operation_spec spec{.name = "ListMultipartUploads", .method = http::method::get, .uri = "/{Bucket}?uploads"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("delimiter", m.delimiter);
    v.query("encoding-type", m.encoding_type, by_default{"url"});
    v.query("key-marker", m.key_marker);
    v.query("max-uploads", m.max_uploads);
    v.query("prefix", m.prefix);
    v.query("upload-id-marker", m.upload_id_marker);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart/list_parts.hpp
// ListParts: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Part.html
struct part {
  std::optional<std::int32_t> part_number{};
  std::optional<timestamp> last_modified{};
  std::optional<std::string> etag{};
  std::optional<std::int64_t> size{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartNumber", m.part_number);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("Size", m.size);
    v.element("ChecksumCRC32", m.checksum_crc32);
    v.element("ChecksumCRC32C", m.checksum_crc32c);
    v.element("ChecksumCRC64NVME", m.checksum_crc64nvme);
    v.element("ChecksumSHA1", m.checksum_sha1);
    v.element("ChecksumSHA256", m.checksum_sha256);
    v.element("ChecksumSHA512", m.checksum_sha512);
    v.element("ChecksumMD5", m.checksum_md5);
    v.element("ChecksumXXHASH64", m.checksum_xxhash64);
    v.element("ChecksumXXHASH3", m.checksum_xxhash3);
    v.element("ChecksumXXHASH128", m.checksum_xxhash128);
  }
};

}  // namespace types

struct list_parts_response {
  std::optional<timestamp> abort_date{};
  std::optional<std::string> abort_rule_id{};
  std::optional<std::string> bucket{};
  std::optional<std::string> key{};
  std::optional<std::string> upload_id{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<std::int32_t> next_part_number_marker{};
  std::optional<std::int32_t> max_parts{};
  std::optional<bool> is_truncated{};
  std::vector<types::part> parts{};
  std::optional<types::initiator> initiator{};
  std::optional<types::owner> owner{};
  std::optional<types::storage_class> storage_class{};
  std::optional<types::request_charged> request_charged{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-abort-date", m.abort_date);
    v.header("x-amz-abort-rule-id", m.abort_rule_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-version-id", m.version_id);
    v.root("ListPartsResult");
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("UploadId", m.upload_id);
    v.element("PartNumberMarker", m.part_number_marker);
    v.element("NextPartNumberMarker", m.next_part_number_marker);
    v.element("MaxParts", m.max_parts);
    v.element("IsTruncated", m.is_truncated);
    v.element("Part", m.parts);
    v.element("Initiator", m.initiator);
    v.element("Owner", m.owner);
    v.element("StorageClass", m.storage_class);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("ChecksumType", m.checksum_type);
  }
};

/// The parts of an upload that have arrived.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
struct list_parts_request {
  std::string bucket{};
  std::string key{};
  std::string upload_id{};
  std::optional<std::int32_t> max_parts{};
  std::optional<std::int32_t> part_number_marker{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<customer_key> sse_customer_key{};
  std::optional<std::string> sse_customer_key_md5{};

  using response = list_parts_response;
  static constexpr operation_spec spec{.name = "ListParts", .method = http::method::get, .uri = "/{Bucket}/{Key+}"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("max-parts", m.max_parts);
    v.query("part-number-marker", m.part_number_marker);
    v.query("uploadId", m.upload_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-server-side-encryption-customer-key", m.sse_customer_key);
    v.header("x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/multipart.hpp
// Which operations upload an object in parts?

// ---- s3store/operations/versioning.hpp
// Which operations set and tell whether a bucket keeps versions?

namespace s3store::inline v0 {

namespace types {

struct mfa_delete : enumeration<mfa_delete> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct bucket_versioning_status : enumeration<bucket_versioning_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html
struct versioning_configuration {
  std::optional<types::mfa_delete> mfa_delete{};
  std::optional<types::bucket_versioning_status> status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MfaDelete", m.mfa_delete);
    v.element("Status", m.status);
  }
};

struct mfa_delete_status : enumeration<mfa_delete_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

}  // namespace types

struct put_bucket_versioning_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns versions on, or suspends them; they are never turned off again.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
struct put_bucket_versioning_request {
  std::string bucket{};
  types::versioning_configuration versioning_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> mfa{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_versioning_response;
  static constexpr operation_spec spec{
      .name = "PutBucketVersioning",
      .method = http::method::put,
      .uri = "/{Bucket}?versioning",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-mfa", m.mfa);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("VersioningConfiguration", m.versioning_configuration);
  }
};

struct get_bucket_versioning_response {
  std::optional<types::bucket_versioning_status> status{};
  std::optional<types::mfa_delete_status> mfa_delete{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("VersioningConfiguration");
    v.element("Status", m.status);
    v.element("MfaDelete", m.mfa_delete);
  }
};

/// Does the bucket keep versions? Without a status it never did.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
struct get_bucket_versioning_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_versioning_response;
  static constexpr operation_spec spec{.name = "GetBucketVersioning", .method = http::method::get, .uri = "/{Bucket}?versioning"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/tagging.hpp
// Which operations tag buckets and objects?

namespace s3store::inline v0 {

struct put_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
struct put_bucket_tagging_request {
  std::string bucket{};
  types::tagging tagging{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketTagging",
      .method = http::method::put,
      .uri = "/{Bucket}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Tagging", m.tagging);
  }
};

struct get_bucket_tagging_response {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set);
  }
};

/// A bucket's tags; NoSuchTagSet where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
struct get_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_tagging_response;
  static constexpr operation_spec spec{.name = "GetBucketTagging", .method = http::method::get, .uri = "/{Bucket}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_tagging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
struct delete_bucket_tagging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_tagging_response {
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Replaces the tags, 10 at most, of an object or one of its versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
struct put_object_tagging_request {
  std::string bucket{};
  std::string key{};
  types::tagging tagging{};
  std::optional<std::string> version_id{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::request_payer> request_payer{};

  using response = put_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "PutObjectTagging",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?tagging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
    v.payload("Tagging", m.tagging);
  }
};

struct get_object_tagging_response {
  std::optional<std::string> version_id{};
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
    v.root("Tagging");
    v.list("TagSet", "Tag", m.tag_set);
  }
};

/// An object's tags; empty where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
struct get_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::request_payer> request_payer{};

  using response = get_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTagging",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?tagging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct delete_object_tagging_response {
  std::optional<std::string> version_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-version-id", m.version_id);
  }
};

/// Removes an object's tags.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
struct delete_object_tagging_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_object_tagging_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectTagging",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?tagging",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/policy.hpp
// Which operations govern access to a bucket by policy?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PolicyStatus.html
struct policy_status {
  std::optional<bool> is_public{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("IsPublic", m.is_public);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
struct public_access_block_configuration {
  std::optional<bool> block_public_acls{};
  std::optional<bool> ignore_public_acls{};
  std::optional<bool> block_public_policy{};
  std::optional<bool> restrict_public_buckets{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BlockPublicAcls", m.block_public_acls);
    v.element("IgnorePublicAcls", m.ignore_public_acls);
    v.element("BlockPublicPolicy", m.block_public_policy);
    v.element("RestrictPublicBuckets", m.restrict_public_buckets);
  }
};

}  // namespace types

struct put_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's policy, a JSON document, of up to 20 KB.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
struct put_bucket_policy_request {
  std::string bucket{};
  std::string policy{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<bool> confirm_remove_self_bucket_access{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "PutBucketPolicy",
      .method = http::method::put,
      .uri = "/{Bucket}?policy",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-confirm-remove-self-bucket-access", m.confirm_remove_self_bucket_access);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.text(m.policy);
  }
};

struct get_bucket_policy_response {
  std::optional<std::string> policy{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.text(m.policy);
  }
};

/// A bucket's policy as it was stored; NoSuchBucketPolicy where it has none.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
struct get_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_response;
  static constexpr operation_spec spec{.name = "GetBucketPolicy", .method = http::method::get, .uri = "/{Bucket}?policy"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_policy_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's policy.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
struct delete_bucket_policy_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_policy_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketPolicy",
      .method = http::method::delete_,
      .uri = "/{Bucket}?policy",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct get_bucket_policy_status_response {
  std::optional<types::policy_status> policy_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PolicyStatus", m.policy_status);
  }
};

/// Does the bucket's policy make it public?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
struct get_bucket_policy_status_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_policy_status_response;
  static constexpr operation_spec spec{
      .name = "GetBucketPolicyStatus",
      .method = http::method::get,
      .uri = "/{Bucket}?policyStatus"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets which kinds of public access are blocked whatever policies and access control lists say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
struct put_public_access_block_request {
  std::string bucket{};
  types::public_access_block_configuration public_access_block_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "PutPublicAccessBlock",
      .method = http::method::put,
      .uri = "/{Bucket}?publicAccessBlock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration);
  }
};

struct get_public_access_block_response {
  std::optional<types::public_access_block_configuration> public_access_block_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("PublicAccessBlockConfiguration", m.public_access_block_configuration);
  }
};

/// Which kinds of public access are blocked?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
struct get_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "GetPublicAccessBlock",
      .method = http::method::get,
      .uri = "/{Bucket}?publicAccessBlock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_public_access_block_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes the block on public access.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
struct delete_public_access_block_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_public_access_block_response;
  static constexpr operation_spec spec{
      .name = "DeletePublicAccessBlock",
      .method = http::method::delete_,
      .uri = "/{Bucket}?publicAccessBlock",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/lifecycle.hpp
// Which operations say when objects move on or expire?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
struct lifecycle_expiration {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  std::optional<bool> expired_object_delete_marker{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("ExpiredObjectDeleteMarker", m.expired_object_delete_marker);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleAndOperator.html
struct lifecycle_rule_and_operator {
  std::optional<std::string> prefix{};
  std::vector<types::tag> tags{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
struct lifecycle_rule_filter {
  std::optional<std::string> prefix{};
  std::optional<types::tag> tag{};
  std::optional<std::int64_t> object_size_greater_than{};
  std::optional<std::int64_t> object_size_less_than{};
  std::optional<types::lifecycle_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("ObjectSizeGreaterThan", m.object_size_greater_than);
    v.element("ObjectSizeLessThan", m.object_size_less_than);
    v.element("And", m.and_);
  }
};

struct expiration_status : enumeration<expiration_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct transition_storage_class : enumeration<transition_storage_class> {
  using enumeration::enumeration;
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html
struct transition {
  std::optional<timestamp> date{};
  std::optional<std::int32_t> days{};
  std::optional<types::transition_storage_class> storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Date", m.date);
    v.element("Days", m.days);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionTransition.html
struct noncurrent_version_transition {
  std::optional<std::int32_t> noncurrent_days{};
  std::optional<types::transition_storage_class> storage_class{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("StorageClass", m.storage_class);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
struct noncurrent_version_expiration {
  std::optional<std::int32_t> noncurrent_days{};
  std::optional<std::int32_t> newer_noncurrent_versions{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("NoncurrentDays", m.noncurrent_days);
    v.element("NewerNoncurrentVersions", m.newer_noncurrent_versions);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortIncompleteMultipartUpload.html
struct abort_incomplete_multipart_upload {
  std::optional<std::int32_t> days_after_initiation{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DaysAfterInitiation", m.days_after_initiation);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
struct lifecycle_rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::optional<std::string> id{};
  std::optional<std::string> prefix{};
  std::optional<types::lifecycle_rule_filter> filter{};
  types::expiration_status status{};
  std::vector<types::transition> transitions{};
  std::vector<types::noncurrent_version_transition> noncurrent_version_transitions{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status);
    v.element("Transition", m.transitions);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transitions);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLifecycleConfiguration.html
struct bucket_lifecycle_configuration {
  std::vector<types::lifecycle_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules);
  }
};

struct transition_default_minimum_object_size : enumeration<transition_default_minimum_object_size> {
  using enumeration::enumeration;
  static constexpr constant varies_by_storage_class{"varies_by_storage_class"};
  static constexpr constant all_storage_classes_128_k{"all_storage_classes_128K"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Rule.html
struct rule {
  std::optional<types::lifecycle_expiration> expiration{};
  std::optional<std::string> id{};
  std::string prefix{};
  types::expiration_status status{};
  std::optional<types::transition> transition{};
  std::optional<types::noncurrent_version_transition> noncurrent_version_transition{};
  std::optional<types::noncurrent_version_expiration> noncurrent_version_expiration{};
  std::optional<types::abort_incomplete_multipart_upload> abort_incomplete_multipart_upload{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("ID", m.id);
    v.element("Prefix", m.prefix);
    v.element("Status", m.status);
    v.element("Transition", m.transition);
    v.element("NoncurrentVersionTransition", m.noncurrent_version_transition);
    v.element("NoncurrentVersionExpiration", m.noncurrent_version_expiration);
    v.element("AbortIncompleteMultipartUpload", m.abort_incomplete_multipart_upload);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleConfiguration.html
struct lifecycle_configuration {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules);
  }
};

}  // namespace types

struct put_bucket_lifecycle_configuration_response {
  std::optional<types::transition_default_minimum_object_size> transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
  }
};

/// Replaces a bucket's lifecycle rules, 1,000 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
struct put_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<types::bucket_lifecycle_configuration> lifecycle_configuration{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::transition_default_minimum_object_size> transition_default_minimum_object_size{};

  using response = put_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycleConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_configuration_response {
  std::vector<types::lifecycle_rule> rules{};
  std::optional<types::transition_default_minimum_object_size> transition_default_minimum_object_size{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-transition-default-minimum-object-size", m.transition_default_minimum_object_size);
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// A bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
struct get_bucket_lifecycle_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketLifecycleConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's lifecycle rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
struct delete_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketLifecycle",
      .method = http::method::delete_,
      .uri = "/{Bucket}?lifecycle",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_lifecycle_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketLifecycleConfiguration, whose rules know no filters.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycle.html
struct put_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<types::lifecycle_configuration> lifecycle_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_lifecycle_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLifecycle",
      .method = http::method::put,
      .uri = "/{Bucket}?lifecycle",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LifecycleConfiguration", m.lifecycle_configuration);
  }
};

struct get_bucket_lifecycle_response {
  std::vector<types::rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("LifecycleConfiguration");
    v.element("Rule", m.rules);
  }
};

/// The deprecated form of GetBucketLifecycleConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycle.html
struct get_bucket_lifecycle_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_lifecycle_response;
  static constexpr operation_spec spec{.name = "GetBucketLifecycle", .method = http::method::get, .uri = "/{Bucket}?lifecycle"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/replication.hpp
// Which operations replicate a bucket to others?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleAndOperator.html
struct replication_rule_and_operator {
  std::optional<std::string> prefix{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRuleFilter.html
struct replication_rule_filter {
  std::optional<std::string> prefix{};
  std::optional<types::tag> tag{};
  std::optional<types::replication_rule_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct replication_rule_status : enumeration<replication_rule_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct sse_kms_encrypted_objects_status : enumeration<sse_kms_encrypted_objects_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SseKmsEncryptedObjects.html
struct sse_kms_encrypted_objects {
  types::sse_kms_encrypted_objects_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

struct replica_modifications_status : enumeration<replica_modifications_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicaModifications.html
struct replica_modifications {
  types::replica_modifications_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html
struct source_selection_criteria {
  std::optional<types::sse_kms_encrypted_objects> sse_kms_encrypted_objects{};
  std::optional<types::replica_modifications> replica_modifications{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseKmsEncryptedObjects", m.sse_kms_encrypted_objects);
    v.element("ReplicaModifications", m.replica_modifications);
  }
};

struct existing_object_replication_status : enumeration<existing_object_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ExistingObjectReplication.html
struct existing_object_replication {
  types::existing_object_replication_status status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

struct owner_override : enumeration<owner_override> {
  using enumeration::enumeration;
  static constexpr constant destination{"Destination"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccessControlTranslation.html
struct access_control_translation {
  types::owner_override owner{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Owner", m.owner);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EncryptionConfiguration.html
struct encryption_configuration {
  std::optional<std::string> replica_kms_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ReplicaKmsKeyID", m.replica_kms_key_id);
  }
};

struct replication_time_status : enumeration<replication_time_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTimeValue.html
struct replication_time_value {
  std::optional<std::int32_t> minutes{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Minutes", m.minutes);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTime.html
struct replication_time {
  types::replication_time_status status{};
  types::replication_time_value time{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
    v.element("Time", m.time);
  }
};

struct metrics_status : enumeration<metrics_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Metrics.html
struct metrics {
  types::metrics_status status{};
  std::optional<types::replication_time_value> event_threshold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
    v.element("EventThreshold", m.event_threshold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html
struct destination {
  std::string bucket{};
  std::optional<std::string> account{};
  std::optional<types::storage_class> storage_class{};
  std::optional<types::access_control_translation> access_control_translation{};
  std::optional<types::encryption_configuration> encryption_configuration{};
  std::optional<types::replication_time> replication_time{};
  std::optional<types::metrics> metrics{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Bucket", m.bucket);
    v.element("Account", m.account);
    v.element("StorageClass", m.storage_class);
    v.element("AccessControlTranslation", m.access_control_translation);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("ReplicationTime", m.replication_time);
    v.element("Metrics", m.metrics);
  }
};

struct delete_marker_replication_status : enumeration<delete_marker_replication_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerReplication.html
struct delete_marker_replication {
  std::optional<types::delete_marker_replication_status> status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
struct replication_rule {
  std::optional<std::string> id{};
  std::optional<std::int32_t> priority{};
  std::optional<std::string> prefix{};
  std::optional<types::replication_rule_filter> filter{};
  types::replication_rule_status status{};
  std::optional<types::source_selection_criteria> source_selection_criteria{};
  std::optional<types::existing_object_replication> existing_object_replication{};
  types::destination destination{};
  std::optional<types::delete_marker_replication> delete_marker_replication{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("Priority", m.priority);
    v.element("Prefix", m.prefix);
    v.element("Filter", m.filter);
    v.element("Status", m.status);
    v.element("SourceSelectionCriteria", m.source_selection_criteria);
    v.element("ExistingObjectReplication", m.existing_object_replication);
    v.element("Destination", m.destination);
    v.element("DeleteMarkerReplication", m.delete_marker_replication);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html
struct replication_configuration {
  std::string role{};
  std::vector<types::replication_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Role", m.role);
    v.element("Rule", m.rules);
  }
};

}  // namespace types

struct put_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's replication rules; both buckets must keep versions.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
struct put_bucket_replication_request {
  std::string bucket{};
  types::replication_configuration replication_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "PutBucketReplication",
      .method = http::method::put,
      .uri = "/{Bucket}?replication",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ReplicationConfiguration", m.replication_configuration);
  }
};

struct get_bucket_replication_response {
  std::optional<types::replication_configuration> replication_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ReplicationConfiguration", m.replication_configuration);
  }
};

/// A bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
struct get_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "GetBucketReplication",
      .method = http::method::get,
      .uri = "/{Bucket}?replication"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_replication_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's replication rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
struct delete_bucket_replication_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_replication_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketReplication",
      .method = http::method::delete_,
      .uri = "/{Bucket}?replication",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/notification.hpp
// Which operations say who is told of what happens in a bucket?

namespace s3store::inline v0 {

namespace types {

struct event : enumeration<event> {
  using enumeration::enumeration;
  static constexpr constant s3_reduced_redundancy_lost_object{"s3:ReducedRedundancyLostObject"};
  static constexpr constant s3_object_created_any{"s3:ObjectCreated:*"};
  static constexpr constant s3_object_created_put{"s3:ObjectCreated:Put"};
  static constexpr constant s3_object_created_post{"s3:ObjectCreated:Post"};
  static constexpr constant s3_object_created_copy{"s3:ObjectCreated:Copy"};
  static constexpr constant s3_object_created_complete_multipart_upload{"s3:ObjectCreated:CompleteMultipartUpload"};
  static constexpr constant s3_object_removed_any{"s3:ObjectRemoved:*"};
  static constexpr constant s3_object_removed_delete{"s3:ObjectRemoved:Delete"};
  static constexpr constant s3_object_removed_delete_marker_created{"s3:ObjectRemoved:DeleteMarkerCreated"};
  static constexpr constant s3_object_restore_any{"s3:ObjectRestore:*"};
  static constexpr constant s3_object_restore_post{"s3:ObjectRestore:Post"};
  static constexpr constant s3_object_restore_completed{"s3:ObjectRestore:Completed"};
  static constexpr constant s3_replication_any{"s3:Replication:*"};
  static constexpr constant s3_replication_operation_failed_replication{"s3:Replication:OperationFailedReplication"};
  static constexpr constant s3_replication_operation_not_tracked{"s3:Replication:OperationNotTracked"};
  static constexpr constant s3_replication_operation_missed_threshold{"s3:Replication:OperationMissedThreshold"};
  static constexpr constant s3_replication_operation_replicated_after_threshold{"s3:Replication:OperationReplicatedAfterThreshold"};
  static constexpr constant s3_object_restore_delete{"s3:ObjectRestore:Delete"};
  static constexpr constant s3_lifecycle_transition{"s3:LifecycleTransition"};
  static constexpr constant s3_intelligent_tiering{"s3:IntelligentTiering"};
  static constexpr constant s3_object_acl_put{"s3:ObjectAcl:Put"};
  static constexpr constant s3_lifecycle_expiration_any{"s3:LifecycleExpiration:*"};
  static constexpr constant s3_lifecycle_expiration_delete{"s3:LifecycleExpiration:Delete"};
  static constexpr constant s3_lifecycle_expiration_delete_marker_created{"s3:LifecycleExpiration:DeleteMarkerCreated"};
  static constexpr constant s3_object_tagging_any{"s3:ObjectTagging:*"};
  static constexpr constant s3_object_tagging_put{"s3:ObjectTagging:Put"};
  static constexpr constant s3_object_tagging_delete{"s3:ObjectTagging:Delete"};
  static constexpr constant s3_object_annotation_any{"s3:ObjectAnnotation:*"};
  static constexpr constant s3_object_annotation_put{"s3:ObjectAnnotation:Put"};
  static constexpr constant s3_object_annotation_delete{"s3:ObjectAnnotation:Delete"};
  static constexpr constant s3_object_retention_put{"s3:ObjectRetention:Put"};
};

struct filter_rule_name : enumeration<filter_rule_name> {
  using enumeration::enumeration;
  static constexpr constant prefix{"prefix"};
  static constexpr constant suffix{"suffix"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html
struct filter_rule {
  std::optional<types::filter_rule_name> name{};
  std::optional<std::string> value{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3KeyFilter.html
struct s3_key_filter {
  std::vector<types::filter_rule> filter_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FilterRule", m.filter_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationFilter.html
struct notification_configuration_filter {
  std::optional<types::s3_key_filter> key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3Key", m.key);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfiguration.html
struct topic_configuration {
  std::optional<std::string> id{};
  std::string topic_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Topic", m.topic_arn);
    v.element("Event", m.events);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html
struct queue_configuration {
  std::optional<std::string> id{};
  std::string queue_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Queue", m.queue_arn);
    v.element("Event", m.events);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LambdaFunctionConfiguration.html
struct lambda_function_configuration {
  std::optional<std::string> id{};
  std::string lambda_function_arn{};
  std::vector<types::event> events{};
  std::optional<types::notification_configuration_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("CloudFunction", m.lambda_function_arn);
    v.element("Event", m.events);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventBridgeConfiguration.html
struct event_bridge_configuration {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html
struct notification_configuration {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TopicConfigurationDeprecated.html
struct topic_configuration_deprecated {
  std::optional<std::string> id{};
  std::vector<types::event> events{};
  std::optional<types::event> event{};
  std::optional<std::string> topic{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.events);
    v.element("Event", m.event);
    v.element("Topic", m.topic);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfigurationDeprecated.html
struct queue_configuration_deprecated {
  std::optional<std::string> id{};
  std::optional<types::event> event{};
  std::vector<types::event> events{};
  std::optional<std::string> queue{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("Queue", m.queue);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CloudFunctionConfiguration.html
struct cloud_function_configuration {
  std::optional<std::string> id{};
  std::optional<types::event> event{};
  std::vector<types::event> events{};
  std::optional<std::string> cloud_function{};
  std::optional<std::string> invocation_role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Event", m.event);
    v.element("Event", m.events);
    v.element("CloudFunction", m.cloud_function);
    v.element("InvocationRole", m.invocation_role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfigurationDeprecated.html
struct notification_configuration_deprecated {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

}  // namespace types

struct put_bucket_notification_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's notifications; an empty configuration turns them off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
struct put_bucket_notification_configuration_request {
  std::string bucket{};
  types::notification_configuration notification_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<bool> skip_destination_validation{};

  using response = put_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotificationConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-skip-destination-validation", m.skip_destination_validation);
    v.payload("NotificationConfiguration", m.notification_configuration);
  }
};

struct get_bucket_notification_configuration_response {
  std::vector<types::topic_configuration> topic_configurations{};
  std::vector<types::queue_configuration> queue_configurations{};
  std::vector<types::lambda_function_configuration> lambda_function_configurations{};
  std::optional<types::event_bridge_configuration> event_bridge_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configurations);
    v.element("QueueConfiguration", m.queue_configurations);
    v.element("CloudFunctionConfiguration", m.lambda_function_configurations);
    v.element("EventBridgeConfiguration", m.event_bridge_configuration);
  }
};

/// A bucket's notifications.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
struct get_bucket_notification_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotificationConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_notification_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The deprecated form of PutBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotification.html
struct put_bucket_notification_request {
  std::string bucket{};
  types::notification_configuration_deprecated notification_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "PutBucketNotification",
      .method = http::method::put,
      .uri = "/{Bucket}?notification",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("NotificationConfiguration", m.notification_configuration);
  }
};

struct get_bucket_notification_response {
  std::optional<types::topic_configuration_deprecated> topic_configuration{};
  std::optional<types::queue_configuration_deprecated> queue_configuration{};
  std::optional<types::cloud_function_configuration> cloud_function_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("NotificationConfiguration");
    v.element("TopicConfiguration", m.topic_configuration);
    v.element("QueueConfiguration", m.queue_configuration);
    v.element("CloudFunctionConfiguration", m.cloud_function_configuration);
  }
};

/// The deprecated form of GetBucketNotificationConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotification.html
struct get_bucket_notification_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_notification_response;
  static constexpr operation_spec spec{
      .name = "GetBucketNotification",
      .method = http::method::get,
      .uri = "/{Bucket}?notification"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/website.hpp
// Which operations open a bucket to browsers, as a website or for scripts of other origins?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDocument.html
struct error_document {
  std::string key{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IndexDocument.html
struct index_document {
  std::string suffix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Suffix", m.suffix);
  }
};

struct protocol : enumeration<protocol> {
  using enumeration::enumeration;
  static constexpr constant http{"http"};
  static constexpr constant https{"https"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RedirectAllRequestsTo.html
struct redirect_all_requests_to {
  std::string host_name{};
  std::optional<types::protocol> protocol{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name);
    v.element("Protocol", m.protocol);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Condition.html
struct condition {
  std::optional<std::string> http_error_code_returned_equals{};
  std::optional<std::string> key_prefix_equals{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HttpErrorCodeReturnedEquals", m.http_error_code_returned_equals);
    v.element("KeyPrefixEquals", m.key_prefix_equals);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Redirect.html
struct redirect {
  std::optional<std::string> host_name{};
  std::optional<std::string> http_redirect_code{};
  std::optional<types::protocol> protocol{};
  std::optional<std::string> replace_key_prefix_with{};
  std::optional<std::string> replace_key_with{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("HostName", m.host_name);
    v.element("HttpRedirectCode", m.http_redirect_code);
    v.element("Protocol", m.protocol);
    v.element("ReplaceKeyPrefixWith", m.replace_key_prefix_with);
    v.element("ReplaceKeyWith", m.replace_key_with);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RoutingRule.html
struct routing_rule {
  std::optional<types::condition> condition{};
  types::redirect redirect{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Condition", m.condition);
    v.element("Redirect", m.redirect);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html
struct website_configuration {
  std::optional<types::error_document> error_document{};
  std::optional<types::index_document> index_document{};
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorDocument", m.error_document);
    v.element("IndexDocument", m.index_document);
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
struct cors_rule {
  std::optional<std::string> id{};
  std::vector<std::string> allowed_headers{};
  std::vector<std::string> allowed_methods{};
  std::vector<std::string> allowed_origins{};
  std::vector<std::string> expose_headers{};
  std::optional<std::int32_t> max_age_seconds{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ID", m.id);
    v.element("AllowedHeader", m.allowed_headers);
    v.element("AllowedMethod", m.allowed_methods);
    v.element("AllowedOrigin", m.allowed_origins);
    v.element("ExposeHeader", m.expose_headers);
    v.element("MaxAgeSeconds", m.max_age_seconds);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSConfiguration.html
struct cors_configuration {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CORSRule", m.cors_rules);
  }
};

}  // namespace types

struct put_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
struct put_bucket_website_request {
  std::string bucket{};
  types::website_configuration website_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "PutBucketWebsite",
      .method = http::method::put,
      .uri = "/{Bucket}?website",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("WebsiteConfiguration", m.website_configuration);
  }
};

struct get_bucket_website_response {
  std::optional<types::redirect_all_requests_to> redirect_all_requests_to{};
  std::optional<types::index_document> index_document{};
  std::optional<types::error_document> error_document{};
  std::vector<types::routing_rule> routing_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("WebsiteConfiguration");
    v.element("RedirectAllRequestsTo", m.redirect_all_requests_to);
    v.element("IndexDocument", m.index_document);
    v.element("ErrorDocument", m.error_document);
    v.list("RoutingRules", "RoutingRule", m.routing_rules);
  }
};

/// A bucket's website configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
struct get_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_website_response;
  static constexpr operation_spec spec{.name = "GetBucketWebsite", .method = http::method::get, .uri = "/{Bucket}?website"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_website_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Serves the bucket as a website no more.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
struct delete_bucket_website_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_website_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketWebsite",
      .method = http::method::delete_,
      .uri = "/{Bucket}?website",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Replaces a bucket's cross-origin rules, 100 at most.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
struct put_bucket_cors_request {
  std::string bucket{};
  types::cors_configuration cors_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "PutBucketCors",
      .method = http::method::put,
      .uri = "/{Bucket}?cors",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("CORSConfiguration", m.cors_configuration);
  }
};

struct get_bucket_cors_response {
  std::vector<types::cors_rule> cors_rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("CORSConfiguration");
    v.element("CORSRule", m.cors_rules);
  }
};

/// A bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
struct get_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_cors_response;
  static constexpr operation_spec spec{.name = "GetBucketCors", .method = http::method::get, .uri = "/{Bucket}?cors"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_cors_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a bucket's cross-origin rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
struct delete_bucket_cors_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_cors_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketCors",
      .method = http::method::delete_,
      .uri = "/{Bucket}?cors",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/encryption.hpp
// Which operations set how objects are encrypted at rest?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
struct server_side_encryption_by_default {
  types::server_side_encryption sse_algorithm{};
  std::optional<std::string> kms_master_key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSEAlgorithm", m.sse_algorithm);
    v.element("KMSMasterKeyID", m.kms_master_key_id);
  }
};

struct encryption_type : enumeration<encryption_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant sse_c{"SSE-C"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BlockedEncryptionTypes.html
struct blocked_encryption_types {
  std::vector<types::encryption_type> encryption_type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html
struct server_side_encryption_rule {
  std::optional<types::server_side_encryption_by_default> apply_server_side_encryption_by_default{};
  std::optional<bool> bucket_key_enabled{};
  std::optional<types::blocked_encryption_types> blocked_encryption_types{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ApplyServerSideEncryptionByDefault", m.apply_server_side_encryption_by_default);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
    v.element("BlockedEncryptionTypes", m.blocked_encryption_types);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html
struct server_side_encryption_configuration {
  std::vector<types::server_side_encryption_rule> rules{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Rule", m.rules);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMSEncryption.html
struct sse_kms_encryption {
  std::string kms_key_arn{};
  std::optional<bool> bucket_key_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KMSKeyArn", m.kms_key_arn);
    v.element("BucketKeyEnabled", m.bucket_key_enabled);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectEncryption.html
struct object_encryption {
  std::optional<types::sse_kms_encryption> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-KMS", m.sse_kms);
  }
};

}  // namespace types

struct put_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how new objects are encrypted where their upload does not say.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
struct put_bucket_encryption_request {
  std::string bucket{};
  types::server_side_encryption_configuration server_side_encryption_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "PutBucketEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration);
  }
};

struct get_bucket_encryption_response {
  std::optional<types::server_side_encryption_configuration> server_side_encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ServerSideEncryptionConfiguration", m.server_side_encryption_configuration);
  }
};

/// A bucket's default encryption.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
struct get_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_encryption_response;
  static constexpr operation_spec spec{.name = "GetBucketEncryption", .method = http::method::get, .uri = "/{Bucket}?encryption"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct delete_bucket_encryption_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets a bucket's default encryption back to SSE-S3.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
struct delete_bucket_encryption_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_encryption_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketEncryption",
      .method = http::method::delete_,
      .uri = "/{Bucket}?encryption",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct update_object_encryption_response {
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Changes how a stored object is encrypted, without copying it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
struct update_object_encryption_request {
  std::string bucket{};
  std::string key{};
  types::object_encryption object_encryption{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};

  using response = update_object_encryption_response;
  static constexpr operation_spec spec{
      .name = "UpdateObjectEncryption",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?encryption",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("ObjectEncryption", m.object_encryption);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/logging.hpp
// Which operations set access logs, acceleration, and who pays?

namespace s3store::inline v0 {

namespace types {

struct bucket_logs_permission : enumeration<bucket_logs_permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant read{"READ"};
  static constexpr constant write{"WRITE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetGrant.html
struct target_grant {
  std::optional<types::grantee> grantee{};
  std::optional<types::bucket_logs_permission> permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SimplePrefix.html
struct simple_prefix {
  template <class V>
  static void describe(V&, auto&) {}
};

struct partition_date_source : enumeration<partition_date_source> {
  using enumeration::enumeration;
  static constexpr constant event_time{"EventTime"};
  static constexpr constant delivery_time{"DeliveryTime"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PartitionedPrefix.html
struct partitioned_prefix {
  std::optional<types::partition_date_source> partition_date_source{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("PartitionDateSource", m.partition_date_source);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetObjectKeyFormat.html
struct target_object_key_format {
  std::optional<types::simple_prefix> simple_prefix{};
  std::optional<types::partitioned_prefix> partitioned_prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SimplePrefix", m.simple_prefix);
    v.element("PartitionedPrefix", m.partitioned_prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_LoggingEnabled.html
struct logging_enabled {
  std::string target_bucket{};
  std::vector<types::target_grant> target_grants{};
  std::string target_prefix{};
  std::optional<types::target_object_key_format> target_object_key_format{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TargetBucket", m.target_bucket);
    v.list("TargetGrants", "Grant", m.target_grants);
    v.element("TargetPrefix", m.target_prefix);
    v.element("TargetObjectKeyFormat", m.target_object_key_format);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_BucketLoggingStatus.html
struct bucket_logging_status {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

struct bucket_accelerate_status : enumeration<bucket_accelerate_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant suspended{"Suspended"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AccelerateConfiguration.html
struct accelerate_configuration {
  std::optional<types::bucket_accelerate_status> status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

struct payer : enumeration<payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"Requester"};
  static constexpr constant bucket_owner{"BucketOwner"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RequestPaymentConfiguration.html
struct request_payment_configuration {
  types::payer payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Payer", m.payer);
  }
};

}  // namespace types

struct put_bucket_logging_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets where access to a bucket is logged; without a target it is not.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
struct put_bucket_logging_request {
  std::string bucket{};
  types::bucket_logging_status bucket_logging_status{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_logging_response;
  static constexpr operation_spec spec{
      .name = "PutBucketLogging",
      .method = http::method::put,
      .uri = "/{Bucket}?logging",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("BucketLoggingStatus", m.bucket_logging_status);
  }
};

struct get_bucket_logging_response {
  std::optional<types::logging_enabled> logging_enabled{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("BucketLoggingStatus");
    v.element("LoggingEnabled", m.logging_enabled);
  }
};

/// A bucket's logging configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
struct get_bucket_logging_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_logging_response;
  static constexpr operation_spec spec{.name = "GetBucketLogging", .method = http::method::get, .uri = "/{Bucket}?logging"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_bucket_accelerate_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns Transfer Acceleration on, or suspends it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
struct put_bucket_accelerate_configuration_request {
  std::string bucket{};
  types::accelerate_configuration accelerate_configuration{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};

  using response = put_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAccelerateConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?accelerate",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.payload("AccelerateConfiguration", m.accelerate_configuration);
  }
};

struct get_bucket_accelerate_configuration_response {
  std::optional<types::bucket_accelerate_status> status{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.root("AccelerateConfiguration");
    v.element("Status", m.status);
  }
};

/// Is Transfer Acceleration on?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
struct get_bucket_accelerate_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::request_payer> request_payer{};

  using response = get_bucket_accelerate_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAccelerateConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?accelerate"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-request-payer", m.request_payer);
  }
};

struct put_bucket_request_payment_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Says whether the owner or the requester pays for downloads.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
struct put_bucket_request_payment_request {
  std::string bucket{};
  types::request_payment_configuration request_payment_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "PutBucketRequestPayment",
      .method = http::method::put,
      .uri = "/{Bucket}?requestPayment",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RequestPaymentConfiguration", m.request_payment_configuration);
  }
};

struct get_bucket_request_payment_response {
  std::optional<types::payer> payer{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("RequestPaymentConfiguration");
    v.element("Payer", m.payer);
  }
};

/// Who pays for downloads?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
struct get_bucket_request_payment_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_request_payment_response;
  static constexpr operation_spec spec{
      .name = "GetBucketRequestPayment",
      .method = http::method::get,
      .uri = "/{Bucket}?requestPayment"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline v0 {

namespace types {

struct inventory_format : enumeration<inventory_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
  static constexpr constant orc{"ORC"};
  static constexpr constant parquet{"Parquet"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSES3.html
struct sse_s3 {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMS.html
struct sse_kms {
  std::string key_id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("KeyId", m.key_id);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryEncryption.html
struct inventory_encryption {
  std::optional<types::sse_s3> sse_s3{};
  std::optional<types::sse_kms> sse_kms{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SSE-S3", m.sse_s3);
    v.element("SSE-KMS", m.sse_kms);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryS3BucketDestination.html
struct inventory_s3_bucket_destination {
  std::optional<std::string> account_id{};
  std::string bucket{};
  types::inventory_format format{};
  std::optional<std::string> prefix{};
  std::optional<types::inventory_encryption> encryption{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccountId", m.account_id);
    v.element("Bucket", m.bucket);
    v.element("Format", m.format);
    v.element("Prefix", m.prefix);
    v.element("Encryption", m.encryption);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryDestination.html
struct inventory_destination {
  types::inventory_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryFilter.html
struct inventory_filter {
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
  }
};

struct inventory_included_object_versions : enumeration<inventory_included_object_versions> {
  using enumeration::enumeration;
  static constexpr constant all{"All"};
  static constexpr constant current{"Current"};
};

struct inventory_optional_field : enumeration<inventory_optional_field> {
  using enumeration::enumeration;
  static constexpr constant size{"Size"};
  static constexpr constant last_modified_date{"LastModifiedDate"};
  static constexpr constant storage_class{"StorageClass"};
  static constexpr constant etag{"ETag"};
  static constexpr constant is_multipart_uploaded{"IsMultipartUploaded"};
  static constexpr constant replication_status{"ReplicationStatus"};
  static constexpr constant encryption_status{"EncryptionStatus"};
  static constexpr constant object_lock_retain_until_date{"ObjectLockRetainUntilDate"};
  static constexpr constant object_lock_mode{"ObjectLockMode"};
  static constexpr constant object_lock_legal_hold_status{"ObjectLockLegalHoldStatus"};
  static constexpr constant object_lock_event_hold_status{"ObjectLockEventHoldStatus"};
  static constexpr constant object_lock_event_hold_duration{"ObjectLockEventHoldDuration"};
  static constexpr constant intelligent_tiering_access_tier{"IntelligentTieringAccessTier"};
  static constexpr constant bucket_key_status{"BucketKeyStatus"};
  static constexpr constant checksum_algorithm{"ChecksumAlgorithm"};
  static constexpr constant object_access_control_list{"ObjectAccessControlList"};
  static constexpr constant object_owner{"ObjectOwner"};
  static constexpr constant lifecycle_expiration_date{"LifecycleExpirationDate"};
  static constexpr constant intelligent_tiering_reference_date{"IntelligentTieringReferenceDate"};
};

struct inventory_frequency : enumeration<inventory_frequency> {
  using enumeration::enumeration;
  static constexpr constant daily{"Daily"};
  static constexpr constant weekly{"Weekly"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventorySchedule.html
struct inventory_schedule {
  types::inventory_frequency frequency{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Frequency", m.frequency);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html
struct inventory_configuration {
  types::inventory_destination destination{};
  bool is_enabled{};
  std::optional<types::inventory_filter> filter{};
  std::string id{};
  types::inventory_included_object_versions included_object_versions{};
  std::vector<types::inventory_optional_field> optional_fields{};
  types::inventory_schedule schedule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Destination", m.destination);
    v.element("IsEnabled", m.is_enabled);
    v.element("Filter", m.filter);
    v.element("Id", m.id);
    v.element("IncludedObjectVersions", m.included_object_versions);
    v.list("OptionalFields", "Field", m.optional_fields);
    v.element("Schedule", m.schedule);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsAndOperator.html
struct analytics_and_operator {
  std::optional<std::string> prefix{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsFilter.html
struct analytics_filter {
  std::optional<std::string> prefix{};
  std::optional<types::tag> tag{};
  std::optional<types::analytics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct storage_class_analysis_schema_version : enumeration<storage_class_analysis_schema_version> {
  using enumeration::enumeration;
  static constexpr constant v_1{"V_1"};
};

struct analytics_s3_export_file_format : enumeration<analytics_s3_export_file_format> {
  using enumeration::enumeration;
  static constexpr constant csv{"CSV"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsS3BucketDestination.html
struct analytics_s3_bucket_destination {
  types::analytics_s3_export_file_format format{};
  std::optional<std::string> bucket_account_id{};
  std::string bucket{};
  std::optional<std::string> prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Format", m.format);
    v.element("BucketAccountId", m.bucket_account_id);
    v.element("Bucket", m.bucket);
    v.element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsExportDestination.html
struct analytics_export_destination {
  types::analytics_s3_bucket_destination s3_bucket_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3BucketDestination", m.s3_bucket_destination);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysisDataExport.html
struct storage_class_analysis_data_export {
  types::storage_class_analysis_schema_version output_schema_version{};
  types::analytics_export_destination destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("OutputSchemaVersion", m.output_schema_version);
    v.element("Destination", m.destination);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClassAnalysis.html
struct storage_class_analysis {
  std::optional<types::storage_class_analysis_data_export> data_export{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DataExport", m.data_export);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsConfiguration.html
struct analytics_configuration {
  std::string id{};
  std::optional<types::analytics_filter> filter{};
  types::storage_class_analysis storage_class_analysis{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Filter", m.filter);
    v.element("StorageClassAnalysis", m.storage_class_analysis);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsAndOperator.html
struct metrics_and_operator {
  std::optional<std::string> prefix{};
  std::vector<types::tag> tags{};
  std::optional<std::string> access_point_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
    v.element("AccessPointArn", m.access_point_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsFilter.html
struct metrics_filter {
  std::optional<std::string> prefix{};
  std::optional<types::tag> tag{};
  std::optional<std::string> access_point_arn{};
  std::optional<types::metrics_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("AccessPointArn", m.access_point_arn);
    v.element("And", m.and_);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsConfiguration.html
struct metrics_configuration {
  std::string id{};
  std::optional<types::metrics_filter> filter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Filter", m.filter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringAndOperator.html
struct intelligent_tiering_and_operator {
  std::optional<std::string> prefix{};
  std::vector<types::tag> tags{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tags);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringFilter.html
struct intelligent_tiering_filter {
  std::optional<std::string> prefix{};
  std::optional<types::tag> tag{};
  std::optional<types::intelligent_tiering_and_operator> and_{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Prefix", m.prefix);
    v.element("Tag", m.tag);
    v.element("And", m.and_);
  }
};

struct intelligent_tiering_status : enumeration<intelligent_tiering_status> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
  static constexpr constant disabled{"Disabled"};
};

struct intelligent_tiering_access_tier : enumeration<intelligent_tiering_access_tier> {
  using enumeration::enumeration;
  static constexpr constant archive_access{"ARCHIVE_ACCESS"};
  static constexpr constant deep_archive_access{"DEEP_ARCHIVE_ACCESS"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html
struct tiering {
  std::int32_t days{};
  types::intelligent_tiering_access_tier access_tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("AccessTier", m.access_tier);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringConfiguration.html
struct intelligent_tiering_configuration {
  std::string id{};
  std::optional<types::intelligent_tiering_filter> filter{};
  types::intelligent_tiering_status status{};
  std::vector<types::tiering> tierings{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Id", m.id);
    v.element("Filter", m.filter);
    v.element("Status", m.status);
    v.element("Tiering", m.tierings);
  }
};

}  // namespace types

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/put_bucket_inventory_configuration.hpp
// PutBucketInventoryConfiguration: how does it travel?

namespace s3store::inline v0 {

struct put_bucket_inventory_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces an inventory: a list of objects that S3 writes at intervals.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html
struct put_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  types::inventory_configuration inventory_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketInventoryConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryConfiguration", m.inventory_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/get_bucket_inventory_configuration.hpp
// GetBucketInventoryConfiguration: how does it travel?

namespace s3store::inline v0 {

struct get_bucket_inventory_configuration_response {
  std::optional<types::inventory_configuration> inventory_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("InventoryConfiguration", m.inventory_configuration);
  }
};

/// An inventory by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html
struct get_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketInventoryConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/delete_bucket_inventory_configuration.hpp
// DeleteBucketInventoryConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_inventory_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes an inventory.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketInventoryConfiguration.html
struct delete_bucket_inventory_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_inventory_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketInventoryConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?inventory",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/list_bucket_inventory_configurations.hpp
// ListBucketInventoryConfigurations: how does it travel?

namespace s3store::inline v0 {

struct list_bucket_inventory_configurations_response {
  std::optional<std::string> continuation_token{};
  std::vector<types::inventory_configuration> inventory_configuration_list{};
  std::optional<bool> is_truncated{};
  std::optional<std::string> next_continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListInventoryConfigurationsResult");
    v.element("ContinuationToken", m.continuation_token);
    v.element("InventoryConfiguration", m.inventory_configuration_list);
    v.element("IsTruncated", m.is_truncated);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// A bucket's inventories, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html
struct list_bucket_inventory_configurations_request {
  std::string bucket{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_inventory_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketInventoryConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?inventory"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/put_bucket_analytics_configuration.hpp
// PutBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct put_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html
struct put_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  types::analytics_configuration analytics_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketAnalyticsConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnalyticsConfiguration", m.analytics_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/get_bucket_analytics_configuration.hpp
// GetBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct get_bucket_analytics_configuration_response {
  std::optional<types::analytics_configuration> analytics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("AnalyticsConfiguration", m.analytics_configuration);
  }
};

/// A storage class analysis by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html
struct get_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketAnalyticsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/delete_bucket_analytics_configuration.hpp
// DeleteBucketAnalyticsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_analytics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a storage class analysis.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketAnalyticsConfiguration.html
struct delete_bucket_analytics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_analytics_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketAnalyticsConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?analytics",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/list_bucket_analytics_configurations.hpp
// ListBucketAnalyticsConfigurations: how does it travel?

namespace s3store::inline v0 {

struct list_bucket_analytics_configurations_response {
  std::optional<bool> is_truncated{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> next_continuation_token{};
  std::vector<types::analytics_configuration> analytics_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListBucketAnalyticsConfigurationsResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("AnalyticsConfiguration", m.analytics_configuration_list);
  }
};

/// A bucket's storage class analyses, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketAnalyticsConfigurations.html
struct list_bucket_analytics_configurations_request {
  std::string bucket{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_analytics_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketAnalyticsConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?analytics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/put_bucket_metrics_configuration.hpp
// PutBucketMetricsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct put_bucket_metrics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a filter for request metrics.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html
struct put_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  types::metrics_configuration metrics_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketMetricsConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetricsConfiguration", m.metrics_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/get_bucket_metrics_configuration.hpp
// GetBucketMetricsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct get_bucket_metrics_configuration_response {
  std::optional<types::metrics_configuration> metrics_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("MetricsConfiguration", m.metrics_configuration);
  }
};

/// A metrics filter by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html
struct get_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetricsConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/delete_bucket_metrics_configuration.hpp
// DeleteBucketMetricsConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_metrics_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a metrics filter.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetricsConfiguration.html
struct delete_bucket_metrics_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metrics_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetricsConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metrics",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/list_bucket_metrics_configurations.hpp
// ListBucketMetricsConfigurations: how does it travel?

namespace s3store::inline v0 {

struct list_bucket_metrics_configurations_response {
  std::optional<bool> is_truncated{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> next_continuation_token{};
  std::vector<types::metrics_configuration> metrics_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListMetricsConfigurationsResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("MetricsConfiguration", m.metrics_configuration_list);
  }
};

/// A bucket's metrics filters, 100 at a time.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html
struct list_bucket_metrics_configurations_request {
  std::string bucket{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_metrics_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketMetricsConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?metrics"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/put_bucket_intelligent_tiering_configuration.hpp
// PutBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline v0 {

struct put_bucket_intelligent_tiering_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Adds or replaces a rule of S3 Intelligent-Tiering.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
struct put_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  types::intelligent_tiering_configuration intelligent_tiering_configuration{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutBucketIntelligentTieringConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("IntelligentTieringConfiguration", m.intelligent_tiering_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/get_bucket_intelligent_tiering_configuration.hpp
// GetBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline v0 {

struct get_bucket_intelligent_tiering_configuration_response {
  std::optional<types::intelligent_tiering_configuration> intelligent_tiering_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("IntelligentTieringConfiguration", m.intelligent_tiering_configuration);
  }
};

/// A tiering rule by its id.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketIntelligentTieringConfiguration.html
struct get_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketIntelligentTieringConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/delete_bucket_intelligent_tiering_configuration.hpp
// DeleteBucketIntelligentTieringConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_intelligent_tiering_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Removes a tiering rule.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketIntelligentTieringConfiguration.html
struct delete_bucket_intelligent_tiering_configuration_request {
  std::string bucket{};
  std::string id{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_intelligent_tiering_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketIntelligentTieringConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?intelligent-tiering",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("id", m.id);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis/list_bucket_intelligent_tiering_configurations.hpp
// ListBucketIntelligentTieringConfigurations: how does it travel?

namespace s3store::inline v0 {

struct list_bucket_intelligent_tiering_configurations_response {
  std::optional<bool> is_truncated{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> next_continuation_token{};
  std::vector<types::intelligent_tiering_configuration> intelligent_tiering_configuration_list{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListBucketIntelligentTieringConfigurationsResult");
    v.element("IsTruncated", m.is_truncated);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
    v.element("IntelligentTieringConfiguration", m.intelligent_tiering_configuration_list);
  }
};

/// A bucket's tiering rules.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html
struct list_bucket_intelligent_tiering_configurations_request {
  std::string bucket{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_bucket_intelligent_tiering_configurations_response;
  static constexpr operation_spec spec{
      .name = "ListBucketIntelligentTieringConfigurations",
      .method = http::method::get,
      .uri = "/{Bucket}?intelligent-tiering"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/analysis.hpp
// Which operations have S3 watch, list and tier what is in a bucket?

// ---- s3store/operations/object_lock.hpp
// Which operations keep objects from being deleted or overwritten?

namespace s3store::inline v0 {

namespace types {

struct object_lock_enabled : enumeration<object_lock_enabled> {
  using enumeration::enumeration;
  static constexpr constant enabled{"Enabled"};
};

struct object_lock_retention_mode : enumeration<object_lock_retention_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_EventHoldDuration.html
struct event_hold_duration {
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("Years", m.years);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
struct default_retention {
  std::optional<types::object_lock_retention_mode> mode{};
  std::optional<std::int32_t> days{};
  std::optional<std::int32_t> years{};
  std::optional<types::event_hold_duration> default_event_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("Days", m.days);
    v.element("Years", m.years);
    v.element("DefaultEventHold", m.default_event_hold);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRule.html
struct object_lock_rule {
  std::optional<types::default_retention> default_retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DefaultRetention", m.default_retention);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockConfiguration.html
struct object_lock_configuration {
  std::optional<types::object_lock_enabled> object_lock_enabled{};
  std::optional<types::object_lock_rule> rule{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ObjectLockEnabled", m.object_lock_enabled);
    v.element("Rule", m.rule);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRetention.html
struct object_lock_retention {
  std::optional<types::object_lock_retention_mode> mode{};
  std::optional<timestamp> retain_until_date{};
  std::optional<types::object_lock_event_hold> event_hold{};
  std::optional<types::event_hold_duration> event_hold_duration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Mode", m.mode);
    v.element("RetainUntilDate", m.retain_until_date);
    v.element("EventHold", m.event_hold);
    v.element("EventHoldDuration", m.event_hold_duration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockLegalHold.html
struct object_lock_legal_hold {
  std::optional<types::object_lock_legal_hold_status> status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Status", m.status);
  }
};

}  // namespace types

struct put_object_lock_configuration_response {
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Sets a bucket's object lock and its default retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
struct put_object_lock_configuration_request {
  std::string bucket{};
  std::optional<types::object_lock_configuration> object_lock_configuration{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> token{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLockConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?object-lock",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bucket-object-lock-token", m.token);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

struct get_object_lock_configuration_response {
  std::optional<types::object_lock_configuration> object_lock_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("ObjectLockConfiguration", m.object_lock_configuration);
  }
};

/// A bucket's object lock configuration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
struct get_object_lock_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_lock_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLockConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?object-lock"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_retention_response {
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Keeps a version until a date; shortening or lifting a governance retention needs a bypass.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
struct put_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_retention> retention{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> version_id{};
  std::optional<bool> bypass_governance_retention{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_retention_response;
  static constexpr operation_spec spec{
      .name = "PutObjectRetention",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?retention",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-bypass-governance-retention", m.bypass_governance_retention);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("Retention", m.retention);
  }
};

struct get_object_retention_response {
  std::optional<types::object_lock_retention> retention{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("Retention", m.retention);
  }
};

/// A version's retention.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
struct get_object_retention_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_retention_response;
  static constexpr operation_spec spec{
      .name = "GetObjectRetention",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?retention"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

struct put_object_legal_hold_response {
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Holds a version until the hold is lifted, or lifts it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
struct put_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::object_lock_legal_hold> legal_hold{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> version_id{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "PutObjectLegalHold",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?legal-hold",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("LegalHold", m.legal_hold);
  }
};

struct get_object_legal_hold_response {
  std::optional<types::object_lock_legal_hold> legal_hold{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("LegalHold", m.legal_hold);
  }
};

/// Is the version under a legal hold?
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
struct get_object_legal_hold_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_legal_hold_response;
  static constexpr operation_spec spec{
      .name = "GetObjectLegalHold",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?legal-hold"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/annotation.hpp
// Which operations attach annotations to objects?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationEntry.html
struct annotation_entry {
  std::string annotation_name{};
  timestamp last_modified{};
  std::optional<std::string> etag{};
  std::vector<types::checksum_algorithm> checksum_algorithm{};
  std::int64_t size{};
  std::optional<types::replication_status> replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AnnotationName", m.annotation_name);
    v.element("LastModified", m.last_modified);
    v.element("ETag", m.etag);
    v.element("ChecksumAlgorithm", m.checksum_algorithm);
    v.element("Size", m.size);
    v.element("ReplicationStatus", m.replication_status);
  }
};

}  // namespace types

struct put_object_annotation_response {
  std::optional<std::string> key{};
  std::optional<std::string> annotation_name{};
  std::optional<std::string> object_version_id{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("PutObjectAnnotationResult");
    v.element("Key", m.key);
    v.element("AnnotationName", m.annotation_name);
  }
};

/// Attaches a named annotation to an object, or replaces it.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html
struct put_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  http::body body{};
  std::optional<std::string> version_id{};
  std::optional<std::string> object_if_match{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<std::string> content_md5{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = put_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "PutObjectAnnotation",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?annotation",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("annotationName", m.annotation_name);
    v.header("x-amz-object-if-match", m.object_if_match);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.stream(m.body);
  }
};

struct get_object_annotation_response {
  std::string body{};
  std::optional<std::string> object_version_id{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> etag{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<types::checksum_type> checksum_type{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<types::request_charged> request_charged{};
  std::optional<types::replication_status> replication_status{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("Last-Modified", m.last_modified);
    v.header("Content-Length", m.content_length);
    v.header("ETag", m.etag);
    v.header("x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-checksum-type", m.checksum_type);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-replication-status", m.replication_status);
    v.stream(m.body);
  }
};

/// Reads an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAnnotation.html
struct get_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<types::checksum_mode> checksum_mode{};

  using response = get_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "GetObjectAnnotation",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation",
      .answer_checksum = true,
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-checksum-mode", m.checksum_mode);
  }
};

struct delete_object_annotation_response {
  std::optional<std::string> object_version_id{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
  }
};

/// Removes an object's annotation.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html
struct delete_object_annotation_request {
  std::string bucket{};
  std::string key{};
  std::string annotation_name{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};
  std::optional<std::string> object_if_match{};

  using response = delete_object_annotation_response;
  static constexpr operation_spec spec{
      .name = "DeleteObjectAnnotation",
      .method = http::method::delete_,
      .uri = "/{Bucket}/{Key+}?annotation",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("annotationName", m.annotation_name);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.header("x-amz-object-if-match", m.object_if_match);
  }
};

struct list_object_annotations_response {
  std::vector<types::annotation_entry> annotations{};
  std::optional<std::string> bucket{};
  std::optional<std::string> key{};
  std::optional<std::string> object_version_id{};
  std::optional<std::string> annotation_prefix{};
  std::optional<std::int32_t> max_annotation_results{};
  std::optional<std::int32_t> annotation_count{};
  std::optional<std::string> continuation_token{};
  std::optional<std::string> next_continuation_token{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-object-version-id", m.object_version_id);
    v.header("x-amz-request-charged", m.request_charged);
    v.root("ListObjectAnnotationsResult");
    v.list("Annotations", "AnnotationEntry", m.annotations);
    v.element("Bucket", m.bucket);
    v.element("Key", m.key);
    v.element("AnnotationPrefix", m.annotation_prefix);
    v.element("MaxAnnotationResults", m.max_annotation_results);
    v.element("AnnotationCount", m.annotation_count);
    v.element("ContinuationToken", m.continuation_token);
    v.element("NextContinuationToken", m.next_continuation_token);
  }
};

/// An object's annotations.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html
struct list_object_annotations_request {
  std::string bucket{};
  std::string key{};
  std::optional<std::string> version_id{};
  std::optional<std::int32_t> max_annotation_results{};
  std::optional<std::string> annotation_prefix{};
  std::optional<std::string> continuation_token{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = list_object_annotations_response;
  static constexpr operation_spec spec{
      .name = "ListObjectAnnotations",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?annotation"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.query("max-annotation-results", m.max_annotation_results);
    v.query("annotation-prefix", m.annotation_prefix);
    v.query("continuation-token", m.continuation_token);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/types.hpp
// Which types do the operations of this family share?

namespace s3store::inline v0 {

namespace types {

struct expiration_state : enumeration<expiration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html
struct record_expiration {
  types::expiration_state expiration{};
  std::optional<std::int32_t> days{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration);
    v.element("Days", m.days);
  }
};

struct table_sse_algorithm : enumeration<table_sse_algorithm> {
  using enumeration::enumeration;
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aes256{"AES256"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableEncryptionConfiguration.html
struct metadata_table_encryption_configuration {
  types::table_sse_algorithm sse_algorithm{};
  std::optional<std::string> kms_key_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseAlgorithm", m.sse_algorithm);
    v.element("KmsKeyArn", m.kms_key_arn);
  }
};

struct inventory_configuration_state : enumeration<inventory_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

struct annotation_configuration_state : enumeration<annotation_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html
struct error_details {
  std::optional<std::string> error_code{};
  std::optional<std::string> error_message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorCode", m.error_code);
    v.element("ErrorMessage", m.error_message);
  }
};

}  // namespace types

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/create_bucket_metadata_configuration.hpp
// CreateBucketMetadataConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfiguration.html
struct journal_table_configuration {
  types::record_expiration record_expiration{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfiguration.html
struct inventory_table_configuration {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfiguration.html
struct annotation_table_configuration {
  types::annotation_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};
  std::optional<std::string> role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("Role", m.role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfiguration.html
struct metadata_configuration {
  types::journal_table_configuration journal_table_configuration{};
  std::optional<types::inventory_table_configuration> inventory_table_configuration{};
  std::optional<types::annotation_table_configuration> annotation_table_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("JournalTableConfiguration", m.journal_table_configuration);
    v.element("InventoryTableConfiguration", m.inventory_table_configuration);
    v.element("AnnotationTableConfiguration", m.annotation_table_configuration);
  }
};

}  // namespace types

struct create_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Starts a bucket's metadata tables.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataConfiguration.html
struct create_bucket_metadata_configuration_request {
  std::string bucket{};
  types::metadata_configuration metadata_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataConfiguration",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataConfiguration", m.metadata_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/get_bucket_metadata_configuration.hpp
// GetBucketMetadataConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

struct s3_tables_bucket_type : enumeration<s3_tables_bucket_type> {
  using enumeration::enumeration;
  static constexpr constant aws{"aws"};
  static constexpr constant customer{"customer"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DestinationResult.html
struct destination_result {
  std::optional<types::s3_tables_bucket_type> table_bucket_type{};
  std::optional<std::string> table_bucket_arn{};
  std::optional<std::string> table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketType", m.table_bucket_type);
    v.element("TableBucketArn", m.table_bucket_arn);
    v.element("TableNamespace", m.table_namespace);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationResult.html
struct journal_table_configuration_result {
  std::string table_status{};
  std::optional<types::error_details> error{};
  std::string table_name{};
  std::optional<std::string> table_arn{};
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
    v.element("RecordExpiration", m.record_expiration);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html
struct inventory_table_configuration_result {
  types::inventory_configuration_state configuration_state{};
  std::optional<std::string> table_status{};
  std::optional<types::error_details> error{};
  std::optional<std::string> table_name{};
  std::optional<std::string> table_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationResult.html
struct annotation_table_configuration_result {
  types::annotation_configuration_state configuration_state{};
  std::optional<std::string> table_status{};
  std::optional<types::error_details> error{};
  std::optional<std::string> table_name{};
  std::optional<std::string> table_arn{};
  std::optional<std::string> role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("TableStatus", m.table_status);
    v.element("Error", m.error);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
    v.element("Role", m.role);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfigurationResult.html
struct metadata_configuration_result {
  types::destination_result destination_result{};
  std::optional<types::journal_table_configuration_result> journal_table_configuration_result{};
  std::optional<types::inventory_table_configuration_result> inventory_table_configuration_result{};
  std::optional<types::annotation_table_configuration_result> annotation_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DestinationResult", m.destination_result);
    v.element("JournalTableConfigurationResult", m.journal_table_configuration_result);
    v.element("InventoryTableConfigurationResult", m.inventory_table_configuration_result);
    v.element("AnnotationTableConfigurationResult", m.annotation_table_configuration_result);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfigurationResult.html
struct get_bucket_metadata_configuration_result {
  types::metadata_configuration_result metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataConfigurationResult", m.metadata_configuration_result);
  }
};

}  // namespace types

struct get_bucket_metadata_configuration_response {
  std::optional<types::get_bucket_metadata_configuration_result> get_bucket_metadata_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataConfigurationResult", m.get_bucket_metadata_configuration_result);
  }
};

/// A bucket's metadata tables and their state.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html
struct get_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataConfiguration"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/delete_bucket_metadata_configuration.hpp
// DeleteBucketMetadataConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_metadata_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Ends a bucket's metadata tables; the tables stay.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataConfiguration.html
struct delete_bucket_metadata_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metadata_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetadataConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metadataConfiguration",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/update_bucket_metadata_inventory_table_configuration.hpp
// UpdateBucketMetadataInventoryTableConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationUpdates.html
struct inventory_table_configuration_updates {
  types::inventory_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("EncryptionConfiguration", m.encryption_configuration);
  }
};

}  // namespace types

struct update_bucket_metadata_inventory_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the live inventory table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataInventoryTableConfiguration.html
struct update_bucket_metadata_inventory_table_configuration_request {
  std::string bucket{};
  types::inventory_table_configuration_updates inventory_table_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_inventory_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataInventoryTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataInventoryTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("InventoryTableConfiguration", m.inventory_table_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/update_bucket_metadata_journal_table_configuration.hpp
// UpdateBucketMetadataJournalTableConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JournalTableConfigurationUpdates.html
struct journal_table_configuration_updates {
  types::record_expiration record_expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordExpiration", m.record_expiration);
  }
};

}  // namespace types

struct update_bucket_metadata_journal_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Sets how long the journal table keeps its records.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataJournalTableConfiguration.html
struct update_bucket_metadata_journal_table_configuration_request {
  std::string bucket{};
  types::journal_table_configuration_updates journal_table_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_journal_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataJournalTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataJournalTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("JournalTableConfiguration", m.journal_table_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/update_bucket_metadata_annotation_table_configuration.hpp
// UpdateBucketMetadataAnnotationTableConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnnotationTableConfigurationUpdates.html
struct annotation_table_configuration_updates {
  types::annotation_configuration_state configuration_state{};
  std::optional<types::metadata_table_encryption_configuration> encryption_configuration{};
  std::optional<std::string> role{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ConfigurationState", m.configuration_state);
    v.element("EncryptionConfiguration", m.encryption_configuration);
    v.element("Role", m.role);
  }
};

}  // namespace types

struct update_bucket_metadata_annotation_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Turns the annotation table on or off.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataAnnotationTableConfiguration.html
struct update_bucket_metadata_annotation_table_configuration_request {
  std::string bucket{};
  types::annotation_table_configuration_updates annotation_table_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = update_bucket_metadata_annotation_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "UpdateBucketMetadataAnnotationTableConfiguration",
      .method = http::method::put,
      .uri = "/{Bucket}?metadataAnnotationTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("AnnotationTableConfiguration", m.annotation_table_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/create_bucket_metadata_table_configuration.hpp
// CreateBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestination.html
struct s3_tables_destination {
  std::string table_bucket_arn{};
  std::string table_name{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn);
    v.element("TableName", m.table_name);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfiguration.html
struct metadata_table_configuration {
  types::s3_tables_destination s3_tables_destination{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestination", m.s3_tables_destination);
  }
};

}  // namespace types

struct create_bucket_metadata_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The first version of CreateBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataTableConfiguration.html
struct create_bucket_metadata_table_configuration_request {
  std::string bucket{};
  types::metadata_table_configuration metadata_table_configuration{};
  std::optional<std::string> content_md5{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = create_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "CreateBucketMetadataTableConfiguration",
      .method = http::method::post,
      .uri = "/{Bucket}?metadataTable",
      .checksum = request_checksum::required};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("Content-MD5", m.content_md5);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("MetadataTableConfiguration", m.metadata_table_configuration);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/get_bucket_metadata_table_configuration.hpp
// GetBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline v0 {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestinationResult.html
struct s3_tables_destination_result {
  std::string table_bucket_arn{};
  std::string table_name{};
  std::string table_arn{};
  std::string table_namespace{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("TableBucketArn", m.table_bucket_arn);
    v.element("TableName", m.table_name);
    v.element("TableArn", m.table_arn);
    v.element("TableNamespace", m.table_namespace);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableConfigurationResult.html
struct metadata_table_configuration_result {
  types::s3_tables_destination_result s3_tables_destination_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3TablesDestinationResult", m.s3_tables_destination_result);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfigurationResult.html
struct get_bucket_metadata_table_configuration_result {
  types::metadata_table_configuration_result metadata_table_configuration_result{};
  std::string status{};
  std::optional<types::error_details> error{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("MetadataTableConfigurationResult", m.metadata_table_configuration_result);
    v.element("Status", m.status);
    v.element("Error", m.error);
  }
};

}  // namespace types

struct get_bucket_metadata_table_configuration_response {
  std::optional<types::get_bucket_metadata_table_configuration_result> get_bucket_metadata_table_configuration_result{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.payload("GetBucketMetadataTableConfigurationResult", m.get_bucket_metadata_table_configuration_result);
  }
};

/// The first version of GetBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html
struct get_bucket_metadata_table_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "GetBucketMetadataTableConfiguration",
      .method = http::method::get,
      .uri = "/{Bucket}?metadataTable"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata/delete_bucket_metadata_table_configuration.hpp
// DeleteBucketMetadataTableConfiguration: how does it travel?

namespace s3store::inline v0 {

struct delete_bucket_metadata_table_configuration_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// The first version of DeleteBucketMetadataConfiguration.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataTableConfiguration.html
struct delete_bucket_metadata_table_configuration_request {
  std::string bucket{};
  std::optional<std::string> expected_bucket_owner{};

  using response = delete_bucket_metadata_table_configuration_response;
  static constexpr operation_spec spec{
      .name = "DeleteBucketMetadataTableConfiguration",
      .method = http::method::delete_,
      .uri = "/{Bucket}?metadataTable",
      .status = 204};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/metadata.hpp
// Which operations keep tables of what is in a bucket?

// ---- s3store/operations/retrieval/restore_object.hpp
// RestoreObject: how does it travel?

namespace s3store::inline v0 {

namespace types {

struct tier : enumeration<tier> {
  using enumeration::enumeration;
  static constexpr constant standard{"Standard"};
  static constexpr constant bulk{"Bulk"};
  static constexpr constant expedited{"Expedited"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GlacierJobParameters.html
struct glacier_job_parameters {
  types::tier tier{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Tier", m.tier);
  }
};

struct restore_request_type : enumeration<restore_request_type> {
  using enumeration::enumeration;
  static constexpr constant select{"SELECT"};
};

struct file_header_info : enumeration<file_header_info> {
  using enumeration::enumeration;
  static constexpr constant use{"USE"};
  static constexpr constant ignore{"IGNORE"};
  static constexpr constant none{"NONE"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVInput.html
struct csv_input {
  std::optional<types::file_header_info> file_header_info{};
  std::optional<std::string> comments{};
  std::optional<std::string> quote_escape_character{};
  std::optional<std::string> record_delimiter{};
  std::optional<std::string> field_delimiter{};
  std::optional<std::string> quote_character{};
  std::optional<bool> allow_quoted_record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("FileHeaderInfo", m.file_header_info);
    v.element("Comments", m.comments);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
    v.element("AllowQuotedRecordDelimiter", m.allow_quoted_record_delimiter);
  }
};

struct compression_type : enumeration<compression_type> {
  using enumeration::enumeration;
  static constexpr constant none{"NONE"};
  static constexpr constant gzip{"GZIP"};
  static constexpr constant bzip2{"BZIP2"};
};

struct json_type : enumeration<json_type> {
  using enumeration::enumeration;
  static constexpr constant document{"DOCUMENT"};
  static constexpr constant lines{"LINES"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONInput.html
struct json_input {
  std::optional<types::json_type> type{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Type", m.type);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
struct parquet_input {
  template <class V>
  static void describe(V&, auto&) {}
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html
struct input_serialization {
  std::optional<types::csv_input> csv{};
  std::optional<types::compression_type> compression_type{};
  std::optional<types::json_input> json{};
  std::optional<types::parquet_input> parquet{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("CompressionType", m.compression_type);
    v.element("JSON", m.json);
    v.element("Parquet", m.parquet);
  }
};

struct expression_type : enumeration<expression_type> {
  using enumeration::enumeration;
  static constexpr constant sql{"SQL"};
};

struct quote_fields : enumeration<quote_fields> {
  using enumeration::enumeration;
  static constexpr constant always{"ALWAYS"};
  static constexpr constant asneeded{"ASNEEDED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVOutput.html
struct csv_output {
  std::optional<types::quote_fields> quote_fields{};
  std::optional<std::string> quote_escape_character{};
  std::optional<std::string> record_delimiter{};
  std::optional<std::string> field_delimiter{};
  std::optional<std::string> quote_character{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("QuoteFields", m.quote_fields);
    v.element("QuoteEscapeCharacter", m.quote_escape_character);
    v.element("RecordDelimiter", m.record_delimiter);
    v.element("FieldDelimiter", m.field_delimiter);
    v.element("QuoteCharacter", m.quote_character);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONOutput.html
struct json_output {
  std::optional<std::string> record_delimiter{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("RecordDelimiter", m.record_delimiter);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html
struct output_serialization {
  std::optional<types::csv_output> csv{};
  std::optional<types::json_output> json{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("CSV", m.csv);
    v.element("JSON", m.json);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectParameters.html
struct select_parameters {
  types::input_serialization input_serialization{};
  types::expression_type expression_type{};
  std::string expression{};
  types::output_serialization output_serialization{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("InputSerialization", m.input_serialization);
    v.element("ExpressionType", m.expression_type);
    v.element("Expression", m.expression);
    v.element("OutputSerialization", m.output_serialization);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Encryption.html
struct encryption {
  types::server_side_encryption encryption_type{};
  std::optional<std::string> kms_key_id{};
  std::optional<std::string> kms_context{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("EncryptionType", m.encryption_type);
    v.element("KMSKeyId", m.kms_key_id);
    v.element("KMSContext", m.kms_context);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataEntry.html
struct metadata_entry {
  std::optional<std::string> name{};
  std::optional<std::string> value{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("Value", m.value);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3Location.html
struct s3_location {
  std::string bucket_name{};
  std::string prefix{};
  std::optional<types::encryption> encryption{};
  std::optional<types::object_canned_acl> canned_acl{};
  std::vector<types::grant> access_control_list{};
  std::optional<types::tagging> tagging{};
  std::vector<types::metadata_entry> user_metadata{};
  std::optional<types::storage_class> storage_class{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("BucketName", m.bucket_name);
    v.element("Prefix", m.prefix);
    v.element("Encryption", m.encryption);
    v.element("CannedACL", m.canned_acl);
    v.list("AccessControlList", "Grant", m.access_control_list);
    v.element("Tagging", m.tagging);
    v.list("UserMetadata", "MetadataEntry", m.user_metadata);
    v.element("StorageClass", m.storage_class);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputLocation.html
struct output_location {
  std::optional<types::s3_location> s3{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("S3", m.s3);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreRequest.html
struct restore_request {
  std::optional<std::int32_t> days{};
  std::optional<types::glacier_job_parameters> glacier_job_parameters{};
  std::optional<types::restore_request_type> type{};
  std::optional<types::tier> tier{};
  std::optional<std::string> description{};
  std::optional<types::select_parameters> select_parameters{};
  std::optional<types::output_location> output_location{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Days", m.days);
    v.element("GlacierJobParameters", m.glacier_job_parameters);
    v.element("Type", m.type);
    v.element("Tier", m.tier);
    v.element("Description", m.description);
    v.element("SelectParameters", m.select_parameters);
    v.element("OutputLocation", m.output_location);
  }
};

}  // namespace types

struct restore_object_response {
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> restore_output_path{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.header("x-amz-restore-output-path", m.restore_output_path);
  }
};

/// Brings an archived object back for a number of days.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
struct restore_object_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::restore_request> restore_request{};
  std::optional<std::string> version_id{};
  std::optional<types::request_payer> request_payer{};
  std::optional<types::checksum_algorithm> checksum_algorithm{};
  std::optional<std::string> expected_bucket_owner{};

  using response = restore_object_response;
  static constexpr operation_spec spec{
      .name = "RestoreObject",
      .method = http::method::post,
      .uri = "/{Bucket}/{Key+}?restore",
      .checksum = request_checksum::supported};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.query("versionId", m.version_id);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-sdk-checksum-algorithm", m.checksum_algorithm);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
    v.payload("RestoreRequest", m.restore_request);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/retrieval/get_object_torrent.hpp
// GetObjectTorrent: how does it travel?

namespace s3store::inline v0 {

struct get_object_torrent_response {
  std::string body{};
  std::optional<types::request_charged> request_charged{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-charged", m.request_charged);
    v.stream(m.body);
  }
};

/// A torrent file for an object.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html
struct get_object_torrent_request {
  std::string bucket{};
  std::string key{};
  std::optional<types::request_payer> request_payer{};
  std::optional<std::string> expected_bucket_owner{};

  using response = get_object_torrent_response;
  static constexpr operation_spec spec{
      .name = "GetObjectTorrent",
      .method = http::method::get,
      .uri = "/{Bucket}/{Key+}?torrent",
      .answer = answer_body::stream};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-request-payer", m.request_payer);
    v.header("x-amz-expected-bucket-owner", m.expected_bucket_owner);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/retrieval/write_get_object_response.hpp
// WriteGetObjectResponse: how does it travel?

namespace s3store::inline v0 {

struct write_get_object_response_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Answers a GetObject from an S3 Object Lambda function.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_WriteGetObjectResponse.html
struct write_get_object_response_request {
  std::string request_route{};
  std::string request_token{};
  http::body body{};
  std::optional<std::int32_t> status_code{};
  std::optional<std::string> error_code{};
  std::optional<std::string> error_message{};
  std::optional<std::string> accept_ranges{};
  std::optional<std::string> cache_control{};
  std::optional<std::string> content_disposition{};
  std::optional<std::string> content_encoding{};
  std::optional<std::string> content_language{};
  std::optional<std::int64_t> content_length{};
  std::optional<std::string> content_range{};
  std::optional<std::string> content_type{};
  std::optional<std::string> checksum_crc32{};
  std::optional<std::string> checksum_crc32c{};
  std::optional<std::string> checksum_crc64nvme{};
  std::optional<std::string> checksum_sha1{};
  std::optional<std::string> checksum_sha256{};
  std::optional<std::string> checksum_sha512{};
  std::optional<std::string> checksum_md5{};
  std::optional<std::string> checksum_xxhash64{};
  std::optional<std::string> checksum_xxhash3{};
  std::optional<std::string> checksum_xxhash128{};
  std::optional<bool> delete_marker{};
  std::optional<std::string> etag{};
  std::optional<std::string> expires{};
  std::optional<std::string> expiration{};
  std::optional<timestamp> last_modified{};
  std::optional<std::int32_t> missing_meta{};
  s3store::metadata metadata{};
  std::optional<types::object_lock_mode> object_lock_mode{};
  std::optional<types::object_lock_legal_hold_status> object_lock_legal_hold_status{};
  std::optional<timestamp> object_lock_retain_until_date{};
  std::optional<std::int32_t> parts_count{};
  std::optional<types::replication_status> replication_status{};
  std::optional<types::request_charged> request_charged{};
  std::optional<std::string> restore{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_customer_algorithm{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_customer_key_md5{};
  std::optional<types::storage_class> storage_class{};
  std::optional<std::int32_t> tag_count{};
  std::optional<std::string> version_id{};
  std::optional<bool> bucket_key_enabled{};

  using response = write_get_object_response_response;
  static constexpr operation_spec spec{
      .name = "WriteGetObjectResponse",
      .method = http::method::post,
      .uri = "/WriteGetObjectResponse"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-request-route", m.request_route);
    v.header("x-amz-request-token", m.request_token);
    v.header("x-amz-fwd-status", m.status_code);
    v.header("x-amz-fwd-error-code", m.error_code);
    v.header("x-amz-fwd-error-message", m.error_message);
    v.header("x-amz-fwd-header-accept-ranges", m.accept_ranges);
    v.header("x-amz-fwd-header-Cache-Control", m.cache_control);
    v.header("x-amz-fwd-header-Content-Disposition", m.content_disposition);
    v.header("x-amz-fwd-header-Content-Encoding", m.content_encoding);
    v.header("x-amz-fwd-header-Content-Language", m.content_language);
    v.header("Content-Length", m.content_length);
    v.header("x-amz-fwd-header-Content-Range", m.content_range);
    v.header("x-amz-fwd-header-Content-Type", m.content_type);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32", m.checksum_crc32);
    v.header("x-amz-fwd-header-x-amz-checksum-crc32c", m.checksum_crc32c);
    v.header("x-amz-fwd-header-x-amz-checksum-crc64nvme", m.checksum_crc64nvme);
    v.header("x-amz-fwd-header-x-amz-checksum-sha1", m.checksum_sha1);
    v.header("x-amz-fwd-header-x-amz-checksum-sha256", m.checksum_sha256);
    v.header("x-amz-fwd-header-x-amz-checksum-sha512", m.checksum_sha512);
    v.header("x-amz-fwd-header-x-amz-checksum-md5", m.checksum_md5);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash64", m.checksum_xxhash64);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash3", m.checksum_xxhash3);
    v.header("x-amz-fwd-header-x-amz-checksum-xxhash128", m.checksum_xxhash128);
    v.header("x-amz-fwd-header-x-amz-delete-marker", m.delete_marker);
    v.header("x-amz-fwd-header-ETag", m.etag);
    v.header("x-amz-fwd-header-Expires", m.expires);
    v.header("x-amz-fwd-header-x-amz-expiration", m.expiration);
    v.header("x-amz-fwd-header-Last-Modified", m.last_modified);
    v.header("x-amz-fwd-header-x-amz-missing-meta", m.missing_meta);
    v.header("x-amz-fwd-header-x-amz-object-lock-mode", m.object_lock_mode);
    v.header("x-amz-fwd-header-x-amz-object-lock-legal-hold", m.object_lock_legal_hold_status);
    v.header("x-amz-fwd-header-x-amz-object-lock-retain-until-date", m.object_lock_retain_until_date, timestamp_format::iso8601);
    v.header("x-amz-fwd-header-x-amz-mp-parts-count", m.parts_count);
    v.header("x-amz-fwd-header-x-amz-replication-status", m.replication_status);
    v.header("x-amz-fwd-header-x-amz-request-charged", m.request_charged);
    v.header("x-amz-fwd-header-x-amz-restore", m.restore);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-algorithm", m.sse_customer_algorithm);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-customer-key-MD5", m.sse_customer_key_md5);
    v.header("x-amz-fwd-header-x-amz-storage-class", m.storage_class);
    v.header("x-amz-fwd-header-x-amz-tagging-count", m.tag_count);
    v.header("x-amz-fwd-header-x-amz-version-id", m.version_id);
    v.header("x-amz-fwd-header-x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.headers("x-amz-meta-", m.metadata);
    v.stream(m.body);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/retrieval.hpp
// Which operations bring objects back, look into them, or answer for them?

// ---- s3store/operations/directory.hpp
// Which operations are for directory buckets and their sessions (S3 Express One Zone)?

namespace s3store::inline v0 {

namespace types {

struct session_mode : enumeration<session_mode> {
  using enumeration::enumeration;
  static constexpr constant read_only{"ReadOnly"};
  static constexpr constant read_write{"ReadWrite"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_SessionCredentials.html
struct session_credentials {
  std::string access_key_id{};
  secret_string secret_access_key{};
  secret_string session_token{};
  timestamp expiration{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("AccessKeyId", m.access_key_id);
    v.element("SecretAccessKey", m.secret_access_key);
    v.element("SessionToken", m.session_token);
    v.element("Expiration", m.expiration);
  }
};

}  // namespace types

struct create_session_response {
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};
  types::session_credentials credentials{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
    v.root("CreateSessionResult");
    v.element("Credentials", m.credentials);
  }
};

/// Short-lived credentials for one directory bucket.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
struct create_session_request {
  std::string bucket{};
  std::optional<types::session_mode> session_mode{};
  std::optional<types::server_side_encryption> server_side_encryption{};
  std::optional<std::string> sse_kms_key_id{};
  std::optional<std::string> sse_kms_encryption_context{};
  std::optional<bool> bucket_key_enabled{};

  using response = create_session_response;
  static constexpr operation_spec spec{.name = "CreateSession", .method = http::method::get, .uri = "/{Bucket}?session"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.header("x-amz-create-session-mode", m.session_mode);
    v.header("x-amz-server-side-encryption", m.server_side_encryption);
    v.header("x-amz-server-side-encryption-aws-kms-key-id", m.sse_kms_key_id);
    v.header("x-amz-server-side-encryption-context", m.sse_kms_encryption_context);
    v.header("x-amz-server-side-encryption-bucket-key-enabled", m.bucket_key_enabled);
  }
};

struct list_directory_buckets_response {
  std::vector<types::bucket> buckets{};
  std::optional<std::string> continuation_token{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.root("ListAllMyDirectoryBucketsResult");
    v.list("Buckets", "Bucket", m.buckets);
    v.element("ContinuationToken", m.continuation_token);
  }
};

/// The account's directory buckets in a region.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListDirectoryBuckets.html
struct list_directory_buckets_request {
  std::optional<std::string> continuation_token{};
  std::optional<std::int32_t> max_directory_buckets{};

  using response = list_directory_buckets_response;
  static constexpr operation_spec spec{.name = "ListDirectoryBuckets", .method = http::method::get, .uri = "/"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.query("continuation-token", m.continuation_token);
    v.query("max-directory-buckets", m.max_directory_buckets);
  }
};

struct rename_object_response {
  template <class V>
  static void describe(V&, auto&) {}
};

/// Renames an object inside a directory bucket, atomically.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html
struct rename_object_request {
  std::string bucket{};
  std::string key{};
  std::string rename_source{};
  std::optional<std::string> destination_if_match{};
  std::optional<std::string> destination_if_none_match{};
  std::optional<timestamp> destination_if_modified_since{};
  std::optional<timestamp> destination_if_unmodified_since{};
  std::optional<std::string> source_if_match{};
  std::optional<std::string> source_if_none_match{};
  std::optional<timestamp> source_if_modified_since{};
  std::optional<timestamp> source_if_unmodified_since{};
  std::optional<std::string> client_token{};

  using response = rename_object_response;
  static constexpr operation_spec spec{
      .name = "RenameObject",
      .method = http::method::put,
      .uri = "/{Bucket}/{Key+}?renameObject"};

  template <class V>
  static void describe(V& v, auto& m) {
    v.uri("Bucket", m.bucket);
    v.uri("Key", m.key);
    v.header("x-amz-rename-source", m.rename_source);
    v.header("If-Match", m.destination_if_match);
    v.header("If-None-Match", m.destination_if_none_match);
    v.header("If-Modified-Since", m.destination_if_modified_since);
    v.header("If-Unmodified-Since", m.destination_if_unmodified_since);
    v.header("x-amz-rename-source-if-match", m.source_if_match);
    v.header("x-amz-rename-source-if-none-match", m.source_if_none_match);
    v.header("x-amz-rename-source-if-modified-since", m.source_if_modified_since);
    v.header("x-amz-rename-source-if-unmodified-since", m.source_if_unmodified_since);
    v.header("x-amz-client-token", m.client_token);
  }
};

}  // namespace s3store::inline v0

// ---- s3store/operations/all.hpp
// Which operations does the S3 API have? All of them, by family, and as a list.

namespace s3store::inline v0 {

/// A list of operations, for whoever visits them all.
template <class... Requests>
struct operation_list {};

using all_operations = operation_list<
    list_buckets_request, create_bucket_request, head_bucket_request, get_bucket_location_request, delete_bucket_request,
    put_object_request, get_object_request, head_object_request, delete_object_request, delete_objects_request,
    copy_object_request, get_object_attributes_request, list_objects_request, list_objects_v2_request,
    list_object_versions_request, create_multipart_upload_request, upload_part_request, upload_part_copy_request,
    complete_multipart_upload_request, abort_multipart_upload_request, list_multipart_uploads_request, list_parts_request,
    put_bucket_versioning_request, get_bucket_versioning_request, put_bucket_tagging_request, get_bucket_tagging_request,
    delete_bucket_tagging_request, put_object_tagging_request, get_object_tagging_request, delete_object_tagging_request,
    put_bucket_acl_request, get_bucket_acl_request, put_object_acl_request, get_object_acl_request,
    put_bucket_ownership_controls_request, get_bucket_ownership_controls_request, delete_bucket_ownership_controls_request,
    put_bucket_abac_request, get_bucket_abac_request, put_bucket_policy_request, get_bucket_policy_request,
    delete_bucket_policy_request, get_bucket_policy_status_request, put_public_access_block_request,
    get_public_access_block_request, delete_public_access_block_request, put_bucket_lifecycle_configuration_request,
    get_bucket_lifecycle_configuration_request, delete_bucket_lifecycle_request, put_bucket_lifecycle_request,
    get_bucket_lifecycle_request, put_bucket_replication_request, get_bucket_replication_request,
    delete_bucket_replication_request, put_bucket_notification_configuration_request,
    get_bucket_notification_configuration_request, put_bucket_notification_request, get_bucket_notification_request,
    put_bucket_website_request, get_bucket_website_request, delete_bucket_website_request, put_bucket_cors_request,
    get_bucket_cors_request, delete_bucket_cors_request, put_bucket_encryption_request, get_bucket_encryption_request,
    delete_bucket_encryption_request, update_object_encryption_request, put_bucket_logging_request, get_bucket_logging_request,
    put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request, put_bucket_request_payment_request,
    get_bucket_request_payment_request, put_bucket_inventory_configuration_request, get_bucket_inventory_configuration_request,
    delete_bucket_inventory_configuration_request, list_bucket_inventory_configurations_request,
    put_bucket_analytics_configuration_request, get_bucket_analytics_configuration_request,
    delete_bucket_analytics_configuration_request, list_bucket_analytics_configurations_request,
    put_bucket_metrics_configuration_request, get_bucket_metrics_configuration_request,
    delete_bucket_metrics_configuration_request, list_bucket_metrics_configurations_request,
    put_bucket_intelligent_tiering_configuration_request, get_bucket_intelligent_tiering_configuration_request,
    delete_bucket_intelligent_tiering_configuration_request, list_bucket_intelligent_tiering_configurations_request,
    put_object_lock_configuration_request, get_object_lock_configuration_request, put_object_retention_request,
    get_object_retention_request, put_object_legal_hold_request, get_object_legal_hold_request, put_object_annotation_request,
    get_object_annotation_request, delete_object_annotation_request, list_object_annotations_request,
    create_bucket_metadata_configuration_request, get_bucket_metadata_configuration_request,
    delete_bucket_metadata_configuration_request, update_bucket_metadata_inventory_table_configuration_request,
    update_bucket_metadata_journal_table_configuration_request, update_bucket_metadata_annotation_table_configuration_request,
    create_bucket_metadata_table_configuration_request, get_bucket_metadata_table_configuration_request,
    delete_bucket_metadata_table_configuration_request, restore_object_request, get_object_torrent_request,
    write_get_object_response_request, create_session_request, list_directory_buckets_request, rename_object_request>;

}  // namespace s3store::inline v0

// ---- s3store/drive/blocking.hpp
// How does a machine run on the caller's thread? Step by step: every exchange and every wait blocks until it is over.

namespace s3store::inline v0 {

/// Waits for real, and wakes up when the token says so.
struct thread_sleeper {
  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    struct alarm {
      std::mutex guard{};
      std::condition_variable rang{};
    } clock;
    const cancel_waiter waiter{stop, &clock, [](void* who) {
                                 auto* const a = static_cast<alarm*>(who);
                                 // Locked, so that it can't ring between the sleeper's look at the token and its wait.
                                 const std::lock_guard lock{a->guard};
                                 a->rang.notify_all();
                               }};
    std::unique_lock lock{clock.guard};
    clock.rang.wait_until(lock, until, [&] { return stop.cancelled(); });
    if (stop.cancelled()) return fail(error_kind::cancelled, "the call was cancelled while it waited");
    return {};
  }
};

/// The machine with which a session fetches credentials.
template <class Session>
using fetch_of_session = decltype(std::declval<Session&>().fetch_credentials());

/// Runs `m` to its end. `shared` tells the time and gives the machine that fetches credentials, which runs here, too.
template <machine M, class Session, http::transport T, class Sleeper>
result<typename M::value_type> drive(M& m, Session& shared, T& transport, Sleeper& sleeper) {
  for (;;) {
    auto next = m.next(shared.now());
    if (auto* const s = std::get_if<send>(&next)) {
      m.sent(transport.perform(std::move(s->what)));
    } else if (auto* const w = std::get_if<wait>(&next)) {
      // Ended early or not: the machine looks at the clock and the token itself.
      static_cast<void>(sleeper.sleep_until(w->until, w->stop));
    } else if (auto* const end = std::get_if<done<typename M::value_type>>(&next)) {
      return std::move(end->value);
    } else if constexpr (requires(result<typename fetch_of_session<Session>::value_type> c) { m.credentials(std::move(c)); }) {
      auto fetch = shared.fetch_credentials();
      m.credentials(drive(fetch, shared, transport, sleeper));
    }
  }
}

}  // namespace s3store::inline v0

// ---- s3store/drive/loop.hpp
// How do many machines run at once on one thread? Each takes its steps when its exchange is over or its time has come; between them the
// loop waits for all of their I/O together.

namespace s3store::inline v0 {

/// Runs machines over a loop, on the thread that calls `run`. Machines and the session outlive the driver, which owns neither.
template <class Session, http::loop L>
class loop_driver {
 public:
  loop_driver(Session& shared, L& loop) noexcept : shared_(shared), loop_(loop) {}
  loop_driver(const loop_driver&) = delete;
  loop_driver& operator=(const loop_driver&) = delete;
  /// Exchanges that are under way are cancelled; their machines never hear of them.
  ~loop_driver() {
    for (const auto& t : tasks_)
      if (!t->finished) loop_.cancel(t.get());
  }

  /// Adds a machine; its first step is taken at once. `on_done(result<value_type>)` is called from `run` (or from here, when the machine is
  /// done at its first step), and may start others.
  template <machine M, class Done>
  void start(M& m, Done on_done) {
    tasks_.push_back(std::make_unique<task_of<M, Done>>(*this, m, std::move(on_done)));
    tasks_.back()->advance();  // swept later: this may be called from the end of another task, which is still standing
  }

  /// Runs until every machine is done.
  void run() {
    while (!tasks_.empty()) turn((steady_time::max)());
  }

  /// Takes the steps that are due; waits for one until `until` at the latest, or a wake of the loop. Returns whether any machine is left.
  bool turn(steady_time until) {
    const steady_time now = shared_.now().steady;
    for (std::size_t i = 0; i != tasks_.size(); ++i) {  // by index: a step may start others
      task& t = *tasks_[i];
      if (t.wake_at && (*t.wake_at <= now || t.stop.cancelled())) {
        t.wake_at.reset();
        t.advance();
      }
    }
    sweep();
    if (tasks_.empty()) return false;
    for (const auto& t : tasks_)
      if (t->wake_at) until = (std::min)(until, t->stop.cancelled() ? now : *t->wake_at);
    if (auto finished = loop_.poll(until)) {
      auto* const t = static_cast<task*>(finished->tag);
      t->sent(std::move(finished->what));
      t->advance();
      sweep();
    }
    return !tasks_.empty();
  }

 private:
  struct task {
    virtual ~task() = default;
    virtual void advance() = 0;
    virtual void sent(http::outcome o) = 0;
    std::optional<steady_time> wake_at{};
    cancel_token stop{};
    std::unique_ptr<cancel_waiter> alarm{};
    bool finished{};
  };

  template <class M, class Done>
  struct task_of final : task {
    task_of(loop_driver& d, M& m, Done f) : driver(d), of(m), on_done(std::move(f)) {}

    void advance() override {
      this->alarm.reset();
      for (;;) {
        if (fetch) {  // credentials first
          auto next = fetch->machine.next(driver.shared_.now());
          if (auto* const end = std::get_if<done<typename fetch_type::value_type>>(&next)) {
            auto got = std::move(end->value);
            fetch.reset();
            if constexpr (needs_credentials) of.credentials(std::move(got));
            continue;
          }
          return perform(next);
        }
        auto next = of.next(driver.shared_.now());
        if (auto* const end = std::get_if<done<typename M::value_type>>(&next)) {
          this->finished = true;
          return on_done(std::move(end->value));
        }
        if (!std::holds_alternative<need_credentials>(next)) return perform(next);
        fetch = std::make_unique<fetching>(driver.shared_);
      }
    }
    void sent(http::outcome o) override {
      if (fetch) {
        fetch->machine.sent(std::move(o));
      } else {
        of.sent(std::move(o));
      }
    }

   private:
    using fetch_type = decltype(std::declval<Session&>().fetch_credentials());
    struct fetching {
      explicit fetching(Session& s) : machine(s.fetch_credentials()) {}
      fetch_type machine;
    };
    static constexpr bool needs_credentials = requires(M& m, result<typename fetch_type::value_type> c) { m.credentials(std::move(c)); };

    template <class Step>
    void perform(Step& next) {
      if (auto* const s = std::get_if<send>(&next)) {
        driver.loop_.start(std::move(s->what), static_cast<task*>(this));
      } else if (auto* const w = std::get_if<wait>(&next)) {
        this->wake_at = w->until;
        this->stop = w->stop;
        this->alarm = std::make_unique<cancel_waiter>(this->stop, this, [](void* self) { static_cast<task_of*>(self)->driver.loop_.wake(); });
      }
    }

    loop_driver& driver;
    M& of;
    Done on_done;
    std::unique_ptr<fetching> fetch{};
  };

  void sweep() {
    std::erase_if(tasks_, [](const auto& t) { return t->finished; });
  }

  Session& shared_;
  L& loop_;
  std::vector<std::unique_ptr<task>> tasks_{};
};

}  // namespace s3store::inline v0

// ---- s3store/transports/scripted_time.hpp
// How does a test wait an hour in no time? By a clock that stands until it is moved, and a sleeper that moves it.

namespace s3store::inline v0 {

/// A clock that stands still. Copies show the same time, so a test keeps one and hands the other over. Safe from any thread.
class manual_clock {
 public:
  /// It starts at 2013-05-24T00:00:00Z, the day of the examples in S3's documentation of signatures, if no other time is named.
  explicit manual_clock(timestamp wall = timestamp{std::chrono::seconds{1369353600}})
      : shared_(std::make_shared<state>(instants{steady_time{std::chrono::hours{1000}}, wall})) {}

  instants now() const noexcept {
    const std::lock_guard lock{shared_->guard};
    return shared_->now;
  }
  void advance(duration by) const {
    const std::lock_guard lock{shared_->guard};
    shared_->move_by(by);
  }
  /// Goes to that time; one that is past already changes nothing. Returns by how much it moved.
  duration advance_to(steady_time until) const {
    const std::lock_guard lock{shared_->guard};
    const duration by = (std::max)(until - shared_->now.steady, duration::zero());
    shared_->move_by(by);
    return by;
  }
  /// Sets the wall clock alone, as an administrator or a leap of NTP does.
  void set_wall(timestamp wall) const {
    const std::lock_guard lock{shared_->guard};
    shared_->now.wall = wall;
  }

 private:
  struct state {
    explicit state(instants start) : now(start) {}
    void move_by(duration by) {
      now.steady += by;
      now.wall += std::chrono::duration_cast<timestamp::duration>(by);
    }
    std::mutex guard{};
    instants now;
  };
  std::shared_ptr<state> shared_;
};

/// Models a sleeper: moves the clock instead of waiting, and keeps how long each wait would have been. Copies share the list.
class recording_sleeper {
 public:
  explicit recording_sleeper(manual_clock clock) : clock_(std::move(clock)), shared_(std::make_shared<state>()) {}

  result<void> sleep_until(steady_time until, const cancel_token& stop) const {
    if (stop.cancelled()) return fail(error_kind::cancelled, "the caller cancelled the wait");
    const duration waited = clock_.advance_to(until);
    const std::lock_guard lock{shared_->guard};
    shared_->waits.push_back(waited);
    return {};
  }

  std::vector<duration> waits() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->waits;
  }

 private:
  struct state {
    std::mutex guard{};
    std::vector<duration> waits{};
  };
  manual_clock clock_;
  std::shared_ptr<state> shared_;
};

}  // namespace s3store::inline v0

// ---- s3store/transports/scripted.hpp
// What would the code do if the server answered so? A transport that plays a script and keeps what was sent.
//
//   scripted_transport server;
//   server.answer(503, {{"Retry-After", "1"}}).lose(error_kind::connection_lost).answer(200, {}, "hello");
//   client c{settings, {.transport = server}};          // a handle: the test keeps its own
//   …
//   REQUIRE(server.sent().size() == 3);

namespace s3store::inline v0 {

/// A request as it was sent, its body read to the end.
struct recorded_request {
  http::method verb{};
  std::string url{};
  http::headers fields{};
  std::string body{};
  bool has_body{};
};

/// One turn of a script. What `failure` means depends on `fails`.
struct scripted_reply {
  enum class moment : std::uint8_t {
    never,
    before_send,  ///< nothing leaves: the body is not read, and the request is not recorded
    before_head,  ///< the request has gone, and no answer comes
    within_body,  ///< the head and `whole` bytes of the body come
  };
  http::response head{.status = 200};
  std::string body{};
  moment fails{moment::never};
  error failure{};
  std::size_t whole{(std::numeric_limits<std::size_t>::max)()};  ///< how many bytes of the body come before the failure
  duration takes{};                                              ///< how far the answer moves the manual clock
};

/// Models `http::transport` and `http::loop`, with no I/O and no waiting. A handle: copies share the script and what was sent.
/// Safe from any thread; as a loop it finishes what was started in order. A HEAD gets no body.
///
/// It honours limits: an answer that `takes` longer than `first_byte`, or than is left until the deadline, comes too late. With a
/// manual clock that time passes there, and a loop's `poll` that finds nothing to do moves the clock to its end.
class scripted_transport {
 public:
  using moment = scripted_reply::moment;

  scripted_transport() : shared_(std::make_shared<state>()) {}
  explicit scripted_transport(manual_clock clock) : shared_(std::make_shared<state>()), clock_(std::move(clock)) {}

  // --- The script ----------------------------------------------------------------------------------------------------------------

  scripted_transport& then(scripted_reply reply) { return add(std::make_unique<fixed>(std::move(reply))); }
  /// A whole answer.
  scripted_transport& answer(int status, http::headers fields = {}, std::string body = {}) {
    return then({.head = {status, std::move(fields)}, .body = std::move(body)});
  }
  /// Nothing leaves: a name that is not found, a refused port, a bad certificate.
  scripted_transport& refuse(error_kind kind) { return then(failing(kind, moment::before_send)); }
  /// The request goes, and no answer comes.
  scripted_transport& lose(error_kind kind = error_kind::connection_lost) { return then(failing(kind, moment::before_head)); }
  /// The head comes and so many bytes of the body, and then the connection breaks.
  scripted_transport& cut(int status, http::headers fields, std::string body, std::size_t after,
                          error_kind kind = error_kind::connection_lost) {
    auto reply = failing(kind, moment::within_body);
    reply.head = {status, std::move(fields)};
    reply.body = std::move(body);
    reply.whole = after;
    return then(std::move(reply));
  }
  /// No answer, ever: a `timeout` or `deadline_exceeded`, whichever limit comes first.
  scripted_transport& hang() { return then({.takes = (duration::max)()}); }
  /// A function `scripted_reply(const recorded_request&)` that makes the next answer, or all that follow where `forever`.
  /// It runs on the thread of the exchange.
  template <class F>
  scripted_transport& compute(F f, bool forever = false) {
    auto made = std::make_unique<computed<F>>(std::move(f));
    made->forever = forever;
    return add(std::move(made));
  }

  // --- What happened -------------------------------------------------------------------------------------------------------------

  /// All requests that left, in order.
  std::vector<recorded_request> sent() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->sent;
  }
  /// How many exchanges were tried, those that never left included.
  std::size_t tried() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->tried;
  }
  /// How many turns of the script are left.
  std::size_t left() const {
    const std::lock_guard lock{shared_->guard};
    return shared_->script.size();
  }

  // --- The transport -------------------------------------------------------------------------------------------------------------

  http::outcome perform(http::exchange x) {
    if (x.stop.cancelled()) return cancelled();
    if (x.within.deadline <= now()) return late(error_kind::deadline_exceeded);
    const auto now_due = next_turn();
    if (!now_due) return fail(error_kind::transport, "the script has no more answers");
    if (now_due->refusal()) return *now_due->refusal();

    recorded_request request{x.out->verb, x.out->url, x.out->fields, {}, x.out->body != nullptr};
    if (x.out->body)
      if (auto drained = drain(*x.out->body, request.body); !drained) return std::move(drained.error());
    http::transfer_stats moved{.sent = request.body.size()};
    scripted_reply reply = now_due->reply_to(request);
    {
      const std::lock_guard lock{shared_->guard};
      shared_->sent.push_back(std::move(request));
    }
    if (auto in_time = pass(reply.takes, x.within); !in_time) return std::move(in_time.error());
    if (reply.fails == moment::before_head || reply.fails == moment::before_send) return std::move(reply.failure);

    http::sink* const into = x.in ? x.in->on_response(std::move(reply.head)) : nullptr;
    if (x.out->verb != http::method::head) {
      const auto body = as_bytes(reply.body).first((std::min)(reply.body.size(), reply.whole));
      if (into && !body.empty())
        if (auto written = into->write(body); !written) return std::move(written.error());
      moved.received = body.size();
    }
    if (x.stop.cancelled()) return cancelled();
    if (reply.fails == moment::within_body) return std::move(reply.failure);
    return moved;
  }

  // --- The loop ------------------------------------------------------------------------------------------------------------------

  void start(http::exchange x, void* tag) {
    const std::lock_guard lock{shared_->guard};
    shared_->started.push_back({std::move(x), tag});
  }
  void cancel(void* tag) {
    const std::lock_guard lock{shared_->guard};
    std::erase_if(shared_->started, [tag](const pending& p) { return p.tag == tag; });
  }
  void wake() {
    const std::lock_guard lock{shared_->guard};
    shared_->woken = true;
  }
  std::optional<http::completion> poll(steady_time until) {
    auto next = next_started();
    if (next) return http::completion{next->tag, perform(std::move(next->what))};
    const std::lock_guard lock{shared_->guard};
    if (!std::exchange(shared_->woken, false) && clock_ && until != (steady_time::max)()) clock_->advance_to(until);
    return std::nullopt;
  }

 private:
  struct turn {
    virtual ~turn() = default;
    virtual const error* refusal() const { return nullptr; }  ///< why nothing leaves
    virtual scripted_reply reply_to(const recorded_request&) = 0;
    bool forever{};
  };
  struct fixed final : turn {
    explicit fixed(scripted_reply r) : reply(std::move(r)) {}
    const error* refusal() const override { return reply.fails == moment::before_send ? &reply.failure : nullptr; }
    scripted_reply reply_to(const recorded_request&) override { return reply; }
    scripted_reply reply;
  };
  template <class F>
  struct computed final : turn {
    explicit computed(F f) : function(std::move(f)) {}
    scripted_reply reply_to(const recorded_request& request) override { return function(request); }
    F function;
  };
  struct pending {
    http::exchange what{};
    void* tag{};
  };
  struct state {
    std::mutex guard{};
    std::deque<std::shared_ptr<turn>> script{};
    std::vector<recorded_request> sent{};
    std::deque<pending> started{};
    std::size_t tried{};
    bool woken{};
  };

  static error cancelled() { return fail(error_kind::cancelled, "the caller cancelled the exchange"); }
  static error late(error_kind kind) { return fail(kind, "no answer came in time"); }
  static scripted_reply failing(error_kind kind, moment when) {
    return {.fails = when, .failure = fail(kind, "the script says: " + std::string(to_string(kind)))};
  }

  scripted_transport& add(std::shared_ptr<turn> t) {
    const std::lock_guard lock{shared_->guard};
    shared_->script.push_back(std::move(t));
    return *this;
  }
  std::shared_ptr<turn> next_turn() {
    const std::lock_guard lock{shared_->guard};
    ++shared_->tried;
    if (shared_->script.empty()) return nullptr;
    auto first = shared_->script.front();
    if (!first->forever) shared_->script.pop_front();
    return first;
  }
  std::optional<pending> next_started() {
    const std::lock_guard lock{shared_->guard};
    if (shared_->started.empty()) return std::nullopt;
    pending first = std::move(shared_->started.front());
    shared_->started.pop_front();
    return first;
  }

  static result<void> drain(http::source& from, std::string& into) {
    std::byte block[16 * 1024];
    const auto promised = from.size();
    for (;;) {
      auto n = from.read(block);
      if (!n) return std::move(n.error());
      if (*n == 0) break;
      into.append(as_text({block, *n}));
    }
    if (promised && *promised != into.size())
      return fail(error_kind::body_source,
                  "the source gave " + std::to_string(into.size()) + " bytes and promised " + std::to_string(*promised));
    return {};
  }

  steady_time now() const noexcept { return clock_ ? clock_->now().steady : std::chrono::steady_clock::now(); }

  /// Lets an answer's time pass, or as much of it as the limits leave.
  result<void> pass(duration takes, const http::limits& within) const {
    const duration left = within.deadline - now();
    const duration patience = within.first_byte > duration::zero() ? within.first_byte : (duration::max)();
    const duration most = (std::min)(left, patience);
    if (takes >= most && within.deadline == (steady_time::max)() && patience == (duration::max)())
      return fail(error_kind::transport, "the script hangs, and the exchange has no limit that would end it");
    if (clock_) clock_->advance((std::min)(takes, most));
    if (takes < most) return {};
    return late(left <= patience ? error_kind::deadline_exceeded : error_kind::timeout);
  }

  std::shared_ptr<state> shared_;
  std::optional<manual_clock> clock_{};  // the process's, where there is none
};

static_assert(http::transport<scripted_transport> && http::loop<scripted_transport>);

}  // namespace s3store::inline v0

// ---- s3store/transports/curl_error.hpp
// What does a failure of libcurl mean for a retry?
//
// libcurl's codes say what it was doing; a retry needs to know whether the request had left. So the kind depends on the code and on
// whether the connection stood: a reset is `connect` while the TLS or proxy handshake runs and `connection_lost` afterwards.

namespace s3store::inline v0::curl_detail {

/// Host and port of a URL, for messages: no path and no query, which may be a presigned one.
inline std::string_view host_of(std::string_view url) noexcept {
  if (const auto colon = url.find("://"); colon != std::string_view::npos) url.remove_prefix(colon + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return url;
}

/// "50 ms", "30 s".
inline std::string in_words(duration d) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(d).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

struct progress {
  bool connected{};  ///< the connection stood, TLS included, and the request began to leave
  bool answered{};   ///< the final head has come
};

inline error_kind kind_of(CURLcode code, progress seen, std::string_view detail) noexcept {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return error_kind::resolve;

    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_OPERATION_TIMEDOUT:  // the only timer left to libcurl is that of the connection
      return error_kind::connect;

    case CURLE_SSL_CONNECT_ERROR:
      // The peer hung up in the handshake: as likely a busy server as a bad certificate, and as safe to repeat as a refused port.
      for (const std::string_view text : {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"})
        if (detail.find(text) != std::string_view::npos) return error_kind::connect;
      return error_kind::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED: return error_kind::tls;

    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_INTERFACE_FAILED:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION: return error_kind::configuration;

    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_FAIL_REWIND: return seen.connected ? error_kind::connection_lost : error_kind::connect;

    case CURLE_UNSUPPORTED_PROTOCOL:  // of the URL, or an answer that is not HTTP/1
      return seen.connected ? error_kind::malformed_response : error_kind::invalid_argument;
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:  // a user name in the URL
      return error_kind::invalid_argument;

    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return error_kind::malformed_response;
    case CURLE_OUT_OF_MEMORY:  // what libcurl says of a header line over 100 KiB
      return seen.connected && !seen.answered ? error_kind::malformed_response : error_kind::transport;

    default: return error_kind::transport;
  }
}

/// What happened, to which host, and libcurl's own words.
inline error error_of(CURLcode code, progress seen, std::string_view url, std::string_view detail) {
  if (detail.empty()) detail = curl_easy_strerror(code);
  const error_kind kind = kind_of(code, seen, detail);
  const std::string_view what = [kind]() -> std::string_view {
    switch (kind) {
      case error_kind::resolve: return "the host name was not found for ";
      case error_kind::connect: return "no connection to ";
      case error_kind::tls: return "TLS failed with ";
      case error_kind::configuration: return "a transport setting is wrong, so nothing was sent to ";
      case error_kind::connection_lost: return "the connection was lost to ";
      case error_kind::malformed_response: return "no valid HTTP answer came from ";
      case error_kind::invalid_argument: return "the URL was refused for ";
      default: return "the exchange failed with ";
    }
  }();
  return fail(kind, std::string(what).append(host_of(url)).append(": ").append(detail));
}

}  // namespace s3store::inline v0::curl_detail

// ---- s3store/transports/curl_settings.hpp
// What can be set about libcurl? Everything that is not a property of one exchange.

namespace s3store::inline v0 {

/// Empty texts and zeros leave libcurl's own default in place.
struct curl_settings {
  // --- TLS: 1.2 or later
  bool verify_tls{true};             ///< false takes any certificate from anybody: for experiments only
  std::string ca_bundle{};           ///< a PEM file; with it only these authorities are trusted, not the system's
  std::string ca_path{};             ///< a directory prepared by `openssl rehash`; the same
  std::string client_certificate{};  ///< a PEM file
  std::string client_key{};          ///< a PEM file, where the key is not in `client_certificate`
  secret_string client_key_password{};

  // --- The way to the server
  /// Read `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as other S3 clients do. False: the environment is ignored.
  bool proxy_from_environment{true};
  std::string proxy{};              ///< "http://host:port", also https and socks5h; wins over the environment
  std::string no_proxy{};           ///< hosts reached directly, separated by commas; "*" is all; wins over the environment
  std::string network_interface{};  ///< an interface, address or host name to connect from
  bool tcp_keepalive{true};

  // --- Connections and memory
  std::size_t max_idle_connections{32};  ///< kept open for later exchanges, per transport or loop
  long receive_buffer{64 * 1024};        ///< bytes, 1 KiB to 512 KiB: the most that a sink is handed at once
  long send_buffer{64 * 1024};           ///< bytes, 16 KiB to 2 MiB: the most that a source is asked for at once

  /// Ask for leave (`Expect: 100-continue`) before a body is sent, so that a refused upload costs nothing. It adds a round trip.
  bool expect_continue{false};
};

}  // namespace s3store::inline v0

// ---- s3store/transports/curl_handle.hpp
// How does one exchange run on an easy handle of libcurl?
//
// Nothing leaves that the request does not name, and nothing throws through C code. Constant options are set once; an exchange sets
// what differs and never resets the handle, because a reset and its forty options would cost more than a small request.
//
// Each moment of an exchange belongs to one stage, and each stage has one limit: `connecting` is timed by libcurl (which shares the
// time out between a host's addresses), `sending` and `receiving` by `idle`, `waiting` by `first_byte`.

static_assert(LIBCURL_VERSION_NUM >= 0x075000, "s3store needs libcurl 7.80 or later");

namespace s3store::inline v0::curl_detail {

/// libcurl's global start, once and from any thread; versions before 7.84 do not guard it themselves.
inline void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK)
    throw s3_error{fail(error_kind::transport, std::string("libcurl does not start: ") + curl_easy_strerror(started))};
}

class handle {
 public:
  explicit handle(const curl_settings& settings) : easy_(curl_easy_init()), expect_continue_(settings.expect_continue) {
    if (!easy_) throw std::bad_alloc{};
    set_constants(settings);
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  ~handle() { wipe(lines_.data(), lines_.size()); }  // session tokens and customer keys travel in headers

  CURL* easy() const noexcept { return easy_.get(); }
  static handle& of(CURL* easy) noexcept {
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *reinterpret_cast<handle*>(self);
  }

  void* tag() const noexcept { return tag_; }
  bool cancelled() const noexcept { return what_.stop.cancelled(); }

  /// Sets an exchange up; after a failure it must not be run. Its cancel token wakes `multi`.
  result<void> prepare(http::exchange what, void* tag, CURLM* multi) {
    what_ = std::move(what);
    tag_ = tag;
    const http::request& request = *what_.out;
    head_.fields.clear();
    head_.status = 0;
    sink_ = nullptr;
    failure_.reset();
    head_size_ = 0;
    size_ = request.body ? request.body->size() : std::optional<std::uint64_t>{0};
    taken_ = sent_ = received_ = 0;
    answered_ = false;
    enter(stage::connecting);
    detail_[0] = '\0';

    if (setup_ != CURLE_OK) return error_of(setup_, {}, request.url, {});
    if (!lay_out_headers(request)) return fail(error_kind::invalid_argument, "a URL or header must not hold CR, LF or NUL");
    if (auto shaped = shape(request); !shaped) return shaped;
    const auto connect = what_.within.connect > duration::zero()
                             ? std::chrono::ceil<std::chrono::milliseconds>(what_.within.connect).count()
                             : std::int64_t{no_limit};
    if (const long ms = static_cast<long>((std::min)(connect, std::int64_t{no_limit})); ms != connect_ms_)
      set<CURLOPT_CONNECTTIMEOUT_MS>(connect_ms_ = ms);
    set<CURLOPT_URL>(request.url.c_str());
    set<CURLOPT_HTTPHEADER>(nodes_.empty() ? nullptr : nodes_.data());
    if (setup_ != CURLE_OK) return error_of(std::exchange(setup_, CURLE_OK), {}, request.url, {});
    if (what_.stop.can_cancel()) waiter_.emplace(what_.stop, multi);
    return {};
  }

  /// When a limit may have passed.
  steady_time due() const noexcept {
    const duration limit = stage_limit();
    return limit > duration::zero() && limit < what_.within.deadline - stamp_ ? stamp_ + limit : what_.within.deadline;
  }

  /// Why the exchange must end now, if it must.
  std::optional<error> overdue(steady_time now) const {
    const auto from = [this] { return std::string(host_of(what_.out->url)); };
    if (cancelled()) return fail(error_kind::cancelled, "the caller cancelled the exchange with " + from());
    if (now < due()) return std::nullopt;
    if (now >= what_.within.deadline)
      return fail(error_kind::deadline_exceeded, "the deadline passed in the exchange with " + from());
    return fail(error_kind::timeout, (stage_ == stage::waiting ? "no answer began within " : "no byte moved for ") +
                                         in_words(stage_limit()) + " in the exchange with " + from());
  }

  /// What came of it. Lets go of the request, its body and the receiver.
  http::outcome finish(CURLcode code) {
    http::outcome out = conclude(code);
    waiter_.reset();
    what_ = {};
    return out;
  }
  http::outcome finish(error why) {
    if (!failure_) failure_ = std::move(why);
    return finish(CURLE_ABORTED_BY_CALLBACK);
  }

  std::size_t place{};  ///< where the loop keeps it

 private:
  enum class stage : std::uint8_t { connecting, sending, waiting, receiving };
  static constexpr long no_limit = 0x7fffffff;  // ms; zero would mean libcurl's own five minutes
  static constexpr std::size_t largest_head = 256 * 1024;

  struct cleanup {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  /// Wakes the multi handle when the token cancels.
  struct waker {
    waker(const cancel_token& token, CURLM* multi)
        : of(multi), waits(token, this, [](void* self) { curl_multi_wakeup(static_cast<waker*>(self)->of); }) {}
    CURLM* of;
    cancel_waiter waits;
  };

  // --- Setting up ----------------------------------------------------------------------------------------------------------------

  /// Keeps the first failure, so that a setting which this libcurl lacks is reported and not ignored.
  template <CURLoption option, class T>
  void set(T value) noexcept {
    if (const CURLcode code = curl_easy_setopt(easy_.get(), option, value); setup_ == CURLE_OK) setup_ = code;
  }
  template <CURLoption option>
  void set_text(const std::string& value) noexcept {
    if (!value.empty()) set<option>(value.c_str());
  }

  void set_constants(const curl_settings& s) {
    set<CURLOPT_PRIVATE>(static_cast<void*>(this));
    set<CURLOPT_ERRORBUFFER>(detail_);
    set<CURLOPT_NOSIGNAL>(1L);
    set<CURLOPT_HTTP_VERSION>(long{CURL_HTTP_VERSION_1_1});
    set<CURLOPT_PATH_AS_IS>(1L);
    set<CURLOPT_DISALLOW_USERNAME_IN_URL>(1L);
    set<CURLOPT_HTTP_CONTENT_DECODING>(0L);
    set<CURLOPT_HTTP09_ALLOWED>(0L);
    set<CURLOPT_NETRC>(long{CURL_NETRC_IGNORED});
    set<CURLOPT_FOLLOWLOCATION>(0L);
#if LIBCURL_VERSION_NUM >= 0x075500
    set<CURLOPT_PROTOCOLS_STR>("http,https");
#else
    set<CURLOPT_PROTOCOLS>(long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
#endif
    set<CURLOPT_BUFFERSIZE>(s.receive_buffer);
    set<CURLOPT_UPLOAD_BUFFERSIZE>(s.send_buffer);
    set<CURLOPT_TCP_KEEPALIVE>(s.tcp_keepalive ? 1L : 0L);
    set_text<CURLOPT_INTERFACE>(s.network_interface);

    set<CURLOPT_SSLVERSION>(long{CURL_SSLVERSION_TLSv1_2});
    set<CURLOPT_SSL_VERIFYPEER>(s.verify_tls ? 1L : 0L);
    set<CURLOPT_SSL_VERIFYHOST>(s.verify_tls ? 2L : 0L);
    if (!s.ca_bundle.empty() || !s.ca_path.empty()) {  // one alone leaves the system's other one in force
      set<CURLOPT_CAINFO>(s.ca_bundle.empty() ? nullptr : s.ca_bundle.c_str());
      set<CURLOPT_CAPATH>(s.ca_path.empty() ? nullptr : s.ca_path.c_str());
    }
    set_text<CURLOPT_SSLCERT>(s.client_certificate);
    set_text<CURLOPT_SSLKEY>(s.client_key);
    if (!s.client_key_password.empty()) set<CURLOPT_KEYPASSWD>(s.client_key_password.reveal().data());

    // The empty text switches a proxy off; null leaves it to the environment.
    if (!s.proxy.empty() || !s.proxy_from_environment) set<CURLOPT_PROXY>(s.proxy.c_str());
    if (!s.no_proxy.empty() || !s.proxy_from_environment) set<CURLOPT_NOPROXY>(s.no_proxy.c_str());
    set<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1L);
    set<CURLOPT_HEADEROPT>(long{CURLHEADER_SEPARATE});  // a proxy must not see `Authorization`

    set<CURLOPT_HEADERFUNCTION>(+[](char* at, std::size_t, std::size_t n, void* self) -> std::size_t {
      return me(self).guard([&](handle& h) { return h.take_head_line({at, n}); }) ? n : 0;
    });
    set<CURLOPT_HEADERDATA>(static_cast<void*>(this));
    set<CURLOPT_WRITEFUNCTION>(+[](char* at, std::size_t, std::size_t n, void* self) -> std::size_t {
      return me(self).take_body({at, n}) ? n : 0;
    });
    set<CURLOPT_WRITEDATA>(static_cast<void*>(this));
    set<CURLOPT_READFUNCTION>(+[](char* at, std::size_t, std::size_t n, void* self) -> std::size_t {
      const auto given = me(self).give_body({reinterpret_cast<std::byte*>(at), n});
      return given ? *given : std::size_t{CURL_READFUNC_ABORT};
    });
    set<CURLOPT_READDATA>(static_cast<void*>(this));
    set<CURLOPT_SEEKFUNCTION>(+[](void* self, curl_off_t to, int) -> int {
      return me(self).rewind(static_cast<std::uint64_t>(to)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
    });
    set<CURLOPT_SEEKDATA>(static_cast<void*>(this));
    set<CURLOPT_PREREQFUNCTION>(+[](void* self, char*, char*, int, int) -> int {
      return me(self).begin_sending() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    });
    set<CURLOPT_PREREQDATA>(static_cast<void*>(this));
    set<CURLOPT_XFERINFOFUNCTION>(+[](void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) -> int {
      me(self).note_progress(static_cast<std::uint64_t>(down), static_cast<std::uint64_t>(up));
      return 0;
    });
    set<CURLOPT_XFERINFODATA>(static_cast<void*>(this));
    set<CURLOPT_NOPROGRESS>(0L);
  }

  /// Writes the header lines into memory that is reused, and links libcurl's list nodes to them.
  bool lay_out_headers(const http::request& request) {
    std::size_t size = 0;
    for (const auto& [name, value] : request.fields) size += name.size() + value.size() + 3;
    lines_.clear();
    lines_.reserve(size);  // so that the nodes' pointers hold
    nodes_.clear();
    nodes_.reserve(request.fields.size() + 2);
    bool accept = false, expect = false, whole = request.url.find('\0') == std::string::npos;
    for (const auto& [name, value] : request.fields) {
      char* const line = lines_.data() + lines_.size();
      lines_.append(name).append(value.empty() ? ";" : ": ").append(value).push_back('\0');
      whole = whole && std::strlen(line) == static_cast<std::size_t>(lines_.data() + lines_.size() - line - 1);
      nodes_.push_back({line, nullptr});
      accept = accept || equal_ignoring_case(name, "Accept");
      expect = expect || equal_ignoring_case(name, "Expect");
    }
    // A name without a value takes out what libcurl would add. It does not write to these texts.
    if (!accept) nodes_.push_back({const_cast<char*>("Accept:"), nullptr});
    if (!expect && size_ != 0)
      nodes_.push_back({const_cast<char*>(expect_continue_ ? "Expect: 100-continue" : "Expect:"), nullptr});
    for (std::size_t i = 1; i < nodes_.size(); ++i) nodes_[i - 1].next = &nodes_[i];
    return whole && !std::memchr(lines_.data(), '\r', lines_.size()) && !std::memchr(lines_.data(), '\n', lines_.size());
  }

  /// The method. All bodies travel as uploads, so that libcurl adds no Content-Type; a PUT or POST always has one, if an empty one.
  result<void> shape(const http::request& request) {
    const bool upload = request.body || request.verb == http::method::put || request.verb == http::method::post;
    if (upload && request.verb == http::method::head)
      return fail(error_kind::invalid_argument, "a HEAD request must not have a body");
    if (const std::pair now{request.verb, upload}; now != shape_) {
      set<CURLOPT_HTTPGET>(1L);
      if (upload) set<CURLOPT_UPLOAD>(1L);
      if (request.verb == http::method::head) set<CURLOPT_NOBODY>(1L);
      const bool implied = request.verb == (upload ? http::method::put : http::method::get) || request.verb == http::method::head;
      set<CURLOPT_CUSTOMREQUEST>(implied ? nullptr : to_string(request.verb).data());
      shape_ = now;
    }
    if (upload) set<CURLOPT_INFILESIZE_LARGE>(size_ ? static_cast<curl_off_t>(*size_) : curl_off_t{-1});
    return {};
  }

  // --- What libcurl calls --------------------------------------------------------------------------------------------------------

  static handle& me(void* self) noexcept { return *static_cast<handle*>(self); }

  bool refuse(error why) noexcept {
    if (!failure_) failure_ = std::move(why);
    return false;
  }
  template <class F>
  bool guard(F&& f) noexcept {
    try {
      return f(*this);
    } catch (...) {
      return refuse(fail(error_kind::transport, "out of memory"));
    }
  }

  void enter(stage next) noexcept {
    stage_ = next;
    stamp_ = std::chrono::steady_clock::now();
  }
  duration stage_limit() const noexcept {
    if (stage_ == stage::connecting) return {};
    return stage_ == stage::waiting ? what_.within.first_byte : what_.within.idle;
  }

  /// The connection stands. It comes a second time when libcurl found a kept connection dead and took another.
  bool begin_sending() noexcept {
    return guard([](handle& h) {
      if (h.taken_ != 0 && !h.rewind(0))
        return h.refuse(fail(error_kind::connection_lost, "a kept connection to " + std::string(host_of(h.what_.out->url)) +
                                                              " was dead, and the body can't be read a second time"));
      h.enter(h.size_ == 0 ? stage::waiting : stage::sending);
      return true;
    });
  }

  bool rewind(std::uint64_t to) noexcept {
    if (to == taken_) return true;
    if (!what_.out->body || !what_.out->body->seek(to)) return false;
    taken_ = to;
    return true;
  }

  std::optional<std::size_t> give_body(std::span<std::byte> room) noexcept {
    if (size_ && *size_ - taken_ < room.size()) room = room.first(static_cast<std::size_t>(*size_ - taken_));
    if (room.empty()) return 0;
    auto given = what_.out->body->read(room);
    if (!given) return refuse(std::move(given.error())), std::nullopt;
    taken_ += *given;
    if (*given == 0 && size_) {
      guard([](handle& h) {
        return h.refuse(fail(error_kind::body_source, "the source ended after " + std::to_string(h.taken_) + " of the " +
                                                          std::to_string(*h.size_) + " bytes that it promised"));
      });
      return std::nullopt;
    }
    if (stage_ == stage::sending && (*given == 0 || taken_ == size_)) enter(stage::waiting);
    return *given;
  }

  void note_progress(std::uint64_t down, std::uint64_t up) noexcept {
    if (down == received_ && up == sent_) return;
    received_ = down;
    sent_ = up;
    stamp_ = std::chrono::steady_clock::now();
  }

  bool take_head_line(std::string_view line) {
    if (answered_) {
      // A trailer, which says nothing that S3 defines; or libcurl began anew (after a 417), which the receiver must not see.
      return !line.starts_with("HTTP/") || refuse(fail(error_kind::malformed_response, "the server answered twice"));
    }
    if ((head_size_ += line.size()) > largest_head)
      return refuse(
          fail(error_kind::malformed_response, "the head of the answer is larger than " + std::to_string(largest_head) + " bytes"));
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
      head_.status = parse_integer<int>(trim(line.substr((std::min)(line.find(' '), line.size()))).substr(0, 3)).value_or(0);
      head_.fields.clear();
      head_.fields.reserve(usual_text_, usual_fields_);
    } else if (line.empty()) {
      if (head_.status >= 200) return deliver_head();
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      if (stage_ != stage::receiving && head_.status >= 200) enter(stage::receiving);
      head_.fields.add(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return true;
  }

  bool deliver_head() {
    enter(stage::receiving);
    answered_ = true;
    usual_text_ = (std::min)(head_size_, std::size_t{4096});
    usual_fields_ = (std::min)(head_.fields.size(), std::size_t{64});
    if (what_.in) sink_ = what_.in->on_response(std::move(head_));
    return true;
  }

  bool take_body(std::string_view bytes) noexcept {
    if (!sink_) return true;
    auto written = sink_->write(as_bytes(bytes));
    return written || refuse(std::move(written.error()));
  }

  // --- The end -------------------------------------------------------------------------------------------------------------------

  http::outcome conclude(CURLcode code) {
    if (failure_) return std::move(*failure_);
    if (code != CURLE_OK) return error_of(code, {stage_ != stage::connecting, answered_}, what_.out->url, detail_);
    if (!answered_) return fail(error_kind::connection_lost, "no final answer came from " + std::string(host_of(what_.out->url)));
    long connects = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects);
    return http::transfer_stats{.sent = sent_, .received = received_, .reused_connection = connects == 0};
  }

  std::unique_ptr<CURL, cleanup> easy_;
  bool expect_continue_;
  CURLcode setup_{CURLE_OK};
  std::optional<std::pair<http::method, bool>> shape_{};
  long connect_ms_{-1};
  std::string lines_{};
  std::vector<curl_slist> nodes_{};
  std::size_t usual_text_{512}, usual_fields_{16};
  char detail_[CURL_ERROR_SIZE]{};

  http::exchange what_{};
  std::optional<waker> waiter_{};  // after the token that it watches
  void* tag_{};
  http::response head_{};
  http::sink* sink_{};
  std::optional<error> failure_{};
  std::size_t head_size_{};
  std::optional<std::uint64_t> size_{};
  std::uint64_t taken_{}, sent_{}, received_{};
  steady_time stamp_{};  // the last byte in either direction, or the start of the stage
  stage stage_{};
  bool answered_{};
};

}  // namespace s3store::inline v0::curl_detail

// ---- s3store/transports/curl_sigpipe.hpp
// How does a lost TLS connection not kill the process?
//
// Writing to a socket whose peer is gone raises SIGPIPE. libcurl asks the system not to, but before 7.88 OpenSSL wrote to the
// socket itself and did not. libcurl's own remedy swaps the process's signal handler on every call, which threads do to each
// other's harm, so it is off (CURLOPT_NOSIGNAL). Here the signal is blocked for this thread while libcurl runs, and taken back if
// it came.

#if !defined(_WIN32) && !defined(__APPLE__)
#include <cerrno>
#include <csignal>
#include <ctime>
#endif

namespace s3store::inline v0::curl_detail {

#if !defined(_WIN32) && !defined(__APPLE__)

inline bool raises_sigpipe() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num < 0x075800; }

class sigpipe_block {
 public:
  explicit sigpipe_block(bool needed) noexcept {
    if (!needed) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE)) return;  // already blocked by the caller, who is owed it
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    blocking_ = pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  ~sigpipe_block() {
    if (!blocking_) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  sigpipe_block(const sigpipe_block&) = delete;
  sigpipe_block& operator=(const sigpipe_block&) = delete;

 private:
  sigset_t pipe_{}, before_{};
  bool blocking_{};
};

#else

inline bool raises_sigpipe() noexcept { return false; }  // no such signal, or libcurl sets SO_NOSIGPIPE
struct sigpipe_block {
  explicit sigpipe_block(bool) noexcept {}
};

#endif

}  // namespace s3store::inline v0::curl_detail

// ---- s3store/transports/curl_loop.hpp
// How do many exchanges run at once on one thread? On one multi handle of libcurl, by whoever calls `poll`.
//
// One turn of `poll` lets libcurl move bytes, collects what is over, ends what is late or cancelled, and only then waits. The time
// that limits are held against is taken before the bytes move: an exchange whose bytes lay ready while another one's sink was slow
// has moved on by the time it is judged.

namespace s3store::inline v0 {

/// Models `http::loop`. For one thread; only `wake`, and cancelling a token, may come from others. No thread of its own.
/// Receivers, sources and sinks are called inside `poll`, and must not call the loop. Connections are kept and reused.
/// Destroying it drops what is under way, without completions.
class curl_loop {
 public:
  explicit curl_loop(curl_settings settings = {}) : settings_(std::move(settings)) {
    curl_detail::start_libcurl();
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>((std::min)(settings_.max_idle_connections, std::size_t{1} << 20)));
    guards_sigpipe_ = curl_detail::raises_sigpipe();
  }
  curl_loop(curl_loop&&) noexcept = default;
  curl_loop& operator=(curl_loop&&) = delete;
  ~curl_loop() {
    const curl_detail::sigpipe_block quiet{guards_sigpipe_};
    for (const auto& h : active_) curl_multi_remove_handle(multi_.get(), h->easy());
    active_.clear();
    idle_.clear();
    multi_.reset();
  }

  /// Begins an exchange. What it points to must live until its completion has come out of `poll`, which it does for failures, too.
  void start(http::exchange what, void* tag) {
    if (idle_.empty()) idle_.push_back(std::make_unique<curl_detail::handle>(settings_));
    finished_.reserve(finished_.size() + active_.size() + 1);  // so that nothing below throws halfway
    active_.reserve(active_.size() + 1);
    idle_.reserve(idle_.size() + active_.size() + 1);

    curl_detail::handle& h = *idle_.back();
    auto ready = h.prepare(std::move(what), tag, multi_.get());
    if (ready)
      if (const CURLMcode code = curl_multi_add_handle(multi_.get(), h.easy()); code != CURLM_OK) ready = refusal(code);
    if (!ready) {
      finished_.push_back({tag, h.finish(std::move(ready.error()))});
      return;
    }
    h.place = active_.size();
    active_.push_back(std::move(idle_.back()));
    idle_.pop_back();
  }

  /// Ends an exchange and forgets it: nothing of it is touched any more, and `poll` will not speak of it.
  void cancel(void* tag) {
    for (std::size_t i = active_.size(); i-- != 0;)
      if (active_[i]->tag() == tag) end(*active_[i], error{});
    std::erase_if(finished_, [tag](const http::completion& over) { return over.tag == tag; });
  }

  /// Ends a `poll` early, or the next one if none is under way. From any thread.
  void wake() noexcept {
    woken_->store(true, std::memory_order_release);
    curl_multi_wakeup(multi_.get());
  }

  /// A finished exchange; nothing at `until` or after a wake. A time in the past looks once and does not wait.
  std::optional<http::completion> poll(steady_time until) {
    const curl_detail::sigpipe_block quiet{guards_sigpipe_};
    for (;;) {
      const steady_time now = std::chrono::steady_clock::now();
      if (finished_.empty()) advance(now);
      if (!finished_.empty()) {
        http::completion first = std::move(finished_.front());
        finished_.erase(finished_.begin());
        return first;
      }
      if (woken_->exchange(false, std::memory_order_acq_rel) || now >= until) return std::nullopt;
      wait(until);
    }
  }

 private:
  struct cleanup {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  static error refusal(CURLMcode code) {
    return fail(error_kind::transport, std::string("libcurl refused to run: ") + curl_multi_strerror(code));
  }

  void advance(steady_time now) {
    int running = 0;
    if (const CURLMcode code = curl_multi_perform(multi_.get(), &running); code != CURLM_OK) return end_all(code);
    int left = 0;
    while (CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto& h = curl_detail::handle::of(message->easy_handle);
      end(h, message->data.result);  // the message is gone once its handle is removed
    }
    for (std::size_t i = active_.size(); i-- != 0;)
      if (auto late = active_[i]->overdue(now)) end(*active_[i], std::move(*late));
  }

  void wait(steady_time until) {
    for (const auto& h : active_) until = (std::min)(until, h->due());
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    const auto ms = std::clamp(left, milliseconds{0}, milliseconds{3'600'000}).count();
    if (const CURLMcode code = curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(ms), nullptr); code != CURLM_OK)
      end_all(code);
  }

  template <class Why>
  void end(curl_detail::handle& h, Why why) {
    curl_multi_remove_handle(multi_.get(), h.easy());
    finished_.push_back({h.tag(), h.finish(std::move(why))});
    const std::size_t at = h.place;
    idle_.push_back(std::move(active_[at]));
    if (at + 1 != active_.size()) {
      active_[at] = std::move(active_.back());
      active_[at]->place = at;
    }
    active_.pop_back();
  }
  void end_all(CURLMcode code) {
    while (!active_.empty()) end(*active_.back(), refusal(code));
  }

  curl_settings settings_;
  std::unique_ptr<CURLM, cleanup> multi_{};
  std::vector<std::unique_ptr<curl_detail::handle>> active_{}, idle_{};
  std::vector<http::completion> finished_{};
  std::unique_ptr<std::atomic<bool>> woken_{std::make_unique<std::atomic<bool>>(false)};
  bool guards_sigpipe_{};
};

static_assert(http::loop<curl_loop>);

}  // namespace s3store::inline v0

// ---- s3store/transports/curl_transport.hpp
// How do many threads share libcurl? Each exchange leases a loop from a pool, and gives it back with its connection open.

namespace s3store::inline v0 {

/// Models `http::transport`: `perform` may be called from any thread. Making one does nothing yet; it must not be moved in use.
/// A pooled loop keeps one connection and is leased for the host it is connected to; the most recently used one goes first, so that
/// a pool that was once busy lets its older connections age.
class curl_transport {
 public:
  explicit curl_transport(curl_settings settings = {}) : shared_(std::make_unique<pool>(std::move(settings))) {}

  /// Performs the exchange on this thread, and returns when it is over.
  http::outcome perform(http::exchange what) {
    const std::string_view origin = origin_of(what.out->url);
    kept leased = shared_->lease(origin);
    leased.loop->start(std::move(what), nullptr);
    std::optional<http::completion> over;
    while (!over) over = leased.loop->poll((steady_time::max)());
    shared_->give_back(std::move(leased));
    return std::move(over->what);
  }

 private:
  struct kept {
    std::string origin{};
    std::unique_ptr<curl_loop> loop{};
  };

  /// Scheme, host and port: what a connection is good for.
  static std::string_view origin_of(std::string_view url) noexcept {
    const auto host = url.find("://");
    return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", host + 3));
  }

  class pool {
   public:
    explicit pool(curl_settings settings)
        : settings_(std::move(settings)), most_((std::max)(settings_.max_idle_connections, std::size_t{1})) {
      settings_.max_idle_connections = 1;
    }

    kept lease(std::string_view origin) {
      {
        const std::lock_guard lock{guard_};
        for (std::size_t i = idle_.size(); i-- != 0;)
          if (idle_[i].origin == origin) {
            kept found = std::move(idle_[i]);
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            return found;
          }
      }
      return {std::string(origin), std::make_unique<curl_loop>(settings_)};
    }

    void give_back(kept used) {
      kept oldest;  // closed after the lock is gone
      const std::lock_guard lock{guard_};
      if (idle_.size() == most_) {
        oldest = std::move(idle_.front());
        idle_.erase(idle_.begin());
      }
      idle_.push_back(std::move(used));
    }

   private:
    curl_settings settings_;
    std::size_t most_;
    std::mutex guard_{};
    std::vector<kept> idle_{};  // the least recently used first
  };

  std::unique_ptr<pool> shared_;
};

static_assert(http::transport<curl_transport>);

}  // namespace s3store::inline v0

// ---- s3store/transports/curl.hpp
// libcurl as the transport of one thread or many, and as a loop. Only the headers under this one include <curl/curl.h>.

// ---- s3store/transports/embedded/chunked.hpp
// What does a body in aws-chunked encoding carry? Its bytes and trailer, once the signatures of its chunks are verified.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html

namespace s3store::inline v0::embedded {

struct decoded_body {
  std::string bytes{};
  headers trailer{};
};

/// Takes an encoded body apart.
class chunk_reader {
 public:
  /// `signatures`: the chain that continues the signature of the headers; nothing: the chunks are unsigned.
  chunk_reader(std::string_view encoded, std::optional<auth::chunk_signer> signatures)
      : left_(encoded), signatures_(std::move(signatures)) {}

  /// Fails with IncompleteBody, InvalidRequest or SignatureDoesNotMatch. `announced`: the names in x-amz-trailer.
  result<decoded_body> read(std::string_view announced) {
    decoded_body out;
    for (;;) {
      auto head = line();
      if (!head) return cut();
      const auto semicolon = head->find(';');
      const std::string_view digits = head->substr(0, semicolon);
      std::uint64_t size{};
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
      if (failure != std::errc{} || end != digits.data() + digits.size())
        return auth::refusal("InvalidRequest", 400, "the size of a chunk is no hexadecimal number");
      if (size > left_.size()) return cut();
      const std::string_view bytes = left_.substr(0, static_cast<std::size_t>(size));
      left_.remove_prefix(bytes.size());
      if (signatures_) {
        constexpr std::string_view name = ";chunk-signature=";
        const std::string_view extension = semicolon == std::string_view::npos ? std::string_view{} : head->substr(semicolon);
        const std::string_view signature = extension.starts_with(name) ? extension.substr(name.size()) : std::string_view{};
        if (auto right = auth::verify_chunk(signatures_->chunk(as_bytes(bytes)), signature); !right)
          return std::move(right.error());
      }
      if (size == 0) break;
      out.bytes.append(bytes);
      if (!left_.starts_with("\r\n")) return cut();
      left_.remove_prefix(2);
    }
    if (auto read = read_trailer(out.trailer, announced); !read) return std::move(read.error());
    return out;
  }

 private:
  static error cut() { return auth::refusal("IncompleteBody", 400, "the body ends within a chunk or the trailer"); }

  std::optional<std::string_view> line() {
    const auto end = left_.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto out = left_.substr(0, end);
    left_.remove_prefix(end + 2);
    return out;
  }

  result<void> read_trailer(headers& out, std::string_view announced) {
    std::string signed_text;
    std::string_view signature;
    while (!left_.empty()) {
      // The last line break may be missing behind the last field.
      auto field = line();
      if (!field) return cut();
      if (field->empty()) break;
      const auto colon = field->find(':');
      if (colon == std::string_view::npos) return auth::refusal("MalformedTrailerError", 400, "a trailer field must be name:value");
      const std::string name = lower_case(trim(field->substr(0, colon)));
      const std::string_view value = trim(field->substr(colon + 1));
      if (name == "x-amz-trailer-signature") {
        signature = value;
        continue;
      }
      signed_text.append(name).append(":").append(value).append("\n");
      out.add(name, value);
    }
    for (const auto [name, value] : out) {
      bool known = false;
      split(announced, ',', [&, one = name](std::string_view a) { known = known || equal_ignoring_case(trim(a), one); });
      if (!known) return auth::refusal("MalformedTrailerError", 400, "the trailer has a field that x-amz-trailer does not name");
    }
    bool missing = false;
    split(announced, ',', [&](std::string_view a) { missing = missing || (!trim(a).empty() && !out.contains(trim(a))); });
    if (missing) return auth::refusal("MalformedTrailerError", 400, "the trailer lacks a field that x-amz-trailer names");
    if (signatures_ && !trim(announced).empty()) return auth::verify_chunk(signatures_->finish_trailer(signed_text), signature);
    return {};
  }

  std::string_view left_;
  std::optional<auth::chunk_signer> signatures_;
};

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/folder.hpp
// How are folders made, listed and removed, and small files replaced? With the system's own calls: <filesystem> is slow to compile.

#ifdef _WIN32
#include <direct.h>
#include <io.h>
#else
#include <dirent.h>
#include <unistd.h>
#endif

namespace s3store::inline v0::embedded {

inline error folder_failure(std::string_view what, const std::string& path, int code) {
  return fail(error_kind::io, "cannot " + std::string(what) + " " + path + ": " + std::generic_category().message(code));
}

/// Makes the folder and those above it; one that is there is fine.
inline result<void> make_folder(const std::string& path) {
#ifdef _WIN32
  const auto make = [](const std::string& p) { return ::_mkdir(p.c_str()); };
#else
  const auto make = [](const std::string& p) { return ::mkdir(p.c_str(), 0777); };
#endif
  if (make(path) == 0 || errno == EEXIST) return {};
  const auto slash = path.find_last_of('/');
  if (errno != ENOENT || slash == std::string::npos || slash == 0) return folder_failure("make the folder", path, errno);
  if (auto above = make_folder(path.substr(0, slash)); !above) return above;
  if (make(path) != 0 && errno != EEXIST) return folder_failure("make the folder", path, errno);
  return {};
}

/// The names in a folder, "." and ".." excepted, in no order.
inline result<std::vector<std::string>> list_folder(const std::string& path) {
  std::vector<std::string> out;
  const auto take = [&out](std::string_view name) {
    if (name != "." && name != "..") out.emplace_back(name);
  };
#ifdef _WIN32
  _finddata_t found{};
  const auto handle = ::_findfirst((path + "/*").c_str(), &found);
  if (handle == -1) return folder_failure("list the folder", path, errno);
  do take(found.name);
  while (::_findnext(handle, &found) == 0);
  ::_findclose(handle);
#else
  DIR* const folder = ::opendir(path.c_str());
  if (!folder) return folder_failure("list the folder", path, errno);
  while (const dirent* const entry = ::readdir(folder)) take(entry->d_name);
  ::closedir(folder);
#endif
  return out;
}

inline result<void> remove_folder(const std::string& path) {
#ifdef _WIN32
  const int done = ::_rmdir(path.c_str());
#else
  const int done = ::rmdir(path.c_str());
#endif
  if (done != 0 && errno != ENOENT) return folder_failure("remove the folder", path, errno);
  return {};
}

/// Makes or replaces a file; who reads it sees the old text or the new one, never a part.
inline result<void> replace_file(const std::string& path, std::string_view text) {
  const std::string next = path + ".next";
  {
    auto file = http::detail::file::open(next, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return std::move(file.error());
    if (auto written = file->write(as_bytes(text)); !written) return written;
    if (auto closed = file->close(); !closed) return closed;
  }
#ifdef _WIN32
  std::remove(path.c_str());
#endif
  if (std::rename(next.c_str(), path.c_str()) != 0) return folder_failure("write", path, errno);
  return {};
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/content.hpp
// Where are the bytes of an object? In one or more pieces, each in memory or in a file of its own, shared by all that refer to them.

namespace s3store::inline v0::embedded {

/// A piece of content, never changed once it is there.
class blob {
 public:
  explicit blob(std::string bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {}
  /// A file, which goes with the last that refers to it, as long as `open`: not while the store is loaded, and not when it is closed.
  blob(std::int64_t number, std::string path, std::uint64_t size, std::shared_ptr<const std::atomic<bool>> open)
      : number_(number), size_(size), path_(std::move(path)), open_(std::move(open)) {}
  blob(const blob&) = delete;
  blob& operator=(const blob&) = delete;
  ~blob() {
    if (open_ && *open_) std::remove(path_.c_str());
  }

  std::int64_t number() const noexcept { return number_; }
  std::uint64_t size() const noexcept { return size_; }

  result<void> append_to(std::string& out, std::uint64_t offset, std::uint64_t length) const {
    if (path_.empty()) {
      out.append(bytes_, static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
      return {};
    }
    auto opened = http::file_source::open(path_, offset, length);
    if (!opened) return std::move(opened.error());
    const std::size_t before = out.size();
    out.resize(before + static_cast<std::size_t>(length));
    for (std::size_t at = before; at != out.size();) {
      auto got = opened->read(std::as_writable_bytes(std::span{out.data() + at, out.size() - at}));
      if (!got) return std::move(got.error());
      at += *got;
    }
    return {};
  }

 private:
  std::int64_t number_{};
  std::uint64_t size_;
  std::string bytes_{};
  std::string path_{};
  std::shared_ptr<const std::atomic<bool>> open_{};
};

class content {
 public:
  content() = default;
  explicit content(std::shared_ptr<const blob> one) : size_(one->size()) { pieces_.push_back(std::move(one)); }

  std::uint64_t size() const noexcept { return size_; }
  const std::vector<std::shared_ptr<const blob>>& pieces() const noexcept { return pieces_; }

  /// What `other` has follows; nothing is copied.
  void append(const content& other) {
    pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
    size_ += other.size_;
  }

  /// `length` bytes from `offset` on, all of which there must be.
  result<std::string> read(std::uint64_t offset, std::uint64_t length) const {
    std::string out;
    out.reserve(static_cast<std::size_t>(length));
    for (const auto& piece : pieces_) {
      if (offset >= piece->size()) {
        offset -= piece->size();
        continue;
      }
      const std::uint64_t n = (std::min)(length, piece->size() - offset);
      if (auto read = piece->append_to(out, offset, n); !read) return std::move(read.error());
      length -= n;
      offset = 0;
      if (length == 0) break;
    }
    return out;
  }

  /// Feeds all bytes to `update(span)`, a piece at a time.
  template <class Update>
  result<void> each(Update&& update) const {
    std::string bytes;
    for (const auto& piece : pieces_) {
      bytes.clear();
      if (auto read = piece->append_to(bytes, 0, piece->size()); !read) return read;
      update(as_bytes(bytes));
    }
    return {};
  }

 private:
  std::vector<std::shared_ptr<const blob>> pieces_{};
  std::uint64_t size_{};
};

/// Takes bytes in: into memory, or into files of a folder that is there.
class depot {
 public:
  explicit depot(std::string folder) : folder_(std::move(folder)) {}
  ~depot() { *open_ = false; }
  depot(const depot&) = delete;
  depot& operator=(const depot&) = delete;

  result<content> keep(std::string bytes) {
    if (bytes.empty()) return content{};
    if (folder_.empty()) return content{std::make_shared<const blob>(std::move(bytes))};
    const std::int64_t number = ++last_;
    auto file = http::detail::file::open(path_of(number), O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return std::move(file.error());
    auto made = std::make_shared<const blob>(number, path_of(number), bytes.size(), open_);  // from here on the file goes with it
    if (auto written = file->write(as_bytes(bytes)); !written) return std::move(written.error());
    if (auto closed = file->close(); !closed) return std::move(closed.error());
    return content{std::move(made)};
  }

  /// A piece that an earlier process has kept.
  result<std::shared_ptr<const blob>> find(std::int64_t number) {
    auto& known = found_[number];
    if (auto there = known.lock()) return there;
    auto file = http::file_source::open(path_of(number));
    if (!file) return std::move(file.error());
    last_ = (std::max)(last_, number);
    auto made = std::make_shared<const blob>(number, path_of(number), file->length(), open_);
    known = made;
    return made;
  }
  /// Once all pieces are found. What nobody refers to goes: a process has ended between writing it and its record.
  result<void> open() {
    if (folder_.empty()) return {};
    auto names = list_folder(folder_);
    if (!names) return std::move(names.error());
    for (const std::string& name : *names)
      if (const auto number = parse_integer<std::int64_t>(name); number && !found_.contains(*number))
        std::remove(path_of(*number).c_str());
    found_.clear();
    *open_ = true;
    return {};
  }

 private:
  std::string path_of(std::int64_t number) const { return folder_ + "/" + std::to_string(number); }

  std::string folder_;
  std::int64_t last_{};
  std::map<std::int64_t, std::weak_ptr<const blob>> found_{};
  std::shared_ptr<std::atomic<bool>> open_{std::make_shared<std::atomic<bool>>(false)};
};

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/model.hpp
// What are the things that an embedded S3 keeps? Plain structures; what happens to them is the store's matter.

namespace s3store::inline v0::embedded {

/// Of an object or a part, verified or computed here.
struct checksum_value {
  crypto::checksum_algorithm algorithm{};
  std::string text{};  ///< base64; of a composite one with its "-N"
  bool composite{};    ///< over the checksums of the parts

  std::string field() const { return "x-amz-checksum-" + lower_case(crypto::name(algorithm)); }
  std::string element() const { return "Checksum" + std::string(crypto::name(algorithm)); }
  std::string_view type() const noexcept { return composite ? "COMPOSITE" : "FULL_OBJECT"; }
};

struct part {
  std::int32_t number{};
  std::string etag{};  ///< with its quotes
  timestamp last_modified{};
  content bytes{};
  std::optional<checksum_value> checksum{};
};

/// The id of the version that an object has where the bucket keeps none.
inline constexpr std::string_view null_version = "null";

struct version {
  std::string id{};
  std::int64_t number{};  ///< of its record
  bool delete_marker{};
  timestamp last_modified{};
  std::string etag{};     ///< with its quotes
  content bytes{};
  headers fields{};       ///< as they came: content headers, storage class, encryption, object lock, user metadata
  std::string tagging{};  ///< "a=b&c=d"
  std::optional<checksum_value> checksum{};
  std::vector<part> parts{};  ///< of an object that was uploaded in parts; `bytes` is all of theirs
};

struct upload {
  std::string id{};
  std::int64_t number{};
  timestamp initiated{};
  headers fields{};
  std::string tagging{};
  std::optional<crypto::checksum_algorithm> algorithm{};  ///< that the creator has named
  bool composite{};
  std::map<std::int32_t, part> parts{};
};

struct bucket {
  std::string name{};
  timestamp created{};
  std::string versioning{};  ///< "", "Enabled" or "Suspended"
  bool object_lock{};
  std::map<std::string, std::vector<version>, std::less<>>
      objects{};  ///< by key, in the order of its bytes; the newest version first
  std::map<std::pair<std::string, std::string>, upload> uploads{};     ///< by key and upload id

  bool has_versions() const noexcept { return !versioning.empty(); }
};

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/options.hpp
// What is an embedded S3 told when it is made?

namespace s3store::inline v0 {

/// Any clock with `now() const -> instants`, kept by value; by default the system's. One that a test moves by hand (manual_clock) has
/// `advance_to(steady_time)` as well, with which waiting for a time is to go there.
class embedded_clock {
 public:
  embedded_clock() : embedded_clock(system_clock{}) {}
  template <class Clock>
    requires requires(const Clock& c) { { c.now() } -> std::same_as<instants>; } && (!std::is_same_v<Clock, embedded_clock>)
  embedded_clock(Clock clock) : behind_(std::make_shared<const model<Clock>>(std::move(clock))) {}

  instants now() const { return behind_->now(); }
  /// False: the clock goes by itself.
  bool advance_to(steady_time until) const { return behind_->advance_to(until); }

 private:
  struct any {
    virtual ~any() = default;
    virtual instants now() const = 0;
    virtual bool advance_to(steady_time until) const = 0;
  };
  template <class Clock>
  struct model final : any {
    explicit model(Clock c) : clock(std::move(c)) {}
    instants now() const override { return clock.now(); }
    bool advance_to([[maybe_unused]] steady_time until) const override {
      if constexpr (requires { clock.advance_to(until); }) {
        clock.advance_to(until);
        return true;
      }
      return false;
    }
    Clock clock;
  };
  std::shared_ptr<const any> behind_;
};

struct embedded_options {
  std::string root{};  ///< a directory that objects are kept in, made if it isn't there; empty: they are kept in memory
  std::vector<auth::credentials> credentials{{.access_key_id = "embedded", .secret_access_key = "embedded-secret"}};
  std::string region{"us-east-1"};
  std::string account{"123456789012"};  ///< that owns every bucket
  std::string domain{};                 ///< "s3.test": a request to bucket.s3.test is one for that bucket
  embedded_clock clock{};
  bool anonymous_allowed{};             ///< unsigned requests may do everything
  std::uint64_t min_part_size{5u << 20};  ///< of every part of an upload but the last, in bytes
};

}  // namespace s3store::inline v0

// ---- s3store/transports/embedded/context.hpp
// What does every operation of an embedded S3 work with? The request, the store, the time, and what was learned of the body.

namespace s3store::inline v0::embedded {

using auth::refusal;

/// The body, hashed on its way in.
struct body_facts {
  std::string md5{};                         ///< 16 raw bytes
  std::optional<checksum_value> checksum{};  ///< that the client has sent, and that the body has
};

/// The functions that take one are templates, so that a program which includes them and calls none pays for none.
template <class Store>
struct context {
  Store& kept;
  const embedded_options& options;
  timestamp now{};
  received_request& request;
  const body_facts& body;
  bool anonymous{};
  std::string origin{};            ///< scheme and host, for addresses in answers
  headers more{};                  ///< further fields of the answer, or of its error
  std::optional<int> status{};     ///< of success, where it is not the operation's own
};

inline std::string in_quotes(std::string_view s) { return std::string("\"").append(s).append("\""); }
inline std::string_view unquoted(std::string_view s) noexcept {
  if (s.starts_with("W/")) s.remove_prefix(2);
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') s = s.substr(1, s.size() - 2);
  return s;
}

inline error invalid(std::string message) { return refusal("InvalidArgument", 400, std::move(message)); }
inline error bad_request(std::string message) { return refusal("InvalidRequest", 400, std::move(message)); }
inline error not_done(std::string_view what) {
  return refusal("NotImplemented", 501, "the embedded S3 does not do this: " + std::string(what));
}

template <class T>
std::string text_of(const T& v, timestamp_format format = timestamp_format::iso8601) {
  std::string out;
  wire::to_wire(out, v, format);
  return out;
}

inline types::owner owner_of(const auto& c) { return {.display_name = "embedded", .id = c.options.account}; }

/// The checksum of bytes that are kept already; empty text where this OpenSSL lacks the algorithm.
inline result<checksum_value> checksum_of(const content& bytes, crypto::checksum_algorithm algorithm) {
  crypto::checksum sum{algorithm};
  if (auto read = bytes.each([&sum](auto piece) { sum.update(piece); }); !read) return std::move(read.error());
  return checksum_value{algorithm, sum.base64()};
}
inline result<std::string> md5_of(const content& bytes) {
  auto sum = checksum_of(bytes, crypto::checksum_algorithm::md5);
  if (!sum) return std::move(sum.error());
  return from_base64(sum->text).value_or("");
}

/// AWS takes a CRC64NVME of every object that comes without a checksum.
inline constexpr auto default_checksum = crypto::checksum_algorithm::crc64nvme;

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/body.hpp
// Did the body come whole, and as it was sent? Every digest that the request names must be the one that the body has.

namespace s3store::inline v0::embedded {

inline error bad_digest(std::string_view which) {
  return refusal("BadDigest", 400, "the body does not have the " + std::string(which) + " that the request names");
}

/// Brings a body that came in chunks into its own form, and its trailer among the fields. `signatures`: those of signed chunks.
inline result<void> unpack(received_request& r, std::optional<auth::chunk_signer> signatures) {
  const std::string payload{r.fields.value_or_empty("x-amz-content-sha256")};
  if (!payload.starts_with("STREAMING-")) return {};
  const bool is_signed = payload == auth::payload::signed_chunks || payload == auth::payload::signed_chunks_with_trailer;
  if (!is_signed && payload != auth::payload::not_signed_with_trailer) return not_done("payloads of the kind " + payload);
  if (is_signed && !signatures) return refusal("AccessDenied", 403, "signed chunks need signed headers");
  const auto length = parse_integer<std::uint64_t>(r.fields.value_or_empty("x-amz-decoded-content-length"));
  if (!length) return refusal("MissingContentLength", 411, "a body in chunks needs the header x-amz-decoded-content-length");
  const bool has_trailer = payload != auth::payload::signed_chunks;
  chunk_reader reader{r.body, is_signed ? std::move(signatures) : std::nullopt};
  auto decoded = reader.read(has_trailer ? r.fields.value_or_empty("x-amz-trailer") : std::string_view{});
  if (!decoded) return std::move(decoded.error());
  if (decoded->bytes.size() != *length)
    return refusal("IncompleteBody", 400,
                   "the body has not as many bytes as x-amz-decoded-content-length says");
  r.body = std::move(decoded->bytes);
  for (const auto [name, value] : decoded->trailer) r.fields.set(name, value);

  // The encoding was one of the transport, not of the object.
  std::string own;
  split(r.fields.value_or_empty("Content-Encoding"), ',', [&own](std::string_view one) {
    one = trim(one);
    if (!one.empty() && !equal_ignoring_case(one, "aws-chunked")) own.append(own.empty() ? "" : ",").append(one);
  });
  r.fields.erase("Content-Encoding");
  if (!own.empty()) r.fields.add("Content-Encoding", own);
  r.fields.erase("Content-Length");
  return {};
}

/// The checksum that a request names of its body; at most one.
inline result<std::optional<checksum_value>> named_checksum(const headers& fields) {
  constexpr std::string_view prefix = "x-amz-checksum-";
  std::optional<checksum_value> out;
  for (const auto [name, value] : fields) {
    if (name.size() <= prefix.size() || !equal_ignoring_case(name.substr(0, prefix.size()), prefix)) continue;
    const auto algorithm_name = name.substr(prefix.size());
    if (equal_ignoring_case(algorithm_name, "type") || equal_ignoring_case(algorithm_name, "algorithm") ||
        equal_ignoring_case(algorithm_name, "mode"))
      continue;
    const auto algorithm = crypto::parse_checksum_algorithm(algorithm_name);
    if (!algorithm) return not_done("checksums of the algorithm " + std::string(algorithm_name));
    if (out) return bad_request("a request has at most one x-amz-checksum-* of its body");
    const auto raw = from_base64(value);
    if (!raw || raw->size() != crypto::traits_of(*algorithm).size)
      return bad_request("the value of " + lower_case(name) + " is no such checksum in base64");
    out = checksum_value{*algorithm, std::string(value)};
  }
  const auto announced = fields.get("x-amz-sdk-checksum-algorithm");
  if (announced && !out && !fields.contains("Content-MD5"))
    return bad_request(
        "x-amz-sdk-checksum-algorithm announces a checksum that is not there");
  if (announced && out && !equal_ignoring_case(*announced, crypto::name(out->algorithm)))
    return bad_request("x-amz-sdk-checksum-algorithm announces another checksum than the one that is there");
  return out;
}

/// Verifies the body of a request of that operation, unpacked.
inline result<body_facts> check_body(const received_request& r, const operation_spec& spec) {
  const auto bytes = as_bytes(r.body);
  const auto length = r.fields.get("Content-Length");
  if (length && parse_integer<std::uint64_t>(*length) != std::optional<std::uint64_t>{r.body.size()})
    return refusal("IncompleteBody", 400, "the body has not as many bytes as Content-Length says");
  const auto hash = r.fields.value_or_empty("x-amz-content-sha256");
  if (!hash.empty() && hash != auth::payload::not_signed && !hash.starts_with("STREAMING-")) {
    if (hash.size() != 64 || !from_hex(hash))
      return invalid("x-amz-content-sha256 must be the hash of the body in hex, UNSIGNED-PAYLOAD, or one of the STREAMING- kinds");
    if (crypto::sha256_hex(bytes) != hash)
      return refusal("XAmzContentSHA256Mismatch", 400,
                     "the body does not have the hash that x-amz-content-sha256 names");
  }

  body_facts out;
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  md5.update(bytes);
  out.md5 = from_base64(md5.base64()).value_or("");
  if (const auto named = r.fields.get("Content-MD5")) {
    const auto raw = from_base64(*named);
    if (!raw || raw->size() != 16) return refusal("InvalidDigest", 400, "Content-MD5 must be 16 bytes in base64");
    if (*raw != out.md5) return bad_digest("Content-MD5");
  }
  if (spec.checksum == request_checksum::none) return out;  // a checksum is then one of the object, not of the body
  auto named = named_checksum(r.fields);
  if (!named) return std::move(named.error());
  if (*named) {
    crypto::checksum sum{(*named)->algorithm};
    sum.update(bytes);
    if (sum.base64() != (*named)->text) return bad_digest(lower_case(crypto::name((*named)->algorithm)));
    out.checksum = std::move(*named);
  } else if (spec.checksum == request_checksum::required && !r.fields.contains("Content-MD5")) {
    return bad_request("this request needs a Content-MD5 or an x-amz-checksum-*");
  }
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/attributes.hpp
// Which headers of an upload stay with the object, and are they ones that S3 takes?

namespace s3store::inline v0::embedded {

inline constexpr std::string_view customer_key_field = "x-amz-server-side-encryption-customer-key";
inline constexpr std::string_view customer_md5_field = "x-amz-server-side-encryption-customer-key-MD5";
inline constexpr std::string_view storage_class_field = "x-amz-storage-class";
inline constexpr std::string_view encryption_field = "x-amz-server-side-encryption";
inline constexpr std::string_view metadata_prefix = "x-amz-meta-";

/// What an upload says of its object beside the bytes.
struct attributes {
  headers fields{};
  std::string tagging{};
};

/// Kept from an upload, and replaced as a whole by a copy that says REPLACE.
constexpr std::array describing_fields{"Cache-Control",    "Content-Disposition", "Content-Encoding",
                                       "Content-Language", "Content-Type",        "Expires"};
/// Kept from an upload, and never copied from another object.
constexpr std::array placing_fields{"x-amz-website-redirect-location",
                                    "x-amz-server-side-encryption",
                                    "x-amz-server-side-encryption-aws-kms-key-id",
                                    "x-amz-server-side-encryption-context",
                                    "x-amz-server-side-encryption-bucket-key-enabled",
                                    "x-amz-server-side-encryption-customer-algorithm",
                                    "x-amz-server-side-encryption-customer-key-MD5",
                                    "x-amz-storage-class",
                                    "x-amz-object-lock-mode",
                                    "x-amz-object-lock-retain-until-date",
                                    "x-amz-object-lock-legal-hold",
                                    "x-amz-object-lock-event-hold",
                                    "x-amz-object-lock-event-hold-duration-days",
                                    "x-amz-object-lock-event-hold-duration-years"};

inline bool is_metadata(std::string_view name) noexcept {
  return equal_ignoring_case(name.substr(0, metadata_prefix.size()), metadata_prefix);
}

inline void keep_fields(headers& to, const headers& from, const auto& names) {
  for (const char* const name : names)
    if (const auto value = from.get(name); value && !value->empty()) to.add(name, *value);
}
/// Content headers and user metadata.
inline void keep_description(headers& to, const headers& from) {
  keep_fields(to, from, describing_fields);
  for (const auto [name, value] : from)
    if (is_metadata(name)) to.add(lower_case(name), value);
}

/// "a=b&c=d", decoded. Fails with InvalidTag or InvalidArgument.
inline result<std::vector<std::pair<std::string, std::string>>> parse_tagging(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> tags;
  bool broken = false;
  if (!text.empty())
    split(text, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      auto name = uri_decode(piece.substr(0, equals), true),
           value = uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true);
      broken = broken || !name || !value || name->empty();
      if (!broken) tags.emplace_back(std::move(*name), std::move(*value));
    });
  if (broken) return invalid("x-amz-tagging must be tags in the form of a URL's query");
  if (tags.size() > 10) return refusal("BadRequest", 400, "an object has at most 10 tags");
  for (std::size_t i = 0; i != tags.size(); ++i) {
    if (tags[i].first.size() > 128 || tags[i].second.size() > 256)
      return refusal("InvalidTag", 400, "a tag's key has at most 128 characters, and its value 256");
    for (std::size_t k = 0; k != i; ++k)
      if (tags[k].first == tags[i].first) return refusal("InvalidTag", 400, "a tag's key must not be there twice");
  }
  return tags;
}

/// A key of the caller's own (SSE-C), in the fields that begin with `prefix`: its digest must be right. Nothing where there is none.
inline result<std::optional<std::string>> read_customer_key(const headers& fields,
                                                            std::string prefix = "x-amz-server-side-encryption-customer-") {
  const auto algorithm = fields.get(prefix + "algorithm"), key = fields.get(prefix + "key"),
             digest = fields.get(prefix + "key-MD5");
  if (!algorithm && !key && !digest) return std::optional<std::string>{};
  if (!algorithm || !key || !digest) return invalid("a customer's encryption key comes with its algorithm and its MD5");
  if (*algorithm != "AES256")
    return refusal("InvalidEncryptionAlgorithmError", 400, "the algorithm of a customer's encryption key must be AES256");
  const auto raw = from_base64(*key);
  if (!raw || raw->size() != 32) return invalid("a customer's encryption key has 32 bytes, in base64");
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  md5.update(as_bytes(*raw));
  if (md5.base64() != *digest) return invalid("the MD5 beside the encryption key is not the key's");
  return std::optional{std::string(*digest)};
}

/// Fails unless the request brings the key with which the object was stored.
inline result<void> check_customer_key(const headers& object, const headers& request,
                                       std::string prefix = "x-amz-server-side-encryption-customer-") {
  auto given = read_customer_key(request, std::move(prefix));
  if (!given) return std::move(given.error());
  const auto needed = object.get(customer_md5_field);
  if (!needed && *given) return bad_request("the object is not stored under a customer's key");
  if (needed && !*given)
    return bad_request("the object is stored under a customer's key, which the request must bring");
  if (needed && **given != *needed)
    return refusal("AccessDenied", 403, "the encryption key is not the one that the object was stored with");
  return {};
}

inline result<void> check_acl(const headers& fields) {
  const auto acl = fields.value_or_empty("x-amz-acl");
  bool refused = !acl.empty() && acl != "private" && acl != "bucket-owner-full-control";
  for (const auto [name, value] : fields) refused = refused || equal_ignoring_case(name.substr(0, 12), "x-amz-grant-");
  if (refused) return refusal("AccessControlListNotSupported", 400, "the bucket does not allow ACLs");
  return {};
}

inline result<void> check_encryption(const headers& fields) {
  const auto kind = fields.get(encryption_field);
  if (kind && *kind != "AES256" && *kind != "aws:kms" && *kind != "aws:kms:dsse")
    return invalid("x-amz-server-side-encryption must be AES256, aws:kms or aws:kms:dsse");
  if (fields.contains("x-amz-server-side-encryption-aws-kms-key-id") && !kind.value_or("").starts_with("aws:kms"))
    return invalid("a KMS key id needs the encryption aws:kms");
  if (kind && fields.contains(customer_md5_field))
    return invalid("an object has either server-side encryption or a customer's key");
  return {};
}

inline result<void> check_storage_class(const headers& fields) {
  constexpr std::array known{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
                             "GLACIER",  "DEEP_ARCHIVE",       "GLACIER_IR"};
  const auto storage = fields.get(storage_class_field);
  if (storage && std::find(known.begin(), known.end(), *storage) == known.end())
    return refusal("InvalidStorageClass", 400, "x-amz-storage-class is no storage class of S3");
  return {};
}

inline result<void> check_lock(const headers& fields, const bucket& in, timestamp now) {
  const auto mode = fields.get("x-amz-object-lock-mode"), until = fields.get("x-amz-object-lock-retain-until-date"),
             hold = fields.get("x-amz-object-lock-legal-hold");
  if (!mode && !until && !hold) return {};
  if (!in.object_lock) return bad_request("the bucket was made without object lock");
  if (mode.has_value() != until.has_value())
    return invalid("a retention period has both a mode and a date");
  if (mode && *mode != "GOVERNANCE" && *mode != "COMPLIANCE")
    return invalid("x-amz-object-lock-mode must be GOVERNANCE or COMPLIANCE");
  if (hold && *hold != "ON" && *hold != "OFF") return invalid("x-amz-object-lock-legal-hold must be ON or OFF");
  if (until) {
    const auto at = parse_timestamp(*until);
    if (!at) return invalid("x-amz-object-lock-retain-until-date must be an ISO 8601 date");
    if (*at <= now) return invalid("x-amz-object-lock-retain-until-date must be in the future");
  }
  return {};
}

/// All that is wrong with what is to be kept.
inline result<void> check_attributes(const attributes& a, const bucket& in, timestamp now) {
  if (auto encryption = check_encryption(a.fields); !encryption) return encryption;
  if (auto storage = check_storage_class(a.fields); !storage) return storage;
  if (auto lock = check_lock(a.fields, in, now); !lock) return lock;
  std::size_t metadata_size = 0;
  for (const auto [name, value] : a.fields)
    if (is_metadata(name)) metadata_size += name.size() - metadata_prefix.size() + value.size();
  if (metadata_size > 2048)
    return refusal("MetadataTooLarge", 400, "user metadata has at most 2048 bytes, names and values together");
  auto tags = parse_tagging(a.tagging);
  if (!tags) return std::move(tags.error());
  return {};
}

/// The attributes in the headers of an upload.
inline result<attributes> read_attributes(const headers& from, const bucket& in, timestamp now) {
  if (auto acl = check_acl(from); !acl) return std::move(acl.error());
  if (auto key = read_customer_key(from); !key) return std::move(key.error());
  attributes out;
  keep_description(out.fields, from);
  keep_fields(out.fields, from, placing_fields);
  if (!out.fields.contains("Content-Type")) out.fields.add("Content-Type", "binary/octet-stream");
  out.tagging = from.value_or_empty("x-amz-tagging");
  if (auto checked = check_attributes(out, in, now); !checked) return std::move(checked.error());
  return out;
}

/// What S3 says of a version in the headers of its answers; every response takes from it what it declares.
inline headers facts_of(const version& v, const bucket& in) {
  headers out = v.fields;
  if (out.value_or_empty(storage_class_field) == "STANDARD") out.erase(storage_class_field);  // S3 names only the others
  out.add("ETag", v.etag);
  out.add("Last-Modified", format_http_date(v.last_modified));
  out.add("accept-ranges", "bytes");
  if (in.has_versions()) out.add("x-amz-version-id", v.id);
  if (!v.tagging.empty()) out.add("x-amz-tagging-count", std::to_string(1 + std::count(v.tagging.begin(), v.tagging.end(), '&')));
  if (v.delete_marker) out.add("x-amz-delete-marker", "true");
  return out;
}
inline void add_checksum(headers& out, const std::optional<checksum_value>& c) {
  if (!c) return;
  out.add(c->field(), c->text);
  out.add("x-amz-checksum-type", c->type());
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/buckets.hpp
// What happens to buckets?

namespace s3store::inline v0::embedded {

inline result<list_buckets_response> handle(const list_buckets_request& r, auto& c) {
  if (r.max_buckets && (*r.max_buckets < 1 || *r.max_buckets > 10'000)) return invalid("max-buckets must be from 1 to 10000");
  const auto after = from_base64(r.continuation_token.value_or(""));
  if (!after) return invalid("the continuation token is none of this server's");
  list_buckets_response out{.owner = owner_of(c), .prefix = r.prefix};
  if (r.bucket_region && *r.bucket_region != c.options.region) return out;
  const std::size_t most = static_cast<std::size_t>(r.max_buckets.value_or(10'000));
  for (auto b = c.kept.buckets().upper_bound(*after); b != c.kept.buckets().end(); ++b) {
    if (!b->first.starts_with(r.prefix.value_or(""))) continue;
    if (out.buckets.size() == most) {
      out.continuation_token = base64(as_bytes(*out.buckets.back().name));
      break;
    }
    out.buckets.push_back({.name = b->first, .creation_date = b->second.created, .bucket_region = c.options.region});
  }
  return out;
}

inline result<create_bucket_response> handle(const create_bucket_request& r, auto& c) {
  if (!is_dns_label(r.bucket, true))
    return refusal("InvalidBucketName", 400, "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens");
  if (auto acl = check_acl(c.request.fields); !acl) return std::move(acl.error());
  const auto& configuration = r.create_bucket_configuration;
  const std::string wanted =
      configuration && configuration->location_constraint ? configuration->location_constraint->str() : std::string{};
  if (wanted.empty() ? c.options.region != "us-east-1" : wanted != c.options.region)
    return refusal("IllegalLocationConstraintException", 400,
                   "the location constraint must be this server's region, " + c.options.region);
  if (c.kept.find(r.bucket))
    return refusal("BucketAlreadyOwnedByYou", 409,
                   "the bucket is there already, and yours");
  auto made = c.kept.create(r.bucket, c.now);
  if (!made) return std::move(made.error());
  if (r.object_lock_enabled_for_bucket.value_or(false)) {
    (*made)->object_lock = true;
    (*made)->versioning = "Enabled";
    if (auto saved = c.kept.changed(**made); !saved) return std::move(saved.error());
  }
  return create_bucket_response{.location = "/" + r.bucket};
}

inline result<head_bucket_response> handle(const head_bucket_request& r, auto& c) {
  if (auto found = c.kept.find(r.bucket); !found) return std::move(found.error());
  return head_bucket_response{.bucket_region = c.options.region, .access_point_alias = false};
}

inline result<get_bucket_location_response> handle(const get_bucket_location_request& r, auto& c) {
  if (auto found = c.kept.find(r.bucket); !found) return std::move(found.error());
  get_bucket_location_response out;
  if (c.options.region != "us-east-1") out.location_constraint = types::bucket_location_constraint{c.options.region};
  return out;
}

inline result<delete_bucket_response> handle(const delete_bucket_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  if (!(*found)->objects.empty()) {
    const bool versions = (*found)->has_versions();
    return refusal("BucketNotEmpty", 409,
                   versions ? "the bucket holds versions or delete markers" : "the bucket holds objects");
  }
  if (auto gone = c.kept.remove(**found); !gone) return std::move(gone.error());
  return delete_bucket_response{};
}

inline result<put_bucket_versioning_response> handle(const put_bucket_versioning_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  const auto& wanted = r.versioning_configuration;
  if (wanted.mfa_delete && *wanted.mfa_delete == types::mfa_delete::enabled) return not_done("MFA delete");
  const std::string state = wanted.status ? wanted.status->str() : std::string{};
  if (state != "Enabled" && state != "Suspended")
    return refusal("MalformedXML", 400, "the versioning status must be Enabled or Suspended");
  if ((*found)->object_lock && state != "Enabled")
    return refusal("InvalidBucketState", 409,
                   "a bucket with object lock always keeps versions");
  (*found)->versioning = state;
  if (auto saved = c.kept.changed(**found); !saved) return std::move(saved.error());
  return put_bucket_versioning_response{};
}

inline result<get_bucket_versioning_response> handle(const get_bucket_versioning_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  get_bucket_versioning_response out;
  if ((*found)->has_versions()) out.status = types::bucket_versioning_status{(*found)->versioning};
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/conditions.hpp
// Do the conditions of a request hold? (RFC 9110, section 13.2.2, as S3 reads it)
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

namespace s3store::inline v0::embedded {

struct read_conditions {
  const std::optional<std::string>& match;
  const std::optional<std::string>& none_match;
  const std::optional<timestamp>& modified_since;
  const std::optional<timestamp>& unmodified_since;
};

inline error precondition_failed(std::string_view which) {
  return refusal("PreconditionFailed", 412, "a condition of the request does not hold: " + std::string(which));
}

/// Is the ETag one of the list, or the list "*"?
inline bool names_etag(std::string_view list, std::string_view etag) {
  bool found = false;
  split(list, ',', [&](std::string_view one) {
    one = trim(one);
    found = found || one == "*" || unquoted(one) == unquoted(etag);
  });
  return found;
}

/// Of a GET or HEAD, or of the source of a copy, to which "not modified" is a failure, too.
inline result<void> check_read(const read_conditions& r, const version& v, bool of_copy = false) {
  const auto at = std::chrono::floor<std::chrono::seconds>(v.last_modified);
  if (r.match && !names_etag(*r.match, v.etag)) return precondition_failed("If-Match");
  if (!r.match && r.unmodified_since && at > *r.unmodified_since) return precondition_failed("If-Unmodified-Since");
  const bool unmodified = r.none_match ? names_etag(*r.none_match, v.etag) : r.modified_since && at <= *r.modified_since;
  if (!unmodified) return {};
  if (of_copy) return precondition_failed(r.none_match ? "If-None-Match" : "If-Modified-Since");
  return refusal("NotModified", 304, "the object has not been modified");
}

/// Of a write. `current`: the version that it would replace, if there is one that is no delete marker.
inline result<void> check_write(const std::optional<std::string>& match, const std::optional<std::string>& none_match,
                                const version* current) {
  if (none_match && *none_match != "*") return not_done("If-None-Match on a write, other than *");
  if (match && none_match) return bad_request("a write has either If-Match or If-None-Match");
  if (none_match && current) return precondition_failed("If-None-Match");
  if (match && !current) return refusal("NoSuchKey", 404, "there is no such key");
  if (match && !names_etag(*match, current->etag)) return precondition_failed("If-Match");
  return {};
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/objects.hpp
// What happens to objects?

namespace s3store::inline v0::embedded {

// --- finding ----------------------------------------------------------------------------------------------------------------------

/// The current version of a key; null where there is none, or a delete marker.
inline const version* current_of(const bucket& in, std::string_view key) {
  const auto at = in.objects.find(key);
  return at == in.objects.end() || at->second.front().delete_marker ? nullptr : &at->second.front();
}

/// The version that a request to read means. Fails with NoSuchKey, NoSuchVersion, or what S3 says of a delete marker.
inline result<const version*> find_version(auto& c, const bucket& in, std::string_view key, const std::optional<std::string>& id) {
  const auto missing = [](std::string_view what) {
    return what == "version" ? refusal("NoSuchVersion", 404, "there is no such version")
                             : refusal("NoSuchKey", 404, "there is no such key");
  };
  const auto at = in.objects.find(key);
  if (at == in.objects.end()) return missing(id ? "version" : "key");
  const auto& all = at->second;
  const auto found = id ? std::find_if(all.begin(), all.end(), [&id](const version& v) { return v.id == *id; }) : all.begin();
  if (found == all.end()) return missing("version");
  if (!found->delete_marker) return &*found;
  c.more.set("x-amz-delete-marker", "true");
  c.more.set("x-amz-version-id", found->id);
  if (!id) return missing("key");
  c.more.set("Allow", "DELETE");
  c.more.set("Last-Modified", format_http_date(found->last_modified));
  return refusal("MethodNotAllowed", 405, "the version is a delete marker, which cannot be read");
}

inline result<void> check_key(std::string_view key) {
  if (key.size() > 1024) return refusal("KeyTooLongError", 400, "a key has at most 1024 bytes");
  return {};
}

// --- reading ----------------------------------------------------------------------------------------------------------------------

struct byte_range {
  std::uint64_t first{};
  std::uint64_t length{};
};

/// A single range of bytes; what is no such thing is passed over, as S3 does. Fails with InvalidRange.
inline result<std::optional<byte_range>> parse_range(std::string_view text, std::uint64_t size) {
  using range = std::optional<byte_range>;
  constexpr std::string_view unit = "bytes=";
  const auto dash = text.find('-');
  if (!text.starts_with(unit) || dash == std::string_view::npos || text.find(',') != std::string_view::npos) return range{};
  const auto first = trim(text.substr(unit.size(), dash - unit.size())), last = trim(text.substr(dash + 1));
  const auto a = parse_integer<std::uint64_t>(first), b = parse_integer<std::uint64_t>(last);
  if ((!a && !first.empty()) || (!b && !last.empty()) || (!a && !b) || (a && b && *b < *a)) return range{};
  if (a ? *a >= size : *b == 0 || size == 0) return refusal("InvalidRange", 416, "the range begins behind the end of the object");
  if (!a) return range{{size - (std::min)(*b, size), (std::min)(*b, size)}};
  return range{{*a, (b ? (std::min)(*b, size - 1) : size - 1) - *a + 1}};
}

/// GET and HEAD are the same but for the bytes.
template <class Request>
result<response_of<Request>> read_object(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.key, r.version_id);
  if (!found) return std::move(found.error());
  const version& v = **found;
  headers facts = facts_of(v, **in);
  if (auto key = check_customer_key(v.fields, c.request.fields); !key) return std::move(key.error());
  if (auto held = check_read({r.if_match, r.if_none_match, r.if_modified_since, r.if_unmodified_since}, v); !held) {
    for (const std::string_view name : {"ETag", "Last-Modified", "x-amz-version-id", "Cache-Control", "Expires"})
      if (const auto value = facts.get(name)) c.more.set(name, *value);
    return std::move(held.error());
  }

  std::optional<byte_range> range;
  if (r.part_number) {
    if (r.range) return bad_request("a request has either a Range or a partNumber");
    const std::size_t parts = (std::max)(v.parts.size(), std::size_t{1}),
                      wanted = static_cast<std::size_t>((std::max)(*r.part_number, 0));
    if (wanted == 0 || wanted > 10'000) return invalid("a part number is from 1 to 10000");
    if (wanted > parts) return refusal("InvalidPartNumber", 416, "the object has fewer parts");
    range.emplace(byte_range{0, v.bytes.size()});
    if (!v.parts.empty()) {
      for (std::size_t i = 0; i + 1 != wanted; ++i) range->first += v.parts[i].bytes.size();
      range->length = v.parts[wanted - 1].bytes.size();
      facts.add("x-amz-mp-parts-count", std::to_string(parts));
    }
  } else if (r.range) {
    auto parsed = parse_range(*r.range, v.bytes.size());
    if (!parsed) {
      c.more.set("Content-Range", "bytes */" + std::to_string(v.bytes.size()));
      return std::move(parsed.error());
    }
    range = *parsed;
  }
  const byte_range part = range.value_or(byte_range{0, v.bytes.size()});
  if (range && v.bytes.size() != 0) {
    c.status = 206;
    facts.add("Content-Range", "bytes " + std::to_string(part.first) + "-" + std::to_string(part.first + part.length - 1) + "/" +
                                   std::to_string(v.bytes.size()));
  }
  facts.add("Content-Length", std::to_string(part.length));
  if (r.checksum_mode && part.length == v.bytes.size()) add_checksum(facts, v.checksum);
  for (const auto& [name, value] : c.request.query)
    if (name.starts_with("response-")) {
      if (c.anonymous) return bad_request("only a signed request may set headers of its answer");
      facts.set(name.substr(9), value);
    }

  response_of<Request> out;
  assign_fields(out, facts);
  if constexpr (requires { out.body; }) {
    auto bytes = v.bytes.read(part.first, part.length);
    if (!bytes) return std::move(bytes.error());
    out.body = std::move(*bytes);
  }
  return out;
}
inline result<get_object_response> handle(const get_object_request& r, auto& c) { return read_object(r, c); }
inline result<head_object_response> handle(const head_object_request& r, auto& c) { return read_object(r, c); }

inline result<get_object_attributes_response> handle(const get_object_attributes_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.key, r.version_id);
  if (!found) return std::move(found.error());
  const version& v = **found;
  if (auto key = check_customer_key(v.fields, c.request.fields); !key) return std::move(key.error());
  if (r.object_attributes.empty())
    return invalid("x-amz-object-attributes names none of ETag, Checksum, ObjectParts, StorageClass and ObjectSize");

  get_object_attributes_response out;
  assign_fields(out, facts_of(v, **in));  // fills what is a header
  for (const auto& wanted : r.object_attributes) {
    using names = types::object_attributes;
    if (wanted == names::etag) {
      out.etag = unquoted(v.etag);
    } else if (wanted == names::object_size) {
      out.object_size = static_cast<std::int64_t>(v.bytes.size());
    } else if (wanted == names::storage_class) {
      out.storage_class = types::storage_class{v.fields.get(storage_class_field).value_or("STANDARD")};
    } else if (wanted == names::checksum) {
      if (v.checksum)
        assign_elements(out.checksum.emplace(), {{v.checksum->element(), v.checksum->text}, {"ChecksumType", v.checksum->type()}});
    } else if (wanted == names::object_parts) {
      if (v.parts.empty()) continue;
      auto& listed = out.object_parts.emplace();
      listed.total_parts_count = static_cast<std::int32_t>(v.parts.size());
      if (!v.checksum || !v.checksum->composite) continue;  // S3 tells of the parts only where they have checksums
      const std::int32_t after = r.part_number_marker.value_or(0), most = (std::min)(r.max_parts.value_or(1000), 1000);
      if (after < 0 || most < 0) return invalid("x-amz-max-parts and x-amz-part-number-marker must not be negative");
      listed.part_number_marker = after;
      listed.max_parts = most;
      listed.is_truncated = false;
      for (const part& p : v.parts) {
        if (p.number <= after) continue;
        if (listed.parts.size() == static_cast<std::size_t>(most)) {
          listed.is_truncated = true;
          break;
        }
        auto& one = listed.parts.emplace_back();
        one.part_number = listed.next_part_number_marker.emplace(p.number);
        one.size = static_cast<std::int64_t>(p.bytes.size());
        if (p.checksum) assign_elements(one, {{p.checksum->element(), p.checksum->text}});
      }
    } else {
      return invalid("\"" + wanted.str() + "\" is no attribute of an object");
    }
  }
  return out;
}

// --- writing ----------------------------------------------------------------------------------------------------------------------

/// Stores the body of the request, for a PUT and a form alike.
inline result<put_object_response> handle(const put_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  if (r.write_offset_bytes) return not_done("appending to an object");
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(**in, r.key)); !held) return std::move(held.error());
  auto about = read_attributes(c.request.fields, **in, c.now);
  if (!about) return std::move(about.error());
  version v{.last_modified = c.now,
            .etag = in_quotes(hex(as_bytes(c.body.md5))),
            .fields = std::move(about->fields),
            .tagging = std::move(about->tagging),
            .checksum = c.body.checksum};
  auto bytes = c.kept.keep(std::move(c.request.body));
  if (!bytes) return std::move(bytes.error());
  v.bytes = std::move(*bytes);
  if (!v.checksum) {
    auto sum = checksum_of(v.bytes, default_checksum);
    if (!sum) return std::move(sum.error());
    v.checksum = std::move(*sum);
  }
  auto added = c.kept.add(**in, r.key, std::move(v));
  if (!added) return std::move(added.error());
  headers facts = facts_of(**added, **in);
  add_checksum(facts, (*added)->checksum);
  put_object_response out;
  assign_fields(out, facts);
  return out;
}

// --- deleting ---------------------------------------------------------------------------------------------------------------------

/// May the version go? A retention period or a legal hold says no.
inline result<void> check_unlocked(const version& v, bool bypass, timestamp now) {
  const auto mode = v.fields.value_or_empty("x-amz-object-lock-mode");
  const auto until = parse_timestamp(v.fields.value_or_empty("x-amz-object-lock-retain-until-date"));
  const bool retained = until && *until > now && !(bypass && mode == "GOVERNANCE");
  if (retained || v.fields.value_or_empty("x-amz-object-lock-legal-hold") == "ON")
    return refusal("AccessDenied", 403, "the version is under object lock");
  return {};
}

struct deletion {
  std::optional<bool> delete_marker{};
  std::optional<std::string> version_id{};
};

/// One key or version goes, or is marked as deleted.
inline result<deletion> remove(auto& c, bucket& in, const types::object_identifier& what, bool bypass) {
  const auto at = in.objects.find(what.key);
  const version* const current = current_of(in, what.key);
  if (what.etag && (!current || !names_etag(*what.etag, current->etag))) return precondition_failed("If-Match");
  if (what.size && (!current || static_cast<std::int64_t>(current->bytes.size()) != *what.size))
    return precondition_failed("x-amz-if-match-size");
  if (what.last_modified_time &&
      (!current || std::chrono::floor<std::chrono::seconds>(current->last_modified) != *what.last_modified_time))
    return precondition_failed("x-amz-if-match-last-modified-time");

  deletion out;
  if (what.version_id || !in.has_versions()) {
    const std::string id = what.version_id.value_or(std::string{null_version});
    if (what.version_id) out.version_id = id;
    if (at == in.objects.end()) return out;
    const auto& all = at->second;
    const auto found = std::find_if(all.begin(), all.end(), [&id](const version& v) { return v.id == id; });
    if (found == all.end()) return out;
    if (auto unlocked = check_unlocked(*found, bypass, c.now); !unlocked) return std::move(unlocked.error());
    if (found->delete_marker) out.delete_marker = true;
    if (auto erased = c.kept.erase(in, what.key, id); !erased) return std::move(erased.error());
    return out;
  }
  auto marked = c.kept.add(in, what.key, {.delete_marker = true, .last_modified = c.now});
  if (!marked) return std::move(marked.error());
  out.delete_marker = true;
  out.version_id = (*marked)->id;
  return out;
}

inline result<delete_object_response> handle(const delete_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto gone = remove(c, **in, {r.key, r.version_id, r.if_match, r.if_match_last_modified_time, r.if_match_size},
                     r.bypass_governance_retention.value_or(false));
  if (!gone) return std::move(gone.error());
  return delete_object_response{.delete_marker = gone->delete_marker, .version_id = gone->version_id};
}

inline result<delete_objects_response> handle(const delete_objects_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const auto& all = r.delete_.objects;
  if (all.empty() || all.size() > 1000) return refusal("MalformedXML", 400, "a request to delete names from 1 to 1000 objects");
  delete_objects_response out;
  for (const types::object_identifier& one : all) {
    auto gone = one.key.empty() ? result<deletion>{refusal("UserKeyMustBeSpecified", 400, "the request has a key that is empty")}
                                : remove(c, **in, one, r.bypass_governance_retention.value_or(false));
    if (!gone) {
      out.errors.push_back(
          {.key = one.key, .version_id = one.version_id, .code = gone.error().code, .message = gone.error().message});
    } else if (!r.delete_.quiet.value_or(false)) {
      types::deleted_object& done = out.deleted.emplace_back();
      done.key = one.key;
      done.version_id = one.version_id;
      done.delete_marker = gone->delete_marker;
      if (gone->delete_marker) done.delete_marker_version_id = gone->version_id;
    }
  }
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/multipart.hpp
// How does an object come into being part by part?

namespace s3store::inline v0::embedded {

struct found_upload {
  bucket* in{};
  const std::string& key;
  upload* of{};
};

/// The upload that a request names. Fails with NoSuchBucket or NoSuchUpload.
template <class Request>
result<found_upload> find_upload(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const auto at = (*in)->uploads.find({r.key, r.upload_id});
  if (at == (*in)->uploads.end())
    return refusal("NoSuchUpload", 404, "there is no such upload: it was never begun, or has been aborted or completed");
  return found_upload{*in, at->first.first, &at->second};
}

/// Of the checksum that the object is going to have.
inline types::checksum_type type_of(const upload& u) {
  return u.composite ? types::checksum_type::composite : types::checksum_type::full_object;
}

inline result<void> check_part_number(std::int32_t number) {
  if (number < 1 || number > 10'000) return invalid("a part number is from 1 to 10000");
  return {};
}

inline result<create_multipart_upload_response> handle(const create_multipart_upload_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  auto about = read_attributes(c.request.fields, **in, c.now);
  if (!about) return std::move(about.error());
  upload u{.initiated = c.now, .fields = std::move(about->fields), .tagging = std::move(about->tagging)};
  if (r.checksum_algorithm) {
    u.algorithm = crypto::parse_checksum_algorithm(r.checksum_algorithm->str());
    if (!u.algorithm) return not_done("checksums of the algorithm " + r.checksum_algorithm->str());
  }
  using kind = types::checksum_type;
  const bool is_crc = u.algorithm && crypto::name(*u.algorithm).starts_with("CRC");
  if (r.checksum_type) {
    if (!u.algorithm)
      return bad_request("x-amz-checksum-type needs x-amz-checksum-algorithm");
    u.composite = *r.checksum_type == kind::composite;
    if (!u.composite && *r.checksum_type != kind::full_object)
      return invalid("x-amz-checksum-type must be COMPOSITE or FULL_OBJECT");
    if (u.composite ? *u.algorithm == crypto::checksum_algorithm::crc64nvme : !is_crc)
      return bad_request("checksums of the algorithm " + std::string(crypto::name(*u.algorithm)) + " are never " +
                         r.checksum_type->str());
  } else {
    u.composite = u.algorithm && *u.algorithm != crypto::checksum_algorithm::crc64nvme;
  }
  auto begun = c.kept.begin(**in, r.key, std::move(u));
  if (!begun) return std::move(begun.error());
  create_multipart_upload_response out;
  assign_fields(out, (*begun)->fields);
  out.bucket = r.bucket;
  out.key = r.key;
  out.upload_id = (*begun)->id;
  if ((*begun)->algorithm) {
    out.checksum_algorithm = types::checksum_algorithm{crypto::name(*(*begun)->algorithm)};
    out.checksum_type = type_of(**begun);
  }
  return out;
}

/// Keeps a part, with the checksum that came with it, or that its upload is to have.
inline result<const part*> add_part(auto& c, found_upload& to, std::int32_t number, content bytes, std::string_view md5,
                                    std::optional<checksum_value> sent = {}) {
  part p{.number = number,
         .etag = in_quotes(hex(as_bytes(md5))),
         .last_modified = c.now,
         .bytes = std::move(bytes),
         .checksum = std::move(sent)};
  const auto algorithm = to.of->algorithm;
  if (algorithm && !p.checksum) {
    auto sum = checksum_of(p.bytes, *algorithm);
    if (!sum) return std::move(sum.error());
    p.checksum = std::move(*sum);
  }
  if (auto added = c.kept.add(*to.in, to.key, *to.of, std::move(p)); !added) return std::move(added.error());
  return &to.of->parts.at(number);
}

inline result<upload_part_response> handle(const upload_part_request& r, auto& c) {
  auto to = find_upload(r, c);
  if (!to) return std::move(to.error());
  if (auto number = check_part_number(r.part_number); !number) return std::move(number.error());
  if (auto key = check_customer_key(to->of->fields, c.request.fields); !key) return std::move(key.error());
  const auto& sent = c.body.checksum;
  if (sent && to->of->algorithm && sent->algorithm != *to->of->algorithm)
    return bad_request("the upload's checksums are " + std::string(crypto::name(*to->of->algorithm)) + ", and the part's is " +
                       std::string(crypto::name(sent->algorithm)));
  auto bytes = c.kept.keep(std::move(c.request.body));
  if (!bytes) return std::move(bytes.error());
  auto added = add_part(c, *to, r.part_number, std::move(*bytes), c.body.md5, sent);
  if (!added) return std::move(added.error());
  headers facts = to->of->fields;
  facts.add("ETag", (*added)->etag);
  if (const auto& told = (*added)->checksum) facts.add(told->field(), told->text);
  upload_part_response out;
  assign_fields(out, facts);
  return out;
}

inline result<abort_multipart_upload_response> handle(const abort_multipart_upload_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) return std::move(found.error());
  if (r.if_match_initiated_time && std::chrono::floor<std::chrono::seconds>(found->of->initiated) != *r.if_match_initiated_time)
    return precondition_failed("x-amz-if-match-initiated-time");
  const std::string key = found->key;
  if (auto ended = c.kept.end(*found->in, key, *found->of); !ended) return std::move(ended.error());
  return abort_multipart_upload_response{};
}

// --- completing -------------------------------------------------------------------------------------------------------------------

/// The parts that the request names, as they were uploaded.
inline result<std::vector<part>> chosen_parts(const auto& r, const upload& u, std::uint64_t least) {
  if (!r.multipart_upload || r.multipart_upload->parts.empty())
    return bad_request("the request names no part");
  std::vector<part> out;
  std::int32_t before = 0;
  for (const types::completed_part& wanted : r.multipart_upload->parts) {
    const std::int32_t number = wanted.part_number.value_or(0);
    if (number < 1 || !wanted.etag) return refusal("MalformedXML", 400, "a part has a PartNumber and an ETag");
    if (number <= before)
      return refusal("InvalidPartOrder", 400,
                     "parts must be named in ascending order of their numbers");
    before = number;
    const auto at = u.parts.find(number);
    const headers named = elements_of(wanted);
    if (at == u.parts.end() || unquoted(at->second.etag) != unquoted(*wanted.etag) ||
        (at->second.checksum &&
         named.get(at->second.checksum->element()).value_or(at->second.checksum->text) != at->second.checksum->text))
      return refusal("InvalidPart", 400, "part " + std::to_string(number) + " has not arrived, or has another ETag or checksum");
    if (u.composite && at->second.checksum && !named.contains(at->second.checksum->element()))
      return bad_request("the request must name the checksum of part " + std::to_string(number));
    out.push_back(at->second);
  }
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i].bytes.size() < least)
      return refusal("EntityTooSmall", 400, "every part but the last must have at least " + std::to_string(least) + " bytes");
  return out;
}

/// Of the object: over the parts' checksums, or over all bytes.
inline result<checksum_value> whole_checksum(const upload& u, const std::vector<part>& parts, const content& all) {
  const auto algorithm = u.algorithm.value_or(default_checksum);
  if (!u.composite) return checksum_of(all, algorithm);
  crypto::checksum over{algorithm};
  for (const part& p : parts) over.update(as_bytes(from_base64(p.checksum->text).value_or("")));
  return checksum_value{algorithm, over.base64() + "-" + std::to_string(parts.size()), true};
}

inline result<complete_multipart_upload_response> handle(const complete_multipart_upload_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) return std::move(found.error());
  upload& u = *found->of;
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(*found->in, r.key)); !held) return std::move(held.error());
  auto parts = chosen_parts(r, u, c.options.min_part_size);
  if (!parts) return std::move(parts.error());

  version v{.last_modified = c.now, .fields = u.fields, .tagging = u.tagging};
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  for (const part& p : *parts) {
    v.bytes.append(p.bytes);
    md5.update(as_bytes(from_hex(unquoted(p.etag)).value_or("")));
  }
  v.etag = in_quotes(hex(as_bytes(from_base64(md5.base64()).value_or(""))) + "-" + std::to_string(parts->size()));
  if (r.mpu_object_size && *r.mpu_object_size != static_cast<std::int64_t>(v.bytes.size()))
    return bad_request("the parts together have not the size that x-amz-mp-object-size says");
  if (r.checksum_type && u.algorithm &&
      *r.checksum_type != type_of(u))
    return bad_request("the upload was begun with another checksum type");
  auto sum = whole_checksum(u, *parts, v.bytes);
  if (!sum) return std::move(sum.error());
  // The request's own may lack the "-N" of a composite one.
  const auto claimed = c.request.fields.get(sum->field());
  if (claimed && claimed->substr(0, claimed->find('-')) != std::string_view{sum->text}.substr(0, sum->text.find('-')))
    return refusal("BadDigest", 400,
                   "The " + lower_case(crypto::name(sum->algorithm)) + " you specified did not match the calculated checksum.");
  v.checksum = std::move(*sum);
  v.parts = std::move(*parts);

  bucket& in = *found->in;
  if (auto ended = c.kept.end(in, r.key, u); !ended) return std::move(ended.error());
  auto added = c.kept.add(in, r.key, std::move(v));
  if (!added) return std::move(added.error());
  complete_multipart_upload_response out;
  assign_fields(out, facts_of(**added, in));
  out.location = c.origin + "/" + r.bucket + "/" + uri_encode(r.key, uri_part::path);
  out.bucket = r.bucket;
  out.key = r.key;
  const checksum_value& told = *(*added)->checksum;
  assign_elements(out, {{"ETag", (*added)->etag}, {told.element(), told.text}, {"ChecksumType", told.type()}});
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/copy.hpp
// How is an object copied, as an object or as a part?

namespace s3store::inline v0::embedded {

struct found_source {
  const bucket* in{};
  const version* what{};
};

/// What a copy copies. Both kinds of request say it with the same members.
template <class Request>
result<found_source> find_source(const Request& r, auto& c) {
  if (r.expected_source_bucket_owner && *r.expected_source_bucket_owner != c.options.account)
    return refusal("AccessDenied", 403, "the source bucket has another owner than the request expects");
  auto in = c.kept.find(r.copy_source.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.copy_source.key, r.copy_source.version_id);
  if (!found) {
    c.more.clear();  // what it says is of the source
    if (found.error().status == 405)
      return bad_request("a delete marker cannot be copied");
    return std::move(found.error());
  }
  if (auto key = check_customer_key((*found)->fields, c.request.fields, "x-amz-copy-source-server-side-encryption-customer-"); !key)
    return std::move(key.error());
  const read_conditions conditions{r.copy_source_if_match, r.copy_source_if_none_match, r.copy_source_if_modified_since,
                                   r.copy_source_if_unmodified_since};
  if (auto held = check_read(conditions, **found, true); !held) return std::move(held.error());
  return found_source{*in, *found};
}

/// "COPY", which is also the default, or "REPLACE".
template <class Directive>
result<bool> replaces(const std::optional<Directive>& d) {
  if (!d || *d == Directive::copy) return false;
  if (*d == Directive::replace) return true;
  return invalid("a directive is COPY or REPLACE, and not " + d->str());
}

inline result<copy_object_response> handle(const copy_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  auto new_description = replaces(r.metadata_directive);
  auto new_tagging = replaces(r.tagging_directive);
  if (!new_description || !new_tagging) return std::move((new_description ? new_tagging : new_description).error());
  auto source = find_source(r, c);
  if (!source) return std::move(source.error());
  const version& from = *source->what;
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(**in, r.key)); !held) return std::move(held.error());

  auto about = read_attributes(c.request.fields, **in, c.now);
  if (!about) return std::move(about.error());
  if (!*new_description) {
    headers fields;
    keep_description(fields, from.fields);
    keep_fields(fields, about->fields, placing_fields);
    about->fields = std::move(fields);
  }
  if (!*new_tagging) about->tagging = from.tagging;
  const bool onto_itself = source->in == *in && r.copy_source.key == r.key && !r.copy_source.version_id;
  bool places = false;
  for (const char* const name : placing_fields) places = places || c.request.fields.contains(name);
  if (onto_itself && !*new_description && !*new_tagging && !places && !r.checksum_algorithm)
    return bad_request("a copy onto itself must change the object's metadata, tags, storage class, encryption or checksum");

  auto md5 = md5_of(from.bytes);
  if (!md5) return std::move(md5.error());
  auto algorithm = from.checksum ? from.checksum->algorithm : default_checksum;
  if (r.checksum_algorithm) {
    const auto named = crypto::parse_checksum_algorithm(r.checksum_algorithm->str());
    if (!named) return not_done("checksums of the algorithm " + r.checksum_algorithm->str());
    algorithm = *named;
  }
  auto checksum = checksum_of(from.bytes, algorithm);
  if (!checksum) return std::move(checksum.error());
  const std::string source_id = from.id;
  const bool source_has_versions = source->in->has_versions();
  auto added = c.kept.add(**in, r.key,
                          {.last_modified = c.now,
                           .etag = in_quotes(hex(as_bytes(*md5))),
                           .bytes = from.bytes,
                           .fields = std::move(about->fields),
                           .tagging = std::move(about->tagging),
                           .checksum = std::move(*checksum)});
  if (!added) return std::move(added.error());
  const version& v = **added;
  copy_object_response out;
  assign_fields(out, facts_of(v, **in));
  if (source_has_versions) out.copy_source_version_id = source_id;
  auto& told = out.copy_object_result.emplace();
  told.etag = v.etag;
  told.last_modified = v.last_modified;
  assign_elements(told, {{v.checksum->element(), v.checksum->text}, {"ChecksumType", v.checksum->type()}});
  return out;
}

inline result<upload_part_copy_response> handle(const upload_part_copy_request& r, auto& c) {
  auto under = find_upload(r, c);
  if (!under) return std::move(under.error());
  if (auto number = check_part_number(r.part_number); !number) return std::move(number.error());
  if (auto key = check_customer_key(under->of->fields, c.request.fields); !key) return std::move(key.error());
  auto source = find_source(r, c);
  if (!source) return std::move(source.error());
  const version& from = *source->what;
  content bytes = from.bytes;
  if (r.copy_source_range) {
    auto range = parse_range(*r.copy_source_range, from.bytes.size());
    const auto last =
        parse_integer<std::uint64_t>(std::string_view{*r.copy_source_range}.substr(r.copy_source_range->find('-') + 1));
    if ((range && !*range) || !last) return invalid("x-amz-copy-source-range must be bytes=first-last");
    if (!range || *last >= from.bytes.size())
      return invalid("x-amz-copy-source-range goes beyond the " + std::to_string(from.bytes.size()) + " bytes of the source");
    auto piece = from.bytes.read((*range)->first, (*range)->length);
    if (!piece) return std::move(piece.error());
    auto kept = c.kept.keep(std::move(*piece));
    if (!kept) return std::move(kept.error());
    bytes = std::move(*kept);
  }
  upload_part_copy_response out;
  if (source->in->has_versions()) out.copy_source_version_id = from.id;
  auto md5 = md5_of(bytes);
  if (!md5) return std::move(md5.error());
  auto added = add_part(c, *under, r.part_number, std::move(bytes), *md5);
  if (!added) return std::move(added.error());
  assign_fields(out, under->of->fields);
  auto& told = out.copy_part_result.emplace();
  told.etag = (*added)->etag;
  told.last_modified = (*added)->last_modified;
  if ((*added)->checksum) assign_elements(told, {{(*added)->checksum->element(), (*added)->checksum->text}});
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/listings.hpp
// Which keys, versions, uploads or parts are there, a page at a time?

namespace s3store::inline v0::embedded {

/// One page of a listing: takes entries in order, counts them, and rolls those up that have the delimiter behind the prefix.
class page {
 public:
  enum class verdict { listed, rolled_up, full };

  /// `after`: where the page before has ended, a key or a rolled-up prefix.
  page(std::string_view prefix, std::string_view delimiter, std::string_view after, std::int32_t most)
      : prefix_(prefix), delimiter_(delimiter), last_(after), left_((std::min)(most, 1000)), empty_(most == 0) {}

  verdict offer(std::string_view key) {
    const auto at = delimiter_.empty() ? std::string_view::npos : key.find(delimiter_, prefix_.size());
    const auto group = at == std::string_view::npos ? std::string_view{} : key.substr(0, at + delimiter_.size());
    if (!group.empty() && group == last_) return verdict::rolled_up;
    if (left_ == 0) {
      truncated_ = !empty_;
      return verdict::full;
    }
    --left_;
    ++count_;
    last_ = group.empty() ? key : group;
    if (group.empty()) return verdict::listed;
    prefixes_.push_back({.prefix = last_});
    return verdict::rolled_up;
  }

  std::int32_t count() const noexcept { return count_; }
  bool truncated() const noexcept { return truncated_; }
  /// The key or prefix that the next page comes after.
  const std::string& last() const noexcept { return last_; }
  std::vector<types::common_prefix>& prefixes() noexcept { return prefixes_; }

 private:
  std::string prefix_, delimiter_, last_;
  std::int32_t left_, count_{};
  bool empty_, truncated_{};
  std::vector<types::common_prefix> prefixes_{};
};

template <class T>
result<std::int32_t> page_size(const std::optional<std::int32_t>& wanted, const std::optional<T>& encoding,
                               std::int32_t most = 1000) {
  if (wanted && *wanted < 0) return invalid("the size of a page must not be negative");
  if (encoding && encoding->str() != "url") return invalid("encoding-type must be url");
  return (std::min)(wanted.value_or(most), most);
}

/// Where the entries behind a prefix and a marker begin.
template <class Map>
auto first_after(const Map& sorted, std::string_view prefix, std::string_view after) {
  return after < prefix ? sorted.lower_bound(prefix) : after.empty() ? sorted.begin() : sorted.upper_bound(after);
}

template <class Entry>
void tell_checksum(Entry& to, const std::optional<checksum_value>& c) {
  if (!c) return;
  to.checksum_algorithm.emplace_back(crypto::name(c->algorithm));
  to.checksum_type = types::checksum_type{c->type()};
}

/// The entry of an object or a version, which have these members in common.
template <class Entry>
Entry entry_of(const std::string& key, const version& v) {
  Entry out;
  out.key = key;
  out.last_modified = v.last_modified;
  if constexpr (requires { out.etag; }) {
    out.etag = v.etag;
    out.size = static_cast<std::int64_t>(v.bytes.size());
    out.storage_class.emplace(v.fields.get(storage_class_field).value_or("STANDARD"));
    tell_checksum(out, v.checksum);
  }
  return out;
}

// --- objects ----------------------------------------------------------------------------------------------------------------------

/// What both kinds of listing have in common. Returns the page, which says how it ended.
template <class Request>
result<page> list_current(const Request& r, auto& c, std::string_view after, bool with_owner, response_of<Request>& out) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_keys, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string prefix = r.prefix.value_or("");
  page listed{prefix, r.delimiter.value_or(""), after, *most};
  for (auto at = first_after((*in)->objects, prefix, after); at != (*in)->objects.end() && at->first.starts_with(prefix); ++at) {
    if (at->second.front().delete_marker) continue;
    const auto verdict = listed.offer(at->first);
    if (verdict == page::verdict::full) break;
    if (verdict == page::verdict::rolled_up) continue;
    out.contents.push_back(entry_of<types::object>(at->first, at->second.front()));
    if (with_owner) out.contents.back().owner = owner_of(c);
  }
  out.is_truncated = listed.truncated();
  out.name = r.bucket;
  out.prefix = prefix;
  out.delimiter = r.delimiter;
  out.max_keys = *most;
  out.encoding_type = r.encoding_type;
  out.common_prefixes = std::move(listed.prefixes());
  return listed;
}

inline result<list_objects_response> handle(const list_objects_request& r, auto& c) {
  list_objects_response out;
  auto listed = list_current(r, c, r.marker.value_or(""), true, out);
  if (!listed) return std::move(listed.error());
  out.marker = r.marker.value_or("");
  if (listed->truncated() && r.delimiter) out.next_marker = listed->last();  // without one the last key is the marker
  return out;
}

inline result<list_objects_v2_response> handle(const list_objects_v2_request& r, auto& c) {
  const auto token = from_base64(r.continuation_token.value_or(""));
  if (!token || (r.continuation_token && token->empty())) return invalid("the continuation token is none of this server's");
  list_objects_v2_response out;
  auto listed = list_current(r, c, r.continuation_token ? *token : r.start_after.value_or(""), r.fetch_owner.value_or(false), out);
  if (!listed) return std::move(listed.error());
  out.key_count = listed->count();
  out.continuation_token = r.continuation_token;
  out.start_after = r.start_after;
  if (listed->truncated()) out.next_continuation_token = base64(as_bytes(listed->last()));
  return out;
}

inline result<list_object_versions_response> handle(const list_object_versions_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_keys, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string prefix = r.prefix.value_or(""), after = r.key_marker.value_or(""),
                    after_version = r.version_id_marker.value_or("");
  if (r.version_id_marker && after.empty()) return invalid("a version-id-marker needs a key-marker");

  list_object_versions_response out;
  page listed{prefix, r.delimiter.value_or(""), after, *most};
  const auto& all = (*in)->objects;
  auto key = first_after(all, prefix, after);
  // A marker that names a version stands among those of its key, so that the rest of them comes first.
  bool skipping = !after_version.empty() && all.find(after) != all.end();
  if (skipping) key = all.find(after);
  std::string last_version;
  bool full = false;
  for (; key != all.end() && !full && key->first.starts_with(prefix); ++key) {
    for (const version& v : key->second) {
      if (skipping) {
        skipping = v.id != after_version && &v != &key->second.back();
        continue;
      }
      const auto verdict = listed.offer(key->first);
      full = verdict == page::verdict::full;
      if (full) break;
      if (verdict == page::verdict::rolled_up) continue;
      const auto tell = [&](auto entry) {
        entry.version_id = last_version = v.id;
        entry.is_latest = &v == &key->second.front();
        entry.owner = owner_of(c);
        return entry;
      };
      if (v.delete_marker) {
        out.delete_markers.push_back(tell(entry_of<types::delete_marker_entry>(key->first, v)));
      } else {
        out.versions.push_back(tell(entry_of<types::object_version>(key->first, v)));
      }
    }
  }
  out.is_truncated = listed.truncated();
  if (listed.truncated()) {
    out.next_key_marker = listed.last();
    const bool at_prefix = !listed.prefixes().empty() && *listed.prefixes().back().prefix == listed.last();
    if (!at_prefix) out.next_version_id_marker = last_version;
  }
  out.key_marker = after;
  out.version_id_marker = after_version;
  out.name = r.bucket;
  out.prefix = prefix;
  out.delimiter = r.delimiter;
  out.max_keys = *most;
  out.encoding_type = r.encoding_type;
  out.common_prefixes = std::move(listed.prefixes());
  return out;
}

// --- uploads ----------------------------------------------------------------------------------------------------------------------

inline result<list_multipart_uploads_response> handle(const list_multipart_uploads_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto most = page_size(r.max_uploads, r.encoding_type);
  if (!most) return std::move(most.error());
  const std::string prefix = r.prefix.value_or(""), after = r.key_marker.value_or(""),
                    after_id = after.empty() ? "" : r.upload_id_marker.value_or("");

  list_multipart_uploads_response out;
  page listed{prefix, r.delimiter.value_or(""), after, *most};
  for (const auto& [name, u] : (*in)->uploads) {
    const auto& [key, id] = name;
    const bool before = key < after || (key == after && !after.empty() && (after_id.empty() || id <= after_id));
    if (before || !key.starts_with(prefix)) continue;
    const auto verdict = listed.offer(key);
    if (verdict == page::verdict::full) break;
    if (verdict == page::verdict::rolled_up) continue;
    types::multipart_upload& one = out.uploads.emplace_back();
    one.upload_id = id;
    one.key = key;
    one.initiated = u.initiated;
    one.storage_class = types::storage_class{u.fields.get(storage_class_field).value_or("STANDARD")};
    one.owner = owner_of(c);
    one.initiator = types::initiator{.id = c.options.account, .display_name = "embedded"};
    if (u.algorithm) {
      one.checksum_algorithm = types::checksum_algorithm{crypto::name(*u.algorithm)};
      one.checksum_type = type_of(u);
    }
  }
  out.bucket = r.bucket;
  out.key_marker = after;
  out.upload_id_marker = after_id;
  out.is_truncated = listed.truncated();
  if (listed.truncated()) {
    out.next_key_marker = listed.last();
    if (!out.uploads.empty() && *out.uploads.back().key == listed.last()) out.next_upload_id_marker = out.uploads.back().upload_id;
  }
  out.prefix = prefix;
  out.delimiter = r.delimiter;
  out.max_uploads = *most;
  out.encoding_type = r.encoding_type;
  out.common_prefixes = std::move(listed.prefixes());
  return out;
}

inline result<list_parts_response> handle(const list_parts_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) return std::move(found.error());
  const upload& u = *found->of;
  const std::int32_t after = r.part_number_marker.value_or(0), most = (std::min)(r.max_parts.value_or(1000), 1000);
  if (after < 0 || most < 0) return invalid("max-parts and part-number-marker must not be negative");
  list_parts_response out;
  out.is_truncated = false;
  for (auto at = u.parts.upper_bound(after); at != u.parts.end(); ++at) {
    if (out.parts.size() == static_cast<std::size_t>(most)) {
      out.is_truncated = most != 0;
      break;
    }
    const part& p = at->second;
    types::part& one = out.parts.emplace_back();
    one.part_number = out.next_part_number_marker.emplace(p.number);
    one.last_modified = p.last_modified;
    one.etag = p.etag;
    one.size = static_cast<std::int64_t>(p.bytes.size());
    if (p.checksum) assign_elements(one, {{p.checksum->element(), p.checksum->text}});
  }
  out.bucket = r.bucket;
  out.key = r.key;
  out.upload_id = u.id;
  out.part_number_marker = after;
  out.max_parts = most;
  out.owner = owner_of(c);
  out.initiator = types::initiator{.id = c.options.account, .display_name = "embedded"};
  out.storage_class = types::storage_class{u.fields.get(storage_class_field).value_or("STANDARD")};
  if (u.algorithm) {
    out.checksum_algorithm = types::checksum_algorithm{crypto::name(*u.algorithm)};
    out.checksum_type = type_of(u);
  }
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/post.hpp
// What does a browser's form upload? multipart/form-data (RFC 7578), taken apart into fields and one file.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html

namespace s3store::inline v0::embedded {

struct upload_form {
  auth::form_fields fields{};  ///< those before the file; S3 passes over what follows it
  std::string file{};
};

inline error malformed_form(std::string why) {
  return refusal("MalformedPOSTRequest", 400,
                 "the body is no multipart/form-data: " + std::move(why));
}

/// The value of a parameter: `name` in `form-data; name="key"`, quoted or not.
inline std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  std::optional<std::string> found;
  for (std::size_t at = header.find(';'); at != std::string_view::npos && !found;) {
    header = trim(header.substr(at + 1));
    const auto equals = (std::min)(header.find('='), header.size());
    const auto here = trim(header.substr(0, equals));
    header = header.substr((std::min)(equals + 1, header.size()));
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        if (header[i] == '\\' && i + 1 < header.size() && (header[i + 1] == '"' || header[i + 1] == '\\')) ++i;
        value.push_back(header[i]);
      }
      header = header.substr((std::min)(i + 1, header.size()));
    } else {
      value = trim(header.substr(0, header.find(';')));
    }
    if (equal_ignoring_case(here, name)) found = std::move(value);
    at = header.find(';');
  }
  return found;
}

inline bool is_form(const headers& fields) {
  return lower_case(fields.value_or_empty("Content-Type")).starts_with("multipart/form-data");
}

/// Fails with MalformedPOSTRequest or InvalidArgument. In the key, `${filename}` is the file's name already.
inline result<upload_form> parse_form(std::string_view content_type, std::string_view body) {
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) return malformed_form("there is no boundary");
  const std::string delimiter = "\r\n--" + *boundary;
  // The first boundary may be the body's first line.
  std::size_t at = body.starts_with(std::string_view{delimiter}.substr(2)) ? delimiter.size() - 2 : std::string_view::npos;
  if (const auto found = body.find(delimiter); at == std::string_view::npos && found != std::string_view::npos)
    at = found + delimiter.size();
  upload_form out;
  std::optional<std::string> file_name;
  while (!file_name) {
    if (at == std::string_view::npos || body.size() - at < 2) return malformed_form("the closing boundary is missing");
    if (body.substr(at, 2) == "--") break;
    const auto end = body.find(delimiter, at);
    std::string_view part = body.substr(at, end == std::string_view::npos ? 0 : end - at);
    if (!part.starts_with("\r\n")) return malformed_form("a part does not end with the boundary");
    const auto blank = part.find("\r\n\r\n");
    if (blank == std::string_view::npos) return malformed_form("a part has no blank line behind its headers");
    std::string name;
    split(part.substr(0, blank), '\n', [&](std::string_view line) {
      line = trim(line);
      constexpr std::string_view disposition = "content-disposition:";
      if (!equal_ignoring_case(line.substr(0, disposition.size()), disposition)) return;
      name = header_parameter(line, "name").value_or("");
      if (equal_ignoring_case(name, "file")) file_name = header_parameter(line, "filename").value_or("");
    });
    if (name.empty()) return malformed_form("a part has no name");
    const auto value = part.substr(blank + 4);
    if (file_name) {
      out.file = value;
    } else {
      out.fields.emplace_back(std::move(name), value);
    }
    at = end + delimiter.size();
  }
  if (!file_name) return invalid("a form must have a field named file");
  const auto slash = file_name->find_last_of("/\\");  // some browsers give the whole path
  if (slash != std::string::npos) file_name->erase(0, slash + 1);
  constexpr std::string_view variable = "${filename}";
  for (auto& [name, value] : out.fields)
    if (equal_ignoring_case(name, "key"))
      for (auto found = value.find(variable); found != std::string::npos; found = value.find(variable, found + file_name->size()))
        value.replace(found, variable.size(), *file_name);
  return out;
}

/// The form as the PUT that does the same.
inline result<received_request> request_of(upload_form&& form, std::string bucket) {
  // clang-format off
  constexpr std::array of_the_form{"key", "policy", "bucket", "acl", "success_action_status", "success_action_redirect", "redirect",
                                   "x-amz-signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"};
  // clang-format on
  received_request out{.verb = http::method::put, .bucket = std::move(bucket)};
  out.key = auth::find_field(form.fields, "key").value_or("");
  if (out.key.empty())
    return invalid("a form must have a field named key, before the file");
  if (const auto acl = auth::find_field(form.fields, "acl")) out.fields.add("x-amz-acl", *acl);
  if (auth::find_field(form.fields, "tagging")) return not_done("tags in a POST form");
  for (const auto& [name, value] : form.fields) {
    bool other = equal_ignoring_case(std::string_view{name}.substr(0, 9), "x-ignore-");
    for (const char* const known : of_the_form) other = other || equal_ignoring_case(name, known);
    if (other) continue;
    if (!is_header_name(name) || !is_header_value(value))
      return invalid("the form field " + name + " cannot be a header: its name or value is malformed");
    out.fields.add(name, value);
  }
  out.body = std::move(form.file);
  return out;
}

/// What the one who has sent the form is told. `status`, `redirect`: what the form asks for.
inline served_answer answer_to_form(const auto& c, const put_object_response& stored, std::string_view status,
                                    std::string_view redirect) {
  served_answer out{.status = 204};
  const std::string& bucket = c.request.bucket;
  const std::string location = c.origin + "/" + bucket + "/" + uri_encode(c.request.key, uri_part::path);
  const std::string etag = stored.etag.value_or("");
  out.fields.add("ETag", etag);
  if (stored.version_id) out.fields.add("x-amz-version-id", *stored.version_id);
  if (redirect.starts_with("http://") || redirect.starts_with("https://")) {
    out.status = 303;
    std::string query;
    append_query(query, "bucket", bucket);
    append_query(query, "key", c.request.key);
    append_query(query, "etag", etag);
    out.fields.add("Location", std::string(redirect) + (redirect.find('?') == std::string_view::npos ? "?" : "&") + query);
    return out;
  }
  out.fields.add("Location", location);
  if (status == "200") out.status = 200;
  if (status != "201") return out;
  out.status = 201;
  out.fields.add("Content-Type", "application/xml");
  xml::writer document{out.body};
  document.declaration();
  document.open("PostResponse");
  document.element("Location", location);
  document.element("Bucket", bucket);
  document.element("Key", c.request.key);
  document.element("ETag", etag);
  document.close();
  return out;
}

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/disk.hpp
// How does an embedded S3 outlive its process? Every bucket is a folder, and every version or upload in it a small XML file.
//
//   root/bytes/17              the bytes of a piece of content
//   root/buckets/b/bucket.xml
//   root/buckets/b/23.xml      one version, delete marker or upload; numbers grow, so that the newest has the highest
//
// The records are declared like the structures of the S3 API, and read and written by the same visitors.

namespace s3store::inline v0::embedded {

struct field_record {
  std::string name{};
  std::string value{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.url_element("Value", m.value);  // any byte that a header may have
  }
};

struct checksum_record {
  std::string algorithm{};
  std::string text{};
  bool composite{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Algorithm", m.algorithm);
    v.element("Value", m.text);
    v.element("Composite", m.composite);
  }
};

struct part_record {
  std::int32_t number{};
  std::string etag{};
  timestamp last_modified{};
  std::vector<std::int64_t> pieces{};
  std::optional<checksum_record> checksum{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Number", m.number);
    v.element("ETag", m.etag);
    v.element("LastModified", m.last_modified);
    v.element("Piece", m.pieces);
    v.element("Checksum", m.checksum);
  }
};

struct object_record {
  std::string kind{};  ///< "Version", "DeleteMarker" or "Upload"
  std::string key{};
  std::string id{};
  timestamp at{};
  std::string etag{};
  std::vector<field_record> fields{};
  std::string tagging{};
  std::vector<std::int64_t> pieces{};
  std::optional<checksum_record> checksum{};  ///< of an upload: what its creator wants
  std::vector<part_record> parts{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Kind", m.kind);
    v.url_element("Key", m.key);
    v.element("Id", m.id);
    v.element("Time", m.at);
    v.element("ETag", m.etag);
    v.element("Field", m.fields);
    v.url_element("Tagging", m.tagging);
    v.element("Piece", m.pieces);
    v.element("Checksum", m.checksum);
    v.element("Part", m.parts);
  }
};

struct bucket_record {
  timestamp created{};
  std::string versioning{};
  bool object_lock{};
  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Created", m.created);
    v.element("Versioning", m.versioning);
    v.element("ObjectLock", m.object_lock);
  }
};

/// Does nothing where the root is empty. `Depot` is where the bytes are.
template <class Depot>
class basic_disk {
 public:
  explicit basic_disk(std::string root) : root_(std::move(root)) {
    while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
  }

  std::string folder_of_bytes() const { return root_.empty() ? std::string{} : root_ + "/bytes"; }

  result<void> prepare() const {
    if (root_.empty()) return {};
    if (auto made = make_folder(root_ + "/bytes"); !made) return made;
    return make_folder(root_ + "/buckets");
  }

  result<void> save(const bucket& b) const {
    if (root_.empty()) return {};
    if (auto made = make_folder(folder_of(b.name)); !made) return made;
    return write(folder_of(b.name) + "/bucket.xml", bucket_record{b.created, b.versioning, b.object_lock});
  }
  result<void> save(const bucket& in, const std::string& key, const version& v) const {
    if (root_.empty()) return {};
    object_record r{
        .kind = v.delete_marker ? "DeleteMarker" : "Version", .key = key, .id = v.id, .at = v.last_modified, .etag = v.etag};
    r.tagging = v.tagging;
    r.checksum = record_of(v.checksum);
    if (v.parts.empty()) r.pieces = numbers_of(v.bytes);
    for (const part& p : v.parts) r.parts.push_back(record_of(p));
    return write(in, v.number, std::move(r), v.fields);
  }
  result<void> save(const bucket& in, const std::string& key, const upload& u) const {
    if (root_.empty()) return {};
    object_record r{.kind = "Upload", .key = key, .id = u.id, .at = u.initiated};
    r.tagging = u.tagging;
    r.checksum = checksum_record{u.algorithm ? std::string(crypto::name(*u.algorithm)) : std::string{}, {}, u.composite};
    for (const auto& [number, p] : u.parts) r.parts.push_back(record_of(p));
    return write(in, u.number, std::move(r), u.fields);
  }

  result<void> remove(const bucket& from, std::int64_t number) const {
    if (root_.empty()) return {};
    const std::string path = path_of(from, number);
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) return folder_failure("remove", path, errno);
    return {};
  }
  result<void> remove(const bucket& b) const {
    if (root_.empty()) return {};
    for (const auto& [key, u] : b.uploads)
      if (auto gone = remove(b, u.number); !gone) return gone;
    std::remove((folder_of(b.name) + "/bucket.xml").c_str());
    return remove_folder(folder_of(b.name));
  }

  /// Reads all there is into `buckets`; `last` becomes the highest number of a record.
  result<void> load(Depot& bytes, std::map<std::string, bucket, std::less<>>& buckets, std::int64_t& last) const {
    if (root_.empty()) return {};
    auto names = list_folder(root_ + "/buckets");
    if (!names) return std::move(names.error());
    for (const std::string& name : *names) {
      bucket& b = buckets[name];
      b.name = name;
      if (auto loaded = load(bytes, b); !loaded) return loaded;
      for (auto& [key, all] : b.objects) {
        std::sort(all.begin(), all.end(), [](const version& x, const version& y) { return x.number > y.number; });
        last = (std::max)(last, all.front().number);
      }
      for (const auto& [key, u] : b.uploads) last = (std::max)(last, u.number);
    }
    return {};
  }

 private:
  static constexpr const char* root_name = "Record";

  std::string folder_of(const std::string& bucket_name) const { return root_ + "/buckets/" + bucket_name; }
  std::string path_of(const bucket& in, std::int64_t number) const {
    return folder_of(in.name) + "/" + std::to_string(number) + ".xml";
  }

  static std::vector<std::int64_t> numbers_of(const content& c) {
    std::vector<std::int64_t> out;
    for (const auto& piece : c.pieces()) out.push_back(piece->number());
    return out;
  }
  static std::optional<checksum_record> record_of(const std::optional<checksum_value>& c) {
    if (!c) return std::nullopt;
    return checksum_record{std::string(crypto::name(c->algorithm)), c->text, c->composite};
  }
  static part_record record_of(const part& p) {
    return {p.number, p.etag, p.last_modified, numbers_of(p.bytes), record_of(p.checksum)};
  }

  template <class Record>
  static result<void> write(const std::string& path, const Record& record) {
    std::string text;
    xml::writer out{text};
    wire::xml_members_writer members{out, true};
    out.open(root_name);
    Record::describe(members, record);
    out.close();
    if (auto written = out.finish(); !written) return written;
    return replace_file(path, text);
  }
  result<void> write(const bucket& in, std::int64_t number, object_record&& record, const headers& fields) const {
    for (const auto [name, value] : fields) record.fields.push_back({std::string(name), std::string(value)});
    return write(path_of(in, number), record);
  }

  template <class Record>
  static result<Record> read(const std::string& path) {
    auto file = http::file_source::open(path);
    if (!file) return std::move(file.error());
    std::string text(static_cast<std::size_t>(file->length()), '\0');
    for (std::size_t at = 0; at != text.size();) {
      auto got = file->read(std::as_writable_bytes(std::span{text.data() + at, text.size() - at}));
      if (!got) return std::move(got.error());
      at += *got;
    }
    auto parsed = xml::document::parse(std::move(text));
    if (!parsed) return fail(error_kind::io, path + " is no record of an embedded S3: " + parsed.error().message);
    Record out;
    wire::reading_failure failure;
    wire::xml_members_reader members{parsed->root(), failure, true};
    Record::describe(members, out);
    if (failure.any()) return fail(error_kind::io, path + " is no record of an embedded S3: " + failure.what);
    return out;
  }

  result<void> load(Depot& bytes, bucket& b) const {
    auto about = read<bucket_record>(folder_of(b.name) + "/bucket.xml");
    if (!about) return std::move(about.error());
    b.created = about->created;
    b.versioning = about->versioning;
    b.object_lock = about->object_lock;
    auto names = list_folder(folder_of(b.name));
    if (!names) return std::move(names.error());
    for (const std::string& name : *names) {
      const auto number =
          name.ends_with(".xml") ? parse_integer<std::int64_t>(std::string_view{name}.substr(0, name.size() - 4)) : std::nullopt;
      if (!number) continue;
      auto record = read<object_record>(folder_of(b.name) + "/" + name);
      if (!record) return std::move(record.error());
      if (auto taken = take(bytes, b, *number, *record); !taken) return taken;
    }
    return {};
  }

  static result<void> take(Depot& bytes, bucket& b, std::int64_t number, const object_record& r) {
    headers fields;
    for (const field_record& f : r.fields) fields.add(f.name, f.value);
    std::vector<part> parts;
    for (const part_record& p : r.parts) {
      auto its_bytes = content_of(bytes, p.pieces);
      if (!its_bytes) return std::move(its_bytes.error());
      parts.push_back({p.number, p.etag, p.last_modified, std::move(*its_bytes), value_of(p.checksum)});
    }
    if (r.kind == "Upload") {
      upload u{.id = r.id, .number = number, .initiated = r.at, .fields = std::move(fields), .tagging = r.tagging};
      if (r.checksum) {
        u.algorithm = crypto::parse_checksum_algorithm(r.checksum->algorithm);
        u.composite = r.checksum->composite;
      }
      for (part& p : parts) u.parts.insert_or_assign(p.number, std::move(p));
      b.uploads.insert_or_assign({r.key, r.id}, std::move(u));
      return {};
    }
    auto all = content_of(bytes, r.pieces);
    if (!all) return std::move(all.error());
    for (const part& p : parts) all->append(p.bytes);
    b.objects[r.key].push_back({.id = r.id,
                                .number = number,
                                .delete_marker = r.kind == "DeleteMarker",
                                .last_modified = r.at,
                                .etag = r.etag,
                                .bytes = std::move(*all),
                                .fields = std::move(fields),
                                .tagging = r.tagging,
                                .checksum = value_of(r.checksum),
                                .parts = std::move(parts)});
    return {};
  }

  static result<content> content_of(Depot& bytes, const std::vector<std::int64_t>& pieces) {
    content out;
    for (const std::int64_t number : pieces) {
      auto found = bytes.find(number);
      if (!found) return std::move(found.error());
      out.append(content{std::move(*found)});
    }
    return out;
  }
  static std::optional<checksum_value> value_of(const std::optional<checksum_record>& r) {
    const auto algorithm = r ? crypto::parse_checksum_algorithm(r->algorithm) : std::nullopt;
    if (!algorithm) return std::nullopt;
    return checksum_value{*algorithm, r->text, r->composite};
  }

  std::string root_;
};
using disk = basic_disk<depot>;

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/store.hpp
// What does an embedded S3 keep? Buckets, the versions of their objects, and uploads in parts that are under way.
//
// The functions that change something are few, and all in `store`, so that what is kept on disk follows from them.

namespace s3store::inline v0::embedded {

/// What is kept, and kept up to date in the folder `root` if it is not empty. Not thread-safe.
template <class Disk>
class basic_store {
 public:
  explicit basic_store(const std::string& root) : disk_(root), bytes_(disk_.folder_of_bytes()) {}

  /// Reads what an earlier process has left.
  result<void> load() {
    if (auto ready = disk_.prepare(); !ready) return ready;
    if (auto loaded = disk_.load(bytes_, buckets_, last_); !loaded) return loaded;
    return bytes_.open();
  }

  const std::map<std::string, bucket, std::less<>>& buckets() const noexcept { return buckets_; }

  /// Fails with NoSuchBucket.
  result<bucket*> find(std::string_view name) {
    const auto at = buckets_.find(name);
    if (at == buckets_.end()) return auth::refusal("NoSuchBucket", 404, "there is no such bucket");
    return &at->second;
  }

  result<bucket*> create(const std::string& name, timestamp now) {
    bucket made{.name = name, .created = now};
    if (auto saved = disk_.save(made); !saved) return std::move(saved.error());
    return &buckets_.insert_or_assign(name, std::move(made)).first->second;
  }
  result<void> changed(const bucket& b) { return disk_.save(b); }
  result<void> remove(const bucket& b) {
    if (auto gone = disk_.remove(b); !gone) return gone;
    buckets_.erase(buckets_.find(b.name));
    return {};
  }

  result<content> keep(std::string bytes) { return bytes_.keep(std::move(bytes)); }

  /// Makes `v` the current version of the key; where versions are not kept, in place of the one without an id. Gives it its id.
  result<const version*> add(bucket& to, const std::string& key, version v) {
    v.number = ++last_;
    v.id = to.versioning == "Enabled" ? new_id(v.last_modified) : std::string{null_version};
    if (auto saved = disk_.save(to, key, v); !saved) return std::move(saved.error());
    auto& all = to.objects[key];
    if (v.id == null_version)
      if (auto erased = erase(to, key, all, null_version); !erased) return std::move(erased.error());
    return &*all.insert(all.begin(), std::move(v));
  }

  /// Deletes a version for good.
  result<void> erase(bucket& from, const std::string& key, std::string_view id) {
    const auto at = from.objects.find(key);
    if (at == from.objects.end()) return {};
    auto erased = erase(from, key, at->second, id);
    if (at->second.empty()) from.objects.erase(at);
    return erased;
  }

  result<upload*> begin(bucket& in, const std::string& key, upload u) {
    u.number = ++last_;
    u.id = new_id(u.initiated);
    if (auto saved = disk_.save(in, key, u); !saved) return std::move(saved.error());
    return &in.uploads.insert_or_assign({key, u.id}, std::move(u)).first->second;
  }
  result<void> add(bucket& in, const std::string& key, upload& to, part p) {
    to.parts.insert_or_assign(p.number, std::move(p));
    return disk_.save(in, key, to);
  }
  result<void> end(bucket& in, const std::string& key, const upload& u) {
    if (auto gone = disk_.remove(in, u.number); !gone) return gone;
    in.uploads.erase({key, u.id});
    return {};
  }

 private:
  result<void> erase(bucket& from, const std::string&, std::vector<version>& all, std::string_view id) {
    const auto at = std::find_if(all.begin(), all.end(), [id](const version& v) { return v.id == id; });
    if (at == all.end()) return {};
    const auto number = at->number;
    all.erase(at);
    return disk_.remove(from, number);
  }

  /// Nobody has to guess it, and no two are the same.
  std::string new_id(timestamp now) {
    return crypto::sha256_hex(as_bytes(format_iso8601(now) + "/" + std::to_string(++last_))).substr(0, 32);
  }

  std::map<std::string, bucket, std::less<>> buckets_{};  // before the depot, which closes before they go: their files stay
  Disk disk_;
  depot bytes_;
  std::int64_t last_{};  ///< number given to a record
};
using store = basic_store<disk>;

}  // namespace s3store::inline v0::embedded

// ---- s3store/transports/embedded/server.hpp
// What does an embedded S3 answer to a request? Taken apart, authenticated, routed by the operations' declarations, and handled.
//
// The order matters: who is not allowed to ask learns nothing, and bytes that are not what was signed are not stored.

namespace s3store::inline v0 {

/// A request as it came over HTTP.
struct embedded_request {
  std::string method{};     ///< "GET"
  std::string target{};     ///< path and query as they were sent, not decoded
  http::headers fields{};   ///< all of them, `Host` and `Content-Length` included
  std::string body{};
  bool secure{};            ///< it came over TLS
};
using embedded_answer = served_answer;

namespace embedded {

/// Who answers.
struct service {
  virtual ~service() = default;
  virtual embedded_answer serve(embedded_request r) = 0;
  virtual const embedded_options& options() const noexcept = 0;
  virtual const error& unusable() const noexcept = 0;
};

template <class Store>
class server final : public service {
 public:
  explicit server(embedded_options o) : options_(std::move(o)), kept_(options_.root) {
    if (auto loaded = kept_.load(); !loaded) unusable_ = std::move(loaded.error());
    add_routes<list_buckets_request, create_bucket_request, head_bucket_request, get_bucket_location_request, delete_bucket_request,
               put_bucket_versioning_request, get_bucket_versioning_request, put_object_request, get_object_request,
               head_object_request, delete_object_request, delete_objects_request, copy_object_request,
               get_object_attributes_request, list_objects_request, list_objects_v2_request, list_object_versions_request,
               create_multipart_upload_request, upload_part_request, upload_part_copy_request, complete_multipart_upload_request,
               abort_multipart_upload_request, list_multipart_uploads_request, list_parts_request>();
  }

  const embedded_options& options() const noexcept override { return options_; }
  const error& unusable() const noexcept override { return unusable_; }

  embedded_answer serve(embedded_request r) override {
    const timestamp now = std::chrono::floor<std::chrono::milliseconds>(options_.clock.now().wall);  // S3 has no finer ones
    circumstances about;
    auto answered = answer(r, now, about);
    const std::string id = request_id();
    served_answer out = answered ? std::move(*answered) : error_answer(answered.error(), r, id, std::move(about));
    out.fields.set("x-amz-request-id", id);
    out.fields.set("x-amz-id-2", host_id(id));
    out.fields.set("Date", format_http_date(now));
    out.fields.set("Server", "s3store");
    return out;
  }

 private:
  /// What an error's answer says beside the error.
  struct circumstances {
    headers more{};
    std::string bucket{};
    std::string key{};
  };

  struct route {
    route_pattern of{};
    result<served_answer> (*run)(context<Store>&){};
  };

  template <class... R>
  void add_routes() {
    (routes_.push_back({pattern_of<R>(), &run<R>}), ...);
  }

  template <class R>
  static result<served_answer> run(context<Store>& c) {
    auto request = decode_request<R>(c.request);
    if (!request) return std::move(request.error());
    auto response = handle(*request, c);
    if (!response) return std::move(response.error());
    auto out = encode_response<R>(std::move(*response));
    if (out && c.status) out->status = *c.status;
    return out;
  }

  // --- a request taken apart ------------------------------------------------------------------------------------------------------

  struct address {
    std::string_view path{};   ///< as it was sent
    std::string_view query{};
    std::string_view host{};
  };

  /// Takes the body.
  result<received_request> take_apart(embedded_request& r, const address& at) const {
    received_request out;
    const auto verb = http::parse_method(r.method);
    if (!verb) return refusal("MethodNotAllowed", 405, "S3 knows GET, HEAD, PUT, POST and DELETE");
    out.verb = *verb;
    if (!at.path.starts_with('/')) return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");

    std::string_view host = at.host.substr(0, at.host.find(':')), key = at.path.substr(1);
    const std::string suffix = "." + options_.domain;
    if (!options_.domain.empty() && host.size() > suffix.size() &&
        equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix)) {
      out.bucket = lower_case(host.substr(0, host.size() - suffix.size()));
    } else {
      const auto slash = (std::min)(key.find('/'), key.size());
      auto bucket = uri_decode(key.substr(0, slash));
      if (!bucket) return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");
      out.bucket = std::move(*bucket);
      key.remove_prefix((std::min)(slash + 1, key.size()));
    }
    auto decoded = uri_decode(key);
    if (!decoded || (out.bucket.empty() && !decoded->empty()))
      return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");
    out.key = std::move(*decoded);

    bool broken = false;
    split(at.query, '&', [&](std::string_view piece) {
      if (piece.empty()) return;
      const auto equals = (std::min)(piece.find('='), piece.size());
      auto name = uri_decode(piece.substr(0, equals), true),
           value = uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true);
      // Some parameters come back as headers.
      broken = broken || !name || !value || (name->starts_with("response-") && !is_header_value(*value));
      if (!broken) out.query.emplace_back(std::move(*name), std::move(*value));
    });
    if (broken) return invalid("a query parameter is not percent-encoded, or holds a control character");
    out.fields = r.fields;
    out.body = std::move(r.body);
    return out;
  }

  // --- who asks -------------------------------------------------------------------------------------------------------------------

  auth::signing_scope scope() const { return {.region = options_.region}; }

  result<const auth::credentials*> find_identity(const auth::presented_signature& p) const {
    for (const auth::credentials& known : options_.credentials)
      if (known.access_key_id == p.access_key_id && !known.anonymous()) return &known;
    return refusal("InvalidAccessKeyId", 403, "the access key id is not known");
  }
  result<void> check_anonymous() const {
    if (!options_.anonymous_allowed) return refusal("AccessDenied", 403, "requests must be signed");
    return {};
  }

  struct caller {
    bool anonymous{};
    std::optional<auth::chunk_signer> chunks{};
  };

  result<caller> authenticate(const embedded_request& r, const address& at, timestamp now) const {
    auto presented = auth::presented(at.query, r.fields);
    if (!presented) return std::move(presented.error());
    if (!*presented) {
      if (auto allowed = check_anonymous(); !allowed) return std::move(allowed.error());
      return caller{.anonymous = true};
    }
    auto who = find_identity(**presented);
    if (!who) return std::move(who.error());
    auth::signer signer;
    const auth::signable what{.method = r.method, .path = at.path, .query = at.query, .host = at.host};
    if (auto verified = auth::verify(signer, **presented, what, r.fields, **who, scope(), now); !verified)
      return std::move(verified.error());
    caller out;
    if ((*presented)->from == auth::presented_signature::place::fields) out.chunks = signer.chunks();
    return out;
  }

  // --- what is answered -----------------------------------------------------------------------------------------------------------

  result<served_answer> answer(embedded_request& r, timestamp now, circumstances& about) {
    if (unusable_.kind != error_kind::none) return refusal("InternalError", 500, unusable_.message);
    const std::string_view target = r.target;
    const auto mark = (std::min)(target.find('?'), target.size());
    const address at{target.substr(0, mark), target.substr((std::min)(mark + 1, target.size())), r.fields.value_or_empty("Host")};
    auto request = take_apart(r, at);
    if (!request) return std::move(request.error());
    about.bucket = request->bucket;
    about.key = request->key;
    const std::string origin = (r.secure ? "https://" : "http://") + std::string(at.host);
    if (request->verb == http::method::post && request->key.empty() && is_form(r.fields))
      return answer_form(std::move(*request), now, origin);

    auto identity = authenticate(r, at, now);
    if (!identity) return std::move(identity.error());
    const route* const to = find_route(*request);
    if (!to) return not_done(r.method + " " + std::string(at.path) + (at.query.empty() ? "" : " with these parameters"));
    const operation_spec& spec = *to->of.spec;
    const bool is_upload =
        spec.method == http::method::put && !request->key.empty() && !request->fields.contains("x-amz-copy-source");
    if (is_upload && !request->fields.contains("Content-Length"))
      return refusal("MissingContentLength", 411, "an upload needs the header Content-Length");
    if (auto unpacked = unpack(*request, std::move(identity->chunks)); !unpacked) return std::move(unpacked.error());
    auto body = check_body(*request, spec);
    if (!body) return std::move(body.error());
    if (const auto owner = request->fields.get("x-amz-expected-bucket-owner"); owner && *owner != options_.account)
      return refusal("AccessDenied", 403, "the bucket has another owner than the request expects");

    const std::lock_guard lock{guard_};
    context<Store> c{.kept = kept_,
                     .options = options_,
                     .now = now,
                     .request = *request,
                     .body = *body,
                     .anonymous = identity->anonymous,
                     .origin = origin};
    auto out = to->run(c);
    if (!out) {
      about.more = std::move(c.more);
      return out;
    }
    for (const auto [name, value] : c.more) out->fields.set(name, value);
    return out;
  }

  result<served_answer> answer_form(received_request&& posted, timestamp now, const std::string& origin) {
    auto form = parse_form(posted.fields.value_or_empty("Content-Type"), posted.body);
    if (!form) return std::move(form.error());
    auto presented = auth::presented(form->fields);
    if (!presented) return std::move(presented.error());
    if (!*presented) {
      if (auto allowed = check_anonymous(); !allowed) return std::move(allowed.error());
    } else {
      auto who = find_identity(**presented);
      if (!who) return std::move(who.error());
      auth::signer signer;
      if (auto verified =
              auth::verify_post(signer, **presented, form->fields, posted.bucket, form->file.size(), **who, scope(), now);
          !verified)
        return std::move(verified.error());
    }
    const std::string status{auth::find_field(form->fields, "success_action_status").value_or("")};
    const std::string redirect{auth::find_field(form->fields, "success_action_redirect")
                                   .value_or(auth::find_field(form->fields, "redirect").value_or(""))};
    if (!is_header_value(redirect)) return invalid("success_action_redirect holds a control character");
    auto request = request_of(std::move(*form), posted.bucket);
    if (!request) return std::move(request.error());
    auto body = check_body(*request, put_object_request::spec);
    if (!body) return std::move(body.error());
    auto decoded = decode_request<put_object_request>(*request);
    if (!decoded) return std::move(decoded.error());

    const std::lock_guard lock{guard_};
    context<Store> c{.kept = kept_, .options = options_, .now = now, .request = *request, .body = *body, .origin = origin};
    auto stored = handle(*decoded, c);
    if (!stored) return std::move(stored.error());
    return answer_to_form(c, *stored, status, redirect);
  }

  const route* find_route(const received_request& r) const {
    const route* best = nullptr;
    for (const route& one : routes_)
      if (one.of.fits(r) && (!best || one.of.specificity() > best->of.specificity())) best = &one;
    return best && best->of.knows_all_of(r) ? best : nullptr;
  }

  // --- errors ---------------------------------------------------------------------------------------------------------------------

  static served_answer error_answer(const error& e, const embedded_request& r, std::string_view id, circumstances&& about) {
    // What went wrong inside, such as a full disk, has neither status nor code.
    served_answer out{.status = e.status != 0 ? e.status : 500, .fields = std::move(about.more)};
    if (!e.region.empty()) out.fields.set("x-amz-bucket-region", e.region);
    if (r.method == "HEAD" || out.status == 304) return out;
    out.fields.set("Content-Type", "application/xml");
    const std::string_view code = e.code.empty() ? std::string_view{"InternalError"} : std::string_view{e.code};
    xml::writer document{out.body};
    document.declaration();
    document.open("Error");
    const auto tell = [&document](std::string_view name, std::string_view value) {
      if (!value.empty()) document.element(name, value);
    };
    tell("Code", code);
    tell("Message", e.message);
    tell("Region", e.region);
    tell("BucketName", about.bucket);
    tell("Key", about.key);
    tell("Resource", std::string_view{r.target}.substr(0, r.target.find('?')));
    tell("RequestId", id);
    tell("HostId", host_id(id));
    document.close();
    if (document.bad())
      out.body.assign("<Error><Code>").append(code).append("</Code></Error>");  // the request's own text cannot stand in XML
    return out;
  }

  static std::string host_id(std::string_view id) { return base64(crypto::sha256(as_bytes(id))); }
  std::string request_id() {
    char digits[17] = {};
    std::uint64_t n = ++served_;
    for (std::size_t i = 16; i-- != 0; n >>= 4) digits[i] = "0123456789ABCDEF"[n & 15];
    return digits;
  }

  embedded_options options_;
  Store kept_;
  error unusable_{};
  std::vector<route> routes_{};
  std::atomic<std::uint64_t> served_{0};
  std::mutex guard_{};  ///< of `kept_`
};

}  // namespace embedded
}  // namespace s3store::inline v0

// ---- s3store/transports/embedded.hpp
// How is code tested that needs an S3, where there is none? With one in this process, that checks signatures and answers like S3.
//
//   struct in_process : s3store::default_policies { using transport = s3store::embedded_transport; };
//   s3store::embedded_s3 server;                                       // objects in memory; a handle: copies are the same server
//   s3store::basic_client<in_process> s3{{.endpoint = "http://s3.test"}, {.transport = s3store::embedded_transport{server}, …}};
//
// It does the operations of transports/embedded/server.hpp, and answers 501 NotImplemented to the rest.

namespace s3store::inline v0 {

/// Maps requests to answers. A handle: copies share what is kept. Safe from any thread.
class embedded_s3 {
 public:
  /// A root that cannot be read or made is the error of every request: see `unusable`.
  /// (A template, so that a program which includes this file and makes no server does not compile one.)
  template <class Options = embedded_options>
    requires std::same_as<Options, embedded_options>
  explicit embedded_s3(Options options = {}) : behind_(std::make_shared<embedded::server<embedded::store>>(std::move(options))) {}

  /// A HEAD's answer has no body, and where it is a success the Content-Length of the object.
  embedded_answer serve(embedded_request request) const { return behind_->serve(std::move(request)); }

  const embedded_options& options() const noexcept { return behind_->options(); }
  /// Why nothing can be served; its kind is `none` when all is well.
  const error& unusable() const noexcept { return behind_->unusable(); }

 private:
  std::shared_ptr<embedded::service> behind_;
};

/// Models `http::transport` and `http::loop`: takes requests to an embedded S3, whatever host they name. Copies share the server and, as a
/// loop, what was started; that is finished in order. Where the server's clock is moved by hand, waiting moves it.
class embedded_transport {
 public:
  template <class Server = embedded_s3>
    requires std::same_as<Server, embedded_s3>
  explicit embedded_transport(Server server = Server{}) : server_(std::move(server)), waiting_(std::make_shared<queue>()) {}

  const embedded_s3& server() const noexcept { return server_; }

  http::outcome perform(http::exchange x) {
    if (x.stop.cancelled()) return cancelled();
    if (x.within.deadline <= now()) return fail(error_kind::deadline_exceeded, "the deadline has passed");
    if (server_.unusable().kind != error_kind::none) return server_.unusable();
    auto request = received(*x.out);
    if (!request) return std::move(request.error());
    http::transfer_stats moved{.sent = request->body.size()};
    embedded_answer answer = server_.serve(std::move(*request));
    const bool has_body = x.out->verb != http::method::head;
    if (has_body && answer.status != 204 && answer.status != 304)
      answer.fields.set("Content-Length", std::to_string(answer.body.size()));

    http::sink* const into = x.in ? x.in->on_response({answer.status, std::move(answer.fields)}) : nullptr;
    for (std::string_view left = answer.body; has_body && !left.empty(); left.remove_prefix((std::min)(left.size(), piece))) {
      if (x.stop.cancelled()) return cancelled();
      if (into)
        if (auto written = into->write(as_bytes(left.substr(0, piece))); !written) return std::move(written.error());
    }
    if (has_body) moved.received = answer.body.size();
    return moved;
  }

  void start(http::exchange x, void* tag) {
    const std::lock_guard lock{waiting_->guard};
    waiting_->started.push_back({std::move(x), tag, false});
  }
  void cancel(void* tag) {
    const std::lock_guard lock{waiting_->guard};
    for (auto& s : waiting_->started)
      if (s.tag == tag) s.cancelled = true;
  }
  void wake() {
    const std::lock_guard lock{waiting_->guard};
    waiting_->woken = true;
    waiting_->wakes.notify_all();
  }
  std::optional<http::completion> poll(steady_time until) {
    std::unique_lock lock{waiting_->guard};
    if (!waiting_->started.empty()) {
      pending next = std::move(waiting_->started.front());
      waiting_->started.pop_front();
      lock.unlock();
      return http::completion{next.tag, next.cancelled ? http::outcome{cancelled()} : perform(std::move(next.what))};
    }
    const auto woken = [this] { return waiting_->woken; };
    if (until == (steady_time::max)()) {
      waiting_->wakes.wait(lock, woken);
    } else if (!woken() && !server_.options().clock.advance_to(until)) {
      waiting_->wakes.wait_until(lock, until, woken);
    }
    waiting_->woken = false;
    return std::nullopt;
  }

 private:
  static constexpr std::size_t piece = 64 * 1024;  // so that a long answer can be cancelled

  struct pending {
    http::exchange what{};
    void* tag{};
    bool cancelled{};
  };
  struct queue {
    std::mutex guard{};
    std::condition_variable wakes{};
    std::deque<pending> started{};
    bool woken{};
  };

  static error cancelled() { return fail(error_kind::cancelled, "the caller cancelled the exchange"); }
  steady_time now() const { return server_.options().clock.now().steady; }

  /// What would arrive over HTTP.
  static result<embedded_request> received(http::request& out) {
    embedded_request in{.method = std::string(http::to_string(out.verb)), .fields = out.fields};
    const std::string_view url = out.url;
    const auto host = url.find("://");
    if (host == std::string_view::npos)
      return fail(error_kind::invalid_argument, "a request's URL must begin with http:// or https://");
    in.secure = url.starts_with("https");
    const auto path = (std::min)(url.find_first_of("/?", host + 3), url.size());
    in.target = url.substr(path);
    if (!in.target.starts_with('/')) in.target.insert(0, 1, '/');
    in.fields.set("Host", url.substr(host + 3, path - host - 3));
    if (out.body) {
      std::byte block[16 * 1024];
      for (;;) {
        auto n = out.body->read(block);
        if (!n) return std::move(n.error());
        if (*n == 0) break;
        in.body.append(as_text({block, *n}));
      }
      if (const auto promised = out.body->size(); promised && *promised != in.body.size())
        return fail(error_kind::body_source,
                    "the source gave " + std::to_string(in.body.size()) + " bytes and promised " + std::to_string(*promised));
    }
    if (out.body || out.verb == http::method::put || out.verb == http::method::post)
      in.fields.set("Content-Length", std::to_string(in.body.size()));
    return in;
  }

  embedded_s3 server_;
  std::shared_ptr<queue> waiting_;
};

static_assert(http::transport<embedded_transport> && http::loop<embedded_transport>);

}  // namespace s3store::inline v0

// ---- s3store/client/operations.hpp
// Which functions does a client have? One for each operation, sugar over `send`. Here: buckets, objects, listings, uploads, versions;
// the others are in configuration_operations.hpp.
//
// They are members of a template, so a program pays only for those that it calls: the types of the others are not even looked at, and need
// not be included.

namespace s3store::inline v0 {

namespace detail {
template <class T, class>
struct dependent {
  using type = T;
};
}  // namespace detail

/// Mixed into basic_client. Each function gives the operation's response or an error; see the request's declaration for its members.
template <class Client>
class operation_members {
  /// Dependent, so that a response may be incomplete until its function is called.
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- buckets: operations/bucket.hpp
  answer<list_buckets_response> list_buckets(const list_buckets_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_response> create_bucket(const create_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<head_bucket_response> head_bucket(const head_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_location_response> get_bucket_location(const get_bucket_location_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_response> delete_bucket(const delete_bucket_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- objects: operations/object.hpp
  answer<put_object_response> put_object(const put_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_response> get_object(const get_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  /// The body goes to `into`: a sink, or a function of `std::span<const std::byte>`. So it is where an answer is a stream.
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_response> get_object(const get_object_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<head_object_response> head_object(const head_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_response> delete_object(const delete_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_objects_response> delete_objects(const delete_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<copy_object_response> copy_object(const copy_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_attributes_response> get_object_attributes(const get_object_attributes_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- listings: operations/listing.hpp
  answer<list_objects_response> list_objects(const list_objects_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_objects_v2_response> list_objects_v2(const list_objects_v2_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_versions_response> list_object_versions(const list_object_versions_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- uploads in parts: operations/multipart.hpp
  answer<create_multipart_upload_response> create_multipart_upload(const create_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_response> upload_part(const upload_part_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<upload_part_copy_response> upload_part_copy(const upload_part_copy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<complete_multipart_upload_response> complete_multipart_upload(const complete_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<abort_multipart_upload_response> abort_multipart_upload(const abort_multipart_upload_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_multipart_uploads_response> list_multipart_uploads(const list_multipart_uploads_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_parts_response> list_parts(const list_parts_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- versions: operations/versioning.hpp
  answer<put_bucket_versioning_response> put_bucket_versioning(const put_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_versioning_response> get_bucket_versioning(const get_bucket_versioning_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  operation_members() = default;
  ~operation_members() = default;
  operation_members(operation_members&&) = default;
  operation_members& operator=(operation_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline v0

// ---- s3store/client/configuration_operations.hpp
// Which functions does a client have for what is set on buckets and objects? One for each operation, sugar over `send`; see operations.hpp.

namespace s3store::inline v0 {

/// Mixed into basic_client. Each function gives the operation's response or an error; see the request's declaration for its members.
template <class Client>
class configuration_members {
  template <class Response>
  using answer = result<typename detail::dependent<Response, Client>::type>;

 public:
  // --- tags: operations/tagging.hpp
  answer<put_bucket_tagging_response> put_bucket_tagging(const put_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_tagging_response> get_bucket_tagging(const get_bucket_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_tagging_response> delete_bucket_tagging(const delete_bucket_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_tagging_response> put_object_tagging(const put_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_tagging_response> get_object_tagging(const get_object_tagging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_object_tagging_response> delete_object_tagging(const delete_object_tagging_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- access control lists and ownership: operations/acl.hpp
  answer<put_bucket_acl_response> put_bucket_acl(const put_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_acl_response> get_bucket_acl(const get_bucket_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_acl_response> put_object_acl(const put_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_acl_response> get_object_acl(const get_object_acl_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_ownership_controls_response> put_bucket_ownership_controls(const put_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_ownership_controls_response> get_bucket_ownership_controls(const get_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_ownership_controls_response> delete_bucket_ownership_controls(const delete_bucket_ownership_controls_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_abac_response> put_bucket_abac(const put_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_abac_response> get_bucket_abac(const get_bucket_abac_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- policies and the public access block: operations/policy.hpp
  answer<put_bucket_policy_response> put_bucket_policy(const put_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_response> get_bucket_policy(const get_bucket_policy_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_policy_response> delete_bucket_policy(const delete_bucket_policy_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_policy_status_response> get_bucket_policy_status(const get_bucket_policy_status_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_public_access_block_response> put_public_access_block(const put_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_public_access_block_response> get_public_access_block(const get_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_public_access_block_response> delete_public_access_block(const delete_public_access_block_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- lifecycle: operations/lifecycle.hpp
  answer<put_bucket_lifecycle_configuration_response> put_bucket_lifecycle_configuration(const put_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_configuration_response> get_bucket_lifecycle_configuration(const get_bucket_lifecycle_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_lifecycle_response> delete_bucket_lifecycle(const delete_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_lifecycle_response> put_bucket_lifecycle(const put_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_lifecycle_response> get_bucket_lifecycle(const get_bucket_lifecycle_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- replication: operations/replication.hpp
  answer<put_bucket_replication_response> put_bucket_replication(const put_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_replication_response> get_bucket_replication(const get_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_replication_response> delete_bucket_replication(const delete_bucket_replication_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- notifications: operations/notification.hpp
  answer<put_bucket_notification_configuration_response> put_bucket_notification_configuration(const put_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_configuration_response> get_bucket_notification_configuration(const get_bucket_notification_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_notification_response> put_bucket_notification(const put_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_notification_response> get_bucket_notification(const get_bucket_notification_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- websites and CORS: operations/website.hpp
  answer<put_bucket_website_response> put_bucket_website(const put_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_website_response> get_bucket_website(const get_bucket_website_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_website_response> delete_bucket_website(const delete_bucket_website_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_cors_response> put_bucket_cors(const put_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_cors_response> get_bucket_cors(const get_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_cors_response> delete_bucket_cors(const delete_bucket_cors_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- encryption: operations/encryption.hpp
  answer<put_bucket_encryption_response> put_bucket_encryption(const put_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_encryption_response> get_bucket_encryption(const get_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_encryption_response> delete_bucket_encryption(const delete_bucket_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_object_encryption_response> update_object_encryption(const update_object_encryption_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- logging, acceleration, request payment: operations/logging.hpp
  answer<put_bucket_logging_response> put_bucket_logging(const put_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_logging_response> get_bucket_logging(const get_bucket_logging_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_accelerate_configuration_response> put_bucket_accelerate_configuration(const put_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_accelerate_configuration_response> get_bucket_accelerate_configuration(const get_bucket_accelerate_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_request_payment_response> put_bucket_request_payment(const put_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_request_payment_response> get_bucket_request_payment(const get_bucket_request_payment_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- inventories, analytics, metrics, tiering: operations/analysis.hpp
  answer<put_bucket_inventory_configuration_response> put_bucket_inventory_configuration(const put_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_inventory_configuration_response> get_bucket_inventory_configuration(const get_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_inventory_configuration_response> delete_bucket_inventory_configuration(const delete_bucket_inventory_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_inventory_configurations_response> list_bucket_inventory_configurations(const list_bucket_inventory_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_analytics_configuration_response> put_bucket_analytics_configuration(const put_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_analytics_configuration_response> get_bucket_analytics_configuration(const get_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_analytics_configuration_response> delete_bucket_analytics_configuration(const delete_bucket_analytics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_analytics_configurations_response> list_bucket_analytics_configurations(const list_bucket_analytics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_metrics_configuration_response> put_bucket_metrics_configuration(const put_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metrics_configuration_response> get_bucket_metrics_configuration(const get_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metrics_configuration_response> delete_bucket_metrics_configuration(const delete_bucket_metrics_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_metrics_configurations_response> list_bucket_metrics_configurations(const list_bucket_metrics_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_bucket_intelligent_tiering_configuration_response> put_bucket_intelligent_tiering_configuration(const put_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_intelligent_tiering_configuration_response> get_bucket_intelligent_tiering_configuration(const get_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_intelligent_tiering_configuration_response> delete_bucket_intelligent_tiering_configuration(const delete_bucket_intelligent_tiering_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_bucket_intelligent_tiering_configurations_response> list_bucket_intelligent_tiering_configurations(const list_bucket_intelligent_tiering_configurations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- object lock: operations/object_lock.hpp
  answer<put_object_lock_configuration_response> put_object_lock_configuration(const put_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_lock_configuration_response> get_object_lock_configuration(const get_object_lock_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_retention_response> put_object_retention(const put_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_retention_response> get_object_retention(const get_object_retention_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<put_object_legal_hold_response> put_object_legal_hold(const put_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_legal_hold_response> get_object_legal_hold(const get_object_legal_hold_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- annotations: operations/annotation.hpp
  answer<put_object_annotation_response> put_object_annotation(const put_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_annotation_response> get_object_annotation(const get_object_annotation_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<delete_object_annotation_response> delete_object_annotation(const delete_object_annotation_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_object_annotations_response> list_object_annotations(const list_object_annotations_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- metadata tables: operations/metadata.hpp
  answer<create_bucket_metadata_configuration_response> create_bucket_metadata_configuration(const create_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_configuration_response> get_bucket_metadata_configuration(const get_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_configuration_response> delete_bucket_metadata_configuration(const delete_bucket_metadata_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_inventory_table_configuration_response> update_bucket_metadata_inventory_table_configuration(const update_bucket_metadata_inventory_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_journal_table_configuration_response> update_bucket_metadata_journal_table_configuration(const update_bucket_metadata_journal_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<update_bucket_metadata_annotation_table_configuration_response> update_bucket_metadata_annotation_table_configuration(const update_bucket_metadata_annotation_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<create_bucket_metadata_table_configuration_response> create_bucket_metadata_table_configuration(const create_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_bucket_metadata_table_configuration_response> get_bucket_metadata_table_configuration(const get_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<delete_bucket_metadata_table_configuration_response> delete_bucket_metadata_table_configuration(const delete_bucket_metadata_table_configuration_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- restoring and answering: operations/retrieval.hpp
  answer<restore_object_response> restore_object(const restore_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  template <class Into>
    requires(!std::is_same_v<std::remove_cvref_t<Into>, call_options>)
  answer<get_object_torrent_response> get_object_torrent(const get_object_torrent_request& r, Into&& into, const call_options& o = {}) const {
    return self().send(r, std::forward<Into>(into), o);
  }
  answer<write_get_object_response_response> write_get_object_response(const write_get_object_response_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }

  // --- directory buckets: operations/directory.hpp
  answer<create_session_response> create_session(const create_session_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<list_directory_buckets_response> list_directory_buckets(const list_directory_buckets_request& r,
      const call_options& o = {}) const {
    return self().send(r, o);
  }
  answer<rename_object_response> rename_object(const rename_object_request& r, const call_options& o = {}) const {
    return self().send(r, o);
  }

 protected:
  configuration_members() = default;
  ~configuration_members() = default;
  configuration_members(configuration_members&&) = default;
  configuration_members& operator=(configuration_members&&) = default;

 private:
  const Client& self() const noexcept { return static_cast<const Client&>(*this); }
};

}  // namespace s3store::inline v0

// ---- s3store/client/pagers.hpp
// How is a listing walked to its end? By a range that fetches the next page when it is asked for.
//
//   for (auto& page : s3.pages(list_objects_v2_request{.bucket = "b"})) { if (!page) …; for (auto& object : page->contents) … }
//   for (auto& object : s3.items(list_objects_v2_request{.bucket = "b"})) …                  // throws s3_error where a page fails
//
// Nothing is fetched ahead. A page that failed is the last one; so is one that says that it is not the last, but does not say how to go
// on: a listing that ends too soon is an error, and not a shorter listing.

namespace s3store::inline v0 {

/// What comes behind a page.
enum class page_turn : std::uint8_t {
  last,   ///< nothing
  next,   ///< another page, which the request is set up for
  stuck,  ///< another page, but nothing tells where it starts
};

/// How an operation is paged: `advance` sets the request up for the page behind `page`; `items` is its list.
template <class R>
struct pagination;

namespace detail {
/// Takes the token over, unless there is none, or it is the one that led here.
template <class To, class From>
page_turn take_token(To& to, From& from) {
  if (!from || to == from) return page_turn::stuck;
  to = std::move(from);
  return page_turn::next;
}

/// A key that is to be sent as a marker. It came encoded, and was left so, where the caller asked for the encoding.
template <class R>
std::optional<std::string> as_marker(const R& r, std::optional<std::string>& key) {
  if (!key || !r.encoding_type || r.encoding_type->str() != "url") return std::move(key);
  return uri_decode(*key, true);
}

/// A marker of two parts, of which the second may be absent.
template <class R, class Page, class Part>
page_turn take_markers(R& r, Page& page, std::optional<std::string> key, Part& to, Part& from) {
  if (!page.is_truncated.value_or(false)) return page_turn::last;
  if (!key || (r.key_marker == key && to == from)) return page_turn::stuck;
  r.key_marker = std::move(key);
  to = std::move(from);
  return page_turn::next;
}
}  // namespace detail

template <>
struct pagination<list_buckets_request> {
  static page_turn advance(auto& r, auto& page) {
    if (page.continuation_token.value_or("").empty()) return page_turn::last;
    return detail::take_token(r.continuation_token, page.continuation_token);
  }
  static auto& items(auto& page) { return page.buckets; }
};
template <>
struct pagination<list_objects_request> {
  /// NextMarker comes only with a delimiter; otherwise the last key is the marker.
  static page_turn advance(auto& r, auto& page) {
    if (!page.is_truncated.value_or(false)) return page_turn::last;
    auto last = page.next_marker || page.contents.empty() ? page.next_marker : page.contents.back().key;
    auto marker = detail::as_marker(r, last);
    return detail::take_token(r.marker, marker);
  }
  static auto& items(auto& page) { return page.contents; }
};
template <>
struct pagination<list_objects_v2_request> {
  static page_turn advance(auto& r, auto& page) {
    return page.is_truncated.value_or(false) ? detail::take_token(r.continuation_token, page.next_continuation_token) : page_turn::last;
  }
  static auto& items(auto& page) { return page.contents; }
};
template <>
struct pagination<list_object_versions_request> {
  static page_turn advance(auto& r, auto& page) {
    return detail::take_markers(r, page, detail::as_marker(r, page.next_key_marker), r.version_id_marker, page.next_version_id_marker);
  }
  static auto& items(auto& page) { return page.versions; }
};
template <>
struct pagination<list_multipart_uploads_request> {
  static page_turn advance(auto& r, auto& page) {
    return detail::take_markers(r, page, detail::as_marker(r, page.next_key_marker), r.upload_id_marker, page.next_upload_id_marker);
  }
  static auto& items(auto& page) { return page.uploads; }
};
template <>
struct pagination<list_parts_request> {
  static page_turn advance(auto& r, auto& page) {
    return page.is_truncated.value_or(false) ? detail::take_token(r.part_number_marker, page.next_part_number_marker) : page_turn::last;
  }
  static auto& items(auto& page) { return page.parts; }
};

/// The pages of a listing, as an input range of `result<response>`. It borrows the client.
template <class Client, class R>
class page_range {
 public:
  using page = result<typename R::response>;

  page_range(const Client& from, R request, call_options options)
      : from_(&from), request_(std::move(request)), options_(std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = page;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(page_range* of) noexcept : of_(of) {}
    page& operator*() const noexcept { return *of_->current_; }
    iterator& operator++() {
      of_->turn();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const noexcept { return !of_->current_; }

   private:
    page_range* of_{};
  };

  /// Fetches the first page. To be called once.
  iterator begin() {
    current_.emplace(from_->send(request_, options_));
    return iterator{this};
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void turn() {
    switch (*current_ ? pagination<R>::advance(request_, **current_) : page_turn::last) {
      case page_turn::last: return current_.reset();
      case page_turn::next: return static_cast<void>(current_.emplace(from_->send(request_, options_)));
      case page_turn::stuck:
        current_.emplace(fail(error_kind::malformed_response, "the listing has more pages, but the server does not say where the next one starts"));
    }
  }

  const Client* from_;
  R request_;
  call_options options_;
  std::optional<page> current_{};
};

/// The items of all pages, as an input range. Throws s3_error where a page fails.
template <class Client, class R>
class item_range {
  using pages = page_range<Client, R>;
  using list = std::remove_cvref_t<decltype(pagination<R>::items(std::declval<typename R::response&>()))>;

 public:
  item_range(const Client& from, R request, call_options options) : pages_(from, std::move(request), std::move(options)) {}

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = typename list::value_type;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(typename pages::iterator at) : page_(at) { settle(); }
    value_type& operator*() const { return pagination<R>::items((*page_).value())[at_]; }
    value_type* operator->() const { return &**this; }
    iterator& operator++() {
      ++at_;
      settle();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t end) const noexcept { return page_ == end; }

   private:
    /// To the next item that there is: pages may be empty.
    void settle() {
      while (!(page_ == std::default_sentinel) && at_ == pagination<R>::items((*page_).value()).size()) {
        ++page_;
        at_ = 0;
      }
    }
    typename pages::iterator page_{};
    std::size_t at_{};
  };

  iterator begin() { return iterator{pages_.begin()}; }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  pages pages_;
};

/// Mixed into basic_client.
template <class Client>
class pager_members {
 public:
  template <class R>
  page_range<Client, R> pages(R request, call_options options = {}) const {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
  template <class R>
  item_range<Client, R> items(R request, call_options options = {}) const {
    return {static_cast<const Client&>(*this), std::move(request), std::move(options)};
  }
};

}  // namespace s3store::inline v0

// ---- s3store/client/post_signing.hpp
// How is a form for browser uploads made? A machine of one step, because credentials may have to be fetched first.

namespace s3store::inline v0 {

template <class P>
class post_signing {
 public:
  using value_type = auth::presigned_post;

  post_signing(session<P>& shared, std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
               std::vector<auth::post_condition> conditions, auth::form_fields fields)
      : shared_(shared), bucket_(bucket), key_(key), expires_in_(expires_in), conditions_(std::move(conditions)), fields_(std::move(fields)) {}

  step<value_type> next(instants now) {
    if (shared_.unusable().kind != error_kind::none) return done<value_type>{shared_.unusable()};
    if (refused_) return done<value_type>{std::move(*refused_)};
    if (const auto fault = bucket_name_fault(bucket_); !fault.empty()) return done<value_type>{fail(error_kind::invalid_argument, fault)};
    at_server_ = {now.steady, shared_.server_time(now.wall)};
    if (!identity_) identity_ = shared_.known_credentials(at_server_);
    if (!identity_) return need_credentials{};
    auto where = shared_.resolve(bucket_);
    if (!where) return done<value_type>{std::move(where.error())};
    auto work = shared_.lease();
    auto made = auth::presign_post(work->signer, where->origin() + where->path, bucket_, key_, std::move(fields_),
                                   {.expiration = at_server_.wall + expires_in_, .conditions = std::move(conditions_)}, *identity_,
                                   {.region = where->region}, at_server_.wall);
    shared_.give_back(std::move(work));
    return done<value_type>{std::move(made)};
  }
  void sent(http::outcome) noexcept {}
  void credentials(result<auth::credentials> c) {
    auto got = shared_.fetched(std::move(c), at_server_);
    if (got) {
      identity_ = std::move(*got);
    } else {
      refused_ = std::move(got.error());
    }
  }

 private:
  session<P>& shared_;
  std::string bucket_;
  std::string key_;
  std::chrono::seconds expires_in_;
  std::vector<auth::post_condition> conditions_;
  auth::form_fields fields_;
  instants at_server_{};
  std::shared_ptr<const auth::credentials> identity_{};
  std::optional<error> refused_{};
};

}  // namespace s3store::inline v0

// ---- s3store/client/waiters.hpp
// How does a program wait until a bucket or an object is there, or gone? By asking with HEAD, again and again, for a bounded time.

namespace s3store::inline v0 {

/// The defaults are those of the AWS SDKs: every 5 seconds, 20 times.
struct wait_options {
  duration delay{std::chrono::seconds{5}};
  int max_attempts{20};
  call_options call{};
};

/// Mixed into basic_client. A wait succeeds, or ends with the error of a HEAD that no waiting mends, or with one of kind timeout.
template <class Client>
class waiter_members {
 public:
  /// A bucket that one may not look into (403), or that is in another region (301), exists.
  result<void> wait_until_bucket_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) {
      return head || head.error().status == 301 || head.error().status == 403;
    });
  }
  result<void> wait_until_bucket_not_exists(const head_bucket_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_absent(head); });
  }
  result<void> wait_until_object_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return head.has_value(); });
  }
  result<void> wait_until_object_not_exists(const head_object_request& r, const wait_options& o = {}) const {
    return wait_for(r, o, [](const auto& head) { return is_absent(head); });
  }

 private:
  template <class Head>
  static bool is_absent(const Head& head) { return !head && head.error().kind == error_kind::not_found; }

  template <class R, class Reached>
  result<void> wait_for(const R& request, const wait_options& o, Reached reached) const {
    const Client& self = static_cast<const Client&>(*this);
    for (int attempt = 1;; ++attempt) {
      auto head = self.send(request, o.call);
      if (reached(head)) return {};
      if (!head && !is_absent(head)) return result<void>::failed_as(std::move(head));
      if (attempt >= o.max_attempts)
        return fail(error_kind::timeout, "the state waited for was not reached in " + std::to_string(attempt) + " attempts");
      if (auto slept = self.sleeping().sleep_until(self.shared().now().steady + o.delay, o.call.stop); !slept) return slept;
    }
  }
};

}  // namespace s3store::inline v0

// ---- s3store/client/client.hpp
// What does a program talk to? A client: a session, a transport, and a function for each operation.
//
//   s3store::client s3{{.endpoint = "http://127.0.0.1:9000"}};
//   auto put = s3.put_object({.bucket = "b", .key = "k", .body = "hello"});
//   auto got = s3.get_object({.bucket = "b", .key = "k"});
//   if (got) use(got->body); else log(got.error().describe());

namespace s3store::inline v0 {

/// What `client` is made of, and what bundles of one's own derive from; see protocol/policies.hpp.
struct default_policies : protocol_policies {
  using transport = curl_transport;
  using loop = curl_loop;
  using sleeper = thread_sleeper;
};

/// The instances behind the seams, each made by default where none is given.
template <class P>
struct policy_values {
  typename P::transport transport{};
  typename P::retry retry{};
  typename P::credentials credentials{};
  typename P::clock clock{};
  typename P::sleeper sleeper{};
  typename P::checksums checksums{};
  typename P::endpoint_rules endpoint_rules{};
  typename P::observer observer{};
};

/// Move-only. Its const members may be called from any thread; a moved-from client can only be destroyed or assigned to.
/// The constructor does no I/O: a malformed setting is the error of the first call.
template <class P = default_policies>
class basic_client : public operation_members<basic_client<P>>,
                     public configuration_members<basic_client<P>>,
                     public pager_members<basic_client<P>>,
                     public waiter_members<basic_client<P>> {
  static_assert(http::transport<typename P::transport>, "policies::transport must have perform(http::exchange) -> http::outcome");
  static_assert(sleeper<typename P::sleeper>, "policies::sleeper must have sleep_until(steady_time, const cancel_token&) -> result<void>");

 public:
  using policies = P;

  explicit basic_client(settings s = {}) : basic_client(std::move(s), policy_values<P>{}) {}
  basic_client(settings s, policy_values<P> values)
      : state_(std::make_unique<state>(std::move(s), std::move(values))) {}

  /// Sends a request and returns the response or an error. The body of an answer that is a stream is collected in the response.
  /// Throws only what a function of the caller's threw.
  template <operation_request R>
  result<response_of<R>> send(const R& request, const call_options& options = {}) const {
    call<R, P> machine{request, state_->shared, options};
    return run(machine);
  }
  /// The same; the body goes to `into`, and the response's own stays empty. Where the result is an error, so is what the sink was given.
  template <operation_request R>
  result<response_of<R>> send(const R& request, http::sink& into, const call_options& options = {}) const {
    static_assert(R::spec.answer == answer_body::stream, "this operation's answer is a document, not a stream for a sink");
    call<R, P> machine{request, state_->shared, options, &into};
    return run(machine);
  }
  /// The same, for a function that takes `std::span<const std::byte>` and may throw.
  template <operation_request R, class F>
    requires std::invocable<F&, std::span<const std::byte>>
  result<response_of<R>> send(const R& request, F&& write, const call_options& options = {}) const {
    http::function_sink into{[&write](std::span<const std::byte> bytes) { write(bytes); }};
    return send(request, into, options);
  }

  /// A URL for the one request, valid for `expires_in` (1 s to 7 days). Needs credentials, and sends nothing but what fetching them takes.
  template <operation_request R>
  result<presigned_url> presign(const R& request, std::chrono::seconds expires_in, const call_options& options = {}) const {
    presigning<R, P> machine{request, state_->shared, options, expires_in};
    return run(machine);
  }

  /// A form with which a browser may upload to `key` (a prefix, where it ends in "${filename}"). Valid for `expires_in`.
  result<auth::presigned_post> presign_post(std::string_view bucket, std::string_view key, std::chrono::seconds expires_in,
                                            std::vector<auth::post_condition> conditions = {}, auth::form_fields fields = {}) const {
    post_signing<P> machine{state_->shared, bucket, key, expires_in, std::move(conditions), std::move(fields)};
    return run(machine);
  }

  /// Runs a machine to its end on this thread: what a transfer, or a protocol of one's own, does its calls with.
  template <machine M>
  result<typename M::value_type> run(M& machine) const {
    auto out = drive(machine, state_->shared, state_->transport, state_->sleeping);
    if (!out && out.error().thrown) std::rethrow_exception(out.error().thrown);
    return out;
  }

  const settings& configuration() const noexcept { return state_->shared.configuration(); }
  /// What the client's calls share; for drivers of one's own (see drive/).
  session<P>& shared() const noexcept { return state_->shared; }
  typename P::sleeper& sleeping() const noexcept { return state_->sleeping; }

 private:
  struct state {
    state(settings s, policy_values<P>&& v)
        : shared(std::move(s), session_values<P>{std::move(v.retry), std::move(v.credentials), std::move(v.clock), std::move(v.checksums),
                                                 std::move(v.endpoint_rules), std::move(v.observer)}),
          transport(std::move(v.transport)),
          sleeping(std::move(v.sleeper)) {}
    session<P> shared;
    typename P::transport transport;
    typename P::sleeper sleeping;
  };

  std::unique_ptr<state> state_;
};

using client = basic_client<>;

}  // namespace s3store::inline v0

// ---- s3store/transfer/parts.hpp
// What are the parts of an upload? How large each is, and what their checksums and ETags make of the whole.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html

namespace s3store::inline v0 {

inline constexpr std::uint64_t min_part_size = std::uint64_t{5} << 20;
inline constexpr std::uint64_t max_part_size = std::uint64_t{5} << 30;
inline constexpr std::uint64_t default_part_size = std::uint64_t{8} << 20;
inline constexpr std::uint64_t max_parts = 10'000;

/// The part size for an object of `total` bytes: the one that is wanted, or as many MiB more as 10,000 parts need.
inline result<std::uint64_t> part_size_for(std::uint64_t wanted, std::optional<std::uint64_t> total) {
  if (wanted < min_part_size || wanted > max_part_size)
    return fail(error_kind::invalid_argument, "part_size is " + std::to_string(wanted) + " bytes; S3 takes parts of 5 MiB to 5 GiB");
  constexpr std::uint64_t mebibyte = 1u << 20;
  if (!total || *total <= wanted * max_parts) return wanted;
  if (*total > max_part_size * max_parts)
    return fail(error_kind::invalid_argument, "the object has " + std::to_string(*total) + " bytes, more than 10,000 parts of 5 GiB");
  const std::uint64_t needed = (*total - 1) / max_parts + 1;
  return (needed + mebibyte - 1) / mebibyte * mebibyte;
}

/// Can the checksum of the whole be computed from those of the parts?
constexpr bool is_combinable(crypto::checksum_algorithm a) noexcept {
  using enum crypto::checksum_algorithm;
  return a == crc32 || a == crc32c || a == crc64nvme;
}

/// The CRC of an object from the CRCs of its parts, in base64 as headers have them.
class combined_crc {
 public:
  explicit combined_crc(crypto::checksum_algorithm a) noexcept : algorithm_(a) {}

  /// The next part's, and its length in bytes. False where `part` is no CRC of this kind.
  bool append(std::string_view part, std::uint64_t length) {
    const auto bytes = from_base64(part);
    if (!bytes || bytes->size() != crypto::traits_of(algorithm_).size) return false;
    std::uint64_t value = 0;
    for (const char c : *bytes) value = value << 8 | static_cast<unsigned char>(c);
    using enum crypto::checksum_algorithm;
    if (algorithm_ == crc32) combine<crypto::crc32>(value, length);
    if (algorithm_ == crc32c) combine<crypto::crc32c>(value, length);
    if (algorithm_ == crc64nvme) combine<crypto::crc64nvme>(value, length);
    return true;
  }
  std::string base64() const {
    std::string bytes;
    for (std::size_t i = crypto::traits_of(algorithm_).size; i-- != 0;) bytes.push_back(static_cast<char>(value_ >> 8 * i & 0xff));
    return s3store::base64(as_bytes(bytes));
  }

 private:
  template <class Crc>
  void combine(std::uint64_t part, std::uint64_t length) noexcept {
    using value = typename Crc::value_type;
    value_ = Crc::combine(static_cast<value>(value_), static_cast<value>(part), length);
  }

  crypto::checksum_algorithm algorithm_;
  std::uint64_t value_{};  // a CRC of no bytes is 0
};

/// The ETag of an object made of parts, where each part's is the MD5 of its bytes: the MD5 of those MD5s and "-N".
class combined_etag {
 public:
  void append(std::string_view part) {
    if (part.size() >= 2 && part.front() == '"' && part.back() == '"') part = part.substr(1, part.size() - 2);
    const auto digest = from_hex(part);
    known_ = known_ && digest && digest->size() == 16;
    if (known_) digests_.append(*digest);
    ++parts_;
  }
  /// With its double quotes, as headers have it; nothing where the parts' ETags are no MD5s, or MD5 is not to be had.
  std::optional<std::string> value() const {
    crypto::digest md5{crypto::digest_algorithm::md5};
    if (!known_ || !md5.usable()) return std::nullopt;
    md5.update(as_bytes(digests_));
    std::array<std::byte, crypto::digest::max_size> out{};
    const std::size_t size = md5.finish(out);
    return "\"" + hex(std::span<const std::byte>{out}.first(size)) + "-" + std::to_string(parts_) + "\"";
  }

 private:
  std::string digests_{};
  std::size_t parts_{};
  bool known_{true};
};

/// The member of a request or response that carries the checksum of that kind.
template <class M>
std::optional<std::string>& checksum_member(M& m, crypto::checksum_algorithm a) noexcept {
  switch (a) {
    case crypto::checksum_algorithm::crc32: return m.checksum_crc32;
    case crypto::checksum_algorithm::crc32c: return m.checksum_crc32c;
    case crypto::checksum_algorithm::sha1: return m.checksum_sha1;
    case crypto::checksum_algorithm::sha256: return m.checksum_sha256;
    default: return m.checksum_crc64nvme;
  }
}

}  // namespace s3store::inline v0

// ---- s3store/transfer/progress.hpp
// How is a caller told how far a transfer has come? By a function of its own, which hears of every byte once.

namespace s3store::inline v0 {

/// Holds a function `void(std::uint64_t done, std::uint64_t total)`, in bytes; `total` is 0 where it is not known. The function may throw:
/// that ends the transfer, and is thrown again where the transfer was started. Copies share the function.
class progress_callback {
 public:
  progress_callback() = default;
  template <class F>
    requires(!std::same_as<F, progress_callback> && std::invocable<F&, std::uint64_t, std::uint64_t>)
  progress_callback(F function)
      : function_(std::make_shared<F>(std::move(function))),
        call_([](void* f, std::uint64_t done, std::uint64_t total) { (*static_cast<F*>(f))(done, total); }) {}

  void operator()(std::uint64_t done, std::uint64_t total) const {
    if (call_) call_(function_.get(), done, total);
  }

 private:
  std::shared_ptr<void> function_{};
  void (*call_)(void*, std::uint64_t, std::uint64_t){};
};

/// Keeps a transfer's progress from going back: a part that is sent again is not told again.
class progress_tally {
 public:
  explicit progress_tally(const progress_callback& tell) noexcept : tell_(tell) {}

  void set_total(std::uint64_t total) noexcept { total_ = total; }
  /// So many bytes are done. Fails with body_source where the caller's function threw.
  result<void> reached(std::uint64_t done) noexcept {
    if (told_ && done <= *told_) return {};
    told_ = done;
    return http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return tell_(done, total_), result<void>{}; });
  }

 private:
  const progress_callback& tell_;
  std::uint64_t total_{};
  std::optional<std::uint64_t> told_{};
};

}  // namespace s3store::inline v0

// ---- s3store/transfer/section.hpp
// How does a stretch of a long source become the body of one request? As a window on it, that counts and hashes what passes.

namespace s3store::inline v0 {

/// A source that is `length` bytes of another one. One window is moved from part to part, so that a source which can't go back is still
/// sent to its end: a window that opens where the last one was read to asks for no seek.
class section final : public http::source {
 public:
  section(progress_tally& tally, std::optional<crypto::checksum_algorithm> algorithm) : tally_(tally) {
    if (algorithm) hash_.emplace(*algorithm);
  }

  /// `start` is where the window begins in `of`, and `done` how much of the whole transfer lies before it.
  void open(http::source& of, std::uint64_t start, std::uint64_t length, std::uint64_t done) {
    if (of_ != &of) position_.reset();
    of_ = &of;
    start_ = start;
    length_ = length;
    done_ = done;
    read_ = 0;
    if (hash_) hash_->reset();
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, length_ - read_)));
    if (into.empty()) return std::size_t{0};
    position_.reset();  // until it is known what came of the read
    auto got = of_->read(into);
    if (!got) return got;
    if (hash_) hash_->update(into.first(*got));
    read_ += *got;
    position_ = start_ + read_;
    if (auto told = tally_.reached(done_ + read_); !told) return std::move(told.error());
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from != 0) return false;
    if (position_ != start_ && !of_->seek(start_)) return false;
    position_ = start_;
    read_ = 0;
    if (hash_) hash_->reset();
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

  /// The checksum of the window, once all of it was read; to be asked for once.
  std::string checksum() { return hash_ ? hash_->base64() : std::string{}; }

 private:
  progress_tally& tally_;
  http::source* of_{};
  std::uint64_t start_{}, length_{}, done_{};
  std::uint64_t read_{};
  std::optional<std::uint64_t> position_{};  ///< of the source below; nothing where it is not known
  std::optional<crypto::checksum> hash_{};
};

}  // namespace s3store::inline v0

// ---- s3store/transfer/upload.hpp
// How does an object of any size get there? By one PutObject where it fits into one part, else in parts, one after the other.
//
//   read ahead ─► CreateMultipartUpload ─► UploadPart … ─► CompleteMultipartUpload ─► done
//        └──────► PutObject ─► done               └─ failed ─► (HeadObject) ─► AbortMultipartUpload ─► the error
//
// The upload is a machine like a call: it owns the order of its calls, and each call owns its own retries, so it runs wherever a call does.
// A source that knows its size is sent as it is, through a window on each part; one that does not is read ahead into one buffer of a part.

namespace s3store::inline v0 {

/// What is uploaded, and how. Sent in parts, an object takes its checksum as a CRC over the whole, so the caller's own value must be a CRC.
struct upload_request {
  /// All that PutObject takes. Its conditions (`if_none_match`, `if_match`) are those of the moment when the object comes to be. The body
  /// may be a source of unknown size; one of known size that can't go back is sent, but a part of it that fails is not sent again.
  put_object_request object{};
  std::uint64_t part_size{default_part_size};  ///< bytes, 5 MiB to 5 GiB; grows where the object would have more than 10,000 parts
  progress_callback progress{};                ///< called on the thread that runs the upload
};

struct upload_response {
  std::optional<std::string> etag{};
  std::optional<std::string> version_id{};
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};      ///< of the whole object, in base64; empty where the store keeps one of each part only
  std::uint64_t size{};        ///< bytes
  std::int32_t parts{};        ///< 0: sent by a single PutObject
  bool confirmed_by_head{};    ///< the answer was lost, and a look at the object showed that the upload had taken effect
};

namespace detail {
/// The visitor that reads those members of a request that are headers.
class field_reader {
 public:
  explicit field_reader(const s3store::headers& from) noexcept : from_(from) {}

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = {}) { wire::read_header(from_, name, m, ignored_); }
  void headers(std::string_view prefix, metadata& m) const { wire::read_headers(from_, prefix, m); }
  void uri(auto&&...) const noexcept {}
  void query(auto&&...) const noexcept {}
  void payload(auto&&...) const noexcept {}
  void stream(auto&&...) const noexcept {}

 private:
  const s3store::headers& from_;
  wire::reading_failure ignored_{};  // nothing is unreadable that was written a moment ago
};
}  // namespace detail

/// One upload under way. It borrows the request, the session and the options, and stays where it is. The options hold for each of its calls;
/// clearing up after a failure is not stopped by their token. Dropped before its end, it leaves its parts at the server.
template <class P>
class uploading {
  template <class R>
  struct stage {
    stage(R r, session<P>& shared, const call_options& options) : request(std::move(r)), machine(request, shared, options) {}
    R request;
    call<R, P> machine;
  };

 public:
  using value_type = upload_response;

  uploading(const upload_request& request, session<P>& shared, const call_options& options = {})
      : request_(request), shared_(shared), options_(options), clearing_up_(options), tally_(request.progress) {
    clearing_up_.stop = cancel_token{};
  }
  uploading(const uploading&) = delete;
  uploading& operator=(const uploading&) = delete;

  step<value_type> next(instants now) {
    if (!std::exchange(begun_, true)) begin();
    for (;;) {
      if (end_) return done<value_type>{std::move(*end_)};
      auto asked = std::visit([&](auto& s) { return advance(s, now); }, stage_);
      if (asked) return std::move(*asked);
    }
  }
  void sent(http::outcome o) {
    with_machine([&](auto& m) { m.sent(std::move(o)); });
  }
  void credentials(result<auth::credentials> c) {
    with_machine([&](auto& m) { m.credentials(std::move(c)); });
  }

 private:
  using step_of_ours = std::optional<step<value_type>>;

  template <class F>
  void with_machine(F f) {
    std::visit([&](auto& s) { if constexpr (requires { s.machine; }) f(s.machine); }, stage_);
  }
  static step_of_ours advance(std::monostate, instants) noexcept { return std::nullopt; }
  template <class R>
  step_of_ours advance(stage<R>& s, instants now) {
    auto next = s.machine.next(now);
    if (auto* const x = std::get_if<send>(&next)) return step<value_type>{std::move(*x)};
    if (auto* const w = std::get_if<wait>(&next)) return step<value_type>{std::move(*w)};
    if (std::holds_alternative<need_credentials>(next)) return step<value_type>{need_credentials{}};
    took(std::move(std::get<done<response_of<R>>>(next).value));  // another stage takes the place of `s`
    return std::nullopt;
  }
  template <class R>
  void start(R request, const call_options& options) {
    stage_.template emplace<stage<R>>(std::move(request), shared_, options);
  }

  // --- before anything is sent -----------------------------------------------------------------------------------------------------

  void begin() {
    const put_object_request& object = request_.object;
    encoded_request encoded;
    encode(object, encoded);
    if (encoded.refused.kind != error_kind::none) return refuse(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    stream_ = object.body.stream();
    if (!stream_) hold(object.body.bytes());
    total_ = source().size();
    if (auto settled = settle_length(object); !settled) return refuse(std::move(settled.error()));
    auto size = part_size_for(request_.part_size, total_);
    if (!size) return refuse(std::move(size.error()));
    part_size_ = *size;
    auto chosen = choose_checksum();
    window_.emplace(tally_, algorithm_);
    buffered_ = !total_;
    if (buffered_) {
      if (!stream_->seek(0)) return refuse(fail(error_kind::body_source, "the body cannot be read from its start"));
      if (!read_ahead()) return;
      if (ended_) total_ = held_.size();
    }
    tally_.set_total(buffered_ ? 0 : *total_);
    if (total_ && *total_ <= part_size_) return put();
    if (!chosen) return refuse(std::move(chosen.error()));
    create();
  }

  result<void> settle_length(const put_object_request& object) {
    if (!object.content_length) return {};
    const std::int64_t declared = *object.content_length;
    if (declared < 0 || (total_ && *total_ != static_cast<std::uint64_t>(declared)))
      return fail(error_kind::invalid_argument, "content_length is " + std::to_string(declared) +
                                                    (total_ ? ", but the body has " + std::to_string(*total_) + " bytes" : std::string{}));
    total_ = static_cast<std::uint64_t>(declared);
    return {};
  }

  /// The caller's algorithm, or else the client's. Fails where it can't serve an upload in parts; a PutObject may have it all the same.
  result<void> choose_checksum() {
    algorithm_ = shared_.checksums().for_upload(upload_part_request::spec, shared_.configuration().profile);
    constexpr std::string_view prefix = "x-amz-checksum-";
    for (const auto [name, value] : fields_) {
      const bool named = equal_ignoring_case(name, "x-amz-sdk-checksum-algorithm");
      const bool own = name.size() > prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix);
      if (!named && !own && !equal_ignoring_case(name, "Content-MD5")) continue;
      const auto known = named ? crypto::parse_checksum_algorithm(value)
                               : crypto::parse_checksum_algorithm(own ? name.substr(prefix.size()) : std::string_view{});
      if (!known || *known == crypto::checksum_algorithm::md5 || (own && !is_combinable(*known)))
        return fail(error_kind::invalid_argument, "the checksum that \"" + std::string(name) +
                                                      "\" asks for cannot be computed or checked for an upload in parts; a CRC can");
      algorithm_ = known;
      if (own) claimed_ = value;
    }
    return {};
  }

  /// Members of the object's request that another request has, too, go there: they share their headers.
  template <class R>
  R carried() const {
    R out{};
    out.bucket = request_.object.bucket;
    out.key = request_.object.key;
    s3store::headers common = fields_;
    for (const auto& known : crypto::checksum_algorithms) common.erase(known.header);  // of the whole, and not of a part
    for (const std::string_view name : {"Content-Length", "x-amz-sdk-checksum-algorithm"}) common.erase(name);
    detail::field_reader reader{common};
    R::describe(reader, out);
    return out;
  }

  // --- the bytes -------------------------------------------------------------------------------------------------------------------

  bool in_memory() const noexcept { return buffered_ || !stream_; }
  http::source& source() noexcept { return in_memory() ? memory_ : *stream_; }
  void hold(std::span<const std::byte> bytes) noexcept {
    held_ = bytes;
    memory_ = http::memory_source{bytes};
  }
  /// Fills the buffer from a source that does not know its size. False after an error.
  bool read_ahead() {
    const auto room = static_cast<std::size_t>(part_size_);
    if (!buffer_) buffer_ = std::make_unique_for_overwrite<std::byte[]>(room);
    std::size_t have = 0;
    while (have != room && !ended_) {
      auto got = stream_->read({buffer_.get() + have, room - have});
      if (!got) return give_up(std::move(got.error())), false;
      have += *got;
      ended_ = *got == 0;
    }
    hold({buffer_.get(), have});
    return true;
  }

  // --- in one piece ----------------------------------------------------------------------------------------------------------------

  void put() {
    put_object_request whole = request_.object;
    if (in_memory()) {
      whole.body = http::body::borrow(held_);
    } else {
      window_->open(*stream_, 0, *total_, 0);
      whole.body = http::body{*window_};
    }
    whole.content_length.reset();
    start(std::move(whole), options_);
  }
  void took(result<put_object_response> r) {
    offset_ = *total_;
    if (!r && r.error().maybe_own_success) return look(std::move(r));
    if (!r) return give_up(std::move(r));
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- in parts --------------------------------------------------------------------------------------------------------------------

  void create() {
    auto r = carried<create_multipart_upload_request>();
    if (algorithm_) {
      r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
      if (is_combinable(*algorithm_)) {
        r.checksum_type = types::checksum_type::full_object;
        whole_.emplace(*algorithm_);
      }
    }
    start(std::move(r), options_);
  }
  void took(result<create_multipart_upload_response> r) {
    if (!r) return give_up(std::move(r));
    if (!r->upload_id || r->upload_id->empty()) return give_up(fail(error_kind::malformed_response, "the answer to CreateMultipartUpload names no upload"));
    upload_id_ = std::move(*r->upload_id);
    next_part();
  }

  void next_part() {
    if (buffered_ && held_.empty() && !ended_ && !read_ahead()) return;
    part_length_ = buffered_ ? held_.size() : (std::min)(part_size_, *total_ - offset_);
    if (part_length_ == 0) return complete();
    if (parts_.parts.size() == max_parts)
      return give_up(fail(error_kind::invalid_argument, "the body goes on behind 10,000 parts of " + std::to_string(part_size_) +
                                                            " bytes; set a larger part_size, or content_length where it is known"));
    window_->open(source(), buffered_ ? 0 : offset_, part_length_, offset_);
    auto r = carried<upload_part_request>();
    r.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    r.upload_id = upload_id_;
    r.body = http::body{*window_};
    if (algorithm_) r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
    start(std::move(r), options_);
  }
  void took(result<upload_part_response> r) {
    if (!r) return give_up(std::move(r));
    if (!r->etag) return give_up(fail(error_kind::malformed_response, "the answer to UploadPart has no ETag"));
    types::completed_part part{.etag = std::move(r->etag)};
    part.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    etag_.append(*part.etag);
    if (algorithm_) {
      std::string sum = window_->checksum();
      if (whole_ && !whole_->append(sum, part_length_)) return give_up(fail(error_kind::integrity, "the checksum of a part is missing"));
      checksum_member(part, *algorithm_) = std::move(sum);
    }
    parts_.parts.push_back(std::move(part));
    offset_ += part_length_;
    if (buffered_) hold({});
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    next_part();
  }

  void complete() {
    auto r = carried<complete_multipart_upload_request>();
    count_ = static_cast<std::int32_t>(parts_.parts.size());
    r.upload_id = upload_id_;
    r.multipart_upload = std::move(parts_);
    r.mpu_object_size = static_cast<std::int64_t>(offset_);
    if (whole_) {
      checksum_member(r, *algorithm_) = checksum();
      r.checksum_type = types::checksum_type::full_object;
    }
    start(std::move(r), options_);
  }
  void took(result<complete_multipart_upload_response> r) {
    if (!r) {
      const bool lost = r.error().kind == error_kind::connection_lost || r.error().kind == error_kind::timeout;
      return r.error().maybe_own_success || lost ? look(std::move(r)) : give_up(std::move(r));
    }
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_, .parts = count_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- an answer was lost: was the refusal our own success? ------------------------------------------------------------------------

  template <class T>
  void look(result<T> failed) {
    keep(std::move(failed));
    auto r = carried<head_object_request>();
    r.if_match.reset();
    r.if_none_match.reset();
    r.checksum_mode = types::checksum_mode::enabled;
    start(std::move(r), clearing_up_);
  }
  void took(result<head_object_response> r) {
    const auto same = r ? is_ours(*r) : r.error().kind == error_kind::not_found ? std::optional{false} : std::nullopt;
    if (same == true) {
      upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_, .parts = count_, .confirmed_by_head = true};
      note_checksum(*r, out);
      return finish(std::move(out), r.release_meta());
    }
    note(!same ? "an answer was lost, and whether the upload took effect could not be found out"
               : r ? "an answer was lost, but the object that is there is another one" : "an answer was lost, but no object is there");
    clear_up();
  }
  /// By size and checksum, or by the ETag that the parts' make; nothing where the store tells neither.
  std::optional<bool> is_ours(head_object_response& there) {
    if (there.content_length && *there.content_length != static_cast<std::int64_t>(offset_)) return false;
    if (algorithm_ && (upload_id_.empty() || whole_))
      if (const auto& sum = checksum_member(there, *algorithm_)) return *sum == checksum();
    const auto expected = upload_id_.empty() ? std::nullopt : etag_.value();
    if (expected && there.etag) return *there.etag == *expected;
    return std::nullopt;
  }
  /// Of the whole object.
  std::string checksum() {
    if (!claimed_.empty()) return claimed_;
    if (whole_) return whole_->base64();
    if (!in_memory()) return window_->checksum();
    crypto::checksum sum{*algorithm_};
    sum.update(held_);
    return sum.base64();
  }
  template <class R>
  void note_checksum(R& from, upload_response& out) const {
    if (!algorithm_) return;
    const auto& sum = checksum_member(from, *algorithm_);
    if (!sum || (!upload_id_.empty() && !whole_)) return;
    out.checksum_algorithm = algorithm_;
    out.checksum = *sum;
  }

  // --- the end ---------------------------------------------------------------------------------------------------------------------

  void finish(upload_response out, std::unique_ptr<response_meta> meta) {
    end_.emplace(std::move(out));
    end_->attach(std::move(meta));
  }
  void refuse(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    end_.emplace(std::move(e));
  }
  template <class T>
  void keep(result<T> failed) {
    failure_.emplace(result<value_type>::failed_as(std::move(failed)));
  }
  void note(std::string_view what) { failure_->error().message.append("; ").append(what); }
  template <class T>
  void give_up(result<T> failed) {
    keep(std::move(failed));
    clear_up();
  }
  void give_up(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    give_up(result<void>{std::move(e)});
  }
  void clear_up() {
    if (upload_id_.empty() || failure_->error().code == "NoSuchUpload") {
      end_ = std::move(failure_);
    } else {
      auto r = carried<abort_multipart_upload_request>();
      r.upload_id = upload_id_;
      start(std::move(r), clearing_up_);
    }
  }
  void took(result<abort_multipart_upload_response> r) {
    if (!r && r.error().code == "NoSuchUpload") {
      if (count_ != 0) note("the upload was gone already, so it may have been completed");
    } else if (!r) {
      note("the upload " + upload_id_ + " could not be aborted, so its parts stay at the server: " + r.error().describe());
    }
    end_ = std::move(failure_);
  }

  const upload_request& request_;
  session<P>& shared_;
  const call_options& options_;
  call_options clearing_up_;
  progress_tally tally_;
  headers fields_{};  ///< of the object's request

  http::source* stream_{};                 ///< the caller's; null: all is in memory
  http::memory_source memory_{};
  std::span<const std::byte> held_{};      ///< what is in memory: the body, or the part that was read ahead
  std::unique_ptr<std::byte[]> buffer_{};
  std::optional<std::uint64_t> total_{};
  std::uint64_t part_size_{}, offset_{}, part_length_{};
  bool begun_{}, buffered_{}, ended_{};

  std::optional<section> window_{};
  std::optional<crypto::checksum_algorithm> algorithm_{};
  std::string claimed_{};                  ///< the checksum of the whole that the caller gave
  std::optional<combined_crc> whole_{};
  combined_etag etag_{};
  std::string upload_id_{};
  types::completed_multipart_upload parts_{};
  std::int32_t count_{};                   ///< of the parts, once the upload is to be completed

  std::variant<std::monostate, stage<put_object_request>, stage<create_multipart_upload_request>, stage<upload_part_request>,
               stage<complete_multipart_upload_request>, stage<head_object_request>, stage<abort_multipart_upload_request>>
      stage_{};
  std::optional<result<value_type>> failure_{};
  std::optional<result<value_type>> end_{};
};

/// Uploads an object of up to 10,000 parts on the caller's thread. Throws only what a function of the caller's threw.
template <class P>
result<upload_response> upload(const basic_client<P>& to, const upload_request& request, const call_options& options = {}) {
  uploading<P> machine{request, to.shared(), options};
  return to.run(machine);
}

/// The same for a file, which becomes the body; fails with `io` where it cannot be read.
template <class P>
result<upload_response> upload_file(const basic_client<P>& to, const std::string& path, upload_request request, const call_options& options = {}) {
  auto file = http::file_source::open(path);
  if (!file) return result<upload_response>::failed_as(std::move(file));
  request.object.body = http::body{*file};
  return upload(to, request, options);
}

}  // namespace s3store::inline v0

// ---- s3store/evidence/keys.hpp
// Under which keys do bundles and attachments stand?
//
//   evidence/{type}/{YYYY}/{MM}/{decision_id}.json
//   attachments/{YYYY}/{MM}/{decision_id}/{name}
//
// The month is that of created_at in UTC. A key is bytes, so letters of any script are carried as their UTF-8; what would make a key mean
// something else (a slash, "..", a control character) is refused.

namespace s3store::inline v0::evidence {

using std::chrono::year_month;

inline year_month month_of(timestamp t) noexcept {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(t)};
  return {date.year(), date.month()};
}

/// Where a bundle stands.
struct bundle_place {
  std::string decision_id{};
  year_month month{};
  std::string evidence_type{"decision"};
};
/// Where an attachment stands.
struct attachment_place {
  std::string decision_id{};
  year_month month{};
  std::string name{};
};

namespace detail {

/// `what` is how the message calls the name: "decision_id".
inline result<void> check_name(std::string_view what, std::string_view name) {
  const auto refuse = [&](std::string_view why) { return fail(error_kind::invalid_argument, std::string(what).append(" ").append(why)); };
  if (name.empty()) return refuse("is empty");
  if (name == "." || name == "..") return refuse("is \"" + std::string(name) + "\", which is no name");
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t size = utf8_length(rest);
    if (size == 0) return refuse("is not UTF-8");
    if (rest.front() == '/') return refuse("holds a '/', which would put it in another folder");
    if (static_cast<unsigned char>(rest.front()) < 0x20 || rest.front() == 0x7f) return refuse("holds a control character");
    rest.remove_prefix(size);
  }
  return {};
}

/// `2024/01/`
inline std::string month_folder(year_month m) {
  std::string out;
  s3store::detail::append_padded(out, static_cast<int>(m.year()), 4);
  out.push_back('/');
  s3store::detail::append_padded(out, static_cast<unsigned>(m.month()), 2);
  return out.append("/");
}
inline result<void> check_month(year_month m) {
  if (m.ok() && m.year() >= std::chrono::year{1} && m.year() <= std::chrono::year{9999}) return {};
  return fail(error_kind::invalid_argument, "the month is none of the years 1 to 9999");
}

inline std::optional<year_month> take_month(std::string_view& s) noexcept {
  using namespace s3store::detail;
  const auto year = take_digits(s, 4);
  if (!year || !take(s, '/')) return std::nullopt;
  const auto month = take_digits(s, 2);
  if (!month || !take(s, '/')) return std::nullopt;
  const year_month out{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)}};
  return out.ok() ? std::optional{out} : std::nullopt;
}

inline result<std::string> within_limit(std::string key) {
  if (key.size() <= 1024) return key;
  return fail(error_kind::invalid_argument, "the key would have " + std::to_string(key.size()) + " bytes; S3 takes 1,024");
}

}  // namespace detail

/// Fails with invalid_argument, naming the part that can't be in a key.
inline result<std::string> key_of(const bundle_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id), detail::check_name("evidence_type", at.evidence_type), detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit("evidence/" + at.evidence_type + "/" + detail::month_folder(at.month) + at.decision_id + ".json");
}
inline result<std::string> key_of(const attachment_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id), detail::check_name("attachment_name", at.name), detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit("attachments/" + detail::month_folder(at.month) + at.decision_id + "/" + at.name);
}

/// The place that a key names; nothing where it is not such a key.
inline std::optional<bundle_place> parse_bundle_key(std::string_view key) {
  constexpr std::string_view folder = "evidence/", ending = ".json";
  if (!key.starts_with(folder) || !key.ends_with(ending)) return std::nullopt;
  key.remove_prefix(folder.size());
  const auto slash = key.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  bundle_place out{.evidence_type = std::string(key.substr(0, slash))};
  key.remove_prefix(slash + 1);
  const auto month = detail::take_month(key);
  if (!month || key.size() < ending.size()) return std::nullopt;
  out.month = *month;
  out.decision_id = key.substr(0, key.size() - ending.size());
  return key_of(out) ? std::optional{std::move(out)} : std::nullopt;
}
inline std::optional<attachment_place> parse_attachment_key(std::string_view key) {
  constexpr std::string_view folder = "attachments/";
  if (!key.starts_with(folder)) return std::nullopt;
  key.remove_prefix(folder.size());
  const auto month = detail::take_month(key);
  const auto slash = key.find('/');
  if (!month || slash == std::string_view::npos) return std::nullopt;
  attachment_place out{std::string(key.substr(0, slash)), *month, std::string(key.substr(slash + 1))};
  return key_of(out) ? std::optional{std::move(out)} : std::nullopt;
}

}  // namespace s3store::inline v0::evidence

// ---- s3store/evidence/python_number.hpp
// How does Python write a number? Floats as repr() does, which the canonical form and the bundles depend on to the byte.

namespace s3store::inline v0::evidence {

/// As repr(float) writes it: the shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on.
inline void append_python_float(std::string& out, double v) {
  if (std::isnan(v)) return static_cast<void>(out.append("NaN"));
  if (std::isinf(v)) return static_cast<void>(out.append(v < 0 ? "-Infinity" : "Infinity"));
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific).ptr;
  std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  int exponent = 0;  // of the first digit; from_chars takes no plus sign
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  std::string digits{text.substr(0, 1)};
  if (e > 2) digits.append(text, 2, e - 2);
  if (exponent < -4 || exponent >= 16) {
    out.append(digits, 0, 1);
    if (digits.size() > 1) out.append(".").append(digits, 1);
    out.append(exponent < 0 ? "e-" : "e+");
    const int size = std::abs(exponent);
    if (size < 10) out.push_back('0');
    append_integer(out, size);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole).append(".");
    out.append(digits.size() > whole ? digits.substr(whole) : "0");
  }
}

/// A number token as a double; too large a one is infinite, as float() has it. (libc++ 14 has no from_chars for doubles, and strtod
/// looks for the decimal point of the program's locale.)
inline double to_double(std::string_view token) {
  std::string text{token};
  if (const auto point = text.find('.'); point != std::string::npos) text.replace(point, 1, std::localeconv()->decimal_point);
  return std::strtod(text.c_str(), nullptr);
}

/// Does a number token make an int in Python, which keeps all of its digits?
constexpr bool is_python_int(std::string_view token) noexcept { return token.find_first_not_of("-0123456789") == std::string_view::npos; }

/// A number token of the JSON tokenizer as json.dumps(json.loads(token)) writes it.
inline void append_python_number(std::string& out, std::string_view token) {
  if (token == "-0") {
    out.append("0");
  } else if (is_python_int(token) || token.back() == 'N' || token.back() == 'y') {  // NaN, Infinity
    out.append(token);
  } else {
    append_python_float(out, to_double(token));
  }
}

}  // namespace s3store::inline v0::evidence

// ---- s3store/evidence/python_json.hpp
// What would Python make of a JSON text? `json.dumps(json.loads(text))`, byte for byte, with its `indent` and `sort_keys`.
//
// The original module writes and checks bundles that way, so its every habit counts: ASCII alone, floats as repr() writes them, integers of
// any size digit for digit, the last of two equal keys. What Python takes and JSON (RFC 8259, RFC 7493) does not vouch for is read all the
// same, and noted as an oddity with its place: whoever writes refuses it, whoever reads can say what it is.

namespace s3store::inline v0::evidence {

/// A JSON value as Python holds it. It borrows the text that it was read from.
struct python_value {
  json::token_kind kind{json::token_kind::null};
  std::string_view raw{};             ///< the whole value as it is written
  std::string key{};                  ///< its own, in an object
  std::string string{};               ///< the text of a string; a lone surrogate in it has three bytes, which are not UTF-8
  std::vector<python_value> items{};  ///< of an object or array, in order

  /// The member of that key; null where there is none, or this is no object.
  const python_value* find(std::string_view name) const noexcept {
    if (kind == json::token_kind::begin_object)
      for (const auto& m : items)
        if (m.key == name) return &m;
    return nullptr;
  }
};

struct python_json {
  python_value top{};
  /// Sentences, each with its place: numbers that are not finite, lone surrogates, keys that are there twice.
  std::vector<std::string> oddities{};
};

struct python_style {
  std::size_t indent{};  ///< spaces for each level; 0: all on one line
  bool sort_keys{};      ///< by code point
};

namespace detail {

class python_reader {
 public:
  python_reader(std::string_view text, std::vector<std::string>& oddities) : text_(text), tokens_(text, {.allow_non_finite = true}), oddities_(oddities) {}

  result<void> document(python_value& top) {
    auto first = tokens_.next();
    if (!first) return result<void>::failed_as(std::move(first));
    if (auto read = value(*first, top); !read) return read;
    auto end = tokens_.next();
    return end ? result<void>{} : result<void>::failed_as(std::move(end));
  }

 private:
  result<void> value(const json::token& t, python_value& out) {
    out.kind = t.kind;
    out.raw = t.raw;
    if (t.kind == json::token_kind::begin_object || t.kind == json::token_kind::begin_array) return container(t, out);
    if (t.kind == json::token_kind::string) return text(t, out.string);
    if (t.kind == json::token_kind::number && !is_python_int(t.raw) && !std::isfinite(to_double(t.raw)))
      odd("a number that is not finite, or too large for a double,", t.offset);
    return {};
  }

  /// Recursive, as deep as the tokenizer lets it.
  result<void> container(const json::token& first, python_value& out) {
    const bool object = first.kind == json::token_kind::begin_object;
    std::vector<std::size_t> places;  // of the keys
    const std::size_t above = path_.size();
    for (;;) {
      auto t = tokens_.next();
      if (!t) return result<void>::failed_as(std::move(t));
      if (t->kind == json::token_kind::end_object || t->kind == json::token_kind::end_array) {
        out.raw = text_.substr(first.offset, t->offset + 1 - first.offset);
        break;
      }
      python_value item;
      if (object) {
        places.push_back(t->offset);
        if (auto read = text(*t, item.key); !read) return read;
        t = tokens_.next();
        if (!t) return result<void>::failed_as(std::move(t));
      }
      path_.append("/").append(object ? item.key : std::to_string(out.items.size()));
      if (auto read = value(*t, item); !read) return read;
      path_.resize(above);
      out.items.push_back(std::move(item));
    }
    if (object) drop_repeated(out.items, places);
    return {};
  }

  /// As in a dict: the first of equal keys gives the place, the last the value.
  void drop_repeated(std::vector<python_value>& members, const std::vector<std::size_t>& places) {
    std::vector<std::size_t> order(members.size());
    for (std::size_t i = 0; i != order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return members[a].key < members[b].key; });
    std::vector<bool> repeated(members.size());
    bool any = false;
    for (std::size_t i = 0, first = 0; i != order.size(); ++i) {
      if (i == 0 || members[order[i]].key != members[order[first]].key) {
        first = i;
        continue;
      }
      const std::size_t above = path_.size();
      path_.append("/").append(members[order[i]].key);
      odd("a key that is there already", places[order[i]]);
      path_.resize(above);
      std::string key = std::move(members[order[first]].key);
      members[order[first]] = std::move(members[order[i]]);
      members[order[first]].key = std::move(key);
      any = repeated[order[i]] = true;
    }
    if (!any) return;
    std::size_t at = 0;
    std::erase_if(members, [&](const auto&) { return repeated[at++]; });
  }

  result<void> text(const json::token& t, std::string& out) {
    if (auto read = json::unescape(t.raw, out, json::lone_surrogates::keep); !read) return read;
    for (std::string_view rest = out; !rest.empty();) {
      const std::size_t size = utf8_length(rest);
      if (size == 0) return odd("half of a surrogate pair, which is no character,", t.offset), result<void>{};
      rest.remove_prefix(size);
    }
    return {};
  }

  void odd(std::string_view what, std::size_t offset) {
    const auto before = text_.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    std::string message{what};
    message.append(" at ");
    if (!json::append_ascii_string(message, path_, json::lone_surrogates::keep)) message.append("\"");
    message.append(", line ").append(std::to_string(line)).append(", column ").append(std::to_string(offset - (before.rfind('\n') + 1) + 1));
    oddities_.push_back(std::move(message));
  }

  std::string_view text_;
  json::tokenizer tokens_;
  std::vector<std::string>& oddities_;
  std::string path_{};  // keys and indices, each behind a slash
};

inline void write_python(std::string& out, const python_value& v, const python_style& style, std::size_t level) {
  const bool object = v.kind == json::token_kind::begin_object;
  if (v.kind == json::token_kind::string) return static_cast<void>(json::append_ascii_string(out, v.string, json::lone_surrogates::keep));
  if (v.kind == json::token_kind::number) return append_python_number(out, v.raw);
  if (!object && v.kind != json::token_kind::begin_array) return static_cast<void>(out.append(v.raw));

  std::vector<const python_value*> items;
  items.reserve(v.items.size());
  for (const auto& item : v.items) items.push_back(&item);
  // UTF-8, and what stands for lone surrogates, sort by bytes as by code points.
  if (object && style.sort_keys) std::sort(items.begin(), items.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  const auto new_line = [&](std::size_t at) {
    if (style.indent != 0) out.append("\n").append(at * style.indent, ' ');
  };
  out.push_back(object ? '{' : '[');
  bool first = true;
  for (const auto* item : items) {
    if (!std::exchange(first, false)) out.append(style.indent != 0 ? "," : ", ");
    new_line(level + 1);
    if (object) {
      json::append_ascii_string(out, item->key, json::lone_surrogates::keep);
      out.append(": ");
    }
    write_python(out, *item, style, level + 1);
  }
  if (!first) new_line(level);
  out.push_back(object ? '}' : ']');
}

}  // namespace detail

/// json.loads of a text, which is borrowed. Fails with malformed_response where it is no JSON, or nested more than 512 levels deep.
inline result<python_json> python_loads(std::string_view text) {
  python_json out;
  detail::python_reader from{text, out.oddities};
  if (auto read = from.document(out.top); !read) return result<python_json>::failed_as(std::move(read));
  return out;
}

/// json.dumps of a value.
inline std::string python_dumps(const python_value& v, const python_style& style = {}) {
  std::string out;
  detail::write_python(out, v, style, 0);
  return out;
}

}  // namespace s3store::inline v0::evidence

// ---- s3store/evidence/json_text.hpp
// What is evidence_data made of? JSON as text, kept as it was written: a number has its digits, an object its order.
//
// nlohmann/json, which programs use to build and read it, rounds integers of 30 digits and forgets keys that are there twice, so it is a way
// in and out and not the keeper.

namespace s3store::inline v0 {

/// A JSON value as text; an empty object unless another one is given.
///   json_text data = {{"verdict", "ALLOW"}, {"confidence", 0.95}};     as nlohmann::ordered_json reads it
///   json_text data = some_nlohmann_json;
///   json_text data = json_text::parse(text).value();
/// Infinite numbers and NaN pass, and are refused when a bundle is stored; see evidence/python_json.hpp.
class json_text {
 public:
  json_text() = default;
  json_text(nlohmann::ordered_json::initializer_list_t items) : json_text(nlohmann::ordered_json(items)) {}
  /// Throws s3_error where a string is not UTF-8, or the value is binary, which JSON has no text for.
  template <class Json>
    requires nlohmann::detail::is_basic_json<Json>::value
  json_text(const Json& value) {
    text_.clear();
    append(value);
  }
  /// Fails with invalid_argument, naming the place, where the text is no JSON value.
  static result<json_text> parse(std::string text) {
    if (auto read = evidence::python_loads(text); !read) return fail(error_kind::invalid_argument, std::move(read.error().message));
    json_text out;
    out.text_ = std::move(text);
    return out;
  }

  const std::string& str() const noexcept { return text_; }
  /// As nlohmann/json holds it, which may be less than the text says. Throws s3_error where it takes none of it (NaN, a lone surrogate).
  nlohmann::ordered_json json() const {
    auto out = nlohmann::ordered_json::parse(text_, nullptr, false);
    if (out.is_discarded()) throw s3_error{fail(error_kind::invalid_argument, "nlohmann/json does not take this JSON text")};
    return out;
  }

  /// As texts: the same values in another order or spacing differ.
  friend bool operator==(const json_text&, const json_text&) = default;

 private:
  template <class Json>
  void append(const Json& v) {
    if (v.is_object() || v.is_array()) {
      text_.push_back(v.is_object() ? '{' : '[');
      bool first = true;
      for (auto item = v.begin(); item != v.end(); ++item) {
        if (!std::exchange(first, false)) text_.append(", ");
        if (v.is_object()) {
          append_string(item.key());
          text_.append(": ");
        }
        append(*item);
      }
      text_.push_back(v.is_object() ? '}' : ']');
    } else if (v.is_string()) {
      append_string(v.template get_ref<const typename Json::string_t&>());
    } else if (v.is_number_float()) {  // dump() would write null for what is not finite
      evidence::append_python_float(text_, static_cast<double>(v.template get<typename Json::number_float_t>()));
    } else if (v.is_binary() || v.is_discarded()) {
      throw s3_error{fail(error_kind::invalid_argument, "a binary or discarded value has no text in JSON")};
    } else {
      text_.append(v.dump());
    }
  }
  void append_string(std::string_view s) {
    if (!json::append_ascii_string(text_, s)) throw s3_error{fail(error_kind::invalid_argument, "a string in the JSON value is not UTF-8")};
  }

  std::string text_{"{}"};
};

}  // namespace s3store::inline v0

// ---- s3store/evidence/canonical_json.hpp
// Which text is the checksum of a bundle taken of? The one that Python's `json.dumps(evidence_data, sort_keys=True)` writes: separators
// ", " and ": ", ASCII alone, keys by code point.

namespace s3store::inline v0::evidence {

struct canonical_json {
  std::string text{};
  std::vector<std::string> oddities{};  ///< see evidence/python_json.hpp

  /// SHA-256 of the text, in hex.
  std::string checksum() const { return crypto::sha256_hex(as_bytes(text)); }
};

/// Of any JSON text that Python reads; malformed_response where it does not.
inline result<canonical_json> canonical(const json_text& value) {
  auto read = python_loads(value.str());
  if (!read) return result<canonical_json>::failed_as(std::move(read));
  return canonical_json{python_dumps(read->top, {.sort_keys = true}), std::move(read->oddities)};
}

/// The same of what is to be stored: an oddity is refused (invalid_argument) with its place. `what` names the value in the message.
inline result<canonical_json> canonical_to_store(const json_text& value, const std::string& what) {
  auto out = canonical(value);
  if (!out) return fail(error_kind::invalid_argument, what + ": " + out.error().message);
  if (!out->oddities.empty()) return fail(error_kind::invalid_argument, what + " holds " + out->oddities.front() + ", and cannot be stored");
  return out;
}

}  // namespace s3store::inline v0::evidence

// ---- s3store/evidence/bundle.hpp
// What is an evidence bundle, and which bytes does it have? Those of Python's `json.dumps(bundle, indent=2)`.

namespace s3store::inline v0 {

/// The evidence of one decision.
struct evidence_bundle {
  std::string decision_id{};
  json_text evidence_data{};
  timestamp created_at{};       ///< UTC; storing puts the present in the place of the epoch, which it is when left out
  std::string evidence_type{"decision"};
  std::string version{"1.0"};
  std::string checksum{};       ///< SHA-256 of the canonical evidence_data, in hex; storing computes it
  json_text metadata{};         ///< an object; its texts become user metadata of the stored object as well
};

namespace evidence {

/// As Python's datetime.isoformat() writes a time without an offset: `2024-01-15T12:00:00`, and six digits behind a point where the
/// microseconds are not zero.
inline std::string python_isoformat(timestamp t) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  std::string out = format_iso8601(seconds);
  out.pop_back();  // the Z
  if (t == seconds) return out;
  out.push_back('.');
  s3store::detail::append_padded(out, (t - seconds).count(), 6);
  return out;
}

/// The bytes of a bundle as they are stored. Fails with invalid_argument where a text is not UTF-8 or a member has an oddity.
inline result<std::string> encode_bundle(const evidence_bundle& b) {
  for (const auto& [value, name] : {std::pair{&b.evidence_data, "evidence_data"}, {&b.metadata, "metadata"}})
    if (auto good = canonical_to_store(*value, name); !good) return result<std::string>::failed_as(std::move(good));
  std::string text;
  const auto member = [&](std::string_view name, std::string_view value) { text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":").append(value); };
  const auto string = [&](std::string_view name, std::string_view value) {
    std::string quoted;
    const bool utf8 = json::append_ascii_string(quoted, value);
    member(name, quoted);
    return utf8;
  };
  const char* bad = nullptr;
  if (!string("decision_id", b.decision_id)) bad = "decision_id";
  member("evidence_data", b.evidence_data.str());
  string("created_at", python_isoformat(b.created_at));
  if (!string("evidence_type", b.evidence_type)) bad = "evidence_type";
  if (!string("version", b.version)) bad = "version";
  if (!string("checksum", b.checksum)) bad = "checksum";
  member("metadata", b.metadata.str());
  if (bad) return fail(error_kind::invalid_argument, std::string(bad) + " is not UTF-8");
  text.append("}");
  auto whole = python_loads(text);
  if (!whole) return fail(error_kind::invalid_argument, std::move(whole.error().message));
  return python_dumps(whole->top, {.indent = 2});
}

/// A bundle as it was found, not verified yet.
struct decoded_bundle {
  evidence_bundle bundle{};
  std::vector<std::string> oddities{};  ///< what Python wrote and JSON does not vouch for; see evidence/python_json.hpp
};

/// Reads the bytes of a bundle, whoever wrote them and however they are laid out. Fails with malformed_response, and says what is wrong.
inline result<decoded_bundle> decode_bundle(std::string_view bytes) {
  auto read = python_loads(bytes);
  if (!read) return fail(error_kind::malformed_response, "the bundle is no JSON text: " + read.error().message);
  const python_value& top = read->top;
  if (top.kind != json::token_kind::begin_object) return fail(error_kind::malformed_response, "the bundle is no JSON object");

  decoded_bundle out;
  std::string wrong;
  const auto text = [&](const char* name, std::string& into, bool required) {
    const auto* const m = top.find(name);
    if (!m || m->kind == json::token_kind::null) {
      if (required && wrong.empty()) wrong = "has no " + std::string(name);
    } else if (m->kind != json::token_kind::string) {
      if (wrong.empty()) wrong = "has a " + std::string(name) + " that is no text";
    } else {
      into = m->string;
    }
  };
  evidence_bundle& b = out.bundle;
  std::string created;
  text("decision_id", b.decision_id, true);
  text("created_at", created, true);
  text("evidence_type", b.evidence_type, false);
  text("version", b.version, false);
  text("checksum", b.checksum, false);
  const auto* const data = top.find("evidence_data");
  if (!data && wrong.empty()) wrong = "has no evidence_data";
  if (const auto when = parse_iso8601(created)) {
    b.created_at = *when;
  } else if (wrong.empty()) {
    wrong = "has a created_at that is no date";
  }
  if (!wrong.empty()) return fail(error_kind::malformed_response, "the bundle " + wrong);

  // They are pieces of a text that was read, so they can be read.
  b.evidence_data = json_text::parse(std::string(data->raw)).value();
  if (const auto* const m = top.find("metadata")) b.metadata = json_text::parse(std::string(m->raw)).value();
  out.oddities = std::move(read->oddities);
  return out;
}

/// Does the checksum hold? An error of kind integrity where it does not, or where there is none.
inline result<void> verify_bundle(const evidence_bundle& b) {
  if (b.checksum.empty()) return fail(error_kind::integrity, "the bundle has no checksum, so nothing vouches for its evidence_data");
  const auto actual = canonical(b.evidence_data);
  if (!actual) return actual.error();
  const std::string sum = actual->checksum();
  if (equal_ignoring_case(sum, b.checksum)) return {};
  return fail(error_kind::integrity, "the bundle is not what was stored: its checksum is " + b.checksum + ", but its evidence_data has " + sum);
}

}  // namespace evidence
}  // namespace s3store::inline v0

// ---- s3store/evidence/user_metadata.hpp
// Which user metadata do bundles and attachments carry? Our own, and the caller's beside it.
//
// S3 takes ASCII alone there. Other text is written as an encoded word (RFC 2047), the form in which S3 itself shows such metadata; the
// bundle's own bytes have it plain.

namespace s3store::inline v0::evidence {

inline std::string metadata_value(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return "=?UTF-8?B?" + base64(as_bytes(text)) + "?=";
}
/// Undoes `metadata_value`; any other text stays as it is.
inline std::string plain_metadata_value(std::string_view value) {
  constexpr std::string_view front = "=?UTF-8?B?", back = "?=";
  if (value.size() < front.size() + back.size() || !equal_ignoring_case(value.substr(0, front.size()), front) || !value.ends_with(back))
    return std::string(value);
  const auto bytes = from_base64(value.substr(front.size(), value.size() - front.size() - back.size()));
  return bytes ? *bytes : std::string(value);
}

/// Ours first, then the caller's. Fails with invalid_argument where the caller's has a name of ours.
inline result<metadata> with_own_metadata(std::initializer_list<std::pair<std::string_view, std::string_view>> ours, const metadata& theirs) {
  metadata out;
  for (const auto& [name, value] : ours) out.add(name, metadata_value(value));
  for (const auto [name, value] : theirs) {
    for (const auto& own : ours)
      if (equal_ignoring_case(own.first, name))
        return fail(error_kind::invalid_argument, "the metadata \"" + std::string(own.first) + "\" is the library's own; choose another name");
    out.add(name, metadata_value(value));
  }
  return out;
}

/// The texts of a bundle's `metadata` member; other values stay in the bundle alone.
inline result<metadata> texts_of(const json_text& object) {
  auto read = python_loads(object.str());
  if (!read) return result<metadata>::failed_as(std::move(read));
  metadata out;
  const auto kind = read->top.kind;
  if (kind != json::token_kind::begin_object && kind != json::token_kind::null)
    return fail(error_kind::invalid_argument, "metadata must be a JSON object");
  for (const auto& m : read->top.items)
    if (m.kind == json::token_kind::string) out.add(m.key, m.string);
  return out;
}

}  // namespace s3store::inline v0::evidence

// ---- s3store/evidence/store.hpp
// How do evidence bundles get into a bucket, and back out of it?
//
// A bundle is written once: storing it again is refused by the server itself (`If-None-Match: *`). What comes back is verified first, and an
// error if it does not hold: these functions never return evidence that its checksum does not vouch for.

namespace s3store::inline v0 {

struct store_evidence_options {
  bool overwrite{};  ///< replace the object of that key
  call_options call{};
};

struct stored_evidence {
  std::string key{};
  std::string checksum{};  ///< of the bundle; of an attachment, S3's own over its bytes
  std::optional<std::string> etag{};
  std::optional<std::string> version_id{};
};

struct retrieved_evidence {
  evidence_bundle bundle{};
  std::string key{};
  std::optional<std::string> etag{};
  std::optional<std::string> version_id{};
  std::vector<std::string> oddities{};  ///< what Python wrote and JSON does not vouch for; see evidence/python_json.hpp
};

/// What a listing tells of an object, and what its key says.
template <class Place>
struct listed {
  Place place{};
  std::string key{};
  std::uint64_t size{};
  timestamp last_modified{};
  std::string etag{};
};
using listed_evidence = listed<evidence::bundle_place>;
using listed_attachment = listed<evidence::attachment_place>;

/// What to list. A type, year or month that is left out is any; a month needs its year, and a year its type.
struct evidence_filter {
  std::string evidence_type{"decision"};  ///< empty: all
  std::optional<std::chrono::year> year{};
  std::optional<std::chrono::month> month{};
};

namespace evidence {

inline error located(error e, std::string_view bucket, std::string_view key) {
  e.bucket = bucket;
  e.key = key;
  return e;
}

/// The objects below a prefix whose key `parse` understands, in the order of their keys.
template <class P, class Place>
result<std::vector<listed<Place>>> list_places(const basic_client<P>& s3, std::string bucket, std::string prefix,
                                               std::optional<Place> (*parse)(std::string_view), const call_options& options) {
  std::vector<listed<Place>> out;
  for (auto& page : s3.pages(list_objects_v2_request{.bucket = std::move(bucket), .prefix = std::move(prefix)}, options)) {
    if (!page) return result<std::vector<listed<Place>>>::failed_as(std::move(page));
    for (auto& object : page->contents) {
      if (!object.key) continue;
      auto place = parse(*object.key);
      if (!place) continue;
      out.push_back({std::move(*place), std::move(*object.key), static_cast<std::uint64_t>(object.size.value_or(0)),
                     object.last_modified.value_or(timestamp{}), object.etag.value_or(std::string{})});
    }
  }
  return out;
}

}  // namespace evidence

/// Stores a bundle under the key that its id, type and month make. Its checksum is computed here; one that is given must be right
/// (integrity). What cannot be stored as JSON is refused with its place (invalid_argument), a key that is taken with precondition_failed.
template <class P>
result<stored_evidence> store_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, evidence_bundle bundle,
                                              const store_evidence_options& options = {}) {
  using failed = result<stored_evidence>;
  if (bundle.created_at == timestamp{}) bundle.created_at = s3.shared().now().wall;
  auto key = evidence::key_of(evidence::bundle_place{bundle.decision_id, evidence::month_of(bundle.created_at), bundle.evidence_type});
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  const auto refuse = [&](error& e) { return evidence::located(std::move(e), bucket, *key); };

  auto canonical = evidence::canonical_to_store(bundle.evidence_data, "evidence_data");
  if (!canonical) return refuse(canonical.error());
  if (bundle.checksum.empty()) bundle.checksum = canonical->checksum();
  if (auto right = evidence::verify_bundle(bundle); !right) return refuse(right.error());
  auto texts = evidence::texts_of(bundle.metadata);
  if (!texts) return refuse(texts.error());
  auto fields = evidence::with_own_metadata({{"decision-id", bundle.decision_id},
                                             {"evidence-type", bundle.evidence_type},
                                             {"version", bundle.version},
                                             {"created-at", evidence::python_isoformat(bundle.created_at)},
                                             {"checksum", bundle.checksum}},
                                            *texts);
  if (!fields) return refuse(fields.error());
  auto bytes = evidence::encode_bundle(bundle);
  if (!bytes) return refuse(bytes.error());

  upload_request request{.object = {.bucket = bucket, .key = *key, .body = std::move(*bytes), .content_type = "application/json"}};
  request.object.metadata = std::move(*fields);
  if (!options.overwrite) request.object.if_none_match = "*";
  auto put = upload(s3, request, options.call);
  if (!put && put.error().kind == error_kind::precondition_failed) put.error().message = "a bundle is stored under this key already, and was left as it is";
  if (!put) return failed::failed_as(std::move(put));
  return stored_evidence{std::move(*key), std::move(bundle.checksum), std::move(put->etag), std::move(put->version_id)};
}

/// Reads the bundle of a key and verifies it. Kinds of failure: not_found where there is none, malformed_response where it is no bundle,
/// integrity where its checksum does not hold.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                                    const call_options& options = {}) {
  auto got = s3.get_object({.bucket = bucket, .key = key}, options);
  if (!got) return result<retrieved_evidence>::failed_as(std::move(got));
  auto read = evidence::decode_bundle(got->body);
  if (!read) return evidence::located(std::move(read.error()), bucket, key);
  if (auto verified = evidence::verify_bundle(read->bundle); !verified) return evidence::located(std::move(verified.error()), bucket, key);
  if (const auto beside = got->metadata.get("checksum"); beside && !equal_ignoring_case(*beside, read->bundle.checksum))
    return evidence::located(fail(error_kind::integrity, "the bundle's checksum is not the one in the object's metadata"), bucket, key);
  return retrieved_evidence{std::move(read->bundle), key, std::move(got->etag), std::move(got->version_id), std::move(read->oddities)};
}

/// The same by id, month and type. A bundle that stands there under another id is an error of kind integrity.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, const evidence::bundle_place& place,
                                                    const call_options& options = {}) {
  auto key = evidence::key_of(place);
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  auto out = retrieve_evidence_bundle(s3, bucket, *key, options);
  if (out && out->bundle.decision_id != place.decision_id)
    return evidence::located(fail(error_kind::integrity, "the bundle is that of another decision"), bucket, *key);
  return out;
}

/// All bundles that the filter lets through, in the order of their keys. Their bytes are not looked at.
template <class P>
result<std::vector<listed_evidence>> list_evidence_bundles(const basic_client<P>& s3, const std::string& bucket, const evidence_filter& filter = {},
                                                           const call_options& options = {}) {
  std::string prefix = "evidence/";
  if ((filter.year && filter.evidence_type.empty()) || (filter.month && !filter.year))
    return evidence::located(fail(error_kind::invalid_argument, "listing a year needs its evidence_type, and listing a month its year"), bucket, {});
  if (!filter.evidence_type.empty()) {
    if (auto good = evidence::detail::check_name("evidence_type", filter.evidence_type); !good) return evidence::located(std::move(good.error()), bucket, {});
    prefix.append(filter.evidence_type).append("/");
  }
  if (filter.year) {
    const evidence::year_month month{*filter.year, filter.month.value_or(std::chrono::January)};
    if (auto good = evidence::detail::check_month(month); !good) return evidence::located(std::move(good.error()), bucket, {});
    prefix.append(evidence::detail::month_folder(month));
    if (!filter.month) prefix.resize(prefix.size() - 3);  // the month
  }
  return evidence::list_places(s3, bucket, std::move(prefix), &evidence::parse_bundle_key, options);
}

}  // namespace s3store::inline v0

// ---- s3store/evidence/attachments.hpp
// How are files kept beside a decision? As objects of their own, of any size, sent in parts and checked byte for byte.

namespace s3store::inline v0 {

struct attachment {
  std::string decision_id{};
  std::string name{};
  http::body body{};       ///< bytes, or a source of any size
  timestamp created_at{};  ///< that of the bundle, whose month it shares; storing puts the present in the place of the epoch
  std::optional<std::string> content_type{};
  s3store::metadata metadata{};
  std::uint64_t part_size{default_part_size};
  progress_callback progress{};
};

/// Stores an attachment; a key that is taken is refused with precondition_failed, unless the options say otherwise.
template <class P>
result<stored_evidence> store_attachment(const basic_client<P>& s3, const std::string& bucket, const attachment& what,
                                         const store_evidence_options& options = {}) {
  const timestamp created = what.created_at == timestamp{} ? s3.shared().now().wall : what.created_at;
  auto key = evidence::key_of(evidence::attachment_place{what.decision_id, evidence::month_of(created), what.name});
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  auto fields = evidence::with_own_metadata({{"decision-id", what.decision_id}, {"attachment-name", what.name}}, what.metadata);
  if (!fields) return evidence::located(std::move(fields.error()), bucket, *key);

  upload_request request{.object = {.bucket = bucket, .key = *key, .body = what.body, .content_type = what.content_type},
                         .part_size = what.part_size,
                         .progress = what.progress};
  request.object.metadata = std::move(*fields);
  if (!options.overwrite) request.object.if_none_match = "*";
  auto sent = upload(s3, request, options.call);
  if (!sent && sent.error().kind == error_kind::precondition_failed) sent.error().message = "an attachment is stored under this key already, and was left as it is";
  if (!sent) return result<stored_evidence>::failed_as(std::move(sent));
  return stored_evidence{std::move(*key), std::move(sent->checksum), std::move(sent->etag), std::move(sent->version_id)};
}

/// Reads an attachment into `into`: a sink, or a function of `std::span<const std::byte>`. Where the result is an error, so are the bytes;
/// `meta().integrity` says how they were checked.
template <class P, class Into>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key, Into&& into,
                                                const call_options& options = {}) {
  return s3.get_object({.bucket = bucket, .key = key}, std::forward<Into>(into), options);
}
/// The same into memory, as the response's body.
template <class P>
result<get_object_response> retrieve_attachment(const basic_client<P>& s3, const std::string& bucket, const std::string& key) {
  return s3.get_object({.bucket = bucket, .key = key});
}

/// All attachments of a decision, in the order of their names. `month` is that of its created_at in UTC.
template <class P>
result<std::vector<listed_attachment>> list_attachments(const basic_client<P>& s3, const std::string& bucket, const std::string& decision_id,
                                                        evidence::year_month month, const call_options& options = {}) {
  auto prefix = evidence::key_of(evidence::attachment_place{decision_id, month, "x"});
  if (!prefix) return evidence::located(std::move(prefix.error()), bucket, {});
  prefix->pop_back();
  return evidence::list_places(s3, bucket, std::move(*prefix), &evidence::parse_attachment_key, options);
}

}  // namespace s3store::inline v0

// ---- s3store/s3store.hpp
// Everything. A file that needs less compiles faster with the headers that it names.
//
// Written by scripts/check_includes.py --write-umbrella, lowest layer first.
