// How are the providers tried one after the other? The definitions for default_credentials.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <s3store/auth/container.hpp>
#include <s3store/auth/default_credentials.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/auth/profile_impl.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/config/profile_environment.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {

class default_fetch final : public sequence {
 public:
  default_fetch(std::string name, environment from, const profile_credentials& profile, const instance_metadata_credentials& instance)
      : name_(std::move(name)), from_(std::move(from)), profile_(profile), instance_(instance) {}

 private:
  enum class at : std::uint8_t { start, profile, container, instance };

  void advance() override {
    if (at_ == at::start) {
      at_ = at::profile;
      if (name_.empty()) {
        auto found = environment_credentials{from_}.load(now().wall);
        if (settles(found)) return conclude(std::move(found));
      }
      return await(machine_of(profile_.fetch()));
    }
    if (settles(fetched())) {
      // Whoever has no credentials at all, on a machine where something else answers at an instance's address, is told of the other places.
      if (!fetched() && !tried_.empty()) fetched().error().message.append(" (before that: ").append(tried_).append(")");
      return conclude(std::move(fetched()));
    }
    if (at_ == at::profile) {
      at_ = at::container;
      return await(machine_of(container_credentials{from_}.fetch()));
    }
    if (at_ == at::container) {
      at_ = at::instance;
      auto all = config::with_profile_in_use(from_, name_);  // which may say where the service is
      if (!all) return conclude(std::move(all.error()));
      return await(machine_of(instance_.with(std::move(*all)).fetch()));
    }
    conclude(none_here(concat({"no credentials: ", tried_})));
  }
  bool settles(const result<credentials>& found) {
    if (found || !is_none_here(found.error())) return true;
    tried_.append(tried_.empty() ? "" : "; ").append(found.error().message);
    return false;
  }

  std::string name_;
  environment from_;
  profile_credentials profile_;
  instance_metadata_credentials instance_;
  at at_{};
  std::string tried_{};
};

}  // namespace detail

S3STORE_INLINE any_fetch default_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::default_fetch>(name_, from_, profile_, instance_)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
