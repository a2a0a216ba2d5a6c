// May this form upload this file? Yes, if its policy is signed, has not expired, and every field meets it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/post_policy.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/json/tokenizer.hpp>
#include <s3store/transports/embedded/verify.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

namespace detail {
using namespace s3store::detail;

class policy_reader {
 public:
  explicit policy_reader(std::string_view document) noexcept : tokens_(document) {}

  std::optional<auth::post_policy> read() {
    auth::post_policy out;
    bool dated = false, listed = false;
    if (next() != kind::begin_object) return std::nullopt;
    kind k{};
    while ((k = next()) == kind::key) {
      if (text_ == "expiration") {
        const auto at = next() == kind::string ? parse_iso8601(text_) : std::nullopt;
        if (!at) return std::nullopt;
        out.expiration = *at;
        dated = true;
      } else if (text_ == "conditions") {
        if (!read_conditions(out.conditions)) return std::nullopt;
        listed = true;
      } else {
        return std::nullopt;
      }
    }
    if (k != kind::end_object || next() != kind::end || !dated || !listed || broken_) return std::nullopt;
    return out;
  }

 private:
  using kind = json::token_kind;
  static constexpr bool is_scalar(kind k) noexcept { return k == kind::string || k == kind::number; }

  bool read_conditions(std::vector<auth::post_condition>& into) {
    if (next() != kind::begin_array) return false;
    kind k{};
    while ((k = next()) != kind::end_array) {
      if (k == kind::begin_object ? !read_equalities(into) : k != kind::begin_array || !read_test(into)) return false;
    }
    return true;
  }

  bool read_equalities(std::vector<auth::post_condition>& into) {
    kind k{};
    while ((k = next()) == kind::key) {
      std::string field = text_;
      if (!is_scalar(next())) return false;
      into.push_back(auth::post_condition::eq(std::move(field), text_));
    }
    return k == kind::end_object;
  }

  bool read_test(std::vector<auth::post_condition>& into) {
    std::string words[3];
    for (std::string& word : words) {
      if (!is_scalar(next())) return false;
      word = text_;
    }
    if (next() != kind::end_array) return false;
    const std::string_view name = words[0];
    if (detail::equal_ignoring_case(name, "content-length-range")) {
      const auto least = detail::parse_integer<std::uint64_t>(words[1]), most = detail::parse_integer<std::uint64_t>(words[2]);
      if (!least || !most) return false;
      into.push_back(auth::post_condition::content_length_range(*least, *most));
      return true;
    }
    const bool eq = detail::equal_ignoring_case(name, "eq");
    if ((!eq && !detail::equal_ignoring_case(name, "starts-with")) || !words[1].starts_with('$')) return false;
    words[1].erase(0, 1);
    into.push_back(eq ? auth::post_condition::eq(words[1], words[2]) : auth::post_condition::starts_with(words[1], words[2]));
    return true;
  }

  /// The next token; its value is in `text_`. Returns `end` if the text is malformed.
  kind next() {
    const auto t = tokens_.next();
    text_.clear();
    broken_ = broken_ || !t;
    if (broken_) return kind::end;
    if (t->kind == kind::string || t->kind == kind::key)
      broken_ = !json::unescape(t->raw, text_);
    else
      text_ = t->raw;
    return broken_ ? kind::end : t->kind;
  }

  json::tokenizer tokens_;
  std::string text_{};
  bool broken_{};
};

inline bool meets(const auth::post_condition& c, std::string_view value) {
  if (c.kind == auth::post_condition::test::eq) return value == c.value;
  if (!detail::equal_ignoring_case(c.field, "content-type") || value.find(',') == std::string_view::npos)
    return value.starts_with(c.value);
  bool all = true;  // the value of this field may be a list, separated by commas
  detail::split(value, ',', [&](std::string_view one) { all = all && detail::trim(one).starts_with(c.value); });
  return all;
}

inline error policy_violated(std::string_view why) {
  return refusal("AccessDenied", 403, detail::concat({"Invalid according to Policy: ", why}));
}

}  // namespace detail

/// Reads a policy document. Fails with InvalidPolicyDocument.
inline result<auth::post_policy> parse_policy_document(std::string_view document) {
  auto read = detail::policy_reader{document}.read();
  if (!read)
    return refusal("InvalidPolicyDocument", 400, "the policy must be a JSON object with an expiration and a list of conditions");
  return std::move(*read);
}

/// Succeeds if the form meets the policy. `${filename}` in the key must have been replaced before; `file_size` is in bytes.
/// Fails with AccessDenied, EntityTooSmall or EntityTooLarge.
inline result<void> check_policy(const auth::post_policy& policy, const auth::form_fields& form, std::string_view bucket,
                                 std::uint64_t file_size, timestamp now) {
  if (now >= policy.expiration) return detail::policy_violated("Policy expired.");
  for (const auth::post_condition& c : policy.conditions) {
    if (c.kind == auth::post_condition::test::content_length_range) {
      if (file_size < c.least) return refusal("EntityTooSmall", 400, "the file is smaller than the policy allows");
      if (file_size > c.most) return refusal("EntityTooLarge", 400, "the file is larger than the policy allows");
    } else if (!detail::meets(c,
                              detail::equal_ignoring_case(c.field, "bucket") ? bucket : find_field(form, c.field).value_or(""))) {
      return detail::policy_violated(detail::concat({"Policy Condition failed: ", c.field}));
    }
  }
  // S3 adds the bucket to the form's fields, and every field must meet a condition: else a form would be good for all buckets. (AWS says
  // which conditions there are, and not that this one is required; its answer is known from the public S3 compatibility tests of Ceph.)
  if (std::none_of(policy.conditions.begin(), policy.conditions.end(),
                   [](const auth::post_condition& c) { return detail::equal_ignoring_case(c.field, "bucket"); }))
    return detail::policy_violated("Extra input fields: bucket");
  for (const auto& [name, value] : form) {
    const auto is = [&field = name](std::string_view other) { return detail::equal_ignoring_case(field, other); };
    const bool named =
        std::any_of(policy.conditions.begin(), policy.conditions.end(), [&](const auth::post_condition& c) {
          return c.kind != auth::post_condition::test::content_length_range && is(c.field);  // that one names no field
        });
    if (!named && !is("policy") && !is("x-amz-signature") && !is("file") &&
        !detail::equal_ignoring_case(name.substr(0, 9), "x-ignore-"))
      return detail::policy_violated(detail::concat({"Extra input fields: ", name}));
  }
  return {};
}

/// Succeeds if the form's policy is signed by `who` for this region, and the form meets it. `p` is the result of `presented(form)`.
inline result<void> verify_post(auth::signer& with, const presented_signature& p, const auth::form_fields& form,
                                std::string_view bucket, std::uint64_t file_size, const auth::credentials& who,
                                const auth::signing_scope& expected, timestamp now) {
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  auto key = with.key_for(who, expected, p.at);
  if (!key) return result<void>::failed_as(std::move(key));
  const auto encoded = find_field(form, "policy").value_or("");
  if (!crypto::equal_in_constant_time(with.sign_policy(*key, encoded), p.signature)) return detail::signature_mismatch();
  auto policy = parse_policy_document(detail::from_base64(encoded).value_or(""));
  if (!policy) return result<void>::failed_as(std::move(policy));
  return check_policy(*policy, form, bucket, file_size, now);
}

}  // namespace s3store::inline S3STORE_ABI::embedded
