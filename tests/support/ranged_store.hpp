// A store with one object, on the scripted transport: it answers HEAD and GET as S3 does, with ranges, conditions and versions, and does what
// is wrong only where a test says so.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <s3store/crypto/checksum.hpp>
#include <s3store/protocol/requested_range.hpp>
#include <s3store/transports/scripted.hpp>

namespace test {

using namespace s3store;

inline std::string sum_of(crypto::checksum_algorithm a, std::string_view bytes) {
  crypto::checksum c{a};
  c.update(detail::as_bytes(bytes));
  return c.base64();
}

/// Bytes that differ from place to place, and from seed to seed.
inline std::string some_bytes(std::size_t n, std::uint32_t seed = 1) {
  std::string out(n, '\0');
  for (char& c : out) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return out;
}

/// Copies share the object.
class ranged_store {
 public:
  struct object {
    std::string bytes{};
    std::string etag{"\"e-1\""};
    std::string version{};
    http::headers more{};       ///< of a HEAD, and of an answer with the whole object
    bool honours_if_match{true};
    /// Changes an answer before it is sent; `nth` is the number of the request, from 0.
    std::function<void(scripted_reply&, const recorded_request&, std::size_t nth)> fault{};
  };

  explicit ranged_store(std::string bytes) : shared_(std::make_shared<state>()) { put(std::move(bytes)); }

  /// Another object, with its CRC64NVME.
  void put(std::string bytes, std::string etag = "\"e-1\"") {
    shared_->now.more = {{"x-amz-checksum-crc64nvme", sum_of(crypto::checksum_algorithm::crc64nvme, bytes)}, {"x-amz-checksum-type", "FULL_OBJECT"}};
    shared_->now.bytes = std::move(bytes);
    shared_->now.etag = std::move(etag);
  }
  object& now() const { return shared_->now; }
  std::size_t requests() const { return shared_->requests; }

  scripted_reply operator()(const recorded_request& r) const {
    const std::size_t nth = shared_->requests++;
    scripted_reply out = answer(r);
    if (shared_->now.fault) shared_->now.fault(out, r, nth);
    return out;
  }

  static bool has_range(const recorded_request& r) { return r.fields.contains("Range"); }

 private:
  struct state {
    object now{};
    std::size_t requests{};
  };

  static scripted_reply refusal(int status, std::string_view code) {
    return {.head = {status, {}}, .body = detail::concat({"<Error><Code>", code, "</Code><Message>no</Message></Error>"})};
  }
  scripted_reply answer(const recorded_request& r) const {
    const object& o = shared_->now;
    if (const auto wanted = r.fields.get("If-Match"); wanted && *wanted != o.etag && o.honours_if_match) return refusal(412, "PreconditionFailed");
    scripted_reply out{.head = {200, {{"ETag", o.etag}, {"Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"}, {"Content-Type", "text/x-test"}, {"x-amz-meta-a", "1"}}}};
    if (!o.version.empty()) out.head.fields.add("x-amz-version-id", o.version);
    const auto range = detail::range_text::parse(r.fields.value_or_empty("Range"));
    if (!range) {
      for (const auto& [name, value] : o.more) out.head.fields.add(name, value);
      out.body = o.bytes;
    } else {
      const std::uint64_t first = range->first.value_or(0);
      if (first >= o.bytes.size()) return refusal(416, "InvalidRange");
      const std::uint64_t last = (std::min)(range->last.value_or(~std::uint64_t{0}), std::uint64_t{o.bytes.size() - 1});
      out.head.status = 206;
      out.body = o.bytes.substr(first, last - first + 1);
      out.head.fields.add("Content-Range", detail::concat({"bytes ", detail::decimal(first), "-", detail::decimal(last), "/", detail::decimal(o.bytes.size())}));
    }
    out.head.fields.add("Content-Length", detail::decimal(out.body.size()));
    return out;
  }

  std::shared_ptr<state> shared_;
};

}  // namespace test
