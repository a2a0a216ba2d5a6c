// Object stores without a network, whose time stands still: over a script, and over an embedded S3.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/store/object_store.hpp>
#include <s3store/transports/scripted.hpp>
#include <s3store/transports/scripted_time.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

namespace test {

using namespace s3store;

/// The store's own policies, settings and all; only time is a test's.
struct store_time {
  manual_clock clock{};
  recording_sleeper sleeper{clock};

  /// One for each test case: made anew by `scripted_store`.
  static store_time& now() {
    static auto* const it = new store_time;
    return *it;
  }
};
struct still_clock {
  instants now() const { return store_time::now().clock.now(); }
};
struct still_sleeper {
  result<void> sleep_until(steady_time until, const cancel_token& stop) const { return store_time::now().sleeper.sleep_until(until, stop); }
};
struct still_policies : store_policies {
  using clock = still_clock;
  using sleeper = still_sleeper;
};
using still_store = basic_object_store<still_policies>;

/// A connected store whose server plays a script.
struct scripted_store {
  explicit scripted_store(object_store_settings s = {}) : server(fresh_clock()), store(with(std::move(s))) { store.connect(); }

  std::vector<duration> waits() const { return store_time::now().sleeper.waits(); }

  scripted_transport server;
  still_store store;

 private:
  static manual_clock fresh_clock() {
    store_time::now() = store_time{};
    return store_time::now().clock;
  }
  object_store_settings with(object_store_settings s) const {
    if (s.bucket_name.empty()) s.bucket_name = "b-1";
    if (s.endpoint_url.empty()) s.endpoint_url = "http://s3.test";
    if (s.credentials.anonymous()) s.credentials = {"id", "secret"};
    s.transport = backend_transport{server};
    s.variables = environment{};
    return s;
  }
};

}  // namespace test
