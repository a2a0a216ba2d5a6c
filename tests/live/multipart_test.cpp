// Uploads in parts: made whole, refused and thrown away, on every server.
#include "support/live.hpp"

using namespace s3store;

namespace {
std::string part_of(char c, std::size_t size) { return std::string(size, c); }
constexpr std::size_t five_mib = 5u << 20;
}  // namespace

TEST_CASE("an upload in parts becomes one object", "[live][multipart]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto started = live::must(c.create_multipart_upload({.bucket = b, .key = "big file", .content_type = "application/x-big", .metadata = {{"a", "1"}}}));
    REQUIRE(!started.upload_id.empty());
    const std::string id = started.upload_id;

    types::completed_multipart_upload parts;
    const std::string contents[] = {part_of('a', five_mib), part_of('b', 1000)};
    for (std::int32_t n = 1; n <= 2; ++n) {
      const auto sent = live::must(c.upload_part(
          {.bucket = b, .key = "big file", .body = http::body::borrow(contents[n - 1]), .part_number = n, .upload_id = id}));
      parts.parts.push_back({.etag = sent.etag, .part_number = n});
    }

    const auto listed = live::must(c.list_parts({.bucket = b, .key = "big file", .upload_id = id}));
    REQUIRE(listed.parts.size() == 2);
    CHECK(listed.parts[0].size == five_mib);
    CHECK(listed.parts[1].etag == parts.parts[1].etag);
    int paged = 0;
    for (auto& p : c.items(list_parts_request{.bucket = b, .key = "big file", .upload_id = id, .max_parts = 1})) paged += *p.part_number;
    CHECK(paged == 3);
    // MinIO lists uploads by exact key or not at all
    const auto uploads = live::must(c.list_multipart_uploads({.bucket = b, .prefix = "big file"}));
    REQUIRE(uploads.uploads.size() == 1);
    CHECK(uploads.uploads[0].upload_id == id);
    CHECK(uploads.uploads[0].key == "big file");

    const auto whole = live::must(c.complete_multipart_upload({.bucket = b, .key = "big file", .upload_id = id, .multipart_upload = parts}));
    REQUIRE(!whole.etag.empty());
    CHECK(whole.etag.find("-2") != std::string::npos);

    const auto got = live::must(c.get_object({.bucket = b, .key = "big file"}));
    CHECK((got.body == contents[0] + contents[1]));
    CHECK(got.content_type == "application/x-big");
    CHECK(got.metadata.value_or_empty("a") == "1");
    const auto second = live::must(c.get_object({.bucket = b, .key = "big file", .part_number = 2}));
    CHECK((second.body == contents[1]));
  }
}

TEST_CASE("a part is copied out of an object", "[live][multipart]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    live::must(c.put_object({.bucket = b, .key = "source +%", .body = "0123456789"}));
    const std::string id = live::must(c.create_multipart_upload({.bucket = b, .key = "k"})).upload_id;
    const auto copied = live::must(c.upload_part_copy({.bucket = b,
                                                       .key = "k",
                                                       .copy_source = {b, "source +%"},
                                                       .part_number = 1,
                                                       .upload_id = id,
                                                       .copy_source_range = "bytes=2-5"}));
    REQUIRE(copied.copy_part_result.has_value());
    REQUIRE(!copied.copy_part_result->etag.empty());
    live::must(c.complete_multipart_upload(
        {.bucket = b, .key = "k", .upload_id = id, .multipart_upload = types::completed_multipart_upload{{{.etag = copied.copy_part_result->etag, .part_number = 1}}}}));
    CHECK(live::must(c.get_object({.bucket = b, .key = "k"})).body == "2345");
  }
}

TEST_CASE("an upload that breaks the rules", "[live][multipart]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const std::string id = live::must(c.create_multipart_upload({.bucket = b, .key = "k"})).upload_id;
    const auto one = live::must(c.upload_part({.bucket = b, .key = "k", .body = "too small", .part_number = 1, .upload_id = id}));
    const auto two = live::must(c.upload_part({.bucket = b, .key = "k", .body = "the last may be", .part_number = 2, .upload_id = id}));
    const auto complete = [&](types::completed_multipart_upload parts) {
      return c.complete_multipart_upload({.bucket = b, .key = "k", .upload_id = id, .multipart_upload = std::move(parts)});
    };

    const auto small = complete({{{.etag = one.etag, .part_number = 1}, {.etag = two.etag, .part_number = 2}}});
    REQUIRE(!small);
    CHECK(small.error().code == "EntityTooSmall");
    const auto order = complete({{{.etag = two.etag, .part_number = 2}, {.etag = one.etag, .part_number = 1}}});
    REQUIRE(!order);
    CHECK(order.error().code == (t.is("versitygw") ? "EntityTooSmall" : "InvalidPartOrder"));
    const auto wrong = complete({{{.etag = "\"0123456789abcdef0123456789abcdef\"", .part_number = 1}}});
    REQUIRE(!wrong);
    CHECK(wrong.error().code == "InvalidPart");
    CHECK(!c.head_object({.bucket = b, .key = "k"}));

    live::must(c.abort_multipart_upload({.bucket = b, .key = "k", .upload_id = id}));
    const auto gone = c.upload_part({.bucket = b, .key = "k", .body = "x", .part_number = 1, .upload_id = id});
    REQUIRE(!gone);
    CHECK(gone.error().code == "NoSuchUpload");
    const auto parts = c.list_parts({.bucket = b, .key = "k", .upload_id = id});
    REQUIRE(!parts);
    CHECK(parts.error().code == "NoSuchUpload");
  }
}
