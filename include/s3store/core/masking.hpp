// How does a secret stay out of what a server says? A refusal may repeat what was sent, such as the session token in the canonical request
// that a wrong signature is compared with. Each secret of the request is looked for in the text, and masked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// How many bytes at the front of `text` are the secret: as it is, percent-encoded, or with backslashes as JSON has them. 0 if that
/// is not enough of it to be meant: a text may be cut off, and a secret of a few letters would be found in any.
inline std::size_t secret_at(std::string_view text, std::string_view secret) noexcept {
  constexpr std::size_t shortest = 8, enough = 16;
  std::size_t size = 0, matched = 0;
  for (; matched != secret.size(); ++matched) {
    const auto rest = text.substr(size);
    const auto byte = static_cast<unsigned char>(secret[matched]);
    if (rest.starts_with(secret[matched])) {
      size += 1;
    } else if (rest.size() > 1 && rest[0] == '\\' && rest[1] == secret[matched]) {
      size += 2;
    } else if (rest.size() > 2 && rest[0] == '%' && hex_digit(rest[1]) == byte >> 4 &&
               hex_digit(rest[2]) == (byte & 15)) {
      size += 3;
    } else {
      break;
    }
  }
  return secret.size() >= shortest && matched >= (std::min)(enough, secret.size()) ? size : 0;
}

/// Puts "[masked]" in the place of the secret, wherever it is in the text. Before the text is shortened: half a token would not be found.
inline void mask(std::string& text, std::string_view secret) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (const std::size_t size = secret_at(std::string_view{text}.substr(at), secret); size != 0) {
      const std::string_view all{text}, stars = "[masked]";
      std::string masked = concat({all.substr(0, at), stars, all.substr(at + size)});
      wipe(text.data(), text.size());
      text = std::move(masked);
      at += stars.size() - 1;
    }
}

}  // namespace s3store::inline S3STORE_ABI::detail
