// Does an answer hold the bytes that were asked for? A server or a proxy may ignore a range, or send another one, and the caller would
// take these bytes for those that it asked for. So Range (or `partNumber`), the status and Content-Range must agree.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/byte_range.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// What a Content-Range says (RFC 9110, section 14.4): `bytes 0-9/100`, or `bytes 0-9/*` if the object's size is not told.
struct content_range {
  byte_range bytes{};
  std::optional<std::uint64_t> size{};  ///< of the whole object

  std::uint64_t length() const noexcept { return bytes.last - bytes.first + 1; }

  /// nullopt if it is malformed or contradicts itself.
  static std::optional<content_range> parse(std::string_view s) {
    constexpr std::string_view unit = "bytes ";
    if (!detail::equal_ignoring_case(s.substr(0, unit.size()), unit)) return std::nullopt;
    s = detail::trim(s.substr(unit.size()));
    const auto dash = s.find('-');
    const auto slash = s.find('/');
    content_range out;
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
    if (!detail::read_integer(s.substr(0, dash), out.bytes.first) ||
        !detail::read_integer(s.substr(dash + 1, slash - dash - 1), out.bytes.last) || out.bytes.last < out.bytes.first ||
        out.bytes.last == ~std::uint64_t{0})
      return std::nullopt;
    if (s.substr(slash + 1) != "*") {
      out.size.emplace();
      if (!detail::read_integer(s.substr(slash + 1), *out.size) || out.bytes.last >= *out.size) return std::nullopt;
    }
    return out;
  }
};

/// The bytes of an object that a request asks for.
class requested_range {
 public:
  /// The whole object.
  requested_range() = default;
  /// What the headers and the percent-encoded query of a request ask for.
  requested_range(const headers& fields, std::string_view query) {
    if (const auto range = fields.get("Range")) {
      text_ = *range;
      read_range(detail::trim(*range));
      // With If-Range, 200 and the whole object is the answer if the object has changed (RFC 9110, section 13.1.5).
      whole_is_fine_ = fields.contains("If-Range");
    } else if (const auto at = find_part_number(query); at != std::string_view::npos) {
      text_ = query.substr(at, query.find('&', at) - at);
      form_ = form::part;
      const auto number = std::string_view{text_}.substr(text_.find('=') + 1);
      if (!detail::read_integer(number, first_)) first_ = 0;
    }
  }

  bool is_part() const noexcept { return form_ == form::part; }

  /// Why an answer does not hold what was asked for; empty if it does. `told`: its Content-Range, if that can be read. `length`: the
  /// bytes of its body, if they are known.
  std::string disagreement(int status, const headers& fields, const std::optional<content_range>& told,
                           std::optional<std::uint64_t> length) const {
    if (status != 206) return holds_if_whole(length, fields) ? std::string{} : detail::concat({"the whole object came, and not ", text_});
    if (form_ == form::whole) return "a part of the object came, although the whole was asked for";
    if (!told) {
      const bool many = form_ == form::several && fields.value_or_empty("Content-Type").starts_with("multipart/byteranges");
      return many ? std::string{} : detail::concat({"a part of the object came, but the answer does not say which; asked for was ", text_});
    }
    if (length && *length != told->length())
      return detail::concat({"the answer has ", detail::decimal(*length), " bytes, but says that they are the ", detail::decimal(told->length()),
                             " bytes ", fields.value_or_empty("Content-Range")});
    return holds(*told) ? std::string{} : detail::concat({fields.value_or_empty("Content-Range"), " came, and not ", text_});
  }

  /// The most bytes that an answer with the whole object may have, if that limit follows from the request only.
  std::optional<std::uint64_t> most() const noexcept {
    if (whole_is_fine_) return std::nullopt;
    if (form_ == form::between && last_ != unlimited) return last_ + 1;
    if (form_ == form::last_bytes) return first_;
    return std::nullopt;
  }

  /// The query without its `partNumber`, beside which S3 takes no Range.
  static std::string without_part_number(std::string_view query) {
    const auto at = find_part_number(query);
    if (at == std::string_view::npos) return std::string(query);
    const auto end = query.find('&', at);
    if (end != std::string_view::npos) return detail::concat({query.substr(0, at), query.substr(end + 1)});
    return std::string(query.substr(0, at == 0 ? 0 : at - 1));
  }

 private:
  enum class form : std::uint8_t {
    whole,
    between,     // bytes=2-5: `first_` to `last_`
    from,        // bytes=2-: from `first_`
    last_bytes,  // bytes=-5: the last `first_` bytes
    several,     // bytes=0-1,4-5
    part,        // partNumber=3: `first_` is the number
    unreadable,
  };

  void read_range(std::string_view s) {
    form_ = form::unreadable;
    if (const auto read = detail::range_text::parse(s)) {
      form_ = !read->first ? form::last_bytes : !read->last ? form::from : form::between;
      first_ = read->first ? *read->first : *read->last;
      last_ = read->last.value_or(0);
    } else if (detail::equal_ignoring_case(s.substr(0, detail::range_text::unit.size()), detail::range_text::unit) &&
               s.find(',') != std::string_view::npos) {
      form_ = form::several;
    }
  }
  static std::size_t find_part_number(std::string_view query) noexcept {
    constexpr std::string_view name = "partNumber=";
    for (std::size_t at = 0; (at = query.find(name, at)) != std::string_view::npos; ++at)
      if (at == 0 || query[at - 1] == '&') return at;
    return std::string_view::npos;
  }

  bool holds(const content_range& told) const noexcept {
    const auto& [first, last] = told.bytes;
    const bool to_end = !told.size || last == *told.size - 1;
    switch (form_) {
      case form::between: return first == first_ && (last == last_ || (last < last_ && told.size && to_end));
      case form::from: return first == first_ && to_end;
      case form::last_bytes: return to_end && told.length() == (std::min)(first_, told.size.value_or(first_));
      case form::unreadable: return false;  // S3 passes over such a Range and sends the whole object
      default: return true;  // which bytes a part has, and which of several ranges exist, only the server knows
    }
  }
  bool holds_if_whole(std::optional<std::uint64_t> length, const headers& fields) const {
    if (whole_is_fine_) return true;
    switch (form_) {
      case form::whole: return true;
      case form::from: return first_ == 0;
      case form::between: return first_ == 0 && length.value_or(0) <= most().value_or(unlimited);
      case form::last_bytes: return length.value_or(0) <= first_;
      case form::part: {
        const auto parts = fields.value_or_empty("x-amz-mp-parts-count");
        return first_ == 1 && (parts.empty() || parts == "1");
      }
      default: return false;
    }
  }

  static constexpr std::uint64_t unlimited = ~std::uint64_t{0};

  form form_{};
  bool whole_is_fine_{};
  std::uint64_t first_{}, last_{};
  std::string text_{};  // as it was asked for
};

}  // namespace s3store::inline S3STORE_ABI::wire
