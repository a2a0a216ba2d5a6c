// How do programs that know only HTTP reach an embedded S3? Through cpp-httplib, on 127.0.0.1 and a free port, with the bytes of the
// request as they came: a signature covers them.
//
// cpp-httplib means well: it cuts answers to the request's Range, takes forms apart, unpacks bodies, and decodes percent signs in header
// values. Each of these is undone or kept from happening here. What cannot be undone is a percent sign in other headers than
// x-amz-copy-source: such a request fails with SignatureDoesNotMatch.
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <s3store/transports/embedded.hpp>

namespace testing_support {

class embedded_http_server {
 public:
  explicit embedded_http_server(s3store::embedded_s3 s3) : s3_(std::move(s3)) {
    http_.set_tcp_nodelay(true);
    http_.set_keep_alive_max_count(1'000'000);
    http_.set_pre_routing_handler([](const httplib::Request& r, httplib::Response&) {
      keep_as_it_is(const_cast<httplib::Request&>(r));
      return httplib::Server::HandlerResponse::Unhandled;
    });
    const auto answer = [this](const httplib::Request& in, httplib::Response& out) { serve(in, out); };
    const char* const anything = R"([\s\S]*)";
    http_.Get(anything, answer).Put(anything, answer).Post(anything, answer).Delete(anything, answer).Options(anything, answer);
    port_ = http_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0) throw std::runtime_error("the test's server cannot listen on 127.0.0.1");
    runs_ = std::thread([this] { http_.listen_after_bind(); });
    while (!http_.is_running()) std::this_thread::yield();
    httplib::Client{"127.0.0.1", port_}.Get("/", {{probe, "%41"}});
  }
  ~embedded_http_server() {
    http_.stop();
    runs_.join();
  }
  embedded_http_server(const embedded_http_server&) = delete;
  embedded_http_server& operator=(const embedded_http_server&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  static constexpr const char* probe = "x-probe";
  /// Fields that would make cpp-httplib look into the body.
  static constexpr std::array hidden{"Content-Type", "Content-Encoding"};

  static void keep_as_it_is(httplib::Request& r) {
    r.ranges.clear();
    for (const char* const name : hidden) {
      if (!r.has_header(name)) continue;
      r.headers.emplace(std::string("hidden-") + name, r.get_header_value(name));
      r.headers.erase(name);
    }
  }

  void serve(const httplib::Request& in, httplib::Response& out) {
    if (in.has_header(probe)) {
      decodes_fields_ = in.get_header_value(probe) == "A";
      return;
    }
    s3store::embedded_request request{.method = in.method, .target = in.target, .body = in.body};
    for (const auto& [name, value] : in.headers) {
      constexpr std::string_view prefix = "hidden-";
      if (name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" || name == "LOCAL_PORT") continue;
      const std::string_view own =
          std::string_view{name}.starts_with(prefix) ? std::string_view{name}.substr(prefix.size()) : std::string_view{name};
      request.fields.add(own,
                         s3store::detail::equal_ignoring_case(own, "x-amz-copy-source") && decodes_fields_ ? encoded_again(value) : value);
    }
    auto answer = s3_.serve(std::move(request));
    out.status = answer.status;
    for (const auto [name, value] : answer.fields)
      if (!s3store::detail::equal_ignoring_case(name, "Content-Length")) out.headers.emplace(name, value);
    const auto length = s3store::detail::parse_integer<std::size_t>(answer.fields.value_or_empty("Content-Length")).value_or(0);
    if (in.method == "HEAD" && length != 0) {
      const std::string type{answer.fields.value_or_empty("Content-Type")};
      out.headers.erase("Content-Type");
      out.set_content_provider(length, type, [](std::size_t, std::size_t, httplib::DataSink&) { return false; });
    } else {
      out.body = std::move(answer.body);
    }
  }

  static std::string encoded_again(std::string_view source) {
    constexpr std::string_view version = "?versionId=";
    const auto mark = source.rfind(version);
    std::string out = s3store::detail::uri_encode(source.substr(0, mark), s3store::detail::uri_part::path);
    if (mark != std::string_view::npos) out.append(source.substr(mark));
    return out;
  }

  s3store::embedded_s3 s3_;
  httplib::Server http_{};
  int port_{};
  std::thread runs_{};
  std::atomic<bool> decodes_fields_{};
};

}  // namespace testing_support
