// Where does a request go whose operation puts something in front of the host name? WriteGetObjectResponse is the only one there is.
#include "support/harness.hpp"
#include "support/python.hpp"

#include <s3store/operations/retrieval.hpp>

using namespace s3store;

namespace {

const write_get_object_response_request answer{.body = "hello",
                                               .content_type = "text/plain",
                                               .metadata = {{"author", "ann"}},
                                               .request_route = "io-route.1",
                                               .request_token = "token",
                                               .status_code = 200};

/// Region and service, as the signature names them.
std::string scope_of(const recorded_request& r) {
  const auto given = r.fields.value_or_empty("authorization");
  const auto start = given.find('/', given.find('/') + 1) + 1;
  return std::string(given.substr(start, given.find("/aws4_request") - start));
}

}  // namespace

TEST_CASE("a route that is no part of a host name is refused", "[call][host]") {
  test::world<> w{EACH_DRIVER};
  for (const char* route : {"", "a/b", "evil.example/", "evil.example:80", "a b", "a@b", "a#", "a?", "a%2F", "a\\", "\xC3\xA4", "a\r\nb"}) {
    auto wrong = answer;
    wrong.request_route = route;
    const auto out = w.send(wrong);
    CAPTURE(route);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
  }
  CHECK(w.server.tried() == 0);
}

TEST_CASE("what S3 Object Lambda has no endpoints for", "[call][host]") {
  for (bool settings::*const option : {&settings::use_accelerate, &settings::use_dualstack}) {
    test::world<> w{EACH_DRIVER};
    w.set.*option = true;
    const auto out = w.send(answer);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::configuration);
  }
}

TEST_CASE("the route goes in front of the host as botocore puts it there", "[call][host][oracle]") {
  const std::string lines = test::run_python(R"(
import boto3
from botocore.config import Config
class Sent(Exception): pass
def show(request, **_):
    print(request.url, request.headers['Authorization'].decode().split('/aws4_request')[0].split('/', 2)[2])
    raise Sent
for endpoint, region, fips, style in [
        (None, 'us-west-2', False, 'auto'), (None, 'us-gov-west-1', False, 'auto'), (None, 'cn-north-1', False, 'auto'), (None, 'us-west-2', True, 'auto'),
        (None, 'eu-west-1', False, 'virtual'), (None, 'eu-west-1', False, 'path'), ('https://minio.example', 'us-east-1', False, 'auto'),
        ('http://minio.example:9000/base', 'us-east-1', False, 'auto'), ('https://minio.example', 'us-east-1', False, 'virtual'),
        ('http://127.0.0.1:9000', 'us-east-1', False, 'auto')]:
    s3 = boto3.client('s3', aws_access_key_id='AKIDEXAMPLE', aws_secret_access_key='secret', region_name=region, endpoint_url=endpoint,
                      config=Config(use_fips_endpoint=fips, s3={'addressing_style': style}))
    s3.meta.events.register('before-send.s3.WriteGetObjectResponse', show)
    print(endpoint or '-', region, int(fips), style, end=' ')
    try:
        s3.write_get_object_response(RequestRoute='io-route.1', RequestToken='token', Body=b'hello')
    except Sent:
        pass
)");
  std::size_t compared = 0;
  detail::split(lines, '\n', [&](std::string_view line) {
    if (line.empty()) return;
    std::vector<std::string> words;
    detail::split(line, ' ', [&words](std::string_view word) { words.emplace_back(word); });
    REQUIRE(words.size() == 6);
    CAPTURE(line);
    test::world<> w{EACH_DRIVER};
    w.set.endpoint = words[0] == "-" ? "" : words[0];
    w.set.region = words[1];
    w.set.use_fips = words[2] == "1";
    w.set.style = words[3] == "virtual" ? addressing::virtual_host : words[3] == "path" ? addressing::path : addressing::automatic;
    w.server.answer(200);
    REQUIRE(w.send(answer));
    CHECK(w.sent().url == words[4]);
    CHECK(scope_of(w.sent()) == words[5]);
    ++compared;
  });
  CHECK(compared == 10);
}

TEST_CASE("the payload goes unsigned, over plain HTTP as well", "[call][host]") {
  const auto by = EACH_DRIVER;
  const auto hash_of = [by](std::string endpoint, payload_signing mode, const write_get_object_response_request& r) {
    test::world<> w{by};
    w.set.endpoint = std::move(endpoint);
    w.set.signing = mode;
    w.server.answer(200);
    REQUIRE(w.send(r));
    CHECK(w.sent().body == "hello");
    CHECK(w.header("x-amz-meta-author") == "ann");
    CHECK(w.header("x-amz-fwd-status") == "200");
    CHECK(w.header("x-amz-fwd-header-content-type") == "text/plain");
    CHECK(w.header("content-encoding").empty());  // a checksum or chunks would become the client's
    for (const auto [name, value] : w.sent().fields) CHECK(name.find("checksum") == std::string_view::npos);
    return w.header("x-amz-content-sha256");
  };
  for (const char* endpoint : {"http://minio.example", "https://minio.example"}) {
    CHECK(hash_of(endpoint, payload_signing::automatic, answer) == "UNSIGNED-PAYLOAD");
    CHECK(hash_of(endpoint, payload_signing::never, answer) == "UNSIGNED-PAYLOAD");
    CHECK(hash_of(endpoint, payload_signing::always, answer) == test::sha256_of("hello"));  // the caller's choice wins
    std::string_view rest = "hello";
    http::function_source once{[&rest](std::span<std::byte> into) {
      const auto n = rest.copy(reinterpret_cast<char*>(into.data()), into.size());
      rest.remove_prefix(n);
      return n;
    }};
    auto streamed = answer;
    streamed.body = once;
    streamed.content_length = 5;
    CHECK(hash_of(endpoint, payload_signing::automatic, streamed) == "UNSIGNED-PAYLOAD");
  }
}

TEST_CASE("a presigned URL names the same host", "[call][host]") {
  test::world<> w{test::driver::blocking};
  const auto url = w.client().presign(answer, std::chrono::minutes{1});
  REQUIRE(url);
  CHECK(url->url.starts_with("https://io-route.1.s3-object-lambda.us-east-1.amazonaws.com/WriteGetObjectResponse?"));
  CHECK(url->url.find("s3-object-lambda%2Faws4_request") != std::string::npos);
}
