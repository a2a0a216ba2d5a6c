// URLs and the texts in them: a URL that is accepted is written as one that is read as the same, and libcurl finds the same host, port and
// scheme in it; percent-encoding, base64 and hex give back the bytes that went in.
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include <s3store/core/encoding.hpp>
#include <s3store/http/url.hpp>

#include "property.hpp"

namespace {

using namespace s3store;

struct curl_deleter {
  void operator()(CURLU* u) const noexcept { curl_url_cleanup(u); }
  void operator()(char* text) const noexcept { curl_free(text); }
};
using curl_url_handle = std::unique_ptr<CURLU, curl_deleter>;

std::string part(const curl_url_handle& of, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(of.get(), which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, curl_deleter> owned{text};
  return text;
}

void check_url(std::string_view text) {
  const auto url = http::parse_url(text);
  if (!url) return fuzz::hold(url.error().kind == error_kind::invalid_argument, "a URL that is refused is an invalid argument");
  const std::string written = url->origin() + url->path;
  const auto again = http::parse_url(written);
  fuzz::hold(again && again->scheme == url->scheme && again->host == url->host && again->port == url->port && again->path == url->path,
             "a URL, written and read again, is the same");
  fuzz::hold(url->path.empty() || (url->path.front() == '/' && url->path.back() != '/'), "a path has its slash in front and none behind");
  for (const char c : written) fuzz::hold(c > ' ' && c <= '~', "a URL has nothing but graphic ASCII");

  const curl_url_handle theirs{curl_url()};
  fuzz::hold(curl_url_set(theirs.get(), CURLUPART_URL, written.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK, "libcurl accepts what is accepted here");
  fuzz::hold(part(theirs, CURLUPART_SCHEME) == url->scheme, "libcurl reads the same scheme");
  fuzz::hold(part(theirs, CURLUPART_HOST) == url->host, "libcurl sends to the host that is signed");
  const unsigned short port = url->port ? *url->port : url->secure() ? 443 : 80;
  fuzz::hold(part(theirs, CURLUPART_PORT, CURLU_DEFAULT_PORT) == std::to_string(port), "libcurl connects to the same port");
  fuzz::hold(part(theirs, CURLUPART_PATH) == (url->path.empty() ? "/" : url->path), "libcurl sends the path that is signed");
}

void check_texts(std::string_view bytes) {
  for (const auto where : {detail::uri_part::query, detail::uri_part::path}) {
    const std::string encoded = detail::uri_encode(bytes, where);
    fuzz::hold(detail::uri_decode(encoded) == bytes && detail::uri_decode(encoded, true) == bytes, "percent-encoding loses nothing");
  }
  fuzz::hold(detail::from_base64(detail::base64(detail::as_bytes(bytes))) == bytes, "base64 loses nothing");
  fuzz::hold(detail::from_hex(detail::hex(detail::as_bytes(bytes))) == bytes, "hex loses nothing");
  if (const auto decoded = detail::from_base64(bytes))
    fuzz::hold(detail::base64(detail::as_bytes(*decoded)) == bytes, "only one base64 text stands for some bytes");
  if (const auto decoded = detail::from_hex(bytes))
    fuzz::hold(detail::equal_ignoring_case(detail::hex(detail::as_bytes(*decoded)), bytes), "only one hex text stands for some bytes");
  if (const auto decoded = detail::uri_decode(bytes))
    fuzz::hold(detail::uri_decode(detail::uri_encode(*decoded, detail::uri_part::query)) == *decoded, "what was decoded can be encoded");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::input{data, size}.rest();
  check_url(text);
  check_texts(text);
  return 0;
}
