// What does CreateSession answer? The definitions for express_access.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/time.hpp>
#include <s3store/protocol/express_access.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/xml/reader.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

S3STORE_INLINE detail::shared<auth::credentials_cache> express_sessions::of(std::string_view bucket, const auth::refresh_windows& when) {
  const auto known = std::find_if(kept_.begin(), kept_.end(), [bucket](const kept& k) { return k.bucket == bucket; });
  if (known != kept_.end()) {
    std::rotate(known, known + 1, kept_.end());
  } else {
    if (kept_.size() == most) kept_.erase(kept_.begin());
    kept_.push_back({std::string(bucket), detail::share<auth::credentials_cache>(when)});
  }
  return kept_.back().cache;
}

S3STORE_INLINE step express_access::next(instants at_server, steady_time deadline, const cancel_token& stop) {
  if (asking_) {
    if (auto needs = exchange_.next(at_server)) return std::move(*needs);
    asking_ = false;
    found_.fetched(take_answer(), at_server);
    sent_fields_.wipe();
    secret_ = {};
  }
  return found_.next(at_server, deadline, stop);
}

S3STORE_INLINE result<auth::credentials> express_access::take_answer() {
  auto got = exchange_.finish();
  error e;
  if (!got) {
    e = std::move(got.error());
  } else if (got->status != 200 || wire::is_error_document(std::string_view{got->body})) {
    const http::response head{.status = got->status, .fields = std::move(got->fields)};
    e = wire::service_error(head, std::string_view{got->body}, http::method::get);
    refusal_fields_ = head.fields;
  } else {
    return read(got->body);
  }
  wire::mask_secrets(e, sent_fields_, secret_.reveal());
  return e;
}

S3STORE_INLINE result<auth::credentials> express_access::read(std::string_view document) {
  auto parsed = xml::document::parse(std::string(document));
  if (!parsed) return std::move(parsed.error());
  const xml::node given = parsed->root().child("Credentials");
  const auto text = [given](std::string_view name) { return given.child(name).text(); };
  for (const std::string_view name : {"AccessKeyId", "SecretAccessKey", "SessionToken"})
    if (text(name).empty()) return detail::fail(error_kind::malformed_response, {"the answer to CreateSession has no ", name});
  auth::credentials out{std::string(text("AccessKeyId")), text("SecretAccessKey"), text("SessionToken")};
  out.expires = parse_iso8601(text("Expiration"));
  if (!out.expires) return detail::fail(error_kind::malformed_response, "the answer to CreateSession has no Expiration that is a date");
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::sans_io
