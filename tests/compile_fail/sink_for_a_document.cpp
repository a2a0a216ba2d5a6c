// expect: this operation's answer is a document, not a stream for a sink
#include <string>

#include <s3store/client/client.hpp>
#include <s3store/operations/object.hpp>

void use(const s3store::client& client) {
  std::string text;
  s3store::http::string_sink into{text};
  static_cast<void>(client.send(s3store::head_object_request{.bucket = "b", .key = "k"}, into));
}
