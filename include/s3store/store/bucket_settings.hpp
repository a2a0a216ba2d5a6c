// Which settings does a bucket need in production? Each has functions here: encryption, versioning, lifecycle, CORS, access logs, a
// policy, public access block, tags, object lock. A get function returns an empty value if the setting is not set.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/operations/website.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/store/calls.hpp>

namespace s3store::inline S3STORE_ABI {

/// Mixed into basic_object_store.
template <class Store>
class bucket_settings_members {
 public:
  // --- encryption at rest, for uploads that do not name one ----------------------------------------------------------------------

  /// Encrypts with keys of S3 (AES256) or of KMS (`aws_kms`). An empty key id means the account's default KMS key for S3.
  void put_bucket_encryption(
      types::server_side_encryption algorithm = types::server_side_encryption::aes256,
      std::string kms_key_id = {}, const call_options& call = {}) const {
    put_bucket_encryption_request r{.bucket = bucket()};
    r.server_side_encryption_configuration.rules.push_back(
        {.apply_server_side_encryption_by_default =
             types::server_side_encryption_by_default{std::move(algorithm), std::move(kms_key_id)}});
    client().put_bucket_encryption(r, call).value();
  }
  std::optional<types::server_side_encryption_by_default> get_bucket_encryption(const call_options& call = {}) const {
    const auto set = present(client().get_bucket_encryption({.bucket = bucket()}, call));
    if (!set || !set->server_side_encryption_configuration) return std::nullopt;
    for (const auto& rule : set->server_side_encryption_configuration->rules)
      if (rule.apply_server_side_encryption_by_default) return rule.apply_server_side_encryption_by_default;
    return std::nullopt;
  }
  void delete_bucket_encryption(const call_options& call = {}) const {
    client().delete_bucket_encryption({.bucket = bucket()}, call).value();
  }

  // --- versions ------------------------------------------------------------------------------------------------------------------

  /// False suspends versioning; existing versions stay.
  void put_bucket_versioning(bool enabled = true, const call_options& call = {}) const {
    using status = types::bucket_versioning_status;
    put_bucket_versioning_request r{.bucket = bucket()};
    r.versioning_configuration.status = enabled ? status::enabled : status::suspended;
    client().put_bucket_versioning(r, call).value();
  }
  /// Empty if versioning was never enabled.
  types::bucket_versioning_status get_bucket_versioning(const call_options& call = {}) const {
    return client().get_bucket_versioning({.bucket = bucket()}, call).value().status;
  }

  // --- lifecycle: S3 deletes objects, or moves them to another storage class, by rules -------------------------------------------

  void put_bucket_lifecycle(std::vector<types::lifecycle_rule> rules, const call_options& call = {}) const {
    put_bucket_lifecycle_configuration_request r{.bucket = bucket()};
    r.lifecycle_configuration.emplace().rules = std::move(rules);
    client().put_bucket_lifecycle_configuration(r, call).value();
  }
  std::vector<types::lifecycle_rule> get_bucket_lifecycle(const call_options& call = {}) const {
    auto set = present(client().get_bucket_lifecycle_configuration({.bucket = bucket()}, call));
    return set ? std::move(set->rules) : std::vector<types::lifecycle_rule>{};
  }
  void delete_bucket_lifecycle(const call_options& call = {}) const {
    client().delete_bucket_lifecycle({.bucket = bucket()}, call).value();
  }

  // --- CORS: which web sites' scripts may use the bucket -------------------------------------------------------------------------

  void put_bucket_cors(std::vector<types::cors_rule> rules, const call_options& call = {}) const {
    client().put_bucket_cors({.bucket = bucket(), .cors_configuration = {std::move(rules)}}, call).value();
  }
  std::vector<types::cors_rule> get_bucket_cors(const call_options& call = {}) const {
    auto set = present(client().get_bucket_cors({.bucket = bucket()}, call));
    return set ? std::move(set->cors_rules) : std::vector<types::cors_rule>{};
  }
  void delete_bucket_cors(const call_options& call = {}) const { client().delete_bucket_cors({.bucket = bucket()}, call).value(); }

  // --- access logs ---------------------------------------------------------------------------------------------------------------

  /// S3 writes a log of the requests to this bucket into `target_bucket`.
  void put_bucket_logging(std::string target_bucket, std::string target_prefix = {}, const call_options& call = {}) const {
    types::logging_enabled where{.target_bucket = std::move(target_bucket), .target_prefix = std::move(target_prefix)};
    client().put_bucket_logging({.bucket = bucket(), .bucket_logging_status = {std::move(where)}}, call).value();
  }
  std::optional<types::logging_enabled> get_bucket_logging(const call_options& call = {}) const {
    return client().get_bucket_logging({.bucket = bucket()}, call).value().logging_enabled;
  }
  void delete_bucket_logging(const call_options& call = {}) const {
    client().put_bucket_logging({.bucket = bucket()}, call).value();
  }

  // --- policy, as JSON text ------------------------------------------------------------------------------------------------------

  void put_bucket_policy(std::string policy, const call_options& call = {}) const {
    client().put_bucket_policy({.bucket = bucket(), .policy = std::move(policy)}, call).value();
  }
  std::optional<std::string> get_bucket_policy(const call_options& call = {}) const {
    auto set = present(client().get_bucket_policy({.bucket = bucket()}, call));
    return set ? std::optional{std::move(set->policy)} : std::nullopt;
  }
  void delete_bucket_policy(const call_options& call = {}) const {
    client().delete_bucket_policy({.bucket = bucket()}, call).value();
  }

  // --- public access block -------------------------------------------------------------------------------------------------------

  /// Blocks all public access by default.
  void put_public_access_block(types::public_access_block_configuration blocked = {.block_public_acls = true,
                                                                                   .ignore_public_acls = true,
                                                                                   .block_public_policy = true,
                                                                                   .restrict_public_buckets = true},
                               const call_options& call = {}) const {
    client().put_public_access_block({.bucket = bucket(), .public_access_block_configuration = std::move(blocked)}, call).value();
  }
  std::optional<types::public_access_block_configuration> get_public_access_block(const call_options& call = {}) const {
    auto set = present(client().get_public_access_block({.bucket = bucket()}, call));
    return set ? std::move(set->public_access_block_configuration) : std::nullopt;
  }
  void delete_public_access_block(const call_options& call = {}) const {
    client().delete_public_access_block({.bucket = bucket()}, call).value();
  }

  // --- tags ----------------------------------------------------------------------------------------------------------------------

  /// Replaces all tags.
  void put_bucket_tagging(std::vector<types::tag> tags, const call_options& call = {}) const {
    client().put_bucket_tagging({.bucket = bucket(), .tagging = {std::move(tags)}}, call).value();
  }
  std::vector<types::tag> get_bucket_tagging(const call_options& call = {}) const {
    auto set = present(client().get_bucket_tagging({.bucket = bucket()}, call));
    return set ? std::move(set->tag_set) : std::vector<types::tag>{};
  }
  void delete_bucket_tagging(const call_options& call = {}) const {
    client().delete_bucket_tagging({.bucket = bucket()}, call).value();
  }

  // --- object lock: versions that cannot be deleted before a given time ----------------------------------------------------------

  /// Sets the default retention for new objects that name none. The bucket must have been created with object lock, or have
  /// versioning enabled.
  void put_object_lock(types::object_lock_retention_mode mode, std::chrono::days kept, const call_options& call = {}) const {
    using limits = std::numeric_limits<std::int32_t>;  // beyond these, S3 refuses the days, as it does all above 36,500
    const auto days = std::clamp<std::int64_t>(kept.count(), (limits::min)(), (limits::max)());
    types::default_retention by_default{.mode = std::move(mode), .days = static_cast<std::int32_t>(days)};
    put_lock(types::object_lock_rule{std::move(by_default)}, call);
  }
  /// Enables object lock without a default retention: each upload names its own.
  void put_object_lock(const call_options& call = {}) const { put_lock(std::nullopt, call); }
  /// Empty if the bucket has no object lock.
  std::optional<types::object_lock_configuration> get_object_lock(const call_options& call = {}) const {
    auto set = present(client().get_object_lock_configuration({.bucket = bucket()}, call));
    return set ? std::move(set->object_lock_configuration) : std::nullopt;
  }

 protected:
  bucket_settings_members() = default;
  ~bucket_settings_members() = default;
  bucket_settings_members(bucket_settings_members&&) = default;
  bucket_settings_members& operator=(bucket_settings_members&&) = default;

 private:
  const auto& client() const { return static_cast<const Store&>(*this).client(); }
  const std::string& bucket() const noexcept { return static_cast<const Store&>(*this).bucket_name(); }

  void put_lock(std::optional<types::object_lock_rule> rule, const call_options& call) const {
    const types::object_lock_configuration lock{.object_lock_enabled = types::object_lock_enabled{types::object_lock_enabled::enabled},
                                          .rule = std::move(rule)};
    client().put_object_lock_configuration({.bucket = bucket(), .object_lock_configuration = std::move(lock)}, call).value();
  }

  /// Empty if the setting is not set: S3 then answers 404, with a different code for each setting.
  template <class Response>
  static std::optional<Response> present(result<Response> r) {
    if (!r && r.error().kind == error_kind::not_found && r.error().code != "NoSuchBucket") return std::nullopt;
    return std::move(r).value();
  }
};

}  // namespace s3store::inline S3STORE_ABI
