// Which bucket configurations does S3 refuse? Those that break rules about counts, ranges, exclusive members, and what must exist.
#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/website.hpp>
#include <s3store/transports/embedded/acl.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline bool is_one_of(std::string_view s, std::initializer_list<std::string_view> these) noexcept {
  return std::find(these.begin(), these.end(), s) != these.end();
}
/// The number of members that are set.
template <class... T>
constexpr int count_present(const T&... members) noexcept { return (0 + ... + (wire::present(members) ? 1 : 0)); }
/// True if the text has more than one "*".
inline bool has_wildcards(std::string_view s) noexcept { return std::count(s.begin(), s.end(), '*') > 1; }

// --- encryption, logging, payment, acceleration ----------------------------------------------------------------------------------

inline result<void> check_configuration(const put_bucket_encryption_request& r, const bucket&, auto&) {
  const auto& rules = r.server_side_encryption_configuration.rules;
  if (rules.size() != 1) return malformed("a default encryption is one Rule");
  const auto& by_default = rules[0].apply_server_side_encryption_by_default;
  if (!by_default) return {};
  if (!is_one_of(by_default->sse_algorithm.str(), {"AES256", "aws:kms", "aws:kms:dsse"}))
    return malformed("SSEAlgorithm must be AES256, aws:kms or aws:kms:dsse");
  if (!by_default->kms_master_key_id.empty() && by_default->sse_algorithm == types::server_side_encryption::aes256)
    return invalid("a KMSMasterKeyID needs the algorithm aws:kms or aws:kms:dsse");
  return {};
}

inline result<void> check_configuration(const put_bucket_logging_request& r, const bucket&, auto& c) {
  const auto& to = r.bucket_logging_status.logging_enabled;
  if (to && !c.kept.find(to->target_bucket))
    return refusal("InvalidTargetBucketForLogging", 400, "the bucket that is to take the logs does not exist");
  if (!to) return {};
  for (const types::target_grant& g : to->target_grants) {
    if (!is_one_of(g.permission.str(), {"READ", "WRITE", "FULL_CONTROL"})) return malformed("Permission must be READ, WRITE or FULL_CONTROL");
    if (auto known = check_grantee(g.grantee, c); !known) return known;
  }
  return {};
}

inline result<void> check_configuration(const put_bucket_request_payment_request& r, const bucket&, auto&) {
  if (!is_one_of(r.request_payment_configuration.payer.str(), {"BucketOwner", "Requester"}))
    return malformed("Payer must be BucketOwner or Requester");
  return {};
}

inline result<void> check_configuration(const put_bucket_accelerate_configuration_request& r, const bucket& in, auto&) {
  const auto& status = r.accelerate_configuration.status;
  if (!is_one_of(status.str(), {"Enabled", "Suspended"})) return malformed("Status must be Enabled or Suspended");
  if (in.name.find('.') != std::string::npos) return bad_request("a bucket with dots in its name cannot be accelerated");
  return {};
}

// --- lifecycle -------------------------------------------------------------------------------------------------------------------

/// Checks when a rule acts: after a number of days, or on a date at midnight.
inline result<void> check_when(const std::optional<std::int32_t>& days, const std::optional<timestamp>& date, std::int32_t least) {
  if (days && *days < least) return invalid(detail::concat({"a rule's number of days must be at least ", detail::decimal(least)}));
  if (date && std::chrono::floor<std::chrono::days>(*date) != *date) return invalid("a rule's Date must be at midnight GMT");
  return {};
}
inline result<void> check_storage(const types::transition_storage_class& to) {
  if (!is_one_of(to.str(), {"GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"}))
    return malformed("a transition has a StorageClass to which objects can move");
  return {};
}

inline result<void> check_rule(const types::lifecycle_rule& r) {
  if (!is_one_of(r.status.str(), {"Enabled", "Disabled"})) return malformed("a rule's Status must be Enabled or Disabled");
  if (r.id.size() > 255) return invalid("a rule's ID has at most 255 characters");
  if (r.filter.has_value() == r.prefix.has_value()) return malformed("a rule has either a Filter or a Prefix");
  if (const auto& f = r.filter;
      f && count_present(f->prefix, f->tag, f->object_size_greater_than, f->object_size_less_than, f->and_) > 1)
    return malformed("a Filter has one condition, or several within And");
  const bool by_tag = r.filter && (r.filter->tag || (r.filter->and_ && !r.filter->and_->tags.empty()));

  if (r.transitions.empty() && r.noncurrent_version_transitions.empty() &&
      count_present(r.expiration, r.noncurrent_version_expiration, r.abort_incomplete_multipart_upload) == 0)
    return bad_request("a rule needs an action");
  if (const auto& e = r.expiration) {
    if (count_present(e->date, e->days, e->expired_object_delete_marker) != 1)
      return malformed("an Expiration has one of Date, Days and ExpiredObjectDeleteMarker");
    if (auto when = check_when(e->days, e->date, 1); !when) return when;
    if (e->expired_object_delete_marker && by_tag) return bad_request("ExpiredObjectDeleteMarker cannot go by tags");
  }
  for (const types::transition& t : r.transitions) {
    if (count_present(t.date, t.days) != 1) return malformed("a Transition has either Date or Days");
    if (auto when = check_when(t.days, t.date, 0); !when) return when;
    if (auto storage = check_storage(t.storage_class); !storage) return storage;
  }
  for (const types::noncurrent_version_transition& t : r.noncurrent_version_transitions) {
    if (!t.noncurrent_days) return malformed("a NoncurrentVersionTransition has NoncurrentDays");
    if (auto when = check_when(t.noncurrent_days, {}, 0); !when) return when;
    if (auto storage = check_storage(t.storage_class); !storage) return storage;
  }
  if (const auto& e = r.noncurrent_version_expiration) {
    if (!e->noncurrent_days) return malformed("a NoncurrentVersionExpiration has NoncurrentDays");
    if (auto when = check_when(e->noncurrent_days, {}, 1); !when) return when;
  }
  if (const auto& a = r.abort_incomplete_multipart_upload) {
    if (!a->days_after_initiation) return malformed("an AbortIncompleteMultipartUpload has DaysAfterInitiation");
    if (auto when = check_when(a->days_after_initiation, {}, 1); !when) return when;
    if (by_tag) return bad_request("AbortIncompleteMultipartUpload cannot go by tags");
  }
  return {};
}

inline result<void> check_configuration(const put_bucket_lifecycle_configuration_request& r, const bucket&, auto&) {
  if (!r.lifecycle_configuration || r.lifecycle_configuration->rules.empty() || r.lifecycle_configuration->rules.size() > 1000)
    return malformed("a lifecycle configuration has from 1 to 1000 rules");
  if (const auto& size = r.transition_default_minimum_object_size;
      !size.empty() && !is_one_of(size.str(), {"varies_by_storage_class", "all_storage_classes_128K"}))
    return bad_request("x-amz-transition-default-minimum-object-size must be varies_by_storage_class or all_storage_classes_128K");
  const auto& rules = r.lifecycle_configuration->rules;
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    if (auto checked = check_rule(*rule); !checked) return checked;
    if (!rule->id.empty() && std::any_of(rules.begin(), rule, [&](const types::lifecycle_rule& other) { return other.id == rule->id; }))
      return invalid("a rule's ID must not be there twice");
  }
  return {};
}

/// A rule without an ID is given one. https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html, "ID element"
inline put_bucket_lifecycle_configuration_request as_kept(put_bucket_lifecycle_configuration_request r, auto& c) {
  std::size_t i = 0;
  for (types::lifecycle_rule& rule : r.lifecycle_configuration->rules) {
    const std::string seed = detail::concat({format_iso8601(c.now), "/", detail::decimal(++i)});
    if (rule.id.empty()) rule.id = crypto::sha256_hex(detail::as_bytes(seed)).substr(0, 48);
  }
  return r;
}

// --- browsers --------------------------------------------------------------------------------------------------------------------

inline result<void> check_configuration(const put_bucket_cors_request& r, const bucket&, auto&) {
  const auto& rules = r.cors_configuration.cors_rules;
  if (rules.empty()) return malformed("a CORS configuration has at least one rule");
  if (rules.size() > 100) return bad_request("a CORS configuration has at most 100 rules");
  for (const types::cors_rule& rule : rules) {
    if (rule.allowed_methods.empty() || rule.allowed_origins.empty())
      return malformed("a CORS rule has at least one AllowedMethod and one AllowedOrigin");
    if (rule.id.size() > 255) return invalid("a rule's ID has at most 255 characters");
    for (const std::string& verb : rule.allowed_methods)
      if (!is_one_of(verb, {"GET", "PUT", "HEAD", "POST", "DELETE"}))
        return bad_request("an AllowedMethod must be GET, PUT, HEAD, POST or DELETE");
    if (std::any_of(rule.allowed_origins.begin(), rule.allowed_origins.end(), has_wildcards) ||
        std::any_of(rule.allowed_headers.begin(), rule.allowed_headers.end(), has_wildcards))
      return bad_request("an AllowedOrigin or AllowedHeader has at most one wildcard");
    for (const std::string& name : rule.expose_headers)
      if (name.find('*') != std::string::npos) return bad_request("an ExposeHeader has no wildcard");
  }
  return {};
}

inline result<void> check_configuration(const put_bucket_website_request& r, const bucket&, auto&) {
  const types::website_configuration& site = r.website_configuration;
  const auto is_protocol = [](const types::protocol& p) { return p.empty() || is_one_of(p.str(), {"http", "https"}); };
  if (site.redirect_all_requests_to) {
    if (count_present(site.index_document, site.error_document) != 0 || !site.routing_rules.empty())
      return bad_request("RedirectAllRequestsTo leaves nothing for other members to say");
    if (!is_protocol(site.redirect_all_requests_to->protocol)) return bad_request("Protocol must be http or https");
    return {};
  }
  if (!site.index_document) return invalid("a website needs an IndexDocument, unless all of its requests are redirected");
  const std::string& suffix = site.index_document->suffix;
  if (suffix.empty() || suffix.find('/') != std::string::npos)
    return invalid("the Suffix of the IndexDocument must not be empty, and has no slash");
  if (site.error_document && site.error_document->key.empty()) return invalid("the Key of the ErrorDocument must not be empty");
  if (site.routing_rules.size() > 50) return bad_request("a website has at most 50 routing rules");
  for (const types::routing_rule& rule : site.routing_rules) {
    const types::redirect& to = rule.redirect;
    if (count_present(to.host_name, to.http_redirect_code, to.protocol, to.replace_key_prefix_with, to.replace_key_with) == 0)
      return malformed("a Redirect must say something");
    if (to.replace_key_prefix_with && to.replace_key_with)
      return bad_request("a Redirect has either ReplaceKeyPrefixWith or ReplaceKeyWith");
    if (!is_protocol(to.protocol)) return bad_request("Protocol must be http or https");
    const std::string code = to.http_redirect_code.empty() ? "301" : to.http_redirect_code;
    if (code.size() != 3 || code[0] != '3' || code == "300") return bad_request("HttpRedirectCode must be 3XX, and not 300");
  }
  return {};
}

// --- notifications ---------------------------------------------------------------------------------------------------------------

template <class Configurations>
result<void> check_notifications(const Configurations& all, auto&& arn_of, std::string_view service) {
  for (const auto& one : all) {
    const std::string_view arn = arn_of(one);
    if (!arn.starts_with("arn:") || arn.find(service) == std::string_view::npos) return invalid("the ARN is not well formed");
    if (one.events.empty()) return malformed("a notification names at least one Event");
    for (const types::event& e : one.events)
      if (!std::string_view{e.str()}.starts_with("s3:")) return invalid("the event is not supported for notifications");
    if (!one.filter || !one.filter->key) continue;
    for (const types::filter_rule& f : one.filter->key->filter_rules)
      if (!is_one_of(detail::lower_case(f.name.str()), {"prefix", "suffix"}))
        return invalid("filter rule name must be either prefix or suffix");
  }
  return {};
}

inline result<void> check_configuration(const put_bucket_notification_configuration_request& r, const bucket&, auto&) {
  const types::notification_configuration& n = r.notification_configuration;
  auto topics = check_notifications(n.topic_configurations, [](const auto& t) { return std::string_view{t.topic_arn}; }, ":sns:");
  if (!topics) return topics;
  auto queues = check_notifications(n.queue_configurations, [](const auto& q) { return std::string_view{q.queue_arn}; }, ":sqs:");
  if (!queues) return queues;
  return check_notifications(
      n.lambda_function_configurations, [](const auto& f) { return std::string_view{f.lambda_function_arn}; }, ":lambda:");
}

}  // namespace s3store::inline S3STORE_ABI::embedded
