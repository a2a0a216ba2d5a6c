// What is sent as a body, and what vouches for it?
#include "support/harness.hpp"
#include "support/lying_source.hpp"

#include <s3store/operations/bucket.hpp>
#include <s3store/operations/object.hpp>

using namespace s3store;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1u << 20;
std::string bytes(std::size_t n) {
  std::string out(n, '\0');
  for (std::size_t i = 0; i != n; ++i) out[i] = static_cast<char>(i * 131 >> 3);
  return out;
}

/// A source that can be read again, hands its bytes out in odd pieces, and may promise something else than it has.
class source final : public http::source {
 public:
  explicit source(std::string text, bool sized = true)
      : text_(std::move(text)), promised_(sized ? std::optional{text_.size()} : std::nullopt) {}
  source& promise(std::uint64_t n) { return promised_ = n, *this; }
  source& once() { return once_ = true, *this; }
  result<std::size_t> read(std::span<std::byte> into) noexcept override {
    const std::size_t n = (std::min)({into.size(), text_.size() - at_, std::size_t{7001}});
    std::memcpy(into.data(), text_.data() + at_, n);
    at_ += n;
    touched_ = touched_ || n != 0;
    return n;
  }
  bool seek(std::uint64_t from) noexcept override {
    if (once_ && touched_) return false;
    at_ = static_cast<std::size_t>(from);
    ++seeks;
    return true;
  }
  std::optional<std::uint64_t> size() const noexcept override { return promised_; }
  int seeks{};

 private:
  std::string text_;
  std::optional<std::uint64_t> promised_;
  std::size_t at_{};
  bool once_{}, touched_{};
};

/// Sends one PutObject to a server that takes it; gives what the server would store.
std::string stored(test::world<>& w, const put_object_request& r) {
  w.server.answer(200);
  const auto out = w.send(r);
  if (!out) FAIL(out.error().describe());
  return test::check_signed(w.sent(), *w.identity.find("AKIDEXAMPLE"));
}
error refused(test::world<>& w, const put_object_request& r, error_kind kind = error_kind::invalid_argument) {
  w.server.answer(200);
  auto out = w.send(r);
  REQUIRE_FALSE(out);
  INFO(out.error().describe());
  CHECK(out.error().kind == kind);
  CHECK(w.server.sent().empty());
  return out.error();
}
put_object_request put(http::body body) { return {.bucket = "b", .key = "k", .body = std::move(body)}; }

constexpr auto trailer_name = "x-amz-trailer";

}  // namespace

TEST_CASE("a body in memory up to 1 MiB has its checksum in a header, a longer one in a trailer", "[upload]") {
  test::world<> w{EACH_DRIVER};
  SECTION("known values") {
    // botocore.httpchecksum over awscrt: CRC64NVME of "123456789" is ae8b14860a799888.
    CHECK(stored(w, put("123456789")) == "123456789");
    CHECK(w.header("x-amz-checksum-crc64nvme") == "rosUhgp5mIg=");
    CHECK(w.header("x-amz-sdk-checksum-algorithm") == "CRC64NVME");
    CHECK(w.header(trailer_name).empty());
  }
  SECTION("nothing") {
    CHECK(stored(w, put("")).empty());
    CHECK(w.header("x-amz-checksum-crc64nvme") == "AAAAAAAAAAA=");
  }
  SECTION("no body") {
    CHECK(stored(w, {.bucket = "b", .key = "k"}).empty());
    CHECK(w.header("x-amz-sdk-checksum-algorithm").empty());
    CHECK_FALSE(w.sent().has_body);
  }
  SECTION("1 MiB") {
    const auto text = bytes(mib);
    CHECK(stored(w, put(http::body::borrow(text))) == text);
    CHECK_FALSE(w.header("x-amz-checksum-crc64nvme").empty());
    CHECK(w.header("content-encoding").empty());
  }
  SECTION("a byte more") {
    const auto text = bytes(mib + 1);
    CHECK(stored(w, put(http::body::borrow(text))) == text);  // the harness takes the framing apart and checks the trailer
    CHECK(w.header(trailer_name) == "x-amz-checksum-crc64nvme");
    CHECK(w.header("content-encoding") == "aws-chunked");
    CHECK(w.header("x-amz-content-sha256") == "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    CHECK(w.header("x-amz-decoded-content-length") == std::to_string(text.size()));
    CHECK(w.header("x-amz-checksum-crc64nvme").empty());
  }
}

TEST_CASE("a source is read once, and its checksum is a trailer", "[upload]") {
  const auto by = EACH_DRIVER;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537}, std::size_t{200'000}})
    for (const std::string_view scheme : {"https", "http"}) {
      test::world<> w{by};
      w.set.endpoint = std::string(scheme) + "://s3.test";
      source from{bytes(size)};
      from.once();
      CHECK(stored(w, put(from)) == bytes(size));
      CHECK(w.header(trailer_name) == "x-amz-checksum-crc64nvme");
      CHECK(w.header("x-amz-content-sha256") ==
            (scheme == "http" ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" : "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));
      const auto chunks =
          test::dechunked{w.sent(),
                          [&]() -> std::optional<auth::chunk_signer> {
                            if (scheme == "https") return std::nullopt;
                            auth::signer with;
                            auto given = embedded::presented("", w.sent().fields);
                            const test::url_parts url{w.sent().url};
                            const auth::signable what{.method = "PUT", .path = url.path, .query = {}, .host = url.authority};
                            REQUIRE(embedded::verify_signature(with, **given, what, w.sent().fields, *w.identity.find("AKIDEXAMPLE"),
                                                 {.region = "us-east-1"}, (*given)->at));
                            return with.chunks();
                          }()}
              .chunks;
      for (std::size_t i = 0; i + 2 < chunks.size(); ++i) CHECK(chunks[i] == 65536);
    }
}

TEST_CASE("the payload is signed over plain HTTP and not over TLS, or as set", "[upload]") {
  const auto by = EACH_DRIVER;
  const auto hash = [by](std::string_view scheme, payload_signing mode) {
    test::world<> w{by};
    w.set.endpoint = std::string(scheme) + "://s3.test";
    w.set.signing = mode;
    stored(w, put("hello"));
    w.server.answer(200);
    REQUIRE(w.send(head_object_request{.bucket = "b", .key = "k"}));
    CHECK(w.header("x-amz-content-sha256", 1) ==
          (w.header("x-amz-content-sha256") == "UNSIGNED-PAYLOAD" ? "UNSIGNED-PAYLOAD" : auth::payload::empty));
    return w.header("x-amz-content-sha256");
  };
  const std::string hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", none = "UNSIGNED-PAYLOAD";
  CHECK(hash("http", payload_signing::automatic) == hello);
  CHECK(hash("http", payload_signing::always) == hello);
  CHECK(hash("http", payload_signing::never) == none);
  CHECK(hash("https", payload_signing::automatic) == none);
  CHECK(hash("https", payload_signing::always) == hello);
  CHECK(hash("https", payload_signing::never) == none);
}

TEST_CASE("the caller's own checksum wins", "[upload]") {
  test::world<> w{EACH_DRIVER};
  source from{bytes(100'000)};
  SECTION("a value") {
    auto r = put(from);
    r.checksum_sha256 = "b3duIHZhbHVl";
    CHECK(stored(w, r) == bytes(100'000));
    CHECK(w.header("x-amz-checksum-sha256") == "b3duIHZhbHVl");
    CHECK(w.header(trailer_name).empty());
    CHECK(w.header("x-amz-sdk-checksum-algorithm").empty());
    CHECK(w.header("x-amz-content-sha256") == "UNSIGNED-PAYLOAD");
  }
  SECTION("a value, signed in chunks without a trailer") {
    w.set.endpoint = "http://s3.test";
    auto r = put(from.once());
    r.checksum_crc32 = "own";
    CHECK(stored(w, r) == bytes(100'000));
    CHECK(w.header("x-amz-content-sha256") == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    CHECK(w.header(trailer_name).empty());
  }
  SECTION("an algorithm that we don't have, with its value") {
    auto r = put("hello");
    r.checksum_algorithm = types::checksum_algorithm::xxhash128;
    r.checksum_xxhash128 = "own";
    stored(w, r);
    CHECK(w.header("x-amz-checksum-xxhash128") == "own");
  }
  SECTION("an MD5") {
    auto r = put("hello");
    r.content_md5 = "XUFAKrxLKna5cZ2REBfFkg==";
    stored(w, r);
    CHECK(w.header("Content-MD5") == "XUFAKrxLKna5cZ2REBfFkg==");
    CHECK(w.header("x-amz-checksum-crc64nvme").empty());
  }
  SECTION("through the options") {
    w.server.answer(200);
    REQUIRE(w.send(put("hello"), {.fields = {{"X-Amz-Checksum-Crc32C", "own"}}}));
    CHECK(w.header("x-amz-checksum-crc32c") == "own");
    CHECK(w.header("x-amz-checksum-crc64nvme").empty());
  }
}

TEST_CASE("the member checksum_algorithm chooses", "[upload]") {
  test::world<> w{EACH_DRIVER};
  // openssl dgst and Python's zlib over "hello".
  const std::tuple<types::checksum_algorithm, const char*, const char*> table[] = {
      {types::checksum_algorithm::crc32, "x-amz-checksum-crc32", "NhCmhg=="},
      {types::checksum_algorithm::crc32c, "x-amz-checksum-crc32c", "mnG7TA=="},
      {types::checksum_algorithm::sha1, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="},
      {types::checksum_algorithm::sha256, "x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="}};
  std::size_t n = 0;
  for (const auto& [algorithm, header, value] : table) {
    w.server.answer(200);
    auto r = put("hello");
    r.checksum_algorithm = algorithm;
    REQUIRE(w.send(r));
    CHECK(w.header(header, n) == value);
    CHECK(w.header("x-amz-checksum-crc64nvme", n++).empty());
  }
  source from{bytes(70'000)};
  auto r = put(from);
  r.checksum_algorithm = types::checksum_algorithm::sha256;
  w.server.answer(200);
  REQUIRE(w.send(r));
  CHECK(w.header(trailer_name, n) == "x-amz-checksum-sha256");
  for (const std::string_view unknown : {"CRC1", "Content-MD5"}) {
    test::world<> other{test::driver::blocking};
    r.checksum_algorithm = types::checksum_algorithm{unknown};
    CHECK(refused(other, r).message.find("is not known") != std::string::npos);
  }
}

TEST_CASE("what a store lacks is not asked of it", "[upload]") {
  test::world<> w{EACH_DRIVER};
  SECTION("CRC64NVME") {
    w.set.profile.checksum = crypto::checksum_algorithm::crc32;
    stored(w, put("hello"));
    CHECK(w.header("x-amz-checksum-crc32") == "NhCmhg==");
  }
  SECTION("aws-chunked: the checksum goes ahead, and the body is read twice") {
    w.set.profile.aws_chunked = false;
    source from{bytes(100'000)};
    CHECK(stored(w, put(from)) == bytes(100'000));
    CHECK(w.header("content-encoding").empty());
    CHECK(w.header(trailer_name).empty());
    CHECK_FALSE(w.header("x-amz-checksum-crc64nvme").empty());
  }
  SECTION("aws-chunked over plain HTTP: so does the hash") {
    w.set.profile.aws_chunked = false;
    w.set.endpoint = "http://s3.test";
    source from{bytes(100'000)};
    CHECK(stored(w, put(from)) == bytes(100'000));
    CHECK(w.header("x-amz-content-sha256") == test::sha256_of(bytes(100'000)));
  }
  SECTION("which a body that is read once can't do") {
    w.set.profile.aws_chunked = false;
    source from{bytes(100)};
    refused(w, put(from.once()));
  }
  SECTION("all but Content-MD5: it is sent only where something must be") {
    w.set.profile.checksum = std::nullopt;
    w.set.profile.content_md5 = true;
    CHECK(stored(w, put("hello")) == "hello");
    CHECK(w.header("Content-MD5").empty());
    CHECK(w.header("x-amz-sdk-checksum-algorithm").empty());
    w.server.answer(200, {}, "<DeleteResult/>");
    REQUIRE(w.send(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k"}}}}));
    CHECK(w.header("Content-MD5", 1).size() == 24);
    CHECK(w.header("x-amz-sdk-checksum-algorithm", 1).empty());
  }
}

TEST_CASE("documents are never chunked, however long", "[upload]") {
  test::world<> w{EACH_DRIVER};
  delete_objects_request r{.bucket = "b"};
  for (int i = 0; i != 1200; ++i) r.delete_.objects.push_back({.key = std::string(1000, 'k')});
  w.server.answer(200, {}, "<DeleteResult/>");
  REQUIRE(w.send(r));
  CHECK(w.sent().body.size() > mib);
  CHECK(w.header("content-encoding").empty());
  CHECK_FALSE(w.header("x-amz-checksum-crc64nvme").empty());
}

TEST_CASE("a Content-Encoding of the caller's is kept", "[upload]") {
  test::world<> w{EACH_DRIVER};
  source from{bytes(10)};
  auto r = put(from);
  r.content_encoding = "gzip";
  stored(w, r);
  CHECK(w.header("content-encoding") == "gzip,aws-chunked");
  CHECK(w.header("x-amz-decoded-content-length") == "10");
}

TEST_CASE("an unknown length is refused, and a wrong one, too", "[upload]") {
  test::world<> w{EACH_DRIVER};
  source unsized{bytes(100'000), false};
  auto r = put(unsized);
  SECTION("unknown") { CHECK(refused(w, r).message.find("content_length") != std::string::npos); }
  SECTION("the caller's") {
    r.content_length = 100'000;
    CHECK(stored(w, r) == bytes(100'000));
    CHECK(w.header("Content-Length").empty());  // the transport writes it
  }
  SECTION("the caller's, where the body goes out as it is") {
    r.content_length = 100'000;
    r.checksum_crc32 = "own";
    CHECK(stored(w, r) == bytes(100'000));
  }
  SECTION("the caller's, where the hash goes ahead") {
    r.content_length = 100'000;
    w.set.profile.aws_chunked = false;
    CHECK(stored(w, r) == bytes(100'000));
  }
  SECTION("too short or too long, before the request is whole") {
    for (const std::int64_t length : {99'999, 100'001, 0, 65'536})
      for (const bool own : {false, true})
        for (const bool chunked : {false, true}) {
          test::world<> each{test::driver::blocking};
          source from{bytes(100'000), false};
          auto wrong = put(from);
          wrong.content_length = length;
          each.set.profile.aws_chunked = chunked;
          if (own) wrong.checksum_crc32 = "own";
          if (length == 0) continue;  // nothing is read at all
          CHECK(refused(each, wrong, error_kind::body_source).message.find("bytes") != std::string::npos);
        }
  }
  SECTION("of a body whose length is known") {
    auto known = put("hello");
    known.content_length = 4;
    CHECK(refused(w, known).message.find("5 bytes") != std::string::npos);
  }
  SECTION("negative") {
    r.content_length = -1;
    refused(w, r);
  }
}

TEST_CASE("a source that has less than it promised is an error, and the request is not whole", "[upload]") {
  for (const std::string_view scheme : {"https", "http"})
    for (const bool chunked : {false, true}) {
      test::world<> w{test::driver::blocking};
      w.set.endpoint = std::string(scheme) + "://s3.test";
      w.set.profile.aws_chunked = chunked;
      source from{bytes(70'000)};
      refused(w, put(from.promise(70'001)), error_kind::body_source);
    }
}

TEST_CASE("a failing source is the call's error, and its exception the caller's", "[upload]") {
  test::world<> w{EACH_DRIVER};
  struct mine : std::exception {};
  http::function_source from{[](std::span<std::byte>) -> std::size_t { throw mine{}; }, 10};
  w.server.answer(200);
  CHECK_THROWS_AS(w.send(put(from)), mine);
  CHECK(w.server.sent().empty());
}

TEST_CASE("each attempt starts the chunks anew, with a chain of its own", "[upload]") {
  test::world<> w{EACH_DRIVER};
  w.set.endpoint = "http://s3.test";
  source from{bytes(150'000)};
  w.server.answer(503, {{"Retry-After", "9"}}).lose().answer(200);
  REQUIRE(w.send(put(from)));
  REQUIRE(w.server.sent().size() == 3);
  for (std::size_t i = 0; i != 3; ++i) CHECK(test::check_signed(w.sent(i), *w.identity.find("AKIDEXAMPLE")) == bytes(150'000));
  CHECK(w.sent(0).body != w.sent(2).body);
  CHECK(w.sent(0).body.size() == w.sent(2).body.size());
}

TEST_CASE("anonymous uploads have their trailer, too", "[upload]") {
  test::world<> w{EACH_DRIVER};
  w.identity.put(auth::credentials{});
  source from{bytes(100'000)};
  for (const std::string_view endpoint : {"https://s3.test", "http://s3.test"}) {
    test::world<> each{test::driver::blocking};
    each.identity = w.identity;
    each.set.endpoint = endpoint;
    each.server.answer(200);
    REQUIRE(each.send(put(from)));
    CHECK(each.header("x-amz-content-sha256") == "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    CHECK(test::check_signed(each.sent(), {}) == bytes(100'000));
  }
}

TEST_CASE("checksums only where required", "[upload]") {
  struct policies : test::policies {
    using checksums = checksums_when_required;
  };
  test::world<policies> w{EACH_DRIVER};
  source from{bytes(100'000)};
  w.server.answer(200).answer(200, {}, "<DeleteResult/>").answer(200, {{"x-amz-checksum-crc32", "AAAAAA=="}}, "not that");
  REQUIRE(w.send(put(from)));
  CHECK(w.header("x-amz-sdk-checksum-algorithm").empty());
  CHECK(w.sent().body == bytes(100'000));
  REQUIRE(w.send(delete_objects_request{.bucket = "b", .delete_ = {.objects = {{.key = "k"}}}}));
  CHECK_FALSE(w.header("x-amz-checksum-crc64nvme", 1).empty());
  const auto got = w.send(get_object_request{.bucket = "b", .key = "k"});
  REQUIRE(got);
  CHECK(got.meta().integrity == integrity::absent);
  CHECK(w.header("x-amz-checksum-mode", 2).empty());
}

TEST_CASE("a source that returns more than its room touches no memory behind it, however its body is sent", "[upload]") {
  const auto refused_by = [](settings s, put_object_request r, std::optional<std::uint64_t> size) {
    test::world<> w{EACH_DRIVER};
    w.set = std::move(s);
    test::lying_source source{size};
    r.bucket = "b";
    r.key = "k";
    r.body = source;
    w.server.answer(200);
    const auto out = w.send(r);
    REQUIRE_FALSE(out);
    INFO(out.error().describe());
    CHECK(out.error().kind == error_kind::body_source);
    CHECK(out.error().message.starts_with("the body's source says that it wrote 10"));
    CHECK(out.error().message.find(" bytes, and it had room for ") != std::string::npos);
    CHECK(w.server.sent().empty());
  };
  const std::uint64_t size = 200'000;
  const store_profile plain{.checksum = std::nullopt, .aws_chunked = false}, hashed{.aws_chunked = false};
  SECTION("in unsigned chunks") { refused_by({}, {}, size); }
  SECTION("in signed chunks") { refused_by({.endpoint = "http://s3.test"}, {}, size); }
  SECTION("hashed ahead of it") { refused_by({.profile = hashed}, {}, size); }
  SECTION("hashed ahead of it for the signature") { refused_by({.signing = payload_signing::always, .profile = plain}, {}, size); }
  SECTION("as it is") { refused_by({.signing = payload_signing::never, .profile = plain}, {}, size); }
  SECTION("with the length that the caller gave") { refused_by({}, {.content_length = 200'000}, std::nullopt); }
}

TEST_CASE("a body that is longer than any request can be is refused", "[upload]") {
  test::world<> w{EACH_DRIVER};
  test::lying_source source{~std::uint64_t{0}};  // -1, as functions return it that have failed
  CHECK(refused(w, put(source)).message.find("18446744073709551615") != std::string::npos);
}
