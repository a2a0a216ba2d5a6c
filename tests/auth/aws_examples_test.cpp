// Are our signatures those of the worked examples in AWS's documentation?
#include <string>

#include <s3store/auth/chunk.hpp>
#include <s3store/auth/post_policy.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/transports/embedded/verify_post.hpp>

#include "support/catch.hpp"

using namespace s3store;

namespace {

const auth::credentials example{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", std::nullopt};
const auth::signing_scope us_east_1{"us-east-1"};
const timestamp day = *parse_iso8601("20130524T000000Z");
constexpr std::string_view bucket_host = "examplebucket.s3.amazonaws.com";

std::string authorization(const auth::signable& what, headers fields) {
  auth::signer with;
  REQUIRE(with.sign_headers(what, fields, example, us_east_1, day));
  return std::string(fields.value_or_empty("authorization"));
}

std::string expected(std::string_view signed_headers, std::string_view signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=" +
         std::string(signed_headers) + ", Signature=" + std::string(signature);
}

}  // namespace

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
TEST_CASE("header signatures of AWS's examples", "[auth]") {
  SECTION("GET object") {
    const auth::signable what{"GET", "/test.txt", "", bucket_host, auth::payload::empty};
    headers fields{{"Range", "bytes=0-9"}};
    CHECK(authorization(what, fields) == expected("host;range;x-amz-content-sha256;x-amz-date",
                                                  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    fields.add("x-amz-date", "20130524T000000Z");
    fields.add("x-amz-content-sha256", auth::payload::empty);
    const auto canonical = auth::canonical_request(what, fields);
    CHECK(canonical ==
          "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
          "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nx-amz-date:20130524T000000Z\n\n"
          "host;range;x-amz-content-sha256;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(auth::string_to_sign("20130524T000000Z", "20130524/us-east-1/s3/aws4_request", canonical) ==
          "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
          "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
  }
  SECTION("PUT object") {
    const auto hash = crypto::sha256_hex(detail::as_bytes("Welcome to Amazon S3."));
    CHECK(hash == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
    CHECK(authorization({"PUT", "/test%24file.text", "", bucket_host, hash},
                        {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}) ==
          expected("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                   "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  }
  SECTION("GET bucket lifecycle") {
    CHECK(authorization({"GET", "/", "lifecycle", bucket_host, auth::payload::empty}, {}) ==
          expected("host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  }
  SECTION("list objects") {
    CHECK(authorization({"GET", "/", "prefix=J&max-keys=2", bucket_host, auth::payload::empty}, {}) ==
          expected("host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
  }
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST_CASE("the presigned URL of AWS's example", "[auth]") {
  auth::signer with;
  const auto made = with.sign_query({"GET", "/test.txt", "", bucket_host, {}}, {}, std::chrono::hours{24}, example, us_east_1, day);
  REQUIRE(made);
  CHECK(made->query ==
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  CHECK(made->signed_fields.empty());
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
TEST_CASE("the chunk signatures of AWS's example", "[auth]") {
  headers fields{{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                 {"Content-Encoding", "aws-chunked"},
                 {"x-amz-decoded-content-length", "66560"},
                 {"Content-Length", "66824"}};
  auth::signer with;
  REQUIRE(with.sign_headers({"PUT", "/examplebucket/chunkObject.txt", "", "s3.amazonaws.com", auth::payload::signed_chunks}, fields,
                            example, us_east_1, day));
  CHECK(with.signature() == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

  auto chunks = with.chunks();
  const std::string body(66560, 'a');
  const auto bytes = detail::as_bytes(body);
  CHECK(chunks.chunk(bytes.first(65536)) == "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
  chunks.update(bytes.first(1000));
  chunks.update(bytes.first(24));
  CHECK(chunks.finish() == "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
  CHECK(chunks.finish() == "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
TEST_CASE("the trailer signature of AWS's example", "[auth]") {
  headers fields{{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                 {"Content-Encoding", "aws-chunked"},
                 {"x-amz-decoded-content-length", "66560"},
                 {"x-amz-trailer", "x-amz-checksum-crc32c"}};
  auth::signer with;
  REQUIRE(with.sign_headers(
      {"PUT", "/examplebucket/chunkObject.txt", "", "s3.amazonaws.com", auth::payload::signed_chunks_with_trailer}, fields, example,
      us_east_1, day));
  CHECK(with.signature() == "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");

  auto chunks = with.chunks();
  const std::string body(66560, 'a');
  CHECK(chunks.chunk(detail::as_bytes(body).first(65536)) == "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2");
  CHECK(chunks.chunk(detail::as_bytes(body).first(1024)) == "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7");
  CHECK(chunks.finish() == "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");
  CHECK(chunks.finish_trailer("x-amz-checksum-crc32c:sOO8/Q==\n") ==
        "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435");
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
TEST_CASE("the POST policy of AWS's example", "[auth]") {
  const std::string document =
      "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r\n"
      "  \"conditions\": [\r\n"
      "    {\"bucket\": \"sigv4examplebucket\"},\r\n"
      "    [\"starts-with\", \"$key\", \"user/user1/\"],\r\n"
      "    {\"acl\": \"public-read\"},\r\n"
      "    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},\r\n"
      "    [\"starts-with\", \"$Content-Type\", \"image/\"],\r\n"
      "    {\"x-amz-meta-uuid\": \"14365123651274\"},\r\n"
      "    {\"x-amz-server-side-encryption\": \"AES256\"},\r\n"
      "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],\r\n"
      "\r\n"
      "    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\r\n"
      "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},\r\n"
      "    {\"x-amz-date\": \"20151229T000000Z\" }\r\n"
      "  ]\r\n"
      "}";
  const timestamp at = *parse_iso8601("20151229T000000Z");
  const std::string encoded = detail::base64(detail::as_bytes(document));
  auth::signer with;
  const auto key = with.key_for(example, us_east_1, at);
  REQUIRE(key);
  CHECK(with.sign_policy(*key, encoded) == "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");

  const auth::form_fields form{{"key", "user/user1/me.jpg"},
                               {"acl", "public-read"},
                               {"success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
                               {"Content-Type", "image/jpeg"},
                               {"x-amz-meta-uuid", "14365123651274"},
                               {"x-amz-server-side-encryption", "AES256"},
                               {"X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
                               {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
                               {"X-Amz-Date", "20151229T000000Z"},
                               {"x-amz-meta-tag", ""},
                               {"Policy", encoded},
                               {"X-Amz-Signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"}};
  const auto p = embedded::presented(form);
  REQUIRE(p);
  REQUIRE(*p);
  CHECK(embedded::verify_post(with, **p, form, "sigv4examplebucket", 10, example, us_east_1, at));
}
