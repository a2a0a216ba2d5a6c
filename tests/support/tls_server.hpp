// The raw server behind TLS, with a certificate for 127.0.0.1 that is made on the spot and that nobody else has signed.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "support/raw_server.hpp"

namespace testing_support {

/// A key and the certificate that it signed itself.
class self_signed {
 public:
  /// `name` is a subjectAltName as OpenSSL writes it: "IP:127.0.0.1", "DNS:example.com".
  explicit self_signed(const std::string& name = "IP:127.0.0.1")
      : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    X509* const c = certificate_.get();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
    X509_gmtime_adj(X509_getm_notBefore(c), -3600);
    X509_gmtime_adj(X509_getm_notAfter(c), 3600);
    X509_set_pubkey(c, key_.get());
    X509_NAME* const subject = X509_get_subject_name(c);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("s3store test"), -1, -1, 0);
    X509_set_issuer_name(c, subject);
    for (const auto& [kind, value] :
         {std::pair{NID_subject_alt_name, name}, {NID_basic_constraints, std::string("critical,CA:TRUE")}}) {
      X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
      X509_add_ext(c, extension, -1);
      X509_EXTENSION_free(extension);
    }
    if (X509_sign(c, key_.get(), EVP_sha256()) == 0) throw std::runtime_error("the test cannot make a certificate");
  }

  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), &BIO_free};
    PEM_write_bio_X509(memory.get(), certificate_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }
  /// What a server needs, shared by its connections.
  std::shared_ptr<SSL_CTX> context() const {
    std::shared_ptr<SSL_CTX> out{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
    SSL_CTX_use_certificate(out.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(out.get(), key_.get());
    return out;
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

class tls_peer final : public peer {
 public:
  tls_peer(int socket, int number, std::mutex& guard, std::vector<std::string>& log, const std::shared_ptr<SSL_CTX>& context)
      : peer(socket, number, guard, log), context_(context), tls_(SSL_new(context.get()), &SSL_free) {
    // Through its own BIO pair of calls OpenSSL would write without MSG_NOSIGNAL, so memory stands between it and the socket.
    SSL_set_bio(tls_.get(), in_ = BIO_new(BIO_s_mem()), out_ = BIO_new(BIO_s_mem()));
    SSL_set_accept_state(tls_.get());
  }

 protected:
  ssize_t receive_some(char* into, std::size_t size) override {
    return run([&] { return SSL_read(tls_.get(), into, static_cast<int>(size)); });
  }
  ssize_t send_some(const char* from, std::size_t size) override {
    return run([&] { return SSL_write(tls_.get(), from, static_cast<int>(size)); });
  }

 private:
  template <class Step>
  ssize_t run(Step&& step) {
    for (;;) {
      ERR_clear_error();
      const int done = step();
      const int why = SSL_get_error(tls_.get(), done);
      if (!flush()) return -1;
      if (done > 0) return done;
      if (why != SSL_ERROR_WANT_READ) return -1;
      char block[16 * 1024];
      const auto n = peer::receive_some(block, sizeof block);
      if (n <= 0) return -1;
      BIO_write(in_, block, static_cast<int>(n));
    }
  }
  bool flush() {
    char* bytes = nullptr;
    std::string_view left{};
    const long size = BIO_get_mem_data(out_, &bytes);
    for (left = {bytes, static_cast<std::size_t>(size)}; !left.empty();) {
      const auto n = peer::send_some(left.data(), left.size());
      if (n <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(n));
    }
    static_cast<void>(BIO_reset(out_));
    return true;
  }

  std::shared_ptr<SSL_CTX> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  BIO* in_{};  // both belong to `tls_`
  BIO* out_{};
};

template <class Serve>
using tls_server = raw_server<Serve, tls_peer, std::shared_ptr<SSL_CTX>>;

}  // namespace testing_support
