#!/usr/bin/env python3
"""Every public header compiles alone, with nothing but client/include on the path. Argument: the compiler."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sources import ROOT, finish

INCLUDE_ROOT = ROOT / "client/include"
COMPILE = [sys.argv[1], "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]



def fault_in(header):
    compiler = subprocess.run([*COMPILE, f"-I{INCLUDE_ROOT}", "-x", "c++", "-"], input=f"#include <{header}>\n",
                              text=True, stderr=subprocess.PIPE)
    return f"<{header}> does not compile alone:\n{compiler.stderr}" if compiler.returncode != 0 else None


headers = sorted(header.relative_to(INCLUDE_ROOT) for header in INCLUDE_ROOT.rglob("*.hpp"))
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    faults = [fault for fault in pool.map(fault_in, headers) if fault]
finish(faults, len(headers), "public headers")
