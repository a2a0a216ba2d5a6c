// Does the embedded S3 refuse what MinIO refuses, with the same code? Where they differ, both codes are pinned: when one changes, this
// test says so.
#include <map>
#include <string>

#include "support/live.hpp"

using namespace s3store;

namespace {

template <class T>
std::string code_of(const result<T>& r) {
  if (r) return "success";
  return r.error().code.empty() ? std::to_string(r.error().status) : r.error().code;
}

std::string code_in(const std::string& body) {
  const auto from = body.find("<Code>");
  return from == std::string::npos ? "success" : body.substr(from + 6, body.find("</Code>") - from - 6);
}

/// The code with which a GET that is written by hand is refused; `shift`: how far the clock that signs it is off.
std::string raw_get(const live::target& t, std::string url, std::optional<std::chrono::minutes> shift = {}) {
  struct : http::receiver {
    http::sink* on_response(http::response&&) noexcept override { return &into; }
    std::string body{};
    http::string_sink into{body};
  } answer;
  http::request out{.verb = http::method::get, .url = std::move(url)};
  if (shift) {
    auth::signer signer;
    const std::string host = out.url.substr(7, out.url.find('/', 7) - 7), path = out.url.substr(7 + host.size());
    live::must(signer.sign_headers({.method = "GET", .path = path, .host = host, .payload = auth::payload::empty}, out.fields,
                                   {t.access_key, t.secret_key}, {.region = "us-east-1"}, system_clock{}.now().wall + *shift));
  }
  live::must(t.perform({.out = &out, .in = &answer}));
  return code_in(answer.body);
}

using codes = std::map<std::string, std::string>;

codes refusals_of(const live::target& t) {
  const live::client c = t.connect();
  const live::bucket b{c};
  const std::string missing = "no-" + b.name();
  live::must(c.put_object({.bucket = b, .key = "k", .body = "hello"}));
  const std::string id = *live::must(c.create_multipart_upload({.bucket = b, .key = "parts"})).upload_id;
  std::vector<types::completed_part> parts;
  for (const int n : {1, 2})
    parts.push_back(
        {.etag = live::must(c.upload_part({.bucket = b, .key = "parts", .part_number = n, .upload_id = id, .body = "small"})).etag,
         .part_number = n});
  const auto complete = [&](std::vector<types::completed_part> chosen, const std::string& upload) {
    return code_of(c.complete_multipart_upload(
        {.bucket = b, .key = "parts", .upload_id = upload, .multipart_upload = {{.parts = std::move(chosen)}}}));
  };
  auto wrong_part = parts[0];
  wrong_part.etag = "\"5d41402abc4b2a76b9719d911017c592\"";
  const std::string url = live::must(c.presign(get_object_request{.bucket = b, .key = "k"}, std::chrono::seconds{60})).url;

  codes out;
  out["get: no bucket"] = code_of(c.get_object({.bucket = missing, .key = "k"}));
  out["get: no key"] = code_of(c.get_object({.bucket = b, .key = "none"}));
  out["get: no version"] = code_of(c.get_object({.bucket = b, .key = "k", .version_id = "6a0c6cd9-d9b5-4b4c-8a2a-3f3d8d0b8b1d"}));
  out["get: range"] = code_of(c.get_object({.bucket = b, .key = "k", .range = "bytes=5-"}));
  out["get: if-match"] = code_of(c.get_object({.bucket = b, .key = "k", .if_match = "\"x\""}));
  out["get: if-none-match"] = code_of(c.get_object({.bucket = b, .key = "k", .if_none_match = "*"}));
  out["head: no key"] = code_of(c.head_object({.bucket = b, .key = "none"}));
  out["head: no bucket"] = code_of(c.head_bucket({.bucket = missing}));
  out["put: no bucket"] = code_of(c.put_object({.bucket = missing, .key = "k", .body = "x"}));
  out["put: if-none-match"] = code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .if_none_match = "*"}));
  out["put: if-match"] = code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .if_match = "\"x\""}));
  out["put: if-match, no key"] = code_of(c.put_object({.bucket = b, .key = "none", .body = "x", .if_match = "\"x\""}));
  out["put: wrong MD5"] = code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .content_md5 = "XUFAKrxLKna5cZ2REBfFkg=="}));
  out["put: no MD5"] = code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .content_md5 = "short"}));
  out["put: wrong checksum"] = code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .checksum_crc32 = "AAAAAA=="}));
  out["put: storage class"] =
      code_of(c.put_object({.bucket = b, .key = "k", .body = "x", .storage_class = types::storage_class{"COLD"}}));
  out["put: long key"] = code_of(c.put_object({.bucket = b, .key = std::string(1025, 'k'), .body = "x"}));
  out["copy: no key"] = code_of(c.copy_object({.bucket = b, .key = "c", .copy_source = {b, "none"}}));
  out["copy: no bucket"] = code_of(c.copy_object({.bucket = b, .key = "c", .copy_source = {missing, "k"}}));
  out["copy: onto itself"] = code_of(c.copy_object({.bucket = b, .key = "k", .copy_source = {b, "k"}}));
  out["copy: if-match"] =
      code_of(c.copy_object({.bucket = b, .key = "c", .copy_source = {b, "k"}, .copy_source_if_match = "\"x\""}));
  out["delete many: none"] = code_of(c.delete_objects({.bucket = b}));
  out["list: no bucket"] = code_of(c.list_objects_v2({.bucket = missing}));
  out["list: max-keys"] = code_of(c.list_objects_v2({.bucket = b, .max_keys = -1}));
  out["list: encoding"] = code_of(c.list_objects_v2({.bucket = b, .encoding_type = types::encoding_type{"rot13"}}));
  out["bucket: name"] = code_of(c.create_bucket({.bucket = "Up"}));
  out["bucket: there"] = code_of(c.create_bucket({.bucket = b}));
  out["bucket: not empty"] = code_of(c.delete_bucket({.bucket = b}));
  out["bucket: none to delete"] = code_of(c.delete_bucket({.bucket = missing}));
  out["part: no upload"] =
      code_of(c.upload_part({.bucket = b, .key = "parts", .part_number = 1, .upload_id = "none", .body = "x"}));
  out["part: number"] = code_of(c.upload_part({.bucket = b, .key = "parts", .part_number = 10'001, .upload_id = id, .body = "x"}));
  out["parts: order"] = complete({parts[1], parts[0]}, id);
  out["parts: ETag"] = complete({wrong_part}, id);
  out["parts: small"] = complete(parts, id);
  out["parts: none"] = complete({}, id);
  out["parts: no upload"] = complete(parts, "none");
  out["parts: abort"] = code_of(c.abort_multipart_upload({.bucket = b, .key = "parts", .upload_id = "none"}));
  out["who: secret"] = code_of(t.connect(t.set, t.access_key, "wrong").list_buckets({}));
  out["who: key"] = code_of(t.connect(t.set, "nobody", "wrong").list_buckets({}));
  out["who: nobody"] = raw_get(t, t.set.endpoint + "/" + b.name() + "/k");
  out["clock: slow"] = raw_get(t, t.set.endpoint + "/" + b.name() + "/k", std::chrono::minutes{-16});
  out["clock: fast"] = raw_get(t, t.set.endpoint + "/" + b.name() + "/k", std::chrono::minutes{16});
  out["clock: right"] = raw_get(t, t.set.endpoint + "/" + b.name() + "/k", std::chrono::minutes{0});
  out["URL: as it is"] = raw_get(t, url);
  out["URL: longer"] = raw_get(t, url + "&versionId=null");
  out["URL: signature"] = raw_get(t, url.substr(0, url.size() - 1) + (url.back() == '0' ? '1' : '0'));
  out["URL: cut"] = raw_get(t, url.substr(0, url.find("&X-Amz-Signature")));
  return out;
}

}  // namespace

TEST_CASE("the embedded S3 refuses what MinIO refuses", "[live][embedded]") {
  // AWS's own documentation is on the embedded one's side.
  const std::map<std::string, std::pair<std::string, std::string>> differences{
      {"put: wrong checksum", {"BadDigest", "XAmzContentChecksumMismatch"}},
      {"parts: abort", {"NoSuchUpload", "success"}},
  };
  codes embedded, minio;
  for (const live::target& t : live::targets()) {
    if (t.is("embedded")) embedded = refusals_of(t);
    if (t.is("minio")) minio = refusals_of(t);
  }
  REQUIRE(!embedded.empty());
  for (const auto& [what, code] : embedded) {
    INFO(what);
    const auto known = differences.find(what);
    if (known != differences.end()) CHECK(code == known->second.first);
    if (!minio.empty()) CHECK(minio[what] == (known != differences.end() ? known->second.second : code));
  }
}
