// Does the embedded S3 refuse what MinIO refuses, with the same code? Where they differ, both codes are pinned: when one changes, this
// test says so.
#include <map>
#include <string>

#include "support/live.hpp"

#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/versioning.hpp>

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
    result<http::sink*> on_response(http::response&&) noexcept override { return &into; }
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
  const std::string id = live::must(c.create_multipart_upload({.bucket = b, .key = "parts"})).upload_id;
  std::vector<types::completed_part> parts;
  for (const int n : {1, 2})
    parts.push_back(
        {.etag = live::must(c.upload_part({.bucket = b, .key = "parts", .body = "small", .part_number = n, .upload_id = id})).etag,
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
      code_of(c.upload_part({.bucket = b, .key = "parts", .body = "x", .part_number = 1, .upload_id = "none"}));
  out["part: number"] = code_of(c.upload_part({.bucket = b, .key = "parts", .body = "x", .part_number = 10'001, .upload_id = id}));
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

/// What is set on buckets and objects.
codes refused_settings_of(const live::target& t) {
  const live::client c = t.connect();
  const live::bucket b{c};
  const live::bucket locked{c, {.object_lock_enabled_for_bucket = true}};
  const std::string missing = "no-" + b.name();
  live::must(c.put_object({.bucket = b, .key = "k", .body = "hello"}));
  const auto tags = [&](std::vector<types::tag> set) { return code_of(c.put_bucket_tagging({.bucket = b, .tagging = {set}})); };
  const auto object_tags = [&](std::vector<types::tag> set) {
    return code_of(c.put_object_tagging({.bucket = b, .key = "k", .tagging = {set}}));
  };
  const auto rules = [&](auto&& change) {
    types::lifecycle_rule r{.expiration = types::lifecycle_expiration{.days = 1},
                            .id = "r",
                            .filter = types::lifecycle_rule_filter{.prefix = "p"},
                            .status = types::expiration_status::enabled};
    change(r);
    return code_of(c.put_bucket_lifecycle_configuration({.bucket = b, .lifecycle_configuration = {{{r}}}}));
  };
  const auto policy = [&](const std::string& text) { return code_of(c.put_bucket_policy({.bucket = b, .policy = text})); };
  const auto encryption = [&](types::server_side_encryption_configuration set) {
    return code_of(c.put_bucket_encryption({.bucket = b, .server_side_encryption_configuration = std::move(set)}));
  };
  const auto lock = [&](const std::string& bucket, types::default_retention rule) {
    return code_of(c.put_object_lock_configuration(
        {.bucket = bucket,
         .object_lock_configuration = types::object_lock_configuration{.object_lock_enabled = types::object_lock_enabled::enabled,
                                                                       .rule = types::object_lock_rule{std::move(rule)}}}));
  };
  const std::string statement = R"({"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::)";
  std::vector<types::tag> many;
  for (int i = 0; i != 51; ++i) many.push_back({"t" + std::to_string(i), "v"});
  using rule = types::lifecycle_rule;
  using mode = types::object_lock_retention_mode;

  codes out;
  out["tags: no bucket"] = code_of(c.get_bucket_tagging({.bucket = missing}));
  out["tags: none"] = code_of(c.get_bucket_tagging({.bucket = b}));
  out["tags: twice"] = tags({{"a", "1"}, {"a", "2"}});
  out["tags: no key"] = tags({{"", "1"}});
  out["tags: long key"] = tags({{std::string(129, 'a'), "1"}});
  out["tags: long value"] = tags({{"a", std::string(257, '1')}});
  out["tags: many"] = tags(many);
  out["object tags: twice"] = object_tags({{"a", "1"}, {"a", "2"}});
  out["object tags: many"] = object_tags(many);
  out["object tags: no key"] = code_of(c.get_object_tagging({.bucket = b, .key = "none"}));
  out["object tags: in a header, twice"] = code_of(c.put_object({.bucket = b, .key = "t", .body = "x", .tagging = "a=1&a=2"}));
  out["lifecycle: none"] = code_of(c.get_bucket_lifecycle_configuration({.bucket = b}));
  out["lifecycle: no rule"] = code_of(c.put_bucket_lifecycle_configuration({.bucket = b, .lifecycle_configuration = {{}}}));
  out["lifecycle: status"] = rules([](rule& r) { r.status = types::expiration_status{"On"}; });
  out["lifecycle: no action"] = rules([](rule& r) { r.expiration.reset(); });
  out["lifecycle: no days"] = rules([](rule& r) { r.expiration->days = 0; });
  out["lifecycle: days and date"] = rules([](rule& r) { r.expiration->date = timestamp{std::chrono::hours{24 * 30'000}}; });
  out["lifecycle: not midnight"] =
      rules([](rule& r) { r.expiration = types::lifecycle_expiration{.date = timestamp{std::chrono::hours{24 * 30'000 + 1}}}; });
  out["lifecycle: long id"] = rules([](rule& r) { r.id = std::string(256, 'i'); });
  out["policy: none"] = code_of(c.get_bucket_policy({.bucket = b}));
  out["policy: no JSON"] = policy("{");
  out["policy: empty"] = policy("{}");
  out["policy: version"] = policy(R"({"Version":"1999","Statement":[)" + statement + b.name() + R"(/*"]}]})");
  out["policy: another bucket"] = policy(R"({"Version":"2012-10-17","Statement":[)" + statement + R"(other/*"]}]})");
  out["policy: no principal"] = policy(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::)" + b.name() +
      R"(/*"]}]})");
  out["policy: right"] = policy(R"({"Version":"2012-10-17","Statement":[)" + statement + b.name() + R"(/*"]}]})");
  out["encryption: no rule"] = encryption({});
  out["encryption: algorithm"] = encryption({{{types::server_side_encryption_by_default{types::server_side_encryption{"rot13"}}}}});
  out["notification: no queue"] = code_of(c.put_bucket_notification_configuration(
      {.bucket = b, .notification_configuration = {.queue_configurations = {{.queue_arn = "q", .events = {types::event{"made"}}}}}}));
  out["lock: none"] = code_of(c.get_object_lock_configuration({.bucket = b}));
  out["lock: no versions"] = lock(b, {.mode = mode::governance, .days = 1});
  out["lock: no mode"] = lock(locked, {.days = 1});
  out["lock: days and years"] = lock(locked, {.mode = mode::governance, .days = 1, .years = 1});
  out["lock: no days"] = lock(locked, {.mode = mode::governance, .days = 0});
  out["lock: suspending versions"] = code_of(c.put_bucket_versioning(
      {.bucket = locked, .versioning_configuration = {.status = types::bucket_versioning_status::suspended}}));
  out["retention: bucket without lock"] = code_of(c.get_object_retention({.bucket = b, .key = "k"}));
  out["hold: bucket without lock"] = code_of(c.get_object_legal_hold({.bucket = b, .key = "k"}));
  out["put: hold, bucket without lock"] = code_of(c.put_object(
      {.bucket = b, .key = "h", .body = "x", .object_lock_legal_hold_status = types::object_lock_legal_hold_status::on}));

  const auto until = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours{1};
  const auto kept = live::must(c.put_object({.bucket = locked,
                                             .key = "k",
                                             .body = "x",
                                             .object_lock_mode = types::object_lock_mode::governance,
                                             .object_lock_retain_until_date = until}));
  const auto retain = [&](types::object_lock_retention r, bool bypass = false) {
    return code_of(c.put_object_retention(
        {.bucket = locked, .key = "k", .retention = std::move(r), .version_id = kept.version_id, .bypass_governance_retention = bypass}));
  };
  out["retention: past"] = retain({.mode = mode::governance, .retain_until_date = until - std::chrono::hours{2}});
  out["retention: no date"] = retain({.mode = mode::governance});
  out["retention: mode"] = retain({.mode = mode{"RELAXED"}, .retain_until_date = until});
  out["retention: shorter"] = retain({.mode = mode::governance, .retain_until_date = until - std::chrono::minutes{30}});
  out["retention: longer"] = retain({.mode = mode::governance, .retain_until_date = until + std::chrono::minutes{30}});
  out["retention: shorter, bypass"] = retain({.mode = mode::governance, .retain_until_date = until}, true);
  out["delete: retained"] = code_of(c.delete_object({.bucket = locked, .key = "k", .version_id = kept.version_id}));
  live::must(c.put_object_legal_hold({.bucket = locked, .key = "k", .legal_hold = {{types::object_lock_legal_hold_status::on}}}));
  out["delete: on hold"] = code_of(
      c.delete_object({.bucket = locked, .key = "k", .version_id = kept.version_id, .bypass_governance_retention = true}));
  live::must(c.put_object_legal_hold({.bucket = locked, .key = "k", .legal_hold = {{types::object_lock_legal_hold_status::off}}}));
  out["delete: bypass"] = code_of(
      c.delete_object({.bucket = locked, .key = "k", .version_id = kept.version_id, .bypass_governance_retention = true}));
  live::must(c.put_object({.bucket = locked, .key = "free", .body = "x"}));
  out["retention: none"] = code_of(c.get_object_retention({.bucket = locked, .key = "free"}));
  out["hold: none"] = code_of(c.get_object_legal_hold({.bucket = locked, .key = "free"}));
  return out;
}

/// `differences`: the codes of both where they are not the same.
void compare(codes (*refusals)(const live::target&), const std::map<std::string, std::pair<std::string, std::string>>& differences) {
  codes embedded, minio;
  for (const live::target& t : live::targets()) {
    if (t.is("embedded")) embedded = refusals(t);
    if (t.is("minio")) minio = refusals(t);
  }
  REQUIRE(!embedded.empty());
  for (const auto& [what, code] : embedded) {
    INFO(what);
    const auto known = differences.find(what);
    if (known != differences.end()) CHECK(code == known->second.first);
    if (!minio.empty()) CHECK(minio[what] == (known != differences.end() ? known->second.second : code));
  }
}

}  // namespace

// Where they differ, AWS's own documentation is on the embedded one's side.
TEST_CASE("the embedded S3 refuses what MinIO refuses", "[live][embedded]") {
  compare(refusals_of, {
                           {"bucket: there", {"success", "BucketAlreadyOwnedByYou"}},  // in us-east-1
                           {"head: no bucket", {"404", "NoSuchBucket"}},               // in a header of MinIO's
                           {"head: no key", {"404", "NoSuchKey"}},
                           {"put: wrong checksum", {"BadDigest", "XAmzContentChecksumMismatch"}},
                           {"parts: abort", {"NoSuchUpload", "success"}},
                       });
}

TEST_CASE("the embedded S3 refuses the settings that MinIO refuses", "[live][embedded]") {
  compare(refused_settings_of, {
                                   {"tags: no bucket", {"NoSuchBucket", "NoSuchTagSet"}},
                                   {"tags: twice", {"InvalidTag", "MalformedXML"}},
                                   {"tags: no key", {"InvalidTag", "MalformedXML"}},
                                   {"tags: long key", {"InvalidTag", "MalformedXML"}},
                                   {"tags: long value", {"InvalidTag", "MalformedXML"}},
                                   {"tags: many", {"BadRequest", "MalformedXML"}},
                                   {"lifecycle: no rule", {"MalformedXML", "InvalidArgument"}},
                                   {"lifecycle: status", {"MalformedXML", "InvalidArgument"}},
                                   {"lifecycle: no action", {"InvalidRequest", "InvalidArgument"}},
                                   {"lifecycle: days and date", {"MalformedXML", "InvalidArgument"}},
                                   {"lock: no mode", {"MalformedXML", "InvalidArgument"}},
                                   {"lock: days and years", {"MalformedXML", "InvalidArgument"}},
                                   {"retention: past", {"InvalidArgument", "MalformedXML"}},
                                   {"retention: shorter", {"AccessDenied", "InvalidRequest"}},
                                   {"delete: retained", {"AccessDenied", "InvalidRequest"}},
                                   {"delete: on hold", {"AccessDenied", "InvalidRequest"}},
                               });
}
