// What does every operation of an embedded S3 work with? The request, the store, the time, and the digests of the body.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/types.hpp>
#include <s3store/transports/embedded/serve.hpp>
#include <s3store/transports/embedded/model.hpp>
#include <s3store/transports/embedded/options.hpp>

namespace s3store::inline S3STORE_ABI::embedded {


/// What was computed from the body.
struct body_facts {
  std::string etag{};                        ///< with its quotes
  std::optional<checksum_value> checksum{};  ///< that the client sent, and that was verified
};

/// The functions that take one are templates, so that they are compiled only where they are called.
template <class Store>
struct context {
  Store& kept;
  const embedded_options& options;
  timestamp now{};
  const operation_spec& spec;
  received_request& request;
  const body_facts& body;
  bool anonymous{};
  std::string bucket_url{};        ///< in the style of the request, for URLs in answers
  headers more{};                  ///< additional headers of the answer, or of an error
  std::optional<int> status{};     ///< on success, if it differs from the operation's own

  /// The object's URL.
  std::string location() const {
    return detail::concat({bucket_url, "/", detail::uri_encode(request.key, detail::uri_part::path)});
  }
};

inline std::string in_quotes(std::string_view s) { return std::string("\"").append(s).append("\""); }
inline std::string_view unquoted(std::string_view s) noexcept {
  if (s.starts_with("W/")) s.remove_prefix(2);
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') s = s.substr(1, s.size() - 2);
  return s;
}

inline error invalid(std::string message) { return refusal("InvalidArgument", 400, std::move(message)); }
inline error bad_request(std::string message) { return refusal("InvalidRequest", 400, std::move(message)); }
inline error not_done(std::string_view what) {
  return refusal("NotImplemented", 501, detail::concat({"the embedded S3 does not do this: ", what}));
}

inline types::owner owner_of(const auto& c) { return {.display_name = "embedded", .id = c.options.account}; }

/// Fails with NotImplemented if the algorithm is unknown or not available.
inline result<crypto::checksum> new_checksum(std::string_view algorithm, const embedded_options& options) {
  const auto known = crypto::parse_checksum_algorithm(algorithm);
  const std::string what = detail::concat({"checksums of the algorithm ", algorithm});
  if (!known) return not_done(what);
  crypto::checksum sum{*known, options.further_checksums};
  if (sum.usable()) return sum;
  return not_done(what + (crypto::is_xxhash(*known) ? ", unless embedded_options::further_checksums is crypto::make_xxhash"
                                                    : ", which this OpenSSL lacks"));
}

/// The checksum of stored bytes.
inline result<checksum_value> checksum_of(const content& bytes, crypto::checksum_algorithm algorithm,
                                          const embedded_options& options) {
  auto sum = new_checksum(crypto::name(algorithm), options);
  if (!sum) return std::move(sum.error());
  if (auto read = bytes.each([&sum](auto piece) { sum->update(piece); }); !read) return std::move(read.error());
  return checksum_value{algorithm, sum->base64()};
}

/// The hash in an ETag: MD5, or with a FIPS OpenSSL, which has no MD5, the first 16 bytes of SHA-256. S3 does not promise an MD5.
class etag_hash {
 public:
  void update(std::span<const std::byte> bytes) noexcept { sum_.update(bytes); }
  /// 16 raw bytes.
  std::string finish() {
    std::array<std::byte, crypto::checksum::max_size> out{};
    sum_.finish(out);
    return std::string(detail::as_text(std::span{out}.first(16)));
  }

 private:
  static crypto::checksum chosen() {
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    return md5.usable() ? std::move(md5) : crypto::checksum{crypto::checksum_algorithm::sha256};
  }
  crypto::checksum sum_{chosen()};
};

inline result<std::string> etag_of(const content& bytes) {
  etag_hash hash;
  if (auto read = bytes.each([&hash](auto piece) { hash.update(piece); }); !read) return std::move(read.error());
  return in_quotes(detail::hex(detail::as_bytes(hash.finish())));
}

/// AWS computes a CRC64NVME for every object that is uploaded without a checksum.
inline constexpr auto default_checksum = crypto::checksum_algorithm::crc64nvme;

}  // namespace s3store::inline S3STORE_ABI::embedded
