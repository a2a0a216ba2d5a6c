// What does a FIPS build of OpenSSL look like to the library? Like one that has SHA-1, SHA-256 and SHA-512, and no MD5.
//
//   test::fips_openssl here;   // for this thread; whatever hashes must be made after it, and gone before it
//
// The digests are a provider's that hands them on to the real ones. It is alone in the context that the thread gets as its default.
#pragma once

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include <cstddef>

#include "support/catch.hpp"

namespace test {

class fips_openssl {
 public:
  fips_openssl() {
    REQUIRE(context_);
    REQUIRE(OSSL_PROVIDER_add_builtin(context_, "no-md5", start) == 1);
    provider_ = OSSL_PROVIDER_load(context_, "no-md5");
    REQUIRE(provider_);
    before_ = OSSL_LIB_CTX_set0_default(context_);
  }
  ~fips_openssl() {
    OSSL_LIB_CTX_set0_default(before_);
    OSSL_PROVIDER_unload(provider_);
    OSSL_LIB_CTX_free(context_);
  }
  fips_openssl(const fips_openssl&) = delete;
  fips_openssl& operator=(const fips_openssl&) = delete;

 private:
  using function = void (*)();
  template <class F>
  static function erased(F* f) noexcept {
    return reinterpret_cast<function>(f);
  }

  struct sha1 {
    static constexpr const char* name = "SHA1";
    static constexpr std::size_t size = 20, block = 64;
  };
  struct sha256 {
    static constexpr const char* name = "SHA2-256";
    static constexpr std::size_t size = 32, block = 64;
  };
  struct sha512 {
    static constexpr const char* name = "SHA2-512";
    static constexpr std::size_t size = 64, block = 128;
  };

  /// One running digest, a real one; `real` is the context that has those.
  template <class Digest>
  struct running {
    static void* make(void* real) {
      EVP_MD* const md = EVP_MD_fetch(static_cast<OSSL_LIB_CTX*>(real), Digest::name, nullptr);
      EVP_MD_CTX* const context = EVP_MD_CTX_new();
      EVP_DigestInit_ex2(context, md, nullptr);
      EVP_MD_free(md);
      return context;
    }
    static void drop(void* p) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(p)); }
    static void* copy(void* p) {
      EVP_MD_CTX* const out = EVP_MD_CTX_new();
      EVP_MD_CTX_copy_ex(out, static_cast<EVP_MD_CTX*>(p));
      return out;
    }
    static int init(void* p, const OSSL_PARAM*) { return EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(p), nullptr, nullptr); }
    static int update(void* p, const unsigned char* bytes, std::size_t n) {
      return EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(p), bytes, n);
    }
    static int finish(void* p, unsigned char* out, std::size_t* size, std::size_t) {
      *size = Digest::size;
      return EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(p), out, nullptr);
    }
    static int facts(OSSL_PARAM* into) {
      if (OSSL_PARAM* const p = OSSL_PARAM_locate(into, OSSL_DIGEST_PARAM_SIZE)) OSSL_PARAM_set_size_t(p, Digest::size);
      if (OSSL_PARAM* const p = OSSL_PARAM_locate(into, OSSL_DIGEST_PARAM_BLOCK_SIZE)) OSSL_PARAM_set_size_t(p, Digest::block);
      return 1;
    }
    static const OSSL_DISPATCH* table() {
      static const OSSL_DISPATCH all[] = {{OSSL_FUNC_DIGEST_NEWCTX, erased(make)},   {OSSL_FUNC_DIGEST_FREECTX, erased(drop)},
                                          {OSSL_FUNC_DIGEST_DUPCTX, erased(copy)},   {OSSL_FUNC_DIGEST_INIT, erased(init)},
                                          {OSSL_FUNC_DIGEST_UPDATE, erased(update)}, {OSSL_FUNC_DIGEST_FINAL, erased(finish)},
                                          {OSSL_FUNC_DIGEST_GET_PARAMS, erased(facts)}, {0, nullptr}};
      return all;
    }
  };

  static const OSSL_ALGORITHM* digests(void*, int operation, int* no_cache) {
    static const OSSL_ALGORITHM all[] = {{"SHA1:SHA-1", "fips=yes", running<sha1>::table(), nullptr},
                                         {"SHA2-256:SHA-256:SHA256", "fips=yes", running<sha256>::table(), nullptr},
                                         {"SHA2-512:SHA-512:SHA512", "fips=yes", running<sha512>::table(), nullptr},
                                         {nullptr, nullptr, nullptr, nullptr}};
    *no_cache = 0;
    return operation == OSSL_OP_DIGEST ? all : nullptr;
  }
  static void stop(void* real) { OSSL_LIB_CTX_free(static_cast<OSSL_LIB_CTX*>(real)); }
  static int start(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** ours, void** real) {
    static const OSSL_DISPATCH all[] = {
        {OSSL_FUNC_PROVIDER_TEARDOWN, erased(stop)}, {OSSL_FUNC_PROVIDER_QUERY_OPERATION, erased(digests)}, {0, nullptr}};
    *ours = all;
    *real = OSSL_LIB_CTX_new();
    return 1;
  }

  OSSL_LIB_CTX* context_{OSSL_LIB_CTX_new()};
  OSSL_PROVIDER* provider_{};
  OSSL_LIB_CTX* before_{};
};

}  // namespace test
