// Are the library's own types told from all others, and nobody's type touched by the question?
#include <s3store/core/own_type.hpp>

#include <string>
#include <utility>
#include <vector>

#include <s3store/core/vector.hpp>

#include "support/catch.hpp"

namespace s3store::inline v0 {
struct unfinished;
namespace types {
template <class T>
struct made_of;
}
}  // namespace s3store::inline v0
namespace s3storex {
struct neighbour;
}
namespace elsewhere {
struct unfinished;
template <class T>
struct holds {
  T value;
};
namespace s3store {
struct namesake;
}
}  // namespace elsewhere

using s3store::own::type;

static_assert(type<s3store::unfinished> && type<s3store::types::made_of<int>>);
static_assert(!type<elsewhere::unfinished> && !type<elsewhere::s3store::namesake> && !type<s3storex::neighbour>);
static_assert(!type<elsewhere::holds<s3store::unfinished>> && !type<std::pair<int, s3store::unfinished>>);
static_assert(!type<int> && !type<char> && !type<void> && !type<std::string>);

// A vector may be of what is not complete yet, and of what is made of it: nlohmann's ordered_json is.
using of_unfinished = std::vector<elsewhere::holds<elsewhere::unfinished>>;
static_assert(sizeof(of_unfinished) != 0);
namespace elsewhere {
struct unfinished {
  int n{};
};
}  // namespace elsewhere

TEST_CASE("a vector of what was not complete when it was named", "[own]") {
  of_unfinished all(2);
  all[1].value.n = 7;
  CHECK(all.back().value.n == 7);
}
