// How is evidence written so that nobody can change or delete it for a time? With S3's object lock, set by the very request that
// stores it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
#pragma once

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

namespace s3store::inline v0 {

/// Of one version of an object. The bucket must have been created with object lock.
struct evidence_lock {
  std::optional<types::object_lock_mode> mode{};  ///< governance: who has the permission may lift it; compliance: nobody
  std::optional<timestamp> retain_until{};        ///< stored rounded up to a second; mode and date go together
  bool legal_hold{};                              ///< kept until somebody lifts the hold
};

namespace evidence {

/// Into a request that stores an object. AWS takes a lock only beside a checksum, so one is asked for, whatever the client does
/// otherwise.
template <class R>
result<void> apply_lock(const evidence_lock& lock, crypto::checksum_algorithm checksum, R& request) {
  if (lock.mode.has_value() != lock.retain_until.has_value())
    return fail(error_kind::invalid_argument, "a retention has both a mode and a date until which it holds");
  if (!lock.mode && !lock.legal_hold) return {};
  request.checksum_algorithm = types::checksum_algorithm{crypto::name(checksum)};
  request.object_lock_mode = lock.mode;
  if (lock.retain_until) request.object_lock_retain_until_date = std::chrono::ceil<std::chrono::seconds>(*lock.retain_until);
  if (lock.legal_hold) request.object_lock_legal_hold_status = types::object_lock_legal_hold_status::on;
  return {};
}

/// Out of the answer to a GET or HEAD. S3 leaves it out for who may not see it.
template <class R>
evidence_lock lock_of(const R& answer) {
  return {answer.object_lock_mode, answer.object_lock_retain_until_date,
          answer.object_lock_legal_hold_status == types::object_lock_legal_hold_status::on};
}

/// Is this how a server says that there is no lock? AWS says InvalidRequest of a bucket that knows none.
inline bool says_unlocked(const error& e) noexcept {
  return e.code == "NoSuchObjectLockConfiguration" || e.code == "ObjectLockConfigurationNotFoundError" ||
         e.code == "InvalidRequest";
}

}  // namespace evidence

/// How an object is locked, or a version of it: what S3 says when it is asked for just that. It takes two requests, and permission
/// for them.
template <class P>
result<evidence_lock> read_evidence_lock(const basic_client<P>& s3, const std::string& bucket, const std::string& key,
                                         const std::optional<std::string>& version_id = {}, const call_options& options = {}) {
  evidence_lock out;
  auto retention = s3.get_object_retention({.bucket = bucket, .key = key, .version_id = version_id}, options);
  if (!retention && !evidence::says_unlocked(retention.error())) return result<evidence_lock>::failed_as(std::move(retention));
  if (retention && retention->retention && retention->retention->mode) {
    out.mode = types::object_lock_mode{retention->retention->mode->str()};
    out.retain_until = retention->retention->retain_until_date;
  }
  auto hold = s3.get_object_legal_hold({.bucket = bucket, .key = key, .version_id = version_id}, options);
  if (!hold && !evidence::says_unlocked(hold.error())) return result<evidence_lock>::failed_as(std::move(hold));
  out.legal_hold = hold && hold->legal_hold && hold->legal_hold->status == types::object_lock_legal_hold_status::on;
  return out;
}

}  // namespace s3store::inline v0
