// The embedded S3 as a whole: whatever signed requests come, each gets a well-formed answer that is no internal error, and a request that was
// altered after it was signed is refused and changes nothing.
//
// The input is up to eight requests: a line with the method, one with the target, headers "name:value" up to an empty line, a line with the
// body, and a line with a number that says how the request is altered after it was signed; 0 leaves it as it is.
#include <string>
#include <string_view>

#include <s3store/auth/sigv4.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/xml/reader.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

struct standing_clock {
  instants now() const noexcept { return {steady_time{std::chrono::seconds{1000}}, timestamp{std::chrono::seconds{1'700'000'000}}}; }
};

constexpr std::string_view host = "s3.test:9000";

/// False: it cannot be signed.
bool sign(embedded_request& r, const embedded_options& of) {
  static auth::signer& with = *new auth::signer;
  for (const char* const name : {"host", "authorization", "date", "x-amz-date", "x-amz-content-sha256", "content-length"}) r.fields.erase(name);
  r.fields.add("Host", host);
  const std::string hash = crypto::sha256_hex(detail::as_bytes(r.body));
  const auth::signable what{r.method, fuzz::path_of(r.target), fuzz::query_of(r.target), host, hash};
  if (!with.sign_headers(what, r.fields, of.credentials.front(), auth::signing_scope{of.region}, standing_clock{}.now().wall)) return false;
  r.fields.add("Content-Length", std::to_string(r.body.size()));
  return true;
}

/// Changes something that the signature covers. False: the request is as it was.
bool alter(embedded_request& r, std::size_t how) {
  const auto query = r.target.find('?');
  switch (how) {
    case 1: r.method = r.method == "GET" ? "DELETE" : "GET"; return true;
    case 2: r.target.insert(query == std::string::npos ? r.target.size() : query, "x"); return true;
    case 3: r.target.append(query == std::string::npos ? "?" : "&").append("acl="); return true;
    case 4: r.body.push_back('x'); r.fields.set("Content-Length", std::to_string(r.body.size())); return true;
    case 5: r.fields.set("Host", "other.test"); return true;
    case 6: r.fields.set("x-amz-date", "20231114T221321Z"); return true;
    case 7: r.fields.add("x-amz-meta-more", "1"); return true;
    default: return false;
  }
}

embedded_request read(fuzz::input& in) {
  embedded_request r{.method = std::string(in.line()), .target = std::string(in.line())};
  if (!r.target.starts_with('/')) r.target.insert(0, 1, '/');
  for (auto line = in.line(); !line.empty(); line = in.line()) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) r.fields.add(line.substr(0, colon), detail::trim(line.substr(colon + 1)));
  }
  r.body = in.line();
  return r;
}

/// All that a server lists of the bucket, to see whether something was changed.
std::string contents(const embedded_s3& server) {
  std::string all;
  for (const char* const target : {"/", "/bucket?versions", "/bucket?uploads", "/bucket?acl", "/bucket?versioning", "/bucket?tagging"}) {
    embedded_request r{.method = "GET", .target = target};
    sign(r, server.options());
    const embedded_answer a = server.serve(std::move(r));
    all.append(a.status == 200 ? a.body : std::to_string(a.status)).append("\n");  // the body of an error has an id that is new each time
  }
  return all;
}

void check_answer(const embedded_answer& a) {
  fuzz::hold(a.status >= 200 && a.status < 600, "an answer has a status");
  fuzz::hold(a.status != 500, "no request makes the server fail");
  const auto type = a.fields.value_or_empty("Content-Type");
  if (a.status >= 300 && !a.body.empty() && type == "application/xml")
    fuzz::hold(bool(xml::document::parse(a.body)), "an error that is XML can be read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  embedded_options options;
  options.clock = standing_clock{};
  options.min_part_size = 1;
  const embedded_s3 server{options};
  for (const char* const target : {"/bucket", "/bucket/key"}) {
    embedded_request r{.method = "PUT", .target = target};
    sign(r, options);
    fuzz::hold(server.serve(std::move(r)).status == 200, "a bucket and an object can be made");
  }
  for (int n = 0; n != 8 && !in.empty(); ++n) {
    embedded_request r = read(in);
    const std::size_t how = in.number(8);
    if (!sign(r, options)) return 0;
    const std::string before = how == 0 ? std::string{} : contents(server);
    const bool altered = alter(r, how);
    const embedded_answer a = server.serve(std::move(r));
    check_answer(a);
    if (!altered) continue;
    fuzz::hold(a.status >= 400, "a request that was altered is refused");
    fuzz::hold(contents(server) == before, "a request that was altered changes nothing");
  }
  return 0;
}
