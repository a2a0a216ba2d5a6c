// Which object is it, and which bytes of it are wanted? What the first answer tells of an object, and the requests that get this very
// object or fail.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/byte_range.hpp>
#include <s3store/core/result.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/protocol/requested_range.hpp>

namespace s3store::inline S3STORE_ABI::detail {

inline std::string range_of(std::uint64_t first, std::uint64_t length) {
  return concat({range_text::unit, decimal(first), "-", decimal(first + length - 1)});
}

/// A HeadObject for what a GetObject reads, with its conditions, but without its range.
inline head_object_request head_of(const get_object_request& r, bool checksum) {
  head_object_request out{.bucket = r.bucket,
                          .key = r.key,
                          .if_match = r.if_match,
                          .if_modified_since = r.if_modified_since,
                          .if_none_match = r.if_none_match,
                          .if_unmodified_since = r.if_unmodified_since};
  out.response_cache_control = r.response_cache_control;
  out.response_content_disposition = r.response_content_disposition;
  out.response_content_encoding = r.response_content_encoding;
  out.response_content_language = r.response_content_language;
  out.response_content_type = r.response_content_type;
  out.response_expires = r.response_expires;
  out.version_id = r.version_id;
  out.sse_customer_algorithm = r.sse_customer_algorithm;
  out.sse_customer_key = r.sse_customer_key;
  out.sse_customer_key_md5 = r.sse_customer_key_md5;
  out.request_payer = r.request_payer;
  out.expected_bucket_owner = r.expected_bucket_owner;
  out.checksum_mode = r.checksum_mode;
  if (checksum) out.checksum_mode = types::checksum_mode::enabled;
  return out;
}

struct pinned_object {
  std::string etag{};  ///< empty if there is none, or a weak one, which no condition ever matches (RFC 9110, section 13.1.1)
  std::string version_id{};
  std::uint64_t size{};
  std::optional<byte_range> part{};  ///< where the part is that was asked about
  bool size_is_of_part{};            ///< all that is known is the size of that part
  std::optional<timestamp> last_modified{};
  std::string content_type{}, content_encoding{};
  s3store::metadata metadata{};
  /// The first of those that the object has. Not of a part that was asked about.
  std::optional<crypto::checksum_algorithm> checksum{};
  std::string checksum_text{};
  bool composite{};

  pinned_object() = default;
  pinned_object(head_object_response& r, const response_meta& about) {
    take(r);
    const auto told = wire::content_range::parse(r.content_range);
    size = static_cast<std::uint64_t>((std::max)(r.content_length.value_or(0), std::int64_t{0}));
    if (about.status == 206) {
      size_is_of_part = !told || !told->size;
      if (!size_is_of_part) {
        size = *told->size;
        part = told->bytes;
      }
      return;
    }
    for (const auto& known : crypto::checksum_algorithms) {
      const auto text = about.fields.get(known.header);
      if (!text || text->empty()) continue;
      checksum = known.algorithm;
      checksum_text = *text;
      composite = r.checksum_type == types::checksum_type::composite || checksum_text.find('-') != std::string::npos;
      return;
    }
  }
  /// Made of the answer for a range; nothing if it does not tell the object's size.
  static std::optional<pinned_object> of_range(get_object_response& r) {
    const auto told = wire::content_range::parse(r.content_range);
    if (!told || !told->size) return std::nullopt;
    pinned_object out;
    out.take(r);
    out.size = *told->size;
    return out;
  }

  /// The same request, which fails if the object is another one.
  get_object_request pinned(get_object_request r) const {
    r.if_none_match.reset();
    r.if_modified_since.reset();
    r.if_unmodified_since.reset();
    if (!etag.empty()) r.if_match = etag;
    if (!version_id.empty()) r.version_id = version_id;
    return r;
  }

  /// What tells that the answer is of another object; empty if nothing does. A store may pass over a condition that it does not know.
  std::string disagreement(const get_object_response& r) const {
    if (!etag.empty() && !r.etag.empty() && r.etag != etag) return concat({"its ETag was ", etag, " and is ", r.etag});
    if (!version_id.empty() && !r.version_id.empty() && r.version_id != version_id) return "it has another version";
    const auto told = wire::content_range::parse(r.content_range);
    if (told && told->size && !size_is_of_part && *told->size != size)
      return concat({"it had ", decimal(size), " bytes and has ", decimal(*told->size)});
    return {};
  }

 private:
  template <class R>
  void take(R& r) {
    if (!r.etag.starts_with("W/")) etag = std::move(r.etag);
    version_id = std::move(r.version_id);
    last_modified = r.last_modified;
    content_type = std::move(r.content_type);
    content_encoding = std::move(r.content_encoding);
    metadata = std::move(r.metadata);
  }
};

/// Which bytes a request asks for: all, one range, or one part.
class wanted_bytes {
 public:
  struct stretch {
    std::uint64_t first{};
    std::uint64_t size{};
  };

  /// Fails with invalid_argument if the Range is anything else than one range.
  static result<wanted_bytes> of(const get_object_request& r) {
    wanted_bytes out;
    out.part_ = r.part_number.has_value();
    if (r.range.empty()) return out;
    if (out.part_) return detail::fail(error_kind::invalid_argument, "a download has either a range or a part_number");
    out.range_ = range_text::parse(r.range);
    if (!out.range_)
      return detail::fail(error_kind::invalid_argument,
                          {"\"", r.range, "\" is not one range of bytes, such as bytes=0-99, bytes=100- or bytes=-100"});
    return out;
  }

  bool whole() const noexcept { return !range_ && !part_; }
  /// The request must ask for the part's number, since nothing told where its bytes are.
  bool part_only() const noexcept { return part_only_; }

  /// Fails with range_not_satisfiable if the object has no byte of them.
  result<stretch> in(const pinned_object& o) {
    part_only_ = part_ && !o.part;
    if (part_ && o.part) return stretch{o.part->first, o.part->last - o.part->first + 1};
    if (!range_) return stretch{0, o.size};
    if (!range_->first) {
      const std::uint64_t n = (std::min)(range_->last.value_or(0), o.size);
      if (n != 0) return stretch{o.size - n, n};
    } else if (*range_->first < o.size) {
      const std::uint64_t last = (std::min)(range_->last.value_or(o.size - 1), o.size - 1);
      return stretch{*range_->first, last - *range_->first + 1};
    }
    return detail::fail(error_kind::range_not_satisfiable, {"the object has ", decimal(o.size), " bytes, and none of those asked for"});
  }

 private:
  std::optional<range_text> range_{};
  bool part_{}, part_only_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
