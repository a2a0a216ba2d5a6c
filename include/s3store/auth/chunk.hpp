// How are the chunks of a body signed (aws-chunked)? Each signature covers its chunk and the previous signature, so that no chunk
// can be left out, swapped or repeated. For the first chunk, the previous signature is that of the headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
//
// The body's length must be known before its chunks are signed, but signatures of SigV4A differ in length. So their hex digits are
// followed by '*' up to the longest length. What the next signature covers is without them (as in awslabs/aws-c-auth).
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

  /// Ends the chunk and returns its signature: `signature_size()` characters, valid until the next signature. The last chunk must be
  /// empty.
  std::string_view finish() { return sign(of_chunk, payload::empty); }

  /// The signature of the trailer, to be called after the empty chunk. `trailer`: `name:value\n` for each field but the signature,
  /// with names in lower case.
  std::string_view finish_trailer(std::string_view trailer) {
    update(detail::as_bytes(trailer));
    return sign(of_trailer, {});
  }

  std::string_view chunk(std::span<const std::byte> bytes) {
    update(bytes);
    return finish();
  }

  /// For a server: does `signature`, as received, belong to the next chunk, or to the trailer after the last one?
  bool verifies_chunk(std::span<const std::byte> bytes, std::string_view signature) {
    update(bytes);
    return verifies(of_chunk, payload::empty, signature);
  }
  bool verifies_trailer(std::string_view trailer, std::string_view signature) {
    update(detail::as_bytes(trailer));
    return verifies(of_trailer, {}, signature);
  }

  signing_algorithm algorithm() const noexcept { return key_.algorithm(); }
  /// Characters in each signature: 64 or, for SigV4A, 144.
  std::size_t signature_size() const noexcept { return chunk_signature_size(algorithm()); }

 private:
  static constexpr std::string_view of_chunk = "-PAYLOAD", of_trailer = "-TRAILER";

  /// `before_body`: a line that a chunk has and a trailer does not: the hash of the chunk's header fields, which are always empty.
  void write_string_to_sign(std::string_view kind, std::string_view before_body) {
    const auto hash = crypto::finish_sha256(body_);
    text_.assign(name(algorithm())).append(kind).push_back('\n');
    for (const std::string_view line : {std::string_view{amz_date_}, key_.scope(), std::string_view{previous_}, before_body})
      if (!line.empty()) text_.append(line).push_back('\n');
    detail::append_hex(text_, hash);
  }
  std::string_view sign(std::string_view kind, std::string_view before_body) {
    write_string_to_sign(kind, before_body);
    previous_.clear();
    key_.append_signature(previous_, text_, scratch_);
    if (previous_.size() == signature_size()) return previous_;
    padded_ = previous_;
    padded_.append(signature_size() - previous_.size(), padding);
    return padded_;
  }
  bool verifies(std::string_view kind, std::string_view before_body, std::string_view signature) {
    write_string_to_sign(kind, before_body);
    if (algorithm() == signing_algorithm::sigv4a) signature = signature.substr(0, signature.find_last_not_of(padding) + 1);
    previous_ = signature;
    return key_.verifies(signature, text_, scratch_);
  }

  static constexpr char padding = '*';

  signing_key key_;
  std::string amz_date_;
  std::string previous_;
  std::string text_{};
  std::string padded_{};
  crypto::digest body_{crypto::digest_algorithm::sha256};
  crypto::digest scratch_{crypto::digest_algorithm::sha256};
};

}  // namespace s3store::inline S3STORE_ABI::auth
