// How a bucket answers browsers: websites and CORS; proven on every server.
#include "support/proof.hpp"

#include <s3store/operations/website.hpp>

using namespace s3store;

PROOF(website, "website", put_bucket_website_request, get_bucket_website_request, delete_bucket_website_request) {
  // MinIO takes the first for CreateBucket, and knows of no website.
  if (s.is("minio")) s.lacks<put_bucket_website_request, get_bucket_website_request, delete_bucket_website_request>();
  live::bucket b{s.client};
  put_bucket_website_request put{.bucket = b,
                                 .website_configuration = {.index_document = types::index_document{"folder/index.html"}}};
  s.refuses(get_bucket_website_request{.bucket = b}, "NoSuchWebsiteConfiguration");
  s.refuses(put, "InvalidArgument", {{"moto", proof::accepts}});
  s.refuses(delete_bucket_website_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.website_configuration = {
      .error_document = types::error_document{"error & co.html"},
      .index_document = types::index_document{"index.html"},
      .routing_rules = {
          {.condition = types::condition{.key_prefix_equals = "docs/"}, .redirect = {.replace_key_prefix_with = "documents/"}},
          {.condition = types::condition{.http_error_code_returned_equals = "404"},
           .redirect = {
               .host_name = "example.com", .http_redirect_code = "301", .protocol = types::protocol{types::protocol::https}}}}};
  s.does(put);
  if (const auto got = s.does(get_bucket_website_request{.bucket = b})) CHECK(test::lost(put.website_configuration, *got) == "");
  s.does(delete_bucket_website_request{.bucket = b});
  s.refuses(get_bucket_website_request{.bucket = b}, "NoSuchWebsiteConfiguration");
  put.bucket = proof::nowhere;
  s.refuses(put, "NoSuchBucket");
}

PROOF(cors, "website", put_bucket_cors_request, get_bucket_cors_request, delete_bucket_cors_request) {
  if (s.is("minio")) s.lacks<get_bucket_cors_request>();  // none is set, and none can be
  live::bucket b{s.client};
  put_bucket_cors_request put{
      .bucket = b, .cors_configuration = {.cors_rules = {{.allowed_methods = {"FROBNICATE"}, .allowed_origins = {"*"}}}}};
  s.refuses(get_bucket_cors_request{.bucket = b}, "NoSuchCORSConfiguration");
  s.refuses(put, "InvalidRequest");
  s.refuses(delete_bucket_cors_request{.bucket = proof::nowhere}, "NoSuchBucket");
  put.cors_configuration.cors_rules = {{.id = "one",
                                        .allowed_headers = {"*", "x-a"},
                                        .allowed_methods = {"GET", "PUT"},
                                        .allowed_origins = {"http://a.example", "http://*.b.example"},
                                        .expose_headers = {"ETag"},
                                        .max_age_seconds = 7},
                                       {.allowed_methods = {"HEAD"}, .allowed_origins = {"*"}}};
  s.does(put);
  if (const auto got = s.does(get_bucket_cors_request{.bucket = b})) CHECK(test::lost(put.cors_configuration, *got) == "");
  s.does(delete_bucket_cors_request{.bucket = b});
  s.refuses(get_bucket_cors_request{.bucket = b}, "NoSuchCORSConfiguration");
}
