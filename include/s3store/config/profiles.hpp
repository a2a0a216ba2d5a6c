// What do the two shared files say about a profile? They are read together: ~/.aws/credentials, then ~/.aws/config, and of a key that both
// have, the first counts, with all of its nested properties. A key without a value counts as absent, and the other file's is taken
// (botocore takes the empty one). https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/config/environment.hpp>
#include <s3store/config/files.hpp>
#include <s3store/config/ini.hpp>
#include <s3store/core/result.hpp>

namespace s3store::inline S3STORE_ABI::config {

/// A value, and the place that it was read from. The value is valid as long as the files are.
struct found_value {
  std::string_view value{};
  std::string place{};  ///< "s3 addressing_style in line 3 of /home/me/.aws/config"

  explicit operator bool() const noexcept { return !value.empty(); }
};

/// The two files. Their text is wiped when this is destroyed.
class profiles {
 public:
  /// Reads the files, each of which may be missing; see config/files.hpp for where they are. Fails with error_kind::configuration if one is
  /// malformed (the message names the file and the line), and with error_kind::io if one cannot be read.
  static result<profiles> load(const environment& from);

  /// What the files say about one profile, or a part of it. It refers to the files, which must outlive it.
  class profile {
   public:
    explicit operator bool() const noexcept { return in_credentials_ || in_config_; }
    const std::string& name() const noexcept { return name_; }
    const ini_section* in_credentials() const noexcept { return in_credentials_; }
    const ini_section* in_config() const noexcept { return in_config_; }

    /// Empty if the key is absent, or empty in both files.
    std::string_view get(std::string_view key) const noexcept { return get(key, {}); }
    /// Of a nested property: get("s3", "addressing_style").
    std::string_view get(std::string_view key, std::string_view nested) const noexcept;
    /// The same with its place.
    found_value find(std::string_view key, std::string_view nested = {}) const;
    /// Where the profile is, for messages: `the profile "x" in /home/me/.aws/config`.
    std::string place() const;

   private:
    friend profiles;
    const profiles* of_{};
    std::string name_{};
    std::string_view kind_{};
    const ini_section* in_credentials_{};
    const ini_section* in_config_{};
  };

  /// False if neither file has it.
  profile find(std::string_view name) const;
  /// A `[sso-session name]` or `[services name]` of the config file.
  profile sso_session(std::string_view name) const { return of_kind("sso-session", name); }
  profile services(std::string_view name) const { return of_kind("services", name); }

  /// The paths that were looked at, for messages; empty if there is no home directory.
  std::string looked_at() const;

 private:
  profile of_kind(std::string_view kind, std::string_view name) const;

  std::string credentials_path_{}, config_path_{};
  ini_document credentials_{}, config_{};
};

/// The name of the profile that is in use: `chosen`, else the variables' (config/files.hpp), else "default"; and whether somebody chose it:
/// then it must exist.
struct profile_choice {
  std::string name{};
  bool chosen{};
};
profile_choice profile_in_use(std::string_view chosen, const environment& from);

}  // namespace s3store::inline S3STORE_ABI::config

#ifdef S3STORE_DEFINITIONS
#include <s3store/config/profiles_impl.hpp>
#endif
