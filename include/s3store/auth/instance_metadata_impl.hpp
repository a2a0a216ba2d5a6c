// What is the metadata service asked, and in which order? For a token, for the name of the role, and for its credentials. The definitions
// for instance_metadata.hpp.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials_document.hpp>
#include <s3store/auth/instance_metadata.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/printable.hpp>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE result<instance_metadata_options> instance_metadata_options::from_environment(const environment& from) {
  instance_metadata_options out;
  auto disabled = from.boolean("AWS_EC2_METADATA_DISABLED");
  if (!disabled) return std::move(disabled.error());
  out.disabled = disabled->value_or(false);
  if (const auto mode = from.get_nonempty("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) {
    if (detail::equal_ignoring_case(*mode, "IPv6")) {
      out.endpoint = "http://[fd00:ec2::254]";
    } else if (!detail::equal_ignoring_case(*mode, "IPv4")) {
      return from.malformed("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv4 or IPv6");
    }
  }
  if (auto endpoint = from.get_nonempty("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    if (!endpoint->starts_with("http://") && !endpoint->starts_with("https://"))
      return from.malformed("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://host or https://host");
    while (endpoint->ends_with('/')) endpoint->pop_back();
    out.endpoint = std::move(*endpoint);
  }
  auto seconds = from.seconds("AWS_METADATA_SERVICE_TIMEOUT");
  if (!seconds) return std::move(seconds.error());
  if (*seconds) out.limit = std::chrono::milliseconds{static_cast<std::int64_t>((std::min)(**seconds, 3600.0) * 1000)};
  auto attempts = from.integer<int>("AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, 100);
  if (!attempts) return std::move(attempts.error());
  out.attempts = attempts->value_or(1);
  return out;
}

namespace detail {

class instance_metadata_fetch final : public sequence {
 public:
  instance_metadata_fetch(result<instance_metadata_options> options, std::shared_ptr<instance_metadata_state> state)
      : options_(std::move(options)), state_(std::move(state)) {}

 private:
  enum class at : std::uint8_t { start, token, role, keys };

  void advance() override {
    switch (at_) {
      case at::start: return begin();
      case at::token: return take_token();
      case at::role: return take_role();
      case at::keys: return take_keys();
    }
  }

  void begin() {
    if (!options_) return conclude(std::move(options_.error()));
    if (options_->disabled) return conclude(none_here("AWS_EC2_METADATA_DISABLED is set"));
    bool absent = false;
    state_->with([&](const auto& known) {
      absent = now().steady < known.absent_until;
      old_path_ = known.old_path;
      if (now().wall < known.token_expires) token_ = known.token;
    });
    if (absent) return conclude(nobody());
    if (token_.empty()) return ask_for_token();
    ask_for_role();
  }

  void ask_for_token() {
    at_ = at::token;
    ask(request(http::method::put, "/latest/api/token", "x-aws-ec2-metadata-token-ttl-seconds", "21600"));
  }
  void take_token() {
    auto& got = answer();
    if (!got) {
      if (!unreachable(got.error().kind)) return conclude(std::move(got.error()));
      state_->with([&](auto& known) { known.absent_until = detail::saturating_add(now().steady, std::chrono::minutes{1}); });
      return conclude(nobody());
    }
    if (got->status == 200) {
      // Two minutes early, so that it does not expire on its way.
      constexpr auto lasts = std::chrono::hours{6} - std::chrono::minutes{2};
      token_ = secret_string{detail::trim(got->body)};
      if (token_.empty() || token_.reveal().find_first_of("\r\n") != std::string_view::npos)
        return conclude(detail::fail(error_kind::credentials, {from, " gave something else than a token"}));
      state_->with([&](auto& known) {
        known.token = token_;
        known.token_expires = detail::saturating_add(now().wall, lasts);
      });
    } else if (!options_->allow_version_1 || (got->status != 403 && got->status != 404 && got->status != 405)) {
      return conclude(refused("gave no token", got->status));
    }
    ask_for_role();
  }

  void ask_for_role() {
    at_ = at::role;
    ask(request(http::method::get, folder()));
  }
  void take_role() {
    auto& got = answer();
    if (!got) return conclude(std::move(got.error()));
    if (token_was_refused(got->status)) return;
    if (got->status == 404 && !old_path_) {
      old_path_ = true;
      state_->with([](auto& known) { known.old_path = true; });
      return ask_for_role();
    }
    if (got->status == 404) return conclude(none_here("the instance has no role"));
    if (got->status != 200) return conclude(refused("did not name the instance's role", got->status));
    role_ = detail::trim(std::string_view{got->body}.substr(0, std::string_view{got->body}.find('\n')));
    if (role_.empty()) return conclude(none_here("the instance has no role"));
    at_ = at::keys;
    ask(request(http::method::get, detail::concat({folder(), detail::uri_encode(role_, detail::uri_part::query)})));
  }

  void take_keys() {
    auto& got = answer();
    if (!got) return conclude(std::move(got.error()));
    if (token_was_refused(got->status)) return;
    if (got->status != 200) return conclude(refused("gave no credentials", got->status));
    auto document = credentials_document::parse(got->body, from);
    if (!document) return conclude(std::move(document.error()));
    if (const auto code = document->text("Code"); !code.empty() && code != "Success") {
      std::string why = detail::concat({from, " gave no credentials: "});
      detail::append_abbreviated(why, code, 100);
      if (!document->text("Message").empty()) detail::append_abbreviated(why.append(": "), document->text("Message"), 500);
      return conclude(detail::fail(error_kind::credentials, std::move(why)));
    }
    // When it has no new ones, the service gives old ones again; they are right to use.
    auto out = document->take("Token", (timestamp::min)());
    if (out) out->usable_after_expiry = true;
    conclude(std::move(out));
  }

  /// A token may be refused that has just expired. Then there is a new one, once.
  bool token_was_refused(int status) {
    if (status != 401 || std::exchange(renewed_, true)) return false;
    state_->with([](auto& known) { known.token_expires = {}; });
    token_.clear();
    ask_for_token();
    return true;
  }

  std::string folder() const {
    return old_path_ ? "/latest/meta-data/iam/security-credentials/" : "/latest/meta-data/iam/security-credentials-extended/";
  }
  sans_io::small_request request(http::method verb, std::string_view path, std::string_view field = {}, std::string_view value = {}) {
    sans_io::small_request r{.verb = verb, .url = detail::concat({options_->endpoint, path}), .rules = &rules_,
                             .within = {.connect = options_->limit, .first_byte = options_->limit, .idle = options_->limit}};
    r.attempts = options_->attempts;
    if (!field.empty()) r.fields.add(field, value);
    if (!token_.empty()) r.fields.add("x-aws-ec2-metadata-token", token_.reveal());
    return r;
  }

  static bool unreachable(error_kind k) noexcept {
    return k == error_kind::resolve || k == error_kind::connect || k == error_kind::timeout || k == error_kind::deadline_exceeded ||
           k == error_kind::connection_lost;
  }
  error nobody() const { return none_here(detail::concat({"nobody answers at ", options_->endpoint, ", the metadata service of EC2"})); }
  static error refused(std::string_view what, int status) {
    return detail::fail(error_kind::credentials, {from, " ", what, " (status ", detail::decimal(status), ")"});
  }

  static constexpr std::string_view from = "the metadata service of EC2";
  http::connection_rules rules_{.no_proxy = true};  // a member: the library has no statics with a destructor
  result<instance_metadata_options> options_;
  std::shared_ptr<instance_metadata_state> state_;
  at at_{};
  secret_string token_{};
  std::string role_{};
  bool old_path_{};
  bool renewed_{};
};

}  // namespace detail

S3STORE_INLINE any_fetch instance_metadata_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::instance_metadata_fetch>(
      options_ ? result<instance_metadata_options>{*options_} : instance_metadata_options::from_environment(from_), state_)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
