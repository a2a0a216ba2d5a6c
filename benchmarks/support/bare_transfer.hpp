// What does it cost to send or receive a large body with libcurl alone? One easy handle, with buffers as large as libcurl allows.
#pragma once

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace bench {

class bare_transfer {
 public:
  bare_transfer(const std::string& url, const std::string& authority) : easy_(curl_easy_init()) {
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    if (!authority.empty()) curl_easy_setopt(easy_.get(), CURLOPT_CAINFO, authority.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, unasked_.get());
    curl_easy_setopt(easy_.get(), CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
    curl_easy_setopt(easy_.get(), CURLOPT_BUFFERSIZE, 512L * 1024);
  }

  void put(const std::string& path, std::uint64_t size) {
    int file = ::open(path.c_str(), O_RDONLY);
    curl_easy_setopt(easy_.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(easy_.get(), CURLOPT_READDATA, &file);
    curl_easy_setopt(easy_.get(), CURLOPT_READFUNCTION, +[](char* at, std::size_t, std::size_t room, void* from) -> std::size_t {
      const auto n = ::read(*static_cast<int*>(from), at, room);
      return n < 0 ? CURL_READFUNC_ABORT : static_cast<std::size_t>(n);
    });
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, +[](char*, std::size_t, std::size_t n, void*) -> std::size_t { return n; });
    perform();
    ::close(file);
  }
  void get(const std::string& path) {
    int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &file);
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, +[](char* at, std::size_t, std::size_t n, void* into) -> std::size_t {
      return ::write(*static_cast<int*>(into), at, n) == static_cast<ssize_t>(n) ? n : 0;
    });
    perform();
    ::close(file);
  }

 private:
  struct cleanup {
    void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
    void operator()(curl_slist* p) const noexcept { curl_slist_free_all(p); }
  };
  void perform() {
    if (const CURLcode code = curl_easy_perform(easy_.get()); code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
  }

  std::unique_ptr<curl_slist, cleanup> unasked_{curl_slist_append(nullptr, "Expect:")};
  std::unique_ptr<CURL, cleanup> easy_;
};

}  // namespace bench
