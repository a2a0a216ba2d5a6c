// What is an embedded S3 told when it is made?
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum.hpp>

namespace s3store::inline v0 {

/// Any clock with `now() const -> instants`, kept by value; by default the system's. One that a test moves by hand (manual_clock) has
/// `advance_to(steady_time)` as well, with which waiting for a time is to go there.
class embedded_clock {
 public:
  embedded_clock() : embedded_clock(system_clock{}) {}
  template <class Clock>
    requires requires(const Clock& c) { { c.now() } -> std::same_as<instants>; } && (!std::is_same_v<Clock, embedded_clock>)
  embedded_clock(Clock clock) : behind_(std::make_shared<const model<Clock>>(std::move(clock))) {}

  instants now() const { return behind_->now(); }
  /// False: the clock goes by itself.
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
  std::string root{};  ///< a directory that objects are kept in, made if it isn't there; empty: they are kept in memory
  std::vector<auth::credentials> credentials{{.access_key_id = "embedded", .secret_access_key = "embedded-secret"}};
  std::string region{"us-east-1"};
  std::string account{"123456789012"};  ///< that owns every bucket
  std::string domain{};                 ///< "s3.test": a request to bucket.s3.test is one for that bucket
  embedded_clock clock{};
  bool anonymous_allowed{};             ///< unsigned requests may do everything
  std::uint64_t min_part_size{5u << 20};  ///< of every part of an upload but the last, in bytes
  crypto::checksum_maker further_checksums{};  ///< crypto::make_xxhash: xxHashes are done, too
};

}  // namespace s3store::inline v0
