// Which tags may a bucket or an object have, and how are an object's tags written in a header? As "a=b&c=d", with S3's limits.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/utf8.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/protocol/encode.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

/// True if the text has at most `most` code points, and only such ASCII characters as S3 allows.
inline bool is_tag_text(std::string_view s, std::size_t most) {
  std::size_t count = 0;
  for (; !s.empty(); ++count) {
    const std::size_t size = detail::utf8_length(s);
    const char c = s.front();
    if (size == 0 || (size == 1 && !detail::is_alpha(c) && !detail::is_digit(c) && std::string_view{" +-=._:/@"}.find(c) == std::string_view::npos))
      return false;
    s.remove_prefix(size);
  }
  return count <= most;
}

inline result<void> check_tags(const std::vector<types::tag>& tags, std::size_t most) {
  const auto invalid_tag = [](const char* message) { return refusal("InvalidTag", 400, message); };
  if (tags.size() > most) return refusal("BadRequest", 400, detail::concat({"there are more than ", detail::decimal(most), " tags"}));
  for (auto t = tags.begin(); t != tags.end(); ++t) {
    if (t->key.empty() || !is_tag_text(t->key, 128) || !is_tag_text(t->value, 256))
      return invalid_tag("a tag's key has 1 to 128 characters and its value up to 256: letters, digits, spaces, + - = . _ : / @");
    if (detail::lower_case(t->key).starts_with("aws:")) return invalid_tag("tags that begin with aws: are S3's own");
    if (std::any_of(tags.begin(), t, [&](const types::tag& other) { return other.key == t->key; }))
      return invalid_tag("a tag's key must not be there twice");
  }
  return {};
}

/// Parses and checks "a=b&c=d". Fails with InvalidTag, BadRequest or InvalidArgument.
inline result<std::vector<types::tag>> parse_tagging(std::string_view text) {
  std::vector<types::tag> tags;
  bool broken = false;
  if (!text.empty())
    detail::split(text, '&', [&](std::string_view piece) {
      const auto equals = (std::min)(piece.find('='), piece.size());
      auto key = detail::uri_decode(piece.substr(0, equals), true),
           value = detail::uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true);
      broken = broken || !key || !value || key->empty();
      if (!broken) tags.push_back({std::move(*key), std::move(*value)});
    });
  if (broken) return invalid("x-amz-tagging must be tags in the form of a URL's query");
  if (auto checked = check_tags(tags, 10); !checked) return std::move(checked.error());
  return tags;
}
inline std::string format_tagging(const std::vector<types::tag>& tags) {
  std::string out;
  for (const types::tag& t : tags) wire::append_query(out, t.key, t.value);
  return out;
}

inline result<void> check_configuration(const put_bucket_tagging_request& r, const bucket&, auto&) {
  return check_tags(r.tagging.tag_set, 50);
}

}  // namespace s3store::inline S3STORE_ABI::embedded
