// Uploads in parts, proven on every server.
#include "support/proof.hpp"

using namespace s3store;

PROOF(upload_in_parts, "multipart", create_multipart_upload_request, upload_part_request, upload_part_copy_request,
      list_parts_request, list_multipart_uploads_request, complete_multipart_upload_request, abort_multipart_upload_request) {
  live::bucket b{s.client};
  const std::string whole(5 << 20, 'w');
  live::must(s.client.put_object({.bucket = b, .key = "source", .body = http::body::borrow(whole)}));
  s.refuses(create_multipart_upload_request{.bucket = proof::nowhere, .key = "k"}, "NoSuchBucket");
  const auto made = s.does(
      create_multipart_upload_request{.bucket = b, .key = "k", .content_type = "text/plain", .metadata = {{"name", "value"}}});
  const std::string id = made->upload_id;

  s.refuses(upload_part_request{.bucket = b, .key = "k", .body = "x", .part_number = 1, .upload_id = "none"}, "NoSuchUpload",
            {{"moto", "500"}});
  s.refuses(upload_part_request{.bucket = proof::nowhere, .key = "k", .body = "x", .part_number = 1, .upload_id = id},
            "NoSuchBucket");
  const auto copied = s.does(upload_part_copy_request{.bucket = b,
                                                      .key = "k",
                                                      .copy_source = {b, "source"},
                                                      .part_number = 1,
                                                      .upload_id = id,
                                                      .copy_source_range = "bytes=0-5242879"});
  s.refuses(upload_part_copy_request{.bucket = b, .key = "k", .copy_source = {b, "none"}, .part_number = 1, .upload_id = id},
            "NoSuchKey", {{"moto", "404"}});
  const auto sent = s.does(upload_part_request{.bucket = b, .key = "k", .body = "the end", .part_number = 2, .upload_id = id});

  const auto parts = s.does(list_parts_request{.bucket = b, .key = "k", .upload_id = id});
  REQUIRE(parts->parts.size() == 2);
  CHECK(parts->parts[1].part_number == 2);
  CHECK(parts->parts[1].size == 7);
  CHECK(parts->parts[1].etag == sent->etag);
  s.refuses(list_parts_request{.bucket = b, .key = "k", .upload_id = "none"}, "NoSuchUpload");
  const auto uploads = s.does(list_multipart_uploads_request{.bucket = b, .prefix = "k"});
  REQUIRE(uploads->uploads.size() == 1);
  CHECK(uploads->uploads[0].upload_id == id);
  s.refuses(list_multipart_uploads_request{.bucket = proof::nowhere}, "NoSuchBucket");

  complete_multipart_upload_request complete{
      .bucket = b,
      .key = "k",
      .upload_id = id,
      .multipart_upload = types::completed_multipart_upload{
          .parts = {{.etag = "\"wrong\"", .part_number = 1}, {.etag = sent->etag, .part_number = 2}}}};
  s.refuses(complete, "InvalidPart");
  complete.multipart_upload->parts[0].etag = copied->copy_part_result->etag;
  s.does(complete);
  const auto head = live::must(s.client.head_object({.bucket = b, .key = "k"}));
  CHECK(head.content_length == (5 << 20) + 7);
  CHECK(head.content_type == "text/plain");
  CHECK(head.metadata.get("name") == "value");

  const auto dropped = s.does(create_multipart_upload_request{.bucket = b, .key = "dropped"});
  s.does(abort_multipart_upload_request{.bucket = b, .key = "dropped", .upload_id = dropped->upload_id});
  s.refuses(list_parts_request{.bucket = b, .key = "dropped", .upload_id = dropped->upload_id}, "NoSuchUpload");
  s.refuses(abort_multipart_upload_request{.bucket = b, .key = "dropped", .upload_id = "none"}, "NoSuchUpload",
            {{"minio", proof::accepts}});
  s.refuses(abort_multipart_upload_request{.bucket = proof::nowhere, .key = "k", .upload_id = "none"}, "NoSuchBucket");
}
