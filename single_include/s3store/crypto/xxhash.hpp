// Written by scripts/amalgamate.py: change the file of that name in include/, not this one.
//
// How are the xxHashes of S3 computed? With the xxHash library (0.8 or later). This header is optional: no other one includes it.
//
//   struct mine : s3store::default_policies {
//     using checksums = s3store::crypto::with_xxhash<s3store::checksums_always>;
//   };
//   client.put_object({…, .checksum_algorithm = s3store::types::checksum_algorithm::xxhash3});   // verified on the way back, too
//
// The program links with -lxxhash, or defines the xxHash library's XXH_INLINE_ALL, in all of its files or in none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>

#include <xxhash.h>

#include <s3store/s3store.hpp>

namespace s3store::inline S3STORE_ABI::crypto {

namespace detail {
using namespace s3store::detail;

// Each of these structs has one algorithm's functions under common names. The canonical form is big-endian, as S3 wants it.
struct xxh64_names {
  using state = XXH64_state_t;
  using canonical = XXH64_canonical_t;
  static state* make() noexcept { return XXH64_createState(); }
  struct deleter {
    void operator()(state* s) const noexcept { XXH64_freeState(s); }
  };
  static void reset(state* s) noexcept { XXH64_reset(s, 0); }
  static void update(state* s, const void* bytes, std::size_t size) noexcept { XXH64_update(s, bytes, size); }
  static void finish(const state* s, canonical& out) noexcept { XXH64_canonicalFromHash(&out, XXH64_digest(s)); }
};

struct xxh3_state {
  using state = XXH3_state_t;
  static state* make() noexcept { return XXH3_createState(); }
  struct deleter {
    void operator()(state* s) const noexcept { XXH3_freeState(s); }
  };
};
struct xxh3_names : xxh3_state {
  using canonical = XXH64_canonical_t;
  static void reset(state* s) noexcept { XXH3_64bits_reset(s); }
  static void update(state* s, const void* bytes, std::size_t size) noexcept { XXH3_64bits_update(s, bytes, size); }
  static void finish(const state* s, canonical& out) noexcept { XXH64_canonicalFromHash(&out, XXH3_64bits_digest(s)); }
};
struct xxh128_names : xxh3_state {
  using canonical = XXH128_canonical_t;
  static void reset(state* s) noexcept { XXH3_128bits_reset(s); }
  static void update(state* s, const void* bytes, std::size_t size) noexcept { XXH3_128bits_update(s, bytes, size); }
  static void finish(const state* s, canonical& out) noexcept { XXH128_canonicalFromHash(&out, XXH3_128bits_digest(s)); }
};

template <class Names>
class xxhash_checksum final : public further_checksum {
 public:
  xxhash_checksum() : state_(Names::make()) {
    if (!state_) throw std::bad_alloc{};
    reset();
  }
  void update(std::span<const std::byte> bytes) noexcept override {
    if (!bytes.empty()) Names::update(state_.get(), bytes.data(), bytes.size());
  }
  std::size_t finish(std::span<std::byte, digest::max_size> out) noexcept override {
    typename Names::canonical value{};
    Names::finish(state_.get(), value);
    std::copy_n(reinterpret_cast<const std::byte*>(value.digest), sizeof value.digest, out.begin());
    reset();
    return sizeof value.digest;
  }
  void reset() noexcept override { Names::reset(state_.get()); }

 private:
  std::unique_ptr<typename Names::state, typename Names::deleter> state_;
};

}  // namespace detail

/// The maker for xxHashes, for `checksum` and `embedded_options::further_checksums`. Null for other algorithms; throws
/// std::bad_alloc.
inline std::unique_ptr<further_checksum> make_xxhash(checksum_algorithm a) {
  switch (a) {
    case checksum_algorithm::xxhash64: return std::make_unique<detail::xxhash_checksum<detail::xxh64_names>>();
    case checksum_algorithm::xxhash3: return std::make_unique<detail::xxhash_checksum<detail::xxh3_names>>();
    case checksum_algorithm::xxhash128: return std::make_unique<detail::xxhash_checksum<detail::xxh128_names>>();
    default: return nullptr;
  }
}

/// Adds xxHash to a policy for checksums.
template <class Rules>
struct with_xxhash : Rules {
  checksum_maker further() const noexcept { return make_xxhash; }
};

}  // namespace s3store::inline S3STORE_ABI::crypto
