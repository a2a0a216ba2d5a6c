// What live.hpp declares: compiled once, because the embedded S3 takes longer than a test of its own.
#include "support/live.hpp"

#include <s3store/transports/embedded.hpp>

namespace live {

client target::connect(settings s, std::string access, std::string secret) const {
  return client{
      std::move(s),
      {.transport = any_transport{perform}, .credentials = auth::static_credentials{std::move(access), std::move(secret)}}};
}

std::optional<target> real_server(const std::string& variables) {
  const std::string prefix = "S3STORE_TEST_" + variables;
  target t{.name = detail::lower_case(variables)};
  if (("," + variable("S3STORE_TEST_WITHOUT") + ",").find("," + t.name + ",") != std::string::npos) return std::nullopt;
  t.set.endpoint = variable(prefix + "_ENDPOINT");
  if (t.set.endpoint.empty())
    FAIL(prefix + "_ENDPOINT is not set: run the tests by scripts/test.sh, or leave the server out by name");
  t.access_key = variable(prefix + "_ACCESS_KEY");
  t.secret_key = variable(prefix + "_SECRET_KEY");
  t.perform = [transport = std::make_shared<curl_transport>()](http::exchange x) { return transport->perform(std::move(x)); };
  return t;
}

const std::vector<target>& targets() {
  static const auto* const all = [] {
    auto* const out = new std::vector<target>;
    {
      embedded_s3 server;
      auto transport = std::make_shared<embedded_transport>(server);
      target t{.name = "embedded"};
      t.set.endpoint = "http://embedded.invalid";
      t.access_key = "embedded";
      t.secret_key = "embedded-secret";
      t.perform = [transport](http::exchange x) { return transport->perform(std::move(x)); };
      out->push_back(std::move(t));
    }
    for (const char* const server : {"MINIO", "VERSITYGW"})
      if (auto t = real_server(server)) out->push_back(std::move(*t));
    return out;
  }();
  return *all;
}

bucket::bucket(const client& c, create_bucket_request how) : client_(c), name_(unique_name("s3store-test")) {
  how.bucket = name_;
  must(c.create_bucket(how));
}

bucket::~bucket() {
  for (auto& page : client_.pages(list_multipart_uploads_request{.bucket = name_})) {
    if (!page) break;
    for (auto& u : page->uploads) (void)client_.abort_multipart_upload({.bucket = name_, .key = u.key, .upload_id = u.upload_id});
  }
  for (auto& page : client_.pages(list_object_versions_request{.bucket = name_})) {
    if (!page) break;
    for (auto& v : page->versions) (void)client_.delete_object({.bucket = name_, .key = v.key, .version_id = v.version_id});
    for (auto& m : page->delete_markers) (void)client_.delete_object({.bucket = name_, .key = m.key, .version_id = m.version_id});
  }
  (void)client_.delete_bucket({.bucket = name_});
}

}  // namespace live
