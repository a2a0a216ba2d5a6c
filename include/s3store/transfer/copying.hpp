// In which order does a copy make its calls?
//
//   HeadObject of the source ─► (GetObjectAcl) ─► CopyObject ──────────────────────────────────────────► (PutObjectAcl) ─► done
//                                      └─► (GetObjectTagging) ─► CreateMultipartUpload ─► UploadPartCopy … ─► Complete ─┘
//
// What follows a failure or a lost answer is in transfer/multipart.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/object/copy_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/transfer/copy_request.hpp>
#include <s3store/transfer/multipart.hpp>

namespace s3store::inline S3STORE_ABI {

/// One running copy. The request and the session must outlive it. It cannot be copied or moved. The options hold for each of its calls,
/// but their cancel token does not stop the clean-up after a failure.
template <class P>
class copying final : public detail::multipart_transfer<P, copy_response> {
  using base = detail::multipart_transfer<P, copy_response>;
  using base::algorithm_, base::calls_, base::composite_, base::failed, base::fields_, base::give_up, base::in_parts_, base::known_checksum_,
      base::parts_, base::size_, base::tally_, base::upload_id_;

 public:
  copying(const copy_request& request, sans_io::session<P>& shared, const call_options& options = {})
      : base(request.object.bucket, request.object.key, request.progress, shared, options), request_(request) {}
  copying(const copy_request&&, sans_io::session<P>&, const call_options& = {}) = delete;  // a temporary would be gone too early

 private:
  void begin() override {
    wire::encoded_request encoded;
    wire::door<copy_object_request>::encode(&request_.object, encoded);
    if (encoded.refused.kind != error_kind::none) return give_up(std::move(encoded.refused));
    fields_ = std::move(encoded.fields);
    if (request_.parts_above > max_part_size)
      return give_up(detail::fail(error_kind::invalid_argument, "parts_above is more than the 5 GiB that CopyObject takes"));
    if (auto size = part_size_for(request_.part_size, std::nullopt); !size) return give_up(std::move(size.error()));
    look_at_source();
  }

  // --- the source ----------------------------------------------------------------------------------------------------------------

  /// A request R about the source, with what gives access to it.
  template <class R>
  R of_source() const {
    const copy_object_request& object = request_.object;
    R out{};
    out.bucket = object.copy_source.bucket;
    out.key = object.copy_source.key;
    out.version_id = object.copy_source.version_id;
    out.request_payer = object.request_payer;
    out.expected_bucket_owner = object.expected_source_bucket_owner;
    return out;
  }
  void look_at_source() {
    const copy_object_request& object = request_.object;
    auto r = of_source<head_object_request>();
    r.sse_customer_algorithm = object.copy_source_sse_customer_algorithm;
    r.sse_customer_key = object.copy_source_sse_customer_key;
    r.sse_customer_key_md5 = object.copy_source_sse_customer_key_md5;
    r.checksum_mode = types::checksum_mode::enabled;
    calls_.add(std::move(r), [this](auto&, result<head_object_response> there) { this->source_seen(std::move(there)); });
  }
  void source_seen(result<head_object_response> r) {
    if (!r) {
      // The refusal of a HEAD has no body, so CopyObject is to say why; or it may be allowed where the HEAD is not.
      const error& why = r.error();
      const bool says_little = why.code.empty() && why.status >= 400 && why.status < 500 && why.status != 412;
      return says_little && !request_.copy_acl ? copy_at_once() : give_up(std::move(r));
    }
    source_ = std::move(*r);
    if (!source_.content_length || *source_.content_length < 0)
      return give_up(detail::fail(error_kind::malformed_response, "the answer to HeadObject does not tell the source's size"));
    total_ = static_cast<std::uint64_t>(*source_.content_length);
    tally_.set_total(total_);
    pin();
    if (!request_.copy_acl) return copy_it();
    calls_.add(of_source<get_object_acl_request>(), [this](auto&, result<get_object_acl_response> rights) {
      if (!rights) return this->give_up(std::move(rights));
      rights_ = std::move(*rights);
      this->copy_it();
    });
  }
  /// So that nothing else is copied than what was looked at.
  void pin() {
    const copy_object_request& object = request_.object;
    if (object.copy_source_if_match || object.copy_source_if_none_match || object.copy_source_if_modified_since ||
        object.copy_source_if_unmodified_since || source_.etag.empty())
      return;
    fields_.set("x-amz-copy-source-if-match", source_.etag);
    pinned_ = true;
  }
  void copy_it() {
    if (total_ <= request_.parts_above) return copy_at_once();
    const bool copies_tags = !(request_.object.tagging_directive == types::tagging_directive::replace);
    if (!copies_tags || source_.tag_count.value_or(0) == 0) return begin_parts({});
    calls_.add(of_source<get_object_tagging_request>(), [this](auto&, result<get_object_tagging_response> tags) {
      if (!tags) return this->give_up(std::move(tags));
      std::string text;
      for (const auto& [key, value] : tags->tag_set) {
        if (!text.empty()) text += '&';
        detail::append_uri_encoded(text, key, detail::uri_part::query);
        text += '=';
        detail::append_uri_encoded(text, value, detail::uri_part::query);
      }
      this->begin_parts(std::move(text));
    });
  }

  // --- in one piece --------------------------------------------------------------------------------------------------------------

  void copy_at_once() {
    copy_object_request r = request_.object;
    if (pinned_) r.copy_source_if_match = source_.etag;
    size_ = total_;
    calls_.add(std::move(r), [this](auto&, result<copy_object_response> copied) { this->copied_at_once(std::move(copied)); });
  }
  void copied_at_once(result<copy_object_response> r) {
    if (!r) {
      if (!base::may_be_done(r.error())) return give_up(std::move(r));
      choose_checksum();
      return this->look(std::move(r));
    }
    if (auto told = tally_.reached(size_); !told) return give_up(std::move(told.error()));
    copy_response out{.version_id = std::move(r->version_id), .size = size_};
    source_.version_id = std::move(r->copy_source_version_id);
    if (auto& made = r->copy_object_result) {
      out.etag = std::move(made->etag);
      out.last_modified = made->last_modified;
      for (const auto& known : crypto::checksum_algorithms)
        if (auto& sum = checksum_member(*made, known.algorithm); !sum.empty() && sum.find('-') == std::string::npos) {
          out.checksum_algorithm = known.algorithm;
          out.checksum = std::move(sum);
        }
    }
    done(std::move(out), r.release_meta());
  }

  // --- in parts ------------------------------------------------------------------------------------------------------------------

  void begin_parts(std::string tags) {
    auto size = part_size_for(request_.part_size, total_);
    if (!size) return give_up(std::move(size.error()));
    part_size_ = *size;
    choose_checksum();
    auto r = this->template carried<create_multipart_upload_request>();
    if (!(request_.object.metadata_directive == types::metadata_directive::replace)) {
      r.content_type = source_.content_type;
      r.cache_control = source_.cache_control;
      r.content_disposition = source_.content_disposition;
      r.content_encoding = source_.content_encoding;
      r.content_language = source_.content_language;
      r.expires = source_.expires;
      r.metadata = source_.metadata;
    }
    if (!(request_.object.tagging_directive == types::tagging_directive::replace)) r.tagging = std::move(tags);
    if (composite_) r.checksum_type = types::checksum_type::composite;
    this->create(std::move(r));
  }
  /// The caller's algorithm, or else at AWS the source's: elsewhere the parts of an upload with a checksum cannot be relied upon to be
  /// copied (MinIO wants a checksum of each, which UploadPartCopy cannot have; versitygw computes that of the whole wrongly). A copy has the same
  /// bytes, so it has the source's checksum, if that is of the whole.
  void choose_checksum() {
    if (!request_.object.checksum_algorithm.empty()) {
      algorithm_ = crypto::parse_checksum_algorithm(request_.object.checksum_algorithm.str());
    } else if (!calls_.shared().configuration().endpoint.empty() && total_ > request_.parts_above) {
      return;
    }
    for (const auto& known : crypto::checksum_algorithms) {
      const std::string& sum = checksum_member(source_, known.algorithm);
      if (sum.empty() || (algorithm_ && *algorithm_ != known.algorithm)) continue;
      algorithm_ = known.algorithm;
      composite_ = source_.checksum_type == types::checksum_type::composite || sum.find('-') != std::string::npos;
      if (!composite_) known_checksum_ = sum;
      return;
    }
  }
  void send_parts() override {
    const std::size_t most = (std::max)(request_.in_flight, std::size_t{1});
    while (!failed() && under_way_ < most && begun_ != total_) copy_part();
    if (!failed() && under_way_ == 0) this->complete();
  }
  void copy_part() {
    const std::size_t at = parts_.size();
    const std::uint64_t length = (std::min)(part_size_, total_ - begun_);
    parts_.push_back({.length = length});
    auto r = this->template carried<upload_part_copy_request>();
    r.part_number = static_cast<std::int32_t>(at + 1);
    r.upload_id = upload_id_;
    r.copy_source_range = detail::concat({"bytes=", detail::decimal(begun_), "-", detail::decimal(begun_ + length - 1)});
    begun_ += length;
    ++under_way_;
    calls_.add(std::move(r), [this, at](auto&, result<upload_part_copy_response> copied) { this->part_ended(at, std::move(copied)); });
  }
  void part_ended(std::size_t at, result<upload_part_copy_response> r) {
    --under_way_;
    if (!r) return give_up(std::move(r));
    if (!r->copy_part_result || r->copy_part_result->etag.empty())
      return give_up(detail::fail(error_kind::malformed_response, "the answer to UploadPartCopy has no ETag"));
    parts_[at].etag = std::move(r->copy_part_result->etag);
    if (algorithm_) parts_[at].checksum = std::move(checksum_member(*r->copy_part_result, *algorithm_));
    if (auto told = tally_.add(parts_[at].length); !told) give_up(std::move(told.error()));
  }

  // --- the end -------------------------------------------------------------------------------------------------------------------

  /// Encryption may give a copy another ETag, so another one says nothing.
  std::optional<bool> has_right_etag(const head_object_response& there) const override {
    return !there.etag.empty() && there.etag == source_.etag ? std::optional{true} : std::nullopt;
  }
  void add_found(const head_object_response& there, copy_response& out) const override { out.last_modified = there.last_modified; }

  void completed(copy_response out, detail::owned<response_meta> meta) override { done(std::move(out), std::move(meta)); }
  void done(copy_response out, detail::owned<response_meta> meta) {
    out.copy_source_version_id = source_.version_id;
    if (!rights_) return this->finish(std::move(out), std::move(meta));
    made_ = std::move(out);
    meta_ = std::move(meta);
    put_object_acl_request r{.bucket = request_.object.bucket, .key = request_.object.key};
    r.access_control_policy.emplace();
    r.access_control_policy->grants = std::move(rights_->grants);
    r.access_control_policy->owner = std::move(rights_->owner);
    if (!made_.version_id.empty()) r.version_id = made_.version_id;
    r.request_payer = request_.object.request_payer;
    r.expected_bucket_owner = request_.object.expected_bucket_owner;
    upload_id_.clear();  // it is completed
    calls_.add_to_clear_up(std::move(r), [this](auto&, result<put_object_acl_response> set) {
      if (set) return this->finish(std::move(made_), std::move(meta_));
      this->give_up(std::move(set));
      this->note("the object was copied, and only its access rights are not those of its source");
    });
  }

  const copy_request& request_;
  head_object_response source_{};
  std::optional<get_object_acl_response> rights_{};
  bool pinned_{};
  std::uint64_t total_{}, part_size_{}, begun_{};
  std::size_t under_way_{};
  copy_response made_{};
  detail::owned<response_meta> meta_{};
};

}  // namespace s3store::inline S3STORE_ABI
