// What can be wrong with stored evidence? The kinds of findings are here, as structs and as lines of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/core/utf8.hpp>
#include <s3store/json/string.hpp>

namespace s3store::inline S3STORE_ABI {

enum class finding_kind : std::uint8_t {
  altered,             ///< its bytes do not match its checksum, its metadata or its key
  unreadable,          ///< the server does not return it, or it is no bundle: cut off, no JSON, a member missing
  shadowed,            ///< it is not the current version: a newer one or a delete marker covers it
  short_of_retention,  ///< its lock is missing, or weaker or shorter than required
  odd,                 ///< it has what Python reads but JSON does not allow: NaN, repeated keys, lone surrogates
};

constexpr std::string_view to_string(finding_kind k) noexcept {
  switch (k) {
    case finding_kind::altered: return "altered";
    case finding_kind::unreadable: return "unreadable";
    case finding_kind::shadowed: return "shadowed";
    case finding_kind::short_of_retention: return "short_of_retention";
    case finding_kind::odd: return "odd";
  }
  return "unknown";
}

/// One finding about one version of an object. A version may have several.
struct evidence_finding {
  finding_kind kind{};
  std::string key{};
  std::string version_id{};   ///< empty if the bucket was listed without versions
  std::string decision_id{};  ///< from the key; empty if it is not a bundle's key
  timestamp last_modified{};
  std::string detail{};       ///< the finding as an English sentence, without control characters
  std::string shadowed_by{};  ///< if shadowed: the id of the current version or delete marker
};

/// Counts of what was examined. A version with several kinds of findings counts in each.
struct evidence_summary {
  std::uint64_t bundles{};  ///< versions of bundles that were examined
  std::uint64_t intact{};   ///< bundles that are neither altered nor unreadable
  std::uint64_t altered{};
  std::uint64_t unreadable{};
  std::uint64_t shadowed{};
  std::uint64_t short_of_retention{};
  std::uint64_t odd{};
  std::uint64_t delete_markers{};
  std::uint64_t others{};  ///< objects that are no bundles by their keys; they were not read

  std::uint64_t& of(finding_kind k) noexcept {
    switch (k) {
      case finding_kind::altered: return altered;
      case finding_kind::unreadable: return unreadable;
      case finding_kind::shadowed: return shadowed;
      case finding_kind::short_of_retention: return short_of_retention;
      default: return odd;
    }
  }
  /// True if nothing was found but `odd`.
  bool clean() const noexcept { return altered == 0 && unreadable == 0 && shadowed == 0 && short_of_retention == 0; }
};

namespace evidence {

/// Builds a JSON object in one line, member by member.
class json_line {
 public:
  json_line& text(std::string_view name, std::string_view value) {
    open(name);
    std::string utf8;  // keys may have any bytes; those that are not UTF-8 are written as U+FFFD
    while (!value.empty()) {
      const std::size_t size = detail::utf8_length(value);
      utf8.append(size != 0 ? value.substr(0, size) : std::string_view{"\xef\xbf\xbd"});
      value.remove_prefix(size != 0 ? size : 1);
    }
    json::append_ascii_string(out_, utf8);
    return *this;
  }
  json_line& number(std::string_view name, std::uint64_t value) {
    open(name);
    detail::append_integer(out_, value);
    return *this;
  }
  std::string line() const { return out_ + "}"; }

 private:
  void open(std::string_view name) { out_.append(out_.empty() ? "{\"" : ", \"").append(name).append("\": "); }
  std::string out_{};
};

}  // namespace evidence

/// One line of JSON without a newline. All members are always present.
inline std::string to_json_line(const evidence_finding& f) {
  return evidence::json_line{}
      .text("finding", to_string(f.kind))
      .text("key", f.key)
      .text("version_id", f.version_id)
      .text("decision_id", f.decision_id)
      .text("last_modified", format_iso8601(f.last_modified))
      .text("detail", f.detail)
      .text("shadowed_by", f.shadowed_by)
      .line();
}
inline std::string to_json_line(const evidence_summary& s) {
  return evidence::json_line{}
      .number("bundles", s.bundles)
      .number("intact", s.intact)
      .number("altered", s.altered)
      .number("unreadable", s.unreadable)
      .number("shadowed", s.shadowed)
      .number("short_of_retention", s.short_of_retention)
      .number("odd", s.odd)
      .number("delete_markers", s.delete_markers)
      .number("others", s.others)
      .line();
}

}  // namespace s3store::inline S3STORE_ABI
