// Presented signatures: a request that was signed, in its headers or in its query, is accepted; if it is still accepted after somebody altered
// its text, then the alteration changed nothing that a signature covers: the method, the path, the parameters, the signed headers with the
// time and the hash of the body.
//
// The input is lines: "query" to presign or anything else to sign the headers, a method, a target, headers "name:value" up to an empty line,
// and then alterations of the signed text, each three lines: where, how, and a byte.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/protocol/encoded_request.hpp>
#include <s3store/transports/embedded/verify.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

constexpr timestamp now{std::chrono::seconds{1'700'000'000}};
const auth::signing_scope& scope = *new auth::signing_scope{"us-east-1"};
const auth::credentials& who = *new auth::credentials{"AKIDEXAMPLE", "a secret", "a/token+of=mine", std::nullopt};

struct request {
  std::string method{};
  std::string target{};
  headers fields{};

  std::string_view path() const { return fuzz::path_of(target); }
  std::string_view query() const { return fuzz::query_of(target); }
  auth::signable what() const { return {method, path(), query(), fields.value_or_empty("host"), auth::payload::empty}; }

  std::string text() const {
    std::string out = method + "\n" + target + "\n";
    for (const auto [name, value] : fields) out.append(name).append(":").append(value).append("\n");
    return out;
  }
  static request read(fuzz::input& in) {
    request out{.method = std::string(in.line()), .target = std::string(in.line()), .fields = {}};
    for (auto line = in.line(); !line.empty(); line = in.line()) {
      const auto colon = (std::min)(line.find(':'), line.size());
      out.fields.add(line.substr(0, colon), line.substr((std::min)(colon + 1, line.size())));
    }
    return out;
  }
};

result<void> verdict(const request& r) {
  auto claimed = s3store::embedded::presented(r.query(), r.fields);
  if (!claimed) return std::move(claimed.error());
  if (!*claimed) return s3store::embedded::refusal("AccessDenied", 403, "unsigned");
  static auth::signer& with = *new auth::signer;
  return s3store::embedded::verify_signature(with, **claimed, r.what(), r.fields, who, scope, now);
}

/// What a signature covers, written down by the rules of AWS's page and not by this library's code.
struct covered {
  std::string method{};
  std::string path{};
  std::multiset<std::pair<std::string, std::string>> parameters{};
  std::map<std::string, std::string> fields{};
  bool operator==(const covered&) const = default;
};

std::string folded(std::string_view value) {
  std::string out;
  bool blank = false;
  for (const char c : value) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space && blank && !out.empty()) out.push_back(' ');
    if (!space) out.push_back(c);
    blank = space;
  }
  return out;
}

/// Does a parameter's name begin as those of signatures do, in whatever case and encoding?
bool may_have_signature(std::string_view query) {
  bool out = false;
  detail::split(query, '&', [&out](std::string_view one) {
    const auto name = detail::uri_decode(one.substr(0, one.find('=')));
    out = out || detail::lower_case(name.value_or(std::string(one))).starts_with("x-amz-");
  });
  return out;
}

covered what_is_covered(const request& r, const std::set<std::string>& signed_names) {
  covered out{.method = r.method, .path = std::string(r.path().empty() ? "/" : r.path()), .parameters = {}, .fields = {}};
  detail::split(r.query(), '&', [&out](std::string_view one) {
    const auto equals = (std::min)(one.find('='), one.size());
    const std::string name{one.substr(0, equals)};
    if (!one.empty() && name != "X-Amz-Signature") out.parameters.emplace(name, one.substr((std::min)(equals + 1, one.size())));
  });
  for (const auto [name, value] : r.fields) {
    const std::string lower = detail::lower_case(name);
    if (!signed_names.contains(lower)) continue;
    const auto [at, fresh] = out.fields.emplace(lower, folded(value));
    if (!fresh) at->second.append(",").append(folded(value));
  }
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const bool in_query = in.line() == "query";
  request r = request::read(in);
  for (const char* const name : {"host", "date", "authorization", "x-amz-content-sha256"}) r.fields.erase(name);
  r.fields.add("Host", "s3.test:9000");
  // A server's HTTP parser lets no other names through; in a list of signed headers a ';' would be ambiguous.
  for (const auto [name, value] : r.fields)
    if (!wire::is_header_name(name)) return 0;
  // What is there already would be a second signature, or stands for one.
  const auto unsigned_one = s3store::embedded::presented(r.query(), r.fields);
  if (!unsigned_one || *unsigned_one || r.method.find(' ') != std::string::npos) return 0;
  static auth::signer& signer = *new auth::signer;
  std::set<std::string> signed_names;
  if (in_query) {
    // A server believes no x-amz- header that is not signed, so they all are.
    auto made = signer.sign_query(r.what(), r.fields, std::chrono::hours{1}, who, scope, now);
    if (!made) return fuzz::hold(may_have_signature(r.query()), "a query without a signature's parameters can be signed"), 0;
    r.target = std::string(r.path()) + "?" + made->query;
  } else {
    fuzz::hold(bool(signer.sign_headers(r.what(), r.fields, who, scope, now)), "a request can be signed");
  }
  detail::split(signer.signed_headers(), ';', [&](std::string_view name) { signed_names.emplace(name); });
  const auto told = verdict(r);
  if (!told) {
    // A trace header of AWS begins as the headers do that have to be signed, and is one that proxies change.
    fuzz::hold(r.fields.contains("x-amzn-trace-id") || r.fields.contains("x-amz-security-token"), "a signed request is accepted");
    return 0;
  }

  std::string text = r.text();
  while (!in.empty() && !text.empty()) {
    const std::size_t at = in.number(text.size());
    const std::size_t how = in.number(4);
    const auto byte = in.line();
    const char by = byte.empty() ? '\n' : byte[0];
    if (how == 0) text[at] = by;
    if (how == 1) text.insert(at, 1, by);
    if (how == 2) text.erase(at, 1);
    if (how == 3) text.insert(at, byte);
  }
  fuzz::input changed{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const request other = request::read(changed);
  if (!verdict(other)) return 0;
  fuzz::hold(what_is_covered(other, signed_names) == what_is_covered(r, signed_names), "a request whose signed part was altered is refused");
  for (const auto [name, value] : other.fields)
    fuzz::hold(!detail::lower_case(name).starts_with("x-amz-") || signed_names.contains(detail::lower_case(name)),
               "a header that S3 obeys is signed, or the request is refused");
  return 0;
}
