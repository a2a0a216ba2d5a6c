// Is the embedded S3 a transport and a loop like any other, from many threads, and does it keep what it is told to keep?
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
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

using namespace test;

static_assert(http::transport<embedded_transport> && http::loop<embedded_transport>);

namespace {

/// A folder for one test.
class temporary_folder {
 public:
  temporary_folder() {
    path_ = "/tmp/s3store-embedded-XXXXXX";
    REQUIRE(::mkdtemp(path_.data()));
  }
  ~temporary_folder() { remove(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  static void remove(const std::string& path) {
    const auto names = embedded::list_folder(path);
    if (names)
      for (const std::string& name : *names) {
        const std::string inside = path + "/" + name;
        if (std::remove(inside.c_str()) != 0) remove(inside);
      }
    std::remove(path.c_str());
  }
  std::string path_{};
};

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
    CHECK(w.server.serve({.method = "GET", .target = "/"}).status == 500);
  }
  // A record that is none is not passed over, and nothing is thrown away.
  const std::string root = folder.path() + "/root";
  {
    const embedded_world w{{.root = root}};
    w.make_bucket("b-1");
    w.put("b-1", "k", "x");
  }
  REQUIRE(embedded::replace_file(root + "/buckets/b-1/999.xml", "<Record><Kind>Version"));
  CHECK(embedded_world{{.root = root}}.server.unusable().kind == error_kind::io);
  REQUIRE(std::remove((root + "/buckets/b-1/999.xml").c_str()) == 0);
  CHECK(embedded_world{{.root = root}}.get("b-1", "k") == "x");
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
