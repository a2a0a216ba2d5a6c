// Are the parts of an upload sent beside each other, within what the caller allows, and is every end of it a clean one?
#include <atomic>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>

#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <s3store/transfer/upload.hpp>
#include <s3store/transports/scripted.hpp>

using namespace s3store;

namespace {

constexpr std::uint64_t part = min_part_size;

struct scripted_policies : default_policies {
  using transport = scripted_transport;
  using clock = manual_clock;
  using sleeper = recording_sleeper;
  using credentials = auth::static_credentials;
};
/// Makes no loops, so a client runs an upload's calls one after another.
struct plain_transport {
  scripted_transport behind;
  http::outcome perform(http::exchange x) { return behind.perform(std::move(x)); }
};
struct plain_policies : scripted_policies {
  using transport = plain_transport;
};
static_assert(!http::makes_loops<plain_transport> && http::makes_loops<scripted_transport>);

std::string bytes_of(std::size_t n, std::uint32_t seed = 1) {
  std::string out(n, '\0');
  for (char& c : out) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return out;
}
std::string crc64(std::string_view bytes) {
  crypto::checksum c{crypto::checksum_algorithm::crc64nvme};
  c.update(detail::as_bytes(bytes));
  return c.base64();
}

/// A server that takes uploads in parts. It keeps what it is sent (unsigned, without chunks), and can be told to fail.
struct parts_server {
  manual_clock clock{};
  scripted_transport transport{clock};
  std::map<int, std::string> parts{};
  std::string object{};
  std::vector<std::string> seen{};
  std::function<std::optional<scripted_reply>(const recorded_request&, const std::string& what)> instead{};

  parts_server() {
    transport.compute([this](const recorded_request& r) { return answer(r); }, true);
  }
  template <class P = scripted_policies>
  basic_client<P> client() {
    settings s{.endpoint = "https://s3.test"};
    s.profile.aws_chunked = false;
    typename P::transport to = [this] {
      if constexpr (std::same_as<typename P::transport, scripted_transport>) {
        return transport;
      } else {
        return plain_transport{transport};
      }
    }();
    return basic_client<P>{s, {.transport = to, .credentials = auth::static_credentials{"AKID", "secret"}, .clock = clock, .sleeper = recording_sleeper{clock}}};
  }

 private:
  scripted_reply answer(const recorded_request& r) {
    const auto mark = r.url.find('?');
    const std::string what = std::string(to_string(r.verb)) + (mark == std::string::npos ? "" : " " + r.url.substr(mark + 1));
    seen.push_back(what);
    if (instead)
      if (auto other = instead(r, what)) return std::move(*other);
    if (what == "POST uploads") return {.body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"};
    if (what.starts_with("PUT partNumber=")) {
      const int n = std::stoi(what.substr(15));
      parts[n] = r.body;
      return {.head = {200, {{"ETag", "\"" + std::to_string(n) + "\""}}}};
    }
    if (what.starts_with("GET uploadId=")) return {.body = listing()};
    if (what == "DELETE uploadId=u") return {.head = {204, {}}};
    if (what == "POST uploadId=u") {
      for (const auto& [n, bytes] : parts) object += bytes;
      return {.body = "<CompleteMultipartUploadResult><ETag>\"e-2\"</ETag></CompleteMultipartUploadResult>"};
    }
    return {.head = {501, {}}};
  }
  std::string listing() const {
    std::string out = "<ListPartsResult><IsTruncated>false</IsTruncated>";
    for (const auto& [n, bytes] : parts)
      out += "<Part><PartNumber>" + std::to_string(n) + "</PartNumber><ETag>\"" + std::to_string(n) + "\"</ETag><Size>" + std::to_string(bytes.size()) +
             "</Size><ChecksumCRC64NVME>" + crc64(bytes) + "</ChecksumCRC64NVME></Part>";
    return out + "</ListPartsResult>";
  }
};

upload_request request_of(const std::string& body, upload_request r = {}) {
  r.object.bucket = "b";
  r.object.key = "k";
  r.object.body = http::body::borrow(body);
  r.part_size = part;
  return r;
}
std::string refusal(const char* code) { return "<Error><Code>" + std::string(code) + "</Code><Message>no</Message></Error>"; }

}  // namespace

TEST_CASE("parts arrive whole, beside each other or one after another", "[transfer]") {
  const std::string body = bytes_of(7 * part + 123);
  for (const std::size_t in_flight : {0u, 1u, 3u, 100u}) {
    parts_server server;
    const auto out = upload(server.client(), request_of(body, {.in_flight = in_flight}));
    if (!out) FAIL(out.error().describe());
    CHECK(out->parts == 8);
    CHECK(server.object == body);
  }
  parts_server server;
  const auto out = upload(server.client<plain_policies>(), request_of(body));
  REQUIRE(out);
  CHECK(server.object == body);
}

TEST_CASE("of a source that is read from start to end, no more is read ahead than the memory allows", "[transfer]") {
  const std::string body = bytes_of(9 * part + 77);
  for (const bool knows_size : {true, false}) {
    for (const std::uint64_t memory : {part, 2 * part + 5, 100 * part}) {
      CAPTURE(knows_size, memory);
      parts_server server;
      std::size_t at = 0, most_ahead = 0, arrived = 0;
      server.instead = [&](const recorded_request& r, const std::string& what) -> std::optional<scripted_reply> {
        if (what.starts_with("PUT partNumber=")) {
          most_ahead = (std::max)(most_ahead, at - arrived);
          arrived += r.body.size();
        }
        return std::nullopt;
      };
      http::function_source from{[&](std::span<std::byte> into) {
                                   const auto n = (std::min)(into.size(), body.size() - at);
                                   std::copy_n(detail::as_bytes(body).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
                                   at += n;
                                   return n;
                                 },
                                 knows_size ? std::optional<std::uint64_t>{body.size()} : std::nullopt};
      upload_request r{.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part, .memory = memory};
      const auto out = upload(server.client(), r);
      if (!out) FAIL(out.error().describe());
      CHECK(server.object == body);
      CHECK(most_ahead <= memory);
      CHECK(most_ahead >= (std::min)(memory, 8 * part) - part);
    }
  }
}

TEST_CASE("a part that does not fit into the memory is sent straight from the source, or refused", "[transfer]") {
  const std::string body = bytes_of(2 * part + 77);
  std::size_t at = 0;
  const auto read = [&](std::span<std::byte> into) {
    const auto n = (std::min)(into.size(), body.size() - at);
    std::copy_n(detail::as_bytes(body).begin() + static_cast<std::ptrdiff_t>(at), n, into.begin());
    at += n;
    return n;
  };
  parts_server server;
  const auto rewind = [&](std::uint64_t to) { return at = static_cast<std::size_t>(to), true; };
  SECTION("straight") {
    http::function_source from{read, std::uint64_t{body.size()}, rewind};
    std::uint64_t last = 0;
    const auto out = upload(server.client(), {.object = {.bucket = "b", .key = "k", .body = from},
                                              .part_size = part,
                                              .memory = part - 1,
                                              .progress = [&last](std::uint64_t done, std::uint64_t) { last = done; }});
    if (!out) FAIL(out.error().describe());
    CHECK(server.object == body);
    CHECK(last == body.size());
  }
  SECTION("refused, with both numbers") {
    http::function_source from{read};
    const auto out = upload(server.client(), {.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part, .memory = 1000});
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
    CHECK(out.error().message.find("5242880") != std::string::npos);
    CHECK(out.error().message.find("1000") != std::string::npos);
    CHECK(server.seen.empty());
    CHECK(at == 0);
  }
}

TEST_CASE("parts of a source of unknown size grow as they go, as far as the memory allows", "[transfer]") {
  http::function_source endless{[](std::span<std::byte> into) { return into.size(); }};
  const put_object_request object{.bucket = "b", .key = "k", .body = endless};
  detail::upload_body_reader body;
  REQUIRE(body.open(object, part, 3 * part));
  std::uint64_t all = 0;
  for (std::size_t n = 0; n != max_parts; ++n) {
    REQUIRE(body.more().value());
    CHECK(body.most_at_once() == (n < 1000 ? 3u : 1u));
    auto piece = body.take();
    CHECK(piece.start == all);
    CHECK(piece.length == part * (std::min)(std::uint64_t{3}, 1 + n / 1000));
    all += piece.length;
    body.give_back(std::move(piece.held));
  }
  CHECK(body.too_many_parts().message.find(std::to_string(3 * part)) != std::string::npos);
}

TEST_CASE("a part that fails for good stops the others, and then the upload is aborted", "[transfer]") {
  const std::string body = bytes_of(20 * part);
  parts_server server;
  server.instead = [](const recorded_request&, const std::string& what) -> std::optional<scripted_reply> {
    if (!what.starts_with("PUT partNumber=3&")) return std::nullopt;
    return scripted_reply{.head = {403, {}}, .body = refusal("AccessDenied")};
  };
  const auto out = upload(server.client(), request_of(body, {.in_flight = 4}));
  REQUIRE_FALSE(out);
  CHECK(out.error().code == "AccessDenied");
  CHECK(out.error().operation == "UploadPart");
  CHECK(server.seen.back() == "DELETE uploadId=u");
  CHECK(server.parts.size() == 2);  // those that were in flight beside it, and behind it, were stopped before they were sent
  CHECK(server.object.empty());
}

TEST_CASE("a caller may stop an upload at any moment, and nothing is left", "[transfer]") {
  const std::string body = bytes_of(4 * part);
  for (int moment = 0; moment != 7; ++moment) {
    parts_server server;
    cancel_source stop;
    int at = 0;
    server.instead = [&](const recorded_request&, const std::string&) -> std::optional<scripted_reply> {
      if (at++ == moment) stop.cancel();
      return std::nullopt;
    };
    const auto out = upload(server.client(), request_of(body, {.in_flight = 2}), {.stop = stop.token()});
    CAPTURE(moment, server.seen);
    if (moment < 5) {
      REQUIRE_FALSE(out);
      CHECK(out.error().kind == error_kind::cancelled);
      CHECK(server.object.empty());
      // If the answer to CreateMultipartUpload was not read, nobody knows the upload's id, and the error says so.
      CHECK((server.seen.back() == "DELETE uploadId=u") == (moment != 0));
      if (moment == 0) CHECK(out.error().message.find("may have begun") != std::string::npos);
    } else if (moment == 5) {  // the completion may have taken effect; then the abort finds no upload
      REQUIRE_FALSE(out);
      CHECK(out.error().kind == error_kind::cancelled);
      CHECK(server.seen.back() == "DELETE uploadId=u");
    } else {
      CHECK(out);
    }
  }
}

TEST_CASE("a file that changes while it is sent is never completed", "[transfer]") {
  const testing_support::scratch_folder folder;
  const std::string path = folder.path() + "/file", body = bytes_of(3 * part);
  const auto change = GENERATE("grows", "shrinks", "is written to");
  CAPTURE(change);
  std::ofstream{path, std::ios::binary} << body;
  parts_server server;
  server.instead = [&](const recorded_request&, const std::string& what) -> std::optional<scripted_reply> {
    if (!what.starts_with("PUT partNumber=2&")) return std::nullopt;
    const std::string_view how = change;
    if (how == "grows") std::ofstream{path, std::ios::app} << "more";
    if (how == "shrinks") std::filesystem::resize_file(path, part);
    if (how == "is written to") {
      std::fstream{path, std::ios::in | std::ios::out | std::ios::binary} << "other";
      std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds{1});
    }
    return std::nullopt;
  };
  const auto out = upload_file(server.client(), path, {.object = {.bucket = "b", .key = "k"}, .part_size = part, .in_flight = 1});
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::io);
  CHECK(out.error().message.find(path) != std::string::npos);
  CHECK(server.object.empty());
  CHECK(server.seen.back() == "DELETE uploadId=u");
}

TEST_CASE("an upload goes on where it ended, by its token", "[transfer]") {
  const std::string body = bytes_of(5 * part + 9);
  parts_server server;
  std::string token;
  upload_request first = request_of(body, {.in_flight = 1, .on_resume_token = [&token](const std::string& t) { token = t; }});
  server.instead = [](const recorded_request&, const std::string& what) -> std::optional<scripted_reply> {
    if (!what.starts_with("PUT partNumber=3&")) return std::nullopt;
    return scripted_reply{.head = {403, {}}, .body = refusal("AccessDenied")};
  };
  const auto failed = upload(server.client(), first);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("can go on") != std::string::npos);
  CHECK(server.seen.back().starts_with("PUT"));  // and was not aborted
  REQUIRE(token.find("\"upload_id\":\"u\"") != std::string::npos);
  CHECK(token.find("secret") == std::string::npos);
  server.instead = nullptr;
  server.seen.clear();

  SECTION("and sends only what is missing") {
    std::vector<std::uint64_t> heard;
    auto r = request_of(body, {.progress = [&heard](std::uint64_t done, std::uint64_t) { heard.push_back(done); }, .resume_token = token});
    const auto out = upload(server.client(), r);
    if (!out) FAIL(out.error().describe());
    CHECK(out->parts == 6);
    CHECK(out->resumed == 2);
    CHECK(server.object == body);
    CHECK(server.seen.front().starts_with("GET"));
    CHECK(server.seen.size() == 6);
    CHECK(heard.front() == part);
    CHECK(heard.back() == body.size());
  }
  SECTION("in parts of the size that they had") {
    auto r = request_of(body, {.resume_token = token});
    r.part_size = 2 * part;
    REQUIRE(upload(server.client(), r));
    CHECK(server.object == body);
  }
  SECTION("and a part that is there without a checksum is sent again") {
    server.instead = [](const recorded_request&, const std::string& what) -> std::optional<scripted_reply> {
      if (!what.starts_with("GET")) return std::nullopt;
      return scripted_reply{.body = "<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>\"1\"</ETag><Size>5242880</Size></Part></ListPartsResult>"};
    };
    const auto out = upload(server.client(), request_of(body, {.resume_token = token}));
    REQUIRE(out);
    CHECK(out->resumed == 0);
    CHECK(server.object == body);
  }
  const auto refused = [&](upload_request r, const char* why) {
    const auto out = upload(server.client(), r);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::invalid_argument);
    CAPTURE(out.error().message);
    CHECK(out.error().message.find(why) != std::string::npos);
    for (const auto& what : server.seen) CHECK(what.starts_with("GET"));  // nothing is sent or aborted
  };
  SECTION("but not with another body") {
    std::string other = body;
    other[part + 1] ^= 1;
    refused(request_of(other, {.resume_token = token}), "part 2");
  }
  SECTION("nor with a longer one") { refused(request_of(body + "x", {.resume_token = token}), "has 26214410"); }
  SECTION("nor for another object") {
    auto r = request_of(body, {.resume_token = token});
    r.object.key = "other";
    refused(r, "another object");
  }
  SECTION("nor from a source that is read from start to end") {
    http::function_source from{[](std::span<std::byte>) { return std::size_t{0}; }, std::uint64_t{body.size()}};
    refused({.object = {.bucket = "b", .key = "k", .body = from}, .part_size = part, .memory = 1, .resume_token = token}, "neither a file");
  }
  SECTION("nor with what is no token") { refused(request_of(body, {.resume_token = "{}"}), "no resume token"); }
}

TEST_CASE("a resume token holds any key", "[transfer]") {
  std::string key;
  for (int c = 1; c != 256; ++c) key += static_cast<char>(c);
  const upload_token token{.bucket = "b", .key = key, .upload_id = "a/b+c=\"", .size = 7, .part_size = part, .checksum_algorithm = crypto::checksum_algorithm::crc32c};
  const auto back = upload_token::parse(token.to_json());
  REQUIRE(back);
  CHECK(back->key == key);
  CHECK(back->upload_id == token.upload_id);
  CHECK(back->size == 7);
  CHECK(back->part_size == part);
  CHECK(back->checksum_algorithm == crypto::checksum_algorithm::crc32c);
  for (const char* const wrong : {"", "[]", "{\"s3store_upload\":2}", "{\"s3store_upload\":1}",
                                  "{\"s3store_upload\":1,\"bucket\":\"b\",\"key\":\"%\",\"upload_id\":\"u\",\"size\":1,\"part_size\":5242880}",
                                  "{\"s3store_upload\":1,\"bucket\":\"b\",\"key\":\"k\",\"upload_id\":\"u\",\"size\":-1,\"part_size\":5242880}",
                                  "{\"s3store_upload\":1,\"bucket\":\"b\",\"key\":\"k\",\"upload_id\":\"u\",\"size\":1,\"part_size\":1}",
                                  "{\"s3store_upload\":1,\"bucket\":\"b\",\"key\":\"k\",\"upload_id\":\"u\",\"size\":1,\"part_size\":5242880,"
                                  "\"checksum_algorithm\":\"X\"}"})
    CHECK(upload_token::parse(wrong).error().kind == error_kind::invalid_argument);
}
