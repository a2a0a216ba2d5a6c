// How does a provider use the file of tokens that a login left? Its name is a hash of the login's name, and it holds one JSON object.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/fetching.hpp>
#include <s3store/config/files.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/masking.hpp>
#include <s3store/core/partitions.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/json/object.hpp>

namespace s3store::inline S3STORE_ABI::auth::detail {
using namespace s3store::detail;

/// The file as it was read.
class token_file {
 public:
  token_file() = default;
  token_file(std::string directory, crypto::digest_algorithm algorithm, std::string_view name) {
    crypto::digest hash{algorithm};
    hash.update(as_bytes(name));
    std::byte value[crypto::digest::max_size] = {};
    const std::size_t size = hash.finish(value);
    path_ = concat({directory, "/", hex(std::span{value}.first(size)), ".json"});
  }
  const std::string& path() const noexcept { return path_; }

  /// False if it is no JSON object.
  bool take(secret_string text) {
    text_ = std::move(text);
    auto parsed = json::object::parse(text_.reveal());
    if (parsed) token_ = std::move(*parsed);
    return parsed.has_value();
  }
  const json::object& token() const noexcept { return token_; }

 private:
  std::string path_{};
  secret_string text_{};
  json::object token_{};  // views of `text_`
};

/// `named`, else this folder of the home directory.
inline std::string cache_directory(std::string_view named, std::string_view in_home, const environment& from) {
  if (!named.empty()) return config::expand_home(named, from);
  return concat({config::home_directory(from).value_or(std::string{}), in_home});
}

/// A time in such a file. Older versions of the AWS CLI write "UTC" for "Z".
inline std::optional<timestamp> token_time(std::string_view text) {
  if (text.ends_with("UTC")) return parse_iso8601(concat({text.substr(0, text.size() - 3), "Z"}));
  return parse_iso8601(text);
}

/// The time after so many seconds; nothing if the text is no number.
inline std::optional<timestamp> seconds_from(timestamp now, std::string_view text) {
  const auto count = parse_integer<std::int64_t>(text);
  if (!count || *count < 0 || *count > std::int64_t{366} * 86'400) return std::nullopt;
  return saturating_add(now, std::chrono::seconds{*count});
}

/// Can a service of that region have a host? Otherwise a token would be sent to some other one.
inline result<void> check_host_region(std::string_view region, std::string_view place) {
  if (is_region_name(region)) return {};
  return detail::fail(error_kind::configuration, {place, " must be the name of a region, such as us-east-1, and is something else"});
}

/// What a service said in a refusal: its code and message, as far as it has them, without the secrets that it was sent.
inline std::string told_by(const sans_io::small_answer& a, std::string_view code_member, std::initializer_list<std::string_view> secrets) {
  std::string out = concat({"status ", decimal(a.status)});
  const auto parsed = json::object::parse(a.body);
  if (!parsed) return out;
  const secret_string code = parsed->text(code_member), message = parsed->text("message");
  const secret_string description = parsed->text("error_description");
  for (const std::string_view part : {code.reveal(), message.reveal(), description.reveal()}) {
    if (part.empty()) continue;
    std::string shown{part};
    for (const std::string_view secret : secrets) mask(shown, secret);
    append_abbreviated(out.append(": "), shown, 500);
  }
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::auth::detail
