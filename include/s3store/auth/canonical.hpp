// Which text is signed? The canonical request: all that a signature covers, written in one fixed form, so that client and server
// get the same bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
//
// Unlike other AWS services, S3 signs the path as it is sent: encoded once, and not normalised. `signing_rules` tells the two apart.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Values for `x-amz-content-sha256`, and for the hash in the canonical request, if the body is not hashed before it is sent.
namespace payload {
inline constexpr std::string_view empty =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  ///< the hash of no bytes
inline constexpr std::string_view not_signed = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view not_signed_with_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view signed_chunks_with_trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
inline constexpr std::string_view sigv4a_chunks = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
inline constexpr std::string_view sigv4a_chunks_with_trailer = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER";

/// The kind of signed chunks that SigV4A has for one of SigV4's; any other value stays as it is.
constexpr std::string_view for_sigv4a(std::string_view value) noexcept {
  return value == signed_chunks ? sigv4a_chunks : value == signed_chunks_with_trailer ? sigv4a_chunks_with_trailer : value;
}
}  // namespace payload

/// Which of two sets of rules a service has for what is signed.
enum class signing_rules : std::uint8_t {
  /// S3, and the services that share its API: the path is signed as it is sent, x-amz-content-sha256 is always sent, and a presigned URL
  /// leaves the body unsigned.
  s3,
  /// All other services of AWS: the path is normalised (RFC 3986, section 5.2.4, and repeated slashes become one) and encoded once more
  /// for the signature, and a presigned URL covers the body. x-amz-content-sha256 is sent if the payload is no hash or the request
  /// has that field.
  common,
};

/// What a signature covers besides the header fields. These are views of what is sent and must outlive the call that signs.
struct signable {
  std::string_view method{};   ///< "GET"
  std::string_view path{};     ///< percent-encoded; empty is "/"
  std::string_view query{};    ///< percent-encoded, without its '?', in any order
  std::string_view host{};     ///< host and port; a `Host` among the header fields is used instead
  std::string_view payload{};  ///< the hex SHA-256 of the body, or one of `payload::`; with common rules, empty: there is no body
  signing_rules rules{};
};

namespace detail {
using namespace s3store::detail;

/// The path without the segments "." and "..", and with one slash where there are several.
inline std::string normalized_path(std::string_view path) {
  std::string out;
  out.reserve(path.size() + 1);
  detail::split(path, '/', [&out](std::string_view segment) {
    if (segment.empty() || segment == ".") return;
    if (segment == "..")
      out.resize(out.empty() ? 0 : out.rfind('/'));
    else
      out.append("/").append(segment);
  });
  if (out.empty() || path.ends_with('/')) out.push_back('/');
  return out;
}
}  // namespace detail

/// False for fields that a proxy or the transport may change (botocore's list), and for Authorization.
constexpr bool is_signed(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 15> left_out{"authorization",
                                                      "baggage",
                                                      "connection",
                                                      "expect",
                                                      "keep-alive",
                                                      "proxy-authenticate",
                                                      "proxy-authorization",
                                                      "te",
                                                      "traceparent",
                                                      "tracestate",
                                                      "trailer",
                                                      "transfer-encoding",
                                                      "upgrade",
                                                      "user-agent",
                                                      "x-amzn-trace-id"};
  for (const std::string_view other : left_out)
    if (detail::equal_ignoring_case(name, other)) return false;
  return true;
}

/// Writes canonical requests. Keeps its memory from one to the next. Not thread-safe.
class canonicalizer {
 public:
  /// Takes the host and the fields whose names `wanted(name)` accepts. `fields` and `host` must live until `write` returns.
  template <class Wanted>
  void take(const headers& fields, std::string_view host, Wanted&& wanted) {
    std::size_t size = 4;
    for (const auto [name, value] : fields) size += name.size();
    names_.clear();
    names_.reserve(size);  // it must not reallocate below, since fields_ has views of it
    fields_.clear();
    bool own_host = false;
    for (const auto [name, value] : fields) {
      if (!wanted(name)) continue;
      add(name, value);
      own_host = own_host || fields_.back().name == "host";
    }
    if (!own_host) add("host", host);
    sort(fields_);
    signed_headers_.clear();
    for (std::size_t i = 0; i != fields_.size(); ++i) {
      if (!begins_name(i)) continue;
      if (i != 0) signed_headers_.push_back(';');
      signed_headers_.append(fields_[i].name);
    }
  }
  void take(const headers& fields, std::string_view host) { take(fields, host, is_signed); }

  /// Overwrites the last canonical request.
  void wipe() noexcept { text_.wipe(); }

  /// The names of the fields taken, in lower case, sorted and joined by ';'. Valid until the next `take`.
  std::string_view signed_headers() const noexcept { return signed_headers_; }

  /// The canonical request of `what` and the fields taken, without the query parameter `left_out`. Valid until the next `write`.
  std::string_view write(const signable& what, std::string_view left_out = {}) {
    text_.clear();
    text_.append(what.method).append("\n");
    if (what.rules == signing_rules::s3)
      text_.append(what.path.empty() ? std::string_view{"/"} : what.path).append("\n");
    else
      text_.append(detail::uri_encode(detail::normalized_path(what.path), detail::uri_part::path)).append("\n");
    append_query(what.query, left_out);
    text_.append("\n");
    for (std::size_t i = 0; i != fields_.size(); ++i) {
      if (begins_name(i)) {
        if (i != 0) text_.push_back('\n');
        text_.append(fields_[i].name).push_back(':');
      } else {
        text_.push_back(',');
      }
      append_folded(fields_[i].value);
    }
    text_.append("\n\n").append(signed_headers_).append("\n").append(what.payload);
    return text_;
  }

 private:
  /// A header field or query parameter. Both are sorted by name; fields of the same name keep their order (`place`), and parameters
  /// of the same name, whose place is always 0, are sorted by value.
  struct part {
    std::string_view name{};
    std::size_t place{};
    std::string_view value{};

    bool before(const part& other) const noexcept {
      if (const int names = name.compare(other.name); names != 0) return names < 0;
      return place != other.place ? place < other.place : value < other.value;
    }
  };

  /// Insertion sort, since a request has about a dozen of either, most of them already in order.
  static void sort(std::vector<part>& parts) {
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const part one = parts[i];
      std::size_t at = i;
      for (; at != 0 && one.before(parts[at - 1]); --at) parts[at] = parts[at - 1];
      parts[at] = one;
    }
  }

  void add(std::string_view name, std::string_view value) {
    const std::size_t at = names_.size();
    names_.append(name);
    char* const end = names_.data() + names_.size();
    for (char* c = end - name.size(); c != end; ++c) *c = detail::to_lower(*c);
    fields_.push_back({std::string_view{names_}.substr(at), fields_.size(), value});
  }

  /// Is the i-th of the sorted fields the first one of its name?
  bool begins_name(std::size_t i) const noexcept { return i == 0 || fields_[i].name != fields_[i - 1].name; }

  /// Sorted by encoded name, then by value; a parameter without '=' gets one.
  void append_query(std::string_view query, std::string_view left_out) {
    if (query.empty()) return;
    parameters_.clear();
    detail::split(query, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      const auto name = piece.substr(0, equals);
      if (!piece.empty() && (left_out.empty() || name != left_out))
        parameters_.push_back({name, 0, piece.substr((std::min)(equals + 1, piece.size()))});
    });
    sort(parameters_);
    for (const part& p : parameters_) text_.append(p.name).append("=").append(p.value).push_back('&');
    if (!parameters_.empty()) text_.pop_back();
  }

  /// White space at both ends is removed, and each run of it inside becomes one space.
  void append_folded(std::string_view value) {
    value = detail::trim(value);
    while (!value.empty()) {
      std::size_t word = 0;
      while (word != value.size() && !detail::is_space(value[word])) ++word;
      text_.append(value.substr(0, word));
      value = detail::trim(value.substr(word));
      if (!value.empty()) text_.push_back(' ');
    }
  }

  std::string names_{};
  std::string signed_headers_{};
  detail::wiped_text text_{};  // session tokens and customer keys are signed, too
  std::vector<part> fields_{};
  std::vector<part> parameters_{};
};

/// For a single request; to sign many, keep a `signer`.
inline std::string canonical_request(const signable& what, const headers& fields) {
  canonicalizer c;
  c.take(fields, what.host);
  return std::string(c.write(what));
}

}  // namespace s3store::inline S3STORE_ABI::auth
