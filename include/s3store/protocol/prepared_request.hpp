// What do a call and a presigned URL have in common? An encoded request, to which the session and the options add headers, which
// gets an endpoint, and which is signed.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/canonical.hpp>
#include <s3store/auth/signing_key.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/crypto/checksum.hpp>
#include <s3store/http/message.hpp>
#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/session.hpp>

namespace s3store::inline S3STORE_ABI::sans_io {

/// Leases a workspace from the session and gives it back in the destructor, with secrets wiped. The session must outlive it.
template <class P>
class prepared_request {
 public:
  explicit prepared_request(session<P>& shared) : shared_(shared), work_(shared.lease()) { work_->encoded.clear(); }
  prepared_request(const prepared_request&) = delete;
  prepared_request& operator=(const prepared_request&) = delete;
  ~prepared_request() {
    if (holds_secret_) {  // the workspace will be used again
      work_->encoded.fields.wipe();
      work_->wire.fields.wipe();
      detail::wipe(work_->wire.url);
      if constexpr (requires { work_->signer.wipe(); }) work_->signer.wipe();
    }
    shared_.give_back(std::move(work_));
  }

  session<P>& shared() const noexcept { return shared_; }
  wire::encoded_request& encoded() noexcept { return work_->encoded; }
  const wire::encoded_request& encoded() const noexcept { return work_->encoded; }
  const operation_spec& spec() const noexcept { return *work_->encoded.spec; }
  http::request& wire() noexcept { return work_->wire; }
  std::string& document() noexcept { return work_->document; }
  auto& signer() noexcept { return work_->signer; }
  crypto::digest& sha256() noexcept { return work_->sha256; }
  const endpoint& where() const noexcept { return endpoint_; }
  /// Says that the header fields will hold a secret, so the destructor must wipe them.
  void keeps_secret() noexcept { holds_secret_ = true; }

  /// Adds the options' headers and query parameters, and the MD5 of a customer-provided key. Fails if the session's settings or the
  /// request are invalid.
  result<void> apply(const call_options& options) {
    if (shared_.unusable().kind != error_kind::none) return shared_.unusable();
    wire::encoded_request& e = work_->encoded;
    for (const auto [name, value] : options.fields) {
      if (!wire::is_header_name(name) || !wire::is_header_value(value))
        e.refuse(detail::concat({"the header \"", name, "\" of the call's options has a malformed name or value"}));
      e.fields.set(name, value);
    }
    for (const auto [name, value] : options.query) wire::append_query(e.query, name, value);
    add_customer_key_digest("x-amz-server-side-encryption-customer-key");
    add_customer_key_digest("x-amz-copy-source-server-side-encryption-customer-key");
    if (e.refused.kind != error_kind::none) return std::move(e.refused);
    return {};
  }
  /// Adds a header unless the request has it or `value` is empty.
  void add_default(std::string_view name, std::string_view value) {
    if (!value.empty() && !work_->encoded.fields.contains(name)) work_->encoded.fields.add(name, value);
  }

  /// True if the answer's body is to be verified: by the rules and settings, or because the request asks for its checksum.
  bool verifies_download() const noexcept {
    return shared_.checksums().verify_downloads() &&
           (shared_.configuration().profile.verify_downloads || work_->encoded.fields.contains("x-amz-checksum-mode"));
  }

  /// Finds the endpoint and writes the URL without its query. Fails if the signer cannot sign for that endpoint with these credentials.
  result<void> locate(const auth::credentials& who) {
    auto found = shared_.resolve(work_->encoded.bucket, &spec());
    if (!found) return result<void>::failed_as(std::move(found));
    endpoint_ = std::move(*found);
    if constexpr (!requires { requires P::signer::makes_sigv4a; })
      if (endpoint_.scheme == signing_scheme::sigv4a && !who.anonymous())
        return detail::fail(error_kind::configuration,
                            "a Multi-Region Access Point takes SigV4A signatures only, which this client's signer does not make");
    endpoint_.authority.insert(0, work_->encoded.host);
    std::string& url = work_->wire.url;
    url.assign(endpoint_.secure ? "https://" : "http://").append(endpoint_.authority);
    origin_size_ = url.size();
    url.append(endpoint_.path);
    if (work_->encoded.has_key) {
      url.append("/").append(work_->encoded.key);
    } else {
      // An operation on neither bucket nor key has a path of its own ("/WriteGetObjectResponse"), or none.
      const std::string_view uri = spec().uri.substr(0, spec().uri.find('?'));
      if (!work_->encoded.has_bucket) url.append(uri);
    }
    if (url.size() == origin_size_) url.push_back('/');
    return {};
  }
  /// Changes the URL that `locate` wrote to that of the bucket itself.
  void aim_at_bucket() {
    work_->wire.url.resize(origin_size_);
    work_->wire.url.append(endpoint_.path.empty() ? std::string_view{"/"} : std::string_view{endpoint_.path});
  }
  /// Scheme, host and port of the URL.
  std::string_view origin() const noexcept { return std::string_view{work_->wire.url}.substr(0, origin_size_); }

  /// What is signed of the request with this query. Must be called before `append_to_url`.
  auth::signable signable(std::string_view payload, http::method method, std::string_view query) const noexcept {
    return {.method = http::to_string(method),
            .path = std::string_view{work_->wire.url}.substr(origin_size_),
            .query = query,
            .host = endpoint_.authority,
            .payload = payload};
  }
  auth::signable signable(std::string_view payload) const noexcept { return signable(payload, spec().method, work_->encoded.query); }
  auth::signing_scope scope() const {
    const bool for_regions = endpoint_.scheme == signing_scheme::sigv4a;
    std::string region_set = shared_.configuration().sigv4a_region_set;
    if (region_set.empty() && for_regions) region_set = endpoint_.region;
    if (region_set.empty() && endpoint_.accepts_sigv4a) region_set = "*";
    return {.region = endpoint_.region,
            .service = endpoint_.service.empty() ? std::string(spec().service) : endpoint_.service,
            .algorithm = for_regions ? auth::signing_algorithm::sigv4a : auth::signing_algorithm::sigv4,
            .region_set = std::move(region_set),
            .plain_token = endpoint_.scheme != signing_scheme::sigv4_s3express};
  }

  /// Is it to be signed with the credentials of a session, and not with these? Must be called after `locate`.
  bool needs_express_session(const auth::credentials& who) const noexcept {
    return endpoint_.scheme == signing_scheme::sigv4_s3express && !who.anonymous();
  }
  void append_to_url(std::string_view query) {
    if (!query.empty()) work_->wire.url.append("?").append(query);
  }

  /// Adds operation, bucket, key and endpoint to an error.
  error located(error e) const {
    const wire::encoded_request& r = work_->encoded;
    e.operation = spec().name;
    e.bucket = r.bucket;
    if (r.has_key) e.key = detail::uri_decode(r.key).value_or(std::string{});
    if (!endpoint_.authority.empty()) e.endpoint = endpoint_.origin();
    return e;
  }

 private:
  /// S3 requires the MD5 of a customer-provided key, to detect that the key was damaged in transit; it is not there for security.
  void add_customer_key_digest(std::string_view field) {
    wire::encoded_request& e = work_->encoded;
    const auto key = e.fields.get(field);
    if (!key) return;
    holds_secret_ = true;
    const std::string digest_field = detail::concat({field, "-MD5"});
    if (e.fields.contains(digest_field)) return;
    auto raw = detail::from_base64(*key);
    if (!raw) return e.refuse("a customer-provided encryption key has 32 bytes");
    const detail::wiped_at_end secret{*raw};
    if (raw->size() != 32) return e.refuse("a customer-provided encryption key has 32 bytes");
    crypto::checksum md5{crypto::checksum_algorithm::md5};
    md5.update(detail::as_bytes(*raw));
    if (!md5.usable()) return e.refuse("this OpenSSL offers no MD5, which S3 needs beside a customer-provided encryption key");
    e.fields.add(digest_field, md5.base64());
    const std::string algorithm = detail::concat({field.substr(0, field.size() - 3), "algorithm"});
    if (!e.fields.contains(algorithm)) e.fields.add(algorithm, "AES256");
  }

  session<P>& shared_;
  detail::owned<typename session<P>::workspace> work_;
  endpoint endpoint_{};
  std::size_t origin_size_{};  // length of scheme, host and port in the URL
  bool holds_secret_{};
};

}  // namespace s3store::inline S3STORE_ABI::sans_io
