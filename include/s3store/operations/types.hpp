// Which types of the S3 API are used by several groups of operations?
#pragma once

#include <s3store/protocol/operation.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
struct bucket {
  std::string name{};
  std::optional<timestamp> creation_date{};
  std::string bucket_region{};
  std::string bucket_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Name", m.name);
    v.element("CreationDate", m.creation_date);
    v.element("BucketRegion", m.bucket_region);
    v.element("BucketArn", m.bucket_arn);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Owner.html
struct owner {
  std::string display_name{};
  std::string id{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("DisplayName", m.display_name);
    v.element("ID", m.id);
  }
};

struct bucket_canned_acl : enumeration<bucket_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html
struct tag {
  std::string key{};
  std::string value{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Key", m.key, wire::required);
    v.element("Value", m.value, wire::required);
  }
};

struct object_ownership : enumeration<object_ownership> {
  using enumeration::enumeration;
  static constexpr constant bucket_owner_preferred{"BucketOwnerPreferred"};
  static constexpr constant object_writer{"ObjectWriter"};
  static constexpr constant bucket_owner_enforced{"BucketOwnerEnforced"};
};

struct object_canned_acl : enumeration<object_canned_acl> {
  using enumeration::enumeration;
  static constexpr constant private_{"private"};
  static constexpr constant public_read{"public-read"};
  static constexpr constant public_read_write{"public-read-write"};
  static constexpr constant authenticated_read{"authenticated-read"};
  static constexpr constant aws_exec_read{"aws-exec-read"};
  static constexpr constant bucket_owner_read{"bucket-owner-read"};
  static constexpr constant bucket_owner_full_control{"bucket-owner-full-control"};
};

struct checksum_algorithm : enumeration<checksum_algorithm> {
  using enumeration::enumeration;
  static constexpr constant crc32{"CRC32"};
  static constexpr constant crc32c{"CRC32C"};
  static constexpr constant sha1{"SHA1"};
  static constexpr constant sha256{"SHA256"};
  static constexpr constant crc64nvme{"CRC64NVME"};
  static constexpr constant sha512{"SHA512"};
  static constexpr constant md5{"MD5"};
  static constexpr constant xxhash64{"XXHASH64"};
  static constexpr constant xxhash3{"XXHASH3"};
  static constexpr constant xxhash128{"XXHASH128"};
};

struct server_side_encryption : enumeration<server_side_encryption> {
  using enumeration::enumeration;
  static constexpr constant aes256{"AES256"};
  static constexpr constant aws_fsx{"aws:fsx"};
  static constexpr constant aws_backup{"aws:backup"};
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aws_kms_dsse{"aws:kms:dsse"};
};

struct storage_class : enumeration<storage_class> {
  using enumeration::enumeration;
  static constexpr constant standard{"STANDARD"};
  static constexpr constant reduced_redundancy{"REDUCED_REDUNDANCY"};
  static constexpr constant standard_ia{"STANDARD_IA"};
  static constexpr constant onezone_ia{"ONEZONE_IA"};
  static constexpr constant intelligent_tiering{"INTELLIGENT_TIERING"};
  static constexpr constant glacier{"GLACIER"};
  static constexpr constant deep_archive{"DEEP_ARCHIVE"};
  static constexpr constant outposts{"OUTPOSTS"};
  static constexpr constant glacier_ir{"GLACIER_IR"};
  static constexpr constant snow{"SNOW"};
  static constexpr constant express_onezone{"EXPRESS_ONEZONE"};
  static constexpr constant fsx_openzfs{"FSX_OPENZFS"};
  static constexpr constant fsx_ontap{"FSX_ONTAP"};
  static constexpr constant aws_backup_warm{"AWS_BACKUP_WARM"};
  static constexpr constant aws_backup_low_cost_warm{"AWS_BACKUP_LOW_COST_WARM"};
};

struct request_payer : enumeration<request_payer> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct object_lock_mode : enumeration<object_lock_mode> {
  using enumeration::enumeration;
  static constexpr constant governance{"GOVERNANCE"};
  static constexpr constant compliance{"COMPLIANCE"};
};

struct object_lock_legal_hold_status : enumeration<object_lock_legal_hold_status> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct object_lock_event_hold : enumeration<object_lock_event_hold> {
  using enumeration::enumeration;
  static constexpr constant on{"ON"};
  static constexpr constant off{"OFF"};
};

struct checksum_type : enumeration<checksum_type> {
  using enumeration::enumeration;
  static constexpr constant composite{"COMPOSITE"};
  static constexpr constant full_object{"FULL_OBJECT"};
};

struct request_charged : enumeration<request_charged> {
  using enumeration::enumeration;
  static constexpr constant requester{"requester"};
};

struct checksum_mode : enumeration<checksum_mode> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
};

struct replication_status : enumeration<replication_status> {
  using enumeration::enumeration;
  static constexpr constant complete{"COMPLETE"};
  static constexpr constant pending{"PENDING"};
  static constexpr constant failed{"FAILED"};
  static constexpr constant replica{"REPLICA"};
  static constexpr constant completed{"COMPLETED"};
};

struct encoding_type : enumeration<encoding_type> {
  using enumeration::enumeration;
  static constexpr constant url{"url"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CommonPrefix.html
struct common_prefix {
  std::string prefix{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.url_element("Prefix", m.prefix);
  }
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tagging.html
struct tagging {
  std::vector<types::tag> tag_set{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.list("TagSet", "Tag", m.tag_set, wire::required);  // an empty one takes all tags away
  }
};

struct type : enumeration<type> {
  using enumeration::enumeration;
  static constexpr constant canonical_user{"CanonicalUser"};
  static constexpr constant amazon_customer_by_email{"AmazonCustomerByEmail"};
  static constexpr constant group{"Group"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grantee.html
struct grantee {
  std::string display_name{};
  std::string email_address{};
  std::string id{};
  types::type type{};
  std::string uri{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.attribute("xsi:type", m.type, wire::required);
    v.element("DisplayName", m.display_name);
    v.element("EmailAddress", m.email_address);
    v.element("ID", m.id);
    v.element("URI", m.uri);
  }
};

struct permission : enumeration<permission> {
  using enumeration::enumeration;
  static constexpr constant full_control{"FULL_CONTROL"};
  static constexpr constant write{"WRITE"};
  static constexpr constant write_acp{"WRITE_ACP"};
  static constexpr constant read{"READ"};
  static constexpr constant read_acp{"READ_ACP"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grant.html
struct grant {
  std::optional<types::grantee> grantee{};
  types::permission permission{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Grantee", m.grantee);
    v.element("Permission", m.permission);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI
