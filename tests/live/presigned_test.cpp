// Presigned URLs and forms: used as a stranger would, with nothing but what was signed.
#include "support/stranger.hpp"

using namespace s3store;

using live::raw;

TEST_CASE("a presigned URL does the one thing it was signed for", "[live][presigned]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const std::string key = "shared/a b+c%d.txt";
    const auto up = live::must(c.presign(put_object_request{.bucket = b, .key = key, .content_type = "text/plain"}, std::chrono::seconds{60}));
    CHECK(up.method == http::method::put);
    CHECK(up.fields.value_or_empty("Content-Type") == "text/plain");
    CHECK(raw(t, http::method::put, up.url, up.fields, "by a stranger").first == 200);
    CHECK(raw(t, http::method::put, up.url, {{"Content-Type", "text/html"}}, "x").first == 403);

    const auto down = live::must(c.presign(get_object_request{.bucket = b, .key = key}, std::chrono::seconds{60}));
    CHECK(down.fields.empty());
    CHECK(raw(t, http::method::get, down.url, {}) == std::pair{200, std::string{"by a stranger"}});
    CHECK(raw(t, http::method::get, down.url + "&versionId=null", {}).first == 403);
    std::string other = down.url;
    other.replace(other.find("shared"), 6, "sharef");
    CHECK(raw(t, http::method::get, other, {}).first == 403);
    CHECK(live::must(c.get_object({.bucket = b, .key = key})).content_type == "text/plain");

    const auto named = live::must(c.presign(get_object_request{.bucket = b, .key = key, .response_content_type = "application/x-other"}, std::chrono::seconds{60}));
    CHECK(raw(t, http::method::get, named.url, {}).first == 200);
    CHECK(!c.presign(get_object_request{.bucket = b, .key = key}, std::chrono::seconds{0}));
    CHECK(!c.presign(get_object_request{.bucket = b, .key = key}, std::chrono::hours{24 * 7} + std::chrono::seconds{1}));
  }
}

TEST_CASE("a presigned form takes an upload within its policy", "[live][presigned]") {
  LIVE_TEST(t, c) {
    live::bucket b{c};
    const auto form = live::must(c.presign_post(b.name(), "in/${filename}", std::chrono::seconds{60},
                                                {auth::post_condition::content_length_range(1, 20), auth::post_condition::starts_with("Content-Type", "text/")}));
    const auto post = [&](std::string_view type, std::string_view text) {
      const std::string boundary = "----s3store";
      std::string body;
      const auto field = [&](std::string_view name, std::string_view value) {
        body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"\r\n\r\n").append(value).append("\r\n");
      };
      for (const auto& [name, value] : form.fields) field(name, value);
      field("Content-Type", type);
      body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"me.txt\"\r\n\r\n").append(text).append("\r\n--").append(boundary).append("--\r\n");
      return raw(t, http::method::post, form.url, {{"Content-Type", "multipart/form-data; boundary=" + boundary}}, body).first;
    };
    CHECK(post("text/plain", "within bounds") == 204);
    const std::string stored = t.is("versitygw") ? "in/${filename}" : "in/me.txt";  // it takes the variable for a name
    CHECK(live::must(c.get_object({.bucket = b, .key = stored})).body == "within bounds");
    CHECK(post("image/png", "within bounds") == 403);
    CHECK(post("text/plain", "far more than twenty bytes of text") == 400);
    CHECK(post("text/plain", "") == 400);
  }
}
