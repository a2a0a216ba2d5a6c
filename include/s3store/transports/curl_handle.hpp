// How does one exchange run on an easy handle of libcurl?
//
// Only the headers that the request names are sent, besides Host and Content-Length. No exception passes through C code. Constant
// options are set once per handle; an exchange sets only what differs, because resetting all options would be slower than a small
// request.
//
// An exchange is always in one of four stages, and each has one time limit. `connecting` is timed by libcurl, which divides the
// time among the host's addresses; `sending` and `receiving` are limited by `idle`, `waiting` by `first_byte`.
#pragma once

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <s3store/core/encoding.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/http/message.hpp>
#include <s3store/transports/curl_error.hpp>
#include <s3store/transports/curl_options.hpp>
#include <s3store/transports/curl_settings.hpp>
#include <s3store/transports/curl_sockets.hpp>
#include <s3store/transports/curl_tasks.hpp>

static_assert(LIBCURL_VERSION_NUM >= 0x075000, "s3store needs libcurl 7.80 or later");

namespace s3store::inline S3STORE_ABI::curl_detail {

/// Initialises libcurl once; may be called from any thread, which libcurl's own function allows only since 7.84. Throws s3_error of
/// kind transport if it fails.
inline void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK)
    throw s3_error{detail::fail(error_kind::transport, {"libcurl does not start: ", curl_easy_strerror(started)})};
}

struct easy_deleter {
  void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
};

class handle {
 public:
  /// The settings must outlive the handle, and `of` the multi handle that runs it.
  handle(const curl_settings& settings, sockets& of) : easy_(curl_easy_init()), settings_(settings), sockets_(of) {
    if (!easy_) throw std::bad_alloc{};
    set_constants(settings);
    options_.note(of.attach(easy_.get(), opens_));
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  CURL* easy() const noexcept { return easy_.get(); }
  static handle& of(CURL* easy) noexcept {
    char* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *reinterpret_cast<handle*>(self);
  }

  /// The exchange that it runs.
  task& of_task() const noexcept { return *task_; }

  /// Sets up an exchange. If this fails, it must not be run. Throws std::bad_alloc.
  result<void> prepare(task& t) {
    task_ = &t;
    what_ = &t.what;
    const http::request& request = *what_->out;
    head_.fields.clear();
    head_.status = 0;
    sink_ = nullptr;
    failure_ = {};
    head_size_ = 0;
    size_ = request.body ? request.body->size() : std::optional<std::uint64_t>{0};
    taken_ = sent_ = received_ = 0;
    answered_ = ended_early_ = false;
    enter(stage::connecting);
    opens_.failed = 0;
    detail_[0] = '\0';

    if (options_.failure != CURLE_OK) return error_of(options_.failure, {}, request.url, {});
    if (!lay_out_headers(request)) return detail::fail(error_kind::invalid_argument, "a URL or header must not hold CR, LF or NUL");
    if (auto shaped = shape(request); !shaped) return shaped;
    const std::int64_t asked = detail::whole_milliseconds(what_->within.connect);
    const std::int64_t connect = asked > 0 ? asked : std::int64_t{no_limit};
    if (const long ms = static_cast<long>((std::min)(connect, std::int64_t{no_limit})); ms != connect_ms_)
      set(CURLOPT_CONNECTTIMEOUT_MS, connect_ms_ = ms);
    if (what_->rules || ruled_) apply_rules();
    if (request.body) size_send_buffer();
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nodes_.empty() ? nullptr : nodes_.data()));
    if (const CURLcode wrong = std::exchange(options_.failure, CURLE_OK); wrong != CURLE_OK) return error_of(wrong, {}, request.url, {});
    return {};
  }

  /// The time at which the exchange exceeds a limit, unless a byte moves before.
  steady_time due() const noexcept {
    const duration limit = stage_limit();
    return limit > duration::zero() ? (std::min)(detail::saturating_add(stamp_, limit), what_->within.deadline) : what_->within.deadline;
  }

  /// When to look at its limits next. It is not later than the time at which one is exceeded, whatever stage comes until then: no
  /// limit of a stage that begins after `now` ends sooner.
  steady_time next_look(steady_time now) const noexcept {
    steady_time at = due();
    for (const duration limit : {what_->within.first_byte, what_->within.idle})
      if (limit > duration::zero()) at = (std::min)(at, detail::saturating_add(now, limit));
    return at;
  }

  /// The error if the exchange has exceeded a limit; nullopt: it may go on.
  std::optional<error> overdue(steady_time now) const {
    if (now < due()) return std::nullopt;
    if (now >= what_->within.deadline) return deadline_passed(*what_);
    return detail::fail(error_kind::timeout, {(stage_ == stage::waiting ? "no answer began within " : "no byte moved for "),
                                      in_words(stage_limit()), " in the exchange with ", host_of(what_->out->url)});
  }
  static error deadline_passed(const http::exchange& x) noexcept {
    return detail::fail(error_kind::deadline_exceeded, {"the deadline passed in the exchange with ", host_of(x.out->url)});
  }

  /// Did it fail because there was no descriptor for its connection? Then nothing was sent, and it may be run again.
  bool lacked_descriptor(CURLcode code) const noexcept {
    return code == CURLE_COULDNT_CONNECT && stage_ == stage::connecting && failure_.kind == error_kind::none && opens_.lacked_descriptor();
  }

  int system_error() const noexcept { return opens_.failed; }

  /// Returns the outcome. The request, its body and the receiver are not used any more.
  http::outcome finish(CURLcode code) noexcept {
    http::outcome out = [&]() -> http::outcome {
      try {
        return conclude(code);
      } catch (const std::bad_alloc&) {
        return detail::out_of_memory();
      }
    }();
    forget();
    return out;
  }
  void forget() noexcept {
    lines_.wipe();
    what_ = nullptr;
    task_ = nullptr;
  }
  http::outcome finish(error why) noexcept {
    if (failure_.kind == error_kind::none) failure_ = std::move(why);
    return finish(CURLE_ABORTED_BY_CALLBACK);
  }

 private:
  enum class stage : std::uint8_t { connecting, sending, waiting, receiving };
  static constexpr long no_limit = 0x7fffffff;  // ms; zero would mean libcurl's default of five minutes
  static constexpr std::size_t largest_head = std::size_t{256} * 1024;

  struct node : curl_slist {};  // an element of a list that libcurl only reads

  // --- Setting up ----------------------------------------------------------------------------------------------------------------

  template <class T>
  void set(CURLoption option, T value) noexcept {
    options_.set(option, value);
  }

  void set_constants(const curl_settings& s) {
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, detail_);
    set_protocol(options_);
    set_network(options_, s);
    most_to_send_ = s.send_buffer;
    set_proxy_and_identity(options_, s, {});
    set(CURLOPT_HEADERFUNCTION, &on_head_line);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_READFUNCTION, &on_read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &on_seek);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
    set(CURLOPT_PREREQFUNCTION, &on_connected);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
  }

  /// A long body is sent in large pieces, which halves what the system's calls cost; a short one does not need that memory.
  void size_send_buffer() noexcept {
    constexpr long little = 64 * 1024;
    const long wanted = size_ && *size_ <= std::uint64_t{little} ? (std::min)(little, most_to_send_) : most_to_send_;
    if (wanted != send_buffer_) set(CURLOPT_UPLOAD_BUFFERSIZE, send_buffer_ = wanted);
  }

  void apply_rules() {
    set_proxy_and_identity(options_, settings_, what_->rules ? *what_->rules : http::connection_rules{});
    ruled_ = what_->rules != nullptr;
  }

  /// Writes the header lines into one buffer, and a list of pointers to them for libcurl. False if a text holds CR, LF or NUL.
  ///
  /// `Host` is written here too, as the URL has it, because that is what was signed: libcurl writes addresses and ports in its own way.
  /// Values go without the white space around them, which is no part of them (RFC 9110, section 5.5); libcurl would not send a header
  /// whose value is nothing but that.
  bool lay_out_headers(const http::request& request) {
    const std::string_view host = host_of(request.url);
    std::size_t size = host.size() + std::string_view{"Host: "}.size() + 1;
    for (const auto& [name, value] : request.fields) size += name.size() + value.size() + 3;
    lines_.clear();
    lines_.reserve(size);  // so that the nodes' pointers stay valid
    nodes_.clear();
    nodes_.reserve(request.fields.size() + 3);
    bool whole = request.url.find('\0') == std::string::npos;
    const auto add = [&](std::string_view name, std::string_view value) {
      char* const line = lines_.data() + lines_.size();
      value = detail::trim(value);
      lines_.append({name, value.empty() ? std::string_view{";"} : std::string_view{": "}, value, std::string_view{"\0", 1}});
      whole = whole && std::strlen(line) == static_cast<std::size_t>(lines_.data() + lines_.size() - line - 1);
      nodes_.push_back({{line, nullptr}});
    };
    if (!host.empty() && !request.fields.contains("Host")) add("Host", host);
    for (const auto& [name, value] : request.fields) add(name, value);
    const bool accept = request.fields.contains("Accept"), expect = request.fields.contains("Expect");
    // A name without a value stops libcurl from adding that header. libcurl does not write to these texts, so const_cast is safe.
    if (!accept) nodes_.push_back({{const_cast<char*>("Accept:"), nullptr}});
    if (!expect && size_ != 0)
      nodes_.push_back({{const_cast<char*>(settings_.expect_continue && !request.no_expect ? "Expect: 100-continue" : "Expect:"), nullptr}});
    for (std::size_t i = 1; i < nodes_.size(); ++i) nodes_[i - 1].next = &nodes_[i];
    return whole && !std::memchr(lines_.data(), '\r', lines_.size()) && !std::memchr(lines_.data(), '\n', lines_.size());
  }

  /// Sets the method. Every body is sent as an upload, because then libcurl adds no Content-Type. A PUT or POST always has a body,
  /// which may be empty.
  result<void> shape(const http::request& request) {
    const bool upload = request.body || request.verb == http::method::put || request.verb == http::method::post;
    if (upload && request.verb == http::method::head)
      return detail::fail(error_kind::invalid_argument, "a HEAD request must not have a body");
    if (!shaped_ || shape_.verb != request.verb || shape_.upload != upload) {
      set(CURLOPT_HTTPGET, 1L);
      if (upload) set(CURLOPT_UPLOAD, 1L);
      if (request.verb == http::method::head) set(CURLOPT_NOBODY, 1L);
      const bool implied = request.verb == (upload ? http::method::put : http::method::get) || request.verb == http::method::head;
      set(CURLOPT_CUSTOMREQUEST, implied ? nullptr : to_string(request.verb).data());
      shape_ = {request.verb, upload};
      shaped_ = true;
    }
    if (upload) set(CURLOPT_INFILESIZE_LARGE, size_ ? static_cast<curl_off_t>(*size_) : curl_off_t{-1});
    return {};
  }

  // --- What libcurl calls --------------------------------------------------------------------------------------------------------

  static handle& me(void* self) noexcept { return *static_cast<handle*>(self); }

  static std::size_t on_head_line(char* at, std::size_t, std::size_t n, void* self) {
    return me(self).guard([&](handle& h) { return h.take_head_line({at, n}); }) ? n : 0;
  }
  static std::size_t on_body(char* at, std::size_t, std::size_t n, void* self) { return me(self).take_body({at, n}) ? n : 0; }
  static std::size_t on_read(char* at, std::size_t, std::size_t n, void* self) {
    return me(self).give_body({reinterpret_cast<std::byte*>(at), n});
  }
  static int on_seek(void* self, curl_off_t to, int) {
    return me(self).rewind(static_cast<std::uint64_t>(to)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
  }
  static int on_connected(void* self, char* address, char*, int, int) {
    return me(self).may_send_to(address) && me(self).begin_sending() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
    me(self).note_progress(static_cast<std::uint64_t>(down), static_cast<std::uint64_t>(up));
    return 0;
  }

  bool refuse(error why) noexcept {
    if (failure_.kind == error_kind::none) failure_ = std::move(why);
    return false;
  }
  /// Called after code of the caller's, which may have forked. In the child, false: libcurl must end the exchange, and that must not
  /// reach the parent's connection.
  bool still_the_same_process() noexcept {
    if (!sockets_.inherited()) return true;
    sockets_.cut_off();
    return false;
  }
  template <class F>
  bool guard(F&& f) noexcept {
    try {
      return f(*this);
    } catch (...) {
      return refuse(detail::out_of_memory());
    }
  }

  void enter(stage next) noexcept {
    stage_ = next;
    stamp_ = std::chrono::steady_clock::now();
  }
  duration stage_limit() const noexcept {
    if (stage_ == stage::connecting) return {};
    return stage_ == stage::waiting ? what_->within.first_byte : what_->within.idle;
  }

  /// The address is that of the socket, whether the connection is new or was kept.
  bool may_send_to(std::string_view address) noexcept {
    if (!what_->rules || !what_->rules->may_send_to || what_->rules->may_send_to(address)) return true;
    return guard([&](handle& h) {
      return h.refuse(detail::fail(error_kind::connect, {host_of(h.what_->out->url), " is at the address ", address,
                                                         ", to which this request must not be sent"}));
    });
  }

  /// Called when the connection is made; again if a reused connection turned out to be closed and libcurl opened another.
  bool begin_sending() noexcept {
    return guard([](handle& h) {
      if (h.taken_ != 0 && !h.rewind(0))
        return h.refuse(detail::fail(error_kind::connection_lost, {"a kept connection to ", host_of(h.what_->out->url),
                                                           " was dead, and the body can't be read a second time"}));
      h.enter(h.size_ == 0 ? stage::waiting : stage::sending);
      return true;
    });
  }

  bool rewind(std::uint64_t to) noexcept {
    if (to == taken_) return true;
    if (!what_->out->body || !what_->out->body->seek(to) || !still_the_same_process()) return false;
    taken_ = to;
    return true;
  }

  /// Fills `room` with the body's next bytes and returns their number, or CURL_READFUNC_ABORT.
  std::size_t give_body(std::span<std::byte> room) noexcept {
    if (size_ && *size_ - taken_ < room.size()) room = room.first(static_cast<std::size_t>(*size_ - taken_));
    if (room.empty()) return 0;
    auto given = http::read_some(*what_->out->body, room);
    if (!still_the_same_process()) return CURL_READFUNC_ABORT;
    if (!given) return refuse(std::move(given.error())), std::size_t{CURL_READFUNC_ABORT};
    taken_ += *given;
    if (*given == 0 && size_) {
      guard([](handle& h) {
        return h.refuse(detail::fail(error_kind::body_source, {"the source ended after ", detail::decimal(h.taken_), " of the ", detail::decimal(*h.size_),
                                                       " bytes that it promised"}));
      });
      return CURL_READFUNC_ABORT;
    }
    if (stage_ == stage::sending && (*given == 0 || taken_ == size_)) enter(stage::waiting);
    return *given;
  }

  void note_progress(std::uint64_t down, std::uint64_t up) noexcept {
    if (down == received_ && up == sent_) return;
    received_ = down;
    sent_ = up;
    stamp_ = std::chrono::steady_clock::now();
  }

  bool take_head_line(std::string_view line) {
    if (answered_) {
      // A trailer, of which S3 defines none; or libcurl sent the request again, and the receiver must not get two answers.
      return !line.starts_with("HTTP/") || refuse(detail::fail(error_kind::malformed_response, "the server answered twice"));
    }
    head_size_ += line.size();
    if (head_size_ > largest_head)
      return refuse(
          detail::fail(error_kind::malformed_response, {"the head of the answer is larger than ", detail::decimal(largest_head), " bytes"}));
    while (!line.empty() && detail::is_space(line.back())) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
      // Nothing else was asked for, and not every libcurl refuses it.
      if (!line.starts_with("HTTP/1.") && !(settings_.http2 && line.starts_with("HTTP/2 "))) return refuse_answer("it is not of HTTP/1");
      head_.status = detail::parse_integer<int>(detail::trim(line.substr((std::min)(line.find(' '), line.size()))).substr(0, 3)).value_or(0);
      head_.fields.clear();
      head_.fields.reserve(usual_text_, usual_fields_);
    } else if (line.empty()) {
      if (head_.status == 101) return refuse_answer("it goes on in another protocol, which nobody asked for");
      if (head_.status >= 200) return deliver_head();
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      if (stage_ != stage::receiving && head_.status >= 200) enter(stage::receiving);
      // A CR could be taken for the line's end, and a name with a space for another field (RFC 9110, section 5.5; RFC 9112, section 5.1).
      if (line.find('\r') != std::string_view::npos || (colon != 0 && detail::is_space(line[colon - 1])))
        return refuse_answer("a field of its head is malformed");
      head_.fields.add(line.substr(0, colon), detail::trim(line.substr(colon + 1)));
    }
    return true;
  }

  bool refuse_answer(std::string_view why) {
    return refuse(detail::fail(error_kind::malformed_response, {"no valid HTTP answer came from ", host_of(what_->out->url), ": ", why}));
  }

  /// Does the head say without doubt where the body ends (RFC 9112, section 6.3)? libcurl takes the last of several lengths, and 0 for
  /// "0x10"; and it passes on what is coded in another way than in chunks, which nobody asked for (RFC 9112, section 7.4).
  bool framing_is_valid() {
    std::optional<std::int64_t> length;
    bool chunked = false, valid = true;
    for (const auto& [name, value] : head_.fields) {
      if (detail::equal_ignoring_case(name, "Content-Length")) {
        detail::split(value, ',', [&](std::string_view one) {
          std::uint64_t n{};
          one = detail::trim(one);
          const bool known = detail::read_digits(one, 10, n) && n <= std::uint64_t{(std::numeric_limits<std::int64_t>::max)()};
          valid = valid && known && length.value_or(static_cast<std::int64_t>(n)) == static_cast<std::int64_t>(n);
          length = static_cast<std::int64_t>(n);
        });
      } else if (detail::equal_ignoring_case(name, "Transfer-Encoding") && !detail::equal_ignoring_case(value, "identity")) {
        if (chunked || !detail::equal_ignoring_case(value, "chunked")) return false;
        chunked = true;
      }
    }
    if (chunked) head_.fields.erase("Content-Length");  // it does not count then
    return valid || chunked;
  }

  bool deliver_head() {
    if (!framing_is_valid()) return refuse_answer("its head does not say without doubt where its body ends");
    enter(stage::receiving);
    answered_ = true;
    usual_text_ = (std::min)(head_size_, std::size_t{4096});
    usual_fields_ = (std::min)(head_.fields.size(), std::size_t{64});
    const bool expectation_failed = head_.status == 417;
    if (what_->in) {
      auto taken = what_->in->on_response(std::move(head_));
      if (!taken) return refuse(std::move(taken.error()));
      sink_ = *taken;
    }
    // libcurl would send the request again, but whether and how is for the receiver to decide. So the exchange ends here.
    if (expectation_failed) return !(ended_early_ = true);
    return still_the_same_process();
  }

  bool take_body(std::string_view bytes) noexcept {
    if (!sink_) return true;
    auto written = sink_->write(detail::as_bytes(bytes));
    if (!still_the_same_process()) return false;
    return written || refuse(std::move(written.error()));
  }

  // --- The end -------------------------------------------------------------------------------------------------------------------

  http::outcome conclude(CURLcode code) {
    if (failure_.kind != error_kind::none) return std::move(failure_);
    if (code != CURLE_OK && !ended_early_) return error_of(code, {stage_ != stage::connecting, answered_}, what_->out->url, detail_);
    if (!answered_) return detail::fail(error_kind::connection_lost, {"no final answer came from ", host_of(what_->out->url)});
    long connects = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connects);
    return http::transfer_stats{.sent = sent_, .received = received_, .reused_connection = connects == 0};
  }

  detail::owned<CURL, easy_deleter> easy_;
  easy_options options_{easy_.get()};
  const curl_settings& settings_;
  sockets& sockets_;
  struct {
    http::method verb{};
    bool upload{};
  } shape_{};
  bool shaped_{};
  bool ruled_{};  // the last exchange had rules
  long connect_ms_{-1};
  long most_to_send_{}, send_buffer_{};  // bytes
  detail::wiped_text lines_{};  // session tokens and customer keys travel in headers
  std::vector<node> nodes_{};
  std::size_t usual_text_{512}, usual_fields_{16};
  char detail_[CURL_ERROR_SIZE]{};

  task* task_{};
  http::exchange* what_{};  // the task's
  sockets::opener opens_{};
  http::response head_{};
  http::sink* sink_{};
  error failure_{};  // its kind is `none` if nothing failed
  std::size_t head_size_{};
  std::optional<std::uint64_t> size_{};
  std::uint64_t taken_{}, sent_{}, received_{};
  steady_time stamp_{};  // time of the last byte in either direction, or of the stage's start
  stage stage_{};
  bool answered_{};
  bool ended_early_{};  // the head says all that the receiver needs
};

}  // namespace s3store::inline S3STORE_ABI::curl_detail
