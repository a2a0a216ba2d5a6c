// How is an object copied, to another object or to a part of an upload? Both find and check the source in the same way.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/transports/embedded/multipart.hpp>
#include <s3store/transports/embedded/objects.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct found_source {
  const bucket* in{};
  const version* what{};
};

/// The source of a copy. Both kinds of request have the same members for it.
template <class Request>
result<found_source> find_source(const Request& r, auto& c) {
  if (r.expected_source_bucket_owner && *r.expected_source_bucket_owner != c.options.account)
    return refusal("AccessDenied", 403, "the source bucket has another owner than the request expects");
  auto in = c.kept.find(r.copy_source.bucket);
  if (!in) return std::move(in.error());
  auto found = find_version(c, **in, r.copy_source.key, r.copy_source.version_id);
  if (!found) {
    c.more.clear();  // they describe the source
    if (found.error().status == 405)
      return bad_request("a delete marker cannot be copied");
    return std::move(found.error());
  }
  if (auto key = check_customer_key((*found)->fields, c.request.fields, "x-amz-copy-source-server-side-encryption-customer-"); !key)
    return std::move(key.error());
  const read_conditions conditions{r.copy_source_if_match, r.copy_source_if_none_match, r.copy_source_if_modified_since,
                                   r.copy_source_if_unmodified_since};
  if (auto held = check_read(conditions, **found, true); !held) return std::move(held.error());
  return found_source{*in, *found};
}

/// True for "REPLACE", false for "COPY" or nothing.
template <class Directive>
result<bool> replaces(const Directive& d) {
  if (d.empty() || d == Directive::copy) return false;
  if (d == Directive::replace) return true;
  return invalid(detail::concat({"a directive is COPY or REPLACE, and not ", d.str()}));
}

inline result<copy_object_response> handle(const copy_object_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  auto new_description = replaces(r.metadata_directive);
  auto new_tagging = replaces(r.tagging_directive);
  if (!new_description || !new_tagging) return std::move((new_description ? new_tagging : new_description).error());
  auto source = find_source(r, c);
  if (!source) return std::move(source.error());
  const version& from = *source->what;
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(**in, r.key)); !held) return std::move(held.error());

  auto about = read_attributes(c, **in);
  if (!about) return std::move(about.error());
  if (!*new_description) {
    headers fields;
    keep_description(fields, from.fields);
    keep_fields(fields, about->fields, placing_fields);
    about->fields = std::move(fields);
  }
  if (!*new_tagging) about->tagging = from.tagging;
  const bool onto_itself = source->in == *in && r.copy_source.key == r.key && !r.copy_source.version_id;
  bool places = false;
  for (const char* const name : placing_fields) places = places || c.request.fields.contains(name);
  if (onto_itself && !*new_description && !*new_tagging && !places && r.checksum_algorithm.empty())
    return bad_request("a copy onto itself must change the object's metadata, tags, storage class, encryption or checksum");

  auto etag = etag_of(from.bytes);
  if (!etag) return std::move(etag.error());
  auto algorithm = from.checksum ? from.checksum->algorithm : default_checksum;
  if (!r.checksum_algorithm.empty()) {
    auto named = new_checksum(r.checksum_algorithm.str(), c.options);
    if (!named) return std::move(named.error());
    algorithm = named->algorithm();
  }
  auto checksum = checksum_of(from.bytes, algorithm, c.options);
  if (!checksum) return std::move(checksum.error());
  const std::string source_id = from.id;
  const bool source_has_versions = source->in->has_versions();
  auto added = c.kept.add(**in, r.key,
                          {.last_modified = c.now,
                           .etag = std::move(*etag),
                           .bytes = from.bytes,
                           .fields = std::move(about->fields),
                           .tagging = std::move(about->tagging),
                           .acl = std::move(about->acl),
                           .checksum = std::move(*checksum)});
  if (!added) return std::move(added.error());
  const version& v = **added;
  copy_object_response out;
  assign_fields(out, facts_of_new(r.key, v, **in));
  if (source_has_versions) out.copy_source_version_id = source_id;
  auto& told = out.copy_object_result.emplace();
  told.etag = v.etag;
  told.last_modified = v.last_modified;
  assign_elements(told, {{v.checksum->element(), v.checksum->text}, {"ChecksumType", v.checksum->type()}});
  return out;
}

inline result<upload_part_copy_response> handle(const upload_part_copy_request& r, auto& c) {
  auto under = find_upload(r, c);
  if (!under) return std::move(under.error());
  if (auto number = check_part_number(r.part_number); !number) return std::move(number.error());
  if (auto key = check_customer_key(under->of->fields, c.request.fields); !key) return std::move(key.error());
  auto source = find_source(r, c);
  if (!source) return std::move(source.error());
  const version& from = *source->what;
  content bytes = from.bytes;
  if (!r.copy_source_range.empty()) {
    auto range = parse_range(r.copy_source_range, from.bytes.size());
    const auto last =
        detail::parse_integer<std::uint64_t>(std::string_view{r.copy_source_range}.substr(r.copy_source_range.find('-') + 1));
    if ((range && !*range) || !last) return invalid("x-amz-copy-source-range must be bytes=first-last");
    if (!range || *last >= from.bytes.size())
      return invalid(detail::concat({"x-amz-copy-source-range goes beyond the ", detail::decimal(from.bytes.size()), " bytes of the source"}));
    auto piece = from.bytes.read((*range)->first, (*range)->length);
    if (!piece) return std::move(piece.error());
    auto kept = c.kept.keep(std::move(*piece));
    if (!kept) return std::move(kept.error());
    bytes = std::move(*kept);
  }
  upload_part_copy_response out;
  if (source->in->has_versions()) out.copy_source_version_id = from.id;
  auto etag = etag_of(bytes);
  if (!etag) return std::move(etag.error());
  auto added = add_part(c, *under, r.part_number, std::move(bytes), std::move(*etag));
  if (!added) return std::move(added.error());
  assign_fields(out, under->of->fields);
  auto& told = out.copy_part_result.emplace();
  told.etag = (*added)->etag;
  told.last_modified = (*added)->last_modified;
  if ((*added)->checksum) assign_elements(told, {{(*added)->checksum->element(), (*added)->checksum->text}});
  return out;
}

}  // namespace s3store::inline S3STORE_ABI::embedded
