// A client of an embedded S3 whose time stands still: no network, no waiting, and the same answers every time.
#pragma once

#include <string>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/transports/scripted_time.hpp>

#include "support/catch.hpp"

namespace test {

using namespace s3store;

/// Those that it was given, or none: then requests go unsigned.
struct fixed_identity {
  auth::credentials who{};
  auto fetch() const noexcept { return auth::local_fetch<fixed_identity>{*this}; }
  result<auth::credentials> load(timestamp) const { return who; }
};

struct in_process : default_policies {
  using transport = embedded_transport;
  using retry = no_retry;
  using credentials = fixed_identity;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
};
using embedded_client = basic_client<in_process>;

/// A server, and clients of it. `expect` gives the value of a call that has to succeed.
struct embedded_world {
  explicit embedded_world(embedded_options options = {}) : server(with_clock(std::move(options), clock)), s3(client()) {}

  embedded_client client(settings s = {}, auth::credentials who = {"embedded", "embedded-secret"}) const {
    if (s.endpoint.empty()) s.endpoint = "http://s3.test";
    return embedded_client{std::move(s), {.transport = embedded_transport{server},
                                          .credentials = fixed_identity{std::move(who)},
                                          .clock = clock,
                                          .sleeper = recording_sleeper{clock}}};
  }
  /// A bucket of that name, with versions if wanted.
  void make_bucket(const std::string& name, bool versions = false) const {
    REQUIRE(s3.create_bucket({.bucket = name}));
    if (versions) set_versioning(name, types::bucket_versioning_status::enabled);
  }
  void set_versioning(const std::string& name, types::bucket_versioning_status state) const {
    REQUIRE(s3.put_bucket_versioning({.bucket = name, .versioning_configuration = {.status = std::move(state)}}));
  }
  put_object_response put(const std::string& bucket, const std::string& key, const std::string& body) const {
    auto r = s3.put_object({.bucket = bucket, .key = key, .body = body});
    REQUIRE(r);
    return std::move(*r);
  }
  /// The body, or the code of the error.
  std::string get(const std::string& bucket, const std::string& key, std::optional<std::string> version = {}) const {
    auto r = s3.get_object({.bucket = bucket, .key = key, .version_id = std::move(version)});
    return r ? r->body : r.error().code;
  }

  manual_clock clock{};
  embedded_s3 server;
  embedded_client s3;

 private:
  static embedded_options with_clock(embedded_options o, const manual_clock& c) {
    o.clock = c;
    return o;
  }
};

/// The error's code; "" for a success. A HEAD's error has none, so its status stands for it.
template <class T>
std::string code_of(const result<T>& r) {
  if (r) return "";
  return r.error().code.empty() ? std::to_string(r.error().status) : r.error().code;
}

}  // namespace test
