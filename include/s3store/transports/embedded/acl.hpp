// Who may do what with a bucket or an object? Access control lists (ACLs, also canned) are stored and returned, but not enforced.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
//
// As at AWS, the owner of a new bucket owns all objects in it (BucketOwnerEnforced): until its ownership controls are changed or
// removed, the bucket accepts only ACLs that grant nothing to others.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/transports/embedded/configurations.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

using access_list = types::access_control_policy;

inline constexpr std::string_view all_users = "http://acs.amazonaws.com/groups/global/AllUsers";
inline constexpr std::string_view authenticated_users = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
inline constexpr std::string_view log_delivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";

inline bool is_group(std::string_view uri) noexcept {
  return uri == all_users || uri == authenticated_users || uri == log_delivery;
}
inline bool is_permission(std::string_view s) noexcept {
  return s == "FULL_CONTROL" || s == "READ" || s == "WRITE" || s == "READ_ACP" || s == "WRITE_ACP";
}
inline types::grant grant_to_user(std::string_view id, std::string_view permission) {
  types::grantee who{.id = std::string(id), .type = types::type::canonical_user};
  return {.grantee = std::move(who), .permission = types::permission{permission}};
}
inline types::grant grant_to_group(std::string_view uri, std::string_view permission) {
  types::grantee who{.type = types::type::group, .uri = std::string(uri)};
  return {.grantee = std::move(who), .permission = types::permission{permission}};
}

/// The ACL that grants everything to the owner and nothing to others.
inline access_list owners_list(const auto& c) {
  types::grant own = grant_to_user(c.options.account, "FULL_CONTROL");
  own.grantee->display_name = owner_of(c).display_name;
  return {.grants = {std::move(own)}, .owner = owner_of(c)};
}

// --- what a request says ---------------------------------------------------------------------------------------------------------

struct canned_grant {
  std::string_view list{};
  std::string_view group{};
  std::string_view permission{};
};
inline constexpr std::array canned_grants{canned_grant{"public-read", all_users, "READ"},
                                          canned_grant{"public-read-write", all_users, "READ"},
                                          canned_grant{"public-read-write", all_users, "WRITE"},
                                          canned_grant{"authenticated-read", authenticated_users, "READ"},
                                          canned_grant{"log-delivery-write", log_delivery, "WRITE"},
                                          canned_grant{"log-delivery-write", log_delivery, "READ_ACP"}};
/// Canned ACLs that are all the same here, since the object's owner is the bucket's owner.
inline constexpr std::array private_lists{"private", "bucket-owner-read", "bucket-owner-full-control"};

inline constexpr std::pair<std::string_view, std::string_view> grant_fields[] = {
    {"x-amz-grant-full-control", "FULL_CONTROL"},
    {"x-amz-grant-read", "READ"},
    {"x-amz-grant-read-acp", "READ_ACP"},
    {"x-amz-grant-write", "WRITE"},
    {"x-amz-grant-write-acp", "WRITE_ACP"}};

/// S3 refuses a grant to an account that does not exist.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee
inline bool is_account(std::string_view id, const embedded_options& options) {
  const auto& others = options.further_accounts;
  return id == options.account || std::find(others.begin(), others.end(), id) != others.end();
}
inline error unknown_account() { return invalid("Invalid id: there is no such account"); }

/// Reads `id="…", uri="…"` from a header that grants a permission.
inline result<void> add_grants(access_list& to, std::string_view grantees, std::string_view permission,
                               const embedded_options& options) {
  std::optional<error> wrong;
  detail::split(grantees, ',', [&](std::string_view one) {
    const auto equals = (std::min)(one.find('='), one.size());
    const auto kind = detail::trim(one.substr(0, equals)), who = unquoted(detail::trim(one.substr((std::min)(equals + 1, one.size()))));
    if (detail::equal_ignoring_case(kind, "id") && !who.empty()) {
      if (!is_account(who, options)) wrong = unknown_account();
      to.grants.push_back(grant_to_user(who, permission));
    } else if (detail::equal_ignoring_case(kind, "uri") && is_group(who)) {
      to.grants.push_back(grant_to_group(who, permission));
    } else if (detail::equal_ignoring_case(kind, "emailAddress")) {
      wrong = refusal("UnresolvableGrantByEmailAddress", 400, "no account has that e-mail address");
    } else {
      wrong = invalid("who is granted something must be id=\"...\" or uri=\"...\" with a group that S3 knows");
    }
  });
  return wrong ? result<void>{std::move(*wrong)} : result<void>{};
}

/// The ACL in the headers of a request; empty if they have none.
inline result<std::optional<access_list>> list_in_fields(auto& c) {
  const headers& fields = c.request.fields;
  const auto canned = fields.get("x-amz-acl");
  access_list granted{.owner = owner_of(c)};
  for (const auto& [name, permission] : grant_fields)
    if (const auto grantees = fields.get(name))
      if (auto added = add_grants(granted, *grantees, permission, c.options); !added) return std::move(added.error());
  if (!canned && granted.grants.empty()) return std::optional<access_list>{};
  if (!canned) return std::optional{std::move(granted)};
  if (!granted.grants.empty()) return bad_request("a request has either a canned ACL or grants in its headers");
  if (*canned == "aws-exec-read") return not_done("the ACL aws-exec-read");
  access_list out = owners_list(c);
  for (const canned_grant& g : canned_grants)
    if (g.list == *canned) out.grants.push_back(grant_to_group(g.group, g.permission));
  if (out.grants.size() == 1 && std::find(private_lists.begin(), private_lists.end(), *canned) == private_lists.end())
    return invalid("x-amz-acl must be one of the canned ACLs of S3");
  return std::optional{std::move(out)};
}

/// Is that somebody to whom something can be granted?
inline result<void> check_grantee(const std::optional<types::grantee>& who, const auto& c) {
  if (!who) return refusal("MalformedACLError", 400, "a grant has a Grantee");
  if (who->type == types::type::amazon_customer_by_email)
    return refusal("UnresolvableGrantByEmailAddress", 400, "no account has that e-mail address");
  const bool to_group = who->type == types::type::group;
  if (to_group ? !is_group(who->uri) : who->id.empty())
    return invalid("a grantee has the ID of an account, or the URI of a group that S3 knows");
  if (!to_group && !is_account(who->id, c.options)) return unknown_account();
  return {};
}

/// Checks an ACL that was sent as an XML document.
inline result<void> check_document(const access_list& list, const auto& c) {
  const auto refuse = [](const char* message) { return refusal("MalformedACLError", 400, message); };
  if (!list.owner || list.owner->id.empty()) return refuse("an access control list names its owner");
  if (list.owner->id != c.options.account) return refusal("AccessDenied", 403, "the owner cannot be changed");
  if (list.grants.size() > 100) return refuse("an access control list has at most 100 grants");
  for (const types::grant& g : list.grants) {
    if (!is_permission(g.permission.str())) return refuse("a grant has one of the permissions of S3");
    if (auto known = check_grantee(g.grantee, c); !known) return known;
  }
  return {};
}

// --- whether the bucket accepts it -----------------------------------------------------------------------------------------------

inline result<bool> takes_lists(const bucket& in) {
  auto set = configured<types::ownership_controls>(in, "ownershipControls");
  if (!set) return std::move(set.error());
  return set->rules.empty() || set->rules.front().object_ownership != types::object_ownership::bucket_owner_enforced;
}

inline bool is_public(const access_list& list) {
  return std::any_of(list.grants.begin(), list.grants.end(), [](const types::grant& g) {
    const std::string& uri = g.grantee->uri;
    return uri == all_users || uri == authenticated_users;
  });
}
inline bool is_owners_alone(const access_list& list) {
  return std::all_of(list.grants.begin(), list.grants.end(), [&list](const types::grant& g) {
    return g.grantee->id == list.owner->id && g.permission == types::permission::full_control;
  });
}

/// Fails if the bucket accepts no ACLs, or no public ones.
inline result<void> check_list(const access_list& list, const bucket& in, std::string_view canned) {
  auto takes = takes_lists(in);
  if (!takes) return std::move(takes.error());
  if (!*takes && (canned == "private" || !is_owners_alone(list)))
    return refusal("AccessControlListNotSupported", 400, "the bucket does not allow ACLs");
  auto block = configured<types::public_access_block_configuration>(in, "publicAccessBlock");
  if (!block) return std::move(block.error());
  if (block->block_public_acls.value_or(false) && is_public(list))
    return refusal("AccessDenied", 403, "the bucket blocks ACLs that make something public");
  return {};
}

/// The XML document of an ACL.
inline result<served_answer> document_of(access_list list) {
  return document_of(put_bucket_acl_request{.access_control_policy = std::move(list)});
}

/// The ACL of an upload as the XML that is stored; empty if the upload has none.
inline result<std::string> read_acl(auto& c, const bucket& in) {
  auto list = list_in_fields(c);
  if (!list) return std::move(list.error());
  if (!*list) return std::string{};
  if (auto takes = check_list(**list, in, c.request.fields.value_or_empty("x-amz-acl")); !takes) return std::move(takes.error());
  auto document = document_of(std::move(**list));
  if (!document) return std::move(document.error());
  return std::move(document->body);
}

// --- the operations on lists -----------------------------------------------------------------------------------------------------

/// The ACL that a request sets, from its headers or its body.
template <class Request>
result<served_answer> wanted_list(const Request& r, auto& c, const bucket& in) {
  auto list = list_in_fields(c);
  if (!list) return std::move(list.error());
  if (*list && r.access_control_policy)
    return refusal("UnexpectedContent", 400, "a request has an access control list either in its headers or in its body");
  if (!*list && !r.access_control_policy)
    return refusal("MissingSecurityHeader", 400, "the request has no access control list, neither in its headers nor in its body");
  if (!*list) {
    if (auto checked = check_document(*r.access_control_policy, c); !checked) return std::move(checked.error());
    *list = r.access_control_policy;
  }
  if (auto takes = check_list(**list, in, c.request.fields.value_or_empty("x-amz-acl")); !takes) return std::move(takes.error());
  return document_of(std::move(**list));
}

/// The answer with a stored ACL; an empty `document` means the owner's.
template <class Response>
result<Response> tell_list(const std::string& document, auto& c) {
  auto list = document.empty() ? result<access_list>{owners_list(c)} : structure_in<access_list>(document);
  if (!list) return std::move(list.error());
  Response out;
  out.owner = std::move(list->owner);
  out.grants = std::move(list->grants);
  return out;
}

inline result<put_bucket_acl_response> handle(const put_bucket_acl_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  auto list = wanted_list(r, c, **in);
  if (!list) return std::move(list.error());
  auto kept = c.kept.change(**in, [&](bucket& next) -> result<void> {
    next.configurations.insert_or_assign("acl", std::move(*list));
    return {};
  });
  if (!kept) return std::move(kept.error());
  return put_bucket_acl_response{};
}
inline result<get_bucket_acl_response> handle(const get_bucket_acl_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const served_answer* const kept = (*in)->configuration("acl");
  return tell_list<get_bucket_acl_response>(kept ? kept->body : std::string{}, c);
}

/// BucketOwnerEnforced would silently disable the bucket's ACL, so it is refused while that ACL grants anything to others.
inline result<void> check_configuration(const put_bucket_ownership_controls_request& r, const bucket& in, auto& c) {
  const auto& rules = r.ownership_controls.rules;
  using ownership = types::object_ownership;
  if (rules.size() != 1 ||
      (rules[0].object_ownership != ownership::bucket_owner_enforced && rules[0].object_ownership != ownership::object_writer &&
       rules[0].object_ownership != ownership::bucket_owner_preferred))
    return malformed("ownership controls are one rule: BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter");
  const served_answer* const kept = in.configuration("acl");
  auto list = kept ? structure_in<access_list>(kept->body) : result<access_list>{owners_list(c)};
  if (!list) return std::move(list.error());
  if (rules[0].object_ownership == ownership::bucket_owner_enforced && !is_owners_alone(*list))
    return refusal("InvalidBucketAclWithObjectOwnership", 400,
                   "the bucket's ACL grants something to others, which BucketOwnerEnforced does not allow");
  return {};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
