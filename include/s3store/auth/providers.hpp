// Which credentials does this computer have? Those of the environment, else those of the profile in the shared files.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/chain.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/config/environment.hpp>
#include <s3store/config/files.hpp>
#include <s3store/config/ini.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and AWS_CREDENTIAL_EXPIRATION (a date), read at every fetch. Fails
/// with error_kind::credentials if only one of the keys is set, and with error_kind::configuration if the date is malformed.
class environment_credentials {
 public:
  explicit environment_credentials(environment from = environment::process()) : from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<environment_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    const auto take = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    credentials out{take("AWS_ACCESS_KEY_ID"), take("AWS_SECRET_ACCESS_KEY"), take("AWS_SESSION_TOKEN")};
    if (out.anonymous()) return none_here("the environment has no AWS_ACCESS_KEY_ID");
    if (out.access_key_id.empty() || out.secret_access_key.empty())
      return detail::fail(error_kind::credentials,
                  "the environment must have both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and has only one of them");
    if (const auto expires = from_.get_nonempty("AWS_CREDENTIAL_EXPIRATION")) {
      out.expires = parse_timestamp(*expires);
      if (!out.expires)
        return detail::fail(error_kind::configuration, "AWS_CREDENTIAL_EXPIRATION must be a date such as 2030-01-31T12:00:00Z");
    }
    return out;
  }

 private:
  environment from_;
};

/// The static keys of a profile, from the credentials file, else from the config file; read at every fetch. Fails with
/// error_kind::credentials if only one of the keys is there, with error_kind::configuration if a file is malformed or a profile
/// that was asked for by name is missing, and with error_kind::io if a file cannot be read.
class profile_credentials {
 public:
  /// `profile`: if empty, the one that AWS_PROFILE names, else "default".
  explicit profile_credentials(std::string profile = {}, environment from = environment::process())
      : profile_(std::move(profile)), from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<profile_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    std::string name = profile_;
    if (auto chosen = name.empty() ? config::chosen_profile(from_) : std::nullopt) name = std::move(*chosen);
    const bool is_chosen = !name.empty();
    if (!is_chosen) name = "default";
    const auto credentials_file = config::shared_credentials_path(from_), config_file = config::shared_config_path(from_);
    bool exists = false;
    std::string looked;
    for (const auto* path : {&credentials_file, &config_file}) {
      if (!*path) continue;
      looked.append(looked.empty() ? "" : " or ").append(**path);
      auto file = read(**path);
      if (!file) return result<credentials>::failed_as(std::move(file));
      const config::ini_section* const section = path == &config_file ? file->profile(name) : file->find(name);
      if (!section) continue;
      exists = true;
      const auto take = [section](std::string_view key) { return section->get(key).value_or(std::string_view{}); };
      credentials out{std::string(take("aws_access_key_id")), take("aws_secret_access_key"), take("aws_session_token")};
      if (out.access_key_id.empty() != out.secret_access_key.empty())
        return detail::fail(error_kind::credentials,
                    {"the profile \"", name, "\" in ", **path,
                     " must have both aws_access_key_id and aws_secret_access_key, and has only one of them"});
      if (!out.anonymous()) return out;
    }
    if (looked.empty()) return none_here("there is no home directory to look for profiles in");
    if (exists) return none_here(detail::concat({"the profile \"", name, "\" in ", looked, " has no aws_access_key_id"}));
    if (is_chosen) return detail::fail(error_kind::configuration, {"there is no profile \"", name, "\" in ", looked});
    return none_here(detail::concat({"there is no profile \"", name, "\" in ", looked}));
  }

 private:
  /// An empty document if there is no file.
  static result<config::ini_document> read(const std::string& path) {
    auto text = config::read_file_if_present(path);
    if (!text) return result<config::ini_document>::failed_as(std::move(text));
    if (!*text) return config::ini_document{};
    auto parsed = config::parse_ini(**text);
    detail::wipe((*text)->data(), (*text)->size());
    if (!parsed) parsed.error().message = detail::concat({"cannot read ", path, ": ", parsed.error().message});
    return parsed;
  }

  std::string profile_;
  environment from_;
};

/// Where a client looks if it is given no provider.
using default_credentials = credentials_chain<environment_credentials, profile_credentials>;

}  // namespace s3store::inline S3STORE_ABI::auth
