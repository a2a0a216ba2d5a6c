// What can be set, once for a client and anew for a call?
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <s3store/core/cancel.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/optional.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>

namespace s3store::inline v0 {

/// Every wait of a call, each bounded by default. Zero means no limit.
struct call_limits {
  duration connect{std::chrono::seconds{10}};      ///< name look-up, TCP and TLS together
  duration first_byte{std::chrono::seconds{60}};   ///< from the last byte sent to the first received
  duration idle{std::chrono::seconds{30}};         ///< without a byte in either direction
  duration retry_waits{std::chrono::minutes{2}};   ///< all waits between attempts together
  duration total{};                                ///< the whole call with its retries; a hard deadline where it is set
};

/// Where the bucket's name goes.
enum class addressing : std::uint8_t {
  automatic,     ///< AWS: into the host name where it can; any other endpoint: into the path
  path,          ///< https://endpoint/bucket/key
  virtual_host,  ///< https://bucket.endpoint/key
};

enum class payload_signing : std::uint8_t {
  automatic,  ///< unsigned over TLS, which protects it already, and signed over plain HTTP
  always,
  never,
};

/// What a store that speaks S3 lacks. The default is AWS's own S3, which lacks nothing.
struct store_profile {
  /// Of uploads, where the caller chose none. Nothing: only where S3 requires one, and then a CRC32.
  std::optional<crypto::checksum_algorithm> checksum{crypto::checksum_algorithm::crc64nvme};
  bool content_md5{};      ///< knows no checksum but Content-MD5 where S3 requires one (DeleteObjects, bucket settings)
  bool aws_chunked{true};  ///< takes a checksum as a trailer behind the body

  crypto::checksum_algorithm required_checksum() const noexcept { return checksum.value_or(crypto::checksum_algorithm::crc32); }
};

struct settings {
  std::string endpoint{};             ///< "https://host:port"; empty: AWS
  std::string region{"us-east-1"};
  addressing style{};
  bool use_accelerate{};              ///< S3 Transfer Acceleration (AWS only)
  bool use_dualstack{};               ///< IPv6 and IPv4 (AWS only)
  bool use_fips{};                    ///< FIPS endpoints (AWS only)
  call_limits limits{};
  payload_signing signing{};
  store_profile profile{};
  std::string expected_bucket_owner{};  ///< an account id that every request carries where its operation has none of its own
  std::string request_payer{};          ///< "requester", likewise
  std::string user_agent_suffix{};
  std::uint64_t max_document{64u << 20};  ///< of an answer that is read into memory to be decoded, in bytes
};

/// What one call does differently. Everything left out is the client's.
struct call_options {
  std::optional<call_limits> limits{};
  std::optional<int> max_attempts{};
  cancel_token stop{};
  headers fields{};  ///< further headers, signed like the others
  headers query{};   ///< further query parameters, not encoded yet
};

}  // namespace s3store::inline v0
