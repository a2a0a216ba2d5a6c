#include <algorithm>
#include <string>

#include "support/store.hpp"

using namespace s3store;
using namespace std::chrono_literals;

TEST_CASE("an expiration that S3 would refuse is refused", "[store][presigning]") {
  test::scripted_store f;
  for (const auto expiration : {0s, -1s, 604801s}) {
    CHECK(test::thrown_by([&] { f.store.generate_presigned_url("k", expiration); }).message.find("7 days") != std::string::npos);
    CHECK(test::thrown_by([&] { f.store.generate_presigned_post("k", {.expiration = expiration}); }).kind == error_kind::invalid_argument);
  }
  CHECK(test::thrown_by([&] { f.store.generate_presigned_url("k", 1s, http::method::post); }).message.find("generate_presigned_post") != std::string::npos);
}

TEST_CASE("a URL for each method, and for all that a request says", "[store][presigning]") {
  test::scripted_store f;
  for (const http::method m : {http::method::get, http::method::put, http::method::delete_, http::method::head}) {
    const auto url = f.store.generate_presigned_url("a b/c", 2h, m);
    CHECK(url.method == m);
    CHECK(url.url.starts_with("http://s3.test/b-1/a%20b/c?X-Amz-Algorithm=AWS4-HMAC-SHA256"));
    CHECK(url.url.find("X-Amz-Expires=7200") != std::string::npos);
    CHECK(url.url.find("X-Amz-SignedHeaders=host&") != std::string::npos);
    CHECK(url.url.find("secret") == std::string::npos);
  }
  CHECK(f.store.generate_presigned_url("k").url.find("X-Amz-Expires=3600") != std::string::npos);
  CHECK_NOTHROW(f.store.generate_presigned_url("k", 1s));
  CHECK_NOTHROW(f.store.generate_presigned_url("k", 604800s));
  const auto typed = f.store.generate_presigned_url("k", put_object_request{.content_type = "text/plain"}, 30min);
  CHECK(typed.fields.get("Content-Type") == "text/plain");
  CHECK(f.store.generate_presigned_url("k", get_object_request{.version_id = "v1"}).url.find("versionId=v1") != std::string::npos);
  CHECK(f.server.tried() == 0);
}

TEST_CASE("a form has its URL, its fields and its conditions", "[store][presigning]") {
  test::scripted_store f;
  const auto form = f.store.generate_presigned_post("uploads/${filename}", {.expiration = 1h,
                                                                            .conditions = {auth::post_condition::eq("bucket", f.store.bucket_name()),
                                                                                           auth::post_condition::content_length_range(0, 10'485'760)},
                                                                            .fields = {{"acl", "private"}}});
  CHECK(form.url == "http://s3.test/b-1");
  const auto field = [&form](std::string_view name) {
    const auto at = std::find_if(form.fields.begin(), form.fields.end(), [name](const auto& one) { return one.first == name; });
    return at == form.fields.end() ? std::string{} : at->second;
  };
  CHECK(field("key") == "uploads/${filename}");
  CHECK(field("acl") == "private");
  CHECK(field("x-amz-signature").size() == 64);
  const auto policy = detail::from_base64(field("policy")).value();
  CHECK(policy.find(R"("expiration": "2013-05-24T01:00:00Z")") != std::string::npos);
  CHECK(policy.find(R"(["content-length-range", 0, 10485760])") != std::string::npos);
  CHECK(policy.find(R"(["starts-with", "$key", "uploads/"])") != std::string::npos);
}
