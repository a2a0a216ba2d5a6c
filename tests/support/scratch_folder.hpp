#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace testing_support {

/// The names in a folder, without "." and "..".
inline std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> out;
  if (DIR* const open = ::opendir(folder.c_str())) {
    while (const dirent* const entry = ::readdir(open))
      if (const std::string name = entry->d_name; name != "." && name != "..") out.push_back(name);
    ::closedir(open);
  }
  return out;
}

/// A folder that goes with the test, and with all that is in it.
class scratch_folder {
 public:
  explicit scratch_folder(const std::string& in = "/tmp") : path_(in + "/s3store-test-XXXXXX") {
    if (!::mkdtemp(path_.data())) throw std::runtime_error("the test cannot make a folder in " + in);
  }
  ~scratch_folder() { remove(path_); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  /// No file that the library makes holds the secret key of the tests' embedded S3: neither its root, nor a bundle, nor what was downloaded.
  static void check(const std::string& file) {
    struct ::stat about {};
    if (::stat(file.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return;
    std::FILE* const open = std::fopen(file.c_str(), "rb");
    if (!open) return;
    std::string text(1 << 20, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), open));
    std::fclose(open);
    if (text.find("embedded-secret") == std::string::npos) return;
    std::fprintf(stderr, "the file %s holds a secret key\n", file.c_str());
    std::abort();
  }
  static void remove(const std::string& path) {
    for (const std::string& name : names_in(path)) {
      const std::string inside = path + "/" + name;
      check(inside);
      if (std::remove(inside.c_str()) != 0) remove(inside);
    }
    std::remove(path.c_str());
  }
  std::string path_;
};

}  // namespace testing_support
