// Which benchmarks are there? Each is a function in the file of its name, and a line in main's table.
#pragma once

#include "support/measure.hpp"

namespace bench {

finding get_4k();
finding get_4k_unverified();
finding put_4k();
finding head();
finding sign();
finding download_plain();
finding download_tls();
finding download_memory();
finding upload_plain();
finding upload_tls();
finding upload_signed();
finding upload_memory();
finding in_flight();
finding in_flight_growth();

}  // namespace bench
