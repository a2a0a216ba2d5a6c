// An object store as a program has it, on a bucket of its own on each of the servers that the live tests run against.
#pragma once

#include <string>
#include <utility>

#include <s3store/store/object_store.hpp>

#include "support/live.hpp"
#include "support/thrown.hpp"

namespace live {

using test::thrown_by;

inline object_store_settings store_settings(const target& t, std::string bucket) {
  return {.bucket_name = std::move(bucket),
          .credentials = {t.access_key, t.secret_key},
          .endpoint_url = t.set.endpoint,
          .transport = backend_transport{any_transport{t.perform}},
          .variables = environment{}};
}

/// Connected; its bucket is not made yet. Whatever is in it at the end goes with it.
class own_store : public object_store {
 public:
  explicit own_store(const target& t) : object_store(store_settings(t, unique_name("s3store-store"))) { connect(); }
  own_store(const target& t, create_bucket_request how) : own_store(t) { create_bucket(std::move(how)); }
  own_store(own_store&&) = delete;
  own_store& operator=(own_store&&) = delete;
  ~own_store() {
    try {
      delete_bucket({.force = true, .bypass_governance_retention = true});
    } catch (const s3_error&) {  // the test has said what is wrong
    }
  }
};

/// Runs a test once for each server: `STORE_TEST(t, store)` opens a section named after it, with a store whose bucket is there.
#define STORE_TEST(t, store)                    \
  for (const live::target& t : live::targets()) \
    DYNAMIC_SECTION(t.name)                     \
      if (const live::own_store store{t, create_bucket_request{}}; true)

}  // namespace live
