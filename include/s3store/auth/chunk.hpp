// How are the chunks of a body signed (aws-chunked)? Each signature covers its chunk and the previous signature, so that no chunk
// can be left out, swapped or repeated. For the first chunk, the previous signature is that of the headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/canonical.hpp>
#include <s3store/auth/signing_key.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Signs the chunks of one body, in order. Not thread-safe.
class chunk_signer {
 public:
  /// `seed`: the signature in the request's headers; `amz_date`: their x-amz-date. Throws std::bad_alloc.
  chunk_signer(signing_key key, std::string_view amz_date, std::string_view seed)
      : key_(std::move(key)), amz_date_(amz_date), previous_(seed) {}

  /// Adds bytes to the current chunk, in pieces of any size.
  void update(std::span<const std::byte> bytes) noexcept { body_.update(bytes); }

  /// Ends the chunk and returns its signature: 64 hex digits, valid until the next signature. The last chunk must be empty.
  std::string_view finish() { return sign("AWS4-HMAC-SHA256-PAYLOAD", payload::empty); }

  /// The signature of the trailer, to be called after the empty chunk. `trailer`: `name:value\n` for each field but the signature,
  /// with names in lower case.
  std::string_view finish_trailer(std::string_view trailer) {
    update(detail::as_bytes(trailer));
    return sign("AWS4-HMAC-SHA256-TRAILER", {});
  }

  std::string_view chunk(std::span<const std::byte> bytes) {
    update(bytes);
    return finish();
  }

 private:
  /// `before_body`: a line that a chunk has and a trailer does not: the hash of the chunk's header fields, which are always empty.
  std::string_view sign(std::string_view kind, std::string_view before_body) {
    const auto hash = crypto::finish_sha256(body_);
    text_.clear();
    for (const std::string_view line : {kind, std::string_view{amz_date_}, key_.scope(), std::string_view{previous_}, before_body})
      if (!line.empty()) text_.append(line).push_back('\n');
    detail::append_hex(text_, hash);
    previous_.clear();
    detail::append_hex(previous_, key_.sign(text_, scratch_));
    return previous_;
  }

  signing_key key_;
  std::string amz_date_;
  std::string previous_;
  std::string text_{};
  crypto::digest body_{crypto::digest_algorithm::sha256};
  crypto::digest scratch_{crypto::digest_algorithm::sha256};
};

}  // namespace s3store::inline S3STORE_ABI::auth
