// How can code that needs S3 be tested without a server? With an S3 in this process, which checks signatures and answers like S3.
//
//   struct in_process : s3store::default_policies { using transport = s3store::embedded_transport; };
//   s3store::embedded_s3 server;                                       // objects in memory; copies share the server
//   s3store::basic_client<in_process> s3{{.endpoint = "http://s3.test"}, {.transport = s3store::embedded_transport{server}, …}};
//
// It has the operations that transports/embedded/server.hpp lists, and answers all others with 501 NotImplemented.
#pragma once

#include <algorithm>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/http/transport.hpp>
#include <s3store/transports/embedded/service.hpp>

namespace s3store::inline S3STORE_ABI {

/// Maps requests to answers. Copies share the stored buckets and objects. May be used from several threads at once.
class embedded_s3 {
 public:
  /// If the directory in the options can't be read or created, every request fails: see `unusable`.
  /// (A template, so that the server is compiled only in programs that construct one.)
  template <class Options = embedded_options>
    requires std::same_as<Options, embedded_options>
  explicit embedded_s3(Options options = {}) : behind_(embedded::make_service(std::move(options))) {}

  /// The answer to a HEAD has no body; if it is a success, it has the object's Content-Length.
  embedded_answer serve(embedded_request request) const { return behind_->serve(std::move(request)); }

  const embedded_options& options() const noexcept { return behind_->options(); }
  /// The error of every request; its kind is `none` if the server is usable.
  const error& unusable() const noexcept { return behind_->unusable(); }
  /// What could not be read under the root when the server was made; it does not change. Requests to a bucket whose record could not be
  /// read, or to a key or upload of which a record could not, are answered with 500 InternalError and the name of the file; listings
  /// leave them out. A bucket with such a record is not deleted. To mend it, repair or remove the file, and make the server again.
  const std::vector<embedded_problem>& problems() const noexcept { return behind_->problems(); }

 private:
  std::shared_ptr<embedded::service> behind_;
};

/// Models `http::transport` and `http::loop`: passes requests to an embedded S3, whatever host they name. Copies share the server
/// and the exchanges that were started; `poll` performs them in order. If the server's clock is a manual one, a `poll` with nothing
/// to do moves it.
class embedded_transport {
 public:
  template <class Server = embedded_s3>
    requires std::same_as<Server, embedded_s3>
  explicit embedded_transport(Server server = Server{}) : server_(std::move(server)), waiting_(std::make_shared<queue>()) {}

  const embedded_s3& server() const noexcept { return server_; }
  /// A loop of its own: only the server is shared.
  embedded_transport make_loop() const { return embedded_transport{server_}; }

  http::outcome perform(http::exchange x) {
    if (x.stop.cancelled()) return cancelled();
    if (x.within.deadline <= now()) return detail::fail(error_kind::deadline_exceeded, "the deadline has passed");
    if (server_.unusable().kind != error_kind::none) return server_.unusable();
    auto request = received(*x.out);
    if (!request) return std::move(request.error());
    http::transfer_stats moved{.sent = request->body.size()};
    embedded_answer answer = server_.serve(std::move(*request));
    const bool has_body = x.out->verb != http::method::head;
    if (has_body && answer.status != 204 && answer.status != 304)
      answer.fields.set("Content-Length", detail::decimal(answer.body.size()));

    http::sink* into = nullptr;
    if (x.in) {
      auto taken = x.in->on_response({answer.status, std::move(answer.fields)});
      if (!taken) return std::move(taken.error());
      into = *taken;
    }
    for (std::string_view left = answer.body; has_body && !left.empty(); left.remove_prefix((std::min)(left.size(), piece))) {
      if (x.stop.cancelled()) return cancelled();
      if (into)
        if (auto written = into->write(detail::as_bytes(left.substr(0, piece))); !written) return std::move(written.error());
    }
    if (has_body) moved.received = answer.body.size();
    return moved;
  }

  void start(http::exchange x, void* tag) {
    const std::lock_guard lock{waiting_->guard};
    waiting_->started.push_back({std::move(x), tag});
  }
  void cancel(void* tag) {
    const std::lock_guard lock{waiting_->guard};
    std::erase_if(waiting_->started, [tag](const pending& p) { return p.tag == tag; });
  }
  void wake() {
    const std::lock_guard lock{waiting_->guard};
    waiting_->woken = true;
    waiting_->wakes.notify_all();
  }
  std::optional<http::completion> poll(steady_time until) {
    std::unique_lock lock{waiting_->guard};
    if (!waiting_->started.empty()) {
      pending next = std::move(waiting_->started.front());
      waiting_->started.erase(waiting_->started.begin());
      lock.unlock();
      return http::completion{next.tag, perform(std::move(next.what))};
    }
    const auto woken = [this] { return waiting_->woken; };
    if (until == (steady_time::max)()) {
      waiting_->wakes.wait(lock, woken);
    } else if (!woken() && !server_.options().clock.advance_to(until)) {
      waiting_->wakes.wait_until(lock, until, woken);
    }
    waiting_->woken = false;
    return std::nullopt;
  }

 private:
  static constexpr std::size_t piece = std::size_t{64} * 1024;  // so that a long answer can be cancelled

  struct pending {
    http::exchange what{};
    void* tag{};
  };
  struct queue {
    std::mutex guard{};
    std::condition_variable wakes{};
    std::vector<pending> started{};
    bool woken{};
  };

  static error cancelled() { return detail::fail(error_kind::cancelled, "the caller cancelled the exchange"); }
  steady_time now() const { return server_.options().clock.now().steady; }

  /// The request as it would arrive over HTTP.
  static result<embedded_request> received(http::request& out) {
    embedded_request in{.method = std::string(http::to_string(out.verb)), .fields = out.fields};
    const std::string_view url = out.url;
    const auto host = url.find("://");
    if (host == std::string_view::npos)
      return detail::fail(error_kind::invalid_argument, "a request's URL must begin with http:// or https://");
    in.secure = url.starts_with("https");
    const auto path = (std::min)(url.find_first_of("/?", host + 3), url.size());
    in.target = url.substr(path);
    if (!in.target.starts_with('/')) in.target.insert(0, 1, '/');
    in.fields.set("Host", url.substr(host + 3, path - host - 3));
    if (out.body) {
      std::byte block[16 * 1024];
      for (;;) {
        auto n = http::read_some(*out.body, block);
        if (!n) return std::move(n.error());
        if (*n == 0) break;
        in.body.append(detail::as_text({block, *n}));
      }
      if (const auto promised = out.body->size(); promised && *promised != in.body.size())
        return detail::fail(error_kind::body_source,
                    {"the source gave ", detail::decimal(in.body.size()), " bytes and promised ", detail::decimal(*promised)});
    }
    if (out.body || out.verb == http::method::put || out.verb == http::method::post)
      in.fields.set("Content-Length", detail::decimal(in.body.size()));
    return in;
  }

  embedded_s3 server_;
  std::shared_ptr<queue> waiting_;
};

static_assert(http::transport<embedded_transport> && http::loop<embedded_transport>);

}  // namespace s3store::inline S3STORE_ABI

#ifdef S3STORE_DEFINITIONS
#include <s3store/transports/embedded_impl.hpp>
#else
namespace s3store::inline S3STORE_ABI::embedded {
extern template std::shared_ptr<service> make_service<embedded_options>(embedded_options);
}
#endif
