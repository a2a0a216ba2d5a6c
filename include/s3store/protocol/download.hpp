// What happens to the bytes of an answer before the caller's sink gets them? They are compared with what was asked for and announced,
// counted and hashed. A broken download continues where it stopped, so that no byte is delivered twice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>
#include <s3store/protocol/requested_range.hpp>

namespace s3store::inline S3STORE_ABI::wire {

class download final : public http::sink {
 public:
  explicit download(http::sink& into) noexcept : into_(into) {}

  /// Says what the next attempt asks for.
  void asking_for(requested_range range) { asked_ = std::move(range); }

  /// Takes the head of a successful answer. `further` makes checksums that the library does not have built in. An error of kind
  /// malformed_response if its status says that it holds no object; of kind range_mismatch if it does not hold the bytes that were
  /// asked for; of kind connection_lost if it does not go on where the last attempt stopped; of kind object_changed if it is of another
  /// object.
  result<void> begin(const http::response& head, bool verify, crypto::checksum_maker further = nullptr) {
    // S3 reads with these two. A 204 would make an empty object of none (RFC 9110, section 15.3).
    if (head.status != 200 && head.status != 206)
      return detail::fail(error_kind::malformed_response, {"an answer with the status ", detail::decimal(head.status), " holds no object"});
    const auto told = content_range::parse(head.fields.value_or_empty("Content-Range"));
    std::uint64_t length{};
    const bool knows_length = detail::read_integer(head.fields.value_or_empty("Content-Length"), length);
    const auto told_length = knows_length ? std::optional{length} : std::nullopt;
    if (resuming_) {
      if (head.status == 206) return go_on(head, told, told_length);
      // The server ignores Range: the whole comes again, and is taken if the sink can discard what it has.
      if (!into_.seek(0)) return refuse_to_resume(error_kind::connection_lost, "the server did not continue it there");
      delivered_ = 0;
      resuming_ = false;
    }
    if (auto why = asked_.disagreement(head.status, head.fields, told, told_length); !why.empty())
      return detail::fail(error_kind::range_mismatch, std::move(why));
    etag_ = head.fields.value_or_empty("ETag");
    first_ = 0;
    due_ = told_length;
    most_ = head.status == 206 ? std::nullopt : asked_.most();
    if (head.status == 206 && told) {
      first_ = told->bytes.first;
      due_ = told->length();
    }
    // If-Match never matches a weak ETag (RFC 9110, section 13.1.1), and an answer with several ranges can't be continued.
    if (etag_.starts_with("W/") || (head.status == 206 && !told)) etag_.clear();
    expected_.clear();
    hash_.reset();
    found_ = integrity::absent;
    if (verify) choose_checksum(head, further);
    return {};
  }

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    const auto limit = due_ ? due_ : most_;
    if (limit && bytes.size() > *limit - delivered_)
      return detail::fail(error_kind::range_mismatch, {"the answer goes on behind the ", detail::decimal(*limit), " bytes that it was to have"});
    if (hash_) hash_->update(bytes);
    delivered_ += bytes.size();  // if the sink fails, it may have got only some of them
    return into_.write(bytes);
  }
  bool seek(std::uint64_t) noexcept override { return false; }

  /// Prepares another attempt: after the last delivered byte, if `may_resume` and the object can be recognised by its ETag; else from
  /// the start, if the sink can discard what it has. False: neither is possible.
  bool restart(bool may_resume) {
    resuming_ = may_resume && can_resume();
    if (resuming_) return true;
    if (delivered_ != 0 && !into_.seek(0)) return false;
    delivered_ = 0;
    return true;
  }

  bool can_resume() const noexcept { return delivered_ != 0 && !resume_refused_ && !etag_.empty() && delivered_ != due_; }

  /// If true, the next attempt sends `range()` as Range and `etag()` as If-Match: the missing bytes of the same object.
  bool resuming() const noexcept { return resuming_; }
  /// The request of the first attempt asked for one part of the object, which a later one must not do beside its Range.
  bool asked_for_part() const noexcept { return asked_.is_part(); }
  std::string range() const {
    return detail::concat({"bytes=", detail::decimal(first_ + delivered_), "-", due_ ? detail::decimal(first_ + *due_ - 1) : std::string{}});
  }
  const std::string& etag() const noexcept { return etag_; }
  /// Bytes that the sink has got.
  std::uint64_t delivered() const noexcept { return delivered_; }

  /// The error of a resumed download whose object is another one now. Later attempts start from the beginning.
  error changed() {
    return refuse_to_resume(error_kind::object_changed, "the object was replaced meanwhile");
  }

  /// Called after the last byte: how the bytes were checked. An error of kind connection_lost if some are missing, or integrity.
  result<integrity> finish() {
    if (due_ && delivered_ < *due_)
      return detail::fail(error_kind::connection_lost,
                          {"the answer ended after ", detail::decimal(delivered_), " of ", detail::decimal(*due_), " bytes"});
    if (!hash_) return found_;
    const std::string actual = hash_->base64();
    if (actual == expected_) return integrity::verified;
    return detail::fail(error_kind::integrity,
                {"the body's ", crypto::name(hash_->algorithm()), " is ", actual, ", but the answer promised ", expected_});
  }

 private:
  error refuse_to_resume(error_kind kind, std::string_view why) {
    resume_refused_ = true;
    return detail::fail(kind, {"the download broke after ", detail::decimal(delivered_), " bytes, and ", why});
  }

  /// Takes the head of an answer that continues a download.
  result<void> go_on(const http::response& head, const std::optional<content_range>& told, std::optional<std::uint64_t> length) {
    const auto etag = head.fields.get("ETag");
    if (etag && *etag != etag_) return changed();
    const bool continues = told && told->bytes.first == first_ + delivered_ && (!due_ || told->bytes.last == first_ + *due_ - 1) &&
                           (!length || *length == told->length());
    if (!continues) return refuse_to_resume(error_kind::connection_lost, "the server did not continue it there");
    if (!due_) due_ = delivered_ + told->length();
    return {};
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
  requested_range asked_{};
  std::uint64_t delivered_{};
  std::uint64_t first_{};                ///< where in the object the first answer begins
  std::optional<std::uint64_t> due_{};   ///< how many bytes the first answer announced
  std::optional<std::uint64_t> most_{};  ///< the most that may come if it announced none
  std::string etag_{};                   ///< empty: the download can't be continued
  std::string expected_{};
  std::optional<crypto::checksum> hash_{};
  integrity found_{};
  bool resuming_{};
  bool resume_refused_{};  ///< the server did not continue the download
};

}  // namespace s3store::inline S3STORE_ABI::wire
