// Is the embedded S3 a transport and a loop like any other, from many threads, and does it keep what it is told to keep?
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <s3store/drive/loop.hpp>
#include <s3store/operations/acl.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/website.hpp>

#include <s3store/transports/embedded/folder.hpp>

#include "support/embedded.hpp"
#include "support/lying_source.hpp"
#include "support/scratch_folder.hpp"

using namespace test;

static_assert(http::transport<embedded_transport> && http::loop<embedded_transport>);

namespace {

using temporary_folder = testing_support::scratch_folder;

std::size_t files_in(const std::string& path) { return embedded::list_folder(path)->size(); }

struct collector final : http::receiver {
  s3store::result<s3store::http::sink*> on_response(http::response&& r) noexcept override {
    head = std::move(r);
    return &into;
  }
  http::response head{};
  std::string body{};
  http::string_sink into{body};
};

}  // namespace

TEST_CASE("a root that cannot be used is the error of every call", "[embedded]") {
  const temporary_folder folder;
  REQUIRE(embedded::replace_file(folder.path() + "/file", "x"));
  for (const std::string& root : {folder.path() + "/file", folder.path() + "/file/below"}) {
    const embedded_world w{{.root = root}};
    CHECK(w.server.unusable().kind == error_kind::io);
    const auto r = w.s3.list_buckets({});
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::io);
    CHECK(r.error().message.find(root) != std::string::npos);
    const auto answer = w.server.serve({.method = "GET", .target = "/"});
    CHECK(answer.status == 500);
    CHECK(answer.body.find(root) == std::string::npos);  // whoever asks
  }
}

TEST_CASE("what is not ours under a root stays, and changes nothing", "[embedded]") {
  const temporary_folder folder;
  const std::string root = folder.path(), in_bucket = root + "/buckets/b-1/";
  {
    const embedded_world w{{.root = root}};
    w.make_bucket("b-1");
    w.put("b-1", "k", "x");
  }
  const std::vector<std::string> strange{root + "/.DS_Store", root + "/buckets/.DS_Store", root + "/buckets/33.xml.next",
                                         root + "/buckets/a-file", in_bucket + ".DS_Store", in_bucket + "23.xml~",
                                         in_bucket + ".23.xml.swp", in_bucket + "-1.xml", in_bucket + "007.xml", in_bucket + "notes.xml",
                                         in_bucket + "other.xml.next", root + "/bytes/.DS_Store", root + "/bytes/007"};
  for (const std::string& path : strange) REQUIRE(embedded::replace_file(path, "not ours"));
  REQUIRE(embedded::make_folder(root + "/buckets/.git/objects"));
  REQUIRE(embedded::make_folder(root + "/buckets/Not A Bucket"));
  {
    const embedded_world w{{.root = root}};
    CHECK(w.server.unusable().kind == error_kind::none);
    CHECK(w.server.problems().empty());
    CHECK(w.s3.list_buckets({})->buckets.size() == 1);
    CHECK(w.get("b-1", "k") == "x");
    w.put("b-1", "another", "y");
    CHECK(w.get("b-1", "another") == "y");
    for (const std::string& path : strange) CHECK(::access(path.c_str(), F_OK) == 0);
    for (const char* const key : {"k", "another"}) REQUIRE(w.s3.delete_object({.bucket = "b-1", .key = key}));
    REQUIRE(w.s3.delete_bucket({.bucket = "b-1"}));
    REQUIRE(w.s3.create_bucket({.bucket = "b-1"}));
    REQUIRE(w.s3.delete_bucket({.bucket = "b-1"}));
  }
  const embedded_world w{{.root = root}};
  CHECK(w.server.problems().empty());
  CHECK(w.s3.list_buckets({})->buckets.empty());
}

TEST_CASE("what a crash left under a root is tidied up", "[embedded]") {
  const temporary_folder folder;
  const std::string root = folder.path();
  {
    const embedded_world w{{.root = root}};
    w.make_bucket("b-1");
    w.put("b-1", "k", "x");
  }
  const std::size_t before = files_in(root + "/buckets/b-1");
  REQUIRE(embedded::make_folder(root + "/buckets/half-made"));
  REQUIRE(embedded::replace_file(root + "/buckets/half-made/bucket.xml.next", "<Rec"));
  REQUIRE(embedded::make_folder(root + "/buckets/.removed-5"));
  REQUIRE(embedded::replace_file(root + "/buckets/.removed-5/4.xml", "<Record/>"));
  for (const char* const name : {"33.xml.next", "bucket.xml.next"}) REQUIRE(embedded::replace_file(root + "/buckets/b-1/" + name, ""));
  REQUIRE(embedded::replace_file(root + "/bytes/12345", "left behind"));
  const embedded_world w{{.root = root}};
  CHECK(w.server.unusable().kind == error_kind::none);
  CHECK(w.server.problems().empty());
  CHECK(w.s3.list_buckets({})->buckets.size() == 1);
  CHECK(files_in(root + "/buckets") == 1);
  CHECK(files_in(root + "/buckets/b-1") == before);
  CHECK(files_in(root + "/bytes") == 1);
  w.make_bucket("half-made");
}

TEST_CASE("what is broken under a root is named, and only that fails", "[embedded]") {
  const temporary_folder folder;
  const std::string root = folder.path(), in_bucket = root + "/buckets/b-1/";
  std::string upload, numbered;
  {
    const embedded_world w{{.root = root}};
    w.make_bucket("b-1");
    w.make_bucket("b-2");
    w.put("b-1", "k", "x");
    w.put("b-2", "k", "of b-2");
    numbered = in_bucket + "1.xml";  // of the first object
    REQUIRE(::access(numbered.c_str(), F_OK) == 0);
    upload = w.s3.create_multipart_upload({.bucket = "b-1", .key = "parts"})->upload_id;
    REQUIRE(w.s3.upload_part({.bucket = "b-1", .key = "parts", .body = "part", .part_number = 1, .upload_id = upload}));
    w.put("b-1", "other", "y");
  }
  const auto is_named = [](const embedded_s3& server, const std::string& file) {
    for (const embedded_problem& one : server.problems())
      if (one.message.find(file) != std::string::npos) return true;
    return false;
  };
  /// The bucket, but for what is broken, and its neighbour.
  const auto rest_is_served = [](const embedded_world& w) {
    CHECK(w.server.unusable().kind == error_kind::none);
    CHECK(w.get("b-1", "other") == "y");
    CHECK(w.get("b-2", "k") == "of b-2");
    w.put("b-1", "new", "z");
    CHECK(w.get("b-1", "new") == "z");
    CHECK(w.s3.list_objects_v2({.bucket = "b-1"}));
    CHECK(w.s3.list_buckets({})->buckets.size() == 2);
    for (const char* const key : {"other", "new"}) CHECK(w.s3.delete_object({.bucket = "b-1", .key = key}));
  };
  /// The answers to a bucket whose deletion would delete something unknown.
  const auto cannot_be_deleted = [](const embedded_world& w, const std::string& file) {
    const auto listed = w.s3.list_objects_v2({.bucket = "b-1"});
    REQUIRE(listed);
    for (const auto& one : listed->contents) CHECK(w.s3.delete_object({.bucket = "b-1", .key = one.key}));
    const auto r = w.s3.delete_bucket({.bucket = "b-1"});
    REQUIRE_FALSE(r);
    CHECK(r.error().status == 500);
    CHECK(r.error().code == "InternalError");
    CHECK(r.error().message.find(file) != std::string::npos);
  };

  SECTION("a record that does not tell its key") {
    const std::string name = GENERATE(as<std::string>{}, "99.xml", "9223372036854775807.xml", "9223372036854775808.xml",
                                      "123456789012345678901234567890.xml", "999999999999999999.xml");
    const std::string text = GENERATE(as<std::string>{}, "", "<Record><Kind>Version", "<Record/>", "<html/>",
                                      "<Record><Kind>Version</Kind><Time>never</Time></Record>");
    REQUIRE(embedded::replace_file(in_bucket + name, text));
    const embedded_world w{{.root = root}};
    REQUIRE(w.server.problems().size() == 1);
    CHECK(w.server.problems()[0].bucket == "b-1");
    CHECK(w.server.problems()[0].key.empty());
    CHECK(is_named(w.server, in_bucket + name));
    CHECK(w.get("b-1", "k") == "x");
    rest_is_served(w);
    cannot_be_deleted(w, name);
    CHECK(http::file_source::open(in_bucket + name)->length() == text.size());  // nothing is thrown away
    REQUIRE(std::remove((in_bucket + name).c_str()) == 0);
    CHECK(embedded_world{{.root = root}}.server.problems().empty());
  }
  SECTION("a whole record with a number that no record has") {
    const std::string name = in_bucket + "9223372036854775807.xml";
    REQUIRE(std::rename(numbered.c_str(), name.c_str()) == 0);
    const embedded_world w{{.root = root}};
    CHECK(is_named(w.server, name));
    rest_is_served(w);
  }
  SECTION("something that is no file") {
    REQUIRE(embedded::make_folder(in_bucket + "99.xml"));
    REQUIRE(::mkfifo((in_bucket + "98.xml").c_str(), 0600) == 0);  // opening it would wait for ever
    const embedded_world w{{.root = root}};
    CHECK(w.server.problems().size() == 2);
    CHECK(is_named(w.server, "99.xml"));
    CHECK(is_named(w.server, "98.xml"));
    CHECK(w.get("b-1", "k") == "x");
    rest_is_served(w);
  }
  SECTION("an upload whose key no answer can name") {
    for (const std::string& name : *embedded::list_folder(in_bucket)) {
      std::ifstream file{in_bucket + name, std::ios::binary};
      std::string text{std::istreambuf_iterator<char>{file}, {}};
      if (const auto key = text.find("<Key>parts</Key>"); key != std::string::npos)
        REQUIRE(embedded::replace_file(in_bucket + name, text.replace(key, 16, "<Key>pa%01ts</Key>")));
    }
    const embedded_world w{{.root = root}};
    const std::string key = "pa\1ts";
    CHECK(w.s3.list_parts({.bucket = "b-1", .key = key, .upload_id = upload}).error().status == 400);
    CHECK(w.s3.complete_multipart_upload({.bucket = "b-1", .key = key, .upload_id = upload}).error().status == 400);
    CHECK(w.s3.abort_multipart_upload({.bucket = "b-1", .key = key, .upload_id = upload}));
    rest_is_served(w);
  }
  SECTION("an object whose bytes are missing or cut short") {
    const bool missing = GENERATE(true, false);
    if (missing) {
      REQUIRE(std::remove((root + "/bytes/1").c_str()) == 0);
    } else {
      REQUIRE(embedded::replace_file(root + "/bytes/1", ""));
    }
    {
      const embedded_world w{{.root = root}};
      REQUIRE(w.server.problems().size() == 1);
      CHECK(w.server.problems()[0].key == "k");
      CHECK(is_named(w.server, numbered));
      CHECK(w.get("b-1", "k") == "InternalError");
      CHECK(code_of(w.s3.head_object({.bucket = "b-1", .key = "k"})) == "500");
      CHECK(code_of(w.s3.put_object({.bucket = "b-1", .key = "k", .body = "new", .if_match = "\"x\""})) == "InternalError");
      CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k"})) == "InternalError");
      CHECK(code_of(w.s3.copy_object({.bucket = "b-2", .key = "copy", .copy_source = {"b-1", "k"}})) == "InternalError");
      const auto deleted = w.s3.delete_objects({.bucket = "b-1", .delete_ = {.objects = {{.key = "k"}}}});
      REQUIRE(deleted);
      REQUIRE(deleted->errors.size() == 1);
      CHECK(deleted->errors[0].code == "InternalError");
      CHECK(w.get("b-2", "k") == "of b-2");
      rest_is_served(w);
      cannot_be_deleted(w, "1.xml");
    }
    REQUIRE(embedded::replace_file(root + "/bytes/1", "x"));
    CHECK(embedded_world{{.root = root}}.get("b-1", "k") == "x");
  }
  SECTION("an upload whose part is missing") {
    REQUIRE(std::remove((root + "/bytes/3").c_str()) == 0);
    const embedded_world w{{.root = root}};
    REQUIRE(w.server.problems().size() == 1);
    CHECK(w.server.problems()[0].key == "parts");
    CHECK(code_of(w.s3.list_parts({.bucket = "b-1", .key = "parts", .upload_id = upload})) == "InternalError");
    w.put("b-1", "parts", "whole");
    CHECK(w.get("b-1", "parts") == "whole");
    CHECK(w.get("b-1", "k") == "x");
    rest_is_served(w);
  }
  SECTION("a bucket whose record is missing or broken") {
    const std::string record = in_bucket + "bucket.xml";
    const std::string earlier = root + "/earlier.xml";
    REQUIRE(std::rename(record.c_str(), earlier.c_str()) == 0);
    const bool missing = GENERATE(true, false);
    if (!missing) REQUIRE(embedded::replace_file(record, "<Record><Created>never</Created></Record>"));
    {
      const embedded_world w{{.root = root}};
      CHECK(w.server.unusable().kind == error_kind::none);
      REQUIRE(w.server.problems().size() == 1);
      CHECK(w.server.problems()[0].bucket == "b-1");
      CHECK(is_named(w.server, record));
      CHECK(w.get("b-1", "k") == "InternalError");
      CHECK(code_of(w.s3.create_bucket({.bucket = "b-1"})) == "InternalError");
      CHECK(code_of(w.s3.delete_bucket({.bucket = "b-1"})) == "InternalError");
      CHECK(code_of(w.s3.list_objects_v2({.bucket = "b-1"})) == "InternalError");
      CHECK(w.get("b-2", "k") == "of b-2");
      w.put("b-2", "new", "z");
      CHECK(w.s3.list_buckets({})->buckets.size() == 1);
    }
    REQUIRE(std::rename(earlier.c_str(), record.c_str()) == 0);
    const embedded_world w{{.root = root}};
    CHECK(w.server.problems().empty());
    CHECK(w.get("b-1", "k") == "x");
    CHECK(w.get("b-2", "new") == "z");
  }
}

TEST_CASE("what is kept under a root outlives the server", "[embedded]") {
  const temporary_folder folder;
  const std::string root = folder.path() + "/some/where/", bytes = folder.path() + "/some/where/bytes";
  const std::string nasty = "a/../\x01 \xff+%";
  std::string upload, first_version;
  {
    const embedded_world w{{.root = root, .min_part_size = 1}};
    w.make_bucket("plain");
    w.make_bucket("versions", true);
    REQUIRE(w.s3.put_object({.bucket = "plain",
                             .key = nasty,
                             .body = "hello",
                             .content_type = "text/plain",
                             .metadata = {{"a", "1"}, {"space", " x  y"}},
                             .tagging = "t=1"}));
    w.put("plain", "empty", "");
    w.put("plain", "gone", "x");
    REQUIRE(w.s3.delete_object({.bucket = "plain", .key = "gone"}));
    w.put("plain", "twice", "first");
    w.put("plain", "twice", "second");
    REQUIRE(w.s3.copy_object({.bucket = "plain", .key = "copy", .copy_source = {"plain", nasty}}));
    first_version = w.put("versions", "k", "one").version_id;
    w.put("versions", "k", "two");
    REQUIRE(w.s3.delete_object({.bucket = "versions", .key = "k"}));
    upload = w.s3.create_multipart_upload({.bucket = "plain", .key = "parts", .content_type = "a/b"})->upload_id;
    REQUIRE(w.s3.upload_part({.bucket = "plain", .key = "parts", .body = "part one,", .part_number = 1, .upload_id = upload}));
    REQUIRE(w.s3.create_bucket({.bucket = "away"}));
    REQUIRE(w.s3.delete_bucket({.bucket = "away"}));
    CHECK(files_in(bytes) == 5);  // hello (and its copy), second, one, two, the part
  }
  REQUIRE(embedded::replace_file(bytes + "/12345", "left behind by a crash"));
  {
    const embedded_world w{{.root = root, .min_part_size = 1}};
    REQUIRE(w.server.unusable().kind == error_kind::none);
    CHECK(files_in(bytes) == 5);
    CHECK(w.s3.list_buckets({})->buckets.size() == 2);
    const auto got = w.s3.get_object({.bucket = "plain", .key = nasty});
    REQUIRE(got);
    CHECK(got->body == "hello");
    CHECK(got.meta().integrity == integrity::verified);
    CHECK(got->content_type == "text/plain");
    CHECK(got->metadata == metadata{{"a", "1"}, {"space", " x  y"}});
    CHECK(got->tag_count == 1);
    CHECK(w.get("plain", "empty") == "");
    CHECK(w.get("plain", "gone") == "NoSuchKey");
    CHECK(w.get("plain", "twice") == "second");
    CHECK(w.get("plain", "copy") == "hello");
    CHECK(w.get("versions", "k") == "NoSuchKey");
    CHECK(w.get("versions", "k", first_version) == "one");
    const auto listed = w.s3.list_object_versions({.bucket = "versions"});
    REQUIRE(listed);
    CHECK(listed->versions.size() == 2);
    CHECK(listed->delete_markers.at(0).is_latest == true);

    const auto two =
        w.s3.upload_part({.bucket = "plain", .key = "parts", .body = " and two", .part_number = 2, .upload_id = upload});
    REQUIRE(two);
    const auto parts = w.s3.list_parts({.bucket = "plain", .key = "parts", .upload_id = upload});
    REQUIRE(parts);
    REQUIRE(w.s3.complete_multipart_upload({.bucket = "plain",
                                            .key = "parts",
                                            .upload_id = upload,
                                            .multipart_upload = {{.parts = {{.etag = parts->parts.at(0).etag, .part_number = 1},
                                                                            {.etag = two->etag, .part_number = 2}}}}}));
  }
  {
    const embedded_world w{{.root = root}};
    const auto got = w.s3.get_object({.bucket = "plain", .key = "parts", .part_number = 2});
    REQUIRE(got);
    CHECK(got->body == " and two");
    CHECK(got->content_type == "a/b");
    CHECK(w.get("plain", "parts") == "part one, and two");
    REQUIRE(w.s3.delete_object({.bucket = "plain", .key = nasty}));
    CHECK(w.get("plain", "copy") == "hello");
    for (const char* const key : {"copy", "empty", "twice", "parts"}) REQUIRE(w.s3.delete_object({.bucket = "plain", .key = key}));
    REQUIRE(w.s3.delete_bucket({.bucket = "plain"}));
    CHECK(files_in(bytes) == 2);
  }
}

TEST_CASE("what is set on buckets and objects is kept under a root, too", "[embedded]") {
  const temporary_folder folder;
  const types::cors_rule rule{.allowed_methods = {"GET"}, .allowed_origins = {"https://*.x.test"}};
  const std::string policy =
      R"({ "Version":"2012-10-17", "Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b-1/\u00fc*"} })";
  timestamp until;
  std::string upload;
  {
    const embedded_world w{{.root = folder.path()}};
    until = w.clock.now().wall + std::chrono::hours{1};
    REQUIRE(w.s3.create_bucket({.bucket = "b-1",
                                .object_lock_enabled_for_bucket = true,
                                .object_ownership = types::object_ownership::object_writer}));
    REQUIRE(w.s3.put_bucket_cors({.bucket = "b-1", .cors_configuration = {{rule}}}));
    REQUIRE(w.s3.put_bucket_policy({.bucket = "b-1", .policy = policy}));
    REQUIRE(w.s3.put_object({.bucket = "b-1", .key = "k", .body = "x", .acl = types::object_canned_acl::public_read}));
    REQUIRE(w.s3.put_object_tagging({.bucket = "b-1", .key = "k", .tagging = {{{"a", "ü"}}}}));
    REQUIRE(w.s3.put_object_retention(
        {.bucket = "b-1",
         .key = "k",
         .retention = {{.mode = types::object_lock_retention_mode::compliance, .retain_until_date = until}}}));
    upload = w.s3.create_multipart_upload({.bucket = "b-1", .key = "parts", .acl = types::object_canned_acl::public_read})->upload_id;
  }
  {
    const embedded_world w{{.root = folder.path()}};
    REQUIRE(w.server.unusable().kind == error_kind::none);
    CHECK(w.s3.get_bucket_cors({.bucket = "b-1"})->cors_rules.at(0).allowed_origins == rule.allowed_origins);
    CHECK(w.s3.get_bucket_policy({.bucket = "b-1"})->policy == policy);
    CHECK(w.s3.get_bucket_ownership_controls({.bucket = "b-1"})->ownership_controls->rules.at(0).object_ownership ==
          types::object_ownership::object_writer);
    CHECK(w.s3.get_object_acl({.bucket = "b-1", .key = "k"})->grants.size() == 2);
    CHECK(w.s3.get_object_tagging({.bucket = "b-1", .key = "k"})->tag_set.at(0).value == "ü");
    const auto head = w.s3.head_object({.bucket = "b-1", .key = "k"});
    REQUIRE(head);
    CHECK(head->object_lock_retain_until_date == until);
    CHECK(code_of(w.s3.delete_object({.bucket = "b-1", .key = "k", .version_id = head->version_id})) == "AccessDenied");
    const auto part = w.s3.upload_part({.bucket = "b-1", .key = "parts", .body = "x", .part_number = 1, .upload_id = upload});
    REQUIRE(part);
    REQUIRE(w.s3.complete_multipart_upload({.bucket = "b-1",
                                            .key = "parts",
                                            .upload_id = upload,
                                            .multipart_upload = {{.parts = {{.etag = part->etag, .part_number = 1}}}}}));
    CHECK(w.s3.get_object_acl({.bucket = "b-1", .key = "parts"})->grants.size() == 2);
    REQUIRE(w.s3.delete_bucket_cors({.bucket = "b-1"}));
  }
  CHECK(code_of(embedded_world{{.root = folder.path()}}.s3.get_bucket_cors({.bucket = "b-1"})) == "NoSuchCORSConfiguration");
}

TEST_CASE("a limit, a token or a sink ends an exchange as it would over a network", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.put("b-1", "k", std::string(200'000, 'x'));
  cancel_source stop;
  SECTION("a deadline that has passed") {
    http::request request{.verb = http::method::get, .url = "http://s3.test/"};
    embedded_transport t{w.server};
    const auto r = t.perform({.out = &request, .within = {.deadline = w.clock.now().steady}});
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::deadline_exceeded);
  }
  SECTION("a token cancelled before") {
    stop.cancel();
    const auto r = w.s3.get_object({.bucket = "b-1", .key = "k"}, {.stop = stop.token()});
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::cancelled);
  }
  SECTION("a token cancelled while bytes come") {
    std::size_t taken = 0;
    const auto r = w.s3.get_object({.bucket = "b-1", .key = "k"},
                                   [&](std::span<const std::byte> b) {
                                     taken += b.size();
                                     stop.cancel();
                                   },
                                   {.stop = stop.token()});
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == error_kind::cancelled);
    CHECK(taken < 200'000);
  }
  SECTION("a source that fails") {
    http::function_source broken{[](std::span<std::byte>) -> std::size_t { throw std::runtime_error("no more"); },
                                 std::uint64_t{5}};
    CHECK_THROWS_AS(w.s3.put_object({.bucket = "b-1", .key = "new", .body = broken}), std::runtime_error);
    CHECK(w.get("b-1", "new") == "NoSuchKey");
  }
}

TEST_CASE("a loop finishes what was started, and a wait moves a clock that is moved by hand", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  embedded_transport loop{w.server};
  int finished = 0;
  {
    std::vector<std::string> keys{"a", "b", "c"};
    std::vector<std::unique_ptr<put_object_request>> requests;
    std::vector<std::unique_ptr<sans_io::call<put_object_request, in_process>>> calls;
    const call_options options{};
    loop_driver driver{w.s3.shared(), loop};
    for (const auto& key : keys) {
      requests.push_back(
          std::make_unique<put_object_request>(put_object_request{.bucket = "b-1", .key = key, .body = "of " + key}));
      calls.push_back(std::make_unique<sans_io::call<put_object_request, in_process>>(*requests.back(), w.s3.shared(), options));
      driver.start(*calls.back(), [&](result<put_object_response> r) { finished += r.has_value() ? 1 : 0; });
    }
    driver.run();
  }
  CHECK(finished == 3);
  CHECK(w.get("b-1", "b") == "of b");

  http::request request{.verb = http::method::get, .url = "http://s3.test/"};
  collector into;
  int tag{};
  loop.start({.out = &request, .in = &into}, &tag);
  loop.cancel(&tag);
  CHECK_FALSE(loop.poll(w.clock.now().steady));  // a cancelled exchange has no completion
  CHECK(into.head.status == 0);

  const auto until = w.clock.now().steady + std::chrono::hours{1};
  CHECK_FALSE(loop.poll(until));
  CHECK(w.clock.now().steady == until);
  loop.wake();
  CHECK_FALSE(loop.poll(until + std::chrono::hours{1}));
  CHECK(w.clock.now().steady == until);
}

TEST_CASE("many threads share a server", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t != 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i != 20; ++i) {
        const std::string key = std::to_string(t) + "/" + std::to_string(i);
        const auto put = w.s3.put_object({.bucket = "b-1", .key = key, .body = key});
        const auto got = w.s3.get_object({.bucket = "b-1", .key = key});
        right += put && got && got->body == key ? 1 : 0;
      }
    });
  for (auto& t : threads) t.join();
  CHECK(right == 80);
  CHECK(w.s3.list_objects_v2({.bucket = "b-1"})->contents.size() == 80);
}

TEST_CASE("a source that returns more than its room is the exchange's error, in an embedded S3", "[embedded]") {
  embedded_transport transport;
  test::lying_source source{100};
  http::request r{http::method::put, "http://s3.test/b/k", {}, &source};
  const auto out = transport.perform({&r, nullptr});
  REQUIRE_FALSE(out);
  CHECK(test::tells_both_numbers(out.error(), 16 * 1024));
}
