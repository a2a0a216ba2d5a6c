// How are the configurations of a bucket stored and returned, and what is the answer if one is not set?
//
// A configuration is an XML document (the policy is JSON). A PUT parses and checks it, and stores it as it is written by its
// declaration; a GET returns the stored document. A new configuration needs three things: an overload of `check_configuration`, a
// line in the table below, and its operations among the server's routes.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/transports/embedded/context.hpp>

namespace s3store::inline S3STORE_ABI::embedded {

// --- documents -------------------------------------------------------------------------------------------------------------------

inline error malformed(std::string message) { return refusal("MalformedXML", 400, std::move(message)); }

/// The visitor that writes the document of a PUT request as the answer to a GET; both have the same structure.
struct document_writer : response_writer {
  using response_writer::response_writer;
  void uri(auto&&...) {}
  void query(auto&&...) {}
  void header(auto&&...) {}
};

/// The document of a request, as it is stored.
template <class Request>
result<served_answer> document_of(const Request& r) {
  served_answer out;
  document_writer writer{out, false};
  Request::describe(writer, r);
  if (!out.fields.contains("Content-Type")) out.fields.add("Content-Type", "application/json");
  if (auto written = writer.finish(); !written) return malformed("the document holds a character that XML has no way to carry");
  return out;
}

/// Reads a structure from a document whose root it is. Fails with MalformedXML.
template <class T>
result<T> structure_in(std::string document) {
  const auto parsed = xml::document::parse(std::move(document));
  if (!parsed) return malformed(parsed.error().message);
  T out{};
  wire::reading_failure failure;
  wire::xml_members_reader members{parsed->root(), failure};
  T::describe(members, out);
  if (failure.any()) return malformed(failure.what);
  return out;
}

/// The bucket's configuration of this kind; a default-constructed T if it is not set.
template <class T>
result<T> configured(const bucket& b, std::string_view kind) {
  const served_answer* const kept = b.configuration(kind);
  return kept ? structure_in<T>(kept->body) : result<T>{T{}};
}

// --- what is not set -------------------------------------------------------------------------------------------------------------

struct unset_configuration {
  std::string_view kind{};
  std::string_view code{};  ///< of the error; empty if the answer is no error
  std::string_view text{};  ///< of the error, or the root element of the answer
  std::string_view inside{};
};

inline constexpr std::array unset_configurations{
    unset_configuration{"tagging", "NoSuchTagSet", "the bucket has no tags"},
    unset_configuration{"lifecycle", "NoSuchLifecycleConfiguration", "the bucket has no lifecycle rules"},
    unset_configuration{"cors", "NoSuchCORSConfiguration", "the bucket has no rules for requests of other origins"},
    unset_configuration{"website", "NoSuchWebsiteConfiguration", "the bucket is no website"},
    unset_configuration{"policy", "NoSuchBucketPolicy", "the bucket has no policy"},
    unset_configuration{"publicAccessBlock", "NoSuchPublicAccessBlockConfiguration", "the bucket does not block public access"},
    unset_configuration{"ownershipControls", "OwnershipControlsNotFoundError", "the bucket has no ownership controls"},
    unset_configuration{"object-lock", "ObjectLockConfigurationNotFoundError", "the bucket has no object lock"},
    unset_configuration{"encryption", "", "ServerSideEncryptionConfiguration",
                        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
                        "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>"},
    unset_configuration{"logging", "", "BucketLoggingStatus"},
    unset_configuration{"notification", "", "NotificationConfiguration"},
    unset_configuration{"accelerate", "", "AccelerateConfiguration"},
    unset_configuration{"requestPayment", "", "RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"}};

inline result<served_answer> answer_unset(std::string_view kind) {
  const auto at = std::find_if(unset_configurations.begin(), unset_configurations.end(),
                               [kind](const unset_configuration& u) { return u.kind == kind; });
  if (at == unset_configurations.end()) return not_done(detail::concat({"configurations of the kind ", kind}));
  if (!at->code.empty()) return refusal(at->code, 404, std::string(at->text));
  served_answer out;
  out.fields.add("Content-Type", "application/xml");
  out.body.append("<").append(at->text).append(" xmlns=\"").append(wire::s3_namespace).append("\">");
  out.body.append(at->inside).append("</").append(at->text).append(">");
  return out;
}

// --- the operations --------------------------------------------------------------------------------------------------------------

/// Returns "tagging" for "/{Bucket}?tagging".
constexpr std::string_view sub_resource(const operation_spec& of) noexcept { return of.uri.substr(of.uri.find('?') + 1); }

/// Headers of a PUT that a GET returns with the document.
inline constexpr std::array repeated_fields{"x-amz-transition-default-minimum-object-size"};

/// Stores what a request sets: the document and those headers.
template <class Request>
result<void> keep_configuration(bucket& in, const Request& r, const headers& fields = {}) {
  auto kept = document_of(r);
  if (!kept) return std::move(kept.error());
  for (const char* const name : repeated_fields)
    if (const auto value = fields.get(name)) kept->fields.set(name, *value);
  in.configurations.insert_or_assign(std::string(sub_resource(Request::spec)), std::move(*kept));
  if constexpr (requires { r.tagging; })
    if (r.tagging.tag_set.empty()) in.configurations.erase("tagging");  // an empty set of tags counts as removed
  return {};
}

/// What of a request is kept: all of it, unless there is an overload that completes it.
template <class Request, class C>
const Request& as_kept(const Request& r, C&) { return r; }  // NOLINT(bugprone-return-const-ref-from-parameter): for a call's duration

/// Handles all requests that set a configuration, which are those with a `check_configuration`.
template <class Request, class C>
  requires requires(const Request& r, const bucket& in, C& c) { check_configuration(r, in, c); }
result<response_of<Request>> handle(const Request& r, C& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto checked = check_configuration(r, **in, c); !checked) return std::move(checked.error());
  auto kept = c.kept.change(**in, [&](bucket& next) { return keep_configuration(next, as_kept(r, c), c.request.fields); });
  if (!kept) return std::move(kept.error());
  response_of<Request> out{};
  assign_fields(out, c.request.fields);
  return out;
}

template <class Store>
result<served_answer> read_configuration(context<Store>& c) {
  auto in = c.kept.find(c.request.bucket);
  if (!in) return std::move(in.error());
  const served_answer* const kept = (*in)->configuration(sub_resource(c.spec));
  return kept ? result<served_answer>{*kept} : answer_unset(sub_resource(c.spec));
}

template <class Store>
result<served_answer> remove_configuration(context<Store>& c) {
  auto in = c.kept.find(c.request.bucket);
  if (!in) return std::move(in.error());
  auto kept = c.kept.change(**in, [&](bucket& next) -> result<void> {
    next.configurations.erase(std::string(sub_resource(c.spec)));
    return {};
  });
  if (!kept) return std::move(kept.error());
  return served_answer{.status = c.spec.status};
}

}  // namespace s3store::inline S3STORE_ABI::embedded
