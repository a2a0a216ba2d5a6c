// When does an object expire, and by which rule of its bucket's lifecycle? Nothing is deleted; answers only tell it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/lifecycle.hpp>
#include <s3store/transports/embedded/configurations.hpp>
#include <s3store/transports/embedded/tagging.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// True if a rule with this filter, or within it this `And`, is about the object: both have these conditions.
template <class Conditions>
bool is_about(const Conditions& only, std::string_view key, const version& v) {
  const auto size = static_cast<std::int64_t>(v.bytes.size());
  return key.starts_with(only.prefix.value_or("")) && size > only.object_size_greater_than.value_or(-1) &&
         (!only.object_size_less_than || size < *only.object_size_less_than);
}

inline bool is_about(const types::lifecycle_rule& rule, std::string_view key, const version& v) {
  if (rule.prefix) return key.starts_with(*rule.prefix);
  if (!rule.filter) return true;
  const types::lifecycle_rule_filter& only = *rule.filter;
  std::vector<types::tag> wanted;
  if (only.tag) wanted.push_back(*only.tag);
  if (only.and_) wanted.insert(wanted.end(), only.and_->tags.begin(), only.and_->tags.end());
  if (!wanted.empty()) {
    const auto has = parse_tagging(v.tagging);
    const auto is_there = [&has](const types::tag& t) {
      return has && std::any_of(has->begin(), has->end(), [&t](const types::tag& one) { return one.key == t.key && one.value == t.value; });
    };
    if (!std::all_of(wanted.begin(), wanted.end(), is_there)) return false;
  }
  return is_about<types::lifecycle_rule_filter>(only, key, v) &&
         (!only.and_ || is_about<types::lifecycle_rule_and_operator>(*only.and_, key, v));
}

/// The value of x-amz-expiration; empty if no rule is about the object, or if it is not the current version of its key. Of several rules
/// the one counts by which it expires first. A number of days is counted from the object's creation, and ends at the next midnight (UTC).
inline std::string expiration_of(std::string_view key, const version& v, const bucket& in) {
  const auto at = in.objects.find(key);
  if (v.delete_marker || at == in.objects.end() || &at->second.front() != &v || !in.configuration("lifecycle")) return {};
  const auto set = configured<types::bucket_lifecycle_configuration>(in, "lifecycle");
  if (!set) return {};
  std::optional<timestamp> first;
  std::string out;
  for (const types::lifecycle_rule& rule : set->rules) {
    const auto& ends = rule.expiration;
    if (rule.status != types::expiration_status::enabled || !ends || (!ends->days && !ends->date) || !is_about(rule, key, v)) continue;
    using std::chrono::days;
    const timestamp when =
        ends->date ? *ends->date
                   : timestamp{std::chrono::floor<days>(detail::saturating_add(v.last_modified, days{std::int64_t{*ends->days} + 1}))};
    if (first && *first <= when) continue;
    first = when;
    out = detail::concat({"expiry-date=\"", format_http_date(when), "\", rule-id=\"", detail::uri_encode(rule.id, detail::uri_part::query), "\""});
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
