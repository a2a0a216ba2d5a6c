// Does a client of each store send what that store takes, to where it is?
#include <s3store/protocol/store_profiles.hpp>

#include <string>
#include <vector>

#include <s3store/operations/object.hpp>

#include "support/harness.hpp"

using namespace s3store;

namespace {
struct row {
  const char* name;
  settings made;
  const char* url;      // of the object b/k
  const char* region;   // that is signed for
  const char* checksum; // of an upload; "" for none
  bool chunked;         // a long body from a source is in aws-chunked form
};
}  // namespace

TEST_CASE("what each store gets", "[stores]") {
  const std::vector<row> rows{
      {"AWS", stores::aws("eu-west-1"), "https://b-1.s3.eu-west-1.amazonaws.com/k", "eu-west-1", "x-amz-checksum-crc64nvme", true},
      {"MinIO", stores::minio("http://localhost:9000"), "http://localhost:9000/b-1/k", "us-east-1", "x-amz-checksum-crc64nvme", true},
      {"versitygw", stores::versitygw("http://localhost:7070"), "http://localhost:7070/b-1/k", "us-east-1", "x-amz-checksum-crc64nvme", true},
      {"Ceph", stores::ceph("https://rgw.example"), "https://rgw.example/b-1/k", "us-east-1", "", false},
      {"Garage", stores::garage("http://localhost:3900"), "http://localhost:3900/b-1/k", "garage", "", false},
      {"R2", stores::cloudflare_r2("acc"), "https://acc.r2.cloudflarestorage.com/b-1/k", "auto", "x-amz-checksum-crc64nvme", false},
      {"R2 in the EU", stores::cloudflare_r2("acc", "eu"), "https://acc.eu.r2.cloudflarestorage.com/b-1/k", "auto", "x-amz-checksum-crc64nvme", false},
      {"GCS", stores::google_cloud_storage(), "https://storage.googleapis.com/b-1/k", "auto", "", false},
      {"B2", stores::backblaze_b2("us-west-004"), "https://s3.us-west-004.backblazeb2.com/b-1/k", "us-west-004", "", false},
      {"Wasabi", stores::wasabi("eu-central-1"), "https://s3.eu-central-1.wasabisys.com/b-1/k", "eu-central-1", "", false},
      {"DigitalOcean", stores::digitalocean("nyc3"), "https://b-1.nyc3.digitaloceanspaces.com/k", "us-east-1", "", false},
      {"Tigris", stores::tigris(), "https://b-1.t3.storage.dev/k", "auto", "", false},
      {"OSS", stores::alibaba_oss("cn-hangzhou"), "https://b-1.s3.oss-cn-hangzhou.aliyuncs.com/k", "cn-hangzhou", "", false},
  };
  const std::string large(std::size_t{3} << 20, 'x');
  for (const row& r : rows) {
    INFO(r.name);
    test::world<> w{test::driver::blocking};
    w.set = r.made;
    w.server.answer(200).answer(200).answer(200, {}, "<DeleteResult/>").answer(200);
    REQUIRE(w.send(put_object_request{.bucket = "b-1", .key = "k", .body = "hello"}));
    http::memory_source source{large};
    REQUIRE(w.send(put_object_request{.bucket = "b-1", .key = "k", .body = http::body{source}}));
    REQUIRE(w.send(delete_objects_request{.bucket = "b-1", .delete_ = {.objects = {{.key = "k"}}}}));
    REQUIRE(w.send(get_object_request{.bucket = "b-1", .key = "k"}));
    const auto sent = w.server.sent();
    CHECK(sent[0].url == r.url);
    CHECK(sent[0].fields.value_or_empty("authorization").find(detail::concat({"/", r.region, "/s3/"})) != std::string_view::npos);
    std::vector<std::string> checksums;
    for (const auto [name, value] : sent[0].fields)
      if (std::string_view{name}.starts_with("x-amz-checksum-")) checksums.emplace_back(name);
    CHECK(checksums == (*r.checksum ? std::vector<std::string>{r.checksum} : std::vector<std::string>{}));
    CHECK((sent[1].fields.value_or_empty("content-encoding") == "aws-chunked") == r.chunked);
    CHECK(sent[2].fields.contains("content-md5") == !*r.checksum);  // DeleteObjects has one or the other
    CHECK(sent[3].fields.contains("x-amz-checksum-mode") == (*r.checksum != '\0'));
  }
}
