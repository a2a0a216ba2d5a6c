// How is an object uploaded in parts? An upload collects them, and completing it makes the object.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/operations/multipart.hpp>
#include <s3store/transports/embedded/objects.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

struct found_upload {
  bucket* in{};
  const std::string& key;
  upload* of{};
};

/// The upload that a request names. Fails with NoSuchBucket or NoSuchUpload.
template <class Request>
result<found_upload> find_upload(const Request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  const upload_name name{r.key, r.upload_id};
  if (const auto broken = (*in)->broken_uploads.find(name); broken != (*in)->broken_uploads.end())
    return detail::fail(error_kind::io, broken->second);
  const auto at = (*in)->uploads.find(name);
  if (at == (*in)->uploads.end())
    return refusal("NoSuchUpload", 404, "there is no such upload: it was never begun, or has been aborted or completed");
  return found_upload{*in, at->first.key, &at->second};
}

/// The type of the checksum that the object will have.
inline types::checksum_type type_of(const upload& u) {
  return u.composite ? types::checksum_type::composite : types::checksum_type::full_object;
}

inline result<void> check_part_number(std::int32_t number) {
  if (number < 1 || number > 10'000) return invalid("a part number is from 1 to 10000");
  return {};
}

/// For answers that name the key: uploads of keys that XML cannot hold are refused, but an older version may have kept some.
inline result<void> check_answer_key(std::string_view key) {
  if (xml::can_hold(key)) return {};
  return bad_request("the answer to this request names the key, which has a character that XML has no way to carry");
}

inline result<create_multipart_upload_response> handle(const create_multipart_upload_request& r, auto& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto key = check_key(r.key); !key) return std::move(key.error());
  if (auto named = check_answer_key(r.key); !named) return std::move(named.error());
  auto about = read_attributes(c, **in);
  if (!about) return std::move(about.error());
  upload u{.initiated = c.now,
           .fields = std::move(about->fields),
           .tagging = std::move(about->tagging),
           .acl = std::move(about->acl)};
  if (!r.checksum_algorithm.empty()) {
    auto named = new_checksum(r.checksum_algorithm.str(), c.options);
    if (!named) return std::move(named.error());
    u.algorithm = named->algorithm();
  }
  using kind = types::checksum_type;
  if (!r.checksum_type.empty()) {
    if (!u.algorithm)
      return bad_request("x-amz-checksum-type needs x-amz-checksum-algorithm");
    u.composite = r.checksum_type == kind::composite;
    if (!u.composite && r.checksum_type != kind::full_object)
      return invalid("x-amz-checksum-type must be COMPOSITE or FULL_OBJECT");
    if (u.composite ? *u.algorithm == crypto::checksum_algorithm::crc64nvme : !crypto::is_crc(*u.algorithm))
      return bad_request("checksums of the algorithm " + std::string(crypto::name(*u.algorithm)) + " are never " +
                         r.checksum_type.str());
  } else {
    u.composite = u.algorithm && *u.algorithm != crypto::checksum_algorithm::crc64nvme;
  }
  auto begun = c.kept.begin(**in, r.key, std::move(u));
  if (!begun) return std::move(begun.error());
  create_multipart_upload_response out;
  assign_fields(out, (*begun)->fields);
  out.bucket = r.bucket;
  out.key = r.key;
  out.upload_id = (*begun)->id;
  if ((*begun)->algorithm) {
    out.checksum_algorithm = types::checksum_algorithm{crypto::name(*(*begun)->algorithm)};
    out.checksum_type = type_of(**begun);
  }
  return out;
}

/// Stores a part with the checksum that was sent, or else one computed by the upload's algorithm, if it has one.
inline result<const part*> add_part(auto& c, found_upload& to, std::int32_t number, content bytes, std::string etag,
                                    std::optional<checksum_value> sent = {}) {
  part p{.number = number,
         .etag = std::move(etag),
         .last_modified = c.now,
         .bytes = std::move(bytes),
         .checksum = std::move(sent)};
  const auto algorithm = to.of->algorithm;
  if (algorithm && !p.checksum) {
    auto sum = checksum_of(p.bytes, *algorithm, c.options);
    if (!sum) return std::move(sum.error());
    p.checksum = std::move(*sum);
  }
  if (auto added = c.kept.add(*to.in, to.key, *to.of, std::move(p)); !added) return std::move(added.error());
  return &to.of->parts.find(number)->second;
}

inline result<upload_part_response> handle(const upload_part_request& r, auto& c) {
  auto to = find_upload(r, c);
  if (!to) return std::move(to.error());
  if (auto number = check_part_number(r.part_number); !number) return std::move(number.error());
  if (auto key = check_customer_key(to->of->fields, c.request.fields); !key) return std::move(key.error());
  const auto& sent = c.body.checksum;
  if (sent && to->of->algorithm && sent->algorithm != *to->of->algorithm)
    return bad_request("the upload's checksums are " + std::string(crypto::name(*to->of->algorithm)) + ", and the part's is " +
                       std::string(crypto::name(sent->algorithm)));
  auto bytes = c.kept.keep(std::move(c.request.body));
  if (!bytes) return std::move(bytes.error());
  auto added = add_part(c, *to, r.part_number, std::move(*bytes), c.body.etag, sent);
  if (!added) return std::move(added.error());
  headers facts = to->of->fields;
  facts.add("ETag", (*added)->etag);
  if (const auto& told = (*added)->checksum) facts.add(told->field(), told->text);
  upload_part_response out;
  assign_fields(out, facts);
  return out;
}

inline result<abort_multipart_upload_response> handle(const abort_multipart_upload_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) return std::move(found.error());
  if (r.if_match_initiated_time && std::chrono::floor<std::chrono::seconds>(found->of->initiated) != *r.if_match_initiated_time)
    return precondition_failed("x-amz-if-match-initiated-time");
  const std::string key = found->key;
  if (auto ended = c.kept.end(*found->in, key, *found->of); !ended) return std::move(ended.error());
  return abort_multipart_upload_response{};
}

// --- completing ------------------------------------------------------------------------------------------------------------------

/// The uploaded parts that the request names. `least`: the minimum size in bytes of every part but the last.
inline result<std::vector<part>> chosen_parts(const auto& r, const upload& u, std::uint64_t least) {
  if (!r.multipart_upload || r.multipart_upload->parts.empty())
    return bad_request("the request names no part");
  std::vector<part> out;
  std::int32_t before = 0;
  for (const types::completed_part& wanted : r.multipart_upload->parts) {
    const std::int32_t number = wanted.part_number.value_or(0);
    if (number < 1 || wanted.etag.empty()) return refusal("MalformedXML", 400, "a part has a PartNumber and an ETag");
    if (number <= before)
      return refusal("InvalidPartOrder", 400,
                     "parts must be named in ascending order of their numbers");
    before = number;
    const auto at = u.parts.find(number);
    const headers named = elements_of(wanted);
    if (at == u.parts.end() || unquoted(at->second.etag) != unquoted(wanted.etag) ||
        (at->second.checksum &&
         named.get(at->second.checksum->element()).value_or(at->second.checksum->text) != at->second.checksum->text))
      return refusal("InvalidPart", 400, detail::concat({"part ", detail::decimal(number), " has not arrived, or has another ETag or checksum"}));
    if (u.composite && at->second.checksum && !named.contains(at->second.checksum->element()))
      return bad_request(detail::concat({"the request must name the checksum of part ", detail::decimal(number)}));
    out.push_back(at->second);
  }
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i].bytes.size() < least)
      return refusal("EntityTooSmall", 400, detail::concat({"every part but the last must have at least ", detail::decimal(least), " bytes"}));
  return out;
}

/// The checksum of the object, computed from the parts' checksums or from all bytes.
inline result<checksum_value> whole_checksum(const upload& u, const std::vector<part>& parts, const content& all,
                                             const embedded_options& options) {
  const auto algorithm = u.algorithm.value_or(default_checksum);
  if (!u.composite) return checksum_of(all, algorithm, options);
  auto over = new_checksum(crypto::name(algorithm), options);
  if (!over) return std::move(over.error());
  for (const part& p : parts) over->update(detail::as_bytes(detail::from_base64(p.checksum->text).value_or("")));
  return checksum_value{algorithm, detail::concat({over->base64(), "-", detail::decimal(parts.size())}), true};
}

/// The version that an earlier request has made of these parts of the upload; null if there is none.
inline const version* completed_before(const complete_multipart_upload_request& r, const bucket& in) {
  const auto at = in.objects.find(r.key);
  if (at == in.objects.end() || r.upload_id.empty() || !r.multipart_upload) return nullptr;
  const auto& wanted = r.multipart_upload->parts;
  const auto same = [](const types::completed_part& a, const part& b) {
    return a.part_number == b.number && unquoted(a.etag) == unquoted(b.etag);
  };
  for (const version& v : at->second)
    if (v.upload_id == r.upload_id && std::equal(wanted.begin(), wanted.end(), v.parts.begin(), v.parts.end(), same)) return &v;
  return nullptr;
}

inline complete_multipart_upload_response tell_completed(const complete_multipart_upload_request& r, const bucket& in, const version& v,
                                                         auto& c) {
  complete_multipart_upload_response out;
  assign_fields(out, facts_of_new(r.key, v, in));
  out.location = c.location();
  out.bucket = r.bucket;
  out.key = r.key;
  assign_elements(out, {{"ETag", v.etag}, {v.checksum->element(), v.checksum->text}, {"ChecksumType", v.checksum->type()}});
  return out;
}

inline result<complete_multipart_upload_response> handle(const complete_multipart_upload_request& r, auto& c) {
  auto found = find_upload(r, c);
  if (!found) {
    // A client that missed the answer asks again. AWS then answers as it did, while it remembers the upload, also if the request has
    // If-None-Match (known from its answers; the documentation only has NoSuchUpload). Here that is as long as the object is there.
    if (auto in = c.kept.find(r.bucket))
      if (const version* const done = completed_before(r, **in)) return tell_completed(r, **in, *done, c);
    return std::move(found.error());
  }
  if (auto named = check_answer_key(r.key); !named) return std::move(named.error());
  const upload& u = *found->of;
  if (auto held = check_write(r.if_match, r.if_none_match, current_of(*found->in, r.key)); !held) return std::move(held.error());
  auto parts = chosen_parts(r, u, c.options.min_part_size);
  if (!parts) return std::move(parts.error());

  version v{.last_modified = c.now, .fields = u.fields, .tagging = u.tagging, .acl = u.acl};
  etag_hash etag;
  for (const part& p : *parts) {
    v.bytes.append(p.bytes);
    etag.update(detail::as_bytes(detail::from_hex(unquoted(p.etag)).value_or("")));
  }
  v.etag = in_quotes(detail::concat({detail::hex(detail::as_bytes(etag.finish())), "-", detail::decimal(parts->size())}));
  if (r.mpu_object_size && *r.mpu_object_size != static_cast<std::int64_t>(v.bytes.size()))
    return bad_request("the parts together have not the size that x-amz-mp-object-size says");
  if (!r.checksum_type.empty() && u.algorithm && r.checksum_type != type_of(u))
    return bad_request("the upload was begun with another checksum type");
  auto sum = whole_checksum(u, *parts, v.bytes, c.options);
  if (!sum) return std::move(sum.error());
  // A composite checksum in the request may lack its "-N".
  const auto claimed = c.request.fields.get(sum->field());
  if (claimed && claimed->substr(0, claimed->find('-')) != std::string_view{sum->text}.substr(0, sum->text.find('-')))
    return refusal(
        "BadDigest", 400,
        detail::concat({"The ", detail::lower_case(crypto::name(sum->algorithm)), " you specified did not match the calculated checksum."}));
  v.checksum = std::move(*sum);
  v.parts = std::move(*parts);
  v.upload_id = u.id;

  bucket& in = *found->in;
  auto added = c.kept.add(in, r.key, std::move(v), &u);  // which ends the upload, too
  if (!added) return std::move(added.error());
  return tell_completed(r, in, **added, c);
}

}  // namespace s3store::inline S3STORE_ABI::embedded
