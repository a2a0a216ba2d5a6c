// How is evidence protected from change and deletion for a time? With S3's object lock, set by the same request that stores it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/time.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/types.hpp>

namespace s3store::inline S3STORE_ABI {

/// The lock of one version of an object. The bucket must have object lock.
struct evidence_lock {
  types::object_lock_mode mode{};  ///< governance: lifted only with a special permission; compliance: never lifted
  std::optional<timestamp> retain_until{};        ///< rounded up to a second, and at most the end of the year 9999; needs a mode, and the mode needs it
  bool legal_hold{};                              ///< protected until the hold is removed
};

namespace evidence {

/// The last date that a retention can have: S3 writes years with four digits.
inline constexpr timestamp latest_retention = std::chrono::floor<std::chrono::seconds>(s3store::detail::last_written);

/// Adds the lock to a request that stores an object. Also adds a checksum, since AWS requires one with a lock. Fails with
/// invalid_argument if only one of mode and date is set.
template <class R>
result<void> apply_lock(const evidence_lock& lock, crypto::checksum_algorithm checksum, R& request) {
  if (lock.mode.empty() == lock.retain_until.has_value())
    return detail::fail(error_kind::invalid_argument, "a retention has both a mode and a date until which it holds");
  if (lock.mode.empty() && !lock.legal_hold) return {};
  request.checksum_algorithm = types::checksum_algorithm{crypto::name(checksum)};
  request.object_lock_mode = lock.mode;
  if (lock.retain_until) {
    const auto asked = std::chrono::ceil<std::chrono::seconds>(s3store::detail::writable(*lock.retain_until));
    request.object_lock_retain_until_date = (std::min)(timestamp{asked}, latest_retention);
  }
  if (lock.legal_hold) request.object_lock_legal_hold_status = types::object_lock_legal_hold_status::on;
  return {};
}

/// The lock in the answer to a GET or HEAD. S3 leaves it out if the caller has no permission to see it.
template <class R>
evidence_lock lock_of(const R& answer) {
  return {answer.object_lock_mode, answer.object_lock_retain_until_date,
          answer.object_lock_legal_hold_status == types::object_lock_legal_hold_status::on};
}

/// True if the error means that there is no lock. AWS answers InvalidRequest if the bucket has no object lock.
inline bool says_unlocked(const error& e) noexcept {
  return e.code == "NoSuchObjectLockConfiguration" || e.code == "ObjectLockConfigurationNotFoundError" ||
         e.code == "InvalidRequest";
}

}  // namespace evidence

/// Asks S3 for the lock of an object's version; an empty `version_id` means the current one. Sends two requests (retention and
/// legal hold), which both need permission. An object without a lock is no error.
template <class P>
result<evidence_lock> read_evidence_lock(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                         const std::string& version_id = {}, const call_options& options = {}) {
  evidence_lock out;
  auto retention = s3.get_object_retention({.bucket = bucket, .key = key, .version_id = detail::optional_text(version_id)}, options);
  if (!retention && !evidence::says_unlocked(retention.error())) return result<evidence_lock>::failed_as(std::move(retention));
  if (retention && retention->retention && !retention->retention->mode.empty()) {
    out.mode = types::object_lock_mode{retention->retention->mode.str()};
    out.retain_until = retention->retention->retain_until_date;
  }
  auto hold = s3.get_object_legal_hold({.bucket = bucket, .key = key, .version_id = detail::optional_text(version_id)}, options);
  if (!hold && !evidence::says_unlocked(hold.error())) return result<evidence_lock>::failed_as(std::move(hold));
  out.legal_hold = hold && hold->legal_hold && hold->legal_hold->status == types::object_lock_legal_hold_status::on;
  return out;
}

}  // namespace s3store::inline S3STORE_ABI
