// How are evidence bundles stored and read? By these functions, which store a bundle only once and verify every bundle they read.
//
// Before storing, other months and types are searched for the same id. This search is no lock: if two programs store the same id
// under different months at the same moment, both may succeed. Under the same key only one can, since the server refuses the other
// (`If-None-Match: *`). Reading fails if a bundle does not match its checksum; there is no option to skip that check.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/sigv4.hpp>
#include <s3store/client/client.hpp>
#include <s3store/evidence/bundle.hpp>
#include <s3store/evidence/find.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/evidence/lock.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/put_object.hpp>

namespace s3store::inline S3STORE_ABI {

struct store_evidence_options {
  bool overwrite{};      ///< replace the newest bundle with that id, under its existing key
  bool own_key_only{};   ///< do not search other months and types: one request, but the id may exist twice then
  /// A key of your own, in place of the one that is made of type, month and id; with `overwrite`, what is there is replaced. Only
  /// who knows the key finds the bundle: see retrieve_evidence_bundle_at, evidence_filter::prefix and
  /// verify_evidence_options::every_key. For bundles alone; attachments do not take it.
  std::string key{};
  evidence_lock lock{};  ///< set by the same request that stores the bundle
  unsigned parallel{8};  ///< requests at once during the search, on threads that end with the call
  call_options call{};
};

struct stored_evidence {
  std::string key{};
  std::string checksum{};  ///< of a bundle: its `checksum`; of an attachment: S3's checksum of its bytes
  std::string etag{};
  std::string version_id{};  ///< in a bucket with versions
  std::vector<std::string> also_at{};  ///< with `overwrite`: other keys with the same id; they were not changed
  bool confirmed_by_head{};            ///< the answer was lost, and a HEAD showed that the object was stored
};

struct retrieved_evidence {
  evidence_bundle bundle{};
  std::string key{};
  std::string etag{};
  std::string version_id{};  ///< in a bucket with versions
  evidence_lock lock{};                 ///< only what the answer contained; `read_evidence_lock` asks S3 for it
  std::vector<std::string> oddities{};  ///< what Python reads but JSON does not allow; see evidence/python_json.hpp
  std::vector<std::string> also_at{};   ///< other keys with the same id; all of them only if the search had `every`
};

namespace evidence {

/// The request that stores a bundle; the bundle's checksum and time must be set. Of metadata with a name of the library's own
/// ("version"), the library's value stands beside the object, and the caller's in the bundle alone.
inline result<put_object_request> request_to_store(const std::string& bucket, const std::string& key, const evidence_bundle& b) {
  using failed = result<put_object_request>;
  auto texts = texts_of(b.metadata);
  if (!texts) return failed::failed_as(std::move(texts));
  auto fields = with_own_metadata({{"decision-id", b.decision_id},
                                   {"evidence-type", b.evidence_type},
                                   {"version", b.version},
                                   {"created-at", python_isoformat(b.created_at)},
                                   {"checksum", b.checksum}},
                                  *texts, taken_names::leave_out);
  if (!fields) return failed::failed_as(std::move(fields));
  auto bytes = encode_bundle(b);
  if (!bytes) return failed::failed_as(std::move(bytes));
  put_object_request out{.bucket = bucket, .key = key, .body = std::move(*bytes), .content_type = "application/json"};
  out.metadata = std::move(*fields);
  return out;
}

/// True if the stored object is the one of this request: same size and same metadata, which include the checksum.
inline bool is_the_same(const put_object_request& sent, const head_object_response& there) {
  if (there.content_length != static_cast<std::int64_t>(sent.body.bytes().size())) return false;
  for (const auto [name, value] : sent.metadata)
    if (plain_metadata_value(there.metadata.value_or_empty(name)) != plain_metadata_value(value)) return false;
  return true;
}

/// True if the request may have succeeded although it returned an error.
inline bool answer_was_lost(const error& e) noexcept {
  return e.maybe_own_success || e.kind == error_kind::connection_lost || e.kind == error_kind::timeout;
}

/// Fails with integrity if the object's metadata differ from the bundle's members; the bundle's checksum covers only evidence_data.
///
/// If the bundle's own metadata has a name of the library's ("version"), its value may stand there instead: the Python module lets
/// it. If only case distinguishes the names, it sends both, which servers join by a comma.
inline result<void> compare_metadata(const evidence_bundle& b, const metadata& beside) {
  metadata theirs;
  if (auto texts = texts_of(b.metadata)) theirs = std::move(*texts);
  const auto same_text = [](std::string_view value, std::string_view inside) { return is_metadata_value(value, inside); };
  const auto differs = [&](std::string_view name, std::string_view inside, auto same) {
    const auto value = beside.get(name);
    if (!value || same(*value, inside)) return false;
    for (const auto [their_name, their_value] : theirs)
      if (detail::equal_ignoring_case(their_name, name))
        for (const auto& joined : {std::string(their_value), detail::concat({inside, ",", their_value}),
                                   detail::concat({their_value, ",", inside}), detail::concat({inside, ", ", their_value}),
                                   detail::concat({their_value, ", ", inside})})
          if (same_text(*value, joined)) return false;
    return true;
  };
  const auto same_sum = [](std::string_view value, std::string_view inside) { return detail::equal_ignoring_case(value, inside); };
  const auto same_time = [&b](std::string_view value, std::string_view) {
    const auto when = parse_iso8601(value);
    return !when || *when == b.created_at;
  };
  const char* wrong = nullptr;
  if (differs("decision-id", b.decision_id, same_text)) wrong = "decision_id";
  if (differs("evidence-type", b.evidence_type, same_text)) wrong = "evidence_type";
  if (differs("version", b.version, same_text)) wrong = "version";
  if (differs("checksum", b.checksum, same_sum)) wrong = "checksum";
  if (differs("created-at", {}, same_time)) wrong = "created_at";
  if (!wrong) return {};
  return detail::fail(error_kind::integrity,
              {"the bundle is not what was stored: its ", wrong, " is not the one in the object's metadata"});
}

/// The bundle in an answer, verified. Fails with malformed_response if it is no bundle, with integrity if it does not match.
inline result<decoded_bundle> read_bundle(const get_object_response& got, std::string_view key) {
  auto read = decode_bundle(got.body);
  if (!read) return read;
  if (auto holds = verify_bundle(read->bundle); !holds) return result<decoded_bundle>::failed_as(std::move(holds));
  if (auto same = compare_metadata(read->bundle, got.metadata); !same) return result<decoded_bundle>::failed_as(std::move(same));
  if (!may_have_key(read->bundle.decision_id, key))
    return detail::fail(error_kind::integrity, "the bundle under this key is that of another decision");
  return read;
}

}  // namespace evidence

namespace evidence {

/// The key of the caller's, or the one that is made of the bundle. Fails with invalid_argument if it cannot be one.
inline result<std::string> key_to_store(const evidence_bundle& b, const std::string& own) {
  if (own.empty()) return key_of(bundle_place{b.decision_id, month_of(b.created_at), b.evidence_type});
  if (b.decision_id.empty()) return detail::refused_name("decision_id", "is empty");
  if (own.starts_with(attachment_folder))
    return detail::fail(error_kind::invalid_argument, "the key lies among the attachments, where no bundle is looked for");
  if (!may_have_key(b.decision_id, own))
    return detail::fail(error_kind::invalid_argument, "the key has the form of the key of another decision's bundle");
  return detail::within_limit(own);
}

/// Where a bundle is put, and on what condition. Sets `if_match` or `if_none_match` of the request, and perhaps another key.
template <class P>
result<void> aim(const basic_client<P>& s3, put_object_request& request, const std::string& decision_id,
                 const store_evidence_options& options, stored_evidence& out) {
  const bool own_key = !options.key.empty();
  if (!options.overwrite) request.if_none_match = "*";
  if (options.overwrite && own_key) {
    auto there = s3.head_object({.bucket = request.bucket, .key = request.key}, options.call);
    if (there) {
      request.if_match = std::move(there->etag);
    } else if (detail::is_absent(there.error())) {
      request.if_none_match = "*";
    } else {
      return result<void>::failed_as(std::move(there));
    }
  }
  if (options.own_key_only) return {};
  const evidence_search in{.every = options.overwrite, .parallel = options.parallel, .call = options.call};
  auto found = find_evidence_but(s3, request.bucket, decision_id,
                                 options.overwrite && !own_key ? std::string_view{} : std::string_view{request.key}, in);
  if (!found) return result<void>::failed_as(std::move(found));
  if (!options.overwrite && !found->empty()) {
    auto taken = detail::fail(error_kind::precondition_failed,
                      "a bundle of this decision is stored already, under another type or month, and was left as it was");
    return located(std::move(taken), request.bucket, found->front().key);
  }
  auto other = found->begin();
  if (!own_key && options.overwrite && !found->empty()) {
    request.key = other->key;
    request.if_match = other->etag;
    ++other;
  } else if (!own_key) {
    request.if_none_match = "*";  // do not replace a bundle that was stored after the search
  }
  for (; other != found->end(); ++other) out.also_at.push_back(std::move(other->key));
  return {};
}

}  // namespace evidence

/// Stores a bundle under the key made of its id, type and month, or under `options.key`; with `overwrite`, under the key of the
/// newest bundle with that id. Computes the checksum if the bundle has none. Fails, without changing anything in the bucket:
///   integrity             the bundle has a wrong checksum
///   invalid_argument      it cannot be stored as JSON (the message says where), or its id or type cannot be part of a key
///   precondition_failed   the id is stored already, or with `overwrite` the bundle changed meanwhile
template <class P>
result<stored_evidence> store_evidence_bundle(const basic_client<P>& s3, const std::string& bucket, evidence_bundle bundle,
                                              const store_evidence_options& options = {}) {
  using failed = result<stored_evidence>;
  if (bundle.created_at == timestamp{}) bundle.created_at = s3.shared().now().wall;
  auto key = evidence::key_to_store(bundle, options.key);
  if (!key) return evidence::located(std::move(key.error()), bucket, {});
  const auto refuse = [&](error& e) { return evidence::located(std::move(e), bucket, *key); };

  auto canonical = evidence::canonical_to_store(bundle.evidence_data, "evidence_data");
  if (!canonical) return refuse(canonical.error());
  if (bundle.checksum.empty()) bundle.checksum = canonical->checksum();
  if (auto right = evidence::verify_bundle(bundle); !right) return refuse(right.error());
  auto request = evidence::request_to_store(bucket, *key, bundle);
  if (!request) return refuse(request.error());
  if (auto locked = evidence::apply_lock(options.lock, s3.configuration().profile.required_checksum(), *request); !locked)
    return refuse(locked.error());

  stored_evidence out{.checksum = bundle.checksum};
  if (auto aimed = evidence::aim(s3, *request, bundle.decision_id, options, out); !aimed)
    return failed::failed_as(std::move(aimed));
  out.key = request->key;

  auto put = s3.put_object(*request, options.call);
  if (put) {
    out.etag = std::move(put->etag);
    out.version_id = std::move(put->version_id);
    return out;
  }
  error& e = put.error();
  if (evidence::answer_was_lost(e)) {
    auto there = s3.head_object({.bucket = bucket, .key = out.key}, options.call);
    if (there && evidence::is_the_same(*request, *there)) {
      out.etag = std::move(there->etag);
      out.version_id = std::move(there->version_id);
      out.confirmed_by_head = true;
      return out;
    }
    e.message.append(there ? "; an answer was lost, and the bundle that is there is another one"
                     : detail::is_absent(there.error())
                         ? "; the answer was lost, and no bundle is there"
                         : "; the answer was lost, and whether the bundle is there could not be found out");
  } else if (e.kind == error_kind::precondition_failed) {
    e.message = request->if_match ? "the bundle changed while it was being replaced, and was left as it is"
                                  : "a bundle is stored under this key already, and was left as it is";
  }
  return failed::failed_as(std::move(put));
}

/// Reads the bundle under a key, or one of its versions, and verifies it. Fails with not_found if there is none, with
/// malformed_response if it is no bundle, with integrity if it does not match its checksum, its metadata or its key.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle_at(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                                       std::string version_id = {},
                                                       const call_options& options = {}) {
  auto got = s3.get_object({.bucket = bucket, .key = key, .version_id = detail::optional_text(std::move(version_id))}, options);
  if (!got) return result<retrieved_evidence>::failed_as(std::move(got));
  auto read = evidence::read_bundle(*got, key);
  if (!read) return evidence::located(std::move(read.error()), bucket, key);
  return retrieved_evidence{.bundle = std::move(read->bundle),
                            .key = key,
                            .etag = std::move(got->etag),
                            .version_id = std::move(got->version_id),
                            .lock = evidence::lock_of(*got),
                            .oddities = std::move(read->oddities)};
}

/// The same for the bundle of a decision, under any type and month; the newest if there are several. If the search has a type and
/// exactly one month, this is a single request.
template <class P>
result<retrieved_evidence> retrieve_evidence_bundle(const basic_client<P>& s3, const std::string& bucket,
                                                    const std::string& decision_id, const evidence_search& in = {}) {
  if (!in.evidence_type.empty() && in.months.size() == 1) {
    if (auto good = evidence::check_search(decision_id, in); !good) return evidence::located(std::move(good.error()), bucket, {});
    auto key = evidence::key_to_find(evidence::bundle_place{decision_id, in.months.front(), in.evidence_type});
    if (!key) return evidence::located(std::move(key.error()), bucket, {});
    return retrieve_evidence_bundle_at(s3, bucket, *key, {}, in.call);
  }
  auto found = evidence::find_newest(s3, bucket, decision_id, in);
  if (!found) return result<retrieved_evidence>::failed_as(std::move(found));
  auto out = retrieve_evidence_bundle_at(s3, bucket, found->at.key, {}, in.call);
  if (out) out->also_at = std::move(found->also_at);
  return out;
}

/// A URL with which anyone can read the bundle of a decision until it expires, 1 s to 7 days from now. It is for the bundle that is
/// the newest at the time of this call. Fails with not_found if there is none, with invalid_argument for another `expires_in`.
template <class P>
result<presigned_url> generate_presigned_url_for_evidence(const basic_client<P>& s3, const std::string& bucket,
                                                          const std::string& decision_id,
                                                          std::chrono::seconds expires_in = std::chrono::hours{1},
                                                          const evidence_search& in = {}) {
  if (auto good = auth::check_expiry(expires_in); !good) return evidence::located(std::move(good.error()), bucket, {});
  auto found = evidence::find_newest(s3, bucket, decision_id, in);
  if (!found) return result<presigned_url>::failed_as(std::move(found));
  return s3.presign(get_object_request{.bucket = bucket, .key = found->at.key}, expires_in, in.call);
}

}  // namespace s3store::inline S3STORE_ABI
