// How do evidence bundles get into a bucket, and back out of it?
//
// A bundle is written once: storing it again is refused by the server itself (`If-None-Match: *`). What comes back is verified first, and an
// error if it does not hold: these functions never return evidence that its checksum does not vouch for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/evidence/bundle.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/transfer/upload.hpp>

namespace s3store::inline v0 {

struct store_evidence_options {
  bool overwrite{};  ///< replace the object of that key
  call_options call{};
};

struct stored_evidence {
  std::string key{};
  std::string checksum{};  ///< of the bundle; of an attachment, S3's own over its bytes
  std::optional<std::string> etag{};
  std::optional<std::string> version_id{};
};

struct retrieved_evidence {
  evidence_bundle bundle{};
  std::string key{};
  std::optional<std::string> etag{};
  std::optional<std::string> version_id{};
  std::vector<std::string> oddities{};  ///< what Python wrote and JSON does not vouch for; see evidence/python_json.hpp
};

/// What a listing tells of an object, and what its key says.
template <class Place>
struct listed {
  Place place{};
  std::string key{};
  std::uint64_t size{};
  timestamp last_modified{};
  std::string etag{};
};
using listed_evidence = listed<evidence::bundle_place>;
using listed_attachment = listed<evidence::attachment_place>;

/// What to list. A type, year or month that is left out is any; a month needs its year, and a year its type.
struct evidence_filter {
  std::string evidence_type{"decision"};  ///< empty: all
  std::optional<std::chrono::year> year{};
  std::optional<std::chrono::month> month{};
};

namespace evidence {

inline error located(error e, std::string_view bucket, std::string_view key) {
  e.bucket = bucket;
  e.key = key;
  return e;
}

/// The objects below a prefix whose key `parse` understands, in the order of their keys.
template <class P, class Place>
result<std::vector<listed<Place>>> list_places(const basic_client<P>& s3, std::string bucket, std::string prefix,
                                               std::optional<Place> (*parse)(std::string_view), const call_options& options) {
  std::vector<listed<Place>> out;
  for (auto& page : s3.pages(list_objects_v2_request{.bucket = std::move(bucket), .prefix = std::move(prefix)}, options)) {
    if (!page) return result<std::vector<listed<Place>>>::failed_as(std::move(page));
    for (auto& object : page->contents) {
      if (!object.key) continue;
      auto place = parse(*object.key);
      if (!place) continue;
      out.push_back({std::move(*place), std::move(*object.key), static_cast<std::uint64_t>(object.size.value_or(0)),
                     object.last_modified.value_or(timestamp{}), object.etag.value_or(std::string{})});
    }
  }
  return out;
}

}  // namespace evidence

/// Stores a bundle under the key that its id, type and month make. Its checksum is computed here; one that is given must be right
/// (integrity). What cannot be stored as JSON is refused with its place (invalid_argument), a key that is taken with precondition_failed.
template <class P>
result<stored_evidence> store_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, evidence_bundle bundle,
                                              const store_evidence_options& options = {}) {
  using failed = result<stored_evidence>;
  if (bundle.created_at == timestamp{}) bundle.created_at = s3.shared().now().wall;
  auto key = evidence::key_of(evidence::bundle_place{bundle.decision_id, evidence::month_of(bundle.created_at), bundle.evidence_type});
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  const auto refuse = [&](error& e) { return evidence::located(std::move(e), bucket, *key); };

  auto canonical = evidence::canonical_to_store(bundle.evidence_data, "evidence_data");
  if (!canonical) return refuse(canonical.error());
  if (bundle.checksum.empty()) bundle.checksum = canonical->checksum();
  if (auto right = evidence::verify_bundle(bundle); !right) return refuse(right.error());
  auto texts = evidence::texts_of(bundle.metadata);
  if (!texts) return refuse(texts.error());
  auto fields = evidence::with_own_metadata({{"decision-id", bundle.decision_id},
                                             {"evidence-type", bundle.evidence_type},
                                             {"version", bundle.version},
                                             {"created-at", evidence::python_isoformat(bundle.created_at)},
                                             {"checksum", bundle.checksum}},
                                            *texts);
  if (!fields) return refuse(fields.error());
  auto bytes = evidence::encode_bundle(bundle);
  if (!bytes) return refuse(bytes.error());

  upload_request request{.object = {.bucket = bucket, .key = *key, .body = std::move(*bytes), .content_type = "application/json"}};
  request.object.metadata = std::move(*fields);
  if (!options.overwrite) request.object.if_none_match = "*";
  auto put = upload(s3, request, options.call);
  if (!put && put.error().kind == error_kind::precondition_failed) put.error().message = "a bundle is stored under this key already, and was left as it is";
  if (!put) return failed::failed_as(std::move(put));
  return stored_evidence{std::move(*key), std::move(bundle.checksum), std::move(put->etag), std::move(put->version_id)};
}

/// Reads the bundle of a key and verifies it. Kinds of failure: not_found where there is none, malformed_response where it is no bundle,
/// integrity where its checksum does not hold.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                                    const call_options& options = {}) {
  auto got = s3.get_object({.bucket = bucket, .key = key}, options);
  if (!got) return result<retrieved_evidence>::failed_as(std::move(got));
  auto read = evidence::decode_bundle(got->body);
  if (!read) return evidence::located(std::move(read.error()), bucket, key);
  if (auto verified = evidence::verify_bundle(read->bundle); !verified) return evidence::located(std::move(verified.error()), bucket, key);
  if (const auto beside = got->metadata.get("checksum"); beside && !equal_ignoring_case(*beside, read->bundle.checksum))
    return evidence::located(fail(error_kind::integrity, "the bundle's checksum is not the one in the object's metadata"), bucket, key);
  return retrieved_evidence{std::move(read->bundle), key, std::move(got->etag), std::move(got->version_id), std::move(read->oddities)};
}

/// The same by id, month and type. A bundle that stands there under another id is an error of kind integrity.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, const evidence::bundle_place& place,
                                                    const call_options& options = {}) {
  auto key = evidence::key_of(place);
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  auto out = retrieve_evidence_bundle(s3, bucket, *key, options);
  if (out && out->bundle.decision_id != place.decision_id)
    return evidence::located(fail(error_kind::integrity, "the bundle is that of another decision"), bucket, *key);
  return out;
}

/// All bundles that the filter lets through, in the order of their keys. Their bytes are not looked at.
template <class P>
result<std::vector<listed_evidence>> list_evidence_bundles(const basic_client<P>& s3, const std::string& bucket, const evidence_filter& filter = {},
                                                           const call_options& options = {}) {
  std::string prefix = "evidence/";
  if ((filter.year && filter.evidence_type.empty()) || (filter.month && !filter.year))
    return evidence::located(fail(error_kind::invalid_argument, "listing a year needs its evidence_type, and listing a month its year"), bucket, {});
  if (!filter.evidence_type.empty()) {
    if (auto good = evidence::detail::check_name("evidence_type", filter.evidence_type); !good) return evidence::located(std::move(good.error()), bucket, {});
    prefix.append(filter.evidence_type).append("/");
  }
  if (filter.year) {
    const evidence::year_month month{*filter.year, filter.month.value_or(std::chrono::January)};
    if (auto good = evidence::detail::check_month(month); !good) return evidence::located(std::move(good.error()), bucket, {});
    prefix.append(evidence::detail::month_folder(month));
    if (!filter.month) prefix.resize(prefix.size() - 3);  // the month
  }
  return evidence::list_places(s3, bucket, std::move(prefix), &evidence::parse_bundle_key, options);
}

}  // namespace s3store::inline v0
