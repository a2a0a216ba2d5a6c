// Where are the files that settings come from, and what do they hold? In ~/.aws, unless a variable names another place.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <s3store/config/environment.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>

namespace s3store::inline S3STORE_ABI::config {

namespace detail {
using namespace s3store::detail;
struct file_closer {
  void operator()(std::FILE* f) const noexcept { static_cast<void>(std::fclose(f)); }
};
inline constexpr std::size_t small_file = std::size_t{1} << 20;
}  // namespace detail

/// The bytes of a small file; nothing if there is no such file. Fails with error_kind::io if it cannot be read or has more than
/// `max_bytes` bytes. The text may hold a secret: no other copy of it is left in memory.
inline result<std::optional<std::string>> read_file_if_present(const std::string& path,
                                                               std::size_t max_bytes = detail::small_file) {
  const auto broken = [&path](int code) {
    return detail::fail(error_kind::io, {"cannot read the file ", path, ": ", std::generic_category().message(code)});
  };
  errno = 0;
  const detail::owned<std::FILE, detail::file_closer> file{std::fopen(path.c_str(), "rb")};
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
  if (!file) return broken(errno);
  std::setvbuf(file.get(), nullptr, _IONBF, 0);  // stdio's own buffer would keep a copy
  std::string text(4096, '\0');
  std::size_t size = 0;
  for (;;) {
    const std::size_t got = std::fread(text.data() + size, 1, text.size() - size, file.get());
    if (got == 0) break;
    size += got;
    if (size > max_bytes) {
      detail::wipe(text.data(), size);
      return detail::fail(error_kind::io, {"the file ", path, " is larger than the ", detail::decimal(max_bytes), " bytes accepted"});
    }
    if (size != text.size()) continue;
    std::string larger(2 * size, '\0');
    larger.replace(0, size, text);
    detail::wipe(text.data(), size);
    text = std::move(larger);
  }
  if (std::ferror(file.get())) {
    const int why = errno;
    detail::wipe(text.data(), size);
    return broken(why);
  }
  text.resize(size);
  return std::optional<std::string>{std::move(text)};
}

/// The same, but also fails with error_kind::io if there is no such file.
inline result<std::string> read_file(const std::string& path, std::size_t max_bytes = detail::small_file) {
  auto text = read_file_if_present(path, max_bytes);
  if (!text) return std::move(text.error());
  if (!*text) return detail::fail(error_kind::io, {"there is no file ", path});
  return std::move(**text);
}

/// HOME, or USERPROFILE if that is unset, as on Windows; nothing if both are unset or empty.
inline std::optional<std::string> home_directory(const environment& env) {
  auto home = env.get_nonempty("HOME");
  return home ? home : env.get_nonempty("USERPROFILE");
}

/// Replaces a `~` that is the whole path or is followed by a slash by the home directory; unchanged if there is no home directory.
inline std::string expand_home(std::string_view path, const environment& env) {
  const bool tilde = path == "~" || path.starts_with("~/");
  const auto home = tilde ? home_directory(env) : std::nullopt;
  return home ? detail::concat({*home, path.substr(1)}) : std::string(path);
}

namespace detail {
inline std::optional<std::string> shared_file(const environment& env, std::string_view variable, std::string_view in_home) {
  if (const auto named = env.get_nonempty(variable)) return expand_home(*named, env);
  if (const auto home = home_directory(env)) return detail::concat({*home, in_home});
  return std::nullopt;
}
}  // namespace detail

/// AWS_CONFIG_FILE, or ~/.aws/config; nothing without both it and a home directory. Only botocore replaces variables in it ("$HOME/x").
inline std::optional<std::string> shared_config_path(const environment& env) {
  return detail::shared_file(env, "AWS_CONFIG_FILE", "/.aws/config");
}
/// AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/credentials; nothing if there is neither such a variable nor a home directory.
inline std::optional<std::string> shared_credentials_path(const environment& env) {
  return detail::shared_file(env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
}

/// AWS_DEFAULT_PROFILE, else AWS_PROFILE, as botocore and the AWS CLI (other SDKs know only the second); nothing if both are unset. The
/// profile is then "default", which, unlike a named one, need not exist.
inline std::optional<std::string> chosen_profile(const environment& env) {
  auto named = env.get_nonempty("AWS_DEFAULT_PROFILE");
  return named ? named : env.get_nonempty("AWS_PROFILE");
}

}  // namespace s3store::inline S3STORE_ABI::config
