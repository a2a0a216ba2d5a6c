// Through which interface does a program use the embedded server? It passes an embedded_request to a `service` and gets an answer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/http/message.hpp>
#include <s3store/transports/embedded/options.hpp>

namespace s3store::inline S3STORE_ABI {

namespace embedded {
/// An HTTP answer, with its whole body in memory.
struct served_answer {
  int status{200};
  headers fields{};
  std::string body{};
};
}  // namespace embedded

/// An HTTP request, with its whole body in memory.
struct embedded_request {
  std::string method{};     ///< "GET"
  std::string target{};     ///< path and query as received, not decoded
  http::headers fields{};   ///< all headers, including `Host` and `Content-Length`
  std::string body{};
  bool secure{};            ///< true if it came over TLS
};
using embedded_answer = embedded::served_answer;

namespace embedded {

/// Answers requests; safe to use from many threads at once.
struct service {
  virtual ~service() = default;
  virtual embedded_answer serve(embedded_request r) = 0;
  virtual const embedded_options& options() const noexcept = 0;
  virtual const error& unusable() const noexcept = 0;
  virtual const std::vector<embedded_problem>& problems() const noexcept = 0;
};

/// Makes a server. A template, so that the server is compiled only where one is made. Defined in transports/embedded_impl.hpp.
template <class Options>
std::shared_ptr<service> make_service(Options options);

}  // namespace embedded
}  // namespace s3store::inline S3STORE_ABI
