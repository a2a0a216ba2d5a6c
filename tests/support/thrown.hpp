// What did a function throw?
#pragma once

#include <s3store/core/result.hpp>

#include "support/catch.hpp"

namespace test {

/// The s3_error that `f` throws; a failed test where it throws none.
template <class F>
s3store::error thrown_by(F&& f) {
  try {
    f();
  } catch (const s3store::s3_error& e) {
    return e.error();
  }
  FAIL("nothing was thrown");
  return {};
}

}  // namespace test
