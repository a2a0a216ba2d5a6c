// How is such a program run, and what must it print? The definitions for process.hpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <s3store/auth/credentials_document.hpp>
#include <s3store/auth/process.hpp>
#include <s3store/core/printable.hpp>

namespace s3store::inline S3STORE_ABI::auth {

namespace detail {
using namespace s3store::detail;

class process_fetch final : public sequence {
 public:
  process_fetch(std::string line, duration limit) : line_(std::move(line)), limit_(limit) {}

 private:
  void advance() override {
    if (!ran_) return run();
    auto& out = output();
    if (!out) return conclude(std::move(out.error()));
    if (out->exit_status != 0) {
      const auto told = detail::trim(out->errors);
      return conclude(detail::fail(error_kind::credentials, {from, " ended with status ", detail::decimal(out->exit_status),
                                                             told.empty() ? "" : ": ", detail::printable(told)}));
    }
    auto document = credentials_document::parse(out->text->reveal(), from);
    if (!document) return conclude(std::move(document.error()));
    if (document->text("Version") != "1")
      return conclude(detail::fail(error_kind::credentials, {from, " must print a document with \"Version\": 1"}));
    conclude(document->take("SessionToken", now().wall));
  }
  void run() {
    auto command = split_command(line_);
    if (!command) return conclude(std::move(command.error()));
    ran_ = true;
    perform({sans_io::run_program{.command = std::move(*command), .limit = limit_}});
  }

  static constexpr std::string_view from = "the program of credential_process";
  std::string line_;
  duration limit_;
  bool ran_{};
};
}  // namespace detail

S3STORE_INLINE result<std::vector<std::string>> split_command(std::string_view line) {
  std::vector<std::string> words;
  bool within = false;
  char quote = '\0';
  for (std::size_t i = 0; i != line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0' && detail::is_space(c)) {
      within = false;
      continue;
    }
    if (!std::exchange(within, true)) words.emplace_back();
    const bool escapes = c == '\\' && (quote == '\0' || (quote == '"' && i + 1 != line.size() && (line[i + 1] == '"' || line[i + 1] == '\\')));
    if (escapes) {
      if (++i == line.size()) return detail::fail(error_kind::configuration, "a command line must not end with a backslash");
      words.back().push_back(line[i]);
    } else if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      words.back().push_back(c);
    }
  }
  if (quote != '\0') return detail::fail(error_kind::configuration, "a quote in a command line is not closed");
  if (words.empty()) return detail::fail(error_kind::configuration, "a command line has no words");
  return words;
}

S3STORE_INLINE any_fetch process_credentials::fetch() const {
  return any_fetch{std::make_unique<detail::process_fetch>(command_line_, limit_)};
}

}  // namespace s3store::inline S3STORE_ABI::auth
