#!/usr/bin/env python3
"""One room per object type: each type in the list of proto/object_type.hpp has its files in every layer, and each of its
requests is made in its suite of conformance."""

import re

from sources import ROOT, cpp_files, finish

ROOMS = (
    "proto/objects/{}.hpp",
    "daemon/objects/{}.hpp",
    "daemon/objects/{}.cpp",
    "client/include/steward/{}.hpp",
    "client/src/objects/{}.cpp",
    "tests/conformance/{}_test.cpp",
)
REQUEST = re.compile(r"^struct (\w+) \{\n +static constexpr std::string_view method", re.MULTILINE)
LAYERS_WITH_TESTS = ("tests/unit/daemon/", "tests/integration/")



def text_of(file):
    return (ROOT / file).read_text() if (ROOT / file).is_file() else ""


types = re.findall(r'ObjectTypeName\{ObjectType::\w+, "(\w+)"\}', text_of("proto/object_type.hpp"))
tests = [path.as_posix() for path in cpp_files("tests")]
faults = []
for name in types:
    faults += [f"{room.format(name)}: missing" for room in ROOMS if not (ROOT / room.format(name)).is_file()]
    for layer in LAYERS_WITH_TESTS:
        if not any(path.startswith(layer) and path.endswith(f"/{name}_test.cpp") for path in tests):
            faults.append(f"{layer}**/{name}_test.cpp: missing")
    suite = f"tests/conformance/{name}_test.cpp"
    for request in REQUEST.findall(text_of(f"proto/objects/{name}.hpp")):
        if not re.search(rf"\b{request}\{{\.|\b{request} \w+\([^)]*\) const", text_of(suite)):
            faults.append(f"{suite}: {request} is never asked for")
finish(faults, len(types), "object types")
