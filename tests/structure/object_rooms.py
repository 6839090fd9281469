#!/usr/bin/env python3
"""One room per object type: each type in the list of proto/object_type.hpp has its files in every layer."""

import re

from sources import ROOT, cpp_files, finish

ROOMS = (
    "proto/objects/{}.hpp",
    "daemon/objects/{}.hpp",
    "daemon/objects/{}.cpp",
    "client/include/steward/{}.hpp",
    "client/src/objects/{}.cpp",
)
LAYERS_WITH_TESTS = ("tests/unit/daemon/", "tests/integration/")

types = re.findall(r'ObjectTypeName\{ObjectType::\w+, "(\w+)"\}', (ROOT / "proto/object_type.hpp").read_text())
tests = [path.as_posix() for path in cpp_files("tests")]
faults = []
for name in types:
    faults += [f"{room.format(name)}: missing" for room in ROOMS if not (ROOT / room.format(name)).is_file()]
    for layer in LAYERS_WITH_TESTS:
        if not any(path.startswith(layer) and path.endswith(f"/{name}_test.cpp") for path in tests):
            faults.append(f"{layer}**/{name}_test.cpp: missing")
finish(faults, len(types), "object types")
