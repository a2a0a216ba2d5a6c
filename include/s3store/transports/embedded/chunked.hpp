// How is a body in aws-chunked encoding read? Into its bytes and its trailer, while the signatures of the chunks are verified.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/chunk.hpp>
#include <s3store/protocol/encoded_request.hpp>
#include <s3store/transports/embedded/verify.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct decoded_body {
  std::string bytes{};
  headers trailer{};
};

/// Decodes such a body.
class chunk_reader {
 public:
  /// `signatures`: verifies the chunks' signatures, beginning with that of the headers; empty if the chunks are unsigned.
  chunk_reader(std::string_view encoded, std::optional<auth::chunk_signer> signatures)
      : left_(encoded), signatures_(std::move(signatures)) {}

  /// Fails with IncompleteBody, InvalidRequest or SignatureDoesNotMatch. `announced`: the names in x-amz-trailer.
  result<decoded_body> read(std::string_view announced) {
    decoded_body out;
    for (;;) {
      auto head = line();
      if (!head) return cut();
      const auto semicolon = head->find(';');
      const std::string_view digits = head->substr(0, semicolon);
      std::uint64_t size{};
      if (!detail::read_digits(digits, 16, size))
        return refusal("InvalidRequest", 400, "the size of a chunk is no hexadecimal number");
      if (size > left_.size()) return cut();
      const std::string_view bytes = left_.substr(0, static_cast<std::size_t>(size));
      left_.remove_prefix(bytes.size());
      if (signatures_) {
        constexpr std::string_view name = ";chunk-signature=";
        const std::string_view extension = semicolon == std::string_view::npos ? std::string_view{} : head->substr(semicolon);
        const std::string_view signature = extension.starts_with(name) ? extension.substr(name.size()) : std::string_view{};
        if (!signatures_->verifies_chunk(detail::as_bytes(bytes), signature)) return detail::signature_mismatch();
      }
      if (size == 0) break;
      out.bytes.append(bytes);
      if (!left_.starts_with("\r\n")) return cut();
      left_.remove_prefix(2);
    }
    if (auto read = read_trailer(out.trailer, announced); !read) return std::move(read.error());
    return out;
  }

 private:
  static error cut() { return refusal("IncompleteBody", 400, "the body ends within a chunk or the trailer"); }

  std::optional<std::string_view> line() {
    const auto end = left_.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto out = left_.substr(0, end);
    left_.remove_prefix(end + 2);
    return out;
  }

  result<void> read_trailer(headers& out, std::string_view announced) {
    std::string signed_text;
    std::string_view signature;
    const auto wrong = [](const char* why) { return refusal("MalformedTrailerError", 400, why); };
    while (!left_.empty()) {
      // The line break after the last field may be missing.
      auto field = line();
      if (!field) return cut();
      if (field->empty()) break;
      const auto colon = field->find(':');
      if (colon == std::string_view::npos) return wrong("a trailer field must be name:value");
      const std::string name = detail::lower_case(detail::trim(field->substr(0, colon)));
      const std::string_view value = detail::trim(field->substr(colon + 1));
      if (!wire::is_header_name(name) || !wire::is_header_value(value)) return wrong("a trailer field is no header");
      if (name == "x-amz-trailer-signature" ? !signature.empty() : out.contains(name)) return wrong("a trailer field is there twice");
      if (name == "x-amz-trailer-signature") {
        signature = value;
        continue;
      }
      signed_text.append(name).append(":").append(value).append("\n");
      out.add(name, value);
    }
    if (!left_.empty()) return refusal("InvalidRequest", 400, "the body goes on behind its last chunk and its trailer");
    for (const auto [name, value] : out) {
      bool known = false;
      detail::split(announced, ',', [&, one = name](std::string_view a) { known = known || detail::equal_ignoring_case(detail::trim(a), one); });
      if (!known) return wrong("the trailer has a field that x-amz-trailer does not name");
    }
    bool missing = false;
    detail::split(announced, ',', [&](std::string_view a) { missing = missing || (!detail::trim(a).empty() && !out.contains(detail::trim(a))); });
    if (missing) return wrong("the trailer lacks a field that x-amz-trailer names");
    if (signatures_ && !detail::trim(announced).empty() && !signatures_->verifies_trailer(signed_text, signature))
      return detail::signature_mismatch();
    return {};
  }

  std::string_view left_;
  std::optional<auth::chunk_signer> signatures_;
};

}  // namespace s3store::inline S3STORE_ABI::embedded
