#!/usr/bin/env python3
"""Every source passes clang-tidy (.clang-tidy says which checks). Arguments: the build folder, and sources, if not all.

Sources of one target are looked at many at a time, as one that includes them: most of the time goes into the headers
that they share. Where something is wrong with several together, each half of them is looked at, until one alone is left,
and that counts: what two sources call by the same name is none of clang-tidy's business.
"""

import json
import math
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from sources import ROOT, finish

AT_A_TIME = 128
SOURCES_TOO = r"/(proto|shared|daemon|client|tests)/[a-z0-9_/]*\.(hpp|cpp)$"

build = Path(sys.argv[1]).resolve()
wanted = {Path(source).resolve() for source in sys.argv[2:]}
folder = build / "clang_tidy"


def alone(entry):
    """The entries of the sources that it compiles together, where it is one of a unity build."""
    if "/Unity/" not in entry["file"]:
        return [entry]
    sources = re.findall(r'^#include "(.*)"$', Path(entry["file"]).read_text(), re.MULTILINE)
    return [{**entry, "file": source, "command": entry["command"].replace(f" -c {entry['file']}", f" -c {source}")}
            for source in sources]


def target_of(entry):
    return re.search(r" -o (\S*?)\.dir/", entry["command"]).group(1)


def flags_of(entry):
    """All of the command but the compiler and what names the one source."""
    return shlex.split(re.sub(r" -o \S+ -c \S+$| -MF \S+| -MT \S+", "", entry["command"]))[1:]


def batches_of(entries):
    for _, alike in groupby(sorted(entries, key=lambda entry: (target_of(entry), entry["file"])), target_of):
        alike = list(alike)
        batches = math.ceil(len(alike) / AT_A_TIME)
        for batch in range(batches):
            yield alike[batch::batches]


def together(batch):
    """The source that includes those of a batch."""
    name = re.sub(r"\W", "_", str(Path(batch[0]["file"]).relative_to(ROOT)))
    source = folder / f"{name}_and_{len(batch) - 1}_more.cpp"
    source.write_text("".join(f'#include "{entry["file"]}"\n' for entry in batch))
    return source


def fault_in(source, entry, *options):
    tidy = subprocess.run(["clang-tidy-16", "--quiet", *options, source, "--", *flags_of(entry)], text=True,
                          cwd=entry["directory"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return None if tidy.returncode == 0 else f"{source}:\n{tidy.stdout or tidy.stderr}"


def faults_in(batch):
    if len(batch) == 1:
        fault = fault_in(batch[0]["file"], batch[0])
        return [fault] if fault else []
    # A name of one source may hide that of another one.
    fault = fault_in(together(batch), batch[0], f"--header-filter={SOURCES_TOO}", "--extra-arg=-Wno-shadow")
    if not fault:
        return []
    print(f"{len(batch)} sources take longer, in halves: {fault.splitlines()[1]}", flush=True)
    half = len(batch) // 2
    return faults_in(batch[:half]) + faults_in(batch[half:])


def is_ours(source):
    return source.is_relative_to(ROOT) and (source in wanted if wanted else True)


# A source that belongs to several targets is looked at once.
entries = list({entry["file"]: entry for compiled in json.loads((build / "compile_commands.json").read_text())
                for entry in alone(compiled) if is_ours(Path(entry["file"]))}.values())
folder.mkdir(exist_ok=True)
# The many first: the rest fills up what is left of the processors.
batches = sorted(batches_of(entries), key=len, reverse=True)
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    faults = [fault for found in pool.map(faults_in, batches) for fault in found]
finish(faults, len(entries), "sources")
