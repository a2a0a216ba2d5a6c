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
#include <vector>

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

  /// Ready to be sent once more.
  CURL* prepare() {
    received_.clear();
    left_ = body_;
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &received_);
    return easy_.get();
  }
  /// Sends it once more; the answer's body, in a buffer that is used again.
  const std::string& perform() {
    prepare();
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

/// As many of these at once as there are connections, each on a handle of its own, by curl_multi_perform and curl_multi_poll.
class bare_multi {
 public:
  bare_multi(const s3store::recorded_request& like, std::size_t connections) : multi_(curl_multi_init()) {
    for (std::size_t i = 0; i != connections; ++i) {
      handles_.push_back(std::make_unique<bare_curl>(like));
      curl_easy_setopt(handles_.back()->prepare(), CURLOPT_PRIVATE, handles_.back().get());
    }
  }

  void run(std::size_t requests) {
    std::size_t to_begin = requests, to_end = requests;
    for (const auto& h : handles_)
      if (to_begin != 0 && to_begin-- != 0) curl_multi_add_handle(multi_.get(), h->prepare());
    while (to_end != 0) {
      int running = 0, left = 0;
      curl_multi_perform(multi_.get(), &running);
      bool any = false;
      while (const CURLMsg* const over = curl_multi_info_read(multi_.get(), &left)) {
        if (over->data.result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(over->data.result));
        any = true;
        char* which = nullptr;
        curl_easy_getinfo(over->easy_handle, CURLINFO_PRIVATE, &which);
        curl_multi_remove_handle(multi_.get(), over->easy_handle);
        --to_end;
        if (to_begin != 0 && to_begin-- != 0) curl_multi_add_handle(multi_.get(), reinterpret_cast<bare_curl*>(which)->prepare());
      }
      if (!any && to_end != 0) curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
    }
  }

 private:
  struct cleanup {
    void operator()(CURLM* p) const noexcept { curl_multi_cleanup(p); }
  };
  std::unique_ptr<CURLM, cleanup> multi_;
  std::vector<std::unique_ptr<bare_curl>> handles_{};  // destroyed first
};

}  // namespace bench
