// How is a login refreshed? With a refresh token and a proof of possession. The definitions for login.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/login.hpp>
#include <s3store/auth/token_file.hpp>
#include <s3store/core/error.hpp>
#include <s3store/core/partitions.hpp>
#include <s3store/crypto/ecdsa.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {

/// Base64 for URLs, without padding (RFC 7515, section 2).
inline std::string base64_url(std::span<const std::byte> bytes) {
  std::string out = base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

/// A random UUID (RFC 9562, section 5.4).
inline std::string random_uuid() {
  std::random_device source;
  std::array<std::byte, 16> bits{};
  for (std::byte& b : bits) b = static_cast<std::byte>(source() & 0xffu);
  bits[6] = (bits[6] & std::byte{0x0f}) | std::byte{0x40};
  bits[8] = (bits[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string out = hex(bits);
  for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}}) out.insert(at, "-");
  return out;
}

/// The header `DPoP` of a POST: a token that says what is asked for, signed with a key that it names (RFC 9449, section 4.2).
inline std::string proof_of_possession(const crypto::p256_private_key& key, std::string_view url, timestamp now) {
  const auto point = key.public_key().point();
  const auto coordinate = [&point](std::size_t from) { return base64_url(std::span{point}.subspan(from, 32)); };
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  json::object_writer jwk, head, claims;
  jwk.text("kty", "EC").text("crv", "P-256").text("x", coordinate(1)).text("y", coordinate(33));
  head.text("typ", "dpop+jwt").text("alg", "ES256").raw("jwk", jwk.finish().reveal());
  claims.text("htm", "POST").text("htu", url).raw("iat", decimal(seconds)).text("jti", random_uuid());
  std::string out = concat({base64_url(as_bytes(head.finish().reveal())), ".", base64_url(as_bytes(claims.finish().reveal()))});
  const auto signature = key.sign_raw(crypto::sha256(as_bytes(out)));
  return out.append(".").append(base64_url(signature));
}

/// Where AWS's sign-in service is, which is beside the console and not beside the other services (the rules that botocore has for it).
inline std::string sign_in_host(std::string_view region) {
  constexpr std::pair<std::string_view, std::string_view> consoles[] = {
      {"aws-cn", "amazonaws.cn"},           {"aws-eusc", "amazonaws-eusc.eu"},    {"aws-iso", "c2shome.ic.gov"},
      {"aws-iso-b", "sc2shome.sgov.gov"},   {"aws-iso-e", "csphome.adc-e.uk"},    {"aws-iso-f", "csphome.hci.ic.gov"},
      {"aws-us-gov", "amazonaws-us-gov.com"}};
  std::string_view console = "aws.amazon.com";
  for (const auto& [partition, host] : consoles)
    if (partition == partition_of(region).name) console = host;
  return concat({region, ".signin.", console});
}

class login_fetch final : public sequence {
 public:
  login_fetch(console_login wanted, const environment& from)
      : wanted_(std::move(wanted)),
        file_(cache_directory(wanted_.cache_directory.empty() ? from.get_nonempty("AWS_LOGIN_CACHE_DIRECTORY").value_or(std::string{})
                                                              : wanted_.cache_directory,
                              "/.aws/login/cache", from),
              crypto::digest_algorithm::sha256, wanted_.session) {}

 private:
  enum class at : std::uint8_t { start, file, refresh, written };

  void advance() override {
    switch (at_) {
      case at::start: at_ = at::file; return perform({sans_io::read_file{.path = file_.path()}});
      case at::file: return take_file();
      case at::refresh: return take_token();
      case at::written:
        if (!output()) return conclude(std::move(output().error()));
        return conclude(std::move(found_));
    }
  }

  void take_file() {
    auto& file = output();
    if (!file) return conclude(std::move(file.error()));
    if (!file->text) return conclude(log_in("there is no login"));
    if (!file_.take(std::move(*file->text))) return conclude(log_in("the login cannot be read"));
    const json::object& token = file_.token();
    found_ = keys_in(token.child("accessToken"));
    found_.account_id = token.child("accessToken").text("accountId").reveal();
    found_.expires = token_time(token.child("accessToken").text("expiresAt").reveal());
    for (const std::string_view name : {"refreshToken", "dpopKey", "clientId"})
      if (token.raw(name).empty()) return conclude(log_in(concat({"there is no ", name})));
    if (found_.access_key_id.empty() || found_.secret_access_key.empty() || !found_.expires) return conclude(log_in("the login cannot be read"));
    constexpr auto early = std::chrono::minutes{5};
    if (saturating_sub(*found_.expires, early) > now().wall) return conclude(std::move(found_));
    refresh(token);
  }

  void refresh(const json::object& token) {
    const auto key = crypto::p256_private_key::from_pem(token.text("dpopKey").reveal());
    if (!key) return go_on_without(log_in("the key of the login cannot be read"));
    const secret_string own_region = token.text("signInRegion");
    const std::string_view region = own_region.empty() ? std::string_view{wanted_.region} : own_region.reveal();
    if (auto good = check_host_region(region, "the region of the login"); !good) return go_on_without(std::move(good.error()));
    at_ = at::refresh;
    sans_io::small_request r{.verb = http::method::post};
    r.url = wanted_.endpoint.empty() ? concat({"https://", sign_in_host(region), "/v1/token"})
                                     : concat({wanted_.endpoint, "/v1/token"});
    r.fields.add("Content-Type", "application/json");
    try {
      r.fields.add("DPoP", proof_of_possession(*key, r.url, now().wall));
    } catch (const s3_error& e) {  // this OpenSSL cannot sign
      return go_on_without(e.error());
    }
    r.body = json::object_writer{}
                 .raw("clientId", token.raw("clientId"))
                 .text("grantType", "refresh_token")
                 .raw("refreshToken", token.raw("refreshToken"))
                 .finish();
    ask(std::move(r));
  }
  void take_token() {
    auto& got = answer();
    if (!got) return go_on_without(std::move(got.error()));
    if (got->status != 200) return go_on_without(refused(*got));
    const auto parsed = json::object::parse(got->body);
    credentials fresh = parsed ? keys_in(parsed->child("accessToken")) : credentials{};
    fresh.expires = parsed ? seconds_from(now().wall, parsed->text("expiresIn").reveal()) : std::nullopt;
    if (fresh.access_key_id.empty() || fresh.secret_access_key.empty() || !fresh.expires || parsed->raw("refreshToken").empty())
      return go_on_without(log_in("the service that refreshes logins gave something else"));
    fresh.expires = std::chrono::floor<std::chrono::seconds>(*fresh.expires);
    fresh.account_id = found_.account_id;
    found_ = std::move(fresh);

    json::object_writer keys, file;
    keys.text("accessKeyId", found_.access_key_id).text("secretAccessKey", found_.secret_access_key.reveal());
    keys.text("sessionToken", found_.session_token.reveal()).text("accountId", found_.account_id);
    keys.text("expiresAt", format_iso8601(*found_.expires));
    file.rest_of(file_.token(), {"accessToken", "refreshToken"});
    const secret_string written = keys.finish();
    file.raw("accessToken", written.reveal()).raw("refreshToken", parsed->raw("refreshToken"));
    at_ = at::written;
    perform({sans_io::replace_file{.path = file_.path(), .text = file.finish()}});
  }

  static credentials keys_in(const json::object& o) {
    return {std::string(o.text("accessKeyId").reveal()), o.text("secretAccessKey"), o.text("sessionToken")};
  }
  void go_on_without(error why) {
    if (*found_.expires > now().wall) return conclude(std::move(found_));
    conclude(std::move(why));
  }
  error refused(const sans_io::small_answer& a) const {
    const auto parsed = json::object::parse(a.body);
    const secret_string code = parsed ? parsed->text("error") : secret_string{};
    if (code.reveal() == "TOKEN_EXPIRED" || code.reveal() == "USER_CREDENTIALS_CHANGED") return log_in("the login has ended");
    if (code.reveal() == "INSUFFICIENT_PERMISSIONS")
      return detail::fail(error_kind::credentials, "the login could not be refreshed: the identity may not do that (it needs the permission signin:CreateOAuth2Token)");
    return detail::fail(error_kind::credentials, {"the login could not be refreshed (", told_by(a, "error", {file_.token().text("refreshToken").reveal()}), ")"});
  }
  error log_in(std::string_view why) const {
    return detail::fail(error_kind::credentials, {"the login with the AWS console is over: ", why, " in ", file_.path(), ". Log in with: aws login"});
  }

  console_login wanted_;
  token_file file_;
  at at_{};
  credentials found_{};
};
}  // namespace detail

S3STORE_INLINE any_fetch login_credentials::fetch() const { return any_fetch{std::make_unique<detail::login_fetch>(wanted_, from_)}; }

}  // namespace s3store::inline S3STORE_ABI::auth
