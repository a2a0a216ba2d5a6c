// How does a function of the store make its call? It puts the store's bucket into the caller's options, throws errors as s3_error,
// and, when the answer of an attempt was lost, asks the server whether that attempt had succeeded.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/result.hpp>

namespace s3store::inline S3STORE_ABI::detail {

[[noreturn]] inline void refuse(error e, std::string_view bucket, std::string_view key = {}) {
  e.bucket = bucket;
  e.key = key;
  throw s3_error{std::move(e)};
}
[[noreturn]] inline void refuse(error_kind kind, std::string message, std::string_view bucket, std::string_view key = {}) {
  refuse(detail::fail(kind, std::move(message)), bucket, key);
}

/// Sets a member of the options that the store decides (bucket, key). Throws (invalid_argument) if the caller set another value.
inline void set_aim(std::string& member, std::string_view aim, std::string_view bucket, std::string_view key) {
  if (!member.empty() && member != aim)
    refuse(error_kind::invalid_argument, "the options name \"" + member + "\" where the call means \"" + std::string(aim) + "\"",
           bucket, key);
  member = aim;
}
template <class R>
R aimed(R request, std::string_view bucket) {
  set_aim(request.bucket, bucket, bucket, {});
  return request;
}
template <class R>
R aimed(R request, std::string_view bucket, std::string_view key) {
  set_aim(request.bucket, bucket, bucket, key);
  set_aim(request.key, key, bucket, key);
  return request;
}

/// True if the call failed only because an earlier attempt had succeeded and its answer was lost. `look` asks the server whether
/// the wanted state is there. If this is false, the error's message says what `look` found.
template <class T, class Look>
bool was_own_success(result<T>& r, Look look) {
  if (r || !r.error().maybe_own_success) return false;
  const result<bool> as_wanted = look();
  if (as_wanted && *as_wanted) return true;
  r.error().message.append(as_wanted ? "; an earlier attempt's answer was lost, but it had no effect"
                                     : "; an earlier attempt's answer was lost, and its effect could not be found out: " +
                                           as_wanted.error().describe());
  return false;
}

/// True if the answer to a HEAD says that nothing is there. That of a bucket may have a code (MinIO's has).
template <class Head>
result<bool> absence_of(const result<Head>& head) {
  if (head) return false;
  const error& e = head.error();
  const bool no_bucket = e.kind == error_kind::not_found && e.code == "NoSuchBucket" && e.key.empty();
  if (no_bucket || is_absent(e)) return true;
  return e;
}

}  // namespace s3store::inline S3STORE_ABI::detail
