// Does an answer that is a stream of events become a response, once and whole, or an error?
#include "support/harness.hpp"

#include <s3store/operations/retrieval.hpp>
#include <s3store/transports/embedded/serve.hpp>

using namespace s3store;

namespace {

using path = wire::event_path<select_object_content_response>;

std::string event(std::string_view type, std::string_view payload = {}) {
  std::string out;
  wire::append_event_message(out, {{{":message-type", "event"}, {":event-type", type}}, payload});
  return out;
}
std::string failing(std::string_view code, std::string_view message) {
  std::string out;
  wire::append_event_message(out, {{{":message-type", "error"}, {":error-code", code}, {":error-message", message}}, {}});
  return out;
}
std::string stats(int scanned) {
  return event("Stats", R"(<?xml version="1.0" encoding="UTF-8"?><Stats><BytesScanned>)" + std::to_string(scanned) +
                            "</BytesScanned><BytesProcessed>2</BytesProcessed><New/><BytesReturned>3</BytesReturned></Stats>");
}
std::string progress(int scanned) {
  return event("Progress", "<Progress xmlns=\"\"><BytesScanned>" + std::to_string(scanned) + "</BytesScanned></Progress>");
}
const std::string records_a = event("Records", "a,1\n"), records_b = event("Records", "b,2\n"), end = event("End");
const std::string whole = records_a + event("Cont") + progress(5) + records_b + progress(9) + stats(9) + end;

const select_object_content_request query{.bucket = "b",
                                          .key = "k",
                                          .expression = "SELECT * FROM S3Object s WHERE s._1 < '2'",
                                          .expression_type = types::expression_type::sql,
                                          .input_serialization = {.csv = types::csv_input{}},
                                          .output_serialization = {.csv = types::csv_output{}}};

result<select_object_content_response> decoded(std::string body) {
  const headers none;
  wire::received_answer from{.status = 200, .fields = &none, .body = &body};
  return decode<select_object_content_request>(from);
}

/// Takes everything and gives nothing back.
struct one_way {
  std::string got{};
  void operator()(std::span<const std::byte> bytes) { got.append(detail::as_text(bytes)); }
};

}  // namespace

TEST_CASE("a stream that is no result", "[events]") {
  for (const std::string& body : {std::string{}, records_a, records_a + stats(1), event("Ended")}) {
    const auto out = decoded(body);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(out.error().message == "the event stream ends without its event End");
  }
  for (const std::string& body : {whole + "x", records_a + end.substr(0, end.size() - 1)})
    CHECK(decoded(body).error().message == "the event stream ends within a message");
  for (const std::string& body :
       {std::string("<Error><Code>InternalError</Code></Error>"), std::string("<html><body>Sign in</body></html>"), std::string(16, '\0')})
    CHECK(decoded(body).error().kind == error_kind::integrity);
  std::string harmed = whole;
  harmed[records_a.size() - 6] ^= 1;
  CHECK(decoded(harmed).error().kind == error_kind::integrity);
}

TEST_CASE("an event whose payload cannot be read", "[events]") {
  for (const std::string_view payload :
       {"", "x", "<Stats>", "<Progress/>", "<html/>", "<Stats><BytesScanned>many</BytesScanned></Stats>",
        "<Stats><BytesScanned>99999999999999999999</BytesScanned></Stats>", "<Stats><BytesScanned>1.5</BytesScanned></Stats>"}) {
    const auto out = decoded(event("Stats", payload) + end);
    CAPTURE(payload);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::malformed_response);
    CHECK(out.error().message.starts_with("the event Stats: "));
  }
  CHECK_FALSE(decoded(event("Stats", "<Stats><BytesScanned/></Stats>") + end)->stats->bytes_scanned);
}

TEST_CASE("events of a response", "[events]") {
  const auto out = decoded(event("NewEvent", "?") + whole);
  REQUIRE(out);
  CHECK(out->records == "a,1\nb,2\n");
  REQUIRE(out->stats);
  CHECK(out->stats->bytes_scanned == 9);
  CHECK(out->stats->bytes_processed == 2);
  CHECK(out->stats->bytes_returned == 3);
  REQUIRE(out->progress);
  CHECK(out->progress->bytes_scanned == 9);  // the last
  CHECK_FALSE(out->progress->bytes_returned);
  CHECK(out->cont);
  const auto least = decoded(end);
  REQUIRE(least);
  CHECK(least->records.empty());
  CHECK_FALSE(least->stats);
  CHECK_FALSE(least->cont);
}

TEST_CASE("events are the same however the bytes come", "[events]") {
  for (std::size_t piece = 1; piece <= whole.size(); ++piece) {
    one_way into;
    http::function_sink sink{[&](auto bytes) { into(bytes); }};
    path p{&sink};
    for (std::size_t at = 0; at < whole.size(); at += piece) REQUIRE(p.write(detail::as_bytes(std::string_view{whole}.substr(at, piece))));
    const headers none;
    wire::received_answer from{.status = 200, .fields = &none};
    const auto out = p.decoded(from);
    REQUIRE(out);
    CHECK(into.got == "a,1\nb,2\n");
    CHECK(out->records.empty());
    CHECK(out->stats->bytes_scanned == 9);
  }
}

TEST_CASE("a query is sent, and its records come", "[events]") {
  test::world<> w{EACH_DRIVER};
  w.server.answer(200, {{"x-amz-request-id", "id"}}, whole).answer(200, {}, whole);
  one_way into;
  const auto streamed = w.send(query, into);
  REQUIRE(streamed);
  CHECK(into.got == "a,1\nb,2\n");
  CHECK(streamed->records.empty());
  CHECK(streamed->stats->bytes_scanned == 9);
  CHECK(streamed.meta().request_id() == "id");
  const auto collected = w.send(query);
  REQUIRE(collected);
  CHECK(collected->records == "a,1\nb,2\n");
  const auto sent = w.sent();
  CHECK(sent.verb == http::method::post);
  CHECK(test::url_parts{sent.url}.query == "select&select-type=2");
  CHECK(sent.body ==
        "<SelectObjectContentRequest xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Expression>SELECT * FROM S3Object s WHERE s._1 &lt; "
        "'2'</Expression><ExpressionType>SQL</ExpressionType><InputSerialization><CSV/></InputSerialization><OutputSerialization><CSV/>"
        "</OutputSerialization></SelectObjectContentRequest>");
}

TEST_CASE("the client's own functions", "[events]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, whole).answer(200, {}, whole).answer(200, {}, whole);
  CHECK(w.client().select_object_content(query)->records == "a,1\nb,2\n");
  std::string got;
  CHECK(w.client().select_object_content(query, [&got](std::span<const std::byte> b) { got.append(detail::as_text(b)); })->records.empty());
  CHECK(got == "a,1\nb,2\n");
  http::string_sink sink{got};
  CHECK(w.client().select_object_content(query, sink, {.max_attempts = 1}));
  CHECK(got.size() == 16);
}

TEST_CASE("an error in the stream is the call's", "[events]") {
  const auto by = EACH_DRIVER;
  SECTION("a code and a text") {
    test::world<> w{by};
    w.server.answer(200, {{"x-amz-request-id", "id"}}, records_a + failing("CSVParsingError", "line 2 is no CSV") + end);
    one_way into;
    const auto out = w.send(query, into);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::bad_request);
    CHECK(out.error().code == "CSVParsingError");
    CHECK(out.error().message == "line 2 is no CSV");
    CHECK(out.error().status == 200);
    CHECK(out.error().request_id == "id");
    CHECK(out.error().attempts == 1);
    CHECK(out.error().bucket == "b");
    CHECK(into.got == "a,1\n");
  }
  SECTION("an exception") {
    test::world<> w{by};
    std::string stream;
    wire::append_event_message(stream, {{{":message-type", "exception"}, {":exception-type", "AccessDenied"}}, "no"});
    w.server.answer(200, {}, stream);
    const auto out = w.send(query);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::access_denied);
    CHECK(out.error().code == "AccessDenied");
    CHECK(out.error().message == "no");
  }
  SECTION("with nothing in it") {
    test::world<> w{by};
    std::string stream;
    wire::append_event_message(stream, {{{":message-type", "error"}}, {}});
    w.server.answer(200, {}, stream);
    const auto out = w.send(query);
    REQUIRE_FALSE(out);
    CHECK(out.error().kind == error_kind::bad_request);
    CHECK_FALSE(out.error().message.empty());
  }
  SECTION("before the stream: an answer like any other") {
    test::world<> w{by};
    w.server.answer(400, {}, "<Error><Code>InvalidTextEncoding</Code><Message>UTF-8 is due</Message></Error>");
    const auto out = w.send(query);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == "InvalidTextEncoding");
    CHECK(out.error().status == 400);
  }
}

TEST_CASE("a stream that breaks is taken from the start or not at all", "[events]") {
  const auto by = EACH_DRIVER;
  const auto breaks = [](auto& server, int how) {
    // An ETag is none that a stream of events could be continued with.
    const headers head{{"ETag", "\"e\""}};
    const std::string part = records_a + stats(1);
    if (how == 0) server.cut(200, head, part + end, part.size());
    if (how == 1) server.cut(200, head, whole, records_a.size() + 9);
    if (how == 2) server.answer(200, head, part + failing("InternalError", "try again") + end);
    if (how == 3) server.answer(200, head, part + "0123456789abcdef" + end);
  };
  for (int how = 0; how != 4; ++how) {
    CAPTURE(how);
    {
      INFO("what is collected can be forgotten");
      test::world<> w{by};
      breaks(w.server, how);
      w.server.answer(200, {}, event("Records", "c\n") + end);
      const auto out = w.send(query);
      REQUIRE(out);
      CHECK(out->records == "c\n");
      CHECK_FALSE(out->stats);
      CHECK(out.meta().attempts == 2);
      CHECK(w.header("range", 1).empty());
      CHECK(w.header("if-match", 1).empty());
    }
    {
      INFO("so can what a sink takes back");
      test::world<> w{by};
      breaks(w.server, how);
      w.server.answer(200, {}, whole);
      std::string got;
      http::string_sink into{got};
      REQUIRE(w.send(query, into));
      CHECK(got == "a,1\nb,2\n");
    }
    {
      INFO("nothing is delivered twice");
      test::world<> w{by};
      breaks(w.server, how);
      w.server.answer(200, {}, whole);
      one_way into;
      const auto out = w.send(query, into);
      REQUIRE_FALSE(out);
      CHECK(out.error().kind == (how < 2 ? error_kind::connection_lost : how == 2 ? error_kind::server : error_kind::integrity));
      CHECK(into.got == "a,1\n");
      CHECK(w.server.left() == 1);
    }
  }
  {
    INFO("what came held no records yet");
    test::world<> w{by};
    w.server.cut(200, {}, progress(1) + whole, progress(1).size() + 20).answer(200, {}, whole);
    one_way into;
    const auto out = w.send(query, into);
    REQUIRE(out);
    CHECK(into.got == "a,1\nb,2\n");
  }
}

TEST_CASE("a sink that fails, or throws, ends the call", "[events]") {
  const auto by = EACH_DRIVER;
  test::world<> w{by};
  w.server.answer(200, {}, whole).answer(200, {}, whole);
  std::string little;
  http::string_sink small{little, 5};
  const auto out = w.send(query, small);
  REQUIRE_FALSE(out);
  CHECK(out.error().kind == error_kind::too_large);
  CHECK(w.server.left() == 1);
  CHECK_THROWS_AS(w.send(query, [](std::span<const std::byte>) { throw 7; }), int);
  CHECK(w.server.left() == 0);
}

TEST_CASE("what a server writes, a client reads", "[events]") {
  select_object_content_response out{.records = std::string((2u << 20) + 5, 'r'),
                                     .stats = types::stats{.bytes_scanned = 1, .bytes_returned = 3},
                                     .progress = types::progress{.bytes_processed = 2},
                                     .cont = types::continuation_event{}};
  auto answer = s3store::embedded::encode_response<select_object_content_request>(std::move(out));
  REQUIRE(answer);
  const auto back = decoded(answer->body);
  REQUIRE(back);
  CHECK(back->records == std::string((2u << 20) + 5, 'r'));
  CHECK(back->stats->bytes_scanned == 1);
  CHECK_FALSE(back->stats->bytes_processed);
  CHECK(back->progress->bytes_processed == 2);
  CHECK(back->cont);
}
