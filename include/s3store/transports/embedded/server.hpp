// How does an embedded S3 answer a request? It parses and authenticates the request, finds its operation, checks the body, and
// calls the operation's handler.
//
// The order matters: bytes that do not match the signature are not stored, and a caller who is not authenticated learns nothing, but for
// what browsers need, as at AWS. A preflight request (OPTIONS) is never signed; it is answered by the bucket's CORS rules alone, and so
// tells whether there is such a bucket. An error has the CORS headers of those rules, or a page could not read it. A form is read before
// its signature is verified, since it holds it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/http/url.hpp>
#include <s3store/transports/embedded/verify.hpp>
#include <s3store/transports/embedded/routing.hpp>
#include <s3store/transports/embedded/body.hpp>
#include <s3store/transports/embedded/buckets.hpp>
#include <s3store/transports/embedded/configuration_rules.hpp>
#include <s3store/transports/embedded/copy.hpp>
#include <s3store/transports/embedded/cors.hpp>
#include <s3store/transports/embedded/listings.hpp>
#include <s3store/transports/embedded/multipart.hpp>
#include <s3store/transports/embedded/object_settings.hpp>
#include <s3store/transports/embedded/objects.hpp>
#include <s3store/transports/embedded/policy.hpp>
#include <s3store/transports/embedded/post.hpp>
#include <s3store/transports/embedded/store.hpp>

namespace s3store::inline S3STORE_ABI {

namespace embedded {

template <class Store>
class server final : public service {
 public:
  explicit server(embedded_options o) : options_(std::move(o)), kept_(options_.root, options_.sync) {
    if (auto loaded = kept_.load(); !loaded) unusable_ = std::move(loaded.error());
    add_routes<list_buckets_request, create_bucket_request, head_bucket_request, get_bucket_location_request, delete_bucket_request,
               put_bucket_versioning_request, get_bucket_versioning_request, put_object_request, get_object_request,
               head_object_request, delete_object_request, delete_objects_request, copy_object_request,
               get_object_attributes_request, list_objects_request, list_objects_v2_request, list_object_versions_request,
               create_multipart_upload_request, upload_part_request, upload_part_copy_request, complete_multipart_upload_request,
               abort_multipart_upload_request, list_multipart_uploads_request, list_parts_request>();
    add_routes<put_bucket_acl_request, get_bucket_acl_request, put_object_acl_request, get_object_acl_request,
               put_object_tagging_request, get_object_tagging_request, delete_object_tagging_request, put_object_retention_request,
               get_object_retention_request, put_object_legal_hold_request, get_object_legal_hold_request,
               get_bucket_policy_status_request>();
    add_configurations<
        put_bucket_tagging_request, get_bucket_tagging_request, delete_bucket_tagging_request, put_bucket_encryption_request,
        get_bucket_encryption_request, delete_bucket_encryption_request, put_bucket_lifecycle_configuration_request,
        get_bucket_lifecycle_configuration_request, delete_bucket_lifecycle_request, put_bucket_cors_request,
        get_bucket_cors_request, delete_bucket_cors_request, put_bucket_website_request, get_bucket_website_request,
        delete_bucket_website_request, put_bucket_policy_request, get_bucket_policy_request, delete_bucket_policy_request,
        put_public_access_block_request, get_public_access_block_request, delete_public_access_block_request,
        put_bucket_ownership_controls_request, get_bucket_ownership_controls_request, delete_bucket_ownership_controls_request,
        put_bucket_logging_request, get_bucket_logging_request, put_bucket_notification_configuration_request,
        get_bucket_notification_configuration_request, put_bucket_request_payment_request, get_bucket_request_payment_request,
        put_bucket_accelerate_configuration_request, get_bucket_accelerate_configuration_request,
        put_object_lock_configuration_request, get_object_lock_configuration_request>();
  }

  const embedded_options& options() const noexcept override { return options_; }
  const error& unusable() const noexcept override { return unusable_; }
  const std::vector<embedded_problem>& problems() const noexcept override { return kept_.problems(); }

  embedded_answer serve(embedded_request r) override {
    const timestamp now = std::chrono::floor<std::chrono::milliseconds>(options_.clock.now().wall);  // the precision of S3
    circumstances about;
    auto answered = answer(r, now, about);
    const std::string id = request_id();
    served_answer out = answered ? std::move(*answered) : error_answer(answered.error(), r, id, about);
    if (const auto origin = r.fields.get("Origin"); origin && r.method != "OPTIONS") {
      const std::lock_guard lock{guard_};
      if (auto in = kept_.find(about.bucket))
        if (auto allowed = allow_origin(**in, {*origin, r.method}))
          for (const auto [name, value] : *allowed) out.fields.set(name, value);
    }
    out.fields.set("x-amz-request-id", id);
    out.fields.set("x-amz-id-2", host_id(id));
    out.fields.set("Date", format_http_date(now));
    out.fields.set("Server", "s3store");
    return out;
  }

 private:
  /// What the answer to a failed request contains besides the error.
  struct circumstances {
    headers more{};
    std::string bucket{};
    std::string key{};
  };

  struct route {
    route_pattern of{};
    result<served_answer> (*run)(context<Store>&){};
  };

  template <class... R>
  void add_routes() {
    (routes_.push_back({pattern_of<R>(), &run<R>}), ...);
  }

  template <class... R>
  void add_configurations() {
    (routes_.push_back({pattern_of<R>(), run_configuration<R>()}), ...);
  }
  template <class R>
  static constexpr auto run_configuration() {
    if constexpr (R::spec.method == http::method::put) return &run<R>;
    else if constexpr (R::spec.method == http::method::get) return &read_configuration<Store>;
    else return &remove_configuration<Store>;
  }

  template <class R>
  static result<served_answer> run(context<Store>& c) {
    auto request = decode_request<R>(c.request);
    if (!request) return std::move(request.error());
    auto response = handle(*request, c);
    if (!response) return std::move(response.error());
    auto out = encode_response<R>(std::move(*response));
    if (out && c.status) out->status = *c.status;
    return out;
  }

  // --- parsing -------------------------------------------------------------------------------------------------------------------

  struct address {
    std::string_view path{};   ///< as received, not decoded
    std::string_view query{};
    std::string_view host{};
  };

  /// True for "host", "host:9000" and "[::1]:9000", and for nothing at all, which HTTP/1.0 allows. Answers repeat it in URLs.
  static bool is_authority(std::string_view host) {
    return host.empty() || (host.find('/') == std::string_view::npos && http::parse_url(detail::concat({"http://", host})));
  }

  /// The URL of the request's bucket; without a Host header, relative to that of the server.
  static std::string url_of_bucket(const embedded_request& r, const received_request& request, std::string_view host) {
    std::string out;
    if (!host.empty()) out.append(r.secure ? "https://" : "http://").append(host);
    if (!request.bucket_in_host) out.append("/").append(request.bucket);
    return out;
  }

  /// Moves the body out of `r`.
  result<received_request> take_apart(embedded_request& r, const address& at) const {
    received_request out;
    const auto verb = http::parse_method(r.method);
    if (!verb && r.method != "OPTIONS") return refusal("MethodNotAllowed", 405, "S3 has GET, HEAD, PUT, POST, DELETE and OPTIONS");
    out.verb = verb.value_or(http::method::get);
    if (!is_authority(at.host) || detail::count_fields(r.fields, "Host") > 1)
      return bad_request("a request has one Host header, with a host name or an address, and maybe a port (RFC 9112, section 3.2)");
    if (!at.path.starts_with('/')) return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");

    const std::string_view host = at.host.substr(0, at.host.find(':'));
    std::string_view key = at.path.substr(1);
    const std::string suffix = detail::concat({".", options_.domain});
    if (!options_.domain.empty() && host.size() > suffix.size() &&
        detail::equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix)) {
      out.bucket = detail::lower_case(host.substr(0, host.size() - suffix.size()));
      out.bucket_in_host = true;
    } else {
      const auto slash = (std::min)(key.find('/'), key.size());
      auto bucket = detail::uri_decode(key.substr(0, slash));
      if (!bucket) return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");
      out.bucket = std::move(*bucket);
      key.remove_prefix((std::min)(slash + 1, key.size()));
    }
    auto decoded = detail::uri_decode(key);
    if (!decoded || (out.bucket.empty() && !decoded->empty()))
      return refusal("InvalidURI", 400, "the path is no percent-encoded /bucket/key");
    out.key = std::move(*decoded);

    bool broken = false;
    detail::split(at.query, '&', [&](std::string_view piece) {
      if (piece.empty()) return;
      const auto equals = (std::min)(piece.find('='), piece.size());
      auto name = detail::uri_decode(piece.substr(0, equals), true),
           value = detail::uri_decode(piece.substr((std::min)(equals + 1, piece.size())), true);
      // The values of these parameters are returned as headers.
      broken = broken || !name || !value || (name->starts_with("response-") && !wire::is_header_value(*value));
      if (!broken) out.query.emplace_back(std::move(*name), std::move(*value));
    });
    if (broken) return invalid("a query parameter is not percent-encoded, or holds a control character");
    out.fields = r.fields;
    out.body = std::move(r.body);
    return out;
  }

  // --- authentication ------------------------------------------------------------------------------------------------------------

  auth::signing_scope scope() const { return {.region = options_.region}; }

  result<const auth::credentials*> find_identity(const presented_signature& p) const {
    for (const auth::credentials& known : options_.credentials)
      if (known.access_key_id == p.access_key_id && !known.anonymous()) return &known;
    return refusal("InvalidAccessKeyId", 403, "the access key id is not known");
  }
  result<void> check_anonymous() const {
    if (!options_.anonymous_allowed) return refusal("AccessDenied", 403, "requests must be signed");
    return {};
  }

  struct caller {
    bool anonymous{};
    std::optional<auth::chunk_signer> chunks{};
  };

  result<caller> authenticate(const embedded_request& r, const address& at, timestamp now) const {
    auto claimed = presented(at.query, r.fields);
    if (!claimed) return std::move(claimed.error());
    if (!*claimed) {
      if (auto allowed = check_anonymous(); !allowed) return std::move(allowed.error());
      return caller{.anonymous = true};
    }
    auto who = find_identity(**claimed);
    if (!who) return std::move(who.error());
    auth::signer signer;
    const auth::signable what{.method = r.method, .path = at.path, .query = at.query, .host = at.host};
    if (auto verified = verify_signature(signer, **claimed, what, r.fields, **who, scope(), now); !verified)
      return std::move(verified.error());
    caller out;
    if ((*claimed)->from == presented_signature::place::fields) out.chunks = signer.chunks();
    return out;
  }

  // --- answers -------------------------------------------------------------------------------------------------------------------

  result<served_answer> answer(embedded_request& r, timestamp now, circumstances& about) {
    // Anybody reads this answer, so it names no paths; `unusable` does.
    if (unusable_.kind != error_kind::none) return refusal("InternalError", 500, "this server cannot read its objects");
    const std::string_view target = r.target;
    const auto mark = (std::min)(target.find('?'), target.size());
    const address at{target.substr(0, mark), target.substr((std::min)(mark + 1, target.size())), r.fields.value_or_empty("Host")};
    auto request = take_apart(r, at);
    if (!request) return std::move(request.error());
    about.bucket = request->bucket;
    about.key = request->key;
    const std::string bucket_url = url_of_bucket(r, *request, at.host);
    // A form goes to the bucket itself; a parameter would name another operation (`?delete`).
    if (request->verb == http::method::post && request->key.empty() && request->query.empty() && is_form(r.fields))
      return answer_form(std::move(*request), now, bucket_url);

    if (r.method == "OPTIONS") {
      const std::lock_guard lock{guard_};
      auto in = kept_.find(request->bucket);
      return in ? answer_preflight(request->fields, **in) : result<served_answer>{std::move(in.error())};
    }

    auto identity = authenticate(r, at, now);
    if (!identity) return std::move(identity.error());
    const route* const to = find_route(*request);
    if (!to) return not_done(detail::concat({r.method, " ", at.path, at.query.empty() ? "" : " with these parameters"}));
    const operation_spec& spec = *to->of.spec;
    const bool is_upload =
        spec.method == http::method::put && !request->key.empty() && !request->fields.contains("x-amz-copy-source");
    if (is_upload && !request->fields.contains("Content-Length"))
      return refusal("MissingContentLength", 411, "an upload needs the header Content-Length");
    if (auto unpacked = unpack(*request, std::move(identity->chunks)); !unpacked) return std::move(unpacked.error());
    auto body = check_body(*request, spec, options_);
    if (!body) return std::move(body.error());
    if (const auto owner = request->fields.get("x-amz-expected-bucket-owner"); owner && *owner != options_.account)
      return refusal("AccessDenied", 403, "the bucket has another owner than the request expects");

    const std::lock_guard lock{guard_};
    if (auto whole = kept_.check_whole(request->bucket, request->key); !whole) return std::move(whole.error());
    context<Store> c{.kept = kept_,
                     .options = options_,
                     .now = now,
                     .spec = spec,
                     .request = *request,
                     .body = *body,
                     .anonymous = identity->anonymous,
                     .bucket_url = bucket_url};
    auto out = to->run(c);
    if (!out) {
      about.more = std::move(c.more);
      return out;
    }
    for (const auto [name, value] : c.more) out->fields.set(name, value);
    return out;
  }

  result<served_answer> answer_form(received_request&& posted, timestamp now, const std::string& bucket_url) {
    auto form = parse_form(posted.fields.value_or_empty("Content-Type"), posted.body);
    if (!form) return std::move(form.error());
    auto claimed = presented(form->fields);
    if (!claimed) return std::move(claimed.error());
    if (!*claimed) {
      if (auto allowed = check_anonymous(); !allowed) return std::move(allowed.error());
    } else {
      auto who = find_identity(**claimed);
      if (!who) return std::move(who.error());
      auth::signer signer;
      if (auto verified =
              verify_post(signer, **claimed, form->fields, posted.bucket, form->file.size(), **who, scope(), now);
          !verified)
        return std::move(verified.error());
    }
    const std::string status{find_field(form->fields, "success_action_status").value_or("")};
    const std::string redirect{find_field(form->fields, "success_action_redirect")
                                   .value_or(find_field(form->fields, "redirect").value_or(""))};
    if (!wire::is_header_value(redirect)) return invalid("success_action_redirect holds a control character");
    auto request = request_of(std::move(*form), posted.bucket);
    if (!request) return std::move(request.error());
    keep_own_encoding(request->fields);
    auto body = check_body(*request, put_object_request::spec, options_);
    if (!body) return std::move(body.error());
    auto decoded = decode_request<put_object_request>(*request);
    if (!decoded) return std::move(decoded.error());

    const std::lock_guard lock{guard_};
    if (auto whole = kept_.check_whole(request->bucket, request->key); !whole) return std::move(whole.error());
    context<Store> c{.kept = kept_,
                     .options = options_,
                     .now = now,
                     .spec = put_object_request::spec,
                     .request = *request,
                     .body = *body,
                     .bucket_url = bucket_url};
    if (status == "201" && !xml::can_hold(request->key))
      return bad_request("the answer 201 names the key, which has a character that XML has no way to carry");
    auto stored = handle(*decoded, c);
    if (!stored) return std::move(stored.error());
    return answer_to_form(c, *stored, status, redirect);
  }

  const route* find_route(const received_request& r) const {
    const route* best = nullptr;
    for (const route& one : routes_)
      if (one.of.fits(r) && (!best || one.of.specificity() > best->of.specificity())) best = &one;
    return best && best->of.knows_all_of(r) ? best : nullptr;
  }

  // --- errors --------------------------------------------------------------------------------------------------------------------

  static served_answer error_answer(const error& e, const embedded_request& r, std::string_view id, const circumstances& about) {
    // Internal errors, such as a full disk, have neither status nor code.
    served_answer out{.status = e.status != 0 ? e.status : 500, .fields = about.more};
    if (!e.region.empty()) out.fields.set("x-amz-bucket-region", e.region);
    if (r.method == "HEAD" || out.status == 304) return out;
    out.fields.set("Content-Type", "application/xml");
    const std::string_view code = e.code.empty() ? std::string_view{"InternalError"} : std::string_view{e.code};
    xml::writer document{out.body};
    document.declaration();
    document.open("Error");
    const auto tell = [&document](std::string_view name, std::string_view value) {
      if (!value.empty()) document.element(name, value);
    };
    tell("Code", code);
    tell("Message", e.message);
    tell("Region", e.region);
    tell("BucketName", about.bucket);
    tell("Key", about.key);
    tell("Resource", std::string_view{r.target}.substr(0, r.target.find('?')));
    tell("RequestId", id);
    tell("HostId", host_id(id));
    document.close();
    if (document.bad())
      out.body.assign("<Error><Code>").append(code).append("</Code></Error>");  // the request has characters that XML cannot hold
    return out;
  }

  static std::string host_id(std::string_view id) { return detail::base64(crypto::sha256(detail::as_bytes(id))); }
  std::string request_id() {
    char digits[17] = {};
    std::uint64_t n = ++served_;
    for (std::size_t i = 16; i-- != 0; n >>= 4) digits[i] = "0123456789ABCDEF"[n & 15];
    return digits;
  }

  embedded_options options_;
  Store kept_;
  error unusable_{};
  std::vector<route> routes_{};
  std::atomic<std::uint64_t> served_{0};
  std::mutex guard_{};  ///< guards `kept_`
};

}  // namespace embedded
}  // namespace s3store::inline S3STORE_ABI
