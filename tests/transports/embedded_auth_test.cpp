// Whom does the embedded S3 believe? Signatures in headers, URLs, forms and chunks, right ones and forged ones. (That the right ones are
// right is botocore's to say: live/embedded_boto3_test.cpp.)
#include <string>
#include <string_view>

#include <s3store/operations/website.hpp>

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
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.hash("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) == "InvalidRequest");
  CHECK(serve(raw_request{"PUT", "/b-1/k", "hello"}.hash("STREAMING-AWS4-HMAC-SHA256-EVENTS")) == "NotImplemented");
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

namespace {

/// A form with a file of the bytes "hello", its parts as they are given.
embedded_answer send_form(const embedded_world& w, const auth::form_fields& fields, const std::string& target = "/b-1",
                          const std::string& host = "s3.test") {
  std::string body;
  for (const auto& [field, value] : fields)
    body.append("--x\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n");
  body.append("--x\r\nContent-Disposition: form-data; name=file; filename=f\r\n\r\nhello\r\n--x--\r\n");
  return w.server.serve(
      raw_request{"POST", target, std::move(body)}.with("Content-Type", "multipart/form-data; boundary=x").with("Host", host).r);
}

/// The fields of a form whose policy has these conditions and no others.
auth::form_fields signed_form(timestamp now, const std::string& conditions, auth::form_fields fields) {
  const std::string policy = R"({"expiration":"2030-01-01T00:00:00Z","conditions":[)" + conditions + "]}";
  const std::string encoded = detail::base64(detail::as_bytes(policy));
  auth::signer with;
  const auto key = with.key_for({"embedded", "embedded-secret"}, {.region = "us-east-1"}, now);
  REQUIRE(key);
  fields.emplace_back("x-amz-algorithm", "AWS4-HMAC-SHA256");
  fields.emplace_back("x-amz-credential", key->credential());
  fields.emplace_back("x-amz-date", with.amz_date());
  fields.emplace_back("policy", encoded);
  fields.emplace_back("x-amz-signature", with.sign_policy(*key, encoded));
  return fields;
}
constexpr const char* signature_conditions =
    R"(,["starts-with","$x-amz-algorithm",""],["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""])";

}  // namespace

TEST_CASE("a form has one field of a name, whatever its case, so that what the policy checks is what is stored", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto form = w.s3.presign_post("b-1", "k", std::chrono::seconds{60}, {}, {{"x-amz-meta-role", "user"}, {"acl", "private"}});
  REQUIRE(form);
  const auto with = [&](const std::string& name, const std::string& value) {
    auto fields = form->fields;
    fields.emplace_back(name, value);
    return error_in(send_form(w, fields));
  };
  CHECK(with("X-Amz-Meta-Role", "admin") == "InvalidArgument");
  CHECK(with("x-amz-meta-role", "user") == "InvalidArgument");
  CHECK(with("KEY", "other") == "InvalidArgument");
  CHECK(with("Policy", "e30=") == "InvalidArgument");
  CHECK(with("x-amz-acl", "public-read") == "AccessDenied");
  // A part with two names.
  const std::string two = "--x\r\nContent-Disposition: form-data; name=key\r\nContent-Disposition: form-data; name=file\r\n\r\nk\r\n--x--";
  CHECK(error_in(w.server.serve(raw_request{"POST", "/b-1", two}.with("Content-Type", "multipart/form-data; boundary=x").r)) ==
        "MalformedPOSTRequest");
  CHECK(w.get("b-1", "k") == "NoSuchKey");
  // Two names of one header, both within the policy.
  const auto both = signed_form(w.clock.now().wall,
                                std::string(R"({"bucket":"b-1"},{"key":"k"},{"acl":"private"},["starts-with","$x-amz-acl",""])") +
                                    signature_conditions,
                                {{"key", "k"}, {"acl", "private"}, {"x-amz-acl", "public-read"}});
  CHECK(error_in(send_form(w, both)) == "InvalidArgument");
  CHECK(send_form(w, form->fields).status == 400);  // the bucket takes no ACLs
  CHECK(w.get("b-1", "k") == "NoSuchKey");
}

TEST_CASE("a form whose policy has no condition on the bucket is refused", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.make_bucket("b-2");
  const auto now = w.clock.now().wall;
  const std::string rest = std::string(R"({"key":"k"})") + signature_conditions;
  const auto answer = send_form(w, signed_form(now, rest, {{"key", "k"}}));
  CHECK(error_in(answer) == "AccessDenied");
  CHECK(answer.body.find("Extra input fields: bucket") != std::string::npos);
  CHECK(error_in(send_form(w, signed_form(now, R"({"bucket":"b-2"},)" + rest, {{"key", "k"}}))) == "AccessDenied");
  CHECK(error_in(send_form(w, signed_form(now, R"({"bucket":"b-2"},)" + rest, {{"key", "k"}, {"bucket", "b-2"}}))) == "AccessDenied");
  CHECK(w.get("b-1", "k") == "NoSuchKey");
  CHECK(error_in(send_form(w, signed_form(now, R"(["starts-with","$Bucket","b-"],)" + rest, {{"key", "k"}}))) == "204");
  CHECK(w.get("b-1", "k") == "hello");
}

TEST_CASE("a form goes to a bucket: with a query, or to a key, it is another operation's request", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto form = w.s3.presign_post("b-1", "k", std::chrono::seconds{60});
  REQUIRE(form);
  for (const char* const target : {"/b-1?delete", "/b-1?x=y", "/b-1/k", "/b-1/k?uploads"}) {
    INFO(target);
    CHECK(error_in(send_form(w, form->fields, target)) == "AccessDenied");
  }
  CHECK(w.get("b-1", "k") == "NoSuchKey");
  CHECK(error_in(send_form(w, form->fields)) == "204");
}

TEST_CASE("a Host that is none is refused, and never comes back in a Location", "[embedded]") {
  const embedded_world w{{.domain = "s3.test"}};
  w.make_bucket("b-1");
  const auto form = w.s3.presign_post("b-1", "a/b c", std::chrono::seconds{60}, {}, {{"success_action_status", "201"}});
  REQUIRE(form);
  for (const std::string host : {"evil.test/<x>", "a b", "a\r\nSet-Cookie: x", "user@s3.test", "s3.test:x", "s3.test:99999", "[::1", "s3.test?q",
                                 "b-1.s3.test#"}) {
    INFO(host);
    const auto a = send_form(w, form->fields, "/b-1", host);
    CHECK(error_in(a) == "InvalidRequest");
    CHECK(a.body.find("evil") == std::string::npos);
    CHECK(error_in(w.server.serve({"OPTIONS", "/b-1/k", {{"Host", host}, {"Origin", "http://x"}, {"Access-Control-Request-Method", "GET"}}})) ==
          "InvalidRequest");
  }
  auto twice = raw_request{"GET", "/b-1"}.sign(w.clock.now().wall).r;
  twice.fields.add("Host", "other.test");
  CHECK(error_in(w.server.serve(twice)) == "InvalidRequest");

  // In the style of the request.
  const auto location = [&](const std::string& target, const std::string& host) {
    const auto a = send_form(w, form->fields, target, host);
    CHECK(a.status == 201);
    return std::string(a.fields.value_or_empty("Location"));
  };
  CHECK(location("/b-1", "s3.test:9000") == "http://s3.test:9000/b-1/a/b%20c");
  CHECK(location("/b-1", "[::1]:9000") == "http://[::1]:9000/b-1/a/b%20c");
  CHECK(location("/", "b-1.s3.test") == "http://b-1.s3.test/a/b%20c");
}

TEST_CASE("a request with two signatures is refused", "[embedded]") {
  const embedded_world w;
  auto r = raw_request{"GET", "/"}.sign(w.clock.now().wall).r;
  CHECK(error_in(w.server.serve(r)) == "200");
  auto twice = r;
  twice.fields.add("authorization", "AWS4-HMAC-SHA256 Credential=x");
  CHECK(error_in(w.server.serve(twice)) == "InvalidArgument");
  const std::string good(r.fields.value_or_empty("Authorization"));
  for (const char* const more : {", Signature=00", ", SignedHeaders=host", ", Credential=a/20130524/us-east-1/s3/aws4_request"}) {
    r.fields.set("Authorization", good + more);
    CHECK(error_in(w.server.serve(r)) == "AuthorizationHeaderMalformed");
  }
}

TEST_CASE("behind the last chunk is a trailer that was announced, and nothing else", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const auto put = [&](const std::string& body, const std::string& announced = "x-amz-checksum-crc32",
                       std::pair<std::string, std::string> more = {"x-amz-meta-a", "1"}) {
    raw_request r{"PUT", "/b-1/k", body};
    r.with("x-amz-decoded-content-length", "5").with("Content-Encoding", "aws-chunked").with(more.first, more.second);
    if (!announced.empty()) r.with("x-amz-trailer", announced);
    return error_in(w.server.serve(r.hash(auth::payload::not_signed_with_trailer).sign(w.clock.now().wall).r));
  };
  const std::string start = "5\r\nhello\r\n0\r\n", sum = "x-amz-checksum-crc32:NhCmhg==\r\n";
  CHECK(put(start + ":v\r\n\r\n", "") == "MalformedTrailerError");
  CHECK(put(start + sum + " : v\r\n\r\n") == "MalformedTrailerError");
  CHECK(put(start + sum + "a b:v\r\n\r\n") == "MalformedTrailerError");
  CHECK(put(start + sum + sum + "\r\n") == "MalformedTrailerError");
  CHECK(put(start + sum + "x-amz-meta-b:v\r\n\r\n") == "MalformedTrailerError");
  CHECK(put(start + "x-amz-acl:public-read\r\n\r\n", "x-amz-acl") == "InvalidRequest");
  CHECK(put(start + sum + "\r\n", "x-amz-checksum-crc32", {"x-amz-checksum-crc32", "NhCmhg=="}) == "InvalidRequest");
  CHECK(put(start + sum + "\r\nmore") == "InvalidRequest");
  CHECK(put(start + "\r\n5\r\nworld\r\n0\r\n\r\n", "") == "InvalidRequest");
  CHECK(put(start + sum + "\r\n", "x-amz-checksum-crc32", {"Content-Length", "5"}) == "IncompleteBody");
  CHECK(w.get("b-1", "k") == "NoSuchKey");
  CHECK(put(start + sum + "\r\n") == "200");
  CHECK(put(start + "\r\n", "") == "200");
}

TEST_CASE("who is not known learns what a browser needs of a bucket's CORS rules, and nothing else", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  w.put("b-1", "k", "x");
  REQUIRE(w.s3.put_bucket_cors(
      {.bucket = "b-1", .cors_configuration = {{types::cors_rule{.allowed_methods = {"GET"}, .allowed_origins = {"http://a.test"}}}}}));
  const auto ask = [&](std::string method, std::string target, const std::string& origin) {
    return w.server.serve(
        raw_request{std::move(method), std::move(target)}.with("Origin", origin).with("Access-Control-Request-Method", "GET").r);
  };
  const auto allowed = [](const embedded_answer& a) { return a.fields.value_or_empty("Access-Control-Allow-Origin"); };
  // A preflight request is never signed. A key that is there is answered like one that is not.
  CHECK(allowed(ask("OPTIONS", "/b-1/k", "http://a.test")) == "http://a.test");
  CHECK(allowed(ask("OPTIONS", "/b-1/none", "http://a.test")) == "http://a.test");
  CHECK(error_in(ask("OPTIONS", "/b-1/k", "http://b.test")) == "AccessForbidden");
  CHECK(error_in(ask("OPTIONS", "/none/k", "http://a.test")) == "NoSuchBucket");
  // The page may read the refusal, where the rules let it read answers.
  const auto refused = ask("GET", "/b-1/k", "http://a.test"), of_none = ask("GET", "/b-1/none", "http://a.test");
  CHECK(error_in(refused) == "AccessDenied");
  CHECK(allowed(refused) == "http://a.test");
  CHECK(refused.status == of_none.status);
  CHECK(error_in(of_none) == "AccessDenied");
  CHECK(allowed(ask("GET", "/b-1/k", "http://b.test")) == "");
  CHECK(error_in(ask("GET", "/none/k", "http://a.test")) == "AccessDenied");
  CHECK(error_in(ask("GET", "/b-1?cors", "http://a.test")) == "AccessDenied");
}

TEST_CASE("a key that XML cannot hold is listed where it is encoded, and refused where it is not", "[embedded]") {
  const embedded_world w;
  w.make_bucket("b-1");
  const std::string key = "a\x01\xff";
  w.put("b-1", key, "x");
  const auto plain = w.server.serve(raw_request{"GET", "/b-1?list-type=2"}.sign(w.clock.now().wall).r);
  CHECK(plain.status == 400);
  CHECK(error_in(plain) == "InvalidRequest");
  CHECK(plain.body.find("encoding-type=url") != std::string::npos);
  const auto encoded = w.server.serve(raw_request{"GET", "/b-1?list-type=2&encoding-type=url"}.sign(w.clock.now().wall).r);
  CHECK(encoded.body.find("<Key>a%01%FF</Key>") != std::string::npos);
  CHECK(w.s3.list_objects_v2({.bucket = "b-1"})->contents.at(0).key == key);
  // Answers that name the key and have no encoding: nothing is done that could not be answered.
  CHECK(code_of(w.s3.create_multipart_upload({.bucket = "b-1", .key = key})) == "InvalidRequest");
  CHECK(w.s3.list_multipart_uploads({.bucket = "b-1"})->uploads.empty());
  const auto form = w.s3.presign_post("b-1", "b${filename}", std::chrono::seconds{60}, {}, {{"success_action_status", "201"}});
  REQUIRE(form);
  auto fields = form->fields;
  for (auto& [name, value] : fields)
    if (name == "key") value = "b\x01";
  CHECK(error_in(send_form(w, fields)) == "InvalidRequest");
  CHECK(w.s3.list_objects_v2({.bucket = "b-1"})->contents.size() == 1);
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
