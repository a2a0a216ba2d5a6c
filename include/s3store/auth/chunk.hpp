// How are the chunks of a body signed (aws-chunked)? Each signature covers its chunk and the signature before it, so that none can
// be left out, swapped or repeated; the first one follows the signature of the headers.
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

namespace s3store::inline v0::auth {

/// The chain of signatures of one body. Not thread-safe.
class chunk_signer {
 public:
  /// `seed`: the signature in the request's headers; `amz_date`: their x-amz-date.
  chunk_signer(signing_key key, std::string_view amz_date, std::string_view seed)
      : key_(std::move(key)), amz_date_(amz_date), previous_(seed) {}

  /// Bytes of the chunk that is next, in pieces of any size.
  void update(std::span<const std::byte> bytes) noexcept { body_.update(bytes); }

  /// Ends the chunk; the last one is empty. 64 hex digits, valid until the next call.
  std::string_view finish() { return sign("AWS4-HMAC-SHA256-PAYLOAD", payload::empty); }

  /// The signature of the trailer, after the empty chunk. `trailer` is what is signed of it: `name:value\n` for each field but the
  /// signature's own, names in lower case.
  std::string_view finish_trailer(std::string_view trailer) {
    update(as_bytes(trailer));
    return sign("AWS4-HMAC-SHA256-TRAILER", {});
  }

  std::string_view chunk(std::span<const std::byte> bytes) {
    update(bytes);
    return finish();
  }

 private:
  /// `before_body`: the hash of the chunk's header fields, of which there are none; a trailer has no such line.
  std::string_view sign(std::string_view kind, std::string_view before_body) {
    std::array<std::byte, crypto::digest::max_size> hash;
    body_.finish(hash);
    text_.clear();
    for (const std::string_view line : {kind, std::string_view{amz_date_}, key_.scope(), std::string_view{previous_}, before_body})
      if (!line.empty()) text_.append(line).push_back('\n');
    append_hex(text_, std::span(hash).first<sizeof(crypto::sha256_value)>());
    previous_.clear();
    append_hex(previous_, key_.sign(text_, scratch_));
    return previous_;
  }

  signing_key key_;
  std::string amz_date_;
  std::string previous_;
  std::string text_{};
  crypto::digest body_{crypto::digest_algorithm::sha256};
  crypto::digest scratch_{crypto::digest_algorithm::sha256};
};

}  // namespace s3store::inline v0::auth
