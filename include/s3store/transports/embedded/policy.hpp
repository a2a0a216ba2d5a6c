// Is a text a valid bucket policy, and does it make the bucket public? Policies are checked and stored, but not enforced.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/json/tokenizer.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct policy_statement {
  std::string effect{};
  std::vector<std::string> principals{};  ///< "*", and those under "AWS" and the like
  std::vector<std::string> actions{};
  std::vector<std::string> resources{};
  bool open{};                            ///< it has NotPrincipal: it applies to everyone else
  bool conditional{};

  /// True if the statement allows something to everyone, or to everyone but a few. A statement with a condition does not count.
  bool is_public() const {
    return effect == "Allow" && !conditional && (open || std::find(principals.begin(), principals.end(), "*") != principals.end());
  }
};

/// Reads a policy, and refuses members that S3 does not know. A member's path has the names of the objects around it, but no array
/// indices, since S3 accepts a single value in place of an array.
class policy_reader {
 public:
  /// Fails with MalformedPolicy.
  static result<std::vector<policy_statement>> read(std::string_view text) {
    policy_reader reader;
    json::tokenizer tokens{text};
    for (auto t = tokens.next(); reader.why_.empty(); t = tokens.next()) {
      if (t && t->kind == json::token_kind::end) break;
      reader.text_.clear();
      const bool has_text = t && (t->kind == json::token_kind::string || t->kind == json::token_kind::key);
      if (!t || (has_text && !json::unescape(t->raw, reader.text_))) {
        reader.refuse("a policy is a JSON object");
      } else {
        reader.take(t->kind);
      }
    }
    if (reader.all_.empty()) reader.refuse("the policy has no Statement");
    for (const policy_statement& s : reader.all_)
      if ((s.effect != "Allow" && s.effect != "Deny") || s.principals.empty() || s.actions.empty() || s.resources.empty())
        reader.refuse("a statement needs an Effect, Allow or Deny, a Principal, an Action and a Resource");
    if (!reader.why_.empty()) return refusal("MalformedPolicy", 400, reader.why_);
    return std::move(reader.all_);
  }

 private:
  void refuse(const char* why) {
    if (why_.empty()) why_ = why;
  }
  void take(json::token_kind token) {
    using kind = json::token_kind;
    switch (token) {
      case kind::begin_object: return open();
      case kind::end_object: return path_.pop_back();
      case kind::key: return name();
      case kind::begin_array:
      case kind::end_array: return path_.empty() ? refuse("a policy is a JSON object") : void();
      default:
        if (!in_condition() && token != kind::string) refuse("the policy has a value that is no text");
        return value();
    }
  }
  bool in_condition() const { return path_.size() > 1 && path_[1] == "Condition"; }
  void open() {
    const std::size_t depth = path_.size();
    if (depth == 1 && path_[0] == "Statement") {
      all_.emplace_back();
    } else if (depth != 0 && !in_condition() && (depth != 2 || !path_[1].ends_with("Principal"))) {
      refuse("the policy has an object where none belongs");
    }
    path_.emplace_back();
  }
  void name() {
    constexpr std::string_view of_policy = " Version Id Statement ",
                               of_statement = " Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition ";
    const auto known = path_.size() == 1 ? of_policy : of_statement;
    if (path_.size() <= 2 && known.find(" " + text_ + " ") == std::string_view::npos)
      refuse("the policy has a member that S3 does not know");
    path_.back() = text_;
  }
  void value() {
    if (path_.empty()) return refuse("a policy is a JSON object");
    if (path_.size() == 1) {
      if (path_[0] == "Statement") refuse("a statement is an object");
      if (path_[0] == "Version" && text_ != "2012-10-17" && text_ != "2008-10-17")
        refuse("the policy's Version must be 2012-10-17 or 2008-10-17");
      return;
    }
    policy_statement& s = all_.back();
    std::string_view member = path_[1];
    if (member == "Condition") s.conditional = true;
    if (member == "Effect") s.effect = text_;
    s.open = s.open || member == "NotPrincipal";
    if (member.starts_with("Not")) member.remove_prefix(3);
    if (member == "Principal" && path_.size() == 2 && text_ != "*") refuse("a Principal is \"*\" or an object");
    if (member == "Principal") s.principals.push_back(text_);
    if (member == "Action") s.actions.push_back(text_);
    if (member == "Resource") s.resources.push_back(text_);
  }

  std::vector<std::string> path_{};  ///< a name for each object around the current member
  std::string text_{};
  std::string why_{};
  std::vector<policy_statement> all_{};
};

/// True for "arn:aws:s3:::b" or "arn:aws:s3:::b/…" of this bucket; both may have wildcards.
inline bool is_resource_of(std::string_view arn, std::string_view bucket_name) {
  const auto name = arn.find(":s3:::");
  if (!arn.starts_with("arn:") || name == std::string_view::npos) return arn == "*";
  arn.remove_prefix(name + 6);
  const auto end = (std::min)(arn.find_first_of("/*?"), arn.size());
  const bool pattern = end != arn.size() && arn[end] != '/';
  return pattern ? bucket_name.starts_with(arn.substr(0, end)) : arn.substr(0, end) == bucket_name;
}

inline bool is_public(const std::vector<policy_statement>& policy) {
  return std::any_of(policy.begin(), policy.end(), [](const policy_statement& s) { return s.is_public(); });
}

inline result<void> check_configuration(const put_bucket_policy_request& r, const bucket& in, auto&) {
  const auto refuse = [](const char* message) { return refusal("MalformedPolicy", 400, message); };
  if (r.policy.size() > std::size_t{20} * 1024) return refuse("a policy has at most 20 KB");
  auto policy = policy_reader::read(r.policy);
  if (!policy) return std::move(policy.error());
  for (const policy_statement& s : *policy) {
    for (const std::string& action : s.actions)
      if (action != "*" && !detail::lower_case(action).starts_with("s3:")) return refuse("Policy has invalid action");
    for (const std::string& resource : s.resources)
      if (!is_resource_of(resource, in.name)) return refuse("Policy has invalid resource");
  }
  auto block = configured<types::public_access_block_configuration>(in, "publicAccessBlock");
  if (!block) return std::move(block.error());
  if (block->block_public_policy.value_or(false) && is_public(*policy))
    return refusal("AccessDenied", 403, "the bucket blocks policies that make it public");
  return {};
}

inline result<get_bucket_policy_status_response> handle(const get_bucket_policy_status_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const served_answer* const kept = (*in)->configuration("policy");
  if (!kept) return answer_unset("policy").error();
  auto policy = policy_reader::read(kept->body);
  if (!policy) return std::move(policy.error());
  return get_bucket_policy_status_response{.policy_status = types::policy_status{.is_public = is_public(*policy)}};
}

inline result<void> check_configuration(const put_public_access_block_request&, const bucket&, auto&) { return {}; }

}  // namespace s3store::inline S3STORE_ABI::embedded
