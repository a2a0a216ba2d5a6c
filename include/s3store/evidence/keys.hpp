// Which keys do bundles and attachments have?
//
//   evidence/{type}/{YYYY}/{MM}/{decision_id}.json
//   attachments/{YYYY}/{MM}/{decision_id}/{name}
//
// The month is that of created_at in UTC. Names may have letters of any script, as UTF-8. What is stored here has no name that
// would change the meaning of the key (with a slash or a control character, or ".."). The Python module stores any name, and takes
// the month in which it stores. So whatever is read, listed or searched for may have slashes in its names. A bundle may also be
// stored under another key altogether.
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

/// What the key of a bundle contains. If it was stored under a key of another form, the parts are empty and the month is not ok().
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

inline error refused_name(std::string_view what, std::string_view why) {
  return detail::fail(error_kind::invalid_argument, {what, " ", why});
}

/// Can it be a name in a key that another program made? Any text can, but "." and ".." between slashes, which programs and servers
/// with folders take for other folders. `what` is the name's name in the message: "decision_id".
inline result<void> check_name_to_find(std::string_view what, std::string_view name) {
  if (name.empty()) return refused_name(what, "is empty");
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t size = detail::utf8_length(rest);
    if (size == 0) return refused_name(what, "is not UTF-8");
    rest.remove_prefix(size);
  }
  bool walks = false;
  detail::split(name, '/', [&walks](std::string_view folder) { walks = walks || folder == "." || folder == ".."; });
  if (walks) return refused_name(what, "holds the folder \".\" or \"..\", which is no name");
  return {};
}

/// Is it a name that may be stored?
inline result<void> check_name(std::string_view what, std::string_view name) {
  const auto refuse = [&](std::string_view why) { return refused_name(what, why); };
  if (auto text = check_name_to_find(what, name); !text) return text;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t size = detail::utf8_length(rest);
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

inline std::string joined_key(const bundle_place& at) {
  return std::string(bundle_folder) + at.evidence_type + "/" + month_folder(at.month) + at.decision_id + ".json";
}
inline result<std::string> within_limit(std::string key) {
  if (key.size() <= 1024) return key;
  return detail::fail(error_kind::invalid_argument, {"the key would have ", detail::decimal(key.size()), " bytes; S3 takes 1,024"});
}

}  // namespace detail

/// The key under which it is stored. Fails with invalid_argument if a part may not be in a key (the message names it), or if the
/// key would have more than 1,024 bytes.
inline result<std::string> key_of(const bundle_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id),
                              detail::check_name("evidence_type", at.evidence_type), detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit(detail::joined_key(at));
}
inline result<std::string> key_of(const attachment_place& at) {
  for (const auto& checked : {detail::check_name("decision_id", at.decision_id), detail::check_name("attachment_name", at.name),
                              detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit(std::string(attachment_folder) + detail::month_folder(at.month) + at.decision_id + "/" + at.name);
}
/// The same for a bundle to look for, which the Python module may have stored: its names may have slashes.
inline result<std::string> key_to_find(const bundle_place& at) {
  for (const auto& checked : {detail::check_name_to_find("decision_id", at.decision_id),
                              detail::check_name_to_find("evidence_type", at.evidence_type), detail::check_month(at.month)})
    if (!checked) return checked.error();
  return detail::within_limit(detail::joined_key(at));
}

/// Type and month of a folder that holds bundles, `evidence/{type}/{YYYY}/{MM}/`; the decision_id is empty. Empty if it is no such
/// folder. Of the ways to read "a/2023/01/b/2024/02/", the type is the longest.
inline std::optional<bundle_place> parse_bundle_folder(std::string_view folder) {
  constexpr std::size_t month_size = std::string_view{"2024/01/"}.size();
  if (!folder.starts_with(bundle_folder)) return std::nullopt;
  folder.remove_prefix(bundle_folder.size());
  if (folder.size() < month_size + 2 || folder[folder.size() - month_size - 1] != '/') return std::nullopt;
  std::string_view end = folder.substr(folder.size() - month_size);
  folder.remove_suffix(month_size + 1);
  const auto month = detail::take_month(end);
  if (!month || !detail::check_name_to_find("evidence_type", folder)) return std::nullopt;
  return bundle_place{.month = *month, .evidence_type = std::string(folder)};
}

/// The parts of a key; empty if it is no bundle's key (below: no attachment's key). A type or an id with slashes may be read in
/// several ways; the type is the shortest (below: the id is).
inline std::optional<bundle_place> parse_bundle_key(std::string_view key) {
  constexpr std::string_view ending = ".json";
  if (!key.starts_with(bundle_folder) || !key.ends_with(ending)) return std::nullopt;
  for (auto slash = key.find('/', bundle_folder.size()); slash != std::string_view::npos; slash = key.find('/', slash + 1)) {
    std::string_view rest = key.substr(slash + 1);
    if (!detail::take_month(rest)) continue;
    auto out = parse_bundle_folder(key.substr(0, key.size() - rest.size()));
    if (!out) continue;
    if (rest.size() < ending.size()) return std::nullopt;
    out->decision_id = rest.substr(0, rest.size() - ending.size());
    return key_to_find(*out) ? std::move(out) : std::nullopt;
  }
  return std::nullopt;
}
inline std::optional<attachment_place> parse_attachment_key(std::string_view key) {
  if (!key.starts_with(attachment_folder)) return std::nullopt;
  key.remove_prefix(attachment_folder.size());
  const auto month = detail::take_month(key);
  const auto slash = key.find('/');
  if (!month || slash == std::string_view::npos) return std::nullopt;
  attachment_place out{std::string(key.substr(0, slash)), *month, std::string(key.substr(slash + 1))};
  if (!detail::check_name_to_find("", out.decision_id) || !detail::check_name_to_find("", out.name)) return std::nullopt;
  return out;
}

/// Can the bundle of this decision have this key? Its own keys can, and all that do not have the form of a bundle's key.
inline bool may_have_key(const std::string& decision_id, std::string_view key) {
  if (!parse_bundle_key(key)) return true;
  const std::string end = decision_id + ".json";
  return key.ends_with(end) && parse_bundle_folder(key.substr(0, key.size() - end.size()));
}

}  // namespace s3store::inline S3STORE_ABI::evidence
