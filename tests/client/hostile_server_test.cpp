// What becomes of a call whose server misbehaves? Each misbehaviour is tried on eight calls, and the outcome of every one is
// written down here. None may hang beyond its limits, none may send anything else, none may change the file that it was to replace,
// and the next call of the same client must get its own answer.
#include <s3store/client.hpp>
#include <s3store/store.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "support/catch.hpp"
#include "support/misbehaviours.hpp"

using namespace s3store;
using namespace std::chrono_literals;
using testing_support::chunk;
using testing_support::hostile_server;
using testing_support::peer;
using testing_support::raw_server;
using testing_support::right_answer;
namespace hostile = testing_support::misbehaviour;

namespace {

/// No wait between attempts, but for what the server asks for.
struct at_once {
  std::optional<duration> next_wait(const failed_attempt& f) const {
    if (f.kind == retry_class::never || f.attempt >= f.max_attempts.value_or(1)) return std::nullopt;
    return f.retry_after.value_or(duration::zero());
  }
  void succeeded(int) const noexcept {}
};
struct policies : default_policies {
  using retry = at_once;
};

enum column : std::size_t { to_memory, to_sink, to_file, put, listing, complete, head, presigned, columns };
constexpr std::array<std::string_view, columns> names{"GET to memory", "GET to a sink", "GET to a file", "PUT",
                                                      "a listing",     "CompleteMultipartUpload", "HEAD", "a presigned GET"};
using outcomes = std::array<std::string, columns>;

// How a call ends: the kind of its error, or one of these. A '+' stands for bytes of the body that a sink got before the error.
constexpr const char* right = "right";         // with the answer that an honest server gives
constexpr const char* other = "another";       // with what came, which nothing shows to be wrong

constexpr const char* malformed = "malformed response";
constexpr const char* lost = "connection lost";
constexpr const char* timeout = "timeout";
constexpr const char* deadline = "deadline exceeded";
constexpr const char* redirect = "redirect";
constexpr const char* bad_request = "bad request";
constexpr const char* denied = "access denied";
constexpr const char* mismatch = "range mismatch";

using exceptions = std::vector<std::pair<column, std::string>>;

/// All eight calls end so, but for some.
outcomes all(const std::string& end, const exceptions& but = {}) {
  outcomes out;
  out.fill(end);
  for (const auto& [c, other_end] : but) out[c] = other_end;
  return out;
}
/// All end in an error that comes after bytes of the body.
outcomes midway(const std::string& end, const exceptions& but = {}) {
  auto out = all(end, but);
  for (const auto c : {to_sink, presigned}) out[c] += " +";
  return out;
}
/// The same, and whether any bytes come before is a matter of time.
outcomes perhaps_midway(const std::string& end, const exceptions& but = {}) {
  auto out = all(end, but);
  for (const auto c : {to_sink, presigned}) out[c] += " or " + end + " +";
  return out;
}
/// Only what is read by its range is refused. (A presigned URL's sender here knows nothing of ranges.)
outcomes reads(const std::string& end) { return all(right, {{to_memory, end}, {to_sink, end}, {to_file, end}}); }

constexpr std::string_view object = "the bytes of the object, which are a few more than forty";
constexpr std::string_view etag = "\"0123456789abcdef0123456789abcdef\"";
constexpr std::string_view page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                                  "<Name>bucket</Name><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                                  "<Contents><Key>the key</Key><Size>56</Size></Contents></ListBucketResult>";
constexpr std::string_view completed = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CompleteMultipartUploadResult>"
                                       "<Bucket>bucket</Bucket><Key>key</Key><ETag>\"0123456789abcdef0123456789abcdef\"</ETag>"
                                       "</CompleteMultipartUploadResult>";

right_answer right_for(column c, bool ranged) {
  const std::string tag = "ETag: " + std::string(etag) + "\r\n";
  if (c == listing) return {.fields = "Content-Type: application/xml\r\n", .body = std::string(page)};
  if (c == complete) return {.fields = "Content-Type: application/xml\r\n", .body = std::string(completed)};
  if (c == put) return {.fields = tag};
  if (!ranged) return {.fields = tag, .body = std::string(object), .bodiless = c == head};
  return {.status = "206 Partial Content",
          .fields = tag + "Content-Range: bytes 4-13/" + std::to_string(object.size()) + "\r\n",
          .body = std::string(object.substr(4, 10)),
          .bodiless = c == head};
}

constexpr std::array<std::string_view, columns> targets{
    "GET /bucket/key", "GET /bucket/key", "GET /bucket/key", "PUT /bucket/key",
    "GET /bucket?list-type=2", "POST /bucket/key?uploadId=upload", "HEAD /bucket/key", "GET /bucket/key?"};

constexpr call_limits patient{10s, 10s, 10s, 10s, 20s};

struct row {
  std::string_view name{};
  outcomes becomes{};
  hostile::play does{};
  call_limits limits{patient};   ///< of the calls that end by them
  int attempts{1};               ///< at most; the first one included
  std::array<int, columns> sends{1, 1, 1, 1, 1, 1, 1, 1};  ///< how often the request is sent then
  bool only_reads{};             ///< tried on the three GETs alone
  bool asks_region{};            ///< the client asks the same server for the bucket's region before it gives up
  bool lingers{};                ///< the server goes on to misbehave behind an answer that is complete without a body
  bool ranged{};                 ///< the reads ask for bytes 4 to 13
  bool before_the_body{};        ///< the server answers before it reads a body, which is large then
};

std::string content(const std::filesystem::path& of) {
  std::ifstream in{of, std::ios::binary};
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Takes bytes, and cannot give them back.
struct counting_sink final : http::sink {
  result<void> write(std::span<const std::byte> bytes) noexcept override {
    got.append(detail::as_text(bytes));
    return {};
  }
  bool seek(std::uint64_t) noexcept override { return false; }
  std::string got{};
};

/// A sender of a presigned URL, which knows nothing of S3.
struct plain_receiver final : http::receiver {
  result<http::sink*> on_response(http::response&& h) noexcept override {
    status = h.status;
    return &into;
  }
  int status{};
  counting_sink into{};
};

curl_transport direct() {
  curl_settings s;
  s.proxy_from_environment = false;
  return curl_transport{s};
}

/// A folder that goes with the test.
struct scratch_folder {
  scratch_folder() {
    if (!::mkdtemp(name.data())) throw std::runtime_error("the test cannot make a folder in /tmp");
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() { std::filesystem::remove_all(name); }
  std::string name{"/tmp/s3store-hostile-XXXXXX"};
};

template <class T, class F>
std::string word(const result<T>& out, F&& is_right) {
  if (!out) return std::string(to_string(out.error().kind));
  return is_right(*out) ? right : other;
}

struct cell {
  std::string outcome{};
  int attempts{1};
};

/// Makes the call, and gives how it ended. What must hold after any end is checked here.
cell make(column c, const row& r, const call_limits& limits, basic_object_store<policies>& store, curl_transport& plain) {
  static const std::string large(6 << 20, 'x');
  const call_options options{.limits = limits, .max_attempts = r.attempts};
  const std::string expected = right_for(c, r.ranged).body;
  const std::string range = r.ranged ? "bytes=4-13" : "";
  const auto& s3 = store.client();
  const get_object_request get{.bucket = "bucket", .key = "key", .range = range};
  const types::completed_multipart_upload one_part{{{.etag = std::string(etag), .part_number = 1}}};
  cell out;
  const auto ends = [&out](const auto& result, auto is_right) {
    out.outcome = word(result, is_right);
    if (result) out.attempts = result.meta().attempts;
    else out.attempts = result.error().attempts;
  };
  switch (c) {
    case to_memory: ends(s3.get_object(get, options), [&](const auto& got) { return got.body == expected; }); break;
    case to_sink: {
      counting_sink into;
      ends(s3.get_object(get, into, options), [&](const auto&) { return into.got == expected; });
      if (out.outcome != right && out.outcome != other && !into.got.empty()) out.outcome += " +";
      break;
    }
    case to_file: {
      const scratch_folder folder;
      const auto path = std::filesystem::path{folder.name} / "file";
      std::ofstream{path} << "what was there";
      const auto read = [&]() -> result<object_metadata> {
        try {
          return store.get_object_to_file("key", path.string(), {.object = {.range = range}, .sync = false}, options);
        } catch (const s3_error& e) {
          return e.error();
        }
      };
      const auto got = read();
      out.outcome = word(got, [&](const auto&) { return content(path) == expected; });
      out.attempts = got ? r.sends[c] : got.error().attempts;  // the store does not tell it of a success
      if (!got) {
        CHECK(content(path) == "what was there");
      }
      CHECK(std::distance(std::filesystem::directory_iterator{folder.name}, {}) == 1);
      break;
    }
    case put:
      ends(s3.put_object({.bucket = "bucket", .key = "key", .body = std::string_view{r.before_the_body ? large : object}}, options),
           [&](const auto& got) { return got.etag == etag; });
      break;
    case listing:
      ends(s3.list_objects_v2({.bucket = "bucket"}, options), [&](const auto& got) {
        return got.contents.size() == 1 && got.contents[0].key == "the key" && got.contents[0].size == 56;
      });
      break;
    case complete:
      ends(s3.complete_multipart_upload({.bucket = "bucket", .key = "key", .upload_id = "upload", .multipart_upload = one_part},
                                        options),
           [&](const auto& got) { return got.etag == etag; });
      break;
    case head:
      ends(s3.head_object({.bucket = "bucket", .key = "key", .range = range}, options), [&](const auto& got) {
        const auto size = static_cast<std::int64_t>(expected.size());
        return got.content_length.value_or(size) == size && got.etag == etag;
      });
      break;
    case presigned: {
      const auto signed_url = s3.presign(get, 60s);
      REQUIRE(signed_url);
      http::request request{.verb = http::method::get, .url = signed_url->url, .fields = signed_url->fields};
      plain_receiver in;
      const auto until = std::chrono::steady_clock::now() + limits.total;
      const auto end = plain.perform({&request, &in, {limits.connect, limits.first_byte, limits.idle, until}});
      out.outcome = word(end, [&](const auto&) { return in.into.got == expected; });
      if (end && in.status / 100 != 2) out.outcome = "status " + std::to_string(in.status);
      if (!end && !in.into.got.empty()) out.outcome += " +";
      break;
    }
    default: break;
  }
  return out;
}

/// Some cells may end in two ways: "right or connection lost".
bool is_one_of(std::string_view outcome, std::string_view expected) {
  for (;;) {
    const auto end = expected.find(" or ");
    if (outcome == expected.substr(0, end)) return true;
    if (end == std::string_view::npos) return false;
    expected.remove_prefix(end + 4);
  }
}

constexpr std::array<int, columns> twice{2, 2, 2, 2, 2, 2, 2, 1};  // the sender of a presigned URL tries once
constexpr call_limits stalled{10s, 40ms, 40ms, 10s, 20s};  // for a server that says nothing
constexpr call_limits halting{10s, 10s, 40ms, 10s, 20s};   // for one that stops halfway
constexpr call_limits brief{10s, 10s, 10s, 10s, 60ms};     // for one that never stops

void try_row(const row& r) {
  for (std::size_t n = 0; n != columns; ++n) {
    const auto c = static_cast<column>(n);
    if (r.only_reads && c > to_file) break;
    INFO(r.name << ": " << names[n]);
    hostile_server server{r.does, right_for(c, r.ranged), r.before_the_body};
    settings set{.endpoint = server.url(), .credentials = {"id", "secret"}, .max_document = 1 << 20, .max_body = 1 << 20};
    basic_client<policies> s3{std::move(set), policy_values<policies>{.transport = direct()}};
    basic_object_store<policies> store{std::move(s3), "bucket"};
    auto plain = direct();

    const auto began = std::chrono::steady_clock::now();
    const bool by_limits = r.becomes[n].starts_with(timeout) || r.becomes[n].starts_with(deadline);
    const call_limits& limits = by_limits ? r.limits : patient;  // so that a busy machine ends no other
    const auto end = make(c, r, limits, store, plain);
    CHECK(std::chrono::steady_clock::now() - began < 10s);
    INFO("it ended in: " << end.outcome << "; expected: " << r.becomes[n]);
    CHECK(is_one_of(end.outcome, r.becomes[n]));

    // What was sent is the request and no other, as often as the call says.
    auto asked = server.asked_at_least(r.sends[n] + (r.asks_region && c != presigned ? 1 : 0));
    if (r.asks_region && c != presigned) {
      REQUIRE_FALSE(asked.empty());
      CHECK(asked.back() == "HEAD /bucket");
      asked.pop_back();
    }
    CHECK(end.attempts == r.sends[n]);
    const bool may_be_unsent = limits.total < 1s;  // on a busy machine such a deadline passes before
    if (!may_be_unsent || !asked.empty()) CHECK(asked.size() == static_cast<std::size_t>(r.sends[n]));
    for (const auto& line : asked) CHECK(line.starts_with(targets[n]));

    // Whatever is left of the answer, the next call gets its own.
    if (c == presigned) {
      http::request request{.url = server.url() + std::string(hostile_server::honest_path)};
      plain_receiver in;
      REQUIRE(plain.perform({&request, &in}));
      CHECK(in.into.got == hostile_server::honest_body);
    } else {
      const call_options options{.limits = r.lingers ? brief : call_limits{}};
      const auto honest = store.client().get_object({.bucket = "bucket", .key = "honest"}, options);
      if (!honest) CHECK(r.lingers);
      else CHECK(honest->body == hostile_server::honest_body);
    }
  }
}
void try_rows(const std::vector<row>& table) {
  for (const row& r : table) try_row(r);
}

const auto nothing = [](const right_answer&) { return std::string{}; };
const auto status_line = [](const right_answer& a) { return "HTTP/1.1 " + a.status + "\r\n"; };
std::string half(const std::string& of) { return of.substr(0, of.size() / 2); }

}  // namespace

TEST_CASE("a hostile server: heads", "[hostile]") {
  try_rows({
      {.name = "a head that never ends", .becomes = all(malformed),
       .does = hostile::repeats(status_line, "x: " + std::string(8000, 'x') + "\r\n")},
      {.name = "a field that never ends", .becomes = all(malformed),
       .does = hostile::repeats([](const right_answer& a) { return status_line(a) + "x: "; }, std::string(8000, 'x'))},
      {.name = "a head larger than 256 KiB", .becomes = all(malformed), .does = hostile::sends([](const right_answer& a) {
         std::string more;
         while (more.size() < 300'000) more += "x: " + std::string(1000, 'x') + "\r\n";
         return a.head(a.length() + more) + a.sent();
       })},
      {.name = "ten thousand fields", .becomes = all(right), .does = hostile::sends([](const right_answer& a) {
         std::string more;
         for (int n = 0; n != 10'000; ++n) more += "x-" + std::to_string(n) + ": y\r\n";
         return a.head(a.length() + more) + a.sent();
       })},
      {.name = "fields for ever, one now and then", .becomes = all(timeout),
       .does = hostile::repeats(status_line, "x: y\r\n", 10), .limits = stalled},
      {.name = "a head for ever, byte by byte", .becomes = all(timeout),
       .does = hostile::repeats(status_line, "x", 10), .limits = stalled},
      {.name = "no answer at all", .becomes = all(timeout), .does = hostile::sends_and_stalls(nothing), .limits = stalled},
      {.name = "half a head, and then nothing", .becomes = all(timeout),
       .does = hostile::sends_and_stalls([](const right_answer& a) { return half(a.head(a.length())); }), .limits = stalled},
      {.name = "1xx for ever, as fast as can be", .becomes = all(malformed),
       .does = hostile::repeats(nothing, "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n")},
      {.name = "1xx for ever, now and then", .becomes = all(timeout),
       .does = hostile::repeats(nothing, "HTTP/1.1 102 Processing\r\n\r\n", 10), .limits = stalled},
      {.name = "1xx with a body", .becomes = all(malformed), .does = hostile::sends_and_closes([](const right_answer& a) {
         return "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello" + a.whole();
       })},
      {.name = "1xx with fields of its own", .becomes = all(right), .does = hostile::sends([](const right_answer& a) {
         return "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" +
                a.whole();
       })},
      {.name = "101 without being asked", .becomes = all(malformed), .does = hostile::sends_and_closes([](const right_answer& a) {
         return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + a.whole();
       })},
      {.name = "no status line", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer& a) { return a.fields + a.length() + "\r\n" + a.sent(); })},
      {.name = "HTTP/0.9", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer& a) { return a.body + "\r\n" + a.body; })},
      {.name = "the preface of HTTP/2", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer&) { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"; })},
      {.name = "frames of HTTP/2", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer&) {
         return std::string("\0\0\0\4\0\0\0\0\0\0\0\0\4\1\0\0\0\0", 18);
       })},
      {.name = "a status line of HTTP/2", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/2 200 OK")},
      {.name = "HTTP/3.7", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/3.7 200 OK")},
      {.name = "HTTP/1.0", .becomes = all(right), .does = hostile::with_status_line("HTTP/1.0 200 OK")},
      {.name = "ICY 200", .becomes = all(malformed), .does = hostile::with_status_line("ICY 200 OK")},
      {.name = "status 000", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 000 Nothing")},
      {.name = "status 099", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 099 Nothing")},
      {.name = "status 600", .becomes = all("server", {{presigned, "status 600"}}),
       .does = hostile::with_status_line("HTTP/1.1 600 More")},
      {.name = "status 999", .becomes = all("server", {{presigned, "status 999"}}),
       .does = hostile::with_status_line("HTTP/1.1 999 Most")},
      {.name = "status 20", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 20 OK")},
      {.name = "status 2000", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 2000 OK")},
      {.name = "status -200", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 -200 OK")},
      {.name = "status two hundred", .becomes = all(malformed), .does = hostile::with_status_line("HTTP/1.1 two hundred")},
      {.name = "a field with a NUL", .becomes = all(malformed),
       .does = hostile::with_fields(std::string_view{"x-amz-meta-a: b\0c\r\n", 19})},
      {.name = "a field with control characters", .becomes = all(right),
       .does = hostile::with_fields("x-amz-meta-a: b\x01\x1b[2J\x7f\r\n")},
      {.name = "a field with a lone CR", .becomes = all(malformed),
       .does = hostile::with_fields("x-amz-meta-a: b\rETag: \"forged\"\r\n")},
      {.name = "an encoding with white space before the colon", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer& a) {
         return a.head("Transfer-Encoding : chunked\r\n") + "5\r\n" + a.sent();
       })},
      {.name = "101, and then bytes now and then", .becomes = all(malformed), .does = hostile::repeats([](const right_answer&) {
         return std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
       }, "x", 10)},
      {.name = "a field that is folded", .becomes = all(right),
       .does = hostile::with_fields("x-amz-meta-a: b\r\n ETag: \"forged\"\r\n")},
      {.name = "a field without a colon", .becomes = all(malformed), .does = hostile::with_fields("no colon here\r\n")},
      {.name = "a field without a name", .becomes = all(right), .does = hostile::with_fields(": value\r\n")},
      {.name = "a field with white space before the colon", .becomes = all(malformed),
       .does = hostile::with_fields("x-amz-meta-a : b\r\n")},
      {.name = "lines that end in LF", .becomes = all(right), .does = hostile::sends_and_closes([](const right_answer& a) {
         std::string head = a.head(a.length());
         std::erase(head, '\r');
         return head + a.sent();
       })},
      {.name = "a second ETag", .becomes = all(right), .does = hostile::with_fields("ETag: \"another\"\r\n")},
      {.name = "cookies, another service and a page to go to", .becomes = all(right),
       .does = hostile::with_fields("Set-Cookie: a=b\r\nAlt-Svc: h2=\"127.0.0.1:1\"\r\nRefresh: 0; url=http://127.0.0.1:1/\r\n")},
  });
}

TEST_CASE("a hostile server: lengths", "[hostile]") {
  const auto two = [](std::ptrdiff_t first, std::ptrdiff_t second) {
    return hostile::sends_and_closes([=](const right_answer& a) { return a.head(a.length(first) + a.length(second)) + a.sent(); });
  };
  const auto plus = [](std::ptrdiff_t more) {
    return [=](const right_answer& a) { return a.head(a.length(more)) + a.sent(); };
  };
  const auto huge = std::string(40, '9');
  const auto all_chunks = [](const right_answer& a) { return chunk(a.body) + "0\r\n\r\n"; };
  const auto chunked_head = [](const right_answer& a) { return a.head("Transfer-Encoding: chunked\r\n"); };
  try_rows({
      {.name = "two lengths, the second longer", .becomes = all(malformed), .does = two(0, 7)},
      {.name = "two lengths, the first longer", .becomes = all(malformed), .does = two(7, 0)},
      {.name = "two lengths, the second shorter", .becomes = all(malformed), .does = two(0, -7)},
      {.name = "two lengths, the first shorter", .becomes = all(malformed), .does = two(-7, 0)},
      {.name = "one length twice", .becomes = all(right), .does = two(0, 0)},
      {.name = "two lengths in one field", .becomes = all(malformed),
       .does = hostile::sends_and_closes([](const right_answer& a) {
         const auto n = std::to_string(a.body.size());
         return a.head("Content-Length: " + n + ", " + n + "9\r\n") + a.sent();
       })},
      {.name = "a negative length", .becomes = all(malformed), .does = hostile::framed("Content-Length: -1\r\n")},
      {.name = "a length of 2^63", .becomes = all(malformed), .does = hostile::framed("Content-Length: 9223372036854775808\r\n")},
      {.name = "a length of 2^63 - 1", .becomes = midway(lost, {{head, other}}),
       .does = hostile::framed("Content-Length: 9223372036854775807\r\n")},
      {.name = "a length of 40 digits", .becomes = all(malformed), .does = hostile::framed("Content-Length: " + huge + "\r\n")},
      {.name = "a length that is a word", .becomes = all(malformed), .does = hostile::framed("Content-Length: many\r\n")},
      {.name = "a hexadecimal length", .becomes = all(malformed), .does = hostile::framed("Content-Length: 0x38\r\n")},
      {.name = "a length with a sign", .becomes = all(malformed), .does = hostile::sends_and_closes([](const right_answer& a) {
         return a.head("Content-Length: +" + std::to_string(a.body.size()) + "\r\n") + a.sent();
       })},
      {.name = "an empty length", .becomes = all(malformed), .does = hostile::framed("Content-Length:\r\n")},
      {.name = "no length, and the end is the connection's", .becomes = all(right), .does = hostile::framed("")},
      {.name = "a length shorter than the body",
       .becomes = all(other, {{put, malformed}, {listing, malformed}, {complete, malformed}}),
       .does = hostile::sends(plus(-7))},
      {.name = "a length of 0 before a body", .becomes = all(other, {{put, right}, {listing, malformed}, {complete, malformed}}),
       .does = hostile::framed("Content-Length: 0\r\n")},
      {.name = "a length longer than the body, and a close", .becomes = midway(lost, {{head, other}}),
       .does = hostile::sends_and_closes(plus(7))},
      {.name = "a length longer than the body, and a stall", .becomes = midway(timeout, {{head, other}}),
       .does = hostile::sends_and_stalls(plus(7)), .limits = halting, .lingers = true},
      {.name = "a body behind which another answer stands", .becomes = all(right),
       .does = hostile::sends([](const right_answer& a) {
         return a.whole() + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
       })},
      {.name = "length and chunks", .becomes = all(right),
       .does = hostile::chunks(all_chunks,
                                                           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
      {.name = "chunks and length", .becomes = all(right),
       .does = hostile::chunks(all_chunks,
                                                           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
      {.name = "an unknown transfer encoding", .becomes = all(malformed),
       .does = hostile::framed("Transfer-Encoding: rot13\r\n")},
      {.name = "chunks in gzip", .becomes = all(malformed),
       .does = hostile::chunks(all_chunks, "Transfer-Encoding: gzip, chunked\r\n")},
      {.name = "chunks twice", .becomes = all(malformed),
       .does = hostile::chunks(all_chunks, "Transfer-Encoding: chunked, chunked\r\n")},
      {.name = "a chunk whose size is no number", .becomes = all(malformed, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return "xyz\r\n" + a.body + "\r\n0\r\n\r\n"; })},
      {.name = "a chunk of negative size", .becomes = all(malformed, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return "-5\r\n" + a.body + "\r\n0\r\n\r\n"; })},
      {.name = "a chunk of 2^64 bytes and more", .becomes = all(malformed, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return "10000000000000005\r\n" + a.body + "\r\n0\r\n\r\n"; })},
      {.name = "a chunk of 2^63 bytes", .becomes = all(malformed, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return "8000000000000000\r\n" + a.body + "\r\n0\r\n\r\n"; })},
      {.name = "a chunk longer than its size", .becomes = midway(malformed, {{put, lost}, {head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return "5\r\n" + a.body + "\r\n0\r\n\r\n"; })},
      {.name = "a chunk size without end", .becomes = all(malformed, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return std::string(4000, '0') + "5\r\n" + a.body; })},
      {.name = "a chunk extension without end", .becomes = all(deadline, {{head, right}}),
       .does = hostile::repeats([=](const right_answer& a) { return chunked_head(a) + "5;"; }, std::string(64, 'x'), 10),
       .limits = brief, .lingers = true},
      {.name = "no last chunk", .becomes = midway(lost, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return chunk(a.body); })},
      {.name = "a last chunk without its line's end", .becomes = midway(lost, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return chunk(a.body) + "0\r\n"; })},
      {.name = "half a chunk", .becomes = midway(lost, {{head, right}}),
       .does = hostile::chunks([](const right_answer& a) { return chunk(a.body + a.body).substr(0, a.body.size()); })},
      {.name = "empty chunks for ever", .becomes = perhaps_midway(deadline, {{head, right}}),
       .does = hostile::repeats([](const right_answer& a) { return a.head("Transfer-Encoding: chunked\r\n"); }, "1\r\n\n\r\n", 5),
       .limits = brief, .lingers = true},
      {.name = "a trailer that contradicts the head", .becomes = all(right), .does = hostile::sends([](const right_answer& a) {
         const auto trailer = "ETag: \"forged\"\r\nContent-Length: 1\r\nx-amz-checksum-crc32: AAAAAA==\r\n\r\n";
         const auto body = chunk(a.body) + "0\r\n" + trailer;
         return a.head("Transfer-Encoding: chunked\r\nTrailer: ETag\r\n") + (a.bodiless ? std::string{} : body);
       })},
      {.name = "a trailer without end", .becomes = midway(malformed, {{head, right}}),
       .does = hostile::repeats([](const right_answer& a) {
         return a.head("Transfer-Encoding: chunked\r\n") + (a.bodiless ? std::string{} : chunk(a.body) + "0\r\n");
       }, "x: " + std::string(8000, 'x') + "\r\n"), .lingers = true},
      {.name = "an answer in the trailer", .becomes = midway(malformed, {{head, right}}),
       .does = hostile::sends_and_closes([](const right_answer& a) {
         const auto forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
         return a.head("Transfer-Encoding: chunked\r\n") + (a.bodiless ? std::string{} : chunk(a.body) + "0\r\n" + forged);
       })},
  });
}

TEST_CASE("a hostile server: connections", "[hostile]") {
  const auto half_body = [](const right_answer& a) { return a.head(a.length()) + half(a.sent()); };
  const auto half_head = [](const right_answer& a) { return half(a.head(a.length())); };
  try_rows({
      {.name = "closes at once", .becomes = all(lost), .does = hostile::sends_and_closes(nothing)},
      {.name = "resets at once", .becomes = all(lost), .does = hostile::sends_and_resets(nothing)},
      {.name = "closes after half of the head", .becomes = all(lost), .does = hostile::sends_and_closes(half_head)},
      {.name = "resets after half of the head", .becomes = all(lost), .does = hostile::sends_and_resets(half_head)},
      {.name = "closes after the status line", .becomes = all(lost), .does = hostile::sends_and_closes(status_line)},
      {.name = "closes after half of the body", .becomes = midway(lost, {{put, right}, {head, right}}),
       .does = hostile::sends_and_closes(half_body)},
      {.name = "resets after half of the body",
       .becomes = perhaps_midway(lost, {{put, "right or connection lost"}, {head, "right or connection lost"}}),
       .does = hostile::sends_and_resets(half_body)},
      {.name = "stalls after half of the body", .becomes = midway(timeout, {{put, right}, {head, right}}),
       .does = hostile::sends_and_stalls(half_body), .limits = halting, .lingers = true},
      {.name = "closes after the head, without a length",
       .becomes = {other, other, other, right, malformed, malformed, right, other},
       .does = hostile::sends_and_closes([](const right_answer& a) { return a.head("Connection: keep-alive\r\n"); })},
      {.name = "one byte at a time for ever", .becomes = perhaps_midway(deadline, {{head, other}}),
       .does = hostile::repeats([](const right_answer& a) { return a.head("Content-Length: 1000000\r\n"); }, "x", 5),
       .limits = brief, .lingers = true},
      {.name = "a body for ever",
       .becomes = perhaps_midway(deadline, {{to_memory, "too large"}, {put, malformed}, {listing, malformed}, {complete, malformed},
                                            {head, right}}),
       .does = hostile::repeats([](const right_answer& a) { return a.head(""); }, std::string(64 << 10, 'x'), 2),
       .limits = {10s, 10s, 10s, 10s, 250ms}, .lingers = true},
      {.name = "a success before the body was read, which is then read", .becomes = all(right),
       .does = hostile::sends([](const right_answer& a) { return a.whole(); }), .before_the_body = true},
      {.name = "a success before the body was read, and a close", .becomes = all(right, {{put, lost}}),
       .does = hostile::sends_and_closes([](const right_answer& a) { return a.whole(); }), .before_the_body = true},
      {.name = "a refusal before the body was read", .becomes = all(denied, {{presigned, "status 403"}}),
       .does = hostile::sends([](const right_answer&) {
         return "HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
       }), .before_the_body = true},
      {.name = "a body that nobody reads", .becomes = all(timeout), .does = [](peer& p, const right_answer&) {
         p.wait_without_reading();
         return false;
       }, .limits = stalled, .before_the_body = true},
  });
}

TEST_CASE("a hostile server: answers to something else", "[hostile]") {
  raw_server elsewhere([](peer& p) { p.read_request(); });
  const auto to = [&](std::string_view status) {
    return hostile::answers(status, "Location: " + elsewhere.url("/bucket/key") + "\r\n", "go there");
  };
  std::string deep, many = "<ListBucketResult>";
  for (int n = 0; n != 10'000; ++n) deep += "<a>";
  for (int n = 0; n != 80'000; ++n) many += "<Contents/>";
  const auto error_of = [](const std::string& code, std::size_t message, const std::string& more = {}) {
    return "<Error><Code>" + code + "</Code><Message>" + std::string(message, 'x') + "</Message>" + more + "</Error>";
  };
  const std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                             "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
                             "<ListBucketResult><Name>&c;</Name></ListBucketResult>";
  const std::string outside = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
                              "<ListBucketResult><Name>&a;</Name></ListBucketResult>";
  try_rows({
      {.name = "301 to another host", .becomes = all(redirect, {{presigned, "status 301"}}),
       .does = to("301 Moved"), .asks_region = true},
      {.name = "302 to another host", .becomes = all(redirect, {{presigned, "status 302"}}), .does = to("302 Found")},
      {.name = "303 to another host", .becomes = all(redirect, {{presigned, "status 303"}}), .does = to("303 See Other")},
      {.name = "307 to another host", .becomes = all(redirect, {{presigned, "status 307"}}),
       .does = to("307 Temporary Redirect"), .asks_region = true},
      {.name = "308 to another host", .becomes = all(redirect, {{presigned, "status 308"}}),
       .does = to("308 Permanent Redirect")},
      {.name = "300 with a choice of hosts", .becomes = all(bad_request, {{presigned, "status 300"}}),
       .does = to("300 Multiple Choices")},
      {.name = "305 through a proxy", .becomes = all(bad_request, {{presigned, "status 305"}}), .does = to("305 Use Proxy")},
      {.name = "201 elsewhere", .becomes = all(malformed, {{put, other}, {head, other}, {presigned, other}}),
       .does = to("201 Created")},
      {.name = "307 whose body names another endpoint", .becomes = all(redirect, {{presigned, "status 307"}}),
       .does = hostile::answers("307 Temporary Redirect", "",
                                error_of("TemporaryRedirect", 0, "<Endpoint>" + elsewhere.authority() + "</Endpoint>")),
       .asks_region = true},
      {.name = "301 to a region that is a host", .becomes = all(redirect, {{presigned, "status 301"}}),
       .does = hostile::answers("301 Moved", "x-amz-bucket-region: " + elsewhere.authority() + "/\r\n",
                                error_of("PermanentRedirect", 0)),
       .asks_region = true},
      {.name = "304 without a condition", .becomes = all("not modified", {{presigned, "status 304"}}),
       .does = hostile::sends([](const right_answer&) { return "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"; })},
      {.name = "401 that asks for a password", .becomes = all(denied, {{presigned, "status 401"}}),
       .does = hostile::answers("401 Who", "WWW-Authenticate: Basic realm=\"x\"\r\n", "")},
      {.name = "407 of no proxy", .becomes = all(bad_request, {{presigned, "status 407"}}),
       .does = hostile::answers("407 Who", "Proxy-Authenticate: Basic realm=\"x\"\r\n", "")},
      {.name = "417 of no expectation", .becomes = all(bad_request, {{presigned, "status 417"}}),
       .does = hostile::answers("417 No", "", ""), .sends = {1, 1, 1, 2, 1, 2, 1, 1}},  // without Expect, where there is a body
      {.name = "416 without a range", .becomes = all("range not satisfiable", {{presigned, "status 416"}}),
       .does = hostile::answers("416 No", "Content-Range: bytes */0\r\n", "")},
      {.name = "204 with a body", .becomes = all(malformed, {{put, right}, {head, right}, {presigned, other}}),
       .does = hostile::sends([](const right_answer& a) {
         return "HTTP/1.1 204 No Content\r\n" + a.fields + a.length() + "\r\n" + a.body;
       })},
      {.name = "204 with an answer for a body", .becomes = all(malformed, {{put, other}, {head, other}, {presigned, other}}),
       .does = hostile::sends([](const right_answer&) {
         return "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
       })},
      {.name = "205 with a body", .becomes = all(malformed, {{put, other}, {head, other}, {presigned, other}}),
       .does = hostile::answers("205 Reset", "", "body")},
      {.name = "a HEAD's body", .becomes = all(right),
       .does = hostile::sends([](const right_answer& a) { return a.head(a.length()) + a.body; })},
      {.name = "gzip that nobody asked for", .becomes = all(other, {{put, right}, {listing, malformed}, {complete, malformed}}),
       .does = hostile::sends([](const right_answer& a) {
         const std::string zipped("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
         return a.head("Content-Encoding: gzip\r\nContent-Length: 10\r\n") + (a.bodiless ? std::string{} : zipped);
       })},
      {.name = "a checksum of other bytes",
       .becomes = all(right, {{to_memory, "integrity"}, {to_sink, "integrity +"}, {to_file, "integrity"}}),
       .does = hostile::with_fields("x-amz-checksum-crc32: AAAAAA==\r\n")},
      {.name = "a checksum that is none",
       .becomes = all(right, {{to_memory, "integrity"}, {to_sink, "integrity +"}, {to_file, "integrity"}}),
       .does = hostile::with_fields("x-amz-checksum-crc32: \x01\r\n")},
      {.name = "200 with an error", .becomes = all(other, {{put, "server"}, {listing, "server"}, {complete, "server"}}),
       .does = hostile::answers("200 OK", "", "<Error><Code>InternalError</Code><Message>no</Message></Error>")},
      {.name = "200 with an error of 200 KB", .becomes = all(other, {{put, denied}, {listing, denied}, {complete, denied}}),
       .does = hostile::answers("200 OK", "", error_of("AccessDenied", 200'000))},
      {.name = "an error of more than a megabyte", .becomes = all(denied, {{presigned, "status 403"}}),
       .does = hostile::answers("403 No", "", error_of("AccessDenied", 2'000'000))},
      {.name = "a web page", .becomes = all(other, {{put, malformed}, {listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><html><body>Log in</body></html>")},
      {.name = "entities of entities", .becomes = all(other, {{listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "", laughs)},
      {.name = "an entity of a file", .becomes = all(other, {{listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "", outside)},
      {.name = "ten thousand elements deep", .becomes = all(other, {{listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "", deep)},
      {.name = "a document of a megabyte", .becomes = {"too large", other, other, malformed, malformed, malformed, other, other},
       .does = hostile::answers("200 OK", "", many + std::string(300'000, ' ') + "</ListBucketResult>")},
      {.name = "another document", .becomes = all(other, {{listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "", "<ListAllMyBucketsResult/>")},
      {.name = "an empty body", .becomes = all(other, {{listing, malformed}, {complete, malformed}}),
       .does = hostile::answers("200 OK", "", "")},
      {.name = "a wait of an hour", .becomes = all("throttled", {{presigned, "status 503"}}),
       .does = hostile::answers("503 Slow Down", "Retry-After: 3600\r\n", ""), .attempts = 2},
      {.name = "an error again and again", .becomes = all("server", {{presigned, "status 500"}}),
       .does = hostile::answers("500 Oh", "", ""), .attempts = 2, .sends = twice},
  });
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("a hostile server: ranges", "[hostile]") {
  const auto told = [](std::string_view range) {
    return hostile::sends([line = "Content-Range: " + std::string(range) + "\r\n"](const right_answer& a) {
      const right_answer part{"206 Partial Content", "ETag: " + std::string(etag) + "\r\n" + line, a.body, a.bodiless};
      return part.whole();
    });
  };
  try_rows({
      {.name = "206 without being asked", .becomes = reads(mismatch), .does = told("bytes 0-55/56")},
      {.name = "206 without Content-Range, without being asked", .becomes = reads(mismatch),
       .does = hostile::with_status_line("HTTP/1.1 206 Partial Content")},
      {.name = "200 with Content-Range", .becomes = all(right), .does = hostile::with_fields("Content-Range: bytes 4-13/56\r\n")},
      {.name = "other bytes than asked for", .becomes = reads(mismatch), .does = told("bytes 5-14/56"), .ranged = true},
      {.name = "more bytes than Content-Range says", .becomes = reads(mismatch), .does = told("bytes 4-12/56"), .ranged = true},
      {.name = "fewer bytes than Content-Range says", .becomes = reads(mismatch), .does = told("bytes 4-14/56"), .ranged = true},
      {.name = "a range behind the end", .becomes = reads(mismatch), .does = told("bytes 4-13/10"), .ranged = true},
      {.name = "a range that ends before it begins", .becomes = reads(mismatch), .does = told("bytes 13-4/56"), .ranged = true},
      {.name = "a range of 2^64 bytes", .becomes = reads(mismatch),
       .does = told("bytes 0-18446744073709551615/*"), .ranged = true},
      {.name = "a range in another unit", .becomes = reads(mismatch), .does = told("lines 4-13/56"), .ranged = true},
      {.name = "a range that is none", .becomes = reads(mismatch), .does = told("bytes x-y/z"), .ranged = true},
      {.name = "two ranges, the first another one", .becomes = reads(mismatch),
       .does = told("bytes 5-14/56\r\nContent-Range: bytes 4-13/56"), .ranged = true},
      {.name = "206 without Content-Range", .becomes = {mismatch, mismatch, mismatch, other, right, right, other, right},
       .does = hostile::sends([](const right_answer& a) {
         const right_answer part{"206 Partial Content", {}, a.body, a.bodiless};
         return part.whole();
       }), .ranged = true},
      {.name = "the whole object", .becomes = {mismatch, mismatch, mismatch, right, malformed, malformed, other, other},
       .does = hostile::sends([](const right_answer& a) {
         const right_answer all{"200 OK", "ETag: " + std::string(etag) + "\r\n", std::string(object), a.bodiless};
         return all.whole();
       }), .ranged = true},
      {.name = "several ranges", .becomes = {mismatch, mismatch, mismatch, other, malformed, malformed, other, other},
       .does = hostile::answers("206 Partial Content", "Content-Type: multipart/byteranges; boundary=b\r\n",
                                "--b\r\n\r\nx\r\n--b--"),
       .ranged = true},
  });
}

TEST_CASE("a hostile server: second attempts", "[hostile]") {
  // The first connection breaks, and the second, or third, gives another answer.
  const auto then = [](hostile::play first, hostile::play second, hostile::play third = {}) -> hostile::play {
    return [=](peer& p, const right_answer& a) {
      const auto& now = p.number() == 0 ? first : p.number() == 1 || !third ? second : third;
      return now(p, a);
    };
  };
  const auto no_answer = hostile::sends_and_closes(nothing);
  const auto half_body = hostile::sends_and_closes([](const right_answer& a) { return a.head(a.length()) + half(a.sent()); });
  const auto honest = hostile::sends([](const right_answer& a) { return a.whole(); });
  const auto rest = [](std::string_view range, std::string_view tag) {
    return hostile::sends([=](const right_answer& a) {
      const right_answer part{.status = "206 Partial Content",
                              .fields = "ETag: " + std::string(tag) + "\r\nContent-Range: bytes " + std::string(range) + "\r\n",
                              .body = a.body.substr(a.body.size() / 2)};
      return part.whole();
    });
  };
  try_rows({
      {.name = "the first answer is lost", .becomes = all(right, {{presigned, lost}}),
       .does = then(no_answer, honest), .attempts = 2, .sends = twice},
      {.name = "every answer is lost", .becomes = all(lost), .does = then(no_answer, no_answer), .attempts = 2, .sends = twice},
  });
  // Only of a read is there a rest. (HEAD and PUT have what they need after the first answer.)
  try_rows({
      {.name = "the rest comes", .becomes = {right, right, right},
       .does = then(half_body, rest("28-55/56", etag)), .attempts = 2, .sends = twice, .only_reads = true},
      {.name = "another part comes as the rest", .becomes = {lost, "connection lost +", lost},
       .does = then(half_body, rest("27-54/56", etag)), .attempts = 2, .sends = twice, .only_reads = true},
      {.name = "the rest of another object", .becomes = {right, "object changed +", right},
       .does = then(half_body, rest("28-55/56", "\"another\""), honest), .attempts = 2, .sends = {3, 2, 3}, .only_reads = true},
      {.name = "the whole comes again", .becomes = {right, "connection lost +", right},
       .does = then(half_body, honest), .attempts = 2, .sends = twice, .only_reads = true},
      {.name = "half comes again", .becomes = {lost, "connection lost +", lost},
       .does = then(half_body, half_body), .attempts = 2, .sends = twice, .only_reads = true},
      {.name = "the rest is a web page", .becomes = {other, "connection lost +", other},
       .does = then(half_body, hostile::answers("200 OK", "", "<html>Log in</html>")),
       .attempts = 2, .sends = twice, .only_reads = true},
      {.name = "the rest is nothing", .becomes = {malformed, "malformed response +", malformed},
       .does = then(half_body, hostile::answers("204 No Content", "", "")), .attempts = 2, .sends = twice, .only_reads = true},
  });
}
