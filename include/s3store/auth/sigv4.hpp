// How is a request signed, in its headers or in its query? With AWS Signature Version 4, by a `signer`.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
//
// The steps are always the same: the canonical request, its hash, the string to sign, and the HMAC of that string under the day's
// key. A `signer` keeps what they need (hash contexts, buffers, keys) for the next signature. If the scope asks for SigV4A, the request
// also names the regions in which it is valid, and the last step is an ECDSA signature. A `signer` works on any request to any service
// of AWS, without a client: examples/sign_any_request.cpp shows it.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/canonical.hpp>
#include <s3store/auth/chunk.hpp>
#include <s3store/auth/credentials.hpp>
#include <s3store/auth/signing_key.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/digest.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// The query of a presigned URL, and the header fields that must be sent with it.
struct presigned_query {
  std::string query{};  ///< the request's own parameters, then those of the signature; without a '?'
  headers
      signed_fields{};  ///< all signed fields but `Host`; a request with the URL must send them unchanged
};

/// The names of the header field and query parameter for a session token; S3 Express has its own.
struct token_names {
  std::string_view field{"x-amz-security-token"};
  std::string_view parameter{"X-Amz-Security-Token"};
};
inline token_names token_names_of(const signing_scope& where) noexcept {
  if (where.service == "s3express" && !where.plain_token) return {"x-amz-s3session-token", "X-Amz-S3session-Token"};
  return {};
}

inline constexpr std::chrono::seconds longest_presigned{604800};

/// A second parameter of one of these names would make the URL ambiguous, and S3 refuses it. Fails with error_kind::invalid_argument if the
/// query has one, in whatever case and encoding.
inline result<void> check_unsigned(std::string_view query) {
  result<void> out;
  detail::split(query, '&', [&](std::string_view one) {
    const auto written = one.substr(0, one.find('='));
    const auto decoded = detail::uri_decode(written);
    const std::string_view has = decoded ? std::string_view{*decoded} : written;
    for (const std::string_view name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
                                        "X-Amz-Signature", "X-Amz-Region-Set", "X-Amz-Security-Token", "X-Amz-S3session-Token"})
      if (detail::equal_ignoring_case(has, name))
        out = detail::fail(error_kind::invalid_argument, {"the query has a parameter ", name, ", which signing adds"});
  });
  return out;
}

/// A presigned URL may be valid for 1 second to 7 days; fails with error_kind::invalid_argument for any other time.
inline result<void> check_expiry(std::chrono::seconds expires_in) {
  if (expires_in >= std::chrono::seconds{1} && expires_in <= longest_presigned) return {};
  return detail::fail(error_kind::invalid_argument,
              {"what is presigned can be valid for 1 to 604800 seconds (7 days), not for ", detail::decimal(expires_in.count())});
}

/// Makes signatures, one at a time. Not thread-safe. All that is passed to it is needed only during the call.
class signer {
 public:
  /// Endpoints may ask for SigV4A signatures (protocol/policies.hpp).
  static constexpr bool makes_sigv4a = true;

  signer() = default;

  /// Signs all fields for which `is_signed` is true. Adds x-amz-date, x-amz-content-sha256 (see signing_rules), the session token, for
  /// SigV4A x-amz-region-set, and Authorization to `fields`, and removes those of an earlier attempt. Anonymous credentials add nothing.
  /// Fails with error_kind::credentials if a key is missing, or a key or the session token cannot be sent in a header; with
  /// error_kind::invalid_argument if the region cannot be one; with error_kind::configuration if OpenSSL has no SHA-256 (for SigV4A: no
  /// P-256). `fields` then have no signature. Throws std::bad_alloc.
  result<void> sign_headers(const signable& what, headers& fields, const credentials& who, const signing_scope& where,
                            timestamp now) {
    const auto token = token_names_of(where).field;
    text_ = what.payload;  // which may be a view of `fields`, and they change
    const bool names_payload = settle_payload(what.rules, fields);
    for (const std::string_view name : {std::string_view{"authorization"}, std::string_view{"x-amz-date"}, region_set, token}) fields.erase(name);
    if (what.rules == signing_rules::s3) fields.erase(content_sha256);
    if (who.anonymous()) return {};
    if (auto found = find_key(who, where, now); !found) return found;

    fields.add("x-amz-date", date_);
    if (key_.algorithm() == signing_algorithm::sigv4a) {
      text_ = payload::for_sigv4a(text_);
      fields.add(region_set, key_.region_set());
    }
    if (names_payload) fields.set(content_sha256, text_);
    if (!who.session_token.empty()) fields.add(token, who.session_token.reveal());
    canonical_.take(fields, what.host);
    signable all = what;
    all.payload = text_;
    sign(canonical_.write(all));

    text_.clear();
    text_.append(name(key_.algorithm())).append(" Credential=").append(key_.credential());
    text_.append(", SignedHeaders=").append(canonical_.signed_headers());
    text_.append(", Signature=").append(signature_);
    fields.add("authorization", text_);
    return {};
  }

  /// Signs a URL. A request with that URL must send `fields`. The payload that is signed is the x-amz-content-sha256 of `fields`, if there
  /// is one; else for S3 none, whatever `what.payload` says, and for other services (signing_rules::common) `what.payload`.
  /// `expires_in`: 1 to 604800 seconds (7 days), else it fails with error_kind::invalid_argument, and so it does if the query has one of
  /// the parameters that signing adds; it also fails as `sign_headers` does. With anonymous credentials the query stays as it is.
  result<presigned_query> sign_query(const signable& what, const headers& fields, std::chrono::seconds expires_in,
                                     const credentials& who, const signing_scope& where, timestamp now) {
    presigned_query out{.query = std::string(what.query)};
    for (const auto [name, value] : fields)
      if (is_signed(name) && !detail::equal_ignoring_case(name, "host")) out.signed_fields.add(name, value);
    if (who.anonymous()) return out;
    if (auto good = check_expiry(expires_in); !good) return std::move(good.error());
    if (auto good = check_unsigned(what.query); !good) return std::move(good.error());
    if (auto found = find_key(who, where, now); !found) return std::move(found.error());

    canonical_.take(fields, what.host);
    const std::size_t size = who.session_token.reveal().size() + key_.credential().size() + canonical_.signed_headers().size() +
                             key_.region_set().size();
    out.query.reserve(out.query.size() + 3 * size + 500);  // so that no outgrown memory keeps the token
    const auto add = [&out](std::string_view name, std::string_view value) {
      if (!out.query.empty()) out.query.push_back('&');
      detail::append_uri_encoded(out.query.append(name).append("="), value, detail::uri_part::query);
    };
    add("X-Amz-Algorithm", name(key_.algorithm()));
    add("X-Amz-Credential", key_.credential());
    add("X-Amz-Date", date_);
    add("X-Amz-Expires", detail::decimal(expires_in.count()));
    if (key_.algorithm() == signing_algorithm::sigv4a) add("X-Amz-Region-Set", key_.region_set());
    add("X-Amz-SignedHeaders", canonical_.signed_headers());
    if (!who.session_token.empty()) add(token_names_of(where).parameter, who.session_token.reveal());

    signable all = what;
    all.query = out.query;
    std::string_view otherwise = payload::not_signed;
    if (what.rules == signing_rules::common) otherwise = what.payload.empty() ? payload::empty : what.payload;
    all.payload = fields.get(content_sha256).value_or(otherwise);
    sign(canonical_.write(all));
    add("X-Amz-Signature", signature_);
    return out;
  }

  /// The key for signatures at `now`; `amz_date()` is then that time. Fails as `sign_headers`, also for anonymous credentials.
  result<signing_key> key_for(const credentials& who, const signing_scope& where, timestamp now) {
    if (auto found = find_key(who, where, now); !found) return std::move(found.error());
    return key_;
  }

  /// Signs the base64 text of a POST policy. Returns 64 hex digits, valid until the next signature.
  std::string_view sign_policy(const signing_key& key, std::string_view policy) {
    signature_.clear();
    key.append_signature(signature_, policy, digest_);
    return signature_;
  }

  /// For a server: is `signature` that of a received request, if `who` signed it at time `at`? It covers the fields whose names
  /// `wanted(name)` accepts, and the query without the parameter `left_out`. `signed_headers()` then lists those fields, and after true
  /// `chunks()` verifies those of the body. Fails as `sign_headers`, also for anonymous credentials.
  template <class Wanted>
  result<bool> verifies(std::string_view signature, const signable& what, const headers& fields, Wanted&& wanted, std::string_view left_out,
                        const credentials& who, const signing_scope& where, timestamp at) {
    if (auto found = find_key(who, where, at); !found) return std::move(found.error());
    canonical_.take(fields, what.host, wanted);
    write_string_to_sign(canonical_.write(what, left_out));
    const bool right = key_.verifies(signature, text_, digest_);
    signature_ = right ? signature : std::string_view{};
    return right;
  }

  std::string_view signed_headers() const noexcept { return canonical_.signed_headers(); }
  /// Overwrites what the latest signature covered, if that held a secret.
  void wipe() noexcept { canonical_.wipe(); }

  /// The latest signature, in hex digits: 64, or for SigV4A up to 144. And its time, as "20130524T000000Z".
  std::string_view signature() const noexcept { return signature_; }
  std::string_view amz_date() const noexcept { return date_; }

  /// Signs the chunks of the request whose headers were signed last; there must be one.
  chunk_signer chunks() const { return chunk_signer{key_, date_, signature_}; }

 protected:
  /// Signs with SigV4A whatever the scopes say, if `always` is that; only S3 Express, which takes no other, still gets SigV4.
  explicit signer(signing_algorithm always) : always_(always) {}

 private:
  static constexpr std::string_view content_sha256{"x-amz-content-sha256"}, region_set{"x-amz-region-set"};

  /// Finds out which payload is signed, and tells whether x-amz-content-sha256 names it.
  bool settle_payload(signing_rules rules, const headers& fields) {
    if (rules == signing_rules::s3) return true;
    const auto named = fields.get(content_sha256);
    if (text_.empty()) text_ = named.value_or(payload::empty);
    return named || text_.size() != payload::empty.size();
  }
  /// Makes `key_` the one to sign with at `now`, and `date_` that time.
  result<void> find_key(const credentials& who, const signing_scope& where, timestamp now) {
    digest_.reset();  // in case an exception left it within a message
    date_.clear();
    detail::append_amz_date(date_, now);
    if (!digest_.usable()) return detail::fail(error_kind::configuration, "this OpenSSL offers no SHA-256");
    if (!is_graphic(who.session_token.reveal()))
      return detail::fail(error_kind::credentials, "a session token must be printable ASCII without spaces");
    const bool forced = always_ != where.algorithm && always_ == signing_algorithm::sigv4a && where.service != "s3express";
    auto key = forced ? forced_key(who, where) : keys_.get(who, where, day());
    if (!key) return std::move(key.error());
    key_ = std::move(*key);
    return {};
  }

  result<signing_key> forced_key(const credentials& who, signing_scope where) {
    where.algorithm = always_;
    return keys_.get(who, where, day());
  }
  std::string_view day() const noexcept { return std::string_view{date_}.substr(0, 8); }

  void write_string_to_sign(std::string_view canonical_request) {
    digest_.update(detail::as_bytes(canonical_request));
    const auto hash = crypto::finish_sha256(digest_);
    text_.clear();
    append_string_to_sign(text_, date_, key_.scope(), hash, key_.algorithm());
  }
  void sign(std::string_view canonical_request) {
    write_string_to_sign(canonical_request);
    signature_.clear();
    key_.append_signature(signature_, text_, digest_);
  }

  crypto::digest digest_{crypto::digest_algorithm::sha256};
  canonicalizer canonical_{};
  signing_key_cache keys_{};
  signing_key key_{};  // the one of the latest signature
  std::string date_{};
  std::string signature_{};
  std::string text_{};
  signing_algorithm always_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
