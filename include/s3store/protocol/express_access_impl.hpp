// What does CreateSession answer? The definitions for express_access.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/core/time.hpp>
#include <s3store/protocol/express_access.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/xml/reader.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

S3STORE_INLINE detail::shared<auth::credentials_cache> express_sessions::of(std::string_view bucket, const auth::refresh_windows& when) {
  detail::owned<kept>* at = &latest_;
  for (std::size_t n = 1; *at && (*at)->bucket != bucket; ++n) {
    if (n == most) {
      at->reset();
      break;
    }
    at = &(*at)->older;
  }
  auto found = std::move(*at);
  if (found) {
    *at = std::move(found->older);
  } else {
    found = detail::make_owned<kept>();
    found->bucket = bucket;
    found->cache = detail::share<auth::credentials_cache>(when);
  }
  found->older = std::move(latest_);
  latest_ = std::move(found);
  return latest_->cache;
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
