// A place to fetch credentials in: a script of answers in place of services, a clock that stands still, and the real computer for files
// and programs.
#pragma once

#include <string>
#include <utility>

#include <s3store/auth/provider.hpp>
#include <s3store/drive/blocking.hpp>

#include "drive/machines.hpp"

namespace test {

struct provider_world {
  small_session shared{};
  scripted_transport server{shared.clock};
  recording_sleeper sleeper{shared.clock};

  template <class P>
  s3store::result<s3store::auth::credentials> fetch(const P& from) {
    const std::size_t before = server.sent().size();
    auto machine = from.fetch();
    auto out = s3store::sans_io::drive(machine, shared, server, sleeper);
    const auto sent = server.sent();
    for (std::size_t i = before; i != sent.size(); ++i)
      for (const std::string& secret : secrets_of(sent[i])) CHECK((out || out.error().describe().find(secret) == std::string::npos));
    return out;
  }
  /// The error's message; "" for a success.
  template <class P>
  std::string message(const P& from) {
    auto got = fetch(from);
    return got ? "" : got.error().message;
  }
  std::string sent(std::size_t n) const {
    const auto all = server.sent();
    return n < all.size() ? std::string(s3store::http::to_string(all[n].verb)) + " " + all[n].url : "nothing";
  }
};

}  // namespace test
