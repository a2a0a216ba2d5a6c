// What does a request cost without any client? One easy handle that is never reset, with the header fields fixed once and for all.
//
// The fields are those that our own client sends, taken from it once, so that both send the same bytes.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/client/client.hpp>
#include <s3store/transports/scripted.hpp>

namespace bench {

template <class Policies>
struct recording : Policies {
  using transport = s3store::scripted_transport;
};

/// What the client sends, at `endpoint`, for what `call` asks of it.
template <class Policies, class Call>
s3store::recorded_request request_of(const std::string& endpoint, Call&& call) {
  s3store::scripted_transport script{s3store::manual_clock{}};  // without a clock GCC 12 sees an uninitialised one
  script.answer(200, {{"ETag", "\"e\""}});
  const s3store::basic_client<recording<Policies>> client{{.endpoint = endpoint}, {.transport = script}};
  if (!call(client)) throw std::runtime_error("the client does not make the request that the floor repeats");
  return script.sent().front();
}

class bare_curl {
 public:
  explicit bare_curl(const s3store::recorded_request& like) : url_(like.url), body_(like.body), easy_(curl_easy_init()) {
    for (const auto [name, value] : like.fields) add(std::string(name).append(": ").append(value));
    for (const char* const unasked : {"Accept:", "Expect:"}) add(unasked);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, fields_.get());
    curl_easy_setopt(easy_.get(), CURLOPT_HEADERFUNCTION, +[](char*, std::size_t, std::size_t n, void*) -> std::size_t { return n; });
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, +[](char* at, std::size_t, std::size_t n, void* into) -> std::size_t {
      static_cast<std::string*>(into)->append(at, n);
      return n;
    });
    if (like.verb == s3store::http::method::head) curl_easy_setopt(easy_.get(), CURLOPT_NOBODY, 1L);
    if (like.verb == s3store::http::method::put) {
      curl_easy_setopt(easy_.get(), CURLOPT_UPLOAD, 1L);
      curl_easy_setopt(easy_.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_.size()));
      curl_easy_setopt(easy_.get(), CURLOPT_READDATA, &left_);
      curl_easy_setopt(easy_.get(), CURLOPT_READFUNCTION, +[](char* at, std::size_t, std::size_t room, void* from) -> std::size_t {
        auto& left = *static_cast<std::string_view*>(from);
        const std::size_t n = left.copy(at, room);
        left.remove_prefix(n);
        return n;
      });
    }
  }

  /// Sends it once more; the answer's body, in a buffer that is used again.
  const std::string& perform() {
    received_.clear();
    left_ = body_;
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &received_);
    if (const CURLcode code = curl_easy_perform(easy_.get()); code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
    return received_;
  }

 private:
  struct cleanup {
    void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
    void operator()(curl_slist* p) const noexcept { curl_slist_free_all(p); }
  };
  void add(const std::string& line) {
    curl_slist* const grown = curl_slist_append(fields_.get(), line.c_str());
    static_cast<void>(fields_.release());
    fields_.reset(grown);
  }

  std::string url_;
  std::string body_;
  std::string received_{};
  std::string_view left_{};
  std::unique_ptr<curl_slist, cleanup> fields_{};
  std::unique_ptr<CURL, cleanup> easy_;
};

}  // namespace bench
