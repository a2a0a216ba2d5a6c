// Object lock; and what objects give beside their bytes: restored, selected, as a torrent. Proven on every server.
#include "support/proof.hpp"

#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/retrieval.hpp>

using namespace s3store;

namespace {

using mode = types::object_lock_retention_mode;

timestamp in_days(int days) {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::hours{24 * days};
}

}  // namespace

PROOF(lock_of_a_bucket, "object_lock", put_object_lock_configuration_request, get_object_lock_configuration_request) {
  live::bucket plain{s.client}, b{s.client, {.object_lock_enabled_for_bucket = true}};
  put_object_lock_configuration_request put{
      .bucket = b,
      .object_lock_configuration = types::object_lock_configuration{
          .object_lock_enabled = types::object_lock_enabled{types::object_lock_enabled::enabled},
          .rule = types::object_lock_rule{.default_retention =
                                              types::default_retention{.mode = mode{mode::governance}, .days = 3, .years = 1}}}};
  s.refuses(get_object_lock_configuration_request{.bucket = plain}, "ObjectLockConfigurationNotFoundError");
  s.refuses(put, "MalformedXML", {{"minio", "InvalidArgument"}});
  put.object_lock_configuration->rule->default_retention->years.reset();
  s.does(put);
  if (const auto got = s.does(get_object_lock_configuration_request{.bucket = b}))
    CHECK(test::lost(*put.object_lock_configuration, *got) == "");
  put.bucket = plain;
  s.refuses(put, "InvalidBucketState");
}

PROOF(lock_of_an_object, "object_lock", put_object_retention_request, get_object_retention_request, put_object_legal_hold_request,
      get_object_legal_hold_request) {
  if (s.is("moto")) s.lacks<get_object_retention_request>();  // GetObject to it
  live::bucket plain{s.client}, b{s.client, {.object_lock_enabled_for_bucket = true}};
  for (const std::string& each : {plain.name(), b.name()})
    live::must(s.client.put_object({.bucket = each, .key = "k", .body = "x"}));
  put_object_retention_request keep{
      .bucket = b,
      .key = "k",
      .retention = types::object_lock_retention{.mode = mode{mode::governance}, .retain_until_date = in_days(2)}};
  s.does(keep);
  if (const auto got = s.does(get_object_retention_request{.bucket = b, .key = "k"}))
    CHECK(test::lost(*keep.retention, *got) == "");
  const auto head = live::must(s.client.head_object({.bucket = b, .key = "k"}));
  CHECK(head.object_lock_mode == types::object_lock_mode::governance);
  CHECK(!s.client.delete_object({.bucket = b, .key = "k", .version_id = head.version_id}));
  keep.retention->retain_until_date = in_days(-2);
  s.refuses(keep, "InvalidArgument", {{"minio", "MalformedXML"}, {"moto", proof::accepts}});
  keep.bucket = plain;
  keep.retention->retain_until_date = in_days(2);
  s.refuses(keep, "InvalidRequest");
  s.refuses(get_object_retention_request{.bucket = plain, .key = "k"}, "InvalidRequest");

  put_object_legal_hold_request hold{
      .bucket = b, .key = "k", .legal_hold = types::object_lock_legal_hold{.status = types::object_lock_legal_hold_status{"HALF"}}};
  s.refuses(hold, "MalformedXML", {{"moto", proof::accepts}});
  for (const auto status : {types::object_lock_legal_hold_status::on, types::object_lock_legal_hold_status::off}) {
    hold.legal_hold->status = status;
    s.does(hold);
    if (const auto got = s.does(get_object_legal_hold_request{.bucket = b, .key = "k"}))
      CHECK(test::lost(*hold.legal_hold, *got) == "");
  }
  hold.bucket = plain;
  s.refuses(hold, "InvalidRequest");
  s.refuses(get_object_legal_hold_request{.bucket = plain, .key = "none"}, "NoSuchKey",
            {{"minio", "InvalidRequest"}, {"embedded", "InvalidRequest"}});
}

PROOF(restoring, "retrieval", restore_object_request) {
  if (s.is("minio")) s.lacks<restore_object_request>();  // only from tiers that its own admin API has set up
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "warm", .body = "x"}));
  restore_object_request restore{
      .bucket = b,
      .key = "warm",
      .restore_request = types::restore_request{
          .days = 1, .glacier_job_parameters = types::glacier_job_parameters{.tier = types::tier::standard}}};
  s.refuses(restore, "InvalidObjectState");
  if (s.is("moto")) {
    live::must(s.client.put_object(
        {.bucket = b, .key = "cold", .body = "x", .storage_class = types::storage_class{types::storage_class::glacier}}));
    restore.key = "cold";
  }
  if (s.does(restore))
    CHECK(live::must(s.client.head_object({.bucket = b, .key = "cold"})).restore.find("ongoing-request") !=
          std::string::npos);
}

PROOF(torrent, "retrieval", get_object_torrent_request) {
  if (!s.is("embedded")) s.lacks<get_object_torrent_request>();  // GetObject to them
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "not bencoded"}));
  s.does(get_object_torrent_request{.bucket = b, .key = "k"});
}

PROOF(answering_for_lambda, "retrieval", write_get_object_response_request) {
  s.lacks<write_get_object_response_request>();
  // The route goes in front of the host's name, and "route.localhost" is this machine.
  settings set = s.target().set;
  if (const auto at = set.endpoint.find("127.0.0.1"); at != std::string::npos) set.endpoint.replace(at, 9, "localhost");
  s.does(s.target().connect(set),
         write_get_object_response_request{.body = "x", .request_route = "route", .request_token = "token"});
}

PROOF(selecting, "retrieval", select_object_content_request) {
  live::bucket b{s.client};
  live::must(s.client.put_object({.bucket = b, .key = "k", .body = "name,n\na,1\nb,2\n"}));
  select_object_content_request select{
      .bucket = b,
      .key = "k",
      .expression = "SELECT s.name FROM s3object s WHERE s.n = '2'",
      .expression_type = types::expression_type::sql,
      .input_serialization = {.csv = types::csv_input{.file_header_info = types::file_header_info{types::file_header_info::use}}},
      .output_serialization = {.csv = types::csv_output{}}};
  if (const auto got = s.does(select)) {
    CHECK(got->records == "b\n");
    CHECK(got->stats.has_value());
  }
  select.key = "none";
  s.refuses(select, "NoSuchKey");
  select.key = "k";
  select.expression = "SELECT FROM WHERE";
  s.refuses(select, "ParseSelectFailure", {{"moto", "500"}});
}
