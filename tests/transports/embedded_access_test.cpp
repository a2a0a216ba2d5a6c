// Does the embedded S3 keep access control lists and the tags of objects, as far as a bucket takes them?
#include <string>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>

#include "support/embedded.hpp"

using namespace test;

namespace {

const std::string everybody = "http://acs.amazonaws.com/groups/global/AllUsers", owner = "123456789012";

/// "owner:FULL_CONTROL AllUsers:READ".
template <class Response>
std::string grants_in(const result<Response>& r) {
  if (!r) return r.error().code;
  std::string out = r->owner->id == owner ? "" : "of another: ";
  for (const types::grant& g : r->grants) {
    const std::string uri = g.grantee->uri;
    const std::string who = g.grantee->type == types::type::group ? uri.substr(uri.rfind('/') + 1) : g.grantee->id;
    out += (out.empty() ? "" : " ") + (who == owner ? "owner" : who) + ":" + g.permission.str();
  }
  return out;
}

types::access_control_policy list_of(std::vector<types::grant> grants, std::string who = owner) {
  return {.grants = std::move(grants), .owner = types::owner{.id = std::move(who)}};
}
types::grant to_user(std::string id, types::permission p) {
  return {.grantee = types::grantee{.id = std::move(id), .type = types::type::canonical_user}, .permission = std::move(p)};
}
types::grant to_group(std::string uri, types::permission p) {
  return {.grantee = types::grantee{.type = types::type::group, .uri = std::move(uri)}, .permission = std::move(p)};
}

struct access_world : embedded_world {
  access_world() : embedded_world({.further_accounts = {"ann", "ben", "somebody", "a"}}) {
    make_bucket("owned");
    REQUIRE(s3.create_bucket({.bucket = "shared", .object_ownership = types::object_ownership::object_writer}));
    put("owned", "k", "x");
    put("shared", "k", "x");
  }
  std::string set(std::string bucket, put_bucket_acl_request r) const {
    r.bucket = std::move(bucket);
    return code_of(s3.put_bucket_acl(r));
  }
  std::string set_object(std::string bucket, put_object_acl_request r) const {
    r.bucket = std::move(bucket);
    r.key = "k";
    return code_of(s3.put_object_acl(r));
  }
  std::string of_bucket(std::string bucket) const { return grants_in(s3.get_bucket_acl({.bucket = std::move(bucket)})); }
  std::string of_object(std::string bucket, std::string key = "k") const {
    return grants_in(s3.get_object_acl({.bucket = std::move(bucket), .key = std::move(key)}));
  }
  std::string own(std::string bucket, types::object_ownership o) const {
    return code_of(s3.put_bucket_ownership_controls({.bucket = std::move(bucket), .ownership_controls = {{{std::move(o)}}}}));
  }
};

}  // namespace

TEST_CASE("lists that S3 refuses", "[embedded]") {
  const access_world w;
  CHECK(w.of_bucket("none") == "NoSuchBucket");
  CHECK(w.of_object("owned", "none") == "NoSuchKey");
  SECTION("where the bucket's owner owns all") {
    CHECK(w.set("owned", {.acl = types::bucket_canned_acl::public_read}) == "AccessControlListNotSupported");
    CHECK(w.set("owned", {.acl = types::bucket_canned_acl::private_}) == "AccessControlListNotSupported");
    CHECK(w.set_object("owned", {.grant_read = "uri=\"" + everybody + "\""}) == "AccessControlListNotSupported");
    CHECK(code_of(w.s3.put_object(
              {.bucket = "owned", .key = "new", .body = "x", .acl = types::object_canned_acl::authenticated_read})) ==
          "AccessControlListNotSupported");
    CHECK(w.set_object("owned", {.acl = types::object_canned_acl::bucket_owner_full_control}) == "");
    CHECK(w.set("owned", {.access_control_policy = list_of({to_user(owner, types::permission::full_control)})}) == "");
  }
  SECTION("that are none") {
    CHECK(w.set("shared", {}) == "MissingSecurityHeader");
    CHECK(w.set("shared", {.acl = types::bucket_canned_acl{"open"}}) == "InvalidArgument");
    CHECK(w.set("shared", {.acl = types::bucket_canned_acl::private_, .grant_read = "id=a"}) == "InvalidRequest");
    CHECK(w.set("shared", {.grant_read = "somebody"}) == "InvalidArgument");
    CHECK(w.set("shared", {.grant_read = "id="}) == "InvalidArgument");
    CHECK(w.set("shared", {.grant_read = "uri=\"http://x.test/\""}) == "InvalidArgument");
    CHECK(w.set("shared", {.grant_read = "emailAddress=a@x.test"}) == "UnresolvableGrantByEmailAddress");
    CHECK(w.set_object("shared", {.acl = types::object_canned_acl::aws_exec_read}) == "NotImplemented");
    const auto mine = list_of({to_user(owner, types::permission::full_control)});
    CHECK(w.set("shared", {.access_control_policy = mine, .acl = types::bucket_canned_acl::private_}) == "UnexpectedContent");
    CHECK(w.set("shared", {.access_control_policy = list_of({}, "another")}) == "AccessDenied");
    CHECK(w.set("shared", {.access_control_policy = types::access_control_policy{}}) == "MalformedACLError");
    CHECK(w.set("shared", {.access_control_policy = list_of({{}})}) == "MalformedACLError");
    CHECK(w.set("shared", {.access_control_policy = list_of({to_user("a", types::permission{"FLY"})})}) == "MalformedACLError");
    CHECK(w.set("shared", {.access_control_policy = list_of({to_group("a", types::permission::read)})}) == "InvalidArgument");
    CHECK(w.set("shared", {.access_control_policy = list_of({to_user("", types::permission::read)})}) == "InvalidArgument");
    CHECK(w.of_bucket("shared") == "owner:FULL_CONTROL");
  }
  SECTION("that make something public which must not be") {
    REQUIRE(w.s3.put_public_access_block({.bucket = "shared", .public_access_block_configuration = {.block_public_acls = true}}));
    CHECK(w.set("shared", {.acl = types::bucket_canned_acl::public_read}) == "AccessDenied");
    CHECK(w.set_object("shared", {.acl = types::object_canned_acl::public_read}) == "AccessDenied");
    CHECK(w.set("shared", {.grant_read = "id=\"somebody\""}) == "");
  }
  SECTION("ownership that is none, or that a list stands against") {
    CHECK(w.own("shared", types::object_ownership{"Nobody"}) == "MalformedXML");
    CHECK(code_of(w.s3.put_bucket_ownership_controls({.bucket = "shared"})) == "MalformedXML");
    REQUIRE(w.set("shared", {.acl = types::bucket_canned_acl::public_read}) == "");
    CHECK(w.own("shared", types::object_ownership::bucket_owner_enforced) == "InvalidBucketAclWithObjectOwnership");
    REQUIRE(w.set("shared", {.acl = types::bucket_canned_acl::private_}) == "");
    CHECK(w.own("shared", types::object_ownership::bucket_owner_enforced) == "");
  }
}

TEST_CASE("lists come back, canned ones as what they grant", "[embedded]") {
  const access_world w;
  CHECK(w.of_bucket("owned") == "owner:FULL_CONTROL");
  CHECK(w.of_object("owned") == "owner:FULL_CONTROL");
  CHECK(w.s3.get_bucket_ownership_controls({.bucket = "owned"})->ownership_controls->rules.at(0).object_ownership ==
        types::object_ownership::bucket_owner_enforced);

  REQUIRE(w.set("shared", {.acl = types::bucket_canned_acl::public_read_write}) == "");
  CHECK(w.of_bucket("shared") == "owner:FULL_CONTROL AllUsers:READ AllUsers:WRITE");
  REQUIRE(w.set("shared", {.acl = types::bucket_canned_acl{"log-delivery-write"}}) == "");
  CHECK(w.of_bucket("shared") == "owner:FULL_CONTROL LogDelivery:WRITE LogDelivery:READ_ACP");
  REQUIRE(w.set("shared", {.grant_read = "id=\"ann\", uri=\"" + everybody + "\"", .grant_write_acp = "id=ben"}) == "");
  CHECK(w.of_bucket("shared") == "ann:READ AllUsers:READ ben:WRITE_ACP");
  REQUIRE(w.set("shared", {.access_control_policy = list_of({to_user("ann", types::permission::write)})}) == "");
  CHECK(w.of_bucket("shared") == "ann:WRITE");

  REQUIRE(w.set_object("shared", {.acl = types::object_canned_acl::authenticated_read}) == "");
  CHECK(w.of_object("shared") == "owner:FULL_CONTROL AuthenticatedUsers:READ");
  REQUIRE(w.s3.put_object({.bucket = "shared", .key = "new", .body = "x", .acl = types::object_canned_acl::public_read}));
  CHECK(w.of_object("shared", "new") == "owner:FULL_CONTROL AllUsers:READ");
  REQUIRE(w.s3.copy_object({.bucket = "shared", .key = "copy", .copy_source = {"shared", "new"}}));
  CHECK(w.of_object("shared", "copy") == "owner:FULL_CONTROL");  // a list is not copied
  CHECK(w.get("shared", "new") == "x");

  REQUIRE(w.s3.delete_bucket_ownership_controls({.bucket = "owned"}));
  CHECK(code_of(w.s3.get_bucket_ownership_controls({.bucket = "owned"})) == "OwnershipControlsNotFoundError");
  CHECK(w.set("owned", {.acl = types::bucket_canned_acl::public_read}) == "");
  REQUIRE(w.s3.create_bucket({.bucket = "public",
                              .acl = types::bucket_canned_acl::public_read,
                              .object_ownership = types::object_ownership::bucket_owner_preferred}));
  CHECK(w.of_bucket("public") == "owner:FULL_CONTROL AllUsers:READ");
}

TEST_CASE("the tags of an object", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1", true);
  const auto put = w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x", .tagging = "a=1&b=two+words%2F"});
  REQUIRE(put);
  const auto tags_of = [&](std::optional<std::string> id = {}) {
    const auto r = w.s3.get_object_tagging({.bucket = "b-1", .key = "k", .version_id = std::move(id)});
    if (!r) return r.error().code;
    CHECK(!r->version_id.empty());
    std::string out;
    for (const types::tag& t : r->tag_set) out += t.key + "=" + t.value + ";";
    return out;
  };
  const auto set = [&](std::vector<types::tag> tags, std::optional<std::string> id = {}) {
    return code_of(w.s3.put_object_tagging(
        {.bucket = "b-1", .key = "k", .tagging = {std::move(tags)}, .version_id = std::move(id)}));
  };
  SECTION("that S3 refuses") {
    CHECK(set({{"a", ""}, {"a", ""}}) == "InvalidTag");
    CHECK(set({{"AWS:a", ""}}) == "InvalidTag");
    std::vector<types::tag> many;
    for (int i = 0; i != 11; ++i) many.push_back({std::to_string(i), ""});
    CHECK(set(many) == "BadRequest");
    CHECK(set({}, "none") == "NoSuchVersion");
    CHECK(code_of(w.s3.get_object_tagging({.bucket = "b-1", .key = "none"})) == "NoSuchKey");
    CHECK(code_of(w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x", .tagging = "aws:a=1"})) == "InvalidTag");
    const auto marker = w.s3.delete_object({.bucket = "b-1", .key = "k"});
    CHECK(set({}, marker->version_id) == "MethodNotAllowed");
    CHECK(tags_of(put->version_id) == "a=1;b=two words/;");
  }
  SECTION("each version has its own") {
    const auto newer = w.put("b-1", "k", "y").version_id;
    CHECK(tags_of() == "");
    CHECK(set({{"c", "3"}}) == "");
    CHECK(tags_of() == "c=3;");
    CHECK(tags_of(put->version_id) == "a=1;b=two words/;");
    CHECK(set({{"d", "ü & +"}}, put->version_id) == "InvalidTag");
    CHECK(set({{"d", "ü + ="}}, put->version_id) == "");
    CHECK(tags_of(put->version_id) == "d=ü + =;");
    CHECK(w.s3.head_object({.bucket = "b-1", .key = "k", .version_id = put->version_id})->tag_count == 1);
    const auto gone = w.s3.delete_object_tagging({.bucket = "b-1", .key = "k"});
    REQUIRE(gone);
    CHECK(gone->version_id == newer);
    CHECK(tags_of() == "");
    CHECK_FALSE(w.s3.get_object({.bucket = "b-1", .key = "k"})->tag_count);
  }
  SECTION("a copy takes them along, or gets its own") {
    REQUIRE(w.s3.copy_object({.bucket = "b-1", .key = "c", .copy_source = {"b-1", "k"}, .tagging = "passed=over"}));
    CHECK(w.s3.get_object_tagging({.bucket = "b-1", .key = "c"})->tag_set.size() == 2);
    REQUIRE(w.s3.copy_object({.bucket = "b-1",
                              .key = "c",
                              .copy_source = {"b-1", "k"},
                              .tagging_directive = types::tagging_directive::replace,
                              .tagging = "c=3"}));
    CHECK(w.s3.get_object_tagging({.bucket = "b-1", .key = "c"})->tag_set.at(0).key == "c");
  }
}

TEST_CASE("a grant to an account that does not exist is refused", "[embedded]") {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee
  const access_world w;
  CHECK(w.set("shared", {.grant_read = "id=nobody"}) == "InvalidArgument");
  CHECK(w.set("shared", {.grant_read = "id=nobody, uri=\"" + everybody + "\""}) == "InvalidArgument");
  CHECK(w.set_object("shared", {.grant_read_acp = "id=\"nobody\""}) == "InvalidArgument");
  CHECK(w.set("shared", {.access_control_policy = list_of({to_user("nobody", types::permission::read)})}) == "InvalidArgument");
  CHECK(code_of(w.s3.put_object({.bucket = "shared", .key = "new", .body = "x", .grant_read = "id=nobody"})) == "InvalidArgument");
  CHECK(w.set("shared", {.grant_read = "id=ann", .grant_write = "id=\"" + owner + "\""}) == "");
}
