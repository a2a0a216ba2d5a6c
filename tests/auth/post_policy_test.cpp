// Which forms does a policy allow, and which policies can be made?
#include <string>

#include <s3store/transports/embedded/verify_post.hpp>

#include "support/catch.hpp"

using namespace s3store;
using auth::post_condition;

namespace {
const timestamp now = *parse_iso8601("20240229T120000Z");
const auth::credentials example{"AKIDEXAMPLE", "a secret", "", std::nullopt};
const auth::signing_scope here{"eu-central-1"};

auth::post_policy one_hour(std::vector<post_condition> conditions = {}) {
  return {now + std::chrono::hours{1}, std::move(conditions)};
}
}  // namespace

TEST_CASE("policies that are refused when they are made", "[auth]") {
  auth::signer with;
  const auto kind_of = [&](std::string_view key, auth::form_fields fields, auth::post_policy policy,
                           const auth::credentials& who = example) {
    return auth::presign_post(with, "http://h/b", "b", key, std::move(fields), std::move(policy), who, here, now).error().kind;
  };
  CHECK(kind_of("", {}, one_hour()) == error_kind::invalid_argument);
  CHECK(kind_of("k", {}, {now, {}}) == error_kind::invalid_argument);
  CHECK(kind_of("k", {}, {(timestamp::max)(), {}}) == error_kind::invalid_argument);
  CHECK(kind_of("k", {}, {now + std::chrono::hours{168} + std::chrono::microseconds{1}, {}}) == error_kind::invalid_argument);
  CHECK(auth::presign_post(with, "http://h/b", "b", "k", {}, {now + std::chrono::hours{168}, {}}, example, here, now));
  CHECK(kind_of("k", {}, one_hour({post_condition::content_length_range(2, 1)})) == error_kind::invalid_argument);
  CHECK(kind_of("k\xff", {}, one_hour()) == error_kind::invalid_argument);
  CHECK(kind_of("k", {{"x-amz-meta-a", "\xc0\x80"}}, one_hour()) == error_kind::invalid_argument);
  CHECK(kind_of("k", {}, one_hour(), {}) == error_kind::credentials);
}

TEST_CASE("policy documents are ASCII, and read back as they were", "[auth]") {
  const auth::post_policy policy{now,
                                 {post_condition::eq("key", "\"\\/\b\f\n\r\t\x01\x7fü日😀"), post_condition::starts_with("acl", ""),
                                  post_condition::content_length_range(0, 18446744073709551615u)}};
  const auto document = auth::policy_document(policy);
  REQUIRE(document);
  CHECK(*document ==
        R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [{"key": "\"\\/\b\f\n\r\t\u0001\u007f\u00fc\u65e5\ud83d\ude00"}, )"
        R"(["starts-with", "$acl", ""], ["content-length-range", 0, 18446744073709551615]]})");
  const auto read = embedded::parse_policy_document(*document);
  REQUIRE(read);
  CHECK(*auth::policy_document(*read) == *document);
  CHECK(auth::policy_document({(timestamp::max)(), {}})->starts_with(R"({"expiration": "9999-12-31T23:59:59Z")"));
  CHECK(auth::policy_document({(timestamp::min)(), {}})->starts_with(R"({"expiration": "0000-01-01T00:00:00Z")"));
}

TEST_CASE("policy documents that are none", "[auth]") {
  for (const std::string_view bad : {"", "x", "[]", "{}", R"({"expiration": "2024-02-29T12:00:00Z"})", R"({"conditions": []})",
                                     R"({"expiration": 1, "conditions": []})", R"({"expiration": "tomorrow", "conditions": []})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": {}})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [1]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [["eq", "$a"]]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [["eq", "a", "b"]]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [["in", "$a", "b"]]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [["content-length-range", -1, 2]]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [["eq", "$a", "b", "c"]]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [{"a": {}}]})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [], "x": 1})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": []} {})",
                                     R"({"expiration": "2024-02-29T12:00:00Z", "conditions": [)"}) {
    INFO(bad);
    const auto read = embedded::parse_policy_document(bad);
    REQUIRE(!read);
    CHECK(read.error().code == "InvalidPolicyDocument");
  }
}

TEST_CASE("fields of which no condition speaks get one", "[auth]") {
  auth::signer with;
  const auto made = auth::presign_post(with, "http://h/b", "b", "k/${filename}", {{"acl", "private"}, {"Content-Type", "a/b"}},
                                       one_hour({post_condition::starts_with("content-type", "a/")}), example, here, now);
  REQUIRE(made);
  const auto document = detail::from_base64(*embedded::find_field(made->fields, "policy"));
  REQUIRE(document);
  CHECK(document->starts_with(
      R"({"expiration": "2024-02-29T13:00:00Z", "conditions": [["starts-with", "$content-type", "a/"], {"acl": "private"}, )"
      R"({"bucket": "b"}, ["starts-with", "$key", "k/"], {"x-amz-algorithm": "AWS4-HMAC-SHA256"},)"));
}

TEST_CASE("${filename} in any field, and anywhere in the key, makes a policy that can be met", "[auth]") {
  auth::signer with;
  const auto made = auth::presign_post(
      with, "http://h/b", "b", "in/${filename}/of/${filename}.txt",
      {{"x-amz-meta-name", "${filename}"}, {"Content-Disposition", "attachment; filename=\"${filename}\""}, {"acl", "private"},
       {"x-amz-meta-a", "$filename {filename} ${file}"}, {"x-amz-meta-mine", "is ${filename}"}},
      one_hour({post_condition::starts_with("x-amz-meta-mine", "is")}), example, here, now);
  REQUIRE(made);
  const auto document = detail::from_base64(*embedded::find_field(made->fields, "policy"));
  REQUIRE(document);
  INFO(*document);
  // AWS: variables are put in before the policy is validated, so conditions are for what the fields become.
  for (const std::string_view part : {R"(["starts-with", "$key", "in/"])", R"(["starts-with", "$x-amz-meta-name", ""])",
                                      R"(["starts-with", "$Content-Disposition", "attachment; filename=\""])", R"({"acl": "private"})",
                                      R"({"x-amz-meta-a": "$filename {filename} ${file}"})", R"(["starts-with", "$x-amz-meta-mine", "is"])"})
    CHECK(document->find(part) != std::string::npos);
  CHECK(document->find("${filename}") == std::string::npos);
  CHECK(embedded::find_field(made->fields, "x-amz-meta-name") == "${filename}");  // the field itself has it

  // A condition that nothing can meet is an error, and not a form that S3 always refuses.
  for (const post_condition& never : {post_condition::eq("key", "up/${filename}"), post_condition::starts_with("key", "up/${filename}"),
                                      post_condition::eq("x-amz-meta-name", "${filename}")}) {
    const auto refused = auth::presign_post(with, "http://h/b", "b", "up/${filename}", {}, one_hour({never}), example, here, now);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == error_kind::invalid_argument);
    CHECK(refused.error().message.find(never.field) != std::string::npos);
  }
}

TEST_CASE("tampering with a form", "[auth]") {
  auth::signer with;
  auto made = auth::presign_post(
      with, "http://h/b", "b", "up/${filename}", {{"acl", "private"}},
      one_hour({post_condition::content_length_range(10, 20), post_condition::starts_with("Content-Type", "image/")}), example,
      here, now);
  REQUIRE(made);
  auto form = made->fields;
  form.emplace_back("Content-Type", "image/png");
  form.emplace_back("x-ignore-me", "anything");
  const auto field = [&form](std::string_view name) -> std::string& {
    for (auto& [n, v] : form)
      if (n == name) return v;
    FAIL("no such field");
    return form.front().second;
  };
  field("key") = "up/me.png";

  std::string bucket = "b";
  std::uint64_t size = 15;
  timestamp received = now;
  auth::credentials who = example;
  const auto refused = [&]() -> std::string {
    const auto p = embedded::presented(form);
    if (!p) return p.error().code;
    REQUIRE(*p);
    const auto verdict = embedded::verify_post(with, **p, form, bucket, size, who, here, received);
    return verdict ? "" : verdict.error().code;
  };
  REQUIRE(refused() == "");

  SECTION("bucket") {
    bucket = "c";
    CHECK(refused() == "AccessDenied");
  }
  SECTION("key") {
    field("key") = "down/me.png";
    CHECK(refused() == "AccessDenied");
  }
  SECTION("acl") {
    field("acl") = "public-read";
    CHECK(refused() == "AccessDenied");
  }
  SECTION("type") {
    field("Content-Type") = "text/plain";
    CHECK(refused() == "AccessDenied");
  }
  SECTION("a list of types") {
    field("Content-Type") = "image/png, image/gif";
    CHECK(refused() == "");
  }
  SECTION("a list with another type") {
    field("Content-Type") = "image/png, text/plain";
    CHECK(refused() == "AccessDenied");
  }
  SECTION("extra field") {
    form.emplace_back("x-amz-meta-a", "1");
    CHECK(refused() == "AccessDenied");
  }
  SECTION("too small") {
    size = 9;
    CHECK(refused() == "EntityTooSmall");
  }
  SECTION("smallest and largest") {
    size = 10;
    CHECK(refused() == "");
    size = 20;
    CHECK(refused() == "");
  }
  SECTION("too large") {
    size = 21;
    CHECK(refused() == "EntityTooLarge");
  }
  SECTION("expired") {
    received = now + std::chrono::hours{1};
    CHECK(refused() == "AccessDenied");
  }
  SECTION("signature") {
    field("x-amz-signature").back() ^= 1;
    CHECK(refused() == "SignatureDoesNotMatch");
  }
  SECTION("policy") {
    field("policy")[20] ^= 1;
    CHECK(refused() == "SignatureDoesNotMatch");
  }
  SECTION("secret") {
    who.secret_access_key = "b secret";
    CHECK(refused() == "SignatureDoesNotMatch");
  }
  SECTION("date") {
    field("x-amz-date") = "20240228T120000Z";
    CHECK(refused() == "InvalidArgument");
  }
  SECTION("credential") {
    field("x-amz-credential") = "AKIDEXAMPLE";
    CHECK(refused() == "InvalidArgument");
  }
  SECTION("algorithm") {
    field("x-amz-algorithm") = "AWS4-ECDSA";
    CHECK(refused() == "InvalidArgument");
  }
  SECTION("no signature") {
    std::erase_if(form, [](const auto& f) { return f.first == "x-amz-signature"; });
    CHECK(refused() == "InvalidArgument");
  }
}

TEST_CASE("a form without a policy is anonymous", "[auth]") {
  const auto p = embedded::presented(auth::form_fields{{"key", "k"}});
  REQUIRE(p);
  CHECK(!*p);
}
