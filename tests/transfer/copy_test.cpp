// Is a copy the whole source, with what belongs to it, whether it is made at once or in parts?
#include "support/embedded.hpp"

#include <s3store/operations/acl.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/transfer/copy.hpp>
#include <s3store/transports/scripted.hpp>

using namespace s3store;

namespace {

constexpr std::uint64_t part = min_part_size;

std::string bytes_of(std::size_t n) {
  std::string out(n, '\0');
  std::uint32_t seed = 7;
  for (char& c : out) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return out;
}
std::string crc64(std::string_view bytes) {
  crypto::checksum c{crypto::checksum_algorithm::crc64nvme};
  c.update(detail::as_bytes(bytes));
  return c.base64();
}

struct copy_world : test::embedded_world {
  copy_world() {
    make_bucket("from");
    make_bucket("dest");
    REQUIRE(s3.put_object({.bucket = "from",
                           .key = "a key",
                           .body = body,
                           .content_type = "text/x-test",
                           .metadata = {{"who", "me"}},
                           .cache_control = "no-store",
                           .checksum_algorithm = types::checksum_algorithm::crc64nvme,
                           .tagging = "a=1&b%2B=x%20y"}));
  }
  copy_request request(bool parts, copy_request r = {}) const {
    r.object.bucket = "dest";
    r.object.key = "copy";
    r.object.copy_source = "from/a key";
    r.part_size = part;
    if (parts) r.parts_above = part;
    return r;
  }
  std::string tags_of(const std::string& bucket, const std::string& key) const {
    std::string out;
    const auto got = s3.get_object_tagging({.bucket = bucket, .key = key});
    REQUIRE(got);
    for (const auto& [name, value] : got->tag_set) out += name + "=" + value + ";";
    return out;
  }
  std::string body = bytes_of(2 * part + 1234);
};

}  // namespace

TEST_CASE("a copy has the bytes, the metadata, the tags and the checksum of its source", "[transfer][copy]") {
  const copy_world w;
  const bool parts = GENERATE(false, true);
  std::uint64_t last = 0, total = 0;
  auto r = w.request(parts, {.progress = [&](std::uint64_t done, std::uint64_t of) { last = done, total = of; }});
  if (parts) r.object.checksum_algorithm = types::checksum_algorithm::crc64nvme;  // this is not AWS, so a copy in parts must ask for it
  const auto out = copy(w.s3, r);
  if (!out) FAIL(out.error().describe());
  CHECK(out->parts == (parts ? 3 : 0));
  CHECK(out->size == w.body.size());
  CHECK(out->checksum == crc64(w.body));
  CHECK(last == w.body.size());
  CHECK(total == w.body.size());
  CHECK(w.get("dest", "copy") == w.body);
  const auto head = w.s3.head_object({.bucket = "dest", .key = "copy", .checksum_mode = types::checksum_mode::enabled});
  REQUIRE(head);
  CHECK(head->etag == out->etag);
  CHECK(head->content_type == "text/x-test");
  CHECK(head->cache_control == "no-store");
  CHECK(head->metadata.get("who") == "me");
  CHECK(head->checksum_crc64nvme == crc64(w.body));
  CHECK(w.tags_of("dest", "copy") == "a=1;b+=x y;");
}

TEST_CASE("a directive gives a copy other metadata and other tags", "[transfer][copy]") {
  const copy_world w;
  const bool parts = GENERATE(false, true);
  auto r = w.request(parts);
  r.object.metadata_directive = types::metadata_directive::replace;
  r.object.content_type = "text/other";
  r.object.metadata = {{"new", "yes"}};
  r.object.tagging_directive = types::tagging_directive::replace;
  r.object.tagging = "only=this";
  REQUIRE(copy(w.s3, r));
  const auto head = w.s3.head_object({.bucket = "dest", .key = "copy"});
  CHECK(head->content_type == "text/other");
  CHECK(head->cache_control.empty());
  CHECK(head->metadata.get("new") == "yes");
  CHECK_FALSE(head->metadata.contains("who"));
  CHECK(w.tags_of("dest", "copy") == "only=this;");
}

TEST_CASE("a copy has the access rights of its source only if that is asked for", "[transfer][copy]") {
  const copy_world w;
  const bool parts = GENERATE(false, true), rights = GENERATE(false, true);
  CAPTURE(parts, rights);
  for (const char* const bucket : {"from", "dest"}) {  // neither of which is open to such rights by default
    REQUIRE(w.s3.put_bucket_ownership_controls({.bucket = bucket, .ownership_controls = {.rules = {{.object_ownership = types::object_ownership::object_writer}}}}));
    REQUIRE(w.s3.put_public_access_block({.bucket = bucket, .public_access_block_configuration = {.block_public_acls = false}}));
  }
  const auto opened = w.s3.put_object_acl({.bucket = "from", .key = "a key", .acl = types::object_canned_acl::public_read});
  if (!opened) FAIL(opened.error().describe());
  const auto out = copy(w.s3, w.request(parts, {.copy_acl = rights}));
  if (!out) FAIL(out.error().describe());
  CHECK(w.s3.get_object_acl({.bucket = "dest", .key = "copy"})->grants.size() == (rights ? 2 : 1));
}

TEST_CASE("an old version can be copied", "[transfer][copy]") {
  copy_world w;
  w.set_versioning("from", types::bucket_versioning_status::enabled);
  const auto old = w.put("from", "v", "old").version_id;
  w.put("from", "v", "new");
  auto r = w.request(false);
  r.object.copy_source = {"from", "v", old};
  const auto out = copy(w.s3, r);
  REQUIRE(out);
  CHECK(out->copy_source_version_id == old);
  CHECK(w.get("dest", "copy") == "old");
}

TEST_CASE("what cannot be copied is told, and nothing is left", "[transfer][copy]") {
  const copy_world w;
  auto r = w.request(true);
  const auto code = [&] {
    const auto out = copy(w.s3, r);
    REQUIRE_FALSE(out);
    return out.error().code.empty() ? std::string(to_string(out.error().kind)) : out.error().code;
  };
  SECTION("no source") {
    r.object.copy_source = "from/nothing";
    CHECK(code() == "NoSuchKey");
  }
  SECTION("no destination") {
    r.object.bucket = "nowhere";
    CHECK(code() == "NoSuchBucket");
  }
  SECTION("a condition on the source") {
    r.object.copy_source_if_match = "\"other\"";
    CHECK(code() == "PreconditionFailed");
  }
  SECTION("a condition on the destination") {
    w.put("dest", "copy", "here");
    r.object.if_none_match = "*";
    CHECK(code() == "PreconditionFailed");
    CHECK(w.get("dest", "copy") == "here");
  }
  SECTION("parts that are too small") {
    r.part_size = 1;
    CHECK(code() == "invalid argument");
  }
  SECTION("more at once than CopyObject takes") {
    r.parts_above = max_part_size + 1;
    CHECK(code() == "invalid argument");
  }
  CHECK(w.s3.list_multipart_uploads({.bucket = "dest"})->uploads.empty());
}

namespace {
struct scripted_policies : default_policies {
  using transport = scripted_transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};
}  // namespace

TEST_CASE("a source that is replaced while its parts are copied, and other faults in the middle", "[transfer][copy]") {
  manual_clock clock;
  scripted_transport server{clock};
  const basic_client<scripted_policies> s3{{.endpoint = "http://s3.test"},
                                           {.transport = server,
                                            .credentials = auth::static_credentials{"AKID", "secret"},
                                            .clock = clock,
                                            .sleeper = recording_sleeper{clock}}};
  std::vector<std::string> seen;
  std::string fault;
  int faults = 0;
  server.compute(
      [&](const recorded_request& r) -> scripted_reply {
        const auto mark = r.url.find('?');
        const std::string what = std::string(to_string(r.verb)) + (mark == std::string::npos ? "" : " " + r.url.substr(mark + 1));
        seen.push_back(what);
        if (r.verb == http::method::head)
          return {.head = {200, {{"Content-Length", seen.size() == 1 ? "20971520" : "7"}, {"ETag", "\"e\""}}}};
        if (what == "POST uploads") return {.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"};
        if (what == "DELETE uploadId=u") return {.head = {204, {}}};
        if (what.starts_with("PUT partNumber=2&")) {
          CHECK(r.fields.get("x-amz-copy-source-range") == "bytes=5242880-10485759");
          CHECK(r.fields.get("x-amz-copy-source-if-match") == "\"e\"");
          if (fault == "replaced") return {.head = {412, {}}, .body = "<Error><Code>PreconditionFailed</Code></Error>"};
          if (fault == "no etag") return {.body = "<CopyPartResult></CopyPartResult>"};
          if (fault == "error in 200" && faults++ == 0) return {.body = "<Error><Code>InternalError</Code></Error>"};
        }
        if (what.starts_with("PUT partNumber=")) return {.body = "<CopyPartResult><ETag>\"p\"</ETag></CopyPartResult>"};
        if (what == "POST uploadId=u" && fault == "lost") return {.fails = scripted_reply::moment::before_head, .failure = detail::fail(error_kind::connection_lost, "lost")};
        if (what == "POST uploadId=u") return {.body = "<CompleteMultipartUploadResult><ETag>\"c-4\"</ETag></CompleteMultipartUploadResult>"};
        return {.head = {501, {}}};
      },
      true);
  const auto run = [&] {
    return copy(s3, {.object = {.bucket = "b", .key = "k", .copy_source = "a/k"}, .part_size = part, .parts_above = part, .in_flight = 2});
  };
  SECTION("replaced") {
    fault = "replaced";
    const auto out = run();
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::precondition_failed);
    CHECK(seen.back() == "DELETE uploadId=u");
  }
  SECTION("an answer without an ETag") {
    fault = "no etag";
    CHECK(run().error().kind == error_kind::malformed_response);
    CHECK(seen.back() == "DELETE uploadId=u");
  }
  SECTION("an error in an answer of 200 is tried again") {
    fault = "error in 200";
    const auto out = run();
    if (!out) FAIL(out.error().describe());
    CHECK(out->parts == 4);
  }
  SECTION("the answer to the completion is lost, and another object is there") {
    fault = "lost";
    const auto out = run();
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("another one") != std::string::npos);
  }
}
