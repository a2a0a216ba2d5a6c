// Who may do what: access control lists, ownership, policies, public access; proven on every server.
#include "support/proof.hpp"

#include <s3store/operations/acl.hpp>
#include <s3store/operations/policy.hpp>

using namespace s3store;

namespace {

bool all_may(std::string_view permission, const std::vector<types::grant>& grants) {
  for (const auto& g : grants)
    if (g.permission == permission && g.grantee && g.grantee->type == types::type::group) return true;
  return false;
}

}  // namespace

PROOF(acl_of_a_bucket, "acl", put_bucket_acl_request, get_bucket_acl_request) {
  if (s.is("minio")) s.lacks<put_bucket_acl_request, get_bucket_acl_request>();  // always the owner's full control
  live::bucket b{s.client, {.object_ownership = types::object_ownership{types::object_ownership::bucket_owner_preferred}}};
  s.does(put_bucket_acl_request{.bucket = b, .acl = types::bucket_canned_acl{types::bucket_canned_acl::public_read}});
  const auto seen = s.does(get_bucket_acl_request{.bucket = b});
  if (seen) CHECK(all_may("READ", seen->grants));
  s.refuses(put_bucket_acl_request{.bucket = b, .acl = types::bucket_canned_acl{"public-dance"}}, "InvalidArgument",
            {{"moto", "500"}});
  s.refuses(put_bucket_acl_request{.bucket = proof::nowhere, .acl = types::bucket_canned_acl{types::bucket_canned_acl::private_}},
            "NoSuchBucket");
  s.refuses(get_bucket_acl_request{.bucket = proof::nowhere}, "NoSuchBucket");
  if (!seen) return;
  put_bucket_acl_request put{.bucket = b,
                             .access_control_policy = types::access_control_policy{.grants = seen->grants, .owner = seen->owner}};
  auto& grants = put.access_control_policy->grants;
  std::erase_if(grants, [](const types::grant& g) { return g.grantee->type == types::type::group; });
  s.does(put);
  const auto got = s.does(get_bucket_acl_request{.bucket = b});
  CHECK(!all_may("READ", got->grants));
  if (!s.is("versitygw")) CHECK(test::lost(*put.access_control_policy, *got) == "");  // it grants the owner all once more
}

PROOF(acl_of_an_object, "acl", put_object_acl_request, get_object_acl_request) {
  if (s.is("minio")) s.lacks<put_object_acl_request, get_object_acl_request>();
  live::bucket b{s.client, {.object_ownership = types::object_ownership{types::object_ownership::bucket_owner_preferred}}};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "x"}));
  s.does(put_object_acl_request{.bucket = b, .key = "k", .acl = types::object_canned_acl{types::object_canned_acl::public_read}});
  if (const auto got = s.does(get_object_acl_request{.bucket = b, .key = "k"})) CHECK(all_may("READ", got->grants));
  s.refuses(put_object_acl_request{.bucket = b, .key = "k", .acl = types::object_canned_acl{"public-dance"}}, "InvalidArgument",
            {{"moto", "500"}});
  s.refuses(put_object_acl_request{.bucket = b, .key = "none", .acl = types::object_canned_acl{types::object_canned_acl::private_}},
            "NoSuchKey");
  s.refuses(get_object_acl_request{.bucket = b, .key = "none"}, "NoSuchKey");
}

PROOF(ownership, "acl", put_bucket_ownership_controls_request, get_bucket_ownership_controls_request,
      delete_bucket_ownership_controls_request) {
  // MinIO takes what it does not know for CreateBucket and DeleteBucket.
  if (s.is("minio")) s.lacks<put_bucket_ownership_controls_request, delete_bucket_ownership_controls_request>();
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "keeps the bucket"}));
  put_bucket_ownership_controls_request put{.bucket = b, .ownership_controls = {.rules = {{types::object_ownership{"Nobody"}}}}};
  s.refuses(put, "MalformedXML", {{"moto", proof::accepts}});
  s.refuses(delete_bucket_ownership_controls_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.ownership_controls.rules[0].object_ownership = types::object_ownership::bucket_owner_preferred;
  s.does(put);
  if (const auto got = s.does(get_bucket_ownership_controls_request{.bucket = b}))
    CHECK(test::lost(put.ownership_controls, *got) == "");
  s.does(delete_bucket_ownership_controls_request{.bucket = b});
  s.refuses(get_bucket_ownership_controls_request{.bucket = b}, "OwnershipControlsNotFoundError");
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket");
}

PROOF(access_by_attributes, "acl", put_bucket_abac_request, get_bucket_abac_request) {
  if (!s.is("embedded")) s.lacks<put_bucket_abac_request, get_bucket_abac_request>();  // CreateBucket and ListObjects to them
  live::bucket b{s.client};
  s.does(put_bucket_abac_request{.bucket = b,
                                 .abac_status = {.status = types::bucket_abac_status{types::bucket_abac_status::enabled}}});
  s.does(get_bucket_abac_request{.bucket = b});
}

PROOF(policy_of_a_bucket, "policy", put_bucket_policy_request, get_bucket_policy_request, delete_bucket_policy_request,
      get_bucket_policy_status_request) {
  live::bucket b{s.client};
  const std::string arn = "arn:aws:s3:::" + b.name();
  const std::string policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",)"
                             R"("Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":[")" +
                             arn + R"(","arn:aws:s3:::)" + b.name() + R"(/*"]}]})";
  s.refuses(get_bucket_policy_request{.bucket = b}, "NoSuchBucketPolicy");
  s.refuses(put_bucket_policy_request{.bucket = b, .policy = "{"}, "MalformedPolicy", {{"moto", proof::accepts}});
  s.refuses(put_bucket_policy_request{.bucket = proof::nowhere, .policy = policy}, "NoSuchBucket");
  s.refuses(delete_bucket_policy_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.does(put_bucket_policy_request{.bucket = b, .policy = policy});
  if (const auto got = s.does(get_bucket_policy_request{.bucket = b}))
    for (const std::string& part : {std::string("s3:GetObject"), std::string("s3:ListBucket"), arn})
      CHECK(got->policy.find(part) != std::string::npos);
  if (const auto got = s.does(get_bucket_policy_status_request{.bucket = b})) CHECK(got->policy_status->is_public == true);
  s.does(delete_bucket_policy_request{.bucket = b});
  s.refuses(get_bucket_policy_request{.bucket = b}, "NoSuchBucketPolicy");
  s.refuses(get_bucket_policy_status_request{.bucket = proof::nowhere}, "NoSuchBucket");
}

PROOF(public_access, "policy", put_public_access_block_request, get_public_access_block_request,
      delete_public_access_block_request) {
  // MinIO takes what it does not know for CreateBucket and DeleteBucket.
  if (s.is("minio")) s.lacks<put_public_access_block_request, delete_public_access_block_request>();
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "keeps the bucket"}));
  s.refuses(get_public_access_block_request{.bucket = b}, "NoSuchPublicAccessBlockConfiguration");
  s.refuses(put_public_access_block_request{.bucket = b}, "InvalidRequest", {{"embedded", proof::accepts}});
  s.refuses(put_public_access_block_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.refuses(delete_public_access_block_request{.bucket = proof::nowhere}, "NoSuchBucket");
  const put_public_access_block_request put{
      .bucket = b,
      .public_access_block_configuration = {
          .block_public_acls = true, .ignore_public_acls = false, .block_public_policy = true, .restrict_public_buckets = false}};
  s.does(put);
  if (const auto got = s.does(get_public_access_block_request{.bucket = b}))
    CHECK(test::lost(put.public_access_block_configuration, *got) == "");
  s.does(delete_public_access_block_request{.bucket = b});
  s.refuses(get_public_access_block_request{.bucket = b}, "NoSuchPublicAccessBlockConfiguration");
}
