// Which key signs? One that is derived from the secret key for a day, a region and a service; it is derived once a day and kept. The key
// of SigV4A (auth/sigv4a_key.hpp) depends on none of these, but the scope beside it does, so it is kept in the same way.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/credentials.hpp>
#include <s3store/auth/signing_scope.hpp>
#include <s3store/auth/sigv4a_key.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/crypto/ecdsa.hpp>
#include <s3store/crypto/hmac.hpp>

namespace s3store::inline S3STORE_ABI::auth {

/// Appends the text that is signed: a line each for algorithm, time, scope and the hash of the canonical request.
inline void append_string_to_sign(std::string& out, std::string_view amz_date, std::string_view scope,
                                  std::span<const std::byte> hash, signing_algorithm how = {}) {
  out.append(name(how)).append("\n").append(amz_date).append("\n").append(scope).append("\n");
  detail::append_hex(out, hash);
}
inline std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request,
                                  signing_algorithm how = {}) {
  std::string out;
  append_string_to_sign(out, amz_date, scope, crypto::sha256(detail::as_bytes(canonical_request)), how);
  return out;
}

/// The hex digits of a signature's text in a chunk or trailer: 64, or for SigV4A 144, the most that a signature has.
constexpr std::size_t chunk_signature_size(signing_algorithm how) noexcept {
  return 2 * (how == signing_algorithm::sigv4a ? crypto::p256_der_limit : sizeof(crypto::sha256_value));
}

/// A derived key. Immutable, and copies share one state: any number of threads may sign with it at once, each with its own digest.
/// A default-constructed one can only be assigned to.
class signing_key {
 public:
  signing_key() = default;
  /// `date`: eight digits, "20130524". Fails with error_kind::credentials if a key is missing or cannot be sent in a header, and
  /// with error_kind::invalid_argument if the region or region set cannot be one. Fails or throws s3_error (error_kind::configuration)
  /// if OpenSSL has no SHA-256 or, for SigV4A, no P-256.
  static result<signing_key> derive(const credentials& who, const signing_scope& where, std::string_view date) {
    if (who.access_key_id.empty() || who.secret_access_key.empty())
      return detail::fail(error_kind::credentials, "credentials to sign with need both an access key id and a secret access key");
    if (!is_graphic(who.access_key_id))
      return detail::fail(error_kind::credentials, "an access key id must be printable ASCII without spaces");
    if (where.algorithm == signing_algorithm::sigv4a) return derive_pair(who, where, date);
    if (!is_graphic(where.region) || where.region.empty() || where.region.find('/') != std::string::npos)
      return detail::fail(error_kind::invalid_argument,
                  {"\"", where.region, "\" is no region to sign for: a name such as us-east-1 is needed"});

    std::string seed;
    seed.reserve(4 + who.secret_access_key.reveal().size());
    const detail::wiped_at_end secret{seed};
    seed.append("AWS4").append(who.secret_access_key.reveal());
    using step = const detail::wiped<crypto::sha256_value>;  // each is a key
    step of_day{crypto::hmac_sha256(detail::as_bytes(seed), detail::as_bytes(date))};
    step of_region{crypto::hmac_sha256(of_day.value, detail::as_bytes(where.region))};
    step of_service{crypto::hmac_sha256(of_region.value, detail::as_bytes(where.service))};
    step last{crypto::hmac_sha256(of_service.value, detail::as_bytes(terminator))};
    return signing_key{detail::share<const state>(who, where, std::string(date), crypto::hmac_key{last.value})};
  }

  /// True if `derive` would give this key again.
  bool is_for(const credentials& who, const signing_scope& where, std::string_view date) const noexcept {
    return state_->date == date && state_->where == where && state_->access_key_id == who.access_key_id &&
           state_->secret == who.secret_access_key;
  }

  /// "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"; for SigV4A without the region.
  std::string_view credential() const noexcept { return state_->credential; }
  /// "20130524/us-east-1/s3/aws4_request"; for SigV4A without the region.
  std::string_view scope() const noexcept { return credential().substr(state_->access_key_id.size() + 1); }
  std::string_view service() const noexcept { return state_->where.service; }
  signing_algorithm algorithm() const noexcept { return state_->where.algorithm; }
  /// What X-Amz-Region-Set says beside a signature of SigV4A.
  std::string_view region_set() const noexcept { return regions_of(state_->where); }

  /// Appends the signature of `text` in hex digits: 64, or for SigV4A, whose signatures are DER and never the same twice, up to 144.
  /// `scratch` is a SHA-256 digest that no other thread uses meanwhile. Throws std::bad_alloc.
  void append_signature(std::string& out, std::string_view text, crypto::digest& scratch) const {
    if (state_->pair)
      detail::append_hex(out, detail::as_bytes(state_->pair.sign_der(hash_of(text, scratch))));
    else
      detail::append_hex(out, state_->key->sign(detail::as_bytes(text), scratch));
  }
  /// Is `signature`, in hex digits, one of `text` with this key? Throws std::bad_alloc.
  bool verifies(std::string_view signature, std::string_view text, crypto::digest& scratch) const {
    if (!state_->pair) {
      std::string right;
      right.reserve(2 * sizeof(crypto::sha256_value));
      const detail::wiped_at_end secret{right};  // who sent a wrong one must not find it
      append_signature(right, text, scratch);
      return crypto::equal_in_constant_time(right, signature);
    }
    const auto der = detail::from_hex(signature);
    return der && state_->pair.public_key().verify_der(hash_of(text, scratch), detail::as_bytes(*der));
  }

 private:
  static constexpr std::string_view terminator = "aws4_request";

  static std::string_view regions_of(const signing_scope& where) noexcept {
    return where.region_set.empty() ? where.region : where.region_set;
  }
  static crypto::sha256_value hash_of(std::string_view text, crypto::digest& scratch) {
    scratch.reset();
    scratch.update(detail::as_bytes(text));
    return crypto::finish_sha256(scratch);
  }
  static result<signing_key> derive_pair(const credentials& who, const signing_scope& where, std::string_view date) {
    if (auto good = check_region_set(regions_of(where)); !good) return std::move(good.error());
    auto pair = sigv4a_key(who);
    if (!pair) return std::move(pair.error());
    return signing_key{detail::share<const state>(who, where, std::string(date), std::move(*pair))};
  }

  struct state {
    state(const credentials& who, const signing_scope& in, std::string day)
        : access_key_id(who.access_key_id), secret(who.secret_access_key), where(in), date(std::move(day)) {
      credential.append(access_key_id).append("/").append(date).append("/");
      if (where.algorithm == signing_algorithm::sigv4) credential.append(where.region).append("/");
      credential.append(where.service).append("/").append(terminator);
    }
    state(const credentials& who, const signing_scope& in, std::string day, crypto::hmac_key made) : state(who, in, std::move(day)) {
      key.emplace(std::move(made));
    }
    state(const credentials& who, const signing_scope& in, std::string day, crypto::p256_private_key made)
        : state(who, in, std::move(day)) {
      pair = std::move(made);
    }
    std::string access_key_id;
    secret_string secret;
    signing_scope where;
    std::string date;
    std::string credential{};
    std::optional<crypto::hmac_key> key{};  // SigV4's
    crypto::p256_private_key pair{};        // SigV4A's
  };

  explicit signing_key(detail::shared<const state> made) noexcept : state_(std::move(made)) {}
  detail::shared<const state> state_{};
};

/// The last few keys that were derived, so that a signer does not derive them again. Not thread-safe.
class signing_key_cache {
 public:
  /// Fails and throws as `signing_key::derive`.
  result<signing_key> get(const credentials& who, const signing_scope& where, std::string_view date) {
    for (const signing_key& k : keys_)
      if (k.is_for(who, where, date)) return k;
    auto made = signing_key::derive(who, where, date);
    if (!made) return made;
    if (keys_.size() < size) {
      keys_.push_back(*made);
    } else {
      next_ = (next_ + 1) % size;
      keys_[next_] = *made;
    }
    return made;
  }

 private:
  static constexpr std::size_t size = 8;
  std::vector<signing_key> keys_{};
  std::size_t next_{};
};

}  // namespace s3store::inline S3STORE_ABI::auth
