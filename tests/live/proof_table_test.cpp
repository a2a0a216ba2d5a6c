// Is the table of docs/operations.md whole? The proofs compare what they find with their own lines of it.
#include "support/proof.hpp"

#include <s3store/operations/all.hpp>

using namespace s3store;

namespace {

template <class... R>
std::vector<std::string_view> names(operation_list<R...>) {
  return {R::spec.name...};
}

}  // namespace

const std::vector<std::string_view>& proof::order() {
  static const auto* const all = new std::vector<std::string_view>{names(all_operations{})};
  return *all;
}

TEST_CASE("every operation has one proof", "[live][proof]") {
  for (const std::string_view operation : proof::order()) {
    int proofs = 0;
    for (const auto* each : proof::registration::all())
      proofs += static_cast<int>(std::count(each->operations.begin(), each->operations.end(), operation));
    INFO(operation);
    CHECK(proofs == 1);
  }
}

TEST_CASE("the table has a line for every operation, in the order of the families", "[live][proof]") {
  if (proof::writing()) return;
  proof::table known;
  std::vector<std::string_view> lines;
  for (const auto& row : known.rows()) {
    lines.push_back(row.operation);
    INFO(row.operation);
    CHECK(row.proven_by == proof::table::proven_by(row));
  }
  CHECK(lines == proof::order());
}
