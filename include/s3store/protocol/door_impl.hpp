// How does an operation encode and decode its members? The definitions for protocol/door.hpp.
#pragma once

#include <utility>

#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/encode.hpp>

namespace s3store::inline S3STORE_ABI::wire {

template <operation_request R>
void door<R>::encode(const void* request, encoded_request& out) {
  wire::encode(*static_cast<const R*>(request), out);
}
template <operation_request R>
error door<R>::decode(received_answer& from, void* slot) {
  auto& to = *static_cast<response_slot<R>*>(slot);
  if constexpr (requires { typename R::answer_path; }) {
    auto read = to.path.decoded(from);
    if (!read) return std::move(read.error());
    to.response = std::move(*read);
    return {};
  } else {
    return decode_into<R>(from, to.response);
  }
}

}  // namespace s3store::inline S3STORE_ABI::wire
