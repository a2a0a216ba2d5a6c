// All checksum algorithms of S3, with values to compare with, and a client's policies that know them all.
#pragma once

#include <string>
#include <string_view>

#include <s3store/crypto/xxhash.hpp>
#include <s3store/operations/types.hpp>
#include <s3store/protocol/policies.hpp>
#include <s3store/transfer/parts.hpp>

namespace test {

using namespace s3store;

/// Of "hello", by Python's zlib, hashlib and xxhash; CRC32C and CRC64NVME bit by bit in Python.
struct checksum_case {
  crypto::checksum_algorithm algorithm{};
  std::string_view of_hello{};

  std::string name() const { return std::string(crypto::name(algorithm)); }
  std::string header() const { return std::string(crypto::header_name(algorithm)); }
  std::string value() const { return std::string(of_hello); }
  /// The right size, and wrong for "hello".
  std::string wrong() const {
    std::string out{of_hello};
    out[0] = out[0] == 'A' ? 'B' : 'A';
    return out;
  }
  types::checksum_algorithm member() const { return types::checksum_algorithm{crypto::name(algorithm)}; }
  std::string& in(auto& structure) const { return checksum_member(structure, algorithm); }
};

inline constexpr checksum_case checksum_cases[] = {
    {crypto::checksum_algorithm::crc32, "NhCmhg=="},
    {crypto::checksum_algorithm::crc32c, "mnG7TA=="},
    {crypto::checksum_algorithm::crc64nvme, "M3eFcAZSQlc="},
    {crypto::checksum_algorithm::sha1, "qvTGHdzF6KLavt4PO0gs2a6pQ00="},
    {crypto::checksum_algorithm::sha256, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="},
    {crypto::checksum_algorithm::sha512,
     "m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw=="},
    {crypto::checksum_algorithm::md5, "XUFAKrxLKna5cZ2REBfFkg=="},
    {crypto::checksum_algorithm::xxhash64, "JseCfYifbaM="},
    {crypto::checksum_algorithm::xxhash3, "lVXoVVxi3P0="},
    {crypto::checksum_algorithm::xxhash128, "tenBrQcbPn/Hec+qXlI4GA=="},
};
static_assert(std::size(checksum_cases) == crypto::checksum_algorithms.size());

/// A bundle of policies, and xxHash with it.
template <class Policies>
struct knowing_all : Policies {
  using checksums = crypto::with_xxhash<checksums_always>;
};

}  // namespace test
