// What happens to the bytes of an answer before the caller's sink gets them? They are counted and hashed. A broken download
// continues where it stopped, so that no byte is delivered twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <s3store/core/byte_range.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline S3STORE_ABI::wire {

class download final : public http::sink {
 public:
  explicit download(http::sink& into) noexcept : into_(into) {}

  /// Takes the head of a successful answer. `further` makes checksums that the library does not have built in. Fails with
  /// connection_lost if a resumed download does not continue where the last attempt stopped.
  result<void> begin(const http::response& head, bool verify, crypto::checksum_maker further = nullptr) {
    if (resuming_) {
      byte_range range;
      const bool continues = head.status == 206 && read_content_range(head.fields.value_or_empty("Content-Range"), range) &&
                             range.first == due_.first + delivered_ && (due_.last == unknown || range.last == due_.last);
      const auto etag = head.fields.get("ETag");
      if (!continues || (etag && *etag != etag_))
        return detail::fail(error_kind::connection_lost,
                    {"the download broke after ", detail::decimal(delivered_), " bytes, and the server did not continue it there"});
      return {};
    }
    etag_ = head.fields.value_or_empty("ETag");
    due_ = {0, unknown};
    if (head.status != 206) {
      std::uint64_t length = 0;
      if (detail::read_integer(head.fields.value_or_empty("Content-Length"), length) && length != 0) due_.last = length - 1;
    } else if (!read_content_range(head.fields.value_or_empty("Content-Range"), due_)) {
      due_ = {0, unknown};
      etag_.clear();  // several ranges in one answer: such a download can't be resumed
    }
    expected_.clear();
    hash_.reset();
    found_ = integrity::absent;
    if (verify) choose_checksum(head, further);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (hash_) hash_->update(bytes);
    delivered_ += bytes.size();  // if the sink fails, it may have got only some of them
    return into_.write(bytes);
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// Prepares another attempt: from the start if the sink can discard what it has; otherwise after the last delivered byte, if
  /// `may_resume`. False: neither is possible.
  bool restart(bool may_resume) {
    if (delivered_ == 0 || into_.seek(0)) {
      delivered_ = 0;
      resuming_ = false;
      return true;
    }
    resuming_ = may_resume && !etag_.empty();
    return resuming_;
  }

  /// If true, the next attempt sends `range()` as Range and `etag()` as If-Match: the missing bytes of the same object.
  bool resuming() const noexcept { return resuming_; }
  std::string range() const {
    return detail::concat({"bytes=", detail::decimal(due_.first + delivered_), "-", due_.last == unknown ? std::string{} : detail::decimal(due_.last)});
  }
  const std::string& etag() const noexcept { return etag_; }

  /// Called after the last byte: how the bytes were checked, or an error of kind integrity.
  result<integrity> finish() {
    if (!hash_) return found_;
    const std::string actual = hash_->base64();
    if (actual == expected_) return integrity::verified;
    return detail::fail(error_kind::integrity,
                {"the body's ", crypto::name(hash_->algorithm()), " is ", actual, ", but the answer promised ", expected_});
  }

 private:
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};  // no object has a byte there
  /// `bytes 0-9/100` (RFC 9110, section 14.4)
  static bool read_content_range(std::string_view s, byte_range& into) {
    if (!s.starts_with("bytes ")) return false;
    s = detail::trim(s.substr(6));
    const auto dash = s.find('-');
    const auto slash = s.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return false;
    return detail::read_integer(s.substr(0, dash), into.first) && detail::read_integer(s.substr(dash + 1, slash - dash - 1), into.last) &&
           into.first <= into.last;
  }

  void choose_checksum(const http::response& head, crypto::checksum_maker further) {
    for (const auto& [algorithm, name, header, size] : crypto::checksum_algorithms) {
      const auto value = head.fields.get(header);
      if (!value) continue;
      // A composite checksum ends in the number of parts: "base64-3".
      if (head.fields.value_or_empty("x-amz-checksum-type") == "COMPOSITE" || value->find('-') != std::string_view::npos) {
        found_ = integrity::composite;
      } else if (head.status == 206) {
        found_ = integrity::ranged;
      } else {
        expected_ = *value;
        if (hash_.emplace(algorithm, further).usable()) return;
        hash_.reset();  // a checksum that can't be computed here counts as none
      }
    }
    if (found_ == integrity::absent && head.status == 206) found_ = integrity::ranged;
  }

  http::sink& into_;
  std::uint64_t delivered_{};
  byte_range due_{0, unknown};  ///< the bytes of the object that the first answer announced
  std::string etag_{};
  std::string expected_{};
  std::optional<crypto::checksum> hash_{};
  integrity found_{};
  bool resuming_{};
};

}  // namespace s3store::inline S3STORE_ABI::wire
