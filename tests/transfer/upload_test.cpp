#include "support/catch.hpp"
#include "support/lying_source.hpp"

#include <s3store/drive/loop.hpp>
#include <s3store/transfer/upload.hpp>
#include <s3store/transports/scripted.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

using namespace s3store;

namespace {

struct scripted_policies : default_policies {
  using transport = scripted_transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};
static_assert(sans_io::machine<uploading<scripted_policies>>);

constexpr std::uint64_t part = min_part_size;

/// Bytes that differ from place to place.
std::string bytes_of(std::size_t n) {
  std::string out(n, '\0');
  std::uint32_t x = 1;
  for (char& c : out) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return out;
}
std::string crc64(std::string_view bytes) {
  crypto::checksum c{crypto::checksum_algorithm::crc64nvme};
  c.update(detail::as_bytes(bytes));
  return c.base64();
}
/// The payload of a body in unsigned or signed chunks.
std::string unchunked(std::string_view body) {
  std::string out;
  for (;;) {
    const auto line = body.substr(0, body.find("\r\n"));
    const auto size = std::stoul(std::string(line.substr(0, line.find(';'))), nullptr, 16);
    if (size == 0) return out;
    body.remove_prefix(line.size() + 2);
    out.append(body.substr(0, size));
    body.remove_prefix(size + 2);
  }
}
std::string trailer(std::string_view body, std::string_view name) {
  const auto at = body.rfind(std::string(name) + ":");
  if (at == std::string_view::npos) return {};
  body.remove_prefix(at + name.size() + 1);
  return std::string(body.substr(0, body.find("\r\n")));
}

struct fixture {
  manual_clock clock{};
  scripted_transport server{clock};
  basic_client<scripted_policies> s3{{.endpoint = "http://s3.test"},
                                     {.transport = server,
                                      .credentials = auth::static_credentials{"AKID", "secret"},
                                      .clock = clock,
                                      .sleeper = recording_sleeper{clock}}};

  void begins() { server.answer(200, {}, "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"); }
  void takes_parts(int n) {
    for (int i = 0; i != n; ++i) server.answer(200, {{"ETag", "\"5d41402abc4b2a76b9719d911017c592\""}});
  }
  void refuses(int status, const char* code) {
    server.answer(status, {}, std::string("<Error><Code>") + code + "</Code><Message>no</Message></Error>");
  }
  void completes() { server.answer(200, {{"x-amz-version-id", "v1"}}, "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>"); }
  /// The requests as "VERB query-or-nothing".
  std::vector<std::string> seen() const {
    std::vector<std::string> out;
    for (const auto& r : server.sent()) {
      const auto mark = r.url.find('?');
      out.push_back(std::string(to_string(r.verb)) + (mark == std::string::npos ? "" : " " + r.url.substr(mark + 1)));
    }
    return out;
  }
  result<upload_response> run(std::string body, upload_request r = {}, const call_options& options = {}) {
    const std::string kept = std::move(body);
    http::memory_source from{kept};
    r.object.bucket = "b";
    r.object.key = "k";
    r.object.body = from;
    if (r.part_size == default_part_size) r.part_size = part;
    return upload(s3, r, options);
  }
};
using calls = std::vector<std::string>;

}  // namespace

TEST_CASE("an upload that cannot be is refused before anything is sent", "[transfer]") {
  fixture f;
  const auto refused = [&f](const upload_request& r) {
    const auto out = upload(f.s3, r);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
    return out.error().message;
  };
  refused({.object = {.bucket = "b", .key = "k", .body = "x"}, .part_size = 1024});
  refused({.object = {.bucket = "", .key = "k", .body = "x"}});
  refused({.object = {.bucket = "b", .key = "", .body = "x"}});
  refused({.object = {.bucket = "b", .key = "k", .body = "x", .content_type = "a\nb"}});
  refused({.object = {.bucket = "b", .key = "k", .body = "x", .content_length = 2}});
  refused({.object = {.bucket = "b", .key = "k", .body = "x", .content_length = -1}});
  const std::string large = bytes_of(part + 1);
  const auto message = refused({.object = {.bucket = "b", .key = "k", .body = http::body::borrow(large), .checksum_sha256 = "x"}, .part_size = part});
  CHECK(message.find("x-amz-checksum-sha256") != std::string::npos);
  CHECK(f.server.tried() == 0);

  const auto missing = upload_file(f.s3, "/there/is/no/such/file", {.object = {.bucket = "b", .key = "k"}});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == error_kind::io);
}

TEST_CASE("what fits into one part is one PutObject", "[transfer]") {
  fixture f;
  f.server.answer(200, {{"ETag", "\"e\""}, {"x-amz-checksum-crc64nvme", crc64("hello")}});
  std::vector<std::uint64_t> heard;
  upload_request r{.progress = [&heard](std::uint64_t done, std::uint64_t) { heard.push_back(done); }};
  r.object.content_type = "text/plain";
  r.object.metadata.add("who", "me");
  r.object.if_none_match = "*";
  const auto out = f.run("hello", std::move(r));
  REQUIRE(out);
  CHECK(out->etag == "\"e\"");
  CHECK(out->checksum == crc64("hello"));
  CHECK(out->size == 5);
  CHECK(out->parts == 0);
  CHECK(out.meta().status == 200);
  CHECK(heard == std::vector<std::uint64_t>{5});
  REQUIRE(f.seen() == calls{"PUT"});
  const auto sent = f.server.sent().front();
  CHECK(sent.fields.get("If-None-Match") == "*");
  CHECK(sent.fields.get("x-amz-meta-who") == "me");
  CHECK(unchunked(sent.body) == "hello");
  CHECK(trailer(sent.body, "x-amz-checksum-crc64nvme") == crc64("hello"));
}

TEST_CASE("an empty body is an object, too", "[transfer]") {
  fixture f;
  f.server.answer(200, {{"ETag", "\"e\""}}).answer(200, {{"ETag", "\"e\""}});
  REQUIRE(upload(f.s3, {.object = {.bucket = "b", .key = "k"}}));
  REQUIRE(f.run(""));
  CHECK(f.seen() == calls{"PUT", "PUT"});
}

TEST_CASE("a large object goes in parts, and its checksum is one over the whole", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(3);
  f.completes();
  const std::string body = bytes_of(2 * part + 7);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> heard;
  upload_request r{.progress = [&heard](std::uint64_t done, std::uint64_t total) { heard.emplace_back(done, total); }};
  r.object.content_type = "application/x-test";
  r.object.if_none_match = "*";
  r.object.request_payer = types::request_payer::requester;
  r.object.sse_customer_key = customer_key{"0123456789abcdef0123456789abcdef"};
  r.object.metadata.add("who", "me");
  const auto out = f.run(body, std::move(r));
  REQUIRE(out);
  CHECK(out->etag == "\"e-2\"");
  CHECK(out->version_id == "v1");
  CHECK(out->size == body.size());
  CHECK(out->parts == 3);
  CHECK_FALSE(out->confirmed_by_head);
  REQUIRE(f.seen() == calls{"POST uploads", "PUT partNumber=1&uploadId=u%2F1", "PUT partNumber=2&uploadId=u%2F1",
                            "PUT partNumber=3&uploadId=u%2F1", "POST uploadId=u%2F1"});
  const auto sent = f.server.sent();
  CHECK(sent[0].fields.get("x-amz-checksum-algorithm") == "CRC64NVME");
  CHECK(sent[0].fields.get("x-amz-checksum-type") == "FULL_OBJECT");
  CHECK(sent[0].fields.get("Content-Type") == "application/x-test");
  CHECK(sent[0].fields.get("x-amz-meta-who") == "me");
  CHECK_FALSE(sent[0].fields.contains("If-None-Match"));
  for (const std::size_t i : {1u, 2u, 3u}) {
    const auto piece = std::string_view{body}.substr((i - 1) * part, part);
    CHECK(unchunked(sent[i].body) == piece);
    CHECK(trailer(sent[i].body, "x-amz-checksum-crc64nvme") == crc64(piece));
    CHECK_FALSE(sent[i].fields.contains("x-amz-meta-who"));
    CHECK_FALSE(sent[i].fields.contains("If-None-Match"));
  }
  for (const auto& s : sent) {
    CHECK(s.fields.get("x-amz-server-side-encryption-customer-key") == detail::base64(detail::as_bytes(std::string_view{"0123456789abcdef0123456789abcdef"})));
    CHECK(s.fields.get("x-amz-request-payer") == "requester");
  }
  CHECK(sent[4].fields.get("x-amz-checksum-crc64nvme") == crc64(body));
  CHECK(sent[4].fields.get("x-amz-checksum-type") == "FULL_OBJECT");
  CHECK(sent[4].fields.get("x-amz-mp-object-size") == std::to_string(body.size()));
  CHECK(sent[4].fields.get("If-None-Match") == "*");
  CHECK(sent[4].body.find("<PartNumber>3</PartNumber>") != std::string::npos);
  CHECK(sent[4].body.find("<ChecksumCRC64NVME>" + crc64(std::string_view{body}.substr(2 * part)) + "</ChecksumCRC64NVME>") != std::string::npos);

  REQUIRE_FALSE(heard.empty());
  CHECK(std::is_sorted(heard.begin(), heard.end()));
  CHECK(std::adjacent_find(heard.begin(), heard.end()) == heard.end());
  CHECK(heard.front().first < part);
  CHECK(heard.back() == std::pair<std::uint64_t, std::uint64_t>{body.size(), body.size()});
}

TEST_CASE("the caller's checksum of the whole is what the server is asked to check", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(2);
  f.completes();
  upload_request r;
  r.object.checksum_crc32c = "AAAAAA==";
  REQUIRE(f.run(bytes_of(part + 1), std::move(r)));
  const auto sent = f.server.sent();
  CHECK(sent[0].fields.get("x-amz-checksum-algorithm") == "CRC32C");
  CHECK_FALSE(sent[1].fields.contains("x-amz-checksum-crc32c"));
  CHECK_FALSE(trailer(sent[1].body, "x-amz-checksum-crc32c").empty());
  CHECK(sent[3].fields.get("x-amz-checksum-crc32c") == "AAAAAA==");
}

TEST_CASE("a digest that can't be combined is kept of each part", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(2);
  f.completes();
  upload_request r;
  r.object.checksum_algorithm = types::checksum_algorithm::sha256;
  REQUIRE(f.run(bytes_of(part + 1), std::move(r)));
  const auto sent = f.server.sent();
  CHECK(sent[0].fields.get("x-amz-checksum-algorithm") == "SHA256");
  CHECK_FALSE(sent[0].fields.contains("x-amz-checksum-type"));
  CHECK_FALSE(sent[3].fields.contains("x-amz-checksum-sha256"));
  CHECK(sent[3].body.find("<ChecksumSHA256>" + trailer(sent[2].body, "x-amz-checksum-sha256")) != std::string::npos);
}

TEST_CASE("a source of unknown size is read ahead, part by part", "[transfer]") {
  fixture f;
  const auto giving = [](std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<std::byte> into) mutable {
      const auto n = (std::min)({into.size(), text.size() - at, std::size_t{100'000}});
      std::copy_n(detail::as_bytes(text).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
      at += n;
      return n;
    };
  };
  SECTION("as one PutObject where it ends within the first") {
    f.server.answer(500).answer(200, {{"ETag", "\"e\""}});  // and it can be sent again
    http::function_source from{giving("short")};
    const auto out = upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part});
    REQUIRE(out);
    CHECK(out->size == 5);
    CHECK(f.seen() == calls{"PUT", "PUT"});
    CHECK(f.server.sent().back().body == "short");
  }
  SECTION("in parts") {
    f.begins();
    f.server.answer(500);
    f.takes_parts(2);
    f.completes();
    const std::string body = bytes_of(2 * part);  // ends where a part ends
    http::function_source from{giving(body)};
    std::uint64_t last = 0, total = 1;
    const auto out = upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = from},
                                   .part_size = part,
                                   .progress = [&](std::uint64_t done, std::uint64_t of) { last = done, total = of; }});
    REQUIRE(out);
    CHECK(out->parts == 2);
    CHECK(last == body.size());
    CHECK(total == 0);
    const auto sent = f.server.sent();
    REQUIRE(sent.size() == 5);
    CHECK(unchunked(sent[3].body) + unchunked(sent[2].body) == body);  // the first part waited, and was sent again behind the second
    CHECK(sent[4].fields.get("x-amz-checksum-crc64nvme") == crc64(body));
  }
  SECTION("and what it throws ends the upload") {
    f.begins();
    f.takes_parts(1);
    f.server.answer(204);
    int reads = 0;
    http::function_source from{[&reads](std::span<std::byte> into) -> std::size_t {
      if (++reads == 2) throw std::runtime_error{"the disk is gone"};
      return into.size();
    }};
    CHECK_THROWS_AS(static_cast<void>(upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part})), std::runtime_error);
    CHECK(f.seen().back() == (reads == 2 ? "DELETE uploadId=u%2F1" : ""));
  }
}

TEST_CASE("a source of known size that cannot go back is sent to its end", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(2);
  f.completes();
  const std::string body = bytes_of(part + 9);
  std::size_t at = 0;
  http::function_source from{[&](std::span<std::byte> into) {
                               const auto n = (std::min)(into.size(), body.size() - at);
                               std::copy_n(detail::as_bytes(body).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
                               at += n;
                               return n;
                             },
                             std::uint64_t{body.size()}};
  const auto out = upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part});
  REQUIRE(out);
  CHECK(f.server.sent()[3].fields.get("x-amz-checksum-crc64nvme") == crc64(body));
}

TEST_CASE("a part that fails is sent again", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(1);
  f.server.answer(503).lose();
  f.takes_parts(1);
  f.completes();
  const std::string body = bytes_of(part + 9);
  std::uint64_t last = 0;
  bool back = false;
  upload_request r{.progress = [&](std::uint64_t done, std::uint64_t) { back = back || done < last, last = done; }};
  const auto out = f.run(body, std::move(r));
  REQUIRE(out);
  CHECK_FALSE(back);
  CHECK(f.server.sent().size() == 6);
  CHECK(f.server.sent().back().fields.get("x-amz-checksum-crc64nvme") == crc64(body));
}

TEST_CASE("an upload that fails is aborted, and the error is its own", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(1);
  f.refuses(403, "AccessDenied");
  SECTION("and nothing is left") {
    f.server.answer(204);
    const auto out = f.run(bytes_of(part + 9));
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "AccessDenied");
    CHECK(out.error().operation == "UploadPart");
    CHECK(out.error().message == "no");
  }
  SECTION("and what is left is said") {
    f.refuses(403, "AccessDenied");
    const auto out = f.run(bytes_of(part + 9));
    REQUIRE_FALSE(out);
    CHECK(out.error().operation == "UploadPart");
    CHECK(out.error().message.find("could not be aborted") != std::string::npos);
    CHECK(out.error().message.find("u/1") != std::string::npos);
  }
  CHECK(f.seen().back() == "DELETE uploadId=u%2F1");
}

TEST_CASE("what begins no upload needs no abort", "[transfer]") {
  fixture f;
  f.refuses(404, "NoSuchBucket");
  CHECK(f.run(bytes_of(part + 1)).error().code == "NoSuchBucket");
  CHECK(f.seen() == calls{"POST uploads"});
}

TEST_CASE("a completion that fails inside a 200 is an error", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(2);
  f.refuses(200, "InvalidPart");
  f.server.answer(204);
  const auto out = f.run(bytes_of(part + 1));
  REQUIRE_FALSE(out);
  CHECK(out.error().code == "InvalidPart");
  CHECK(f.seen().back() == "DELETE uploadId=u%2F1");
}

TEST_CASE("when the answer to the completion is lost, a look tells whose object is there", "[transfer]") {
  fixture f;
  const std::string body = bytes_of(part + 1), size = std::to_string(body.size());
  f.begins();
  f.takes_parts(2);
  f.server.lose();
  f.refuses(404, "NoSuchUpload");
  SECTION("ours, by its checksum") {
    f.server.answer(200, {{"Content-Length", size}, {"ETag", "\"x-2\""}, {"x-amz-checksum-crc64nvme", crc64(body)}, {"x-amz-version-id", "v9"}});
    const auto out = f.run(body);
    REQUIRE(out);
    CHECK(out->confirmed_by_head);
    CHECK(out->version_id == "v9");
    CHECK(out->checksum == crc64(body));
    CHECK(f.server.sent().back().fields.get("x-amz-checksum-mode") == "ENABLED");
  }
  SECTION("ours, by the ETag that its parts make") {
    combined_etag etag;
    etag.append("5d41402abc4b2a76b9719d911017c592");
    etag.append("5d41402abc4b2a76b9719d911017c592");
    f.server.answer(200, {{"Content-Length", size}, {"ETag", *etag.value()}});
    CHECK(f.run(body)->confirmed_by_head);
  }
  const auto fails = [&](const char* why) {
    const auto out = f.run(body);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "NoSuchUpload");
    CHECK(out.error().message.find(why) != std::string::npos);
  };
  SECTION("another's, by its size") {
    f.server.answer(200, {{"Content-Length", "1"}, {"ETag", "\"x\""}});
    fails("another one");
  }
  SECTION("another's, by its checksum") {
    f.server.answer(200, {{"Content-Length", size}, {"ETag", "\"x\""}, {"x-amz-checksum-crc64nvme", crc64("")}});
    fails("another one");
  }
  SECTION("nobody's") {
    f.server.answer(404);
    fails("no object is there");
  }
  SECTION("or that it can't be found out") {
    f.server.answer(403);
    fails("could not be found out");
  }
}

TEST_CASE("an answer to the completion that S3 would not give is followed by a look", "[transfer]") {
  fixture f;
  const std::string body = bytes_of(part + 1), size = std::to_string(body.size());
  f.begins();
  f.takes_parts(2);
  SECTION("a proxy's page") {
    for (int i = 0; i != 3; ++i) f.server.answer(200, {}, "<html><body>Sign in</body></html>");
  }
  SECTION("nothing") {
    for (int i = 0; i != 3; ++i) f.server.answer(200);
  }
  SECTION("an answer that is cut off") {
    for (int i = 0; i != 3; ++i) f.server.answer(200, {}, "<CompleteMultipartUploadResult>");
  }
  SECTION("an internal error") {
    for (int i = 0; i != 3; ++i) f.refuses(200, "InternalError");
  }
  f.server.answer(200, {{"Content-Length", size}, {"ETag", "\"x-2\""}, {"x-amz-checksum-crc64nvme", crc64(body)}});
  const auto out = f.run(body);
  if (!out) FAIL(out.error().describe());
  CHECK(out->confirmed_by_head);
  CHECK(f.seen().back().starts_with("HEAD"));  // and nothing was aborted
}

TEST_CASE("a refused condition after a lost answer may be our own success", "[transfer]") {
  fixture f;
  f.server.lose();
  f.refuses(412, "PreconditionFailed");
  upload_request r;
  r.object.if_none_match = "*";
  SECTION("which it is") {
    f.server.answer(200, {{"Content-Length", "5"}, {"ETag", "\"e\""}, {"x-amz-checksum-crc64nvme", crc64("hello")}});
    const auto out = f.run("hello", std::move(r));
    REQUIRE(out);
    CHECK(out->confirmed_by_head);
    CHECK_FALSE(f.server.sent().back().fields.contains("If-None-Match"));
  }
  SECTION("which it is not") {
    f.server.answer(200, {{"Content-Length", "5"}, {"ETag", "\"e\""}, {"x-amz-checksum-crc64nvme", crc64("other")}});
    CHECK(f.run("hello", std::move(r)).error().kind == error_kind::precondition_failed);
  }
}

TEST_CASE("an upload can be stopped from its progress function", "[transfer]") {
  fixture f;
  f.begins();
  f.takes_parts(1);
  f.server.answer(204);
  SECTION("by throwing") {
    f.server.answer(204);  // the first one is for the part, which breaks off while it is read
    upload_request r{.progress = [](std::uint64_t done, std::uint64_t) { if (done > part) throw std::runtime_error{"enough"}; }};
    CHECK_THROWS_AS(static_cast<void>(f.run(bytes_of(2 * part), std::move(r))), std::runtime_error);
  }
  SECTION("by a token, which does not stop the abort") {
    cancel_source stop;
    upload_request r{.progress = [&](std::uint64_t done, std::uint64_t) { if (done == part) stop.cancel(); }};
    const auto out = f.run(bytes_of(2 * part), std::move(r), {.stop = stop.token()});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::cancelled);
  }
  CHECK(f.seen().back() == "DELETE uploadId=u%2F1");
}

TEST_CASE("many uploads run at once on a loop", "[transfer]") {
  fixture f;
  f.server.compute(
      [](const recorded_request& r) {
        if (r.url.ends_with("?uploads"))
          return scripted_reply{.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"};
        if (r.verb == http::method::put) return scripted_reply{.head = {200, {{"ETag", "\"e\""}}}};
        return scripted_reply{.body = "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>"};
      },
      true);
  const std::string body = bytes_of(part + 1);
  const upload_request one{.object = {.bucket = "b", .key = "one", .body = http::body::borrow(body)}, .part_size = part};
  const upload_request two{.object = {.bucket = "b", .key = "two", .body = http::body::borrow(body)}, .part_size = part};
  const call_options options;
  uploading<scripted_policies> first{one, f.s3.shared(), options}, second{two, f.s3.shared(), options};
  loop_driver loop{f.s3.shared(), f.server};
  int finished = 0;
  const auto count = [&finished](const result<upload_response>& r) { finished += r ? r->parts : 0; };
  loop.start(first, count);
  loop.start(second, count);
  loop.run();
  CHECK(finished == 4);
  const auto seen = f.seen();
  CHECK(seen[0] == seen[1]);  // side by side
}

TEST_CASE("a source that returns more than its room ends the upload, whether it is sent directly or read ahead", "[transfer]") {
  fixture f;
  f.server.answer(200, {{"ETag", "\"e\""}});
  for (const auto size : {std::optional<std::uint64_t>{100}, std::optional<std::uint64_t>{}}) {
    test::lying_source source{size};
    const auto out = upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = source}, .part_size = part});
    REQUIRE_FALSE(out);
    CHECK(test::tells_both_numbers(out.error(), size ? 100 : part));
  }
  CHECK(f.server.sent().empty());
}

TEST_CASE("a source that has more or less than content_length says is an error, and never stored cut off", "[transfer]") {
  for (const std::int64_t declared : {std::int64_t{99}, std::int64_t{101}, std::int64_t{part + 1}}) {
    CAPTURE(declared);
    fixture f;
    const bool parts = declared > static_cast<std::int64_t>(part);
    const std::string bytes = bytes_of(parts ? static_cast<std::size_t>(part) + 2 : 100);
    std::string_view left = bytes;
    http::function_source source([&left](std::span<std::byte> into) {
      const auto n = left.copy(reinterpret_cast<char*>(into.data()), into.size());
      left.remove_prefix(n);
      return n;
    });
    if (parts) f.begins();
    f.takes_parts(parts ? 2 : 1);
    const auto out = upload(f.s3, {.object = {.bucket = "b", .key = "k", .body = source, .content_length = declared}, .part_size = part});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::body_source);
    CHECK(out.error().message.find("content_length is " + std::to_string(declared) + ", but the body has ") == 0);
  }
}

TEST_CASE("progress counts what was sent, not what was hashed", "[transfer]") {
  // A store that takes no trailer gets the checksum ahead of the body, which is so read twice.
  const auto told_by = [](settings s, std::size_t size) {
    s.endpoint = "http://s3.test";
    manual_clock clock;
    scripted_transport server{clock};
    const basic_client<scripted_policies> s3{
        s, {.transport = server, .credentials = auth::static_credentials{"AKID", "secret"}, .clock = clock, .sleeper = recording_sleeper{clock}}};
    const std::string bytes = bytes_of(size);
    http::memory_source source{bytes};
    std::vector<std::pair<std::uint64_t, std::size_t>> told;  // what was told, and when: how many requests had been sent whole
    const auto answer = [&](const recorded_request&) {
      if (told.empty()) FAIL("nothing was told while the body was sent");
      return scripted_reply{.head = {200, {{"ETag", "\"e\""}}}};
    };
    if (size > part) {
      server.answer(200, {}, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
      server.compute(answer).compute(answer);
      server.answer(200, {}, "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>");
    } else {
      // The first time nothing is sent; the hash was made already.
      server.refuse(error_kind::connect).compute([answer](const recorded_request& r) { return answer(r); });
    }
    const auto out = upload(s3, {.object = {.bucket = "b", .key = "k", .body = source},
                                 .part_size = part,
                                 .progress = [&](std::uint64_t done, std::uint64_t) { told.emplace_back(done, server.tried()); }});
    if (!out) FAIL(out.error().describe());
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().first == size);
    return told;
  };
  for (const bool is_signed : {false, true}) {
    const settings s{.signing = is_signed ? payload_signing::always : payload_signing::never,
                     .profile = {.aws_chunked = false}};
    for (const auto& [done, tried] : told_by(s, 100'000)) CHECK(tried == 2);  // not in the attempt that was refused
    for (const auto& [done, tried] : told_by(s, part + 100)) CHECK(tried == (done <= part ? 2 : 3));
  }
}

TEST_CASE("an upload keeps its options itself, so that temporary ones will do", "[transfer]") {
  fixture f;
  f.server.answer(200, {{"ETag", "\"e\""}});
  const upload_request r{.object = {.bucket = "b", .key = "k", .body = "hello"}, .part_size = part};
  uploading<scripted_policies> plain{r, f.s3.shared()};
  REQUIRE(f.s3.run(plain));
  f.server.answer(200, {{"ETag", "\"e\""}});
  uploading<scripted_policies> with_header{r, f.s3.shared(), call_options{.fields = {{"x-amz-meta-of-a-temporary", std::string(100, 'v')}}}};
  REQUIRE(f.s3.run(with_header));
  CHECK(f.server.sent().back().fields.get("x-amz-meta-of-a-temporary") == std::string(100, 'v'));
}
