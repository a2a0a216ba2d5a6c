// Is a listing walked to its end, lazily, and does it never end too soon without saying so?
#include "support/harness.hpp"

#include <s3store/operations/all.hpp>

using namespace s3store;

namespace {

template <class R>
using pages_of = page_range<basic_client<test::policies>, R>;
template <class R>
using items_of = item_range<basic_client<test::policies>, R>;
static_assert(std::input_iterator<pages_of<list_objects_v2_request>::iterator>);
static_assert(std::input_iterator<items_of<list_objects_v2_request>::iterator>);

std::string v2(std::string_view keys, std::string_view next) {
  std::string out = "<ListBucketResult>";
  for (const char c : keys) out.append("<Contents><Key>").append(1, c).append("</Key></Contents>");
  if (!next.empty()) out.append("<IsTruncated>true</IsTruncated>");
  if (!next.empty() && next != "?") out.append("<NextContinuationToken>").append(next).append("</NextContinuationToken>");
  return out + "</ListBucketResult>";
}
std::string query(test::world<>& w, std::size_t n) { return test::url_parts{w.sent(n).url}.query; }
const list_objects_v2_request list{.bucket = "b", .prefix = "p"};

/// Walks to the end: the number of pages, and of errors among them.
template <class R>
std::pair<int, int> walk(test::world<>& w, const R& r) {
  int pages = 0, errors = 0;
  for (auto& page : w.client().pages(r)) {
    ++pages;
    if (!page) ++errors;
    if (pages > 9) FAIL("the listing does not end");
  }
  return {pages, errors};
}

/// Two pages of an operation: `more` stands in the first one's document, and `asked` in the request for the second.
struct two_pages {
  std::string root{}, item{}, more{}, asked{}, item_end{};
  std::string page(const std::string& rest) const { return "<" + root + ">" + item + rest + item_end + "</" + root + ">"; }
};
template <class R>
void check_pages(const R& r, const two_pages& p) {
  INFO(R::spec.name);
  {
    test::world<> w{test::driver::blocking};
    w.server.answer(200, {}, p.page(p.more)).answer(200, {}, p.page(""));
    std::size_t items = 0;
    for (const auto& item : w.client().items(r)) static_cast<void>(item), ++items;
    CHECK(items == 2);
    CHECK(w.server.left() == 0);
    const auto second = w.sent(1);
    std::string sent = second.url;
    for (const auto [name, value] : second.fields) sent.append(" ").append(name).append(": ").append(value);
    CAPTURE(w.sent(0).url, sent);
    CHECK(sent.find(p.asked) != std::string::npos);
    CHECK(w.sent(0).url.find(p.asked) == std::string::npos);
  }
  {
    INFO("the same token again");
    test::world<> w{test::driver::blocking};
    for (int i = 0; i != 4; ++i) w.server.answer(200, {}, p.page(p.more));
    CHECK(walk(w, r) == std::pair{3, 1});
    CHECK(w.server.left() == 2);
  }
  if (p.more.find("IsTruncated") != std::string::npos) {
    INFO("no token at all");
    test::world<> w{test::driver::blocking};
    w.server.answer(200, {}, p.page(p.more.substr(0, p.more.find("<Next"))));
    CHECK(walk(w, r) == std::pair{2, 1});
  }
}

template <class... Rs>
std::size_t count_of_paged(operation_list<Rs...>) {
  return (static_cast<std::size_t>(paged<Rs>) + ...);
}

}  // namespace

TEST_CASE("every listing has pages", "[pagers]") {
  CHECK(count_of_paged(all_operations{}) == 13);
  const std::string truncated = "<IsTruncated>true</IsTruncated>";
  const std::string next = truncated + "<NextContinuationToken>t+/=</NextContinuationToken>", token = "continuation-token=t%2B%2F%3D";
  check_pages(list_buckets_request{},
              {"ListAllMyBucketsResult", "<Buckets><Bucket/></Buckets>", "<ContinuationToken>t+/=</ContinuationToken>", token});
  check_pages(list_directory_buckets_request{}, {"ListAllMyDirectoryBucketsResult", "<Buckets><Bucket/></Buckets>",
                                                 "<ContinuationToken>t+/=</ContinuationToken>", token});
  check_pages(list_object_annotations_request{.bucket = "b", .key = "k"},
              {"ListObjectAnnotationsResult", "<Annotations><AnnotationEntry/></Annotations>",
               "<NextContinuationToken>t+/=</NextContinuationToken>", token});
  check_pages(list_objects_request{.bucket = "b"},
              {"ListBucketResult", "<Contents/>", truncated + "<NextMarker>k&amp;</NextMarker>", "marker=k%26"});
  check_pages(list_objects_v2_request{.bucket = "b"}, {"ListBucketResult", "<Contents/>", next, token});
  check_pages(list_object_versions_request{.bucket = "b"},
              {"ListVersionsResult", "<Version/>",
               truncated + "<NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>", "key-marker=k&version-id-marker=v"});
  check_pages(list_multipart_uploads_request{.bucket = "b"},
              {"ListMultipartUploadsResult", "<Upload/>",
               truncated + "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>", "upload-id-marker=u"});
  check_pages(list_parts_request{.bucket = "b", .key = "k", .upload_id = "u"},
              {"ListPartsResult", "<Part/>", truncated + "<NextPartNumberMarker>7</NextPartNumberMarker>", "part-number-marker=7"});
  check_pages(get_object_attributes_request{.bucket = "b", .key = "k", .object_attributes = {types::object_attributes::object_parts}},
              {"GetObjectAttributesResponse", "<ObjectParts><Part/>",
               truncated + "<NextPartNumberMarker>7</NextPartNumberMarker>", "x-amz-part-number-marker: 7", "</ObjectParts>"});
  check_pages(list_bucket_inventory_configurations_request{.bucket = "b"},
              {"ListInventoryConfigurationsResult", "<InventoryConfiguration/>", next, token});
  check_pages(list_bucket_analytics_configurations_request{.bucket = "b"},
              {"ListBucketAnalyticsConfigurationResult", "<AnalyticsConfiguration/>", next, token});
  check_pages(list_bucket_metrics_configurations_request{.bucket = "b"},
              {"ListMetricsConfigurationsResult", "<MetricsConfiguration/>", next, token});
  check_pages(list_bucket_intelligent_tiering_configurations_request{.bucket = "b"},
              {"ListBucketIntelligentTieringConfigurationsOutput", "<IntelligentTieringConfiguration/>", next, token});
}

TEST_CASE("attributes without parts are one page", "[pagers]") {
  test::world<> w{test::driver::blocking};
  const std::string none = "<GetObjectAttributesResponse><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>";
  w.server.answer(200, {}, none).answer(200, {}, none);
  const get_object_attributes_request size{.bucket = "b", .key = "k", .object_attributes = {types::object_attributes::object_size}};
  CHECK(walk(w, size) == std::pair{1, 0});
  for (const auto& part : w.client().items(size)) FAIL(part.part_number.value_or(0));
}

TEST_CASE("pages are fetched when they are asked for", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, v2("ab", "t1/+")).answer(200, {}, v2("", "t2")).answer(200, {}, v2("c", ""));
  auto pages = w.client().pages(list);
  CHECK(w.server.tried() == 0);
  auto at = pages.begin();
  CHECK(w.server.tried() == 1);
  CHECK((*at)->contents.size() == 2);
  ++at;
  CHECK(w.server.tried() == 2);
  CHECK((*at)->contents.empty());
  ++at;
  CHECK((*at)->contents.size() == 1);
  CHECK_FALSE(at == pages.end());
  ++at;
  CHECK(at == pages.end());
  CHECK(w.server.tried() == 3);
  CHECK(query(w, 0) == "list-type=2&encoding-type=url&prefix=p");
  CHECK(query(w, 1) == "list-type=2&encoding-type=url&prefix=p&continuation-token=t1%2F%2B");
  CHECK(query(w, 2) == "list-type=2&encoding-type=url&prefix=p&continuation-token=t2");
}

TEST_CASE("items are those of all pages, empty ones among them", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, v2("", "1"))
      .answer(200, {}, v2("ab", "2"))
      .answer(200, {}, v2("", "3"))
      .answer(200, {}, v2("c", "4"))
      .answer(200, {}, v2("", ""));
  std::string keys;
  for (const auto& object : w.client().items(list)) keys += object.key;
  CHECK(keys == "abc");
  CHECK(w.server.left() == 0);
  w.server.answer(200, {}, v2("", ""));
  for (const auto& object : w.client().items(list)) FAIL(object.key);
}

TEST_CASE("who stops early fetches no more", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, v2("ab", "1"));
  for (const auto& object : w.client().items(list)) {
    CHECK(object.key == "a");
    break;
  }
  CHECK(w.server.tried() == 1);
}

TEST_CASE("a page that failed is the last", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, v2("a", "1")).answer(403).answer(200, {}, v2("b", ""));
  SECTION("pages") {
    CHECK(walk(w, list) == std::pair{2, 1});
    CHECK(w.server.left() == 1);
  }
  SECTION("items throw") {
    std::string keys;
    CHECK_THROWS_AS(([&] {
                      for (const auto& object : w.client().items(list)) keys += object.key;
                    }()),
                    s3_error);
    CHECK(keys == "a");
  }
}

TEST_CASE("a listing that goes on without saying where is an error, and not a shorter listing", "[pagers]") {
  test::world<> w{test::driver::blocking};
  SECTION("the same token again") {
    w.server.answer(200, {}, v2("a", "t")).answer(200, {}, v2("b", "t")).answer(200, {}, v2("c", "t"));
    CHECK(walk(w, list) == std::pair{3, 1});
    CHECK(w.server.left() == 1);
  }
  SECTION("no token") {
    w.server.answer(200, {}, v2("a", "?"));
    CHECK(walk(w, list) == std::pair{2, 1});
  }
  SECTION("items throw") {
    w.server.answer(200, {}, v2("a", "?"));
    CHECK_THROWS_AS(([&] {
                      for (const auto& object : w.client().items(list)) static_cast<void>(object);
                    }()),
                    s3_error);
  }
  SECTION("tokens that go round, in a circle of any length") {
    for (int length : {2, 3, 5, 7}) {
      test::world<> round{test::driver::blocking};
      int pages = 0;
      round.server.compute(
          [&pages, length](const recorded_request&) {
            return scripted_reply{.head = {200}, .body = v2("a", "t" + std::to_string(pages++ % length))};
          },
          true);
      int errors = 0;
      for (auto& page : round.client().pages(list)) {
        if (!page) ++errors;
        REQUIRE(pages < 4 * length + 4);
      }
      CHECK(errors == 1);
    }
  }
  SECTION("an empty token, marker or number is none") {
    const std::string more = "<IsTruncated>true</IsTruncated>";
    w.server.answer(200, {}, "<ListBucketResult>" + more + "<NextContinuationToken/></ListBucketResult>");
    CHECK(walk(w, list) == std::pair{2, 1});
    w.server.answer(200, {}, "<ListVersionsResult>" + more + "<NextKeyMarker/><NextVersionIdMarker/></ListVersionsResult>");
    CHECK(walk(w, list_object_versions_request{.bucket = "b"}) == std::pair{2, 1});
    w.server.answer(200, {}, "<ListMultipartUploadsResult>" + more + "<NextKeyMarker/></ListMultipartUploadsResult>");
    CHECK(walk(w, list_multipart_uploads_request{.bucket = "b"}) == std::pair{2, 1});
    w.server.answer(200, {}, "<ListPartsResult>" + more + "<NextPartNumberMarker/></ListPartsResult>");
    CHECK(walk(w, list_parts_request{.bucket = "b", .key = "k", .upload_id = "u"}) == std::pair{2, 1});
  }
  SECTION("but parts go on behind the last one's number") {
    w.server
        .answer(200, {}, "<ListPartsResult><IsTruncated>true</IsTruncated><Part><PartNumber>3</PartNumber></Part></ListPartsResult>")
        .answer(200, {}, "<ListPartsResult/>");
    CHECK(walk(w, list_parts_request{.bucket = "b", .key = "k", .upload_id = "u"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "part-number-marker=3&uploadId=u");
  }
  SECTION("a version listing") {
    const std::string same =
        "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker></ListVersionsResult>";
    w.server.answer(200, {}, same).answer(200, {}, same);
    CHECK(walk(w, list_object_versions_request{.bucket = "b"}) == std::pair{3, 1});
  }
}

TEST_CASE("options are every page's", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server.answer(200, {}, v2("a", "1")).answer(200, {}, v2("b", ""));
  for (auto& page : w.client().pages(list, {.fields = {{"x-own", "1"}}})) REQUIRE(page);
  CHECK(w.header("x-own", 0) == "1");
  CHECK(w.header("x-own", 1) == "1");
}

TEST_CASE("buckets", "[pagers]") {
  test::world<> w{test::driver::blocking};
  w.server
      .answer(200, {},
              "<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets><ContinuationToken>t</ContinuationToken></"
              "ListAllMyBucketsResult>")
      .answer(200, {},
              "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets><ContinuationToken/></"
              "ListAllMyBucketsResult>");
  std::string names;
  for (const auto& bucket : w.client().items(list_buckets_request{.max_buckets = 1})) names += bucket.name;
  CHECK(names == "ab");
  CHECK(query(w, 1) == "max-buckets=1&continuation-token=t");
}

TEST_CASE("objects by marker", "[pagers]") {
  test::world<> w{test::driver::blocking};
  const std::string head = "<ListBucketResult><EncodingType>url</EncodingType>", more = "<IsTruncated>true</IsTruncated>",
                    tail = "</ListBucketResult>";
  SECTION("the last key, where the server names none") {
    w.server.answer(200, {}, head + more + "<Contents><Key>a</Key></Contents><Contents><Key>b%2B+c</Key></Contents>" + tail)
        .answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "encoding-type=url&marker=b%2B%20c");
  }
  SECTION("the server's marker") {
    w.server
        .answer(200, {}, head + more + "<NextMarker>d%2F</NextMarker><CommonPrefixes><Prefix>d%2F</Prefix></CommonPrefixes>" + tail)
        .answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b", .delimiter = "/"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "delimiter=%2F&encoding-type=url&marker=d%2F");
  }
  SECTION("an encoded marker is not encoded twice, where the caller asked for encoded keys") {
    w.server.answer(200, {}, head + more + "<Contents><Key>b%2B+c</Key></Contents>" + tail).answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b", .encoding_type = types::encoding_type::url}) == std::pair{2, 0});
    CHECK(query(w, 1) == "encoding-type=url&marker=b%2B%20c");
  }
  SECTION("an empty marker is none") {
    w.server.answer(200, {}, head + more + "<NextMarker/><Contents><Key>a</Key></Contents>" + tail).answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "encoding-type=url&marker=a");
  }
  SECTION("the last common prefix, where a page has no keys") {
    w.server
        .answer(200, {}, head + more + "<CommonPrefixes><Prefix>a%2F</Prefix></CommonPrefixes><CommonPrefixes><Prefix>b%2F</Prefix></CommonPrefixes>" + tail)
        .answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b", .delimiter = "/"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "delimiter=%2F&encoding-type=url&marker=b%2F");
  }
  SECTION("the later of the last key and the last common prefix") {
    const std::string key = "<Contents><Key>c</Key></Contents>", prefix = "<CommonPrefixes><Prefix>b%2F</Prefix></CommonPrefixes>";
    w.server.answer(200, {}, head + more + key + prefix + tail).answer(200, {}, head + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b", .delimiter = "/"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "delimiter=%2F&encoding-type=url&marker=c");
  }
  SECTION("neither") {
    w.server.answer(200, {}, head + more + tail);
    CHECK(walk(w, list_objects_request{.bucket = "b"}) == std::pair{2, 1});
  }
}

TEST_CASE("versions, uploads and parts", "[pagers]") {
  test::world<> w{test::driver::blocking};
  SECTION("versions") {
    w.server
        .answer(200, {},
                "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v</"
                "NextVersionIdMarker></ListVersionsResult>")
        .answer(200, {},
                "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v2</"
                "NextVersionIdMarker></ListVersionsResult>")
        .answer(200, {}, "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>l</NextKeyMarker></ListVersionsResult>")
        .answer(200, {}, "<ListVersionsResult/>");
    CHECK(walk(w, list_object_versions_request{.bucket = "b"}) == std::pair{4, 0});
    CHECK(query(w, 1) == "versions&encoding-type=url&key-marker=k&version-id-marker=v");
    CHECK(query(w, 2) == "versions&encoding-type=url&key-marker=k&version-id-marker=v2");
    CHECK(query(w, 3) == "versions&encoding-type=url&key-marker=l");
  }
  SECTION("uploads") {
    w.server
        .answer(200, {},
                "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</"
                "NextUploadIdMarker></ListMultipartUploadsResult>")
        .answer(200, {}, "<ListMultipartUploadsResult/>");
    CHECK(walk(w, list_multipart_uploads_request{.bucket = "b"}) == std::pair{2, 0});
    CHECK(query(w, 1).find("upload-id-marker=u") != std::string::npos);
  }
  SECTION("parts") {
    w.server
        .answer(200, {},
                "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker></ListPartsResult>")
        .answer(200, {}, "<ListPartsResult/>");
    CHECK(walk(w, list_parts_request{.bucket = "b", .key = "k", .upload_id = "u"}) == std::pair{2, 0});
    CHECK(query(w, 1) == "part-number-marker=2&uploadId=u");
  }
}
