// Which headers of an upload stay with the object, and are they ones that S3 takes?
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/transports/embedded/context.hpp>

namespace s3store::inline v0::embedded {

inline constexpr std::string_view customer_key_field = "x-amz-server-side-encryption-customer-key";
inline constexpr std::string_view customer_md5_field = "x-amz-server-side-encryption-customer-key-MD5";
inline constexpr std::string_view storage_class_field = "x-amz-storage-class";
inline constexpr std::string_view encryption_field = "x-amz-server-side-encryption";
inline constexpr std::string_view metadata_prefix = "x-amz-meta-";

/// What an upload says of its object beside the bytes.
struct attributes {
  headers fields{};
  std::string tagging{};
};

/// Kept from an upload, and replaced as a whole by a copy that says REPLACE.
constexpr std::array describing_fields{"Cache-Control",    "Content-Disposition", "Content-Encoding",
                                       "Content-Language", "Content-Type",        "Expires"};
/// Kept from an upload, and never copied from another object.
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
  return equal_ignoring_case(name.substr(0, metadata_prefix.size()), metadata_prefix);
}

inline void keep_fields(headers& to, const headers& from, const auto& names) {
  for (const char* const name : names)
    if (const auto value = from.get(name); value && !value->empty()) to.add(name, *value);
}
/// Content headers and user metadata.
inline void keep_description(headers& to, const headers& from) {
  keep_fields(to, from, describing_fields);
  for (const auto [name, value] : from)
    if (is_metadata(name)) to.add(lower_case(name), value);
}

/// "a=b&c=d", decoded. Fails with InvalidTag or InvalidArgument.
inline result<std::vector<std::pair<std::string, std::string>>> parse_tagging(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> tags;
  bool broken = false;
  if (!text.empty())
    split(text, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      auto name = uri_decode(piece.substr(0, equals), true),
           value = uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true);
      broken = broken || !name || !value || name->empty();
      if (!broken) tags.emplace_back(std::move(*name), std::move(*value));
    });
  if (broken) return invalid("x-amz-tagging must be tags in the form of a URL's query");
  if (tags.size() > 10) return refusal("BadRequest", 400, "an object has at most 10 tags");
  for (std::size_t i = 0; i != tags.size(); ++i) {
    if (tags[i].first.size() > 128 || tags[i].second.size() > 256)
      return refusal("InvalidTag", 400, "a tag's key has at most 128 characters, and its value 256");
    for (std::size_t k = 0; k != i; ++k)
      if (tags[k].first == tags[i].first) return refusal("InvalidTag", 400, "a tag's key must not be there twice");
  }
  return tags;
}

/// A key of the caller's own (SSE-C), in the fields that begin with `prefix`: its digest must be right. Nothing where there is none.
inline result<std::optional<std::string>> read_customer_key(const headers& fields,
                                                            std::string prefix = "x-amz-server-side-encryption-customer-") {
  const auto algorithm = fields.get(prefix + "algorithm"), key = fields.get(prefix + "key"),
             digest = fields.get(prefix + "key-MD5");
  if (!algorithm && !key && !digest) return std::optional<std::string>{};
  if (!algorithm || !key || !digest) return invalid("a customer's encryption key comes with its algorithm and its MD5");
  if (*algorithm != "AES256")
    return refusal("InvalidEncryptionAlgorithmError", 400, "the algorithm of a customer's encryption key must be AES256");
  const auto raw = from_base64(*key);
  if (!raw || raw->size() != 32) return invalid("a customer's encryption key has 32 bytes, in base64");
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  md5.update(as_bytes(*raw));
  if (md5.base64() != *digest) return invalid("the MD5 beside the encryption key is not the key's");
  return std::optional{std::string(*digest)};
}

/// Fails unless the request brings the key with which the object was stored.
inline result<void> check_customer_key(const headers& object, const headers& request,
                                       std::string prefix = "x-amz-server-side-encryption-customer-") {
  auto given = read_customer_key(request, std::move(prefix));
  if (!given) return std::move(given.error());
  const auto needed = object.get(customer_md5_field);
  if (!needed && *given) return bad_request("the object is not stored under a customer's key");
  if (needed && !*given)
    return bad_request("the object is stored under a customer's key, which the request must bring");
  if (needed && **given != *needed)
    return refusal("AccessDenied", 403, "the encryption key is not the one that the object was stored with");
  return {};
}

inline result<void> check_acl(const headers& fields) {
  const auto acl = fields.value_or_empty("x-amz-acl");
  bool refused = !acl.empty() && acl != "private" && acl != "bucket-owner-full-control";
  for (const auto [name, value] : fields) refused = refused || equal_ignoring_case(name.substr(0, 12), "x-amz-grant-");
  if (refused) return refusal("AccessControlListNotSupported", 400, "the bucket does not allow ACLs");
  return {};
}

inline result<void> check_encryption(const headers& fields) {
  const auto kind = fields.get(encryption_field);
  if (kind && *kind != "AES256" && *kind != "aws:kms" && *kind != "aws:kms:dsse")
    return invalid("x-amz-server-side-encryption must be AES256, aws:kms or aws:kms:dsse");
  if (fields.contains("x-amz-server-side-encryption-aws-kms-key-id") && !kind.value_or("").starts_with("aws:kms"))
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

inline result<void> check_lock(const headers& fields, const bucket& in, timestamp now) {
  const auto mode = fields.get("x-amz-object-lock-mode"), until = fields.get("x-amz-object-lock-retain-until-date"),
             hold = fields.get("x-amz-object-lock-legal-hold");
  if (!mode && !until && !hold) return {};
  if (!in.object_lock) return bad_request("the bucket was made without object lock");
  if (mode.has_value() != until.has_value())
    return invalid("a retention period has both a mode and a date");
  if (mode && *mode != "GOVERNANCE" && *mode != "COMPLIANCE")
    return invalid("x-amz-object-lock-mode must be GOVERNANCE or COMPLIANCE");
  if (hold && *hold != "ON" && *hold != "OFF") return invalid("x-amz-object-lock-legal-hold must be ON or OFF");
  if (until) {
    const auto at = parse_timestamp(*until);
    if (!at) return invalid("x-amz-object-lock-retain-until-date must be an ISO 8601 date");
    if (*at <= now) return invalid("x-amz-object-lock-retain-until-date must be in the future");
  }
  return {};
}

/// All that is wrong with what is to be kept.
inline result<void> check_attributes(const attributes& a, const bucket& in, timestamp now) {
  if (auto encryption = check_encryption(a.fields); !encryption) return encryption;
  if (auto storage = check_storage_class(a.fields); !storage) return storage;
  if (auto lock = check_lock(a.fields, in, now); !lock) return lock;
  std::size_t metadata_size = 0;
  for (const auto [name, value] : a.fields)
    if (is_metadata(name)) metadata_size += name.size() - metadata_prefix.size() + value.size();
  if (metadata_size > 2048)
    return refusal("MetadataTooLarge", 400, "user metadata has at most 2048 bytes, names and values together");
  auto tags = parse_tagging(a.tagging);
  if (!tags) return std::move(tags.error());
  return {};
}

/// The attributes in the headers of an upload.
inline result<attributes> read_attributes(const headers& from, const bucket& in, timestamp now) {
  if (auto acl = check_acl(from); !acl) return std::move(acl.error());
  if (auto key = read_customer_key(from); !key) return std::move(key.error());
  attributes out;
  keep_description(out.fields, from);
  keep_fields(out.fields, from, placing_fields);
  if (!out.fields.contains("Content-Type")) out.fields.add("Content-Type", "binary/octet-stream");
  out.tagging = from.value_or_empty("x-amz-tagging");
  if (auto checked = check_attributes(out, in, now); !checked) return std::move(checked.error());
  return out;
}

/// What S3 says of a version in the headers of its answers; every response takes from it what it declares.
inline headers facts_of(const version& v, const bucket& in) {
  headers out = v.fields;
  if (out.value_or_empty(storage_class_field) == "STANDARD") out.erase(storage_class_field);  // S3 names only the others
  out.add("ETag", v.etag);
  out.add("Last-Modified", format_http_date(v.last_modified));
  out.add("accept-ranges", "bytes");
  if (in.has_versions()) out.add("x-amz-version-id", v.id);
  if (!v.tagging.empty()) out.add("x-amz-tagging-count", std::to_string(1 + std::count(v.tagging.begin(), v.tagging.end(), '&')));
  if (v.delete_marker) out.add("x-amz-delete-marker", "true");
  return out;
}
inline void add_checksum(headers& out, const std::optional<checksum_value>& c) {
  if (!c) return;
  out.add(c->field(), c->text);
  out.add("x-amz-checksum-type", c->type());
}

}  // namespace s3store::inline v0::embedded
