// What can be changed about an existing object? Its tags, its access control list, its retention and its legal hold.
#pragma once

#include <string>
#include <utility>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/transports/embedded/objects.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct found_version {
  bucket* in{};
  const version* what{};

  /// The version id in the answer.
  std::string told_id() const { return in->has_versions() ? what->id : std::string{}; }
};

template <class Request>
result<found_version> find_version(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.key, r.version_id);
  if (!found) return std::move(found.error());
  return found_version{*in, *found};
}
/// The same, in a bucket with object lock.
template <class Request>
result<found_version> find_lockable(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto locks = check_has_lock(**in); !locks) return std::move(locks.error());
  return find_version(r, c);
}

template <class Change>
result<void> change(const found_version& found, const std::string& key, auto& c, Change&& apply) {
  version changed = *found.what;
  apply(changed);
  return c.kept.replace(*found.in, key, std::move(changed));
}

// --- tags ------------------------------------------------------------------------------------------------------------------------

template <class Request>
result<response_of<Request>> set_tags(const Request& r, auto& c, const std::vector<types::tag>& tags) {
  auto found = find_version(r, c);
  if (!found) return std::move(found.error());
  response_of<Request> out{.version_id = found->told_id()};
  auto kept = change(*found, r.key, c, [&](version& v) { v.tagging = format_tagging(tags); });
  if (!kept) return std::move(kept.error());
  return out;
}
inline result<put_object_tagging_response> handle(const put_object_tagging_request& r, auto& c) {
  if (auto checked = check_tags(r.tagging.tag_set, 10); !checked) return std::move(checked.error());
  return set_tags(r, c, r.tagging.tag_set);
}
inline result<delete_object_tagging_response> handle(const delete_object_tagging_request& r, auto& c) { return set_tags(r, c, {}); }

inline result<get_object_tagging_response> handle(const get_object_tagging_request& r, auto& c) {
  auto found = find_version(r, c);
  if (!found) return std::move(found.error());
  auto tags = parse_tagging(found->what->tagging);
  if (!tags) return std::move(tags.error());
  return get_object_tagging_response{.version_id = found->told_id(), .tag_set = std::move(*tags)};
}

// --- access ----------------------------------------------------------------------------------------------------------------------

inline result<put_object_acl_response> handle(const put_object_acl_request& r, auto& c) {
  auto found = find_version(r, c);
  if (!found) return std::move(found.error());
  auto list = wanted_list(r, c, *found->in);
  if (!list) return std::move(list.error());
  auto kept = change(*found, r.key, c, [&](version& v) { v.acl = std::move(list->body); });
  if (!kept) return std::move(kept.error());
  return put_object_acl_response{};
}
inline result<get_object_acl_response> handle(const get_object_acl_request& r, auto& c) {
  auto found = find_version(r, c);
  if (!found) return std::move(found.error());
  return tell_list<get_object_acl_response>(found->what->acl, c);
}

// --- object lock -----------------------------------------------------------------------------------------------------------------

inline error no_lock() {
  return refusal("NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration");
}

inline result<put_object_retention_response> handle(const put_object_retention_request& r, auto& c) {
  auto found = find_lockable(r, c);
  if (!found) return std::move(found.error());
  if (!r.retention) return malformed("the request has no Retention");
  if (auto checked = check_retention(*found->what, *r.retention, r.bypass_governance_retention.value_or(false), c.now); !checked)
    return std::move(checked.error());
  auto kept = change(*found, r.key, c, [&](version& v) {
    v.fields.erase(lock_mode_field);
    v.fields.erase(lock_until_field);
    if (r.retention->mode.empty()) return;
    v.fields.add(lock_mode_field, r.retention->mode.str());
    v.fields.add(lock_until_field, format_iso8601(*r.retention->retain_until_date));
  });
  if (!kept) return std::move(kept.error());
  return put_object_retention_response{};
}
inline result<get_object_retention_response> handle(const get_object_retention_request& r, auto& c) {
  auto found = find_lockable(r, c);
  if (!found) return std::move(found.error());
  auto kept = retention_of(*found->what);
  if (kept.mode.empty()) return no_lock();
  return get_object_retention_response{.retention = std::move(kept)};
}

inline result<put_object_legal_hold_response> handle(const put_object_legal_hold_request& r, auto& c) {
  auto found = find_lockable(r, c);
  if (!found) return std::move(found.error());
  using status = types::object_lock_legal_hold_status;
  if (!r.legal_hold || (r.legal_hold->status != status::on && r.legal_hold->status != status::off))
    return malformed("the Status of a LegalHold must be ON or OFF");
  auto kept = change(*found, r.key, c, [&](version& v) { v.fields.set(legal_hold_field, r.legal_hold->status.str()); });
  if (!kept) return std::move(kept.error());
  return put_object_legal_hold_response{};
}
inline result<get_object_legal_hold_response> handle(const get_object_legal_hold_request& r, auto& c) {
  auto found = find_lockable(r, c);
  if (!found) return std::move(found.error());
  const auto hold = found->what->fields.get(legal_hold_field);
  if (!hold) return no_lock();
  return get_object_legal_hold_response{
      .legal_hold = types::object_lock_legal_hold{.status = types::object_lock_legal_hold_status{*hold}}};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
