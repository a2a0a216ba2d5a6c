// Which benchmarks are there? Each is a function in the file of its name, and a line in main's table.
#pragma once

#include "support/measure.hpp"

namespace bench {

finding get_4k();
finding get_4k_unverified();
finding put_4k();
finding head();
finding sign();

}  // namespace bench
