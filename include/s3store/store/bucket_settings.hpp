// What does a production checklist ask of a bucket? Each of its points is one call: encryption, versioning, lifecycle, CORS, access
// logs, a policy, no public access, tags, object lock. What is not set comes back as nothing.
#pragma once

#include <chrono>
#include <cstdint>
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

namespace s3store::inline v0 {

/// Mixed into basic_object_store.
template <class Store>
class bucket_settings_members {
 public:
  // --- encryption at rest, of objects that say nothing of their own --------------------------------------------------------------

  /// With keys of S3 (AES256), or of KMS: `aws_kms` and, unless it is the account's own for S3, a key id.
  void put_bucket_encryption(
      types::server_side_encryption algorithm = types::server_side_encryption{types::server_side_encryption::aes256},
      std::optional<std::string> kms_key_id = {}, const call_options& call = {}) const {
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

  /// False suspends: the versions that there are stay.
  void put_bucket_versioning(bool enabled = true, const call_options& call = {}) const {
    using status = types::bucket_versioning_status;
    put_bucket_versioning_request r{.bucket = bucket()};
    r.versioning_configuration.status = enabled ? status::enabled : status::suspended;
    client().put_bucket_versioning(r, call).value();
  }
  /// Nothing: there never were versions.
  std::optional<types::bucket_versioning_status> get_bucket_versioning(const call_options& call = {}) const {
    auto status = client().get_bucket_versioning({.bucket = bucket()}, call).value().status;
    return status && status->empty() ? std::nullopt : status;
  }

  // --- lifecycle: objects that go, or move to another storage class, by themselves -----------------------------------------------

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

  // --- CORS: which pages' scripts may read and upload ----------------------------------------------------------------------------

  void put_bucket_cors(std::vector<types::cors_rule> rules, const call_options& call = {}) const {
    client().put_bucket_cors({.bucket = bucket(), .cors_configuration = {std::move(rules)}}, call).value();
  }
  std::vector<types::cors_rule> get_bucket_cors(const call_options& call = {}) const {
    auto set = present(client().get_bucket_cors({.bucket = bucket()}, call));
    return set ? std::move(set->cors_rules) : std::vector<types::cors_rule>{};
  }
  void delete_bucket_cors(const call_options& call = {}) const { client().delete_bucket_cors({.bucket = bucket()}, call).value(); }

  // --- access logs ---------------------------------------------------------------------------------------------------------------

  /// S3 writes logs of accesses to this bucket into another one.
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
    return set ? std::move(set->policy) : std::nullopt;
  }
  void delete_bucket_policy(const call_options& call = {}) const {
    client().delete_bucket_policy({.bucket = bucket()}, call).value();
  }

  // --- public access block -------------------------------------------------------------------------------------------------------

  /// Everything public is blocked, unless it is said otherwise.
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

  /// Replaces all of them.
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

  // --- object lock: versions that nobody may delete for a time -------------------------------------------------------------------

  /// New objects are kept for so long, if they say nothing of their own. Needs a bucket that was made with object lock, or that
  /// has versions.
  void put_object_lock(types::object_lock_retention_mode mode, std::chrono::days kept, const call_options& call = {}) const {
    types::default_retention by_default{.mode = std::move(mode), .days = static_cast<std::int32_t>(kept.count())};
    put_lock(types::object_lock_rule{std::move(by_default)}, call);
  }
  /// Object lock without a default: each object says for itself.
  void put_object_lock(const call_options& call = {}) const { put_lock(std::nullopt, call); }
  /// Nothing where the bucket has no object lock.
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
    types::object_lock_configuration lock{.object_lock_enabled = types::object_lock_enabled{types::object_lock_enabled::enabled},
                                          .rule = std::move(rule)};
    client().put_object_lock_configuration({.bucket = bucket(), .object_lock_configuration = std::move(lock)}, call).value();
  }

  /// Nothing where the bucket says that this is not set; each setting has a code of its own for that, all with the status 404.
  template <class Response>
  static std::optional<Response> present(result<Response> r) {
    if (!r && r.error().kind == error_kind::not_found && r.error().code != "NoSuchBucket") return std::nullopt;
    return std::move(r).value();
  }
};

}  // namespace s3store::inline v0
