// Which regions does a SigV4A signature name, and where; which text do the signatures of chunks cover; and who signs with SigV4A at all?
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/auth/sigv4a.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/directory.hpp>
#include <s3store/operations/object.hpp>

#include "support/harness.hpp"

using namespace s3store;
using namespace std::chrono_literals;
using auth::signing_algorithm;

namespace {

const timestamp now = *parse_iso8601("20260131T120000Z");
const auth::credentials example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}, {}};
const auth::signable put{"PUT", "/k", "", "h", auth::payload::not_signed};

auth::signing_scope scope(std::string region_set, std::string region = "us-east-1") {
  return {.region = std::move(region), .algorithm = signing_algorithm::sigv4a, .region_set = std::move(region_set)};
}
const std::string outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/mine";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct sigv4a_policies : test::policies {
  using signer = auth::sigv4a_signer;
};

/// What was sent: the algorithm in its Authorization.
std::string algorithm_of(const recorded_request& r) {
  const auto given = r.fields.value_or_empty("authorization");
  return std::string(given.substr(0, given.find(' ')));
}

}  // namespace

TEST_CASE("region sets are named in the header and in the query", "[auth][sigv4a]") {
  auth::signer with;
  for (const auto& [set, encoded] : {std::pair<std::string, std::string>{"*", "%2A"},
                                     {"us-east-1", "us-east-1"},
                                     {"us-east-1,us-west-2", "us-east-1%2Cus-west-2"},
                                     {"us-*,eu-west-1", "us-%2A%2Ceu-west-1"}}) {
    INFO(set);
    headers fields{{"X-Amz-Region-Set", "of an earlier attempt"}};
    REQUIRE(with.sign_headers(put, fields, example, scope(set), now));
    CHECK(fields.get("x-amz-region-set") == set);
    CHECK(holds(fields.value_or_empty("authorization"), "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, "));
    CHECK(holds(fields.value_or_empty("authorization"), "Credential=AKIDEXAMPLE/20260131/s3/aws4_request, "));

    const auto made = with.sign_query(put, {}, 60s, example, scope(set), now);
    REQUIRE(made);
    CHECK(holds(made->query, "&X-Amz-Region-Set=" + encoded + "&"));
    CHECK(made->signed_fields.empty());
  }
  headers fields;
  REQUIRE(with.sign_headers(put, fields, example, scope("", "eu-central-1"), now));
  CHECK(fields.get("x-amz-region-set") == "eu-central-1");
  // SigV4 signs for its region alone.
  auto by_sigv4 = scope("*");
  by_sigv4.algorithm = signing_algorithm::sigv4;
  REQUIRE(with.sign_headers(put, fields, example, by_sigv4, now));
  CHECK_FALSE(fields.contains("x-amz-region-set"));
  CHECK(holds(fields.value_or_empty("authorization"), "/us-east-1/s3/aws4_request"));
}

TEST_CASE("region sets that are none are refused, and the message says why", "[auth][sigv4a]") {
  auth::signer with;
  const auto why = [&with](const std::string& set, const std::string& region = {}) {
    INFO(set);
    headers fields;
    const auto in_fields = with.sign_headers(put, fields, example, scope(set, region), now);
    const auto in_query = with.sign_query(put, {}, 60s, example, scope(set, region), now);
    REQUIRE_FALSE(in_fields);
    REQUIRE_FALSE(in_query);
    CHECK(in_fields.error().kind == error_kind::invalid_argument);
    CHECK(in_query.error().kind == error_kind::invalid_argument);
    CHECK(in_fields.error().message == in_query.error().message);
    CHECK_FALSE(fields.contains("authorization"));
    CHECK_FALSE(fields.contains("x-amz-region-set"));
    return in_fields.error().message;
  };
  for (const char* const set : {",", "us-east-1,", ",us-east-1", "us-east-1,,us-west-2", "*,"}) {
    CHECK(holds(why(set), "empty"));
    CHECK(holds(why(set), std::string("\"") + set + "\""));
  }
  CHECK(holds(why(""), "are needed"));
  CHECK_FALSE(holds(why(""), "empty"));
  for (const char* const set : {"us-east-1, us-west-2", " ", "us-east-1\r\nx: y", "\xc3\xa4"}) CHECK(holds(why(set), "no set of regions"));
  CHECK(holds(why("", "us-east-1,"), "empty"));
}

TEST_CASE("a query that names a region set already is not presigned, however it is written", "[auth][sigv4a]") {
  auth::signer with;
  for (const auto how : {signing_algorithm::sigv4, signing_algorithm::sigv4a})
    for (const char* const query :
         {"X-Amz-Region-Set=%2A", "a=b&X-Amz-Region-Set", "x-amz-region-set=us-east-1", "X%2DAmz-Region-Set=%2A&c", "X-Amz%2dDate=1"}) {
      INFO(query);
      auth::signable twice = put;
      twice.query = query;
      auto where = scope("*");
      where.algorithm = how;
      const auto refused = with.sign_query(twice, {}, 60s, example, where, now);
      REQUIRE_FALSE(refused);
      CHECK(refused.error().kind == error_kind::invalid_argument);
      CHECK(holds(refused.error().message, holds(query, "Date") ? "X-Amz-Date" : "X-Amz-Region-Set"));
    }
}

TEST_CASE("what the SigV4A signatures of chunks and trailers cover", "[auth][sigv4a]") {
  auth::signer with;
  const auto key = auth::sigv4a_key(example);
  REQUIRE(key);
  const auto verified = [&key](std::string_view padded, const std::string& text) {
    CHECK(padded.size() == 144);
    const auto der = detail::from_hex(padded.substr(0, padded.find('*')));
    CHECK(padded.find_first_not_of('*', padded.find('*')) == std::string_view::npos);  // only at the end
    return der && key->public_key().verify_der(crypto::sha256(detail::as_bytes(text)), detail::as_bytes(*der));
  };
  bool was_padded = false;
  for (int round = 0; round != 8; ++round) {  // their lengths are different each time
    headers fields;
    auto what = put;
    what.payload = auth::payload::signed_chunks_with_trailer;
    REQUIRE(with.sign_headers(what, fields, example, scope("us-east-1,us-west-2"), now));
    CHECK(fields.get("x-amz-content-sha256") == "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER");
    CHECK(with.signature().size() <= 144);
    auto chunks = with.chunks();
    CHECK(chunks.signature_size() == 144);
    const auto text = [](std::string_view kind, std::string_view before, std::string_view rest) {
      return detail::concat({"AWS4-ECDSA-P256-SHA256-", kind, "\n20260131T120000Z\n20260131/s3/aws4_request\n",
                             before.substr(0, before.find('*')), "\n", rest});
    };
    const std::string first(chunks.chunk(detail::as_bytes("one")));
    const std::string of_one = crypto::sha256_hex(detail::as_bytes("one"));
    CHECK(verified(first, text("PAYLOAD", with.signature(), detail::concat({auth::payload::empty, "\n", of_one}))));
    const std::string last(chunks.finish());
    CHECK(verified(last, text("PAYLOAD", first, detail::concat({auth::payload::empty, "\n", auth::payload::empty}))));
    const std::string_view trailer = "x-amz-checksum-crc32:AAAAAA==\n";
    const std::string of_trailer(chunks.finish_trailer(trailer));
    CHECK(verified(of_trailer, text("TRAILER", last, crypto::sha256_hex(detail::as_bytes(trailer)))));
    for (const std::string& one : {first, last, of_trailer}) was_padded = was_padded || one.ends_with('*');
  }
  CHECK(was_padded);
  headers fields;
  auto what = put;
  what.payload = auth::payload::signed_chunks;
  REQUIRE(with.sign_headers(what, fields, example, scope("*"), now));
  CHECK(fields.get("x-amz-content-sha256") == "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD");
}

// What awslabs/aws-c-auth (tests/sigv4_signing_tests.c) expects of AWS's example of a body in two chunks, of 64 KiB and 1 KiB, when it is
// signed with SigV4A: the public key, and the hashes of canonical requests, chunks and trailer. Only these values are taken from there.
TEST_CASE("the chunks and the trailer of AWS's example, signed with SigV4A", "[auth][sigv4a]") {
  const bool with_trailer = GENERATE(false, true);
  crypto::p256_point point{};
  const auto bytes = detail::from_hex(
      "0418b7d04643359f6ec270dcbab8dce6d169d66ddc9778c75cfb08dfdb701637abfa36b35e4fe67e3112261d2e17a956ef85b06e44712d2850bcd3c2161e9993f2");
  REQUIRE(bytes);
  std::copy_n(detail::as_bytes(*bytes).begin(), point.size(), point.begin());
  const auto key = crypto::p256_public_key::from_point(point);
  REQUIRE(key);
  const auto verified = [&key](std::string_view padded, std::initializer_list<std::string_view> text) {
    const auto der = detail::from_hex(padded.substr(0, padded.find('*')));
    return der && key->verify_der(crypto::sha256(detail::as_bytes(detail::concat(text))), detail::as_bytes(*der));
  };

  auth::signer with;
  headers fields{{"Content-Encoding", "aws-chunked"},
                 {"Content-Length", "66824"},
                 {"x-amz-decoded-content-length", "66560"},
                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  if (with_trailer) fields.add("x-amz-trailer", "first,second,third");
  const auth::signable what{.method = "PUT",
                            .path = "/examplebucket/chunkObject.txt",
                            .host = "s3.amazonaws.com",
                            .payload = with_trailer ? auth::payload::signed_chunks_with_trailer : auth::payload::signed_chunks};
  const auth::credentials who{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}, {}};
  REQUIRE(with.sign_headers(what, fields, who, scope("us-east-1"), *parse_iso8601("20130524T000000Z")));
  constexpr std::string_view place = "\n20130524T000000Z\n20130524/s3/aws4_request\n";
  CHECK(verified(with.signature(), {"AWS4-ECDSA-P256-SHA256", place,
                                    with_trailer ? "fd977e4e7a9109a889c93b5669019d30236cc519576e45413d0d60e8a6e936f1"
                                                 : "042559c4ceb2489e0255d187fa2c303f232ce2758db47ed71817740c12eefd49"}));

  auto chunks = with.chunks();
  const auto of_chunk = [&](std::size_t size, std::string_view before, std::string_view hash) {
    const std::string body(size, 'a');
    std::string out(size == 0 ? chunks.finish() : chunks.chunk(detail::as_bytes(body)));
    CHECK(verified(out, {"AWS4-ECDSA-P256-SHA256-PAYLOAD", place, before.substr(0, before.find('*')), "\n", auth::payload::empty, "\n", hash}));
    return out;
  };
  const std::string first = of_chunk(65536, with.signature(), "bf718b6f653bebc184e1479f1935b8da974d701b893afcf49e701f3e2f9f9c5a");
  const std::string second = of_chunk(1024, first, "2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a");
  const std::string last = of_chunk(0, second, auth::payload::empty);
  if (!with_trailer) return;
  CHECK(verified(chunks.finish_trailer("first:1st\nsecond:2nd\nthird:3rd\n"),
                 {"AWS4-ECDSA-P256-SHA256-TRAILER", place, std::string_view{last}.substr(0, last.find('*')), "\n",
                  "83d8f190334fb741bc8daf73c891689d320bd8017756bc730c540021ed48001f"}));
}

TEST_CASE("by policy, calls are signed with SigV4A for their own region", "[call][sigv4a]") {
  test::world<sigv4a_policies> w{EACH_DRIVER};
  w.set.region = "us-west-2";
  w.set.signing = payload_signing::always;
  w.server.answer(200, {}, "hello").answer(200).answer(200);
  REQUIRE(w.send(get_object_request{.bucket = "plain", .key = "k"}));
  CHECK(algorithm_of(w.sent()) == auth::sigv4a_algorithm);
  CHECK(w.header("x-amz-region-set") == "us-west-2");

  const std::string large(300'000, 'x');
  http::memory_source source{large};
  REQUIRE(w.send(put_object_request{.bucket = "plain", .key = "k", .body = http::body{source}}));
  CHECK(w.header("x-amz-content-sha256", 1) == auth::payload::sigv4a_chunks_with_trailer);
  CHECK(w.header("x-amz-region-set", 1) == "us-west-2");

  // AWS's endpoint rules name all regions for Outposts.
  REQUIRE(w.send(head_object_request{.bucket = outpost, .key = "k"}));
  CHECK(algorithm_of(w.sent(2)) == auth::sigv4a_algorithm);
  CHECK(w.header("x-amz-region-set", 2) == "*");
  CHECK(holds(w.header("authorization", 2), "/s3-outposts/aws4_request"));

  const auto made = w.client().presign(get_object_request{.bucket = "plain", .key = "k"}, 5min);
  REQUIRE(made);
  CHECK(holds(made->url, "X-Amz-Region-Set=us-west-2&"));
  CHECK(test::check_presigned(*made, example) == "");

  // An option cannot add a second set.
  call_options more;
  more.query.add("X-Amz-Region-Set", "*");
  const auto refused = w.client().presign(get_object_request{.bucket = "plain", .key = "k"}, 5min, more);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == error_kind::invalid_argument);
  CHECK(holds(refused.error().message, "X-Amz-Region-Set"));
}

TEST_CASE("the settings say where SigV4A signatures are valid", "[call][sigv4a]") {
  const std::string multi_region = "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap";
  test::world<sigv4a_policies> w{EACH_DRIVER};
  w.set.region = "us-west-2";
  w.set.sigv4a_region_set = "us-east-1,us-west-2";
  for (const std::string& bucket : {std::string("plain"), outpost, multi_region}) {
    w.server.answer(200);
    REQUIRE(w.send(head_object_request{.bucket = bucket, .key = "k"}));
    CHECK(w.header("x-amz-region-set", w.server.tried() - 1) == "us-east-1,us-west-2");
    const auto made = w.client().presign(get_object_request{.bucket = bucket, .key = "k"}, 5min);
    REQUIRE(made);
    CHECK(holds(made->url, "&X-Amz-Region-Set=us-east-1%2Cus-west-2&"));
    CHECK(test::check_presigned(*made, example).empty());
  }
  test::world<> usual{EACH_DRIVER};  // SigV4 has nothing to do with it
  usual.set.sigv4a_region_set = "us-east-1,us-west-2";
  usual.server.answer(200);
  REQUIRE(usual.send(head_object_request{.bucket = "plain", .key = "k"}));
  CHECK(usual.header("x-amz-region-set").empty());

  test::world<sigv4a_policies> wrong{EACH_DRIVER};
  wrong.set.sigv4a_region_set = "us-east-1,";
  const auto refused = wrong.send(head_object_request{.bucket = "plain", .key = "k"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == error_kind::invalid_argument);
  CHECK(wrong.server.tried() == 0);
}

TEST_CASE("an access point on Outposts gets SigV4, as long as no policy asks for more", "[call][sigv4a]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200);
  REQUIRE(w.send(head_object_request{.bucket = outpost, .key = "k"}));
  CHECK(algorithm_of(w.sent()) == auth::algorithm);
  CHECK(w.header("x-amz-region-set").empty());
}

TEST_CASE("directory buckets know SigV4 only, whatever the policy", "[call][express][sigv4a]") {
  test::world<sigv4a_policies> w{EACH_DRIVER};
  const std::string bucket = "mine--usw2-az1--x-s3";
  w.set.region = "us-west-2";
  w.set.signing = payload_signing::always;
  w.sessions.push_back({"S1", "secret-of-S1", "token-of-S1"});
  w.server
      .answer(200, {},
              "<CreateSessionResult><Credentials><SessionToken>token-of-S1</SessionToken><SecretAccessKey>secret-of-S1</SecretAccessKey>"
              "<AccessKeyId>S1</AccessKeyId><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>")
      .answer(200, {}, "hello")
      .answer(200)
      .answer(200)
      .answer(200);
  REQUIRE(w.send(get_object_request{.bucket = bucket, .key = "k"}));
  const std::string large(300'000, 'x');
  http::memory_source source{large};
  REQUIRE(w.send(put_object_request{.bucket = bucket, .key = "k", .body = http::body{source}}));
  REQUIRE(w.send(create_bucket_request{.bucket = bucket}));  // a host of its own, and no session
  CHECK(w.sent().url.ends_with("/?session"));
  CHECK(w.header("x-amz-content-sha256", 2) == auth::payload::signed_chunks_with_trailer);
  for (std::size_t n = 0; n != 4; ++n) {
    INFO(n);
    CHECK(algorithm_of(w.sent(n)) == auth::algorithm);
    CHECK(holds(w.header("authorization", n), "/us-west-2/s3express/aws4_request"));
    CHECK(w.header("x-amz-region-set", n).empty());
  }
  const auto made = w.client().presign(get_object_request{.bucket = bucket, .key = "k"}, 5min);
  REQUIRE(made);
  CHECK(holds(made->url, "X-Amz-Algorithm=AWS4-HMAC-SHA256"));
  CHECK_FALSE(holds(made->url, "Region-Set"));
  // The same client signs for other buckets as its policy says.
  REQUIRE(w.send(head_object_request{.bucket = "plain", .key = "k"}));
  CHECK(algorithm_of(w.sent(4)) == auth::sigv4a_algorithm);
  CHECK(w.client().presign_post(bucket, "k", 5min));
  CHECK_FALSE(w.client().presign_post("plain", "k", 5min));
}
