// How are many small pieces of a large object read, as formats like Parquet, ORC or Zarr need it? With a reader: it reads at any offset,
// many ranges at once, asks for near ones together, and keeps blocks that were read lately.
//
//   s3store::object_reader file{s3, {.object = {.bucket = "b", .key = "table.parquet"}}};
//   const std::uint64_t size = file.size().value();
//   file.read_at(size - 8, footer).value();
//   file.read({{4, first_column}, {90'000, second_column}}).value();
//
// All reads are of the object that was there at the first one: it is pinned by its ETag and version. If it is replaced, reads fail with an
// error of kind object_changed. What is read is a range, so it is not compared with a checksum of the object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <s3store/client/client.hpp>
#include <s3store/operations/object/get_object.hpp>
#include <s3store/operations/object/head_object.hpp>
#include <s3store/transfer/block_cache.hpp>
#include <s3store/transfer/calls.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/pinned_object.hpp>

namespace s3store::inline S3STORE_ABI {

/// Which object is read, and how.
struct reader_request {
  /// Everything that GetObject takes, but for `range` and `part_number`.
  get_object_request object{};
  /// Ranges with at most so many bytes between them are asked for together: at 100 MB/s, a mebibyte takes as long as the round trip that
  /// is saved.
  std::uint64_t gap{std::uint64_t{1} << 20};
  std::uint64_t part_size{default_part_size};      ///< bytes: the most that one call asks for; longer ranges come in several calls
  std::size_t in_flight{8};                        ///< calls of one read at the same time, at least 1
  std::uint64_t cache{std::uint64_t{16} << 20};    ///< bytes that are kept at most; 0: none. A read of more than half of it goes past it
  std::uint64_t block{std::uint64_t{256} << 10};   ///< bytes that are kept together, and read together if they are to be kept
};

/// Bytes of an object from `offset` on, and where they go.
struct read_range {
  std::uint64_t offset{};
  std::span<std::byte> into{};
};

namespace detail {

/// Reads extents of an object at the same time, each into the ranges that it overlaps.
template <class P>
class range_reading {
 public:
  using value_type = void;

  struct plan {
    std::vector<extent> ask{};
    std::vector<read_range> fill{};
    std::vector<std::uint64_t> keep{};  ///< in order: the indices of the blocks that are to be kept
    std::uint64_t block{1};
  };

  range_reading(const reader_request& request, const pinned_object& object, sans_io::session<P>& shared, plan what,
                const call_options& options)
      : request_(request), object_(object), calls_(shared, options), plan_(std::move(what)) {}
  range_reading(const range_reading&) = delete;
  range_reading& operator=(const range_reading&) = delete;

  sans_io::step next(instants) {
    if (!failure_ && next_ != plan_.ask.size() && calls_.size() < request_.in_flight) get(plan_.ask[next_++]);
    if (auto asked = calls_.next()) return std::move(*asked);
    return sans_io::done{};
  }
  void sent(http::outcome) noexcept {}
  void ended(sans_io::any_machine& child) { calls_.ended(child); }
  void fail(error why) {
    if (failure_) return;
    failure_ = std::move(why);
    calls_.stop();
  }
  result<void> finish() {
    if (failure_) return std::move(*failure_);
    return {};
  }
  std::vector<std::pair<held_block, std::uint64_t>>& blocks() noexcept { return blocks_; }

 private:
  struct piece final : http::sink {
    piece(range_reading& r, const extent& e) : of(r), what(e) {}
    result<void> write(std::span<const std::byte> bytes) noexcept override {
      if (bytes.size() > what.length - received) return detail::fail(error_kind::range_mismatch, "more came than was asked for");
      of.spread(*this, what.first + received, bytes);
      received += bytes.size();
      return {};
    }
    bool seek(std::uint64_t from) noexcept override {
      if (from == received) return true;
      if (from != 0) return false;
      received = 0;
      building.reset();
      built.clear();
      return true;
    }
    range_reading& of;
    extent what;
    std::uint64_t received{};
    std::shared_ptr<std::byte[]> building{};  ///< the block that is coming
    std::vector<std::pair<held_block, std::uint64_t>> built{};
  };

  void get(const extent& e) {
    auto p = std::make_shared<piece>(*this, e);
    get_object_request r = object_.pinned(request_.object);
    r.range = range_of(e.first, e.length);
    http::sink* const into = p.get();
    calls_.add(
        std::move(r),
        [this, p](auto&, result<get_object_response> got) {
          if (!got) {
            if (got.error().kind == error_kind::precondition_failed && !object_.etag.empty()) got.error().kind = error_kind::object_changed;
            return fail(std::move(got.error()));
          }
          auto other = object_.disagreement(*got);
          if (other.empty() && p->received != p->what.length) other = "it is shorter than it was";
          if (!other.empty()) return fail(another(std::move(other)));
          for (auto& b : p->built) blocks_.push_back(std::move(b));
        },
        into);
  }
  error another(std::string how) const {
    error e = detail::fail(error_kind::object_changed, {"the object was replaced since it was first read: ", how});
    e.bucket = request_.object.bucket;
    e.key = request_.object.key;
    return e;
  }

  void spread(piece& p, std::uint64_t at, std::span<const std::byte> bytes) noexcept {
    for (const read_range& r : plan_.fill) {
      const std::uint64_t first = (std::max)(at, r.offset), end = (std::min)(at + bytes.size(), r.offset + r.into.size());
      if (first < end) std::memcpy(r.into.data() + (first - r.offset), bytes.data() + (first - at), static_cast<std::size_t>(end - first));
    }
    while (!bytes.empty() && !plan_.keep.empty()) {
      const std::uint64_t index = at / plan_.block, first = index * plan_.block, length = (std::min)(plan_.block, object_.size - first);
      const auto n = static_cast<std::size_t>((std::min)(std::uint64_t{bytes.size()}, first + length - at));
      const bool whole = first >= p.what.first && first + length <= p.what.end();
      if (whole && std::binary_search(plan_.keep.begin(), plan_.keep.end(), index)) {
        if (at == first) p.building.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(length)]);
        if (p.building) std::memcpy(p.building.get() + (at - first), bytes.data(), n);
        if (p.building && at + n == first + length) keep(p, index, length);
      }
      at += n;
      bytes = bytes.subspan(n);
    }
  }
  /// A block for which there is no memory is not kept.
  static void keep(piece& p, std::uint64_t index, std::uint64_t length) noexcept {
    try {
      p.built.emplace_back(held_block{index, std::move(p.building)}, length);
    } catch (...) {
    }
    p.building.reset();
  }

  const reader_request& request_;
  const pinned_object& object_;
  transfer_calls<P> calls_;
  plan plan_;
  std::size_t next_{};
  std::vector<std::pair<held_block, std::uint64_t>> blocks_{};
  std::optional<error> failure_{};
};

}  // namespace detail

/// Reads one object. The client must outlive it. May be used from several threads at once; each read blocks its thread, and its calls run
/// beside each other if the client's transport makes loops. It cannot be copied or moved.
template <class P>
class object_reader {
 public:
  /// Sends nothing: the first read asks what the object is.
  object_reader(const basic_client<P>& from, reader_request request)
      : client_(from), request_(std::move(request)), cache_(request_.cache) {}
  object_reader(const basic_client<P>&&, reader_request) = delete;  // a temporary would be gone too early
  object_reader(const object_reader&) = delete;
  object_reader& operator=(const object_reader&) = delete;

  /// Asks with a HeadObject what the object is, if that is not known yet. The reads do so, too.
  result<void> open(const call_options& options = {}) const {
    auto known = object(options);
    return known ? result<void>{} : result<void>::failed_as(std::move(known));
  }
  /// Bytes.
  result<std::uint64_t> size(const call_options& options = {}) const {
    auto known = object(options);
    if (!known) return result<std::uint64_t>::failed_as(std::move(known));
    return (*known)->size;
  }
  result<std::string> etag(const call_options& options = {}) const {
    auto known = object(options);
    if (!known) return result<std::string>::failed_as(std::move(known));
    return (*known)->etag;
  }

  /// Reads from that offset on until `into` is full or the object ends. Returns how many bytes that were; 0 at its end and behind it.
  /// After an error, `into` may have some bytes.
  result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into, const call_options& options = {}) const {
    auto known = object(options);
    if (!known) return result<std::size_t>::failed_as(std::move(known));
    const std::uint64_t left = offset < (*known)->size ? (*known)->size - offset : 0;
    into = into.first(static_cast<std::size_t>((std::min)(std::uint64_t{into.size()}, left)));
    const read_range one{offset, into};
    if (auto done = read_known(**known, {&one, 1}, options); !done) return result<std::size_t>::failed_as(std::move(done));
    return into.size();
  }

  /// Reads all of the ranges. They may be in any order and overlap. Fails with range_not_satisfiable if one is not within the object. After
  /// an error, some may have bytes.
  result<void> read(std::span<const read_range> ranges, const call_options& options = {}) const {
    auto known = object(options);
    if (!known) return result<void>::failed_as(std::move(known));
    const std::uint64_t size = (*known)->size;
    for (const read_range& r : ranges)
      if (r.offset > size || r.into.size() > size - r.offset)
        return detail::fail(error_kind::range_not_satisfiable,
                            {"the object has ", detail::decimal(size), " bytes, and not ", detail::decimal(r.into.size()), " from ",
                             detail::decimal(r.offset), " on"});
    return read_known(**known, ranges, options);
  }
  result<void> read(std::initializer_list<read_range> ranges, const call_options& options = {}) const {
    return read(std::span<const read_range>{ranges.begin(), ranges.size()}, options);
  }

 private:
  using reading = detail::range_reading<P>;
  using known_object = std::shared_ptr<const detail::pinned_object>;
  struct pin {
    void forked() const noexcept {}
    std::mutex guard{};
    known_object object{};
  };

  result<known_object> object(const call_options& options) const {
    if (request_.in_flight == 0 || request_.part_size == 0 || request_.block == 0)
      return detail::fail(error_kind::invalid_argument, "in_flight, part_size and block of a reader must not be 0");
    if (!request_.object.range.empty() || request_.object.part_number)
      return detail::fail(error_kind::invalid_argument, "a reader reads at any offset, and takes no range and no part_number");
    pin& p = pin_.get();
    {
      const std::lock_guard lock{p.guard};
      if (p.object) return p.object;
    }
    // Not under the lock: others may have less patience. The first that knows decides for all.
    auto head = client_.send(detail::head_of(request_.object, false), options);
    if (!head) return result<known_object>::failed_as(std::move(head));
    if (!head->content_length)
      return detail::fail(error_kind::malformed_response, "the answer to HeadObject does not say how long the object is");
    auto found = std::make_shared<detail::pinned_object>(*head, head.meta());
    if (found->etag.empty() && found->version_id.empty())
      return detail::fail(error_kind::malformed_response,
                          "the object has neither an ETag nor a version, so its ranges could not be told from another's");
    const std::lock_guard lock{p.guard};
    if (!p.object) p.object = std::move(found);
    return p.object;
  }

  result<void> read_known(const detail::pinned_object& object, std::span<const read_range> ranges, const call_options& options) const {
    std::uint64_t wanted = 0;
    for (const read_range& r : ranges) wanted += r.into.size();
    typename reading::plan plan{.block = request_.block};
    std::uint64_t reserved = 0;
    const bool kept = request_.cache != 0 && wanted <= request_.cache / 2;
    for (const read_range& r : ranges) {
      if (r.into.empty()) continue;
      plan.fill.push_back(r);
      if (!kept) {
        plan.ask.push_back({r.offset, r.into.size()});
      } else {
        take_kept(object, r, plan);
      }
    }
    if (kept) {
      std::sort(plan.keep.begin(), plan.keep.end());
      plan.keep.erase(std::unique(plan.keep.begin(), plan.keep.end()), plan.keep.end());
      for (const std::uint64_t index : plan.keep) reserved += block_of(object, index).length;
      if (!cache_.reserve(reserved)) {
        reserved = 0;
        plan.keep.clear();
      }
    }
    if (plan.ask.empty()) return {};
    // Calls that end where blocks do, so that none is cut in two.
    const std::uint64_t whole_blocks = (std::max)(request_.part_size / request_.block, std::uint64_t{1}) * request_.block;
    const std::uint64_t most = plan.keep.empty() ? request_.part_size : whole_blocks;
    plan.ask = detail::coalesced(std::move(plan.ask), request_.gap, most);

    /// The room is given back whatever happens.
    struct room {
      ~room() { of.put(bytes, {}); }
      detail::block_cache& of;
      std::uint64_t bytes;
    } taken{cache_, reserved};
    reading machine{request_, object, client_.shared(), std::move(plan), options};
    auto done = client_.run(machine);
    if (done && reserved != 0) cache_.put(std::exchange(taken.bytes, 0), std::move(machine.blocks()));
    return done;
  }
  detail::extent block_of(const detail::pinned_object& object, std::uint64_t index) const noexcept {
    const std::uint64_t first = index * request_.block;
    return {first, (std::min)(request_.block, object.size - first)};
  }
  /// Copies what is kept of a range, and asks for the other blocks.
  void take_kept(const detail::pinned_object& object, const read_range& r, typename reading::plan& plan) const {
    const std::uint64_t end = r.offset + r.into.size();
    for (std::uint64_t index = r.offset / request_.block; index * request_.block < end; ++index) {
      const detail::extent b = block_of(object, index);
      if (const auto bytes = cache_.find(index)) {
        const std::uint64_t first = (std::max)(b.first, r.offset), last = (std::min)(b.end(), end);
        std::memcpy(r.into.data() + (first - r.offset), bytes.get() + (first - b.first), static_cast<std::size_t>(last - first));
      } else {
        plan.ask.push_back(b);
        plan.keep.push_back(index);
      }
    }
  }

  const basic_client<P>& client_;
  reader_request request_;
  mutable detail::per_process<pin> pin_{};
  mutable detail::block_cache cache_;
};

}  // namespace s3store::inline S3STORE_ABI
