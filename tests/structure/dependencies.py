#!/usr/bin/env python3
"""Dependencies point one way, and each library has one home: checked from the include lines.

    proto <- shared <- daemon      proto, shared <- client <- cli      tests may include everything
"""

import re

from sources import ROOT, cpp_files, finish

# Which parts of the project each part may include; the longest prefix of a file's path decides.
MAY_INCLUDE = {
    "proto/": ("proto/",),
    "shared/": ("shared/", "proto/"),
    "daemon/": ("daemon/", "shared/", "proto/"),
    "client/include/": ("client/include/",),
    "client/src/": ("client/src/", "client/include/", "shared/", "proto/"),
    "client/cli/": ("client/cli/", "client/src/", "client/include/", "shared/", "proto/"),
    "client/examples/": ("client/examples/", "client/include/"),
    "tests/": ("tests/", "daemon/", "client/", "shared/", "proto/"),
}

# Where the headers of a library, by their first letters, may be included: patterns of the file's path.
HOMES = {
    "boost/interprocess/": r"shared/|tests/bench/peers/",
    "boost/unordered": r"tests/bench/peers/",
    "boost/asio": r"daemon/(server|connection|door|process_ends|service_manager|time_limits|turns)",
    "boost/": r"(shared|daemon)/",
    "msgpack": r"proto/.*\.cpp$",
    "spdlog/": r"daemon/",
    "CLI/": r"client/cli/|daemon/options",
    "nlohmann/": r"client/cli/|tests/",
    "gtest/": r"tests/",
    "gmock/": r"tests/",
    "benchmark/": r"tests/bench/",
    "systemd/": r"daemon/service_manager",
    "hiredis/": r"tests/bench/",
    "lmdb.h": r"tests/bench/peers/",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def home_of(header):
    return next((home for library, home in HOMES.items() if header.startswith(library)), None)


def fault_in(path, bracket, header):
    """What is wrong with this include, or None."""
    part = max((part for part in MAY_INCLUDE if path.startswith(part)), key=len, default=None)
    if part is None:
        return "is in no known part of the project"
    if header.startswith("steward/"):
        target = "client/include/" + header
    elif bracket == '"':
        target = header
    else:
        target = None
    if target is not None:
        if not (ROOT / target).is_file():
            return "names no file from the project's root"
        if not target.startswith(MAY_INCLUDE[part]):
            return f"is against the direction of dependencies: {part} may include {', '.join(MAY_INCLUDE[part])}"
        return None
    home = home_of(header)
    if home is not None and not re.match(home, path):
        return f"is out of the library's home, {home}"
    if part == "client/include/" and not re.fullmatch(r"[a-z_]+", header):
        return "is not of the standard library, and public headers need nothing else"
    return None


faults = []
checked = 0
parts_seen = set()
for path in cpp_files():
    parts_seen.add(next((part for part in MAY_INCLUDE if path.as_posix().startswith(part)), None))
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        if match := INCLUDE.match(line):
            checked += 1
            if fault := fault_in(path.as_posix(), *match.groups()):
                faults.append(f"{path}:{number}: {match[2]} {fault}")
faults += [f"{part}: no C++ file found" for part in MAY_INCLUDE if part not in parts_seen]
finish(faults, checked, "includes")
