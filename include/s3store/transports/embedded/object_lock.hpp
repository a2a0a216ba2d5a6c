// Which changes does object lock forbid, and until when? The checks here follow the rules of S3.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/object_lock.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline constexpr std::string_view lock_mode_field = "x-amz-object-lock-mode";
inline constexpr std::string_view lock_until_field = "x-amz-object-lock-retain-until-date";
inline constexpr std::string_view legal_hold_field = "x-amz-object-lock-legal-hold";

inline bool is_lock_mode(std::string_view s) noexcept { return s == "GOVERNANCE" || s == "COMPLIANCE"; }

inline result<void> check_has_lock(const bucket& in) {
  if (!in.has_object_lock()) return bad_request("Bucket is missing Object Lock Configuration");
  return {};
}

// --- of a bucket -----------------------------------------------------------------------------------------------------------------

inline result<void> check_configuration(const put_object_lock_configuration_request& r, const bucket& in, auto&) {
  const auto& wanted = r.object_lock_configuration;
  if (!wanted || wanted->object_lock_enabled != types::object_lock_enabled::enabled)
    return malformed("ObjectLockEnabled must be Enabled");
  if (wanted->rule) {
    const auto& rule = wanted->rule->default_retention;
    if (rule && rule->default_event_hold) return not_done("event holds");
    if (!rule || !is_lock_mode(rule->mode.str()) || rule->days.has_value() == rule->years.has_value())
      return malformed("a default retention has a Mode, GOVERNANCE or COMPLIANCE, and either Days or Years");
    if (rule->days.value_or(1) < 1 || rule->years.value_or(1) < 1)
      return invalid("the default retention period must be a positive number");
    if (rule->days.value_or(1) > 36'500 || rule->years.value_or(1) > 100)
      return invalid("the default retention period is longer than 100 years");
  }
  if (in.versioning != "Enabled") return refusal("InvalidBucketState", 409, "object lock needs a bucket that keeps versions");
  return {};
}

// --- of an upload ----------------------------------------------------------------------------------------------------------------

/// Checks the object lock headers of an upload, and adds the bucket's default retention if the upload has none.
inline result<void> lock_upload(headers& fields, const bucket& in, timestamp now) {
  const auto mode = fields.get(lock_mode_field), until = fields.get(lock_until_field), hold = fields.get(legal_hold_field);
  for (const auto [name, value] : fields)
    if (detail::lower_case(name).starts_with("x-amz-object-lock-event-hold")) return not_done("event holds");
  if (mode || until || hold)
    if (auto locks = check_has_lock(in); !locks) return locks;
  if (mode.has_value() != until.has_value()) return invalid("a retention period has both a mode and a date");
  if (mode && !is_lock_mode(*mode)) return invalid("x-amz-object-lock-mode must be GOVERNANCE or COMPLIANCE");
  if (hold && *hold != "ON" && *hold != "OFF") return invalid("x-amz-object-lock-legal-hold must be ON or OFF");
  if (until) {
    const auto at = parse_timestamp(*until);
    if (!at) return invalid("x-amz-object-lock-retain-until-date must be an ISO 8601 date");
    if (*at <= now) return invalid("x-amz-object-lock-retain-until-date must be in the future");
    return {};
  }
  auto set = configured<types::object_lock_configuration>(in, "object-lock");
  if (!set) return std::move(set.error());
  if (!set->rule || !set->rule->default_retention) return {};
  const types::default_retention& rule = *set->rule->default_retention;
  const std::chrono::days period{std::int64_t{rule.days.value_or(0)} + 365 * std::int64_t{rule.years.value_or(0)}};  // for S3 a year has 365 days
  fields.add(lock_mode_field, rule.mode.str());
  fields.add(lock_until_field, format_iso8601(detail::saturating_add(now, period)));
  return {};
}

// --- of a version ----------------------------------------------------------------------------------------------------------------

/// The retention of a version, even if it has expired; without a mode if it has none.
inline types::object_lock_retention retention_of(const version& v) {
  types::object_lock_retention out;
  out.retain_until_date = parse_timestamp(v.fields.value_or_empty(lock_until_field));
  if (out.retain_until_date) out.mode = types::object_lock_retention_mode{v.fields.value_or_empty(lock_mode_field)};
  return out;
}

inline error is_locked() { return refusal("AccessDenied", 403, "Access Denied because object protected by object lock."); }

/// Fails if the version may not be deleted, because of a retention period or a legal hold. A bypass overrides governance mode.
inline result<void> check_unlocked(const version& v, bool bypass, timestamp now) {
  const auto kept = retention_of(v);
  const bool retained = !kept.mode.empty() && *kept.retain_until_date > now &&
                        !(bypass && kept.mode == types::object_lock_retention_mode::governance);
  if (retained || v.fields.value_or_empty(legal_hold_field) == "ON") return is_locked();
  return {};
}

/// Fails if the version's retention may not be changed to `wanted`. A running retention can always be prolonged. Other changes are
/// forbidden in compliance mode, and need a bypass in governance mode.
inline result<void> check_retention(const version& v, const types::object_lock_retention& wanted, bool bypass, timestamp now) {
  if (!wanted.event_hold.empty() || wanted.event_hold_duration) return not_done("event holds");
  if (wanted.mode.empty() == wanted.retain_until_date.has_value() || (!wanted.mode.empty() && !is_lock_mode(wanted.mode.str())))
    return malformed("a retention has a Mode, GOVERNANCE or COMPLIANCE, and a RetainUntilDate, or neither");
  if (!wanted.mode.empty() && *wanted.retain_until_date <= now) return invalid("RetainUntilDate must be in the future");
  const auto kept = retention_of(v);
  if (kept.mode.empty() || *kept.retain_until_date <= now) return {};
  const bool prolonged = wanted.mode == kept.mode && *wanted.retain_until_date >= *kept.retain_until_date;
  if (!prolonged && !(bypass && kept.mode == types::object_lock_retention_mode::governance)) return is_locked();
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
