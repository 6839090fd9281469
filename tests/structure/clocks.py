#!/usr/bin/env python3
"""No decision follows the clock of the wall, which can be set: it is looked at in these places alone, and for people."""

import re

from sources import ROOT, cpp_files, finish

WALL_CLOCK = re.compile(
    r"CLOCK_REALTIME|CLOCK_TAI|system_clock|utc_clock|high_resolution_clock|gettimeofday|timespec_get"
    r"|\b(?:std::|::)time\(|\btime\((?:NULL|nullptr|0)\)|TFD_TIMER_ABSTIME|pthread_mutex_timedlock"
)

# File, how often it says so, and what for.
ALLOWED = {
    "daemon/daemon.hpp": (1, "says of the function below which clock it is"),
    "daemon/daemon.cpp": (1, "realtime_now_ns()"),
    "shared/abandonment.hpp": (1, "when somebody died, for people"),
    "shared/domain.cpp": (1, "tokens begin above all that were given out; they only need to be large"),
    "client/src/described.cpp": (3, "when somebody died, for people"),
    "client/include/steward/object.hpp": (1, "when somebody died, for people"),
    "client/cli/table.cpp": (1, "how long ago that was"),
    "client/cli/commands/dump.cpp": (2, "when a dump was written"),
}
CALLERS = {
    "daemon/daemon.cpp": 2,  # its definition; numbers of source lines begin elsewhere with each start
    "daemon/daemon.hpp": 1,
    "daemon/ownership.cpp": 1,  # when somebody died
    "daemon/state_folder.cpp": 1,  # when a dump was written
}

sources = cpp_files("proto", "shared", "daemon", "client")
faults = []
for path in sources:
    text = (ROOT / path).read_text()
    for found, allowed in (
        (len(WALL_CLOCK.findall(text)), ALLOWED.get(path.as_posix(), (0,))[0]),
        (text.count("realtime_now_ns"), CALLERS.get(path.as_posix(), 0)),
    ):
        if found != allowed:
            faults.append(f"{path}: asks {found} times for the time of day where {allowed} are known to be for people")
finish(faults, len(sources), "files")
