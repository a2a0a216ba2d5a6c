// Which types do the operations of this family share?
#pragma once

#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

namespace types {

struct expiration_state : enumeration<expiration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html
struct record_expiration {
  types::expiration_state expiration{};
  std::optional<std::int32_t> days{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("Expiration", m.expiration, wire::required);
    v.element("Days", m.days);
  }
};

struct table_sse_algorithm : enumeration<table_sse_algorithm> {
  using enumeration::enumeration;
  static constexpr constant aws_kms{"aws:kms"};
  static constexpr constant aes256{"AES256"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataTableEncryptionConfiguration.html
struct metadata_table_encryption_configuration {
  types::table_sse_algorithm sse_algorithm{};
  std::string kms_key_arn{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("SseAlgorithm", m.sse_algorithm, wire::required);
    v.element("KmsKeyArn", m.kms_key_arn);
  }
};

struct inventory_configuration_state : enumeration<inventory_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

struct annotation_configuration_state : enumeration<annotation_configuration_state> {
  using enumeration::enumeration;
  static constexpr constant enabled{"ENABLED"};
  static constexpr constant disabled{"DISABLED"};
};

/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html
struct error_details {
  std::string error_code{};
  std::string error_message{};

  template <class V>
  static void describe(V& v, auto& m) {
    v.element("ErrorCode", m.error_code);
    v.element("ErrorMessage", m.error_message);
  }
};

}  // namespace types

}  // namespace s3store::inline S3STORE_ABI
