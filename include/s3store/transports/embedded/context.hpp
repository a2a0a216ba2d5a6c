// What does every operation of an embedded S3 work with? The request, the store, the time, and what was learned of the body.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/types.hpp>
#include <s3store/protocol/serve.hpp>
#include <s3store/transports/embedded/model.hpp>
#include <s3store/transports/embedded/options.hpp>

namespace s3store::inline v0::embedded {

using auth::refusal;

/// The body, hashed on its way in.
struct body_facts {
  std::string etag{};                        ///< with its quotes
  std::optional<checksum_value> checksum{};  ///< that the client has sent, and that the body has
};

/// The functions that take one are templates, so that a program which includes them and calls none pays for none.
template <class Store>
struct context {
  Store& kept;
  const embedded_options& options;
  timestamp now{};
  const operation_spec& spec;
  received_request& request;
  const body_facts& body;
  bool anonymous{};
  std::string origin{};            ///< scheme and host, for addresses in answers
  headers more{};                  ///< further fields of the answer, or of its error
  std::optional<int> status{};     ///< of success, where it is not the operation's own
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
  return refusal("NotImplemented", 501, concat({"the embedded S3 does not do this: ", what}));
}

template <class T>
std::string text_of(const T& v, timestamp_format format = timestamp_format::iso8601) {
  std::string out;
  wire::to_wire(out, v, format);
  return out;
}

inline types::owner owner_of(const auto& c) { return {.display_name = "embedded", .id = c.options.account}; }

/// Fails with NotImplemented where the algorithm is none, or not to be had.
inline result<crypto::checksum> new_checksum(std::string_view algorithm, const embedded_options& options) {
  const auto known = crypto::parse_checksum_algorithm(algorithm);
  const std::string what = concat({"checksums of the algorithm ", algorithm});
  if (!known) return not_done(what);
  crypto::checksum sum{*known, options.further_checksums};
  if (sum.usable()) return sum;
  return not_done(what + (crypto::is_xxhash(*known) ? ", unless embedded_options::further_checksums is crypto::make_xxhash"
                                                    : ", which this OpenSSL lacks"));
}

/// The checksum of bytes that are kept already.
inline result<checksum_value> checksum_of(const content& bytes, crypto::checksum_algorithm algorithm,
                                          const embedded_options& options) {
  auto sum = new_checksum(crypto::name(algorithm), options);
  if (!sum) return std::move(sum.error());
  if (auto read = bytes.each([&sum](auto piece) { sum->update(piece); }); !read) return std::move(read.error());
  return checksum_value{algorithm, sum->base64()};
}

/// What an ETag is made of: the MD5, or on a FIPS OpenSSL, which has none, as much of the SHA-256. S3 promises an MD5 to nobody.
class etag_hash {
 public:
  void update(std::span<const std::byte> bytes) noexcept { sum_.update(bytes); }
  /// 16 raw bytes.
  std::string finish() {
    std::array<std::byte, crypto::checksum::max_size> out{};
    sum_.finish(out);
    return std::string(as_text(std::span{out}.first(16)));
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
  return in_quotes(hex(as_bytes(hash.finish())));
}

/// AWS takes a CRC64NVME of every object that comes without a checksum.
inline constexpr auto default_checksum = crypto::checksum_algorithm::crc64nvme;

}  // namespace s3store::inline v0::embedded
