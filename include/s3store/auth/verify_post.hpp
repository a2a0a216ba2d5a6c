// May this form upload this file? Its policy must be signed, unexpired, and met by every field.
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
#include <s3store/auth/verify.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/json/tokenizer.hpp>

namespace s3store::inline v0::auth {

namespace detail {

class policy_reader {
 public:
  explicit policy_reader(std::string_view document) noexcept : tokens_(document) {}

  std::optional<post_policy> read() {
    post_policy out;
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

  bool read_conditions(std::vector<post_condition>& into) {
    if (next() != kind::begin_array) return false;
    kind k{};
    while ((k = next()) != kind::end_array) {
      if (k == kind::begin_object ? !read_equalities(into) : k != kind::begin_array || !read_test(into)) return false;
    }
    return true;
  }

  bool read_equalities(std::vector<post_condition>& into) {
    kind k{};
    while ((k = next()) == kind::key) {
      std::string field = text_;
      if (!is_scalar(next())) return false;
      into.push_back(post_condition::eq(std::move(field), text_));
    }
    return k == kind::end_object;
  }

  bool read_test(std::vector<post_condition>& into) {
    std::string words[3];
    for (std::string& word : words) {
      if (!is_scalar(next())) return false;
      word = text_;
    }
    if (next() != kind::end_array) return false;
    const std::string_view name = words[0];
    if (equal_ignoring_case(name, "content-length-range")) {
      const auto least = parse_integer<std::uint64_t>(words[1]), most = parse_integer<std::uint64_t>(words[2]);
      if (!least || !most) return false;
      into.push_back(post_condition::content_length_range(*least, *most));
      return true;
    }
    const bool eq = equal_ignoring_case(name, "eq");
    if ((!eq && !equal_ignoring_case(name, "starts-with")) || !words[1].starts_with('$')) return false;
    words[1].erase(0, 1);
    into.push_back(eq ? post_condition::eq(words[1], words[2]) : post_condition::starts_with(words[1], words[2]));
    return true;
  }

  /// The next token; what it stands for is in `text_`. `end` where the text is broken.
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

inline bool meets(const post_condition& c, std::string_view value) {
  if (c.kind == post_condition::test::eq) return value == c.value;
  if (!equal_ignoring_case(c.field, "content-type") || value.find(',') == std::string_view::npos) return value.starts_with(c.value);
  bool all = true;  // commas make a list of this one field
  split(value, ',', [&](std::string_view one) { all = all && trim(one).starts_with(c.value); });
  return all;
}

inline error policy_violated(std::string why) {
  return refusal("AccessDenied", 403, concat({"Invalid according to Policy: ", why}));
}

}  // namespace detail

/// Reads a policy document. Fails with InvalidPolicyDocument.
inline result<post_policy> parse_policy_document(std::string_view document) {
  auto read = detail::policy_reader{document}.read();
  if (!read)
    return refusal("InvalidPolicyDocument", 400, "the policy must be a JSON object with an expiration and a list of conditions");
  return std::move(*read);
}

/// Succeeds where the form meets the policy. `${filename}` in the key must have been replaced before; `file_size` is in bytes.
/// Fails with AccessDenied, EntityTooSmall or EntityTooLarge.
inline result<void> check_policy(const post_policy& policy, const form_fields& form, std::string_view bucket,
                                 std::uint64_t file_size, timestamp now) {
  if (now >= policy.expiration) return detail::policy_violated("Policy expired.");
  for (const post_condition& c : policy.conditions) {
    if (c.kind == post_condition::test::content_length_range) {
      if (file_size < c.least) return refusal("EntityTooSmall", 400, "the file is smaller than the policy allows");
      if (file_size > c.most) return refusal("EntityTooLarge", 400, "the file is larger than the policy allows");
    } else if (!detail::meets(c, equal_ignoring_case(c.field, "bucket") ? bucket : find_field(form, c.field).value_or(""))) {
      return detail::policy_violated(concat({"Policy Condition failed: ", c.field}));
    }
  }
  for (const auto& [name, value] : form) {
    const auto is = [&field = name](std::string_view other) { return equal_ignoring_case(field, other); };
    const bool named =
        std::any_of(policy.conditions.begin(), policy.conditions.end(), [&](const post_condition& c) { return is(c.field); });
    if (!named && !is("policy") && !is("x-amz-signature") && !is("file") && !equal_ignoring_case(name.substr(0, 9), "x-ignore-"))
      return detail::policy_violated(concat({"Extra input fields: ", name}));
  }
  return {};
}

/// Succeeds where the form's policy is signed by `who`, here, and met. `p` is what `presented(form)` gave.
inline result<void> verify_post(signer& with, const presented_signature& p, const form_fields& form, std::string_view bucket,
                                std::uint64_t file_size, const credentials& who, const signing_scope& expected, timestamp now) {
  if (auto claims = detail::check_claims(p, who, expected, now); !claims) return claims;
  auto key = with.key_for(who, expected, p.at);
  if (!key) return result<void>::failed_as(std::move(key));
  const auto encoded = find_field(form, "policy").value_or("");
  if (!crypto::equal_in_constant_time(with.sign_policy(*key, encoded), p.signature)) return detail::signature_mismatch();
  auto policy = parse_policy_document(from_base64(encoded).value_or(""));
  if (!policy) return result<void>::failed_as(std::move(policy));
  return check_policy(*policy, form, bucket, file_size, now);
}

}  // namespace s3store::inline v0::auth
