// How does a call encode its request and decode its answer without knowing their types? Through two function pointers that each
// operation supplies.
//
// So the rest of the protocol is the same code for all operations. With S3STORE_COMPILED the library contains these functions for
// all operations of the S3 API. A file that defines and sends a request type of its own includes door_impl.hpp.
#pragma once

#include <utility>

#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/received_answer.hpp>

namespace s3store::inline S3STORE_ABI::wire {

struct operation_door {
  /// Writes the request into `out`; also sets `out.spec`.
  void (*encode)(const void* request, encoded_request& out);
  /// Reads the answer into the response slot. The error's kind is `none` for success.
  error (*decode)(received_answer& from, void* response);
};

/// Where an answer is decoded to. For most operations that is the response, filled at the end. An operation that names an
/// `answer_path` (protocol/events.hpp) puts a sink of its own between the transport and the caller's sink.
template <operation_request R>
struct response_slot {
  response_slot(response_of<R>& to, http::sink* caller) noexcept : response(to), into(caller) {}
  http::sink* entrance() const noexcept { return into; }
  response_of<R>& response;
  http::sink* into;
};
template <operation_request R>
  requires requires { typename R::answer_path; }
struct response_slot<R> {
  response_slot(response_of<R>& to, http::sink* caller) : response(to), path(caller) {}
  http::sink* entrance() noexcept { return path.entrance(); }
  response_of<R>& response;
  typename R::answer_path path;
};

template <operation_request R>
struct door {
  static void encode(const void* request, encoded_request& out);
  static error decode(received_answer& from, void* slot);
  static constexpr operation_door value{&encode, &decode};
};

}  // namespace s3store::inline S3STORE_ABI::wire

#ifdef S3STORE_DEFINITIONS
#include <s3store/protocol/door_impl.hpp>
#endif
