// Which text is signed? The canonical request: all of a request that a signature covers, spelt so that both sides get the same
// bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
//
// S3 differs from other AWS services: the path is signed as it is sent, encoded once and never normalised.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/core/headers.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline v0::auth {

/// What stands in the place of the body's hash, and in `x-amz-content-sha256`, where the body is not hashed ahead.
namespace payload {
inline constexpr std::string_view empty =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  ///< the hash of no bytes
inline constexpr std::string_view not_signed = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view not_signed_with_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view signed_chunks_with_trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
}  // namespace payload

/// What a signature covers, the header fields excepted. Views of exactly what is sent.
struct signable {
  std::string_view method{};   ///< "GET"
  std::string_view path{};     ///< percent-encoded; empty is "/"
  std::string_view query{};    ///< percent-encoded, without its '?', in any order
  std::string_view host{};     ///< the authority; the fields' own `Host` has precedence
  std::string_view payload{};  ///< the hex SHA-256 of the body, or one of `payload::`
};

/// False for fields that a proxy or the transport may change; the list is botocore's, and Authorization itself.
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
    if (equal_ignoring_case(name, other)) return false;
  return true;
}

/// Writes canonical requests, and keeps its memory from one to the next.
class canonicalizer {
 public:
  /// Takes the fields for whose names `wanted(name)` is true, and the host. The views must live until `write`.
  template <class Wanted>
  void take(const headers& fields, std::string_view host, Wanted&& wanted) {
    std::size_t size = 4;
    for (const auto [name, value] : fields) size += name.size();
    names_.clear();
    names_.reserve(size);  // views of it are taken while it grows
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

  /// The names taken, in lower case, sorted and joined by ';'.
  std::string_view signed_headers() const noexcept { return signed_headers_; }

  /// The canonical request of `what` and of the fields taken; the query parameter `left_out` is not part of it. Valid until the
  /// next one.
  std::string_view write(const signable& what, std::string_view left_out = {}) {
    text_.clear();
    text_.append(what.method).append("\n");
    text_.append(what.path.empty() ? std::string_view{"/"} : what.path).append("\n");
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
  /// A header field or a query parameter, in the order that it is signed in: fields of one name stay as they came, and parameters of one
  /// name, which all have the place 0, go by their values.
  struct part {
    std::string_view name{};
    std::size_t place{};
    std::string_view value{};

    bool before(const part& other) const noexcept {
      if (const int names = name.compare(other.name); names != 0) return names < 0;
      return place != other.place ? place < other.place : value < other.value;
    }
  };

  /// By insertion: a request has a dozen of either, most of them in order. (std::sort is 80 functions to a compiler.)
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
    for (char* c = end - name.size(); c != end; ++c) *c = to_lower(*c);
    fields_.push_back({std::string_view{names_}.substr(at), fields_.size(), value});
  }

  /// Is the field, of those in order, the first of its name?
  bool begins_name(std::size_t i) const noexcept { return i == 0 || fields_[i].name != fields_[i - 1].name; }

  /// Sorted by encoded name, then by value; a name without '=' gets one.
  void append_query(std::string_view query, std::string_view left_out) {
    if (query.empty()) return;
    parameters_.clear();
    split(query, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      const auto name = piece.substr(0, equals);
      if (!piece.empty() && (left_out.empty() || name != left_out))
        parameters_.push_back({name, 0, piece.substr((std::min)(equals + 1, piece.size()))});
    });
    sort(parameters_);
    for (const part& p : parameters_) text_.append(p.name).append("=").append(p.value).push_back('&');
    if (!parameters_.empty()) text_.pop_back();
  }

  /// Without white space at both ends, and with one space for each run of it inside.
  void append_folded(std::string_view value) {
    value = trim(value);
    while (!value.empty()) {
      std::size_t word = 0;
      while (word != value.size() && !is_space(value[word])) ++word;
      text_.append(value.substr(0, word));
      value = trim(value.substr(word));
      if (!value.empty()) text_.push_back(' ');
    }
  }

  std::string names_{};
  std::string signed_headers_{};
  std::string text_{};
  std::vector<part> fields_{};
  std::vector<part> parameters_{};
};

/// The canonical request of one request; to sign many, keep a `signer`.
inline std::string canonical_request(const signable& what, const headers& fields) {
  canonicalizer c;
  c.take(fields, what.host);
  return std::string(c.write(what));
}

}  // namespace s3store::inline v0::auth
