#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace testing_support {

/// A file that goes with the test.
struct scratch_file {
  explicit scratch_file(std::string_view content) {
    const int fd = ::mkstemp(path.data());
    if (fd < 0 || ::write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
      throw std::runtime_error("the test cannot write a file in /tmp");
    ::close(fd);
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() { std::remove(path.c_str()); }
  std::string path{"/tmp/s3store-test-XXXXXX"};
};

}  // namespace testing_support
