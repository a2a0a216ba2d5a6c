// How are credentials written as JSON? As the services of ECS, EKS and EC2 and the programs of `credential_process` give them:
//   {"AccessKeyId": "…", "SecretAccessKey": "…", "Token": "…", "Expiration": "2030-01-31T12:00:00Z", "AccountId": "…"}
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/json/document.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// A document's members. They are wiped at the end.
class credentials_document {
 public:
  /// `from` is what messages call its origin, and must outlive the document. Fails with error_kind::credentials if the text is no JSON
  /// object. The message never quotes the text, which may hold a secret.
  static result<credentials_document> parse(std::string_view text, std::string_view from) {
    auto members = json::flat_object(text);
    if (!members) return detail::fail(error_kind::credentials, {from, " did not give a JSON object"});
    return credentials_document{std::move(*members), from};
  }
  credentials_document(credentials_document&&) noexcept = default;
  credentials_document& operator=(credentials_document&&) = delete;
  ~credentials_document() {
    for (auto& [name, value] : members_) detail::wipe(value);
  }

  /// A member's text; empty if it is absent. Valid until `take`.
  std::string_view text(std::string_view name) const noexcept {
    const std::string* const found = json::find(members_, name);
    return found ? std::string_view{*found} : std::string_view{};
  }

  /// `token`: the name of the session token. Fails with error_kind::credentials if a key is missing, if the expiration is no date, or
  /// if it is past.
  result<credentials> take(std::string_view token, timestamp now) {
    for (const std::string_view name : {"AccessKeyId", "SecretAccessKey"})
      if (text(name).empty()) return detail::fail(error_kind::credentials, {from_, " gave no ", name});
    credentials out{std::string(text("AccessKeyId")), text("SecretAccessKey"), text(token)};
    out.account_id = text("AccountId");
    if (const auto date = text("Expiration"); !date.empty()) {
      out.expires = parse_iso8601(date);
      if (!out.expires) return detail::fail(error_kind::credentials, {from_, " gave an Expiration that is no date"});
      if (*out.expires <= now) return detail::fail(error_kind::credentials, {from_, " gave credentials that have expired"});
    }
    return out;
  }

 private:
  credentials_document(json::members members, std::string_view from) : members_(std::move(members)), from_(from) {}

  json::members members_;
  std::string_view from_;
};

}  // namespace s3store::inline S3STORE_ABI::auth
