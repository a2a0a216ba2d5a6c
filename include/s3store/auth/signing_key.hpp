// Which key signs? One that is derived from the secret key for a day, a region and a service; it is derived once a day and kept.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/auth/credentials.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/crypto/hmac.hpp>

namespace s3store::inline S3STORE_ABI::auth {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// Where a signature is valid.
struct signing_scope {
  std::string region{};  ///< "eu-central-1"
  std::string service{"s3"};
  /// For "s3express": the credentials are not those of a session with a bucket, whose tokens have names of their own.
  bool plain_token{};

  friend bool operator==(const signing_scope&, const signing_scope&) = default;
};

/// Appends the text that is signed: a line each for algorithm, time, scope and the hash of the canonical request.
inline void append_string_to_sign(std::string& out, std::string_view amz_date, std::string_view scope,
                                  std::span<const std::byte> hash) {
  out.append(algorithm).append("\n").append(amz_date).append("\n").append(scope).append("\n");
  detail::append_hex(out, hash);
}
inline std::string string_to_sign(std::string_view amz_date, std::string_view scope, std::string_view canonical_request) {
  std::string out;
  append_string_to_sign(out, amz_date, scope, crypto::sha256(detail::as_bytes(canonical_request)));
  return out;
}

/// Printable ASCII without spaces, which is signed and sent in a header field unchanged.
inline bool is_graphic(std::string_view s) noexcept {
  for (const char c : s)
    if (c <= ' ' || c > '~') return false;
  return true;
}

/// A derived key. Immutable, and copies share one state: any number of threads may sign with it at once, each with its own digest.
/// A default-constructed one can only be assigned to.
class signing_key {
 public:
  signing_key() = default;
  /// `date`: eight digits, "20130524". Fails with error_kind::credentials if a key is missing or cannot be sent in a header, and
  /// with error_kind::invalid_argument if the region cannot be one. Throws s3_error (error_kind::configuration) if OpenSSL has no
  /// SHA-256.
  static result<signing_key> derive(const credentials& who, const signing_scope& where, std::string_view date) {
    if (who.access_key_id.empty() || who.secret_access_key.empty())
      return detail::fail(error_kind::credentials, "credentials to sign with need both an access key id and a secret access key");
    if (!is_graphic(who.access_key_id))
      return detail::fail(error_kind::credentials, "an access key id must be printable ASCII without spaces");
    if (!is_graphic(where.region) || where.region.empty() || where.region.find('/') != std::string::npos)
      return detail::fail(error_kind::invalid_argument,
                  {"\"", where.region, "\" is no region to sign for: a name such as us-east-1 is needed"});

    crypto::sha256_value step{};
    const auto advance = [&step](std::span<const std::byte> key, std::string_view text) {
      step = crypto::hmac_sha256(key, detail::as_bytes(text));
    };
    {
      std::string seed;
      seed.reserve(4 + who.secret_access_key.reveal().size());
      seed.append("AWS4").append(who.secret_access_key.reveal());
      advance(detail::as_bytes(seed), date);
      detail::wipe(seed.data(), seed.size());
    }
    for (const std::string_view text : {std::string_view{where.region}, std::string_view{where.service}, terminator})
      advance(step, text);
    auto made = detail::share<const state>(who, where, std::string(date), crypto::hmac_key{step});
    detail::wipe(step.data(), step.size());
    return signing_key{std::move(made)};
  }

  /// True if `derive` would give this key again.
  bool is_for(const credentials& who, const signing_scope& where, std::string_view date) const noexcept {
    return state_->date == date && state_->where == where && state_->access_key_id == who.access_key_id &&
           state_->secret == who.secret_access_key;
  }

  /// "AKIDEXAMPLE/20130524/us-east-1/s3/aws4_request"
  std::string_view credential() const noexcept { return state_->credential; }
  /// "20130524/us-east-1/s3/aws4_request"
  std::string_view scope() const noexcept { return credential().substr(state_->access_key_id.size() + 1); }
  std::string_view service() const noexcept { return state_->where.service; }

  /// `scratch` is a SHA-256 digest that no other thread uses meanwhile. Throws std::bad_alloc.
  crypto::sha256_value sign(std::string_view text, crypto::digest& scratch) const {
    return state_->key.sign(detail::as_bytes(text), scratch);
  }

 private:
  static constexpr std::string_view terminator = "aws4_request";

  struct state {
    state(const credentials& who, const signing_scope& in, std::string day, crypto::hmac_key made)
        : access_key_id(who.access_key_id), secret(who.secret_access_key), where(in), date(std::move(day)), key(std::move(made)) {
      for (const std::string_view part : {std::string_view{access_key_id}, std::string_view{date}, std::string_view{where.region},
                                          std::string_view{where.service}})
        credential.append(part).push_back('/');
      credential.append(terminator);
    }
    std::string access_key_id;
    secret_string secret;
    signing_scope where;
    std::string date;
    std::string credential{};
    crypto::hmac_key key;
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
