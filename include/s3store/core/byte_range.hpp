// Which bytes of an object? Those from a first to a last one, both included.
#pragma once

#include <cstdint>

#include <s3store/core/version.hpp>

namespace s3store::inline S3STORE_ABI {

/// Bytes of an object, both ends included: {0, 1023} are its first 1,024.
struct byte_range {
  std::uint64_t first{};
  std::uint64_t last{};
};

}  // namespace s3store::inline S3STORE_ABI
