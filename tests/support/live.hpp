// Which servers do the live tests run against? The embedded S3 in this process, and every real one that the environment names. One test
// program serves all of them: a client here is the library's own, over a transport that forwards to whichever it is (see live.cpp).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"

#include <s3store/client/client.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>

namespace live {

using namespace s3store;

struct any_transport {
  std::function<http::outcome(http::exchange)> perform_{};
  http::outcome perform(http::exchange x) const { return perform_(std::move(x)); }
};

struct policies : default_policies {
  using transport = any_transport;
  using credentials = auth::static_credentials;
};
using client = basic_client<policies>;

/// A server, and what is known to be different about it. A quirk is asserted like a feature: when the server changes, the test says so.
struct target {
  std::string name{};
  settings set{};
  std::string access_key{};
  std::string secret_key{};
  std::function<http::outcome(http::exchange)> perform{};

  bool is(std::string_view server) const { return name == server; }
  client connect() const { return connect(set); }
  client connect(settings s) const { return connect(std::move(s), access_key, secret_key); }
  client connect(settings s, std::string access, std::string secret) const;
};

inline std::string variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value ? value : "";
}

/// The real server that the environment describes by variables with this name in them ("MINIO"). Nothing, where it was left out by name.
std::optional<target> real_server(const std::string& variables);

/// The embedded S3 and the real servers that check signatures.
const std::vector<target>& targets();

/// The value, or a failed test that says what the error was.
template <class T>
auto must(result<T> r) {
  if (!r) {
    INFO(r.error().describe());
    REQUIRE(r.has_value());
  }
  return std::move(*r);
}

inline std::string unique_name(std::string_view stem) {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return std::string(stem) + "-" + std::to_string(static_cast<unsigned long long>(now) % 1'000'000'000'000ull) + "-" + std::to_string(++count);
}

/// A bucket for one test, with everything in it gone afterwards.
class bucket {
 public:
  explicit bucket(const client& c, create_bucket_request how = {});
  bucket(const bucket&) = delete;
  bucket& operator=(const bucket&) = delete;
  ~bucket();
  const std::string& name() const noexcept { return name_; }
  operator const std::string&() const noexcept { return name_; }

 private:
  const client& client_;
  std::string name_;
};

/// Runs a test once for each server: `LIVE_TEST(t, c)` opens a section named after it, with a client `c` connected.
#define LIVE_TEST(t, c)                          \
  for (const live::target& t : live::targets()) \
    DYNAMIC_SECTION(t.name)                      \
      if (const live::client c = t.connect(); true)

}  // namespace live
