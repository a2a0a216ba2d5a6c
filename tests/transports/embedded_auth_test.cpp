// Whom does the embedded S3 believe? Signatures in headers, URLs, forms and chunks, right ones and forged ones. (That the right ones are
// right is botocore's to say: live/embedded_boto3_test.cpp.)
#include <string>
#include <string_view>

#include "support/embedded.hpp"

using namespace test;

namespace {

/// A request written by hand, to be signed, changed and served.
struct raw_request {
  embedded_request r{};
  std::string payload{auth::payload::not_signed};

  raw_request(std::string method, std::string target, std::string body = {}) {
    r.method = std::move(method);
    r.target = std::move(target);
    r.body = std::move(body);
    r.fields.add("Host", "s3.test");
    if (!r.body.empty() || r.method == "PUT" || r.method == "POST") r.fields.add("Content-Length", std::to_string(r.body.size()));
  }
  raw_request& with(std::string_view name, std::string_view value) {
    r.fields.set(name, value);
    return *this;
  }
  raw_request& hash(std::string_view of) {
    payload = of;
    return *this;
  }
  raw_request& sign(timestamp now, auth::signer& signer, std::string region = "us-east-1") {
    const auto mark = (std::min)(r.target.find('?'), r.target.size());
    const std::string path = r.target.substr(0, mark), query = r.target.substr((std::min)(mark + 1, r.target.size()));
    REQUIRE(signer.sign_headers({.method = r.method, .path = path, .query = query, .host = "s3.test", .payload = payload}, r.fields,
                                {"embedded", "embedded-secret"}, {.region = std::move(region)}, now));
    return *this;
  }
  raw_request& sign(timestamp now) {
    auth::signer signer;
    return sign(now, signer);
  }
};

std::string error_in(const embedded_answer& a) {
  const auto from = a.body.find("<Code>");
  if (from == std::string::npos) return std::to_string(a.status);
  return a.body.substr(from + 6, a.body.find("</Code>") - from - 6);
}

}  // namespace

TEST_CASE("whoever is not known, or signs wrongly, is refused", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  CHECK(code_of(w.client({}, {"embedded", "wrong"}).list_buckets({})) == "SignatureDoesNotMatch");
  CHECK(code_of(w.client({}, {"nobody", "embedded-secret"}).list_buckets({})) == "InvalidAccessKeyId");
  CHECK(code_of(w.client({}, {"embedded", "embedded-secret", "token"}).list_buckets({})) == "InvalidToken");
  CHECK(code_of(w.client({}, {}).list_buckets({})) == "AccessDenied");
  CHECK(code_of(w.client({}, {"embedded", "wrong"}).put_object({.bucket = "b-1", .key = "k", .body = "x"})) ==
        "SignatureDoesNotMatch");
  CHECK(code_of(w.client({}, {}).put_object({.bucket = "b-1", .key = "k", .body = "x"})) == "AccessDenied");
  CHECK(w.get("b-1", "k") == "NoSuchKey");

  const auto now = w.clock.now().wall;
  CHECK(error_in(w.server.serve(raw_request{"GET", "/"}.sign(now).r)) == "200");
  auto changed = raw_request{"PUT", "/b-1/k", "hello"}.with("x-amz-meta-a", "1").sign(now);
  CHECK(error_in(w.server.serve(raw_request{changed}.with("x-amz-meta-a", "2").r)) == "SignatureDoesNotMatch");
  CHECK(error_in(w.server.serve(raw_request{changed}.with("x-amz-meta-b", "1").r)) == "AccessDenied");
  CHECK(error_in(w.server.serve(raw_request{changed}.with("Host", "other.test").r)) == "SignatureDoesNotMatch");
  CHECK(error_in(w.server.serve(raw_request{changed}.with("Authorization", "Basic eDp5").r)) == "InvalidRequest");
  CHECK(error_in(w.server.serve(raw_request{changed}.with("Authorization", "AWS4-HMAC-SHA256 Credential=x").r)) ==
        "AuthorizationHeaderMalformed");
  changed.r.target = "/b-1/k2";
  CHECK(error_in(w.server.serve(changed.r)) == "SignatureDoesNotMatch");
  CHECK(error_in(w.server.serve(raw_request{"GET", "/?AWSAccessKeyId=embedded&Signature=x&Expires=1"}.r)) == "InvalidRequest");
}

TEST_CASE("a request that is no request of S3's is refused", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto now = w.clock.now().wall;
  const auto serve = [&](raw_request r) { return error_in(w.server.serve(r.sign(now).r)); };
  CHECK(serve({"PATCH", "/b-1/k"}) == "MethodNotAllowed");
  CHECK(serve({"GET", "/b-1/%zz"}) == "InvalidURI");
  CHECK(serve({"GET", "*"}) == "InvalidURI");
  CHECK(serve({"GET", "//k"}) == "InvalidURI");
  CHECK(serve({"GET", "/b-1?prefix=%zz"}) == "InvalidArgument");
  CHECK(serve({"GET", "/b-1/k?response-content-type=a%0d%0aSet-Cookie:%20x"}) == "InvalidArgument");
  CHECK(serve({"POST", "/b-1"}) == "NotImplemented");
  CHECK(serve({"PUT", "/"}) == "NotImplemented");
  CHECK(serve({"POST", "/b-1?delete", "<Delete><Object>"}) == "InvalidRequest");  // neither Content-MD5 nor checksum
  auto no_length = raw_request{"PUT", "/b-1/k", "hello"};
  no_length.r.fields.erase("Content-Length");
  CHECK(serve(no_length) == "MissingContentLength");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.with("Content-Length", "6")) == "IncompleteBody");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.hash(auth::payload::empty)) == "XAmzContentSHA256Mismatch");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.hash("soon")) == "InvalidArgument");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.hash("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) == "NotImplemented");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.with("x-amz-sdk-checksum-algorithm", "CRC32")) == "InvalidRequest");
  CHECK(serve(raw_request{"PUT", "/b-1/k"}.with("x-amz-copy-source", "nothing")) == "InvalidArgument");
  const std::string bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Delete><Object><Key>&a;</Key></Object></Delete>";
  crypto::checksum crc{crypto::checksum_algorithm::crc32};
  crc.update(detail::as_bytes(bomb));
  CHECK(serve(raw_request{"POST", "/b-1?delete", bomb}.with("x-amz-checksum-crc32", crc.base64())) == "MalformedXML");
  CHECK(w.get("b-1", "k") == "NoSuchKey");
}

TEST_CASE("clock and region are taught to who can learn", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto now = w.clock.now().wall;
  for (const auto off : {std::chrono::minutes{-16}, std::chrono::minutes{16}})
    CHECK(error_in(w.server.serve(raw_request{"GET", "/"}.sign(now + off).r)) == "RequestTimeTooSkewed");
  CHECK(error_in(w.server.serve(raw_request{"GET", "/"}.sign(now + std::chrono::minutes{14}).r)) == "200");

  auth::signer signer;
  const auto answer = w.server.serve(raw_request{"GET", "/b-1"}.sign(now, signer, "eu-west-1").r);
  CHECK(error_in(answer) == "AuthorizationHeaderMalformed");
  CHECK(answer.body.find("<Region>us-east-1</Region>") != std::string::npos);
  CHECK(w.client({.region = "eu-west-1"}).list_objects_v2({.bucket = "b-1"}));
  CHECK(w.client({.region = "eu-west-1"}).head_bucket({.bucket = "b-1"}));
  const auto head = w.s3.head_bucket({.bucket = "b-1"});
  REQUIRE(head);
  CHECK(head->bucket_region == "us-east-1");

  manual_clock slow{now - std::chrono::hours{2}};
  const embedded_client late{{.endpoint = "http://s3.test"},
                             {.transport = embedded_transport{w.server},
                              .credentials = fixed_identity{{"embedded", "embedded-secret"}},
                              .clock = slow,
                              .sleeper = recording_sleeper{slow}}};
  CHECK(late.list_buckets({}));
}

TEST_CASE("a bucket may be in the host's name", "[embedded]") {
  const embedded_world w{{.domain = "s3.test"}};
  const auto s3 = w.client({.style = addressing::virtual_host});
  REQUIRE(s3.create_bucket({.bucket = "b-1"}));
  REQUIRE(s3.put_object({.bucket = "b-1", .key = "a/b", .body = "x"}));
  CHECK(w.get("b-1", "a/b") == "x");
  CHECK(s3.list_objects_v2({.bucket = "b-1"})->contents.size() == 1);
  CHECK(code_of(s3.get_object({.bucket = "b-2", .key = "a/b"})) == "NoSuchBucket");
}

TEST_CASE("who needs no signature may do everything where the options say so", "[embedded]") {
  const embedded_world w{{.anonymous_allowed = true}};
  const auto anyone = w.client({}, {});
  REQUIRE(anyone.create_bucket({.bucket = "b-1"}));
  REQUIRE(anyone.put_object({.bucket = "b-1", .key = "k", .body = "x"}));
  CHECK(anyone.get_object({.bucket = "b-1", .key = "k"})->body == "x");
  CHECK(code_of(anyone.get_object({.bucket = "b-1", .key = "k", .response_content_type = "a/b"})) == "InvalidRequest");
  CHECK(code_of(w.client({}, {"embedded", "wrong"}).list_buckets({})) == "SignatureDoesNotMatch");
}

TEST_CASE("a presigned URL does one thing for its time", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.put("b-1", "a b", "x");
  const auto made = w.s3.presign(get_object_request{.bucket = "b-1", .key = "a b"}, std::chrono::seconds{60});
  REQUIRE(made);
  const std::string target = made->url.substr(std::string_view{"http://s3.test"}.size());
  const auto get = [&](std::string t, std::string method = "GET") {
    return w.server.serve(raw_request{std::move(method), std::move(t)}.r);
  };
  CHECK(error_in(get(target + "0")) == "SignatureDoesNotMatch");
  CHECK(error_in(get(target + "&versionId=null")) == "SignatureDoesNotMatch");
  CHECK(error_in(get(target, "DELETE")) == "SignatureDoesNotMatch");
  CHECK(get(target).body == "x");
  w.clock.advance(std::chrono::seconds{60});
  CHECK(get(target).body == "x");
  w.clock.advance(std::chrono::seconds{1});
  CHECK(get(target).body.find("Request has expired") != std::string::npos);
}

TEST_CASE("chunks are verified one by one", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto now = w.clock.now().wall;
  const std::string bytes(100'000, 'x');

  SECTION("as the client sends them") {
    for (const auto signing : {payload_signing::always, payload_signing::never}) {
      http::memory_source body{bytes};
      const auto put =
          w.client({.signing = signing}).put_object({.bucket = "b-1", .key = "k", .body = body, .content_encoding = "identity"});
      REQUIRE(put);
      const auto got = w.s3.get_object({.bucket = "b-1", .key = "k"});
      REQUIRE(got);
      CHECK(got->body == bytes);
      CHECK(got->content_encoding == "identity");
    }
  }
  SECTION("and refused when they are forged") {
    auth::signer signer;
    raw_request put{"PUT", "/b-1/k"};
    put.r.fields.erase("Content-Length");  // not signed, so that each body can have its own
    put.with("x-amz-decoded-content-length", "10")
        .with("x-amz-trailer", "x-amz-checksum-crc32")
        .hash(auth::payload::signed_chunks_with_trailer)
        .sign(now, signer);
    auto chunks = signer.chunks();
    const auto chunk = [&](std::string_view b) {
      return (b.empty() ? "0" : "5") + std::string(";chunk-signature=") + std::string(chunks.chunk(detail::as_bytes(b))) + "\r\n" +
             std::string(b) + (b.empty() ? "" : "\r\n");
    };
    crypto::checksum crc{crypto::checksum_algorithm::crc32};
    crc.update(detail::as_bytes("helloworld"));
    const std::string first = chunk("hello"), second = chunk("world"), end = chunk("");
    const std::string field = "x-amz-checksum-crc32:" + crc.base64();
    const std::string trailer =
        field + "\r\nx-amz-trailer-signature:" + std::string(chunks.finish_trailer(field + "\n")) + "\r\n\r\n";
    const auto serve = [&](const std::string& body) {
      embedded_request r = put.r;
      r.body = body;
      r.fields.set("Content-Length", std::to_string(body.size()));
      return error_in(w.server.serve(r));
    };
    const auto replaced = [](std::string text, std::string_view what, std::string_view by) {
      return text.replace(text.find(what), what.size(), by);
    };
    CHECK(serve(second + first + end + trailer) == "SignatureDoesNotMatch");
    CHECK(serve(first + end + trailer) == "SignatureDoesNotMatch");
    CHECK(serve(first + replaced(second, "world", "worlD") + end + trailer) == "SignatureDoesNotMatch");
    CHECK(serve(first + second + end + replaced(trailer, "crc32:", "crc32:A")) == "SignatureDoesNotMatch");
    CHECK(serve(first + second + end + field + "\r\n\r\n") == "SignatureDoesNotMatch");
    CHECK(serve(first + second + end + replaced(trailer, "crc32:", "crc32c:")) == "MalformedTrailerError");
    CHECK(serve(first + second) == "IncompleteBody");
    CHECK(serve(first + second.substr(0, second.size() - 4)) == "IncompleteBody");
    CHECK(serve("zz\r\n") == "InvalidRequest");
    CHECK(serve("") == "IncompleteBody");
    CHECK(w.get("b-1", "k") == "NoSuchKey");
    CHECK(serve(first + second + end + trailer) == "200");
    CHECK(w.get("b-1", "k") == "helloworld");
  }
  SECTION("whether they are signed or not, the checksum behind them counts") {
    const auto put = [&](const std::string& value, const std::string& length = "5") {
      const std::string body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:" + value + "\r\n\r\n";
      return error_in(w.server.serve(raw_request{"PUT", "/b-1/k", body}
                                         .with("x-amz-decoded-content-length", length)
                                         .with("x-amz-trailer", "x-amz-checksum-crc32")
                                         .with("Content-Encoding", "aws-chunked")
                                         .hash(auth::payload::not_signed_with_trailer)
                                         .sign(now)
                                         .r));
    };
    CHECK(put("AAAAAA==") == "BadDigest");
    CHECK(put("AAAA") == "InvalidRequest");
    CHECK(put("NhCmhg==", "6") == "IncompleteBody");
    CHECK(put("NhCmhg==") == "200");
    CHECK(w.s3.head_object({.bucket = "b-1", .key = "k"})->content_encoding.empty());
  }
}

TEST_CASE("a form with ${filename} in the middle of its key and in other fields is taken", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto form = w.s3.presign_post("b-1", "in/${filename}/${filename}.bak", std::chrono::seconds{60}, {},
                                      {{"x-amz-meta-name", "${filename}"}, {"Content-Disposition", "attachment; filename=${filename}"}});
  REQUIRE(form);
  std::string body;
  for (const auto& [field, value] : form->fields)
    body.append("--x\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n");
  body.append("--x\r\nContent-Disposition: form-data; name=file; filename=me.txt\r\n\r\nhello\r\n--x--\r\n");
  const auto stored = w.server.serve(raw_request{"POST", "/b-1", std::move(body)}.with("Content-Type", "multipart/form-data; boundary=x").r);
  INFO(stored.body);
  CHECK(stored.status == 204);
  const auto got = w.s3.get_object({.bucket = "b-1", .key = "in/me.txt/me.txt.bak"});
  REQUIRE(got);
  CHECK(got->body == "hello");
  CHECK(got->metadata.get("name") == "me.txt");
  CHECK(got->content_disposition == "attachment; filename=me.txt");
}

TEST_CASE("a form uploads what its policy allows", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto form = w.s3.presign_post("b-1", "up/${filename}", std::chrono::seconds{60},
                                      {auth::post_condition::content_length_range(2, 10)}, {{"Content-Type", "text/plain"}});
  REQUIRE(form);
  const auto send = [&](auth::form_fields fields, std::string_view file, std::string_view name = "a \\\"b\\\".txt") {
    std::string body;
    for (const auto& [field, value] : fields)
      body.append("--x\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n");
    body.append("--x\r\ncontent-disposition: form-data; name=file; filename=\"")
        .append(name)
        .append("\"\r\n\r\n")
        .append(file)
        .append("\r\n--x--\r\n");
    return w.server.serve(raw_request{"POST", "/b-1", std::move(body)}.with("Content-Type", "multipart/form-data; boundary=x").r);
  };
  const auto with = [&](std::string_view name, const std::string& value) {
    auto fields = form->fields;
    for (auto& f : fields)
      if (f.first == name) f.second = value;
    return fields;
  };
  CHECK(error_in(send(form->fields, "x")) == "EntityTooSmall");
  CHECK(error_in(send(form->fields, "01234567890")) == "EntityTooLarge");
  CHECK(error_in(send(with("key", "down/k"), "hello")) == "AccessDenied");
  CHECK(error_in(send(with("Content-Type", "text/html"), "hello")) == "AccessDenied");
  CHECK(error_in(send(with("x-amz-signature", std::string(64, '0')), "hello")) == "SignatureDoesNotMatch");
  CHECK(error_in(send({{"key", "k"}}, "hello")) == "AccessDenied");
  CHECK(error_in(send({}, "hello")) == "AccessDenied");
  const auto raw = [&](std::string type, std::string body) {
    return error_in(w.server.serve(raw_request{"POST", "/b-1", std::move(body)}.with("Content-Type", type).r));
  };
  CHECK(raw("multipart/form-data", "x") == "MalformedPOSTRequest");
  CHECK(raw("multipart/form-data; boundary=x", "") == "MalformedPOSTRequest");
  CHECK(raw("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nv") == "MalformedPOSTRequest");
  CHECK(raw("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--x--") ==
        "InvalidArgument");
  CHECK(raw("multipart/form-data; boundary=x", "--x\r\n\r\nv\r\n--x--") == "MalformedPOSTRequest");
  CHECK(w.s3.list_objects_v2({.bucket = "b-1"})->contents.empty());

  const auto stored = send(form->fields, "hello");
  CHECK(stored.status == 204);
  CHECK(stored.fields.get("Location") == "http://s3.test/b-1/up/a%20%22b%22.txt");
  const auto got = w.s3.get_object({.bucket = "b-1", .key = "up/a \"b\".txt"});
  REQUIRE(got);
  CHECK(got->body == "hello");
  CHECK(got->content_type == "text/plain");
  w.clock.advance(std::chrono::seconds{61});
  CHECK(error_in(send(form->fields, "hello")) == "AccessDenied");
}

TEST_CASE("every answer says who and when, and a HEAD says nothing more", "[embedded]") {
  const embedded_world w;
  const auto now = w.clock.now().wall;
  const auto get = w.server.serve(raw_request{"GET", "/none/k"}.sign(now).r),
             head = w.server.serve(raw_request{"HEAD", "/none/k"}.sign(now).r);
  CHECK(get.status == 404);
  CHECK(head.status == 404);
  CHECK(head.body.empty());
  CHECK(get.fields.get("Date") == "Fri, 24 May 2013 00:00:00 GMT");
  CHECK(get.fields.get("x-amz-request-id") != head.fields.get("x-amz-request-id"));
  CHECK(get.body.find("<RequestId>" + std::string(get.fields.value_or_empty("x-amz-request-id")) + "</RequestId>") !=
        std::string::npos);
  CHECK(get.body.find("<Resource>/none/k</Resource>") != std::string::npos);
}
