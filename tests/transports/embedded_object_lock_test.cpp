// Does object lock keep what it is told to keep, and no longer? Time is the server's own.
#include <string>

#include <s3store/operations/object_lock.hpp>

#include "support/embedded.hpp"

using namespace test;

namespace {

using mode = types::object_lock_retention_mode;
using std::chrono::hours;

constexpr const char* missing_lock = "InvalidRequest";

struct locked_world : embedded_world {
  explicit locked_world(embedded_options options = {}) : embedded_world(std::move(options)) {
    REQUIRE(s3.create_bucket({.bucket = "b-1", .object_lock_enabled_for_bucket = true}));
    make_bucket("open", true);
  }
  timestamp in(hours h) const { return clock.now().wall + h; }

  std::string put_kept(const std::string& key, mode m, timestamp until) const {
    auto r = s3.put_object({.bucket = "b-1",
                            .key = key,
                            .body = "x",
                            .object_lock_mode = types::object_lock_mode{m.str()},
                            .object_lock_retain_until_date = until});
    REQUIRE(r);
    return r->version_id;
  }
  std::string retain(const std::string& key, const std::string& id, mode m, timestamp until, bool bypass = false) const {
    return code_of(s3.put_object_retention({.bucket = "b-1",
                                            .key = key,
                                            .retention = types::object_lock_retention{.mode = m, .retain_until_date = until},
                                            .version_id = id,
                                            .bypass_governance_retention = bypass}));
  }
  std::string release(const std::string& key, const std::string& id, bool bypass = false) const {
    return code_of(s3.put_object_retention({.bucket = "b-1",
                                            .key = key,
                                            .retention = types::object_lock_retention{},
                                            .version_id = id,
                                            .bypass_governance_retention = bypass}));
  }
  std::string erase(const std::string& key, const std::string& id, bool bypass = false) const {
    return code_of(s3.delete_object({.bucket = "b-1", .key = key, .version_id = id, .bypass_governance_retention = bypass}));
  }
  std::string hold(const std::string& key, types::object_lock_legal_hold_status status, std::optional<std::string> id = {}) const {
    return code_of(s3.put_object_legal_hold({.bucket = "b-1",
                                             .key = key,
                                             .legal_hold = types::object_lock_legal_hold{std::move(status)},
                                             .version_id = std::move(id)}));
  }
  std::string by_default(types::default_retention rule) const {
    return code_of(s3.put_object_lock_configuration(
        {.bucket = "b-1",
         .object_lock_configuration = types::object_lock_configuration{
             .object_lock_enabled = types::object_lock_enabled::enabled, .rule = types::object_lock_rule{std::move(rule)}}}));
  }
};

const types::object_lock_legal_hold_status on = types::object_lock_legal_hold_status::on,
                                           off = types::object_lock_legal_hold_status::off;

}  // namespace

TEST_CASE("object lock that makes no sense is refused", "[embedded]") {
  const locked_world w;
  const auto until = w.in(hours{24});
  SECTION("of a bucket") {
    const auto put = [&](std::string bucket, std::optional<types::object_lock_configuration> set) {
      return code_of(w.s3.put_object_lock_configuration({.bucket = std::move(bucket), .object_lock_configuration = std::move(set)}));
    };
    const types::object_lock_configuration enabled{.object_lock_enabled = types::object_lock_enabled::enabled};
    w.make_bucket("plain");
    CHECK(code_of(w.s3.get_object_lock_configuration({.bucket = "open"})) == "ObjectLockConfigurationNotFoundError");
    CHECK(put("plain", enabled) == "InvalidBucketState");
    CHECK(put("open", {}) == "MalformedXML");
    CHECK(put("open", types::object_lock_configuration{}) == "MalformedXML");
    CHECK(put("open", types::object_lock_configuration{.object_lock_enabled = types::object_lock_enabled{"Disabled"}}) ==
          "MalformedXML");
    CHECK(w.by_default({}) == "MalformedXML");
    CHECK(w.by_default({.mode = mode::governance}) == "MalformedXML");
    CHECK(w.by_default({.days = 1}) == "MalformedXML");
    CHECK(w.by_default({.mode = mode{"RELAXED"}, .days = 1}) == "MalformedXML");
    CHECK(w.by_default({.mode = mode::governance, .days = 1, .years = 1}) == "MalformedXML");
    CHECK(w.by_default({.mode = mode::governance, .days = 0}) == "InvalidArgument");
    CHECK(w.by_default({.mode = mode::governance, .years = 101}) == "InvalidArgument");
    CHECK(w.by_default({.mode = mode::governance, .days = 1, .default_event_hold = types::event_hold_duration{.days = 1}}) ==
          "NotImplemented");
    CHECK(put("open", enabled) == "");  // a bucket that keeps versions can be locked later on
    CHECK(w.s3.get_object_lock_configuration({.bucket = "open"})->object_lock_configuration->object_lock_enabled ==
          types::object_lock_enabled::enabled);
    for (const char* const bucket : {"open", "b-1"})
      CHECK(code_of(w.s3.put_bucket_versioning(
                {.bucket = bucket, .versioning_configuration = {.status = types::bucket_versioning_status::suspended}})) ==
            "InvalidBucketState");
  }
  SECTION("of an upload") {
    const auto put = [&](put_object_request r) {
      if (r.bucket.empty()) r.bucket = "b-1";
      r.key = "k";
      r.body = "x";
      return code_of(w.s3.put_object(r));
    };
    const types::object_lock_mode governance = types::object_lock_mode::governance;
    CHECK(put({.object_lock_mode = governance}) == "InvalidArgument");
    CHECK(put({.object_lock_retain_until_date = until}) == "InvalidArgument");
    CHECK(put({.object_lock_mode = types::object_lock_mode{"RELAXED"}, .object_lock_retain_until_date = until}) ==
          "InvalidArgument");
    CHECK(put({.object_lock_mode = governance, .object_lock_retain_until_date = w.in(hours{0})}) == "InvalidArgument");
    CHECK(put({.object_lock_legal_hold_status = types::object_lock_legal_hold_status{"MAYBE"}}) == "InvalidArgument");
    CHECK(put({.bucket = "open", .object_lock_mode = governance, .object_lock_retain_until_date = until}) == missing_lock);
    CHECK(put({.bucket = "open", .object_lock_legal_hold_status = on}) == missing_lock);
    CHECK(code_of(w.s3.create_multipart_upload({.bucket = "open", .key = "k", .object_lock_legal_hold_status = on})) == missing_lock);
    // Nobody could prove later what was locked.
    CHECK(code_of(w.client({.profile = {.checksum = std::nullopt}}).put_object({.bucket = "b-1", .key = "k", .body = "x", .object_lock_legal_hold_status = on})) ==
          "InvalidRequest");
    CHECK(w.get("b-1", "k") == "NoSuchKey");
  }
  SECTION("of a version") {
    const std::string id = w.put_kept("k", mode::governance, until);
    w.put("open", "k", "x");
    CHECK(code_of(w.s3.get_object_retention({.bucket = "open", .key = "k"})) == missing_lock);
    CHECK(code_of(w.s3.get_object_legal_hold({.bucket = "open", .key = "k"})) == missing_lock);
    CHECK(code_of(w.s3.put_object_legal_hold({.bucket = "open", .key = "k", .legal_hold = {{on}}})) == missing_lock);
    CHECK(w.retain("none", "null", mode::governance, until) == "NoSuchVersion");
    CHECK(w.hold("none", on) == "NoSuchKey");
    CHECK(w.hold("k", types::object_lock_legal_hold_status{"MAYBE"}) == "MalformedXML");
    CHECK(code_of(w.s3.put_object_legal_hold({.bucket = "b-1", .key = "k"})) == "MalformedXML");
    CHECK(code_of(w.s3.put_object_retention({.bucket = "b-1", .key = "k"})) == "MalformedXML");
    CHECK(code_of(w.s3.put_object_retention({.bucket = "b-1", .key = "k", .retention = {{.mode = mode::governance}}})) ==
          "MalformedXML");
    CHECK(w.retain("k", id, mode{"RELAXED"}, until) == "MalformedXML");
    CHECK(w.retain("k", id, mode::governance, w.in(hours{0})) == "InvalidArgument");
    const std::string free = w.put("b-1", "free", "x").version_id;
    CHECK(code_of(w.s3.get_object_retention({.bucket = "b-1", .key = "free"})) == "NoSuchObjectLockConfiguration");
    CHECK(code_of(w.s3.get_object_legal_hold({.bucket = "b-1", .key = "free"})) == "NoSuchObjectLockConfiguration");
    CHECK(w.erase("free", free) == "");
  }
}

TEST_CASE("a version is kept until its time has come", "[embedded]") {
  const locked_world w;
  const auto until = w.in(hours{24});
  const std::string id = w.put_kept("k", mode::governance, until), hard = w.put_kept("hard", mode::compliance, until);
  const auto head = w.s3.head_object({.bucket = "b-1", .key = "k"});
  REQUIRE(head);
  CHECK(head->object_lock_mode == types::object_lock_mode::governance);
  CHECK(head->object_lock_retain_until_date == until);
  CHECK(w.s3.get_object({.bucket = "b-1", .key = "hard"})->object_lock_mode == types::object_lock_mode::compliance);
  CHECK(w.s3.get_object_retention({.bucket = "b-1", .key = "k", .version_id = id})->retention->retain_until_date == until);

  SECTION("deleting") {
    CHECK(w.erase("k", id) == "AccessDenied");
    CHECK(w.erase("hard", hard, true) == "AccessDenied");
    CHECK(w.s3.delete_object({.bucket = "b-1", .key = "k"}));  // marks it: the version is still there
    CHECK(w.get("b-1", "k", id) == "x");
    CHECK(w.erase("k", id, true) == "");
    CHECK(w.get("b-1", "k", id) == "NoSuchVersion");
    w.clock.advance(hours{24});
    CHECK(w.erase("hard", hard) == "");
  }
  SECTION("deleting many: each version has its own verdict") {
    const std::string free = w.put("b-1", "free", "x").version_id;
    const delete_objects_request all{
        .bucket = "b-1",
        .delete_ = {.objects = {{.key = "k", .version_id = id}, {.key = "hard", .version_id = hard}, {.key = "free", .version_id = free}}}};
    const auto some = w.s3.delete_objects(all);
    REQUIRE(some);
    CHECK(some->deleted.size() == 1);
    REQUIRE(some->errors.size() == 2);
    CHECK(some->errors[0].code == "AccessDenied");
    CHECK(some->errors[0].version_id == id);
    auto forced = all;
    forced.bypass_governance_retention = true;
    const auto more = w.s3.delete_objects(forced);
    REQUIRE(more);
    REQUIRE(more->errors.size() == 1);
    CHECK(more->errors[0].key == "hard");
  }
  SECTION("prolonging and shortening") {
    const auto longer = w.in(hours{48}), shorter = w.in(hours{1});
    CHECK(w.retain("k", id, mode::governance, shorter) == "AccessDenied");
    CHECK(w.release("k", id) == "AccessDenied");
    CHECK(w.retain("k", id, mode::compliance, longer) == "AccessDenied");
    CHECK(w.retain("k", id, mode::governance, longer) == "");
    CHECK(w.retain("k", id, mode::governance, shorter, true) == "");
    CHECK(w.release("k", id, true) == "");
    CHECK(code_of(w.s3.get_object_retention({.bucket = "b-1", .key = "k"})) == "NoSuchObjectLockConfiguration");
    CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->object_lock_mode.empty());

    CHECK(w.retain("hard", hard, mode::compliance, shorter, true) == "AccessDenied");
    CHECK(w.retain("hard", hard, mode::governance, longer, true) == "AccessDenied");
    CHECK(w.release("hard", hard, true) == "AccessDenied");
    CHECK(w.retain("hard", hard, mode::compliance, longer) == "");
    w.clock.advance(hours{47});
    CHECK(w.erase("hard", hard) == "AccessDenied");
    w.clock.advance(hours{1});
    CHECK(w.release("hard", hard) == "");
    CHECK(w.erase("hard", hard) == "");
  }
  SECTION("overwriting makes another version, which is free") {
    const std::string newer = w.put("b-1", "k", "y").version_id;
    CHECK(w.erase("k", newer) == "");
    CHECK(w.get("b-1", "k") == "x");
  }
}

TEST_CASE("a legal hold knows no bypass", "[embedded]") {
  const locked_world w;
  const auto put = w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x", .object_lock_legal_hold_status = on});
  REQUIRE(put);
  CHECK(w.erase("k", put->version_id, true) == "AccessDenied");
  CHECK(w.s3.get_object_legal_hold({.bucket = "b-1", .key = "k"})->legal_hold->status == on);
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->object_lock_legal_hold_status == on);
  CHECK(w.hold("k", off) == "");
  CHECK(w.s3.get_object_legal_hold({.bucket = "b-1", .key = "k"})->legal_hold->status == off);
  CHECK(w.hold("k", on, put->version_id) == "");
  CHECK(w.erase("k", put->version_id) == "AccessDenied");
  CHECK(w.hold("k", off) == "");
  CHECK(w.erase("k", put->version_id) == "");
}

TEST_CASE("a bucket's default retention is that of uploads that name none", "[embedded]") {
  const locked_world w{{.min_part_size = 1}};
  w.put("b-1", "before", "x");
  REQUIRE(w.by_default({.mode = mode::governance, .days = 2}) == "");
  CHECK(code_of(w.s3.get_object_retention({.bucket = "b-1", .key = "before"})) == "NoSuchObjectLockConfiguration");
  const auto kept = w.s3.get_object_lock_configuration({.bucket = "b-1"});
  REQUIRE(kept);
  CHECK(kept->object_lock_configuration->rule->default_retention->days == 2);

  w.put("b-1", "put", "x");
  REQUIRE(w.s3.copy_object({.bucket = "b-1", .key = "copy", .copy_source = {"b-1", "before"}}));
  const auto id = w.s3.create_multipart_upload({.bucket = "b-1", .key = "parts"})->upload_id;
  const auto part = w.s3.upload_part({.bucket = "b-1", .key = "parts", .body = "x", .part_number = 1, .upload_id = id});
  REQUIRE(part);
  REQUIRE(w.s3.complete_multipart_upload({.bucket = "b-1",
                                          .key = "parts",
                                          .upload_id = id,
                                          .multipart_upload = {{.parts = {{.etag = part->etag, .part_number = 1}}}}}));
  for (const char* const key : {"put", "copy", "parts"}) {
    INFO(key);
    const auto head = w.s3.head_object({.bucket = "b-1", .key = key});
    REQUIRE(head);
    CHECK(head->object_lock_mode == types::object_lock_mode::governance);
    CHECK(head->object_lock_retain_until_date == w.in(hours{48}));
  }
  const std::string own = w.put_kept("own", mode::compliance, w.in(hours{1}));
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "own"})->object_lock_retain_until_date == w.in(hours{1}));
  const auto held = w.s3.put_object({.bucket = "b-1", .key = "held", .body = "x", .object_lock_legal_hold_status = off});
  REQUIRE(held);
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "held"})->object_lock_retain_until_date == w.in(hours{48}));

  REQUIRE(w.by_default({.mode = mode::compliance, .years = 1}) == "");
  w.put("b-1", "year", "x");
  CHECK(w.s3.head_object({.bucket = "b-1", .key = "year"})->object_lock_retain_until_date == w.in(hours{365 * 24}));
  w.clock.advance(hours{49});
  CHECK(w.erase("own", own) == "");
}
