// Which request does the service of a container's host get? The definitions for container.hpp.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/container.hpp>
#include <s3store/auth/credentials_document.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/core/masking.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/http/url.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

/// The addresses of AWS's services on the host, and the loopback ones.
inline bool is_container_service(std::string_view address) noexcept {
  return address.starts_with("127.") || address == "::1" || address == "169.254.170.2" || address == "169.254.170.23" ||
         address == "fd00:ec2::23";
}

class container_fetch final : public sequence {
 public:
  explicit container_fetch(environment variables) : from_(std::move(variables)) {}

 private:
  enum class at : std::uint8_t { start, token_file, answer };

  void advance() override {
    switch (at_) {
      case at::start: return begin();
      case at::token_file: {
        auto& file = output();
        if (!file) return conclude(std::move(file.error()));
        if (!file->text)
          return conclude(detail::fail(error_kind::credentials, "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names is not there"));
        token_ = std::move(*file->text);
        return request();
      }
      case at::answer: return conclude(read_answer());
    }
  }

  void begin() {
    const auto variable = [this](std::string_view name) { return from_.get_nonempty(name); };
    if (const auto path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
      if (!path->starts_with('/'))
        return conclude(detail::fail(error_kind::configuration, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with a slash"));
      url_ = detail::concat({"http://169.254.170.2", *path});
    } else if (const auto url = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      url_ = *url;
    } else {
      return conclude(none_here("the environment has no AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI"));
    }
    const bool secure = url_.starts_with("https://");
    const auto path = url_.find('/', secure ? 8 : 7);
    const auto host = http::parse_url(url_.substr(0, path));
    if (!host || (!secure && !url_.starts_with("http://")))
      return conclude(detail::fail(error_kind::configuration, "the URI of the container's credentials must be http://host/path or https://host/path"));
    if (!secure) rules_.may_send_to = [](std::string_view address) noexcept { return is_container_service(address); };
    rules_.no_proxy = true;

    if (const auto file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
      at_ = at::token_file;
      return perform({sans_io::read_file{.path = *file}});
    }
    token_ = secret_string{variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or(std::string{})};
    request();
  }

  void request() {
    at_ = at::answer;
    sans_io::small_request r{.verb = http::method::get, .url = url_, .rules = &rules_, .within = {.connect = limit, .first_byte = limit, .idle = limit}};
    r.fields.add("Accept", "application/json");
    if (const auto text = detail::trim(token_.reveal()); !text.empty()) {
      if (text.find_first_of("\r\n") != std::string_view::npos)
        return conclude(detail::fail(error_kind::configuration, "the container's authorization token holds a line break"));
      r.fields.add("Authorization", text);
    }
    ask(std::move(r));
  }

  result<credentials> read_answer() {
    auto& got = answer();
    if (!got) return std::move(got.error());
    if (got->status != 200) {
      std::string why = detail::concat({from, " answered with status ", detail::decimal(got->status)});
      if (const auto told = credentials_document::parse(got->body, from)) {
        for (const std::string_view name : {"code", "message"}) {
          std::string shown{told->text(name)};
          detail::mask(shown, detail::trim(token_.reveal()));
          if (!shown.empty()) detail::append_abbreviated(why.append(": "), shown, 500);
        }
      }
      return detail::fail(error_kind::credentials, std::move(why));
    }
    auto document = credentials_document::parse(got->body, from);
    if (!document) return std::move(document.error());
    return document->take("Token", now().wall);
  }

  static constexpr std::string_view from = "the credentials service of the container's host";
  static constexpr duration limit = std::chrono::seconds{2};  // botocore's
  environment from_;
  at at_{};
  std::string url_{};
  secret_string token_{};
  http::connection_rules rules_{};
};
}  // namespace detail

S3STORE_INLINE any_fetch container_credentials::fetch() const { return any_fetch{std::make_unique<detail::container_fetch>(from_)}; }

}  // namespace s3store::inline S3STORE_ABI::auth
