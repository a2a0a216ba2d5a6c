// Part 1 of 4 of all operations: the probes that other tests use, too, and their round trips.
#include "operations/make_probes.hpp"
#include "operations/round_trips.hpp"

template <>
std::vector<test::probe> test::probes<0>() { return make_probes<0>(all_operations{}); }

TEST_CASE("what is sent arrives, part 1 of 4", "[operations]") { test::check_round_trips(test::probes<0>()); }
