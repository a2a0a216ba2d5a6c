// Which steps lead from a login's token to credentials? The definitions for sso.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/sso.hpp>
#include <s3store/auth/token_file.hpp>
#include <s3store/core/partitions.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {

class sso_fetch final : public sequence {
 public:
  sso_fetch(sso_login wanted, const environment& from)
      : wanted_(std::move(wanted)),
        file_(cache_directory(wanted_.cache_directory, "/.aws/sso/cache", from), crypto::digest_algorithm::sha1,
              wanted_.session.empty() ? wanted_.start_url : wanted_.session) {}

 private:
  enum class at : std::uint8_t { start, file, refresh, written, keys };

  void advance() override {
    switch (at_) {
      case at::start:
        if (auto good = check_host_region(wanted_.region, "sso_region"); !good) return conclude(std::move(good.error()));
        at_ = at::file;
        return perform({sans_io::read_file{.path = file_.path()}});
      case at::file: return take_file();
      case at::refresh: return take_token();
      case at::written:
        if (!output()) return conclude(std::move(output().error()));
        return ask_for_keys();
      case at::keys: return conclude(read_keys());
    }
  }

  void take_file() {
    auto& file = output();
    if (!file) return conclude(std::move(file.error()));
    if (!file->text) return conclude(log_in("there is no token"));
    if (!file_.take(std::move(*file->text))) return conclude(log_in("the token cannot be read"));
    const json::object& token = file_.token();
    access_token_ = token.text("accessToken");
    const auto expires = token_time(token.text("expiresAt").reveal());
    if (access_token_.empty() || !expires) return conclude(log_in("the token cannot be read"));
    valid_ = *expires > now().wall;
    constexpr auto early = std::chrono::minutes{15};
    if (saturating_sub(*expires, early) > now().wall) return ask_for_keys();
    if (wanted_.session.empty() || !can_refresh(token)) return go_on_without();
    refresh(token);
  }
  bool can_refresh(const json::object& token) const {
    for (const std::string_view name : {"refreshToken", "clientId", "clientSecret"})
      if (token.raw(name).empty()) return false;
    const auto registered = token_time(token.text("registrationExpiresAt").reveal());
    return registered && *registered > now().wall;
  }
  /// The token is not refreshed. It may be valid all the same.
  void go_on_without(std::string why = "the token has expired") {
    if (valid_) return ask_for_keys();
    conclude(log_in(why));
  }

  /// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
  void refresh(const json::object& token) {
    at_ = at::refresh;
    sans_io::small_request r{.verb = http::method::post, .url = address(wanted_.oidc, "oidc", "/token")};
    r.fields.add("Content-Type", "application/json");
    r.body = json::object_writer{}
                 .raw("clientId", token.raw("clientId"))
                 .raw("clientSecret", token.raw("clientSecret"))
                 .text("grantType", "refresh_token")
                 .raw("refreshToken", token.raw("refreshToken"))
                 .finish();
    ask(std::move(r));
  }
  void take_token() {
    auto& got = answer();
    if (!got) return valid_ ? ask_for_keys() : conclude(std::move(got.error()));
    const json::object& token = file_.token();
    if (got->status != 200) return go_on_without(concat({"the token could not be refreshed (", told_by(*got, "error", {token.text("clientSecret").reveal(), token.text("refreshToken").reveal()}), ")"}));
    const auto parsed = json::object::parse(got->body);
    secret_string fresh = parsed ? parsed->text("accessToken") : secret_string{};
    const auto expires = parsed ? seconds_from(now().wall, parsed->text("expiresIn").reveal()) : std::nullopt;
    if (fresh.empty() || !expires) return go_on_without("the service that refreshes tokens gave something else");

    access_token_ = std::move(fresh);
    json::object_writer file;
    file.rest_of(token, {"startUrl", "region", "accessToken", "expiresAt", "refreshToken"});
    file.text("startUrl", wanted_.start_url).text("region", wanted_.region).text("accessToken", access_token_.reveal());
    file.text("expiresAt", format_iso8601(std::chrono::floor<std::chrono::seconds>(*expires)));
    const bool replaced = !parsed->raw("refreshToken").empty();
    file.raw("refreshToken", replaced ? parsed->raw("refreshToken") : token.raw("refreshToken"));
    at_ = at::written;
    perform({sans_io::replace_file{.path = file_.path(), .text = file.finish()}});
  }

  /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
  void ask_for_keys() {
    at_ = at::keys;
    const auto encoded = [](std::string_view s) { return uri_encode(s, uri_part::query); };
    sans_io::small_request r{.verb = http::method::get,
                             .url = address(wanted_.portal, "portal.sso",
                                            concat({"/federation/credentials?role_name=", encoded(wanted_.role_name),
                                                    "&account_id=", encoded(wanted_.account_id)}))};
    r.fields.add("Accept", "application/json");
    r.fields.add("x-amz-sso_bearer_token", access_token_.reveal());
    ask(std::move(r));
  }
  result<credentials> read_keys() {
    auto& got = answer();
    if (!got) return std::move(got.error());
    if (got->status == 401) return log_in("the token was refused");
    if (got->status != 200)
      return detail::fail(error_kind::credentials, {"IAM Identity Center gave no credentials for the role ", wanted_.role_name, " of the account ",
                                                    wanted_.account_id, " (", told_by(*got, "__type", {access_token_.reveal()}), ")"});
    const auto parsed = json::object::parse(got->body);
    const json::object keys = parsed ? parsed->child("roleCredentials") : json::object{};
    credentials out{std::string(keys.text("accessKeyId").reveal()), keys.text("secretAccessKey"), keys.text("sessionToken")};
    const auto milliseconds = parse_integer<std::int64_t>(keys.text("expiration").reveal());
    constexpr std::int64_t most = 253'402'300'800'000;  // the year 10000
    if (out.access_key_id.empty() || out.secret_access_key.empty() || !milliseconds || *milliseconds < 0 || *milliseconds > most)
      return detail::fail(error_kind::credentials, "IAM Identity Center gave something else than credentials");
    out.expires = timestamp{std::chrono::milliseconds{*milliseconds}};
    if (*out.expires <= now().wall) return detail::fail(error_kind::credentials, "IAM Identity Center gave credentials that have expired");
    out.account_id = wanted_.account_id;
    return out;
  }

  std::string address(std::string_view given, std::string_view service, std::string_view path) const {
    if (!given.empty()) return concat({given, path});
    return concat({"https://", service, ".", wanted_.region, ".", partition_of(wanted_.region).dns_suffix, path});
  }
  error log_in(std::string_view why) const {
    return detail::fail(error_kind::credentials,
                        {"the login with IAM Identity Center (SSO) is over: ", why, " in ", file_.path(), ". Log in with: aws sso login",
                         wanted_.session.empty() ? "" : " --sso-session ", wanted_.session});
  }

  sso_login wanted_;
  token_file file_;
  at at_{};
  secret_string access_token_{};
  bool valid_{};
};
}  // namespace detail

S3STORE_INLINE any_fetch sso_credentials::fetch() const { return any_fetch{std::make_unique<detail::sso_fetch>(wanted_, from_)}; }

}  // namespace s3store::inline S3STORE_ABI::auth
