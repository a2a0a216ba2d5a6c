// What do the calls of an upload take over from the request that PutObject would have got? Its headers, and its checksum.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/operations/multipart/upload_part.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/policies.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// The visitor that fills a request's header members from header fields.
class field_reader {
 public:
  explicit field_reader(const s3store::headers& from) noexcept : from_(from) {}

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = {}) {
    wire::read_header(from_, name, m, ignored_);
  }
  template <class T>
  void header(std::string_view name, T& m, wire::required_t) {
    header(name, m);
  }
  void headers(std::string_view prefix, metadata& m) const { wire::read_headers(from_, prefix, m); }
  void uri(auto&&...) const noexcept {}
  void query(auto&&...) const noexcept {}
  void payload(auto&&...) const noexcept {}
  void stream(auto&&...) const noexcept {}

 private:
  const s3store::headers& from_;
  wire::reading_failure ignored_{};  // can't happen: this library wrote these headers
};

/// A request R with this bucket and key, and with every header in `fields` that R also has, but those of the whole object's checksum.
template <class R>
R carried(const std::string& bucket, const std::string& key, s3store::headers fields) {
  R out{};
  out.bucket = bucket;
  out.key = key;
  for (const auto& known : crypto::checksum_algorithms) fields.erase(known.header);
  for (const std::string_view name : {"Content-Length", "Content-MD5", "x-amz-sdk-checksum-algorithm"}) fields.erase(name);
  field_reader reader{fields};
  R::describe(reader, out);
  return out;
}

/// How the parts of an upload are protected.
struct part_checksum_choice {
  std::optional<crypto::checksum_algorithm> algorithm{};
  std::string claimed{};  ///< the whole object's checksum, if the caller gave it
};

/// Chooses the algorithm that the headers of PutObject name, or else the client's. Fails with invalid_argument if it can't be used for an
/// upload in parts.
template <checksum_rules Rules>
result<part_checksum_choice> part_checksum(const s3store::headers& fields, const Rules& rules, const store_profile& profile) {
  part_checksum_choice out{.algorithm = rules.for_upload(upload_part_request::spec, profile)};
  constexpr std::string_view prefix = crypto::checksum_header_prefix;
  for (const auto [name, value] : fields) {
    const bool named = equal_ignoring_case(name, "x-amz-sdk-checksum-algorithm");
    const bool own = name.size() > prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix);
    if (!named && !own && !equal_ignoring_case(name, "Content-MD5")) continue;
    const auto known = named ? crypto::parse_checksum_algorithm(value)
                             : crypto::parse_checksum_algorithm(own ? name.substr(prefix.size()) : std::string_view{});
    if (!known || (own && !crypto::is_crc(*known)))
      return fail(error_kind::invalid_argument,
                  {"the checksum that \"", name, "\" asks for cannot be computed or checked for an upload in parts; a CRC can"});
    out.algorithm = known;
    if (own) out.claimed = value;
  }
  if (out.algorithm && !crypto::checksum{*out.algorithm, further_checksums(rules)}.usable())
    return fail(error_kind::invalid_argument, {"the checksum ", crypto::why_unusable(*out.algorithm)});
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::detail
