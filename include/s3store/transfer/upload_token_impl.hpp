// How is a resume token written and read? The definitions for upload_token.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/upload_token.hpp>

namespace s3store::inline S3STORE_ABI {

S3STORE_INLINE std::string upload_token::to_json() const {
  json::object_writer out;
  out.raw("s3store_upload", "1").text("bucket", detail::uri_encode(bucket, detail::uri_part::query)).text("key", detail::uri_encode(key, detail::uri_part::query));
  out.text("upload_id", detail::uri_encode(upload_id, detail::uri_part::query)).raw("size", detail::decimal(size)).raw("part_size", detail::decimal(part_size));
  if (checksum_algorithm) out.text("checksum_algorithm", crypto::name(*checksum_algorithm));
  return std::string{out.finish().reveal()};
}

S3STORE_INLINE result<upload_token> upload_token::parse(std::string_view text) {
  const auto no_token = [](std::string_view why) { return detail::fail(error_kind::invalid_argument, {"this is no resume token of an upload: ", why}); };
  const auto read = json::object::parse(text);
  if (!read) return no_token(read.error().message);
  if (read->raw("s3store_upload") != "1") return no_token("\"s3store_upload\" must be 1");
  upload_token out;
  for (const auto& [name, member] : {std::pair{"bucket", &out.bucket}, {"key", &out.key}, {"upload_id", &out.upload_id}}) {
    auto value = detail::uri_decode(read->text(name).reveal());
    if (!value || value->empty()) return no_token(detail::concat({"\"", name, "\" is missing or no percent-encoded text"}));
    *member = std::move(*value);
  }
  if (!detail::read_integer(read->raw("size"), out.size)) return no_token("\"size\" must be a number of bytes");
  if (!detail::read_integer(read->raw("part_size"), out.part_size) || out.part_size < min_part_size || out.part_size > max_part_size)
    return no_token("\"part_size\" must be a number of bytes, 5 MiB to 5 GiB");
  if (const auto named = read->text("checksum_algorithm"); !named.empty()) {
    out.checksum_algorithm = crypto::parse_checksum_algorithm(named.reveal());
    if (!out.checksum_algorithm) return no_token("its \"checksum_algorithm\" is not known here");
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
