// In which order are the files looked through? The definitions for profiles.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/config/profiles.hpp>

namespace s3store::inline S3STORE_ABI::config {

namespace detail {
using namespace s3store::detail;

/// An empty document if there is no path or no file.
inline result<ini_document> read_ini(const std::string& path) {
  if (path.empty()) return ini_document{};
  auto text = read_file_if_present(path);
  if (!text) return result<ini_document>::failed_as(std::move(text));
  if (!*text) return ini_document{};
  auto parsed = parse_ini(**text);
  detail::wipe(**text);
  if (!parsed) parsed.error().message = detail::concat({"cannot read ", path, ": ", parsed.error().message});
  return parsed;
}

struct found_property {
  const ini_section* in{};
  const ini_section::property* property{};
};
/// The first section that has the key decides. One that has it with nested properties has all of them: those of the next are not added.
inline found_property first_of(const ini_section* first, const ini_section* second, std::string_view key, std::string_view nested) noexcept {
  for (const ini_section* const section : {first, second}) {
    const auto* const whole = section ? section->find(key) : nullptr;
    if (!whole || (whole->value.reveal().empty() && whole->nested.empty())) continue;
    const auto* const wanted = nested.empty() ? whole : section->find(key, nested);
    if (wanted && !wanted->value.reveal().empty()) return {section, wanted};
    break;
  }
  return {};
}
}  // namespace detail

S3STORE_INLINE result<profiles> profiles::load(const environment& from) {
  profiles out;
  out.credentials_path_ = shared_credentials_path(from).value_or(std::string{});
  out.config_path_ = shared_config_path(from).value_or(std::string{});
  auto credentials = detail::read_ini(out.credentials_path_), config = detail::read_ini(out.config_path_);
  if (!credentials) return result<profiles>::failed_as(std::move(credentials));
  if (!config) return result<profiles>::failed_as(std::move(config));
  out.credentials_ = std::move(*credentials);
  out.config_ = std::move(*config);
  return out;
}

S3STORE_INLINE profiles::profile profiles::find(std::string_view name) const {
  profile out;
  out.of_ = this;
  out.name_ = name;
  out.kind_ = "profile";
  out.in_credentials_ = credentials_.find(name);
  out.in_config_ = config_.profile(name);
  return out;
}

S3STORE_INLINE profiles::profile profiles::of_kind(std::string_view kind, std::string_view name) const {
  profile out;
  out.of_ = this;
  out.name_ = name;
  out.kind_ = kind;
  out.in_config_ = config_.find(kind, name);
  return out;
}

S3STORE_INLINE std::string_view profiles::profile::get(std::string_view key, std::string_view nested) const noexcept {
  const auto found = detail::first_of(in_credentials_, in_config_, key, nested);
  return found.property ? found.property->value.reveal() : std::string_view{};
}

S3STORE_INLINE found_value profiles::profile::find(std::string_view key, std::string_view nested) const {
  const auto found = detail::first_of(in_credentials_, in_config_, key, nested);
  if (!found.property) return {};
  return {.value = found.property->value.reveal(),
          .place = detail::concat({key, nested.empty() ? "" : " ", nested, " in line ", detail::decimal(found.property->line), " of ",
                                   found.in == in_config_ ? of_->config_path_ : of_->credentials_path_})};
}

S3STORE_INLINE std::string profiles::profile::place() const {
  std::string out = detail::concat({"the ", kind_, " \"", name_, "\""});
  if (in_credentials_) out.append(" in ").append(of_->credentials_path_);
  if (in_config_) out.append(in_credentials_ ? " and " : " in ").append(of_->config_path_);
  return out;
}

S3STORE_INLINE std::string profiles::looked_at() const {
  return detail::concat({credentials_path_, credentials_path_.empty() || config_path_.empty() ? "" : " or ", config_path_});
}

S3STORE_INLINE profile_choice profile_in_use(std::string_view chosen, const environment& from) {
  if (!chosen.empty()) return {std::string(chosen), true};
  if (auto named = chosen_profile(from)) return {std::move(*named), true};
  return {"default", false};
}

}  // namespace s3store::inline S3STORE_ABI::config
