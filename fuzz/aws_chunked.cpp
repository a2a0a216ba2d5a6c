// aws-chunked bodies: what the client encodes, and what others cut into chunks of other sizes, decodes to the payload; a body that was
// altered is refused, or the alteration changed nothing of what it means (the case of a size's digits is not signed); and of any other bytes
// no more come out than went in.
//
// The input is lines: "signed" or not, the size of a chunk, where the body is altered, by which byte, and how; then the payload.
#include <optional>
#include <string>
#include <string_view>

#include <s3store/auth/sigv4.hpp>
#include <s3store/http/body.hpp>
#include <s3store/protocol/chunked_source.hpp>
#include <s3store/transports/embedded/chunked.hpp>

#include "property.hpp"

namespace {

using namespace s3store;
using crypto::checksum_algorithm;

constexpr timestamp now{std::chrono::seconds{1'700'000'000}};
constexpr std::string_view trailer_name = "x-amz-checksum-crc64nvme";

/// Begins with the signature of some headers, always the same one.
std::optional<auth::chunk_signer> chunk_signatures(bool wanted) {
  if (!wanted) return std::nullopt;
  static auth::signer& signer = *new auth::signer;
  headers fields;
  const auth::signable what{"PUT", "/b/k", "", "s3.test", auth::payload::signed_chunks_with_trailer};
  fuzz::hold(bool(signer.sign_headers(what, fields, {"embedded", "embedded-secret"}, {"us-east-1"}, now)), "headers can be signed");
  return signer.chunks();
}

std::string checksum_of(std::string_view bytes) {
  crypto::checksum sum{checksum_algorithm::crc64nvme};
  sum.update(detail::as_bytes(bytes));
  return sum.base64();
}

/// As this library's client sends it, read in pieces of that size.
std::string as_sent(std::string_view payload, bool with_signatures, std::size_t piece) {
  http::memory_source from{payload};
  wire::chunked_source source{from, payload.size(), crypto::checksum{checksum_algorithm::crc64nvme}};
  source.sign(with_signatures);
  source.start(chunk_signatures(with_signatures));
  const auto promised = source.size();
  std::string out, block(piece, '\0');
  for (;;) {
    const auto got = source.read({reinterpret_cast<std::byte*>(block.data()), block.size()});
    fuzz::hold(bool(got), "a body in memory can be read");
    if (*got == 0) break;
    out.append(block, 0, *got);
  }
  fuzz::hold(promised == out.size(), "an encoded body has the length that its request announced");
  return out;
}

/// As another client sends it, in chunks of that size.
std::string in_chunks(std::string_view payload, bool with_signatures, std::size_t chunk) {
  auto signer = chunk_signatures(with_signatures);
  std::string out;
  for (std::string_view left = payload;;) {
    const auto bytes = left.substr(0, chunk);
    left.remove_prefix(bytes.size());
    detail::append_digits(out, bytes.size(), 16);
    if (signer) out.append(";chunk-signature=").append(signer->chunk(detail::as_bytes(bytes)));
    out.append("\r\n").append(bytes);
    if (bytes.empty()) break;
    out.append("\r\n");
  }
  const std::string field = detail::concat({trailer_name, ":", checksum_of(payload)});
  out.append(field).append("\r\n");
  if (signer) out.append("x-amz-trailer-signature:").append(signer->finish_trailer(field + "\n")).append("\r\n");
  return out.append("\r\n");
}

result<s3store::embedded::decoded_body> decoded(std::string_view body, bool with_signatures, std::string_view announced = trailer_name) {
  return s3store::embedded::chunk_reader{body, chunk_signatures(with_signatures)}.read(announced);
}

bool means(const s3store::embedded::decoded_body& body, std::string_view payload) {
  return body.bytes == payload && body.trailer.size() == 1 && body.trailer.get(trailer_name) == checksum_of(payload);
}

std::string altered(std::string body, std::size_t at, char by, std::size_t how) {
  at %= body.size();
  if (how == 0) body[at] = by;
  if (how == 1) body.insert(at, 1, by);
  if (how == 2) body.erase(at, 1);
  if (how == 3) body.resize(at);
  if (how == 4) body.append(body, at);
  return body;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const bool with_signatures = in.line() == "signed";
  const std::size_t chunk = 1 + in.number(300);
  const std::size_t at = in.number(std::size_t{1} << 20);
  const auto byte = in.line();
  const char by = byte.empty() ? '\0' : byte[0];
  const std::size_t how = in.number(5);
  const auto payload = in.rest();

  for (const std::string& body : {as_sent(payload, with_signatures, chunk), in_chunks(payload, with_signatures, chunk)}) {
    const auto read = decoded(body, with_signatures);
    fuzz::hold(read && means(*read, payload), "what was encoded decodes to the payload and its checksum");
    const std::string other = altered(body, at, by, how);
    const auto read_other = decoded(other, with_signatures);
    // Unsigned chunks have nothing but the checksum of the trailer, which the server compares.
    if (read_other && !means(*read_other, payload))
      fuzz::hold(!with_signatures && read_other->trailer.value_or_empty(trailer_name) != checksum_of(read_other->bytes),
                 "a body that was altered is refused");
  }
  const auto raw = decoded(payload, with_signatures, "");
  fuzz::hold(!raw || raw->bytes.size() <= payload.size(), "no more bytes come out than went in");
  fuzz::hold(!raw || !with_signatures, "nobody without the key signs chunks");
  return 0;
}
