// How are buckets created, listed, versioned and deleted? By the handlers in this file.
#pragma once

#include <string>
#include <utility>

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/transports/embedded/attributes.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline result<list_buckets_response> handle(const list_buckets_request& r, auto& c) {
  if (r.max_buckets && (*r.max_buckets < 1 || *r.max_buckets > 10'000)) return invalid("max-buckets must be from 1 to 10000");
  const auto after = detail::from_base64(r.continuation_token);
  if (!after) return invalid("the continuation token is none of this server's");
  list_buckets_response out{.owner = owner_of(c), .prefix = r.prefix};
  if (!r.bucket_region.empty() && r.bucket_region != c.options.region) return out;
  const std::size_t most = static_cast<std::size_t>(r.max_buckets.value_or(10'000));
  for (auto b = c.kept.buckets().upper_bound(*after); b != c.kept.buckets().end(); ++b) {
    if (!b->first.starts_with(r.prefix)) continue;
    if (out.buckets.size() == most) {
      out.continuation_token = detail::base64(detail::as_bytes(out.buckets.back().name));
      break;
    }
    out.buckets.push_back({.name = b->first, .creation_date = b->second.created, .bucket_region = c.options.region});
  }
  return out;
}

/// Gives the bucket the ACL that the request to create it asks for, or that of its owner.
inline result<void> reset_list(bucket& made, auto& c) {
  auto list = list_in_fields(c);
  if (!list) return std::move(list.error());
  if (!*list) return made.configurations.erase("acl"), result<void>{};
  auto takes = takes_lists(made);
  if (!takes) return std::move(takes.error());
  if (!*takes && !is_owners_alone(**list))
    return refusal("InvalidBucketAclWithObjectOwnership", 400,
                   "BucketOwnerEnforced does not allow an ACL that grants something to others");
  auto document = document_of(std::move(**list));
  if (!document) return std::move(document.error());
  made.configurations.insert_or_assign("acl", std::move(*document));
  return {};
}

/// Sets what a new bucket has from the start: AWS's defaults, and what the request asks for.
inline result<void> configure_new(bucket& made, const create_bucket_request& r, auto& c) {
  const auto set = [&](const auto& request) -> result<void> {
    if (auto checked = check_configuration(request, made, c); !checked) return checked;
    return keep_configuration(made, request);
  };
  types::ownership_controls_rule ownership{types::object_ownership::bucket_owner_enforced};
  if (!r.object_ownership.empty()) ownership.object_ownership = r.object_ownership;
  if (auto owned = set(put_bucket_ownership_controls_request{.ownership_controls = {{ownership}}}); !owned) return owned;
  if (r.object_lock_enabled_for_bucket.value_or(false)) {
    made.versioning = "Enabled";
    put_object_lock_configuration_request lock;
    lock.object_lock_configuration.emplace().object_lock_enabled = types::object_lock_enabled::enabled;
    if (auto locked = set(lock); !locked) return locked;
  }
  if (const auto& with = r.create_bucket_configuration; with && !with->tags.empty())
    if (auto tagged = set(put_bucket_tagging_request{.tagging = {with->tags}}); !tagged) return tagged;

  return reset_list(made, c);
}
inline result<create_bucket_response> handle(const create_bucket_request& r, auto& c) {
  if (!is_dns_label(r.bucket, true))
    return refusal("InvalidBucketName", 400, "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens");
  const auto& configuration = r.create_bucket_configuration;
  const std::string wanted =
      configuration ? configuration->location_constraint.str() : std::string{};
  if (wanted.empty() ? c.options.region != "us-east-1" : wanted != c.options.region)
    return refusal("IllegalLocationConstraintException", 400,
                   detail::concat({"the location constraint must be this server's region, ", c.options.region}));
  if (auto there = c.kept.find(r.bucket)) {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html, BucketAlreadyOwnedByYou
    if (c.options.region != "us-east-1") return refusal("BucketAlreadyOwnedByYou", 409, "the bucket is there already, and yours");
    if (auto reset = c.kept.change(**there, [&c](bucket& next) { return reset_list(next, c); }); !reset) return std::move(reset.error());
    return create_bucket_response{.location = detail::concat({"/", r.bucket})};
  }
  bucket made{.name = r.bucket, .created = c.now};
  if (auto set = configure_new(made, r, c); !set) return std::move(set.error());
  if (auto kept = c.kept.create(std::move(made)); !kept) return std::move(kept.error());
  return create_bucket_response{.location = detail::concat({"/", r.bucket})};
}

inline result<head_bucket_response> handle(const head_bucket_request& r, auto& c) {
  if (auto found = c.kept.find(r.bucket); !found) return std::move(found.error());
  return head_bucket_response{.bucket_region = c.options.region, .access_point_alias = false};
}

inline result<get_bucket_location_response> handle(const get_bucket_location_request& r, auto& c) {
  if (auto found = c.kept.find(r.bucket); !found) return std::move(found.error());
  get_bucket_location_response out;
  if (c.options.region != "us-east-1") out.location_constraint = types::bucket_location_constraint{c.options.region};
  return out;
}

inline result<delete_bucket_response> handle(const delete_bucket_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  if (!(*found)->objects.empty()) {
    const bool versions = (*found)->has_versions();
    return refusal("BucketNotEmpty", 409,
                   versions ? "the bucket holds versions or delete markers" : "the bucket holds objects");
  }
  if (auto gone = c.kept.remove(**found); !gone) return std::move(gone.error());
  return delete_bucket_response{};
}

inline result<put_bucket_versioning_response> handle(const put_bucket_versioning_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  const auto& wanted = r.versioning_configuration;
  if (wanted.mfa_delete == types::mfa_delete::enabled) return not_done("MFA delete");
  const std::string state = wanted.status.str();
  if (state != "Enabled" && state != "Suspended")
    return refusal("MalformedXML", 400, "the versioning status must be Enabled or Suspended");
  if ((*found)->has_object_lock() && state != "Enabled")
    return refusal("InvalidBucketState", 409,
                   "a bucket with object lock always keeps versions");
  auto kept = c.kept.change(**found, [&](bucket& next) -> result<void> {
    next.versioning = state;
    return {};
  });
  if (!kept) return std::move(kept.error());
  return put_bucket_versioning_response{};
}

inline result<get_bucket_versioning_response> handle(const get_bucket_versioning_request& r, auto& c) {
  auto found = c.kept.find(r.bucket);
  if (!found) return std::move(found.error());
  get_bucket_versioning_response out;
  if ((*found)->has_versions()) out.status = types::bucket_versioning_status{(*found)->versioning};
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
