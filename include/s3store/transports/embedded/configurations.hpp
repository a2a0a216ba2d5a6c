// What is set on a bucket, and what is answered where nothing is?
//
// A configuration is a document. A PUT reads it by its declaration; what `check_configuration` finds nothing wrong with is kept as
// the declaration writes it, and that is the answer to every GET. So a configuration takes an overload of `check_configuration`, a
// line in the table below, and its operations among the server's routes.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/transports/embedded/context.hpp>

namespace s3store::inline v0::embedded {

// --- documents --------------------------------------------------------------------------------------------------------------------

inline error malformed(std::string message) { return refusal("MalformedXML", 400, std::move(message)); }

/// The visitor of a request that writes its document as the answer to a GET, which has the same structure.
struct document_writer : wire::response_writer {
  using wire::response_writer::response_writer;
  void uri(auto&&...) {}
  void query(auto&&...) {}
  void header(auto&&...) {}
};

/// The document of a request, kept.
template <class Request>
result<served_answer> document_of(const Request& r) {
  served_answer out;
  document_writer writer{out, false};
  Request::describe(writer, r);
  if (!out.fields.contains("Content-Type")) out.fields.add("Content-Type", "application/json");
  if (auto written = writer.finish(); !written) return malformed("the document holds a character that XML has no way to carry");
  return out;
}

/// A structure that is the root of a document. Fails with MalformedXML.
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

/// What a bucket is set to, or the default of its type.
template <class T>
result<T> configured(const bucket& b, std::string_view kind) {
  const served_answer* const kept = b.configuration(kind);
  return kept ? structure_in<T>(kept->body) : result<T>{T{}};
}

// --- what is not set --------------------------------------------------------------------------------------------------------------

struct unset_configuration {
  std::string_view kind{};
  std::string_view code{};  ///< of the refusal; where it is empty, there is an answer
  std::string_view text{};  ///< of the refusal, or the root of the answer
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
  if (at == unset_configurations.end()) return not_done(concat({"configurations of the kind ", kind}));
  if (!at->code.empty()) return refusal(at->code, 404, std::string(at->text));
  served_answer out;
  out.fields.add("Content-Type", "application/xml");
  out.body.append("<").append(at->text).append(" xmlns=\"").append(wire::s3_namespace).append("\">");
  out.body.append(at->inside).append("</").append(at->text).append(">");
  return out;
}

// --- the operations ---------------------------------------------------------------------------------------------------------------

/// "tagging" in "/{Bucket}?tagging".
constexpr std::string_view sub_resource(const operation_spec& of) noexcept { return of.uri.substr(of.uri.find('?') + 1); }

/// Fields of a PUT that come back beside the document.
inline constexpr std::array repeated_fields{"x-amz-transition-default-minimum-object-size"};

/// Keeps what a request has set, a document and the fields beside it.
template <class Request>
result<void> keep_configuration(bucket& in, const Request& r, const headers& fields = {}) {
  auto kept = document_of(r);
  if (!kept) return std::move(kept.error());
  for (const char* const name : repeated_fields)
    if (const auto value = fields.get(name)) kept->fields.set(name, *value);
  in.configurations.insert_or_assign(std::string(sub_resource(Request::spec)), std::move(*kept));
  if constexpr (requires { r.tagging; })
    if (r.tagging.tag_set.empty()) in.configurations.erase("tagging");  // as if they had been removed
  return {};
}

/// A request is one that sets a configuration if there is a check for it.
template <class Request, class C>
  requires requires(const Request& r, const bucket& in, C& c) { check_configuration(r, in, c); }
result<response_of<Request>> handle(const Request& r, C& c) {
  auto in = c.kept.find(r.bucket);
  if (!in) return std::move(in.error());
  if (auto checked = check_configuration(r, **in, c); !checked) return std::move(checked.error());
  if (auto kept = keep_configuration(**in, r, c.request.fields); !kept) return std::move(kept.error());
  if (auto saved = c.kept.changed(**in); !saved) return std::move(saved.error());
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
  (*in)->configurations.erase(std::string(sub_resource(c.spec)));
  if (auto saved = c.kept.changed(**in); !saved) return std::move(saved.error());
  return served_answer{.status = c.spec.status};
}

}  // namespace s3store::inline v0::embedded
