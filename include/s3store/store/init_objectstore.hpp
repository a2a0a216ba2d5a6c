// Which store does the environment name? The one that S3_BUCKET_NAME and its companions describe, in S3 or in this process.
//
// This header brings the embedded S3 along. A program that never uses it compiles faster with object_store.hpp alone:
//   s3store::object_store store{s3store::object_store_settings::from_environment().value()};
#pragma once

#include <utility>

#include <s3store/store/object_store.hpp>
#include <s3store/transports/embedded.hpp>

namespace s3store::inline v0 {

/// A store for these settings, not connected yet. With the embedded backend the store brings its server with it: its objects are in
/// `embedded_root`, or in memory for as long as the store lives, and it takes the credentials of the settings alone, whatever those
/// are. Throws (configuration, io) where a setting is missing or malformed, or the root cannot be used.
template <class P = store_policies>
basic_object_store<P> init_objectstore(object_store_settings s) {
  if (s.backend == store_backend::embedded && !s.transport) {
    embedded_options options{.root = s.embedded_root, .region = s.region};
    if (s.credentials.anonymous()) {
      s.credentials = options.credentials.front();
    } else {
      options.credentials = {s.credentials};
    }
    const embedded_s3 server{std::move(options)};
    if (server.unusable().kind != error_kind::none) throw s3_error{server.unusable()};
    s.transport = backend_transport{embedded_transport{server}};
    if (s.endpoint_url.empty()) s.endpoint_url = "http://s3.embedded";
    s.use_accelerate = false;
  }
  if (auto fault = s.fault()) throw s3_error{std::move(*fault)};
  return basic_object_store<P>{std::move(s)};
}

/// The same for what these variables say; see store_settings.hpp.
template <class P = store_policies>
basic_object_store<P> init_objectstore(const environment& variables = environment::process()) {
  return init_objectstore<P>(object_store_settings::from_environment(variables).value());
}

}  // namespace s3store::inline v0
