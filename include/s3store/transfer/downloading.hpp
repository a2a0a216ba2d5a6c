// How is an object of any size downloaded? A HeadObject tells what it is, then its parts come at the same time.
//
//   HeadObject ─► (GetObjectAttributes) ─► GetObject of each part, several at once ─► compare the checksum ─► done
//        ▲                                     └─ the object is another one now
//        └── start over, once
//
// The first answer tells the object's size, ETag and version, by which all parts are pinned, so that they are of one object; and its
// checksum, so that each part is hashed once and with the right algorithm. It costs one round trip, and no part waits for another. What
// fits into one part comes with one plain GetObject, which is verified like every other. Only if the object's checksum is made of those
// of the parts in which it was uploaded, GetObjectAttributes is asked for these, and the bytes are compared with them. See
// docs/decisions/0014.
//
// Each call does its own retries, and goes on after the last byte that it has got (protocol/download.hpp). It is the download that decides
// what is asked for, and the target (download_target.hpp) where the bytes go.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/get_object_attributes.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/transfer/calls.hpp>
#include <s3store/transfer/download_target.hpp>
#include <s3store/transfer/object_sum.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/pinned_object.hpp>
#include <s3store/transfer/progress.hpp>

namespace s3store::inline S3STORE_ABI {

/// What is downloaded, and how.
struct download_request {
  /// Everything that GetObject takes. With a `range` or a `part_number`, only those bytes come, and they are not verified. A Range with
  /// several ranges is refused.
  get_object_request object{};
  std::uint64_t part_size{default_part_size};      ///< bytes, at least 1: what one call asks for
  std::size_t in_flight{8};                        ///< calls at the same time, at least 1
  std::uint64_t memory{std::uint64_t{64} << 20};   ///< bytes, at most, for parts that come before their turn; only if they go to a sink
  /// For the whole download, else an error of kind deadline_exceeded; zero: no limit. `call_limits::total` is for each of its calls.
  duration time_limit{};
  /// If the object's checksum is composite: ask GetObjectAttributes for those of its parts, which takes the permission of that name. If it
  /// tells none, or this is false, the object is not verified, and `integrity` says composite.
  bool check_uploaded_parts{true};
  progress_callback progress{};                    ///< called on the thread that runs the download
};

struct download_response {
  std::string body{};        ///< only of `download_to_memory`
  std::string etag{};
  std::string version_id{};  ///< empty if the bucket keeps no versions
  std::uint64_t size{};      ///< bytes that came, or were there from an earlier download
  std::uint64_t object_size{};  ///< bytes of the whole object; more if a range was asked for
  std::optional<timestamp> last_modified{};
  std::string content_type{};
  std::string content_encoding{};
  s3store::metadata metadata{};
  s3store::integrity integrity{};
  std::optional<crypto::checksum_algorithm> checksum_algorithm{};
  std::string checksum{};    ///< of the whole object, as the server tells it, in base64; of a composite one with its number of parts
  std::uint64_t parts{};     ///< how many parts it had
  std::uint64_t kept_parts{};  ///< those of them that were there from an earlier download
  bool started_over{};       ///< the object was replaced meanwhile, and this is the new one
};

/// One running download. The request, the session and the target must outlive it. It cannot be copied or moved. The options hold for each
/// of its calls. If it is destroyed before it is done, its target is told nothing.
template <class P>
class downloading {
 public:
  using value_type = download_response;

  downloading(const download_request& request, sans_io::session<P>& shared, download_target& to, const call_options& options = {})
      : request_(request), shared_(shared), options_(options), to_(to), tally_(request.progress) {
    calls_.emplace(shared_, options_);
  }
  /// Refused: a temporary would be gone too early.
  downloading(const download_request&&, sans_io::session<P>&, download_target&, const call_options& = {}) = delete;
  downloading(const downloading&) = delete;
  downloading& operator=(const downloading&) = delete;

  sans_io::step next(instants now) {
    now_ = now.steady;
    if (!std::exchange(begun_, true)) begin();
    while (!end_) {
      if (running() && calls_->stopped()) fail(detail::fail(error_kind::cancelled, "the download was cancelled"));
      if (running() && now_ >= deadline_) fail(detail::fail(error_kind::deadline_exceeded, "the download's time limit has passed"));
      if (running() && refused_) look_again();
      if (running() && plan_ && !start_part()) return sans_io::wait{now_};
      if (auto asked = calls_->next()) {
        if (auto* const w = std::get_if<sans_io::wait>(&*asked); w && running()) w->until = deadline_;
        return std::move(*asked);
      }
      conclude();
    }
    return sans_io::done{};
  }
  /// Never called: it sends nothing itself.
  void sent(http::outcome) noexcept {}
  void ended(sans_io::any_machine& child) { calls_->ended(child); }
  void fail(error why) {
    if (failure_) return;
    if (why.bucket.empty()) why.bucket = request_.object.bucket;
    if (why.key.empty()) why.key = request_.object.key;
    failure_.emplace(std::move(why));
    calls_->stop();
  }
  result<value_type> finish() { return std::move(*end_); }

 private:
  using get_call = sans_io::call<get_object_request, P>;

  /// A part that is under way, as the sink of its call.
  struct flight final : http::sink {
    flight(downloading& d, const download_part& p) : of(d), part(p) {}
    result<void> write(std::span<const std::byte> bytes) noexcept override { return of.write(*this, bytes); }
    bool seek(std::uint64_t from) noexcept override {
      if (from == received) return true;
      if (from != 0 || !of.to_.rewind(part)) return false;
      of.received_ -= std::exchange(received, 0);
      if (sum) sum->reset();
      return true;
    }
    downloading& of;
    download_part part;
    std::uint64_t received{};
    std::optional<crypto::checksum> sum{};
  };

  bool running() const noexcept { return !failure_ && !changed_; }

  // --- what object is it? --------------------------------------------------------------------------------------------------------

  void begin() {
    if (request_.time_limit > duration::zero()) deadline_ = detail::saturating_add(now_, request_.time_limit);
    if (request_.part_size == 0) return fail(detail::fail(error_kind::invalid_argument, "part_size is 0"));
    if (request_.in_flight == 0) return fail(detail::fail(error_kind::invalid_argument, "in_flight is 0"));
    auto range = detail::wanted_bytes::of(request_.object);
    if (!range) return fail(std::move(range.error()));
    wanted_ = std::move(*range);
    look();
  }
  void look() {
    limit_calls();
    auto head = detail::head_of(request_.object, verifies());
    head.part_number = request_.object.part_number;
    calls_->add(std::move(head), [this](auto&, result<head_object_response> r) {
      if (!r) return refused(std::move(r.error()));
      if (!r->content_length) {
        refused_ = detail::fail(error_kind::malformed_response, "the answer to HeadObject does not say how long the object is");
        return;
      }
      detail::pinned_object known{*r, r.meta()};
      about_ = r.release_meta();
      const bool ask = known.composite && known.size != 0 && wanted_.whole() && request_.check_uploaded_parts && verifies();
      if (!ask) return found(std::move(known));
      object_ = std::move(known);
      uploaded_.emplace(*object_.checksum, object_.checksum_text);
      ask_for_parts({});
    });
  }
  void ask_for_parts(std::optional<std::int32_t> after) {
    get_object_attributes_request r{.bucket = request_.object.bucket, .key = request_.object.key};
    r.object_attributes = {types::object_attributes::object_parts};
    r.version_id = object_.version_id.empty() ? request_.object.version_id : object_.version_id;
    r.part_number_marker = after;
    r.sse_customer_algorithm = request_.object.sse_customer_algorithm;
    r.sse_customer_key = request_.object.sse_customer_key;
    r.sse_customer_key_md5 = request_.object.sse_customer_key_md5;
    r.request_payer = request_.object.request_payer;
    r.expected_bucket_owner = request_.object.expected_bucket_owner;
    calls_->add(std::move(r), [this, after](auto&, result<get_object_attributes_response> page) {
      if (!running()) return;
      const bool some = page && page->object_parts && uploaded_->append(*page->object_parts);
      if (some && page->object_parts->is_truncated.value_or(false) && uploaded_->size() < max_parts) {
        const auto next = page->object_parts->next_part_number_marker;
        if (next && *next > after.value_or(0)) return ask_for_parts(next);
      }
      auto stretches = some ? uploaded_->take(object_.size, further()) : std::vector<detail::summed_stretch>{};
      if (!stretches.empty()) sum_.emplace(*object_.checksum, further(), std::move(stretches));
      found(std::move(object_));
    });
  }
  crypto::checksum_maker further() const noexcept { return further_checksums(shared_.checksums()); }
  bool verifies() const noexcept {
    return shared_.checksums().verify_downloads() &&
           (shared_.configuration().profile.verify_downloads || !request_.object.checksum_mode.empty());
  }
  /// The answer to a HEAD says nothing but its status; one byte of the object may be had all the same, or the answer says why not.
  void refused(error why) {
    const bool says_little = why.code.empty() && (why.status == 501 || (why.status >= 400 && why.status < 500 && why.status != 412));
    if (!running() || !says_little || request_.object.part_number) return fail(std::move(why));
    refused_ = std::move(why);
  }
  void look_again() {
    limit_calls();
    get_object_request one_byte = request_.object;
    one_byte.range = "bytes=0-0";
    calls_->add(std::move(one_byte), [this, why = *std::exchange(refused_, {})](auto&, result<get_object_response> r) mutable {
      if (!r) return fail(r.error().code.empty() ? std::move(why) : std::move(r.error()));
      auto known = detail::pinned_object::of_range(*r);
      if (!known) return fail(std::move(why));
      about_ = r.release_meta();
      found(std::move(*known));
    });
  }

  void found(detail::pinned_object&& object) {
    if (!running()) return;
    if (&object != &object_) object_ = std::move(object);
    auto bytes = wanted_.in(object_);
    if (!bytes) return fail(std::move(bytes.error()));
    if (request_.object.part_number) object_.checksum.reset();
    tally_.set_total(bytes->size);
    const bool whole = wanted_.whole();
    part_sums_.reset();
    if (whole && object_.checksum && !object_.composite && crypto::is_crc(*object_.checksum)) part_sums_ = object_.checksum;
    if (to_.needs_part_checksums() && !part_sums_) part_sums_ = crypto::checksum_algorithm::crc64nvme;
    first_ = bytes->first;
    size_ = bytes->size;
    auto size_of_part = to_.begin({.bucket = request_.object.bucket,
                                   .key = request_.object.key,
                                   .etag = object_.etag,
                                   .version_id = object_.version_id,
                                   .first = first_,
                                   .size = size_,
                                   .part_size = wanted_.part_only() ? (std::max)(size_, std::uint64_t{1}) : request_.part_size,
                                   .part_checksums = part_sums_});
    if (!size_of_part) return fail(std::move(size_of_part.error()));
    part_size_ = *size_of_part;
    count_ = size_ == 0 ? 1 : (size_ - 1) / part_size_ + 1;
    if (count_ > 1 && object_.etag.empty() && object_.version_id.empty())
      return fail(detail::fail(error_kind::malformed_response,
                               "the object has neither an ETag nor a version, so its parts could not be told from another's"));
    if (count_ > 1 && whole && object_.checksum && !object_.composite) {
      if (crypto::is_crc(*object_.checksum)) {
        whole_crc_.emplace(*object_.checksum);
      } else {
        sum_.emplace(*object_.checksum, further(), std::vector<detail::summed_stretch>{{size_, object_.checksum_text}});
      }
    }
    if (sum_ && !sum_->usable()) sum_.reset();
    if (sum_) sums_in_order_ = to_.passes_to(*sum_);
    plan_ = true;
  }

  // --- the parts -----------------------------------------------------------------------------------------------------------------

  download_part part_of(std::uint64_t index) const noexcept {
    const std::uint64_t offset = index * part_size_;
    return {index, offset, (std::min)(part_size_, size_ - offset)};
  }

  /// Adds the next part, if one may come now. False: it was there and has been read, so others go on before the next one is read.
  bool start_part() {
    if (next_ == count_ || flights_.size() >= request_.in_flight) return true;
    const download_part part = part_of(next_);
    if (!to_.has_room(part)) return true;
    ++next_;
    if (const std::string sum = to_.kept(part); !sum.empty() && part_sums_)
      if (keep(part, sum)) return false;
    get(part);
    return true;
  }

  /// True if the part is there and has that checksum.
  bool keep(const download_part& part, const std::string& sum) {
    crypto::checksum now{*part_sums_, further()};
    if (!read_back(part, [&now](std::span<const std::byte> bytes) { now.update(bytes); }) || now.base64() != sum) return false;
    received_ += part.length;
    ++kept_;
    if (auto told = tally_.reached(received_); !told) return fail(std::move(told.error())), true;
    completed(part, sum);
    return true;
  }
  template <class Take>
  result<void> read_back(const download_part& part, Take&& take) {
    std::array<std::byte, std::size_t{64} * 1024> block;
    for (std::uint64_t at = 0; at != part.length;) {
      const auto piece = std::span{block}.first(static_cast<std::size_t>((std::min)(std::uint64_t{block.size()}, part.length - at)));
      if (auto read = to_.read(part.offset + at, piece); !read) return read;
      take(piece);
      at += piece.size();
    }
    return {};
  }

  void get(const download_part& part) {
    auto f = std::make_unique<flight>(*this, part);
    if (part_sums_ && count_ != 1) f->sum.emplace(*part_sums_, further());
    get_object_request r = object_.pinned(request_.object);
    if (count_ != 1 || !wanted_.whole()) r.range = detail::range_of(first_ + part.offset, part.length);
    if (wanted_.part_only()) {
      r.range.clear();
    } else {
      r.part_number.reset();
    }
    flight& here = *f;
    flights_.push_back(std::move(f));
    limit_calls();
    calls_->add(std::move(r), [this, &here](get_call&, result<get_object_response> got) { took(here, std::move(got)); }, &here);
  }

  result<void> write(flight& f, std::span<const std::byte> bytes) noexcept {
    if (!running()) return detail::fail(error_kind::cancelled, "the download has ended");
    if (bytes.size() > f.part.length - f.received) return another("it is longer than it was");
    if (f.sum) f.sum->update(bytes);
    auto written = to_.write(f.part, f.received, bytes);
    if (!written) return written;
    f.received += bytes.size();
    received_ += bytes.size();
    return tally_.reached(received_);
  }

  void took(flight& of, result<get_object_response> got) {
    const auto at = std::find_if(flights_.begin(), flights_.end(), [&of](const auto& f) { return f.get() == &of; });
    const auto f = std::move(*at);
    flights_.erase(at);
    if (!running()) return;
    if (!got) {
      // The condition was the pin.
      const bool pin = got.error().kind == error_kind::object_changed ||
                       (got.error().kind == error_kind::precondition_failed && !object_.etag.empty());
      if (!pin) return fail(std::move(got.error()));
      got.error().kind = error_kind::object_changed;
      return start_over(std::move(got.error()));
    }
    if (auto same = object_.disagreement(*got); !same.empty()) return start_over(another(same));
    if (f->received != f->part.length) return start_over(another("it is shorter than it was"));
    if (count_ == 1) single_ = got.meta().integrity;
    completed(f->part, f->sum ? f->sum->base64() : std::string{});
  }

  void completed(const download_part& part, const std::string& sum) {
    if (auto done = to_.complete(part, sum); !done) return fail(std::move(done.error()));
    if (whole_crc_ || (sum_ && !sums_in_order_)) {
      // The checksum of the whole grows with the parts that have nothing missing before them.
      early_.emplace(part.index, sum);
      for (auto first = early_.begin(); first != early_.end() && first->first == summed_; first = early_.erase(first), ++summed_) {
        const download_part next = part_of(summed_);
        if (whole_crc_) {
          static_cast<void>(whole_crc_->append(first->second, next.length));
        } else {
          auto read = read_back(next, [this](std::span<const std::byte> bytes) { static_cast<void>(sum_->write(bytes)); });
          if (!read) return fail(std::move(read.error()));
        }
      }
    }
    if (sum_ && sum_->mismatch()) fail(*sum_->mismatch());
  }

  // --- another object ------------------------------------------------------------------------------------------------------------

  static error another(std::string_view how) {
    return detail::fail(error_kind::object_changed, {"the object was replaced while it was downloaded: ", how});
  }
  void start_over(error why) {
    changed_ = true;
    change_ = std::move(why);
    calls_->stop();
  }
  /// All calls have ended.
  void restart() {
    changed_ = false;
    const bool only_this = request_.object.if_match.value_or("*") != "*" || request_.object.version_id;  // the caller wants no other
    if (only_this || std::exchange(started_over_, true) || options_.stop.cancelled() || !to_.start_over()) return fail(std::move(change_));
    calls_.emplace(shared_, options_);
    plan_ = sums_in_order_ = false;
    next_ = summed_ = received_ = kept_ = 0;
    early_.clear();
    whole_crc_.reset();
    sum_.reset();
    single_.reset();
    look();
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  void limit_calls() {
    if (deadline_ == (steady_time::max)()) return;
    call_limits limits = options_.limits.value_or(shared_.configuration().limits);
    const duration left = (std::max)(detail::saturating_sub(deadline_, now_), duration{1});
    limits.total = limits.total > duration::zero() ? (std::min)(limits.total, left) : left;
    calls_->set_limits(limits);
  }

  /// No call is under way, and none is left to start.
  void conclude() {
    if (!failure_ && changed_) return restart();
    if (!failure_) settle();
    if (!failure_) return;
    to_.abandon(failure_->kind == error_kind::integrity);
    end_.emplace(std::move(*failure_));
  }
  void settle() {
    auto how = checked();
    if (!how) return fail(std::move(how.error()));
    if (auto told = tally_.reached(size_); !told) return fail(std::move(told.error()));
    if (auto kept = to_.finish(); !kept) return fail(std::move(kept.error()));
    download_response out{.etag = std::move(object_.etag),
                          .version_id = std::move(object_.version_id),
                          .size = size_,
                          .object_size = object_.size,
                          .last_modified = object_.last_modified,
                          .content_type = std::move(object_.content_type),
                          .content_encoding = std::move(object_.content_encoding),
                          .metadata = std::move(object_.metadata),
                          .integrity = *how,
                          .checksum_algorithm = object_.checksum,
                          .checksum = object_.checksum ? std::move(object_.checksum_text) : std::string{},
                          .parts = count_,
                          .kept_parts = kept_,
                          .started_over = started_over_};
    end_.emplace(std::move(out));
    if (about_) about_->integrity = *how;
    end_->attach(std::move(about_));
  }
  result<integrity> checked() {
    if (!wanted_.whole()) return integrity::ranged;
    if (sum_ && sum_->right()) return integrity::verified;
    if (single_) return *single_;
    if (object_.composite) return integrity::composite;
    if (!whole_crc_) return integrity::absent;
    const std::string actual = whole_crc_->base64();
    if (actual == object_.checksum_text) return integrity::verified;
    return detail::fail(error_kind::integrity, {"the object's ", crypto::name(*object_.checksum), " is ", actual,
                                                ", but the server promised ", object_.checksum_text});
  }

  const download_request& request_;
  sans_io::session<P>& shared_;
  call_options options_;
  download_target& to_;
  progress_tally tally_;
  std::optional<detail::transfer_calls<P>> calls_{};

  steady_time now_{}, deadline_{(steady_time::max)()};
  std::optional<error> refused_{};  ///< what is the matter with the answer to HeadObject
  bool begun_{}, plan_{}, changed_{}, started_over_{};
  error change_{};

  detail::wanted_bytes wanted_{};
  detail::pinned_object object_{};
  detail::owned<response_meta> about_{};  ///< of the answer that told what object it is
  std::uint64_t first_{}, size_{}, part_size_{}, count_{};

  std::vector<std::unique_ptr<flight>> flights_{};
  std::uint64_t next_{}, kept_{}, received_{};
  std::optional<crypto::checksum_algorithm> part_sums_{};
  std::map<std::uint64_t, std::string> early_{};  ///< complete parts with something missing before them, and their checksums
  std::uint64_t summed_{};                        ///< how many parts are in the checksum of the whole
  std::optional<combined_crc> whole_crc_{};
  std::optional<detail::uploaded_parts> uploaded_{};
  std::optional<detail::object_sum> sum_{};
  bool sums_in_order_{};
  std::optional<integrity> single_{};  ///< of an object that came in one piece

  std::optional<error> failure_{};
  std::optional<result<value_type>> end_{};
};

}  // namespace s3store::inline S3STORE_ABI
