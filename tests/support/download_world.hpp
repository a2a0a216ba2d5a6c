// A client of a ranged_store, for the tests of downloads: no network, no waiting, and each download by either driver.
#pragma once

#include <dirent.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <s3store/transfer/download.hpp>
#include <s3store/transports/scripted_time.hpp>

#include "support/catch.hpp"
#include "support/ranged_store.hpp"

namespace test {

/// A folder that goes with the test, and all in it.
struct scratch_folder {
  scratch_folder() { REQUIRE(::mkdtemp(path.data())); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    for (const std::string& name : names()) std::remove((path + "/" + name).c_str());
    ::rmdir(path.c_str());
  }
  std::string file(const std::string& name) const { return path + "/" + name; }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    DIR* const open = ::opendir(path.c_str());
    while (const dirent* e = ::readdir(open))
      if (std::string_view{e->d_name} != "." && std::string_view{e->d_name} != "..") out.emplace_back(e->d_name);
    ::closedir(open);
    std::sort(out.begin(), out.end());
    return out;
  }
  std::string path{"/tmp/s3store-test-XXXXXX"};
};
inline std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
inline void write_file(const std::string& path, std::string_view bytes) { std::ofstream{path, std::ios::binary} << bytes; }

struct scripted_policies : default_policies {
  using transport = scripted_transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};

enum class by : std::uint8_t { loop, blocking };

struct download_world {
  explicit download_world(std::string bytes, by how = by::loop) : store(std::move(bytes)), by_(how) { server.compute(store, true); }

  /// `into`: a sink or a target.
  template <class Into>
  result<download_response> run(const download_request& r, Into& into, const call_options& options = {}) {
    if constexpr (std::derived_from<Into, download_target>) {
      downloading<scripted_policies> machine{r, s3.shared(), into, options};
      return run(machine);
    } else {
      in_order_target to{into, r.memory};
      return run(r, to, options);
    }
  }
  template <sans_io::machine M>
  auto run(M& machine) {
    if (by_ == by::loop) return s3.run(machine);
    recording_sleeper sleeper{clock};
    auto out = sans_io::drive(machine, s3.shared(), server, sleeper);
    if (!out && out.error().thrown) std::rethrow_exception(out.error().thrown);
    return out;
  }
  result<download_response> file(const std::string& path, const download_request& r, const download_file_options& how = {},
                                 const call_options& options = {}) {
    auto to = file_target::open(path, how);
    if (!to) return result<download_response>::failed_as(std::move(to));
    return run(r, *to, options);
  }

  /// What each GET asked for; "" for the whole.
  std::vector<std::string> ranges() const {
    std::vector<std::string> out;
    for (const auto& r : server.sent())
      if (r.verb == http::method::get) out.emplace_back(r.fields.value_or_empty("Range"));
    return out;
  }
  std::size_t gets() const { return ranges().size(); }

  manual_clock clock{};
  ranged_store store;
  scripted_transport server{clock};
  basic_client<scripted_policies> s3{{.endpoint = "http://s3.test"},
                                     {.transport = server,
                                      .credentials = auth::static_credentials{"AKID", "secret"},
                                      .clock = clock,
                                      .sleeper = recording_sleeper{clock}}};

 private:
  by by_;
};

inline download_request of_part_size(std::uint64_t part_size) { return {.object = {.bucket = "b", .key = "k"}, .part_size = part_size}; }

#define EACH_WAY GENERATE(test::by::loop, test::by::blocking)

}  // namespace test
