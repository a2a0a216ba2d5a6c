// How are folders made, listed and removed, and small files replaced? With the system's own calls.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#ifdef _WIN32
#include <direct.h>
#include <io.h>
#else
#include <dirent.h>
#include <unistd.h>
#endif

#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/file.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

inline error folder_failure(std::string_view what, const std::string& path, int code) {
  return detail::fail(error_kind::io, {"cannot ", what, " ", path, ": ", std::generic_category().message(code)});
}

/// Makes the folder and its parents; succeeds if it exists.
inline result<void> make_folder(const std::string& path) {
#ifdef _WIN32
  const auto make = [](const std::string& p) { return ::_mkdir(p.c_str()); };
#else
  const auto make = [](const std::string& p) { return ::mkdir(p.c_str(), 0777); };
#endif
  if (make(path) == 0 || errno == EEXIST) return {};
  const auto slash = path.find_last_of('/');
  if (errno != ENOENT || slash == std::string::npos || slash == 0) return folder_failure("make the folder", path, errno);
  if (auto above = make_folder(path.substr(0, slash)); !above) return above;
  if (make(path) != 0 && errno != EEXIST) return folder_failure("make the folder", path, errno);
  return {};
}

/// The names in a folder except "." and "..", in no particular order.
inline result<std::vector<std::string>> list_folder(const std::string& path) {
  std::vector<std::string> out;
  const auto take = [&out](std::string_view name) {
    if (name != "." && name != "..") out.emplace_back(name);
  };
#ifdef _WIN32
  _finddata_t found{};
  const auto handle = ::_findfirst((path + "/*").c_str(), &found);
  if (handle == -1) return folder_failure("list the folder", path, errno);
  do take(found.name);
  while (::_findnext(handle, &found) == 0);
  ::_findclose(handle);
#else
  DIR* const folder = ::opendir(path.c_str());
  if (!folder) return folder_failure("list the folder", path, errno);
  while (const dirent* const entry = ::readdir(folder)) take(entry->d_name);
  ::closedir(folder);
#endif
  return out;
}

inline result<void> remove_folder(const std::string& path) {
#ifdef _WIN32
  const int done = ::_rmdir(path.c_str());
#else
  const int done = ::rmdir(path.c_str());
#endif
  if (done != 0 && errno != ENOENT) return folder_failure("remove the folder", path, errno);
  return {};
}

/// Creates or replaces a file by renaming a new one, so that a reader sees the whole old or the whole new text. It does not wait for
/// the disk: after a crash of the system, the newest records may be missing or empty.
inline result<void> replace_file(const std::string& path, std::string_view text) {
  const std::string next = path + ".next";
  {
    auto file = http::detail::file::open(next, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return std::move(file.error());
    if (auto written = file->write(detail::as_bytes(text)); !written) return written;
    if (auto closed = file->close(); !closed) return closed;
  }
  return http::detail::rename_over(next, path);
}

}  // namespace s3store::inline S3STORE_ABI::embedded
