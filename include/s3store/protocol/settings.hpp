// What can be set for a client, and what for a single call? `settings` is for the client, `call_options` for one call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/auth/provider.hpp>
#include <s3store/config/environment.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>

namespace s3store::inline S3STORE_ABI {

/// Time limits of a call. Zero means no limit, and so does duration::max(). Exceeding `connect` is an error of kind connect, `first_byte` and `idle` of kind
/// timeout.
struct call_limits {
  duration connect{std::chrono::seconds{10}};      ///< DNS, TCP and TLS together
  duration first_byte{std::chrono::seconds{60}};   ///< from the last byte sent to the first received
  duration idle{std::chrono::seconds{30}};         ///< without a byte in either direction
  duration retry_waits{std::chrono::minutes{2}};   ///< sum of all waits between attempts; no retry once it would be exceeded
  duration total{};                                ///< the whole call with its retries; else an error of kind deadline_exceeded
};

/// Where in a URL the bucket's name goes.
enum class addressing : std::uint8_t {
  automatic,     ///< AWS: in the host name if the bucket's name allows it; other endpoints: in the path
  path,          ///< https://endpoint/bucket/key
  virtual_host,  ///< https://bucket.endpoint/key
};

/// Whether signatures cover the body. The headers are always signed, unless the credentials are anonymous.
enum class payload_signing : std::uint8_t {
  automatic,  ///< not signed over TLS, which already protects the body; signed over plain HTTP
  always,
  never,
};

/// What a store supports. The defaults are for AWS S3.
struct store_profile {
  /// The checksum of an upload if the caller chose none. nullopt: none, except a CRC32 where S3 requires a checksum.
  std::optional<crypto::checksum_algorithm> checksum{crypto::checksum_algorithm::crc64nvme};
  bool content_md5{};      ///< where S3 requires a checksum (DeleteObjects, bucket settings), send Content-MD5 instead
  bool aws_chunked{true};  ///< the store accepts a checksum in a trailer after the body
  /// Every download asks for the object's checksum and is verified. False: only those whose request asks for it (`checksum_mode`).
  bool verify_downloads{true};

  crypto::checksum_algorithm required_checksum() const noexcept { return checksum.value_or(crypto::checksum_algorithm::crc32); }
};

/// Of a client. Some can come from environment variables:
///   s3store::client s3{s3store::settings::from_environment().value()};
struct settings {
  std::string endpoint{};             ///< "https://host:port"; empty: AWS
  std::string region{"us-east-1"};
  auth::provider credentials{};       ///< `{"id", "secret"}`, or any provider; empty: by default, where AWS's tools look
  auth::refresh_windows refresh{};    ///< of credentials that expire
  addressing style{};
  bool use_accelerate{};              ///< S3 Transfer Acceleration (AWS only)
  bool use_dualstack{};               ///< IPv6 and IPv4 (AWS only)
  bool use_fips{};                    ///< FIPS endpoints (AWS only)
  /// What is for us-east-1 goes to AWS's global endpoint, s3.amazonaws.com (`s3_us_east_1_regional_endpoint = legacy`).
  bool use_global_endpoint{};
  /// An ARN may be of another region than `region`, and the request then goes to that one (`s3_use_arn_region`).
  bool use_arn_region{true};
  bool disable_multiregion_access_points{};  ///< their ARNs are refused (`s3_disable_multiregion_access_points`)
  /// The regions in which what is signed with SigV4A is valid, as in `auth::signing_scope` (`sigv4a_signing_region_set`). Empty: those that
  /// the endpoint asks for, "*" for Multi-Region Access Points and Outposts; else the region.
  std::string sigv4a_region_set{};
  /// Requests for directory buckets are signed with the client's own credentials, each checked by IAM, and not with those of a session
  /// (`s3_disable_express_session_auth`).
  bool disable_express_session_auth{};
  /// Of the sessions with directory buckets, which last about 5 minutes.
  auth::refresh_windows express_refresh{
      .advisory = std::chrono::seconds{45}, .mandatory = std::chrono::seconds{10}, .pause = std::chrono::seconds{5}};
  call_limits limits{};
  std::optional<int> max_attempts{};  ///< how often a call sends at most; the first time counts. nullopt: the retry policy decides
  /// The client sends no faster than the server takes it: after an answer that throttles, requests wait for their turn (retry/send_rate.hpp).
  bool adaptive_retry{};
  payload_signing signing{};
  store_profile profile{};
  std::string expected_bucket_owner{};  ///< account id for x-amz-expected-bucket-owner, in bucket requests that do not set it
  std::string request_payer{};          ///< "requester": for x-amz-request-payer, likewise
  std::string user_agent_suffix{};
  std::uint64_t max_document{64u << 20};  ///< bytes; a longer XML answer is an error of kind malformed_response
  /// Bytes that a call without a sink (`get_object`) reads into memory. A longer body is an error of kind too_large.
  std::uint64_t max_body{std::uint64_t{1} << 30};
  /// A PEM file; only its authorities are trusted then. For a curl_transport that has none in its own settings; other transports, and
  /// loops, are told in a way of their own.
  std::string ca_bundle{};

  /// Which members were read from somewhere, and from where: {"region", "the environment variable AWS_REGION"}. For `describe`.
  struct source {
    std::string_view member{};  ///< as it is called here
    std::string place{};
  };
  std::vector<source> sources{};

  /// `otherwise`, with what the variables of protocol/environment_settings.hpp set instead, and for those that are unset or empty the
  /// profile in use: region, endpoint, checksums, attempts, and authorities. Fails with error_kind::configuration if a value is white
  /// space or not accepted (the message names the variable, or the file and the line, and what is accepted there, never the value), if a
  /// file is malformed, or if a profile that was chosen is missing; and with error_kind::io if a file cannot be read. Credentials are not
  /// read here, but when they are first needed.
  static result<settings> from_environment(const environment& variables, settings otherwise);
  static result<settings> from_environment(const environment& variables = environment::process());
  /// The same for a profile that is named here; and its credentials, unless `otherwise` has some.
  static result<settings> from_profile(std::string_view name, const environment& variables, settings otherwise);
  static result<settings> from_profile(std::string_view name, const environment& variables = environment::process());
};

/// A line for each setting, with its value and where that was read, if it was: for a log, or a bug report. It has no secrets: of the
/// credentials it says only whether they were given.
std::string describe(const settings& s);

/// Options for one call. What is not set is as in the client's settings.
struct call_options {
  std::optional<call_limits> limits{};
  std::optional<int> max_attempts{};        ///< see `settings::max_attempts`
  std::optional<std::uint64_t> max_body{};  ///< bytes; see `settings::max_body`
  cancel_token stop{};                      ///< cancelling it, from any thread, ends the call with an error of kind cancelled
  headers fields{};  ///< additional headers; they are signed
  headers query{};   ///< additional query parameters; the library encodes them
};

}  // namespace s3store::inline S3STORE_ABI
