// What is an evidence bundle, and how is it written? As the JSON text that Python's `json.dumps(bundle, indent=2)` makes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/evidence/canonical_json.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/evidence/python_json.hpp>

namespace s3store::inline S3STORE_ABI {

/// The evidence of one decision.
struct evidence_bundle {
  std::string decision_id{};
  json_text evidence_data{};
  timestamp created_at{};  ///< UTC; if left out (the epoch), storing sets the present time
  std::string evidence_type{"decision"};
  std::string version{"1.0"};
  std::string checksum{};  ///< SHA-256 of the canonical evidence_data, in hex; storing computes it
  json_text metadata{};    ///< a JSON object; its string members also become user metadata of the S3 object
};

namespace evidence {

/// Writes a time as Python's datetime.isoformat() does without a time zone: `2024-01-15T12:00:00`, followed by `.` and six digits
/// if the microseconds are not zero.
inline std::string python_isoformat(timestamp t) {
  t = s3store::detail::writable(t);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t);
  std::string out = format_iso8601(seconds);
  out.pop_back();  // the Z
  if (t == seconds) return out;
  out.push_back('.');
  s3store::detail::append_padded(out, (t - seconds).count(), 6);
  return out;
}

/// The bytes that are stored. Fails with invalid_argument if a string is not UTF-8, if a member has an oddity (python_json.hpp) or
/// nests too deep, or if created_at is not in the years 1 to 9999, which are all that Python and ISO 8601 have.
inline result<std::string> encode_bundle(const evidence_bundle& b) {
  for (const auto& [value, name] : {std::pair{&b.evidence_data, "evidence_data"}, {&b.metadata, "metadata"}})
    if (auto good = canonical_to_store(*value, name); !good) return result<std::string>::failed_as(std::move(good));
  std::string text;
  const auto member = [&](std::string_view name, std::string_view value) {
    text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
  };
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
  if (bad) return detail::fail(error_kind::invalid_argument, {bad, " is not UTF-8"});
  if (const auto year = s3store::detail::civil(b.created_at).year; year < 1 || year > 9999)
    return detail::fail(error_kind::invalid_argument, "created_at lies outside the years 1 to 9999");
  text.append("}");
  auto whole = python_loads(text);
  if (!whole) return detail::fail(error_kind::invalid_argument, std::move(whole.error().message));
  return python_dumps(whole->top, {.indent = 2});
}

/// A bundle that was read, but not verified.
struct decoded_bundle {
  evidence_bundle bundle{};
  std::vector<std::string> oddities{};  ///< what Python reads but JSON does not allow; see evidence/python_json.hpp
};

/// Reads the bytes of a bundle, in any JSON layout. Fails with malformed_response; the message says what is wrong.
inline result<decoded_bundle> decode_bundle(std::string_view bytes) {
  auto read = python_loads(bytes);
  if (!read) return detail::fail(error_kind::malformed_response, {"the bundle is no JSON text: ", read.error().message});
  const python_value& top = read->top;
  if (top.kind != json::token_kind::begin_object) return detail::fail(error_kind::malformed_response, "the bundle is no JSON object");

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
  if (!wrong.empty()) return detail::fail(error_kind::malformed_response, {"the bundle ", wrong});

  // These are parts of a text that was parsed, so parsing them cannot fail.
  b.evidence_data = json_text::parse(std::string(data->raw)).value();
  if (const auto* const m = top.find("metadata")) b.metadata = json_text::parse(std::string(m->raw)).value();
  out.oddities = std::move(read->oddities);
  return out;
}

/// Fails with integrity if the bundle has no checksum, or a wrong one. The Python module computes it before it writes the bundle,
/// from keys that may be numbers, so the checksum of either order is right.
inline result<void> verify_bundle(const evidence_bundle& b) {
  if (b.checksum.empty())
    return detail::fail(error_kind::integrity, "the bundle has no checksum, so nothing vouches for its evidence_data");
  const auto actual = canonical(b.evidence_data);
  if (!actual) return actual.error();
  const std::string sum = actual->checksum();
  if (detail::equal_ignoring_case(sum, b.checksum)) return {};
  if (detail::equal_ignoring_case(canonical(b.evidence_data, true)->checksum(), b.checksum)) return {};
  return detail::fail(error_kind::integrity,
              {"the bundle is not what was stored: its checksum is ", b.checksum, ", but its evidence_data has ", sum});
}

}  // namespace evidence
}  // namespace s3store::inline S3STORE_ABI
