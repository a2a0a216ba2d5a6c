// Does memory that the library gives back still hold a secret? This program looks through each block at the moment when C++ code frees
// it, while a client works with a session token and customer keys over TCP, and when it is destroyed. What libcurl and OpenSSL allocate
// is not seen: libcurl does not overwrite the copies of header lines that it makes.
#include <execinfo.h>
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include <s3store/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/transfer/upload.hpp>

#include "support/raw_server.hpp"

using namespace s3store;

namespace {

// Long enough that no string keeps them inside of itself, and unlike anything else in memory.
constexpr std::string_view token = "TokenAbcdefghijklmnopqrstuvwxyz/+0123456789/Zyxwvutsrqponmlkjihgfedcba+Token==";
constexpr std::string_view secret_key = "SecretKey/0123456789+abcdefghijklmnopqrst";
constexpr std::string_view customer_key_bytes = "CustomerKey-0123456789-abcdefghi";
constexpr std::string_view customer_key_text = "Q3VzdG9tZXJLZXktMDEyMzQ1Njc4OS1hYmNkZWZnaGk=";
constexpr std::string_view token_in_url = "TokenAbcdefghijklmnopqrstuvwxyz%2F%2B0123456789%2F";
constexpr std::string_view given_token = "GivenTokenOfASession/0123456789+zyxwvu";

std::atomic<bool> watching{false};
std::atomic<int> found{0};

void look_through(void* block) noexcept {
  if (!watching || !block) return;
  const std::string_view bytes{static_cast<const char*>(block), ::malloc_usable_size(block)};
  for (const std::string_view secret : {token, secret_key, customer_key_bytes, customer_key_text, token_in_url, given_token})
    for (const std::string_view piece : {secret.substr(0, 16), secret.substr(secret.size() / 2 - 8, 16), secret.substr(secret.size() - 18, 16)}) {
      if (bytes.find(piece) == std::string_view::npos) continue;
      watching = false;
      ++found;
      std::fprintf(stderr, "a freed block of %zu bytes holds \"%.*s\":\n", bytes.size(), static_cast<int>(piece.size()), piece.data());
      void* frames[24];
      ::backtrace_symbols_fd(frames, ::backtrace(frames, 24), 2);
      watching = true;
      return;
    }
}

}  // namespace

void* operator new(std::size_t size) {
  // Emptied, because there may be what libcurl left.
  if (void* const p = std::malloc(size != 0 ? size : 1)) return std::memset(p, 0, ::malloc_usable_size(p));
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept {
  look_through(p);
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }

namespace {

/// In a process of its own, so that what it receives is not taken for the client's.
int serve(int port_to) {
  testing_support::raw_server server([](testing_support::peer& p) {
    bool refuse = true;
    while (const auto r = p.read_request()) {
      const std::string_view line = std::string_view{*r}.substr(0, r->find("\r\n"));
      const auto has = [&](std::string_view what) { return line.find(what) != std::string_view::npos; };
      if (has("again") && std::exchange(refuse, !refuse)) {
        p.answer(500, "<Error><Code>InternalError</Code></Error>");
      } else if (has("?session")) {
        p.answer(200, "<CreateSessionResult><Credentials><AccessKeyId>id</AccessKeyId><SecretAccessKey>" + std::string(secret_key) +
                          "</SecretAccessKey><SessionToken>" + std::string(given_token) +
                          "</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>");
      } else if (has("?uploads")) {
        p.answer(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
      } else if (line.starts_with("POST") && has("uploadId")) {
        p.answer(200, "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>\"e\"</ETag></CompleteMultipartUploadResult>");
      } else if (r->find("x-amz-copy-source:") != std::string::npos) {
        p.answer(200, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
      } else if (line.starts_with("HEAD")) {
        p.answer(200, "", "ETag: \"e\"\r\n");
      } else {
        p.answer(200, "hello", "ETag: \"e\"\r\n");
      }
    }
  });
  const int port = server.port();
  if (::write(port_to, &port, sizeof port) != sizeof port) return 1;
  ::pause();
  return 0;
}

bool all_good = true;
void expect(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "failed: %s\n", what);
  all_good = false;
}

template <class P>
void work(const basic_client<P>& s3) {
  const auto key = [] { return customer_key{secret_string{customer_key_bytes}}; };
  call_options more;  // so many that the buffers must grow
  for (int i = 0; i != 40; ++i) more.fields.add("x-amz-meta-" + std::to_string(i), std::string(50, 'x'));
  for (int n = 0; n != 3; ++n) {
    expect(s3.get_object({.bucket = "b", .key = "k", .sse_customer_key = key()}).has_value(), "get_object");
    expect(s3.head_object({.bucket = "b", .key = "k", .sse_customer_key = key()}, more).has_value(), "head_object");
    expect(s3.put_object({.bucket = "b", .key = "again", .body = "hello", .sse_customer_key = key()}, more).has_value(), "put_object");
    const copy_object_request copy{
        .bucket = "b", .key = "k", .copy_source = "b/k", .sse_customer_key = key(), .copy_source_sse_customer_key = key()};
    expect(s3.copy_object(copy).has_value(), "copy_object");
    expect(s3.list_buckets({}).error().kind != error_kind::none, "list_buckets");  // not XML
    auto url = s3.presign(get_object_request{.bucket = "b", .key = "k", .sse_customer_key = key()}, std::chrono::hours{1});
    expect(url.has_value(), "presign");
    if (url) detail::wipe(url->url);  // it is the caller's
    auto form = s3.presign_post("b", "uploads/${filename}", std::chrono::hours{1});
    expect(form.has_value(), "presign_post");
    if (form)
      for (auto& field : form->fields) detail::wipe(field.second);
  }
  expect(s3.create_session({.bucket = "b"}).has_value(), "create_session");
  http::function_source endless{[left = 2 * min_part_size + 1](std::span<std::byte> room) mutable {
    const auto n = static_cast<std::size_t>((std::min)(std::uint64_t{room.size()}, left));
    std::memset(room.data(), 'x', n);
    left -= n;
    return n;
  }};
  const put_object_request object{.bucket = "b", .key = "k", .body = endless, .sse_customer_key = key()};
  expect(upload(s3, {.object = object, .part_size = min_part_size}).has_value(), "upload");
  const customer_key short_key{secret_string{customer_key_bytes.substr(1)}};
  const auto refused = s3.get_object({.bucket = "b", .key = "k", .sse_customer_key = short_key});
  expect(!refused && refused.error().kind == error_kind::invalid_argument, "a key of 31 bytes is refused");
}

}  // namespace

int main() {
  void* warm[1];
  ::backtrace(warm, 1);  // it loads a library at its first use
  int port_from[2];
  if (::pipe(port_from) != 0) return 1;
  const pid_t server = ::fork();
  if (server == 0) ::_exit(serve(port_from[1]));
  int port = 0;
  if (::read(port_from[0], &port, sizeof port) != sizeof port) return 1;
  const std::string url = "http://127.0.0.1:" + std::to_string(port);

  char path[] = "/tmp/s3store-test-XXXXXX";
  if (::dprintf(::mkstemp(path), "[default]\naws_access_key_id = id\naws_secret_access_key = %s\naws_session_token = %s\n", secret_key.data(),
                token.data()) < 0)
    return 1;
  curl_settings direct;
  direct.proxy_from_environment = false;

  // Does this program see what it looks for?
  watching = true;
  delete new std::string(token);
  watching = false;
  expect(found == 1, "the program finds a secret in a freed string");
  found = 0;

  watching = true;
  for (int n = 0; n != 2; ++n) {
    const client given{{.endpoint = url, .credentials = {"id", secret_key, token}}, {.transport = curl_transport{direct}}};
    work(given);
    const environment files{{"AWS_SHARED_CREDENTIALS_FILE", path}, {"AWS_CONFIG_FILE", "/dev/null"}};
    const client of_profile{{.endpoint = url, .credentials = auth::profile_credentials{"", files}},
                            {.transport = curl_transport{direct}}};
    work(of_profile);
    const client of_variables{{.endpoint = url,
                               .credentials = auth::environment_credentials{environment{
                                   {"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", secret_key}, {"AWS_SESSION_TOKEN", token}}}},
                              {.transport = curl_transport{direct}}};
    work(of_variables);
  }
  watching = false;

  std::remove(path);
  ::kill(server, SIGTERM);
  ::waitpid(server, nullptr, 0);
  if (found != 0) std::fprintf(stderr, "%d freed blocks hold a secret\n", found.load());
  return found == 0 && all_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
