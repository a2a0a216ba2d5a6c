// How is an embedded S3 configured? By the members of embedded_options.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum.hpp>

namespace s3store::inline S3STORE_ABI {

/// Holds a copy of any clock with `now() const -> instants`; by default the system's. If the clock also has
/// `advance_to(steady_time)`, as the manual_clock of tests has, waiting moves it forward instead of taking real time. `now` is
/// called from any thread.
class embedded_clock {
 public:
  embedded_clock() : embedded_clock(system_clock{}) {}
  template <class Clock>
    requires requires(const Clock& c) { { c.now() } -> std::same_as<instants>; } && (!std::is_same_v<Clock, embedded_clock>)
  embedded_clock(Clock clock) : behind_(std::make_shared<const model<Clock>>(std::move(clock))) {}

  instants now() const { return behind_->now(); }
  /// Returns false and does nothing if the clock cannot be moved.
  bool advance_to(steady_time until) const { return behind_->advance_to(until); }

 private:
  struct any {
    virtual ~any() = default;
    virtual instants now() const = 0;
    virtual bool advance_to(steady_time until) const = 0;
  };
  template <class Clock>
  struct model final : any {
    explicit model(Clock c) : clock(std::move(c)) {}
    instants now() const override { return clock.now(); }
    bool advance_to([[maybe_unused]] steady_time until) const override {
      if constexpr (requires { clock.advance_to(until); }) {
        clock.advance_to(until);
        return true;
      }
      return false;
    }
    Clock clock;
  };
  std::shared_ptr<const any> behind_;
};

struct embedded_options {
  std::string root{};  ///< directory for the objects, created if missing; empty: they are kept in memory
  std::vector<auth::credentials> credentials{{.access_key_id = "embedded", .secret_access_key = "embedded-secret"}};
  std::string region{"us-east-1"};
  std::string account{"123456789012"};  ///< the owner of every bucket
  std::vector<std::string> further_accounts{};  ///< to which access control lists may grant something, too
  std::string domain{};                 ///< with "s3.test", the host b.s3.test means the bucket b; empty: no such hosts
  embedded_clock clock{};
  bool anonymous_allowed{};             ///< true: unsigned requests may do everything; false: they are refused
  std::uint64_t min_part_size{5u << 20};  ///< bytes; for every part of an upload but the last
  crypto::checksum_maker further_checksums{};  ///< crypto::make_xxhash adds the xxHash algorithms
  /// With a root: true waits before each answer until the disk has what was written, so that it outlives a crash of the system, too;
  /// false leaves that to the system, which writes it within seconds. What was answered outlives the end of this process either way.
  bool sync{};
};

/// A file under the root that could not be read when the server was made, and what fails because of it. All else is served.
struct embedded_problem {
  std::string bucket{};
  std::string key{};      ///< empty: the record of the bucket, or a record that does not tell its key
  std::string message{};  ///< names the file
};

}  // namespace s3store::inline S3STORE_ABI
