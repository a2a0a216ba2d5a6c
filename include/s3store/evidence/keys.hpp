// Which keys do bundles and attachments have?
//
//   evidence/{type}/{YYYY}/{MM}/{decision_id}.json
//   attachments/{YYYY}/{MM}/{decision_id}/{name}
//
// The month is that of created_at in UTC. Names may have letters of any script, as UTF-8. Names that would change the meaning of
// the key (with a slash or a control character, or "..") are refused.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/core/utf8.hpp>

namespace s3store::inline S3STORE_ABI::evidence {

using std::chrono::year_month;

inline constexpr std::string_view bundle_folder = "evidence/", attachment_folder = "attachments/";

/// A year that std::chrono::year cannot hold becomes its nearest, which no key takes.
inline year_month month_of(timestamp t) noexcept {
  using std::chrono::year;
  const auto date = s3store::detail::civil(t);
  return {year{std::clamp(date.year, int{(year::min)()}, int{(year::max)()})}, std::chrono::month{static_cast<unsigned>(date.month)}};
}

/// What the key of a bundle contains.
struct bundle_place {
  std::string decision_id{};
  year_month month{};
  std::string evidence_type{"decision"};
};
/// What the key of an attachment contains.
struct attachment_place {
  std::string decision_id{};
  year_month month{};
  std::string name{};
};

namespace detail {
using namespace s3store::detail;

/// `what` is the name's name in the message: "decision_id".
inline result<void> check_name(std::string_view what, std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return detail::fail(error_kind::invalid_argument, std::string(what).append(" ").append(why));
  };
  if (name.empty()) return refuse("is empty");
  if (name == "." || name == "..") return refuse(detail::concat({"is \"", name, "\", which is no name"}));
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t size = detail::utf8_length(rest);
    if (size == 0) return refuse("is not UTF-8");
    if (rest.front() == '/') return refuse("holds a '/', which would put it in another folder");
    const auto lead = static_cast<unsigned char>(rest[0]);
    if (lead < 0x20 || lead == 0x7f || (lead == 0xc2 && static_cast<unsigned char>(rest[1]) < 0xa0))
      return refuse("holds a control character");
    if (rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf"))
      return refuse("holds U+FFFE or U+FFFF, which S3's XML cannot carry");
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
  return detail::fail(error_kind::invalid_argument, "the month lies outside the years 1 to 9999");
}

inline std::optional<year_month> take_month(std::string_view& s) noexcept {
  using namespace s3store::detail;
  int year = 0, month = 0;
  if (!take_digits(s, 4, year) || !take(s, '/') || !take_digits(s, 2, month) || !take(s, '/')) return std::nullopt;
  const year_month out{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)}};
  return out.ok() ? std::optional{out} : std::nullopt;
}

inline result<std::string> within_limit(std::string key) {
  if (key.size() <= 1024) return key;
  return detail::fail(error_kind::invalid_argument, {"the key would have ", detail::decimal(key.size()), " bytes; S3 takes 1,024"});
}

}  // namespace detail

/// Fails with invalid_argument if a part cannot be in a key (the message names it), or if the key would have more than 1,024 bytes.
inline result<std::string> key_of(const bundle_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id),
                              detail::check_name("evidence_type", at.evidence_type), detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit(std::string(bundle_folder) + at.evidence_type + "/" + detail::month_folder(at.month) + at.decision_id + ".json");
}
inline result<std::string> key_of(const attachment_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id), detail::check_name("attachment_name", at.name),
                              detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit(std::string(attachment_folder) + detail::month_folder(at.month) + at.decision_id + "/" + at.name);
}

/// The parts of a key; empty if it is no bundle's key (below: no attachment's key).
inline std::optional<bundle_place> parse_bundle_key(std::string_view key) {
  constexpr std::string_view ending = ".json";
  if (!key.starts_with(bundle_folder) || !key.ends_with(ending)) return std::nullopt;
  key.remove_prefix(bundle_folder.size());
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
  if (!key.starts_with(attachment_folder)) return std::nullopt;
  key.remove_prefix(attachment_folder.size());
  const auto month = detail::take_month(key);
  const auto slash = key.find('/');
  if (!month || slash == std::string_view::npos) return std::nullopt;
  attachment_place out{std::string(key.substr(0, slash)), *month, std::string(key.substr(slash + 1))};
  return key_of(out) ? std::optional{std::move(out)} : std::nullopt;
}

}  // namespace s3store::inline S3STORE_ABI::evidence
