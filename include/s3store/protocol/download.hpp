// What happens to the bytes of an answer on their way to the caller's sink? They are counted and hashed, and a broken download is
// taken up where it broke, so that no byte is delivered twice.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>

namespace s3store::inline v0 {

class download final : public http::sink {
 public:
  explicit download(http::sink& into) noexcept : into_(into) {}

  /// The head of a successful answer; `further` makes checksums that are not at home here. False: it does not continue what was delivered, and the error says why.
  result<void> begin(const http::response& head, bool verify, crypto::checksum_maker further = nullptr) {
    if (resuming_) {
      byte_range range;
      const bool continues = head.status == 206 && read_content_range(head.fields.value_or_empty("Content-Range"), range) &&
                             range.first == due_.first + delivered_ && (due_.last == unknown || range.last == due_.last);
      const auto etag = head.fields.get("ETag");
      if (!continues || (etag && *etag != etag_))
        return fail(error_kind::connection_lost,
                    {"the download broke after ", decimal(delivered_), " bytes, and the server did not continue it there"});
      return {};
    }
    etag_ = head.fields.value_or_empty("ETag");
    due_ = {};
    if (head.status != 206) {
      std::uint64_t length = 0;
      if (read_integer(head.fields.value_or_empty("Content-Length"), length) && length != 0) due_.last = length - 1;
    } else if (!read_content_range(head.fields.value_or_empty("Content-Range"), due_)) {
      due_ = {};
      etag_.clear();  // several ranges at once: there is no telling where to go on
    }
    expected_.clear();
    hash_.reset();
    found_ = integrity::absent;
    if (verify) choose_checksum(head, further);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    if (hash_) hash_->update(bytes);
    delivered_ += bytes.size();  // some of them, where the sink fails
    return into_.write(bytes);
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// Makes ready for another attempt: from the start where the sink can take back what it has, else behind it, if that `may_resume`.
  /// False: neither is possible.
  bool restart(bool may_resume) {
    if (delivered_ == 0 || into_.seek(0)) {
      delivered_ = 0;
      resuming_ = false;
      return true;
    }
    resuming_ = may_resume && !etag_.empty();
    return resuming_;
  }

  /// The headers of an attempt that goes on behind what was delivered: the rest of the range, of the same object.
  bool resuming() const noexcept { return resuming_; }
  std::string range() const {
    return concat({"bytes=", decimal(due_.first + delivered_), "-", due_.last == unknown ? std::string{} : decimal(due_.last)});
  }
  const std::string& etag() const noexcept { return etag_; }

  /// After the last byte: how the bytes were checked, or an error of kind integrity.
  result<integrity> finish() {
    if (!hash_) return found_;
    const std::string actual = hash_->base64();
    if (actual == expected_) return integrity::verified;
    return fail(error_kind::integrity,
                {"the body's ", crypto::name(hash_->algorithm()), " is ", actual, ", but the answer promised ", expected_});
  }

 private:
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};  // no object has a byte there
  struct byte_range {
    std::uint64_t first{};
    std::uint64_t last{unknown};
  };
  /// `bytes 0-9/100` (RFC 9110, section 14.4)
  static bool read_content_range(std::string_view s, byte_range& into) {
    if (!s.starts_with("bytes ")) return false;
    s = trim(s.substr(6));
    const auto dash = s.find('-');
    const auto slash = s.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return false;
    return read_integer(s.substr(0, dash), into.first) && read_integer(s.substr(dash + 1, slash - dash - 1), into.last) &&
           into.first <= into.last;
  }

  void choose_checksum(const http::response& head, crypto::checksum_maker further) {
    for (const auto& [algorithm, name, header, size] : crypto::checksum_algorithms) {
      const auto value = head.fields.get(header);
      if (!value) continue;
      // A composite one ends in the number of its parts: "base64-3".
      if (head.fields.value_or_empty("x-amz-checksum-type") == "COMPOSITE" || value->find('-') != std::string_view::npos) {
        found_ = integrity::composite;
      } else if (head.status == 206) {
        found_ = integrity::ranged;
      } else {
        expected_ = *value;
        if (hash_.emplace(algorithm, further).usable()) return;
        hash_.reset();  // an answer that nobody here can check is as good as one without
      }
    }
    if (found_ == integrity::absent && head.status == 206) found_ = integrity::ranged;
  }

  http::sink& into_;
  std::uint64_t delivered_{};
  byte_range due_{};  ///< of the object, as the first answer's head has it
  std::string etag_{};
  std::string expected_{};
  std::optional<crypto::checksum> hash_{};
  integrity found_{};
  bool resuming_{};
};

}  // namespace s3store::inline v0
