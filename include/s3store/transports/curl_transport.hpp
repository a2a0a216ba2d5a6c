// How do many threads share libcurl? Each exchange takes a loop from a pool and returns it afterwards, with its connection still
// open.
#pragma once

#include <s3store/core/owned.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_settings.hpp>

namespace s3store::inline S3STORE_ABI {

namespace curl_detail {
class pool;  // curl_transport_impl.hpp
struct pool_deleter {
  void operator()(pool* p) const noexcept;
};
}  // namespace curl_detail

/// Models `http::transport` and `http::makes_loops`: `perform` may be called from several threads at once. The constructor does not initialise libcurl.
/// Must not be moved while `perform` runs. Each loop in the pool keeps one connection and is used again for the same scheme, host
/// and port. The most recently used loop is taken first, so that connections which are no longer needed stay idle and are closed.
///
/// After fork, parent and child may both go on with it. The child opens connections of its own and leaves the parent's alone, even if
/// other threads were using them. If a source, sink or receiver forks, its exchange goes on in the parent; in the child, `perform` fails
/// with error_kind::cancelled once that function has returned. Connections that other threads were using stay open in the child until it
/// ends.
class curl_transport {
 public:
  explicit curl_transport(curl_settings settings = {});

  /// Trusts only the authorities of this PEM file from now on, unless the settings name some. Must not be called while `perform` runs.
  void trust(std::string ca_bundle);

  /// Performs the exchange on this thread, and returns when it has finished. Failures are in the outcome. Throws std::bad_alloc,
  /// and s3_error of kind transport if libcurl can't be initialised.
  http::outcome perform(http::exchange what);

  /// A loop with the same settings. Throws std::bad_alloc, and s3_error of kind transport if libcurl can't be initialised.
  curl_loop make_loop() const;

 private:
  detail::owned<curl_detail::pool, curl_detail::pool_deleter> pool_;
};

static_assert(http::makes_loops<curl_transport>);

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/transports/curl_transport_impl.hpp>
#endif
