// What is an answer before it is decoded? Its status, headers and body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <s3store/core/headers.hpp>

namespace s3store::inline S3STORE_ABI::wire {

/// The pointers are not null; what they point to must live until the answer is decoded.
struct received_answer {
  int status{};
  const headers* fields{};
  std::string* body{};     ///< an XML document or an object's bytes; decoding moves it out
  bool body_given_away{};  ///< the bytes already went to the caller's sink
  bool decode_urls{};      ///< decode keys if the answer says encoding-type=url
  std::string_view operation{};  ///< the operation's name: "GetBucketVersioning"
  std::vector<std::string> unreadable{};  ///< set by decoding; see response_meta
};

}  // namespace s3store::inline S3STORE_ABI::wire
