// How is the embedded server constructed? The definition for transports/embedded.hpp.
#pragma once

#include <memory>
#include <utility>

#include <s3store/transports/embedded.hpp>
#include <s3store/transports/embedded/server.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

template <class Options>
std::shared_ptr<service> make_service(Options options) {
  return std::make_shared<server<store>>(std::move(options));
}

#ifdef S3STORE_IMPLEMENTATION
template std::shared_ptr<service> make_service<embedded_options>(embedded_options);
#endif

}  // namespace s3store::inline S3STORE_ABI::embedded
