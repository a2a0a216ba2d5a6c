// How does a fetch end in time? The definitions for provider.hpp.
#pragma once

#include <algorithm>
#include <utility>
#include <variant>

#include <s3store/auth/provider.hpp>

namespace s3store::inline S3STORE_ABI::auth {

S3STORE_INLINE sans_io::step provider::machine_type::next(instants now) {
  if (!under_way_) return sans_io::done{};
  auto needs = under_way_->next(now);
  if (std::holds_alternative<sans_io::done>(needs)) return needs;
  if (within_.stop.cancelled()) ended_ = error_kind::cancelled;
  if (now.steady >= within_.deadline) ended_ = error_kind::deadline_exceeded;
  if (ended_ != error_kind::none) return sans_io::done{};
  if (auto* const s = std::get_if<sans_io::send>(&needs)) {
    s->what.within.deadline = (std::min)(s->what.within.deadline, within_.deadline);
    s->what.stop = within_.stop;
  } else if (auto* const w = std::get_if<sans_io::wait>(&needs)) {
    w->until = (std::min)(w->until, within_.deadline);
    w->stop = within_.stop;
  }
  return needs;
}

S3STORE_INLINE result<credentials> provider::machine_type::finish() {
  if (!under_way_) return none_here("no provider of credentials is set");
  if (ended_ == error_kind::none) return under_way_->finish();
  return detail::fail(ended_, ended_ == error_kind::cancelled ? "the call was cancelled while credentials were fetched"
                                                              : "no time was left for fetching credentials");
}

}  // namespace s3store::inline S3STORE_ABI::auth
