// What is sent as the body of a request, and which checksum and payload hash protect it? This is decided once per call. Each
// attempt then sends the body from its start.
//
//   body                       checksum            payload hash if signed / unsigned
//   none, or a document        header, if due      of the bytes / UNSIGNED-PAYLOAD
//   in memory, up to 1 MiB     header              of the bytes / UNSIGNED-PAYLOAD
//   longer, or a source        trailer             of each chunk / none
// If the caller gave a checksum or Content-MD5, none is added. Content-MD5 is added in place of a checksum if one is required and
// `store_profile::content_md5` is set.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <s3store/auth/canonical.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/body.hpp>
#include <s3store/protocol/chunked_source.hpp>
#include <s3store/protocol/encoded_request.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// What the plan depends on.
struct upload_terms {
  bool sign_payload{};  ///< false: the payload goes unsigned
  bool anonymous{};
  bool aws_chunked{true};                                ///< the store accepts aws-chunked bodies
  bool content_md5{};                                    ///< send Content-MD5 where a checksum is required
  std::optional<crypto::checksum_algorithm> checksum{};  ///< the one to add; nullopt: none
  crypto::checksum_maker further{};                      ///< makes those that are not built in
};

/// Gives a source of unknown size the length that the caller named. Reading fails with body_source if it has fewer or more bytes.
class sized_source final : public http::source {
 public:
  sized_source(http::source& from, std::uint64_t length) noexcept : from_(from), length_(length) {}

  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    if (length_ - at_ < into.size()) into = into.first(static_cast<std::size_t>(length_ - at_));
    auto got = into.empty() ? result<std::size_t>{std::size_t{0}} : http::read_some(from_, into);
    if (!got) return got;
    at_ += *got;
    if (*got == 0 && at_ != length_) return wrong(detail::concat({"only ", detail::decimal(at_)}));
    // Checked before the last byte is returned, because after it the request would be complete.
    std::byte more{};
    if (*got == 0 || at_ != length_) return got;
    if (auto rest = http::read_some(from_, {&more, 1}); !rest || *rest != 0) return rest ? wrong("more") : std::move(rest);
    return got;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (from > length_ || !from_.seek(from)) return false;
    at_ = from;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return length_; }

 private:
  error wrong(std::string_view has) const {
    return detail::fail(error_kind::body_source,
                        {"content_length is ", detail::decimal(length_), ", but the body has ", has, " bytes"});
  }

  http::source& from_;
  std::uint64_t length_;
  std::uint64_t at_{};
};

/// Used in place of upload_body for operations without a body: GET, HEAD and DELETE.
class no_upload_body {
 public:
  result<void> plan(encoded_request& e, const upload_terms& terms, crypto::digest&) {
    if (e.stream || !e.document.empty())
      return detail::fail(error_kind::invalid_argument, "an operation whose method is GET, HEAD or DELETE has no body");
    payload_ = terms.sign_payload && !terms.anonymous ? auth::payload::empty : auth::payload::not_signed;
    return {};
  }
  std::string_view payload() const noexcept { return payload_; }
  std::string_view checksum() const noexcept { return {}; }
  bool has_unsigned_trailer() const noexcept { return false; }
  bool rewind() noexcept { return true; }
  http::source* start(const auto&) noexcept { return nullptr; }

 private:
  std::string_view payload_{};
};

class upload_body {
 public:
  static constexpr std::uint64_t in_memory_limit = 1u << 20;

  upload_body() = default;
  upload_body(const upload_body&) = delete;
  upload_body& operator=(const upload_body&) = delete;

  /// Decides how the body is sent, and adds the headers for that to `e.fields`. `sha256` is scratch space.
  result<void> plan(encoded_request& e, const upload_terms& terms, crypto::digest& sha256) {
    if (e.stream && e.stream->stream()) {
      from_ = e.stream->stream();
    } else if (e.stream || !e.document.empty()) {
      memory_ = http::memory_source{e.stream ? e.stream->bytes() : detail::as_bytes(e.document)};
      from_ = &memory_;
    }
    if (auto known = settle_length(e); !known) return known;
    auto chosen = choose_checksum(e, terms);
    if (!chosen) return result<void>::failed_as(std::move(chosen));
    auto& hash = chosen->sum;

    const bool at_once = from_ == nullptr || (from_ == &memory_ && (!e.stream || length_ <= in_memory_limit));
    const bool sign = terms.sign_payload && !terms.anonymous;
    if (!at_once && terms.aws_chunked && (hash || (sign && from_ != &memory_))) {
      chunk(e, std::move(hash), sign);
    } else {
      if (hash) {
        auto value = digest_of(*hash);
        if (!value) return result<void>::failed_as(std::move(value));
        e.fields.set(chosen->field, *value);
        checksum_ = std::move(*value);
      }
      payload_ = auth::payload::not_signed;
      if (sign && from_ == nullptr) payload_ = auth::payload::empty;
      if (sign && from_ != nullptr) {
        auto value = sha256_of_body(sha256);
        if (!value) return result<void>::failed_as(std::move(value));
        payload_ = std::move(*value);
      }
    }
    return {};
  }

  /// The value of `x-amz-content-sha256`, which is also the payload hash in the signature.
  std::string_view payload() const noexcept { return payload_; }
  bool has_unsigned_trailer() const noexcept { return chunked_ && !signed_chunks_; }

  /// The checksum that this added to the request, in base64: as a header, or as a trailer, which is known once the body was sent. Empty if
  /// it added none.
  std::string_view checksum() const noexcept { return chunked_ ? chunked_->checksum() : checksum_; }

  /// Called before an attempt is signed: goes to the first byte. False: the body was read and can't be read again.
  bool rewind() { return !from_ || from_->seek(0); }

  /// Called after an attempt is signed: what to send; null if there is no body. `with` is the signer that signed the headers.
  template <class Signer>
  http::source* start(const Signer& with) {
    if (!chunked_) return from_;
    chunked_->start(signed_chunks_ ? std::optional{with.chunks()} : std::nullopt);
    return &*chunked_;
  }

 private:
  /// The caller's Content-Length header is used as the length of a source of unknown size. The transport writes the header that is
  /// sent.
  result<void> settle_length(encoded_request& e) {
    std::optional<std::uint64_t> declared;
    if (const auto text = e.fields.get("Content-Length")) declared = detail::parse_integer<std::uint64_t>(*text);
    e.fields.erase("Content-Length");
    if (!from_) return {};
    const auto known = from_->size();
    if (known && declared && *known != *declared)
      return detail::fail(error_kind::invalid_argument, {"content_length is ", detail::decimal(*declared), ", but the body has ",
                                                         detail::decimal(*known), " bytes"});
    constexpr auto most = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)());
    if (known && *known > most)
      return detail::fail(error_kind::invalid_argument, {"the body's source says that it has ", detail::decimal(*known), " bytes"});
    if (!known && !declared)
      return detail::fail(
          error_kind::invalid_argument,
          "the length of the body is not known, and S3 takes none without: set content_length, or upload it in parts");
    length_ = known ? *known : *declared;
    if (!known) from_ = &sized_.emplace(*from_, length_);
    return {};
  }

  struct chosen_checksum {
    std::optional<crypto::checksum> sum{};
    std::string_view field{};
  };
  /// The algorithm that the request names, or else the client's; none if the caller gave a checksum's value.
  result<chosen_checksum> choose_checksum(encoded_request& e, const upload_terms& terms) const {
    const bool is_required = e.spec->checksum == request_checksum::required;
    if (e.spec->checksum == request_checksum::none || (!from_ && !is_required)) return chosen_checksum{};
    for (const auto [name, value] : e.fields) {
      const bool own =
          name.size() > crypto::checksum_header_prefix.size() &&
          detail::equal_ignoring_case(name.substr(0, crypto::checksum_header_prefix.size()), crypto::checksum_header_prefix) &&
          !detail::equal_ignoring_case(name, "x-amz-checksum-type") &&
          !detail::equal_ignoring_case(name, "x-amz-checksum-algorithm");
      if (own || detail::equal_ignoring_case(name, content_md5)) return chosen_checksum{};
    }
    auto algorithm = terms.checksum;
    const auto named = e.fields.get("x-amz-sdk-checksum-algorithm");
    const bool as_content_md5 = !named && is_required && terms.content_md5;
    if (named) algorithm = crypto::parse_checksum_algorithm(*named);
    if (named && !algorithm)
      return detail::fail(error_kind::invalid_argument,
                          {"the checksum algorithm \"", *named, "\" is not known here; send its value yourself"});
    if (as_content_md5) algorithm = crypto::checksum_algorithm::md5;
    if (!algorithm) return chosen_checksum{};
    chosen_checksum out{.sum = crypto::checksum{*algorithm, terms.further},
                        .field = as_content_md5 ? content_md5 : crypto::header_name(*algorithm)};
    if (!out.sum->usable())
      return detail::fail(named ? error_kind::invalid_argument : error_kind::configuration,
                          {"the checksum ", crypto::why_unusable(*algorithm)});
    if (!named && !as_content_md5) e.fields.add("x-amz-sdk-checksum-algorithm", crypto::name(*algorithm));
    return out;
  }

  void chunk(encoded_request& e, std::optional<crypto::checksum> hash, bool sign) {
    signed_chunks_ = sign;
    payload_ = !sign  ? auth::payload::not_signed_with_trailer
               : hash ? auth::payload::signed_chunks_with_trailer
                      : auth::payload::signed_chunks;
    const std::string own{e.fields.value_or_empty("Content-Encoding")};
    e.fields.set("Content-Encoding", detail::concat({own, own.empty() ? "" : ",", "aws-chunked"}));
    e.fields.set("x-amz-decoded-content-length", detail::decimal(length_));
    if (hash) e.fields.set("x-amz-trailer", crypto::header_name(hash->algorithm()));
    chunked_.emplace(*from_, length_, std::move(hash)).sign(sign);
  }

  /// Reads the body once to hash it, so it must be possible to read it again when it is sent. Where the source can be read anywhere, its
  /// position does not move, so that it can tell what was sent from what was hashed.
  template <class Hash>
  result<void> hash_body(Hash&& update) {
    if (!from_) return {};
    const http::random_access* const anywhere = from_->anywhere();
    if (!anywhere && !from_->seek(0)) return not_twice();
    std::byte buffer[16 * 1024];
    for (std::uint64_t left = length_; left != 0;) {
      const std::span<std::byte> room{buffer, static_cast<std::size_t>((std::min)(left, std::uint64_t{sizeof buffer}))};
      auto got = anywhere ? http::read_some_at(*anywhere, length_ - left, room) : http::read_some(*from_, room);
      if (!got) return result<void>::failed_as(std::move(got));
      if (*got == 0 && anywhere)
        if (auto same = anywhere->check_unchanged(); !same) return same;
      if (*got == 0)
        return detail::fail(error_kind::body_source,
                            {"the body ended before its promised length of ", detail::decimal(length_), " bytes"});
      update(std::span<const std::byte>{buffer, *got});
      left -= *got;
    }
    if (!anywhere && !from_->seek(0)) return not_twice();
    return {};
  }
  static error not_twice() {
    return detail::fail(error_kind::invalid_argument,
                        "this store needs the body's checksum ahead of it, but the body can be read only once");
  }
  result<std::string> digest_of(crypto::checksum& hash) {
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    auto value = hash.base64();
    if (value.empty()) return detail::fail(error_kind::configuration, {"the checksum ", crypto::name(hash.algorithm()), " has no value"});
    return value;
  }
  result<std::string> sha256_of_body(crypto::digest& hash) {
    hash.reset();
    auto read = hash_body([&](auto bytes) { hash.update(bytes); });
    if (!read) return result<std::string>::failed_as(std::move(read));
    return detail::hex(crypto::finish_sha256(hash));
  }

  static constexpr std::string_view content_md5 = "Content-MD5";

  http::memory_source memory_{};
  http::source* from_{};
  std::optional<sized_source> sized_{};
  std::uint64_t length_{};
  std::optional<chunked_source> chunked_{};
  std::string payload_{}, checksum_{};
  bool signed_chunks_{};
};

/// The class that handles the operation's body.
template <operation_request R>
using body_to_send =
    std::conditional_t<R::spec.method == http::method::put || R::spec.method == http::method::post, upload_body, no_upload_body>;

}  // namespace s3store::inline S3STORE_ABI::wire
