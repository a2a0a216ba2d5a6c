// How is a file uploaded by a browser's form? As multipart/form-data (RFC 7578), which is split into fields and one file.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/transports/embedded/verify_post.hpp>
#include <s3store/protocol/encode.hpp>
#include <s3store/transports/embedded/context.hpp>
#include <s3store/transports/embedded/objects.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct upload_form {
  auth::form_fields fields{};  ///< those before the file; S3 ignores what follows it
  std::string file{};
};

inline error malformed_form(std::string_view why) {
  return refusal("MalformedPOSTRequest", 400, detail::concat({"the body is no multipart/form-data: ", why}));
}

/// The value of a header's parameter, quoted or not: `key` for `name` in `form-data; name="key"`.
inline std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  std::optional<std::string> found;
  for (std::size_t at = header.find(';'); at != std::string_view::npos && !found;) {
    header = detail::trim(header.substr(at + 1));
    const auto equals = (std::min)(header.find('='), header.size());
    const auto here = detail::trim(header.substr(0, equals));
    header = header.substr((std::min)(equals + 1, header.size()));
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        if (header[i] == '\\' && i + 1 < header.size() && (header[i + 1] == '"' || header[i + 1] == '\\')) ++i;
        value.push_back(header[i]);
      }
      header = header.substr((std::min)(i + 1, header.size()));
    } else {
      value = detail::trim(header.substr(0, header.find(';')));
    }
    if (detail::equal_ignoring_case(here, name)) found = std::move(value);
    at = header.find(';');
  }
  return found;
}

inline bool is_form(const headers& fields) {
  return detail::lower_case(fields.value_or_empty("Content-Type")).starts_with("multipart/form-data");
}

/// Fails with MalformedPOSTRequest or InvalidArgument. `${filename}` is replaced by the file's name in all fields but those of the
/// signature.
inline result<upload_form> parse_form(std::string_view content_type, std::string_view body) {
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) return malformed_form("there is no boundary");
  const std::string delimiter = detail::concat({"\r\n--", *boundary});
  // The first boundary may be at the start of the body, without a line break before it.
  std::size_t at = body.starts_with(std::string_view{delimiter}.substr(2)) ? delimiter.size() - 2 : std::string_view::npos;
  if (const auto found = body.find(delimiter); at == std::string_view::npos && found != std::string_view::npos)
    at = found + delimiter.size();
  upload_form out;
  std::optional<std::string> file_name;
  while (!file_name) {
    if (at == std::string_view::npos || body.size() - at < 2) return malformed_form("the closing boundary is missing");
    if (body.substr(at, 2) == "--") break;
    const auto end = body.find(delimiter, at);
    const std::string_view part = body.substr(at, end == std::string_view::npos ? 0 : end - at);
    if (!part.starts_with("\r\n")) return malformed_form("a part does not end with the boundary");
    const auto blank = part.find("\r\n\r\n");
    if (blank == std::string_view::npos) return malformed_form("a part has no blank line behind its headers");
    std::string name;
    int dispositions = 0;
    detail::split(part.substr(0, blank), '\n', [&](std::string_view line) {
      line = detail::trim(line);
      constexpr std::string_view disposition = "content-disposition:";
      if (!detail::equal_ignoring_case(line.substr(0, disposition.size()), disposition)) return;
      ++dispositions;
      name = header_parameter(line, "name").value_or("");
      if (detail::equal_ignoring_case(name, "file")) file_name = header_parameter(line, "filename").value_or("");
    });
    if (name.empty() || dispositions != 1) return malformed_form("a part has no name, or several");
    // The policy looks at one field of a name and headers have no case, so a second one could bring in what the policy forbids. AWS does
    // not document what it does then.
    if (find_field(out.fields, name)) return invalid(detail::concat({"the form has more than one field named ", name}));
    const auto value = part.substr(blank + 4);
    if (file_name) {
      out.file = value;
    } else {
      out.fields.emplace_back(std::move(name), value);
    }
    at = end + delimiter.size();
  }
  if (!file_name) return invalid("a form must have a field named file");
  const auto slash = file_name->find_last_of("/\\");  // some browsers send the whole path
  if (slash != std::string::npos) file_name->erase(0, slash + 1);
  constexpr std::array of_signature{"policy",     "x-amz-algorithm",      "x-amz-credential",
                                    "x-amz-date", "x-amz-security-token", "x-amz-signature"};
  constexpr std::string_view variable = auth::filename_variable;
  for (auto& [name, value] : out.fields) {
    bool as_it_is = false;
    for (const char* const one : of_signature) as_it_is = as_it_is || detail::equal_ignoring_case(name, one);
    for (auto found = as_it_is ? std::string::npos : value.find(variable); found != std::string::npos;
         found = value.find(variable, found + file_name->size()))
      value.replace(found, variable.size(), *file_name);
  }
  return out;
}

/// The PUT request that is equivalent to the form.
inline result<received_request> request_of(upload_form&& form, std::string bucket) {
  // clang-format off
  constexpr std::array of_the_form{"key", "policy", "bucket", "acl", "tagging", "success_action_status", "success_action_redirect",
                                   "redirect", "x-amz-signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date",
                                   "x-amz-security-token"};
  // clang-format on
  received_request out{.verb = http::method::put, .bucket = std::move(bucket)};
  out.key = find_field(form.fields, "key").value_or("");
  if (out.key.empty())
    return invalid("a form must have a field named key, before the file");
  if (const auto acl = find_field(form.fields, "acl")) out.fields.add("x-amz-acl", *acl);
  if (const auto tagging = find_field(form.fields, "tagging")) {
    auto tags = structure_in<types::tagging>(std::string(*tagging));
    if (!tags) return std::move(tags.error());
    out.fields.add("x-amz-tagging", format_tagging(tags->tag_set));
  }
  for (const auto& [name, value] : form.fields) {
    bool other = detail::equal_ignoring_case(std::string_view{name}.substr(0, 9), "x-ignore-");
    for (const char* const known : of_the_form) other = other || detail::equal_ignoring_case(name, known);
    if (other) continue;
    if (!wire::is_header_name(name) || !wire::is_header_value(value))
      return invalid(detail::concat({"the form field ", name, " cannot be a header: its name or value is malformed"}));
    if (out.fields.contains(name)) return invalid(detail::concat({"the form says twice what ", name, " is"}));  // "acl" is x-amz-acl, too
    out.fields.add(name, value);
  }
  out.body = std::move(form.file);
  return out;
}

/// The answer to a form. `status` and `redirect` are the form's wishes.
inline served_answer answer_to_form(const auto& c, const put_object_response& stored, std::string_view status,
                                    std::string_view redirect) {
  served_answer out{.status = 204};
  const std::string& bucket = c.request.bucket;
  const std::string location = c.location();
  const std::string& etag = stored.etag;
  out.fields.add("ETag", etag);
  if (!stored.version_id.empty()) out.fields.add("x-amz-version-id", stored.version_id);
  if (redirect.starts_with("http://") || redirect.starts_with("https://")) {
    out.status = 303;
    std::string query;
    wire::append_query(query, "bucket", bucket);
    wire::append_query(query, "key", c.request.key);
    wire::append_query(query, "etag", etag);
    out.fields.add("Location", std::string(redirect) + (redirect.find('?') == std::string_view::npos ? "?" : "&") + query);
    return out;
  }
  out.fields.add("Location", location);
  if (status == "200") out.status = 200;
  if (status != "201") return out;
  out.status = 201;
  out.fields.add("Content-Type", "application/xml");
  xml::writer document{out.body};
  document.declaration();
  document.open("PostResponse");
  document.element("Location", location);
  document.element("Bucket", bucket);
  document.element("Key", c.request.key);
  document.element("ETag", etag);
  document.close();
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
