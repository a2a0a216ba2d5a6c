// Where do access points and directory buckets have their hosts, and which wishes do they refuse? endpoint_test.cpp compares with botocore.
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/directory.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/protocol/endpoint_rules.hpp>
#include <s3store/protocol/special_endpoints.hpp>

#include "support/harness.hpp"

using namespace s3store;

namespace {

const std::string access_point = "arn:aws:s3:us-west-2:123456789012:accesspoint/mine";
const std::string multi_region = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
const std::string object_lambda = "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/mine";
const std::string outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/mine";
const std::string directory = "mine--usw2-az1--x-s3";
const std::string alias = "mine-o01234567890123456abcdefghij0123456789usw20--op-s3";

struct asked {
  settings of{.region = "us-west-2"};
  std::string bucket{};
  const operation_spec* operation{&get_object_request::spec};

  result<endpoint> resolve() const {
    std::optional<http::url> custom;
    if (!of.endpoint.empty()) custom = http::parse_url(of.endpoint).value();
    return standard_endpoint_rules{}.resolve(
        {.of = of, .custom = custom ? &*custom : nullptr, .bucket = bucket, .operation = operation, .region = of.region});
  }
  std::string url() const {
    const auto found = resolve();
    return found ? found->origin() + found->path : std::string(to_string(found.error().kind));
  }
  std::string why() const {
    const auto found = resolve();
    REQUIRE_FALSE(found);
    return found.error().message;
  }
};

struct sigv4_signer : auth::signer {
  static constexpr bool makes_sigv4a = false;
};
struct policies_with_sigv4_alone : test::policies {
  using signer = sigv4_signer;
};

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a malformed ARN is refused, and the message says what is wrong", "[endpoint]") {
  const auto why = [](std::string bucket) {
    const asked a{.bucket = std::move(bucket)};
    CHECK(a.url() == "invalid argument");
    return a.why();
  };
  CHECK(holds(why("arn:aws:s3:us-west-2:1:"), "is no ARN"));
  CHECK(holds(why("arn:aws:s3:us-west-2:1:accesspoint"), "without the access point's name"));
  CHECK(holds(why("arn:aws:s3:us-west-2:1:accesspoint/a/b"), "more parts"));
  CHECK(holds(why("arn:aws:s3:us-west-2:1:accesspoint/a_b"), "cannot be part of a host name"));
  CHECK(holds(why("arn:aws:s3:us-west-2:1_2:accesspoint/a"), "account"));
  CHECK(holds(why("arn:aws:s3:us-west-2::accesspoint/a"), "without an account"));
  CHECK(holds(why("arn:aws:s3:us_2:1:accesspoint/a"), "whose region"));
  CHECK(holds(why("arn:aws:sqs:us-west-2:1:accesspoint/a"), "\"sqs\""));
  CHECK(holds(why("arn:aws:s3-object-lambda::1:accesspoint/a"), "without a region"));
  CHECK(holds(why("arn:aws:s3::1:accesspoint/a..b"), "alias"));
  CHECK(holds(why("arn:aws:s3:::bucket"), "something else than an access point"));
  CHECK(holds(why("arn:aws:s3-outposts:us-west-2:1:outpost/op-1/bucket/b"), "\"bucket\""));
  CHECK(holds(why("arn:aws:s3-outposts:us-west-2:1:outpost/op-1"), "outpost/id/accesspoint/name"));
  CHECK(holds(why("arn:aws:s3-outposts:us-west-2:1:outpost/op_1/accesspoint/a"), "cannot be part of a host name"));
  CHECK(holds(asked{.bucket = access_point, .operation = &create_bucket_request::spec}.why(), "CreateBucket"));
  // What the caller gave is shown in one line, and not all of it.
  CHECK(holds(why("arn:aws:s3\n"), "arn:aws:s3\\n"));
  CHECK(why("arn:" + std::string(5000, 'a')).size() < 500);
}

TEST_CASE("settings that do not go with an ARN are errors, and not left out", "[endpoint]") {
  for (const std::string& bucket : {access_point, multi_region, object_lambda, outpost}) {
    CHECK(asked{.of = {.region = "us-west-2", .style = addressing::path}, .bucket = bucket}.url() == "configuration");
    CHECK(asked{.of = {.region = "us-west-2", .use_accelerate = true}, .bucket = bucket}.url() == "configuration");
    CHECK(asked{.of = {.region = "cn-north-1"}, .bucket = bucket}.url() == "configuration");
    CHECK(asked{.of = {.endpoint = "http://10.0.0.1"}, .bucket = bucket}.url() == "configuration");
    CHECK(asked{.of = {.endpoint = "http://[::1]:9000"}, .bucket = bucket}.url() == "configuration");
  }
  for (const std::string& bucket : {multi_region, object_lambda, outpost})
    CHECK(asked{.of = {.region = "us-west-2", .use_dualstack = true}, .bucket = bucket}.url() == "configuration");
  for (const std::string& bucket : {multi_region, outpost, alias})
    CHECK(asked{.of = {.region = "us-west-2", .use_fips = true}, .bucket = bucket}.url() == "configuration");
  for (const std::string& bucket : {access_point, object_lambda, outpost}) {
    CHECK(holds(asked{.of = {.use_arn_region = false}, .bucket = bucket}.why(), "use_arn_region"));
    CHECK(asked{.of = {.region = "us-west-2", .use_arn_region = false}, .bucket = bucket}.resolve());
  }
  CHECK(holds(asked{.of = {.disable_multiregion_access_points = true}, .bucket = multi_region}.why(), "disable_multiregion_access_points"));
  // AWS's own rules would send it to AWS, with the credentials for that other store.
  CHECK(holds(asked{.of = {.endpoint = "https://minio.test"}, .bucket = multi_region}.why(), "endpoint of one's own"));
  for (const std::string& bucket : {directory, std::string("mine--usw2-az1--xa-s3")})
    CHECK(holds(asked{.of = {.use_accelerate = true}, .bucket = bucket}.why(), "use_accelerate"));
}

TEST_CASE("where access points are", "[endpoint]") {
  const auto host = [](const std::string& bucket, settings of = {.region = "us-west-2"}) {
    return asked{.of = std::move(of), .bucket = bucket}.url();
  };
  CHECK(host(access_point) == "https://mine-123456789012.s3-accesspoint.us-west-2.amazonaws.com");
  CHECK(host(access_point, {.region = "us-east-1", .use_dualstack = true, .use_fips = true}) ==
        "https://mine-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com");
  CHECK(host(access_point, {.endpoint = "http://host:81/p"}) == "http://mine-123456789012.host:81/p");
  CHECK(host("mine-x-s3alias") == "https://mine-x-s3alias.s3.us-west-2.amazonaws.com");  // an alias is as good as a bucket's name
  CHECK(host("mine--ol-s3") == "https://mine--ol-s3.s3.us-west-2.amazonaws.com");
  CHECK(host(object_lambda) == "https://mine-123456789012.s3-object-lambda.us-west-2.amazonaws.com");
  CHECK(host(multi_region) == "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com");
  CHECK(host(outpost) == "https://mine-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com");
  CHECK(host(outpost, {.endpoint = "http://host:81/p"}) == "https://mine-123456789012.op-01234567890123456.host:81");
  CHECK(host(alias) == "https://" + alias + ".op-01234567890123456.s3-outposts.us-west-2.amazonaws.com");
}

TEST_CASE("what the signature of an access point names", "[endpoint]") {
  const auto of = [](const std::string& bucket) { return asked{.of = {.region = "us-east-1"}, .bucket = bucket}.resolve().value(); };
  CHECK(of(access_point).region == "us-west-2");  // and not the client's
  CHECK(of(access_point).service == "s3");
  CHECK(of(object_lambda).service == "s3-object-lambda");
  CHECK(of(multi_region).region == "*");
  CHECK(of(multi_region).scheme == signing_scheme::sigv4a);
  CHECK(of(outpost).service == "s3-outposts");
  CHECK(of(outpost).scheme == signing_scheme::sigv4);
  CHECK(of(outpost).accepts_sigv4a);
  CHECK_FALSE(of(access_point).accepts_sigv4a);
}

TEST_CASE("directory buckets have hosts of their zone, and others to be made and configured", "[endpoint]") {
  const asked object{.bucket = directory};
  CHECK(object.url() == "https://mine--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com");
  CHECK(object.resolve()->service == "s3express");
  CHECK(object.resolve()->scheme == signing_scheme::sigv4_s3express);
  CHECK(asked{.of = {.region = "us-west-2", .use_dualstack = true, .use_fips = true}, .bucket = directory}.url() ==
        "https://mine--usw2-az1--x-s3.s3express-fips-usw2-az1.dualstack.us-west-2.amazonaws.com");
  CHECK(asked{.of = {.region = "us-west-2", .style = addressing::path}, .bucket = directory}.url() == object.url());
  CHECK(asked{.bucket = "mine--usw2-az1--xa-s3"}.url() == "https://mine--usw2-az1--xa-s3.s3express-usw2-az1.us-west-2.amazonaws.com");
  for (const operation_spec* spec : {&create_bucket_request::spec, &delete_bucket_request::spec}) {
    const asked control{.bucket = directory, .operation = spec};
    CHECK(control.url() == "https://s3express-control.us-west-2.amazonaws.com/mine--usw2-az1--x-s3");
    CHECK(control.resolve()->scheme == signing_scheme::sigv4);
  }
  CHECK(asked{.operation = &list_directory_buckets_request::spec}.url() == "https://s3express-control.us-west-2.amazonaws.com");
  // A session is for one bucket, and what makes it can't have one.
  for (const operation_spec* spec : {&create_session_request::spec, &copy_object_request::spec}) {
    const asked once{.bucket = directory, .operation = spec};
    CHECK(once.url() == object.url());
    CHECK(once.resolve()->scheme == signing_scheme::sigv4);
  }
  CHECK(asked{.of = {.disable_express_session_auth = true}, .bucket = directory}.resolve()->scheme == signing_scheme::sigv4);

  for (const char* wrong : {"mine--x-s3", "--x-s3", "mine--abc--x-s3", "MINE--usw2-az1--x-s3", "my.dotted--usw2-az1--x-s3", "mine-usw2-az1--x-s3"})
    CHECK(asked{.bucket = wrong}.url() == "invalid argument");
  CHECK(asked{.of = {.region = "eu_1"}, .bucket = directory}.url() == "configuration");
}

TEST_CASE("other stores have no reserved names", "[endpoint]") {
  for (const std::string& bucket : {directory, std::string("mine--usw2-az1--xa-s3"), alias, std::string("UPPER--x-s3"), std::string("--x-s3")}) {
    const asked own{.of = {.endpoint = "http://host"}, .bucket = bucket};
    CHECK(own.url() == "http://host/" + bucket);
    CHECK(own.resolve()->service == "s3");
    CHECK(own.resolve()->scheme == signing_scheme::sigv4);
  }
  CHECK(asked{.of = {.endpoint = "http://host"}, .operation = &list_directory_buckets_request::spec}.resolve()->service == "s3");
  // But an endpoint of AWS's is no other store.
  const asked aws{.of = {.endpoint = "https://x.vpce.amazonaws.com/p", .region = "us-west-2"}, .bucket = directory};
  CHECK(aws.url() == "https://" + directory + ".x.vpce.amazonaws.com/p");
  CHECK(aws.resolve()->service == "s3express");
}

TEST_CASE("names that end nearly as reserved ones are usual", "[endpoint]") {
  for (const std::string bucket : {"mine-x-s3", "x-s3", "mine--x-s3-", "mine--x-s3x", "mine-s3alias", "mine--ol-s3", "point--op-s3"}) {
    CHECK(kind_of_bucket(bucket) == bucket_kind::general);
    CHECK(asked{.bucket = bucket}.resolve());
  }
}

TEST_CASE("whatever the bucket is called, the host is AWS's, or below that of the endpoint", "[endpoint]") {
  std::mt19937 chance{20060301};
  const auto pick = [&chance](const auto& from) { return from[chance() % std::size(from)]; };
  const std::string_view pieces[] = {"arn:", "aws", ":", "/", "s3", "s3-outposts", "s3-object-lambda", "us-west-2", "", "123456789012", "accesspoint",
                                     "outpost", "op-1", "a", ".", "..", "-", "--x-s3", "--xa-s3", "--op-s3", "--use1-az4", "evil.example",
                                     "@", "#", "?", "%2f", "\\", " ", "\r\n", "\0", "A", "_", "[", "]", "\xc3\xa4",
                                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaao"};
  const std::string_view arns[] = {"arn:aws:s3:us-west-2:1:accesspoint:", "arn:aws:s3::1:accesspoint:", "arn:aws:s3:", "arn:aws:s3:us-west-2:",
                                   "arn:aws:s3-outposts:us-west-2:1:outpost:op-1:accesspoint:", "arn:aws:s3-outposts:us-west-2:1:outpost:", "a", ""};
  const operation_spec* const operations[] = {&get_object_request::spec, &create_bucket_request::spec, &create_session_request::spec, nullptr};
  int found = 0;
  for (int n = 0; n != 30000; ++n) {
    asked a{.of = {.region = "us-west-2"}, .bucket = std::string(pick(arns)), .operation = pick(operations)};
    for (auto left = chance() % 6; left != 0; --left) a.bucket += pick(pieces);
    if (chance() % 3 == 0) a.of.endpoint = "https://host.test:81/p";
    const auto to = a.resolve();
    if (!to) continue;
    ++found;
    INFO(a.bucket);
    std::string_view host = to->authority;
    if (!a.of.endpoint.empty() && host.ends_with("host.test:81")) host.remove_suffix(3);
    if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != std::string_view::npos) FAIL(to->authority);
    if (!is_aws_host(host) && (a.of.endpoint.empty() || !host.ends_with("host.test"))) FAIL(to->authority);
    if (to->path.find_first_of("?#\r\n @\\") != std::string::npos) FAIL(to->path);
  }
  CHECK(found > 5000);
}

TEST_CASE("a call to an access point goes to its host, and is signed for its region", "[call][endpoint]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200).answer(200);
  REQUIRE(w.send(get_object_request{.bucket = access_point, .key = "a/b c"}));
  CHECK(w.sent().url == "https://mine-123456789012.s3-accesspoint.us-west-2.amazonaws.com/a/b%20c");
  CHECK(holds(w.header("authorization"), "/us-west-2/s3/aws4_request"));
  REQUIRE(w.send(head_object_request{.bucket = outpost, .key = "k"}));
  CHECK(holds(w.header("authorization", 1), "/us-west-2/s3-outposts/aws4_request"));
}

TEST_CASE("an ARN names its region itself, and so learns none", "[call][endpoint]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(301, {{"x-amz-bucket-region", "eu-central-1"}});
  const auto out = w.send(head_object_request{.bucket = access_point, .key = "k"});
  REQUIRE_FALSE(out);
  CHECK(out.error().attempts == 1);
  w.server.answer(301);
  CHECK_FALSE(w.send(get_object_request{.bucket = access_point, .key = "k"}));
  CHECK(w.server.tried() == 2);  // there was no HeadBucket either
}

TEST_CASE("a Multi-Region Access Point gets SigV4A signatures for all regions", "[call][endpoint][sigv4a]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {}, "hello").answer(200).answer(200).answer(200);
  const auto got = w.send(get_object_request{.bucket = multi_region, .key = "a/b c"});
  REQUIRE(got);
  CHECK(got->body == "hello");
  CHECK(w.sent().url == "https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a/b%20c");
  CHECK(w.header("authorization").starts_with("AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20130524/s3/aws4_request, "));
  CHECK(w.header("x-amz-region-set") == "*");

  // The harness verifies what is sent: the headers' signatures, and those of the chunks and the trailer.
  const std::string large(300'000, 'x');
  http::memory_source source{large};
  const put_object_request streamed{.bucket = multi_region, .key = "k", .body = http::body{source}};
  REQUIRE(w.send(streamed));
  CHECK(w.header("x-amz-content-sha256", 1) == auth::payload::not_signed_with_trailer);
  CHECK(w.header("x-amz-region-set", 1) == "*");

  const auth::credentials& who = *w.identity.find("AKIDEXAMPLE");
  const auto made = w.client().presign(get_object_request{.bucket = multi_region, .key = "a/b c"}, std::chrono::minutes{5});
  REQUIRE(made);
  CHECK(made->url.starts_with("https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a/b%20c?"));
  CHECK(holds(made->url, "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256"));
  CHECK(holds(made->url, "X-Amz-Region-Set=%2A&"));
  CHECK(test::check_presigned(*made, who).empty());
  const auto upload = w.client().presign(put_object_request{.bucket = multi_region, .key = "k", .content_type = "text/plain"}, std::chrono::minutes{5});
  REQUIRE(upload);
  CHECK(test::check_presigned(*upload, who, "body") == "body");
  const auto form = w.client().presign_post(multi_region, "k", std::chrono::minutes{5});
  REQUIRE_FALSE(form);
  CHECK(holds(form.error().message, "form"));
}

TEST_CASE("the chunks of a body for a Multi-Region Access Point are signed with SigV4A, also by a token's credentials", "[call][endpoint][sigv4a]") {
  test::world<> w{EACH_DRIVER};
  w.set.signing = payload_signing::always;
  w.identity.put("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/session+token==");
  w.server.answer(503).answer(200).answer(200);
  const std::string large(300'000, 'x');
  http::memory_source source{large};
  REQUIRE(w.send(put_object_request{.bucket = multi_region, .key = "k", .body = http::body{source}}));  // both attempts are looked at
  REQUIRE(w.server.tried() == 2);
  for (const std::size_t n : {0u, 1u}) {
    CHECK(w.header("x-amz-content-sha256", n) == "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER");
    CHECK(w.header("x-amz-region-set", n) == "*");
    CHECK(w.header("x-amz-security-token", n) == "a/session+token==");
    CHECK(holds(w.sent(n).body, "x-amz-trailer-signature:"));
    CHECK(holds(w.header("authorization", n), ";x-amz-region-set;"));
  }
  // A body that has its checksum already needs no trailer.
  REQUIRE(w.send(put_object_request{.bucket = multi_region, .key = "k", .body = http::body{source}, .checksum_crc32 = "AAAAAA=="}));
  CHECK(w.header("x-amz-content-sha256", 2) == "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");

  const auto made = w.client().presign(get_object_request{.bucket = multi_region, .key = "k"}, std::chrono::minutes{5});
  REQUIRE(made);
  CHECK(holds(made->url, "X-Amz-Security-Token=a%2Fsession%2Btoken%3D%3D"));
  test::check_presigned(*made, *w.identity.find("AKIDEXAMPLE"));
}

TEST_CASE("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS refuses calls and presigned URLs", "[call][endpoint][sigv4a]") {
  test::world<> w{EACH_DRIVER};
  const bool refuses = GENERATE(true, false);
  const auto set = settings::from_environment(environment{{"AWS_REGION", "us-west-2"},
                                                          {"AWS_CONFIG_FILE", "/dev/null"},
                                                          {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                                          {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", refuses ? "true" : "false"}});
  REQUIRE(set);
  w.set = *set;
  w.server.answer(200).answer(200);
  const auto got = w.send(get_object_request{.bucket = multi_region, .key = "k"});
  const auto made = w.client().presign(get_object_request{.bucket = multi_region, .key = "k"}, std::chrono::minutes{5});
  CHECK(got.has_value() != refuses);
  CHECK(made.has_value() != refuses);
  CHECK(w.server.tried() == (refuses ? 0 : 1));
  if (!refuses) return;
  CHECK(got.error().kind == error_kind::configuration);
  CHECK(holds(got.error().message, "disable_multiregion_access_points"));
  CHECK(made.error().kind == error_kind::configuration);
  REQUIRE(w.send(get_object_request{.bucket = access_point, .key = "k"}));  // other access points are not meant
}

TEST_CASE("a request that can't be signed as it must be is not sent", "[call][endpoint]") {
  test::world<policies_with_sigv4_alone> w{EACH_DRIVER};
  const auto out = w.send(get_object_request{.bucket = multi_region, .key = "k"});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::configuration);
  CHECK(holds(out.error().message, "SigV4A"));
  CHECK_FALSE(w.client().presign(get_object_request{.bucket = multi_region, .key = "k"}, std::chrono::minutes{5}));
  CHECK_FALSE(w.client().presign_post(multi_region, "k", std::chrono::minutes{5}));
  CHECK(w.server.tried() == 0);
}
