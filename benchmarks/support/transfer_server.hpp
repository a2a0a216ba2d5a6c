// Who takes and gives the large bodies of a benchmark? A process of its own, with a thread for each connection, which does nothing with
// what it is sent, and gives the same bytes again and again.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <s3store/core/encoding.hpp>
#include <s3store/core/text.hpp>
#include <s3store/crypto/checksum.hpp>

namespace bench {

/// The object that it gives to whoever asks for any: so many bytes of one pattern.
class transfer_server {
 public:
  explicit transfer_server(std::uint64_t object_size, bool tls = false) : size_(object_size) {
    std::uint32_t x = 1;
    for (char& c : pattern_) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
    s3store::crypto::checksum sum{s3store::crypto::checksum_algorithm::crc64nvme};
    for (std::uint64_t at = 0; at != size_;) {
      const auto n = static_cast<std::size_t>((std::min)(size_ - at, std::uint64_t{pattern_.size()}));
      sum.update(s3store::detail::as_bytes(pattern_).first(n));
      at += n;
    }
    checksum_ = sum.base64();
    if (tls) make_certificate();

    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t room = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener_, address, room) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, address, &room) != 0) fail();
    port_ = ntohs(at.sin_port);
    child_ = ::fork();
    if (child_ < 0) fail();
    if (child_ == 0) {
      serve();
      ::_exit(0);
    }
    ::close(listener_);
  }
  transfer_server(const transfer_server&) = delete;
  transfer_server& operator=(const transfer_server&) = delete;
  ~transfer_server() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    if (!authority_.empty()) ::unlink(authority_.c_str());
  }

  std::string url() const { return (context_ ? "https" : "http") + ("://127.0.0.1:" + std::to_string(port_)); }
  /// The file of the certificate that clients must trust; empty without TLS.
  const std::string& authority() const noexcept { return authority_; }

 private:
  [[noreturn]] static void fail() { throw std::system_error(errno, std::generic_category(), "the server of transfers does not start"); }

  void make_certificate() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), &X509_free};
    X509* const c = made.get();
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
    X509_gmtime_adj(X509_getm_notBefore(c), -3600);
    X509_gmtime_adj(X509_getm_notAfter(c), 36000);
    X509_set_pubkey(c, key.get());
    X509_NAME* const subject = X509_get_subject_name(c);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("s3store benchmark"), -1, -1, 0);
    X509_set_issuer_name(c, subject);
    X509_EXTENSION* const name = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(c, name, -1);
    X509_EXTENSION_free(name);
    X509_sign(c, key.get(), EVP_sha256());
    context_.reset(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    SSL_CTX_use_certificate(context_.get(), c);
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    char path[] = "/tmp/s3store-benchmark-XXXXXX";
    const int file = ::mkstemp(path);
    if (file < 0) fail();
    std::FILE* const out = ::fdopen(file, "w");
    PEM_write_X509(out, c);
    std::fclose(out);
    authority_ = path;
  }

  class connection {
   public:
    connection(int socket, SSL_CTX* context) : socket_(socket) {
      if (!context) return;
      tls_.reset(SSL_new(context));
      SSL_set_fd(tls_.get(), socket);
      usable_ = SSL_accept(tls_.get()) == 1;
    }
    ~connection() { ::close(socket_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    bool usable() const noexcept { return usable_; }
    std::ptrdiff_t read(char* into, std::size_t room) {
      return tls_ ? SSL_read(tls_.get(), into, static_cast<int>(room)) : ::recv(socket_, into, room, 0);
    }
    bool write(std::string_view bytes) {
      while (!bytes.empty()) {
        const std::ptrdiff_t n = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
      }
      return true;
    }

   private:
    struct free_tls {
      void operator()(SSL* p) const noexcept { SSL_free(p); }
    };
    int socket_;
    std::unique_ptr<SSL, free_tls> tls_{};
    bool usable_{true};
  };

  void serve() {
    ::signal(SIGPIPE, SIG_IGN);
    for (;;) {
      const int accepted = ::accept(listener_, nullptr, nullptr);
      if (accepted < 0) return;
      const int yes = 1;
      ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      std::thread([this, accepted] {
        connection c{accepted, context_.get()};
        std::string received;
        while (c.usable() && answer_one(c, received)) {
        }
      }).detach();
    }
  }

  bool answer_one(connection& c, std::string& received) const {
    char block[256 * 1024];
    std::size_t end{};
    while ((end = received.find("\r\n\r\n")) == std::string::npos) {
      const auto n = c.read(block, 16 * 1024);
      if (n <= 0) return false;
      received.append(block, static_cast<std::size_t>(n));
    }
    const std::string head = received.substr(0, end);
    received.erase(0, end + 4);
    auto left = s3store::detail::parse_integer<std::uint64_t>(value_of(head, "Content-Length")).value_or(0);
    const auto here = static_cast<std::size_t>((std::min)(left, std::uint64_t{received.size()}));
    received.erase(0, here);
    for (left -= here; left != 0;) {
      const auto n = c.read(block, static_cast<std::size_t>((std::min)(left, std::uint64_t{sizeof block})));
      if (n <= 0) return false;
      left -= static_cast<std::uint64_t>(n);
    }
    const std::string_view line{head.data(), head.find('\r')};
    if (line.starts_with("PUT ")) return c.write("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n");
    if (line.starts_with("POST ")) {
      const std::string document = line.find("?uploads") != std::string_view::npos
                                       ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
                                       : "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>";
      return c.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(document.size()) + "\r\n\r\n" + document);
    }
    return give(c, line.starts_with("GET "), value_of(head, "Range"));
  }
  bool give(connection& c, bool with_body, std::string_view range) const {
    std::uint64_t first = 0, last = size_ - 1;
    if (range.starts_with("bytes=")) {
      range.remove_prefix(6);
      const auto dash = range.find('-');
      first = s3store::detail::parse_integer<std::uint64_t>(range.substr(0, dash)).value_or(0);
      last = (std::min)(last, s3store::detail::parse_integer<std::uint64_t>(range.substr(dash + 1)).value_or(last));
    }
    std::string head = range.empty() ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(size_) + "\r\n";
    head += "ETag: \"e\"\r\nContent-Length: " + std::to_string(last - first + 1) + "\r\n";
    if (range.empty()) head += "x-amz-checksum-crc64nvme: " + checksum_ + "\r\nx-amz-checksum-type: FULL_OBJECT\r\n";
    if (!c.write(head + "\r\n")) return false;
    for (std::uint64_t at = first; with_body && at <= last;) {
      const auto in_pattern = static_cast<std::size_t>(at % pattern_.size());
      const auto n = static_cast<std::size_t>((std::min)(last + 1 - at, std::uint64_t{pattern_.size() - in_pattern}));
      if (!c.write({pattern_.data() + in_pattern, n})) return false;
      at += n;
    }
    return true;
  }

  static std::string_view value_of(std::string_view head, std::string_view name) {
    std::string_view found;
    s3store::detail::split(head, '\n', [&](std::string_view line) {
      const auto colon = (std::min)(line.find(':'), line.size());
      if (s3store::detail::equal_ignoring_case(line.substr(0, colon), name)) found = s3store::detail::trim(line.substr((std::min)(colon + 1, line.size())));
    });
    return found;
  }

  std::uint64_t size_;
  std::string pattern_ = std::string(std::size_t{1} << 20, '\0');
  std::string checksum_{};
  std::shared_ptr<SSL_CTX> context_{};
  std::string authority_{};
  int listener_{-1};
  int port_{};
  pid_t child_{};
};

}  // namespace bench
