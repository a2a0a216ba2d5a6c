// Does the embedded S3 keep what is set on buckets, refuse what S3 refuses, and do what it is told to?
#include <string>

#include <s3store/operations/analysis.hpp>
#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/replication.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/website.hpp>

#include "support/embedded.hpp"

using namespace test;

namespace {

types::lifecycle_rule expires_in(std::int32_t days, std::string id = "tmp") {
  return {.expiration = types::lifecycle_expiration{.days = days},
          .id = std::move(id),
          .filter = types::lifecycle_rule_filter{.prefix = "tmp/"},
          .status = types::expiration_status::enabled};
}

types::server_side_encryption_configuration encrypted_with(types::server_side_encryption algorithm,
                                                           std::string key = {}) {
  types::server_side_encryption_rule rule;
  rule.apply_server_side_encryption_by_default = {std::move(algorithm), std::move(key)};
  return {{rule}};
}

std::string policy_of(const std::string& statement) { return R"({"Version":"2012-10-17","Statement":)" + statement + "}"; }
std::string statement(const std::string& principal, const std::string& resource = "arn:aws:s3:::b-1/*",
                      const std::string& more = "") {
  return R"({"Effect":"Allow","Principal":)" + principal + R"(,"Action":["s3:GetObject"],"Resource":")" + resource + "\"" + more + "}";
}

}  // namespace

TEST_CASE("what is not set is refused by its own code, or answered with what holds then", "[embedded]") {
  const embedded_world w;
  CHECK(code_of(w.s3.get_bucket_tagging({.bucket = "none"})) == "NoSuchBucket");
  CHECK(code_of(w.s3.put_bucket_tagging({.bucket = "none"})) == "NoSuchBucket");
  CHECK(code_of(w.s3.delete_bucket_tagging({.bucket = "none"})) == "NoSuchBucket");
  w.make_bucket("b-1");
  CHECK(code_of(w.s3.get_bucket_tagging({.bucket = "b-1"})) == "NoSuchTagSet");
  CHECK(code_of(w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"})) == "NoSuchLifecycleConfiguration");
  CHECK(code_of(w.s3.get_bucket_cors({.bucket = "b-1"})) == "NoSuchCORSConfiguration");
  CHECK(code_of(w.s3.get_bucket_website({.bucket = "b-1"})) == "NoSuchWebsiteConfiguration");
  CHECK(code_of(w.s3.get_bucket_policy({.bucket = "b-1"})) == "NoSuchBucketPolicy");
  CHECK(code_of(w.s3.get_bucket_policy_status({.bucket = "b-1"})) == "NoSuchBucketPolicy");
  CHECK(code_of(w.s3.get_public_access_block({.bucket = "b-1"})) == "NoSuchPublicAccessBlockConfiguration");
  CHECK(w.s3.get_bucket_tagging({.bucket = "b-1"}).error().status == 404);

  const auto encryption = w.s3.get_bucket_encryption({.bucket = "b-1"});
  REQUIRE(encryption);
  const auto& rules = encryption->server_side_encryption_configuration->rules;
  REQUIRE(rules.size() == 1);
  CHECK(rules[0].apply_server_side_encryption_by_default->sse_algorithm == types::server_side_encryption::aes256);
  CHECK(rules[0].bucket_key_enabled == false);
  const auto logging = w.s3.get_bucket_logging({.bucket = "b-1"});
  REQUIRE(logging);
  CHECK_FALSE(logging->logging_enabled);
  const auto notification = w.s3.get_bucket_notification_configuration({.bucket = "b-1"});
  REQUIRE(notification);
  CHECK(notification->topic_configurations.empty());
  const auto accelerate = w.s3.get_bucket_accelerate_configuration({.bucket = "b-1"});
  REQUIRE(accelerate);
  CHECK(accelerate->status.empty());
  CHECK(w.s3.get_bucket_request_payment({.bucket = "b-1"})->payer == types::payer::bucket_owner);

  // To remove what is not there is fine; what it does not do, it says.
  CHECK(w.s3.delete_bucket_cors({.bucket = "b-1"}));
  CHECK(code_of(w.s3.get_bucket_replication({.bucket = "b-1"})) == "NotImplemented");
  CHECK(code_of(w.s3.get_bucket_inventory_configuration({.bucket = "b-1", .id = "i"})) == "NotImplemented");
}

TEST_CASE("a configuration that S3 would refuse is not kept", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");

  SECTION("no document, or another one") {
    const auto put = [&](const std::string& what, const std::string& body) {
      // A PUT by hand: the client would not write such a document.
      return code_of(w.s3.put_object({.bucket = "b-1", .key = "k", .body = body}, {.query = {{what, ""}}}));
    };
    CHECK(put("tagging", "") == "MalformedXML");
    CHECK(put("tagging", "{}") == "MalformedXML");
    CHECK(put("tagging", "<Retention/>") == "MalformedXML");
    CHECK(put("tagging", "<Tagging>") == "MalformedXML");
    CHECK(code_of(w.s3.put_bucket_lifecycle_configuration({.bucket = "b-1"})) == "MalformedXML");
  }
  SECTION("tags") {
    const auto put = [&](std::vector<types::tag> tags) {
      return code_of(w.s3.put_bucket_tagging({.bucket = "b-1", .tagging = {std::move(tags)}}));
    };
    CHECK(put({{"a", "1"}, {"a", "2"}}) == "InvalidTag");
    CHECK(put({{"aws:a", "1"}}) == "InvalidTag");
    CHECK(put({{"", "1"}}) == "InvalidTag");
    CHECK(put({{"a?", "1"}}) == "InvalidTag");
    CHECK(put({{std::string(129, 'a'), "1"}}) == "InvalidTag");
    CHECK(put({{"a", std::string(257, '1')}}) == "InvalidTag");
    std::vector<types::tag> many;
    for (int i = 0; i != 50; ++i) many.push_back({std::to_string(i), ""});
    CHECK(put(many) == "");
    many.push_back({"50", ""});
    CHECK(put(many) == "BadRequest");
    CHECK(w.s3.get_bucket_tagging({.bucket = "b-1"})->tag_set.size() == 50);
    std::string letters;
    for (int i = 0; i != 128; ++i) letters += "ü";  // characters are counted, not bytes
    CHECK(put({{letters, "a b+-=._:/@"}}) == "");
    CHECK(put({}) == "");
    CHECK(code_of(w.s3.get_bucket_tagging({.bucket = "b-1"})) == "NoSuchTagSet");
  }
  SECTION("encryption") {
    const auto put = [&](types::server_side_encryption_configuration c) {
      return code_of(w.s3.put_bucket_encryption({.bucket = "b-1", .server_side_encryption_configuration = std::move(c)}));
    };
    CHECK(put({}) == "MalformedXML");
    CHECK(put(encrypted_with(types::server_side_encryption{"rot13"})) == "MalformedXML");
    CHECK(put(encrypted_with(types::server_side_encryption::aes256, "key-1")) == "InvalidArgument");
  }
  SECTION("lifecycle") {
    const auto put = [&](std::vector<types::lifecycle_rule> rules) {
      return code_of(
          w.s3.put_bucket_lifecycle_configuration({.bucket = "b-1", .lifecycle_configuration = {{std::move(rules)}}}));
    };
    const auto with = [](auto&& change) {
      types::lifecycle_rule r = expires_in(30);
      change(r);
      return std::vector{r};
    };
    using rule = types::lifecycle_rule;
    CHECK(put({}) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.status = {}; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.status = types::expiration_status{"On"}; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.filter.reset(); })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.prefix = "a"; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.filter->object_size_less_than = 5; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.expiration.reset(); })) == "InvalidRequest");
    CHECK(put(with([](rule& r) { r.expiration->days.reset(); })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.expiration->date = timestamp{}; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.expiration->days = 0; })) == "InvalidArgument");
    CHECK(put(with([](rule& r) { r.expiration = types::lifecycle_expiration{.date = timestamp{std::chrono::hours{1}}}; })) ==
          "InvalidArgument");
    CHECK(put(with([](rule& r) { r.id = std::string(256, 'i'); })) == "InvalidArgument");
    CHECK(put({expires_in(1), expires_in(2)}) == "InvalidArgument");
    CHECK(put(with([](rule& r) { r.transitions = {{.days = 1}}; })) == "MalformedXML");
    CHECK(put(with([](rule& r) { r.transitions = {{.days = -1, .storage_class = types::transition_storage_class::glacier}}; })) ==
          "InvalidArgument");
    CHECK(put(with([](rule& r) { r.noncurrent_version_expiration.emplace().noncurrent_days = 0; })) == "InvalidArgument");
    CHECK(put(with([](rule& r) {
            r.filter = types::lifecycle_rule_filter{.tag = types::tag{"a", "b"}};
            r.abort_incomplete_multipart_upload.emplace().days_after_initiation = 7;
          })) == "InvalidRequest");
    CHECK(put({expires_in(1, "a"), expires_in(2, "b")}) == "");
    CHECK(code_of(w.s3.put_bucket_lifecycle_configuration(
              {.bucket = "b-1",
               .lifecycle_configuration = {{{expires_in(1)}}},
               .transition_default_minimum_object_size = types::transition_default_minimum_object_size{"none"}})) ==
          "InvalidRequest");
    CHECK(w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"})->rules.size() == 2);
  }
  SECTION("CORS") {
    const auto put = [&](std::vector<types::cors_rule> rules) {
      return code_of(w.s3.put_bucket_cors({.bucket = "b-1", .cors_configuration = {std::move(rules)}}));
    };
    CHECK(put({}) == "MalformedXML");
    CHECK(put({{.allowed_methods = {"GET"}}}) == "MalformedXML");
    CHECK(put({{.allowed_origins = {"*"}}}) == "MalformedXML");
    CHECK(put({{.allowed_methods = {"PATCH"}, .allowed_origins = {"*"}}}) == "InvalidRequest");
    CHECK(put({{.allowed_methods = {"GET"}, .allowed_origins = {"*.a.*"}}}) == "InvalidRequest");
    CHECK(put({{.allowed_headers = {"**"}, .allowed_methods = {"GET"}, .allowed_origins = {"*"}}}) == "InvalidRequest");
    CHECK(put({{.allowed_methods = {"GET"}, .allowed_origins = {"*"}, .expose_headers = {"x-*"}}}) == "InvalidRequest");
    CHECK(put({101, {.allowed_methods = {"GET"}, .allowed_origins = {"*"}}}) == "InvalidRequest");
  }
  SECTION("websites") {
    const auto put = [&](types::website_configuration site) {
      return code_of(w.s3.put_bucket_website({.bucket = "b-1", .website_configuration = std::move(site)}));
    };
    const auto redirect = [&](types::redirect to) {
      types::website_configuration site{.index_document = types::index_document{"i.html"}};
      site.routing_rules.push_back({.redirect = std::move(to)});
      return put(std::move(site));
    };
    const types::redirect_all_requests_to elsewhere{.host_name = "x.test"};
    CHECK(put({}) == "InvalidArgument");
    CHECK(put({.index_document = types::index_document{""}}) == "InvalidArgument");
    CHECK(put({.index_document = types::index_document{"a/b"}}) == "InvalidArgument");
    CHECK(put({.index_document = types::index_document{"i"}, .redirect_all_requests_to = elsewhere}) == "InvalidRequest");
    CHECK(redirect({}) == "MalformedXML");
    CHECK(redirect({.http_redirect_code = "200"}) == "InvalidRequest");
    CHECK(redirect({.protocol = types::protocol{"ftp"}}) == "InvalidRequest");
    CHECK(redirect({.replace_key_prefix_with = "a", .replace_key_with = "b"}) == "InvalidRequest");
    CHECK(redirect({.replace_key_with = "b"}) == "");
  }
  SECTION("notifications") {
    const auto put = [&](types::queue_configuration one) {
      types::notification_configuration n;
      n.queue_configurations = {std::move(one)};
      return code_of(w.s3.put_bucket_notification_configuration({.bucket = "b-1", .notification_configuration = std::move(n)}));
    };
    const std::string arn = "arn:aws:sqs:us-east-1:123456789012:q";
    const types::event made = types::event::s3_object_created_any;
    CHECK(put({.queue_arn = "q", .events = {made}}) == "InvalidArgument");
    CHECK(put({.queue_arn = "arn:aws:sns:us-east-1:123456789012:t", .events = {made}}) == "InvalidArgument");
    CHECK(put({.queue_arn = arn}) == "MalformedXML");
    CHECK(put({.queue_arn = arn, .events = {types::event{"made"}}}) == "InvalidArgument");
    types::notification_configuration_filter filter;
    filter.key.emplace().filter_rules = {{.name = types::filter_rule_name{"middle"}, .value = "x"}};
    CHECK(put({.queue_arn = arn, .events = {made}, .filter = filter}) == "InvalidArgument");
    CHECK(put({.queue_arn = arn, .events = {made}}) == "");
  }
  SECTION("logging, payment, acceleration") {
    CHECK(code_of(w.s3.put_bucket_logging(
              {.bucket = "b-1", .bucket_logging_status = {types::logging_enabled{.target_bucket = "none"}}})) ==
          "InvalidTargetBucketForLogging");
    const auto granted = [&](types::target_grant g) {
      return code_of(w.s3.put_bucket_logging(
          {.bucket = "b-1", .bucket_logging_status = {types::logging_enabled{.target_bucket = "b-1", .target_grants = {std::move(g)}}}}));
    };
    const auto read = types::bucket_logs_permission::read;
    CHECK(granted({.grantee = types::grantee{.id = "123456789012", .type = types::type::canonical_user}, .permission = read}) == "");
    CHECK(granted({.grantee = types::grantee{.id = "nobody", .type = types::type::canonical_user}, .permission = read}) == "InvalidArgument");
    CHECK(granted({.grantee = types::grantee{.type = types::type::group, .uri = "urn:none"}, .permission = read}) == "InvalidArgument");
    CHECK(granted({.grantee = types::grantee{.id = "123456789012", .type = types::type::canonical_user}, .permission = "SING"}) == "MalformedXML");
    CHECK(granted({.permission = read}) == "MalformedACLError");
    CHECK(code_of(w.s3.put_bucket_request_payment(
              {.bucket = "b-1", .request_payment_configuration = {types::payer{"nobody"}}})) == "MalformedXML");
    CHECK(code_of(w.s3.put_bucket_accelerate_configuration({.bucket = "b-1"})) == "MalformedXML");
    w.make_bucket("b.1");
    CHECK(code_of(w.s3.put_bucket_accelerate_configuration(
              {.bucket = "b.1", .accelerate_configuration = {types::bucket_accelerate_status::enabled}})) == "InvalidRequest");
  }
}

TEST_CASE("a policy that is none is refused, and one that opens the bucket is known", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto put = [&](std::string text) { return code_of(w.s3.put_bucket_policy({.bucket = "b-1", .policy = std::move(text)})); };
  const auto is_public = [&] { return w.s3.get_bucket_policy_status({.bucket = "b-1"})->policy_status->is_public.value(); };
  const std::string anybody = R"("*")", account = R"({"AWS":"arn:aws:iam::123456789012:root"})";

  for (const std::string text : {"{", "[]", "\"a\"", "17", "{}", R"({"Statement":[]})", R"({"Statement":"Allow"})", R"({"Statement":[[]]})",
                                 R"({"Version":"2012-10-17","Statement":[{}]})", R"({"Statement":[{}],"Other":1})"})
    CHECK(put(text) == "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody)) + "x") == "MalformedPolicy");
  CHECK(put(R"({"Version":"2020-01-01","Statement":)" + statement(anybody) + "}") == "MalformedPolicy");
  CHECK(put(policy_of(statement("\"somebody\""))) == "MalformedPolicy");
  CHECK(put(policy_of(statement("17"))) == "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody, "arn:aws:s3:::b-1/*", R"(,"Other":"x")"))) == "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody, "arn:aws:s3:::b-2/*"))) == "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody, "arn:aws:s3:::b-10/*"))) == "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody, "b-1/*"))) == "MalformedPolicy");
  CHECK(put(policy_of(R"({"Effect":"Maybe","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-1"})")) ==
        "MalformedPolicy");
  CHECK(put(policy_of(R"({"Effect":"Allow","Principal":"*","Action":"ec2:Run","Resource":"arn:aws:s3:::b-1"})")) ==
        "MalformedPolicy");
  CHECK(put(policy_of(statement(anybody, "arn:aws:s3:::b-1/" + std::string(20 * 1024, 'x')))) == "MalformedPolicy");
  CHECK(code_of(w.s3.get_bucket_policy({.bucket = "b-1"})) == "NoSuchBucketPolicy");

  const std::string text = policy_of(" [ " + statement(anybody) + " , " + statement(account, "arn:aws:s3:::b*") + " ]");
  REQUIRE(put(text) == "");
  CHECK(w.s3.get_bucket_policy({.bucket = "b-1"})->policy == text);  // to the byte
  CHECK(is_public());
  REQUIRE(put(policy_of(statement(account))) == "");
  CHECK_FALSE(is_public());
  const std::string condition = R"(,"Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]},"Bool":{"aws:SecureTransport":true}})";
  REQUIRE(put(policy_of(statement(anybody, "arn:aws:s3:::b-1", condition))) == "");
  CHECK_FALSE(is_public());
  REQUIRE(put(policy_of(R"({"Effect":"Allow","NotPrincipal":)" + account +
                        R"(,"NotAction":"s3:PutObject","NotResource":"arn:aws:s3:::b-1"})")) == "");
  CHECK(is_public());

  REQUIRE(w.s3.put_public_access_block({.bucket = "b-1", .public_access_block_configuration = {.block_public_policy = true}}));
  CHECK(put(text) == "AccessDenied");
  CHECK(put(policy_of(statement(account))) == "");
  REQUIRE(w.s3.delete_bucket_policy({.bucket = "b-1"}));
  CHECK(code_of(w.s3.get_bucket_policy({.bucket = "b-1"})) == "NoSuchBucketPolicy");
}

TEST_CASE("the default encryption is that of uploads that name none", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto put = w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x"});
  REQUIRE(put);
  CHECK(put->server_side_encryption == types::server_side_encryption::aes256);
  CHECK(put->sse_kms_key_id.empty());

  auto wanted = encrypted_with(types::server_side_encryption::aws_kms, "key-1");
  wanted.rules[0].bucket_key_enabled = true;
  REQUIRE(w.s3.put_bucket_encryption({.bucket = "b-1", .server_side_encryption_configuration = wanted}));
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->server_side_encryption == types::server_side_encryption::aes256);
  REQUIRE(w.s3.copy_object({.bucket = "b-1", .key = "copy", .copy_source = {"b-1", "k"}}));
  const auto upload = w.s3.create_multipart_upload({.bucket = "b-1", .key = "parts"});
  REQUIRE(upload);
  CHECK(upload->sse_kms_key_id == "key-1");
  for (const char* const key : {"put", "copy"}) {
    if (std::string_view{key} == "put") w.put("b-1", key, "x");
    const auto head = w.s3.head_object({.bucket = "b-1", .key = key});
    REQUIRE(head);
    CHECK(head->server_side_encryption == types::server_side_encryption::aws_kms);
    CHECK(head->sse_kms_key_id == "key-1");
    CHECK(head->bucket_key_enabled == true);
  }
  const auto own = w.s3.put_object(
      {.bucket = "b-1", .key = "own", .body = "x", .server_side_encryption = types::server_side_encryption::aes256});
  REQUIRE(own);
  CHECK(own->sse_kms_key_id.empty());
  const put_object_request sse_c{.bucket = "b-1",
                                 .key = "sse-c",
                                 .body = "x",
                                 .sse_customer_algorithm = "AES256",
                                 .sse_customer_key = customer_key{std::string(32, 'k')}};
  const auto customers = w.s3.put_object(sse_c);
  REQUIRE(customers);
  CHECK(customers->server_side_encryption.empty());
  wanted.rules[0].blocked_encryption_types.emplace().encryption_type = {types::encryption_type::sse_c};
  REQUIRE(w.s3.put_bucket_encryption({.bucket = "b-1", .server_side_encryption_configuration = wanted}));
  CHECK(code_of(w.s3.put_object(sse_c)) == "AccessDenied");
  REQUIRE(w.s3.delete_bucket_encryption({.bucket = "b-1"}));
  w.put("b-1", "k", "x");
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->server_side_encryption == types::server_side_encryption::aes256);
}

TEST_CASE("a browser of another origin is told what it may do", "[embedded]") {
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1");
  w.put("b-1", "k", "x");
  const auto ask = [&](const std::string& origin, const std::string& method, const std::string& names = "") {
    http::headers fields{{"Host", "s3.test"}};
    if (!origin.empty()) fields.add("Origin", origin);
    if (!method.empty()) fields.add("Access-Control-Request-Method", method);
    if (!names.empty()) fields.add("Access-Control-Request-Headers", names);
    return w.server.serve({.method = "OPTIONS", .target = "/b-1/k", .fields = fields});
  };
  const auto get = [&](const std::string& origin, const std::string& target = "/b-1/k") {
    return w.server.serve({.method = "GET", .target = target, .fields = {{"Host", "s3.test"}, {"Origin", origin}}});
  };
  CHECK(ask("https://a.test", "GET").status == 403);
  CHECK_FALSE(get("https://a.test").fields.contains("Access-Control-Allow-Origin"));
  CHECK(w.server.serve({.method = "OPTIONS", .target = "/none/k", .fields = {{"Origin", "x"}}}).status == 404);

  REQUIRE(w.s3.put_bucket_cors({.bucket = "b-1",
                                .cors_configuration = {{{.allowed_headers = {"x-amz-*", "Content-Type"},
                                                         .allowed_methods = {"PUT", "GET"},
                                                         .allowed_origins = {"https://*.a.test"},
                                                         .expose_headers = {"ETag", "x-amz-version-id"},
                                                         .max_age_seconds = 600},
                                                        {.allowed_methods = {"GET"}, .allowed_origins = {"*"}}}}}));
  CHECK(ask("", "GET").status == 400);
  CHECK(ask("https://www.a.test", "").status == 400);
  CHECK(ask("https://www.a.test", "DELETE").status == 403);
  CHECK(ask("https://b.test", "PUT").status == 403);
  CHECK(ask("https://www.a.test", "PUT", "x-amz-acl, x-other").status == 403);
  const auto allowed = ask("https://www.a.test", "PUT", "X-Amz-Acl,content-type");
  CHECK(allowed.status == 200);
  CHECK(allowed.fields.value_or_empty("Access-Control-Allow-Origin") == "https://www.a.test");
  CHECK(allowed.fields.value_or_empty("Access-Control-Allow-Methods") == "PUT, GET");
  CHECK(allowed.fields.value_or_empty("Access-Control-Allow-Headers") == "x-amz-acl,content-type");
  CHECK(allowed.fields.value_or_empty("Access-Control-Expose-Headers") == "ETag, x-amz-version-id");
  CHECK(allowed.fields.value_or_empty("Access-Control-Max-Age") == "600");
  CHECK(allowed.fields.value_or_empty("Access-Control-Allow-Credentials") == "true");
  CHECK(ask("https://b.test", "GET").fields.value_or_empty("Access-Control-Allow-Origin") == "*");
  CHECK(get("https://www.a.test").fields.value_or_empty("Access-Control-Allow-Origin") == "https://www.a.test");
  CHECK(get("https://b.test", "/b-1/none").fields.value_or_empty("Access-Control-Allow-Origin") == "*");
}

TEST_CASE("what was set comes back, until it is replaced or removed", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.make_bucket("logs");
  const auto set_minimum = types::transition_default_minimum_object_size::varies_by_storage_class;
  const auto put = w.s3.put_bucket_lifecycle_configuration({.bucket = "b-1",
                                                            .lifecycle_configuration = {{{expires_in(30)}}},
                                                            .transition_default_minimum_object_size = set_minimum});
  REQUIRE(put);
  CHECK(put->transition_default_minimum_object_size == set_minimum);
  const auto rules = w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"});
  REQUIRE(rules);
  CHECK(rules->transition_default_minimum_object_size == set_minimum);
  CHECK(rules->rules.at(0).filter->prefix == "tmp/");
  REQUIRE(w.s3.put_bucket_lifecycle_configuration({.bucket = "b-1", .lifecycle_configuration = {{{expires_in(31)}}}}));
  const auto others = w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"});
  CHECK(others->transition_default_minimum_object_size.empty());
  CHECK(others->rules.at(0).expiration->days == 31);
  REQUIRE(w.s3.delete_bucket_lifecycle({.bucket = "b-1"}));
  CHECK(code_of(w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"})) == "NoSuchLifecycleConfiguration");

  const types::logging_enabled to_logs{.target_bucket = "logs", .target_prefix = "of b-1/"};
  REQUIRE(w.s3.put_bucket_logging({.bucket = "b-1", .bucket_logging_status = {to_logs}}));
  CHECK(w.s3.get_bucket_logging({.bucket = "b-1"})->logging_enabled->target_prefix == "of b-1/");
  REQUIRE(w.s3.put_bucket_logging({.bucket = "b-1"}));
  CHECK_FALSE(w.s3.get_bucket_logging({.bucket = "b-1"})->logging_enabled);

  types::website_configuration site{.error_document = types::error_document{"e.html"},
                                    .index_document = types::index_document{"i.html"}};
  site.routing_rules.push_back({.condition = types::condition{.key_prefix_equals = "a/"}, .redirect = {.replace_key_with = " b"}});
  REQUIRE(w.s3.put_bucket_website({.bucket = "b-1", .website_configuration = site}));
  const auto told = w.s3.get_bucket_website({.bucket = "b-1"});
  REQUIRE(told);
  CHECK(told->index_document->suffix == "i.html");
  CHECK(told->routing_rules.at(0).redirect.replace_key_with == " b");

  // What belongs to a bucket goes with it.
  REQUIRE(w.s3.delete_bucket({.bucket = "b-1"}));
  w.make_bucket("b-1");
  CHECK(code_of(w.s3.get_bucket_website({.bucket = "b-1"})) == "NoSuchWebsiteConfiguration");
  REQUIRE(w.s3.create_bucket({.bucket = "b-2", .create_bucket_configuration = {{.tags = {{"a", "1"}}}}}));
  CHECK(w.s3.get_bucket_tagging({.bucket = "b-2"})->tag_set.at(0).value == "1");
  CHECK(code_of(w.s3.create_bucket({.bucket = "b-3", .create_bucket_configuration = {{.tags = {{"aws:a", "1"}}}}})) == "InvalidTag");
  CHECK(code_of(w.s3.head_bucket({.bucket = "b-3"})) == "404");
}

TEST_CASE("a policy that is set answers 204", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html, its example
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1");
  const std::string policy =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b-1/*"}})";
  const auto put = w.server.serve({"PUT", "/b-1?policy", {{"Host", "s3.test"}, {"Content-Length", std::to_string(policy.size())}}, policy});
  CHECK(put.status == 204);
  CHECK(w.s3.put_bucket_policy({.bucket = "b-1", .policy = policy}));
  CHECK(w.s3.get_bucket_policy({.bucket = "b-1"})->policy == policy);
}

TEST_CASE("a lifecycle rule without an ID is given one, and answers tell when the object expires", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
  const embedded_world w{{.min_part_size = 1}};
  w.make_bucket("b-1");
  w.clock.advance(std::chrono::hours{10});  // 24 May 2013, 10:00
  auto named = expires_in(3, "a rule/1"), unnamed = expires_in(1, "");
  named.filter->prefix = "";
  const auto set = [&](std::vector<types::lifecycle_rule> rules) {
    REQUIRE(w.s3.put_bucket_lifecycle_configuration({.bucket = "b-1", .lifecycle_configuration = {{std::move(rules)}}}));
    return w.s3.get_bucket_lifecycle_configuration({.bucket = "b-1"})->rules;
  };
  const auto expiration = [&](const std::string& key) {
    const auto r = w.s3.head_object({.bucket = "b-1", .key = key});
    REQUIRE(r);
    return r->expiration;
  };
  w.put("b-1", "before", "x");
  CHECK(expiration("before") == "");
  const auto kept = set({named, unnamed, unnamed});
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].id == "a rule/1");
  CHECK(kept[1].id.size() == 48);
  CHECK(kept[1].id != kept[2].id);

  const std::string all = R"(expiry-date="Tue, 28 May 2013 00:00:00 GMT", rule-id="a%20rule%2F1")";
  CHECK(expiration("before") == all);
  CHECK(w.put("b-1", "k", "x").expiration == all);
  CHECK(w.s3.get_object({.bucket = "b-1", .key = "k"})->expiration == all);
  CHECK(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}})->expiration == all);
  CHECK(w.put("b-1", "tmp/k", "x").expiration == R"(expiry-date="Sun, 26 May 2013 00:00:00 GMT", rule-id=")" + kept[1].id + "\"");
  const auto id = w.s3.create_multipart_upload({.bucket = "b-1", .key = "m"})->upload_id;
  const auto part = w.s3.upload_part({.bucket = "b-1", .key = "m", .body = "x", .part_number = 1, .upload_id = id});
  CHECK(w.s3.complete_multipart_upload({.bucket = "b-1", .key = "m", .upload_id = id,
                                        .multipart_upload = {{.parts = {{.etag = part->etag, .part_number = 1}}}}})->expiration == all);

  auto off = named, by_tag = named, by_size = named, on_date = named;
  off.status = types::expiration_status::disabled;
  CHECK((set({off}), expiration("k")) == "");
  by_tag.filter = types::lifecycle_rule_filter{.tag = types::tag{"t", "1"}};
  set({by_tag});
  CHECK(expiration("k") == "");
  REQUIRE(w.s3.put_object({.bucket = "b-1", .key = "tagged", .body = "x", .tagging = "s=2&t=1"}));
  CHECK(expiration("tagged") == all);
  by_size.filter = types::lifecycle_rule_filter{
      .and_ = types::lifecycle_rule_and_operator{.prefix = "s/", .object_size_greater_than = 2, .object_size_less_than = 5}};
  set({by_size});
  CHECK(w.put("b-1", "s/1", "12").expiration == "");
  CHECK(w.put("b-1", "s/1", "123").expiration == all);
  CHECK(w.put("b-1", "s/1", "12345").expiration == "");
  CHECK(w.put("b-1", "k", "123").expiration == "");
  on_date.expiration = types::lifecycle_expiration{.date = parse_iso8601("20300101T000000Z")};
  set({on_date});
  CHECK(expiration("k") == R"(expiry-date="Tue, 01 Jan 2030 00:00:00 GMT", rule-id="a%20rule%2F1")");
  // Only the current version expires by such a rule.
  w.set_versioning("b-1", types::bucket_versioning_status::enabled);
  w.put("b-1", "k", "new");
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k", .version_id = "null"})->expiration == "");
  CHECK(expiration("k") != "");
}

TEST_CASE("only where S3 needs it, a request without Content-MD5 or checksum is refused", "[embedded]") {
  const embedded_world w{{.anonymous_allowed = true}};
  w.make_bucket("b-1", true);
  w.put("b-1", "k", "x");
  const auto send = [&](const std::string& verb, const std::string& target, const std::string& body, headers more = {}) {
    more.add("Host", "s3.test");
    more.add("Content-Length", std::to_string(body.size()));
    return w.server.serve({verb, "/b-1" + target, more, body});
  };
  const std::string tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
  CHECK(send("PUT", "?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>").status == 200);
  CHECK(send("PUT", "?requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>").status == 200);
  CHECK(send("PUT", "/k?tagging", tags).status == 200);
  CHECK(send("PUT", "?publicAccessBlock", "<PublicAccessBlockConfiguration/>").status == 200);
  CHECK(send("PUT", "?logging", "<BucketLoggingStatus/>").status == 200);
  const std::string gone = "<Delete><Object><Key>k</Key></Object></Delete>";
  for (const auto& [verb, target, body] :
       {std::array<std::string, 3>{"POST", "?delete", gone}, {"PUT", "?tagging", tags}, {"PUT", "?cors", "<CORSConfiguration/>"},
        {"PUT", "?lifecycle", "<LifecycleConfiguration/>"}, {"PUT", "/k?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>"}}) {
    INFO(target);
    const auto refused = send(verb, target, body);
    CHECK(refused.status == 400);
    CHECK(refused.body.find("Content-MD5") != std::string::npos);
  }
  crypto::checksum md5{crypto::checksum_algorithm::md5};
  md5.update(detail::as_bytes(tags));
  CHECK(send("PUT", "?tagging", tags, {{"Content-MD5", md5.base64()}}).status == 200);
  CHECK(send("PUT", "?versioning", "<VersioningConfiguration/>", {{"Content-MD5", md5.base64()}}).body.find("BadDigest") != std::string::npos);
}
