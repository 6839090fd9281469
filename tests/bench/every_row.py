#!/usr/bin/env python3
"""Every row of the benchmark can be measured and is reported as its readers expect. Argument: steward_bench."""

import json
import re
import subprocess
import sys
import tempfile

# The peers of each row; Redis is left out where it is not installed.
ROWS = {
    "socket.round_trip": {"echo", "redis"},
    "socket.pipelined": {"redis"},
    "manager.dict_get": {"manager"},
    "manager.lock": {"manager"},
    "lock.uncontended": {"robust", "plain", "boost", "posix", "cas"},
    "lock.daemon_stopped": {"running"},
    "rlock.uncontended": {"robust"},
    "semaphore.uncontended": {"posix"},
    "event.is_set": {"atomic"},
    "value.get": {"robust", "redis"},
    "dict.get": {"lmdb", "boost", "redis"},
    "dict.get.under_writes": {"lmdb"},
    "dict.get.under_pipelined_writes": {"lmdb"},
    "dict.get.under_writes.longest_wait": {"lmdb"},
    **{f"lock.contended.{processes}{figure}": {"robust"}
       for processes in (2, 4, 8) for figure in ("", ".worst_share", ".longest_wait")},
    "lock.handover": {"futex", "robust"},
    "lock.handover.long_asleep": {"futex", "robust"},
    "lock.handover.same_processor": {"futex", "robust"},
    "queue.put_get": {"manager", "redis"},
    "condition.ping_pong": {"pthread"},
    "acquire_all.3": {"single"},
    "deadlock.check": set(),
    "deadlock.check.readers": set(),
    "scale.objects.dict_set": {"small"},
    "scale.objects.lock_open": {"small"},
    "scale.sessions": {"small"},
    "dict.longest_insert": set(),
    "memory.lock": set(),
    "memory.dict_entry": {"redis"},
}

with tempfile.NamedTemporaryFile(suffix=".json") as file, tempfile.NamedTemporaryFile("r", suffix=".md") as markdown:
    command = [sys.argv[1], "--quick", "--json", file.name, "--markdown", markdown.name]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = json.load(file)
    table = markdown.read()

assert [row["row"] for row in rows] == list(ROWS), rows
for row in rows:
    assert set(row) == {"row", "unit", "better", "steward", "peers", "ratios"}, row
    assert row["better"] == ("higher" if row["unit"] in ("op/s", "") else "lower"), row
    assert row["steward"] > 0, row
    assert ROWS[row["row"]] - {"redis"} <= set(row["peers"]) <= ROWS[row["row"]], row
    for peer, figure in row["peers"].items():
        assert abs(row["ratios"][peer] - row["steward"] / figure) < 1e-9, row

for row, line in zip(ROWS, printed.splitlines()[-len(ROWS):], strict=True):
    assert re.match(re.escape(row) + r" +(reached|MISSED|not measured|no goal) +[0-9.]+", line), line
    assert f"| `{row}` |" in table, table
