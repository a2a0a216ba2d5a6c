// Does a failed allocation cost the call that it happens in, and no more?
//
// Each piece of work is done again and again; the first time its first allocation fails, then its second, and so on, until it gets through
// without a failure. Allocations are those of this program, of OpenSSL, libcurl and pugixml, on this thread. Every time the work must end with the
// right result, an error of kind out_of_memory or std::bad_alloc, and right after that it must succeed with the same objects.
//
// A program of its own, because it replaces the functions that allocate.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <string>
#include <string_view>

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <pugixml.hpp>

#include <s3store/drive/loop.hpp>
#include <s3store/s3store.hpp>

#include "support/raw_server.hpp"

namespace {

thread_local long countdown = 0;  // the allocation that fails; 0: none
thread_local bool has_failed = false;

bool fails() noexcept {
  if (countdown == 0 || --countdown != 0) return false;
  return has_failed = true;
}
void* allocate(std::size_t n) noexcept { return fails() ? nullptr : std::malloc(n); }

}  // namespace

void* operator new(std::size_t n) {
  void* const p = allocate(n == 0 ? 1 : n);
  if (!p) throw std::bad_alloc{};
  return p;
}
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n == 0 ? 1 : n); }
void* operator new[](std::size_t n) { return ::operator new(n); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace {

using namespace s3store;

struct in_process : default_policies {
  using transport = embedded_transport;
};
struct by_script : default_policies {
  using transport = scripted_transport;
};
using client_type = basic_client<in_process>;

int failures = 0;
void check(bool holds, std::string_view work, long n, std::string_view what) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "%.*s, allocation %ld: %.*s\n", static_cast<int>(work.size()), work.data(), n, static_cast<int>(what.size()), what.data());
}

/// What became of a piece of work: nothing, if it succeeded with the right result.
using outcome = std::optional<error>;
template <class T>
outcome of(const result<T>& r, bool right = true) {
  if (!r) return r.error();
  if (!right) return detail::fail(error_kind::integrity, "a wrong result");
  return std::nullopt;
}

outcome attempt(const std::function<outcome()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return detail::out_of_memory();
  } catch (const s3_error& e) {
    return e.error();
  }
}

void try_all(std::string_view name, const std::function<outcome()>& work) {
  check(!attempt(work), name, 0, "fails without a cause");
  long n = 0;
  do {
    ++n;
    has_failed = false;
    countdown = n;
    const outcome first = attempt(work);
    countdown = 0;
    if (first) {
      check(has_failed, name, n, "an error without a cause");
      check(first->kind == error_kind::out_of_memory, name, n, "another error: " + first->describe());
    }
    const outcome second = attempt(work);
    check(!second, name, n, "the next call fails: " + (second ? second->describe() : ""));
  } while (has_failed && n < 100'000);
  std::printf("%.*s: %ld allocations\n", static_cast<int>(name.size()), name.data(), n - 1);
}

}  // namespace

int main() {
  if (CRYPTO_set_mem_functions([](std::size_t n, const char*, int) { return allocate(n); },
                               [](void* p, std::size_t n, const char*, int) -> void* {
                                 if (n == 0) return std::free(p), nullptr;
                                 return fails() ? nullptr : std::realloc(p, n);
                               },
                               [](void* p, const char*, int) { std::free(p); }) != 1)
    return std::fprintf(stderr, "OpenSSL has allocated already\n"), 1;
  pugi::set_memory_management_functions([](std::size_t n) { return allocate(n); }, [](void* p) { std::free(p); });

  curl_global_init_mem(
      CURL_GLOBAL_DEFAULT, [](std::size_t n) { return allocate(n); }, [](void* p) { std::free(p); },
      [](void* p, std::size_t n) -> void* { return fails() ? nullptr : std::realloc(p, n); },
      [](const char* text) -> char* { return fails() ? nullptr : ::strdup(text); },
      [](std::size_t n, std::size_t size) -> void* { return fails() ? nullptr : std::calloc(n, size); });

  const embedded_s3 server;
  const auto keys = embedded_options{}.credentials.front();
  const client_type s3{{.endpoint = "http://s3.test", .credentials = keys}, {.transport = embedded_transport{server}}};
  const client_type over_tls{{.endpoint = "https://s3.test", .credentials = keys}, {.transport = embedded_transport{server}}};
  s3.create_bucket({.bucket = "bucket"}).value();
  const std::string key = "a key of some length, so that it is on the heap", large(300'000, 'x');
  for (int i = 0; i != 3; ++i) s3.put_object({.bucket = "bucket", .key = key + std::to_string(i), .body = "hello"}).value();
  s3.put_object({.bucket = "bucket", .key = "large", .body = large}).value();

  try_all("a small object is put", [&] { return of(s3.put_object({.bucket = "bucket", .key = key, .body = "hello", .metadata = {{"name", "value"}}})); });
  try_all("signed chunks", [&] {
    http::memory_source from{large};
    return of(s3.put_object({.bucket = "bucket", .key = key, .body = from}));
  });
  try_all("an unsigned trailer", [&] {
    http::memory_source from{large};
    return of(over_tls.put_object({.bucket = "bucket", .key = key, .body = from, .checksum_algorithm = types::checksum_algorithm::sha256}));
  });
  try_all("an object is read", [&] {
    const auto got = s3.get_object({.bucket = "bucket", .key = "large"});
    return of(got, got && got->body == large && got.meta().integrity == integrity::verified);
  });
  try_all("an object is read by a function", [&] {
    std::size_t size = 0;
    const auto got = s3.get_object({.bucket = "bucket", .key = "large"}, [&size](std::span<const std::byte> bytes) { size += bytes.size(); });
    return of(got, size == large.size());
  });
  try_all("a page of a listing", [&] {
    const auto page = s3.list_objects_v2({.bucket = "bucket", .prefix = "a key"});
    return of(page, page && page->contents.size() >= 3);
  });
  try_all("an error", [&] {
    const auto got = s3.get_object({.bucket = "bucket", .key = "nothing"});
    if (got) return outcome{detail::fail(error_kind::integrity, "an object that is not there")};
    return got.error().code == "NoSuchKey" ? outcome{} : outcome{got.error()};
  });
  try_all("several objects are deleted", [&] {
    return of(s3.delete_objects({.bucket = "bucket", .delete_ = {.objects = {{.key = "x"}, {.key = "y"}}}}));
  });
  try_all("an upload in parts", [&] {
    return of(upload(s3, {.object = {.bucket = "bucket", .key = "parts", .body = std::string(6u << 20, 'p')}, .part_size = 5u << 20}));
  });
  try_all("a presigned URL", [&] {
    const auto url = s3.presign(get_object_request{.bucket = "bucket", .key = key}, std::chrono::seconds{60});
    return of(url, url && url->url.find("X-Amz-Signature=") != std::string::npos);
  });
  try_all("a form", [&] { return of(s3.presign_post("bucket", key, std::chrono::seconds{60})); });
  try_all("keys of another day", [&] {
    const client_type fresh{{.endpoint = "http://s3.test", .credentials = keys}, {.transport = embedded_transport{server}}};
    return of(fresh.head_object({.bucket = "bucket", .key = "large"}));
  });
  try_all("a retry", [&] {
    scripted_transport script;
    script.answer(500, {}, "<Error><Code>InternalError</Code><Message>a message that is on the heap</Message></Error>")
        .answer(200, {{"ETag", "\"e1\""}, {"Content-Length", "5"}}, "hello");
    const basic_client<by_script> client{{.endpoint = "http://s3.test", .credentials = keys},
                                         {.transport = script, .retry = exponential_backoff{{.base = duration::zero()}}}};
    const auto got = client.get_object({.bucket = "bucket", .key = key});
    return of(got, got && got->body == "hello");
  });
  const testing_support::raw_server http([](testing_support::peer& p) {
    while (const auto request = p.read_request()) p.answer(200, request->starts_with("GET") ? "hello" : "", "ETag: \"e1\"\r\n");
  });
  const client over_http{{.endpoint = http.url(""), .credentials = keys}};
  try_all("over HTTP", [&] {
    const auto got = over_http.get_object({.bucket = "bucket", .key = key});
    if (!got || got->body != "hello") return of(got, false);
    http::memory_source from{large};
    return of(over_http.put_object({.bucket = "bucket", .key = key, .body = from}));
  });
  try_all("over HTTP on the loop", [&] {
    curl_loop loop;
    const head_object_request request{.bucket = "bucket", .key = "large"};
    sans_io::call<head_object_request, default_policies> machine{request, over_http.shared(), {}};
    std::optional<result<head_object_response>> end;
    loop_driver driver{over_http.shared(), loop};
    driver.start(machine, [&end](auto r) { end.emplace(std::move(r)); });
    driver.run();
    return end ? of(*end) : outcome{detail::fail(error_kind::integrity, "it never ended")};
  });
  try_all("a call on the loop", [&] {
    embedded_transport loop{server};
    const head_object_request request{.bucket = "bucket", .key = "large"};
    sans_io::call<head_object_request, in_process> machine{request, s3.shared(), {}};
    std::optional<result<head_object_response>> end;
    loop_driver driver{s3.shared(), loop};
    driver.start(machine, [&end](auto r) { end.emplace(std::move(r)); });
    driver.run();
    return end ? of(*end) : outcome{detail::fail(error_kind::integrity, "it never ended")};
  });
  return failures == 0 ? 0 : 1;
}
