// Is what is signed what is sent? A server on loopback keeps the bytes that arrive. botocore, and the embedded S3, then compute the
// signature from those bytes, with nothing else known of how the request came about.
#include <s3store/client.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/transports/embedded_impl.hpp>

#include <array>
#include <fstream>
#include <random>
#include <sstream>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/python.hpp"
#include "support/raw_server.hpp"

using namespace s3store;
using testing_support::peer;
using testing_support::raw_server;

namespace {

constexpr const char* access_key = "embedded";
constexpr const char* secret_key = "embedded-secret";

std::string_view first_line(std::string_view request) { return request.substr(0, request.find("\r\n")); }

/// What the embedded S3 says of the bytes. `host` stands for the Host field, if it is not empty.
embedded_answer judged(const embedded_s3& s3, std::string_view bytes, std::string_view host = {}) {
  embedded_request r;
  const auto end = bytes.find("\r\n\r\n");
  r.body = bytes.substr(end + 4);
  const auto line = first_line(bytes);
  const auto space = line.find(' ');
  r.method = line.substr(0, space);
  r.target = line.substr(space + 1, line.rfind(' ') - space - 1);
  detail::split(bytes.substr(line.size() + 2, end - line.size()), '\n', [&](std::string_view field) {
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = field.substr(0, colon);
    r.fields.add(name, !host.empty() && detail::equal_ignoring_case(name, "Host") ? host : detail::trim(field.substr(colon + 1)));
  });
  return s3.serve(std::move(r));
}

/// Everything a request can be made of, the same on every run.
class generator {
 public:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  template <std::size_t N>
  std::string_view one_of(const std::string_view (&list)[N]) {
    return list[below(N)];
  }

  std::string key() {
    constexpr std::string_view parts[] = {"a", "b/", "//", "../", "./", " ", "+", "%", "%41", "?", "#", "&", "=", "~", "\"", "'", "(1)", "*",
                                          "[x]", "{", "|", "\\", "<", "^", "`", "$", "@", ":", ",", ";", "!", "\t", "\n", "\x01", "\x7f",
                                          "gr\xc3\xbcn", "\xf0\x9f\x98\x80", "-._~", "\xff"};
    std::string out;
    for (std::size_t n = 1 + below(5); n != 0; --n) out.append(one_of(parts));
    return out;
  }
  std::string value() {
    constexpr std::string_view parts[] = {"", " ", "  ", "\t", " \t ", "a", "b c", "a  b", "a\tb", "x,y", "\"q  r\"", ";", ":", "=", "100%",
                                          "text/plain; charset=utf-8", "=?UTF-8?B?Zm9v?=", "1", "-", "~!@#$^&*()_+{}|<>?"};
    std::string out;
    for (std::size_t n = below(4); n != 0; --n) out.append(one_of(parts));
    return out;
  }
  call_options options() {
    constexpr std::string_view names[] = {"x-amz-meta-a",   "X-Amz-Meta-B", "x-amz-meta-a-b", "X-AMZ-STORAGE-CLASS", "Cache-Control",
                                          "Content-Type",   "Accept",       "Accept-Encoding", "Content-Language",   "Cookie",
                                          "Referer",        "X-Zed",        "a",               "x-a.b_c~!#$%&'*+^`|", "If-Modified-Since",
                                          "User-Agent",     "Content-Disposition", "Accept-Language", "Expect"};
    constexpr std::string_view parameters[] = {"x", "X", "a b", "a+b", "x-id", "\xc3\xbc", "acl2", "~", "!", "a/b", "%", "response-content-type"};
    call_options out;
    for (std::size_t n = below(6); n != 0; --n) out.fields.set(one_of(names), value());
    if (below(12) == 0) out.fields.set("Host", one_of({"other.example.com:81", "OTHER.Example.com", "127.0.0.1:80"}));
    for (std::size_t n = below(4); n != 0; --n) out.query.add(one_of(parameters), key());
    out.max_attempts = 1;
    return out;
  }

 private:
  std::mt19937_64 random_{20130524};
};

/// Sends a request of some kind. What comes of it does not matter here.
template <class Client>
void send_some(const Client& s3, generator& make) {
  const std::string key = make.key();
  const auto options = make.options();
  switch (make.below(6)) {
    case 0: return static_cast<void>(s3.get_object({.bucket = "bucket", .key = key}, options));
    case 1: return static_cast<void>(s3.head_object({.bucket = "bucket", .key = key}, options));
    case 2: return static_cast<void>(s3.put_object({.bucket = "bucket", .key = key, .body = make.key()}, options));
    case 3: return static_cast<void>(s3.delete_object({.bucket = "bucket", .key = key}, options));
    case 4: return static_cast<void>(s3.list_objects_v2({.bucket = "bucket", .prefix = key, .delimiter = "/"}, options));
    default: return static_cast<void>(s3.list_buckets({}, options));
  }
}

struct arrived {
  std::string about{};
  std::string bytes{};
  std::string host{};  ///< what a proxy has in the request's target; empty without one
};

/// Lets both judge. Every request must be right.
void check_signatures(const std::vector<arrived>& all) {
  const embedded_s3 s3;
  std::string lines;
  for (const auto& one : all) {
    const auto answer = judged(s3, one.bytes, one.host);
    if (answer.body.find("SignatureDoesNotMatch") != std::string::npos || answer.body.find("not signed") != std::string::npos) {
      INFO(one.about << "\n" << one.bytes);
      CHECK(answer.body == "a right signature");
    }
    lines += nlohmann::json{{"about", one.about},
                            {"bytes", detail::base64(detail::as_bytes(one.bytes))},
                            {"secret", secret_key},
                            {"host", one.host.empty() ? nlohmann::json{} : nlohmann::json{one.host}[0]}}.dump() + "\n";
  }
  const char* const source = std::getenv("S3STORE_SOURCE_DIR");
  std::ifstream script{std::string(source ? source : ".") + "/tests/client/received_signatures.py"};
  std::stringstream program;
  program << script.rdbuf();
  CHECK(test::run_python(program.str(), lines) == std::to_string(all.size()) + "\n");
}

/// A SOCKS5 proxy that answers by itself, so that every host and port can be asked.
class socks_peer final : public peer {
 public:
  using peer::peer;

 protected:
  ssize_t receive_some(char* into, std::size_t size) override {
    if (!greeted_) {
      std::array<char, 512> block{};
      const auto read = [&](std::size_t n) { return exactly(block.data(), n); };
      // RFC 1928: the methods offered, "no authentication", the request with its address, "connected".
      if (!read(2) || !read(static_cast<unsigned char>(block[1])) || !write({"\x05\x00", 2}) || !read(4)) return -1;
      std::size_t address = block[3] == 1 ? 4 : 16;
      if (block[3] == 3) address = read(1) ? static_cast<unsigned char>(block[0]) : 0;
      if (!read(address + 2) || !write({"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10})) return -1;
      greeted_ = true;
    }
    return peer::receive_some(into, size);
  }

 private:
  bool exactly(char* at, std::size_t n) {
    while (n != 0) {
      const auto got = peer::receive_some(at, n);
      if (got <= 0) return false;
      at += got;
      n -= static_cast<std::size_t>(got);
    }
    return true;
  }
  bool greeted_{};
};
struct through {
  static inline curl_settings settings{};
};
/// The default policies, but through a proxy.
struct proxied : default_policies {
  struct transport : curl_transport {
    transport() : curl_transport(through::settings) {}
  };
};

constexpr auto serve = [](peer& p) {
  while (p.read_request())
    if (!p.answer(404, "")) return;
};

// Of each kind that libcurl, a resolver or a browser writes in another way, or might.
constexpr std::string_view endpoints[] = {"http://127.0.0.1",
                                          "http://127.1:9000",
                                          "http://127.0.1",
                                          "http://0x7f.1:9000",
                                          "http://0X7F.0.0.1",
                                          "http://0177.0.0.01:81",
                                          "http://2130706433:9000",
                                          "http://0x7f000001",
                                          "http://127.0.0.1.:9000",
                                          "http://[::1]:9000",
                                          "http://[0:0:0:0:0:0:0:1]:9000",
                                          "http://[0:0:0:0:0:0:0:1]",
                                          "http://[FE80:0000:0:0:00Ab::1]:9000",
                                          "http://[::ffff:127.0.0.1]:9000",
                                          "http://[2001:db8::0:1:0:0:1]",
                                          "http://localhost:9000",
                                          "http://LocalHost.EXAMPLE.com:9000",
                                          "http://s3.example.com.",
                                          "http://s3.example.com.:9000",
                                          "http://s3.example.com:80",
                                          "http://s3.example.com:0080",
                                          "http://s3.example.com:443",
                                          "http://my_host-1.local:09000",
                                          "http://xn--grn-hoa.example.com",
                                          "http://1.2.3.4.5:9000",
                                          "http://256.1.1.1:9000",
                                          "http://0x.example:9000",
                                          "http://s3.example.com:9000/a/../b/%2e%2F/C//",
                                          "http://s3.example.com/pr\xc3\xa4""fix/\"<x>\"/"};

}  // namespace

TEST_CASE("what is signed is what is sent: any host, header, query and key, as it arrives", "[client][curl][sigv4]") {
  const raw_server<decltype(serve), socks_peer> server{serve};
  through::settings = {};
  through::settings.proxy = "socks5h://" + server.authority();
  generator make;
  std::vector<arrived> all;
  for (const auto style : {addressing::automatic, addressing::virtual_host})
    for (const std::string_view endpoint : endpoints) {
      const basic_client<proxied> s3{{.endpoint = std::string(endpoint), .credentials = {access_key, secret_key}, .style = style}};
      for (int n = 0; n != 12; ++n) {
        const auto before = server.requests().size();
        send_some(s3, make);
        const auto now = server.requests();
        for (auto i = before; i != now.size(); ++i) all.push_back({std::string(endpoint), now[i]});
      }
    }
  CHECK(all.size() > 400);
  check_signatures(all);
}

TEST_CASE("behind an HTTP proxy, which writes Host itself, the signature is right, too", "[client][curl][sigv4]") {
  const raw_server server{serve};
  through::settings = {};
  through::settings.proxy = "http://" + server.authority();
  generator make;
  std::vector<arrived> all;
  for (const std::string_view endpoint : endpoints) {
    const basic_client<proxied> s3{{.endpoint = std::string(endpoint), .credentials = {access_key, secret_key}}};
    const auto before = server.requests().size();
    for (int n = 0; n != 4; ++n) {
      auto options = make.options();
      options.fields.erase("Host");
      static_cast<void>(s3.get_object({.bucket = "bucket", .key = make.key()}, options));
    }
    const auto now = server.requests();
    for (auto i = before; i != now.size(); ++i) {
      // RFC 9112, section 3.2.2: the proxy replaces Host by what is in the target, and the server gets the rest.
      const auto line = first_line(now[i]);
      const auto scheme = now[i].find("http://");
      REQUIRE(scheme < line.size());
      const auto path = now[i].find('/', scheme + 7);
      all.push_back({std::string(endpoint), now[i].substr(0, scheme) + now[i].substr(path), now[i].substr(scheme + 7, path - scheme - 7)});
    }
  }
  CHECK(all.size() == std::size(endpoints) * 4);
  check_signatures(all);
}
