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

namespace detail {
using namespace s3store::detail;

/// `key`, a setting in `place`, says that credentials come from somewhere that the library cannot ask yet.
inline error not_supported(std::string_view place, std::string_view key) {
  return detail::fail(error_kind::credentials,
                      {place, " has ", key, ", which says where credentials come from, and this version of the library cannot get them from there"});
}

/// The first key of a profile that says that its credentials come from elsewhere; empty if none does.
/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
inline std::string_view key_for_elsewhere(const config::ini_section& profile) noexcept {
  for (const config::ini_section::property& p : profile.properties) {
    if (p.value.reveal().empty()) continue;  // as an empty variable, it is not there
    for (const std::string_view key :
         {"role_arn", "source_profile", "credential_source", "web_identity_token_file", "credential_process", "login_session"})
      if (p.key == key) return p.key;
    if (p.key.starts_with("sso_")) return p.key;
  }
  return {};
}
}  // namespace detail

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, and AWS_CREDENTIAL_EXPIRATION (a date), read at every fetch. Fails
/// with error_kind::credentials if only one of the keys is set, if one of the three is white space alone, or if there are no keys
/// and AWS_WEB_IDENTITY_TOKEN_FILE says where others come from; and with error_kind::configuration if the date is malformed.
class environment_credentials {
 public:
  explicit environment_credentials(environment from = environment::process()) : from_(std::move(from)) {}

  auto fetch() const noexcept { return local_fetch<environment_credentials>{*this}; }
  result<credentials> load(timestamp) const {
    constexpr credential_names named{"the environment", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    const auto take = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    credentials out{take(named.access_key_id), take(named.secret_access_key), take(named.session_token)};
    if (auto whole = check_complete(out, named); !whole) return std::move(whole.error());
    if (out.anonymous()) {
      // The AWS SDKs look for the role before the profiles, so the keys of a profile are not those that were meant.
      if (from_.get_nonempty("AWS_WEB_IDENTITY_TOKEN_FILE"))
        return detail::not_supported("the environment", "AWS_WEB_IDENTITY_TOKEN_FILE");
      return none_here("the environment has no AWS_ACCESS_KEY_ID");
    }
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
/// error_kind::credentials if only one of the keys is there, or if the profile, in either file, has a key that says that its
/// credentials come from elsewhere (role_arn, sso_session, credential_process and the like), even if it has keys, too; with
/// error_kind::configuration if a file is malformed or a profile that was asked for by name is missing; and with error_kind::io if
/// a file cannot be read.
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
    credentials found;
    for (const auto* path : {&credentials_file, &config_file}) {
      if (!*path) continue;
      looked.append(looked.empty() ? "" : " or ").append(**path);
      auto file = read(**path);
      if (!file) return result<credentials>::failed_as(std::move(file));
      const config::ini_section* const section = path == &config_file ? file->profile(name) : file->find(name);
      if (!section) continue;
      exists = true;
      const std::string place = detail::concat({"the profile \"", name, "\" in ", **path});
      if (const auto key = detail::key_for_elsewhere(*section); !key.empty()) return detail::not_supported(place, key);
      if (!found.anonymous()) continue;
      constexpr std::string_view id = "aws_access_key_id", secret = "aws_secret_access_key", token = "aws_session_token";
      const auto take = [section](std::string_view key) { return section->get(key).value_or(std::string_view{}); };
      found = {std::string(take(id)), take(secret), take(token)};
      if (auto whole = check_complete(found, {place, id, secret, token}); !whole) return std::move(whole.error());
    }
    if (!found.anonymous()) return found;
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
