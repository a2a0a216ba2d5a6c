// Are the bytes of an object those that were uploaded? They pass here in order, and each stretch of them is compared with its checksum: the
// whole, or each part as it was uploaded, where the object's checksum is made of those of its parts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>
#include <s3store/operations/object/get_object_attributes.hpp>
#include <s3store/transfer/parts.hpp>

namespace s3store::inline S3STORE_ABI::detail {

struct summed_stretch {
  std::uint64_t length{};    ///< bytes
  std::string expected{};    ///< in base64
};

/// Every byte must be written, once.
class object_sum final : public http::sink {
 public:
  object_sum(crypto::checksum_algorithm a, crypto::checksum_maker further, std::vector<summed_stretch> all)
      : sum_(a, further), all_(std::move(all)) {}

  bool usable() const noexcept { return sum_.usable(); }
  /// The first stretch that is not what it should be. An error of kind integrity.
  const std::optional<error>& mismatch() const noexcept { return mismatch_; }
  /// All stretches have passed and are right.
  bool right() const noexcept { return !mismatch_ && at_ == all_.size(); }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    while (at_ != all_.size()) {
      const auto piece = bytes.first(static_cast<std::size_t>((std::min)(std::uint64_t{bytes.size()}, all_[at_].length - passed_)));
      sum_.update(piece);
      passed_ += piece.size();
      bytes = bytes.subspan(piece.size());
      if (passed_ != all_[at_].length) return {};
      compare();
      ++at_;
      passed_ = 0;
    }
    return {};
  }
  bool seek(std::uint64_t) noexcept override { return false; }

 private:
  void compare() noexcept {
    try {
      const std::string actual = sum_.base64();
      if (mismatch_ || actual == all_[at_].expected) return;
      const std::string_view name = crypto::name(sum_.algorithm());
      const std::string what =
          all_.size() == 1 ? concat({"the object's ", name}) : concat({"the ", name, " of the uploaded part ", decimal(at_ + 1)});
      mismatch_ = detail::fail(error_kind::integrity, {what, " is ", actual, ", but the server promised ", all_[at_].expected});
    } catch (...) {
      mismatch_ = out_of_memory();
    }
  }

  crypto::checksum sum_;
  std::vector<summed_stretch> all_;
  std::size_t at_{};
  std::uint64_t passed_{};  // bytes of the stretch `at_`
  std::optional<error> mismatch_{};
};

/// The parts of an object as they were uploaded, made of the pages of GetObjectAttributes.
class uploaded_parts {
 public:
  /// The checksum of the object: it is that of the checksums of its parts, in base64, then "-" and their number.
  uploaded_parts(crypto::checksum_algorithm a, std::string of_object) : algorithm_(a), of_object_(std::move(of_object)) {}

  /// False: the page has parts without a size or a checksum.
  bool append(types::get_object_attributes_parts& page) {
    for (types::object_part& p : page.parts) {
      std::string& sum = checksum_member(p, algorithm_);
      if (!p.size || *p.size < 0 || sum.empty()) return false;
      all_.push_back({static_cast<std::uint64_t>(*p.size), std::move(sum)});
    }
    return !page.parts.empty();
  }
  std::size_t size() const noexcept { return all_.size(); }

  /// The parts, if they are those of an object of that size with that checksum; else none.
  std::vector<summed_stretch> take(std::uint64_t size, crypto::checksum_maker further) {
    crypto::checksum of_parts{algorithm_, further};
    std::uint64_t left = size;
    for (const summed_stretch& p : all_) {
      const auto digest = from_base64(p.expected);
      if (!digest || p.length > left) return {};
      of_parts.update(as_bytes(*digest));
      left -= p.length;
    }
    if (left != 0 || !of_parts.usable() || concat({of_parts.base64(), "-", decimal(all_.size())}) != of_object_) return {};
    return std::move(all_);
  }

 private:
  crypto::checksum_algorithm algorithm_;
  std::string of_object_;
  std::vector<summed_stretch> all_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
