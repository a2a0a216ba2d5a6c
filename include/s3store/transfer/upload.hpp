// How is an object of any size uploaded? With one PutObject if it fits into one part, else in parts, one after the other.
//
//   read ahead ─► CreateMultipartUpload ─► UploadPart … ─► CompleteMultipartUpload ─► done
//        └──────► PutObject ─► done               └─ failed ─► (HeadObject) ─► AbortMultipartUpload ─► the error
//
// The upload is a machine, like a call, so any driver that runs calls can run it. It decides the order of the calls; each call does
// its own retries. A source of known size is sent directly. One of unknown size is first read, part by part, into a buffer of one
// part.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/http/file.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/object/put_object.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/upload.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/progress.hpp>
#include <s3store/transfer/section.hpp>

namespace s3store::inline S3STORE_ABI {

/// What is uploaded, and how. If the caller gives a checksum's value and the object is sent in parts, it must be a CRC of the whole
/// object.
struct upload_request {
  /// Everything that PutObject takes. The conditions (`if_none_match`, `if_match`) are checked when the upload is completed. The
  /// body may be a source of unknown size. If a source of known size can't seek, a part that fails is not sent again.
  put_object_request object{};
  std::uint64_t part_size{default_part_size};  ///< bytes, 5 MiB to 5 GiB; raised if a known size needs more than 10,000 parts
  progress_callback progress{};                ///< called on the thread that runs the upload
};

struct upload_response {
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, in base64; empty if the store has only those of the parts
  std::uint64_t size{};      ///< bytes
  std::int32_t parts{};      ///< 0: sent by a single PutObject
  bool confirmed_by_head{};  ///< the answer was lost, but HeadObject showed that the upload succeeded
};

namespace detail {
/// The visitor that fills a request's header members from header fields.
class field_reader {
 public:
  explicit field_reader(const s3store::headers& from) noexcept : from_(from) {}

  template <class T>
  void header(std::string_view name, T& m, timestamp_format = {}) {
    wire::read_header(from_, name, m, ignored_);
  }
  void headers(std::string_view prefix, metadata& m) const { wire::read_headers(from_, prefix, m); }
  void uri(auto&&...) const noexcept {}
  void query(auto&&...) const noexcept {}
  void payload(auto&&...) const noexcept {}
  void stream(auto&&...) const noexcept {}

 private:
  const s3store::headers& from_;
  wire::reading_failure ignored_{};  // can't happen: this library wrote these headers
};
}  // namespace detail

/// One running upload. The request and the session must outlive it. It cannot be copied or moved. The options hold for
/// each of its calls, but their cancel token does not stop the clean-up after a failure. If it is destroyed before it is done, the
/// parts that were sent stay at the server.
template <class P>
class uploading {
 public:
  using value_type = upload_response;

  uploading(const upload_request& request, sans_io::session<P>& shared, const call_options& options = {})
      : request_(request), shared_(shared), options_(options), clearing_up_(options), tally_(request.progress) {
    clearing_up_.stop = cancel_token{};
  }
  uploading(const upload_request&&, sans_io::session<P>&, const call_options& = {}) = delete;  // a temporary would be gone too early
  uploading(const uploading&) = delete;
  uploading& operator=(const uploading&) = delete;

  sans_io::step next(instants now) {
    if (!std::exchange(begun_, true)) begin();
    while (!end_) {
      if (window_) window_->reports(false);  // the call may read its body to hash it
      auto asked = stage_->next(now);
      if (window_) window_->reports(true);
      if (!std::holds_alternative<sans_io::done>(asked)) return asked;
      const auto ended = std::exchange(stage_, {});  // `finish` below starts the next stage
      ended->finish(*this);
    }
    return sans_io::done{};
  }
  result<value_type> finish() { return std::move(*end_); }
  void sent(http::outcome o) { stage_->sent(std::move(o)); }
  void credentials(result<auth::credentials> c) { stage_->credentials(std::move(c)); }

 private:
  /// One of the upload's calls.
  struct any_stage {
    virtual ~any_stage() = default;
    virtual sans_io::step next(instants now) = 0;
    virtual void finish(uploading& of) = 0;
    virtual void sent(http::outcome o) = 0;
    virtual void credentials(result<auth::credentials> c) = 0;
  };
  template <class R>
  struct stage final : any_stage {
    stage(R r, sans_io::session<P>& shared, const call_options& options)
        : request(std::move(r)), machine(request, shared, options) {}
    sans_io::step next(instants now) override { return machine.next(now); }
    void finish(uploading& of) override { of.took(machine.finish()); }
    void sent(http::outcome o) override { machine.sent(std::move(o)); }
    void credentials(result<auth::credentials> c) override { machine.credentials(std::move(c)); }
    R request;
    sans_io::call<R, P> machine;
  };
  template <class R>
  void start(R request, const call_options& options) {
    stage_ = detail::owned<any_stage>{new stage<R>(std::move(request), shared_, options)};
  }

  // --- before anything is sent ---------------------------------------------------------------------------------------------------

  void begin() {
    const put_object_request& object = request_.object;
    wire::encoded_request encoded;
    wire::door<put_object_request>::encode(&object, encoded);
    if (encoded.refused.kind != error_kind::none) return refuse(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    stream_ = object.body.stream();
    if (!stream_) hold(object.body.bytes());
    total_ = source().size();
    if (auto settled = settle_length(object); !settled) return refuse(std::move(settled.error()));
    auto size = part_size_for(request_.part_size, total_);
    if (!size) return refuse(std::move(size.error()));
    part_size_ = *size;
    auto chosen = choose_checksum();
    window_.emplace(tally_, algorithm_ ? std::optional{new_sum()} : std::nullopt);
    buffered_ = !total_;
    if (buffered_) {
      if (!stream_->seek(0)) return refuse(detail::fail(error_kind::body_source, "the body cannot be read from its start"));
      if (!read_ahead()) return;
      if (ended_) total_ = held_.size();
    }
    tally_.set_total(buffered_ ? 0 : *total_);
    if (total_ && *total_ <= part_size_) return put();
    if (!chosen) return refuse(std::move(chosen.error()));
    create();
  }

  result<void> settle_length(const put_object_request& object) {
    if (!object.content_length) return {};
    const std::int64_t declared = *object.content_length;
    if (declared < 0 || (total_ && *total_ != static_cast<std::uint64_t>(declared)))
      return detail::fail(error_kind::invalid_argument,
                          {"content_length is ", detail::decimal(declared),
                           (total_ ? detail::concat({", but the body has ", detail::decimal(*total_), " bytes"}) : std::string{})});
    if (!total_) stream_ = &sized_.emplace(*stream_, static_cast<std::uint64_t>(declared));
    total_ = static_cast<std::uint64_t>(declared);
    return {};
  }

  /// The caller's checksum algorithm, or else the client's. Fails if it can't be used for an upload in parts; a PutObject ignores
  /// that.
  result<void> choose_checksum() {
    algorithm_ = shared_.checksums().for_upload(upload_part_request::spec, shared_.configuration().profile);
    constexpr std::string_view prefix = crypto::checksum_header_prefix;
    for (const auto [name, value] : fields_) {
      const bool named = detail::equal_ignoring_case(name, "x-amz-sdk-checksum-algorithm");
      const bool own = name.size() > prefix.size() && detail::equal_ignoring_case(name.substr(0, prefix.size()), prefix);
      if (!named && !own && !detail::equal_ignoring_case(name, "Content-MD5")) continue;
      const auto known = named ? crypto::parse_checksum_algorithm(value)
                               : crypto::parse_checksum_algorithm(own ? name.substr(prefix.size()) : std::string_view{});
      if (!known || (own && !crypto::is_crc(*known)))
        return detail::fail(
            error_kind::invalid_argument,
            {"the checksum that \"", name, "\" asks for cannot be computed or checked for an upload in parts; a CRC can"});
      algorithm_ = known;
      if (own) claimed_ = value;
    }
    if (algorithm_ && !new_sum().usable())
      return detail::fail(error_kind::invalid_argument, {"the checksum ", crypto::why_unusable(*algorithm_)});
    return {};
  }
  crypto::checksum new_sum() const { return crypto::checksum{*algorithm_, further_checksums(shared_.checksums())}; }

  /// A request R with the bucket, the key and every header of the object's request that R also has.
  template <class R>
  R carried() const {
    R out{};
    out.bucket = request_.object.bucket;
    out.key = request_.object.key;
    s3store::headers common = fields_;
    for (const auto& known : crypto::checksum_algorithms) common.erase(known.header);  // it is the whole object's, not a part's
    for (const std::string_view name : {"Content-Length", "Content-MD5", "x-amz-sdk-checksum-algorithm"}) common.erase(name);
    detail::field_reader reader{common};
    R::describe(reader, out);
    return out;
  }

  // --- the bytes -----------------------------------------------------------------------------------------------------------------

  bool in_memory() const noexcept { return buffered_ || !stream_; }
  http::source& source() noexcept { return in_memory() ? memory_ : *stream_; }
  void hold(std::span<const std::byte> bytes) noexcept {
    held_ = bytes;
    memory_ = http::memory_source{bytes};
  }
  /// Fills the buffer from a source of unknown size. False after an error.
  bool read_ahead() {
    const auto room = static_cast<std::size_t>(part_size_);
    if (!buffer_) buffer_ = std::unique_ptr<std::byte[]>{new std::byte[room]};
    std::size_t have = 0;
    while (have != room && !ended_) {
      auto got = http::read_some(*stream_, {buffer_.get() + have, room - have});
      if (!got) return give_up(std::move(got.error())), false;
      have += *got;
      ended_ = *got == 0;
    }
    hold({buffer_.get(), have});
    return true;
  }

  // --- in one piece --------------------------------------------------------------------------------------------------------------

  void put() {
    put_object_request whole = request_.object;
    if (in_memory()) {
      whole.body = http::body::borrow(held_);
    } else {
      window_->open(*stream_, 0, *total_, 0);
      whole.body = http::body{*window_};
    }
    whole.content_length.reset();
    start(std::move(whole), options_);
  }
  void took(result<put_object_response> r) {
    offset_ = *total_;
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  void create() {
    auto r = carried<create_multipart_upload_request>();
    if (algorithm_) {
      r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
      if (crypto::is_crc(*algorithm_)) {
        r.checksum_type = types::checksum_type::full_object;
        whole_.emplace(*algorithm_);
      }
    }
    start(std::move(r), options_);
  }
  void took(result<create_multipart_upload_response> r) {
    if (!r) return give_up(std::move(r));
    if (r->upload_id.empty())
      return give_up(detail::fail(error_kind::malformed_response, "the answer to CreateMultipartUpload names no upload"));
    upload_id_ = std::move(r->upload_id);
    next_part();
  }

  void next_part() {
    if (buffered_ && held_.empty() && !ended_ && !read_ahead()) return;
    part_length_ = buffered_ ? held_.size() : (std::min)(part_size_, *total_ - offset_);
    if (part_length_ == 0) return complete();
    if (parts_.parts.size() == max_parts)
      return give_up(
          detail::fail(error_kind::invalid_argument, {"the body goes on behind 10,000 parts of ", detail::decimal(part_size_),
                                                      " bytes; set a larger part_size, or content_length where it is known"}));
    window_->open(source(), buffered_ ? 0 : offset_, part_length_, offset_);
    auto r = carried<upload_part_request>();
    r.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    r.upload_id = upload_id_;
    r.body = http::body{*window_};
    if (algorithm_) r.checksum_algorithm = types::checksum_algorithm{crypto::name(*algorithm_)};
    start(std::move(r), options_);
  }
  void took(result<upload_part_response> r) {
    if (!r) return give_up(std::move(r));
    if (r->etag.empty()) return give_up(detail::fail(error_kind::malformed_response, "the answer to UploadPart has no ETag"));
    types::completed_part part{.etag = std::move(r->etag)};
    part.part_number = static_cast<std::int32_t>(parts_.parts.size() + 1);
    etag_.append(part.etag);
    if (algorithm_) {
      std::string sum = window_->checksum();
      if (whole_ && !whole_->append(sum, part_length_))
        return give_up(detail::fail(error_kind::integrity, "the checksum of a part is missing"));
      checksum_member(part, *algorithm_) = std::move(sum);
    }
    parts_.parts.push_back(std::move(part));
    offset_ += part_length_;
    if (buffered_) hold({});
    if (auto told = tally_.reached(offset_); !told) return give_up(std::move(told.error()));
    next_part();
  }

  void complete() {
    auto r = carried<complete_multipart_upload_request>();
    count_ = static_cast<std::int32_t>(parts_.parts.size());
    r.upload_id = upload_id_;
    r.multipart_upload = std::move(parts_);
    r.mpu_object_size = static_cast<std::int64_t>(offset_);
    if (whole_) {
      checksum_member(r, *algorithm_) = checksum();
      r.checksum_type = types::checksum_type::full_object;
    }
    start(std::move(r), options_);
  }
  void took(result<complete_multipart_upload_response> r) {
    if (!r) return may_be_done(r.error()) ? look(std::move(r)) : give_up(std::move(r));
    upload_response out{.etag = std::move(r->etag), .version_id = std::move(r->version_id), .size = offset_, .parts = count_};
    note_checksum(*r, out);
    finish(std::move(out), r.release_meta());
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
    start(std::move(r), clearing_up_);
  }
  void took(result<head_object_response> r) {
    const auto same = r ? is_ours(*r) : r.error().kind == error_kind::not_found ? std::optional{false} : std::nullopt;
    if (same == true) {
      upload_response out{.etag = std::move(r->etag),
                          .version_id = std::move(r->version_id),
                          .size = offset_,
                          .parts = count_,
                          .confirmed_by_head = true};
      note_checksum(*r, out);
      return finish(std::move(out), r.release_meta());
    }
    note(!same ? "an answer was lost, and whether the upload took effect could not be found out"
         : r   ? "an answer was lost, but the object that is there is another one"
               : "an answer was lost, but no object is there");
    clear_up();
  }
  /// Is it our object? Compares the size, then the checksum or the ETag computed from the parts; nullopt if the store gives
  /// neither.
  std::optional<bool> is_ours(head_object_response& there) {
    if (there.content_length && *there.content_length != static_cast<std::int64_t>(offset_)) return false;
    if (algorithm_ && (upload_id_.empty() || whole_))
      if (const auto& sum = checksum_member(there, *algorithm_); !sum.empty()) return sum == checksum();
    const auto expected = upload_id_.empty() ? std::nullopt : etag_.value();
    if (expected && !there.etag.empty()) return there.etag == *expected;
    return std::nullopt;
  }
  /// The whole object's.
  std::string checksum() {
    if (!claimed_.empty()) return claimed_;
    if (whole_) return whole_->base64();
    if (!in_memory()) return window_->checksum();
    auto sum = new_sum();
    sum.update(held_);
    return sum.base64();
  }
  template <class R>
  void note_checksum(R& from, upload_response& out) const {
    if (!algorithm_) return;
    const auto& sum = checksum_member(from, *algorithm_);
    if (sum.empty() || (!upload_id_.empty() && !whole_)) return;
    out.checksum_algorithm = algorithm_;
    out.checksum = sum;
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  void finish(upload_response out, detail::owned<response_meta> meta) {
    end_.emplace(std::move(out));
    end_->attach(std::move(meta));
  }
  void refuse(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    end_.emplace(std::move(e));
  }
  template <class T>
  void keep(result<T> failed) {
    failure_.emplace(result<value_type>::failed_as(std::move(failed)));
  }
  void note(std::string_view what) { failure_->error().message.append("; ").append(what); }
  template <class T>
  void give_up(result<T> failed) {
    keep(std::move(failed));
    clear_up();
  }
  void give_up(error e) {
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    give_up(result<void>{std::move(e)});
  }
  void clear_up() {
    if (upload_id_.empty() || failure_->error().code == "NoSuchUpload") {
      end_ = std::move(failure_);
    } else {
      auto r = carried<abort_multipart_upload_request>();
      r.upload_id = upload_id_;
      start(std::move(r), clearing_up_);
    }
  }
  void took(result<abort_multipart_upload_response> r) {
    if (!r && r.error().code == "NoSuchUpload") {
      if (count_ != 0) note("the upload was gone already, so it may have been completed");
    } else if (!r) {
      note(detail::concat(
          {"the upload ", upload_id_, " could not be aborted, so its parts stay at the server: ", r.error().describe()}));
    }
    end_ = std::move(failure_);
  }

  const upload_request& request_;
  sans_io::session<P>& shared_;
  call_options options_;
  call_options clearing_up_;
  progress_tally tally_;
  headers fields_{};  ///< the headers of the object's request

  http::source* stream_{};  ///< the caller's source; null: the body is in memory
  std::optional<wire::sized_source> sized_{};  ///< the caller's source, if it does not know its length and content_length says it
  http::memory_source memory_{};
  std::span<const std::byte> held_{};  ///< bytes in memory: the body, or the part that was read ahead
  std::unique_ptr<std::byte[]> buffer_{};
  std::optional<std::uint64_t> total_{};
  std::uint64_t part_size_{}, offset_{}, part_length_{};
  bool begun_{}, buffered_{}, ended_{};

  std::optional<detail::section> window_{};
  std::optional<crypto::checksum_algorithm> algorithm_{};
  std::string claimed_{};  ///< the whole object's checksum, if the caller gave it
  std::optional<combined_crc> whole_{};
  combined_etag etag_{};
  std::string upload_id_{};
  types::completed_multipart_upload parts_{};
  std::int32_t count_{};  ///< number of parts; 0 until CompleteMultipartUpload

  detail::owned<any_stage> stage_{};
  std::optional<result<value_type>> failure_{};
  std::optional<result<value_type>> end_{};
};

/// Uploads an object of up to 10,000 parts, and blocks until it is done. On failure the parts are deleted from the server; if that
/// fails too, the error's message says so. Throws what a function of the caller's threw, like the client's calls.
template <class P>
result<upload_response> upload(const basic_client<P>& to, const upload_request& request, const call_options& options = {}) {
  uploading<P> machine{request, to.shared(), options};
  return to.run(machine);
}

/// The same for a file, which becomes the body. Fails with io if the file can't be read.
template <class P>
result<upload_response> upload_file(const basic_client<P>& to, const std::string& path, upload_request request,
                                    const call_options& options = {}) {
  auto file = http::file_source::open(path);
  if (!file) return result<upload_response>::failed_as(std::move(file));
  request.object.body = http::body{*file};
  return upload(to, request, options);
}

}  // namespace s3store::inline S3STORE_ABI
