// How may a browser upload without credentials? With a form that has a policy, which says what may be uploaded, and its signature.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/sigv4.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/json/string.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// A condition that S3 checks before it accepts the upload. To be made with the three functions.
struct post_condition {
  enum class test : std::uint8_t { eq, starts_with, content_length_range };

  test kind{};
  std::string field{};  ///< "key", "Content-Type", "x-amz-meta-tag"; empty for a content length
  std::string value{};
  std::uint64_t least{};  ///< bytes, inclusive
  std::uint64_t most{};   ///< bytes, inclusive

  static post_condition eq(std::string field, std::string value) { return {test::eq, std::move(field), std::move(value)}; }
  /// An empty value allows anything.
  static post_condition starts_with(std::string field, std::string value) {
    return {test::starts_with, std::move(field), std::move(value)};
  }
  /// The file's size in bytes, both included.
  static post_condition content_length_range(std::uint64_t least, std::uint64_t most) {
    return {test::content_length_range, {}, {}, least, most};
  }
};

struct post_policy {
  timestamp expiration{};
  std::vector<post_condition> conditions{};
};

using form_fields = std::vector<std::pair<std::string, std::string>>;

/// The form's target and its fields, which must be sent in this order and before the file.
struct presigned_post {
  std::string url{};
  form_fields fields{};
};

/// The policy as JSON in ASCII; the expiration is rounded down to seconds. Fails with error_kind::invalid_argument if a name or
/// value is not UTF-8.
inline result<std::string> policy_document(const post_policy& policy) {
  using test = post_condition::test;
  std::size_t size = 128;
  for (const post_condition& c : policy.conditions) size += 6 * (c.field.size() + c.value.size()) + 64;
  std::string out;
  out.reserve(size);  // so that no outgrown memory keeps a session token
  out.append("{\"expiration\": \"");
  out.append(format_iso8601(std::chrono::floor<std::chrono::seconds>(s3store::detail::writable(policy.expiration)))).append("\", \"conditions\": [");
  bool utf8 = true, first = true;
  const auto text = [&](std::string_view s) { utf8 = json::append_ascii_string(out, s) && utf8; };
  for (const post_condition& c : policy.conditions) {
    if (!std::exchange(first, false)) out.append(", ");
    if (c.kind == test::eq) {
      out.push_back('{');
      text(c.field);
      out.append(": ");
      text(c.value);
      out.push_back('}');
    } else if (c.kind == test::starts_with) {
      out.append("[\"starts-with\", ");
      text(detail::concat({"$", c.field}));
      out.append(", ");
      text(c.value);
      out.push_back(']');
    } else {
      detail::append_integer(out.append("[\"content-length-range\", "), c.least);
      detail::append_integer(out.append(", "), c.most);
      out.push_back(']');
    }
  }
  if (!utf8) return detail::fail(error_kind::invalid_argument, "a POST policy is JSON: its field names and values must be UTF-8");
  out.append("]}");
  return out;
}

/// In every field of a form, S3 puts the name of the file in the place of this, and only then looks whether the policy is met.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
inline constexpr std::string_view filename_variable = "${filename}";

namespace detail {
using namespace s3store::detail;

/// The condition that the field has this value. What a variable becomes is known to nobody here, so then it is that the field begins
/// with what is before the variable; a policy has no test for what follows.
inline post_condition condition_for(std::string_view field, std::string_view value) {
  const auto at = value.find(filename_variable);
  if (at == std::string_view::npos) return post_condition::eq(std::string(field), std::string(value));
  return post_condition::starts_with(std::string(field), std::string(value.substr(0, at)));
}

/// Fails with invalid_argument if no form can meet the condition.
inline result<void> check_condition(const post_condition& c) {
  if (c.kind == post_condition::test::content_length_range) {
    if (c.least > c.most) return detail::fail(error_kind::invalid_argument, "a content-length-range must not end before it starts");
  } else if (c.value.find(filename_variable) != std::string::npos) {
    return detail::fail(error_kind::invalid_argument, {"no form can meet the condition for ", c.field, ": S3 has put the file's name in the place of ",
                                               filename_variable, " when it looks; let the field start with what is before that"});
  }
  return {};
}
}  // namespace detail

/// The form for uploads to `key` of `bucket` at `url`. S3 puts the name of the file in the place of each `${filename}` in the key and
/// in `fields`.
/// Conditions for bucket, key and signature are added to those of the policy. S3 refuses a form with a field that the policy does
/// not name, so each of `fields` without a condition gets one for equality; so does the key. With `${filename}` in it, the condition
/// is that it starts with what is before that: what follows is not held by the policy.
/// Fails with error_kind::invalid_argument if the policy could never be met or expires in more than 7 days, and otherwise as
/// `signer::sign_headers` does; anonymous credentials cannot sign a form.
inline result<presigned_post> presign_post(signer& with, std::string url, std::string_view bucket, std::string_view key,
                                           form_fields fields, post_policy policy, const credentials& who,
                                           const signing_scope& where, timestamp now) {
  if (key.empty()) return detail::fail(error_kind::invalid_argument, "a POST policy needs a key, such as \"uploads/${filename}\"");
  if (policy.expiration <= now) return detail::fail(error_kind::invalid_argument, "a POST policy must expire in the future");
  if (const auto left = detail::saturating_sub(policy.expiration, now); left > longest_presigned)
    if (auto good = check_expiry(std::chrono::ceil<std::chrono::seconds>(left)); !good) return std::move(good.error());
  for (const post_condition& c : policy.conditions)
    if (auto possible = detail::check_condition(c); !possible) return std::move(possible.error());
  auto signs = with.key_for(who, where, now);
  if (!signs) return result<presigned_post>::failed_as(std::move(signs));
  if (signs->algorithm() != signing_algorithm::sigv4)
    return detail::fail(error_kind::invalid_argument, "a browser form cannot be signed with SigV4A, which S3 takes in headers and queries only");

  const auto is_named = [&policy](std::string_view field) {
    return std::any_of(policy.conditions.begin(), policy.conditions.end(),
                       [&](const auto& c) { return detail::equal_ignoring_case(c.field, field); });
  };
  for (const auto& [name, value] : fields)
    if (!is_named(name)) policy.conditions.push_back(detail::condition_for(name, value));

  policy.conditions.push_back(post_condition::eq("bucket", std::string(bucket)));
  policy.conditions.push_back(detail::condition_for("key", key));
  fields.emplace_back("key", key);
  const auto bind = [&](std::string_view name, std::string_view value) {
    fields.emplace_back(name, value);
    policy.conditions.push_back(post_condition::eq(std::string(name), std::string(value)));
  };
  bind("x-amz-algorithm", algorithm);
  bind("x-amz-credential", signs->credential());
  bind("x-amz-date", with.amz_date());
  if (!who.session_token.empty()) bind(token_names_of(where).field, who.session_token.reveal());

  auto document = policy_document(policy);
  for (post_condition& c : policy.conditions) detail::wipe(c.value);
  if (!document) return result<presigned_post>::failed_as(std::move(document));
  std::string encoded = detail::base64(detail::as_bytes(*document));
  const detail::wiped_at_end secret{encoded};
  detail::wipe(*document);
  fields.emplace_back("policy", encoded);
  fields.emplace_back("x-amz-signature", with.sign_policy(*signs, encoded));
  return presigned_post{std::move(url), std::move(fields)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
