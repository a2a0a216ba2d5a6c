// How does an EC2 instance get credentials? From its metadata service, version 2, which gives them for the instance's role.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <s3store/auth/fetching.hpp>
#include <s3store/config/environment.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/time.hpp>

namespace s3store::inline S3STORE_ABI::auth {

struct instance_metadata_options {
  std::string endpoint{"http://169.254.169.254"};  ///< without a path; for IPv6 "http://[fd00:ec2::254]"
  bool disabled{};                                 ///< true: `none_here`, and nothing is sent
  /// Use version 1, without a token, where the service refuses to give one. AWS's own tools do so by default, which lets a request that
  /// an attacker makes a server send read the credentials; here it has to be wanted.
  bool allow_version_1{};
  duration limit{std::chrono::seconds{1}};  ///< for each step of an exchange; so a machine without the service costs that long
  int attempts{1};

  /// AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT and AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE (IPv4 or IPv6),
  /// AWS_METADATA_SERVICE_TIMEOUT (seconds) and AWS_METADATA_SERVICE_NUM_ATTEMPTS. Fails with error_kind::configuration if one is malformed.
  static result<instance_metadata_options> from_environment(const environment& from = environment::process());
};

namespace detail {
using namespace s3store::detail;
/// What the copies of a provider know of the service.
struct instance_metadata_state {
  struct known {
    void forked() noexcept {}  // all of it is as good in the child

    std::mutex guard{};
    secret_string token{};
    timestamp token_expires{};
    bool old_path{};           ///< the service does not have the path whose answers tell the account
    steady_time absent_until{};  ///< nobody answered, so nobody is asked until then
  };
  /// Reads or changes it, while no other thread does.
  template <class F>
  void with(F f) {
    known& it = kept.get();
    const std::lock_guard hold{it.guard};
    f(it);
  }
  detail::per_process<known> kept{};
};
}  // namespace detail

/// Fails as `none_here` if nobody answers at the endpoint, and then does not ask again for a minute; and with error_kind::credentials if
/// the service refuses, or has no role. The token lasts six hours, and is shared by the copies of a provider, as is what is known of
/// the service. The credentials may be used after they have expired as long as the service has no new ones. No proxy is used.
class instance_metadata_credentials {
 public:
  /// With options that are read from the environment at every fetch; it fails if they cannot be.
  explicit instance_metadata_credentials(environment from = environment::process())
      : from_(std::move(from)), state_(std::make_shared<detail::instance_metadata_state>()) {}
  explicit instance_metadata_credentials(instance_metadata_options options)
      : options_(std::move(options)), state_(std::make_shared<detail::instance_metadata_state>()) {}
  any_fetch fetch() const;

  /// A provider with other variables that shares what is known of the service.
  instance_metadata_credentials with(environment other) const {
    instance_metadata_credentials out = *this;
    out.from_ = std::move(other);
    return out;
  }

 private:
  environment from_{};
  std::optional<instance_metadata_options> options_{};
  std::shared_ptr<detail::instance_metadata_state> state_;
};

}  // namespace s3store::inline S3STORE_ABI::auth

#ifdef S3STORE_DEFINITIONS
#include <s3store/auth/instance_metadata_impl.hpp>
#endif
