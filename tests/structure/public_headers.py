#!/usr/bin/env python3
"""Every public header compiles alone, with nothing but client/include on the path. Argument: the compiler."""

import subprocess
import sys

from sources import ROOT, finish

INCLUDE_ROOT = ROOT / "client/include"
COMPILE = [sys.argv[1], "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]

faults = []
headers = sorted(header.relative_to(INCLUDE_ROOT) for header in INCLUDE_ROOT.rglob("*.hpp"))
for header in headers:
    compiler = subprocess.run([*COMPILE, f"-I{INCLUDE_ROOT}", "-x", "c++", "-"], input=f"#include <{header}>\n",
                              text=True, stderr=subprocess.PIPE)
    if compiler.returncode != 0:
        faults.append(f"<{header}> does not compile alone:\n{compiler.stderr}")
finish(faults, len(headers), "public headers")
