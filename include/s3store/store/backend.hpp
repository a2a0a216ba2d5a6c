// How can an object store use any transport? `backend_transport` hides the transport's type: libcurl, the embedded S3, or one of a
// test's. So the transport can be chosen at run time.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <s3store/http/transport.hpp>

namespace s3store::inline S3STORE_ABI {

enum class store_backend : std::uint8_t {
  s3,        ///< AWS, or any server that speaks S3, over libcurl
  embedded,  ///< the S3 of transports/embedded.hpp, in this process
};

constexpr std::string_view to_string(store_backend b) noexcept { return b == store_backend::embedded ? "embedded" : "s3"; }

/// Any transport. Copies share one transport; it may be used from as many threads as that transport allows. `perform` on an empty
/// one fails (configuration).
class backend_transport {
 public:
  backend_transport() = default;
  template <http::transport T>
    requires(!std::same_as<T, backend_transport>)
  explicit backend_transport(T of) : behind_(std::make_shared<model<T>>(std::move(of))) {}

  explicit operator bool() const noexcept { return behind_ != nullptr; }
  http::outcome perform(http::exchange x) const {
    if (!behind_) return detail::fail(error_kind::configuration, "the backend_transport holds no transport");
    return behind_->perform(std::move(x));
  }

 private:
  struct any {
    virtual ~any() = default;
    virtual http::outcome perform(http::exchange x) = 0;
  };
  template <class T>
  struct model final : any {
    explicit model(T t) : of(std::move(t)) {}
    http::outcome perform(http::exchange x) override { return of.perform(std::move(x)); }
    T of;
  };
  std::shared_ptr<any> behind_{};
};

static_assert(http::transport<backend_transport>);

}  // namespace s3store::inline S3STORE_ABI
