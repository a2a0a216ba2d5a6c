// A file of so many bytes, which is gone at the end.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include <s3store/crypto/digest.hpp>

namespace bench {

class scratch_file {
 public:
  explicit scratch_file(std::uint64_t size) {
    const int file = ::mkstemp(path_.data());
    std::uint32_t x = 1;
    std::vector<char> block(std::size_t{1} << 20);
    for (char& c : block) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
    for (std::uint64_t at = 0; at != size;) {
      const auto n = ::write(file, block.data(), static_cast<std::size_t>((std::min)(size - at, std::uint64_t{block.size()})));
      if (n <= 0) throw std::system_error(errno, std::generic_category(), "the benchmark's file cannot be written");
      at += static_cast<std::uint64_t>(n);
    }
    ::close(file);
  }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() { ::unlink(path_.c_str()); }

  const std::string& path() const noexcept { return path_; }
  /// Reads it and computes its SHA-256.
  void hash() const {
    s3store::crypto::digest sha256{s3store::crypto::digest_algorithm::sha256};
    const int file = ::open(path_.c_str(), O_RDONLY);
    std::vector<std::byte> block(std::size_t{64} << 10);
    for (ssize_t n = 0; (n = ::read(file, block.data(), block.size())) > 0;) sha256.update({block.data(), static_cast<std::size_t>(n)});
    ::close(file);
    static_cast<void>(s3store::crypto::finish_sha256(sha256));
  }

 private:
  std::string path_ = "/tmp/s3store-benchmark-XXXXXX";
};

}  // namespace bench
