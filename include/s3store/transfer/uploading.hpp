// In which order does an upload make its calls?
//
//   read ahead ─► CreateMultipartUpload ─► UploadPart, several at a time ─► CompleteMultipartUpload ─► done
//        │    or  ListParts … ────────────────┘      └─ failed: the others are stopped ─► (HeadObject) ─► AbortMultipartUpload ─► the error
//        └──────► PutObject ─► done
//
// It is a machine that starts its calls as machines of their own (transfer/calls.hpp). Each call does its own retries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/owned.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/transfer/calls.hpp>
#include <s3store/transfer/carried_fields.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/section.hpp>
#include <s3store/transfer/upload_body_reader.hpp>
#include <s3store/transfer/upload_request.hpp>
#include <s3store/transfer/upload_token.hpp>

namespace s3store::inline S3STORE_ABI {

/// One running upload. The request and the session must outlive it. It cannot be copied or moved. The options hold for
/// each of its calls, but their cancel token does not stop the clean-up after a failure. If it is destroyed before it is done, the
/// parts that were sent stay at the server.
template <class P>
class uploading {
 public:
  using value_type = upload_response;

  uploading(const upload_request& request, sans_io::session<P>& shared, const call_options& options = {})
      : request_(request), calls_(shared, options), tally_(request.progress) {}
  uploading(const upload_request&&, sans_io::session<P>&, const call_options& = {}) = delete;  // a temporary would be gone too early
  uploading(const uploading&) = delete;
  uploading& operator=(const uploading&) = delete;

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

 private:
  struct part {
    std::int32_t number{};
    std::uint64_t length{};
    http::body body{};
    detail::upload_body_reader::buffer held{};  // bytes that were read ahead
    std::optional<http::memory_source> memory{};
    std::optional<detail::section> window{};
    std::optional<detail::next_section> next{};
  };
  struct sent_part {
    std::string etag{};
    std::string checksum{};  // in base64; empty if it has none
    std::uint64_t length{};
  };

  template <class F>
  void guarded(F&& f) {
    try {
      f();
    } catch (const std::bad_alloc&) {
      give_up(detail::out_of_memory());
    }
  }

  // --- before anything is sent ---------------------------------------------------------------------------------------------------

  void begin() {
    const put_object_request& object = request_.object;
    wire::encoded_request encoded;
    wire::door<put_object_request>::encode(&object, encoded);
    if (encoded.refused.kind != error_kind::none) return give_up(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    const auto chosen = detail::part_checksum(fields_, calls_.shared().checksums(), calls_.shared().configuration().profile);
    if (auto opened = body_.open(object, request_.part_size, request_.memory); !opened) return give_up(std::move(opened.error()));
    tally_.set_total(body_.total().value_or(0));
    if (!request_.resume_token.empty()) return chosen ? resume() : give_up(chosen.error());
    algorithm_ = chosen ? chosen->algorithm : std::nullopt;
    claimed_ = chosen ? chosen->claimed : std::string{};
    if (body_.fits_into_one_part()) return put();
    if (!chosen) return give_up(chosen.error());
    create();
  }

  /// A request R with the bucket, the key and every header of the object's request that R also has.
  template <class R>
  R carried() const {
    return detail::carried<R>(request_.object.bucket, request_.object.key, fields_);
  }

  // --- in one piece --------------------------------------------------------------------------------------------------------------

  void put() {
    put_object_request whole = request_.object;
    size_ = *body_.total();
    if (!request_.object.body.stream()) {
      whole.body = http::body::borrow(request_.object.body.bytes());
    } else if (const auto* const anywhere = body_.anywhere()) {
      whole.body = http::body{whole_.emplace(*anywhere, 0, size_, tally_)};
    } else if (auto* const straight = body_.straight()) {
      whole.body = http::body{*straight};
    } else {
      whole.body = http::body::borrow(body_.held());
    }
    whole.content_length.reset();
    calls_.add(std::move(whole), [this](auto& call, result<put_object_response> r) {
      put_checksum_ = call.engine().sent_checksum();
      this->took(std::move(r));
    });
  }
  void took(result<put_object_response> r) {
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    if (auto told = tally_.reached(size_); !told) return give_up(std::move(told.error()));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = size_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  void create() {
    auto r = carried<create_multipart_upload_request>();
    if (algorithm_) {
      r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
      if (has_whole_checksum()) r.checksum_type = types::checksum_type::full_object;
    }
    calls_.add(std::move(r), [this](auto&, result<create_multipart_upload_response> created) { this->took(std::move(created)); });
  }
  void took(result<create_multipart_upload_response> r) {
    if (!r) {
      const bool ended_early = r.error().kind == error_kind::cancelled || r.error().kind == error_kind::deadline_exceeded;
      const bool may_be_there = detail::may_have_taken_effect(r.error()) || (ended_early && r.error().attempts != 0);
      give_up(std::move(r));
      if (may_be_there) note("an upload may have begun whose id is not known; ListMultipartUploads shows it");
      return;
    }
    if (r->upload_id.empty())
      return give_up(detail::fail(error_kind::malformed_response, "the answer to CreateMultipartUpload names no upload"));
    upload_id_ = std::move(r->upload_id);
    in_parts_ = true;
    if (request_.on_resume_token && body_.anywhere()) give_token();
  }
  void give_token() {
    const upload_token token{.bucket = request_.object.bucket,
                             .key = request_.object.key,
                             .upload_id = upload_id_,
                             .size = *body_.total(),
                             .part_size = body_.part_size(),
                             .checksum_algorithm = algorithm_};
    auto told = http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return request_.on_resume_token(token.to_json()), result<void>{}; });
    if (!told) give_up(std::move(told.error()));
  }

  /// Starts as many as may be under way.
  void send_parts() {
    const std::size_t most = (std::min)((std::max)(request_.in_flight, std::size_t{1}), body_.most_at_once());
    while (!failure_ && under_way_.size() < most) {
      auto more = body_.more();
      if (!more) return give_up(std::move(more.error()));
      if (!*more) break;
      if (parts_.size() == max_parts) return give_up(body_.too_many_parts());
      if (auto begun = send_part(); !begun) return give_up(std::move(begun.error()));
    }
    if (!failure_ && under_way_.empty()) complete();
  }
  result<void> send_part() {
    const std::size_t at = parts_.size();
    auto p = std::make_unique<part>();
    p->number = static_cast<std::int32_t>(at + 1);
    auto piece = body_.take();
    p->length = piece.length;
    parts_.push_back({.length = piece.length});
    if (at < there_.size() && there_[at].length == piece.length) {
      auto kept = keep_part(at, piece.start);
      if (!kept || *kept) return kept ? result<void>{} : result<void>::failed_as(std::move(kept));
    }
    if (body_.straight()) {
      p->body = http::body{p->next.emplace(*body_.straight(), piece.start, piece.length)};
    } else {
      const http::random_access* from = body_.anywhere();
      if (!from) {
        p->held = std::move(piece.held);
        from = &p->memory.emplace(std::span<const std::byte>{p->held.bytes.get(), static_cast<std::size_t>(piece.length)});
        piece.start = 0;
      }
      p->body = http::body{p->window.emplace(*from, piece.start, piece.length, tally_)};
    }
    auto r = carried<upload_part_request>();
    r.part_number = p->number;
    r.upload_id = upload_id_;
    r.body = p->body;
    if (algorithm_) r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
    part* const one = p.get();
    under_way_.push_back(std::move(p));
    calls_.add(std::move(r), [this, one](auto& call, result<upload_part_response> sent) { this->took(*one, call.engine().sent_checksum(), std::move(sent)); });
    return {};
  }
  void took(part& p, const std::string& checksum, result<upload_part_response> r) {
    sent_part& sent = parts_[static_cast<std::size_t>(p.number - 1)];
    const bool straight = p.next.has_value();
    body_.give_back(std::move(p.held));
    std::erase_if(under_way_, [&p](const auto& one) { return one.get() == &p; });
    if (!r) return give_up(std::move(r));
    if (r->etag.empty()) return give_up(detail::fail(error_kind::malformed_response, "the answer to UploadPart has no ETag"));
    sent.etag = std::move(r->etag);
    sent.checksum = checksum;
    if (algorithm_ && checksum.empty()) return give_up(detail::fail(error_kind::integrity, "the checksum of a part is missing"));
    if (straight)
      if (auto told = tally_.add(sent.length); !told) return give_up(std::move(told.error()));
  }

  void complete() {
    in_parts_ = false;
    if (const auto* const anywhere = body_.anywhere())
      if (auto same = anywhere->check_unchanged(); !same) return give_up(std::move(same.error()));
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
    if (has_whole_checksum()) {
      checksum_member(r, *algorithm_) = checksum();
      r.checksum_type = types::checksum_type::full_object;
    }
    calls_.add(std::move(r), [this](auto&, result<complete_multipart_upload_response> completed) { this->took(std::move(completed)); });
  }
  void took(result<complete_multipart_upload_response> r) {
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = size_, .parts = count(), .resumed = resumed_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }
  std::int32_t count() const noexcept { return static_cast<std::int32_t>(parts_.size()); }

  // --- an upload that goes on ----------------------------------------------------------------------------------------------------

  void resume() {
    auto token = upload_token::parse(request_.resume_token);
    if (!token) return give_up(std::move(token.error()));
    keeps_ = true;  // whatever is wrong below, the upload of the token is not ours to abort
    const auto refuse = [this](std::string_view why) { give_up(detail::fail(error_kind::invalid_argument, {"the upload cannot go on: ", why})); };
    if (token->bucket != request_.object.bucket || token->key != request_.object.key) return refuse("its token is of another object");
    if (!body_.anywhere()) return refuse("the body is neither a file nor in memory");
    if (*body_.total() != token->size)
      return refuse(detail::concat({"it is of ", detail::decimal(token->size), " bytes, and the body has ", detail::decimal(*body_.total())}));
    body_.set_part_size(token->part_size);
    algorithm_ = token->checksum_algorithm;
    upload_id_ = std::move(token->upload_id);
    list_parts({});
  }
  void list_parts(std::optional<std::int32_t> after) {
    auto r = carried<list_parts_request>();
    r.upload_id = upload_id_;
    r.part_number_marker = after;
    calls_.add(std::move(r), [this](auto&, result<list_parts_response> listed) { this->took(std::move(listed)); });
  }
  void took(result<list_parts_response> r) {
    if (!r) return give_up(std::move(r));
    for (auto& p : r->parts) {
      if (!p.part_number || *p.part_number < 1 || *p.part_number > static_cast<std::int32_t>(max_parts) || !p.size || *p.size < 0) continue;
      const auto at = static_cast<std::size_t>(*p.part_number - 1);
      if (there_.size() <= at) there_.resize(at + 1);
      there_[at] = {.etag = std::move(p.etag),
                    .checksum = algorithm_ ? std::move(checksum_member(p, *algorithm_)) : std::string{},
                    .length = static_cast<std::uint64_t>(*p.size)};
    }
    if (r->is_truncated.value_or(false) && r->next_part_number_marker) return list_parts(r->next_part_number_marker);
    keeps_ = static_cast<bool>(request_.on_resume_token);
    in_parts_ = true;
    if (keeps_) give_token();
  }
  /// Is the part that is there what the body has? False if that cannot be told, so that it is sent again.
  result<bool> keep_part(std::size_t at, std::uint64_t start) {
    auto same = detail::has_checksum(*body_.anywhere(), start, parts_[at].length, algorithm_ ? std::optional{new_sum()} : std::nullopt,
                                     there_[at].checksum);
    if (!same) return result<bool>::failed_as(std::move(same));
    if (!*same) return false;
    if (!**same) {
      keeps_ = true;
      return detail::fail(error_kind::invalid_argument,
                          {"the upload cannot go on: part ", detail::decimal(at + 1), " at the server is not what the body has there"});
    }
    parts_[at] = std::move(there_[at]);
    ++resumed_;
    if (auto told = tally_.add(parts_[at].length); !told) return result<bool>::failed_as(std::move(told));
    return true;
  }

  // --- an answer was lost: did the upload succeed anyway? ------------------------------------------------------------------------

  /// The object may be there although its call failed.
  static bool may_be_done(const error& e) noexcept { return e.maybe_own_success || detail::may_have_taken_effect(e); }
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
      upload_response out{.etag = std::move(r->etag),
                          .version_id = std::move(r->version_id),
                          .size = size_,
                          .parts = count(),
                          .resumed = resumed_,
                          .confirmed_by_head = true};
      note_checksum(*r, out);
      return finish(std::move(out), r.release_meta());
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
    if (upload_id_.empty()) return std::nullopt;
    combined_etag etag;
    for (const sent_part& p : parts_) etag.append(p.etag);
    const auto expected = etag.value();
    if (expected && !there.etag.empty()) return there.etag == *expected;
    return std::nullopt;
  }

  // --- checksums -----------------------------------------------------------------------------------------------------------------

  crypto::checksum new_sum() const { return crypto::checksum{*algorithm_, further_checksums(calls_.shared().checksums())}; }
  /// Is the checksum of an upload in parts one over the whole object?
  bool has_whole_checksum() const noexcept { return algorithm_ && crypto::is_crc(*algorithm_); }
  /// The whole object's.
  std::string checksum() const {
    if (!claimed_.empty()) return claimed_;
    if (upload_id_.empty()) return put_checksum_;
    combined_crc whole{*algorithm_};
    for (const sent_part& p : parts_) whole.append(p.checksum, p.length);
    return whole.base64();
  }
  template <class R>
  void note_checksum(R& from, upload_response& out) const {
    if (!algorithm_) return;
    const auto& sum = checksum_member(from, *algorithm_);
    if (sum.empty() || (!upload_id_.empty() && !has_whole_checksum())) return;
    out.checksum_algorithm = algorithm_;
    out.checksum = sum;
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  void finish(upload_response out, detail::owned<response_meta> meta) {
    failure_.reset();
    end_.emplace(std::move(out));
    end_->attach(std::move(meta));
  }
  /// The first failure is the upload's; the calls that are under way end.
  template <class T>
  void keep(result<T> failed) {
    if (!failure_) failure_.emplace(result<value_type>::failed_as(std::move(failed)));
    calls_.stop();
  }
  void note(std::string_view what) { failure_->error().message.append("; ").append(what); }
  template <class T>
  void give_up(result<T> failed) {
    keep(std::move(failed));
  }
  void give_up(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    keep(result<void>{std::move(e)});
  }
  void clear_up() {
    if (end_) return;
    if (upload_id_.empty() || failure_->error().code == "NoSuchUpload" || std::exchange(cleared_up_, true)) return end(std::move(*failure_));
    if (keeps_ || request_.on_resume_token) {
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
      note(detail::concat(
          {"the upload ", upload_id_, " could not be aborted, so its parts stay at the server: ", r.error().describe()}));
    }
  }
  void end(result<value_type> with) {
    failure_.reset();
    in_parts_ = false;
    end_.emplace(std::move(with));
  }

  const upload_request& request_;
  detail::transfer_calls<P> calls_;
  progress_tally tally_;
  detail::upload_body_reader body_{};
  headers fields_{};  // the headers of the object's request
  bool begun_{}, in_parts_{}, completing_{}, cleared_up_{};
  bool keeps_{};  // the upload is not aborted after a failure

  std::optional<detail::section> whole_{};  // the body of a PutObject
  std::string put_checksum_{};
  std::optional<crypto::checksum_algorithm> algorithm_{};
  std::string claimed_{};  // the whole object's checksum, if the caller gave it
  std::string upload_id_{};
  std::uint64_t size_{};  // of the object, once all parts are sent
  std::vector<std::unique_ptr<part>> under_way_{};
  std::vector<sent_part> parts_{};
  std::vector<sent_part> there_{};  // of an upload that goes on: what the server has
  std::int32_t resumed_{};

  std::optional<result<value_type>> failure_{};
  std::optional<result<value_type>> end_{};
};

}  // namespace s3store::inline S3STORE_ABI
