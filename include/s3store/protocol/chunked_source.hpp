// How does a checksum follow a body that is read only once? The body is sent in chunks, which may each carry a signature, and the
// checksum comes after them in a trailer. S3 calls this encoding aws-chunked.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
//
//  unsigned  100000\r\n<1048576 bytes>\r\n … 0\r\nx-amz-checksum-crc64nvme:…\r\n\r\n
//  signed    10000;chunk-signature=<hex>\r\n<bytes>\r\n … 0;chunk-signature=<hex>\r\n<trailer>x-amz-trailer-signature:<hex>\r\n\r\n
//
// S3 takes no body without Content-Length. So the body's length must be known, and the encoded length is computed from it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/auth/chunk.hpp>
#include <s3store/core/text.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::wire {

class chunked_source final : public http::source {
 public:
  /// `from` has exactly `length` bytes and must outlive this. `hash` computes the trailer's checksum and must be usable; without it
  /// the chunks must be signed.
  chunked_source(http::source& from, std::uint64_t length, std::optional<crypto::checksum> hash)
      : from_(from), length_(length), hash_(std::move(hash)) {}

  /// Starts a new attempt. Chunk signatures continue from the signature of the attempt's headers, which `signer` holds; without a
  /// signer the chunks are unsigned.
  void start(std::optional<auth::chunk_signer> signer) {
    signer_ = std::move(signer);
    if (signer_) signature_size_ = signer_->signature_size();
    if (hash_) hash_->reset();
    checksum_.clear();
    if (signer_ && !block_) block_ = std::unique_ptr<std::byte[]>{new std::byte[signed_chunk_size]};
    left_ = length_;
    in_chunk_ = 0;
    block_at_ = block_end_ = 0;
    ended_ = false;
    pending_.clear();
    pending_at_ = 0;
  }
  void sign(bool with_signatures) noexcept { is_signed_ = with_signatures; }

  /// How many bytes are sent, framing included. Depends on the signatures' algorithm, so it is to be asked after `start`.
  std::uint64_t encoded_size() const noexcept {
    const auto frame = [this](std::uint64_t n) { return hex_digits(n) + (is_signed_ ? signature_name.size() + signature_size_ : 0) + 2; };
    const std::uint64_t chunk = chunk_size(), whole = length_ / chunk, rest = length_ % chunk;
    std::uint64_t size = whole * (frame(chunk) + chunk + 2);
    if (rest != 0) size += frame(rest) + rest + 2;
    size += frame(0);
    if (hash_) {
      size += crypto::header_name(hash_->algorithm()).size() + 1 + crypto::base64_size(hash_->algorithm()) + 2;
      if (is_signed_) size += trailer_signature_name.size() + signature_size_ + 2;
    }
    return size + 2;
  }

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    try {
      return encode(into);
    } catch (...) {
      return detail::out_of_memory();
    }
  }
  /// True only if nothing was read yet. Later only `start` can begin anew, because chunk signatures depend on those of the headers.
  bool seek(std::uint64_t from) noexcept override { return from == 0 && left_ == length_ && in_chunk_ == 0 && !ended_; }
  std::optional<std::uint64_t> size() const noexcept override { return encoded_size(); }

  /// In base64; empty until the last byte of the body was read, or if there is none.
  const std::string& checksum() const noexcept { return checksum_; }

 private:
  /// A chunk that is signed is held in memory. One that is not is passed through, so it may be long, which saves system calls; servers have
  /// limits (MinIO: 16 MiB), and botocore sends 1 MiB.
  static constexpr std::size_t signed_chunk_size = std::size_t{64} * 1024, unsigned_chunk_size = std::size_t{1} << 20;
  std::size_t chunk_size() const noexcept { return is_signed_ ? signed_chunk_size : unsigned_chunk_size; }
  static constexpr std::string_view signature_name = ";chunk-signature=";
  static constexpr std::string_view trailer_signature_name = "x-amz-trailer-signature:";

  result<std::size_t> encode(std::span<std::byte> into) {
    std::size_t done = 0;
    while (done != into.size()) {
      const auto rest = into.subspan(done);
      if (pending_at_ != pending_.size()) {
        done += copy_out(rest, detail::as_bytes(pending_).subspan(pending_at_), pending_at_);
      } else if (block_at_ != block_end_) {
        done += copy_out(rest, {block_.get() + block_at_, block_end_ - block_at_}, block_at_);
        if (block_at_ == block_end_) set_pending("\r\n");
      } else if (in_chunk_ != 0) {
        auto got = pass_through(rest);
        if (!got) return got;
        done += *got;
      } else if (ended_) {
        break;
      } else if (auto begun = left_ != 0 ? begin_chunk() : end(); !begun) {
        return result<std::size_t>::failed_as(std::move(begun));
      }
    }
    return done;
  }

  static std::uint64_t hex_digits(std::uint64_t n) noexcept {
    std::uint64_t digits = 1;
    while (n >>= 4) ++digits;
    return digits;
  }
  static std::size_t copy_out(std::span<std::byte> into, std::span<const std::byte> from, std::size_t& at) noexcept {
    const std::size_t n = (std::min)(into.size(), from.size());
    std::memcpy(into.data(), from.data(), n);
    at += n;
    return n;
  }
  void set_pending(std::string_view text) {
    pending_ = text;
    pending_at_ = 0;
  }
  void frame(std::size_t size, std::string_view signature) {
    set_pending({});
    detail::append_digits(pending_, size, 16);
    if (is_signed_) pending_.append(signature_name).append(signature);
    pending_.append("\r\n");
  }

  /// A signed chunk is read completely first, because its signature is sent before its bytes. An unsigned chunk is passed through.
  result<void> begin_chunk() {
    const std::size_t size = static_cast<std::size_t>((std::min)(left_, std::uint64_t{chunk_size()}));
    if (!signer_) {
      in_chunk_ = size;
      frame(size, {});
      return {};
    }
    for (std::size_t have = 0; have != size;) {
      auto got = take({block_.get() + have, size - have});
      if (!got) return result<void>::failed_as(std::move(got));
      have += *got;
    }
    frame(size, signer_->chunk({block_.get(), size}));
    block_at_ = 0;
    block_end_ = size;
    return {};
  }
  result<std::size_t> pass_through(std::span<std::byte> into) {
    auto got = take(into.first((std::min)(into.size(), in_chunk_)));
    if (!got) return got;
    in_chunk_ -= *got;
    if (in_chunk_ == 0) set_pending("\r\n");
    return got;
  }
  /// Reads and hashes bytes of the body. If the body ends early, that is an error, because its length was already sent.
  result<std::size_t> take(std::span<std::byte> into) {
    auto got = http::read_some(from_, into);
    if (!got) return got;
    if (*got == 0)
      return detail::fail(error_kind::body_source,
                  {"the body ended ", detail::decimal(left_), " bytes before its promised length of ", detail::decimal(length_)});
    if (hash_) hash_->update(into.first(*got));
    left_ -= *got;
    return got;
  }
  result<void> end() {
    frame(0, signer_ ? signer_->chunk({}) : std::string_view{});
    if (hash_) {
      checksum_ = hash_->base64();
      const std::string trailer = detail::concat({crypto::header_name(hash_->algorithm()), ":", checksum_});
      pending_.append(trailer).append("\r\n");
      if (signer_) pending_.append(trailer_signature_name).append(signer_->finish_trailer(detail::concat({trailer, "\n"}))).append("\r\n");
    }
    pending_.append("\r\n");
    ended_ = true;
    return {};
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t left_{};
  std::optional<crypto::checksum> hash_{};
  std::string checksum_{};
  std::optional<auth::chunk_signer> signer_{};
  std::unique_ptr<std::byte[]> block_{};  ///< the signed chunk that is being sent
  std::size_t block_at_{}, block_end_{};
  std::size_t in_chunk_{};                ///< bytes of an unsigned chunk still to be passed through
  std::string pending_{};                 ///< framing that is being sent
  std::size_t pending_at_{};
  std::size_t signature_size_{auth::chunk_signature_size({})};  ///< known when the attempt is signed
  bool is_signed_{};
  bool ended_{};
};

}  // namespace s3store::inline S3STORE_ABI::wire
