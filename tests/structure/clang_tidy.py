#!/usr/bin/env python3
"""Every source passes clang-tidy (.clang-tidy says which checks). Argument: the build folder."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sources import ROOT, finish

build = Path(sys.argv[1]).resolve()


def faults_in(source):
    tidy = subprocess.run(["clang-tidy-16", "--quiet", "-p", build, source], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return None if tidy.returncode == 0 else f"{source}:\n{tidy.stdout or tidy.stderr}"


sources = sorted({entry["file"] for entry in json.loads((build / "compile_commands.json").read_text())})
sources = [source for source in sources if Path(source).is_relative_to(ROOT)]
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    faults = [fault for fault in pool.map(faults_in, sources) if fault]
finish(faults, len(sources), "sources")
