// Which headers of an upload are stored with the object? Those listed here, if S3 accepts their values.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/operations/encryption.hpp>
#include <s3store/transports/embedded/acl.hpp>
#include <s3store/transports/embedded/expiration.hpp>
#include <s3store/transports/embedded/object_lock.hpp>
#include <s3store/transports/embedded/tagging.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline constexpr std::string_view customer_key_field = "x-amz-server-side-encryption-customer-key";
inline constexpr std::string_view customer_md5_field = "x-amz-server-side-encryption-customer-key-MD5";
inline constexpr std::string_view storage_class_field = "x-amz-storage-class";
inline constexpr std::string_view encryption_field = "x-amz-server-side-encryption";
inline constexpr std::string_view kms_key_field = "x-amz-server-side-encryption-aws-kms-key-id";
inline constexpr std::string_view bucket_key_field = "x-amz-server-side-encryption-bucket-key-enabled";
inline constexpr std::string_view metadata_prefix = "x-amz-meta-";

/// What an upload sets besides the bytes.
struct attributes {
  headers fields{};
  std::string tagging{};
  std::string acl{};
};

/// Stored with the object. A copy with the directive REPLACE replaces all of them.
constexpr std::array describing_fields{"Cache-Control",    "Content-Disposition", "Content-Encoding",
                                       "Content-Language", "Content-Type",        "Expires"};
/// Stored with the object, and never copied from another object.
constexpr std::array placing_fields{"x-amz-website-redirect-location",
                                    "x-amz-server-side-encryption",
                                    "x-amz-server-side-encryption-aws-kms-key-id",
                                    "x-amz-server-side-encryption-context",
                                    "x-amz-server-side-encryption-bucket-key-enabled",
                                    "x-amz-server-side-encryption-customer-algorithm",
                                    "x-amz-server-side-encryption-customer-key-MD5",
                                    "x-amz-storage-class",
                                    "x-amz-object-lock-mode",
                                    "x-amz-object-lock-retain-until-date",
                                    "x-amz-object-lock-legal-hold",
                                    "x-amz-object-lock-event-hold",
                                    "x-amz-object-lock-event-hold-duration-days",
                                    "x-amz-object-lock-event-hold-duration-years"};

inline bool is_metadata(std::string_view name) noexcept {
  return detail::equal_ignoring_case(name.substr(0, metadata_prefix.size()), metadata_prefix);
}

inline void keep_fields(headers& to, const headers& from, const auto& names) {
  for (const char* const name : names)
    if (const auto value = from.get(name); value && !value->empty()) to.add(name, *value);
}
/// Content headers and user metadata.
inline void keep_description(headers& to, const headers& from) {
  keep_fields(to, from, describing_fields);
  for (const auto [name, value] : from)
    if (is_metadata(name)) to.add(detail::lower_case(name), value);
}

/// The customer's encryption key (SSE-C) in the headers that begin with `prefix`; empty if none. Fails if its digest is wrong.
inline result<std::optional<std::string>> read_customer_key(const headers& fields,
                                                            std::string_view prefix = "x-amz-server-side-encryption-customer-") {
  const auto algorithm = fields.get(detail::concat({prefix, "algorithm"})), key = fields.get(detail::concat({prefix, "key"})),
             digest = fields.get(detail::concat({prefix, "key-MD5"}));
  if (!algorithm && !key && !digest) return std::optional<std::string>{};
  if (!algorithm || !key || !digest) return invalid("a customer's encryption key comes with its algorithm and its MD5");
  if (*algorithm != "AES256")
    return refusal("InvalidEncryptionAlgorithmError", 400, "the algorithm of a customer's encryption key must be AES256");
  const auto raw = detail::from_base64(*key);
  if (!raw || raw->size() != 32) return invalid("a customer's encryption key has 32 bytes, in base64");
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  md5.update(detail::as_bytes(*raw));
  if (md5.base64() != *digest) return invalid("the MD5 beside the encryption key is not the key's");
  return std::optional{std::string(*digest)};
}

/// Fails unless the request has the key with which the object was stored.
inline result<void> check_customer_key(const headers& object, const headers& request,
                                       std::string_view prefix = "x-amz-server-side-encryption-customer-") {
  auto given = read_customer_key(request, prefix);
  if (!given) return std::move(given.error());
  const auto needed = object.get(customer_md5_field);
  if (!needed && *given) return bad_request("the object is not stored under a customer's key");
  if (needed && !*given)
    return bad_request("the object is stored under a customer's key, which the request must bring");
  if (needed && **given != *needed)
    return refusal("AccessDenied", 403, "the encryption key is not the one that the object was stored with");
  return {};
}

inline result<void> check_encryption(const headers& fields) {
  const auto kind = fields.get(encryption_field);
  if (kind && *kind != "AES256" && *kind != "aws:kms" && *kind != "aws:kms:dsse")
    return invalid("x-amz-server-side-encryption must be AES256, aws:kms or aws:kms:dsse");
  if (fields.contains(kms_key_field) && !kind.value_or("").starts_with("aws:kms"))
    return invalid("a KMS key id needs the encryption aws:kms");
  if (kind && fields.contains(customer_md5_field))
    return invalid("an object has either server-side encryption or a customer's key");
  return {};
}

inline result<void> check_storage_class(const headers& fields) {
  constexpr std::array known{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
                             "GLACIER",  "DEEP_ARCHIVE",       "GLACIER_IR"};
  const auto storage = fields.get(storage_class_field);
  if (storage && std::find(known.begin(), known.end(), *storage) == known.end())
    return refusal("InvalidStorageClass", 400, "x-amz-storage-class is no storage class of S3");
  return {};
}

/// Applies the bucket's default encryption to an upload that names none. Fails if the bucket does not allow the customer's keys.
inline result<void> encrypt_by_default(headers& fields, const bucket& in) {
  if (fields.contains(encryption_field)) return {};
  auto set = configured<types::server_side_encryption_configuration>(in, "encryption");
  if (!set) return std::move(set.error());
  const types::server_side_encryption_rule rule = set->rules.empty() ? types::server_side_encryption_rule{} : set->rules.front();
  if (fields.contains(customer_md5_field)) {
    if (rule.blocked_encryption_types)
      for (const types::encryption_type& blocked : rule.blocked_encryption_types->encryption_type)
        if (blocked == types::encryption_type::sse_c)
          return refusal("AccessDenied", 403, "the bucket does not take objects under a customer's key");
    return {};
  }
  const auto& by_default = rule.apply_server_side_encryption_by_default;
  fields.add(encryption_field, by_default ? std::string_view{by_default->sse_algorithm.str()} : "AES256");
  if (by_default && !by_default->kms_master_key_id.empty()) fields.add(kms_key_field, by_default->kms_master_key_id);
  if (rule.bucket_key_enabled.value_or(false)) fields.add(bucket_key_field, "true");
  return {};
}

inline result<void> check_metadata(const headers& fields) {
  std::size_t size = 0;
  for (const auto [name, value] : fields)
    if (is_metadata(name)) size += name.size() - metadata_prefix.size() + value.size();
  if (size > 2048) return refusal("MetadataTooLarge", 400, "user metadata has at most 2048 bytes, names and values together");
  return {};
}

/// The attributes from the headers of an upload, and the bucket's defaults.
inline result<attributes> read_attributes(auto& c, const bucket& in) {
  const headers& from = c.request.fields;
  if (auto key = read_customer_key(from); !key) return std::move(key.error());
  attributes out;
  keep_description(out.fields, from);
  keep_fields(out.fields, from, placing_fields);
  if (!out.fields.contains("Content-Type")) out.fields.add("Content-Type", "binary/octet-stream");
  if (auto encryption = check_encryption(out.fields); !encryption) return std::move(encryption.error());
  if (auto storage = check_storage_class(out.fields); !storage) return std::move(storage.error());
  if (auto metadata = check_metadata(out.fields); !metadata) return std::move(metadata.error());
  if (auto encrypted = encrypt_by_default(out.fields, in); !encrypted) return std::move(encrypted.error());
  if (auto locked = lock_upload(out.fields, in, c.now); !locked) return std::move(locked.error());
  auto tags = parse_tagging(from.value_or_empty("x-amz-tagging"));
  if (!tags) return std::move(tags.error());
  out.tagging = format_tagging(*tags);
  auto acl = read_acl(c, in);
  if (!acl) return std::move(acl.error());
  out.acl = std::move(*acl);
  return out;
}

/// The headers that describe a version in answers; each response picks those that it declares.
inline headers facts_of(std::string_view key, const version& v, const bucket& in) {
  headers out = v.fields;
  if (out.value_or_empty(storage_class_field) == "STANDARD") out.erase(storage_class_field);  // S3 names only the others
  out.add("ETag", v.etag);
  out.add("Last-Modified", format_http_date(v.last_modified));
  out.add("accept-ranges", "bytes");
  if (in.has_versions()) out.add("x-amz-version-id", v.id);
  if (!v.tagging.empty()) out.add("x-amz-tagging-count", detail::decimal(1 + std::count(v.tagging.begin(), v.tagging.end(), '&')));
  if (v.delete_marker) out.add("x-amz-delete-marker", "true");
  if (const std::string expiration = expiration_of(key, v, in); !expiration.empty()) out.add("x-amz-expiration", expiration);
  return out;
}
/// The same in the answer to a request that made the version. S3 names only ids that it has just given, so not "null"; a GET names both.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
inline headers facts_of_new(std::string_view key, const version& v, const bucket& in) {
  headers out = facts_of(key, v, in);
  if (v.id == null_version) out.erase("x-amz-version-id");
  return out;
}
inline void add_checksum(headers& out, const std::optional<checksum_value>& c) {
  if (!c) return;
  out.add(c->field(), c->text);
  out.add("x-amz-checksum-type", c->type());
}

}  // namespace s3store::inline S3STORE_ABI::embedded
