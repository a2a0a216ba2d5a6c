// Did the body arrive complete and unchanged? Every digest and checksum in the request must match the body.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/canonical.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/transports/embedded/chunked.hpp>
#include <s3store/transports/embedded/context.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline error bad_digest(std::string_view which) {
  return refusal("BadDigest", 400, detail::concat({"the body does not have the ", which, " that the request names"}));
}

/// Fails if the body is not as long as its header says.
inline result<void> check_length(const received_request& r) {
  const auto length = r.fields.get("Content-Length");
  if (length && detail::parse_integer<std::uint64_t>(*length) != std::optional<std::uint64_t>{r.body.size()})
    return refusal("IncompleteBody", 400, "the body has not as many bytes as Content-Length says");
  return {};
}

/// Removes aws-chunked from Content-Encoding, since it belongs to the transfer, not to the object; S3 does so however the body is sent.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
inline void keep_own_encoding(headers& fields) {
  std::string own;
  bool chunked = false;
  for (const auto [name, value] : fields)
    if (detail::equal_ignoring_case(name, "Content-Encoding"))
      detail::split(value, ',', [&](std::string_view one) {
        one = detail::trim(one);
        const bool of_transfer = detail::equal_ignoring_case(one, "aws-chunked");
        chunked = chunked || of_transfer;
        if (!one.empty() && !of_transfer) own.append(own.empty() ? "" : ",").append(one);
      });
  if (!chunked) return;
  fields.erase("Content-Encoding");
  if (!own.empty()) fields.add("Content-Encoding", own);
}

/// Decodes a body in aws-chunked encoding, and adds its trailer to the headers. `signatures` verifies signed chunks.
inline result<void> unpack(received_request& r, std::optional<auth::chunk_signer> signatures) {
  keep_own_encoding(r.fields);
  const std::string payload{r.fields.value_or_empty("x-amz-content-sha256")};
  if (!payload.starts_with("STREAMING-")) return {};
  const bool by_sigv4a = payload == auth::payload::sigv4a_chunks || payload == auth::payload::sigv4a_chunks_with_trailer;
  const bool is_signed = by_sigv4a || payload == auth::payload::signed_chunks || payload == auth::payload::signed_chunks_with_trailer;
  if (!is_signed && payload != auth::payload::not_signed_with_trailer) return not_done(detail::concat({"payloads of the kind ", payload}));
  if (is_signed && !signatures) return refusal("AccessDenied", 403, "signed chunks need signed headers");
  if (is_signed && by_sigv4a != (signatures->algorithm() == auth::signing_algorithm::sigv4a))
    return bad_request("the chunks are signed by another algorithm than the headers");
  const auto length = detail::parse_integer<std::uint64_t>(r.fields.value_or_empty("x-amz-decoded-content-length"));
  if (!length) return refusal("MissingContentLength", 411, "a body in chunks needs the header x-amz-decoded-content-length");
  const bool has_trailer = payload != auth::payload::signed_chunks && payload != auth::payload::sigv4a_chunks;
  if (auto complete = check_length(r); !complete) return complete;
  // A trailer sets headers, and it may set only these. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
  bool checksums = true;
  if (has_trailer)
    detail::split(r.fields.value_or_empty("x-amz-trailer"), ',', [&checksums](std::string_view name) {
      name = detail::trim(name);
      constexpr std::string_view prefix = crypto::checksum_header_prefix;
      checksums = checksums && (name.empty() || detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix));
    });
  if (!checksums) return bad_request("The value specified in the x-amz-trailer header is not supported");
  chunk_reader reader{r.body, is_signed ? std::move(signatures) : std::nullopt};
  auto decoded = reader.read(has_trailer ? r.fields.value_or_empty("x-amz-trailer") : std::string_view{});
  if (!decoded) return std::move(decoded.error());
  if (decoded->bytes.size() != *length)
    return refusal("IncompleteBody", 400,
                   "the body has not as many bytes as x-amz-decoded-content-length says");
  r.body = std::move(decoded->bytes);
  for (const auto [name, value] : decoded->trailer) {
    if (r.fields.contains(name)) return bad_request(detail::concat({"the request has ", name, " in its headers and in its trailer"}));
    r.fields.add(name, value);
  }
  r.fields.erase("Content-Length");
  return {};
}

/// The checksum of the body that a request names, if any; more than one is an error.
inline result<std::optional<checksum_value>> named_checksum(const headers& fields, const embedded_options& options) {
  constexpr std::string_view prefix = crypto::checksum_header_prefix;
  std::optional<checksum_value> out;
  for (const auto [name, value] : fields) {
    if (name.size() <= prefix.size() || !detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix)) continue;
    const auto algorithm_name = name.substr(prefix.size());
    if (detail::equal_ignoring_case(algorithm_name, "type") || detail::equal_ignoring_case(algorithm_name, "algorithm") ||
        detail::equal_ignoring_case(algorithm_name, "mode"))
      continue;
    auto sum = new_checksum(algorithm_name, options);
    if (!sum) return std::move(sum.error());
    if (out) return bad_request("a request has at most one x-amz-checksum-* of its body");
    const auto raw = detail::from_base64(value);
    if (!raw || raw->size() != crypto::traits_of(sum->algorithm()).size)
      return bad_request(detail::concat({"the value of ", detail::lower_case(name), " is no such checksum in base64"}));
    out = checksum_value{sum->algorithm(), std::string(value)};
  }
  const auto announced = fields.get("x-amz-sdk-checksum-algorithm");
  if (announced && !out && !fields.contains("Content-MD5"))
    return bad_request(
        "x-amz-sdk-checksum-algorithm announces a checksum that is not there");
  if (announced && out && !detail::equal_ignoring_case(*announced, crypto::name(out->algorithm)))
    return bad_request("x-amz-sdk-checksum-algorithm announces another checksum than the one that is there");
  return out;
}

/// True if S3 takes this request only with a Content-MD5 or a checksum. The clients must send one with many more operations, which the
/// declarations say; of these S3 also takes a request that has none. AWS's pages do not tell the two kinds apart. This follows the AWS
/// SDK for Python before it sent checksums: it had to compute an MD5 for these, and for the others did so only where it could. For object
/// lock it follows MinIO.
inline bool needs_digest(const operation_spec& spec) {
  constexpr std::array those{"DeleteObjects",         "PutBucketTagging",     "PutBucketLifecycleConfiguration",
                             "PutBucketCors",         "PutBucketReplication", "PutObjectLockConfiguration",
                             "PutObjectRetention",    "PutObjectLegalHold"};
  return spec.checksum == request_checksum::required && std::find(those.begin(), those.end(), spec.name) != those.end();
}

/// Verifies the decoded body of a request.
inline result<body_facts> check_body(const received_request& r, const operation_spec& spec, const embedded_options& options) {
  const auto bytes = detail::as_bytes(r.body);
  if (auto complete = check_length(r); !complete) return std::move(complete.error());
  const auto hash = r.fields.value_or_empty("x-amz-content-sha256");
  if (!hash.empty() && hash != auth::payload::not_signed && !hash.starts_with("STREAMING-")) {
    if (hash.size() != 64 || !detail::from_hex(hash))
      return invalid("x-amz-content-sha256 must be the hash of the body in hex, UNSIGNED-PAYLOAD, or one of the STREAMING- kinds");
    if (crypto::sha256_hex(bytes) != hash)
      return refusal("XAmzContentSHA256Mismatch", 400,
                     "the body does not have the hash that x-amz-content-sha256 names");
  }

  body_facts out;
  etag_hash etag;
  etag.update(bytes);
  out.etag = in_quotes(detail::hex(detail::as_bytes(etag.finish())));
  if (const auto named = r.fields.get("Content-MD5")) {
    const auto raw = detail::from_base64(*named);
    if (!raw || raw->size() != 16) return refusal("InvalidDigest", 400, "Content-MD5 must be 16 bytes in base64");
    auto md5 = new_checksum("MD5", options);
    if (!md5) return std::move(md5.error());
    md5->update(bytes);
    if (md5->base64() != *named) return bad_digest("Content-MD5");
  }
  if (spec.checksum == request_checksum::none) return out;  // then a checksum in the request is the object's, not the body's
  auto named = named_checksum(r.fields, options);
  if (!named) return std::move(named.error());
  if (*named) {
    crypto::checksum sum{(*named)->algorithm, options.further_checksums};
    sum.update(bytes);
    if (sum.base64() != (*named)->text) return bad_digest(detail::lower_case(crypto::name((*named)->algorithm)));
    out.checksum = std::move(*named);
  } else if (needs_digest(spec) && !r.fields.contains("Content-MD5")) {
    return bad_request("this request needs a Content-MD5 or an x-amz-checksum-*");
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
