// What do all transfers have in common that make an object, in one piece or in parts?
//
//   begin ─► CreateMultipartUpload ─► parts, several at a time ─► CompleteMultipartUpload ─► done
//      └───► the object in one piece ─► done        └─ failed: the others are stopped ─► (HeadObject) ─► AbortMultipartUpload ─► the error
//
// If the answer to the last call is lost, HeadObject tells whether the object is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/owned.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/transfer/calls.hpp>
#include <s3store/transfer/carried_fields.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline S3STORE_ABI::detail {

/// The base of such a machine. It makes its calls as machines of their own (transfer/calls.hpp); each does its own retries.
template <class P, class Response>
class multipart_transfer {
 public:
  using value_type = Response;

  multipart_transfer(const multipart_transfer&) = delete;
  multipart_transfer& operator=(const multipart_transfer&) = delete;

  sans_io::step next(instants) {
    guarded([this] {
      if (!std::exchange(begun_, true)) begin();
      if (in_parts_ && !failure_) send_parts();
      if (failure_ && calls_.size() == 0) clear_up();
    });
    if (auto s = calls_.next()) return std::move(*s);
    return sans_io::done{};
  }
  void sent(http::outcome) noexcept {}  // it sends nothing but by its calls
  void ended(sans_io::any_machine& call) {
    guarded([&] { calls_.ended(call); });
  }
  void fail(error why) { give_up(std::move(why)); }
  result<value_type> finish() { return std::move(end_ ? *end_ : *failure_); }

 protected:
  struct sent_part {
    std::string etag{};
    std::string checksum{};  // in base64; empty if it has none
    std::uint64_t length{};
  };

  /// `bucket` and `key` must outlive this.
  multipart_transfer(const std::string& bucket, const std::string& key, progress_callback progress, sans_io::session<P>& shared,
                     const call_options& options)
      : calls_(shared, options), tally_(std::move(progress)), bucket_(bucket), key_(key) {}
  ~multipart_transfer() = default;

  /// Adds the first call.
  virtual void begin() = 0;
  /// Adds as many parts as may be under way, and calls `complete` when all are sent. Called again whenever a call has ended.
  virtual void send_parts() = 0;
  /// The upload has begun, and `upload_id_` is known.
  virtual void created() {}
  /// Is the upload left as it is after a failure?
  virtual bool keeps_upload() const noexcept { return false; }
  /// HeadObject found what may be the object of one call whose answer was lost, and no checksum can tell whether it is: do the ETags?
  virtual std::optional<bool> has_right_etag(const head_object_response&) const { return std::nullopt; }
  /// HeadObject found the object; adds what else it tells.
  virtual void add_found(const head_object_response&, Response&) const {}
  /// The object is there. By default that is the end.
  virtual void completed(Response out, owned<response_meta> meta) { finish(std::move(out), std::move(meta)); }

  /// A request R with the bucket, the key and every header in `fields_` that R also has.
  template <class R>
  R carried() const {
    return detail::carried<R>(bucket_, key_, fields_);
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  /// Begins an upload whose parts have checksums of `algorithm_`.
  void create(create_multipart_upload_request r) {
    if (algorithm_) {
      r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
      if (has_whole_checksum()) r.checksum_type = types::checksum_type::full_object;
    }
    calls_.add(std::move(r), [this](auto&, result<create_multipart_upload_response> created) { this->took(std::move(created)); });
  }
  void took(result<create_multipart_upload_response> r) {
    if (!r) {
      const bool ended_early = r.error().kind == error_kind::cancelled || r.error().kind == error_kind::deadline_exceeded;
      const bool may_be_there = may_have_taken_effect(r.error()) || (ended_early && r.error().attempts != 0);
      give_up(std::move(r));
      if (may_be_there) note("an upload may have begun whose id is not known; ListMultipartUploads shows it");
      return;
    }
    if (r->upload_id.empty())
      return give_up(detail::fail(error_kind::malformed_response, "the answer to CreateMultipartUpload names no upload"));
    upload_id_ = std::move(r->upload_id);
    in_parts_ = true;
    created();
  }

  void complete() {
    in_parts_ = false;
    auto r = carried<complete_multipart_upload_request>();
    types::completed_multipart_upload all;
    all.parts.reserve(parts_.size());
    for (const sent_part& p : parts_) {
      size_ += p.length;
      types::completed_part one{.etag = p.etag};
      one.part_number = static_cast<std::int32_t>(all.parts.size() + 1);
      if (algorithm_) checksum_member(one, *algorithm_) = p.checksum;
      all.parts.push_back(std::move(one));
    }
    if (auto told = tally_.reached(size_); !told) return give_up(std::move(told.error()));
    completing_ = true;
    r.upload_id = upload_id_;
    r.multipart_upload = std::move(all);
    r.mpu_object_size = static_cast<std::int64_t>(size_);
    if (has_whole_checksum())
      if (auto sum = checksum(); !sum.empty()) {
        checksum_member(r, *algorithm_) = std::move(sum);
        r.checksum_type = types::checksum_type::full_object;
      }
    calls_.add(std::move(r), [this](auto&, result<complete_multipart_upload_response> completed) { this->took(std::move(completed)); });
  }
  void took(result<complete_multipart_upload_response> r) {
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    Response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = size_, .parts = count()};
    note_checksum(*r, out);
    completed(std::move(out), r.release_meta());
  }
  std::int32_t count() const noexcept { return static_cast<std::int32_t>(parts_.size()); }

  // --- an answer was lost: did it succeed anyway? --------------------------------------------------------------------------------

  /// The object may be there although its call failed.
  static bool may_be_done(const error& e) noexcept { return e.maybe_own_success || may_have_taken_effect(e); }
  template <class T>
  void look(result<T> failed) {
    keep(std::move(failed));
    auto r = carried<head_object_request>();
    r.if_match.reset();
    r.if_none_match.reset();
    r.checksum_mode = types::checksum_mode::enabled;
    calls_.add_to_clear_up(std::move(r), [this](auto&, result<head_object_response> there) { this->took(std::move(there)); });
  }
  void took(result<head_object_response> r) {
    const auto same = r ? is_ours(*r) : r.error().kind == error_kind::not_found ? std::optional{false} : std::nullopt;
    if (same == true) {
      Response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = size_, .parts = count(), .confirmed_by_head = true};
      note_checksum(*r, out);
      add_found(*r, out);
      failure_.reset();
      return completed(std::move(out), r.release_meta());
    }
    note(!same ? "an answer was lost, and whether the upload took effect could not be found out"
         : r   ? "an answer was lost, but the object that is there is another one"
               : "an answer was lost, but no object is there");
  }
  /// Is it our object? Compares the size, then the checksum or the ETag computed from the parts; nullopt if the store gives
  /// neither.
  std::optional<bool> is_ours(head_object_response& there) {
    if (there.content_length && *there.content_length != static_cast<std::int64_t>(size_)) return false;
    if (algorithm_ && (upload_id_.empty() || has_whole_checksum()))
      if (const auto& sum = checksum_member(there, *algorithm_); !sum.empty())
        if (const auto ours = checksum(); !ours.empty()) return sum == ours;
    if (upload_id_.empty()) return has_right_etag(there);
    combined_etag etag;
    for (const sent_part& p : parts_) etag.append(p.etag);
    const auto expected = etag.value();
    if (expected && !there.etag.empty()) return there.etag == *expected;
    return std::nullopt;
  }

  // --- checksums -----------------------------------------------------------------------------------------------------------------

  /// Is the checksum of an upload in parts one over the whole object?
  bool has_whole_checksum() const noexcept { return algorithm_ && !composite_ && crypto::is_crc(*algorithm_); }
  /// The whole object's, in base64; empty if it is not known.
  std::string checksum() const {
    if (!known_checksum_.empty() || upload_id_.empty()) return known_checksum_;
    combined_crc whole{*algorithm_};
    for (const sent_part& p : parts_)
      if (!whole.append(p.checksum, p.length)) return {};
    return whole.base64();
  }
  template <class R>
  void note_checksum(R& from, Response& out) const {
    if (!algorithm_) return;
    const auto& sum = checksum_member(from, *algorithm_);
    if (sum.empty() || (!upload_id_.empty() && !has_whole_checksum())) return;
    out.checksum_algorithm = algorithm_;
    out.checksum = sum;
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  void finish(Response out, owned<response_meta> meta) {
    failure_.reset();
    end_.emplace(std::move(out));
    end_->attach(std::move(meta));
  }
  /// The first failure is the transfer's; the calls that are under way end.
  template <class T>
  void give_up(result<T> failed) {
    keep(std::move(failed));
  }
  void give_up(error e) {
    e.bucket = bucket_;
    e.key = key_;
    keep(result<void>{std::move(e)});
  }
  void note(std::string_view what) { failure_->error().message.append("; ").append(what); }
  bool failed() const noexcept { return failure_.has_value(); }

  transfer_calls<P> calls_;
  progress_tally tally_;
  headers fields_{};  // of the request for the object in one piece
  std::optional<crypto::checksum_algorithm> algorithm_{};
  bool composite_{};              // the checksum of an upload in parts is one of the parts' checksums
  std::string known_checksum_{};  // the whole object's, if it is known before the parts are
  std::string upload_id_{};
  std::uint64_t size_{};  // of the object, once all is sent
  std::vector<sent_part> parts_{};
  bool in_parts_{};

 private:
  template <class F>
  void guarded(F&& f) {
    try {
      f();
    } catch (const std::bad_alloc&) {
      give_up(out_of_memory());
    }
  }
  template <class T>
  void keep(result<T> failed) {
    if (!failure_) failure_.emplace(result<value_type>::failed_as(std::move(failed)));
    calls_.stop();
  }
  void clear_up() {
    if (end_) return;
    if (upload_id_.empty() || failure_->error().code == "NoSuchUpload" || std::exchange(cleared_up_, true)) return end(std::move(*failure_));
    if (keeps_upload()) {
      note("its parts stay at the server, so that it can go on");
      return end(std::move(*failure_));
    }
    auto r = carried<abort_multipart_upload_request>();
    r.upload_id = upload_id_;
    calls_.add_to_clear_up(std::move(r), [this](auto&, result<abort_multipart_upload_response> aborted) { this->took(std::move(aborted)); });
  }
  void took(result<abort_multipart_upload_response> r) {
    if (!r && r.error().code == "NoSuchUpload") {
      if (completing_) note("the upload was gone already, so it may have been completed");
    } else if (!r) {
      note(concat({"the upload ", upload_id_, " could not be aborted, so its parts stay at the server: ", r.error().describe()}));
    }
  }
  void end(result<value_type> with) {
    failure_.reset();
    in_parts_ = false;
    end_.emplace(std::move(with));
  }

  const std::string& bucket_;
  const std::string& key_;
  bool begun_{}, completing_{}, cleared_up_{};
  std::optional<result<value_type>> failure_{};
  std::optional<result<value_type>> end_{};
};

}  // namespace s3store::inline S3STORE_ABI::detail
