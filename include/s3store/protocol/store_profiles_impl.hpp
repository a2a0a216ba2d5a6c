// The settings of each store: the definitions for store_profiles.hpp.
#pragma once

#include <string>
#include <string_view>

#include <s3store/core/text.hpp>
#include <s3store/protocol/store_profiles.hpp>

namespace s3store::inline S3STORE_ABI::stores {

namespace detail {
using namespace s3store::detail;

inline settings at(std::string endpoint, std::string_view region, addressing style, const store_profile& profile) {
  settings out;
  out.endpoint = std::move(endpoint);
  out.region = region;
  out.style = style;
  out.profile = profile;
  return out;
}
/// Of a store that takes no S3 checksums, as far as it says.
inline constexpr store_profile plain{.checksum = std::nullopt, .content_md5 = true, .aws_chunked = false, .verify_downloads = false};
}  // namespace detail

S3STORE_INLINE settings aws(std::string_view region) { return detail::at({}, region, addressing::automatic, {}); }
S3STORE_INLINE settings minio(std::string_view url) { return detail::at(std::string(url), "us-east-1", addressing::path, {}); }
S3STORE_INLINE settings versitygw(std::string_view url) { return detail::at(std::string(url), "us-east-1", addressing::path, {}); }
S3STORE_INLINE settings ceph(std::string_view url) { return detail::at(std::string(url), "us-east-1", addressing::path, detail::plain); }
S3STORE_INLINE settings garage(std::string_view url, std::string_view region) {
  return detail::at(std::string(url), region, addressing::path, detail::plain);
}
S3STORE_INLINE settings cloudflare_r2(std::string_view account, std::string_view jurisdiction) {
  return detail::at(detail::concat({"https://", account, jurisdiction.empty() ? "" : ".", jurisdiction, ".r2.cloudflarestorage.com"}), "auto",
                    addressing::path, {.aws_chunked = false});
}
S3STORE_INLINE settings google_cloud_storage() { return detail::at("https://storage.googleapis.com", "auto", addressing::path, detail::plain); }
S3STORE_INLINE settings backblaze_b2(std::string_view region) {
  return detail::at(detail::concat({"https://s3.", region, ".backblazeb2.com"}), region, addressing::path, detail::plain);
}
S3STORE_INLINE settings wasabi(std::string_view region) {
  return detail::at(detail::concat({"https://s3.", region, ".wasabisys.com"}), region, addressing::path, detail::plain);
}
S3STORE_INLINE settings digitalocean(std::string_view datacenter) {
  return detail::at(detail::concat({"https://", datacenter, ".digitaloceanspaces.com"}), "us-east-1", addressing::virtual_host, detail::plain);
}
S3STORE_INLINE settings tigris() { return detail::at("https://t3.storage.dev", "auto", addressing::virtual_host, detail::plain); }
S3STORE_INLINE settings alibaba_oss(std::string_view region) {
  return detail::at(detail::concat({"https://s3.oss-", region, ".aliyuncs.com"}), region, addressing::virtual_host, detail::plain);
}

}  // namespace s3store::inline S3STORE_ABI::stores
