// How is an object downloaded to a std::ostream? Through a sink that writes to it.
#pragma once

#include <cstdint>
#include <ostream>
#include <span>

#include <s3store/http/body.hpp>
#include <s3store/transfer/download.hpp>

namespace s3store::inline S3STORE_ABI {

/// Writes to a stream, which must outlive it. Fails with body_sink if the stream does; what it throws, if it does so, is thrown again
/// by the client. It never takes bytes back.
class ostream_sink final : public http::sink {
 public:
  explicit ostream_sink(std::ostream& to) noexcept : to_(to) {}

  result<void> write(std::span<const std::byte> bytes) noexcept override {
    return http::detail::guarded(error_kind::body_sink, [&]() -> result<void> {
      to_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
      if (!to_) return detail::fail(error_kind::body_sink, "the stream did not take what was written to it");
      taken_ += bytes.size();
      return {};
    });
  }
  bool seek(std::uint64_t from) noexcept override { return from == taken_; }

 private:
  std::ostream& to_;
  std::uint64_t taken_{};
};

/// To a stream, in order; as `download` to a sink. The stream is flushed at the end.
template <class P>
result<download_response> download(const basic_client<P>& from, const download_request& request, std::ostream& into,
                                   const call_options& options = {}) {
  ostream_sink sink{into};
  auto got = download(from, request, static_cast<http::sink&>(sink), options);
  if (got && !into.flush()) return detail::fail(error_kind::body_sink, "the stream could not be flushed");
  return got;
}

}  // namespace s3store::inline S3STORE_ABI
