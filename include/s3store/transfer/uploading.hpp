// In which order does an upload make its calls?
//
//   read ahead ─► CreateMultipartUpload, or ListParts … if it goes on ─► UploadPart, several at a time ─► CompleteMultipartUpload ─► done
//        └──────► PutObject ─► done
//
// What follows a failure or a lost answer is in transfer/multipart.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/transfer/multipart.hpp>
#include <s3store/transfer/section.hpp>
#include <s3store/transfer/upload_body_reader.hpp>
#include <s3store/transfer/upload_request.hpp>
#include <s3store/transfer/upload_token.hpp>

namespace s3store::inline S3STORE_ABI {

/// One running upload. The request and the session must outlive it. It cannot be copied or moved. The options hold for
/// each of its calls, but their cancel token does not stop the clean-up after a failure. If it is destroyed before it is done, the
/// parts that were sent stay at the server.
template <class P>
class uploading final : public detail::multipart_transfer<P, upload_response> {
  using base = detail::multipart_transfer<P, upload_response>;
  using typename base::sent_part;
  using base::algorithm_, base::calls_, base::failed, base::fields_, base::give_up, base::in_parts_, base::known_checksum_, base::parts_,
      base::size_, base::tally_, base::upload_id_;

 public:
  uploading(const upload_request& request, sans_io::session<P>& shared, const call_options& options = {})
      : base(request.object.bucket, request.object.key, request.progress, shared, options), request_(request) {}
  uploading(const upload_request&&, sans_io::session<P>&, const call_options& = {}) = delete;  // a temporary would be gone too early

 private:
  struct part {
    std::size_t index{};
    http::body body{};
    detail::upload_body_reader::buffer held{};  // bytes that were read ahead
    std::optional<http::memory_source> memory{};
    std::optional<detail::section> window{};
    std::optional<detail::next_section> next{};
  };

  void begin() override {
    const put_object_request& object = request_.object;
    wire::encoded_request encoded;
    wire::door<put_object_request>::encode(&object, encoded);
    if (encoded.refused.kind != error_kind::none) return give_up(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    const auto chosen = detail::part_checksum(fields_, calls_.shared().checksums(), calls_.shared().configuration().profile);
    if (auto opened = body_.open(object, request_.part_size, request_.memory); !opened) return give_up(std::move(opened.error()));
    tally_.set_total(body_.total().value_or(0));
    if (!request_.resume_token.empty()) return resume();
    if (chosen) {
      algorithm_ = chosen->algorithm;
      known_checksum_ = chosen->claimed;
    }
    if (body_.fits_into_one_part()) return put();
    if (!chosen) return give_up(chosen.error());
    this->create(this->template carried<create_multipart_upload_request>());
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
      if (known_checksum_.empty()) known_checksum_ = call.engine().sent_checksum();
      this->put_ended(std::move(r));
    });
  }
  void put_ended(result<put_object_response> r) {
    if (!r) return base::may_be_done(r.error()) ? this->look(std::move(r)) : give_up(std::move(r));
    if (auto told = tally_.reached(size_); !told) return give_up(std::move(told.error()));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = size_};
    this->note_checksum(*r, out);
    this->finish(std::move(out), r.release_meta());
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  void created() override {
    if (!request_.on_resume_token || !body_.anywhere()) return;
    const upload_token token{.bucket = request_.object.bucket,
                             .key = request_.object.key,
                             .upload_id = upload_id_,
                             .size = *body_.total(),
                             .part_size = body_.part_size(),
                             .checksum_algorithm = algorithm_};
    auto told = http::detail::guarded(error_kind::body_source, [&]() -> result<void> { return request_.on_resume_token(token.to_json()), result<void>{}; });
    if (!told) give_up(std::move(told.error()));
  }
  bool keeps_upload() const noexcept override { return keeps_ || (request_.on_resume_token && body_.anywhere()); }
  void completed(upload_response out, detail::owned<response_meta> meta) override {
    out.resumed = resumed_;
    this->finish(std::move(out), std::move(meta));
  }

  void send_parts() override {
    const std::size_t most = (std::min)((std::max)(request_.in_flight, std::size_t{1}), body_.most_at_once());
    while (!failed() && under_way_.size() < most) {
      auto more = body_.more();
      if (!more) return give_up(std::move(more.error()));
      if (!*more) break;
      if (parts_.size() == max_parts) return give_up(body_.too_many_parts());
      if (auto begun = send_part(); !begun) return give_up(std::move(begun.error()));
    }
    if (failed() || !under_way_.empty()) return;
    if (const auto* const anywhere = body_.anywhere())
      if (auto same = anywhere->check_unchanged(); !same) return give_up(std::move(same.error()));
    this->complete();
  }
  result<void> send_part() {
    const std::size_t at = parts_.size();
    auto piece = body_.take();
    parts_.push_back({.length = piece.length});
    if (at < there_.size() && there_[at].length == piece.length) {
      auto kept = keep_part(at, piece.start);
      if (!kept || *kept) return kept ? result<void>{} : result<void>::failed_as(std::move(kept));
    }
    auto p = std::make_unique<part>();
    p->index = at;
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
    auto r = this->template carried<upload_part_request>();
    r.part_number = static_cast<std::int32_t>(at + 1);
    r.upload_id = upload_id_;
    r.body = p->body;
    if (algorithm_) r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
    part* const one = p.get();
    under_way_.push_back(std::move(p));
    calls_.add(std::move(r),
               [this, one](auto& call, result<upload_part_response> sent) { this->part_ended(*one, call.engine().sent_checksum(), std::move(sent)); });
    return {};
  }
  void part_ended(part& p, std::string_view checksum, result<upload_part_response> r) {
    sent_part& sent = parts_[p.index];
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

  // --- an upload that goes on ----------------------------------------------------------------------------------------------------

  void resume() {
    keeps_ = true;  // until it is known that the token is of this object, its upload is not ours to abort
    auto token = upload_token::parse(request_.resume_token);
    if (!token) return give_up(std::move(token.error()));
    if (token->bucket != request_.object.bucket || token->key != request_.object.key) return cannot_go_on("its token is of another object");
    if (!body_.anywhere()) return cannot_go_on("the body is neither a file nor in memory");
    if (*body_.total() != token->size)
      return cannot_go_on(detail::concat({"it is of ", detail::decimal(token->size), " bytes, and the body has ", detail::decimal(*body_.total())}));
    body_.set_part_size(token->part_size);
    algorithm_ = token->checksum_algorithm;
    upload_id_ = std::move(token->upload_id);
    list_parts({});
  }
  void cannot_go_on(std::string_view why) { give_up(detail::fail(error_kind::invalid_argument, {"the upload cannot go on: ", why})); }
  void list_parts(std::optional<std::int32_t> after) {
    auto r = this->template carried<list_parts_request>();
    r.upload_id = upload_id_;
    r.part_number_marker = after;
    calls_.add(std::move(r), [this](auto&, result<list_parts_response> listed) { this->parts_listed(std::move(listed)); });
  }
  void parts_listed(result<list_parts_response> r) {
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
    keeps_ = false;
    in_parts_ = true;
    created();
  }
  /// Is the part that is there what the body has? False if that cannot be told, so that it is sent again.
  result<bool> keep_part(std::size_t at, std::uint64_t start) {
    std::optional<crypto::checksum> sum;
    if (algorithm_) sum.emplace(*algorithm_, further_checksums(calls_.shared().checksums()));
    auto same = detail::has_checksum(*body_.anywhere(), start, parts_[at].length, std::move(sum), there_[at].checksum);
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

  const upload_request& request_;
  detail::upload_body_reader body_{};
  std::optional<detail::section> whole_{};  // the body of a PutObject
  std::vector<std::unique_ptr<part>> under_way_{};
  std::vector<sent_part> there_{};  // of an upload that goes on: what the server has
  std::int32_t resumed_{};
  bool keeps_{};  // the upload is not aborted after a failure
};

}  // namespace s3store::inline S3STORE_ABI
