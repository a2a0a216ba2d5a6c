// Many signed GETs of 4 KiB at once on one loop: beside the same bytes on a bare multi handle with as many connections, and with 10,000
// calls started beside what it costs with 100.
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/transports/curl_loop.hpp>

#include "benchmarks.hpp"
#include "support/bare_curl.hpp"
#include "support/small_request.hpp"

namespace {

using namespace s3store;

constexpr auto get = [](const auto& client) { return client.get_object({.bucket = "bucket", .key = "folder/object"}); };

/// Starts calls on one loop, and runs them to their ends.
class many_calls {
 public:
  explicit many_calls(const std::string& endpoint) : client_({.endpoint = endpoint}) {}

  void run(std::size_t calls) {
    loop_driver driver{client_.shared(), loop_};
    std::deque<one> all;
    std::size_t whole = 0;
    for (std::size_t i = 0; i != calls; ++i)
      driver.start(all.emplace_back(request_, client_).call, [&whole](const auto& answer) {
        if (!answer) throw std::runtime_error(answer.error().describe());
        whole += answer->body.size() == 4096 ? 1 : 0;
      });
    driver.run();
    if (whole != calls) throw std::runtime_error("not every call of the loop got its object");
  }

 private:
  struct one {
    one(const get_object_request& r, const client& c) : call(r, c.shared(), {}) {}
    sans_io::call<get_object_request, default_policies> call;
  };
  client client_;
  get_object_request request_{.bucket = "bucket", .key = "folder/object"};
  curl_loop loop_{};
};

}  // namespace

bench::finding bench::in_flight() {
  constexpr std::size_t calls = 2000;
  const loopback_server server{four_kib()};
  many_calls ours{server.url()};
  bare_multi bare{request_of<default_policies>(server.url(), get), 256};  // the connections that a loop has by default
  finding f = measure({.pairs = 15, .calls = 1}, [&] { ours.run(calls); }, [&] { bare.run(calls); });
  f.ours /= calls;
  f.floor /= calls;
  return f;
}

bench::finding bench::in_flight_growth() {
  constexpr std::size_t many = 10'000, few = 100;
  const loopback_server server{four_kib()};
  many_calls ours{server.url()};
  const auto in_portions = [&](std::size_t at_once) {
    for (std::size_t left = many; left != 0; left -= at_once) ours.run(at_once);
  };
  finding f = measure({.pairs = 7, .calls = 1}, [&] { in_portions(many); }, [&] { in_portions(few); });
  f.ours /= many;
  f.floor /= many;
  return f;
}
