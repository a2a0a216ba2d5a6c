// How does a function of the store make its call? It aims the caller's options at the store's bucket, throws what fails, and
// settles what a lost answer left open.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/result.hpp>

namespace s3store::inline v0::detail {

[[noreturn]] inline void refuse(error e, std::string_view bucket, std::string_view key = {}) {
  e.bucket = bucket;
  e.key = key;
  throw s3_error{std::move(e)};
}
[[noreturn]] inline void refuse(error_kind kind, std::string message, std::string_view bucket, std::string_view key = {}) {
  refuse(fail(kind, std::move(message)), bucket, key);
}

/// A member of the options that the store sets itself. One that says something else was meant for another call.
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

/// Was a refusal the success of an earlier attempt, whose answer was lost? `look` asks the server, and gives true where things are
/// as the call wanted them. Otherwise the error tells what was found.
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

/// Is nothing there? From the answer to a HEAD.
template <class Head>
result<bool> is_absent(const result<Head>& head) {
  if (head) return false;
  if (head.error().kind == error_kind::not_found) return true;
  return head.error();
}

}  // namespace s3store::inline v0::detail
