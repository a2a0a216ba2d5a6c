// Which requests does STS get, and how are its answers read? The definitions for assume_role.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/assume_role.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/config/profile_environment.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/masking.hpp>
#include <s3store/core/partitions.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/http/url.hpp>
#include <s3store/retry/classify.hpp>
#include <s3store/xml/reader.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

/// The parameters of a request, as a form has them. No outgrown memory keeps a secret.
class sts_form {
 public:
  explicit sts_form(std::string_view action) {
    add("Action", action);
    add("Version", "2011-06-15");
  }
  /// Nothing if the value is empty.
  void add(std::string_view name, std::string_view value) {
    if (!value.empty()) add_even_empty(name, value);
  }
  void add_even_empty(std::string_view name, std::string_view value) {
    const secret_string encoded{uri_encode(value, uri_part::query)};
    text_.append({text_.size() == 0 ? "" : "&", name, "=", encoded.reveal()});
  }
  secret_string text() const { return secret_string{std::string_view{text_}}; }

 private:
  wiped_text text_{};
};

/// One request to STS and its answer. `advance` of the derived class gets what the form needs, and calls `send`.
class sts_fetch : public sequence {
 protected:
  explicit sts_fetch(sts_endpoint at) : at_(std::move(at)) {}

  /// What is sent and must not be in a message, even if STS repeats it.
  void hide(std::string_view secret) { hidden_.emplace_back(secret); }

  /// Signed unless `by` is null or anonymous.
  void send(const sts_form& form, const credentials* by) { send(form, by, false); }
  /// For what has no secret in it.
  void send_as_query(const sts_form& form) { send(form, nullptr, true); }
  bool asked() const noexcept { return asked_; }

  /// The credentials in an answer, whose elements are in one called `<Action>Result`.
  void read(std::string_view action) { conclude(read_answer(action)); }

 private:
  void send(const sts_form& form, const credentials* by, bool as_query) {
    if (at_.url.empty() && !is_region_name(at_.signing_region()))
      return conclude(detail::fail(error_kind::configuration,
                                   {"\"", detail::printable(at_.region), "\" is no region of AWS's, and cannot be part of the address of STS"}));
    const auto parsed = http::parse_url(at_.address());
    if (!parsed) return conclude(detail::fail(error_kind::configuration, {"the address of STS is none: ", parsed.error().message}));
    asked_ = true;
    sans_io::small_request r{.verb = http::method::post,
                             .url = parsed->origin() + (parsed->path.empty() ? "/" : parsed->path),
                             .rules = &at_.rules,
                             .worth_repeating = is_passing};
    r.fields.add("Accept", "application/xml");
    if (as_query) {
      const secret_string text = form.text();
      r.url.append("?").append(text.reveal());
    } else {
      r.body = form.text();
      r.fields.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    }
    if (by) {
      hide(by->secret_access_key.reveal());
      hide(by->session_token.reveal());
      crypto::digest sha256{crypto::digest_algorithm::sha256};
      if (!sha256.usable()) return conclude(detail::fail(error_kind::configuration, "this OpenSSL offers no SHA-256"));
      sha256.update(detail::as_bytes(r.body.reveal()));
      const std::string hash = detail::hex(crypto::finish_sha256(sha256));
      const std::string host = parsed->authority();
      const signable what{.method = "POST", .path = parsed->path, .host = host, .payload = hash};
      signer with;
      if (auto done = with.sign_headers(what, r.fields, *by, {.region = at_.signing_region(), .service = "sts"}, now().wall); !done)
        return conclude(std::move(done.error()));
    }
    ask(std::move(r));
  }

  result<credentials> read_answer(std::string_view action) {
    auto& got = answer();
    if (!got) return std::move(got.error());
    auto parsed = xml::document::parse(std::string{std::string_view{got->body}});
    const xml::node root = parsed ? parsed->root() : xml::node{};
    if (got->status != 200) {
      const xml::node told = root.child("Error");
      std::string why = detail::concat({"STS refused ", action});
      const auto tell = [&](std::string_view element, std::size_t most) {
        std::string text{told.child(element).text()};
        for (const secret_string& each : hidden_) detail::mask(text, each.reveal());
        if (!text.empty()) detail::append_abbreviated(why.append(": "), text, most);
      };
      tell("Code", 100);
      tell("Message", 500);
      return detail::fail(error_kind::credentials, {why, " (status ", detail::decimal(got->status), ")"});
    }
    const auto broken = [](std::string_view what) { return detail::fail(error_kind::credentials, {"STS gave ", what}); };
    const xml::node given = root.child(detail::concat({action, "Result"}));
    const xml::node keys = given.child("Credentials");
    if (!keys) return broken("something else than credentials");
    credentials out{std::string(keys.child("AccessKeyId").text()), keys.child("SecretAccessKey").text(), keys.child("SessionToken").text()};
    if (out.access_key_id.empty() || out.secret_access_key.empty()) return broken("credentials without a key");
    out.expires = parse_iso8601(keys.child("Expiration").text());
    if (!out.expires) return broken("credentials without the time at which they expire");
    if (*out.expires <= now().wall) return broken("credentials that have expired");
    out.account_id = account_of(given.child("AssumedRoleUser").child("Arn").text());
    return out;
  }
  /// The fifth part of arn:aws:sts::123456789012:assumed-role/name/session; empty if there is none.
  static std::string account_of(std::string_view arn) {
    for (int i = 0; i != 4; ++i) {
      const auto colon = arn.find(':');
      if (colon == std::string_view::npos) return {};
      arn.remove_prefix(colon + 1);
    }
    return std::string(arn.substr(0, arn.find(':')));
  }

  /// STS says with a status of 400, too, that it is to be asked again later: by the codes that all of AWS's services have for it, and when
  /// it cannot reach an identity provider.
  static bool is_passing(const sans_io::small_answer& a) {
    if (a.status == 429 || a.status / 100 == 5) return true;
    if (a.status / 100 != 4) return false;
    constexpr std::string_view before = "<Code>";
    std::string_view text = a.body;
    const auto at = text.find(before);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + before.size());
    error e;
    e.code = trim(text.substr(0, (std::min)(text.find('<'), std::size_t{100})));
    return e.code == "IDPCommunicationError" || classify(e) != retry_class::never;
  }

  sts_endpoint at_;
  std::vector<secret_string> hidden_{};
  bool asked_{};
};

inline void add_role(sts_form& form, const role& r, timestamp now) {
  form.add("RoleArn", r.role_arn);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  form.add("RoleSessionName", r.role_session_name.empty() ? concat({"s3store-session-", decimal(seconds)}) : r.role_session_name);
  form.add("ExternalId", r.external_id);
  if (r.duration) form.add("DurationSeconds", decimal(r.duration->count()));
  form.add("Policy", r.policy);
  std::size_t n = 0;
  for (const std::string& arn : r.policy_arns) form.add(concat({"PolicyArns.member.", decimal(++n), ".arn"}), arn);
}
inline void add_tags(sts_form& form, const role& r) {
  std::size_t n = 0;
  for (const session_tag& tag : r.tags) {
    const std::string member = concat({"Tags.member.", decimal(++n)});
    form.add_even_empty(concat({member, ".Key"}), tag.key);
    form.add_even_empty(concat({member, ".Value"}), tag.value);
  }
  n = 0;
  for (const std::string& key : r.transitive_tag_keys) form.add_even_empty(concat({"TransitiveTagKeys.member.", decimal(++n)}), key);
}

class assume_role_fetch final : public sts_fetch {
 public:
  /// `source` gives the keys that ask.
  assume_role_fetch(std::unique_ptr<fetching> source, role wanted, sts_endpoint at)
      : sts_fetch(std::move(at)), source_(std::move(source)), wanted_(std::move(wanted)) {}

 private:
  void advance() override {
    if (asked()) return read("AssumeRole");
    if (!std::exchange(awaited_, true)) {
      if (!wanted_.mfa_serial.empty() && !wanted_.mfa_token)
        return conclude(detail::fail(error_kind::configuration,
                                     {"the role ", wanted_.role_arn, " asks for a token of the device ", wanted_.mfa_serial,
                                      " (mfa_serial), and the program has given no function that asks for it"}));
      return await(std::move(source_));
    }
    if (!fetched()) {
      // Not an answer that lets a chain go on with credentials that nobody meant.
      if (!is_none_here(fetched().error())) return conclude(std::move(fetched().error()));
      return conclude(detail::fail(error_kind::credentials, {"nobody's keys ask for the role ", wanted_.role_arn, ": ", fetched().error().message}));
    }
    sts_form form{"AssumeRole"};
    add_role(form, wanted_, now().wall);
    add_tags(form, wanted_);
    if (!wanted_.mfa_serial.empty()) {
      auto token = wanted_.mfa_token(wanted_.mfa_serial);
      if (!token) return conclude(std::move(token.error()));
      form.add("SerialNumber", wanted_.mfa_serial);
      form.add("TokenCode", *token);
    }
    send(form, &*fetched());
  }

  std::unique_ptr<fetching> source_;
  role wanted_;
  bool awaited_{};
};

class web_identity_fetch final : public sts_fetch {
 public:
  web_identity_fetch(std::string token_file, role wanted, sts_endpoint at)
      : sts_fetch(std::move(at)), token_file_(std::move(token_file)), wanted_(std::move(wanted)) {}

 private:
  void advance() override {
    if (asked()) return read("AssumeRoleWithWebIdentity");
    if (!std::exchange(file_read_, true)) return perform({sans_io::read_file{.path = token_file_}});
    auto& file = output();
    if (!file) return conclude(std::move(file.error()));
    const auto token = file->text ? detail::trim(file->text->reveal()) : std::string_view{};
    if (token.empty())
      return conclude(
          detail::fail(error_kind::credentials, {"the web identity token file ", token_file_, file->text ? " is empty" : " is not there"}));
    sts_form form{"AssumeRoleWithWebIdentity"};
    add_role(form, wanted_, now().wall);
    form.add("WebIdentityToken", token);
    hide(token);
    send(form, nullptr);
  }

  std::string token_file_;
  role wanted_;
  bool file_read_{};
};

/// By the variables of the environment.
class web_identity_of_environment final : public sequence {
 public:
  explicit web_identity_of_environment(environment from) : from_(std::move(from)) {}

 private:
  void advance() override {
    if (std::exchange(found_, true)) return conclude(std::move(fetched()));
    const auto value = [this](std::string_view name) { return from_.get_nonempty(name).value_or(std::string{}); };
    std::string file = value("AWS_WEB_IDENTITY_TOKEN_FILE");
    if (file.empty()) return conclude(none_here("the environment has no AWS_WEB_IDENTITY_TOKEN_FILE"));
    role wanted{.role_arn = value("AWS_ROLE_ARN"), .role_session_name = value("AWS_ROLE_SESSION_NAME")};
    if (wanted.role_arn.empty())
      return conclude(detail::fail(error_kind::configuration,
                                   "there is AWS_WEB_IDENTITY_TOKEN_FILE, and no AWS_ROLE_ARN says which role its token is for"));
    auto at = sts_endpoint::from_environment(from_);
    if (!at) return conclude(std::move(at.error()));
    await(std::make_unique<web_identity_fetch>(std::move(file), std::move(wanted), std::move(*at)));
  }

  environment from_;
  bool found_{};
};

class certificate_fetch final : public sts_fetch {
 public:
  certificate_fetch(sts_endpoint at, std::optional<std::chrono::seconds> duration) : sts_fetch(std::move(at)), duration_(duration) {}

 private:
  void advance() override {
    if (asked()) return read("AssumeRoleWithCertificate");
    sts_form form{"AssumeRoleWithCertificate"};
    if (duration_) form.add("DurationSeconds", decimal(duration_->count()));
    send_as_query(form);  // MinIO has this action for no form: "Unsupported action AssumeRoleWithCertificate"
  }

  std::optional<std::chrono::seconds> duration_;
};

/// Those that used the one global address before there were others: botocore's list.
inline bool has_old_sts_address(std::string_view region) {
  for (const std::string_view one : {"ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
                                     "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
                                     "us-west-2"})
    if (region == one) return true;
  return false;
}
}  // namespace detail

S3STORE_INLINE result<sts_endpoint> sts_endpoint::from_environment(const environment& variables) {
  sts_endpoint out{.region = {}};
  for (const std::string_view name : {"AWS_DEFAULT_REGION", "AWS_REGION"})
    if (auto set = variables.get_nonempty(name)) out.region = std::move(*set);
  auto url = config::configured_endpoint(variables, "STS");
  if (!url) return std::move(url.error());
  out.url = std::move(*url);
  const auto mode = variables.get_nonempty("AWS_STS_REGIONAL_ENDPOINTS");
  const bool legacy = mode && detail::equal_ignoring_case(*mode, "legacy");
  if (mode && !legacy && !detail::equal_ignoring_case(*mode, "regional"))
    return variables.malformed("AWS_STS_REGIONAL_ENDPOINTS", "regional or legacy");
  if (out.region.empty() || (legacy && out.url.empty() && detail::has_old_sts_address(out.region))) out.region = "aws-global";
  return out;
}
S3STORE_INLINE std::string sts_endpoint::address() const {
  if (!url.empty()) return url;
  const std::string label = region == "aws-global" ? std::string{} : detail::concat({region, "."});
  return detail::concat({"https://sts.", label, partition_of(region).dns_suffix, "/"});
}
S3STORE_INLINE std::string sts_endpoint::signing_region() const { return region == "aws-global" ? "us-east-1" : region; }

S3STORE_INLINE any_fetch assume_role_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::assume_role_fetch>(std::make_unique<detail::fetching_of<provider>>(of_), wanted_, at_)};
}
S3STORE_INLINE any_fetch web_identity_credentials::fetch() const {
  if (by_variables_) return any_fetch{std::make_unique<detail::web_identity_of_environment>(from_)};
  return any_fetch{std::make_unique<detail::web_identity_fetch>(token_file_, wanted_, at_)};
}
S3STORE_INLINE any_fetch certificate_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::certificate_fetch>(at_, duration_)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
