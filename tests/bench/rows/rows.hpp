#pragma once

#include <vector>

#include "tests/bench/row.hpp"
#include "tests/bench/sizes.hpp"

namespace steward::bench {

/// What a client waits for: one request and its reply, and many requests at once.
std::vector<Row> socket_rows(const Sizes&);

/// The same operations with Python's multiprocessing.Manager.
std::vector<Row> manager_rows(const Sizes&);

/// What takes no daemon: locks by their words.
std::vector<Row> word_rows(const Sizes&);

/// Reading what another process has written, and goes on writing.
std::vector<Row> read_rows(const Sizes&);

/// What a lock is worth to processes that want it at the same time.
std::vector<Row> contention_rows(const Sizes&);

/// How long it takes until a lock that somebody sleeps for is his.
std::vector<Row> handover_rows(const Sizes&);

/// What passes between processes that wait for each other.
std::vector<Row> waiting_rows(const Sizes&);

/// How long it takes to see that a wait closes no cycle.
std::vector<Row> deadlock_rows(const Sizes&);

/// Whether it matters how many objects and sessions there are.
std::vector<Row> scale_rows(const Sizes&);

/// Whether a dict that grows ever pauses.
std::vector<Row> growth_rows(const Sizes&);

/// What objects and entries take.
std::vector<Row> memory_rows(const Sizes&);

}  // namespace steward::bench
