// What a bucket does with its objects by itself: lifecycle, replication, encryption, notification, logs; proven on every server.
#include "support/proof.hpp"

#include <s3store/operations/encryption.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/replication.hpp>
#include <s3store/operations/versioning.hpp>

using namespace s3store;

PROOF(lifecycle, "lifecycle", put_bucket_lifecycle_configuration_request, get_bucket_lifecycle_configuration_request,
      delete_bucket_lifecycle_request) {
  live::bucket b{s.client};
  using state = types::expiration_status;
  put_bucket_lifecycle_configuration_request put{
      .bucket = b,
      .lifecycle_configuration = types::bucket_lifecycle_configuration{
          .rules = {
              {.expiration = types::lifecycle_expiration{.days = 30},
               .id = "expire & forget",
               .filter = types::lifecycle_rule_filter{.and_ = types::lifecycle_rule_and_operator{.prefix = "tmp/",
                                                                                                 .tags = {{"a", "b"}, {"c", "d"}}}},
               .status = state::enabled,
               .noncurrent_version_expiration =
                   types::noncurrent_version_expiration{.noncurrent_days = 3, .newer_noncurrent_versions = 2}},
              {.expiration =
                   types::lifecycle_expiration{.date = timestamp{std::chrono::seconds{4'102'444'800}}},  // 2100, at midnight
               .id = "later",
               .filter = types::lifecycle_rule_filter{.prefix = "later/"},
               .status = state::disabled}}}};
  const put_bucket_lifecycle_configuration_request right = put;
  put.lifecycle_configuration->rules[0].status = types::expiration_status{"Perhaps"};
  s.refuses(get_bucket_lifecycle_configuration_request{.bucket = b}, "NoSuchLifecycleConfiguration");
  s.refuses(put, "MalformedXML", {{"minio", "InvalidArgument"}, {"moto", proof::accepts}});
  s.refuses(delete_bucket_lifecycle_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.does(right);
  if (const auto got = s.does(get_bucket_lifecycle_configuration_request{.bucket = b}))
    CHECK(test::lost(*right.lifecycle_configuration, *got) ==
          (s.is("moto") ? "Rule[0]/NoncurrentVersionExpiration/NewerNoncurrentVersions is gone\n" : ""));
  s.does(delete_bucket_lifecycle_request{.bucket = b});
  s.refuses(get_bucket_lifecycle_configuration_request{.bucket = b}, "NoSuchLifecycleConfiguration");
  put = right;
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket", {{"minio", proof::accepts}});
}

PROOF(lifecycle_as_it_once_was, "lifecycle", put_bucket_lifecycle_request, get_bucket_lifecycle_request) {
  live::bucket b{s.client};
  put_bucket_lifecycle_request put{
      .bucket = b,
      .lifecycle_configuration = types::lifecycle_configuration{.rules = {{.expiration = types::lifecycle_expiration{.days = 30},
                                                                           .id = "old",
                                                                           .prefix = "tmp/",
                                                                           .status = types::expiration_status::enabled}}}};
  const put_bucket_lifecycle_request right = put;
  put.lifecycle_configuration->rules[0].expiration->days = -1;
  s.refuses(put, "MalformedXML", {{"minio", "InvalidArgument"}, {"moto", proof::accepts}, {"embedded", "InvalidArgument"}});
  s.does(right);
  if (const auto got = s.does(get_bucket_lifecycle_request{.bucket = b}))
    CHECK(test::lost(*right.lifecycle_configuration, *got) == "");
  put = right;
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket", {{"minio", proof::accepts}});
  s.refuses(get_bucket_lifecycle_request{.bucket = proof::nowhere}, "NoSuchBucket");
}

PROOF(replication, "replication", put_bucket_replication_request, get_bucket_replication_request,
      delete_bucket_replication_request) {
  // MinIO replicates only to targets that its own admin API has set up.
  if (s.is("minio")) s.lacks<put_bucket_replication_request, get_bucket_replication_request, delete_bucket_replication_request>();
  live::bucket from{s.client}, to{s.client};
  if (!s.is("embedded"))
    for (const std::string& b : {from.name(), to.name()})
      live::must(s.client.put_bucket_versioning(
          {.bucket = b,
           .versioning_configuration = {.status = types::bucket_versioning_status{types::bucket_versioning_status::enabled}}}));
  put_bucket_replication_request put{
      .bucket = from,
      .replication_configuration = {
          .role = "arn:aws:iam::123456789012:role/replication",
          .rules = {{.id = "all",
                     .priority = 1,
                     .filter = types::replication_rule_filter{.prefix = "p/"},
                     .status = types::replication_rule_status::enabled,
                     .destination = {.bucket = "arn:aws:s3:::" + to.name(),
                                     .storage_class = types::storage_class{types::storage_class::standard}},
                     .delete_marker_replication = types::delete_marker_replication{
                         .status = types::delete_marker_replication_status{types::delete_marker_replication_status::disabled}}}}}};
  s.refuses(get_bucket_replication_request{.bucket = from}, "ReplicationConfigurationNotFoundError");
  s.does(put);
  if (const auto got = s.does(get_bucket_replication_request{.bucket = from}))
    CHECK(test::lost(put.replication_configuration, *got) == (s.is("moto") ? "Rule[0]/Filter/Prefix: 'p/' became ''\n" : ""));
  s.does(delete_bucket_replication_request{.bucket = from});
  s.refuses(get_bucket_replication_request{.bucket = from}, "ReplicationConfigurationNotFoundError");
  s.refuses(delete_bucket_replication_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket");
}

PROOF(default_encryption, "encryption", put_bucket_encryption_request, get_bucket_encryption_request,
      delete_bucket_encryption_request) {
  live::bucket b{s.client};
  put_bucket_encryption_request put{
      .bucket = b,
      .server_side_encryption_configuration = {
          .rules = {{.apply_server_side_encryption_by_default =
                         types::server_side_encryption_by_default{.sse_algorithm = types::server_side_encryption{"ROT13"}}}}}};
  s.refuses(get_bucket_encryption_request{.bucket = b}, "ServerSideEncryptionConfigurationNotFoundError",
            {{"embedded", proof::accepts}});  // SSE-S3, as at AWS
  s.refuses(get_bucket_encryption_request{.bucket = proof::nowhere}, "NoSuchBucket");
  s.refuses(put, "MalformedXML", {{"moto", proof::accepts}});
  s.refuses(delete_bucket_encryption_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.server_side_encryption_configuration.rules[0].apply_server_side_encryption_by_default->sse_algorithm =
      types::server_side_encryption::aes256;
  s.does(put);
  if (const auto got = s.does(get_bucket_encryption_request{.bucket = b}))
    CHECK(test::lost(put.server_side_encryption_configuration, *got) == "");
  s.does(delete_bucket_encryption_request{.bucket = b});
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket");
}

PROOF(encryption_of_an_object, "encryption", update_object_encryption_request) {
  if (!s.is("embedded")) s.lacks<update_object_encryption_request>();  // PutObject to them: the object's bytes are lost
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "x"}));
  s.does(update_object_encryption_request{
      .bucket = b,
      .key = "k",
      .object_encryption = {.sse_kms = types::sse_kms_encryption{.kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/k1"}}});
  CHECK((live::must(s.client.get_object({.bucket = b, .key = "k"})).body == "x") == s.is("embedded"));
}

PROOF(notification, "notification", put_bucket_notification_configuration_request, get_bucket_notification_configuration_request) {
  live::bucket b{s.client};
  put_bucket_notification_configuration_request put{
      .bucket = b,
      .notification_configuration = {
          .queue_configurations = {
              {.id = "q",
               .queue_arn = "nonsense",
               .events = {types::event::s3_object_created_any, types::event::s3_object_removed_any},
               .filter = types::notification_configuration_filter{
                   .key = types::s3_key_filter{
                       .filter_rules = {{types::filter_rule_name{types::filter_rule_name::prefix}, "p/"},
                                        {types::filter_rule_name{types::filter_rule_name::suffix}, ".jpg"}}}}}}}};
  s.refuses(put, "InvalidArgument");
  s.refuses(get_bucket_notification_configuration_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.notification_configuration.queue_configurations[0].queue_arn =
      s.is("minio") ? "arn:minio:sqs::PROOF:webhook" : "arn:aws:sqs:us-east-1:123456789012:q";
  s.does(put);
  if (const auto got = s.does(get_bucket_notification_configuration_request{.bucket = b}))
    CHECK(test::lost(put.notification_configuration, *got) == "");
  put.notification_configuration = {};  // which takes it away
  s.does(put);
  if (s.is("moto")) return;  // which then answers an empty document of another name
  if (const auto got = s.does(get_bucket_notification_configuration_request{.bucket = b})) CHECK(got->queue_configurations.empty());
}

PROOF(notification_as_it_once_was, "notification", put_bucket_notification_request, get_bucket_notification_request) {
  live::bucket b{s.client};
  put_bucket_notification_request put{
      .bucket = b,
      .notification_configuration = {.queue_configuration = types::queue_configuration_deprecated{
                                         .id = "q", .events = {types::event::s3_object_created_any}, .queue = "nonsense"}}};
  s.refuses(put, "InvalidArgument");
  s.refuses(get_bucket_notification_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.notification_configuration.queue_configuration->queue =
      s.is("minio") ? "arn:minio:sqs::PROOF:webhook" : "arn:aws:sqs:us-east-1:123456789012:q";
  s.does(put);
  if (const auto got = s.does(get_bucket_notification_request{.bucket = b}))
    CHECK(test::lost(put.notification_configuration, *got) == "");
}

PROOF(logging, "logging", put_bucket_logging_request, get_bucket_logging_request) {
  // MinIO takes what it does not know for CreateBucket, and says of every bucket that it writes no logs.
  if (s.is("minio")) s.lacks<put_bucket_logging_request, get_bucket_logging_request>();
  live::bucket b{s.client}, logs{s.client};
  if (s.is("moto"))
    live::must(s.client.put_bucket_policy(
        {.bucket = logs,
         .policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},)"
                   R"("Action":["s3:PutObject"],"Resource":"arn:aws:s3:::)" +
                   logs.name() + R"(/*"}]})"}));
  put_bucket_logging_request put{.bucket = b,
                                 .bucket_logging_status = {.logging_enabled = types::logging_enabled{
                                                               .target_bucket = proof::nowhere, .target_prefix = "logs/"}}};
  s.refuses(put, "InvalidTargetBucketForLogging");
  s.refuses(get_bucket_logging_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.bucket_logging_status.logging_enabled->target_bucket = logs;
  s.does(put);
  if (const auto got = s.does(get_bucket_logging_request{.bucket = b})) CHECK(test::lost(put.bucket_logging_status, *got) == "");
  put.bucket_logging_status.logging_enabled.reset();
  s.does(put);
  if (const auto got = s.does(get_bucket_logging_request{.bucket = b})) CHECK(!got->logging_enabled);
}

PROOF(acceleration, "logging", put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request) {
  if (s.is("minio")) s.lacks<put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request>();
  live::bucket b{s.client};
  put_bucket_accelerate_configuration_request put{
      .bucket = b, .accelerate_configuration = {.status = types::bucket_accelerate_status{"Perhaps"}}};
  s.refuses(put, "MalformedXML");
  s.refuses(get_bucket_accelerate_configuration_request{.bucket = proof::nowhere}, "NoSuchBucket");
  for (const auto status : {types::bucket_accelerate_status::enabled, types::bucket_accelerate_status::suspended}) {
    put.accelerate_configuration.status = status;
    s.does(put);
    if (const auto got = s.does(get_bucket_accelerate_configuration_request{.bucket = b})) CHECK(got->status == status);
  }
}

PROOF(payment, "logging", put_bucket_request_payment_request, get_bucket_request_payment_request) {
  // MinIO has one answer: the owner pays. Setting it is CreateBucket to both, reading it ListObjects to moto.
  if (s.is("minio") || s.is("moto")) s.lacks<put_bucket_request_payment_request, get_bucket_request_payment_request>();
  live::bucket b{s.client};
  put_bucket_request_payment_request put{.bucket = b, .request_payment_configuration = {.payer = types::payer{"Nobody"}}};
  s.refuses(put, "MalformedXML");
  s.refuses(get_bucket_request_payment_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.request_payment_configuration.payer = types::payer::requester;
  s.does(put);
  if (const auto got = s.does(get_bucket_request_payment_request{.bucket = b}); got && !s.is("minio") && !s.is("moto"))
    CHECK(got->payer == types::payer::requester);
}
