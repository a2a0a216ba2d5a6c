// How does a program get the store that the environment variables describe (S3_BUCKET_NAME and so on), in S3 or in this process?
// By init_objectstore().
//
// This header includes the embedded S3. A program that does not need it includes object_store.hpp, and writes:
//   s3store::object_store store{s3store::object_store_settings::from_environment().value()};
#pragma once

#include <utility>

#include <s3store/store/object_store.hpp>
#include <s3store/transports/embedded.hpp>

namespace s3store::inline S3STORE_ABI {

/// A store for these settings, not connected yet. With the embedded backend the store owns its server: objects are kept in
/// `embedded_root`, or in memory as long as the store lives, and the server accepts only the credentials of the settings. Throws
/// s3_error: configuration if a setting is missing or malformed, io if the root cannot be used.
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

/// The same with the settings of these environment variables; see store_settings.hpp.
template <class P = store_policies>
basic_object_store<P> init_objectstore(const environment& variables = environment::process()) {
  return init_objectstore<P>(object_store_settings::from_environment(variables).value());
}

#ifdef S3STORE_COMPILED
S3STORE_INSTANTIATE object_store init_objectstore<store_policies>(object_store_settings);
S3STORE_INSTANTIATE object_store init_objectstore<store_policies>(const environment&);
#endif

}  // namespace s3store::inline S3STORE_ABI
