// Which provider do a profile's keys name? The definitions for profile.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/assume_role.hpp>
#include <s3store/auth/assume_role_impl.hpp>
#include <s3store/auth/container.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/auth/login.hpp>
#include <s3store/auth/process.hpp>
#include <s3store/auth/profile.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/auth/sso.hpp>
#include <s3store/config/profile_environment.hpp>
#include <s3store/config/profiles.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {

/// The machine of credentials that are there already.
class ready_fetch final : public sequence {
 public:
  explicit ready_fetch(result<credentials> found) : found_(std::move(found)) {}

 private:
  void advance() override { conclude(std::move(found_)); }
  result<credentials> found_;
};

using machine_of_profile = std::unique_ptr<fetching>;
inline machine_of_profile ready(result<credentials> r) { return std::make_unique<ready_fetch>(std::move(r)); }
inline machine_of_profile machine_of(any_fetch f) { return machine_of_profile{std::move(f).release()}; }

/// Finds the machine for a profile. What is wrong with it becomes the result of the machine.
class profile_resolver {
 public:
  profile_resolver(const config::profiles& files, environment from, const mfa_prompt& ask, const instance_metadata_credentials& instance)
      : files_(files), from_(std::move(from)), ask_(ask), instance_(instance) {}

  /// `use_variables`: those for web identity come before the profile's keys.
  machine_of_profile find(const config::profiles::profile& p, bool use_variables) {
    visited_.push_back(p.name());
    if (has_role(p)) return role_of(p);
    return without_role(p, use_variables);
  }

 private:
  using profile = config::profiles::profile;

  static error wrong(const profile& p, std::initializer_list<std::string_view> why) {
    return detail::fail(error_kind::configuration, {p.place(), " ", concat(why)});
  }
  static bool has_role(const profile& p) { return !p.get("role_arn").empty() && p.get("web_identity_token_file").empty(); }
  static bool has_keys(const profile& p) { return !p.get("aws_access_key_id").empty() || !p.get("aws_secret_access_key").empty(); }

  // --- assuming a role -----------------------------------------------------------------------------------------------------------

  machine_of_profile role_of(const profile& p) {
    const auto source = p.get("source_profile"), named = p.get("credential_source");
    if (!source.empty() && !named.empty()) return ready(wrong(p, {"has both source_profile and credential_source; a role has one of them"}));
    if (source.empty() && named.empty()) return ready(wrong(p, {"has role_arn, and neither source_profile nor credential_source, which say whose keys ask for the role"}));
    role wanted{.role_arn = std::string(p.get("role_arn")),
                .role_session_name = std::string(p.get("role_session_name")),
                .external_id = std::string(p.get("external_id")),
                .mfa_serial = std::string(p.get("mfa_serial")),
                .mfa_token = ask_};
    if (const auto duration = p.find("duration_seconds")) {
      const auto seconds = parse_integer<std::int64_t>(duration.value);
      if (!seconds || *seconds < 900 || *seconds > 43'200)
        return ready(detail::fail(error_kind::configuration, {duration.place, " must be a number of seconds from 900 to 43200, and is ", shown_value(duration.value)}));
      wanted.duration = std::chrono::seconds{*seconds};
    }
    auto at = sts_endpoint::from_environment(from_);
    if (!at) return ready(std::move(at.error()));
    auto keys = source.empty() ? keys_of_source(p, named) : keys_of_profile(p, source);
    return std::make_unique<assume_role_fetch>(std::move(keys), std::move(wanted), std::move(*at));
  }
  machine_of_profile keys_of_source(const profile& p, std::string_view named) {
    if (named == "Environment") {
      auto found = environment_credentials{from_}.load({});
      if (!found && is_none_here(found.error())) return ready(wrong(p, {"has credential_source = Environment, and ", found.error().message}));
      return ready(std::move(found));
    }
    if (named == "EcsContainer") return machine_of(container_credentials{from_}.fetch());
    if (named == "Ec2InstanceMetadata") return machine_of(instance_.with(from_).fetch());
    return ready(wrong(p, {"has a credential_source that is none of Environment, Ec2InstanceMetadata and EcsContainer"}));
  }
  machine_of_profile keys_of_profile(const profile& p, std::string_view name) {
    const auto source = files_.find(name);
    if (!source) return ready(wrong(p, {"has source_profile = ", name, ", and there is no such profile"}));
    for (const std::string& before : visited_)
      if (before == name && (name != p.name() || !has_keys(source))) return ready(circle(p, name));
    const bool again = name == p.name();
    if (!again) visited_.emplace_back(name);
    if (!has_keys(source) && has_role(source)) return role_of(source);
    return without_role(source, false);
  }
  error circle(const profile& p, std::string_view name) const {
    std::string names;
    for (const std::string& one : visited_) names.append(one).append(" -> ");
    return wrong(p, {"closes a circle of profiles that name each other as source_profile: ", names, name});
  }

  // --- everything else -----------------------------------------------------------------------------------------------------------

  machine_of_profile without_role(const profile& p, bool use_variables) {
    if (auto found = web_identity(p, use_variables)) return found;
    if (auto found = sso(p)) return found;
    if (auto found = keys_in(p.in_credentials(), p)) return found;
    if (const auto session = p.get("login_session"); !session.empty()) return login(session);
    if (const auto command = p.get("credential_process"); !command.empty()) return machine_of(process_credentials{std::string(command)}.fetch());
    if (auto found = keys_in(p.in_config(), p)) return found;
    return ready(none_here(concat({p.place(), " has no aws_access_key_id, role_arn, sso_session, login_session or credential_process"})));
  }

  machine_of_profile web_identity(const profile& p, bool use_variables) {
    const auto value = [&](std::string_view variable, std::string_view key) {
      auto set = use_variables ? from_.get_nonempty(variable) : std::nullopt;
      return set ? std::move(*set) : std::string(p.get(key));
    };
    std::string file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    if (file.empty()) return nullptr;
    role wanted{.role_arn = value("AWS_ROLE_ARN", "role_arn"), .role_session_name = value("AWS_ROLE_SESSION_NAME", "role_session_name")};
    if (wanted.role_arn.empty())
      return ready(detail::fail(error_kind::configuration, "there is a web identity token file, and neither AWS_ROLE_ARN nor role_arn says which role it is for"));
    auto at = sts_endpoint::from_environment(from_);
    if (!at) return ready(std::move(at.error()));
    return machine_of(web_identity_credentials{std::move(file), std::move(wanted), std::move(*at)}.fetch());
  }

  machine_of_profile sso(const profile& p) {
    if (p.get("sso_account_id").empty() && p.get("sso_role_name").empty()) return nullptr;
    sso_login wanted{.session = std::string(p.get("sso_session")),
                     .start_url = std::string(p.get("sso_start_url")),
                     .region = std::string(p.get("sso_region")),
                     .account_id = std::string(p.get("sso_account_id")),
                     .role_name = std::string(p.get("sso_role_name"))};
    if (!wanted.session.empty()) {
      const auto session = files_.sso_session(wanted.session);
      if (!session) return ready(wrong(p, {"has sso_session = ", wanted.session, ", and there is no [sso-session ", wanted.session, "]"}));
      for (auto* const member : {&wanted.start_url, &wanted.region}) {
        const std::string_view key = member == &wanted.region ? "sso_region" : "sso_start_url";
        const auto own = session.get(key);
        if (!member->empty() && !own.empty() && *member != own) return ready(wrong(p, {"has another ", key, " than its sso_session"}));
        if (!own.empty()) *member = own;
      }
    }
    for (const auto& [member, key] : {std::pair{&wanted.start_url, "sso_start_url"}, std::pair{&wanted.region, "sso_region"},
                                      std::pair{&wanted.account_id, "sso_account_id"}, std::pair{&wanted.role_name, "sso_role_name"}})
      if (member->empty()) return ready(wrong(p, {"logs in with SSO, and has no ", key}));
    auto portal = config::configured_endpoint(from_, "SSO"), oidc = config::configured_endpoint(from_, "SSO_OIDC");
    if (!portal) return ready(std::move(portal.error()));
    wanted.portal = std::move(*portal);
    wanted.oidc = std::move(*oidc);
    return machine_of(sso_credentials{std::move(wanted), from_}.fetch());
  }

  machine_of_profile login(std::string_view session) {
    auto at = config::configured_endpoint(from_, "SIGNIN");
    if (!at) return ready(std::move(at.error()));
    console_login wanted{.session = std::string(session), .endpoint = std::move(*at)};
    if (auto set = region(); !set.empty()) wanted.region = std::move(set);
    return machine_of(login_credentials{std::move(wanted), from_}.fetch());
  }

  static machine_of_profile keys_in(const config::ini_section* section, const profile& p) {
    if (!section) return nullptr;
    constexpr std::string_view id = "aws_access_key_id", secret = "aws_secret_access_key", token = "aws_session_token";
    const auto take = [section](std::string_view key) { return section->get(key).value_or(std::string_view{}); };
    credentials found{std::string(take(id)), take(secret), take(token)};
    found.account_id = take("aws_account_id");
    const std::string place = p.place();
    if (auto whole = check_complete(found, {place, id, secret, token}); !whole) return ready(std::move(whole.error()));
    return found.anonymous() ? nullptr : ready(std::move(found));
  }

  /// Empty if none is set.
  std::string region() const {
    for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
      if (auto set = from_.get_nonempty(name)) return std::move(*set);
    return {};
  }

  const config::profiles& files_;
  environment from_;  // with the settings of the profile in use
  const mfa_prompt& ask_;
  const instance_metadata_credentials& instance_;
  std::vector<std::string> visited_{};
};

class profile_fetch final : public sequence {
 public:
  profile_fetch(std::string profile, environment from, mfa_prompt ask, instance_metadata_credentials instance)
      : profile_(std::move(profile)), from_(std::move(from)), ask_(std::move(ask)), instance_(std::move(instance)) {}

 private:
  void advance() override {
    if (std::exchange(found_, true)) return conclude(std::move(fetched()));
    auto files = config::profiles::load(from_);
    if (!files) return conclude(std::move(files.error()));
    const auto [name, must_exist] = config::profile_in_use(profile_, from_);
    const auto p = files->find(name);
    if (!p && must_exist) return conclude(detail::fail(error_kind::configuration, {"there is no profile \"", name, "\" in ", files->looked_at()}));
    const bool use_variables = profile_.empty();
    if (!p && !(use_variables && from_.get_nonempty("AWS_WEB_IDENTITY_TOKEN_FILE"))) {
      const std::string looked = files->looked_at();
      return conclude(none_here(looked.empty() ? std::string("there is no home directory to look for profiles in")
                                               : concat({"there is no profile \"", name, "\" in ", looked})));
    }
    await(profile_resolver{*files, config::with_profile(from_, *files, p), ask_, instance_}.find(p, use_variables));
  }

  std::string profile_;
  environment from_;
  mfa_prompt ask_;
  instance_metadata_credentials instance_;
  bool found_{};
};

}  // namespace detail

S3STORE_INLINE any_fetch profile_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::profile_fetch>(profile_, from_, ask_, instance_)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
